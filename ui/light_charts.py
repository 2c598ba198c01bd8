"""Charts of the months of one year: columns of what is counted, a line of what is a share."""

import pandas as pd

from ui import cards, charts
from ui.charts import Measure
from ui.light_chart_labels import Field, Plot
from ui.session import Context
from ui.text import NO_MEASURE, number

_MONTHS = list(range(1, 13))
AXIS_PX = 22
"""Height of the axis below a chart's field, with what is around."""
LABEL_PX, GOAL_PX = 11.5, 12


def plot_of(context: Context, low: float, high: float, height_px: float, count: int) -> Plot:
    """The field of a chart in the column left of the map, ``count`` categories wide, at scale 1."""
    scale = context.screen.scale
    share = 0.92 if context.screen.is_narrow else 0.92 * context.screen.column_shares[0]
    width_px = share * context.screen.width_px / scale
    return Plot(low, high, max(1.0, height_px / scale - AXIS_PX), width_px / count)


def label_layers(rows: list[dict], encoding: dict, mark: dict, scale: float) -> list[dict]:
    """Labels of the rows, each as far below its point as its ``down`` says: one layer a distance."""
    return [
        {"transform": [{"filter": f"isValid(datum.value) && datum.down == {down}"}],
         "mark": {"type": "text", "dy": down * scale, "baseline": "middle", **mark}, "encoding": encoding}
        for down in sorted({row["down"] for row in rows if row["down"] is not None})
    ]  # fmt: skip


def goal_layers(
    field: Field, value: float, text: str, colour: str, y: dict, scale: float, **rule: object
) -> list[dict]:
    """A target across the chart and its name, which stands where no line runs through it."""
    is_right, is_above = field.beside_rule(value, text, GOAL_PX)
    goal, goal_y = {"values": [{"goal": value, "text": text}]}, {**y, "field": "goal"}
    return [
        {"data": goal, "mark": {"type": "rule", "strokeDash": [4, 4], "color": colour, **rule},
         "encoding": {"y": goal_y}},
        {"data": goal,
         "mark": {"type": "text", "align": "right" if is_right else "left",
                  "baseline": "bottom" if is_above else "top", "dy": (-4 if is_above else 4) * scale,
                  "color": colour, "fontSize": GOAL_PX * scale},
         "encoding": {"y": goal_y, "x": {"value": "width"} if is_right else {"value": 2},
                      "text": {"field": "text"}}},
    ]  # fmt: skip


def _known(frame: pd.DataFrame, field: str) -> dict[int, float]:
    """Values by month (1–12), those that are filled in."""
    return {
        pd.Timestamp(month).month: float(value)
        for month, value in zip(frame["month"], frame[field], strict=True)
        if pd.notna(value)
    }


def _x(scale: float) -> dict:
    return {
        "field": "month", "type": "ordinal", "title": None, "scale": {"domain": _MONTHS},
        "axis": {"labelAngle": 0, "labelFontSize": 13 * scale, "labelExpr": "datum.value + ' 月'",
                 "labelOverlap": True},
    }  # fmt: skip


