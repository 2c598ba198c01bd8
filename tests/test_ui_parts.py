"""What pages are put together from: cards, sentences, tables and exports, the map's JSON."""

import codecs
import csv
import io
import json
import math
from xml.etree import ElementTree

import pandas as pd
import pydeck as pdk
import pytest
import streamlit as st

from data.status import Target
from ui import basemap, cards, findings
from ui.cards import Figure
from ui.charts import Measure, spoken_value
from ui.deck import CompactDeck, JsonRows
from ui.tables import FLAG_WORDS, TableColumn, csv_bytes, guard_formula, readable, search_rows
from ui.text import data_note, map_notice, number
from ui.theme import DARK

ATTACK = '<img src=x onerror="alert(1)">'
NAN = math.nan
SHARE = Target(">", 80, "%", "table1")
DENSITY = Target(">=", 4, "座/km²", "table1")
STREETS = Target(">=", 14, "条", "table1")


@pytest.fixture
def blocks(monkeypatch):
    """The HTML blocks written to the page, in order."""
    written = []
    monkeypatch.setattr(st, "html", lambda body, **_: written.append(body))
    return written


def tree(body):
    """A block as a tree; fails where a tag is left open or crosses another."""
    return ElementTree.fromstring(body.replace("&nbsp;", "\u00a0").replace("<br>", "<br/>"))


def said(element):
    """The text of an element and all below it."""
    return "".join(element.itertext()).strip()


def part(root, name):
    """Text of the only element with a class name (also beside other classes)."""
    (found,) = [e for e in root.iter() if name in e.get("class", "").split()]
    return said(found)


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (0.0, 1, "0.0"),
        (7, 0, "7"),
        (1234567, 0, "1,234,567"),
        (73.875, 1, "73.9"),
        (-12.5, 1, "-12.5"),
        (99.96, 1, "100.0"),
        (0.004, 2, "0.00"),
        (True, 0, "1"),
    ],
)
def test_numbers_have_thousands_separators_and_fixed_digits(value, digits, text):
    assert number(value, digits) == text


@pytest.mark.parametrize("value", [None, NAN, float("nan")])
def test_a_missing_number_is_said_to_be_missing(value):
    assert number(value, 1) == "无数据"
    assert number(value, 1, "—") == "—"


@pytest.mark.parametrize(
    ("value", "unit", "spoken"),
    [
        (79.36, "%", "79.4%"),
        (3.8, "座/km²", "3.8 座/km²"),
        (None, "%", "无数据"),
        (NAN, "条", "无数据"),
    ],
)
def test_a_value_is_spoken_with_its_unit(value, unit, spoken):
    assert spoken_value(value, Measure("x", "指标", unit, 1)) == spoken


def test_the_map_notice_is_that_of_the_reviewed_map_once_there_is_one(monkeypatch):
    monkeypatch.delenv("COCKPIT_MAP_NOTICE", raising=False)
    assert "未经审图" in map_notice()
    monkeypatch.setenv("COCKPIT_MAP_NOTICE", "审图号：浙S(2026)001号")
    assert map_notice() == "审图号：浙S(2026)001号"
    assert data_note(2024) == "数据截至 2024-12 · 审图号：浙S(2026)001号"


# --- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("平常的话", "平常的话"),
        ("共 **63 条**河道，**28 条**建成", "共 <b>63 条</b>河道，<b>28 条</b>建成"),
        ("", ""),
        ("****", "****"),
        ("**没有结尾", "**没有结尾"),
        ("a*b*c", "a*b*c"),
        (ATTACK, "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"),
        ("**<b>甲</b>**", "<b>&lt;b&gt;甲&lt;/b&gt;</b>"),
        ("甲 & 乙", "甲 &amp; 乙"),
        ("</li></ul><script>", "&lt;/li&gt;&lt;/ul&gt;&lt;script&gt;"),
    ],
)
def test_only_what_stands_between_stars_becomes_bold(text, html):
    assert cards.strong(text) == html


@pytest.mark.parametrize("goal", ["＞80%", "≥14 条", "≤45 分钟", "≥4 座/km²"])
def test_a_target_is_kept_on_one_line(goal):
    root = tree(f"<p>{cards.strong(f'占 **79.4%**（目标 {goal}），还差')}</p>")
    assert said(root) == f"占 79.4%（目标 {goal}），还差"
    assert part(root, "whole") == goal.split(" ")[0]


