"""Keys, fingers, reduced motion and larger text, as a visitor meets them."""

import pytest

from .cockpit import WAIT_MS
from .test_filter_in_browser import JIUBAO_CODE

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  let element = document.activeElement;
  while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const styles = [element, element.parentElement].filter(Boolean).map((one) => getComputedStyle(one));
  const part = element.closest("[data-testid]");
  return {
    kind: [element.tagName, part?.dataset.testid, element.className, element.getAttribute("role")].join(" "),
    key: element.closest("[class*=st-key-]")?.className.match(/st-key-(\\w+)/)[1] ?? "",
    isSeen: styles[0].outlineStyle !== "none" || styles[0].boxShadow !== "none" || element.matches("input"),
  };
}"""
KINDS = {
    "skip link": lambda one: "stSkipToContent" in one["kind"],
    "page": lambda one: "stTopNavLink" in one["kind"],
    "search": lambda one: "entry" in one["kind"],
    "subdistricts": lambda one: one["key"] == "pick_sub",
    "year": lambda one: one["key"] == "pick_year",
    "theme": lambda one: one["key"] == "theme_switch",
    "figure": lambda one: " figure " in one["kind"],
    "mode": lambda one: one["key"] == "toilet_mode",
    "popover": lambda one: one["key"] == "toilet_circle",
    "map": lambda one: "stDeckGlJsonChart" in one["kind"],
    "table's search": lambda one: one["key"] == "search_circle",
    "download": lambda one: one["key"] == "csv_circle",
    "table": lambda one: "data-grid-canvas" in one["kind"],
}
"""Every kind of control of the toilet page, in the order in which the Tab key should reach them."""
MOST_STOPS = 60
TARGET_PX = 44
HIGH_ROWS = """([count, least]) => [...document.querySelectorAll("path[aria-roledescription=bar]")]
  .filter((row) => row.getBoundingClientRect().height >= least - 0.1).length === count"""
MOST_TAPS, TAP_REST_MS = 12, 1500
"""A map drawn by software may be too busy to notice a tap; whoever taps taps again."""
SMALL = """(least) => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean)];
  const targets = roots.flatMap((root) => [...root.querySelectorAll(
    "button, a[href], input, summary, [data-pick], [role=tab], [role=slider]")]);
  return targets.flatMap((target) => {
    // The label is what is touched; a mark may reach out beyond what is seen of it.
    const touched = target.matches("[type=checkbox], [type=radio]") ? target.closest("label") : target;
    const box = touched.getBoundingClientRect();
    const beyond = getComputedStyle(touched, "::after");
    const [width, height] = [box.width, box.height].map((px, i) =>
      Math.max(px, beyond.content === "none" ? 0 : parseFloat([beyond.width, beyond.height][i]) || 0));
    const isHidden = width < 2 || !target.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (isHidden || (width >= least - 0.1 && height >= least - 0.1)) return [];
    return [`${target.tagName} ${target.className} ${target.innerText} ${width}×${height}`];
  });
}"""
TIP = """() => {
  const tip = document.querySelector(".deck-tooltip");
  return tip?.style.display === "block" ? tip.innerText : "";
}"""
COVERED = """(selectors) => {
  const parts = [...document.querySelectorAll(selectors)].map((element) => ({
    element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width > 1 && box.height > 1);
  return parts.flatMap((one, i) => parts.slice(i + 1).filter((other) =>
    !one.element.contains(other.element)
    && Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1
    && Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 1
  ).map((other) => `${one.element.innerText} / ${other.element.innerText}`));
}"""
PARTS = (
    ".page-title, .head-note, .st-key-search_box, .st-key-pick_sub, .st-key-pick_year, .st-key-theme_switch,"
    ".figure .label > *, .figure .value, .figure .status, .findings li, .block-title, .legend,"
    ".st-key-toilet_mode button, .st-key-toilet_circle button, .map-note"
)
WATCH_ZOOM = """() => {
  window.zooms = [];
  const look = () => {
    const zoom = mapProbe.view()?.[2].toFixed(2);
    if (zoom && window.zooms.at(-1) !== zoom) window.zooms.push(zoom);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_tab_reaches_every_kind_of_control_in_order_and_shows_where_it_is(open_cockpit):
    cockpit = open_cockpit("/toilets", width=1920, height=1080)
    seen = []
    while len(seen) < MOST_STOPS and not any(KINDS["table"](one) for one in seen):
        cockpit.page.keyboard.press("Tab")
        seen.append(cockpit.page.evaluate(FOCUSED))
    first = {
        kind: next((n for n, one in enumerate(seen) if is_it(one)), None)
        for kind, is_it in KINDS.items()
    }
    assert None not in first.values(), first
    assert list(first.values()) == sorted(first.values()), first
    assert [one for one in seen if not one["isSeen"]] == []


def test_the_link_at_the_head_leads_past_the_navigation_in_chinese(open_cockpit):
    page = open_cockpit("/catalog").page
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到正文"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["kind"].split()[1] != "stTopNavLink"


@pytest.fixture
def touched(open_cockpit):
    """The river page under a finger; what lies under it is found, the map itself is not drawn."""
    return open_cockpit("/rivers", width=1920, height=1080, draws="picks", has_touch=True)


def test_fingers_find_targets_tips_and_definitions(touched, sql):
    page = touched.page
    assert page.evaluate(SMALL, TARGET_PX) == []

    card = page.locator(".figure[title]").first
    card.tap()
    told = card.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert card.get_attribute("title") in told

    touched.wait_view_rests()
    place = sql("SELECT label_lon, label_lat FROM base.subdistricts WHERE short_name = '九堡'")
    spot = touched.map_point(*place.iloc[0])
    before = page.url
    page.touchscreen.tap(*spot)
    page.wait_for_function(f"({TIP})().length > 0", timeout=WAIT_MS)
    tip = page.evaluate(TIP)
    assert "点击" in tip
    assert page.url == before
    # Beside the district there is nothing: the tip goes.
    box = page.locator("#deckgl-overlay").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 20, box["y"] + 20)
    page.wait_for_function(f"({TIP})() === ''", timeout=WAIT_MS)
    assert page.url == before
    # A second tap on the spot does what a click does.
    for _ in range(MOST_TAPS):
        page.touchscreen.tap(*spot)
        page.wait_for_timeout(TAP_REST_MS)
        if page.url != before:
            break
    assert touched.query.keys() & {"sub", "item"}


def test_fingers_find_targets_among_the_tiles(open_cockpit):
    cockpit = open_cockpit("/", width=1920, height=1080, has_touch=True)
    assert cockpit.page.locator(".tile").count() == 28
    assert cockpit.page.evaluate(SMALL, TARGET_PX) == []


def test_fingers_find_rows_of_tables_and_charts_tags_and_tips(open_cockpit):
    cockpit = open_cockpit(f"/toilets?sub={JIUBAO_CODE}", width=1920, height=1080, has_touch=True)
    page = cockpit.page
    page.wait_for_function(HIGH_ROWS, arg=[14, TARGET_PX], timeout=WAIT_MS)
    tags = page.locator(".st-key-pick_sub [role=group] > span", has_text="九堡")
    tag = tags.filter(visible=True).first
    assert tag.bounding_box()["height"] >= TARGET_PX
    table = page.get_by_test_id("stDataFrame").bounding_box()
    assert table["height"] >= 2 * TARGET_PX, "its head and one row"

    # The dots of a line are smaller than a finger: the nearest one tells.
    dot = page.locator("path[aria-roledescription=point]").nth(4)
    dot.scroll_into_view_if_needed()
    box = dot.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] + 8)
    page.locator("#vg-tooltip-element.visible", has_text="分钟").wait_for()
    page.locator(".page-title").tap()
    page.locator("#vg-tooltip-element.visible").wait_for(state="detached")

    cockpit.open("/streets?show=pavement")
    told = page.locator(".grade-row").first
    told.tap()
    page.locator(".touch-hint", has_text=told.get_attribute("title")).wait_for()
    page.locator(".page-title").tap()
    page.locator(".touch-hint").wait_for(state="hidden")


@pytest.mark.parametrize("is_calm", [True, False])
def test_who_asks_for_reduced_motion_gets_a_map_that_does_not_fly(open_cockpit, is_calm):
    cockpit = open_cockpit("/toilets?size=l", width=1920, height=1080, is_calm=is_calm)
    page = cockpit.page
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == (
        pytest.approx(1.15 * 16, abs=0.1)
    )
    assert page.locator(PARTS).count() > 40
    assert page.evaluate(COVERED, PARTS) == []
    moved = page.evaluate(
        "[...document.querySelectorAll('*')].filter((one) => { const s = getComputedStyle(one);"
        " return /[1-9]/.test(s.transitionDuration) || /[1-9]/.test(s.animationDuration); }).length"
    )
    assert (moved == 0) == is_calm
    before = cockpit.wait_view_rests()
    page.evaluate(WATCH_ZOOM)
    cockpit.choose("pick_sub", "湖滨")
    cockpit.wait_view_moved(before)
    zooms = page.evaluate("window.zooms")
    assert float(zooms[-1]) > float(zooms[0]) + 1
    assert (len(zooms) == 2) == is_calm
