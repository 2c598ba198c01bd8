"""Coordinate systems that registers arrive in, to and from stored degrees (WGS-84 ≈ CGCS2000).

WGS-84 and CGCS2000 differ by centimetres to decimetres here and are taken as the same. GCJ-02 is
the obfuscated system of Amap and Tencent maps, BD-09 Baidu's further shift of it; neither has an
official publication. The formulas are the ones reverse-engineered in 2010–2013 that every open
converter uses (github.com/googollee/eviltransform, wandergis/coordtransform); inverses are
iterated until they hold, so a round trip is exact.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from geo.projection import points_to_degrees, points_to_metres

SYSTEMS: Mapping[str, str] = MappingProxyType({
    "wgs84": "WGS-84 经纬度",
    "cgcs2000": "CGCS2000 经纬度",
    "gk120": "CGCS2000 / 3° 高斯-克吕格 120E（EPSG:4549，米）",
    "gk120_zone": "CGCS2000 / 3° 高斯-克吕格 40 带，东坐标带带号（EPSG:4528，米）",
    "gcj02": "GCJ-02 经纬度（高德、腾讯）",
    "bd09": "BD-09 经纬度（百度）",
})  # fmt: skip
"""Coordinate systems by the key used in commands and addresses."""

SHORT_NAMES: Mapping[str, str] = MappingProxyType({
    "wgs84": "WGS-84",
    "cgcs2000": "CGCS2000",
    "gk120": "高斯-克吕格 120E",
    "gk120_zone": "高斯-克吕格 120E（带号 40）",
    "gcj02": "GCJ-02",
    "bd09": "BD-09",
})  # fmt: skip
"""What a sentence calls them."""

ZONE_PREFIX_M = 40_000_000.0
"""EPSG:4528 is EPSG:4549 with the zone number, 40, before the east coordinate (millions of m)."""

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.00669342162296594323
"""Semi-major axis and squared eccentricity of Krasovsky 1940, on which GCJ-02 is computed."""

GCJ_LON = (72.004, 137.8347)
GCJ_LAT = (0.8293, 55.8271)
"""The box inside which GCJ-02 shifts positions; outside it equals WGS-84."""

GCJ_ORIGIN = (105.0, 35.0)
"""Longitude and latitude from which the shift's polynomials count degrees."""

BD_SHIFT = (0.0065, 0.006)
"""Constant part of Baidu's shift, in degrees of longitude and latitude."""

BD_WAVE = np.pi * 3000 / 180
"""Angular frequency of Baidu's ripple, radians a degree."""

CONVERGED_DEGREES = 1e-9
"""An inverse is found when a step is smaller: the next would be fifty times smaller still, so what
is left is a micrometre."""

MAX_STEPS = 30
"""Steps shrink by a factor of 50 or more each, so five to eight are usual."""

BLOCK = 16_384
"""Positions converted at a time: what fits the processor's cache takes half the time."""

Pair = tuple[np.ndarray, np.ndarray]


def to_wgs84(x: np.ndarray, y: np.ndarray, system: str) -> Pair:
    """Longitude and latitude (degrees) of coordinates in ``system``.

    One-dimensional arrays; ``x`` is longitude or east, ``y`` latitude or north (metres where
    projected). Missing (NaN) and impossible coordinates (a latitude of 95°, an easting beyond the
    earth) become NaN in both.
    KeyError for a system not in ``SYSTEMS``.
    """
    return _clean(_INVERSE[system], x, y, is_degrees=system not in _PROJECTED)


def from_wgs84(lon: np.ndarray, lat: np.ndarray, system: str) -> Pair:
    """The way back: coordinates in ``system`` of longitude and latitude (degrees)."""
    return _clean(_FORWARD[system], lon, lat, is_degrees=True)


def _clean(convert: Callable[..., Pair], x: np.ndarray, y: np.ndarray, is_degrees: bool) -> Pair:
    """Convert the usable positions only; the others are NaN in both coordinates."""
    x, y = (np.asarray(values, dtype=float) for values in (x, y))
    usable = np.isfinite(x) & np.isfinite(y)
    if is_degrees:
        usable &= (np.abs(x) <= 180) & (np.abs(y) <= 90)
    first, second = np.full(x.shape, np.nan), np.full(y.shape, np.nan)
    rows = np.flatnonzero(usable)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        first[block], second[block] = convert(x[block], y[block])
    failed = ~(np.isfinite(first) & np.isfinite(second))
    first[failed] = second[failed] = np.nan
    return first, second


# --- GCJ-02 --------------------------------------------------------------------------------------


