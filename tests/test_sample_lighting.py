"""Sample registers of lighting: lights, cabinets, service, energy, roads, works and dark spots.

Expected figures are typed here from the plan and the brief of the sample, not from its code.
"""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.geography import in_water, street_pieces
from data.sample.lighting_cabinets import compact_groups
from data.sample.lighting_service import MONTHS, night_hours, standing_by_month
from data.sample.lighting_shares import monthly_gap, subdistrict_shares
from geo import district
from geo.geojson import from_text
from geo.projection import points_to_metres, to_metres

CORE = ["清波街道", "湖滨街道", "小营街道", "四季青街道"]
OUTSKIRTS = ["丁兰街道", "笕桥街道", "九堡街道"]
YEARS = range(2020, 2026)


@pytest.fixture(scope="module")
def assets(built_tables):
    return built_tables["lighting.assets"]


@pytest.fixture(scope="module")
def cabinets(built_tables):
    return built_tables["lighting.cabinets"]


@pytest.fixture(scope="module")
def fed(assets, cabinets):
    """Lights with a cabinet, and their cabinet's columns with ``_of_cabinet``."""
    return assets.merge(cabinets, on="cabinet_id", suffixes=("", "_of_cabinet"))


@pytest.fixture(scope="module")
def status(built_tables):
    """Months of service by cabinet."""
    rows = built_tables["lighting.status"]
    return rows[rows["cabinet_id"].notna()]


@pytest.fixture(scope="module")
def roads(built_tables):
    return built_tables["lighting.roads"]


def yearly_sums(rows, dates):
    """Sums of the counts by year."""
    return rows.groupby(dates.dt.year).sum(numeric_only=True)


def hours_to_repair(rows, by):
    sums = rows.groupby(by)[["repair_hours", "repaired_count"]].sum()
    return (sums["repair_hours"] / sums["repaired_count"]).astype(float)


# --- lights --------------------------------------------------------------------------------------


def test_assets_have_standard_codes(assets):
    assert 28_000 <= len(assets) <= 34_000
    codes = {"street_lamp": "0118", "ground_lamp": "0119", "scenery_light": "0120"}
    assert assets["asset_id"].str.fullmatch(r"330102\d{10}").all()
    assert (assets["asset_id"].str[6:10] == assets["asset_kind"].map(codes)).all()
    assert set(assets["asset_kind"]) == set(codes)
    assert set(assets["subdistrict_code"]) == set(district.subdistrict_names())


def test_lights_over_water_stand_on_bridges(assets):
    wet = assets[in_water(assets["lon"].to_numpy(), assets["lat"].to_numpy())]
    assert set(wet["asset_kind"]) == {"street_lamp"}
    assert not wet["place_name"].str.endswith("沿岸").any()


def test_ground_lamps_lie_in_pedestrian_streets_squares_and_the_rivers_bank(assets):
    ground = assets[assets["asset_kind"] == "ground_lamp"]
    assert 500 <= len(ground) <= 900
    pedestrian = {p.street_name for p in street_pieces() if p.street_class == "pedestrian"}
    assert set(ground["place_name"]) <= pedestrian | {"民心路", "剧院路", "钱塘江景观带"}
    assert {"河坊街", "中山中路", "湖滨路"} <= set(ground["place_name"])


def test_shares_of_the_last_year(assets):
    lamps = assets[assets["asset_kind"] == "street_lamp"]
    scenery = assets[assets["asset_kind"] == "scenery_light"]
    assert 100 * (lamps["state"] == "lit").mean() == pytest.approx(98.6, abs=0.05)
    assert 100 * lamps["is_sound"].mean() == pytest.approx(98.3, abs=0.05)
    assert 100 * scenery["is_sound"].mean() == pytest.approx(97.2, abs=0.05)
    assert 100 * lamps["is_led"].mean() == pytest.approx(84, abs=0.05)
    assert 100 * assets["is_centrally_controlled"].mean() == pytest.approx(76, abs=0.5)
    lit = lamps["state"].eq("lit").groupby(lamps["subdistrict_name"]).mean()
    assert 1 <= (lit < 0.98).sum() <= 5


def test_a_light_that_does_not_burn_is_not_sound(assets):
    assert not assets.loc[assets["state"] == "unlit", "is_sound"].any()


