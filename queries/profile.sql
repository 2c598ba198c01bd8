-- name: profile_counts
-- What the shares of each of the 14 subdistricts are made of at the end of the year: rivers, evaluated section-months, lamps, dark spots, compounds of 专栏 4. NULL where the register is empty, or has nothing for the year.
WITH river AS (
    SELECT r.subdistrict_code, count(*) AS river_count,
           count({{river_is_beautiful}}) AS graded_river_count,
           count(*) FILTER ({{river_is_beautiful}}) AS beautiful_count
    FROM rivers.reaches r JOIN rivers.rivers v USING (river_id)
    GROUP BY 1
), quality AS (
    SELECT r.subdistrict_code, count(q.quality_class) AS evaluated_count,
           count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_count
    FROM rivers.reaches r JOIN rivers.sections USING (river_id) JOIN rivers.water_quality q USING (section_id)
    WHERE year(q.month) = $year
    GROUP BY 1
), light AS (
    SELECT subdistrict_code,
           sum(asset_count) FILTER ({{lamp_is_functional}}) AS street_lamp_count,
           sum(lit_count) FILTER ({{lamp_is_functional}}) AS lit_street_lamp_count,
           sum(sound_count) FILTER ({{lamp_is_functional}}) AS sound_street_lamp_count,
           sum(asset_count) FILTER (NOT {{lamp_is_functional}}) AS scenery_light_count,
           sum(sound_count) FILTER (NOT {{lamp_is_functional}}) AS sound_scenery_light_count,
           sum(asset_count) AS asset_count, sum(controlled_count) AS controlled_count,
           sum(asset_count - lit_count) AS unlit_count
    FROM lighting.yearly WHERE year = $year GROUP BY 1
), spot AS (
    SELECT subdistrict_code, count(*) FILTER (coalesce(year(fixed_on) > $year, true)) AS open_spot_count
    FROM lighting.dark_spots WHERE year(found_on) <= $year GROUP BY 1
), supply AS (
    SELECT subdistrict_code, sum(quantity) AS supply_quantity,
           coalesce(sum(quantity) FILTER ({{project_state}} = 'completed'), 0) AS supply_renewed_quantity
    FROM plan.projects
    WHERE project_kind = 'water_supply'
    GROUP BY 1
    HAVING count(state) > 0
), listed AS (
    SELECT subdistrict_code, count(*) AS compound_count
    FROM plan.projects WHERE project_kind = 'water_supply' GROUP BY 1
)
SELECT s.subdistrict_code, 100.0 * s.area_km2 / sum(s.area_km2) OVER () AS area_share_pct,
       CASE WHEN EXISTS (SELECT 1 FROM rivers.reaches) THEN coalesce(river.river_count, 0) END AS river_count,
       river.graded_river_count,
       CASE WHEN EXISTS (SELECT 1 FROM rivers.reaches)
             AND (river.graded_river_count > 0 OR river.river_count IS NULL)
            THEN coalesce(river.beautiful_count, 0) END AS beautiful_count,
       quality.evaluated_count, quality.met_count,
       light.* EXCLUDE (subdistrict_code),
       CASE WHEN EXISTS (SELECT 1 FROM lighting.dark_spots) THEN coalesce(spot.open_spot_count, 0) END
           AS open_spot_count,
       supply.supply_quantity, supply.supply_renewed_quantity,
       CASE WHEN EXISTS (SELECT 1 FROM listed) THEN coalesce(listed.compound_count, 0) END AS compound_count
FROM base.subdistricts s
LEFT JOIN river USING (subdistrict_code)
LEFT JOIN quality USING (subdistrict_code)
LEFT JOIN light USING (subdistrict_code)
LEFT JOIN spot USING (subdistrict_code)
LEFT JOIN supply USING (subdistrict_code)
LEFT JOIN listed USING (subdistrict_code)
ORDER BY s.subdistrict_code;

-- name: profile_poor_rivers
-- Rivers of the chosen subdistricts with section-months below class Ⅳ in the year, worst first; a river counts in every subdistrict it crosses.
SELECT r.subdistrict_code, v.river_name, count(*) AS poor_sample_count
FROM rivers.reaches r
JOIN rivers.rivers v USING (river_id)
JOIN rivers.sections USING (river_id) JOIN rivers.water_quality q USING (section_id)
WHERE year(q.month) = $year AND q.quality_class IN ('Ⅴ', '劣Ⅴ')
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], r.subdistrict_code))
GROUP BY r.subdistrict_code, v.river_id, v.river_name
ORDER BY r.subdistrict_code, poor_sample_count DESC, v.river_name, v.river_id;

-- name: profile_supply
-- Renewed compounds of 专栏 4 over all listed, in the chosen subdistricts at the end of the year; missing while none is reported.
SELECT CASE WHEN count(state) > 0 THEN 100.0 * coalesce(sum(quantity) FILTER ({{project_state}} = 'completed'), 0)
           / nullif(sum(quantity), 0) END AS supply_renewed_share_pct
FROM plan.projects
WHERE project_kind = 'water_supply'
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));
