"""A small drawing of a stretch of town: which part of the ground it shows, and shapes as SVG paths.

Geometries come in projected metres (EPSG:4549, see ``geo.projection``); the drawing's units count
from its upper left corner, x to the right and y down, as SVG wants them.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

PADDING = 0.18
"""Room around what is shown, as a share of the drawing's side."""
LEAST_M = 600.0
"""Fewer metres of ground are never shown: a short street keeps its surroundings."""
DETAIL = 0.6
"""Bends smaller than so many units are straightened."""
_MARGIN = 8
"""Units beyond the edge that are still drawn, so that no end of a line shows."""


@dataclass(frozen=True)
class Sheet:
    """A drawing of ``width`` × ``height`` units whose upper left corner lies at a place in metres."""

    west_m: float
    north_m: float
    m_per_unit: float
    width: int
    height: int

    @property
    def box_m(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what is drawn, with a margin beyond the edges."""
        margin = _MARGIN * self.m_per_unit
        return (
            self.west_m - margin,
            self.north_m - self.height * self.m_per_unit - margin,
            self.west_m + self.width * self.m_per_unit + margin,
            self.north_m + margin,
        )

    def path(self, geometry_m: BaseGeometry) -> str:
        """SVG path data of lines and areas, cut to the sheet; empty where none of them lies on it."""
        cut = shapely.clip_by_rect(geometry_m, *self.box_m)
        plain = shapely.simplify(cut, DETAIL * self.m_per_unit)
        return "".join(map(self._part, _lines(plain)))

    def _part(self, line: BaseGeometry) -> str:
        east_m, north_m = shapely.get_coordinates(line).T
        units = np.column_stack((east_m - self.west_m, self.north_m - north_m)) / self.m_per_unit
        points = units.round().astype(int)
        moves = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
        if moves.sum() < 2:
            return ""
        joined = "L".join(f"{x} {y}" for x, y in points[moves].tolist())
        return f"M{joined}{'Z' if line.is_closed else ''}"


def sheet_around(geometry_m: BaseGeometry, width: int, height: int) -> Sheet:
    """The sheet of this size that shows a whole geometry in its middle; ValueError for an empty one."""
    if geometry_m.is_empty:
        raise ValueError("nothing to draw around: the geometry is empty")
    west, south, east, north = geometry_m.bounds
    room = 1 - 2 * PADDING
    m_per_unit = max(
        (east - west) / (width * room), (north - south) / (height * room), LEAST_M / width
    )
    return Sheet(
        (west + east) / 2 - width * m_per_unit / 2,
        (south + north) / 2 + height * m_per_unit / 2,
        m_per_unit,
        width,
        height,
    )


def _lines(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single lines of any geometry, areas as their rings."""
    found = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            found += [part.exterior, *part.interiors]
        elif part.geom_type in ("LineString", "LinearRing"):
            found.append(part)
        elif part.geom_type in ("MultiLineString", "MultiPolygon", "GeometryCollection"):
            found += _lines(part)
    return [one for one in found if not one.is_empty]