@pytest.mark.parametrize(("carried", "low", "high"), [("has_5g_station", 0.01, 0.02),
                                                      ("has_sensor", 0.04, 0.06)])  # fmt: skip
def test_poles_of_larger_roads_carry_stations_and_sensors(assets, carried, low, high):
    lamps = assets[assets["asset_kind"] == "street_lamp"]
    assert low <= lamps[carried].mean() <= high
    assert not assets.loc[assets["asset_kind"] != "street_lamp", carried].any()
    large = {
        p.street_name for p in street_pieces()
        if p.street_class in ("trunk", "primary", "secondary")
    }  # fmt: skip
    assert set(lamps.loc[lamps[carried], "place_name"]) <= large
    in_core = lamps["subdistrict_name"].isin(CORE)
    assert lamps.loc[in_core, carried].mean() > lamps.loc[~in_core, carried].mean()


def test_yearly_ends_with_the_assets(assets, built_tables):
    yearly = built_tables["lighting.yearly"]
    by = ["subdistrict_code", "asset_kind"]
    counted = assets.assign(lit=assets["state"] == "lit").groupby(by)
    last = yearly[yearly["year"] == 2025].set_index(by).sort_index()
    assert list(last["asset_count"]) == list(counted.size())
    for column, flag in {
        "lit_count": "lit",
        "sound_count": "is_sound",
        "controlled_count": "is_centrally_controlled",
        "led_count": "is_led",
    }.items():
        assert list(last[column]) == list(counted[flag].sum()), column
        assert (yearly[column] <= yearly["asset_count"]).all()
    totals = yearly.groupby("year")[["asset_count", "led_count", "controlled_count"]].sum()
    assert (totals.astype(int).diff().dropna() > 0).all(axis=None)


# --- cabinets ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "count", "sizes"),
    [
        ([(0, 0), (1, 0), (100, 0), (101, 0)], 2, [2, 2]),
        ([(0, 0), (0, 5), (0, 90)], 1, [3]),
        ([(0, 0), (0, 1), (0, 2), (0, 50), (0, 51), (0, 52), (90, 0), (91, 0), (92, 0)], 3,
         [3, 3, 3]),
        ([(0, 0), (0, 0), (0, 0)], 3, [1, 1, 1]),
    ],
    ids=["two ends", "one group", "three corners", "one spot"],
)  # fmt: skip
def test_groups_are_equally_large(points, count, sizes):
    group = compact_groups(np.array(points, dtype=float), count)
    assert sorted(np.bincount(group)) == sizes


def test_groups_are_of_near_points():
    points = np.array([(0, 0), (100, 0), (1, 0), (101, 0)], dtype=float)
    first, second, near_first, near_second = compact_groups(points, 2)
    assert (first, second) == (near_first, near_second)
    assert first != second


def test_cabinets_feed_about_ninety_lights_near_them(fed, cabinets):
    assert 340 <= len(cabinets) <= 380
    assert cabinets["cabinet_name"].is_unique
    sizes = fed.groupby("cabinet_id").size()
    assert set(sizes.index) == set(cabinets["cabinet_id"])
    assert sizes.between(60, 130).all()
    lights = points_to_metres(fed["lon"].to_numpy(), fed["lat"].to_numpy())
    theirs = points_to_metres(fed["lon_of_cabinet"].to_numpy(), fed["lat_of_cabinet"].to_numpy())
    away_m = pd.Series(np.hypot(*(np.array(lights) - np.array(theirs))))
    assert away_m.median() < 250
    assert away_m.quantile(0.9) < 700
    assert away_m.groupby(fed["cabinet_id"]).min().max() < 3


def test_cabinets_stand_on_land_in_the_subdistrict_of_their_lights(fed, cabinets):
    assert (fed["subdistrict_code"] == fed["subdistrict_code_of_cabinet"]).all()
    assert not in_water(cabinets["lon"].to_numpy(), cabinets["lat"].to_numpy()).any()


def test_a_cabinet_is_called_after_the_commonest_place_of_its_lights(fed):
    counts = fed.groupby(["cabinet_id", "place_name"]).size()
    most = counts.groupby("cabinet_id").max()
    named = fed.groupby("cabinet_id")["place_name_of_cabinet"].first()
    assert [counts[pair] for pair in named.items()] == list(most)
    assert fed["cabinet_name"].str.fullmatch(r".+ \d+ 号控制柜").all()


