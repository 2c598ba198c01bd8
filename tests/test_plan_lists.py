"""The plan's short lists: terms, milestones, contradictions and named places.

What the lists must hold was read from the plan's text, not from the files.
"""

import json

import pytest
from shapely import Point
from shapely.geometry import shape

from data.places import LOCATED, places_table
from data.plan import clause_words
from data.structure import structure_table
from geo import district
from tests.plan_files import read

TERMS = [
    "一轴双核五星", "五个新高地", "三街三圈三站", "四区三轴伴两湖", "一带、两廊、三轴、五区",
    "五化两好", "桶长制", "三定三服务", "五环大行动", "3+X", "十无",
]  # fmt: skip

CONTRADICTIONS = [
    # (indicator, one clause, the other)
    ("23", "3.3.3", "table1"),
    ("4", "table1", "4.1.3"),
    ("3", "table1", "4.1.3"),
    ("16", "table1", "3.3.2.5"),
    ("18", "table1", "3.3.2.4"),
    ("19", "table1", "3.3.2.4"),
    ("28", "table1", "3.3.2.7"),
    ("21", "table1", "3.3.2.5"),
    ("8", "3.3.2.1", "4.1.1"),
    ("20", "table1", "4.5.2"),
    ("10", "1.1.5", "3.3.2.3"),
    ("13", "table1", "4.4.2"),
    ("5", "table1", "4.1.4"),
    ("17", "table1", "3.3.2.5"),
    ("18", "1.1.4", "1.1.4"),
    ("", "4.3.4", "box3"),
    ("", "3.3.2.4", "4.3.4"),
    ("", "1.1.4", "4.3.4"),
    ("", "4.3.3", "box2"),
    ("", "4.2.1", "box1"),
    ("", "box4", "box4"),
    ("", "1.1.3", "4.1.2"),
    ("", "4.1.3", "annex.5"),
    ("", "annex.4", "box2"),
    ("", "3.3.1", "annex.6"),
    ("", "4.3.5", "4.5"),
    ("", "1.1.7", "4.6.1"),
    ("", "4.1.2", "4.6.1"),
    ("", "4.8.3", "4.8.3"),
]

UNKNOWN_TO_THE_GEOGRAPHY = {
    "十字金街", "客运中心站", "核心水源管理区", "环机场提升区", "丁兰综合治水区", "桃花湖", "丁兰智慧小镇",
    "钱塘智慧城",
}  # fmt: skip


@pytest.fixture(scope="module")
def contradictions():
    return read("contradictions")


@pytest.fixture(scope="module")
def places():
    return places_table()


class TestGlossary:
    def test_explains_the_eleven_terms_in_the_plans_order(self):
        glossary = read("glossary")
        assert list(glossary["term_no"]) == [str(number) for number in range(1, 12)]
        for term, expected in zip(glossary["term"], TERMS, strict=True):
            assert expected in term

    def test_a_term_stands_in_the_clause_of_its_number(self):
        glossary = read("glossary")
        assert list(glossary["clause"]) == [f"annex.{number}" for number in glossary["term_no"]]

    def test_an_explanation_is_one_sentence_that_fits_a_card(self):
        explanations = read("glossary")["explanation"]
        assert explanations.str.len().between(15, 70).all()
        assert (explanations.str.count("。") == 1).all()
        assert explanations.str.endswith("。").all()


class TestMilestones:
    def test_there_are_three_years_with_their_tasks_in_a_row(self):
        milestones = read("milestones")
        tasks = {
            year: list(rows["milestone_no"]) for year, rows in milestones.groupby("year", sort=True)
        }
        assert tasks == {
            "2021": ["1", "2", "3"],
            "2023": ["1", "2", "3", "4"],
            "2025": ["1", "2", "3"],
        }

    def test_all_stand_in_box_3(self):
        assert set(read("milestones")["clause"]) == {"box3"}

    def test_the_smart_sewers_of_2021_are_counted_as_in_the_figures(self):
        facts = read("facts").set_index("fact_key")["value"]
        (task,) = [
            text
            for text in read("milestones")["milestone"]
            if "智慧管网" in text and "街道" in text
        ]
        for key, unit in [
            ("smart_sewer_subdistrict_count", "个街道"),
            ("smart_sewer_commercial_area_count", "处商业街区"),
            ("smart_sewer_community_count", "个示范小区"),
        ]:
            assert f"{facts[key]} {unit}" in task


