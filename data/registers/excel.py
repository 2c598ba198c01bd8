"""Excel workbooks (.xlsx): one worksheet as text, with what a plain reading of values would hide.

Values come from calamine, which is fast and knows neither formulas nor error values nor number
formats; these are found in the sheet's own XML (``sheet_xml``). Cells become text as an officer
reads them: dates ISO, whole numbers without «.0», percentages with their sign.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from data.registers.archive import Archive, open_archive
from data.registers.grid import (
    HEAD_ROWS,
    Header,
    Merge,
    column_letter,
    find_header,
    make_table,
    noted,
)
from data.registers.raw import ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.sheet_marks import mark
from data.registers.sheet_xml import Found, scan_sheet, sheet_parts
from data.registers.validation import Progress, no_progress

MAX_CELLS = 40_000_000
"""Of the rectangle that holds all content: calamine keeps room for every cell of it."""
_LONG_NUMBER = 1e15
"""Excel keeps 15 digits of a number; the rest of a longer one has become zeros."""
_CHUNK_ROWS = 20_000
_EXACT_BELOW = 2**53
_PLAIN_FROM, _PLAIN_BELOW = 1e-3, 1e9
"""Between these Arrow writes fractions as Python does, beyond them with other exponents."""
GUIDE_SHEET = "填写说明"
"""The sheet of the product's own templates that explains the columns: no rows, not worth a note."""


def layers(path: Path) -> list[str]:
    """Names of the worksheets, visible ones first."""
    with open_archive(path), _workbook(path) as workbook:
        return [*_sheets(workbook, visible=True), *_sheets(workbook, visible=False)]


