"""Sample register of control cabinets: each feeds a compact group of lights of one subdistrict.

Street lamps have cabinets of their own, scenery and ground lamps share others. Which cabinets are on
the central switch, and since when, is invented; 144 are by the end of 2020 (clause 1.1.3).
Positions are degrees (WGS-84), points metres (EPSG:4549).
"""

import numpy as np
import pandas as pd

from data.frames import contract_frame
from data.geography import in_water, short_names, with_subdistrict
from data.sample.common import exact_flags
from data.sample.lighting_shares import CONTROLLED_SHARE, subdistrict_shares
from data.sample.roadside import places_metres
from geo.projection import points_to_degrees

LIGHTS_PER_CABINET = 92
WITHOUT_CABINET_SHARE = 0.005
BESIDE_M = 1.2
"""A cabinet stands so far east and north of a lamp that it feeds."""
CONNECTED_BY = {
    2016: 18, 2017: 41, 2018: 70, 2019: 106, 2020: 144, 2021: 174, 2022: 211, 2023: 242, 2024: 260,
    2025: 274,
}  # fmt: skip
"""How many cabinets were on the central switch by the end of each year."""
TROUBLED = {"丁兰": 2, "笕桥": 2, "九堡": 2, "彭埠": 1, "南星": 1}
"""Cabinets whose lights fail far more often, by subdistrict."""
TROUBLE_SPREAD = 0.25
TROUBLED_FACTOR = (4.0, 6.0)


def with_cabinets(
    lights: pd.DataFrame, random: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lights with their cabinet's ``cabinet_id``, ``connected_year`` and ``trouble``; the cabinets.

    ``trouble`` says how often lights fail, 1 for usual. The few lights without a cabinet have no
    ``cabinet_id``; ``connected_year`` is missing where a light is not on the central switch.
    """
    is_lamp = lights["asset_kind"] == "street_lamp"
    grouped = lights.assign(family=np.where(is_lamp, "street", "scenery"))
    grouped = grouped.assign(number=_numbers(grouped, random))
    cabinets = _placed(grouped)
    cabinets = cabinets.assign(
        cabinet_id=[f"KZ{n:03d}" for n in range(1, len(cabinets) + 1)],
        connected_year=_connected(cabinets, random),
        trouble=_trouble(cabinets, random),
    )
    fed_by = cabinets[["cabinet_id", "connected_year", "trouble"]].reindex(grouped["number"])
    lights = pd.concat([lights, fed_by.set_axis(lights.index)], axis=1)
    return lights.fillna({"trouble": 1.0}), cabinets


def cabinet_table(cabinets: pd.DataFrame) -> pd.DataFrame:
    """``lighting.cabinets``."""
    numbers = (cabinets.groupby("place_name").cumcount() + 1).astype("str")
    frame = cabinets.drop(columns=["family", "trouble"]).assign(
        cabinet_name=cabinets["place_name"] + " " + numbers + " 号控制柜",
        is_on_central_switch=cabinets["connected_year"].notna(),
        source_kind="sample",
    )
    return contract_frame("lighting.cabinets", frame)


def compact_groups(points_m: np.ndarray, count: int) -> np.ndarray:
    """Number (0 … count − 1) of a group for each point (N × 2): near together, equally many.

    All points are halved across their longer side, and the halves again, until there are so many.
    """
    group = np.empty(len(points_m), dtype=int)
    open_parts, number = [(np.arange(len(points_m)), count)], 0
    while open_parts:
        members, wanted = open_parts.pop()
        if wanted == 1:
            group[members] = number
            number += 1
            continue
        side = np.argmax(np.ptp(points_m[members], axis=0))
        ordered = members[np.argsort(points_m[members, side], kind="stable")]
        cut = round(len(members) * (wanted // 2) / wanted)
        open_parts += [(ordered[cut:], wanted - wanted // 2), (ordered[:cut], wanted // 2)]
    return group


def _numbers(lights: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Number of each light's cabinet; −1 for a light without."""
    points_m = places_metres(lights)
    fed = np.flatnonzero(~exact_flags(random, len(lights), WITHOUT_CABINET_SHARE))
    number, used = np.full(len(lights), -1), 0
    for _, own in lights.iloc[fed].groupby(["subdistrict_code", "family"]).indices.items():
        members = fed[own]
        count = max(1, round(len(members) / LIGHTS_PER_CABINET))
        number[members] = used + compact_groups(points_m[members], count)
        used += count
    return number


def _placed(lights: pd.DataFrame) -> pd.DataFrame:
    """A row a cabinet, by ``number``: on land beside a light amid those of its commonest place.

    ValueError where no light of a cabinet stands on land.
    """
    fed = lights[lights["number"] >= 0]
    points_m = places_metres(fed)
    lon, lat = points_to_degrees(*(points_m + BESIDE_M).T)
    spots = fed.assign(
        lon=lon.round(6), lat=lat.round(6), east_m=points_m[:, 0], north_m=points_m[:, 1]
    )
    by_cabinet = spots.groupby("number")
    middle_m = by_cabinet[["east_m", "north_m"]].transform("mean").to_numpy()
    place_name = by_cabinet["place_name"].agg(lambda names: names.mode().iloc[0])
    spots = spots.assign(
        from_middle_m=np.hypot(*(points_m - middle_m).T),
        is_elsewhere=spots["place_name"] != spots["number"].map(place_name),
    ).sort_values(["number", "is_elsewhere", "from_middle_m"], kind="stable")
    is_inside = with_subdistrict(spots)["subdistrict_code"] == spots["subdistrict_code"]
    is_dry = ~in_water(spots["lon"].to_numpy(), spots["lat"].to_numpy())
    spots = spots[is_inside & is_dry].drop_duplicates("number").set_index("number")
    if len(spots) < len(place_name):
        raise ValueError(f"no land for {len(place_name) - len(spots)} cabinets")
    kept = ["subdistrict_code", "subdistrict_name", "family", "lon", "lat"]
    return spots[kept].assign(place_name=place_name)


def _connected(cabinets: pd.DataFrame, random: np.random.Generator) -> pd.Series:
    """Year in which each cabinet was put on the central switch; missing for those that are not.

    In each subdistrict cabinets come one after the other, the faster the larger its share is.
    """
    turn = pd.Series(0.0, cabinets.index)
    for family, of_family in cabinets.groupby("family"):
        counts = of_family["subdistrict_code"].value_counts(sort=False)
        shares = subdistrict_shares(counts, CONTROLLED_SHARE[family])["controlled"]
        for code, rows in of_family.groupby("subdistrict_code").groups.items():
            order = random.permutation(len(rows)) + 0.5
            turn[rows] = order / (len(rows) * shares[code])
    by_turn = np.argsort(turn.to_numpy(), kind="stable")
    years = np.full(len(cabinets), np.nan)
    first = 0
    for year, last in CONNECTED_BY.items():
        years[by_turn[first:last]] = year
        first = last
    return pd.Series(years, cabinets.index).astype("Int32")


def _trouble(cabinets: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """How often the lights of each cabinet fail, as a multiple of what is usual."""
    trouble = random.lognormal(0, TROUBLE_SPREAD, len(cabinets))
    short = cabinets["subdistrict_code"].map(short_names())
    for name, count in TROUBLED.items():
        worst = random.permutation(np.flatnonzero(short == name))[:count]
        trouble[worst] = random.uniform(*TROUBLED_FACTOR, count)
    return trouble
