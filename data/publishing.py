"""Change what the cockpit shows: publish registers, go back, prune; one writer at a time.

Every change is a new immutable snapshot and one move of the pointer, under a lock; a history beside
the snapshots says who did what and when.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.registers.register import Register
from data.registers.validation import Progress, no_progress


@dataclass(frozen=True)
class Change:
    """What a publication brings, for history and catalog."""

    action: str
    """build, import, rollback or publish."""
    actor: str
    dataset: str = ""
    provider: str = ""
    as_of: str = ""
    licence: str = ""
    source: str = ""
    """File or database the rows come from, as named in the footer."""
    file_sha256: str = ""
    crs: str = ""
    read_count: int = 0
    accepted_count: int = 0
    corrected_count: int = 0
    rejected_count: int = 0
    new_count: int = 0
    changed_count: int = 0
    gone_count: int = 0
    findings: tuple[tuple[str, int], ...] = ()
    """Rule and number of findings, for the catalog's quality column."""


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history, newest last."""

    at: str
    """UTC, ISO 8601."""
    version: int
    previous: int | None
    change: Change
    is_kept: bool
    """Whether the snapshot is still on disk (can be rolled back to)."""
    is_current: bool


@contextmanager
def writing(store: Path, actor: str, action: str) -> Iterator[None]:
    """Hold the store's one write lock; SnapshotError names owner and age when it is held."""
    raise NotImplementedError
    yield


def publish_register(
    store: Path,
    register: Register,
    rows: pd.DataFrame,
    change: Change,
    progress: Progress = no_progress,
) -> int:
    """Replace a register by these rows (columns of its table) and publish; returns the version.

    Derived tables and the search index follow; sample tables that refer to replaced ids are
    emptied. SnapshotError, with everything left as it was, when the new snapshot fails its check.
    """
    raise NotImplementedError


def rollback(store: Path, version: int, actor: str) -> None:
    """Let the pointer name a kept version again, once it has been verified."""
    raise NotImplementedError


def history(store: Path) -> list[HistoryEntry]:
    """Every publication and rollback, oldest first."""
    raise NotImplementedError


def prune(store: Path) -> list[int]:
    """Delete snapshots beyond the rule and stale drafts; returns the versions deleted."""
    raise NotImplementedError
