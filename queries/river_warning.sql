-- name: river_warnings
-- One row a river that crosses the chosen subdistricts: its warning colour in the month with the section, item and room that make it, first month of its unbroken run in red (or, for a yellow one, in yellow or red) over the months in which its colour is known, and the trend of the section's room. reason says why a river without colour has none.
WITH section_state AS (
    SELECT s.river_id, s.section_id, s.section_name, s.water_kind, q.spare_pct, q.spare_item,
           q.quality_class, q.limiting_item, q.do_mg_l, q.codmn_mg_l, q.nh3n_mg_l, q.tp_mg_l, q.cod_mg_l,
           q.bod5_mg_l, q.ph,
           CASE WHEN q.section_id IS NULL THEN 'unknown' ELSE {{warning_state}} END AS state,
           CASE WHEN q.section_id IS NULL THEN '当月未测'
                WHEN q.quality_class IS NULL THEN '未评价（' || q.limiting_item || '）' END AS reason
    FROM rivers.sections s
    LEFT JOIN (SELECT * FROM rivers.water_quality WHERE month = $month) q USING (section_id)
), worst AS (
    SELECT * FROM section_state
    WHERE section_id IN (
        SELECT arg_min(section_id, (list_position(['red', 'yellow', 'unknown', 'green'], state),
                                    coalesce(spare_pct, 'infinity'), section_id))
        FROM section_state GROUP BY river_id)
), known AS (
    SELECT river_id, month, state FROM {{river_states}}
    WHERE month <= $month AND state <> 'unknown'
), spell AS (
    SELECT river_id, min(month) AS first_known_month,
           max(month) FILTER (state <> 'red') AS last_not_red,
           max(month) FILTER (state = 'green') AS last_green
    FROM known GROUP BY river_id
), since AS (
    SELECT river_id, any_value(first_known_month) AS first_known_month,
           min(month) FILTER (month > coalesce(last_not_red, '-infinity'::DATE)) AS red_since,
           min(month) FILTER (month > coalesce(last_green, '-infinity'::DATE)) AS alert_since
    FROM known JOIN spell USING (river_id) GROUP BY river_id
), trend AS (
    SELECT section_id, count(*) AS trend_samples,
           CASE WHEN count(*) >= $trend_least_samples
                THEN round($trend_months * regr_slope(spare_pct, date_diff('month', $month::DATE, month)), 6)
           END AS trend_pct
    FROM rivers.water_quality
    WHERE month > $month::DATE - to_months($trend_months::INTEGER) AND month <= $month
      AND quality_class IS NOT NULL
    GROUP BY section_id
)
SELECT v.river_id, v.river_name, v.is_mapped, coalesce(w.state, 'unknown') AS state,
       CASE WHEN w.section_id IS NULL THEN '未设断面' ELSE w.reason END AS reason,
       w.section_id, w.section_name, w.water_kind, w.spare_item, w.spare_pct,
       w.quality_class, w.limiting_item,
       w.do_mg_l, w.codmn_mg_l, w.nh3n_mg_l, w.tp_mg_l, w.cod_mg_l, w.bod5_mg_l, w.ph,
       CASE WHEN w.state = 'red' THEN since.red_since END AS red_since,
       CASE WHEN w.state IN ('red', 'yellow') THEN since.alert_since END AS alert_since,
       since.first_known_month, coalesce(trend.trend_samples, 0) AS trend_samples, trend.trend_pct,
       CASE WHEN trend.trend_pct >= $trend_change_pct THEN 'better'
            WHEN trend.trend_pct <= -$trend_change_pct THEN 'worse'
            WHEN trend.trend_pct IS NOT NULL THEN 'even' END AS trend,
       v.source_kind
FROM rivers.rivers v
LEFT JOIN worst w USING (river_id)
LEFT JOIN since USING (river_id)
LEFT JOIN trend USING (section_id)
WHERE {{river_is_chosen}}
ORDER BY list_position(['red', 'yellow', 'unknown', 'green'], coalesce(w.state, 'unknown')),
         w.spare_pct, v.river_name, v.river_id;
