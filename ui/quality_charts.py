"""Charts of water quality: the monthly share, one item of a section against the classes, a river's classes.

Time runs over all months of the snapshot's years; months without a value are gaps, never zeros.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from html import escape

import pandas as pd
import streamlit as st

from data.contracts import FIRST_YEAR, LAST_YEAR, QUALITY_CLASSES
from data.status import Target, judge
from data.water_quality import quality_limits
from ui import cards, charts
from ui.river_choices import month_text
from ui.session import Context
from ui.text import number

MONTHS = 12 * (LAST_YEAR - FIRST_YEAR + 1)
ITEM_DIGITS = {"DO": 2, "CODMn": 1, "COD": 1, "BOD5": 1, "NH3-N": 2, "TP": 3, "pH": 2}

NOT_EVALUATED, NOT_SAMPLED = "未评价", "当月未测"


@cache
def item_titles() -> dict[str, str]:
    """Chinese names of the items by their codes."""
    limits = quality_limits()
    return dict(zip(limits["item"], limits["item_title"], strict=True))


def item_words(items: object) -> str:
    """Codes of items as people call them: «缺 NH3-N、TP» becomes «缺 氨氮、总磷»; missing stays empty."""
    if not isinstance(items, str):
        return ""
    head = "缺 " if items.startswith("缺 ") else ""
    return head + "、".join(
        item_titles().get(item, item) for item in items[len(head) :].split("、")
    )


def class_word(is_sampled: bool, quality_class: object, limiting_item: object) -> str:
    """A section's class in a month in words: Ⅲ类, 未评价（缺 总磷）, 当月未测."""
    if not is_sampled:
        return NOT_SAMPLED
    if not isinstance(quality_class, str):
        return f"{NOT_EVALUATED}（{item_words(limiting_item)}）"
    return f"{quality_class}类"


def _month_no(month: date) -> int:
    """Months since the first January."""
    return 12 * (month.year - FIRST_YEAR) + month.month - 1


def _x(scale: float, room: float = 0) -> dict:
    """The months as an axis that names the years at their Januaries, ``room`` months left at its end."""
    return {
        "field": "month_no", "type": "quantitative", "title": None,
        "scale": {"domain": [-0.6, MONTHS - 0.4 + room], "nice": False},
        "axis": {"values": list(range(0, MONTHS, 12)), "labelExpr": f"{FIRST_YEAR} + datum.value / 12",
                 "labelAlign": "left", "labelFontSize": 13 * scale, "ticks": True, "grid": True,
                 "gridOpacity": 0.18},
    }  # fmt: skip


def runs(values: Sequence[float | None]) -> list[int]:
    """Number of the unbroken run that each value belongs to: a line is not drawn over a gap."""
    found, run = [], 0
    for value in values:
        run += pd.isna(value)
        found.append(run)
    return found


def share_course(
    context: Context, frame: pd.DataFrame, month: date, target: Target, height_px: float
) -> None:
    """Share of sections at class Ⅳ or better by month, with the target's line and the month marked.

    ``frame`` has ``month``, ``met_count``, ``evaluated_count`` and ``share_pct`` (missing where no
    section is evaluated).
    """
    scale, colours = context.screen.scale, context.palette
    values = [
        {"month_no": _month_no(row.month), "value": round(float(row.share_pct), 4), "run": run,
         "is_low": judge(row.share_pct, target) != "met", "now": row.month == pd.Timestamp(month),
         "when": month_text(row.month),
         "tip": f"{row.share_pct:.1f}%（{row.met_count} / {row.evaluated_count} 个断面）"}
        for row, run in zip(frame.itertuples(), runs(frame["share_pct"]), strict=True)
        if pd.notna(row.share_pct)
    ]  # fmt: skip
    if not values:
        cards.empty("各月均未评价")
        return
    low = min([*(v["value"] for v in values), target.value])
    x = _x(scale)
    y = {"field": "value", "type": "quantitative", "title": None,
         "scale": {"domain": [max(0, low - 6), 101], "nice": False, "zero": False},
         "axis": {"tickCount": 4, "labelFontSize": 12 * scale}}  # fmt: skip
    tips = [{"field": "when", "type": "nominal", "title": "月份"},
            {"field": "tip", "type": "nominal", "title": "Ⅳ类及以上"}]  # fmt: skip
    goal = {"values": [{"goal": target.value}]}
    layers = [
        {"mark": {"type": "line", "color": colours.bar, "strokeWidth": 1.6 * scale},
         "encoding": {"x": x, "y": y, "detail": {"field": "run", "type": "nominal"}}},
        {"mark": {"type": "point", "filled": True, "opacity": 1}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "size": {"condition": {"test": "datum.now", "value": 170 * scale**2}, "value": 30 * scale**2},
            "shape": {"condition": {"test": "datum.is_low", "value": "triangle-up"}, "value": "circle"},
            "color": {"condition": {"test": "datum.is_low", "value": colours.missed}, "value": colours.met}}},
        {"data": goal, "mark": {"type": "rule", "strokeDash": [4, 4], "color": colours.muted,
                                "strokeWidth": 1.4 * scale},
         "encoding": {"y": {**y, "field": "goal"}}},
    ]  # fmt: skip
    chosen = next((v for v in values if v["now"]), None)
    told = f"{chosen['when']} {chosen['tip']}" if chosen else f"{month_text(month)}未评价"
    low_count = sum(v["is_low"] for v in values)
    charts.show(
        context, values, layers, height_px, key="quality_share_course",
        alt=f"Ⅳ类及以上断面占比逐月：{told}；{len(values)} 个已评价月份中 {low_count} 个未达到目标（{target.text}）",
    )  # fmt: skip


