"""Demonstration streets, scores, repairs, pavement, barrier-free findings and bridges as offices deliver
them: their words, their faults, the streets that they name, and what follows when the streets change."""

from collections import ChainMap

import pandas as pd
import pytest

from data.check import check_replaced, check_tables
from data.consequences import consequences
from data.contracts import SCORE_ELEMENTS
from data.derive import obstacles, replacement
from data.history import Change
from data.registers.options import Options
from data.registers.raw import ImportProblem
from data.registers.read import read_file
from data.registers.registry import register
from data.registers.validation import lookup_tables, validate
from data.snapshot import SnapshotError
from data.street_names import NAMING_STREETS, StreetNames
from geo.geojson import from_text
from geo.projection import length_m

DEMO, SCORES = "streets.demonstration_streets", "streets.street_scores"
STREETS, SEGMENTS = "streets.streets", "streets.segments"
CHANGE = Change("import", "值班员甲", provider="区城管局", as_of="2025-12")
HEADS = {
    "demonstration_streets": "编号,类型,道路,街道,级别,状态,进度(%),开工年份,建成年份",
    "street_scores": "示范街,评分时间,评分项,分数,扣分原因",
    "road_projects": "编号,路名,起止,管养级别,项目编号,计划年份,进展,开工日期,完工日期",
    "pavement": "编号,道路名称,街道,道路等级,管理级别,长度(m),检测日期,路况等级,PCI,大修年份",
    "accessibility_points": "编号,位置,道路,经度,纬度,问题类型,发现日期,整改日期",
    "bridges": "桥梁编号,桥名,道路,经度,纬度,管理级别,技术状况等级,检测日期",
}
SOUND = {
    "demonstration_streets": "D1,精品街,解放路,小营,市级,已命名,100,2021,2022",
    "street_scores": "D02,2025-06-30,洁化,90.5,",
    "road_projects": "X1,解放路,中河路-建国路,区管,R02,2021,完工,2021-04-12,2021-11-30",
    "pavement": "PV1,解放路,小营,主干路,市管,860,2025-10-18,优,92.4,2021",
    "accessibility_points": "W1,路口东北角,解放路,120.175,30.247,盲道,2021-03-15,2021-11-20",
    "bridges": "Q1,解放路桥,解放路,120.175,30.247,市管,A级,2024-05-20",
}


@pytest.fixture
def checked(tmp_path, built_tables):
    """Write lines below a register's headings as a file of an office, read and check it."""

    def check(name, *lines, head=None, current=built_tables):
        path = tmp_path / f"{name}.csv"
        path.write_bytes("\r\n".join([head or HEADS[name], *lines]).encode("gb18030"))
        each = register(name)
        crs = "wgs84" if each.geometry else None
        found = validate(read_file(path, each), each, Options(crs=crs), current)
        assert found.accepted_count + found.rejected_count == found.read_count == len(lines)
        return found

    return check


def told(found, severity="rejected"):
    """Row, heading, rule, reason and remedy of findings."""
    rows = found.findings[found.findings["severity"] == severity]
    return list(
        rows[["row", "heading", "rule", "reason", "remedy"]].itertuples(index=False, name=None)
    )


def registered(frame, **columns):
    return frame.assign(source_kind="register", **columns)


def replaced(name, rows, standing):
    made = replacement(register(name), rows, standing, CHANGE)
    assert check_replaced(ChainMap(made.tables, standing), made.tables) == []
    return made