def read(
    path: Path,
    register: Register,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> RawTable:
    """One worksheet below its header, every cell text.

    Without ``layer`` it is the first visible sheet with a header of the register and rows, failing
    that the first with rows. ImportProblem when there is none, the workbook is damaged or has a
    password, or the sheet has too many rows, columns or cells.
    """
    with open_archive(path) as archive, _workbook(path) as workbook:
        visible, hidden = _sheets(workbook, visible=True), _sheets(workbook, visible=False)
        if layer and layer not in visible + hidden:
            listed = "、".join(f"“{name}”" for name in visible) or "无"
            raise ImportProblem(f"{path.name} 中没有工作表“{layer}”，现有工作表：{listed}")
        sheets = [
            _Sheet(name, archive, workbook, register, progress)
            for name in ([layer] if layer else visible)
        ]
        with_rows = (sheet for sheet in sheets if sheet.has_rows)
        first = next(with_rows, None)
        if first is None:
            raise _nothing(path.name, layer, visible)
        if not first.header.is_recognised:
            first = next((sheet for sheet in with_rows if sheet.header.is_recognised), first)
        raw = first.read()
        if raw.cells.empty:
            raise _nothing(path.name, first.name, visible)
        if not layer:
            raw.notes += _other_sheets(first.name, visible, hidden)
        if first.name in hidden:
            reason = f"工作表“{first.name}”是隐藏的工作表"
            raw.notes.append(noted("工作表", reason, "如非本意请另选工作表"))
        if sheet_parts(archive).is_from_1904:
            reason = "工作簿使用 1904 日期系统，写成纯数字的日期会相差 4 年"
            remedy = "请把日期列设为日期格式，或在 Excel 选项中改用 1900 日期系统"
            raw.notes.append(noted("日期系统", reason, remedy))
        return raw


class _Sheet:
    """One worksheet: looked through, header found, and read when it is the one."""

    def __init__(
        self,
        name: str,
        archive: Archive,
        workbook: CalamineWorkbook,
        register: Register,
        progress: Progress,
    ) -> None:
        self.name = name
        self._file_name = archive.file_name
        self._archive = archive
        self._workbook = workbook
        self._register = register
        self._progress = progress
        self._found: Found | None = None
        self._grid: CalamineSheet | None = None
        self._header: Header | None = None

    @property
    def has_rows(self) -> bool:
        """Whether there is content below a header."""
        self._open()
        return self._header is not None and self._found.last_row > self._header.last_row

    @property
    def header(self) -> Header:
        self._open()
        return self._header

    def _open(self) -> None:
        if self._found is not None:
            return
        self._progress(f"检查工作表“{self.name}”", None)
        found = scan_sheet(self._archive, self.name)
        self._found = found
        if found.cell_area > MAX_CELLS:
            raise ImportProblem(
                f"{self._file_name} 的工作表“{self.name}”内容散布到第 {found.last_row:,} 行、"
                f"{column_letter(found.last_column)} 列，范围过大，请删去数据区以外的内容后导入"
            )
        self._grid = self._workbook.get_sheet_by_name(self.name)
        if self._grid.start is None:
            return
        top = [list(map(_text, row)) for row in islice(self._rows(), HEAD_ROWS)]
        self._header = find_header(top, self._register, self._merges)

    @property
    def _merges(self) -> list[Merge]:
        return [
            Merge(top + 1, left, bottom + 1, right)
            for (top, left), (bottom, right) in self._grid.merged_cell_ranges or []
        ]

    @property
    def _width(self) -> int:
        return self._grid.end[1] + 1

    def _rows(self) -> Iterator[list]:
        """Rows from row 1 on, cells from column A on."""
        indent = [""] * self._grid.start[1]
        rows = self._grid.iter_rows()
        return (indent + row for row in rows) if indent else rows

    def read(self) -> RawTable:
        """All rows below the header."""
        header = self.header
        parts: list[list[pa.Array]] = []
        long_numbers: dict[int, int] = {}
        rows = islice(self._rows(), header.last_row, None)
        done, height = header.last_row, self._grid.total_height
        while chunk := list(islice(rows, _CHUNK_ROWS)):
            columns = list(zip(*chunk, strict=True))
            parts.append([_text_array(cells) for cells in columns])
            for position, cells in enumerate(columns):
                if position not in long_numbers and (at := _first_long_number(cells)) is not None:
                    long_numbers[position] = done + at + 1
            done += len(chunk)
            self._progress("读取工作表", done / height)
        found = self._found
        kept = _kept_rows(found, header)
        # Rows of formulas without results are none to calamine; at the end they would be lost.
        if (behind := max(kept, default=0) - done) > 0:
            parts.append([pa.nulls(behind, pa.string())] * self._width)
        columns = [
            pa.chunked_array([part[position] for part in parts], pa.string())
            for position in range(self._width)
        ]
        made = make_table(columns, header, self._file_name, kept)
        notes = mark(made, header, found, self._merges, long_numbers)
        return made.raw(self._file_name, f"Excel 工作表“{self.name}”", header, notes)


def _kept_rows(found: Found, header: Header) -> set[int]:
    """Rows that are no blank rows although calamine gives no value: errors, empty formulas."""
    empty = found.formulas[~found.formulas["has_result"]]
    rows = {*found.errors["row"].tolist(), *empty["row"].tolist()}
    return {row for row in rows if row > header.last_row}


def _nothing(file_name: str, layer: str | None, visible: Sequence[str]) -> ImportProblem:
    if layer:
        return ImportProblem(f"{file_name} 的工作表“{layer}”没有数据行，请填写后重新导入")
    if not visible:
        return ImportProblem(f"{file_name} 没有可见的工作表，请取消隐藏后重新导入")
    return ImportProblem(f"{file_name} 的各工作表都没有数据行，请在表头下填写后重新导入")


def _other_sheets(read: str, visible: Sequence[str], hidden: Sequence[str]) -> list[Note]:
    found = []
    if others := "、".join(f"“{name}”" for name in visible if name not in (read, GUIDE_SHEET)):
        reason = f"读取的是工作表“{read}”，未读取 {others}"
        found.append(noted("工作表", reason, "需要时另选工作表再导入"))
    if hidden:
        listed = "、".join(f"“{name}”" for name in hidden)
        reason = f"隐藏的工作表 {listed} 未读取"
        found.append(noted("工作表", reason, "需要时取消隐藏或指名导入"))
    return found


@contextmanager
def _workbook(path: Path) -> Iterator[CalamineWorkbook]:
    """The workbook as calamine opens it; its failures as ImportProblem."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            yield workbook
    except CalamineError as error:
        raise ImportProblem(
            f"{path.name} 不是完整的 Excel 工作簿，无法读取，请用 Excel 打开后另存为 .xlsx"
        ) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception; its class cannot be imported by name.
        if type(error).__name__ != "PanicException":
            raise
        raise ImportProblem(f"{path.name} 的内容已损坏，无法读取，请重新保存后导入") from error


def _sheets(workbook: CalamineWorkbook, visible: bool) -> list[str]:
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and (sheet.visible == SheetVisibleEnum.Visible) == visible
    ]


def _number_text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)


def _datetime_text(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "seconds")


_TEXTS = {
    str: str,
    float: _number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _datetime_text,
    time: lambda value: value.isoformat("seconds"),
    timedelta: str,
}


def _text(value: object) -> str:
    return _TEXTS[type(value)](value)


def _text_array(cells: Sequence[object]) -> pa.Array:
    """Cells of one column as text, as an officer would type them."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return pa.array(cells, pa.string())
    if kinds == {float}:
        numbers = np.array(cells)
        if (np.abs(numbers) < _EXACT_BELOW).all() and (numbers == np.floor(numbers)).all():
            return pc.cast(pa.array(numbers.astype("int64")), pa.string())
        sizes = np.abs(numbers)
        if ((sizes < _PLAIN_BELOW) & ((sizes >= _PLAIN_FROM) | (sizes == 0))).all():
            return pc.cast(pa.array(numbers), pa.string())
    return pa.array(list(map(_text, cells)), pa.string())


def _first_long_number(cells: Sequence[object]) -> int | None:
    """Index of the first number with more digits than Excel keeps."""
    if float not in set(map(type, cells)):
        return None
    return next((i for i, v in enumerate(cells) if type(v) is float and v >= _LONG_NUMBER), None)
