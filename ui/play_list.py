"""演示: the list of stories, and one of them in detail with the ways to present and to keep it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape

import streamlit as st

from data.scene import Scene
from data.snapshot import store_folder
from data.story import SAVED_FOLDER, SHARED_FILE, SHIPPED_FOLDER, Problem, Story, to_toml
from ui import cards, editing, play_draft, play_keep, play_stories, play_words, show
from ui.play_stories import PICK
from ui.session import Context
from ui.show import Show

_DRAFT_PICK = "play-draft"


def follow_pick(context: Context) -> None:
    """Open the draft if its card was clicked just now."""
    if context.picked == _DRAFT_PICK:
        play_stories.open_draft()


# --- the list ------------------------------------------------------------------------------------


def list_of(context: Context, known: Mapping[str, Story], chosen: str) -> None:
    """A card for the draft and one for each story, each to be clicked."""
    cards.block_title("全部演示", f"共 {len(known)} 个")
    body = [_story_html(context, key, story, key == chosen) for key, story in known.items()]
    st.html(f'<div class="stories">{"".join(body)}{_draft_html()}</div>')


def _story_html(context: Context, key: str, story: Story, is_chosen: bool) -> str:
    facts = escape(play_words.length_text(story.scenes))
    if fault := play_words.fault_text(play_stories.problems(context, story)):
        facts += f" <em>▲ {escape(fault)}</em>"
    state = "chosen" if is_chosen else ""
    return _card_html(f"{PICK}{key}", story.title, _origin(story), story.summary, facts, state)


def _draft_html() -> str:
    draft = play_draft.current()
    if not draft.scenes:
        told = "先到要讲的页面选好，在右上方“⋯”中点“加入演示”，画面就收到这里。"
        return _card_html(_DRAFT_PICK, "新建演示", "草稿", told, "", "draft")
    facts = f"{play_words.length_text(draft.scenes.values())} · 尚未保存"
    title = draft.title.strip() or "未命名的草稿"
    return _card_html(_DRAFT_PICK, title, "草稿", draft.summary, escape(facts), "draft")


def _card_html(
    pick: str, title: str, origin: str, summary: str, facts_html: str, state: str
) -> str:
    current = ' aria-current="true"' if state == "chosen" else ""
    return (
        f'<div class="story {state}" data-pick="{escape(pick, quote=True)}" role="button" '
        f'tabindex="0"{current}><b>{escape(title)}</b><i>{escape(origin)}</i>'
        f"<p>{escape(summary)}</p><small>{facts_html}</small></div>"
    )


def _origin(story: Story) -> str:
    if story.file == SHARED_FILE:
        return "网址带来"
    return "自带" if story.is_shipped else "已保存"


# --- one story -----------------------------------------------------------------------------------


def head(key: str, story: Story) -> None:
    """A story's title, and what can be done with it."""
    facts = f"{_origin(story)} · {play_words.length_text(story.scenes)}"
    st.html(
        f'<div class="detail story-head"><h2>{escape(story.title)}<small>{escape(facts)}</small></h2>'
        f"<p>{escape(story.summary)}</p></div>"
    )
    told = play_stories.told_of(key)
    with st.container(horizontal=True, vertical_alignment="center", key="story_actions"):
        play_buttons(story, told)
        notes = {play_stories.NOTES_KEY: key} | ({show.TOLD_KEY: told} if told else {})
        st.link_button(
            "讲解词窗口", play_stories.relative(notes), icon=":material/speaker_notes:",
            disabled=not story.scenes, help="在新窗口打开，放在讲解员面前的屏幕上，随放映一起走",
        )  # fmt: skip
        here = {show.TOLD_KEY: told} if told else {show.STORY_KEY: key}
        play_keep.share(here, Show(story, 0, True, None, told) if story.scenes else None)
        st.download_button(
            "下载 TOML", data=lambda: _file_bytes(story), key="story_toml", on_click="ignore",
            file_name=f"{story.story_id}.toml", mime="application/toml",
            icon=":material/download:",
        )  # fmt: skip
        if st.button("以此为底稿编辑", key="story_edit", icon=":material/edit:",
                     disabled=not story.scenes):  # fmt: skip
            play_keep.begin_from(story)
        is_saved = not story.is_shipped and not told
        if (
            editing.is_allowed()
            and is_saved
            and st.button("删除", key="story_delete", icon=":material/delete:")
        ):
            play_keep.ask_delete(story)


def play_buttons(story: Story, told: str | None, is_ready: bool = True) -> None:
    """Start a story by hand or by itself; ``told`` is the story as an address carries it, if one does."""
    is_playable = is_ready and bool(story.scenes)
    st.button(
        "放映", key="story_play", type="primary", icon=":material/play_arrow:",
        disabled=not is_playable, on_click=_start, args=(story, told, None),
        help="大屏放映，用翻页器或键盘 ← → 翻；F 全屏，Esc 退出",
    )  # fmt: skip
    st.button(
        "自动放映", key="story_rotate", icon=":material/autoplay:", disabled=not is_playable,
        on_click=_start, args=(story, told, 0), help="按各幕的秒数自己翻，放完从头来；空格暂停",
    )  # fmt: skip


def _start(story: Story, told: str | None, rotate_s: int | None) -> None:
    show.go_to(Show(story, 0, True, rotate_s, told), 0)


def _file_bytes(story: Story) -> bytes:
    """A story's file as it lies on the disk; of one that the address holds, its sound scenes."""
    folder = SHIPPED_FOLDER if story.is_shipped else store_folder() / SAVED_FOLDER
    if story.file != SHARED_FILE:
        # Somebody may have deleted it since the page was made.
        with suppress(OSError):
            return (folder / f"{story.story_id}.toml").read_bytes()
    return to_toml(story.title, story.summary, story.scenes).encode()


# --- its scenes ----------------------------------------------------------------------------------


def scenes(context: Context, story: Story) -> None:
    """Every scene in order: what it shows, how long, what is said, and what is wrong with it."""
    found = play_stories.problems(context, story)
    sound = dict(zip(story.numbers, story.scenes, strict=True))
    numbers = {*sound, *(one.scene_no for one in found if one.scene_no is not None)}
    rows = []
    for number in sorted(numbers):
        wrong = problems_html([one for one in found if one.scene_no == number])
        body = "<strong>这一幕有误，放映时跳过</strong>"
        if number in sound:
            body = _scene_html(context, sound[number])
        rows.append(f"<li><b>{number}</b><div>{body}{wrong}</div></li>")
    of_story = problems_html([one for one in found if one.scene_no is None])
    st.html(f'{of_story}<ol class="scenes">{"".join(rows)}</ol>')


def _scene_html(context: Context, scene: Scene) -> str:
    return (
        f"<strong>{escape(scene.title)}</strong><small>{play_words.time_text(scene.seconds)}</small>"
        f"<span>{escape(play_words.sentence(context, scene))}</span><p>{escape(scene.note)}</p>"
    )


def problems_html(found: Sequence[Problem], is_numbered: bool = False) -> str:
    """What is wrong, each with its file and line, with its scene too where they stand alone."""
    rows = "".join(
        f"<li>▲ {escape(_scene_no(one) if is_numbered else '')}{escape(one.message)}"
        f"<small>{escape(one.file)} 第 {one.line} 行</small></li>"
        for one in found
    )
    return f'<ul class="faults">{rows}</ul>' if rows else ""


def _scene_no(problem: Problem) -> str:
    return "" if problem.scene_no is None else f"第 {problem.scene_no} 幕："
