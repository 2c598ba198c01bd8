"""The named places of the plan (三街三圈三站 …), located where the geography knows them.

Nothing is placed by guess: a place without a line in ``LOCATED`` and outside the structure of the
night stays unmapped. Coordinates are degrees (WGS-84).
"""

from collections.abc import Callable

import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import shoreline_in_metres, street_in_metres
from data.landmarks import on_line, river_in_metres, station_position, water_area_position
from data.plan import read_csv
from data.structure import located_by, structure_table

LOCATED: dict[str, tuple[str, str]] = {
    "湖滨步行街": ("步行道路", "湖滨路"),
    "清河坊步行街": ("步行道路", "河坊街"),
    "湖滨商圈": ("站点", "龙翔桥"),
    "吴山商圈": ("站点", "吴山广场"),
    "钱江新城商圈": ("站点", "市民中心"),
    "东站": ("站点", "杭州东"),
    "城站": ("站点", "城站"),
    "钱江新城精品区": ("站点", "市民中心"),
    "钱塘江": ("岸线", "钱塘江"),
    "运河": ("河道", "京杭大运河"),
    "上塘河": ("河道", "上塘河"),
    "丰收湖": ("水面", "丰收湖"),
}
"""What locates a place: its kind and its name in the geography. Places of 一带两廊三轴五区 take
theirs from ``data.structure``, so that both tables show the same element at the same spot."""

STRUCTURE_GROUP = "一带两廊三轴五区"


def places_table() -> pd.DataFrame:
    """``plan.places``: the plan's named places with their position, if any."""
    rows = read_csv("places").assign(source_kind="plan").to_dict("records")
    night = _night_positions()
    return contract_frame("plan.places", [row | _position(row, night) for row in rows])


def _position(row: dict, night: dict[str, dict]) -> dict:
    name = row["place_name"]
    if row["place_group"] == STRUCTURE_GROUP:
        return night[name]
    if name not in LOCATED:
        return {"is_mapped": False}
    kind, landmark = LOCATED[name]
    return {"is_mapped": True, "located_by": f"{kind} {landmark}", **_FOUND[kind](landmark)}


def _night_positions() -> dict[str, dict]:
    """Positions of the night's structure by element name, and what each was located by."""
    by = located_by()
    columns = ["is_mapped", "lon", "lat", "geometry_json"]
    elements = structure_table().set_index("element_name")[columns].to_dict("index")
    return {name: row | {"located_by": by.get(name)} for name, row in elements.items()}


def _at_point(position: tuple[float, float]) -> dict:
    lon, lat = position
    return {"lon": lon, "lat": lat}


def _walking_street(name: str) -> BaseGeometry:
    return street_in_metres(name, street_class="pedestrian")


_FOUND: dict[str, Callable[[str], dict]] = {
    "站点": lambda name: _at_point(station_position(name)),
    "水面": lambda name: _at_point(water_area_position(name)),
    "步行道路": lambda name: on_line(_walking_street(name)),
    "河道": lambda name: on_line(river_in_metres(name)),
    "岸线": lambda _: on_line(shoreline_in_metres()),
}
