"""Search: what is in the index, what finds it, and how the pages show what was chosen."""

import html
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data.build import build_tables
from data.contracts import SEARCH_KINDS
from data.frames import contract_frame
from data.pinyin import MOST_READINGS, readings
from data.search import clause_words, normalised, search_table
from data.snapshot import publish, write_snapshot
from data.store import Store
from queries.loader import query
from tests.reading import View
from ui import search as search_ui
from ui.search import MOST_RESULTS, search

ATTACK = "<img src=x onerror=alert(1)>"
XINTANG = ("river", "新塘河")
HUBIN, JIANQIAO = "330102003", "330102016"


@pytest.fixture(scope="module")
def index(built_tables):
    return built_tables["base.search_entries"]


@pytest.fixture(scope="module")
def snapshot(built_store):
    store = Store(built_store)
    with store.reading() as opened:
        yield opened
    store.close()


@pytest.fixture
def find(snapshot):
    """What a typed text finds, as (kind, name)."""
    return lambda text: [
        (found["kind"], found["name"]) for found in search(snapshot, normalised(text))[0]
    ]


def places_index(names):
    """An index of places of these names and nothing else."""
    place = {"place_group": "甲", "place_kind": "乙", "clause": "annex.1", "note": None,
             "lon": None, "lat": None, "geometry_json": None, "source_kind": "plan"}  # fmt: skip
    return search_table({"plan.places": pd.DataFrame([place | {"place_name": n} for n in names])})


