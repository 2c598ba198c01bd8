-- name: streets_summary
-- Demonstration streets in the chosen subdistricts at the end of the year: how many are done, being built, planned; provincial showcase streets.
SELECT count(*) FILTER (designation = 'boutique') AS boutique_count,
       count(*) FILTER (designation = 'boutique' AND completed_year <= $year) AS completed_count,
       count(*) FILTER (designation = 'boutique' AND started_year <= $year
                        AND coalesce(completed_year > $year, true)) AS building_count,
       count(*) FILTER (designation = 'provincial' AND completed_year <= $year) AS provincial_count,
       count(*) FILTER (designation = 'provincial' AND completed_year > $first_year AND completed_year <= $year)
           AS new_provincial_count,
       CASE WHEN count(*) > 0
            THEN coalesce(sum(length_m) FILTER (designation = 'boutique' AND completed_year <= $year), 0)
                 / 1000 END AS completed_km,
       count(*) FILTER (designation = 'boutique' AND NOT is_mapped) AS unmapped_count
FROM streets.demonstration_streets
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: streets_by_year
-- Completed boutique demonstration streets by year, in the chosen subdistricts.
SELECT y.year, count(d.demonstration_id) AS completed_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN streets.demonstration_streets d
  ON d.designation = 'boutique' AND d.completed_year <= y.year
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], d.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM streets.demonstration_streets)
GROUP BY y.year
ORDER BY y.year;

-- name: streets_by_subdistrict
-- State and progress of each subdistrict's boutique demonstration street at the end of the year. The register holds progress as it is now: for earlier years only completed (100) and not begun (0) are known. Of several in one subdistrict the one that is least far.
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, d.street_name,
       CASE WHEN d.completed_year <= $year THEN 'completed'
            WHEN d.started_year <= $year THEN 'under_construction'
            WHEN d.street_name IS NOT NULL THEN 'planned' END AS state,
       CASE WHEN d.completed_year <= $year THEN 100.0
            WHEN d.started_year > $year THEN 0.0
            WHEN $year >= $last_year THEN d.progress_pct END AS progress_pct
FROM base.subdistricts s
LEFT JOIN streets.demonstration_streets d
  ON d.subdistrict_code = s.subdistrict_code AND d.designation = 'boutique'
QUALIFY row_number() OVER (
    PARTITION BY s.subdistrict_code ORDER BY d.completed_year DESC NULLS FIRST, d.demonstration_id) = 1
ORDER BY s.subdistrict_code;

-- name: streets_table
-- Demonstration streets in the chosen subdistricts with their state at the end of the year.
SELECT subdistrict_name, street_name, designation, level,
       CASE WHEN completed_year <= $year THEN 'completed'
            WHEN started_year <= $year THEN 'under_construction' ELSE 'planned' END AS state,
       started_year, completed_year, round(length_m / 1000, 2) AS length_km,
       CASE WHEN is_mapped THEN '已上图' ELSE '未上图' END AS mapped, clause, source_kind
FROM streets.demonstration_streets
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
ORDER BY designation, subdistrict_code;

-- name: streets_features
-- Demonstration streets as map features with their state at the end of the year.
SELECT to_json(list({
    type: 'Feature',
    geometry: geometry_json::JSON,
    properties: {
        designation: designation,
        state: CASE WHEN completed_year <= $year THEN 'completed'
                    WHEN started_year <= $year THEN 'under_construction' ELSE 'planned' END,
        tip: street_name || chr(10)
            || CASE designation WHEN 'boutique' THEN level || '精品示范街' ELSE '省级街容示范街' END
            || ' · ' || subdistrict_name || chr(10)
            || CASE WHEN completed_year <= $year THEN '已建成（' || completed_year || ' 年）'
                    WHEN started_year <= $year THEN '在建，' || started_year || ' 年开工'
                    ELSE '未开工' END
            || ' · ' || printf('%.2f', length_m / 1000) || ' km'
    }
} ORDER BY designation DESC, demonstration_id))::VARCHAR
FROM streets.demonstration_streets
WHERE geometry_json IS NOT NULL
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: streets_labels
-- Names of the mapped boutique demonstration streets and where their label stands.
SELECT street_name, round(lon, 5) AS lon, round(lat, 5) AS lat
FROM streets.demonstration_streets
WHERE designation = 'boutique' AND is_mapped
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY demonstration_id;

-- name: streets_unmapped
-- Demonstration streets of the chosen subdistricts that no map here shows.
SELECT replace(subdistrict_name, '街道', '') || ' ' || street_name AS street_name
FROM streets.demonstration_streets
WHERE NOT is_mapped
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY demonstration_id;
