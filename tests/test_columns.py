"""Headings of an office's file: which field each one is, and what is remembered of mappings."""

import json
from collections import Counter

import pytest

from data.registers.columns import (
    MAPPINGS,
    heading_problems,
    match_headings,
    remember,
    remembered,
    require_headings,
)
from data.registers.raw import ImportProblem
from data.registers.registry import REGISTERS, register

TOILETS = register("toilets")


def field_of(heading, mapping=None, name="toilets"):
    return match_headings([heading], register(name), mapping or {})[heading]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("toilet_id", "toilet_id"),
        ("公厕编号", "toilet_id"),
        ("编号", "toilet_id"),
        ("TOILET_ID", "toilet_id"),
        ("Toilet ID", "toilet_id"),
        (" 公厕 编号 ", "toilet_id"),
        ("公厕\n编号", "toilet_id"),
        ("公\u200b厕编号\ufeff", "toilet_id"),
        ("公厕编号*", "toilet_id"),
        ("公厕编号：", "toilet_id"),
        ("经度(°)", "lon"),
        ("经度（°）", "lon"),
        ("经度【WGS-84】", "lon"),
        ("位置 / 经度", "lon"),
        ("ＬＯＮ", "lon"),
        ("星级*", "star_rating"),
        ("街道", "subdistrict_name"),
        ("备注", ""),
        ("", ""),
        ("()", ""),
    ],
)
def test_a_heading_is_known_however_it_is_written(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("name", "heading", "field"),
    [
        ("water_quality", "溶解氧(mg/L)", "do_mg_l"),
        ("water_quality", "氨氮", "nh3n_mg_l"),
        ("water_quality", "NH3-N", "nh3n_mg_l"),
        ("demonstration_streets", "进度（％）", "progress_pct"),
        ("lighting_assets", "部件编码（GB/T 30428.2）", "asset_id"),
        ("lighting_assets", "部件编码", "asset_id"),
    ],
)
def test_units_in_brackets_do_not_matter(name, heading, field):
    assert field_of(heading, name=name) == field


