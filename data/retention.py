"""Which old snapshots are kept, and the deletion of the others."""

import os
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from data.database_files import SnapshotError, read_manifest
from data.snapshot import DRAFT, current_version, snapshot_folder, versions

NEWEST_KEPT = 10
"""So many publications can be undone one after the other: a day of corrections."""
MONTHS_KEPT = 12
"""The last snapshot of each of so many months stays: «how did it stand in spring?»."""
KEEP_VARIABLE = "COCKPIT_KEEP_SNAPSHOTS"


def newest_kept() -> int:
    """How many of the newest snapshots stay: ``COCKPIT_KEEP_SNAPSHOTS``, at least 1."""
    named = os.environ.get(KEEP_VARIABLE, "").strip() or str(NEWEST_KEPT)
    if not named.isdecimal() or int(named) < 1:
        raise SnapshotError(f"{KEEP_VARIABLE} 应为不小于 1 的整数，实为 {named}")
    return int(named)


def superfluous(store: Path, newest: int, now: datetime | None = None) -> list[int]:
    """Versions that the rule does not keep, oldest first; never the current one.

    ``newest`` versions stay, and the last of each of the months before this one.
    """
    store = Path(store)
    present = versions(store)
    kept = {current_version(store), *present[-newest:]}
    now = now or datetime.now(UTC)
    months = {(now.year * 12 + now.month - back) for back in range(1, MONTHS_KEPT + 1)}
    last_of_month = {}
    for version in present:
        made = _made_at(snapshot_folder(store, version))
        last_of_month[made.year * 12 + made.month] = version
    kept |= {version for month, version in last_of_month.items() if month in months}
    return [version for version in present if version not in kept]


def _made_at(folder: Path) -> datetime:
    try:
        made = datetime.fromisoformat(read_manifest(folder)["created_at"])
        return made if made.tzinfo else made.replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def delete(store: Path, wanted: list[int]) -> list[int]:
    """Delete versions; one that is open where open files cannot be deleted stays for next time."""
    deleted = []
    for version in wanted:
        # Renamed first: a version half deleted must not look like one.
        gone = Path(store) / f"{DRAFT}{secrets.token_hex(6)}"
        try:
            os.rename(snapshot_folder(store, version), gone)
        except OSError:
            continue
        shutil.rmtree(gone, ignore_errors=True)
        deleted.append(version)
    return deleted
