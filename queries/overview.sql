-- name: measures_by_subdistrict
-- Every measure that compares the 14 subdistricts, at the end of the year: the plan's indicators that registers can compute by subdistrict, and further figures.
WITH reach AS (
    SELECT r.subdistrict_code, sum(r.length_m) / 1000 AS river_length_km,
           100.0 * count(*) FILTER ({{river_is_beautiful}}) / nullif(count({{river_is_beautiful}}), 0)
               AS beautiful_share_pct,
           100.0 * coalesce(sum(r.length_m) FILTER ({{river_is_beautiful}}), 0)
               / nullif(sum(r.length_m) FILTER ({{river_is_beautiful}} IS NOT NULL), 0)
               AS beautiful_length_share_pct
    FROM rivers.reaches r JOIN rivers.rivers v USING (river_id)
    GROUP BY 1
), quality AS (
    SELECT r.subdistrict_code,
           100.0 * count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'))
               / nullif(count(q.quality_class), 0) AS class_iv_share_pct
    FROM rivers.reaches r JOIN rivers.sections USING (river_id) JOIN rivers.water_quality q USING (section_id)
    WHERE year(q.month) = $year
    GROUP BY 1
), toilet AS (
    SELECT subdistrict_code, count(*) AS toilet_count,
           100.0 * count(*) FILTER (has_accessible) / nullif(count(has_accessible), 0)
               AS accessible_share_pct
    FROM toilets.toilets WHERE {{public_toilet_is_open}} GROUP BY 1
), covered AS (
    SELECT subdistrict_code,
           100.0 * coalesce(sum(area_km2) FILTER ({{is_within_walk}}), 0)
               / nullif(sum(area_km2), 0) AS covered_share_pct
    FROM {{cells_walked}} w GROUP BY 1
), light AS (
    SELECT subdistrict_code,
           100.0 * sum(lit_count) FILTER ({{lamp_is_functional}})
               / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
           100.0 * sum(sound_count) FILTER ({{lamp_is_functional}})
               / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND sound_count IS NOT NULL), 0)
               AS functional_sound_rate_pct,
           100.0 * sum(sound_count) FILTER (NOT {{lamp_is_functional}})
               / nullif(sum(asset_count) FILTER (NOT {{lamp_is_functional}} AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
           100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct
    FROM lighting.yearly WHERE year = $year GROUP BY 1
), supply AS (
    SELECT subdistrict_code,
           100.0 * coalesce(sum(quantity) FILTER ({{project_state}} = 'completed'), 0)
               / nullif(sum(quantity), 0) AS supply_renewed_share_pct
    FROM plan.projects
    WHERE project_kind = 'water_supply'
    GROUP BY 1
    HAVING count(state) > 0
), pavement AS (
    SELECT subdistrict_code, {{main_good_pct}} AS main_good_pct FROM {{pavement_standing}} GROUP BY 1
)
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name, s.area_km2,
       reach.river_length_km, reach.beautiful_share_pct, reach.beautiful_length_share_pct, quality.class_iv_share_pct,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(toilet.toilet_count, 0) END AS toilet_count,
       CASE WHEN (SELECT count(*) FROM toilets.toilets) > 0
            THEN coalesce(toilet.toilet_count, 0) / s.area_km2 END AS density_per_km2,
       toilet.accessible_share_pct, covered.covered_share_pct,
       light.road_lit_rate_pct, light.functional_sound_rate_pct, light.scenery_sound_rate_pct,
       light.central_control_rate_pct, supply.supply_renewed_share_pct, pavement.main_good_pct
FROM base.subdistricts s
LEFT JOIN reach USING (subdistrict_code)
LEFT JOIN quality USING (subdistrict_code)
LEFT JOIN toilet USING (subdistrict_code)
LEFT JOIN covered USING (subdistrict_code)
LEFT JOIN light USING (subdistrict_code)
LEFT JOIN supply USING (subdistrict_code)
LEFT JOIN pavement USING (subdistrict_code)
ORDER BY s.subdistrict_code;
