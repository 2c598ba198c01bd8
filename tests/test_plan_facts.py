"""The plan's clauses, indicators, figures and places, as typed from the plan into CSV.

``FIGURES`` and ``TARGETS`` were read from the plan's text, not from the files they check.
"""

import pandas as pd
import pytest

from data import contracts

NAMES = ("clauses", "indicators", "facts", "places")
NUMBERS = {"INTEGER", "DOUBLE"}

INDICATORS_PER_CATEGORY = {
    "景观亮灯": 6,
    "环境卫生": 3,
    "垃圾治理": 6,
    "市政设施": 2,
    "河道管理": 2,
    "公用事业": 3,
    "数字治理": 3,
    "综合执法": 3,
}

ITEMS_PER_SECTION = {
    "1.1": 8, "1.2": 4, "2.1": 0, "2.2": 0, "2.3": 0, "2.4": 0, "2.5": 0,
    "3.1": 0, "3.2": 5, "3.3": 3,
    "4.1": 4, "4.2": 4, "4.3": 5, "4.4": 5, "4.5": 5, "4.6": 5, "4.7": 5, "4.8": 5,
    "5.1": 0, "5.2": 0, "5.3": 0, "5.4": 0, "5.5": 0,
}  # fmt: skip

TARGETS = [
    (1, "道路照明亮灯率", ">", 98, "%"),
    (2, "功能照明设施完好率", ">", 98, "%"),
    (3, "景观照明设施完好率", ">", 96, "%"),
    (4, "照明设施集中控制率", ">", 70, "%"),
    (5, "省级街容示范街", ">=", 1, "条"),
    (6, "市、区级精品示范街", ">=", 14, "条"),
    (7, "公共厕所配建数量", ">=", 4, "座/km²"),
    (8, "主次干道环卫作业机械化率", "=", 100, "%"),
    (9, "环卫作业车辆新能源使用率", ">", 80, "%"),
    (10, "人均生活垃圾增长率", "=", 0, "%"),
    (11, "垃圾分类小区和单位覆盖率", "=", 100, "%"),
    (12, "生活垃圾回收利用率", "=", 60, "%"),
    (13, "生活垃圾资源化处理率", "=", 100, "%"),
    (14, "生活垃圾无害化处理率", "=", 100, "%"),
    (15, "建筑垃圾资源化综合利用率", ">", 60, "%"),
    (16, "主次干道优良率", ">", 98, "%"),
    (17, "桥隧设施状况", "=", 100, "%"),
    (18, "城市河道Ⅳ类以上水质", ">", 85, "%"),
    (19, "美丽河湖建设", ">", 80, "%"),
    (20, "老旧高层住宅二次供水改造", "=", 100, "%"),
    (21, "公共停车场便捷停车覆盖率", ">", 95, "%"),
    (22, "燃气管网智能化监测管理率", ">", 30, "%"),
    (23, "数字城管问题及时解决率", "=", 98, "%"),
    (24, "信访问题处置满意率", ">", 96, "%"),
    (25, "城管领域数字化应用场景个数", ">", 5, "个"),
    (26, "街道综合行政执法事项占比", ">", 25, "%"),
    (27, "街道综合执法人员占比", ">", 50, "%"),
    (28, "五星级中队比率", ">", 50, "%"),
]

