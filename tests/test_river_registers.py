"""Sections, water quality and facilities of rivers as offices deliver them: files read from disk,
held to their rules, and followed from one register to the next."""

import json

import duckdb
import openpyxl
import pandas as pd
import pytest

from data.build import build, carried_registers
from data.database_files import MANIFEST, file_sha256, read_manifest
from data.history import Change
from data.publishing import publish_register
from data.registers.options import Options
from data.registers.raw import ImportProblem
from data.registers.read import read_file
from data.registers.registry import register
from data.registers.validation import validate
from data.snapshot import SnapshotError, current_version, snapshot_folder
from data.standing import StandingTables
from tests.incomplete import store_of

QUALITY_HEAD = "断面名称,采样日期,pH值,溶解氧,高锰酸盐指数,氨氮(mg/L),总磷"
SOUND = "钱塘江监测断面,2025年3月,7.6,6.2,4.1,0.62,0.12"
CHANGE = Change("import", "值班员甲", provider="区治水办", as_of="2025-03")


@pytest.fixture
def checked(tmp_path, built_tables):
    """Write lines as a file of an office, read and check it as a register."""

    def check(name, *lines, kind="csv", current=None):
        path = tmp_path / f"{name}.{kind}"
        if kind == "csv":
            path.write_bytes("\r\n".join(lines).encode("gb18030"))
        else:
            book = openpyxl.Workbook()
            for line in lines:
                book.active.append([cell or None for cell in line.split(",")])
            book.save(path)
        each = register(name)
        raw = read_file(path, each)
        found = validate(raw, each, Options(crs="wgs84"), current or built_tables)
        assert found.accepted_count + found.rejected_count == found.read_count
        return found

    return check


def refused(found):
    """Row, rule, reason and remedy of what is refused."""
    rows = found.findings[found.findings["severity"] == "rejected"]
    return list(rows[["row", "rule", "reason", "remedy"]].itertuples(index=False, name=None))


# --- monthly water quality -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_laboratorys_sheet_is_read_with_its_title_and_its_row_of_units(checked, kind):
    found = checked(
        "water_quality", "上城区河道水质监测结果", QUALITY_HEAD, ",,无量纲,mg/L,mg/L,mg/L,mg/L",
        SOUND, "D002,2025/3/5,７.６,６．２,4.1,<0.01,0.01L", kind=kind,
    )  # fmt: skip
    assert refused(found) == []
    assert found.rows["section_id"].tolist() == ["D001", "D002"]
    assert set(found.rows["month"]) == {pd.Timestamp("2025-03-01")}
    assert found.rows["quality_class"].tolist() == ["Ⅲ", "Ⅲ"]
    assert found.rows["limiting_item"].tolist() == ["CODMn、NH3-N、TP", "CODMn"]
    # Half the limit of detection; oxygen in full-width digits.
    assert found.rows[["nh3n_mg_l", "tp_mg_l"]].to_numpy().tolist()[1] == [0.005, 0.005]
    assert found.rows["do_mg_l"].tolist() == [6.2, 6.2]
    # The row number is the file's own: title, header, units, then data.
    assert found.rows.index.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("cells", "rule", "reason", "remedy"),
    [
        ("D001,2025-03,15,6.2,4.1,0.6,0.1", "范围", "大于 14", "核对数值"),
        ("D001,2025-03,-1,6.2,4.1,0.6,0.1", "范围", "小于 0", "核对数值"),
        ("D001,2025-03,7,6.2,-4.1,0.6,0.1", "范围", "小于 0", "核对数值与单位"),
        ("D001,2025-03,7,62,4.1,0.6,0.1", "范围", "大于 25", "核对数值与单位"),
        ("D001,2025-03,7,6.2,4.1,620,0.1", "范围", "大于 50", "核对数值与单位"),
        ("D001,2025-03,7,6.2,4.1,0.6,120", "范围", "大于 10", "核对数值与单位"),
        ("D001,2025-03,7,6.2,4.1,未检出,0.1", "格式", "未写检出限", "0.01L"),
        ("D001,2025-03,7,6.2,4.1,ND,0.1", "格式", "未写检出限", "0.01L"),
        ("D001,2025-03,7,6.2,4.1,N.D.,0.1", "格式", "未写检出限", "0.01L"),
        ("D001,2025-03,7,<0.2,4.1,0.6,0.1", "格式", "不是数字", "请填数字"),
        ("D001,2025-03,7,6.2,4.1,约0.6,0.1", "格式", "不是数字", "请填数字"),
        ("D001,2025,7,6.2,4.1,0.6,0.1", "格式", "缺月份", "2025-03"),
        ("D001,2034-12,7,6.2,4.1,0.6,0.1", "日期", "在今天以后", "请改正"),
        ("甲河断面,2025-03,7,6.2,4.1,0.6,0.1", "引用", "没有这个编号或名称", "水质断面中"),
        (",2025-03,7,6.2,4.1,0.6,0.1", "必填", "为空", "请补填"),
    ],
)
def test_a_sample_that_cannot_be_is_refused_with_row_and_remedy(
    checked, cells, rule, reason, remedy
):
    found = checked("water_quality", QUALITY_HEAD, SOUND.replace("钱塘江监测断面", "D009"), cells)
    ((row, told_rule, told, then),) = refused(found)
    assert (row, told_rule) == (3, rule)
    assert reason in told
    assert remedy in then
    assert found.rows["section_id"].tolist() == ["D009"]


