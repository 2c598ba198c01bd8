"""The projects page: figures against SQL of our own, filters, timeline, map, lists, missing registers."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from data.snapshot import publish, write_snapshot
from tests.reading import ONE, SHOWN, TWO, WHOLE, View
from ui import gantt
from ui.projects import KINDS, LOOKS

ATTACK = "<img src=x onerror=alert(1)>"
CJ = "杭州市上城区城市建设投资集团有限公司"
EARLIER = {f"{name} {year}": (codes, year) for name, (codes, year) in SHOWN.items()} | {
    "whole 2020": (WHOLE, 2020),
    "whole 2022": (WHOLE, 2022),
    "two 2023": (TWO, 2023),
}
every_place = pytest.mark.parametrize(("codes", "year"), EARLIER.values(), ids=EARLIER)


@pytest.fixture
def changed(servers, built, tmp_path):
    """Serve the default build with the projects changed by a function."""
    tables, meta = built

    def serve(change):
        spoilt = tables | {"plan.projects": change(tables["plan.projects"].copy())}
        publish(tmp_path, write_snapshot(tmp_path, spoilt, meta))
        servers.restart(tmp_path)
        return servers

    return serve


# --- our own SQL ---------------------------------------------------------------------------------


def here(codes):
    """Condition for projects that lie in, or reach into, the chosen subdistricts."""
    return " OR ".join(f"touched_codes LIKE '%{code}%'" for code in codes) or "true"


def state_of(year):
    """The state at a year's end, worked out from the dates alone."""
    end = f"DATE '{year}-12-31'"
    return f"""CASE WHEN completed_on <= {end} THEN 'completed'
                    WHEN state = 'suspended' AND {year} = 2025 THEN 'suspended'
                    WHEN started_on <= {end} THEN 'under_construction' ELSE 'planned' END"""


def counts(sql, codes, year, where="true"):
    """Projects by state at a year's end, and those past the plan's years."""
    states = sql(f"""
        SELECT {state_of(year)} AS state, count(*) AS n FROM plan.projects
        WHERE ({here(codes)}) AND {where} GROUP BY 1
    """).set_index("state")["n"]
    overdue = sql(f"""
        SELECT count(*) AS n FROM plan.projects WHERE ({here(codes)}) AND {where}
          AND (plan_end_year <= {year} AND coalesce(completed_on > DATE '{year}-12-31', true)
               OR plan_start_year <= {year} AND coalesce(started_on > DATE '{year}-12-31', true))
    """)["n"].iloc[0]
    return {state: int(states.get(state, 0)) for state in LOOKS} | {"overdue": int(overdue)}


def open_page(site, codes=WHOLE, year=2025, **chosen):
    """The page at the address of its own filter: ``kind``, ``body``, ``state``, ``places``."""
    where = {"sub": list(codes)} if codes else {}
    return View(site.open("projects", **where, year=str(year), **chosen))


def asked(app, key):
    """What the address asks for under a key."""
    value = app.query_params.get(key, [])
    return [value] if isinstance(value, str) else value


def timeline(view):
    """Rows of the timeline but for its headings."""
    (frame,) = [frame for frame, _ in view.charts if "ahead_start" in frame]
    return frame[~frame["heading"]]


# --- figures -------------------------------------------------------------------------------------


@every_place
def test_the_figures_are_those_of_the_register(site, sql, codes, year):
    view = site.view("projects", codes, year)
    assert view.failures == []
    expected = counts(sql, codes, year)
    total = sum(expected[state] for state in LOOKS)
    shown = {label: card.number for label, card in view.cards.items()}
    mapped = sql(f"SELECT count(*) AS n FROM plan.projects WHERE is_mapped AND ({here(codes)})")
    assert shown == {
        "规划项目": total,
        "已完工": expected["completed"],
        "在建": expected["under_construction"],
        "未开工": expected["planned"],
        "逾期": expected["overdue"],
        "已上图": mapped["n"].iloc[0],
    }
    assert len(view.rows) == total


