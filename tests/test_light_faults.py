"""Queries of the mode «故障»: what is counted at cabinets and roads, worked out by hand."""

import json

import pytest

from tests.small_lights import SmallLights
from tests.small_tables import HERE, THERE, day


def at(cabinet_id, counted_on="2025-12-01", **counts):
    return {"cabinet_id": cabinet_id, "counted_on": day(counted_on)} | counts


def along(road_name, counted_on="2025-12-01", **counts):
    return {"road_name": road_name, "counted_on": day(counted_on)} | counts


def night(cabinet_id, counted_on, lit_count, **counts):
    """A count of a single night of 100 lamps."""
    return at(cabinet_id, counted_on, span="day", lit_count=lit_count, **counts)


def of_year(counts, year=2025, codes=None, of=None):
    """What is counted of a year as the page of ``year`` tells it; None if nothing."""
    told = SmallLights(counts).ask("light_fault_years", year=year, codes=codes)
    return next((row for row in told if row["year"] == (of or year)), None)


# --- what adds up --------------------------------------------------------------------------------


def test_nothing_counted_is_no_row():
    assert of_year([]) is None
    assert of_year([at("KZ1")], year=2024) is None
    assert of_year([at("KZ1")], codes=[THERE]) is None


@pytest.mark.parametrize(
    ("counts", "due", "faults", "cabinets", "roads"),
    [
        ([at("KZ1", fault_count=2), at("KZ2", fault_count=3)], 200, 5, 2, 0),
        # The lamps of a road are counted at the cabinets of its subdistrict already …
        ([at("KZ1", fault_count=2), along("长街", fault_count=9)], 100, 2, 1, 0),
        # … but not at those of another,
        ([at("KZ3", fault_count=2), along("长街", fault_count=9)], 200, 11, 1, 1),
        # nor at what is counted in another year only.
        ([at("KZ1", "2024-12-01", fault_count=2), along("长街", fault_count=9)], 100, 9, 0, 1),
        ([along("长街", fault_count=1), along("短街", fault_count=4)], 200, 5, 0, 2),
    ],
    ids=["cabinets", "road beside", "road elsewhere", "cabinets of another year", "roads"],
)  # fmt: skip
def test_lamps_are_counted_once(counts, due, faults, cabinets, roads):
    found = of_year(counts)
    assert (found["due_count"], found["fault_count"]) == (due, faults)
    assert (found["cabinet_count"], found["road_count"]) == (cabinets, roads)


def test_a_road_of_two_subdistricts_is_counted_in_each():
    there = {"subdistrict_code": THERE, "subdistrict_name": "湖滨街道"}
    found = of_year([along("长街", due_count=60), along("长街", due_count=40) | there])
    assert (found["road_count"], found["due_count"]) == (2, 100)


# --- the lit rate --------------------------------------------------------------------------------


def test_the_lit_rate_is_of_the_latest_month_of_the_chosen_subdistricts():
    counts = [
        at("KZ1", "2025-10-01", lit_count=90),
        at("KZ1", "2025-11-01", lit_count=97),
        at("KZ3", "2025-12-01", lit_count=99),
    ]
    whole, here = of_year(counts), of_year(counts, codes=[HERE])
    assert (whole["latest_month"].month, whole["lit_rate_pct"]) == (12, 99)
    assert (here["latest_month"].month, here["lit_rate_pct"]) == (11, 97)
    # Of two cabinets counted in the year one is in its latest month.
    assert (whole["latest_count"], whole["cabinet_count"]) == (1, 2)


def test_a_month_without_lamps_due_has_no_rate():
    assert of_year([at("KZ1", due_count=0, lit_count=0)])["lit_rate_pct"] is None


def test_nights_of_a_month_are_averaged_and_those_with_a_fault_counted():
    found = of_year(
        [night("KZ1", "2025-12-03", 90), night("KZ1", "2025-12-04", 100), at("KZ2", lit_count=95)]
    )
    assert (found["due_count"], found["lit_count"]) == (200, 190)
    assert found["fault_night_count"] == 1


