"""Mode «设施与能耗» of the lighting page: lamps, cabinets on the central switch, poles, roads, energy."""

from html import escape

import pandas as pd
import streamlit as st

from data.contracts import LAST_YEAR
from data.status import Target, judge
from ui import (
    cards,
    charts,
    figures,
    layout,
    light_service_charts,
    light_service_map,
    light_service_tables,
    light_service_words,
)
from ui.cards import Figure
from ui.light_service_counts import (
    ASSETS,
    CABINETS,
    CLAUSE,
    ENERGY,
    KWH_PER_MWH,
    MEASURES,
    MONTHS,
    ROADS,
    YEARLY,
    by_subdistrict,
    change_pct,
    chosen_measure,
    counts,
    goal,
    is_now,
    led_rate,
    measure_switch,
    months_of,
    pct,
    pole_count,
    standard_rate,
    totals,
)
from ui.session import Context
from ui.text import SAMPLE_TAG, UNFILLED, basis, joined, number
from ui.theme import STATUS_LOOKS

drawing = light_service_map.drawing
table = light_service_tables.tables_under_page
KIND_WORDS = {
    "street_lamp": "路灯 0118",
    "ground_lamp": "地灯 0119",
    "scenery_light": "景观灯 0120",
}
"""Kinds of lamps with their class of GB/T 30428.2."""
RATES = {"lit": "亮灯", "sound": "完好", "controlled": "集控", "led": "LED"}
"""What is counted of each kind, by the beginning of its columns."""
LEAST_BARS_REM = 22
"""Fourteen bars need so much to be read, on a low window too."""


# --- figures -------------------------------------------------------------------------------------


def figures_of(context: Context) -> list[Figure]:
    """The figures at the head of the page."""
    told = totals(context, counts(context))
    return [
        _led(context, told),
        _equipped(context, told),
        _standard(context, told),
        _switch(context, told),
        _energy(context, told),
        _poles(context, told),
    ]


def _led(context: Context, told: dict) -> Figure:
    """All street lamps; judged by those on new roads, which alone the plan's figure means."""
    measure = led_rate(context)
    value = pct(told["led_count"], told["led_known_count"])
    new = pct(told["new_led_count"], told["new_led_known_count"])
    judged_by = "按全部路灯判定" if new is None else f"新改扩建 {new:.1f}%"
    rests_on = (YEARLY,) if new is None else (YEARLY, ROADS, ASSETS)
    return Figure(
        measure.title, value, "%", 1, measure.target,
        compared=None if value is None else new,
        detail=joined(judged_by, basis(told["led_known_count"], told["street_lamp_count"], " LED ", "盏")),
        when_empty=_lamps_absent(context, told["street_lamp_count"], "路灯", " LED "),
        is_sample=context.is_sample(*rests_on), definition=measure.definition,
    )  # fmt: skip


def _lamps_absent(context: Context, count: float | None, noun: str, filled: str) -> str:
    """Why nothing is said of lamps while there is a register of them."""
    if not context.has_rows(YEARLY):
        return ""
    if not count:
        return figures.lamps_absent(context) or f"所选范围内没有{noun}"
    return f"登记册的{filled}{UNFILLED}"


def _equipped(context: Context, told: dict) -> Figure:
    new, known = told["new_count"], told["new_known_count"]
    is_here = bool(new) or known == 0 or not context.has_rows(ROADS)
    value = pct(told["new_equipped_count"], new)
    empty = f"登记册的新改扩建{UNFILLED}" if known == 0 else "所选范围内没有新改扩建道路"
    return Figure(
        "新改扩建道路装灯率", value, "%", 0 if value == 100 else 1,
        goal(context, "road_lamp_equipped_pct", "=") if is_here else None,
        detail="" if value is None
        else joined(f"{told['new_equipped_count']:,.0f} / {new:,.0f} 条",
                    basis(known, told["road_count"], "新改扩建", "条")),
        when_empty=empty if context.has_rows(ROADS) else "",
        is_sample=context.is_sample(ROADS),
        definition="截至年底建成的新建、改建、扩建道路中已装灯的条数 ÷ 总条数（规划 4.1.3）；装灯为登记册现状",
    )  # fmt: skip


