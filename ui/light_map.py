"""What maps of the lighting page share: lamps, the structure's lines, projects, dark spots, their names.

Maps of the night are dark in both themes: their context (``night``) has the dark palette.
"""

from dataclasses import replace

import pydeck as pdk
import streamlit as st

from data.contracts import LAST_YEAR
from ui import basemap, layers
from ui.legend import Key
from ui.light_choices import VIEW_KEY
from ui.light_glow import ADDED
from ui.maps import MapLabel, collection, rows
from ui.session import Context
from ui.text import UNFILLED, clipped
from ui.theme import DARK, rgba

MOST_LAMPS = 20_000
"""Up to so many each lamp is drawn, and can be clicked; more are gathered into cells."""
MOST_FAULTS = 5_000
FAR_CELL_DEG, NEAR_CELL_DEG = 0.0028, 0.0014
"""Sides of the cells that gather lamps on the district's map and on one subdistrict's: 280, 140 m."""
MOST_FILES = 80
"""Files of lamps or cells that stay: each choice of subdistricts and year has its own."""
LINE_KINDS = ("window_road", "key_line", "embankment", "green_belt")
LARGE_KINDS = ("venue", "hub", "city_entrance")
ELEMENT_WEIGHT, ZONE_WEIGHT = 80, 85
"""How much names of the structure matter; a lighter one that finds no room beside them is left out."""
PROJECT_WEIGHT, KEY_LINE_WEIGHT = 49, 48
"""Less than the structure and the subdistricts (50), whose names show anyway."""
BEADS = [0.1, 2.3]
"""Dash and gap, in widths of the line, of what is a project: a string of lights, not a line of light."""
ZONE_RADIUS_M, ZONE_RING_ALPHA = 950, 170
"""How far the pool of light of a zone reaches, and how strong its edge is."""
_PIXELS = pdk.types.String("pixels")


def night(context: Context) -> Context:
    """The context of a map of the night: dark whatever the page's theme."""
    return replace(context, palette=DARK)


# --- lamps ---------------------------------------------------------------------------------------


def has_single_lamps(context: Context) -> bool:
    """Whether each lamp under the filter is drawn."""
    return context.row("light_drawn")["lamp_count"] <= MOST_LAMPS


def has_single_faults(context: Context) -> bool:
    """Whether each lamp that is out is drawn."""
    return context.row("light_drawn")["unlit_count"] <= MOST_FAULTS


def cell_deg(context: Context) -> float:
    """Side of the cells that gather lamps."""
    return NEAR_CELL_DEG if context.filter.single_code else FAR_CELL_DEG


def file_address(name: str, rows_json: str | None) -> str:
    """Address of a file of rows: a browser keeps it, and a rerun need not send it again."""
    return basemap.static_address(name, "json", rows(rows_json).text.encode(), MOST_FILES)


def lamps(context: Context, alpha: int = 255) -> pdk.Layer:
    """Lamps under the filter to be pointed at: one by one, or unseen cells that tell how many.

    The light itself is painted by ``light_glow``.
    """
    scale, colours = context.screen.scale, context.palette
    if not has_single_lamps(context):
        return pdk.Layer(
            "ScatterplotLayer",
            data=file_address(
                "lamp-cells", context.text("light_cells", cell_deg=cell_deg(context))
            ),
            id="lamp-cells",
            get_position="p",
            get_fill_color=[0, 0, 0, 0],
            get_radius=cell_deg(context) * 44_000,
            pickable=True,
            auto_highlight=True,
            highlight_color=rgba(colours.text, 34),
        )
    shades = {
        "f": rgba(colours.light, alpha),
        "s": rgba(colours.scenery, alpha),
        "u": rgba(colours.unreported, 150),
    }
    return pdk.Layer(
        "ScatterplotLayer",
        data=file_address("lamps", context.text("light_lamps")),
        id="lamps",
        get_position="p",
        get_fill_color=layers.colour_test("k", shades, rgba(colours.muted, 170)),
        get_radius=3.2,
        radius_min_pixels=1.1 * scale,
        radius_max_pixels=5 * scale,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text),
    )


