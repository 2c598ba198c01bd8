"""Colours that can be read and told apart: WCAG 2.1 AA in both themes, and with colour blindness."""

import importlib
import re
import tomllib
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from tests.colours import BLINDNESS, contrast, difference, mixed
from tests.reading import View
from ui.theme import DARK, LIGHT, STATUS_LOOKS, StatusLook

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "ui"
TEXT, GRAPHIC = 4.5, 3.0
"""Least contrast of text, and of shapes and lines (success criteria 1.4.3 and 1.4.11)."""
THEMES = pytest.mark.parametrize("colours", [DARK, LIGHT], ids=lambda one: one.name)
GROUNDS = ("ground", "panel", "raised")
TONES = ("met", "near", "missed", "unreported", "belt", "accent", "muted")
"""Roles of ``--tone``, which a rule of the sheet takes from its element."""
EVERYWHERE = ("text", *TONES, "zone")
ON_GROUND_AND_PANEL = ("link", "axis", "corridor", "scenery")
DRAWN = (*TONES, "light", "scenery", "axis", "corridor", "belt", "zone")
LABELS = ("text", "muted", "zone", "missed", "near", "met", "belt", "accent", "corridor", "axis")
"""Roles of names and signs on maps."""
SEEN_APART = 10
"""Least ΔE (CIE76) of two states: four times the difference that is just seen."""


# --- the measure itself ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#FFFFFF", 21),
        ("#FFFFFF", "#000000", 21),
        ("#767676", "#FFFFFF", 4.54),
        ("#777777", "#FFFFFF", 4.48),
        ("#0F1B24", "#0F1B24", 1),
    ],
)
def test_contrast_is_as_the_standard_counts_it(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_mixing_is_as_the_browser_does_it():
    assert mixed("#FF0000", 0.25, "#0000FF") == "#4000BF"


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_greys_stay_what_they_are_without_a_cone(blindness):
    assert difference("#808080", "#808080", blindness) == 0
    assert difference("#808080", "#000000", blindness) == pytest.approx(
        difference("#808080", "#000000"), abs=0.5
    )


def test_red_and_green_come_nearer_without_the_cone_that_tells_them_apart():
    seen = difference("#D04040", "#6A7A20")
    assert difference("#D04040", "#6A7A20", "deuteranopia") < seen / 2
    assert difference("#D04040", "#6A7A20", "tritanopia") > seen / 2


# --- the palettes ----------------------------------------------------------------------------------


def too_pale(colours):
    """Pairs of a role of text and a ground on which it cannot be read, with their contrast."""
    pairs = [(role, ground) for role in EVERYWHERE for ground in GROUNDS]
    pairs += [(role, ground) for role in ON_GROUND_AND_PANEL for ground in GROUNDS[:2]]
    ratios = {
        pair: contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) for pair in pairs
    }
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < TEXT}


@THEMES
def test_text_can_be_read_on_every_ground(colours):
    assert too_pale(colours) == {}


def test_a_colour_that_is_too_pale_is_found_with_its_ground():
    found = too_pale(replace(LIGHT, muted="#627580"))
    assert found.keys() == {("muted", "ground"), ("muted", "raised")}


@THEMES
def test_what_a_map_draws_stands_out_from_land_and_water(colours):
    drawn = {role: getattr(colours, role) for role in DRAWN}
    drawn |= {f"class {number}": colour for number, colour in enumerate(colours.quality, 1)}
    pale = {
        (name, ground)
        for name, colour in drawn.items()
        for ground in ("land", "water", "ground", "panel")
        if contrast(colour, getattr(colours, ground)) < GRAPHIC
    }
    assert pale == set()


@THEMES
@pytest.mark.parametrize("ground", ["ground", "panel"])
def test_bars_stand_out_from_the_page(colours, ground):
    assert contrast(colours.bar, getattr(colours, ground)) >= GRAPHIC


@THEMES
def test_labels_of_maps_can_be_read_in_their_halo(colours):
    assert [r for r in LABELS if contrast(getattr(colours, r), colours.halo) < TEXT] == []


# --- what the sheets pair --------------------------------------------------------------------------

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(r"(?<![-\w])color:\s*var\(--(\w+)")
_GROUND = re.compile(
    r"background(?:-color)?:\s*(?:var\(--(?P<whole>\w+)|color-mix\(in srgb, var\(--(?P<top>\w+)[^)]*\) "
    r"(?P<share>\d+)%, (?:transparent|var\(--(?P<under>\w+)\)))"
)