def test_a_target_may_itself_be_bold():
    root = tree(f"<p>{cards.strong('目标为 **＞80%** 的占比')}</p>")
    assert said(root) == "目标为 ＞80% 的占比"


def test_findings_are_a_list_in_which_names_stay_text(blocks):
    cards.findings(["一 **甲**", f"街道 **{ATTACK}** 最低"])
    root = tree(blocks[0])
    assert [said(item) for item in root.iter("li")] == ["一 甲", f"街道 {ATTACK} 最低"]
    assert [said(bold) for bold in root.iter("b")] == ["甲", ATTACK]


def test_a_number_and_its_unit_stay_on_one_line(blocks):
    cards.findings(["缺口 **丁兰** 5.2 km²，**454 座**、**3.79** 座/km²"])
    assert "丁兰</b> 5.2\u00a0km²" in blocks[0]
    assert "<b>454\u00a0座</b>、<b>3.79</b>\u00a0座/km²" in blocks[0]


@pytest.mark.parametrize(
    "write",
    [
        lambda: cards.block_title(ATTACK, ATTACK),
        lambda: cards.lines([(ATTACK, ATTACK), ("甲", "1 座")]),
        lambda: cards.empty(ATTACK),
        lambda: cards.findings([ATTACK]),
        lambda: cards.figures([Figure(ATTACK, 1, ATTACK, detail=ATTACK, definition=ATTACK)]),
        lambda: cards.figures([Figure(ATTACK, None, when_empty=ATTACK, is_sample=True)]),
        lambda: cards.figures([Figure("甲", 1, target=Target("=", 1, ATTACK, ATTACK))]),
    ],
    ids=["heading", "lines", "empty", "findings", "figure", "missing figure", "target"],
)
def test_markup_in_any_text_stays_text(blocks, write):
    write()
    (body,) = blocks
    assert "<img" not in body
    root = tree(body)
    assert not list(root.iter("img"))
    assert "<img src=x" in said(root)


def test_nothing_to_show_says_so_in_place(blocks):
    cards.empty()
    cards.empty("没有符合搜索的行")
    assert said(tree(blocks[0])).startswith("无数据")
    assert said(tree(blocks[1])) == "无数据：没有符合搜索的行"


# --- figures -------------------------------------------------------------------------------------


def shown(blocks, *figures):
    """The figures as trees."""
    cards.figures(figures)
    return [e for e in tree(blocks[-1]).iter() if e.get("class") == "figure"]


def test_a_figure_shows_label_value_unit_status_target_and_detail(blocks):
    (card,) = shown(
        blocks,
        Figure("美丽河湖占比", 79.365, "%", 1, SHARE, detail="还差 1 条", definition="条数之比"),
    )
    assert part(card, "label") == "美丽河湖占比"
    assert part(card, "value") == "79.4%"
    assert part(card, "status") == "◐ 接近 目标 ＞80% · 还差 1 条"
    assert card.get("title") == "条数之比"


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({"definition": "条数之比"}, "note"),
        ({"pick": "19"}, "button"),
        ({"pick": "19", "definition": "条数之比"}, "button"),
        ({}, None),
    ],
)
def test_keys_and_fingers_reach_a_card_that_has_something_to_say(blocks, given, role):
    (card,) = shown(blocks, Figure("占比", 80, "%", **given))
    assert card.get("role") == role
    assert card.get("tabindex") == (role and "0")
    assert card.get("title") == given.get("definition")


@pytest.mark.parametrize(
    ("value", "status"), [(80.1, "● 达标"), (76, "◐ 接近"), (0, "▲ 未达标"), (None, "○ 待填报")]
)
def test_status_is_said_by_shape_and_word(blocks, value, status):
    (card,) = shown(blocks, Figure("占比", value, "%", 1, SHARE))
    assert part(card, "status").startswith(status)


@pytest.mark.parametrize("value", [None, NAN], ids=["none", "nan"])
def test_a_missing_value_is_no_data_and_never_zero(blocks, value):
    (card,) = shown(blocks, Figure("公共厕所", value, "座", detail="当年 3 座"))
    assert part(card, "value") == "无数据"
    assert not any(digit in said(card) for digit in "0123456789")


@pytest.mark.parametrize("value", [0, 0.0])
def test_zero_is_shown_as_zero(blocks, value):
    (card,) = shown(blocks, Figure("在建", value, "条", detail="已开工"))
    assert part(card, "value") == "0条"
    assert part(card, "status") == "已开工"


