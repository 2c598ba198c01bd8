-- name: lighting_summary
-- Lamps in the chosen subdistricts at the end of the year: counts and rates by the plan's indicators 1–4, each over the lamps of which it is filled in.
SELECT sum(asset_count) AS asset_count,
       sum(asset_count) FILTER ({{lamp_is_functional}}) AS street_lamp_count,
       sum(asset_count) FILTER (NOT {{lamp_is_functional}}) AS scenery_light_count,
       100.0 * sum(lit_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(sound_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND sound_count IS NOT NULL), 0) AS functional_sound_rate_pct,
       100.0 * sum(sound_count) FILTER (NOT {{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER (NOT {{lamp_is_functional}} AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
       100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct,
       100.0 * sum(led_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND led_count IS NOT NULL), 0) AS led_rate_pct,
       sum(asset_count - lit_count) AS unlit_count
FROM lighting.yearly
WHERE year = $year AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_by_year
-- Rates of the plan's indicators 1–4 for every year in the chosen subdistricts.
SELECT year,
       100.0 * sum(lit_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(sound_count) FILTER (NOT {{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER (NOT {{lamp_is_functional}} AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
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
       100.0 * sum(y.lit_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(y.asset_count) FILTER ({{lamp_is_functional}} AND lit_count IS NOT NULL), 0) AS road_lit_rate_pct,
       100.0 * sum(y.sound_count) FILTER (NOT {{lamp_is_functional}})
           / nullif(sum(y.asset_count) FILTER (NOT {{lamp_is_functional}} AND sound_count IS NOT NULL), 0) AS scenery_sound_rate_pct,
       100.0 * sum(y.controlled_count)
           / nullif(sum(y.asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct
FROM base.subdistricts s
LEFT JOIN lighting.yearly y ON y.subdistrict_code = s.subdistrict_code AND y.year = $year
GROUP BY ALL
ORDER BY s.subdistrict_code;

-- name: lighting_projects_by_kind
-- The Asian Games lighting projects by kind: planned quantity, and what is done by the end of the year, in the chosen subdistricts.
SELECT project_kind, any_value(unit) AS unit, sum(quantity) AS quantity,
       sum({{lighting_done}}) AS completed_quantity, count(*) AS project_count
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY project_kind;

-- name: lighting_dark_spots
-- Dark spots found and fixed by the end of the year in the chosen subdistricts; of those found by the plan's deadline (end of 2022) how many were fixed late.
SELECT count(*) AS found_count,
       count(*) FILTER (year(fixed_on) <= $year) AS fixed_count,
       count(*) FILTER (year(found_on) <= d.deadline_year AND year(fixed_on) <= $year
                        AND year(fixed_on) > d.deadline_year) AS fixed_late_count,
       count(*) FILTER (year(found_on) > d.deadline_year) AS found_later_count,
       count(*) FILTER (year(found_on) <= d.deadline_year AND $year >= d.deadline_year
                        AND coalesce(year(fixed_on) > $year, true)) AS overdue_count
FROM lighting.dark_spots, (SELECT deadline_year FROM plan.facts WHERE fact_key = 'dark_spot_count') d
WHERE year(found_on) <= $year
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));

-- name: lighting_years
-- Years of which the register of lamps tells anything.
SELECT DISTINCT year FROM lighting.yearly ORDER BY year;

-- name: lighting_works
-- The Asian Games lighting projects in the chosen subdistricts with what is done of each at the end of the year.
SELECT project_id, project_name, project_kind, subdistrict_name, quantity, {{lighting_done}} AS done_quantity, unit,
       technique, {{lighting_state}} AS state,
       CASE WHEN year(started_on) <= $year THEN strftime(started_on, '%Y-%m-%d') END AS started_on,
       CASE WHEN year(completed_on) <= $year THEN strftime(completed_on, '%Y-%m-%d') END AS completed_on, clause, source_kind
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
ORDER BY project_kind, project_name;

-- name: lighting_techniques
-- The same projects by the way in which they are lit.
SELECT technique, count(*) AS project_count
FROM lighting.projects
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY technique
ORDER BY project_count DESC, technique;

-- name: lighting_by_place
-- Lamps of the chosen subdistricts by street or place at the end of the year: counts, a rate only where there are enough lamps ($least_rate_lamps) for one to mean something; counts of what is not filled in for every lamp are missing.
SELECT coalesce(place_name, '位置未填') AS place_name, subdistrict_name, lamp_count, functional_count,
       CASE WHEN state_count = lamp_count THEN unlit_count END AS unlit_count,
       CASE WHEN sound_count = lamp_count THEN unsound_count END AS unsound_count,
       CASE WHEN control_count = lamp_count THEN uncontrolled_count END AS uncontrolled_count,
       CASE WHEN led_known_count = lamp_count THEN led_count END AS led_count,
       CASE WHEN state_count = lamp_count AND lamp_count >= $least_rate_lamps
            THEN 100.0 * (lamp_count - unlit_count) / lamp_count END AS lit_rate_pct,
       p.source_kind
FROM (
    -- By code alone: a million lamps are grouped in two thirds of the time that their names' take.
    SELECT place_name, subdistrict_code, count(*) AS lamp_count,
           count(*) FILTER ({{lamp_is_functional}}) AS functional_count,
           count(state) AS state_count, count(*) FILTER (state = 'unlit') AS unlit_count,
           count(is_sound) AS sound_count, count(*) FILTER (NOT is_sound) AS unsound_count,
           count(is_centrally_controlled) AS control_count,
           count(*) FILTER (NOT is_centrally_controlled) AS uncontrolled_count,
           count(is_led) AS led_known_count, count(*) FILTER (is_led) AS led_count,
           any_value(source_kind) AS source_kind
    FROM lighting.assets
    WHERE {{lamp_is_installed}}
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
    GROUP BY place_name, subdistrict_code
) p JOIN base.subdistricts USING (subdistrict_code)
ORDER BY unlit_count DESC NULLS LAST, lamp_count DESC, place_name, subdistrict_name;
