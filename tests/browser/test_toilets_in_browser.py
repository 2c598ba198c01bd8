"""The toilet page in a browser: the field under the map, clicks on land, toilets and sites."""

import pytest

from data.contracts import LAST_YEAR

from .cockpit import WAIT_MS

pytestmark = pytest.mark.browser

SHOWN = {
    "类别与设施": ("toilets", "公厕类别"),
    "密度": ("subdistricts", "公厕密度"),
    "道路间距": ("spacing", "公厕设置间距"),
    "新增选址": ("assumed-sites", "新增选址"),
    "步行分钟": ("walk-cells", "步行到最近公厕"),
}
"""A layer that each mode of the map draws, and what its legend is called."""
IS_DRAWN = """name => Object.entries(mapProbe.layers())
  .some(([id, instances]) => id.startsWith(name) && instances > 0)"""
FIELD_CAME = """() => performance.getEntriesByType('resource')
  .some(one => /walk-[^/]*\\.png$/.test(one.name) && one.responseStatus === 200)"""
SPARSE = "330102017"
"""丁兰: its toilets stand far apart."""


@pytest.fixture(scope="module")
def farthest(built_tables):
    """The spot of the sparse subdistrict that is farthest from a toilet: its number and place."""
    walks, cells = built_tables["toilets.cell_walks"], built_tables["toilets.coverage_cells"]
    now = walks[(walks["scope"] == "all") & (walks["to_year"] == LAST_YEAR)]
    # Whole cells: one that the border cuts may be smaller than what a click points at.
    is_whole = cells["area_km2"] > 0.99 * cells["area_km2"].max()
    here = cells[is_whole & (cells["subdistrict_code"] == SPARSE)].merge(now, on="cell_id")
    cell = here.sort_values(["walk_m", "cell_id"]).dropna(subset="walk_m").iloc[-1]
    return cell["cell_id"], (cell["lon"], cell["lat"])


@pytest.fixture(scope="module")
def toilet(built_tables):
    """The northernmost toilet of the sparse subdistrict: its number, name and place."""
    toilets = built_tables["toilets.toilets"]
    one = toilets[toilets["subdistrict_code"] == SPARSE].sort_values("lat").iloc[-1]
    return one["toilet_id"], one["toilet_name"], (one["lon"], one["lat"])


def test_every_mode_draws_its_layer_under_its_own_legend(open_cockpit):
    cockpit = open_cockpit("/toilets?show=grade", width=1920, height=1080, draws="picks")
    for word, (layer, legend) in SHOWN.items():
        cockpit.page.locator(".st-key-toilet_controls button").filter(has_text=word).first.click()
        cockpit.wait_text(".legend strong", legend)
        cockpit.wait_map()
        cockpit.page.wait_for_function(IS_DRAWN, arg=layer, timeout=WAIT_MS)
        assert cockpit.page.locator(".legend").count() == 1
    cockpit.page.wait_for_function(FIELD_CAME, timeout=WAIT_MS)


def test_a_click_on_land_out_of_reach_says_how_far_it_is_and_to_which_toilet(
    open_cockpit, farthest
):
    cell_id, place = farthest
    cockpit = open_cockpit(f"/toilets?sub={SPARSE}", width=1920, height=1080, draws="picks")
    cockpit.wait_view_rests()
    cockpit.click_map_until(place, "cell", [cell_id])
    cockpit.wait_text(".st-key-toilet_spot", "分钟")
    cockpit.page.locator(".st-key-toilet_spot_back button").click()
    cockpit.wait_query("cell", [])
    assert cockpit.query["sub"] == [SPARSE]


def test_a_tip_at_the_edge_of_the_map_is_whole(open_cockpit, built_tables):
    cells = built_tables["toilets.coverage_cells"]
    east = cells[cells["subdistrict_code"] == SPARSE].sort_values("lon").iloc[-20]
    cockpit = open_cockpit(f"/toilets?sub={SPARSE}", width=1920, height=1080, draws="picks")
    cockpit.wait_view_rests()
    x, y = cockpit.map_point(east["lon"], east["lat"])
    for step in (9, 6, 3, 0):
        cockpit.page.mouse.move(x - step, y - step)
        cockpit.page.wait_for_timeout(300)
    cockpit.page.wait_for_function(
        """x => {
          const tip = document.querySelector(".deck-tooltip"), map = document.querySelector("#deckgl-wrapper");
          const [own, all] = [tip, map].map((one) => one.getBoundingClientRect());
          return own.width > 100 && x + own.width > all.right && own.right <= all.right && own.left >= all.left;
        }""",
        arg=x,
        timeout=WAIT_MS,
    )


def test_a_click_on_a_toilet_opens_its_card_and_closing_it_is_only_assumed(open_cockpit, toilet):
    toilet_id, name, place = toilet
    cockpit = open_cockpit(f"/toilets?sub={SPARSE}", width=1920, height=1080, draws="picks")
    cockpit.wait_view_rests()
    cockpit.click_map_until(place, "item", [f"toilet:{toilet_id}"])
    cockpit.wait_text(".st-key-toilet_card_head .focus b", name)
    cockpit.page.wait_for_function(IS_DRAWN, arg="catchment", timeout=WAIT_MS)
    cockpit.page.get_by_role("button", name="假设关闭").click()
    cockpit.wait_query("without", [toilet_id])
    cockpit.wait_text(".figure", "假设")


def test_a_planner_adds_a_site_on_the_map_and_takes_it_off_in_the_list(open_cockpit, farthest):
    _, place = farthest
    cockpit = open_cockpit(
        f"/toilets?show=sites&n=1&sub={SPARSE}", width=1920, height=1080, draws="picks"
    )
    cockpit.wait_view_rests()
    sites = cockpit.page.locator(".sites .site")
    assert sites.count() == 1
    x, y = cockpit.map_point(*place)
    for _ in range(6):
        cockpit.page.mouse.move(x - 6, y - 6)
        cockpit.page.mouse.click(x, y)
        cockpit.page.wait_for_timeout(3000)
        cockpit.settle()
        if "site" in cockpit.query:
            break
    changed = sites.count()
    assert "site" in cockpit.query and changed == len(cockpit.query["site"])
    sites.last.locator("a, button, [data-pick]").last.click()
    cockpit.wait_query("site", cockpit.query["site"][:-1])
