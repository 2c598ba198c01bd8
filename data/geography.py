"""Tables that the shipped geography gives: base layers, streets, and cuts by subdistrict.

Cutting is done here, once a build; nothing downstream intersects geometry again.
Coordinates are degrees (WGS-84), lengths metres, areas square kilometres.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.contracts import table
from data.frames import contract_frame
from geo import along, district
from geo.geojson import to_text
from geo.overlay import BORDER_SLACK_DEGREES, assign_points, cut_by_areas, cut_lines, line_parts
from geo.projection import area_km2, to_degrees, to_metres

NARROW_M = 500.0
"""Narrower wharfs and locks are no part of a shoreline; the mouth of the canal's lock is 300 m wide."""


@dataclass(frozen=True)
class StreetPiece:
    """The part of one street (a name and class) in one subdistrict; geometry in degrees."""

    street_id: str
    street_name: str
    street_class: str
    subdistrict_code: str
    geometry: BaseGeometry
    length_m: float


@cache
def street_pieces() -> tuple[StreetPiece, ...]:
    """Every street cut by subdistrict, in file order."""
    areas = district.subdistrict_areas()
    return tuple(
        StreetPiece(
            feature.properties["street_id"],
            feature.properties["street_name"],
            feature.properties["street_class"],
            code,
            geometry,
            length_m,
        )
        for feature in district.layer("streets")
        for code, (geometry, length_m) in cut_by_areas(feature.geometry, areas).items()
    )


@cache
def water() -> BaseGeometry:
    """All water areas as one geometry, in degrees."""
    return shapely.union_all([feature.geometry for feature in district.layer("water_areas")])


@cache
def short_names() -> dict[str, str]:
    """Subdistrict name without 街道 by code."""
    return {code: name.removesuffix("街道") for code, name in district.subdistrict_names().items()}


def clipped(line: BaseGeometry) -> BaseGeometry:
    """The part of a line inside the district, in degrees."""
    return line_parts(shapely.intersection(line, district.outline()))


def with_subdistrict(frame: pd.DataFrame) -> pd.DataFrame:
    """Add subdistrict code and name by the columns ``lon`` and ``lat`` (None outside)."""
    codes = assign_points(
        frame["lon"].to_numpy(), frame["lat"].to_numpy(), district.subdistrict_areas()
    )
    names = district.subdistrict_names()
    return frame.assign(
        subdistrict_code=codes, subdistrict_name=[names.get(code) for code in codes]
    )


def base_tables() -> dict[str, pd.DataFrame]:
    """``base.subdistricts``, ``base.water_areas`` and ``base.stations``."""
    return {
        "base.subdistricts": contract_frame("base.subdistricts", _subdistrict_rows()),
        "base.water_areas": contract_frame("base.water_areas", _water_rows()),
        "base.stations": contract_frame("base.stations", _stations()),
    }


def _subdistrict_rows() -> list[dict]:
    short = short_names()
    rows = []
    for feature in district.layer("subdistricts"):
        west, south, east, north = feature.geometry.bounds
        rows.append(
            {
                **feature.properties,
                "short_name": short[feature.properties["subdistrict_code"]],
                "area_km2": area_km2(feature.geometry),
                "west": west,
                "south": south,
                "east": east,
                "north": north,
                "geometry_json": to_text(feature.geometry),
                "source_kind": "osm",
            }
        )
    return rows


def _water_rows() -> list[dict]:
    return [
        {
            "water_id": feature.properties["water_id"],
            "water_name": feature.properties["water_name"],
            "area_km2": area_km2(feature.geometry),
            "geometry_json": to_text(feature.geometry),
            "source_kind": "osm",
        }
        for feature in district.layer("water_areas")
    ]


def _stations() -> pd.DataFrame:
    rows = [
        {**feature.properties, "lon": feature.geometry.x, "lat": feature.geometry.y}
        for feature in district.layer("stations")
    ]
    return with_subdistrict(pd.DataFrame(rows)).assign(source_kind="osm")