def test_what_stands_in_place_of_the_detail_shows_only_without_a_value(blocks):
    empty, full = shown(
        blocks,
        Figure("楼宇", None, detail="甲", when_empty="没有该类项目"),
        Figure("楼宇", 3, detail="甲", when_empty="没有该类项目"),
    )
    assert (part(empty, "status"), part(full, "status")) == ("没有该类项目", "甲")


def test_only_sample_figures_wear_the_tag(blocks):
    sample, real = shown(blocks, Figure("甲", 1, is_sample=True), Figure("乙", 2))
    assert part(sample, "sample") == "示例"
    assert "示例" not in said(real)


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (Figure("甲", 1), None),
        (Figure("甲", None), None),
        (Figure("甲", 81, target=SHARE), "met"),
        (Figure("甲", None, target=SHARE), "unreported"),
        (Figure("甲", NAN, target=SHARE), "unreported"),
        (Figure("甲", 13, target=SHARE, compared=100 * 13 / 14), "met"),
        (Figure("甲", 100, target=SHARE, compared=0), "missed"),
    ],
)
def test_the_status_compares_the_value_or_the_one_given_for_it(figure, status):
    assert figure.status == status


def test_no_figures_are_an_empty_strip(blocks):
    assert shown(blocks) == []


# --- search --------------------------------------------------------------------------------------

TOILETS = pd.DataFrame(
    {
        "公厕": ["湖滨路 1 号公厕", "ＧＡＴＥ公厕", "Gate B (2)", "清波.公厕*", "南山路公厕"],
        "街道": ["湖滨街道", "小营街道", "小营街道", "清波街道", "清波街道"],
        "星级": [3, 4, 5, 3, 2],
        "启用年份": [2021, 1998, 2013, 2000, 2009],
    },
    index=[10, 20, 30, 40, 50],
)
GAPS = TOILETS.assign(
    街道=["湖滨街道", None, "小营街道", None, None], 启用年份=[2021.0, NAN, 2013.0, NAN, NAN]
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", [10, 20, 30, 40, 50]),
        ("   ", [10, 20, 30, 40, 50]),
        ("\u3000", [10, 20, 30, 40, 50]),
        ("公厕", [10, 20, 40, 50]),
        ("湖滨", [10]),
        ("gate", [20, 30]),
        ("GATE", [20, 30]),
        ("ｇａｔｅ", [20, 30]),
        ("小营 gate", [20, 30]),
        ("gate　小营", [20, 30]),
        ("小营 5", [30]),
        ("公厕 3", [10, 40]),
        ("２０２１", [10]),
        ("湖滨 小营", []),
        ("(2)", [30]),
        ("（2）", [30]),
        ("清波.", [40]),
        ("*", [40]),
        (".*", []),
        ("[", []),
        ("\\", []),
        ("没有这个", []),
        (ATTACK, []),
        ("湖滨街道小营", []),
    ],
)
def test_search_finds_rows_that_hold_every_word(wanted, found):
    assert list(search_rows(TOILETS, wanted).index) == found


def test_search_leaves_the_rows_as_they_are():
    before = TOILETS.copy()
    assert search_rows(TOILETS, "湖滨").equals(TOILETS.loc[[10]])
    assert TOILETS.equals(before)


@pytest.mark.parametrize("wanted", ["", "湖滨"])
@pytest.mark.parametrize("frame", [TOILETS.iloc[:0], pd.DataFrame()], ids=["no rows", "nothing"])
def test_search_in_nothing_finds_nothing(frame, wanted):
    assert search_rows(frame, wanted).empty


@pytest.mark.parametrize(("wanted", "found"), [("湖滨", [10]), ("公厕 4", [20]), ("没有", [])])
def test_search_passes_over_missing_cells(wanted, found):
    assert list(search_rows(GAPS, wanted).index) == found


@pytest.mark.parametrize("wanted", ["nan", "NaN"])
def test_search_does_not_find_a_missing_number_by_its_name_in_the_program(wanted):
    assert search_rows(GAPS[["公厕", "启用年份"]], wanted).empty


# --- tables and exports --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 571", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "=", "-",
     "=cmd|' /C calc'!A0", " =1", "\n=1", "＝1+1", "\u3000@x"],
)  # fmt: skip
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert guard_formula(text) == "'" + text


@pytest.mark.parametrize(
    "value", ["湖滨路", "", " ", "1-2", "a=b", "'=1", -5, -0.5, 0, None, True, ("=",)]
)
def test_any_other_value_stays_as_it_is(value):
    assert guard_formula(value) is value


