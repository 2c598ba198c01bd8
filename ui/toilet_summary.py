"""The head of the toilet page: six cards, and the sentences that say the same with the places."""

import pandas as pd

from data.contracts import FIRST_YEAR
from data.office_rules import office_rules
from ui import figures, measures, toilet_shares, toilet_spacing
from ui.cards import Figure
from ui.findings import gap, place_sentence
from ui.session import Context
from ui.text import UNFILLED, basis, joined, number
from ui.toilet_shares import Shown

DATASET, WALKS = "toilets.toilets", "toilets.cell_walks"
MOST_NAMED = 3
LEAST_GAP_KM2 = 0.05
"""Subdistricts with less land out of reach are not named as gaps."""
LEAST_CHANGE_KM2 = 0.005
"""A smaller change would be told as 0.00 km²."""


def cards_of(context: Context, shown: Shown) -> list[Figure]:
    """Count, density, circle, renewals, barrier-free, women to men."""
    told = context.row("toilets_summary", DATASET)
    return [
        _count(context, told),
        figures.toilet_density(context, told),
        _circle(context, shown),
        _renewals(context, told),
        _accessible(context, told),
        _women_to_men(context, told),
    ]


def _count(context: Context, told: dict) -> Figure:
    goal = f"规划星级公厕 {context.fact('star_toilet_count'):.0f} 座"
    return Figure(
        "公共厕所", told["toilet_count"], "座", detail=figures.district_only(context, goal),
        is_sample=context.is_sample(DATASET),
        definition="年底在用的公共厕所，不含沿街单位开放的厕所和城管驿站",
    )  # fmt: skip


def _circle(context: Context, shown: Shown) -> Figure:
    """Land within the walk; people beside it where a population is registered."""
    codes = context.filter.subdistrict_codes
    told = toilet_shares.whole(shown.real, shown.circle, codes)
    then = shown.assumed_share_pct(codes)
    people = told.get("people_share_pct")
    return Figure(
        f"{shown.circle.title}覆盖", told.get("covered_share_pct"), "%", 1,
        detail=joined(
            f"假设 → {then:.1f}%" if then is not None else "",
            f"未覆盖 {told.get('uncovered_km2', 0):.1f} km²",
            f"按人口 {people:.1f}%" if people == people and people is not None else "",
        ),
        when_empty=walks_absent(context, shown), is_sample=context.is_sample(WALKS),
        definition=f"沿路网{shown.circle.words}内可到最近公厕的陆域占比；路网稀疏处按直线距离"
        f"×{office_rules()['detour_ratio'].value:g} 估算",
    )  # fmt: skip


def walks_absent(context: Context, shown: Shown) -> str:
    """Why nothing is said of walks while toilets are registered; empty where walks are known."""
    if not shown.real.cells.empty or not context.has_rows(DATASET):
        return ""
    return (
        f"登记册的24 小时开放{UNFILLED}" if shown.circle.scope == "open_24h" else "尚未计算步行距离"
    )


def _renewals(context: Context, told: dict) -> Figure:
    return Figure(
        "规划期提升改造", told["renewed_count"], "座",
        detail=f"其中当年 {number(told['renewed_this_year_count'])} 座"
        if context.filter.year > FIRST_YEAR
        else f"规划期自 {FIRST_YEAR + 1} 年起",
        when_empty=_unfilled(told, "改造年份"), is_sample=context.is_sample(DATASET),
        definition="规划期内（2021 年起至所选年底）完成提升改造的公共厕所",
    )  # fmt: skip


def _accessible(context: Context, told: dict) -> Figure:
    measure = measures.accessible_share(context)
    return Figure(
        "无障碍设施", told["accessible_share_pct"], "%", 1,
        detail=basis(told["accessible_known_count"], told["toilet_count"], "该项", "座")
        or "设无障碍厕位的公厕占比",
        when_empty=_unfilled(told, "无障碍设施"), is_sample=context.is_sample(DATASET),
        definition=measure.definition,
    )  # fmt: skip


def _women_to_men(context: Context, told: dict) -> Figure:
    wanted, busy = (office_rules()[key] for key in ("women_to_men", "women_to_men_busy"))
    return Figure(
        "女厕位 : 男厕位", told["women_to_men"], ": 1", 2,
        detail=joined(
            "标准 3 : 2，人流集中处 2 : 1",
            basis(told["stalls_known_count"], told["toilet_count"], "厕位数", "座"),
        ),
        when_empty=_unfilled(told, "厕位数"), is_sample=context.is_sample(DATASET),
        definition=f"全部公厕女厕位合计 ÷ 男厕位合计；{wanted.title} {wanted.value:g}，{busy.title} "
        f"{busy.value:g}（{wanted.source}，{busy.source}）",
    )  # fmt: skip


def _unfilled(told: dict, what: str) -> str:
    return f"登记册的{what}{UNFILLED}" if told["toilet_count"] else ""


# --- sentences -----------------------------------------------------------------------------------


def findings(context: Context, shown: Shown, mode: str) -> list[str]:
    """What the mode is about first; then the circle and where its gap is, what is assumed, the rest."""
    told = context.row("toilets_summary", DATASET)
    if not told["toilet_count"]:
        return []
    circle = [
        coverage_sentence(context, shown),
        what_if_sentence(context, shown),
        method_sentence(context, shown),
    ]
    density, stock = density_sentences(context, told), stock_sentence(told)
    sentences = {
        "grade": [stock, *circle[:2], *density],
        "density": [*density, *circle[:2], stock],
        "spacing": [toilet_spacing.sentence(context), *circle[:2], *density],
    }.get(mode, [*circle, *density, stock])
    return [sentence for sentence in sentences if sentence]


