"""Registers of lighting as offices deliver them: their words, their faults, and what follows when
cabinets change."""

from collections import ChainMap

import numpy as np
import pandas as pd
import pytest

from data.build import build
from data.check import check_replaced, check_rows
from data.component_codes import LAMP_CLASSES, component_class
from data.consequences import consequences
from data.contracts import ASSET_KINDS, table
from data.derive import dependents_of, obstacles, replacement, yearly_counts
from data.frames import contract_frame
from data.history import Change
from data.publishing import publish_register
from data.registers.options import Options
from data.registers.raw import ImportProblem
from data.registers.read import read_file
from data.registers.registry import register
from data.registers.template import template_bytes
from data.registers.validation import validate
from data.snapshot import SnapshotError, current_version, snapshot_folder
from data.standing import StandingTables
from tests.small_lighting import (
    CABINETS,
    ENERGY,
    LAMPS,
    STATUS,
    cabinets,
    energy,
    lamps,
    standing,
    status,
)

CHANGE = Change("import", "值班员甲", provider="区城管局", as_of="2025-12", source="柜.xlsx")
HEADS = {
    "lighting_assets": "部件编码,灯具类型,位置,经度,纬度,控制箱编号,LED灯,集控,是否完好,亮灯情况,5G",
    "lighting_cabinets": "编号,控制柜名称,经度,纬度,道路,一把闸刀,接入时间",
    "lighting_roads": "编号,路名,街道,道路等级,建设性质,建成年份,装灯情况,检测结论,平均照度(lx),检测时间",
    "lighting_status": "统计月份,周期,控制柜,道路,街道,应亮,实亮,新增故障,修复,修复时长,故障夜数",
    "lighting_energy": "用电月份,控制柜,用电量(kWh)",
    "lighting_projects": "编号,名称,类型,经度,纬度,数量,完成数,单位,照明方式,建设状态,开工时间,完工时间",
    "dark_spots": "编号,点位,经度,纬度,类型,问题来源,发现时间,消除时间",
}
BY_CABINET = "2025-11-01,月,解放路 1 号柜,,,96,95,2,2,31.5,3"
BY_ROAD = "2025-11-01,月,,解放路,小营,210,207,4,3,52,6"
SOUND = {
    "lighting_assets": "3301020119000001,地灯,解放路,120.175,30.247,KZ1,是,是,完好,亮,否",
    "lighting_cabinets": "KZ9,解放路 9 号柜,120.175,30.247,解放路,已接入,2019",
    "lighting_roads": "ZM1,解放路,小营,主干道,新建,2022,已装灯,达标,24.6,2025-09-12",
    "lighting_status": BY_CABINET,
    "lighting_energy": "2025年11月,KZ1,1862.4",
    "lighting_projects":
        "LP1,贴沙河绿化带,绿化带,120.175,30.247,3,3,公里,微照明,已建成,2022-03-01,2022-11-20",
    "dark_spots": "DS1,贴沙河游步道南段,120.175,30.247,河道游步道,投诉,2021-03-15,2021-11-20",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables():
    """Streets of the map and three registered cabinets."""
    return standing(cabinets=cabinets())


@pytest.fixture
def checked(tmp_path, tables):
    """Write lines below a register's headings as a file of an office, read and check it."""

    def check(name, *lines, head=None, current=None):
        path = tmp_path / f"{name}.csv"
        path.write_bytes("\r\n".join([head or HEADS[name], *lines]).encode("gb18030"))
        each = register(name)
        options = Options(crs="wgs84" if each.geometry else None)
        found = validate(
            read_file(path, each), each, options, tables if current is None else current
        )
        assert found.accepted_count + found.rejected_count == found.read_count == len(lines)
        return found

    return check


def told(found, severity="rejected"):
    """Row, heading, rule, reason and remedy of findings."""
    rows = found.findings[found.findings["severity"] == severity]
    return list(
        rows[["row", "heading", "rule", "reason", "remedy"]].itertuples(index=False, name=None)
    )


def cell(name, heading, value):
    """The sound row of a register with another cell."""
    cells = dict(zip(HEADS[name].split(","), SOUND[name].split(","), strict=True))
    assert heading in cells
    return ",".join((cells | {heading: value}).values())


@pytest.mark.parametrize(("name", "line"), [*SOUND.items(), ("lighting_status", BY_ROAD)])
def test_a_row_as_offices_write_it_is_taken_without_a_word(checked, name, line):
    found = checked(name, line)
    assert told(found) == told(found, "corrected") == told(found, "noted") == []
    assert found.accepted_count == 1
    assert check_rows(register(name).table, found.rows) == []


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "heading", "word", "column", "value"),
    [
        ("lighting_cabinets", "一把闸刀", "接入", "is_on_central_switch", True),
        ("lighting_roads", "道路等级", "次干道", "road_class", "secondary"),
        ("lighting_roads", "建设性质", "改建", "is_new", True),
        ("lighting_roads", "建设性质", "既有", "is_new", False),
        ("lighting_roads", "检测结论", "不合格", "meets_standard", False),
        ("lighting_projects", "照明方式", "轻照明", "technique", "light"),
        ("lighting_projects", "照明方式", "常规照明", "technique", "other"),
        *[
            ("lighting_projects", "类型", word, "project_kind", kind)
            for word, kind in (("重点沿线", "key_line"), ("入城口", "city_entrance"),
                               ("建筑楼宇", "building"), ("堤岸线", "embankment"))
        ],
        ("dark_spots", "问题来源", "12345", "found_by", "市民反映"),
        ("dark_spots", "问题来源", "巡查", "found_by", "巡查普查"),
        ("dark_spots", "类型", "公园", "spot_kind", "公园"),
        ("lighting_assets", "亮灯情况", "故障", "state", "unlit"),
        ("lighting_assets", "是否完好", "损坏", "is_sound", False),
    ],
)  # fmt: skip
def test_words_of_offices_become_those_of_the_contract(checked, name, heading, word, column, value):
    found = checked(name, cell(name, heading, word))
    assert found.rows[column].tolist() == [value]


