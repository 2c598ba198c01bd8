"""What mode «设施与能耗» counts: its queries over a few hand-made rows, its sums, words and tables."""

import json

import pandas as pd
import pytest

from tests.small_light_service import SmallService
from tests.small_tables import HERE, THERE, day
from ui import light_service_words
from ui.light_service_counts import by_subdistrict, change_pct, pct, ratio, year_kwh_per_lamp
from ui.light_service_tables import by_month

# --- counts of the small registers ---------------------------------------------------------------


def counted(small, code=HERE, **given):
    return small.by_id("light_service_counts", "subdistrict_code", **given)[code]


def told(row, *names):
    """Values of some columns; their names are told without the «_count» that all end with."""
    return tuple(row[name if name in row else f"{name}_count"] for name in names)


def test_shares_of_lamps_are_made_of_those_filled_in():
    small = SmallService(
        yearly=[
            {"asset_count": 100, "led_count": 80, "controlled_count": None},
            {"asset_kind": "ground_lamp", "asset_count": 10, "led_count": 10, "controlled_count": 4},
            {"asset_kind": "scenery_light", "asset_count": 20, "led_count": None, "controlled_count": 5},
            {"year": 2024, "asset_count": 50, "led_count": 1, "controlled_count": 1},
        ]
    )  # fmt: skip
    row = counted(small)
    assert told(row, "lamp", "controlled", "controlled_known") == (130, 9, 30)
    assert told(row, "street_lamp", "led", "led_known") == (100, 80, 100)
    assert row["road_controlled_count"] is None
    assert row["road_controlled_known_count"] is None


def test_where_nothing_is_registered_there_is_no_count():
    row = counted(SmallService(roads=[{}]), THERE)
    counts = {k: v for k, v in row.items() if k.endswith("_count")}
    assert len(counts) > 15
    assert set(counts.values()) == {None}


ROADS = [
    {"is_new": True, "built_year": 2024},
    {"is_new": True, "built_year": 2025, "has_lamps": False},
    {"is_new": False, "meets_standard": True, "measured_on": day("2024-05-01")},
    {"is_new": None, "meets_standard": False, "measured_on": day("2025-05-01")},
    {"is_new": False, "meets_standard": True},
    {"subdistrict_code": None, "is_new": True, "meets_standard": False},
]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2025, {"road_count": 5, "new_known_count": 4, "new_count": 2, "new_equipped_count": 1,
                "unequipped_count": 1, "measured_count": 3, "meeting_count": 2}),
        (2024, {"road_count": 4, "new_known_count": 3, "new_count": 1, "new_equipped_count": 1,
                "unequipped_count": 0, "measured_count": 2, "meeting_count": 2}),
        (2023, {"road_count": 3, "new_known_count": 2, "new_count": 0, "new_equipped_count": 0,
                "unequipped_count": 0, "measured_count": 1, "meeting_count": 1}),
    ],
)  # fmt: skip
def test_roads_count_from_their_building_and_their_test_on(year, expected):
    row = counted(SmallService(roads=ROADS), year=year)
    assert {name: row[name] for name in expected} == expected


def test_a_road_without_subdistrict_counts_for_the_whole_district_alone():
    row = counted(SmallService(roads=ROADS), None)
    assert told(row, "road", "new", "measured", "meeting") == (1, 1, 1, 0)
    assert row["lamp_count"] is None


@pytest.mark.parametrize(("year", "connected"), [(2025, 3), (2022, 2), (2020, 1)])
def test_a_cabinet_is_connected_from_its_year_on(year, connected):
    small = SmallService(
        cabinets=[
            {"is_on_central_switch": True, "connected_year": 2025},
            {"is_on_central_switch": True, "connected_year": 2021},
            {"is_on_central_switch": True},
            {"is_on_central_switch": False},
            {"is_on_central_switch": None},
        ]
    )
    row = counted(small, year=year)
    assert told(row, "cabinet", "switch_known", "connected", "undated") == (5, 4, connected, 1)