def coverage_sentence(context: Context, shown: Shown) -> str:
    """Land within the walk, land that is not, and the subdistricts with the most of it."""
    codes = context.filter.subdistrict_codes
    told = toilet_shares.whole(shown.real, shown.circle, codes)
    if not told:
        return ""
    if not told["uncovered_km2"]:
        return f"{shown.circle.words}内从任何陆域都可到公厕，**已全部覆盖**。"
    made = (
        f"{shown.circle.words}内可到公厕的陆域占 **{_below_whole(told['covered_share_pct'])}**，"
        f"**{told['uncovered_km2']:.2f} km²** 未覆盖"
    )
    if told["people_share_pct"] == told["people_share_pct"]:
        made += (
            f"；按人口占 **{told['people_share_pct']:.1f}%**，"
            f"**{number(told['uncovered_residents'])} 人**未覆盖"
        )
    places = gaps(context, shown)
    if len(codes) != 1 and len(places):
        named = "、".join(
            f"**{row.short_name}** {row.uncovered_km2:.1f} km²"
            for row in places.head(MOST_NAMED).itertuples()
        )
        made += f"；缺口最大的是{named}"
    return f"{made}。"


def _below_whole(share_pct: float) -> str:
    """A share that is not the whole is not told as 100 %."""
    return "99.9% 以上" if share_pct >= 99.95 else f"{share_pct:.1f}%"


def gaps(context: Context, shown: Shown) -> pd.DataFrame:
    """Chosen subdistricts with land out of reach, most first: ``short_name``, ``uncovered_km2``, …"""
    frame = places(context, shown)
    frame = frame[frame["uncovered_km2"] >= LEAST_GAP_KM2]
    return frame.sort_values("uncovered_km2", ascending=False, kind="stable")


def places(context: Context, shown: Shown) -> pd.DataFrame:
    """The chosen subdistricts with the figures of ``toilet_shares.by_place``; all without a filter."""
    codes = context.filter.subdistrict_codes
    frame = every_place(context, shown)
    return frame[frame["subdistrict_code"].isin(codes)] if codes else frame


def every_place(context: Context, shown: Shown) -> pd.DataFrame:
    """The 14 subdistricts by name with the figures of ``toilet_shares.by_place``."""
    named = pd.DataFrame(
        [
            (row.subdistrict_code, row.subdistrict_name, row.short_name)
            for row in context.subdistricts
        ],
        columns=["subdistrict_code", "subdistrict_name", "short_name"],
    )
    found = toilet_shares.by_place(shown.real, shown.circle)
    return named.merge(found, left_on="subdistrict_code", right_index=True, how="left")


def what_if_sentence(context: Context, shown: Shown) -> str:
    """What the assumption would change; empty where nothing is assumed."""
    codes = context.filter.subdistrict_codes
    before, then = shown.share_pct(codes), shown.assumed_share_pct(codes)
    if then is None or before is None:
        return ""
    land_km2 = toilet_shares.whole(shown.real, shown.circle, codes)["land_km2"]
    change = (then - before) * land_km2 / 100
    if abs(change) < LEAST_CHANGE_KM2:
        return "**假设**下覆盖没有变化。"
    word = "增加" if change > 0 else "减少"
    return f"**假设**下覆盖 {before:.1f}% → **{then:.1f}%**，{word} **{abs(change):.2f} km²**。"


def method_sentence(context: Context, shown: Shown) -> str:
    """How much of the land is estimated, and the share that each method gives."""
    codes = context.filter.subdistrict_codes
    frame = toilet_shares.by_method(shown.real, shown.circle, codes)
    if "straight" not in frame.index:
        return ""
    thin = frame.loc["straight"]
    made = (
        f"其中 {thin['part_pct']:.0f}% 的陆域路网稀疏，按直线估算（覆盖 "
        f"{thin['covered_share_pct']:.1f}%）"
    )
    if "network" in frame.index:
        made += f"；沿路网计算的部分覆盖 {frame.at['network', 'covered_share_pct']:.1f}%"
    return f"{made}。"


def density_sentences(context: Context, told: dict) -> list[str]:
    """Density against its target, and the subdistricts where it is lowest."""
    density = measures.toilet_density(context)
    missing = figures.missing_toilets(context, told)
    return [
        f"公厕 **{number(told['toilet_count'])} 座**，密度 **{told['density_per_km2']:.2f} 座/km²**，"
        f"{gap(missing, density.target, '座')}。",
        *place_sentence(
            context.frame("toilets_by_subdistrict"), density, context.filter.subdistrict_codes, 3
        ),
    ]


def stock_sentence(told: dict) -> str:
    """Renewals and third rooms, where the register tells of them."""
    third = basis(told["third_room_known_count"], told["toilet_count"], "该项", "座")
    words = (
        ("renewed_count", "在规划期内完成提升改造"),
        ("third_room_count", f"设第三卫生间{f'（{third}）' if third else ''}"),
    )
    parts = [f"{number(told[field])} 座{said}" for field, said in words if told[field] is not None]
    return "，".join(parts) + "。" if parts else ""
