"""Does a snapshot hold what its contract promises? Findings in Chinese, for the data officer.

Every table is held to its columns, keys, codes and positions; related tables to one another; sample
data to the plan's totals. An empty dataset is no fault: it waits for a register (待填报).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import shapely

from data.contracts import DATABASES, TABLES, Column, Table
from data.frames import contract_frame
from data.indicators import indicator_rules
from data.snapshot import NO_EXTENSIONS, attach_sql, verify_snapshot
from data.totals import Verdict, verdicts
from data.water_quality import classify
from geo import district

EXAMPLES = 3
SLACK_M_PER_PIECE = 1.0
"""Cutting leaves out slivers under a metre, so sums may differ by that much a piece."""
BEGUN_STATES = ("under_construction", "suspended", "completed")
"""Project states that a start date belongs to."""
BORDER_SLACK_DEGREES = 2e-5
"""About 2 m: positions are rounded, so one on a border may fall to either side."""


@dataclass(frozen=True)
class Finding:
    """One fault: where, which rule, what to do about it, and examples of the rows concerned."""

    table: str
    rule: str
    message: str
    rows: tuple[str, ...] = ()


def check_snapshot(folder: Path) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Tables of a snapshot and what is wrong with them; a damaged one comes without tables."""
    damage = [
        Finding("快照", "完整性", f"{text}。请重新构建。") for text in verify_snapshot(folder)
    ]
    if damage:
        return {}, damage
    tables = read_tables(folder)
    return tables, check_tables(tables)


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of a snapshot, read from its DuckDB files without changing them."""
    with closing(duckdb.connect(config=NO_EXTENSIONS)) as connection:
        for database in DATABASES:
            connection.execute(attach_sql(folder, database))
        return {
            contract.path: contract_frame(
                contract.path, connection.execute(f"SELECT * FROM {contract.path}").df()
            )
            for contract in TABLES
        }


def numbered(frame: pd.DataFrame, first: int = 1) -> pd.DataFrame:
    """The frame with its rows numbered from ``first``, as findings name them."""
    return frame.set_axis(range(first, first + len(frame)), axis=0)


def check_tables(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Everything that is wrong with a set of tables, in the contract's order."""
    tables = {path: numbered(frame) for path, frame in tables.items()}
    findings: list[Finding] = []
    for contract in TABLES:
        findings += check_rows(contract, tables[contract.path])
    findings += _check_relations(tables)
    findings += [_total_finding(verdict) for verdict in verdicts(tables) if not verdict.agrees]
    return findings


