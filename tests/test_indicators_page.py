"""The indicators page and the board on the overview, checked against SQL of our own."""

import re

import pandas as pd
import pytest

from data.snapshot import publish, write_snapshot
from tests.reading import ONE, SHOWN, TWO, WHOLE, View, said

STATES = ("达标", "接近", "未达标", "待填报")
REPORTED = {*range(8, 16), 17, *range(21, 29)}
NO_SUBDISTRICTS = REPORTED | {5, 6}
ATTACK = "<img src=x onerror=alert(1)>"


class Row:
    """One of the 28 rows as it is read."""

    def __init__(self, element):
        parts = {e.get("class", "").split(" ")[0]: e for e in element.iter()}
        self.no = int(element.get("data-pick"))
        self.name = said(parts["name"]).removesuffix("⚠")
        self.value = said(parts["now"])
        self.told = said(parts["goal-text"])
        self.state = self.told.split(" · ")[0]
        self.is_whole = "全区" in said(parts["tags"])
        self.is_sample = "示例" in said(parts["tags"])
        self.is_warned = "warn" in parts
        self.is_chosen = "chosen" in element.get("class")
        self.years = [e for e in element.iter() if e.get("class", "").startswith("dot")]

    @property
    def number(self):
        return None if self.value == "待填报" else float(self.value.split(" ")[0].rstrip("%"))


def rows(view):
    """The 28 rows by number."""
    found = [Row(e) for root in view.blocks for e in root.iter() if e.get("class", "").startswith("ind")
             and e.get("data-pick")]  # fmt: skip
    return {row.no: row for row in found}


def board(view):
    """States on the board's tiles by number, as they are told."""
    tiles = [e for root in view.blocks for e in root.iter() if e.get("class", "").startswith("tile")
             and e.get("data-pick")]  # fmt: skip
    return {
        int(e.get("data-pick")): e.get("aria-label").split("：")[1].split("，")[0] for e in tiles
    }


def counted(view):
    """How many are in each state, as the line of states says."""
    line = "".join(view.texts("states"))
    return {word: sum(map(int, re.findall(rf"(?<!未){word} (\d+)", line))) for word in STATES}


@pytest.fixture
def reported(servers, built, tmp_path):
    """Serve the default build with reported values of one's own: ``reported({(8, 2025): 99.0})``."""

    def serve(values):
        tables, meta = built
        frame = tables["plan.indicator_values"]
        keys = list(zip(frame["indicator_no"], frame["year"], strict=True))
        kept = frame[[key not in values for key in keys]]
        added = pd.DataFrame(
            {
                "indicator_no": no, "year": year, "value": value, "reporting_unit": f"某科{ATTACK}",
                "reported_on": pd.Timestamp(year, 12, 31), "source_kind": "register",
            }
            for (no, year), value in values.items()
            if value is not None
        )  # fmt: skip
        both = kept
        if not added.empty:
            both = pd.concat([kept, added.astype(frame.dtypes.to_dict())], ignore_index=True)
        publish(tmp_path, write_snapshot(tmp_path, tables | {"plan.indicator_values": both}, meta))
        servers.restart(tmp_path)
        servers.known.clear()
        return servers

    yield serve
    servers.known.clear()


# --- all 28 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
def test_all_28_stand_by_category_with_state_target_and_course(site, sql, codes, year):
    view = site.view("indicators", codes, year)
    assert view.failures == []
    found = rows(view)
    plan = sql("SELECT * FROM plan.indicators ORDER BY indicator_no").itertuples()
    assert sorted(found) == list(range(1, 29))
    for row in plan:
        assert found[row.indicator_no].name == row.indicator_name
        assert found[row.indicator_no].state in STATES
        assert f"{row.target_value:g}" in found[row.indicator_no].told


@pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
def test_reported_values_are_those_of_the_file(site, sql, codes, year):
    found = rows(site.view("indicators", codes, year))
    stored = sql(f"SELECT indicator_no, value FROM plan.indicator_values WHERE year = {year}")
    values = dict(zip(stored["indicator_no"], stored["value"], strict=True))
    for no in REPORTED:
        assert found[no].number == (pytest.approx(values[no]) if no in values else None), no


@pytest.mark.parametrize("codes", [ONE, TWO], ids=["one", "two"])
def test_under_a_filter_those_without_subdistricts_say_that_they_are_the_districts(site, codes):
    whole, part = rows(site.view("indicators")), rows(site.view("indicators", codes))
    for no, row in part.items():
        assert row.is_whole == (no in NO_SUBDISTRICTS), no
        if no in NO_SUBDISTRICTS:
            assert row.value == whole[no].value
    assert not any(row.is_whole for row in whole.values())
    assert "没有街道维度" in site.view("indicators", codes).text


