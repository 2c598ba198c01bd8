"""The table of what scenes may ask for says what the pages do: neither can change alone."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from data.contracts import SEARCH_KINDS, TABLES
from data.scene_contract import ITEM_KINDS, THEMES, page_rules
from data.story import parse, shipped
from geo.district import subdistrict_names
from tests.reading import View
from ui import (
    focus,
    header,
    light_card,
    light_choices,
    light_service_counts,
    measures,
    pavement_looks,
    plan,
    projects,
    river_choices,
    street_choices,
    street_compare,
    text,
    toilet_assumed,
    toilet_choices,
    toilet_proposal,
    toilet_spot,
)
from ui.months import MONTH_KEY

ROOT = Path(__file__).resolve().parent.parent
RULES = page_rules()


def numbers(values):
    return [f"{value:g}" for value in values]


# --- constants -----------------------------------------------------------------------------------


def test_pages_are_those_of_the_menu_under_their_titles():
    app = (ROOT / "app.py").read_text(encoding="utf-8")
    listed = dict(re.findall(r'st\.Page\(\s*"views/(\w+)\.py",\s*title="([^"]+)"', app))
    titles = {name: rule.title for name, rule in RULES.items()}
    assert listed.items() >= titles.items()
    files = {path.stem for path in (ROOT / "views").glob("*.py")}
    assert files >= set(titles)


KEYS = [
    ("overview", measures.MEASURE_KEY, list(measures.BY_SUBDISTRICT)),
    ("indicators", plan.PART_KEY, list(plan.PARTS)),
    ("rivers", river_choices.MODE_KEY, list(river_choices.MODES)),
    ("rivers", river_choices.PANEL_KEY, list(river_choices.PANELS)),
    ("rivers", MONTH_KEY, numbers(range(1, 13))),
    ("streets", street_choices.MODE_KEY, list(street_choices.MODES)),
    ("streets", street_choices.VIEW_KEY, list(street_choices._VIEWS)),
    ("streets", street_choices.ORDER_KEY, list(street_choices.ORDERS)),
    ("streets", pavement_looks.VIEW_KEY, list(pavement_looks.VIEWS)),
    ("toilets", toilet_choices.MODE_KEY, list(toilet_choices.MODES)),
    ("toilets", toilet_choices.SCOPE_KEY, list(toilet_choices.SCOPES)),
    ("toilets", toilet_choices.MINUTES_KEY, numbers(toilet_choices.MINUTES)),
    ("toilets", toilet_choices.SPEED_KEY, numbers(toilet_choices.SPEEDS_KMH)),
    ("toilets", toilet_proposal.COUNT_KEY, numbers(range(1, toilet_assumed.MOST_SITES + 1))),
    ("toilets", toilet_proposal.WEIGHT_KEY, list(toilet_proposal.WEIGHTS)),
    ("toilets", toilet_proposal.GAP_KEY, numbers(toilet_proposal.GAPS_M)),
    ("lighting", light_choices.MODE_KEY, list(light_choices.MODES)),
    ("lighting", light_choices.VIEW_KEY, list(light_choices._VIEWS)),
    ("lighting", light_choices.GAP_KEY, light_choices.gaps_offered()[0]),
    ("lighting", light_service_counts.MEASURE_KEY, list(light_service_counts.MEASURE_WORDS)),
    ("projects", projects.KIND_KEY, list(projects.KINDS)),
    ("projects", projects.STATE_KEY, list(projects.LOOKS)),
    ("projects", projects.PLACES_KEY, ["1"]),
    ("catalog", "dataset", [table.path for table in TABLES]),
]


@pytest.mark.parametrize(("page", "key", "values"), KEYS, ids=[f"{p}-{k}" for p, k, _ in KEYS])
def test_values_of_a_key_are_those_of_its_page(page, key, values):
    assert list(RULES[page].keys[key].values) == values


def test_keys_whose_values_depend_on_the_data():
    assert RULES["rivers"].keys[river_choices.ASSUMED_KEY].entry_kind == "river"
    assert RULES["streets"].keys[street_compare.KEY].most == street_compare.COMPARED
    assert RULES["toilets"].keys[toilet_choices.SITE_KEY].most == toilet_assumed.MOST_SITES
    assert RULES["toilets"].keys[toilet_choices.WITHOUT_KEY].entry_kind == "toilet"
    assert toilet_spot.CELL_KEY in RULES["toilets"].keys
    assert projects.BODY_KEY in RULES["projects"].keys
    kinds = re.match(r"\((.*)\)", RULES["lighting"].keys[light_card.LIGHT_KEY].form)[1]
    assert kinds.split("|") == list(light_card.KINDS)


def test_keys_of_the_projects_may_have_any_number_of_values():
    keys = RULES["projects"].keys
    assert [key for key, rule in keys.items() if rule.most is None] == [
        projects.KIND_KEY, projects.BODY_KEY, projects.STATE_KEY,
    ]  # fmt: skip


def test_indicators_and_clauses_are_all_the_plan_has(sql):
    keys = RULES["indicators"].keys
    found = sql("SELECT indicator_no::VARCHAR AS no FROM plan.indicators ORDER BY indicator_no")
    assert list(keys["indicator"].values) == list(found["no"])
    assert set(keys["clause"].values) == set(sql("SELECT clause FROM plan.clauses")["clause"])


def test_kinds_of_items_and_themes():
    assert tuple(ITEM_KINDS) == focus.MAP_KINDS
    assert ITEM_KINDS.items() <= text.SEARCH_KINDS.items()
    assert {rule.entry_kind for page in RULES.values() for rule in page.keys.values()} <= {
        "",
        *SEARCH_KINDS,
    }
    assert tuple(THEMES) == header.THEMES


NOT_PLAYED = ("importing", "play")
"""How modules begin whose pages are no scene: for editors, and for the stories themselves."""


ASKING = ("address.chosen", "address.several", "address.every")


def chosen_keys():
    """Keys that pages ask the address for by ``address.chosen`` and its like, with the file that does."""
    for path in [*(ROOT / "ui").glob("*.py"), *(ROOT / "views").glob("*.py")]:
        if path.stem.startswith(NOT_PLAYED):
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ASKING:
                first = call.args[0]
                if isinstance(first, ast.Constant):
                    yield path.stem, first.value
                elif path.parent.name == "ui" and first.id.isupper():
                    yield path.stem, getattr(importlib.import_module(f"ui.{path.stem}"), first.id)


def test_no_key_that_a_page_asks_for_is_unknown_to_stories():
    known = {key for rule in RULES.values() for key in rule.keys}
    asked = set(chosen_keys())
    assert len(asked) >= 20
    assert {(file, key) for file, key in asked if key not in known} == set()


# --- pages ---------------------------------------------------------------------------------------


HEARD_IN = {
    ("streets", "by"): {"show": "pavement"},
    ("streets", "order"): {"view": "gallery"},
    ("rivers", "panel"): {"show": "projects"},
    ("toilets", "n"): {"show": "sites"},
    ("toilets", "by"): {"show": "sites"},
    ("toilets", "gap"): {"show": "sites"},
    ("toilets", "site"): {"show": "sites"},
    ("lighting", "gap"): {"show": "spots"},
    ("lighting", "measure"): {"show": "service"},
}
"""What else must be chosen for a page to ask for a key."""
ALL_KEYS = [(page, key) for page, rule in RULES.items() for key in rule.keys]


@pytest.mark.parametrize(("page", "key"), ALL_KEYS)
def test_a_page_complains_of_a_value_that_is_none(site, page, key):
    others = HEARD_IN.get((page, key), {})
    view = View(site.open(page, **others, **{key: "none-such"}))
    assert view.failures == []
    assert [notice for notice in view.notices if "none-such" in notice]


# --- manual --------------------------------------------------------------------------------------


MANUAL = (ROOT / "docs" / "manual" / "stories.md").read_text(encoding="utf-8")


def manual_keys():
    """Page and key of each row of the manual's table of pages, with the row."""
    page = ""
    table = MANUAL.partition("## 3 ")[2].partition("## 4 ")[0]
    for row in re.findall(
        r"^\| (?:`(\w+)` \S+ )?\| (?:`(\w+)` (\S+)|没有) \| (.*)\|$", table, re.M
    ):
        page = row[0] or page
        yield page, row[1], row[2], row[3]


