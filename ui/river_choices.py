"""What the address of the river page chooses beside the filter: month, map mode, rivers assumed.

The year is the filter's, so that month and year can never disagree: ``month`` is 1 to 12 of it.
"""

from collections.abc import Iterable
from datetime import date

import streamlit as st

from ui import address, header
from ui.focus import ITEM_KEY
from ui.session import Context

MODES = {
    "beautiful": "美丽河湖",
    "quality": "水质类别",
    "warning": "三色预警",
    "facilities": "河道设施",
    "projects": "规划项目",
}
"""What the map can show, by the key ``show`` of the address; panel and table follow it."""
PANELS = {"list": "项目", "layout": "示范河道与布局"}
"""What stands beside the map of projects, by the key ``panel``."""
MODE_KEY, MONTH_KEY, ASSUMED_KEY, PANEL_KEY = "show", "month", "assume", "panel"


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "beautiful", "图层")


def chosen_panel() -> str:
    """What stands beside the map of projects."""
    return address.chosen(PANEL_KEY, list(PANELS), "list", "面板")


def chosen_month(context: Context) -> date:
    """First day of the month that is shown: by the address, else the last one measured in the year.

    December where nothing was measured in the year at all.
    """
    last = context.row("quality_last_month")["last_month"] or 12
    months = [str(number) for number in range(1, 13)]
    number = address.chosen(MONTH_KEY, months, str(last), "月份")
    return date(context.filter.year, int(number), 1)


def month_text(month: date) -> str:
    """A month as people write it: 2025 年 6 月."""
    return f"{month.year} 年 {month.month} 月"


def assumed_rivers(context: Context) -> tuple[str, ...]:
    """Ids of the rivers that are assumed to become beautiful ones: of the address, those not yet so."""
    asked = address.every(ASSUMED_KEY)
    if not asked:
        return ()
    open_ids = set(context.frame("rivers_open")["river_id"])
    return tuple(river_id for river_id in asked if river_id in open_ids)


def assume(river_ids: Iterable[str]) -> None:
    """Write into the address which rivers are assumed to become beautiful ones."""
    address.write(ASSUMED_KEY, list(dict.fromkeys(river_ids)))


def follow_assumptions(context: Context) -> None:
    """Take up a click on «假设创建成功» and tell of rivers in the address that do not exist.

    Once a run, before the assumed rivers are asked for.
    """
    asked = address.every(ASSUMED_KEY)
    known = set(context.frame("river_names")["river_id"])
    unknown = [river_id for river_id in asked if river_id not in known]
    if unknown:
        named = address.named(unknown, "条")
        header.notices([f"网址中假设创建的河道{named}不存在，已忽略。"])
    kind, _, river_id = (context.picked or "").partition(":")
    if kind == ASSUMED_KEY and river_id in known:
        # What is assumed for another year stays in the address, so that going back brings it back.
        before = [one for one in asked if one in known and one != river_id]
        assume(before if river_id in asked else [*before, river_id])


def mode_switch(mode: str) -> None:
    """The switch between what the map shows."""
    address.switch(MODE_KEY, MODES, mode, "river_mode", "图层")


def scope(mode: str) -> str:
    """What else the page shows than its month, as one text that changes whenever any of it does."""
    chosen = [mode, st.query_params.get(ITEM_KEY, ""), *st.query_params.get_all(ASSUMED_KEY)]
    return "|".join(chosen)
