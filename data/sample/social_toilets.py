"""Sample of toilets that businesses along the street open to all (社会厕所), beside the 454 public.

They are invented throughout, with a seed of their own. Of grade, stars and stalls little is known, as
in real lists; a few opened within the years of the plan.
"""

import numpy as np
import pandas as pd

from data.sample.common import exact_flags, generator
from data.sample.roadside import chosen_beside_streets, numbered_names, roadside_candidates

SOCIAL_BY_SUBDISTRICT = {
    "清波": 4,
    "湖滨": 7,
    "小营": 4,
    "南星": 2,
    "紫阳": 3,
    "望江": 3,
    "凯旋": 2,
    "采荷": 3,
    "闸弄口": 2,
    "四季青": 6,
    "彭埠": 2,
    "笕桥": 1,
    "丁兰": 0,
    "九堡": 1,
}
"""40 in all, most where shops are; of 丁兰 the map has no streets."""
OPENED = {2018: 12, 2019: 10, 2020: 8, 2021: 3, 2022: 4, 2024: 3}
"""How many of them opened in which year."""
MIN_GAP_M = 120.0
OPEN_24H_SHARE = 0.15
ACCESSIBLE_SHARE = 0.4
UNKNOWN_ACCESS_SHARE = 0.5
"""Of half of them nobody has filled in whether they are accessible."""


def social_toilets(public_m: np.ndarray) -> pd.DataFrame:
    """Rows of ``toilets.toilets``, apart from the public ones at ``public_m`` (east, north)."""
    random = generator("social toilets")
    places = chosen_beside_streets(
        roadside_candidates(random, with_banks=False),
        SOCIAL_BY_SUBDISTRICT,
        MIN_GAP_M,
        random,
        public_m,
    )
    places = places.sort_values(["subdistrict_code", "lat"], kind="stable").reset_index(drop=True)
    count = len(places)
    accessible = pd.array(exact_flags(random, count, ACCESSIBLE_SHARE), dtype="boolean")
    accessible[exact_flags(random, count, UNKNOWN_ACCESS_SHARE)] = pd.NA
    return places.assign(
        toilet_id=[f"SH{number:02d}" for number in range(1, count + 1)],
        toilet_name=numbered_names(places, "沿街单位厕所"),
        has_accessible=accessible,
        is_open_24h=exact_flags(random, count, OPEN_24H_SHARE),
        is_social=True,
        opened_year=random.permutation(np.repeat(list(OPENED), list(OPENED.values()))),
        position_source="sample",
        source_kind="sample",
    )
