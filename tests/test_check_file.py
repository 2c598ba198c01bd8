"""A CSV file checked before it becomes a register: what is wrong, in which row, and what to do."""

import pytest

from data.__main__ import main
from data.check_file import check_file
from data.snapshot import SnapshotError

HEAD = "indicator_no,year,value,reporting_unit,reported_on"
GOOD = "8,2024,98.5,环卫中心,2024-12-31"
VALUES = "plan.indicator_values"
PROJECTS = "plan.projects"
PROJECT_HEAD = "project_id,project_name,project_kind,quantity,unit,state,is_mapped,clause"


@pytest.fixture
def check(tmp_path):
    """Check lines of text as a CSV file of a dataset: rules and rows by finding."""

    def run(dataset, *lines, encoding="utf-8"):
        path = tmp_path / "填报.csv"
        path.write_bytes("\n".join(lines).encode(encoding))
        return check_file(dataset, path)

    return run


def test_a_sound_file_has_no_findings(check):
    assert check(VALUES, HEAD, GOOD, "9,2024,70,环卫中心,2024-12-31") == (2, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_and_encodings_are_understood(check, encoding):
    head = "指标序号,年份,数值,填报单位,填报日期"
    assert check(VALUES, head, GOOD, encoding=encoding) == (1, [])


@pytest.mark.parametrize(
    ("line", "rule", "words"),
    [
        ("9,2024,120,环卫中心,2024-12-31", "指标范围", "0～100"),
        ("9,2024,-0.1,环卫中心,2024-12-31", "指标范围", "请核对数值与单位"),
        ("10,2024,-101,环卫中心,2024-12-31", "指标范围", "-100～100"),
        ("8,2024,97,环卫中心,2024-12-31", "主键唯一", "只保留一行"),
        ("29,2024,97,环卫中心,2024-12-31", "范围", "大于 28"),
        ("9,2031,97,环卫中心,2024-12-31", "范围", "大于 2025"),
        ("9,2024,97,,2024-12-31", "必填", "reporting_unit（填报单位）"),
        ("9,2024,九成,环卫中心,2024-12-31", "格式", "数字"),
        ("9,2024,97%,环卫中心,2024-12-31", "格式", "不带单位和百分号"),
        ("9,2024.5,97,环卫中心,2024-12-31", "格式", "整数"),
        ("9,2024,97,环卫中心,去年底", "格式", "2025-12-31"),
    ],
)
def test_a_wrong_value_is_refused_with_file_row_and_remedy(check, line, rule, words):
    _, findings = check(VALUES, HEAD, GOOD, line)
    assert [f.rule for f in findings] == [rule]
    (finding,) = findings
    assert finding.table == "填报.csv"
    assert finding.rows[0].startswith("第 3 行")
    assert words in finding.message
    assert "请" in finding.message


def test_zero_growth_and_negative_growth_are_sound(check):
    assert (
        check(VALUES, HEAD, "10,2023,0,分类办,2023-12-31", "10,2024,-2.5,分类办,2024-12-31")[1]
        == []
    )


@pytest.mark.parametrize(
    "line", ["9,2024,1,234.5,环卫中心,2024-12-31", "9,2024,98,环卫中心,2024-12-31,多写的"]
)
def test_a_row_longer_than_the_header_is_named(check, line):
    rules = {f.rule: f for f in check(VALUES, HEAD, GOOD, line)[1]}
    assert rules["列数"].rows == ("第 3 行",)


def test_blank_lines_are_no_rows_and_keep_the_count(check):
    count, findings = check(VALUES, HEAD, "", GOOD, ",,,,", "9,2024,120,环卫中心,2024-12-31", "")
    assert count == 2
    assert findings[0].rows[0].startswith("第 5 行")


@pytest.mark.parametrize(
    "line",
    ["９,２０２４,８０,环卫中心,2024-12-31", '9,2024,"1,000",环卫中心,2024-12-31',
     "9,2024,80,环卫中心,2024/12/31", "9,2024,\u200b80 ,环卫中心,2024-12-31"],
)  # fmt: skip
def test_what_excel_writes_is_understood(check, line):
    rules = {f.rule for f in check(VALUES, HEAD, line)[1]}
    assert rules <= {"指标范围"}, "a thousand is out of range, but a number"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("R01,清泰街修缮,road,1,条,已完工,否,box1", "完工"),
        ("R01,清泰街修缮,road,1e308,条,未开工,否,box1", "格式"),
        ("R01,清泰街修缮,road,1,条,未开工,,box1", "必填"),
        ("R01,清泰街修缮,road,1", "必填"),
        ("R01,清泰街修缮,大路,1,条,未开工,否,box1", "取值"),
    ],
)
def test_projects_are_checked_by_their_own_rules(check, line, rule):
    assert rule in {f.rule for f in check(PROJECTS, PROJECT_HEAD, line)[1]}


def test_an_unknown_project_state_is_refused(check):
    row = "R01,清泰街修缮,road,1,条,{},否,box1"
    assert check(PROJECTS, PROJECT_HEAD, row.format("planned"))[1] == []
    _, (finding,) = check(PROJECTS, PROJECT_HEAD, row.format("差不多了"))
    assert finding.rule == "取值"
    assert finding.rows == ("第 2 行 R01",)
    assert "completed" in finding.message


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (HEAD.replace(",value", ""), "缺少列 value（数值）"),
        (HEAD + ",remark", "多出列 remark"),
        (HEAD.replace("year", "indicator_no"), "缺少列 year"),
        (HEAD.replace("year", "indicator_no"), "重复的列 indicator_no"),
    ],
)
def test_headings_are_checked_first(check, head, words):
    _, findings = check(VALUES, head, GOOD + ("," if "remark" in head else ""))
    assert any(words in f.message for f in findings)
    assert {f.rule for f in findings} == {"表头"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken\xff"])
def test_what_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=r"x\.csv"):
        check_file(VALUES, path)


def test_the_command_says_what_is_wrong_and_leaves_with_1(tmp_path, capsys):
    path = tmp_path / "值.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n9,2024,120,环卫中心,2024-12-31\n", encoding="utf-8")
    assert main(["check", "--file", str(path), "--dataset", VALUES]) == 1
    said = capsys.readouterr().out
    assert "[指标范围]" in said and "第 3 行" in said
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    assert main(["check", "--file", str(path), "--dataset", VALUES]) == 0


@pytest.mark.parametrize("arguments", [["--file", "x.csv"], ["--dataset", VALUES],
                                       ["--file", "x.csv", "--dataset", "plan.nothing"],
                                       ["--file", "missing.csv", "--dataset", VALUES]])  # fmt: skip
def test_half_a_question_cannot_be_answered(arguments, capsys):
    assert main(["check", *arguments]) == 2
    assert "无法完成" in capsys.readouterr().err
