"""Cells as text made plain: each distinct text once, so that a million rows cost little.

NFKC (full-width letters and digits become plain), blanks of any kind as one space and none at the
ends, control and invisible characters taken out. A few signs that offices write for «nothing»
count as missing.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

PLACEHOLDERS = (
    "/", "\\", "-", "--", "—", "——", "–", "n/a", "#n/a", "na", "nan", "null", "none", "nil",
    "不详", "未知", "暂无", "(空)", "空",
)  # fmt: skip
"""What stands in a cell that was left open, in small letters."""

_BLANKS = r"[\p{Z}\s]+"
_INVISIBLE = r"[\p{Cc}\p{Cf}]"
_PUNCTUATION = r"[\p{Z}\s\p{Cc}\p{Cf}！-／：-＠［-｀｛-～￥…″‴]"
"""Signs whose width says nothing: full-width ones are usual in Chinese text."""


@dataclass(frozen=True)
class Texts:
    """The cells of one column by distinct text."""

    codes: np.ndarray
    """For each row the place of its text; -1 where the cell is empty."""
    distinct: pd.Series
    """Distinct texts as in the file."""
    plain: pd.Series
    """The same made plain; missing where nothing is left or a placeholder stood."""
    is_changed: np.ndarray
    """Distinct texts in which letters, digits or signs were replaced to be seen."""
    had_invisible: np.ndarray
    is_placeholder: np.ndarray

    def rows(self, chosen: np.ndarray) -> np.ndarray:
        """Which rows hold one of the chosen distinct texts (boolean, one a row)."""
        return np.append(chosen, False)[self.codes]

    def spread(self, values: pd.Series) -> pd.Series:
        """Values of the distinct texts, one a row; missing where the cell is empty."""
        return values.reset_index(drop=True).reindex(self.codes).reset_index(drop=True)

    @property
    def row_plain(self) -> pd.Series:
        """Plain text, one a row."""
        return self.spread(self.plain)


def texts_of(cells: pd.Series, meaning: Collection[str] = ()) -> Texts:
    """The distinct texts of a column of cells (``str`` dtype, missing where empty).

    ``meaning``: texts in small letters that are values here and no placeholders («none»).
    """
    codes, found = pd.factorize(cells)
    distinct = pd.Series(found, dtype="str")
    given = pa.array(distinct, type=pa.large_string())
    plain = _plain(pc.utf8_normalize(given, "NFKC"))
    changed = np.zeros(len(distinct), dtype=bool)
    doubtful = np.flatnonzero(_bools(pc.not_equal(plain, _plain(given))))
    if len(doubtful):
        signs = pc.replace_substring_regex(given.take(pa.array(doubtful)), _PUNCTUATION, "")
        changed[doubtful] = _bools(pc.not_equal(signs, pc.utf8_normalize(signs, "NFKC")))
    spaced = pc.replace_substring_regex(given, _BLANKS, " ")
    placeholders = pa.array(set(PLACEHOLDERS).difference(meaning), pa.large_string())
    is_placeholder = _bools(pc.is_in(pc.utf8_lower(plain), placeholders))
    is_open = pc.or_(pc.equal(plain, ""), pa.array(is_placeholder))
    plain = pc.if_else(is_open, pa.scalar(None, pa.large_string()), plain)
    return Texts(
        codes,
        distinct,
        as_series(plain),
        changed & ~is_placeholder,
        _bools(pc.match_substring_regex(spaced, _INVISIBLE)),
        is_placeholder,
    )


def plain_series(cells: pd.Series) -> pd.Series:
    """Cells made plain, one a row, with the index kept."""
    return texts_of(cells).row_plain.set_axis(cells.index)


def as_series(array: pa.Array) -> pd.Series:
    """An Arrow array of texts as ``str``."""
    return pd.Series(pd.array(array, dtype=pd.StringDtype("pyarrow", na_value=np.nan)))


def _plain(given: pa.Array) -> pa.Array:
    spaced = pc.replace_substring_regex(given, _BLANKS, " ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(spaced, _INVISIBLE, ""))


def _bools(array: pa.Array) -> np.ndarray:
    return pc.fill_null(array, False).to_numpy(zero_copy_only=False)
