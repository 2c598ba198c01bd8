-- name: river_map_reaches
-- Every mapped reach with its river as it stood at the end of the year: level (unknown while not filled in), rank, whether it lies in the chosen subdistricts.
SELECT r.river_id, v.river_name, v.is_named, v.rank, r.subdistrict_name, r.length_m, v.length_m AS river_length_m,
       CASE WHEN beautiful_level IS NULL THEN 'unknown'
            WHEN {{river_is_beautiful}} THEN beautiful_level ELSE 'none' END AS level,
       CASE WHEN {{river_is_beautiful}} THEN beautiful_year END AS beautiful_year,
       coalesce($codes IS NULL OR list_contains($codes::VARCHAR[], r.subdistrict_code), false) AS is_chosen,
       r.geometry_json
FROM rivers.reaches r JOIN rivers.rivers v USING (river_id)
WHERE r.geometry_json IS NOT NULL
ORDER BY r.river_id, r.subdistrict_code;

-- name: river_map_states
-- Every river in the month: class of its worst section that is evaluated and what limits it, warning colour (unknown without a section or a complete sample), how many sections it has and how many are evaluated.
WITH judged AS (
    SELECT s.river_id, max(q.quality_class) AS quality_class,
           arg_max(q.limiting_item, q.quality_class) AS limiting_item,
           count(*) AS section_count, count(q.quality_class) AS evaluated_count
    FROM rivers.sections s
    LEFT JOIN (SELECT * FROM rivers.water_quality WHERE month = $month::DATE) q USING (section_id)
    GROUP BY s.river_id
), coloured AS (
    SELECT river_id, state FROM {{river_states}} WHERE month = $month::DATE
)
SELECT v.river_id, v.river_name, v.is_mapped, judged.quality_class, judged.limiting_item,
       coalesce(coloured.state, 'unknown') AS warning,
       coalesce(judged.section_count, 0) AS section_count,
       coalesce(judged.evaluated_count, 0) AS evaluated_count
FROM rivers.rivers v LEFT JOIN judged USING (river_id) LEFT JOIN coloured USING (river_id)
ORDER BY v.river_id;

-- name: river_map_sections
-- Sections on the map in the month: class and what limits it or lacks (both missing where nothing was sampled), whether in the chosen subdistricts by the rivers they lie on.
SELECT s.section_id, s.section_name, s.river_id, v.river_name, s.control_level,
       round(s.lon, 5) AS lon, round(s.lat, 5) AS lat, q.quality_class, q.limiting_item,
       {{river_is_chosen}} AS is_chosen
FROM rivers.sections s
JOIN rivers.rivers v USING (river_id)
LEFT JOIN (SELECT * FROM rivers.water_quality WHERE month = $month::DATE) q USING (section_id)
WHERE s.lon IS NOT NULL AND s.lat IS NOT NULL
ORDER BY s.section_id;

-- name: river_map_facilities
-- Facilities of the chosen subdistricts, or of one river: works with their state at the end of the year, dry-weather discharge of outfalls as known at the end of the month. Those of no known place are of the whole district alone.
SELECT f.facility_id, f.facility_name, f.facility_kind, f.river_id, v.river_name, f.work,
       f.is_mapped AND f.lon IS NOT NULL AS is_drawn,
       round(f.lon, 5) AS lon, round(f.lat, 5) AS lat,
       CASE WHEN f.work IS NOT NULL THEN {{facility_state}} END AS state,
       {{dry_flow}} AS dry_flow, {{dry_flow_found}} AS found_on, {{dry_flow_fixed}} AS fixed_on,
       coalesce(f.clause, p.clause) AS clause, f.source_kind
FROM rivers.facilities f
LEFT JOIN rivers.rivers v USING (river_id)
LEFT JOIN (SELECT project_id, clause, {{project_state}} AS project_state FROM plan.projects) p
    USING (project_id)
WHERE CASE WHEN $river_id::VARCHAR IS NOT NULL THEN f.river_id = $river_id
           ELSE $codes IS NULL OR list_contains($codes::VARCHAR[], f.subdistrict_code) END
ORDER BY f.work IS NULL, dry_flow = 'open' DESC NULLS LAST, dry_flow = 'fixed' DESC NULLS LAST, f.facility_id;
