"""Sample of the lighting works for the Asian Games and of the dark spots; structure of the night.

Places are real where the geography knows them; dates and techniques are invented and agree with the
plan (clause 4.1.3: 1 venue, 2 hubs, 2 entrances, 8 window roads, three key lines, 111 buildings,
8 public places, 1 embankment, 3 km of green belt, 14 dark spots by 2022). Positions degrees (WGS-84),
offsets metres.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
import shapely.ops
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import (
    clipped,
    in_water,
    shoreline_in_metres,
    street_in_metres,
    with_subdistrict,
)
from data.landmarks import degrees, on_line, river_in_metres, station_position
from data.sample.common import apportion, exact_flags, generator
from geo import along, district
from geo.projection import points_to_degrees, to_metres

PROJECT_CLAUSE = "4.1.3"
TECHNIQUE_SHARES = {"micro": 0.5, "light": 0.35, "other": 0.15}
FIRST_DAY = pd.Timestamp("2021-06-01")
COMPLETED_SHARES = {
    ("2021-09-01", "2021-12-31"): 0.2,
    ("2022-01-01", "2022-12-31"): 0.55,
    ("2023-01-01", "2023-08-31"): 0.25,
}
"""When works were completed: all of them before the games of September 2023."""
WORK_DAYS = (60, 300)

VENUE = ("亚运场馆（位置示意）", "景芳")
"""The plan does not say which venue: name and the station it is drawn at."""
HUBS = (("火车东站枢纽", "杭州东"), ("城站枢纽", "杭州"))
ENTRANCES = (("之江路入城口", "之江路"), ("德胜中路入城口", "德胜中路"))
"""Roads that the map draws up to the border: name, street."""
INSIDE_BORDER_M = 10.0
WINDOW_ROADS = (
    "解放东路",
    "富春路",
    "钱江路",
    "之江路",
    "天城路",
    "庆春东路",
    "新塘路",
    "秋涛路",
)
CANAL, LAKE = "京杭大运河", "西湖"
SHORE_REACH_M = 50.0
"""The border follows the lake's shore, crossing it often: the shore this near to it is taken whole."""
BUILDINGS = 111
BUILDING_OFFSET_M = (32.0, 48.0)
CORE_STREETS = ("民心路", "剧院路", "城星路")
"""Streets of 钱江新城 beside which buildings stand as well."""
CORE_SHARE = 0.15
PUBLIC_PLACES = ("吴山广场", "庆春广场", "市民中心", "江河汇", "御道", "万安桥", "侯潮门", "三堡")
GREEN_BELT = ("新塘河沿线绿化带", "新塘河", 3000.0)
"""Name, river and length in metres."""

DARK_SPOTS = (
    ("丰收湖公园北侧", "公园", "water", "丰收湖", 0.15, 12),
    ("华家池公园东侧", "公园", "water", "华家池", 0.4, 12),
    ("粮道山绿地", "绿地", "street", "粮道山", 0.5, 8),
    ("凤凰山登山道绿地", "绿地", "street", "凤凰山登山道（万松岭-宋城路）", 0.4, 5),
    ("东河绿道", "河道游步道", "street", "东河绿道", 0.5, 3),
    ("贴沙河游步道", "河道游步道", "river", "贴沙河", 0.3, 25),
    ("中河游步道", "河道游步道", "river", "中河", 0.35, 14),
    ("新塘河游步道", "河道游步道", "river", "新塘河", 0.7, 18),
    ("新开河游步道", "河道游步道", "river", "新开河", 0.55, 15),
    ("备塘河游步道", "河道游步道", "river", "备塘河", 0.45, 15),
    ("六号港绿地", "绿地", "river", "六号港", 0.6, 20),
    ("五号港游步道", "河道游步道", "river", "五号港", 0.5, 15),
    ("九沙河绿地", "绿地", "river", "九沙河", 0.3, 25),
    ("上塘河游步道", "河道游步道", "river", "上塘河", 0.5, 25),
)
"""Name, kind, layer and name of the real thing it lies at, share of the way, offset in metres."""
FIXED_LATE = {"六号港绿地": "2023-03-24", "上塘河游步道": "2023-05-19"}
REPORTED_SHARE = 0.45
"""Of these, so many were reported by residents; inspections found the others."""
LATER_SPOTS = (
    (("备塘路东段", "道路", "street", "备塘路", 0.7, 6), "市民反映", "2023-04-11", "2023-09-20"),
    (("白石港游步道", "河道游步道", "river", "白石港", 0.5, 15),
     "巡查普查", "2023-10-17", "2024-04-26"),
    (("赵家港绿地", "绿地", "river", "赵家港", 0.4, 20), "市民反映", "2024-06-05", "2024-11-29"),
    (("蔡阳路", "道路", "street", "蔡阳路", 0.5, 6), "巡查普查", "2025-05-14", None),
    (("九昌路", "道路", "street", "九昌路", 0.5, 6), "市民反映", "2025-09-08", None),
)  # fmt: skip
"""Found after those that the plan counts: the spot, who found it, dates of finding and fixing."""


