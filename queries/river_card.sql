-- name: river_card
-- One river: rank, length in the district, level at the end of the year with the year of award, level of its chief, clause, source.
SELECT river_id, river_name, rank, is_mapped, length_m,
       CASE WHEN beautiful_level IS NULL THEN 'unknown'
            WHEN {{river_is_beautiful}} THEN beautiful_level ELSE 'none' END AS level,
       CASE WHEN {{river_is_beautiful}} THEN beautiful_year END AS beautiful_year,
       chief_level, clause, source_kind
FROM rivers.rivers
WHERE river_id = $river_id;

-- name: river_card_reaches
-- Subdistricts that one river crosses with its length in each, the longest reach first.
SELECT subdistrict_code, replace(subdistrict_name, '街道', '') AS short_name, length_m
FROM rivers.reaches
WHERE river_id = $river_id
ORDER BY length_m DESC, subdistrict_code;

-- name: river_card_sections
-- Sections of one river in the month: class and what limits it (or what lacks; both missing where nothing was sampled).
SELECT s.section_id, s.section_name, s.water_kind, s.control_level, s.is_mapped,
       q.section_id IS NOT NULL AS is_sampled, q.quality_class, q.limiting_item, s.source_kind
FROM rivers.sections s
LEFT JOIN (SELECT * FROM rivers.water_quality WHERE month = $month::DATE) q USING (section_id)
WHERE s.river_id = $river_id
ORDER BY s.section_name, s.section_id;

-- name: river_card_projects
-- The plan's projects on one river, as they stood at the end of the year.
SELECT p.project_id, p.project_name, p.project_kind, p.clause, {{project_state}} AS state,
       coalesce({{project_state}} NOT IN ('completed', 'unreported') AND p.plan_end_year <= $year, false)
           AS is_overdue, p.source_kind
FROM plan.projects p
WHERE p.project_id IN (SELECT project_id FROM plan.project_rivers JOIN rivers.rivers USING (river_name)
                       WHERE river_id = $river_id)
ORDER BY p.project_id;
