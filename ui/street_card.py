"""The card of a street: what it is, what is planned and found on it, what stands beside it.

A street is its name: its pieces of several classes and subdistricts are told together. It comes into
focus as every item does (``item=street:<name>``), by a click on the map, in a list, or by the search.
"""

from collections.abc import Iterable
from html import escape

import pandas as pd
import streamlit as st

from ui import cards, layout, projects, street_classes, street_scores
from ui.bridge_looks import condition_text
from ui.focus import Entry, clear_focus
from ui.pavement_looks import CLASSES, grade_text
from ui.pavement_words import due_text, pci_text
from ui.session import Context
from ui.street_compare import compare_with
from ui.street_nearby import REACH_M, nearby
from ui.street_points_map import BRIDGES, FINDINGS
from ui.text import (
    ASSET_KINDS,
    SAMPLE_TAG,
    UNFILLED,
    UNMAPPED,
    UNREPORTED,
    joined,
    plain,
)

DEMONSTRATIONS, REPAIRS = "streets.demonstration_streets", "streets.road_projects"
PAVEMENT, LAMPS = "streets.pavement", "lighting.assets"
TOILETS, STOPS = "toilets.toilets", "base.stations"
MOST_LISTED = 6
GOOD_GRADES = ("优", "良")


# --- which card is open --------------------------------------------------------------------------


def street_of(context: Context) -> Entry | None:
    """The street in focus, if it is one."""
    focus = context.focus
    return focus if focus and focus.kind == "street" else None


def is_open(context: Context) -> bool:
    """Whether a street has its card open in place of the mode's panel."""
    return street_of(context) is not None


# --- the card ------------------------------------------------------------------------------------


def card(context: Context) -> None:
    """Everything known of the street in focus at the end of the year, its whole course."""
    street = street_of(context)
    with st.container(horizontal=True, vertical_alignment="center", key="street_card_head"):
        st.html(_head_html(street), width="stretch")
        st.button("对比", key="street_card_compare", on_click=compare_with, args=(street.entry_id,),
                  help="与另一条道路比较", width="content")  # fmt: skip
        st.button("‹ 返回", key="street_card_back", on_click=clear_focus, width="content")
    with st.container(height=layout.body_height_px(context, 4.2), border=False, key="street_card"):
        name = street.entry_id
        cards.facts(_facts(context, street).items())
        _designations(context, name)
        _repairs(context, name)
        _pavement(context, name)
        _findings(context, name)
        _bridges(context, name)
        _lamps(context, name)
        _beside(context, street)


def _head_html(street: Entry) -> str:
    unmapped = "" if street.box else f'<span class="unmapped">{UNMAPPED}</span>'
    return (
        f'<div class="focus"><b>{escape(street.name)}</b> {unmapped}{cards.sample_tag(street.is_sample)}'
        f"<small>{escape(street.detail)}</small></div>"
    )


def _facts(context: Context, street: Entry) -> dict[str, str]:
    pieces = context.frame("street_pieces", street_name=street.entry_id)
    if pieces.empty:
        return {"长度": f"{UNMAPPED}，底图没有这条道路"}
    classes = pieces.groupby("street_class", sort=False)["length_m"].sum()
    places = pieces.groupby("short_name", sort=False)["length_m"].sum()
    longest = classes.sort_values(ascending=False, kind="stable")
    return {
        "等级": street_classes.class_words(longest.index),
        "长度": f"{pieces['length_m'].sum() / 1000:.2f} km（中心线，分幅道路两幅各计）",
        "所经街道": _lengths_text(places.sort_values(ascending=False, kind="stable")),
    }


def _lengths_text(lengths: pd.Series) -> str:
    named = "、".join(f"{name} {length / 1000:.2f} km" for name, length in lengths.items())
    return f"{named}（共 {len(lengths)} 个）" if len(lengths) > 1 else named


def _section(context: Context, title: str, dataset: str, note: str = "") -> bool:
    """Heading of a part of the card; whether its register is there, which is said where it is not."""
    cards.block_title(title, joined(note, SAMPLE_TAG if context.is_sample(dataset) else ""))
    if context.has_rows(dataset):
        return True
    cards.empty(f"登记册{UNREPORTED}")
    return False


def _nothing(text: str) -> None:
    layout.note(text)


def _listed(rows: Iterable[tuple[str, str]]) -> None:
    """The first rows of a list, and how many more there are."""
    found = list(rows)
    cards.lines(found[:MOST_LISTED])
    if len(found) > MOST_LISTED:
        layout.note(f"另有 {len(found) - MOST_LISTED} 项")


def _designations(context: Context, name: str) -> None:
    """The scorecard of every designation that the street has."""
    if not _section(context, "示范街", DEMONSTRATIONS, f"{context.filter.year} 年底"):
        return
    frame = context.frame("street_designations", street_name=name)
    if frame.empty:
        _nothing("不是精品示范街或省级街容示范街")
    for demonstration_id in frame["demonstration_id"]:
        street_scores.scorecard(context, demonstration_id)


