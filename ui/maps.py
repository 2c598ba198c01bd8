"""The map panel: our base map, a theme's layers, legend, notes, click and fly-to."""

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from types import MappingProxyType

import pandas as pd
import pydeck as pdk
import streamlit as st
from shapely.geometry import shape

from geo.labels import Label, Position, place
from geo.overlay import label_point
from geo.view import Box, fit_clear, union_box
from ui import basemap
from ui.browser import Screen
from ui.cards import sample_tag
from ui.deck import CompactDeck, JsonRows
from ui.focus import clear_focus, set_focus
from ui.legend import NO_LEGEND, legend_px
from ui.session import Context, toggle_subdistrict
from ui.text import BOUNDARY_NOTE, GEOGRAPHY_NOTE, UNMAPPED, clipped, map_notice
from ui.theme import rgba

FLY_MS = 900
LEAST_MAP_PX = 420
ABOVE_PX, KIOSK_ABOVE_PX = 302, 272
"""What stands above and below the columns at scale 1: navigation, head and figures; a kiosk's are lower."""
FOCUS_LABEL_PX = 17
LABEL_GROWTH = 1.3
"""How much larger names are in a kiosk and on the wall: they are read from farther away than at a desk."""
SIGN_PX = 18
"""How large the sign is that a label keeps clear of."""
MAX_ZOOM = 15.5
"""How near the map comes to a small subdistrict at scale 1."""
FOCUS_MAX_ZOOM = 14.6
"""How near the map comes to a single point: its neighbourhood stays in view."""
STREET_NAMES_ZOOM = 12.8
"""Farther away the names of streets would fill the map around an item in focus."""
PADDING = 0.035
"""Room around the chosen subdistricts, as a share of the map's height."""
FOCUS_PADDING = 0.16
"""Room around the item in focus: what lies beside it shows."""


def map_height_px(screen: Screen) -> int:
    """Height that leaves head and figures in view and fills the rest of the window."""
    above_px = KIOSK_ABOVE_PX if screen.is_kiosk else ABOVE_PX
    return max(LEAST_MAP_PX, round(screen.height_px - above_px * screen.scale))


def _view_state(
    context: Context, width_px: float, height_px: float, reserved_px: tuple[float, float]
) -> pdk.ViewState:
    """The view that shows the item in focus or the chosen subdistricts clear of the legend."""
    focus, fly_ms = context.focus, 0 if context.screen.is_calm else FLY_MS
    size_px = width_px, height_px
    # A larger window shows the same at a higher zoom.
    nearer = math.log2(context.screen.scale)
    if focus and focus.box:
        nearest = FOCUS_MAX_ZOOM + nearer
        return _view_of(fit_clear(focus.box, size_px, FOCUS_PADDING, nearest, reserved_px), fly_ms)
    codes = context.filter.subdistrict_codes
    boxes: list[Box] = [
        (row.west, row.south, row.east, row.north)
        for row in context.subdistricts
        if not codes or row.subdistrict_code in codes
    ]
    # The whole district leaves its corner empty by its shape.
    corner_px = reserved_px if codes else NO_LEGEND
    fitted = fit_clear(union_box(boxes), size_px, PADDING, MAX_ZOOM + nearer, corner_px)
    return _view_of(fitted, fly_ms)


def _view_of(fitted: tuple[float, float, float], fly_ms: int) -> pdk.ViewState:
    lon, lat, zoom = fitted
    # The browser is told only what has changed of a view: where the duration stays the same the map
    # would jump. So each place has one of its own, by a few milliseconds.
    own_ms = round((lon + lat) * 1e4) % 50
    return pdk.ViewState(
        longitude=lon,
        latitude=lat,
        zoom=zoom,
        min_zoom=9,
        max_zoom=18,
        transition_duration=fly_ms and fly_ms + own_ms,
    )


Picks = Mapping[str, Callable[[str], None]]
"""What takes a click on a thing whose ``pick`` is ``kind:rest``, by kind; it is given the rest."""


