-- name: river_facility_counts
-- Facilities of the chosen subdistricts by kind, and how many lie on the map; those without a subdistrict count for the whole district only.
SELECT facility_kind, count(*) AS facility_count, count(*) FILTER (is_mapped) AS mapped_count
FROM rivers.facilities
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY facility_kind
ORDER BY list_position(['outfall', 'pump_station', 'sluice', 'sand_basin', 'dead_end'], facility_kind);

-- name: river_facilities_unplaced
-- How many facilities have no subdistrict, so that no choice of subdistricts shows them.
SELECT count(*) AS facility_count FROM rivers.facilities WHERE subdistrict_code IS NULL;

-- name: river_section_counts
-- Monitoring sections on the rivers of the chosen subdistricts by control level (missing where not filled in), and how many lie on the map.
SELECT control_level, count(*) AS section_count, count(*) FILTER (is_mapped) AS mapped_count
FROM rivers.sections
WHERE $codes IS NULL
   OR river_id IN (SELECT river_id FROM rivers.reaches
                   WHERE list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY control_level
ORDER BY list_position(['national', 'provincial', 'municipal', 'district'], control_level) NULLS LAST;

-- name: river_works
-- The facilities that the plan wants built, renewed or opened, by its figure («fact_key») and their state at the end of the year, whole district: by the year of completion, else by the state filled in, else by the project's; «open» is not completed while its start is not known. source_kind is that of what gives the state.
SELECT CASE WHEN f.work = 'renewed' THEN 'renewed_pump_station_count'
            WHEN f.facility_kind = 'dead_end' THEN 'river_dead_end_count'
            WHEN f.work = 'continued' THEN 'continued_sewage_station_count'
            WHEN coalesce(p.clause, f.clause) = '4.3.4' THEN 'new_sewage_station_count'
            ELSE 'new_pump_station_count' END AS fact_key,
       f.facility_id, f.facility_name, f.facility_kind, f.river_id, v.river_name,
       f.completed_year, {{facility_state}} AS state,
       CASE WHEN f.completed_year IS NULL AND f.state IS NULL
            THEN coalesce(p.source_kind, f.source_kind) ELSE f.source_kind END AS source_kind
FROM rivers.facilities f
LEFT JOIN (SELECT project_id, clause, source_kind, {{project_state}} AS project_state
           FROM plan.projects) p
    USING (project_id)
LEFT JOIN rivers.rivers v USING (river_id)
WHERE f.work IS NOT NULL
ORDER BY fact_key, f.facility_id;

-- name: river_outfalls
-- Outfalls of the chosen subdistricts as known at the end of the month: how many, at how many water was found flowing in dry weather, how many of these are dealt with, how many not.
WITH outfall AS (
    SELECT dry_flow_found_on <= last_day($month::DATE) AS is_found,
           coalesce(dry_flow_fixed_on <= last_day($month::DATE), false) AS is_fixed
    FROM rivers.facilities
    WHERE facility_kind = 'outfall'
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
)
SELECT count(*) AS outfall_count, count(*) FILTER (is_found) AS found_count,
       count(*) FILTER (is_found AND is_fixed) AS fixed_count,
       count(*) FILTER (is_found AND NOT is_fixed) AS open_count
FROM outfall;

-- name: river_outfalls_open
-- Outfalls of the chosen subdistricts with water in dry weather that was found and not dealt with by the end of the month, the oldest first, with the days since.
SELECT f.facility_id, f.facility_name, f.river_id, v.river_name,
       replace(f.subdistrict_name, '街道', '') AS short_name,
       strftime(f.dry_flow_found_on, '%Y-%m-%d') AS found_on,
       date_diff('day', f.dry_flow_found_on, last_day($month::DATE)) AS open_days
FROM rivers.facilities f LEFT JOIN rivers.rivers v USING (river_id)
WHERE f.facility_kind = 'outfall' AND f.dry_flow_found_on <= last_day($month::DATE)
  AND NOT coalesce(f.dry_flow_fixed_on <= last_day($month::DATE), false)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], f.subdistrict_code))