def test_nights_do_not_count_beside_their_month():
    nights = [night("KZ1", f"2025-12-{day:02}", 10, fault_count=3) for day in (8, 9)]
    found = of_year([at("KZ1", lit_count=98, fault_count=3), *nights])
    assert (found["lit_rate_pct"], found["fault_count"]) == (98, 3)


def test_months_that_are_missing_are_missing():
    counts = [at("KZ1", "2025-01-01", fault_count=4), at("KZ1", "2025-03-01", lit_count=50)]
    found = SmallLights(counts).ask("light_fault_months")
    assert [row["month"].month for row in found] == [1, 3]
    assert [row["lit_rate_pct"] for row in found] == [100, 50]
    assert [row["fault_count"] for row in found] == [4, None]


# --- faults and repairs --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "hours", "share"),
    [
        # 30 hours of 4 repairs, of 5 faults
        ([at("KZ1", fault_count=2, repaired_count=1, repair_hours=6),
          at("KZ2", fault_count=3, repaired_count=3, repair_hours=24)], 7.5, 80),
        # repairs without hours, and hours without repairs, say nothing of how long one takes
        ([at("KZ1", fault_count=2, repaired_count=2, repair_hours=6), at("KZ2", fault_count=2, repaired_count=9),
          at("KZ3", fault_count=0, repair_hours=99)], 3, 275),
        ([at("KZ1", fault_count=2, repaired_count=0, repair_hours=0)], None, 0),
        ([at("KZ1", fault_count=0, repaired_count=1, repair_hours=5)], 5, None),
        ([at("KZ1", fault_count=2), at("KZ2", repaired_count=2)], None, None),
        ([at("KZ1")], None, None),
    ],
    ids=["all filled in", "hours missing", "none repaired", "no fault", "apart", "nothing"],
)  # fmt: skip
def test_repairs_are_rated_by_what_is_filled_in(counts, hours, share):
    found = of_year(counts)
    assert (found["mean_repair_hours"], found["repaired_pct"]) == (hours, share)


def test_what_is_not_filled_in_is_told_and_is_not_zero():
    found = of_year([at("KZ1", fault_count=2, fault_night_count=4), at("KZ2"), at("KZ3", fault_count=1)])  # fmt: skip
    assert (found["fault_count"], found["fault_known"], found["row_count"]) == (3, 2, 3)
    assert (found["fault_night_count"], found["nights_known"]) == (4, 1)
    assert found["repaired_count"] is None
    assert (found["repaired_known"], found["hours_known"]) == (0, 0)


def test_the_year_before_is_told_of_the_same_months():
    counts = [
        *(at("KZ1", f"2024-{month:02}-01", fault_count=10) for month in range(1, 13)),
        *(at("KZ1", f"2025-{month:02}-01", fault_count=1) for month in (1, 2, 3)),
    ]
    assert of_year(counts)["fault_count"] == 3
    before = of_year(counts, of=2024)
    assert (before["fault_count"], before["latest_month"].month) == (30, 3)
    assert of_year(counts, year=2024)["fault_count"] == 120


def test_subdistricts_are_compared_in_the_latest_month_of_the_chosen_ones():
    counts = [
        at("KZ1", "2025-11-01", lit_count=91, repaired_count=2, repair_hours=8),
        at("KZ3", "2025-11-01", lit_count=92, fault_count=7),
        at("KZ3", "2025-12-01", lit_count=93, fault_count=1),
    ]
    lights = SmallLights(counts)
    for codes, rates in ((None, [None, 93]), ([HERE], [91, 92])):
        found = lights.ask("light_faults_by_subdistrict", codes=codes)
        assert [row["lit_rate_pct"] for row in found] == rates
        assert [row["mean_repair_hours"] for row in found] == [4, None]
        assert [row["fault_count"] for row in found] == [None, 8]


