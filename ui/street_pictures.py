"""Small pictures for cards: a street's course over its surroundings, the course of a score.

``st.html`` lets no SVG through but as the address of an image; that is what these are.
"""

from functools import lru_cache
from urllib.parse import quote

import numpy as np
import shapely

from data.store import Snapshot
from geo.geojson import from_text
from geo.projection import to_metres
from geo.sketch import Sheet, sheet_around
from ui import basemap
from ui.theme import Palette

WIDTH, HEIGHT = 320, 190
"""Units of a picture; a wider one is drawn for a wider frame."""
SPARK_WIDTH = 72
_KEPT = 128


@lru_cache(maxsize=4)
def _ground(snapshot: Snapshot) -> tuple[shapely.STRtree, shapely.STRtree]:
    """Streets and water of the base map in metres, to be asked by place."""
    streets, water = (
        np.array([to_metres(one) for one in shapes], dtype=object)
        for shapes in (basemap.street_lines(snapshot), basemap.water_surfaces(snapshot))
    )
    return shapely.STRtree(streets), shapely.STRtree(water)


@lru_cache(maxsize=_KEPT)
def course(
    snapshot: Snapshot, geometry_json: str, colour: str, colours: Palette, width: int = WIDTH
) -> str:
    """Address of a picture of a street (GeoJSON in degrees) in a colour, in its surroundings."""
    street = to_metres(from_text(geometry_json))
    sheet = sheet_around(street, width, HEIGHT)
    path = sheet.path(street)
    lines = "".join(
        f"<path d='{path}' fill='none' stroke='{tone}' stroke-width='{width}'"
        " stroke-linecap='round' stroke-linejoin='round'/>"
        for tone, width in ((colours.halo, 13), (colour, 7))
    )
    return _sheet_image(sheet, colours, _surroundings(snapshot, sheet, colours) + lines)


@lru_cache(maxsize=_KEPT)
def place(snapshot: Snapshot, geometry_json: str, colours: Palette, width: int = WIDTH) -> str:
    """Address of a picture of a subdistrict (GeoJSON in degrees), for a street that is on no map."""
    outline = to_metres(from_text(geometry_json))
    sheet = sheet_around(outline, width, HEIGHT)
    border = (
        f"<path d='{sheet.path(outline)}' fill='none' stroke='{colours.border}' stroke-width='2'"
        " stroke-dasharray='6 4'/>"
    )
    return _sheet_image(sheet, colours, _surroundings(snapshot, sheet, colours) + border)


@lru_cache(maxsize=4 * _KEPT)
def spark(values: tuple[float, ...], colour: str) -> str:
    """Address of a picture of values one after another as a line; empty for fewer than two."""
    if len(values) < 2:
        return ""
    low, span = min(values), (max(values) - min(values)) or 1.0
    points = [
        (3 + (SPARK_WIDTH - 6) * n / (len(values) - 1), 17 - 14 * (value - low) / span)
        for n, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    x, y = points[-1]
    return _image(
        SPARK_WIDTH, 20,
        f"<polyline points='{line}' fill='none' stroke='{colour}' stroke-width='1.6'"
        f" stroke-linejoin='round'/><circle cx='{x:.1f}' cy='{y:.1f}' r='2.6' fill='{colour}'/>",
    )  # fmt: skip


def _surroundings(snapshot: Snapshot, sheet: Sheet, colours: Palette) -> str:
    streets, water = _ground(snapshot)
    box = shapely.box(*sheet.box_m)
    surface, lines = (
        "".join(sheet.path(one) for one in tree.geometries[np.sort(tree.query(box))])
        for tree in (water, streets)
    )
    return (
        f"<path d='{surface}' fill='{colours.water}' fill-rule='evenodd'/>"
        f"<path d='{lines}' fill='none' stroke='{colours.road}' stroke-width='2'/>"
    )


def _sheet_image(sheet: Sheet, colours: Palette, inner: str) -> str:
    ground = f"<rect width='100%' height='100%' fill='{colours.land}'/>"
    return _image(sheet.width, sheet.height, ground + inner)


def _image(width: int, height: int, inner: str) -> str:
    whole = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'"
        f" viewBox='0 0 {width} {height}'>{inner}</svg>"
    )
    return f"data:image/svg+xml,{quote(whole, safe=' =:/')}"