@pytest.mark.parametrize("page", ["overview", "indicators"])
@pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
def test_the_line_of_states_counts_all_28(site, page, codes, year):
    view = site.view(page, codes, year)
    states = board(view) if page == "overview" else {n: r.state for n, r in rows(view).items()}
    assert len(states) == 28
    assert counted(view) == {word: list(states.values()).count(word) for word in STATES}


@pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
def test_board_and_page_agree(site, codes, year):
    listed = rows(site.view("indicators", codes, year))
    assert board(site.view("overview", codes, year)) == {n: r.state for n, r in listed.items()}


@pytest.mark.parametrize(
    ("no", "statement"),
    [
        (5, "SELECT count(*) FROM streets.demonstration_streets WHERE designation = 'provincial'"
            " AND completed_year BETWEEN 2021 AND {year}"),
        (6, "SELECT count(*) FROM streets.demonstration_streets WHERE designation = 'boutique'"
            " AND completed_year <= {year}"),
        (7, "SELECT (SELECT count(*) FROM toilets.toilets WHERE NOT is_social AND opened_year <= {year})"
            " / (SELECT sum(area_km2) FROM base.subdistricts)"),
        (18, "SELECT 100.0 * avg((quality_class NOT IN ('Ⅴ', '劣Ⅴ'))::INT) FROM rivers.water_quality"
             " WHERE quality_class IS NOT NULL AND year(month) = {year}"),
        (19, "SELECT 100.0 * count(*) FILTER (beautiful_year <= {year}) / 63 FROM rivers.rivers"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("year", [2020, 2023, 2025])
def test_computed_values_are_what_sql_finds(site, sql, no, statement, year):
    shown = rows(site.view("indicators", WHOLE, year))[no].number
    assert shown == pytest.approx(sql(statement.format(year=year)).iat[0, 0], abs=0.051)


# --- states at the boundary ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("no", "value", "state", "gap"),
    [
        (9, 80.0, "接近", "未超过 80%"), (9, 80.1, "达标", ""), (9, 75.0, "接近", "还差 5 个百分点"),
        (9, 74.9, "未达标", "还差 5.1 个百分点"), (9, 0.0, "未达标", "还差 80 个百分点"),
        (25, 5.0, "接近", "还差 1 个应用场景"), (25, 6.0, "达标", ""),
        (8, 100.0, "达标", ""), (8, 99.9, "接近", "还差 0.1 个百分点"),
        (23, 98.0, "达标", ""), (23, 98.4, "达标", ""), (23, 97.9, "接近", ""),
        (12, 60.0, "达标", ""), (12, 61.0, "达标", ""), (12, 59.9, "接近", ""),
        (10, 0.0, "达标", ""), (10, -0.5, "达标", ""), (10, 0.01, "接近", "须再降 0.01 个百分点"),
        (10, 1.2, "未达标", "须再降 1.2 个百分点"),
        (9, None, "待填报", ""),
    ],
)  # fmt: skip
def test_the_state_of_a_reported_value(reported, no, value, state, gap):
    view = reported({(no, 2025): value}).view("indicators")
    row = rows(view)[no]
    assert row.state == state
    assert gap in row.told
    assert any(w in row.told for w in ("还差", "须再", "未超过")) == (state in ("接近", "未达标"))
    assert row.number == value


def test_a_sign_of_at_least_is_met_at_its_value(servers, built, tmp_path):
    """≥14: with the last street completed the 14 are reached, and not one less is."""
    tables, meta = built
    streets = tables["streets.demonstration_streets"]
    done = streets.assign(completed_year=streets["completed_year"].fillna(2025))
    publish(
        tmp_path, write_snapshot(tmp_path, tables | {"streets.demonstration_streets": done}, meta)
    )
    servers.restart(tmp_path)
    assert rows(View(servers.open("indicators")))[6].state == "达标"
    assert rows(View(servers.open("indicators", year="2024")))[6].state == "未达标"


# --- one in detail -------------------------------------------------------------------------------


def open_at(site, **query):
    return View(site.open("indicators", **query))


def test_the_page_opens_at_the_most_urgent_and_the_address_names_another(site):
    # Two of the 14 demonstration streets are not named: no figure is farther from its target.
    assert [row.no for row in rows(site.view("indicators")).values() if row.is_chosen] == [6]
    view = open_at(site, indicator="19")
    assert [row.no for row in rows(view).values() if row.is_chosen] == [19]
    assert "美丽河湖建设" in view.texts("detail")[0]
    assert view.notices == []


@pytest.mark.parametrize("asked", ["0", "29", "19a", ATTACK])
def test_an_unknown_indicator_is_ignored_with_a_notice(site, asked):
    view = open_at(site, indicator=asked)
    assert view.failures == []
    assert len(view.notices) == 1 and asked[:20] in view.notices[0]


@pytest.mark.parametrize("no", range(1, 29))
def test_each_indicator_shows_course_definition_source_clause_and_sql(site, no):
    view = open_at(site, indicator=f"{no}")
    assert view.failures == []
    explained = "".join(view.texts("explained"))
    for word in ("定义", "接近", "来源", "条款"):
        assert word in explained
    (code,) = view.app.get("code")
    assert "SELECT" in code.proto.code_text
    (trend,) = [frame for frame, _ in view.charts if "year" in frame]
    values = rows(view)[no]
    assert len(trend) == len(values.years)
    if values.number is not None:
        assert trend["value"].iloc[-1] == pytest.approx(values.number, abs=0.051)
    assert any("code" in frame for frame, _ in view.charts) == (
        no in {1, 2, 3, 4, 7, 16, 18, 19, 20}
    )


def test_the_base_value_of_the_plan_stands_beside(site):
    assert "85.1%（规划 1.1.4）" in "".join(open_at(site, indicator="18").texts("explained"))


def test_an_indicator_about_which_the_plan_says_two_things_is_marked(site, sql):
    marked = {no for no, row in rows(site.view("indicators")).items() if row.is_warned}
    stored = sql(
        "SELECT DISTINCT indicator_no FROM plan.contradictions WHERE indicator_no IS NOT NULL"
    )
    assert marked == set(stored["indicator_no"])
    view = open_at(site, indicator="23")
    (shown,) = view.texts("contradictions")
    assert "96%" in shown and "98%" in shown


def part_of(app):
    """The part that the switch shows."""
    return app.segmented_control(key="plan_part").value


def test_the_part_follows_what_the_address_asks_and_a_choice_by_hand_holds(site):
    app = site.open("indicators", indicator="5")
    assert part_of(app) == "indicators"
    app.query_params["clause"] = "4.3.5"
    assert part_of(app.run()) == "clauses"
    assert "4.3.5" in View(app).texts("detail")[0]
    app.segmented_control(key="plan_part").set_value("contradictions").run()
    assert part_of(app.run()) == "contradictions"
    assert app.query_params["part"] in ("contradictions", ["contradictions"])
    # A link or the search brings an address of its own.
    del app.query_params["part"]
    assert part_of(app.run()) == "clauses", "asked for once more"


def test_what_was_chosen_in_a_part_is_still_chosen_on_the_way_back_to_it(site):
    app = site.open("indicators", indicator="19")
    app.segmented_control(key="plan_part").set_value("clauses").run()
    view = View(app.segmented_control(key="plan_part").set_value("indicators").run())
    assert [row.no for row in rows(view).values() if row.is_chosen] == [19]


SHOWN_BY = {"indicators": "indicators", "clauses": "clauses", "contradictions": "contradictions",
            "terms": "explained"}  # fmt: skip
"""A class that each part has; the terms are told by what the others lack."""


@pytest.mark.parametrize("others", [{}, {"indicator": "19"}, {"clause": "4.3.5"}])
@pytest.mark.parametrize("part", SHOWN_BY)
def test_the_address_names_the_part_whatever_else_it_holds(site, sql, part, others):
    view = open_at(site, part=part, **others)
    assert view.failures == []
    assert view.notices == []
    assert part_of(view.app) == part
    assert view.texts(SHOWN_BY[part])
    assert bool(rows(view)) == (part == "indicators")
    assert bool(view.texts("clauses")) == (part == "clauses")
    terms = sql("SELECT term FROM plan.glossary")["term"]
    assert all(term in view.text for term in terms) == (part == "terms")


@pytest.mark.parametrize("part", ["none-such", "条款与数字", "", ATTACK])
@pytest.mark.parametrize(
    ("others", "shown"), [({}, "indicators"), ({"clause": "4.3.5"}, "clauses")]
)
def test_an_unknown_part_is_ignored_with_a_notice(site, part, others, shown):
    view = open_at(site, part=part, **others)
    assert view.failures == []
    (notice,) = view.notices
    assert f"内容“{part}”不存在，已忽略" in notice
    assert part_of(view.app) == shown


def test_an_empty_clause_leads_nowhere(site):
    view = open_at(site, clause="")
    assert view.failures == []
    assert part_of(view.app) == "indicators"


# --- the plan's text -----------------------------------------------------------------------------


def test_every_clause_is_listed_and_the_chosen_one_shows_its_figures(site, sql):
    view = open_at(site, clause="1.1.4")
    listed = [e.get("data-pick") for root in view.blocks for e in root.iter()
              if e.get("class", "").startswith("clause") and e.get("data-pick")]  # fmt: skip
    assert listed == list(sql("SELECT clause FROM plan.clauses")["clause"])
    explained = view.texts("explained")[0]
    for words in ("63 条", "85.1 %", "28 条", "73.9 km", "21 条", "63.4 km"):
        assert words in explained
    assert len(view.rows) == sql("SELECT count(*) FROM plan.facts").iat[0, 0]


@pytest.mark.parametrize("clause", ["table1", "box2", "annex.4", "4.5.2", "3.3.3"])
def test_every_kind_of_clause_opens(site, clause):
    assert open_at(site, clause=clause).failures == []


def test_every_contradiction_is_shown_with_both_clauses_and_the_reading(site, sql):
    app = site.open("indicators")
    view = View(app.segmented_control(key="plan_part").set_value("contradictions").run())
    (shown,) = view.texts("contradictions")
    for row in sql("SELECT * FROM plan.contradictions").itertuples():
        for words in (row.topic, row.first_says, row.second_says, row.reading):
            assert words in shown


def test_milestones_terms_and_places_are_shown(site, sql):
    app = site.open("indicators")
    view = View(app.segmented_control(key="plan_part").set_value("terms").run())
    assert view.failures == []
    for column, name in (
        ("term", "glossary"),
        ("milestone", "milestones"),
        ("place_name", "places"),
    ):
        for words in sql(f"SELECT {column} FROM plan.{name}")[column]:
            assert words in view.text


def test_a_compound_not_reported_counts_as_not_renewed(servers, built, tmp_path):
    """Indicator 20: one compound done and 79 awaited is not 100 %."""
    tables, meta = built
    projects = tables["plan.projects"].copy()
    compounds = projects["project_kind"] == "water_supply"
    kept = projects.index[compounds][0]
    awaited = compounds & (projects.index != kept)
    projects.loc[awaited, ["state", "started_on", "completed_on"]] = None
    publish(tmp_path, write_snapshot(tmp_path, tables | {"plan.projects": projects}, meta))
    servers.restart(tmp_path)
    row = rows(View(servers.open("indicators")))[20]
    done = projects.loc[kept, "completed_on"] is not pd.NaT
    assert row.number == pytest.approx(100 / 80 if done else 0, abs=0.06)
    assert row.state == "未达标"


# --- without registers ---------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [WHOLE, ONE], ids=["whole", "one"])
def test_without_registers_all_28_are_awaited(bare, codes):
    view = bare.view("indicators", codes)
    assert view.failures == []
    assert {row.state for row in rows(view).values()} == {"待填报"}
    assert {row.value for row in rows(view).values()} == {"待填报"}
    assert set(board(bare.view("overview", codes)).values()) == {"待填报"}


def test_what_an_office_reports_stands_in_while_no_register_holds_it(servers, bare, tmp_path):
    """Indicator 19 has a query, but no register of rivers: its reported value is shown."""
    from data.build import build_tables

    tables, meta = build_tables(with_sample=False)
    values = tables["plan.indicator_values"]
    row = {"indicator_no": 19, "year": 2025, "value": 81.0, "reporting_unit": "河道科",
           "reported_on": pd.Timestamp(2025, 12, 31), "source_kind": "register"}  # fmt: skip
    filled = pd.DataFrame([row]).astype(values.dtypes.to_dict())
    publish(tmp_path, write_snapshot(tmp_path, tables | {"plan.indicator_values": filled}, meta))
    servers.restart(tmp_path)
    view = View(servers.open("indicators", indicator="19"))
    assert rows(view)[19].value == "81.0%"
    assert rows(view)[19].state == "达标"
    assert "河道科" in view.text


def test_text_of_a_report_stays_text(reported):
    view = View(reported({(9, 2025): 85.0}).open("indicators", indicator="9"))
    assert view.failures == []
    assert ATTACK in view.text
    assert not any(e.tag == "img" for root in view.blocks for e in root.iter())
