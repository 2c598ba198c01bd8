"""Grades and features of the public toilets, stalls for women, renewals, what else is open to all."""

from html import escape

import pandas as pd
import streamlit as st

from data.office_rules import office_rules
from ui import cards, charts, layout, tables
from ui.charts import Measure
from ui.layers import grade_colours
from ui.session import Context
from ui.text import SAMPLE_TAG, UNFILLED, UNREPORTED, basis, joined
from ui.toilet_shares import Shown
from ui.toilet_summary import DATASET

STATIONS = "toilets.service_stations"
FEATURES = {
    "accessible": "无障碍",
    "third_room": "第三卫生间",
    "nursing_room": "母婴室",
    "tidal_stalls": "潮汐厕位",
    "open_24h": "24 小时开放",
}
"""Features by the name of their columns in «toilet_features_summary»."""
STAR_WORDS = {1: "一星", 2: "二星", 3: "三星", 4: "四星", 5: "五星"}


# --- beside the map ------------------------------------------------------------------------------


def panel(context: Context, _shown: Shown) -> None:
    """Grades and stars, features with count and share, stalls for women by subdistrict."""
    told = context.row("toilet_features_summary", DATASET)
    if not told["toilet_count"]:
        cards.block_title("类别与设施")
        cards.empty("公厕登记册尚未导入" if told["toilet_count"] is None else "所选范围内没有公厕")
    else:
        sample = SAMPLE_TAG if context.is_sample(DATASET) else ""
        cards.block_title("类别与星级", joined(f"{told['toilet_count']:,} 座", sample))
        st.html(_grades_html(context) + _stars_html(context))
        cards.block_title("设施", "座数 · 占比")
        st.html(_features_html(told))
    cards.lines(_beside_lines(context))
    if told["toilet_count"]:
        _stalls(context, told)


def _grades_html(context: Context) -> str:
    frame = context.frame("toilets_by_grade")
    colours = grade_colours(context) | {None: context.palette.unreported}
    rows = [
        (None if pd.isna(row.grade) else row.grade, int(row.toilet_count))
        for row in frame.itertuples()
    ]
    bar = "".join(f'<i style="flex:{count};--c:{colours[grade]}"></i>' for grade, count in rows)
    whole = sum(count for _, count in rows)
    words = "".join(
        f'<span><i style="--c:{colours[grade]}"></i>{grade or f"类别{UNFILLED}"} '
        f"<b>{count:,}</b> 座 {100 * count / whole:.0f}%</span>"
        for grade, count in rows
    )
    return f'<div class="class-bar">{bar}</div><div class="class-key">{words}</div>'


def _stars_html(context: Context) -> str:
    frame = context.frame("toilets_by_star")
    words = "".join(
        f"<span>{_star(row.star_rating)} <b>{row.toilet_count:,}</b></span>"
        for row in frame.itertuples()
    )
    return f'<div class="class-key small">{words}</div>'


def _star(rating: float) -> str:
    return f"星级{UNFILLED}" if pd.isna(rating) else STAR_WORDS[int(rating)]


def _features_html(told: dict) -> str:
    """Count and share of every feature, and on how many toilets the share rests."""
    rows = []
    for name, word in FEATURES.items():
        count, known = told[f"{name}_count"], told[f"{name}_known"]
        if not known:
            rows.append(f"<div><span>{word}</span><i></i><b>{UNFILLED}</b></div>")
            continue
        share = 100 * count / known
        told_of = basis(known, told["toilet_count"], "该项", "座")
        rows.append(
            f'<div><span>{word}</span><i style="--w:{share:.1f}%"></i>'
            f"<b>{count:,} 座 <small>{share:.0f}%</small></b>"
            + (f"<small>{escape(told_of)}</small>" if told_of else "")
            + "</div>"
        )
    return f'<div class="rates">{"".join(rows)}</div>'


def _beside_lines(context: Context) -> list[tuple[str, str]]:
    """Toilets of businesses and service stations, which the counts above leave out."""
    beside = context.row("toilets_beside")
    social, stations = beside["social_count"], beside["station_count"]
    told_of = basis(beside["station_known_count"], stations, "该项", "个")
    with_toilet = (
        f"可如厕 {beside['station_toilet_count']} 个" if beside["station_known_count"] else ""
    )
    return [
        ("**沿街单位开放**（不计入公厕座数）", UNREPORTED if social is None else f"{social:,} 座"),
        ("**城管驿站**", UNREPORTED if stations is None
         else joined(f"{stations:,} 个", with_toilet, told_of,
                     SAMPLE_TAG if context.is_sample(STATIONS) else "")),
    ]  # fmt: skip


def _stalls(context: Context, told: dict) -> None:
    """How many toilets have enough stalls for women by the standard, by subdistrict."""
    known = told["stalls_known"]
    if not known:
        cards.block_title("女厕位 : 男厕位")
        cards.empty(f"登记册的厕位数{UNFILLED}")
        return
    wanted, busy = (office_rules()[key] for key in ("women_to_men", "women_to_men_busy"))
    cards.lines(
        [
            ("**女厕位 : 男厕位达 3 : 2**", f"{told['standard_count']:,} / {known:,} 座"),
            ("**达 2 : 1**（人流集中处的要求）", f"{told['busy_count']:,} / {known:,} 座"),
        ]
    )
    charts.subdistrict_bars(
        context, context.frame("stalls_by_subdistrict"),
        Measure("standard_share_pct", "厕位比达 3 : 2 的公厕", "%", 0, None,
                f"{wanted.source}；{busy.source}"),
        "toilets_stalls", layout.body_height_px(context, 30.5),
    )  # fmt: skip


def beside_findings(context: Context, _shown: Shown, height_px: float) -> None:
    """Toilets renewed in each year."""
    charts.year_trend(
        context, context.frame("toilets_renewals_by_year"),
        Measure("renewed_count", "提升改造公厕", "座"), "toilets_trend", height_px,
        is_yearly_count=True,
    )  # fmt: skip


# --- the table -----------------------------------------------------------------------------------


def table(context: Context, _shown: Shown) -> None:
    """Every public toilet of the chosen subdistricts."""
    tables.register_table(
        context,
        context.frame("toilets_table"),
        {
            "toilet_name": tables.TableColumn("公厕"),
            "subdistrict_name": tables.TableColumn("街道"),
            "street_name": tables.TableColumn("道路"),
            "grade": tables.TableColumn("类别"),
            "star_rating": tables.TableColumn("星级", "%d"),
            "women_stalls": tables.TableColumn("女厕位", "%d"),
            "men_stalls": tables.TableColumn("男厕位", "%d"),
            "has_third_room": tables.TableColumn("第三卫生间", words=tables.FLAG_WORDS),
            "has_nursing_room": tables.TableColumn("母婴室", words=tables.FLAG_WORDS),
            "has_accessible": tables.TableColumn("无障碍", words=tables.FLAG_WORDS),
            "has_tidal_stalls": tables.TableColumn("潮汐厕位", words=tables.FLAG_WORDS),
            "is_open_24h": tables.TableColumn("24 小时", words={True: "是", False: "否"}),
            "renewed_year": tables.TableColumn("提升改造年份", "%d"),
        },
        "公共厕所名录",
        "toilets",
    )
