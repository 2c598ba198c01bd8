"""Which row is which: keys given twice, rows given twice, example rows left in the template."""

import numpy as np
import pandas as pd
import shapely

from data.registers.examples import FIRST_ROW, example_texts
from data.registers.sheet import Sheet
from data.registers.texts import plain_series

NAMED_ROWS = 5
"""Rows with the same key that a finding lists."""
TOTALS = tuple(
    gap.join(word) + end
    for word in ("合计", "总计", "小计", "共计")
    for gap in ("", " ", "  ", "　", "　　")
    for end in ("", ":", "：")
)
TOTAL_COLUMNS = 2
"""Columns at the left where a row of totals says that it is one."""


def comparable(values: pd.Series) -> pd.Series:
    """Ids and names as they are compared: plain, small letters, no blanks."""
    plain = plain_series(values.astype("str"))
    return plain.str.replace(" ", "", regex=False).str.casefold()


def refuse_repeated(sheet: Sheet) -> None:
    """Rows that repeat another wholly are left out; rows that share a key and differ are refused."""
    key = list(sheet.register.table.key)
    if not all(name in sheet.values for name in key):
        return
    keys = pd.DataFrame({name: sheet.values[name] for name in key})
    # A part of a key that may be open is the same where it is; one that may not has its finding.
    needed = [column.name for column in sheet.register.table.columns if column.required]
    is_known = keys[keys.columns.intersection(needed)].notna().all(axis=1)
    doubtful = np.flatnonzero(is_known & keys.duplicated(keep=False))
    if not len(doubtful):
        return
    contents = pd.DataFrame({name: sheet.cells(name)[doubtful] for name in sheet.heading_of})
    if sheet.raw.geometry is not None:
        contents["geometry"] = pd.Series(
            shapely.to_wkb(sheet.raw.geometry[doubtful], hex=True), index=doubtful, dtype="str"
        )
    group = keys.loc[doubtful].groupby(key, sort=False, dropna=False).ngroup()
    rows, word = pd.Series(sheet.numbers), sheet.raw.row_word
    later = contents.duplicated()
    content = contents.groupby(list(contents.columns), sort=False, dropna=False).ngroup()
    first = rows.loc[doubtful].groupby(content).transform("first")
    _flag(
        sheet, later.index[later], "重复行",
        "与第 " + first.astype("str") + f" {word}完全相同", "请删去重复的行",
    )  # fmt: skip
    kept = group[~later]
    clashing = kept[kept.duplicated(keep=False)]
    listed = rows.loc[clashing.index].groupby(clashing).agg(_listed)
    title = "、".join(sheet.named(name) for name in key if sheet.has(name))
    reason = "第 " + clashing.map(listed).astype("str") + f" {word}的“{title}”相同而内容不同"
    _flag(sheet, clashing.index, "编号重复", reason, f"请改正{title}，或只保留一行")


def _listed(numbers: pd.Series) -> str:
    shown = "、".join(str(number) for number in numbers.head(NAMED_ROWS))
    return shown if len(numbers) <= NAMED_ROWS else f"{shown} 等 {len(numbers):,}"


def _flag(sheet: Sheet, at: pd.Index, rule: str, reason: pd.Series, remedy: str) -> None:
    chosen = np.zeros(len(sheet), dtype=bool)
    chosen[at] = True
    reason = reason.reindex(range(len(sheet))).astype("str")
    sheet.flag(chosen, sheet.register.table.key[0], "rejected", rule, reason, remedy)


def refuse_totals(sheet: Sheet) -> None:
    """Rows that add up the others: offices leave them below their lists, and between the parts."""
    if sheet.raw.geometry is not None:
        return
    is_total = np.zeros(len(sheet), dtype=bool)
    # The word stands at the left; further on it may be somebody's name.
    for place in range(min(TOTAL_COLUMNS, sheet.raw.cells.shape[1])):
        is_total |= sheet.raw.cells.iloc[:, place].isin(TOTALS).to_numpy()
    sheet.flag(is_total, "", "rejected", "合计行", "是合计行，不是一条记录", "请从文件中删去")


def refuse_examples(sheet: Sheet) -> None:
    """Example rows of the template that were left in the file, where the template has them."""
    fields = sheet.register.fields
    if not all(sheet.has(item.name) for item in fields):
        return
    for place in range(2):
        same = sheet.numbers < FIRST_ROW + 2
        for item in fields:
            known = example_texts(item, sheet.register.column(item.name), place)
            same = same & sheet.cells(item.name).fillna("").isin(known).to_numpy()
        remedy = f"请删去；如确为真实数据，请移到第 {FIRST_ROW + 2} {sheet.raw.row_word}以后"
        sheet.flag(same, "", "rejected", "示例行", "与模板中的示例行相同", remedy)