@pytest.mark.parametrize(
    ("word", "digits", "kind"),
    [("LED路灯", "0118", "street_lamp"), ("地埋灯", "0119", "ground_lamp"), ("0120", "0120", "scenery_light")],
)  # fmt: skip
def test_a_lamp_of_each_kind_has_the_class_of_its_kind(checked, word, digits, kind):
    found = checked(
        "lighting_assets",
        SOUND["lighting_assets"].replace("地灯", word).replace("0119", digits),
    )
    assert told(found) == []
    assert found.rows["asset_kind"].tolist() == [kind]


@pytest.mark.parametrize("word", ["未接入", "否"])
def test_a_cabinet_that_is_not_connected_has_no_year(checked, word):
    found = checked("lighting_cabinets", f"KZ9,解放路 9 号柜,120.175,30.247,解放路,{word},")
    assert told(found) == []
    assert found.rows["is_on_central_switch"].tolist() == [False]


@pytest.mark.parametrize("month", ["2025-11", "2025年11月", "2025/11", "202511", "2025-11-01"])
def test_a_month_is_its_first_day_without_a_word(checked, month):
    found = checked("lighting_status", cell("lighting_status", "统计月份", month))
    assert told(found) == told(found, "corrected") == []
    assert found.rows["counted_on"].tolist() == [pd.Timestamp("2025-11-01")]


def test_a_count_by_cabinet_lies_where_the_cabinet_stands(checked):
    other = BY_CABINET.replace("解放路 1 号柜", "KZ3")
    found = checked("lighting_status", BY_CABINET, other.replace(",,,", ",,小营,"))
    assert found.rows["cabinet_id"].tolist() == ["KZ1", "KZ3"]
    assert found.rows["subdistrict_name"].tolist() == ["小营街道", "湖滨街道"]
    ((row, heading, rule, reason, _),) = told(found, "corrected")
    assert (row, heading, rule) == (3, "街道", "街道与位置不符")
    assert "湖滨街道" in reason