def test_the_manual_tells_of_every_page_and_key():
    told = {(page, key, title) for page, key, title, _ in manual_keys()}
    assert told == {
        (page, key, rule.keys[key].title if key else "")
        for page, rule in RULES.items()
        for key in (rule.keys or [""])
    }


@pytest.mark.parametrize(
    ("page", "key", "values"),
    [row for row in KEYS if row[1] in ("show", "by", "measure", "part", "kind", "state", "places")],
)
def test_the_manual_tells_of_every_mode(page, key, values):
    (written,) = [row for at, name, _, row in manual_keys() if (at, name) == (page, key)]
    assert re.findall(r"`(\w+)`", written) == values


def test_the_manuals_story_is_sound():
    (example,) = re.findall(r"^```toml\n(.*?)^```", MANUAL, re.DOTALL | re.MULTILINE)
    story = parse(example, "weekly.toml", "weekly")
    assert story.problems == ()
    assert len(story.scenes) == 2


def test_the_manual_lists_subdistricts_and_shipped_stories():
    for code, name in subdistrict_names().items():
        assert f"| {code} | {name.removesuffix('街道')} |" in MANUAL
    for story in shipped().values():
        row = f"| `{story.story_id}` | {story.title} | {len(story.scenes)} | {story.total_seconds} 秒 |"
        assert row in MANUAL
