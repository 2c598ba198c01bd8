"""What a run of a page knows: frames worked out from queries are remembered by filter and snapshot."""

from dataclasses import replace

import pytest

from data.store import Store
from queries.filter import Filter
from ui.browser import Screen
from ui.session import Context, remembered
from ui.theme import DARK, LIGHT


@pytest.fixture
def context(built_store):
    with Store(built_store).reading() as snapshot:
        yield Context(Filter((), 2025), {}, snapshot, DARK, Screen())


@pytest.fixture
def counted():
    """A remembered function, and the filters for which it was worked out."""
    asked = []

    @remembered
    def roads(context, **params):
        asked.append((context.filter, params))
        return context.frame("demonstration_register", **params)

    return roads, asked


def test_what_is_remembered_is_worked_out_once_for_each_filter_and_its_own_parameters(
    context, counted
):
    roads, asked = counted
    one = replace(context, filter=Filter(("330102001",), 2025))
    for _ in range(2):
        assert len(roads(one)) < len(roads(context)) == len(roads(one, codes=None))
    assert len(asked) == 3


def test_palette_and_screen_ask_for_nothing_new(context, counted):
    roads, asked = counted
    roads(context)
    roads(replace(context, palette=LIGHT, screen=Screen(3840, 2160)))
    assert len(asked) == 1


def test_another_snapshot_starts_afresh(built_store, context, counted):
    roads, asked = counted
    roads(context)
    with Store(built_store).reading() as other:
        roads(replace(context, snapshot=other))
    assert len(asked) == 2


def test_whoever_changes_a_frame_changes_it_for_nobody_else(context, counted):
    roads, _ = counted
    first = roads(context)
    first["street_name"] = "改"
    first.loc[0, "level"] = "改"
    again = roads(context)
    assert "改" not in set(again["street_name"]) | set(again["level"])
