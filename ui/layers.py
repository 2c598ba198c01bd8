"""The layers of each theme: what lies between ground and borders, and the legend that explains it."""

import json
from collections.abc import Sequence

import pandas as pd
import pydeck as pdk

from ui import basemap
from ui.charts import Measure, rank_classes, spoken_value
from ui.legend import ramp_html
from ui.maps import MapLabel, collection, rows
from ui.measures import CELL_DEG, NEAR_CELL_DEG
from ui.session import Context
from ui.text import NO_DATA, clipped
from ui.theme import DEMONSTRATION_LOOKS, rgba

MOST_TOILETS = 5_000
"""More points than these are gathered into cells: a page stays below about 1.5 MB."""
STREET_DASHES = {"in_acceptance": [6, 1.6], "under_construction": [2.6, 1.8], "planned": [0.2, 2.2]}
"""Dash and gap, in widths of the line, of demonstration streets that are not named."""
PUBLIC = "public"
"""Scope of the public toilets, those that are counted."""


def pick(context: Context) -> pdk.Layer:
    """Subdistricts that take a click, for maps without a choropleth."""
    return basemap.pick_layer(context.snapshot, context.palette)


def veil(context: Context, alpha: int = 165) -> pdk.Layer:
    """Subdistricts that are not chosen, stepping back; nothing for the whole district."""
    codes = context.filter.subdistrict_codes
    test = "||".join(f"properties.subdistrict_code=='{code}'" for code in codes) or "true"
    return pdk.Layer(
        "GeoJsonLayer",
        data=basemap.addresses(context.snapshot)["subdistricts"],
        # A name of its own for each choice, as with the outline of the chosen ones.
        id=f"veil-{'-'.join(codes)}",
        filled=True,
        stroked=False,
        get_fill_color=f"({test})?{[0, 0, 0, 0]}:{rgba(context.palette.ground, alpha)}",
    )


def quiet_waterways(context: Context) -> pdk.Layer:
    """All courses as thin lines, for maps whose theme is not rivers."""
    scale = context.screen.scale
    return pdk.Layer(
        "GeoJsonLayer",
        data=basemap.addresses(context.snapshot)["waterways"],
        id="base-waterways",
        get_line_color=rgba(context.palette.water_deep, 130),
        get_line_width=10,
        line_width_min_pixels=0.8 * scale,
        line_width_max_pixels=3 * scale,
    )


def colour_test(field: str, colours: dict[str, list[int]], otherwise: list[int]) -> str:
    """deck.gl expression that picks a colour by the value of a property or field."""
    tests = "".join(f"{field}=='{value}'?{colour}:" for value, colour in colours.items())
    return f"({tests}{otherwise})"


def subdistrict_feature(code: str, geometry_json: str, fill: list[int], tip: str) -> str:
    """A subdistrict as map feature text: its fill (red, green, blue, alpha) and what it says."""
    properties = json.dumps(
        {"subdistrict_code": code, "fill": fill, "tip": tip}, ensure_ascii=False
    )
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry_json}}}'


def filled_subdistricts(context: Context, features: list[str]) -> pdk.Layer:
    """The layer of such features; takes clicks as every map's subdistricts do."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=collection(f"[{','.join(features)}]"),
        id="subdistricts",
        filled=True,
        stroked=False,
        get_fill_color="properties.fill",
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 40),
    )


def choropleth(context: Context, frame: pd.DataFrame, measure: Measure) -> tuple[pdk.Layer, str]:
    """The 14 subdistricts filled by a measure (classes by rank), and the ramp's legend."""
    colours = context.palette
    values = dict(zip(frame["subdistrict_code"], frame[measure.field], strict=True))
    classes = rank_classes(list(values.values()), len(colours.ramp))
    features = []
    for row in context.frame("subdistrict_shapes").itertuples():
        value = values.get(row.subdistrict_code)
        known = value is not None and value == value
        fill = rgba(colours.ramp[classes[round(value, 6)]], 235) if known else rgba(colours.land)
        chosen = context.filter.subdistrict_codes
        if chosen:
            # Seen from near, streets show through; the others step back.
            fill[3] = 150 if row.subdistrict_code in chosen else 60
        elif context.focus and context.focus.box:
            fill[3] = 150
        tip = f"{row.subdistrict_name}\n{measure.title} {spoken_value(value, measure)}\n点击只看此街道"
        features.append(subdistrict_feature(row.subdistrict_code, row.geometry_json, fill, tip))
    layer = filled_subdistricts(context, features)
    known_values = [v for v in values.values() if v is not None and v == v]
    if not known_values:
        return layer, f'<div class="ramp">{NO_DATA}</div>'
    ramp = ramp_html(
        colours, spoken_value(min(known_values), measure), spoken_value(max(known_values), measure)
    )
    return layer, ramp


