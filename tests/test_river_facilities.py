"""Facilities and projects on rivers: works against the plan's figures, outfalls with dry-weather
discharge by month, projects and the layout, on small cases worked out by hand."""

from datetime import date

import pandas as pd
import pytest

from tests.test_river_coverage import A, B, ask, database, only, rivers
from ui import river_facilities, river_projects

JUNE = date(2025, 6, 1)


def facility(facility_id, kind, **columns):
    return {
        "facility_id": facility_id, "facility_name": facility_id, "facility_kind": kind,
        "is_mapped": False,
    } | columns  # fmt: skip


def project(project_id, state, **columns):
    return {
        "project_id": project_id, "project_name": project_id, "project_kind": "pump_sluice",
        "quantity": 1, "unit": "处", "state": state, "is_mapped": False, "clause": "box2",
    } | columns  # fmt: skip


def outfall(facility_id, code=A, found=None, fixed=None):
    return facility(
        facility_id, "outfall", river_id="R1", subdistrict_code=code,
        subdistrict_name=f"{code}街道" if code else None,
        dry_flow_found_on=found, dry_flow_fixed_on=fixed,
    )  # fmt: skip


@pytest.fixture(scope="module")
def outfalls():
    return database(
        **rivers(),
        rivers__facilities=[
            outfall("F1"),
            outfall("F2", found="2025-05-31"),
            outfall("F3", found="2025-05-01", fixed="2025-06-30"),
            outfall("F4", found="2025-05-02", fixed="2025-07-01"),
            outfall("F5", found="2025-07-01"),
            outfall("F6", code=B, found="2024-06-30"),
            outfall("F7", code=None, found="2025-01-01", fixed="2025-01-01"),
            facility("P1", "pump_station"),
        ],
    )


# --- outfalls ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "month", "expected"),
    [
        ((), JUNE, (7, 5, 2, 3)),
        # What is found or dealt with on the last day of the month counts, on the day after not.
        ((), date(2025, 5, 1), (7, 5, 1, 4)),
        ((), date(2025, 7, 1), (7, 6, 3, 3)),
        ((), date(2024, 5, 1), (7, 0, 0, 0)),
        ((A,), JUNE, (5, 3, 1, 2)),
        ((B,), JUNE, (1, 1, 0, 1)),
        (("330102004",), JUNE, (0, 0, 0, 0)),
    ],
)
def test_outfalls_are_as_known_at_the_end_of_the_month(outfalls, codes, month, expected):
    row = only(ask(outfalls, "river_outfalls", codes, month=month))
    assert tuple(row.values()) == expected


def test_open_outfalls_are_listed_with_their_days_the_oldest_first(outfalls):
    found = ask(outfalls, "river_outfalls_open", month=JUNE)
    assert found["facility_id"].tolist() == ["F6", "F4", "F2"]
    assert found["open_days"].tolist() == [365, 59, 30]
    assert set(found["river_name"]) == {"甲河"}


def test_the_table_tells_nothing_of_later_months(outfalls):
    table = ask(outfalls, "river_facilities_table", month=JUNE).set_index("facility_name")
    assert table["dry_flow"].dropna().to_dict() == {
        "F1": "none", "F2": "open", "F3": "fixed", "F4": "open", "F5": "none", "F6": "open",
        "F7": "fixed",
    }  # fmt: skip
    assert pd.isna(table.at["F4", "fixed_on"])
    assert pd.isna(table.at["F5", "found_on"])
    assert pd.isna(table.at["P1", "dry_flow"])


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0), "没有发现晴天出水的记录"),
        ((3, 3, 0), "**已全部处置**"),
        ((3, 1, 2), "余 **2 处**未处置"),
    ],
)
def test_the_sentence_on_outfalls(counts, words):
    names = ("found_count", "fixed_count", "open_count")
    sentence = river_facilities.outfall_sentence(
        {"outfall_count": 9} | dict(zip(names, counts, strict=True))
    )
    assert words in sentence


def test_facilities_without_subdistrict_count_for_the_district_alone(outfalls):
    assert only(ask(outfalls, "river_facilities_unplaced"))["facility_count"] == 2
    whole = ask(outfalls, "river_facility_counts").set_index("facility_kind")["facility_count"]
    assert whole.to_dict() == {"outfall": 7, "pump_station": 1}
    part = ask(outfalls, "river_facility_counts", (A,)).set_index("facility_kind")
    assert part["facility_count"].to_dict() == {"outfall": 5}


# --- the plan's works ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "year", "state"),
    [
        ({"completed_year": 2023}, 2023, "completed"),
        ({"completed_year": 2023}, 2022, "open"),
        ({"state": "completed"}, 2020, "completed"),
        ({"state": "under_construction"}, 2025, "under_construction"),
        # What it was in earlier years is not known but for its not being completed.
        ({"state": "under_construction"}, 2022, "open"),
        ({}, 2025, "unreported"),
        ({"project_id": "V1"}, 2024, "completed"),
        ({"project_id": "V1"}, 2023, "under_construction"),
        ({"project_id": "V2"}, 2025, "unreported"),
        ({"project_id": "V1", "completed_year": 2021}, 2021, "completed"),
    ],
)
def test_the_state_of_works_at_the_end_of_a_year(columns, year, state):
    found = database(
        **rivers(),
        rivers__facilities=[facility("F1", "sluice", work="new", **columns)],
        plan__projects=[
            project("V1", "completed", started_on="2022-03-01", completed_on="2024-08-30"),
            project("V2", None),
        ],
    )
    assert only(ask(found, "river_works", year=year))["state"] == state


