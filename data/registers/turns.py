"""So many checks at once on a store: a check takes a core and much memory, and a server has few.

Who comes takes a ticket, a locked file ``store/.checks/<number>``, and begins when few enough older
ones are held. The operating system frees the lock of a process however it dies.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from data.registers.options import Progress

FOLDER = ".checks"
AT_ONCE = 2
POLL_S = 0.5
_DOOR = ".lock"


@contextmanager
def turn(store: Path, progress: Progress) -> Iterator[None]:
    """Wait until fewer than ``AT_ONCE`` earlier checks are under way; ``progress`` hears how many.

    Where there is no store, or it cannot be written to, nobody waits: a check changes nothing, and
    must be possible there too.
    """
    ticket = _ticket(Path(store))
    try:
        while ticket and (ahead := _ahead(ticket)) >= AT_ONCE:
            progress(f"前面还有 {ahead} 个校验", None)
            time.sleep(POLL_S)
        yield
    finally:
        if ticket:
            _give_back(ticket)


def _ticket(store: Path) -> FileLock | None:
    """A held ticket with a number above all others."""
    area = store / FOLDER
    if not store.is_dir():
        return None
    with suppress(OSError):
        area.mkdir(exist_ok=True)
        # Behind the door no ticket appears or goes, so that none is seen unlocked but a dead one's.
        with FileLock(area / _DOOR):
            ticket = FileLock(area / str(max(_numbers(area), default=0) + 1))
            ticket.acquire(timeout=0)
        return ticket
    return None


def _ahead(ticket: FileLock) -> int:
    """How many older tickets are held; those of dead processes are swept."""
    mine = Path(ticket.lock_file)
    try:
        with FileLock(mine.parent / _DOOR):
            older = [number for number in _numbers(mine.parent) if number < int(mine.name)]
            return sum(_is_held(mine.with_name(str(number))) for number in older)
    except OSError:
        return 0


def _is_held(path: Path) -> bool:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    _drop(lock)
    return False


def _give_back(ticket: FileLock) -> None:
    with suppress(OSError), FileLock(Path(ticket.lock_file).parent / _DOOR):
        _drop(ticket)


def _drop(lock: FileLock) -> None:
    # Released first: elsewhere than on Unix an open file cannot be deleted.
    lock.release()
    Path(lock.lock_file).unlink(missing_ok=True)


def _numbers(area: Path) -> list[int]:
    return [int(path.name) for path in area.iterdir() if path.name.isdecimal()]
