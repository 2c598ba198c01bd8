"""Where each subdistrict stands on each measure among all that have a value: rank, place, gap.

Pure: frames in, records out. Ties share a rank, what has no value is not ranked, and a measure
that is neither good nor bad (a length of rivers) has an order but no best.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from data.contracts import LAST_YEAR
from data.indicators import missing_units
from data.status import Target, judge
from ui import measures
from ui.charts import Measure, spoken_value
from ui.session import Context
from ui.text import NO_DATA, number

UNLISTED = "规划未列"
SUPPLY_FIELD = "supply_renewed_share_pct"
NEUTRAL_FIELDS = ("river_length_km",)
NEUTRAL_WORD = "不分优劣"
CURRENT_FIELDS = ("accessible_share_pct",)
"""Known as they are now only, whatever year is asked for."""

PARTS = {
    "density_per_km2": ("toilet_count", "area_km2", "座"),
    "beautiful_share_pct": ("beautiful_count", "graded_river_count", "条河"),
    "class_iv_share_pct": ("met_count", "evaluated_count", "次月度达标"),
    "road_lit_rate_pct": ("lit_street_lamp_count", "street_lamp_count", "盏"),
    "functional_sound_rate_pct": ("sound_street_lamp_count", "street_lamp_count", "盏"),
    "scenery_sound_rate_pct": ("sound_scenery_light_count", "scenery_light_count", "盏"),
    "central_control_rate_pct": ("controlled_count", "asset_count", "盏"),
    SUPPLY_FIELD: ("supply_renewed_quantity", "supply_quantity", "个小区"),
}
"""What each measure is made of: column that is there, column of all, how one is called."""


@dataclass(frozen=True)
class Standing:
    """One subdistrict on one measure.

    ``place`` is 0 at the worst of all, 1 at the best, in the middle where all are alike.
    """

    code: str
    name: str
    value: float | None
    rank: int | None
    better_count: int
    worse_count: int
    ranked_count: int
    is_tied: bool
    place: float | None
    status: str | None
    absent: str = NO_DATA
    """What stands in place of a missing value."""

    @property
    def rank_text(self) -> str:
        """``第 3 / 14``, ``并列第 1 / 14``, or why there is no rank."""
        if self.rank is None:
            return self.absent
        return f"{'并列' if self.is_tied else ''}第 {self.rank} / {self.ranked_count}"

    @property
    def is_below(self) -> bool:
        """Has a value that misses its target."""
        return self.status in ("near", "missed")

    @property
    def is_leading(self) -> bool:
        """In the top third, with at least a third behind (so that ties of all lead nothing)."""
        third = self.ranked_count / 3
        return self.rank is not None and self.rank <= third <= self.worse_count

    @property
    def is_trailing(self) -> bool:
        """In the bottom third, with at least a third ahead."""
        third = self.ranked_count / 3
        return self.rank is not None and self.worse_count + 1 <= third <= self.better_count


@dataclass(frozen=True)
class Row:
    """One measure over the 14 subdistricts: short word, standings by code, ends of the scale."""

    word: str
    measure: Measure
    is_neutral: bool
    standings: Mapping[str, Standing]
    worst: float | None
    best: float | None

    @property
    def target_place(self) -> float | None:
        """Where the target stands between worst and best; None outside of them."""
        if self.measure.target is None or self.worst is None or self.worst == self.best:
            return None
        place = (self.measure.target.value - self.worst) / (self.best - self.worst)
        return place if 0 <= place <= 1 else None

    @property
    def is_empty(self) -> bool:
        """No subdistrict has a value."""
        return self.worst is None

    def text(self, code: str) -> str:
        """A subdistrict's value with its unit, or why there is none."""
        standing = self.standings[code]
        return (
            standing.absent
            if standing.value is None
            else spoken_value(standing.value, self.measure)
        )


def _is_lower_better(target: Target | None) -> bool:
    return target is not None and target.decides in ("<", "<=")


