"""The store: queries from many threads, swaps under way, damage refused, nothing else allowed."""

import os
import shutil
import threading
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from data import store as store_module
from data.contracts import table
from data.snapshot import publish, snapshot_folder, version_name, write_snapshot
from data.store import Store, StoreError

SNAPSHOTS = 4


def marked_tables(mark):
    """Tables of three files, each carrying the number of its version."""
    codes = ["330102001", "330102002"]
    subdistricts = pd.DataFrame(
        0.0, index=range(2), columns=table("base.subdistricts").column_names
    )
    subdistricts = subdistricts.assign(
        subdistrict_code=codes,
        subdistrict_name=["湖滨街道", "清波街道"],
        short_name=str(mark),
        boundary_quality="mapped",
        geometry_json=None,
        source_kind="osm",
    )
    limits = pd.DataFrame([["living", "生活性", "tertiary", mark, "1", "standard"]])
    limits.columns = table("toilets.spacing_limits").column_names
    clauses = pd.DataFrame([["1", "一", None, str(mark), None, "plan"]])
    clauses.columns = table("plan.clauses").column_names
    return {
        "base.subdistricts": subdistricts,
        "toilets.spacing_limits": limits,
        "plan.clauses": clauses,
    }


MARKS = (
    "SELECT DISTINCT CAST(short_name AS INTEGER) AS mark FROM base.subdistricts",
    "SELECT CAST(max_spacing_m AS INTEGER) AS mark FROM toilets.spacing_limits",
    "SELECT CAST(title AS INTEGER) AS mark FROM plan.clauses",
)


def mark_of(source):
    """The number of the version that answers."""
    return source.query(MARKS[0])["mark"].item()


def point_at(folder, text):
    """Move the pointer by hand, without the verification that publish insists on."""
    (folder / "CURRENT.new").write_text(text)
    os.replace(folder / "CURRENT.new", folder / "CURRENT")


def spoil(folder, version):
    """Garbage of the right size in one file of a snapshot."""
    path = snapshot_folder(folder, version) / "toilets.duckdb"
    path.write_bytes(os.urandom(path.stat().st_size))


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "store"
    for mark in range(1, SNAPSHOTS + 1):
        assert write_snapshot(folder, marked_tables(mark), []) == mark
    publish(folder, 1)
    return folder


@pytest.fixture
def folder(template, tmp_path):
    """A store folder with sound versions 1 to 4, of which 1 is published."""
    return shutil.copytree(template, tmp_path / "store")