class TestContradictions:
    def test_there_are_53_numbered_from_1(self, contradictions):
        numbers = list(contradictions["contradiction_no"])
        assert numbers == [str(number) for number in range(1, 54)]

    def test_no_two_share_a_topic(self, contradictions):
        assert contradictions["topic"].is_unique

    @pytest.mark.parametrize(("indicator", "first", "second"), CONTRADICTIONS)
    def test_one_found_in_the_text_is_listed(self, contradictions, indicator, first, second):
        listed = zip(
            contradictions["indicator_no"],
            contradictions["first_clause"],
            contradictions["second_clause"],
            strict=True,
        )
        assert (indicator, {first, second}) in [(i, {a, b}) for i, a, b in listed]

    def test_the_two_sides_differ_and_the_reading_is_a_sentence(self, contradictions):
        assert (contradictions["first_says"] != contradictions["second_says"]).all()
        assert contradictions["reading"].str.endswith("。").all()

    def test_each_concerns_an_indicator_or_a_figure_that_exists(self, contradictions):
        indicators = set(read("indicators")["indicator_no"])
        facts = set(read("facts")["fact_key"])
        assert set(contradictions["indicator_no"]) - {""} <= indicators
        assert set(contradictions["fact_key"]) - {""} <= facts
        assert ((contradictions["indicator_no"] != "") | (contradictions["fact_key"] != "")).all()

    def test_an_indicator_concerned_says_so_in_its_note(self, contradictions):
        notes = read("indicators").set_index("indicator_no")["note"]
        concerned = contradictions["indicator_no"].loc[lambda numbers: numbers != ""]
        assert (notes[concerned] != "").all()

    def test_a_figure_concerned_names_the_other_clause_in_its_note(self, contradictions):
        facts = read("facts").set_index("fact_key")
        for row in contradictions[contradictions["fact_key"] != ""].itertuples():
            fact = facts.loc[row.fact_key]
            others = {row.first_clause, row.second_clause} - {fact["clause"]}
            assert fact["note"], row.topic
            named = [clause_words(clause) in fact["note"] for clause in others]
            assert not others or any(named), row.topic

    @pytest.mark.parametrize(
        ("topic", "operator", "value"),
        [("含不含 96%", ">", "96"), ("含不含 98%", ">", "98"), ("含不含 80%", ">", "80")],
    )
    def test_the_reading_of_a_sign_is_that_of_table_1(self, contradictions, topic, operator, value):
        (row,) = contradictions[contradictions["topic"].str.contains(topic)].itertuples()
        indicator = read("indicators").set_index("indicator_no").loc[row.indicator_no]
        assert (indicator["operator"], indicator["target_value"]) == (operator, value)
        assert row.reading == f"按表 1：恰为 {value}% 不算达标。"


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
    def test_the_lighting_layout_agrees_with_its_figures(self, places, kind, fact_key):
        facts = read("facts").set_index("fact_key")["value"]
        members = places[places["place_group"] == "一带两廊三轴五区"]
        assert (members["place_kind"] == kind).sum() == int(facts[fact_key])

    def test_the_29_are_mapped_but_for_those_the_geography_does_not_know(self, places):
        assert len(places) == 29
        assert set(places.loc[~places["is_mapped"], "place_name"]) == UNKNOWN_TO_THE_GEOGRAPHY

    def test_an_unmapped_place_has_no_position_and_no_reason_for_one(self, places):
        unmapped = places[~places["is_mapped"]]
        assert unmapped[["lon", "lat", "geometry_json", "located_by"]].isna().all(axis=None)

    def test_a_mapped_place_lies_in_the_district_and_says_what_it_was_located_by(self, places):
        outline = district.outline()
        for place in places[places["is_mapped"]].itertuples():
            assert outline.distance(Point(place.lon, place.lat)) < 1e-4, place.place_name
            assert place.located_by.split(" ")[0] in (
                "站点",
                "河道",
                "岸线",
                "水面",
                "道路",
                "步行道路",
            )

    def test_a_line_lies_in_the_district_and_carries_its_label(self, places):
        outline = district.outline().buffer(1e-4)
        for place in places[places["geometry_json"].notna()].itertuples():
            line = shape(json.loads(place.geometry_json))
            assert outline.covers(line), place.place_name
            assert line.distance(Point(place.lon, place.lat)) < 1e-4, place.place_name

    def test_what_is_named_after_a_line_carries_one_and_a_point_does_not(self, places):
        mapped = places[places["is_mapped"]]
        is_point = mapped["located_by"].str.startswith(("站点", "水面"))
        assert (mapped["geometry_json"].isna() == is_point).all()

    def test_the_structure_of_the_night_stands_where_the_lighting_page_shows_it(self, places):
        columns = ["is_mapped", "lon", "lat", "geometry_json"]
        here = places[places["place_group"] == "一带两廊三轴五区"].set_index("place_name")[columns]
        there = structure_table().set_index("element_name")[columns]
        assert here.sort_index().equals(there.sort_index().rename_axis("place_name"))

    @pytest.mark.parametrize(
        ("one", "other"),
        [("钱塘江", "钱塘江景观带"), ("运河", "运河夜景观廊道"), ("东站", "城东新城")],
    )
    def test_two_places_located_by_one_thing_share_its_position(self, places, one, other):
        by_name = places.set_index("place_name")
        columns = ["lon", "lat", "located_by"]
        assert list(by_name.loc[one, columns]) == list(by_name.loc[other, columns])

    def test_every_rule_locates_a_place_of_the_plan(self, places):
        assert set(LOCATED) <= set(places["place_name"])