def test_street_lamps_and_scenery_have_different_cabinets(fed):
    is_lamp = fed["asset_kind"].eq("street_lamp").groupby(fed["cabinet_id"])
    assert (is_lamp.nunique() == 1).all()


def test_a_light_is_controlled_when_its_cabinet_is_on_the_central_switch(assets, cabinets):
    switched = cabinets.loc[cabinets["is_on_central_switch"], "cabinet_id"]
    assert (assets["is_centrally_controlled"] == assets["cabinet_id"].isin(switched)).all()
    assert 0 < assets["cabinet_id"].isna().mean() < 0.01


def test_cabinets_were_connected_from_year_to_year(cabinets):
    connected = cabinets["connected_year"]
    assert (connected.notna() == cabinets["is_on_central_switch"]).all()
    counts = [int(connected.le(year).sum()) for year in YEARS]
    assert counts[0] == 144
    assert (np.diff(counts) > 0).all()
    assert counts[-1] < len(cabinets)


def test_controlled_lights_of_earlier_years_follow_from_cabinets(fed, built_tables):
    yearly = built_tables["lighting.yearly"]
    stated = yearly.groupby("year")[["controlled_count", "asset_count"]].sum()
    for year in YEARS:
        then = fed["connected_year"].le(year).fillna(False) & (fed["installed_year"] <= year)
        assert stated.at[year, "controlled_count"] == then.sum(), year
    share = (stated["controlled_count"] / stated["asset_count"]).astype(float)
    assert share[2020] == pytest.approx(0.4, abs=0.03)
    assert (share.diff().dropna() > 0).all()


def test_the_core_is_controlled_most_and_the_outskirts_least(assets):
    share = assets["is_centrally_controlled"].groupby(assets["subdistrict_name"]).mean()
    assert share[CORE].min() > share.drop(CORE).median()
    assert share[OUTSKIRTS].max() < share.drop(OUTSKIRTS).min()
    assert share.idxmin() == "丁兰街道"


# --- shares --------------------------------------------------------------------------------------


def test_shares_of_subdistricts_make_up_the_districts():
    code = {name: code for code, name in district.subdistrict_names().items()}
    counts = pd.Series({code["湖滨街道"]: 900, code["丁兰街道"]: 100})
    shares = subdistrict_shares(counts, {"lit": 98.0})["lit"]
    assert np.average(shares, weights=counts) == pytest.approx(0.98)
    assert shares[code["湖滨街道"]] > 0.98 > shares[code["丁兰街道"]]


def test_shares_grow_evenly_up_to_the_last_month():
    gap = monthly_gap("led")
    assert len(gap) == len(MONTHS) == 60
    assert (gap[11], gap[23], gap[59]) == pytest.approx((0.29, 0.19, 0))
    assert (np.diff(gap) < 0).all()


# --- months of service ---------------------------------------------------------------------------


def test_lights_of_a_year_come_month_by_month():
    standing = standing_by_month(np.array([0] * 12 + [1]), np.array([2022] * 12 + [1999]), 3)
    assert list(standing[0]) == [0] * 12 + list(range(1, 13)) + [12] * 36
    assert set(standing[1]) == {1}
    assert set(standing[2]) == {0}


def test_every_cabinet_is_counted_every_month(status, cabinets):
    assert set(status["span"]) == {"month"}
    assert len(status) == 60 * len(cabinets)
    assert list(status["counted_on"].unique()) == list(
        pd.date_range("2021-01", "2025-12", freq="MS")
    )
    assert not status.duplicated(["counted_on", "cabinet_id"]).any()


def test_counts_keep_within_their_limits(built_tables):
    rows = built_tables["lighting.status"]
    counts = ["due_count", "lit_count", "fault_count", "repaired_count", "fault_night_count"]
    assert rows[counts].notna().all(axis=None)
    assert (rows[counts] >= 0).all(axis=None)
    assert (rows["lit_count"] <= rows["due_count"]).all()
    assert (rows["fault_night_count"] <= rows["counted_on"].dt.days_in_month).all()
    assert (rows.loc[rows["fault_count"] > 0, "fault_night_count"] > 0).all()
    assert ((rows["repair_hours"] > 0) == (rows["repaired_count"] > 0)).all()


