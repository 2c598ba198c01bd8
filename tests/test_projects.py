"""The plan's projects: counted by hand against the plan's text, located only where a name is known.

Expected figures are typed here from the plan's 专栏 and clauses, not from the files they test.
"""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.contracts import PROJECT_KINDS, PROJECT_STATES
from data.projects import projects_table
from geo import district
from geo.geojson import from_text
from ui import projects as projects_ui

# 专栏 1, as printed.
CITY_ROADS = "清泰街、钱江路、解放东路、富春路、环站东路、天城路、之江路、钱潮路"
DISTRICT_ROADS_2021 = "洋泮路、海月路、化仙桥路、建华路、鸿泰路、备塘路"
DISTRICT_ROADS_2022 = "皮市巷、马市街、佑圣观路"

# 专栏 2: lines by implementing body.
BODIES = {
    "杭州市城东新城建设投资有限公司": 6,
    "杭州市城市土地发展有限公司": 3,
    "杭州市上城区城市建设投资集团有限公司": 5,
    "杭州市上城区城市建设发展集团有限公司": 2,
    "上城区综合行政执法局": 1,
}
BOX2_WORKS = {
    "引水河和睦港闸",
    "三堡沉砂池",
    "五堡排涝双向泵站",
    "丁桥中央水景公园闸站",
    "八号港闸",
}

# 专栏 4: entries by subdistrict, counted by hand; 湖滨 has none.
COMPOUNDS = {
    "清波": 5, "小营": 13, "望江": 4, "南星": 2, "紫阳": 3, "闸弄口": 6, "凯旋": 1, "采荷": 1,
    "四季青": 13, "笕桥": 6, "彭埠": 6, "九堡": 13, "丁兰": 7,
}  # fmt: skip
ONE_ENTRY = {
    "金隆花园（金桂轩、金兰轩、金梅轩、华顺大厦）": "小营街道",
    "汇隆风林公寓（一期、二期）": "九堡街道",
    "老浙大直路 25 号": "小营街道",
    "丰家兜 8.10.12 号": "小营街道",
    "定安苑 19-20 幢": "清波街道",
    "艮山府（御品湾）": "彭埠街道",
}

FACTS = {
    "repaired_road_count": "R",
    "asian_games_venue_count": "L01",
    "asian_games_hub_count": "L02",
    "asian_games_city_entrance_count": "L03",
    "asian_games_window_road_count": "L04",
    "asian_games_building_count": "L05",
    "asian_games_public_place_count": "L06",
    "asian_games_embankment_count": "L07",
    "green_belt_length_km": "L08",
    "dark_spot_count": "L09",
    "demonstration_street_count": "S01",
    "provincial_showcase_street_new_count": "S02",
    "accessibility_point_count": "A01",
    "sewage_project_2021_count": "Z01",
    "sewage_project_2022_count": "Z02",
    "smart_sewer_subdistrict_count": "Z03",
    "smart_sewer_commercial_area_count": "Z04",
    "smart_sewer_community_count": "Z05",
    "river_dead_end_count": "V13",
    "renewed_pump_station_count": "P09",
    "reinforced_road_count": "M01",
    "bridge_inspection_count": "M02",
    "handed_over_road_count": "M04",
    "opened_dead_end_road_count": "M05",
    "construction_waste_site_count": "T01",
}
"""Figures of plan.facts and the project (or the kind's letter) that carries the quantity."""

UNKNOWN_RIVERS = ("江干渠", "引水河", "三号港", "七号港", "八号港", "大农港", "同协河")
SLACK_DEGREES = 2e-5


@pytest.fixture(scope="module")
def plan():
    """The plan's own rows: no states, no dates."""
    return projects_table()


@pytest.fixture(scope="module")
def sample(built_tables):
    return built_tables["plan.projects"]


def named(frame, clause):
    return frame[frame["clause"] == clause]


# --- the lists of the plan -----------------------------------------------------------------------


def test_box1_lists_54_roads_in_18_rows(plan):
    roads = named(plan, "box1")
    assert roads["quantity"].sum() == 54
    assert len(roads) == 14 + 3 + 1
    assert (roads["project_kind"] == "road").all()


