"""The lighting page: modes, the light as a picture, cards of lamps, cabinets, projects and spots, the wall."""

import io
import json
import re

import numpy as np
import pytest
import shapely
from PIL import Image

from geo.district import subdistrict_areas
from tests.reading import ONE, SHOWN, TWO, WHOLE, View, said
from ui import light_map, maps
from ui.basemap import STATIC_FOLDER
from ui.browser import Screen
from ui.light_choices import MODES, NIGHT_MODES
from ui.theme import DARK


def opened(site, **query):
    return View(site.open("lighting", **query))


def at(codes):
    return {"sub": list(codes)} if codes else {}


def names(view):
    """Texts of the map's labels with their sizes."""
    return {
        row["t"]: layer["getSize"]
        for layer in view.map["layers"]
        if layer["@@type"] == "TextLayer"
        for row in layer["data"]
    }


def layer_ids(view):
    return [layer["id"] for layer in view.map["layers"]]


def glow(view):
    """The picture of the light that the map names, as an array of colours."""
    (layer,) = [one for one in view.map["layers"] if one["id"].startswith("glow")]
    path = STATIC_FOLDER / "basemap" / layer["image"].rpartition("/")[2]
    return layer, np.asarray(Image.open(io.BytesIO(path.read_bytes())))


# --- modes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_figures_sentences_a_map_and_a_table(site, mode, codes):
    view = opened(site, show=mode, **at(codes))
    assert view.failures == []
    assert len(view.cards) == 6
    assert view.texts("findings")
    assert len(view.rows)
    assert view.texts("legend")


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_has_a_page_without_registers_and_counts_nothing(bare, mode):
    view = opened(bare, show=mode)
    assert view.failures == []
    assert len(view.rows) == 0
    # What the plan's own geography counts is there all the same.
    counted = [card for card in view.cards.values() if card.label != "照明总格局已上图"]
    assert [card.label for card in counted if card.number is not None] == []


@pytest.mark.parametrize("mode", MODES)
def test_an_early_year_has_a_page_in_every_mode(site, mode):
    assert opened(site, show=mode, year="2020").failures == []


def test_a_mode_that_does_not_exist_is_told_and_the_night_is_shown(site):
    view = opened(site, show="neon")
    assert "图层“neon”不存在" in "".join(view.notices)
    assert "夜景" in "".join(view.texts("legend"))


# --- the picture of the light --------------------------------------------------------------------


def test_the_light_shines_where_lamps_stand_and_nowhere_else(site, sql):
    layer, colours = glow(site.view("lighting"))
    west, south, east, north = layer["bounds"]
    height, width = colours.shape[:2]
    lamps = sql("SELECT lon, lat FROM lighting.assets WHERE state = 'lit'")
    column = ((lamps["lon"] - west) / (east - west) * width).astype(int)
    # Over so small a span a latitude runs evenly enough: to within a pixel.
    row = ((north - lamps["lat"]) / (north - south) * height).astype(int)
    bright = colours.max(axis=2).astype(float)
    at_lamps = bright[row.clip(0, height - 1), column.clip(0, width - 1)]
    assert np.median(at_lamps) > 90
    assert np.median(bright) < 25
    assert (bright < 10).mean() > 0.3


def test_all_choices_of_subdistricts_share_one_picture(site):
    assert glow(site.view("lighting"))[0]["image"] == glow(site.view("lighting", TWO))[0]["image"]
    assert (
        glow(site.view("lighting", WHOLE, 2020))[0]["image"]
        != glow(site.view("lighting"))[0]["image"]
    )


def test_fewer_lamps_are_less_light(site):
    early, late = (glow(site.view("lighting", WHOLE, year))[1].mean() for year in (2020, 2025))
    assert early < late


def test_there_is_no_light_without_lamps(bare):
    assert not [one for one in layer_ids(opened(bare)) if one.startswith("glow")]


@pytest.mark.parametrize("mode", NIGHT_MODES)
def test_the_night_is_dark_in_the_light_theme_too(site, mode):
    view = opened(site, show=mode, theme="light")
    ground = [int(DARK.land[i : i + 2], 16) for i in (1, 3, 5)] + [255]
    (land,) = [one for one in view.map["layers"] if one["id"] == "base-subdistricts"][:1]
    assert land["getFillColor"] == ground


# --- lamps one by one or gathered ----------------------------------------------------------------