def test_lamps_by_kind_are_those_of_the_chosen_subdistricts():
    small = SmallService(
        yearly=[
            {"asset_count": 100, "lit_count": 90, "sound_count": None},
            {"subdistrict_code": THERE, "asset_count": 30, "lit_count": None, "sound_count": 20},
        ]
    )
    (row,) = small.ask("light_service_kinds")
    assert told(row, "lamp", "lit", "lit_known", "sound", "sound_known") == (130, 90, 100, 20, 30)
    (row,) = small.ask("light_service_kinds", codes=[THERE])
    assert told(row, "lamp", "lit", "led") == (30, None, None)


def test_rates_of_a_year_rest_on_what_is_filled_in():
    small = SmallService(
        yearly=[
            {"year": 2024, "asset_count": 100, "led_count": 25, "controlled_count": None},
            {"year": 2025, "asset_count": 100, "led_count": None, "controlled_count": 40},
            {"year": 2025, "asset_count": 100, "led_count": 50, "subdistrict_code": THERE},
        ]
    )
    found = {r["year"]: (r["led_rate_pct"], r["central_control_rate_pct"])
             for r in small.ask("light_service_by_year")}  # fmt: skip
    assert found == {2024: (25.0, None), 2025: (50.0, 40.0)}


# --- roads with their lamps ----------------------------------------------------------------------

LONG = {"road_name": "长街（东段）", "street_name": "长街"}
LAMPS = [
    {"place_name": "长街", "is_led": True},
    {"place_name": "长街", "is_led": False},
    {"place_name": "长街", "is_led": None},
    {"place_name": "长街", "is_led": True, "installed_year": 2025},
    {"place_name": "长街", "is_led": True, "asset_kind": "scenery_light"},
    {"place_name": "长街", "is_led": True, "subdistrict_code": THERE},
    {"place_name": "短街", "is_led": True},
    {"place_name": None, "is_led": True},
]


def lamps_of(road, year=2025):
    (row,) = SmallService(lamps=LAMPS, roads=[road]).ask("light_service_roads", year=year)
    return row["lamp_count"], row["led_known_count"], row["led_count"]


@pytest.mark.parametrize(
    ("road", "found"),
    [
        (LONG, (4, 3, 2)),
        (LONG | {"subdistrict_code": THERE}, (1, 1, 1)),
        (LONG | {"subdistrict_code": None}, (5, 4, 3)),
        ({"road_name": "短街", "street_name": None}, (1, 1, 1)),
        ({"road_name": "无灯街"}, (None, None, None)),
    ],
    ids=["here", "there", "in no subdistrict", "on no map", "without lamps"],
)
def test_lamps_stand_on_the_road_of_their_place_name(road, found):
    assert lamps_of(road) == found


def test_led_is_known_of_the_present_alone():
    assert lamps_of(LONG, 2024) == (3, None, None)


@pytest.mark.parametrize(
    ("road", "year", "state"),
    [
        ({"meets_standard": True}, 2020, "met"),
        ({"meets_standard": False, "measured_on": day("2025-02-01")}, 2025, "below"),
        ({"meets_standard": False, "measured_on": day("2025-02-01")}, 2024, "untested"),
        ({}, 2025, "untested"),
        ({"has_lamps": False, "meets_standard": False}, 2025, "dark"),
    ],
)
def test_how_a_road_is_lit(road, year, state):
    small = SmallService(roads=[road | {"average_lux": 9.5}])
    (row,) = small.ask("light_service_roads", year=year)
    assert row["state"] == state
    assert (row["average_lux"] is None) == (state == "untested")


def test_roads_that_want_something_come_first_and_unbuilt_ones_not_at_all():
    small = SmallService(
        roads=[
            {"road_name": "一", "meets_standard": True},
            {"road_name": "二"},
            {"road_name": "三", "has_lamps": False},
            {"road_name": "四", "meets_standard": False},
            {"road_name": "五", "meets_standard": False, "built_year": 2025},
        ]
    )
    found = [row["road_name"] for row in small.ask("light_service_roads", year=2024)]
    assert found == ["四", "三", "二", "一"]


