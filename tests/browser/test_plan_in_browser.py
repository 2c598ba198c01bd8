"""The plan's pages in the browser: what can be clicked leads where it says; charts are drawn."""

import pytest

pytestmark = pytest.mark.browser

JIANQIAO_CODE = "330102016"
ROW, TILE, CHART = ".ind[data-pick='{}']", ".tile[data-pick='{}']", "[data-testid=stVegaLiteChart]"


def chosen(cockpit):
    """Name of the indicator shown in detail."""
    return cockpit.page.locator(".detail h2").inner_text()


def test_a_tile_of_the_board_opens_its_indicator_under_the_same_filter(open_cockpit):
    cockpit = open_cockpit(f"/?sub={JIANQIAO_CODE}&year=2024", width=1920, height=1080)
    assert cockpit.page.locator("[data-pick].tile").count() == 28
    cockpit.page.locator(TILE.format(19)).click()
    cockpit.wait_text(".page-title h1", "规划指标")
    cockpit.wait_query("indicator", ["19"])
    cockpit.wait_query("sub", [JIANQIAO_CODE])
    cockpit.wait_query("year", ["2024"])
    assert chosen(cockpit) == "美丽河湖建设"


def test_a_row_is_chosen_by_click_and_by_enter_and_stays_after_a_reload(open_cockpit):
    cockpit = open_cockpit("/indicators", width=1920, height=1080)
    cockpit.page.locator(ROW.format(7)).click()
    cockpit.wait_query("indicator", ["7"])
    assert chosen(cockpit) == "公共厕所配建数量"
    cockpit.page.locator(ROW.format(18)).focus()
    cockpit.page.keyboard.press("Enter")
    cockpit.wait_query("indicator", ["18"])
    cockpit.page.reload()
    cockpit.settle()
    assert chosen(cockpit) == "城市河道Ⅳ类以上水质"
    assert cockpit.page.locator(".ind.chosen").get_attribute("data-pick") == "18"


def test_courses_of_the_indicators_are_drawn(open_cockpit):
    """A course is a ribbon cut from a box: the sanitiser of the page must leave it its shape."""
    cockpit = open_cockpit("/indicators", width=1920, height=1080)
    shapes = cockpit.page.eval_on_selector_all(
        ".ind .course", "all => all.map((one) => getComputedStyle(one).clipPath)"
    )
    assert len(shapes) >= 25
    assert all(shape.startswith("polygon(") for shape in shapes)


def test_a_clause_opens_from_the_address_and_another_by_click(open_cockpit):
    cockpit = open_cockpit("/indicators?clause=box4", width=1920, height=1080)
    assert "二次供水" in chosen(cockpit)
    cockpit.page.locator(".clause[data-pick='4.3.5']").click()
    cockpit.wait_query("clause", ["4.3.5"])
    assert "美丽河湖" in chosen(cockpit)


def test_the_timeline_stands_beside_the_map(open_cockpit):
    cockpit = open_cockpit("/projects", width=1920, height=1080)
    chart = cockpit.page.locator(f"{CHART} canvas, {CHART} svg").first
    chart.wait_for()
    cockpit.page.locator("#deckgl-overlay").wait_for()
    timeline, drawn = chart.bounding_box(), cockpit.page.locator("#deckgl-overlay").bounding_box()
    assert timeline["width"] > 500
    assert timeline["x"] + timeline["width"] <= drawn["x"]


def test_a_compared_subdistrict_opens_its_own_profile_and_back_compares_again(open_cockpit):
    cockpit = open_cockpit("/profile", width=1920, height=1080)
    cockpit.page.get_by_role("button", name="查看").first.click()
    cockpit.page.locator(".figures .figure").first.wait_for()
    cockpit.settle()
    assert len(cockpit.query["sub"]) == 1
    cockpit.page.go_back()
    cockpit.wait_query("sub", [])
    cockpit.page.locator(".figures .figure").first.wait_for(state="detached")
