"""Step 3 of the import: what the check found, by rule and row by row."""

from html import escape

import pandas as pd
import streamlit as st

from data.registers.findings import SEVERITY_WORDS
from data.registers.report import report_bytes
from data.registers.staging import Staged
from geo.crs import SYSTEMS
from ui import cards, import_columns, import_staged, importing, layout, tables
from ui.cards import Figure
from ui.import_draft import PREVIEW, Draft
from ui.session import Context
from ui.text import number
from ui.theme import StatusLook

LOOKS = {
    "rejected": StatusLook(SEVERITY_WORDS["rejected"], "▲", "missed"),
    "corrected": StatusLook(SEVERITY_WORDS["corrected"], "◆", "near"),
    "noted": StatusLook(SEVERITY_WORDS["noted"], "○", "unreported"),
}
EXAMPLES = 5
MOST_ROWS = 20_000
"""Findings that the page's table holds; the Excel report holds more."""
VALUE_CHARS = 60
REASON_CHARS = 80
CODE_PX = 170
"""Room for the 16 digits of a component's code."""
OPEN = ' open=""'
MOST_OPEN = 2
"""Rules that stand open from the start: more would push each other out of sight."""


def report_step(context: Context, draft: Draft, staged: Staged) -> None:
    """Counts, verdict on the coordinates, findings by rule, all findings, the Excel report."""
    cards.figures(figures(staged))
    is_clean = staged.findings.empty
    left, right = layout.columns(context, (0.36, 0.64))
    with left:
        cards.findings(sentences(staged))
        _suggestion(draft, staged)
        if not is_clean:
            _crs_shares(staged)
        st.download_button(
            "下载校验报告（Excel）", data=lambda: report_bytes(staged), key="import_report",
            file_name=f"{staged.register.title}_校验报告.xlsx", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
    with right:
        if is_clean:
            _crs_shares(staged)
        else:
            _rules(staged)
    if not is_clean:
        _table(context, staged)
    importing.navigation(
        draft, "下一步：预览", lambda: importing.go(draft, PREVIEW),
        is_ready=not staged.blockers, hint=_way_out(staged),
    )  # fmt: skip


def _way_out(staged: Staged) -> str:
    """What the officer does about a file that cannot be published."""
    crs = staged.crs
    if crs and crs.suggestion and (crs.blocks or not staged.options.crs_confirmed):
        return "坐标系须先改选或核实，见上文"
    return "这份文件不能发布：请改正后从第一步重新导入"


def figures(staged: Staged) -> list[Figure]:
    """Rows read, accepted, corrected, rejected."""
    word = import_staged.unit(staged)
    blank = f"另有空{staged.row_word} {staged.blank_rows:,}" if staged.blank_rows else ""
    noted = int((staged.findings["severity"] == "noted").sum())
    is_doubted = not noted or staged.blockers
    return [
        Figure("读取", staged.read_count, word, detail=blank),
        Figure("合格", staged.accepted_count, word, detail=_share(staged)),
        Figure("其中已更正", staged.corrected_count, word,
               detail="已规整或换算，原值见清单" if staged.corrected_count else "没有需要更正的"),
        Figure("拒绝", staged.rejected_count, word,
               detail="▲ 需要改正" if staged.rejected_count else "没有被拒绝的"),
        Figure("提示", noted, "条", detail="" if is_doubted else "不影响发布"),
    ]  # fmt: skip


def _share(staged: Staged) -> str:
    """Share of the accepted rows: all of them only where none is rejected."""
    if not staged.read_count or staged.accepted_count == staged.read_count:
        return "全部合格" if staged.read_count else ""
    share = 100 * staged.accepted_count / staged.read_count
    return f"占 {number(min(share, 99.9), 1)}%"


def sentences(staged: Staged) -> list[str]:
    """Whether it can be published, why not, how the positions agree; the file's asterisks stay."""
    word = import_staged.unit(staged)
    shown = staged.crs.message if staged.crs else ""
    if staged.blockers:
        told = "；".join(text for text in staged.blockers if text != shown) or "坐标系与文件不符"
        found = [f"**不能发布**：{_plain(told)}。"]
    elif staged.rejected_count:
        found = [
            f"**可以发布**合格的 {staged.accepted_count:,} {word}，不含被拒绝的 "
            f"{staged.rejected_count:,} {word}；也可以改正文件后重新导入。"
        ]
    else:
        found = [f"**可以发布**：{staged.accepted_count:,} {word}全部合格。"]
    return found + ([f"{_plain(shown)}。"] if shown else [])


def _plain(text: str) -> str:
    return text.replace("**", "＊＊")


def _crs_shares(staged: Staged) -> None:
    verdict = staged.crs
    if verdict is None or not verdict.inside_pct:
        return
    cards.block_title("按各坐标系解释", "落在区内的比例")
    rows = []
    for key, share in sorted(verdict.inside_pct.items(), key=lambda item: -item[1]):
        name = SYSTEMS.get(key, key)
        distance = verdict.landmark_m.get(key)
        apart = (
            f" · 距所述地点 {distance:,.0f} 米"
            if distance is not None and distance == distance
            else ""
        )
        rows.append(
            (f"**{name}**（所选）" if key == verdict.declared else name, f"{share:.1f}%{apart}")
        )
    cards.lines(rows)


def _suggestion(draft: Draft, staged: Staged) -> None:
    """One click to the system that fits better, or to stand by the declared one."""
    verdict = staged.crs
    if verdict is None or verdict.suggestion is None:
        return
    better, axes = verdict.suggestion, "，并对调横、纵坐标" if verdict.suggested_swap else ""
    st.button(
        f"改按 {SYSTEMS[better]}{axes} 重新校验", key="import_suggestion", on_click=_check_as,
        args=(draft, better, verdict.suggested_swap), type="primary" if staged.blockers else "secondary",
    )  # fmt: skip
    if not verdict.blocks and draft.confirmed_crs != draft.crs:
        st.button(
            f"已向提供单位核实，仍按 {SYSTEMS[verdict.declared]}", key="import_stand_by",
            on_click=_stand_by, args=(draft,),
        )  # fmt: skip


def _check_as(draft: Draft, crs: str, swap_axes: bool) -> None:
    draft.crs, draft.swap_axes = crs, swap_axes
    import_columns.check(draft)


def _stand_by(draft: Draft) -> None:
    draft.confirmed_crs = draft.crs
    import_columns.check(draft)


def _rules(staged: Staged) -> None:
    """Findings by rule, the gravest first; each opens to its first rows."""
    findings = staged.findings
    cards.block_title("发现的问题", f"共 {len(findings):,} 条，按规则归并；点开看行")
    groups = sorted(
        findings.groupby(["severity", "rule"], sort=False),
        key=lambda item: (list(LOOKS).index(item[0][0]), -len(item[1])),
    )
    is_open = len(groups) <= MOST_OPEN
    body = "".join(_rule_html(*key, group, staged.row_word, is_open) for key, group in groups)
    st.html(f'<div class="rules">{body}</div>')


def _rule_html(severity: str, rule: str, group: pd.DataFrame, word: str, is_open: bool) -> str:
    look = LOOKS[severity]
    reasons = group["reason"].value_counts()
    others = f"（等 {len(reasons)} 种）" if len(reasons) > 1 else ""
    # The whole reason stands under it once it is open.
    reason = f"{reasons.index[0][:REASON_CHARS]}{others}"
    rows = "".join(_finding_html(row, word) for row in group.head(EXAMPLES).itertuples())
    more = len(group) - EXAMPLES
    rest = f"<p>另有 {more:,} 条，见下表或校验报告</p>" if more > 0 else ""
    return (
        f'<details style="--tone:var(--{look.role})"{OPEN if is_open else ""}>'
        f"<summary><b>{look.shape} {look.word}</b><span>{escape(rule)}</span>"
        f"<small>{escape(reason)}</small><em>{len(group):,} 条</em></summary>"
        f"<ul>{rows}</ul>{rest}</details>"
    )


def _finding_html(row: tuple, word: str) -> str:
    where = f"第 {row.row:,} {word}" if row.row else "整个文件"
    column = f"“{row.heading}”" if row.heading else ""
    value = f"：{row.value[:VALUE_CHARS]}" if row.value else ""
    return (
        f"<li><div><b>{escape(where)}{escape(column)}</b>{escape(value)}</div>"
        f"<span>{escape(row.reason)}{'；' if row.remedy else ''}{escape(row.remedy)}</span></li>"
    )


def _table(context: Context, staged: Staged) -> None:
    columns = {
        "row": tables.TableColumn(staged.row_word, "%d"),
        "heading": tables.TableColumn("列"),
        "value": tables.TableColumn("值", width_px=CODE_PX),
        "severity": tables.TableColumn(
            "处理", words={key: f"{look.shape} {look.word}" for key, look in LOOKS.items()}
        ),
        "rule": tables.TableColumn("规则"),
        "reason": tables.TableColumn("原因"),
        "remedy": tables.TableColumn("怎么改"),
    }
    cut = "" if len(staged.findings) <= MOST_ROWS else f"（前 {MOST_ROWS:,} 条，全部见校验报告）"
    gravest_first = {key: at for at, key in enumerate(LOOKS)}
    shown = staged.findings.sort_values(
        ["severity", "row"], key=lambda one: one.map(gravest_first) if one.name == "severity" else one,
        kind="stable",
    ).head(MOST_ROWS)  # fmt: skip
    # What concerns the whole file has no row.
    shown = shown.assign(row=shown["row"].astype("Int64").mask(shown["row"] == 0))
    tables.register_table(
        context, shown, columns, "问题清单", "import_findings",
        f"{staged.file_name} {cut}", hint="搜索行、列、值、原因……",
    )  # fmt: skip
