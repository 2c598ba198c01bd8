-- name: street_pieces
-- One street by class and subdistrict, the longest piece first.
SELECT s.street_class, g.subdistrict_code, replace(g.subdistrict_name, '街道', '') AS short_name,
       sum(g.length_m) AS length_m
FROM streets.segments g JOIN streets.streets s USING (street_id)
WHERE s.street_name = $street_name
GROUP BY ALL
ORDER BY length_m DESC, g.subdistrict_code, s.street_class;

-- name: street_designations
-- One street as a demonstration street, with its state at the end of the year.
SELECT demonstration_id, designation, {{street_state}} AS state
FROM streets.demonstration_streets
WHERE street_name = $street_name
ORDER BY designation, demonstration_id;

-- name: street_repairs
-- Repairs of one street for the Asian Games, with their state at the end of the year.
SELECT road_id, road_name, section, managed_level, plan_year, {{project_state}} AS state, started_on,
       CASE WHEN {{project_state}} = 'completed' THEN completed_on END AS completed_on, clause, source_kind
FROM streets.road_projects
WHERE street_name = $street_name
ORDER BY plan_year, road_id;

-- name: street_findings
-- Barrier-free findings on one street known at the end of the year, the open ones first.
SELECT point_id, coalesce(place_name, road_name) AS place_name, point_kind, found_on,
       NOT {{finding_is_closed}} AS is_open
FROM streets.accessibility_points
WHERE street_name = $street_name AND year(found_on) <= $year
ORDER BY is_open DESC, found_on, point_id;

-- name: street_bridges
-- Bridges on one street with their grade as checked by the end of the year, the worst first.
SELECT bridge_id, bridge_name, managed_level, {{bridge_condition}} AS condition,
       CASE WHEN year(checked_on) <= $year THEN checked_on END AS checked_on
FROM streets.bridges
WHERE street_name = $street_name
ORDER BY condition DESC NULLS LAST, bridge_id;

-- name: street_lamps
-- Lamps whose place is the street's name, by kind; what state they are in is known for the newest year alone.
SELECT asset_kind, count(*) AS asset_count,
       CASE WHEN $year >= $last_year THEN count(state) END AS known_count,
       CASE WHEN $year >= $last_year THEN count(*) FILTER (state = 'lit') END AS lit_count
FROM lighting.assets
WHERE place_name = $street_name AND {{lamp_is_installed}}
GROUP BY asset_kind
ORDER BY asset_kind DESC;

-- name: positions_beside_streets
-- Everything that a street's card looks for beside it: public toilets open at the end of the year, and stations; kind, number, name, position.
SELECT 'toilet' AS kind, toilet_id AS id, toilet_name AS name, lon, lat, source_kind
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
UNION ALL
SELECT 'stop', station_id, station_name, lon, lat, source_kind
FROM base.stations
ORDER BY 1, 2;

-- name: street_names
-- Names of all streets of the map, each once.
SELECT DISTINCT street_name FROM streets.streets ORDER BY street_name;

-- name: compared_streets
-- What is counted of each of these streets at the end of the year; a street that no register tells of has zeros where the register is there, and missing values where it is not.
WITH wanted AS (
    SELECT unnest($street_names::VARCHAR[]) AS street_name
), lengths AS (
    SELECT s.street_name, sum(g.length_m) / 1000 AS length_km
    FROM streets.segments g JOIN streets.streets s USING (street_id) GROUP BY s.street_name
), repairs AS (
    SELECT street_name, count(*) AS repair_count, count(*) FILTER ({{project_state}} = 'completed') AS repaired_count
    FROM streets.road_projects GROUP BY street_name
), pavement AS (
    SELECT street_name, 100.0 * coalesce(sum(length_m) FILTER (grade IN ('优', '良')), 0) / nullif(sum(length_m), 0)
               AS pavement_good_share_pct
    FROM {{pavement_standing}} p GROUP BY street_name
), findings AS (
    SELECT street_name, count(*) AS finding_count, count(*) FILTER (NOT {{finding_is_closed}}) AS open_count
    FROM streets.accessibility_points WHERE year(found_on) <= $year GROUP BY street_name
), bridges AS (
    SELECT street_name, count(*) AS bridge_count, list({{bridge_condition}}) AS conditions
    FROM streets.bridges GROUP BY street_name
), lamps AS (
    SELECT place_name AS street_name, count(*) AS lamp_count
    FROM lighting.assets WHERE {{lamp_is_installed}} GROUP BY place_name
)
SELECT w.street_name AS key, l.length_km,
       CASE WHEN EXISTS (SELECT 1 FROM streets.road_projects) THEN coalesce(r.repair_count, 0) END AS repair_count,
       r.repaired_count, p.pavement_good_share_pct,
       CASE WHEN EXISTS (SELECT 1 FROM streets.accessibility_points) THEN coalesce(f.finding_count, 0) END AS finding_count,
       f.open_count,
       CASE WHEN EXISTS (SELECT 1 FROM streets.bridges) THEN coalesce(b.bridge_count, 0) END AS bridge_count,
       b.conditions,
       CASE WHEN EXISTS (SELECT 1 FROM lighting.assets) THEN coalesce(m.lamp_count, 0) END AS lamp_count
FROM wanted w
LEFT JOIN lengths l USING (street_name)
LEFT JOIN repairs r USING (street_name)
LEFT JOIN pavement p USING (street_name)
LEFT JOIN findings f USING (street_name)
LEFT JOIN bridges b USING (street_name)
LEFT JOIN lamps m USING (street_name)
ORDER BY list_position($street_names::VARCHAR[], w.street_name);
