"""What the address of the street page chooses: what the map shows, panel and table with it."""

import streamlit as st

from ui import address, street_compare
from ui.focus import clear_focus

MODES = {
    "demonstration": "示范街",
    "repair": "道路修缮",
    "pavement": "路面状况",
    "points": "无障碍与桥梁",
    "whole": "道路总体",
}
"""What the map can show, by the key ``show`` of the address; figures, panel and table follow it."""
ORDERS = {"open": "未命名在前", "place": "按街道"}
"""In which order the gallery shows its cards, by the key ``order`` of the address."""
MODE_KEY, VIEW_KEY, ORDER_KEY = "show", "view", "order"
_VIEWS = ("map", "gallery")
CONTROLS_REM = 2.4
"""Height of the mode switch above the map."""


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "demonstration", "图层")


def mode_switch(mode: str) -> None:
    """The switch between what the map shows."""
    address.switch(MODE_KEY, MODES, mode, "street_mode", "图层")


def is_gallery(mode: str, is_map_wanted: bool) -> bool:
    """Whether the demonstration streets are shown as cards (``view=gallery``), not on the map.

    While the map is wanted, for an item in focus or a comparison, it is shown; then the cards are back.
    """
    view = address.chosen(VIEW_KEY, _VIEWS, "map", "视图")
    return mode == "demonstration" and view == "gallery" and not is_map_wanted


def open_gallery() -> None:
    """Show the cards."""
    clear_focus()
    street_compare.close()
    st.query_params[VIEW_KEY] = "gallery"


def close_gallery() -> None:
    """Show the map."""
    st.query_params.pop(VIEW_KEY, None)


def chosen_order() -> str:
    """The order of the cards."""
    return address.chosen(ORDER_KEY, list(ORDERS), "open", "次序")


def order_switch(order: str) -> None:
    """The switch between the orders of the cards."""
    address.switch(ORDER_KEY, ORDERS, order, "street_order", "次序")