@pytest.mark.parametrize(
    ("heading", "field"),
    [("toilet_nam", "toilet_name"), ("has_third_", "has_third_room"), ("有无第三卫", "has_third_room"),
     ("subdistric", ""), ("abcdefghij", "")],
)  # fmt: skip
def test_a_heading_cut_short_by_a_shapefile_is_known_if_it_can_be_only_one(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize("each", REGISTERS, ids=lambda each: each.name)
def test_titles_names_and_aliases_of_a_register_each_mean_one_field(each):
    for item in each.fields:
        for heading in (item.name, each.column(item.name).title, *item.aliases):
            assert match_headings([heading], each, {})[heading] == item.name


@pytest.mark.parametrize(
    ("before", "field"), [("位", "lon"), ("位" * 200, "lon"), ("位" * 240, ""), (" " * 100_000, "")]
)
def test_a_text_too_long_for_a_heading_is_none(before, field):
    assert field_of(f"{before} / 经度") == field


def test_what_the_officer_says_goes_before_aliases():
    found = match_headings(["编号", "序号甲"], TOILETS, {"序号甲": "toilet_id"})
    assert found == {"编号": "", "序号甲": "toilet_id"}


def test_a_field_may_be_mapped_by_its_title_and_a_column_left_out():
    found = match_headings(["编号", "甲"], TOILETS, {"甲": "公厕", "编号": ""})
    assert found == {"编号": "", "甲": "toilet_name"}


def test_a_mapping_to_a_field_that_does_not_exist_names_those_that_do():
    with pytest.raises(ImportProblem, match=r"“甲”.*“nothing”.*toilet_id（公厕编号）"):
        field_of("甲", {"甲": "nothing"})


def test_a_mapping_of_headings_that_the_file_lacks_is_no_fault():
    assert match_headings(["编号"], TOILETS, {"别的": "toilet_name"}) == {"编号": "toilet_id"}


def test_two_headings_for_one_field_are_both_named():
    matched = match_headings(["编号", "公厕编码", "名称", "经度", "纬度"], TOILETS, {})
    (problem,) = heading_problems(matched, TOILETS)
    assert "“编号”、“公厕编码”" in problem and "公厕编号" in problem and "--map" in problem


def test_all_missing_columns_are_listed_with_the_headings_found():
    (problem,) = heading_problems(match_headings(["备注", "经度"], TOILETS, {}), TOILETS)
    assert "公厕编号、公厕、纬度" in problem
    assert "备注、经度" in problem
    assert "请按模板改表头" in problem


@pytest.mark.parametrize(
    ("name", "headings", "has_geometry", "missing"),
    [
        ("toilets", ["编号", "名称"], True, None),
        ("toilets", ["编号", "名称"], False, "经度、纬度"),
        ("streets", ["编号", "名称", "道路等级"], True, None),
        ("streets", ["编号", "名称", "道路等级", "wkt"], False, None),
        ("streets", ["编号", "名称", "道路等级"], False, "几何"),
        ("river_facilities", ["编号", "名称", "类型"], False, None),
        ("river_facilities", ["编号", "名称", "类型", "经度"], False, "纬度"),
        ("water_quality", ["断面", "月份"], True, None),
        ("projects", ["项目编号"], False, "状态"),
    ],
)
def test_positions_may_come_as_columns_or_as_geometries(name, headings, has_geometry, missing):
    each = register(name)
    problems = heading_problems(match_headings(headings, each, {}), each, has_geometry)
    if missing is None:
        assert problems == []
    else:
        assert f"缺少必填列 {missing}" in problems[0]


# --- remembered mappings -------------------------------------------------------------------------


def test_a_mapping_is_remembered_by_register(tmp_path):
    remember(tmp_path, TOILETS, {"甲": "toilet_id", "乙": ""})
    remember(tmp_path, register("rivers"), {"甲": "river_id"})
    assert remembered(tmp_path, TOILETS)["甲"] == "toilet_id"
    assert remembered(tmp_path, register("rivers")) == {"甲": "river_id"}
    assert remembered(tmp_path, register("streets")) == {}


def test_what_headings_say_by_themselves_is_not_kept_and_a_later_choice_wins(tmp_path):
    remember(tmp_path, TOILETS, {"编号": "toilet_id", "甲": "toilet_name"})
    assert remembered(tmp_path, TOILETS) == {"甲": "toilet_name"}
    remember(tmp_path, TOILETS, {"甲": "street_name", "编号": ""})
    assert remembered(tmp_path, TOILETS) == {"甲": "street_name", "编号": ""}
    remember(tmp_path, TOILETS, {"编号": "toilet_id"})
    assert remembered(tmp_path, TOILETS) == {"甲": "street_name"}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[1, 2]", '{"toilets": 3}', '{"toilets": {"甲": 7, "乙": "gone_field"}}', "[" * 5000],
)
def test_a_damaged_file_counts_as_empty_and_is_replaced(tmp_path, content):
    (tmp_path / MAPPINGS).write_text(content, encoding="utf-8")
    assert remembered(tmp_path, TOILETS) == {}
    remember(tmp_path, TOILETS, {"甲": "toilet_id"})
    assert remembered(tmp_path, TOILETS) == {"甲": "toilet_id"}


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    remember(tmp_path, TOILETS, {"甲": "toilet_id"})
    monkeypatch.setattr(json, "dump", lambda *_, **__: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        remember(tmp_path, TOILETS, {"甲": "toilet_name"})
    assert remembered(tmp_path, TOILETS) == {"甲": "toilet_id"}
    assert Counter(path.name for path in tmp_path.iterdir()) == {MAPPINGS: 1}


def test_headings_that_an_officer_names_must_be_in_the_file():
    require_headings(["编号", "名 称"], ["名称", "编号"], "a.csv")
    with pytest.raises(
        ImportProblem, match=r"a\.csv 中没有表头 “名字”；文件中的表头为：编号、名称"
    ):
        require_headings(["编号", "名称"], ["名字"], "a.csv")


def test_a_mapping_that_says_nothing_new_is_not_written(tmp_path):
    remember(tmp_path, TOILETS, {"编号": "toilet_id"})
    assert not any(tmp_path.iterdir())
