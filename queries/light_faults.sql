-- name: light_fault_years
-- What is counted in the chosen subdistricts in the year, and in the same months of the year before: one row a year with counts. Lamps due and lit are those of its latest month; «_known» says of how many of the counts (row_count) a figure is filled in.
SELECT year(month) AS year, max(month) AS latest_month,
       count(DISTINCT cabinet_id) AS cabinet_count,
       count(DISTINCT (road_name, subdistrict_code)) FILTER (road_name IS NOT NULL) AS road_count,
       count(*) FILTER (is_latest) AS latest_count,
       sum(due_count) FILTER (is_latest) AS due_count, sum(lit_count) FILTER (is_latest) AS lit_count,
       100.0 * sum(lit_count) FILTER (is_latest) / nullif(sum(due_count) FILTER (is_latest), 0) AS lit_rate_pct,
       sum(fault_count) AS fault_count, sum(repaired_count) AS repaired_count,
       100.0 * sum(repaired_count) FILTER (fault_count IS NOT NULL)
           / nullif(sum(fault_count) FILTER (repaired_count IS NOT NULL), 0) AS repaired_pct,
       {{mean_repair_hours}} AS mean_repair_hours,
       sum(fault_night_count) AS fault_night_count,
       count(*) AS row_count, count(fault_count) AS fault_known, count(repaired_count) AS repaired_known,
       count(repair_hours) AS hours_known, count(fault_night_count) AS nights_known
FROM (
    SELECT *, month = max(month) OVER (PARTITION BY year(month)) AS is_latest
    FROM (
        SELECT *, bool_or(year(month) = $year) OVER (PARTITION BY month(month)) AS is_in_both
        FROM {{status_totals}}
        WHERE year(month) IN ($year, $year - 1)
          AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    )
    WHERE is_in_both
)
GROUP BY year(month)
ORDER BY year DESC;

-- name: light_fault_months
-- The same by month of the year and of the year before: lit rate and new faults.
SELECT month, 100.0 * sum(lit_count) / nullif(sum(due_count), 0) AS lit_rate_pct, sum(fault_count) AS fault_count
FROM {{status_totals}}
WHERE year(month) IN ($year, $year - 1)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY month
ORDER BY month;

-- name: light_faults_by_subdistrict
-- Each of the 14 subdistricts: lit rate in the latest month counted in the chosen ones, faults and mean time of repair in the year, and lamps of the register that are out (missing while the state of any is not filled in).
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, c.lit_rate_pct, c.fault_count,
       c.mean_repair_hours, l.unlit_count
FROM base.subdistricts s
LEFT JOIN (
    SELECT subdistrict_code, sum(fault_count) AS fault_count, {{mean_repair_hours}} AS mean_repair_hours,
           100.0 * sum(lit_count) FILTER (month = {{counted_month}})
               / nullif(sum(due_count) FILTER (month = {{counted_month}}), 0) AS lit_rate_pct
    FROM {{status_totals}}
    WHERE year(month) = $year
    GROUP BY subdistrict_code
) c USING (subdistrict_code)
LEFT JOIN (
    SELECT subdistrict_code,
           CASE WHEN count(state) = count(*) THEN count(*) FILTER (state = 'unlit') END AS unlit_count
    FROM lighting.assets
    WHERE {{lamp_is_installed}}
    GROUP BY subdistrict_code
) l USING (subdistrict_code)
ORDER BY s.subdistrict_code;

-- name: light_fault_cabinets
-- Cabinets of the chosen subdistricts, most lamps out first: counts of the latest counted month, faults and repairs of the year; a rate only of lamps enough ($least_rate_lamps) for one to mean something.
SELECT * EXCLUDE (lit_pct), CASE WHEN due_count >= $least_rate_lamps THEN lit_pct END AS lit_rate_pct
FROM {{cabinets_counted}}
ORDER BY unlit_count DESC NULLS LAST, due_count, cabinet_id;

-- name: light_fault_roads
-- Roads counted as such in the chosen subdistricts, by subdistrict, the lowest lit rate first: their latest month of the year, and faults and repairs of the year. They stand beside the totals, not in them.
SELECT road_name, street_name, subdistrict_name, due_count, lit_count, due_count - lit_count AS unlit_count,
       CASE WHEN due_count >= $least_rate_lamps THEN 100.0 * lit_count / due_count END AS lit_rate_pct,
       fault_count, repaired_count, fault_night_count, mean_repair_hours, month, source_kind
FROM (
    SELECT road_name, subdistrict_code, any_value(subdistrict_name) AS subdistrict_name,
           max(street_name) AS street_name, max(month) AS month,
           arg_max(due_count, month) AS due_count, arg_max(lit_count, month) AS lit_count,
           sum(fault_count) AS fault_count, sum(repaired_count) AS repaired_count,
           sum(fault_night_count) AS fault_night_count, {{mean_repair_hours}} AS mean_repair_hours,
           any_value(source_kind) AS source_kind
    FROM {{status_months}}
    WHERE road_name IS NOT NULL AND year(month) = $year
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY road_name, subdistrict_code
)
ORDER BY lit_rate_pct NULLS LAST, unlit_count DESC, road_name, subdistrict_name;

-- name: light_cabinet_points
-- Cabinets of the chosen subdistricts as map rows ({p, n: lamps out in the latest counted month, low: whether its lit rate is below the plan's target (indicator 1) though it has lamps enough for a rate, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    n: round(coalesce(unlit_count, 0)),
    low: coalesce(CASE operator WHEN '>' THEN lit_pct <= target_value ELSE lit_pct < target_value END
                  AND due_count >= $least_rate_lamps, false),
    pick: 'cabinet:' || cabinet_id,
    tip: cabinet_name || chr(10)
        || CASE WHEN due_count IS NULL THEN '当年没有统计'
                ELSE month({{counted_month}}) || ' 月应亮 ' || round(due_count)::INTEGER || ' 盏，实亮 '
                    || round(lit_count)::INTEGER || ' 盏' END
        || CASE WHEN fault_count IS NULL THEN '' ELSE chr(10) || '当年新增故障 ' || fault_count || ' 次' END
} ORDER BY cabinet_id))::VARCHAR
FROM {{cabinets_counted}}, (SELECT operator, target_value FROM plan.indicators WHERE indicator_no = 1);
