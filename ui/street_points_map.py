"""The map of mode «无障碍与桥梁»: findings closed and open, bridges by their condition."""

import json

import pandas as pd
import pydeck as pdk

from ui import basemap, layers, maps
from ui.bridge_looks import FAILED, GOOD, PASSED, UNKNOWN, bridge_look, condition_text
from ui.legend import Key, legend_html
from ui.maps import Drawing
from ui.session import Context
from ui.text import UNFILLED, joined
from ui.theme import Palette, StatusLook, rgba

FINDINGS, BRIDGES = "streets.accessibility_points", "streets.bridges"
QUIET_SIGN_PX, SIGN_PX, LARGE_SIGN_PX = 8, 12, 15
"""Signs of bridges; larger where something is to be done, so that the findings lead."""
LABEL_PX = 14
OPEN_SIGN = "▲"
MOST_POINTS = 5_000
"""More findings than these are gathered into cells."""


def drawing(context: Context) -> Drawing:
    """Findings as points, the open ones large; bridges as signs by their grade."""
    colours, bridges = context.palette, _bridges(context)
    keys = [
        Key("sign", colours.missed, "问题点 · 未销号", sign=OPEN_SIGN),
        Key("dot", colours.met, "问题点 · 已销号"),
        *(
            Key("sign", _bridge_colour(colours, look), f"桥梁 · {look.word}", sign=look.shape)
            for look in bridges
        ),
    ]
    unmapped = context.row("bridges_summary", BRIDGES)["unmapped_count"]
    return Drawing(
        [
            layers.pick(context),
            layers.quiet_waterways(context),
            *(_bridge_layer(context, *one) for one in bridges.items() if one[0] is not FAILED),
            _finding_layer(context, is_open=False),
            *(_bridge_layer(context, *one) for one in bridges.items() if one[0] is FAILED),
            _finding_layer(context, is_open=True),
        ],
        legend_html(
            f"无障碍与桥梁 · {context.filter.year} 年底", keys, stacked=True,
            note=joined(
                f"问题点超过 {MOST_POINTS:,} 处，按{layers.cell_metres(context)}网格汇总"
                if is_gathered(context) else "",
                f"另有桥梁 {unmapped} 座未上图" if unmapped else "",
            ),
        ),
        maps.subdistrict_labels(context, _open_labels(context), LABEL_PX, has_plate=True),
        _signs(context),
    )  # fmt: skip


def _signs(context: Context) -> tuple[tuple[float, float], ...]:
    """Where the open findings stand, if each has a sign of its own."""
    if is_gathered(context):
        return ()
    points = json.loads(context.text("accessibility_points", is_open=True) or "[]")
    return tuple((lon, lat) for lon, lat in (point["p"] for point in points))


def _open_labels(context: Context) -> dict[str, str]:
    frame = context.frame("accessibility_by_subdistrict")
    still = frame[frame["open_count"].fillna(0) > 0]
    return {row.subdistrict_code: f"余 {row.open_count:.0f}" for row in still.itertuples()}


def is_gathered(context: Context) -> bool:
    """Whether there are too many findings to draw each of them."""
    return (context.row("accessibility_summary", FINDINGS)["found_count"] or 0) > MOST_POINTS


def _finding_layer(context: Context, *, is_open: bool) -> pdk.Layer:
    """Open findings stand out as signs, closed ones only show where there have been some."""
    if is_gathered(context):
        return _cell_layer(context, is_open)
    colours, scale = context.palette, context.screen.scale
    points = json.loads(context.text("accessibility_points", is_open=is_open) or "[]")
    if is_open:
        layer = basemap.text_layer(
            [point | {"t": OPEN_SIGN, "o": [0, 0]} for point in points], "findings-open", colours,
            size_px=LARGE_SIGN_PX * scale, colour=colours.missed,
        )  # fmt: skip
        layer.pickable = True
        return layer
    return pdk.Layer(
        "ScatterplotLayer",
        data=points,
        id="findings-closed",
        get_position="p",
        get_fill_color=rgba(colours.met, 215),
        get_radius=16,
        radius_min_pixels=3 * scale,
        radius_max_pixels=9 * scale,
        stroked=True,
        get_line_color=rgba(colours.halo, 150),
        get_line_width=1,
        line_width_min_pixels=0.7 * scale,
        line_width_max_pixels=1.2 * scale,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 200),
    )


def _cell_layer(context: Context, is_open: bool) -> pdk.Layer:
    """Findings gathered into cells, the larger the more of them."""
    colours, scale = context.palette, context.screen.scale
    where = {"is_open": is_open, "cell_deg": layers.cell_deg(context)}
    return pdk.Layer(
        "ScatterplotLayer",
        data=maps.rows(context.text("accessibility_cells", **where)),
        id=f"findings-{'open' if is_open else 'closed'}",
        get_position="p",
        get_fill_color=rgba(colours.missed, 220) if is_open else rgba(colours.met, 140),
        get_radius="14+3*n",
        radius_min_pixels=1.9 * scale,
        radius_max_pixels=8 * scale,
        pickable=True,
    )


def _bridges(context: Context) -> dict[StatusLook, pd.DataFrame]:
    """The bridges of each look that there are, a layer each, as a layer of text has one colour."""
    frame = context.frame("bridges_on_map")
    looks = frame["condition"].map(bridge_look)
    found = {
        look: frame[looks.map(lambda own, look=look: own is look).astype(bool)]
        for look in (UNKNOWN, GOOD, PASSED, FAILED)
    }
    return {look: bridges for look, bridges in found.items() if len(bridges)}


def _bridge_colour(colours: Palette, look: StatusLook) -> str:
    """Quiet where nothing is to be done: the findings have that colour on this map."""
    return colours.muted if look is GOOD else look.colour(colours)


def _bridge_layer(context: Context, look: StatusLook, bridges: pd.DataFrame) -> pdk.Layer:
    points = [
        {"p": [row.lon, row.lat], "t": look.shape, "o": [0, 0], "tip": _bridge_tip(row),
         **({"pick": f"street:{row.street_name}"} if isinstance(row.street_name, str) else {})}
        for row in bridges.itertuples()
    ]  # fmt: skip
    sizes = {PASSED: SIGN_PX, FAILED: LARGE_SIGN_PX}
    size_px = sizes.get(look, QUIET_SIGN_PX) * context.screen.scale
    layer = basemap.text_layer(
        points, f"bridges-{look.role}", context.palette, size_px=size_px,
        colour=_bridge_colour(context.palette, look),
    )  # fmt: skip
    layer.pickable = True
    return layer


def _bridge_tip(row: tuple) -> str:
    known = [part for part in (row.managed_level, row.subdistrict_name) if isinstance(part, str)]
    if pd.isna(row.checked_on):
        checked = f"检测日期{UNFILLED}"
    elif row.is_checked_later:
        checked = "当年尚未检测"
    else:
        checked = f"{row.checked_on:%Y-%m-%d} 检测"
    state = joined(condition_text(row.condition), checked)
    return "\n".join(part for part in (row.bridge_name, joined(*known), state) if part)
