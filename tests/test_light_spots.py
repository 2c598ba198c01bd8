"""Queries of the mode «盲区暗点»: registered spots, and stretches where lamps stand too far apart."""

import json

import pytest

from tests.small_lights import LAT, LON, SmallLights, line, north
from tests.small_tables import HERE, THERE, day

THERE_ROW = {"subdistrict_code": THERE, "subdistrict_name": "湖滨街道"}


def spot(found_on, fixed_on=None, **more):
    return {"found_on": day(found_on), "fixed_on": day(fixed_on)} | more


# --- spots ---------------------------------------------------------------------------------------

SPOTS = [
    spot("2021-12-01", "2022-01-10", spot_name="甲"),  # 40 days
    spot("2022-03-01", "2023-03-01", spot_name="乙"),  # 365 days
    spot("2022-12-01", spot_name="丙"),
    spot("2022-11-01", spot_name="丁", **THERE_ROW),
    spot("2024-02-01", spot_name="戊"),
]


@pytest.mark.parametrize(
    ("year", "codes", "expected"),
    [
        (2020, None, (0, 0, None, None, None, None)),
        # 甲 alone, open for 30 days until the end of the year
        (2021, None, (1, 1, 30, "甲", None, None)),
        (2022, None, (4, 3, 305, "乙", 40, 40)),
        (2022, [THERE], (1, 1, 60, "丁", None, None)),
        (2023, [HERE], (3, 1, 395, "丙", 202.5, 365)),
    ],
)
def test_spots_are_told_as_they_stand_at_the_end_of_the_year(year, codes, expected):
    found = SmallLights(spots=SPOTS).row("light_spots_summary", year=year, codes=codes)
    assert tuple(found.values()) == expected


def test_open_spots_stand_first_the_longest_first_then_those_fixed_last():
    found = SmallLights(spots=SPOTS).ask("light_spots", year=2023)
    assert [row["spot_name"] for row in found] == ["丁", "丙", "乙", "甲"]
    assert [row["is_fixed"] for row in found] == [False, False, True, True]


def test_a_spot_fixed_later_is_open_and_its_day_not_yet_known():
    found = {row["spot_name"]: row for row in SmallLights(spots=SPOTS).ask("light_spots", year=2022)}  # fmt: skip
    assert found["乙"]["fixed_on"] is None
    assert not found["乙"]["is_fixed"]
    assert found["甲"]["fixed_on"] is not None
    assert "戊" not in found


# --- candidates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit_m", "count", "length_km"),
    [(50, 3, 0.31), (80, 2, 0.25), (80.5, 1, 0.17), (200, 0, 0)],
)
def test_candidates_are_those_at_least_as_far_apart_as_chosen(limit_m, count, length_km):
    gaps = [
        {"gap_m": 60.0},
        {"gap_m": 80.0, "place_kind": "riverside"},
        {"gap_m": 170.0, "has_lamps": False},
    ]
    lights = SmallLights(gaps=gaps)
    found = lights.row("light_gaps_summary", dark_gap_m=limit_m)
    assert found["gap_count"] == count
    assert found["length_km"] == pytest.approx(length_km)
    assert found["lampless_count"] == (count > 0)
    assert found["riverside_count"] == (limit_m <= 80)
    listed = lights.ask("light_gaps", dark_gap_m=limit_m)
    assert [row["gap_m"] for row in listed] == [170, 80, 60][:count]
    text = lights.frame("light_gaps_features", dark_gap_m=limit_m).iat[0, 0]
    assert len(json.loads(text) if isinstance(text, str) else []) == count


def test_candidates_are_those_of_the_chosen_subdistricts():
    lights = SmallLights(gaps=[{}, THERE_ROW], lamps=[{}])
    assert len(lights.ask("light_gaps", codes=[THERE])) == 1
    # All subdistricts are compared, whichever is chosen.
    assert [row["gap_count"] for row in lights.ask("light_gap_lengths", codes=[HERE])] == [1, 1]


@pytest.mark.parametrize(("lamps", "lengths"), [([], [None, None]), ([{}], [0.1, 0])])
def test_without_lamps_nothing_is_known_of_gaps(lamps, lengths):
    gaps = [{"gap_m": 100.0}] if lamps else []
    found = SmallLights(gaps=gaps, lamps=lamps).ask("light_gap_lengths")
    assert [row["length_km"] for row in found] == lengths


def test_a_click_puts_the_street_or_the_river_into_focus():
    gaps = [
        {"place_name": "长街"},
        {"place_kind": "riverside", "place_name": "新塘河"},
        {"place_kind": "riverside", "place_name": "无名沟"},
    ]
    lights = SmallLights(gaps=gaps, rivers=[("R07", "新塘河")])
    assert {row["pick"] for row in lights.ask("light_gaps")} == {"street:长街", "river:R07", None}
    shown = json.loads(lights.frame("light_gaps_features").iat[0, 0])
    assert [one["properties"]["pick"] for one in shown] == ["street:长街", "river:R07", ""]


def test_a_street_without_any_lamp_is_told_apart():
    gaps = [{"has_lamps": False, "gap_m": 150.0}, {"gap_m": 120.0}]
    shown = json.loads(SmallLights(gaps=gaps).frame("light_gaps_features").iat[0, 0])
    assert [one["properties"]["lit"] for one in shown] == [False, True]
    assert "全段无灯，长 150 米" in shown[0]["properties"]["tip"]
    assert "间距 120 米" in shown[1]["properties"]["tip"]


# --- registered spots near candidates ------------------------------------------------------------

BENT = line((LON, LAT), (LON + 0.01, LAT), (LON + 0.01, north(1000)))
"""960 metres east, then 1,000 north."""


@pytest.mark.parametrize(
    ("lon", "lat", "is_near"),
    [
        (LON + 0.004, north(-95), True),
        (LON + 0.004, north(-105), False),
        # Beyond an end it is the end that counts: 0.001° there are 96 metres.
        (LON - 0.001, LAT, True),
        (LON - 0.0011, LAT, False),
        (LON + 0.0109, north(700), True),
        # Between the arms of the bend, near neither.
        (LON + 0.005, north(500), False),
    ],
    ids=["beside", "too far", "beyond the end", "farther", "second arm", "between"],
)
def test_a_spot_is_near_by_its_distance_from_the_stretch(lon, lat, is_near):
    lights = SmallLights(gaps=[{"geometry_json": BENT}], spots=[{"lon": lon, "lat": lat}])
    assert (lights.row("light_gaps")["spot_id"] is not None) == is_near


def test_of_spots_near_a_candidate_the_nearest_is_told_as_it_stands_in_the_year():
    spots = [
        spot("2022-01-01", lat=north(60), spot_name="远"),
        spot("2023-01-01", "2024-06-01", lat=north(20), spot_name="近"),
    ]
    lights = SmallLights(gaps=[{}], spots=spots)
    expected = {2021: (None, None), 2022: ("远", False), 2023: ("近", False), 2024: ("近", True)}
    for year, told in expected.items():
        found = lights.row("light_gaps", year=year)
        assert (found["spot_name"], found["is_fixed"]) == told, year


def test_a_spot_near_two_candidates_is_told_of_both_and_no_candidate_stands_twice():
    lights = SmallLights(gaps=[{}, {}], spots=[{}, {"lat": north(5)}])
    assert [row["spot_name"] for row in lights.ask("light_gaps")] == ["暗点0", "暗点0"]
