"""Is a figure at its target? 达标 / 接近 / 未达标 / 待填报, by the rule in rules/near_target.csv."""

import csv
import operator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_RULES = Path(__file__).parent / "rules" / "near_target.csv"
_COMPARE = {
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}
_SIGNS = {">": "＞", ">=": "≥", "=": "", "<=": "≤", "<": "＜"}


@dataclass(frozen=True)
class Target:
    """A target as the plan states it: operator, value, unit and the clause that says so."""

    operator: str
    value: float
    unit: str
    clause: str
    judged_as: str = ""
    """Operator that decides where the printed one cannot be meant (98% is no upper limit)."""
    indicator_no: int | None = None

    @property
    def text(self) -> str:
        """For a human: ``＞80%``, ``≥14 条``."""
        gap = "" if self.unit == "%" else " "
        return f"{_SIGNS[self.operator]}{self.value:.15g}{gap}{self.unit}"

    @property
    def decides(self) -> str:
        """The operator by which a value is judged."""
        return self.judged_as or self.operator


@dataclass(frozen=True)
class NearRule:
    """How far from its target a value still counts as near, and how to say so."""

    near_abs: float | None
    near_share: float | None
    note: str

    def tolerance(self, target_value: float) -> float:
        """The greatest gap that is near, in the target's unit."""
        return self.near_abs if self.near_abs is not None else abs(target_value) * self.near_share


@cache
def _near_rules() -> dict[tuple[str, int | None], NearRule]:
    with _RULES.open(encoding="utf-8", newline="") as file:
        return {
            (row["unit"], int(row["indicator_no"]) if row["indicator_no"] else None): NearRule(
                float(row["near_abs"]) if row["near_abs"] else None,
                float(row["near_share"]) if row["near_share"] else None,
                row["note"],
            )
            for row in csv.DictReader(file)
        }


def near_rule(target: Target) -> NearRule:
    """The rule for a target: its indicator's own, else its unit's, else the general one."""
    rules = _near_rules()
    for key in ((target.unit, target.indicator_no), (target.unit, None)):
        if key in rules:
            return rules[key]
    return rules["*", None]


def judge(value: float | None, target: Target) -> str:
    """Status key of a value against its target: ``met``, ``near``, ``missed``, ``unreported``.

    The value is compared as it is, not as it is rounded for display.
    """
    if value is None or value != value:
        return "unreported"
    if _COMPARE[target.decides](value, target.value):
        return "met"
    # A float such as 0.2 has no exact binary form: let the boundary itself count as near.
    gap = abs(value - target.value)
    return "near" if gap <= near_rule(target).tolerance(target.value) + 1e-9 else "missed"
