"""Which street of the map an office's wording means: exact, a known alias, or not on the map.

Names arrive with full-width and invisible characters, blanks and remarks in brackets. A name that is
no street and no alias stays without a street (未上图): the nearest spelling is only ever suggested.
"""

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pandas as pd

NAMING_STREETS = (
    "streets.road_projects", "streets.pavement", "streets.accessibility_points", "streets.bridges",
    "lighting.roads", "lighting.status",
)  # fmt: skip
"""Tables with an office's ``road_name`` and the ``street_name`` of the map that it means."""

_ALIASES = Path(__file__).parent / "street_aliases.csv"
_SUGGESTED = 3
_LEAST_LIKE = 0.34
"""Names less alike than this are no suggestion."""
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_UNSEEN = ("Cf", "Cc", "Zs", "Zl", "Zp")
"""Unicode categories of characters that nobody sees in a name."""


@dataclass(frozen=True)
class StreetMatch:
    """The street that a name means, and how that is known; both None where it is not."""

    street_name: str | None = None
    name_match: Literal["exact", "alias"] | None = None


UNKNOWN = StreetMatch()


def normalised(name: str) -> str:
    """A name as it is compared: NFKC, without invisible characters and blanks."""
    folded = unicodedata.normalize("NFKC", name)
    return "".join(one for one in folded if unicodedata.category(one) not in _UNSEEN)


@cache
def aliases() -> dict[str, str]:
    """Street by alias, the alias as it is compared."""
    with _ALIASES.open(encoding="utf-8", newline="") as file:
        return {normalised(row["alias"]): row["street_name"] for row in csv.DictReader(file)}


class StreetNames:
    """The streets of the map, to be asked by name."""

    def __init__(self, streets: Iterable[str]) -> None:
        named = {normalised(street): street for street in sorted(set(streets), reverse=True)}
        self._by_name = {key: street for key, street in named.items() if key}

    def __bool__(self) -> bool:
        """Whether there are any streets to be asked for."""
        return bool(self._by_name)

    def match(self, name: object) -> StreetMatch:
        """The street that a name means: itself, without its remark in brackets, or by an alias."""
        if not isinstance(name, str):
            return UNKNOWN
        whole = normalised(name)
        for wanted in dict.fromkeys((whole, _BRACKETS.sub("", whole))):
            if wanted in self._by_name:
                return StreetMatch(self._by_name[wanted], "exact")
            meant = aliases().get(wanted)
            if meant is not None and normalised(meant) in self._by_name:
                return StreetMatch(self._by_name[normalised(meant)], "alias")
        return UNKNOWN

    def suggestions(self, name: str) -> list[str]:
        """Up to three streets spelt most like a name, the likest first: to be read, never taken."""
        found = difflib.get_close_matches(normalised(name), self._by_name, _SUGGESTED, _LEAST_LIKE)
        return [self._by_name[one] for one in found]

    def aliases(self) -> dict[str, list[str]]:
        """What the streets of the map are called besides, by their name on it."""
        found: dict[str, list[str]] = {}
        for alias in aliases():
            known = self.match(alias)
            if known.name_match == "alias":
                found.setdefault(known.street_name, []).append(alias)
        return found

    def matched(self, names: pd.Series) -> pd.DataFrame:
        """``street_name`` and ``name_match`` of many names, by their index."""
        known = {name: self.match(name) for name in names.dropna().unique()}
        streets = {name: one.street_name for name, one in known.items()}
        ways = {name: one.name_match for name, one in known.items()}
        return pd.DataFrame(
            {
                "street_name": names.map(streets).astype("str"),
                "name_match": names.map(ways).astype("str"),
            }
        )