FIGURES = [
    # rivers
    ("river_count", 63, "条", "1.1.4"),
    ("class_iv_share_pct", 85.1, "%", "1.1.4"),
    ("beautiful_river_count", 28, "条", "1.1.4"),
    ("beautiful_river_length_km", 73.9, "km", "1.1.4"),
    ("provincial_beautiful_river_count", 21, "条", "1.1.4"),
    ("provincial_beautiful_river_length_km", 63.4, "km", "1.1.4"),
    ("sewage_free_subdistrict_count", 12, "个", "1.1.4"),
    ("dayu_trophy_count", 3, "次", "1.1.4"),
    ("river_camera_count", 83, "个", "1.1.7"),
    ("beautiful_river_goal_pct", 80, "%", "3.3.2.4"),
    ("class_iv_goal_pct", 85, "%", "3.3.2.4"),
    ("planned_water_use_coverage_pct", 93, "%", "3.3.2.4"),
    ("water_saving_unit_coverage_pct", 15, "%", "3.3.2.4"),
    ("water_saving_community_coverage_pct", 13, "%", "3.3.2.4"),
    ("river_works_count", 13, "个", "4.3.3"),
    ("river_dead_end_count", 5, "处", "4.3.3"),
    ("new_pump_station_count", 5, "处", "4.3.3"),
    ("sewage_project_2021_count", 28, "个", "4.3.4"),
    ("sewage_project_2022_count", 36, "个", "4.3.4"),
    ("smart_sewer_subdistrict_count", 2, "个", "box3"),
    ("smart_sewer_commercial_area_count", 1, "个", "box3"),
    ("smart_sewer_community_count", 2, "个", "box3"),
    ("renewed_pump_station_count", 9, "个", "4.5.4"),
    # streets
    ("provincial_showcase_street_base_count", 11, "条", "1.1.3"),
    ("demonstration_street_count", 14, "条", "4.1.4"),
    ("demonstration_subdistrict_count", 14, "个", "4.1.4"),
    ("provincial_showcase_street_new_count", 1, "条", "4.1.4"),
    ("repaired_road_count", 54, "条", "4.2.1"),
    ("repaired_road_2021_count", 51, "条", "box1"),
    ("repaired_road_2022_count", 3, "条", "box1"),
    ("accessibility_point_count", 1107, "个", "4.2.2"),
    ("reinforced_road_count", 38, "条", "4.5.1"),
    ("handed_over_road_count", 120, "条", "4.5.3"),
    ("opened_dead_end_road_count", 14, "条", "4.5.3"),
    # toilets
    ("award_toilet_project_count", 17, "个", "1.1.2"),
    ("renewed_toilet_count", 92, "座", "1.1.6"),
    ("star_toilet_count", 454, "座", "4.1.1"),
    ("toilet_walk_minutes", 10, "分钟", "4.1.1"),
    ("toilet_density_per_km2", 4, "座/km²", "table1"),
    # lighting
    ("lit_building_base_count", 210, "幢", "1.1.3"),
    ("lit_landscape_belt_base_length_km", 16, "km", "1.1.3"),
    ("relit_road_base_count", 77, "条", "1.1.3"),
    ("relit_spot_base_count", 360, "处", "1.1.3"),
    ("central_switch_system_count", 144, "套", "1.1.3"),
    ("asian_games_venue_count", 1, "个", "4.1.3"),
    ("asian_games_hub_count", 2, "个", "4.1.3"),
    ("asian_games_city_entrance_count", 2, "个", "4.1.3"),
    ("asian_games_window_road_count", 8, "条", "4.1.3"),
    ("asian_games_building_count", 111, "幢", "4.1.3"),
    ("asian_games_public_place_count", 8, "处", "4.1.3"),
    ("asian_games_embankment_count", 1, "条", "4.1.3"),
    ("green_belt_length_km", 3, "km", "4.1.3"),
    ("road_lamp_equipped_pct", 100, "%", "4.1.3"),
    ("public_area_lamp_equipped_pct", 100, "%", "4.1.3"),
    ("road_lighting_standard_pct", 92, "%", "4.1.3"),
    ("led_road_lamp_pct", 80, "%", "4.1.3"),
    ("lighting_central_control_pct", 100, "%", "4.1.3"),
    ("scenery_light_sound_pct", 96, "%", "4.1.3"),
    ("dark_spot_count", 14, "处", "4.1.3"),
    # the other themes
    ("street_station_count", 71, "个", "1.1.1"),
    ("waste_sorting_community_count", 771, "个", "1.1.5"),
    ("waste_sorting_institution_count", 1490, "家", "1.1.5"),
    ("waste_generated_10k_tonnes", 61.39, "万吨", "1.1.5"),
    ("sewer_separation_project_count", 803, "个", "1.1.6"),
    ("connected_parking_lot_count", 873, "个", "1.1.6"),
    ("road_camera_count", 480, "个", "1.1.7"),
    ("handled_case_count", 431564, "件", "1.1.8"),
    ("closed_approval_count", 25187, "件", "1.1.8"),
    ("waste_recycling_pct", 60, "%", "3.3.2.3"),
    ("waste_sorting_satisfaction_pct", 85, "%", "3.3.2.3"),
    ("digital_timely_resolution_pct", 98, "%", "3.3.2.6"),
    ("smart_timely_resolution_pct", 96, "%", "3.3.3"),
    ("five_star_squad_new_count", 8, "个", "3.3.2.7"),
    ("bridge_inspection_count", 303, "座", "4.5.1"),
    ("sewer_dredging_km_per_year", 2100, "km/年", "4.5.1"),
    ("added_maintenance_area_10k_m2", 150, "万m²", "4.5.3"),
    ("metro_arrival_minutes", 45, "分钟", "4.5.5"),
    ("handling_app_usage_pct", 95, "%", "4.6.5"),
    ("merged_institution_count", 6, "家", "4.8.3"),
]