def find_among(names, text):
    """Names that a text finds among these, best first."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA base")
    connection.register("made", places_index(names))
    connection.execute("CREATE TABLE base.search_entries AS SELECT * FROM made")
    params = {"wanted": normalised(text), "most": 50}
    return list(connection.execute(query("search").sql, params).df()["entry_name"])


# --- the index -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("subdistrict", "SELECT subdistrict_name AS name FROM base.subdistricts"),
        ("river", "SELECT river_name AS name FROM rivers.rivers"),
        ("street", "SELECT street_name AS name FROM streets.streets "
         "UNION SELECT street_name FROM streets.demonstration_streets"),
        ("toilet", "SELECT toilet_name AS name FROM toilets.toilets"),
        ("project", "SELECT project_name AS name FROM plan.projects"),
        ("clause", "SELECT title AS name FROM plan.clauses"),
        ("indicator", "SELECT indicator_name AS name FROM plan.indicators"),
        ("place", "SELECT DISTINCT place_name AS name FROM plan.places"),
    ],
)  # fmt: skip
def test_everything_with_a_name_has_one_entry(index, sql, kind, statement):
    assert sorted(index[index["entry_kind"] == kind]["entry_name"]) == sorted(
        sql(statement)["name"]
    )


def test_every_kind_of_the_contract_has_a_word_and_a_page():
    assert set(SEARCH_KINDS) == set(search_ui.SEARCH_KINDS) == set(search_ui._PAGES)


@pytest.mark.parametrize(
    ("kind", "mapped"),
    [
        ("river", "SELECT river_id AS id FROM rivers.rivers WHERE geometry_json IS NOT NULL"),
        ("toilet", "SELECT toilet_id AS id FROM toilets.toilets"),
        ("street", "SELECT DISTINCT street_name AS id FROM streets.streets"),
        ("project", "SELECT project_id AS id FROM plan.projects WHERE is_mapped"),
        ("place", "SELECT DISTINCT place_name AS id FROM plan.places WHERE is_mapped"),
    ],
)
def test_what_is_on_the_map_has_a_box_and_nothing_else_has(index, sql, kind, mapped):
    entries = index[index["entry_kind"] == kind]
    assert set(entries[entries["west"].notna()]["entry_id"]) == set(sql(mapped)["id"])


def test_a_box_lies_in_the_district_and_is_not_inside_out(index):
    boxed = index[index["west"].notna()]
    assert boxed["west"].between(119.9, 120.5).all()
    assert boxed["south"].between(30.0, 30.6).all()
    assert (boxed["west"] <= boxed["east"]).all()
    assert (boxed["south"] <= boxed["north"]).all()


def test_a_river_names_the_subdistricts_it_crosses(index, sql):
    (entry,) = index[index["entry_name"] == "新塘河"].itertuples()
    reaches = sql(
        "SELECT subdistrict_code FROM rivers.reaches JOIN rivers.rivers USING (river_id) "
        "WHERE river_name = '新塘河'"
    )
    assert entry.subdistrict_codes.split() == sorted(reaches["subdistrict_code"])
    assert "望江" in entry.detail


def test_a_demonstration_street_says_so_and_wears_the_source_that_says_it(index):
    (entry,) = index[index["entry_name"] == "南山路"].itertuples()
    assert "精品示范街" in entry.detail
    assert entry.source_kind == "sample"


def test_a_demonstration_street_called_by_an_alias_is_found_as_the_street_it_is(built_tables):
    path = "streets.demonstration_streets"
    called = built_tables[path].head(1).assign(street_name="南宋御街")
    entries = search_table(built_tables | {path: called}, ("street",)).set_index("entry_id")
    assert "南宋御街" not in entries.index
    assert entries.loc["中山中路", "aliases"] == "南宋御街"
    assert "精品示范街" in entries.loc["中山中路", "detail"]


def test_an_alias_of_a_street_that_the_map_lacks_is_no_entry(built_tables):
    path = "streets.streets"
    fewer = built_tables[path][built_tables[path]["street_name"] != "中山中路"]
    parts = built_tables["streets.segments"]
    parts = parts[parts["street_id"].isin(fewer["street_id"])]
    tables = built_tables | {path: fewer, "streets.segments": parts}
    assert (
        not search_table(tables, ("street",))["aliases"].fillna("").str.contains("南宋御街").any()
    )


def test_without_registers_the_plan_and_the_geography_are_found():
    tables, _ = build_tables(with_sample=False)
    kinds = set(tables["base.search_entries"]["entry_kind"])
    assert {"subdistrict", "street", "clause", "indicator", "place"} <= kinds
    assert not kinds & {"river", "toilet"}


def test_a_name_in_two_groups_of_places_is_one_entry():
    assert list(places_index(["运河", "运河"])["entry_id"]) == ["运河"]


# --- pinyin --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "initials", "pinyin"),
    [
        ("新塘河", "xth", "xintanghe"),
        ("闸弄口街道", "znkjd", "zhanongkoujiedao"),
        ("闸弄口街道", "zlkjd", "zhalongkoujiedao"),
        ("长堤明苑", "cdmy", "changdimingyuan"),
        ("长堤明苑", "zdmy", "zhangdimingyuan"),
        ("重机巷", "cjx", "chongjixiang"),
        ("重机巷", "zjx", "zhongjixiang"),
        ("朝晖路", "chl", "chaohuilu"),
        ("朝晖路", "zhl", "zhaohuilu"),
        ("银行弄", "yhn", "yinhangnong"),
        ("都锦生路", "djsl", "dujinshenglu"),
        ("石桥", "sq", "shiqiao"),
        ("笕桥", "jq", "jianqiao"),
        ("七堡路", "qbl", "qibaolu"),
        ("七堡路", "qpl", "qipulu"),
        ("绿谷巷", "lgx", "lvguxiang"),
        ("绿谷巷", "lgx", "luguxiang"),
        ("艮山西路", "gsxl", "genshanxilu"),
        ("3+x人机清扫", "3xrjqs", "3xrenjiqingsao"),
        ("“桶长制”", "tzz", "tongzhangzhi"),
        ("公厕 2", "gc2", "gongce2"),
    ],
)
def test_a_name_is_read_in_every_everyday_way(name, initials, pinyin):
    found_initials, found_pinyin = readings(normalised(name))
    assert initials in found_initials
    assert pinyin in found_pinyin


def test_readings_are_bounded_and_the_beginning_keeps_its_own():
    initials, pinyin = readings("长重行朝弄堡会调巷单")
    assert len(initials) == len(set(initials)) <= MOST_READINGS
    assert {found[:2] for found in initials} >= {"cz", "cc", "zz", "zc"}
    assert len(pinyin) <= MOST_READINGS


@pytest.mark.parametrize("name", ["", "“”·", "😀", "\ud7ff", "<b>&amp;", "ＡＢＣ１２"])
def test_strange_names_have_readings_too(name):
    for found in readings(normalised(name)):
        assert all(isinstance(text, str) for text in found)


# --- what is typed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        (" 新 塘\u3000河\t", "新塘河"),
        ("ＸＴＨ", "xth"),
        ("XinTangHe", "xintanghe"),
        ("lü", "lv"),
        ("４．３．５", "4.3.5"),
        ("Ⅳ类", "iv类"),
        ("  ", ""),
        ("白石港（新塘路—艮山东路）", "白石港(新塘路-艮山东路)"),
        ("清\u200b泰\x00街", "清泰街"),
        ("河\ud800道", "河道"),
    ],
)
def test_what_is_typed_is_made_plain(typed, compared):
    assert normalised(typed) == compared


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("4.3.5", "4.3.5"),
        ("box2", "专栏 2"),
        ("table1", "表 1"),
        ("annex.5", "附录 5"),
        ("annex", "附录"),
    ],
)
def test_clauses_are_named_as_people_name_them(clause, words):
    assert clause_words(clause) == words


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("xth", XINTANG),
        ("XTH", XINTANG),
        ("ｘｔｈ", XINTANG),
        ("x t h", XINTANG),
        ("新塘", XINTANG),
        ("新塘河", XINTANG),
        ("xintanghe", XINTANG),
        ("xintangh", XINTANG),
        ("XinTang He", XINTANG),
        ("三号港（艮山东路—引水河）", ("project", "三号港（艮山东路-引水河）整治工程")),
        ("盛世钱塘一期", ("project", "盛世钱塘（一期）")),
        ("znk", ("subdistrict", "闸弄口街道")),
        ("zlk", ("subdistrict", "闸弄口街道")),
        ("hubin", ("subdistrict", "湖滨街道")),
        ("330102003", ("subdistrict", "湖滨街道")),
        ("南山路", ("street", "南山路")),
        ("南宋御街", ("street", "中山中路")),
        ("秋石高架", ("street", "秋石高架路")),
        ("4.3.5", ("clause", "持续开展美丽河湖创建")),
        ("４．３．５", ("clause", "持续开展美丽河湖创建")),
        ("专栏2", ("clause", "专栏 2 上城区“十四五”期间河道建设项目表")),
        ("桶长制", ("clause", "“桶长制”")),
        ("19", ("indicator", "美丽河湖建设")),
        ("指标19", ("indicator", "美丽河湖建设")),
        ("指标 １９", ("indicator", "美丽河湖建设")),
        ("城市河道Ⅳ类", ("indicator", "城市河道Ⅳ类以上水质")),
        ("清波四宜亭公厕", ("toilet", "清波四宜亭公厕")),
        ("三色预警", ("clause", "加强河道水质监控")),
        ("四区三轴", ("clause", "“四区三轴伴两湖”")),
        ("湖滨商圈", ("place", "湖滨商圈")),
    ],
)
def test_a_text_finds_first_what_is_meant(find, text, first):
    assert find(text)[0] == first


@pytest.mark.parametrize(
    "text", ["", "   ", "没有这个名字", "%", "_", "'", '"', "\\", ATTACK, "x" * 5000]
)
def test_a_text_that_no_name_holds_finds_nothing(snapshot, text):
    assert search(snapshot, normalised(text)) == ([], 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%", ["百分之50%"]),
        ("_", ["下_线"]),
        ("'", ["单'引"]),
        ('"', ['双"引']),
        ("\\", ["反\\斜"]),
        ("0%", ["百分之50%"]),
        ("*", []),
        ("' or 1=1 --", []),
    ],
)
def test_signs_are_taken_as_they_are(text, found):
    names = ["百分之50%", "下_线", "单'引", '双"引', "反\\斜", "平常"]
    assert find_among(names, text) == found


def test_the_nearer_the_match_the_higher_it_stands():
    exact, prefix, part = "甬江", "甬江桥", "小甬江"
    initials, initials_prefix, initials_part = "杨家", "杨家村", "大杨家"
    names = [part, initials_part, prefix, initials_prefix, exact, initials]
    assert find_among(names, "甬江") == [exact, prefix, part]
    assert find_among(names, "yj")[:2] == ["杨家", "甬江"]
    assert find_among(names, "yj")[2:] == ["杨家村", "甬江桥", "大杨家", "小甬江"]
    assert find_among(names, "yangjia") == ["杨家", "杨家村", "大杨家"]


def test_one_kind_does_not_crowd_out_the_others(find):
    kinds = [kind for kind, _ in find("湖滨")]
    assert kinds[0] == "subdistrict"
    assert {"street", "place", "toilet"} <= set(kinds)


def test_no_more_than_a_dozen_are_listed_and_all_are_counted(snapshot, sql):
    results, found_count = search(snapshot, "公厕")
    assert len(results) == MOST_RESULTS
    named = sql("SELECT count(*) FROM toilets.toilets WHERE contains(toilet_name, '公厕')").iat[
        0, 0
    ]
    assert found_count >= named > MOST_RESULTS


# --- the box on the page -------------------------------------------------------------------------


@pytest.fixture
def typed(site, monkeypatch):
    """Opens a page on which the browser's side of the box says what was typed and chosen."""
    shown = {}

    def component(**mounted):
        import streamlit as st

        shown.update(mounted["data"])
        st.button("choose", key="choose", on_click=mounted["on_chosen_change"])

    monkeypatch.setattr(search_ui, "component", lambda name: component)

    def open_page(page="overview", text=None, chosen=None, **address):
        shown.clear()
        app = site.open(page, **address)
        app.session_state["search"] = {"text": text, "chosen": chosen}
        app.run()
        return app, dict(shown)

    return open_page


