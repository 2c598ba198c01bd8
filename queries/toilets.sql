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
-- Share of land within the walk to a toilet of the scope, in the chosen subdistricts.
SELECT 100.0 * coalesce(sum(area_km2) FILTER ({{is_within_walk}}), 0) / nullif(sum(area_km2), 0) AS covered_share_pct
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
               / nullif(sum(area_km2), 0) AS covered_share_pct
    FROM {{cells_walked}} w GROUP BY 1
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
-- Public toilets open at the end of the year by grade (missing where not filled in).
SELECT grade, count(*) AS toilet_count
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
       has_third_room, has_nursing_room, has_accessible, has_tidal_stalls, is_open_24h,
       CASE WHEN renewed_year <= $year THEN renewed_year END AS renewed_year, source_kind
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY subdistrict_code, toilet_name;

-- name: toilets_drawn
-- How many toilets of the scope the map has to show at the end of the year in the chosen subdistricts; those without grade and those of businesses among them.
SELECT count(*) AS toilet_count,
       count(*) FILTER (grade IS NULL AND NOT coalesce(is_social, false)) AS ungraded_count,
       count(*) FILTER (is_social) AS social_count
FROM toilets.toilets
WHERE {{toilet_is_open}} AND {{toilet_in_scope}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_points
-- Toilets of the scope that are open at the end of the year as map rows ({p, g: grade, s: 1 for one of a business, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    g: grade,
    s: coalesce(is_social, false)::INTEGER,
    pick: 'toilet:' || toilet_id,
    tip: toilet_name || chr(10)
        || concat_ws(' · ', CASE WHEN is_social THEN '沿街单位开放' ELSE coalesce(grade, '类别未填') END,
                     star_rating || ' 星', CASE WHEN is_open_24h THEN '24 小时' END, subdistrict_name)
        || CASE WHEN has_third_room THEN chr(10) || '第三卫生间' ELSE '' END
        || CASE WHEN renewed_year <= $year THEN chr(10) || renewed_year || ' 年提升改造' ELSE '' END
} ORDER BY is_social DESC NULLS LAST, grade DESC, toilet_id))::VARCHAR
FROM toilets.toilets
WHERE {{toilet_is_open}} AND {{toilet_in_scope}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_cells
-- Toilets of the scope that are open at the end of the year gathered into cells of $cell_deg degrees, as map rows ({p: mean position, n: toilets, tip}).
WITH cells AS (
    SELECT round(avg(lon), 5) AS lon, round(avg(lat), 5) AS lat, count(*) AS toilet_count
    FROM toilets.toilets
    WHERE {{toilet_is_open}} AND {{toilet_in_scope}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY floor(lon / $cell_deg), floor(lat / $cell_deg)
)
SELECT to_json(list({p: [lon, lat], n: toilet_count, tip: '公厕 ' || toilet_count || ' 座'}))::VARCHAR
FROM cells;

-- name: stations_open
-- Service stations open at the end of the year: where, their name, whether with a toilet, as rows for a map.
SELECT station_name, subdistrict_name, round(lon, 5) AS lon, round(lat, 5) AS lat, has_toilet, is_open_24h
FROM toilets.service_stations
WHERE {{toilet_is_open}} AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
ORDER BY station_id;

-- name: toilet_features_summary
-- Public toilets open at the end of the year in the chosen subdistricts: of each feature how many have it and of how many it is filled in; stalls by the standard's two ratios of women's to men's; what businesses open and the service stations.
SELECT count(*) AS toilet_count,
       count(*) FILTER (has_third_room) AS third_room_count, count(has_third_room) AS third_room_known,
       count(*) FILTER (has_nursing_room) AS nursing_room_count, count(has_nursing_room) AS nursing_room_known,
       count(*) FILTER (has_accessible) AS accessible_count, count(has_accessible) AS accessible_known,
       count(*) FILTER (has_tidal_stalls) AS tidal_stalls_count, count(has_tidal_stalls) AS tidal_stalls_known,
       count(*) FILTER (is_open_24h) AS open_24h_count, count(is_open_24h) AS open_24h_known,
       count(*) FILTER (women_stalls >= $women_to_men * men_stalls) AS standard_count,
       count(*) FILTER (women_stalls >= $women_to_men_busy * men_stalls) AS busy_count,
       count(*) FILTER (women_stalls IS NOT NULL AND men_stalls IS NOT NULL) AS stalls_known
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_beside
-- What else is open to all at the end of the year in the chosen subdistricts: toilets of businesses (missing where the register does not tell them apart), service stations (missing without their register), those of them with a toilet.
SELECT (SELECT CASE WHEN count(is_social) > 0
                    THEN count(*) FILTER (is_social AND {{toilet_is_open}}
                         AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))) END
        FROM toilets.toilets) AS social_count,
       CASE WHEN (SELECT count(*) FROM toilets.service_stations) > 0 THEN count(*) END AS station_count,
       count(has_toilet) AS station_known_count,
       count(*) FILTER (has_toilet) AS station_toilet_count
