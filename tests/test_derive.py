"""What follows from a register: cuts, coverage, counts, search, and samples that must go."""

from collections import ChainMap

import numpy as np
import pandas as pd
import pytest

from data.check import check_replaced, check_tables
from data.consequences import consequences
from data.contracts import TABLES
from data.derive import obstacles, replacement, survey_year
from data.frames import contract_frame, empty_frame
from data.history import Change
from data.registers.registry import register
from data.snapshot import SnapshotError
from data.street_names import NAMING_STREETS

CHANGE = Change("import", "值班员甲", provider="区城管局", as_of="2023-06", source="登记.xlsx")


@pytest.fixture(scope="module")
def empty():
    """A set of tables without any rows."""
    return {contract.path: empty_frame(contract.path) for contract in TABLES}


@pytest.fixture
def measured(built_tables):
    """The build with its sections and measurements as if offices had delivered them."""
    paths = ("rivers.sections", "rivers.water_quality")
    return built_tables | {path: registered(built_tables[path]) for path in paths}


def registered(frame, **columns):
    return frame.assign(source_kind="register", **columns)


def replaced(name, rows, standing, change=CHANGE):
    return replacement(register(name), rows, standing, change)


def meta_of(made, dataset):
    return next(entry for entry in made.meta if entry.dataset == dataset)


REGISTERS = (
    ("toilets", "toilets.toilets", 120),
    ("service_stations", "toilets.service_stations", 30),
    ("rivers", "rivers.rivers", 63),
    ("water_quality", "rivers.water_quality", 400),
    ("water_sections", "rivers.sections", 30),
    ("river_facilities", "rivers.facilities", 9),
    ("water_areas", "base.water_areas", 5),
    ("streets", "streets.streets", 200),
    ("demonstration_streets", "streets.demonstration_streets", 7),
    ("street_scores", "streets.street_scores", 90),
    ("road_projects", "streets.road_projects", 30),
    ("pavement", "streets.pavement", 200),
    ("accessibility_points", "streets.accessibility_points", 100),
    ("bridges", "streets.bridges", 50),
    ("lighting_assets", "lighting.assets", 2000),
    ("lighting_cabinets", "lighting.cabinets", 100),
    ("lighting_roads", "lighting.roads", 60),
    ("lighting_status", "lighting.status", 800),
    ("lighting_energy", "lighting.energy", 800),
    ("lighting_projects", "lighting.projects", 20),
    ("dark_spots", "lighting.dark_spots", 3),
    ("indicator_values", "plan.indicator_values", 10),
)


@pytest.mark.parametrize(("name", "dataset", "count"), REGISTERS)
def test_a_part_of_the_sample_as_a_register_passes_every_check(built_tables, name, dataset, count):
    rows = registered(built_tables[dataset].head(count))
    made = replaced(name, rows, built_tables)
    assert len(made.tables[dataset]) == len(rows)
    assert meta_of(made, dataset).source_kind == "register"
    assert check_replaced(ChainMap(made.tables, built_tables), made.tables) == []
    assert check_tables(built_tables | made.tables) == []


