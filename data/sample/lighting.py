"""Where the lights of the sample stand: lamps along real streets, scenery lights along banks.

Positions are degrees (WGS-84), spacings and offsets metres (EPSG:4549).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.component_codes import LAMP_CLASSES
from data.geography import (
    clipped,
    in_water,
    river_bank,
    short_names,
    street_pieces,
    with_subdistrict,
)
from data.sample.common import BANK_NAMES
from geo import along, district
from geo.overlay import line_parts
from geo.projection import points_to_degrees, to_metres

DISTRICT_PREFIX = "330102"


@dataclass(frozen=True)
class Row:
    """How lights stand along a line: spacing, distance from its middle, which sides (metres)."""

    spacing_m: float
    offset_m: float
    sides: str = "both"


LAMP_ROWS = {
    "trunk": Row(40, 0.5, "one"),
    "primary": Row(38, 9),
    "secondary": Row(38, 8),
    "tertiary": Row(33, 6, "staggered"),
    "residential": Row(32, 4, "staggered"),
    "service": Row(33, 3, "one"),
    "pedestrian": Row(30, 3, "staggered"),
    "footway": Row(33, 2, "one"),
}
BANK_LAMPS = Row(24, 15, "staggered")
BANK_SUFFIX = "沿岸"
NO_LAMPS = ("隧道", "地道")
UNLIT_STREETS = (("笕桥", "蔡阳路"), ("笕桥", "驿城路"), ("九堡", "九昌路"), ("九堡", "金禾街"))
"""Subdistrict and street: small streets of the outskirts that have no lamps yet."""
LARGE_ROADS = ("trunk", "primary", "secondary")

GROUND_STREETS = {
    "河坊街": Row(15, 2.5),
    "中山中路": Row(12, 2.5, "staggered"),
    "湖滨路": Row(12, 2.5, "staggered"),
    "东坡路": Row(12, 2, "staggered"),
    "大井巷": Row(12, 1.5, "one"),
    "平海路": Row(12, 2, "staggered"),
    "学士路": Row(12, 2, "staggered"),
    "龙翔路": Row(12, 2, "staggered"),
}
"""Pedestrian streets with lamps in the ground."""
GROUND_SQUARES = {"民心路": Row(18, 12), "剧院路": Row(24, 10)}
"""Streets of 钱江新城 whose squares have them."""
GROUND_BANK, GROUND_BANK_NAME = Row(32, 9), "四季青"
"""Along the river before 钱江新城."""

RIVER_BELT = "钱塘江景观带"
SCENERY_BANK = Row(18, 6)
SCENERY_RIVERS = {
    "京杭大运河": Row(24, 40),
    "新塘河": Row(24, 14),
    "中河": Row(30, 10),
    "东河": Row(26, 10),
    "贴沙河": Row(28, 18),
    "上塘河": Row(25, 20),
}
SCENERY_STREETS = {
    "湖滨路": Row(20, 5),
    "南山路": Row(32, 9),
    "延安路": Row(36, 11),
    "平海路": Row(32, 8),
    "河坊街": Row(24, 4),
    "中山中路": Row(25, 5),
    "富春路": Row(40, 11),
    "民心路": Row(22, 9),
    "新业路": Row(40, 10),
    "解放东路": Row(45, 11),
    "之江路": Row(50, 11, "one"),
    "德胜快速路": Row(55, 9, "one"),
    "秋石高架路": Row(55, 9, "one"),
    "艮山东路": Row(55, 11, "one"),
    "艮山西路": Row(55, 11, "one"),
}


def placed_lights() -> pd.DataFrame:
    """Every light: ``asset_id``, kind, place, subdistrict, position, and ``on_large_road``."""
    return pd.concat(
        [
            _lights("street_lamp", _lamp_lines()),
            _lights("ground_lamp", _ground_lines()),
            _lights("scenery_light", _scenery_lines()),
        ],
        ignore_index=True,
    )


def _lamp_lines() -> list[tuple[str, BaseGeometry, Row]]:
    """Place name, line in degrees and row of every line with lamps."""
    short = short_names()
    lines = [
        (piece.street_name, piece.geometry, LAMP_ROWS[piece.street_class])
        for piece in street_pieces()
        if piece.street_class in LAMP_ROWS
        and not any(word in piece.street_name for word in NO_LAMPS)
        and (short[piece.subdistrict_code], piece.street_name) not in UNLIT_STREETS
    ]
    waterways = _waterways()
    for code, area in district.subdistrict_areas().items():
        if short[code] in BANK_NAMES:
            lines += [
                (f"{name or '河道'}{BANK_SUFFIX}", line_parts(line.intersection(area)), BANK_LAMPS)
                for name, line in waterways.items()
            ]
    return lines


def _waterways() -> dict[str, BaseGeometry]:
    """Courses inside the district in degrees by name; the unnamed ones joined under ''."""
    courses: dict[str, BaseGeometry] = {}
    for feature in district.layer("waterways"):
        name = feature.properties["waterway_name"] or ""
        line = clipped(feature.geometry)
        courses[name] = courses[name].union(line) if name in courses else line
    return courses


def _ground_lines() -> list[tuple[str, BaseGeometry, Row]]:
    lines = []
    for piece in street_pieces():
        rows = GROUND_STREETS if piece.street_class == "pedestrian" else GROUND_SQUARES
        if piece.street_name in rows:
            lines.append((piece.street_name, piece.geometry, rows[piece.street_name]))
    for code, area in district.subdistrict_areas().items():
        if short_names()[code] == GROUND_BANK_NAME:
            lines.append((RIVER_BELT, line_parts(river_bank().intersection(area)), GROUND_BANK))
    return lines


def _scenery_lines() -> list[tuple[str, BaseGeometry, Row]]:
    waterways = _waterways()
    lines = [(RIVER_BELT, river_bank(), SCENERY_BANK)]
    lines += [
        (f"{name}{BANK_SUFFIX}", waterways[name], row) for name, row in SCENERY_RIVERS.items()
    ]
    lines += [
        (piece.street_name, piece.geometry, SCENERY_STREETS[piece.street_name])
        for piece in street_pieces()
        if piece.street_name in SCENERY_STREETS
    ]
    return lines


def _lights(kind: str, lines: list[tuple[str, BaseGeometry, Row]]) -> pd.DataFrame:
    """Lights of one kind along lines, inside the district, with subdistrict."""
    names, points = [], []
    for name, line, row in lines:
        if line.is_empty:
            continue
        line_m = to_metres(line)
        for offset_m in (row.offset_m, -row.offset_m) if row.sides == "both" else (row.offset_m,):
            found = along.points_along(line_m, row.spacing_m, offset_m, row.sides == "staggered")
            names.append(np.full(len(found), name, dtype=object))
            points.append(found)
    east_m, north_m = np.vstack(points).T
    lon, lat = points_to_degrees(east_m, north_m)
    frame = pd.DataFrame(
        {"place_name": np.concatenate(names), "lon": lon.round(6), "lat": lat.round(6)}
    )
    frame = with_subdistrict(frame).dropna(subset="subdistrict_code")
    # A street lamp over water stands on a bridge; any other light there would stand in the water.
    dry_only = frame["place_name"].str.endswith(BANK_SUFFIX) | (kind != "street_lamp")
    frame = frame[~(dry_only & in_water(frame["lon"].to_numpy(), frame["lat"].to_numpy()))]
    frame = frame.drop_duplicates(["lon", "lat"])
    frame = frame.sort_values(["subdistrict_code", "place_name"], kind="stable")
    prefix = DISTRICT_PREFIX + LAMP_CLASSES[kind]
    large = {piece.street_name for piece in street_pieces() if piece.street_class in LARGE_ROADS}
    return frame.assign(
        asset_kind=kind,
        asset_id=[f"{prefix}{number:06d}" for number in range(1, len(frame) + 1)],
        on_large_road=frame["place_name"].isin(large) & (kind == "street_lamp"),
    )
