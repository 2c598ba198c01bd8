"""Every project of the plan, located by street, river or compound where the geography knows it.

A row is a work that 专栏 1, 2 or 4 lists, a task with a stated number of works, or a single work that
the text names; yearly duties, rates and organisation are none. Nothing is placed by guess: what the
geography does not know under the plan's name stays without position (未上图).
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import street_in_metres
from data.landmarks import on_line, river_in_metres, station_position
from data.plan import read_csv
from data.structure import ZONES
from geo import along, district
from geo.geojson import to_text
from geo.overlay import assign_points, cut_by_areas
from geo.projection import to_degrees

MAIN_SHARE = 0.9
"""From this share of its length or area on, a project counts as lying in one subdistrict alone."""
TOUCH_M = 50.0
"""A line that reaches less far into a subdistrict than this does not count there."""

LEAST_STREET_M = 500.0
"""A mapped street shorter than this is taken for a stub of the one that the plan means."""

REPAIR_SUFFIX = "修缮"
UNNAMED_ROADS = "R18"
"""The row of the roads to be repaired that 专栏 1 counts and does not name."""
WHOLE_RIVER = "全河，区段未定"
MAPPED_REACH = "已上图河段，规划区段未定"
RIVERS = {
    "V02": (("六号港",), WHOLE_RIVER),
    "V08": (("白石港",), MAPPED_REACH),
    "V10": (("五号港",), MAPPED_REACH),
    "Z07": (("新塘河", "新开河"), "全河"),
    "B04": (("新塘河",), "全河"),
    "B05": (("新开河",), "全河"),
}
"""Rivers by project, and how much of them is drawn.

Of 白石港（新塘路—艮山东路） the map shows nothing: its course there ends 1.6 km before 新塘路.
"""
STREETS = {"A02": ("河坊街",)}
WATERS = {"B03": "丰收湖"}
ZONE_PROJECTS = {"L10": "钱江新城二期", "L11": "城东新城"}
"""Zones that the lighting structure places at a station, too. A zone is more than its station, so
such a project counts in no single subdistrict."""


@dataclass(frozen=True)
class Place:
    """Where a project is: by what it is known, label position and geometry in degrees, if a line."""

    located_by: str
    lon: float
    lat: float
    geometry: BaseGeometry | None = None
    is_whole: bool = True
    """Whether all of the project lies there; else its subdistricts are not known."""


def projects_table() -> pd.DataFrame:
    """``plan.projects`` as the plan lists them: located, without state and dates."""
    frame = read_csv("projects")
    names = district.subdistrict_names()
    placed = pd.DataFrame([_located(row) for row in frame.itertuples()], index=frame.index)
    stated = frame["subdistrict_code"]
    frame = frame.drop(columns="subdistrict_code").join(placed)
    # The plan's own word on the subdistrict goes before what the geography gives.
    frame["subdistrict_code"] = stated.fillna(frame["subdistrict_code"])
    frame["touched_codes"] = stated.fillna(frame["touched_codes"])
    return contract_frame(
        "plan.projects",
        frame.assign(subdistrict_name=frame["subdistrict_code"].map(names), source_kind="plan"),
    )


def _located(row: tuple) -> dict:
    """Position columns of a project of the CSV file."""
    place = _place(row.project_id, row.project_kind, row.project_name)
    if place is None:
        return {"is_mapped": False, "subdistrict_code": None, "touched_codes": None}
    touched = _touched(place) if place.is_whole else []
    return {
        "is_mapped": True,
        "located_by": place.located_by,
        "lon": place.lon,
        "lat": place.lat,
        "geometry_json": to_text(place.geometry),
        "subdistrict_code": touched[0] if len(touched) == 1 else None,
        "touched_codes": ",".join(touched) or None,
    }


def _place(project_id: str, kind: str, name: str) -> Place | None:
    if kind == "road":
        return _on_streets((name.removesuffix(REPAIR_SUFFIX),))
    if kind == "water_supply":
        return _at_compound(name)
    if project_id in STREETS:
        return _on_streets(STREETS[project_id])
    if project_id in RIVERS:
        return _on_rivers(*RIVERS[project_id])
    if project_id in WATERS:
        return _in_water(WATERS[project_id])
    if project_id in ZONE_PROJECTS:
        return _at_zone(ZONE_PROJECTS[project_id])
    return None


def _on_streets(streets: tuple[str, ...]) -> Place | None:
    try:
        lines = [street_in_metres(street) for street in streets]
    except KeyError:
        return None
    if sum(line.length for line in lines) < LEAST_STREET_M:
        # The map has a stub of the street: the project is longer, and not there alone.
        return replace(_along(f"道路 {'、'.join(streets)}（底图仅有一段）", lines), is_whole=False)
    return _along(f"道路 {'、'.join(streets)}", lines)


def _on_rivers(rivers: tuple[str, ...], extent: str) -> Place:
    lines = [river_in_metres(river) for river in rivers]
    return _along(f"河道 {'、'.join(rivers)}（{extent}）", lines)


def _along(located_by: str, lines_m: list[BaseGeometry]) -> Place:
    gathered = along.gathered(lines_m)
    at = on_line(gathered)
    return Place(located_by, at["lon"], at["lat"], to_degrees(gathered))


def _in_water(name: str) -> Place:
    """A lake's surface inside the district."""
    (surface,) = [
        shapely.intersection(feature.geometry, district.outline())
        for feature in district.layer("water_areas")
        if feature.properties["water_name"] == name
    ]
    inside = shapely.point_on_surface(surface)
    return Place(f"水面 {name}", round(inside.x, 6), round(inside.y, 6), surface)


def _at_zone(zone: str) -> Place:
    station = dict(ZONES)[zone]
    lon, lat = station_position(station)
    return Place(f"站点 {station}（片区位置示意）", lon, lat, is_whole=False)


@cache
def _compounds() -> dict[str, BaseGeometry]:
    return {f.properties["compound_name"]: f.geometry for f in district.layer("compounds")}


def _at_compound(name: str) -> Place | None:
    """The compound of this name; buildings in brackets after a name belong to it."""
    known = _compounds()
    for tried in (name, name.partition("（")[0]):
        if tried in known:
            return Place(f"小区 {tried}", known[tried].x, known[tried].y)
    return None


def _touched(place: Place) -> list[str]:
    """Codes of the subdistricts a project lies in, the first alone if it holds nearly all of it."""
    areas = district.subdistrict_areas()
    if place.geometry is None:
        (code,) = assign_points(np.array([place.lon]), np.array([place.lat]), areas)
        return [code] if code else []
    if shapely.get_dimensions(place.geometry) == 2:
        parts = {c: shapely.intersection(place.geometry, a).area for c, a in areas.items()}
        reached = [code for code, part in parts.items() if part > 0]
    else:
        parts = {c: length_m for c, (_, length_m) in cut_by_areas(place.geometry, areas).items()}
        reached = [code for code, length_m in parts.items() if length_m >= TOUCH_M]
    main = max(parts, key=parts.get)
    return [main] if parts[main] > MAIN_SHARE * sum(parts.values()) else reached
