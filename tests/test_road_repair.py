"""Roads repaired for the Asian Games: their state at a year's end, what is late, where they lie, what
the plan alone says, and the page."""

import re

import pandas as pd
import pytest

from data.snapshot import publish, write_snapshot
from tests.reading import ONE, TWO, WHOLE, View
from tests.small_streets import SmallStreets
from tests.small_tables import HERE, THERE, day
from ui.street_repair import spans_html

ATTACK = "<img src=x onerror=alert(1)>"
NAMED = {
    "清泰街", "钱江路", "解放东路", "富春路", "环站东路", "天城路", "之江路", "钱潮路",
    "洋泮路", "海月路", "化仙桥路", "建华路", "鸿泰路", "备塘路", "皮市巷", "马市街", "佑圣观路",
}  # fmt: skip
"""The roads that 专栏 1 names, read from the plan."""
places = pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])


def repair(year=2025, **given):
    """One road as the queries give it at the end of a year."""
    return SmallStreets(repairs=[given]).row("repair_roads", year=year)


def began(start, end=None, state=None, plan_year=2021):
    return {"started_on": day(start), "completed_on": day(end), "plan_year": plan_year,
            "state": state or ("completed" if end else "under_construction")}  # fmt: skip


@pytest.fixture
def seen(site):
    """The street page's repairs under keys of the address."""
    return lambda codes=WHOLE, **query: View(
        site.open("streets", show="repair", **({"sub": list(codes)} if codes else {}), **query)
    )


# --- states and what is late ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "year", "state"),
    [
        (began("2021-01-01", "2021-12-31"), 2020, "planned"),
        (began("2021-01-01", "2021-12-31"), 2021, "completed"),
        (began("2021-12-31", "2022-01-01"), 2021, "under_construction"),
        (began("2021-12-31", "2022-01-01"), 2022, "completed"),
        (began(None, None, "planned"), 2022, "planned"),
        (began(None, None, "suspended"), 2025, "suspended"),
        ({"state": None}, 2025, "unreported"),
        ({"state": "completed"}, 2025, "completed"),
    ],
)
def test_a_road_stands_as_it_did_at_the_end_of_the_year(given, year, state):
    found = repair(year, **given)
    assert found["state"] == state
    ended = found["completed_on"]
    assert ended is None or int(ended[:4]) <= year


@pytest.mark.parametrize(
    ("given", "year", "is_overdue", "is_done_late"),
    [
        (began(None, None, "planned"), 2020, False, False),
        (began(None, None, "planned"), 2021, True, False),
        (began(None, None, "planned", 2022), 2021, False, False),
        (began("2021-06-01"), 2021, False, False),
        (began("2021-06-01"), 2022, True, False),
        (began("2021-06-01", "2022-12-31"), 2022, False, False),
        (began("2021-06-01", "2023-01-01"), 2022, True, False),
        (began("2021-06-01", "2023-01-01"), 2023, False, True),
        (began(None, None, "planned", None), 2021, False, False),
        ({"state": None}, 2025, False, False),
        ({"state": "completed"}, 2025, False, False),
    ],
)
def test_late_is_what_the_plans_years_make_late(given, year, is_overdue, is_done_late):
    found = repair(year, **given)
    assert (found["is_overdue"], found["is_done_late"]) == (is_overdue, is_done_late)


# --- where they lie ------------------------------------------------------------------------------

STREETS = [
    ("长街", "primary", HERE, 1000),
    ("长街", "tertiary", THERE, 500),
    ("短巷", "residential", THERE, 300),
]
ON_STREETS = [
    {"road_name": "长街", "street_name": "长街", "name_match": "exact", "state": "completed"},
    {"road_name": "俗名巷", "street_name": "短巷", "name_match": "alias", "state": "completed"},
    {"road_name": "无名路", "state": "completed"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "roads"),
    [
        (None, {"长街", "俗名巷", "无名路"}),
        ([HERE], {"长街"}),
        ([THERE], {"长街", "俗名巷"}),
        ([HERE, THERE], {"长街", "俗名巷"}),
        (["330102018"], set()),
    ],
)
def test_a_road_belongs_to_every_subdistrict_its_street_crosses(codes, roads):
    register = SmallStreets(STREETS, ON_STREETS)
    assert {row["road_name"] for row in register.ask("repair_roads", codes=codes)} == roads
    assert register.ask("repair_by_year", codes=codes)[-1]["completed_count"] == len(roads)


