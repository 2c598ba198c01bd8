"""The draft of a story: scenes taken from the pages, to be put in order, named and kept.

It lives in the visitor's session and ends with it: saving, downloading or sharing keeps it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from data.contracts import LAST_YEAR
from data.scene import Scene, read_scene
from data.scene_contract import page_rules
from data.story import SHARED_FILE, Story, encoded, missing_items, parse, to_toml
from ui import address
from ui.play_words import view_title
from ui.session import Context

_DRAFT = "_play_draft"
_UNNAMED = "—"


@dataclass
class Draft:
    """What somebody is making: a title, a summary, scenes in order."""

    title: str = ""
    summary: str = ""
    story_id: str = ""
    """Id to save it under; empty while nobody has chosen one."""
    scenes: dict[int, Scene] = field(default_factory=dict)
    """By a number that stays with a scene wherever it is moved to."""
    opened: int | None = None
    """Number of the scene whose view was opened last, so that it can be taken again."""

    def add(self, scene: Scene) -> int:
        """Put a scene at the end; returns its place, from 1."""
        self.scenes[max(self.scenes, default=0) + 1] = scene
        return len(self.scenes)

    def place(self, number: int) -> int:
        """Place of a scene, from 1."""
        return list(self.scenes).index(number) + 1

    def move(self, number: int, by: int) -> None:
        """Move a scene up (``by`` -1) or down (1); at the ends it stays."""
        order = list(self.scenes)
        at = order.index(number)
        to = min(max(at + by, 0), len(order) - 1)
        order[at], order[to] = order[to], order[at]
        self.scenes = {one: self.scenes[one] for one in order}

    def remove(self, number: int) -> None:
        """Take a scene out."""
        del self.scenes[number]
        if self.opened == number:
            self.opened = None

    def take_view(self, number: int, view: Scene) -> None:
        """Have a scene show another view; its title, note and time stay."""
        old = self.scenes[number]
        self.scenes[number] = replace(view, title=old.title, note=old.note, seconds=old.seconds)

    @property
    def told(self) -> str:
        """The draft as an address carries it."""
        return encoded(self.title, self.summary, self.scenes.values())

    @property
    def toml(self) -> str:
        """The draft as the text of a story's file."""
        return to_toml(self.title, self.summary, self.scenes.values())


def current() -> Draft:
    """This session's draft."""
    return st.session_state.setdefault(_DRAFT, Draft())


def begin(story: Story | None = None) -> None:
    """A new draft in place of the one before: empty, or made from a story's sound scenes.

    A shipped or a shared story has no id that it could be saved under.
    """
    made = Draft()
    if story is not None:
        is_own = not story.is_shipped and story.file != SHARED_FILE
        made = Draft(story.title, story.summary, story.story_id if is_own else "")
        for scene in story.scenes:
            made.add(scene)
    st.session_state[_DRAFT] = made


def can_be_scene(page: str) -> bool:
    """Whether a scene can show this page (stem of its file)."""
    return page in page_rules()


def scene_of_view(context: Context, page: str) -> Scene:
    """What a page shows now as a scene, named after what it shows.

    What the page ignores in its address does not go into the scene.
    """
    raw = {
        "title": _UNNAMED,
        "page": page,
        "sub": list(context.filter.subdistrict_codes),
        "year": None if context.filter.year == LAST_YEAR else context.filter.year,
        "theme": st.session_state.get("theme"),
        "item": context.focus.address if context.focus else None,
    }
    raw = {name: value for name, value in raw.items() if value is not None}
    scene, _ = read_scene(raw | {"keys": _own_keys(page)})
    return replace(scene, title=view_title(context, scene))


def _own_keys(page: str) -> dict[str, list[str]]:
    """Keys of the page's own in the address with the values that the page takes."""
    found = {}
    for key, rule in page_rules()[page].keys.items():
        # Of a key that has one value a page reads the last.
        asked = st.query_params.get_all(key)[-1:] if rule.most == 1 else address.every(key)
        sound = [value for value in asked if _is_taken(page, key, value)]
        if sound:
            found[key] = sound[: rule.most]
    return found


def _is_taken(page: str, key: str, value: str) -> bool:
    _, wrong = read_scene({"title": _UNNAMED, "page": page, "keys": {key: value}})
    return not wrong


def faults(draft: Draft, entries: pd.DataFrame) -> Mapping[int | None, list[str]]:
    """What is wrong with each scene, by its number, and under None with the draft itself.

    ``entries``: the search index, which tells what scenes can point at (query «search_ids»).
    """
    if not draft.scenes:
        return {None: ["还没有场景：到要讲的页面上选好，再在页面右上方的“⋯”中点“加入演示”"]}
    found: dict[int | None, list[str]] = {}
    if not draft.title.strip():
        found[None] = ["请写演示的标题"]
    for number, scene in draft.scenes.items():
        if not scene.title.strip():
            found[number] = ["请写这一幕的标题"]
    named = [
        replace(scene, title=scene.title if scene.title.strip() else _UNNAMED)
        for scene in draft.scenes.values()
    ]
    story = parse(to_toml(draft.title.strip() or _UNNAMED, draft.summary, named), "", "")
    order = list(draft.scenes)
    for problem in (*story.problems, *missing_items(story, entries)):
        number = None if problem.scene_no is None else order[problem.scene_no - 1]
        found.setdefault(number, []).append(problem.message)
    return found
