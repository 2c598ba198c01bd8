"""Cutting lines by areas and assigning points to areas: done once, at build time."""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.projection import to_metres

MIN_PIECE_M = 1.0
"""Shorter pieces are slivers of two borders drawn apart, not reaches."""

BORDER_SLACK_DEGREES = 2e-5
"""About 2 m: positions are rounded, so one on a border may fall to either side."""


def line_parts(geometry: BaseGeometry) -> BaseGeometry:
    """Only the lines of a geometry, joined end to end where they touch (empty if it has none)."""
    lines = [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]
    if not lines:
        return shapely.LineString()
    return shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else lines[0]


def middle_of_longest(line: BaseGeometry) -> shapely.Point:
    """The middle of the longest part of a line: where its label stands."""
    longest = max(shapely.get_parts(line), key=shapely.length)
    return longest.interpolate(0.5, normalized=True)


def label_point(geometry: BaseGeometry) -> shapely.Point:
    """Where the label of a geometry of any kind stands: middle of a line, inside an area."""
    line = line_parts(geometry)
    return geometry.representative_point() if line.is_empty else middle_of_longest(line)


def cut_by_areas(
    line: BaseGeometry, areas: Mapping[str, BaseGeometry]
) -> dict[str, tuple[BaseGeometry, float]]:
    """Cut one line by areas that do not overlap: area key → (piece in degrees, length in metres)."""
    _, keys, pieces, lengths_m = cut_lines(np.array([line]), areas)
    return {
        key: (piece, float(length_m))
        for key, piece, length_m in zip(keys, pieces, lengths_m, strict=True)
    }


def cut_lines(
    lines: np.ndarray, areas: Mapping[str, BaseGeometry]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Cut many lines (degrees) by areas that do not overlap.

    Returns four arrays, one entry a piece: index of its line, key of its area, the piece in
    degrees, its length in metres; by line, then in the order of the areas. A piece that runs along
    a shared border belongs to the area that comes first; pieces under ``MIN_PIECE_M`` are left out.
    """
    rest = np.array(lines, dtype=object)
    found = [], [], [], []
    for key, area in areas.items():
        shapely.prepare(area)
        touched = np.flatnonzero(shapely.intersects(area, rest))
        pieces = _lines_of(shapely.intersection(rest[touched], area))
        pieces_m = shapely.length(to_metres(pieces))
        long_enough = pieces_m >= MIN_PIECE_M
        touched = touched[long_enough]
        rest[touched] = shapely.difference(rest[touched], area)
        for column, values in zip(
            found,
            (
                touched,
                np.full(len(touched), key, dtype=object),
                pieces[long_enough],
                pieces_m[long_enough],
            ),
            strict=True,
        ):
            column.append(values)
    line, keys, pieces, lengths_m = (np.concatenate(column) for column in found)
    order = np.argsort(line, kind="stable")
    return line[order], keys[order], pieces[order], lengths_m[order]


def _lines_of(geometries: np.ndarray) -> np.ndarray:
    """``line_parts`` of each geometry of an array."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    is_line = shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING
    lines = np.full(len(geometries), shapely.LineString(), dtype=object)
    owners, position = np.unique(owner[is_line], return_inverse=True)
    if len(owners):
        gathered = shapely.multilinestrings(parts[is_line], indices=position)
        lines[owners] = shapely.line_merge(gathered)
    return lines


def assign_points(
    lon: np.ndarray, lat: np.ndarray, areas: Mapping[str, BaseGeometry]
) -> np.ndarray:
    """Key of the area that holds each point (object array; None outside all of them).

    A point on a shared border belongs to the area that comes first; a missing (NaN) one to none.
    """
    keys = np.full(len(lon), None, dtype=object)
    open_points = np.arange(len(lon))
    for key, area in areas.items():
        inside = _holds(area, lon[open_points], lat[open_points])
        keys[open_points[inside]] = key
        open_points = open_points[~inside]
    return keys


def _holds(area: BaseGeometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether points lie in an area or on its border; its box leaves out most of them first."""
    west, south, east, north = area.bounds
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    boxed = np.flatnonzero(inside)
    shapely.prepare(area)
    inside[boxed] = shapely.intersects_xy(area, lon[boxed], lat[boxed])
    return inside


def near(area: BaseGeometry, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether points lie in an area or within the slack of its border; unplaced ones do not."""
    return _holds(area.buffer(BORDER_SLACK_DEGREES), lon, lat)
