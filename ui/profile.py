"""One subdistrict on one page: head figures, standings, strengths and gaps, map, lists, table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

import pandas as pd
import pydeck as pdk
import streamlit as st

from ui import (
    cards,
    figures,
    layers,
    layout,
    light_map,
    maps,
    projects,
    river_lines,
    strips,
)
from ui.cards import Figure
from ui.legend import Key, legend_html
from ui.maps import collection
from ui.session import Context
from ui.standing import Row, missing_text
from ui.subjects import (
    Subject,
    open_findings,
    state_text,
    untold,
    with_codes,
)
from ui.tables import TableColumn, register_table
from ui.text import (
    BEAUTIFUL_LEVELS,
    NO_DATA,
    RIVER_RANKS,
    UNFILLED,
    UNREPORTED,
    basis,
    clipped,
    joined,
    map_alt,
    number,
    plain,
)
from ui.theme import STATUS_LOOKS, rgba

COLUMN_SHARES = (0.4, 0.31, 0.29)
"""Standings, map, verdicts: parts of the window's width."""
MOST_STRENGTHS, MOST_GAPS = 4, 5
DATASETS = {
    "beautiful_share_pct": "rivers.rivers",
    "beautiful_length_share_pct": "rivers.rivers",
    "class_iv_share_pct": "rivers.water_quality",
    "density_per_km2": "toilets.toilets",
    "road_lit_rate_pct": "lighting.yearly",
    "functional_sound_rate_pct": "lighting.yearly",
    "scenery_sound_rate_pct": "lighting.yearly",
    "central_control_rate_pct": "lighting.yearly",
    "supply_renewed_share_pct": "plan.projects",
    "main_good_pct": "streets.pavement",
    "covered_share_pct": "toilets.cell_walks",
    "accessible_share_pct": "toilets.toilets",
    "river_length_km": "rivers.reaches",
}
"""Which register each measure rests on."""


def head_figures(context: Context, subject: Subject, by_subdistrict: pd.DataFrame) -> list[Figure]:
    """Area, demonstration street, rivers, toilets, lamps, projects of the one subdistrict."""
    record = subject.record
    area_rank = int((by_subdistrict["area_km2"] > record["area_km2"]).sum()) + 1
    lack = figures.missing_toilets(context, record)
    street = figures.demonstration(
        context, context.row("streets_summary", "streets.demonstration_streets")
    )
    # Without a register the target of the whole district says nothing about one subdistrict.
    street = (
        replace(street, target=None, when_empty=f"登记册{UNREPORTED}")
        if street.value is None
        else replace(
            street,
            label=f"{street.label} {clipped(subject.street['street_name'] or '')}".strip(),
            detail=subject.street_state,
        )
    )
    done, reported = subject.completed_count, subject.reported
    late_count = int(subject.projects["is_overdue"].sum())
    unreported_count = len(subject.projects) - len(reported)
    parts = [
        f"专栏 4 小区 {len(subject.compounds)} 个" if len(subject.compounds) else "",
        f"逾期 {late_count} 项" if late_count else "",
        f"{UNREPORTED} {unreported_count} 项" if done is not None and unreported_count else "",
    ]
    return [
        Figure("面积", record["area_km2"], "km²", 2,
               detail=f"占全区 {record['area_share_pct']:.1f}% · 第 {area_rank} / {len(by_subdistrict)}"),
        street,
        Figure("河道", record["river_count"], "条", is_sample=context.is_sample("rivers.rivers"),
               detail=_river_detail(record), when_empty=figures.rivers_absent(context)),
        Figure("公共厕所", record["toilet_count"], "座", is_sample=context.is_sample("toilets.toilets"),
               detail=f"{number(record['density_per_km2'], 2)} 座/km²" + (f" · 还差 {lack} 座" if lack else "")),
        Figure("灯具", record["asset_count"], "盏", is_sample=context.is_sample("lighting.yearly"),
               detail=told(record["unlit_count"], "未亮 {} 盏", f"亮灭{UNFILLED}"),
               when_empty=figures.lamps_absent(context)),
        Figure("规划项目", done, f"/ {len(reported)} 项完工", is_sample=context.is_sample("plan.projects"),
               detail=" · ".join(part for part in parts if part),
               when_empty=_without_states(subject, context.has_rows("plan.projects")),
               definition="专栏 1、2、4 中位于本街道的项目：已完工 ÷ 已填报状态"),
    ]  # fmt: skip