def test_counts_by_road_need_no_cabinets(checked):
    found = checked("lighting_status", BY_ROAD, current=standing())
    assert told(found) == []
    assert found.rows[["street_name", "name_match", "subdistrict_code"]].values.tolist() == [
        ["解放路", "exact", "330102004"]
    ]


@pytest.mark.parametrize("name", ["lighting_status", "lighting_energy"])
def test_where_no_cabinets_stand_counts_by_cabinet_wait_for_them(checked, name):
    with pytest.raises(ImportProblem, match=r"“照明控制柜”尚无数据.*请先导入照明控制柜"):
        checked(name, SOUND[name], current=standing())


@pytest.mark.parametrize(
    ("name", "heading", "other", "wanted"),
    [
        ("lighting_energy", "用电量(kWh)", "用电量(万千瓦时)", "kWh"),
        ("lighting_energy", "用电量(kWh)", "用电量（MWh）", "kWh"),
        ("lighting_status", "修复时长", "修复时长(分钟)", "小时"),
    ],
)
def test_a_column_in_another_unit_stops_the_file(checked, name, heading, other, wanted):
    with pytest.raises(ImportProblem, match=f"请换算为 {wanted} 后改表头"):
        checked(name, SOUND[name], head=HEADS[name].replace(heading, other))


@pytest.mark.parametrize(
    ("name", "heading", "written", "column", "value"),
    [
        ("lighting_energy", "用电量(kWh)", "1862.4 度", "energy_kwh", 1862.4),
        ("lighting_status", "修复时长", "31.5小时", "repair_hours", 31.5),
        ("lighting_status", "应亮", "96 盏", "due_count", 96),
        ("lighting_roads", "平均照度(lx)", "24.6lx", "average_lux", 24.6),
    ],
)
def test_a_unit_behind_a_number_is_taken_off_and_told(
    checked, name, heading, written, column, value
):
    found = checked(name, cell(name, heading, written))
    assert [(at, rule) for _, at, rule, *_ in told(found, "corrected")] == [(heading, "带单位的数")]
    assert found.rows[column].tolist() == [value]


