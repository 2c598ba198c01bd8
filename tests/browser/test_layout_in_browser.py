"""How the pages stand in the window: themes, walls, desks and phones; nothing cut, nothing covered."""

import pytest

from .cockpit import GROUNDS, MAP_PAGES, PAGES, Cockpit

pytestmark = pytest.mark.browser

DESK, WALL, LAPTOP, PHONE = (1920, 1080), (3840, 2160), (1366, 768), (420, 900)
# What is wrong with the layout of the page now, one sentence each; [] when all is well.
PROBLEMS = """([width, height, isFirstScreen]) => {
  const found = [];
  const box = (element) => element.getBoundingClientRect();
  const all = (selector, root) => [...(root ?? document).querySelectorAll(selector)];
  const isSeen = (element) => { const b = box(element); return b.width > 0 && b.height > 0; };
  const name = (element) => `${element.className || element.tagName} «${
    (element.innerText ?? "").slice(0, 24)}»`;
  const main = document.querySelector("[data-testid=stMain]");
  main.scrollTop = 0;

  for (const element of [document.documentElement, main])
    if (element.scrollWidth > element.clientWidth)
      found.push(`horizontal scroll: ${element.scrollWidth} > ${element.clientWidth}`);

  for (const element of all(".figure, .figure *"))
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth)
      found.push(`cut: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);

  const header = box(document.querySelector("[data-testid=stHeader]"));
  // A list that scrolls by itself cuts its own rows: they are seen from its upper edge on.
  const seenTop = (element) => {
    let top = box(element).top;
    for (let one = element.parentElement; one !== main; one = one.parentElement)
      if (getComputedStyle(one).overflowY !== "visible") top = Math.max(top, box(one).top);
    return top;
  };
  for (const element of all("[data-testid=stMainBlockContainer] *"))
    if (isSeen(element) && seenTop(element) < header.bottom - 1) {
      found.push(`under the header: ${name(element)}`);
      break;
    }

  const bar = all(".st-key-header_row > *").filter(isSeen);
  bar.forEach((one, i) => bar.slice(i + 1).forEach((other) => {
    const [a, b] = [box(one), box(other)];
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      found.push(`filter bar: ${name(one)} covers ${name(other)}`);
  }));

  for (const element of all(".ind .now, .ind .goal-text, .tile, .compare td, .lines li span"))
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && width >= 1900)
      found.push(`cut: ${name(element)} ${element.scrollWidth} > ${element.clientWidth}`);

  if (!document.querySelector("[data-testid=stDeckGlJsonChart]")) return found;
  const map = box(document.querySelector("[data-testid=stDeckGlJsonChart]"));
  const legend = box(document.querySelector(".legend"));
  if (legend.left < map.left || legend.top < map.top
      || legend.right > map.right || legend.bottom > map.bottom)
    found.push("the legend leaves the map's box");
  if (map.left < 0 || map.right > width + 1) found.push("the map leaves the window sideways");
  if (isFirstScreen && (map.top < header.bottom || map.bottom > height))
    found.push(`the map is not within the first screen: ${map.top} to ${map.bottom} of ${height}`);

  return found;
}"""
ROOT_PX = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def _problems(cockpit: Cockpit, size: tuple[int, int]) -> list[str]:
    if cockpit.path in MAP_PAGES:
        cockpit.page.locator("#deckgl-overlay").wait_for()
    is_first_screen = size in (DESK, WALL)
    found = cockpit.page.evaluate(PROBLEMS, [*size, is_first_screen])
    root_px = cockpit.page.evaluate(ROOT_PX)
    if is_first_screen and abs(root_px - 16 * size[0] / DESK[0]) > 0.1:
        found.append(f"root font size {root_px}")
    return [f"{size[0]}×{size[1]}: {problem}" for problem in found]


@pytest.mark.parametrize(
    ("theme", "small"), [("dark", LAPTOP), ("light", PHONE)], ids=["dark", "light"]
)
def test_every_page_fits_every_screen_in_its_theme(open_cockpit, theme, small):
    """All pages, switched by their links, under a system that prefers the other theme."""
    other = "light" if theme == "dark" else "dark"
    found = []
    cockpit = open_cockpit(f"/?theme={theme}", width=DESK[0], height=DESK[1], scheme=other)
    cockpit.wait_ground(GROUNDS[theme])
    for size in (DESK, WALL, small):
        cockpit.resize(*size)
        for title in PAGES.values():
            cockpit.go(title)
            if cockpit.ground != GROUNDS[theme]:
                found.append(f"{title}: ground {cockpit.ground}")
            found += [f"{title} {problem}" for problem in _problems(cockpit, size)]
    assert not found, "\n".join(found)


def test_switch_changes_the_theme_for_good(open_cockpit):
    cockpit = open_cockpit("/lighting?theme=dark", scheme="light")
    cockpit.wait_ground(GROUNDS["dark"])
    cockpit.settle()
    cockpit.page.locator(".st-key-theme_switch button").first.click()
    cockpit.wait_query("theme", ["light"])
    cockpit.wait_ground(GROUNDS["light"])
    cockpit.settle()
    cockpit.go("示范街")
    assert cockpit.ground == GROUNDS["light"]
    cockpit.page.reload()
    cockpit.settle()
    assert cockpit.ground == GROUNDS["light"]