def told(value: float | None, words: str, absent: str, digits: int = 0) -> str:
    """``words`` with the number put in, or what is said where there is none."""
    return absent if value is None else words.format(number(value, digits))


def _river_detail(record: dict) -> str:
    length = told(record["river_length_km"], "{} km", "", 1)
    if not record["river_count"]:
        return length
    beautiful = told(record["beautiful_count"], "美丽河湖 {} 条", f"美丽河湖等级{UNFILLED}")
    told_of = basis(record["graded_river_count"], record["river_count"], "等级", "条")
    return joined(length, beautiful, told_of)


def _without_states(subject: Subject, is_listed: bool) -> str:
    if len(subject.projects):
        return f"规划列 {len(subject.projects)} 项，状态{UNREPORTED}"
    return "规划未列本街道的项目" if is_listed else f"项目登记册{UNREPORTED}"


def standings(context: Context, subject: Subject, rows: Sequence[Row], height_px: float) -> None:
    """The strip chart of all measures with this subdistrict marked."""
    marks = {subject.code: strips.own_mark(context.palette)}
    strips.panel(
        context, rows, marks, "profile_strips", height_px, COLUMN_SHARES[0], subject.code
    )  # fmt: skip


def strengths(rows: Sequence[Row], code: str) -> list[str]:
    """Sentences on measures in the top third that are not below their target, the best first."""
    leading = [
        row
        for row in rows
        if not row.is_neutral
        and row.standings[code].is_leading
        and not row.standings[code].is_below
    ]
    leading.sort(key=lambda row: row.standings[code].rank)
    found = [
        f"● **{row.word}** {row.text(code)}，{row.standings[code].rank_text}"
        + (f"，达到目标（{row.measure.target.text}）。" if row.measure.target else "。")
        for row in leading[:MOST_STRENGTHS]
    ]
    return found + _others(leading[MOST_STRENGTHS:], "位列前三分之一")


def gaps(rows: Sequence[Row], code: str, record: dict) -> list[str]:
    """Sentences on measures below target (what is missing) or in the bottom third, worst first."""
    below = [row for row in rows if row.standings[code].is_below]
    below.sort(key=lambda row: (row.standings[code].status != "missed", -row.standings[code].rank))
    trailing = [
        row
        for row in rows
        if not row.is_neutral and row.standings[code].is_trailing and row not in below
    ]
    trailing.sort(key=lambda row: -row.standings[code].rank)
    found = []
    for row in (below + trailing)[:MOST_GAPS]:
        standing = row.standings[code]
        shape = STATUS_LOOKS[standing.status].shape if standing.status else "▽"
        start = f"{shape} **{row.word}** {row.text(code)}，{standing.rank_text}"
        if not standing.is_below:
            found.append(
                f"{start}，" + ("已达标但排名靠后。" if row.measure.target else "排名靠后。")
            )
            continue
        lack = missing_text(row, code, record)
        target = row.measure.target.text
        found.append(
            f"{start}，目标 {target}，还差 **{lack}**。"
            if lack
            else f"{start}，低于目标 {target}。"
        )
    return found + _others((below + trailing)[MOST_GAPS:], "低于目标或排名靠后")


def _others(rows: Sequence[Row], why: str) -> list[str]:
    if not rows:
        return []
    return [f"另有 {len(rows)} 项{why}：{'、'.join(row.word for row in rows)}。"]


def _sentences(sentences: Sequence[str], nothing: str) -> None:
    items = "".join(f"<li>{cards.strong(sentence)}</li>" for sentence in sentences)
    st.html(f'<ul class="findings dense">{items or f"<li>{escape(nothing)}</li>"}</ul>')


