"""Positions of a register: which coordinate system they are in, where they lie.

GCJ-02 and BD-09 cannot be told from WGS-84 by their values: a shift of 500 m leaves nearly every
position inside the district. So a declared system is held against two things: the share of
positions inside the district, and how far rows lie from the streets, rivers and stations that
their own names mention.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.registers.mentions import landmarks, landmarks_named
from data.registers.options import CrsVerdict
from geo import district
from geo.crs import SHORT_NAMES, SYSTEMS, to_wgs84
from geo.overlay import BORDER_SLACK_DEGREES, assign_points, near
from geo.projection import points_to_metres

SAMPLE_ROWS = 20_000
"""Positions that the shares rest on: at this size they are right to half a percentage point."""

NAMED_ROWS = 4_000
"""Rows naming a landmark that the distances rest on: several for every street there is."""

BLOCK_BELOW_PCT = 20.0
FITS_ABOVE_PCT = 60.0
"""A declared system that puts fewer than this inside is wrong if another puts more than that
inside. Far apart on purpose: a register of the whole city, or with many faulty rows, passes."""

SHARE_GAIN_POINTS = 15.0
SHARE_GAIN_ROWS = 3
"""Another system is suggested for its share alone from this many percentage points more inside:
shifts between systems in degrees move 1–3 of 100 over the district's border, and up to a dozen of
a register that lies along it."""

MIN_LANDMARKS = 3
"""Fewer different named things prove nothing: a street may run along the shift."""

LANDMARK_FIT_M = 200.0
"""Half of the named things have their rows nearer than this where the system is right: 35 m or less
in clean registers, 110 m where a third of the names mislead."""

LANDMARK_FACTOR = 2.0
LANDMARK_GAIN_M = 100.0
LANDMARK_NEARER_SHARE = 2 / 3
"""Another system is suggested if it brings rows to their landmarks by this factor and this many
metres nearer, and this share of landmarks singly: GCJ-02 is 514 m off here, BD-09 1,136 m."""

RANGES: Mapping[str, tuple[float, float, float, float]] = {
    "wgs84": (73.0, 136.0, 3.0, 54.0),
    "cgcs2000": (73.0, 136.0, 3.0, 54.0),
    "gcj02": (73.0, 136.0, 3.0, 54.0),
    "bd09": (73.0, 136.0, 3.0, 54.0),
    "gk120": (250_000.0, 750_000.0, 300_000.0, 6_000_000.0),
    "gk120_zone": (40_250_000.0, 40_750_000.0, 300_000.0, 6_000_000.0),
}
"""Least and greatest x and y by system: China's extent in degrees, and a zone's width (with its
neighbours' margin) and China's north in metres. No two kinds overlap, nor either with its axes
exchanged."""

SOME_PCT = 5.0
"""A system that puts fewer than this inside is no candidate: a few faulty rows get in by chance."""

_DEGREES = ("wgs84", "cgcs2000", "gcj02", "bd09")
_EQUAL = {"cgcs2000": "wgs84"}
"""Systems within a metre of another: tried once, and never suggested instead of each other."""


# --- where positions lie -------------------------------------------------------------------------


def in_range(x: np.ndarray, y: np.ndarray, system: str) -> np.ndarray:
    """Whether coordinates can be of ``system`` at all, by their size; missing ones cannot."""
    west, east, south, north = RANGES[system]
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def to_degrees(
    x: np.ndarray, y: np.ndarray, system: str, swapped: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (WGS-84) of a register's columns ``lon`` and ``lat``.

    ``swapped``: the columns hold latitude and longitude (north and east). Missing and impossible
    coordinates are NaN in both.
    """
    return to_wgs84(y, x, system) if swapped else to_wgs84(x, y, system)


def geometry_to_degrees(geometries: np.ndarray, system: str, swapped: bool = False) -> np.ndarray:
    """Geometries (shapely, None where missing) in longitude and latitude, two-dimensional.

    One with a coordinate that is impossible in ``system`` becomes None.
    """
    flat = shapely.force_2d(np.asarray(geometries, dtype=object))
    coordinates, owner = shapely.get_coordinates(flat, return_index=True)
    # Each place once: a ring must end in the very place where it began, not 1e-12 degrees beside.
    unique, place = np.unique(coordinates[:, 0] + 1j * coordinates[:, 1], return_inverse=True)
    moved = np.column_stack(to_degrees(unique.real, unique.imag, system, swapped))[place]
    lost = np.zeros(len(flat), dtype=bool)
    lost[owner[np.isnan(moved).any(axis=1)]] = True
    return shapely.set_coordinates(np.where(lost, None, flat), moved[~lost[owner]])


def subdistricts_of(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Code of the subdistrict of each position (object array; None outside the district).

    A position within ``BORDER_SLACK_DEGREES`` outside the district belongs to the subdistrict
    whose border that is, as ``data.check`` has it.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    codes = assign_points(lon, lat, district.subdistrict_areas())
    outside = np.flatnonzero(pd.isna(codes))
    codes[outside] = assign_points(lon[outside], lat[outside], _widened_areas())
    return codes


@cache
def _widened_areas() -> dict[str, BaseGeometry]:
    return {
        code: area.buffer(BORDER_SLACK_DEGREES)
        for code, area in district.subdistrict_areas().items()
    }


# --- which coordinate system ---------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Reading:
    """The sampled positions read as one coordinate system, with its axes in one order."""

    system: str
    swapped: bool
    inside_pct: float
    apart_m: np.ndarray
    """Median distance of the rows to the landmark they name, one a landmark; inf if unplaced."""

    @property
    def landmark_m(self) -> float:
        return float(np.median(self.apart_m)) if len(self.apart_m) else np.inf

    def is_clearly_nearer(self, other: "_Reading") -> bool:
        """Whether the landmarks speak for this reading and against the other."""
        return (
            len(self.apart_m) >= MIN_LANDMARKS
            and self.landmark_m <= LANDMARK_FIT_M
            and self.landmark_m * LANDMARK_FACTOR <= other.landmark_m
            and self.landmark_m + LANDMARK_GAIN_M <= other.landmark_m
            and float(np.mean(self.apart_m < other.apart_m)) >= LANDMARK_NEARER_SHARE
        )


def examine(
    x: np.ndarray, y: np.ndarray, texts: pd.DataFrame, declared: str | None, swapped: bool = False
) -> CrsVerdict:
    """Hold positions against the declared coordinate system and all others.

    ``x``, ``y`` are the register's columns as they are (float arrays, NaN where missing);
    ``texts`` the rows' names, streets and addresses, one row a position. Looks at a fixed random
    sample of ``SAMPLE_ROWS`` positions and ``NAMED_ROWS`` named rows. Nothing declared blocks, with
    the best reading as suggestion.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    rows = _some(placed, SAMPLE_ROWS)
    names = landmarks_named(texts.iloc[rows])
    named = _some(np.flatnonzero(names != ""), NAMED_ROWS)
    readings = [
        _read(x[rows], y[rows], named, names[named], system, axes)
        for axes in (swapped, not swapped)
        for system in _systems(declared)
    ]
    own = next((one for one in readings if (one.system, one.swapped) == (declared, swapped)), None)
    best, blocks = _best(readings, own, len(rows)) if len(rows) else (own, False)
    as_declared = [one for one in readings if one.swapped == swapped]
    basis = f" {len(rows):,} 个位置"
    if len(rows) < len(placed):
        basis = f" {len(placed):,} 个位置中随机抽查的 {len(rows):,} 个"
    return CrsVerdict(
        declared=declared,
        swapped=swapped,
        inside_pct=_by_system(as_declared, "inside_pct"),
        landmark_m=_by_system([one for one in as_declared if one.inside_pct], "landmark_m"),
        landmark_count=len(set(names[named])),
        suggestion=best.system if best is not None and best is not own else None,
        message=_message(readings, own, best, basis) if len(rows) else "",
        blocks=blocks,
        suggested_swap=best is not None and best is not own and best.swapped,
    )


def _some(rows: np.ndarray, limit: int) -> np.ndarray:
    """At most ``limit`` of ``rows``, by chance but the same ones every time, in their order."""
    if len(rows) <= limit:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, limit, replace=False))


def _systems(declared: str | None) -> list[str]:
    """Systems to try: of two that are the same, the declared one."""
    left_out = _EQUAL.get(declared) or next(iter(_EQUAL))
    return [system for system in SYSTEMS if system != left_out]


def _read(
    x: np.ndarray, y: np.ndarray, named: np.ndarray, names: np.ndarray, system: str, swapped: bool
) -> _Reading:
    """Positions as one system; ``named`` are the places of those that name a landmark."""
    lon, lat = to_degrees(x, y, system, swapped)
    inside = near(district.outline(), lon, lat)
    inside_pct = 100.0 * float(inside.mean()) if len(inside) else 0.0
    codes, unique = pd.factorize(names)
    if not inside.any():
        return _Reading(system, swapped, inside_pct, np.full(len(unique), np.inf))
    east_m, north_m = points_to_metres(lon[named], lat[named])
    things = np.array([landmarks()[name] for name in unique], dtype=object)
    known = np.isfinite(east_m) & np.isfinite(north_m)
    apart_m = np.full(len(named), np.inf)
    points = shapely.points(east_m[known], north_m[known])
    apart_m[known] = shapely.distance(points, things[codes[known]])
    of_each = pd.Series(apart_m).groupby(codes).median().to_numpy()
    return _Reading(system, swapped, inside_pct, of_each)


def _by_system(readings: Sequence[_Reading], measure: str) -> dict[str, float]:
    """A measure of every reading by system; a system that equals another has the same. Infinite
    ones are left out."""
    found = {one.system: getattr(one, measure) for one in readings}
    for system, equal in _EQUAL.items():
        for one, other in ((system, equal), (equal, system)):
            if other in found:
                found.setdefault(one, found[other])
    return {key: round(found[key], 1) for key in SYSTEMS if np.isfinite(found.get(key, np.inf))}


def _best(
    readings: Sequence[_Reading], own: _Reading | None, count: int
) -> tuple[_Reading | None, bool]:
    """The reading of ``count`` positions that fits best, the declared one unless another does
    clearly better; and whether the declared one cannot be right."""
    top_pct = max(one.inside_pct for one in readings)
    if own is None:
        best, blocks = _fitting(readings)[0], True
    else:
        gain_points = top_pct - own.inside_pct
        is_more = gain_points >= SHARE_GAIN_POINTS and gain_points * count / 100 >= SHARE_GAIN_ROWS
        blocks = own.inside_pct <= BLOCK_BELOW_PCT and top_pct >= FITS_ABOVE_PCT
        best = own
        if blocks or is_more or own.inside_pct == 0:
            # The declared system with its axes exchanged goes first, then the order of SYSTEMS.
            alike = [one for one in _fitting(readings) if one.system == own.system]
            best = [*alike, *_fitting(readings)][0]
    if top_pct < SOME_PCT:
        return own, blocks
    # Landmarks go before shares: half as many inside are enough to be heard.
    heard = [one for one in readings if one.inside_pct >= top_pct / 2]
    nearest = min(heard, key=lambda one: one.landmark_m)
    return (nearest if nearest.is_clearly_nearer(best) else best), blocks


def _fitting(readings: Sequence[_Reading]) -> list[_Reading]:
    """Readings that put nearly as many inside as the best does."""
    top_pct = max(one.inside_pct for one in readings)
    least_pct = max(top_pct - SHARE_GAIN_POINTS, top_pct / 2)
    return [one for one in readings if one.inside_pct >= least_pct]


# --- what is said of it --------------------------------------------------------------------------


def _message(
    readings: Sequence[_Reading], own: _Reading | None, best: _Reading | None, basis: str
) -> str:
    """The shares, the landmarks, and what to do, in one sentence."""
    count = len(readings[0].apart_m)
    things = f"名称中提到的 {count} 处道路、河道、车站"
    if best is None:
        return f"没有一种坐标系使{basis}落在区内，请核对坐标"
    grounds = f"据{basis}"
    if count >= MIN_LANDMARKS:
        grounds += f"；这样解释距{things} {_metres(best)}，中位数"
    grounds += _rivals(readings, best)
    if own is None:
        return f"按{_called(best)}解释则 {_pct(best)} 落在区内（{grounds}），请核实后声明"
    declared = f"按所声明的{_called(own)}"
    if best is own:
        text = f"{declared}解释，{basis.lstrip()}有 {_pct(own)} 落在区内"
        if own.inside_pct <= BLOCK_BELOW_PCT:
            return f"{text}，其他坐标系也不吻合，请核对坐标"
        if count < MIN_LANDMARKS:
            return f"{text}；名称中提到的道路、河道、车站不足 {MIN_LANDMARKS} 处，无法据以核对偏移"
        text += f"；距{things} {_metres(own)}（中位数）"
        if own.landmark_m > LANDMARK_FIT_M:
            text += "，其他坐标系也不更吻合，请抽查位置"
        return text
    instead = f"按{_called(best, own.swapped)}解释"
    if best.inside_pct < own.inside_pct + SHARE_GAIN_POINTS and own.inside_pct:
        return (
            f"{things}，{declared}解释则位置偏离 {_metres(own)}（中位数），"
            f"{instead}只偏离 {_metres(best)}（据{basis}）；请核实后改选坐标系"
        )
    return f"{instead}则 {_pct(best)} 落在区内，{declared}仅 {_pct(own)}（{grounds}）；请改选坐标系"


def _rivals(readings: Sequence[_Reading], best: _Reading) -> str:
    """Which other systems fit as well, as an addition in brackets; empty when none does."""
    others = [one for one in _fitting(readings) if one.system != best.system]
    if all(best.is_clearly_nearer(one) for one in others):
        return ""
    named = "、".join(SHORT_NAMES[one.system] for one in others)
    return f"；{named} 也大致吻合，请向提供单位核实"


def _called(reading: _Reading, swapped: bool = False) -> str:
    """A reading's name within a sentence; its axes are named where they differ from ``swapped``."""
    name = SHORT_NAMES[reading.system]
    if reading.swapped != swapped:
        axes = "经纬度" if reading.system in _DEGREES else "东、北坐标"
        return f" {name}（{axes}对调）"
    return f" {name}" if name.endswith("）") else f" {name} "


def _pct(reading: _Reading) -> str:
    """The share inside: never rounded to none or all."""
    share = reading.inside_pct
    if 0 < share < 100:
        return f"{min(max(share, 0.1), 99.9):.1f} %"
    return f"{share:.0f} %"


def _metres(reading: _Reading) -> str:
    return f"{reading.landmark_m:,.0f} 米" if np.isfinite(reading.landmark_m) else "无从计算"
