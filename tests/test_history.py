"""The history: complete, in order, and repaired after every kind of accident; registers through builds."""

import json
import shutil
from dataclasses import replace

import duckdb
import pytest

from data import history as history_module
from data.build import build, carried_registers, ensure_built
from data.database_files import read_manifest
from data.history import ANNOUNCED, HISTORY, Change, announce, history, settle, version_before
from data.publishing import publish_register, rollback, writing
from data.registers.registry import register
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
from tests.publisher import publish_toilets, toilets
from tests.test_snapshot import seal

CHANGE = Change(
    "import", "值班员甲", "toilets.toilets", "区城管局", "2024-06", "内部资料", "公厕.xlsx",
    "ab12", "gcj02", 5, 4, 2, 1, 4, 0, 0, (("街道与位置不符", 2),), ("rivers.facilities",),
)  # fmt: skip


def told(store):
    return [(entry.version, entry.previous, entry.change.action) for entry in history(store)]


class TestHistory:
    def test_who_when_what_comes_back_as_it_was(self, store):
        version = publish_register(
            store, register("toilets"), toilets(4), replace(CHANGE, emptied=())
        )
        entry = history(store)[-1]
        assert entry.change == replace(CHANGE, emptied=())
        assert (entry.version, entry.previous, entry.is_current) == (version, 1, True)
        assert entry.at.endswith("+00:00")

    def test_a_rollback_is_an_entry_of_its_own(self, store):
        publish_toilets(store, 1)
        rollback(store, 1, "值班员乙")
        assert told(store) == [(1, None, "build"), (2, 1, "import"), (1, 2, "rollback")]
        assert [entry.is_current for entry in history(store)] == [False, False, True]
        assert history(store)[-1].change.actor == "值班员乙"

    def test_of_no_store_there_is_none(self, tmp_path):
        assert history(tmp_path / "none") == []
        assert version_before(tmp_path / "none") is None

    @pytest.mark.parametrize("line", ["", "{", "[1]", '{"version": 3}', "\x00\x00", "null"])
    def test_a_line_cut_short_is_left_out_and_the_next_begins_anew(self, store, line):
        publish_toilets(store, 1)
        with (store / HISTORY).open("a", encoding="utf-8") as file:
            file.write(line)
        publish_toilets(store, 2)
        assert told(store) == [(1, None, "build"), (2, 1, "import"), (3, 2, "import")]

    def test_killed_between_pointer_and_log(self, store):
        publish_toilets(store, 1)
        version = write_snapshot(store, {}, [], base=2)
        announce(store, version, CHANGE)
        publish(store, version)
        assert history(store)[-1].change == CHANGE
        with writing(store, "值班员乙", "import"):
            assert not (store / ANNOUNCED).exists()
        assert history(store)[-1].change == CHANGE
        assert told(store)[-1] == (3, 2, "import")

    def test_killed_before_the_pointer_moved(self, store):
        publish_toilets(store, 1)
        announce(store, write_snapshot(store, {}, [], base=2), CHANGE)
        before = told(store)
        assert before[-1] == (2, 1, "import")
        settle(store)
        assert told(store) == before
        assert not (store / ANNOUNCED).exists()

    def test_killed_after_the_log_and_before_the_announcement_went(self, store):
        announce(store, 1, CHANGE)
        announced = (store / ANNOUNCED).read_text(encoding="utf-8")
        settle(store)
        (store / ANNOUNCED).write_text(announced, encoding="utf-8")
        settle(store)
        assert len(history(store)) == 1

    def test_a_log_that_cannot_be_written_is_caught_up(self, store, monkeypatch):
        def full(*_):
            raise OSError("No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(history_module, "_append", full)
            publish_toilets(store, 1)
        assert told(store)[-1] == (2, 1, "import")
        publish_toilets(store, 2)
        assert told(store)[-2:] == [(2, 1, "import"), (3, 2, "import")]

    def test_a_pointer_set_by_hand_is_told_as_a_rollback(self, store):
        publish_toilets(store, 1)
        publish(store, 1)
        assert told(store)[-1] == (1, 2, "rollback")

    def test_a_lost_log_is_begun_again_from_the_manifest(self, store):
        publish_toilets(store, 1)
        (store / HISTORY).unlink()
        (entry,) = history(store)
        assert (entry.version, entry.change.dataset) == (2, "toilets.toilets")

    def test_a_change_of_a_later_release_can_be_read(self):
        record = {"action": "import", "actor": "值班员甲", "mood": "good"}
        assert Change.of_record(record) == Change("import", "值班员甲")
        assert Change.of_record(None) == Change("publish", "")


@pytest.fixture(scope="module")
def bare_tables(bare_store):
    """Tables of the build without samples."""
    with StandingTables(snapshot_folder(bare_store, 1)) as standing:
        return dict(standing)


class TestBuild:
    @pytest.fixture(autouse=True)
    def quick(self, built, bare_tables, monkeypatch):
        """The default builds, made once, with a few lamps only: they take the time."""
        full = built[0] | {"lighting.assets": built[0]["lighting.assets"].head(100)}
        monkeypatch.setattr(
            "data.build.build_tables",
            lambda with_sample: (dict(full if with_sample else bare_tables), built[1]),
        )

    @pytest.fixture
    def imported(self, built_store, tmp_path):
        """The default build with a register of toilets on top."""
        store = shutil.copytree(built_store, tmp_path / "built")
        publish_toilets(store, 4)
        return store

    @pytest.mark.parametrize("with_sample", [True, False])
    def test_published_registers_stay(self, imported, with_sample):
        made = build(imported, with_sample, actor="值班员乙")
        assert made.findings == []
        assert made.carried == ("公共厕所",)
        with StandingTables(snapshot_folder(imported, made.version)) as standing:
            assert len(standing["toilets.toilets"]) == 4
            meta = standing.meta().set_index("dataset").loc["toilets.toilets"]
            assert (meta["source"], meta["as_of"]) == ("区城管局（公厕.xlsx）", "2024-06")
            assert bool(len(standing["lighting.assets"])) is with_sample
            entries = standing["base.search_entries"]
            assert (entries["entry_kind"] == "toilet").sum() == 4
        assert history(imported)[-1].change == Change("build", "值班员乙")

    def test_they_stay_through_the_build_after_that(self, imported):
        build(imported)
        assert build(imported).carried == ("公共厕所",)

    def test_a_fresh_build_drops_them(self, imported):
        made = build(imported, fresh=True)
        assert made.carried == ()
        assert (made.tables["toilets.toilets"]["source_kind"] == "sample").all()

    def test_after_a_rollback_those_of_the_served_version_count(self, imported):
        rollback(imported, 1, "值班员乙")
        assert build(imported).carried == ()

    def test_registers_of_an_older_contract_are_read_as_far_as_both_know(self, imported):
        folder = snapshot_folder(imported, 2)
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{folder / 'toilets.duckdb'}' AS toilets")
            connection.execute("ALTER TABLE toilets.toilets DROP COLUMN star_rating")
            connection.execute("ALTER TABLE toilets._meta DROP COLUMN licence")
        seal(folder, "toilets.duckdb")
        assert any("star_rating" in text for text in verify_snapshot(folder))
        made = build(imported)
        assert made.findings == []
        assert len(made.tables["toilets.toilets"]) == 4
        assert made.tables["toilets.toilets"]["star_rating"].isna().all()

    def test_registers_that_cannot_be_read_are_not_lost_unasked(self, imported):
        (snapshot_folder(imported, 2) / "toilets.duckdb").write_bytes(b"garbage")
        with pytest.raises(SnapshotError, match=r"登记册无法沿用.*rollback.*--fresh"):
            build(imported)
        assert current_version(imported) == 2
        assert build(imported, fresh=True).findings == []

    def test_a_damaged_store_without_registers_is_simply_built_again(self, store):
        (snapshot_folder(store, 1) / "plan.duckdb").write_bytes(b"garbage")
        assert carried_registers(store) == {}

    def test_a_first_build_is_made_once(self, tmp_path):
        ensure_built(tmp_path / "new")
        ensure_built(tmp_path / "new")
        assert versions(tmp_path / "new") == [1]
        assert told(tmp_path / "new") == [(1, None, "build")]

    def test_the_manifest_says_how_each_register_came(self, imported):
        record = read_manifest(snapshot_folder(imported, 2))["registers"]["toilets.toilets"]
        assert (record["source"], record["actor"]) == ("公厕.xlsx", "值班员甲")
        json.dumps(record)