def rules():
    """Selector and body of every rule of our sheets that sets a colour."""
    for name in ("style.css", "months.css", "search.css"):
        text = re.sub(r"/\*.*?\*/", "", (UI / name).read_text(encoding="utf-8"), flags=re.DOTALL)
        for selector, body in _RULE.findall(text):
            if _COLOUR.search(body):
                yield selector.strip(), body


def meant(role, colours):
    """Colours that a variable may stand for."""
    return [getattr(colours, tone) for tone in (TONES if role == "tone" else (role,))]


def pairs(body, colours):
    """Colours of text with those of the background, where a rule sets both."""
    ground = _GROUND.search(body)
    if ground is None:
        return []
    under = getattr(colours, ground["under"] or "ground")
    share = int(ground["share"] or 100) / 100
    return [
        (colour, mixed(top, share, under))
        for colour in meant(_COLOUR.search(body)[1], colours)
        for top in meant(ground["whole"] or ground["top"], colours)
    ]


@THEMES
def test_where_a_rule_sets_text_and_ground_the_text_can_be_read(colours):
    found = [(selector, pair) for selector, body in rules() for pair in pairs(body, colours)]
    assert len(found) > 20
    assert [(rule, pair) for rule, pair in found if contrast(*pair) < TEXT] == []


def test_every_colour_of_text_is_one_that_is_checked():
    known = {*EVERYWHERE, "link", "tone"}
    odd = {
        (selector, role)
        for selector, body in rules()
        for role in _COLOUR.findall(body)
        if role not in known
    }
    # A sign of a legend is a shape. Text in the ground's colour stands on a colour of its own, and on
    # the widgets' main colour, which is checked below.
    allowed = {selector for selector, body in rules() if _GROUND.search(body)}
    assert {
        pair
        for pair in odd
        if pair[0] not in allowed and not re.search(r"\.sign$|stBaseButton-primary", pair[0])
    } == set()


@THEMES
def test_the_widgets_have_the_same_colours(colours):
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    theme = settings["theme"][colours.name]
    same = {
        "backgroundColor": "ground",
        "secondaryBackgroundColor": "panel",
        "textColor": "text",
        "borderColor": "line",
        "linkColor": "link",
        "grayTextColor": "muted",
    }
    assert {key: theme[key] for key in same} == {k: getattr(colours, r) for k, r in same.items()}
    main = theme["primaryColor"]
    # The chosen one of a row of buttons stands in this colour on a tenth of it.
    assert contrast(main, mixed(main, 0.1, colours.ground)) >= TEXT
    assert contrast(main, colours.ground) >= TEXT
    head = theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]
    assert contrast(*head) >= TEXT


# --- maps as they are drawn ------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("overview", {}),
        ("rivers", {"show": "quality"}),
        ("streets", {"view": "map"}),
        ("toilets", {}),
        ("lighting", {"show": "plan"}),
        ("lighting", {"show": "spots"}),
        ("projects", {}),
    ],
)
def test_names_on_a_map_stand_out_from_their_halo(site, page, query, theme):
    view = View(site.open(page, theme=theme, **query))
    layers = [one for one in view.map["layers"] if one["@@type"] == "TextLayer"]
    assert layers
    for layer in layers:
        colour, halo = (f"#{bytes(layer[k][:3]).hex()}" for k in ("getColor", "outlineColor"))
        is_named = any(char.isalnum() for row in layer["data"] for char in row["t"])
        assert contrast(colour, halo) >= (TEXT if is_named else GRAPHIC)


# --- states ----------------------------------------------------------------------------------------


@THEMES
@pytest.mark.parametrize("blindness", [None, "protanopia", "deuteranopia", "tritanopia"])
@pytest.mark.parametrize("two", list(combinations(("met", "near", "missed"), 2)), ids="-".join)
def test_states_differ_in_colour_for_those_who_lack_a_cone(colours, blindness, two):
    assert difference(*(getattr(colours, role) for role in two), blindness) >= SEEN_APART


def is_looks(value):
    return isinstance(value, dict) and {type(one) for one in value.values()} == {StatusLook}


LOOKS = {
    f"{path.stem}.{name}": value
    for path in sorted(UI.glob("*.py"))
    for name, value in vars(importlib.import_module(f"ui.{path.stem}")).items()
    if is_looks(value)
}
"""Every set of states that a page tells apart, by module and name."""


@pytest.mark.parametrize("states", list(LOOKS.values()), ids=list(LOOKS))
def test_states_differ_in_shape_and_word(states):
    assert len({look.shape for look in states.values()}) == len(states)
    assert len({look.word for look in states.values()}) == len(states)


def test_the_states_of_figures_are_among_them():
    assert STATUS_LOOKS in LOOKS.values()