@pytest.mark.parametrize("name", SOUND)
def test_a_row_as_offices_write_it_is_taken_without_a_word(checked, name):
    found = checked(name, SOUND[name])
    assert told(found) == told(found, "corrected") == told(found, "noted") == []
    assert found.accepted_count == 1


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "put", "instead_of", "column", "value"),
    [
        ("pavement", "主干道", "主干路", "road_class", "main"),
        ("pavement", "次干路", "主干路", "road_class", "secondary"),
        ("pavement", "支路", "主干路", "road_class", "branch"),
        ("pavement", "背街小巷", "主干路", "road_class", "branch"),
        *[("pavement", grade, ",优,", "grade", grade) for grade in "优良中次差"],
        ("pavement", "区属", "市管", "managed_level", "区管"),
        *[("bridges", f"{grade}级", "A级", "condition", grade) for grade in "ABCDE"],
        ("bridges", "ｂ级", "A级", "condition", "B"),
        ("bridges", "不合格", "A级", "condition", "D"),
        ("accessibility_points", "无障碍卫生间", "盲道", "point_kind", "无障碍厕位"),
        ("street_scores", "净化", "洁化", "element", "洁化"),
        *[("street_scores", element, "洁化", "element", element) for element in SCORE_ELEMENTS],
    ],
)
def test_words_of_offices_become_those_of_the_contract(
    checked, name, put, instead_of, column, value
):
    put = f",{put}," if instead_of.startswith(",") else put
    line = SOUND[name].replace(instead_of, put)
    assert checked(name, line).rows[column].tolist() == [value]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (("策划", "未启动", "规划"), "planned"),
        (("在建", "施工中"), "under_construction"),
        (("验收", "待验收", "验收中"), "in_acceptance"),
    ],
)
def test_a_demonstration_street_that_is_not_named_yet_is_in_one_of_three_states(
    checked, words, state
):
    for word in words:
        line = f"D1,精品街,解放路,小营,市级,{word},60,2021,"
        assert checked("demonstration_streets", line).rows["state"].tolist() == [state]


