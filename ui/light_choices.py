"""What the address of the lighting page chooses: what the map shows, the wall-sized night, the gap.

``show`` is the mode, ``view`` desk or wall, ``gap`` how far apart lamps may stand (metres).
"""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from data.office_rules import office_rules
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
GAP_MODE = "spots"
"""Mode in which the gap is chosen."""
MODE_KEY, VIEW_KEY, GAP_KEY = "show", "view", "gap"
MOST_GAP_M, GAP_STEP_M = 200, 10
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
        elif mode == GAP_MODE:
            with st.popover(f"灯距上限 {chosen_gap_m():g} 米", width="content"):
                _gap_slider()


def chosen_gap_m() -> float:
    """From which distance on lamps stand too far apart: by the address, else by the office's rule."""
    known, default = gaps_offered()
    gap = address.chosen(GAP_KEY, known, default, "灯距上限")
    if st.query_params.get(GAP_KEY, gap) != gap:
        # It is said once: other parts of the page ask again.
        st.query_params.pop(GAP_KEY, None)
    return float(gap)


def gaps_offered() -> tuple[list[str], str]:
    """Distances to choose from, from what the register of gaps keeps on, and the office's own."""
    rules = office_rules()
    least, own = (rules[key].value for key in ("dark_gap_least_m", "dark_gap_m"))
    steps = range(round(least), MOST_GAP_M + 1, GAP_STEP_M)
    return [f"{one:g}" for one in sorted({own, *steps})], f"{own:g}"


def _gap_slider() -> None:
    known, _ = gaps_offered()
    shown = address.bound(GAP_KEY, "light_gap", f"{chosen_gap_m():g}")
    st.select_slider("相邻灯具间距不小于（米）即为疑似盲区", known, **shown)
    st.caption(f"默认值：{office_rules()['dark_gap_m'].source}")


def is_wall(mode: str) -> bool:
    """Whether the night fills the window (``view=wall``); only maps of the night do."""
    return address.chosen(VIEW_KEY, _VIEWS, "desk", "视图") == "wall" and mode in NIGHT_MODES


def open_wall() -> None:
    """Let the night fill the window."""
    st.query_params[VIEW_KEY] = "wall"


def close_wall() -> None:
    """Back to the page with all its columns."""
    st.query_params.pop(VIEW_KEY, None)
