"""A file's rows while they are checked: typed columns so far, rows refused, findings."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from data.registers.findings import Findings
from data.registers.options import Options
from data.registers.raw import RawTable, Severity
from data.registers.register import Register
from data.registers.texts import Texts, texts_of


class Sheet:
    """State of one check. Arrays and series are one entry a row, in the file's order."""

    def __init__(
        self, raw: RawTable, register: Register, options: Options, matched: Mapping[str, str]
    ) -> None:
        self.raw = raw
        self.register = register
        self.options = options
        self.heading_of = {field: heading for heading, field in matched.items() if field}
        self.numbers = raw.cells.index.to_numpy(dtype="int64")
        """Row numbers in the file."""
        self.values: dict[str, pd.Series] = {}
        """Typed columns by field, indexed from 0."""
        self.findings = Findings()
        self.rejected = np.zeros(len(raw.cells), dtype=bool)
        self._unreadable: dict[str, np.ndarray] = {}
        self._texts: dict[str, Texts] = {}

    def __len__(self) -> int:
        return len(self.raw.cells)

    def has(self, field: str) -> bool:
        """Whether the file has a column for a field."""
        return field in self.heading_of

    def cells(self, field: str) -> pd.Series:
        """Cells of a field as in the file, indexed from 0; all missing without such a column."""
        if not self.has(field):
            return pd.Series(np.nan, index=range(len(self)), dtype="str")
        return self.raw.cells[self.heading_of[field]].reset_index(drop=True)

    def texts(self, field: str) -> Texts:
        """Cells of a field by distinct text, made plain."""
        if field not in self._texts:
            self._texts[field] = texts_of(self.cells(field), self._meaning(field))
        return self._texts[field]

    def _meaning(self, field: str) -> set[str]:
        """Words and values of a coded field, in small letters."""
        item = next((item for item in self.register.fields if item.name == field), None)
        if item is None:
            return set()
        words = {*item.words, *item.words.values(), *self.register.column(field).allowed}
        return {word.casefold() for word in words}

    def is_given(self, field: str) -> np.ndarray:
        """Which rows hold anything in a field."""
        return self.texts(field).row_plain.notna().to_numpy()

    def refuse_cells(self, heading: str, numbers: Collection[int]) -> None:
        """Cells (or, without a heading, rows) that the reader refused: such a cell has its finding
        and gets no other."""
        here = pd.Index(self.numbers).isin(numbers)
        self.rejected |= here
        self._unreadable[heading] = here

    def is_readable(self, field: str) -> np.ndarray:
        """Which rows have a cell of a field in which the reader found no fault."""
        nowhere = np.zeros(len(self), dtype=bool)
        return ~self._unreadable.get(self.heading_of.get(field), nowhere)

    def flag(
        self,
        chosen: np.ndarray,
        field: str,
        severity: Severity,
        rule: str,
        reason: pd.Series | str,
        remedy: str,
        values: pd.Series | None = None,
    ) -> None:
        """Add a finding to each chosen row, at the field's cell; "" for the whole row.

        ``reason`` and ``values`` (what stands in the cell, if it is not the cell) one a row of the
        file. A field without a column of its own is named by its title.
        """
        chosen = np.asarray(chosen, dtype=bool)
        if field:
            chosen = chosen & self.is_readable(field)
        if not chosen.any():
            return
        if severity == "rejected":
            self.rejected |= chosen
        if values is None:
            values = self.cells(field)
        self.findings.add(
            self.numbers[chosen],
            self.named(field),
            values[chosen],
            severity,
            rule,
            reason[chosen] if isinstance(reason, pd.Series) else reason,
            remedy,
        )

    def note(self, heading: str, rule: str, reason: str, remedy: str) -> None:
        """Add a note on a whole column or (no heading) the whole file."""
        self.findings.add([0], heading, "", "noted", rule, reason, remedy)

    def named(self, field: str) -> str:
        """How a field is called in findings: its heading in the file, else its title."""
        if not field or field in self.heading_of:
            return self.heading_of.get(field, "")
        return next((c.title for c in self.register.table.columns if c.name == field), field)
