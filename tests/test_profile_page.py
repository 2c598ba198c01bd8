"""街道画像: ranks, the page of one subdistrict, the comparison of several, with and without registers."""

import pandas as pd
import pytest

from data.frames import contract_frame
from data.snapshot import publish, write_snapshot
from data.status import Target
from tests.reading import View, said
from ui import standing
from ui.browser import Screen
from ui.charts import Measure
from ui.compare import column_shares

ATTACK = "<img src=x onerror=alert(1)>"
QINGBO, HUBIN, CAIHE, JIANQIAO, DINGLAN, JIUBAO = (
    "330102001", "330102003", "330102012", "330102016", "330102017", "330102018",
)  # fmt: skip
CASES = [(JIANQIAO, 2025), (HUBIN, 2025), (JIUBAO, 2022), (DINGLAN, 2020), (QINGBO, 2021)]
one_place = pytest.mark.parametrize(("code", "year"), CASES)
WORDS = [
    "美丽河湖占比", "Ⅳ类及以上水质", "公厕密度", "道路照明亮灯率", "功能照明完好率", "景观照明完好率",
    "照明集中控制率", "二次供水改造", "主次干道优良率", "十分钟如厕圈", "公厕无障碍占比",
    "美丽河湖长度覆盖", "河道长度",
]  # fmt: skip


# --- ranks ---------------------------------------------------------------------------------------

NAN = float("nan")


def a_row(values, target=None, **more):
    """A measure over subdistricts a, b, c … with these values."""
    codes = "abcdefghijklmnopqrstuvwxyz"[: len(values)]
    frame = pd.DataFrame({"subdistrict_code": list(codes), "short_name": list(codes), "v": values})
    return standing.ranked(frame, "某率", Measure("v", "某率", "%", 1, target), **more)


def ranks(row):
    return [s.rank for s in row.standings.values()]


def places(row):
    return [s.place for s in row.standings.values()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1.0, 2.0, 3.0], [3, 2, 1]),
        ([5.0, 5.0, 3.0], [1, 1, 3]),
        ([5.0, 5.0 + 1e-9, 3.0], [1, 1, 3]),
        ([4.0, 3.0, 3.0, 1.0], [1, 2, 2, 4]),
        ([2.0, NAN, 1.0], [1, None, 2]),
        ([NAN, NAN], [None, None]),
        ([7.0, 7.0], [1, 1]),
        ([0.0], [1]),
    ],
)
def test_ties_share_a_rank_and_missing_values_have_none(values, expected):
    assert ranks(a_row(values)) == expected


def test_rank_texts_say_ties_and_how_many_are_ranked():
    row = a_row([5.0, 5.0, 3.0, NAN])
    assert [s.rank_text for s in row.standings.values()] == [
        "并列第 1 / 3", "并列第 1 / 3", "第 3 / 3", "无数据",
    ]  # fmt: skip


def test_the_axis_runs_from_the_worst_to_the_best():
    assert places(a_row([10.0, 20.0, 15.0, NAN])) == [0, 1, 0.5, None]
    assert places(a_row([10.0, 10.0, NAN])) == [0.5, 0.5, None]


def test_where_less_is_better_the_smallest_is_first_and_at_the_right():
    row = a_row([10.0, 20.0, 15.0], Target("<=", 12, "%", "table1"))
    assert ranks(row) == [1, 3, 2]
    assert places(row) == [1, 0, 0.5]
    assert row.target_place == pytest.approx(0.8)
    assert (row.worst, row.best) == (20, 10)


@pytest.mark.parametrize(
    ("target", "place"), [(15.0, 0.5), (10.0, 0), (20.0, 1), (9.9, None), (20.1, None)]
)
def test_the_target_is_marked_only_between_worst_and_best(target, place):
    assert a_row([10.0, 20.0], Target(">=", target, "%", "t")).target_place == place
    assert a_row([10.0, 10.0], Target(">=", 10, "%", "t")).target_place is None
    assert a_row([NAN], Target(">=", 10, "%", "t")).target_place is None


