"""One file checked as one register: accepted rows, findings, and what the file says of itself.

``validate`` is the whole check before anything changes; ``Validation`` is what the report, the
preview, the difference and the publication work from.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from data.contracts import table
from data.registers import derived, doubts, identity
from data.registers.bearing import bearing
from data.registers.columns import (
    GEOMETRY_FIELD,
    POSITION_FIELDS,
    heading_problems,
    match_headings,
)
from data.registers.days import read_days
from data.registers.named_streets import note_unmapped, street_tables
from data.registers.options import CrsVerdict, Options, Progress, no_progress
from data.registers.placing import place
from data.registers.raw import ImportProblem, Note, RawTable
from data.registers.register import Field, Lookup, Register
from data.registers.sheet import Sheet
from data.registers.units import other_unit
from data.registers.values import convert
from data.row_rules import Violation, rule_violations

SUBDISTRICT_FIELDS = ("subdistrict_code", "subdistrict_name")


@dataclass
class Validation:
    """The outcome of checking one file; nothing has been changed by it."""

    register: Register
    raw: RawTable
    options: Options
    mapping: dict[str, str]
    """Heading → field name as used; headings left out map to ""."""
    rows: pd.DataFrame
    """Accepted rows with the columns of the register's table (types of the contract), indexed by
    row number in the file. A register that adds to rows of the plan (projects) has its own fields
    only."""
    findings: pd.DataFrame
    """See ``data.registers.findings.COLUMNS``."""
    crs: CrsVerdict | None
    obstacles: tuple[str, ...] = ()
    """Why these rows cannot stand beside the other registers, in Chinese."""

    @property
    def read_count(self) -> int:
        return len(self.raw.cells)

    @property
    def accepted_count(self) -> int:
        return len(self.rows)

    @property
    def rejected_count(self) -> int:
        return self.read_count - self.accepted_count

    @property
    def corrected_count(self) -> int:
        """Accepted rows in which something was changed."""
        changed = self.findings.loc[self.findings["severity"] == "corrected", "row"]
        return int(self.rows.index.isin(changed).sum())

    @property
    def blockers(self) -> list[str]:
        """Why this file cannot be published at all, in Chinese; empty when it can."""
        found = []
        if not self.accepted_count:
            found.append("没有一行合格，请按报告改正后重新导入")
        if self.crs is not None and self.crs.blocks:
            found.append(self.crs.message)
        elif self.crs is not None and self.crs.suggestion and not self.options.crs_confirmed:
            found.append("坐标系存疑：请改选坐标系，或向提供单位核实后确认")
        return [*found, *self.obstacles]


def lookup_tables(register: Register) -> list[str]:
    """Tables (``database.table``) that ``validate`` needs as ``current`` for this register."""
    named = {item.lookup.table for item in register.fields if item.lookup}
    return sorted({*named, *street_tables(register)})


def validate(
    raw: RawTable,
    register: Register,
    options: Options,
    current: Mapping[str, pd.DataFrame],
    progress: Progress = no_progress,
) -> Validation:
    """Check a file row by row; accepted + rejected = read.

    ``current`` holds the tables that rows of the register refer to (``lookup_tables``).
    ImportProblem when the file cannot be used as a whole: a required column is missing, two
    columns claim one field, a coordinate system is needed and not declared.
    """
    progress("核对表头", 0.0)
    matched, doubted = _match(raw, register, options)
    sheet = Sheet(raw, register, options, matched)
    sheet.findings.add_notes(doubted.values())
    _take_over_notes(sheet, matched)
    _note_unused_headings(sheet, matched.keys() - doubted.keys())
    _convert_fields(sheet, current, progress)
    progress("核对位置与街道", 0.5)
    places = place(sheet)
    progress("核对编号与必填项", 0.75)
    derived.add_subdistricts(sheet, places, current)
    _require_values(sheet)
    _require_days(sheet)
    _all_or_none(sheet)
    identity.refuse_totals(sheet)
    identity.refuse_examples(sheet)
    identity.refuse_repeated(sheet)
    progress("核对数据规则", 0.85)
    rows = derived.contract_rows(sheet, places, current)
    note_unmapped(sheet, rows, current)
    rows = _without_violations(sheet, rows)
    sheet.findings.add_notes(bearing(register, rows, current))
    progress("校验完成", 1.0)
    return Validation(register, raw, options, matched, rows, sheet.findings.frame(), places.verdict)


# --- headings ------------------------------------------------------------------------------------


def _match(
    raw: RawTable, register: Register, options: Options
) -> tuple[dict[str, str], dict[str, Note]]:
    """Heading → field name, and notes of the headings that their cells belie."""
    headings = raw.cells.columns
    twice = list(dict.fromkeys(headings[headings.duplicated()]))
    if twice:
        named = "、".join(f"“{heading}”" for heading in twice)
        raise ImportProblem(f"{raw.file_name}：表头重复：{named}，请改成不同的表头或删去一列")
    matched = match_headings(list(headings), register, options.mapping)
    doubted = doubts.doubts(raw, register, doubts.unmapped(matched, options.mapping))
    matched |= dict.fromkeys(doubted, "")
    problems = heading_problems(matched, register, raw.geometry is not None)
    problems += _units_to_convert(matched, register)
    if problems:
        raise ImportProblem(f"{raw.file_name}：" + "；".join(problems))
    return matched, doubted


def _units_to_convert(matched: Mapping[str, str], register: Register) -> list[str]:
    """Columns that say to be in another unit than the register keeps."""
    told = []
    for heading, field in matched.items():
        unit = register.column(field).unit if field else ""
        if other := other_unit(heading, unit):
            told.append(
                f"列“{heading}”写明单位是 {other}，登记册按 {unit} 记：请换算为 {unit} 后改表头"
            )
    return told


def _take_over_notes(sheet: Sheet, matched: Mapping[str, str]) -> None:
    # What is wrong in a column that is left out harms no row.
    left_out = {heading for heading, field in matched.items() if not field}
    notes = [
        replace(note, severity="noted") if note.heading in left_out else note
        for note in sheet.raw.notes
    ]
    sheet.findings.add_notes(notes)
    refused: dict[str, list[int]] = {}
    for note in notes:
        if note.severity == "rejected":
            refused.setdefault(note.heading, []).append(note.row)
    for heading, numbers in refused.items():
        sheet.refuse_cells(heading, numbers)


def _note_unused_headings(sheet: Sheet, headings: Collection[str]) -> None:
    used = sheet.heading_of.values()
    for heading, cells in sheet.raw.cells.items():
        if heading in headings and heading not in used and cells.notna().any():
            text = f"不是“{sheet.register.title}”的字段，该列未导入"
            remedy = "如需导入，请在列对应中指明它是哪个字段"
            sheet.note(heading, "未导入的列", text, remedy)


# --- cells ---------------------------------------------------------------------------------------


def _convert_fields(sheet: Sheet, current: Mapping[str, pd.DataFrame], progress: Progress) -> None:
    """Typed values of every field; subdistricts and shapes are left to ``placing``."""
    placed_elsewhere = (*SUBDISTRICT_FIELDS, GEOMETRY_FIELD)
    # Where the file brings geometries its columns of coordinates are not looked at.
    if sheet.raw.geometry is not None and sheet.register.geometry is not None:
        placed_elsewhere += POSITION_FIELDS
    fields = [item for item in sheet.register.fields if sheet.has(item.name)]
    for done, item in enumerate(fields):
        progress(f"校验“{sheet.heading_of[item.name]}”", 0.5 * done / len(fields))
        _note_signs(sheet, item)
        if item.name not in placed_elsewhere:
            _convert_field(sheet, item)
            if item.lookup:
                _look_up(sheet, item, item.lookup, current)


def _note_signs(sheet: Sheet, item: Field) -> None:
    """Invisible characters and signs for «nothing» are told once a column, not once a cell."""
    texts = sheet.texts(item.name)
    heading, word = sheet.heading_of[item.name], sheet.raw.row_word
    count = int(texts.rows(texts.had_invisible).sum())
    if count:
        text = f"{count:,} {word}含不可见字符，已去除"
        sheet.note(heading, "不可见字符", text, "无须处理")
    # An empty cell that must be filled has a finding of its own.
    is_open = texts.rows(texts.is_placeholder) & sheet.is_readable(item.name)
    count = 0 if _must_be_filled(sheet, item) else int(is_open.sum())
    if count:
        signs = "、".join(f"“{sign}”" for sign in texts.distinct[texts.is_placeholder].head(3))
        text = f"{count:,} {word}填的是 {signs}，按未填处理"
        sheet.note(heading, "按未填处理", text, "没有内容的请留空")


def _convert_field(sheet: Sheet, item: Field) -> None:
    texts = sheet.texts(item.name)
    found = convert(item, sheet.register.column(item.name), texts)
    for remark in found.remarks:
        reason = remark.reason
        if isinstance(reason, pd.Series):
            reason = texts.spread(reason.astype("str"))
        sheet.flag(
            texts.rows(remark.chosen), item.name, remark.severity, remark.rule, reason,
            remark.remedy,
        )  # fmt: skip
    sheet.values[item.name] = texts.spread(found.values)
    if sheet.register.column(item.name).unit == "%":
        _note_fractions(sheet, item.name)


def _note_fractions(sheet: Sheet, field: str) -> None:
    """A column of percentages that Excel kept as fractions reads as next to nothing done."""
    values = sheet.values[field].dropna()
    if ((values > 0) & (values < 1)).any() and (values <= 1).all():
        text = "所有数值都不大于 1，可能是 Excel 的百分比格式（0.6 即 60%）"
        sheet.note(sheet.heading_of[field], "百分数", text, "如应为百分数，请乘以 100 后重新导入")


def _look_up(
    sheet: Sheet, item: Field, lookup: Lookup, current: Mapping[str, pd.DataFrame]
) -> None:
    """Ids of a field that may hold names of rows of another table."""
    given = sheet.values[item.name]
    if given.isna().all():
        return
    title = table(lookup.table).title
    standing = current.get(lookup.table)
    if standing is None or standing.empty:
        raise ImportProblem(f"“{title}”尚无数据，无法核对“{item.name}”，请先导入{title}")
    ids = standing[lookup.id_column].astype("str")
    names = identity.comparable(standing[lookup.name_column])
    key = identity.comparable(given)
    by_id = key.map(dict(zip(identity.comparable(ids), ids, strict=True)))
    repeated = set(names[names.duplicated(keep=False)].dropna())
    by_name = key.map(dict(zip(names, ids, strict=True)))
    is_open = given.notna() & by_id.isna()
    ambiguous = is_open & key.isin(repeated)
    text = f"{title}中有多行叫这个名称，无法确定是哪一行"
    sheet.flag(ambiguous, item.name, "rejected", "引用", text, "请改填编号")
    unknown = is_open & by_name.isna()
    text = f"{title}中没有这个编号或名称"
    sheet.flag(unknown, item.name, "rejected", "引用", text, f"请改填{title}中的编号或名称")
    sheet.values[item.name] = by_id.fillna(by_name.mask(ambiguous)).astype("str")


def _must_be_filled(sheet: Sheet, item: Field) -> bool:
    """Whether an empty cell of a field is refused as such; where a row lies may be told otherwise."""
    elsewhere = (*POSITION_FIELDS, *SUBDISTRICT_FIELDS, GEOMETRY_FIELD)
    return item.name not in elsewhere and sheet.register.is_required(item.name)


def _require_values(sheet: Sheet) -> None:
    for item in sheet.register.fields:
        if not _must_be_filled(sheet, item):
            continue
        # A cell that could not be read has its own finding.
        empty = ~sheet.is_given(item.name)
        title = sheet.register.column(item.name).title
        sheet.flag(empty, item.name, "rejected", "必填", f"“{title}”为空", "请补填")


def _require_days(sheet: Sheet) -> None:
    """Counts by day must say which; those by month may name the month alone."""
    for item in sheet.register.fields:
        if item.may_be_month and sheet.has(item.name):
            texts = sheet.texts(item.name)
            by_day = (sheet.values["span"] == "day").fillna(False)
            is_open = texts.rows(read_days(texts.plain).lacks_day) & by_day
            text, remedy = "按日统计，而只写到月", "请填完整的日期，如 2025-12-31"
            sheet.flag(is_open, item.name, "rejected", "格式", text, remedy)


def _all_or_none(sheet: Sheet) -> None:
    for item in sheet.register.fields:
        if item.all_or_none and sheet.has(item.name):
            given = sheet.is_given(item.name)
            if given.any():
                title = sheet.register.column(item.name).title
                text = f"“{title}”有的行填了、本行未填，按此统计会失实"
                remedy = "请补填，或将整列清空"
                sheet.flag(~given, item.name, "rejected", "整列填写", text, remedy)


# --- rules of the table --------------------------------------------------------------------------


def _without_violations(sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that the table's own rules let in: what a snapshot's check would refuse goes here."""
    contract = sheet.register.table
    for broken in rule_violations(contract, rows):
        at = pd.Series(sheet.numbers).isin(rows.index[broken.wrong]).to_numpy()
        field = next((name for name in broken.columns if sheet.has(name)), "")
        reason, remedy = _in_titles(sheet, broken)
        sheet.flag(at, field, "rejected", broken.rule, reason, remedy)
    return rows[~pd.Series(sheet.rejected, index=sheet.numbers).loc[rows.index].to_numpy()]


def _in_titles(sheet: Sheet, broken: Violation) -> tuple[str, str]:
    """Reason and remedy of a broken rule, with columns as the officer's file names them."""
    text = broken.message
    for column in sorted(sheet.register.table.columns, key=lambda c: -len(c.name)):
        named = f"“{sheet.named(column.name) if sheet.has(column.name) else column.title}”"
        text = text.replace(f"{column.name}（{column.title}）", named)
        text = re.sub(rf"\b{column.name}\b", named, text, flags=re.ASCII)
    for item in sheet.register.fields:
        first_words = {value: word for word, value in reversed(item.words.items())}
        for value, word in first_words.items():
            if value.isidentifier():
                text = re.sub(rf"\b{value}\b", f"“{word}”", text, flags=re.ASCII)
    text = re.sub(r" ?(“[^”]*”) ?", r"\1", text)
    reason, _, remedy = text.partition("，请")
    return reason, f"请{remedy}" if remedy else "请改正"
