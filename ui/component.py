"""Components of our own: a script, the sheet beside it, and before it what all scripts share."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_FOLDER = Path(__file__).parent


@cache
def component(name: str) -> ComponentRenderer:
    """What mounts the component of ``name.js`` and, where there is one, ``name.css``."""
    sheet = _FOLDER / f"{name}.css"
    return st.components.v2.component(
        f"cockpit_{name}",
        js="\n".join(_text(_FOLDER / f"{part}.js") for part in ("shared", name)),
        css=_text(sheet) if sheet.exists() else None,
    )


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
