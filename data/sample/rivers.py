"""Sample register of rivers that agrees with the plan's totals.

Courses are real (clipped to the district); what a register would add (rank, level of 美丽河湖,
year, river chief) is invented with a fixed seed. Lengths are metres, positions degrees (WGS-84).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import clipped, reach_table, short_names
from data.sample.common import generator
from data.sample.river_points import river_point_tables
from geo import district
from geo.geojson import to_text
from geo.overlay import cut_by_areas
from geo.projection import length_m

MIN_NAMED_M = 200.0
"""Named courses shorter than this inside the district only touch its edge."""
UNNAMED_COUNT = 20
UNNAMED_PREFIX = "未命名河道"
UNMAPPED_NAMES = ("江干渠", "引水河", "三号港", "七号港", "八号港", "大农港", "同协河")
"""Rivers that the plan names and no map at hand shows."""
TRUNK_NAMES = ("钱塘江", "京杭大运河", "上塘河")
MAIN_RIVER_M = 2000.0

# Totals of the plan's base year (clause 1.1.4).
PROVINCIAL_BASE, PROVINCIAL_BASE_KM = 21, 63.4
MUNICIPAL_BASE, MUNICIPAL_BASE_KM = 7, 10.5
LENGTH_TOLERANCE_KM = 0.03
CREATED_LATER = {2021: 5, 2022: 5, 2023: 5, 2024: 4, 2025: 3}
PROVINCIAL_LATER_SHARE = 0.4

PROVINCIAL_FROM_THE_START = (
    "钱塘江",
    "京杭大运河",
    "中河",
    "东河",
    "贴沙河",
    "上塘河",
    "新塘河",
    "备塘河",
)
# Rivers on which the plan announces works were not finished in its base year.
CREATED_IN = {
    "新开河": 2021,
    "江干渠": 2022,
    "白石港": 2022,
    "六号港": 2023,
    "三号港": 2024,
    "五号港": 2024,
    "引水河": 2025,
}
# Left out to the end, most of them in the north-east, so that the district stays one river short
# of its goal and the gap has a place.
NEVER_NAMES = ("笕桥港", "和睦港", "横一港", "褚家港", "七号港", "八号港", "大农港", "同协河")
NEVER_WATERWAYS = ("W046", "W048", "W050", "W058", "W060")

BOX2_NAMES = (
    "三号港",
    "六号港",
    "引水河",
    "和睦港",
    "同协河",
    "七号港",
    "白石港",
    "五号港",
    "八号港",
    "大农港",
)
CLAUSE_435_NAMES = ("新塘河", "新开河", "江干渠")


@dataclass(frozen=True)
class Course:
    """One river of the sample: its course inside the district in degrees, None if unmapped."""

    waterway_id: str | None
    name: str
    is_named: bool
    geometry: BaseGeometry | None
    length_m: float


def courses() -> list[Course]:
    """The 63 rivers: trunk rivers first, then named ones by length, unmapped, unnamed ones."""
    named, unnamed = [], []
    for feature in district.layer("waterways"):
        geometry = clipped(feature.geometry)
        if geometry.is_empty:
            continue
        waterway_id = feature.properties["waterway_id"]
        name = feature.properties["waterway_name"]
        course = Course(waterway_id, name or "", bool(name), geometry, length_m(geometry))
        (named if name else unnamed).append(course)
    named = [course for course in named if course.length_m >= MIN_NAMED_M]
    named.sort(key=lambda c: (c.name not in TRUNK_NAMES, -c.length_m))
    unnamed.sort(key=lambda c: -c.length_m)
    return [
        *named,
        *(Course(None, name, True, None, np.nan) for name in UNMAPPED_NAMES),
        *(_numbered(course, i) for i, course in enumerate(unnamed[:UNNAMED_COUNT], start=1)),
    ]


def _numbered(course: Course, number: int) -> Course:
    pieces = cut_by_areas(course.geometry, district.subdistrict_areas())
    home = max(pieces, key=lambda code: pieces[code][1])
    name = f"{UNNAMED_PREFIX} {number:02d}（{short_names()[home]}）"
    return Course(course.waterway_id, name, False, course.geometry, course.length_m)


def river_tables() -> dict[str, pd.DataFrame]:
    """``rivers.rivers``, ``rivers.reaches``, ``rivers.sections`` and ``rivers.facilities``."""
    listed = courses()
    ids = [f"R{number:02d}" for number in range(1, len(listed) + 1)]
    random = generator("rivers")
    created = _beautiful(listed, random)
    rows = [
        _river_row(river_id, course, *created.get(course.name, ("none", None)), random)
        for river_id, course in zip(ids, listed, strict=True)
    ]
    shapes = {
        river_id: course.geometry
        for river_id, course in zip(ids, listed, strict=True)
        if course.geometry is not None
    }
    rivers = contract_frame("rivers.rivers", rows)
    return {
        "rivers.rivers": rivers,
        "rivers.reaches": reach_table(shapes, "sample"),
        **river_point_tables(rivers),
    }


def _river_row(
    river_id: str, course: Course, level: str, year: int | None, random: np.random.Generator
) -> dict:
    rank = _rank(course)
    by_street = rank == "branch" and random.random() < 0.85
    return {
        "river_id": river_id,
        "river_name": course.name,
        "is_named": course.is_named,
        "is_mapped": course.geometry is not None,
        "rank": rank,
        "length_m": course.length_m,
        "beautiful_level": level,
        "beautiful_year": year,
        "chief_level": "街道级" if by_street else "区级",
        "geometry_json": to_text(course.geometry),
        "clause": _clause(course.name, year),
        "source_kind": "sample",
    }


def _rank(course: Course) -> str:
    if course.name in TRUNK_NAMES:
        return "trunk"
    return "main" if course.length_m >= MAIN_RIVER_M else "branch"


def _clause(name: str, year: int | None) -> str | None:
    if name in BOX2_NAMES:
        return "box2"
    if name in CLAUSE_435_NAMES:
        return "4.3.5"
    if year is None:
        return None
    return "1.1.4" if year <= 2020 else "4.3.5"


def _beautiful(listed: list[Course], random: np.random.Generator) -> dict[str, tuple[str, int]]:
    """Level and year of every river that is 美丽河湖 by 2025, by river name."""
    excluded = set(NEVER_NAMES) | {c.name for c in listed if c.waterway_id in NEVER_WATERWAYS}
    mapped = {c.name: c for c in listed if c.geometry is not None and c.name not in excluded}
    pool = [course for name, course in mapped.items() if name not in CREATED_IN]
    anchors = [mapped[name] for name in PROVINCIAL_FROM_THE_START]
    named = [course for course in pool if course.is_named]
    provincial = _subset(named, anchors, PROVINCIAL_BASE, PROVINCIAL_BASE_KM, random)
    rest = [course for course in pool if course not in provincial]
    municipal = _subset(rest, [], MUNICIPAL_BASE, MUNICIPAL_BASE_KM, random)
    created = {
        course.name: (level, int(random.integers(2017, 2021)))
        for level, group in (("provincial", provincial), ("municipal", municipal))
        for course in group
    }
    later = [c.name for c in listed if c.name not in created and c.name not in excluded]
    open_names = [name for name in later if name not in CREATED_IN]
    random.shuffle(open_names)
    for year, count in CREATED_LATER.items():
        fixed = [name for name, when in CREATED_IN.items() if when == year]
        free = [open_names.pop() for _ in range(count - len(fixed))]
        for name in [*fixed, *free]:
            named_here = not name.startswith(UNNAMED_PREFIX)
            provincial_now = named_here and random.random() < PROVINCIAL_LATER_SHARE
            created[name] = ("provincial" if provincial_now else "municipal", year)
    return created


def _subset(
    pool: list[Course],
    anchors: list[Course],
    count: int,
    total_km: float,
    random: np.random.Generator,
) -> list[Course]:
    """``count`` rivers, the anchors among them, whose real lengths sum to ``total_km``.

    Random draws that favour named rivers, until one fits within ``LENGTH_TOLERANCE_KM``.
    """
    others = [course for course in pool if course not in anchors]
    lengths_km = np.array([course.length_m for course in others]) / 1000
    weights = np.array([3.0 if course.is_named else 1.0 for course in others])
    wanted_km = total_km - sum(course.length_m for course in anchors) / 1000
    for _ in range(100_000):
        drawn = random.choice(
            len(others), count - len(anchors), replace=False, p=weights / weights.sum()
        )
        if abs(lengths_km[drawn].sum() - wanted_km) <= LENGTH_TOLERANCE_KM:
            return [*anchors, *(others[i] for i in sorted(drawn))]
    raise ValueError(f"no {count} rivers of {total_km} km among {len(pool)}")
