"""The check passes what is sound and finds each kind of defect, injected one at a time."""

import pandas as pd
import pytest

from data.__main__ import main
from data.check import check_snapshot, check_tables, report
from data.contracts import TABLES
from data.snapshot import current_version, snapshot_folder, write_snapshot
from data.totals import TOTALS


def changed(tables, path, change):
    """The tables with one frame replaced by what ``change`` makes of a copy of it."""
    return dict(tables) | {path: change(tables[path].copy())}


def with_value(column, value, row=0):
    def change(frame):
        frame.loc[frame.index[row], column] = value
        return frame

    return change


def moved_to_dinglan(frame):
    frame.loc[frame.index[0], ["lon", "lat"]] = [120.22643, 30.3645]
    return frame


def without_first(frame):
    return frame.iloc[1:]


def doubled(frame):
    return pd.concat([frame, frame.iloc[:1]], ignore_index=True)


DEFECTS = [
    ("toilets.toilets", "主键唯一", "toilet_id", doubled),
    ("rivers.reaches", "主键唯一", "river_id、subdistrict_code", doubled),
    ("toilets.toilets", "必填", "toilet_name", with_value("toilet_name", None)),
    ("toilets.toilets", "取值", "grade", with_value("grade", "四类")),
    ("toilets.toilets", "范围", "star_rating", with_value("star_rating", 6)),
    ("rivers.water_quality", "范围", "do_mg_l", with_value("do_mg_l", -1.0)),
    (
        "toilets.toilets",
        "街道代码",
        "subdistrict_code",
        with_value("subdistrict_code", "330104011"),
    ),
    ("toilets.toilets", "街道名称", "subdistrict_name", with_value("subdistrict_name", "湖滨")),
    ("toilets.toilets", "位置在区内", "lon", with_value("lon", 120.02)),
    ("lighting.assets", "位置与街道相符", "lat", moved_to_dinglan),
    ("rivers.rivers", "等级与年份", "beautiful_year", with_value("beautiful_year", pd.NA)),
    ("rivers.rivers", "上图", "length_m", with_value("geometry_json", None)),
    ("rivers.rivers", "长度之和", "length_m", with_value("length_m", 10_000.0)),
    ("streets.streets", "长度之和", "length_m", with_value("length_m", 10_000.0)),
    ("rivers.water_quality", "定类", "quality_class", with_value("quality_class", "劣Ⅴ")),
    ("rivers.facilities", "引用", "river_id", with_value("river_id", "R99")),
    ("toilets.cell_walks", "引用", "cell_id", with_value("cell_id", "0-0-00")),
    ("toilets.cell_walks", "引用", "toilet_id", with_value("toilet_id", "C999")),
    ("toilets.street_spacing", "引用", "street_id", with_value("street_id", "S9999")),
    ("lighting.status", "引用", "cabinet_id", with_value("cabinet_id", "KZ999")),
    ("lighting.energy", "引用", "cabinet_id", with_value("cabinet_id", "KZ999")),
    ("lighting.assets", "部件编码", "asset_id", with_value("asset_id", "3301020301000001")),
    ("lighting.status", "计数", "lit_count", with_value("due_count", 0)),
    ("streets.demonstration_streets", "建成", "completed_year", with_value("progress_pct", 50.0)),
    ("streets.demonstration_streets", "每街道一条", "subdistrict_code", without_first),
    ("lighting.yearly", "计数", "asset_count", with_value("lit_count", 1_000_000)),
    ("lighting.dark_spots", "日期", "fixed_on", with_value("fixed_on", pd.Timestamp("2020-01-01"))),
    ("plan.projects", "取值", "state", with_value("state", "finished")),
    ("plan.projects", "完工", "completed_on", with_value("completed_on", None)),
    ("plan.projects", "完工", "completed_on", with_value("state", "under_construction")),
    ("plan.projects", "开工", "started_on", with_value("started_on", None)),
    ("plan.projects", "开工", "started_on", with_value("state", "planned")),
    ("plan.projects", "日期", "started_on", with_value("started_on", pd.Timestamp("2025-12-31"))),
    ("plan.projects", "上图", "is_mapped", with_value("lon", None)),
    ("plan.projects", "上图", "located_by", with_value("located_by", None)),
    ("plan.projects", "上图", "is_mapped", with_value("is_mapped", False)),
    ("plan.projects", "规划总数", "repaired_road_count", without_first),
    ("rivers.rivers", "规划总数", "river_count", without_first),
    ("toilets.toilets", "规划总数", "star_toilet_count", without_first),
    ("toilets.toilets", "规划总数", "star_toilet_count", with_value("is_social", True)),
    ("toilets.service_stations", "规划总数", "street_station_count", without_first),
    (
        "toilets.service_stations",
        "规划总数",
        "street_station_count",
        with_value("opened_year", 2021),
    ),
    ("toilets.service_stations", "位置在区内", "lon", with_value("lon", 120.02)),
    ("lighting.projects", "规划总数", "asian_games_venue_count", with_value("quantity", 2.0)),
    ("lighting.dark_spots", "规划总数", "dark_spot_count", without_first),
]