def test_the_top_and_bottom_third_of_fourteen_are_four_each():
    row = a_row([float(n) for n in range(14)])
    found = list(row.standings.values())
    assert [s.rank for s in found if s.is_leading] == [4, 3, 2, 1]
    assert [s.rank for s in found if s.is_trailing] == [14, 13, 12, 11]


@pytest.mark.parametrize("values", [[1.0] * 14, [1.0] * 12 + [0.0] * 2, [NAN] * 14])
def test_who_ties_with_most_others_leads_nothing(values):
    assert not any(s.is_leading for s in a_row(values).standings.values())


@pytest.mark.parametrize("values", [[1.0] * 14, [0.0] * 12 + [1.0] * 2])
def test_who_ties_with_most_others_trails_nothing(values):
    assert not any(s.is_trailing for s in a_row(values).standings.values())


def test_what_the_plan_does_not_list_is_neither_missing_nor_to_be_reported():
    row = a_row([NAN, NAN, 1.0], Target("=", 100, "%", "t"), unlisted=frozenset("ac"))
    assert [s.status for s in row.standings.values()] == [None, "unreported", "missed"]
    assert [row.text(code) for code in "abc"] == ["规划未列", "无数据", "1.0%"]
    assert standing.met_counts([row]) == {"a": (0, 0), "b": (0, 0), "c": (0, 1)}


# --- stores --------------------------------------------------------------------------------------


def a_project(number, code, kind="road", state="completed", ended=None, **more):
    began = None if state in (None, "planned") else pd.Timestamp(2021, 3, 1)
    return {
        "project_id": f"p{number}", "project_name": f"项目{number}", "project_kind": kind,
        "subdistrict_code": code, "subdistrict_name": code, "touched_codes": code, "quantity": 1.0, "unit": "个",
        "plan_start_year": 2021, "plan_end_year": 2023, "state": state, "started_on": began,
        "completed_on": pd.Timestamp(ended, 6, 1) if ended else None, "is_mapped": False,
        "clause": "box2", "source_kind": "sample",
    } | more  # fmt: skip


PROJECTS = [
    a_project(1, JIANQIAO, ended=2022),
    a_project(2, JIANQIAO, state="under_construction"),
    a_project(3, JIANQIAO, state="suspended", plan_end_year=2025),
    a_project(4, JIANQIAO, state="planned", plan_end_year=None),
    a_project(5, JIANQIAO, state=None),
    a_project(6, JIANQIAO, "water_supply", ended=2024),
    a_project(7, JIANQIAO, "water_supply", state="under_construction"),
    a_project(8, HUBIN, "water_supply", ended=2022),
    a_project(9, DINGLAN, "sewage_free", state=None),
    a_project(10, None, "lighting"),
]


@pytest.fixture(scope="module")
def planned_store(built, tmp_path_factory):
    """Projects with all states, an open dark spot, and a subdistrict with nothing open."""
    tables, meta = built
    yearly = tables["lighting.yearly"]
    lit = yearly["lit_count"].where(yearly["subdistrict_code"] != QINGBO, yearly["asset_count"])
    spots = tables["lighting.dark_spots"].copy()
    here = spots.index[spots["subdistrict_code"] == JIANQIAO]
    spots.loc[here, "fixed_on"] = spots.loc[here, "fixed_on"].fillna(pd.Timestamp("2025-12-01"))
    spots.loc[here[0], "fixed_on"] = None
    columns = contract_frame("plan.projects", pd.DataFrame()).columns
    projects = contract_frame("plan.projects", pd.DataFrame(PROJECTS).reindex(columns=columns))
    changed = {
        "plan.projects": projects,
        "lighting.yearly": yearly.assign(lit_count=lit),
        "lighting.dark_spots": spots,
    }
    folder = tmp_path_factory.mktemp("planned")
    publish(folder, write_snapshot(folder, tables | changed, meta))
    return folder


