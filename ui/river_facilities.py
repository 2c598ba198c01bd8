"""Facilities on the rivers: the plan's works against its figures, outfalls, sections, stations."""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from data.plan import clause_words
from ui import cards, layout, tables
from ui.projects import LOOKS
from ui.river_choices import month_text
from ui.session import Context
from ui.text import SAMPLE_TAG, UNMAPPED, UNREPORTED, joined, number
from ui.theme import StatusLook

DATASET = "rivers.facilities"
KIND_WORDS = {
    "outfall": "排出口",
    "pump_station": "泵站",
    "sluice": "水闸、闸站",
    "sand_basin": "沉砂池",
    "dead_end": "断头断点",
}
WORK_WORDS = {"new": "新建", "renewed": "升级改造", "continued": "续建", "opened": "打通"}
CONTROL_WORDS = {
    "national": "国控",
    "provincial": "省控",
    "municipal": "市控",
    "district": "区控",
}
DRY_FLOW_WORDS = {"open": "▲ 未处置", "fixed": "● 已处置", "none": "未发现"}
STATE_LOOKS = LOOKS | {"open": StatusLook("未建成", "◇", "near")}
"""States of works; «open» where it is known that they were not completed, not whether begun."""
WORKS = {
    "new_pump_station_count": "新建泵闸泵站",
    "renewed_pump_station_count": "升级改造排涝泵站",
    "river_dead_end_count": "打通断头断点",
    "continued_sewage_station_count": "续建污水泵站",
    "new_sewage_station_count": "新建污水泵站",
}
"""The plan's figures on facilities, in the plan's order of weight."""
MOST_OPEN = 30
"""Open outfalls that are listed; the table has all."""


def panel(context: Context, month: date) -> None:
    """The plan's works, outfalls with dry-weather discharge, what there is of each kind."""
    with st.container(height=layout.body_height_px(context, 0), border=False, key="river_panel"):
        _works(context)
        if not context.has_rows(DATASET):
            cards.block_title("沿河排出口")
            cards.empty(f"河道设施{UNREPORTED}")
        else:
            _outfalls(context, month)
            _kinds(context)
        _sections(context)


# --- the plan's works ----------------------------------------------------------------------------


def works(context: Context) -> pd.DataFrame:
    """Works of the whole district with their state at the end of the year («river_works»)."""
    return context.frame("river_works")


def work_states(own: pd.DataFrame) -> str:
    """How many of some works are in which state, in words: ● 已完工 4 · △ 未开工 1."""
    counts = own["state"].value_counts()
    return " · ".join(
        f"{look.shape} {look.word} {counts[state]}"
        for state, look in STATE_LOOKS.items()
        if state in counts
    )


def _works(context: Context) -> None:
    cards.block_title("规划工程", f"全区 · {context.filter.year} 年底")
    frame = works(context)
    facts = context.frame("plan_facts").set_index("fact_key")
    said = context.frame("plan_contradictions").set_index("fact_key")["reading"]
    rows = [_work_html(title, facts.loc[key], frame[frame["fact_key"] == key], said.get(key))
            for key, title in WORKS.items()]  # fmt: skip
    st.html(f'<div class="works">{"".join(rows)}</div>')


def _work_html(title: str, fact: object, own: pd.DataFrame, contradiction: str | None) -> str:
    wanted = fact.value
    done = int((own["state"] == "completed").sum())
    told = own.empty or (own["state"] == "unreported").all()
    value = UNREPORTED if told else f"{done}<small> / {wanted:g} {escape(fact.unit)}</small>"
    listed = "" if len(own) in (0, wanted) else f"登记 {len(own)} 项，规划 {wanted:g} 项"
    states = joined("" if told else work_states(own), listed)
    open_ones = own[~own["state"].isin(["completed", "unreported"])]
    names = "、".join(open_ones["facility_name"].head(3)) if not told else ""
    named = (
        f"<small>未完成：{escape(names)}{'等' if len(open_ones) > 3 else ''}</small>"
        if names
        else ""
    )
    warned = (
        f'<small class="warned">⚠ 规划前后不一致：{escape(contradiction)}</small>'
        if contradiction
        else ""
    )
    tone = "unreported" if told else "met" if done >= wanted else "near"
    sample = cards.sample_tag(bool((own["source_kind"] == "sample").any()))
    return (
        f'<section style="--tone:var(--{tone})"><h4>{escape(title)}{sample}</h4><strong>{value}</strong>'
        f"<span>{escape(states)}</span><small>规划 {escape(clause_words(fact.clause))}</small>{named}{warned}</section>"
    )


# --- outfalls, kinds, sections -------------------------------------------------------------------


