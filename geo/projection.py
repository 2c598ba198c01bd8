"""Between stored degrees and metres on the ground."""

from functools import cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

STORED_CRS = "EPSG:4326"
"""WGS-84 longitude/latitude; within a metre of CGCS2000 (EPSG:4490) here."""

METRIC_CRS = "EPSG:4549"
"""CGCS2000 / 3-degree Gauss–Krüger, central meridian 120° E: metres, distortion here < 1e-5."""


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _reproject(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    transformer = _transformer(source, target)
    return shapely.transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
    )


def to_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Project a geometry from stored degrees (lon, lat) to metres (EPSG:4549)."""
    return _reproject(geometry, STORED_CRS, METRIC_CRS)


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Project a geometry from metres (EPSG:4549) back to stored degrees (lon, lat)."""
    return _reproject(geometry, METRIC_CRS, STORED_CRS)


def points_to_metres(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project coordinate arrays in degrees to east and north in metres (EPSG:4549)."""
    return _transformer(STORED_CRS, METRIC_CRS).transform(lon, lat)


def points_to_degrees(east_m: np.ndarray, north_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Project coordinate arrays in metres (EPSG:4549) to lon and lat in degrees."""
    return _transformer(METRIC_CRS, STORED_CRS).transform(east_m, north_m)


def length_m(geometry: BaseGeometry) -> float:
    """Length in metres of a geometry given in degrees."""
    return to_metres(geometry).length


def area_km2(geometry: BaseGeometry) -> float:
    """Area in square kilometres of a geometry given in degrees."""
    return to_metres(geometry).area / 1e6