def test_no_more_is_repaired_than_has_failed(status):
    running = status.sort_values("counted_on").groupby("cabinet_id")
    failed, repaired = running["fault_count"].cumsum(), running["repaired_count"].cumsum()
    assert (repaired <= failed).all()


def test_lights_due_at_a_years_end_are_those_installed_by_then(status, fed):
    for year in range(2021, 2026):
        due = status[status["counted_on"] == f"{year}-12-01"].set_index("cabinet_id")["due_count"]
        installed = fed[fed["installed_year"] <= year].groupby("cabinet_id").size()
        assert due.astype(int).to_dict() == installed.to_dict()


def test_service_gets_better_from_year_to_year(status):
    sums = yearly_sums(status, status["counted_on"])
    assert (sums["lit_count"] / sums["due_count"]).is_monotonic_increasing
    assert (sums["fault_count"] / sums["due_count"]).is_monotonic_decreasing
    hours = hours_to_repair(status, status["counted_on"].dt.year)
    assert hours.is_monotonic_decreasing
    assert (hours[2021], hours[2025]) == pytest.approx((40, 18), abs=2)


def test_repairs_take_longer_in_the_outskirts(status):
    last = status[status["counted_on"].dt.year == 2025]
    hours = hours_to_repair(last, "subdistrict_name")
    assert hours[OUTSKIRTS].min() > hours.drop(OUTSKIRTS).max()


def test_most_lights_fail_in_the_plum_rains_and_in_storms(status):
    by_month = status.groupby(status["counted_on"].dt.month).sum(numeric_only=True)
    share = (by_month["fault_count"] / by_month["due_count"]).astype(float)
    assert set(share.nlargest(4).index) >= {6, 7, 9}
    in_july = status.groupby("counted_on").sum(numeric_only=True)["fault_count"]
    assert in_july["2021-07-01"] > 1.2 * in_july["2021-06-01"]


def test_the_last_month_is_near_the_lights_state(status, assets):
    last = status[status["counted_on"] == "2025-12-01"].groupby("subdistrict_name")
    counted = last["lit_count"].sum() / last["due_count"].sum()
    state = assets["state"].eq("lit").groupby(assets["subdistrict_name"]).mean()
    assert (counted - state).abs().max() < 0.003


def test_a_few_cabinets_stand_out(status):
    last = status[status["counted_on"].dt.year == 2025]
    faults = last.groupby("cabinet_id")["fault_count"].sum().astype(int)
    assert 4 <= (faults > 3 * faults.median()).sum() <= 12
    worst = last[last["cabinet_id"].isin(faults.nlargest(5).index)]
    lit = worst["lit_count"].sum() / worst["due_count"].sum()
    assert lit < last["lit_count"].sum() / last["due_count"].sum() - 0.02


def test_window_roads_are_counted_by_street_in_the_last_year(built_tables, assets):
    rows = built_tables["lighting.status"]
    streets = rows[rows["cabinet_id"].isna()]
    assert set(streets["road_name"]) == {
        "解放东路", "富春路", "钱江路", "之江路", "天城路", "庆春东路", "新塘路", "秋涛路",
    }  # fmt: skip
    assert (streets["street_name"] == streets["road_name"]).all()
    assert set(streets["counted_on"].dt.year) == {2025}
    last = streets[streets["counted_on"] == "2025-12-01"]
    due = last.set_index(["road_name", "subdistrict_code"])["due_count"].astype(int)
    lamps = assets[assets["asset_kind"] == "street_lamp"]
    standing = lamps.groupby(["place_name", "subdistrict_code"]).size()
    assert due.to_dict() == standing.loc[list(due.index)].to_dict()


# --- energy --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "latitude", "hours"),
    [
        ("2025-06-21", 30.25, 9.9),
        ("2025-12-21", 30.25, 13.8),
        ("2025-03-20", 30.25, 11.9),
        ("2025-06-21", 0.0, 11.9),
        ("2025-12-21", 0.0, 11.9),
    ],
)
def test_nights_are_as_long_as_almanacs_say(day, latitude, hours):
    assert night_hours(pd.DatetimeIndex([day]), latitude)[0] == pytest.approx(hours, abs=0.1)


