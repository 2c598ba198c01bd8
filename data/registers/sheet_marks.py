"""What a sheet's XML tells beyond plain values, put into its table with a note of each."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd

from data.registers.grid import Header, Merge, Table, column_letter, noted
from data.registers.raw import Note, Severity
from data.registers.sheet_xml import Found

MAX_NOTES_A_COLUMN = 10_000
"""More formulas in one column are noted once: a note a cell would bury the rest."""


def mark(
    made: Table,
    header: Header,
    found: Found,
    merges: Sequence[Merge],
    long_numbers: dict[int, int],
) -> list[Note]:
    """Notes of formulas, error values, merged cells and hidden parts; changes ``made.cells``.

    ``long_numbers``: by column of the grid, the first row with a number of more digits than Excel
    keeps.
    """
    marks = _Marks(made, header)
    marks.fill_merged(merges)
    marks.formulas(found)
    marks.errors(found)
    marks.percentages(found)
    marks.long_numbers(long_numbers)
    marks.hidden(found)
    return marks.notes


class _Marks:
    """A table while it is marked."""

    def __init__(self, made: Table, header: Header) -> None:
        self._cells = made.cells
        self._headings = dict(zip(made.positions, made.cells.columns, strict=True))
        self._header = header
        self.notes: list[Note] = []

    def _in_table(self, frame: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
        """Cells of ``frame`` (row, column, …) that are in the table, by heading."""
        for position, part in frame[frame["row"].isin(self._cells.index)].groupby("column"):
            if position in self._headings:
                yield self._headings[position], part

    def _shown(self, heading: str, rows: Sequence[int]) -> list[str]:
        return self._cells.loc[rows, heading].fillna("").tolist()

    def _add(
        self,
        rows: Iterable[int],
        heading: str,
        values: Iterable[str],
        severity: Severity,
        rule: str,
        reasons: Iterable[str],
        remedy: str,
    ) -> None:
        self.notes += [
            Note(int(row), heading, value, severity, rule, reason, remedy)
            for row, value, reason in zip(rows, values, reasons, strict=True)
        ]

    def formulas(self, found: Found) -> None:
        """A formula counts by its stored result; one that was never calculated has none."""
        for heading, part in self._in_table(found.formulas):
            sound = part[part["has_result"]]
            if len(sound) > MAX_NOTES_A_COLUMN:
                self._add_whole_column(heading, "公式", sound["row"],
                                       "是公式，已采用文件中保存的计算结果")  # fmt: skip
            else:
                reasons = [
                    f"是公式 {text}，已采用文件中保存的计算结果" for text in sound["formula"]
                ]
                self._add(sound["row"], heading, self._shown(heading, sound["row"]), "corrected",
                          "公式", reasons, "请核对结果；可复制后“粘贴为数值”")  # fmt: skip
            empty = part[~part["has_result"]]
            self._add(empty["row"], heading, empty["formula"], "rejected", "公式",
                      ["是公式，但文件中没有保存计算结果"] * len(empty),
                      "请用 Excel 打开并保存，或复制后“粘贴为数值”")  # fmt: skip

    def errors(self, found: Found) -> None:
        """Error values stand in the cell as Excel shows them, and are refused."""
        for heading, part in self._in_table(found.errors):
            self._cells.loc[part["row"], heading] = part["text"].to_numpy(dtype=object)
            reasons = [f"单元格是错误值 {text}" for text in part["text"]]
            self._add(part["row"], heading, part["text"], "rejected", "错误值", reasons,
                      "请改正公式或直接填写数值")  # fmt: skip

    def percentages(self, found: Found) -> None:
        """A cell shown as 98.5% is stored as 0.985: the table gets what the officer sees."""
        for heading, part in self._in_table(found.percentages):
            stored = pd.to_numeric(self._cells.loc[part["row"], heading], errors="coerce").dropna()
            shown = [f"{value:.12g}%" for value in (stored * 100).to_numpy()]
            self._cells.loc[stored.index, heading] = np.array(shown, dtype=object)

    def long_numbers(self, rows: dict[int, int]) -> None:
        """Codes typed as numbers have lost digits: said once a column."""
        for position, row in rows.items():
            if heading := self._headings.get(position):
                value = "".join(self._shown(heading, [row]))
                reason = (
                    f"第 {row} 行起有超过 15 位的数字，Excel 只保留前 15 位，其后各位可能已变成 0"
                )
                remedy = "编码列请设为“文本”格式后重新填写，再核对末几位"
                self.notes.append(noted("数字过长", reason, remedy, value, heading))

    def fill_merged(self, merges: Sequence[Merge]) -> None:
        """Cells merged downwards hold for every row; only the first one stores the value.

        Cells merged sideways are left to their first column: which other they are meant for is
        not known.
        """
        by_column: dict[str, list[Merge]] = {}
        for merge in merges:
            heading = self._headings.get(merge.first_column)
            if heading is not None and merge.first_row > self._header.last_row:
                by_column.setdefault(heading, []).append(merge)
        numbers = self._cells.index.to_numpy()
        for heading, listed in by_column.items():
            values = self._cells[heading].to_numpy(dtype=object, na_value=None)
            sideways = []
            for merge in listed:
                start, end = np.searchsorted(numbers, [merge.first_row, merge.last_row + 1])
                # A block without content, or one whose first row is blank.
                if start == end or numbers[start] != merge.first_row or values[start] is None:
                    continue
                if merge.last_column > merge.first_column:
                    sideways.append((merge, values[start]))
                values[start + 1 : end] = values[start]
                below = numbers[start + 1 : end]
                reason = f"第 {merge.first_row}–{merge.last_row} 行合并，已按首格填入本行"
                self._add(below, heading, [values[start]] * len(below), "corrected", "合并单元格",
                          [reason] * len(below), "请核对；建议取消合并后逐格填写")  # fmt: skip
            self._cells[heading] = pd.Series(values, numbers, dtype=self._cells[heading].dtype)
            if sideways:
                self._add_sideways(heading, sideways)

    def _add_sideways(self, heading: str, found: Sequence[tuple[Merge, str]]) -> None:
        merge, value = found[0]
        columns = f"{column_letter(merge.first_column)}–{column_letter(merge.last_column)}"
        count = f"等 {len(found)} 处" if len(found) > 1 else ""
        reason = f"第 {merge.first_row} 行{count} {columns} 列合并，值只归于首列"
        self.notes.append(noted("合并单元格", reason, "请取消合并后逐格填写", value, heading))

    def hidden(self, found: Found) -> None:
        """Hidden rows and columns are read like any other; the officer should know."""
        rows = [row for row in found.hidden_rows if row in self._cells.index]
        if rows:
            reason = f"有 {len(rows)} 行被隐藏或筛选掉（第 {rows[0]} 行起），已一并读取"
            self.notes.append(noted("工作表", reason, "不需要的行请删去，而不是隐藏"))
        for position in found.hidden_columns:
            if heading := self._headings.get(position):
                reason = "该列是隐藏列，已一并读取"
                self.notes.append(noted("工作表", reason, "不需要的列请删去", heading=heading))

    def _add_whole_column(self, heading: str, rule: str, rows: pd.Series, what: str) -> None:
        reason = f"第 {rows.min()}–{rows.max()} 行共 {len(rows):,} 个单元格{what}"
        self.notes.append(noted(rule, reason, "请抽查结果", heading=heading))
