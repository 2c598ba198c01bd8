"""The report on a checked import: a workbook with the offending cells in colour, and plain text.

Everything in it comes from an office's file: text stays text and is never run as a formula.
"""

import io
from collections.abc import Iterator

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from data.registers.difference import difference_text
from data.registers.findings import SEVERITY_WORDS
from data.registers.staging import Staged
from data.registers.workbooks import (
    ACCENT,
    CENTRED,
    INK,
    MET,
    MISSED,
    MUTED,
    NEAR,
    PALE,
    PAPER,
    Look,
    font,
    ground,
    plain_value,
    set_widths,
    text_width,
)
from data.snapshot import version_name
from geo.crs import SYSTEMS

MOST_FINDINGS = 20_000
"""Findings a sheet lists: more no officer reads, and writing a million lines takes minutes."""
MOST_CELLS = 300_000
"""Cells of the file that are shown again; some seconds of writing."""
MOST_COMMENTS = 2_000
"""Excel slows down with many comments; the reasons stand in the second sheet as well."""
EXAMPLES = 3
ORDER = ("rejected", "corrected", "noted")
INKS = {"rejected": MISSED, "corrected": NEAR, "noted": MET}
AUTHOR = "数据校验"

_FINDING_HEADINGS = (
    ("行号", 9), ("列", 20), ("原值", 28), ("结果", 8), ("规则", 18), ("原因", 52), ("改正办法", 44),
)  # fmt: skip


def report_bytes(staged: Staged, actor: str = "") -> bytes:
    """The report as an .xlsx file: summary, findings, and the file's cells with marks."""
    book = Workbook(write_only=True)
    book.properties.title = f"{staged.register.title}校验报告"
    book.properties.creator = "上城区城市管理驾驶舱"
    cuts = list(_cuts(staged))
    _fill_summary(book.create_sheet("摘要"), staged, actor, cuts)
    _fill_findings(book.create_sheet("问题"), staged)
    _fill_cells(book.create_sheet("原表"), staged)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def facts(staged: Staged, actor: str = "") -> list[tuple[str, str]]:
    """What the report says of the whole file: name and text."""
    word, options, compared = staged.row_word, staged.options, staged.difference
    crs = options.crs or (staged.crs and staged.crs.declared)
    counted = [
        ("读取", f"{staged.read_count:,} {word}"),
        ("合格", f"{staged.accepted_count:,} {word}（其中更正 {staged.corrected_count:,}）"),
        ("拒绝", f"{staged.rejected_count:,} {word}"),
    ]
    if compared.replaces_sample:
        change = f"替换示例数据 {compared.sample_count:,} 行，全部换成这 {staged.accepted_count:,} {word}"
    else:
        change = difference_text(
            staged.register.dataset, len(compared.new), len(compared.changed_keys),
            compared.gone_count, 0, compared.unchanged_count,
        )  # fmt: skip
    base = version_name(staged.base_version) if staged.base_version else "尚无数据"
    return [
        ("登记册", staged.register.title),
        ("文件", staged.file_name),
        ("格式", staged.format),
        *([("空行", f"{staged.blank_rows:,} {word}，未计入")] if staged.blank_rows else []),
        *counted,
        ("与现有数据相比", f"{change}（对照版本 {base}）"),
        *([("坐标系", SYSTEMS.get(crs, crs))] if crs else []),
        *([("坐标核对", staged.crs.message)] if staged.crs and staged.crs.message else []),
        ("能否发布", "；".join(staged.blockers) or _verdict(staged)),
        ("报送单位", options.provider or "未填"),
        ("数据日期", options.as_of or "未填"),
        ("许可", options.licence or "未填"),
        ("校验人", actor or "未填"),
        ("校验时间", staged.staged_at.replace("T", " ").replace("+00:00", "（UTC）")),
        ("文件 SHA-256", staged.file_sha256 or "无"),
    ]


