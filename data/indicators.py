"""What the plan's 28 indicators mean: how each is judged, computed, bounded and what it lacks.

The rules stand in ``rules/indicators.csv``, so that an office can change them without a programmer.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.status import Target, judge, near_rule

_RULES = Path(__file__).parent / "rules" / "indicators.csv"


@dataclass(frozen=True)
class IndicatorRule:
    """How one indicator is read.

    ``query`` and ``dataset`` are empty where no register holds it and offices report its value.
    ``basis`` says how things without a value count (``{known}`` and ``{unknown}`` of them).
    """

    indicator_no: int
    judged_as: str
    low: float
    high: float
    digits: int
    query: str
    dataset: str
    has_subdistricts: bool
    missing_noun: str
    definition: str
    reading: str
    basis: str


@cache
def indicator_rules() -> dict[int, IndicatorRule]:
    """The rules of all 28 indicators by number."""
    with _RULES.open(encoding="utf-8", newline="") as file:
        rules = [
            IndicatorRule(
                indicator_no=int(row["indicator_no"]),
                judged_as=row["judged_as"],
                low=float(row["low"]),
                high=float(row["high"]),
                digits=int(row["digits"]),
                query=row["query"],
                dataset=row["dataset"],
                has_subdistricts=row["has_subdistricts"] == "true",
                missing_noun=row["missing_noun"],
                definition=row["definition"],
                reading=row["reading"],
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        ]
    return {rule.indicator_no: rule for rule in rules}


def missing_count(target_share_pct: float, total: float, have: float, *, strict: bool) -> int:
    """How many more of ``total`` reach a share target; ``strict`` for «more than» (>)."""
    exact = target_share_pct * total / 100
    needed = math.floor(exact + 1e-9) + 1 if strict else math.ceil(exact - 1e-9)
    return max(0, min(needed, round(total)) - round(have))


def missing_units(have: float, total: float | None, target: Target) -> int:
    """How many more things reach the target: of a share, a density (``total`` km²) or a count."""
    strict = target.decides == ">"
    if target.unit == "%":
        return missing_count(target.value, total or 0, have, strict=strict)
    wanted = target.value * (total if target.unit == "座/km²" and total else 1)
    needed = math.floor(wanted + 1e-9) + 1 if strict else math.ceil(wanted - 1e-9)
    return max(0, needed - round(have))


def gap_text(
    value: float | None,
    target: Target,
    rule: IndicatorRule,
    have: float | None = None,
    total: float | None = None,
) -> str:
    """Distance to the target in plain units: 还差 1 条河, 还差 1.3 个百分点; empty when met."""
    if judge(value, target) in ("met", "unreported"):
        return ""
    if rule.missing_noun and (have is not None or target.unit != "%"):
        counted = value if have is None else have
        return f"还差 {missing_units(counted, total, target):,} {rule.missing_noun}"
    gap = abs(value - target.value)
    if gap < 0.005:
        return f"未超过 {target.value:g}{target.unit}"
    word = "须再降" if target.decides in ("<", "<=") else "还差"
    shown = f"{gap:.2f}".rstrip("0").rstrip(".")
    return f"{word} {shown} 个百分点" if target.unit == "%" else f"{word} {shown} {target.unit}"


def urgency(value: float | None, target: Target) -> float:
    """How badly an indicator misses its target: 0 when met or unreported, otherwise more is worse.

    The gap is counted in steps of what would still be near, so that percentages, densities and
    counts can be put in one order.
    """
    if judge(value, target) in ("met", "unreported"):
        return 0.0
    step = near_rule(target).tolerance(target.value) or 1.0
    return max(abs(value - target.value) / step, 1e-6)