@pytest.mark.parametrize(
    ("names", "level", "year"),
    [(CITY_ROADS, "市管", 2021), (DISTRICT_ROADS_2021, "区管", 2021), (DISTRICT_ROADS_2022, "区管", 2022)],
    ids=["city", "district 2021", "district 2022"],
)  # fmt: skip
def test_the_roads_that_box1_names_keep_level_and_year(plan, names, level, year):
    roads = named(plan, "box1")
    of_list = roads[(roads["managed_level"] == level) & (roads["plan_start_year"] == year)]
    assert of_list["project_name"].tolist() == [f"{name}修缮" for name in names.split("、")]
    assert (of_list["quantity"] == 1).all()
    assert set(of_list["unit"]) == {"条"}


def test_the_roads_that_box1_does_not_name_are_one_row_with_the_ambiguity_told(plan):
    (rest,) = plan[plan["quantity"] == 37].itertuples()
    assert (rest.clause, rest.plan_start_year, rest.unit) == ("box1", 2021, "条")
    assert "51" in rest.note
    assert "歧义" in rest.note
    assert pd.isna(rest.managed_level)


def test_box2_lists_17_works_by_body(plan):
    works = named(plan, "box2")
    assert works["implementing_body"].value_counts().to_dict() == BODIES
    assert set(works.loc[works["project_kind"] == "pump_sluice", "project_name"]) == BOX2_WORKS
    assert (works["project_kind"] == "river").sum() == 12
    assert (works["plan_end_year"] == 2025).all()


def test_only_box2_names_implementing_bodies(plan):
    assert set(plan.loc[plan["implementing_body"].notna(), "clause"]) == {"box2"}


@pytest.mark.parametrize(("short", "count"), [*COMPOUNDS.items(), ("湖滨", 0)])
def test_box4_lists_the_compounds_of_each_subdistrict(plan, short, count):
    compounds = named(plan, "box4")
    assert (compounds["subdistrict_name"] == f"{short}街道").sum() == count


def test_box4_lists_80_compounds_each_one_row(plan):
    compounds = named(plan, "box4")
    assert len(compounds) == sum(COMPOUNDS.values()) == 80
    assert (compounds["quantity"] == 1).all()
    assert (compounds["project_kind"] == "water_supply").all()
    assert compounds["subdistrict_code"].notna().all()


@pytest.mark.parametrize(("name", "subdistrict"), ONE_ENTRY.items())
def test_a_list_within_brackets_or_a_number_stays_one_entry(plan, name, subdistrict):
    (row,) = plan[plan["project_name"] == name].itertuples()
    assert row.subdistrict_name == subdistrict


def test_a_compound_listed_twice_stands_twice_with_a_note(plan):
    twice = plan[plan["project_name"] == "天城苑"]
    assert len(twice) == 2
    assert twice["note"].str.contains("两次").all()
    names = plan["project_name"]
    assert names[names.duplicated()].tolist() == ["天城苑"]


@pytest.mark.parametrize(("fact", "project"), FACTS.items())
def test_quantities_are_those_of_the_plans_figures(plan, built_tables, fact, project):
    facts = built_tables["plan.facts"].set_index("fact_key")
    rows = plan[plan["project_id"].str.fullmatch(rf"{project}\d*") if len(project) == 1
                else plan["project_id"] == project]  # fmt: skip
    assert rows["quantity"].sum() == facts.at[fact, "value"]
    assert set(rows["unit"]) == {facts.at[fact, "unit"]}


def test_a_work_that_two_clauses_name_is_listed_once(plan):
    assert plan["project_name"].str.contains("五堡").sum() == 1
    (pump,) = plan[plan["project_name"].str.contains("五堡")].itertuples()
    assert "4.5.4" in pump.note
    assert plan["project_name"].str.startswith("白石港").sum() == 2


@pytest.mark.parametrize(
    ("part", "clause"),
    [
        ("八堡泵站", "4.3.4"), ("笕桥泵站", "4.3.4"), ("钱江新城精品区", "4.3.5"),
        ("丰收湖", "4.3.5"), ("江干渠", "4.3.5"), ("新塘河、新开河沟通", "4.5.4"),
        ("运河二通道", "4.5.4"), ("引水河与和睦港沟通", "4.5.4"), ("艮北新城", "4.1.3"),
        ("河坊街历史街区", "4.2.2"), ("李宁体育公园", "4.2.2"), ("综合指挥中心", "4.6.3"),
    ],
)  # fmt: skip
def test_single_works_of_the_text_are_there(plan, part, clause):
    assert plan["project_name"].str.contains(part, regex=False)[plan["clause"] == clause].sum() == 1


