"""Figures and short lists that more than one page shows, each made in one place."""

import pandas as pd

from data.indicators import missing_units
from data.status import Target
from ui import cards, findings, measures, scoreboard
from ui.cards import Figure
from ui.charts import Measure
from ui.indicators import Indicator
from ui.session import Context
from ui.text import LIGHTING_KINDS, UNFILLED, basis, joined


def _missing_text(count: int, noun: str) -> str:
    return f"还差 {count} {noun}" if count else ""


def unmapped_text(summary: dict) -> str:
    """How many of the counted things no map here shows."""
    count = summary["unmapped_count"] or 0
    return f"其中 {count} 条未上图" if count else "全部已上图"


def rivers_absent(context: Context) -> str:
    """Why nothing is said of the rivers of a subdistrict while there is a register."""
    if context.filter.is_whole_district or not context.has_rows("rivers.rivers"):
        return ""
    return "登记册没有河道走向，不能分街道"


def undated(count: int | None, what: str, unit: str) -> str:
    """How many things count in every year because their year is not filled in."""
    return f"{count:,} {unit}{what}{UNFILLED}，各年均计入" if count else ""


def district_target(context: Context, indicator_no: int) -> Target | None:
    """A target that counts for the whole district only: none under a subdistrict filter."""
    return context.target(indicator_no) if context.filter.is_whole_district else None


def district_only(context: Context, words: str) -> str:
    """Words that are true of the whole district, nothing under a subdistrict filter."""
    return words if context.filter.is_whole_district else ""


def demonstration(context: Context, streets: dict) -> Figure:
    """Indicator 6: completed demonstration streets of those the plan wants (one a subdistrict)."""
    wanted = context.target(6)
    total = streets["boutique_count"]
    target = Target(wanted.operator, total, wanted.unit, wanted.clause) if total else wanted
    if context.filter.is_whole_district:
        target = wanted
    completed = streets["completed_count"] if total else None
    missing = max(0, round(target.value) - (completed or 0))
    return Figure(
        "精品示范街", completed, f"/ {target.value:.0f} 条", 0, target,
        detail=joined(
            _missing_text(missing, "条"), undated(streets["undated_count"], "建成年份", "条")
        ),
        is_sample=context.is_sample("streets.demonstration_streets"),
        definition="已建成的市、区级精品示范街条数（表 1 第 6 项：14 个街道 14 条）",
    )  # fmt: skip


def undated_provincial(streets: dict) -> str:
    """How many showcase streets may be new or not, because their year is not filled in."""
    count = streets["undated_provincial_count"]
    return f"另 {count} 条建成年份{UNFILLED}，未计入" if count else ""


def measured_basis(streets: dict) -> str:
    """On how many completed streets their length rests, where that of some is not known."""
    completed = streets["completed_count"]
    known = completed - streets["unmeasured_count"] if completed else None
    return basis(known, completed, "长度", "条")


def core_indicator(one: Indicator, is_part: bool) -> Figure:
    """One of the six indicators that the plan itself calls core (clause 3.3.3), with its course."""
    unit = one.target.unit
    return Figure(
        one.name, one.value, unit, one.rule.digits, one.target,
        detail=joined(one.gap, one.basis),
        is_sample=one.is_sample, definition=one.rule.definition,
        trend_html=scoreboard.spark_html(one), pick=f"{one.no}",
        scope="全区" if is_part and one.is_of_whole_district else "",
    )  # fmt: skip


def gap_place(
    context: Context, one: Indicator, by_subdistrict: pd.DataFrame, streets: pd.DataFrame
) -> str:
    """Where an indicator falls short under the page's filter."""
    make = measures.BY_INDICATOR.get(one.no)
    codes = context.filter.subdistrict_codes
    return findings.gap_place(one, by_subdistrict, make(context) if make else None, streets, codes)


def missing_toilets(context: Context, toilets: dict) -> int:
    """How many more toilets reach the density target in the chosen subdistricts."""
    if toilets["toilet_count"] is None:
        return 0
    return missing_units(toilets["toilet_count"], toilets["area_km2"], context.target(7))


def toilet_density(context: Context, toilets: dict) -> Figure:
    """Indicator 7."""
    measure = measures.toilet_density(context)
    missing = missing_toilets(context, toilets)
    return Figure(
        measure.title, toilets["density_per_km2"], measure.unit, 2, measure.target,
        detail=joined(_missing_text(missing, "座"), undated(toilets["undated_count"], "启用年份", "座")),
        is_sample=context.is_sample("toilets.toilets"), definition=measure.definition,
    )  # fmt: skip


