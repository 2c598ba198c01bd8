"""The night over the whole width of the window, for walls and meetings (``view=wall``).

One picture with few words: what it shows on the left, four figures on the right, all over the map.
"""

from html import escape
from types import ModuleType

import streamlit as st

from ui import cards, light_card, light_choices, light_map, maps
from ui.light_choices import MODES, NIGHT_MODES
from ui.session import Context
from ui.text import map_alt

ABOVE_PX, KIOSK_ABOVE_PX = 212, 130
"""What stands above and below the map at scale 1: head and switch; in a kiosk head and foot."""
TITLES = {"lit": "上城夜景", "plan": "一带两廊三轴五区", "faults": "故障灯具"}
MOST_SENTENCES = 3
MOST_FIGURES = 4


def wall(context: Context, mode: str, module: ModuleType) -> None:
    """The map with its words over it; but for a kiosk, the switch between the looks of the night."""
    if not context.screen.is_kiosk:
        _controls(mode)
    with st.container(key="wall"):
        drawn = light_map.night(context)
        drawing = module.drawing(drawn)
        scale = context.screen.scale
        above_px = KIOSK_ABOVE_PX if context.screen.is_kiosk else ABOVE_PX
        maps.map_panel(
            drawn,
            "night_wall",
            [*drawing.layers, *light_card.marks(drawn)],
            drawing.legend,
            labels=drawing.labels,
            width_share=0.97,
            height_px=max(maps.LEAST_MAP_PX, round(context.screen.height_px - above_px * scale)),
            alt=map_alt(context.sentence, TITLES[mode], module.sentences(context)),
            is_wall=True,
            picks=light_card.PICKS,
        )
        _words(context, mode, module)


def _controls(mode: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="wall_controls"):
        light_choices.mode_switch(mode, {key: MODES[key] for key in NIGHT_MODES})
        st.button(
            "‹ 返回工作台", key="wall_close", on_click=light_choices.close_wall, width="content"
        )


def _words(context: Context, mode: str, module: ModuleType) -> None:
    """Title and sentences, and the figures, each in a corner of the map."""
    if context.screen.is_narrow:
        return
    sentences = module.sentences(context)[:MOST_SENTENCES]
    with st.container(key="wall_words"):
        st.html(
            f'<div class="night wall-title"><h2>{escape(TITLES[mode])}</h2>'
            f"<p>{escape(context.sentence)}</p></div>"
        )
        cards.findings(sentences)
    with st.container(key="wall_figures"):
        cards.figures(module.figures_of(context)[:MOST_FIGURES])