def choose(app):
    return View(app.button(key="choose").click().run())


def test_every_page_has_the_box(site):
    for page in ("overview", "rivers", "toilets", "indicators", "projects", "profile"):
        view = site.view(page)
        assert view.failures == []
        names = [c.proto.component_name for c in view.app.get("bidi_component")]
        assert "cockpit_search" in names


def test_the_box_lists_what_is_found(typed):
    app, shown = typed(text=" XTH ")
    assert View(app).failures == []
    first = shown["results"][0]
    assert (first["kind"], first["word"], first["name"]) == ("river", "河道", "新塘河")
    assert first["isSample"]
    assert shown["text"] == " XTH "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ["可搜索", "河道", "xth"]),
        ("", ["可搜索"]),
        (17, ["可搜索"]),
        ("没有这个", ["没有找到“没有这个”", "可搜索"]),
        (ATTACK, [f"没有找到“{ATTACK}”"]),
        ("公厕", ["显示前 12 项"]),
    ],
)
def test_the_box_says_what_can_be_searched_and_what_was_not_found(typed, text, words):
    app, shown = typed(text=text)
    assert View(app).failures == []
    assert all(word in shown["note"] for word in words)


@pytest.mark.parametrize(
    ("chosen", "title", "address"),
    [
        ({"kind": "river", "id": "R09"}, "美丽河湖", {"item": ["river:R09"]}),
        ({"kind": "street", "id": "南山路"}, "示范街", {"item": ["street:南山路"]}),
        ({"kind": "toilet", "id": "C003"}, "公共厕所", {"item": ["toilet:C003"]}),
        ({"kind": "place", "id": "湖滨商圈"}, "总览", {"item": ["place:湖滨商圈"]}),
        ({"kind": "clause", "id": "4.3.5"}, "规划指标", {"clause": ["4.3.5"]}),
        ({"kind": "indicator", "id": "19"}, "规划指标", {"indicator": ["19"]}),
        ({"kind": "subdistrict", "id": HUBIN}, "街道画像", {"sub": [HUBIN]}),
    ],
)
def test_choosing_goes_to_the_page_that_shows_it(typed, chosen, title, address):
    app, _ = typed(chosen=chosen, year="2022")
    view = choose(app)
    assert view.failures == []
    assert view.title.startswith(title)
    assert asked(app) == address | {"year": ["2022"]}


