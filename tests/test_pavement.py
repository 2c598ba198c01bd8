"""Pavement: the latest inspection, shares by length, design life at the turn of years, the warning's
rule at its limits, which pieces of the map a section lies on, and the page in its three views."""

from types import SimpleNamespace

import pandas as pd
import pytest

from data.snapshot import publish, write_snapshot
from tests.reading import ONE, TWO, WHOLE, View, within
from tests.small_streets import SmallStreets
from tests.small_tables import HERE, THERE, day
from tests.test_indicators_page import rows as indicator_rows
from ui.pavement_looks import WARNINGS, grade_text
from ui.pavement_words import due_text, life_definition, reason_text, rule_lines
from ui.street_due import due_by_year, due_html, rules_html, warnings_html, worst_html

ATTACK = "<img src=x onerror=alert(1)>"
VIEWS = ("grade", "life", "warning")
places = pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])


def section(**given):
    """One section as the queries give it at the end of 2025, or of another ``year``."""
    year = given.pop("year", 2025)
    return SmallStreets(sections=[given]).row("pavement_sections", year=year)


@pytest.fixture
def seen(site):
    """The street page's pavement under keys of the address."""
    return lambda codes=WHOLE, **query: View(
        site.open("streets", show="pavement", **({"sub": list(codes)} if codes else {}), **query)
    )


# --- design life at the turn of years ------------------------------------------------------------


@pytest.mark.parametrize(
    ("road_class", "renewed_year", "year", "life", "words"),
    [
        ("main", 2010, 2020, "later", "2025 年到期，还有 5 年"),
        ("main", 2010, 2021, "later", "2025 年到期，还有 4 年"),
        ("main", 2010, 2022, "soon", "2025 年到期，还有 3 年"),
        ("main", 2010, 2024, "soon", "2025 年到期，还有 1 年"),
        ("main", 2010, 2025, "due", "2025 年当年到期"),
        ("main", 2010, 2026, "over", "2025 年到期，已超期 1 年"),
        ("secondary", 2015, 2024, "soon", "2025 年到期，还有 1 年"),
        ("secondary", 2015, 2025, "due", "2025 年当年到期"),
        ("secondary", 2010, 2025, "over", "2020 年到期，已超期 5 年"),
        ("branch", 1990, 2025, "none", ""),
        ("branch", None, 2025, "none", ""),
        ("main", None, 2025, "unknown", "大修年份未填，到期年份不详"),
    ],
)
def test_a_road_is_due_in_the_year_its_life_ends_and_overdue_from_the_next(
    road_class, renewed_year, year, life, words
):
    found = section(road_class=road_class, renewed_year=renewed_year, year=year,
                    inspected_on=day("2020-06-01"))  # fmt: skip
    assert found["life"] == life
    assert due_text(SimpleNamespace(**found)) == words


def lives(*due_years, year=2025):
    """A register whose main roads, 1 km each, are due in these years (None: renewal not filled in)."""
    sections = [
        {"section_id": f"P{n}", "renewed_year": due and due - 15, "road_name": f"路{n}"}
        for n, due in enumerate(due_years)
    ]
    return SmallStreets(sections=sections).frame("pavement_sections", year=year)


def test_the_bars_hold_each_year_from_the_most_overdue_to_three_ahead():
    by_year = due_by_year(lives(2022, 2025, 2025, 2027, 2028, 2029, None), 2025)
    assert by_year.to_dict("list") == {
        "year": [2022, 2023, 2024, 2025, 2026, 2027, 2028],
        "count": [1, 0, 0, 2, 0, 1, 1],
        "km": [1.0, 0.0, 0.0, 2.0, 0.0, 1.0, 1.0],
    }


@pytest.mark.parametrize("due_years", [(), (None,), (2030,)])
def test_without_anything_due_the_bars_hold_this_year_and_the_next_three(due_years):
    sections = lives(*due_years)
    by_year = due_by_year(sections, 2025)
    assert list(by_year["year"]) == [2025, 2026, 2027, 2028]
    assert by_year["count"].sum() == 0


def test_the_due_list_goes_from_the_most_overdue_to_what_is_not_known():
    told = due_html(lives(2026, None, 2024, 2025))
    heads = [
        "2024 年",
        "已超期 1 年",
        "2025 年",
        "当年到期",
        "2026 年",
        "还有 1 年",
        "年份未填",
        "不作到期论",
    ]
    found = [told.index(head) for head in heads]
    assert found == sorted(found)
    assert "没有主次干道到期" in due_html(lives(2040))


