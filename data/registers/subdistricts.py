"""Subdistricts as offices write them: codes of before and after 2021, names in every form."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from geo import district

CODES_FILE = Path(__file__).resolve().parent.parent / "standards" / "subdistrict_codes.csv"

_CODE = r"([0-9]{9})(?:000)?(?:\.0+)?"
"""Nine digits; statistical lists write twelve, number cells may have grown a «.0»."""
_AROUND = r"^(?:浙江省)?(?:杭州市)?(?:上城区|江干区)?|(?:街道)?(?:办事处|街办)?$"
"""What stands before and after the short name of a subdistrict."""


@cache
def former_codes() -> pd.DataFrame:
    """Codes of before 2021: ``short_name``, ``code`` today (missing where it left the district) and
    ``moved_to``, by ``old_code``."""
    return pd.read_csv(CODES_FILE, dtype="str", encoding="utf-8").set_index("old_code")


@cache
def _short_names() -> dict[str, str]:
    return {name.removesuffix("街道"): code for code, name in district.subdistrict_names().items()}


@dataclass(frozen=True)
class Stated:
    """The subdistricts that a column of texts states, one a text."""

    code: pd.Series
    """Code of today; missing where the text is none of this district."""
    was_former: pd.Series
    """Whether a code of before 2021 was converted."""
    moved_to: pd.Series
    """District that the subdistrict named belongs to now; missing if it is one of ours."""


def by_code(plain: pd.Series) -> Stated:
    """Subdistricts of plain texts that hold codes."""
    digits = plain.str.replace(" ", "", regex=False).str.extract(f"^{_CODE}$")[0]
    former = former_codes()
    converted = digits.map(former["code"].dropna())
    known = digits.where(digits.isin(list(district.subdistrict_names())))
    code = known.fillna(converted).astype("str")
    return Stated(code, converted.notna(), digits.map(former["moved_to"].dropna()).astype("str"))


def by_name(plain: pd.Series) -> Stated:
    """Subdistricts of plain texts that hold names."""
    short = plain.str.replace(" ", "", regex=False).str.replace(_AROUND, "", regex=True)
    former = former_codes().set_index("short_name")["moved_to"].dropna()
    never = pd.Series(False, index=plain.index)
    return Stated(short.map(_short_names()).astype("str"), never, short.map(former).astype("str"))