@pytest.fixture
def store(folder):
    opened = Store(folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quiet_store(template):
    """A store that no test swaps or damages."""
    opened = Store(template)
    yield opened
    opened.close()


class TestQuery:
    def test_answers_as_a_frame(self, quiet_store):
        frame = quiet_store.query("SELECT subdistrict_code, geometry_json FROM base.subdistricts")
        assert list(frame.columns) == ["subdistrict_code", "geometry_json"]
        assert len(frame) == 2

    def test_joins_across_files(self, quiet_store):
        sql = """
            SELECT count(*) AS n FROM base.subdistricts
            CROSS JOIN toilets.spacing_limits
        """
        assert quiet_store.query(sql)["n"].item() == 2

    def test_parameters_the_statement_does_not_use_are_tolerated(self, quiet_store):
        sql = "SELECT count(*) AS n FROM base.subdistricts WHERE subdistrict_code = $code"
        params = {"code": "330102001", "year": 2025, "codes": None}
        assert quiet_store.query(sql, params)["n"].item() == 1
        assert quiet_store.query("SELECT 1 AS n", params)["n"].item() == 1

    @pytest.mark.parametrize("params", [None, {}, {"year": 2025}])
    def test_missing_parameter_is_named(self, quiet_store, params):
        with pytest.raises(StoreError, match="缺少参数：code"):
            quiet_store.query("SELECT $code AS code", params)

    @pytest.mark.parametrize(
        ("codes", "expected"),
        [(None, 2), (["330102001"], 1), (["330102001", "330102002"], 2), ([], 0)],
    )
    def test_list_or_none_as_parameter(self, quiet_store, codes, expected):
        sql = """
            SELECT count(*) AS n FROM base.subdistricts
            WHERE $codes IS NULL OR subdistrict_code IN (SELECT unnest($codes))
        """
        assert quiet_store.query(sql, {"codes": codes})["n"].item() == expected

    def test_numpy_number_as_parameter(self, quiet_store):
        assert quiet_store.query("SELECT $n + 1 AS n", {"n": np.int64(4)})["n"].item() == 5

    def test_wrong_sql_is_a_store_error(self, quiet_store):
        with pytest.raises(StoreError, match="查询失败"):
            quiet_store.query("SELEC 1")
        with pytest.raises(StoreError, match="查询失败"):
            quiet_store.query("SELECT * FROM toilets.taps")

    def test_same_text_is_parsed_once_per_version(self, store, monkeypatch):
        parsed = []
        original = store_module._parse_select

        def counting(connection, sql):
            parsed.append(sql)
            return original(connection, sql)

        monkeypatch.setattr(store_module, "_parse_select", counting)
        store.close()
        again = Store(store.folder)
        for _ in range(3):
            again.query("SELECT $n AS n", {"n": 1})
        again.close()
        assert parsed == ["SELECT $n AS n"]


FORBIDDEN = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_parquet('https://example.org/a.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM '/etc/passwd'",
    "COPY base.subdistricts TO '/tmp/stolen.csv'",
    "COPY base.subdistricts FROM '/etc/passwd'",
    "EXPORT DATABASE '/tmp/stolen'",
    "ATTACH '/tmp/other.duckdb'",
    "INSTALL spatial",
    "LOAD spatial",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '100GB'",
    "PRAGMA memory_limit = '100GB'",
    "RESET threads",
    "INSERT INTO plan.clauses VALUES ('9', '九', NULL, '九', NULL, 'plan')",
    "UPDATE plan.clauses SET title = ''",
    "DELETE FROM plan.clauses",
    "DROP TABLE plan.clauses",
    "CREATE TABLE plan.notes (note VARCHAR)",
]
ONLY_REFUSED_AS_NO_SELECT = [
    "DETACH base",
    "CREATE TABLE notes (note VARCHAR)",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE plan.clauses",
    "EXPLAIN SELECT 1",
    "",
    "-- nothing but a comment",
]


class TestLockDown:
    @pytest.mark.parametrize("sql", FORBIDDEN + ONLY_REFUSED_AS_NO_SELECT)
    def test_store_refuses(self, quiet_store, sql):
        with pytest.raises(StoreError):
            quiet_store.query(sql)

    @pytest.mark.parametrize("sql", FORBIDDEN)
    def test_duckdb_refuses_even_what_slips_past_the_select_rule(self, quiet_store, sql):
        with quiet_store.reading() as snapshot, pytest.raises(duckdb.Error):
            snapshot._connection.cursor().execute(sql)

    @pytest.mark.parametrize("name", ["params", "self", "frame"])
    def test_python_variables_are_no_tables(self, quiet_store, name):
        frame = pd.DataFrame({"n": [1]})
        assert len(frame) == 1
        with pytest.raises(StoreError, match="does not exist"):
            quiet_store.query(f"SELECT * FROM {name}")


class TestSwap:
    def test_next_query_reads_the_published_version(self, store, folder):
        assert (store.version, mark_of(store)) == (1, 1)
        publish(folder, 3)
        assert (mark_of(store), store.version) == (3, 3)
        assert store.refusal is None

    def test_rollback_is_a_swap_too(self, store, folder):
        publish(folder, 4)
        assert mark_of(store) == 4
        publish(folder, 2)
        assert mark_of(store) == 2

    def test_pinned_version_stays_for_the_whole_page_and_closes_after_it(self, store, folder):
        with store.reading() as page:
            publish(folder, 2)
            assert mark_of(store) == 2
            assert [page.query(sql)["mark"].item() for sql in MARKS] == [1, 1, 1]
            assert page.version == 1
        with pytest.raises(StoreError):
            page.query("SELECT 1")

    def test_old_version_stays_open_until_its_last_reader_leaves(self, store, folder):
        with store.reading() as first:
            with store.reading() as second:
                publish(folder, 2)
                assert store.version == 2
            assert first is second
            assert mark_of(first) == 1

    def test_closed_store_says_so(self, store):
        with store.reading() as page:
            store.close()
            assert mark_of(page) == 1
        with pytest.raises(StoreError, match="已关闭"):
            store.query("SELECT 1")

    def test_closed_store_does_not_come_back_with_a_new_pointer(self, store, folder):
        store.close()
        publish(folder, 2)
        with pytest.raises(StoreError, match="已关闭"):
            store.query("SELECT 1")


class TestRefusal:
    @pytest.mark.parametrize(
        ("damage", "reason"),
        [
            (lambda f: spoil(f.parent, 2), "校验和不符"),
            (lambda f: (f / "base.duckdb").write_bytes(b"DUCK"), "大小不符"),
            (lambda f: (f / "manifest.json").unlink(), "缺少清单"),
            (lambda f: (f / "lighting.duckdb").unlink(), "缺少文件 lighting.duckdb"),
            (shutil.rmtree, "不存在"),
        ],
        ids=["garbage", "truncated", "no manifest", "half written", "gone"],
    )
    def test_damaged_snapshot_is_refused_while_the_old_one_serves(
        self, store, folder, damage, reason
    ):
        damage(snapshot_folder(folder, 2))
        point_at(folder, "v00002")
        assert mark_of(store) == 1
        assert "v00002" in store.refusal and reason in store.refusal
        assert "仍使用 v00001" in store.refusal

    def test_refusal_ends_with_the_next_sound_snapshot(self, store, folder):
        spoil(folder, 2)
        point_at(folder, "v00002")
        assert mark_of(store) == 1
        publish(folder, 3)
        assert mark_of(store) == 3
        assert store.refusal is None

    def test_refusal_ends_when_the_pointer_returns_to_the_version_served(self, store, folder):
        spoil(folder, 2)
        point_at(folder, "v00002")
        assert mark_of(store) == 1 and store.refusal
        publish(folder, 1)
        assert mark_of(store) == 1
        assert store.refusal is None

    def test_refused_snapshot_is_not_verified_again_until_the_pointer_moves(
        self, store, folder, monkeypatch
    ):
        verified = []

        def failing(path):
            verified.append(path.name)
            return ["损坏"]

        monkeypatch.setattr(store_module, "verify_snapshot", failing)
        point_at(folder, "v00002")
        assert [mark_of(store) for _ in range(5)] == [1] * 5
        assert verified == ["v00002"]
        point_at(folder, "v00003\n")
        assert mark_of(store) == 1
        assert verified == ["v00002", "v00003"]

    @pytest.mark.parametrize("text", ["", "latest", "v2", "../v00002"])
    def test_garbage_in_the_pointer_changes_nothing(self, store, folder, text):
        point_at(folder, text)
        assert mark_of(store) == 1
        assert "CURRENT" in store.refusal and "v00001" in store.refusal

    def test_lost_pointer_changes_nothing(self, store, folder):
        (folder / "CURRENT").unlink()
        assert mark_of(store) == 1
        assert "CURRENT" in store.refusal


class TestFirstOpen:
    def test_damaged_snapshot_falls_back_to_the_newest_older_sound_one(self, folder):
        publish(folder, 3)
        spoil(folder, 3)
        spoil(folder, 2)
        store = Store(folder)
        assert (store.version, mark_of(store)) == (1, 1)
        assert "v00003" in store.refusal and "改用 v00001" in store.refusal
        store.close()

    def test_fallback_gives_way_to_the_next_published_snapshot(self, folder):
        publish(folder, 3)
        spoil(folder, 3)
        store = Store(folder)
        assert store.version == 2
        publish(folder, 4)
        assert store.version == 4
        assert store.refusal is None
        store.close()

    def test_garbage_pointer_falls_back_to_the_newest_sound_snapshot(self, folder):
        point_at(folder, "???")
        spoil(folder, 4)
        store = Store(folder)
        assert store.version == 3
        assert "CURRENT" in store.refusal and "改用 v00003" in store.refusal
        store.close()

    def test_newer_versions_than_the_damaged_one_were_not_published_and_stay_unread(self, folder):
        spoil(folder, 1)
        with pytest.raises(StoreError, match="python -m data build"):
            Store(folder)

    def test_empty_or_missing_store_says_what_to_do(self, tmp_path):
        with pytest.raises(StoreError, match="python -m data build"):
            Store(tmp_path)
        with pytest.raises(StoreError, match="python -m data build"):
            Store(tmp_path / "nowhere")


class Readers:
    """Threads that read page after page without a pause until told to stop."""

    def __init__(self, store, count):
        self.store = store
        self.faults = []
        self.opened = []
        self.rounds = [0] * count
        self.progress = threading.Condition()
        self.is_stopping = False
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(count)]

    def run(self, number):
        try:
            while not self.is_stopping:
                with self.store.reading() as snapshot:
                    marks = {snapshot.query(sql)["mark"].item() for sql in MARKS}
                assert marks == {snapshot.version}
                with self.progress:
                    if snapshot not in self.opened:
                        self.opened.append(snapshot)
                    self.rounds[number] += 1
                    self.progress.notify_all()
        except BaseException as fault:
            with self.progress:
                self.faults.append(fault)
                self.progress.notify_all()

    def wait_until(self, condition):
        """Wait for the readers' work; the timeout is there for a dead lock alone."""
        with self.progress:
            assert self.progress.wait_for(lambda: self.faults or condition(), timeout=120)
            if self.faults:
                raise self.faults[0]

    def wait_for_snapshots(self, count):
        self.wait_until(lambda: len(self.opened) == count)

    def wait_for_a_page_of_each(self):
        before = list(self.rounds)
        self.wait_until(lambda: all(n > b for n, b in zip(self.rounds, before, strict=True)))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_stopping = True
        for thread in self.threads:
            thread.join()


