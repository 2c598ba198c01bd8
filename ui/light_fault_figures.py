"""Figures and sentences of the mode «故障»: lamps out, lit rate, new faults, how long repairs take.

Single lamps are of the register; all else is counted by month at cabinets, or at roads in subdistricts where
no cabinets are counted (queries/parts.sql, «adds_up»).
"""

import pandas as pd

from data.contracts import LAST_YEAR
from ui import cards, charts, findings, layout
from ui.charts import Measure
from ui.session import Context
from ui.text import UNFILLED, basis, joined, number

STATUS, LAMPS = "lighting.status", "lighting.assets"
CABINETS_ONLY, ROADS_ONLY, BOTH = "柜", "路", "处"
"""What the counts that add up are made at, as a unit."""


def counted_in(context: Context, back: int = 0) -> dict | None:
    """What is counted in the filter's year or ``back`` years before (in the same months); None if nothing."""
    frame = context.frame("light_fault_years")
    found = frame[frame["year"] == context.filter.year - back]
    if found.empty:
        return None
    return found.astype(object).where(found.notna(), None).iloc[0].to_dict()


def _before(context: Context, counted: dict) -> dict | None:
    """The same of the year before, where it is counted at the same kind of place."""
    before = counted_in(context, back=1)
    return before if before and _place_unit(before) == _place_unit(counted) else None


def _place_unit(counted: dict) -> str:
    if not counted["road_count"]:
        return CABINETS_ONLY
    return BOTH if counted["cabinet_count"] else ROADS_ONLY


def month_of(counted: dict) -> int:
    """Number of the latest month counted."""
    return counted["latest_month"].month


def lit_rate(context: Context, title: str) -> Measure:
    """Lamps lit over lamps due, of all lamps counted, against the plan's target for street lamps."""
    return Measure(
        "lit_rate_pct", title, "%", 1, context.target(1),
        "当月各控制柜（没有按柜统计的街道为各道路）实亮灯数 ÷ 应亮灯数，不分路灯与景观灯；"
        "目标为表 1 第 1 项（道路照明亮灯率）",
    )  # fmt: skip


# --- figures -------------------------------------------------------------------------------------


def figures_of(context: Context) -> list[cards.Figure]:
    """The figures at the head of the page: lamps out, lit rate, faults, how long repairs take."""
    counted = counted_in(context)
    return [
        _unlit(context),
        *(
            make(context, counted) if counted else _uncounted(context, label, is_judged)
            for make, label, is_judged in (
                (_latest_lit_rate, "逐月亮灯率", True),
                (_new_faults, "新增故障", False),
                (_mean_repair, "平均修复时长", False),
                (_fault_nights, "有故障的夜数", False),
                (_repaired_share, "故障修复率", False),
            )
        ),
    ]


def _uncounted(context: Context, label: str, is_judged: bool) -> cards.Figure:
    target = context.target(1) if is_judged else None
    return cards.Figure(label, None, target=target, when_empty=absent(context))


def absent(context: Context) -> str:
    """That the register of counts has none of the year and the chosen subdistricts; empty while it has no rows."""
    if not context.has_rows(STATUS):
        return ""
    is_whole = context.filter.is_whole_district
    return f"{context.filter.year} 年没有统计" if is_whole else "所选范围当年没有统计"


def _unlit(context: Context) -> cards.Figure:
    lamps = context.row("light_drawn")
    count, unstated = lamps["lamp_count"], lamps["unstated_count"]
    known = count - unstated
    if not known:
        absent = f"登记册的亮灭状态{UNFILLED}" if count else "所选范围内没有灯具"
        return cards.Figure("未亮灯具", None, when_empty=absent if context.has_rows(LAMPS) else "")
    return cards.Figure(
        "未亮灯具", lamps["unlit_count"], "盏",
        detail=joined(
            f"占 {known:,} 盏的 {100 * lamps['unlit_count'] / known:.1f}%",
            f"另 {unstated:,} 盏亮灭{UNFILLED}" if unstated else "",
            f"{LAST_YEAR} 年底现状" if context.filter.year < LAST_YEAR else "",
        ),
        is_sample=context.is_sample(LAMPS),
        definition="灯具登记册中亮灭为“未亮”的灯具；登记册只记现状，不记历年",
    )  # fmt: skip


