-- name: lighting_summary
-- Lamps in the chosen subdistricts at the end of the year: counts and rates by the plan's indicators 1–4, each over the lamps of which it is filled in.
SELECT sum(asset_count) AS asset_count,
       sum(asset_count) FILTER (asset_kind = 'street_lamp') AS street_lamp_count,
       sum(asset_count) FILTER (asset_kind = 'scenery_light') AS scenery_light_count,
       100.0 * sum(lit_count) FILTER (asset_kind = 'street_lamp')
           / nullif(sum(asset_count) FILTER (asset_kind = 'street_lamp' AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(sound_count) FILTER (asset_kind = 'street_lamp')
           / nullif(sum(asset_count) FILTER (asset_kind = 'street_lamp' AND sound_count IS NOT NULL), 0) AS functional_sound_rate_pct,
       100.0 * sum(sound_count) FILTER (asset_kind = 'scenery_light')
           / nullif(sum(asset_count) FILTER (asset_kind = 'scenery_light' AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
       100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct,
       100.0 * sum(led_count) FILTER (asset_kind = 'street_lamp')
           / nullif(sum(asset_count) FILTER (asset_kind = 'street_lamp' AND led_count IS NOT NULL), 0) AS led_rate_pct,
       sum(asset_count - lit_count) AS unlit_count
FROM lighting.yearly
WHERE year = $year AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_by_year
-- Rates of the plan's indicators 1–4 for every year in the chosen subdistricts.
SELECT year,
       100.0 * sum(lit_count) FILTER (asset_kind = 'street_lamp')
           / nullif(sum(asset_count) FILTER (asset_kind = 'street_lamp' AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(sound_count) FILTER (asset_kind = 'scenery_light')
           / nullif(sum(asset_count) FILTER (asset_kind = 'scenery_light' AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
       100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct
FROM lighting.yearly
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY year
ORDER BY year;

-- name: lighting_by_subdistrict
-- Rates and counts of each of the 14 subdistricts at the end of the year.
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name,
       sum(y.asset_count) AS asset_count,
       100.0 * sum(y.lit_count) FILTER (asset_kind = 'street_lamp')
           / nullif(sum(y.asset_count) FILTER (asset_kind = 'street_lamp' AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(y.sound_count) FILTER (asset_kind = 'scenery_light')
           / nullif(sum(y.asset_count) FILTER (asset_kind = 'scenery_light' AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
       100.0 * sum(y.controlled_count)
           / nullif(sum(y.asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct
FROM base.subdistricts s
LEFT JOIN lighting.yearly y ON y.subdistrict_code = s.subdistrict_code AND y.year = $year
GROUP BY ALL
ORDER BY s.subdistrict_code;

-- name: lighting_projects_by_kind
-- The Asian Games lighting projects by kind: planned quantity, and what is completed by the end of the year, in the chosen subdistricts.
SELECT project_kind, any_value(unit) AS unit, sum(quantity) AS quantity,
       coalesce(sum(quantity) FILTER ({{lighting_is_built}}), 0) AS completed_quantity
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY project_kind;

-- name: lighting_dark_spots
-- Dark spots found and fixed by the end of the year in the chosen subdistricts.
SELECT count(*) AS found_count,
       count(*) FILTER (year(fixed_on) <= $year) AS fixed_count,
       count(*) FILTER (year(fixed_on) <= least(2022, $year)) AS fixed_in_time_count
FROM lighting.dark_spots
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_table
-- The Asian Games lighting projects in the chosen subdistricts with their state at the end of the year.
SELECT project_name, project_kind, subdistrict_name, quantity, unit,
       CASE WHEN {{lighting_is_built}} THEN 'completed' ELSE 'open' END AS state,
       completed_year, clause, source_kind
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
ORDER BY project_kind, project_name;

-- name: lighting_structure_features
-- The lighting structure 一带两廊三轴: its lines as map features.
SELECT to_json(list({
    type: 'Feature', geometry: geometry_json::JSON,
    properties: {kind: element_group, tip: element_name}
} ORDER BY element_id))::VARCHAR
FROM lighting.structure
WHERE geometry_json IS NOT NULL;

-- name: lighting_structure
-- The eleven elements of 一带两廊三轴五区 with their label positions.
SELECT element_group, element_name, is_mapped, round(lon, 5) AS lon, round(lat, 5) AS lat, clause
FROM lighting.structure
ORDER BY element_id;

-- name: lighting_project_points
-- Lighting projects of the chosen subdistricts as map rows ({p, k: kind, d: done, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    k: project_kind,
    d: {{lighting_is_built}},
    tip: project_name || chr(10) || subdistrict_name || chr(10)
        || CASE WHEN {{lighting_is_built}} THEN coalesce(completed_year || ' 年建成', '已建成（年份未填）')
                ELSE '未建成' END
} ORDER BY project_kind, project_id))::VARCHAR
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: lighting_dark_spot_points
-- Dark spots of the chosen subdistricts as map rows ({p, d: fixed by the end of the year, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    d: coalesce(year(fixed_on) <= $year, false),
    tip: '盲区暗点：' || spot_name || chr(10) || subdistrict_name || ' · ' || spot_kind || chr(10)
        || CASE WHEN year(fixed_on) <= $year THEN strftime(fixed_on, '%Y-%m') || ' 消除' ELSE '未消除' END
} ORDER BY spot_id))::VARCHAR
FROM lighting.dark_spots
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_cells
-- Lamps gathered into cells of $cell_deg degrees, as map rows ({p: mean position, n: lamps, s: 1 for scenery lights, tip}).
WITH cells AS (
    SELECT asset_kind = 'scenery_light' AS is_scenery,
           round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat, count(*) AS lamp_count
    FROM lighting.assets
    WHERE {{lamp_is_installed}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY is_scenery, floor(lon / $cell_deg), floor(lat / $cell_deg)
)
SELECT to_json(list({p: [lon, lat], n: lamp_count, s: is_scenery::INTEGER,
                     tip: CASE WHEN is_scenery THEN '景观灯 ' ELSE '路灯 ' END || lamp_count || ' 盏'}))::VARCHAR
FROM cells;

-- name: lighting_drawn
-- How many lamps of the chosen subdistricts the map has to show at the end of the year, how many of them are unlit, and of how many the state is not filled in.
SELECT count(*) AS lamp_count, count(*) FILTER (state = 'unlit') AS unlit_count,
       count(*) FILTER (state IS NULL) AS unstated_count
FROM lighting.assets
WHERE {{lamp_is_installed}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_years
-- Years of which the register of lamps tells anything.
SELECT DISTINCT year FROM lighting.yearly ORDER BY year;

-- name: lighting_unstated
-- Single lamps of the chosen subdistricts whose state is not filled in: rows are [lon, lat].
SELECT to_json(list([round(lon, 5), round(lat, 5)]))::VARCHAR
FROM lighting.assets
WHERE {{lamp_is_installed}} AND state IS NULL
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_lamps
-- Single lamps of the chosen subdistricts that are lit, by kind: rows are [lon, lat].
SELECT to_json(list([round(lon, 5), round(lat, 5)]) FILTER (asset_kind = 'street_lamp'))::VARCHAR AS street_lamps,
       to_json(list([round(lon, 5), round(lat, 5)]) FILTER (asset_kind = 'scenery_light'))::VARCHAR AS scenery_lights
FROM lighting.assets
WHERE {{lamp_is_installed}} AND state = 'lit'
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_faults
-- Lamps of the chosen subdistricts that are unlit, as map rows ({p, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    tip: coalesce(place_name, subdistrict_name) || chr(10)
        || CASE asset_kind WHEN 'street_lamp' THEN '路灯' ELSE '景观灯' END || ' · 未亮'
        || CASE WHEN is_sound = false THEN '，设施损坏' ELSE '' END || chr(10) || '编码 ' || asset_id
} ORDER BY asset_id))::VARCHAR
FROM lighting.assets
WHERE {{lamp_is_installed}} AND state = 'unlit'
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));