def night_sample_tables() -> dict[str, pd.DataFrame]:
    """``lighting.projects`` and ``lighting.dark_spots``."""
    random = generator("night")
    return {
        "lighting.projects": _projects(random),
        "lighting.dark_spots": _dark_spots(random),
    }


def _projects(random: np.random.Generator) -> pd.DataFrame:
    rows = [_at_station("venue", *VENUE, "个")]
    rows += [_at_station("hub", name, station, "个") for name, station in HUBS]
    rows += [_entrance(name, street) for name, street in ENTRANCES]
    rows += [
        _row("window_road", f"{road}窗口道路", 1, "条", on_line(street_in_metres(road)))
        for road in WINDOW_ROADS
    ]
    rows += _key_lines()
    rows += _buildings(random)
    rows += [_at_station("public_place", name, name, "处") for name in PUBLIC_PLACES]
    rows.append(_row("embankment", "钱塘江北岸堤岸线", 1, "条", on_line(shoreline_in_metres())))
    rows.append(_green_belt())
    frame = with_subdistrict(pd.DataFrame(rows))
    count = len(frame)
    completed_on = _completion_dates(count, random)
    begun = completed_on - pd.to_timedelta(random.integers(*WORK_DAYS, count), unit="D")
    frame = frame.assign(
        project_id=[f"J{number:03d}" for number in range(1, count + 1)],
        completed_quantity=frame["quantity"],
        technique=random.choice(list(TECHNIQUE_SHARES), count, p=list(TECHNIQUE_SHARES.values())),
        state="completed",
        started_on=begun.where(begun >= FIRST_DAY, FIRST_DAY),
        completed_on=completed_on,
        clause=PROJECT_CLAUSE,
        source_kind="sample",
    )
    return contract_frame("lighting.projects", frame)


def _completion_dates(count: int, random: np.random.Generator) -> pd.DatetimeIndex:
    first, last = (pd.to_datetime(days) for days in zip(*COMPLETED_SHARES, strict=True))
    drawn = random.choice(len(first), count, p=list(COMPLETED_SHARES.values()))
    days = random.integers(0, (last - first).days.to_numpy()[drawn] + 1)
    return first[drawn] + pd.to_timedelta(days, unit="D")


def _row(kind: str, name: str, quantity: float, unit: str, place: dict) -> dict:
    return {
        "project_kind": kind,
        "project_name": name,
        "quantity": quantity,
        "unit": unit,
        **place,
    }


def _at_station(kind: str, name: str, station: str, unit: str) -> dict:
    lon, lat = station_position(station)
    return _row(kind, name, 1, unit, {"lon": lon, "lat": lat})


def _entrance(name: str, street: str) -> dict:
    """Where a road crosses the border of the district, a few metres inside it."""
    district_m = to_metres(district.outline())
    inner = shapely.intersection(street_in_metres(street), district_m.buffer(-INSIDE_BORDER_M))
    points = shapely.points(shapely.get_coordinates(inner))
    nearest = points[np.argmin(shapely.distance(points, shapely.boundary(district_m)))]
    lon, lat = degrees(nearest.x, nearest.y)
    return _row("city_entrance", name, 1, "个", {"lon": lon, "lat": lat})


def _key_lines() -> list[dict]:
    """The plan's three: along the canal, along the river's bank, along the lake's eastern shore."""
    shore_m = _eastern_shore()
    inside_m = shapely.intersection(shore_m, to_metres(district.outline()))
    # Labelled where it lies in the district, drawn whole.
    lake_line = on_line(inside_m) | {"geometry_json": on_line(shore_m)["geometry_json"]}
    places = {
        "运河沿线": on_line(river_in_metres(CANAL)),
        "钱塘江沿线": on_line(shoreline_in_metres()),
        "西湖东望线": lake_line,
    }
    return [_row("key_line", name, 1, "条", place) for name, place in places.items()]


def _eastern_shore() -> BaseGeometry:
    """The shore of 西湖 along the district, in metres (EPSG:4549), without its islands."""
    near = to_metres(district.outline()).buffer(SHORE_REACH_M)
    shore = shapely.intersection(to_metres(_lake(LAKE).exterior), near)
    return along.longest_piece(shapely.line_merge(shore))