@pytest.fixture
def planned(servers, planned_store):
    servers.serve(planned_store)
    return servers


@pytest.fixture
def hostile(servers, built, tmp_path):
    """Names with markup in everything that the page lists."""
    tables, meta = built
    names = {
        "rivers.rivers": ["river_name"],
        "streets.demonstration_streets": ["street_name"],
        "base.subdistricts": ["short_name", "subdistrict_name"],
    }
    spoilt = {
        name: tables[name].assign(**{c: ATTACK + tables[name][c] for c in columns})
        for name, columns in names.items()
    }
    columns = contract_frame("plan.projects", pd.DataFrame()).columns
    rows = pd.DataFrame([p | {"project_name": ATTACK} for p in PROJECTS]).reindex(columns=columns)
    spoilt["plan.projects"] = contract_frame("plan.projects", rows)
    publish(tmp_path, write_snapshot(tmp_path, tables | spoilt, meta))
    servers.serve(tmp_path)
    return servers


def lists(view, name):
    """Rows of the lists of a class as (what, how much)."""
    found = []
    for root in view.blocks:
        for block in root.iter():
            if name in block.get("class", "").split():
                found += [tuple(said(cell) for cell in item) for item in block.iter("li")]
    return found


def sentences(view):
    """Strengths and gaps as they are read."""
    return [said(item) for root in view.blocks for item in root.iter("li")
            if root.find(".//ul[@class='findings dense']") is not None]  # fmt: skip


def by_word(view):
    return view.rows.set_index("指标")


# --- one subdistrict -----------------------------------------------------------------------------


def single(sql, text, code, year):
    found = sql(text.format(code=code, year=year)).iat[0, 0]
    return None if pd.isna(found) else float(found)


FIGURES = {
    "面积": "SELECT area_km2 FROM base.subdistricts WHERE subdistrict_code = '{code}'",
    "精品示范街": """SELECT count(*) FROM streets.demonstration_streets WHERE designation = 'boutique'
                     AND subdistrict_code = '{code}' AND completed_year <= {year}""",
    "河道": "SELECT count(DISTINCT river_id) FROM rivers.reaches WHERE subdistrict_code = '{code}'",
    "公共厕所": """SELECT count(*) FROM toilets.toilets
                   WHERE subdistrict_code = '{code}' AND opened_year <= {year}
                   AND NOT is_social""",
    "灯具": """SELECT sum(asset_count) FROM lighting.yearly
               WHERE subdistrict_code = '{code}' AND year = {year}""",
}


@one_place
def test_the_head_figures_agree_with_the_registers(site, sql, code, year):
    view = site.view("profile", (code,), year)
    assert view.failures == []
    for label, text in FIGURES.items():
        assert card(view, label).agrees(single(sql, text, code, year)), label


def card(view, label):
    """The card whose label begins so: the street's card bears the street's name."""
    (found,) = [made for name, made in view.cards.items() if name.startswith(label)]
    return found


def test_the_demonstration_street_is_named_with_its_state(site):
    view = site.view("profile", (DINGLAN,))
    assert view.cards["精品示范街 临丁路"].status == "▲ 未达标 目标 ≥1 条 · 在建 85%"
    assert site.view("profile", (HUBIN,)).cards["精品示范街 湖滨路"].status.endswith("已命名")


RATE = """SELECT subdistrict_code, 100.0 * sum({part}) / sum(asset_count) AS value
          FROM lighting.yearly WHERE year = {{year}} AND asset_kind IN ({kinds}) GROUP BY 1"""
