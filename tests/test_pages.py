"""The pages as a user gets them: figures against SQL of our own, maps, charts, tables, notices."""

import html
import os
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from data.snapshot import current_version, publish, snapshot_folder, write_snapshot
from geo.labels import text_size_px
from geo.view import TILE_PX, mercator_y
from tests.reading import APP, ONE, SHOWN, TWO, WHOLE, View, of_rivers, within

TITLES = {
    "overview": "总览",
    "rivers": "美丽河湖",
    "streets": "示范街",
    "toilets": "公共厕所",
    "lighting": "亚运亮灯",
}
THEMES = tuple(page for page in TITLES if page != "overview")
ATTACK = "<img src=x onerror=alert(1)>"

every_page = pytest.mark.parametrize("page", TITLES)
every_place = pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)


@pytest.fixture(autouse=True)
def no_review(monkeypatch):
    monkeypatch.delenv("COCKPIT_MAP_NOTICE", raising=False)


# --- other stores --------------------------------------------------------------------------------


NAMES = {
    "toilets.toilets": ["toilet_name", "street_name"],
    "rivers.rivers": ["river_name"],
    "streets.demonstration_streets": ["street_name"],
    "lighting.projects": ["project_name"],
    "lighting.dark_spots": ["spot_name"],
    "lighting.structure": ["element_name"],
    "lighting.assets": ["place_name"],
    "base.subdistricts": ["short_name", "subdistrict_name"],
}


@pytest.fixture
def hostile(servers, built, tmp_path_factory):
    """Registers in which every name carries markup."""
    tables, meta = built
    spoilt = {
        name: tables[name].assign(
            **{column: tables[name][column].map(lambda text: f"{ATTACK}{text}", na_action="ignore")
               for column in columns}
        )
        for name, columns in NAMES.items()
    }  # fmt: skip
    described = [replace(m, title=m.title + ATTACK, source=m.source + ATTACK) for m in meta]
    folder = tmp_path_factory.mktemp("hostile")
    publish(folder, write_snapshot(folder, tables | spoilt, described))
    servers.serve(folder)
    return servers


@pytest.fixture(scope="module")
def gaps_store(built, tmp_path_factory):
    """Registers with holes: a year without samples or lamps, a subdistrict without anything."""
    tables, meta = built
    quality = tables["rivers.water_quality"]
    toilets = tables["toilets.toilets"]
    yearly = tables["lighting.yearly"]
    holes = {
        "rivers.water_quality": quality[quality["month"].astype(str).str[:4] != "2023"],
        "lighting.yearly": yearly[yearly["year"] != 2023],
        "toilets.toilets": toilets.assign(renewed_year=pd.array([None] * len(toilets), "Int32")),
        "lighting.dark_spots": tables["lighting.dark_spots"].iloc[:0],
    }
    for name in ("rivers.reaches", "toilets.toilets", "toilets.coverage_cells", "lighting.yearly",
                 "lighting.assets", "lighting.projects", "streets.demonstration_streets"):  # fmt: skip
        frame = holes.get(name, tables[name])
        holes[name] = frame[frame["subdistrict_code"] != ONE[0]]
    folder = tmp_path_factory.mktemp("gaps")
    publish(folder, write_snapshot(folder, tables | holes, meta))
    return folder


@pytest.fixture
def gaps(servers, gaps_store):
    servers.serve(gaps_store)
    return servers


@pytest.fixture
def own_store(built_store, tmp_path):
    """A copy of the default build's store, to be damaged."""
    return shutil.copytree(built_store, tmp_path / "store")


# --- our own SQL ---------------------------------------------------------------------------------


def lamp_share(count, kind="true"):
    return f"""
        SELECT 100.0 * sum({count}) / sum(asset_count) FROM lighting.yearly
        WHERE year = {{year}} AND {{here}} AND {kind}
    """


BEAUTIFUL = "(beautiful_level IN ('provincial', 'municipal') AND beautiful_year <= {year})"
OPEN = """
    FROM toilets.toilets
    WHERE opened_year <= {year} AND NOT coalesce(is_social, false) AND {here}
"""
NEAR = """
    SELECT 100 * sum(CASE WHEN walk_m <= 750 THEN area_km2 ELSE 0 END) / sum(area_km2)
    FROM toilets.coverage_cells JOIN toilets.cell_walks USING (cell_id)
    WHERE scope = 'all' AND {year} BETWEEN from_year AND to_year AND {here}
"""
STREETS = "FROM streets.demonstration_streets WHERE {here} AND designation ="
MONTHS = "month >= DATE '{year}-01-01' AND month <= DATE '{year}-12-31'"
REACHES = f"""
    FROM rivers.reaches r SEMI JOIN (FROM rivers.rivers WHERE {BEAUTIFUL}) b USING (river_id)
    WHERE {{here}}
"""

