"""Charts as Vega-Lite specifications: small, drawn by what Streamlit ships, coloured by the theme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import streamlit as st

from data.status import Target, judge
from ui import cards
from ui.session import Context, toggle_subdistrict
from ui.text import NO_DATA, NO_MEASURE, number
from ui.theme import FONT, STATUS_LOOKS, Palette

BAR_REM, GOAL_REM = 1.94, 1.3
"""Height of a row of bars, and of the target's words above them."""
EDGE_PX = 2
"""What a chart leaves free around itself."""


@dataclass(frozen=True)
class Measure:
    """A figure by subdistrict or year: column of the frame, wording, unit, target if it has one."""

    field: str
    title: str
    unit: str
    digits: int = 0
    target: Target | None = None
    definition: str = ""


def _config(colours: Palette, scale: float) -> dict:
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.muted,
            "titleColor": colours.muted,
            "labelFontSize": 13 * scale,
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelPadding": 6 * scale,
        },
        "text": {"color": colours.text, "fontSize": 13 * scale, "font": FONT},
    }


def show(
    context: Context, values: list[dict], layers: list[dict], height_px: float, **options: object
) -> None:
    """Draw layers over the rows (every row with the same keys) in the theme's colours."""
    scale = context.screen.scale
    st.vega_lite_chart(
        # As Arrow: Streamlit would make a frame of the dictionaries first.
        pa.Table.from_pylist(values),
        {
            "layer": layers,
            "height": round(height_px),
            "autosize": {"type": "fit", "contains": "padding"},
            "padding": dict.fromkeys(("left", "right", "top", "bottom"), EDGE_PX),
            "config": _config(context.palette, scale),
        },
        width="stretch",
        theme=None,
        **options,
    )


def pick_subdistrict(key: str) -> None:
    """Filter by the subdistrict whose mark was clicked in the chart of this key."""
    for chosen in st.session_state[key].selection.get("pick", []):
        if chosen.get("code"):
            toggle_subdistrict(chosen["code"])