def _standard(context: Context, told: dict) -> Figure:
    measure = standard_rate(context)
    measured, roads = told["measured_count"], told["road_count"]
    untested = f"未检测 {roads - measured:,.0f} 条" if roads and measured < roads else ""
    is_here = bool(roads) or not context.has_rows(ROADS)
    return Figure(
        measure.title, pct(told["meeting_count"], measured), "%", 1,
        measure.target if is_here else None,
        detail=untested if measured else "",
        when_empty=(untested or "所选范围内没有登记的道路") if context.has_rows(ROADS) else "",
        is_sample=context.is_sample(ROADS), definition=measure.definition,
    )  # fmt: skip


def _switch(context: Context, told: dict) -> Figure:
    """Cabinets, which have no target; the plan's two targets are of lamps and stand in the panel."""
    known = told["switch_known_count"]
    rate = pct(told["controlled_count"], told["controlled_known_count"])
    base = f"基期 {context.fact('central_switch_system_count'):.0f} 套"
    return Figure(
        "一把闸刀接入", told["connected_count"] if known else None,
        f"/ {known:,.0f} 套" if known else "",
        detail=joined(
            figures.district_only(context, base), "" if rate is None else f"集中控制率 {rate:.1f}%",
            basis(known, told["cabinet_count"], "接入情况", "套"),
            figures.undated(int(told["undated_count"] or 0), "接入年份", "套"),
        ),
        when_empty="" if not context.has_rows(CABINETS)
        else "所选范围内没有控制柜" if not told["cabinet_count"] else f"登记册的接入情况{UNFILLED}",
        is_sample=context.is_sample(CABINETS, YEARLY),
        definition=f"截至年底接入“一把闸刀”的控制柜 / 全部控制柜（规划 1.1.3：{base}）；"
        "集中控制率 = 接入集中控制的灯具数 ÷ 灯具总数",
    )  # fmt: skip


def _energy(context: Context, told: dict) -> Figure:
    months = months_of(context)
    change = change_pct(told["like_kwh"], told["like_before_kwh"])
    compared = "比上年" if len(months) == MONTHS else "比上年同期"
    energy_kwh = told["energy_kwh"]
    return Figure(
        "全年用电量", None if energy_kwh is None else energy_kwh / KWH_PER_MWH, "MWh",
        0 if (energy_kwh or 0) >= 100 * KWH_PER_MWH else 1,
        detail=joined(
            "" if change is None else f"{compared} {change:+.1f}%".replace("-", "−"),
            "" if len(months) == MONTHS else light_service_words.months_text(months),
            basis(told["metered_count"], told["cabinet_count"], "电量", "套"),
        ),
        when_empty="所选范围内当年没有用电记录" if context.has_rows(ENERGY) else "",
        is_sample=context.is_sample(ENERGY),
        definition="所选范围内控制柜当年各月用电量之和；与上年只比同一控制柜两年都有记录的月份。"
        "规划 4.1.3：道路照明节电率符合国家要求（未定数值）",
    )  # fmt: skip


def _poles(context: Context, told: dict) -> Figure:
    measure = pole_count(context)
    empty = (
        f"登记册的 5G、感知设备{UNFILLED}"
        if is_now(context)
        else f"登记册只有 {LAST_YEAR} 年底现状"
    )
    return Figure(
        "挂载 5G 或感知设备", told["pole_count"], measure.unit,
        detail="" if told["pole_count"] is None
        else joined(f"5G {told['station_count']:,.0f}", f"感知 {told['sensor_count']:,.0f}",
                    basis(told["pole_known_count"], told["pole_lamp_count"], "该项", "盏")),
        when_empty=empty if context.has_rows(ASSETS) else "",
        is_sample=context.is_sample(ASSETS), definition=measure.definition,
    )  # fmt: skip


