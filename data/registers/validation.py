"""One file checked as one register: accepted rows, findings, and what the file says of itself.

``validate`` is the whole check before anything changes; ``Validation`` is what the report, the
preview, the difference and the publication work from.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.registers.raw import RawTable
from data.registers.register import Register

Progress = Callable[[str, float | None], None]
"""Told the step in Chinese and the share done (0–1; None when it is not known)."""


def no_progress(step: str, share: float | None) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class Options:
    """What the data officer declares of a file."""

    crs: str | None = None
    """Key of ``geo.crs.SYSTEMS``; None only where the file declares it or has no positions."""
    swap_axes: bool = False
    """Whether the officer says that longitude and latitude (east and north) are exchanged."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Heading → field name, or "" to leave the column out; goes before aliases."""
    provider: str = ""
    """The office that answers for the data (报送单位)."""
    as_of: str = ""
    """Date of the data: YYYY, YYYY-MM or YYYY-MM-DD."""
    licence: str = "内部资料"


@dataclass(frozen=True)
class CrsVerdict:
    """How the positions agree with the declared coordinate system."""

    declared: str | None
    swapped: bool
    inside_pct: Mapping[str, float]
    """Share of positions inside the district (0–100) by coordinate system."""
    landmark_m: Mapping[str, float]
    """Median distance (m) to the stations, streets and rivers that rows name, by system."""
    landmark_count: int
    suggestion: str | None
    """Another system that fits clearly better; None when the declared one is fine."""
    message: str
    """One sentence in Chinese; empty when there are no positions."""
    blocks: bool
    """Whether the declared system cannot be right, so that nothing may be published."""
    suggested_swap: bool = False
    """Whether the suggestion reads the axes exchanged (a value for ``Options.swap_axes``)."""


@dataclass
class Validation:
    """The outcome of checking one file; nothing has been changed by it."""

    register: Register
    raw: RawTable
    options: Options
    mapping: dict[str, str]
    """Heading → field name as used; headings left out map to ""."""
    rows: pd.DataFrame
    """Accepted rows with the columns of the register's table (types of the contract), indexed by
    row number in the file."""
    findings: pd.DataFrame
    """See ``data.registers.findings.COLUMNS``."""
    crs: CrsVerdict | None

    @property
    def read_count(self) -> int:
        return len(self.raw.cells)

    @property
    def accepted_count(self) -> int:
        return len(self.rows)

    @property
    def rejected_count(self) -> int:
        return self.read_count - self.accepted_count

    @property
    def corrected_count(self) -> int:
        """Accepted rows in which something was changed."""
        changed = self.findings.loc[self.findings["severity"] == "corrected", "row"]
        return int(self.rows.index.isin(changed).sum())

    @property
    def blockers(self) -> list[str]:
        """Why this file cannot be published at all, in Chinese; empty when it can."""
        found = []
        if not self.accepted_count:
            found.append("没有一行合格，请按报告改正后重新导入")
        if self.crs is not None and self.crs.blocks:
            found.append(self.crs.message)
        return found


def validate(
    raw: RawTable,
    register: Register,
    options: Options,
    current: Mapping[str, pd.DataFrame],
    progress: Progress = no_progress,
) -> Validation:
    """Check a file row by row; accepted + rejected = read.

    ``current`` holds the tables that lookups of the register refer to (``rivers.rivers`` …).
    ImportProblem when the file cannot be used as a whole: a required column is missing, two
    columns claim one field, a coordinate system is needed and not declared.
    """
    raise NotImplementedError
