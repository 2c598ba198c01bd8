"""Lines and areas of a register: read from text, held to their kind, cut at the district's border."""

from functools import cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data.registers.texts import Texts
from geo import district
from geo.overlay import BORDER_SLACK_DEGREES, line_parts

KINDS = {
    "line": ("LineString", "MultiLineString", "LinearRing"),
    "polygon": ("Polygon", "MultiPolygon"),
}

LARGEST_COORDINATE = 1e8
"""Eastings with a zone number are 4e7; beyond this geometry itself breaks down."""


def shapes_of(texts: Texts) -> tuple[np.ndarray, np.ndarray]:
    """Geometries of the distinct texts of a column (WKT or GeoJSON), one a row, None where there
    is none; and which rows hold a text that is neither."""
    plain = texts.plain.fillna("").to_numpy(dtype=object)
    is_json = np.array([text.startswith("{") for text in plain], dtype=bool)
    is_wkt = ~is_json & (plain != "")
    found = np.full(len(plain), None, dtype=object)
    found[is_json] = shapely.from_geojson(plain[is_json], on_invalid="ignore")
    # «SRID=4490;LINESTRING …» as PostGIS writes it: the system is what the officer declares.
    bare = [text.rpartition(";")[2] for text in plain[is_wkt]]
    found[is_wkt] = shapely.from_wkt(np.array(bare, dtype=object), on_invalid="ignore")
    found = without_empty(found)
    unread = (plain != "") & shapely.is_missing(found)
    return np.append(found, None)[texts.codes], texts.rows(unread)


def without_empty(geometries: np.ndarray) -> np.ndarray:
    """Geometries with empty ones as missing."""
    return np.where(shapely.is_empty(geometries), None, np.asarray(geometries, dtype=object))


def has_numbers(geometries: np.ndarray) -> np.ndarray:
    """Whether all coordinates are numbers that a place on earth can have in any system."""
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    wrong = ~(np.abs(coordinates) <= LARGEST_COORDINATE).all(axis=1)
    fine = np.ones(len(geometries), dtype=bool)
    fine[owner[wrong]] = False
    return fine


def is_kind(shapes: np.ndarray, kind: str) -> np.ndarray:
    """Whether shapes are lines or polygons; missing ones are neither."""
    return np.array(
        [shape is not None and shape.geom_type in KINDS[kind] for shape in shapes], bool
    )


def repaired(shapes: np.ndarray) -> np.ndarray:
    """Valid shapes of the same dimension; None where nothing with a length or an area is left."""
    fixed = np.asarray(shapes, dtype=object).copy()
    for i in np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)):
        fixed[i] = _same_dimension(shapely.make_valid(shapes[i]), shapes[i])
    return without_empty(fixed)


def clipped(shapes: np.ndarray, beyond_m: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """The parts of valid shapes (degrees) inside the district, None where none is; and which
    shapes were cut. One that only oversteps the border by the slack of rounding is left whole.

    With ``beyond_m`` all that comes within so many metres of the district is left whole.
    """
    if beyond_m:
        around = district.surroundings(beyond_m)
        shapely.prepare(around)
        lost = ~shapely.intersects(around, shapes) & ~shapely.is_missing(shapes)
        return np.where(lost, None, shapes), lost
    outline = district.outline()
    cut = ~shapely.covers(_widened_outline(), shapes) & ~shapely.is_missing(shapes)
    parts = np.asarray(shapes, dtype=object).copy()
    for i in np.flatnonzero(cut):
        parts[i] = _same_dimension(shapely.intersection(shapes[i], outline), shapes[i])
    return without_empty(parts), cut


@cache
def _widened_outline() -> BaseGeometry:
    widened = district.outline().buffer(BORDER_SLACK_DEGREES)
    shapely.prepare(widened)
    return widened


def _same_dimension(part: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """What is left of a line is lines, of an area areas: where it only touches nothing is left."""
    dimension = shapely.get_dimensions(whole)
    if dimension == 1:
        return line_parts(part)
    if dimension == 2:
        parts = shapely.get_parts(shapely.get_parts(part))
        areas = [one for one in parts if one.geom_type == "Polygon"]
        return shapely.union_all(areas) if areas else shapely.Polygon()
    return part


def unwrapped(shapes: np.ndarray) -> np.ndarray:
    """Shapes of a single part as this part: many programs save every line as a multi-line."""
    single = (shapely.get_num_geometries(shapes) == 1) & ~shapely.is_missing(shapes)
    plain = np.asarray(shapes, dtype=object).copy()
    plain[single] = shapely.get_geometry(shapes[single], 0)
    return plain


def middles(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and y of the middle of shapes; NaN where there is none."""
    centroids = without_empty(shapely.centroid(shapes))
    return shapely.get_x(centroids), shapely.get_y(centroids)