def test_lamps_that_are_out_are_counted_where_the_state_of_all_is_filled_in():
    there = {"subdistrict_code": THERE, "subdistrict_name": "湖滨街道"}
    lamps = [{"state": "unlit"}, {"state": "lit"}, {"state": "unlit", "installed_year": 2024}]
    for more, unlit in (([], [2, None]), ([{"state": None}], [None, None]), ([there], [2, 0])):
        found = SmallLights(lamps=[*lamps, *more]).ask("light_faults_by_subdistrict")
        assert [row["unlit_count"] for row in found] == unlit
    early = SmallLights(lamps=lamps).ask("light_faults_by_subdistrict", year=2023)
    assert [row["unlit_count"] for row in early] == [1, None]


# --- cabinets and roads --------------------------------------------------------------------------


def test_cabinets_stand_with_the_most_lamps_out_first_and_those_not_counted_last():
    lights = SmallLights([at("KZ2", lit_count=95), at("KZ3", lit_count=90, fault_count=2)])
    found = lights.ask("light_fault_cabinets")
    assert [row["cabinet_id"] for row in found] == ["KZ3", "KZ2", "KZ1"]
    assert [row["unlit_count"] for row in found] == [10, 5, None]
    assert [row["fault_count"] for row in found] == [2, None, None]
    here = lights.ask("light_fault_cabinets", codes=[HERE])
    assert [row["cabinet_id"] for row in here] == ["KZ2", "KZ1"]


@pytest.mark.parametrize(("due", "rate"), [(30, 90), (29, None), (0, None)])
def test_few_lamps_have_no_rate(due, rate):
    lamps = {"due_count": due, "lit_count": due * 9 // 10}
    lights = SmallLights(
        [at("KZ1", **lamps), along("长街", **lamps)], cabinets=[{"cabinet_id": "KZ1"}]
    )
    for name in ("light_fault_cabinets", "light_fault_roads"):
        assert lights.row(name)["lit_rate_pct"] == rate


@pytest.mark.parametrize(
    ("cabinet", "connected"),
    [
        ({"is_on_central_switch": True, "connected_year": 2024}, [False, True]),
        ({"is_on_central_switch": True}, [True, True]),
        ({"is_on_central_switch": False}, [False, False]),
        ({}, [None, None]),
    ],
    ids=["since 2024", "year missing", "not", "not filled in"],
)
def test_a_cabinet_is_on_the_central_switch_from_its_year_on(cabinet, connected):
    lights = SmallLights(cabinets=[{"cabinet_id": "KZ1"} | cabinet])
    assert [lights.row("light_fault_cabinets", year=y)["is_connected"] for y in (2023, 2024)] == connected  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "low", "out"),
    [
        ([at("KZ1", due_count=1000, lit_count=981)], False, 19),
        # The plan wants more than 98 %.
        ([at("KZ1", due_count=1000, lit_count=980)], True, 20),
        ([at("KZ1", due_count=29, lit_count=9)], False, 20),
        ([at("KZ1", due_count=0, lit_count=0)], False, 0),
        ([], False, 0),
    ],
    ids=["above", "at", "few lamps", "none due", "not counted"],
)
def test_cabinets_below_the_target_stand_out_on_the_map(counts, low, out):
    lights = SmallLights(counts, cabinets=[{"cabinet_id": "KZ1"}])
    (shown,) = json.loads(lights.frame("light_cabinet_points").iat[0, 0])
    assert (shown["low"], shown["n"], shown["pick"]) == (low, out, "cabinet:KZ1")


def test_roads_stand_with_the_lowest_rate_first_each_in_its_latest_month():
    counts = [
        along("长街", "2025-10-01", lit_count=10, fault_count=1),
        along("长街", "2025-12-01", lit_count=99, fault_count=2, repaired_count=2, repair_hours=9),
        along("短街", "2025-11-01", lit_count=98),
        along("小巷", due_count=10, lit_count=1),
        at("KZ1"),
    ]
    found = SmallLights(counts).ask("light_fault_roads")
    assert [row["road_name"] for row in found] == ["短街", "长街", "小巷"]
    assert [row["lit_rate_pct"] for row in found] == [98, 99, None]
    assert [row["unlit_count"] for row in found] == [2, 1, 9]
    assert [row["fault_count"] for row in found] == [None, 3, None]
    assert found[1]["mean_repair_hours"] == 4.5
    assert SmallLights(counts).ask("light_fault_roads", codes=[THERE]) == []
