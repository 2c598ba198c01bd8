"""Put together every table of a snapshot: the plan, the geography and, if wanted, samples.

Geometry is cut by subdistrict and points are assigned to subdistricts here, once; readers only
filter plain columns.
"""

import pandas as pd

from data.contracts import TABLES, Table
from data.frames import empty_frame
from data.geography import base_tables, street_tables
from data.places import places_table
from data.plan import plan_tables
from data.projects import projects_table
from data.sample import sample_tables
from data.search import search_table
from data.snapshot import DatasetMeta
from data.structure import structure_table

# (source kind, source, date of the data) of each origin.
PLAN = ("plan", "上城区城市管理“十四五”规划", "2021")
OSM = ("osm", "© OpenStreetMap contributors (ODbL 1.0)", "2026-09")
SAMPLE = (
    "sample",
    "示例数据（固定种子生成，非真实登记；几何取自 © OpenStreetMap contributors, ODbL 1.0）",
    "2025-12",
)
AWAITED = ("register", "待填报", "待填报")
"""A dataset that only a register can fill and none has filled yet."""
PLAN_ON_MAP = (
    "plan",
    "上城区城市管理“十四五”规划；位置取自 © OpenStreetMap contributors (ODbL 1.0)",
    "2021",
)
ALWAYS = {
    "streets.streets": OSM,
    "streets.segments": OSM,
    "lighting.structure": PLAN_ON_MAP,
    "plan.places": PLAN_ON_MAP,
}
"""Tables that rest on the plan or the geography alone, beside the rest of ``base`` and ``plan``."""


REGISTERS = {
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
        "lighting.structure": structure_table(),
        **(sample_tables() if with_sample else {}),
    }
    made["base.search_entries"] = search_table(made)
    tables = {
        contract.path: made[contract.path] if contract.path in made else empty_frame(contract.path)
        for contract in TABLES
    }
    return tables, [_meta(contract, with_sample) for contract in TABLES]


def _meta(contract: Table, with_sample: bool) -> DatasetMeta:
    by_database = {"plan": PLAN, "base": OSM}
    origin = ALWAYS.get(contract.path) or by_database.get(contract.database)
    if contract.path in REGISTERS:
        origin = None if with_sample else REGISTERS[contract.path]
    kind, source, as_of = origin or (SAMPLE if with_sample else AWAITED)
    return DatasetMeta(contract.path, contract.title, kind, source, as_of)
