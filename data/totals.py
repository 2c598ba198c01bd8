"""Totals that sample data must share with the plan: one table of rules.

The expected figure is read from ``plan.facts`` by its key; the one given here stands in while that
table lacks the key. Registers are not held to these totals: they state what is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from data.projects import UNNAMED_ROADS

BASE_YEAR = 2020
SPOTS_YEAR = 2022
"""The plan's dark spots were to be gone by the end of this year (clause 4.1.3)."""
METRES_PER_KM = 1000
PASSING_CLASSES = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")


@dataclass(frozen=True)
class Total:
    """One rule: what is counted in which table, and the plan's figure for it."""

    table: str
    label: str
    measure: Callable[[pd.DataFrame], float]
    fact_key: str
    expected: float
    unit: str
    operator: str = "="
    tolerance: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """A rule applied: the plan's figure, the one found, and whether they agree."""

    total: Total
    expected: float
    found: float
    agrees: bool


def _beautiful(frame: pd.DataFrame, *levels: str) -> pd.DataFrame:
    by_base_year = frame["beautiful_year"].le(BASE_YEAR).fillna(False).astype(bool)
    return frame[by_base_year & frame["beautiful_level"].isin(levels)]


def _passing_share_pct(frame: pd.DataFrame) -> float:
    judged = frame[(frame["month"].dt.year == BASE_YEAR) & frame["quality_class"].notna()]
    return 100 * judged["quality_class"].isin(PASSING_CLASSES).mean()


def _streets(frame: pd.DataFrame, designation: str, before: bool = True) -> int:
    early = frame["completed_year"].le(BASE_YEAR).fillna(False).astype(bool)
    wanted = early if before else ~early
    return int(((frame["designation"] == designation) & wanted).sum())


def _public(frame: pd.DataFrame) -> pd.DataFrame:
    """The public toilets: those of businesses along the street are counted apart."""
    return frame[~frame["is_social"].fillna(False).astype(bool)]


def _repairs(year: int) -> Callable[[pd.DataFrame], float]:
    return lambda frame: int((frame["plan_year"] == year).sum())


def _named_repairs(year: int, level: str) -> Callable[[pd.DataFrame], float]:
    """Repairs of a year that are rows of their own in the plan."""
    return lambda frame: int(
        (
            (frame["plan_year"] == year)
            & (frame["managed_level"] == level)
            & (frame["project_id"] != UNNAMED_ROADS)
        ).sum()
    )


def _quantity(kind: str) -> Callable[[pd.DataFrame], float]:
    return lambda frame: float(frame.loc[frame["project_kind"] == kind, "quantity"].sum())


def planned_spots(frame: pd.DataFrame) -> pd.DataFrame:
    """The dark spots that the plan counts: the list goes on after the year it set itself."""
    return frame[frame["found_on"].dt.year <= SPOTS_YEAR]


def _connected(frame: pd.DataFrame) -> int:
    """Cabinets on the central switch by the base year."""
    by_base_year = frame["connected_year"].le(BASE_YEAR).fillna(False).astype(bool)
    return int((frame["is_on_central_switch"].fillna(False).astype(bool) & by_base_year).sum())


_RIVERS, _WATER = "rivers.rivers", "rivers.water_quality"
_DEMO, _TOILETS = "streets.demonstration_streets", "toilets.toilets"
_STATIONS = "toilets.service_stations"
_REPAIRS, _ACCESS = "streets.road_projects", "streets.accessibility_points"
_BRIDGES = "streets.bridges"
_PROJECTS, _SPOTS = "lighting.projects", "lighting.dark_spots"
_CABINETS = "lighting.cabinets"
_BOTH = ("provincial", "municipal")