def test_figures_that_rest_on_samples_wear_the_tag(site):
    cards = site.view("projects").cards
    assert [label for label, card in cards.items() if not card.is_sample] == ["规划项目", "已上图"]


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"kind": "road"}, "project_kind = 'road'"),
        ({"kind": ["river", "pump_sluice"]}, "project_kind IN ('river', 'pump_sluice')"),
        ({"kind": ["river", "river"]}, "project_kind = 'river'"),
        ({"body": CJ}, f"implementing_body = '{CJ}'"),
        ({"body": "none"}, "implementing_body IS NULL"),
        ({"body": ["none", CJ], "kind": "river"},
         f"project_kind = 'river' AND (implementing_body IS NULL OR implementing_body = '{CJ}')"),
        ({"state": "completed"}, f"{state_of(2022)} = 'completed'"),
        ({"state": ["planned", "under_construction"], "kind": "water_supply"},
         f"project_kind = 'water_supply' AND {state_of(2022)} <> 'completed'"),
    ],
    ids=["kind", "two kinds", "a kind twice", "body", "no body", "body and kind", "state",
         "states and kind"],
)  # fmt: skip
@pytest.mark.parametrize("codes", [WHOLE, ONE], ids=["whole", "one"])
def test_the_pages_filter_narrows_figures_table_timeline_and_map(site, sql, codes, chosen, where):
    view = open_page(site, codes, 2022, **chosen)
    assert view.failures == []
    assert view.notices == []
    expected = counts(sql, codes, 2022, where)
    total = sum(expected[state] for state in LOOKS)
    assert view.cards["规划项目"].number == total
    assert len(view.rows) == total
    if total:
        assert view.cards["已完工"].number == expected["completed"]
        assert view.cards["逾期"].number == expected["overdue"]
    mapped = sql(f"""SELECT count(DISTINCT coalesce(geometry_json, lon || ',' || lat)) AS n
                     FROM plan.projects WHERE is_mapped AND ({here(codes)}) AND {where}""")
    assert len(drawn(view)) == mapped["n"].iloc[0]


def test_what_is_chosen_stands_in_the_address_as_long_as_it_is_chosen(site, sql):
    app = site.open("projects")
    app.multiselect(key="project_kind").set_value(["river", "road"]).run()
    app.multiselect(key="project_body").set_value(["none"]).run()
    view = View(app.multiselect(key="project_state").set_value(["completed"]).run())
    assert view.failures == []
    assert asked(app, "kind") == ["river", "road"]
    assert asked(app, "body") == ["none"]
    assert asked(app, "state") == ["completed"]
    where = "project_kind IN ('river', 'road') AND implementing_body IS NULL"
    expected = counts(sql, WHOLE, 2025, where)["completed"]
    assert view.cards["规划项目"].number == expected > 0
    for key in ("kind", "body", "state"):
        app.multiselect(key=f"project_{key}").set_value([]).run()
        assert key not in app.query_params
    assert View(app).cards["规划项目"].number == sum(
        counts(sql, WHOLE, 2025)[state] for state in LOOKS
    )


def test_the_way_back_takes_the_filter_along(site):
    app = site.open("projects", kind="river")
    app.multiselect(key="project_kind").set_value(["river", "road"]).run()
    app.query_params["kind"] = "river"
    assert app.run().multiselect(key="project_kind").value == ["river"]
    del app.query_params["kind"]
    assert app.run().multiselect(key="project_kind").value == []


@pytest.mark.parametrize(
    ("chosen", "told", "kept"),
    [
        ({"kind": "none-such"}, "类别“none-such”不存在", {}),
        ({"kind": ["road", "路", "桥"]}, "类别“路”、“桥”不存在", {"kind": "road"}),
        ({"kind": ["1", "2", "3", "4"]}, "类别“1”、“2”、“3”等 4 个不存在", {}),
        ({"body": "某公司"}, "实施主体“某公司”不存在", {}),
        ({"body": ["某公司", CJ]}, "实施主体“某公司”不存在", {"body": CJ}),
        ({"state": ["completed", ATTACK]}, f"状态“{ATTACK}”不存在", {"state": "completed"}),
        ({"kind": "", "state": "planned"}, "类别“”不存在", {"state": "planned"}),
        ({"places": "2"}, "规划格局“2”不存在", {}),
    ],
)
def test_what_the_address_asks_in_vain_is_told_and_the_rest_is_shown(site, chosen, told, kept):
    view = open_page(site, **chosen)
    assert view.failures == []
    (notice,) = view.notices
    assert told in notice
    same = open_page(site, **kept)
    assert view.cards == same.cards
    assert view.rows.equals(same.rows)