# --- the latest inspection -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "grade", "is_old"),
    [(2022, None, None), (2023, "差", False), (2024, "优", False), (2025, "优", True)],
)
def test_a_section_stands_at_its_latest_inspection_by_the_end_of_the_year(year, grade, is_old):
    register = SmallStreets(
        sections=[
            {"inspected_on": day("2023-01-01"), "grade": "中"},
            {"inspected_on": day("2023-12-31"), "grade": "差"},
            {"inspected_on": day("2024-01-01"), "grade": "优"},
        ]
    )
    found = register.ask("pavement_sections", year=year)
    assert [(row["grade"], row["is_old"]) for row in found] == ([(grade, is_old)] if grade else [])


@pytest.mark.parametrize(
    ("earlier", "later", "fall"),
    [
        (("2024-10-01", 90.0), ("2025-10-01", 80.0), 10.0),
        (("2025-04-01", 90.0), ("2025-10-01", 81.0), 9.0),
        (("2023-10-01", 90.0), ("2025-10-01", 70.0), 10.0),
        (("2024-10-01", 80.0), ("2025-10-01", 85.0), -5.0),
        (("2024-10-01", None), ("2025-10-01", 80.0), None),
        (("2024-10-01", 90.0), ("2025-10-01", None), None),
    ],
)
def test_the_index_falls_by_the_year(earlier, later, fall):
    register = SmallStreets(
        sections=[{"inspected_on": day(when), "pci": pci} for when, pci in (earlier, later)]
    )
    found = register.row("pavement_sections")["pci_fall"]
    assert found == (None if fall is None else pytest.approx(fall, abs=0.02))


# --- the warning ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "colour", "reason"),
    [
        ({"grade": "差"}, "red", "路面状况差"),
        ({"grade": "次", "renewed_year": 2020}, "red", "路面状况次"),
        ({"grade": "优", "renewed_year": 2007}, "red", "2022 年到期，已超期 3 年"),
        ({"grade": "优", "renewed_year": 2008}, "yellow", "2023 年到期，已超期 2 年"),
        ({"grade": "中", "renewed_year": 2010}, "yellow", "路面状况中；2025 年当年到期"),
        ({"grade": "良", "renewed_year": 2010}, "yellow", "2025 年当年到期"),
        ({"grade": "良", "renewed_year": 2011}, "blue", "2026 年到期，还有 1 年"),
        ({"grade": "良", "renewed_year": 2012}, "none", ""),
        ({"grade": "优", "renewed_year": None}, "none", ""),
        ({"grade": None, "renewed_year": None}, "unknown", "路面状况、大修年份均未填"),
        ({"grade": None, "renewed_year": 2020}, "none", ""),
        ({"grade": None, "renewed_year": 2010}, "yellow", "2025 年当年到期"),
        ({"grade": "良", "renewed_year": 1990, "road_class": "branch"}, "none", ""),
        ({"grade": "差", "renewed_year": None, "road_class": "branch"}, "red", "路面状况差"),
    ],
)  # fmt: skip
def test_the_warning_has_the_colour_of_the_gravest_reason(given, colour, reason):
    found = section(**given)
    assert found["warning"] == colour
    assert reason_text(pd.Series(found).where(pd.Series(found).notna(), float("nan"))) == reason


@pytest.mark.parametrize(("pci", "colour"), [(80.0, "blue"), (80.1, "none")])
def test_a_quick_fall_of_the_index_is_blue(pci, colour):
    register = SmallStreets(
        sections=[
            {"inspected_on": day("2024-10-02"), "pci": 90.0, "grade": "优"},
            {"inspected_on": day("2025-10-01"), "pci": pci, "grade": "良"},
        ]
    )
    (found,) = register.frame("pavement_sections").itertuples()
    assert found.warning == colour
    assert ("PCI 每年降 10.0" in reason_text(found)) == (colour == "blue")


def test_other_thresholds_give_other_colours():
    register = SmallStreets(sections=[{"grade": "中", "renewed_year": 2011}])
    assert register.row("pavement_sections", red_grade_rank=3)["warning"] == "red"
    assert register.row("pavement_sections", yellow_grade_rank=4)["warning"] == "blue"
    none = {"yellow_grade_rank": 4, "blue_years_left": 0}
    assert register.row("pavement_sections", **none)["warning"] == "none"