def test_eight_threads_read_through_twenty_swaps_and_one_garbage_snapshot(store, folder):
    swaps = [2, 3, 1] * 6 + [2, 3]
    spoil(folder, 4)
    with Readers(store, count=8) as readers:
        readers.wait_for_snapshots(1)
        for number, version in enumerate(swaps, start=1):
            point_at(folder, version_name(version))
            readers.wait_for_snapshots(number + 1)
            if number == 10:
                point_at(folder, "v00004")
                readers.wait_until(lambda: store.refusal)
                readers.wait_for_a_page_of_each()
                assert "v00004 未通过校验" in store.refusal
        readers.wait_for_a_page_of_each()
    assert readers.faults == []

    # Every swap opened an instance of its own; all but the one that serves are closed again.
    assert [snapshot.version for snapshot in readers.opened] == [1, *swaps]
    *left_behind, serving = readers.opened
    assert mark_of(serving) == mark_of(store) == swaps[-1]
    assert store.refusal is None
    for snapshot in left_behind:
        with pytest.raises(StoreError):
            snapshot.query("SELECT 1")
    assert versions_held_open(folder) <= {version_name(swaps[-1])}
    store.close()
    assert versions_held_open(folder) == set()


def versions_held_open(folder):
    """Snapshot folders of which this process has files open; only Linux can tell."""
    held = set()
    for link in Path("/proc/self/fd").glob("*"):
        target = Path(os.path.realpath(link))
        if folder in target.parents:
            held.add(target.parent.name)
    return held
