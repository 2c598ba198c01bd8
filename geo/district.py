"""The district's geography as shipped in ``geo/base``: subdistricts, water, streets, stations.

© OpenStreetMap contributors, Open Database License 1.0 (see NOTICE).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.projection import to_degrees, to_metres

BASE_FOLDER = Path(__file__).parent / "base"


@dataclass(frozen=True)
class Feature:
    """One named thing: its properties as in the file and its geometry in degrees (lon, lat)."""

    properties: dict
    geometry: BaseGeometry


@cache
def layer(name: str) -> tuple[Feature, ...]:
    """Features of ``geo/base/{name}.geojson`` in file order.

    Names: subdistricts, waterways, water_areas, streets, stations, toilets, compounds.
    """
    return tuple(
        Feature(item["properties"], shape(item["geometry"])) for item in _document(name)["features"]
    )


def note(name: str, key: str) -> str:
    """A note that stands at the head of a layer's file (``attribution``, ``boundary_note``, …)."""
    return _document(name)[key]


@cache
def _document(name: str) -> dict:
    return json.loads((BASE_FOLDER / f"{name}.geojson").read_text(encoding="utf-8"))


@cache
def subdistrict_areas() -> dict[str, BaseGeometry]:
    """Polygon of each subdistrict by its code, in degrees."""
    return {f.properties["subdistrict_code"]: f.geometry for f in layer("subdistricts")}


@cache
def subdistrict_names() -> dict[str, str]:
    """Official name (with 街道) of each subdistrict by its code."""
    return {
        f.properties["subdistrict_code"]: f.properties["subdistrict_name"]
        for f in layer("subdistricts")
    }


@cache
def outline() -> BaseGeometry:
    """The whole district as one polygon, in degrees."""
    return shapely.union_all(list(subdistrict_areas().values()))


@cache
def surroundings(beyond_m: float) -> BaseGeometry:
    """The district with so many metres around it, in degrees."""
    return to_degrees(to_metres(outline()).buffer(beyond_m))