def test_the_rule_is_told_colour_by_colour_with_where_it_comes_from():
    told = dict(rule_lines())
    assert list(told) == [f"{look.shape} {look.word}" for look in WARNINGS.values()]
    assert told["▲ 红色"] == "路面状况次、差；或主次干道超期 3 年及以上"
    assert told["◐ 黄色"] == "路面状况中；或主次干道已到使用年限"
    assert told["◇ 蓝色"] == "主次干道距到期不超过 1 年；或 PCI 每年下降 10 及以上"


def test_the_table_of_rules_escapes_what_an_office_writes():
    made = rules_html([SimpleNamespace(title=ATTACK, value=4.0, unit="级", source=ATTACK)])
    assert ATTACK not in made and "&lt;img" in made and "4 级" in made


def test_the_list_of_warnings_goes_by_urgency_and_leaves_out_what_is_in_order():
    register = SmallStreets(
        sections=[
            {"section_id": "a", "road_name": "安路", "grade": "优", "renewed_year": 2024},
            {"section_id": "b", "road_name": "蓝路", "grade": "优", "renewed_year": 2011},
            {"section_id": "c", "road_name": "红路", "grade": "差", "renewed_year": 2024},
            {"section_id": "d", "road_name": "黄路", "grade": "中", "renewed_year": 2024},
            {"section_id": "e", "road_name": "空路", "grade": None, "renewed_year": None},
        ]
    )
    told = warnings_html(register.frame("pavement_sections"))
    found = [told.index(name) for name in ("红路", "黄路", "蓝路", "空路")]
    assert found == sorted(found)
    assert "安路" not in told
    assert "没有预警路段" in warnings_html(register.frame("pavement_sections").iloc[:0])


@pytest.mark.parametrize("made", [due_html, warnings_html, worst_html])
def test_lists_escape_names_and_do_not_link_what_the_map_does_not_know(made):
    register = SmallStreets(
        sections=[{"road_name": ATTACK, "street_name": None, "grade": "差", "renewed_year": 2010}]
    )
    told = made(register.frame("pavement_sections"))
    assert ATTACK not in told and "&lt;img" in told
    assert "data-pick" not in told and "未上图" in told


def test_the_worst_sections_are_those_no_longer_good_the_worst_first():
    register = SmallStreets(
        sections=[
            {"section_id": "a", "road_name": "良路", "grade": "良", "pci": 82.0},
            {"section_id": "b", "road_name": "中路", "grade": "中", "pci": 72.0},
            {"section_id": "c", "road_name": "差路", "grade": "差", "pci": 45.0},
            {"section_id": "d", "road_name": "更差路", "grade": "差", "pci": 41.0},
        ]
    )
    told = worst_html(register.frame("pavement_sections"))
    assert told.index("更差路") < told.index(">差路") < told.index("中路")
    assert "良路" not in told
    assert "没有中、次、差路段" in worst_html(register.frame("pavement_sections").iloc[:0])


def test_a_later_repair_than_the_renewal_asks_to_check_the_year():
    register = SmallStreets(
        repairs=[{"street_name": "长街", "state": "completed", "completed_on": day("2022-05-01")}],
        sections=[{"renewed_year": 2009}, {"section_id": "P2", "renewed_year": 2022}],
    )
    found = {row["section_id"]: row["repaired_on"] for row in register.ask("pavement_sections")}
    assert found == {"P1": "2022-05-01", "P2": None}
    assert "请核对大修年份" in due_html(register.frame("pavement_sections"))


# --- shares --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sections", "main_pct", "branch_pct"),
    [
        ([("main", "优", 3000), ("secondary", "中", 1000)], 75.0, None),
        ([("main", "差", 3000)], 0.0, None),
        ([("branch", "良", 500), ("branch", "次", 500)], None, 50.0),
        ([("main", "优", 3000), ("main", None, 9000)], 100.0, None),
        ([("main", None, 9000)], None, None),
    ],
)
def test_a_share_is_of_the_length_that_is_graded(sections, main_pct, branch_pct):
    register = SmallStreets(
        sections=[
            {"section_id": f"P{n}", "road_class": road_class, "grade": grade, "length_m": length_m}
            for n, (road_class, grade, length_m) in enumerate(sections)
        ]
    )
    expected = {"main_good_pct": main_pct, "branch_good_pct": branch_pct}
    asked = [
        register.row("pavement_summary"),
        register.ask("pavement_by_year")[-1],
        register.ask("pavement_by_subdistrict")[0],
    ]
    for found in asked:
        assert {key: found[key] for key in expected} == expected