@pytest.mark.parametrize("word", ["已命名", "已建成", "已授牌"])
def test_a_named_demonstration_street_is_completed(checked, word):
    found = checked("demonstration_streets", SOUND["demonstration_streets"].replace("已命名", word))
    assert found.rows["state"].tolist() == ["completed"]


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line", "heading", "rule", "reason"),
    [
        ("street_scores", "D01,2025-06-30,洁化,100.1,", "分数", "范围", "大于 100"),
        ("street_scores", "D01,2025-06-30,洁化,-0.5,", "分数", "范围", "小于 0"),
        ("street_scores", "D01,2034-06-30,洁化,90,", "评分时间", "日期", "今天以后"),
        ("street_scores", "D01,2025-06-30,香化,90,", "评分项", "取值", "不是“要素”可填"),
        ("street_scores", "D99,2025-06-30,洁化,90,", "示范街", "引用", "没有这个编号或名称"),
        ("street_scores", "D01,2025-06-30,洁化,,", "分数", "必填", "为空"),
        ("road_projects", "X1,解放路,,区管,,2021,完工,2021-11-30,2021-04-12", "完工日期", "日期",
         "“完工日期”不能早于“开工日期”"),
        ("road_projects", "X1,解放路,,区管,,2021,完工,2021-04-12,", "完工日期", "完工", "须有“完工日期”"),
        ("road_projects", "X1,解放路,,区管,,2021,在建,2021-04-12,2021-11-30", "完工日期", "完工", "不能有"),
        ("road_projects", "X1,解放路,,区管,,2021,在建,,", "开工日期", "开工", "须有“开工日期”"),
        ("road_projects", "X1,解放路,,区管,,2021,未开工,2021-04-12,", "开工日期", "开工", "不能有"),
        ("road_projects", "X1,解放路,,区管,,2021,完工,2021-04-12,2034-11-30", "开工日期", "日期", "今天以后"),
        ("road_projects", "X1,解放路,,区管,R99,2021,,,", "项目编号", "引用", "没有这个编号或名称"),
        ("road_projects", "X1,,,区管,,2021,,,", "路名", "必填", "为空"),
        ("pavement", "PV1,解放路,小营,主干路,市管,860,2034-10-18,优,92,2021", "检测日期", "日期", "今天以后"),
        ("pavement", "PV1,解放路,小营,主干路,市管,860,2020-10-18,优,92,2021", "大修年份", "年份",
         "不能晚于“检测日期”的年份"),
        ("pavement", "PV1,解放路,小营,主干路,市管,860,2025-10-18,优,101,2021", "PCI", "范围", "大于 100"),
        ("pavement", "PV1,解放路,小营,主干路,市管,-5,2025-10-18,优,92,2021", "长度(m)", "范围", "小于 0"),
        ("pavement", "PV1,解放路,小营,主干路,市管,1.2km,2025-10-18,优,92,2021", "长度(m)", "格式", "不是数字"),
        ("pavement", "PV1,解放路,小营,主干路,市管,860,2025-10-18,甲,92,2021", "路况等级", "取值", "可填"),
        ("accessibility_points", "W1,甲,解放路,120.175,30.247,盲道,2021-03-15,2021-03-14", "整改日期", "日期",
         "“整改日期”不能早于“发现日期”"),
        ("accessibility_points", "W1,甲,解放路,120.175,30.247,盲道,2034-03-15,", "发现日期", "日期", "今天以后"),
        ("accessibility_points", "W1,甲,解放路,,,盲道,2021-03-15,", "经度", "位置", "缺少位置"),
        ("accessibility_points", "W1,甲,解放路,121.175,30.247,盲道,2021-03-15,", "经度", "位置在区内", "本区之外"),
        ("bridges", "Q1,甲桥,解放路,120.175,30.247,市管,A级,2034-05-20", "检测日期", "日期", "今天以后"),
        ("bridges", "Q1,甲桥,解放路,120.175,30.247,市管,F级,2024-05-20", "技术状况等级", "取值", "可填"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,在建,60,2021,2022", "建成年份", "建成",
         "只能在状态为“已命名”时填"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,验收,100,2021,2022", "建成年份", "建成", "只能"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,已命名,100,2023,2022", "建成年份", "年份",
         "不能早于“开工年份”"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,已命名,90,2021,2022", "建成年份", "建成", "100%"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_column(checked, name, line, heading, rule, reason):
    key, _, rest = SOUND[name].replace("解放路", "庆春路").partition(",")
    found = checked(name, line, f"{key if name == 'street_scores' else key + '2'},{rest}")
    ((row, at, found_rule, found_reason, remedy),) = told(found)
    assert (row, at, found_rule) == (2, heading, rule)
    assert reason in found_reason
    assert remedy.startswith("请")
    assert found.rows.index.tolist() == [3]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("road_projects", "X1,解放路,,,,,,,"),
        ("road_projects", "X1,解放路,,,,,,2021-04-12,2021-11-30"),
        ("road_projects", "X1,解放路,,,,,停工,2021-04-12,"),
        ("road_projects", "X1,解放路,,,,,完工,2021-04-12,2021-04-12"),
        ("accessibility_points", "W1,,,120.175,30.247,盲道,2021-03-15,2021-03-15"),
        ("pavement", "PV1,解放路,,支路,,860,2025-10-18,差,,2025"),
        ("pavement", "PV1,解放路,,支路,,0,2025-10-18,差,0,"),
        ("bridges", "Q1,甲桥,,,,,,"),
        ("street_scores", "D01,2025-06-30,洁化,0,"),
        ("street_scores", "D01,2025-06-30,洁化,100,"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,已命名,100,2022,2022"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,已命名,100,,2022"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,策划,0,,"),
    ],
)
def test_what_is_left_open_or_just_within_the_rule_is_taken(checked, name, line):
    found = checked(name, line)
    assert told(found) == []
    assert found.accepted_count == 1


@pytest.mark.parametrize(
    ("name", "first", "second", "rule"),
    [
        ("road_projects", "X1,解放路,,区管,,2021,,,", "X2,解放路,,区管,,2021,,,", "重复"),
        ("road_projects", "X1,解放路,,区管,,,,,", "X2,解放路,,区管,,,,,", "重复"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,在建,60,2021,",
         "D2,精品街,解放路,小营街道,区级,策划,0,,", "重复"),
    ],
)  # fmt: skip
def test_one_road_under_two_numbers_counts_once(checked, name, first, second, rule):
    found = checked(name, first, second)
    assert [(row, at) for row, _, at, *_ in told(found)] == [(3, rule)]
    assert found.rows.index.tolist() == [2]


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("road_projects", "X1,解放路,东段,区管,,2021,,,", "X2,解放路,西段,区管,,2021,,,"),
        ("road_projects", "X1,解放路,,区管,,2021,,,", "X2,解放路,,区管,,2022,,,"),
        ("road_projects", "X1,解放路,,区管,,2021,,,", "X2,解放路,,市管,,2021,,,"),
        ("demonstration_streets", "D1,精品街,解放路,小营,市级,在建,60,2021,",
         "D2,街容示范街,解放路,小营,省级,在建,60,2021,"),
        ("pavement", "PV1,解放路,小营,主干路,市管,860,2024-10-18,优,92,2021",
         "PV1,解放路,小营,主干路,市管,860,2025-10-18,良,85,2021"),
    ],
)  # fmt: skip
def test_parts_years_and_kinds_of_one_road_are_rows_of_their_own(checked, name, first, second):
    assert checked(name, first, second).accepted_count == 2


