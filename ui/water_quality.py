"""Water quality of the river page: share of sections at class Ⅳ or better, classes, sections.

A month's share counts sections: those at class Ⅳ or better over those evaluated. What was not
measured, or not completely, is told apart and never counted. Which sections count follows the
filter: those of the rivers that cross the chosen subdistricts.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

import pandas as pd
import streamlit as st

from data.contracts import QUALITY_CLASSES, WATER_KINDS
from data.office_rules import office_rules
from data.water_quality import ITEM_COLUMNS, REQUIRED_ITEMS, quality_limits
from ui import cards, layout, quality_charts, tables
from ui.findings import verdict
from ui.quality_charts import (
    NOT_EVALUATED,
    NOT_SAMPLED,
    class_word,
    item_titles,
    item_words,
)
from ui.river_choices import month_text
from ui.session import Context
from ui.text import NO_DATA

DATASET = "rivers.water_quality"
INDICATOR = 18
WATER_WORDS = {"river": "河流", "lake": "湖、库"}
_RULE = "GB 3838-2002 单因子评价，取最差项目的类别（环办〔2011〕22号），正好等于限值算达到"


# --- the month in figures ------------------------------------------------------------------------


def month_share(context: Context, month: date) -> dict:
    """The row of «quality_by_month» of the month, missing values as None."""
    frame = context.frame("quality_by_month")
    row = frame[pd.to_datetime(frame["month"]) == pd.Timestamp(month)].iloc[0]
    return {key: None if pd.isna(value) else value for key, value in row.items()}


def share_sentence(context: Context, told: dict, month: date) -> str:
    """How many of the evaluated sections are at class Ⅳ or better, and against which target."""
    if not told["evaluated_count"]:
        return f"{month_text(month)}没有可评价的断面。"
    return (
        f"已评价 {told['evaluated_count']} 个断面，**{told['met_count']} 个**达到Ⅳ类及以上，占"
        f" **{told['share_pct']:.1f}%**，{verdict(told['share_pct'], context.target(INDICATOR))}。"
    )


def steady_sentences(context: Context, month: date) -> list[str]:
    """Whether the share holds steadily: since when, or which month broke it; none without a share."""
    found, rules = context.row("quality_steady", month=month), office_rules()
    if found["share_pct"] is None:
        return []
    months, share = (rules[key].value for key in ("stable_months", "stable_share_pct"))
    rule = f"连续 {months:g} 个月不低于 {share:g}%"
    run = ""
    if found["run_since"] is not None:
        run = f"自 {month_text(found['run_since'])}起已连续 **{found['run_months']} 个月**"
    if found["is_steady"]:
        return [f"**持续稳定**：{run}不低于 {share:g}%。"]
    if found["is_steady"] is None:
        held = f"{run}，" if run else ""
        return [
            f"{held}近 {months:g} 个月有 **{found['unevaluated_count']} 个月**没有评价，"
            f"是否持续稳定（{rule}）**不能判定**。"
        ]
    broken = f"{month_text(found['broken_month'])}为 **{found['broken_share_pct']:.1f}%**"
    return [f"**尚未持续稳定**（{rule}）：{broken}{f'，{run}' if run else ''}。"]


# --- the panel -----------------------------------------------------------------------------------


def panel(context: Context, month: date) -> None:
    """The month's sections by class, whether water is steadily good, the share's course, the standard."""
    told = month_share(context, month)
    cards.block_title(f"{month_text(month)} · 断面水质类别", f"共 {told['section_count']} 个断面")
    if not context.has_rows(DATASET):
        cards.empty("水质登记册尚未导入")
    elif not told["section_count"]:
        cards.empty("所选街道没有水质断面")
    else:
        st.html(_classes_html(context, context.frame("quality_sections", month=month)))
        cards.findings([share_sentence(context, told, month), *steady_sentences(context, month)])
        target = context.target(INDICATOR)
        cards.block_title("Ⅳ类及以上断面占比（%）", f"逐月 · 虚线：目标 {target.text}")
        quality_charts.share_course(
            context, context.frame("quality_by_month"), month, target,
            max(layout.rem(context, 9), layout.body_height_px(context, 20)),
        )  # fmt: skip
    with st.popover("评价标准与口径", icon=":material/rule:", width="stretch"):
        standard(context)


def class_counts(sections: pd.DataFrame) -> dict[str, int]:
    """How many sections are of each class, then 未评价 and 当月未测; those that occur or not."""
    counts = {name: int((sections["quality_class"] == name).sum()) for name in QUALITY_CLASSES}
    is_sampled = sections["is_sampled"].astype(bool)
    counts[NOT_EVALUATED] = int((is_sampled & sections["quality_class"].isna()).sum())
    counts[NOT_SAMPLED] = int((~is_sampled).sum())
    return counts


def _classes_html(context: Context, sections: pd.DataFrame) -> str:
    """One bar of the sections by class in the standard's colours, the words and counts under it."""
    counts = class_counts(sections)
    tones = {name: context.palette.quality_class(name) for name in counts}
    bar = "".join(
        f'<i class="{"known" if name in QUALITY_CLASSES else "open"}"'
        f' style="--c:{tones[name]};flex-grow:{count}"></i>'
        for name, count in counts.items()
        if count
    )
    words = "".join(
        f'<span style="--c:{tones[name]}"><i class="{"known" if name in QUALITY_CLASSES else "open"}"></i>'
        f"{escape(name)}"
        f"{'类' if name in QUALITY_CLASSES else ''} <b>{count}</b></span>"
        for name, count in counts.items()
        if count or name in QUALITY_CLASSES
    )
    spoken = "，".join(f"{name} {count} 个" for name, count in counts.items() if count)
    label = escape(f"断面类别：{spoken or NO_DATA}", quote=True)
    return (
        f'<div class="class-bar" role="img" aria-label="{label}">{bar}</div>'
        f'<div class="class-key">{words}</div>'
    )