def test_choosing_takes_what_is_unknown_out_of_the_address(site):
    app = site.open("projects", kind=["road", "none-such"])
    view = View(app.multiselect(key="project_kind").set_value(["road", "games"]).run())
    assert asked(app, "kind") == ["road", "games"]
    assert view.notices == []


def test_a_filter_that_finds_nothing_says_so(site):
    view = open_page(site, ONE, 2025, kind="digital")
    assert view.failures == []
    assert view.cards["规划项目"].number == 0
    assert view.cards["已完工"].value == "—"
    assert view.rows.empty
    assert drawn(view) == []
    assert "无数据" in view.text


def test_under_a_subdistrict_the_projects_without_place_are_told(site, sql):
    count = sql("SELECT count(*) AS n FROM plan.projects WHERE touched_codes IS NULL")["n"].iloc[0]
    assert f"另有 {count} 项规划未写所在街道" in site.view("projects", ONE, 2022).text
    assert "规划未写所在街道" not in site.view("projects").text


def test_a_street_over_several_subdistricts_counts_in_each(site):
    for codes in (("330102003",), ("330102004",)):
        rows = site.view("projects", codes, 2025).rows
        (place,) = rows.loc[rows["项目"] == "清泰街修缮", "街道"]
        assert place == "跨 2 个街道"


# --- sentences -----------------------------------------------------------------------------------


@every_place
def test_the_sentences_carry_the_counts(site, sql, codes, year):
    expected = counts(sql, codes, year)
    text = "".join(site.view("projects", codes, year).texts("findings"))
    assert f"截至 {year} 年底完工 {expected['completed']} 项" in text
    words = (
        f"{expected['overdue']} 项超过规划年份：" if expected["overdue"] else "没有项目超过规划年份"
    )
    assert words in text


def test_kinds_are_listed_with_what_is_done(site, sql):
    lines = "".join(site.view("projects").texts("lines"))
    for kind, word in KINDS.items():
        (row,) = sql(f"""SELECT count(*) AS n, count(completed_on) AS done FROM plan.projects
                         WHERE project_kind = '{kind}'""").itertuples()
        assert f"{word}{row.done} / {row.n} 项" in lines


# --- timeline ------------------------------------------------------------------------------------


def test_the_timeline_gathers_compounds_by_subdistrict(site, sql):
    rows = timeline(site.view("projects"))
    gathered = rows[rows["kind"] == "二次供水"].set_index("label")
    by_place = sql("""SELECT subdistrict_name AS place, count(*) AS n, count(completed_on) AS done
                      FROM plan.projects WHERE project_kind = 'water_supply' GROUP BY 1""")
    assert len(gathered) == len(by_place) == 13
    for place in by_place.itertuples():
        state = gathered.at[f"{place.place} {place.n} 个小区", "state"]
        assert f" {place.done}/{place.n}" in state
    others = sql("SELECT count(*) AS n FROM plan.projects WHERE project_kind <> 'water_supply'")
    assert len(rows) == 13 + others["n"].iloc[0]


def test_chosen_as_a_kind_compounds_have_a_bar_each(site):
    rows = timeline(open_page(site, kind="water_supply"))
    assert len(rows) == 80