def subdistrict_bars(
    context: Context,
    frame: pd.DataFrame,
    measure: Measure,
    key: str,
    height_px: float | None = None,
) -> None:
    """The 14 subdistricts compared, longest first; a click on a row shows one of them alone.

    ``frame`` has ``subdistrict_code``, ``short_name``, the measure's field (missing allowed) and,
    where a word says more than the number, ``label``.
    """
    cards.block_title(f"各街道 · {measure.title}（{measure.unit}）", "点击只看该街道")
    if frame[measure.field].notna().sum() == 0:
        cards.empty(NO_MEASURE)
        return
    scale, colours = context.screen.scale, context.palette
    values = []
    for row in frame.itertuples():
        value = getattr(row, measure.field)
        known = value == value and value is not None
        status = judge(value if known else None, measure.target) if measure.target else None
        look = STATUS_LOOKS[status] if status else None
        text = getattr(row, "label", None) or number(value if known else None, measure.digits)
        values.append(
            {
                "code": row.subdistrict_code,
                "name": row.short_name,
                "value": round(float(value), 4) if known else None,
                "label": f"{text} {look.shape}" if look else text,
                "tone": look.colour(colours) if look else colours.text,
                "chosen": row.subdistrict_code in context.filter.subdistrict_codes,
                "tip": spoken_value(value, measure) + (f"（{look.word}）" if look else ""),
            }
        )
    values.sort(key=lambda v: (v["value"] is None, -(v["value"] or 0)))
    domain, is_tight = _bar_domain([v["value"] for v in values], measure.target)
    bar_y = {"field": "name", "type": "nominal", "sort": None, "title": None, "scale": {"padding": 0},
             "axis": {"labelFontSize": 14 * scale, "labelColor": colours.text}}  # fmt: skip
    bar_x = {"field": "value", "type": "quantitative", "title": None, "axis": None,
             "scale": {"domain": domain, "nice": False, "zero": not is_tight}}  # fmt: skip
    tips = [
        {"field": "name", "type": "nominal", "title": "街道"},
        {"field": "tip", "type": "nominal", "title": measure.title},
    ]
    # A dot may lie far from its name.
    guide = {"mark": {"type": "rule", "color": colours.line, "strokeWidth": 1 * scale},
             "encoding": {"y": bar_y, "x": {"value": 0}, "x2": {"value": "width"}}}  # fmt: skip
    layers = [
        *([guide] if is_tight else []),
        {
            "mark": {"type": "point", "filled": True, "size": 190 * scale**2, "opacity": 1}
                    if is_tight else
                    {"type": "bar", "cornerRadiusEnd": 2 * scale, "height": {"band": 0.65}},
            "encoding": {
                "y": bar_y, "x": bar_x,
                "color": {"condition": {"test": "datum.chosen", "value": colours.belt},
                          "value": colours.bar},
            },
        },
        {
            # A column at the right edge: beside the bars it would run into the target line.
            "mark": {"type": "text", "align": "right", "fontSize": 13.5 * scale},
            "encoding": {"y": bar_y, "x": {"value": "width"}, "text": {"field": "label"},
                         "color": {"field": "tone", "type": "nominal", "scale": None}},
        },
    ]  # fmt: skip
    if measure.target:
        goal = {"values": [{"goal": measure.target.value, "text": f"目标 {measure.target.text}"}]}
        goal_x = {**bar_x, "field": "goal"}
        layers += [
            {"data": goal, "mark": {"type": "rule", "strokeDash": [4, 4], "color": colours.muted,
                                    "strokeWidth": 1.4 * scale}, "encoding": {"x": goal_x}},
            {"data": goal, "mark": {"type": "text", "baseline": "bottom", "dy": -3 * scale,
                                    "color": colours.muted, "fontSize": 12 * scale},
             "encoding": {"x": goal_x, "y": {"value": 0}, "text": {"field": "text"}}},
        ]  # fmt: skip
    # The whole row can be hit: a short bar is too small for a finger, and without a value there is none.
    layers.append(
        {
            "params": [{"name": "pick", "select": {"type": "point", "fields": ["code"], "toggle": False}}],
            "mark": {"type": "bar", "cursor": "pointer", "opacity": 0, "height": {"band": 1}},
            "encoding": {"y": bar_y, "x": {"value": 0}, "x2": {"value": "width"}, "tooltip": tips},
        }
    )  # fmt: skip
    goal_px = GOAL_REM * 16 * scale if measure.target else 0
    rows_px = len(values) * context.screen.target_px(BAR_REM) + goal_px + 2 * EDGE_PX
    show(
        context,
        values,
        layers,
        max(height_px or 0, rows_px if height_px is None or context.screen.is_touch else 0),
        key=key,
        on_select=lambda: pick_subdistrict(key),
        selection_mode="pick",
        alt=f"{measure.title}（{measure.unit}）："
        + "，".join(f"{v['name']} {v['label']}" for v in values),
    )