def test_every_cabinet_has_its_energy_every_month(built_tables, cabinets):
    energy = built_tables["lighting.energy"]
    assert len(energy) == 60 * len(cabinets)
    assert set(energy["cabinet_id"]) == set(cabinets["cabinet_id"])
    assert not energy.duplicated(["month", "cabinet_id"]).any()
    assert energy["energy_kwh"].min() > 0


def test_energy_falls_while_lights_grow(built_tables):
    energy = built_tables["lighting.energy"]
    used = energy.groupby(energy["month"].dt.year)["energy_kwh"].sum()
    lights = built_tables["lighting.yearly"].groupby("year")["asset_count"].sum()
    assert used.between(8e6, 12e6).all()
    assert used.is_monotonic_decreasing
    assert lights.is_monotonic_increasing


def test_long_nights_use_more_energy(built_tables):
    energy = built_tables["lighting.energy"]
    used = energy.groupby("month")["energy_kwh"].sum()
    ratio = used["2025-12-01"] / used["2025-06-01"]
    assert ratio == pytest.approx(13.8 * 31 / (9.9 * 30), rel=0.03)


# --- roads ---------------------------------------------------------------------------------------


def test_roads_are_the_larger_streets_of_the_map_by_subdistrict(roads):
    classes = ("trunk", "primary", "secondary", "tertiary")
    real = {(p.street_name, p.subdistrict_code) for p in street_pieces()
            if p.street_class in classes}  # fmt: skip
    named = set(zip(roads["road_name"], roads["subdistrict_code"], strict=True))
    assert len(named) == len(roads)
    assert named <= real
    assert (roads["street_name"] == roads["road_name"]).all()
    assert not roads["road_name"].str.contains("隧道").any()
    assert set(roads["road_class"]) == {"main", "secondary", "branch"}
    assert "丁兰街道" not in set(roads["subdistrict_name"])


def test_all_new_roads_have_lamps_and_nearly_all_others(roads):
    new = roads[roads["is_new"]]
    assert 0.2 <= len(new) / len(roads) <= 0.3
    assert new["has_lamps"].all()
    assert new["built_year"].between(2016, 2025).all()
    assert (roads.loc[~roads["is_new"], "built_year"] < 2016).all()
    without = roads[~roads["has_lamps"]]
    assert 3 <= len(without) <= 6
    assert set(without["subdistrict_name"]) <= set(OUTSKIRTS)


def test_no_lamp_stands_on_a_road_said_to_have_none(roads, assets):
    places = assets[["place_name", "subdistrict_code"]].drop_duplicates()
    lit = set(places.itertuples(index=False, name=None))
    dark = roads[~roads["has_lamps"]]
    assert not lit & set(zip(dark["road_name"], dark["subdistrict_code"], strict=True))


def test_most_roads_were_measured_and_meet_the_standard(roads):
    measured = roads[roads["meets_standard"].notna()]
    assert len(measured) / len(roads) == pytest.approx(0.8, abs=0.03)
    assert measured["has_lamps"].all()
    assert measured["measured_on"].dt.year.isin([2024, 2025]).all()
    unmeasured = roads.drop(measured.index)
    assert unmeasured[["average_lux", "measured_on"]].isna().all(axis=None)
    assert 0.9 <= measured["meets_standard"].mean() <= 0.95
    shares = measured["meets_standard"].astype(float).groupby(measured["subdistrict_name"]).mean()
    assert shares[["笕桥街道", "九堡街道"]].max() < 0.92


def test_verdicts_agree_with_the_illuminance_under_either_grade(roads):
    measured = roads.dropna(subset="average_lux")
    lower = measured["road_class"].map({"main": 20, "secondary": 15, "branch": 8})
    higher = measured["road_class"].map({"main": 30, "secondary": 20, "branch": 10})
    meets = measured["meets_standard"].astype(bool)
    assert (measured.loc[meets, "average_lux"] >= higher[meets]).all()
    assert (measured.loc[~meets, "average_lux"] < lower[~meets]).all()


# --- works and dark spots ------------------------------------------------------------------------