BEAUTIFUL_SHARE = f"""
    SELECT 100.0 * sum(CASE WHEN {BEAUTIFUL} THEN 1 ELSE 0 END) / count(*)
    FROM rivers.rivers WHERE {{rivers}}
"""
CLASS_IV = f"""
    SELECT 100 - 100.0 * sum(CASE WHEN quality_class IN ('Ⅴ', '劣Ⅴ') THEN 1 ELSE 0 END) / count(*)
    FROM rivers.water_quality JOIN rivers.sections USING (section_id)
    WHERE quality_class IS NOT NULL AND {MONTHS} AND {{rivers}}
"""
LENGTH_SHARE = f"""
    SELECT 100 * (SELECT sum(length_m) {REACHES})
           / (SELECT sum(length_m) FROM rivers.reaches WHERE {{here}})
"""
BOUTIQUE_DONE = f"SELECT count(*) {STREETS} 'boutique' AND completed_year <= {{year}}"
DENSITY = f"""
    SELECT (SELECT count(*) {OPEN})
           / (SELECT sum(area_km2) FROM base.subdistricts WHERE {{here}})
"""
SCENERY_SOUND = lamp_share("sound_count", "asset_kind <> 'street_lamp'")
BUILDINGS = """
    SELECT sum(CASE WHEN completed_on <= DATE '{year}-12-31' THEN quantity ELSE 0 END)
    FROM lighting.projects WHERE project_kind = 'building' AND {here}
"""
REPORTED = (
    "SELECT max(value) FROM plan.indicator_values WHERE indicator_no = {} AND year = {{year}}"
)
FIGURES = {
    "overview": {
        "景观照明设施完好率": SCENERY_SOUND,
        "主次干道环卫作业机械化率": REPORTED.format(8),
        "垃圾分类小区和单位覆盖率": REPORTED.format(11),
        "城市河道Ⅳ类以上水质": CLASS_IV,
        "美丽河湖建设": BEAUTIFUL_SHARE,
        "数字城管问题及时解决率": REPORTED.format(23),
    },
    "rivers": {
        "美丽河湖占比": BEAUTIFUL_SHARE,
        "长度覆盖率": LENGTH_SHARE,
    },
    "streets": {
        "精品示范街": BOUTIQUE_DONE,
        "在建": f"""
            SELECT count(*) {STREETS} 'boutique' AND started_year <= {{year}}
            AND (completed_year IS NULL OR completed_year > {{year}})
        """,
        "建成长度": f"""
            SELECT sum(length_m) / 1000 {STREETS} 'boutique' AND completed_year <= {{year}}
        """,
        "新增省级街容示范街": f"""
            SELECT count(*) {STREETS} 'provincial' AND completed_year BETWEEN 2021 AND {{year}}
        """,
        "省级街容示范街": f"SELECT count(*) {STREETS} 'provincial' AND completed_year <= {{year}}",
    },
    "toilets": {
        "公共厕所": f"SELECT count(*) {OPEN}",
        "公厕密度": DENSITY,
        "十分钟如厕圈覆盖": NEAR,
        "规划期提升改造": f"SELECT count(*) {OPEN} AND renewed_year BETWEEN 2021 AND {{year}}",
        "无障碍设施": f"SELECT 100 * avg(has_accessible::INTEGER) {OPEN}",
        "女厕位 : 男厕位": f"SELECT sum(women_stalls) / sum(men_stalls) {OPEN}",
    },
    "lighting": {
        "道路照明亮灯率": lamp_share("lit_count", "asset_kind = 'street_lamp'"),
        "功能照明设施完好率": lamp_share("sound_count", "asset_kind = 'street_lamp'"),
        "景观照明设施完好率": SCENERY_SOUND,
        "照明集中控制率": lamp_share("controlled_count"),
        "亚运亮灯楼宇": BUILDINGS,
        "盲区暗点消除": """
            SELECT CASE WHEN count(*) > 0 THEN sum(CASE WHEN fixed_on <= DATE '{year}-12-31' THEN 1 ELSE 0 END) END
            FROM lighting.dark_spots WHERE found_on <= DATE '{year}-12-31' AND {here}
        """,
    },
}
TABLES = {
    "overview": "SELECT count(*) FROM base.subdistricts WHERE {here}",
    "rivers": "SELECT count(*) FROM rivers.rivers WHERE {rivers}",
    "streets": "SELECT count(*) FROM streets.demonstration_streets WHERE {here}",
    "toilets": "SELECT count(*) FROM base.subdistricts WHERE {here}",
    "lighting": """SELECT count(DISTINCT (place_name, subdistrict_name)) FROM lighting.assets
                   WHERE installed_year <= {year} AND {here}""",
}


@pytest.fixture(scope="module")
def ask(sql):
    """The one value of a statement under a filter; None where it is missing."""

    def value(text, codes=WHOLE, year=2025):
        filled = text.format(year=year, here=within(codes), rivers=of_rivers(codes))
        found = sql(filled).iat[0, 0]
        return None if pd.isna(found) else float(found)

    return value


# --- every page ----------------------------------------------------------------------------------


@every_page
def test_a_page_opens_with_title_filter_figures_map_charts_and_table(site, page):
    view = site.view(page)
    assert view.failures == []
    assert view.title.startswith(TITLES[page])
    assert view.sentence == "全区 14 个街道 · 截至 2025 年底"
    assert len(view.cards) >= 5
    assert len(view.texts("legend")) == 1
    assert view.map["layers"]
    assert len(view.charts) >= (1 if page == "overview" else 2)
    assert len(view.rows) > 0
    assert view.notices == []
    assert view.texts("empty") == []
    assert all(view.texts("findings"))