def test_a_road_lies_on_the_pieces_of_its_street_in_its_subdistrict():
    streets = [("长街", HERE), ("长街", THERE), ("短街", HERE)]
    roads = [LONG, LONG | {"subdistrict_code": None}, {"street_name": None}]
    small = SmallService(roads=roads, streets=streets)
    found = [(r["road_id"], r["is_chosen"]) for r in small.ask("light_service_road_pieces", codes=[HERE])]  # fmt: skip
    assert found == [("R0", True), ("R1", True), ("R1", False)]


# --- cabinets and energy -------------------------------------------------------------------------


def test_lamps_of_a_cabinet_are_counted_now_and_a_year_before():
    fed = {"cabinet_id": "K0"}
    lamps = [fed, fed | {"installed_year": 2025}, fed | {"installed_year": 2024}, {"cabinet_id": "X"}, {}]  # fmt: skip
    small = SmallService(lamps=lamps, cabinets=[{}, {}])
    found = small.by_id("light_service_cabinets", "cabinet_id")
    assert told(found["K0"], "lamp", "lamp_before") == (3, 2)
    assert found["K1"]["lamp_count"] is None
    found = small.by_id("light_service_cabinets", "cabinet_id", year=2023)
    assert told(found["K0"], "lamp", "lamp_before") == (1, 1)


def test_energy_is_compared_over_months_known_in_both_years():
    small = SmallService(
        cabinets=[{}, {}],
        energy=[
            ("K0", "2025-01", 90), ("K0", "2025-02", 80), ("K0", "2024-02", 100), ("K0", "2024-03", 70),
            ("K0", "2023-01", 999), ("K1", "2025-01", 5),
        ],
    )  # fmt: skip
    found = small.by_id("light_service_cabinets", "cabinet_id")
    names = ("energy_kwh", "month", "before_kwh", "before_month", "like_kwh", "like_before_kwh")
    assert told(found["K0"], *names) == (170, 2, 170, 2, 80, 100)
    assert told(found["K1"], *names) == (5, 1, None, 0, None, None)


@pytest.mark.parametrize(
    ("cabinet", "year", "expected"),
    [
        ({"is_on_central_switch": True, "connected_year": 2024}, 2025, (True, 2024)),
        ({"is_on_central_switch": True, "connected_year": 2024}, 2023, (False, None)),
        ({"is_on_central_switch": True}, 2020, (True, None)),
        ({"is_on_central_switch": None}, 2025, (None, None)),
    ],
)
def test_a_cabinet_tells_its_year_once_it_has_come(cabinet, year, expected):
    (row,) = SmallService(cabinets=[cabinet]).ask("light_service_cabinets", year=year)
    assert (row["is_connected"], row["connected_year"]) == expected


def test_energy_adds_up_by_subdistrict_and_month_of_two_years():
    small = SmallService(
        cabinets=[{}, {}, {"subdistrict_code": THERE}],
        energy=[("K0", "2025-01", 1), ("K1", "2025-01", 2), ("K2", "2024-12", 4), ("K2", "2023-12", 8)],
    )  # fmt: skip
    found = small.frame("light_service_energy")
    assert [
        (row.subdistrict_code, f"{row.month:%Y-%m}", row.energy_kwh) for row in found.itertuples()
    ] == [(HERE, "2025-01", 3), (THERE, "2024-12", 4)]


# --- poles ---------------------------------------------------------------------------------------

POLES = SmallService(
    lamps=[
        {"has_5g_station": True, "has_sensor": True, "place_name": "长街"},
        {"has_5g_station": True, "has_sensor": False},
        {"has_sensor": True},
        {"has_5g_station": False, "has_sensor": False},
        {},
        {"has_5g_station": True, "subdistrict_code": THERE},
    ]
)


def test_a_pole_that_carries_both_counts_once():
    row = POLES.by_id("light_service_poles", "subdistrict_code")[HERE]
    assert told(row, "lamp", "known", "pole", "station", "sensor") == (5, 4, 3, 2, 2)


