"""Mode «路面状况» of the street page: pavement by grade, by design life and by warning.

Shares are by length, as the standard for maintenance counts them; every section stands at its
latest inspection up to the end of the year.
"""

from html import escape

import pandas as pd
import streamlit as st

from data.contracts import PAVEMENT_GRADES
from data.status import Target, judge
from ui import cards, charts, layout, measures, pavement_map, street_due, tables
from ui import findings as sentences
from ui.charts import Measure
from ui.maps import Drawing
from ui.pavement_looks import (
    CLASSES,
    DATASET,
    VIEWS,
    WARNINGS,
    chosen_view,
    grade_colour,
    grade_text,
    soon_years,
    view_switch,
)
from ui.pavement_words import life_definition
from ui.session import Context
from ui.text import UNFILLED, joined, number


def _branch(context: Context) -> Measure:
    wanted = context.fact("side_road_good_pct")
    return Measure(
        "branch_good_pct", "支路背街小巷优良率", "%", 2, Target(">=", wanted, "%", "3.3.2.5"),
        "支路背街小巷中路面状况为优、良的检测长度 ÷ 已检测长度（规划 3.3.2.5；表 1 无此项）",
    )  # fmt: skip


def _summary(context: Context) -> dict:
    """The row of «pavement_summary»; every value None where nothing is inspected yet."""
    told = context.row("pavement_summary", DATASET)
    return told if told["section_count"] else dict.fromkeys(told)


def _rows(context: Context) -> pd.DataFrame:
    return context.frame("pavement_sections")


def _absent(context: Context) -> str:
    """Why nothing is said, where there is a register."""
    if not context.has_rows(DATASET):
        return ""
    first = context.frame("pavement_years")["first_inspected"].iloc[0]
    if context.filter.year < first:
        return f"登记册最早的检测在 {first:.0f} 年"
    return "所选范围内没有检测路段"


# --- figures and sentences -----------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """Shares of good pavement, what is worse, what has reached its design life, warnings."""
    told = _summary(context)
    known = {"is_sample": context.is_sample(DATASET), "when_empty": _absent(context)}
    poor_km = (
        None if told["section_count"] is None else told["main_poor_km"] + told["branch_poor_km"]
    )
    undated = told["undated_count"]
    return [
        _share_figure(measures.main_pavement_good(context), told, told["main_km"],
                      told["main_poor_km"], known),
        _share_figure(_branch(context), told, told["branch_km"], told["branch_poor_km"], known),
        cards.Figure("中、次、差路段", told["poor_count"], "段",
                     detail=f"合计 {number(poor_km, 1)} km", **known),
        cards.Figure("已超使用年限", told["over_km"], "km", 1,
                     detail=joined(f"{told['over_count']} 段主次干道",
                                   f"另 {undated} 段大修年份{UNFILLED}" if undated else ""),
                     definition=life_definition(context), **known),
        cards.Figure("当年到期", told["due_km"], "km", 1,
                     detail=f"{told['due_count']} 段；今后 {soon_years()} 年 "
                            f"{told['soon_count']} 段 {number(told['soon_km'], 1)} km",
                     definition=life_definition(context), **known),
        cards.Figure("红色预警", told["red_count"], "段",
                     detail=f"黄色 {told['yellow_count']} 段 · 蓝色 {told['blue_count']} 段",
                     definition="规划 4.5.1“红黄蓝”预警机制；规则见“红黄蓝预警”图层", **known),
    ]  # fmt: skip


def _share_figure(
    measure: Measure, told: dict, km: float | None, poor_km: float | None, known: dict
) -> cards.Figure:
    value = told[measure.field]
    if value is None and told["section_count"]:
        known = known | {"when_empty": "所选范围内没有该类道路的检测"}
    lacking = _lacking_km(measure.target, km, poor_km)
    return cards.Figure(
        measure.title, value, measure.unit, measure.digits, measure.target,
        detail=f"还差 {lacking:.1f} km" if lacking else f"已检测 {number(km, 0)} km",
        definition=measure.definition, **known,
    )  # fmt: skip


def _lacking_km(target: Target, km: float | None, poor_km: float | None) -> float:
    """Kilometres that must become good to reach the target; 0 where it is reached or not known.

    Never shown as less than 0.1 km: a share that lacks anything is not reached.
    """
    if not km or judge(100 * (km - poor_km) / km, target) == "met":
        return 0.0
    return max(km * target.value / 100 - (km - poor_km), 0.1)


