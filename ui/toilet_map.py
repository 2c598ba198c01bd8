"""The map of the toilet page in its modes: layers, names and one legend for each."""

from collections.abc import Callable, Sequence

import pydeck as pdk

from data.contracts import LAST_YEAR
from ui import (
    basemap,
    layers,
    maps,
    measures,
    toilet_field,
    toilet_marks,
    toilet_spacing,
    toilet_summary,
)
from ui.legend import Key, legend_html
from ui.maps import Drawing, Picks
from ui.session import Context
from ui.text import ASSUMED_TAG, NO_DATA, UNFILLED, joined, map_alt
from ui.theme import rgba
from ui.toilet_choices import MODES, SHORT_SCOPES
from ui.toilet_shares import Shown

STATION_SIGNS = {True: "◆", False: "◇"}
"""A service station with a toilet, and one without or of which that is not filled in."""
STATION_PX = 11
SPACING_ENDS_PCT = (0.5, 50)
"""Share of a street's length beyond the spacing: up to the first it keeps it, up to the second in part."""
QUIET_PX = 1.7
"""Least radius of toilets over a field that they must not hide."""
TOLD_BELOW_PCT = 95
"""Coverage stands on the map where less than this is covered: the dense old town has no room for it."""
MOST_FILES = 12
"""Files of streets that stay, one a snapshot."""


def toilet_map(
    context: Context,
    mode: str,
    shown: Shown,
    height_px: int,
    drawing: Drawing,
    picks: Picks,
    sentences: Sequence[str],
) -> None:
    """Draw a mode's map, what is assumed over it; a toilet's card stands beside it, so the map has none.

    The first of the ``sentences`` is what the map says to those who do not see it.
    """
    subject = joined("公共厕所", MODES[mode], shown.circle.words)
    maps.map_panel(
        context,
        "toilets",
        [*drawing.layers, *toilet_marks.over(context, shown.circle, mode)],
        drawing.legend,
        labels=drawing.labels,
        signs=drawing.signs,
        height_px=height_px,
        alt=map_alt(context.sentence, subject, sentences),
        with_focus_card=not (context.focus and context.focus.kind == "toilet"),
        picks=picks,
    )


def drawing(context: Context, mode: str, shown: Shown) -> Drawing:
    """What the mode draws, with what the open card says in the legend."""
    return _DRAWINGS[mode](context, shown, toilet_marks.keys(context, shown.circle, mode))


# --- walk ----------------------------------------------------------------------------------------


def _walk(context: Context, shown: Shown, of_card: list[Key]) -> Drawing:
    before = None if shown.then is None else shown.real
    title = f"步行到最近公厕 · {context.filter.year} 年底"
    if shown.real.cells.empty:
        note = joined(
            toilet_summary.walks_absent(context, shown) or NO_DATA,
            layers.gathered_note(context, shown.circle.scope),
        )
        return Drawing(
            [layers.pick(context), *_points(context, shown, context.palette.text)],
            legend_html(title, _point_keys(context, shown, context.palette.text), note=note),
            maps.subdistrict_labels(context),
        )
    keys = [
        *toilet_field.keys(context, shown.circle, with_gained=before is not None),
        *_point_keys(context, shown, context.palette.text),
        *of_card,
    ]
    note = joined(
        shown.circle.words,
        "" if before is None else ASSUMED_TAG,
        layers.gathered_note(context, shown.circle.scope),
    )
    return Drawing(
        [
            layers.pick(context),
            *toilet_field.layers(context, shown.drawn, shown.circle, before),
            *_points(context, shown, context.palette.text),
        ],
        legend_html(title, keys, stacked=True, note=note),
        maps.subdistrict_labels(context, _shares(context, shown)),
    )


def _shares(context: Context, shown: Shown) -> dict[str, str]:
    """Coverage of the subdistricts that lack some, for their labels."""
    frame = toilet_summary.every_place(context, shown)
    return {
        row.subdistrict_code: f"{row.covered_share_pct:.0f}%"
        for row in frame.itertuples()
        if row.covered_share_pct < TOLD_BELOW_PCT
    }


def _points(context: Context, shown: Shown, colour: str | None) -> list[pdk.Layer]:
    """Toilets of the circle's scope, beyond the chosen subdistricts too: one walks there as well."""
    return [layers.toilets(context, colour, shown.circle.scope, (), QUIET_PX)]


def _point_keys(context: Context, shown: Shown, colour: str) -> list[Key]:
    told = context.row("toilets_drawn", scope=shown.circle.scope)
    if not told["toilet_count"]:
        return []
    keys = [Key("dot", colour, f"公厕（{SHORT_SCOPES[shown.circle.scope]}）")]
    if told["social_count"]:
        keys.append(Key("ring", colour, "沿街单位开放"))
    return keys


# --- grade ---------------------------------------------------------------------------------------


