-- name: toilet_is_open
-- Whether a toilet, public or opened by a business along the street, is open at the end of the year; one without opening year counts in every year.
coalesce(opened_year <= $year, true)

-- name: public_toilet_is_open
-- Whether a public toilet is open at the end of the year: those that businesses along the street open to all are counted apart.
{{toilet_is_open}} AND NOT coalesce(is_social, false)

-- name: toilet_in_scope
-- Whether a toilet is one of those that the circle takes in: all, the public ones alone, those open day and night.
CASE $scope WHEN 'public' THEN NOT coalesce(is_social, false)
            WHEN 'open_24h' THEN coalesce(is_open_24h, false)
            ELSE true END

-- name: is_within_walk
-- Whether the nearest toilet is within the minutes at the walking speed; a spot that reaches none is not.
coalesce(w.walk_m <= $walk_kmh * 1000.0 / 60 * $walk_minutes, false)

-- name: cells_walked
-- Cells of land with the walk to the nearest toilet of the scope at the end of the year (as a table: FROM {{cells_walked}} w); none while no toilet is registered.
SELECT c.*, k.walk_m, k.toilet_id
FROM toilets.coverage_cells c JOIN toilets.cell_walks k USING (cell_id)
WHERE k.scope = $scope AND $year BETWEEN k.from_year AND k.to_year

-- name: lamp_is_installed
-- Whether a lamp stands at the end of the year; one without year of installation counts in every year.
coalesce(installed_year <= $year, true)

-- name: river_is_beautiful
-- Whether a river is a beautiful one at the end of the year: NULL while its level is not filled in; without a year the level counts in every year.
beautiful_level <> 'none' AND coalesce(beautiful_year <= $year, true)

-- name: street_is_done
-- Whether a demonstration street is completed at the end of the year; without a year its present state counts.
coalesce(completed_year <= $year, state = 'completed' AND coalesce(started_year <= $year, true))

-- name: street_state
-- State of a demonstration street at the end of the year: by its years, where they are not filled in by its present state; NULL before its completion while the start is not known. Acceptance is not known of earlier years: then it is being built.
CASE WHEN completed_year <= $year THEN 'completed'
     WHEN started_year > $year THEN 'planned'
     WHEN completed_year > $year THEN CASE WHEN started_year <= $year THEN 'under_construction' END
     WHEN started_year <= $year AND (state = 'planned' OR (state = 'in_acceptance' AND $year < $last_year))
     THEN 'under_construction'
     ELSE state END

-- name: finding_is_closed
-- Whether a barrier-free finding is closed by the end of the year.
coalesce(year(closed_on) <= $year, false)

-- name: bridge_condition
-- Grade of a bridge as checked by the end of the year; without a date of the check its present grade counts, before the check none is known.
CASE WHEN coalesce(year(checked_on) <= $year, true) THEN condition END

-- name: street_progress
-- Progress of a demonstration street in percent at the end of the year: the register holds it as it is now, so of earlier years only completed (100) and not begun (0) are known.
CASE WHEN {{street_is_done}} THEN 100.0
     WHEN started_year > $year THEN 0.0
     WHEN $year >= $last_year THEN progress_pct END

-- name: street_is_late
-- Whether a demonstration street is not named although the year is the plan's last for it.
$year >= (SELECT deadline_year FROM plan.facts WHERE fact_key = 'demonstration_street_count')
AND NOT {{street_is_done}}

-- name: lighting_is_built
-- Whether a lighting project is completed at the end of the year; without a date its present state counts.
coalesce(year(completed_on) <= $year, state = 'completed')

-- name: lighting_done
-- How much of a lighting project is done at the end of the year: all of it once it is completed; before that what is filled in, which the register knows as it is now and of no earlier year.
CASE WHEN {{lighting_is_built}} THEN quantity
     WHEN $year >= $last_year AND completed_on IS NULL THEN coalesce(completed_quantity, 0)
     ELSE 0 END

-- name: lighting_state
-- State of a lighting project at the end of the year: by its dates, else its present state in the last year; of earlier years only what the dates say is known.
CASE WHEN {{lighting_is_built}} THEN 'completed'
     WHEN year(started_on) <= $year THEN 'under_construction'
     WHEN started_on IS NULL AND $year >= $last_year THEN state
     ELSE 'planned' END