@every_page
@pytest.mark.parametrize(
    ("codes", "year"), [*SHOWN.values(), (WHOLE, 2020), (WHOLE, 2022)],
    ids=[*SHOWN, "whole 2020", "whole 2022"],
)  # fmt: skip
def test_cards_show_what_sql_finds_in_the_files(site, ask, page, codes, year):
    view = site.view(page, codes, year)
    assert view.failures == []
    assert view.sentence.endswith(f"截至 {year} 年底")
    for label, statement in FIGURES[page].items():
        expected = ask(statement, codes, year)
        if expected is None and label == "建成长度":
            continue  # told apart below: nothing built is not nothing known
        assert view.cards[label].agrees(expected), (label, view.cards[label].value, expected)


def test_no_street_built_is_a_length_of_zero(site):
    cards = site.view("streets", year=2020).cards
    assert cards["精品示范街"].number == 0
    assert cards["建成长度"].number == 0


@every_page
@every_place
def test_the_table_has_the_rows_that_sql_counts(site, ask, page, codes, year):
    view = site.view(page, codes, year)
    expected = ask(TABLES[page], codes, year)
    assert len(view.rows) == expected
    assert any(caption.value.startswith(f"共 {expected:,.0f} 行") for caption in view.app.caption)


@every_page
@every_place
def test_bars_compare_all_14_subdistricts_and_mark_the_chosen(site, page, codes, year):
    bars = site.view(page, codes, year).bars
    assert len(bars) == 14
    assert bars.index.is_unique
    assert set(bars.index[bars["chosen"].astype(bool)]) == set(codes)
    known = bars["value"].dropna()
    assert known.is_monotonic_decreasing
    assert bars["value"].isna().to_list() == sorted(bars["value"].isna())


@pytest.mark.parametrize(
    ("page", "statement"),
    [
        ("overview", BEAUTIFUL_SHARE),
        ("rivers", LENGTH_SHARE),
        ("toilets", NEAR),
        ("lighting", FIGURES["lighting"]["道路照明亮灯率"]),
    ],
)
def test_each_bar_is_the_figure_of_its_subdistrict(site, ask, page, statement):
    for code, bar in site.view(page, WHOLE, 2022).bars.iterrows():
        assert bar["value"] == pytest.approx(ask(statement, (code,), 2022) or 0, abs=1e-4), bar[
            "name"
        ]


MEASURES = {
    "beautiful": BEAUTIFUL_SHARE,
    "quality": CLASS_IV,
    "density": DENSITY,
    "lit": FIGURES["lighting"]["道路照明亮灯率"],
    "sound": FIGURES["lighting"]["功能照明设施完好率"],
    "scenery": SCENERY_SOUND,
    "control": FIGURES["lighting"]["照明集中控制率"],
    "walk": NEAR,
    "accessible": FIGURES["toilets"]["无障碍设施"],
    "beautiful_length": LENGTH_SHARE,
    "river_length": "SELECT sum(length_m) / 1000 FROM rivers.reaches WHERE {here}",
}
DEFAULT_MEASURE = "beautiful"


@pytest.mark.parametrize("measure", MEASURES)
def test_the_address_names_the_measure_of_the_overview(site, ask, measure):
    view = View(site.open(measure=measure, year="2022"))
    assert view.failures == []
    assert view.notices == []
    assert view.app.selectbox(key="overview_measure").value == measure
    assert len(view.bars) == 14
    for code, bar in view.bars.iterrows():
        expected = ask(MEASURES[measure], (code,), 2022) or 0
        assert bar["value"] == pytest.approx(expected, abs=1e-4), bar["name"]


def test_choosing_a_measure_writes_it_into_the_address_and_the_address_leads_back(site, ask):
    app = site.open()
    assert asked(app, "measure") == []
    whole = app.selectbox(key="overview_measure").select("density").run()
    assert asked(app, "measure") == ["density"]
    assert View(whole).failures == []
    assert "公厕密度" in View(whole).texts("legend")[0]
    assert View(whole).bars.at[ONE[0], "value"] == pytest.approx(ask(DENSITY, ONE), abs=1e-4)
    # A step back takes the key off again.
    del app.query_params["measure"]
    view = View(app.run())
    assert app.selectbox(key="overview_measure").value == DEFAULT_MEASURE
    assert view.bars.equals(site.view().bars)


@pytest.mark.parametrize("measure", ["none-such", "公厕密度", "", ATTACK])
def test_an_unknown_measure_is_ignored_with_a_notice(site, measure):
    view = View(site.open(measure=measure))
    assert view.failures == []
    (notice,) = view.notices
    assert f"地图指标“{measure}”不存在，已忽略" in notice
    assert view.app.selectbox(key="overview_measure").value == DEFAULT_MEASURE
    assert view.bars.equals(site.view().bars)


@pytest.mark.parametrize(
    ("page", "title", "statement"),
    [
        ("rivers", "美丽河湖占比", BEAUTIFUL_SHARE),
        ("rivers", "美丽河湖覆盖率", LENGTH_SHARE),
        ("streets", "建成精品示范街", BOUTIQUE_DONE),
        ("lighting", "集中控制率", FIGURES["lighting"]["照明集中控制率"]),
    ],
)
def test_each_point_of_a_trend_is_the_figure_of_its_year(site, ask, page, title, statement):
    (trend,) = [f for f, alt in site.view(page, TWO, 2025).charts if "year" in f and title in alt]
    assert list(trend["year"]) == [str(year) for year in range(2020, 2026)]
    for point in trend.itertuples():
        expected = ask(statement, TWO, int(point.year))
        assert point.value == pytest.approx(expected, abs=1e-4), point.year
    assert list(trend["now"].astype(bool)) == [False] * 5 + [True]