@pytest.mark.parametrize("sign", ["—", "/", "", "-"])
def test_an_item_not_measured_leaves_the_class_open(checked, sign):
    found = checked("water_quality", QUALITY_HEAD, f"D001,2025-03,7,6.2,4.1,{sign},0.1")
    assert refused(found) == []
    row = found.rows.iloc[0]
    assert pd.isna(row["nh3n_mg_l"]) and pd.isna(row["quality_class"])
    assert row["limiting_item"] == "缺 NH3-N"


def test_two_samples_of_one_month_are_both_refused_however_section_and_day_are_written(checked):
    found = checked(
        "water_quality", QUALITY_HEAD, SOUND, "D001,2025-03-20,7.6,6.2,4.1,0.70,0.12",
        "D002,2025-03-20,7.6,6.2,4.1,0.70,0.12",
    )  # fmt: skip
    told = refused(found)
    assert [(row, rule) for row, rule, _, _ in told] == [(2, "编号重复"), (3, "编号重复")]
    assert "第 2、3 行的“断面名称、采样日期”相同而内容不同" in told[0][2]
    assert "只保留一行" in told[0][3]
    assert found.rows["section_id"].tolist() == ["D002"]


@pytest.mark.parametrize("heading", ["氨氮(μg/L)", "氨氮（ug/L）", "氨氮(微克/升)"])
def test_a_column_in_another_unit_stops_the_file(checked, heading):
    head = QUALITY_HEAD.replace("氨氮(mg/L)", heading)
    with pytest.raises(ImportProblem, match="请换算为 mg/L 后改表头"):
        checked("water_quality", head, SOUND)


def test_another_unit_in_the_row_of_units_stops_the_file_too(checked):
    head = QUALITY_HEAD.replace("(mg/L)", "")
    with pytest.raises(ImportProblem, match=r"总磷.*单位是 μg/l"):
        checked("water_quality", head, ",,,mg/L,mg/L,mg/L,μg/L", SOUND)


def test_phosphorus_of_a_lake_has_limits_of_its_own(checked, built_tables):
    sections = built_tables["rivers.sections"].copy()
    sections.loc[sections["section_id"] == "D002", "water_kind"] = "lake"
    found = checked(
        "water_quality", QUALITY_HEAD, "D001,2025-03,7,8,1,0.1,0.08", "D002,2025-03,7,8,1,0.1,0.08",
        current=built_tables | {"rivers.sections": sections},
    )  # fmt: skip
    assert found.rows["water_kind"].tolist() == ["river", "lake"]
    assert found.rows["quality_class"].tolist() == ["Ⅱ", "Ⅳ"]


# --- sections ------------------------------------------------------------------------------------

SECTION_HEAD = "断面代码,断面名称,所在河道,水体类型,断面级别,经度,纬度"


def test_sections_come_with_the_name_of_their_river_and_the_words_of_offices(checked):
    found = checked(
        "water_sections", SECTION_HEAD, "A1,新塘河甲断面,新塘河,河流,市（县）控,120.2,30.28",
        "A2,湖中心,新塘河,湖库,国控,,",
    )  # fmt: skip
    assert refused(found) == []
    assert found.rows["water_kind"].tolist() == ["river", "lake"]
    assert found.rows["control_level"].tolist() == ["municipal", "national"]
    assert found.rows["is_mapped"].tolist() == [True, False]
    assert found.rows["river_id"].nunique() == 1


@pytest.mark.parametrize(
    ("cells", "rule", "reason"),
    [
        ("A2,乙断面,没有的河,河流,,,", "引用", "没有这个编号或名称"),
        ("A2,乙断面,,河流,,,", "必填", "为空"),
        ("A2,乙断面,新塘河,海水,,,", "取值", "海水"),
        ("A2,乙断面,新塘河,,,,", "必填", "为空"),
        ("A2,,新塘河,河流,,,", "必填", "为空"),
        ("A2,乙断面,新塘河,河流,,120.0,30.2", "位置在区内", "区界"),
        ("A2,乙断面,新塘河,河流,,120.2,", "位置", "缺少纬度"),
    ],
)
def test_a_section_on_no_river_or_of_no_known_water_is_refused(checked, cells, rule, reason):
    sound = "A1,甲断面,新塘河,河流,市控,120.2,30.28"
    found = checked("water_sections", SECTION_HEAD, sound, cells)
    ((row, told_rule, told, remedy),) = refused(found)
    assert (row, told_rule) == (3, rule)
    assert reason in told or reason in found.findings["value"].tolist()
    assert remedy


# --- facilities ----------------------------------------------------------------------------------

FACILITY_HEAD = (
    "设施编号,设施名称,设施类型,所在河道,建设类型,建设状态,竣工年份,发现晴天出水日期,封堵日期"
)