LAMP, EVERY = "'street_lamp'", "'street_lamp', 'ground_lamp', 'scenery_light'"
MEASURES = {
    "公厕密度": """SELECT s.subdistrict_code, count(t.toilet_id) / any_value(s.area_km2) AS value
                   FROM base.subdistricts s LEFT JOIN toilets.toilets t
                   ON t.subdistrict_code = s.subdistrict_code AND t.opened_year <= {year}
                   AND NOT t.is_social GROUP BY 1""",
    "道路照明亮灯率": RATE.format(part="lit_count", kinds=LAMP),
    "照明集中控制率": RATE.format(part="controlled_count", kinds=EVERY),
    "河道长度": "SELECT subdistrict_code, sum(length_m) / 1000 AS value FROM rivers.reaches GROUP BY 1",
    "Ⅳ类及以上水质": """SELECT rivers.reaches.subdistrict_code,
                        100.0 * avg((quality_class NOT IN ('Ⅴ', '劣Ⅴ'))::INTEGER) AS value
                        FROM rivers.reaches JOIN rivers.sections USING (river_id)
                        JOIN rivers.water_quality USING (section_id)
                        WHERE quality_class IS NOT NULL AND year(month) = {year} GROUP BY 1""",
}  # fmt: skip


@one_place
@pytest.mark.parametrize("word", MEASURES)
def test_values_and_ranks_agree_with_the_registers(site, sql, word, code, year):
    expected = sql(MEASURES[word].format(year=year)).set_index("subdistrict_code")["value"].round(6)
    row = by_word(site.view("profile", (code,), year)).loc[word]
    assert row["现值"] == pytest.approx(expected[code], abs=0.005)
    assert row["名次"] == (expected > expected[code]).sum() + 1
    assert row["参与排名街道"] == 14


@one_place
def test_the_strips_hold_every_subdistrict_once_a_measure(site, code, year):
    ((dots, alt),) = site.view("profile", (code,), year).charts
    for _, drawn in dots.groupby("measure"):
        assert drawn["code"].is_unique
        assert drawn["x"].between(0, 1).all()
        if drawn["x"].nunique() > 1:
            assert (drawn["x"].min(), drawn["x"].max()) == (0, 1)
    ranked = by_word(site.view("profile", (code,), year))["参与排名街道"].notna().sum()
    assert dots["measure"].nunique() == ranked >= 10
    assert (
        dots.loc[dots["code"] == code, "size"].min() > dots.loc[dots["code"] != code, "size"].max()
    )
    assert all(word in alt for word in WORDS)


def test_the_table_has_a_row_a_measure_with_district_target_status_and_what_is_missing(site, sql):
    rows = by_word(site.view("profile", (JIANQIAO,)))
    assert list(rows.index) == WORDS
    toilets = single(sql, FIGURES["公共厕所"], JIANQIAO, 2025)
    area = single(sql, FIGURES["面积"], JIANQIAO, 2025)
    assert rows.at["公厕密度", "规划目标"] == "≥4 座/km²"
    assert rows.at["公厕密度", "状况"] == "未达标"
    assert rows.at["公厕密度", "距目标还差"] == f"{-(-4 * area // 1) - toilets:.0f} 座"
    assert rows.at["公厕密度", "全区"] == pytest.approx(454 / single(
        sql, "SELECT sum(area_km2) FROM base.subdistricts", "", 0), abs=0.01)  # fmt: skip
    assert set(rows["数据性质"].dropna()) == {"示例"}


def test_what_is_missing_is_enough_and_not_too_much(site, sql):
    counts = sql(f"""SELECT sum(controlled_count) AS have, sum(asset_count) AS total
                     FROM lighting.yearly WHERE year = 2025 AND subdistrict_code = '{JIANQIAO}'""").iloc[
        0
    ]
    said_lack = by_word(site.view("profile", (JIANQIAO,))).at["照明集中控制率", "距目标还差"]
    lack = int(said_lack.removesuffix(" 盏"))
    assert (counts["have"] + lack) / counts["total"] > 0.7
    assert (counts["have"] + lack - 1) / counts["total"] <= 0.7


def test_strengths_and_gaps_are_sentences_with_rank_and_target(site):
    strong = "\n".join(sentences(site.view("profile", (HUBIN,))))
    assert "● 道路照明亮灯率 99.6%，第 1 / 14，达到目标（＞98%）。" in strong
    weak = "\n".join(sentences(site.view("profile", (JIANQIAO,))))
    assert "▲ 公厕密度 1.50 座/km²，第 12 / 14，目标 ≥4 座/km²，还差 51 座。" in weak
    assert "河道长度" not in weak


