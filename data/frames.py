"""From rows to frames that fit their contract: column order and types."""

import pandas as pd

from data.contracts import Table, table

PANDAS_TYPES = {
    "VARCHAR": "str",
    "DOUBLE": "float64",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "BOOLEAN": "boolean",
    "DATE": "datetime64[s]",
}
"""Nullable pandas types, so that a missing number stays missing and never becomes 0."""


def contract_frame(path: str, rows: list[dict] | pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame with exactly the columns and types of the contract ``database.table``.

    Columns that the rows lack become missing values; columns the contract lacks are an error.
    """
    contract = table(path)
    frame = pd.DataFrame(rows)
    unknown = set(frame.columns) - set(contract.column_names)
    if unknown:
        raise ValueError(f"{path}: columns not in the contract: {sorted(unknown)}")
    frame = frame.reindex(columns=contract.column_names)
    return frame.astype(pandas_types(contract)).reset_index(drop=True)


def pandas_types(contract: Table) -> dict[str, str]:
    """pandas type of each column of a contract."""
    return {column.name: PANDAS_TYPES[column.type] for column in contract.columns}


def empty_frame(path: str) -> pd.DataFrame:
    """A frame of the contract ``database.table`` without rows."""
    return contract_frame(path, [])