def columns(
    context: Context, frame: pd.DataFrame, measure: Measure, key: str, height_px: float,
    before: pd.DataFrame | None = None,
) -> None:  # fmt: skip
    """What is counted by month, from zero; ``before``, the year before, as strokes to be held against.

    Frames have ``month`` (its first day) and the measure's field; months that are missing are gaps.
    """
    year = context.filter.year
    values = _known(frame, measure.field)
    earlier = {} if before is None else _known(before, measure.field)
    note = "短线为上年同月" if earlier else ""
    cards.block_title(
        f"{measure.title}（{measure.unit}）", f"{year} 年逐月{'，' + note if note else ''}"
    )
    if not values:
        cards.empty(NO_MEASURE)
        return
    scale, colours = context.screen.scale, context.palette
    rows = [
        {"month": month, "value": value, "before": earlier.get(month), "foot": 0,
         "label": number(value, measure.digits), "when": f"{year} 年 {month} 月",
         "tip": charts.spoken_value(value, measure),
         "was": charts.spoken_value(earlier.get(month), measure)}
        for month, value in sorted(values.items())
    ]  # fmt: skip
    top = max([*values.values(), *earlier.values()]) * 1.22 or 1
    y = {"field": "value", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [0, top], "nice": False}}  # fmt: skip
    tips = [{"field": "when", "type": "nominal", "title": "月份"},
            {"field": "tip", "type": "nominal", "title": measure.title}]  # fmt: skip
    if earlier:
        tips.append({"field": "was", "type": "nominal", "title": "上年同月"})
    x = _x(scale)
    layers = [
        {"mark": {"type": "bar", "width": {"band": 0.62}, "cornerRadiusEnd": 2 * scale, "color": colours.bar},
         "encoding": {"x": x, "y": y, "tooltip": tips}},
        {"mark": {"type": "text", "dy": -8 * scale, "fontSize": 11.5 * scale, "color": colours.text},
         "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    if earlier:
        # At the foot of its column, where no stroke runs through it.
        layers[1]["encoding"]["y"] = {**y, "field": "foot"}
        layers.append(
            {"mark": {"type": "tick", "thickness": 2.2 * scale, "width": {"band": 0.8}, "color": colours.near},
             "encoding": {"x": x, "y": {**y, "field": "before"}}}
        )  # fmt: skip
    spoken = "，".join(f"{row['month']} 月 {row['label']}" for row in rows)
    charts.show(
        context, rows, layers, height_px, key=key, alt=f"{measure.title}，{year} 年：{spoken}"
    )


def line(
    context: Context, frame: pd.DataFrame, measure: Measure, key: str, height_px: float
) -> None:
    """A share by month as a line with its target; months that are missing are gaps."""
    year = context.filter.year
    values = _known(frame, measure.field)
    cards.block_title(f"{measure.title}（{measure.unit}）", f"{year} 年逐月")
    if not values:
        cards.empty(NO_MEASURE)
        return
    scale, colours = context.screen.scale, context.palette
    rows = [
        {"month": month, "value": values.get(month), "when": f"{year} 年 {month} 月",
         "label": number(values.get(month), measure.digits), "tip": charts.spoken_value(values.get(month), measure)}
        for month in _MONTHS
    ]  # fmt: skip
    levels = [*values.values(), *([measure.target.value] if measure.target else [])]
    span = (max(levels) - min(levels)) or 1
    low, high = min(levels) - 0.3 * span, max(levels) + 0.35 * span
    y = {"field": "value", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [low, high], "zero": False, "nice": False}}  # fmt: skip
    course = {month - 1: value for month, value in values.items()}
    goals = [measure.target.value] if measure.target else []
    field = Field(plot_of(context, low, high, height_px, len(_MONTHS)), [course], goals)
    goal = goal_layers(
        field, measure.target.value, f"目标 {measure.target.text}", colours.muted, y, scale,
        strokeWidth=1.4 * scale,
    ) if measure.target else []  # fmt: skip
    for row in rows:
        row["down"] = (
            None if row["value"] is None
            else field.beside_point(row["month"] - 1, row["value"], row["label"], LABEL_PX)
        )  # fmt: skip
    x = _x(scale)
    tips = [{"field": "when", "type": "nominal", "title": "月份"},
            {"field": "tip", "type": "nominal", "title": measure.title}]  # fmt: skip
    layers = [
        {"mark": {"type": "line", "color": colours.met, "strokeWidth": 2.4 * scale, 
                  "invalid": "break-paths-filter-domains"},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 46 * scale**2, "opacity": 1, "color": colours.met},
         "encoding": {"x": x, "y": y, "tooltip": tips}},
        *label_layers(
            rows, {"x": x, "y": y, "text": {"field": "label"}},
            {"fontSize": LABEL_PX * scale, "color": colours.text}, scale,
        ),
        *goal,
    ]  # fmt: skip
    spoken = "，".join(f"{row['month']} 月 {row['label']}" for row in rows)
    charts.show(
        context, rows, layers, height_px, key=key, alt=f"{measure.title}，{year} 年：{spoken}"
    )