def faults(context: Context) -> list[pdk.Layer]:
    """Lamps that are out: embers with a halo; gathered into cells where they are many."""
    scale, colours = context.screen.scale, context.palette
    single = has_single_faults(context)
    found = (
        context.text("light_faults")
        if single
        else context.text("light_fault_cells", cell_deg=cell_deg(context))
    )
    address = file_address("faults" if single else "fault-cells", found)
    shared = {"data": address, "get_position": "p", "radius_units": _PIXELS}
    size = 1 if single else "(1+n/30)"
    return [
        pdk.Layer(
            "ScatterplotLayer", id="fault-halo", get_fill_color=rgba(colours.missed, 34),
            get_radius=f"{7 * scale}*{size}", radius_max_pixels=30 * scale, parameters=ADDED, **shared,
        ),
        pdk.Layer(
            "ScatterplotLayer", id="faults", get_fill_color=rgba(colours.missed),
            get_radius=f"{2.9 * scale}*{size}", radius_max_pixels=11 * scale, pickable=True,
            auto_highlight=True, highlight_color=rgba(colours.text), **shared,
        ),
    ]  # fmt: skip


# --- the structure of the night ------------------------------------------------------------------


def structure_colours(context: Context) -> dict[str, str]:
    """Colour of 一带, 两廊, 三轴 and 五区."""
    colours = context.palette
    return {
        "belt": colours.belt,
        "corridor": colours.corridor,
        "axis": colours.axis,
        "zone": colours.zone,
    }


def structure(context: Context, strength: float = 1.0) -> list[pdk.Layer]:
    """Its lines as light: widths of one line, the wider the paler; zones as pools of light."""
    scale, made = context.screen.scale, []
    colours = structure_colours(context)
    is_added = {"parameters": ADDED} if context.palette is DARK else {}
    features = collection(context.text("lighting_structure_features"))
    for number, (width_px, alpha) in enumerate(((22, 11), (12, 22), (5.5, 58), (1.9, 235))):
        shades = {kind: rgba(colour, round(alpha * strength)) for kind, colour in colours.items()}
        is_core = number == 3
        made.append(
            pdk.Layer(
                "GeoJsonLayer",
                data=features,
                id=f"structure-{number}",
                get_line_color=layers.colour_test(
                    "properties.kind", shades, rgba(context.palette.muted)
                ),
                get_line_width=width_px * scale,
                line_width_units=_PIXELS,
                line_cap_rounded=True,
                line_joint_rounded=True,
                pickable=is_core,
                **({} if is_core else is_added),
            )
        )
    return [*_zones(context, strength, is_added), *made]


def _zones(context: Context, strength: float, is_added: dict) -> list[pdk.Layer]:
    """五区 as pools of light with a thin edge around the place each is known by: the plan draws no borders."""
    frame = context.frame("lighting_structure")
    zones = frame[(frame["element_group"] == "zone") & frame["lon"].notna()]
    places = [{"p": [row.lon, row.lat]} for row in zones.itertuples()]
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=places,
            id=f"zone-{radius_m}",
            get_position="p",
            get_radius=radius_m,
            get_fill_color=rgba(context.palette.zone, round(alpha * strength)),
            **is_added,
        )
        for radius_m, alpha in ((ZONE_RADIUS_M, 17), (760, 15), (570, 15), (390, 17), (230, 19))
    ] + [
        pdk.Layer(
            "ScatterplotLayer",
            data=places,
            id="zone-ring",
            get_position="p",
            get_radius=ZONE_RADIUS_M,
            filled=False,
            stroked=True,
            get_line_color=rgba(context.palette.zone, round(ZONE_RING_ALPHA * strength)),
            get_line_width=1.5 * context.screen.scale,
            line_width_units=_PIXELS,
        )
    ]


