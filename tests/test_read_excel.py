"""Excel workbooks as offices keep them: formulas, errors, merged cells, dates, hidden things."""

import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from data.registers import excel, grid, sheet_marks
from data.registers.raw import MAX_COLUMNS, ImportProblem
from data.registers.registry import register
from data.registers.validation import Options, validate

TOILETS = register("toilets")
HEAD = ["编号", "名称", "经度", "纬度"]
ROW = ["A1", "湖滨公厕", 120.17, 30.25]


@pytest.fixture
def book():
    """A workbook with one sheet «公厕»."""
    made = openpyxl.Workbook()
    made.active.title = "公厕"
    return made


@pytest.fixture
def read(tmp_path, book):
    """Save the workbook, with these rows added, and read it."""

    def run(*rows, layer=None, calculated=None):
        for row in rows:
            book.active.append(row)
        path = tmp_path / "台账.xlsx"
        book.save(path)
        if calculated:
            store_results(path, calculated)
        return excel.read(path, TOILETS, layer)

    return run


@pytest.fixture
def refusal(read):
    """What the officer is told of a workbook that cannot be read."""

    def run(*rows, **how):
        with pytest.raises(ImportProblem) as caught:
            read(*rows, **how)
        assert "台账.xlsx" in str(caught.value)
        return str(caught.value)

    return run


def rewrite(path, change):
    """Pass the XML of the first sheet through ``change``."""
    with zipfile.ZipFile(path) as made:
        files = {name: made.read(name) for name in made.namelist()}
    inner = "xl/worksheets/sheet1.xml"
    files[inner] = change(files[inner].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)


def store_results(path, results):
    """Put the result beside each formula, as Excel does when it saves; openpyxl stores none."""

    def change(xml):
        for cell, (kind, result) in results.items():
            pattern = rf'<c r="{cell}"([^>]*)>(<f>.*?</f>)<v\s*/?>(?:</v>)?'
            filled = rf'<c r="{cell}"\1 t="{kind}">\2<v>{result}</v>'
            xml, count = re.subn(pattern, filled, xml)
            assert count == 1
        return xml

    rewrite(path, change)


def rows_of(found):
    """Row number → cells, blank where missing."""
    return {row: cells.fillna("").tolist() for row, cells in found.cells.iterrows()}


def said(found, rule):
    """Notes of a rule as (row, heading, value, severity)."""
    return [(n.row, n.heading, n.value, n.severity) for n in found.notes if n.rule == rule]


def test_a_plain_sheet_is_read_without_notes(read):
    found = read(HEAD, ROW, ["A2", "乙", 120, None])
    assert rows_of(found) == {
        2: ["A1", "湖滨公厕", "120.17", "30.25"],
        3: ["A2", "乙", "120", ""],
    }
    assert found.cells.loc[3].isna().tolist() == [False, False, False, True]
    assert found.format == "Excel 工作表“公厕”"
    assert found.notes == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("00123", "00123"),
        ("３３０１", "３３０１"),
        (12, "12"),
        (12.0, "12"),
        (-0.5, "-0.5"),
        (120.171300001, "120.171300001"),
        (0.1 + 0.2, "0.3"),
        (3347844.0, "3347844"),
        (12345678901.25, "12345678901.25"),
        (1e-7, "1e-07"),
        (44256, "44256"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2021, 3, 1), "2021-03-01"),
        (datetime(2021, 3, 1), "2021-03-01"),
        (datetime(2021, 3, 1, 8, 30), "2021-03-01 08:30:00"),
        (time(8, 30), "08:30:00"),
        ("  ", ""),
        ("两\n行", "两\n行"),
        ("<b>&", "<b>&"),
    ],
)
@pytest.mark.parametrize("beside", ["文字", 1.5])
def test_cells_become_text_as_an_officer_reads_them(read, value, text, beside):
    found = read(HEAD, ["A1", value, 1, 2], ["A2", beside, 1, 2])
    assert found.cells["名称"].fillna("").tolist() == [text, str(beside)]


def test_a_date_shown_in_chinese_is_a_date(book, read):
    book.active.append([*HEAD, "建成年份"])
    book.active.append([*ROW, date(2021, 3, 1)])
    book.active["E2"].number_format = 'yyyy"年"m"月"'
    assert read().cells.loc[2, "建成年份"] == "2021-03-01"


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0%;[Red]-0.0%"])
def test_a_percentage_is_read_as_it_is_shown(book, read, number_format):
    book.active.append(HEAD)
    book.active.append(["A1", 0.985, 1, 2])
    book.active["B2"].number_format = number_format
    assert read().cells.loc[2, "名称"] == "98.5%"