def test_one_element_is_scored_once_a_day(checked):
    found = checked("street_scores", "D01,2025-06-30,洁化,92,", "D01,2025/6/30,净化,80,")
    assert [(row, rule) for row, _, rule, *_ in told(found)] == [(2, "编号重复"), (3, "编号重复")]


@pytest.mark.parametrize("heading", ["长度(km)", "长度（公里）", "检测长度(千米)"])
def test_a_length_in_kilometres_stops_the_file(checked, heading):
    head = HEADS["pavement"].replace("长度(m)", heading)
    with pytest.raises(ImportProblem, match="请换算为 m 后改表头"):
        checked("pavement", SOUND["pavement"], head=head)


# --- photos --------------------------------------------------------------------------------------

PHOTO_HEAD = "编号,类型,道路,街道,级别,状态,进度(%),改造前照片,改造后照片"


@pytest.mark.parametrize(
    "name", ["D01.jpg", "解放路 改造前.JPEG", "前-1.png", "a.b.webp", "a(1).jpg"]
)
def test_a_photo_is_a_file_name(checked, name):
    found = checked(
        "demonstration_streets", f"D1,精品街,解放路,小营,市级,在建,60,{name},", head=PHOTO_HEAD
    )
    assert told(found) == []
    assert found.rows["photo_before"].tolist() == [name]


@pytest.mark.parametrize("column", ["改造前照片", "改造后照片"])
@pytest.mark.parametrize(
    "name",
    [
        "照片/D01.jpg", "..\\D01.jpg", "/etc/D01.png", "C:\\D01.jpg", "https://a.cn/D01.jpg", "D01.svg",
        "D01", "D01.jpg.html", ".jpg", "..jpg", "D01.jpg?x=1", "D01%2f.jpg", "a<b.jpg", "D01.gif",
        f"{'长' * 200}.jpg", "data:image/png;base64.png", "D01.jpg#x.jpg",
    ],
)  # fmt: skip
def test_a_path_an_address_or_another_kind_of_file_is_no_photo(checked, column, name):
    cells = f"{name}," if column == "改造前照片" else f",{name}"
    line = f"D1,精品街,解放路,小营,市级,在建,60,{cells}"
    ((row, at, rule, reason, _),) = told(checked("demonstration_streets", line, head=PHOTO_HEAD))
    assert (row, at, rule) == (2, column, "照片")
    assert "只能是照片的文件名" in reason


# --- streets that are named ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["road_projects", "pavement", "accessibility_points", "bridges"])
@pytest.mark.parametrize(
    ("written", "street", "way"),
    [
        ("解放路", "解放路", "exact"),
        ("解放路（中河路-建国路）", "解放路", "exact"),
        ("解 放　路", "解放路", "exact"),
        ("南宋御街", "中山中路", "alias"),
    ],
)
def test_the_street_that_a_row_names_is_found(checked, name, written, street, way):
    found = checked(name, SOUND[name].replace(",解放路,", f",{written},"))
    assert found.rows[["street_name", "name_match"]].values.tolist() == [[street, way]]
    # The office's own wording stays.
    assert StreetNames([written]).match(found.rows["road_name"].iloc[0]).street_name == written
    assert told(found, "noted") == []


