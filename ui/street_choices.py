"""What the address of the street page chooses: what the map shows, panel and table with it."""

from ui import address

MODES = {
    "demonstration": "示范街",
    "repair": "道路修缮",
    "pavement": "路面状况",
    "points": "无障碍与桥梁",
    "whole": "道路总体",
}
"""What the map can show, by the key ``show`` of the address; figures, panel and table follow it."""
MODE_KEY = "show"


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "demonstration", "图层")


def mode_switch(mode: str) -> None:
    """The switch between what the map shows."""
    address.switch(MODE_KEY, MODES, mode, "street_mode", "图层")
