-- name: rivers_summary
-- Rivers in the chosen subdistricts at the end of the year: counts, lengths and shares. A river counts where it has a reach; rivers without a mapped course count for the whole district only, and nothing is known of subdistricts while no river has a course. Shares are over the rivers whose level is filled in.
WITH reach AS (
    SELECT r.river_id, sum(r.length_m) AS length_m
    FROM rivers.reaches r
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], r.subdistrict_code)
    GROUP BY r.river_id
), chosen AS (
    SELECT v.*, reach.length_m AS reach_m, {{river_is_beautiful}} AS is_beautiful
    FROM rivers.rivers v LEFT JOIN reach USING (river_id)
    WHERE reach.river_id IS NOT NULL OR $codes IS NULL
)
SELECT CASE WHEN is_told THEN river_count END AS river_count,
       CASE WHEN is_told THEN graded_river_count END AS graded_river_count,
       CASE WHEN is_told AND (graded_river_count > 0 OR river_count = 0) THEN beautiful_count END
           AS beautiful_count,
       CASE WHEN is_told AND (graded_river_count > 0 OR river_count = 0) THEN provincial_count END
           AS provincial_count,
       CASE WHEN is_told THEN undated_beautiful_count END AS undated_beautiful_count,
       CASE WHEN is_told THEN unmapped_count END AS unmapped_count,
       elsewhere_count, length_km, graded_length_km,
       CASE WHEN graded_length_km > 0 THEN beautiful_length_km END AS beautiful_length_km,
       100.0 * beautiful_count / nullif(graded_river_count, 0) AS beautiful_share_pct,
       100.0 * beautiful_length_km / nullif(graded_length_km, 0) AS beautiful_length_share_pct
FROM (
    SELECT count(*) AS river_count,
           count(is_beautiful) AS graded_river_count,
           count(*) FILTER (is_beautiful) AS beautiful_count,
           count(*) FILTER (is_beautiful AND beautiful_level = 'provincial') AS provincial_count,
           count(*) FILTER (is_beautiful AND beautiful_year IS NULL) AS undated_beautiful_count,
           count(*) FILTER (NOT is_mapped) AS unmapped_count,
           sum(reach_m) / 1000 AS length_km,
           sum(reach_m) FILTER (is_beautiful IS NOT NULL) / 1000 AS graded_length_km,
           coalesce(sum(reach_m) FILTER (is_beautiful), 0) / 1000 AS beautiful_length_km,
           $codes IS NULL OR EXISTS (SELECT 1 FROM rivers.reaches) AS is_told,
           CASE WHEN $codes IS NOT NULL
                THEN (SELECT count(*) FROM rivers.rivers
                      WHERE river_id NOT IN (SELECT river_id FROM rivers.reaches)) END AS elsewhere_count
    FROM chosen
);

-- name: rivers_quality
-- Share of section-months at class Ⅳ or better in the year, over the rivers of the chosen subdistricts; months without a complete sample are not evaluated.
WITH chosen AS (
    SELECT river_id FROM rivers.rivers WHERE $codes IS NULL
    UNION
    SELECT river_id FROM rivers.reaches WHERE list_contains($codes::VARCHAR[], subdistrict_code)
)
SELECT count(*) AS sample_count,
       count(q.quality_class) AS evaluated_count,
       count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_count,
       100.0 * count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'))
           / nullif(count(q.quality_class), 0) AS class_iv_share_pct
FROM rivers.water_quality q JOIN rivers.sections USING (section_id) JOIN chosen USING (river_id)
WHERE year(q.month) = $year;

