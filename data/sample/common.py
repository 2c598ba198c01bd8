"""What the sample modules share: seeded numbers, exact shares, where banks stand in for streets.

Every module draws from its own generator, so that a change in one leaves the others as they were.
"""

from functools import cache

import numpy as np
import pandas as pd

from data.frames import contract_frame
from data.geography import street_tables
from data.street_courses import StreetCourses

SEED = 20210330
"""One fixed seed for all sample data; each module adds its own name to it."""

BANK_NAMES = ("笕桥", "丁兰", "九堡")
"""Subdistricts whose small streets the map lacks: the banks of waterways stand in for them."""


def generator(module: str) -> np.random.Generator:
    """The random generator of one sample module: same name, same numbers."""
    return np.random.default_rng([SEED, *module.encode("ascii")])


@cache
def map_courses() -> StreetCourses:
    """The shipped map's streets by name and subdistrict."""
    tables = street_tables()
    return StreetCourses(tables["streets.streets"], tables["streets.segments"])


def with_map_streets(path: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table that names roads, with the map's streets that these are."""
    return contract_frame(path, rows.assign(**map_courses().names.matched(rows["road_name"])))


def exact_flags(random: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Booleans of which exactly ``round(count × share)`` are true, in random order."""
    flags = np.zeros(count, dtype=bool)
    flags[random.permutation(count)[: round(count * share)]] = True
    return flags


def apportion(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers that sum to ``total`` in proportion to weights (largest remainders)."""
    ideal = total * np.asarray(weights, dtype=float) / np.sum(weights)
    counts = np.floor(ideal).astype(int)
    most_short = np.argsort(-(ideal - counts), kind="stable")[: total - counts.sum()]
    counts[most_short] += 1
    return counts
