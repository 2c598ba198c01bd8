"""«⋯» in the head of every page: into the draft of a story, text size, big screen, keys."""

from html import escape

import streamlit as st

from ui import play_draft, show
from ui.header import TEXT_SIZES
from ui.session import Context
from ui.show import ALL_PAGES, KEY_WORDS, USUAL_S, Show

SIZE_WORDS = dict(zip(TEXT_SIZES, ("小", "中", "大"), strict=True))
_SIZE = "menu_size"


def more(context: Context, page: str) -> None:
    """The popover on a page (stem of its file in ``views``)."""
    with st.popover("⋯", help="加入演示、字号、大屏、快捷键", key="page_menu", width="content"):
        if play_draft.can_be_scene(page):
            _draft_buttons(context, page)
        st.session_state[_SIZE] = st.session_state.get("size") or "m"
        st.segmented_control(
            "字号", list(SIZE_WORDS), key=_SIZE, format_func=SIZE_WORDS.get, required=True,
            on_change=_take_size, width="stretch",
        )  # fmt: skip
        if play_draft.can_be_scene(page):
            st.button(
                "大屏显示本页", key="menu_kiosk", on_click=_fill, width="stretch",
                icon=":material/fullscreen:", help="只留本页内容；F 全屏，Esc 退出",
            )  # fmt: skip
        st.button(
            "各页轮播", key="menu_rotate", on_click=_rotate, args=(page,), width="stretch",
            icon=":material/autoplay:", help=f"大屏，每 {USUAL_S} 秒换一页；Esc 退出",
        )  # fmt: skip
        st.page_link("views/play.py", label="演示列表", icon=":material/slideshow:")
        st.html(_keys_html())


def _draft_buttons(context: Context, page: str) -> None:
    draft = play_draft.current()
    st.button(
        "加入演示", key="menu_add", type="primary", width="stretch", on_click=_add,
        args=(context, page), icon=":material/add_to_queue:",
        help="把现在的画面（页面、街道、年份、图层、定位）收进演示草稿",
    )  # fmt: skip
    if draft.opened is not None:
        place = draft.place(draft.opened)
        st.button(
            f"更新第 {place} 幕", key="menu_update", width="stretch", on_click=_update,
            args=(context, page), icon=":material/refresh:",
            help=f"把草稿第 {place} 幕换成现在的画面，标题和讲解词不变",
        )  # fmt: skip


def _add(context: Context, page: str) -> None:
    place = play_draft.current().add(play_draft.scene_of_view(context, page))
    st.toast(f"已加入演示草稿（第 {place} 幕）", icon=":material/add_to_queue:")


def _update(context: Context, page: str) -> None:
    draft = play_draft.current()
    place = draft.place(draft.opened)
    draft.take_view(draft.opened, play_draft.scene_of_view(context, page))
    draft.opened = None
    st.toast(f"已更新演示草稿的第 {place} 幕", icon=":material/refresh:")


def _take_size() -> None:
    st.session_state["size"] = st.session_state[_SIZE]


def _fill() -> None:
    st.query_params[show.KIOSK_KEY] = "1"


def _rotate(page: str) -> None:
    """Begin with this page if it is one of those shown."""
    pages = [scene.page for scene in ALL_PAGES.scenes]
    if page in pages:
        _fill()
        st.query_params[show.ROTATE_KEY] = f"{USUAL_S}"
    else:
        show.go_to(Show(ALL_PAGES, 0, True, USUAL_S), 0)


def _keys_html() -> str:
    rows = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(word)}</dd>"
        for key, word in (("/", "搜索"), *KEY_WORDS)
    )
    return f'<details class="keys"><summary>快捷键</summary><dl>{rows}</dl></details>'
