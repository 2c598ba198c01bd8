"""A grid of text as one table: which row is the header, which columns count, which rows are blank.

CSV files and worksheets come the same way from offices: a title above the header, a header in two
rows, columns without heading, blank rows between. What is decided here is noted for the report.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.registers.columns import match_headings
from data.registers.raw import MAX_COLUMNS, MAX_ROWS, ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.units import is_row_of_units, with_unit

HEAD_ROWS = 30
"""The header is looked for in so many rows."""
_ENOUGH_HEADINGS = 2
"""One matching cell may be chance (a title «公厕名称»), two are a header."""
_MAX_DEPTH = 3
_NUMBER_LIKE = re.compile(r"[-+]?[\d,.]+%?|\d{4}\D\d{1,2}(\D\d{1,2})?.*")
_REMARK = re.compile(r"[:：]|\d{4}")
_GROUP_LENGTH = 12
_LONGEST_HEADING = 80


@dataclass(frozen=True)
class Merge:
    """A block of merged cells; rows from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Header:
    """Where the header is and what it calls the columns."""

    first_row: int
    """From 1, as spreadsheets count."""
    last_row: int
    names: list[str]
    """One a column; empty where the header says nothing."""
    titles: list[str]
    """Text of the rows above the header, blank rows left out."""
    is_recognised: bool
    """Whether headings of the register were found; otherwise the first full row was taken."""

    @property
    def notes(self) -> list[Note]:
        """What the officer should know of how the header was found."""
        found = []
        if self.titles:
            above = "、".join(f"“{title}”" for title in self.titles[:3])
            reason = f"表头取自第 {self.first_row} 行，其上的标题 {above} 未作为数据读取"
            found.append(
                noted("表头", reason, "如表头判断有误，请删去表头以上各行", self.titles[0])
            )
        if self.last_row > self.first_row:
            reason = f"第 {self.first_row}–{self.last_row} 行为多行表头，已合成一行"
            found.append(noted("表头", reason, "如合成有误，请改为单行表头"))
        return found


@dataclass(frozen=True)
class Table:
    """The rows below a header."""

    cells: pd.DataFrame
    blank_rows: int
    notes: list[Note]
    positions: list[int]
    """Column of the grid (from 0) of each column of ``cells``."""

    def raw(self, file_name: str, format: str, header: Header, notes: Sequence[Note]) -> RawTable:
        """The table as what a reader makes of a file, with all notes in the order of reading."""
        return RawTable(
            file_name=file_name,
            format=format,
            sha256="",
            cells=self.cells,
            blank_rows=self.blank_rows,
            notes=[*header.notes, *self.notes, *notes],
        )


def noted(rule: str, reason: str, remedy: str, value: str = "", heading: str = "") -> Note:
    """A note for the officer on a whole column or file."""
    return Note(0, heading, value, "noted", rule, reason, remedy)


