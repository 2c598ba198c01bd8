"""What is being shown by itself: a story scene by scene, or the pages one after another (kiosk).

The address says it all, so that a restarted server and a reloaded browser go on where they were:
``kiosk=1`` takes away everything but the page, ``rotate=20`` moves on after so many seconds (``0``:
after the seconds of each scene), ``story=…`` and ``scene=3`` name what is shown, ``told=…`` holds a story
that is saved nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from data.contracts import LAST_YEAR
from data.snapshot import store_folder
from data.story import Scene, Story, all_stories, decoded
from queries.filter import shortened
from ui.component import component
from ui.focus import expect_item

KIOSK_KEY, ROTATE_KEY, STORY_KEY, SCENE_KEY, TOLD_KEY = "kiosk", "rotate", "story", "scene", "told"
SHOW_KEYS = (KIOSK_KEY, ROTATE_KEY, STORY_KEY, SCENE_KEY, TOLD_KEY)
LEAST_ROTATE_S, MOST_ROTATE_S = 5, 3600
USUAL_S = 20
RELOAD_HOUR = 4
"""A wall that runs for days loads itself anew once a day at this hour, when nobody is looking."""
TOLD_ID = "~"
"""Name in the address of a story that the address itself holds."""
LIST_PAGE = "play"
"""Page that lists the stories: there the address names one without showing it."""
ALL_PAGES = Story(
    story_id="",
    title="各页轮播",
    summary="驾驶舱各页依次播放",
    scenes=tuple(
        Scene(title=title, page=page, seconds=USUAL_S, keys=keys)
        for page, title, keys in (
            ("overview", "总览", {}),
            ("indicators", "规划指标", {}),
            ("rivers", "美丽河湖", {}),
            ("streets", "示范街", {"view": "gallery"}),
            ("toilets", "公共厕所", {}),
            ("lighting", "上城夜景", {"view": "wall"}),
            ("projects", "规划项目", {}),
        )
    ),
    problems=(),
    is_shipped=True,
    numbers=tuple(range(1, 8)),
)
"""What a kiosk without a story shows."""
_KEY, _GOING = "show", "_show_going_to"
_BOUND = ("sub", "year", "theme")
"""Keys of the address that hidden widgets keep."""
KEY_WORDS = (
    ("→ ↓ PageDown", "下一幕"), ("← ↑ PageUp", "上一幕"), ("空格", "暂停、继续"),
    ("F", "全屏"), ("B", "黑屏"), ("1–9", "到第几幕"), ("Home End", "首幕、末幕"),
    ("?", "本说明"), ("Esc", "退出放映"),
)  # fmt: skip
"""Keys that a show listens to, and what they do."""
_WORDS = {
    "help": KEY_WORDS,
    "helpTitle": "放映快捷键",
    "close": "关闭",
    "paused": "已暂停",
    "resting": "稍候继续",
    "lost": "正在重新连接……",
}


@dataclass(frozen=True)
class Show:
    """A story, the scene of it that the address is at, and how it moves on."""

    story: Story
    position: int
    """Place of the scene among the sound ones, from 0."""
    is_kiosk: bool
    rotate_s: int | None
    """Seconds a scene; 0: each its own; None: only by hand."""
    told: str | None = None
    """The story as the address holds it, where it is saved nowhere."""
    is_at_scene: bool = True
    """False on a page that is none of those that rotate: from there the next is the first of them."""

    @property
    def scene(self) -> Scene:
        return self.story.scenes[self.position]

    @property
    def is_story(self) -> bool:
        """Whether a story is told, not just page after page shown."""
        return self.story is not ALL_PAGES

    @property
    def place_text(self) -> str:
        """Where in the story: «3/8»."""
        return f"{self.position + 1}/{len(self.story.scenes)}"

    @property
    def seconds(self) -> int | None:
        """After how many seconds the next scene follows by itself."""
        if self.rotate_s is None:
            return None
        return self.rotate_s or self.scene.seconds

    def query(self, position: int) -> dict[str, str | list[str]]:
        """The address of a scene beside the filter and the theme."""
        own = _own_query(self.story.scenes[position])
        if self.is_story:
            own |= {STORY_KEY: TOLD_ID if self.told else self.story.story_id}
            own |= {SCENE_KEY: f"{position + 1}"}
            own |= {TOLD_KEY: self.told} if self.told else {}
        own |= {KIOSK_KEY: "1"} if self.is_kiosk else {}
        return own | ({} if self.rotate_s is None else {ROTATE_KEY: f"{self.rotate_s}"})


def is_kiosk() -> bool:
    """Whether the address asks for the page alone."""
    return st.query_params.get(KIOSK_KEY) == "1"


def rotation() -> tuple[int | None, list[str]]:
    """Seconds a scene by the address, and a notice of what is no such number."""
    asked = st.query_params.get(ROTATE_KEY)
    if asked is None:
        return None, []
    seconds = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else -1
    if seconds == 0 or LEAST_ROTATE_S <= seconds <= MOST_ROTATE_S:
        return seconds, []
    told = (
        f"网址中的轮播秒数“{shortened(asked)}”不是 0 或 {LEAST_ROTATE_S}～{MOST_ROTATE_S}，已忽略。"
    )
    return None, [told]


def read_show(page: str) -> tuple[Show | None, list[str]]:
    """What the address shows on a page (stem of its file), and notices of what is wrong with it.

    None where nothing is shown by itself. A scene that does not exist is the first one.
    """
    story_id, kiosk = st.query_params.get(STORY_KEY), is_kiosk()
    if page == LIST_PAGE:
        story_id = None
    rotate_s, notices = rotation()
    if story_id is None:
        if not kiosk and rotate_s is None:
            return None, notices
        pages = [scene.page for scene in ALL_PAGES.scenes]
        is_there = page in pages
        place = pages.index(page) if is_there else len(pages) - 1
        return Show(ALL_PAGES, place, kiosk, rotate_s, is_at_scene=is_there), notices
    told = st.query_params.get(TOLD_KEY) if story_id == TOLD_ID else None
    story = decoded(told) if told else all_stories(store_folder()).get(story_id)
    if story is None or not story.scenes:
        what = "没有可放映的场景" if story else "不存在"
        return None, [*notices, f"网址中的演示“{shortened(story_id)}”{what}，已忽略。"]
    asked = st.query_params.get(SCENE_KEY, "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    if not 1 <= number <= len(story.scenes):
        notices.append(f"演示“{story.title}”没有第 {shortened(asked)} 幕，从第一幕开始。")
        number = 1
    return Show(story, number - 1, kiosk, rotate_s, told), notices


# --- moving on -----------------------------------------------------------------------------------


def go_to(show: Show, position: int) -> None:
    """Have the next run show a scene: its filter now, its page once the run has begun."""
    position %= len(show.story.scenes)
    scene = show.story.scenes[position]
    if show.is_story:
        # Pages that rotate by themselves keep the filter that somebody chose for them.
        _take_filter(scene)
    _go(scene, show.query(position))


def look_at(scene: Scene) -> None:
    """Have the next run show what a scene shows, with no show around it."""
    _take_filter(scene)
    _go(scene, _own_query(scene))


def _take_filter(scene: Scene) -> None:
    st.session_state["sub"] = list(scene.sub)
    st.session_state["year"] = scene.year or LAST_YEAR
    if scene.theme:
        st.session_state["theme"] = scene.theme


def _go(scene: Scene, query: Mapping[str, str | list[str]]) -> None:
    if scene.item:
        expect_item()
    st.session_state[_GOING] = (scene.page, query)


def _own_query(scene: Scene) -> dict[str, str | list[str]]:
    """The address of a scene beside what hidden widgets keep in it."""
    return {key: one for key, one in scene.query.items() if key not in _BOUND}


def leave() -> None:
    """End the show; what is on the page stays."""
    for key in SHOW_KEYS:
        st.query_params.pop(key, None)


def follow() -> None:
    """Go where the last command led. Once a run, before the page."""
    going = st.session_state.pop(_GOING, None)
    if going is not None:
        page, query = going
        st.switch_page(f"views/{page}.py", query_params=query)


def remote(show: Show) -> None:
    """Mount what moves the show on: keys, clicker, touch and time."""
    st.session_state["_show"] = show
    component("show")(
        key=_KEY,
        data={
            "story": show.story.story_id,
            "position": show.position,
            "count": len(show.story.scenes),
            "titles": [scene.title for scene in show.story.scenes],
            "notes": [scene.note for scene in show.story.scenes],
            "seconds": show.seconds,
            "isKiosk": show.is_kiosk,
            "reloadHour": RELOAD_HOUR,
            "words": _WORDS,
        },
        on_command_change=_take,
    )


def _take() -> None:
    """Carry out a command of the browser; ``look`` only wants the page run, anything else is ignored."""
    command = st.session_state[_KEY].get("command")
    show: Show | None = st.session_state.get("_show")
    if not isinstance(command, Mapping) or show is None:
        return
    name, to = command.get("name"), command.get("to")
    if name == "leave":
        leave()
    elif name == "play":
        st.query_params[ROTATE_KEY] = "0"
    elif name in ("next", "previous"):
        go_to(show, show.position + (1 if name == "next" else -1))
    elif name == "go" and _is_position(to, show.story.scenes):
        go_to(show, to)


def _is_position(to: object, scenes: Sequence[Scene]) -> bool:
    return isinstance(to, int) and not isinstance(to, bool) and 0 <= to < len(scenes)