@pytest.mark.parametrize("name", ["lighting_roads", "lighting_status"])
def test_a_road_that_is_none_of_the_map_keeps_its_row(checked, name):
    line = {"lighting_roads": SOUND["lighting_roads"], "lighting_status": BY_ROAD}[name]
    found = checked(name, line.replace("解放路", "解放禄"))
    assert [(row, rule) for row, _, rule, *_ in told(found, "noted")] == [(2, "未上图")]
    assert found.rows["road_name"].tolist() == ["解放禄"]
    assert found.rows["street_name"].isna().all()


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "changes", "heading", "rule", "reason"),
    [
        ("lighting_assets", {"灯具类型": "灯笼"}, "灯具类型", "取值", "不是“类别”可填的内容"),
        ("lighting_assets", {"亮灯情况": "半亮"}, "亮灯情况", "取值", "不是“亮灯状态”可填的内容"),
        ("lighting_assets", {"经度": "121.175"}, "经度", "位置在区内", "本区之外"),
        ("lighting_assets", {"经度": ""}, "经度", "位置", "缺少经度"),
        ("lighting_cabinets", {"一把闸刀": "未接入"}, "接入时间", "接入", "只能在“一把闸刀”为“是”时填"),
        ("lighting_cabinets", {"一把闸刀": "也许"}, "一把闸刀", "格式", "应填是或否"),
        ("lighting_cabinets", {"纬度": "30.5"}, "经度", "位置在区内", "本区之外"),
        ("lighting_roads", {"装灯情况": "未装灯"}, "检测结论", "装灯", "为“否”的道路"),
        ("lighting_roads", {"装灯情况": ""}, "装灯情况", "必填", "为空"),
        ("lighting_roads", {"检测时间": "2034-09-12"}, "检测时间", "日期", "在今天以后"),
        ("lighting_roads", {"平均照度(lx)": "501"}, "平均照度(lx)", "范围", "大于 500"),
        ("lighting_status", {"实亮": "97"}, "实亮", "计数", "“实亮”不能多于“应亮”"),
        ("lighting_status", {"统计月份": "2034-11-01"}, "统计月份", "日期", "在今天以后"),
        ("lighting_status", {"统计月份": "2025-11-30"}, "统计月份", "统计日期", "应为当月 1 日"),
        ("lighting_status", {"统计月份": "2025.1"}, "统计月份", "格式", "可能是 1 月，也可能是 10 月"),
        ("lighting_status", {"统计月份": "2025"}, "统计月份", "格式", "缺月和日"),
        ("lighting_status", {"周期": "日", "统计月份": "2025-11"}, "统计月份", "格式", "只写到月"),
        ("lighting_status", {"周期": "旬"}, "周期", "取值", "不是“统计周期”可填的内容"),
        ("lighting_status", {"故障夜数": "31"}, "故障夜数", "计数", "不能多于统计周期的天数"),
        ("lighting_status", {"故障夜数": "2", "周期": "日"}, "故障夜数", "计数", "按日的至多 1 夜"),
        ("lighting_status", {"修复": "0"}, "修复时长", "修复", "不会有“修复时长”"),
        ("lighting_status", {"修复": ""}, "修复时长", "修复", "不会有“修复时长”"),
        ("lighting_status", {"应亮": "-1"}, "应亮", "范围", "小于 0"),
        ("lighting_status", {"道路": "解放路"}, "道路", "统计对象", "都填了"),
        ("lighting_status", {"控制柜": ""}, "控制柜", "统计对象", "都未填"),
        ("lighting_status", {"控制柜": "", "道路": "解放路"}, "街道", "街道", "须有“街道”"),
        ("lighting_status", {"控制柜": "KZ404"}, "控制柜", "引用", "没有这个编号或名称"),
        ("lighting_energy", {"控制柜": "无此柜"}, "控制柜", "引用", "没有这个编号或名称"),
        ("lighting_energy", {"用电月份": "2034-11"}, "用电月份", "日期", "在今天以后"),
        ("lighting_energy", {"用电量(kWh)": "-3"}, "用电量(kWh)", "范围", "小于 0"),
        ("lighting_projects", {"完成数": "3.5"}, "完成数", "计数", "“完成数”不能多于“数量”"),
        ("lighting_projects", {"完成数": "2"}, "完成数", "完工", "不能少于“数量”"),
        ("lighting_projects", {"完工时间": ""}, "完工时间", "完工", "须有“完工时间”"),
        ("lighting_projects", {"建设状态": "在建"}, "完工时间", "完工", "不能有"),
        ("lighting_projects", {"开工时间": ""}, "开工时间", "开工", "须有“开工时间”"),
        ("lighting_projects", {"完工时间": "2022-02-28"}, "完工时间", "日期", "不能早于“开工时间”"),
        ("lighting_projects", {"完工时间": "2034-02-28"}, "开工时间", "日期", "在今天以后"),
        ("lighting_projects", {"建设状态": "快了"}, "建设状态", "取值", "不是“状态”可填的内容"),
        ("lighting_projects", {"照明方式": "强光"}, "照明方式", "取值", "不是“改造方式”可填的内容"),
        ("lighting_projects", {"纬度": "31.2"}, "经度", "位置在区内", "本区之外"),
        ("dark_spots", {"消除时间": "2021-03-14"}, "消除时间", "日期", "不能早于“发现时间”"),
        ("dark_spots", {"发现时间": "2034-03-14", "消除时间": ""}, "发现时间", "日期", "在今天以后"),
        ("dark_spots", {"问题来源": "听说"}, "问题来源", "取值", "不是“发现方式”可填的内容"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_column(checked, name, changes, heading, rule, reason):
    cells = dict(zip(HEADS[name].split(","), SOUND[name].split(","), strict=True))
    assert changes.keys() <= cells.keys()
    good = SOUND[name].replace(cells["编号"], "OK", 1) if "编号" in cells else SOUND[name]
    if name in ("lighting_status", "lighting_energy"):
        good = good.replace("解放路 1 号柜", "KZ2").replace("KZ1", "KZ2")
    found = checked(name, ",".join((cells | changes).values()), good.replace("000001,", "000002,"))
    ((row, at, found_rule, found_reason, remedy),) = told(found)
    assert (row, at, found_rule) == (2, heading, rule)
    assert reason in found_reason
    assert remedy.startswith("请")
    assert found.rows.index.tolist() == [3]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("lighting_cabinets", {"接入时间": "", "一把闸刀": ""}),
        ("lighting_cabinets", {"接入时间": ""}),
        ("lighting_roads", {"装灯情况": "未装灯", "检测结论": "不达标"}),
        ("lighting_roads", {"装灯情况": "未装灯", "检测结论": ""}),
        ("lighting_roads", {"检测结论": "", "检测时间": "", "平均照度(lx)": "", "街道": ""}),
        ("lighting_status", {"实亮": "96"}),
        ("lighting_status", {"应亮": "0", "实亮": "0"}),
        ("lighting_status", {"故障夜数": "30"}),
        ("lighting_status", {"故障夜数": "1", "周期": "日", "统计月份": "2025-11-30"}),
        ("lighting_status", {"修复": "0", "修复时长": "0"}),
        ("lighting_status", {"新增故障": "", "修复": "", "修复时长": "", "故障夜数": ""}),
        ("lighting_projects", {"完成数": ""}),
        ("lighting_projects", {"完成数": "0", "建设状态": "在建", "完工时间": ""}),
        ("lighting_projects", {"完成数": "3", "建设状态": "在建", "完工时间": ""}),
        ("lighting_projects", {"建设状态": "未开工", "开工时间": "", "完工时间": "", "完成数": ""}),
        ("lighting_projects", {"开工时间": "2022-11-20"}),
        ("dark_spots", {"消除时间": "2021-03-15"}),
        ("dark_spots", {"消除时间": "", "问题来源": ""}),
    ],
)
def test_what_is_left_open_or_just_within_the_rule_is_taken(checked, name, changes):
    cells = dict(zip(HEADS[name].split(","), SOUND[name].split(","), strict=True))
    found = checked(name, ",".join((cells | changes).values()))
    assert told(found) == []
    assert found.accepted_count == 1