@pytest.mark.parametrize("name", ["road_projects", "pavement", "accessibility_points", "bridges"])
def test_an_unknown_street_keeps_its_row_and_is_told_the_nearest_spellings(checked, name):
    found = checked(
        name, SOUND[name].replace(",解放路,", ",解放禄,"), SOUND[name].replace("1", "2", 1)
    )
    assert told(found) == []
    ((row, heading, rule, reason, remedy),) = told(found, "noted")
    assert (row, heading, rule) == (
        2,
        HEADS[name].split(",")[SOUND[name].split(",").index("解放路")],
        "未上图",
    )
    assert reason.startswith("未在底图道路中找到“解放禄”，最接近的有 解放路、")
    assert len(reason.partition("最接近的有")[2].split("、")) == 3
    assert "确为底图没有的可不改" in remedy
    rows = found.rows.set_index(found.rows.columns[0])
    assert rows["road_name"].tolist()[0] == "解放禄"
    assert rows["street_name"].isna().tolist() == [True, False]
    assert rows["name_match"].isna().tolist() == [True, False]


def test_a_name_like_no_other_is_told_so(checked):
    found = checked("road_projects", "X1,甲乙丙丁,,,,,,,")
    ((_, _, _, reason, _),) = told(found, "noted")
    assert reason == "未在底图道路中找到“甲乙丙丁”，也没有相近的名称"


def test_a_bridge_that_names_no_road_is_told_nothing(checked):
    found = checked("bridges", "Q1,甲桥,,120.175,30.247,市管,A级,2024-05-20")
    assert told(found, "noted") == []
    assert found.rows["street_name"].isna().all()


def test_of_very_many_unknown_names_only_the_first_get_suggestions(checked):
    found = checked("road_projects", *(f"X{n},解放禄{n}号,,,,,,," for n in range(210)))
    reasons = [reason for _, _, _, reason, _ in told(found, "noted")]
    assert len(reasons) == 210
    assert sum("最接近" in reason for reason in reasons) == 200


def test_where_no_streets_stand_nothing_is_missing_from_them(checked):
    found = checked("road_projects", "X1,解放路,,,,,,,", head=HEADS["road_projects"].replace(
        "项目编号", "备注"), current={})  # fmt: skip
    assert [rule for _, _, rule, *_ in told(found, "noted")] == []
    assert found.rows["street_name"].isna().all()


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("road_projects", ["plan.projects", STREETS]),
        ("bridges", [STREETS]),
        ("demonstration_streets", [SEGMENTS, STREETS]),
        ("street_scores", [DEMO]),
        ("streets", []),
    ],
)
def test_a_check_names_the_tables_that_it_rests_on(name, tables):
    assert lookup_tables(register(name)) == tables


# --- courses of demonstration streets ------------------------------------------------------------


def course_of(tables, street, code):
    """Length (m) of a street in a subdistrict, all its classes and pieces."""
    ids = tables[STREETS].loc[tables[STREETS]["street_name"] == street, "street_id"]
    parts = tables[SEGMENTS]
    return parts[parts["street_id"].isin(ids) & (parts["subdistrict_code"] == code)]


@pytest.mark.parametrize("written", ["湖滨路", "湖滨步行街", "湖滨路（步行街段）"])
def test_a_demonstration_street_without_a_line_runs_as_its_street_does(
    checked, built_tables, written
):
    line = f"D1,精品街,{written},湖滨,市级,在建,60,2021,"
    found = checked("demonstration_streets", line)
    assert told(found, "noted") == []
    row = found.rows.iloc[0]
    parts = course_of(built_tables, "湖滨路", "330102003")
    assert row["is_mapped"]
    assert row["length_m"] == pytest.approx(parts["length_m"].sum())
    drawn = from_text(row["geometry_json"])
    assert length_m(drawn) == pytest.approx(parts["length_m"].sum(), rel=0.01)
    assert drawn.distance(from_text(parts["geometry_json"].iloc[0])) == 0
    assert found.rows["street_name"].tolist() == [written.replace("（", "(").replace("）", ")")]


