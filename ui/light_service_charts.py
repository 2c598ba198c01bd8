"""Charts of mode «设施与能耗»: energy by month, and central control and LED from year to year in one."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ui import cards, charts, layout, light_charts, measures
from ui.charts import Measure
from ui.light_chart_labels import Field
from ui.light_service_counts import KWH_PER_MWH, led_rate
from ui.session import Context
from ui.text import NO_MEASURE, number

LABEL_PX = 12.5
SMALL_MWH = 100
"""Months of less than this have a decimal."""


@dataclass(frozen=True)
class _Line:
    """One course over the years: its measure, a short name for it, colour, and whether its labels
    rather stand above it or below."""

    measure: Measure
    word: str
    colour: str
    is_above: bool


def energy_by_month(context: Context) -> None:
    """Energy of the chosen subdistricts by month, the year before as strokes."""
    frame = layout.only_chosen(context, context.frame("light_service_energy"))
    by_month = frame.groupby("month", as_index=False)["energy_kwh"].sum()
    by_month["energy_mwh"] = by_month["energy_kwh"] / KWH_PER_MWH
    is_this_year = pd.to_datetime(by_month["month"]).dt.year == context.filter.year
    digits = 0 if by_month["energy_mwh"].max() >= SMALL_MWH else 1
    light_charts.columns(
        context, by_month[is_this_year], Measure("energy_mwh", "照明用电量", "MWh", digits),
        "service_energy", layout.rem(context, 9.5), by_month[~is_this_year],
    )  # fmt: skip


def rates_by_year(context: Context) -> None:
    """Central control of all lamps and LED of the street lamps from year to year with their targets."""
    colours = context.palette
    _year_lines(
        context,
        context.frame("light_service_by_year"),
        [
            _Line(led_rate(context), "路灯 LED", colours.light, True),
            _Line(measures.central_control_rate(context), "集中控制", colours.met, False),
        ],
        "路灯 LED 应用率、照明集中控制率（%）",
        "service_rates",
        layout.rem(context, 12),
    )


def _year_lines(
    context: Context, frame: pd.DataFrame, lines: Sequence[_Line], title: str, key: str, height_px: float
) -> None:  # fmt: skip
    """Several shares over the years, each with its target; the filter's year is marked.

    ``frame`` has ``year`` and the fields of the measures. Years without a value leave a gap.
    """
    cards.block_title(title, "逐年")
    values = [
        {"year": f"{int(row['year'])}", "value": round(float(row[line.measure.field]), 4),
         "word": line.word, "tip": charts.spoken_value(row[line.measure.field], line.measure),
         "label": number(row[line.measure.field], line.measure.digits),
         "now": int(row["year"]) == context.filter.year}
        for line in lines
        for row in frame.to_dict("records")
        if pd.notna(row[line.measure.field])
    ]  # fmt: skip
    if not values:
        cards.empty(NO_MEASURE)
        return
    scale, colours = context.screen.scale, context.palette
    targets = [line.measure.target for line in lines]
    levels = [v["value"] for v in values] + [target.value for target in targets]
    span = (max(levels) - min(levels)) or 1
    low, high = min(levels) - 0.2 * span, max(levels) + 0.2 * span
    x = {"field": "year", "type": "ordinal", "title": None,
         "axis": {"labelAngle": 0, "labelFontSize": 13 * scale}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [low, high], "zero": False, "nice": False}}  # fmt: skip
    years = sorted({value["year"] for value in values})
    courses = [
        {years.index(v["year"]): v["value"] for v in values if v["word"] == line.word}
        for line in lines
    ]
    field = Field(
        light_charts.plot_of(context, low, high, height_px, len(years)),
        courses,
        [target.value for target in targets],
    )
    goals = []
    for line, target in zip(lines, targets, strict=True):
        goals += light_charts.goal_layers(
            field, target.value, f"{line.word} 目标 {target.text}", line.colour, y, scale,
            opacity=0.75, strokeWidth=1.3 * scale,
        )  # fmt: skip
    layers = []
    for line in lines:
        own = [value for value in values if value["word"] == line.word]
        for value in own:
            value["down"] = field.beside_point(
                years.index(value["year"]), value["value"], value["label"], LABEL_PX,
                prefers_above=line.is_above,
            )  # fmt: skip
        layers += _course(line, own, x, y, scale, colours.text)
    layers += goals
    spoken = "；".join(
        f"{line.word} "
        + "，".join(f"{v['year']} 年 {v['label']}" for v in values if v["word"] == line.word)
        for line in lines
    )
    charts.show(context, values, layers, height_px, key=key, alt=f"{title}：{spoken}")


def _course(
    line: _Line, rows: list[dict], x: dict, y: dict, scale: float, marked: str
) -> list[dict]:
    """Line, points and labels of one course."""
    own = {"transform": [{"filter": f"datum.word == '{line.word}'"}]}
    tips = [{"field": "year", "type": "nominal", "title": "年份"},
            {"field": "tip", "type": "nominal", "title": line.measure.title}]  # fmt: skip
    return [
        {**own, "mark": {"type": "line", "color": line.colour, "strokeWidth": 2.4 * scale},
         "encoding": {"x": x, "y": y}},
        {**own, "mark": {"type": "point", "filled": True, "opacity": 1}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "size": {"condition": {"test": "datum.now", "value": 120 * scale**2}, "value": 42 * scale**2},
            "color": {"condition": {"test": "datum.now", "value": marked}, "value": line.colour}}},
        *(
            {**layer, "transform": [*own["transform"], *layer["transform"]]}
            for layer in light_charts.label_layers(
                rows, {"x": x, "y": y, "text": {"field": "label"}},
                {"fontSize": LABEL_PX * scale, "color": line.colour}, scale,
            )
        ),
    ]  # fmt: skip