def _grade(context: Context, _shown: Shown, of_card: list[Key]) -> Drawing:
    told = context.row("toilets_drawn", scope="all")
    colours = context.palette
    keys = [Key("dot", c, f"{grade}公厕") for grade, c in layers.grade_colours(context).items()]
    if not told["toilet_count"]:
        keys = []
    elif layers.toilets_are_gathered(context, "all"):
        keys = [Key("dot", colours.light, "公厕（汇总，圆越大座数越多）")]
    elif told["ungraded_count"]:
        keys.append(Key("dot", colours.muted, f"类别{UNFILLED}"))
    if told["social_count"]:
        keys.append(Key("ring", colours.text, "沿街单位开放"))
    stations = context.frame("stations_open")
    if len(stations):
        keys.append(Key("sign", colours.zone, "城管驿站（可如厕）", sign=STATION_SIGNS[True]))
        keys.append(Key("sign", colours.zone, "城管驿站", sign=STATION_SIGNS[False]))
    return Drawing(
        [layers.pick(context), layers.quiet_waterways(context), _stations(context),
         layers.toilets(context, None, "all")],
        legend_html(f"公厕类别 · {context.filter.year} 年底", [*keys, *of_card], stacked=True,
                    note=layers.gathered_note(context, "all") if told["toilet_count"] else NO_DATA),
        maps.subdistrict_labels(context),
    )  # fmt: skip


def _stations(context: Context) -> pdk.Layer:
    points = [
        {"p": [row.lon, row.lat], "t": STATION_SIGNS[row.has_toilet is True or row.has_toilet == 1],
         "o": [0, 0], "tip": f"{row.station_name}\n城管驿站 · {row.subdistrict_name}"
         f"{_yes(row.has_toilet, '可如厕')}{_yes(row.is_open_24h, '24 小时')}"}
        for row in context.frame("stations_open").itertuples()
    ]  # fmt: skip
    layer = basemap.text_layer(
        points, "stations", context.palette,
        size_px=STATION_PX * context.screen.scale, colour=context.palette.zone,
    )  # fmt: skip
    layer.pickable = True
    return layer


def _yes(flag: object, word: str) -> str:
    """The word where the flag is filled in and true."""
    return f" · {word}" if flag == flag and flag is not None and bool(flag) else ""


# --- density -------------------------------------------------------------------------------------


def _density(context: Context, _shown: Shown, of_card: list[Key]) -> Drawing:
    density = measures.toilet_density(context)
    filled, ramp = layers.choropleth(context, context.frame("toilets_by_subdistrict"), density)
    values = {
        row.subdistrict_code: f"{row.density_per_km2:.1f}"
        for row in context.frame("toilets_by_subdistrict").itertuples()
        if row.density_per_km2 is not None and row.density_per_km2 == row.density_per_km2
    }
    return Drawing(
        [filled, layers.toilets(context, context.palette.light)],
        legend_html(f"底色：{density.title}", [Key("dot", context.palette.light, "公共厕所"), *of_card], ramp,
                    note=layers.gathered_note(context)),
        maps.subdistrict_labels(context, values),
    )  # fmt: skip


# --- spacing -------------------------------------------------------------------------------------


def _spacing(context: Context, _shown: Shown, of_card: list[Key]) -> Drawing:
    colours, scale = context.palette, context.screen.scale
    low, high = SPACING_ENDS_PCT
    streets = context.text("spacing_features")
    content = maps.collection(streets).text.encode()
    colour = (
        f"properties.p>{high}?{rgba(colours.missed)}:properties.p>{low}?{rgba(colours.near)}"
        f":{rgba(colours.met, 190)}"
    )
    drawn = pdk.Layer(
        "GeoJsonLayer",
        # As a file: 200 kB that a rerun need not send again.
        data=basemap.static_address("spacing", "json", content, MOST_FILES),
        id="spacing",
        get_line_color=colour,
        get_line_width=f"properties.p>{high}?26:properties.p>{low}?20:12",
        line_width_min_pixels=1.6 * scale,
        line_width_max_pixels=9 * scale,
        line_cap_rounded=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 160),
    )
    keys = [
        Key("line", colours.met, "● 符合设置间距", 0.15),
        Key("line", colours.near, f"◐ 超出不到 {high}% 长度", 0.25),
        Key("line", colours.missed, f"▲ 超出 {high}% 以上", 0.35),
        Key("dot", colours.text, "公厕（全部）"),
        *of_card,
    ]
    if not context.has_rows(toilet_spacing.DATASET):
        keys = of_card
    note = joined(
        "" if context.has_rows(toilet_spacing.DATASET) else f"{NO_DATA}：未检查",
        f"按 {LAST_YEAR} 年底的公厕检查" if context.filter.year != LAST_YEAR else "",
        layers.gathered_note(context, "all"),
    )
    return Drawing(
        [layers.pick(context), drawn, layers.veil(context),
         layers.toilets(context, colours.text, "all", (), QUIET_PX)],
        legend_html("道路两侧公厕设置间距", keys, stacked=True, note=note),
        maps.subdistrict_labels(context),
    )  # fmt: skip


_DRAWINGS: dict[str, Callable[[Context, Shown, list[Key]], Drawing]] = {
    "walk": _walk,
    "grade": _grade,
    "density": _density,
    "spacing": _spacing,
}
