-- name: toilets_summary
-- Toilets open at the end of the year in the chosen subdistricts: count, density, features, renewals. A feature's share is over the toilets of which it is filled in; renewals are known where the register holds any year of renewal.
WITH area AS (
    SELECT sum(area_km2) AS area_km2 FROM base.subdistricts
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
), open AS (
    SELECT * FROM toilets.toilets
    WHERE {{public_toilet_is_open}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
), register AS (
    SELECT count(*) > 0 AS has_rows, count(renewed_year) > 0 AS has_renewals FROM toilets.toilets
)
SELECT count(open.toilet_id) AS toilet_count,
       any_value(area.area_km2) AS area_km2,
       CASE WHEN any_value(register.has_rows)
            THEN count(open.toilet_id) / any_value(area.area_km2) END AS density_per_km2,
       count(*) FILTER (toilet_id IS NOT NULL AND opened_year IS NULL) AS undated_count,
       CASE WHEN any_value(register.has_renewals)
            THEN count(*) FILTER (renewed_year > $first_year AND renewed_year <= $year) END AS renewed_count,
       CASE WHEN any_value(register.has_renewals)
            THEN count(*) FILTER (renewed_year = $year) END AS renewed_this_year_count,
       CASE WHEN count(has_third_room) > 0 OR count(open.toilet_id) = 0
            THEN count(*) FILTER (has_third_room) END AS third_room_count,
       count(has_third_room) AS third_room_known_count,
       100.0 * count(*) FILTER (has_accessible) / nullif(count(has_accessible), 0) AS accessible_share_pct,
       count(has_accessible) AS accessible_known_count,
       (sum(women_stalls) FILTER (men_stalls IS NOT NULL))::DOUBLE
           / nullif(sum(men_stalls) FILTER (women_stalls IS NOT NULL), 0) AS women_to_men,
       count(*) FILTER (women_stalls IS NOT NULL AND men_stalls IS NOT NULL) AS stalls_known_count,
       count(*) FILTER (toilet_id IS NOT NULL AND grade IS NULL) AS ungraded_count
FROM area CROSS JOIN register LEFT JOIN open ON true;

-- name: toilets_coverage
-- Share of land, and of people where a population is registered, within the walk to a toilet of the scope, in the chosen subdistricts; land and people by how the walk was measured.
SELECT 100.0 * coalesce(sum(area_km2) FILTER ({{is_within_walk}}), 0) / nullif(sum(area_km2), 0) AS covered_share_pct,
       100.0 * coalesce(sum(residents) FILTER ({{is_within_walk}}), 0) / nullif(sum(residents), 0) AS people_share_pct,
       sum(area_km2) AS land_km2,
       coalesce(sum(area_km2) FILTER (NOT {{is_within_walk}}), 0) AS uncovered_km2,
       coalesce(sum(residents) FILTER (NOT {{is_within_walk}}), 0) AS uncovered_residents,
       sum(residents) AS residents,
       100.0 * coalesce(sum(area_km2) FILTER (method = 'straight'), 0) / nullif(sum(area_km2), 0)
           AS straight_share_pct,
       100.0 * coalesce(sum(area_km2) FILTER (method = 'network' AND {{is_within_walk}}), 0)
           / nullif(sum(area_km2) FILTER (method = 'network'), 0) AS network_covered_pct,
       100.0 * coalesce(sum(area_km2) FILTER (method = 'straight' AND {{is_within_walk}}), 0)
           / nullif(sum(area_km2) FILTER (method = 'straight'), 0) AS straight_covered_pct,
       100.0 * coalesce(sum(area_km2) FILTER (w.walk_m IS NULL), 0) / nullif(sum(area_km2), 0)
           AS unreached_share_pct
FROM {{cells_walked}} w
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code);

-- name: toilets_by_subdistrict
-- Toilets, density and covered land of each of the 14 subdistricts at the end of the year.
WITH counted AS (
    SELECT subdistrict_code, count(*) AS toilet_count
    FROM toilets.toilets WHERE {{public_toilet_is_open}} GROUP BY 1
), covered AS (
    SELECT subdistrict_code,
           100.0 * coalesce(sum(area_km2) FILTER ({{is_within_walk}}), 0)
               / nullif(sum(area_km2), 0) AS covered_share_pct,
           100.0 * coalesce(sum(residents) FILTER ({{is_within_walk}}), 0)
               / nullif(sum(residents), 0) AS people_share_pct,
           100.0 * coalesce(sum(area_km2) FILTER (method = 'straight'), 0)
               / nullif(sum(area_km2), 0) AS straight_share_pct
    FROM {{cells_walked}} w GROUP BY 1
)
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, s.area_km2,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(c.toilet_count, 0) END AS toilet_count,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(c.toilet_count, 0) / s.area_km2 END AS density_per_km2,
       covered.covered_share_pct, covered.people_share_pct, covered.straight_share_pct
