"""A picture that lies exactly on the map: an even lattice of pixels in the map's own projection.

Browsers draw Web Mercator; figures are made in metres (EPSG:4549), which is turned against it. A
picture in Web Mercator needs but its west, south, east and north to lie where it belongs.
"""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from PIL import Image, ImageDraw
from shapely.geometry.base import BaseGeometry

from geo.projection import points_to_metres
from geo.view import Box, latitude_of, mercator_y

EARTH_M = 40_075_016.686
"""Length of the equator of Web Mercator's sphere in metres."""
_KNOTS = 24
"""Positions a side that are projected; pixels between them are interpolated, to within a centimetre."""


@dataclass(frozen=True)
class Lattice:
    """Pixels over a box (west, south, east, north in degrees), the first row in the north."""

    box: Box
    width: int
    height: int

    def metres(self) -> tuple[np.ndarray, np.ndarray]:
        """East and north (EPSG:4549) of the middle of every pixel, each (height, width)."""
        west, south, east, north = self.box
        x = (np.arange(self.width) + 0.5) / self.width
        y = (np.arange(self.height) + 0.5) / self.height
        knots = np.linspace(0, 1, _KNOTS)
        top, bottom = mercator_y(north), mercator_y(south)
        lat = np.array([latitude_of(top + share * (bottom - top)) for share in knots])
        lon, lat = np.meshgrid(west + knots * (east - west), lat)
        across, down = _between(x, knots), _between(y, knots)
        east_m, north_m = points_to_metres(lon, lat)
        return down @ east_m @ across.T, down @ north_m @ across.T

    def inside(self, geometry: BaseGeometry) -> np.ndarray:
        """Which pixels lie in a polygonal geometry given in degrees, (height, width)."""
        canvas = Image.new("1", (self.width, self.height))
        draw = ImageDraw.Draw(canvas)
        # Largest first: an island in a lake is drawn after the hole that it lies in.
        for polygon in sorted(_polygons(geometry), key=lambda one: -one.area):
            draw.polygon(self._pixels(polygon.exterior), fill=1)
            for hole in polygon.interiors:
                draw.polygon(self._pixels(hole), fill=0)
        return np.array(canvas)

    def counts(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """How many points (degrees) lie in each pixel, (height, width); those outside are left out."""
        column, row = (np.floor(part).astype(np.int64) for part in self._places(lon, lat))
        inside = (column >= 0) & (column < self.width) & (row >= 0) & (row < self.height)
        at = row[inside] * self.width + column[inside]
        found = np.bincount(at, minlength=self.width * self.height)
        return found.reshape(self.height, self.width)

    def _places(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Column and row of points in degrees, in pixels from the upper left corner."""
        west, south, east, north = self.box
        top, bottom = mercator_y(north), mercator_y(south)
        y = np.arcsinh(np.tan(np.radians(lat))) / (2 * math.pi)
        column = (lon - west) / (east - west) * self.width
        row = (top - y) / (top - bottom) * self.height
        return column, row

    def _pixels(self, ring: BaseGeometry) -> list[tuple[float, float]]:
        column, row = self._places(*shapely.get_coordinates(ring).T)
        # Pillow's whole numbers are the middles of pixels.
        return list(zip((column - 0.5).tolist(), (row - 0.5).tolist(), strict=True))


def lattice(box: Box, pixel_m: float) -> Lattice:
    """The lattice over a box whose pixels are about so many metres wide on the ground."""
    west, south, east, north = box
    ground_m = math.cos(math.radians((south + north) / 2)) * EARTH_M / pixel_m
    width = max(1, round((east - west) / 360 * ground_m))
    height = max(1, round((mercator_y(north) - mercator_y(south)) * ground_m))
    return Lattice(box, width, height)


def _between(at: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Weights (len(at), len(knots)) of straight interpolation between even knots from 0 to 1."""
    left = np.clip((at * (len(knots) - 1)).astype(int), 0, len(knots) - 2)
    share = at * (len(knots) - 1) - left
    weights = np.zeros((len(at), len(knots)))
    rows = np.arange(len(at))
    weights[rows, left], weights[rows, left + 1] = 1 - share, share
    return weights


def _polygons(geometry: BaseGeometry) -> list[BaseGeometry]:
    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