def test_a_percent_sign_that_is_only_a_letter_changes_nothing(book, read):
    book.active.append(HEAD)
    book.active.append(["A1", 98.5, 1, 2])
    book.active["B2"].number_format = '0.0"%"'
    assert read().cells.loc[2, "名称"] == "98.5"


def test_a_formula_counts_by_its_stored_result(read):
    found = read(HEAD, ["A1", '="湖滨"&"公厕"', "=100+20.17", 30.25],
                 calculated={"B2": ("str", "湖滨公厕"), "C2": ("n", "120.17")})  # fmt: skip
    assert rows_of(found) == {2: ["A1", "湖滨公厕", "120.17", "30.25"]}
    assert said(found, "公式") == [
        (2, "名称", "湖滨公厕", "corrected"),
        (2, "经度", "120.17", "corrected"),
    ]
    assert "=100+20.17" in found.notes[1].reason


def test_a_formula_with_an_empty_text_as_result_is_a_blank_cell(read):
    found = read(HEAD, ["A1", '=IF(1,"","x")', 1, 2], calculated={"B2": ("str", "")})
    assert rows_of(found) == {2: ["A1", "", "1", "2"]}
    assert said(found, "公式")[0][3] == "corrected"


def test_a_formula_that_was_never_calculated_is_rejected(read):
    found = read(HEAD, ROW, ["A2", "乙", "=C2", 30])
    assert said(found, "公式") == [(3, "经度", "=C2", "rejected")]
    assert rows_of(found)[3] == ["A2", "乙", "", "30"]


def test_rows_of_nothing_but_formulas_without_result_are_not_lost(read):
    found = read(HEAD, ROW, [], [None, "=B2"], ["=A2"])
    assert list(found.cells.index) == [2, 4, 5]
    assert {row for row, *_ in said(found, "公式")} == {4, 5}
    assert found.blank_rows == 1


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?"])
def test_an_error_value_is_rejected_and_shown(read, error):
    found = read(HEAD, ROW, ["A2", error, 1, 2])
    assert rows_of(found)[3] == ["A2", error, "1", "2"]
    assert said(found, "错误值") == [(3, "名称", error, "rejected")]


@pytest.mark.parametrize(("heading", "accepted"), [("道路", 0), ("备注", 1)])
def test_an_error_value_rejects_a_row_only_where_the_column_is_used(read, heading, accepted):
    raw = read([*HEAD, heading], ["3301020301000001", *ROW[1:], "#REF!"])
    found = validate(raw, TOILETS, Options(crs="wgs84"), {})
    assert found.accepted_count == accepted
    assert "错误值" in found.findings["rule"].tolist()


def test_a_formula_whose_result_is_an_error_is_an_error(read):
    found = read(HEAD, ["A1", "=C9/0", 1, 2], calculated={"B2": ("e", "#DIV/0!")})
    assert said(found, "错误值") == [(2, "名称", "#DIV/0!", "rejected")]
    assert said(found, "公式") == []


def test_formulas_above_the_table_and_beside_it_are_of_no_account(read):
    found = read(["=1+1"], HEAD, ROW)
    assert said(found, "公式") == []


def test_a_column_full_of_formulas_is_noted_once(read, monkeypatch):
    monkeypatch.setattr(sheet_marks, "MAX_NOTES_A_COLUMN", 3)
    rows = range(2, 7)
    found = read(HEAD, *(["A", f"=C{n}", n, 2] for n in rows),
                 calculated={f"B{n}": ("n", n) for n in rows})  # fmt: skip
    assert said(found, "公式") == [(0, "名称", "", "noted")]
    assert "第 2–6 行共 5 个单元格" in found.notes[0].reason


def test_a_code_typed_as_a_number_is_warned_of(read):
    found = read(HEAD, [3301020301000120, "甲", 1, 2], [3301020301000130, "乙", 1, 2])
    assert found.cells["编号"].tolist() == ["3301020301000120", "3301020301000130"]
    assert said(found, "数字过长") == [(0, "编号", "3301020301000120", "noted")]


