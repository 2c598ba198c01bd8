-- name: quality_last_month
-- Number of the last month of the year of which a sample is known, missing where there is none.
SELECT month(max(month)) AS last_month FROM rivers.water_quality WHERE year(month) = $year;