def _on_pick(key: str, picks: Picks) -> Callable[[], None]:
    def pick() -> None:
        turns = st.session_state.setdefault(_turns_key(key), Counter())
        for layer_id, found in st.session_state[key].selection.get("objects", {}).items():
            turns[layer_id.partition(_TURN)[0]] += 1
            for chosen in found:
                take_pick(chosen.get("properties", chosen), picks)

    return pick


def take_pick(properties: Mapping, picks: Picks) -> None:
    """Do what a click on a thing of the map asks for: its kind's own, else focus, else the filter."""
    if properties.get("pick"):
        kind, _, rest = properties["pick"].partition(":")
        if kind in picks:
            picks[kind](rest)
        else:
            set_focus(properties["pick"])
    elif "subdistrict_code" in properties:
        toggle_subdistrict(properties["subdistrict_code"])


_TURN = "~"


def _turns_key(key: str) -> str:
    return f"{key}_turns"


def _turned(layers: Sequence[pdk.Layer], key: str) -> Sequence[pdk.Layer]:
    """The layers, those that were clicked under a new name.

    The browser takes a second click on the same place of a layer as taking the first one back, and
    greys what was not clicked: under a new name nothing of the layer has been clicked yet.
    """
    turns = st.session_state.get(_turns_key(key), {})
    for layer in layers:
        if layer.id in turns:
            layer.id = f"{layer.id}{_TURN}{turns[layer.id]}"
    return layers


@dataclass(frozen=True)
class MapLabel:
    """A label of one look: where, what, how large (at scale 1), in which colour, how weighty."""

    lon: float
    lat: float
    text: str
    size_px: float
    colour: str
    weight: float
    is_kept: bool = False
    is_beside: bool = False
    has_plate: bool = False
    """Whether it stands on a plate of its own, because marks lie all around."""


@dataclass(frozen=True)
class Drawing:
    """What one mode of a page puts on the map."""

    layers: list[pdk.Layer]
    legend: str
    labels: list[MapLabel] = field(default_factory=list)
    signs: tuple[Position, ...] = ()
    """Marks (degrees) that the labels keep clear of where they can."""


def subdistrict_labels(
    context: Context,
    values: dict[str, str] | None = None,
    size_px: float = 14,
    colour: str | None = None,
    *,
    has_plate: bool = False,
) -> list[MapLabel]:
    """Short names of the 14 subdistricts, with a value under each where one is given."""
    colour = colour or context.palette.text
    made = []
    for row in context.subdistricts:
        value = (values or {}).get(row.subdistrict_code)
        text = f"{row.short_name}\n{value}" if value else row.short_name
        look = text, size_px, colour, 50, True
        made.append(MapLabel(row.label_lon, row.label_lat, *look, has_plate=has_plate))
    return made


def _street_labels(context: Context, view: pdk.ViewState) -> list[MapLabel]:
    """Names of the main streets in view, each once, if the map shows less than the whole district."""
    nearer = math.log2(context.screen.scale)  # larger windows show the same at a higher zoom
    is_near = context.focus is not None and view.zoom - nearer >= STREET_NAMES_ZOOM
    if context.filter.is_whole_district and not is_near:
        return []
    reach_deg = 360 / 2**view.zoom * 1.5
    near = sorted(
        (math.hypot(lon - view.longitude, lat - view.latitude), lon, lat, name, weight)
        for lon, lat, name, weight in basemap.street_names(context.snapshot)
        if abs(lon - view.longitude) < reach_deg and abs(lat - view.latitude) < reach_deg
    )
    # A street of several classes has a place for each: the one nearest to the middle bears its name.
    named: dict[str, MapLabel] = {}
    for _, lon, lat, name, weight in near:
        look = (clipped(name), 11.5, context.palette.muted, weight)
        named.setdefault(name, MapLabel(lon, lat, *look))
    return list(named.values())