-- name: rivers_by_year
-- Beautiful share by count and by length, and class-Ⅳ share, for every year, over the rivers of the chosen subdistricts; lengths are of their reaches there.
WITH reach AS (
    SELECT river_id, sum(length_m) AS reach_m
    FROM rivers.reaches
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY river_id
), chosen AS (
    SELECT v.*, reach.reach_m
    FROM rivers.rivers v LEFT JOIN reach USING (river_id)
    WHERE reach.river_id IS NOT NULL OR $codes IS NULL
), beautiful AS (
    SELECT y.year, count({{river_is_beautiful y.year}}) AS river_count,
           count(*) FILTER ({{river_is_beautiful y.year}}) AS beautiful_count,
           sum(reach_m) FILTER ({{river_is_beautiful y.year}} IS NOT NULL) / 1000 AS length_km,
           coalesce(sum(reach_m) FILTER ({{river_is_beautiful y.year}}), 0) / 1000
               AS beautiful_length_km
    FROM (SELECT unnest(range($first_year, $last_year + 1))::INTEGER AS year) y CROSS JOIN chosen c
    GROUP BY y.year
), quality AS (
    SELECT year(q.month) AS year,
           100.0 * count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'))
               / nullif(count(q.quality_class), 0) AS class_iv_share_pct
    FROM rivers.water_quality q JOIN rivers.sections USING (section_id) JOIN chosen USING (river_id)
    GROUP BY 1
)
SELECT b.year, b.river_count, b.beautiful_count,
       100.0 * b.beautiful_count / nullif(b.river_count, 0) AS beautiful_share_pct,
       CASE WHEN b.length_km > 0 THEN b.beautiful_length_km END AS beautiful_length_km,
       100.0 * b.beautiful_length_km / nullif(b.length_km, 0) AS beautiful_length_share_pct,
       quality.class_iv_share_pct
FROM beautiful b LEFT JOIN quality USING (year)
ORDER BY b.year;

-- name: rivers_by_level
-- Rivers of the chosen subdistricts by level at the end of the year, «unknown» where it is not filled in: how many, the length of their reaches there, how many have no mapped course.
WITH reach AS (
    SELECT river_id, sum(length_m) AS reach_m
    FROM rivers.reaches
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY river_id
)
SELECT CASE WHEN beautiful_level IS NULL THEN 'unknown'
            WHEN {{river_is_beautiful}} THEN beautiful_level ELSE 'none' END AS level,
       count(*) AS river_count, sum(reach_m) / 1000 AS length_km,
       count(*) - count(reach_m) AS unmapped_count
FROM rivers.rivers v LEFT JOIN reach USING (river_id)
WHERE reach.river_id IS NOT NULL OR $codes IS NULL
GROUP BY 1
ORDER BY list_position(['provincial', 'municipal', 'none', 'unknown'], level);

-- name: rivers_what_if
-- Coverage of the chosen subdistricts at the end of the year as it is and if the assumed rivers became beautiful ones, by count and by length; an assumed river counts where it has a reach, one already beautiful or of unknown level changes nothing.
WITH reach AS (
    SELECT river_id, sum(length_m) AS reach_m
    FROM rivers.reaches
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY river_id
), chosen AS (
    SELECT reach_m, {{river_is_beautiful}} AS is_beautiful,
           list_contains($assumed::VARCHAR[], v.river_id) AND NOT is_beautiful AS is_assumed
    FROM rivers.rivers v LEFT JOIN reach USING (river_id)
    WHERE reach.river_id IS NOT NULL OR $codes IS NULL
), summed AS (
    SELECT count(is_beautiful) AS graded_river_count,
           count(*) FILTER (is_beautiful) AS beautiful_count,
           count(*) FILTER (is_assumed) AS assumed_count,
           sum(reach_m) FILTER (is_beautiful IS NOT NULL) / 1000 AS graded_length_km,
           coalesce(sum(reach_m) FILTER (is_beautiful), 0) / 1000 AS beautiful_length_km,
           coalesce(sum(reach_m) FILTER (is_assumed), 0) / 1000 AS assumed_length_km
    FROM chosen
)
SELECT graded_river_count, beautiful_count, assumed_count, assumed_length_km,
       100.0 * beautiful_count / nullif(graded_river_count, 0) AS beautiful_share_pct,
       100.0 * (beautiful_count + assumed_count) / nullif(graded_river_count, 0)
           AS assumed_share_pct,
       100.0 * beautiful_length_km / nullif(graded_length_km, 0) AS beautiful_length_share_pct,
       100.0 * (beautiful_length_km + assumed_length_km) / nullif(graded_length_km, 0)
           AS assumed_length_share_pct
