"""Immutable versioned snapshots on disk: write a new one, verify one, publish one.

A snapshot is a folder ``store/v00012`` of DuckDB files, one a database of the contract, with a
manifest of their sizes and checksums. It is written beside, renamed into place when complete and
never changed afterwards. The pointer file ``CURRENT`` names the one that readers should use.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from data.contracts import DATABASES, META, SOURCE_KINDS, TABLES, Column, Table

PROJECT_ROOT = Path(__file__).resolve().parent.parent
POINTER = "CURRENT"
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


def store_folder() -> Path:
    """Folder of the snapshots: ``COCKPIT_STORE``, or ``store`` in the project."""
    named = os.environ.get("COCKPIT_STORE")
    return Path(named).expanduser().absolute() if named else PROJECT_ROOT / "store"


def version_name(version: int) -> str:
    """Folder name of a version, as the pointer holds it: ``v00012``."""
    return f"v{version:05d}"


def snapshot_folder(store: Path, version: int) -> Path:
    """Folder of one version."""
    return Path(store) / version_name(version)


def versions(store: Path) -> list[int]:
    """All versions on disk, oldest first, sound or not."""
    try:
        found = [_version_of(entry.name) for entry in Path(store).iterdir() if entry.is_dir()]
    except OSError:
        return []
    return sorted(version for version in found if version is not None)


def current_version(store: Path) -> int | None:
    """Version the pointer names; None when the pointer is missing or not readable as one."""
    try:
        text = (Path(store) / POINTER).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return None
    return _version_of(text.strip())


def _version_of(name: str) -> int | None:
    if not re.fullmatch(r"v[0-9]{5,9}", name):
        return None
    version = int(name[1:])
    return version if version_name(version) == name else None


def attach_sql(folder: Path, database: str, read_only: bool = True) -> str:
    """Statement that attaches one file of a snapshot under its database name."""
    path = str(Path(folder) / f"{database}.duckdb").replace("'", "''")
    return f"ATTACH '{path}' AS {database} (TYPE duckdb{', READ_ONLY' if read_only else ''})"


def write_snapshot(
    store: Path, tables: Mapping[str, pd.DataFrame], meta: Iterable[DatasetMeta]
) -> int:
    """Write the tables as the next version and return its number; a table left out is empty."""
    store = Path(store)
    described = {entry.dataset: entry for entry in meta}
    known = {table.path: table for table in TABLES}
    for path in [*tables, *described]:
        if path not in known:
            raise SnapshotError(f"数据契约中没有表 {path}。")
    for entry in described.values():
        if entry.source_kind not in SOURCE_KINDS:
            raise SnapshotError(f"{entry.dataset} 的来源类别 {entry.source_kind} 不在允许范围内。")
    frames = {path: _conform(known[path], frame) for path, frame in tables.items()}

    # A random name, not mkdtemp: that would make a folder only its owner can read.
    draft = store / f".draft-{secrets.token_hex(6)}"
    try:
        draft.mkdir(parents=True)
        _write_files(draft, frames, described)
        for path in [*draft.iterdir(), draft]:
            _sync(path)
        version = _move_into_place(draft, store)
        _sync(store)
    except (duckdb.Error, OSError) as error:
        raise SnapshotError(f"快照写入失败：{error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return version


def _move_into_place(draft: Path, store: Path) -> int:
    # The pointer counts too: a number once served must never come back with other content.
    version = max([*versions(store), current_version(store) or 0]) + 1
    while True:
        target = snapshot_folder(store, version)
        try:
            os.rename(draft, target)
            return version
        except OSError:
            if not target.exists():
                raise
            version += 1  # another writer took the number meanwhile


def _write_files(
    folder: Path, frames: Mapping[str, pa.Table], described: Mapping[str, DatasetMeta]
) -> None:
    files = {}
    with closing(duckdb.connect(config=NO_EXTENSIONS)) as connection:
        for database in DATABASES:
            path = folder / f"{database}.duckdb"
            connection.execute(attach_sql(folder, database, read_only=False))
            counts = _fill(connection, database, frames, described)
            connection.execute(f"CHECKPOINT {database}")
            connection.execute(f"DETACH {database}")
            entry = {"bytes": path.stat().st_size, "sha256": _file_sha256(path), "tables": counts}
            files[path.name] = entry
    manifest = {
        "format_version": FORMAT_VERSION,
        "created_at": _now(),
        "duckdb_version": duckdb.__version__,
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _fill(
    connection: duckdb.DuckDBPyConnection,
    database: str,
    frames: Mapping[str, pa.Table],
    described: Mapping[str, DatasetMeta],
) -> dict[str, int]:
    """Create the tables of one database with their rows; return the row counts."""
    counts = {}
    entries = []
    for table in (table for table in TABLES if table.database == database):
        connection.execute(table.create_sql())
        frame = frames.get(table.path)
        counts[table.name] = 0 if frame is None else _insert(connection, table, frame)
        if table.path in described:
            entry = vars(described[table.path]) | {
                "imported_at": _now(),
                "row_count": counts[table.name],
                "sha256": _content_sha256(connection, table),
            }
            entries.append(entry)
    meta = replace(META, database=database)
    connection.execute(meta.create_sql())
    rows = _conform(meta, pd.DataFrame(entries, columns=meta.column_names))
    return counts | {meta.name: _insert(connection, meta, rows)}


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, frame: pa.Table) -> int:
    names = ", ".join(f'"{name}"' for name in table.column_names)
    connection.register("incoming", frame)
    connection.execute(f"INSERT INTO {table.path} ({names}) SELECT {names} FROM incoming")
    connection.unregister("incoming")
    return frame.num_rows


def _content_sha256(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Hash of the rows: the same for the same rows, whatever their order and the file's bytes."""
    sql = f"""
        SELECT sha256(coalesce(string_agg(row_hash, '' ORDER BY row_hash), ''))
        FROM (SELECT sha256(CAST(to_json(r) AS VARCHAR)) AS row_hash FROM {table.path} AS r)
    """
    return connection.execute(sql).fetchone()[0]