def _verdict(staged: Staged) -> str:
    if staged.rejected_count:
        return f"可以；发布时须同意不含被拒绝的 {staged.rejected_count:,} {staged.row_word}"
    return "可以"


def by_rule(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings counted by severity and rule, the gravest and most frequent first."""
    counted = findings.groupby(["severity", "rule"], as_index=False, sort=False).size()
    rank = counted["severity"].map({name: place for place, name in enumerate(ORDER)})
    return (
        counted.assign(rank=rank)
        .sort_values(["rank", "size"], ascending=[True, False], kind="stable", ignore_index=True)
        .drop(columns="rank")
    )


def _cuts(staged: Staged) -> Iterator[str]:
    """What the workbook leaves out, and why."""
    count, shown = len(staged.findings), _shown_rows(staged)
    if count > MOST_FINDINGS:
        yield (
            f"问题共 {count:,} 条，本报告列出前 {MOST_FINDINGS:,} 条（按行号）；"
            "请先改正最多的几类，再导入一次"
        )
    if shown < staged.read_count:
        which = "全部行" if staged.has_all_cells else "有问题的行"
        yield (
            f"文件共 {staged.read_count:,} {staged.row_word}，“原表”只列{which}中的前 {shown:,} "
            f"{staged.row_word}，以便在 Excel 中打开"
        )


# --- sheets --------------------------------------------------------------------------------------


def _fill_summary(sheet: Worksheet, staged: Staged, actor: str, cuts: list[str]) -> None:
    set_widths(sheet, (20, 90, 12))
    name_look, text_look = Look(sheet, font(MUTED)), Look(sheet, font())
    grave, warning = Look(sheet, font(MISSED, bold=True)), Look(sheet, font(NEAR))
    title = Look(sheet, font(ACCENT, bold=True, size=16), alignment=None)
    sheet.append([title.cell(f"{staged.register.title} · 校验报告")])
    for name, text in facts(staged, actor):
        is_grave = (name == "拒绝" and staged.rejected_count) or (
            name == "能否发布" and staged.blockers
        )
        sheet.append([name_look.cell(name), (grave if is_grave else text_look).cell(text)])
    for text in cuts:
        sheet.append([warning.cell("未列全"), warning.cell(text)])
    sheet.append([])
    _append_head(sheet, ("结果", "规则", "条数"))
    looks = _severity_looks(sheet)
    for row in by_rule(staged.findings).itertuples(index=False):
        values = (SEVERITY_WORDS[row.severity], row.rule, int(row.size))
        sheet.append([looks[row.severity].cell(value) for value in values])
    if staged.findings.empty:
        sheet.append([Look(sheet, font(MET, bold=True)).cell("没有发现问题")])


def _severity_looks(sheet: Worksheet) -> dict[str, Look]:
    return {name: Look(sheet, font(INKS[name], bold=True), ground(PALE[name])) for name in ORDER}


def _append_head(sheet: Worksheet, titles: tuple[str, ...]) -> None:
    look = Look(sheet, font("FFFFFF", bold=True), ground(INK), CENTRED)
    sheet.append([look.cell(title) for title in titles])


def _fill_findings(sheet: Worksheet, staged: Staged) -> None:
    listed = staged.findings.head(MOST_FINDINGS)
    set_widths(sheet, [width for _, width in _FINDING_HEADINGS])
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:G{len(listed) + 1}"
    _append_head(sheet, tuple(title for title, _ in _FINDING_HEADINGS))
    plain, looks = Look(sheet, font()), _severity_looks(sheet)
    for row in listed.itertuples(index=False):
        sheet.append([
            plain.cell(int(row.row) if row.row else "整个文件"),
            plain.cell(row.heading or ("整行" if row.row else "")),
            plain.cell(row.value),
            looks[row.severity].cell(SEVERITY_WORDS[row.severity]),
            *(plain.cell(text) for text in (row.rule, row.reason, row.remedy)),
        ])  # fmt: skip


def _shown_rows(staged: Staged) -> int:
    return min(len(staged.cells), MOST_CELLS // max(len(staged.headings), 1))


def _fill_cells(sheet: Worksheet, staged: Staged) -> None:
    """The file as it was read, original row numbers in front, cells with findings in colour."""
    shown = staged.cells.head(_shown_rows(staged))
    marks = _marks(staged.findings, shown.index)
    headings = ("", *staged.headings)
    set_widths(sheet, [10, *(min(max(text_width(title) + 4, 10), 30) for title in staged.headings)])
    sheet.freeze_panes = "B2"
    _append_head(sheet, (f"原{staged.row_word}号", *staged.headings))
    number_look = Look(sheet, font(MUTED), ground(PAPER), alignment=None)
    looks = {name: Look(sheet, font(), ground(PALE[name]), alignment=None) for name in ORDER}
    left = MOST_COMMENTS
    texts = shown.astype(object).where(shown.notna(), None)
    for number, values in zip(shown.index, texts.itertuples(index=False, name=None), strict=True):
        line = [number_look.cell(int(number)), *map(plain_value, values)]
        for place, heading in enumerate(headings):
            mark = marks.get((number, heading))
            if mark is None:
                continue
            line[place] = looks[mark[0]].cell(values[place - 1] if place else int(number))
            if left:
                line[place].comment = _comment(mark[1])
                left -= 1
        sheet.append(line)


def _marks(findings: pd.DataFrame, rows: pd.Index) -> dict[tuple[int, str], tuple[str, str]]:
    """Gravest severity and all that is said, by row number and heading ("" for the whole row)."""
    marks: dict[tuple[int, str], tuple[str, str]] = {}
    here = findings[findings["row"].isin(rows)]
    for row in here.itertuples(index=False):
        text = f"{SEVERITY_WORDS[row.severity]}：{row.reason}。{row.remedy}"
        known = marks.get((row.row, row.heading))
        if known is None:
            marks[row.row, row.heading] = (row.severity, text)
        else:
            severity = min(known[0], row.severity, key=ORDER.index)
            marks[row.row, row.heading] = (severity, f"{known[1]}\n{text}")
    return marks


def _comment(text: str) -> Comment:
    comment = Comment(text[:1000], AUTHOR)
    comment.width, comment.height = 320, 90
    return comment


# --- plain text ----------------------------------------------------------------------------------


def report_text(staged: Staged) -> str:
    """The report for a terminal: counts, verdict, and every rule with its number and examples."""
    word = staged.row_word
    skipped = ("登记册", "校验人", "校验时间", "文件 SHA-256")
    lines = [f"{staged.register.title}：校验报告"]
    lines += [f"  {name}：{text}" for name, text in facts(staged) if name not in skipped]
    for row in by_rule(staged.findings).itertuples(index=False):
        of_it = staged.findings[
            (staged.findings["severity"] == row.severity) & (staged.findings["rule"] == row.rule)
        ]
        sign = {"rejected": "✗", "corrected": "~", "noted": "·"}[row.severity]
        lines.append(f"{sign} {SEVERITY_WORDS[row.severity]} [{row.rule}] {row.size:,} 条")
        lines += [_example(found, word) for found in of_it.head(EXAMPLES).itertuples(index=False)]
    if staged.findings.empty:
        lines.append("✓ 没有发现问题")
    return "\n".join(map(_one_line, lines))


def _example(found: tuple, word: str) -> str:
    where = f"第 {found.row} {word}" if found.row else "整个文件"
    column = f"“{found.heading}”" if found.heading else ""
    value = f"（{found.value}）" if found.value else ""
    return f"    {where}{column}{value}：{found.reason}；{found.remedy}"


def _one_line(text: str) -> str:
    """Text of a file without line breaks and control characters: a terminal would obey them."""
    return "".join(c if c.isprintable() else " " for c in text)