def test_kinds_with_overdue_projects_come_first_and_open_ones_before_the_done(site, sql):
    rows = timeline(site.view("projects"))
    kinds = list(dict.fromkeys(rows["kind"]))
    overdue = sql("""SELECT DISTINCT project_kind FROM plan.projects
        WHERE completed_on IS NULL AND (plan_end_year <= 2025
              OR started_on IS NULL AND plan_start_year <= 2025)""")["project_kind"]
    late = [name for kind, name in KINDS.items() if kind in set(overdue)]
    assert kinds == late + [name for name in KINDS.values() if name not in late]
    single = rows[rows["kind"] != "二次供水"]
    for _, group in single.groupby("kind", sort=False):
        is_done = group["state"].str.contains("已完工")
        assert is_done.is_monotonic_increasing
        assert group[is_done]["start"].is_monotonic_increasing


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_nothing_is_drawn_as_done_after_the_year(site, year):
    rows = timeline(site.view("projects", WHOLE, year))
    assert (rows["end"].dropna() <= year + 1).all()
    assert (rows["ahead_start"].dropna() >= year + 1).all()
    assert (rows["start"].dropna() >= 2020).all()


def test_states_are_told_by_shape_word_and_colour(site):
    rows = timeline(site.view("projects", WHOLE, 2022))
    single = rows[rows["kind"] == "道路修缮"]
    words = {f"{look.shape} {look.word}" for look in LOOKS.values()}
    assert set(single["state"].str.removesuffix(" ▲逾期")) <= words
    assert single.groupby("state")["tone"].nunique().eq(1).all()


COLUMNS = ["project_name", "project_kind", "place", "quantity", "unit", "started_on", "completed_on",
           "plan_start_year", "plan_end_year", "state", "is_overdue"]  # fmt: skip


def frame(*rows):
    return pd.DataFrame(
        [("甲", "river", "九堡街道", 1.0, "个", *row, False) for row in rows], columns=COLUMNS
    )


def spans(*rows, year=2023, is_gathered=False, kind="river"):
    made = gantt.bars(frame(*rows).assign(project_kind=kind), year, is_gathered=is_gathered)
    return [
        tuple(None if math.isnan(v) else round(v, 2)
              for v in (bar.start, bar.end, bar.ahead_start, bar.ahead_end, bar.deadline))
        for bar in made
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "span"),
    [
        (("2021-07-02", "2022-07-02", None, 2025, "completed"), (2021.5, 2022.5, None, None, 2026)),
        (("2021-07-02", None, None, 2025, "under_construction"), (2021.5, 2024, 2024, 2026, 2026)),
        (("2021-07-02", None, None, 2022, "under_construction"), (2021.5, 2024, None, None, 2023)),
        (("2021-07-02", None, None, None, "under_construction"), (2021.5, 2024, None, None, None)),
        (("2019-07-02", None, None, None, "suspended"), (2020, 2024, None, None, None)),
        ((None, None, None, 2025, "planned"), (None, None, 2024, 2026, 2026)),
        ((None, None, 2025, 2025, "planned"), (None, None, 2025, 2026, 2026)),
        ((None, None, None, 2022, "planned"), (None, None, None, None, 2023)),
        ((None, None, None, None, "planned"), (None, None, None, None, None)),
        ((None, None, None, 2025, "unreported"), (None, None, 2021, 2026, 2026)),
        ((None, None, 2022, 2022, "unreported"), (None, None, 2022, 2023, 2023)),
        ((None, None, 2021, None, "unreported"), (None, None, 2021, 2022, None)),
        ((None, None, None, None, "unreported"), (None, None, None, None, None)),
    ],
    ids=["done", "open, deadline ahead", "open, deadline past", "open, no deadline", "suspended, early",
         "not begun", "not begun, starts later", "not begun, deadline past", "not begun, no years",
         "unreported", "unreported, both years", "unreported, start only", "unreported, no years"],
)  # fmt: skip
def test_a_bar_shows_what_was_and_what_lies_ahead(row, span):
    assert spans(row) == [span]


