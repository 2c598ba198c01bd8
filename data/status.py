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

    @property
    def text(self) -> str:
        """For a human: ``＞80%``, ``≥14 条``."""
        gap = "" if self.unit == "%" else " "
        return f"{_SIGNS[self.operator]}{self.value:.15g}{gap}{self.unit}"


@cache
def _near_rules() -> dict[str, tuple[float | None, float | None]]:
    with _RULES.open(encoding="utf-8", newline="") as file:
        return {
            row["unit"]: (
                float(row["near_abs"]) if row["near_abs"] else None,
                float(row["near_share"]) if row["near_share"] else None,
            )
            for row in csv.DictReader(file)
        }


def judge(value: float | None, target: Target) -> str:
    """Status key of a value against its target: ``met``, ``near``, ``missed``, ``unreported``.

    The value is compared as it is, not as it is rounded for display.
    """
    if value is None or value != value:
        return "unreported"
    if _COMPARE[target.operator](value, target.value):
        return "met"
    rules = _near_rules()
    near_abs, near_share = rules.get(target.unit, rules["*"])
    tolerance = near_abs if near_abs is not None else abs(target.value) * near_share
    # A float such as 0.2 has no exact binary form: let the boundary itself count as near.
    return "near" if abs(value - target.value) <= tolerance + 1e-9 else "missed"