def test_measures_known_as_they_are_now_say_so_in_earlier_years(site):
    assert "公厕无障碍占比（现状）" in by_word(site.view("profile", (JIANQIAO,), 2022)).index
    assert "公厕无障碍占比" in by_word(site.view("profile", (JIANQIAO,), 2025)).index


def test_the_ten_minute_circle_is_known_of_every_year(site):
    assert "十分钟如厕圈" in by_word(site.view("profile", (JIANQIAO,), 2022)).index


def test_open_findings_are_counted(planned, sql):
    found = dict(lists(planned.view("profile", (JIANQIAO,)), "open-list"))
    poor = sql(f"""SELECT count(*) AS samples, count(DISTINCT river_id) AS rivers
                   FROM rivers.water_quality JOIN rivers.sections USING (section_id)
                   WHERE year(month) = 2025 AND quality_class IN ('Ⅴ', '劣Ⅴ')
                   AND river_id IN (SELECT river_id FROM rivers.reaches
                                    WHERE subdistrict_code = '{JIANQIAO}')""").iloc[0]
    (water,) = [key for key in found if key.startswith("全年水质劣于Ⅳ类")]
    assert found[water] == f"{poor['samples']} 次"
    assert water.endswith(f"等 {poor['rivers']} 条河")
    unlit = single(sql, "SELECT sum(asset_count - lit_count) FROM lighting.yearly "
                        "WHERE year = {year} AND subdistrict_code = '{code}'", JIANQIAO, 2025)  # fmt: skip
    assert next(v for k, v in found.items() if k.startswith("未亮灯具")) == f"{unlit:.0f} 盏"
    assert found["盲区暗点未消除"] == "1 处"
    assert found["公厕密度未达标（≥4 座/km²）"] == "还差 51 座"
    (late,) = [key for key in found if key.startswith("规划项目逾期")]
    assert found[late] == "4 项"
    assert all(name in late for name in ("项目2", "项目3", "项目4"))
    assert not any("示范街" in key for key in found)


def test_an_unfinished_demonstration_street_is_open(site):
    keys = [key for key, _ in lists(site.view("profile", (DINGLAN,)), "open-list")]
    assert any(key.startswith("精品示范街未建成：临丁路 · 在建") for key in keys)


def test_with_nothing_open_the_page_says_none(planned):
    view = planned.view("profile", (QINGBO,))
    assert lists(view, "open-list") == []
    assert sentences(view)[-1] == "暂无"


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2025, {"项目1": "● 已完工", "项目2": "▲ 在建 · 逾期", "项目3": "▲ 停工 · 逾期",
                "项目4": "▲ 未开工 · 逾期", "项目5": "○ 待填报", "项目6": "● 已完工", "项目7": "▲ 在建 · 逾期"}),
        (2022, {"项目1": "● 已完工", "项目2": "◐ 在建", "项目3": "◐ 在建", "项目4": "▲ 未开工 · 逾期",
                "项目5": "○ 待填报", "项目6": "◐ 在建", "项目7": "◐ 在建"}),
        (2020, {"项目1": "△ 未开工", "项目2": "△ 未开工", "项目3": "△ 未开工", "项目4": "△ 未开工",
                "项目5": "○ 待填报", "项目6": "△ 未开工", "项目7": "△ 未开工"}),
    ],
)  # fmt: skip
def test_projects_and_compounds_have_their_state_at_the_end_of_the_year(planned, year, expected):
    rows = dict(lists(planned.view("profile", (JIANQIAO,), year), "lines"))
    states = {
        key.split(" ")[0]: text.split("年 · ")[-1] for key, text in rows.items() if "项目" in key
    }
    assert states == expected


