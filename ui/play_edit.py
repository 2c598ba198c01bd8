"""The draft of a story on its page: title and summary, its scenes as rows, the ways to keep it."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from data.scene import Scene
from data.scene_contract import LEAST_SECONDS, MOST_SECONDS
from data.story import decoded
from ui import cards, layout, play_draft, play_keep, play_list, play_stories, play_words, show
from ui.play_draft import Draft
from ui.session import Context

COLUMN_SHARES = (0.3, 0.7)
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_NOTE = 60, 200, 2000
HOW_TO = (
    "到要讲的页面，选好街道、年份、图层，或用搜索定位到一条河、一条街；",
    "在页面右上方的“**⋯**”中点“**加入演示**”，画面就成为草稿的一幕；",
    "回到这里排次序，写标题、秒数和讲解词，再放映、保存、下载或分享。",
)


def editor(context: Context) -> None:
    """All of the draft; what is wrong with it stands beside it."""
    draft = play_draft.current()
    faults = play_draft.faults(draft, play_stories.entries(context))
    left, right = layout.columns(context, COLUMN_SHARES)
    with left:
        st.button("‹ 返回演示列表", key="draft_close", on_click=play_stories.close_draft)
        _head(context, draft, faults.get(None, []), is_sound=not faults)
    with right:
        if not draft.scenes:
            cards.block_title("怎样做一个演示")
            cards.findings(HOW_TO)
            return
        cards.block_title("各幕", play_words.length_text(draft.scenes.values()))
        for number in draft.scenes:
            _row(context, draft, number, faults.get(number, []))


def _head(context: Context, draft: Draft, faults: Sequence[str], is_sound: bool) -> None:
    cards.block_title("演示草稿", "只在这个浏览器窗口里，刷新前请保存、下载或分享")
    for name, label, longest in (
        ("title", "标题", LONGEST_TITLE),
        ("summary", "简介", LONGEST_SUMMARY),
    ):
        st.session_state[f"draft_{name}"] = getattr(draft, name)
        st.text_input(
            label, key=f"draft_{name}", max_chars=longest, on_change=_take, args=(draft, name)
        )
    st.html(_faults_html(faults) or "<span></span>")
    if not draft.scenes:
        return
    told = draft.told
    with st.container(horizontal=True, key="draft_actions"):
        play_list.play_buttons(decoded(told), told, is_ready=is_sound)
        play_keep.share({show.TOLD_KEY: told}, None)
        st.download_button(
            "下载 TOML", data=draft.toml, key="draft_toml", on_click="ignore",
            file_name=f"{draft.story_id or play_keep.suggested_id(draft.title)}.toml",
            mime="application/toml", icon=":material/download:",
        )  # fmt: skip
        if st.button("放弃草稿", key="draft_drop", icon=":material/delete:"):
            play_keep.drop()
    cards.block_title("保存", "存进数据仓，所有人都能放映")
    play_keep.save_panel(draft, is_sound)


def _take(draft: Draft, name: str) -> None:
    setattr(draft, name, st.session_state[f"draft_{name}"])


# --- one scene -----------------------------------------------------------------------------------


def _row(context: Context, draft: Draft, number: int, faults: Sequence[str]) -> None:
    scene, place = draft.scenes[number], draft.place(number)
    with st.container(key=f"scene_row_{number}", border=True):
        with st.container(horizontal=True, vertical_alignment="center", key=f"scene_head_{number}"):
            st.html(f'<b class="scene-no">{place}</b>', width="content")
            st.text_input(
                f"第 {place} 幕的标题", max_chars=LONGEST_TITLE, placeholder="标题",
                label_visibility="collapsed", **_bound(draft, number, "title"),
            )  # fmt: skip
            st.number_input(
                f"第 {place} 幕的秒数", LEAST_SECONDS, MOST_SECONDS, step=5,
                label_visibility="collapsed", width=layout.rem(context, 8),
                **_bound(draft, number, "seconds"),
            )  # fmt: skip
            st.html("秒", width="content")
            _row_buttons(draft, number, place)
        st.html(
            f'<div class="scene-shown">{escape(play_words.sentence(context, scene))}'
            f"{_spoken_html(scene)}</div>{_faults_html(faults)}"
        )
        st.text_area(
            f"第 {place} 幕的讲解词", max_chars=LONGEST_NOTE, placeholder="讲解词：这一幕要说的话",
            label_visibility="collapsed", height=layout.rem(context, 6),
            **_bound(draft, number, "note"),
        )  # fmt: skip


def _bound(draft: Draft, number: int, name: str) -> dict:
    """Key and callback of a widget that shows one field of a scene and writes back what is typed."""
    key = f"scene_{name}_{number}"
    st.session_state[key] = getattr(draft.scenes[number], name)
    return {"key": key, "on_change": _take_field, "args": (draft, number, name, key)}


def _take_field(draft: Draft, number: int, name: str, key: str) -> None:
    draft.scenes[number] = replace(draft.scenes[number], **{name: st.session_state[key]})


def _row_buttons(draft: Draft, number: int, place: int) -> None:
    for sign, word, by in (("↑", "上移", -1), ("↓", "下移", 1)):
        is_end = place == (1 if by < 0 else len(draft.scenes))
        st.button(
            sign, key=f"scene_{by}_{number}", help=f"{word}第 {place} 幕", disabled=is_end,
            on_click=draft.move, args=(number, by),
        )  # fmt: skip
    st.button(
        "打开", key=f"scene_open_{number}", on_click=_open, args=(draft, number),
        help="到这一幕的页面；改好后在“⋯”中点“更新第几幕”，画面就换成新的",
    )  # fmt: skip
    st.button(
        "移除", key=f"scene_remove_{number}", help=f"移除第 {place} 幕",
        on_click=draft.remove, args=(number,),
    )  # fmt: skip


def _open(draft: Draft, number: int) -> None:
    draft.opened = number
    show.look_at(draft.scenes[number])


def _spoken_html(scene: Scene) -> str:
    needed = play_words.spoken_seconds(scene.note)
    if not needed:
        return ""
    text = f"讲解词约需 {play_words.time_text(needed)}"
    return f"<em>▲ {text}，长过这一幕</em>" if needed > scene.seconds else f"<small>{text}</small>"


def _faults_html(faults: Sequence[str]) -> str:
    rows = "".join(f"<li>▲ {escape(one)}</li>" for one in faults)
    return f'<ul class="faults">{rows}</ul>' if rows else ""
