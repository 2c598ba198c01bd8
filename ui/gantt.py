"""The projects' timeline: a bar from start to completion, what lies ahead pale and dashed.

Times are years with decimals (2023.5 is mid-2023; the end of 2025 is 2026.0), so that no time zone
moves a bar. What was begun before the axis starts at its edge.
"""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from data.contracts import FIRST_YEAR, LAST_YEAR
from ui import cards, charts
from ui.projects import KINDS, LOOKS
from ui.session import Context
from ui.text import UNREPORTED
from ui.theme import SERIF, STATUS_LOOKS

AXIS_START, AXIS_END = float(FIRST_YEAR), float(LAST_YEAR + 1)
PLAN_START = float(FIRST_YEAR + 1)
LABEL_YEARS, STATE_YEARS = 4.0, 2.1
"""Room left and right of the years for names and states, in years of the axis."""
ROW_REM = 1.62
NONE = float("nan")
NO_YEARS = "规划未给年份"
GATHERED = "water_supply"
"""The kind whose many rows (80 compounds) gather into one bar a subdistrict."""


@dataclass(frozen=True)
class Bar:
    """One line of the timeline; times in years with decimals, NaN where there is none."""

    label: str
    kind: str
    state: str
    state_text: str
    tip: str
    start: float = NONE
    end: float = NONE
    ahead_start: float = NONE
    ahead_end: float = NONE
    deadline: float = NONE
    is_overdue: bool = False


def decimal_year(day: str | None) -> float:
    """A date (ISO text) as a year with decimals; NaN for none."""
    if not isinstance(day, str):
        return NONE
    known = date.fromisoformat(day)
    first = date(known.year, 1, 1)
    return known.year + (known - first).days / (date(known.year + 1, 1, 1) - first).days


def bars(frame: pd.DataFrame, year: int, *, is_gathered: bool) -> list[Bar]:
    """One bar a project in the frame's order; compounds one a subdistrict where gathered."""
    made = []
    for kind, group in frame.groupby("project_kind", sort=False):
        if kind == GATHERED and is_gathered:
            made += [_gathered(part, year) for _, part in group.groupby("place", sort=False)]
        else:
            made += [_single(row, year) for row in group.itertuples()]
    return made


def _single(row: tuple, year: int) -> Bar:
    look = LOOKS[row.state]
    span = _span(
        row.state, row.started_on, row.completed_on, row.plan_start_year, row.plan_end_year, year
    )
    days = [f"{word} {day}" for word, day in (("开工", row.started_on), ("完工", row.completed_on))
            if isinstance(day, str)]  # fmt: skip
    tip = " · ".join([row.place, f"{row.quantity:g} {row.unit}", *days, _plan_text(row)])
    state_text = f"{look.shape} {look.word}" + (" ▲逾期" if row.is_overdue else "")
    return Bar(row.project_name, row.project_kind, row.state, state_text, tip,
               is_overdue=bool(row.is_overdue), **span)  # fmt: skip


def _plan_text(row: tuple) -> str:
    years = [
        f"{value:.0f} 年{word}"
        for value, word in ((row.plan_start_year, "开工"), (row.plan_end_year, "完成"))
        if not pd.isna(value)
    ]
    return f"规划 {'、'.join(years)}" if years else NO_YEARS


def _gathered(part: pd.DataFrame, year: int) -> Bar:
    """The compounds of one subdistrict as one bar with «done/all»."""
    total = len(part)
    done = int((part["state"] == "completed").sum())
    states = set(part["state"])
    state = states.pop() if len(states) == 1 else "under_construction"
    started, completed = part["started_on"].dropna(), part["completed_on"].dropna()
    span = _span(
        state,
        started.min() if len(started) else None,
        completed.max() if done == total else None,
        part["plan_start_year"].min(),
        part["plan_end_year"].max(),
        year,
    )
    look = LOOKS[state]
    overdue = int(part["is_overdue"].sum())
    count = f"{UNREPORTED} {total}" if state == "unreported" else f"{done}/{total}"
    place = str(part["place"].iloc[0])
    tip = f"{total} 个小区，完工 {done}" if state != "unreported" else f"{total} 个小区{UNREPORTED}"
    return Bar(
        f"{place} {total} 个小区", GATHERED, state,
        f"{look.shape} {count}" + (" ▲逾期" if overdue else ""),
        tip + (f"，逾期 {overdue}" if overdue else ""), is_overdue=bool(overdue), **span,
    )  # fmt: skip


