"""Coverage by beautiful rivers in three ways, the candidates, and what if some of them succeed.

By count of rivers (indicator 19, with the plan's target), by length, by subdistrict: three figures
with their own numerators, never mixed. What is assumed stands beside the real figure and is called
so; it changes no other figure.
"""

from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from data.office_rules import office_rules
from data.status import judge
from ui import cards, charts, layout, measures, tables
from ui.river_choices import assume, assumed_rivers, month_text
from ui.river_shares import (
    DATASET,
    Coverage,
    candidates,
    coverage,
    levels_absent,
    nearest_to_target,
    place_text,
)
from ui.session import Context
from ui.text import (
    BEAUTIFUL_LEVELS,
    NO_DATA,
    RIVER_RANKS,
    SAMPLE_TAG,
    UNFILLED,
    UNMAPPED,
    basis,
    joined,
    number,
)
from ui.theme import STATUS_LOOKS

LEVEL_WORDS = {
    "provincial": "省级",
    "municipal": "市级",
    "none": "未创建",
    "unknown": f"等级{UNFILLED}",
}
CANDIDATE_RULES = (
    "candidate_quality_weight",
    "candidate_works_weight",
    "candidate_rank_weight",
)
NO_TARGET = "规划无目标"
_HINT = "勾选：假设创建成功<br>得分：水质＋项目＋等级 ⓘ"


# --- the panel -----------------------------------------------------------------------------------


def panel(context: Context, month: date) -> None:
    """Three ways, levels, and below by choice the candidates or the subdistricts."""
    found = coverage(context)
    if not found.summary["river_count"]:
        cards.block_title("美丽河湖覆盖")
        cards.empty("所选范围内没有登记的河道")
        _subdistricts(context, found)
        return
    assumed = assumed_rivers(context)
    with st.container(height=layout.body_height_px(context, 0), border=False, key="river_panel"):
        sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
        cards.block_title("覆盖率三种口径", joined(sample, "各算各的，不混用"))
        st.html(
            f'<div class="ways">{"".join(_way_html(*way) for way in _ways(context, found))}</div>'
        )
        st.html(_levels_html(context))
        nearest, places = st.tabs(["候选河道", "各街道"])
        with nearest:
            _candidates(context, month, found, assumed)
        with places:
            _subdistricts(context, found)


def _ways(context: Context, found: Coverage) -> list[tuple[str, str, str, str, str, str]]:
    """Title, target, value, value under the assumptions, formula with its numbers, verdict: of each."""
    told, what_if = found.summary, found.what_if
    target = context.target(19)
    wanted = f"{found.wanted_pct:g}%"
    share, length = told["beautiful_share_pct"], told["beautiful_length_share_pct"]
    look = STATUS_LOOKS[judge(share, target)]
    km = found.missing_km
    is_assumed = bool(what_if["assumed_count"])
    return [
        ("按条数", f"目标 {target.text}", _pct(share),
         _pct(what_if["assumed_share_pct"]) if is_assumed else "",
         levels_absent(told) if share is None
         else f"已建成 {number(told['beautiful_count'])} 条 ÷ {number(told['graded_river_count'])} 条",
         joined(f"{look.shape} {look.word}",
                f"还差 {found.missing_rivers} 条" if found.missing_rivers else "",
                basis(told["graded_river_count"], told["river_count"], "等级", "条"))),
        ("按长度", NO_TARGET, _pct(length),
         _pct(what_if["assumed_length_share_pct"]) if is_assumed and length is not None else "",
         levels_absent(told) or NO_DATA if length is None
         else f"已建成 {number(told['beautiful_length_km'], 1)} km ÷ 已上图 "
         f"{number(told['graded_length_km'], 1)} km",
         "" if km is None else f"若以 {wanted} 计还差 {km:.1f} km" if km else f"若以 {wanted} 计已够"),
        ("按街道", NO_TARGET, *_place_values(found, is_assumed),
         "街道内已建成河段长 ÷ 街道内河段总长", place_text(found, wanted)),
    ]  # fmt: skip


def _place_values(found: Coverage, is_assumed: bool) -> tuple[str, str]:
    """The value of the third way: rank of one subdistrict, else how many reach the share."""
    if found.known_places.empty:
        return NO_DATA, ""
    rank = found.rank()
    if rank:
        then, count = found.rank("assumed_length_share_pct")
        return f"第 {rank[0]} / {count}", f"第 {then}" if is_assumed else ""
    then = found.reached_count("assumed_length_share_pct")
    value = f"{found.reached_count()} / {len(found.known_places)} 个"
    return value, f"{then} 个" if is_assumed else ""


def _pct(value: float | None) -> str:
    return NO_DATA if value is None else f"{value:.1f}%"


