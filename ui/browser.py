"""What only the browser knows or can do: screen size, clicks, theme by address, Chinese texts."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from ui.component import component

_FOLDER = Path(__file__).parent

DESIGN_WIDTH_PX = 1920
DESIGN_HEIGHT_PX = 1080
COLUMN_SHARES, BAND_SHARES = (0.27, 0.45, 0.28), (0.33, 0.27, 0.4)
"""Widths of findings, map and comparison. The district is taller than wide: on a band (from 3 : 1) a wide
column would leave its map dark on both sides."""
BAND = 3.0
TOUCH_TARGET_PX = 44


@dataclass(frozen=True)
class Screen:
    """The browser window in CSS pixels, rounded to steps so that small changes refit nothing."""

    width_px: int = DESIGN_WIDTH_PX
    height_px: int = DESIGN_HEIGHT_PX
    is_kiosk: bool = False
    """Whether the page must fit the window: then its height counts for the scale as well."""
    is_calm: bool = False
    """Whether the visitor asks for reduced motion."""
    text_size: float = 1.0
    """How much larger the visitor wants all text."""
    is_touch: bool = False
    """Whether the visitor points with a finger; rows of a kiosk have no room for that (decision 0023)."""

    @property
    def scale(self) -> float:
        """How much larger than on a 1920-pixel screen text and lines are drawn."""
        scale = self.width_px / DESIGN_WIDTH_PX
        if self.is_kiosk:
            scale = min(scale, self.height_px / DESIGN_HEIGHT_PX)
        return min(2.5, max(0.875, scale)) * self.text_size

    def target_px(self, rem: float) -> int:
        """Height of a row that can be chosen, given in rem: a finger needs 44 px (WCAG 2.5.5)."""
        height_px = round(rem * 16 * self.scale)
        return max(height_px, TOUCH_TARGET_PX) if self.is_touch else height_px

    @property
    def column_shares(self) -> tuple[float, float, float]:
        """Widths of a page's three columns: findings, map, comparison."""
        return BAND_SHARES if self.is_band else COLUMN_SHARES

    @property
    def is_band(self) -> bool:
        """True for a window that is very wide and low."""
        return self.width_px >= BAND * self.height_px

    @property
    def is_narrow(self) -> bool:
        """True where the columns stand below one another."""
        return self.width_px < 1000


@cache
def _words() -> dict[str, str]:
    return json.loads((_FOLDER / "streamlit_zh.json").read_text(encoding="utf-8"))


def connect_browser(
    theme: str | None, is_kiosk: bool = False, text_size: float = 1.0
) -> tuple[Screen, str | None]:
    """Mount the browser side; returns the screen as last reported, and what was clicked just now.

    Before a report the screen is as on the last visit, or 1920×1080. Clicked is the ``data-pick``
    of an element of our own HTML: it comes from the browser, so look it up, never trust it.

    ``theme`` is ``dark``, ``light`` or None to follow the system. The other two are as in ``Screen``.
    """
    last = st.session_state.get("screen_size") or _size_of_last_visit()
    result = component("browser")(
        key="browser",
        data={
            "theme": theme,
            "active": st.context.theme.type,
            "size": last,
            "words": _words(),
        },
        default={"size": last, "calm": False, "touch": False},
        on_size_change=lambda: None,
        on_calm_change=lambda: None,
        on_touch_change=lambda: None,
        on_picked_change=lambda: None,
    )
    size = result.size if _is_size(result.size) else last
    st.session_state["screen_size"] = list(size)
    picked = result.picked if isinstance(result.picked, str) else None
    screen = Screen(
        int(size[0]), int(size[1]), is_kiosk, result.calm is True, text_size,
        result.touch is True and not is_kiosk,
    )  # fmt: skip
    return screen, picked


def _size_of_last_visit() -> list[int]:
    sides = str(st.context.cookies.get("cockpit_screen", "")).split("x")
    size = [int(side) for side in sides if side.isascii() and side.isdecimal() and len(side) < 6]
    return size if _is_size(size) else [DESIGN_WIDTH_PX, DESIGN_HEIGHT_PX]


def _is_size(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(side, int | float) and 100 <= side <= 20000 for side in value)
    )
