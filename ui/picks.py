"""Clicks on parts of our own HTML: elements with ``data-pick`` say what was picked."""

from functools import cache
from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_name("picks.js")


@cache
def _component():
    return st.components.v2.component("cockpit_picks", js=_SCRIPT.read_text(encoding="utf-8"))


def picked() -> str | None:
    """The ``data-pick`` of the element clicked just now; None in every other run.

    Call it once a page, before the page is drawn, so that the same run shows what was picked. The
    text comes from the browser: look it up, never trust it.
    """
    with st.container(key="page_picks", height=1, border=False):
        result = _component()(key="picks", on_picked_change=_nothing)
    return result.picked if isinstance(result.picked, str) else None


def _nothing() -> None:
    """A trigger is reported to Python only where someone listens."""