TOTALS = (
    Total(_RIVERS, "河道总数", len, "river_count", 63, "条"),
    Total(_RIVERS, "基期美丽河湖", lambda f: len(_beautiful(f, *_BOTH)),
          "beautiful_river_count", 28, "条"),
    Total(_RIVERS, "基期美丽河湖长度",
          lambda f: _beautiful(f, *_BOTH)["length_m"].sum() / METRES_PER_KM,
          "beautiful_river_length_km", 73.9, "km", tolerance=0.05),
    Total(_RIVERS, "基期省级美丽河湖", lambda f: len(_beautiful(f, "provincial")),
          "provincial_beautiful_river_count", 21, "条"),
    Total(_RIVERS, "基期省级美丽河湖长度",
          lambda f: _beautiful(f, "provincial")["length_m"].sum() / METRES_PER_KM,
          "provincial_beautiful_river_length_km", 63.4, "km", tolerance=0.05),
    Total(_WATER, "基期Ⅳ类及以上占比", _passing_share_pct, "class_iv_share_pct", 85.1, "%",
          tolerance=0.05),
    Total(_DEMO, "市、区级精品示范街", lambda f: int((f["designation"] == "boutique").sum()),
          "demonstration_street_count", 14, "条"),
    Total(_DEMO, "基期省级街容示范街", lambda f: _streets(f, "provincial"),
          "provincial_showcase_street_base_count", 11, "条"),
    Total(_DEMO, "新创省级街容示范街", lambda f: _streets(f, "provincial", before=False),
          "provincial_showcase_street_new_count", 1, "条", ">="),
    Total(_TOILETS, "公共厕所", lambda f: len(_public(f)), "star_toilet_count", 454, "座"),
    Total(_TOILETS, "基期前提升改造",
          lambda f: int(_public(f)["renewed_year"].le(BASE_YEAR).sum()),
          "renewed_toilet_count", 92, "座"),
    Total(_STATIONS, "基期城管驿站", lambda f: int(f["opened_year"].le(BASE_YEAR).sum()),
          "street_station_count", 71, "个"),
    Total(_PROJECTS, "亚运场馆", _quantity("venue"), "asian_games_venue_count", 1, "个"),
    Total(_PROJECTS, "交通枢纽", _quantity("hub"), "asian_games_hub_count", 2, "个"),
    Total(_PROJECTS, "入城口", _quantity("city_entrance"),
          "asian_games_city_entrance_count", 2, "个"),
    Total(_PROJECTS, "窗口展示道路", _quantity("window_road"),
          "asian_games_window_road_count", 8, "条"),
    Total(_PROJECTS, "建筑楼宇", _quantity("building"), "asian_games_building_count", 111, "幢"),
    Total(_PROJECTS, "公共部位", _quantity("public_place"),
          "asian_games_public_place_count", 8, "处"),
    Total(_PROJECTS, "堤岸线", _quantity("embankment"), "asian_games_embankment_count", 1, "条"),
    Total(_PROJECTS, "绿化带", _quantity("green_belt"), "green_belt_length_km", 3, "km"),
    Total("plan.projects", "迎亚运修缮道路", _quantity("road"), "repaired_road_count", 54, "条"),
    Total(_REPAIRS, "道路修缮", len, "repaired_road_count", 54, "条"),
    Total(_REPAIRS, "2021 年开工修缮", _repairs(2021), "repaired_road_2021_count", 51, "条"),
    Total(_REPAIRS, "2022 年开工修缮", _repairs(2022), "repaired_road_2022_count", 3, "条"),
    Total(_REPAIRS, "2021 年列名的市管道路", _named_repairs(2021, "市管"),
          "repaired_road_2021_city_named_count", 8, "条"),
    Total(_REPAIRS, "2021 年列名的区管道路", _named_repairs(2021, "区管"),
          "repaired_road_2021_district_named_count", 6, "条"),
    Total(_ACCESS, "无障碍问题点", len, "accessibility_point_count", 1107, "个"),
    Total(_BRIDGES, "桥梁结构性检测", len, "bridge_inspection_count", 303, "座"),
    Total(_CABINETS, "基期接入一把闸刀", _connected, "central_switch_system_count", 144, "套"),
    Total(_SPOTS, "规划盲区暗点", lambda f: len(planned_spots(f)), "dark_spot_count", 14, "处"),
)  # fmt: skip


def is_sample(frame: pd.DataFrame) -> bool:
    """Whether a dataset rests on sample rows."""
    return bool((frame["source_kind"] == "sample").any())


def verdicts(tables: Mapping[str, pd.DataFrame]) -> list[Verdict]:
    """Every rule whose dataset holds sample rows, applied."""
    facts = tables["plan.facts"].set_index("fact_key")["value"]
    return [
        _apply(total, tables[total.table], float(facts.get(total.fact_key, total.expected)))
        for total in TOTALS
        if is_sample(tables[total.table])
    ]


def _apply(total: Total, frame: pd.DataFrame, expected: float) -> Verdict:
    found = float(total.measure(frame))
    if total.operator == ">=":
        return Verdict(total, expected, found, found >= expected)
    return Verdict(total, expected, found, abs(found - expected) <= total.tolerance)