def test_a_street_of_several_classes_is_drawn_in_full(checked, built_tables):
    streets, parts = built_tables[STREETS], built_tables[SEGMENTS]
    named = parts.merge(streets[["street_id", "street_name"]], on="street_id")
    pieces = named.groupby(["street_name", "subdistrict_code"])["street_id"].nunique()
    (street, code), count = pieces.idxmax(), pieces.max()
    assert count > 1
    found = checked("demonstration_streets", f"D1,精品街,{street},{code},市级,在建,60,2021,",
                    head=HEADS["demonstration_streets"].replace(",街道,", ",街道代码,"))  # fmt: skip
    whole = course_of(built_tables, street, code)["length_m"].sum()
    assert found.rows["length_m"].tolist() == [pytest.approx(whole)]


def test_a_demonstration_street_on_no_map_keeps_its_row(checked):
    found = checked("demonstration_streets", "D1,精品街,湖宾路,湖滨,市级,在建,60,2021,")
    ((row, heading, rule, reason, _),) = told(found, "noted")
    assert (row, heading, rule) == (2, "道路", "未上图")
    assert "“湖宾路”，最接近的有 湖滨路" in reason
    row = found.rows.iloc[0]
    assert not row["is_mapped"]
    assert row[["length_m", "lon", "lat", "geometry_json"]].isna().all()


def test_a_street_that_does_not_pass_through_the_subdistrict_is_not_drawn_elsewhere(checked):
    found = checked("demonstration_streets", "D1,精品街,湖滨路,九堡,市级,在建,60,2021,")
    ((_, _, rule, reason, _),) = told(found, "noted")
    assert (rule, reason) == ("未上图", "底图中的“湖滨路”不经过九堡街道")
    assert not found.rows.iloc[0]["is_mapped"]


LINE = "LINESTRING (120.16 30.2528, 120.161 30.2546)"


def test_a_line_of_the_registers_own_goes_before_the_map(checked):
    head = HEADS["demonstration_streets"] + ",wkt"
    line = f'D1,精品街,湖宾路,湖滨,市级,在建,60,2021,,"{LINE}"'
    found = checked("demonstration_streets", line, head=head)
    assert told(found, "noted") == []
    row = found.rows.iloc[0]
    assert row["is_mapped"]
    assert from_text(row["geometry_json"]).wkt == LINE
    assert row["length_m"] == pytest.approx(length_m(from_text(row["geometry_json"])))


def test_samples_run_as_their_streets_do(built_tables):
    frame = built_tables[DEMO]
    for row in frame[frame["is_mapped"].astype(bool)].itertuples():
        parts = course_of(built_tables, row.street_name, row.subdistrict_code)
        assert row.length_m == pytest.approx(parts["length_m"].sum()), row.street_name


# --- what follows --------------------------------------------------------------------------------


def fewer_streets(tables, *gone):
    """The streets as a register without those of some names."""
    streets = registered(tables[STREETS])
    return streets[~streets["street_name"].isin(gone)]


def test_streets_that_are_gone_leave_what_named_them_unmapped(built_tables):
    made = replaced("streets", fewer_streets(built_tables, "湖滨路", "解放路"), built_tables)
    streets = made.tables[DEMO].set_index("street_name")
    for name in ("湖滨路", "解放路"):
        assert not streets.loc[name, "is_mapped"]
        assert streets.loc[name, ["length_m", "geometry_json", "lon", "lat"]].isna().all()
    assert streets["is_mapped"].sum() == built_tables[DEMO]["is_mapped"].sum() - 2
    for path in NAMING_STREETS:
        frame = made.tables[path] if path in made.tables else built_tables[path]
        before = built_tables[path]
        assert not frame["street_name"].isin(["湖滨路", "解放路"]).any()
        assert len(frame) == len(before)
        kept = ~before["street_name"].isin(["湖滨路", "解放路"])
        pd.testing.assert_frame_equal(frame[kept], before[kept])
    assert "streets.pavement" in made.tables


