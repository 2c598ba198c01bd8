"""What rules on rows are made of: a violation, and conditions that several tables share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

BEGUN_STATES = ("under_construction", "suspended", "completed")
"""Project states that a start date belongs to."""

Condition = Callable[[pd.DataFrame], np.ndarray]
"""Which rows of a frame break a rule."""
Rule = tuple[str, str, str, tuple[str, ...], Condition]
"""A rule across columns: table, name, message (what is wrong), columns, which rows break it."""


@dataclass(frozen=True)
class Violation:
    """A rule that some rows break."""

    rule: str
    message: str
    """What is wrong and what to do, for the data officer; columns by their names."""
    columns: tuple[str, ...]
    """The columns concerned, the one to look at first in front."""
    wrong: np.ndarray
    """Which rows of the frame break it."""


def is_true(values: pd.Series) -> np.ndarray:
    """Booleans for a condition in which a missing value counts as not met."""
    return values.fillna(False).to_numpy(dtype=bool)


def is_later(*columns: str) -> Condition:
    """Rows with a date in one of the columns that is still to come."""
    return lambda f: (f[list(columns)] > pd.Timestamp.now()).any(axis=1).to_numpy()


def is_earlier(column: str, first: str) -> Condition:
    """Rows with a date in a column before the one that goes first."""
    return lambda f: is_true(f[column] < f[first])


def is_repeated(*columns: str) -> Condition:
    """Rows that say the same in these columns as one before them."""
    return lambda f: f.duplicated(list(columns)).to_numpy()


def progress_rules(path: str) -> tuple[Rule, ...]:
    """Rules of a table of works with a state and the dates on which they began and were completed.

    Works without a state are held to the order of their dates alone.
    """
    return (
        (path, "完工", "completed 的须有 completed_on，其他状态不能有", ("completed_on", "state"),
         lambda f: _is_undated(f, f["state"] == "completed", "completed_on")),
        (path, "开工", "已开工的（含停工、完工）须有 started_on，未开工的不能有", ("started_on", "state"),
         lambda f: _is_undated(f, f["state"].isin(BEGUN_STATES), "started_on")),
        (path, "日期", "completed_on 不能早于 started_on", ("completed_on", "started_on"),
         is_earlier("completed_on", "started_on")),
        (path, "日期", "started_on 或 completed_on 在今天以后，应为实际日期",
         ("started_on", "completed_on"), is_later("started_on", "completed_on")),
    )  # fmt: skip


def _is_undated(frame: pd.DataFrame, is_reached: pd.Series, date: str) -> np.ndarray:
    """Rows that have reached a state without its date, or have the date without the state."""
    return is_true(frame["state"].notna() & (is_reached != frame[date].notna()))