def _latest_lit_rate(context: Context, counted: dict) -> cards.Figure:
    measure = lit_rate(context, f"{month_of(counted)} 月亮灯率")
    places, unit = counted["cabinet_count"] + counted["road_count"], _place_unit(counted)
    is_part = counted["latest_count"] < places
    detail = f"按 {counted['latest_count']:,} / {places:,} {unit}计" if is_part else "逐月统计"
    return _figure(context, measure, counted["lit_rate_pct"], detail)


def _figure(
    context: Context, measure: Measure, value: float | None, detail: str, empty: str = ""
) -> cards.Figure:
    """A figure of the counts; ``empty`` says why there is no value."""
    return cards.Figure(
        measure.title, value, measure.unit, measure.digits, measure.target, detail=detail,
        when_empty=empty, is_sample=context.is_sample(STATUS), definition=measure.definition,
    )  # fmt: skip


def _new_faults(context: Context, counted: dict) -> cards.Figure:
    return _figure(
        context,
        Measure(
            "fault_count", "新增故障", "次",
            definition="当年逐月统计的新增故障数之和：有按柜统计的街道只计控制柜，其余街道计道路，不重复",
        ),
        counted["fault_count"],
        joined(_fault_change(context, counted), _known(counted, "fault", "故障数")),
        f"登记册的新增故障数{UNFILLED}",
    )  # fmt: skip


def _mean_repair(context: Context, counted: dict) -> cards.Figure:
    is_unfilled = not counted["hours_known"] or not counted["repaired_known"]
    return _figure(
        context,
        Measure(
            "mean_repair_hours", "平均修复时长", "小时", 1,
            definition="当年修复总时长 ÷ 修复数，只计两项都已填的统计",
        ),
        counted["mean_repair_hours"],
        joined(
            _hours_change(context, counted),
            _known(counted, "hours", "修复时长"),
        ),
        f"登记册的修复时长{UNFILLED}" if is_unfilled else "当年没有修复",
    )  # fmt: skip


def _fault_nights(context: Context, counted: dict) -> cards.Figure:
    unit = _place_unit(counted)
    places, nights = counted["cabinet_count"] + counted["road_count"], counted["fault_night_count"]
    return _figure(
        context,
        Measure(
            "fault_night_count", "有故障的夜数", f"{unit}·夜",
            definition="各控制柜（或道路）当年有故障的夜数之和：同一夜几处有故障，各计一次",
        ),
        nights,
        joined(
            f"平均每{unit} {nights / places:.1f} 夜" if nights is not None else "",
            _known(counted, "nights", "故障夜数"),
        ),
        f"登记册的故障夜数{UNFILLED}",
    )  # fmt: skip


def _repaired_share(context: Context, counted: dict) -> cards.Figure:
    lacking = [
        word
        for name, word in (("fault", "新增故障数"), ("repaired", "修复数"))
        if not counted[f"{name}_known"]
    ]
    return _figure(
        context,
        Measure(
            "repaired_pct", "故障修复率", "%", 1,
            definition="当年修复数 ÷ 新增故障数；修复的可含上年遗留的故障，因此可超过 100%",
        ),
        counted["repaired_pct"],
        joined(f"修复 {number(counted['repaired_count'])} 次", _known(counted, "repaired", "修复数")),
        f"登记册的{lacking[0]}{UNFILLED}" if lacking else "当年没有新增故障",
    )  # fmt: skip


def _known(counted: dict, name: str, filled: str) -> str:
    return basis(counted[f"{name}_known"], counted["row_count"], filled, "条统计")