def _grown(label: MapLabel) -> MapLabel:
    """A label to be read from afar; one that is a sign alone fits the mark it stands on as it is."""
    is_name = any(char.isalnum() for char in label.text)
    return replace(label, size_px=LABEL_GROWTH * label.size_px) if is_name else label


def _text_layers(
    context: Context, wanted: Sequence[MapLabel], zoom: float, signs: tuple[Position, ...]
) -> list[pdk.Layer]:
    """Labels that cover neither one another nor signs at the opening view, one layer a look."""
    scale = context.screen.scale
    asked = (
        Label(w.lon, w.lat, basemap.drawn_text(w.text), w.size_px * scale, w.weight, w.is_kept, w.is_beside)
        for w in wanted
    )  # fmt: skip
    placed = place(tuple(asked), zoom, signs=signs, sign_px=SIGN_PX * scale)
    looks: dict[tuple[float, str, bool], list[dict]] = {}
    for spot in placed:
        label = wanted[spot.index]
        looks.setdefault((label.size_px, label.colour, label.has_plate), []).append(
            {"p": [label.lon, label.lat], "t": label.text, "o": [spot.dx_px, spot.dy_px]}
        )
    return [
        basemap.text_layer(
            label_rows, f"labels-{number}", context.palette, size_px=size * scale, colour=colour,
            has_plate=has_plate,
        )
        for number, ((size, colour, has_plate), label_rows) in enumerate(sorted(looks.items()))
    ]  # fmt: skip


def _focus_layers(context: Context) -> list[pdk.Layer]:
    """The item in focus, marked over the theme so that its own colour still shows through."""
    focus = context.focus
    if not focus or not focus.features:
        return []
    scale, colours = context.screen.scale, context.palette
    pixels = pdk.types.String("pixels")
    return [
        pdk.Layer(
            "GeoJsonLayer",
            data=collection(focus.features),
            id=layer_id,
            filled=True,
            get_fill_color=rgba(colours.text, 26),
            get_line_color=colour,
            get_line_width=width_px * scale,
            line_width_units=pixels,
            line_cap_rounded=True,
            line_joint_rounded=True,
            get_point_radius=15 * scale,
            point_radius_units=pixels,
        )
        for layer_id, colour, width_px in (
            ("focus-halo", rgba(colours.text, 80), 15),
            ("focus", rgba(colours.text), 1.6),
        )
    ]


def _focus_labels(context: Context, labels: Sequence[MapLabel]) -> list[MapLabel]:
    """The labels, with the name of the item in focus before all others and only once."""
    focus = context.focus
    if not focus or not focus.features:
        return list(labels)
    shapes = [shape(feature["geometry"]) for feature in json.loads(focus.features)]
    longest = max(shapes, key=lambda one: one.length)
    at, is_point = label_point(longest), longest.geom_type == "Point"
    look = (clipped(focus.name), FOCUS_LABEL_PX, context.palette.text)
    name = MapLabel(at.x, at.y, *look, weight=1000, is_kept=True, is_beside=is_point)
    return [name, *(label for label in labels if label.text != name.text)]


def _focus_card(context: Context, key: str) -> None:
    """What the item in focus is, and the button that takes it off."""
    focus = context.focus
    if not focus:
        return
    unmapped = "" if focus.box else f'<span class="unmapped">{UNMAPPED}</span>'
    detail = f"{focus.kind_word} · {focus.detail}" if focus.detail else focus.kind_word
    with st.container(key=f"focus_{key}", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="focus"><b>{escape(focus.name)}</b> {unmapped}'
            f"{sample_tag(focus.is_sample)}<small>{escape(detail)}</small></div>",
            width="stretch",
        )
        st.button("取消定位", key=f"focus_off_{key}", on_click=clear_focus, width="content")


