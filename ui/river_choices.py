"""What the address of the river page chooses beside the filter: month, map mode, rivers assumed.

The year is the filter's, so that month and year can never disagree: ``month`` is 1 to 12 of it.
"""

from datetime import date

import streamlit as st

from ui import address
from ui.session import Context

MODES = {
    "beautiful": "美丽河湖",
    "quality": "水质类别",
    "warning": "三色预警",
    "facilities": "河道设施",
    "projects": "规划项目",
}
"""What the map can show, by the key ``show`` of the address; panel and table follow it."""
MODE_KEY, MONTH_KEY, ASSUMED_KEY = "show", "month", "assume"


def chosen_mode() -> str:
    """What the map shows."""
    return address.chosen(MODE_KEY, list(MODES), "beautiful", "图层")


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
    asked = st.query_params.get_all(ASSUMED_KEY)
    if not asked:
        return ()
    open_ids = set(context.frame("rivers_open")["river_id"])
    return tuple(dict.fromkeys(river_id for river_id in asked if river_id in open_ids))