def test_streets_that_have_come_are_found_by_what_named_them(built_tables):
    without = replaced("streets", fewer_streets(built_tables, "解放路"), built_tables)
    standing = built_tables | without.tables
    made = replaced("streets", registered(built_tables[STREETS]), standing)
    for path in NAMING_STREETS:
        frame = made.tables[path] if path in made.tables else standing[path]
        assert frame["street_name"].equals(built_tables[path]["street_name"])
    streets = made.tables[DEMO].set_index("street_name")
    assert streets.loc["解放路", "is_mapped"]


def test_an_alias_is_matched_anew_as_well(built_tables):
    bridges = registered(built_tables["streets.bridges"].head(2), road_name="南宋御街")
    made = replaced("bridges", bridges, built_tables)
    assert set(made.tables["streets.bridges"]["street_name"]) == {"中山中路"}
    standing = built_tables | made.tables
    after = replaced("streets", fewer_streets(built_tables, "中山中路"), standing)
    assert after.tables["streets.bridges"]["street_name"].isna().all()
    assert after.tables["streets.bridges"]["name_match"].isna().all()


def test_a_line_of_the_registers_own_stays_when_the_streets_change(built_tables):
    own = built_tables[DEMO].loc[built_tables[DEMO]["street_name"] == "湖滨路"].head(1)
    text = '{"type":"LineString","coordinates":[[120.16,30.2528],[120.161,30.2546]]}'
    rows = registered(own, geometry_json=text, length_m=222.0)
    standing = built_tables | replaced("demonstration_streets", rows, built_tables).tables
    made = replaced("streets", fewer_streets(built_tables, "湖滨路"), standing)
    now = {**standing, **made.tables}[DEMO].iloc[0]
    assert (now["geometry_json"], now["length_m"]) == (text, 222.0)
    assert now["is_mapped"]


def test_a_street_that_runs_otherwise_takes_its_demonstration_street_along(built_tables):
    streets = registered(built_tables[STREETS])
    text = '{"type":"LineString","coordinates":[[120.16,30.2528],[120.161,30.2546]]}'
    here = streets["street_name"] == "湖滨路"
    streets.loc[here, "geometry_json"] = text
    made = replaced("streets", streets, built_tables)
    row = made.tables[DEMO].set_index("street_name").loc["湖滨路"]
    assert row["length_m"] == pytest.approx(here.sum() * length_m(from_text(text)), rel=0.02)
    assert 120.16 < row["lon"] < 120.161


def test_a_demonstration_register_without_lines_is_drawn_when_it_is_published(built_tables):
    columns = ["geometry_json", "length_m", "lon", "lat"]
    bare = registered(built_tables[DEMO], **dict.fromkeys(columns), is_mapped=False)
    made = replaced("demonstration_streets", bare, built_tables)
    assert made.tables[DEMO]["geometry_json"].equals(built_tables[DEMO]["geometry_json"])
    assert made.tables[DEMO]["is_mapped"].tolist() == built_tables[DEMO]["is_mapped"].tolist()


