"""The report on a checked import: what it says, which cells it marks, and that nothing is run."""

import io

import openpyxl
import pandas as pd
import pytest

from data.registers import report
from data.registers.findings import Findings
from data.registers.report import report_bytes, report_text
from data.registers.staging import load, stage
from data.registers.workbooks import ACCENT, INK, MET, MISSED, MUTED, PALE, PAPER, safe_text
from tests.checked_imports import checked, compared, faults, verdict
from ui.theme import LIGHT


@pytest.fixture
def make(tmp_path):
    """Stage a validation, as the report reads it."""

    def run(validation=None, **difference):
        validation = validation or checked()
        return load(tmp_path, stage(tmp_path, validation, 3, compared(validation, **difference)))

    return run


@pytest.fixture
def opened(make):
    """The report on a validation as Excel would open it."""

    def run(*arguments, **more):
        content = report_bytes(make(*arguments, **more), actor="值班员甲")
        return openpyxl.load_workbook(io.BytesIO(content))

    return run


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def finding(row, heading, value, severity="rejected", reason="不对"):
    found = Findings()
    found.add([row], heading, value, severity, "规则", reason, "请改正")
    return found.frame()


def test_the_summary_names_file_counts_verdict_and_who(opened):
    facts = [(row[0].value, row[1].value) for row in opened()["摘要"].iter_rows(max_row=20)]
    summary = dict(reversed(facts))
    assert summary["文件"] == "公厕.xlsx"
    assert summary["读取"] == "4 行"
    assert summary["合格"] == "2 行（其中更正 1）"
    assert summary["拒绝"] == "2 行"
    assert "示例数据" in summary["与现有数据相比"] and "v00003" in summary["与现有数据相比"]
    assert summary["坐标系"] == "WGS-84 经纬度"
    assert summary["校验人"] == "值班员甲"
    assert "2 行" in summary["能否发布"]


def test_the_difference_against_a_register_is_counted(opened):
    validation = checked()
    book = opened(validation, replaces_sample=False, unchanged_count=7)
    line = next(text for text in texts(book["摘要"]) if text.startswith("新增"))
    assert line.startswith("新增 2、变更 0、减少 0、不变 7")


def test_a_file_that_cannot_be_published_says_why(opened):
    blocked = checked(crs=verdict(blocks=True, message="按 GCJ-02 解释则 99.6% 落在区内"))
    assert any("按 GCJ-02 解释" in text for text in texts(opened(blocked)["摘要"]))


