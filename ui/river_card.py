"""The card of one river: what it is, its water, what stands and is built on it."""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from data.office_rules import office_rules
from data.plan import clause_words
from ui import cards, layout
from ui.focus import clear_focus
from ui.projects import LOOKS
from ui.quality_charts import class_strip, class_word, item_words, measured_items, section_series
from ui.river_choices import month_text
from ui.river_facilities import CONTROL_WORDS, KIND_WORDS, WORK_WORDS
from ui.river_lines import level_text
from ui.river_map import facility_state
from ui.river_warning import room_text, since_text, trend_text
from ui.session import Context, focus_on_pick
from ui.text import RIVER_RANKS, UNFILLED, UNMAPPED, joined, plain
from ui.theme import WARNING_LOOKS

_ITEM, _SECTION = "river_card_item", "river_card_section"


def follow_pick(context: Context) -> Context:
    """The context with the river in focus that was clicked in a list just now, if one was."""
    return focus_on_pick(context, "river")


def is_open(context: Context) -> bool:
    """Whether a river is in focus."""
    return context.focus is not None and context.focus.kind == "river"


def card(context: Context, month: date) -> None:
    """Everything known of the river in focus, as it was in the month and at the end of its year.

    A river beyond the chosen subdistricts has a whole card too.
    """
    river_id = context.focus.entry_id
    found = context.frame("river_card", river_id=river_id)
    river = found.iloc[0]
    with st.container(horizontal=True, vertical_alignment="center", key="river_card_head"):
        st.html(_head_html(context, river), width="stretch")
        st.button("‹ 返回", key="river_card_back", on_click=clear_focus, width="content")
    with st.container(height=layout.body_height_px(context, 4.2), border=False, key="river_card"):
        _facts(context, river)
        _water(context, river_id, month)
        _facilities(context, river_id, month)
        _projects(context, river_id)


def _head_html(context: Context, river: pd.Series) -> str:
    unmapped = "" if river["is_mapped"] else f'<span class="unmapped">{UNMAPPED}</span>'
    level = level_text(river["level"], river["beautiful_year"])
    tag = cards.sample_tag(river["source_kind"] == "sample")
    return (
        f'<div class="focus"><b>{escape(river["river_name"])}</b> {unmapped}{tag}'
        f"<small>{escape(level)} · {context.filter.year} 年底</small></div>"
    )


def _facts(context: Context, river: pd.Series) -> None:
    """Rank, length and where, level of the chief, clause."""
    reaches = context.frame("river_card_reaches", river_id=river["river_id"])
    crossed = "、".join(
        f"{row.short_name} {row.length_m / 1000:.2f} km" for row in reaches.itertuples()
    )
    length = f"{river['length_m'] / 1000:.2f} km" if pd.notna(river["length_m"]) else ""
    clause = river["clause"]
    facts = {
        "等级": RIVER_RANKS.get(river["rank"], UNFILLED),
        "区内长度": length or UNMAPPED,
        "流经街道": f"{crossed}（共 {len(reaches)} 个）" if crossed else UNMAPPED,
        "河长": river["chief_level"] if isinstance(river["chief_level"], str) else UNFILLED,
        "规划条款": clause_words(clause) if isinstance(clause, str) else "规划未单列",
    }
    cards.facts(facts.items())


# --- water ---------------------------------------------------------------------------------------


def _water(context: Context, river_id: str, month: date) -> None:
    cards.block_title("水质与预警", month_text(month))
    # The whole district: the river may lie beyond the chosen subdistricts.
    warnings = context.frame("river_warnings", month=month, codes=None)
    for row in warnings[warnings["river_id"] == river_id].itertuples():
        st.html(_warning_html(row))
    sections = context.frame("river_card_sections", month=month, river_id=river_id)
    if sections.empty:
        return
    cards.lines(
        (f"**{plain(row.section_name)}** {_control(row)}", _class(row))
        for row in sections.itertuples()
    )
    class_strip(context, river_id, month)
    _series(context, sections, month)


def _trend_months() -> float:
    return office_rules()["trend_months"].value


def _warning_html(row: tuple) -> str:
    look = WARNING_LOOKS[row.state]
    if row.state == "unknown":
        why, when = row.reason or "", ""
    else:
        why, when = (
            room_text(row),
            joined(since_text(row), f"近 {_trend_months():g} 个月 {trend_text(row)}"),
        )
    return (
        f'<div class="river-state" style="--tone:var(--{look.role})"><b>{look.shape} {look.word}</b>'
        f"<span>{escape(why)}</span><small>{escape(when)}</small></div>"
    )


def _control(row: tuple) -> str:
    level = CONTROL_WORDS.get(row.control_level, "")
    return joined(level, "" if row.is_mapped else UNMAPPED)


def _class(row: tuple) -> str:
    word = class_word(row.is_sampled, row.quality_class, row.limiting_item)
    if isinstance(row.quality_class, str) and isinstance(row.limiting_item, str):
        return f"{word}（{item_words(row.limiting_item)}）"
    return word


def _series(context: Context, sections: pd.DataFrame, month: date) -> None:
    """One item of one section over the months; both can be chosen."""
    names = dict(zip(sections["section_id"], sections["section_name"], strict=True))
    with st.container(horizontal=True, key="river_series_choice"):
        section_id = next(iter(names))
        if len(names) > 1:
            section_id = st.selectbox(
                "断面", list(names), key=_SECTION, format_func=names.get,
                label_visibility="collapsed",
            )  # fmt: skip
        items = measured_items(context, section_id)
        if not items:
            return
        item = st.selectbox(
            "项目", list(items), key=_ITEM, format_func=items.get, label_visibility="collapsed"
        )
    section_series(context, section_id, item, month, layout.rem(context, 10))


# --- facilities and projects ---------------------------------------------------------------------


def _facilities(context: Context, river_id: str, month: date) -> None:
    frame = context.frame("river_map_facilities", month=month, river_id=river_id)
    cards.block_title("设施", f"{len(frame)} 处" if len(frame) else "")
    if frame.empty:
        cards.empty("该河道没有登记设施")
        return
    is_quiet = frame["dry_flow"] == "none"
    cards.lines(
        (f"**{plain(row.facility_name)}** {WORK_WORDS.get(row.work, '')}{KIND_WORDS[row.facility_kind]}",
         facility_state(row))
        for row in frame[~is_quiet].itertuples()
    )  # fmt: skip
    if is_quiet.any():
        layout.note(f"另有排出口 {is_quiet.sum()} 处，未发现晴天出水")


def _projects(context: Context, river_id: str) -> None:
    frame = context.frame("river_card_projects", river_id=river_id)
    cards.block_title("规划项目", f"{context.filter.year} 年底")
    if frame.empty:
        cards.empty("规划未列该河道的项目")
        return
    cards.lines(
        (f"**{plain(row.project_name)}** {clause_words(row.clause)}",
         f"{LOOKS[row.state].shape} {LOOKS[row.state].word}{'（逾期）' if row.is_overdue else ''}")
        for row in frame.itertuples()
    )  # fmt: skip