def _repairs(context: Context, name: str) -> None:
    if not _section(context, "迎亚运修缮", REPAIRS, "规划专栏 1"):
        return
    frame = context.frame("street_repairs", street_name=name)
    if frame.empty:
        _nothing("修缮名录没有这条道路")
        return
    cards.lines(
        (
            f"**{plain(row.road_name)}** {joined(*_texts(row.section, row.managed_level))}",
            _repair_text(row),
        )
        for row in frame.itertuples()
    )


def _texts(*values: object) -> list[str]:
    """Those of the values that are filled in."""
    return [value for value in values if isinstance(value, str)]


def _repair_text(row: tuple) -> str:
    done = f"{row.completed_on:%Y-%m}" if pd.notna(row.completed_on) else ""
    return joined(projects.STATE_WORDS[row.state], done)


def _pavement(context: Context, name: str) -> None:
    if not _section(context, "路面状况", PAVEMENT, "设计使用年限：规划 4.2.1"):
        return
    # The whole street: its sections may lie beyond the chosen subdistricts.
    every = context.frame("pavement_sections", codes=None)
    frame = every[every["street_name"] == name]
    if frame.empty:
        _nothing(f"{context.filter.year} 年底前没有检测记录")
        return
    whole = frame["length_m"].sum()
    good = frame.loc[frame["grade"].isin(GOOD_GRADES), "length_m"].sum()
    share = f"优良 {100 * good / whole:.1f}%" if whole else f"检测长度{UNFILLED}"
    cards.lines(
        (f"**{CLASSES[row.road_class]}** {joined(*_texts(row.short_name), f'{row.length_km:.2f} km')}",
         joined(grade_text(row.grade), pci_text(row), due_text(row)))
        for row in frame.head(MOST_LISTED).itertuples()
    )  # fmt: skip
    rest = f"另有 {len(frame) - MOST_LISTED} 段" if len(frame) > MOST_LISTED else ""
    layout.note(joined(share, f"最近 {frame['inspected_on'].max()} 检测", rest))


def _findings(context: Context, name: str) -> None:
    if not _section(context, "无障碍问题点", FINDINGS, f"{context.filter.year} 年底"):
        return
    frame = context.frame("street_findings", street_name=name)
    if frame.empty:
        _nothing("没有登记问题点")
        return
    still = frame[frame["is_open"]]
    told = f"登记 {len(frame):,} 处，" + (
        f"余 **{len(still):,} 处**未销号" if len(still) else "**已全部销号**"
    )
    cards.findings([f"{told}。"])
    _listed(
        (
            f"▲ **{plain(row.place_name or row.point_id)}** {row.point_kind}",
            f"{row.found_on:%Y-%m-%d} 发现",
        )
        for row in still.itertuples()
    )


def _bridges(context: Context, name: str) -> None:
    if not _section(context, "桥梁", BRIDGES):
        return
    frame = context.frame("street_bridges", street_name=name)
    if frame.empty:
        _nothing("没有登记桥梁")
        return
    _listed(
        (f"**{plain(row.bridge_name)}** {joined(*_texts(row.managed_level))}", _bridge_text(row))
        for row in frame.itertuples()
    )


def _bridge_text(row: tuple) -> str:
    checked = f"{row.checked_on:%Y-%m} 检测" if pd.notna(row.checked_on) else "未检测"
    return joined(condition_text(row.condition), checked)


def _lamps(context: Context, name: str) -> None:
    if not _section(context, "照明", LAMPS, "位置名为该路的灯具"):
        return
    frame = context.frame("street_lamps", street_name=name)
    if frame.empty:
        _nothing("没有位置名为该路的灯具")
        return
    cards.lines(
        (f"**{ASSET_KINDS[row.asset_kind]}**", _lamp_text(row)) for row in frame.itertuples()
    )


def _lamp_text(row: tuple) -> str:
    """How many lamps, and how many of them are out; for short streets a rate would say nothing."""
    if pd.isna(row.known_count):
        return f"{row.asset_count:,} 盏"
    if not row.known_count:
        return f"{row.asset_count:,} 盏 · 亮灭{UNFILLED}"
    return f"{row.asset_count:,} 盏 · 亮 {row.lit_count:,.0f} · 未亮 {row.known_count - row.lit_count:,.0f}"


def _beside(context: Context, street: Entry) -> None:
    """Toilets and stations within reach, with links to the toilets."""
    found = nearby(context, street)
    if found is None:
        cards.block_title("沿线设施")
        _nothing(f"道路{UNMAPPED}，沿线设施无从判断")
        return
    for title, dataset, frame in (
        ("沿线公共厕所", TOILETS, found.toilets), ("沿线站点", STOPS, found.stops),
    ):  # fmt: skip
        if not _section(context, title, dataset, f"距中心线 {REACH_M} m 内"):
            continue
        if frame.empty:
            _nothing("没有")
            continue
        _listed(
            (
                f"**{plain(row.name if isinstance(row.name, str) else '未命名')}**",
                f"{row.distance_m:.0f} m",
            )
            for row in frame.itertuples(index=False)
        )
