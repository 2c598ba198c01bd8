"""A file checked as a register: what is accepted, what is refused, and what is said of it."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.check import check_rows
from data.contracts import table
from data.frames import pandas_types
from data.registers.formats import TITLES
from data.registers.options import Options
from data.registers.raw import ImportProblem, Note, RawTable
from data.registers.registry import REGISTERS, register
from data.registers.validation import lookup_tables, validate
from geo import district
from geo.crs import from_wgs84
from geo.projection import length_m, to_metres

HUBIN = {"经度": "120.162264", "纬度": "30.254995"}
JIUBAO = {"经度": "120.266515", "纬度": "30.31234"}
OUTSIDE = {"经度": "120.05", "纬度": "30.25"}


def raw_of(rows, geometry=None, **more):
    """A file of these rows (dicts by heading, None for an empty cell), counted from row 2."""
    cells = pd.DataFrame(rows).astype("str")
    cells.index = range(2, 2 + len(cells))
    if geometry is not None:
        geometry = np.array(geometry, dtype=object)
    return RawTable("填报.xlsx", "Excel", "", cells, geometry=geometry, **more)


def check(name, rows, current=None, crs="wgs84", geometry=None, declared=None, notes=(), **options):
    raw = raw_of(rows, geometry, declared_crs=declared, notes=list(notes))
    found = validate(raw, register(name), Options(crs=crs, **options), current or {})
    assert found.accepted_count + found.rejected_count == found.read_count == len(rows)
    refused = set(found.findings.loc[found.findings["severity"] == "rejected", "row"])
    assert refused - {0} == set(raw.cells.index) - set(found.rows.index)
    return found


def toilet(number, **cells):
    return {"公厕编号": f"T{number}", "名称": f"公厕{number}", **HUBIN, **cells}


def told(found, severity=None, rule=None):
    """Findings of a severity or rule: row, heading, value."""
    chosen = found.findings
    if severity:
        chosen = chosen[chosen["severity"] == severity]
    if rule:
        chosen = chosen[chosen["rule"] == rule]
    return list(chosen[["row", "heading", "value"]].itertuples(index=False, name=None))


def rejections(found):
    return told(found, "rejected")


def only(found):
    """The one finding there is, as a dict."""
    (one,) = found.findings.to_dict("records")
    return one


# --- the whole file ------------------------------------------------------------------------------


def test_a_sound_file_is_accepted_whole_in_the_types_of_the_contract():
    found = check("toilets", [toilet(1, 星级="5", 第三卫生间="是"), toilet(2)])
    assert found.findings.empty
    assert list(found.rows.columns) == table("toilets.toilets").column_names
    assert found.rows.dtypes.astype(str).to_dict() == pandas_types(table("toilets.toilets"))
    assert found.rows.index.tolist() == [2, 3]
    row = found.rows.loc[2]
    assert (row["subdistrict_code"], row["subdistrict_name"]) == ("330102003", "湖滨街道")
    assert (row["star_rating"], row["has_third_room"]) == (5, True)
    assert (row["source_kind"], row["position_source"]) == ("register", "register")
    assert found.rows.loc[3, ["star_rating", "has_third_room"]].isna().all()
    assert found.blockers == []


def test_rows_of_an_extract_of_the_open_map_say_so():
    raw = raw_of([toilet(1)])
    raw.format = TITLES["osm"]
    rows = validate(raw, register("toilets"), Options(crs="wgs84"), {}).rows
    assert rows[["source_kind", "position_source"]].to_numpy().tolist() == [["osm", "osm"]]


def test_missing_columns_stop_the_file():
    with pytest.raises(ImportProblem, match=r"填报\.xlsx：缺少必填列 公厕、经度、纬度"):
        check("toilets", [{"编号": "1"}])


def test_two_columns_of_one_name_stop_the_file():
    raw = raw_of([toilet(1)])
    raw.cells.columns = ["编号", "名称", "经度", "经度"]
    with pytest.raises(ImportProblem, match="表头重复：“经度”"):
        validate(raw, register("toilets"), Options(crs="wgs84"), {})


def test_columns_that_are_no_field_are_named_and_left_out():
    found = check("toilets", [toilet(1, 备注="甲", 空列=None)])
    assert told(found, "noted", "未导入的列") == [(0, "备注", "")]
    assert found.accepted_count == 1
    assert found.mapping["备注"] == ""


def test_a_file_without_one_good_row_cannot_be_published():
    found = check("toilets", [toilet(1, 星级="九")])
    assert "没有一行合格" in found.blockers[0]


def test_what_a_reader_has_found_counts():
    notes = [
        Note(2, "星级", "#REF!", "rejected", "公式", "公式出错", "请改为数值"),
        Note(3, "星级", "4", "corrected", "公式", "用公式的结果", "无须处理"),
        Note(0, "", "", "noted", "编码", "GB18030", "无须处理"),
    ]
    found = check("toilets", [toilet(1), toilet(2)], notes=notes)
    assert found.rows.index.tolist() == [3]
    assert found.corrected_count == 1


def test_progress_is_told_in_order():
    steps = []
    validate(
        raw_of([toilet(1)]), register("toilets"), Options(crs="wgs84"), {},
        lambda step, share: steps.append((step, share)),
    )  # fmt: skip
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert "校验“经度”" in [step for step, _ in steps]


# --- cells ---------------------------------------------------------------------------------------


def test_a_finding_names_row_heading_value_reason_and_remedy():
    found = check(
        "toilets", [toilet(1), toilet(2, 公厕星级="7")], mapping={"公厕星级": "star_rating"}
    )
    one = only(found)
    assert (one["row"], one["heading"], one["value"]) == (3, "公厕星级", "7")
    assert one["reason"] == "大于 5星"
    assert "1～5" in one["remedy"]


def test_every_wrong_cell_of_a_row_is_named():
    found = check("toilets", [toilet(1, 名称=None, 星级="7", 经度="0"), toilet(2)])
    assert {heading for _, heading, _ in rejections(found)} == {"名称", "星级", "经度"}
    assert found.rows.index.tolist() == [3]


def test_corrections_are_told_by_the_cell_as_it_was():
    found = check("toilets", [toilet(1, 女厕位="１２ 座")])
    assert told(found, "corrected") == [(2, "女厕位", "１２ 座")] * 2
    assert found.rows.loc[2, "women_stalls"] == 12
    assert found.corrected_count == 1


def test_invisible_characters_and_signs_for_nothing_are_told_once_a_column():
    rows = [toilet(i, 名称=f"公\u200b厕{i}", 星级="/") for i in range(3)]
    found = check("toilets", rows)
    assert told(found) == [(0, "名称", ""), (0, "星级", "")]
    assert "3 行" in found.findings["reason"].iloc[0]
    assert found.rows["toilet_name"].tolist() == ["公厕0", "公厕1", "公厕2"]


@pytest.mark.parametrize("heading", ["名称", "星级", "女厕位", "经度", "街道", "公厕编号"])
@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_an_error_value_is_told_once_whatever_is_wrong_with_it_besides(heading, error):
    note = Note(3, heading, error, "rejected", "错误值", f"单元格是错误值 {error}", "请改正公式")
    rows = [toilet(1, 街道="湖滨", 星级="5", 女厕位="3"), toilet(2, **{heading: error})]
    found = check("toilets", rows, notes=[note])
    assert found.accepted_count == 1
    assert told(found) == [(3, heading, error)]


def test_a_sign_for_nothing_where_a_value_must_be_is_told_once():
    found = check("toilets", [toilet(1), toilet(2, 名称="#N/A")])
    assert told(found) == [(3, "名称", "#N/A")]


def test_a_column_that_makes_a_share_is_filled_for_all_or_for_none():
    lamp = {"部件编码": "L1", "类型": "路灯", **HUBIN, "状态": "亮"}
    rows = [lamp, {**lamp, "部件编码": "L2", "状态": None}]
    found = check("lighting_assets", rows)
    assert told(found, "rejected", "整列填写") == [(3, "状态", "")]
    found = check("lighting_assets", [{**row, "状态": None} for row in rows])
    assert found.accepted_count == 2


def test_percentages_that_excel_kept_as_fractions_are_pointed_out():
    street = {"编号": "D1", "类型": "精品街", "道路": "甲", "街道": "湖滨", "级别": "市级", "状态": "在建",
              "进度(%)": "0.6"}  # fmt: skip
    found = check("demonstration_streets", [street, {**street, "编号": "D2", "进度(%)": "1"}])
    assert told(found, "noted", "百分数") == [(0, "进度(%)", "")]
    found = check("demonstration_streets", [street, {**street, "编号": "D2", "进度(%)": "60"}])
    assert told(found, "noted", "百分数") == []


# --- toilets and service stations, as offices write them ------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "column", "value"),
    [
        ("24小时", "是", "is_open_24h", True),
        ("24 小时开放", "24小时", "is_open_24h", True),
        ("全天开放", "全天", "is_open_24h", True),
        ("是否24小时开放（是/否）", "定时开放", "is_open_24h", False),
        ("社会厕所", "√", "is_social", True),
        ("单位内部厕所对外开放", "是", "is_social", True),
        ("是否社会厕所", "社会厕所", "is_social", True),
        ("沿街单位开放", "公共厕所", "is_social", False),
        ("沿街单位开放", None, "is_social", None),
    ],
)
def test_opening_hours_and_businesses_are_read_as_offices_write_them(heading, cell, column, value):
    found = check("toilets", [toilet(1, **{heading: cell}), toilet(2, **{heading: "否"})])
    assert found.accepted_count == 2
    read = found.rows[column].tolist()
    assert (None if pd.isna(read[0]) else read[0]) == value
    assert read[1] is False


@pytest.mark.parametrize(
    ("cells", "heading", "words", "remedy"),
    [
        ({"经度": "120.05"}, "经度", "区", "坐标"),
        ({"女厕位": "-3"}, "女厕位", "小于 0", "0～200"),
        ({"类别": "四类"}, "类别", "不是“类别”可填的内容", "一类、二类、三类"),
        ({"24小时": "有时"}, "24小时", "应填是或否", "是、否"),
        ({"社会厕所": "不详情况"}, "社会厕所", "应填是或否", "是、否"),
    ],
)
def test_a_bad_toilet_is_told_with_row_column_and_remedy(cells, heading, words, remedy):
    rows = [toilet(n, **dict.fromkeys(cells, None) | {"经度": HUBIN["经度"]}) for n in range(1, 9)]
    found = check("toilets", [*rows, toilet(9, **cells)])
    one = only(found)
    assert (one["row"], one["severity"]) == (10, "rejected")
    assert heading in one["heading"]
    assert words in one["reason"]
    assert remedy in one["remedy"]


def station(number, **cells):
    return {"驿站编号": f"YZ{number}", "驿站名称": f"驿站{number}", **HUBIN, **cells}


def test_service_stations_are_read_with_their_subdistrict():
    found = check(
        "service_stations", [station(1, 有无厕所="有", 全天开放="否", 启用年份="2018"), station(2)]
    )
    assert found.accepted_count == 2
    first, second = found.rows.to_dict("records")
    assert first["subdistrict_name"] == "湖滨街道"
    assert (first["has_toilet"], first["is_open_24h"], first["opened_year"]) == (True, False, 2018)
    assert pd.isna(second["has_toilet"])


def test_service_stations_outside_the_district_or_given_twice_are_refused():
    rows = [station(n) for n in range(1, 8)]
    found = check("service_stations", [*rows, station(8, **OUTSIDE), station(1, 全天开放="是")])
    assert {row for row, _, _ in rejections(found)} == {2, 9, 10}


# --- keys ----------------------------------------------------------------------------------------


def test_a_row_given_twice_counts_once():
    found = check("toilets", [toilet(1), toilet(2), toilet(1)])
    assert found.rows.index.tolist() == [2, 3]
    assert only(found)["reason"] == "与第 2 行完全相同"


def test_one_key_with_different_contents_refuses_all_of_them():
    found = check("toilets", [toilet(1), toilet(2), toilet(1, 星级="3"), toilet(1)])
    assert found.rows.index.tolist() == [3]
    reasons = dict(zip(found.findings["row"], found.findings["reason"], strict=True))
    assert reasons == {
        2: "第 2、4 行的“公厕编号”相同而内容不同",
        4: "第 2、4 行的“公厕编号”相同而内容不同",
        5: "与第 2 行完全相同",
    }


def test_keys_written_differently_are_the_same_key():
    found = check("toilets", [toilet(1), toilet(2) | {"公厕编号": " Ｔ1 "}])
    assert found.accepted_count == 0


def test_the_same_attributes_with_another_geometry_are_another_content():
    rows = [{"编号": "T1", "名称": "甲"}] * 2
    points = [shapely.Point(120.162264, 30.254995), shapely.Point(120.162264, 30.254995)]
    assert check("toilets", rows, geometry=points).accepted_count == 1
    points[1] = shapely.Point(120.17, 30.25)
    assert check("toilets", rows, geometry=points).accepted_count == 0


# --- subdistricts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"街道": "湖滨"}, None),
        ({"街道": "湖滨街道"}, None),
        ({"街道": " 湖 滨 街道\u200b"}, "不可见字符"),
        ({"街道": "上城区湖滨街道办事处"}, None),
        ({"街道代码": "330102003"}, None),
        ({"街道代码": "330102003000"}, None),
        ({"街道": "九堡"}, "街道与位置不符"),
        ({"街道": "西溪"}, "街道与位置不符"),
        ({"街道代码": "330104014"}, "街道与位置不符"),
        ({"街道代码": "x"}, "街道与位置不符"),
    ],
)
def test_the_position_says_which_subdistrict_it_is(cells, rule):
    found = check("toilets", [toilet(1, **cells)])
    assert found.rows["subdistrict_code"].tolist() == ["330102003"]
    assert found.findings["rule"].tolist() == ([rule] if rule else [])


def test_what_was_stated_otherwise_stays_in_the_finding():
    one = only(check("toilets", [toilet(1, 街道="九堡街道")]))
    assert (one["severity"], one["value"]) == ("corrected", "九堡街道")
    assert "湖滨街道" in one["reason"]


def test_codes_of_before_2021_are_converted():
    found = check("toilets", [toilet(1, 街道代码="330104014", **JIUBAO)])
    assert found.rows["subdistrict_code"].tolist() == ["330102018"]
    assert told(found, "corrected", "旧街道代码") == [(2, "街道代码", "330104014")]


@pytest.mark.parametrize(
    "cells",
    [{"街道代码": "330104009"}, {"街道代码": "330104010"}, {"街道": "下沙街道"}, {"街道": "白杨"}],
)
def test_subdistricts_of_another_district_are_refused_with_the_reason(cells):
    one = only(check("toilets", [toilet(1, **cells)]))
    assert (one["severity"], one["rule"]) == ("rejected", "街道")
    assert "钱塘区" in one["reason"]


def facility(**cells):
    return {"编号": "F1", "名称": "甲闸", "类型": "水闸", **cells}


@pytest.mark.parametrize(
    ("cells", "code"),
    [({}, None), ({"街道代码": "330104005"}, "330102011"), ({"街道": "湖滨"}, "330102003"),
     ({"街道": "湖滨", "街道代码": "330102003"}, "330102003")],
)  # fmt: skip
def test_without_a_position_the_subdistrict_is_as_stated(cells, code):
    rows = check("river_facilities", [facility(**cells)]).rows
    assert rows["is_mapped"].tolist() == [False]
    assert rows["lon"].isna().all()
    assert rows["subdistrict_code"].fillna("").tolist() == [code or ""]


@pytest.mark.parametrize(
    "cells",
    [{"街道": "西溪"}, {"街道代码": "330106001"}, {"街道": "九堡", "街道代码": "330102003"}],
)
def test_without_a_position_a_subdistrict_that_is_none_is_refused(cells):
    found = check("river_facilities", [facility(**cells)])
    assert set(found.findings["rule"]) == {"街道"}
    assert found.accepted_count == 0


def test_a_row_of_which_no_subdistrict_can_be_told_is_refused_where_one_is_needed():
    street = {
        "编号": "D1",
        "类型": "精品街",
        "道路": "甲",
        "级别": "市级",
        "状态": "在建",
        "进度": "5",
    }
    one = only(check("demonstration_streets", [street]))
    assert (one["rule"], one["heading"]) == ("街道", "街道")


# --- positions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "heading", "words"),
    [
        ({"经度": None, "纬度": None}, "经度", "缺少位置"),
        ({"经度": None}, "经度", "缺少经度"),
        ({"纬度": None}, "纬度", "缺少纬度"),
        ({"经度": "0"}, "经度", "坐标为 0"),
        ({"经度": "湖滨"}, "经度", "不是坐标数值"),
        ({"经度": "190"}, "经度", "超出 WGS-84"),
        ({"经度": "519248.7", "纬度": "3347844"}, "经度", "超出 WGS-84"),
        ({"经度": "1e300"}, "经度", "不是坐标数值"),
        (OUTSIDE, "经度", "距区界 9,007 米"),
        ({"经度": "-120.16"}, "经度", "超出 WGS-84"),
    ],
)
def test_a_position_that_cannot_be_is_refused_with_the_reason(cells, heading, words):
    found = check("toilets", [toilet(1, **cells), *(toilet(i) for i in range(2, 9))])
    one = only(found)
    assert (one["row"], one["heading"], one["severity"]) == (2, heading, "rejected")
    assert words in one["reason"]
    assert found.accepted_count == 7


def test_the_range_of_metres_is_written_out():
    found = check("toilets", [toilet(1)], crs="gk120").findings
    (reason,) = found.loc[found["rule"] == "位置", "reason"]
    assert "（250,000～750,000，300,000～6,000,000）" in reason


def test_a_single_row_with_its_axes_exchanged_is_put_right():
    swapped = {"经度": HUBIN["纬度"], "纬度": HUBIN["经度"]}
    found = check("toilets", [toilet(i) for i in range(9)] + [toilet(9, **swapped)])
    assert found.accepted_count == 10
    assert told(found, "corrected") == [(11, "经度", "30.254995, 120.162264")]
    assert found.rows.loc[11, "lon"] == 120.162264


def test_a_file_with_its_axes_exchanged_is_put_right_and_says_so():
    swapped = {"经度": HUBIN["纬度"], "纬度": HUBIN["经度"]}
    found = check("toilets", [toilet(i, **swapped) for i in range(5)])
    assert found.accepted_count == 5
    assert told(found) == [(0, "", "")]
    assert found.crs.swapped
    assert found.blockers == []
    found = check("toilets", [toilet(i, **swapped) for i in range(5)], swap_axes=True)
    assert found.findings.empty


@pytest.mark.parametrize("system", ["cgcs2000", "gk120", "gk120_zone", "gcj02", "bd09"])
def test_positions_arrive_from_every_system(system):
    x, y = from_wgs84(np.array([120.162264]), np.array([30.254995]), system)
    cells = {"经度": f"{x[0]:.8f}", "纬度": f"{y[0]:.8f}"}
    row = check("toilets", [toilet(1, **cells)], crs=system).rows.loc[2]
    assert (row["lon"], row["lat"]) == pytest.approx((120.162264, 30.254995), abs=2e-6)


def test_a_wrong_system_blocks_the_file():
    x, y = from_wgs84(np.array([120.162264]), np.array([30.254995]), "gk120")
    cells = {"经度": str(x[0]), "纬度": str(y[0])}
    found = check("toilets", [toilet(i, **cells) for i in range(9)])
    assert found.crs.suggestion == "gk120"
    assert any("EPSG:4549" in text or "高斯" in text for text in found.blockers)


def test_without_a_declared_system_the_choices_are_listed():
    with pytest.raises(ImportProblem, match=r"须声明坐标系.*gcj02（GCJ-02 经纬度"):
        check("toilets", [toilet(1)], crs=None)
    with pytest.raises(ImportProblem, match="没有坐标系 mars"):
        check("toilets", [toilet(1)], crs="mars")


def test_a_file_without_positions_needs_no_system():
    assert check("river_facilities", [facility()], crs=None).accepted_count == 1
    assert check("toilets", [toilet(1, 经度=None, 纬度=None)], crs=None).accepted_count == 0


def test_what_the_officer_declares_goes_before_what_the_file_says():
    point = shapely.Point(*(v[0] for v in from_wgs84(np.array([120.162264]), np.array([30.254995]),
                                                     "gcj02")))  # fmt: skip
    rows = [{"编号": "T1", "名称": "甲"}]
    as_file = check("toilets", rows, geometry=[point], crs=None, declared="wgs84")
    as_told = check("toilets", rows, geometry=[point], crs="gcj02", declared="wgs84")
    assert as_told.rows["lon"].iloc[0] == pytest.approx(120.162264, abs=2e-6)
    assert as_file.rows["lon"].iloc[0] == pytest.approx(point.x, abs=2e-6)


def test_geometry_goes_before_columns_of_coordinates():
    found = check(
        "toilets", [toilet(1, **OUTSIDE)], geometry=[shapely.Point(120.162264, 30.254995)]
    )
    assert found.rows["lon"].tolist() == [120.162264]
    assert {heading for _, heading, _ in told(found, "noted", "以几何为准")} == {"经度", "纬度"}


@pytest.mark.parametrize(
    ("geometry", "words"),
    [(None, "缺少位置"), (shapely.Point(), "缺少位置"), (shapely.Point(np.nan, 1), "有效的数值"),
     (shapely.LineString([(0, 0), (1, 1)]), "几何不是点"), (shapely.Point(np.inf, 30), "有效的数值")],
)  # fmt: skip
def test_a_geometry_that_is_no_position_is_refused(geometry, words):
    good = shapely.Point(120.162264, 30.254995)
    rows = [{"编号": "T1", "名称": "甲"}, {"编号": "T2", "名称": "乙"}]
    found = check("toilets", rows, geometry=[geometry, good])
    assert found.rows.index.tolist() == [3]
    assert words in only(found)["reason"]


# --- lines and areas -----------------------------------------------------------------------------

INSIDE_LINE = shapely.LineString([(120.18, 30.25), (120.20, 30.26)])
LONG_LINE = shapely.LineString([(120.05, 30.25), (120.20, 30.26)])
FAR_LINE = shapely.LineString([(119.5, 30.25), (119.6, 30.26)])


def street(number, **cells):
    return {"编号": f"S{number}", "名称": f"路{number}", "道路等级": "支路", **cells}


def test_lines_are_cut_at_the_border_and_measured_as_they_are_kept():
    found = check("streets", [street(1), street(2), street(3)],
                  geometry=[INSIDE_LINE, LONG_LINE, FAR_LINE])  # fmt: skip
    assert found.rows.index.tolist() == [2, 3]
    assert told(found, "noted", "裁剪到区界") == [(3, "", "")]
    assert told(found, "rejected", "位置在区内")[0][0] == 4
    for row in found.rows.itertuples():
        kept = shapely.from_geojson(row.geometry_json)
        assert row.length_m == pytest.approx(length_m(kept))
    assert found.rows["length_m"].iloc[1] < length_m(LONG_LINE)
    assert found.rows["street_class"].tolist() == ["tertiary", "tertiary"]


@pytest.mark.parametrize("write", [shapely.to_wkt, shapely.to_geojson,
                                   lambda line: f"SRID=4326;{line.wkt}"])  # fmt: skip
def test_lines_may_stand_in_a_column_of_text(write):
    rows = check("streets", [street(1, wkt=write(INSIDE_LINE))]).rows
    assert rows["length_m"].iloc[0] == pytest.approx(length_m(INSIDE_LINE), rel=1e-3)


@pytest.mark.parametrize(
    ("text", "words"),
    [("LINESTRING (120 30", "WKT"), ('{"type": "LineString"', "WKT"), ("湖滨路", "WKT"),
     ("POINT (120.18 30.25)", "几何不是线"), ("LINESTRING (120.18 30.25, 120.18 30.25)", "退化"),
     ("LINESTRING EMPTY", "WKT"), ("LINESTRING (120.18 30.25, 520.18 30.25)", "不可能"), (None, "缺少几何")],
)  # fmt: skip
def test_a_text_that_is_no_line_is_refused(text, words):
    found = check("streets", [street(1, wkt=text), street(2, wkt=INSIDE_LINE.wkt)])
    assert found.rows.index.tolist() == [3]
    assert words in only(found)["reason"]


def test_areas_are_mended_cut_and_measured():
    bow = shapely.Polygon([(120.18, 30.25), (120.2, 30.27), (120.2, 30.25), (120.18, 30.27)])
    found = check("water_areas", [{"编号": "W1", "名称": "甲"}], geometry=[bow])
    kept = shapely.from_geojson(found.rows["geometry_json"].iloc[0])
    assert kept.is_valid
    assert found.rows["area_km2"].iloc[0] == pytest.approx(to_metres(kept).area / 1e6)


def test_an_outline_of_many_vertices_stays_closed_in_every_system():
    shore = shapely.Point(120.2, 30.25).buffer(0.01, quad_segs=6_000)
    for system in ("gcj02", "bd09", "gk120"):
        moved = shapely.transform(
            shore, lambda xy, to=system: np.column_stack(from_wgs84(*xy.T, to))
        )
        rows = check("water_areas", [{"编号": "W1"}], geometry=[moved], crs=system).rows
        assert rows["area_km2"].iloc[0] == pytest.approx(to_metres(shore).area / 1e6, rel=1e-3)


def test_a_river_without_a_course_is_not_on_the_map():
    rows = [{"编号": "R1", "河道": "甲河"}, {"编号": "R2", "河道": "未命名河道（W1）"}]
    found = check("rivers", rows, geometry=[INSIDE_LINE, None])
    assert found.rows["is_mapped"].tolist() == [True, False]
    assert found.rows["is_named"].tolist() == [True, False]
    assert found.rows["length_m"].isna().tolist() == [False, True]


def test_a_demonstration_street_stands_in_the_middle_of_its_line():
    cells = {
        "编号": "D1",
        "类型": "精品街",
        "道路": "甲",
        "级别": "市级",
        "状态": "在建",
        "进度": "5",
    }
    row = check("demonstration_streets", [cells], geometry=[INSIDE_LINE]).rows.loc[2]
    assert (row["lon"], row["lat"]) == pytest.approx((120.19, 30.255), abs=1e-4)
    assert row["is_mapped"]
    assert row["subdistrict_code"] is not None


# --- other tables --------------------------------------------------------------------------------

RIVERS = pd.DataFrame({
    "river_id": ["R1", "R2", "R3"], "river_name": ["新塘河", "中河", "中河"],
})  # fmt: skip
SECTIONS = pd.DataFrame({
    "section_id": ["D1", "D2"], "section_name": ["新塘河断面", "丰收湖断面"],
    "water_kind": ["river", "lake"],
})  # fmt: skip


def test_a_river_is_found_by_its_id_or_its_name():
    given = ["R2", " 新塘河", "中河", "甲河", None]
    rows = [{"断面编号": f"D{n}", "断面名称": f"断面{n}", "河道": river, "水体类型": "河流"}
            for n, river in enumerate(given)]  # fmt: skip
    found = check("water_sections", rows, {"rivers.rivers": RIVERS})
    assert found.rows["river_id"].tolist() == ["R2", "R1"]
    reasons = found.findings["reason"].tolist()
    assert [
        words in text for words, text in zip(("多行", "没有这个", "为空"), reasons, strict=True)
    ] == [True] * 3


def test_a_register_that_refers_to_an_empty_one_says_which_comes_first():
    assert lookup_tables(register("water_quality")) == ["rivers.sections"]
    assert lookup_tables(register("water_sections")) == ["rivers.rivers"]
    assert lookup_tables(register("toilets")) == []
    with pytest.raises(ImportProblem, match="请先导入水质断面"):
        check("water_quality", [{"断面": "D1", "月份": "2025-03"}], {})


def test_water_is_classed_by_the_standard():
    cells = {
        "断面": "新塘河断面",
        "月份": "2025-03",
        "溶解氧": "6.2",
        "高锰酸盐指数": "4.1",
        "氨氮": "0.62",
    }
    rows = [{**cells, "总磷": "0.12"}, {**cells, "月份": "2025-04", "总磷": None}]
    found = check("water_quality", rows, {"rivers.sections": SECTIONS}).rows
    assert found["section_id"].tolist() == ["D1", "D1"]
    assert found["quality_class"].fillna("").tolist() == ["Ⅲ", ""]
    assert found["limiting_item"].iloc[1] == "缺 TP"
    assert found["month"].tolist() == [pd.Timestamp("2025-03-01"), pd.Timestamp("2025-04-01")]


def test_of_the_plans_projects_only_states_and_dates_are_taken(built_tables):
    plan = {"plan.projects": built_tables["plan.projects"]}
    first, second = plan["plan.projects"]["project_id"].iloc[:2]
    rows = [{"项目编号": first, "状态": "在建", "开工日期": "2022-03-01", "完工日期": None},
            {"项目编号": second, "状态": "已建成", "开工日期": "2022-03-01", "完工日期": None},
            {"项目编号": "X99", "状态": "未开工", "开工日期": None, "完工日期": None}]  # fmt: skip
    found = check("projects", rows, plan)
    assert list(found.rows.columns) == ["project_id", "state", "started_on", "completed_on"]
    assert found.rows["project_id"].tolist() == [first]
    reasons = found.findings.set_index("row")["reason"]
    assert reasons[3] == "“已建成”的须有“完工日期”，其他状态不能有"
    assert "没有这个编号" in reasons[4]


@pytest.mark.parametrize(
    ("cells", "words"),
    [({"数值": "120"}, "超出 0～100"), ({"指标序号": "29"}, "大于 28"), ({"年份": "2031"}, "大于 2025"),
     ({"数值": "九成"}, "不是数字"), ({"填报单位": None}, "为空")],
)  # fmt: skip
def test_indicator_values_are_held_to_the_range_of_their_indicator(cells, words):
    row = {
        "指标序号": "9",
        "年份": "2024",
        "数值": "70",
        "填报单位": "环卫中心",
        "填报日期": "2024-12-31",
    }
    assert check("indicator_values", [row]).findings.empty
    assert words in only(check("indicator_values", [row | cells]))["reason"]


@pytest.mark.parametrize(
    ("indicator", "value", "is_sound"),
    [("10", "0", True), ("10", "-2.5", True), ("10", "-101", False), ("8", "98.5", True),
     ("9", "-0.1", False), ("5", "3.5", False)],
)  # fmt: skip
def test_growth_may_be_nothing_or_negative_and_counts_are_whole(indicator, value, is_sound):
    row = {"指标序号": indicator, "年份": "2024", "数值": value, "填报单位": "环卫中心",
           "填报日期": "2024/12/31"}  # fmt: skip
    found = check("indicator_values", [row])
    assert (found.accepted_count == 1) == is_sound
    assert found.findings["rule"].tolist() == ([] if is_sound else ["指标范围"])


def test_rules_of_a_table_name_columns_as_the_file_does():
    cells = {"编号": "DS1", "地点": "甲", **HUBIN, "类型": "绿地", "发现时间": "2021-03-15",
             "消除时间": "2021-03-01"}  # fmt: skip
    one = only(check("dark_spots", [cells]))
    assert one["heading"] == "消除时间"
    assert one["reason"] == "“消除时间”不能早于“发现时间”"


# --- every register ------------------------------------------------------------------------------


@pytest.mark.parametrize("each", REGISTERS, ids=lambda each: each.name)
def test_what_a_snapshots_check_would_refuse_is_not_accepted(each, built_tables):
    """The standing sample rows, written as an office would, come through whole and sound."""
    names = [item.name for item in each.fields]
    standing = built_tables[each.dataset].head(300)
    cells = {}
    for name in names:
        values = standing[name]
        if values.dtype == "boolean":
            values = values.map({True: "是", False: "否"})
        elif values.dtype.kind == "M":
            values = values.dt.strftime("%Y-%m-%d")
        cells[each.column(name).title] = values.astype("str")
    frame = pd.DataFrame(cells)
    frame.index = range(2, 2 + len(frame))
    raw = RawTable("填报.csv", "CSV", "", frame)
    found = validate(raw, each, Options(crs="wgs84"), built_tables)
    if each.name == "projects":
        # A register of states holds projects with a state only.
        assert found.accepted_count == int(standing["state"].notna().sum())
        return
    if each.name == "water_areas":
        # The base map shows waters around the district as well.
        outline = district.outline()
        shapes = shapely.from_geojson(standing["geometry_json"].to_numpy(dtype=object))
        standing = standing[shapely.area(shapely.intersection(shapes, outline)) > 0]
    assert found.accepted_count == len(standing), found.findings.to_dict("records")[:3]
    assert check_rows(each.table, found.rows) == []
    if each.geometry == "point":
        codes = [frame["subdistrict_code"].fillna("").tolist() for frame in (found.rows, standing)]
        assert codes[0] == codes[1]


def test_a_doubted_system_is_published_only_once_it_is_confirmed(built_tables):
    known = built_tables["toilets.toilets"].head(60)
    x, y = from_wgs84(known["lon"].to_numpy(), known["lat"].to_numpy(), "gcj02")
    rows = [
        toilet(i, 名称=name, 经度=f"{lon:.7f}", 纬度=f"{lat:.7f}")
        for i, (name, lon, lat) in enumerate(zip(known["toilet_name"], x, y, strict=True))
    ]
    found = check("toilets", rows, crs="wgs84")
    assert found.crs.suggestion == "gcj02"
    assert "核实后确认" in found.blockers[0]
    assert check("toilets", rows, crs="wgs84", crs_confirmed=True).blockers == []
    assert check("toilets", rows, crs="gcj02").blockers == []


@pytest.mark.parametrize("word", ["合计", "合  计", "总计：", "小计"])
def test_a_row_of_totals_is_told_as_such(word):
    total = {"公厕编号": word, "名称": None, "经度": None, "纬度": None, "女厕位": "20"}
    found = check("toilets", [toilet(1, 女厕位="20"), total])
    assert found.rows.index.tolist() == [2]
    assert told(found, rule="合计行") == [(3, "", "")]


def test_a_name_that_begins_like_a_total_is_none():
    assert check("toilets", [toilet(1, 名称="合计路公厕")]).accepted_count == 1
