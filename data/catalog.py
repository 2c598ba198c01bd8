"""The catalog of datasets: where each comes from, how fresh it is, and what its columns mean.

Pure functions over the rows of the query ``datasets`` and the contracts; the day is a parameter.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from data.contracts import TABLES, Column, Table, table
from data.derive import DERIVED, SEARCH
from data.periods import period_end
from data.registers.register import Field, Register
from data.registers.registry import REGISTERS

FreshnessState = Literal["current", "due", "overdue", "inapplicable"]

FRESHNESS_WORDS: dict[FreshnessState, str] = {
    "current": "正常",
    "due": "将到期",
    "overdue": "已过期",
    "inapplicable": "不适用",
}
DUE_SHARE = 0.8
"""From this share of its update cycle on, a dataset is about to fall due."""

DERIVED_FROM: dict[str, tuple[str, ...]] = {
    **{
        made: tuple(origin for origin, paths in DERIVED.items() if made in paths)
        for paths in DERIVED.values()
        for made in paths
    },
    SEARCH: (
        "base.subdistricts", "base.stations", "rivers.rivers", "streets.streets",
        "streets.demonstration_streets", "toilets.toilets", "plan.projects", "plan.clauses",
        "plan.indicators", "plan.places",
    ),
}  # fmt: skip
"""Tables that are reckoned from others when a snapshot is made; no office delivers them."""

TYPE_WORDS = {
    "VARCHAR": "文本",
    "DOUBLE": "数值",
    "INTEGER": "整数",
    "BIGINT": "整数",
    "BOOLEAN": "是/否",
    "DATE": "日期",
}
LICENCES = {"osm": "ODbL 1.0", "plan": "公开规划文本", "sample": "无（示例数据）"}
"""Licence by source kind, where the dataset itself states none."""
UNSTATED = "未声明"


@dataclass(frozen=True)
class Freshness:
    """Age of a dataset against its own update cycle."""

    state: FreshnessState
    age_days: int | None = None
    """Days since the end of the period that the data stand for; None where nothing is measured."""
    update_days: int | None = None

    @property
    def word(self) -> str:
        return FRESHNESS_WORDS[self.state]


@dataclass(frozen=True)
class Dataset:
    """One dataset of a snapshot, as the catalog lists it."""

    path: str
    """``database.table``."""
    title: str
    source_kind: str
    provider: str
    source: str
    as_of: str
    imported_at: str
    """UTC, ISO 8601."""
    rows: int
    freshness: Freshness
    findings: tuple[tuple[str, int], ...]
    """Rule and number of findings when it was imported, most frequent first."""
    licence: str
    register: Register | None
    """The register that fills it; None when no office delivers it."""
    derived_from: tuple[str, ...]
    """Paths of the tables that it is reckoned from; empty when it is not."""

    @property
    def database(self) -> str:
        return self.path.partition(".")[0]

    @property
    def is_awaited(self) -> bool:
        """Whether it still waits for its register (待填报)."""
        return self.rows == 0

    @property
    def finding_count(self) -> int:
        return sum(count for _, count in self.findings)


@dataclass(frozen=True)
class Definition:
    """One column of a dataset, in words."""

    name: str
    title: str
    type: str
    unit: str
    range: str
    """«0～100», «≥ 0»; empty when any value may stand."""
    allowed: tuple[tuple[str, str], ...]
    """Allowed values, each with the word that an office writes for it (or the value again)."""
    is_required: bool
    is_key: bool
    is_filled: bool
    """Whether the office fills it; False for what the import or the build makes."""
    note: str


def datasets(listed: pd.DataFrame, today: date) -> list[Dataset]:
    """Every dataset of a snapshot in the contract's order; ``listed`` is the query ``datasets``.

    Datasets that the snapshot does not describe are left out.
    """
    rows = listed.set_index("dataset").to_dict("index")
    return [
        _dataset(contract.path, rows[contract.path], today)
        for contract in TABLES
        if contract.path in rows
    ]


def register_of(path: str) -> Register | None:
    """The register that fills a table; None when no office delivers it."""
    return next((register for register in REGISTERS if register.dataset == path), None)


def title_of(path: str) -> str:
    """Chinese title of a table."""
    return table(path).title


def _dataset(path: str, row: dict, today: date) -> Dataset:
    register = register_of(path)
    text = {name: _text(row.get(name)) for name in ("source_kind", "source", "as_of", "licence")}
    count = int(row["row_count"])
    return Dataset(
        path=path,
        title=_text(row.get("title")) or title_of(path),
        source_kind=text["source_kind"],
        provider=_text(row.get("provider")),
        source=text["source"],
        as_of=text["as_of"],
        imported_at=_text(row.get("imported_at")),
        rows=count,
        freshness=freshness(text["source_kind"], text["as_of"], _cycle(path), count, today),
        findings=_findings(row.get("findings_json")),
        licence=_licence(**text, count=count),
        register=register,
        derived_from=DERIVED_FROM.get(path, ()),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _cycle(path: str) -> int | None:
    """Days of the update cycle; a table reckoned from registers alone keeps the shortest of theirs."""
    registers = [register_of(origin) for origin in DERIVED_FROM.get(path, (path,))]
    return min(one.update_days for one in registers) if all(registers) else None


def freshness(
    source_kind: str, as_of: str, update_days: int | None, rows: int, today: date
) -> Freshness:
    """Age of the data against the update cycle, counted from the END of the period they stand for.

    Plan and sample data do not age, and what no register fills has no cycle of its own.
    """
    end = period_end(as_of)
    if source_kind not in ("register", "osm") or not rows or update_days is None or end is None:
        return Freshness("inapplicable", update_days=update_days)
    age_days = max(0, (today - end).days)
    if age_days > update_days:
        return Freshness("overdue", age_days, update_days)
    is_due = age_days >= DUE_SHARE * update_days
    return Freshness("due" if is_due else "current", age_days, update_days)


def _findings(text: object) -> tuple[tuple[str, int], ...]:
    """Rules and counts of ``_meta.findings_json``; a text that is none counts as no findings."""
    try:
        counts = json.loads(_text(text) or "{}")
        found = [(str(rule), int(count)) for rule, count in counts.items()]
    except (ValueError, TypeError, AttributeError):
        return ()
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _licence(source_kind: str, source: str, licence: str, count: int, **_: str) -> str:
    if licence:
        return licence
    if source_kind == "register":
        return UNSTATED if count else ""
    stated = LICENCES.get(source_kind, UNSTATED)
    # Places of the plan and shapes of the samples were taken from the map, whose licence stays.
    return f"{stated}；几何 ODbL 1.0" if source_kind != "osm" and "ODbL" in source else stated


# --- columns -------------------------------------------------------------------------------------


def definitions(path: str) -> list[Definition]:
    """Every column of a table in words; KeyError when there is no such table."""
    contract = table(path)
    register = register_of(path)
    fields = {item.name: item for item in register.fields} if register else {}
    return [
        _definition(contract, column, fields.get(column.name), register)
        for column in contract.columns
    ]


def _definition(
    contract: Table, column: Column, item: Field | None, register: Register | None
) -> Definition:
    is_filled = item is not None
    required = register.is_required(column.name) if is_filled else column.required
    return Definition(
        name=column.name,
        title=column.title,
        type=TYPE_WORDS[column.type],
        unit=column.unit,
        range=range_text(column),
        allowed=tuple(office_words(column, item).items()),
        is_required=required,
        is_key=column.name in contract.key,
        is_filled=is_filled,
        note=item.note if is_filled else ("由导入得出" if register else ""),
    )


def range_text(column: Column) -> str:
    """The range of a number column in words; empty when any number may stand."""
    if column.low is not None and column.high is not None:
        return f"{column.low:g}～{column.high:g}"
    if column.low is not None:
        return f"≥ {column.low:g}"
    return f"≤ {column.high:g}" if column.high is not None else ""


def office_words(column: Column, item: Field | None) -> dict[str, str]:
    """Allowed value → the word that an office writes for it (the value itself where none)."""
    written: dict[str, str] = {}
    for word, value in (item.words if item else {}).items():
        written.setdefault(value, word)
    return {
        str(value): str(value) if _is_chinese(str(value)) else written.get(str(value), str(value))
        for value in column.allowed or written
    }


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
