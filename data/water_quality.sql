-- Class of surface-water samples by the single-factor rule of GB 3838-2002 (环办〔2011〕22号), and how
-- far the item nearest to the limit of class Ⅳ stays within it.
--
-- In: «samples» (row_number, water_kind, one column an item, missing where not measured) and
-- «quality_limits» (the contract's table). Out: one row a sample, in the order of row_number.

-- How many of the five classes a value fails: 0 is Ⅰ, 5 is 劣Ⅴ; missing while the value is. Limits
-- are inclusive; a side without a limit is never failed. A class's limits lie within those of the next.
CREATE OR REPLACE TEMP MACRO class_rank(value, bounds) AS
    CASE WHEN value < bounds.low_5 OR value > bounds.high_5 THEN 5
         WHEN value < bounds.low_4 OR value > bounds.high_4 THEN 4
         WHEN value < bounds.low_3 OR value > bounds.high_3 THEN 3
         WHEN value < bounds.low_2 OR value > bounds.high_2 THEN 2
         WHEN value < bounds.low_1 OR value > bounds.high_1 THEN 1
         WHEN value IS NOT NULL THEN 0 END;

-- Room to the limit of class Ⅳ in % of that limit: 0 on it, negative beyond it. Rounded, so that items
-- equally near are found to be equal.
CREATE OR REPLACE TEMP MACRO spare_pct(value, bounds) AS
    round(100.0 * least((value - bounds.low_4) / bounds.low_4,
                        (bounds.high_4 - value) / bounds.high_4), 6);

-- The names of those items, of seven, whose figure is the wanted one.
CREATE OR REPLACE TEMP MACRO items_at(wanted, d, m, c, b, n, t, p) AS
    concat_ws('、', CASE WHEN d = wanted THEN 'DO' END, CASE WHEN m = wanted THEN 'CODMn' END,
              CASE WHEN c = wanted THEN 'COD' END, CASE WHEN b = wanted THEN 'BOD5' END,
              CASE WHEN n = wanted THEN 'NH3-N' END, CASE WHEN t = wanted THEN 'TP' END,
              CASE WHEN p = wanted THEN 'pH' END);

WITH bound AS (
    -- Fields of a struct are read in no time, elements of a list are not.
    SELECT water_kind, column_name,
           {low_1: max(low) FILTER (quality_class = 'Ⅰ'), high_1: max(high) FILTER (quality_class = 'Ⅰ'),
            low_2: max(low) FILTER (quality_class = 'Ⅱ'), high_2: max(high) FILTER (quality_class = 'Ⅱ'),
            low_3: max(low) FILTER (quality_class = 'Ⅲ'), high_3: max(high) FILTER (quality_class = 'Ⅲ'),
            low_4: max(low) FILTER (quality_class = 'Ⅳ'), high_4: max(high) FILTER (quality_class = 'Ⅳ'),
            low_5: max(low) FILTER (quality_class = 'Ⅴ'), high_5: max(high) FILTER (quality_class = 'Ⅴ')} AS bounds
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