def test_a_february_has_as_many_nights_as_its_year_says(checked):
    leap, common = (
        BY_CABINET.replace("2025-11-01", day).replace(",3", ",29") for day in ("2024-02", "2025-02")
    )
    found = checked("lighting_status", leap, common)
    assert [(row, rule) for row, _, rule, *_ in told(found)] == [(3, "计数")]


# --- which row is which --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BY_CABINET, BY_CABINET.replace("解放路 1 号柜", "KZ1").replace(",95,", ",90,")),
        (BY_CABINET, BY_CABINET.replace(",,,", ",,小营,").replace("2025-11-01", "2025年11月")),
        (BY_ROAD, BY_ROAD.replace("小营", "330102004").replace(",207,", ",200,")),
    ],
    ids=["cabinet by id and name", "subdistrict left out and given", "road"],
)
def test_two_counts_of_one_thing_in_one_month_are_both_refused(checked, first, second):
    head = None
    if "330102004" in second:
        head = HEADS["lighting_status"].replace("街道", "街道代码")
        first = first.replace("小营", "330102004")
    found = checked("lighting_status", first, second, head=head)
    assert [(row, rule) for row, _, rule, *_ in told(found)] == [(2, "编号重复"), (3, "编号重复")]
    assert "请改正统计月份、周期、控制柜、道路" in told(found)[0][4]


def test_a_row_that_is_there_twice_is_left_out_once(checked):
    found = checked("lighting_status", BY_ROAD, BY_ROAD)
    assert [(row, rule) for row, _, rule, *_ in told(found)] == [(3, "重复行")]


