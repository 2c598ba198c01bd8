"""Mode «规划» of the lighting page: 一带两廊三轴五区 and the Asian Games projects, as the plan wants the night."""

from html import escape

import streamlit as st

from data.status import Target
from ui import cards, figures, layers, layout, light_glow, light_map, tables
from ui.legend import legend_html
from ui.maps import Drawing, subdistrict_labels
from ui.session import Context
from ui.text import LIGHTING_KINDS, LIGHTING_TECHNIQUES, SAMPLE_TAG, UNFILLED, joined, plain
from ui.theme import StatusLook

PROJECTS = "lighting.projects"
HEAD_KINDS = ("window_road", "building", "public_place", "green_belt")
"""Kinds with a figure of their own; the few of the others stand in the list."""
STATE_LOOKS = {
    "completed": StatusLook("已建成", "●", "met"),
    "under_construction": StatusLook("在建", "◐", "near"),
    "planned": StatusLook("未开工", "△", "missed"),
}
PLANNED = {
    "venue": "asian_games_venue_count",
    "hub": "asian_games_hub_count",
    "city_entrance": "asian_games_city_entrance_count",
    "window_road": "asian_games_window_road_count",
    "building": "asian_games_building_count",
    "public_place": "asian_games_public_place_count",
    "embankment": "asian_games_embankment_count",
    "green_belt": "green_belt_length_km",
}
"""The plan's figure for each kind; it names the key lines without counting them."""
DIM = 0.42
"""How strongly the lamps still shine behind the structure."""


