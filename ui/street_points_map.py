"""The map of mode «无障碍与桥梁»: findings closed and open, bridges by their condition."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pydeck as pdk

from geo.labels import text_size_px
from geo.view import TILE_PX, fit_box, latitude_of, mercator_y, union_box
from ui import basemap, layers, layout, maps
from ui.bridge_looks import FAILED, GOOD, PASSED, UNKNOWN, bridge_look, condition_text
from ui.maps import Drawing, Key, legend_html
from ui.session import Context
from ui.street_choices import CONTROLS_REM
from ui.text import UNFILLED, joined
from ui.theme import Palette, StatusLook, rgba

FINDINGS, BRIDGES = "streets.accessibility_points", "streets.bridges"
QUIET_SIGN_PX, SIGN_PX, LARGE_SIGN_PX = 8, 12, 15
"""Signs of bridges; larger where something is to be done, so that the findings lead."""
LABEL_PX = 14
AROUND_SIGN_PX = 9
"""How near a label comes to the middle of an open finding's sign."""
APART_PX = 3
"""Room around a label."""
MOST_MOVE = 2.4
"""How many times half its height a label is moved so that it covers one thing less: it stays with its place."""
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
        _labels(context),
    )  # fmt: skip


def _labels(context: Context) -> list[maps.MapLabel]:
    """Names of the subdistricts and what is left in each, off the signs of the open findings."""
    labels = maps.subdistrict_labels(context, _open_labels(context), LABEL_PX, has_plate=True)
    if is_gathered(context) or context.focus:
        return labels
    points = json.loads(context.text("accessibility_points", is_open=True) or "[]")
    scale = context.screen.scale * (maps.LABEL_GROWTH if context.screen.is_kiosk else 1)
    return clear_of(labels, [point["p"] for point in points], _zoom(context), scale)


def _zoom(context: Context) -> float:
    """The zoom that the map opens with (see ``maps.map_panel``)."""
    codes, screen = context.filter.subdistrict_codes, context.screen
    boxes = [
        (one.west, one.south, one.east, one.north)
        for one in context.subdistricts
        if not codes or one.subdistrict_code in codes
    ]
    height_px = layout.body_height_px(context, CONTROLS_REM)
    width_px = screen.width_px * (0.95 if screen.is_narrow else screen.column_shares[1])
    return fit_box(union_box(boxes), width_px, height_px, padding_px=0.035 * height_px)[2]


def clear_of(
    labels: Sequence[maps.MapLabel], points: Sequence[Sequence[float]], zoom: float, scale: float
) -> list[maps.MapLabel]:
    """The labels, each moved a little where it would cover points (degrees) or another label's place."""
    px_per_world = TILE_PX * 2**zoom

    def at_px(lon: float, lat: float) -> tuple[float, float]:
        return lon / 360 * px_per_world, -mercator_y(lat) * px_per_world

    around_px = AROUND_SIGN_PX * scale
    signs = [(*at_px(lon, lat), around_px, around_px) for lon, lat in points]
    sizes = [text_size_px(label.text, label.size_px * scale) for label in labels]
    taken = [
        (*at_px(label.lon, label.lat), width / 2 + APART_PX, height / 2 + APART_PX)
        for label, (width, height) in zip(labels, sizes, strict=True)
    ]
    made = []
    for number, label in enumerate(labels):
        x, y, *half = taken[number]
        others = taken[:number] + taken[number + 1 :]

        def cost(move: tuple[float, float], x=x, y=y, half=half, others=others) -> float:
            box = (x + move[0], y + move[1], *half)
            covered = sum(_overlap(box, one) for one in (*signs, *others))
            return covered + math.hypot(*move) / (MOST_MOVE * half[1])

        dx, dy = min(
            ((i * half[0] / 2, j * half[1] / 2) for i in range(-4, 5) for j in range(-4, 5)),
            key=cost,
        )
        taken[number] = (x + dx, y + dy, *half)
        lon, lat = (x + dx) / px_per_world * 360, latitude_of(-(y + dy) / px_per_world)
        made.append(replace(label, lon=round(lon, 6), lat=round(lat, 6)) if dx or dy else label)
    return made


def _overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether two boxes (middle x and y, half width and height) cover one another."""
    return abs(a[0] - b[0]) < a[2] + b[2] and abs(a[1] - b[1]) < a[3] + b[3]


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
