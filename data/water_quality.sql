-- Class of surface-water samples by the single-factor rule of GB 3838-2002 (环办〔2011〕22号), and how
-- far the item nearest to the limit of class Ⅳ stays within it.
--
-- In: «samples» (row_number, water_kind, one column an item, missing where not measured) and
-- «quality_limits» (the contract's table). Out: one row a sample, in the order of row_number.

-- How many of the five classes a value fails: 0 is Ⅰ, 5 is 劣Ⅴ; missing while the value is. Limits
-- are inclusive; a side without a limit is never failed.
CREATE OR REPLACE TEMP MACRO class_rank(value, bounds) AS
    CASE WHEN value IS NOT NULL THEN
        coalesce(value < bounds.low[1] OR value > bounds.high[1], false)::INTEGER
        + coalesce(value < bounds.low[2] OR value > bounds.high[2], false)::INTEGER
        + coalesce(value < bounds.low[3] OR value > bounds.high[3], false)::INTEGER
        + coalesce(value < bounds.low[4] OR value > bounds.high[4], false)::INTEGER
        + coalesce(value < bounds.low[5] OR value > bounds.high[5], false)::INTEGER
    END;

-- Room to the limit of class Ⅳ in % of that limit: 0 on it, negative beyond it. Rounded, so that items
-- equally near are found to be equal.
CREATE OR REPLACE TEMP MACRO spare_pct(value, bounds) AS
    round(100.0 * least((value - bounds.low[4]) / bounds.low[4],
                        (bounds.high[4] - value) / bounds.high[4]), 6);

-- The names of those items, of seven, whose figure is the wanted one.
CREATE OR REPLACE TEMP MACRO items_at(wanted, d, m, c, b, n, t, p) AS
    concat_ws('、', CASE WHEN d = wanted THEN 'DO' END, CASE WHEN m = wanted THEN 'CODMn' END,
              CASE WHEN c = wanted THEN 'COD' END, CASE WHEN b = wanted THEN 'BOD5' END,
              CASE WHEN n = wanted THEN 'NH3-N' END, CASE WHEN t = wanted THEN 'TP' END,
              CASE WHEN p = wanted THEN 'pH' END);

WITH bound AS (
    SELECT water_kind, column_name,
           {low: list(low ORDER BY quality_class), high: list(high ORDER BY quality_class)} AS bounds
    FROM quality_limits
    GROUP BY water_kind, column_name
), by_kind AS (
    SELECT water_kind,
           any_value(bounds) FILTER (column_name = 'do_mg_l') AS do_bounds,
           any_value(bounds) FILTER (column_name = 'codmn_mg_l') AS codmn_bounds,
           any_value(bounds) FILTER (column_name = 'cod_mg_l') AS cod_bounds,
           any_value(bounds) FILTER (column_name = 'bod5_mg_l') AS bod5_bounds,
           any_value(bounds) FILTER (column_name = 'nh3n_mg_l') AS nh3n_bounds,
           any_value(bounds) FILTER (column_name = 'tp_mg_l') AS tp_bounds,
           any_value(bounds) FILTER (column_name = 'ph') AS ph_bounds
    FROM bound
    GROUP BY water_kind
), ranked AS (
    SELECT row_number,
           class_rank(do_mg_l, do_bounds) AS d, class_rank(codmn_mg_l, codmn_bounds) AS m,
           class_rank(cod_mg_l, cod_bounds) AS c, class_rank(bod5_mg_l, bod5_bounds) AS b,
           class_rank(nh3n_mg_l, nh3n_bounds) AS n, class_rank(tp_mg_l, tp_bounds) AS t,
           class_rank(ph, ph_bounds) AS p,
           spare_pct(do_mg_l, do_bounds) AS spare_d, spare_pct(codmn_mg_l, codmn_bounds) AS spare_m,
           spare_pct(cod_mg_l, cod_bounds) AS spare_c, spare_pct(bod5_mg_l, bod5_bounds) AS spare_b,
           spare_pct(nh3n_mg_l, nh3n_bounds) AS spare_n, spare_pct(tp_mg_l, tp_bounds) AS spare_t,
           -- pH has one range for all classes and no room to speak of: it counts only outside.
           CASE WHEN spare_pct(ph, ph_bounds) < 0 THEN spare_pct(ph, ph_bounds) END AS spare_p
    FROM samples JOIN by_kind USING (water_kind)
), judged AS (
    SELECT *, d IS NULL OR m IS NULL OR n IS NULL OR t IS NULL AS is_incomplete,
           greatest(d, m, c, b, n, t, p) AS worst,
           least(spare_d, spare_m, spare_c, spare_b, spare_n, spare_t, spare_p) AS spare
    FROM ranked
)
SELECT CASE WHEN NOT is_incomplete THEN ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'][worst + 1] END AS quality_class,
       CASE WHEN is_incomplete
            THEN '缺 ' || concat_ws('、', CASE WHEN d IS NULL THEN 'DO' END,
                                    CASE WHEN m IS NULL THEN 'CODMn' END,
                                    CASE WHEN n IS NULL THEN 'NH3-N' END,
                                    CASE WHEN t IS NULL THEN 'TP' END)
            ELSE items_at(worst, d, m, c, b, n, t, p) END AS limiting_item,
       spare AS spare_pct,
       nullif(items_at(spare, spare_d, spare_m, spare_c, spare_b, spare_n, spare_t, spare_p), '')
           AS spare_item
FROM judged
ORDER BY row_number;