@pytest.fixture(scope="module")
def latest(built_tables):
    """Latest inspection of each section by the end of a year, in pandas."""

    def of(year, codes=WHOLE):
        frame = built_tables["streets.pavement"]
        frame = frame[pd.to_datetime(frame["inspected_on"]).dt.year <= year]
        frame = frame.sort_values("inspected_on").groupby("section_id").tail(1)
        return frame[frame["subdistrict_code"].isin(codes)] if codes else frame

    return of


def good_pct(frame):
    good = frame.loc[frame["grade"].isin(["优", "良"]), "length_m"].sum()
    return 100 * good / frame["length_m"].sum() if len(frame) else None


@pytest.mark.parametrize("year", [2023, 2025])
@places
def test_the_figures_are_what_pandas_finds(seen, latest, codes, year):
    frame = latest(year, codes)
    is_main = frame["road_class"] != "branch"
    found = seen(codes, year=str(year)).cards
    assert found["主次干道优良率"].agrees(good_pct(frame[is_main]))
    assert found["支路背街小巷优良率"].agrees(good_pct(frame[~is_main]))
    assert found["中、次、差路段"].agrees((~frame["grade"].isin(["优", "良"])).sum())
    life = frame["road_class"].map({"main": 15, "secondary": 10})
    left = frame["renewed_year"].astype(float) + life - year
    assert found["已超使用年限"].agrees(frame.loc[left < 0, "length_m"].sum() / 1000)
    assert found["当年到期"].agrees(frame.loc[left == 0, "length_m"].sum() / 1000)
    assert all(card.is_sample for card in found.values())


@pytest.mark.parametrize("year", [2020, 2023, 2025])
@places
def test_indicator_16_is_the_share_of_the_street_page(site, seen, latest, codes, year):
    frame = latest(year, codes)
    expected = good_pct(frame[frame["road_class"] != "branch"])
    card = seen(codes, year=str(year)).cards["主次干道优良率"]
    shown = indicator_rows(site.view("indicators", codes, year))[16]
    assert card.agrees(expected)
    assert shown.number == (None if expected is None else pytest.approx(expected, abs=0.0051))
    assert (expected is None) == ("待填报" in shown.told)


def test_without_a_register_the_reported_values_of_indicator_16_stand_in(servers, built, tmp_path):
    tables, meta = built
    values = tables["plan.indicator_values"]
    own = values.head(1).assign(indicator_no=16, year=2025, value=98.6)
    changed = tables | {
        "streets.pavement": tables["streets.pavement"].head(0),
        "plan.indicator_values": pd.concat([values, own], ignore_index=True),
    }
    publish(tmp_path, write_snapshot(tmp_path, changed, meta))
    servers.restart(tmp_path)
    row = indicator_rows(View(servers.open("indicators")))[16]
    assert (row.number, row.state) == (98.6, "达标")


# --- pieces of the map ---------------------------------------------------------------------------

CROSSING = [
    ("长街", "primary", HERE, 1000), ("长街", "tertiary", HERE, 200), ("长街", "primary", THERE, 700),
    ("短巷", "residential", HERE, 300),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "pieces"),
    [
        ({"road_class": "main"}, [("长街", HERE, 1000)]),
        ({"road_class": "branch"}, [("长街", HERE, 200)]),
        ({"road_class": "secondary"}, [("长街", HERE, 200), ("长街", HERE, 1000)]),
        ({"road_class": "main", "subdistrict_code": THERE}, [("长街", THERE, 700)]),
        ({"road_class": "main", "subdistrict_code": None}, [("长街", HERE, 1000), ("长街", THERE, 700)]),
        ({"road_class": "main", "street_name": "短巷"}, [("短巷", HERE, 300)]),
        ({"road_class": "main", "street_name": "短巷", "subdistrict_code": THERE}, []),
        ({"road_class": "main", "street_name": None}, []),
        ({"road_class": "main", "street_name": "长"}, []),
    ],
)  # fmt: skip
def test_a_section_lies_on_the_pieces_of_its_street_there_and_of_its_class_if_any(given, pieces):
    found = SmallStreets(CROSSING, sections=[given]).ask("pavement_pieces")
    lying = [(row["street_name"], row["subdistrict_code"], row["length_m"]) for row in found]
    assert sorted(lying) == sorted(pieces)


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", VIEWS)
@places
def test_every_view_draws_the_pieces_of_all_sections_and_has_one_legend(seen, sql, codes, by):
    view = seen(codes, by=by)
    assert not view.failures
    drawn = view.layer(f"pavement-{by}")
    known = sql("""
        SELECT count(*) FROM (
            SELECT DISTINCT street_id, g.subdistrict_code
            FROM streets.pavement p JOIN streets.streets s USING (street_name)
            JOIN streets.segments g USING (street_id)
            WHERE p.subdistrict_code = g.subdistrict_code AND p.road_class = CASE s.street_class
                WHEN 'trunk' THEN 'main' WHEN 'primary' THEN 'main' WHEN 'secondary' THEN 'secondary'
                ELSE 'branch' END)
    """).iat[0, 0]
    assert len(drawn) >= known > 100
    pale = {f["properties"]["colour"][3] for f in drawn if codes}
    assert (70 in pale) == bool(codes)
    assert len(view.texts("legend")) == 1
    assert len(view.rows) == sql(f"""
        SELECT count(DISTINCT section_id) FROM streets.pavement WHERE {within(codes)}
    """).iat[0, 0]  # fmt: skip


