"""Mode «无障碍与桥梁» of the street page: findings closed and open, bridges by their condition."""

from html import escape

import pandas as pd
import streamlit as st

from data.bridge_condition import BridgeShares, bridge_shares
from data.status import Target
from ui import cards, charts, layout, street_points_map, tables
from ui.bridge_looks import FAILED, bridge_look, condition_text
from ui.findings import verdict
from ui.maps import Drawing
from ui.session import Context
from ui.street_points_map import BRIDGES, FINDINGS
from ui.text import SAMPLE_TAG, UNFILLED, UNREPORTED, joined, plain

CITY, DISTRICT = "市管", "区管"
STATE_WORDS = {"open": "▲ 未销号", "closed": "● 已销号"}
MOST_NAMED = 3
MOST_BRIDGES = 30
"""Bridges that are listed beside the map; the table has all."""
# --- figures -------------------------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page."""
    told, bridges = _findings_told(context), context.row("bridges_summary", BRIDGES)
    return [
        _closed(context, told),
        cards.Figure(
            "未销号问题点", told["open_count"] if told["found_count"] else None, "处",
            detail=joined(_oldest(told), _ages(context)), is_sample=context.is_sample(FINDINGS),
            when_empty=_none_found(context),
        ),
        _checked(context, bridges),
        _bridge_share(context, "区管桥梁良好率", DISTRICT, "good_share_pct",
                      context.fact("district_bridge_good_pct"), ">=", "4.5.1"),
        _bridge_share(context, "区管桥梁合格率", DISTRICT, "passed_share_pct",
                      context.fact("district_bridge_pass_pct"), "=", "4.5.1"),
        _bridge_share(context, "市管桥梁良好率", CITY, "good_share_pct",
                      context.fact("city_bridge_tunnel_good_pct"), "=", "table1"),
    ]  # fmt: skip


def _findings_told(context: Context) -> dict:
    return context.row("accessibility_summary", FINDINGS)


def _none_found(context: Context) -> str:
    """Why there is nothing to count while a register is there; empty where there is none."""
    return f"{context.filter.year} 年底前没有登记问题点" if context.has_rows(FINDINGS) else ""


def _closed(context: Context, told: dict) -> cards.Figure:
    """Closed findings: of the plan's 1107 in the whole district, of those found in a part of it."""
    planned = context.fact("accessibility_point_count")
    found = told["found_count"]
    is_whole = context.filter.is_whole_district
    wanted = planned if is_whole else found
    return cards.Figure(
        "无障碍问题销号", told["closed_count"] if found else None,
        f"/ {wanted:,.0f} 处" if wanted else "处", 0,
        Target(">=", wanted, "处", "4.2.2") if wanted else None,
        detail=joined(
            f"销号率 {100 * told['closed_count'] / found:.1f}%" if found else "",
            f"登记 {found:,} 处" if is_whole and found and found != planned else "",
            f"逾期销号 {told['closed_late_count']:,} 处" if told["closed_late_count"] else "",
        ),
        when_empty=_none_found(context), is_sample=context.is_sample(FINDINGS),
        definition="已整改销号的无障碍问题点；规划 4.2.2：2020–2022 年三年行动计划整改销号 1107 个",
    )  # fmt: skip


def _oldest(told: dict) -> str:
    if not told["open_count"]:
        return "已全部销号" if told["found_count"] else ""
    return f"最早 {told['oldest_open_on']:%Y-%m} 发现"


def _ages(context: Context) -> str:
    """How many of the open findings are older than a year."""
    frame = context.frame("accessibility_ages")
    old = frame.loc[frame["years"] >= 1, "open_count"].sum()
    return f"满一年 {old:,} 处" if old else ""


def _checked(context: Context, bridges: dict) -> cards.Figure:
    planned = context.fact("bridge_inspection_count")
    count = bridges["bridge_count"]
    wanted = planned if context.filter.is_whole_district else count
    return cards.Figure(
        "桥梁结构性检测", bridges["checked_count"] if count else None,
        f"/ {wanted:.0f} 座" if wanted else "座", 0,
        Target(">=", wanted, "座", "4.5.1") if wanted else None,
        detail=f"检测日期{UNFILLED} {bridges['undated_count']} 座" if bridges["undated_count"] else "",
        when_empty="所选范围内没有登记桥梁" if context.has_rows(BRIDGES) else "",
        is_sample=context.is_sample(BRIDGES), definition="年底前做过结构性检测的桥梁（规划 4.5.1：303 座）",
    )  # fmt: skip


def shares(context: Context, managed_level: str) -> BridgeShares:
    """Bridges of the chosen subdistricts of one manager by their grade."""
    frame = context.frame("bridges_by_condition")
    own = frame[frame["managed_level"] == managed_level]
    grades = own["condition"].astype(object).where(own["condition"].notna(), None)
    return bridge_shares(dict(zip(grades, own["bridge_count"], strict=True)))