@pytest.mark.parametrize(
    ("kind", "columns", "fact_key"),
    [
        ("pump_station", {"work": "new"}, "new_pump_station_count"),
        ("sluice", {"work": "new", "clause": "box2"}, "new_pump_station_count"),
        ("sand_basin", {"work": "new"}, "new_pump_station_count"),
        ("pump_station", {"work": "new", "clause": "4.3.4"}, "new_sewage_station_count"),
        ("pump_station", {"work": "continued"}, "continued_sewage_station_count"),
        ("pump_station", {"work": "renewed"}, "renewed_pump_station_count"),
        ("dead_end", {"work": "opened"}, "river_dead_end_count"),
    ],
)
def test_works_belong_to_a_figure_of_the_plan(kind, columns, fact_key):
    found = database(**rivers(), rivers__facilities=[facility("F1", kind, **columns)])
    assert only(ask(found, "river_works"))["fact_key"] == fact_key
    assert fact_key in river_facilities.WORKS


def test_the_default_build_lists_as_many_works_as_the_plan(sql):
    frame = sql(
        "SELECT work, facility_kind, count(*) AS n FROM rivers.facilities "
        "WHERE work IS NOT NULL GROUP BY ALL"
    )
    by_work = frame.groupby("work")["n"].sum()
    facts = sql("SELECT fact_key, value FROM plan.facts").set_index("fact_key")["value"]
    new = facts["new_pump_station_count"] + facts["new_sewage_station_count"]
    assert by_work["new"] == new
    assert by_work["renewed"] == facts["renewed_pump_station_count"]
    assert by_work["opened"] == facts["river_dead_end_count"]


def test_states_of_works_in_words():
    frame = pd.DataFrame({"state": ["completed", "completed", "open", "unreported"]})
    assert river_facilities.work_states(frame) == "● 已完工 2 · ○ 待填报 1 · ◇ 未建成 1"


# --- projects, 两新流域, layout ------------------------------------------------------------------


@pytest.fixture(scope="module")
def planned():
    sections = [
        {"section_id": f"S{n}", "section_name": f"断面 {n}", "river_id": "R1", "water_kind": "river",
         "is_mapped": False}
        for n in (1, 2)
    ]  # fmt: skip
    samples = [
        {"section_id": section, "month": JUNE, "water_kind": "river", "quality_class": one}
        for section, one in (("S1", "Ⅲ"), ("S2", "劣Ⅴ"))
    ]
    places = [
        ("轴", "甲江", "河道 甲河"),
        ("轴", "无河", None),
        ("区", "甲区", None),
        ("湖", "丰湖", None),
    ]
    return database(
        **rivers(),
        rivers__sections=sections,
        rivers__water_quality=samples,
        plan__projects=[
            project("B1", "completed", project_kind="beautiful_river", project_name="丰湖美丽河湖建设",
                    completed_on="2023-05-01", started_on="2022-01-01"),
            project("B2", None, project_kind="beautiful_river", project_name="甲河生态治理"),
            project("B3", None, project_kind="beautiful_river", project_name="庚渠生态治理"),
        ],
        plan__project_rivers=[
            {"project_id": "B2", "river_name": "甲河"}, {"project_id": "B3", "river_name": "庚渠"},
        ],
        plan__places=[
            {"place_group": "四区三轴伴两湖", "place_kind": kind, "place_name": name,
             "clause": "annex.4", "is_mapped": located is not None, "located_by": located}
            for kind, name, located in places
        ],
    )  # fmt: skip


def test_a_demonstration_river_has_the_class_of_its_worst_section(planned):
    found = ask(planned, "river_demonstrations", month=JUNE).set_index("river_name")
    assert found.index.tolist() == ["甲河", "庚渠"]
    assert found.at["甲河", "quality_class"] == "劣Ⅴ"
    assert pd.isna(found.at["庚渠", "river_id"])
    later = ask(planned, "river_demonstrations").set_index("river_name")
    assert pd.isna(later.at["甲河", "quality_class"])


def test_elements_of_the_layout_tell_what_is_known(planned):
    found = ask(planned, "river_layout", month=JUNE).set_index("place_name")
    assert found.index.tolist() == ["甲江", "无河", "甲区", "丰湖"]
    assert found.at["甲江", "river_id"] == "R1"
    assert found["river_id"].notna().sum() == 1
    assert found.at["丰湖", "state"] == "completed"
    assert pd.isna(found.at["甲区", "state"])


def test_a_river_that_no_register_knows_is_told_so(planned):
    rows = ask(planned, "river_demonstrations", month=JUNE).itertuples()
    words = [river_projects.river_facts(row) for row in rows]
    assert words == ["省级美丽河湖 · 劣Ⅴ类 · 未上图", "登记册没有这条河道"]


def test_the_default_layout_has_nine_elements_and_three_demonstration_rivers(sql):
    kinds = sql(
        "SELECT place_kind, count(*) AS n FROM plan.places "
        "WHERE place_group = '四区三轴伴两湖' GROUP BY 1"
    ).set_index("place_kind")["n"]
    assert kinds.to_dict() == {"区": 4, "轴": 3, "湖": 2}
