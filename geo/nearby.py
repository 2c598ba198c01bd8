"""How far points lie from a line."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.projection import points_to_metres, to_metres


def distance_m(line: BaseGeometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Metres (EPSG:4549) from each point to the nearest spot of a line, all in degrees (lon, lat).

    Not a number for a point without a position, and for all of them where the line is empty.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    distance = np.full(len(lon), np.nan)
    known = np.isfinite(lon) & np.isfinite(lat)
    if known.any() and not line.is_empty:
        points = shapely.points(*points_to_metres(lon[known], lat[known]))
        distance[known] = shapely.distance(to_metres(line), points)
    return distance
