"""Sample of monthly water quality (mg/L) whose share at class Ⅳ or better follows the plan.

The plan gives 85.1 % for its base year (clause 1.1.4); later years rise slowly. Values have a
season (little oxygen in warm months), each river and each section its own level.
"""

import numpy as np
import pandas as pd

from data.contracts import FIRST_YEAR, YEARS
from data.frames import contract_frame
from data.sample.common import generator
from data.water_quality import classify, quality_limits

PASSING_SHARE = {2020: 0.851, 2021: 0.858, 2022: 0.866, 2023: 0.873, 2024: 0.881, 2025: 0.889}
MISSING_ITEMS = {2023: 3, 2024: 2, 2025: 2}
"""Values that were not measured, by year."""

LEVEL_FACTOR = {"provincial": 0.78, "municipal": 0.92, "none": 1.35}
ITEM_BASE = {"do_mg_l": 6.2, "codmn_mg_l": 5.6, "nh3n_mg_l": 0.78, "tp_mg_l": 0.17}
ITEM_SPREAD = {"do_mg_l": 0.12, "codmn_mg_l": 0.18, "nh3n_mg_l": 0.38, "tp_mg_l": 0.26}
OTHER_ITEMS = ("cod_mg_l", "bod5_mg_l", "ph")
"""Measured at the main sections only; they stay well within class Ⅳ and decide no class."""
ITEM_DECIMALS = {"do_mg_l": 2, "codmn_mg_l": 1, "nh3n_mg_l": 2, "tp_mg_l": 3}
CONCENTRATIONS = ("codmn_mg_l", "nh3n_mg_l", "tp_mg_l")

DETERIORATING = "六号港"
DETERIORATING_NH3N = {9: 1.62, 10: 1.78, 11: 1.95, 12: 2.14}
"""Ammonia (mg/L) of one river in the last months of the last year, beyond class Ⅳ."""

CLEAR_OF_LIMIT = 0.03
"""Values keep at least this share away from the class Ⅳ limit, so that rounding moves none."""


def water_quality_table(rivers: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """``rivers.water_quality``: every section, every month from 2020 to 2025."""
    random = generator("water_quality")
    own_level = np.exp(random.normal(0, 0.22, len(rivers)))
    river_level = rivers["beautiful_level"].map(LEVEL_FACTOR) * own_level
    at = sections.merge(
        rivers.assign(level=river_level)[["river_id", "river_name", "level"]], on="river_id"
    )
    # Sections of one river differ a little.
    at["level"] *= np.exp(random.normal(0, 0.08, len(at)))
    years = [_year(year, at, random) for year in YEARS]
    frame = pd.concat(years, ignore_index=True)
    frame["water_kind"] = frame["section_id"].map(at.set_index("section_id")["water_kind"])
    frame = frame.join(classify(frame)).assign(source_kind="sample")
    frame = frame.sort_values(["section_id", "month"])
    return contract_frame("rivers.water_quality", frame)


def _year(year: int, sections: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Twelve months of all sections, with exactly the wanted number at class Ⅳ or better."""
    month = np.tile(np.arange(1, 13), len(sections))
    level = np.repeat(sections["level"].to_numpy(), 12)
    warmth = -np.cos(2 * np.pi * (month - 1) / 12)
    frame = pd.DataFrame(
        {
            "section_id": np.repeat(sections["section_id"].to_numpy(), 12),
            "month": pd.to_datetime({"year": year, "month": month, "day": 1}),
        }
    )
    for column, base in ITEM_BASE.items():
        noise = np.exp(random.normal(0, ITEM_SPREAD[column], len(frame)))
        if column == "do_mg_l":
            frame[column] = base * noise * (1 - 0.28 * warmth) / level**0.5
        else:
            # Slow improvement over the years, faster for phosphorus after pipes were separated.
            trend = 1 - 0.02 * (year - FIRST_YEAR)
            frame[column] = base * noise * level * trend * (1 + 0.12 * warmth)
    names = np.repeat(sections["river_name"].to_numpy(), 12)
    fixed = (names == DETERIORATING) & (month >= min(DETERIORATING_NH3N)) & (year == max(YEARS))
    missing = np.zeros(len(frame), dtype=bool)
    missing[random.choice(np.flatnonzero(~fixed), MISSING_ITEMS.get(year, 0), replace=False)] = True

    passing = round(PASSING_SHARE[year] * int((~missing).sum()))
    frame = _scaled_to_share(frame, fixed, missing, passing)
    frame.loc[fixed, "nh3n_mg_l"] = [DETERIORATING_NH3N[m] for m in month[fixed]]
    for row in np.flatnonzero(missing):
        frame.loc[row, random.choice(CONCENTRATIONS)] = np.nan
    controlled = np.repeat((sections["control_level"] != "district").to_numpy(), 12)
    return _with_other_items(frame, controlled, random)


def _with_other_items(
    frame: pd.DataFrame, controlled: np.ndarray, random: np.random.Generator
) -> pd.DataFrame:
    # Within the limits of class Ⅰ: these items never decide.
    spread = {"cod_mg_l": (6, 14, 1), "bod5_mg_l": (1.0, 2.9, 1), "ph": (7.0, 8.4, 2)}
    for column in OTHER_ITEMS:
        low, high, decimals = spread[column]
        values = random.uniform(low, high, len(frame)).round(decimals)
        frame[column] = np.where(controlled, values, np.nan)
    return frame


def _severity(frame: pd.DataFrame) -> np.ndarray:
    """How near the worst item is to the limit of class Ⅳ: 1 is on it, above 1 beyond it."""
    limits = quality_limits()
    of_river = limits[(limits["water_kind"] == "river") & (limits["quality_class"] == "Ⅳ")]
    bounds = of_river.set_index("column_name")
    ratios = [bounds.at["do_mg_l", "low"] / frame["do_mg_l"]]
    ratios += [frame[column] / bounds.at[column, "high"] for column in CONCENTRATIONS]
    return np.fmax.reduce([ratio.to_numpy() for ratio in ratios])


def _scaled_to_share(
    frame: pd.DataFrame, fixed: np.ndarray, missing: np.ndarray, passing: int
) -> pd.DataFrame:
    """Scale all values of a year so that ``passing`` of the judged rows meet class Ⅳ.

    ``fixed`` rows fail whatever their other values; ``missing`` rows are not judged.
    """
    worst = _severity(frame)
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
