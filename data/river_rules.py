"""What the cockpit's own rules on rivers are: warning colours, trend, steadiness, candidates.

They stand in ``rules/rivers.csv`` with unit, wording and source, so that an office can change them
without a programmer.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_RULES = Path(__file__).parent / "rules" / "rivers.csv"


@dataclass(frozen=True)
class RiverRule:
    """One figure of a rule, and where it comes from."""

    value: float
    unit: str
    title: str
    source: str


@cache
def river_rules() -> dict[str, RiverRule]:
    """Every rule by its key, in the order of the table."""
    with _RULES.open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: RiverRule(float(row["value"]), row["unit"], row["title"], row["source"])
            for row in csv.DictReader(file)
        }


@cache
def river_parameters() -> dict[str, float]:
    """The figures of the rules as parameters of queries, by their keys."""
    return {key: rule.value for key, rule in river_rules().items()}