@pytest.mark.parametrize(
    "second",
    [
        BY_ROAD,
        BY_CABINET.replace("解放路 1 号柜", "KZ2"),
        BY_CABINET.replace("2025-11-01", "2025-10"),
        BY_CABINET.replace("月", "日", 1).replace(",3", ",1"),
    ],
    ids=["by road", "another cabinet", "another month", "the first day of the month"],
)
def test_another_thing_month_or_span_is_a_row_of_its_own(checked, second):
    assert checked("lighting_status", BY_CABINET, second).accepted_count == 2


def test_a_road_in_two_subdistricts_is_counted_in_each(checked):
    found = checked("lighting_status", BY_ROAD, BY_ROAD.replace("小营", "湖滨"))
    assert found.rows["subdistrict_name"].tolist() == ["小营街道", "湖滨街道"]


def test_a_cabinet_has_one_reading_a_month(checked):
    found = checked("lighting_energy", "2025-11,KZ1,10", "2025年11月,解放路 1 号柜,12")
    assert [(row, rule) for row, _, rule, *_ in told(found)] == [(2, "编号重复"), (3, "编号重复")]


# --- codes of lamps ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asset_id", "word", "parts"),
    [
        ("3301020120000001", "路灯", ("“灯具类型”为“路灯”", "“部件编码”", "0120 是“景观灯”的编码", "应为 0118")),
        ("3301020118000001", "景观灯", ("为“景观灯”", "0118 是“路灯”的编码", "应为 0120")),
        ("3301020118000001", "地灯", ("为“地灯”", "0118 是“路灯”的编码", "应为 0119")),
        ("3301020301000001", "地灯", ("为“地灯”", "不是灯具的编码", "应为 0119")),
    ],
)  # fmt: skip
def test_a_code_of_another_kind_is_refused_and_both_are_named(checked, asset_id, word, parts):
    cells = SOUND["lighting_assets"].split(",")
    found = checked("lighting_assets", ",".join([asset_id, word, *cells[2:]]))
    ((row, heading, rule, reason, remedy),) = told(found)
    assert (row, heading, rule, remedy) == (2, "部件编码", "部件编码", "请核对类别与编码")
    assert all(part in reason for part in parts), reason


@pytest.mark.parametrize(
    "asset_id", ["L1", "DG-0120-1", "330102012000001", "33010201200000012", "33010201200000O1"]
)
def test_an_id_of_another_form_is_free(checked, asset_id):
    assert told(checked("lighting_assets", cell("lighting_assets", "部件编码", asset_id))) == []


def test_every_kind_of_lamp_has_its_class():
    assert tuple(LAMP_CLASSES) == ASSET_KINDS
    ids = pd.Series([f"330102{code}000001" for code in LAMP_CLASSES.values()] + [None, "L1"])
    found = component_class(ids)
    assert found[:3].tolist() == list(LAMP_CLASSES.values())
    assert found[3:].isna().all()


def test_codes_are_held_to_their_kinds_in_a_snapshot_as_well():
    frame = lamps().assign(asset_id=["3301020118000001", "3301020118000002", "3301020118000003"])
    (finding, other) = check_rows(table(LAMPS), frame)
    assert finding.rule == other.rule == "部件编码"
    assert finding.rows == ("第 1 行 3301020118000002",)
    assert "0118 是 street_lamp 的编码（应为 0119）" in finding.message


# --- lamps and their cabinets --------------------------------------------------------------------