def test_the_worse_the_grade_the_wider_and_the_later_it_is_drawn(seen):
    drawn = [f["properties"] for f in seen(by="grade").layer("pavement-grade")]
    widths = [one["width_m"] for one in drawn]
    assert widths == sorted(widths)
    (worst,) = {tuple(one["colour"]) for one in drawn if one["width_m"] == max(widths)}
    assert sum("▲ 差" in one["tip"] for one in drawn) >= 1
    assert all("▲ 差" in one["tip"] for one in drawn if tuple(one["colour"]) == worst)


@pytest.mark.parametrize("by", VIEWS)
def test_a_view_says_where_the_end_of_life_comes_from(seen, by):
    view = seen(by=by)
    assert ("规划 4.2.1" in view.text) == (by in ("life", "warning"))
    assert ("规划 4.5.1" in view.text) == (by == "warning")


def test_an_unknown_view_is_told_and_left_out(seen):
    view = seen(by="nothing")
    assert "路面图层“nothing”不存在" in "".join(view.notices)
    assert view.layer("pavement-grade")


def test_before_the_first_inspection_nothing_is_a_figure(seen):
    view = seen(year="2022")
    assert not view.failures
    assert {card.number for card in view.cards.values()} == {None}
    assert "最早的检测在 2023 年" in view.text
    assert view.rows.empty


@pytest.mark.parametrize("by", VIEWS)
def test_without_a_register_everything_waits_to_be_reported(bare, by):
    view = View(bare.open("streets", show="pavement", by=by))
    assert not view.failures
    assert {card.number for card in view.cards.values()} == {None}
    assert "待填报" in view.cards["主次干道优良率"].status
    assert "≥95%" in view.cards["支路背街小巷优良率"].status
    assert "路面状况登记册尚未导入" in view.text


def test_a_half_filled_register_is_shown_as_far_as_it_goes(servers, built, tmp_path):
    tables, meta = built
    frame = tables["streets.pavement"].copy()
    frame.loc[frame.index[:200], ["subdistrict_code", "subdistrict_name", "managed_level"]] = None
    frame.loc[frame.index[::3], "renewed_year"] = pd.NA
    frame.loc[frame.index[::2], "pci"] = None
    frame.loc[frame.index[5:50], ["street_name", "name_match"]] = None
    frame.loc[frame.index[60], "road_name"] = ATTACK
    publish(tmp_path, write_snapshot(tmp_path, tables | {"streets.pavement": frame}, meta))
    servers.restart(tmp_path)
    for by in VIEWS:
        for query in ({}, {"sub": list(ONE)}):
            view = View(servers.open("streets", show="pavement", by=by, year="2023", **query))
            assert not view.failures
            assert view.cards["主次干道优良率"].number is not None
    assert "大修年份未填" in view.text
    whole = View(servers.open("streets", show="pavement", year="2023"))
    assert "未上图" in "".join(whole.texts("legend"))


def test_a_grade_is_said_with_its_shape_and_none_as_not_evaluated():
    assert grade_text("次") == "▲ 次"
    assert grade_text(None) == grade_text(float("nan")) == "○ 未评价"


def test_the_definition_of_the_end_of_life_names_the_plans_years():
    told = life_definition(SimpleNamespace(fact={"trunk_road_service_years": 15.0,
                                                 "secondary_road_service_years": 10.0}.get))  # fmt: skip
    assert "主干道 15 年、次干道 10 年" in told and "支路规划未给年限" in told