FROM summed;

-- name: rivers_candidates
-- Rivers of the chosen subdistricts not yet beautiful at the end of the year, the nearest first: points for the share of the 12 months up to the chosen one in which the worst evaluated section was at class Ⅳ or better, for the completed share of the plan's reported projects on the river (none planned: 0 points), and for the rank. A part of which nothing is known stays missing, «score_max» is what the known parts can reach, and rivers with all parts known come first.
WITH reach AS (
    SELECT river_id, sum(length_m) / 1000 AS length_km,
           string_agg(replace(subdistrict_name, '街道', ''), '、' ORDER BY length_m DESC) AS subdistricts
    FROM rivers.reaches
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY river_id
), monthly AS (
    SELECT s.river_id, q.month, max(q.quality_class) AS quality_class
    FROM rivers.water_quality q JOIN rivers.sections s USING (section_id)
    WHERE q.month > $month::DATE - INTERVAL 12 MONTH AND q.month <= $month::DATE
      AND q.quality_class IS NOT NULL
    GROUP BY s.river_id, q.month
), quality AS (
    SELECT river_id, count(*) AS evaluated_months,
           count(*) FILTER (quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_months
    FROM monthly
    GROUP BY river_id
), project AS (
    SELECT project_id, {{project_state}} AS state FROM plan.projects
), works AS (
    SELECT v.river_id, count(*) AS works_count,
           count(*) FILTER (project.state <> 'unreported') AS reported_works_count,
           count(*) FILTER (project.state = 'completed') AS completed_works_count
    FROM plan.project_rivers l JOIN project USING (project_id) JOIN rivers.rivers v USING (river_name)
    GROUP BY v.river_id
), scored AS (
    SELECT v.river_id, v.river_name, v.rank, reach.length_km, reach.subdistricts,
           coalesce(q.evaluated_months, 0) AS evaluated_months, coalesce(q.met_months, 0) AS met_months,
           coalesce(w.works_count, 0) AS works_count,
           coalesce(w.reported_works_count, 0) AS reported_works_count,
           coalesce(w.completed_works_count, 0) AS completed_works_count,
           $candidate_quality_weight * q.met_months / q.evaluated_months AS quality_points,
           CASE WHEN w.works_count IS NULL THEN 0
                ELSE $candidate_works_weight * w.completed_works_count
                     / nullif(w.reported_works_count, 0) END AS works_points,
           $candidate_rank_weight
               * CASE v.rank WHEN 'trunk' THEN 3 WHEN 'main' THEN 2 WHEN 'branch' THEN 1 END / 3
               AS rank_points,
           v.source_kind
    FROM rivers.rivers v
    LEFT JOIN reach USING (river_id) LEFT JOIN quality q USING (river_id) LEFT JOIN works w USING (river_id)
    WHERE NOT {{river_is_beautiful}} AND (reach.river_id IS NOT NULL OR $codes IS NULL)
), summed AS (
    SELECT *,
           coalesce(quality_points, 0) + coalesce(works_points, 0) + coalesce(rank_points, 0) AS score,
           CASE WHEN quality_points IS NULL THEN 0 ELSE $candidate_quality_weight END
           + CASE WHEN works_points IS NULL THEN 0 ELSE $candidate_works_weight END
           + CASE WHEN rank_points IS NULL THEN 0 ELSE $candidate_rank_weight END AS score_max
    FROM scored
)
SELECT row_number() OVER nearest AS place, *
FROM summed
WINDOW nearest AS (
    ORDER BY quality_points IS NULL OR works_points IS NULL OR rank_points IS NULL,
             round(score, 6) DESC, length_km DESC NULLS LAST, river_name, river_id)
ORDER BY place;

-- name: rivers_by_subdistrict
-- Length of all and of beautiful reaches in each of the 14 subdistricts at the end of the year, and what the share were if the assumed rivers became beautiful ones; shares over the rivers whose level is filled in.
WITH reach AS (
    SELECT r.subdistrict_code, r.length_m, {{river_is_beautiful}} AS is_beautiful,
           list_contains($assumed::VARCHAR[], r.river_id) AND NOT is_beautiful AS is_assumed
    FROM rivers.reaches r JOIN rivers.rivers v USING (river_id)
), summed AS (
    SELECT subdistrict_code, count(*) AS river_count, count(is_beautiful) AS graded_count,
           count(*) FILTER (is_beautiful) AS beautiful_count,
           sum(length_m) / 1000 AS length_km,
           sum(length_m) FILTER (is_beautiful IS NOT NULL) / 1000 AS graded_length_km,
           coalesce(sum(length_m) FILTER (is_beautiful), 0) / 1000 AS beautiful_length_km,
           coalesce(sum(length_m) FILTER (is_assumed), 0) / 1000 AS assumed_length_km
    FROM reach
    GROUP BY subdistrict_code
)
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name,
       CASE WHEN EXISTS (SELECT 1 FROM rivers.reaches) THEN coalesce(river_count, 0) END AS river_count,
       100.0 * beautiful_count / nullif(graded_count, 0) AS beautiful_share_pct,
       length_km, graded_length_km,
       CASE WHEN graded_count > 0 THEN beautiful_length_km END AS beautiful_length_km,
       100.0 * beautiful_length_km / nullif(graded_length_km, 0) AS beautiful_length_share_pct,
       100.0 * (beautiful_length_km + assumed_length_km) / nullif(graded_length_km, 0)
           AS assumed_length_share_pct
FROM base.subdistricts s LEFT JOIN summed USING (subdistrict_code)
ORDER BY s.subdistrict_code;

-- name: rivers_table
-- One row a river: level (missing while not filled in), length in the chosen subdistricts, subdistricts it crosses, class of its worst section in the latest month of the year that is evaluated.
WITH reach AS (
    SELECT river_id, sum(length_m) AS length_m,
           string_agg(replace(subdistrict_name, '街道', ''), '、' ORDER BY length_m DESC) AS subdistricts
    FROM rivers.reaches
    WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
    GROUP BY river_id
), latest AS (
    SELECT river_id, arg_max(quality_class, (month, quality_class)) AS quality_class,
           arg_max(limiting_item, (month, quality_class)) AS limiting_item
    FROM rivers.water_quality JOIN rivers.sections USING (section_id)
    WHERE year(month) = $year AND quality_class IS NOT NULL
    GROUP BY river_id
)
SELECT v.river_id, v.river_name, v.rank,
       CASE WHEN {{river_is_beautiful}} OR beautiful_level IS NULL THEN beautiful_level ELSE 'none' END
           AS beautiful_level,
       CASE WHEN v.beautiful_year <= $year THEN v.beautiful_year END AS beautiful_year,
       round(reach.length_m / 1000, 2) AS length_km,
       coalesce(reach.subdistricts, '未上图') AS subdistricts,
       latest.quality_class, latest.limiting_item, v.chief_level, v.source_kind
FROM rivers.rivers v
LEFT JOIN reach USING (river_id)
LEFT JOIN latest USING (river_id)
WHERE reach.river_id IS NOT NULL OR $codes IS NULL
ORDER BY coalesce(v.rank = 'trunk', false) DESC, reach.length_m DESC NULLS LAST, v.river_name, v.river_id;

-- name: rivers_open
-- Rivers not yet beautiful ones at the end of the year.
SELECT river_id, river_name FROM rivers.rivers
WHERE NOT {{river_is_beautiful}}
ORDER BY river_name, river_id;

-- name: river_names
-- Every river of the register by its number.
SELECT river_id, river_name FROM rivers.rivers ORDER BY river_id;
