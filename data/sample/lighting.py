"""Sample register of street lamps and scenery lights, and their yearly figures.

Lamps stand along real streets, scenery lights along banks and core streets; their state is invented
with a fixed seed so that the district's shares of 2025 come out as ``DISTRICT_SHARE`` says.
Positions are degrees (WGS-84), spacings and offsets metres (EPSG:4549).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.contracts import LAST_YEAR, YEARS
from data.frames import contract_frame
from data.geography import (
    clipped,
    in_water,
    river_bank,
    short_names,
    street_pieces,
    with_subdistrict,
)
from data.sample.common import BANK_NAMES, exact_flags, generator
from geo import along, district
from geo.overlay import line_parts
from geo.projection import points_to_degrees, to_metres

DISTRICT_PREFIX = "330102"
KIND_CLASS = {"street_lamp": "0118", "scenery_light": "0120"}
"""Classes of components in GB/T 30428.2."""


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

# Whole district, 2025 (per cent of the lights of that kind).
DISTRICT_SHARE = {
    "street_lamp": {"lit": 98.6, "sound": 98.3, "controlled": 77.5, "led": 84.0},
    "scenery_light": {"lit": 97.8, "sound": 97.2, "controlled": 70.5, "led": 93.0},
}
# Distance of each subdistrict from the district (percentage points): lit, sound, controlled, led.
SUBDISTRICT_DELTA = {
    "清波": (0.6, 0.7, 14, 4),
    "湖滨": (0.9, 1.0, 19, 8),
    "小营": (0.4, 0.4, 11, 2),
    "南星": (0.0, -0.2, 2, -4),
    "紫阳": (0.2, 0.2, 5, -1),
    "望江": (0.3, 0.3, 6, 3),
    "凯旋": (0.2, 0.1, 4, -2),
    "采荷": (0.3, 0.2, 6, -3),
    "闸弄口": (-0.1, 0.0, -3, -5),
    "四季青": (0.6, 0.6, 12, 9),
    "彭埠": (-0.2, -0.1, -8, 2),
    "笕桥": (-1.0, -1.0, -19, -8),
    "丁兰": (-1.7, -1.5, -30, -12),
    "九堡": (-0.9, -0.8, -22, -4),
}
MEASURES = ("lit", "sound", "controlled", "led")

INSTALLED_BEFORE_2021 = {"street_lamp": 0.88, "scenery_light": 0.62}
INSTALLED_LATER = {
    "street_lamp": (0.26, 0.28, 0.2, 0.14, 0.12),
    "scenery_light": (0.26, 0.42, 0.2, 0.07, 0.05),
}
"""Shares of the lights of 2021–2025 by year: scenery was built for the games of 2023."""

# How far the district's share stood below that of 2025 (percentage points), 2020 to 2025.
YEARLY_GAP = {
    "lit": (1.5, 1.1, 0.7, 0.3, 0.2, 0.0),
    "sound": (1.8, 1.4, 0.9, 0.4, 0.2, 0.0),
    "controlled": (36.0, 28.0, 18.0, 10.0, 5.0, 0.0),
    "led": (38.0, 29.0, 19.0, 11.0, 5.0, 0.0),
}
COUNT_COLUMNS = {
    "lit": "lit_count",
    "sound": "sound_count",
    "controlled": "controlled_count",
    "led": "led_count",
}


def lighting_asset_tables() -> dict[str, pd.DataFrame]:
    """``lighting.assets`` and ``lighting.yearly``."""
    random = generator("lighting")
    assets = pd.concat(
        [_lights("street_lamp", _lamp_lines()), _lights("scenery_light", _scenery_lines())],
        ignore_index=True,
    )
    assets = _with_state(assets, random)
    return {
        "lighting.assets": contract_frame("lighting.assets", assets),
        "lighting.yearly": _yearly(assets),
    }


def _lamp_lines() -> list[tuple[str, BaseGeometry, Row]]:
    """Place name, line in degrees and row of every line with lamps."""
    lines = [
        (piece.street_name, piece.geometry, LAMP_ROWS[piece.street_class])
        for piece in street_pieces()
        if piece.street_class in LAMP_ROWS and not any(w in piece.street_name for w in NO_LAMPS)
    ]
    waterways = _waterways()
    for code, area in district.subdistrict_areas().items():
        if short_names()[code] in BANK_NAMES:
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


def _scenery_lines() -> list[tuple[str, BaseGeometry, Row]]:
    waterways = _waterways()
    lines = [("钱塘江景观带", river_bank(), SCENERY_BANK)]
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
    dry_only = frame["place_name"].str.endswith(BANK_SUFFIX) | (kind == "scenery_light")
    frame = frame[~(dry_only & in_water(frame["lon"].to_numpy(), frame["lat"].to_numpy()))]
    frame = frame.drop_duplicates(["lon", "lat"])
    frame = frame.sort_values(["subdistrict_code", "place_name"], kind="stable")
    prefix = DISTRICT_PREFIX + KIND_CLASS[kind]
    return frame.assign(
        asset_kind=kind, asset_id=[f"{prefix}{number:06d}" for number in range(1, len(frame) + 1)]
    )


def _shares(assets: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Share (0–1) of each measure by subdistrict code, so that the district's shares come out."""
    counts = assets.loc[assets["asset_kind"] == kind, "subdistrict_code"].value_counts()
    short = short_names()
    deltas = np.array([SUBDISTRICT_DELTA[short[code]] for code in counts.index])
    centred = deltas - np.average(deltas, axis=0, weights=counts.to_numpy())
    district_share = np.array([DISTRICT_SHARE[kind][measure] for measure in MEASURES])
    percent = np.clip(district_share + centred, 0, 99.9)
    return pd.DataFrame(percent / 100, index=counts.index, columns=list(MEASURES))


