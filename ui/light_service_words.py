"""The sentences of mode «设施与能耗»: what, against which target, where the gap is."""

import pandas as pd

from data.status import judge
from ui import findings, layout, measures
from ui.charts import Measure
from ui.light_service_counts import (
    KWH_PER_MWH,
    MONTHS,
    change_pct,
    goal,
    led_rate,
    months_of,
    pct,
    ratio,
    standard_rate,
)
from ui.session import Context
from ui.text import number

MOST_NAMED = 2
"""More subdistricts than these are counted."""


def sentences(context: Context, told: dict, table: pd.DataFrame) -> list[str]:
    """What is known of central control, LED, roads and energy.

    ``told`` are the sums over the chosen subdistricts, ``table`` the measures of all 14.
    """
    found = [
        _control(context, told, table),
        _road_control(context, told),
        _led(context, told, table),
        _roads(context, told, table),
        _energy(context, told),
    ]
    return [sentence for sentence in found if sentence]


def _low(context: Context, table: pd.DataFrame, measure: Measure) -> str:
    """Which of the chosen subdistricts are below the target; nothing where one alone is chosen."""
    if context.filter.single_code:
        return ""
    known = layout.only_chosen(context, table)[measure.field].dropna()
    if len(known) > MOST_NAMED and all(judge(value, measure.target) != "met" for value in known):
        return "；各街道均低于目标"
    low = findings.weakest(table, measure, context.filter.subdistrict_codes, MOST_NAMED)
    return f"；{low}低于目标" if low else ""


def _control(context: Context, told: dict, table: pd.DataFrame) -> str:
    parts = []
    if told["switch_known_count"]:
        parts.append(
            f"**{told['connected_count']:,.0f} / {told['switch_known_count']:,.0f}** 套控制柜接入一把闸刀"
        )
    rate = pct(told["controlled_count"], told["controlled_known_count"])
    if rate is not None:
        measure = measures.central_control_rate(context)
        parts.append(
            f"集中控制 **{rate:.1f}%**，{findings.verdict(rate, measure.target)}"
            + _low(context, table, measure)
        )
    return "，".join(parts) + "。" if parts else ""


def _road_control(context: Context, told: dict) -> str:
    count, known = told["road_controlled_count"], told["road_controlled_known_count"]
    rate = pct(count, known)
    if rate is None:
        return ""
    wanted = goal(context, "lighting_central_control_pct").value
    if rate >= wanted:
        return f"道路照明**已全部集中控制**（4.1.3 的 {wanted:g}%）。"
    return f"道路照明已控 **{rate:.1f}%**，距 {wanted:g}%（4.1.3）差 **{known - count:,.0f} 盏**。"


def _led(context: Context, told: dict, table: pd.DataFrame) -> str:
    rate = pct(told["led_count"], told["led_known_count"])
    if rate is None:
        return ""
    measure = led_rate(context)
    new = pct(told["new_led_count"], told["new_led_known_count"])
    whole = f"路灯 LED 应用率 **{rate:.1f}%**"
    if new is not None:
        whole += f"，新改扩建道路 **{new:.1f}%**"
    judged = findings.verdict(rate if new is None else new, measure.target)
    return f"{whole}，{judged}{_low(context, table, measure)}。"


def _roads(context: Context, told: dict, table: pd.DataFrame) -> str:
    parts = []
    new, equipped = told["new_count"], told["new_equipped_count"]
    if new:
        parts.append(
            "新改扩建道路**全部装灯**" if equipped == new
            else f"新改扩建道路还有 **{new - equipped:,.0f} 条**没有装灯"
        )  # fmt: skip
    measured, meeting = told["measured_count"], told["meeting_count"]
    if measured:
        measure = standard_rate(context)
        judged = findings.verdict(pct(meeting, measured), measure.target)
        low = _low(context, table, measure)
        parts.append(f"道路照明指标 **{meeting:,.0f} / {measured:,.0f}** 条达标，{judged}{low}")
    return "；".join(parts) + "。" if parts else ""


def _energy(context: Context, told: dict) -> str:
    """Energy against the year before, and what one lamp took in both."""
    if told["energy_kwh"] is None:
        return ""
    months = months_of(context)
    when = "全年" if len(months) == MONTHS else f"{months_text(months)}"
    parts = [f"{when}用电 **{number(told['energy_kwh'] / KWH_PER_MWH)} MWh**"]
    change = change_pct(told["like_kwh"], told["like_before_kwh"])
    if change is not None:
        parts.append(
            f"比上年{'' if len(months) == MONTHS else '同期'}{_moved(change)}"
        )  # fmt: skip
    lamps = change_pct(told["both_lamp_count"], told["both_lamp_before_count"])
    if lamps is not None:
        parts.append(f"灯具{_moved(lamps)}")
    own, before = _per_lamp(told)
    if own is not None:
        parts.append(
            f"单灯 **{own:.0f} kWh**" + ("" if before is None else f"（上年 {before:.0f}）")
        )
    return "，".join(parts) + "。"


def _per_lamp(told: dict) -> tuple[float | None, float | None]:
    """Energy of a lamp in the year and the year before: of the same cabinets where both are known."""
    before = ratio(told["both_before_kwh"], told["both_lamp_before_count"])
    if before is None:
        return ratio(told["full_kwh"], told["full_lamp_count"]), None
    return ratio(told["both_kwh"], told["both_lamp_count"]), before


def _moved(change: float) -> str:
    """A change in words: 增 1.7%, 降 2.7%, 持平 where it rounds to nothing."""
    if abs(change) < 0.05:
        return "持平"
    return f"{'增' if change > 0 else '降'} **{abs(change):.1f}%**"


def months_text(months: list[int]) -> str:
    """Months of a year as people say them: 1–11 月, or how many where there are gaps."""
    if not months:
        return ""
    if months == list(range(months[0], months[-1] + 1)):
        return f"{months[0]} 月" if len(months) == 1 else f"{months[0]}–{months[-1]} 月"
    return f"{len(months)} 个月"