def test_projects_are_counted_over_those_reported(planned):
    card = planned.view("profile", (JIANQIAO,)).cards["规划项目"]
    assert (card.value, card.unit) == ("2", "/ 6 项完工")
    assert card.status == "专栏 4 小区 2 个 · 逾期 4 项 · 待填报 1 项"
    unreported = planned.view("profile", (DINGLAN,)).cards["规划项目"]
    assert (unreported.value, unreported.status) == ("—", "规划列 1 项，状态待填报")


def test_where_the_plan_lists_no_compound_the_share_is_not_missing(planned):
    row = by_word(planned.view("profile", (DINGLAN,))).loc["二次供水改造"]
    assert row["状况"] == ""
    assert pd.isna(row["名次"])
    row = by_word(planned.view("profile", (JIANQIAO,))).loc["二次供水改造"]
    assert (row["现值"], row["名次"], row["参与排名街道"]) == (50, 2, 2)
    assert row["距目标还差"] == "1 个小区"


def test_without_projects_the_lists_say_that_the_register_is_missing(servers, built, tmp_path):
    tables, meta = built
    none = {"plan.projects": tables["plan.projects"].iloc[:0]}
    publish(tmp_path, write_snapshot(tmp_path, tables | none, meta))
    servers.serve(tmp_path)
    view = View(servers.open("profile", sub=[JIANQIAO]))
    assert pd.isna(by_word(view).at["二次供水改造", "现值"])
    assert view.cards["规划项目"].status == "项目登记册待填报"
    assert view.texts("empty") == ["无数据：项目登记册未导入"] * 2


def test_the_map_shows_rivers_toilets_streets_and_dark_spots(planned, sql):
    view = planned.view("profile", (JIANQIAO,))
    assert len(view.layer("toilets")) == single(sql, FIGURES["公共厕所"], JIANQIAO, 2025)
    assert len(view.layer("demonstration-streets")) == 1
    assert [spot["d"] for spot in view.layer("dark-spots")].count(False) == 1
    chosen = [f for f in view.layer("rivers") if f["properties"]["chosen"]]
    assert len(chosen) == single(sql, FIGURES["河道"], JIANQIAO, 2025)


# --- side by side --------------------------------------------------------------------------------


def versus(view):
    """The aligned rows: header, then cells by the row's word."""
    (table,) = [t for root in view.blocks for t in root.iter("table")]
    head, *rows = list(table.iter("tr"))
    return [said(cell) for cell in list(head)[1:]], {
        (row[0].text or "").strip(): list(row)[1:] for row in rows
    }


@pytest.mark.parametrize(
    "codes", [(HUBIN, CAIHE), (HUBIN, CAIHE, JIANQIAO), (HUBIN, CAIHE, JIANQIAO, JIUBAO)]
)
def test_two_to_four_chosen_subdistricts_stand_side_by_side(site, codes):
    view = site.view("profile", codes)
    assert view.failures == []
    assert view.notices == []
    names, rows = versus(view)
    assert len(names) == len(codes)
    assert all(len(cells) == len(codes) for cells in rows.values())
    assert list(rows)[-len(WORDS) :] == WORDS
    assert len(view.rows) == len(WORDS) * len(codes)
    ((dots, _),) = view.charts
    marked = dots[dots["size"] > dots["size"].min()]
    assert set(marked["code"]) == set(codes)
    assert marked["shape"].nunique() == marked["fill"].nunique() == len(codes)


def test_the_comparison_shows_what_the_pages_of_each_show(site):
    codes = (CAIHE, JIANQIAO)
    _, rows = versus(site.view("profile", codes, 2023))
    for position, code in enumerate(codes):
        alone = by_word(site.view("profile", (code,), 2023))
        for word in ("公厕密度", "照明集中控制率", "河道长度"):
            cell = said(rows[word][position])
            value, rank = alone.at[word, "现值"], alone.at[word, "名次"]
            assert f"第 {rank} / 14" in cell
            assert f"{value:.1f}" in cell or f"{value:.2f}" in cell