def test_gathered_bars_run_from_the_first_start_to_the_last_completion():
    done = ("2021-01-01", "2022-01-01", None, 2025, "completed")
    later = ("2022-01-01", "2023-07-02", None, 2025, "completed")
    still = ("2023-07-02", None, None, 2025, "under_construction")
    gathered = {"is_gathered": True, "kind": "water_supply"}
    assert spans(done, later, **gathered) == [(2021, 2023.5, None, None, 2026)]
    assert spans(done, still, **gathered) == [(2021, 2024, 2024, 2026, 2026)]


# --- map and lists -------------------------------------------------------------------------------


def drawn(view):
    """Courses and signs of the map."""
    found = []
    for layer in view.map["layers"]:
        if layer["id"] == "project-courses":
            found += layer["data"]["features"]
        if layer["id"].startswith("project-signs"):
            found += layer["data"]
    return found


def test_each_mapped_project_has_its_tooltip(site, sql):
    tips = "\n".join(
        thing["tip"] if "tip" in thing else thing["properties"]["tip"]
        for thing in drawn(site.view("projects"))
    )
    for name in sql("SELECT project_name FROM plan.projects WHERE is_mapped")["project_name"]:
        assert name in tips
    assert "定位：道路 清泰街" in tips
    assert "定位：小区 紫花苑" in tips


def test_signs_show_their_state_by_shape(site):
    view = site.view("projects", WHOLE, 2022)
    for layer in view.map["layers"]:
        if layer["id"].startswith("project-signs"):
            state = layer["id"].removeprefix("project-signs-")
            assert {sign["t"] for sign in layer["data"]} == {LOOKS[state].shape}


def test_projects_in_one_place_share_a_mark_in_the_colour_of_the_least_advanced(changed):
    def change(table):
        table.loc[table["project_id"] == "B05", "geometry_json"] = table.loc[
            table["project_id"] == "B04", "geometry_json"
        ].iloc[0]
        empty = {"state": "planned", "started_on": pd.NaT, "completed_on": pd.NaT}
        table.loc[table["project_id"] == "B05", list(empty)] = list(empty.values())
        return table

    view = View(changed(change).open("projects"))
    (mark,) = [
        m["properties"]
        for m in view.layer("project-courses")
        if "新塘河生态治理" in m["properties"]["tip"]
    ]
    assert mark["state"] == "planned"
    assert "新开河生态治理" in mark["tip"]


def test_what_no_map_shows_is_listed_by_kind(site, sql):
    view = site.view("projects")
    names = sql("SELECT project_name FROM plan.projects WHERE NOT is_mapped")["project_name"]
    (listed,) = view.texts("unmapped")
    assert all(name in listed for name in names)
    assert f"未上图 {len(names)} 项" in "".join(view.texts("legend"))
    assert any(f"未上图 {len(names)} 项" in e.label for e in view.app.expander)


def test_the_table_has_dates_clause_and_source(site):
    rows = site.view("projects").rows.set_index("项目")
    row = rows.loc["2022 年污水零直排提标改造项目"]
    assert (row["数量"], row["单位"], row["规划条款"], row["数据性质"]) == (
        36,
        "个",
        "4.3.4",
        "示例",
    )
    assert row["状态"] == "● 已完工"
    assert row["完工日期"].startswith("2023-")
    assert rows.loc["五堡排涝双向泵站", "规划条款"] == "专栏 2"


# --- missing registers, markup -------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
def test_without_a_register_every_state_is_awaited(bare, codes, year):
    view = bare.view("projects", codes, year)
    assert view.failures == []
    assert view.cards["规划项目"].number > 0
    assert view.cards["已上图"].number is not None
    for label in ("已完工", "在建", "未开工", "逾期"):
        assert view.cards[label].number is None
        assert "待填报" in view.cards[label].status
    assert set(view.rows["状态"]) == {"○ 待填报"}
    assert view.rows["开工日期"].isna().all()
    assert "待填报" in "".join(view.texts("findings"))
    assert timeline(view)["start"].isna().all()
    assert "示例" not in view.text