def _buildings(random: np.random.Generator) -> list[dict]:
    """Buildings beside the window roads and in 钱江新城, on land and inside the district."""
    in_core = round(BUILDINGS * CORE_SHARE)
    core = _spots_beside(CORE_STREETS, in_core, random)
    beside = _spots_beside(WINDOW_ROADS, BUILDINGS - in_core, random)
    return [
        _row("building", f"{road}沿线楼宇 {number:02d}", 1, "幢", {"lon": lon, "lat": lat})
        for road, number, lon, lat in [*beside, *core]
    ]


def _spots_beside(
    roads: tuple[str, ...], count: int, random: np.random.Generator
) -> list[tuple[str, int, float, float]]:
    """Road, number, lon and lat of spots beside roads, shared out by the roads' lengths."""
    lines = {road: street_in_metres(road) for road in roads}
    counts = apportion(count, np.array([line.length for line in lines.values()]))
    spots = []
    for (road, line_m), wanted in zip(lines.items(), counts, strict=True):
        offset_m = random.uniform(*BUILDING_OFFSET_M) * random.choice([-1, 1])
        found = along.points_along(line_m, line_m.length / (4 * wanted), offset_m, staggered=True)
        lon, lat = points_to_degrees(found[:, 0], found[:, 1])
        frame = with_subdistrict(pd.DataFrame({"lon": lon.round(6), "lat": lat.round(6)}))
        usable = frame["subdistrict_code"].notna() & ~in_water(lon, lat)
        kept = np.flatnonzero(usable)
        chosen = kept[along.thinned(found[kept], wanted, 60.0, random)]
        places = frame.loc[np.sort(chosen), ["lon", "lat"]].itertuples(index=False)
        spots += [(road, n, place.lon, place.lat) for n, place in enumerate(places, start=1)]
    return spots


def _green_belt() -> dict:
    """The middle stretch of a river's longest course, as long as the plan's green belt."""
    name, river, length_m = GREEN_BELT
    course = along.longest_piece(river_in_metres(river))
    start_m = (course.length - length_m) / 2
    belt = shapely.ops.substring(course, start_m, start_m + length_m)
    return _row("green_belt", name, length_m / 1000, "km", on_line(belt))


def _dark_spots(random: np.random.Generator) -> pd.DataFrame:
    count = len(DARK_SPOTS)
    found = pd.Timestamp("2021-03-01") + pd.to_timedelta(random.integers(0, 240, count), unit="D")
    fixed = pd.Timestamp("2021-12-01") + pd.to_timedelta(random.integers(0, 390, count), unit="D")
    planned = _spot_rows(DARK_SPOTS)
    late = pd.to_datetime(planned["spot_name"].map(FIXED_LATE))
    planned = planned.assign(
        found_by=np.where(exact_flags(random, count, REPORTED_SHARE), "市民反映", "巡查普查"),
        found_on=found,
        fixed_on=late.fillna(pd.Series(fixed)),
    )
    spots, found_by, found_on, fixed_on = zip(*LATER_SPOTS, strict=True)
    later = _spot_rows(spots).assign(
        found_by=found_by, found_on=pd.to_datetime(found_on), fixed_on=pd.to_datetime(fixed_on)
    )
    frame = with_subdistrict(pd.concat([planned, later], ignore_index=True))
    frame = frame.assign(
        spot_id=[f"B{number:02d}" for number in range(1, len(frame) + 1)],
        clause=PROJECT_CLAUSE,
        source_kind="sample",
    )
    return contract_frame("lighting.dark_spots", frame)


def _spot_rows(spots: Sequence[tuple]) -> pd.DataFrame:
    """Name, kind and position of spots that are given as in ``DARK_SPOTS``."""
    rows = []
    for name, kind, layer, thing, share, offset_m in spots:
        lon, lat = _spot(layer, thing, share, offset_m)
        rows.append({"spot_name": name, "spot_kind": kind, "lon": lon, "lat": lat})
    return pd.DataFrame(rows)


def _spot(layer: str, thing: str, share: float, offset_m: float) -> tuple[float, float]:
    """Position beside a street, a river's course or a lake's shore, on land.

    The first side that is dry is taken; along a shore that is the outer one.
    """
    if layer == "street":
        line_m = street_in_metres(thing)
    elif layer == "river":
        line_m = river_in_metres(thing)
    else:
        line_m = to_metres(clipped(shapely.boundary(_lake(thing))))
    sides = [along.point_at(line_m, share, side * offset_m) for side in (1, -1)]
    lon, lat = points_to_degrees(*(np.array(axis) for axis in zip(*sides, strict=True)))
    wet = in_water(lon, lat)
    first = int(np.argmin(wet))
    return round(float(lon[first]), 6), round(float(lat[first]), 6)


def _lake(name: str) -> BaseGeometry:
    for feature in district.layer("water_areas"):
        if feature.properties["water_name"] == name:
            return feature.geometry
    raise KeyError(f"no water area {name}")