ORDER BY open_days DESC, f.facility_id;

-- name: river_facilities_table
-- One row a facility of the chosen subdistricts: river, works with their state at the end of the year, findings of dry-weather discharge as known at the end of the month.
SELECT f.facility_name, f.facility_kind, v.river_name, f.subdistrict_name, f.work,
       CASE WHEN f.work IS NOT NULL THEN {{facility_state}} END AS state,
       CASE WHEN f.completed_year <= $year THEN f.completed_year END AS completed_year,
       {{dry_flow}} AS dry_flow, {{dry_flow_found}} AS found_on, {{dry_flow_fixed}} AS fixed_on,
       p.project_name, coalesce(f.clause, p.clause) AS clause, f.is_mapped, f.source_kind
FROM rivers.facilities f
LEFT JOIN rivers.rivers v USING (river_id)
LEFT JOIN (SELECT project_id, project_name, clause, {{project_state}} AS project_state
           FROM plan.projects) p USING (project_id)
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], f.subdistrict_code)
ORDER BY f.work IS NULL, dry_flow = 'open' DESC NULLS LAST, f.facility_id;

-- name: river_project_rivers
-- Rivers that the plan's projects name, with the number of those that the register knows.
SELECT l.project_id, l.river_name, v.river_id
FROM plan.project_rivers l LEFT JOIN rivers.rivers v USING (river_name)
ORDER BY l.project_id, l.river_name, v.river_id;

-- name: river_demonstrations
-- The rivers of the «两新流域» that the plan wants restored (4.3.5): level at the end of the year, length, class of the worst section evaluated in the month, state of the works; a river that the register does not know has its name alone.
WITH class AS (
    SELECT s.river_id, max(q.quality_class) AS quality_class
    FROM rivers.water_quality q JOIN rivers.sections s USING (section_id)
    WHERE q.month = $month::DATE
    GROUP BY s.river_id
)
SELECT l.river_name, v.river_id,
       CASE WHEN {{river_is_beautiful}} OR v.beautiful_level IS NULL
            THEN v.beautiful_level ELSE 'none' END AS beautiful_level,
       CASE WHEN v.beautiful_year <= $year THEN v.beautiful_year END AS beautiful_year,
       v.length_m / 1000 AS length_km, class.quality_class, {{project_state}} AS state
FROM plan.projects p
JOIN plan.project_rivers l USING (project_id)
LEFT JOIN rivers.rivers v USING (river_name)
LEFT JOIN class USING (river_id)
WHERE p.project_kind = 'beautiful_river'
ORDER BY p.project_id, v.river_id;

-- name: river_layout
-- The elements of the layout «四区三轴伴两湖» with what is known of each: the river that an axis is (level at the end of the year, length, class of the worst section evaluated in the month), the plan's project of its name, whether it lies on the map.
WITH class AS (
    SELECT s.river_id, max(q.quality_class) AS quality_class
    FROM rivers.water_quality q JOIN rivers.sections s USING (section_id)
    WHERE q.month = $month::DATE
    GROUP BY s.river_id
), project AS (
    SELECT project_name, {{project_state}} AS state FROM plan.projects
    WHERE project_kind = 'beautiful_river'
)
SELECT a.place_kind, a.place_name, a.is_mapped, a.located_by, a.note, v.river_id,
       CASE WHEN {{river_is_beautiful}} OR v.beautiful_level IS NULL
            THEN v.beautiful_level ELSE 'none' END AS beautiful_level,
       v.length_m / 1000 AS length_km, class.quality_class, project.state
FROM plan.places a
LEFT JOIN rivers.rivers v
    ON a.place_kind = '轴' AND v.river_name IN (a.place_name, replace(a.located_by, '河道 ', ''))
LEFT JOIN class USING (river_id)
LEFT JOIN project ON starts_with(project.project_name, a.place_name)
WHERE a.place_group = '四区三轴伴两湖'
ORDER BY a.rowid, v.river_id;