def verdicts(subject: Subject, rows: Sequence[Row]) -> None:
    """Strengths, gaps and what is still open, in words."""
    code = subject.code
    is_known = any(row.standings[code].rank for row in rows if not row.is_neutral)
    cards.block_title("优势", "前三分之一且不低于目标")
    _sentences(strengths(rows, code), "暂无" if is_known else NO_DATA)
    cards.block_title("短板", "低于目标，或列后三分之一")
    _sentences(gaps(rows, code, subject.record), "暂无" if is_known else NO_DATA)
    cards.block_title("未结事项", "年底仍未办结")
    found, unknown = open_findings(subject, list(rows)), untold(subject)
    if found:
        st.html('<div class="open-list">' + _open_html(found) + "</div>")
    elif not unknown:
        _sentences([], "暂无")
    if unknown:
        _sentences([f"○ {NO_DATA}：{'、'.join(unknown)}（登记册未导入、未填或当年无记录）。"], "")


def _open_html(found: Iterable[tuple[str, str]]) -> str:
    body = "".join(f"<li><span>{cards.strong(a)}</span><b>{escape(b)}</b></li>" for a, b in found)
    return f"<ul>{body}</ul>"


def map_of(context: Context, subject: Subject, rows: Sequence[Row], height_px: int) -> None:
    """Rivers by level, toilets, demonstration streets and dark spots of the one subdistrict."""
    colours, scale = context.palette, context.screen.scale
    keys = [
        *river_lines.level_keys(context),
        Key("line", colours.zone, "精品示范街", 0.3),
        Key("line", f"{colours.zone}70", "省级街容示范街", 0.4),
        Key("dot", colours.text, "公厕"),
        Key("dot", colours.missed, "暗点 · 未消除"),
        Key("ring", colours.met, "暗点 · 已消除"),
    ]
    streets = pdk.Layer(
        "GeoJsonLayer",
        data=collection(context.text("streets_features")),
        id="demonstration-streets",
        get_line_color=f"properties.designation=='boutique'?{rgba(colours.zone)}:{rgba(colours.zone, 110)}",
        get_line_width=26,
        line_width_min_pixels=4 * scale,
        line_width_max_pixels=11 * scale,
        line_cap_rounded=True,
        line_joint_rounded=True,
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 160),
    )
    maps.map_panel(
        context,
        "profile",
        [
            layers.pick(context),
            river_lines.level_lines(context),
            streets,
            layers.toilets(context, colours.text),
            light_map.dark_spots(context),
        ],
        legend_html(
            f"街道现状 · {context.filter.year} 年底",
            keys,
            stacked=True,
            note=layers.gathered_note(context),
        ),
        labels=maps.subdistrict_labels(context)
        + layers.demonstration_labels(context)
        + river_lines.level_labels(context),
        width_share=COLUMN_SHARES[1],
        height_px=height_px,
        alt=map_alt(
            context.sentence,
            "河道、公厕、示范街与盲区暗点",
            [*gaps(rows, subject.code, subject.record), *strengths(rows, subject.code)],
        ),
    )


