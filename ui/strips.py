"""The strip chart: one row a measure, the 14 subdistricts as dots between worst and best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from ui import cards, charts
from ui.session import Context
from ui.standing import NEUTRAL_WORD, Row
from ui.text import NO_DATA, UNREPORTED, number
from ui.theme import STATUS_LOOKS, Palette

_LEFT_PX, _RIGHT_PX, _EDGE_PX = 186, 252, 16
"""Room for the names of the measures, for value, rank and status, and beyond the last dot."""
_NEAR = 0.026
"""Dots closer than this share of the strip stand above one another."""
_STEP, _TALLEST = 0.1, 0.46
"""Height of a step and of the tallest pile of dots, in rows."""
_MARK_STEP = 0.34
_STAR = (
    "M0,-1L.2245,-.309L.9511,-.309L.3633,.118L.5878,.809L0,.382L-.5878,.809L-.3633,.118"
    "L-.9511,-.309L-.2245,-.309Z"
)


@dataclass(frozen=True)
class Mark:
    """How a subdistrict stands out: colour, Vega's shape and the like as a character, if any."""

    colour: str
    shape: str
    glyph: str


def own_mark(colours: Palette) -> Mark:
    """The mark of the one subdistrict that a page is about."""
    return Mark(colours.belt, "circle", "")


def compared_marks(colours: Palette, codes: Sequence[str]) -> dict[str, Mark]:
    """A mark for each compared subdistrict; no shape of theirs is the shape of a status."""
    looks = (
        Mark(colours.belt, "square", "■"),
        Mark(colours.axis, "diamond", "◆"),
        Mark(colours.corridor, _STAR, "★"),
        Mark(colours.zone, "cross", "✚"),
    )
    return dict(zip(codes, looks, strict=False))


def status_key_html() -> str:
    """The shapes of the status, in words."""
    return "".join(f"<span>{look.shape} {look.word}</span>" for look in STATUS_LOOKS.values())


def _key_html(rows: Sequence[Row], marks: Mapping[str, Mark]) -> str:
    """What the signs of the chart mean."""
    named = "".join(
        "<span>"
        + (
            f'<b style="color:{mark.colour}">{mark.glyph}</b>'
            if mark.glyph
            else f'<i class="dot own" style="--c:{mark.colour}"></i>'
        )
        + f"{escape(rows[0].standings[code].name)}</span>"
        for code, mark in marks.items()
    )
    others = '<span><i class="dot"></i>其他街道</span><span><i class="goal"></i>规划目标</span>'
    return named + others


def panel(
    context: Context,
    rows: Sequence[Row],
    marks: Mapping[str, Mark],
    key: str,
    height_px: float,
    width_share: float,
    labelled: str | None = None,
) -> None:
    """The strips with heading and key; without a single value, the targets that wait for one."""
    title = "在 14 个街道中的位置"
    if all(row.is_empty for row in rows):
        cards.block_title(title, "指标 · 规划目标")
        cards.empty("登记册尚未导入")
        cards.lines(
            (
                row.word,
                f"○ {UNREPORTED} · {row.measure.target.text}" if row.measure.target else NO_DATA,
            )
            for row in rows
        )
        return
    cards.block_title(title, "点击图形看该街道")
    looks = status_key_html() if labelled else ""
    st.html(f'<div class="strip-key">{_key_html(rows, marks)}{looks}</div>')
    strip_chart(context, rows, marks, key, height_px, width_share, labelled)