def test_a_target_says_how_many_are_missing(site):
    share = site.view("rivers").cards["美丽河湖占比"]
    assert share.value == "79.4"
    assert "◐ 接近" in share.status
    assert "＞80%" in share.status
    assert "还差 1 条" in share.status


@pytest.mark.parametrize(("codes", "year"), [SHOWN["one"], SHOWN["two"]], ids=["one", "two"])
def test_targets_of_the_whole_district_are_not_held_against_its_parts(site, codes, year):
    assert "基期" not in site.view("rivers", codes, year).text
    assert "目标" not in site.view("streets", codes, year).cards["新增省级街容示范街"].status
    assert "454" not in site.view("toilets", codes, year).cards["公共厕所"].status


@pytest.mark.parametrize("year", [2020, 2021, 2022])
@pytest.mark.parametrize("page", ["streets", "lighting"])
def test_no_card_counts_below_zero(site, page, year):
    for card in site.view(page, year=year).cards.values():
        assert not re.search(r"(?<!\d)-\d", card.value + card.status), card


# --- maps ----------------------------------------------------------------------------------------


@every_place
def test_the_rivers_map_holds_every_reach(site, ask, codes, year):
    reaches = site.view("rivers", codes, year).layer("rivers")
    assert len(reaches) == ask("SELECT count(*) FROM rivers.reaches")
    chosen = [r for r in reaches if r["properties"]["chosen"]]
    assert len(chosen) == ask("SELECT count(*) FROM rivers.reaches WHERE {here}", codes)
    done = [r for r in chosen if r["properties"]["state"] != "none"]
    assert len(done) == ask(f"SELECT count(*) {REACHES}", codes, year)


@every_place
def test_the_streets_map_holds_every_mapped_street(site, ask, codes, year):
    features = site.view("streets", codes, year).layer("demonstration-streets")
    mapped = "SELECT count(*) FROM streets.demonstration_streets WHERE is_mapped AND {here}"
    assert len(features) == ask(mapped, codes)


LAMPS = "SELECT count(*) FROM lighting.assets WHERE installed_year <= {year} AND {here}"


@pytest.mark.parametrize(("codes", "year"), [(WHOLE, 2020), SHOWN["whole"]])
def test_cells_of_the_lighting_map_hold_every_lamp(site, ask, codes, year):
    cells = site.view("lighting", codes, year).layer("lamp-cells")
    assert sum(cell["n"] for cell in cells) == ask(LAMPS, codes, year)
    assert len(cells) > 50


@pytest.mark.parametrize(("codes", "year"), [SHOWN["one"], SHOWN["two"]])
def test_the_lighting_map_of_few_subdistricts_holds_single_lamps(site, ask, codes, year):
    view = site.view("lighting", codes, year)
    assert len(view.layer("lamps")) == ask(LAMPS, codes, year)
    assert {lamp["k"] for lamp in view.layer("lamps")} == {"f", "s", "u"}


@every_place
def test_the_lighting_map_holds_every_project(site, ask, codes, year):
    view = site.view("lighting", codes, year)
    projects = "SELECT count(*) FROM lighting.projects WHERE {here}"
    assert len(view.layer("projects")) == ask(projects, codes)


def test_the_overview_map_fills_the_14_subdistricts_and_fades_those_not_chosen(site):
    fills = {
        f["properties"]["subdistrict_code"]: f["properties"]["fill"]
        for f in site.view("overview", TWO, 2025).layer("subdistricts")
    }
    assert len(fills) == 14
    strong = min(fills[code][3] for code in TWO)
    assert all(fill[3] < strong for code, fill in fills.items() if code not in TWO)


@every_page
@every_place
def test_the_map_shows_the_chosen_place(site, sql, page, codes, year):
    state = site.view(page, codes, year).map["initialViewState"]
    west, south, east, north = sql(
        "SELECT min(west), min(south), max(east), max(north) FROM base.subdistricts "
        f"WHERE {within(codes)}"
    ).iloc[0]
    assert west < state["longitude"] < east
    assert south < state["latitude"] < north
    assert state["zoom"] >= site.view(page).map["initialViewState"]["zoom"]


@every_page
def test_another_year_does_not_move_the_map(site, page):
    first, last = (site.view(page, WHOLE, year).map["initialViewState"] for year in (2020, 2025))
    assert first == last


@every_page
def test_the_map_needs_nothing_from_the_internet(site, page):
    (chart,) = site.view(page).app.get("deck_gl_json_chart")
    assert "http" not in chart.proto.json
    assert "carto" not in chart.proto.json.lower()
    for layer in site.view(page).map["layers"]:
        for address in (layer.get("data"), layer.get("image")):
            if isinstance(address, str):
                assert (APP.parent / address.removeprefix("app/")).is_file()