def test_a_merged_title_above_the_header_is_recognised(book, read):
    book.active.append(["上城区公共厕所台账"])
    book.active.merge_cells("A1:D1")
    found = read(HEAD, ROW)
    assert rows_of(found) == {3: ["A1", "湖滨公厕", "120.17", "30.25"]}
    assert "第 2 行" in found.notes[0].reason


def test_a_merged_header_in_two_rows_is_joined(book, read):
    for row in (["编号", "名称", "位置", None, "备注"], [None, None, "经度", "纬度"]):
        book.active.append(row)
    for block in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
        book.active.merge_cells(block)
    found = read([*ROW, "无"])
    assert list(found.cells) == ["编号", "名称", "经度", "纬度", "备注"]
    assert list(found.cells.index) == [3]


def test_groups_of_columns_in_a_merged_header_stay_told_apart(book, read):
    for row in (["编号", "起点", None, "终点", None], [None, "经度", "纬度", "经度", "纬度"]):
        book.active.append(row)
    for block in ("A1:A2", "B1:C1", "D1:E1"):
        book.active.merge_cells(block)
    found = read(["A1", 1, 2, 3, 4])
    assert list(found.cells) == ["编号", "起点 / 经度", "起点 / 纬度", "终点 / 经度", "终点 / 纬度"]


def test_a_merged_header_without_a_known_heading_below_still_has_two_rows(book, read):
    for row in (["编号", "名称", "管护", None], [None, None, "单位", "电话"]):
        book.active.append(row)
    for block in ("A1:A2", "B1:B2", "C1:D1"):
        book.active.merge_cells(block)
    assert list(read(["A1", "甲", "乙", "1"]).cells) == [
        "编号",
        "名称",
        "管护 / 单位",
        "管护 / 电话",
    ]


