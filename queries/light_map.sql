-- name: light_shining
-- Where every lamp of the district stands at the end of the year that is not known to be out, and whether it is functional lighting: for the picture of the light.
SELECT lon, lat, {{lamp_is_functional}} AS is_functional
FROM lighting.assets
WHERE {{lamp_is_installed}} AND coalesce(state, 'lit') = 'lit';

-- name: light_drawn
-- How many lamps of the chosen subdistricts the map has to show at the end of the year, how many of them are out, and of how many the state is not filled in.
SELECT count(*) AS lamp_count, count(*) FILTER (state = 'unlit') AS unlit_count,
       count(*) FILTER (state IS NULL) AS unstated_count
FROM lighting.assets
WHERE {{lamp_is_installed}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: light_cells
-- Lamps gathered into cells of $cell_deg degrees within one subdistrict, as map rows ({p: mean position, n: lamps, subdistrict_code, tip}).
SELECT to_json(list({
    p: [lon, lat], n: lamp_count, subdistrict_code: subdistrict_code,
    tip: subdistrict_name || chr(10) || '灯具 ' || lamp_count || ' 盏（路灯 ' || functional_count || '）'
        || CASE WHEN unlit_count > 0 THEN chr(10) || '未亮 ' || unlit_count || ' 盏' ELSE '' END
} ORDER BY subdistrict_code, lon, lat))::VARCHAR
FROM (
    SELECT subdistrict_code, round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat,
           count(*) AS lamp_count, count(*) FILTER ({{lamp_is_functional}}) AS functional_count,
           count(*) FILTER (state = 'unlit') AS unlit_count
    FROM lighting.assets
    WHERE {{lamp_is_installed}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY subdistrict_code, (lon / $cell_deg)::INTEGER, (lat / $cell_deg)::INTEGER
) JOIN base.subdistricts USING (subdistrict_code);

-- name: light_fault_cells
-- Lamps that are out, gathered the same way ({p, n, subdistrict_code, tip}).
SELECT to_json(list({
    p: [lon, lat], n: unlit_count, subdistrict_code: subdistrict_code,
    tip: subdistrict_name || chr(10) || '未亮 ' || unlit_count || ' 盏'
} ORDER BY subdistrict_code, lon, lat))::VARCHAR
FROM (
    SELECT subdistrict_code, round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat,
           count(*) AS unlit_count
    FROM lighting.assets
    WHERE {{lamp_is_installed}} AND state = 'unlit'
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY subdistrict_code, (lon / $cell_deg)::INTEGER, (lat / $cell_deg)::INTEGER
) JOIN base.subdistricts USING (subdistrict_code);

-- name: light_lamps
-- Single lamps of the chosen subdistricts as map rows ({p, k: functional, scenery, unlit or unstated by its first letters, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    k: CASE WHEN state = 'unlit' THEN 'u' WHEN {{lamp_is_functional}} THEN 'f' ELSE 's' END
        || CASE WHEN state IS NULL THEN '?' ELSE '' END,
    pick: 'lamp:' || asset_id,
    tip: coalesce(place_name, subdistrict_name) || chr(10) || {{lamp_kind_word}}
        || CASE state WHEN 'lit' THEN ' · 亮' WHEN 'unlit' THEN ' · 未亮' ELSE '' END
} ORDER BY asset_id))::VARCHAR
FROM lighting.assets
WHERE {{lamp_is_installed}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: light_faults
-- Lamps of the chosen subdistricts that are out, as map rows ({p, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    pick: 'lamp:' || asset_id,
    tip: coalesce(place_name, subdistrict_name) || chr(10) || {{lamp_kind_word}} || ' · 未亮'
        || CASE WHEN is_sound = false THEN '，设施损坏' ELSE '' END || chr(10) || '编码 ' || asset_id
} ORDER BY asset_id))::VARCHAR
FROM lighting.assets
WHERE {{lamp_is_installed}} AND state = 'unlit'
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

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
-- Lighting projects of the chosen subdistricts as map rows ({p, k: kind, d: done, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    k: project_kind,
    d: {{lighting_is_built}},
    pick: 'work:' || project_id,
    tip: project_name || chr(10) || subdistrict_name || chr(10) || {{lighting_state_words}}
} ORDER BY project_kind, project_id))::VARCHAR
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: lighting_project_lines
-- Lighting projects of the chosen subdistricts that run along a line, as map features.
SELECT to_json(list({
    type: 'Feature', geometry: geometry_json::JSON,
    properties: {
        k: project_kind, d: {{lighting_is_built}}, pick: 'work:' || project_id,
        tip: project_name || chr(10) || {{lighting_state_words}}
    }
} ORDER BY project_kind, project_id))::VARCHAR
FROM lighting.projects
WHERE geometry_json IS NOT NULL
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_project_labels
-- Names of the projects that stand out on the map: venue, hubs, entrances, key lines.
SELECT project_name, project_kind, round(lon, 5) AS lon, round(lat, 5) AS lat
FROM lighting.projects
WHERE project_kind IN ('venue', 'hub', 'city_entrance', 'key_line')
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY project_id;

-- name: lighting_dark_spot_points
-- Dark spots of the chosen subdistricts as map rows ({p, d: fixed by the end of the year, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    d: coalesce(year(fixed_on) <= $year, false),
    pick: 'spot:' || spot_id,
    tip: '盲区暗点：' || spot_name || chr(10) || subdistrict_name || ' · ' || spot_kind || chr(10)
        || CASE WHEN year(fixed_on) <= $year THEN strftime(fixed_on, '%Y-%m') || ' 消除' ELSE '未消除' END
} ORDER BY spot_id))::VARCHAR
FROM lighting.dark_spots
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));
