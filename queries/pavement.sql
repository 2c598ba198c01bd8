-- name: pavement_sections
-- Every section of the chosen subdistricts at its latest inspection up to the end of the year, with design life and warning, the worst first; a section of no known subdistrict only in the whole district. «repaired_on» is the day on which the register of repairs says its street was done after that renewal.
SELECT w.section_id, w.road_name, w.street_name, w.name_match, w.subdistrict_code,
       w.subdistrict_name, replace(w.subdistrict_name, '街道', '') AS short_name, w.road_class,
       w.managed_level, w.length_m, round(w.length_m / 1000, 3) AS length_km,
       strftime(w.inspected_on, '%Y-%m-%d') AS inspected_on, year(w.inspected_on) < $year AS is_old,
       w.grade, w.grade_rank, w.pci, w.pci_fall, w.renewed_year, w.life_years, w.due_year,
       w.years_left, w.life, w.warning, strftime(d.completed_on, '%Y-%m-%d') AS repaired_on, w.source_kind
FROM {{pavement_warned}} w
LEFT JOIN (
    SELECT street_name, max(completed_on) AS completed_on FROM streets.road_projects
    WHERE completed_on <= make_date($year, 12, 31) GROUP BY street_name) d
  ON d.street_name = w.street_name AND year(d.completed_on) > w.renewed_year
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], w.subdistrict_code)
ORDER BY list_position(['red', 'yellow', 'blue', 'unknown', 'none'], w.warning), w.grade_rank DESC NULLS LAST,
         w.years_left NULLS LAST, w.length_m DESC, w.section_id;

-- name: pavement_summary
-- Pavement of the chosen subdistricts by the latest inspections up to the end of the year: kilometres graded and good (优、良) of main and secondary roads and of branch roads, what is overdue, due and soon due by its design life, warnings; shares missing where nothing is graded.
WITH here AS (
    SELECT *, road_class <> 'branch' AS is_main, grade IN ('优', '良') AS is_good,
           length_m / 1000 AS km
    FROM {{pavement_warned}}
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
)
SELECT count(*) AS section_count,
       sum(km) FILTER (is_main AND grade IS NOT NULL) AS main_km,
       sum(km) FILTER (NOT is_main AND grade IS NOT NULL) AS branch_km,
       100 * coalesce(sum(km) FILTER (is_main AND is_good), 0) / main_km AS main_good_pct,
       100 * coalesce(sum(km) FILTER (NOT is_main AND is_good), 0) / branch_km AS branch_good_pct,
       coalesce(sum(km) FILTER (is_main AND NOT is_good), 0) AS main_poor_km,
       coalesce(sum(km) FILTER (NOT is_main AND NOT is_good), 0) AS branch_poor_km,
       count(*) FILTER (NOT is_good) AS poor_count,
       count(*) FILTER (life_years IS NOT NULL) AS lived_count,
       count(*) FILTER (life = 'over') AS over_count,
       coalesce(sum(km) FILTER (life = 'over'), 0) AS over_km,
       count(*) FILTER (life = 'due') AS due_count,
       coalesce(sum(km) FILTER (life = 'due'), 0) AS due_km,
       count(*) FILTER (life = 'soon') AS soon_count,
       coalesce(sum(km) FILTER (life = 'soon'), 0) AS soon_km,
       count(*) FILTER (life = 'unknown') AS undated_count,
       count(*) FILTER (warning = 'red') AS red_count,
       count(*) FILTER (warning = 'yellow') AS yellow_count,
       count(*) FILTER (warning = 'blue') AS blue_count,
       count(*) FILTER (year(inspected_on) < $year) AS old_count
FROM here;

-- name: pavement_by_grade
-- Kilometres of each class of road and grade of pavement in the chosen subdistricts, by the latest inspections up to the end of the year.
SELECT road_class, grade, count(*) AS section_count, sum(length_m) / 1000 AS km
FROM {{pavement_standing}}
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY road_class, grade, grade_rank
ORDER BY list_position(['main', 'secondary', 'branch'], road_class), grade_rank;

-- name: pavement_by_subdistrict
-- Share of good pavement in each subdistrict by length, of main and secondary roads and of branch roads; missing where none is graded.
SELECT b.subdistrict_code, b.subdistrict_name, b.short_name,
       {{main_good_pct}} AS main_good_pct, {{branch_good_pct}} AS branch_good_pct
FROM base.subdistricts b
LEFT JOIN {{pavement_standing}} w USING (subdistrict_code)
GROUP BY b.subdistrict_code, b.subdistrict_name, b.short_name
ORDER BY b.subdistrict_code;

-- name: pavement_by_year
-- Share of good main and secondary and of good branch roads by length in the chosen subdistricts at the end of each year, each section at its latest inspection by then; missing before the first one.
WITH years AS (
    SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year
), latest AS (
    SELECT y.year, p.road_class, p.grade, p.length_m
    FROM years y
    JOIN streets.pavement p ON year(p.inspected_on) <= y.year
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], p.subdistrict_code)
    QUALIFY row_number() OVER (PARTITION BY y.year, p.section_id ORDER BY p.inspected_on DESC) = 1
)
SELECT y.year, {{main_good_pct}} AS main_good_pct, {{branch_good_pct}} AS branch_good_pct
FROM years y LEFT JOIN latest USING (year)
WHERE EXISTS (SELECT 1 FROM streets.pavement)
GROUP BY y.year
ORDER BY y.year;

-- name: pavement_years
-- First and last year of the register's inspections, whatever the filter; none while nothing is registered.
SELECT year(min(inspected_on)) AS first_inspected, year(max(inspected_on)) AS last_inspected
FROM streets.pavement;

-- name: pavement_pieces
-- Which sections lie on which piece of the map: those of its street there, of its own class where the street has that class there, else of any. Pieces of several sections come once for each.
WITH pieces AS (
    SELECT s.street_id, s.street_name, g.subdistrict_code, g.length_m, g.geometry_json,
           CASE WHEN s.street_class IN ('trunk', 'primary') THEN 'main'
                WHEN s.street_class = 'secondary' THEN 'secondary' ELSE 'branch' END AS road_class
    FROM streets.streets s JOIN streets.segments g USING (street_id)
    WHERE g.geometry_json IS NOT NULL
), sections AS (
    SELECT section_id, street_name, subdistrict_code, road_class FROM {{pavement_standing}}
), met AS (
    SELECT p.*, t.section_id, t.road_class = p.road_class AS is_own_class
    FROM pieces p
    JOIN sections t ON t.street_name = p.street_name
                   AND coalesce(t.subdistrict_code = p.subdistrict_code, true)
), kept AS (
    -- By section: on the pieces of its own class where there are any, else on all of its street.
    SELECT * FROM met
    QUALIFY is_own_class OR NOT bool_or(is_own_class) OVER (PARTITION BY section_id)
)
SELECT street_id, street_name, subdistrict_code, length_m, geometry_json, section_id,
       $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code) AS is_chosen
FROM kept
ORDER BY street_id, subdistrict_code, section_id;
