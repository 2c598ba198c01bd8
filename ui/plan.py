"""Blocks of the indicators page: one indicator in detail, clauses with their figures, contradictions."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st

from data.plan import clause_words
from data.status import near_rule
from queries.loader import query
from ui import address, cards, charts, layout, measures, tables
from ui.indicators import Indicator, base_text
from ui.session import Context
from ui.text import FACT_ROLES, PLAN_THEMES, UNMAPPED, number
from ui.theme import STATUS_LOOKS

MOST_PROJECTS = 12
"""Projects of a clause that are listed by name before the projects page takes over."""
PARTS = {
    "indicators": "28 项指标",
    "clauses": "条款与数字",
    "contradictions": "规划前后不一致",
    "terms": "节点、名词与格局",
}
"""What the page shows, by the key ``part`` of the address."""
PART_KEY = "part"
_LEADING = {"clause": "clauses", "indicator": "indicators"}
"""Which part another key of the address leads to."""
SIGNS = {">": "＞", ">=": "≥", "<": "＜", "<=": "≤", "=": ""}


def chosen_part() -> str:
    """What the page shows: the part that the address names, else that of its clause or indicator.

    The part goes first, so that one chosen by hand holds while the clause or indicator stays chosen.
    """
    led = [part for key, part in _LEADING.items() if st.query_params.get(key)]
    return address.chosen(PART_KEY, list(PARTS), led[0] if led else "indicators", "内容")


def part_switch(part: str) -> None:
    """The switch between the parts."""
    address.switch(PART_KEY, PARTS, part, "plan_part", "内容", width="content")


def contradicted_indicators(context: Context) -> set[int]:
    """Numbers of the indicators about which the plan says two things."""
    frame = context.frame("plan_contradictions")
    return {int(no) for no in frame["indicator_no"].dropna()}


def _head_html(one: Indicator) -> str:
    look = STATUS_LOOKS[one.status]
    gap = f" · {escape(one.gap)}" if one.gap else ""
    scope = "（全区值）" if one.is_of_whole_district else ""
    return (
        f'<div class="figure detail" style="--tone:var(--{look.role})"><div class="label">'
        f"<span>{one.no} · {escape(one.plan.category)}{scope}</span>{cards.sample_tag(one.is_sample)}</div>"
        f'<h2>{escape(one.name)}</h2><div class="value">{escape(one.value_text)}</div>'
        f'<div class="status"><b>{look.shape} {look.word}</b> 目标 {escape(one.target.text)}{gap}</div></div>'
    )


def _facts_of(one: Indicator) -> list[tuple[str, str]]:
    """What stands behind the figure, line by line."""
    clause = f"{clause_words(one.plan.clause)}（原文：{one.plan.target_text}）"
    lines = [
        ("定义", one.rule.definition),
        ("判定", one.rule.reading),
        ("接近", near_rule(one.target).note),
        ("全区基期", base_text(one)),
        ("基期说明", _text(one.plan.base_note)),
        ("口径", one.basis),
        ("来源", one.source or "尚未填报"),
        ("条款", clause),
        ("说明", _text(one.plan.note)),
    ]
    return [(name, words) for name, words in lines if words]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def indicator_detail(context: Context, one: Indicator) -> None:
    """Everything about one indicator: value, course, subdistricts, what it rests on, its SQL."""
    st.html(_head_html(one))
    measure = charts.Measure("value", one.name, one.target.unit, one.rule.digits, one.target)
    frame = pd.DataFrame(one.course, columns=["year", "value"])
    charts.year_trend(
        context, frame, measure, "indicator_trend", layout.rem(context, 12),
        colour=STATUS_LOOKS[one.status].colour(context.palette),
    )  # fmt: skip
    explained("依据", _facts_of(one))
    _contradictions(context, "indicator_no", one.no)
    make = measures.BY_INDICATOR.get(one.no)
    if make:
        by_subdistrict = context.frame("measures_by_subdistrict")
        charts.subdistrict_bars(
            context, by_subdistrict, make(context), "indicator_bars", layout.rem(context, 26)
        )
    with st.expander("计算口径（SQL）", icon=":material/code:"):
        st.caption(f"{query(one.query).origin} · 参数：街道 $codes（空 = 全区）")
        st.code(query(one.query).sql, language="sql", wrap_lines=True)


def explained(title: str, lines: Sequence[tuple[str, str]]) -> None:
    """Names with what they mean, wrapped."""
    cards.block_title(title)
    body = "".join(f"<dt>{escape(a)}</dt><dd>{cards.strong(b)}</dd>" for a, b in lines)
    st.html(f'<dl class="explained">{body}</dl>')


def _contradiction_html(row: object) -> str:
    return (
        f"<li><b>⚠ {escape(row.topic)}</b>"
        f"<span><i>{escape(clause_words(row.first_clause))}</i>{escape(row.first_says)}</span>"
        f"<span><i>{escape(clause_words(row.second_clause))}</i>{escape(row.second_says)}</span>"
        f"<em>{escape(row.reading)}</em></li>"
    )


def _contradictions(context: Context, column: str, value: object) -> None:
    frame = context.frame("plan_contradictions")
    own = frame[frame[column] == value]
    if not own.empty:
        cards.block_title("规划前后不一致")
        body = "".join(_contradiction_html(row) for row in own.itertuples())
        st.html(f'<ul class="contradictions">{body}</ul>')


def contradictions(context: Context) -> None:
    """Every place where the plan says two things, and how it is read here."""
    frame = context.frame("plan_contradictions")
    cards.block_title(f"规划前后不一致之处（{len(frame)} 处）", "两处原文的意思，以及本系统的处理")
    body = "".join(_contradiction_html(row) for row in frame.itertuples())
    st.html(f'<ul class="contradictions wide">{body}</ul>')


def clauses(context: Context, chosen: str) -> None:
    """All clauses by chapter, each a row that can be picked."""
    frame = context.frame("plan_clauses")
    parts = []
    for chapter, members in frame.groupby("chapter", sort=False):
        rows = "".join(_clause_html(row, row.clause == chosen) for row in members.itertuples())
        parts.append(f"<h3>{escape(chapter)}<small>{len(members)} 条</small></h3>{rows}")
    st.html(f'<div class="clauses">{"".join(parts)}</div>')


def _clause_html(row: object, is_chosen: bool) -> str:
    count = f"{row.fact_count} 个数字" if row.fact_count else ""
    label = escape(f"条款 {row.clause} {row.title}", quote=True)
    return (
        f'<div class="clause{" chosen" if is_chosen else ""}" data-pick="{escape(row.clause, quote=True)}" '
        f'role="button" tabindex="0" aria-label="{label}"><i>{escape(clause_words(row.clause))}</i>'
        f"<b>{escape(row.title)}</b><span>{escape(_text(row.summary))}</span><small>{count}</small></div>"
    )


def clause_detail(context: Context, clause: str) -> None:
    """One clause: where it stands, what it says in short, its figures, indicators and projects."""
    frame = context.frame("plan_clauses")
    row = next(frame[frame["clause"] == clause].itertuples())
    where = " › ".join(part for part in (row.chapter, _text(row.section)) if part)
    st.html(
        f'<div class="figure detail" style="--tone:var(--accent)"><div class="label"><span>{escape(where)}'
        f"</span></div><h2>{escape(_titled(row))}</h2>"
        f"<p>{escape(_text(row.summary))}</p></div>"
    )
    facts = context.frame("clause_facts", clause=clause)
    if not facts.empty:
        explained("本条数字", [_fact_line(fact) for fact in facts.itertuples()])
    found = context.frame("plan_indicators")
    own = found[(found["clause"] == clause) | (found["base_clause"] == clause)]
    if not own.empty:
        named = [
            (f"{r.indicator_no}", f"{r.indicator_name}　目标 {r.target_text}")
            for r in own.itertuples()
        ]
        explained("相关指标", named)
    projects = context.frame("clause_projects", clause=clause)
    if not projects.empty:
        cards.block_title("本条项目", f"{len(projects)} 项，进度见规划项目页")
        cards.lines(
            (p.project_name, f"{p.quantity:g} {p.unit}")
            for p in projects.head(MOST_PROJECTS).itertuples()
        )
        if len(projects) > MOST_PROJECTS:
            layout.note(f"另有 {len(projects) - MOST_PROJECTS} 项，见规划项目页。")


def _titled(row: object) -> str:
    """Number and title of a clause; boxes and tables carry their number in the title."""
    words = clause_words(row.clause)
    return row.title if row.title.startswith(words) else f"{words} {row.title}"


def _fact_line(fact: object) -> tuple[str, str]:
    years = [year for year in (fact.deadline_year, fact.year) if not pd.isna(year)]
    when = f"·{years[0]} 年" if years else ""
    value = f"{SIGNS.get(_text(fact.operator), '')}{number(fact.value, _digits(fact.value))} {fact.unit}"
    mark = "⚠ 前后不一致：" if fact.is_contradicted else "注："
    note = f"　{mark}{fact.note}" if _text(fact.note) else ""
    return fact.label, f"**{value}**　{FACT_ROLES[fact.role]}{when}{note}"


def _digits(value: float) -> int:
    """Decimals needed to show a figure as the plan prints it (61.39, 85.1, 431564)."""
    return len(f"{value:.10g}".partition(".")[2])


def milestones_terms_places(context: Context) -> None:
    """专栏 3 by year, the annex's terms, and the places the plan names."""
    left, middle, right = layout.columns(context, (0.3, 0.38, 0.32))
    with left:
        by_year = context.frame("plan_milestones").groupby("year")["milestone"]
        explained(
            "专栏 3 · 污水零直排区节点",
            [(f"{year} 年", "；".join(tasks)) for year, tasks in by_year],
        )
    with middle:
        terms = context.frame("plan_glossary")
        explained("附录 · 名词解释", [(row.term, row.explanation) for row in terms.itertuples()])
    with right:
        places = context.frame("plan_places")
        for group, members in places.groupby("place_group", sort=False):
            cards.block_title(group, "定位依据")
            cards.lines(
                (f"{row.place_kind}　{row.place_name}", _text(row.located_by) or UNMAPPED)
                for row in members.itertuples()
            )