# --- one item of a section -----------------------------------------------------------------------


def measured_items(context: Context, section_id: str) -> dict[str, str]:
    """Items of which the section has any value: their Chinese names by code."""
    frame = context.frame("quality_series", section_id=section_id)
    limits = quality_limits().drop_duplicates("item")
    return {
        row.item: row.item_title
        for row in limits.itertuples()
        if frame[row.column_name].notna().any()
    }


def class_bands(limits: pd.DataFrame, top: float) -> list[dict]:
    """Bands of the classes from their limits (rows of one item and kind of water, Ⅰ to Ⅴ), 0 to ``top``.

    Each has ``low``, ``high``, the classes it stands for (Ⅰ–Ⅱ where they share a limit) and the one
    whose colour it wears. An item with one range for all classes, as pH, has that range and 劣Ⅴ
    around it.
    """
    lows, highs = limits["low"].tolist(), limits["high"].tolist()
    names = list(QUALITY_CLASSES)
    if limits["low"].notna().all() and limits["high"].notna().all():
        edges = [
            (lows[0], highs[0], "Ⅰ–Ⅴ", "Ⅰ"),
            (0.0, lows[0], "劣Ⅴ", "劣Ⅴ"),
            (highs[0], top, "劣Ⅴ", "劣Ⅴ"),
        ]
    elif limits["low"].notna().all():
        stops = [top, *lows, 0.0]
        edges = [(stops[n + 1], stops[n], names[n], names[n]) for n in range(6)]
    else:
        stops = [0.0, *highs, top]
        edges = [(stops[n], stops[n + 1], names[n], names[n]) for n in range(6)]
    bands: list[dict] = []
    for low, high, name, colour in edges:
        if high <= low and bands and low < top:
            # Two classes with the same limit: the value on it is of the better one.
            bands[-1]["name"] += f"–{name}"
        elif high > low:
            bands.append(
                {"low": low, "high": min(high, top), "name": name, "quality_class": colour}
            )
    return [band for band in bands if band["low"] < top]


