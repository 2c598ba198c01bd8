-- name: projects_rows
-- The plan's projects in the chosen subdistricts, of the chosen kinds, implementing bodies and states, as they stood at the end of the year. A project over several subdistricts counts in each; one of unknown place only in the whole district. What happened after that year is not told; a suspension is only known as of the last year.
WITH asked AS (
    SELECT *, make_date($year, 12, 31) AS year_end
    FROM plan.projects
    WHERE ($codes IS NULL OR list_has_any(string_split(touched_codes, ','), $codes::VARCHAR[]))
      AND ($kinds IS NULL OR list_contains($kinds::VARCHAR[], project_kind))
      AND ($bodies IS NULL OR list_contains($bodies::VARCHAR[], coalesce(implementing_body, 'none')))
), known AS (
    SELECT * REPLACE (
        CASE WHEN started_on <= year_end THEN started_on END AS started_on,
        CASE WHEN completed_on <= year_end THEN completed_on END AS completed_on,
        {{project_state}} AS state)
    FROM asked
)
SELECT project_id, project_name, project_kind, implementing_body, managed_level, subdistrict_code,
       CASE WHEN subdistrict_name IS NOT NULL THEN subdistrict_name
            WHEN touched_codes IS NOT NULL
            THEN '跨 ' || len(string_split(touched_codes, ',')) || ' 个街道'
            ELSE '未写明' END AS place,
       quantity, unit, plan_start_year, plan_end_year, state,
       strftime(started_on, '%Y-%m-%d') AS started_on,
       strftime(completed_on, '%Y-%m-%d') AS completed_on,
       coalesce(state NOT IN ('completed', 'unreported') AND plan_end_year <= $year
                OR state = 'planned' AND plan_start_year <= $year, false) AS is_overdue,
       coalesce(year(completed_on) > plan_end_year, false) AS is_done_late,
       is_mapped, coalesce(located_by, CASE WHEN is_mapped THEN '登记册所填位置' ELSE '未上图' END) AS located_by, replace(clause, 'box', '专栏 ') AS clause,
       round(lon, 5) AS lon, round(lat, 5) AS lat, geometry_json, note, source_kind
FROM known
WHERE $states IS NULL OR list_contains($states::VARCHAR[], state)
ORDER BY project_id;

-- name: projects_bodies
-- Implementing bodies that the plan's projects name, and how many projects each has; 'none' where the plan names none.
SELECT coalesce(implementing_body, 'none') AS body, count(*) AS project_count
FROM plan.projects
GROUP BY body
ORDER BY body = 'none', project_count DESC, body;

-- name: projects_unplaced
-- How many projects of the chosen kinds and bodies belong to no known subdistrict, so that no choice of subdistricts shows them.
SELECT count(*) AS project_count
FROM plan.projects
WHERE touched_codes IS NULL
  AND ($kinds IS NULL OR list_contains($kinds::VARCHAR[], project_kind))
  AND ($bodies IS NULL OR list_contains($bodies::VARCHAR[], coalesce(implementing_body, 'none')));

-- name: projects_places
-- Named places of the plan whose position the geography knows.
SELECT place_group, place_kind, place_name, round(lon, 5) AS lon, round(lat, 5) AS lat, geometry_json
FROM plan.places
WHERE is_mapped AND lon IS NOT NULL
ORDER BY place_group, place_name;
