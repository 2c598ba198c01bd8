"""Keeping a story: sending its address, saving it in the store, deleting it, taking it as a draft."""

import re

import streamlit as st

from data import story as files
from data.pinyin import readings
from data.snapshot import store_folder
from data.story import Story
from data.system_faults import reason
from queries.filter import shortened
from ui import cards, editing, layout, play_draft, play_stories, show
from ui.play_draft import Draft
from ui.show import Show

LONGEST_ID = 40
NOT_ALLOWED = (
    "本服务以只读方式启动，不能在此保存演示。可以下载 TOML，"
    "交给管理员放进数据仓的 stories 文件夹；也可以分享网址。"
)
_DONE = "_play_done"


def done() -> None:
    """What has just been done, once; where it stands nothing moves when it is gone."""
    place = st.empty()
    if told := st.session_state.pop(_DONE, ""):
        with place:
            cards.done(told)


def share(query: dict[str, str], played: Show | None) -> None:
    """Addresses to be copied: of this page with the story, and of the show's beginning."""
    with st.popover("复制网址", icon=":material/link:", key="story_share"):
        _address("打开演示页", play_stories.absolute(query))
        if played is not None:
            _address("直接放映", play_stories.of_first_scene(played))
        st.caption("点右侧的按钮或选中文字复制；对方要能打开本系统。")


def _address(title: str, text: str) -> None:
    cards.block_title(title, f"{len(text):,} 个字符")
    st.code(text, language=None)
    if len(text) > play_stories.LONGEST_ADDRESS:
        layout.note(
            f"▲ 网址超过 {play_stories.LONGEST_ADDRESS:,} 个字符，有的软件会把它截断，"
            "截断了就打不开；请改用下载的 TOML，或保存后再分享。"
        )


# --- a draft -------------------------------------------------------------------------------------


def begin_from(story: Story) -> None:
    """Take a story as the draft; whoever has a draft is asked first."""
    if not play_draft.current().scenes:
        _begin(story)
        return

    @st.dialog("换掉现有的草稿？", on_dismiss="ignore")
    def ask() -> None:
        count = len(play_draft.current().scenes)
        layout.note(f"现有草稿有 {count} 幕，没有保存的部分会丢失。")
        if st.button("换掉", key="draft_replace", type="primary"):
            _begin(story)

    ask()


def _begin(story: Story) -> None:
    play_draft.begin(story)
    play_stories.open_draft()
    st.rerun()


def drop() -> None:
    """Ask, then empty the draft."""

    @st.dialog("放弃草稿？", on_dismiss="ignore")
    def ask() -> None:
        layout.note(f"草稿的 {len(play_draft.current().scenes)} 幕会丢失。")
        if st.button("放弃草稿", key="draft_drop_confirm", type="primary"):
            play_draft.begin()
            play_stories.close_draft()
            st.rerun()

    ask()


# --- the store -----------------------------------------------------------------------------------


def suggested_id(title: str) -> str:
    """An id made of a title: its pinyin, of the signs that an id may have; ``story`` where none is left."""
    _, pinyin = readings(title.lower())
    return re.sub(r"[^a-z0-9]", "", pinyin[0])[:LONGEST_ID] or "story"


def save_panel(draft: Draft, is_sound: bool) -> None:
    """Save the draft, for editors; others are told how to keep it."""
    if not editing.is_allowed():
        layout.note(NOT_ALLOWED)
        return
    st.session_state["draft_id"] = draft.story_id or suggested_id(draft.title)
    with st.container(horizontal=True, vertical_alignment="bottom", key="draft_save_row"):
        st.text_input(
            "编号（小写字母、数字、连字符）", key="draft_id", max_chars=LONGEST_ID,
            on_change=_take_id, args=(draft,),
        )  # fmt: skip
        wanted = st.button(
            "保存", key="draft_save", type="primary", disabled=not is_sound,
            icon=":material/save:", help=None if is_sound else "请先改正标出的问题",
        )  # fmt: skip
    if not wanted:
        return
    story_id = st.session_state["draft_id"]
    standing = files.saved(store_folder()).get(story_id)
    if standing is None:
        _save(draft, story_id)
    else:
        _ask_overwrite(draft, standing)


def _take_id(draft: Draft) -> None:
    draft.story_id = st.session_state["draft_id"].strip()


def _ask_overwrite(draft: Draft, standing: Story) -> None:
    @st.dialog("覆盖已保存的演示？", on_dismiss="ignore")
    def ask() -> None:
        layout.note(
            f"编号 {standing.story_id} 已有演示“{shortened(standing.title)}”"
            f"（{len(standing.scenes)} 幕），会被这份草稿替换。"
        )
        if st.button("覆盖", key="draft_overwrite", type="primary"):
            _save(draft, standing.story_id)

    ask()


def _save(draft: Draft, story_id: str) -> None:
    try:
        scenes = list(draft.scenes.values())
        made = files.save(store_folder(), story_id, draft.title, draft.summary, scenes)
    except ValueError as problem:
        cards.refusal("没有保存", str(problem))
        return
    except OSError as problem:
        cards.refusal("没有保存", f"数据仓写不进去：{reason(problem)}。请联系管理员。")
        return
    play_draft.begin()
    play_stories.close_draft()
    st.query_params[show.STORY_KEY] = made.story_id
    st.session_state[_DONE] = f"已保存：{made.title}（{made.story_id}，{len(made.scenes)} 幕）"
    st.rerun()


def ask_delete(story: Story) -> None:
    """Ask, then delete a saved story; for editors only."""

    @st.dialog("删除演示？", on_dismiss="ignore")
    def ask() -> None:
        layout.note(
            f"“{shortened(story.title)}”（{story.story_id}，{len(story.scenes)} 幕）"
            "将从数据仓删除，不能恢复。要留一份，请先下载 TOML。"
        )
        if not st.button("删除", key="story_delete_confirm", type="primary"):
            return
        try:
            files.delete(store_folder(), story.story_id)
        except ValueError as problem:
            cards.refusal("没有删除", str(problem))
        except OSError as problem:
            cards.refusal("没有删除", f"数据仓写不进去：{reason(problem)}。请联系管理员。")
        else:
            st.query_params.pop(show.STORY_KEY, None)
            st.session_state[_DONE] = f"已删除：{story.title}"
            st.rerun()

    ask()