def facts_table(context: Context) -> None:
    """Every figure the plan states, with search and export."""
    facts = context.frame("plan_facts")
    tables.register_table(
        context,
        facts.assign(clause=facts["clause"].map(clause_words)),
        {
            "label": tables.TableColumn("名称"),
            "operator": tables.TableColumn("关系", words=SIGNS),
            "value": tables.TableColumn("数值"),
            "unit": tables.TableColumn("单位"),
            "year": tables.TableColumn("所指年份", "%d"),
            "deadline_year": tables.TableColumn("期限", "%d"),
            "role": tables.TableColumn("性质", words=FACT_ROLES),
            "theme": tables.TableColumn("专题", words=PLAN_THEMES),
            "subdistrict_name": tables.TableColumn("街道"),
            "clause": tables.TableColumn("条款"),
            "note": tables.TableColumn("说明"),
        },
        "规划数字",
        "facts",
    )


def indicators_table(context: Context, found: Sequence[Indicator]) -> None:
    """The 28 with their yearly values, for search and export."""
    years = sorted({year for one in found for year in one.values})
    frame = pd.DataFrame(
        {
            "no": one.no, "category": one.plan.category, "name": one.name, "target": one.target.text,
            "base": base_text(one), **{f"{year}": _rounded(one, year) for year in years},
            "unit": one.target.unit, "status": STATUS_LOOKS[one.status].word, "gap": one.gap, "basis": one.basis,
            "scope": "全区" if one.is_of_whole_district else context.filter.place_text(context.names),
            "source": one.source, "clause": clause_words(one.plan.clause),
            "source_kind": "sample" if one.is_sample else "register",
        }
        for one in found
    )  # fmt: skip
    columns = {"no": "序号", "category": "类别", "name": "指标", "target": "目标", "base": "基期"}
    columns |= {f"{year}": f"{year} 年" for year in years}
    columns |= {"unit": "单位", "status": f"{context.filter.year} 年状态", "gap": "距目标", "basis": "口径",
                "scope": "范围", "source": "来源", "clause": "条款"}  # fmt: skip
    shown = {name: tables.TableColumn(title) for name, title in columns.items()}
    tables.register_table(context, frame, shown, "28 项指标逐年值", "indicators")


def _rounded(one: Indicator, year: int) -> float | None:
    value = one.values.get(year)
    return None if value is None else round(value, one.rule.digits)
