"""Every scene of a shipped story opens as it stands, and what is said with it is the plan's."""

import re

import pytest

from data.plan import plan_tables
from data.snapshot import current_version, snapshot_folder
from data.standing import StandingTables
from data.story import missing_items, shipped
from tests.reading import View

SCENES = [
    pytest.param(scene, id=f"{story.story_id}-{number}")
    for story in shipped().values()
    for number, scene in zip(story.numbers, story.scenes, strict=True)
]
MOST_CHARS_PER_S = 4.5
"""As fast as one speaks to a meeting."""
YEARS = {float(year) for year in range(2020, 2026)}


@pytest.fixture(scope="module", params=["built_store", "bare_store"])
def entries(request):
    """The search index with the samples, and of the plan and the geography alone."""
    store = request.getfixturevalue(request.param)
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        return standing["base.search_entries"]


def shown(server, scene):
    return View(server.open(scene.page, **scene.query))


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_opens_over_the_samples(site, scene):
    view = shown(site, scene)
    assert view.failures == []
    assert view.notices == []


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_opens_over_the_plan_alone(bare, scene):
    view = shown(bare, scene)
    assert view.failures == []
    assert view.notices == []


@pytest.mark.parametrize("story", shipped().values(), ids=shipped())
def test_what_it_points_at_is_on_the_map_whatever_registers_are_loaded(entries, story):
    assert missing_items(story, entries) == []
    placed = entries.dropna(subset=["west"])
    known = set(placed["entry_kind"] + ":" + placed["entry_id"])
    assert {scene.item for scene in story.scenes if scene.item} <= known


@pytest.fixture(scope="module")
def plan_figures():
    """Every figure that the plan states."""
    tables = plan_tables()
    targets = tables["plan.indicators"]["target_text"].str.findall(r"\d+(?:\.\d+)?").explode()
    return {*tables["plan.facts"]["value"], *targets.dropna().astype(float), *YEARS}


@pytest.mark.parametrize("scene", SCENES)
def test_every_figure_that_is_said_is_the_plans_and_said_to_be(scene, plan_figures):
    said = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", scene.note)]
    assert set(said) <= plan_figures
    assert not said or "规划" in scene.note


@pytest.mark.parametrize("scene", SCENES)
def test_what_is_said_can_be_said_in_the_time(scene):
    assert len("".join(scene.note.split())) <= MOST_CHARS_PER_S * scene.seconds
    assert 2 <= len(re.findall("[。！？]", scene.note)) <= 4
