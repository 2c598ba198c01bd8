-- name: streets_summary
-- Demonstration streets in the chosen subdistricts at the end of the year: how many are done, begun and not done, of these in acceptance; provincial showcase streets (missing where the register holds none of the whole district; new ones only where their years are filled in).
WITH chosen AS (
    SELECT *, {{street_is_done}} AS is_done, {{street_state}} AS state_then
    FROM streets.demonstration_streets
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
), provincial AS (
    SELECT count(*) > 0 AS is_held
    FROM streets.demonstration_streets WHERE designation = 'provincial'
)
SELECT count(*) FILTER (designation = 'boutique') AS boutique_count,
       count(*) FILTER (designation = 'boutique' AND is_done) AS completed_count,
       count(*) FILTER (designation = 'boutique' AND state_then IN ('under_construction', 'in_acceptance'))
           AS building_count,
       count(*) FILTER (designation = 'boutique' AND state_then = 'in_acceptance') AS acceptance_count,
       CASE WHEN any_value(p.is_held) THEN count(*) FILTER (designation = 'provincial' AND is_done) END
           AS provincial_count,
       count(*) FILTER (designation = 'provincial' AND is_done AND completed_year IS NULL)
           AS undated_provincial_count,
       CASE WHEN any_value(p.is_held)
             AND (undated_provincial_count = 0
                  OR count(*) FILTER (designation = 'provincial' AND completed_year IS NOT NULL) > 0)
            THEN count(*) FILTER (designation = 'provincial' AND completed_year > $first_year
                                  AND completed_year <= $year) END AS new_provincial_count,
       CASE WHEN count(*) FILTER (designation = 'boutique') > 0
             AND count(*) FILTER (designation = 'boutique' AND is_done) = 0 THEN 0
            ELSE sum(length_m) FILTER (designation = 'boutique' AND is_done) / 1000 END AS completed_km,
       count(*) FILTER (designation = 'boutique' AND is_done AND length_m IS NULL) AS unmeasured_count,
       count(*) FILTER (designation = 'boutique' AND is_done AND completed_year IS NULL) AS undated_count,
       count(*) FILTER (designation = 'boutique' AND NOT is_mapped) AS unmapped_count
FROM provincial p LEFT JOIN chosen ON true;

-- name: streets_by_year
-- Completed boutique demonstration streets by year, in the chosen subdistricts.
SELECT y.year, count(d.demonstration_id) AS completed_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN streets.demonstration_streets d
  ON d.designation = 'boutique' AND {{street_is_done y.year}}
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], d.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM streets.demonstration_streets)
GROUP BY y.year
ORDER BY y.year;

-- name: streets_by_subdistrict
-- State and progress of each subdistrict's boutique demonstration street at the end of the year. Of several in one subdistrict the one that is least far.
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, d.street_name,
       {{street_state}} AS state,
       {{street_progress}} AS progress_pct
FROM base.subdistricts s
LEFT JOIN streets.demonstration_streets d
  ON d.subdistrict_code = s.subdistrict_code AND d.designation = 'boutique'
QUALIFY row_number() OVER (
    PARTITION BY s.subdistrict_code
    ORDER BY {{street_is_done}}, d.completed_year DESC NULLS FIRST, d.demonstration_id) = 1
ORDER BY s.subdistrict_code;

-- name: demonstration_register
-- Demonstration streets of the chosen subdistricts at the end of the year: what is registered of them, state and progress as they are known then, whether the plan's deadline has passed. Why a street lags is known of the present alone, and there is no photo of after the works before they are done.
SELECT d.demonstration_id, d.designation, d.street_name, d.subdistrict_code, d.subdistrict_name,
       s.short_name, d.level, {{street_state}} AS state, {{street_progress}} AS progress_pct,
       {{street_is_late}} AS is_late,
       CASE WHEN $year >= $last_year AND NOT {{street_is_done}} THEN d.lag_note END AS lag_note,
       d.started_year, d.completed_year, d.length_m / 1000 AS length_km, d.is_mapped, d.geometry_json,
       d.photo_before,
       CASE WHEN {{street_state}} IN ('completed', 'in_acceptance') THEN d.photo_after END AS photo_after,
       d.clause, d.source_kind
FROM streets.demonstration_streets d JOIN base.subdistricts s USING (subdistrict_code)
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], d.subdistrict_code)
ORDER BY d.designation, d.subdistrict_code, d.demonstration_id;

-- name: streets_features
-- Demonstration streets as map features with their state at the end of the year.
WITH chosen AS (
    SELECT *, {{street_state}} AS state_then, {{street_progress}} AS progress_then,
           designation = 'boutique' AND {{street_is_late}} AS is_late
    FROM streets.demonstration_streets
    WHERE geometry_json IS NOT NULL
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
)
SELECT to_json(list({
    type: 'Feature',
    geometry: geometry_json::JSON,
    properties: {
        designation: designation,
        state: state_then,
        pick: 'street:' || street_name,
        tip: street_name || chr(10)
            || CASE designation WHEN 'boutique' THEN level || '精品示范街' ELSE '省级街容示范街' END
            || ' · ' || subdistrict_name || chr(10)
            || CASE state_then WHEN 'completed' THEN '已命名' || coalesce('（' || completed_year || ' 年）', '（年份未填）')
                    WHEN 'in_acceptance' THEN '验收'
                    WHEN 'under_construction' THEN '在建' || coalesce(' ' || printf('%.0f', progress_then) || '%', '')
                         || coalesce('，' || started_year || ' 年开工', '')
                    WHEN 'planned' THEN '策划' ELSE '当年状态不详（开工年份未填）' END
            || coalesce(' · ' || printf('%.2f', length_m / 1000) || ' km', '')
            || CASE WHEN is_late THEN chr(10) || '▲ 已到规划期限，尚未命名' ELSE '' END
    }
} ORDER BY designation DESC, demonstration_id))::VARCHAR
FROM chosen;

-- name: streets_labels
-- Names of the mapped boutique demonstration streets, of one subdistrict those of the provincial showcase streets as well, each once; where their label stands, and their state at the end of the year.
SELECT street_name, round(lon, 5) AS lon, round(lat, 5) AS lat, {{street_state}} AS state,
       designation = 'boutique' AND {{street_is_late}} AS is_late
FROM streets.demonstration_streets
WHERE (designation = 'boutique' OR len($codes::VARCHAR[]) = 1)
  AND is_mapped AND lon IS NOT NULL AND lat IS NOT NULL
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
QUALIFY row_number() OVER (PARTITION BY subdistrict_code, street_name ORDER BY designation, demonstration_id) = 1
ORDER BY demonstration_id;

-- name: streets_unmapped
-- Demonstration streets of the chosen subdistricts that no map here shows.
SELECT replace(subdistrict_name, '街道', '') || ' ' || street_name AS street_name
FROM streets.demonstration_streets
WHERE NOT is_mapped
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY demonstration_id;

-- name: walk_ways
-- Every way of the street network that walking distances are taken over.
SELECT way_id, way_kind, structure, way_name, from_node, to_node, geometry_json
FROM streets.walk_ways
ORDER BY way_id;
