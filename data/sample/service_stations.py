"""Sample register of the 71 service stations for street workers (城管驿站): invented, beside streets."""

import numpy as np
import pandas as pd

from data.frames import contract_frame
from data.sample.common import exact_flags, generator
from data.sample.roadside import chosen_beside_streets, numbered_names, roadside_candidates

STATIONS_BY_SUBDISTRICT = {
    "清波": 6,
    "湖滨": 7,
    "小营": 7,
    "南星": 5,
    "紫阳": 6,
    "望江": 5,
    "凯旋": 4,
    "采荷": 5,
    "闸弄口": 4,
    "四季青": 6,
    "彭埠": 5,
    "笕桥": 4,
    "丁兰": 3,
    "九堡": 4,
}
"""71 in all (clause 1.1.1)."""
OPENED = {2017: 12, 2018: 20, 2019: 22, 2020: 17}
"""How many opened in which year: all of them by the base year, for which the plan counts them."""
MIN_GAP_M = 250.0
WITH_TOILET_SHARE = 0.55
OPEN_24H_SHARE = 0.2


def service_station_tables() -> dict[str, pd.DataFrame]:
    """``toilets.service_stations``."""
    random = generator("service stations")
    places = chosen_beside_streets(
        roadside_candidates(random),
        STATIONS_BY_SUBDISTRICT,
        MIN_GAP_M,
        random,
        np.empty((0, 2)),
    )
    places = places.sort_values(["subdistrict_code", "lat"], kind="stable").reset_index(drop=True)
    count = len(places)
    stations = places.assign(
        station_id=[f"YZ{number:02d}" for number in range(1, count + 1)],
        station_name=numbered_names(places, "驿站"),
        has_toilet=exact_flags(random, count, WITH_TOILET_SHARE),
        is_open_24h=exact_flags(random, count, OPEN_24H_SHARE),
        opened_year=random.permutation(np.repeat(list(OPENED), list(OPENED.values()))),
        source_kind="sample",
    )
    path = "toilets.service_stations"
    return {path: contract_frame(path, stations)}