@pytest.mark.parametrize(
    "chosen",
    [None, "river:R09", {}, {"kind": "river"}, {"kind": "river", "id": 9}, {"kind": [], "id": "x"},
     {"kind": "river", "id": "R99"}, {"kind": "nothing", "id": "R09"}, {"kind": None, "id": None}],
)  # fmt: skip
def test_what_is_not_in_the_index_cannot_be_chosen(typed, chosen):
    app, _ = typed("toilets", chosen=chosen)
    view = choose(app)
    assert view.failures == []
    assert view.title.startswith("公共厕所")
    assert asked(app) == {}


@pytest.mark.parametrize(
    ("sub", "kept"), [(HUBIN, []), ("330102010", ["330102010"])], ids=["elsewhere", "crossed"]
)
def test_a_choice_outside_the_chosen_subdistricts_shows_the_whole_district(typed, sub, kept):
    app, _ = typed("rivers", chosen={"kind": "river", "id": "R09"}, sub=sub)
    view = choose(app)
    assert view.texts("focus")[0].startswith("新塘河")
    assert asked(app).get("sub", []) == kept


def test_the_item_in_focus_can_be_chosen_again(typed):
    app, _ = typed("rivers", chosen={"kind": "river", "id": "R09"}, item="river:R09", sub=HUBIN)
    view = choose(app)
    assert view.texts("focus")[0].startswith("新塘河")
    assert asked(app) == {"item": ["river:R09"]}