def demonstration_labels(context: Context) -> list[MapLabel]:
    """Names of the boutique demonstration streets at their middle; the late ones stand out."""
    colours, focus = context.palette, context.focus
    # The item in focus has its own label.
    told = focus.entry_id if focus and focus.kind == "street" else None
    return [
        MapLabel(row.lon, row.lat, f"▲ {clipped(row.street_name)}", 13, colours.missed, 48)
        if row.is_late
        else MapLabel(row.lon, row.lat, clipped(row.street_name), 13, colours.zone, 45)
        for row in context.frame("streets_labels").itertuples()
        if row.street_name != told
    ]


def toilets_are_gathered(context: Context, scope: str = PUBLIC) -> bool:
    """Whether there are too many toilets to draw each of them."""
    return context.row("toilets_drawn", scope=scope)["toilet_count"] > MOST_TOILETS


def cell_deg(context: Context) -> float:
    """Side of the cells that gather points: smaller where one subdistrict fills the map."""
    return NEAR_CELL_DEG if context.filter.single_code else CELL_DEG


def cell_metres(context: Context) -> str:
    """The same for people."""
    return "约 70 米" if context.filter.single_code else "约 140 米"


def demonstration_streets(context: Context) -> list[pdk.Layer]:
    """Demonstration streets by state; provincial showcase streets as a pale band beneath."""
    scale = context.screen.scale
    looks = {state: rgba(one.colour(context.palette)) for state, one in DEMONSTRATION_LOOKS.items()}
    colour = colour_test("properties.state", looks, looks["unknown"])
    band = rgba(context.palette.belt, 110)
    return [
        quiet_waterways(context),
        pdk.Layer(
            "GeoJsonLayer",
            data=collection(context.text("streets_features")),
            id="demonstration-streets",
            get_line_color=f"properties.designation=='boutique'?{colour}:{band}",
            get_line_width="properties.designation=='boutique'?34:90",
            line_width_min_pixels=3.2 * scale,
            line_width_max_pixels=14 * scale,
            line_cap_rounded=True,
            line_joint_rounded=True,
            # What is not named yet is broken, so that it shows without its colour.
            extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
            get_dash_array=pdk.types.String(f"@@={_dashes()}"),
            pickable=True,
            auto_highlight=True,
            highlight_color=rgba(context.palette.text, 160),
        ),
    ]


def _dashes() -> str:
    """deck.gl expression of a demonstration street's dashes (in widths of the line) by its state."""
    tests = "".join(
        f"properties.state=='{state}'?{dashes}:" for state, dashes in STREET_DASHES.items()
    )
    return f"properties.designation=='boutique'?({tests}[0,0]):[0,0]"


def grade_colours(context: Context) -> dict[str, str]:
    """Colour of each grade of toilets."""
    colours = context.palette
    return {"一类": colours.light, "二类": colours.corridor, "三类": colours.belt}


def toilets(
    context: Context,
    colour: str | None = None,
    scope: str = PUBLIC,
    codes: Sequence[str] | None = None,
    least_px: float = 2.6,
) -> pdk.Layer:
    """Toilets of a scope as points, larger the higher their grade, those of businesses as rings.

    By grade, or all in one colour where grade is not the theme; in the chosen subdistricts unless
    other ``codes`` are given (none: everywhere), and never smaller than ``least_px``. Above
    ``MOST_TOILETS`` they are gathered into cells.
    """
    scale = context.screen.scale
    where = {"scope": scope} if codes is None else {"scope": scope, "codes": list(codes) or None}
    if toilets_are_gathered(context, scope):
        return pdk.Layer(
            "ScatterplotLayer",
            data=rows(context.text("toilets_cells", cell_deg=cell_deg(context), **where)),
            id="toilets",
            get_position="p",
            get_fill_color=rgba(colour or context.palette.light, 150),
            get_radius="12+3*n",
            radius_min_pixels=0.9 * scale,
            # No wider than their cells: the density beneath them shows.
            radius_max_pixels=(5 if context.filter.single_code else 2.4) * scale,
            pickable=True,
        )
    grades = {grade: rgba(c, 235) for grade, c in grade_colours(context).items()}
    ring = rgba(colour or context.palette.text, 235)
    fill = rgba(colour, 235) if colour else colour_test("g", grades, rgba(context.palette.muted))
    return pdk.Layer(
        "ScatterplotLayer",
        data=rows(context.text("toilets_points", **where)),
        id="toilets",
        get_position="p",
        get_fill_color=f"s?{[0, 0, 0, 0]}:{fill}",
        get_radius="g=='一类'?30:g=='二类'?24:20",
        radius_min_pixels=least_px * scale,
        radius_max_pixels=9 * scale,
        stroked=True,
        get_line_color=f"s?{ring}:{rgba(context.palette.halo)}",
        line_width_min_pixels=1 * scale,
        line_width_max_pixels=2.4 * scale,
        get_line_width="s?6:1",
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 200),
    )


def gathered_note(context: Context, scope: str = PUBLIC) -> str:
    """That the toilets are too many to draw each of them; empty where they are not."""
    if not toilets_are_gathered(context, scope):
        return ""
    count = context.row("toilets_drawn", scope=scope)["toilet_count"]
    return f"公厕 {count:,} 座，超过 {MOST_TOILETS:,} 座，按{cell_metres(context)}网格汇总"