def standard(context: Context) -> None:
    """The limits with their clause, and how classes, share and steadiness are defined."""
    rules = office_rules()
    st.html(limits_html(quality_limits()))
    needed = "、".join(item_titles()[item] for item in REQUIRED_ITEMS)
    share = context.target(INDICATOR)
    lines = [
        ("类别", _RULE),
        ("缺测", f"{needed}缺一项即不评价，不按 0 计；其他项目测了才计"),
        ("占比", "当月达到Ⅳ类及以上的断面 ÷ 当月已评价的断面；未测、未评价的断面不计入"),
        ("目标", f"{share.text}（规划表 1 第 {INDICATOR} 项）"),
        ("持续稳定", f"{rules['stable_months'].value:g} 个月每月不低于"
                     f" {rules['stable_share_pct'].value:g}%。{rules['stable_months'].source}"),
    ]  # fmt: skip
    cards.facts(lines)


def limits_html(limits: pd.DataFrame) -> str:
    """The standard's limits as a table: one row an item, apart for rivers and lakes where they differ."""
    rows = []
    for item in ITEM_COLUMNS:
        kinds = {kind: _limit_texts(limits, item, kind) for kind in WATER_KINDS}
        is_one = kinds["river"] == kinds["lake"]
        for kind, texts in kinds.items():
            if is_one and kind != "river":
                continue
            unit = limits.loc[limits["item"] == item, "unit"].iloc[0]
            name = item_titles()[item] + ("" if is_one else f"（{WATER_WORDS[kind]}）")
            named = f"{name} {unit}" if isinstance(unit, str) else name
            cells = "".join(f"<td>{text}</td>" for text in texts)
            rows.append(f"<tr><td>{escape(named)}</td>{cells}</tr>")
    heads = "".join(f"<th>{name}</th>" for name in QUALITY_CLASSES[:-1])
    sources = "；".join(sorted({clause.split("（")[0] for clause in limits["clause"]}))
    return (
        f'<table class="fields limits"><thead><tr><th>项目</th>{heads}</tr></thead><tbody>{"".join(rows)}'
        f'</tbody></table><div class="scope-note">{escape(sources)}；超过Ⅴ类限值为劣Ⅴ类</div>'
    )


def _limit_texts(limits: pd.DataFrame, item: str, water_kind: str) -> list[str]:
    """The limits of an item for the five classes as they are written: ≥ 3, ≤ 0.3, 6–9."""
    own = limits[(limits["item"] == item) & (limits["water_kind"] == water_kind)]
    texts = []
    for row in own.set_index("quality_class").loc[list(QUALITY_CLASSES[:-1])].itertuples():
        if pd.isna(row.high):
            texts.append(f"≥ {row.low:g}")
        else:
            texts.append(f"≤ {row.high:g}" if pd.isna(row.low) else f"{row.low:g}–{row.high:g}")
    return texts


# --- the table -----------------------------------------------------------------------------------

ITEM_TITLES = {
    "do_mg_l": ("溶解氧（mg/L）", "%.2f"), "codmn_mg_l": ("高锰酸盐指数（mg/L）", "%.1f"),
    "nh3n_mg_l": ("氨氮（mg/L）", "%.2f"), "tp_mg_l": ("总磷（mg/L）", "%.3f"),
    "cod_mg_l": ("化学需氧量（mg/L）", "%.1f"), "bod5_mg_l": ("五日生化需氧量（mg/L）", "%.1f"),
    "ph": ("pH", "%.2f"),
}  # fmt: skip


def table(context: Context, month: date) -> None:
    """One row a section: class of the month, why, the items, room to class Ⅳ, the last twelve months."""
    sections = context.frame("quality_sections", month=month)
    words = _words(sections)
    frame = sections.assign(
        class_word=words,
        limiting_item=sections["limiting_item"].where(sections["quality_class"].notna()).map(item_words),
        spare_item=sections["spare_item"].map(item_words),
        water_kind=sections["water_kind"].map(WATER_WORDS),
    )  # fmt: skip
    columns = {
        "river_name": tables.TableColumn("河道"),
        "section_name": tables.TableColumn("断面"),
        "water_kind": tables.TableColumn("水体"),
        "class_word": tables.TableColumn("当月类别"),
        "limiting_item": tables.TableColumn("定类项目"),
        **{name: tables.TableColumn(*title) for name, title in ITEM_TITLES.items()},
        "spare_pct": tables.TableColumn("距Ⅳ类余量（%）", "%.0f"),
        "spare_item": tables.TableColumn("余量最小项目"),
        "met_count": tables.TableColumn("近 12 个月Ⅳ类及以上（月）", "%d"),
        "evaluated_count": tables.TableColumn("近 12 个月已评价（月）", "%d"),
    }
    tables.register_table(
        context, frame, columns, f"水质断面 {month_text(month)}", "quality",
        sentence=f"{context.filter.place_text(context.names)} · {month_text(month)}",
        hint="搜索河道、断面、类别……",
    )  # fmt: skip


def _words(sections: pd.DataFrame) -> Sequence[str]:
    columns = ("is_sampled", "quality_class", "limiting_item")
    return [class_word(*row) for row in sections[list(columns)].itertuples(index=False)]