def test_lamps_are_gathered_from_the_limit_on(site, monkeypatch, sql):
    code = TWO[0]
    count = sql(f"SELECT count(*) FROM lighting.assets WHERE subdistrict_code = '{code}'").iat[0, 0]
    for most, layer in ((count, "lamps"), (count - 1, "lamp-cells")):
        monkeypatch.setattr(light_map, "MOST_LAMPS", most)
        assert layer in layer_ids(opened(site, sub=[code]))


def test_a_cell_gives_its_subdistrict_to_a_click(site):
    cells = site.view("lighting").layer("lamp-cells")
    assert {cell["subdistrict_code"] for cell in cells} == set(site.view("lighting").bars.index)


# --- projects ------------------------------------------------------------------------------------


PLANNED = {"亮灯窗口道路": 8, "亮灯楼宇": 111, "亮灯公共部位": 8, "亮灯绿化带": 3}


@pytest.mark.parametrize("year", [2021, 2022, 2023])
def test_the_plan_s_projects_are_counted_by_the_end_of_the_year(site, sql, year):
    view = opened(site, show="plan", year=str(year))
    done = sql(f"SELECT count(*) FROM lighting.projects WHERE year(completed_on) <= {year}").iat[
        0, 0
    ]
    assert view.cards["亚运亮灯项目建成"].number == done
    for label, planned in PLANNED.items():
        assert view.cards[label].unit.startswith(f"/ {planned}")


def test_what_is_not_done_yet_stands_hollow_and_is_told(site, sql):
    view = opened(site, show="plan", year="2021")
    points = view.layer("projects")
    built = sql("SELECT count(*) FROM lighting.projects WHERE year(completed_on) <= 2021").iat[0, 0]
    assert sum(point["d"] for point in points) == built < len(points)
    assert "尚未建成" in "".join(view.texts("findings"))


def test_projects_along_a_line_are_drawn_as_lines(site, sql):
    lines = opened(site, show="plan").layer("project-lines")
    kinds = [line["properties"]["k"] for line in lines]
    assert (kinds.count("window_road"), kinds.count("key_line"), kinds.count("embankment")) == (
        8,
        3,
        1,
    )
    for line in lines:
        assert line["geometry"]["type"].endswith("LineString")


def test_the_structure_is_in_whole_lines_and_projects_in_strings_of_lights(site):
    view = opened(site, show="plan")
    layers = {layer["id"]: layer for layer in view.map["layers"]}
    assert layers["project-lines"]["getDashArray"] == light_map.BEADS
    assert "getDashArray" not in layers["structure-3"]
    (legend,) = [one for one in view.blocks if one.find(".//strong") is not None
                 and one.find("./div[@class='legend']") is not None]  # fmt: skip
    shapes = {}
    for key in legend.iter("span"):
        mark = key.find("i")
        shapes[said(key)] = mark.get("class"), mark.get("style").partition(";")[0]
    assert len(set(shapes.values())) == len(shapes)
    assert shapes["一带"][0] == "line" and shapes["重点沿线、堤岸线"][0] == "dots"


def test_zones_have_an_edge(site):
    view = opened(site, show="plan")
    assert len(view.layer("zone-ring")) == 3
    (ring,) = [one for one in view.map["layers"] if one["id"] == "zone-ring"]
    assert ring["getLineColor"][3] > 120


STRUCTURE = (
    "钱塘江景观带", "运河夜景观廊道", "新塘河夜景观廊道", "德胜高架", "秋石高架", "艮山高架", "钱江新城",
    "钱江新城二期", "城东新城", "丁兰智慧小镇", "钱塘智慧城",
)  # fmt: skip


UNMAPPED_ZONES = {"丁兰智慧小镇", "钱塘智慧城"}


@pytest.mark.parametrize("query", [
    {"show": "plan"}, {"show": "plan", "kiosk": "1"}, {"show": "plan", "view": "wall"},
    {"show": "plan", "view": "wall", "kiosk": "1"}, {"show": "lit"},
])  # fmt: skip
def test_the_map_names_all_of_the_structure_that_it_can_place(site, query):
    assert set(STRUCTURE) - UNMAPPED_ZONES <= set(names(opened(site, **query)))


def test_projects_yield_to_the_structure():
    projects = max(light_map.PROJECT_WEIGHT, light_map.KEY_LINE_WEIGHT)
    assert projects < 50 < min(light_map.ELEMENT_WEIGHT, light_map.ZONE_WEIGHT)


@pytest.mark.parametrize("name", STRUCTURE)
def test_the_structure_names_all_eleven_elements(site, name):
    assert name in "".join(opened(site, show="plan").texts("explained"))