def column_letter(position: int) -> str:
    """Name of a column as a spreadsheet shows it: 0 is A, 26 is AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def count_headings(cells: Sequence[str], register: Register) -> int:
    """How many fields of the register a row names."""
    return len(set(_fields([_shown(cell) for cell in cells], register)) - {""})


def find_header(
    top: Sequence[Sequence[str]], register: Register, merges: Collection[Merge] = ()
) -> Header | None:
    """The header in the first rows of a grid (row 1 first); None when they are all blank.

    It is the first row that names two fields of the register or more, together with the rows of a
    header in several rows around it; failing that, the first row with more than one cell.
    """
    rows = [[_shown(cell) for cell in row] for row in top[:HEAD_ROWS]]
    filled = [number for number, row in enumerate(rows, 1) if any(row)]
    if not filled:
        return None
    named = [n for n in filled if count_headings(rows[n - 1], register) >= _ENOUGH_HEADINGS]
    several = [n for n in filled if sum(map(bool, rows[n - 1])) > 1]
    first = last = next(iter(named or several or filled))
    # Groups stand above («位置» over «经度» and «纬度») …
    is_merged_into = any(m.first_row == first - 1 and m.last_row >= first for m in merges)
    above = several if not is_merged_into else filled
    if named and first - 1 in above and _are_groups(rows[first - 2]):
        first -= 1
    # … or the row found is itself the row of the groups.
    while last - first + 1 < _MAX_DEPTH and last < len(rows) and _continues(
        rows[last - 1], rows[last], last + 1, register, [m for m in merges if first <= m.first_row <= last]
    ):  # fmt: skip
        last += 1
    width = max(map(len, rows[first - 1 : last]))
    levels = [_spread(rows[n - 1], n, width, merges, n < last) for n in range(first, last + 1)]
    titles = [next(filter(None, rows[n - 1])) for n in filled if n < first]
    names = _join(levels, register)
    if last < len(rows) and is_row_of_units(rows[last]):
        below = [*rows[last], *[""] * (width - len(rows[last]))]
        names = [with_unit(name, unit) for name, unit in zip(names, below, strict=False)]
        last += 1
    return Header(first, last, names, titles, bool(named))


def make_table(
    columns: Sequence[pa.ChunkedArray | pa.Array],
    header: Header,
    file_name: str,
    kept_rows: Collection[int] = (),
) -> Table:
    """Columns of text below a header as a table: blank cells missing, blank rows left out.

    ``columns`` start at the row below the header. ``kept_rows`` (row numbers) stay even if blank.
    ImportProblem when there are too many rows or columns with content.
    """
    first_row = header.last_row + 1
    names = header.names + [""] * (len(columns) - len(header.names))
    columns = [_without_blanks(column) for column in columns]
    positions, dropped = [], []
    for position, column in enumerate(columns):
        has_content = column.null_count < len(column)
        (positions if names[position] or has_content else dropped).append(position)
    if len(positions) > MAX_COLUMNS:
        raise ImportProblem(
            f"{file_name} 有 {len(positions)} 列，超过 {MAX_COLUMNS} 列的上限，请删去与登记册无关的列后导入"
        )
    is_filled = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    for position in positions:
        is_filled |= columns[position].is_valid().to_numpy(zero_copy_only=False)
    is_filled[[row - first_row for row in kept_rows]] = True
    row_count = int(is_filled.sum())
    if row_count > MAX_ROWS:
        raise ImportProblem(
            f"{file_name} 有 {row_count:,} 行，超过 {MAX_ROWS:,} 行的上限，请按街道或类别拆分后分别整理"
        )
    end = int(np.flatnonzero(is_filled)[-1]) + 1 if row_count else 0
    headings, notes = _headings([names[p] for p in positions], positions, header.last_row)
    if dropped:
        reason = f"{_listed(dropped)} 列没有表头也没有内容，已略去"
        notes.append(noted("空列", reason, "可删去空列，不影响导入"))
    cells = pa.table([columns[p] for p in positions], names=headings).filter(pa.array(is_filled))
    frame = cells.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=np.nan)}.get)
    frame.index = pd.Index(np.flatnonzero(is_filled) + first_row, dtype="int64")
    return Table(frame, end - row_count, notes, positions)


def _shown(text: str) -> str:
    """A heading on one line, without blanks around it."""
    return " ".join((text or "").replace("\ufeff", "").split())


def _fields(cells: Sequence[str], register: Register) -> list[str]:
    """The field that each cell would head; empty where it is no heading of the register."""
    likely = [cell for cell in cells if cell and len(cell) <= _LONGEST_HEADING]
    found = match_headings(likely, register, {})
    return [found.get(cell, "") for cell in cells]


def _are_groups(row: Sequence[str]) -> bool:
    """Whether a row above the header names groups of columns, rather than who reports and when."""
    return all(len(cell) <= _GROUP_LENGTH and not _REMARK.search(cell) for cell in row)


def _continues(
    upper: Sequence[str],
    lower: Sequence[str],
    number: int,
    register: Register,
    merges: Sequence[Merge],
) -> bool:
    """Whether a row below a header row belongs to the header: it says more of unclear columns.

    A row of data has cells below headings that are complete; half its cells are no headings.
    """
    if any(merge.last_row >= number for merge in merges):
        return True
    if any(_NUMBER_LIKE.fullmatch(cell) for cell in lower if cell):
        return False
    upper = [*upper, *[""] * (len(lower) - len(upper))]
    above, below = _fields(upper, register), _fields(lower, register)
    group, matches = "", 0
    for position, cell in enumerate(lower):
        group = upper[position] or group
        if not cell:
            continue
        spans = any(lower[position + 1 : position + 2]) and not upper[position + 1]
        if above[position] and not spans:
            return False
        matches += bool(below[position] or any(_fields([group + cell], register)))
    return matches > 0 and 2 * matches >= sum(map(bool, lower))


def _spread(
    row: Sequence[str], number: int, width: int, merges: Collection[Merge], is_group: bool
) -> list[str]:
    """One header row as wide as the header, merged cells and groups filled to the right."""
    row = [*row, *[""] * (width - len(row))]
    for merge in merges:
        if merge.first_row == number:
            for position in range(merge.first_column + 1, min(merge.last_column + 1, width)):
                row[position] = row[merge.first_column]
    if is_group and not any(merge.first_row == number for merge in merges):
        for position in range(1, width):
            row[position] = row[position] or row[position - 1]
    return row


def _join(levels: Sequence[Sequence[str]], register: Register) -> list[str]:
    """One name a column: the lowest cell where it says enough, else all levels («位置 / 说明»)."""
    columns = [list(dict.fromkeys(filter(None, column))) for column in zip(*levels, strict=True)]
    lowest = [parts[-1] if parts else "" for parts in columns]
    count = Counter(lowest)
    together = _fields(["".join(parts) for parts in columns], register)
    names = []
    for parts, last, is_alone, is_together in zip(
        columns, lowest, _fields(lowest, register), together, strict=True
    ):
        if count[last] == 1 and (len(parts) == 1 or is_alone):
            names.append(last)
        elif is_together and len(parts) > 1:
            names.append("".join(parts))
        else:
            names.append(" / ".join(parts))
    return names


def _headings(
    names: Sequence[str], positions: Sequence[int], header_row: int
) -> tuple[list[str], list[Note]]:
    """Names made unique, and notes of what had to be made up."""
    found: list[str] = []
    notes = []
    count = Counter(names)
    for name, position in zip(names, positions, strict=True):
        letter = column_letter(position)
        if not name:
            name = f"（{letter} 列无表头）"
            reason = f"{letter} 列有内容，但第 {header_row} 行没有表头"
            notes.append(noted("表头", reason, "请补上表头；不需要的列可以删去", heading=name))
        elif count[name] > 1 and name in found:
            listed = _listed([p for n, p in zip(names, positions, strict=True) if n == name])
            reason = f"表头“{name}”重复，在 {listed} 列"
            name = f"{name}（{letter} 列）"
            remedy = "请改为不同的表头，或删去多余的列"
            notes.append(noted("表头", reason, remedy, heading=name))
        while name in found:
            name = f"{name}（{letter} 列）"
        found.append(name)
    return found, notes


def _listed(positions: Sequence[int]) -> str:
    letters = [column_letter(position) for position in positions]
    return "、".join(letters[:5]) + (f" 等 {len(letters)} " if len(letters) > 5 else "")


def _without_blanks(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Text with cells of nothing but blanks missing."""
    is_blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0)
    return pc.if_else(is_blank, pa.scalar(None, pa.string()), column)
