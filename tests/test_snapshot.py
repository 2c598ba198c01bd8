"""Snapshots on disk: what is written is what was given, and damage never gets published."""

import datetime
import hashlib
import json
import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from data import snapshot
from data.contracts import DATABASES, TABLES, table
from data.snapshot import (
    DatasetMeta,
    SnapshotError,
    current_version,
    publish,
    snapshot_folder,
    verify_snapshot,
    versions,
    write_snapshot,
)

TOILETS = DatasetMeta("toilets.toilets", "公共厕所", "sample", "示例数据", "2025-12-31")


def subdistricts(*names):
    rows = [
        ("33010200" + str(n), name, name, 1.5, 120.2, 30.2, 120.1, 30.1, 120.3, 30.3, "mapped")
        for n, name in enumerate(names)
    ]
    columns = table("base.subdistricts").column_names
    return pd.DataFrame([(*row, None, "osm") for row in rows], columns=columns)


def toilets(count):
    """Frames as they come from many hands: objects, missing values, nullable integers."""
    columns = {name: [None] * count for name in table("toilets.toilets").column_names}
    columns |= {
        "toilet_id": [f"T{n:04d}" for n in range(count)],
        "toilet_name": ["公厕"] * count,
        "subdistrict_code": ["330102001"] * count,
        "subdistrict_name": ["湖滨街道"] * count,
        "lon": np.linspace(120.1, 120.2, count),
        "lat": 30.25,
        "grade": "一类",
        "star_rating": 5,
        "has_third_room": pd.Series([True] * count, dtype=object),
        "has_nursing_room": pd.Series([False] * count, dtype="boolean"),
        "has_accessible": True,
        "has_tidal_stalls": False,
        "women_stalls": pd.Series([4] * count, dtype="Int64"),
        "men_stalls": pd.Series([2.0] * count),
        "opened_year": 2012,
        "renewed_year": [np.nan] * (count - 1) + [2023],
        "street_name": [None] * (count - 1) + ["延安路"],
        "position_source": "osm",
        "source_kind": "sample",
    }
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A store with two sound snapshots, the first one published."""
    store = tmp_path_factory.mktemp("template") / "store"
    for names in (("湖滨街道",), ("湖滨街道", "清波街道")):
        tables = {"base.subdistricts": subdistricts(*names), "toilets.toilets": toilets(3)}
        write_snapshot(store, tables, [TOILETS])
    publish(store, 1)
    return store


def read(store, version, sql):
    database = sql.split("FROM ")[1].split(".")[0]
    with duckdb.connect() as connection:
        path = snapshot_folder(store, version) / f"{database}.duckdb"
        connection.execute(f"ATTACH '{path}' AS {database} (READ_ONLY)")
        return connection.execute(sql).fetchall()


def seal(folder, file_name):
    """Let the manifest agree with a file that was tampered with."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content = (folder / file_name).read_bytes()
    entry = manifest["files"][file_name]
    entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


