"""Figures against their targets, sentences and short lists: plain HTML, everything escaped."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

import streamlit as st

from data.status import Target, judge
from ui.text import NO_DATA, NO_FINDINGS, SAMPLE_TAG, number
from ui.theme import STATUS_LOOKS, StatusLook

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_TARGET = re.compile(r"([＞≥＝≤＜]\d[^）\s，。；*<&]*)")
"""A target such as ≥80%: a line must not break inside it."""
_BEFORE_UNIT = re.compile(r"(?<=\d)((?:\*\*)?) (?=[^\d\s])")
"""The space between a number and its unit: no line begins with a unit."""


@dataclass(frozen=True)
class Figure:
    """One large number: value, unit, target, what is missing, where it comes from."""

    label: str
    value: float | None
    unit: str = ""
    digits: int = 0
    target: Target | None = None
    compared: float | None = None
    """Value compared with the target where it is not the one shown (13 of 14 streets)."""
    detail: str = ""
    when_empty: str = ""
    """What stands in place of ``detail`` when there is no value."""
    is_sample: bool = False
    definition: str = ""
    trend_html: str = ""
    """A small course beside the value, as ``scoreboard.spark_html`` makes it."""
    scope: str = ""
    """A tag such as 全区 where the figure does not follow the filter."""
    pick: str = ""
    """What a click on the card gives as ``context.picked``."""

    @property
    def status(self) -> str | None:
        """Status key, None where there is no target."""
        if self.target is None:
            return None
        return judge(self.value if self.compared is None else self.compared, self.target)


def strong(text: str) -> str:
    """Escaped HTML of a text in which ``**…**`` marks what matters."""
    marked = _STRONG.sub(r"<b>\1</b>", escape(text))
    return _TARGET.sub(r'<span class="whole">\1</span>', marked)


def sample_tag(is_sample: bool) -> str:
    """The «示例» tag, or nothing."""
    return f'<span class="sample">{SAMPLE_TAG}</span>' if is_sample else ""


def _figure_html(figure: Figure) -> str:
    status = figure.status
    look = STATUS_LOOKS.get(status) if status else None
    tone = f"var(--{look.role})" if look else "var(--line)"
    is_missing = figure.value is None or figure.value != figure.value
    if is_missing:
        nothing = "—" if figure.when_empty else NO_DATA
        value = f'<div class="value none">{nothing}</div>'
    else:
        text = number(figure.value, figure.digits)
        value = f'<div class="value">{text}<small>{escape(figure.unit)}</small></div>'
    parts = []
    if look:
        parts.append(f"<b>{look.shape} {look.word}</b> 目标 {escape(figure.target.text)}")
    detail = figure.when_empty if is_missing else figure.detail
    if detail:
        parts.append(escape(detail))
    status_line = " · ".join(parts) or "&nbsp;"
    scope = f'<span class="scope">{escape(figure.scope)}</span>' if figure.scope else ""
    return (
        f'<div class="figure" style="--tone:{tone}"{_reached(figure)}>'
        f'<div class="label"><span>{escape(figure.label)}</span>{scope}{sample_tag(figure.is_sample)}</div>'
        f'<div class="main">{value}{figure.trend_html}</div><div class="status">{status_line}</div></div>'
    )


def hint(text: str) -> str:
    """Attributes of an element that explains itself with this text; nothing where there is none.

    The mouse is shown a title by the browser, keys and fingers by the style sheet: below the
    element that has the focus.
    """
    return f' title="{escape(text, quote=True)}" role="note" tabindex="0"' if text else ""


def _reached(figure: Figure) -> str:
    """Attributes of a card by which mouse, keys and fingers come to its page and its definition."""
    if not figure.pick:
        return hint(figure.definition)
    title = f' title="{escape(figure.definition, quote=True)}"' if figure.definition else ""
    return f'{title} data-pick="{escape(figure.pick, quote=True)}" role="button" tabindex="0"'


def figures(items: Iterable[Figure]) -> None:
    """The strip of figures at the head of a page."""
    st.html(f'<div class="figures">{"".join(_figure_html(item) for item in items)}</div>')


def findings(sentences: Sequence[str]) -> None:
    """Two or three sentences made from the data; ``**…**`` marks what matters."""
    told = (_BEFORE_UNIT.sub("\\1\u00a0", sentence) for sentence in sentences or [NO_FINDINGS])
    rows = "".join(f"<li>{strong(sentence)}</li>" for sentence in told)
    st.html(f'<ul class="findings">{rows}</ul>')


def block_title(text: str, note: str = "") -> None:
    """Heading of a chart or list inside a column."""
    st.html(f'<div class="block-title">{escape(text)}<small>{escape(note)}</small></div>')


def lines(rows: Iterable[tuple[str, str]]) -> None:
    """A short list: what, and how much."""
    body = "".join(f"<li><span>{strong(a)}</span><span>{escape(b)}</span></li>" for a, b in rows)
    st.html(f'<ul class="lines">{body}</ul>')


def states(entries: Iterable[tuple[StatusLook, int]], unit: str) -> None:
    """How many things are in each state, with its shape and word."""
    body = "".join(
        f'<span style="--tone:var(--{look.role})"><b>{look.shape}</b> {look.word}'
        f" <strong>{count}</strong> {escape(unit)}</span>"
        for look, count in entries
    )
    st.html(f'<div class="states">{body}</div>')


def facts(rows: Iterable[tuple[str, str]], picks: Mapping[str, str] = MappingProxyType({})) -> None:
    """Names with what they are; by the name in ``picks``, what a click on it gives as ``picked``."""
    body = "".join(
        f"<dt>{escape(name)}</dt><dd>{_pick_link(picks[name], text) if name in picks else escape(text)}</dd>"
        for name, text in rows
    )
    st.html(f'<dl class="explained">{body}</dl>')


def _pick_link(pick: str, text: str) -> str:
    return (
        f'<a class="pick" data-pick="{escape(pick, quote=True)}" role="button" tabindex="0">'
        f"{escape(text)}</a>"
    )


def empty(reason: str = "所选范围内没有记录") -> None:
    """«无数据» in place of a chart, map or table."""
    st.html(f'<div class="empty">{NO_DATA}：{escape(reason)}</div>')


def refusal(title: str, text: str) -> None:
    """Why something cannot be done, or not go on, in the place where it was asked for."""
    st.html(f'<div class="refusal" role="alert"><b>▲ {escape(title)}</b>{escape(text)}</div>')


def done(title: str, text: str = "") -> None:
    """What has just been done."""
    st.html(f'<div class="achieved" role="status"><b>● {escape(title)}</b>{escape(text)}</div>')
