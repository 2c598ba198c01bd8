"""The river page in a browser: modes of the map, a click on a river, the slider of months."""

import pytest
import shapely

from data.contracts import LAST_YEAR
from geo.overlay import middle_of_longest

from .cockpit import WAIT_MS

pytestmark = pytest.mark.browser

SHOWN = {
    "三色预警": ("rivers", "三色预警"),
    "水质类别": ("sections", "河道水质类别"),
    "河道设施": ("outfalls", "河道设施"),
    "规划项目": ("project-courses", "规划项目状态"),
    "美丽河湖": ("rivers", "美丽河湖等级"),
}
"""A layer that each mode of the map draws, and how its legend begins."""
SLIDER, PLAY = "[role=slider]", "button.play"
IS_DRAWN = """name => Object.entries(mapProbe.layers())
  .some(([id, instances]) => id.startsWith(name) && instances > 0)"""


@pytest.fixture(scope="module")
def river(built_tables):
    """The longest river of middle rank: its number, name and a place on it."""
    rivers = built_tables["rivers.rivers"]
    main = rivers[(rivers["rank"] == "main") & rivers["is_mapped"]]
    one = main.sort_values("length_m").iloc[-1]
    at = middle_of_longest(shapely.from_geojson(one["geometry_json"]))
    return one["river_id"], one["river_name"], (at.x, at.y)


def test_every_mode_draws_its_layer_under_its_own_legend(open_cockpit):
    cockpit = open_cockpit("/rivers", width=1920, height=1080, draws="picks")
    for word, (layer, legend) in SHOWN.items():
        cockpit.page.locator(".st-key-river_mode button").filter(has_text=word).click()
        cockpit.wait_text(".legend strong", legend)
        cockpit.wait_map()
        cockpit.page.wait_for_function(IS_DRAWN, arg=layer, timeout=WAIT_MS)
        assert cockpit.page.locator(".legend").count() == 1


def test_a_click_on_a_river_opens_its_card_again_and_again(open_cockpit, river):
    river_id, name, place = river
    cockpit = open_cockpit("/rivers?show=warning", width=1920, height=1080, draws="picks")
    home = cockpit.wait_view_rests()
    for _ in range(2):
        cockpit.click_map_until(place, "item", [f"river:{river_id}"])
        cockpit.wait_text(".st-key-river_card_head .focus b", name)
        # A view that is asked for in mid-flight can be lost to the flight's next frame.
        cockpit.wait_view_moved(home)
        cockpit.page.locator(".st-key-river_card_back button").click()
        cockpit.wait_query("item", [])
        assert cockpit.page.locator(".st-key-river_card_head").count() == 0
        cockpit.wait_view(home)
    assert "sub" not in cockpit.query


def test_a_click_in_the_warning_list_opens_the_river(open_cockpit):
    cockpit = open_cockpit("/rivers?show=warning", width=1920, height=1080)
    row = cockpit.page.locator(".alert").first
    pick, name = row.get_attribute("data-pick"), row.locator("strong").inner_text()
    row.click()
    cockpit.wait_query("item", [pick])
    cockpit.wait_text(".st-key-river_card_head .focus b", name)


def test_the_slider_moves_month_map_and_cards_together(open_cockpit):
    cockpit = open_cockpit("/rivers?show=quality", width=1920, height=1080)
    before = cockpit.wait_view_rests()
    slider = cockpit.page.locator(SLIDER).first
    assert slider.get_attribute("aria-valuetext").startswith(f"{LAST_YEAR} 年 12 月")
    slider.focus()
    cockpit.page.keyboard.press("Home")
    cockpit.wait_query("year", ["2020"])
    cockpit.wait_query("month", ["1"])
    cockpit.page.keyboard.press("ArrowRight")
    cockpit.wait_query("month", ["2"])
    cockpit.wait_text(".legend", "2020 年 2 月")
    cockpit.wait_text(".figure .label", "2 月")
    assert slider.get_attribute("aria-valuetext").startswith("2020 年 2 月")
    assert cockpit.wait_view_rests() == before


def test_playing_ends_with_the_last_month_and_is_one_step_back(open_cockpit):
    cockpit = open_cockpit("/rivers?show=quality&month=10", width=1920, height=1080)
    button = cockpit.page.locator(PLAY)
    button.click()
    cockpit.wait_query("month", ["12"])
    button.filter(has_text="播放").wait_for()
    cockpit.page.go_back()
    cockpit.wait_query("month", ["10"])


def test_playing_stops_when_something_else_is_chosen(open_cockpit):
    cockpit = open_cockpit("/rivers?show=quality&year=2021&month=3", width=1920, height=1080)
    button = cockpit.page.locator(PLAY)
    button.click()
    cockpit.wait_query("month", ["4"])
    cockpit.page.locator(".st-key-river_mode button").filter(has_text="三色预警").click()
    cockpit.wait_query("show", ["warning"])
    button.filter(has_text="播放").wait_for()
    # A step that was on its way when something else was chosen still arrives.
    cockpit.page.wait_for_timeout(1500)
    cockpit.settle()
    month = cockpit.query["month"]
    cockpit.page.wait_for_timeout(2000)
    assert cockpit.query["month"] == month
