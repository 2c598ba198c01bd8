"""Sample of monthly water quality (mg/L) whose share at class Ⅳ or better follows the plan.

The plan gives 85.1 % for its base year (clause 1.1.4); later years rise slowly. Values have a
season (little oxygen in warm months) and each river its own level.
"""

import numpy as np
import pandas as pd

from data.contracts import FIRST_YEAR, YEARS
from data.frames import contract_frame
from data.sample.common import generator
from data.water_quality import classify, severity

PASSING_2020 = 643
"""River-months at class Ⅳ or better of 756 in 2020: 85.1 %."""
PASSING_SHARE = {2021: 0.858, 2022: 0.866, 2023: 0.873, 2024: 0.881, 2025: 0.889}
MISSING_ITEMS = {2023: 3, 2024: 2, 2025: 2}
"""Values that were not measured, by year."""

LEVEL_FACTOR = {"provincial": 0.78, "municipal": 0.92, "none": 1.35}
ITEM_BASE = {"do_mg_l": 6.2, "codmn_mg_l": 5.6, "nh3n_mg_l": 0.78, "tp_mg_l": 0.17}
ITEM_SPREAD = {"do_mg_l": 0.12, "codmn_mg_l": 0.18, "nh3n_mg_l": 0.38, "tp_mg_l": 0.26}
ITEM_DECIMALS = {"do_mg_l": 2, "codmn_mg_l": 1, "nh3n_mg_l": 2, "tp_mg_l": 3}
CONCENTRATIONS = ("codmn_mg_l", "nh3n_mg_l", "tp_mg_l")

DETERIORATING = "六号港"
DETERIORATING_NH3N = {9: 1.62, 10: 1.78, 11: 1.95, 12: 2.14}
"""Ammonia (mg/L) of one river in the last months of the last year, beyond class Ⅳ."""

CLEAR_OF_LIMIT = 0.03
"""Values keep at least this share away from the class Ⅳ limit, so that rounding moves none."""


def water_quality_table(rivers: pd.DataFrame) -> pd.DataFrame:
    """``rivers.water_quality``: every river, every month from 2020 to 2025."""
    random = generator("water_quality")
    own_level = np.exp(random.normal(0, 0.22, len(rivers)))
    level = rivers["beautiful_level"].map(LEVEL_FACTOR).to_numpy() * own_level
    years = [_year(year, rivers, level, random) for year in YEARS]
    frame = pd.concat(years, ignore_index=True)
    frame = frame.join(classify(frame)).assign(source_kind="sample")
    frame = frame.sort_values(["river_id", "month"])
    return contract_frame("rivers.water_quality", frame)


def _year(
    year: int, rivers: pd.DataFrame, level: np.ndarray, random: np.random.Generator
) -> pd.DataFrame:
    """Twelve months of all rivers, with exactly the wanted number at class Ⅳ or better."""
    count = len(rivers)
    month = np.tile(np.arange(1, 13), count)
    river_level = np.repeat(level, 12)
    warmth = -np.cos(2 * np.pi * (month - 1) / 12)
    frame = pd.DataFrame(
        {
            "river_id": np.repeat(rivers["river_id"].to_numpy(), 12),
            "month": pd.to_datetime({"year": year, "month": month, "day": 1}),
        }
    )
    for column, base in ITEM_BASE.items():
        noise = np.exp(random.normal(0, ITEM_SPREAD[column], len(frame)))
        if column == "do_mg_l":
            frame[column] = base * noise * (1 - 0.28 * warmth) / river_level**0.5
        else:
            # Slow improvement over the years, faster for phosphorus after pipes were separated.
            trend = 1 - 0.02 * (year - FIRST_YEAR)
            frame[column] = base * noise * river_level * trend * (1 + 0.12 * warmth)
    names = np.repeat(rivers["river_name"].to_numpy(), 12)
    fixed = (names == DETERIORATING) & (month >= min(DETERIORATING_NH3N)) & (year == max(YEARS))
    missing = np.zeros(len(frame), dtype=bool)
    missing[random.choice(np.flatnonzero(~fixed), MISSING_ITEMS.get(year, 0), replace=False)] = True

    frame = _scaled_to_share(frame, fixed, missing, _passing(year, int((~missing).sum())))
    frame.loc[fixed, "nh3n_mg_l"] = [DETERIORATING_NH3N[m] for m in month[fixed]]
    for row in np.flatnonzero(missing):
        frame.loc[row, random.choice(CONCENTRATIONS)] = np.nan
    return frame


def _passing(year: int, judged: int) -> int:
    return PASSING_2020 if year == FIRST_YEAR else round(PASSING_SHARE[year] * judged)


def _scaled_to_share(
    frame: pd.DataFrame, fixed: np.ndarray, missing: np.ndarray, passing: int
) -> pd.DataFrame:
    """Scale all values of a year so that ``passing`` of the judged rows meet class Ⅳ.

    ``fixed`` rows fail whatever their other values; ``missing`` rows are not judged.
    """
    worst = severity(frame)
    ranked = np.sort(worst[~fixed & ~missing])
    limit = np.sqrt(ranked[passing - 1] * ranked[passing])
    over = worst > limit
    # Away from the limit, each on its own side.
    factor = np.where(over, 1 + CLEAR_OF_LIMIT, 1 - CLEAR_OF_LIMIT) / limit
    scaled = frame.copy()
    for column in CONCENTRATIONS:
        scaled[column] = (frame[column] * factor).round(ITEM_DECIMALS[column])
    scaled["do_mg_l"] = (frame["do_mg_l"] / factor).clip(0.4, 14).round(ITEM_DECIMALS["do_mg_l"])
    return scaled
