"""CSV files as offices save them: encodings, separators, titles, ragged rows, and what is refused."""

import csv

import pandas as pd
import pytest

from data.registers import csv_file, grid
from data.registers.raw import MAX_COLUMNS, ImportProblem
from data.registers.registry import register

TOILETS = register("toilets")
HEAD = "编号,名称,经度,纬度"
ROW = "A1,湖滨公厕,120.17,30.25"


@pytest.fixture
def read(tmp_path):
    """Read lines of text saved as a CSV file."""

    def run(*lines, encoding="utf-8", end="\r\n"):
        path = tmp_path / "公厕.csv"
        path.write_bytes(end.join(lines).encode(encoding))
        return csv_file.read(path, TOILETS)

    return run


@pytest.fixture
def refusal(read):
    """What the officer is told of lines that cannot be read."""

    def run(*lines, **how):
        with pytest.raises(ImportProblem) as caught:
            read(*lines, **how)
        assert "公厕.csv" in str(caught.value)
        return str(caught.value)

    return run


def rows_of(found):
    """Row number → cells, blank where missing."""
    return {row: cells.fillna("").tolist() for row, cells in found.cells.iterrows()}


def rules(found):
    return [note.rule for note in found.notes]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "CSV（UTF-8）"),
        ("utf-8-sig", "CSV（UTF-8 带 BOM）"),
        ("gb18030", "CSV（GB18030）"),
        ("gbk", "CSV（GB18030）"),
        ("utf-16", "CSV（UTF-16）"),
    ],
)
@pytest.mark.parametrize("quoted", [False, True])
def test_every_encoding_an_office_writes_is_read(read, encoding, named, quoted):
    found = read(HEAD, '"A1",湖滨公厕,120.17,30.25' if quoted else ROW, encoding=encoding)
    assert list(found.cells) == ["编号", "名称", "经度", "纬度"]
    assert rows_of(found) == {2: ["A1", "湖滨公厕", "120.17", "30.25"]}
    assert found.format == named
    assert found.notes == []


def test_what_pandas_and_the_csv_module_write_comes_back_as_it_was(tmp_path):
    frame = pd.DataFrame(
        {
            "编号": ["001", "002", "003"],
            "名称": ["甲,乙", '有"引号"', "两\n行"],
            "经度": ["", "1", " "],
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    with (tmp_path / "b.csv").open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([frame.columns, *frame.to_numpy()])
    for name in ("a.csv", "b.csv"):
        found = csv_file.read(tmp_path / name, TOILETS)
        assert rows_of(found) == {
            2: ["001", "甲,乙", ""],
            3: ["002", '有"引号"', "1"],
            4: ["003", "两\n行", ""],
        }


@pytest.mark.parametrize(("separator", "named"), [(",", ""), ("\t", "制表符"), (";", "分号")])
def test_the_separator_is_recognised(read, separator, named):
    found = read(*(line.replace(",", separator) for line in (HEAD, ROW)))
    assert rows_of(found) == {2: ["A1", "湖滨公厕", "120.17", "30.25"]}
    assert named in found.format


def test_commas_inside_a_tab_separated_file_stay_text(read):
    found = read(HEAD.replace(",", "\t"), "A1\t甲,乙,丙,丁\t1\t2")
    assert rows_of(found)[2][1] == "甲,乙,丙,丁"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["湖滨公厕", '"湖滨公厕"'])
def test_every_line_ending_is_read(read, end, name):
    assert rows_of(read(HEAD, f"A1,{name},1,2", "A2,b,1,2", end=end)) == {
        2: ["A1", "湖滨公厕", "1", "2"],
        3: ["A2", "b", "1", "2"],
    }


@pytest.mark.parametrize("name", ["湖滨公厕", '"湖滨\n公厕"', '"湖滨,公厕"'])
def test_rows_are_numbered_as_a_spreadsheet_counts(read, name):
    found = read(HEAD, f"A1,{name},1,2", "", ",,,", "A2,b,1,2", "   , ,,", "", "")
    assert list(found.cells.index) == [2, 5]
    assert found.blank_rows == 2


def test_a_short_row_lacks_its_last_cells(read):
    assert rows_of(read(HEAD, "A1,甲", ROW)) == {
        2: ["A1", "甲", "", ""],
        3: ["A1", "湖滨公厕", "120.17", "30.25"],
    }


def test_a_row_longer_than_the_header_is_kept_and_rejected(read):
    found = read(HEAD, ROW, "A2,湖滨,一号公厕,120.1,30.2", ",,,,多出", f"{ROW},,")
    assert list(found.cells.index) == [2, 3, 4, 5]
    assert [(n.row, n.severity, n.value) for n in found.notes] == [
        (3, "rejected", "30.2"),
        (4, "rejected", "多出"),
    ]
    assert "5 列" in found.notes[0].reason


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, 'A1,"湖滨公厕,120.17,30.25', ROW],
        [HEAD, 'A1,"湖滨公厕,120.17,30.25', ROW, 'A3,"乙",1,2'],
        [HEAD, 'A1,"湖滨"公厕,120.17,30.25'],
    ],
)
def test_a_quotation_mark_that_does_not_close_is_told_with_its_row(refusal, lines):
    said = refusal(*lines)
    assert "第 2 行" in said
    assert "引号" in said


def test_a_quotation_mark_within_a_cell_is_text(read):
    assert rows_of(read(HEAD, '管径5",甲,1,2'))[2][0] == '管径5"'


def test_a_zero_byte_is_told_with_its_row(refusal):
    assert "第 3 行有空字节" in refusal(HEAD, ROW, "A2,\0,1,2", end="\n")