def test_years_are_those_that_the_plan_gives(plan):
    years = plan.set_index("project_id")[["plan_start_year", "plan_end_year"]]
    given = {project: tuple(None if pd.isna(v) else int(v) for v in years.loc[project])
             for project in ("R01", "R15", "Z02", "A01", "L09", "M05", "L05", "V15", "W001")}  # fmt: skip
    assert given == {
        "R01": (2021, None), "R15": (2022, None), "Z02": (2022, 2022), "A01": (2020, 2022),
        "L09": (None, 2022), "M05": (None, 2025), "L05": (None, 2022), "V15": (None, None),
        "W001": (None, 2025),
    }  # fmt: skip


def test_every_clause_is_one_of_the_plans(plan, built_tables):
    assert set(plan["clause"]) <= set(built_tables["plan.clauses"]["clause"])


def test_every_kind_is_used_and_has_a_word(plan):
    assert set(plan["project_kind"]) == set(PROJECT_KINDS) == set(projects_ui.KINDS)
    assert set(projects_ui.LOOKS) == {*PROJECT_STATES, "unreported"}
    shapes = [look.shape for look in projects_ui.LOOKS.values()]
    assert len(set(shapes)) == len(shapes)


def test_the_plan_alone_knows_no_state_and_no_date(plan):
    assert plan[["state", "started_on", "completed_on"]].isna().all(axis=None)
    assert set(plan["source_kind"]) == {"plan"}


# --- places --------------------------------------------------------------------------------------


def test_what_is_mapped_has_a_position_and_says_by_what(plan):
    mapped = plan[plan["is_mapped"]]
    assert len(mapped) > 40
    assert mapped[["lon", "lat", "located_by"]].notna().all(axis=None)
    kinds = mapped["located_by"].str.partition(" ")[0]
    assert set(kinds) == {"道路", "河道", "小区", "水面", "站点"}


def test_what_is_not_mapped_has_no_position(plan):
    missing = plan[~plan["is_mapped"]]
    assert missing[["lon", "lat", "geometry_json", "located_by"]].isna().all(axis=None)


def test_a_position_lies_in_the_subdistrict_stated(plan):
    areas = district.subdistrict_areas()
    placed = plan[plan["is_mapped"] & plan["subdistrict_code"].notna()]
    for row in placed.itertuples():
        point = shapely.Point(row.lon, row.lat)
        assert shapely.dwithin(areas[row.subdistrict_code], point, SLACK_DEGREES), row.project_name


def test_every_geometry_lies_in_the_district(plan):
    drawn = plan.loc[plan["geometry_json"].notna(), "geometry_json"]
    within = shapely.buffer(district.outline(), SLACK_DEGREES)
    assert all(within.covers(from_text(text)) for text in drawn)


def test_touched_subdistricts_hold_the_one_that_is_stated(plan):
    stated = plan[plan["subdistrict_code"].notna()]
    assert (stated["touched_codes"] == stated["subdistrict_code"]).all()
    several = plan[plan["touched_codes"].str.contains(",", na=False)]
    assert several["subdistrict_code"].isna().all()
    known = set(district.subdistrict_names())
    assert all(set(codes.split(",")) <= known for codes in plan["touched_codes"].dropna())


@pytest.mark.parametrize(
    ("project", "shorts"),
    [("R01", ["湖滨", "小营"]), ("R03", ["采荷", "四季青"]), ("R15", ["小营"]), ("V08", ["笕桥"]),
     ("B03", ["九堡"])],
)  # fmt: skip
def test_a_street_counts_in_the_subdistricts_it_runs_through(plan, project, shorts):
    names = {name.removesuffix("街道"): code for code, name in district.subdistrict_names().items()}
    (codes,) = plan.loc[plan["project_id"] == project, "touched_codes"]
    assert codes.split(",") == [names[short] for short in shorts]


@pytest.mark.parametrize("name", ["建华路修缮", "鸿泰路修缮", "其余 37 条未列名道路修缮", "天城苑", "石油大厦",
                                  "清怡花苑", "李宁体育公园信息无障碍建设示范点"])  # fmt: skip
def test_what_the_map_does_not_know_by_name_is_not_placed(plan, name):
    assert not plan.loc[plan["project_name"] == name, "is_mapped"].any()


@pytest.mark.parametrize("river", UNKNOWN_RIVERS)
def test_rivers_that_no_map_shows_are_not_drawn(plan, river):
    of_river = plan[plan["project_name"].str.startswith(river)]
    assert len(of_river) > 0 or river == "大农港"
    assert not of_river["is_mapped"].any()


