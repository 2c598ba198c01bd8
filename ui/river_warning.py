"""Three-colour warning of the river page: which rivers are red or yellow, why, since when, which way.

A river's colour is that of its worst section; what is not measured or not completely is told as
such and is never green. The rule stands in ``data/rules/rivers.csv``.
"""

from datetime import date
from functools import cache
from html import escape
from math import floor

import pandas as pd
import streamlit as st

from data.office_rules import office_rules
from data.water_quality import ITEM_COLUMNS, quality_limits
from ui import cards, layout, tables
from ui.quality_charts import ITEM_DIGITS, class_word, item_words
from ui.river_choices import month_text
from ui.session import Context
from ui.text import joined, number
from ui.theme import WARNING_LOOKS
from ui.water_quality import DATASET

TREND_WORDS = {"worse": "↘ 正在恶化", "better": "↗ 好转", "even": "→ 平稳"}
TREND_UNKNOWN = "测次不足"
RULE_KEYS = (
    "red_below_pct", "yellow_below_pct", "trend_months", "trend_least_samples", "trend_change_pct",
)  # fmt: skip


def warning_counts(context: Context, month: date) -> dict[str, int]:
    """How many of the rivers under the filter are of each colour in the month."""
    states = context.frame("river_warnings", month=month)["state"]
    return {state: int((states == state).sum()) for state in WARNING_LOOKS}


# --- words ---------------------------------------------------------------------------------------


def room_text(row: object) -> str:
    """How far the nearest or worst item is from its limit of class Ⅳ, with its value.

    ``row`` has ``spare_item`` (codes, 、 between those equally far), ``spare_pct``, ``water_kind``
    and the items. Beyond: 超Ⅳ类 0.43 倍 (by how many times of the limit), DO 低于Ⅳ类限值 12%, pH
    超出 6–9; within: 余量 6%. Empty where nothing was measured.
    """
    if not isinstance(row.spare_item, str):
        return ""
    return "；".join(
        _item_text(
            item,
            getattr(row, ITEM_COLUMNS[item]),
            row.spare_pct,
            _limits_of_iv()[item, row.water_kind],
        )
        for item in row.spare_item.split("、")
    )


@cache
def _limits_of_iv() -> dict[tuple[str, str], dict]:
    """Limits of class Ⅳ by item and kind of water, as rows of «quality_limits»."""
    limits = quality_limits()
    rows = limits[limits["quality_class"] == "Ⅳ"].to_dict("records")
    return {(row["item"], row["water_kind"]): row for row in rows}


def _item_text(item: str, value: float, spare_pct: float, limit: dict) -> str:
    unit = f" {limit['unit']}" if isinstance(limit["unit"], str) else ""
    measured = f"{limit['item_title']} {number(value, ITEM_DIGITS[item])}{unit}"
    if spare_pct >= 0:
        # Never rounded up: 19.7 % is less than the 20 % of the rule.
        return f"{measured}，余量 {floor(spare_pct):.0f}%"
    if pd.isna(limit["high"]):
        return f"{measured}，低于Ⅳ类限值 {_least(-spare_pct, 0)}%"
    if pd.notna(limit["low"]):
        return f"{measured}，超出 {limit['low']:g}–{limit['high']:g}"
    return f"{measured}，超Ⅳ类 {_least(-spare_pct / 100, 2)} 倍"


def _least(value: float, digits: int) -> str:
    """A figure that is more than nothing: rounded, but never down to 0."""
    step = 10**-digits
    return number(value, digits) if value >= step / 2 else f"不到 {step:.{digits}f}"


def since_text(row: object) -> str:
    """Since when a river is in its colour: 2025 年 9 月起, and since when in yellow or red at all."""
    if row.state not in ("red", "yellow") or pd.isna(row.alert_since):
        return ""
    since = row.red_since if row.state == "red" else row.alert_since
    told = f"{month_text(since)}起"
    if since == row.first_known_month:
        told += "（有记录以来）"
    elif row.alert_since < since:
        told += f"（{month_text(row.alert_since)}起黄色或红色）"
    return told


def trend_text(row: object) -> str:
    """Which way the section's room to class Ⅳ goes."""
    return TREND_WORDS[row.trend] if isinstance(row.trend, str) else TREND_UNKNOWN


def rule_lines() -> list[tuple[str, str]]:
    """The rule in words, a line a colour, then trend and since when; from the table of rules."""
    value = {key: f"{office_rules()[key].value:g}" for key in RULE_KEYS}
    red, yellow, green, unknown = (f"{look.shape} {look.word}" for look in WARNING_LOOKS.values())
    edge = (
        "超出Ⅳ类限值"
        if value["red_below_pct"] == "0"
        else f"距Ⅳ类限值的余量低于 {value['red_below_pct']}%"
    )
    return [
        (red, f"有项目{edge}"),
        (yellow, f"各项达到Ⅳ类，余量最小的项目低于 {value['yellow_below_pct']}%"),
        (green, f"各项余量均不低于 {value['yellow_below_pct']}%"),
        (unknown, "当月未测或缺必测项目，且已测项目未超标；不按绿色计"),
        ("河道", "取其最差断面；一个断面未评价、其余为绿色时，全河为未评价"),
        ("余量", "（限值 − 测值）÷ 限值；溶解氧为（测值 − 限值）÷ 限值"),
        ("起始", "红色为连续红色的首月，黄色为连续黄色或红色的首月；未评价的月份不计、也不中断"),
        ("趋势", f"近 {value['trend_months']} 个月余量的回归斜率 × {value['trend_months']}，"
                 f"变化达到 {value['trend_change_pct']} 个百分点为好转或恶化，"
                 f"少于 {value['trend_least_samples']} 次测值不判断"),
    ]  # fmt: skip


