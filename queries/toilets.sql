-- name: toilets_summary
-- Toilets open at the end of the year in the chosen subdistricts: count, density, features, renewals.
WITH area AS (
    SELECT sum(area_km2) AS area_km2 FROM base.subdistricts
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
), open AS (
    SELECT * FROM toilets.toilets
    WHERE coalesce(opened_year <= $year, true)
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
)
SELECT count(open.toilet_id) AS toilet_count,
       any_value(area.area_km2) AS area_km2,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN count(open.toilet_id) / any_value(area.area_km2) END AS density_per_km2,
       count(*) FILTER (renewed_year > $first_year AND renewed_year <= $year) AS renewed_count,
       count(*) FILTER (renewed_year = $year) AS renewed_this_year_count,
       count(*) FILTER (has_third_room) AS third_room_count,
       100.0 * count(*) FILTER (has_accessible) / nullif(count(open.toilet_id), 0) AS accessible_share_pct,
       sum(women_stalls)::DOUBLE / nullif(sum(men_stalls), 0) AS women_to_men,
       count(*) FILTER (position_source = 'osm') AS mapped_position_count
FROM area LEFT JOIN open ON true;

-- name: toilets_coverage
-- Share of land within the straight-line distance of a toilet, in the chosen subdistricts.
SELECT 100.0 * sum(area_km2) FILTER (nearest_toilet_m <= $walk_m) / nullif(sum(area_km2), 0)
           AS covered_share_pct
FROM toilets.coverage_cells
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: toilets_by_subdistrict
-- Toilets, density and covered land of each of the 14 subdistricts at the end of the year.
WITH counted AS (
    SELECT subdistrict_code, count(*) AS toilet_count
    FROM toilets.toilets WHERE coalesce(opened_year <= $year, true) GROUP BY 1
), covered AS (
    SELECT subdistrict_code,
           100.0 * sum(area_km2) FILTER (nearest_toilet_m <= $walk_m) / nullif(sum(area_km2), 0)
               AS covered_share_pct
    FROM toilets.coverage_cells GROUP BY 1
)
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, s.area_km2,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(c.toilet_count, 0) END AS toilet_count,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(c.toilet_count, 0) / s.area_km2 END AS density_per_km2,
       covered.covered_share_pct
FROM base.subdistricts s
LEFT JOIN counted c USING (subdistrict_code)
LEFT JOIN covered USING (subdistrict_code)
ORDER BY s.subdistrict_code;

-- name: toilets_by_grade
-- Toilets open at the end of the year by grade, with those that offer a third room or a nursing room.
SELECT grade, count(*) AS toilet_count,
       count(*) FILTER (has_third_room) AS third_room_count,
       count(*) FILTER (has_nursing_room) AS nursing_room_count
FROM toilets.toilets
WHERE coalesce(opened_year <= $year, true)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY grade
ORDER BY list_position(['一类', '二类', '三类'], grade);

-- name: toilets_renewals_by_year
-- Toilets renewed in each year, in the chosen subdistricts.
SELECT y.year, count(t.toilet_id) AS renewed_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN toilets.toilets t
  ON t.renewed_year = y.year
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], t.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM toilets.toilets)
GROUP BY y.year
ORDER BY y.year;

-- name: toilets_table
-- Toilets open at the end of the year in the chosen subdistricts.
SELECT toilet_name, subdistrict_name, street_name, grade, star_rating, women_stalls, men_stalls,
       has_third_room, has_nursing_room, has_accessible, has_tidal_stalls,
       CASE WHEN renewed_year <= $year THEN renewed_year END AS renewed_year, source_kind
FROM toilets.toilets
WHERE coalesce(opened_year <= $year, true)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY subdistrict_code, toilet_name;

-- name: toilets_points
-- Toilets open at the end of the year as map rows ({p, g: grade, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    g: grade,
    tip: toilet_name || chr(10) || grade || ' · ' || star_rating || ' 星 · ' || subdistrict_name
        || CASE WHEN has_third_room THEN chr(10) || '第三卫生间' ELSE '' END
        || CASE WHEN renewed_year <= $year THEN chr(10) || renewed_year || ' 年提升改造' ELSE '' END
} ORDER BY grade DESC, toilet_id))::VARCHAR
FROM toilets.toilets
WHERE coalesce(opened_year <= $year, true)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));