def asked(app):
    """What the address asks for, every value in a list."""
    found = {key: app.query_params[key] for key in app.query_params}
    return {key: [value] if isinstance(value, str) else value for key, value in found.items()}


# --- the item in focus ---------------------------------------------------------------------------

MAP_PAGES = ("overview", "rivers", "streets", "toilets", "lighting")
on_every_map = pytest.mark.parametrize("page", MAP_PAGES)


@on_every_map
@pytest.mark.parametrize(
    "item", ["river:R09", "toilet:C003", "street:南山路", f"subdistrict:{HUBIN}"]
)
def test_the_map_of_every_page_flies_to_the_item_and_names_it(site, index, page, item):
    view = View(site.open(page, item=item))
    kind, entry_id = item.split(":")
    (entry,) = index[(index["entry_kind"] == kind) & (index["entry_id"] == entry_id)].itertuples()
    assert view.failures == []
    assert view.notices == []
    left, top, right, foot = view.from_middle_px((entry.west, entry.south, entry.east, entry.north))
    # The map of the rivers is the smallest, with the months under it.
    assert -430 < left <= right < 430 and -320 < top <= foot < 320
    state = view.map["initialViewState"]
    assert state["zoom"] > site.view(page).map["initialViewState"]["zoom"] + 0.5
    assert view.layer("focus") == view.layer("focus-halo") != []
    labels = [row["t"] for layer in view.map["layers"] if layer["@@type"] == "TextLayer"
              for row in layer["data"]]  # fmt: skip
    assert labels.count(entry.entry_name) == 1
    (card,) = view.texts("focus")
    assert card.startswith(entry.entry_name)
    # Rivers and toilets have cards of their own on their pages, which tell the same at length.
    parts = entry.detail.split(" · ")[:2]
    told = view.text if (page, kind) in (("rivers", "river"), ("toilets", "toilet")) else card
    assert all(name in told for part in parts for name in part.split("、"))