-- name: lamp_is_functional
-- Whether a lamp is functional lighting (street lamps), for traffic and safety; ground lamps and scenery lights are scenery lighting.
asset_kind = 'street_lamp'

-- name: lighting_state_words
-- The same as people say it, with the month of completion.
CASE {{lighting_state}} WHEN 'completed' THEN coalesce(strftime(completed_on, '%Y-%m') || ' 建成', '已建成（日期未填）')
     WHEN 'under_construction' THEN '在建' ELSE '未开工' END

-- name: lamp_kind_word
-- What a lamp of each kind is called.
CASE asset_kind WHEN 'street_lamp' THEN '路灯' WHEN 'ground_lamp' THEN '地灯' ELSE '景观灯' END

-- name: days_dark
-- Days that a dark spot had been open by the end of the year, or was until it was fixed; none are to come.
date_diff('day', found_on, least(coalesce(fixed_on, make_date($year, 12, 31)), make_date($year, 12, 31), current_date))

-- name: cabinet_is_connected
-- Whether a cabinet is on the central switch at the end of the year; one without year of connection counts in every year.
is_on_central_switch AND coalesce(connected_year <= $year, true)

-- name: road_is_standing
-- Whether a registered road is built, rebuilt or extended by the end of the year; one without year counts in every year.
coalesce(built_year <= $year, true)

-- name: road_is_measured
-- Whether the lighting of a road has been tested by the end of the year; a result without date counts in every year.
meets_standard IS NOT NULL AND coalesce(year(measured_on) <= $year, true)

-- name: status_counted
-- Counts of lit lamps and faults (as a table: FROM {{status_counted}} s), each night once: where a cabinet or road has both months and days, its months stand and its days of them do not count again.
SELECT s.*
FROM lighting.status s
WHERE s.span = 'month' OR NOT EXISTS (
    SELECT 1 FROM lighting.status m
    WHERE m.span = 'month' AND m.counted_on = date_trunc('month', s.counted_on)
      AND m.cabinet_id IS NOT DISTINCT FROM s.cabinet_id AND m.road_name IS NOT DISTINCT FROM s.road_name
      AND m.subdistrict_code IS NOT DISTINCT FROM s.subdistrict_code)

-- name: fault_nights
-- Nights with a fault that a row of such counts tells of: as filled in, of a single day whether not all lamps shone; NULL for a month that does not say.
CASE WHEN span = 'day' THEN (lit_count < due_count)::INTEGER ELSE fault_night_count END

-- name: status_months
-- The same of each cabinet and road in each month of the year and of the year before (as a table): lamps due and lit as the mean of what is counted in it, faults and repairs as sums of what is filled in; «timed» are repairs whose hours are filled in.
SELECT cabinet_id, road_name, any_value(street_name) AS street_name, subdistrict_code,
       any_value(subdistrict_name) AS subdistrict_name, date_trunc('month', counted_on)::DATE AS month,
       avg(due_count) AS due_count, avg(lit_count) AS lit_count,
       sum(fault_count) AS fault_count, sum(repaired_count) AS repaired_count,
       sum(repair_hours) FILTER (repaired_count IS NOT NULL) AS repair_hours,
       sum(repaired_count) FILTER (repair_hours IS NOT NULL) AS timed_count,
       sum({{fault_nights}}) AS fault_night_count, any_value(source_kind) AS source_kind
FROM {{status_counted}}
WHERE counted_on BETWEEN make_date($year - 1, 1, 1) AND make_date($year, 12, 31)
GROUP BY cabinet_id, road_name, subdistrict_code, date_trunc('month', counted_on)

-- name: adds_up
-- Whether a row of lighting.status counts in totals: cabinets do, and roads of a subdistrict in which no cabinet is counted in the year; elsewhere the lamps of a road are counted at its cabinets.
cabinet_id IS NOT NULL OR (coalesce(subdistrict_code, ''), year(counted_on)) NOT IN (
    SELECT (coalesce(subdistrict_code, ''), year(counted_on)) FROM lighting.status WHERE cabinet_id IS NOT NULL)

-- name: status_totals
-- Those of them that add up to totals.
SELECT * FROM (SELECT *, month AS counted_on FROM {{status_months}}) WHERE {{adds_up}}

-- name: counted_month
-- The latest month of the year of which there are such counts in the chosen subdistricts; NULL where there are none.
SELECT date_trunc('month', max(counted_on))::DATE
FROM lighting.status
WHERE year(counted_on) = $year AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))
  AND {{adds_up}}

