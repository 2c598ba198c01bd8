"""The street page in a browser: modes of the map, a street's card, the gallery on large screens."""

import pytest
import shapely

from geo.overlay import middle_of_longest

from .cockpit import WAIT_MS

pytestmark = pytest.mark.browser

SHOWN = {
    "道路修缮": "修缮",
    "路面状况": "路面状况",
    "无障碍与桥梁": "无障碍",
    "道路总体": "道路等级",
    "示范街": "示范街",
}
"""The modes of the map, and what the legend of each is about."""
DRAWN = "() => Object.values(mapProbe.layers()).filter(instances => instances > 0).length"
CARDS = 14
FITS = """() => [...document.querySelectorAll('.street-card')].every(card => {
  const box = card.getBoundingClientRect();
  return box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight
    && card.scrollHeight <= card.clientHeight + 2;
})"""


@pytest.fixture(scope="module")
def street(built_tables):
    """A demonstration street that is drawn: its name and a place on it."""
    streets = built_tables["streets.demonstration_streets"]
    drawn = streets[(streets["designation"] == "boutique") & streets["is_mapped"]]
    one = drawn.sort_values("length_m").iloc[-1]
    at = middle_of_longest(shapely.from_geojson(one["geometry_json"]))
    return one["street_name"], (at.x, at.y), one["subdistrict_code"]


def test_every_mode_draws_under_its_own_legend(open_cockpit):
    cockpit = open_cockpit("/streets", width=1920, height=1080, draws="picks")
    for word, legend in SHOWN.items():
        cockpit.page.locator(".st-key-street_mode button").filter(has_text=word).first.click()
        cockpit.wait_text(".legend strong", legend)
        cockpit.wait_map()
        assert cockpit.page.evaluate(DRAWN) > 0
        assert cockpit.page.locator(".legend").count() == 1


def test_a_click_on_a_street_opens_its_card_and_back_closes_it(open_cockpit, street):
    name, place, code = street
    cockpit = open_cockpit(f"/streets?sub={code}", width=1920, height=1080, draws="picks")
    cockpit.wait_view_rests()
    cockpit.click_map_until(place, "item", [f"street:{name}"])
    cockpit.wait_text(".st-key-street_card_head .focus b", name)
    cockpit.page.locator(".st-key-street_card_back button").click()
    cockpit.wait_query("item", [])
    assert cockpit.query["sub"] == [code]


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_the_gallery_shows_all_streets_on_one_screen(open_cockpit, width, height):
    cockpit = open_cockpit("/streets?view=gallery", width=width, height=height)
    cockpit.wait_text(".street-card", "未上图")
    assert cockpit.page.locator(".street-card").count() == CARDS
    cockpit.page.wait_for_function(FITS, timeout=WAIT_MS)


def test_a_card_of_the_gallery_leads_to_the_street_on_the_map(open_cockpit):
    cockpit = open_cockpit("/streets?view=gallery", width=1920, height=1080)
    card = cockpit.page.locator(".street-card").first
    pick = card.get_attribute("data-pick")
    card.click()
    cockpit.wait_query("item", [pick])
    cockpit.wait_text(".st-key-street_card_head .focus b", pick.partition(":")[2])
