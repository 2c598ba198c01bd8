"""Columns headed as one field and filled in as another: left out with a note, the rows kept."""

import pandas as pd
import pytest

from data.registers.options import Options
from data.registers.peek import peek
from data.registers.raw import RawTable
from data.registers.registry import register
from data.registers.validation import validate

COURSE = "LINESTRING (120.160 30.250, 120.165 30.255)"


def rivers(levels, heading="河道等级", **more):
    """A register of so many rivers; ``more``: other headings with one cell for all."""
    return pd.DataFrame(
        {
            "河道编号": [f"R{n}" for n in range(len(levels))],
            "河道名称": [f"试验河{n}" for n in range(len(levels))],
            "wkt": [f"LINESTRING (120.16{n} 30.250, 120.165 30.255)" for n in range(len(levels))],
            heading: levels,
        },
    ).assign(**more)


def check(cells, name="rivers", **mapping):
    cells = cells.astype("str").set_axis(range(2, 2 + len(cells)))
    options = Options(crs="wgs84", mapping=mapping)
    return validate(RawTable("河道.xlsx", "Excel", "", cells), register(name), options, {})


def doubted(found):
    return found.findings[found.findings["rule"] == "列名与内容不符"].to_dict("records")


@pytest.mark.parametrize(
    ("levels", "elsewhere"),
    [
        (["省级", "市级", "省级"], ["美丽"]),
        (["省级", "市级", "区级", "街道级"], ["美丽", "河长"]),
        (["省级", "县级"], ["美丽"]),
        (["区级", None, "／"], ["河长"]),
    ],
)
def test_a_column_with_words_of_other_fields_is_left_out_and_no_row_is_lost(levels, elsewhere):
    found = check(rivers(levels))
    assert found.accepted_count == len(levels)
    assert found.rows["rank"].isna().all(), "nothing is made of words that mean something else"
    (note,) = doubted(found)
    assert (note["heading"], note["severity"]) == ("河道等级", "noted")
    assert all(word in note["reason"] for word in ["该列未导入", levels[0], *elsewhere])
    assert "--map 表头=字段" in note["remedy"] and "干流" in note["remedy"]
    assert found.mapping["河道等级"] == ""
    assert "未导入的列" not in set(found.findings["rule"]), "told once"


@pytest.mark.parametrize(
    ("levels", "refused"),
    [
        (["干流", "支流"], 0),
        (["干流", "省级"], 1),
        (["甲等", "乙等"], 2),
        ([None, None], 0),
    ],
)
def test_a_column_with_a_word_of_its_own_or_of_none_is_taken_at_its_heading(levels, refused):
    found = check(rivers(levels))
    assert not doubted(found)
    assert found.rejected_count == refused


def test_what_an_officer_mapped_is_not_doubted():
    found = check(rivers(["省级", "市级"]), 河道等级="rank")
    assert not doubted(found) and found.rejected_count == 2
    dated = rivers(["省级", "市级"], 授牌年份="2021")
    found = check(dated, 河道等级="beautiful_level")
    assert found.rows["beautiful_level"].tolist() == ["provincial", "municipal"]


def test_the_heading_that_is_left_out_gives_way_to_another_of_the_same_field():
    found = check(rivers(["省级", "市级"], 等级="支流"))
    assert set(found.rows["rank"]) == {"branch"}


def test_a_word_far_down_is_found_too():
    levels = ["省级"] * 600 + ["干流"]
    cells = rivers(levels).assign(wkt=COURSE)
    found = check(cells)
    assert not doubted(found)
    assert found.rejected_count == 600


def test_a_field_that_every_row_must_hold_is_not_left_out():
    cells = pd.DataFrame({"项目编号": ["A01"], "状态": ["省级"]}).astype("str")
    projects = pd.DataFrame({"project_id": ["A01"], "project_name": ["一"]})
    raw = RawTable("项目.xlsx", "Excel", "", cells.set_axis([2]))
    found = validate(raw, register("projects"), Options(), {"plan.projects": projects})
    assert not doubted(found) and found.rejected_count == 1


def test_the_officer_sees_it_before_the_check(tmp_path):
    path = tmp_path / "河道.csv"
    rivers(["省级", "市级"]).to_csv(path, index=False)
    seen = peek(tmp_path, str(path), register("rivers"))
    assert {one.heading: one.field for one in seen.headings}["河道等级"] == ""
    assert any("“河道等级”列" in note and "该列未导入" in note for note in seen.notes)