# --- cards ---------------------------------------------------------------------------------------


def card(view):
    """Names and values of the open card."""
    lists = [one for block in view.blocks for one in block.iter("dl")]
    (facts,) = [one for one in lists if one.get("class") == "explained"]
    names = ["".join(one.itertext()) for one in facts.iter("dt")]
    values = ["".join(one.itertext()) for one in facts.iter("dd")]
    return dict(zip(names, values, strict=True))


def test_a_lamp_tells_all_that_is_registered(site, sql):
    lamp = sql("""SELECT a.*, cabinet_name FROM lighting.assets a JOIN lighting.cabinets USING (cabinet_id)
                  WHERE state = 'unlit' ORDER BY asset_id LIMIT 1""").iloc[0]
    told = card(opened(site, light=f"lamp:{lamp['asset_id']}"))
    assert told["部件编码"] == lamp["asset_id"]
    assert told["亮灭"] == "▲ 未亮"
    assert told["控制柜"] == f"{lamp['cabinet_name']}（{lamp['cabinet_id']}）"
    assert told["安装年份"] == f"{lamp['installed_year']} 年"
    assert told["LED"] == ("是" if lamp["is_led"] else "否")


def test_a_cabinet_tells_its_lamps_its_year_and_its_energy(site, sql):
    view = opened(site, light="cabinet:KZ001")
    told = card(view)
    lamps = sql(
        "SELECT count(*) FROM lighting.assets WHERE cabinet_id = 'KZ001' AND installed_year <= 2025"
    )
    assert told["灯具"] == f"{lamps.iat[0, 0]} 盏"
    kwh = sql(
        "SELECT sum(energy_kwh) FROM lighting.energy WHERE cabinet_id = 'KZ001' AND year(month) = 2025"
    )
    (energy,) = re.findall(r"用电量([\d,]+) kWh", "".join(view.texts("lines")))
    assert float(energy.replace(",", "")) == pytest.approx(kwh.iat[0, 0], abs=1)
    faults, energy = (f for f, alt in view.charts if "新增故障" in alt or "用电量" in alt)
    assert len(faults) == len(energy) == 12
    assert energy["value"].sum() == pytest.approx(kwh.iat[0, 0], abs=0.1)


def test_a_project_tells_its_state_at_the_end_of_the_year(site, sql):
    work = sql("SELECT * FROM lighting.projects WHERE year(completed_on) = 2022 LIMIT 1").iloc[0]
    light = f"work:{work['project_id']}"
    assert card(opened(site, light=light))["状态"] == "● 已建成"
    early = card(opened(site, light=light, year="2021"))
    assert early["状态"] != "● 已建成"
    assert early["完成 / 计划"].startswith("0 / ")
    assert early["完工"].endswith("（届时完工）")


def test_a_dark_spot_tells_its_days(site, sql):
    spot = sql("SELECT *, date_diff('day', found_on, fixed_on) AS days FROM lighting.dark_spots "
               "WHERE fixed_on IS NOT NULL ORDER BY spot_id LIMIT 1").iloc[0]  # fmt: skip
    told = card(opened(site, light=f"spot:{spot['spot_id']}"))
    assert told["历时"] == f"{spot['days']:,} 天"
    assert told["状态"] == "● 已消除"


def test_an_open_dark_spot_has_been_open_until_the_end_of_the_year(site, sql):
    spot = sql("SELECT *, date_diff('day', found_on, DATE '2025-12-31') AS days FROM lighting.dark_spots "
               "WHERE fixed_on IS NULL ORDER BY spot_id LIMIT 1").iloc[0]  # fmt: skip
    told = card(opened(site, light=f"spot:{spot['spot_id']}"))
    assert told["状态"] == "▲ 未消除"
    assert told["历时"] == f"{spot['days']:,} 天"


@pytest.mark.parametrize(
    "light", ["lamp:0", "cabinet:KZ999", "pole:1", "", "lamp:' OR 1=1 --", "work"]
)
def test_a_thing_that_does_not_exist_is_told_and_leaves_the_panel(site, light):
    view = opened(site, light=light)
    assert view.failures == []
    assert "没有对应的灯具、控制柜、项目或暗点" in "".join(view.notices)
    assert len(view.bars) == 14


def test_the_thing_of_a_card_is_marked_on_the_map(site):
    marked = [
        one for one in layer_ids(opened(site, light="cabinet:KZ001")) if one.startswith("marked")
    ]
    assert len(marked) == 1
    assert not [one for one in layer_ids(site.view("lighting")) if one.startswith("marked")]


