"""The months of the plan as a slider over a small histogram, with a button that plays them."""

from datetime import date

import streamlit as st

from data.contracts import FIRST_YEAR, YEARS
from data.office_rules import office_rules
from ui.component import component
from ui.river_choices import MONTH_KEY, month_text
from ui.session import Context
from ui.text import NO_DATA, number

_KEY = "months"
_WORDS = {
    "label": "月份",
    "play": "播放",
    "pause": "暂停",
    "back": "前一个月",
    "forward": "后一个月",
}


def month_slider(context: Context, chosen: date, scope: str = "") -> None:
    """Draw the slider at the chosen month; moving it changes the year and month of the address.

    Its bars are the share of judged sections worse than class Ⅳ, with the limit that the target
    leaves. ``scope`` is what else is shown: when it changes, playing stops.
    """
    limit_pct = 100 - office_rules()["stable_share_pct"].value
    rows = context.frame("quality_by_month")
    bars = [_bar(row, limit_pct) for row in rows.itertuples()]
    component("months")(
        key=_KEY,
        data={
            "bars": bars,
            "chosen": (chosen.year - FIRST_YEAR) * 12 + chosen.month - 1,
            "limit": limit_pct,
            "top": max([2 * limit_pct, *(bar["share"] or 0 for bar in bars)]),
            "years": list(YEARS),
            "title": f"劣于Ⅳ类的断面占比（横线 {limit_pct:g}%）",
            "scope": f"{scope}|{context.filter.subdistrict_codes}",
            "words": _WORDS,
        },
        on_moved_change=_move,
    )


def _bar(row: tuple, limit_pct: float) -> dict:
    """One month as the component draws and says it; without a share where nothing was judged."""
    named = month_text(row.month)
    if not row.evaluated_count:
        return {"share": None, "tone": "muted", "text": f"{named}：{NO_DATA}"}
    worse = row.evaluated_count - row.met_count
    worse_pct = 100 * worse / row.evaluated_count
    said = f"{worse}/{row.evaluated_count} 个断面劣于Ⅳ类（{number(worse_pct, 1)}%）"
    tone = "missed" if worse_pct > limit_pct else "met"
    return {"share": worse_pct, "tone": tone, "text": f"{named}：{said}"}


def _move() -> None:
    """Take over the month that was chosen in the browser; anything else is ignored."""
    index = st.session_state[_KEY].get("moved")
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(YEARS) * 12:
        return
    st.session_state["year"] = FIRST_YEAR + index // 12
    st.query_params[MONTH_KEY] = str(index % 12 + 1)