def test_a_register_with_gaps_says_how_many_are_awaited(changed, sql):
    def change(table):
        some = table.index[:10]
        table.loc[some, "state"] = None
        table.loc[some, ["started_on", "completed_on"]] = pd.NaT
        return table

    view = View(changed(change).open("projects"))
    assert view.failures == []
    assert "待填报 10 项" in view.text
    assert (view.rows["状态"] == "○ 待填报").sum() == 10
    done = sql("SELECT count(completed_on) AS n FROM plan.projects")["n"].iloc[0]
    assert view.cards["已完工"].number == done - 10


def test_markup_in_names_stays_text(servers, built, tmp_path):
    tables, meta = built
    frame = tables["plan.projects"]
    text = ["project_name", "implementing_body", "located_by", "note", "subdistrict_name"]
    spoilt = frame.assign(
        **{c: frame[c].map(lambda v: f"{ATTACK}**{v}", na_action="ignore") for c in text}
    )
    described = [replace(m, title=m.title + ATTACK) for m in meta]
    publish(tmp_path, write_snapshot(tmp_path, tables | {"plan.projects": spoilt}, described))
    servers.serve(tmp_path)
    view = View(servers.open("projects"))
    assert view.failures == []
    assert ATTACK in "".join(view.texts("findings"))
    assert ATTACK in "".join(view.texts("unmapped"))
    assert all("<img" not in html.proto.body for html in view.app.get("html"))


# --- the plan's named places ---------------------------------------------------------------------


def test_a_place_that_is_also_a_project_is_named_once(site):
    """丰收湖 is a lake of the plan's layout and of a project."""
    view = open_page(site, places="1")
    texts = [
        row["t"] for layer in view.map["layers"] if layer["id"].startswith("labels-")
        for row in layer["data"]
    ]  # fmt: skip
    assert texts.count("丰收湖") == 1


def placed(built, folder):
    """A store in which one named place has a position and a line, another only a position."""
    tables, meta = built
    places = tables["plan.places"].copy()
    places["is_mapped"] = False
    places[["lon", "lat"]] = float("nan")
    places["geometry_json"] = None
    places.loc[places.index[0], ["is_mapped", "lon", "lat"]] = [True, 120.2, 30.25]
    line = '{"type":"LineString","coordinates":[[120.2,30.25],[120.21,30.26]]}'
    places.loc[places.index[9], ["is_mapped", "lon", "lat", "geometry_json"]] = [
        True,
        120.2,
        30.3,
        line,
    ]
    publish(folder, write_snapshot(folder, tables | {"plan.places": places}, meta))
    return places.iloc[9]["place_name"]


def layer_ids(view):
    return [layer["id"] for layer in view.map["layers"]]


def test_named_places_are_drawn_when_asked_for(servers, built, tmp_path):
    name = placed(built, tmp_path)
    servers.serve(tmp_path)
    app = servers.open("projects")
    assert "plan-places" not in layer_ids(View(app))
    app.toggle(key="project_places").set_value(True)
    view = View(app.run())
    assert view.failures == []
    assert asked(app, "places") == ["1"]
    linked = View(servers.open("projects", places="1"))
    assert linked.notices == []
    assert linked.layer("plan-places") == view.layer("plan-places")
    assert [f["properties"]["tip"] for f in view.layer("plan-places")] == [name]
    labels = [row["t"] for layer in view.map["layers"] if layer["id"].startswith("labels")
              for row in layer["data"]]  # fmt: skip
    assert name in labels
    app.toggle(key="project_places").set_value(False).run()
    assert "places" not in app.query_params
    assert "plan-places" not in layer_ids(View(app))


def test_without_located_places_there_is_nothing_to_switch_on(servers, built, tmp_path):
    tables, meta = built
    nowhere = {"is_mapped": False, "lon": float("nan"), "lat": float("nan"), "geometry_json": None}
    places = tables["plan.places"].assign(**nowhere)
    publish(tmp_path, write_snapshot(tmp_path, tables | {"plan.places": places}, meta))
    servers.serve(tmp_path)
    view = View(servers.open("projects", places="1"))
    assert len(view.app.toggle) == 0
    assert view.failures == view.notices == []
    assert "plan-places" not in layer_ids(view)
