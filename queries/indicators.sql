-- name: indicator_road_lit_rate
-- Indicator 1: lit street lamps over all street lamps, for every year, in the chosen subdistricts.
SELECT year, 100.0 * sum(lit_count)
           / nullif(sum(asset_count) FILTER (lit_count IS NOT NULL), 0) AS value,
       sum(lit_count) AS have, sum(asset_count) FILTER (lit_count IS NOT NULL) AS total,
       coalesce(sum(asset_count) FILTER (lit_count IS NULL), 0) AS unknown
FROM lighting.yearly
WHERE {{lamp_is_functional}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY year
ORDER BY year;

-- name: indicator_functional_sound_rate
-- Indicator 2: sound street lamps over all street lamps, for every year, in the chosen subdistricts.
SELECT year, 100.0 * sum(sound_count)
           / nullif(sum(asset_count) FILTER (sound_count IS NOT NULL), 0) AS value,
       sum(sound_count) AS have, sum(asset_count) FILTER (sound_count IS NOT NULL) AS total,
       coalesce(sum(asset_count) FILTER (sound_count IS NULL), 0) AS unknown
FROM lighting.yearly
WHERE {{lamp_is_functional}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY year
ORDER BY year;

-- name: indicator_scenery_sound_rate
-- Indicator 3: sound scenery lights over all scenery lights, for every year, in the chosen subdistricts.
SELECT year, 100.0 * sum(sound_count)
           / nullif(sum(asset_count) FILTER (sound_count IS NOT NULL), 0) AS value,
       sum(sound_count) AS have, sum(asset_count) FILTER (sound_count IS NOT NULL) AS total,
       coalesce(sum(asset_count) FILTER (sound_count IS NULL), 0) AS unknown
FROM lighting.yearly
WHERE NOT {{lamp_is_functional}}
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY year
ORDER BY year;

-- name: indicator_central_control_rate
-- Indicator 4: centrally controlled lamps over all lamps, for every year, in the chosen subdistricts.
SELECT year, 100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS value,
       sum(controlled_count) AS have, sum(asset_count) FILTER (controlled_count IS NOT NULL) AS total,
       coalesce(sum(asset_count) FILTER (controlled_count IS NULL), 0) AS unknown
FROM lighting.yearly
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY year
ORDER BY year;

-- name: indicator_provincial_streets
-- Indicator 5: provincial showcase streets completed since the base year, for every year, whole district; one without year of completion may be older and does not count, and there is no value while no year is filled in.
SELECT y.year, count(*) FILTER (d.completed_year > $first_year AND d.completed_year <= y.year) AS value,
       value AS have,
       count(*) FILTER (d.completed_year IS NULL AND {{street_is_done y.year}}) AS unknown
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
JOIN streets.demonstration_streets d ON d.designation = 'provincial'
GROUP BY y.year
HAVING count(d.completed_year) > 0 OR count(*) FILTER (d.state = 'completed') = 0
ORDER BY y.year;

-- name: indicator_boutique_streets
-- Indicator 6: completed boutique demonstration streets, for every year, whole district; of one without year its present state counts.
SELECT y.year, count(d.demonstration_id) AS value, count(d.demonstration_id) AS have,
       count(*) FILTER (d.demonstration_id IS NOT NULL AND d.completed_year IS NULL) AS unknown
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN streets.demonstration_streets d
  ON d.designation = 'boutique' AND {{street_is_done y.year}}
WHERE EXISTS (SELECT 1 FROM streets.demonstration_streets)
GROUP BY y.year
ORDER BY y.year;

-- name: indicator_toilet_density
-- Indicator 7: toilets open at the end of the year over the area (km², water included), for every year, in the chosen subdistricts; one without opening year counts in every year; total is the area.
WITH area AS (
    SELECT sum(area_km2) AS area_km2 FROM base.subdistricts
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
)
SELECT y.year, count(t.toilet_id) / any_value(area.area_km2) AS value, count(t.toilet_id) AS have,
       any_value(area.area_km2) AS total,
       count(*) FILTER (t.toilet_id IS NOT NULL AND t.opened_year IS NULL) AS unknown
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
CROSS JOIN area
LEFT JOIN toilets.toilets t
  ON {{public_toilet_is_open y.year}}
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], t.subdistrict_code))
WHERE EXISTS (SELECT 1 FROM toilets.toilets)
GROUP BY y.year
ORDER BY y.year;

-- name: indicator_main_pavement
-- Indicator 16: length of main and secondary roads whose pavement is 优 or 良 over the length graded, for every year, in the chosen subdistricts; each section stands at its latest inspection by the end of the year, «unknown» counts those not inspected in the year itself. No value before the first inspection.
SELECT y.year, {{main_good_pct}} AS value,
       coalesce(sum(length_m) FILTER (grade IN ('优', '良')), 0) / 1000 AS have,
       sum(length_m) / 1000 AS total,
       count(*) FILTER (year(inspected_on) < y.year) AS unknown
