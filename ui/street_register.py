"""The register of demonstration streets with its scores, and how a street's state is said."""

import pandas as pd

from ui import street_scoring
from ui.session import Context, remembered
from ui.text import UNFILLED, joined, number
from ui.theme import DEMONSTRATION_LOOKS, StatusLook

STREETS, SCORES = "streets.demonstration_streets", "streets.street_scores"
_LATE = "▲ 逾期"
_FAR = ["planned", "under_construction", "unknown", "in_acceptance", "completed"]
"""States from the least advanced on; one that is not known may be any before the end."""


@remembered
def streets(context: Context, **params: object) -> pd.DataFrame:
    """Every demonstration street under the filter, as «demonstration_register» gives it.

    With ``score``, ``change``, ``element_count`` and ``scored_on`` of ``street_scoring.by_street`` by
    the end of the year. Missing values are None.
    """
    frame = context.frame("demonstration_register", **params)
    newest = street_scoring.newest_scores(context, **params)
    whole = frame.join(street_scoring.by_street(newest), on="demonstration_id")
    return whole.astype(object).where(whole.notna(), None)


def boutique(frame: pd.DataFrame) -> pd.DataFrame:
    """Of such rows the 精品示范街, those that the plan wants one of in each subdistrict."""
    return frame[frame["designation"] == "boutique"]


def open_first(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the streets that are not named before the others, the least advanced first."""
    ordered = frame.assign(
        rank=frame["state"].fillna("unknown").map(_FAR.index),
        progress=frame["progress_pct"].astype("float64"),
    )
    by = ["rank", "progress", "subdistrict_code", "demonstration_id"]
    return ordered.sort_values(by, kind="stable").drop(columns=["rank", "progress"])


def without_street(context: Context, frame: pd.DataFrame) -> list:
    """Chosen subdistricts (rows of «subdistricts») of which no 精品示范街 is registered."""
    codes = context.filter.subdistrict_codes
    have = set(boutique(frame)["subdistrict_code"])
    return [
        row
        for row in context.subdistricts
        if (not codes or row.subdistrict_code in codes) and row.subdistrict_code not in have
    ]


def look_of(street: object) -> StatusLook:
    """How the state of a row of ``streets`` shows."""
    return DEMONSTRATION_LOOKS[street.state or "unknown"]


def state_text(street: object) -> str:
    """The state in words, with the progress while the works go on: 在建 85%."""
    word = look_of(street).word
    if street.state == "under_construction" and street.progress_pct is not None:
        return f"{word} {number(street.progress_pct)}%"
    return word


def marked_state(street: object) -> str:
    """The state with its shape, and that the plan's deadline has passed where it has."""
    shown = f"{look_of(street).shape} {state_text(street)}"
    return joined(_LATE, state_text(street)) if is_late(street) else shown


def tone_of(street: object) -> str:
    """Role of the palette in which the street's state is drawn."""
    return "missed" if is_late(street) else look_of(street).role


def is_late(street: object) -> bool:
    """Whether a 精品示范街 is not named although the plan's deadline has passed."""
    return street.designation == "boutique" and bool(street.is_late)


def years_text(street: object) -> str:
    """From when to when, as far as it is filled in."""
    begun = f"{street.started_year:.0f} 年开工" if street.started_year is not None else ""
    if street.state == "completed":
        done = "" if street.completed_year is None else f"{street.completed_year:.0f} 年建成"
        return joined(begun, done or f"建成年份{UNFILLED}")
    return begun or f"开工年份{UNFILLED}"
