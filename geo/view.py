"""Which part of the world a map shows: the zoom at which a box fits a screen."""

import math

TILE_PX = 512
"""deck.gl's world is 512 pixels wide at zoom 0 (Web Mercator)."""

MOST_CORNER = 0.4
"""How much of a side of the screen a view leaves free for what covers its corner."""

Box = tuple[float, float, float, float]


def mercator_y(lat: float) -> float:
    """Northing of a latitude in Web Mercator worlds (0 at the equator, 0.5 at 85.05° N)."""
    return math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def latitude_of(mercator_y: float) -> float:
    """Latitude of such a northing."""
    return math.degrees(math.atan(math.sinh(mercator_y * 2 * math.pi)))


def fit_box(
    box: Box, width_px: float, height_px: float, padding_px: float = 0, max_zoom: float = 15.5
) -> tuple[float, float, float]:
    """Centre longitude, centre latitude and zoom that show a whole box (west, south, east, north).

    Rounded (the zoom down), so that the same box on the same screen is always the same view.
    """
    west, south, east, north = box
    low, high = mercator_y(south), mercator_y(north)
    usable_width = max(80.0, width_px - 2 * padding_px)
    usable_height = max(80.0, height_px - 2 * padding_px)
    span_x = max((east - west) / 360, 1e-9)
    span_y = max(high - low, 1e-9)
    zoom = min(
        math.log2(usable_width / span_x / TILE_PX), math.log2(usable_height / span_y / TILE_PX)
    )
    return (
        round((west + east) / 2, 5),
        round(latitude_of((low + high) / 2), 5),
        math.floor(min(zoom, max_zoom) * 100) / 100,
    )


def fit_clear(
    box: Box,
    size_px: tuple[float, float],
    padding: float,
    max_zoom: float,
    corner_px: tuple[float, float] = (0.0, 0.0),
) -> tuple[float, float, float]:
    """The view that shows a whole box clear of what covers the upper left corner of the screen.

    ``padding`` is a share of the height. Where the box would reach under the corner it stands below
    it or right of it, whichever shows it larger; the corner counts up to ``MOST_CORNER`` of a side.
    """
    width, height = size_px
    lon, lat, zoom = fit_box(box, width, height, padding * height, max_zoom)
    pixels = TILE_PX * 2**zoom
    left = width / 2 + (box[0] - lon) / 360 * pixels
    top = height / 2 - (mercator_y(box[3]) - mercator_y(lat)) * pixels
    if left >= corner_px[0] or top >= corner_px[1]:
        return lon, lat, zoom
    right, down = (min(c, MOST_CORNER * s) for c, s in zip(corner_px, size_px, strict=True))
    beside = fit_box(box, width - right, height, padding * height, max_zoom)
    below = fit_box(box, width, height - down, padding * (height - down), max_zoom)
    # The middle of the room that is left lies right of the screen's middle, or south of it.
    if beside[2] > below[2]:
        lon, lat, zoom = beside
        return round(lon - right / 2 / (TILE_PX * 2**zoom) * 360, 5), lat, zoom
    lon, lat, zoom = below
    north = mercator_y(lat) + down / 2 / (TILE_PX * 2**zoom)
    return lon, round(latitude_of(north), 5), zoom


def union_box(boxes: list[Box]) -> Box:
    """The smallest box that holds all of the given ones (at least one)."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
