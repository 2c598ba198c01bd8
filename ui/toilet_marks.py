"""What lies over the toilet map in any mode: what is assumed, and what the open card marks."""

from collections.abc import Sequence

import pydeck as pdk

from ui import basemap, toilet_card
from ui.legend import Key
from ui.session import Context
from ui.text import ASSUMED_TAG
from ui.theme import rgba
from ui.toilet_assumed import Position, current
from ui.toilet_choices import Circle

SITE_PX, NUMBER_PX, CLOSED_PX = 11.5, 14, 20
CLOSED_SIGN = "✕"


def over(context: Context, circle: Circle, mode: str) -> list[pdk.Layer]:
    """Sites and closed toilets that the address assumes, and what the open card marks.

    Where sites are planned (mode ``sites``) their map draws them itself.
    """
    assumed = current(context, circle)
    sites = () if mode == "sites" else assumed.sites
    tips = [f"{ASSUMED_TAG}新增：选址 {number}" for number in range(1, len(sites) + 1)]
    return [
        *closed_layer(context, circle, assumed.closed),
        *site_layers(context, sites, tips),
        *toilet_card.layers(context, circle, mode),
    ]


def keys(context: Context, circle: Circle, mode: str) -> list[Key]:
    """What the legend says of them."""
    assumed = current(context, circle)
    return [
        *assumed_keys(context, len(assumed.sites), len(assumed.closed)),
        *toilet_card.keys(context, circle, mode),
    ]


def site_layers(
    context: Context, sites: Sequence[Position], tips: Sequence[str], *, is_editable: bool = False
) -> list[pdk.Layer]:
    """Sites as discs with their numbers; a click takes one off the list where that can be edited."""
    if not sites:
        return []
    colours, scale = context.palette, context.screen.scale
    discs, numbers = [], []
    for number, (position, tip) in enumerate(zip(sites, tips, strict=True), 1):
        pick = {"pick": f"site:{number}"} if is_editable else {}
        discs.append({"p": position, "tip": tip} | pick)
        numbers.append({"p": position, "t": str(number), "o": [0, 0]})
    pixels = pdk.types.String("pixels")
    written = basemap.text_layer(
        numbers, "assumed-site-numbers", colours, size_px=NUMBER_PX * scale, colour=colours.ground
    )
    written.outline_width = 0
    return [
        pdk.Layer(
            "ScatterplotLayer",
            data=discs,
            id="assumed-sites",
            get_position="p",
            get_fill_color=rgba(colours.accent),
            get_radius=SITE_PX * scale,
            radius_units=pixels,
            stroked=True,
            get_line_color=rgba(colours.halo),
            get_line_width=1.6 * scale,
            line_width_units=pixels,
            pickable=True,
            auto_highlight=True,
            highlight_color=rgba(colours.text, 120),
        ),
        written,
    ]


def closed_layer(context: Context, circle: Circle, closed: Sequence[str]) -> list[pdk.Layer]:
    """Toilets that are assumed closed, crossed out."""
    if not closed:
        return []
    toilets = context.frame("toilet_places", scope=circle.scope)
    gone = toilets[toilets["toilet_id"].isin(closed)]
    crosses = [
        {"p": [row.lon, row.lat], "t": CLOSED_SIGN, "o": [0, 0]} for row in gone.itertuples()
    ]
    size_px = CLOSED_PX * context.screen.scale
    return [
        basemap.text_layer(
            crosses, "assumed-closed", context.palette, size_px=size_px,
            colour=context.palette.missed,
        )
    ]  # fmt: skip


def assumed_keys(context: Context, site_count: int, closed_count: int) -> list[Key]:
    """What the legend says of what is assumed."""
    colours, found = context.palette, []
    if site_count:
        found.append(Key("dot", colours.accent, f"{ASSUMED_TAG}新增（{site_count} 处）"))
    if closed_count:
        word = f"{ASSUMED_TAG}关闭（{closed_count} 座）"
        found.append(Key("sign", colours.missed, word, sign=CLOSED_SIGN))
    return found