def structure_labels(context: Context, size_px: float = 13.5) -> list[MapLabel]:
    """Names of 一带两廊三轴五区 where the geography knows the place, zones first; they always show."""
    frame = context.frame("lighting_structure")
    colours = structure_colours(context)
    return [
        MapLabel(
            row.lon,
            row.lat,
            row.element_name,
            size_px,
            colours[row.element_group],
            ZONE_WEIGHT if row.element_group == "zone" else ELEMENT_WEIGHT,
            is_kept=True,
        )
        for row in frame[frame["lon"].notna()].itertuples()
    ]


def structure_keys(context: Context) -> list[Key]:
    """What the legend says of it."""
    colours = structure_colours(context)
    return [
        Key("line", colours["belt"], "一带"),
        Key("line", colours["corridor"], "两廊"),
        Key("line", colours["axis"], "三轴"),
        Key("ring", f"{colours['zone']}{ZONE_RING_ALPHA:02x}", "五区（位置示意）"),
    ]


def structure_note(context: Context) -> str:
    """Which elements of the structure no map here can place."""
    frame = context.frame("lighting_structure")
    missing = frame[~frame["is_mapped"].astype(bool)]["element_name"]
    return f"未上图：{'、'.join(missing)}" if len(missing) else ""


# --- projects and dark spots ---------------------------------------------------------------------


