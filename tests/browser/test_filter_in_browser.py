"""The one filter: kept in the address, set by widgets, map and chart, true of every page."""

import pytest

from geo import district

pytestmark = pytest.mark.browser

SHAPES = {
    f.properties["subdistrict_name"]: (f.properties["subdistrict_code"], f.geometry)
    for f in district.layer("subdistricts")
}
HUBIN, JIUBAO = "湖滨街道", "九堡街道"
HUBIN_CODE, JIUBAO_CODE = SHAPES[HUBIN][0], SHAPES[JIUBAO][0]
BAR = "path[aria-label*='{name}'][aria-roledescription=bar], .mark-rect path[aria-label*='{name}']"
VIEW_DIGITS = 6


def _middle_of(name: str) -> tuple[float, float]:
    point = SHAPES[name][1].representative_point()
    return point.x, point.y


def _rounded(view: list[float]) -> list[float]:
    return [round(part, VIEW_DIGITS) for part in view]


def test_filter_follows_page_switch_back_and_reload(open_cockpit):
    cockpit = open_cockpit("/")
    cockpit.choose("pick_sub", HUBIN)
    cockpit.wait_query("sub", [HUBIN_CODE])
    cockpit.choose("pick_year", "2023")
    cockpit.wait_query("year", ["2023"])
    wanted = {"sub": [HUBIN_CODE], "year": ["2023"]}

    def assert_filtered(path: str) -> None:
        cockpit.wait_text(".page-title p", f"{HUBIN} · 截至 2023 年底")
        assert cockpit.path == path
        assert wanted.items() <= cockpit.query.items()

    assert_filtered("/")
    cockpit.go("公共厕所")
    assert_filtered("/toilets")
    cockpit.page.go_back()
    cockpit.wait_text(".page-title h1", "总览")
    cockpit.settle()
    assert_filtered("/")
    cockpit.page.go_forward()
    cockpit.wait_text(".page-title h1", "公共厕所")
    cockpit.settle()
    cockpit.page.reload()
    cockpit.settle()
    assert_filtered("/toilets")


def test_map_click_sets_the_filter_and_flies(open_cockpit):
    cockpit = open_cockpit("/", draws="picks")
    before = cockpit.wait_view_rests()
    cockpit.click_map_until(_middle_of(JIUBAO), "sub", [JIUBAO_CODE])
    cockpit.wait_text(".page-title p", JIUBAO)
    after = cockpit.wait_view_moved(before)
    assert after[2] > before[2] + 1, "the map does not come closer to the chosen subdistrict"


def test_chart_click_sets_the_filter_and_breadcrumb_clears_it(open_cockpit):
    cockpit = open_cockpit("/toilets")
    # On top of a bar lies the row that is clicked.
    cockpit.page.locator(BAR.format(name="九堡")).last.click()
    cockpit.wait_query("sub", [JIUBAO_CODE])
    cockpit.wait_text(".page-title p", JIUBAO)
    cockpit.page.locator(".st-key-crumb button").click()
    cockpit.wait_query("sub", [])
    cockpit.wait_text(".page-title p", "全区 14 个街道")
    assert cockpit.page.locator(".st-key-crumb").count() == 0


def test_view_stays_for_another_year_and_moves_for_another_subdistrict(open_cockpit):
    cockpit = open_cockpit(f"/rivers?sub={JIUBAO_CODE}")
    first = cockpit.wait_view_rests()
    x, y = cockpit.map_point(first[0], first[1])
    cockpit.page.mouse.move(x, y)
    cockpit.page.mouse.down()
    cockpit.page.mouse.move(x - 90, y + 60, steps=4)
    cockpit.page.mouse.up()
    panned = cockpit.wait_view_moved(first)
    cockpit.choose("pick_year", "2022")
    cockpit.wait_query("year", ["2022"])
    assert _rounded(cockpit.wait_view_rests()) == _rounded(panned)
    cockpit.page.locator(".st-key-crumb button").click()
    cockpit.wait_query("sub", [])
    whole = cockpit.wait_view_moved(panned)
    assert whole[2] < panned[2] - 1, "the map does not go back to the whole district"


def test_unknown_values_in_the_address_are_told_and_ignored(open_cockpit):
    cockpit = open_cockpit("/toilets?sub=999&year=1999")
    told = " ".join(cockpit.page.locator(".notice").all_inner_texts())
    assert "999" in told and "1999" in told
    assert cockpit.sentence.startswith("全区 14 个街道 · 截至 2025 年底")
    cockpit.choose("pick_sub", HUBIN)
    cockpit.wait_query("sub", [HUBIN_CODE])
    cockpit.wait_text(".page-title p", HUBIN)
