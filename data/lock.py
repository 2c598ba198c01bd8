"""One writer at a time on a store, over processes and hosts; readers need no lock.

The operating system holds the lock (a file lock on ``store/.lock``), so it is free again the moment
its holder dies, however it dies. Who holds it stands in a file beside, for the message to others.
"""

import json
import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from data.database_files import SnapshotError
from data.snapshot import DRAFT, write_whole
from data.system_faults import reason

LOCK = ".lock"
OWNER = ".lock-owner.json"
POLL_S = 0.05
_ERRANDS = {
    "build": "构建数据",
    "import": "发布登记册",
    "publish": "发布版本",
    "rollback": "回退版本",
    "prune": "清理旧版本",
}


class StoreBusyError(SnapshotError):
    """Somebody else is changing the store just now."""


@contextmanager
def locked(store: Path, actor: str, action: str, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the store's write lock, and clear away what a writer that died left unfinished.

    StoreBusyError, naming the owner and since when, if it is not free within ``wait_s`` seconds.
    """
    store = Path(store)
    try:
        store.mkdir(parents=True, exist_ok=True)
        lock = FileLock(store / LOCK)
        lock.acquire(timeout=wait_s, poll_interval=POLL_S)
    except Timeout as error:
        raise StoreBusyError(_busy(store)) from error
    except OSError as error:
        raise SnapshotError(f"无法锁定 {store}：{reason(error)}") from error
    try:
        _sign(store, actor, action)
        _sweep(store)
        yield
    finally:
        (store / OWNER).unlink(missing_ok=True)
        lock.release()


def _sign(store: Path, actor: str, action: str) -> None:
    owner = {
        "actor": actor,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": time.time(),
        "action": action,
    }
    try:
        write_whole(store / OWNER, json.dumps(owner, ensure_ascii=False))
    except OSError as error:
        raise SnapshotError(f"无法写入 {store}：{reason(error)}") from error


def _busy(store: Path) -> str:
    """Who holds the lock and for how long, as far as it is known."""
    try:
        owner = json.loads((store / OWNER).read_text(encoding="utf-8"))
        who = owner["actor"] or "其他进程"
        errand = _ERRANDS.get(owner["action"], owner["action"])
        where = f"{errand}，主机 {owner['host']}，进程 {owner['pid']}"
        return f"数据仓正由 {who} 占用（{where}），已 {_age(owner['since'])}，请稍后再试"
    except (OSError, ValueError, KeyError, TypeError):
        return "数据仓正由其他进程占用，请稍后再试"


def _age(since: float) -> str:
    seconds = max(0, int(time.time() - since))  # clocks of two hosts may differ
    if seconds < 60:
        return f"{seconds} 秒"
    minutes = seconds // 60
    return f"{minutes} 分钟" if minutes < 60 else f"{minutes // 60} 小时 {minutes % 60} 分钟"


def _sweep(store: Path) -> None:
    """Delete drafts: every writer holds the lock, so whoever made them is dead."""
    for path in store.glob(f"{DRAFT}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