def label_boxes(view, zoom):
    """Labels of a map and where they lie on the screen at a zoom."""
    world = TILE_PX * 2**zoom
    found = []
    for layer in view.map["layers"]:
        for row in layer["data"] if layer["@@type"] == "TextLayer" else []:
            (lon, lat), (dx, dy) = row["p"], row["o"]
            x, y = lon / 360 * world + dx, -mercator_y(lat) * world + dy
            right, down = (side / 2 for side in text_size_px(row["t"], layer["getSize"]))
            found.append((row["t"], shapely.box(x - right, y - down, x + right, y + down)))
    return found


@pytest.mark.parametrize(
    ("page", "codes", "year"),
    [
        pytest.param(
            page, *SHOWN[place], id=f"{page} {place}",
        )
        for page in TITLES
        for place in SHOWN
    ],
)  # fmt: skip
def test_no_label_of_a_map_covers_another_however_far_one_zooms_in(site, page, codes, year):
    view = site.view(page, codes, year)
    covered = []
    for deeper in (0, 0.5, 1, 2, 4):
        labels = label_boxes(view, view.map["initialViewState"]["zoom"] + deeper)
        assert len(labels) >= 14
        covered += [
            (deeper, a, b)
            for i, (a, box_a) in enumerate(labels)
            for b, box_b in labels[:i]
            if box_a.intersection(box_b).area > 1
        ]
    assert covered == []


# --- the table's search --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "wanted", "statement"),
    [
        ("overview", "湖滨", "SELECT count(*) FROM base.subdistricts WHERE short_name = '湖滨'"),
        ("rivers", "干流", "SELECT count(*) FROM rivers.rivers WHERE rank = 'trunk'"),
        ("streets", "省级街容示范街", "SELECT count(*) FROM streets.demonstration_streets "
         "WHERE designation = 'provincial'"),
        ("toilets", "采荷", "SELECT count(*) FROM base.subdistricts WHERE short_name = '采荷'"),
        ("lighting", "庆春路 小营街道", "SELECT count(DISTINCT place_name) FROM lighting.assets "
         "WHERE contains(place_name, '庆春路') AND subdistrict_name = '小营街道'"),
    ],
)  # fmt: skip
def test_search_narrows_the_table(site, ask, page, wanted, statement):
    app = site.open(page)
    key = {"toilets": "search_circle", "lighting": "search_lighting_places"}.get(
        page, f"search_{page}"
    )
    view = View(app.text_input(key=key).set_value(wanted).run())
    assert view.failures == []
    found = ask(statement)
    assert 0 < len(view.rows) == found < len(site.view(page).rows)
    assert any(c.value.startswith(f"找到 {found:.0f} /") for c in view.app.caption)


def test_a_search_without_result_says_so_in_place(site):
    app = site.open("toilets")
    view = View(app.text_input(key="search_circle").set_value("没有这个地方 .*").run())
    assert view.failures == []
    assert len(view.rows) == 0
    assert view.texts("empty") == ["无数据：没有符合搜索的行"]
    assert len(view.cards) == len(site.view("toilets").cards)
    (button,) = view.app.get("download_button")
    assert button.proto.disabled


# --- the address ---------------------------------------------------------------------------------


def asked(app, key):
    """What the address asks for under a key."""
    value = app.query_params.get(key, [])
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("query", "sentence", "notices"),
    [
        ({"sub": "999"}, "全区 14 个街道 · 截至 2025 年底", ["999"]),
        ({"sub": ["330102003", "999"]}, "湖滨街道 · 截至 2025 年底", ["999"]),
        ({"sub": "330102003,330102004"}, "全区 14 个街道 · 截至 2025 年底", ["330102003,330102004"]),
        ({"sub": ATTACK}, "全区 14 个街道 · 截至 2025 年底", [ATTACK]),
        ({"year": "1999"}, "全区 14 个街道 · 截至 2025 年底", ["“1999”"]),
        ({"year": "2022.0"}, "全区 14 个街道 · 截至 2025 年底", ["2022.0"]),
        ({"sub": "330102003", "year": "3000"}, "湖滨街道 · 截至 2025 年底", ["3000"]),
        ({"sub": "x", "year": "y"}, "全区 14 个街道 · 截至 2025 年底", ["“x”", "“y”"]),
        ({"rotate": "-1"}, "全区 14 个街道 · 截至 2025 年底", ["“-1”"]),
    ],
)  # fmt: skip
def test_what_the_address_asks_in_vain_is_ignored_with_a_notice(site, query, sentence, notices):
    view = View(site.open(**query))
    assert view.failures == []
    assert view.sentence == sentence
    assert len(view.notices) == len(notices)
    assert all(word in notice for word, notice in zip(notices, view.notices, strict=True))
    assert len(view.cards) == len(site.view().cards)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            {"sub": ["330102012", "330102003"], "year": "2021"},
            "湖滨街道、采荷街道 · 截至 2021 年底",
        ),
        ({"sub": ["330102003", "330102003"]}, "湖滨街道 · 截至 2025 年底"),
        ({"year": ""}, "全区 14 个街道 · 截至 2025 年底"),
        ({"year": "2025"}, "全区 14 个街道 · 截至 2025 年底"),
        ({"theme": "light"}, "全区 14 个街道 · 截至 2025 年底"),
        ({"theme": "blue"}, "全区 14 个街道 · 截至 2025 年底"),
        ({"unknown": "1", "kiosk": "x"}, "全区 14 个街道 · 截至 2025 年底"),
    ],
)
def test_the_address_is_understood_without_a_notice(site, query, sentence):
    view = View(site.open("streets", **query))
    assert view.failures == []
    assert view.sentence == sentence
    assert view.notices == []