class TestWrite:
    def test_versions_count_up_and_nothing_else_lies_in_the_store(self, template):
        assert versions(template) == [1, 2]
        assert {path.name for path in template.iterdir()} == {"CURRENT", "v00001", "v00002"}

    def test_folder_holds_one_file_per_database_and_the_manifest(self, template):
        names = {path.name for path in snapshot_folder(template, 1).iterdir()}
        assert names == {f"{database}.duckdb" for database in DATABASES} | {"manifest.json"}

    def test_manifest_agrees_with_the_files(self, template):
        folder = snapshot_folder(template, 2)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for name, entry in manifest["files"].items():
            content = (folder / name).read_bytes()
            assert entry["bytes"] == len(content)
            assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert manifest["duckdb_version"] == duckdb.__version__
        assert manifest["files"]["base.duckdb"]["tables"]["subdistricts"] == 2
        names = [contract.name for contract in TABLES if contract.database == "toilets"]
        counts = manifest["files"]["toilets.duckdb"]["tables"]
        assert counts == dict.fromkeys(names, 0) | {"toilets": 3, "_meta": 1}
        assert verify_snapshot(folder) == []

    def test_every_contract_table_exists_even_if_no_frame_was_given(self, template):
        for contract in TABLES:
            assert len(read(template, 1, f"SELECT count(*) FROM {contract.path}")) == 1

    def test_rows_keep_their_order(self, store):
        names = ["望江街道", "湖滨街道", "清波街道"]
        version = write_snapshot(store, {"base.subdistricts": subdistricts(*names)}, [])
        rows = read(store, version, "SELECT short_name FROM base.subdistricts")
        assert [name for (name,) in rows] == names

    def test_missing_values_become_null_and_late_values_survive(self, store):
        # More rows than a type is usually guessed from, and all of them empty but the last.
        version = write_snapshot(store, {"toilets.toilets": toilets(2500)}, [])
        sql = "SELECT count(street_name), count(renewed_year), max(renewed_year), max(street_name)"
        rows = read(store, version, f"{sql} FROM toilets.toilets")
        assert rows == [(1, 1, 2023, "延安路")]

    def test_dates_booleans_and_nullable_integers_keep_their_type(self, store):
        day = datetime.date(2025, 3, 1)
        frame = pd.DataFrame([["S1", "绿地", "330102001", "湖滨街道", 120.2, 30.2, "绿地"]] * 2)
        frame.columns = table("lighting.dark_spots").column_names[:7]
        frame["found_by"] = None
        frame["found_on"] = pd.to_datetime([day, day])
        frame["fixed_on"] = pd.Series([day, pd.NaT], dtype=object)
        frame["clause"] = np.nan
        frame["source_kind"] = "sample"
        version = write_snapshot(store, {"lighting.dark_spots": frame}, [])
        sql = "SELECT found_on, fixed_on, clause FROM lighting.dark_spots"
        assert read(store, version, sql) == [(day, day, None), (day, None, None)]
        sql = "SELECT DISTINCT has_third_room, women_stalls, men_stalls FROM toilets.toilets"
        assert read(store, 1, sql) == [(True, 4, 2)]

    def test_meta_describes_the_datasets_of_its_own_file_alone(self, template):
        sql = "SELECT dataset, source_kind, as_of, row_count FROM toilets._meta"
        assert read(template, 1, sql) == [("toilets.toilets", "sample", "2025-12-31", 3)]
        assert read(template, 1, "SELECT * FROM base._meta") == []
        ((imported_at,),) = read(template, 1, "SELECT imported_at FROM toilets._meta")
        moment = datetime.datetime.fromisoformat(imported_at)
        assert moment.utcoffset() == datetime.timedelta(0)

    def test_content_hash_depends_on_the_rows_and_not_on_their_order(self, store):
        frame = toilets(3)
        changed = frame.assign(toilet_name=["公厕", "公厕", "新公厕"])
        hashes = []
        for tables in (frame, frame[::-1], changed):
            version = write_snapshot(store, {"toilets.toilets": tables}, [TOILETS])
            hashes += read(store, version, "SELECT sha256 FROM toilets._meta")[0]
        original, reversed_, other = hashes
        assert original == reversed_ != other
        assert read(store, 1, "SELECT sha256 FROM toilets._meta") == [(original,)]

    def test_number_of_a_deleted_but_published_version_does_not_come_back(self, store):
        publish(store, 2)
        shutil.rmtree(snapshot_folder(store, 2))
        assert write_snapshot(store, {}, []) == 3

    def test_store_folder_with_a_quote_in_its_name(self, tmp_path):
        store = tmp_path / "o'store"
        publish(store, write_snapshot(store, {}, []))
        assert current_version(store) == 1


class TestRefusedFrames:
    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda f: f.drop(columns="grade"), "表 toilets.toilets 缺少列：grade"),
            (lambda f: f.assign(colour="红"), "表 toilets.toilets 有多余或重复的列：colour"),
            (lambda f: f.assign(lon=[120.1, None, 120.2]), "的列 lon 不能为空：第 2 行"),
            (lambda f: f.assign(lon="东经"), "表 toilets.toilets 的列 lon 不符合类型 DOUBLE"),
            (lambda f: f.assign(men_stalls=1.5), "的列 men_stalls 不符合类型 INTEGER"),
            (lambda f: f.assign(subdistrict_code=330102001), "的列 subdistrict_code 不符合类型"),
            (lambda f: f.assign(has_accessible="是"), "的列 has_accessible 不符合类型 BOOLEAN"),
        ],
    )
    def test_message_names_table_and_column(self, store, change, message):
        with pytest.raises(SnapshotError, match=message):
            write_snapshot(store, {"toilets.toilets": change(toilets(3))}, [])
        assert versions(store) == [1, 2]

    def test_bare_numbers_are_no_dates(self, store):
        columns = table("rivers.water_quality").column_names
        told = {"section_id": "D1", "month": 20250301, "source_kind": "sample"}
        frame = pd.DataFrame([told]).reindex(columns=columns)
        with pytest.raises(SnapshotError, match=r"rivers.water_quality 的列 month 不符合类型 DATE"):
            write_snapshot(store, {"rivers.water_quality": frame}, [])

    def test_table_outside_the_contract(self, store):
        with pytest.raises(SnapshotError, match=r"没有表 toilets.taps"):
            write_snapshot(store, {"toilets.taps": toilets(1)}, [])

    def test_meta_outside_the_contract(self, store):
        with pytest.raises(SnapshotError, match=r"没有表 toilets.taps"):
            write_snapshot(store, {}, [DatasetMeta("toilets.taps", "", "sample", "", "")])
        with pytest.raises(SnapshotError, match="来源类别 rumour"):
            write_snapshot(store, {}, [DatasetMeta("toilets.toilets", "", "rumour", "", "")])

    def test_failed_write_leaves_nothing_behind(self, store, monkeypatch):
        def no_space(*_):
            raise OSError("No space left on device")

        before = sorted(store.iterdir())
        monkeypatch.setattr("os.rename", no_space)
        with pytest.raises(SnapshotError, match="快照写入失败"):
            write_snapshot(store, {}, [])
        assert sorted(store.iterdir()) == before