# --- sentences and charts ------------------------------------------------------------------------


def sentences(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    frame = counts(context)
    return light_service_words.sentences(context, totals(context, frame), by_subdistrict(frame))


def beside_findings(context: Context) -> None:
    """Energy by month against the year before; LED and control from year to year."""
    light_service_charts.energy_by_month(context)
    light_service_charts.rates_by_year(context)


# --- panel ---------------------------------------------------------------------------------------


def panel(context: Context) -> None:
    """Lamps by kind, the plan's two targets of central control, the subdistricts by the measure."""
    frame = counts(context)
    kinds = context.frame("light_service_kinds").set_index("asset_kind").reindex(list(KIND_WORDS))
    tag = SAMPLE_TAG if context.is_sample(YEARLY) else ""
    whole = kinds["lamp_count"].sum(min_count=1)
    cards.block_title("灯具设施", joined("" if pd.isna(whole) else f"共 {number(whole)} 盏", tag))
    if pd.isna(whole):
        cards.empty(_lamps_absent(context, None, "灯具", "") or "灯具登记册尚未导入")
    else:
        st.html(_kinds_html(kinds))
    cards.block_title("集中控制率", joined("规划两个口径", tag))
    st.html(_control_html(context, totals(context, frame)))
    chosen = chosen_measure()
    measure_switch(chosen)
    charts.subdistrict_bars(
        context, by_subdistrict(frame), MEASURES[chosen](context), "service_bars",
        max(layout.body_height_px(context, 26), layout.rem(context, LEAST_BARS_REM)),
    )  # fmt: skip


def _kinds_html(kinds: pd.DataFrame) -> str:
    """A row a kind: how many there are, and of each rate the share with its count."""
    heads = "".join(f"<th>{word}</th>" for word in ("类别", "灯具", *RATES.values()))
    rows = []
    for kind, row in kinds[kinds["lamp_count"].notna()].iterrows():
        cells = "".join(
            _rate_html(row[f"{name}_count"], row[f"{name}_known_count"]) for name in RATES
        )
        word, _, code = KIND_WORDS[kind].partition(" ")
        rows.append(
            f"<tr><td>{word}<small>{code}</small></td><td><b>{number(row['lamp_count'])}</b></td>{cells}</tr>"
        )
    return (
        f'<table class="fields limits assets"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _rate_html(count: float, known: float) -> str:
    if pd.isna(count) or pd.isna(known) or not known:
        return f"<td>{UNFILLED}</td>"
    return f"<td><b>{100 * count / known:.1f}%</b><small>{number(count)}</small></td>"


def _control_html(context: Context, told: dict) -> str:
    """Both targets with their clauses: all lamps, and road lighting, of which the text wants all."""
    rows = [
        _control_row("全部设施", told["controlled_count"], told["controlled_known_count"],
                     context.target(4), "表 1 第 4 项"),
        _control_row("道路照明", told["road_controlled_count"], told["road_controlled_known_count"],
                     goal(context, "lighting_central_control_pct", "="), CLAUSE),
    ]  # fmt: skip
    note = "4.1.3 的 100% 还含核心区景观照明；规划未划核心区，未计。"
    return f'<div class="rates control">{"".join(rows)}<div><small>{note}</small></div></div>'


def _control_row(
    word: str, count: float | None, known: float | None, target: Target, clause: str
) -> str:
    value = pct(count, known)
    look = STATUS_LOOKS[judge(value, target)]
    bar = "" if value is None else f' style="--w:{value:.1f}%"'
    told = number(value, 1) + ("" if value is None else "%")
    return (
        f"<div><span>{word} <small>{escape(clause)}</small></span><i{bar}></i>"
        f'<b><em style="color:var(--{look.role})">{look.shape}</em> {told}'
        f" <small>目标 {escape(target.text)}</small></b></div>"
    )
