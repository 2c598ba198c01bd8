-- name: roads_summary
-- Streets of the chosen subdistricts, a name counted once: how many, their length, that of main streets (快速路, 主干路, 次干路), and the land they lie on.
WITH pieces AS (
    SELECT s.street_name, s.street_class, g.length_m
    FROM streets.segments g JOIN streets.streets s USING (street_id)
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], g.subdistrict_code)
), land AS (
    SELECT sum(area_km2) AS area_km2 FROM base.subdistricts
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
)
SELECT count(DISTINCT street_name) AS street_count, sum(length_m) / 1000 AS length_km,
       sum(length_m) FILTER (street_class IN ('trunk', 'primary', 'secondary')) / 1000 AS main_km,
       any_value(land.area_km2) AS area_km2, sum(length_m) / 1000 / nullif(any_value(land.area_km2), 0) AS km_per_km2
FROM land LEFT JOIN pieces ON true;

-- name: roads_by_class
-- Length and number of streets of each group of classes in the chosen subdistricts, the smaller classes together; a street of several groups counts in each with its part.
SELECT CASE WHEN s.street_class IN ('trunk', 'primary', 'secondary', 'tertiary') THEN s.street_class ELSE 'other' END
           AS class_group,
       count(DISTINCT s.street_name) AS street_count, sum(g.length_m) / 1000 AS length_km
FROM streets.segments g JOIN streets.streets s USING (street_id)
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], g.subdistrict_code)
GROUP BY class_group
ORDER BY list_position(['trunk', 'primary', 'secondary', 'tertiary', 'other'], class_group);

-- name: roads_of_subdistricts
-- Length of streets in each of the 14 subdistricts, over its area, and of its main streets; missing where the map knows none.
SELECT d.subdistrict_code, d.subdistrict_name, d.short_name,
       sum(g.length_m) / 1000 AS length_km, sum(g.length_m) / 1000 / nullif(d.area_km2, 0) AS km_per_km2,
       sum(g.length_m) FILTER (s.street_class IN ('trunk', 'primary', 'secondary')) / 1000 AS main_km
FROM base.subdistricts d
LEFT JOIN streets.segments g USING (subdistrict_code)
LEFT JOIN streets.streets s USING (street_id)
GROUP BY d.subdistrict_code, d.subdistrict_name, d.short_name, d.area_km2
ORDER BY d.subdistrict_code;

-- name: roads_features
-- Every street of the district as map features, the larger classes last: class, what it says, what a click gives.
SELECT to_json(list({
    type: 'Feature', geometry: geometry_json::JSON,
    properties: {class: street_class, pick: 'street:' || street_name,
                 tip: street_name || chr(10) || printf('%.2f km', length_m / 1000) || ' · 点击看道路卡'}
} ORDER BY coalesce(list_position(['trunk', 'primary', 'secondary', 'tertiary', 'pedestrian', 'residential'],
                                  street_class), 9) DESC, street_id))::VARCHAR
FROM streets.streets
WHERE geometry_json IS NOT NULL;

-- name: roads_table
-- Streets of the chosen subdistricts by name: classes, length, subdistricts, and what the registers say of them at the end of the year.
WITH pieces AS (
    SELECT s.street_name, s.street_class, g.subdistrict_code, g.subdistrict_name, g.length_m, s.source_kind
    FROM streets.segments g JOIN streets.streets s USING (street_id)
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], g.subdistrict_code)
), classes AS (
    SELECT street_name, list(street_class ORDER BY length_m DESC, street_class) AS classes
    FROM (SELECT street_name, street_class, sum(length_m) AS length_m FROM pieces GROUP BY ALL)
    GROUP BY street_name
), places AS (
    SELECT street_name,
           string_agg(replace(subdistrict_name, '街道', ''), '、' ORDER BY length_m DESC, subdistrict_code) AS subdistricts
    FROM (SELECT street_name, subdistrict_code, subdistrict_name, sum(length_m) AS length_m FROM pieces GROUP BY ALL)
    GROUP BY street_name
), lengths AS (
    SELECT street_name, sum(length_m) / 1000 AS length_km, any_value(source_kind) AS source_kind
    FROM pieces GROUP BY street_name
), findings AS (
    SELECT street_name, count(*) AS finding_count, count(*) FILTER (NOT {{finding_is_closed}}) AS open_count
    FROM streets.accessibility_points WHERE year(found_on) <= $year
     AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY street_name
), bridges AS (
    SELECT street_name, count(*) AS bridge_count FROM streets.bridges
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY street_name
)
SELECT l.street_name, c.classes, round(l.length_km, 2) AS length_km, p.subdistricts,
       f.finding_count, f.open_count, b.bridge_count, l.source_kind
FROM lengths l JOIN classes c USING (street_name) JOIN places p USING (street_name)
LEFT JOIN findings f USING (street_name)
LEFT JOIN bridges b USING (street_name)
ORDER BY l.length_km DESC, l.street_name;

-- name: cleaning_zones
-- The plan's nine places of fine cleaning (三街三圈三站): kind, name, whether the map knows it, where, by what; in the plan's order.
SELECT place_kind, place_name, is_mapped, located_by, lon, lat, clause, source_kind
FROM plan.places
WHERE place_group = '三街三圈三站'
ORDER BY rowid;

-- name: cleaning_zone_features
-- Those of the nine places that are streets, as map features.
SELECT to_json(list({
    type: 'Feature', geometry: geometry_json::JSON,
    properties: {tip: place_name || chr(10) || '三街三圈三站 · 精品保洁', pick: 'place:' || place_name}
} ORDER BY place_name))::VARCHAR
FROM plan.places
WHERE place_group = '三街三圈三站' AND geometry_json IS NOT NULL;

-- name: street_tasks
-- What the plan asks for on streets as a whole, with the state that the register of projects reports at the end of the year (missing where the plan lists no such project).
SELECT f.fact_key, f.label, f.operator, f.value, f.unit, f.deadline_year, f.clause, f.note,
       p.project_id, p.project_name, {{project_state}} AS state, p.source_kind AS state_source
FROM plan.facts f
LEFT JOIN plan.projects p
  ON p.clause = f.clause AND p.project_kind = 'municipal' AND p.quantity = f.value AND p.unit = f.unit
WHERE list_contains($fact_keys::VARCHAR[], f.fact_key)
ORDER BY list_position($fact_keys::VARCHAR[], f.fact_key);
