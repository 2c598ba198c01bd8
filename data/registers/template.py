"""The Excel template of a register: headings, drop-downs, example rows and what each column means.

The headings are the contract's titles, so a filled template is read without mapping a column. The
example rows are known to the import, which refuses them when they were left in.
"""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data.contracts import Column
from data.registers.examples import FIRST_ROW, example_value
from data.registers.excel import GUIDE_SHEET
from data.registers.raw import MAX_ROWS
from data.registers.register import Field, Register
from data.registers.values import office_words
from data.registers.workbooks import (
    ACCENT,
    BORDER,
    CENTRED,
    INK,
    LINE_SIDE,
    MUTED,
    PAPER,
    TEXT_FORMAT,
    TOP_WRAPPED,
    WATER,
    Border,
    font,
    ground,
    text_width,
)
from geo import district
from geo.crs import SYSTEMS

FORM_SHEET = "填报"
LAST_ROW = MAX_ROWS + 1
EARLIEST, LATEST = date(1950, 1, 1), date(2035, 12, 31)
MAX_LIST_CHARS = 255
"""Excel takes no longer list of choices in a cell's rule."""
MONTH_FORMAT, DATE_FORMAT = "yyyy-mm", "yyyy-mm-dd"

_KINDS = {"point": "点", "line": "线", "polygon": "面"}
_TYPES = {
    "VARCHAR": "文本", "DOUBLE": "数值", "INTEGER": "整数", "BIGINT": "整数", "BOOLEAN": "是/否",
    "DATE": "日期",
}  # fmt: skip
_NOT_CHECKED = ("lon", "lat")
"""Numbers whose range depends on the coordinate system declared."""
_HEADINGS = (
    ("列名", 22), ("是否必填", 10), ("类型", 10), ("单位", 8), ("范围", 18), ("可填内容", 34),
    ("说明", 42), ("同样认得的表头", 42), ("示例", 34),
)  # fmt: skip


def template_bytes(register: Register) -> bytes:
    """The template as an .xlsx file."""
    book = Workbook()
    _fill_form(book.active, register)
    _fill_guide(book.create_sheet(GUIDE_SHEET), register)
    book.properties.title = f"{register.title}填报模板"
    book.properties.creator = "上城区城市管理驾驶舱"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def choices(register: Register, item: Field) -> list[str]:
    """What an officer chooses from in a column; empty where anything may be typed."""
    if item.name == "subdistrict_code":
        return list(district.subdistrict_names())
    if item.name == "subdistrict_name":
        return list(district.subdistrict_names().values())
    column = register.column(item.name)
    is_coded = (
        column.type == "BOOLEAN" or column.allowed or (column.type == "VARCHAR" and item.words)
    )
    return office_words(item, column) if is_coded else []


def _is_month(column: Column) -> bool:
    return column.name == "month"


# --- the sheet to fill in ------------------------------------------------------------------------


def _fill_form(sheet: Worksheet, register: Register) -> None:
    sheet.title = FORM_SHEET
    for number, item in enumerate(register.fields, start=1):
        column = register.column(item.name)
        letter = get_column_letter(number)
        _set_heading(sheet.cell(1, number), column, register.is_required(item.name))
        shape = sheet.column_dimensions[letter]
        shape.width = _width(column, item)
        # The whole column, also below what is filled in: Excel must not make a number of a code.
        shape.number_format = _number_format(column)
        shape.font = font()
        for place in range(len(item.examples)):
            value = example_value(item, column, place)
            _set_example(sheet.cell(FIRST_ROW + place, number), column, value)
        if rule := _rule(register, item, column):
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(rule)
    sheet.row_dimensions[1].height = 34
    sheet.freeze_panes = "A2"
    sheet.sheet_properties.tabColor = ACCENT
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _set_heading(cell: Cell, column: Column, is_required: bool) -> None:
    """The text is matched when the file comes back, so that a column is required shows in colour."""
    cell.value = column.title
    cell.font = font("FFFFFF" if is_required else INK, bold=True, size=11)
    cell.fill = ground(ACCENT if is_required else WATER)
    cell.alignment, cell.border = CENTRED, BORDER
    cell.number_format = TEXT_FORMAT