class TestLampsNameCabinets:
    def notes(self, checked, ids, current):
        line = SOUND["lighting_assets"]
        lines = [
            line.replace("000001", f"00000{n}").replace("KZ1", id_) for n, id_ in enumerate(ids)
        ]
        found = checked("lighting_assets", *lines, current=current)
        assert found.accepted_count == len(ids)
        return [note for note in told(found, "noted") if note[2] == "控制柜对应"]

    def test_of_cabinets_that_the_register_lacks_their_lamps_are_counted(self, checked, tables):
        ((row, _, _, reason, remedy),) = self.notes(
            checked, ["KZ1", "KZ7", "KZ7", "KZ8", ""], tables
        )
        assert row == 0
        assert reason == "3 盏灯所填的 2 个控制柜编号不在照明控制柜登记册中：KZ7、KZ8"
        assert "补报后即可对应" in remedy

    def test_of_many_the_first_are_named(self, checked, tables):
        ((*_, reason, _),) = self.notes(checked, [f"A{n}" for n in range(7)], tables)
        assert "7 盏灯所填的 7 个" in reason
        assert reason.endswith("A0、A1、A2、A3、A4 等")

    @pytest.mark.parametrize("kind", ["sample", None])
    def test_nothing_is_said_while_no_cabinets_are_registered(self, checked, kind):
        current = standing(cabinets=cabinets(kind)) if kind else standing()
        assert self.notes(checked, ["KZ7"], current) == []

    def test_where_all_are_known_or_none_is_named_nothing_is_said(self, checked, tables):
        assert self.notes(checked, ["KZ1", "KZ3"], tables) == []
        assert self.notes(checked, ["", ""], tables) == []


def replaced(name, rows, tables):
    made = replacement(register(name), rows, tables, CHANGE)
    assert check_replaced(ChainMap(made.tables, tables), made.tables) == []
    return made


@pytest.mark.parametrize("kind", ["sample", "register"])
def test_new_lamps_empty_nothing_of_cabinets(kind):
    tables = standing(cabinets=cabinets(kind), status=status(kind), energy=energy(kind))
    made = replaced("lighting_assets", lamps(cabinet_ids=("A1", "A2", None)), tables)
    assert made.emptied == []
    assert not {CABINETS, STATUS, ENERGY} & made.tables.keys()
    assert dependents_of(LAMPS) == []


def test_every_kind_of_lamp_is_counted_by_year():
    yearly = yearly_counts(lamps(), 2025, "register")
    assert set(yearly["asset_kind"]) == set(ASSET_KINDS)
    assert yearly["asset_count"].tolist() == yearly["lit_count"].tolist() == [1, 1, 1]
    assert yearly["sound_count"].isna().all()


# --- cabinets that change ------------------------------------------------------------------------


class TestCabinetsChange:
    def test_samples_of_cabinets_that_are_no_more_are_emptied(self):
        tables = standing(
            status=status("sample"), energy=energy("sample"), cabinets=cabinets("sample")
        )
        made = replaced("lighting_cabinets", cabinets().head(1), tables)
        assert made.emptied == [STATUS, ENERGY]
        assert made.tables[STATUS].empty and made.tables[ENERGY].empty

    def test_registered_counts_follow_their_cabinet_by_its_name(self):
        tables = standing(cabinets=cabinets(), status=status(), energy=energy())
        renamed = cabinets().assign(cabinet_id=["N1", "N2", "N3"])
        made = replaced("lighting_cabinets", renamed, tables)
        assert made.emptied == []
        assert made.tables[STATUS]["cabinet_id"].tolist()[:3] == ["N1", "N2", "N3"]
        # What was counted by road refers to no cabinet.
        assert made.tables[STATUS]["cabinet_id"].isna().tolist() == [False] * 3 + [True] * 2
        assert made.tables[ENERGY]["cabinet_id"].tolist() == ["N1", "N2", "N3"]

    def test_counts_follow_a_cabinet_to_another_subdistrict(self):
        tables = standing(cabinets=cabinets(), status=status())
        moved = cabinets()
        columns = ["subdistrict_code", "subdistrict_name", "lon", "lat"]
        moved.loc[0, columns] = moved.loc[2, columns]
        made = replaced("lighting_cabinets", moved, tables)
        assert made.tables[STATUS]["subdistrict_name"].tolist() == [
            "湖滨街道", "小营街道", "湖滨街道", "小营街道", "湖滨街道",
        ]  # fmt: skip

    def test_cabinets_that_stay_leave_what_is_counted_at_them_alone(self):
        tables = standing(cabinets=cabinets(), status=status(), energy=energy())
        made = replaced("lighting_cabinets", cabinets(is_on_central_switch=True), tables)
        assert not {STATUS, ENERGY} & made.tables.keys()

    def test_counts_of_a_cabinet_that_is_gone_stop_the_publication(self):
        tables = standing(cabinets=cabinets(), status=status(), energy=energy())
        fewer = cabinets().tail(2)
        told = obstacles(register("lighting_cabinets"), fewer, tables)
        assert len(told) == 2
        assert "“亮灯与故障统计”有 1 行所指的 1 个照明控制柜编号" in told[0]
        assert "KZ1 解放路 1 号柜" in told[0]
        with pytest.raises(SnapshotError, match=r"亮灯与故障统计.*KZ1.*照明用电.*KZ1"):
            replaced("lighting_cabinets", fewer, tables)

    def test_counts_by_road_are_no_obstacle(self):
        tables = standing(cabinets=cabinets(), status=status().tail(2))
        assert obstacles(register("lighting_cabinets"), cabinets().head(1), tables) == []

    @pytest.mark.parametrize(
        ("kind", "words"), [("sample", "会清空并转为待填报"), ("register", "编号变化的按名称对应")]
    )
    def test_the_officer_is_told_before(self, kind, words):
        datasets = pd.DataFrame(
            {"dataset": [STATUS, ENERGY], "source_kind": kind, "row_count": [5, 3]}
        )
        told = consequences(register("lighting_cabinets"), datasets)
        assert [text.partition("”")[0].rpartition("“")[2] for text in told] == [
            "亮灯与故障统计", "照明用电",
        ]  # fmt: skip
        assert all(words in text for text in told)