-- name: mean_repair_hours
-- Hours that a repair took, over all repairs whose hours are filled in; NULL where nothing was repaired.
sum(repair_hours) / nullif(sum(timed_count), 0)

-- name: cabinets_counted
-- Cabinets of the chosen subdistricts (as a table) with their counts in the latest counted month, and faults and repairs of the year.
SELECT c.cabinet_id, c.cabinet_name, c.subdistrict_name, c.lon, c.lat, c.place_name, c.source_kind,
       {{cabinet_is_connected}} AS is_connected,
       n.due_count, n.lit_count, n.due_count - n.lit_count AS unlit_count,
       100.0 * n.lit_count / nullif(n.due_count, 0) AS lit_pct,
       y.fault_count, y.repaired_count, y.fault_night_count, y.mean_repair_hours
FROM lighting.cabinets c
LEFT JOIN (SELECT * FROM {{status_months}} WHERE month = {{counted_month}}) n USING (cabinet_id)
LEFT JOIN (SELECT cabinet_id, sum(fault_count) AS fault_count, sum(repaired_count) AS repaired_count,
                  sum(fault_night_count) AS fault_night_count, {{mean_repair_hours}} AS mean_repair_hours
           FROM {{status_months}} WHERE year(month) = $year AND cabinet_id IS NOT NULL
           GROUP BY cabinet_id) y USING (cabinet_id)
WHERE $codes IS NULL OR list_contains($codes::VARCHAR[], c.subdistrict_code)

-- name: dark_gaps_shown
-- Candidates for dark spots in the chosen subdistricts (as a table): where neighbouring lamps stand at least $dark_gap_m apart.
SELECT *
FROM lighting.dark_gaps
WHERE gap_m >= $dark_gap_m AND ($codes IS NULL OR list_contains($codes::VARCHAR[], subdistrict_code))

-- name: project_state
-- State of a project at the end of the year: by its dates, where they are not filled in by its present state; a suspension, and what goes before a completion, is not known of earlier years.
CASE WHEN state IS NULL THEN 'unreported'
     WHEN completed_on <= make_date($year, 12, 31) THEN 'completed'
     WHEN started_on > make_date($year, 12, 31) THEN 'planned'
     WHEN completed_on > make_date($year, 12, 31) OR (state = 'suspended' AND $year < $last_year)
     THEN CASE WHEN started_on <= make_date($year, 12, 31) THEN 'under_construction' ELSE 'unreported' END
     WHEN started_on <= make_date($year, 12, 31) AND state = 'planned' THEN 'under_construction'
     ELSE state END

-- name: warning_state
-- Warning colour of a sample by the rules: red as soon as one measured item is beyond its limit of class Ⅳ, unknown where no class is known or nothing was measured.
CASE WHEN spare_pct < $red_below_pct THEN 'red'
     WHEN quality_class IS NULL THEN 'unknown'
     WHEN spare_pct < $yellow_below_pct THEN 'yellow'
     ELSE 'green' END

-- name: facility_state
-- State of works on a facility at the end of the year: by the year of completion, else by the state filled in, else by the state of its project (p.project_state); «open» is not completed while its start is not known.
CASE WHEN f.completed_year <= $year THEN 'completed'
     WHEN f.completed_year > $year THEN 'open'
     WHEN f.state = 'completed' OR (f.state IS NOT NULL AND $year = $last_year) THEN f.state
     WHEN f.state IS NOT NULL THEN 'open'
     ELSE coalesce(p.project_state, 'unreported') END

-- name: river_is_chosen
-- Whether the river of this river_id crosses the chosen subdistricts; every river does for the whole district, on the map or not.
$codes IS NULL OR river_id IN (SELECT river_id FROM rivers.reaches
                               WHERE list_contains($codes::VARCHAR[], subdistrict_code))

-- name: river_states
-- Warning colour of every river in every month with a sample, that of its worst section: with one section of it unknown a river is never green.
SELECT river_id, month,
       CASE WHEN bool_or(state = 'red') THEN 'red'
            WHEN bool_or(state = 'yellow') THEN 'yellow'
            WHEN bool_or(state = 'unknown') OR count(*) < any_value(section_count) THEN 'unknown'
            ELSE 'green' END AS state
