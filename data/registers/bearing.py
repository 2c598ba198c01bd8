"""What a file as a whole would mean once it is published: for its officer to hold against what is known.

A network of half the district and a register that lacks three subdistricts have no faulty row, and
still must not stand in for a whole one unnoticed.
"""

from collections.abc import Mapping

import pandas as pd

from data.coverage import land_near_ways
from data.origins import is_from_register
from data.registers.raw import Note
from data.registers.register import Register
from data.walk_network import rule
from geo import district

BEARING_RULES = ("路网覆盖", "人口合计", "控制柜对应")
"""Rules of these notes: they stand in the preview as well."""
MOST_NAMED = 5
LOSS_POINTS = 1.0
"""Percentage points of land that a network may lose before its officer is asked to make sure."""


def bearing(
    register: Register, rows: pd.DataFrame, current: Mapping[str, pd.DataFrame]
) -> list[Note]:
    """Notes on accepted rows as a whole; none for registers that say nothing beyond their rows."""
    if rows.empty:
        return []
    if register.dataset == "streets.walk_ways":
        return [_network(rows, current.get(register.dataset))]
    if register.dataset == "lighting.assets":
        return _cabinets(rows["cabinet_id"], current.get("lighting.cabinets"))
    return [_people(rows)] if register.dataset == "base.population" else []


def _note(rule: str, reason: str, remedy: str) -> Note:
    return Note(0, "", "", "noted", rule, reason, remedy)


def _network(rows: pd.DataFrame, standing: pd.DataFrame | None) -> Note:
    """How much of the district's land the network reaches, and where it does not."""
    land = land_near_ways(rows)
    share_pct = _share_pct(land)
    before, remedy = "", "无须处理"
    if standing is not None and len(standing):
        before_pct = _share_pct(land_near_ways(standing))
        before = f"；现有路网 {before_pct:.1f} %"
        if share_pct < before_pct - LOSS_POINTS:
            remedy = "发布后整个路网都换成这份数据，请确认范围够用"
    bare = land[land["near_km2"] < land["area_km2"] / 2].sort_values("near_km2")
    bare_pct = 100 * bare["near_km2"] / bare["area_km2"]
    shown = [f"{name} {pct:.0f} %" for name, pct in bare_pct.head(MOST_NAMED).items()]
    listed = f"；{len(bare)} 个街道不到一半：{_listed(shown, len(bare))}" if len(bare) else ""
    reason = (
        f"覆盖本区陆域的 {share_pct:.1f} %（距可步行道路 {rule('thin_network_m'):g} 米以内{before}）{listed}；"
        f"其余地方的步行距离按直线 × {rule('detour_ratio'):g} 估算"
    )
    return _note("路网覆盖", reason, remedy)


def _share_pct(land: pd.DataFrame) -> float:
    return float(100 * land["near_km2"].sum() / land["area_km2"].sum())


def _people(rows: pd.DataFrame) -> Note:
    """The total and its parts by subdistrict, and those that have none."""
    names = district.subdistrict_names().values()
    people = rows.groupby("subdistrict_name")["residents"].sum()
    parts = "、".join(f"{name} {people[name]:,}" for name in names if name in people)
    lacking = [name for name in names if name not in people]
    without = (
        f"；没有数据的 {len(lacking)} 个街道：{'、'.join(lacking)}，按人口的覆盖率不含这些街道"
        if lacking
        else ""
    )
    remedy = "请与统计公报的街道人口核对" + ("，并补报缺少的街道" if lacking else "")
    return _note("人口合计", f"共 {people.sum():,} 人：{parts}{without}", remedy)


def _cabinets(named: pd.Series, cabinets: pd.DataFrame | None) -> list[Note]:
    """How many lamps name a cabinet that the register of these lacks: it may come later.

    Nothing is said while the cabinets are samples: lamps that are real name none of them.
    """
    if cabinets is None or not is_from_register(cabinets):
        return []
    lost = named[named.notna() & ~named.isin(cabinets["cabinet_id"])]
    if lost.empty:
        return []
    ids = lost.unique()
    reason = (
        f"{len(lost):,} 盏灯所填的 {len(ids):,} 个控制柜编号不在照明控制柜登记册中："
        f"{_listed(list(ids[:MOST_NAMED]), len(ids))}"
    )
    return [_note("控制柜对应", reason, "请核对编号；控制柜尚未登记的，补报后即可对应")]


def _listed(shown: list[str], count: int) -> str:
    return "、".join(shown) + (" 等" if count > len(shown) else "")
