"""CSV files: encoding and separator recognised, rows numbered as a spreadsheet counts them.

A file without quotation marks is read by Arrow; any other, and any with rows of unequal length, by
the exact reader, which also says where a fault is.
"""

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from data.registers.grid import HEAD_ROWS, Header, count_headings, find_header, make_table
from data.registers.raw import MAX_FILE_BYTES, MAX_ROWS, ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.validation import Progress, no_progress

_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 带 BOM",
    "gb18030": "GB18030",
    "utf-16": "UTF-16",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = {",": "", "\t": "，制表符分隔", ";": "，分号分隔"}
_CHUNK_BYTES = 1 << 22
_CHUNK_ROWS = 50_000
_MAX_LINES = 2 * MAX_ROWS
"""With the blank ones: a file of nothing but line breaks would fill the memory."""
_MAX_WIDTH = 16_384
"""Columns of a worksheet; a header row that is wider is no header."""

# A geometry in one cell is longer than the 128 KB that the module allows by itself.
csv.field_size_limit(MAX_FILE_BYTES)


def read(
    path: Path,
    register: Register,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> RawTable:
    """All rows of a CSV file below its header, every cell text; a CSV file has no layers.

    ImportProblem when it is no text, its encoding is not known, a quotation mark is not closed, or
    there are no rows, or too many rows or columns.
    """
    encoding = _encoding(path)
    separator, top = _sniff(path, encoding, register)
    header = find_header(top, register)
    if header is None:
        raise ImportProblem(f"{path.name} 没有内容，请填写数据并保存后重新导入")
    if len(header.names) > _MAX_WIDTH:
        raise ImportProblem(f"{path.name} 的表头超过 {_MAX_WIDTH:,} 列，请删去多余的列后导入")
    columns = None
    if all(top[: header.last_row]) and not _has_quotes(path, encoding):
        columns = _read_plain(path, encoding, separator, header)
    notes: list[Note] = []
    if columns is None:
        width = max(len(row) for row in top[header.first_row - 1 : header.last_row])
        columns, notes = _read_exactly(path, encoding, separator, header, width, progress)
    made = make_table(columns, header, path.name, {note.row for note in notes})
    if made.cells.empty:
        raise ImportProblem(f"{path.name} 只有表头，没有数据行，请填写后重新导入")
    name = f"CSV（{_ENCODINGS[encoding]}{_SEPARATORS[separator]}）"
    return made.raw(path.name, name, header, notes)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


def _encoding(path: Path) -> str:
    """The encoding in which every byte of the file is text."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = [encoding for mark, encoding in _MARKS if start.startswith(mark)]
    if marked:
        fault = _fault(path, marked[0])
    else:
        utf8 = _fault(path, "utf-8")
        if utf8 is None:
            return "utf-8"
        # Bytes of UTF-8 with a few spoilt ones are valid GB18030 too, and nonsense.
        fault = utf8 if utf8.is_mostly_text else _fault(path, "gb18030")
        marked = ["gb18030"]
    if fault is None:
        return marked[0]
    if fault.is_zero_byte:
        raise ImportProblem(
            f"{path.name} 第 {fault.line} 行有空字节（NUL），不是完整的文本表格，"
            "请用 Excel 打开后另存为“CSV UTF-8（逗号分隔）”"
        )
    if fault.is_at_end:
        raise ImportProblem(f"{path.name} 末尾的字符不完整，文件可能没有传送完，请重新传送后导入")
    raise ImportProblem(
        f"{path.name} 第 {fault.line} 行有无法识别的字符，不是 UTF-8 或 GB18030 编码，"
        "请用 Excel 打开后另存为“CSV UTF-8（逗号分隔）”"
    )


class _Fault:
    """Where a file is not text in some encoding."""

    def __init__(self, line: int, piece: bytes, is_zero_byte: bool, is_at_end: bool) -> None:
        self.line = line
        self.is_zero_byte = is_zero_byte
        self.is_at_end = is_at_end
        text = piece.decode("utf-8", errors="replace")
        spoilt = text.count("\ufffd")
        sound = sum(character > "\x7f" for character in text) - spoilt
        self.is_mostly_text = is_zero_byte or sound > 4 * spoilt


def _fault(path: Path, encoding: str) -> _Fault | None:
    """The first place where the file is not text in this encoding; None when it is throughout."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, piece = 1, b""
    try:
        for piece in _pieces(path):
            # In UTF-16 half the bytes of plain letters are zero.
            if encoding != "utf-16" and (zero := piece.find(b"\0")) >= 0:
                return _Fault(line + piece.count(b"\n", 0, zero), piece, True, False)
            text = decoder.decode(piece)
            line += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        is_at_end = error.reason in ("unexpected end of data", "incomplete multibyte sequence",
                                     "truncated data")  # fmt: skip
        sound = error.object[: error.start].decode(encoding, errors="replace")
        return _Fault(line + sound.count("\n"), piece, False, is_at_end)
    return None


def _has_quotes(path: Path, encoding: str) -> bool:
    # UTF-16 has the byte of a quotation mark in other characters too: then the exact reader is used.
    return any(b'"' in piece for piece in _pieces(path))


def _sniff(path: Path, encoding: str, register: Register) -> tuple[str, list[list[str]]]:
    """The separator that makes most of the first rows, and these rows."""
    best: tuple[tuple[int, int], str, list[list[str]]] = ((-1, -1), ",", [])
    for separator in _SEPARATORS:
        rows: list[list[str]] = []
        # Where a row cannot be read the exact reader says so.
        with path.open(encoding=encoding, newline="") as file, suppress(csv.Error):
            for row in islice(csv.reader(file, delimiter=separator), HEAD_ROWS):
                rows.append(row)
        matches = max((count_headings(row, register) for row in rows), default=0)
        rank = matches, sum(len(row) > 1 for row in rows)
        if rank > best[0]:
            best = rank, separator, rows
    return best[1], best[2]


def _read_plain(
    path: Path, encoding: str, separator: str, header: Header
) -> list[pa.ChunkedArray] | None:
    """Columns of a file without quotation marks; None where rows are of unequal length."""
    width = len(header.names)
    try:
        table = pyarrow.csv.read_csv(
            path,
            pyarrow.csv.ReadOptions(
                skip_rows=header.last_row,
                column_names=[str(n) for n in range(width)],
                encoding="utf-8" if encoding == "utf-8-sig" else encoding,
                block_size=1 << 24,
            ),
            pyarrow.csv.ParseOptions(
                delimiter=separator, quote_char=False, ignore_empty_lines=False
            ),
            pyarrow.csv.ConvertOptions(
                column_types={str(n): pa.string() for n in range(width)},
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return table.columns


def _read_exactly(
    path: Path, encoding: str, separator: str, header: Header, width: int, progress: Progress
) -> tuple[list[pa.ChunkedArray], list[Note]]:
    """Columns of any file; rows with cells beyond the header's width get a rejecting note."""
    parts: list[list[pa.Array]] = []
    notes: list[Note] = []
    size = path.stat().st_size
    row_number = header.last_row + 1
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            next(islice(reader, header.last_row - 1, None))
            while rows := list(islice(reader, _CHUNK_ROWS)):
                if set(map(len, rows)) != {width}:
                    notes += _even(rows, row_number, width)
                parts.append([pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)])
                row_number += len(rows)
                if row_number > _MAX_LINES:
                    raise ImportProblem(f"{path.name} 超过 {MAX_ROWS:,} 行的上限，请删去空行或拆分")
                progress("读取文件", file.buffer.tell() / size)
        except csv.Error as error:
            raise _quote_problem(path, encoding, separator, error) from error
    return [pa.chunked_array(column, pa.string()) for column in zip(*parts, strict=True)], notes


def _even(rows: list[list[str]], first_row: int, width: int) -> list[Note]:
    """Make all rows as wide as the header; notes of those that had more cells."""
    notes = []
    for index, row in enumerate(rows):
        if len(row) > width and any(map(str.strip, row[width:])):
            beyond = "，".join(cell for cell in row[width:] if cell.strip())
            reason = f"本行有 {len(row)} 列，表头只有 {width} 列，无法确定各值属于哪一列"
            remedy = "请检查多余的分隔符；文字中含逗号时，请给整格加英文双引号"
            notes.append(Note(first_row + index, "", beyond, "rejected", "列数", reason, remedy))
        rows[index] = row[:width] + [""] * (width - len(row))
    return notes


def _quote_problem(path: Path, encoding: str, separator: str, error: csv.Error) -> ImportProblem:
    """Says in which row reading failed: the exact reader once more, row by row."""
    row = 1
    with path.open(encoding=encoding, newline="") as file, suppress(csv.Error):
        for _ in csv.reader(file, delimiter=separator, strict=True):
            row += 1
    return ImportProblem(
        f"{path.name} 从第 {row} 行起引号不成对，无法分清各格，"
        "请补上缺少的英文双引号；文字中的英文双引号请写成两个"
    )
