"""What of the pavement wants works: the worst sections, the due list by year, the warning «红黄蓝».

The design life stands in the plan (4.2.1), the rule of the warning in ``data/rules/streets.csv``.
"""

from collections.abc import Iterable
from html import escape

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.office_rules import OfficeRule, office_rules
from ui import cards, charts, layout
from ui.pavement_looks import (
    CLASSES,
    DATASET,
    GRADE_SHAPES,
    WARNINGS,
    grade_text,
    life_look,
    soon_years,
)
from ui.pavement_words import (
    RULE_KEYS,
    due_text,
    life_definition,
    pci_text,
    reason_text,
    rule_lines,
)
from ui.session import Context
from ui.text import SAMPLE_TAG, UNFILLED, UNMAPPED, clipped, joined
from ui.theme import StatusLook

LISTED = ("over", "due", "soon")
"""What the due list holds: overdue, due this year, due in the years it looks ahead."""
POOR = ("中", "次", "差")
MOST_WORST = 20


def sample_word(context: Context) -> str:
    """«示例» while the register of pavement is a sample."""
    return SAMPLE_TAG if context.is_sample(DATASET) else ""


# --- the due list --------------------------------------------------------------------------------


def due_panel(context: Context, frame: pd.DataFrame) -> None:
    """Length and number by year as bars, then the sections; ``frame``: «pavement_sections»."""
    cards.block_title("主次干道按年到期", joined("km（段）", sample_word(context)))
    _due_bars(context, due_by_year(frame, context.filter.year))
    cards.block_title("到期名单", "点击看该道路")
    with _scrolling(context, 23):
        st.html(due_html(frame))
    with st.popover("怎样计算", icon=":material/rule:", width="stretch"):
        layout.note(f"{life_definition(context)}。")


