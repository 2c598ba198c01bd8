"""What the address of the lighting page chooses: what the map shows, and the wall-sized night."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from ui import address

MODES = {
    "lit": "亮灯",
    "plan": "规划",
    "faults": "故障",
    "spots": "盲区暗点",
    "service": "设施与能耗",
}
"""What the map can show, by the key ``show`` of the address; figures, panel and table follow it."""
NIGHT_MODES = ("lit", "plan", "faults")
"""Modes whose map is the city by night, dark in both themes."""
MODE_KEY, VIEW_KEY = "show", "view"
_VIEWS = ("desk", "wall")


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "lit", "图层")


def mode_switch(mode: str, modes: Mapping[str, str] = MappingProxyType(MODES)) -> None:
    """The switch between what the map shows."""
    address.switch(MODE_KEY, modes, mode, "light_mode", "图层")


def controls(mode: str) -> None:
    """The switch above the map, with the way to the wall-sized night where there is one."""
    with st.container(horizontal=True, vertical_alignment="center", key="light_controls"):
        mode_switch(mode)
        if mode in NIGHT_MODES:
            st.button(
                "大屏夜景",
                key="wall_open",
                on_click=open_wall,
                width="content",
                icon=":material/fullscreen:",
            )


def is_wall(mode: str) -> bool:
    """Whether the night fills the window (``view=wall``); only maps of the night do."""
    return address.chosen(VIEW_KEY, _VIEWS, "desk", "视图") == "wall" and mode in NIGHT_MODES


def open_wall() -> None:
    """Let the night fill the window."""
    st.query_params[VIEW_KEY] = "wall"


def close_wall() -> None:
    """Back to the page with all its columns."""
    st.query_params.pop(VIEW_KEY, None)