def _with_state(assets: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """State of 2025 and year of installation."""
    count = len(assets)
    flags = {measure: np.zeros(count, dtype=bool) for measure in MEASURES}
    installed = np.zeros(count, dtype=int)
    for kind in KIND_CLASS:
        shares = _shares(assets, kind)
        of_kind = (assets["asset_kind"] == kind).to_numpy()
        for code, share in shares.iterrows():
            here = np.flatnonzero(of_kind & (assets["subdistrict_code"] == code).to_numpy())
            for measure in ("sound", "controlled", "led"):
                flags[measure][here] = exact_flags(random, len(here), share[measure])
            # A light that does not burn is not sound, so the dark ones are among the unsound.
            unsound = random.permutation(here[~flags["sound"][here]])
            flags["lit"][here] = True
            flags["lit"][unsound[: len(here) - round(len(here) * share["lit"])]] = False
            installed[here] = _installed(kind, len(here), random)
    return assets.assign(
        is_led=flags["led"],
        is_centrally_controlled=flags["controlled"],
        is_sound=flags["sound"],
        state=np.where(flags["lit"], "lit", "unlit"),
        installed_year=installed,
        source_kind="sample",
    )


def _installed(kind: str, count: int, random: np.random.Generator) -> np.ndarray:
    old = exact_flags(random, count, INSTALLED_BEFORE_2021[kind])
    later = random.choice(np.arange(2021, LAST_YEAR + 1), count, p=INSTALLED_LATER[kind])
    return np.where(old, random.integers(1999, 2021, count), later)


def _yearly(assets: pd.DataFrame) -> pd.DataFrame:
    """Counts by year: 2025 as the assets are, earlier years those installed by then."""
    by = ["subdistrict_code", "subdistrict_name", "asset_kind"]
    measured = assets.assign(
        lit_count=assets["state"] == "lit",
        sound_count=assets["is_sound"],
        controlled_count=assets["is_centrally_controlled"],
        led_count=assets["is_led"],
    )
    now = measured.groupby(by)[list(COUNT_COLUMNS.values())].sum()
    total = measured.groupby(by).size()
    years = []
    for place, year in enumerate(YEARS):
        standing = assets[assets["installed_year"] <= year].groupby(by).size()
        frame = pd.DataFrame({"asset_count": standing.reindex(total.index, fill_value=0)})
        for measure, column in COUNT_COLUMNS.items():
            share = now[column] / total - YEARLY_GAP[measure][place] / 100
            frame[column] = (share.clip(0, 1) * frame["asset_count"]).round().astype(int)
        years.append(frame.reset_index().assign(year=year, source_kind="sample"))
    return contract_frame("lighting.yearly", pd.concat(years, ignore_index=True))
