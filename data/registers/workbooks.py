"""Workbooks that leave the product: one look for templates and reports, and text that stays text."""

from collections.abc import Iterable

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from data.formulas import guard_formula

# The light palette of 水墨淡彩: workbooks are read on desks and printed.
INK, MUTED, PAPER, LINE = "1D2B33", "5D6D76", "F7F4EC", "D9D3C4"
ACCENT, MET, NEAR, MISSED, WATER = "8A5A00", "1F7471", "8E5E00", "A03620", "CFE1EA"
PALE = {"rejected": "F6DDD5", "corrected": "F6E9CB", "noted": "DCEAE7"}
"""Pale grounds by severity: the ink on them stays readable in print."""

FONT_NAME = "Microsoft YaHei"
MAX_CELL_CHARS = 32_767

TEXT_FORMAT = "@"
LINE_SIDE = Side(style="thin", color=LINE)
BORDER = Border(left=LINE_SIDE, right=LINE_SIDE, top=LINE_SIDE, bottom=LINE_SIDE)
TOP_WRAPPED = Alignment(vertical="top", wrap_text=True)
CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)


def font(colour: str = INK, **more) -> Font:
    """The product's font in a workbook."""
    return Font(name=FONT_NAME, **{"size": 10, "color": colour, **more})


def ground(colour: str) -> PatternFill:
    """A cell's ground of one colour (``RRGGBB``)."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def safe_text(value: object) -> str:
    """Any value as text that a workbook takes and no spreadsheet runs; plain numbers stay as is."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[: MAX_CELL_CHARS - 1]
    return text if _is_number(text) else str(guard_formula(text))


def _is_number(text: str) -> bool:
    """Whether the text is nothing but a number: «-0.5» is no formula."""
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


class Look:
    """How some cells of a sheet look; made once, for styling each cell anew takes most of the time."""

    def __init__(
        self,
        sheet: Worksheet,
        text_font: Font,
        fill: PatternFill | None = None,
        alignment: Alignment | None = TOP_WRAPPED,
    ) -> None:
        self._sheet = sheet
        self._model = WriteOnlyCell(sheet)
        self._model.font, self._model.border = text_font, BORDER
        if alignment is not None:
            self._model.alignment = alignment
        if fill is not None:
            self._model.fill = fill

    def cell(self, value: object) -> WriteOnlyCell:
        """A cell with this look; numbers stay numbers, all else is safe text."""
        made = WriteOnlyCell(self._sheet, value=plain_value(value))
        made._style = self._model._style
        return made


def plain_value(value: object) -> str | int | float:
    """A value for a workbook: a number as it is, nothing as empty text, all else as safe text."""
    if value is None:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else safe_text(value)


def set_widths(sheet: Worksheet, widths: Iterable[float]) -> None:
    """Column widths in characters, from the first column on."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def text_width(text: str) -> int:
    """Width of a text in characters of a workbook: Chinese ones count twice."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)