def _span(
    state: str, started_on: str | None, completed_on: str | None, plan_start: float | None,
    plan_end: float | None, year: int,
) -> dict[str, float]:  # fmt: skip
    """Where the solid bar, the pale one and the plan's deadline stand."""
    now = float(year + 1)
    deadline = NONE if pd.isna(plan_end) else float(plan_end) + 1
    start = max(decimal_year(started_on), AXIS_START)
    span = {"deadline": deadline}
    if state == "completed":
        return span | {"start": start, "end": decimal_year(completed_on)}
    ahead_start = now
    if state in ("planned", "unreported"):
        # The plan's own years: all that is known of a work not begun or not reported.
        planned = PLAN_START if pd.isna(plan_start) else float(plan_start)
        ahead_start = planned if state == "unreported" else max(now, planned)
        start = NONE
        if pd.isna(plan_end) and not pd.isna(plan_start):
            return span | {"ahead_start": float(plan_start), "ahead_end": float(plan_start) + 1}
    if deadline > ahead_start:
        span |= {"ahead_start": ahead_start, "ahead_end": deadline}
    return span if start != start else span | {"start": start, "end": now}


def timeline(context: Context, frame: pd.DataFrame, height_px: int, *, is_gathered: bool) -> None:
    """The bars by kind in a container of fixed height that scrolls."""
    year = context.filter.year
    cards.block_title("进度时间线", f"竖线为 {year} 年底；虚框为规划时段，◇ 为规划期限")
    made = bars(frame, year, is_gathered=is_gathered)
    if not made:
        cards.empty()
        return
    values = _values(context, made)
    row_px = ROW_REM * 16 * context.screen.scale
    with st.container(height=height_px, border=False, key="gantt"):
        charts.show(
            context, values, _layers(context), row_px * len(values), key="projects_gantt",
            alt="；".join(f"{bar.label} {bar.state_text}" for bar in made),
        )  # fmt: skip


def _values(context: Context, made: list[Bar]) -> list[dict]:
    """Rows of the chart: a heading before each kind, then its bars."""
    values: list[dict] = []
    kind = None
    for bar in made:
        if bar.kind != kind:
            kind = bar.kind
            values.append(_row(context, Bar(KINDS[kind], kind, "", "", ""), len(values), True))
        values.append(_row(context, bar, len(values), False))
    return values


def _row(context: Context, bar: Bar, place: int, is_heading: bool) -> dict:
    look = LOOKS.get(bar.state)
    return {
        "row": place,
        "label": bar.label,
        "kind": KINDS[bar.kind],
        "heading": is_heading,
        "start": bar.start,
        "end": bar.end,
        "ahead_start": bar.ahead_start,
        "ahead_end": bar.ahead_end,
        "deadline": bar.deadline,
        "state": bar.state_text,
        "tone": look.colour(context.palette) if look else context.palette.text,
        "overdue": bar.is_overdue,
        "tip": bar.tip,
    }


DOMAIN = [AXIS_START - LABEL_YEARS, AXIS_END + STATE_YEARS]
ON_YEARS = {"type": "quantitative", "axis": None,
            "scale": {"domain": DOMAIN, "nice": False, "zero": False}}  # fmt: skip
ROWS = {"field": "row", "type": "ordinal", "axis": None, "scale": {"paddingInner": 0.3}}
TONE = {"field": "tone", "type": "nominal", "scale": None, "legend": None}
TIPS = [
    {"field": "label", "type": "nominal", "title": "项目"},
    {"field": "state", "type": "nominal", "title": "状态"},
    {"field": "tip", "type": "nominal", "title": "情况"},
]
SILENT = {"tooltip": None}
"""For marks that would otherwise tell the name of their field."""


def _x(field: str) -> dict:
    return {**ON_YEARS, "field": field}