def lists(context: Context, subject: Subject, height_px: int) -> None:
    """Rivers, compounds of 专栏 4 and projects, each in a column of its own."""
    is_listed = context.has_rows("plan.projects")
    rivers = [
        (f"**{plain(row.river_name)}** {RIVER_RANKS.get(row.rank, '')}", _river_text(row))
        for row in context.frame("rivers_table").itertuples()
    ]
    has_rivers = context.has_rows("rivers.rivers")
    compounds = [
        (f"**{plain(row.project_name)}**", state_text(row.state, row.is_overdue))
        for row in subject.compounds.itertuples()
    ]
    others = [
        (f"**{plain(row.project_name)}** {projects.KINDS[row.project_kind]}", _project_text(row))
        for row in subject.other_projects.itertuples()
    ]
    listed = (
        ("rivers", "河道", "等级 · 当年最近水质 · 街道内长度", rivers,
         "街道内没有已登记的河道" if has_rivers else f"{NO_DATA}：河道登记册未导入"),
        ("compounds", "专栏 4 二次供水改造小区", "状态", compounds,
         "专栏 4 未列本街道的小区" if is_listed else f"{NO_DATA}：项目登记册未导入"),
        ("projects", "规划项目", "规划完成年份 · 状态", others,
         "规划未列位于本街道的其他项目" if is_listed else f"{NO_DATA}：项目登记册未导入"),
    )  # fmt: skip
    for column, (key, title, note, rows, nothing) in zip(
        layout.columns(context, (1, 1, 1)), listed, strict=True
    ):
        with column:
            cards.block_title(f"{title}（{len(rows)}）" if rows else title, note if rows else "")
            if not rows:
                st.html(f'<div class="empty">{escape(nothing)}</div>')
                continue
            # A fixed height for long lists only: short ones leave no empty frame.
            is_long = len(rows) * 31 * context.screen.scale > height_px
            with st.container(
                key=f"list_{key}", height=height_px if is_long else "content", border=False
            ):
                cards.lines(rows)


def _river_text(row: tuple) -> str:
    shape = "▲" if row.quality_class in ("Ⅴ", "劣Ⅴ") else "●"
    water = "当年无水质" if pd.isna(row.quality_class) else f"{shape} {row.quality_class}类"
    length = "" if pd.isna(row.length_km) else f"{row.length_km:.2f} km"
    return joined(BEAUTIFUL_LEVELS.get(row.beautiful_level, f"等级{UNFILLED}"), water, length)


def _project_text(row: tuple) -> str:
    until = "" if pd.isna(row.plan_end_year) else f"{row.plan_end_year:.0f} 年 · "
    return until + state_text(row.state, row.is_overdue)


def district_values(context: Context) -> dict[str, float | None]:
    """The whole district's value of every measure, by field."""
    whole = with_codes(context, ())
    rivers = whole.row("rivers_summary", "rivers.rivers")
    return (
        rivers
        | {"river_length_km": rivers["length_km"]}
        | whole.row("rivers_quality")
        | whole.row("toilets_summary", "toilets.toilets")
        | whole.row("toilets_coverage")
        | whole.row("lighting_summary")
        | whole.row("profile_supply")
        | whole.row("pavement_summary")
    )


def measure_table(context: Context, chosen: Sequence[Subject], rows: Sequence[Row]) -> None:
    """Every measure of the chosen subdistricts with district, rank, target and status."""
    district = district_values(context)
    kinds = {row.dataset: row.source_kind for row in context.datasets if row.row_count > 0}
    frame = pd.DataFrame(
        [
            {
                "subdistrict_name": subject.name,
                "measure": row.word,
                "unit": row.measure.unit,
                "value": _rounded(standing.value),
                "district": _rounded(district[row.measure.field]),
                "rank": standing.rank,
                "ranked_count": standing.ranked_count or None,
                "target": row.measure.target.text if row.measure.target else "",
                "status": STATUS_LOOKS[standing.status].word if standing.status else "",
                "lack": missing_text(row, subject.code, subject.record),
                "source_kind": kinds.get(DATASETS[row.measure.field]),
            }
            for row in rows
            for subject in chosen
            for standing in (row.standings[subject.code],)
        ]
    ).astype({"rank": "Int64", "ranked_count": "Int64", "value": "float64", "district": "float64"})
    register_table(
        context,
        frame,
        {
            "subdistrict_name": TableColumn("街道"),
            "measure": TableColumn("指标"),
            "value": TableColumn("现值", "%.2f"),
            "district": TableColumn("全区", "%.2f"),
            "unit": TableColumn("单位"),
            "rank": TableColumn("名次", "%d"),
            "ranked_count": TableColumn("参与排名街道", "%d"),
            "target": TableColumn("规划目标"),
            "status": TableColumn("状况"),
            "lack": TableColumn("距目标还差"),
        },
        "街道指标一览",
        "profile",
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 2)