def test_the_default_build_is_sound(built_tables):
    assert check_tables(built_tables) == []


def test_what_is_stored_is_sound_too(built_store):
    tables, findings = check_snapshot(snapshot_folder(built_store, current_version(built_store)))
    assert findings == []
    assert set(tables) == {table.path for table in TABLES}
    text = report(tables, findings)
    assert "✓ toilets.toilets" in text
    assert "✗" not in text
    assert "✓ 基期美丽河湖长度：73.8" in text
    assert text.count("✓ ") == len(TABLES) + len(TOTALS)


@pytest.mark.parametrize(
    ("path", "rule", "named", "change"), DEFECTS, ids=[f"{d[0]}-{d[1]}" for d in DEFECTS]
)
def test_a_defect_is_found_and_named(built_tables, path, rule, named, change):
    findings = check_tables(changed(built_tables, path, change))
    own = [finding for finding in findings if finding.table == path and finding.rule == rule]
    assert own, [f"{f.table} {f.rule}" for f in findings]
    assert named in own[0].message
    assert rule == "规划总数" or own[0].rows


def test_a_finding_gives_examples_and_a_count(built_tables):
    def change(frame):
        return frame.assign(grade="四类")

    findings = check_tables(changed(built_tables, "toilets.toilets", change))
    finding = next(f for f in findings if f.rule == "取值")
    assert finding.rows == ("第 1 行 C001", "第 2 行 C002", "第 3 行 C003")
    assert f"{len(built_tables['toilets.toilets'])} 行" in finding.message
    assert "✗ toilets.toilets [取值]" in report(built_tables, [finding])


def test_registers_are_not_held_to_the_plans_totals(built_tables):
    def change(frame):
        return frame.iloc[:5].assign(source_kind="register")

    assert check_tables(changed(built_tables, "lighting.dark_spots", change)) == []


def test_an_empty_dataset_waits_for_its_register(built_tables):
    tables = {
        path: frame if path.startswith(("base.", "plan.")) else frame.iloc[:0]
        for path, frame in built_tables.items()
    }
    assert check_tables(tables) == []
    assert "待填报" in report(tables, [])


def test_plan_facts_overrule_the_figures_in_the_rules(built_tables):
    def change(frame):
        frame.loc[frame["fact_key"] == "star_toilet_count", "value"] = 455.0
        return frame

    findings = check_tables(changed(built_tables, "plan.facts", change))
    assert [(f.table, f.rule) for f in findings] == [("toilets.toilets", "规划总数")]
    assert "455" in findings[0].message


# --- command line --------------------------------------------------------------------------------


def test_check_of_the_published_version(built_store, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(built_store))
    assert main(["check"]) == 0
    assert "检查通过" in capsys.readouterr().out


def test_check_of_a_version_that_is_not_there(built_store, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(built_store))
    assert main(["check", "--version", "77"]) == 2
    assert "v00077" in capsys.readouterr().err


def test_check_before_the_first_build(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path / "none"))
    assert main(["check"]) == 2
    assert "python -m data build" in capsys.readouterr().err


def test_check_of_a_faulty_version(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
    tables, meta = built
    write_snapshot(tmp_path, changed(tables, "toilets.toilets", without_first), meta)
    assert main(["check", "--version", "1"]) == 1
    assert "454" in capsys.readouterr().out


def test_check_of_a_damaged_version(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
    folder = snapshot_folder(tmp_path, write_snapshot(tmp_path, *built))
    (folder / "toilets.duckdb").unlink()
    assert main(["check", "--version", "1"]) == 1
    assert "toilets.duckdb" in capsys.readouterr().out


def test_build_without_samples_publishes(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
    assert main(["build", "--no-sample"]) == 0
    assert current_version(tmp_path) == 1
    assert "待填报" in capsys.readouterr().out


def test_a_faulty_build_is_not_published(built, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COCKPIT_STORE", str(tmp_path))
    tables, meta = built
    faulty = changed(tables, "toilets.toilets", without_first)
    monkeypatch.setattr("data.build.build_tables", lambda with_sample: (faulty, meta))
    assert main(["build"]) == 1
    assert current_version(tmp_path) is None
    assert "未发布" in capsys.readouterr().err


def test_a_store_that_cannot_be_written(tmp_path, monkeypatch, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("COCKPIT_STORE", str(blocked / "store"))
    assert main(["build", "--no-sample"]) == 2
    assert "无法完成" in capsys.readouterr().err
