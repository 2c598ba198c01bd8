"""The tables of one snapshot as frames, read one by one when they are asked for."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

import duckdb
import pandas as pd

from data.contracts import DATABASES, META, TABLES, Table, table
from data.database_files import NO_EXTENSIONS, SnapshotError, attach_sql
from data.frames import contract_frame
from data.system_faults import reason


class StandingTables(Mapping[str, pd.DataFrame]):
    """Frames of a snapshot's tables by ``database.table``, in the contract's columns and types.

    A snapshot of an older contract is read as far as both know a column; what it lacks is missing.
    To be used with ``with``; frames are the caller's to keep, but not to change.
    """

    def __init__(self, folder: Path) -> None:
        """Open the files of a snapshot; SnapshotError when they are none of DuckDB's."""
        self._folder = Path(folder)
        self._frames: dict[str, pd.DataFrame] = {}
        self._connection = duckdb.connect(config=NO_EXTENSIONS)
        try:
            for database in DATABASES:
                if (self._folder / f"{database}.duckdb").exists():
                    self._connection.execute(attach_sql(self._folder, database))
        except duckdb.Error as error:
            self._connection.close()
            raise SnapshotError(f"快照 {self._folder.name} 无法打开：{reason(error)}") from error

    def __enter__(self) -> "StandingTables":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def __getitem__(self, path: str) -> pd.DataFrame:
        if path not in self._frames:
            contract = table(path)
            self._frames[path] = contract_frame(path, self._read(contract, path))
        return self._frames[path]

    def __contains__(self, path: object) -> bool:
        # Mapping would read the whole table to find out.
        return any(contract.path == path for contract in TABLES)

    def __iter__(self) -> Iterator[str]:
        return (contract.path for contract in TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def lacking(self, path: str) -> list[str]:
        """Titles of the columns that the contract requires and a table of an older one has not."""
        present = self._columns(path)
        return [c.title for c in table(path).columns if c.required and c.name not in present]

    def meta(self) -> pd.DataFrame:
        """Descriptions of all datasets: the columns of ``_meta``."""
        parts = [self._read(META, f"{database}._meta") for database in DATABASES]
        return pd.concat(parts, ignore_index=True).reindex(columns=META.column_names)

    def _read(self, contract: Table, path: str) -> pd.DataFrame:
        try:
            present = self._columns(path)
            shared = [f'"{column}"' for column in contract.column_names if column in present]
            if not shared:
                return pd.DataFrame()
            return self._connection.execute(f"SELECT {', '.join(shared)} FROM {path}").df()
        except duckdb.Error as error:
            raise SnapshotError(
                f"快照 {self._folder.name} 的表 {path} 无法读取：{reason(error)}"
            ) from error

    def _columns(self, path: str) -> set[str]:
        """Columns of a table as they are stored; none where the snapshot has no such table."""
        database, name = path.split(".")
        sql = """
            SELECT column_name FROM duckdb_columns()
            WHERE database_name = $database AND table_name = $name
        """
        found = self._connection.execute(sql, {"database": database, "name": name}).fetchall()
        return {column for (column,) in found}