FROM base.subdistricts s
LEFT JOIN counted c USING (subdistrict_code)
LEFT JOIN covered USING (subdistrict_code)
ORDER BY s.subdistrict_code;

-- name: toilets_by_grade
-- Toilets open at the end of the year by grade (missing where not filled in), with those that offer a third room or a nursing room, where that is filled in.
SELECT grade, count(*) AS toilet_count,
       CASE WHEN count(has_third_room) > 0 THEN count(*) FILTER (has_third_room) END AS third_room_count,
       CASE WHEN count(has_nursing_room) > 0 THEN count(*) FILTER (has_nursing_room) END
           AS nursing_room_count
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY grade
ORDER BY list_position(['一类', '二类', '三类'], grade) NULLS LAST;

-- name: toilets_renewals_by_year
-- Public toilets renewed in each year, in the chosen subdistricts; no rows while the register holds no year of renewal at all.
SELECT y.year, count(t.toilet_id) AS renewed_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN toilets.toilets t
  ON t.renewed_year = y.year
 AND NOT coalesce(t.is_social, false)
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], t.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM toilets.toilets WHERE renewed_year IS NOT NULL)
GROUP BY y.year
ORDER BY y.year;

-- name: toilets_table
-- Toilets open at the end of the year in the chosen subdistricts.
SELECT toilet_name, subdistrict_name, street_name, grade, star_rating, women_stalls, men_stalls,
       has_third_room, has_nursing_room, has_accessible, has_tidal_stalls,
       CASE WHEN renewed_year <= $year THEN renewed_year END AS renewed_year, source_kind
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY subdistrict_code, toilet_name;

-- name: toilets_drawn
-- How many toilets of the chosen subdistricts the map has to show at the end of the year, and how many of them without grade.
SELECT count(*) AS toilet_count, count(*) FILTER (grade IS NULL) AS ungraded_count
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_points
-- Toilets open at the end of the year as map rows ({p, g: grade, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    g: grade,
    tip: toilet_name || chr(10)
        || concat_ws(' · ', coalesce(grade, '类别未填'), star_rating || ' 星', subdistrict_name)
        || CASE WHEN has_third_room THEN chr(10) || '第三卫生间' ELSE '' END
        || CASE WHEN renewed_year <= $year THEN chr(10) || renewed_year || ' 年提升改造' ELSE '' END
} ORDER BY grade DESC, toilet_id))::VARCHAR
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_cells
-- Toilets open at the end of the year gathered into cells of $cell_deg degrees, as map rows ({p: mean position, n: toilets, tip}).
WITH cells AS (
    SELECT round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat, count(*) AS toilet_count
    FROM toilets.toilets
    WHERE {{public_toilet_is_open}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY floor(lon / $cell_deg), floor(lat / $cell_deg)
)
SELECT to_json(list({p: [lon, lat], n: toilet_count, tip: '公厕 ' || toilet_count || ' 座'}))::VARCHAR
FROM cells;

-- name: toilet_land
-- Every cell of land, in the order of its number: what walks are computed for.
SELECT cell_id, subdistrict_code, lon, lat, area_km2, method, residents
FROM toilets.coverage_cells
ORDER BY cell_id;

-- name: toilet_cell_walks
-- Every cell of land with the walk to the nearest toilet of the scope at the end of the year, in the order of its number; no rows while no toilet is registered.
SELECT cell_id, subdistrict_code, lon, lat, area_km2, method, residents, walk_m, toilet_id
FROM {{cells_walked}} w
ORDER BY cell_id;

-- name: toilet_places
-- Toilets of the scope that are open at the end of the year, in the whole district: where they are.
SELECT toilet_id, lon, lat, subdistrict_code
FROM toilets.toilets
WHERE {{toilet_is_open}} AND CASE $scope WHEN 'public' THEN NOT coalesce(is_social, false)
                                        WHEN 'open_24h' THEN coalesce(is_open_24h, false)
                                        ELSE true END
ORDER BY toilet_id;