def _conform(table: Table, frame: pd.DataFrame) -> pa.Table:
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


def verify_snapshot(folder: Path) -> list[str]:
    """What is wrong with a snapshot, in Chinese; empty when it is sound. Never raises on damage."""
    folder = Path(folder)
    if not folder.is_dir():
        return [f"快照文件夹 {folder.name} 不存在"]
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [f"缺少清单 {MANIFEST}"]
    except (OSError, ValueError, RecursionError):
        return [f"清单 {MANIFEST} 无法读取"]
    try:
        if manifest["format_version"] != FORMAT_VERSION:
            return [f"清单格式版本 {manifest['format_version']} 不受支持"]
        files = {f"{name}.duckdb": manifest["files"][f"{name}.duckdb"] for name in DATABASES}
        expected = {
            name: (entry["bytes"], entry["sha256"], dict(entry["tables"]))
            for name, entry in files.items()
        }
    except (KeyError, TypeError, ValueError):
        return [f"清单 {MANIFEST} 不完整"]
    try:
        present = {path.name for path in folder.iterdir()}
        problems = [f"多出文件 {name}" for name in sorted(present - {MANIFEST, *expected})]
        for name, (size, sha256, _) in expected.items():
            problems += _file_problems(folder / name, size, sha256)
    except OSError as error:
        return [f"快照文件夹无法读取：{error}"]
    # DuckDB is not let near bytes that are not the ones written.
    counts = {Path(name).stem: tables for name, (_, _, tables) in expected.items()}
    return problems or _content_problems(folder, counts)


def _file_problems(path: Path, size: int, sha256: str) -> list[str]:
    if not path.is_file():
        return [f"缺少文件 {path.name}"]
    if path.stat().st_size != size:
        return [f"文件 {path.name} 大小不符：应为 {size} 字节，实为 {path.stat().st_size} 字节"]
    return [] if _file_sha256(path) == sha256 else [f"文件 {path.name} 校验和不符"]


def _content_problems(folder: Path, counts: dict[str, dict]) -> list[str]:
    with closing(duckdb.connect(config=NO_EXTENSIONS)) as connection:
        for database in DATABASES:
            try:
                connection.execute(attach_sql(folder, database))
            except duckdb.Error as error:
                return [f"文件 {database}.duckdb 无法打开：{error}"]
        try:
            return _table_problems(connection, counts)
        except duckdb.Error as error:
            return [f"快照内容无法读取：{error}"]


def _table_problems(connection: duckdb.DuckDBPyConnection, counts: dict[str, dict]) -> list[str]:
    present: dict[str, set[str]] = {}
    sql = "SELECT database_name || '.' || table_name, column_name FROM duckdb_columns()"
    for path, column in connection.execute(sql).fetchall():
        present.setdefault(path, set()).add(column)
    tables = {t.path: t for t in [*TABLES, *(replace(META, database=d) for d in DATABASES)]}
    problems = [f"缺少表 {path}" for path in tables if path not in present]
    if problems:
        return problems
    # Columns too: after a change of the contract an older snapshot would fail page by page.
    for path, table in tables.items():
        missing = [name for name in table.column_names if name not in present[path]]
        if missing:
            problems.append(f"表 {path} 缺少列：{'、'.join(missing)}")
    # One statement for all tables: sessions go on querying meanwhile, and share the processor.
    sql = " UNION ALL ".join(f"SELECT '{path}', count(*) FROM {path}" for path in tables)
    for path, found in connection.execute(sql).fetchall():
        listed = counts[tables[path].database].get(tables[path].name)
        if found != listed:
            problems.append(f"表 {path} 行数不符：清单 {listed}，实有 {found}")
    return problems


def publish(store: Path, version: int) -> None:
    """Let the pointer name a version, once it has been verified."""
    store = Path(store)
    problems = verify_snapshot(snapshot_folder(store, version))
    if problems:
        name = version_name(version)
        raise SnapshotError(f"快照 {name} 未通过校验，未发布：{'；'.join(problems)}。")
    beside = store / f".{POINTER}-{secrets.token_hex(6)}"
    try:
        beside.write_text(version_name(version) + "\n", encoding="ascii")
        _sync(beside)
        os.replace(beside, store / POINTER)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise SnapshotError(f"无法写入指针 {POINTER}：{error}") from error
    _sync(store)


def _file_sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Force a file or a folder's entries to the disk; only POSIX can do that to a folder."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