def _layers(context: Context) -> list[dict]:
    """Years, bars, this year's end, words: from the back to the front."""
    now = [float(context.filter.year + 1)]
    edges = [float(year) for year in range(FIRST_YEAR, LAST_YEAR + 2)]
    return [
        _rules(edges, context.palette.line, context.screen.scale),
        *_bar_layers(context),
        _rules(now, context.palette.accent, 1.8 * context.screen.scale),
        *_text_layers(context),
    ]


def _rules(at: list[float], colour: str, width_px: float) -> dict:
    return {"data": {"values": [{"at": year} for year in at]}, "encoding": {"x": _x("at")},
            "mark": {"type": "rule", "color": colour, "strokeWidth": width_px, **SILENT}}  # fmt: skip


def _bar_layers(context: Context) -> list[dict]:
    """What lies ahead, what was done, the plan's deadline."""
    scale, colours = context.screen.scale, context.palette
    bar = {"type": "bar", "height": 0.62 * ROW_REM * 16 * scale}
    missed = STATUS_LOOKS["missed"].colour(colours)
    return [
        {"transform": [{"filter": "isValid(datum.ahead_start)"}],
         "mark": {**bar, "fillOpacity": 0.16, "strokeWidth": 1.2 * scale,
                  "strokeDash": [4 * scale, 3 * scale]},
         "encoding": {"y": ROWS, "x": _x("ahead_start"), "x2": {"field": "ahead_end"},
                      "fill": TONE, "stroke": TONE, "tooltip": TIPS}},
        {"transform": [{"filter": "isValid(datum.start)"}],
         "mark": {**bar, "cornerRadius": 2 * scale},
         "encoding": {"y": ROWS, "x": _x("start"), "x2": {"field": "end"}, "color": TONE,
                      "tooltip": TIPS}},
        {"transform": [{"filter": "isValid(datum.deadline)"}],
         "mark": {"type": "point", "shape": "diamond", "size": 55 * scale**2, "filled": False,
                  "strokeWidth": 1.4 * scale},
         "encoding": {"y": ROWS, "x": _x("deadline"), "tooltip": TIPS,
                      "color": {"condition": {"test": "datum.overdue", "value": missed},
                                "value": colours.muted}}},
    ]  # fmt: skip


def _text_layers(context: Context) -> list[dict]:
    """Names at the left, states at the right, and headings with the years."""
    scale, colours = context.screen.scale, context.palette
    # As wide as the room left of the years, whatever the window's width.
    label_px = context.screen.width_px * (0.9 if context.screen.is_narrow else 0.4)
    label_px *= LABEL_YEARS / (DOMAIN[1] - DOMAIN[0]) - 0.02
    left = {"type": "text", "align": "left"}
    at_left = {"y": ROWS, "x": {"value": 2 * scale}, "text": {"field": "label"}}
    return [
        {"transform": [{"filter": "!datum.heading"}],
         "mark": {**left, "limit": label_px, "fontSize": 13 * scale},
         "encoding": {**at_left, "tooltip": TIPS}},
        {"transform": [{"filter": "!datum.heading"}],
         "mark": {"type": "text", "align": "right", "fontSize": 13 * scale},
         "encoding": {"y": ROWS, "x": {"value": "width"}, "text": {"field": "state"},
                      "color": TONE, "tooltip": TIPS}},
        {"transform": [{"filter": "!datum.heading && !isValid(datum.ahead_start) && "
                                  "!isValid(datum.start) && !isValid(datum.deadline)"}],
         "mark": {**left, "fontSize": 12 * scale, "color": colours.muted, "text": NO_YEARS, **SILENT},
         "encoding": {"y": ROWS, "x": {**ON_YEARS, "datum": PLAN_START + 0.1}}},
        {"transform": [{"filter": "datum.heading"}],
         "mark": {**left, "font": SERIF, "fontWeight": 600, "fontSize": 14.5 * scale, **SILENT},
         "encoding": at_left},
        # The years stand in every heading: there is always one in view, however far one scrolls.
        *({"transform": [{"filter": "datum.heading"}],
           "mark": {"type": "text", "fontSize": 12 * scale, "color": colours.muted,
                    "text": f"{year}", **SILENT},
           "encoding": {"y": ROWS, "x": {**ON_YEARS, "datum": year + 0.5}}}
          for year in range(FIRST_YEAR, LAST_YEAR + 1)),
    ]  # fmt: skip
