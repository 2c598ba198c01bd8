"""How a page is laid out: three columns under the figures, sized to the window."""

from collections.abc import Sequence
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.maps import map_height_px
from ui.session import Context


def columns(context: Context, shares: Sequence[float]) -> list[DeltaGenerator]:
    """Columns side by side; stacked on a narrow window."""
    if context.screen.is_narrow:
        return [st.container() for _ in shares]
    return st.columns(shares, gap="medium")


def three_columns(context: Context) -> list[DeltaGenerator]:
    """Findings left, the map in the middle, the comparison right."""
    return columns(context, context.screen.column_shares)


def note(text: str) -> None:
    """A quiet line about what a page shows; nothing where there is nothing to say."""
    if text:
        st.html(f'<div class="scope-note">{escape(text)}</div>')


def rem(context: Context, count: float) -> int:
    """Pixels of a height given in rem at the screen's scale."""
    return round(count * 16 * context.screen.scale)


def body_height_px(context: Context, taken_rem: float) -> int:
    """Height of the columns less what stands above a map or chart in its column (in rem)."""
    return map_height_px(context.screen) - rem(context, taken_rem)


def only_chosen(context: Context, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of the chosen subdistricts; all rows for the whole district."""
    if context.filter.is_whole_district:
        return frame
    return frame[frame["subdistrict_code"].isin(context.filter.subdistrict_codes)]