def test_a_missing_number_stays_missing():
    assert math.isnan(guard_formula(NAN))


def read_back(data):
    """Rows of a CSV as a spreadsheet reads them."""
    assert data.startswith(codecs.BOM_UTF8)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


SENTENCE = "湖滨街道 · 截至 2025 年底"


def test_an_export_opens_in_a_spreadsheet_with_chinese_intact():
    rows = read_back(csv_bytes(TOILETS, SENTENCE))
    assert rows[0] == ["公厕", "街道", "星级", "启用年份", "范围"]
    assert rows[1] == ["湖滨路 1 号公厕", "湖滨街道", "3", "2021", SENTENCE]
    assert len(rows) == 6
    assert {row[-1] for row in rows[1:]} == {SENTENCE}


def test_an_export_keeps_missing_cells_empty():
    rows = read_back(csv_bytes(GAPS, SENTENCE))
    assert rows[5] == ["南山路公厕", "", "2", "", SENTENCE]


def test_an_export_writes_years_as_years():
    assert read_back(csv_bytes(GAPS, SENTENCE))[1][3] == "2021"


def test_an_export_guards_text_and_leaves_numbers():
    frame = pd.DataFrame({"名称": ["=1+1", "@甲", "乙"], "差": [-3, 0, 4], "率": [-0.5, NAN, 1]})
    rows = read_back(csv_bytes(frame, "=SUM(A1)"))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@甲", "乙"]
    assert [row[1] for row in rows[1:]] == ["-3", "0", "4"]
    assert [row[2] for row in rows[1:]] == ["-0.5", "", "1.0"]
    assert {row[3] for row in rows[1:]} == {"'=SUM(A1)"}


@pytest.mark.parametrize("text", ['a"b', "a,b", "a\nb", "a\r\nb", "，；", "𠮷", ATTACK])
def test_an_export_quotes_what_would_break_it(text):
    rows = read_back(csv_bytes(pd.DataFrame({"名称": [text, "末行"]}), SENTENCE))
    assert len(rows) == 3
    assert rows[1][0] == text
    assert rows[2][0] == "末行"


def test_an_export_without_rows_still_has_its_headings():
    assert read_back(csv_bytes(TOILETS.iloc[:0], SENTENCE)) == [
        ["公厕", "街道", "星级", "启用年份", "范围"]
    ]


def test_a_table_shows_words_for_codes_and_where_the_rows_come_from():
    frame = pd.DataFrame(
        {
            "name": ["甲", "乙", "丙"],
            "has_room": [True, False, None],
            "hidden": [1, 2, 3],
            "source_kind": ["sample", "register", "plan"],
        }
    )
    columns = {"has_room": TableColumn("母婴室", words=FLAG_WORDS), "name": TableColumn("公厕")}
    table = readable(frame, columns)
    assert list(table.columns) == ["母婴室", "公厕", "数据性质"]
    assert list(table["母婴室"].fillna("—")) == ["有", "无", "—"]
    assert list(table["数据性质"]) == ["示例", "登记册", "规划"]


def test_a_table_without_sources_has_no_column_of_them():
    table = readable(pd.DataFrame({"name": []}), {"name": TableColumn("公厕")})
    assert list(table.columns) == ["公厕"]
    assert table.empty


# --- the map's JSON ------------------------------------------------------------------------------

POINTS = [
    {"p": [120.16, 30.25], "tip": "湖滨路\n一类"},
    {"p": [120.17, 30.26], "tip": 'a"b\\c \u2028 <b>'},
]
LINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"tip": "新开河"},
            "geometry": {"type": "LineString", "coordinates": [[120.1, 30.2], [120.2, 30.3]]},
        }
    ],
}


def arguments(points, lines):
    """Every kind of argument that the maps use."""
    return {
        "layers": [
            pdk.Layer("ScatterplotLayer", data=points, id="points", get_position="p",
                      get_fill_color="tip=='一类'?[1,2,3]:[4,5,6]", radius_min_pixels=2.8,
                      radius_units=pdk.types.String("pixels"), pickable=True),
            pdk.Layer("GeoJsonLayer", data=lines, id="lines", get_line_color=[1, 2, 3, 4]),
            pdk.Layer("GeoJsonLayer", data="app/static/basemap/water.json", id="water"),
            pdk.Layer("TextLayer", data=points, id="text", get_text="tip",
                      character_set=pdk.types.String("auto")),
        ],
        "initial_view_state": pdk.ViewState(longitude=120.2, latitude=30.3, zoom=11.13, min_zoom=9),
        "tooltip": {"html": "{tip}"},
    }  # fmt: skip