def _fault_change(context: Context, counted: dict) -> str:
    """How many more or fewer faults than before; nothing where a count of either year is not filled in."""
    before = _before(context, counted)
    if not before or any(one["fault_known"] < one["row_count"] for one in (counted, before)):
        return ""
    return _compared(counted["fault_count"] - before["fault_count"], "次", 0, ("多", "少"))


def _hours_change(context: Context, counted: dict) -> str:
    """How much longer or shorter a repair takes than before."""
    before = _before(context, counted)
    if not before or None in (before["mean_repair_hours"], counted["mean_repair_hours"]):
        return ""
    change = counted["mean_repair_hours"] - before["mean_repair_hours"]
    return _compared(change, "小时", 1, ("延长", "缩短"))


def _compared(change: float, unit: str, digits: int, words: tuple[str, str]) -> str:
    if not round(change, digits):
        return "与上年同期持平"
    return f"比上年同期{words[change < 0]} {number(abs(change), digits)} {unit}"


# --- sentences -----------------------------------------------------------------------------------


def sentences(context: Context) -> list[str]:
    """The sentences on the left, the answer first."""
    counted, table = counted_in(context), context.frame("light_faults_by_subdistrict")
    return [
        *(_counted_sentences(context, counted, table) if counted else []),
        *_unlit_sentence(context, table),
    ]


def _counted_sentences(context: Context, counted: dict, table: pd.DataFrame) -> list[str]:
    found = []
    if counted["lit_rate_pct"] is not None:
        found.append(_lit_sentence(context, counted, table))
    if counted["fault_count"] is not None:
        known = _known(counted, "fault", "故障数")
        found.append(
            _sentence(
                f"当年新增故障 **{counted['fault_count']:,.0f} 次**{f'（{known}）' if known else ''}",
                _fault_change(context, counted),
            )
        )
    if counted["mean_repair_hours"] is not None:
        hours = number(counted["mean_repair_hours"], 1)
        change = _hours_change(context, counted)
        found.append(_sentence(f"平均修复时长 **{hours} 小时**", change, _slowest(context, table)))
    return found


def _sentence(*parts: str) -> str:
    """The parts that say something, as one sentence."""
    return f"{'，'.join(part for part in parts if part)}。"


def _lit_sentence(context: Context, counted: dict, table: pd.DataFrame) -> str:
    measure = lit_rate(context, f"{month_of(counted)} 月亮灯率")
    codes, known = context.filter.subdistrict_codes, layout.only_chosen(context, table)
    told = (
        f"{measure.title} **{charts.spoken_value(counted['lit_rate_pct'], measure)}**，"
        + findings.verdict(counted["lit_rate_pct"], measure.target)
    )
    if len(codes) == 1 or known[measure.field].isna().all():
        return f"{told}。"
    low = findings.weakest(table, measure, codes)
    return f"{told}；{low}低于目标。" if low else f"{told}；各街道均达标。"


def _slowest(context: Context, table: pd.DataFrame) -> str:
    """Where repairs take longest; nothing where one subdistrict is looked at alone."""
    known = layout.only_chosen(context, table)
    known = known[known["mean_repair_hours"].notna()]
    if len(known) < 2:
        return ""
    slowest = known.sort_values("mean_repair_hours", kind="stable").iloc[-1]
    hours = number(slowest["mean_repair_hours"], 1)
    return f"**{slowest['short_name']}**最长（{hours} 小时）"


def _unlit_sentence(context: Context, table: pd.DataFrame) -> list[str]:
    """Where most lamps of the register are out."""
    known = layout.only_chosen(context, table)
    known = known[known["unlit_count"].fillna(0) > 0]
    if len(known) < 2:
        return []
    most = known.sort_values("unlit_count", ascending=False, kind="stable").head(2)
    words = "、".join(
        f"**{row.short_name}** {row.unlit_count:,.0f} 盏" for row in most.itertuples()
    )
    return [f"未亮灯具最多的街道：{words}。"]