def _offsets(places: Sequence[float]) -> list[float]:
    """Heights (in rows) that keep dots of nearly one place apart: 0, up, down, further up …"""
    levels: list[int] = []
    for index, place in enumerate(places):
        near = {levels[n] for n in range(index) if abs(places[n] - place) < _NEAR}
        levels.append(next(n for n in range(len(places)) if n not in near))
    step = min(_STEP, _TALLEST / max([*levels, 1]))
    return [step * ((level + 1) // 2) * (-1 if level % 2 else 1) for level in levels]


def _mark_offsets(places: Sequence[float]) -> list[float]:
    """Heights (in rows) that let marks of nearly one place be seen beside one another."""
    heights = []
    for index, place in enumerate(places):
        pile = [n for n, other in enumerate(places) if abs(other - place) < _NEAR]
        heights.append(_MARK_STEP * (pile.index(index) - (len(pile) - 1) / 2))
    return heights


def _dots(rows: Sequence[Row], marks: Mapping[str, Mark], scale: float, colours: Palette) -> list:
    values = []
    for number_of_row, row in enumerate(rows):
        known = [s for s in row.standings.values() if s.place is not None]
        # The marked ones keep to the line, and lie above the others.
        known.sort(key=lambda s: (s.code not in marks, s.place))
        places = [s.place for s in known]
        marked = [s.place for s in known if s.code in marks]
        offsets = _mark_offsets(marked) + _offsets(places)[len(marked) :]
        for standing, offset in reversed(list(zip(known, offsets, strict=True))):
            mark = marks.get(standing.code)
            look = STATUS_LOOKS[standing.status].word if standing.status else ""
            tip = f"{row.text(standing.code)}，{standing.rank_text}"
            values.append(
                {
                    "code": standing.code,
                    "name": standing.name,
                    "measure": row.measure.title,
                    "tip": f"{tip}，{look}" if look else tip,
                    "x": round(standing.place, 5),
                    "y": number_of_row + offset,
                    "size": (230.0 if mark else 56.0) * scale**2,
                    "shape": mark.shape if mark else "circle",
                    "fill": mark.colour if mark else colours.muted,
                    "edge": colours.text if mark else colours.ground,
                }
            )
    return values


def _texts(rows: Sequence[Row], code: str | None, colours: Palette) -> list[dict]:
    """The words of each row: measure, ends of the scale, and the labelled one's value and rank."""
    made = []
    for number_of_row, row in enumerate(rows):
        standing = row.standings[code] if code else None
        look = STATUS_LOOKS[standing.status] if standing and standing.status else None
        digits = row.measure.digits
        is_same = not row.is_empty and row.worst == row.best
        made.append(
            {
                "y": number_of_row,
                "low": number_of_row + 0.36,
                "word": f"{row.word}（{NEUTRAL_WORD}）" if row.is_neutral else row.word,
                "worst": "" if row.worst == row.best else number(row.worst, digits),
                "best": "" if row.worst == row.best else number(row.best, digits),
                "same": f"各街道均为 {number(row.best, digits)}" if is_same else "",
                "goal": row.target_place,
                "value": row.text(code) if code else "",
                "rank": standing.rank_text if standing and standing.rank else "",
                "shape": look.shape if look else "",
                "tone": look.colour(colours) if look else colours.muted,
                "none": NO_DATA if row.is_empty else "",
            }
        )
    return made


def strip_chart(
    context: Context,
    rows: Sequence[Row],
    marks: Mapping[str, Mark],
    key: str,
    height_px: float,
    width_share: float,
    labelled: str | None = None,
) -> None:
    """Draw the strips; ``marks`` stand out, ``labelled`` has value, rank and status in words.

    ``width_share`` is the chart's part of the window's width. A click on a dot shows that
    subdistrict alone.
    """
    scale, colours = context.screen.scale, context.palette
    width_px = context.screen.width_px * (0.94 if context.screen.is_narrow else width_share)
    left, right = _LEFT_PX * scale, (_RIGHT_PX if labelled else _EDGE_PX) * scale
    strip_px = max(width_px - left - right, 120 * scale)
    x_scale = {"domain": [-left / strip_px, 1 + right / strip_px], "nice": False, "zero": False}
    y_scale = {"domain": [len(rows) - 0.45, -0.75], "nice": False, "zero": False}

    def x(field: str = "x") -> dict:
        return {"field": field, "type": "quantitative", "scale": x_scale, "axis": None}

    def at(place: float) -> dict:
        return {"datum": place, "type": "quantitative", "scale": x_scale, "axis": None}

    def y(field: str = "y") -> dict:
        return {"field": field, "type": "quantitative", "scale": y_scale, "axis": None}

    def right_of(px: float) -> dict:
        return at(1 + px * scale / strip_px)

    words = {"values": _texts(rows, labelled, colours)}
    heads = {"values": [{"x": 0, "y": -0.6, "text": "最差"}, {"x": 1, "y": -0.6, "text": "最好"}]}

    def text(field: str, place: dict, row: str = "y", size: float = 14.5, **mark: object) -> dict:
        look = {"type": "text", "baseline": "middle", "fontSize": size * scale} | mark
        return {
            "data": words,
            "mark": look,
            "encoding": {"x": place, "y": y(row), "text": {"field": field}},
        }

    small = {"size": 11.5, "color": colours.muted, "row": "low"}
    layers = [
        {"data": words, "mark": {"type": "rule", "color": colours.line, "strokeWidth": 2 * scale},
         "encoding": {"x": at(0), "x2": {"datum": 1}, "y": y()}},
        {"data": words, "transform": [{"filter": "isValid(datum.goal)"}],
         "mark": {"type": "tick", "orient": "vertical", "thickness": 2.6 * scale,
                  "size": 24 * scale, "color": colours.accent},
         "encoding": {"x": x("goal"), "y": y()}},
        {"params": [{"name": "pick", "select": {"type": "point", "fields": ["code"], "toggle": False}}],
         "mark": {"type": "point", "filled": True, "opacity": 1, "cursor": "pointer",
                  "strokeWidth": 1.1 * scale},
         "encoding": {
             "x": x(), "y": y(),
             "size": {"field": "size", "type": "quantitative", "scale": None},
             "shape": {"field": "shape", "type": "nominal", "scale": None},
             "fill": {"field": "fill", "type": "nominal", "scale": None},
             "stroke": {"field": "edge", "type": "nominal", "scale": None},
             "tooltip": [{"field": "name", "type": "nominal", "title": "街道"},
                         {"field": "measure", "type": "nominal", "title": "指标"},
                         {"field": "tip", "type": "nominal", "title": "现值"}]}},
        text("word", at(-left / strip_px), align="left", color=colours.text),
        text("none", at(0.5), align="center", color=colours.muted),
        text("same", at(0.5), align="center", **small),
        {"data": heads,
         "mark": {"type": "text", "fontSize": 12.5 * scale, "color": colours.muted},
         "encoding": {"x": x(), "y": y(), "text": {"field": "text"}}},
    ]  # fmt: skip
    if labelled:
        layers += [
            text("worst", at(0), align="left", **small),
            text("best", at(1), align="right", **small),
            text("value", right_of(118), align="right", fontWeight=600, color=colours.text),
            text("rank", right_of(214), align="right", size=13, color=colours.muted),
            text("shape", right_of(224), align="left", size=15),
        ]
        layers[-1]["encoding"]["color"] = {"field": "tone", "type": "nominal", "scale": None}
    spoken = [labelled] if labelled else list(marks)
    charts.show(
        context,
        _dots(rows, marks, scale, colours),
        layers,
        height_px,
        key=key,
        on_select=lambda: charts.pick_subdistrict(key),
        selection_mode="pick",
        alt="；".join(
            f"{row.word} "
            + "、".join(
                f"{row.standings[code].name} {row.text(code)} {row.standings[code].rank_text}"
                for code in spoken
            )
            for row in rows
        ),
    )