def compact(points, lines):
    return CompactDeck(**arguments(points, lines)).to_json()


@pytest.mark.parametrize("points", [POINTS, [], POINTS * 50], ids=["two", "none", "hundred"])
def test_compact_json_says_what_the_librarys_own_says(points):
    own = json.loads(pdk.Deck(**arguments(points, LINES), map_provider=None).to_json())
    spliced = compact(
        JsonRows(json.dumps(points)), JsonRows(json.dumps(LINES, ensure_ascii=False, indent=1))
    )
    # Whole: without the map style of «no map provider» the browser would ask an outside server.
    assert json.loads(compact(points, LINES)) == own
    assert json.loads(spliced) == own


def test_compact_json_is_one_line_and_shorter():
    text = compact(POINTS, LINES)
    assert "\n" not in text
    assert len(text) < len(pdk.Deck(**arguments(POINTS, LINES), map_provider=None).to_json())


def test_rows_of_many_layers_stay_with_their_layer():
    layers = [
        pdk.Layer("ScatterplotLayer", data=JsonRows(f'[{{"n":{n}}}]'), id=f"layer-{n}")
        for n in range(12)
    ]
    spec = json.loads(CompactDeck(layers=layers).to_json())
    assert [layer["data"] for layer in spec["layers"]] == [[{"n": n}] for n in range(12)]


def test_a_deck_writes_the_same_json_each_time():
    deck = CompactDeck(**arguments(JsonRows("[]"), LINES))
    assert deck.to_json() == deck.to_json()


# --- labels of maps ------------------------------------------------------------------------------


def text_layer(*texts, **options):
    rows = [{"p": [120.2, 30.25], "t": text, "o": [0, 0], "tip": "（提示）"} for text in texts]
    return basemap.text_layer(rows, "labels", DARK, size_px=14, colour=DARK.text, **options)


def test_brackets_of_labels_are_narrow_and_those_of_tips_stay():
    rows = json.loads(text_layer("亚运场馆（位置示意）", "湖滨", "［暂］｛定｝（一）").data.text)
    assert [row["t"] for row in rows] == ["亚运场馆(位置示意)", "湖滨", "[暂]{定}(一)"]
    assert rows[0]["tip"] == "（提示）"


def test_a_label_has_a_plate_where_it_is_asked_for():
    def told(layer):
        return json.loads(CompactDeck([layer]).to_json())["layers"][0]

    assert "background" not in told(text_layer("湖滨"))
    plated = told(text_layer("湖滨", has_plate=True))
    assert plated["background"] is True
    assert 0 < plated["getBackgroundColor"][3] < 255


# --- findings ------------------------------------------------------------------------------------

COVERAGE = Measure("share_pct", "覆盖率", "%", 0, SHARE)
LIT = Measure("road_lit_rate_pct", "亮灯率", "%", 1, Target(">", 98, "%", "table1"))
CONTROL = Measure("central_control_rate_pct", "集中控制率", "%", 1, Target(">", 70, "%", "table1"))


def table(field, *values):
    """A measure by subdistrict: 甲, 乙, 丙 …"""
    names = "甲乙丙丁戊"[: len(values)]
    frame = pd.DataFrame({"subdistrict_code": list(names), "short_name": list(names)})
    return frame.assign(**{field: pd.Series(values, dtype="float64")})


NONE_KNOWN = table("share_pct", NAN, NAN, NAN)
NO_ROWS = NONE_KNOWN.iloc[:0]


@pytest.mark.parametrize(
    ("values", "codes", "count", "names"),
    [
        ((90, 70, 60), (), 2, "**丙**、**乙**"),
        ((90, 70, 60), (), 1, "**丙**等 2 个街道"),
        ((90, 70, NAN), (), 2, "**乙**"),
        ((90, 85, 81), (), 2, ""),
        ((80, 85, 81), (), 2, "**甲**"),
        ((90, 70, 60), ("甲", "乙"), 2, "**乙**"),
        ((90, 70, 60), ("甲",), 2, ""),
        ((0, 70, 90), (), 2, "**甲**、**乙**"),
    ],
)
def test_the_weakest_are_those_furthest_below_the_target(values, codes, count, names):
    assert findings.weakest(table("share_pct", *values), COVERAGE, codes, count) == names