def test_a_stretch_beyond_the_mapped_course_is_not_drawn_elsewhere(plan):
    stretches = plan[plan["project_name"].str.startswith("白石港")].set_index("project_name")
    assert not stretches.at["白石港（新塘路—艮山东路）", "is_mapped"]
    assert "区段未定" in stretches.at["白石港（沪杭甬高速—新塘路）", "located_by"]


def test_every_compound_of_the_map_stands_for_a_project(plan):
    located = plan.loc[plan["located_by"].str.startswith("小区", na=False), "located_by"]
    names = [f.properties["compound_name"] for f in district.layer("compounds")]
    assert sorted(f"小区 {name}" for name in names) == sorted(located)
    assert all(len(str(v).partition(".")[2]) <= 5
               for f in district.layer("compounds") for v in f.geometry.coords[0])  # fmt: skip


# --- the sample register -------------------------------------------------------------------------


def test_the_sample_keeps_the_plans_rows(plan, sample):
    same = [
        c for c in plan.columns if c not in ("state", "started_on", "completed_on", "source_kind")
    ]
    pd.testing.assert_frame_equal(plan[same], sample[same])
    assert set(sample["source_kind"]) == {"sample"}


def test_sample_states_and_dates_agree(sample):
    assert sample["state"].notna().all()
    done, begun = sample["completed_on"].notna(), sample["started_on"].notna()
    assert ((sample["state"] == "completed") == done).all()
    assert ((sample["state"] == "planned") == ~begun).all()
    assert (sample.loc[done, "completed_on"] > sample.loc[done, "started_on"]).all()
    assert sample[["started_on", "completed_on"]].max().max() <= pd.Timestamp("2025-12-31")


def test_the_sample_has_every_state_and_is_not_all_done(sample):
    counts = sample["state"].value_counts()
    assert set(counts.index) == set(PROJECT_STATES)
    assert counts["suspended"] == 1
    assert counts["completed"] < len(sample)


def test_few_samples_miss_the_plans_years(sample):
    dated = sample[sample["plan_start_year"].notna()]
    late_start = (dated["started_on"].dt.year > dated["plan_start_year"]).fillna(False)
    assert 0 < late_start.sum() <= 3
    assert (dated["started_on"].dt.year >= dated["plan_start_year"]).all()
    # The games were held a year later than the plan thought: their lighting may be late.
    is_games = sample["project_id"].str.match("L0[1-8]")
    done = sample[sample["completed_on"].notna() & ~is_games]
    late = (done["completed_on"].dt.year > done["plan_end_year"]).fillna(False)
    assert 0 < late.sum() <= 3


def test_half_of_the_compounds_are_renewed_by_2023_as_the_plan_asks(sample):
    compounds = sample[sample["project_kind"] == "water_supply"]
    assert (compounds["completed_on"].dt.year <= 2023).mean() >= 0.5


def test_lighting_and_streets_are_done_when_their_registers_say_so(sample, built_tables):
    done = sample.set_index("project_id")["state"] == "completed"
    lighting = built_tables["lighting.projects"]
    assert done["L01":"L08"].all() == (lighting["state"] == "completed").all()
    dates = sample.set_index("project_id")[["started_on", "completed_on"]]
    for project_id, kind in {"L05": "building", "L07": "embankment", "L08": "green_belt"}.items():
        works = lighting[lighting["project_kind"] == kind]
        first, last = works["started_on"].min(), works["completed_on"].max()
        assert list(dates.loc[project_id]) == [first, last], kind
    spots = built_tables["lighting.dark_spots"]
    # Spots found later, two of them still dark, are none of the plan's fourteen.
    planned = spots[spots["found_on"] <= "2022-12-31"]
    assert dates.at["L09", "completed_on"] == planned["fixed_on"].max()
    assert spots["fixed_on"].isna().sum() == 2
    streets = built_tables["streets.demonstration_streets"]
    boutique = streets[streets["designation"] == "boutique"]
    assert done["S01"] == (boutique["state"] == "completed").all()


def test_river_works_end_before_the_river_is_beautiful(sample, built_tables):
    rivers = built_tables["rivers.rivers"].set_index("river_name")["beautiful_year"]
    ends = sample.set_index("project_id")["completed_on"].dt.year
    works = {"V02": "六号港", "V08": "白石港", "V10": "五号港", "V01": "三号港", "V03": "引水河"}
    for project, river in works.items():
        assert ends[project] <= rivers[river], river
    assert np.isnan(ends["V07"])
    assert pd.isna(rivers["七号港"])
