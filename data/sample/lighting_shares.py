"""Invented shares of the lighting sample: district, subdistricts, years.

What of the lights burns, is sound, is centrally controlled and is LED: the district's shares of 2025,
how far each subdistrict stands from them, and how far earlier years stood below.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.contracts import YEARS
from data.geography import short_names

# Whole district, 2025 (per cent of the lights of that kind).
DISTRICT_SHARE = {
    "street_lamp": {"lit": 98.6, "sound": 98.3, "led": 84.0},
    "ground_lamp": {"lit": 97.8, "sound": 97.2, "led": 96.0},
    "scenery_light": {"lit": 97.8, "sound": 97.2, "led": 93.0},
}
# Whole district, 2025 (per cent of the cabinets of street lamps, and of scenery and ground lamps).
CONTROLLED_SHARE = {"street": {"controlled": 77.5}, "scenery": {"controlled": 70.5}}
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

# How far the district's share stood below that of 2025 (percentage points), 2020 to 2025.
YEARLY_GAP = {
    "lit": (1.5, 1.1, 0.7, 0.3, 0.2, 0.0),
    "sound": (1.8, 1.4, 0.9, 0.4, 0.2, 0.0),
    "led": (38.0, 29.0, 19.0, 11.0, 5.0, 0.0),
}


def subdistrict_shares(counts: pd.Series, district_pct: Mapping[str, float]) -> pd.DataFrame:
    """Share (0–1) of each measure by subdistrict, so that the district's shares come out.

    ``counts`` are lights or cabinets by subdistrict code; rows come in its order.
    """
    short = short_names()
    deltas = pd.DataFrame(SUBDISTRICT_DELTA, index=MEASURES).T
    own = deltas.loc[[short[code] for code in counts.index], list(district_pct)].to_numpy(float)
    centred = own - np.average(own, axis=0, weights=counts.to_numpy())
    percent = np.clip(np.array(list(district_pct.values())) + centred, 0, 99.9)
    return pd.DataFrame(percent / 100, index=counts.index, columns=list(district_pct))


def monthly_gap(measure: str) -> np.ndarray:
    """How far the share (0–1) of each month after the base year stood below that of 2025.

    Straight from one year's end to the next; the last month has none.
    """
    year_ends = np.array(YEARS[1:]) - YEARS[0]
    months = np.arange(1, 12 * year_ends[-1] + 1) / 12
    return np.interp(months, [0, *year_ends], YEARLY_GAP[measure]) / 100