def section_series(
    context: Context,
    section_id: str,
    item: str,
    month: date,
    height_px: float,
    key: str = "section_series",
) -> None:
    """One item of a section over all months, the standard's classes as bands behind it.

    ``item`` is a code of the standard (``NH3-N``); values are mg/L, pH has no unit.
    """
    frame = context.frame("quality_series", section_id=section_id)
    limits = quality_limits()
    limits = limits[
        (limits["item"] == item) & (limits["water_kind"] == frame["water_kind"].iloc[0])
    ]
    if limits.empty or frame[limits["column_name"].iloc[0]].isna().all():
        cards.empty("该断面没有此项测值")
        return
    one = limits.iloc[0]
    unit = one["unit"] if isinstance(one["unit"], str) else ""
    cards.block_title(
        f"{one['item_title']}{f'（{unit}）' if unit else ''}", frame["section_name"].iloc[0]
    )
    scale, colours = context.screen.scale, context.palette
    digits, course = ITEM_DIGITS[item], frame[one["column_name"]]
    rows = [
        {"month_no": _month_no(row.month), "value": float(value), "run": run, "when": month_text(row.month),
         "tip": f"{number(value, digits)} {unit}".strip(), "now": row.month == pd.Timestamp(month)}
        for row, value, run in zip(frame.itertuples(), course, runs(course), strict=True)
        if pd.notna(value)
    ]  # fmt: skip
    of_iv = limits.set_index("quality_class").loc["Ⅳ", ["low", "high"]].max()
    top = max(float(course.max()) * 1.08, of_iv * 1.25)
    bottom = min(float(course.min()), 6.0) - 0.6 if item == "pH" else 0.0
    bands = [
        {
            **band,
            "low": max(band["low"], bottom),
            "colour": colours.quality_class(band["quality_class"]),
        }
        for band in class_bands(limits, top)
    ]
    # Words only where a band is high enough to hold one.
    line_px = 13 * scale
    least = line_px * (top - bottom) / max(height_px - 2 * line_px, line_px)
    named = [band for band in bands if band["high"] - band["low"] >= least]
    x = _x(scale, room=5)
    y = {"field": "value", "type": "quantitative", "title": None,
         "scale": {"domain": [bottom, top], "nice": False, "zero": False},
         "axis": {"tickCount": 4, "labelFontSize": 12 * scale}}  # fmt: skip
    fill = {"field": "colour", "type": "nominal", "scale": None}
    now = {"values": [{"month_no": _month_no(month)}]}
    tips = [{"field": "when", "type": "nominal", "title": "月份"},
            {"field": "tip", "type": "nominal", "title": one["item_title"]}]  # fmt: skip
    layers = [
        {"data": {"values": bands}, "mark": {"type": "rect", "opacity": 0.22},
         "encoding": {"y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": fill}},
        {"data": {"values": named}, "transform": [{"calculate": "(datum.low + datum.high) / 2", "as": "at"}],
         "mark": {"type": "text", "align": "right", "dx": -2 * scale, "fontSize": 12 * scale},
         "encoding": {"y": {**y, "field": "at"}, "x": {"value": "width"}, "text": {"field": "name"}}},
        {"data": now, "mark": {"type": "rule", "color": colours.muted, "strokeWidth": 1.2 * scale},
         "encoding": {"x": x}},
        {"mark": {"type": "line", "color": colours.text, "strokeWidth": 1.5 * scale},
         "encoding": {"x": x, "y": y, "detail": {"field": "run", "type": "nominal"}}},
        {"mark": {"type": "point", "filled": True, "opacity": 1, "color": colours.text}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "size": {"condition": {"test": "datum.now", "value": 120 * scale**2}, "value": 14 * scale**2}}},
    ]  # fmt: skip
    chosen = next((row["tip"] for row in rows if row["now"]), "未测")
    charts.show(
        context, rows, layers, height_px, key=key,
        alt=f"{frame['section_name'].iloc[0]}{one['item_title']}逐月，{month_text(month)} {chosen}",
    )  # fmt: skip


# --- the classes of a river ----------------------------------------------------------------------


def class_strip(context: Context, river_id: str, month: date) -> None:
    """The classes of a river's sections over all months: the worse, the taller and the redder.

    Months that were measured but not evaluated are hollow, months not measured are gaps.
    """
    frame = context.frame("quality_of_river", river_id=river_id)
    cards.block_title("水质类别", "逐月 · 越高越差")
    if frame.empty or not frame["is_sampled"].any():
        cards.empty("没有水质记录" if len(frame) else "未设水质断面")
        return
    st.html(strip_html(context, frame, month))


def strip_html(context: Context, frame: pd.DataFrame, month: date) -> str:
    """HTML of the strips: rows of «quality_of_river», one strip a section."""
    parts = []
    for _, own in frame.groupby("section_id", sort=False):
        cells = []
        for row in own.itertuples():
            word = class_word(row.is_sampled, row.quality_class, row.limiting_item)
            known = isinstance(row.quality_class, str)
            kind = "known" if known else "open" if row.is_sampled else "gap"
            level = QUALITY_CLASSES.index(row.quality_class) + 1 if known else 1
            now = " now" if row.month == pd.Timestamp(month) else ""
            tip = escape(f"{month_text(row.month)} {word}", quote=True)
            colour = context.palette.quality_class(row.quality_class)
            cells.append(
                f'<i class="{kind}{now}" style="--c:{colour};--n:{level}" title="{tip}"></i>'
            )
        name = str(own["section_name"].iloc[0])
        now_row = own[pd.to_datetime(own["month"]) == pd.Timestamp(month)].iloc[0]
        now_word = class_word(
            now_row["is_sampled"], now_row["quality_class"], now_row["limiting_item"]
        )
        label = escape(f"{name}逐月水质类别，{month_text(month)} {now_word}", quote=True)
        parts.append(
            f'<div class="class-strip"><p><span>{escape(name)}</span><b>{escape(now_word)}</b></p>'
            f'<div role="img" aria-label="{label}">{"".join(cells)}</div></div>'
        )
    years = "".join(f"<span>{year}</span>" for year in range(FIRST_YEAR, LAST_YEAR + 1))
    key = "".join(
        f'<span style="--c:{context.palette.quality_class(name)}"><i class="known"></i>{name}</span>'
        for name in QUALITY_CLASSES
    )
    return (
        f'{"".join(parts)}<div class="class-years">{years}</div>'
        f'<div class="class-key small">{key}<span><i class="open"></i>未评价</span></div>'
    )
