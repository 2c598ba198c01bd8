-- name: subdistricts
-- The 14 subdistricts: names, area, label position, bounding box, border quality.
SELECT subdistrict_code, subdistrict_name, short_name, area_km2, label_lon, label_lat,
       west, south, east, north, boundary_quality
FROM base.subdistricts
ORDER BY subdistrict_code;

-- name: datasets
-- Every dataset of the snapshot: title, source, date, rows, and the file it lies in.
SELECT 'base' AS database, * FROM base._meta
UNION ALL SELECT 'plan', * FROM plan._meta
UNION ALL SELECT 'rivers', * FROM rivers._meta
UNION ALL SELECT 'streets', * FROM streets._meta
UNION ALL SELECT 'toilets', * FROM toilets._meta
UNION ALL SELECT 'lighting', * FROM lighting._meta;

-- name: subdistrict_shapes
-- Polygons of the subdistricts as GeoJSON geometry text, for a choropleth.
SELECT subdistrict_code, subdistrict_name, geometry_json
FROM base.subdistricts
ORDER BY subdistrict_code;

-- name: base_shapes
-- Shapes of one dataset of the base map: name, class (streets alone) and GeoJSON geometry text.
SELECT 'base.water_areas' AS dataset, water_name AS name, NULL AS class, geometry_json
FROM base.water_areas WHERE $dataset = 'base.water_areas' AND geometry_json IS NOT NULL
UNION ALL
SELECT 'streets.streets', street_name, street_class, geometry_json
FROM streets.streets WHERE $dataset = 'streets.streets' AND geometry_json IS NOT NULL
UNION ALL
SELECT 'rivers.rivers', river_name, NULL, geometry_json
FROM rivers.rivers WHERE $dataset = 'rivers.rivers' AND geometry_json IS NOT NULL;

-- name: plan_indicators
-- The plan's 28 indicators with operator, target, unit and base value.
SELECT indicator_no, category, indicator_name, operator, target_value, unit, target_text, theme,
       clause, note, is_core, base_value, base_clause, base_note
FROM plan.indicators
ORDER BY indicator_no;

-- name: plan_facts
-- Every figure the plan's text states, in the plan's order.
SELECT f.fact_key, f.label, f.operator, f.value, f.unit, f.year, f.deadline_year, f.role, f.theme,
       s.subdistrict_name, f.clause, f.note, f.source_kind
FROM plan.facts f LEFT JOIN base.subdistricts s USING (subdistrict_code)
ORDER BY f.rowid;
