-- name: accessibility_summary
-- Barrier-free findings known at the end of the year in the chosen subdistricts: closed, open, closed after the plan's deadline, open beyond it.
SELECT count(*) AS found_count,
       count(*) FILTER ({{finding_is_closed}}) AS closed_count,
       count(*) FILTER (NOT {{finding_is_closed}}) AS open_count,
       count(*) FILTER ({{finding_is_closed}} AND year(closed_on) > d.deadline_year) AS closed_late_count,
       count(*) FILTER (NOT {{finding_is_closed}} AND $year >= d.deadline_year) AS overdue_count,
       any_value(d.deadline_year) AS deadline_year,
       min(found_on) FILTER (NOT {{finding_is_closed}}) AS oldest_open_on
FROM (SELECT deadline_year FROM plan.facts WHERE fact_key = 'accessibility_point_count') d
LEFT JOIN streets.accessibility_points p
  ON year(p.found_on) <= $year AND ($codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code))
WHERE p.point_id IS NOT NULL;

-- name: accessibility_kinds
-- Findings known at the end of the year by kind, in the chosen subdistricts, the most frequent first.
SELECT point_kind, count(*) AS found_count, count(*) FILTER ({{finding_is_closed}}) AS closed_count,
       count(*) FILTER (NOT {{finding_is_closed}}) AS open_count
FROM streets.accessibility_points
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY point_kind
ORDER BY found_count DESC, point_kind;

-- name: accessibility_by_subdistrict
-- Findings of each of the 14 subdistricts known at the end of the year; missing while no register is imported.
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name,
       CASE WHEN EXISTS (SELECT 1 FROM streets.accessibility_points) THEN count(p.point_id) END AS found_count,
       CASE WHEN EXISTS (SELECT 1 FROM streets.accessibility_points)
            THEN count(p.point_id) FILTER (NOT {{finding_is_closed}}) END AS open_count,
       100.0 * count(p.point_id) FILTER ({{finding_is_closed}}) / nullif(count(p.point_id), 0) AS closed_share_pct
FROM base.subdistricts s
LEFT JOIN streets.accessibility_points p
  ON p.subdistrict_code = s.subdistrict_code AND year(p.found_on) <= $year
GROUP BY ALL
ORDER BY s.subdistrict_code;

-- name: accessibility_by_year
-- Findings still open at the end of every year, in the chosen subdistricts.
SELECT y.year, count(p.point_id) AS open_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN streets.accessibility_points p
  ON year(p.found_on) <= y.year AND NOT {{finding_is_closed y.year}}
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM streets.accessibility_points)
GROUP BY y.year
ORDER BY y.year;

-- name: accessibility_points
-- Findings known at the end of the year as map points, the open or the closed ones: what they say, what a click gives.
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    tip: coalesce(place_name, road_name, '无障碍问题点') || chr(10) || point_kind || ' · ' || subdistrict_name
        || chr(10) || strftime(found_on, '%Y-%m-%d') || ' 发现'
        || CASE WHEN {{finding_is_closed}} THEN ' · ● ' || strftime(closed_on, '%Y-%m-%d') || ' 销号'
                ELSE ' · ▲ 未销号' END,
    pick: 'street:' || street_name
} ORDER BY point_id))::VARCHAR
FROM streets.accessibility_points
WHERE year(found_on) <= $year AND {{finding_is_closed}} <> $is_open
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: accessibility_cells
-- The same findings gathered into cells of $cell_deg degrees, for more of them than a map can draw.
WITH cells AS (
    SELECT round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat, count(*) AS finding_count
    FROM streets.accessibility_points
    WHERE year(found_on) <= $year AND {{finding_is_closed}} <> $is_open
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY floor(lon / $cell_deg), floor(lat / $cell_deg)
)
SELECT to_json(list({
    p: [lon, lat], n: finding_count,
    tip: CASE WHEN $is_open THEN '▲ 未销号 ' ELSE '● 已销号 ' END || finding_count || ' 处'
}))::VARCHAR
FROM cells;

-- name: accessibility_ages
-- Findings open at the end of the year by the whole years since they were found, in the chosen subdistricts.
SELECT date_diff('day', found_on, make_date($year, 12, 31)) // 365 AS years, count(*) AS open_count
FROM streets.accessibility_points
WHERE year(found_on) <= $year AND NOT {{finding_is_closed}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY years
ORDER BY years;

-- name: accessibility_table
-- Findings known at the end of the year in the chosen subdistricts, the open ones first, the oldest before the others.
SELECT point_id, coalesce(place_name, road_name) AS place_name, road_name, street_name, point_kind,
       subdistrict_name, found_on, CASE WHEN {{finding_is_closed}} THEN closed_on END AS closed_on,
       CASE WHEN {{finding_is_closed}} THEN 'closed' ELSE 'open' END AS state,
       date_diff('day', found_on, CASE WHEN {{finding_is_closed}} THEN closed_on
                                       ELSE make_date($year, 12, 31) END) AS days,
       clause, source_kind
FROM streets.accessibility_points
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY {{finding_is_closed}}, found_on, point_id;

-- name: bridges_summary
-- Bridges of the chosen subdistricts: how many, how many are checked by the end of the year, of how many the date is not filled in, how many no map here shows.
SELECT count(*) AS bridge_count, count(*) FILTER (year(checked_on) <= $year) AS checked_count,
       count(*) FILTER (checked_on IS NULL) AS undated_count,
       count(*) FILTER (NOT is_mapped) AS unmapped_count,
       count(*) FILTER ({{bridge_condition}} IS NULL) AS ungraded_count
FROM streets.bridges
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: bridges_by_condition
-- Bridges of the chosen subdistricts by who manages them and by their grade as checked by the end of the year (missing: not filled in, or checked later).
SELECT managed_level, {{bridge_condition}} AS condition, count(*) AS bridge_count
FROM streets.bridges
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY ALL
ORDER BY managed_level, condition NULLS LAST;

-- name: bridges_on_map
-- Bridges of the chosen subdistricts that the map shows: position, grade as checked by the end of the year, street.
SELECT bridge_name, round(lon, 5) AS lon, round(lat, 5) AS lat, managed_level, subdistrict_name,
       street_name, {{bridge_condition}} AS condition, checked_on,
       coalesce(year(checked_on) > $year, false) AS is_checked_later
FROM streets.bridges
WHERE is_mapped AND lon IS NOT NULL AND lat IS NOT NULL
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY bridge_id;

-- name: bridges_table
-- Bridges of the chosen subdistricts with their grade as checked by the end of the year, the worst first.
SELECT bridge_id, bridge_name, coalesce(street_name, road_name) AS road_name, subdistrict_name,
       managed_level, {{bridge_condition}} AS condition,
       CASE WHEN year(checked_on) <= $year THEN checked_on END AS checked_on,
       CASE WHEN is_mapped THEN '已上图' ELSE '未上图' END AS mapped, source_kind
FROM streets.bridges
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
ORDER BY condition DESC NULLS LAST, bridge_id;