def overwrite(folder):
    path = folder / "base.duckdb"
    path.write_bytes(b"\x00garbage" * (path.stat().st_size // 8))


def truncate(folder):
    path = folder / "toilets.duckdb"
    path.write_bytes(path.read_bytes()[:5000])


def leave_half_written(folder):
    for path in folder.iterdir():
        if path.name != "base.duckdb":
            path.unlink()


def overwrite_and_seal(folder):
    overwrite(folder)
    seal(folder, "base.duckdb")


def alter_and_seal(statement):
    def alter(folder):
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{folder / 'toilets.duckdb'}' AS toilets")
            connection.execute(statement)
        seal(folder, "toilets.duckdb")

    return alter


def rewrite_manifest(text):
    return lambda folder: (folder / "manifest.json").write_text(text, encoding="utf-8")


DAMAGES = {
    "no folder": (shutil.rmtree, "快照文件夹 v00002 不存在"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "缺少清单"),
    "half written": (leave_half_written, "缺少清单"),
    "manifest cut off": (rewrite_manifest('{"files": {'), "无法读取"),
    "manifest empty": (rewrite_manifest("{}"), "不完整"),
    "manifest of another kind": (rewrite_manifest("[1, 2]"), "不完整"),
    "manifest without files": (rewrite_manifest('{"format_version":1,"files":{}}'), "不完整"),
    "manifest of the future": (rewrite_manifest('{"format_version": 99}'), "99 不受支持"),
    "file missing": (lambda f: (f / "plan.duckdb").unlink(), "缺少文件 plan.duckdb"),
    "log beside": (lambda f: (f / "plan.duckdb.wal").touch(), "多出文件 plan.duckdb.wal"),
    "file cut off": (truncate, "文件 toilets.duckdb 大小不符"),
    "garbage": (overwrite, "文件 base.duckdb 校验和不符"),
    "garbage, sealed": (overwrite_and_seal, "文件 base.duckdb 无法打开"),
    "table missing": (alter_and_seal("DROP TABLE toilets.coverage_cells"), "缺少表 toilets.cov"),
    "column missing": (
        alter_and_seal("ALTER TABLE toilets.toilets DROP COLUMN grade"),
        "表 toilets.toilets 缺少列：grade",
    ),
    "row lost": (
        alter_and_seal("DELETE FROM toilets.toilets WHERE toilet_id = 'T0000'"),
        "表 toilets.toilets 行数不符：清单 3，实有 2",
    ),
}


class TestVerifyAndPublish:
    @pytest.mark.parametrize(("damage", "reason"), DAMAGES.values(), ids=DAMAGES)
    def test_damage_is_named_and_never_published(self, store, damage, reason):
        damage(snapshot_folder(store, 2))
        assert reason in "；".join(verify_snapshot(snapshot_folder(store, 2)))
        with pytest.raises(SnapshotError, match="v00002 未通过校验") as refused:
            publish(store, 2)
        assert reason in str(refused.value)
        assert current_version(store) == 1

    def test_publish_moves_the_pointer_forth_and_back(self, store):
        publish(store, 2)
        assert current_version(store) == 2
        publish(store, 1)
        assert current_version(store) == 1
        assert {path.name for path in store.iterdir()} == {"CURRENT", "v00001", "v00002"}

    @pytest.mark.parametrize("text", ["", "latest", "v1", "v000001", "../v00001", "v00001 v00002"])
    def test_garbage_in_the_pointer_names_no_version(self, store, text):
        (store / "CURRENT").write_text(text)
        assert current_version(store) is None

    def test_pointer_that_is_no_text_names_no_version(self, store):
        (store / "CURRENT").write_bytes(b"\xff\x00\xfe")
        assert current_version(store) is None
        (store / "CURRENT").unlink()
        assert current_version(store) is None
        (store / "CURRENT").mkdir()
        assert current_version(store) is None

    def test_store_that_does_not_exist_has_no_versions(self, tmp_path):
        assert versions(tmp_path / "nowhere") == []
        assert current_version(tmp_path / "nowhere") is None


class TestStoreFolder:
    def test_default_lies_in_the_project(self, monkeypatch):
        monkeypatch.delenv("COCKPIT_STORE", raising=False)
        assert snapshot.store_folder() == snapshot.PROJECT_ROOT / "store"

    def test_environment_names_another(self, monkeypatch, tmp_path):
        monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
        assert snapshot.store_folder() == tmp_path