def year_trend(
    context: Context,
    frame: pd.DataFrame,
    measure: Measure,
    key: str,
    height_px: float,
    *,
    is_yearly_count: bool = False,
    colour: str | None = None,
) -> None:
    """One measure over the years with its target line; the filter's year is marked.

    ``frame`` has ``year`` and the measure's field. Years without a value leave a gap. What is
    counted anew each year (``is_yearly_count``) stands as columns from zero, not as a line.
    """
    cards.block_title(f"{measure.title}（{measure.unit}）", "逐年")
    known = frame[frame[measure.field].notna()]
    if known.empty:
        cards.empty(NO_MEASURE)
        return
    scale, colours = context.screen.scale, context.palette
    values = [
        {"year": f"{int(row.year)}", "value": round(float(getattr(row, measure.field)), 4),
         "label": number(getattr(row, measure.field), measure.digits),
         "now": int(row.year) == context.filter.year,
         "above": is_yearly_count
         or bool(measure.target and getattr(row, measure.field) >= measure.target.value)}
        for row in known.itertuples()
    ]  # fmt: skip
    low, high = _axis_limits([v["value"] for v in values], measure.target)
    if is_yearly_count:
        low, high = 0, max(v["value"] for v in values) * 1.25 or 1
    x = {"field": "year", "type": "ordinal", "title": None,
         "axis": {"labelAngle": 0, "labelFontSize": 13 * scale}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [low, high], "zero": False, "nice": False}}  # fmt: skip
    tips = [{"field": "year", "type": "nominal", "title": "年份"},
            {"field": "label", "type": "nominal", "title": measure.title}]  # fmt: skip
    marked = {"test": "datum.now", "value": colours.text}
    line: list[dict] = [
        {"mark": {"type": "line", "color": colour or colours.met, "strokeWidth": 2.4 * scale},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "opacity": 1}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "size": {"condition": {"test": "datum.now", "value": 130 * scale**2}, "value": 42 * scale**2},
            "color": {"condition": marked, "value": colour or colours.met}}},
    ]  # fmt: skip
    columns: list[dict] = [
        {"mark": {"type": "bar", "width": {"band": 0.5}, "cornerRadiusEnd": 2 * scale}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "color": {"condition": {**marked, "value": colours.belt}, "value": colours.bar}}},
    ]  # fmt: skip
    layers = [
        *(columns if is_yearly_count else line),
        # Labels stand on the far side of the target line from it.
        *({"transform": [{"filter": f"datum.above == {above}"}],
           "mark": {"type": "text", "dy": dy * scale, "fontSize": 13 * scale, "color": colours.text},
           "encoding": {"x": x, "y": y, "text": {"field": "label"}}}
          for above, dy in (("true", -14), ("false", 15))),
    ]  # fmt: skip
    if measure.target:
        goal = {"values": [{"goal": measure.target.value, "text": f"目标 {measure.target.text}"}]}
        goal_y = {**y, "field": "goal"}
        # At the end where the line is farther from the target, so that they do not collide.
        first, last = (abs(values[i]["value"] - measure.target.value) for i in (0, -1))
        is_right = last > first
        layers += [
            {"data": goal, "mark": {"type": "rule", "strokeDash": [4, 4], "color": colours.muted,
                                    "strokeWidth": 1.4 * scale}, "encoding": {"y": goal_y}},
            {"data": goal, "mark": {"type": "text", "align": "right" if is_right else "left",
                                    "baseline": "bottom",
                                    "dy": -4 * scale, "color": colours.muted, "fontSize": 12 * scale},
             "encoding": {"y": goal_y, "x": {"value": "width" if is_right else 2},
                          "text": {"field": "text"}}},
        ]  # fmt: skip
    spoken = "，".join(f"{v['year']} 年 {v['label']}" for v in values)
    show(
        context, values, layers, height_px, key=key,
        alt=f"{measure.title}（{measure.unit}）：{spoken}",
    )  # fmt: skip


def _bar_domain(values: Sequence[float | None], target: Target | None) -> tuple[list[float], bool]:
    """Limits of the bars, with room at the right for their labels; whether they start above 0.

    Rates that all lie close together (96–99 %) look the same as bars from zero: they are drawn as
    dots on an axis that begins near the lowest, because only a bar promises to start at zero.
    """
    levels = [v for v in values if v is not None] + ([target.value] if target else [])
    low, high = min(levels), max(levels)
    if low > 0 and (high - low) / high < 0.12:
        span = (high - low) or high * 0.05
        return [low - 0.15 * span, high + 0.32 * span], True
    return [0, high * 1.24 or 1], False


def _axis_limits(values: Sequence[float], target: Target | None) -> tuple[float, float]:
    """Limits with room below for the labels of the points and above for the target's label."""
    levels = [*values, target.value] if target else list(values)
    low, high = min(levels), max(levels)
    span = (high - low) or max(abs(high) * 0.1, 1.0)
    return low - 0.32 * span, high + 0.22 * span


def rank_classes(values: Sequence[float | None], classes: int) -> dict[float, int]:
    """Class 0 … ``classes`` - 1 of each distinct value by its rank, the highest in the last class.

    By rank, so that one far-off subdistrict does not leave the others in one colour; equal values
    share a class.
    """
    known = [v for v in values if v is not None and not math.isnan(v)]
    # Shares made of sums differ in the last bits: equal to six places is equal.
    distinct = sorted({round(v, 6) for v in known}, reverse=True)
    return {
        v: classes - 1 - (i * classes) // max(len(distinct), classes)
        for i, v in enumerate(distinct)
    }


def spoken_value(value: float | None, measure: Measure) -> str:
    """A measure's value with its unit, for labels and tooltips."""
    if value is None or value != value:
        return NO_DATA
    unit = measure.unit if measure.unit == "%" else f" {measure.unit}"
    return f"{number(value, measure.digits)}{unit}"


def marked_value(value: float | None, measure: Measure) -> str:
    """A measure's number for a map label, marked by its status' shape where below target."""
    text = number(value, measure.digits, "—")
    if measure.target is None or value is None or value != value:
        return text
    status = judge(value, measure.target)
    return text if status == "met" else f"{STATUS_LOOKS[status].shape}{text}"