def test_facilities_come_with_the_words_of_offices(checked):
    found = checked(
        "river_facilities", FACILITY_HEAD, "P1,一号排口,入河排出口,新塘河,,,,2025-08-12,2025/9/3",
        "P2,甲泵站,排涝泵站,,升级改造,已完工,2024,,", "P3,断点,断头河,新塘河,打通,在建,,,",
    )  # fmt: skip
    assert refused(found) == []
    assert found.rows["facility_kind"].tolist() == ["outfall", "pump_station", "dead_end"]
    assert found.rows["work"].fillna("").tolist() == ["", "renewed", "opened"]
    assert found.rows["completed_year"].fillna(0).tolist() == [0, 2024, 0]


@pytest.mark.parametrize(
    ("cells", "rule", "reason", "heading"),
    [
        ("P2,甲闸,水闸,,,,,2025-08-12,", "晴天出水", "不是排出口", "发现晴天出水日期"),
        ("P2,乙排口,排出口,,,,,,2025-08-12", "晴天出水", "没有“发现晴天出水日期”", "封堵日期"),
        ("P2,乙排口,排出口,,,,,2025-08-12,2025-08-01", "日期", "不能早于", "封堵日期"),
        ("P2,甲泵站,泵站,,,在建,2024,,", "建成", "已建成", "竣工年份"),
        ("P2,甲泵站,泵站,没有的河,,,,,", "引用", "没有这个编号或名称", "所在河道"),
        ("P2,甲断面,水质断面,,,,,,", "取值", "", "设施类型"),
        ("P2,甲泵站,泵站,,,,3024,,", "范围", "大于 2035", "竣工年份"),
    ],
)
def test_a_facility_that_contradicts_itself_is_refused(checked, cells, rule, reason, heading):
    found = checked("river_facilities", FACILITY_HEAD, "P1,一号排口,排出口,,,,,,", cells)
    ((row, told_rule, told, remedy),) = refused(found)
    assert (row, told_rule) == (3, rule)
    assert reason in told and remedy
    (named,) = found.findings.loc[found.findings["row"] == 3, "heading"].unique()
    assert named == heading


# --- from one register to the next ---------------------------------------------------------------


def as_of_an_older_contract(folder, statement):
    """Change how a snapshot's rivers are stored, and seal it anew, as if an older version had."""
    path = folder / "rivers.duckdb"
    own = folder / "own.duckdb"
    own.write_bytes(path.read_bytes())
    with duckdb.connect(str(own)) as connection:
        connection.execute(statement)
        connection.execute("CHECKPOINT")
    own.replace(path)
    manifest = read_manifest(folder)
    manifest["files"][path.name] |= {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def tables_of(store):
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        return dict(standing)


@pytest.fixture
def measured_store(built, tmp_path):
    """A store in which rivers, sections and one section's measurements are registered in turn."""
    store = store_of(tmp_path / "store", built)
    for name, path in (("rivers", "rivers.rivers"), ("water_sections", "rivers.sections"),
                       ("water_quality", "rivers.water_quality")):  # fmt: skip
        rows = built[0][path].assign(source_kind="register")
        if name == "water_quality":
            rows = rows[rows["section_id"] == "D001"]
        publish_register(store, register(name), rows, CHANGE)
    return store


def test_registers_follow_one_another_and_a_build_keeps_them(measured_store):
    sections = tables_of(measured_store)["rivers.sections"]
    renamed = sections.assign(section_id="N" + sections["section_id"])
    publish_register(measured_store, register("water_sections"), renamed, CHANGE)
    assert set(tables_of(measured_store)["rivers.water_quality"]["section_id"]) == {"ND001"}
    rivers = tables_of(measured_store)["rivers.rivers"]
    moved = rivers.assign(river_id="N" + rivers["river_id"])
    publish_register(measured_store, register("rivers"), moved, CHANGE)
    found = tables_of(measured_store)
    assert found["rivers.sections"]["river_id"].str.startswith("N").all()
    assert set(found["rivers.sections"]["section_id"]) == set(renamed["section_id"])
    without = renamed[renamed["section_id"] != "ND001"]
    with pytest.raises(SnapshotError, match=r"月度水质.*ND001"):
        publish_register(measured_store, register("water_sections"), without, CHANGE)
    assert build(measured_store).findings == []
    kept = tables_of(measured_store)
    for path in ("rivers.rivers", "rivers.sections", "rivers.water_quality"):
        assert len(kept[path]) == len(found[path])
        assert set(kept[path]["source_kind"]) == {"register"}


def test_measurements_by_river_of_an_older_contract_are_not_taken_over_unseen(measured_store):
    folder = snapshot_folder(measured_store, current_version(measured_store))
    as_of_an_older_contract(
        folder, "ALTER TABLE water_quality RENAME COLUMN section_id TO river_id"
    )
    before = current_version(measured_store)
    with pytest.raises(SnapshotError, match=r"“月度水质”缺 断面编号.*--fresh.*月度水质"):
        build(measured_store)
    assert current_version(measured_store) == before
    assert build(measured_store, fresh=True).findings == []
    assert carried_registers(measured_store) == {}
