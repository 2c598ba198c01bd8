"""Every page draws: figures, a map with its labels, legend, footer."""

import pytest

from .cockpit import FIRST_VISITED, MAP_PAGES

pytestmark = pytest.mark.browser

ATLAS = set("清波湖滨小营南星紫阳")
THEME_LAYERS = {
    "/": "subdistricts",
    "/rivers": "rivers",
    "/streets": "demonstration-streets",
    "/toilets": "toilets",
    "/lighting": "projects",
    "/projects": "project-courses",
    "/profile": "subdistricts",
}


@pytest.fixture(params=MAP_PAGES, ids=lambda path: path.strip("/") or "overview")
def path(request):
    return request.param


def test_first_visit_by_deep_link(tour):
    """The first address asked of a fresh server may be any page's own."""
    first = tour[FIRST_VISITED]
    assert MAP_PAGES[FIRST_VISITED] in first.title
    assert first.alerts == 0


def test_page_shows_figures_legend_and_sources(tour, path):
    seen = tour[path]
    assert MAP_PAGES[path] in seen.title
    assert seen.figures >= (0 if path == "/profile" else 5)  # two subdistricts stand in a table
    assert seen.legend.strip()
    assert "来源" in seen.foot and "OpenStreetMap" in seen.foot
    assert seen.alerts == 0


def test_map_is_drawn(tour, path):
    seen = tour[path]
    theme = [n for name, n in seen.layers.items() if name.startswith(THEME_LAYERS[path])]
    assert theme and max(theme) > 0, f"the theme's layer is empty: {seen.layers}"
    assert seen.drawn["calls"] > 0
    assert seen.drawn["instances"] > 0, "deck.gl drew no instance"
    assert seen.colours >= 5, f"only {seen.colours} colours on the map"


def test_map_has_chinese_labels(tour, path):
    seen = tour[path]
    assert any("清波" in text for text in seen.texts)
    if path == "/profile":
        return  # names the two compared subdistricts alone
    assert any("湖滨" in text for text in seen.texts)
    missing = ATLAS - set(seen.drawn["glyphs"])
    assert not missing, f"not in the glyph atlas: {missing}"