def test_the_length_is_that_of_the_whole_street_in_all_its_classes():
    found = {row["road_name"]: row for row in SmallStreets(STREETS, ON_STREETS).ask("repair_roads")}
    assert (found["长街"]["mapped_km"], found["长街"]["places"]) == (1.5, "清波、湖滨")
    assert (found["无名路"]["mapped_km"], found["无名路"]["is_mapped"]) == (None, False)


def test_subdistricts_count_the_roads_that_cross_them():
    register = SmallStreets(STREETS, [*ON_STREETS, ON_STREETS[0] | {"road_id": "Y", "state": None}])
    found = {row["short_name"]: (row["road_count"], row["completed_count"])
             for row in register.ask("repair_places")}  # fmt: skip
    assert found == {"清波": (2, 1), "湖滨": (3, 2)}


def test_two_repairs_of_one_street_are_drawn_once():
    register = SmallStreets(STREETS, [ON_STREETS[0], ON_STREETS[0] | {"road_id": "Y"}])
    assert len(register.ask("repair_roads")) == 2
    assert len(register.ask("repair_pieces")) == 2


# --- without a register --------------------------------------------------------------------------

PLANNED = [
    {"project_id": "R01", "project_name": "长街修缮", "project_kind": "road", "quantity": 1.0,
     "plan_start_year": 2021, "clause": "box1", "source_kind": "plan"},
    {"project_id": "R18", "project_name": "其余 37 条未列名道路修缮", "project_kind": "road",
     "quantity": 37.0, "plan_start_year": 2021, "clause": "box1", "source_kind": "plan"},
    {"project_id": "V01", "project_name": "长街河修缮", "project_kind": "river", "quantity": 1.0,
     "clause": "box1", "source_kind": "plan"},
]  # fmt: skip


def test_without_a_register_the_plan_names_its_roads_and_counts_the_others():
    found = SmallStreets(STREETS, projects=PLANNED).ask("repair_roads")
    assert [(r["road_name"], r["road_count"], r["state"], r["is_mapped"]) for r in found] == [
        ("长街", 1, "unreported", True), ("其余 37 条未列名道路", 37, "unreported", False),
    ]  # fmt: skip
    assert len(SmallStreets(STREETS, projects=PLANNED).ask("repair_pieces")) == 2


def test_a_register_replaces_the_plans_list_wholly():
    register = SmallStreets(STREETS, ON_STREETS[1:2], projects=PLANNED)
    assert [row["road_name"] for row in register.ask("repair_roads")] == ["俗名巷"]
    assert {row["street_name"] for row in register.ask("repair_pieces")} == {"短巷"}


def test_the_bare_page_lists_the_plans_roads_as_waiting(bare):
    view = View(bare.open("streets", show="repair"))
    assert not view.failures
    done = view.cards["修缮完工"]
    assert done.number is None and "待填报" in done.status and "54 条" in done.status
    assert view.cards["2021 年计划 · 已开工"].number is None
    assert "列名修缮道路 17 条，另 37 条未列名" in view.text
    assert {*view.rows["道路"]} >= NAMED
    assert set(view.rows["状态"]) == {"○ 待填报"}
    assert len(view.layer("road-repairs")) > 10


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2020, 2021, 2022, 2025])
@places
def test_the_figures_are_what_sql_finds(seen, sql, codes, year):
    here = (
        f"""street_name IN (SELECT street_name FROM streets.streets JOIN streets.segments g
        USING (street_id) WHERE g.subdistrict_code IN {codes})"""
        if codes
        else "true"
    )
    if len(codes) == 1:
        here = here.replace(",)", ")")
    count = sql(f"""
        SELECT count(*) FILTER (completed_on <= DATE '{year}-12-31') AS done,
               count(*) FILTER (plan_year = 2021 AND started_on <= DATE '{year}-12-31') AS begun_2021,
               count(*) FILTER (plan_year = 2022 AND started_on <= DATE '{year}-12-31') AS begun_2022,
               count(*) FILTER (plan_year = 2022) AS planned_2022, count(*) AS total,
               count(*) FILTER (street_name IS NOT NULL) AS mapped
        FROM streets.road_projects WHERE {here}
    """).iloc[0]  # fmt: skip
    found = seen(codes, year=str(year)).cards
    assert found["修缮完工"].number == count.done
    assert found["修缮完工"].unit == f"/ {count.total} 条"
    assert found["2021 年计划 · 已开工"].number == count.begun_2021
    later = found["2022 年计划 · 已开工"]
    assert later.number == (count.begun_2022 if count.planned_2022 else None)
    assert found["未完工"].number == count.total - count.done
    assert found["已上图"].number == count.mapped
    assert all(card.is_sample for card in found.values())