def _set_example(cell: Cell, column: Column, value: str | int | float | date | None) -> None:
    cell.value = value
    cell.number_format = _number_format(column)
    cell.font = font(MUTED, italic=True)
    cell.fill = ground(PAPER)
    cell.border = Border(bottom=LINE_SIDE)


def _number_format(column: Column) -> str:
    if column.type == "VARCHAR":
        return TEXT_FORMAT
    if column.type == "DATE":
        return MONTH_FORMAT if _is_month(column) else DATE_FORMAT
    return "General"


def _width(column: Column, item: Field) -> float:
    widest = max(map(text_width, (column.title, *item.examples)))
    return min(max(widest + 4, 10), 40)


def _rule(register: Register, item: Field, column: Column) -> DataValidation | None:
    """What Excel lets an officer type into a column, and the hint it shows."""
    listed = choices(register, item)
    if listed:
        made = DataValidation(type="list", formula1=f'"{",".join(listed)}"')
        # A subdistrict may come as its old code or without «街道»: the import converts it.
        is_strict = column.type == "BOOLEAN" or bool(column.allowed)
        text = f"请从下拉列表中选择：{'、'.join(listed)}"
    elif column.type == "DATE":
        first, last = (f"DATE({day.year},{day.month},{day.day})" for day in (EARLIEST, LATEST))
        made = DataValidation(type="date", operator="between", formula1=first, formula2=last)
        is_strict, text = True, f"请填 {EARLIEST.year}～{LATEST.year} 年间的日期，如 2025-03-31"
        if _is_month(column):
            text = f"请填 {EARLIEST.year}～{LATEST.year} 年间的月份，如 2025-03"
    elif column.type in ("DOUBLE", "INTEGER", "BIGINT"):
        made, text = _number_rule(column)
        is_strict = True
    else:
        made, is_strict, text = DataValidation(), True, ""
    made.allow_blank = True
    made.showErrorMessage = bool(text)
    made.errorStyle = "stop" if is_strict else "warning"
    made.errorTitle = "填写有误"[:32]
    made.error = f"“{column.title}”{text}"[:225]
    made.showInputMessage = True
    made.promptTitle = column.title[:32]
    made.prompt = _hint(register, item, column, text)[:MAX_LIST_CHARS]
    return made


def _number_rule(column: Column) -> tuple[DataValidation, str]:
    low, high = column.low, column.high
    if column.name in _NOT_CHECKED:
        low, high = 0, None
    kind, word = ("decimal", "数字") if column.type == "DOUBLE" else ("whole", "整数")
    unit = (
        f"（单位 {column.unit}，只填数字）"
        if column.unit and column.name not in _NOT_CHECKED
        else ""
    )
    if low is not None and high is not None:
        made = DataValidation(
            type=kind, operator="between", formula1=f"{low:g}", formula2=f"{high:g}"
        )
        return made, f"请填 {low:g}～{high:g} 的{word}{unit}"
    least = -1e12 if low is None else low
    made = DataValidation(type=kind, operator="greaterThanOrEqual", formula1=f"{least:g}")
    return made, f"请填{'' if low is None else f'不小于 {low:g} 的'}{word}{unit}"


def _hint(register: Register, item: Field, column: Column, text: str) -> str:
    required = "必填" if register.is_required(item.name) else "选填"
    return "。".join(part for part in (required, text, item.note) if part) + "。"


# --- the sheet that explains ---------------------------------------------------------------------