def test_findings_are_listed_in_order_and_can_be_filtered(opened):
    sheet = opened()["问题"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("行号", "列", "原值", "结果", "规则", "原因", "改正办法")
    assert [row[0] for row in rows[1:]] == ["整个文件", 3, 4, 5]
    assert [row[3] for row in rows[1:]] == ["提示", "更正", "拒绝", "拒绝"]
    assert sheet.auto_filter.ref == "A1:G5"


def test_offending_cells_are_coloured_by_severity_with_the_reason_beside(opened):
    sheet = opened()["原表"]
    assert [cell.value for cell in sheet[1]][:3] == ["原行号", "公厕编号", "公厕"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [2, 3, 4, 5]
    colours = {
        (row[0].value, sheet.cell(1, cell.column).value): cell.fill.start_color.rgb[-6:]
        for row in sheet.iter_rows(min_row=2)
        for cell in row[1:]
        if cell.fill.fill_type
    }
    assert colours == {
        (3, "星级"): PALE["corrected"],
        (4, "星级"): PALE["rejected"],
        (5, "经度"): PALE["rejected"],
    }
    assert "大于 5星" in sheet.cell(4, 6).comment.text


def test_a_finding_on_the_whole_row_marks_its_number(opened):
    cell = opened(checked(finding(4, "", "")))["原表"].cell(4, 1)
    assert cell.fill.start_color.rgb[-6:] == PALE["rejected"]
    assert "不对" in cell.comment.text


def test_of_several_findings_in_a_cell_the_gravest_gives_the_colour(opened):
    both = pd.concat([finding(3, "星级", "４", "corrected", "全角"), finding(3, "星级", "４")])
    cell = opened(checked(both, accepted=(1,)))["原表"].cell(3, 6)
    assert cell.fill.start_color.rgb[-6:] == PALE["rejected"]
    assert "全角" in cell.comment.text and "不对" in cell.comment.text


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", " =1", "＝1", "-1+1", "\t=1"]
)
def test_nothing_of_the_file_is_run_as_a_formula(opened, text):
    cells = pd.DataFrame({"公厕编号": [text], text: ["1"]}, index=[2], dtype="str")
    validation = checked(finding(2, text, text, reason=text), accepted=(), cells=cells)
    validation.raw.file_name = text
    for sheet in opened(validation):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert safe_text(text).lstrip().startswith("'")


@pytest.mark.parametrize("text", ["-0.5", "120.16", "0012", "公厕", ""])
def test_plain_text_and_numbers_are_left_as_they_are(text):
    assert safe_text(text) == text


def test_characters_that_a_workbook_cannot_hold_are_left_out(opened):
    cells = pd.DataFrame({"公厕编号": ["a\x00b\x1fc", "长" * 40_000]}, index=[2, 3], dtype="str")
    sheet = opened(checked(faults().iloc[:0], accepted=(), cells=cells))["原表"]
    assert sheet.cell(2, 2).value == "abc"
    assert len(sheet.cell(3, 2).value) < 32_768


def test_a_sound_file_says_so(opened, make):
    sound = checked(faults().iloc[:0], accepted=(1, 2, 3, 4))
    assert "没有发现问题" in texts(opened(sound)["摘要"])
    assert "没有发现问题" in report_text(make(sound))


def test_what_is_cut_is_said(opened, monkeypatch):
    monkeypatch.setattr(report, "MOST_FINDINGS", 2)
    monkeypatch.setattr(report, "MOST_CELLS", 12)
    book = opened()
    summary = " ".join(texts(book["摘要"]))
    assert "问题共 4 条，本报告列出前 2 条" in summary
    assert "文件共 4 行" in summary and "前 2 行" in summary
    assert book["问题"].max_row == 3
    assert book["原表"].max_row == 3


def test_comments_stop_where_excel_would_slow_down(opened, monkeypatch):
    monkeypatch.setattr(report, "MOST_COMMENTS", 1)
    sheet = opened()["原表"]
    comments = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    assert len(comments) == 1


def test_the_text_for_a_terminal_groups_findings_by_rule(make):
    lines = report_text(make()).splitlines()
    rules = [line for line in lines if line[0] in "✗~·"]
    assert rules == [
        "✗ 拒绝 [范围] 1 条",
        "✗ 拒绝 [格式] 1 条",
        "~ 更正 [全角字符] 1 条",
        "· 提示 [未用的列] 1 条",
    ]
    assert "    第 4 行“星级”（9）：大于 5星；可填 1～5" in lines


def test_only_the_first_examples_of_a_rule_are_shown(make):
    found = Findings()
    found.add(range(2, 6), "星级", "9", "rejected", "范围", "大于 5", "可填 1～5")
    lines = report_text(make(checked(found.frame(), accepted=()))).splitlines()
    assert "✗ 拒绝 [范围] 4 条" in lines
    assert sum(line.startswith("    第") for line in lines) == report.EXAMPLES


def test_text_of_a_file_cannot_steer_the_terminal(make):
    evil = checked(finding(4, "a\x1b[31m", "x\r\nfalsch\u202e"))
    text = report_text(make(evil))
    assert "\x1b" not in text and "\r" not in text and "\u202e" not in text
    assert "\nfalsch" not in text


def test_colours_are_those_of_the_light_palette():
    used = {"text": INK, "muted": MUTED, "ground": PAPER, "accent": ACCENT, "met": MET,
            "missed": MISSED}  # fmt: skip
    assert used == {role: getattr(LIGHT, role).removeprefix("#") for role in used}