# --- the wall ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", NIGHT_MODES)
def test_the_wall_has_the_night_with_few_words(site, mode):
    view = opened(site, show=mode, view="wall")
    assert view.failures == []
    assert view.texts("wall-title")
    assert 1 <= len(view.cards) <= 4
    assert len(view.rows) == 0
    labels = [button.label for button in view.app.button]
    assert "‹ 返回工作台" in labels and "大屏夜景" not in labels


def test_the_wall_is_opened_and_closed_and_keeps_the_filter(site):
    app = site.open("lighting", sub=list(ONE))
    (button,) = [one for one in app.button if one.label == "大屏夜景"]
    view = View(button.click().run())
    assert view.texts("wall-title")
    assert view.sentence == SHOWN_ONE
    (back,) = [one for one in view.app.button if one.label == "‹ 返回工作台"]
    assert len(View(back.click().run()).bars) == 14


SHOWN_ONE = "笕桥街道 · 截至 2025 年底"


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in NIGHT_MODES])
def test_what_is_no_map_of_the_night_has_no_wall(site, mode):
    view = opened(site, show=mode, view="wall")
    assert not view.texts("wall-title")
    assert len(view.cards) == 6


@pytest.mark.parametrize(
    "query", [{"kiosk": "1"}, {"view": "wall"}, {"kiosk": "1", "view": "wall"}]
)
def test_names_are_a_third_larger_where_they_are_read_from_afar(site, query):
    near, far = (names(opened(site, show="plan", **one)) for one in ({}, query))
    both = near.keys() & far.keys()
    assert {"丁兰", "德胜高架"} <= both
    assert all(far[name] == pytest.approx(maps.LABEL_GROWTH * near[name]) for name in both)


@pytest.mark.parametrize("mode", ["lit", "faults"])
@pytest.mark.parametrize("query", [{"kiosk": "1"}, {"view": "wall"}])
def test_a_legend_asks_for_no_choice_where_nobody_can_choose(site, mode, query):
    (legend,) = opened(site, show=mode, **query).texts("legend")
    assert not re.search("选街道|点击|网格汇总；", legend)
    assert re.search("选街道|点击", opened(site, show=mode).texts("legend")[0])


def is_clear_of_the_legend(view, bounds):
    """Whether bounds (degrees) are on the map and not under its legend, at the usual window."""
    screen = Screen()
    half_width = screen.width_px * screen.column_shares[1] / 2
    half_height = maps.map_height_px(screen) / 2
    left, top, right, foot = view.from_middle_px(bounds)
    # Five rows of two columns, a title, a note.
    is_beside, is_below = left + half_width > 300, top + half_height > 180
    is_on_map = (
        -half_width < left <= right < half_width and -half_height < top <= foot < half_height
    )
    return (is_beside or is_below) and is_on_map


@pytest.mark.parametrize("item", ["place:钱塘江景观带", "place:秋石高架", "place:钱江新城"])
def test_an_item_in_focus_is_clear_of_the_legend(site, item):
    view = opened(site, show="plan", item=item)
    assert view.failures == [] and view.texts("focus")
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in view.layer("focus")]
    assert is_clear_of_the_legend(view, shapely.total_bounds(shapes))


@pytest.mark.parametrize("code", subdistrict_areas())
def test_a_chosen_subdistrict_is_clear_of_the_legend(site, code):
    view = opened(site, show="plan", sub=code)
    assert is_clear_of_the_legend(view, subdistrict_areas()[code].bounds)


# --- small lots ----------------------------------------------------------------------------------


def test_short_streets_have_counts_and_no_rate(site, sql):
    rows = site.view("lighting").rows
    small = rows["灯具"] < 30
    assert small.any() and not small.all()
    assert rows.loc[small, "亮灯率（%）"].isna().all()
    assert rows.loc[~small, "亮灯率（%）"].notna().all()
    whole = sql("SELECT count(*) FROM lighting.assets WHERE installed_year <= 2025").iat[0, 0]
    assert rows["灯具"].sum() == whole


def test_notes_tell_of_gathered_and_single_lamps(site):
    codes, year = SHOWN["one"]
    assert re.search(
        r"灯具 [\d,]+ 盏，点击看单灯", "".join(site.view("lighting", codes, year).texts("legend"))
    )
    assert "网格汇总；选街道看单灯" in "".join(site.view("lighting").texts("legend"))