def test_the_best_of_the_compared_is_named_but_not_where_none_is_better(site):
    _, rows = versus(site.view("profile", (HUBIN, CAIHE, JIANQIAO)))
    best = {word: ["较好" in said(cell) for cell in cells] for word, cells in rows.items()}
    assert best["公厕密度"] == [True, False, False]
    assert best["美丽河湖占比"] == [True, True, False]
    assert best["河道长度"] == [False, False, False]
    _, alike = versus(site.view("profile", (HUBIN, CAIHE)))
    assert not any("较好" in said(cell) for cell in alike["美丽河湖占比"])


def view_of(view):
    """Where the map looks, and what its labels say."""
    state = view.map["initialViewState"]
    labels = [layer for layer in view.map["layers"] if layer["id"].startswith("labels-")]
    return (
        (state["longitude"], state["latitude"], state["zoom"]),
        [row["t"] for layer in labels for row in layer["data"]],
    )


def test_the_map_shows_the_compared_in_the_whole_district_without_names_of_streets(site):
    view = site.view("profile", (HUBIN, DINGLAN))
    place, texts = view_of(view)
    assert place == view_of(site.view("profile", (HUBIN, CAIHE)))[0]
    assert sorted(text.split("\n")[0] for text in texts) == ["■ 湖滨", "◆ 丁兰"]
    assert all("达标" in text for text in texts)
    assert len(view.layer(f"compared-{HUBIN}-{DINGLAN}")) == 2


def test_a_small_subdistrict_has_its_label_beside_it(site, sql):
    view = site.view("profile", (HUBIN, DINGLAN))
    places = sql("SELECT short_name, west, east FROM base.subdistricts").set_index("short_name")
    rows = [row for layer in view.map["layers"] if layer["id"].startswith("labels-")
            for row in layer["data"]]  # fmt: skip
    (lon,) = [row["p"][0] for row in rows if "湖滨" in row["t"]]
    assert lon < places.at["湖滨", "west"]


@pytest.mark.parametrize(
    ("screen", "columns"),
    [(Screen(1920, 1080, is_kiosk=True), 2), (Screen(3840, 2160, is_kiosk=True), 2),
     (Screen(3840, 1080, is_kiosk=True), 3), (Screen(3840, 1080), 2)],
)  # fmt: skip
def test_on_a_wide_low_kiosk_the_map_stands_beside_the_strips(screen, columns):
    shares = column_shares(screen)
    assert len(shares) == columns and sum(shares) == pytest.approx(1)


def test_of_more_than_four_the_first_four_are_compared_and_a_notice_says_so(site):
    view = site.view("profile", (HUBIN, CAIHE, JIANQIAO, DINGLAN, JIUBAO))
    assert view.notices == ["⚠ 并排对比最多 4 个街道，已取所选 5 个中的前 4 个。"]
    names, _ = versus(view)
    assert [name.split(" ")[-1] for name in names] == [
        "湖滨街道",
        "采荷街道",
        "笕桥街道",
        "丁兰街道",
    ]
    assert set(view.rows["街道"]) == {"湖滨街道", "采荷街道", "笕桥街道", "丁兰街道"}


@pytest.mark.parametrize("year", [2025, 2020])
def test_with_none_chosen_the_strongest_and_the_weakest_are_compared(site, sql, year):
    met = {}
    for row in sql("SELECT subdistrict_code, subdistrict_name FROM base.subdistricts").itertuples():
        alone = site.view("profile", (row.subdistrict_code,), year).rows
        met[row.subdistrict_name] = (alone["状况"] == "达标").sum()
    view = site.view("profile", (), year)
    names = {name.split(" ")[-1] for name in versus(view)[0]}
    assert {met[name] for name in names} == {min(met.values()), max(met.values())}
    (note,) = view.texts("compare-note")
    assert all(name in note for name in names)
    assert f"{max(met.values())} / " in note


