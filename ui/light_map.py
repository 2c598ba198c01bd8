"""The lighting map: lamps one by one or by cell, the structure's lines, projects, dark spots, legend."""

import pydeck as pdk

from data.contracts import LAST_YEAR
from ui import layers
from ui.maps import Key, MapLabel, collection, legend_html, rows
from ui.session import Context
from ui.text import UNFILLED
from ui.theme import rgba

MOST_LAMPS = 30_000
MOST_FAULTS = 5_000
"""More lamps than these are gathered into cells: a page stays below about 1.5 MB."""


def _structure_colours(context: Context) -> dict[str, str]:
    colours = context.palette
    return {"belt": colours.belt, "corridor": colours.corridor, "axis": colours.axis}


def _glow(context: Context, features: str) -> list[pdk.Layer]:
    """The structure's lines: three widths of one line, the wider the paler."""
    scale = context.screen.scale
    colours = _structure_colours(context)
    made = []
    for number, (width_px, alpha) in enumerate(((13, 26), (6.5, 60), (2.2, 245))):
        shades = {kind: rgba(colour, alpha) for kind, colour in colours.items()}
        made.append(
            pdk.Layer(
                "GeoJsonLayer",
                data=collection(features),
                id=f"structure-{number}",
                get_line_color=layers.colour_test(
                    "properties.kind", shades, rgba(context.palette.muted)
                ),
                get_line_width=width_px * scale,
                line_width_units=pdk.types.String("pixels"),
                line_cap_rounded=True,
                line_joint_rounded=True,
                pickable=number == 2,
            )
        )
    return made


def _has_single_lamps(context: Context) -> bool:
    """Whether each lamp is drawn: one subdistrict, and not too many there."""
    if context.filter.single_code is None:
        return False
    drawn = context.row("lighting_drawn")
    return drawn["lamp_count"] <= MOST_LAMPS and drawn["unlit_count"] <= MOST_FAULTS


def _lamps(context: Context) -> list[pdk.Layer]:
    """Lamps: cells for the whole district or several subdistricts, single ones for one.

    Too many of them are gathered into cells there as well.
    """
    scale, colours = context.screen.scale, context.palette
    if not _has_single_lamps(context):
        return [
            pdk.Layer(
                "ScatterplotLayer",
                data=rows(context.text("lighting_cells", cell_deg=layers.cell_deg(context))),
                id="lamp-cells",
                get_position="p",
                get_fill_color=f"s?{rgba(colours.corridor, 120)}:{rgba(colours.light, 105)}",
                get_radius="6+3*n",
                radius_min_pixels=0.7 * scale,
                radius_max_pixels=4.5 * scale,
                pickable=True,
            )
        ]
    lit = context.row("lighting_lamps")
    shared = {"get_position": "-", "radius_min_pixels": 1.3 * scale, "radius_max_pixels": 5 * scale}
    return [
        pdk.Layer(
            "ScatterplotLayer", data=rows(context.text("lighting_unstated")), id="unstated-lamps",
            get_radius=7, get_fill_color=rgba(colours.muted, 170), **shared,
        ),
        pdk.Layer(
            "ScatterplotLayer", data=rows(lit["street_lamps"]), id="street-lamps", get_radius=7,
            get_fill_color=rgba(colours.light, 210), **shared,
        ),
        pdk.Layer(
            "ScatterplotLayer", data=rows(lit["scenery_lights"]), id="scenery-lights", get_radius=7,
            get_fill_color=rgba(colours.corridor, 210), **shared,
        ),
        pdk.Layer(
            "ScatterplotLayer", data=rows(context.text("lighting_faults")), id="faults",
            get_position="p", get_radius=16, radius_min_pixels=3 * scale,
            radius_max_pixels=9 * scale, get_fill_color=rgba(colours.missed), stroked=True,
            get_line_color=rgba(colours.halo), line_width_min_pixels=scale, pickable=True,
        ),
    ]  # fmt: skip


