"""Is a CSV file fit to become a register? Checked cell by cell before anything is imported."""

import csv
import io
import unicodedata
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.check import EXAMPLES, Finding, check_rows, numbered
from data.contracts import Column, Table, table
from data.frames import contract_frame
from data.snapshot import SnapshotError

FIRST_ROW = 2
"""The header is row 1, as spreadsheets count."""
ENCODINGS = ("utf-8-sig", "gb18030")
FLAGS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}
LARGEST = 2**31 - 1
DATE_YEARS = (1950, 2035)
WORDS = {
    "state": {
        "未开工": "planned",
        "在建": "under_construction",
        "已完工": "completed",
        "停工": "suspended",
    },
}
"""Words that an office writes, with the value of the contract they stand for."""
FILLED_IN = ("source_kind", "subdistrict_name")
"""Columns that a file may leave out: the import knows them."""


def check_file(dataset: str, path: Path) -> tuple[int, list[Finding]]:
    """Number of rows of a CSV file, and what is wrong with it as rows of ``dataset``.

    Headings may be the contract's column names or their Chinese titles. SnapshotError when there
    is no such dataset or the file cannot be read as a table at all.
    """
    try:
        contract = table(dataset)
    except KeyError:
        raise SnapshotError(f"没有数据集 {dataset}") from None
    raw, too_long = _read(path)
    raw = numbered(raw, FIRST_ROW)
    titles = {column.title: column.name for column in contract.columns}
    raw.columns = [titles.get(name, name) for name in raw.columns]
    # Blank lines and rows of commas keep their place in the count, but are no rows.
    raw = raw[raw.notna().any(axis=1)]
    findings = _check_headings(contract, raw)
    if not findings:
        frame, findings, is_unread = _typed(contract, raw)
        # A row with a cell that cannot be read is told of that first.
        findings += too_long + check_rows(_as_given(contract, raw), frame[~is_unread])
    return len(raw), [replace(finding, table=path.name) for finding in findings]


def _read(path: Path) -> tuple[pd.DataFrame, list[Finding]]:
    """All cells as text, full-width letters and digits made plain, and rows longer than the header."""
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            lines = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise SnapshotError(f"{path.name} 不是完整的 CSV 表格：{error}") from error
        if not lines:
            raise SnapshotError(f"{path.name} 是空文件，请按模板填写后再查")
        head, *rows = [[_plain(cell) for cell in line] for line in lines]
        width = len(head)
        long = [f"第 {n} 行" for n, row in enumerate(rows, FIRST_ROW) if any(row[width:])]
        frame = pd.DataFrame(
            [row[:width] + [None] * (width - len(row)) for row in rows],
            columns=[name or "" for name in head],
            dtype="object",
        )
        text = f"有 {len(long)} 行的列数多于表头，请检查多余的逗号"
        found = [Finding("", "列数", text, tuple(long[:EXAMPLES]))] if long else []
        return frame, found
    raise SnapshotError(f"{path.name} 既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8")


def _plain(cell: str) -> str | None:
    text = unicodedata.normalize("NFKC", cell).strip()
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")) or None


def _as_given(contract: Table, raw: pd.DataFrame) -> Table:
    """The contract without the columns that the file may leave out and does."""
    kept = [c for c in contract.columns if c.name not in FILLED_IN or c.name in raw]
    return replace(contract, columns=tuple(kept))


def _check_headings(contract: Table, raw: pd.DataFrame) -> list[Finding]:
    wanted = [c for c in contract.columns if c.required and c.name not in FILLED_IN]
    missing = [f"{c.name}（{c.title}）" for c in wanted if c.name not in raw]
    unknown = [name for name in raw if name not in contract.column_names]
    twice = list(raw.columns[raw.columns.duplicated()])
    found = []
    for names, words in ((missing, "缺少列"), (unknown, "多出列"), (twice, "重复的列")):
        if names:
            text = f"{words} {'、'.join(names)}，请按模板的表头改正"
            found.append(Finding(contract.path, "表头", text, ("第 1 行",)))
    return found


def _typed(contract: Table, raw: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding], pd.Series]:
    """The rows in the contract's types, the cells that do not fit, and which rows have such."""
    columns, findings = {}, []
    is_unread = pd.Series(False, index=raw.index)
    for column in contract.columns:
        if column.name not in raw:
            continue
        text = raw[column.name]
        values, expected = _convert(column, text)
        wrong = text.notna() & values.isna()
        columns[column.name] = values
        is_unread |= wrong
        if wrong.any():
            cells = tuple(f"第 {row} 行“{cell}”" for row, cell in text[wrong].head(3).items())
            named = f"{column.name}（{column.title}）"
            text = f"{named} 应为{expected}，请改正（{int(wrong.sum())} 行）"
            findings.append(Finding(contract.path, "格式", text, cells))
    frame = contract_frame(contract.path, pd.DataFrame(columns, index=raw.index))
    return frame.set_axis(raw.index, axis=0), findings, is_unread


def _convert(column: Column, text: pd.Series) -> tuple[pd.Series, str]:
    if column.type in ("DOUBLE", "INTEGER", "BIGINT"):
        numbers = pd.to_numeric(text.str.replace(",", ""), errors="coerce")
        numbers = numbers.where(numbers.abs() <= LARGEST)
        if column.type == "DOUBLE":
            return numbers, "数字（不带单位和百分号）"
        return numbers.where(numbers % 1 == 0), "整数"
    if column.type == "DATE":
        days = pd.to_datetime(text.str.replace("/", "-"), format="%Y-%m-%d", errors="coerce")
        return days.where(days.dt.year.between(*DATE_YEARS)), "日期（如 2025-12-31）"
    if column.type == "BOOLEAN":
        return text.str.casefold().map(FLAGS), "是或否"
    return text.replace(WORDS.get(column.name, {})), "文字"
