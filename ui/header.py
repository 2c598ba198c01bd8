"""The head of every page: title, breadcrumb, the one filter bar, theme switch, notices."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from queries.filter import Filter, parse_filter
from ui.cards import hint, sample_tag
from ui.search import search_box
from ui.text import SAMPLE_BANNERS, SAMPLE_NOTES, WHOLE_DISTRICT

THEMES = ("dark", "light")
TEXT_SIZES = {"s": 0.9, "m": 1.0, "l": 1.15}
"""How much larger all text and lines are drawn, by the key ``size`` of the address."""


def read_url_filter(codes: Sequence[str], years: Sequence[int]) -> tuple[Filter, list[str]]:
    """The filter as bound to the address (``sub``, ``year``), and notices of what was ignored.

    The bound widgets carry codes and are never shown: what is bound is written into the address
    as the widget displays it, and the address keeps codes while people read names.
    """
    asked_codes = st.query_params.get_all("sub")
    asked_year = st.query_params.get("year")
    newest = max(years)
    _keep_in_address({"sub": [], "year": newest, "theme": None, "size": "m"})
    _, notices = parse_filter(asked_codes, asked_year, codes, years)
    # One pixel high until the style sheet hides it.
    with st.container(key="url_state", height=1, border=False):
        chosen = st.multiselect("sub", list(codes), key="sub", bind="query-params")
        year = st.selectbox(
            "year", sorted(years, reverse=True), key="year", bind="query-params", index=0
        )
        st.pills("theme", THEMES, key="theme", bind="query-params")
        st.selectbox("size", list(TEXT_SIZES), key="size", bind="query-params", index=1)
    result, _ = parse_filter(chosen, year or newest, codes, years)
    return result, notices


def text_size() -> float:
    """How much larger than usual all is drawn; at the first run by the address alone."""
    chosen = st.session_state.get("size") or st.query_params.get("size")
    return TEXT_SIZES.get(chosen, TEXT_SIZES["m"])


def _keep_in_address(defaults: Mapping[str, object]) -> None:
    """Have Streamlit write again what a switch of the page took out of the address.

    ``st.switch_page`` leaves no bound key in it and refuses to be given one; the widgets keep
    their values. A value that is assigned is written. Back and forward still win over this.
    """
    for key, default in defaults.items():
        value = st.session_state.get(key, default)
        if value != default and key not in st.query_params:
            st.session_state[key] = value


def kept_notices(chosen: Filter, notices: list[str]) -> list[str]:
    """Notices of the address, kept until the filter changes: the address itself is tidied at once."""
    if notices:
        st.session_state["address_notices"] = (chosen, notices)
        return notices
    kept_filter, kept = st.session_state.get("address_notices", (None, []))
    return kept if kept_filter == chosen else []


def _copy(source: str, target: str) -> None:
    st.session_state[target] = st.session_state[source]


def _clear_subdistricts() -> None:
    st.session_state["sub"] = []


def _switch_theme(to: str) -> None:
    st.session_state["theme"] = to


def _title_html(page_title: str, sentence: str) -> str:
    return f'<div class="page-title"><h1>{escape(page_title)}</h1><p>{escape(sentence)}</p></div>'


def page_head(
    page_title: str,
    chosen: Filter,
    names: Mapping[str, str],
    years: Sequence[int],
    theme: str,
    data_note: str,
    has_sample: bool,
    has_register: bool,
    is_filtered: bool,
    more: Callable[[], None],
) -> None:
    """Title and filter bar in one row; pages that no filter changes have no filter in it.

    ``more`` draws what stands behind the theme switch.
    """
    # The visible widgets follow the bound ones, whoever changed those: address, map or chart.
    st.session_state["pick_sub"] = list(chosen.subdistrict_codes)
    st.session_state["pick_year"] = chosen.year
    with st.container(key="header_row", horizontal=True, vertical_alignment="center"):
        st.html(
            _title_html(page_title, chosen.sentence(names) if is_filtered else ""), width="stretch"
        )
        note = f'<div class="head-note">{escape(data_note)}'
        if has_sample:
            told = hint(SAMPLE_BANNERS[has_register])
            note += f"<br><span{told}>{sample_tag(True)} {SAMPLE_NOTES[has_register]}</span>"
        st.html(note + "</div>", width="content")
        with st.container(key="search_box"):
            search_box()
        if is_filtered:
            _filter_bar(chosen, names, years)
        other = "light" if theme == "dark" else "dark"
        st.button(
            "浅色" if other == "light" else "深色", key="theme_switch", on_click=_switch_theme,
            args=(other,), help="切换明暗主题", width="content",
        )  # fmt: skip
        more()


def _filter_bar(chosen: Filter, names: Mapping[str, str], years: Sequence[int]) -> None:
    if not chosen.is_whole_district:
        st.button(
            f"‹ 返回{WHOLE_DISTRICT}",
            key="crumb",
            on_click=_clear_subdistricts,
            width="content",
        )
    st.multiselect(
        "街道", list(names), key="pick_sub", format_func=lambda code: names[code],
        placeholder="全区 14 个街道", label_visibility="collapsed", select_all=False,
        on_change=_copy, args=("pick_sub", "sub"),
    )  # fmt: skip
    st.selectbox(
        "年份", sorted(years, reverse=True), key="pick_year", label_visibility="collapsed",
        format_func=lambda year: f"{year} 年底", on_change=_copy, args=("pick_year", "year"),
    )  # fmt: skip


def notices(messages: Sequence[str]) -> None:
    """What was ignored or is not as expected, one line each."""
    for message in messages:
        st.html(f'<div class="notice" role="status">⚠ {escape(message)}</div>')