def map_panel(
    context: Context,
    key: str,
    layers: Sequence[pdk.Layer],
    legend: str,
    *,
    alt: str,
    labels: Sequence[MapLabel] = (),
    signs: tuple[Position, ...] = (),
    width_share: float | None = None,
    height_px: int | None = None,
    with_focus_card: bool = True,
    is_wall: bool = False,
    picks: Picks = MappingProxyType({}),
) -> None:
    """Draw the map: ground, the theme's layers, the fade and borders, labels, legend, notes.

    ``alt`` is what ``text.map_alt`` makes of the filter, the subject and the page's sentences.
    ``width_share`` is the panel's part of the window's width, needed to fit the view; without it that of
    the middle column.
    A click on a subdistrict sets the filter, one on a thing with a ``pick`` puts that into focus; the
    view flies only when the filter or the item in focus changes. ``picks`` takes clicks on things of
    kinds that are no items. ``with_focus_card`` is false where the page says itself what is in focus.
    ``labels`` stand clear of one another and, where they can, of ``signs``.
    ``is_wall`` is true where the map fills the window and its legend stands at the foot.
    """
    scale = context.screen.scale
    height = height_px or map_height_px(context.screen)
    share = 0.95 if context.screen.is_narrow else width_share or context.screen.column_shares[1]
    width = context.screen.width_px * share
    colours = context.palette
    view = _view_state(context, width, height, NO_LEGEND if is_wall else legend_px(legend, scale))
    named = {label.text for label in labels}
    streets = _street_labels(context, view)
    wanted = _focus_labels(
        context, [*labels, *(street for street in streets if street.text not in named)]
    )
    if is_wall or context.screen.is_kiosk:
        wanted = [_grown(label) for label in wanted]
    # Another map for another size of the window: the first run of a page knows only the size of the
    # last visit, and a view that follows while the map is being set up is lost now and then.
    deck_key = f"deck_{key}_{context.screen.width_px}x{context.screen.height_px}"
    deck = CompactDeck(
        layers=[
            *basemap.ground_layers(context.snapshot, colours, scale),
            *_turned(layers, deck_key),
            *basemap.frame_layers(
                context.snapshot, colours, context.filter.subdistrict_codes, scale
            ),
            *_focus_layers(context),
            *_text_layers(context, wanted, view.zoom, signs),
        ],
        initial_view_state=view,
        tooltip={
            "html": "{tip}",
            "style": {
                "backgroundColor": colours.raised,
                "color": colours.text,
                "border": f"1px solid {colours.border}",
                "borderRadius": "0.375rem",
                "fontSize": f"{14 * scale:.0f}px",
                "lineHeight": "1.55",
                "padding": "0.45em 0.7em",
                "whiteSpace": "pre-line",
                "maxWidth": "24em",
            },
        },
    )
    with st.container(key=f"map_{key}"):
        st.pydeck_chart(
            deck,
            height=height,
            key=deck_key,
            on_select=_on_pick(deck_key, picks),
            selection_mode="single-object",
            alt=alt,
        )
        st.html(legend)
        if with_focus_card:
            _focus_card(context, key)
        st.html(
            f'<div class="map-note">{escape(GEOGRAPHY_NOTE)}<br>{escape(BOUNDARY_NOTE)}<br>'
            f"{escape(map_notice())}</div>"
        )


def positions(frame: pd.DataFrame) -> tuple[Position, ...]:
    """Where the rows of a frame with ``lon`` and ``lat`` (degrees) stand, those that are known."""
    known = frame[["lon", "lat"]].dropna()
    return tuple(zip(known["lon"].tolist(), known["lat"].tolist(), strict=True))


def collection(features_json: str | None) -> JsonRows:
    """Layer data from the text of a features array made by a query (None when it found none)."""
    return JsonRows(f'{{"type":"FeatureCollection","features":{features_json or "[]"}}}')


def rows(rows_json: str | None) -> JsonRows:
    """Layer data from the text of a rows array made by a query (None when it found none)."""
    return JsonRows(rows_json or "[]")