def test_spoilt_bytes_in_utf8_are_not_taken_for_chinese_of_another_encoding(tmp_path):
    path = tmp_path / "公厕.csv"
    path.write_bytes("\n".join([HEAD, *[ROW] * 20]).encode() + b"\nA2,\xff\xfe,1,2\n")
    with pytest.raises(ImportProblem, match="第 22 行有无法识别的字符"):
        csv_file.read(path, TOILETS)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_within_a_character_is_told(tmp_path, encoding):
    path = tmp_path / "公厕.csv"
    path.write_bytes("\n".join([HEAD, *[ROW] * 5, "A9,公厕"]).encode(encoding)[:-1])
    with pytest.raises(ImportProblem, match="没有传送完"):
        csv_file.read(path, TOILETS)


@pytest.mark.parametrize(
    "title", ["上城区公共厕所台账", "上城区公厕台账,,,", "填报单位：环卫中心,,2024年,"]
)
def test_a_title_above_the_header_is_recognised_and_noted(read, title):
    found = read(title, "", HEAD, ROW)
    assert list(found.cells) == ["编号", "名称", "经度", "纬度"]
    assert list(found.cells.index) == [4]
    assert rules(found) == ["表头"]
    assert "第 3 行" in found.notes[0].reason


def test_a_title_is_recognised_above_headings_that_are_not_known(read):
    found = read("台账,,", "甲,乙,丙", "1,2,3")
    assert list(found.cells) == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    ("upper", "lower", "names"),
    [
        ("编号,名称,位置,,星级", ",,经度,纬度,", ["编号", "名称", "经度", "纬度", "星级"]),
        ("基本信息,,位置,,", "编号,名称,经度,纬度,星级", ["编号", "名称", "经度", "纬度", "星级"]),
        ("编号,名称,起点,,终点,", ",,经度,纬度,经度,纬度",
         ["编号", "名称", "起点 / 经度", "起点 / 纬度", "终点 / 经度", "终点 / 纬度"]),
        ("编号,名称,建成,改造,", ",,年份,年份,经度", ["编号", "名称", "建成年份", "改造年份", "经度"]),
    ],
)  # fmt: skip
def test_a_header_in_two_rows_is_joined_and_noted(read, upper, lower, names):
    found = read(upper, lower, ",".join("1" * len(names)))
    assert list(found.cells) == names
    assert list(found.cells.index) == [3]
    assert rules(found) == ["表头"]


def test_a_first_row_of_data_is_not_taken_for_a_second_header(read):
    found = read("编号,名称,类别", "名称,位置一,道路", "A2,b,c")
    assert len(found.cells) == 2


@pytest.mark.parametrize(
    "above", ["填报单位：环卫中心,,2024年,", "环卫中心,二〇二四年度公共厕所台账汇总"]
)
def test_remarks_just_above_the_header_are_no_groups(read, above):
    found = read(above, "编号,名称,经度,备注", "A1,b,1,c")
    assert list(found.cells) == ["编号", "名称", "经度", "备注"]


@pytest.mark.parametrize("heading", ["经 度", "经度(°)", "经度*", "ＬＯＮ", "\u200b经度"])
def test_a_header_is_recognised_however_its_headings_are_decorated(read, heading):
    found = read("2024 年台账,截至十二月", f"编号,{heading}", "A1,1")
    assert list(found.cells.index) == [3]


def test_duplicate_headings_are_told_apart_and_noted(read):
    found = read("编号,名称,名称", "A1,甲,乙")
    assert list(found.cells) == ["编号", "名称", "名称（C 列）"]
    assert "B、C 列" in found.notes[0].reason


def test_a_column_without_heading_keeps_its_content_and_an_empty_one_goes_with_a_note(read):
    found = read("编号,名称,,,", "A1,甲,,丁,")
    assert list(found.cells) == ["编号", "名称", "（D 列无表头）"]
    assert rules(found) == ["表头", "空列"]
    assert "C、E 列" in found.notes[1].reason


def test_many_columns_pass_while_empty_and_not_with_content(read, refusal):
    assert read(HEAD + "," * 300, ROW + "," * 300).cells.shape == (1, 4)
    names = ",".join(f"列{n}" for n in range(300))
    said = refusal(HEAD + "," + names, ROW)
    assert f"304 列，超过 {MAX_COLUMNS} 列" in said


def test_more_rows_than_the_limit_are_refused(refusal, monkeypatch):
    monkeypatch.setattr(grid, "MAX_ROWS", 10)
    assert "超过 10 行" in refusal(HEAD, *[ROW] * 11)


@pytest.mark.parametrize("lines", [[HEAD], [HEAD, "", ",,,"], [HEAD, "  ,,"]])
def test_a_header_without_rows_is_refused(refusal, lines):
    assert "没有数据行" in refusal(*lines)


def test_a_file_of_separators_alone_is_refused(refusal):
    assert "没有内容" in refusal(",,,", ",,,")


def test_a_geometry_of_many_points_in_one_cell_is_read(read):
    wkt = "LINESTRING (" + ", ".join(f"{120 + n / 1e6} 30.25" for n in range(10_000)) + ")"
    assert read("编号,名称,wkt", f'A1,甲,"{wkt}"').cells.loc[2, "wkt"] == wkt


@pytest.mark.parametrize("last", ["A,甲,1,2", 'A,"甲",1,2'])
def test_rows_are_read_alike_with_and_without_quotation_marks(read, monkeypatch, last):
    monkeypatch.setattr(csv_file, "_CHUNK_ROWS", 100)
    found = read(HEAD, *(f"{n},公厕{n},120.1,30.2" for n in range(449)), last)
    assert list(found.cells.index) == list(range(2, 452))
    assert found.cells.loc[450, "名称"] == "公厕448"
    assert found.cells.loc[451].tolist() == ["A", "甲", "1", "2"]
