-- name: light_service_counts
-- What the registers of lamps (by year), roads and cabinets count in each of the 14 subdistricts at the end of the year, and in a row without one what belongs to none: sums of which shares are made, so that any choice of subdistricts can add them up. Lamps of which something is not filled in are not among those «known» for it; roads are measured only once they are tested.
WITH lamps AS (
    SELECT subdistrict_code, sum(asset_count) AS lamp_count,
           sum(controlled_count) AS controlled_count,
           sum(asset_count) FILTER (controlled_count IS NOT NULL) AS controlled_known_count,
           sum(asset_count) FILTER ({{lamp_is_functional}}) AS street_lamp_count,
           sum(led_count) FILTER ({{lamp_is_functional}}) AS led_count,
           sum(asset_count) FILTER ({{lamp_is_functional}} AND led_count IS NOT NULL) AS led_known_count,
           sum(controlled_count) FILTER ({{lamp_is_functional}}) AS road_controlled_count,
           sum(asset_count) FILTER ({{lamp_is_functional}} AND controlled_count IS NOT NULL)
               AS road_controlled_known_count
    FROM lighting.yearly
    WHERE year = $year
    GROUP BY subdistrict_code
), roads AS (
    SELECT subdistrict_code, count(*) AS road_count, count(is_new) AS new_known_count,
           count(*) FILTER (is_new) AS new_count,
           count(*) FILTER (is_new AND has_lamps) AS new_equipped_count,
           count(*) FILTER (NOT has_lamps) AS unequipped_count,
           count(*) FILTER ({{road_is_measured}}) AS measured_count,
           count(*) FILTER ({{road_is_measured}} AND meets_standard) AS meeting_count
    FROM lighting.roads
    WHERE {{road_is_standing}}
    GROUP BY subdistrict_code
), cabinets AS (
    SELECT subdistrict_code, count(*) AS cabinet_count, count(is_on_central_switch) AS switch_known_count,
           count(*) FILTER ({{cabinet_is_connected}}) AS connected_count,
           count(*) FILTER (is_on_central_switch AND connected_year IS NULL) AS undated_count
    FROM lighting.cabinets
    GROUP BY subdistrict_code
)
SELECT s.subdistrict_code, s.subdistrict_name, s.short_name,
       l.* EXCLUDE (subdistrict_code), r.* EXCLUDE (subdistrict_code), c.* EXCLUDE (subdistrict_code)
FROM (SELECT subdistrict_code, subdistrict_name, short_name FROM base.subdistricts
      UNION ALL SELECT NULL, NULL, NULL) s
LEFT JOIN lamps l ON l.subdistrict_code = s.subdistrict_code
LEFT JOIN roads r ON r.subdistrict_code IS NOT DISTINCT FROM s.subdistrict_code
LEFT JOIN cabinets c ON c.subdistrict_code = s.subdistrict_code
ORDER BY s.subdistrict_code NULLS LAST;

-- name: light_service_kinds
-- Lamps of the chosen subdistricts by kind at the end of the year: how many there are, are lit, sound, controlled and LED, and of how many each is filled in.
SELECT asset_kind, sum(asset_count) AS lamp_count,
       sum(lit_count) AS lit_count, sum(asset_count) FILTER (lit_count IS NOT NULL) AS lit_known_count,
       sum(sound_count) AS sound_count, sum(asset_count) FILTER (sound_count IS NOT NULL) AS sound_known_count,
       sum(controlled_count) AS controlled_count,
       sum(asset_count) FILTER (controlled_count IS NOT NULL) AS controlled_known_count,
       sum(led_count) AS led_count, sum(asset_count) FILTER (led_count IS NOT NULL) AS led_known_count
FROM lighting.yearly
WHERE year = $year AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
GROUP BY asset_kind;

-- name: light_service_by_year
-- LED share of the street lamps and share of all lamps on central control for every year in the chosen subdistricts.
SELECT year,
       100.0 * sum(led_count) FILTER ({{lamp_is_functional}})
           / nullif(sum(asset_count) FILTER ({{lamp_is_functional}} AND led_count IS NOT NULL), 0) AS led_rate_pct,
       100.0 * sum(controlled_count)
           / nullif(sum(asset_count) FILTER (controlled_count IS NOT NULL), 0) AS central_control_rate_pct
FROM lighting.yearly
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code)
GROUP BY year
ORDER BY year;

-- name: light_service_roads
-- Every registered road standing at the end of the year, with what is known of its lighting by then (its state: without lamps, not tested, meeting the standard or below it) and with the street lamps that stand on it by place name; which of them are LED the register knows as it is now and of no earlier year. Those that miss the standard come first, then those without lamps, then those not yet tested.
WITH lamps AS (
    SELECT place_name, subdistrict_code, count(*) AS lamp_count, count(is_led) AS led_known_count,
           count(*) FILTER (is_led) AS led_count
    FROM lighting.assets
    WHERE {{lamp_is_functional}} AND {{lamp_is_installed}} AND place_name IS NOT NULL
    GROUP BY place_name, subdistrict_code
), on_road AS (
    SELECT r.road_id, sum(l.lamp_count) AS lamp_count,
           CASE WHEN $year >= $last_year THEN sum(l.led_known_count) END AS led_known_count,
           CASE WHEN $year >= $last_year THEN sum(l.led_count) END AS led_count
    FROM lighting.roads r
    JOIN lamps l ON l.place_name = coalesce(r.street_name, r.road_name)
                AND coalesce(l.subdistrict_code = r.subdistrict_code, true)
    GROUP BY r.road_id
)
SELECT r.road_id, r.road_name, r.street_name, r.subdistrict_code, r.subdistrict_name, r.road_class,
       r.is_new, r.built_year, r.has_lamps,
       CASE WHEN NOT r.has_lamps THEN 'dark' WHEN NOT {{road_is_measured}} THEN 'untested'
            WHEN r.meets_standard THEN 'met' ELSE 'below' END AS state,
       CASE WHEN {{road_is_measured}} THEN r.average_lux END AS average_lux,
       CASE WHEN {{road_is_measured}} THEN r.measured_on END AS measured_on,
       o.* EXCLUDE (road_id), r.source_kind
