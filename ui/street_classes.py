"""Streets as lines of the map: by class, or unseen to take a click; the words and colours of classes."""

from collections.abc import Iterable

import pydeck as pdk

from ui import basemap
from ui.layers import colour_test
from ui.legend import Key
from ui.maps import collection
from ui.session import Context
from ui.text import STREET_CLASSES, plain
from ui.theme import rgba

GROUPS = {
    "trunk": "快速路",
    "primary": "主干路",
    "secondary": "次干路",
    "tertiary": "支路",
    "other": "街巷、步行街等",
}
"""Classes as map, bar and legend tell them apart; all that are not named go together."""
WIDTHS_M = {"trunk": 30, "primary": 24, "secondary": 17, "tertiary": 11, "other": 7}
LEAST_PX = 0.9
PICK_WIDTH_PX = 9
"""How near a click has to come to a street."""
MOST_FILES = 12
"""Files of streets that stay, one a snapshot."""
SUBDISTRICTS = "subdistricts"
"""The layer under which the streets that take clicks must not lie."""


def class_words(classes: Iterable[str]) -> str:
    """Classes of a street in words, the longest piece first: 主干路、次干路."""
    return "、".join(dict.fromkeys(STREET_CLASSES.get(one, plain(one)) for one in classes))


def class_colours(context: Context) -> dict[str, str]:
    """Colour of each group."""
    colours = context.palette
    return {
        "trunk": colours.zone,
        "primary": colours.belt,
        "secondary": colours.corridor,
        "tertiary": colours.bar,
        "other": colours.muted,
    }


def class_keys(context: Context) -> list[Key]:
    """What the legend says of the groups."""
    colours = class_colours(context)
    return [
        Key("line", colours[group], word, 0.08 + WIDTHS_M[group] / 120)
        for group, word in GROUPS.items()
    ]


def _address(context: Context) -> str:
    """Address of the file of all streets: half a megabyte that a rerun need not send again."""
    content = collection(context.text("roads_features")).text.encode()
    return basemap.static_address("roads", "json", content, MOST_FILES)


def class_lines(context: Context) -> pdk.Layer:
    """Every street of the district by its class; a click leads to it."""
    colours, scale = context.palette, context.screen.scale
    hues = {group: rgba(c, 230) for group, c in class_colours(context).items()}
    other = hues.pop("other")
    widths = {group: width for group, width in WIDTHS_M.items() if group != "other"}
    return pdk.Layer(
        "GeoJsonLayer",
        data=_address(context),
        id="roads",
        get_line_color=colour_test("properties.class", hues, [*other[:3], 150]),
        get_line_width=colour_test("properties.class", widths, WIDTHS_M["other"]),
        line_width_min_pixels=LEAST_PX * scale,
        line_width_max_pixels=8 * scale,
        line_cap_rounded=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 200),
    )


def unseen_lines(context: Context) -> pdk.Layer:
    """Every street, not drawn, to take the clicks that nothing of the theme takes."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=_address(context),
        id="roads-to-pick",
        get_line_color=[0, 0, 0, 0],
        get_line_width=PICK_WIDTH_PX * context.screen.scale,
        line_width_units=pdk.types.String("pixels"),
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 120),
    )


def with_unseen(context: Context, drawn: list[pdk.Layer]) -> list[pdk.Layer]:
    """The layers of a mode with the unseen streets above the subdistricts and under all else."""
    ids = [layer.id for layer in drawn]
    if "roads" in ids:
        return drawn
    at = ids.index(SUBDISTRICTS) + 1 if SUBDISTRICTS in ids else 0
    return [*drawn[:at], unseen_lines(context), *drawn[at:]]
