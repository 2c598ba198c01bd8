-- name: light_lamp
-- Everything that is registered of one lamp, with the name of its cabinet where that is registered; no row when there is no such lamp.
SELECT a.*, c.cabinet_name
FROM lighting.assets a LEFT JOIN lighting.cabinets c USING (cabinet_id)
WHERE a.asset_id = $light_id;

-- name: light_lamps_beside
-- Lamps at the same place name in the same subdistrict as one lamp at the end of the year, and how many of them are out; the count of those out is missing while the state of any is not filled in.
SELECT count(*) AS lamp_count,
       CASE WHEN count(state) = count(*) THEN count(*) FILTER (state = 'unlit') END AS unlit_count
FROM lighting.assets
WHERE {{lamp_is_installed}}
  AND (place_name, subdistrict_code)
      = (SELECT (place_name, subdistrict_code) FROM lighting.assets WHERE asset_id = $light_id);

-- name: light_cabinet
-- One cabinet with its lamps as they stand at the end of the year; no row when there is no such cabinet. The count of those out is missing while the state of any is not filled in.
SELECT c.*, {{cabinet_is_connected}} AS is_connected,
       (SELECT count(*) FROM lighting.assets WHERE cabinet_id = c.cabinet_id AND {{lamp_is_installed}}) AS lamp_count,
       (SELECT CASE WHEN count(state) = count(*) THEN count(*) FILTER (state = 'unlit') END
        FROM lighting.assets WHERE cabinet_id = c.cabinet_id AND {{lamp_is_installed}}) AS unlit_count
FROM lighting.cabinets c
WHERE c.cabinet_id = $light_id;

-- name: light_cabinet_months
-- Counts and energy of one cabinet in every month of the year that has any.
SELECT month, due_count, lit_count, fault_count, repaired_count, repair_hours, fault_night_count, energy_kwh
FROM (
    SELECT date_trunc('month', counted_on)::DATE AS month, sum(due_count) AS due_count, sum(lit_count) AS lit_count,
           sum(fault_count) AS fault_count, sum(repaired_count) AS repaired_count, sum(repair_hours) AS repair_hours,
           sum({{fault_nights}}) AS fault_night_count
    FROM {{status_counted}}
    WHERE cabinet_id = $light_id AND year(counted_on) = $year
    GROUP BY 1
)
FULL JOIN (SELECT month, energy_kwh FROM lighting.energy WHERE cabinet_id = $light_id AND year(month) = $year) USING (month)
ORDER BY month;

-- name: light_work
-- One Asian Games lighting project at the end of the year; no row when there is no such project.
SELECT *, {{lighting_done}} AS done_quantity, {{lighting_state}} AS state_then
FROM lighting.projects
WHERE project_id = $light_id;

-- name: light_spot
-- One dark spot; no row when there is no such spot.
SELECT *, {{days_dark}} AS day_count, year(fixed_on) <= $year AS is_fixed
FROM lighting.dark_spots
WHERE spot_id = $light_id;
