-- name: repair_roads
-- Roads repaired for the Asian Games in the chosen subdistricts, as they stood at the end of the year; one that no map here shows only in the whole district. Without a register the roads that 专栏 1 names, those it only counts in one row. What happened after that year is not told; not done by the deadline of the whole programme, or not begun in the plan's own year, is overdue.
WITH register AS (
    SELECT road_id, road_name, street_name, name_match, section, managed_level, 1 AS road_count,
           plan_year, state, started_on, completed_on, clause, source_kind
    FROM streets.road_projects
    UNION ALL BY NAME
    SELECT p.project_id AS road_id, p.road_name, s.street_name,
           CASE WHEN s.street_name IS NOT NULL THEN 'exact' END AS name_match, NULL AS section,
           p.managed_level, p.quantity::BIGINT AS road_count, p.plan_start_year AS plan_year, p.state,
           p.started_on, p.completed_on, p.clause, p.source_kind
    FROM (SELECT *, regexp_replace(project_name, '修缮$', '') AS road_name FROM plan.projects) p
    LEFT JOIN (SELECT DISTINCT street_name FROM streets.streets) s ON s.street_name = p.road_name
    WHERE p.project_kind = 'road' AND NOT EXISTS (SELECT 1 FROM streets.road_projects)
), mapped AS (
    SELECT s.street_name, list(DISTINCT g.subdistrict_code) AS codes, sum(g.length_m) AS mapped_m,
           string_agg(DISTINCT b.short_name, '、' ORDER BY b.short_name) AS places
    FROM streets.streets s
    JOIN streets.segments g USING (street_id)
    JOIN base.subdistricts b USING (subdistrict_code)
    GROUP BY s.street_name
), known AS (
    SELECT r.* REPLACE (
               {{project_state}} AS state,
               CASE WHEN started_on <= make_date($year, 12, 31) THEN started_on END AS started_on,
               CASE WHEN completed_on <= make_date($year, 12, 31) THEN completed_on END AS completed_on),
           m.mapped_m, m.places,
           (SELECT deadline_year FROM plan.facts WHERE fact_key = 'repaired_road_count') AS deadline_year
    FROM register r
    LEFT JOIN mapped m USING (street_name)
    WHERE $codes IS NULL OR list_has_any(m.codes, $codes::VARCHAR[])
)
SELECT road_id, road_name, street_name, name_match, section, managed_level, road_count, plan_year,
       state, strftime(started_on, '%Y-%m-%d') AS started_on,
       strftime(completed_on, '%Y-%m-%d') AS completed_on,
       coalesce(state IN ('planned', 'under_construction', 'suspended') AND deadline_year <= $year
                OR state = 'planned' AND plan_year <= $year, false) AS is_overdue,
       coalesce(year(completed_on) > deadline_year, false) AS is_done_late,
       mapped_m IS NOT NULL AS is_mapped, round(mapped_m / 1000, 3) AS mapped_km, places,
       replace(clause, 'box', '专栏 ') AS clause, source_kind
FROM known
ORDER BY plan_year NULLS LAST, road_count, road_id;

-- name: repair_pieces
-- Course of every street under repair by subdistrict: its whole course, since where a repair begins and ends is words.
SELECT s.street_name, g.subdistrict_code, g.length_m, g.geometry_json,
       $codes IS NULL OR list_contains($codes::VARCHAR[], g.subdistrict_code) AS is_chosen
FROM streets.streets s JOIN streets.segments g USING (street_id)
WHERE s.street_name IN (
    SELECT street_name FROM streets.road_projects
    UNION ALL
    SELECT regexp_replace(project_name, '修缮$', '') FROM plan.projects
    WHERE project_kind = 'road' AND NOT EXISTS (SELECT 1 FROM streets.road_projects))
  AND g.geometry_json IS NOT NULL
ORDER BY s.street_name, s.street_id, g.subdistrict_code;

-- name: repair_places
-- Roads under repair that cross each subdistrict, and how many of them are done at the end of the year; one that crosses several counts in each. Missing while nothing is registered.
SELECT b.subdistrict_code, b.subdistrict_name, b.short_name,
       CASE WHEN EXISTS (SELECT 1 FROM streets.road_projects)
            THEN count(DISTINCT r.road_id) END AS road_count,
       CASE WHEN EXISTS (SELECT 1 FROM streets.road_projects)
            THEN count(DISTINCT r.road_id) FILTER (r.state_then = 'completed') END AS completed_count
FROM base.subdistricts b
LEFT JOIN streets.segments g USING (subdistrict_code)
LEFT JOIN streets.streets s USING (street_id)
LEFT JOIN (SELECT *, {{project_state}} AS state_then FROM streets.road_projects) r
  ON r.street_name = s.street_name
GROUP BY b.subdistrict_code, b.subdistrict_name, b.short_name
ORDER BY b.subdistrict_code;

-- name: repair_by_year
-- Roads repaired by the end of each year in the chosen subdistricts; those done without a date count in every year.
SELECT y.year, count(r.road_id) AS completed_count
FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y
LEFT JOIN streets.road_projects r
  ON {{project_state y.year}} = 'completed'
 AND ($codes IS NULL OR r.street_name IN (
     SELECT s.street_name FROM streets.streets s JOIN streets.segments g USING (street_id)
     WHERE list_contains($codes::VARCHAR[], g.subdistrict_code)))
WHERE EXISTS (SELECT 1 FROM streets.road_projects)
GROUP BY y.year
ORDER BY y.year;

-- name: repair_deadline
-- Year by whose end the plan wants the roads repaired.
SELECT deadline_year FROM plan.facts WHERE fact_key = 'repaired_road_count';
