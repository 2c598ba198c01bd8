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
        rows = np.asarray(list(rows), dtype="int64")
        if len(rows):
            part = {
                "row": rows,
                "heading": heading,
                "value": values,
                "severity": severity,
                "rule": rule,
                "reason": reason,
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
        frame = self.frame()
        return np.unique(frame.loc[frame["severity"] == "rejected", "row"].to_numpy())

    def frame(self) -> pd.DataFrame:
        """All findings by row, then in the order found."""
        if not self._parts:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
        return pd.concat(self._parts, ignore_index=True).sort_values(
            "row", kind="stable", ignore_index=True
        )
