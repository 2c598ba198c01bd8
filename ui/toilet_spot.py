"""The card of a spot of land: how far it is on foot to the nearest toilet, and how that was measured.

A spot is a cell of 50 m, named by ``cell`` in the address; a click on the map of walking minutes opens it.
"""

from html import escape

import numpy as np
import pandas as pd
import pydeck as pdk
import streamlit as st

from data.walk_network import STRAIGHT, rule
from queries.filter import shortened
from ui import cards, header, layout
from ui.focus import clear_focus
from ui.legend import Key
from ui.session import Context
from ui.text import UNREPORTED, number, plain
from ui.theme import STATUS_LOOKS, rgba
from ui.toilet_assumed import current
from ui.toilet_choices import SCOPES, Circle
from ui.toilet_walks import assumed_walks, registered

CELL_KEY = "cell"
MODES = ("walk",)
"""Modes of the map in which a spot is clicked and its card shown."""


# --- which spot ----------------------------------------------------------------------------------


def visit(cell_id: str) -> None:
    """Put a spot into the address; a toilet's card gives way to it."""
    st.query_params[CELL_KEY] = cell_id
    clear_focus()


def leave() -> None:
    """Take the spot out of the address."""
    st.query_params.pop(CELL_KEY, None)


def is_open(context: Context, mode: str) -> bool:
    """Whether the address names a spot that exists, in a mode that shows it."""
    return mode in MODES and _spot(context) is not None


def notices(context: Context, mode: str) -> None:
    """Tell in the head of the page of a spot that does not exist."""
    asked = st.query_params.get(CELL_KEY)
    if asked and mode in MODES and _spot(context) is None:
        header.notices([f"网址中的位置“{shortened(asked)}”不存在，已忽略。"])


def _spot(context: Context, scope: str = "all") -> pd.Series | None:
    """The spot of the address with its walk; None where there is none."""
    asked = st.query_params.get(CELL_KEY)
    if not asked:
        return None
    found = context.frame("toilet_cell", cell_id=asked, scope=scope)
    return None if found.empty else found.astype(object).where(found.notna(), None).iloc[0]


# --- card and map --------------------------------------------------------------------------------


def card(context: Context, circle: Circle) -> None:
    """Distance, minutes and how they were measured; nearest toilet; what is assumed beside it."""
    spot = _spot(context, circle.scope)
    with st.container(horizontal=True, vertical_alignment="center", key="toilet_spot_head"):
        st.html(_head_html(spot, circle), width="stretch")
        st.button("‹ 返回", key="toilet_spot_back", on_click=leave, width="content")
    with st.container(height=layout.body_height_px(context, 4.2), border=False, key="toilet_spot"):
        st.html(_state_html(context, spot, circle))
        nearest = {"最近公厕": f"toilet:{spot['toilet_id']}"} if spot["toilet_id"] else {}
        cards.facts(_facts(spot, circle).items(), nearest)
        _assumed(context, spot, circle)


def _head_html(spot: pd.Series, circle: Circle) -> str:
    return (
        f'<div class="focus"><b>{escape(spot["subdistrict_name"])}的一处土地</b>'
        f"<small>50 m 网格 {escape(spot['cell_id'])} · {escape(SCOPES[circle.scope])}</small></div>"
    )


def _state_html(context: Context, spot: pd.Series, circle: Circle) -> str:
    """The answer first: how long it takes, and whether that is within the circle."""
    walk_m = spot["walk_m"]
    if walk_m is None:
        is_known = not registered(context, circle).cells.empty
        look = STATUS_LOOKS["missed" if is_known else "unreported"]
        minutes = "走不到任何公厕" if is_known else "无数据"
        told = f"不在{circle.words}内" if is_known else f"没有登记“{SCOPES[circle.scope]}”的公厕"
    else:
        over_m = walk_m - circle.reach_m
        look = STATUS_LOOKS["met" if over_m <= 0 else "missed"]
        minutes = f"步行 {walk_m / circle.m_per_minute:.1f} 分钟"
        told = f"在{circle.words}内" if over_m <= 0 else f"超出{circle.words} {over_m:,.0f} m"
    return (
        f'<div class="river-state" style="--tone:var(--{look.role})"><b>{look.shape} {minutes}</b>'
        f"<span>{escape(told)}</span></div>"
    )


def _facts(spot: pd.Series, circle: Circle) -> dict[str, str]:
    walk_m = spot["walk_m"]
    return {
        "最近公厕": spot["toilet_name"] or "无",
        "步行距离": "走不到" if walk_m is None else f"{walk_m:,.0f} m（{circle.kmh:g} km/h）",
        "算法": method_text(spot),
        "街道": spot["subdistrict_name"],
        "网格居民": UNREPORTED if spot["residents"] is None else f"{number(spot['residents'], 1)} 人",
        "网格陆地": f"{spot['area_km2'] * 1e6:,.0f} m²",
        "中心位置": f"{spot['lon']:.5f}, {spot['lat']:.5f}",
    }  # fmt: skip


def method_text(spot: pd.Series) -> str:
    """How the walk was measured, and why so."""
    if spot["method"] == STRAIGHT:
        return (
            f"直线 × {rule('detour_ratio'):g} 估算：{rule('thin_network_m'):g} m 内"
            "没有路网可到的可步行道路"
        )
    return f"沿路网：距可步行道路 {spot['street_m']:.0f} m"


def _assumed(context: Context, spot: pd.Series, circle: Circle) -> None:
    """The walk once what is assumed has come true; nothing where nothing is assumed."""
    assumed = current(context, circle)
    walks = assumed_walks(context, circle, assumed)
    if not assumed or walks.cells.empty:
        return
    here = np.flatnonzero(walks.cells["cell_id"].to_numpy() == spot["cell_id"])[0]
    walk_m, toilet_id = walks.walk_m[here], walks.toilet_id[here]
    if np.isnan(walk_m):
        told = "走不到任何公厕"
    else:
        name = "新增选址"
        if toilet_id is not None:
            name = context.frame("toilet_card", toilet_id=toilet_id).iloc[0]["toilet_name"]
        minutes = walk_m / circle.m_per_minute
        told = f"步行 **{minutes:.1f} 分钟**（{walk_m:,.0f} m），最近的是{plain(name)}"
    cards.block_title("假设之后")
    cards.findings([f"假设：{told}。"])


def layers(context: Context, mode: str) -> list[pdk.Layer]:
    """The spot, marked."""
    spot = _spot(context) if mode in MODES else None
    if spot is None:
        return []
    scale, pixels = context.screen.scale, pdk.types.String("pixels")
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=[{"p": [spot["lon"], spot["lat"]]}],
            id=layer_id,
            get_position="p",
            filled=False,
            stroked=True,
            get_radius=45,
            radius_min_pixels=9 * scale,
            get_line_color=rgba(colour),
            get_line_width=width * scale,
            line_width_units=pixels,
        )
        for layer_id, width, colour in (
            ("spot-halo", 5, context.palette.halo),
            ("spot", 2.2, context.palette.text),
        )
    ]


def keys(context: Context, mode: str) -> list[Key]:
    """What the legend says of it."""
    return [Key("ring", context.palette.text, "所选位置")] if is_open(context, mode) else []
