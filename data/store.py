"""Read side of the snapshots: one store for all sessions, swapped to a new version while in use.

Every version is opened as its own in-memory DuckDB instance that attaches the snapshot's files
read-only and is then locked down. A query counts as a reader of its version for as long as it
runs, so that a version left behind closes exactly when nobody reads it any more.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from data.contracts import DATABASES
from data.snapshot import (
    NO_EXTENSIONS,
    POINTER,
    attach_sql,
    current_version,
    snapshot_folder,
    verify_snapshot,
    version_name,
    versions,
)
from data.system_faults import reason

MEMORY_LIMIT = "1GB"
THREADS = min(4, os.cpu_count() or 1)
ADVICE = "请运行 python -m data build 重新生成。"
# With a lock-down these could not be changed any more, so they are set when connecting.
CONNECT_CONFIG = NO_EXTENSIONS | {"memory_limit": MEMORY_LIMIT, "threads": THREADS}


class StoreError(Exception):
    """Data cannot be opened or a query cannot be answered; the message is for the user."""


class Snapshot:
    """One opened version; queries may come from many threads at once."""

    def __init__(self, folder: Path, version: int) -> None:
        self.version = version
        self._connection = duckdb.connect(config=CONNECT_CONFIG)
        try:
            for database in DATABASES:
                self._connection.execute(attach_sql(folder, database))
            self._connection.execute("SET enable_external_access = false")
            self._connection.execute("SET lock_configuration = true")
        except duckdb.Error:
            self._connection.close()
            raise
        self._parse = lru_cache(maxsize=512)(partial(_parse_select, self._connection))
        # Kept by the store, under its lock.
        self.readers = 0
        self.is_retired = False

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer one SELECT; of ``params`` only those that the statement names are passed."""
        try:
            statement = self._parse(sql)
            names = statement.named_parameters
            missing = sorted(names - set(params or {}))
            if missing:
                raise StoreError(f"查询缺少参数：{'、'.join(missing)}。")
            values = {name: _plain(params[name]) for name in names}
            with closing(self._connection.cursor()) as cursor:
                return cursor.execute(statement, values).df()
        except duckdb.Error as error:
            raise StoreError(f"查询失败：{error}") from error

    def close(self) -> None:
        """Close the files; for the store alone, once nobody reads."""
        self._connection.close()


def _parse_select(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    # Not a courtesy: the lock-down leaves DETACH and CREATE in memory open.
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise StoreError("只接受一条 SELECT 查询语句。")
    return statements[0]


def _plain(value: Any) -> Any:
    # DuckDB does not know the numbers that come out of a frame's cells.
    return value.item() if isinstance(value, np.generic) else value


class Store:
    """The snapshot that the pointer names, always the newest sound one, for all threads."""

    def __init__(self, folder: Path) -> None:
        """Open the snapshot; StoreError when there is none to open."""
        self.folder = Path(folder)
        self.refusal: str | None = None
        self._lock = threading.Lock()  # guards _serving and the readers' counts; held briefly
        self._looking = threading.Lock()  # held by the one thread that examines a new snapshot
        self._pointer_seen = self._pointer_stamp()
        self._serving: Snapshot | None = self._open_first()

    @property
    def version(self) -> int:
        """The version served now."""
        with self.reading() as snapshot:
            return snapshot.version

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Answer one SELECT from the newest snapshot."""
        with self.reading() as snapshot:
            return snapshot.query(sql, params)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Pin one version for several queries, so that a page never mixes two."""
        self._follow_pointer()
        with self._lock:
            snapshot = self._serving
            if snapshot is None:
                raise StoreError("数据仓已关闭。")
            snapshot.readers += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.readers -= 1
                is_last = snapshot.is_retired and snapshot.readers == 0
            if is_last:
                snapshot.close()

    def close(self) -> None:
        """Stop serving; queries that still run are answered first."""
        with self._looking:
            self._serve(None)

    def _serve(self, snapshot: Snapshot | None) -> None:
        with self._lock:
            old, self._serving = self._serving, snapshot
            if old is None:
                return
            old.is_retired = True
            is_unread = old.readers == 0
        if is_unread:
            old.close()

    def _pointer_stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = os.stat(self.folder / POINTER)
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _follow_pointer(self) -> None:
        """Swap to the snapshot the pointer names, if it has moved and that snapshot is sound."""
        if self._pointer_stamp() == self._pointer_seen:
            return
        # Whoever comes while another thread examines the new snapshot is served the old one.
        if not self._looking.acquire(blocking=False):
            return
        try:
            # Stamped before it is read: a pointer that moves meanwhile is looked at again.
            self._pointer_seen = self._pointer_stamp()
            if self._serving is not None:
                self._swap(self._serving.version, current_version(self.folder))
        finally:
            self._looking.release()

    def _swap(self, served: int, named: int | None) -> None:
        if named == served:
            self.refusal = None
            return
        keeping = f"仍使用 {version_name(served)}。"
        if named is None:
            self.refusal = f"指针 {POINTER} 缺失或无法识别，{keeping}"
            return
        snapshot, reason = self._open(named)
        self.refusal = f"{reason}，{keeping}" if reason else None
        if snapshot is not None:
            self._serve(snapshot)

    def _open_first(self) -> Snapshot:
        named = current_version(self.folder)
        candidates = versions(self.folder)[::-1]
        refusal = f"指针 {POINTER} 缺失或无法识别"
        if named is not None:
            snapshot, refusal = self._open(named)
            if snapshot is not None:
                return snapshot
            candidates = [version for version in candidates if version < named]
        for version in candidates:
            snapshot, _ = self._open(version)
            if snapshot is not None:
                self.refusal = f"{refusal}，改用 {version_name(version)}。"
                return snapshot
        raise StoreError(f"{self.folder} 中没有可用的数据快照（{refusal}）。{ADVICE}")

    def _open(self, version: int) -> tuple[Snapshot, None] | tuple[None, str]:
        """The snapshot, or the reason why it is refused."""
        folder = snapshot_folder(self.folder, version)
        problems = verify_snapshot(folder)
        if not problems:
            try:
                return Snapshot(folder, version), None
            except duckdb.Error as error:
                problems = [f"无法打开：{reason(error)}"]
        return None, f"快照 {folder.name} 未通过校验（{'；'.join(problems)}）"