def _way_html(title: str, goal: str, value: str, then: str, formula: str, verdict: str) -> str:
    assumed = f"<em>→ 假设 {escape(then)}</em>" if then else ""
    return (
        f"<section><h4><span>{escape(title)}</span><span>{escape(goal)}</span></h4>"
        f"<p><strong>{escape(value)}</strong>{assumed}</p>"
        f"<span>{escape(formula)}</span><small>{escape(verdict)}</small></section>"
    )


def _levels_html(context: Context) -> str:
    """One bar of the levels by count, and what each holds in rivers and kilometres."""
    levels = context.frame("rivers_by_level")
    parts, words = [], []
    for row in levels.itertuples():
        km = "" if pd.isna(row.length_km) else f" {row.length_km:.1f} km"
        parts.append(f'<i class="{row.level}" style="flex:{row.river_count}"></i>')
        words.append(
            f'<span><i class="{row.level}"></i>{LEVEL_WORDS[row.level]} <b>{row.river_count}</b> 条{km}</span>'
        )
    return (
        f'<div class="levels"><div class="bar">{"".join(parts)}</div><p>{"".join(words)}</p></div>'
    )


# --- candidates and what if ----------------------------------------------------------------------


def _candidates(context: Context, month: date, found: Coverage, assumed: tuple[str, ...]) -> None:
    ranked = candidates(context, month)
    if ranked.empty:
        cards.empty("所选范围内没有未创建的河道")
        return
    # Rivers assumed elsewhere in the district stay assumed, whatever is chosen here.
    until_met = nearest_to_target(found, ranked["river_id"].tolist(), assumed)
    with st.container(horizontal=True, vertical_alignment="center", key="what_if_buttons"):
        st.html(
            f'<div class="scope-note"{cards.hint(rule_text(month))}>{_HINT}</div>', width="stretch"
        )
        st.button(
            "选到达标", key="assume_until_met", on_click=assume, args=(until_met,), width="content",
            disabled=not found.still_missing_rivers, help="按得分从高到低选，直到按条数达到目标",
        )  # fmt: skip
        st.button("清除", key="assume_none", on_click=assume, args=((),), width="content",
                  disabled=not assumed)  # fmt: skip
    st.html(
        '<div class="candidates">'
        + "".join(candidate_html(row, row.river_id in assumed) for row in ranked.itertuples())
        + "</div>"
    )


def rule_text(month: date) -> str:
    """How the score is made, with the source of every weight."""
    lines = [
        f"{rule.title}：{rule.value:g} {rule.unit}（{rule.source}）"
        for rule in (office_rules()[key] for key in CANDIDATE_RULES)
    ]
    return "\n".join(
        [
            *lines,
            f"水质截至 {month_text(month)}，按每月最差断面计；没有规划项目的不得项目分，缺数据的部分不计入满分",
        ]
    )


def what_if_sentence(context: Context, found: Coverage) -> str:
    """What the assumed rivers would change, with ``**…**``; empty where nothing is assumed."""
    told, what_if = found.summary, found.what_if
    count = what_if["assumed_count"]
    if not count:
        return ""
    target = context.target(19)
    left = found.still_missing_rivers
    verdict = f"仍差 **{left} 条**" if left else f"**达到**目标（{target.text}）"
    made = (
        f"假设 **{count} 条**创建成功：按条数 {_pct(told['beautiful_share_pct'])} → "
        f"**{_pct(what_if['assumed_share_pct'])}**，{verdict}"
    )
    if what_if["assumed_length_share_pct"] is not None:
        made += (
            f"；按长度 {_pct(told['beautiful_length_share_pct'])} → "
            f"**{_pct(what_if['assumed_length_share_pct'])}**"
        )
    places = found.known_places
    if len(places) > 1:
        before = places.iloc[0]
        after = places.sort_values("assumed_length_share_pct", kind="stable").iloc[0]
        is_same = after.assumed_length_share_pct == before.beautiful_length_share_pct
        made += (
            f"；最低街道仍是 {before.short_name}"
            if is_same
            else (
                f"；最低街道 {before.short_name} {before.beautiful_length_share_pct:.0f}% → "
                f"**{after.short_name} {after.assumed_length_share_pct:.0f}%**"
            )
        )
    return f"{made}。"


def quality_words(row: object) -> str:
    """The months behind the points for quality."""
    if not row.evaluated_months:
        return "无水质"
    return f"{row.met_months} / {row.evaluated_months} 个月达Ⅳ类"


def works_words(row: object) -> str:
    """The projects behind the points for works."""
    if not row.works_count:
        return "无规划项目"
    if not row.reported_works_count:
        return f"{row.works_count} 个项目进度待填报"
    return f"项目完成 {row.completed_works_count} / {row.reported_works_count}"


