"""The scorecard of a demonstration street: state, photos, the elements of the plan, their history."""

from html import escape

import pandas as pd
import streamlit as st

from data.contracts import SCORE_ELEMENTS
from ui import (
    cards,
    charts,
    layout,
    street_photos,
    street_pictures,
    street_register,
    street_scoring,
)
from ui.session import Context
from ui.text import DESIGNATIONS, UNFILLED, joined, number
from ui.theme import Palette

_COURSE_REM = 9


def scorecard(context: Context, demonstration_id: str) -> None:
    """What is registered of one demonstration street at the end of the year, its photos and scores.

    A street beyond the chosen subdistricts has a whole card too; nothing where there is none of this
    number.
    """
    frame = street_register.streets(context, codes=None)
    found = frame[frame["demonstration_id"] == demonstration_id]
    for street in found.itertuples():
        st.html(_state_html(street))
        shown = street_photos.before_and_after(street.photo_before, street.photo_after)
        if shown:
            st.html(street_photos.side_by_side_html(shown, street.street_name))
        _scores(context, street)


def _state_html(street: object) -> str:
    is_late = street_register.is_late(street)
    note = street.lag_note or (f"滞后原因{UNFILLED}" if is_late else "")
    title = DESIGNATIONS[street.designation]
    level = "" if title.startswith(street.level) else street.level
    length = f"长度{UNFILLED}" if street.length_km is None else f"{number(street.length_km, 2)} km"
    told = joined(
        level + title, street.subdistrict_name, street_register.years_text(street), length
    )
    return (
        f'<div class="river-state" style="--tone:var(--{street_register.tone_of(street)})">'
        f"<b>{escape(street_register.marked_state(street))}</b><span>{escape(note)}</span>"
        f"<small>{escape(told)}</small></div>"
    )


def _scores(context: Context, street: object) -> None:
    """The elements as bars, and the course of their mean."""
    scores = street_scoring.scores(context, codes=None)
    own = scores[scores["demonstration_id"] == street.demonstration_id]
    if own.empty:
        if street.designation == "boutique":
            cards.block_title("要素评分", f"{context.filter.year} 年底")
            cards.empty(street_scoring.UNSCORED)
        return
    cards.block_title(
        f"要素评分 · {street.score:.1f} 分",
        joined(
            f"{street.scored_on:%Y-%m-%d}",
            street_scoring.scored_basis(street.element_count),
            street_scoring.change_text(street.change),
        ),
    )
    newest = street_scoring.newest_scores(context, codes=None)
    means = street_scoring.by_element(street_register.boutique(newest))
    st.html(elements_html(own, means, context.palette))
    course = street_scoring.scorings(own)
    if len(course) > 1:
        cards.block_title("得分历史", f"{len(course)} 次评分的平均")
        key = f"score_course_{street.demonstration_id}"
        score_course(context, course, key, layout.rem(context, _COURSE_REM))


def elements_html(own: pd.DataFrame, means: pd.Series, colours: Palette) -> str:
    """The elements of one street: newest score as a bar from zero, change, small course, remark.

    ``own`` are all scores of the street up to the day that is shown, ``means`` the mean of all
    streets by element: a tick on each bar. An element never scored says so.
    """
    last = street_scoring.newest(own)
    known = {row.element: row for row in last.itertuples()}
    rows = "".join(
        _element_html(
            one,
            known.get(one),
            means.get(one),
            own.loc[own["element"] == one, "score"].to_list(),
            colours,
        )
        for one in SCORE_ELEMENTS
    )
    low = f"<span>▲ 不足 {street_scoring.low_score():g} 分</span>"
    mean = "<span><u></u>精品示范街平均</span>" if len(means) else ""
    return (
        f'<div class="scores">{rows}</div>'
        f'<div class="scores-key">{mean}{low}<span>↑↓ 较上次评分</span></div>'
    )


