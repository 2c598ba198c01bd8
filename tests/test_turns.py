"""Checks on one store take turns: a few at once, the others wait in the order they came."""

import subprocess
import sys
import threading

import pytest

from data.registers import turns
from data.registers.turns import AT_ONCE, FOLDER, turn

WAIT_S = 60


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(turns, "POLL_S", 0.01)


class Check:
    """A check in a thread of its own, under way until it is told to end."""

    def __init__(self, store):
        self.told, self.waits, self.began, self.may_end = [], *(threading.Event() for _ in range(3))
        self._thread = threading.Thread(target=self._run, args=(store,), daemon=True)
        self._thread.start()

    def _run(self, store):
        with turn(store, self._hear):
            self.began.set()
            self.may_end.wait(WAIT_S)

    def _hear(self, step, share):
        self.told.append(step)
        self.waits.set()

    def end(self):
        self.may_end.set()
        self._thread.join(WAIT_S)


def tickets(store):
    return [path for path in (store / FOLDER).iterdir() if path.name.isdecimal()]


def test_some_go_at_once_the_others_wait_in_order_and_hear_how_many_are_ahead(tmp_path):
    first = [Check(tmp_path) for _ in range(AT_ONCE)]
    assert all(one.began.wait(WAIT_S) for one in first)
    second = Check(tmp_path)
    assert second.waits.wait(WAIT_S)
    third = Check(tmp_path)
    assert third.waits.wait(WAIT_S)
    assert not second.began.is_set() and not third.began.is_set()
    assert second.told[0] == f"前面还有 {AT_ONCE} 个校验"
    assert third.told[0] == f"前面还有 {AT_ONCE + 1} 个校验"
    first[0].end()
    assert second.began.wait(WAIT_S)
    assert not third.began.is_set()
    second.end()
    assert third.began.wait(WAIT_S)
    third.end()
    first[1].end()
    assert tickets(tmp_path) == []


def test_a_process_that_dies_lets_the_next_one_in(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from data.registers.turns import turn\n"
        "with turn(Path(sys.argv[1]), lambda *_: None): print('in', flush=True); time.sleep(600)"
    )
    killed = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
        for _ in range(AT_ONCE)
    ]
    assert all(one.stdout.readline() for one in killed)
    waiting = Check(tmp_path)
    assert waiting.waits.wait(WAIT_S)
    for one in killed:
        one.kill()
        one.communicate()
    assert waiting.began.wait(WAIT_S)
    waiting.end()
    assert tickets(tmp_path) == []


def test_a_check_that_fails_gives_its_place_back(tmp_path):
    with pytest.raises(ZeroDivisionError), turn(tmp_path, lambda *_: None):
        raise ZeroDivisionError
    assert tickets(tmp_path) == []


def test_without_a_store_nobody_waits_and_none_is_made(tmp_path):
    with turn(tmp_path / "none", lambda *_: None):
        assert not (tmp_path / "none").exists()


def test_where_tickets_cannot_be_written_nobody_waits(tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    with turn(tmp_path, lambda *_: None):
        assert (tmp_path / FOLDER).is_file()