class TestRivers:
    def test_a_river_is_as_long_as_its_reaches(self, built_tables):
        rivers = registered(built_tables["rivers.rivers"], length_m=1.0)
        made = replaced("rivers", rivers, built_tables)
        reaches = made.tables["rivers.reaches"]
        assert set(reaches["source_kind"]) == {"register"}
        parts = reaches.groupby("river_id")["length_m"].sum()
        rivers = made.tables["rivers.rivers"].set_index("river_id")
        drawn = rivers[rivers["is_mapped"].astype(bool)]["length_m"]
        assert np.allclose(parts.reindex(drawn.index), drawn)
        before = built_tables["rivers.rivers"].set_index("river_id")["length_m"]
        assert np.allclose(drawn, before.reindex(drawn.index), rtol=0.01)

    def test_a_river_without_course_has_no_reach_and_keeps_its_length(self, built_tables):
        rivers = registered(built_tables["rivers.rivers"].head(1))
        rivers = rivers.assign(geometry_json=None, is_mapped=False, length_m=1234.0)
        made = replaced("rivers", rivers, built_tables)
        assert made.tables["rivers.reaches"].empty
        assert list(made.tables["rivers.rivers"]["length_m"]) == [1234.0]

    def test_sample_rows_of_rivers_that_are_no_more_are_emptied(self, built_tables):
        made = replaced("rivers", registered(built_tables["rivers.rivers"]), built_tables)
        assert made.emptied == ["rivers.sections", "rivers.water_quality", "rivers.facilities"]
        for dataset in made.emptied:
            assert made.tables[dataset].empty
            entry = meta_of(made, dataset)
            assert (entry.source_kind, entry.source) == ("register", "待填报")

    def test_what_stands_on_a_river_follows_it_to_its_new_number(self, built_tables, measured):
        rivers = registered(built_tables["rivers.rivers"])
        rivers = rivers.assign(river_id="N" + rivers["river_id"])
        made = replaced("rivers", rivers, measured)
        sections = built_tables["rivers.sections"]
        assert list(made.tables["rivers.sections"]["river_id"]) == list("N" + sections["river_id"])
        # Sections keep their numbers, so their measurements need not be written anew.
        assert "rivers.water_quality" not in made.tables
        assert made.emptied == ["rivers.facilities"]
        assert check_replaced(ChainMap(made.tables, measured), made.tables) == []

    def test_sections_of_a_river_that_is_gone_stop_the_publication(self, built_tables, measured):
        sections = built_tables["rivers.sections"]
        lost = sections["river_id"].iloc[0]
        rivers = built_tables["rivers.rivers"]
        rest = registered(rivers[rivers["river_id"] != lost])
        count = (sections["river_id"] == lost).sum()
        with pytest.raises(
            SnapshotError, match=rf"“水质断面”有 {count} 行所指的 1 个河道编号.*{lost}"
        ):
            replaced("rivers", rest, measured)

    def test_what_would_stop_the_publication_is_told_before_it_with_names(
        self, built_tables, measured
    ):
        rivers = registered(built_tables["rivers.rivers"])
        lost = built_tables["rivers.sections"]["river_id"].iloc[0]
        name = rivers.set_index("river_id").at[lost, "river_name"]
        (told,) = obstacles(register("rivers"), rivers[rivers["river_id"] != lost], measured)
        assert f"{lost} {name}" in told and "水质断面" in told and "保留这些编号或名称" in told
        assert obstacles(register("rivers"), rivers, measured) == []

    def test_what_only_samples_say_is_no_obstacle(self, built_tables):
        one = registered(built_tables["rivers.rivers"].head(1))
        assert obstacles(register("rivers"), one, built_tables) == []

    def test_measurements_at_sample_sections_stop_new_rivers_until_sections_are_registered(
        self, built_tables
    ):
        quality = registered(built_tables["rivers.water_quality"].head(3))
        standing = built_tables | {"rivers.water_quality": quality}
        (told,) = obstacles(register("rivers"), registered(built_tables["rivers.rivers"]), standing)
        assert "“月度水质”有 3 行" in told
        assert "请先导入“水质断面”" in told

    def test_facilities_without_river_need_none(self, built_tables):
        rows = registered(built_tables["rivers.facilities"].head(2), river_id=None)
        assert len(replaced("river_facilities", rows, built_tables).tables["rivers.facilities"])


class TestSections:
    def test_sample_measurements_go_with_sample_sections(self, built_tables):
        made = replaced("water_sections", registered(built_tables["rivers.sections"]), built_tables)
        assert made.emptied == ["rivers.water_quality"]

    def test_measurements_follow_a_section_to_its_new_number(self, built_tables, measured):
        sections = registered(built_tables["rivers.sections"])
        sections = sections.assign(section_id="N" + sections["section_id"])
        made = replaced("water_sections", sections, measured)
        quality = measured["rivers.water_quality"]
        assert list(made.tables["rivers.water_quality"]["section_id"]) == list(
            "N" + quality["section_id"]
        )
        assert made.emptied == []

    def test_measurements_of_a_section_that_is_gone_stop_the_publication(
        self, built_tables, measured
    ):
        rest = registered(built_tables["rivers.sections"].iloc[1:])
        with pytest.raises(SnapshotError, match=r"“月度水质”有 72 行所指的 1 个水质断面编号.*D001"):
            replaced("water_sections", rest, measured)

    def test_a_section_that_proves_to_be_of_a_lake_is_judged_anew(self, built_tables, measured):
        sections = registered(built_tables["rivers.sections"])
        is_lake = sections["section_id"] == "D001"
        sections["water_kind"] = sections["water_kind"].mask(is_lake, "lake")
        made = replaced("water_sections", sections, measured)
        before = measured["rivers.water_quality"].set_index(["section_id", "month"])
        after = made.tables["rivers.water_quality"].set_index(["section_id", "month"])
        pd.testing.assert_frame_equal(after.drop("D001"), before.drop("D001"))
        # 0.1 mg/L of 总磷 is class Ⅱ in a river and Ⅳ in a lake.
        phosphorus = after.loc["D001", "tp_mg_l"]
        assert set(after.loc["D001", "water_kind"]) == {"lake"}
        assert (after.loc["D001", "quality_class"][phosphorus > 0.2] == "劣Ⅴ").all()
        assert (phosphorus > 0.2).sum() == 0 or (
            before.loc["D001", "quality_class"][phosphorus > 0.2] != "劣Ⅴ"
        ).any()
        assert check_replaced(ChainMap(made.tables, measured), made.tables) == []

    def test_measurements_at_unknown_sections_are_refused(self, built_tables):
        quality = registered(built_tables["rivers.water_quality"].head(3), section_id="D999")
        quality["month"] = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"])
        with pytest.raises(SnapshotError, match=r"月度水质.*D999"):
            replaced("water_quality", quality, built_tables)