class TestScores:
    def test_sample_scores_of_streets_that_are_no_more_are_emptied(self, built_tables):
        made = replaced("demonstration_streets", registered(built_tables[DEMO]), built_tables)
        assert made.emptied == [SCORES]
        assert made.tables[SCORES].empty
        assert check_tables(built_tables | made.tables) == []

    def test_registered_scores_follow_their_street_to_its_new_number(self, built_tables):
        standing = built_tables | {SCORES: registered(built_tables[SCORES])}
        streets = registered(built_tables[DEMO])
        unique = ~streets["street_name"].duplicated(keep=False)
        assert unique.all()
        made = replaced(
            "demonstration_streets",
            streets.assign(demonstration_id="N" + streets["demonstration_id"]),
            standing,
        )
        before = built_tables[SCORES]["demonstration_id"]
        assert made.tables[SCORES]["demonstration_id"].tolist() == list("N" + before)

    def test_scores_of_a_street_that_is_gone_stop_the_publication(self, built_tables):
        standing = built_tables | {SCORES: registered(built_tables[SCORES])}
        streets = registered(built_tables[DEMO])
        fewer = streets[streets["demonstration_id"] != "D01"]
        assert obstacles(register("demonstration_streets"), fewer, standing)
        with pytest.raises(SnapshotError, match=r"示范街评分.*D01 南山路"):
            replaced("demonstration_streets", fewer, standing)

    def test_a_score_may_name_its_street(self, checked, built_tables):
        found = checked("street_scores", "湖滨路,2025-06-30,洁化,90,")
        streets = built_tables[DEMO].set_index("street_name")
        assert found.rows["demonstration_id"].tolist() == [
            streets.loc["湖滨路", "demonstration_id"]
        ]

    def test_a_name_that_two_demonstration_streets_bear_asks_for_the_number(
        self, checked, built_tables
    ):
        twice = built_tables[DEMO].assign(street_name="湖滨路")
        found = checked(
            "street_scores", "湖滨路,2025-06-30,洁化,90,", current=built_tables | {DEMO: twice}
        )
        ((_, _, rule, reason, remedy),) = told(found)
        assert (rule, remedy) == ("引用", "请改填编号")
        assert "多行叫这个名称" in reason


def described(tables):
    """Datasets as the officer's preview knows them."""
    return pd.DataFrame(
        {
            "dataset": list(tables),
            "source_kind": ["sample"] * len(tables),
            "row_count": [len(frame) for frame in tables.values()],
        }
    )


def test_the_officer_is_told_what_new_streets_and_demonstration_streets_change(built_tables):
    told = "".join(consequences(register("streets"), described(built_tables)))
    for title in ("示范街", "迎亚运道路修缮", "路面状况", "无障碍问题点", "桥梁"):
        assert f"“{title}”" in told
    assert "对应不上的列为“未上图”" in told
    told = "".join(consequences(register("demonstration_streets"), described(built_tables)))
    assert "“示范街评分”的示例数据" in told


def test_where_nothing_names_a_street_nothing_is_told_of_it(built_tables):
    empty = {path: frame.head(0) for path, frame in built_tables.items()}
    assert "未上图" not in "".join(consequences(register("streets"), described(empty)))


# --- totals and references -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "column"),
    [
        (SCORES, "demonstration_id"),
        ("streets.road_projects", "project_id"),
        *((path, "street_name") for path in NAMING_STREETS),
    ],
)
def test_a_row_that_refers_to_nothing_is_found(built_tables, path, column):
    frame = built_tables[path].copy()
    frame.loc[frame.index[2], column] = "无此"
    found = [one for one in check_tables(built_tables | {path: frame}) if one.rule == "引用"]
    assert [one.table for one in found] == [path]
    assert column in found[0].message


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("streets.road_projects", 54),
        ("streets.accessibility_points", 1107),
        ("streets.bridges", 303),
    ],
)
def test_a_sample_that_lacks_a_row_of_the_plans_is_found(built_tables, path, count):
    assert len(built_tables[path]) == count
    fewer = built_tables | {path: built_tables[path].head(count - 1)}
    found = [one for one in check_tables(fewer) if one.rule == "规划总数"]
    assert path in {one.table for one in found}
    assert any(f"应为 {count} " in one.message for one in found)


def test_the_17_roads_that_the_plan_names_are_the_registers(built_tables):
    roads = built_tables["streets.road_projects"]
    named = roads[roads["project_id"] != "R18"]
    assert len(named) == 17
    assert named["plan_year"].value_counts().to_dict() == {2021: 14, 2022: 3}
    titles = built_tables["plan.projects"].set_index("project_id")["project_name"]
    assert (named["road_name"] + "修缮").tolist() == titles[named["project_id"]].tolist()
    assert roads["road_id"].is_unique
