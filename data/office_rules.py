"""The cockpit's own rules: thresholds, weights and defaults that neither plan nor standard gives.

They stand in ``rules/rivers.csv``, ``toilets.csv``, ``streets.csv`` and ``lighting.csv`` with unit, wording
and source, so that an office can change them without a programmer.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "rules"
_FILES = ("rivers.csv", "toilets.csv", "streets.csv", "lighting.csv")


@dataclass(frozen=True)
class OfficeRule:
    """One figure of a rule, and where it comes from."""

    value: float
    unit: str
    title: str
    source: str


@cache
def office_rules() -> dict[str, OfficeRule]:
    """Every rule by its key, in the order of the tables; ValueError for a key used twice."""
    rules: dict[str, OfficeRule] = {}
    for name in _FILES:
        with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["key"] in rules:
                    raise ValueError(f"{name}: rule «{row['key']}» stands twice")
                rules[row["key"]] = OfficeRule(
                    float(row["value"]), row["unit"], row["title"], row["source"]
                )
    return rules


@cache
def rule_parameters() -> dict[str, float]:
    """The figures of the rules as parameters of queries, by their keys."""
    return {key: rule.value for key, rule in office_rules().items()}