def test_targets_are_those_of_the_whole_district(seen):
    whole, part = seen().cards, seen(ONE).cards
    assert "目标 54 条" in whole["修缮完工"].status
    assert "目标 51 条" in whole["2021 年计划 · 已开工"].status
    assert not [card for card in part.values() if "目标" in card.status]
    assert "目标" not in seen(year="2021").cards["2022 年计划 · 已开工"].status


@pytest.mark.parametrize("year", [2021, 2025])
@places
def test_every_piece_of_a_known_street_is_drawn_and_the_rest_is_said(seen, sql, codes, year):
    view = seen(codes, year=str(year))
    assert not view.failures
    drawn = {f["properties"]["pick"].removeprefix("street:") for f in view.layer("road-repairs")}
    assert drawn == set(view.rows.loc[view.rows["底图道路"] != "未上图", "道路"])
    missing = int((view.rows["底图道路"] == "未上图").sum())
    assert (f"未上图 {missing} 条" in "".join(view.texts("legend"))) == bool(missing)
    pieces = sql("""
        SELECT count(*) FROM streets.segments JOIN streets.streets USING (street_id)
        WHERE street_name IN (SELECT street_name FROM streets.road_projects)
    """).iat[0, 0]
    assert (len(view.layer("road-repairs")) == pieces) == (not codes)


def test_the_plans_named_roads_keep_their_name_where_no_map_shows_them(seen):
    view = seen()
    assert {*view.rows["道路"]} >= NAMED
    spans = [e for e in view.texts("span") if "未上图" in e]
    assert any("建华路" in one for one in spans) and any("鸿泰路" in one for one in spans)


def test_a_half_filled_register_counts_what_it_knows(servers, built, tmp_path):
    tables, meta = built
    frame = tables["streets.road_projects"].copy()
    frame.loc[0, ["started_on", "completed_on"]] = pd.NaT
    frame.loc[1, ["managed_level", "plan_year", "state"]] = None
    frame.loc[1, ["started_on", "completed_on"]] = pd.NaT
    frame.loc[2, "road_name"] = ATTACK
    frame.loc[2, ["street_name", "name_match"]] = None
    frame.loc[3, "name_match"] = "alias"
    frame = frame.drop(index=10)
    publish(tmp_path, write_snapshot(tmp_path, tables | {"streets.road_projects": frame}, meta))
    servers.restart(tmp_path)
    view = View(servers.open("streets", show="repair"))
    assert not view.failures
    done = view.cards["修缮完工"]
    assert (done.number, done.unit) == (52, "/ 54 条")
    assert "登记册 53 条" in done.status and "完工日期未填" in done.status
    assert "待填报 1" in view.cards["未完工"].status
    assert "其中按别名 1 条" in view.cards["已上图"].status
    assert "规划开工年份未填" in view.text
    assert len(view.rows) == 53
    early = View(servers.open("streets", show="repair", year="2020"))
    assert not early.failures


# --- the spans -----------------------------------------------------------------------------------


def spans(*repairs, year=2025):
    frame = SmallStreets(STREETS, repairs).frame("repair_roads", year=year)
    return spans_html(frame, 2022, year)


@pytest.mark.parametrize(
    ("given", "year", "left", "width"),
    [
        (began("2021-01-01", "2022-01-01"), 2025, 0.0, 50.0),
        (began("2022-01-01", "2022-07-02"), 2025, 50.0, 24.9),
        (began("2021-01-01"), 2022, 0.0, 100.0),
        (began("2021-01-01"), 2024, 0.0, 100.0),
    ],
)
def test_a_bar_runs_from_the_start_to_the_end_or_to_now(given, year, left, width):
    told = spans(given, year=year)
    (found,) = re.findall(r'class="(?:done|open)" style="left:([\d.]+)%;width:([\d.]+)%"', told)
    assert [float(one) for one in found] == pytest.approx([left, width], abs=0.11)


@pytest.mark.parametrize(
    "given", [{"state": None}, {"state": "completed"}, began(None, None, "planned")]
)
def test_without_dates_there_is_no_bar(given):
    assert 'style="left' not in spans(given)


def test_names_from_a_register_are_escaped_and_only_known_streets_linked():
    told = spans({"road_name": ATTACK, "state": None}, ON_STREETS[1] | {"section": ATTACK})
    assert ATTACK not in told
    assert told.count("data-pick") == 1 and 'data-pick="street:短巷"' in told