def test_an_item_from_a_sample_register_wears_its_tag(site):
    assert "示例" in View(site.open("rivers", item="river:R09")).texts("focus")[0]
    assert "示例" not in View(site.open("rivers", item="street:丁衙巷")).texts("focus")[0]


@on_every_map
def test_an_item_off_the_map_says_so_and_the_map_stays(site, page):
    view = View(site.open(page, item="street:临丁路"))
    assert view.failures == []
    assert "未上图" in view.texts("focus")[0]
    assert view.map["initialViewState"] == site.view(page).map["initialViewState"]
    assert not any(layer["id"].startswith("focus") for layer in view.map["layers"])


@pytest.mark.parametrize(
    "item",
    ["river:R99", "river", "river:", ":R09", "R09", "clause:4.3.5", "indicator:19", "boat:R09",
     "river:R09:x", "river:R09' OR '1'='1", ATTACK, "：", "x" * 5000],
    ids=lambda item: item[:12],
)  # fmt: skip
def test_an_item_that_is_not_known_is_ignored_with_a_notice(site, item):
    app = site.open("rivers", item=item, year="2022")
    view = View(app)
    assert view.failures == []
    assert view.texts("focus") == []
    (notice,) = view.notices
    assert "定位" in notice
    assert len(notice) < 100
    assert asked(app) == {"year": ["2022"]}
    assert view.map["initialViewState"] == site.view("rivers").map["initialViewState"]


def test_an_empty_item_is_no_item(site):
    view = View(site.open("rivers", item=""))
    assert view.failures == []
    assert view.notices == view.texts("focus") == []


def test_the_button_takes_the_item_off(site):
    app = site.open("streets", item="river:R09", year="2022")
    view = View(app.button(key="focus_off_streets").click().run())
    assert view.failures == []
    assert view.texts("focus") == []
    assert asked(app) == {"year": ["2022"]}
    assert view.map["initialViewState"] == site.view("streets").map["initialViewState"]


def test_another_year_keeps_the_item_and_other_subdistricts_take_it_off(site):
    app = site.open("rivers", item="river:R09")
    before = View(app).map["initialViewState"]
    view = View(app.selectbox(key="pick_year").select(2021).run())
    assert view.texts("focus")[0].startswith("新塘河")
    assert view.map["initialViewState"] == before
    view = View(app.multiselect(key="pick_sub").select(JIANQIAO).run())
    assert view.texts("focus") == []
    assert asked(app) == {"sub": [JIANQIAO], "year": ["2021"]}
    there = site.view("rivers", (JIANQIAO,)).map["initialViewState"]
    assert view.map["initialViewState"] == there


def test_an_item_and_a_filter_in_one_address_are_both_shown(site):
    view = View(site.open("rivers", item="river:R09", sub=JIANQIAO))
    assert view.sentence.startswith("笕桥街道")
    assert view.texts("focus")[0].startswith("新塘河")


def test_without_registers_a_street_is_still_shown(bare):
    view = View(bare.open("rivers", item="street:南山路"))
    assert view.failures == []
    assert view.texts("focus")[0].startswith("南山路")
    assert View(bare.open("rivers", item="river:R09")).notices != []


PROJECT = {
    "project_kind": "road", "implementing_body": "区城管局", "is_mapped": True, "clause": "box1",
    "quantity": 1, "unit": "条", "source_kind": "plan",
}  # fmt: skip
LINE = '{"type":"LineString","coordinates":[[120.17,30.25],[120.18,30.26]]}'