def street_tables() -> dict[str, pd.DataFrame]:
    """``streets.streets`` and ``streets.segments`` (street × subdistrict)."""
    segments = pd.DataFrame(
        {
            "street_id": piece.street_id,
            "subdistrict_code": piece.subdistrict_code,
            "subdistrict_name": district.subdistrict_names()[piece.subdistrict_code],
            "length_m": piece.length_m,
            "geometry_json": to_text(piece.geometry),
            "source_kind": "osm",
        }
        for piece in street_pieces()
    )
    lengths = segments.groupby("street_id")["length_m"].sum()
    streets = [
        {
            **feature.properties,
            "length_m": lengths[feature.properties["street_id"]],
            "geometry_json": to_text(clipped(feature.geometry)),
            "source_kind": "osm",
        }
        for feature in district.layer("streets")
        if feature.properties["street_id"] in lengths.index
    ]
    return {
        "streets.streets": contract_frame("streets.streets", streets),
        "streets.segments": contract_frame("streets.segments", segments),
    }


def reach_table(rivers: dict[str, BaseGeometry], source_kind: str) -> pd.DataFrame:
    """``rivers.reaches``: each river's course (degrees, by river id) cut by subdistrict."""
    return pieces_table("rivers.reaches", rivers, source_kind, district.subdistrict_areas())


@cache
def widened_areas() -> dict[str, BaseGeometry]:
    """Subdistricts that reach about 2 m over the district's edge.

    Stored courses are rounded to about 1 m: one along the edge would else lose what falls outside.
    """
    beyond = shapely.difference(
        shapely.buffer(district.outline(), BORDER_SLACK_DEGREES), district.outline()
    )
    return {
        code: shapely.union(
            area, shapely.intersection(beyond, shapely.buffer(area, BORDER_SLACK_DEGREES))
        )
        for code, area in district.subdistrict_areas().items()
    }


def pieces_table(
    path: str,
    lines: Mapping[str, BaseGeometry],
    source_kind: str,
    areas: Mapping[str, BaseGeometry],
) -> pd.DataFrame:
    """``rivers.reaches`` or ``streets.segments``: lines (degrees, by id) cut by subdistrict."""
    ids = np.array(list(lines), dtype=object)
    courses = np.array(list(lines.values()), dtype=object)
    line, codes, pieces, lengths_m = cut_lines(courses, areas)
    names = district.subdistrict_names()
    rows = pd.DataFrame(
        {
            table(path).key[0]: ids[line],
            "subdistrict_code": codes,
            "subdistrict_name": [names[code] for code in codes],
            "length_m": lengths_m,
            "geometry_json": [to_text(piece) for piece in pieces],
            "source_kind": source_kind,
        }
    )
    return contract_frame(path, rows)


@cache
def river_bank() -> BaseGeometry:
    """Water's edge of 钱塘江 on the district's side, in degrees: not the river's middle."""
    return clipped(shapely.boundary(_great_river()))


@cache
def shoreline_in_metres() -> BaseGeometry:
    """The same edge without wharfs and locks, in metres (EPSG:4549): what the plan calls 岸线."""
    edge_m = along.shoreline(to_metres(_great_river()), NARROW_M)
    return to_metres(clipped(to_degrees(edge_m)))


def _great_river() -> BaseGeometry:
    return shapely.union_all(
        [
            feature.geometry
            for feature in district.layer("water_areas")
            if feature.properties["water_name"] == "钱塘江"
        ]
    )


def in_water(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Whether each point (degrees) lies in a water area."""
    shapely.prepare(water())
    return shapely.intersects_xy(water(), lon, lat)


@cache
def street_in_metres(
    street_name: str, subdistrict_code: str | None = None, street_class: str | None = None
) -> BaseGeometry:
    """Pieces of a street name (of one subdistrict, of one class) in metres (EPSG:4549)."""
    pieces = [
        piece.geometry
        for piece in street_pieces()
        if piece.street_name == street_name
        and subdistrict_code in (None, piece.subdistrict_code)
        and street_class in (None, piece.street_class)
    ]
    if not pieces:
        raise KeyError(f"no street {street_name} in {subdistrict_code or 'the district'}")
    return to_metres(line_parts(along.gathered(pieces)))
