"""The style sheet with one theme's colours filled in."""

from functools import cache
from pathlib import Path

import streamlit as st

from ui.theme import DARK, FONT, SERIF, Palette

_SHEET = Path(__file__).with_name("style.css")
_ROLES = (
    "ground", "panel", "raised", "line", "text", "muted", "accent", "link", "halo", "met", "near", "missed",
    "unreported", "belt",
)  # fmt: skip


def _variables(colours: Palette) -> str:
    return "".join(f"--{role}:{getattr(colours, role)};" for role in _ROLES)


@cache
def _sheet(colours: Palette, text_size: float) -> str:
    fonts = f"--serif:{SERIF};--sans:{FONT};--text-size:{text_size};"
    head = f":root{{{_variables(colours)}{fonts}}}"
    # A map of the night is dark in both themes, and so is what lies on it.
    head += f".night,.st-key-wall,[class*=st-key-map_night]{{{_variables(DARK)}}}"
    # Not style alone: Streamlit would put that last on the page, and the rest would flash unstyled.
    return f"<span></span><style>{head}{_SHEET.read_text(encoding='utf-8')}</style>"


def apply(colours: Palette, text_size: float = 1.0) -> None:
    """Put the style sheet into the page; ``text_size`` is as in ``browser.Screen``."""
    with st.container(key="style_sheet", height=1, border=False):
        st.html(_sheet(colours, text_size))