FROM toilets.service_stations
WHERE {{toilet_is_open}} AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: toilets_by_star
-- Public toilets open at the end of the year by stars, most first; missing where not filled in.
SELECT star_rating, count(*) AS toilet_count
FROM toilets.toilets
WHERE {{public_toilet_is_open}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY star_rating
ORDER BY star_rating DESC NULLS LAST;

-- name: stalls_by_subdistrict
-- Share of the public toilets with enough stalls for women by the standard, of those with both counts filled in, in each of the 14 subdistricts.
SELECT s.subdistrict_code, s.short_name, count(t.toilet_id) AS stalls_known,
       100.0 * count(*) FILTER (t.women_stalls >= $women_to_men * t.men_stalls) / nullif(count(t.toilet_id), 0)
           AS standard_share_pct
FROM base.subdistricts s
LEFT JOIN (SELECT * FROM toilets.toilets WHERE {{public_toilet_is_open}}
           AND women_stalls IS NOT NULL AND men_stalls IS NOT NULL) t USING (subdistrict_code)
GROUP BY ALL
ORDER BY s.subdistrict_code;

-- name: street_spacing
-- Streets by subdistrict checked against the spacing of toilets for their kind, most length beyond it first; within the chosen subdistricts.
SELECT p.street_id, p.street_name, p.subdistrict_code, p.subdistrict_name, p.spacing_kind,
       l.spacing_title, l.max_spacing_m, p.length_m, p.beyond_m,
       100.0 * p.beyond_m / nullif(p.length_m, 0) AS beyond_share_pct, p.farthest_m, p.source_kind
FROM toilets.street_spacing p
JOIN (SELECT spacing_kind, any_value(spacing_title) AS spacing_title, max(max_spacing_m) AS max_spacing_m
      FROM toilets.spacing_limits GROUP BY spacing_kind) l USING (spacing_kind)
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code)
ORDER BY p.beyond_m DESC, p.street_id, p.subdistrict_code;

-- name: spacing_by_kind
-- Every kind of street with its limit and clause, and what was checked and lies beyond in the chosen subdistricts.
SELECT l.spacing_kind, any_value(l.spacing_title) AS spacing_title, max(l.max_spacing_m) AS max_spacing_m,
       any_value(l.clause) AS clause, any_value(p.length_m) AS length_m, any_value(p.beyond_m) AS beyond_m
FROM toilets.spacing_limits l
LEFT JOIN (SELECT spacing_kind, sum(length_m) AS length_m, sum(beyond_m) AS beyond_m
           FROM toilets.street_spacing
           WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
           GROUP BY spacing_kind) p USING (spacing_kind)
GROUP BY l.spacing_kind
ORDER BY max_spacing_m;

-- name: spacing_by_subdistrict
-- Share of the checked length of streets that lies beyond the spacing, in each of the 14 subdistricts.
SELECT s.subdistrict_code, s.short_name, sum(p.length_m) / 1000 AS length_km, sum(p.beyond_m) / 1000 AS beyond_km,
       100.0 * sum(p.beyond_m) / nullif(sum(p.length_m), 0) AS beyond_share_pct
FROM base.subdistricts s LEFT JOIN toilets.street_spacing p USING (subdistrict_code)
GROUP BY s.subdistrict_code, s.short_name
ORDER BY s.subdistrict_code;

-- name: spacing_features
-- Checked streets of the whole district as map features: p: percent of their length beyond the spacing, tip.
SELECT to_json(list({
    type: 'Feature',
    properties: {
        p: round(100.0 * c.beyond_m / nullif(c.length_m, 0), 1),
        tip: c.street_name || ' · ' || c.subdistrict_name || chr(10) || l.spacing_title || '道路，间距不大于 '
            || l.max_spacing_m::INTEGER || ' m' || chr(10) || '超出间距 ' || round(c.beyond_m / 1000, 2) || ' / '
            || round(c.length_m / 1000, 2) || ' km，最远步行 ' || coalesce(round(c.farthest_m)::INTEGER || ' m', '走不到')
    },
    geometry: g.geometry_json::JSON
} ORDER BY c.beyond_m / nullif(c.length_m, 0) NULLS FIRST, c.street_id, c.subdistrict_code))::VARCHAR
FROM toilets.street_spacing c
JOIN (SELECT spacing_kind, any_value(spacing_title) AS spacing_title, max(max_spacing_m) AS max_spacing_m
      FROM toilets.spacing_limits GROUP BY spacing_kind) l USING (spacing_kind)
JOIN streets.segments g USING (street_id, subdistrict_code)
WHERE g.geometry_json IS NOT NULL;

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
WHERE {{toilet_is_open}} AND {{toilet_in_scope}}
ORDER BY toilet_id;