def test_others_can_be_picked_and_too_few_fall_back_to_the_default(site):
    app = site.open("profile")
    default = versus(View(app))[0]
    app.multiselect(key="profile_compare").set_value([HUBIN, JIUBAO, CAIHE]).run()
    assert [n.split(" ")[-1] for n in versus(View(app))[0]] == ["湖滨街道", "采荷街道", "九堡街道"]
    app.multiselect(key="profile_compare").set_value([HUBIN]).run()
    view = View(app)
    assert view.notices == ["⚠ 请选择 2 至 4 个街道；先显示默认的对比。"]
    assert versus(view)[0] == default


def test_a_compared_subdistrict_opens_on_a_page_of_its_own(site):
    app = site.open("profile", sub=[HUBIN, JIUBAO])
    app.button(key=f"open_{JIUBAO}").click().run()
    assert View(app).title == "街道画像 · 九堡街道"


# --- missing and hostile data --------------------------------------------------------------------


@pytest.mark.parametrize("year", [2025, 2021])
def test_without_registers_nothing_is_said_to_be_zero(bare, year):
    view = bare.view("profile", (JIANQIAO,), year)
    assert view.failures == []
    for label in ("精品示范街", "河道", "公共厕所", "灯具"):
        assert view.cards[label].number is None
    assert view.cards["规划项目"].number is None
    assert view.cards["面积"].number == 20.03
    assert lists(view, "open-list") == []
    assert sentences(view)[:2] == ["无数据", "无数据"]
    assert "灯具、盲区暗点、水质、精品示范街、公厕" in sentences(view)[2]
    assert by_word(view)["现值"].isna().all()
    assert by_word(view)["名次"].isna().all()
    assert set(by_word(view).loc["公厕密度", ["状况"]]) == {"待填报"}
    assert "登记册尚未导入" in view.text
    assert "河道登记册未导入" in view.text


@pytest.mark.parametrize("codes", [(), (HUBIN, JIANQIAO)])
def test_without_registers_the_comparison_says_no_data(bare, codes):
    view = bare.view("profile", codes)
    assert view.failures == []
    names, rows = versus(view)
    assert len(names) == 2
    for word in WORDS:
        assert {said(cell) for cell in rows[word]} <= {"无数据", "规划未列"}
    for word in ("达标指标", "精品示范街", "河道", "公共厕所", "灯具"):
        assert {said(cell) for cell in rows[word]} == {"无数据"}
    if not codes:
        assert "登记册尚未导入" in view.texts("compare-note")[0]


def test_a_subdistrict_without_rows_is_not_ranked_while_the_others_are(servers, built, tmp_path):
    tables, meta = built
    names = ("rivers.reaches", "toilets.toilets", "toilets.coverage_cells", "lighting.yearly",
             "streets.demonstration_streets")  # fmt: skip
    holes = {name: tables[name][tables[name]["subdistrict_code"] != JIANQIAO] for name in names}
    publish(tmp_path, write_snapshot(tmp_path, tables | holes, meta))
    servers.serve(tmp_path)
    view = View(servers.open("profile", sub=[JIANQIAO]))
    assert view.failures == []
    rows = by_word(view)
    assert pd.isna(rows.at["道路照明亮灯率", "名次"])
    assert rows.at["道路照明亮灯率", "参与排名街道"] == 13
    assert rows.at["公厕密度", "名次"] == 14
    assert "○ 无数据：灯具、水质、精品示范街" in "\n".join(sentences(view))
    other = by_word(View(servers.open("profile", sub=[HUBIN])))
    assert other.at["道路照明亮灯率", "参与排名街道"] == 13


@pytest.mark.parametrize("codes", [(JIANQIAO,), (HUBIN, JIANQIAO), ()])
def test_markup_in_names_stays_text(hostile, codes):
    view = hostile.view("profile", codes)
    assert view.failures == []
    assert ATTACK in view.text
    assert [e.tag for root in view.blocks for e in root.iter() if e.tag == "img"] == []
    assert all(e.get("onerror") is None for root in view.blocks for e in root.iter())
