"""Coordinate systems that registers arrive in, to and from stored degrees (WGS-84 ≈ CGCS2000)."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

SYSTEMS: Mapping[str, str] = MappingProxyType({
    "wgs84": "WGS-84 经纬度",
    "cgcs2000": "CGCS2000 经纬度",
    "gk120": "CGCS2000 / 3° 高斯-克吕格 120E（EPSG:4549，米）",
    "gk120_zone": "CGCS2000 / 3° 高斯-克吕格 40 带，东坐标带带号（EPSG:4528，米）",
    "gcj02": "GCJ-02 经纬度（高德、腾讯）",
    "bd09": "BD-09 经纬度（百度）",
})  # fmt: skip
"""Coordinate systems by the key used in commands and addresses."""


def to_wgs84(x: np.ndarray, y: np.ndarray, system: str) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (degrees) of coordinates in ``system``; NaN stays NaN."""
    raise NotImplementedError


def from_wgs84(lon: np.ndarray, lat: np.ndarray, system: str) -> tuple[np.ndarray, np.ndarray]:
    """The way back: coordinates in ``system`` of longitude and latitude (degrees)."""
    raise NotImplementedError