_LAMP_FIELDS = {
    "road_lit_rate_pct": "亮灭状态",
    "functional_sound_rate_pct": "设施完好",
    "scenery_sound_rate_pct": "设施完好",
    "central_control_rate_pct": "集中控制",
}
"""What an office fills in for each of the lighting rates."""


def rate(context: Context, measure: Measure, lighting: dict) -> Figure:
    """One of the lighting rates (indicators 1–4)."""
    return Figure(
        measure.title, lighting[measure.field], measure.unit, measure.digits, measure.target,
        when_empty=lamps_absent(context)
        or (f"登记册的{_LAMP_FIELDS[measure.field]}{UNFILLED}" if lighting["asset_count"] else ""),
        is_sample=context.is_sample("lighting.yearly"), definition=measure.definition,
    )  # fmt: skip


def lamps_absent(context: Context) -> str:
    """That the register of lamps tells of other years only; empty where it does not."""
    return _absent_years(context, context.frame("lighting_years")["year"])


def _absent_years(context: Context, years: pd.Series) -> str:
    """That the register tells of other years, where it tells nothing of the filter's."""
    if years.empty or (years == context.filter.year).any():
        return ""
    first, last = years.min(), years.max()
    return f"登记册只有 {first if first == last else f'{first}–{last}'} 年的数据"


def lit_buildings(context: Context, projects: pd.DataFrame) -> Figure:
    """Buildings of the Asian Games lighting projects: completed of planned."""
    label, kind = "亚运亮灯楼宇", "building"
    if not context.has_rows("lighting.projects"):
        planned = context.fact("asian_games_building_count")
        return Figure(label, None, target=Target("=", planned, "幢", "4.1.3"))
    if kind not in projects.index:
        return Figure(label, None, when_empty="所选范围内没有该类项目")
    row = projects.loc[kind]
    target = Target("=", float(row.quantity), row.unit, "4.1.3")
    return Figure(
        label, float(row.completed_quantity), f"/ {row.quantity:g} {row.unit}", 0, target,
        is_sample=context.is_sample("lighting.projects"),
        definition="迎亚运城市景观照明提升工程（规划第四章 一（三））",
    )  # fmt: skip


def dark_spots(context: Context, spots: dict) -> Figure:
    """Dark spots fixed of those found; the plan wants all gone by the end of 2022."""
    if not context.has_rows("lighting.dark_spots"):
        return Figure(
            "盲区暗点消除", None, target=Target("=", context.fact("dark_spot_count"), "处", "4.1.3")
        )
    found = spots["found_count"]
    target = Target("=", found, "处", "4.1.3") if found else None
    late = spots["fixed_late_count"]
    return Figure(
        "盲区暗点消除", spots["fixed_count"] if found else None, f"/ {found} 处", 0, target,
        detail=f"{late} 处逾期消除" if late else "", when_empty="所选范围内没有暗点",
        is_sample=context.is_sample("lighting.dark_spots"),
        definition="规划：14 处盲区暗点 2022 年年末完成增亮，此后持续更新（第四章 一（三））",
    )  # fmt: skip


def project_lines(projects: pd.DataFrame) -> None:
    """Kinds of lighting projects with what is built of what is planned."""
    if projects.empty:
        cards.empty("所选范围内没有亚运亮灯项目")
        return
    cards.lines(
        (
            LIGHTING_KINDS[kind],
            f"{projects.at[kind, 'completed_quantity']:g} / {projects.at[kind, 'quantity']:g} "
            f"{projects.at[kind, 'unit']}",
        )
        for kind in LIGHTING_KINDS
        if kind in projects.index
    )


def projects_sentence(projects: pd.DataFrame, year: int) -> str:
    """Whether the lighting projects of the chosen subdistricts are all built."""
    if projects.empty:
        return ""
    behind = projects[projects["completed_quantity"] < projects["quantity"]]
    if behind.empty:
        return f"所选范围内的亚运亮灯项目截至 {year} 年底**已全部建成**。"
    words = "、".join(
        f"**{LIGHTING_KINDS[kind]}** {row.quantity - row.completed_quantity:g} {row.unit}"
        for kind, row in behind.head(3).iterrows()
    )
    return f"亚运亮灯项目截至 {year} 年底尚未建成：{words}。"
