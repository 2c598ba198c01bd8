"""Positions of named things in the shipped geography: stations, rivers, points on lines.

Degrees (WGS-84) unless a name says metres (EPSG:4549).
"""

from functools import cache

import shapely
from shapely.geometry.base import BaseGeometry

from data.geography import clipped
from geo import along, district
from geo.geojson import to_text
from geo.projection import points_to_degrees, to_degrees, to_metres


def on_line(line_m: BaseGeometry) -> dict:
    """Label position on a line and its geometry, in degrees."""
    lon, lat = degrees(*along.point_at(line_m, 0.5))
    return {"lon": lon, "lat": lat, "geometry_json": to_text(to_degrees(line_m))}


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """Position in metres as lon and lat, to about 0.1 m."""
    lon, lat = points_to_degrees(east_m, north_m)
    return round(float(lon), 6), round(float(lat), 6)


@cache
def station_position(name: str) -> tuple[float, float]:
    """Lon and lat of a station; KeyError when the geography has none of that name."""
    for feature in district.layer("stations"):
        if feature.properties["station_name"] == name:
            return feature.geometry.x, feature.geometry.y
    raise KeyError(f"no station {name}")


@cache
def water_area_position(name: str) -> tuple[float, float]:
    """Lon and lat of a point on the part of a named water area that lies in the district."""
    for feature in district.layer("water_areas"):
        if feature.properties["water_name"] == name:
            inside = shapely.intersection(feature.geometry, district.outline())
            point = shapely.point_on_surface(inside)
            return round(point.x, 6), round(point.y, 6)
    raise KeyError(f"no water area {name}")


@cache
def river_in_metres(name: str) -> BaseGeometry:
    """Course of a named river inside the district, in metres (EPSG:4549)."""
    for feature in district.layer("waterways"):
        if feature.properties["waterway_name"] == name:
            return to_metres(clipped(feature.geometry))
    raise KeyError(f"no waterway {name}")