FROM (SELECT river_id, month, {{warning_state}} AS state
      FROM rivers.water_quality JOIN rivers.sections USING (section_id))
JOIN (SELECT river_id, count(*) AS section_count FROM rivers.sections GROUP BY river_id)
USING (river_id)
GROUP BY river_id, month

-- name: dry_flow
-- What is known of dry-weather discharge at an outfall at the end of the month: none, open or fixed; NULL for other facilities.
CASE WHEN f.facility_kind <> 'outfall' THEN NULL
     WHEN f.dry_flow_found_on IS NULL OR f.dry_flow_found_on > last_day($month::DATE) THEN 'none'
     WHEN f.dry_flow_fixed_on <= last_day($month::DATE) THEN 'fixed'
     ELSE 'open' END

-- name: dry_flow_found
-- Day on which the discharge was found, as text, once that is known at the end of the month.
CASE WHEN f.dry_flow_found_on <= last_day($month::DATE) THEN strftime(f.dry_flow_found_on, '%Y-%m-%d') END

-- name: dry_flow_fixed
-- Day on which it was dealt with, as text, once that is known at the end of the month.
CASE WHEN f.dry_flow_fixed_on <= last_day($month::DATE) THEN strftime(f.dry_flow_fixed_on, '%Y-%m-%d') END

-- name: main_good_pct
-- Share of good pavement (优、良) of main and secondary roads, by the length that is graded.
100 * coalesce(sum(length_m) FILTER (road_class <> 'branch' AND grade IN ('优', '良')), 0)
    / sum(length_m) FILTER (road_class <> 'branch' AND grade IS NOT NULL)

-- name: branch_good_pct
-- The same of branch roads (支路背街小巷).
100 * coalesce(sum(length_m) FILTER (road_class = 'branch' AND grade IN ('优', '良')), 0)
    / sum(length_m) FILTER (road_class = 'branch' AND grade IS NOT NULL)

-- name: pavement_standing
-- Every section of pavement at its latest inspection up to the end of the year (as a table: FROM {{pavement_standing}} p): place of its grade (1 = 优 … 5 = 差), fall of the index a year since the inspection before (two within a year count as a year apart), and the year in which its design life ends by the plan's figures; there is none for branch roads, nor while the year of renewal is not filled in. At «years_left» 0 it is due in the very year, below that it is overdue; «life» says so in one word.
SELECT *, renewed_year + life_years AS due_year, due_year - $year AS years_left,
       CASE WHEN life_years IS NULL THEN 'none' WHEN renewed_year IS NULL THEN 'unknown'
            WHEN years_left < 0 THEN 'over' WHEN years_left = 0 THEN 'due'
            WHEN years_left <= $soon_years_left THEN 'soon' ELSE 'later' END AS life
FROM (
    SELECT p.*, list_position(['优', '良', '中', '次', '差'], grade) AS grade_rank,
           (lag(pci) OVER earlier - pci)
               / greatest(1, date_diff('day', lag(inspected_on) OVER earlier, inspected_on) / 365.25) AS pci_fall,
           CASE road_class
                WHEN 'main' THEN (SELECT value FROM plan.facts WHERE fact_key = 'trunk_road_service_years')
                WHEN 'secondary' THEN (SELECT value FROM plan.facts WHERE fact_key = 'secondary_road_service_years')
           END::INTEGER AS life_years
    FROM streets.pavement p
    WHERE year(inspected_on) <= $year
    WINDOW earlier AS (PARTITION BY section_id ORDER BY inspected_on)
    QUALIFY row_number() OVER (PARTITION BY section_id ORDER BY inspected_on DESC) = 1
)

-- name: pavement_warned
-- The same with the colour of the warning by the rules: red and yellow by the grade or the end of the design life, blue by what is to come; unknown where neither grade nor renewal is filled in.
SELECT *, CASE WHEN grade_rank >= $red_grade_rank OR -years_left >= $red_overdue_years THEN 'red'
               WHEN grade_rank >= $yellow_grade_rank OR years_left <= $yellow_years_left THEN 'yellow'
               WHEN years_left <= $blue_years_left OR pci_fall >= $blue_pci_fall THEN 'blue'
               WHEN grade IS NULL AND renewed_year IS NULL THEN 'unknown'
               ELSE 'none' END AS warning
FROM {{pavement_standing}}
