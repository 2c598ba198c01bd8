"""The DuckDB files of one snapshot and their manifest: filled from frames or from an older version.

What did not change since the older version is not written again: a database file of which no table
changes is the same file under a second name (a hard link), and the unchanged tables of the others
are copied from file to file.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from data.contracts import DATABASES, META, TABLES, Column, Table

MANIFEST = "manifest.json"
FORMAT_VERSION = 1
ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
}
# An extension must never be fetched from the internet, nor loaded because a file asks for it.
NO_EXTENSIONS = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


class SnapshotError(Exception):
    """A snapshot cannot be written or published; the message is for the data officer."""


@dataclass
class DatasetMeta:
    """Where the rows of one dataset (``database.table``) come from."""

    dataset: str
    title: str
    source_kind: str
    source: str
    as_of: str
    provider: str = ""
    """The office that answers for the rows."""
    licence: str = ""
    findings_json: str = "{}"
    """Findings of the import by rule: ``{"街道与位置不符": 3}``."""


def attach_sql(folder: Path, database: str, read_only: bool = True, name: str | None = None) -> str:
    """Statement that attaches one file of a snapshot under its database name or another one."""
    path = str(Path(folder) / f"{database}.duckdb").replace("'", "''")
    return (
        f"ATTACH '{path}' AS {name or database} (TYPE duckdb{', READ_ONLY' if read_only else ''})"
    )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> str:
    """This moment in UTC, ISO 8601 with seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(folder: Path) -> dict:
    """A snapshot's manifest as it stands; empty when it is missing or unreadable."""
    try:
        manifest = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def conform(table: Table, frame: pd.DataFrame) -> pa.Table:
    """The frame's columns in the contract's types; SnapshotError names what does not fit."""
    missing = [name for name in table.column_names if name not in frame.columns]
    extra = [str(name) for name in frame.columns if name not in table.column_names]
    if missing:
        raise SnapshotError(f"表 {table.path} 缺少列：{'、'.join(missing)}。")
    if extra or frame.columns.has_duplicates:
        raise SnapshotError(f"表 {table.path} 有多余或重复的列：{'、'.join(extra)}。")
    return pa.table({c.name: _conform_column(table, c, frame[c.name]) for c in table.columns})


def _conform_column(table: Table, column: Column, values: pd.Series) -> pa.Array:
    where = f"表 {table.path} 的列 {column.name}"
    empty = values.isna().to_numpy()
    if column.required and empty.any():
        raise SnapshotError(f"{where} 不能为空：第 {empty.argmax() + 1} 行。")
    try:
        # Arrow converts nothing silently: a clause read as the number 4.10 is refused as text,
        # where str() would make "4.1" of it; 1.5 is refused as an integer.
        return pa.array(values, type=ARROW_TYPES[column.type], from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise SnapshotError(f"{where} 不符合类型 {column.type}：{error}") from error


def rewritten(paths: Iterable[str], base: Path | None) -> list[str]:
    """Databases that must be written when these tables (``database.table``) are new."""
    if base is None:
        return list(DATABASES)
    touched = {path.split(".")[0] for path in paths}
    return [database for database in DATABASES if database in touched]


def write_files(
    folder: Path,
    frames: Mapping[str, pa.Table],
    described: Mapping[str, DatasetMeta],
    base: Path | None,
    record: Mapping[str, object],
) -> None:
    """Fill a snapshot's folder; tables without frame come from ``base``, or are empty without it.

    ``record`` is written into the manifest beside the files' sizes and checksums.
    """
    files = {}
    known = read_manifest(base)["files"] if base else {}
    fresh = rewritten([*frames, *described], base)
    with closing(duckdb.connect(config=NO_EXTENSIONS)) as connection:
        for database in DATABASES:
            path = folder / f"{database}.duckdb"
            if database not in fresh:
                _same_file(base / path.name, path)
                files[path.name] = known[path.name]
                continue
            connection.execute(attach_sql(folder, database, read_only=False))
            counts = _fill(connection, database, frames, described, base)
            connection.execute(f"CHECKPOINT {database}")
            connection.execute(f"DETACH {database}")
            entry = {"bytes": path.stat().st_size, "sha256": file_sha256(path), "tables": counts}
            files[path.name] = entry
    manifest = {
        "format_version": FORMAT_VERSION,
        "created_at": now(),
        "duckdb_version": duckdb.__version__,
        "files": files,
        **record,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _same_file(old: Path, new: Path) -> None:
    """A second name for a file that never changes; a copy where the disk knows no hard links."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    frames: Mapping[str, pa.Table],
    described: Mapping[str, DatasetMeta],
    base: Path | None,
) -> dict[str, int]:
    """Create the tables of one database with their rows; return the row counts."""
    old = f"old_{database}"
    if base:
        connection.execute(attach_sql(base, database, name=old))
    counts = {}
    entries = []
    for table in (table for table in TABLES if table.database == database):
        connection.execute(table.create_sql())
        if table.path in frames:
            counts[table.name] = _insert(connection, table, frames[table.path])
        else:
            counts[table.name] = _copy(connection, table, old) if base else 0
        if table.path in described:
            entry = vars(described[table.path]) | {
                "imported_at": now(),
                "row_count": counts[table.name],
                "sha256": _content_sha256(connection, table),
            }
            entries.append(entry)
    meta = replace(META, database=database)
    connection.execute(meta.create_sql())
    _insert(connection, meta, conform(meta, pd.DataFrame(entries, columns=meta.column_names)))
    if base:
        _copy(connection, meta, old, f"dataset NOT IN (SELECT dataset FROM {meta.path})")
        connection.execute(f"DETACH {old}")
    (count,) = connection.execute(f"SELECT count(*) FROM {meta.path}").fetchone()
    return counts | {meta.name: count}


def _columns(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.column_names)


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, frame: pa.Table) -> int:
    names = _columns(table)
    connection.register("incoming", frame)
    connection.execute(f"INSERT INTO {table.path} ({names}) SELECT {names} FROM incoming")
    connection.unregister("incoming")
    return frame.num_rows


def _copy(
    connection: duckdb.DuckDBPyConnection, table: Table, old: str, condition: str = "true"
) -> int:
    """Rows of a table from the older file, attached as ``old``; returns how many."""
    names = _columns(table)
    return connection.execute(
        f"INSERT INTO {table.path} ({names}) SELECT {names} FROM {old}.{table.name} "
        f"WHERE {condition}"
    ).fetchone()[0]


def _content_sha256(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Hash of the rows: the same for the same rows, whatever their order and the file's bytes."""
    # MD5 of a row is enough to tell rows apart, and twice as fast for a million of them.
    sql = f"""
        SELECT sha256(coalesce(string_agg(row_hash, '' ORDER BY row_hash), ''))
        FROM (SELECT md5(CAST(to_json(r) AS VARCHAR)) AS row_hash FROM {table.path} AS r)
    """
    return connection.execute(sql).fetchone()[0]