class TestStreets:
    def test_segments_follow_and_what_only_names_streets_stays(self, built_tables):
        made = replaced("streets", registered(built_tables["streets.streets"]), built_tables)
        assert len(made.tables["streets.segments"]) == len(built_tables["streets.segments"])
        assert made.emptied == []
        path = "streets.demonstration_streets"
        before, after = built_tables[path], made.tables[path]
        # The same courses, but for a metre of rounding where they are cut at a border.
        assert np.allclose(before["length_m"], after["length_m"], atol=5, equal_nan=True)
        drawn = ["geometry_json", "length_m", "lon", "lat"]
        assert after.drop(columns=drawn).equals(before.drop(columns=drawn))
        for naming in NAMING_STREETS:
            assert naming not in made.tables

    def test_from_the_open_map_they_are_described_as_such(self, built_tables):
        rows = built_tables["streets.streets"].head(5)
        change = Change("import", "值班员甲", source="hangzhou.osm.pbf", licence="ODbL 1.0")
        made = replaced("streets", rows, built_tables, change)
        for dataset in ("streets.streets", "streets.segments"):
            entry = meta_of(made, dataset)
            assert entry.source_kind == "osm"
            assert "OpenStreetMap contributors" in entry.source
            assert "hangzhou.osm.pbf" in entry.source


class TestToilets:
    def test_the_search_keeps_all_other_entries(self, built_tables):
        rows = registered(built_tables["toilets.toilets"].head(3))
        made = replaced("toilets", rows, built_tables)
        before, after = built_tables["base.search_entries"], made.tables["base.search_entries"]
        others = before[before["entry_kind"] != "toilet"].reset_index(drop=True)
        kept = after[after["entry_kind"] != "toilet"].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, others)
        assert list(after.loc[after["entry_kind"] == "toilet", "entry_id"]) == list(
            rows["toilet_id"]
        )


class TestLamps:
    @pytest.fixture
    def lamps(self):
        count = 6
        return contract_frame(
            "lighting.assets",
            pd.DataFrame(
                {
                    "asset_id": [f"A{n}" for n in range(count)],
                    "asset_kind": ["street_lamp"] * 4 + ["scenery_light"] * 2,
                    "subdistrict_code": "330102003",
                    "subdistrict_name": "湖滨街道",
                    "lon": 120.165,
                    "lat": 30.252,
                    "is_led": [True, True, False, False, True, True],
                    "is_sound": True,
                    "state": ["lit", "unlit", "lit", "lit", "unlit", "lit"],
                    "source_kind": "register",
                }
            ),
        )

    def yearly(self, lamps, empty):
        made = replaced("lighting_assets", lamps, empty)
        return made.tables["lighting.yearly"].set_index("asset_kind")

    def test_the_year_of_the_survey_alone_is_counted(self, lamps, empty):
        yearly = self.yearly(lamps, empty)
        assert set(yearly["year"]) == {2023}
        assert list(yearly.loc["street_lamp", ["asset_count", "lit_count", "led_count"]]) == [
            4, 3, 2,
        ]  # fmt: skip
        assert yearly.loc["scenery_light", "sound_count"] == 2

    def test_what_was_not_surveyed_is_missing_and_not_zero(self, lamps, empty):
        yearly = self.yearly(lamps, empty)
        assert yearly["controlled_count"].isna().all()

    def test_what_was_surveyed_of_some_lamps_is_missing_too(self, lamps, empty):
        half = lamps.assign(state=["lit", None, "lit", "lit", "lit", "lit"])
        yearly = self.yearly(half, empty)
        assert yearly["lit_count"].isna().all()
        assert yearly["asset_count"].sum() == 6

    def test_where_nothing_was_surveyed_lamps_are_still_counted(self, lamps, empty):
        bare = lamps.assign(state=None, is_led=None, is_sound=None)
        yearly = self.yearly(contract_frame("lighting.assets", bare), empty)
        assert list(yearly["asset_count"]) == [2, 4]

    @pytest.mark.parametrize(
        ("as_of", "year"),
        [("2023", 2023), ("2024-05", 2024), ("2019-12-31", 2020), ("2031", 2025)],
    )
    def test_a_survey_counts_within_the_years_of_the_plan(self, as_of, year):
        assert survey_year(as_of) == year

    @pytest.mark.parametrize("as_of", ["", "去年"])
    def test_a_survey_without_date_is_of_this_year(self, as_of):
        assert survey_year(as_of) == 2025