def _bridge_share(
    context: Context, title: str, managed_level: str, field: str, wanted: float, operator: str,
    clause: str,
) -> cards.Figure:  # fmt: skip
    own = shares(context, managed_level)
    value = getattr(own, field)
    unknown = own.bridge_count - own.graded_count
    good = "B 级及以上" if field == "good_share_pct" else "C 级及以上"
    return cards.Figure(
        title, value, "%", 1,
        # Where a part of the district has no such bridge, there is nothing to be filled in.
        None if context.has_rows(BRIDGES) and not own.bridge_count
        else Target(operator, wanted, "%", clause),
        detail=f"按已评价的 {own.graded_count} 座计，另 {unknown} 座未评价"
        if unknown else f"{own.bridge_count} 座",
        when_empty=f"{own.bridge_count} 座均未评价" if own.bridge_count
        else f"所选范围内没有登记{managed_level}桥梁" if context.has_rows(BRIDGES) else "",
        is_sample=context.is_sample(BRIDGES),
        definition=f"技术状况 {good}的{managed_level}桥梁 ÷ 已评价的{managed_level}桥梁（CJJ 99-2017）",
    )  # fmt: skip


# --- sentences -----------------------------------------------------------------------------------


def findings(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    return [*_finding_sentences(context), *_bridge_sentences(context)]


def _finding_sentences(context: Context) -> list[str]:
    told, year = _findings_told(context), context.filter.year
    if not told["found_count"]:
        return []
    left = told["open_count"]
    found = [
        f"截至 {year} 年底登记无障碍问题点 {told['found_count']:,} 处，销号 **{told['closed_count']:,} 处**"
        + (f"，余 **{left:,} 处**。" if left else "，**已全部销号**。")
    ]
    if told["overdue_count"]:
        found.append(
            f"▲ **{told['overdue_count']:,} 处**已过规划期限（{told['deadline_year']:.0f} 年）仍未销号"
            f"{_where_open(context)}。"
        )
    return found


def _where_open(context: Context) -> str:
    frame = layout.only_chosen(context, context.frame("accessibility_by_subdistrict"))
    still = frame[frame["open_count"].fillna(0) > 0].sort_values(
        "open_count", ascending=False, kind="stable"
    )
    if len(frame) == 1 or still.empty:
        return ""
    named = "、".join(
        f"**{row.short_name}** {row.open_count:.0f} 处"
        for row in still.head(MOST_NAMED).itertuples()
    )
    return f"：{named}{f'等 {len(still)} 个街道' if len(still) > MOST_NAMED else ''}"


def _bridge_sentences(context: Context) -> list[str]:
    own = shares(context, DISTRICT)
    if own.good_share_pct is None:
        return []
    target = Target(">=", context.fact("district_bridge_good_pct"), "%", "4.5.1")
    found = [
        f"区管桥梁良好率 **{own.good_share_pct:.1f}%**，{verdict(own.good_share_pct, target)}。"
    ]
    table = context.frame("bridges_table")
    failed = table[table["condition"].map(lambda grade: bridge_look(grade) is FAILED)]
    if failed.empty:
        return [*found, "已评价的桥梁中没有不合格（D、E 级）的。"]
    named = "、".join(plain(name) for name in failed["bridge_name"].head(MOST_NAMED))
    more = f"等 {len(failed)} 座" if len(failed) > MOST_NAMED else ""
    return [*found, f"▲ **{len(failed)} 座**不合格（D、E 级）：{named}{more}。"]


def beside_findings(context: Context) -> None:
    """What stands under the sentences."""
    charts.year_trend(
        context, context.frame("accessibility_by_year"),
        charts.Measure("open_count", "年底未销号问题点", "处"), "points_trend",
        layout.rem(context, 18), is_yearly_count=True,
    )  # fmt: skip


# --- the map and beside it ------------------------------------------------------------------------------


def drawing(context: Context) -> Drawing:
    """What the map shows."""
    return street_points_map.drawing(context)


def panel(context: Context) -> None:
    """Findings by kind, bridges by grade and those to look at, findings by subdistrict."""
    _kinds(context)
    _conditions(context)
    has_list = _doubtful(context)
    frame = context.frame("accessibility_by_subdistrict")
    charts.subdistrict_bars(
        context, frame.assign(label=[_open_text(row) for row in frame.itertuples()]),
        charts.Measure("found_count", "无障碍问题点", "处"), "points_bars",
        layout.body_height_px(context, 36 if has_list else 28.5),
    )  # fmt: skip


def _open_text(row: tuple) -> str | None:
    """Findings of a subdistrict, with those that are left; nothing while no register is there."""
    if pd.isna(row.found_count):
        return None
    if not row.found_count:
        return "0"
    left = f" · 余 {row.open_count:.0f}" if row.open_count else " ●"
    return f"{row.found_count:.0f}{left}"


def _sample(context: Context, dataset: str) -> str:
    return SAMPLE_TAG if context.is_sample(dataset) else ""


def _kinds(context: Context) -> None:
    cards.block_title("问题类别", joined("销号 / 登记", _sample(context, FINDINGS)))
    frame = context.frame("accessibility_kinds")
    if frame.empty:
        cards.empty(_none_found(context) or f"无障碍问题点登记册{UNREPORTED}")
        return
    st.html(f'<div class="rates">{"".join(map(_kind_html, frame.itertuples()))}</div>')


def _kind_html(row: tuple) -> str:
    share = 100 * row.closed_count / row.found_count
    left = f" <small>余 {row.open_count:,}</small>" if row.open_count else ""
    return (
        f'<div><span>{escape(row.point_kind)}</span><i style="--w:{share:.1f}%"></i>'
        f"<b>{row.closed_count:,} / {row.found_count:,}{left}</b></div>"
    )


def _conditions(context: Context) -> None:
    """Bridges by grade for each manager: a bar, and in words."""
    cards.block_title("桥梁技术状况", joined("CJJ 99-2017", _sample(context, BRIDGES)))
    frame = context.frame("bridges_by_condition")
    if frame.empty:
        cards.empty(
            "所选范围内没有登记桥梁" if context.has_rows(BRIDGES) else f"桥梁登记册{UNREPORTED}"
        )
        return
    levels = frame["managed_level"].fillna(f"管理级别{UNFILLED}")
    st.html(
        "".join(
            _condition_bar_html(context, level, own)
            for level, own in frame.groupby(levels, sort=True)
        )
    )


def _condition_bar_html(context: Context, level: str, own: pd.DataFrame) -> str:
    colours = context.palette
    rows = [
        (row.condition, bridge_look(row.condition), row.bridge_count) for row in own.itertuples()
    ]
    bar = "".join(
        f'<i style="flex:{count};--c:{look.colour(colours)};opacity:{_opacity(grade)}"></i>'
        for grade, look, count in rows
    )
    words = "".join(
        f"<span>{look.shape} {condition_text(grade)} <b>{count:,}</b></span>"
        for grade, look, count in rows
    )
    return (
        f'<div class="kind-head">{escape(level)} <small>{own["bridge_count"].sum():,} 座</small></div>'
        f'<div class="class-bar">{bar}</div><div class="class-key small">{words}</div>'
    )


def _doubtful(context: Context) -> bool:
    """Bridges that fail, or are not checked by the end of the year; whether there are any."""
    frame = context.frame("bridges_table")
    looks = frame["condition"].map(bridge_look)
    is_failed = looks.map(lambda look: look is FAILED).astype(bool)
    found = frame[is_failed | frame["checked_on"].isna()]
    if found.empty:
        return False
    cards.block_title("不合格或未检测的桥梁", f"{len(found):,} 座")
    with st.container(height=layout.rem(context, 6), border=False, key="doubtful_bridges"):
        cards.lines(
            (
                f"**{plain(row.bridge_name)}** {condition_text(row.condition)}",
                _checked_text(row.checked_on),
            )
            for row in found.head(MOST_BRIDGES).itertuples()
        )
        if len(found) > MOST_BRIDGES:
            layout.note(f"另有 {len(found) - MOST_BRIDGES:,} 座，见下方名录")
    return True


def _checked_text(checked_on: object) -> str:
    return "未检测" if pd.isna(checked_on) else f"{checked_on:%Y-%m} 检测"


def _opacity(condition: object) -> float:
    """The best grade stands out from the next, which has the same colour."""
    return 0.62 if condition == "B" else 1


# --- the tables ----------------------------------------------------------------------------------


def table(context: Context) -> None:
    """The two registers under the page."""
    tables.register_table(
        context,
        context.frame("accessibility_table"),
        {
            "point_id": tables.TableColumn("编号"),
            "place_name": tables.TableColumn("位置"),
            "street_name": tables.TableColumn("底图道路"),
            "point_kind": tables.TableColumn("问题类别"),
            "subdistrict_name": tables.TableColumn("街道"),
            "state": tables.TableColumn("状态", words=STATE_WORDS),
            "found_on": tables.TableColumn("发现日期"),
            "closed_on": tables.TableColumn("销号日期"),
            "days": tables.TableColumn("历时（天）", "%d"),
            "clause": tables.TableColumn("规划条款"),
        },
        "无障碍问题点",
        "accessibility",
        hint="搜索位置、道路、类别……",
    )
    bridges = context.frame("bridges_table")
    tables.register_table(
        context,
        bridges.assign(condition=bridges["condition"].map(condition_text)),
        {
            "bridge_id": tables.TableColumn("编号"),
            "bridge_name": tables.TableColumn("桥梁"),
            "road_name": tables.TableColumn("道路"),
            "subdistrict_name": tables.TableColumn("街道"),
            "managed_level": tables.TableColumn("管理级别"),
            "condition": tables.TableColumn("技术状况"),
            "checked_on": tables.TableColumn("结构检测日期"),
            "mapped": tables.TableColumn("位置"),
        },
        "桥梁名录",
        "bridges",
        hint="搜索桥梁、道路、街道……",
    )