@pytest.mark.parametrize(
    "year", ["２０２２", "02022", "9" * 5000], ids=["full width", "02022", "long"]
)
def test_a_strange_year_is_ignored_with_a_notice(site, year):
    view = View(site.open(year=year))
    assert view.failures == []
    assert view.sentence.endswith("截至 2025 年底")
    assert len(view.notices) == 1


def test_the_filter_goes_along_from_page_to_page(site):
    app = site.open(sub="330102003", year="2021")
    for page in THEMES:
        view = View(app.switch_page(f"views/{page}.py").run())
        assert view.failures == []
        assert view.title.startswith(TITLES[page])
        assert view.sentence == "湖滨街道 · 截至 2021 年底"


def test_the_filter_bar_changes_page_and_address(site):
    app = site.open("toilets")
    view = View(app.multiselect(key="pick_sub").select("330102003").run())
    assert view.sentence == "湖滨街道 · 截至 2025 年底"
    assert asked(app, "sub") == ["330102003"]
    view = View(app.selectbox(key="pick_year").select(2021).run())
    assert view.sentence == "湖滨街道 · 截至 2021 年底"
    assert asked(app, "year") == ["2021"]
    view = View(app.multiselect(key="pick_sub").select("330102001").run())
    assert view.sentence == "清波街道、湖滨街道 · 截至 2021 年底"
    view = View(app.button(key="crumb").click().run())
    assert view.sentence == "全区 14 个街道 · 截至 2021 年底"
    assert asked(app, "sub") == []
    assert not any(button.key == "crumb" for button in app.button)


def test_the_theme_switch_changes_colours_and_nothing_else(site):
    app = site.open(sub="330102003")
    before = View(app)
    was, cards, rows = before.map, before.cards, before.rows
    after = View(app.button(key="theme_switch").click().run())
    assert asked(app, "theme") in (["light"], ["dark"])
    assert after.failures == []
    assert after.sentence == "湖滨街道 · 截至 2025 年底"
    assert after.cards == cards
    assert after.rows.equals(rows)
    assert after.map["initialViewState"] == was["initialViewState"]
    assert [a["id"] for a in after.map["layers"]] == [b["id"] for b in was["layers"]]
    assert after.map != was


def picking():
    """A page on which a click stands for one on the map or a chart."""
    import streamlit as st

    from ui.session import toggle_subdistrict

    st.multiselect("sub", ["01", "03", "04"], key="sub", bind="query-params")
    for code in ("01", "03"):
        st.button(code, key=code, on_click=toggle_subdistrict, args=(code,))


@pytest.mark.parametrize(
    ("before", "clicks", "after"),
    [
        ([], ["03"], ["03"]),
        ([], ["03", "03"], []),
        ([], ["03", "01"], ["01"]),
        (["01", "04"], ["01"], ["01"]),
        (["01", "04"], ["03"], ["03"]),
        (["03"], ["03"], []),
    ],
)
def test_a_click_shows_one_subdistrict_alone_and_a_second_click_all(before, clicks, after):
    app = AppTest.from_function(picking)
    if before:
        app.query_params["sub"] = before
    app.run()
    for code in clicks:
        app.button(key=code).click().run()
    assert app.session_state["sub"] == after
    assert asked(app, "sub") == after


# --- where the figures come from -----------------------------------------------------------------


@every_page
def test_the_foot_names_sources_coordinates_and_map_review(site, page):
    foot = site.view(page).foot
    for words in ("来源：", "OpenStreetMap", "“十四五”规划", "示例", "坐标系 CGCS2000", "未经审图",
                  "推定", "v00001"):  # fmt: skip
        assert words in foot


@every_page
def test_map_and_head_carry_the_review_line(site, page):
    view = site.view(page)
    assert all("未经审图" in text for text in [*view.texts("map-note"), *view.texts("head-note")])
    assert view.texts("map-note")
    assert "OpenStreetMap" in view.texts("map-note")[0]


def test_the_number_of_a_reviewed_map_takes_the_place_of_the_warning(site, monkeypatch):
    monkeypatch.setenv("COCKPIT_MAP_NOTICE", "审图号：浙S(2026)001号")
    view = View(site.open("rivers"))
    for text in (view.foot, *view.texts("map-note"), *view.texts("head-note")):
        assert "审图号：浙S(2026)001号" in text
        assert "未经审图" not in text


@every_page
def test_sample_figures_wear_their_tag_and_the_head_says_so(site, page):
    view = site.view(page)
    assert all(card.is_sample for card in view.cards.values())
    assert "示例" in view.texts("head-note")[0]
    assert "示例" in view.foot
    if "数据性质" in view.rows:
        assert set(view.rows["数据性质"]) == {"示例"}


def test_a_register_takes_off_the_tag(servers, built, tmp_path):
    tables, meta = built
    registered = {
        name: tables[name].assign(source_kind="register")
        for name in tables
        if name.startswith("toilets.") and name != "toilets.spacing_limits"
    }
    described = [
        replace(m, source_kind="register", source="环卫中心公厕台账", as_of="2026-03")
        if m.dataset in registered
        else m
        for m in meta
    ]
    publish(tmp_path, write_snapshot(tmp_path, tables | registered, described))
    servers.serve(tmp_path)
    view = servers.view("toilets")
    assert view.failures == []
    assert not any(card.is_sample for card in view.cards.values())
    assert "示例" not in view.text
    assert "登记册（公共厕所、" in view.foot and "）：环卫中心公厕台账，2026-03" in view.foot
    assert set(view.rows["数据性质"]) == {"登记册"}
    cards = servers.view("overview").cards
    assert all(card.is_sample for card in cards.values())


