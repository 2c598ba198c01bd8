"""The frame of a kiosk: one line at the head, one at the foot, and nothing that scrolls or can be set."""

from html import escape

import streamlit as st

from ui.cards import sample_tag
from ui.session import Context
from ui.show import Show
from ui.text import BOUNDARY_NOTE, COORDINATES_NOTE, GEOGRAPHY_NOTE, SOURCE_KINDS, data_note


def head(title: str, sentence: str, show: Show | None, year: int, has_sample: bool) -> None:
    """Title, what is shown of it, where in the story, clock, and of when the data are."""
    scene = ""
    if show is not None and show.is_at_scene:
        named = f"{show.story.title} · " if show.is_story else ""
        scene = (
            f'<span class="kiosk-scene"><b>{escape(show.place_text)}</b> {escape(named)}'
            f'{escape(show.scene.title)}<i data-progress=""></i></span>'
        )
    st.html(
        f'<div class="kiosk-head"><h1>{escape(title)}</h1><p>{escape(sentence)}</p>{scene}'
        f'<span class="kiosk-date">{escape(data_note(year))} {sample_tag(has_sample)}</span>'
        f'<time class="kiosk-clock" data-clock=""></time></div>'
    )


def foot(context: Context, names: tuple[str, ...], show: Show | None) -> None:
    """Where the page's figures come from, in one line; and which scenes of the story are left out."""
    used = [row for row in context.datasets_of(names) if row.row_count > 0]
    kinds: dict[str, list[str]] = {}
    for row in used:
        kinds.setdefault(row.source_kind, []).append(row.as_of)
    told = [f"{SOURCE_KINDS[kind]}（{max(dates)}）" for kind, dates in kinds.items()]
    parts = [f"来源：{'、'.join(told)}", GEOGRAPHY_NOTE, BOUNDARY_NOTE, COORDINATES_NOTE]
    if skipped := skipped_text(show):
        parts.insert(0, f"▲ {skipped}")
    st.html(f'<div class="kiosk-foot">{escape(" · ".join(parts))}</div>')


def skipped_text(show: Show | None) -> str:
    """Which scenes of a story are left out because something in them does not exist."""
    if show is None:
        return ""
    numbers = sorted({problem.scene_no for problem in show.story.problems if problem.scene_no})
    if not numbers:
        return ""
    return f"已跳过第 {'、'.join(map(str, numbers))} 幕（场景有误，见演示页）"