@pytest.mark.parametrize("frame", [NONE_KNOWN, NO_ROWS], ids=["missing", "empty"])
def test_no_weakest_where_nothing_is_known(frame):
    assert findings.weakest(frame, COVERAGE) == ""


@pytest.mark.parametrize("codes", [(), ("甲", "乙")])
def test_nothing_is_said_of_several_places_without_data(codes):
    assert findings.place_sentence(NONE_KNOWN, COVERAGE, codes) == []


def test_without_a_target_the_lowest_are_named():
    measure = Measure("share_pct", "覆盖率", "%")
    assert findings.weakest(table("share_pct", 99, 98, 97), measure).startswith("**丙**、**乙**")


@pytest.mark.parametrize(
    ("values", "rank", "of"),
    [
        ((90, 70, 60), 1, 3),
        ((60, 70, 90), 3, 3),
        ((70, 70, 90), 2, 3),
        ((70, 70 + 1e-12, 60), 1, 3),
        ((70, NAN, 90), 2, 2),
        ((0, NAN, NAN), 1, 1),
    ],
)
def test_a_single_subdistrict_is_told_its_rank(values, rank, of):
    (sentence,) = findings.place_sentence(table("share_pct", *values), COVERAGE, ("甲",))
    assert f"{of} 个街道中列第 **{rank}** 位" in sentence


@pytest.mark.parametrize("frame", [NONE_KNOWN, NO_ROWS], ids=["missing", "empty"])
@pytest.mark.parametrize("code", ["甲", "无"])
def test_nothing_is_said_of_a_place_without_data(frame, code):
    assert findings.place_sentence(frame, COVERAGE, (code,)) == []


LAMPS = {
    "road_lit_rate_pct": 98.6, "central_control_rate_pct": 76.0, "unlit_count": 12345,
}  # fmt: skip


def nothing(known):
    """The same row as a snapshot without that register gives it: counts 0, the rest missing."""
    return {key: 0 if key.endswith("_count") else None for key in known}


def unregistered(known):
    """The same row of a register that has never been filled."""
    return dict.fromkeys(known)


@pytest.mark.parametrize("empty", [nothing, unregistered])
@pytest.mark.parametrize("frame", [NONE_KNOWN, NO_ROWS], ids=["missing", "no rows"])
def test_pages_without_data_have_no_sentences(empty, frame):
    frame = frame.assign(road_lit_rate_pct=NAN, central_control_rate_pct=NAN)
    spots = {"found_count": 0, "fixed_count": 0, "fixed_late_count": 0}
    assert findings.lighting(empty(LAMPS), spots, "", frame, CONTROL, LIT, ()) == []


@pytest.mark.parametrize(
    ("lit", "control", "codes", "words"),
    [
        ((99, 97), (80, 75), (), ["**乙**低于目标", "各街道均达标"]),
        ((99, 99), (60, 50), (), ["各街道均达标", "**乙**、**甲**低于目标"]),
        ((99, 97), (80, 75), ("甲",), ["98.6%**，**达到**目标（＞98%）。"]),
    ],
)
def test_lighting_names_the_subdistricts_below_the_target(lit, control, codes, words):
    frame = table("road_lit_rate_pct", *lit).assign(central_control_rate_pct=control)
    spots = {"found_count": 0, "fixed_count": 0}
    text = "".join(findings.lighting(LAMPS, spots, "", frame, CONTROL, LIT, codes))
    assert all(word in text for word in words)


@pytest.mark.parametrize(
    ("found", "fixed", "words"),
    [(14, 14, "**已全部消除**"), (14, 12, "余 **2 处**未消除"), (14, 0, "余 **14 处**未消除")],
)
def test_dark_spots_that_are_left_are_counted(found, fixed, words):
    spots = {"found_count": found, "fixed_count": fixed}
    frame = table("road_lit_rate_pct").assign(central_control_rate_pct=[])
    text = "".join(findings.lighting(unregistered(LAMPS), spots, "", frame, CONTROL, LIT, ()))
    assert words in text


def test_subdistricts_without_values_are_not_said_to_meet_the_target():
    frame = table("road_lit_rate_pct", NAN, NAN).assign(central_control_rate_pct=NAN)
    spots = {"found_count": 0, "fixed_count": 0}
    text = "".join(findings.lighting(LAMPS, spots, "", frame, CONTROL, LIT, ()))
    assert "均达标" not in text
