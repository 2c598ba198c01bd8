"""Coverage by beautiful rivers as figures: by count, by length, by subdistrict; real and assumed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from data.indicators import missing_count
from ui.river_choices import assumed_rivers
from ui.session import Context
from ui.text import UNFILLED

DATASET = "rivers.rivers"


@dataclass(frozen=True)
class Coverage:
    """Coverage under the page's filter at the end of its year, as it is and under the assumptions.

    ``by_subdistrict`` has the rows of «rivers_by_subdistrict» for all subdistricts, ``codes`` those
    that are chosen (none: all); shares in percent.
    """

    summary: dict
    what_if: dict
    by_subdistrict: pd.DataFrame
    codes: tuple[str, ...]
    wanted_pct: float
    is_strict: bool

    @property
    def missing_rivers(self) -> int:
        """Rivers missing to the target by count."""
        return self._missing(0)

    @property
    def still_missing_rivers(self) -> int:
        """Rivers missing to the target by count if the assumed ones succeed."""
        return self._missing(self.what_if["assumed_count"])

    def _missing(self, more: int) -> int:
        total = self.what_if["graded_river_count"]
        have = self.what_if["beautiful_count"] + more
        return missing_count(self.wanted_pct, total, have, strict=self.is_strict) if total else 0

    @property
    def missing_km(self) -> float | None:
        """Kilometres that the length lacks to the same share; None where no length is known."""
        total, done = self.summary["graded_length_km"], self.summary["beautiful_length_km"]
        return None if not total else max(0.0, total * self.wanted_pct / 100 - (done or 0))

    @cached_property
    def known_places(self) -> pd.DataFrame:
        """Chosen subdistricts that have a share by length, the lowest first."""
        known = self.by_subdistrict[self.by_subdistrict["beautiful_length_share_pct"].notna()]
        if self.codes:
            known = known[known["subdistrict_code"].isin(self.codes)]
        return known.sort_values("beautiful_length_share_pct", kind="stable")

    def rank(self, field: str = "beautiful_length_share_pct") -> tuple[int, int] | None:
        """Place of the only chosen subdistrict by its share, and among how many; None otherwise."""
        if len(self.codes) != 1 or self.known_places.empty:
            return None
        # Shares made of sums differ in the last bits: equal to six places is equal.
        shares = self.by_subdistrict[field].dropna().round(6)
        own = round(self.known_places[field].iloc[0], 6)
        return int((shares > own).sum()) + 1, len(shares)

    def reached_count(self, field: str = "beautiful_length_share_pct") -> int:
        """Subdistricts whose share by length is at the wanted one or above."""
        return int((self.known_places[field].round(6) >= self.wanted_pct).sum())


def coverage(context: Context) -> Coverage:
    """Coverage under the page's filter, with what the address assumes."""
    assumed = list(assumed_rivers(context))
    target = context.target(19)
    return Coverage(
        context.row("rivers_summary", DATASET),
        context.row("rivers_what_if", assumed=assumed),
        context.frame("rivers_by_subdistrict", assumed=assumed),
        context.filter.subdistrict_codes,
        target.value,
        target.decides == ">",
    )


def candidates(context: Context, month: date) -> pd.DataFrame:
    """Rivers not yet beautiful ones, the nearest first (rows of «rivers_candidates»)."""
    return context.frame("rivers_candidates", month=month)


def nearest_to_target(
    found: Coverage, ranked: Sequence[str], assumed: Sequence[str]
) -> tuple[str, ...]:
    """The assumed rivers and as many of the best ranked others as the target still lacks."""
    others = [river_id for river_id in ranked if river_id not in assumed]
    return (*assumed, *others[: found.still_missing_rivers])


def place_text(found: Coverage, wanted: str) -> str:
    """What the third figure counts, and the lowest subdistrict."""
    if found.known_places.empty:
        return ""
    lowest = found.known_places.iloc[0]
    share = f"{lowest.short_name} {lowest.beautiful_length_share_pct:.0f}%"
    if found.rank():
        return f"{share}，在有河段的街道中"
    return f"达 {wanted} 的街道；最低 {share}"


def levels_absent(rivers: dict) -> str:
    """Why nothing is said of beautiful rivers, where there are rivers."""
    return f"登记册的美丽河湖等级{UNFILLED}" if rivers["river_count"] else ""
