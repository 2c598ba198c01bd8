"""Put together every table of a snapshot: the plan, the geography, samples if wanted, and registers.

Geometry is cut by subdistrict and points are assigned to subdistricts here, once; readers only
filter plain columns. Registers that were published stay: a build carries them over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.check import Finding, check_snapshot
from data.contracts import TABLES, Table
from data.dark_gaps import DARK_GAPS, dark_gaps
from data.derive import CELLS, POPULATION, SPACING, WALK_WAYS, WALKS, replacement, walk_tables
from data.frames import empty_frame
from data.geography import base_tables, street_tables
from data.history import Change
from data.origins import (
    AWAITED,
    OSM,
    PLAN,
    PLAN_ON_MAP,
    SAMPLE,
    SPACING_STANDARD,
    STANDARD,
)
from data.places import places_table
from data.plan import plan_tables
from data.projects import projects_table
from data.publishing import point, record_of, registers_of, writing
from data.registers.registry import REGISTERS, register
from data.retention import delete, newest_kept, superfluous
from data.sample import sample_tables
from data.search import search_table
from data.snapshot import (
    DatasetMeta,
    SnapshotError,
    current_version,
    file_problems,
    snapshot_folder,
    versions,
    write_snapshot,
)
from data.standing import StandingTables
from data.structure import structure_table
from data.toilet_spacing import spacing_limits
from data.walk_network import default_walk_ways
from data.water_quality import quality_limits

ALWAYS = {
    "streets.streets": OSM,
    "streets.segments": OSM,
    WALK_WAYS: OSM,
    CELLS: OSM,
    POPULATION: AWAITED,
    "toilets.spacing_limits": SPACING_STANDARD,
    "rivers.quality_limits": STANDARD,
    "lighting.structure": PLAN_ON_MAP,
    "plan.places": PLAN_ON_MAP,
}
"""Tables that rest on the plan, a standard or the geography alone, or that only a register fills,
beside the rest of ``base`` and ``plan``."""


WITHOUT_SAMPLE = {
    "plan.projects": PLAN_ON_MAP,
    "plan.indicator_values": AWAITED,
}
"""Registers among the plan's tables: what they rest on while no register or sample fills them."""


def build_tables(with_sample: bool) -> tuple[dict[str, pd.DataFrame], list[DatasetMeta]]:
    """Every table of the contract and where its rows come from.

    Without samples the tables that only registers can fill are empty.
    """
    made = {
        **base_tables(),
        **plan_tables(),
        "plan.places": places_table(),
        "plan.projects": projects_table(),
        **street_tables(),
        "rivers.quality_limits": quality_limits(),
        "lighting.structure": structure_table(),
        WALK_WAYS: default_walk_ways(),
        "toilets.spacing_limits": spacing_limits(),
        **(sample_tables() if with_sample else {}),
    }
    made["base.search_entries"] = search_table(made)
    tables = {
        contract.path: made[contract.path] if contract.path in made else empty_frame(contract.path)
        for contract in TABLES
    }
    tables |= walk_tables(tables, (CELLS, WALKS, SPACING))
    tables[DARK_GAPS] = dark_gaps(tables)
    return tables, [_meta(contract, with_sample) for contract in TABLES]


def _meta(contract: Table, with_sample: bool) -> DatasetMeta:
    by_database = {"plan": PLAN, "base": OSM}
    origin = ALWAYS.get(contract.path) or by_database.get(contract.database)
    if contract.path in WITHOUT_SAMPLE:
        origin = None if with_sample else WITHOUT_SAMPLE[contract.path]
    kind, source, as_of = origin or (SAMPLE if with_sample else AWAITED)
    return DatasetMeta(contract.path, contract.title, kind, source, as_of)


@dataclass(frozen=True)
class Built:
    """A build: its version, its tables as stored, and what is wrong with them (then unpublished)."""

    version: int
    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    carried: tuple[str, ...]
    """Registers taken over from the snapshot before, by title."""


def build(
    store: Path, with_sample: bool = True, fresh: bool = False, actor: str = "", wait_s: float = 0.0
) -> Built:
    """Write, check and publish a snapshot; one with findings is kept unpublished.

    Registers of the current snapshot are carried over, unless ``fresh``. SnapshotError when they
    cannot be read or no longer fit, or when somebody else is writing for longer than ``wait_s``.
    """
    with writing(store, actor, "build", wait_s):
        return _build(store, with_sample, fresh, actor)


def ensure_built(store: Path, wait_s: float = 300.0) -> None:
    """Build the default snapshot where there is none yet; waits for another who is at it."""
    if versions(store):
        return
    with writing(store, "", "build", wait_s):
        if not versions(store):
            _build(store, with_sample=True, fresh=True, actor="")


def _build(store: Path, with_sample: bool, fresh: bool, actor: str) -> Built:
    """What ``build`` does; the lock must be held."""
    keep = newest_kept()
    registers = {} if fresh else carried_registers(store)
    tables, described = build_tables(with_sample)
    meta = {entry.dataset: entry for entry in described}
    imported = {}
    for dataset, (rows, change) in registers.items():
        made = replacement(register(dataset), rows, tables, change)
        tables |= made.tables
        meta |= {entry.dataset: entry for entry in made.meta}
        imported[dataset] = change
    change = Change(action="build", actor=actor)
    version = write_snapshot(store, tables, meta.values(), record=record_of(change, imported))
    stored, findings = check_snapshot(snapshot_folder(store, version))
    if not findings:
        point(store, version, change)
        delete(store, superfluous(store, keep))
    titles = tuple(register(dataset).title for dataset in imported)
    return Built(version, stored, findings, titles)


def carried_registers(store: Path) -> dict[str, tuple[pd.DataFrame, Change]]:
    """Rows and origin of every register in the current snapshot, in the order of the registry.

    The snapshot may be of an older contract. SnapshotError when its files are damaged, or a register
    lacks what the contract now requires of every row.
    """
    current = current_version(store)
    if current is None:
        return {}
    folder = snapshot_folder(store, current)
    known = registers_of(folder)
    if damage := file_problems(folder):
        if known or _ever_imported(store):
            raise SnapshotError(
                f"当前版本 {folder.name} 已损坏（{'；'.join(damage)}），其中的登记册无法沿用。"
                "请先用 python -m data rollback 回退到完好的版本，"
                "或用 python -m data build --fresh 放弃已导入的登记册"
            )
        return {}
    with StandingTables(folder) as standing:
        _require_contract(folder.name, standing, known)
        return {
            each.dataset: (_imported_rows(each.dataset, standing), known[each.dataset])
            for each in REGISTERS
            if each.dataset in known
        }


def _require_contract(version: str, standing: StandingTables, registers: Collection[str]) -> None:
    """SnapshotError when a register of an older contract cannot be told what it now must say."""
    lacking = {dataset: standing.lacking(dataset) for dataset in registers}
    told = [
        f"“{register(dataset).title}”缺 {'、'.join(titles)}"
        for dataset, titles in lacking.items()
        if titles
    ]
    if told:
        others = "、".join(register(dataset).title for dataset in registers)
        raise SnapshotError(
            f"当前版本 {version} 的登记册是按旧的字段导入的，无法沿用（{'；'.join(told)}）。"
            f"请用 python -m data build --fresh 重新构建，再按新模板重新导入：{others}"
        )


def _imported_rows(dataset: str, standing: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows that a register brought; among the plan's projects those that it reports on."""
    rows = standing[dataset]
    return rows[rows["source_kind"].isin(["register", "osm"])]


def _ever_imported(store: Path) -> bool:
    return any(registers_of(snapshot_folder(store, version)) for version in versions(store))
