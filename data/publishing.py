"""Change what the cockpit shows: publish registers, go back, prune; one writer at a time.

Every change is a new immutable snapshot and one move of the pointer, under a lock; a history beside
the snapshots says who did what and when. Whatever fails or is killed leaves the old snapshot whole.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.check import Finding, check_replaced, findings_text
from data.database_files import SnapshotError, read_manifest
from data.derive import replacement
from data.history import Change, HistoryEntry, announce, history, settle, version_before
from data.lock import StoreBusyError, locked
from data.registers.register import Register
from data.registers.validation import Progress, no_progress
from data.retention import delete, newest_kept, superfluous
from data.snapshot import (
    current_version,
    publish,
    snapshot_folder,
    verify_snapshot,
    version_name,
    write_snapshot,
)
from data.standing import StandingTables
from data.system_faults import reason

__all__ = [
    "Change",
    "HistoryEntry",
    "RefusedError",
    "StoreBusyError",
    "history",
    "prune",
    "publish_register",
    "publish_version",
    "rollback",
    "version_before",
    "writing",
]


class RefusedError(SnapshotError):
    """A new snapshot broke its contract and was not published."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"数据未通过检查，未发布，原有数据不变：\n{findings_text(findings)}")
        self.findings = findings


@contextmanager
def writing(store: Path, actor: str, action: str, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the store's one write lock; SnapshotError names owner and age when it is held.

    What a writer that died left behind is cleared away and, if it had come true, entered into the
    history first.
    """
    with locked(store, actor, action, wait_s):
        settle(store)
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
    store = Path(store)
    keep = newest_kept()
    change = replace(change, dataset=register.dataset)
    with writing(store, change.actor, change.action):
        progress("核对当前数据", 0.0)
        base = _sound_base(store)
        folder = snapshot_folder(store, base)
        progress("计算随之变化的数据", 0.1)
        with StandingTables(folder) as standing:
            made = replacement(register, rows, standing, change)
            progress("检查新数据", 0.3)
            findings = check_replaced(ChainMap(made.tables, standing), made.tables)
        if findings:
            raise RefusedError(findings)
        change = replace(change, emptied=tuple(made.emptied))
        imported = registers_of(folder) | {register.dataset: change}
        progress("写入新快照", 0.5)
        version = write_snapshot(store, made.tables, made.meta, base, record_of(change, imported))
        progress("校验并发布", 0.8)
        try:
            point(store, version, change)
        except SnapshotError:
            delete(store, [version])
            raise
        delete(store, superfluous(store, keep))
        progress("校验并发布", 1.0)
    return version


def rollback(store: Path, version: int, actor: str) -> None:
    """Let the pointer name a kept version again, once it has been verified."""
    _move(store, version, actor, "rollback")


def publish_version(store: Path, version: int, actor: str) -> None:
    """Let the pointer name a version that was written and not published, once verified."""
    _move(store, version, actor, "publish")


def _move(store: Path, version: int, actor: str, action: str) -> None:
    store = Path(store)
    with writing(store, actor, action):
        if version == current_version(store):
            raise SnapshotError(f"当前发布的就是 {version_name(version)}，无需更改")
        if not snapshot_folder(store, version).is_dir():
            raise SnapshotError(
                f"没有版本 {version_name(version)}，可能已按保留规则清理；"
                "可用的版本见 python -m data history"
            )
        point(store, version, Change(action=action, actor=actor))


def prune(store: Path, actor: str = "") -> list[int]:
    """Delete snapshots beyond the rule and stale drafts; returns the versions deleted."""
    keep = newest_kept()
    with writing(store, actor, "prune"):
        return delete(store, superfluous(store, keep))


def point(store: Path, version: int, change: Change) -> None:
    """Move the pointer and enter it into the history; the lock must be held.

    SnapshotError, with the pointer where it was, when the version is not sound or the disk full.
    """
    try:
        announce(store, version, change)
        publish(store, version)
    except OSError as error:
        raise SnapshotError(f"无法写入发布记录：{reason(error)}") from error
    finally:
        settle(store)


def record_of(change: Change, registers: Mapping[str, Change]) -> dict:
    """What a snapshot's manifest says of its making: the change, and how each register came."""
    return {
        "change": vars(change),
        "registers": {dataset: vars(each) for dataset, each in registers.items()},
    }


def registers_of(folder: Path) -> dict[str, Change]:
    """How each imported register of a snapshot came, by dataset."""
    known = read_manifest(folder).get("registers")
    pairs = known.items() if isinstance(known, dict) else ()
    return {dataset: Change.of_record(record) for dataset, record in pairs}


def _sound_base(store: Path) -> int:
    """The current version, on which a new one is built; SnapshotError when it is damaged."""
    base = current_version(store)
    if base is None:
        raise SnapshotError("还没有发布的数据快照，请先运行 python -m data build")
    problems = verify_snapshot(snapshot_folder(store, base))
    if problems:
        raise SnapshotError(
            f"当前版本 {version_name(base)} 不完整（{'；'.join(problems)}），不能在它之上发布。"
            "请先回退到完好的版本，或运行 python -m data build"
        )
    return base