def project_lines(context: Context) -> list[pdk.Layer]:
    """Window roads, key lines, the embankment and the green belt as strings of lights with a halo.

    The structure, whose colours some share, is drawn in whole lines.
    """
    scale, colours = context.screen.scale, context.palette
    shades = {
        "window_road": colours.zone,
        "key_line": colours.belt,
        "embankment": colours.belt,
        "green_belt": colours.corridor,
    }
    features = collection(context.text("lighting_project_lines"))
    beads = {
        "extensions": [{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
        "get_dash_array": BEADS,
    }
    return [
        pdk.Layer(
            "GeoJsonLayer",
            data=features,
            id=layer_id,
            get_line_color=layers.colour_test(
                "properties.k", {k: rgba(c, alpha) for k, c in shades.items()}, rgba(colours.muted)
            ),
            get_line_width=width_px * scale,
            line_width_units=_PIXELS,
            line_cap_rounded=True,
            line_joint_rounded=True,
            pickable=is_core,
            auto_highlight=True,
            highlight_color=rgba(colours.text, 120),
            **(beads if is_core else {}),
        )
        for layer_id, width_px, alpha, is_core in (
            ("project-lines-halo", 9, 46, False),
            ("project-lines", 3.4, 245, True),
        )
    ]


def project_points(context: Context) -> list[pdk.Layer]:
    """Buildings as warm points, the other projects larger; not yet done ones hollow."""
    scale, colours = context.screen.scale, context.palette
    is_added = {"parameters": ADDED} if context.palette is DARK else {}
    large = "||".join(f"k=='{kind}'" for kind in LARGE_KINDS)
    lines = "||".join(f"k=='{kind}'" for kind in LINE_KINDS)
    # What runs along a line is drawn as one.
    size = f"({lines}?0:({large})?{{0}}:k=='building'?{{1}}:{{2}})"
    data = rows(context.text("lighting_project_points"))
    shared = {"data": data, "get_position": "p", "radius_units": _PIXELS}
    lit = layers.colour_test(
        "k", {"building": rgba(colours.light, 30), "public_place": rgba(colours.scenery, 34)},
        rgba(colours.zone, 40),
    )  # fmt: skip
    core = layers.colour_test(
        "k", {"building": rgba(colours.light, 250), "public_place": rgba(colours.scenery, 250)},
        rgba(colours.text, 250),
    )  # fmt: skip
    dark = rgba(colours.ground, 235)
    return [
        pdk.Layer(
            "ScatterplotLayer", id="project-halo", get_fill_color=f"d?{lit}:{[0, 0, 0, 0]}",
            get_radius=size.format(17 * scale, 7.5 * scale, 11 * scale), **is_added, **shared,
        ),
        pdk.Layer(
            "ScatterplotLayer", id="projects", filled=True, stroked=True,
            get_fill_color=f"d?{core}:{dark}", get_line_color=core,
            get_line_width=1.2 * scale, line_width_units=_PIXELS,
            get_radius=size.format(5.2 * scale, 2.1 * scale, 3.4 * scale), pickable=True,
            auto_highlight=True, highlight_color=rgba(colours.text), **shared,
        ),
    ]  # fmt: skip


def project_labels(context: Context) -> list[MapLabel]:
    """Names of venue, hubs, entrances and key lines, where the structure leaves them room."""
    colours = context.palette
    looks = {True: (colours.belt, KEY_LINE_WEIGHT), False: (colours.text, PROJECT_WEIGHT)}
    return [
        MapLabel(
            row.lon, row.lat, clipped(row.project_name), 12.5, *looks[row.project_kind == "key_line"],
            is_beside=row.project_kind != "key_line",
        )
        for row in context.frame("lighting_project_labels").itertuples()
    ]  # fmt: skip


def project_keys(context: Context) -> list[Key]:
    """What the legend says of the projects."""
    colours = context.palette
    return [
        Key("dot", colours.text, "场馆、枢纽、入城口"),
        Key("dot", colours.light, "楼宇"),
        Key("dot", colours.scenery, "公共部位"),
        Key("dots", colours.zone, "窗口道路"),
        Key("dots", colours.belt, "重点沿线、堤岸线"),
        Key("dots", colours.corridor, "绿化带"),
    ]


def dark_spots(context: Context) -> pdk.Layer:
    """Dark spots: open ones filled, fixed ones as rings."""
    scale, colours = context.screen.scale, context.palette
    return pdk.Layer(
        "ScatterplotLayer", data=rows(context.text("lighting_dark_spot_points")),
        id="dark-spots", get_radius=6 * scale, radius_units=_PIXELS,
        filled=True, get_fill_color=f"d?{rgba(colours.ground, 160)}:{rgba(colours.missed, 230)}",
        get_line_color=f"d?{rgba(colours.met)}:{rgba(colours.missed)}",
        get_line_width=2.2 * scale, get_position="p", stroked=True, pickable=True,
        line_width_units=_PIXELS,
    )  # fmt: skip


# --- notes ---------------------------------------------------------------------------------------


def is_for_show(context: Context) -> bool:
    """Whether the map is only looked at: in a kiosk and on the wall nobody chooses or clicks."""
    return context.screen.is_kiosk or st.query_params.get(VIEW_KEY) == "wall"


def lamp_notes(context: Context) -> list[str]:
    """What is to be known of the lamps drawn: gathered or single, and of when their state is.

    The light of each is painted in any case: how lamps are gathered matters to who points at them.
    """
    drawn, made = context.row("light_drawn"), []
    if not drawn["lamp_count"]:
        return made
    if is_for_show(context):
        made.append(f"灯具 {drawn['lamp_count']:,} 盏")
    elif has_single_lamps(context):
        made.append(f"灯具 {drawn['lamp_count']:,} 盏，点击看单灯")
    else:
        side = "约 140 米" if context.filter.single_code else "约 280 米"
        made.append(f"灯具 {drawn['lamp_count']:,} 盏，按{side}网格汇总；选街道看单灯")
    if drawn["unstated_count"] == drawn["lamp_count"]:
        made.append(f"亮灭{UNFILLED}")
    elif context.filter.year < LAST_YEAR:
        made.append(f"单灯亮灭为 {LAST_YEAR} 年底现状")
    return made