def rank_words(row: object) -> str:
    """The rank behind its points."""
    return RIVER_RANKS.get(row.rank, f"等级{UNFILLED}")


def _points(value: float | None) -> str:
    return "缺" if pd.isna(value) else f"{value:.0f}"


def candidate_html(row: object, is_assumed: bool) -> str:
    """One candidate: tick, name that opens the river, score and its parts."""
    name, river_id = escape(row.river_name), escape(row.river_id, quote=True)
    where = UNMAPPED if pd.isna(row.length_km) else f"{row.length_km:.2f} km · {row.subdistricts}"
    parts = (
        ("quality", row.quality_points, quality_words(row)),
        ("works", row.works_points, works_words(row)),
        ("rank", row.rank_points, rank_words(row)),
    )
    bar = "".join(
        f'<i class="{kind}" style="width:{points:.1f}%"></i>'
        for kind, points, _ in parts
        if points and not pd.isna(points)
    )
    told = "".join(
        f'<span class="{kind}"><i class="{kind}"></i>{escape(words)} <b>{_points(points)}</b></span>'
        for kind, points, words in parts
    )
    label = escape(f"假设{row.river_name}创建成功", quote=True)
    opened = escape(f"查看{row.river_name}", quote=True)
    return (
        f'<div class="candidate{" assumed" if is_assumed else ""}">'
        f'<i class="tick" data-pick="assume:{river_id}" role="checkbox" tabindex="0" '
        f'aria-checked="{"true" if is_assumed else "false"}" aria-label="{label}">{"✓" if is_assumed else ""}</i>'
        f'<b class="name" data-pick="river:{river_id}" role="button" tabindex="0" aria-label="{opened}">'
        f"{row.place} {name}</b><small>{escape(where)}</small>"
        f"<strong>{row.score:.0f}<small> / {row.score_max:.0f}</small></strong>"
        f'<div class="bar">{bar}</div><p>{told}</p></div>'
    )


# --- subdistricts, course, table -----------------------------------------------------------------


def _subdistricts(context: Context, found: Coverage) -> None:
    measure = measures.beautiful_length_share(context)
    frame = context.frame("rivers_by_subdistrict", assumed=list(assumed_rivers(context)))
    if found.what_if["assumed_count"]:
        now = frame["beautiful_length_share_pct"].map(lambda value: number(value))
        then = frame["assumed_length_share_pct"].map(lambda value: number(value))
        frame = frame.assign(label=now.where(now == then, now + " → " + then))
    charts.subdistrict_bars(
        context, frame, measure, "rivers_bars", layout.body_height_px(context, 26)
    )
    layout.note(f"{measure.definition}；规划未设目标，没有河段的街道无数据。")


def course(context: Context, height_px: float) -> None:
    """Coverage by count and by length over the years, one below the other.

    Where rivers are assumed, what is said of them takes the place of the course by length.
    """
    by_year = context.frame("rivers_by_year")
    shown = {"rivers_trend": measures.beautiful_count(context)}
    if not assumed_rivers(context):
        shown["rivers_length_trend"] = measures.beautiful_length_share(context)
    for key, measure in shown.items():
        charts.year_trend(context, by_year, measure, key, height_px / 2)


def table(context: Context, month: date) -> None:
    """Every river of the chosen subdistricts; for those not yet beautiful the score as a candidate."""
    ranked = candidates(context, month)
    told = pd.DataFrame(
        {
            "river_id": ranked["river_id"],
            "place": ranked["place"],
            "score": ranked["score"].round(1),
            "quality": [quality_words(row) for row in ranked.itertuples()],
            "works": [works_words(row) for row in ranked.itertuples()],
        }
    )
    frame = context.frame("rivers_table").merge(told, on="river_id", how="left")
    tables.register_table(
        context,
        frame,
        {
            "river_name": tables.TableColumn("河道"),
            "rank": tables.TableColumn("等级", words=RIVER_RANKS),
            "beautiful_level": tables.TableColumn("美丽河湖", words=BEAUTIFUL_LEVELS),
            "beautiful_year": tables.TableColumn("创建年份", "%d"),
            "length_km": tables.TableColumn("长度（km）", "%.2f"),
            "subdistricts": tables.TableColumn("流经街道"),
            "place": tables.TableColumn("候选名次", "%d"),
            "score": tables.TableColumn("候选得分", "%.1f"),
            "quality": tables.TableColumn("近 12 个月水质"),
            "works": tables.TableColumn("沿河规划项目"),
            "quality_class": tables.TableColumn("当年最近水质类别"),
            "limiting_item": tables.TableColumn("定类项目"),
            "chief_level": tables.TableColumn("河长级别"),
        },
        "河道名录",
        "rivers",
    )
