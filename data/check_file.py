"""Is a CSV file fit to become a register? Checked cell by cell before anything is imported."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.check import Finding, check_rows, numbered
from data.contracts import Column, Table, table
from data.frames import contract_frame
from data.snapshot import SnapshotError

FIRST_ROW = 2
"""The header is row 1, as spreadsheets count."""
ENCODINGS = ("utf-8-sig", "gb18030")
FLAGS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}
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
    raw = _read(path)
    titles = {column.title: column.name for column in contract.columns}
    raw = numbered(
        raw.rename(columns=lambda name: titles.get(name.strip(), name.strip())), FIRST_ROW
    )
    findings = _check_headings(contract, raw)
    if not findings:
        frame, findings, is_unread = _typed(contract, raw)
        # A row with a cell that cannot be read is told of that first.
        findings += check_rows(_as_given(contract, raw), frame[~is_unread])
    return len(raw), [replace(finding, table=path.name) for finding in findings]


def _read(path: Path) -> pd.DataFrame:
    for encoding in ENCODINGS:
        try:
            return pd.read_csv(path, dtype="str", encoding=encoding, keep_default_na=False,
                               na_values=[""], skip_blank_lines=False)  # fmt: skip
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise SnapshotError(f"{path.name} 不是完整的 CSV 表格：{error}") from error
    raise SnapshotError(f"{path.name} 既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8")


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
        text = raw[column.name].str.strip()
        values, expected = _convert(column, text)
        wrong = text.notna() & (text != "") & values.isna()
        columns[column.name] = values
        is_unread |= wrong
        if wrong.any():
            cells = tuple(f"第 {row} 行“{cell}”" for row, cell in text[wrong].head(3).items())
            named = f"{column.name}（{column.title}）"
            text = f"{named} 应为{expected}，请改正（{int(wrong.sum())} 行）"
            findings.append(Finding(contract.path, "格式", text, cells))
    frame = contract_frame(contract.path, pd.DataFrame(columns, index=raw.index))
    return numbered(frame, FIRST_ROW), findings, is_unread


def _convert(column: Column, text: pd.Series) -> tuple[pd.Series, str]:
    if column.type in ("DOUBLE", "INTEGER", "BIGINT"):
        numbers = pd.to_numeric(text, errors="coerce")
        if column.type == "DOUBLE":
            return numbers, "数字（不带单位和百分号）"
        return numbers.where(numbers % 1 == 0), "整数"
    if column.type == "DATE":
        return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce"), "日期（如 2025-12-31）"
    if column.type == "BOOLEAN":
        return text.str.casefold().map(FLAGS), "是或否"
    return text.where(text != ""), "文字"
