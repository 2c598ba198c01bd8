-- name: river_months
-- For every month of the plan's years: sections judged, sections at class Ⅳ or better, and the share that is worse, over the rivers of the chosen subdistricts; the share is missing where none was judged.
WITH chosen AS (
    SELECT section_id FROM rivers.sections
    WHERE $codes IS NULL
       OR river_id IN (SELECT river_id FROM rivers.reaches
                       WHERE list_contains($codes::VARCHAR[], subdistrict_code))
), sample AS (
    SELECT month, quality_class FROM rivers.water_quality SEMI JOIN chosen USING (section_id)
)
SELECT m.month,
       count(sample.quality_class) AS evaluated_count,
       count(*) FILTER (sample.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_count,
       100.0 * count(*) FILTER (sample.quality_class IN ('Ⅴ', '劣Ⅴ'))
           / nullif(count(sample.quality_class), 0) AS worse_share_pct
FROM (SELECT unnest(generate_series(make_date($first_year, 1, 1), make_date($last_year, 12, 1),
                                    INTERVAL 1 MONTH))::DATE AS month) m
LEFT JOIN sample USING (month)
GROUP BY m.month
ORDER BY m.month;
