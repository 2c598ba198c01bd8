"""The search box: type, choose, be there; one step back; nothing else hears what is typed."""

import pytest

from data.search import search_table
from geo import district

pytestmark = pytest.mark.browser

COURSES = {f.properties["waterway_name"]: f.geometry for f in district.layer("waterways")}
XINTANG = "新塘河"
JIUBAO_CODE = "330102018"
BOX, OPTION = ".st-key-search_box input", ".st-key-search_box [role=option]"
ACTIVE = ".st-key-search_box [role=option][aria-selected=true]"


@pytest.fixture(scope="module")
def river_item(built_tables):
    """How the address names 新塘河."""
    rivers = search_table(built_tables).query("entry_kind == 'river'")
    (entry_id,) = rivers[rivers["entry_name"] == XINTANG]["entry_id"]
    return f"river:{entry_id}"


def test_initials_and_enter_lead_to_the_river_and_back_leads_home(open_cockpit, river_item):
    cockpit = open_cockpit(f"/toilets?sub={JIUBAO_CODE}&year=2023", width=1920, height=1080)
    page = cockpit.page
    page.keyboard.press("/")
    page.keyboard.type("xth")
    page.keyboard.press("Enter")
    cockpit.wait_text(".page-title h1", "美丽河湖")
    cockpit.wait_query("year", ["2023"])
    cockpit.wait_query("item", [river_item])
    assert cockpit.path == "/rivers"
    assert set(cockpit.query) == {"item", "year"}
    cockpit.wait_text(".focus b", XINTANG)
    lon, lat, zoom = cockpit.wait_view_rests()
    west, south, east, north = COURSES[XINTANG].bounds
    assert west < lon < east and south < lat < north
    assert zoom > 12
    assert XINTANG in page.evaluate("mapProbe.texts()")
    assert page.locator(BOX).input_value() == ""
    page.go_back()
    cockpit.wait_text(".page-title h1", "公共厕所")
    cockpit.wait_query("sub", [JIUBAO_CODE])
    assert cockpit.path == "/toilets"
    assert "item" not in cockpit.query


def test_arrows_choose_escape_closes_and_letters_stay_in_the_box(open_cockpit):
    cockpit = open_cockpit("/rivers")
    page, options = cockpit.page, cockpit.page.locator(OPTION)
    page.locator(BOX).click()
    page.wait_for_selector(".st-key-search_box [role=status]:has-text('可搜索')")
    # «c» and «r» alone are commands of Streamlit.
    page.keyboard.type("crc")
    page.wait_for_selector(".st-key-search_box [role=status]:has-text('没有找到')")
    assert options.count() == 0
    page.locator(BOX).fill("hubin")
    options.first.wait_for()
    names = options.locator(".name").all_inner_texts()
    assert page.locator(ACTIVE).inner_text().startswith("街道")
    page.keyboard.press("ArrowDown")
    assert names[1] in page.locator(ACTIVE).inner_text()
    assert page.locator(BOX).get_attribute("aria-activedescendant") == "found-1"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert names[-1] in page.locator(ACTIVE).inner_text()
    page.keyboard.press("Escape")
    assert not options.first.is_visible()
    assert page.locator(BOX).get_attribute("aria-expanded") == "false"
    assert page.locator("[role=dialog]").count() == 0
    assert cockpit.path == "/rivers"


def test_a_click_chooses_and_the_list_lies_over_the_page_within_the_window(open_cockpit):
    cockpit = open_cockpit("/toilets", width=420, height=900)
    page = cockpit.page
    page.locator(BOX).fill("南山路")
    row = page.locator(OPTION).first
    row.wait_for()
    box = page.locator(".st-key-search_box .panel").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 420
    row.click()
    cockpit.wait_text(".page-title h1", "示范街")
    cockpit.wait_query("item", ["street:南山路"])
    page.locator(".st-key-street_card_back button").click()
    cockpit.wait_query("item", [])
    assert page.locator(".focus").count() == 0
