"""What an import would change: new, changed and gone rows against the register that stands."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Difference:
    """Rows by what happens to them; compared by the table's key."""

    new: pd.DataFrame
    """Rows (columns of the table) whose key does not stand yet."""
    changed: pd.DataFrame
    """One row a changed cell: the key columns, ``column`` (title), ``before``, ``after`` (text)."""
    changed_keys: pd.DataFrame
    """Rows (new values) that differ in at least one cell."""
    gone: pd.DataFrame
    """Rows that stand and are not in the file."""
    unchanged_count: int
    replaces_sample: bool
    """Whether what stands is sample data: then all of it goes, and keys do not matter."""


def difference(rows: pd.DataFrame, standing: pd.DataFrame, dataset: str) -> Difference:
    """Compare accepted rows with the standing rows of ``dataset`` (``database.table``)."""
    raise NotImplementedError