DEADLINES = [
    ("dark_spot_count", 2022),
    ("fine_cleaning_street_count", 2022),
    ("sewage_project_2021_count", 2021),
    ("sewage_project_2022_count", 2022),
    ("smart_sewer_community_count", 2021),
    ("accessibility_point_count", 2022),
    ("irregular_supply_renewed_2023_pct", 2023),
    ("class_iv_goal_pct", 2025),
    ("beautiful_river_goal_pct", 2025),
    ("demonstration_street_count", 2025),
]

OPERATORS = [
    ("lit_building_base_count", ">"),
    ("connected_parking_space_10k_count", ">"),
    ("class_iv_goal_pct", ">="),
    ("led_road_lamp_pct", ">="),
    ("provincial_showcase_street_new_count", ">="),
    ("construction_waste_site_count", ">="),
    ("metro_arrival_minutes", "<="),
    ("toilet_walk_minutes", "<="),
    ("lighting_central_control_pct", "="),
]


def path_of(name):
    return f"data/plan/{name}.csv"


def read(name):
    """Every cell as text, the way a code such as ``2.1`` or ``330102001`` has to be read."""
    return pd.read_csv(path_of(name), dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def clauses():
    return read("clauses")


@pytest.fixture(scope="module")
def indicators():
    return read("indicators").set_index("indicator_no", drop=False)


@pytest.fixture(scope="module")
def facts():
    return read("facts").set_index("fact_key", drop=False)


@pytest.fixture(scope="module")
def places():
    return read("places")


class TestEveryFile:
    @pytest.mark.parametrize("name", NAMES)
    def test_has_the_columns_of_its_contract_but_for_the_source_kind(self, name):
        expected = [c for c in contracts.table(f"plan.{name}").column_names if c != "source_kind"]
        assert list(read(name).columns) == expected

    @pytest.mark.parametrize("name", NAMES)
    def test_has_no_two_rows_with_one_key(self, name):
        key = list(contracts.table(f"plan.{name}").key)
        assert read(name)[read(name).duplicated(key)].empty

    @pytest.mark.parametrize("name", NAMES)
    def test_leaves_no_required_cell_empty(self, name):
        frame = read(name)
        for column in contracts.table(f"plan.{name}").columns:
            if column.required and column.name != "source_kind":
                assert frame[frame[column.name] == ""].empty, column.name

    @pytest.mark.parametrize("name", NAMES)
    def test_holds_only_allowed_values(self, name):
        frame = read(name)
        for column in contracts.table(f"plan.{name}").columns:
            if column.allowed and column.name != "source_kind":
                assert set(frame[column.name]) - {""} <= set(column.allowed), column.name

    @pytest.mark.parametrize("name", NAMES)
    def test_holds_numbers_within_their_limits(self, name):
        frame = read(name)
        for column in contracts.table(f"plan.{name}").columns:
            if column.type in NUMBERS:
                numbers = pd.to_numeric(frame.loc[frame[column.name] != "", column.name])
                if column.low is not None:
                    assert (numbers >= column.low).all(), column.name
                if column.high is not None:
                    assert (numbers <= column.high).all(), column.name

    @pytest.mark.parametrize("name", NAMES)
    def test_refers_only_to_clauses_that_exist(self, name, clauses):
        assert set(read(name)["clause"]) <= set(clauses["clause"])

    @pytest.mark.parametrize("name", NAMES)
    def test_is_plain_utf8_with_unix_line_ends(self, name):
        with open(path_of(name), "rb") as file:
            content = file.read()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")

    @pytest.mark.parametrize("name", NAMES)
    def test_has_no_stray_spaces_around_a_cell(self, name):
        for column, cells in read(name).items():
            assert (cells == cells.str.strip()).all(), column


class TestClauses:
    @pytest.mark.parametrize(("section", "items"), ITEMS_PER_SECTION.items())
    def test_every_section_has_its_items_in_a_row(self, clauses, section, items):
        found = clauses.loc[clauses["clause"].str.fullmatch(rf"{section}(\.\d+)?"), "clause"]
        assert list(found) == [section, *(f"{section}.{item}" for item in range(1, items + 1))]

    def test_the_concrete_goals_are_eight_paragraphs(self, clauses):
        goals = clauses.loc[clauses["clause"].str.startswith("3.3.2."), "clause"]
        assert list(goals) == [f"3.3.2.{number}" for number in range(1, 9)]

    def test_there_are_one_table_and_four_boxes_and_eleven_terms(self, clauses):
        kinds = clauses["clause"].str.extract(r"^(table|box|annex)")[0].value_counts()
        assert kinds.to_dict() == {"table": 1, "box": 4, "annex": 11}

    def test_there_are_105_in_all(self, clauses):
        assert len(clauses) == 105

    def test_a_summary_is_one_short_sentence(self, clauses):
        assert clauses["summary"].str.len().between(8, 40).all()
        assert clauses["summary"].str.endswith("。").all()
        assert (clauses["summary"].str.count("。") == 1).all()

    @pytest.mark.parametrize(
        ("clause", "title"),
        [
            ("1.1.4", "水域治理成绩斐然"),
            ("2.1", "新机遇：一系列重大战略部署和重大政策叠加"),
            ("3.3.2", "具体目标"),
            ("3.3.2.4", "水域环境展现新风采"),
            ("4.1.3", "美化城区光环境"),
            ("4.3.5", "持续开展美丽河湖创建"),
            ("4.8.5", "加强年轻干部和专业化人才培养"),
            ("5.5", "营造社会氛围"),
        ],
    )
    def test_a_clause_has_the_plans_title(self, clauses, clause, title):
        assert clauses.set_index("clause").at[clause, "title"] == title


class TestIndicators:
    def test_there_are_28_numbered_from_1(self, indicators):
        assert list(indicators.index) == [str(number) for number in range(1, 29)]

    def test_each_of_the_eight_categories_has_its_share(self, indicators):
        assert indicators["category"].value_counts(sort=False).to_dict() == INDICATORS_PER_CATEGORY

    @pytest.mark.parametrize(("number", "name", "operator", "target", "unit"), TARGETS)
    def test_an_indicator_has_the_target_of_table_1(
        self, indicators, number, name, operator, target, unit
    ):
        row = indicators.loc[str(number)]
        assert row["indicator_name"] == name
        assert (row["operator"], float(row["target_value"]), row["unit"]) == (
            operator,
            target,
            unit,
        )

    def test_all_stand_in_table_1(self, indicators):
        assert set(indicators["clause"]) == {"table1"}

    def test_the_target_text_agrees_with_operator_and_value(self, indicators):
        signs = {">": ">", ">=": "≥", "=": ""}
        # 7 says «以上» and 17 has several parts: both spelt out below
        for row in indicators.drop(["7", "17"]).itertuples():
            unit = "" if row.indicator_no in {"10", "25"} else row.unit
            assert row.target_text == f"{signs[row.operator]}{row.target_value}{unit}"
        assert indicators.at["7", "target_text"] == "4座/平方公里以上"

    def test_the_bridges_name_all_their_parts(self, indicators):
        for part in ("市管100%良好", "区管100%合格", "80%良好"):
            assert part in indicators.at["17", "target_text"]

    @pytest.mark.parametrize(
        ("number", "said_elsewhere", "clause"),
        [
            ("4", "100%", "4.1.3"),
            ("18", "85%及以上", "3.3.2.4"),
            ("19", "80%以上", "3.3.2.4"),
            ("21", "100%", "3.3.2.5"),
            ("23", "96%以上", "3.3.3"),
            ("24", "96%以上", "3.3.3"),
        ],
    )
    def test_a_contradiction_within_the_plan_is_noted(
        self, indicators, number, said_elsewhere, clause
    ):
        assert said_elsewhere in indicators.at[number, "note"]
        assert clause in indicators.at[number, "note"]


class TestFacts:
    @pytest.mark.parametrize(("key", "value", "unit", "clause"), FIGURES)
    def test_a_figure_is_what_the_plan_says_where_it_says_it(self, facts, key, value, unit, clause):
        row = facts.loc[key]
        assert (float(row["value"]), row["unit"], row["clause"]) == (value, unit, clause)

    @pytest.mark.parametrize(("key", "year"), DEADLINES)
    def test_a_goal_has_the_deadline_the_plan_sets(self, facts, key, year):
        assert facts.at[key, "deadline_year"] == str(year)

    @pytest.mark.parametrize(("key", "operator"), OPERATORS)
    def test_an_approximation_or_a_limit_keeps_its_operator(self, facts, key, operator):
        assert facts.at[key, "operator"] == operator

    def test_no_two_figures_share_a_label(self, facts):
        assert facts["label"].is_unique

    def test_keys_are_english_snake_case(self, facts):
        assert facts["fact_key"].str.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*").all()

    def test_a_percentage_is_named_one_and_runs_from_0_to_100(self, facts):
        percentages = facts[facts["unit"] == "%"]
        assert percentages["fact_key"].str.endswith("_pct").all()
        assert not facts.loc[facts["unit"] != "%", "fact_key"].str.endswith("_pct").any()
        assert percentages["value"].astype(float).between(0, 100).all()

    def test_a_length_is_in_kilometres_and_says_so_in_its_key(self, facts):
        lengths = facts[facts["unit"] == "km"]
        assert lengths["fact_key"].str.endswith("_length_km").all()

    def test_a_base_figure_has_no_deadline_and_a_goal_or_task_has_one(self, facts):
        is_base = facts["role"] == "base"
        assert (facts.loc[is_base, "deadline_year"] == "").all()
        assert (facts.loc[~is_base, "deadline_year"] != "").all()

    def test_base_figures_speak_of_2020_unless_they_are_timeless(self, facts):
        undated = set(facts.loc[(facts["role"] == "base") & (facts["year"] == ""), "fact_key"])
        assert undated == {
            "trunk_road_service_years",
            "secondary_road_service_years",
            "qiantang_golden_shoreline_length_km",
        }
        assert set(facts["year"]) == {"", "2020"}

    def test_the_road_repairs_of_2021_and_2022_add_up(self, facts):
        value = facts["value"].astype(float)
        parts = value["repaired_road_2021_count"] + value["repaired_road_2022_count"]
        assert parts == value["repaired_road_count"]

    def test_provincial_beautiful_rivers_are_some_of_the_beautiful_rivers(self, facts):
        value = facts["value"].astype(float)
        for what in ("count", "length_km"):
            part, whole = f"provincial_beautiful_river_{what}", f"beautiful_river_{what}"
            assert value[part] < value[whole]

    def test_every_theme_has_figures(self, facts):
        assert set(facts["theme"]) == set(contracts.THEMES)

    def test_a_rounded_figure_says_how_the_plan_words_it(self, facts):
        rounded = facts[(facts["operator"] == ">") & (facts["role"] == "base")]
        assert rounded["note"].str.contains("余").all()


class TestPlaces:
    @pytest.mark.parametrize(
        ("group", "clause", "kinds"),
        [
            ("三街三圈三站", "annex.3", {"街": 3, "圈": 3, "站": 3}),
            ("四区三轴伴两湖", "annex.4", {"区": 4, "轴": 3, "湖": 2}),
            ("一带两廊三轴五区", "annex.5", {"带": 1, "廊": 2, "轴": 3, "区": 5}),
        ],
    )
    def test_a_group_names_as_many_places_as_its_title_says(self, places, group, clause, kinds):
        members = places[places["place_group"] == group]
        assert members["place_kind"].value_counts(sort=False).to_dict() == kinds
        assert set(members["clause"]) == {clause}

    @pytest.mark.parametrize(
        ("kind", "fact_key"),
        [
            ("带", "lighting_structure_belt_count"),
            ("廊", "lighting_structure_corridor_count"),
            ("轴", "lighting_structure_axis_count"),
            ("区", "lighting_structure_zone_count"),
        ],
    )
    def test_the_lighting_layout_agrees_with_its_figures(self, places, facts, kind, fact_key):
        members = places[places["place_group"] == "一带两廊三轴五区"]
        assert (members["place_kind"] == kind).sum() == int(facts.at[fact_key, "value"])