# --- without registers ---------------------------------------------------------------------------


@every_page
@pytest.mark.parametrize(("codes", "year"), [(WHOLE, 2025), (ONE, 2020)], ids=["whole", "one"])
def test_without_registers_every_figure_says_so_and_none_is_zero(bare, page, codes, year):
    view = bare.view(page, codes, year)
    assert view.failures == []
    assert len(view.cards) >= 5
    for card in view.cards.values():
        assert card.value == "无数据", card
        assert not card.is_sample
        if "目标" in card.status:
            assert "○ 待填报" in card.status
    assert "示例" not in view.text
    assert not re.search(r"(?<![\d.])0(\.0+)? ?(条|座|处|%|km|盏)", view.text)


@every_page
def test_without_registers_charts_and_tables_say_no_data_in_place(bare, page):
    view = bare.view(page)
    assert view.charts == []
    assert len(view.texts("empty")) >= (1 if page == "overview" else 2)
    assert all(text.startswith("无数据") for text in view.texts("empty"))
    assert len(view.rows) == (14 if page == "overview" else 0)
    assert view.map["layers"]


def test_without_registers_the_plan_still_speaks(bare):
    assert "＞80%" in bare.view("rivers").cards["美丽河湖占比"].status
    assert "≥14 条" in bare.view("streets").cards["精品示范街"].status
    assert "“十四五”规划" in bare.view("overview").foot


# --- registers with holes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "missing"),
    [
        ("overview", ["城市河道Ⅳ类以上水质", "景观照明设施完好率"]),
        ("rivers", ["Ⅳ类及以上断面（12 月）"]),
        (
            "lighting",
            ["道路照明亮灯率", "功能照明设施完好率", "景观照明设施完好率", "照明集中控制率"],
        ),
    ],
)
def test_a_year_without_records_has_no_data_and_the_years_beside_it_have(gaps, page, missing):
    view = gaps.view(page, year=2023)
    assert view.failures == []
    assert {card.label for card in view.cards.values() if card.number is None} >= set(missing)
    beside = gaps.view(page, year=2024)
    assert all(beside.cards[label].number is not None for label in missing)


def test_a_year_without_records_leaves_a_gap_in_the_trend(gaps):
    view = View(gaps.open("rivers", show="quality", year="2023"))
    (trend,) = [f for f, alt in view.charts if "Ⅳ类" in alt and "逐月" in alt]
    years = {when[:4] for when in trend["when"]}
    assert "2023" not in years and {"2022", "2024"} <= years


@every_page
def test_a_subdistrict_without_records_has_a_page_without_failure(gaps, page):
    view = gaps.view(page, ONE)
    assert view.failures == []
    assert view.sentence == "笕桥街道 · 截至 2025 年底"
    assert len(view.bars) == 14
    value = view.bars.at[ONE[0], "value"]
    assert pd.isna(value) or (page == "toilets" and value == 0)


def test_a_subdistrict_and_a_year_without_records_have_no_chart(gaps):
    view = gaps.view("lighting", ONE, 2023)
    assert view.failures == []
    assert all(card.number is None for card in view.cards.values())
    assert view.charts == []
    assert len(view.rows) == 0
    assert len(view.texts("empty")) >= 3


def test_a_subdistrict_without_toilets_has_none(gaps):
    cards = gaps.view("toilets", ONE).cards
    assert cards["公共厕所"].number in (0, None)
    assert cards["公厕密度"].number in (0, None)
    assert cards["无障碍设施"].number is None


@pytest.mark.parametrize("page", ["rivers", "streets"])
def test_a_subdistrict_without_rows_is_not_a_register_not_imported(gaps, page):
    assert "尚未导入" not in gaps.view(page, ONE).text


def test_rivers_off_the_map_still_count(servers, built, tmp_path):
    tables, meta = built
    rivers = tables["rivers.rivers"].assign(is_mapped=False, geometry_json=None)
    flat = {"rivers.rivers": rivers, "rivers.reaches": tables["rivers.reaches"].iloc[:0]}
    publish(tmp_path, write_snapshot(tmp_path, tables | flat, meta))
    servers.serve(tmp_path)
    for page, label in (("overview", "美丽河湖建设"), ("rivers", "美丽河湖占比")):
        view = servers.view(page)
        assert view.failures == []
        assert view.cards[label].value == "79.4"
    assert servers.view("rivers").cards["长度覆盖率"].number is None


# --- names that carry markup ---------------------------------------------------------------------


def test_markup_in_names_stays_text_on_every_page(hostile):
    for page in TITLES:
        view = hostile.view(page, TWO, 2022)
        assert view.failures == []
        assert ATTACK in view.sentence
        assert ATTACK in view.foot
        bodies = [block.proto.body for block in view.app.get("html")]
        assert not any("<img" in body for body in bodies)
        assert any(html.escape(ATTACK) in body for body in bodies)
        assert not any(e.allow_html for e in [*view.app.markdown, *view.app.caption])


