"""Subdistricts as offices write them: codes of before and after 2021, names in every form."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from data.registers.sheet import Sheet
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


def settle(sheet: Sheet, by_position: np.ndarray) -> pd.Series:
    """Code of the subdistrict of every row, missing where nothing tells it.

    ``by_position``: code by position, None without one. The position goes before what the file
    states; what is stated otherwise stays in the finding.
    """
    names = district.subdistrict_names()
    placed = pd.Series(by_position, dtype="object").astype("str")
    settled = placed.copy()
    for field, read in (("subdistrict_code", by_code), ("subdistrict_name", by_name)):
        if sheet.has(field):
            stated = read(sheet.texts(field).plain)
            settled = settled.fillna(_reconcile(sheet, field, stated, placed, settled, names))
    return settled


def _reconcile(
    sheet: Sheet,
    field: str,
    stated: Stated,
    placed: pd.Series,
    settled: pd.Series,
    names: Mapping[str, str],
) -> pd.Series:
    """What a column states, held against the position and what another column has stated."""
    texts = sheet.texts(field)
    code, moved = texts.spread(stated.code), texts.spread(stated.moved_to)
    is_given = sheet.is_given(field) & moved.isna().to_numpy()
    reason = "该街道 2021 年起属" + moved.fillna("") + "，不在本区"
    sheet.flag(moved.notna(), field, "rejected", "街道", reason, "请从文件中删除该行")
    is_name = field == "subdistrict_name"
    reason = f"不是本区 14 个街道之一{'' if is_name else '的代码'}"
    remedy = f"请改为：{'、'.join(names.values() if is_name else names)}"
    sheet.flag(is_given & code.isna() & placed.isna(), field, "rejected", "街道", reason, remedy)
    differs = is_given & placed.notna() & (code != placed).fillna(True)
    reason = "与位置不符，位置在" + placed.map(names).astype("str").fillna("") + "，已以位置为准"
    sheet.flag(differs, field, "corrected", "街道与位置不符", reason, "请核对街道或位置")
    former = texts.spread(stated.was_former).fillna(False).astype(bool) & ~differs
    reason = "是 2021 年前的街道代码，已换算为 " + code.fillna("")
    sheet.flag(former, field, "corrected", "旧街道代码", reason, "请改用 2021 年后的代码")
    clash = code.notna() & placed.isna() & settled.notna() & (code != settled).fillna(True)
    reason = "街道代码与街道名称不一致，又无位置可据"
    sheet.flag(clash, field, "rejected", "街道", reason, "请核对街道代码与名称")
    return code
