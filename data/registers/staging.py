"""A checked import kept on disk until it is published or dropped: ``store/.staging/<id>/``.

So the check can run in a process of its own, and what is published is exactly what was looked at.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.registers.difference import Difference
from data.registers.register import Register
from data.registers.validation import CrsVerdict, Options, Validation


@dataclass(frozen=True)
class Staged:
    """A checked import as read back from disk."""

    staging_id: str
    register: Register
    file_name: str
    format: str
    file_sha256: str
    row_word: str
    options: Options
    mapping: dict[str, str]
    crs: CrsVerdict | None
    read_count: int
    accepted_count: int
    corrected_count: int
    rejected_count: int
    blank_rows: int
    blockers: tuple[str, ...]
    base_version: int | None
    """Version against which the difference was made."""
    staged_at: str
    findings: pd.DataFrame
    rows: pd.DataFrame
    difference: Difference
    folder: Path


def stage(store: Path, validation: Validation, base_version: int | None,
          compared: Difference) -> str:  # fmt: skip
    """Write a checked import beside the snapshots; returns its id (``toilets-20260101-1a2b3c``)."""
    raise NotImplementedError


def load(store: Path, staging_id: str) -> Staged:
    """Read a staged import; SnapshotError when there is none of that id or it is damaged."""
    raise NotImplementedError


def drop(store: Path, staging_id: str) -> None:
    """Forget a staged import."""
    raise NotImplementedError
