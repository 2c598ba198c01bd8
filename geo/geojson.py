"""GeoJSON text of a geometry: how shapes travel in plain columns."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

DECIMALS = 5
"""Decimals of a degree that are kept: about 1 m on the ground."""


def to_text(geometry: BaseGeometry | None) -> str | None:
    """GeoJSON text of a geometry in degrees (lon, lat); None for none or an empty one."""
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.transform(geometry, lambda xy: xy.round(DECIMALS))
    return shapely.to_geojson(shapely.remove_repeated_points(rounded))


def from_text(text: str) -> BaseGeometry:
    """Geometry in degrees of a GeoJSON text."""
    return shapely.from_geojson(text)


def are_points(lines: np.ndarray) -> np.ndarray:
    """Which lines (degrees) are so short that nothing but a point would be left of them as text."""
    return shapely.length(shapely.transform(lines, lambda xy: xy.round(DECIMALS))) == 0