def test_lighting_projects(built_tables):
    projects = built_tables["lighting.projects"]
    assert projects.groupby("project_kind")["quantity"].sum().to_dict() == {
        "venue": 1, "hub": 2, "city_entrance": 2, "window_road": 8, "key_line": 3, "building": 111,
        "public_place": 8, "embankment": 1, "green_belt": 3,
    }  # fmt: skip
    assert set(projects["state"]) == {"completed"}
    assert (projects["completed_quantity"] == projects["quantity"]).all()
    assert set(projects["technique"]) == {"micro", "light", "other"}
    assert projects["project_name"].is_unique
    belt = projects[projects["project_kind"] == "green_belt"].iloc[0]
    assert to_metres(from_text(belt["geometry_json"])).length == pytest.approx(3000, abs=5)


def test_lighting_works_were_done_before_the_games(built_tables):
    projects = built_tables["lighting.projects"]
    assert projects["started_on"].min() >= pd.Timestamp("2021-06-01")
    assert projects["completed_on"].max() <= pd.Timestamp("2023-08-31")
    assert set(projects["completed_on"].dt.year) == {2021, 2022, 2023}
    assert (projects["completed_on"] - projects["started_on"]).min() >= pd.Timedelta(days=60)


def water_called(name):
    """Outline of a water area or course of a watercourse, in degrees."""
    for layer, key in (("water_areas", "water_name"), ("waterways", "waterway_name")):
        for feature in district.layer(layer):
            if feature.properties[key] == name:
                area = feature.geometry
                return shapely.boundary(area) if area.geom_type.endswith("Polygon") else area
    raise KeyError(name)


def share_along(line, water_line):
    """How much of a line lies along another one: it may pass by piers and locks."""
    along = shapely.intersection(to_metres(line), shapely.buffer(to_metres(water_line), 15))
    return along.length / to_metres(line).length


@pytest.mark.parametrize(
    ("line", "water", "subdistricts", "least_m"),
    [
        ("运河沿线", "京杭大运河", None, 3500),
        ("钱塘江沿线", "钱塘江", None, 10_000),
        ("西湖东望线", "西湖", {"湖滨街道", "清波街道"}, 4000),
    ],
)
def test_key_lines_lie_along_their_waters(built_tables, line, water, subdistricts, least_m):
    projects = built_tables["lighting.projects"].set_index("project_name")
    drawn = from_text(projects.at[line, "geometry_json"])
    assert share_along(drawn, water_called(water)) > 0.85
    assert to_metres(drawn).length >= least_m
    assert subdistricts is None or projects.at[line, "subdistrict_name"] in subdistricts


def test_lines_have_their_course_and_places_their_point(built_tables):
    projects = built_tables["lighting.projects"]
    is_line = projects["project_kind"].isin(["window_road", "key_line", "embankment", "green_belt"])
    assert (projects["geometry_json"].notna() == is_line).all()


def test_the_belt_is_the_bank_not_the_middle_of_the_river(built_tables):
    structure = built_tables["lighting.structure"]
    counts = structure["element_group"].value_counts().to_dict()
    assert counts == {"belt": 1, "corridor": 2, "axis": 3, "zone": 5}
    belt = from_text(structure.loc[structure["element_group"] == "belt", "geometry_json"].iloc[0])
    assert share_along(belt, water_called("钱塘江")) > 0.85
    zones = structure[structure["element_group"] == "zone"].set_index("element_name")
    assert not zones.loc["丁兰智慧小镇", "is_mapped"]


def test_dark_spots_of_the_plan(built_tables):
    spots = built_tables["lighting.dark_spots"]
    planned = spots[spots["found_on"] <= "2022-12-31"]
    assert len(planned) == 14
    assert (planned["fixed_on"] <= pd.Timestamp("2022-12-31")).sum() == 12
    assert (planned["fixed_on"].dt.year == 2023).sum() == 2
    assert planned["found_by"].value_counts().to_dict() == {"巡查普查": 8, "市民反映": 6}


def test_the_list_of_dark_spots_goes_on(built_tables):
    spots = built_tables["lighting.dark_spots"]
    later = spots[spots["found_on"] > "2022-12-31"]
    assert len(later) == 5
    assert set(later["found_on"].dt.year) == {2023, 2024, 2025}
    assert later["fixed_on"].isna().sum() == 2
    assert (later["fixed_on"] < later["found_on"]).sum() == 0
    assert (later["spot_kind"] == "道路").sum() == 3
    assert not in_water(spots["lon"].to_numpy(), spots["lat"].to_numpy()).any()