def check_rows(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    """What is wrong within one table; findings name rows by the frame's index."""
    if frame.empty:
        return []
    findings = _check_columns(contract, frame)
    findings += _check_subdistricts(contract, frame)
    findings += _check_positions(contract, frame)
    for path, rule, message, wrong in _RULES:
        if path == contract.path:
            findings += _finding(contract, rule, f"{message}，请改正", frame, wrong(frame))
    if contract.path == "plan.indicator_values":
        findings += _check_indicator_ranges(contract, frame)
    return findings


# --- one table -----------------------------------------------------------------------------------


def _finding(
    contract: Table, rule: str, message: str, frame: pd.DataFrame, wrong: Iterable[bool]
) -> list[Finding]:
    """A finding with the keys of the first wrong rows; none when nothing is wrong."""
    mask = np.asarray(wrong, dtype=bool)
    if not mask.any():
        return []
    rows = frame[mask]
    keys = rows[list(contract.key)].head(EXAMPLES).astype("str").fillna("").agg("／".join, axis=1)
    named = tuple(f"第 {number} 行 {key}" for number, key in keys.items())
    return [Finding(contract.path, rule, f"{message}（{len(rows)} 行）", named)]


def _check_columns(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    key = "、".join(contract.key)
    found = _finding(
        contract,
        "主键唯一",
        f"{key} 重复，请只保留一行",
        frame,
        frame.duplicated(list(contract.key)),
    )
    for column in contract.columns:
        found += _check_column(contract, column, frame)
    return found


def _check_column(contract: Table, column: Column, frame: pd.DataFrame) -> list[Finding]:
    values = frame[column.name]
    named = f"{column.name}（{column.title}）"
    found = []
    if column.required:
        found += _finding(contract, "必填", f"{named} 为空，请补填", frame, values.isna())
    if column.allowed:
        allowed = "、".join(column.allowed)
        wrong = values.notna() & ~values.isin(column.allowed)
        found += _finding(contract, "取值", f"{named} 只能是 {allowed}，请改正", frame, wrong)
    for limit, beyond, word in ((column.low, "lt", "小于"), (column.high, "gt", "大于")):
        if limit is not None:
            wrong = getattr(values, beyond)(limit).fillna(False)
            text = f"{named} {word} {limit:g}{column.unit}，请核对数值与单位"
            found += _finding(contract, "范围", text, frame, wrong)
    return found


def _check_indicator_ranges(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    found = []
    for indicator_no, rule in indicator_rules().items():
        of_it = (frame["indicator_no"] == indicator_no).fillna(False) & frame["value"].notna()
        wrong = of_it & ~frame["value"].between(rule.low, rule.high)
        text = (
            f"第 {indicator_no} 项指标的 value（数值）超出 {rule.low:g}～{rule.high:g}，"
            "请核对数值与单位（百分数填 98.5，不填 0.985 或 98.5%）"
        )
        found += _finding(contract, "指标范围", text, frame, wrong)
        if rule.digits == 0:
            text = f"第 {indicator_no} 项指标按个数计，value（数值）应为整数，请改正"
            found += _finding(contract, "指标范围", text, frame, of_it & (frame["value"] % 1 != 0))
    return found


def _check_subdistricts(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    if "subdistrict_code" not in frame:
        return []
    names = district.subdistrict_names()
    code = frame["subdistrict_code"]
    text = "subdistrict_code 不是本区 14 个街道的代码，请按 2021 年后的代码填写"
    found = _finding(contract, "街道代码", text, frame, code.notna() & ~code.isin(list(names)))
    if "subdistrict_name" in frame:
        wrong = code.isin(list(names)) & (frame["subdistrict_name"] != code.map(names))
        text = "subdistrict_name 与代码不符，请以代码为准改正"
        found += _finding(contract, "街道名称", text, frame, wrong.fillna(True))
    return found


def _check_positions(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    if not {"lon", "lat", "subdistrict_code"} <= set(frame.columns):
        return []
    lon, lat = (frame[name].to_numpy(dtype=float, na_value=np.nan) for name in ("lon", "lat"))
    placed = ~(np.isnan(lon) | np.isnan(lat))
    stated = frame["subdistrict_code"].notna().to_numpy()
    in_district = _near(district.outline(), lon, lat)
    in_stated = np.zeros(len(frame), dtype=bool)
    for code, area in district.subdistrict_areas().items():
        here = (frame["subdistrict_code"] == code).fillna(False).to_numpy(dtype=bool)
        in_stated[here] = _near(area, lon[here], lat[here])
    outside = placed & stated & ~in_district
    text = "lon、lat 在本区之外，请核对坐标系（应为 WGS-84 经纬度）与经纬度顺序"
    found = _finding(contract, "位置在区内", text, frame, outside)
    elsewhere = placed & stated & in_district & ~in_stated
    text = "lon、lat 不在所填街道内，请核对位置或街道代码"
    return found + _finding(contract, "位置与街道相符", text, frame, elsewhere)


def _near(area: shapely.Polygon, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether points lie in an area or within the slack of its border; unplaced ones do not."""
    shapely.prepare(area)
    inside = shapely.intersects_xy(area, lon, lat)
    doubtful = np.flatnonzero(~inside & ~np.isnan(lon) & ~np.isnan(lat))
    points = shapely.points(lon[doubtful], lat[doubtful])
    inside[doubtful] = shapely.dwithin(points, area, BORDER_SLACK_DEGREES)
    return inside


# --- tables that belong together -----------------------------------------------------------------


def _is(values: pd.Series) -> np.ndarray:
    """Booleans for a condition in which a missing value counts as not met."""
    return values.fillna(False).to_numpy(dtype=bool)


_RULES: tuple[tuple[str, str, str, Callable[[pd.DataFrame], np.ndarray]], ...] = (
    ("rivers.rivers", "等级与年份", "beautiful_year 与 beautiful_level 须同有同无",
     lambda f: ((f["beautiful_level"].fillna("none") != "none") != f["beautiful_year"].notna())
     .to_numpy()),
    ("rivers.rivers", "上图", "is_mapped 为真的河道须有 length_m 与 geometry_json",
     lambda f: _is(f["is_mapped"] & (f["length_m"].isna() | f["geometry_json"].isna()))),
    ("rivers.water_quality", "定类", "quality_class 与各项数值按 GB 3838-2002 得出的不符",
     lambda f: (f["quality_class"].fillna("") != classify(f)["quality_class"].fillna(""))
     .to_numpy()),
    ("streets.demonstration_streets", "建成", "completed 的须有 completed_year 且进度 100%",
     lambda f: _is((f["state"] == "completed")
                   & (f["completed_year"].isna() | (f["progress_pct"] < 100)))),
    ("lighting.yearly", "计数", "亮灯、完好、集中控制、LED 数都不能多于 asset_count",
     lambda f: _is(f[["lit_count", "sound_count", "controlled_count", "led_count"]].max(axis=1)
                   > f["asset_count"])),
    ("plan.projects", "完工", "completed 的须有 completed_on，其他状态不能有",
     lambda f: ((f["state"] == "completed").fillna(False) != f["completed_on"].notna()).to_numpy(bool)),
    ("plan.projects", "开工", "在建、停工、完工的须有 started_on，未开工的不能有",
     lambda f: (f["state"].isin(BEGUN_STATES) != f["started_on"].notna()).to_numpy(bool)),
    ("plan.projects", "日期", "completed_on 不能早于 started_on",
     lambda f: _is(f["completed_on"] < f["started_on"])),
    ("plan.projects", "上图", "is_mapped 为真的项目须有 lon、lat 与 located_by，未上图的不能有位置",
     lambda f: _is(f["is_mapped"].ne(f["lon"].notna() & f["lat"].notna())
                   | f["is_mapped"].ne(f["located_by"].notna()))),
    ("plan.projects", "规划年份", "plan_end_year 不能早于 plan_start_year",
     lambda f: _is(f["plan_end_year"] < f["plan_start_year"])),
    ("lighting.dark_spots", "日期", "fixed_on 不能早于 found_on",
     lambda f: _is(f["fixed_on"] < f["found_on"])),
)  # fmt: skip
"""Rules within a table beyond single columns: table, rule, message, which rows break it."""

_REFERENCES = (
    ("rivers.reaches", "river_id", "rivers.rivers"),
    ("rivers.water_quality", "river_id", "rivers.rivers"),
    ("rivers.facilities", "river_id", "rivers.rivers"),
    ("streets.segments", "street_id", "streets.streets"),
    ("plan.projects", "clause", "plan.clauses"),
    ("plan.facts", "clause", "plan.clauses"),
    ("plan.indicators", "clause", "plan.clauses"),
)
_SUMS = (
    ("rivers.rivers", "rivers.reaches", "river_id", "河段"),
    ("streets.streets", "streets.segments", "street_id", "路段"),
)


def _check_relations(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    contracts = {contract.path: contract for contract in TABLES}
    found = []
    for path, column, target in _REFERENCES:
        frame = tables[path]
        wrong = frame[column].notna() & ~frame[column].isin(tables[target][column])
        text = f"{column} 在 {target} 中不存在，请补录或改正"
        found += _finding(contracts[path], "引用", text, frame, wrong)
    for path, parts_path, column, word in _SUMS:
        found += _check_sums(contracts[path], tables[path], tables[parts_path], column, word)
    return found + _check_boutique(tables["streets.demonstration_streets"])


def _check_sums(
    contract: Table, whole: pd.DataFrame, parts: pd.DataFrame, column: str, word: str
) -> list[Finding]:
    pieces = parts.groupby(column)["length_m"].agg(["sum", "count"])
    pieces = pieces.reindex(whole[column], fill_value=0)
    stated_m = whole["length_m"].to_numpy()
    apart_m = np.abs(pieces["sum"].to_numpy(dtype=float) - stated_m)
    wrong = apart_m > SLACK_M_PER_PIECE * (pieces["count"].to_numpy(dtype=float) + 1)
    text = f"length_m 与各{word}长度之和不符，请重新构建"
    return _finding(contract, "长度之和", text, whole, wrong)


def _check_boutique(frame: pd.DataFrame) -> list[Finding]:
    if frame.empty:
        return []
    having = set(frame.loc[frame["designation"] == "boutique", "subdistrict_code"])
    lacking = [n for code, n in district.subdistrict_names().items() if code not in having]
    if not lacking:
        return []
    text = f"{len(lacking)} 个街道没有精品示范街（subdistrict_code），请补录"
    path = "streets.demonstration_streets"
    return [Finding(path, "每街道一条", text, tuple(lacking[:EXAMPLES]))]


# --- totals and report ---------------------------------------------------------------------------


def _total_finding(verdict: Verdict) -> Finding:
    total = verdict.total
    text = (
        f"{total.label}应为{'至少 ' if total.operator == '>=' else ' '}{verdict.expected:g} "
        f"{total.unit}（规划数字 {total.fact_key}），实为 {verdict.found:.6g} {total.unit}，"
        "请核对示例数据的生成规则"
    )
    return Finding(total.table, "规划总数", text)


def report(tables: Mapping[str, pd.DataFrame], findings: list[Finding]) -> str:
    """Readable text: rows of each table, totals against the plan, and every finding."""
    faulty = {finding.table for finding in findings}
    lines = []
    for contract in TABLES:
        if contract.path in tables:
            count = len(tables[contract.path])
            rows = f"{count:,} 行" if count else "待填报"
            mark = "✗" if contract.path in faulty else "✓"
            lines.append(f"{mark} {contract.path:32}{rows:>12}  {contract.title}")
    if tables:
        for verdict in verdicts(tables):
            total = verdict.total
            lines.append(
                f"{'✓' if verdict.agrees else '✗'} {total.label}：{verdict.found:.6g} {total.unit}"
                f"（规划 {verdict.expected:g}）"
            )
    return "\n".join([*lines, findings_text(findings)])


def findings_text(findings: list[Finding]) -> str:
    """Every finding on a line of its own, and how many there are."""
    lines = []
    for finding in findings:
        examples = f"；例：{'，'.join(finding.rows)}" if finding.rows else ""
        lines.append(f"✗ {finding.table} [{finding.rule}] {finding.message}{examples}")
    lines.append(f"共 {len(findings)} 个问题" if findings else "检查通过，没有问题")
    return "\n".join(lines)
