"""The 28 indicators in HTML: states counted, one tile each, or one row each with its course."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

import streamlit as st

from data.contracts import FIRST_YEAR, LAST_YEAR
from ui import cards
from ui.indicators import Indicator, base_text, by_category, counts
from ui.theme import STATUS_LOOKS

_HALF_LINE_PCT = 4.5
"""Half the thickness of a course's line, in percent of its height."""


def spark_html(one: Indicator) -> str:
    """The course of an indicator as a small line with a dot a year and the target dashed."""
    return course_html(one.course, one.target.value, one.year, one.text_of)


def course_html(
    course: Sequence[tuple[int, float]],
    goal: float | None,
    year: int,
    text_of: Callable[[float], str],
) -> str:
    """Values by year as a small line with a dot a year, ``year`` marked and the goal dashed."""
    if not course:
        return '<span class="spark"></span>'
    levels = [value for _, value in course] + ([] if goal is None else [goal])
    low, span = min(levels), (max(levels) - min(levels)) or 1.0
    years = LAST_YEAR - FIRST_YEAR

    def place(at: float, value: float) -> tuple[float, float]:
        return 6 + 88 * (at - FIRST_YEAR) / years, 88 - 76 * (value - low) / span

    points = [place(*point) for point in course]
    upper = [f"{x:.1f}% {y - _HALF_LINE_PCT:.1f}%" for x, y in points]
    lower = [f"{x:.1f}% {y + _HALF_LINE_PCT:.1f}%" for x, y in reversed(points)]
    line = f'<i class="course" style="clip-path:polygon({",".join(upper + lower)})"></i>'
    dots = "".join(
        f'<i class="dot{" now" if at == year else ""}" style="left:{x:.1f}%;top:{y:.1f}%"></i>'
        for (at, _), (x, y) in zip(course, points, strict=True)
    )
    dashed = (
        ""
        if goal is None
        else f'<i class="goal" style="top:{place(FIRST_YEAR, goal)[1]:.1f}%"></i>'
    )
    spoken = "，".join(f"{at} 年 {text_of(value)}" for at, value in course)
    return (
        f'<span class="spark" title="{escape(spoken, quote=True)}">'
        f"{dashed}{line if len(points) > 1 else ''}{dots}</span>"
    )


def _tone(one: Indicator) -> str:
    return f"var(--{STATUS_LOOKS[one.status].role})"


def _warned(one: Indicator, contradicted: Iterable[int]) -> str:
    return '<span class="warn" title="规划前后不一致">⚠</span>' if one.no in contradicted else ""


def _pick(one: Indicator) -> str:
    look = STATUS_LOOKS[one.status]
    label = f"{one.no} {one.name}：{look.word}，{one.value_text}，目标 {one.target.text}"
    return (
        f'data-pick="{one.no}" role="button" tabindex="0" aria-label="{escape(label, quote=True)}"'
    )


def _row_html(one: Indicator, is_chosen: bool, contradicted: Iterable[int], is_part: bool) -> str:
    look = STATUS_LOOKS[one.status]
    scope = "<em>全区</em>" if is_part and one.is_of_whole_district else ""
    gap = f" · {escape(one.gap)}" if one.gap else ""
    return (
        f'<div class="ind{" chosen" if is_chosen else ""}" style="--tone:{_tone(one)}" {_pick(one)}>'
        f'<b class="shape">{look.shape}</b><span class="no">{one.no}</span>'
        f'<span class="name">{escape(one.name)}{_warned(one, contradicted)}</span>{spark_html(one)}'
        f'<span class="now">{escape(one.value_text)}</span>'
        f'<span class="goal-text">{look.word} · 目标 {escape(one.target.text)}{gap}</span>'
        f"<span class='tags'>{scope}{cards.sample_tag(one.is_sample)}</span></div>"
    )


def rows(
    found: Sequence[Indicator], chosen_no: int, contradicted: Iterable[int], is_part: bool
) -> None:
    """All indicators by category, each a row that can be picked, in two columns."""
    groups = by_category(found)
    columns: list[list[str]] = [[], []]
    filled = 0
    for category, members in groups.items():
        met = counts(members)["met"]
        body = "".join(
            _row_html(one, one.no == chosen_no, contradicted, is_part) for one in members
        )
        head = f"<h3>{escape(category)}<small>{met} / {len(members)} 达标</small></h3>"
        columns[0 if filled < len(found) / 2 else 1].append(head + body)
        filled += len(members)
    st.html(
        '<div class="indicators">'
        + "".join(f"<section>{''.join(parts)}</section>" for parts in columns)
        + "</div>"
    )


def _states_html(found: Sequence[Indicator], is_part: bool) -> str:
    """States counted; under a subdistrict filter those that do not follow it are counted apart."""
    if not is_part:
        return f'<div class="states">{_counted_html(found)}</div>'
    own = [one for one in found if not one.is_of_whole_district]
    rest = [one for one in found if one.is_of_whole_district]
    return "".join(
        f'<div class="states"><span>{word} {len(group)} 项</span>{_counted_html(group)}</div>'
        for word, group in (("按街道", own), ("全区", rest))
    )


def _counted_html(found: Sequence[Indicator]) -> str:
    return "".join(
        f'<span style="--tone:var(--{STATUS_LOOKS[status].role})"><b>{STATUS_LOOKS[status].shape}</b> '
        f"{STATUS_LOOKS[status].word} <strong>{count}</strong></span>"
        for status, count in counts(found).items()
    )


def states(found: Sequence[Indicator], is_part: bool) -> None:
    """How many indicators are in each state."""
    st.html(_states_html(found, is_part), width="stretch")


def tiles(found: Sequence[Indicator], is_part: bool) -> None:
    """One tile an indicator by category: number, shape and colour of its state.

    With ``is_part`` (a subdistrict filter) those that do not follow it are dashed.
    """
    lines = []
    for category, members in by_category(found).items():
        boxes = "".join(_tile_html(one, is_part) for one in members)
        lines.append(
            f"<li><span>{escape(category)}</span><div>{boxes}</div>"
            f"<span>{counts(members)['met']} / {len(members)}</span></li>"
        )
    st.html(f'{_states_html(found, is_part)}<ul class="tiles">{"".join(lines)}</ul>')


def _tile_html(one: Indicator, is_part: bool) -> str:
    look = STATUS_LOOKS[one.status]
    kind = "tile whole" if is_part and one.is_of_whole_district else "tile"
    return (
        f'<i class="{kind}" style="--tone:{_tone(one)}" title="{escape(_told(one), quote=True)}" '
        f"{_pick(one)}><b>{look.shape}</b>{one.no}</i>"
    )


def _told(one: Indicator) -> str:
    """What a tile says when pointed at."""
    look = STATUS_LOOKS[one.status]
    parts = [
        f"{one.no} {one.name}",
        f"{look.word}：{one.value_text}，目标 {one.target.text}",
        one.gap,
        one.basis,
    ]
    base = base_text(one)
    return "\n".join(part for part in [*parts, f"基期 {base}" if base else ""] if part)
