-- name: quality_last_month
-- Number of the last month of the year of which a sample is known, missing where there is none.
SELECT month(max(month)) AS last_month FROM rivers.water_quality WHERE year(month) = $year;

-- name: quality_by_month
-- One row a month of all years, over the sections of the rivers that cross the chosen subdistricts: sections, those sampled, those evaluated (all needed items measured), those at class Ⅳ or better, and their share of the evaluated ones (missing where none is).
WITH chosen AS (
    SELECT section_id FROM rivers.sections WHERE {{river_is_chosen}}
), sampled AS (
    SELECT month, count(*) AS sample_count, count(quality_class) AS evaluated_count,
           count(*) FILTER (quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_count
    FROM rivers.water_quality JOIN chosen USING (section_id)
    GROUP BY month
)
SELECT m.month::DATE AS month, (SELECT count(*) FROM chosen) AS section_count,
       coalesce(sample_count, 0) AS sample_count, coalesce(evaluated_count, 0) AS evaluated_count,
       coalesce(met_count, 0) AS met_count,
       100.0 * met_count / nullif(evaluated_count, 0) AS share_pct
FROM (SELECT unnest(generate_series(make_date($first_year, 1, 1), make_date($last_year, 12, 1),
                                    INTERVAL 1 MONTH))::DATE AS month) m
LEFT JOIN sampled USING (month)
ORDER BY m.month;

-- name: quality_sections
-- One row a section of the rivers that cross the chosen subdistricts, as it is in the month: class with limiting item (or what lacks; both missing where nothing was sampled), the items, room to class Ⅳ, and in how many of the twelve months up to it the section was evaluated and met class Ⅳ.
WITH twelve AS (
    SELECT section_id, count(quality_class) AS evaluated_count,
           count(*) FILTER (quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ')) AS met_count
    FROM rivers.water_quality
    WHERE month > $month::DATE - INTERVAL 12 MONTH AND month <= $month
    GROUP BY section_id
)
SELECT v.river_id, v.river_name, s.section_id, s.section_name, s.water_kind,
       q.section_id IS NOT NULL AS is_sampled, q.quality_class, q.limiting_item,
       q.do_mg_l, q.codmn_mg_l, q.nh3n_mg_l, q.tp_mg_l, q.cod_mg_l, q.bod5_mg_l, q.ph,
       q.spare_pct, q.spare_item,
       coalesce(t.evaluated_count, 0) AS evaluated_count, coalesce(t.met_count, 0) AS met_count,
       coalesce(q.source_kind, s.source_kind) AS source_kind
FROM rivers.sections s
JOIN rivers.rivers v USING (river_id)
LEFT JOIN (SELECT * FROM rivers.water_quality WHERE month = $month) q USING (section_id)
LEFT JOIN twelve t USING (section_id)
WHERE {{river_is_chosen}}
ORDER BY v.river_name, v.river_id, s.section_name, s.section_id;

-- name: quality_steady
-- Whether water is steadily at class Ⅳ or better at the month: true with every one of the last months at or above the wanted share, false with one below, missing while none is below but not all are evaluated. With it the share of the month, since when and for how many months without a break the share holds, the latest month below it among all up to the month, and how many of the months in question are not evaluated.
WITH monthly AS (
    SELECT q.month, 100.0 * count(*) FILTER (q.quality_class IN ('Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'))
                        / count(q.quality_class) AS share_pct
    FROM rivers.water_quality q JOIN rivers.sections USING (section_id)
    WHERE q.month BETWEEN make_date($first_year, 1, 1) AND $month AND {{river_is_chosen}}
    GROUP BY q.month
    HAVING count(q.quality_class) > 0
), course AS (
    SELECT m.month::DATE AS month, monthly.share_pct,
           date_diff('month', m.month, $month::DATE) < $stable_months AS is_in_question
    FROM (SELECT unnest(generate_series(
              make_date($first_year, 1, 1) - to_months($stable_months::INTEGER), $month::DATE,
              INTERVAL 1 MONTH))::DATE AS month) m
    LEFT JOIN monthly USING (month)
), found AS (
    SELECT max(month) FILTER (coalesce(share_pct < $stable_share_pct, true)) AS last_not_held,
           max(month) FILTER (share_pct < $stable_share_pct) AS broken_month,
           count(*) FILTER (is_in_question AND share_pct < $stable_share_pct) AS below_count,
           count(*) FILTER (is_in_question AND share_pct IS NULL) AS unevaluated_count
    FROM course
)
SELECT now.share_pct,
       CASE WHEN below_count > 0 THEN false WHEN unevaluated_count = 0 THEN true END AS is_steady,
       date_diff('month', last_not_held, $month::DATE) AS run_months,
       CASE WHEN last_not_held < $month
            THEN (last_not_held + INTERVAL 1 MONTH)::DATE END AS run_since,
       broken_month, broken.share_pct AS broken_share_pct, below_count, unevaluated_count
FROM found
LEFT JOIN course now ON now.month = $month
LEFT JOIN course broken ON broken.month = found.broken_month;

-- name: quality_series
-- All samples of one section, one row for each month of all years; items are missing where not measured.
SELECT (SELECT section_name FROM rivers.sections WHERE section_id = $section_id) AS section_name,
       (SELECT water_kind FROM rivers.sections WHERE section_id = $section_id) AS water_kind,
       m.month::DATE AS month, q.quality_class, q.limiting_item, q.do_mg_l, q.codmn_mg_l, q.nh3n_mg_l,
       q.tp_mg_l, q.cod_mg_l, q.bod5_mg_l, q.ph
FROM (SELECT unnest(generate_series(make_date($first_year, 1, 1), make_date($last_year, 12, 1),
                                    INTERVAL 1 MONTH))::DATE AS month) m
LEFT JOIN (SELECT * FROM rivers.water_quality WHERE section_id = $section_id) q USING (month)
ORDER BY m.month;

-- name: quality_of_river
-- Classes of a river's sections, one row a section and month of all years; is_sampled is false where nothing was measured.
SELECT s.section_id, s.section_name, s.water_kind, m.month::DATE AS month,
       q.section_id IS NOT NULL AS is_sampled, q.quality_class, q.limiting_item
FROM rivers.sections s
CROSS JOIN (SELECT unnest(generate_series(make_date($first_year, 1, 1), make_date($last_year, 12, 1),
                                          INTERVAL 1 MONTH))::DATE AS month) m
LEFT JOIN rivers.water_quality q ON q.section_id = s.section_id AND q.month = m.month
WHERE s.river_id = $river_id
ORDER BY s.section_name, s.section_id, m.month;

-- name: quality_limits
-- Limits of the standard, one row an item, kind of water and class.
SELECT item, item_title, column_name, water_kind, quality_class, low, high, unit, is_required, clause
FROM rivers.quality_limits
ORDER BY list_position(['DO', 'CODMn', 'NH3-N', 'TP', 'COD', 'BOD5', 'pH'], item), water_kind DESC,
         quality_class;