@pytest.fixture(scope="module")
def filled_store(built, tmp_path_factory):
    """A store whose plan has projects, a place on the map and a term explained."""
    tables, meta = built
    projects = [
        PROJECT | {"project_id": "Q1", "project_name": "甲路修缮", "geometry_json": LINE},
        PROJECT | {"project_id": "Q2", "project_name": "乙泵站", "lon": 120.2, "lat": 30.3,
                   "subdistrict_code": JIANQIAO, "subdistrict_name": "笕桥街道"},
        PROJECT | {"project_id": "Q3", "project_name": "丙苑", "is_mapped": False},
    ]  # fmt: skip
    places = tables["plan.places"].copy()
    places.loc[places["place_name"] == "城站", ["is_mapped", "lon", "lat"]] = [True, 120.18, 30.24]
    term = {"term_no": 7, "term": "垃圾桶长", "explanation": "逐桶负责", "clause": "annex.7",
            "source_kind": "plan"}  # fmt: skip
    changed = {
        **tables,
        "plan.projects": contract_frame("plan.projects", projects),
        "plan.places": places,
        "plan.glossary": contract_frame("plan.glossary", [term]),
    }
    changed["base.search_entries"] = search_table(changed)
    folder = tmp_path_factory.mktemp("filled")
    publish(folder, write_snapshot(folder, changed, meta))
    return folder


@pytest.mark.parametrize(
    ("text", "kind", "name", "detail"),
    [
        ("jlxs", "project", "甲路修缮", "区城管局 · 规划 专栏 1 · Q1"),
        ("乙泵", "project", "乙泵站", "笕桥街道 · 区城管局 · 规划 专栏 1 · Q2"),
        ("垃圾桶长", "clause", "“桶长制”", "附录 7 · 附录 名词解释"),
        ("逐桶", "clause", "“桶长制”", "附录 7 · 附录 名词解释"),
    ],
)
def test_projects_and_terms_are_found(filled_store, text, kind, name, detail):
    store = Store(filled_store)
    with store.reading() as opened:
        first = search(opened, normalised(text))[0][0]
    store.close()
    assert (first["kind"], first["name"], first["detail"]) == (kind, name, detail)


@pytest.mark.parametrize(
    ("item", "shape", "middle"),
    [
        ("project:Q1", "LineString", (120.175, 30.255)),
        ("project:Q2", "Point", (120.2, 30.3)),
        ("place:城站", "Point", (120.18, 30.24)),
    ],
)
def test_projects_and_places_are_shown_on_the_map(servers, filled_store, item, shape, middle):
    servers.serve(filled_store)
    view = View(servers.open("overview", item=item))
    assert view.failures == view.notices == []
    (feature,) = view.layer("focus")
    assert feature["geometry"]["type"] == shape
    state = view.map["initialViewState"]
    assert (state["longitude"], state["latitude"]) == pytest.approx(middle, abs=1e-4)


def test_a_project_without_a_position_is_never_placed(servers, filled_store):
    servers.serve(filled_store)
    view = View(servers.open("overview", item="project:Q3"))
    assert "未上图" in view.texts("focus")[0]
    assert not any(layer["id"].startswith("focus") for layer in view.map["layers"])


# --- names that carry markup ---------------------------------------------------------------------


def test_markup_in_a_name_stays_text(servers, built, tmp_path, monkeypatch):
    tables, meta = built
    rivers = tables["rivers.rivers"]
    spoilt = rivers.assign(river_name=rivers["river_name"].map(lambda name: ATTACK + name))
    changed = {**tables, "rivers.rivers": spoilt}
    changed["base.search_entries"] = search_table(changed)
    publish(tmp_path, write_snapshot(tmp_path, changed, meta))
    servers.serve(tmp_path)
    view = View(servers.open("rivers", item="river:R09"))
    assert view.failures == []
    assert view.texts("focus")[0].startswith(f"{ATTACK}新塘河")
    bodies = [block.proto.body for block in view.app.get("html")]
    assert not any("<img" in body for body in bodies)
    assert any(html.escape(ATTACK) in body for body in bodies)
    store = Store(tmp_path)
    with store.reading() as opened:
        results, _ = search(opened, normalised(ATTACK))
    store.close()
    assert {found["name"] for found in results} <= set(spoilt["river_name"])
    assert len(results) == MOST_RESULTS


def test_the_browser_side_never_writes_markup():
    folder = Path(search_ui.__file__).parent
    script = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("shared.js", "search.js")
    )
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert word not in script
