"""What an import would change: new, changed and gone rows."""

import numpy as np
import pandas as pd
import pytest

from data.frames import contract_frame
from data.registers.difference import difference, difference_text

PLACE = {"subdistrict_code": "330102003", "subdistrict_name": "湖滨街道", "position_source": "register",
         "source_kind": "register"}  # fmt: skip


def toilets(*rows, **common):
    given = [{"toilet_id": key, "toilet_name": key, "lon": 120.17, "lat": 30.25, **PLACE, **common,
              **more} for key, more in rows]  # fmt: skip
    return contract_frame("toilets.toilets", given)


def compare(rows, standing, dataset="toilets.toilets"):
    return difference(rows, standing, dataset)


def test_rows_are_new_changed_gone_or_as_they_were():
    standing = toilets(("a", {}), ("b", {"star_rating": 3, "opened_year": 2000}), ("c", {}))
    rows = toilets(
        ("b", {"star_rating": 5, "opened_year": 2000, "has_third_room": True}), ("d", {}), ("a", {})
    )
    found = compare(rows, standing)
    assert found.new["toilet_id"].tolist() == ["d"]
    assert found.gone["toilet_id"].tolist() == ["c"]
    assert found.changed_keys["toilet_id"].tolist() == ["b"]
    assert found.unchanged_count == 1
    assert not found.replaces_sample
    assert found.changed.to_dict("records") == [
        {"toilet_id": "b", "column": "星级", "before": "三星", "after": "五星"},
        {"toilet_id": "b", "column": "第三卫生间", "before": "", "after": "是"},
    ]


@pytest.mark.parametrize(
    ("column", "before", "after", "differs"),
    [
        ("lon", 120.17, 120.17 + 5e-7, False),
        ("lon", 120.17, 120.17 + 2e-5, True),
        ("star_rating", None, None, False),
        ("star_rating", None, 1, True),
        ("star_rating", 1, None, True),
        ("has_third_room", False, None, True),
        ("has_third_room", None, None, False),
        ("street_name", None, None, False),
        ("street_name", "甲路", "乙路", True),
        ("source_kind", "osm", "register", False),
        ("position_source", "osm", "register", False),
    ],
)
def test_values_differ_or_not(column, before, after, differs):
    found = compare(toilets(("a", {column: after})), toilets(("a", {column: before})))
    assert len(found.changed_keys) == len(found.changed) == differs
    assert found.unchanged_count == 1 - differs


def test_numbers_written_and_read_back_are_the_same():
    both = {"section_id": "D1", "month": "2025-03-01", "source_kind": "register"}
    before = contract_frame("rivers.water_quality", [{**both, "do_mg_l": 0.1 + 0.2}])
    after = contract_frame("rivers.water_quality", [{**both, "do_mg_l": 0.3}])
    assert compare(after, before, "rivers.water_quality").unchanged_count == 1
    later = before.assign(month=before["month"] + pd.DateOffset(months=1))
    found = compare(later, before, "rivers.water_quality")
    assert (len(found.new), len(found.gone)) == (1, 1), "the key is section and month"


def test_sample_rows_go_wholly_whatever_their_keys():
    standing = toilets(("a", {}), ("b", {}), source_kind="sample")
    found = compare(toilets(("a", {})), standing)
    assert found.replaces_sample
    assert (len(found.new), len(found.gone), len(found.changed)) == (1, 2, 0)
    assert (found.gone_count, found.sample_count) == (0, 2), "no office's rows are lost"


@pytest.mark.parametrize(
    ("dataset", "counts", "words"),
    [
        ("toilets.toilets", (430, 0, 0, 454), "替换示例 454 行"),
        ("toilets.toilets", (1, 2000, 3, 0), "新增 1、变更 2,000、减少 3"),
        ("toilets.toilets", (1, 2, 3, 0, 4), "新增 1、变更 2、减少 3、不变 4"),
        ("plan.projects", (0, 1, 170, 0), "新增 0、变更 1、转为未填报 170"),
    ],
)
def test_what_changes_is_told_in_the_words_of_the_register(dataset, counts, words):
    assert difference_text(dataset, *counts) == words


def test_nothing_stands_yet_or_nothing_is_left():
    rows, none = toilets(("a", {})), toilets()
    first = compare(rows, none)
    assert (len(first.new), len(first.gone), first.replaces_sample) == (1, 0, False)
    last = compare(none, rows)
    assert (len(last.new), len(last.gone), last.unchanged_count) == (0, 1, 0)


def project(**more):
    return {
        "project_id": "A01",
        "state": "planned",
        "started_on": None,
        "completed_on": None,
        **more,
    }


def test_of_projects_only_states_and_dates_are_compared(built_tables):
    standing = built_tables["plan.projects"].copy()
    standing["source_kind"] = "plan"
    standing[["state", "started_on", "completed_on"]] = None
    standing.loc[standing["project_id"] == "A01", "state"] = "planned"
    standing.loc[standing["project_id"] == "A02", "state"] = "planned"
    standing["started_on"] = standing["started_on"].astype("datetime64[s]")
    standing["completed_on"] = standing["completed_on"].astype("datetime64[s]")
    rows = contract_frame(
        "plan.projects",
        [project(state="under_construction", started_on="2022-03-01"), project(project_id="A03")],
    )[["project_id", "state", "started_on", "completed_on"]]
    found = compare(rows, standing, "plan.projects")
    assert found.new["project_id"].tolist() == ["A03"], "it had no state before"
    told = difference_text("plan.projects", 1, 1, found.gone_count, found.sample_count)
    assert "转为未填报 1" in told and "减少" not in told, "the plan still names it"
    assert found.gone["project_id"].tolist() == ["A02"], "its state is no longer told"
    assert found.changed[["column", "after"]].to_numpy().tolist() == [
        ["状态", "在建"],
        ["开工日期", "2022-03-01"],
    ]


def test_keys_of_several_columns_and_many_rows():
    count = 5_000
    rows = pd.DataFrame({
        "section_id": [f"D{i // 100}" for i in range(count)],
        "month": pd.date_range("2017-01-01", periods=100, freq="MS").tolist() * (count // 100),
        "do_mg_l": np.arange(count, dtype=float) % 20, "source_kind": "register",
    })  # fmt: skip
    rows = contract_frame("rivers.water_quality", rows)
    shuffled = rows.sample(frac=1, random_state=1)
    assert compare(shuffled, rows, "rivers.water_quality").unchanged_count == count
