"""Which stories there are, which one the address asks for, and the addresses that lead to them."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from data.snapshot import store_folder
from data.store import Snapshot
from data.story import Problem, Story, all_stories, decoded, missing_items
from queries.filter import shortened
from queries.loader import query
from ui import address, header
from ui.session import Context
from ui.show import LIST_PAGE, STORY_KEY, TOLD_ID, TOLD_KEY, Show

NOTES_KEY, EDIT_KEY = "notes", "edit"
"""Keys of the address: the story whose notes are wanted alone, and whether the draft is open."""
PICK = "story-"
LONGEST_ADDRESS = 8_000
"""From so many characters on, some programs cut an address off."""


# --- what there is -------------------------------------------------------------------------------


def stories() -> dict[str, Story]:
    """Stories by the name that the address gives them: the one that it holds, shipped ones, saved ones."""
    told = st.query_params.get(TOLD_KEY)
    return ({TOLD_ID: decoded(told)} if told else {}) | all_stories(store_folder())


def chosen_id(context: Context, known: Mapping[str, Story]) -> str:
    """Which story the page is about: the one clicked just now, that of the address, else the first."""
    picked = (context.picked or "").removeprefix(PICK)
    return address.chosen(STORY_KEY, list(known), next(iter(known)), "演示", picked)


def told_of(key: str) -> str | None:
    """The text of the address that holds the story; None for one that lies in a file."""
    return st.query_params.get(TOLD_KEY) if key == TOLD_ID else None


def noted(known: Mapping[str, Story]) -> str | None:
    """The story whose notes alone the address asks for, if it asks; a notice tells of none such."""
    asked = st.query_params.get(NOTES_KEY)
    if asked is None:
        return None
    if asked not in known or not known[asked].scenes:
        header.notices([f"网址中的演示“{shortened(asked)}”不存在或没有可放映的场景，没有讲解词。"])
        return None
    return asked


def problems(context: Context, story: Story) -> tuple[Problem, ...]:
    """What is wrong with a story itself, and what it points at that the data do not have, by line."""
    return _problems(context.snapshot, story)


@lru_cache(maxsize=64)
def _problems(snapshot: Snapshot, story: Story) -> tuple[Problem, ...]:
    missing = missing_items(story, _entries(snapshot))
    return tuple(sorted((*story.problems, *missing), key=lambda one: one.line))


def entries(context: Context) -> pd.DataFrame:
    """Kind and number of all that a scene can point at."""
    return _entries(context.snapshot)


@lru_cache(maxsize=4)
def _entries(snapshot: Snapshot) -> pd.DataFrame:
    return snapshot.query(query("search_ids").sql)


# --- the draft -----------------------------------------------------------------------------------


def is_draft_open() -> bool:
    """Whether the address asks for the draft."""
    return st.query_params.get(EDIT_KEY) == "1"


def open_draft() -> None:
    """Show the draft."""
    st.query_params[EDIT_KEY] = "1"


def close_draft() -> None:
    """Show the stories."""
    st.query_params.pop(EDIT_KEY, None)


# --- addresses -----------------------------------------------------------------------------------


def relative(asked: Mapping[str, str]) -> str:
    """An address of this page, wherever the server lies."""
    return f"?{urlencode(asked)}"


def absolute(asked: Mapping[str, str]) -> str:
    """An address of this page to be sent to others."""
    return f"{_root()}/{LIST_PAGE}?{urlencode(asked)}"


def of_first_scene(played: Show) -> str:
    """The address at which a show begins, to be sent to others."""
    scene = played.story.scenes[0]
    asked = urlencode(scene.query | played.query(0), doseq=True)
    return f"{_root()}/{page_path(scene.page)}?{asked}"


def page_path(page: str) -> str:
    """Path of a page (stem of its file) below the app's root."""
    return "" if page == "overview" else page


def _root() -> str:
    """Where the app lies; empty where nobody has asked over a network."""
    return (st.context.url or "").partition("?")[0].rpartition("/")[0]
