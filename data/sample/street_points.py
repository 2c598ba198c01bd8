"""Sample registers of accessibility findings and bridges: real streets and crossings, invented facts.

The plan counts 1107 findings (clause 4.2.2) and 303 bridges to be checked (clause 4.5.1).
"""

from collections import Counter

import numpy as np
import pandas as pd
import shapely

from data.contracts import ACCESSIBILITY_KINDS
from data.geography import clipped, in_water, street_pieces, with_subdistrict
from data.sample.common import generator, with_map_streets
from geo import along, district
from geo.projection import points_to_degrees, to_metres

FINDING_COUNT = 1107
OPEN_FINDINGS = 14
"""Findings that are still open at the end: the register never looks finished where it is not."""
KIND_SHARES = (0.34, 0.3, 0.09, 0.07, 0.05, 0.08, 0.07)
ROADSIDE_M = 4.0
SPACING_M = 30.0

BRIDGE_COUNT = 303
NOT_BRIDGES = ("隧道", "地道")
CONDITIONS = ("A", "B", "C", "D")
CITY_CONDITIONS = (0.72, 0.28, 0.0, 0.0)
DISTRICT_CONDITIONS = (0.46, 0.38, 0.155, 0.005)
CITY_CLASSES = ("trunk", "primary")
BANK_SPACING_M = 180.0


def street_point_tables() -> dict[str, pd.DataFrame]:
    """``streets.accessibility_points`` and ``streets.bridges``."""
    return {
        "streets.accessibility_points": _findings(generator("accessibility")),
        "streets.bridges": _bridges(generator("bridges")),
    }


def _findings(random: np.random.Generator) -> pd.DataFrame:
    names, points = [], []
    for piece in street_pieces():
        if piece.street_class in ("trunk", "path"):
            continue
        side = ROADSIDE_M * random.choice([-1, 1])
        found = along.points_along(to_metres(piece.geometry), SPACING_M, side)
        names += [piece.street_name] * len(found)
        points.append(found)
    lon, lat = points_to_degrees(*np.vstack(points).T)
    frame = pd.DataFrame({"road_name": names, "lon": lon.round(6), "lat": lat.round(6)})
    frame = with_subdistrict(frame).dropna(subset="subdistrict_code")
    frame = frame[~in_water(frame["lon"].to_numpy(), frame["lat"].to_numpy())]
    frame = frame.iloc[np.sort(random.permutation(len(frame))[:FINDING_COUNT])]
    frame = frame.sort_values(["subdistrict_code", "road_name"], kind="stable", ignore_index=True)
    found_on = pd.Timestamp("2020-03-01") + pd.to_timedelta(
        random.integers(0, 640, FINDING_COUNT), unit="D"
    )
    closed_on = pd.Series(
        found_on + pd.to_timedelta(random.integers(20, 330, FINDING_COUNT), unit="D")
    )
    closed_on[random.permutation(FINDING_COUNT)[:OPEN_FINDINGS]] = pd.NaT
    numbers: Counter = Counter()
    places = []
    for name in frame["road_name"]:
        numbers[name] += 1
        places.append(f"{name}第 {numbers[name]} 处")
    frame = frame.assign(
        point_id=[f"WZA{number:04d}" for number in range(1, FINDING_COUNT + 1)],
        place_name=places,
        point_kind=random.choice(ACCESSIBILITY_KINDS, FINDING_COUNT, p=KIND_SHARES),
        found_on=found_on,
        closed_on=closed_on,
        clause="4.2.2",
        source_kind="sample",
    )
    return with_map_streets("streets.accessibility_points", frame)


def _bridges(random: np.random.Generator) -> pd.DataFrame:
    """Bridges where streets cross watercourses, and footbridges along these until there are enough."""
    streets = [
        piece for piece in street_pieces()
        if not any(word in piece.street_name for word in NOT_BRIDGES)
    ]  # fmt: skip
    waters = [
        (feature.properties["waterway_name"], clipped(feature.geometry))
        for feature in district.layer("waterways")
    ]
    tree = shapely.STRtree([piece.geometry for piece in streets])
    rows, seen = [], set()
    for river, course in waters:
        for street in tree.query(course, predicate="intersects"):
            piece = streets[street]
            key = (piece.street_name, river)
            # Two carriageways side by side are one bridge.
            if key in seen or len(rows) == BRIDGE_COUNT:
                continue
            seen.add(key)
            at = shapely.get_parts(shapely.intersection(course, piece.geometry))[0].centroid
            rows.append(
                {"road_name": piece.street_name, "river": river or "河道", "lon": at.x, "lat": at.y,
                 "is_city": piece.street_class in CITY_CLASSES and random.random() < 0.7}
            )  # fmt: skip
    rows += _footbridges(waters, BRIDGE_COUNT - len(rows), random)
    frame = with_subdistrict(pd.DataFrame(rows).round({"lon": 6, "lat": 6}))
    city = frame["is_city"].to_numpy(dtype=bool)
    drawn = [
        random.choice(CONDITIONS, p=CITY_CONDITIONS if one else DISTRICT_CONDITIONS) for one in city
    ]
    checked = pd.Timestamp("2021-03-01") + pd.to_timedelta(
        random.integers(0, 1700, len(frame)), unit="D"
    )
    numbers: Counter = Counter()
    names = []
    for row in frame.itertuples():
        stem = (
            f"{row.road_name}{row.river}桥"
            if isinstance(row.road_name, str)
            else f"{row.river}人行桥"
        )
        numbers[stem] += 1
        names.append(stem if numbers[stem] == 1 else f"{stem} {numbers[stem]}")
    frame = frame.assign(
        bridge_id=[f"QL{number:03d}" for number in range(1, len(frame) + 1)],
        bridge_name=names,
        is_mapped=True,
        managed_level=np.where(city, "市管", "区管"),
        condition=drawn,
        checked_on=checked,
        source_kind="sample",
    )
    return with_map_streets("streets.bridges", frame.drop(columns=["river", "is_city"]))


def _footbridges(waters: list, count: int, random: np.random.Generator) -> list[dict]:
    """Invented footbridges on watercourses, evenly spaced, as many as are wanted."""
    spots = [
        (river, point)
        for river, course in waters
        if not course.is_empty
        for point in along.points_along(to_metres(course), BANK_SPACING_M)
    ]
    chosen = [spots[i] for i in np.sort(random.permutation(len(spots))[:count])]
    lon, lat = points_to_degrees(*np.array([point for _, point in chosen]).T)
    return [
        {"road_name": None, "river": river or "河道", "lon": x, "lat": y, "is_city": False}
        for (river, _), x, y in zip(chosen, lon, lat, strict=True)
    ]
