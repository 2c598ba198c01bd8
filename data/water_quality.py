"""Class of surface water by the single-factor rule of GB 3838-2002.

A section's class is the worst of its items; limits are inclusive (DO from above, the others from
below); beyond class Ⅴ is 劣Ⅴ. A missing item is never taken as zero: the class stays open.
Values are mg/L. The limits stand in ``data/standards/gb3838_2002.csv``.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from data.contracts import QUALITY_CLASSES

LIMITS_FILE = Path(__file__).parent / "standards" / "gb3838_2002.csv"

ITEM_COLUMNS = {
    "DO": "do_mg_l",
    "CODMn": "codmn_mg_l",
    "NH3-N": "nh3n_mg_l",
    "TP": "tp_mg_l",
}
"""Items by which urban rivers are judged in practice, and the columns they stand in."""


@cache
def limits() -> pd.DataFrame:
    """Limits (mg/L) with one row an item and one column a class, from Ⅰ to Ⅴ."""
    table = pd.read_csv(LIMITS_FILE, encoding="utf-8")
    wide = table.pivot(index="item", columns="class", values="limit")
    return wide.loc[list(ITEM_COLUMNS), list(QUALITY_CLASSES[:-1])]


@cache
def _higher_is_better() -> dict[str, bool]:
    table = pd.read_csv(LIMITS_FILE, encoding="utf-8")
    return (table.drop_duplicates("item").set_index("item")["direction"] == ">=").to_dict()


def item_ranks(frame: pd.DataFrame) -> np.ndarray:
    """Class of every item: 0 (Ⅰ) to 5 (劣Ⅴ), NaN where the value is missing; rows × items."""
    ranks = np.full((len(frame), len(ITEM_COLUMNS)), np.nan)
    for place, (item, column) in enumerate(ITEM_COLUMNS.items()):
        value = frame[column].to_numpy(dtype=float, na_value=np.nan)[:, None]
        bounds = limits().loc[item].to_numpy()
        fails = value < bounds if _higher_is_better()[item] else value > bounds
        ranks[:, place] = np.where(np.isnan(value[:, 0]), np.nan, fails.sum(axis=1))
    return ranks


def severity(frame: pd.DataFrame, quality_class: str = "Ⅳ") -> np.ndarray:
    """How near the worst item is to a class's limit: 1 is on the limit, above 1 beyond it.

    Missing items are left out; NaN where all are missing.
    """
    ratios = np.full((len(frame), len(ITEM_COLUMNS)), np.nan)
    for place, (item, column) in enumerate(ITEM_COLUMNS.items()):
        value = frame[column].to_numpy(dtype=float, na_value=np.nan)
        limit = limits().loc[item, quality_class]
        with np.errstate(divide="ignore"):
            ratios[:, place] = limit / value if _higher_is_better()[item] else value / limit
    return np.fmax.reduce(ratios, axis=1)


def classify(frame: pd.DataFrame) -> pd.DataFrame:
    """``quality_class`` and ``limiting_item`` of every row, with the frame's own index.

    The limiting items are those of the worst class, joined by 、. With a missing item the class is
    missing and ``limiting_item`` says which ones lack (``缺 TP``).
    """
    items = np.array(list(ITEM_COLUMNS), dtype=object)
    ranks = item_ranks(frame)
    missing = np.isnan(ranks)
    complete = ~missing.any(axis=1)
    worst = np.full(len(frame), -1)
    worst[complete] = ranks[complete].max(axis=1).astype(int)
    named = np.where(complete[:, None], ranks == worst[:, None], missing)
    names = _joined(items, named)
    return pd.DataFrame(
        {
            "quality_class": np.where(complete, np.array(QUALITY_CLASSES, object)[worst], None),
            "limiting_item": np.where(complete, names, "缺 " + names),
        },
        index=frame.index,
        dtype="str",
    )


def _joined(items: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Names of the chosen items of each row; only as many joins as there are combinations."""
    patterns, which = np.unique(chosen, axis=0, return_inverse=True)
    return np.array(["、".join(items[pattern]) for pattern in patterns], dtype=object)[which]
