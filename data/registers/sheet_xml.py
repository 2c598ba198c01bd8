"""A worksheet's XML looked through in a stream: formulas, error values, formats, extent.

The XML of a million rows has a gigabyte, so it is searched with patterns piece by piece, cut between
rows, and cells are only taken apart where a piece holds something of interest.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from posixpath import join, normpath
from xml.etree import ElementTree

import pandas as pd

from data.registers.archive import Archive
from data.registers.raw import ImportProblem

_WORKBOOK = "xl/workbook.xml"
_LARGEST_PIECE = 64 * 1024**2
_PERCENT_FORMATS = {9, 10}
"""Numbers of the built-in formats 0% and 0.00%."""
_MAX_COLUMN = 16_384
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Parts:
    """What the workbook's own lists say."""

    path_by_sheet: dict[str, str]
    percent_styles: frozenset[int]
    """Indices of cell styles that show a number as a percentage."""
    is_from_1904: bool


@dataclass
class Found:
    """What stands in a sheet beside plain values; rows from 1, columns from 0."""

    formulas: pd.DataFrame
    """``row``, ``column``, ``formula`` (with «=»), ``has_result``; error results are in errors."""
    errors: pd.DataFrame
    """``row``, ``column``, ``text`` (``#REF!`` …)."""
    percentages: pd.DataFrame
    """``row``, ``column`` of cells shown as percentages."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    last_row: int = 0
    last_column: int = -1
    cell_area: int = 0
    """Cells of the rectangle around all content."""


def sheet_parts(archive: Archive) -> Parts:
    """Which file holds which sheet, and which styles are percentages."""
    try:
        workbook = ElementTree.fromstring(archive.read(_WORKBOOK))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        styles = (
            ElementTree.fromstring(archive.read("xl/styles.xml"))
            if "xl/styles.xml" in archive.names
            else None
        )
    except (KeyError, ElementTree.ParseError) as error:
        raise ImportProblem(
            f"{archive.file_name} 的工作簿目录已损坏，请用 Excel 打开后另存为 .xlsx"
        ) from error
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    paths = {
        sheet.get("name", ""): _path(
            targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        )
        for sheet in workbook.iterfind(".//{*}sheets/{*}sheet")
    }
    properties = workbook.find(".//{*}workbookPr")
    is_from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return Parts(paths, _percent_styles(styles), is_from_1904)


def scan_sheet(archive: Archive, name: str) -> Found:
    """Look through the sheet of this name; ImportProblem when its XML cannot be followed."""
    parts = sheet_parts(archive)
    path = parts.path_by_sheet.get(name, "")
    if path not in archive.names:
        raise ImportProblem(
            f"{archive.file_name} 的工作表“{name}”已损坏，请用 Excel 打开后另存为 .xlsx"
        )
    return _Scan(archive.stream(path), parts.percent_styles, archive.file_name).found


class _Scan:
    """One pass over a sheet's XML."""

    def __init__(
        self, stream: Iterator[bytes], percent_styles: frozenset[int], file_name: str
    ) -> None:
        self._stream = stream
        self._file_name = file_name
        self._formulas: list[tuple[int, int, str, bool]] = []
        self._errors: list[tuple[int, int, str]] = []
        self._percentages: list[tuple[int, int]] = []
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[int] = []
        self._rows: set[bytes] = set()
        self._columns: set[bytes] = set()
        first = next(stream, b"")
        prefix = re.search(rb"<(\w+:)?worksheet\b", first)
        if prefix is None:
            raise self._damaged()
        p = prefix[1] or b""
        where = rb'(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")'
        self._row_start = b"<" + p + b"row"
        self._formula_start = b"<" + p + b"f"
        self._cell = re.compile(rb"<%sc\b%s[^>]*[^/>]>" % (p, where))
        self._unplaced = re.compile(rb'<%sc(?![^>]*\br=")[\s>]' % p)
        self._formula = re.compile(
            rb"<%(p)sc\b%(where)s([^>]*)>\s*<%(p)sf\b[^>]*?(?:/>|>([^<]*)</%(p)sf>)"
            rb"\s*(?:<%(p)sv[^>]*>([^<]*))?" % {b"p": p, b"where": where}
        )
        self._error = re.compile(
            rb'<%(p)sc\b%(where)s(?=[^>]*\bt="e")[^>]*>(?:(?!</%(p)sc>).)*?<%(p)sv>([^<]*)'
            % {b"p": p, b"where": where},
            re.DOTALL,
        )
        self._hidden = re.compile(rb'<%srow\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"' % p)
        self._column = re.compile(rb"<%scol\b[^>]*>" % p)
        styles = b"|".join(str(index).encode() for index in sorted(percent_styles))
        self._percent = (
            re.compile(rb'<%sc\b%s(?=[^>]*\bs="(?:%s)")[^>]*[^/>]>' % (p, where, styles))
            if percent_styles
            else None
        )
        self._find_hidden_columns(first)
        for piece in self._pieces(first):
            self._search(piece)

    @property
    def found(self) -> Found:
        rows = sorted(map(int, self._rows))
        columns = sorted(map(_column_index, self._columns))
        area = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1) if rows else 0
        return Found(
            formulas=pd.DataFrame(
                self._formulas, columns=["row", "column", "formula", "has_result"]
            ).astype({"row": "int64", "column": "int64", "has_result": bool}),
            errors=pd.DataFrame(self._errors, columns=["row", "column", "text"]).astype(
                {"row": "int64", "column": "int64"}
            ),
            percentages=pd.DataFrame(self._percentages, columns=["row", "column"], dtype="int64"),
            hidden_rows=self._hidden_rows,
            hidden_columns=self._hidden_columns,
            last_row=rows[-1] if rows else 0,
            last_column=columns[-1] if columns else -1,
            cell_area=area,
        )

    def _pieces(self, first: bytes) -> Iterator[bytes]:
        """The XML cut between rows, in pieces of a megabyte or little more."""
        rest = first
        for piece in self._stream:
            searched = len(rest)
            rest += piece
            cut = rest.rfind(self._row_start, max(searched - len(self._row_start), 0))
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _LARGEST_PIECE:
                raise self._damaged()
        yield rest

    def _search(self, piece: bytes) -> None:
        cells = self._cell.findall(piece)
        self._columns.update({column for column, _ in cells})
        self._rows.update({row for _, row in cells})
        has_formula = self._formula_start in piece
        if (has_formula or b't="e"' in piece) and self._unplaced.search(piece):
            raise ImportProblem(
                f"{self._file_name} 含公式或错误值，但单元格没有标明位置，请用 Excel 打开后另存为 .xlsx"
            )
        if has_formula:
            for column, row, attributes, formula, result in self._formula.findall(piece):
                if b't="e"' not in attributes:
                    # A formula whose result is an empty text stores it as such: a blank cell.
                    has_result = bool(result) or b't="str"' in attributes
                    text = "=" + unescape(formula.decode("utf-8", "replace"))
                    self._formulas.append((int(row), _column_index(column), text, has_result))
        if b't="e"' in piece:
            for column, row, text in self._error.findall(piece):
                found = int(row), _column_index(column), unescape(text.decode("utf-8", "replace"))
                self._errors.append(found)
        if self._percent is not None:
            for column, row in self._percent.findall(piece):
                self._percentages.append((int(row), _column_index(column)))
        if b"hidden=" in piece:
            self._hidden_rows += map(int, self._hidden.findall(piece))

    def _find_hidden_columns(self, first: bytes) -> None:
        for tag in self._column.findall(first):
            bounds = [re.search(rb'\b%s="(\d{1,5})"' % word, tag) for word in (b"min", b"max")]
            if re.search(rb'\bhidden="(?:1|true)"', tag) and all(bounds):
                low, high = (int(bound[1]) for bound in bounds)
                self._hidden_columns += range(low - 1, min(high, _MAX_COLUMN))

    def _damaged(self) -> ImportProblem:
        return ImportProblem(
            f"{self._file_name} 的工作表已损坏，无法读取，请用 Excel 打开后另存为 .xlsx"
        )


def _path(target: str) -> str:
    """Path in the archive of a relation of the workbook."""
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def _percent_styles(styles: ElementTree.Element | None) -> frozenset[int]:
    if styles is None:
        return frozenset()
    percent = set(_PERCENT_FORMATS)
    for item in styles.iterfind("{*}numFmts/{*}numFmt"):
        # «%» in quotation marks or after a backslash is a letter, not a percentage.
        code = re.sub(r'"[^"]*"|\\.', "", item.get("formatCode", ""))
        if "%" in code and item.get("numFmtId", "").isdecimal():
            percent.add(int(item.get("numFmtId")))
    cells = styles.findall("{*}cellXfs/{*}xf")
    return frozenset(i for i, xf in enumerate(cells) if xf.get("numFmtId") in map(str, percent))