# --- panel and table -----------------------------------------------------------------------------


def panel(context: Context, month: date) -> None:
    """Counts by colour, the red and then the yellow rivers, those not known, the rule."""
    cards.block_title(f"{month_text(month)} · 三色预警", "点击看该河道")
    frame = context.frame("river_warnings", month=month)
    if not context.has_rows(DATASET):
        cards.empty("水质登记册尚未导入")
    elif frame.empty:
        cards.empty("所选街道没有河道")
    else:
        counts = warning_counts(context, month)
        cards.states(((look, counts[state]) for state, look in WARNING_LOOKS.items()), "条")
        with st.container(
            height=max(layout.rem(context, 14), layout.body_height_px(context, 10.5)),
            border=False, key="warning_list",
        ):  # fmt: skip
            st.html(list_html(frame))
    with st.popover("预警规则", icon=":material/rule:", width="stretch"):
        cards.facts(rule_lines())
        sources = {office_rules()[key].source for key in RULE_KEYS}
        whole = [s for s in sources if not any(t != s and t.startswith(s) for t in sources)]
        layout.note(f"来源：{'。'.join(sorted(whole))}。")


def list_html(frame: pd.DataFrame) -> str:
    """Red and yellow rivers, worst first, then those whose colour is not known; each opens its river."""
    alerts = frame[frame["state"].isin(["red", "yellow"])]
    unknown = frame[frame["state"] == "unknown"]
    rows = [_alert_html(row) for row in alerts.itertuples()]
    if not rows:
        rows = ['<div class="scope-note">没有红色、黄色预警的河道。</div>']
    if len(unknown):
        rows.append(f"<h3>未评价<small>{len(unknown)} 条</small></h3>")
        rows += [_row_html(row, row.river_name, _reason(row), "") for row in unknown.itertuples()]
    return f'<div class="alerts">{"".join(rows)}</div>'


def _reason(row: object) -> str:
    if not isinstance(row.section_id, str):
        return "未设水质断面"
    is_sampled = isinstance(row.limiting_item, str)
    return f"{row.section_name} {class_word(is_sampled, row.quality_class, row.limiting_item)}"


def _alert_html(row: object) -> str:
    return _row_html(
        row,
        row.river_name,
        room_text(row),
        joined(since_text(row), trend_text(row), row.section_name),
    )


def _row_html(row: object, name: str, why: str, when: str) -> str:
    look = WARNING_LOOKS[row.state]
    label = escape(f"{look.word} {name} {why}", quote=True)
    return (
        f'<div class="alert" data-pick="{escape(f"river:{row.river_id}", quote=True)}" role="button" tabindex="0"'
        f' style="--tone:var(--{look.role})" aria-label="{label}"><b>{look.shape}</b>'
        f"<strong>{escape(name)}</strong><span>{escape(why)}</span><small>{escape(when)}</small></div>"
    )


def table(context: Context, month: date) -> None:
    """One row a river: colour, section, item and room, since when, trend."""
    frame = context.frame("river_warnings", month=month)
    shown = frame.assign(
        state_word=[f"{WARNING_LOOKS[s].shape} {WARNING_LOOKS[s].word}" for s in frame["state"]],
        why=[
            _reason(row) if row.state == "unknown" else room_text(row) for row in frame.itertuples()
        ],
        item=frame["spare_item"].map(item_words),
        since=[since_text(row) for row in frame.itertuples()],
        trend_word=[
            trend_text(row) if isinstance(row.section_id, str) else "" for row in frame.itertuples()
        ],
    )
    months = office_rules()["trend_months"].value
    columns = {
        "state_word": tables.TableColumn("预警"),
        "river_name": tables.TableColumn("河道"),
        "section_name": tables.TableColumn("最差断面"),
        "quality_class": tables.TableColumn("类别"),
        "why": tables.TableColumn("说明"),
        "item": tables.TableColumn("项目"),
        "spare_pct": tables.TableColumn("距Ⅳ类余量（%）", "%.0f"),
        "since": tables.TableColumn("起始"),
        "trend_word": tables.TableColumn(f"近 {months:g} 个月趋势"),
        "trend_pct": tables.TableColumn("余量变化（百分点）", "%+.0f"),
        "trend_samples": tables.TableColumn("测次", "%d"),
    }
    tables.register_table(
        context, shown, columns, f"河道预警 {month_text(month)}", "warning",
        sentence=f"{context.filter.place_text(context.names)} · {month_text(month)}",
        hint="搜索河道、断面、项目……",
    )  # fmt: skip