def _fill_guide(sheet: Worksheet, register: Register) -> None:
    for number, (_, width) in enumerate(_HEADINGS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([f"{register.title} · 填写说明"])
    sheet["A1"].font = font(ACCENT, bold=True, size=16)
    sheet.row_dimensions[1].height = 30
    for line in guide_lines(register):
        sheet.append([line])
        row = sheet.max_row
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
        sheet.cell(row, 1).font = font()
        sheet.cell(row, 1).alignment = TOP_WRAPPED
        sheet.row_dimensions[row].height = 18 * (1 + text_width(line) // 200)
    sheet.append([])
    sheet.append([title for title, _ in _HEADINGS])
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font, cell.fill = font("FFFFFF", bold=True), ground(INK)
        cell.alignment, cell.border = CENTRED, BORDER
    for item in register.fields:
        _append_field(sheet, register, item)
    sheet.freeze_panes = f"B{head + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def guide_lines(register: Register) -> list[str]:
    """What an officer should know before filling in, a sentence or two a line."""
    lines = [
        f"在“{FORM_SHEET}”工作表中从第 2 行起填写，一行一条；棕色表头必填，浅蓝表头选填。不要改动表头，"
        "不要合并单元格，不要写公式。",
        f"第 2、3 行是示例（斜体灰字），填写前请删去；忘记删去时导入会拒绝这两行。最多 {MAX_ROWS:,} 行。",
    ]
    if register.geometry or "lon" in register.field_names:
        lines.append(
            "坐标系："
            + "；".join(SYSTEMS.values())
            + "。导入时须声明用的是哪一种，全表只能用一种；"
            "经度与纬度（东坐标与北坐标）不要填反。"
        )
    if register.geometry:
        how = "须有" if register.needs_position else "可不填"
        shape = _KINDS[register.geometry]
        lines.append(f"位置：{how}；图形类型为{shape}。{_where(register)}")
    lines.append(
        f"更新周期：每 {register.update_days} 天至少更新一次；超过后数据目录标为“已过期”。"
    )
    lines.append(
        "导入方式：在“导入”页上传本文件，或运行 "
        f"python -m data import {register.name} 文件 --crs 坐标系。导入前逐行校验，不合格的行不会进入登记册。"
    )
    lines.append(_licence_line(register))
    return lines


def _where(register: Register) -> str:
    formats = "Shapefile（zip）、GeoPackage 或 GeoJSON"
    if register.geometry == "point":
        return f"填经度、纬度两列；已有空间数据的，可直接导入 {formats}。"
    return f"表格中填 WKT 或 GeoJSON 文本；更方便的是直接导入 {formats}。"


def _licence_line(register: Register) -> str:
    line = "许可：默认“内部资料”，可在导入时另行声明；随数据写入目录和导出文件。"
    if register.from_osm:
        line += "由 OpenStreetMap 导入的数据须注明 © OpenStreetMap contributors（ODbL 1.0）。"
    return line


def _append_field(sheet: Worksheet, register: Register, item: Field) -> None:
    column = register.column(item.name)
    is_required = register.is_required(item.name)
    values: Sequence[str] = (
        column.title,
        "必填" if is_required else "选填",
        "文本（月份）" if _is_month(column) else _TYPES[column.type],
        "" if item.name in _NOT_CHECKED else column.unit,
        _range(column),
        "、".join(choices(register, item)),
        "；".join(filter(None, (item.note, "整列都填或整列都不填" if item.all_or_none else ""))),
        "、".join(item.aliases),
        "、".join(filter(None, item.examples)),
    )
    sheet.append([None] * len(values))
    for number, text in enumerate(values, start=1):
        cell = sheet.cell(sheet.max_row, number, text)
        cell.font = font(ACCENT if is_required and number <= 2 else INK, bold=number == 1)
        cell.alignment = (
            CENTRED if 2 <= number <= 4 else Alignment(vertical="center", wrap_text=True)
        )
        cell.border, cell.number_format = BORDER, TEXT_FORMAT


def _range(column: Column) -> str:
    if column.type == "DATE":
        return f"{EARLIEST.year}～{LATEST.year} 年"
    if column.name in _NOT_CHECKED:
        return "上城区范围内"
    if column.low is not None and column.high is not None:
        return f"{column.low:g}～{column.high:g}"
    return "" if column.low is None else f"≥ {column.low:g}"