def ranked(
    frame: pd.DataFrame, word: str, measure: Measure, unlisted: frozenset[str] = frozenset()
) -> Row:
    """One measure ranked over the frame; ``unlisted`` are codes of which the plan lists nothing."""
    # Shares made of sums differ in the last bits: equal to six places is equal.
    values = {
        row.subdistrict_code: None if pd.isna(value) else round(float(value), 6)
        for row in frame.itertuples()
        for value in (getattr(row, measure.field),)
    }
    sign = -1 if _is_lower_better(measure.target) else 1
    known = [sign * value for value in values.values() if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    standings = {}
    for row in frame.itertuples():
        value = values[row.subdistrict_code]
        level = None if value is None else sign * value
        better = sum(1 for other in known if level is not None and other > level)
        worse = sum(1 for other in known if level is not None and other < level)
        # Where the plan lists nothing, nothing is left to report.
        is_absent = value is None and row.subdistrict_code in unlisted
        standings[row.subdistrict_code] = Standing(
            row.subdistrict_code,
            row.short_name,
            value,
            None if level is None else better + 1,
            better,
            worse,
            len(known),
            level is not None and len(known) - better - worse > 1,
            None if level is None else (level - low) / (high - low) if high > low else 0.5,
            judge(value, measure.target) if measure.target and not is_absent else None,
            UNLISTED if is_absent else NO_DATA,
        )
    worst, best = (sign * low, sign * high) if known else (None, None)
    return Row(word, measure, measure.field in NEUTRAL_FIELDS, standings, worst, best)


def board(context: Context, frame: pd.DataFrame) -> list[Row]:
    """Every measure of ``measures.BY_SUBDISTRICT`` ranked over the frame's subdistricts.

    ``frame`` is the query «measures_by_subdistrict»: always all 14, whatever is chosen.
    """
    counts = context.frame("profile_counts")
    without_compounds = frozenset(counts.loc[counts["compound_count"] == 0, "subdistrict_code"])
    made = []
    for word, make in measures.BY_SUBDISTRICT.values():
        measure = make(context)
        is_current = measure.field in CURRENT_FIELDS and context.filter.year < LAST_YEAR
        unlisted = without_compounds if measure.field == SUPPLY_FIELD else frozenset()
        made.append(ranked(frame, f"{word}（现状）" if is_current else word, measure, unlisted))
    return made


def met_counts(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    """By subdistrict: how many measures are at their target, of how many that can be judged."""
    counts = {}
    for code in rows[0].standings:
        judged = [row.standings[code].status for row in rows if row.measure.target]
        known = [status for status in judged if status not in (None, "unreported")]
        counts[code] = (known.count("met"), len(known))
    return counts


def strongest_and_weakest(rows: Sequence[Row]) -> tuple[str, str]:
    """The subdistricts with the most and the fewest measures at target; mean rank breaks ties."""
    counts = met_counts(rows)
    # Without a value for a target at all, a subdistrict is neither strong nor weak.
    codes = [code for code, (_, judged) in counts.items() if judged] or list(counts)
    if len(codes) < 2:
        codes = list(counts)

    def strength(code: str) -> tuple[float, float]:
        ranks = [row.standings[code].rank for row in rows if not row.is_neutral]
        known = [rank for rank in ranks if rank is not None]
        return counts[code][0], -sum(known) / len(known) if known else -math.inf

    ordered = sorted(codes, key=strength, reverse=True)
    return ordered[0], ordered[-1]


def missing_text(row: Row, code: str, counts: Mapping[str, float | None]) -> str:
    """What a subdistrict lacks to the target in plain units (``51 座``); empty where nothing.

    ``counts`` is the subdistrict's record of «profile_counts» and «measures_by_subdistrict».
    """
    standing, target = row.standings[code], row.measure.target
    if target is None or not standing.is_below:
        return ""
    field = row.measure.field
    if field not in PARTS:
        return ""
    have, total, noun = PARTS[field]
    if counts[have] is None or counts[total] is None:
        return ""
    lack = missing_units(counts[have], counts[total], target)
    return f"{number(lack)} {noun}" if lack else ""