class TestProjects:
    @pytest.fixture
    def told(self):
        return pd.DataFrame(
            {
                "project_id": ["A01", "V02"],
                "state": ["completed", "under_construction"],
                "started_on": pd.to_datetime(["2021-03-01", "2022-05-10"]),
                "completed_on": pd.to_datetime(["2021-11-30", None]),
                "source_kind": "register",
            }
        )

    def test_states_are_merged_and_all_others_have_none(self, told, built_tables):
        made = replaced("projects", told, built_tables)
        projects = made.tables["plan.projects"].set_index("project_id")
        assert len(projects) == len(built_tables["plan.projects"])
        assert projects.loc["A01", "state"] == "completed"
        assert projects["state"].notna().sum() == 2
        assert list(projects.loc[["A01", "V02"], "source_kind"]) == ["register"] * 2
        assert set(projects.drop(index=["A01", "V02"])["source_kind"]) == {"plan"}
        assert check_replaced(ChainMap(made.tables, built_tables), made.tables) == []

    def test_all_else_stays_as_the_plan_says(self, told, built_tables):
        renamed = told.assign(project_name="别名", quantity=99.0)
        made = replaced("projects", renamed, built_tables).tables["plan.projects"]
        before = built_tables["plan.projects"]
        assert list(made["project_name"]) == list(before["project_name"])
        assert list(made["quantity"]) == list(before["quantity"])

    def test_the_description_names_the_plan_and_the_register(self, told, built_tables):
        entry = meta_of(replaced("projects", told, built_tables), "plan.projects")
        assert entry.source_kind == "register"
        assert "规划" in entry.source
        assert "区城管局（登记.xlsx）" in entry.source

    def test_a_project_that_the_plan_does_not_know_is_refused(self, told, built_tables):
        with pytest.raises(SnapshotError, match=r"1 个项目编号不在规划中（X99）"):
            replaced("projects", told.assign(project_id=["A01", "X99"]), built_tables)


class TestConsequences:
    @pytest.fixture
    def datasets(self, built):
        tables, meta = built
        return pd.DataFrame(
            {
                "dataset": entry.dataset,
                "source_kind": entry.source_kind,
                "row_count": len(tables[entry.dataset]),
            }
            for entry in meta
        )

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("toilets", ["网格到最近公厕的步行距离", "道路公厕间距", "重新计算"]),
            (
                "rivers",
                [
                    "河段",
                    "水质断面”的示例数据（76 行）",
                    "月度水质”的示例数据（5,472 行）",
                    "待填报",
                    "河道设施",
                ],
            ),
            ("water_sections", ["月度水质”的示例数据（5,472 行）"]),
            ("streets", ["路段", "道路公厕间距"]),
            ("lighting_assets", ["只保留 2024 年"]),
            ("lighting_cabinets", ["亮灯与故障统计”的示例数据", "照明用电”的示例数据"]),
            ("projects", ["未填报状态"]),
        ],
    )
    def test_are_told_beforehand(self, datasets, name, words):
        told = "".join(consequences(register(name), datasets, "2024-06"))
        assert all(word in told for word in words)

    @pytest.mark.parametrize("name", ["dark_spots", "water_quality", "indicator_values"])
    def test_of_a_register_on_which_nothing_rests_there_are_none(self, datasets, name):
        assert consequences(register(name), datasets) == []

    def test_registered_dependents_are_not_emptied_but_must_fit(self, datasets):
        is_quality = datasets["dataset"] == "rivers.water_quality"
        changed = datasets.assign(source_kind=datasets["source_kind"].mask(is_quality, "register"))
        told = "".join(consequences(register("rivers"), changed))
        assert "已登记的“月度水质”" in told

    def test_what_is_empty_already_is_not_told(self, datasets):
        told = consequences(register("rivers"), datasets.assign(row_count=0))
        assert told and all("重新计算" in text for text in told)
