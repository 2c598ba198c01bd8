"""The plan's projects on rivers, the «两新流域» rivers, and the layout «四区三轴伴两湖»."""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from data.plan import clause_words
from ui import address, cards, layout, projects, tables
from ui.projects import KINDS, LOOKS
from ui.river_choices import PANEL_KEY, PANELS, chosen_panel, month_text
from ui.river_coverage import LEVEL_WORDS
from ui.session import Context
from ui.text import SAMPLE_TAG, UNMAPPED, joined

RIVER_KINDS = ["river", "pump_sluice", "beautiful_river"]
"""Kinds of the plan's projects that are works on rivers."""


def rows(context: Context) -> pd.DataFrame:
    """Projects on rivers under the filter, overdue and open ones first, with their rivers' names.

    ``rivers`` joins the names; ``river_ids`` lists those that the register knows.
    """
    frame = projects.rows(context, projects.ANY | {"kinds": RIVER_KINDS})
    links = context.frame("river_project_rivers").groupby("project_id")
    names = links["river_name"].agg(lambda found: "、".join(dict.fromkeys(found)))
    ids = links["river_id"].agg(lambda found: [one for one in found if isinstance(one, str)])
    return frame.assign(
        rivers=frame["project_id"].map(names),
        river_ids=[
            value if isinstance(value, list) else [] for value in frame["project_id"].map(ids)
        ],
    )


def panel(context: Context, month: date) -> None:
    """States, the list by kind, the two demonstration basins, the layout."""
    frame = rows(context)
    with st.container(height=layout.body_height_px(context, 0), border=False, key="river_panel"):
        panel = chosen_panel()
        address.switch(PANEL_KEY, PANELS, panel, "river_panel_part", "面板")
        if panel == "list":
            _projects(context, frame)
        else:
            _demonstrations(context, month)
            _layout(context, month)


def _projects(context: Context, frame: pd.DataFrame) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="river_projects_head"):
        sample = SAMPLE_TAG if context.is_sample(projects.DATASET) else ""
        cards.block_title("规划河道项目", joined(sample, f"{context.filter.year} 年底"))
        st.page_link("views/projects.py", label="全部规划项目", width="content")
    if frame.empty:
        cards.empty("所选范围内没有河道项目")
        return
    st.html(_states_html(frame))
    for kind in RIVER_KINDS:
        own = frame[frame["project_kind"] == kind]
        if len(own):
            body = "".join(map(_project_html, own.itertuples()))
            st.html(
                f'<h4 class="kind-head">{KINDS[kind]}<small>{len(own)} 项</small></h4><ul class="lines">{body}</ul>'
            )


def _states_html(frame: pd.DataFrame) -> str:
    counts = frame["state"].value_counts()
    late = int(frame["is_overdue"].sum())
    parts = [
        f'<span style="--tone:var(--{look.role})"><b>{look.shape}</b> {look.word} '
        f"<strong>{counts[state]}</strong></span>"
        for state, look in LOOKS.items()
        if state in counts
    ]
    if late:
        parts.append(f"<span>其中逾期 <strong>{late}</strong></span>")
    return f'<div class="states">{"".join(parts)}</div>'


def _project_html(row: object) -> str:
    look = LOOKS[row.state]
    name = escape(row.project_name)
    if len(row.river_ids) == 1:
        name = (
            f'<a class="pick" data-pick="river:{escape(row.river_ids[0], quote=True)}" role="button" '
            f'tabindex="0">{name}</a>'
        )
    late = "▲ 逾期" if row.is_overdue else ""
    return (
        f'<li><span title="{look.word}"><i style="color:var(--{look.role})">{look.shape}</i> {name}</span>'
        f"<span>{joined(look.word, late, escape(clause_words(row.clause)))}</span></li>"
    )


# --- 两新流域 and the layout ---------------------------------------------------------------------


def _class_text(quality_class: object) -> str:
    return f"{quality_class}类" if isinstance(quality_class, str) else "当月未评价"


def _level_text(row: object) -> str:
    level = row.beautiful_level
    if not isinstance(level, str):
        return LEVEL_WORDS["unknown"]
    return f"{LEVEL_WORDS[level]}美丽河湖" if level != "none" else "未创建"


def _state_text(state: object) -> str:
    look = LOOKS[state if isinstance(state, str) else "unreported"]
    return f"{look.shape} {look.word}"


def river_facts(row: object) -> str:
    """What is known of a river of the register, and that there is none where there is none."""
    if not isinstance(row.river_id, str):
        return "登记册没有这条河道"
    length = UNMAPPED if pd.isna(row.length_km) else f"{row.length_km:.2f} km"
    return joined(_level_text(row), _class_text(row.quality_class), length)


def _row_html(sign: str, name: str, river_id: object, facts: str, quiet: str) -> str:
    picked = (
        f' data-pick="river:{escape(river_id, quote=True)}" role="button" tabindex="0" class="pick"'
        if isinstance(river_id, str)
        else ""
    )
    return (
        f"<li><i>{escape(sign)}</i><a{picked}>{escape(name)}</a><span>{escape(facts)}</span>"
        f"<small>{escape(quiet)}</small></li>"
    )


def _demonstrations(context: Context, month: date) -> None:
    sample = SAMPLE_TAG if context.is_sample("rivers.rivers", "rivers.water_quality") else ""
    cards.block_title(
        "“两新流域”生态示范河道", joined(sample, "规划 4.3.5", f"水质 {month_text(month)}")
    )
    frame = context.frame("river_demonstrations", month=month)
    body = "".join(
        _row_html("河", row.river_name, row.river_id, river_facts(row),
                  f"生态治理 {_state_text(row.state)}")
        for row in frame.itertuples()
    )  # fmt: skip
    st.html(f'<ul class="elements">{body}</ul>')


def _layout(context: Context, month: date) -> None:
    sample = SAMPLE_TAG if context.is_sample("rivers.rivers", "rivers.water_quality") else ""
    cards.block_title(
        "布局“四区三轴伴两湖”", joined(sample, "规划附录", f"水质 {month_text(month)}")
    )
    frame = context.frame("river_layout", month=month)
    body = "".join(_element_html(row) for row in frame.itertuples())
    st.html(f'<ul class="elements">{body}</ul>')


def _element_html(row: object) -> str:
    place = f"{row.located_by}" if row.is_mapped and isinstance(row.located_by, str) else UNMAPPED
    if row.place_kind == "轴":
        return _row_html(row.place_kind, row.place_name, row.river_id, river_facts(row), place)
    works = (
        f"美丽河湖建设 {_state_text(row.state)}"
        if isinstance(row.state, str)
        else "规划未列专门项目"
    )
    note = row.note if isinstance(row.note, str) else ""
    return _row_html(row.place_kind, row.place_name, None, works, joined(place, note))


def table(context: Context, _month: date) -> None:
    """Every project on rivers with its rivers, as on the projects page."""
    frame = rows(context)
    columns = dict(projects.COLUMNS)
    shown = {"project_name": columns.pop("project_name"), "rivers": tables.TableColumn("河道")}
    tables.register_table(
        context, frame.drop(columns="river_ids"), shown | columns, "规划河道项目", "river_projects",
        hint="搜索项目、河道、实施主体……",
    )  # fmt: skip
