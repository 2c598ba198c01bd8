"""Publishing: one step, one writer, nothing half done, whatever is killed or full."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

from data import lock, snapshot
from data.contracts import DATABASES
from data.history import Change
from data.lock import StoreBusyError
from data.publishing import (
    RefusedError,
    history,
    prune,
    publish_register,
    publish_version,
    rollback,
    version_before,
    writing,
)
from data.registers.registry import register
from data.retention import superfluous
from data.snapshot import (
    SnapshotError,
    current_version,
    publish,
    snapshot_folder,
    verify_snapshot,
    versions,
    write_snapshot,
)
from data.standing import StandingTables
from data.store import Store
from tests.publisher import REFUSED, publish_toilets, toilets

ROOT = Path(__file__).resolve().parent.parent
KILLS = 20
PUBLICATIONS = 20
READERS = 8


class Publisher:
    """The other process."""

    def __init__(self, store):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.publisher", str(store)],
            cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout.readline() == "ready\n"

    def start(self, errand, number):
        """Begin an errand; returns the number of the process that does it."""
        self._process.stdin.write(f"{errand} {number}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def result(self):
        """Exit code (or minus the signal) of the errand, once it has ended."""
        return int(self._process.stdout.readline())

    def close(self):
        """End it; returns what it said on stderr."""
        return self._process.communicate()[1]


@pytest.fixture
def publisher(store):
    process = Publisher(store)
    yield process
    process.close()


def read(store, path, version=None):
    with StandingTables(snapshot_folder(store, version or current_version(store))) as standing:
        return standing[path]


def described(store, version=None):
    with StandingTables(snapshot_folder(store, version or current_version(store))) as standing:
        return standing.meta().set_index("dataset")


def no_draft_in(store):
    return not list(store.glob(f"{snapshot.DRAFT}*"))


class TestPublish:
    def test_rows_go_in_and_everything_else_stays(self, store):
        assert publish_toilets(store, 3) == 2
        assert current_version(store) == 2
        assert list(read(store, "toilets.toilets")["toilet_id"]) == ["T000", "T001", "T002"]
        assert list(read(store, "plan.clauses")["title"]) == ["总则"]
        assert verify_snapshot(snapshot_folder(store, 2)) == []

    def test_the_description_names_unit_file_and_date(self, store):
        change = Change(
            "import", "值班员甲", provider="区城管局", as_of="2024-06", licence="内部资料",
            source="公厕.xlsx", findings=(("街道与位置不符", 3),),
        )  # fmt: skip
        publish_register(store, register("toilets"), toilets(2), change)
        row = described(store).loc["toilets.toilets"]
        assert row["source_kind"] == "register"
        assert row["source"] == "区城管局（公厕.xlsx）"
        assert (row["as_of"], row["provider"], row["licence"]) == (
            "2024-06",
            "区城管局",
            "内部资料",
        )
        assert json.loads(row["findings_json"]) == {"街道与位置不符": 3}
        assert row["row_count"] == 2

    def test_files_without_a_change_are_not_written_again(self, store):
        publish_toilets(store, 2)
        before, after = (snapshot_folder(store, version) for version in (1, 2))
        same = {d for d in DATABASES if (after / f"{d}.duckdb").samefile(before / f"{d}.duckdb")}
        assert same == set(DATABASES) - {"toilets", "base"}

    def test_where_the_disk_knows_no_links_files_are_copied(self, store, monkeypatch):
        def refuse(*_):
            raise OSError("no hard links here")

        monkeypatch.setattr("os.link", refuse)
        publish_toilets(store, 2)
        assert verify_snapshot(snapshot_folder(store, 2)) == []
        paths = [snapshot_folder(store, version) / "plan.duckdb" for version in (1, 2)]
        assert not paths[0].samefile(paths[1])

    def test_unchanged_tables_of_a_changed_file_keep_rows_and_description(self, store):
        publish_toilets(store, 2)
        spots = pd.DataFrame(
            {
                "spot_id": ["D1"], "spot_name": ["东河绿地"], "subdistrict_code": ["330102003"],
                "subdistrict_name": ["湖滨街道"], "lon": [120.165], "lat": [30.252],
                "spot_kind": ["绿地"], "found_on": pd.to_datetime(["2021-04-02"]),
                "source_kind": ["register"],
            }
        )  # fmt: skip
        change = Change("import", "值班员乙")
        publish_register(store, register("dark_spots"), spots, change)
        first = described(store)
        publish_toilets(store, 3)
        assert described(store).loc["lighting.dark_spots"].equals(first.loc["lighting.dark_spots"])
        assert list(read(store, "lighting.dark_spots")["spot_name"]) == ["东河绿地"]
        assert len(read(store, "toilets.toilets")) == 3

    def test_rows_that_break_the_contract_are_refused_and_nothing_changes(self, store):
        broken = toilets(3).assign(toilet_id="T1", lon=[120.165, 121.9, 120.165])
        before = sorted(store.iterdir())
        with pytest.raises(RefusedError, match="未发布") as refused:
            publish_register(store, register("toilets"), broken, Change("import", "值班员甲"))
        assert {finding.rule for finding in refused.value.findings} >= {"主键唯一", "范围"}
        assert current_version(store) == 1
        assert set(store.iterdir()) - set(before) <= {store / lock.LOCK, store / "history.jsonl"}

    def test_a_register_need_not_agree_with_the_totals_of_the_plan(self, store):
        publish_toilets(store, 1)
        assert read(store, "toilets.toilets")["source_kind"].unique() == ["register"]

    def test_the_progress_reaches_the_end(self, store):
        told = []
        publish_register(
            store, register("toilets"), toilets(1), Change("import", "值班员甲"),
            lambda step, share: told.append((step, share)),
        )  # fmt: skip
        shares = [share for _, share in told]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0

    def test_before_the_first_build_there_is_nothing_to_publish_on(self, tmp_path):
        with pytest.raises(SnapshotError, match="python -m data build"):
            publish_toilets(tmp_path / "none", 1)

    def test_nothing_is_built_on_a_damaged_version(self, store):
        path = snapshot_folder(store, 1) / "plan.duckdb"
        path.write_bytes(path.read_bytes()[:-10])
        with pytest.raises(SnapshotError, match="不能在它之上发布"):
            publish_toilets(store, 1)
        assert versions(store) == [1]

    def test_the_search_finds_the_new_rows_and_no_old_ones(self, store):
        for count in (3, 2):
            publish_toilets(store, count)
            entries = read(store, "base.search_entries")
            assert len(entries[entries["entry_kind"] == "toilet"]) == count


class TestFullDisk:
    def test_too_little_space_is_told_beforehand(self, store, monkeypatch):
        usage = shutil.disk_usage(store)._replace(free=1024)
        monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
        with pytest.raises(SnapshotError, match="磁盘空间不足"):
            publish_toilets(store, 1)
        assert versions(store) == [1]
        assert no_draft_in(store)

    @pytest.mark.parametrize("limit", [0, 100, 20_000, 300_000])
    def test_a_write_that_fails_half_way_leaves_the_old_version(self, store, publisher, limit):
        publisher.start("starve", limit)
        assert publisher.result() == REFUSED
        assert "Traceback" not in publisher.close()
        assert current_version(store) == 1
        assert no_draft_in(store)
        assert publish_toilets(store, 1) == 2


class TestLock:
    def test_a_second_writer_is_told_who_and_for_how_long(self, store, monkeypatch):
        with writing(store, "值班员甲", "import"):
            now = time.time()
            monkeypatch.setattr("time.time", lambda: now + 185)
            with pytest.raises(StoreBusyError, match=r"值班员甲 占用.*发布登记册.*已 3 分钟"):
                rollback(store, 1, "值班员乙")

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"actor": null}'])
    def test_an_owner_that_cannot_be_read_is_another_process(self, store, text):
        with writing(store, "值班员甲", "import"):
            (store / lock.OWNER).write_text(text)
            with pytest.raises(StoreBusyError, match="其他进程"):
                publish_toilets(store, 1)

    def test_the_lock_is_free_after_an_error(self, store):
        with pytest.raises(ZeroDivisionError), writing(store, "值班员甲", "import"):
            raise ZeroDivisionError
        assert not (store / lock.OWNER).exists()
        assert publish_toilets(store, 1) == 2

    def test_whoever_waits_gets_it_when_it_is_free(self, store):
        held = threading.Event()

        def hold():
            with writing(store, "值班员甲", "import"):
                held.set()
                time.sleep(0.2)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        with writing(store, "值班员乙", "build", wait_s=30):
            owner = json.loads((store / lock.OWNER).read_text(encoding="utf-8"))
            assert owner["actor"] == "值班员乙"
        thread.join()

    def test_what_a_dead_writer_left_is_cleared_away(self, store):
        (store / f"{snapshot.DRAFT}abc").mkdir()
        (store / f"{snapshot.DRAFT}abc" / "base.duckdb").write_bytes(b"half")
        (store / f"{snapshot.DRAFT}def").write_text("v00")
        with writing(store, "值班员甲", "import"):
            assert no_draft_in(store)

    def test_a_store_that_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(SnapshotError, match="无法锁定"):
            prune(tmp_path / "file" / "store")


class TestBack:
    def test_rollback_serves_the_old_rows_and_running_sessions_follow(self, store):
        publish_toilets(store, 1)
        publish_toilets(store, 2)
        serving = Store(store)
        count = "SELECT count(*) AS n FROM toilets.toilets"
        assert serving.query(count)["n"].item() == 2
        rollback(store, 2, "值班员乙")
        assert serving.query(count)["n"].item() == 1
        assert serving.version == 2
        assert serving.refusal is None
        serving.close()

    def test_after_a_rollback_the_next_publication_builds_on_what_is_served(self, store):
        publish_toilets(store, 1)
        rollback(store, 1, "值班员乙")
        assert publish_toilets(store, 5) == 3
        assert [entry.previous for entry in history(store)] == [None, 1, 2, 1]
        assert version_before(store) == 1

    @pytest.mark.parametrize(("version", "message"), [(1, "无需更改"), (9, "没有版本 v00009")])
    def test_to_where_there_is_no_going_back(self, store, version, message):
        with pytest.raises(SnapshotError, match=message):
            rollback(store, version, "值班员乙")

    def test_a_damaged_version_is_not_gone_back_to(self, store):
        publish_toilets(store, 1)
        (snapshot_folder(store, 1) / "toilets.duckdb").write_bytes(b"garbage")
        with pytest.raises(SnapshotError, match="未通过校验"):
            rollback(store, 1, "值班员乙")
        assert current_version(store) == 2
        assert history(store)[-1].version == 2

    def test_a_version_written_by_hand_can_be_published(self, store):
        version = write_snapshot(store, {}, [], base=1)
        publish_version(store, version, "值班员乙")
        assert current_version(store) == version
        assert history(store)[-1].change == Change("publish", "值班员乙")


class TestPrune:
    @pytest.fixture
    def many(self, store, monkeypatch):
        """Versions 1 to 15, made in the given months."""
        for version in range(2, 16):
            shutil.copytree(snapshot_folder(store, 1), snapshot_folder(store, version))
        publish(store, 15)
        return store

    @staticmethod
    def made(store, version, moment):
        path = snapshot_folder(store, version) / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8")) | {"created_at": moment}
        path.write_text(json.dumps(manifest), encoding="utf-8")

    def test_the_newest_ten_stay(self, many):
        assert prune(many) == [1, 2, 3, 4, 5]
        assert versions(many) == list(range(6, 16))

    def test_the_last_of_each_earlier_month_stays_for_a_year(self, many):
        now = pd.Timestamp("2025-06-15", tz="UTC").to_pydatetime()
        months = ["2024-04", "2024-06", "2024-06", "2025-05", "2025-05"]
        for version, month in enumerate(months, start=1):
            self.made(many, version, f"{month}-{10 + version}T08:00:00+00:00")
        assert superfluous(many, 10, now) == [1, 2, 4]

    def test_the_current_one_stays_however_old(self, many):
        publish(many, 2)
        assert 2 not in prune(many)

    def test_the_number_kept_can_be_set(self, many, monkeypatch):
        monkeypatch.setenv("COCKPIT_KEEP_SNAPSHOTS", "2")
        prune(many)
        assert versions(many) == [14, 15]

    @pytest.mark.parametrize("named", ["0", "-1", "many", "1.5"])
    def test_a_senseless_number_stops_before_anything_changes(self, store, monkeypatch, named):
        monkeypatch.setenv("COCKPIT_KEEP_SNAPSHOTS", named)
        with pytest.raises(SnapshotError, match="COCKPIT_KEEP_SNAPSHOTS"):
            publish_toilets(store, 1)
        assert current_version(store) == 1

    def test_a_version_that_cannot_be_deleted_stays_for_next_time(self, many, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("os.rename", lambda *_: (_ for _ in ()).throw(OSError("in use")))
            assert prune(many) == []
        assert prune(many) == [1, 2, 3, 4, 5]

    def test_history_says_which_versions_are_still_there(self, store, monkeypatch):
        monkeypatch.setenv("COCKPIT_KEEP_SNAPSHOTS", "2")
        for count in (1, 2, 3):
            publish_toilets(store, count)
        kept = {entry.version: entry.is_kept for entry in history(store)}
        assert kept == {1: False, 2: False, 3: True, 4: True}


QUERIES = (
    "SELECT count(*) AS n FROM toilets.toilets",
    "SELECT count(*) AS n FROM base.search_entries WHERE entry_kind = 'toilet'",
    "SELECT row_count AS n FROM toilets._meta WHERE dataset = 'toilets.toilets'",
)


def whole(reader):
    """Whether all files of a version agree on the number of toilets."""
    return len({reader.query(sql)["n"].item() for sql in QUERIES}) == 1


def test_sessions_read_on_while_another_process_publishes(store, publisher):
    publish_toilets(store, 1)
    serving = Store(store)
    faults, seen, over = [], set(), threading.Event()

    def session():
        while not over.wait(0.1):
            try:
                with serving.reading() as reader:
                    seen.add(reader.version)
                    if not whole(reader):
                        faults.append(f"mixed in {reader.version}")
            except Exception as error:
                faults.append(repr(error))

    threads = [threading.Thread(target=session) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    publisher.start("publish", PUBLICATIONS)
    code = publisher.result()
    over.set()
    for thread in threads:
        thread.join()
    assert code == 0
    assert faults == []
    assert len(seen) > 1
    assert serving.version == current_version(store) == 2 + PUBLICATIONS
    assert serving.refusal is None
    serving.close()


def test_a_writer_killed_at_any_moment_leaves_a_whole_store(store, publisher):
    publish_toilets(store, 1)
    chance = random.Random(4)
    for _ in range(KILLS):
        child = publisher.start("publish", 1000)
        time.sleep(chance.uniform(0.0, 0.8))
        os.kill(child, signal.SIGKILL)
        assert publisher.result() == -signal.SIGKILL
        current = current_version(store)
        log = history(store)
        assert [entry.version for entry in log if entry.is_current] == [current]
        assert log[-1].version == current
        assert all(entry.change.action == "import" for entry in log[1:])
        assert len({entry.version for entry in log}) == len(log)
        assert [entry.previous for entry in log[1:]] == [entry.version for entry in log[:-1]]
        opened = Store(store)
        assert opened.version == current
        assert whole(opened)
        opened.close()
    version = publish_toilets(store, 7)
    assert current_version(store) == version
    assert history(store)[-1].version == version
    assert no_draft_in(store)