# --- stores that are not as they should be -------------------------------------------------------


def garble(folder, version, name="toilets.duckdb"):
    """Garbage of the right size in one file of a version."""
    path = snapshot_folder(folder, version) / name
    path.write_bytes(os.urandom(path.stat().st_size))


def add_version(folder):
    """Another version as a copy of the first, not yet pointed at."""
    shutil.copytree(snapshot_folder(folder, 1), snapshot_folder(folder, 2))


def point_at(folder, text):
    """Move the pointer by hand, without the checks of publish."""
    (folder / "CURRENT.new").write_text(text)
    os.replace(folder / "CURRENT.new", folder / "CURRENT")


def test_without_a_store_the_app_builds_one(servers, built, tmp_path, site, monkeypatch):
    monkeypatch.setattr(
        "data.build.build_tables", lambda with_sample: built if with_sample else None
    )
    default = site.view("overview").cards
    servers.serve(tmp_path / "not" / "there")
    view = servers.view("overview")
    assert view.failures == []
    assert view.cards == default
    assert current_version(tmp_path / "not" / "there") == 1


def test_where_no_store_can_be_built_the_app_says_why(servers, built, tmp_path, monkeypatch):
    monkeypatch.setattr("data.build.build_tables", lambda **_: built)
    (tmp_path / "store").write_text("a file where the folder should be")
    servers.serve(tmp_path / "store")
    app = servers.open()
    assert not app.exception
    assert re.search("[\u4e00-\u9fff]", app.error[0].value)


def test_a_store_with_nothing_but_a_half_written_snapshot_says_what_to_do(servers, tmp_path):
    (tmp_path / "v00001").mkdir()
    (tmp_path / "v00001" / "base.duckdb").write_bytes(b"half")
    servers.serve(tmp_path)
    app = servers.open()
    assert not app.exception
    (error,) = app.error
    assert "没有可用的数据快照" in error.value
    assert "python -m data build" in error.value


def test_a_draft_left_behind_by_a_writer_is_no_snapshot(servers, tmp_path, built_store):
    shutil.copytree(built_store, tmp_path / "store")
    (tmp_path / "store" / ".draft-0123456789ab").mkdir()
    servers.serve(tmp_path / "store")
    view = servers.view()
    assert view.failures == []
    assert view.notices == []


DAMAGES = {
    "garbage": (lambda folder: garble(folder, 2), "校验和不符"),
    "no manifest": (lambda folder: (snapshot_folder(folder, 2) / "manifest.json").unlink(), "缺少清单"),
    "file missing": (lambda folder: (snapshot_folder(folder, 2) / "rivers.duckdb").unlink(), "缺少文件"),
    "cut off": (lambda folder: (snapshot_folder(folder, 2) / "base.duckdb").write_bytes(b""), "大小不符"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "is_running"),
    [*((damage, True) for damage in DAMAGES), ("garbage", False), ("no manifest", False)],
)
def test_a_damaged_snapshot_is_refused_and_the_last_good_one_serves(
    servers, own_store, site, damage, is_running
):
    expected = site.view("streets").cards
    spoil, reason = DAMAGES[damage]
    add_version(own_store)
    spoil(own_store)
    servers.restart(own_store)
    if is_running:
        assert View(servers.open("streets")).notices == []
    point_at(own_store, "v00002\n")
    view = View(servers.open("streets"))
    assert view.failures == []
    assert view.cards == expected
    (notice,) = view.notices
    assert "v00002" in notice
    assert reason in notice
    assert "v00001" in notice
    assert "v00001" in view.foot


@pytest.mark.parametrize("pointer", ["v00009\n", "", "../../etc"])
def test_a_pointer_that_names_no_snapshot_is_told_and_the_last_one_serves(
    servers, own_store, site, pointer
):
    expected = site.view("streets").cards
    point_at(own_store, pointer)
    servers.restart(own_store)
    view = View(servers.open("streets"))
    assert view.failures == []
    assert view.cards == expected
    (notice,) = view.notices
    assert "v00001" in notice


def test_a_sound_new_snapshot_is_served_at_the_next_click_without_a_notice(servers, own_store):
    servers.restart(own_store)
    app = servers.open("streets")
    assert "v00001" in View(app).foot
    add_version(own_store)
    point_at(own_store, "v00002\n")
    view = View(app.run())
    assert view.failures == []
    assert view.notices == []
    assert "v00002" in view.foot


def test_a_snapshot_repaired_after_its_refusal_is_served(servers, own_store):
    add_version(own_store)
    garble(own_store, 2)
    point_at(own_store, "v00002\n")
    servers.restart(own_store)
    app = servers.open("streets")
    assert len(View(app).notices) == 1
    shutil.rmtree(snapshot_folder(own_store, 2))
    add_version(own_store)
    point_at(own_store, "v00002\n")
    view = View(app.run())
    assert view.notices == []
    assert "v00002" in view.foot


def test_with_every_snapshot_damaged_the_app_says_what_to_do(servers, own_store):
    garble(own_store, 1, "base.duckdb")
    servers.restart(own_store)
    app = servers.open()
    assert not app.exception
    (error,) = app.error
    assert "base.duckdb" in error.value
    assert "python -m data build" in error.value
    assert len(app.get("deck_gl_json_chart")) == 0
