"""Immutable versioned snapshots on disk: write a new one, verify one, publish one.

A snapshot is a folder ``store/v00012`` of DuckDB files, one a database of the contract, with a
manifest of their sizes and checksums. It is written beside, renamed into place when complete and
never changed afterwards. The pointer file ``CURRENT`` names the one that readers should use.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from data.contracts import DATABASES, META, SOURCE_KINDS, TABLES
from data.database_files import (
    FORMAT_VERSION,
    MANIFEST,
    NO_EXTENSIONS,
    DatasetMeta,
    SnapshotError,
    attach_sql,
    conform,
    file_sha256,
    read_manifest,
    rewritten,
    write_files,
)
from data.system_faults import reason

PROJECT_ROOT = Path(__file__).resolve().parent.parent
POINTER = "CURRENT"
DRAFT = ".draft-"
"""How the name of a snapshot or file not yet complete begins."""
_INCOMPLETE = f"清单 {MANIFEST} 不完整"
SPARE_BYTES = 64 * 1024 * 1024
"""Room that must stay free on the disk beyond what a snapshot needs: logs and pages go on."""


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


def write_snapshot(
    store: Path,
    tables: Mapping[str, pd.DataFrame],
    meta: Iterable[DatasetMeta],
    base: int | None = None,
    record: Mapping[str, object] | None = None,
) -> int:
    """Write the tables as the next version and return its number.

    A table left out is empty, or with ``base`` (a sound version) as it is there, its description
    too. ``record`` goes into the manifest. SnapshotError, and no trace of the new version, when
    anything does not fit the contract or the disk.
    """
    store = Path(store)
    described = {entry.dataset: entry for entry in meta}
    known = {table.path: table for table in TABLES}
    for path in [*tables, *described]:
        if path not in known:
            raise SnapshotError(f"数据契约中没有表 {path}。")
    for entry in described.values():
        if entry.source_kind not in SOURCE_KINDS:
            raise SnapshotError(f"{entry.dataset} 的来源类别 {entry.source_kind} 不在允许范围内。")
    frames = {path: conform(known[path], frame) for path, frame in tables.items()}
    older = None if base is None else snapshot_folder(store, base)

    # A random name, not mkdtemp: that would make a folder only its owner can read.
    draft = store / f"{DRAFT}{secrets.token_hex(6)}"
    try:
        draft.mkdir(parents=True)
        _require_space(store, frames, rewritten([*frames, *described], older), older)
        write_files(draft, frames, described, older, record or {})
        for path in [*draft.iterdir(), draft]:
            sync(path)
        version = _move_into_place(draft, store)
        sync(store)
    except (duckdb.Error, OSError) as error:
        raise SnapshotError(f"快照写入失败：{reason(error)}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return version


def _require_space(
    store: Path, frames: Mapping[str, pa.Table], databases: Iterable[str], base: Path | None
) -> None:
    """SnapshotError when the disk is too full for the files to be written."""
    # DuckDB packs rows tighter than Arrow does, so this is more than will be needed.
    needed = SPARE_BYTES + sum(frame.nbytes for frame in frames.values())
    if base:
        needed += sum((base / f"{name}.duckdb").stat().st_size for name in databases)
    free = shutil.disk_usage(store).free
    if free < needed:
        raise SnapshotError(
            f"磁盘空间不足：约需 {needed / 1024**2:,.0f} MB，{store} 所在磁盘只剩 "
            f"{free / 1024**2:,.0f} MB。请清理磁盘或删除旧版本后重试。"
        )


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


def verify_snapshot(folder: Path) -> list[str]:
    """What is wrong with a snapshot, in Chinese; empty when it is sound. Never raises on damage."""
    problems = file_problems(folder)
    if problems:
        return problems
    # DuckDB is not let near bytes that are not the ones written.
    listed = read_manifest(folder)["files"]
    if any(f"{database}.duckdb" not in listed for database in DATABASES):
        return [_INCOMPLETE]
    counts = {database: listed[f"{database}.duckdb"]["tables"] for database in DATABASES}
    return _content_problems(Path(folder), counts)


def file_problems(folder: Path) -> list[str]:
    """How a snapshot's files differ from its manifest, whatever contract they were made by."""
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
        expected = {
            name: (entry["bytes"], entry["sha256"], dict(entry["tables"]))
            for name, entry in manifest["files"].items()
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        return [_INCOMPLETE]
    if not expected:
        return [_INCOMPLETE]
    try:
        present = {path.name for path in folder.iterdir()}
        problems = [f"多出文件 {name}" for name in sorted(present - {MANIFEST, *expected})]
        for name, (size, sha256, _) in expected.items():
            problems += _file_problems(folder / name, size, sha256)
    except OSError as error:
        return [f"快照文件夹无法读取：{reason(error)}"]
    return problems


def _file_problems(path: Path, size: int, sha256: str) -> list[str]:
    if not path.is_file():
        return [f"缺少文件 {path.name}"]
    if path.stat().st_size != size:
        return [f"文件 {path.name} 大小不符：应为 {size} 字节，实为 {path.stat().st_size} 字节"]
    return [] if file_sha256(path) == sha256 else [f"文件 {path.name} 校验和不符"]


def _content_problems(folder: Path, counts: dict[str, dict]) -> list[str]:
    with closing(duckdb.connect(config=NO_EXTENSIONS)) as connection:
        for database in DATABASES:
            try:
                connection.execute(attach_sql(folder, database))
            except duckdb.Error as error:
                return [f"文件 {database}.duckdb 无法打开：{reason(error)}"]
        try:
            return _table_problems(connection, counts)
        except duckdb.Error as error:
            return [f"快照内容无法读取：{reason(error)}"]


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
    try:
        write_whole(store / POINTER, version_name(version) + "\n")
    except OSError as error:
        raise SnapshotError(f"无法写入指针 {POINTER}：{reason(error)}") from error


def write_whole(path: Path, text: str) -> None:
    """Replace a small file of the store at once: readers see the old text or the new one."""
    beside = path.with_name(f"{DRAFT}{secrets.token_hex(6)}")
    try:
        beside.write_text(text, encoding="utf-8")
        sync(beside)
        os.replace(beside, path)
        sync(path.parent)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def sync(path: Path) -> None:
    """Force a file or a folder's entries to the disk; only POSIX can do that to a folder."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