FROM lighting.roads r LEFT JOIN on_road o USING (road_id)
WHERE {{road_is_standing}}
ORDER BY list_position(['below', 'dark', 'untested', 'met'], state), r.subdistrict_code, r.road_name, r.road_id;

-- name: light_service_road_pieces
-- On which pieces of the map the registered roads run that stand at the end of the year: those of their street in their subdistrict, everywhere where none is filled in.
SELECT r.road_id, s.street_name, g.length_m, g.geometry_json,
       $codes IS NULL OR list_contains($codes::VARCHAR[], g.subdistrict_code) AS is_chosen
FROM lighting.roads r
JOIN streets.streets s ON s.street_name = r.street_name
JOIN streets.segments g ON g.street_id = s.street_id
                       AND coalesce(g.subdistrict_code = r.subdistrict_code, true)
WHERE g.geometry_json IS NOT NULL AND {{road_is_standing}}
ORDER BY r.road_id, g.street_id, g.subdistrict_code;

-- name: light_service_cabinets
-- Every cabinet at the end of the year: whether it is on the central switch, its lamps then and a year before, its energy in both years with the number of months that is known of, and over the months known in both years alone. Cabinets without any lamp have no count of lamps.
WITH lamps AS (
    SELECT a.cabinet_id, count(*) AS lamp_count,
           count(*) FILTER ({{lamp_is_installed b.year}}) AS lamp_before_count
    FROM lighting.assets a, (SELECT $year - 1 AS year) b
    WHERE {{lamp_is_installed}} AND a.cabinet_id IS NOT NULL
    GROUP BY a.cabinet_id
), months AS (
    SELECT cabinet_id, month(month) AS month_of_year,
           any_value(energy_kwh) FILTER (year(month) = $year) AS now_kwh,
           any_value(energy_kwh) FILTER (year(month) = $year - 1) AS before_kwh
    FROM lighting.energy
    WHERE year(month) IN ($year, $year - 1)
    GROUP BY ALL
), used AS (
    SELECT cabinet_id, sum(now_kwh) AS energy_kwh, count(now_kwh) AS month_count,
           sum(before_kwh) AS before_kwh, count(before_kwh) AS before_month_count,
           sum(now_kwh) FILTER (before_kwh IS NOT NULL) AS like_kwh,
           sum(before_kwh) FILTER (now_kwh IS NOT NULL) AS like_before_kwh
    FROM months
    GROUP BY cabinet_id
)
SELECT c.cabinet_id, c.cabinet_name, c.subdistrict_code, c.subdistrict_name, c.place_name,
       round(c.lon, 5) AS lon, round(c.lat, 5) AS lat, {{cabinet_is_connected}} AS is_connected,
       CASE WHEN {{cabinet_is_connected}} THEN c.connected_year END AS connected_year,
       l.lamp_count, l.lamp_before_count, u.* EXCLUDE (cabinet_id), c.source_kind
FROM lighting.cabinets c
LEFT JOIN lamps l USING (cabinet_id)
LEFT JOIN used u USING (cabinet_id)
ORDER BY c.cabinet_id;

-- name: light_service_energy
-- Energy of the cabinets of each subdistrict by month, of the year and the year before.
SELECT c.subdistrict_code, c.subdistrict_name, e.month, sum(e.energy_kwh) AS energy_kwh,
       any_value(e.source_kind) AS source_kind
FROM lighting.energy e JOIN lighting.cabinets c USING (cabinet_id)
WHERE year(e.month) IN ($year, $year - 1)
GROUP BY c.subdistrict_code, c.subdistrict_name, e.month
ORDER BY c.subdistrict_code, e.month;

-- name: light_service_poles
-- Poles of each subdistrict that carry a 5G station or sensors, those with either once, and of how many lamps anything of it is filled in. The register knows it as it is now and of no earlier year.
SELECT subdistrict_code, count(*) AS lamp_count,
       count(*) FILTER (has_5g_station IS NOT NULL OR has_sensor IS NOT NULL) AS known_count,
       count(*) FILTER (has_5g_station OR has_sensor) AS pole_count,
       count(*) FILTER (has_5g_station) AS station_count, count(*) FILTER (has_sensor) AS sensor_count
FROM lighting.assets
WHERE $year >= $last_year AND {{lamp_is_installed}}
GROUP BY subdistrict_code;

-- name: light_service_pole_points
-- Those poles in the chosen subdistricts as map rows ({p, k: 5g, sensor or both, pick, tip}).
SELECT to_json(list({
    p: [round(lon, 5), round(lat, 5)],
    k: CASE WHEN has_5g_station AND has_sensor THEN 'both' WHEN has_5g_station THEN '5g' ELSE 'sensor' END,
    pick: 'lamp:' || asset_id,
    tip: coalesce(place_name, subdistrict_name) || chr(10)
        || CASE WHEN has_5g_station AND has_sensor THEN '5G 基站、感知设备'
                WHEN has_5g_station THEN '5G 基站' ELSE '感知设备' END
} ORDER BY asset_id))::VARCHAR
FROM lighting.assets
WHERE $year >= $last_year AND {{lamp_is_installed}} AND (has_5g_station OR has_sensor)
  AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code));
