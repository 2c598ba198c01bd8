"""Streets on the map along their real course, each piece in a look of its own, and their names."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import pydeck as pdk
import shapely

from geo.overlay import middle_of_longest
from ui import basemap
from ui.maps import MapLabel, collection
from ui.session import Context
from ui.text import clipped
from ui.theme import rgba

OUTSIDE_ALPHA = 70
"""How pale a street's course is beyond the chosen subdistricts."""


@dataclass(frozen=True)
class Look:
    """How a piece of street is drawn: colour, width on the ground, how strong."""

    colour: str
    width_m: float = 16
    alpha: int = 255


@dataclass(frozen=True)
class Piece:
    """A piece of a street's course (GeoJSON text in degrees) with its look and what it says."""

    street_name: str
    geometry_json: str
    look: Look
    tip: str
    is_chosen: bool = True


@dataclass(frozen=True)
class Name:
    """A street's label: what it says, in which colour, how much it matters."""

    street_name: str
    text: str
    colour: str
    weight: float
    is_flagged: bool = False
    """Whether it says more than the name, so that the base map's own label cannot stand for it."""


def lines(
    context: Context, pieces: Iterable[Piece], layer_id: str, least_px: float = 1.5
) -> pdk.Layer:
    """The pieces as one layer, the last ones above; a click puts the street into focus.

    They are drawn as wide as they are on the ground, but never narrower than ``least_px``.
    """
    scale = context.screen.scale
    return pdk.Layer(
        "GeoJsonLayer",
        data=collection(f"[{','.join(_feature(piece) for piece in pieces)}]"),
        id=layer_id,
        get_line_color="properties.colour",
        get_line_width="properties.width_m",
        line_width_min_pixels=least_px * scale,
        line_width_max_pixels=9 * scale,
        line_cap_rounded=True,
        line_joint_rounded=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 160),
    )


def _feature(piece: Piece) -> str:
    properties = {
        "pick": f"street:{piece.street_name}",
        "colour": rgba(piece.look.colour, piece.look.alpha if piece.is_chosen else OUTSIDE_ALPHA),
        "width_m": piece.look.width_m,
        "tip": piece.tip,
    }
    written = json.dumps(properties, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{written},"geometry":{piece.geometry_json}}}'


def labels(
    context: Context, names: Iterable[Name], pieces: pd.DataFrame, size_px: float = 12.5
) -> list[MapLabel]:
    """Names at the middle of the longest chosen piece of each street.

    ``pieces`` has ``street_name``, ``length_m``, ``geometry_json`` and ``is_chosen``. Of chosen
    subdistricts the base map writes its main streets itself, the map always the one in focus.
    """
    written = set() if context.filter.is_whole_district else _written(context)
    chosen = pieces[pieces["is_chosen"]].sort_values("length_m", ascending=False)
    longest = chosen.drop_duplicates("street_name").set_index("street_name")["geometry_json"]
    focused = context.focus.name if context.focus else None
    made = []
    for name in names:
        is_said = name.street_name in written and not name.is_flagged
        if name.street_name in longest.index and name.street_name != focused and not is_said:
            lon, lat = _middle(longest[name.street_name])
            made.append(MapLabel(lon, lat, clipped(name.text), size_px, name.colour, name.weight))
    return made


def _written(context: Context) -> set[str]:
    return {name for _lon, _lat, name, _weight in basemap.street_names(context.snapshot)}


@lru_cache(maxsize=4000)
def _middle(geometry_json: str) -> tuple[float, float]:
    at = middle_of_longest(shapely.from_geojson(geometry_json))
    return at.x, at.y