def test_poles_on_the_map_say_what_they_carry():
    (text,) = POLES.row("light_service_pole_points", codes=[HERE]).values()
    points = json.loads(text)
    assert [(point["k"], point["pick"]) for point in points] == [
        ("both", "lamp:L0"), ("5g", "lamp:L1"), ("sensor", "lamp:L2"),
    ]  # fmt: skip
    assert points[0]["tip"] == "长街\n5G 基站、感知设备"
    assert points[1]["tip"] == "清波街道\n5G 基站"


def test_what_poles_carried_in_earlier_years_is_not_known():
    assert POLES.ask("light_service_poles", year=2024) == []
    assert list(POLES.row("light_service_pole_points", year=2024).values()) == [None]


# --- what is made of the counts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 4, 25.0), (0, 4, 0.0), (0, 0, None), (None, 4, None), (1, None, None)],
)
def test_a_share_of_nothing_or_the_unknown_is_missing(part, whole, expected):
    assert pct(part, whole) == expected
    assert ratio(part, whole) == (None if expected is None else expected / 100)


@pytest.mark.parametrize(
    ("now", "before", "expected"), [(90, 100, -10), (5, 0, None), (None, 5, None), (5, None, None)]
)
def test_change_against_the_year_before(now, before, expected):
    found = change_pct(now, before)
    assert found is None if expected is None else found == pytest.approx(expected)


def test_a_subdistrict_without_anything_has_no_measure():
    names = ("controlled", "led")
    frame = pd.DataFrame(
        {"subdistrict_code": [HERE, THERE, None]}
        | {f"{n}_name": ["甲", "乙", None] for n in ("subdistrict", "short")}
        | {f"{n}_count": [1.0, None, None] for n in names} | {f"{n}_known_count": [4.0, 0.0, None] for n in names}
        | {"meeting_count": [0.0, None, 1.0], "measured_count": [2.0, None, 1.0],
           "full_kwh": [500.0, None, None], "full_lamp_count": [2.0, None, None], "pole_count": [0.0, None, None]}
    )  # fmt: skip
    found = by_subdistrict(frame).set_index("short_name")
    assert list(found.index) == ["甲", "乙"]
    assert found.loc["甲"].iloc[2:].tolist() == [25.0, 25.0, 0.0, 250.0, 0.0]
    assert found.loc["乙"].iloc[2:].isna().all()


@pytest.mark.parametrize(
    ("months", "lamps", "expected"), [(12, 4, 250.0), (11, 4, None), (12, None, None)]
)
def test_energy_of_a_lamp_wants_all_months_and_a_lamp(months, lamps, expected):
    cabinets = pd.DataFrame(
        {"energy_kwh": [1000.0], "month_count": [months], "lamp_count": [lamps]}
    )
    found = year_kwh_per_lamp(cabinets.astype({"lamp_count": float})).iloc[0]
    assert pd.isna(found) if expected is None else found == expected


@pytest.mark.parametrize(
    ("months", "text"),
    [([], ""), ([3], "3 月"), ([1, 2, 3], "1–3 月"), ([1, 3], "2 个月"), ([4, 5], "4–5 月")],
)
def test_months_as_people_say_them(months, text):
    assert light_service_words.months_text(months) == text


def test_energy_by_month_leaves_unknown_months_open():
    frame = pd.DataFrame(
        [(HERE, "2025-01-01", 2000.0), (HERE, "2025-12-01", 1000.0), (HERE, "2024-12-01", 500.0),
         (THERE, "2024-12-01", 500.0)],
        columns=["subdistrict_code", "month", "energy_kwh"],
    ).assign(subdistrict_name="清波街道", source_kind="register")  # fmt: skip
    (row,) = by_month(frame, 2025).to_dict("records")
    assert (row["m1"], row["m12"], row["whole"], row["before"]) == (2.0, 1.0, 3.0, 0.5)
    assert pd.isna(row["m2"])
    assert by_month(frame, 2023).empty