def due_by_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Sections (``count``) and kilometres (``km``) that are due in each ``year``.

    From the first year overdue to the last that the list looks ahead, years without any as 0.
    """
    due = frame[frame["life"].isin(LISTED)]
    grouped = due.groupby(due["due_year"].astype(int))["length_km"].agg(["count", "sum"])
    years = range(min([year, *grouped.index]), year + soon_years() + 1)
    return (
        grouped.set_axis(["count", "km"], axis=1)
        .reindex(years, fill_value=0)
        .rename_axis("year")
        .reset_index()
    )


def _due_bars(context: Context, by_year: pd.DataFrame) -> None:
    """Bars by year: overdue, the filter's year, ahead, each in the colour of the list."""
    scale, colours = context.screen.scale, context.palette
    year = context.filter.year
    values = [
        {"year": f"{row.year}", "km": round(float(row.km), 3),
         "label": f"{row.km:.1f}（{row.count_}）" if row.count_ else "0",
         "tone": life_look("over" if row.year < year else "due" if row.year == year else "soon")
         .colour(colours),
         "tip": f"{row.count_} 段 {row.km:.1f} km"}
        for row in by_year.rename(columns={"count": "count_"}).itertuples()
    ]  # fmt: skip
    x = {"field": "year", "type": "ordinal", "title": None,
         "axis": {"labelAngle": 0, "labelFontSize": 13 * scale}}  # fmt: skip
    y = {"field": "km", "type": "quantitative", "title": None, "axis": None,
         "scale": {"domain": [0, max([v["km"] for v in values]) * 1.25 or 1], "nice": False}}  # fmt: skip
    tips = [{"field": "year", "type": "nominal", "title": "到期年份"},
            {"field": "tip", "type": "nominal", "title": "主次干道"}]  # fmt: skip
    bars = [
        {"mark": {"type": "bar", "width": {"band": 0.5}, "cornerRadiusEnd": 2 * scale},
         "encoding": {"x": x, "y": y, "tooltip": tips,
                      "color": {"field": "tone", "type": "nominal", "scale": None}}},
        {"mark": {"type": "text", "dy": -10 * scale, "fontSize": 13 * scale, "color": colours.text},
         "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    spoken = "，".join(f"{v['year']} 年 {v['tip']}" for v in values)
    charts.show(context, values, bars, layout.rem(context, 9), key="pavement_due",
                alt=f"主次干道按年到期：{spoken}")  # fmt: skip


def due_html(frame: pd.DataFrame) -> str:
    """Sections by the year in which their design life ends, the most overdue first.

    Those whose year of renewal is not filled in come last: nobody knows whether they are due.
    """
    due = frame[frame["life"].isin(LISTED)].sort_values(
        ["due_year", "grade_rank", "length_km"], ascending=[True, False, False], kind="stable"
    )
    groups = [
        _group_html(f"{year} 年", own, _when(int(own["years_left"].iloc[0])))
        for year, own in due.groupby("due_year", sort=True)
    ]
    unknown = frame[frame["life"] == "unknown"]
    if len(unknown):
        groups.append(_group_html(f"建成或大修年份{UNFILLED}", unknown, "不作到期论"))
    if not groups:
        groups = [f'<div class="scope-note">今后 {soon_years()} 年内没有主次干道到期。</div>']
    return f'<div class="alerts">{"".join(groups)}</div>'


def _when(years_left: int) -> str:
    if years_left > 0:
        return f"还有 {years_left} 年"
    return f"已超期 {-years_left} 年" if years_left else "当年到期"


def _group_html(title: str, own: pd.DataFrame, when: str) -> str:
    told = joined(when, f"{len(own)} 段 {own['length_km'].sum():.1f} km")
    rows = ((row, life_look(row.life), _what(row), _renewed_text(row)) for row in own.itertuples())
    return f"<h3>{escape(title)}<small>{escape(told)}</small></h3>{_rows_html(rows)}"


def _what(row: tuple) -> str:
    return joined(CLASSES[row.road_class], f"{row.length_km:.2f} km", grade_text(row.grade))


def _renewed_text(row: tuple) -> str:
    renewed = "" if pd.isna(row.renewed_year) else f"{row.renewed_year:.0f} 年建成或大修"
    managed = row.managed_level if isinstance(row.managed_level, str) else ""
    return joined(renewed, managed, _repaired_text(row))


def _repaired_text(row: tuple) -> str:
    """That the register of repairs knows of a later repair than the one the design life runs from."""
    done = row.repaired_on
    return f"修缮登记册：{done[:7]} 完工，请核对大修年份" if isinstance(done, str) else ""


# --- warnings and the worst ----------------------------------------------------------------------


def warning_panel(context: Context, frame: pd.DataFrame) -> None:
    """How many sections of each colour, the list, the rule with its sources."""
    cards.block_title("“红黄蓝”预警", joined("点击看该道路", sample_word(context)))
    counts = frame["warning"].value_counts()
    shown = [key for key in WARNINGS if key != "unknown" or key in counts]
    cards.states(((WARNINGS[key], int(counts.get(key, 0))) for key in shown), "段")
    with _scrolling(context, 13.5):
        st.html(warnings_html(frame))
    with st.popover("预警规则", icon=":material/rule:", width="stretch"):
        cards.facts(rule_lines())
        st.html(rules_html([office_rules()[key] for key in RULE_KEYS]))
        layout.note(f"{life_definition(context)}。")


def rules_html(rules: Iterable[OfficeRule]) -> str:
    """The figures of the rule as a table with their sources."""
    rows = "".join(
        f"<tr><td>{escape(one.title)}</td><td>{one.value:g} {escape(one.unit)}</td>"
        f"<td>{escape(one.source)}</td></tr>"
        for one in rules
    )
    heads = "".join(f"<th>{word}</th>" for word in ("规则", "取值", "来源"))
    return f'<table class="fields rule-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def warnings_html(frame: pd.DataFrame) -> str:
    """Sections with a warning, red before yellow before blue, then those not evaluated, with reasons."""
    alerts = frame[frame["warning"] != "none"]
    rows = (
        (
            row,
            WARNINGS[row.warning],
            reason_text(row),
            joined(_place_text(row), _repaired_text(row)),
        )
        for row in alerts.itertuples()
    )
    none = '<div class="scope-note">没有预警路段。</div>'
    return f'<div class="alerts">{_rows_html(rows) or none}</div>'


def worst_html(frame: pd.DataFrame) -> str:
    """Sections that are no longer good, the worst grade and the lowest index first."""
    poor = frame[frame["grade"].isin(POOR)].sort_values(
        ["grade_rank", "pci"], ascending=[False, True], kind="stable"
    )
    looks = {grade: StatusLook(grade, GRADE_SHAPES[grade], "missed" if rank else "near")
             for rank, grade in enumerate(POOR)}  # fmt: skip
    rows = (
        (row, looks[row.grade], f"{row.grade} {pci_text(row)}".strip(), _place_text(row))
        for row in poor.head(MOST_WORST).itertuples()
    )
    none = '<div class="scope-note">没有中、次、差路段。</div>'
    rest = len(poor) - MOST_WORST
    more = f'<div class="scope-note">另 {rest} 段见图下名录。</div>' if rest > 0 else ""
    return f'<div class="alerts">{_rows_html(rows) or none}{more}</div>'


def _place_text(row: tuple) -> str:
    return joined(CLASSES[row.road_class], f"{row.length_km:.2f} km",
                  f"{row.inspected_on} 检测")  # fmt: skip


def _rows_html(rows: Iterable[tuple[tuple, StatusLook, str, str]]) -> str:
    return "".join(_row_html(*row) for row in rows)


def _row_html(row: tuple, look: StatusLook, why: str, more: str) -> str:
    """A section with its sign; a click opens its street where the map knows that."""
    place = row.short_name if isinstance(row.short_name, str) else ""
    known = isinstance(row.street_name, str)
    name = joined(clipped(row.road_name), place, "" if known else UNMAPPED)
    pick = ""
    if known:
        label = escape(f"{look.word} {name} {why}", quote=True)
        item = escape(f"street:{row.street_name}", quote=True)
        pick = f' data-pick="{item}" role="button" tabindex="0" aria-label="{label}"'
    return (
        f'<div class="alert{"" if known else " still"}"{pick} style="--tone:var(--{look.role})">'
        f"<b>{look.shape}</b><strong>{escape(name)}</strong><span>{escape(why)}</span>"
        f"<small>{escape(more)}</small></div>"
    )


def _scrolling(context: Context, taken_rem: float) -> DeltaGenerator:
    return st.container(
        height=max(layout.rem(context, 14), layout.body_height_px(context, taken_rem)),
        border=False, key="pavement_list",
    )  # fmt: skip


# --- table ---------------------------------------------------------------------------------------


def table_rows(context: Context, frame: pd.DataFrame, view: str) -> pd.DataFrame:
    """The rows of the table in words, the most urgent first as the view sees it."""
    by = {"grade": ["grade_rank", "pci"], "life": ["years_left", "grade_rank"]}.get(view)
    if by:
        frame = frame.sort_values(
            by, ascending=[view == "life", view == "grade"], na_position="last", kind="stable"
        )
    found = frame["section_id"].isin(set(context.frame("pavement_pieces")["section_id"]))
    return frame.assign(
        class_word=frame["road_class"].map(CLASSES),
        grade_word=frame["grade"].map(grade_text),
        due=[due_text(row) for row in frame.itertuples()],
        warning_word=[f"{WARNINGS[key].shape} {WARNINGS[key].word}" for key in frame["warning"]],
        why=[reason_text(row) for row in frame.itertuples()],
        mapped=found.map({True: "已上图", False: UNMAPPED}),
    )
