"""Findings of an import: which cell, what is wrong or was changed, why, and what to do."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from data.registers.raw import Note, Severity

COLUMNS = {
    "row": "int64",
    "heading": "str",
    "value": "str",
    "severity": "str",
    "rule": "str",
    "reason": "str",
    "remedy": "str",
}
"""One row a finding; ``row`` 0 and an empty ``heading`` mean the whole file or the whole row."""

SEVERITY_WORDS = {"rejected": "拒绝", "corrected": "更正", "noted": "提示"}


class Findings:
    """Collects findings, many rows at a time; one call a rule and column."""

    def __init__(self) -> None:
        self._parts: list[pd.DataFrame] = []

    def add(
        self,
        rows: Iterable[int],
        heading: str,
        values: Iterable[str] | str,
        severity: Severity,
        rule: str,
        reason: Iterable[str] | str,
        remedy: str,
    ) -> None:
        """Add a finding for each of ``rows`` (file row numbers); texts are shared or one a row."""
        if not isinstance(rows, np.ndarray):
            rows = np.array(list(rows))
        if len(rows):
            part = {
                "row": rows,
                "heading": heading,
                "value": _bare(values),
                "severity": severity,
                "rule": rule,
                "reason": _bare(reason),
                "remedy": remedy,
            }
            self._parts.append(pd.DataFrame(part).astype(COLUMNS))

    def add_notes(self, notes: Iterable[Note]) -> None:
        """Add what a reader noted."""
        rows = [vars(note) for note in notes]
        if rows:
            self._parts.append(pd.DataFrame(rows)[list(COLUMNS)].astype(COLUMNS))

    @property
    def rejected_rows(self) -> np.ndarray:
        """Row numbers with at least one rejecting finding, ascending."""
        rejected = [part["row"][part["severity"] == "rejected"] for part in self._parts]
        return np.unique(np.concatenate([np.empty(0, dtype="int64"), *rejected]))

    def frame(self) -> pd.DataFrame:
        """All findings by row, then in the order found."""
        if not self._parts:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
        return pd.concat(self._parts, ignore_index=True).sort_values(
            "row", kind="stable", ignore_index=True
        )


def _bare(texts: Iterable[str] | str) -> Iterable[str] | str:
    """Texts without an index of their own: they go by place, and empty cells are empty texts."""
    return texts.fillna("").array if isinstance(texts, pd.Series) else texts