def dark_spots(context: Context) -> pdk.Layer:
    """Dark spots: open ones filled, fixed ones as rings."""
    scale, colours = context.screen.scale, context.palette
    return pdk.Layer(
        "ScatterplotLayer", data=rows(context.text("lighting_dark_spot_points")),
        id="dark-spots", get_radius=6 * scale, radius_units=pdk.types.String("pixels"),
        filled=True, get_fill_color=f"d?{rgba(colours.ground, 160)}:{rgba(colours.missed, 230)}",
        get_line_color=f"d?{rgba(colours.met)}:{rgba(colours.missed)}",
        get_line_width=2.2 * scale, get_position="p", stroked=True, pickable=True,
        line_width_units=pdk.types.String("pixels"),
    )  # fmt: skip


def lighting(context: Context) -> list[pdk.Layer]:
    """Lamps, the structure's glowing lines, projects and dark spots."""
    scale, colours = context.screen.scale, context.palette
    point = {
        "get_position": "p",
        "stroked": True,
        "pickable": True,
        "line_width_units": pdk.types.String("pixels"),
    }
    return [
        layers.quiet_waterways(context),
        *_lamps(context),
        *_glow(context, context.text("lighting_structure_features")),
        pdk.Layer(
            "ScatterplotLayer", data=rows(context.text("lighting_project_points")), id="projects",
            get_radius=f"k=='building'?{2.6 * scale}:{5 * scale}", filled=True,
            radius_units=pdk.types.String("pixels"),
            get_fill_color=f"d?{rgba(colours.text, 235)}:{rgba(colours.ground, 235)}",
            get_line_color=rgba(colours.axis), get_line_width=1.2 * scale, **point,
        ),
        dark_spots(context),
    ]  # fmt: skip


def structure_labels(context: Context) -> list[MapLabel]:
    """Names of 一带两廊三轴五区 where the geography knows the place, zones first."""
    frame = context.frame("lighting_structure")
    colours = _structure_colours(context)
    return [
        MapLabel(
            row.lon,
            row.lat,
            row.element_name,
            13.5,
            colours.get(row.element_group, context.palette.text),
            70 if row.element_group == "zone" else 60,
        )
        for row in frame[frame["lon"].notna()].itertuples()
    ]  # fmt: skip


def lighting_legend(context: Context) -> str:
    """Legend of the lighting map."""
    colours = context.palette
    structure = _structure_colours(context)
    is_single, drawn = _has_single_lamps(context), context.row("lighting_drawn")
    gathered = "" if is_single else "（汇总）"
    keys = [
        Key("line", structure["belt"], "一带"),
        Key("line", structure["corridor"], "两廊"),
        Key("line", structure["axis"], "三轴"),
        Key("dot", colours.text, "亚运项目"),
        Key("ring", colours.met, "盲区暗点 · 已消除"),
        Key("dot", colours.missed, "盲区暗点 · 未消除"),
        Key("dot", colours.light, f"路灯{gathered}"),
        Key("dot", colours.corridor, f"景观灯{gathered}"),
    ]
    if is_single and drawn["unlit_count"]:
        keys.append(Key("dot", colours.missed, "未亮灯具（小点）"))
    if is_single and drawn["unstated_count"]:
        keys.append(Key("dot", colours.muted, f"亮灭{UNFILLED}的灯具"))
    frame = context.frame("lighting_structure")
    missing = frame[~frame["is_mapped"].astype(bool)]["element_name"]
    notes = [f"未上图：{'、'.join(missing)}"] if len(missing) else []
    if context.filter.single_code and not is_single:
        notes.append(f"灯具 {drawn['lamp_count']:,} 盏，按{layers.cell_metres(context)}网格汇总")
    if context.filter.year < LAST_YEAR and drawn["unstated_count"] < drawn["lamp_count"]:
        notes.append(f"单灯亮灭为 {LAST_YEAR} 年底现状")
    return legend_html("照明总格局", keys, stacked=True, note="；".join(notes))