def test_streets_that_are_gone_leave_counts_by_road_unmapped():
    tables = standing(cabinets=cabinets(), status=status())
    streets = tables["streets.streets"]
    rest = streets[streets["street_name"] != "解放路"].assign(source_kind="register")
    rows = replacement(register("streets"), rest, tables, CHANGE).tables[STATUS]
    assert rows["street_name"].isna().all()
    assert rows["road_name"].tolist()[3:] == ["解放路", "解放路"]


# --- from one build to the next ------------------------------------------------------------------


def test_a_build_keeps_the_registers_of_lighting(store):
    rows = {
        "lighting_cabinets": cabinets(), "lighting_status": status(), "lighting_energy": energy(),
        "lighting_assets": lamps(),
        "lighting_roads": contract_frame("lighting.roads", [
            {"road_id": "ZM1", "road_name": "解放路", "has_lamps": True, "source_kind": "register"}]),
    }  # fmt: skip
    for name, frame in rows.items():
        publish_register(store, register(name), frame, CHANGE)
    built = build(store, with_sample=False)
    assert built.findings == []
    assert set(built.carried) == {register(name).title for name in rows}
    with StandingTables(snapshot_folder(store, current_version(store))) as kept:
        for name, frame in rows.items():
            dataset = register(name).dataset
            drop = ["street_name", "name_match"] if "name_match" in frame else []
            # Streets come with the build, and are found then.
            pd.testing.assert_frame_equal(
                kept[dataset].drop(columns=drop), frame.drop(columns=drop)
            )
        assert kept["lighting.roads"]["street_name"].tolist() == ["解放路"]


# --- templates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HEADS)
def test_the_examples_of_a_template_keep_the_rules_once_their_cabinets_are_there(
    name, tmp_path, tables
):
    wanted = register(name)
    known = cabinets().assign(
        cabinet_id=["KZ001", "KZ002", "KZ3"],
        cabinet_name=["解放路 1 号控制柜", "钱江路 2 号控制柜", "三号柜"],
    )
    path = tmp_path / "模板.xlsx"
    path.write_bytes(template_bytes(wanted))
    options = Options(crs="wgs84" if wanted.geometry else None)
    found = validate(read_file(path, wanted), wanted, options, tables | {CABINETS: known})
    assert set(found.findings.loc[found.findings["severity"] == "rejected", "rule"]) == {"示例行"}
    assert np.array_equal(found.findings["row"].unique(), [2, 3])
