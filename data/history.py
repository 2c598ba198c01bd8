"""Who changed the store, when and what: one line of JSON a change, never rewritten.

A change is announced before the pointer moves and entered into the log afterwards. A writer killed
in between leaves the announcement; whether it came true, the pointer tells.
"""

import json
import os
import secrets
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from data.database_files import now, read_manifest
from data.snapshot import POINTER, current_version, snapshot_folder, write_whole

HISTORY = "history.jsonl"
ANNOUNCED = ".announced.json"


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
    emptied: tuple[str, ...] = ()
    """Sample datasets that had to go, because they refer to rows that are no more."""
    sample_count: int = 0
    """Sample rows that gave way to the register."""

    @classmethod
    def of_record(cls, record: object) -> "Change":
        """A change as read back from JSON; what is missing or unknown counts as not stated."""
        known = record if isinstance(record, dict) else {}
        given = {field.name: known[field.name] for field in fields(cls) if field.name in known}
        given |= {
            "findings": tuple((rule, count) for rule, count in given.get("findings", ())),
            "emptied": tuple(given.get("emptied", ())),
        }
        return cls(**{"action": "publish", "actor": ""} | given)


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


def history(store: Path) -> list[HistoryEntry]:
    """Every publication and rollback, oldest first."""
    store = Path(store)
    records = _records(store)
    if (unlogged := _unlogged(store, records)) is not None:
        records.append(unlogged)
    current = current_version(store)
    last = max((n for n, r in enumerate(records) if r["version"] == current), default=None)
    return [
        HistoryEntry(
            at=record["at"],
            version=record["version"],
            previous=record["previous"],
            change=Change.of_record(record["change"]),
            is_kept=snapshot_folder(store, record["version"]).is_dir(),
            is_current=number == last,
        )
        for number, record in enumerate(records)
    ]


def version_before(store: Path) -> int | None:
    """The version that the current one took the place of when it was published; None if none."""
    current = current_version(store)
    for entry in reversed(history(store)):
        if entry.version == current and entry.change.action != "rollback":
            return entry.previous
    return None


def announce(store: Path, version: int, change: Change) -> None:
    """Say what is about to be published; OSError when the disk does not take it."""
    record = {
        "entry": secrets.token_hex(6),
        "at": now(),
        "version": version,
        "previous": current_version(store),
        "change": vars(change),
    }
    write_whole(Path(store) / ANNOUNCED, json.dumps(record, ensure_ascii=False))


def settle(store: Path) -> None:
    """Enter what has come true into the log and forget the announcement; the lock must be held.

    What the disk does not take now is entered next time: the announcement stays until then.
    """
    store = Path(store)
    record = _unlogged(store, _records(store))
    try:
        if record is not None:
            _append(store / HISTORY, json.dumps(record, ensure_ascii=False))
        (store / ANNOUNCED).unlink(missing_ok=True)
    except OSError:
        return


def _records(store: Path) -> list[dict]:
    """Lines of the log; one cut short by a crash is no record."""
    try:
        lines = (store / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [record for line in lines if (record := _record(line)) is not None]


def _record(text: str) -> dict | None:
    try:
        record = json.loads(text)
        version, previous = record["version"], record["previous"]
        sound = (
            isinstance(version, int)
            and (previous is None or isinstance(previous, int))
            and isinstance(record["at"], str)
            and isinstance(record["change"], dict)
        )
        return record if sound else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _unlogged(store: Path, records: list[dict]) -> dict | None:
    """The change that led to the current version, if the log lacks it."""
    current = current_version(store)
    if current is None:
        return None
    try:
        announced = _record((store / ANNOUNCED).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        announced = None
    if announced is not None and announced["version"] == current:
        known = {record.get("entry") for record in records}
        return None if announced.get("entry") in known else announced
    previous = records[-1]["version"] if records else None
    if previous == current:
        return None
    return _found(store, current, previous, any(r["version"] == current for r in records))


def _found(store: Path, current: int, previous: int | None, is_known: bool) -> dict:
    """A record of what nobody announced: a store from before the log, a pointer set by hand."""
    manifest = read_manifest(snapshot_folder(store, current))
    if is_known:
        try:
            moved = datetime.fromtimestamp((store / POINTER).stat().st_mtime, UTC)
        except OSError:
            moved = datetime.now(UTC)
        at, change = moved.isoformat(timespec="seconds"), {"action": "rollback", "actor": ""}
    else:
        at = str(manifest.get("created_at", now()))
        change = manifest.get("change") or {"action": "build", "actor": ""}
    return {"at": at, "version": current, "previous": previous, "change": change}


def _append(path: Path, line: str) -> None:
    """Add a line in one write; after one cut short by a crash it begins anew."""
    with path.open("ab+", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        is_torn = file.read(1) not in (b"", b"\n")
        file.write((("\n" if is_torn else "") + line + "\n").encode("utf-8"))
        os.fsync(file.fileno())
