"""What the grades of a bridge's condition mean: which are 良好 and which 合格.

The grades A–E of CJJ 99-2017 stand in ``standards/bridge_condition.csv`` with the lowest index (BCI) of
each. The plan asks for shares of 良好 (clause 4.5.1, 表 1 no. 17) and 合格 bridges: a share is taken over
the bridges whose grade is filled in, never over those that are not.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "standards" / "bridge_condition.csv"


@dataclass(frozen=True)
class BridgeCondition:
    """One grade: its word, the lowest index of it, whether it counts as good and as passed."""

    title: str
    bci_low: float
    is_good: bool
    is_passed: bool
    clause: str


@cache
def bridge_conditions() -> dict[str, BridgeCondition]:
    """The grades by their letter, the best first."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["condition"]: BridgeCondition(
                row["title"],
                float(row["bci_low"]),
                row["is_good"] == "true",
                row["is_passed"] == "true",
                row["clause"],
            )
            for row in csv.DictReader(file)
        }


@dataclass(frozen=True)
class BridgeShares:
    """How many bridges there are, of how many the grade is known, and the shares among these.

    Shares are percent, None where no grade is known.
    """

    bridge_count: int
    graded_count: int
    good_count: int
    passed_count: int

    @property
    def good_share_pct(self) -> float | None:
        return 100 * self.good_count / self.graded_count if self.graded_count else None

    @property
    def passed_share_pct(self) -> float | None:
        return 100 * self.passed_count / self.graded_count if self.graded_count else None


def bridge_shares(counts: Mapping[str | None, int]) -> BridgeShares:
    """Shares of bridges counted by grade (None: the grade is not filled in)."""
    known = bridge_conditions()
    graded = {grade: count for grade, count in counts.items() if grade in known}
    return BridgeShares(
        bridge_count=sum(counts.values()),
        graded_count=sum(graded.values()),
        good_count=sum(count for grade, count in graded.items() if known[grade].is_good),
        passed_count=sum(count for grade, count in graded.items() if known[grade].is_passed),
    )
