"""Does a snapshot hold what its contract promises? Findings in Chinese, for the data officer.

Every table is held to its columns, keys, codes and positions; related tables to one another; sample
data to the plan's totals. An empty dataset is no fault: it waits for a register (待填报). Stories are
held to what pages know and to what the snapshot holds.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.contracts import TABLES, Table
from data.row_rules import rule_violations
from data.snapshot import verify_snapshot
from data.standing import StandingTables
from data.story import missing_items, saved, shipped
from data.street_names import NAMING_STREETS
from data.totals import Verdict, is_sample, verdicts
from geo import district

EXAMPLES = 3
SLACK_M_PER_PIECE = 1.0
"""Cutting leaves out slivers under a metre, so sums may differ by that much a piece."""


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
    with StandingTables(folder) as standing:
        return dict(standing)


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


def check_replaced(tables: Mapping[str, pd.DataFrame], replaced: Collection[str]) -> list[Finding]:
    """What is wrong with a set of tables of which only those ``replaced`` are new.

    These are held to their own rules, and to the tables they belong together with; of ``tables``
    no others are looked up. Sample totals are not asked for: registers state what is.
    """
    findings: list[Finding] = []
    for contract in TABLES:
        if contract.path in replaced:
            findings += check_rows(contract, numbered(tables[contract.path]))
    return findings + _check_relations(tables, replaced)


def check_rows(contract: Table, frame: pd.DataFrame) -> list[Finding]:
    """What is wrong within one table; findings name rows by the frame's index."""
    return [
        finding
        for broken in rule_violations(contract, frame)
        for finding in _finding(contract, broken.rule, broken.message, frame, broken.wrong)
    ]


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


# --- tables that belong together -----------------------------------------------------------------


_DEMONSTRATION = "streets.demonstration_streets"
_REFERENCES = (
    ("rivers.reaches", "river_id", "rivers.rivers"),
    ("rivers.sections", "river_id", "rivers.rivers"),
    ("rivers.water_quality", "section_id", "rivers.sections"),
    ("rivers.facilities", "river_id", "rivers.rivers"),
    ("plan.project_rivers", "project_id", "plan.projects"),
    ("streets.segments", "street_id", "streets.streets"),
    ("streets.street_scores", "demonstration_id", "streets.demonstration_streets"),
    ("streets.road_projects", "project_id", "plan.projects"),
    *((path, "street_name", "streets.streets") for path in NAMING_STREETS),
    ("toilets.cell_walks", "cell_id", "toilets.coverage_cells"),
    ("toilets.cell_walks", "toilet_id", "toilets.toilets"),
    ("toilets.street_spacing", "street_id", "streets.streets"),
    ("lighting.status", "cabinet_id", "lighting.cabinets"),
    ("lighting.energy", "cabinet_id", "lighting.cabinets"),
    ("plan.projects", "clause", "plan.clauses"),
    ("plan.facts", "clause", "plan.clauses"),
    ("plan.indicators", "clause", "plan.clauses"),
)
_SUMS = (
    ("rivers.rivers", "rivers.reaches", "river_id", "河段"),
    ("streets.streets", "streets.segments", "street_id", "路段"),
)


def _check_relations(
    tables: Mapping[str, pd.DataFrame], replaced: Collection[str] | None = None
) -> list[Finding]:
    """What does not fit between tables; only where one of those ``replaced`` has a part."""
    contracts = {contract.path: contract for contract in TABLES}

    def concerns(*paths: str) -> bool:
        return replaced is None or not set(paths).isdisjoint(replaced)

    found = []
    for path, column, target in _REFERENCES:
        if not concerns(path, target):
            continue
        frame = numbered(tables[path])
        wrong = frame[column].notna() & ~frame[column].isin(tables[target][column])
        text = f"{column} 在 {target} 中不存在，请补录或改正"
        found += _finding(contracts[path], "引用", text, frame, wrong)
    for path, parts_path, column, word in _SUMS:
        if concerns(path, parts_path):
            whole = numbered(tables[path])
            found += _check_sums(contracts[path], whole, tables[parts_path], column, word)
    if concerns(_DEMONSTRATION):
        found += _check_boutique(tables[_DEMONSTRATION])
    return found


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
    """The plan wants one in every subdistrict, so the sample has one; a register states what is."""
    if frame.empty or not is_sample(frame):
        return []
    having = set(frame.loc[frame["designation"] == "boutique", "subdistrict_code"])
    lacking = [n for code, n in district.subdistrict_names().items() if code not in having]
    if not lacking:
        return []
    text = f"{len(lacking)} 个街道没有精品示范街（subdistrict_code），请补录"
    return [Finding(_DEMONSTRATION, "每街道一条", text, tuple(lacking[:EXAMPLES]))]


# --- stories -------------------------------------------------------------------------------------


def check_stories(store: Path, tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """What is wrong with shipped stories and those saved in the store, each with file and line.

    What their scenes point at is looked up in the tables, where there are any.
    """
    entries = tables.get("base.search_entries")
    findings = []
    for story in (*shipped().values(), *saved(store).values()):
        missing = [] if entries is None else missing_items(story, entries)
        for problem in sorted((*story.problems, *missing), key=lambda one: one.line):
            of_scene = "" if problem.scene_no is None else f"第 {problem.scene_no} 个场景："
            place = f"{problem.file}:{problem.line}"
            findings.append(Finding(place, "演示", f"{of_scene}{problem.message}"))
    return findings


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