def _element_html(
    element: str, row: object | None, mean: float | None, course: list[float], colours: Palette
) -> str:
    if row is None:
        return (
            f'<div><span>{element}</span><i style="--w:0%"></i>'
            f'<b class="none">{street_scoring.UNSCORED}</b></div>'
        )
    is_low = row.score < street_scoring.low_score()
    tick = "" if mean is None else f'<u style="left:{mean:.1f}%"></u>'
    remark = f"<small>{escape(row.remark)}</small>" if isinstance(row.remark, str) else ""
    spoken = "、".join(f"{score:.1f}" for score in course)
    drawn = street_pictures.spark(tuple(course), colours.missed if is_low else colours.met)
    line = f'<img src="{drawn}" alt="历次 {spoken}" title="历次 {spoken}"/>' if drawn else ""
    return (
        f'<div class="{"low" if is_low else ""}" title="{row.scored_on:%Y-%m-%d} 评"><span>{element}</span>'
        f'<i style="--w:{row.score:.1f}%">{tick}</i>'
        f"<b>{'▲ ' if is_low else ''}{row.score:.1f}</b>"
        f"<em>{street_scoring.change_text(row.score - row.before)}</em>{line}{remark}</div>"
    )


def element_means(means: pd.Series) -> None:
    """The elements over all chosen streets, each as its mean; nothing where none is scored."""
    if means.empty:
        return
    cards.block_title("各要素平均得分", "最近一次评分")
    low = street_scoring.low_score()
    rows = "".join(
        f'<div class="{"low" if score < low else ""}"><span>{element}</span>'
        f'<i style="--w:{score:.1f}%"></i><b>{"▲ " if score < low else ""}{score:.1f}</b></div>'
        for element, score in means.items()
    )
    st.html(f'<div class="scores narrow">{rows}</div>')


def score_course(context: Context, course: pd.DataFrame, key: str, height_px: float) -> None:
    """Scores over the days of scoring (``scored_on``, ``score``) with the limit of a weak one."""
    scale, colours = context.screen.scale, context.palette
    low = street_scoring.low_score()
    values = [
        {"day": row.scored_on.date().isoformat(), "value": round(float(row.score), 2),
         "label": f"{row.score:.1f}", "is_low": bool(row.score < low)}
        for row in course.itertuples()
    ]  # fmt: skip
    levels = [v["value"] for v in values] + [low]
    span = (max(levels) - min(levels)) or 5.0
    x = {"field": "day", "type": "ordinal", "title": None,
         "axis": {"labelAngle": 0, "labelFontSize": 12 * scale, "labelOverlap": True,
                  "labelExpr": "slice(datum.value, 0, 7)"}}  # fmt: skip
    y = {"field": "value", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [min(levels) - 0.35 * span, max(levels) + 0.3 * span], "nice": False,
                   "zero": False}}  # fmt: skip
    tips = [{"field": "day", "type": "nominal", "title": "评分日期"},
            {"field": "label", "type": "nominal", "title": "得分"}]  # fmt: skip
    goal = {"values": [{"goal": low, "text": f"短板线 {low:g} 分"}]}
    # At the end where the course is farther from the limit, so that they do not collide.
    is_right = abs(values[-1]["value"] - low) > abs(values[0]["value"] - low)
    is_low = {"test": "datum.is_low", "value": colours.missed}
    layers = [
        {"data": goal, "mark": {"type": "rule", "strokeDash": [4, 4], "color": colours.muted,
                                "strokeWidth": 1.4 * scale}, "encoding": {"y": {**y, "field": "goal"}}},
        {"data": goal, "mark": {"type": "text", "align": "right" if is_right else "left",
                                "baseline": "bottom" if is_right else "top", "dy": (-3 if is_right else 3) * scale,
                                "fontSize": 12 * scale, "color": colours.muted},
         "encoding": {"y": {**y, "field": "goal"}, "x": {"value": "width" if is_right else 2},
                      "text": {"field": "text"}}},
        {"mark": {"type": "line", "color": colours.bar, "strokeWidth": 2.2 * scale},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 70 * scale**2}, "encoding": {
            "x": x, "y": y, "tooltip": tips,
            "shape": {"condition": {**is_low, "value": "triangle-up"}, "value": "circle"},
            "color": {"condition": is_low, "value": colours.met}}},
        # Labels stand on the far side of the limit from it.
        *({"transform": [{"filter": f"datum.is_low == {below}"}],
           "mark": {"type": "text", "dy": dy * scale, "fontSize": 12.5 * scale, "color": colours.text},
           "encoding": {"x": x, "y": y, "text": {"field": "label"}}}
          for below, dy in (("false", -13), ("true", 15))),
    ]  # fmt: skip
    spoken = "，".join(f"{v['day']} {v['label']}" for v in values)
    charts.show(
        context, values, layers, height_px, key=key,
        alt=f"得分：{spoken}",
    )  # fmt: skip