def _outfalls(context: Context, month: date) -> None:
    counts = context.row("river_outfalls", month=month)
    sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
    cards.block_title(
        "沿河排出口 · 晴天出水", joined(sample, f"截至 {month_text(month)}底", "规划 4.3.2")
    )
    if not counts["outfall_count"]:
        cards.empty("所选范围内没有登记的排出口")
        return
    st.html(f'<ul class="findings dense"><li>{cards.strong(outfall_sentence(counts))}</li></ul>')
    found = context.frame("river_outfalls_open", month=month)
    if len(found):
        st.html(
            f'<ul class="lines">{"".join(map(_open_html, found.head(MOST_OPEN).itertuples()))}</ul>'
        )
    if len(found) > MOST_OPEN:
        layout.note(f"另有 {len(found) - MOST_OPEN} 处，见下表。")


def outfall_sentence(counts: dict) -> str:
    """How many outfalls there are, where water flowed in dry weather, what is dealt with."""
    told = f"登记排出口 **{counts['outfall_count']:,} 处**，"
    if not counts["found_count"]:
        return f"{told}没有发现晴天出水的记录。"
    left = counts["open_count"]
    return f"{told}发现晴天出水 {counts['found_count']} 处，已处置 {counts['fixed_count']} 处，" + (
        f"余 **{left} 处**未处置。" if left else "**已全部处置**。"
    )


def _open_html(row: object) -> str:
    name = escape(row.facility_name)
    if isinstance(row.river_id, str):
        name = (
            f'<a class="pick" data-pick="river:{escape(row.river_id, quote=True)}" role="button" '
            f'tabindex="0">{name}</a>'
        )
    place = row.short_name if isinstance(row.short_name, str) else ""
    told = joined(place, f"{row.found_on} 发现", f"已 {row.open_days} 天")
    return f"<li><span>▲ {name}</span><span>{escape(told)}</span></li>"


def _kinds(context: Context) -> None:
    counts = context.frame("river_facility_counts")
    sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
    cards.block_title("设施", joined(sample, "登记数", "上图情况"))
    if counts.empty:
        cards.empty("所选范围内没有登记的设施")
    cards.lines(
        (KIND_WORDS[row.facility_kind], _counted(row.facility_count, row.mapped_count))
        for row in counts.itertuples()
    )
    if not context.filter.is_whole_district:
        unplaced = context.row("river_facilities_unplaced")["facility_count"]
        layout.note(f"另有 {unplaced} 处未填街道，只计入全区。" if unplaced else "")


def _sections(context: Context) -> None:
    sample = SAMPLE_TAG if context.is_sample("rivers.sections") else ""
    cards.block_title("水质断面", joined(sample, "按控制级别"))
    sections = context.frame("river_section_counts")
    if sections.empty:
        cards.empty("所选范围内没有登记的断面")
        return
    cards.lines(
        (
            CONTROL_WORDS.get(row.control_level, "控制级别未填"),
            _counted(row.section_count, row.mapped_count),
        )
        for row in sections.itertuples()
    )


def _counted(count: int, mapped: int) -> str:
    left = count - mapped
    return joined(f"{number(count)} 处", f"{UNMAPPED} {left} 处" if left else "全部已上图")


def table(context: Context, month: date) -> None:
    """Every facility of the chosen subdistricts."""
    frame = context.frame("river_facilities_table", month=month)
    tables.register_table(
        context,
        frame.assign(clause=frame["clause"].map(_clause_text)),
        {
            "facility_name": tables.TableColumn("设施"),
            "facility_kind": tables.TableColumn("类别", words=KIND_WORDS),
            "river_name": tables.TableColumn("河道"),
            "subdistrict_name": tables.TableColumn("街道"),
            "work": tables.TableColumn("建设性质", words=WORK_WORDS),
            "state": tables.TableColumn("状态", words=state_words(STATE_LOOKS)),
            "completed_year": tables.TableColumn("建成年份", "%d"),
            "dry_flow": tables.TableColumn("晴天出水", words=DRY_FLOW_WORDS),
            "found_on": tables.TableColumn("发现日期"),
            "fixed_on": tables.TableColumn("处置日期"),
            "project_name": tables.TableColumn("规划项目"),
            "clause": tables.TableColumn("规划条款"),
            "is_mapped": tables.TableColumn("上图", words={True: "是", False: UNMAPPED}),
        },
        "河道设施名录",
        "river_facilities",
        hint="搜索设施、河道、街道……",
    )


def state_words(looks: dict[str, StatusLook]) -> dict[str, str]:
    """Shape and word of each state, for tables."""
    return {state: f"{look.shape} {look.word}" for state, look in looks.items()}


def _clause_text(clause: object) -> object:
    return clause_words(clause) if isinstance(clause, str) else clause