def _by_kind(context: Context):
    return context.frame("lighting_projects_by_kind").set_index("project_kind")


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page: what is done of what the plan wants, by kind."""
    by_kind = _by_kind(context)
    return [
        _whole(context),
        *(_kind(context, by_kind, kind) for kind in HEAD_KINDS),
        _structure(context),
    ]


def _whole(context: Context) -> cards.Figure:
    works = context.frame("lighting_works")
    done = int((works["state"] == "completed").sum())
    return cards.Figure(
        "亚运亮灯项目建成", done if len(works) else None, f"/ {len(works)} 项", 0,
        Target(">=", len(works), "项", "4.1.3") if len(works) or not context.has_rows(PROJECTS) else None,
        when_empty="所选范围内没有项目" if context.has_rows(PROJECTS) else "",
        is_sample=context.is_sample(PROJECTS),
        definition="迎亚运城市景观照明提升工程（规划第四章 一（三））按登记册逐项计",
    )  # fmt: skip


def _kind(context: Context, by_kind, kind: str) -> cards.Figure:
    label = f"亮灯{LIGHTING_KINDS[kind]}"
    if kind not in by_kind.index:
        planned = None if context.has_rows(PROJECTS) else context.fact(PLANNED[kind])
        return cards.Figure(
            label, None, target=None if planned is None else Target(">=", planned, "", "4.1.3"),
            when_empty="所选范围内没有该类项目" if context.has_rows(PROJECTS) else "",
        )  # fmt: skip
    row = by_kind.loc[kind]
    is_whole = context.filter.is_whole_district
    wanted = context.fact(PLANNED[kind]) if is_whole else float(row.quantity)
    return cards.Figure(
        label, float(row.completed_quantity), f"/ {wanted:g} {row.unit}",
        0 if float(row.completed_quantity).is_integer() else 1,
        Target(">=", wanted, row.unit, "4.1.3"),
        detail=f"登记 {row.quantity:g} {row.unit}" if row.quantity != wanted else "",
        is_sample=context.is_sample(PROJECTS),
        definition="迎亚运城市景观照明提升工程（规划第四章 一（三））：已完成数量 ÷ 计划数量",
    )  # fmt: skip


def _structure(context: Context) -> cards.Figure:
    frame = context.frame("lighting_structure")
    return cards.Figure(
        "照明总格局已上图", int(frame["is_mapped"].sum()), f"/ {len(frame)} 处",
        detail="一带两廊三轴五区",
        definition="规划附录：一带、两廊、三轴、五区共 11 处；规划未画界线，五区按其所在地标示意",
    )  # fmt: skip


def sentences(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    by_kind, works = _by_kind(context), context.frame("lighting_works")
    found = []
    if told := figures.projects_sentence(by_kind, context.filter.year):
        found.append(told)
    done = works[works["completed_on"].notna()]
    if len(done):
        last = done.sort_values("completed_on", kind="stable").iloc[-1]
        found.append(
            f"最近建成的是**{plain(last['project_name'])}**（{last['completed_on'][:7]}）。"
        )
    return [
        *found,
        "规划以**一带、两廊、三轴、五区**为照明总格局，营造“水墨淡彩”的夜景（4.1.3）。",
    ]


def beside_findings(context: Context) -> None:
    """What is planned and done of each kind, and how it is lit."""
    tag = SAMPLE_TAG if context.is_sample(PROJECTS) else ""
    cards.block_title("亚运亮灯项目", joined("完成 / 计划", tag))
    figures.project_lines(_by_kind(context))
    frame = context.frame("lighting_techniques")
    if frame.empty:
        return
    cards.block_title("改造方式", joined("规划：微照明、轻照明等", tag))
    cards.lines(
        (LIGHTING_TECHNIQUES.get(row.technique, UNFILLED), f"{row.project_count:,} 项")
        for row in frame.itertuples()
    )


def drawing(context: Context) -> Drawing:
    """The structure in light, the projects on it; the lamps stay behind."""
    return Drawing(
        [
            layers.pick(context),
            layers.quiet_waterways(context),
            *light_glow.layer(context, DIM),
            *light_map.structure(context),
            *light_map.project_lines(context),
            layers.veil(context),
            *light_map.project_points(context),
        ],
        legend_html(
            f"照明总格局与亚运项目 · {context.filter.year} 年底",
            [*light_map.structure_keys(context), *light_map.project_keys(context)],
            stacked=True,
            note=joined("空心为尚未建成", light_map.structure_note(context)),
        ),
        [
            *light_map.structure_labels(context, 14.5),
            *light_map.project_labels(context),
            *subdistrict_labels(context, size_px=11.5, colour=context.palette.muted),
        ],
    )


def panel(context: Context) -> None:
    """The structure by name, and the projects that are not yet done or were done last."""
    cards.block_title("一带、两廊、三轴、五区", "规划附录")
    st.html(_structure_html(context))
    works = context.frame("lighting_works")
    cards.block_title("项目", "建成的按时间倒序")
    if works.empty:
        cards.empty("所选范围内没有亚运亮灯项目")
        return
    is_open = works["state"] != "completed"
    ordered = works.assign(is_open=is_open).sort_values(
        ["is_open", "completed_on"], ascending=[False, False], kind="stable"
    )
    with st.container(height=layout.body_height_px(context, 15), border=False, key="light_works"):
        st.html(
            f'<ul class="lines picked">{"".join(map(_work_html, ordered.head(40).itertuples()))}</ul>'
        )


def _structure_html(context: Context) -> str:
    frame = context.frame("lighting_structure")
    words = {"belt": "一带", "corridor": "两廊", "axis": "三轴", "zone": "五区"}
    colours = light_map.structure_colours(context)
    rows = []
    for group, word in words.items():
        names = "、".join(
            escape(row.element_name) + ("" if row.is_mapped else "（未上图）")
            for row in frame[frame["element_group"] == group].itertuples()
        )
        rows.append(f'<dt style="color:{colours[group]}">{word}</dt><dd>{names}</dd>')
    return f'<dl class="explained">{"".join(rows)}</dl>'


def _work_html(row: tuple) -> str:
    look = STATE_LOOKS[row.state]
    when = row.completed_on[:7] if isinstance(row.completed_on, str) else look.word
    return (
        f'<li data-pick="work:{escape(row.project_id, quote=True)}" role="button" tabindex="0">'
        f'<span><b style="color:var(--{look.role})">{look.shape}</b> {escape(row.project_name)}</span>'
        f"<span>{escape(LIGHTING_KINDS[row.project_kind])} · {when}</span></li>"
    )


def table(context: Context) -> None:
    """The register of the projects."""
    works = context.frame("lighting_works")
    tables.register_table(
        context,
        works,
        {
            "project_name": tables.TableColumn("项目"),
            "project_kind": tables.TableColumn("类别", words=LIGHTING_KINDS),
            "subdistrict_name": tables.TableColumn("街道"),
            "done_quantity": tables.TableColumn("完成", "%g"),
            "quantity": tables.TableColumn("计划", "%g"),
            "unit": tables.TableColumn("单位"),
            "technique": tables.TableColumn("改造方式", words=LIGHTING_TECHNIQUES),
            "state": tables.TableColumn(
                "状态", words={k: f"{look.shape} {look.word}" for k, look in STATE_LOOKS.items()}
            ),
            "started_on": tables.TableColumn("开工日期"),
            "completed_on": tables.TableColumn("完工日期"),
            "clause": tables.TableColumn("规划条款"),
        },
        "亚运亮灯项目名录",
        "lighting",
    )