def findings(context: Context) -> list[str]:
    """Whether the shares are reached and where not, design life, warnings."""
    told = _summary(context)
    if told["section_count"] is None:
        reason = _absent(context)
        return [f"{reason}，{context.filter.year} 年底**没有可用的检测结果**。"] if reason else []
    codes = context.filter.subdistrict_codes
    places = context.frame("pavement_by_subdistrict")
    found = []
    for measure, poor in (
        (measures.main_pavement_good(context), "main_poor_km"),
        (_branch(context), "branch_poor_km"),
    ):
        value, poor_km = told[measure.field], told[poor]
        if value is None:
            continue
        low = "" if len(codes) == 1 else sentences.weakest(places, measure, codes)
        found.append(
            f"{measure.title} **{number(value, measure.digits)}%**，{sentences.verdict(value, measure.target)}，"
            + (f"中、次、差 {poor_km:.1f} km" if poor_km else "没有中、次、差路段")
            + (f"；低于目标：{low}。" if low else "。")
        )
    if told["lived_count"]:
        over = f" **{told['over_count']} 段 {told['over_km']:.1f} km** 已超使用年限"
        due = f"**{told['due_count']} 段 {told['due_km']:.1f} km** 当年到期"
        found.append(
            f"主次干道{over if told['over_count'] else '没有超过使用年限的路段'}，"
            f"{due if told['due_count'] else '当年没有到期的路段'}，"
            f"今后 {soon_years()} 年再到期 {told['soon_count']} 段。"
        )
    found.append(
        f"预警：{WARNINGS['red'].shape} 红色 **{told['red_count']} 段**，黄色 {told['yellow_count']} 段，"
        f"蓝色 {told['blue_count']} 段。"
    )
    if told["old_count"]:
        found.append(
            f"**{told['old_count']} 段** {context.filter.year} 年没有检测，按以前的结果计。"
        )
    return found  # fmt: skip


def beside_findings(context: Context) -> None:
    """Both shares of good pavement from year to year."""
    by_year, height_px = context.frame("pavement_by_year"), layout.rem(context, 10.5)
    charts.year_trend(
        context, by_year, measures.main_pavement_good(context), "pavement_main_trend", height_px
    )
    charts.year_trend(context, by_year, _branch(context), "pavement_branch_trend", height_px)


def drawing(context: Context) -> Drawing:
    """What the map shows: pavement by what the panel's switch chooses."""
    return pavement_map.drawing(context, chosen_view(), _rows(context))


# --- panel and table -----------------------------------------------------------------------------


def panel(context: Context) -> None:
    """The switch of the views, and what belongs to the chosen one."""
    view = chosen_view()
    view_switch(view)
    frame = _rows(context)
    if frame.empty:
        cards.block_title(VIEWS[view])
        cards.empty(_absent(context) or "路面状况登记册尚未导入")
        return
    panels = {"grade": _grades, "life": street_due.due_panel, "warning": street_due.warning_panel}
    panels[view](context, frame)


def _grades(context: Context, frame: pd.DataFrame) -> None:
    """Each class of road as a bar of its grades, then the subdistricts or the worst sections."""
    cards.block_title("各类道路", joined("按检测长度", street_due.sample_word(context)))
    st.html(grades_html(context, context.frame("pavement_by_grade")))
    places, worst = st.tabs(["各街道", "最差路段"])
    with places:
        charts.subdistrict_bars(
            context, context.frame("pavement_by_subdistrict"),
            measures.main_pavement_good(context), "pavement_bars",
            layout.body_height_px(context, 21.5),
        )  # fmt: skip
    with (
        worst,
        st.container(
            height=layout.body_height_px(context, 19.5), border=False, key="pavement_worst"
        ),
    ):
        st.html(street_due.worst_html(frame))


def grades_html(context: Context, frame: pd.DataFrame) -> str:
    """A bar for each class of road by kilometres of each grade; ``frame``: «pavement_by_grade»."""
    tones = {grade: grade_colour(context.palette, grade) for grade in PAVEMENT_GRADES}
    rows = []
    for road_class, own in frame.groupby("road_class", sort=False):
        km = own.set_index("grade")["km"]
        good_pct = 100 * km.reindex(["优", "良"]).sum() / km.sum()
        told = "，".join(f"{grade} {length:.1f} km" for grade, length in km.items())
        bar = "".join(
            f'<i style="--c:{tones[grade]};flex-grow:{length:.3f}"></i>'
            for grade, length in km.items()
        )
        label = escape(f"{CLASSES[road_class]}：{told}", quote=True)
        rows.append(
            f'<div class="grade-row" title="{label}"><p><span>{CLASSES[road_class]} '
            f"<small>{km.sum():.1f} km</small></span><b>{good_pct:.2f}% <small>优良</small></b></p>"
            f'<div class="class-bar" role="img" aria-label="{label}">{bar}</div></div>'
        )
    key = "".join(
        f'<span style="--c:{tone}"><i></i>{grade_text(grade)}</span>'
        for grade, tone in tones.items()
    )
    return f'{"".join(rows)}<div class="class-key">{key}</div>'


def table(context: Context) -> None:
    """One row a section at its latest inspection, the most urgent first."""
    view = chosen_view()
    tables.register_table(
        context,
        street_due.table_rows(context, _rows(context), view),
        {
            "road_name": tables.TableColumn("道路"),
            "subdistrict_name": tables.TableColumn("街道"),
            "class_word": tables.TableColumn("等级"),
            "managed_level": tables.TableColumn("管理级别"),
            "length_km": tables.TableColumn("长度（km）", "%.2f"),
            "grade_word": tables.TableColumn("路面状况"),
            "pci": tables.TableColumn("PCI", "%.1f"),
            "inspected_on": tables.TableColumn("检测日期"),
            "renewed_year": tables.TableColumn("建成或大修", "%d"),
            "due_year": tables.TableColumn("到期年份", "%d"),
            "due": tables.TableColumn("使用年限"),
            "warning_word": tables.TableColumn("预警"),
            "why": tables.TableColumn("预警原因"),
            "repaired_on": tables.TableColumn("迎亚运修缮完工"),
            "mapped": tables.TableColumn("位置"),
        },
        f"路面检测路段 {VIEWS[view]}",
        "pavement",
        hint="搜索道路、街道、等级、预警……",
    )
