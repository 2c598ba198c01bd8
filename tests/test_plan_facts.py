"""The plan's clauses, indicators and figures, as typed from the plan into CSV."""

import pytest

from data import contracts
from geo import district
from tests.plan_figures import (
    BY_SUBDISTRICT,
    DEADLINES,
    FIGURES,
    FIGURES_PER_PART,
    OPERATORS,
    TARGETS,
)
from tests.plan_files import read

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


@pytest.fixture(scope="module")
def clauses():
    return read("clauses")


@pytest.fixture(scope="module")
def indicators():
    return read("indicators").set_index("indicator_no", drop=False)


@pytest.fixture(scope="module")
def facts():
    return read("facts").set_index("fact_key", drop=False)


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
            # spans of years, and the merger that made the district
            "waste_first_effect_years",
            "waste_great_change_years",
            "waste_full_victory_years",
            "road_repair_plan_years",
            "accessibility_plan_years",
            "merged_district_count",
            "merged_bureau_count",
        }

    @pytest.mark.parametrize(
        ("key", "year"),
        [("waste_smart_system_award_count", "2018"), ("waste_excellent_county_years", "2019")],
    )
    def test_an_award_has_the_year_the_plan_gives_it(self, facts, key, year):
        assert facts.at[key, "year"] == year

    def test_all_other_base_figures_speak_of_2020(self, facts):
        awards = ["waste_smart_system_award_count", "waste_excellent_county_years"]
        assert set(facts["year"].drop(awards)) == {"", "2020"}

    def test_there_are_257_from_all_parts_of_the_plan(self, facts):
        parts = facts["clause"].str.extract(r"^(\d|table|box|annex)")[0]
        assert parts.value_counts().to_dict() == FIGURES_PER_PART
        assert len(facts) == 257

    def test_figures_are_sorted_by_clause(self, facts, clauses):
        order = {clause: place for place, clause in enumerate(clauses["clause"])}
        assert facts["clause"].map(order).is_monotonic_increasing

    @pytest.mark.parametrize(("key", "subdistrict", "value"), BY_SUBDISTRICT)
    def test_a_figure_of_one_subdistrict_has_its_code(self, facts, key, subdistrict, value):
        row = facts.loc[key]
        names = district.subdistrict_names()
        assert (names[row["subdistrict_code"]], float(row["value"])) == (subdistrict, value)

    def test_only_figures_of_a_named_subdistrict_have_a_code(self, facts):
        coded = facts.index[facts["subdistrict_code"] != ""]
        assert set(coded) == {key for key, _, _ in BY_SUBDISTRICT}

    def test_the_compounds_of_box_4_add_up(self, facts):
        value = facts["value"].astype(float)
        by_subdistrict = value[facts.index.str.fullmatch(r"secondary_supply_[a-z]+_count")].drop(
            ["secondary_supply_subdistrict_count", "secondary_supply_entry_count"]
        )
        assert len(by_subdistrict) == value["secondary_supply_subdistrict_count"]
        assert by_subdistrict.sum() == value["secondary_supply_entry_count"]

    def test_the_projects_of_box_2_add_up(self, facts):
        value = facts["value"].astype(float)
        bodies = value[facts.index.str.fullmatch(r"box2_.+_project_count")]
        assert len(bodies) == value["box2_implementing_body_count"]
        assert bodies.sum() == value["box2_project_count"]

    def test_only_named_roads_of_2021_are_counted_by_level(self, facts):
        value = facts["value"].astype(float)
        city = value["repaired_road_2021_city_named_count"]
        named = city + value["repaired_road_2021_district_named_count"]
        assert city < named < value["repaired_road_2021_count"]

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