def test_cells_merged_downwards_hold_for_every_row(book, read):
    for row in (["街道", *HEAD], ["湖滨街道", *ROW], [None, "A2", "乙", 1, 2], ["小营街道", *ROW]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    found = read()
    assert found.cells["街道"].tolist() == ["湖滨街道", "湖滨街道", "小营街道"]
    assert said(found, "合并单元格") == [(3, "街道", "湖滨街道", "corrected")]


def test_blank_rows_inside_a_merged_block_stay_blank(book, read):
    book.active.append(["街道", *HEAD])
    book.active.append(["湖滨街道", *ROW])
    book.active.merge_cells("A2:A9")
    assert list(read().cells.index) == [2]


def test_cells_merged_sideways_count_for_the_first_column_with_a_note(book, read):
    book.active.append(HEAD)
    book.active.append(["A1", "甲", None, 2])
    book.active.merge_cells("B2:C2")
    found = read()
    assert rows_of(found) == {2: ["A1", "甲", "", "2"]}
    assert said(found, "合并单元格") == [(0, "名称", "甲", "noted")]


def test_hidden_rows_and_columns_are_read_with_a_note(book, read):
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    found = read(HEAD, ROW, ["A2", "乙", 1, 2])
    assert len(found.cells) == 2
    reasons = [note.reason for note in found.notes]
    assert any("1 行被隐藏" in reason and "第 3 行" in reason for reason in reasons)
    assert any("隐藏列" in reason for reason in reasons)


def test_a_table_that_begins_further_down_and_right_keeps_its_row_numbers(book, read):
    for column, (heading, value) in enumerate(zip(HEAD, ROW, strict=True), 3):
        book.active.cell(5, column, heading)
        book.active.cell(8, column, value)
    found = read()
    assert list(found.cells) == HEAD
    assert list(found.cells.index) == [8]
    assert found.blank_rows == 2


def test_empty_columns_and_rows_with_colour_only_are_no_content(book, read):
    for row in (HEAD, ROW):
        book.active.append(row)
    book.active["JZ9000"].fill = PatternFill("solid", fgColor="FFFF00")
    found = read()
    assert found.cells.shape == (1, 4)
    assert found.blank_rows == 0


def test_a_sheet_of_300_columns_is_refused(refusal):
    assert f"超过 {MAX_COLUMNS} 列" in refusal([*HEAD, *(f"列{n}" for n in range(296))], ROW)


def test_one_stray_cell_at_the_end_of_the_sheet_is_refused_before_room_is_made_for_it(
    book, refusal
):
    for row in (HEAD, ROW):
        book.active.append(row)
    book.active["XFD1048576"] = "x"
    said = refusal()
    assert "1,048,576 行" in said
    assert "XFD 列" in said


def test_more_rows_than_the_limit_are_refused(refusal, monkeypatch):
    monkeypatch.setattr(grid, "MAX_ROWS", 3)
    assert "超过 3 行" in refusal(HEAD, *[ROW] * 4)


@pytest.fixture
def three_sheets(book):
    """A sheet of explanations, the register, and a hidden list of words."""
    book.active.title = "关于本表"
    for line in ("填写说明", "一、每行一座公厕", "二、坐标用十进制度"):
        book.active.append([line])
    toilets, words = book.create_sheet("公厕"), book.create_sheet("词表")
    for row in (HEAD, ROW):
        toilets.append(row)
    for row in (["名称", "经度"], ["甲", 1]):
        words.append(row)
    words.sheet_state = "hidden"


def test_the_first_sheet_with_a_header_of_the_register_is_read(three_sheets, read):
    found = read()
    assert found.format == "Excel 工作表“公厕”"
    assert [note.reason for note in found.notes] == [
        "读取的是工作表“公厕”，未读取 “关于本表”",
        "隐藏的工作表 “词表” 未读取",
    ]


def test_the_guide_of_a_template_needs_no_note(book, read):
    book.create_sheet("填写说明").append(["每行一座公厕"])
    assert read(HEAD, ROW).notes == []


def test_a_sheet_is_read_by_name_even_if_hidden(three_sheets, read):
    assert rows_of(read(layer="词表")) == {2: ["甲", "1"]}


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(three_sheets, refusal):
    assert "现有工作表：“关于本表”、“公厕”" in refusal(layer="路灯")


def test_layers_are_the_sheets_visible_ones_first(three_sheets, book, tmp_path):
    book.create_chartsheet("图")
    book.move_sheet("词表", -2)
    book.save(tmp_path / "台账.xlsx")
    assert excel.layers(tmp_path / "台账.xlsx") == ["关于本表", "公厕", "词表"]


def test_without_a_known_header_the_first_sheet_with_rows_is_read(book, read):
    other = book.create_sheet("甲")
    for row in (["a", "b"], ["1", "2"]):
        other.append(row)
    assert rows_of(read()) == {2: ["1", "2"]}


@pytest.mark.parametrize("rows", [[], [HEAD], [HEAD, ["  ", None]]])
def test_a_workbook_without_rows_is_refused(refusal, rows):
    assert "没有数据行" in refusal(*rows)


def test_dates_counted_from_1904_are_warned_of(book, read):
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    found = read([*HEAD, "建成年份"], [*ROW, date(2021, 3, 1)])
    assert found.cells.loc[2, "建成年份"] == "2021-03-01"
    assert "1904" in found.notes[-1].reason


def test_a_workbook_in_a_namespace_with_prefix_is_read_alike(book, tmp_path):
    for row in (HEAD, ["A1", "=C2", 1, "#N/A"]):
        book.active.append(row)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    rewrite(
        path,
        lambda xml: re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x="),
    )
    found = excel.read(path, TOILETS)
    assert rows_of(found) == {2: ["A1", "", "1", "#N/A"]}
    assert [note.severity for note in found.notes] == ["rejected", "rejected"]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml[: len(xml) // 2],
        lambda xml: "",
        lambda xml: "<a/>",
        lambda xml: xml.replace('r="A2"', 'r="ZZZ9999999"'),
        lambda xml: xml.replace("</sheetData>", "</oops>"),
    ],
)
def test_a_damaged_sheet_is_told(book, tmp_path, change):
    for row in (HEAD, ROW):
        book.active.append(row)
    path = tmp_path / "台账.xlsx"
    book.save(path)
    rewrite(path, change)
    with pytest.raises(ImportProblem, match=r"台账\.xlsx"):
        excel.read(path, TOILETS)


def test_rows_read_in_several_pieces_keep_their_order_and_numbers(read, monkeypatch):
    monkeypatch.setattr(excel, "_CHUNK_ROWS", 100)
    found = read(HEAD, *([f"{n:06d}", "甲", 120 + n / 1e5, n] for n in range(450)))
    assert found.cells.loc[451].tolist() == ["000449", "甲", "120.00449", "449"]
    assert list(found.cells.index) == list(range(2, 452))