FROM (
    SELECT y.year, p.*
    FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
    JOIN streets.pavement p ON year(p.inspected_on) <= y.year
    WHERE road_class <> 'branch' AND grade IS NOT NULL
      AND ($codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code))
    QUALIFY row_number() OVER (PARTITION BY y.year, p.section_id ORDER BY p.inspected_on DESC) = 1
) y
GROUP BY y.year
ORDER BY y.year;

-- name: indicator_class_iv_share
-- Indicator 18: section-months at class Ⅳ or better over evaluated section-months, for every year, over the rivers of the chosen subdistricts.
WITH chosen AS (
    SELECT river_id FROM rivers.rivers WHERE $codes IS NULL
    UNION
    SELECT river_id FROM rivers.reaches WHERE list_contains($codes::VARCHAR[], subdistrict_code)
)
SELECT year(q.month) AS year,
       100.0 * count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'))
           / nullif(count(q.quality_class), 0) AS value,
       count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS have,
       count(q.quality_class) AS total,
       count(*) - count(q.quality_class) AS unknown
FROM rivers.water_quality q JOIN rivers.sections USING (section_id) JOIN chosen USING (river_id)
GROUP BY 1
ORDER BY 1;

-- name: indicator_beautiful_share
-- Indicator 19: beautiful rivers over all rivers whose level is filled in, by count, for every year; in chosen subdistricts the rivers that have a reach there.
WITH chosen AS (
    SELECT beautiful_level, beautiful_year FROM rivers.rivers
    WHERE $codes IS NULL
       OR river_id IN (SELECT river_id FROM rivers.reaches
                       WHERE list_contains($codes::VARCHAR[], subdistrict_code))
)
SELECT y.year,
       100.0 * count(*) FILTER ({{river_is_beautiful y.year}})
           / nullif(count({{river_is_beautiful y.year}}), 0) AS value,
       count(*) FILTER ({{river_is_beautiful y.year}}) AS have,
       count({{river_is_beautiful y.year}}) AS total,
       count(*) - count({{river_is_beautiful y.year}}) AS unknown
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y CROSS JOIN chosen c
GROUP BY y.year
ORDER BY y.year;

-- name: indicator_supply_renewed_share
-- Indicator 20: renewed compounds of 专栏 4 over all of them, for every year, in the chosen subdistricts; one not reported counts as not renewed, and there is no value while none is reported.
SELECT y.year,
       100.0 * coalesce(sum(p.quantity) FILTER ({{project_state y.year}} = 'completed'), 0)
           / nullif(sum(p.quantity), 0) AS value,
       coalesce(sum(p.quantity) FILTER ({{project_state y.year}} = 'completed'), 0) AS have,
       sum(p.quantity) AS total, count(*) - count(p.state) AS unknown
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
JOIN plan.projects p ON p.project_kind = 'water_supply'
 AND ($codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code))
GROUP BY y.year
HAVING count(p.state) > 0
ORDER BY y.year;

-- name: indicator_reported_values
-- Values of the indicators that offices report, for every year, whole district.
SELECT indicator_no, year, value, reporting_unit, reported_on, source_kind
FROM plan.indicator_values
ORDER BY indicator_no, year;

-- name: plan_contradictions
-- Where the plan says two things, and how the cockpit reads it.
SELECT contradiction_no, topic, first_says, first_clause, second_says, second_clause, reading,
       indicator_no, fact_key
FROM plan.contradictions
ORDER BY contradiction_no;

-- name: plan_clauses
-- Every clause of the plan with its summary, and how many figures rest on it.
SELECT c.clause, c.chapter, c.section, c.title, c.summary, count(f.fact_key) AS fact_count
FROM plan.clauses c LEFT JOIN plan.facts f USING (clause)
GROUP BY ALL
ORDER BY min(c.rowid);

-- name: clause_facts
-- The figures that one clause states, and whether the plan says another thing elsewhere.
SELECT f.label, f.operator, f.value, f.unit, f.year, f.deadline_year, f.role, f.note,
       f.fact_key IN (SELECT fact_key FROM plan.contradictions WHERE fact_key IS NOT NULL)
           AS is_contradicted
FROM plan.facts f
WHERE f.clause = $clause
ORDER BY f.rowid;

-- name: clause_projects
-- The projects that one clause names.
SELECT project_name, quantity, unit, implementing_body
FROM plan.projects
WHERE clause = $clause
ORDER BY project_id;

-- name: plan_milestones
-- 专栏 3: tasks by milestone year.
SELECT year, milestone_no, milestone, clause FROM plan.milestones ORDER BY year, milestone_no;

-- name: plan_glossary
-- The terms that the plan's annex explains.
SELECT term_no, term, explanation, clause FROM plan.glossary ORDER BY term_no;

-- name: plan_places
-- The places the plan names, and by what the geography locates them.
SELECT place_group, place_kind, place_name, is_mapped, located_by, clause, note
FROM plan.places ORDER BY rowid;
