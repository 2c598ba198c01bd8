"""The table under a page: Chinese headings, search over all columns, sort, download."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import pandas as pd
import streamlit as st

from data.formulas import guard_formula
from ui import cards
from ui.session import Context
from ui.text import SOURCE_KINDS

ROW_REM = 2.2
MOST_ROWS = 2_000
"""Rows sent to a browser; search and export go over all of them."""


@dataclass(frozen=True)
class TableColumn:
    """One column shown: heading, number format, and words for coded values."""

    title: str
    format: str | None = None
    words: Mapping | None = None
    width_px: int | None = None
    """So wide; without it the table shares its width out by itself."""


FLAG_WORDS = {True: "有", False: "无"}


def _normal(text: object) -> str:
    return unicodedata.normalize("NFKC", str(text)).casefold()


def search_rows(frame: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Rows that hold every word of ``wanted`` in any column (width and case do not matter)."""
    words = _normal(wanted).split()
    if not words or frame.empty:
        return frame
    texts = frame.astype(object).where(frame.notna(), "").astype(str)
    joined = reduce(lambda left, right: left + " " + right, (texts[c] for c in texts)).map(_normal)
    keep = pd.Series(True, index=frame.index)
    for word in words:
        keep &= joined.str.contains(word, regex=False)
    return frame[keep]


def _is_whole(column: pd.Series) -> bool:
    """True for whole numbers that came as floats because of gaps: 2021 must not leave as 2021.0."""
    known = column.dropna()
    return pd.api.types.is_float_dtype(column) and bool(
        ((known % 1 == 0) & (known.abs() < 2**53)).all()
    )


def csv_bytes(frame: pd.DataFrame, sentence: str) -> bytes:
    """CSV that Excel opens with Chinese intact, the filter's sentence in its last column."""
    whole = frame.assign(**{c: frame[c].astype("Int64") for c in frame if _is_whole(frame[c])})
    text_columns = [c for c in whole.columns if not pd.api.types.is_numeric_dtype(whole[c])]
    safe = whole.assign(**{c: whole[c].map(guard_formula) for c in text_columns})
    return safe.assign(范围=guard_formula(sentence)).to_csv(index=False).encode("utf-8-sig")


def readable(frame: pd.DataFrame, columns: Mapping[str, TableColumn]) -> pd.DataFrame:
    """The frame with the columns shown, coded values as words and Chinese headings."""
    shown = {}
    for name, column in columns.items():
        values = frame[name]
        shown[column.title] = values.map(column.words) if column.words else values
    if "source_kind" in frame:
        shown["数据性质"] = frame["source_kind"].map(SOURCE_KINDS)
    return pd.DataFrame(shown, index=frame.index)


def register_table(
    context: Context,
    frame: pd.DataFrame,
    columns: Mapping[str, TableColumn],
    title: str,
    key: str,
    sentence: str | None = None,
    hint: str = "搜索名称、街道……",
) -> None:
    """Heading, search box, the rows, and a download of what is shown.

    ``sentence`` says what the rows are where they do not follow the page's filter; ``hint`` what
    can be searched for.
    """
    if context.screen.is_kiosk:
        return  # Nobody scrolls there.
    whole = readable(frame, columns)
    sentence = context.sentence if sentence is None else sentence
    with st.container(horizontal=True, vertical_alignment="center", key=f"table_head_{key}"):
        cards.block_title(title, sentence)
        wanted = st.text_input(
            "搜索表格", key=f"search_{key}", placeholder=hint,
            label_visibility="collapsed", width=round(320 * context.screen.scale),
        )  # fmt: skip
        found = search_rows(whole, wanted)
        st.download_button(
            "导出 CSV", data=_deferred_csv(found, sentence), key=f"csv_{key}",
            file_name=f"{title}_{context.filter.year}.csv", mime="text/csv", on_click="ignore",
            disabled=found.empty,
        )  # fmt: skip
    if found.empty:
        cards.empty("没有符合搜索的行" if wanted and not whole.empty else "所选范围内没有记录")
        return
    counted = (
        f"共 {len(whole):,} 行"
        if len(found) == len(whole)
        else f"找到 {len(found):,} / {len(whole):,} 行"
    )
    row_px = context.screen.target_px(ROW_REM)
    st.dataframe(
        found.head(MOST_ROWS), hide_index=True, key=f"rows_{key}", row_height=row_px,
        height=min(12, len(found) + 1) * row_px + 3,
        column_config={
            c.title: _column_config(context, c) for c in columns.values() if c.format or c.width_px
        },
        placeholder="—", alt=f"{title}，{counted}",
    )  # fmt: skip
    told = f"{counted} · 点击列标题排序"
    if len(found) > MOST_ROWS:
        told = f"{counted}，列出前 {MOST_ROWS:,} 行（排序限于这些行）；搜索与导出包含全部"
    st.caption(told)


def _column_config(context: Context, column: TableColumn) -> object:
    """How a column with a format or a width of its own is shown; None would hide it."""
    width = column.width_px and round(column.width_px * context.screen.scale)
    if column.format:
        return st.column_config.NumberColumn(format=column.format, width=width)
    return st.column_config.Column(width=width)


def _deferred_csv(frame: pd.DataFrame, sentence: str) -> Callable[[], bytes]:
    return lambda: csv_bytes(frame, sentence)