def _ripple(values: np.ndarray, *waves: tuple[float, float]) -> np.ndarray:
    """Sum of sines, each (amplitude, half-waves a degree), as the formula has them."""
    return sum(size * np.sin(values * np.pi * rate) for size, rate in waves) * (2 / 3)


def _gcj_shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """GCJ-02 minus WGS-84 in degrees, at WGS-84 positions in or near the box."""
    x, y = lon - GCJ_ORIGIN[0], lat - GCJ_ORIGIN[1]
    root, fine = np.sqrt(np.abs(x)), _ripple(x, (20, 6), (20, 2))
    east_m = (
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        + fine + _ripple(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    )  # fmt: skip
    north_m = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        + fine + _ripple(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    )  # fmt: skip
    latitude = np.radians(lat)
    flattening = 1 - KRASOVSKY_E2 * np.sin(latitude) ** 2
    normal_m = KRASOVSKY_A_M / np.sqrt(flattening)
    meridian_m = normal_m * (1 - KRASOVSKY_E2) / flattening
    return np.degrees(east_m / (normal_m * np.cos(latitude))), np.degrees(north_m / meridian_m)


def _in_gcj_box(lon: np.ndarray, lat: np.ndarray, margin: float = 0.0) -> np.ndarray:
    return (
        (lon >= GCJ_LON[0] - margin) & (lon <= GCJ_LON[1] + margin)
        & (lat >= GCJ_LAT[0] - margin) & (lat <= GCJ_LAT[1] + margin)
    )  # fmt: skip


def _wgs_to_gcj(lon: np.ndarray, lat: np.ndarray) -> Pair:
    lon, lat = lon.copy(), lat.copy()
    here = _in_gcj_box(lon, lat)
    east, north = _gcj_shift(lon[here], lat[here])
    lon[here] += east
    lat[here] += north
    return lon, lat


def _gcj_to_wgs(lon: np.ndarray, lat: np.ndarray) -> Pair:
    # The shift jumps at the edge of the box, so it is iterated without the edge, and taken where
    # the position it leads to lies inside.
    lon, lat = lon.copy(), lat.copy()
    near = np.flatnonzero(_in_gcj_box(lon, lat, margin=0.1))
    east, north = _undo(_gcj_shift, lon[near], lat[near])
    inside = _in_gcj_box(east, north)
    lon[near[inside]], lat[near[inside]] = east[inside], north[inside]
    return lon, lat


def _undo(shift: Callable[..., Pair], x: np.ndarray, y: np.ndarray) -> Pair:
    """Positions that ``shift`` moves to (x, y): fixed-point steps until none moves any more."""
    before = (x, y)
    for _ in range(MAX_STEPS):
        east, north = shift(*before)
        found = (x - east, y - north)
        step = max(
            np.max(np.abs(new - old), initial=0) for new, old in zip(found, before, strict=True)
        )
        before = found
        if step < CONVERGED_DEGREES:
            break
    return before


# --- BD-09 ---------------------------------------------------------------------------------------


def _bd_shift(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """BD-09 minus GCJ-02 in degrees, at GCJ-02 positions."""
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * BD_WAVE)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * BD_WAVE)
    return (
        radius * np.cos(angle) + BD_SHIFT[0] - lon,
        radius * np.sin(angle) + BD_SHIFT[1] - lat,
    )


def _wgs_to_bd(lon: np.ndarray, lat: np.ndarray) -> Pair:
    lon, lat = _wgs_to_gcj(lon, lat)
    east, north = _bd_shift(lon, lat)
    return lon + east, lat + north


def _bd_to_wgs(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return _gcj_to_wgs(*_undo(_bd_shift, lon, lat))


# --- all systems ---------------------------------------------------------------------------------


def _same(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return lon, lat


def _with_zone(lon: np.ndarray, lat: np.ndarray) -> Pair:
    east_m, north_m = points_to_metres(lon, lat)
    return east_m + ZONE_PREFIX_M, north_m


def _without_zone(east_m: np.ndarray, north_m: np.ndarray) -> Pair:
    return points_to_degrees(east_m - ZONE_PREFIX_M, north_m)


_PROJECTED = ("gk120", "gk120_zone")
_INVERSE: Mapping[str, Callable[..., Pair]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gk120": points_to_degrees,
    "gk120_zone": _without_zone,
    "gcj02": _gcj_to_wgs,
    "bd09": _bd_to_wgs,
}
_FORWARD: Mapping[str, Callable[..., Pair]] = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gk120": points_to_metres,
    "gk120_zone": _with_zone,
    "gcj02": _wgs_to_gcj,
    "bd09": _wgs_to_bd,
}
