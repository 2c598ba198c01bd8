"""The head of the river page: six cards, and the sentences that say the same with the places."""

from datetime import date

import pandas as pd

from data.office_rules import office_rules
from ui import measures, river_projects, scoreboard
from ui.cards import Figure
from ui.charts import spoken_value
from ui.figures import rivers_absent, undated
from ui.findings import gap, verdict
from ui.river_choices import month_text
from ui.river_coverage import what_if_sentence
from ui.river_shares import DATASET, Coverage, candidates, coverage, levels_absent, place_text
from ui.river_warning import warning_counts
from ui.session import Context
from ui.text import UNFILLED, basis, joined, number, plain
from ui.water_quality import month_share

QUALITY = "rivers.water_quality"


def figures(context: Context, month: date, mode: str) -> list[Figure]:
    """Coverage by count and length, water in the month and steadily, warning; one of the mode's own.

    The third is coverage by subdistrict, unless facilities or projects are what the map shows.
    """
    found = coverage(context)
    of_mode = {"facilities": open_outfalls, "projects": completed_projects}.get(mode)
    return [
        by_count(context, found),
        by_length(context, found),
        of_mode(context, month) if of_mode else by_place(context, found),
        class_iv_of_month(context, month),
        steadiness(context, month),
        warnings(context, month),
    ]


def by_count(context: Context, found: Coverage) -> Figure:
    """Indicator 19, by count of rivers, with its course."""
    measure, told = measures.beautiful_count(context), found.summary
    years = context.frame("rivers_by_year")
    missing = f"还差 {found.missing_rivers} 条" if found.missing_rivers else ""
    return Figure(
        "美丽河湖占比", told["beautiful_share_pct"], "%", 1, measure.target,
        detail=joined(missing, level_basis(told) or undated(told["undated_beautiful_count"], "年份", "条")),
        when_empty=rivers_absent(context) or levels_absent(told), is_sample=context.is_sample(DATASET),
        definition=f"{measure.definition}（表 1 第 19 项）",
        trend_html=_course_html(context, years, measure),
    )  # fmt: skip


def by_length(context: Context, found: Coverage) -> Figure:
    """Coverage by length of reaches, with its course; the plan sets no target for it."""
    measure, told = measures.beautiful_length_share(context), found.summary
    km = found.missing_km
    wanted = f"若以 {found.wanted_pct:g}% 计"
    return Figure(
        "长度覆盖率", told["beautiful_length_share_pct"], "%", 1,
        detail="" if km is None else f"{wanted}还差 {km:.1f} km" if km else f"{wanted}已够",
        when_empty=levels_absent(told), is_sample=context.is_sample(DATASET),
        definition="已建成美丽河湖的河段长度 ÷ 已上图河段总长；规划未设目标",
        trend_html=_course_html(context, context.frame("rivers_by_year"), measure),
    )  # fmt: skip


def by_place(context: Context, found: Coverage) -> Figure:
    """Coverage by subdistrict: how many reach the share and the lowest, or the place of the one."""
    wanted = f"{found.wanted_pct:g}%"
    rank = found.rank()
    definition = measures.beautiful_length_share(context).definition
    empty = {
        "when_empty": levels_absent(found.summary), "is_sample": context.is_sample(DATASET),
    }  # fmt: skip
    if rank:
        return Figure(
            "街道覆盖率位次", rank[0], f"/ {rank[1]}", detail=place_text(found, wanted),
            definition=f"{definition}，由高到低；规划未设目标", **empty,
        )  # fmt: skip
    places = found.known_places
    return Figure(
        f"街道覆盖率达 {wanted}", found.reached_count() if len(places) else None,
        f"/ {len(places)} 个", detail=place_text(found, wanted).rpartition("；")[2],
        definition=f"{definition}；达 {wanted} 的街道数 ÷ 有河段的街道数；规划未设目标", **empty,
    )  # fmt: skip


def open_outfalls(context: Context, month: date) -> Figure:
    """Outfalls with water in dry weather that is not dealt with."""
    told = context.row("river_outfalls", "rivers.facilities", month=month)
    return Figure(
        "晴天出水未处置", told["open_count"] if told["outfall_count"] else None, "处",
        when_empty="所选范围内没有登记的排出口" if told["outfall_count"] == 0 else "",
        detail=f"排出口 {number(told['outfall_count'])} 处，已处置 {number(told['fixed_count'])} 处",
        is_sample=context.is_sample("rivers.facilities"),
        definition=f"截至 {month_text(month)}底，已发现晴天出水、尚未处置的沿河排出口（规划 4.3.2 动态监管沿河排出口）",
    )  # fmt: skip


def completed_projects(context: Context, _month: date) -> Figure:
    """The plan's projects on rivers that are completed at the end of the year."""
    frame = river_projects.rows(context)
    is_reported = (frame["state"] != "unreported").any()
    late = int(frame["is_overdue"].sum())
    return Figure(
        "规划河道项目已完工", int((frame["state"] == "completed").sum()) if is_reported else None,
        f"/ {len(frame)} 项", detail=f"▲ 逾期 {late} 项" if late else "没有逾期",
        when_empty="" if len(frame) else "所选范围内没有河道项目",
        is_sample=context.is_sample("plan.projects"),
        definition="专栏 2 与第四章三、五点名的河道、泵站水闸、美丽河湖项目，按年底状态",
    )  # fmt: skip


def class_iv_of_month(context: Context, month: date) -> Figure:
    """Sections at class Ⅳ or better of those evaluated in the month, held against indicator 18."""
    told = month_share(context, month)
    left = told["section_count"] - told["evaluated_count"]
    return Figure(
        f"Ⅳ类及以上断面（{month.month} 月）", told["share_pct"], "%", 1, context.target(18),
        detail=joined(f"{told['met_count']} / {told['evaluated_count']} 个断面",
                      f"{left} 个未评价" if left else ""),
        when_empty=f"{month_text(month)}没有可评价的断面" if context.has_rows(QUALITY) else "",
        is_sample=context.is_sample(QUALITY),
        definition=f"{month_text(month)}水质达到Ⅳ类及以上的断面 ÷ 项目齐全、已评价的断面"
        "（GB 3838-2002 单因子评价）；表 1 第 18 项按全年的断面·月次判定，这里是当月值",
    )  # fmt: skip


def steadiness(context: Context, month: date) -> Figure:
    """For how many months in a row the share of sections has been high enough."""
    told = context.row("quality_steady", QUALITY, month=month)
    rules = office_rules()
    wanted, share = rules["stable_months"], rules["stable_share_pct"]
    return Figure(
        "持续稳定", told["run_months"], f"/ {wanted.value:g} 个月", 0,
        detail=_steady_text(told), is_sample=context.is_sample(QUALITY),
        definition=f"截至 {month_text(month)}，Ⅳ类及以上断面占比连续不低于 {share.value:g}% 的月数；"
        f"满 {wanted.value:g} 个月为持续稳定。{share.source}；{wanted.source}",
    )  # fmt: skip


def _steady_text(told: dict) -> str:
    if told["is_steady"]:
        return f"● 持续稳定，始于 {month_text(told['run_since'])}"
    if told["broken_month"] is not None:
        return f"▲ {month_text(told['broken_month'])}为 {told['broken_share_pct']:.1f}%"
    return f"○ {told['unevaluated_count']} 个月未评价" if told["unevaluated_count"] else ""


def warnings(context: Context, month: date) -> Figure:
    """Rivers in red and yellow in the month."""
    counts = warning_counts(context, month)
    known = sum(counts[state] for state in ("red", "yellow", "green"))
    return Figure(
        f"红色预警河道（{month.month} 月）", counts["red"] if known else None, "条",
        detail=joined(f"◐ 黄色 {counts['yellow']} 条",
                      f"○ 未评价 {counts['unknown']} 条" if counts["unknown"] else ""),
        when_empty=f"{month_text(month)}没有可评价的断面" if context.has_rows(QUALITY) else "",
        is_sample=context.is_sample(QUALITY),
        definition="一条河道取其断面中最差的颜色；颜色规则见三色预警图层",
    )  # fmt: skip


def level_basis(rivers: dict) -> str:
    """On how many rivers the shares rest, where the level of some is not filled in."""
    return basis(rivers["graded_river_count"], rivers["river_count"], "等级", "条")


def elsewhere_text(rivers: dict) -> str:
    """Rivers of the register that count in no subdistrict, under a subdistrict filter."""
    count = rivers["elsewhere_count"]
    return f"另有 {count} 条未上图，只计入全区" if count else ""


def _course_html(context: Context, years: pd.DataFrame, measure: measures.Measure) -> str:
    known = years[years[measure.field].notna()]
    return scoreboard.course_html(
        [(int(row.year), float(getattr(row, measure.field))) for row in known.itertuples()],
        measure.target.value if measure.target else None,
        context.filter.year,
        lambda value: spoken_value(value, measure),
    )


# --- sentences -----------------------------------------------------------------------------------


def findings(context: Context, month: date) -> list[str]:
    """The answer first: coverage, where the gap is, water quality, warning; then what is assumed."""
    found = coverage(context)
    if not found.summary["river_count"]:
        return []
    sentences = [
        count_sentence(context, found, month),
        what_if_sentence(context, found),
        length_sentence(found),
        quality_sentence(context, month),
        warning_sentence(context, month),
    ]
    return [sentence for sentence in sentences if sentence]


def of_map(context: Context, month: date, mode: str) -> list[str]:
    """What the map shows in modes that are not about coverage; nothing in the others."""
    make = {"quality": quality_sentence, "warning": warning_sentence}.get(mode)
    told = make(context, month) if make else ""
    return [told] if told else []


def count_sentence(context: Context, found: Coverage, month: date) -> str:
    """How many rivers are beautiful ones, what is missing, which are the nearest."""
    told = found.summary
    graded = told["graded_river_count"]
    if not graded:
        return f"登记河道 **{told['river_count']} 条**，美丽河湖等级{UNFILLED}，不计占比。"
    filled = basis(graded, told["river_count"], "等级", "条")
    made = (
        f"{told['river_count']} 条河道中 **{told['beautiful_count']} 条**建成美丽河湖（省级 "
        f"{told['provincial_count']} 条），{f'{filled}，' if filled else '按条数'}占 "
        f"**{told['beautiful_share_pct']:.1f}%**，{gap(found.missing_rivers, context.target(19), '条')}"
    )
    nearest = candidates(context, month)["river_name"].head(2) if found.missing_rivers else []
    if len(nearest):
        made += f"；得分最高的候选是{'、'.join(f'**{plain(name)}**' for name in nearest)}"
    elsewhere = elsewhere_text(told)
    return f"{made}。{f'（{elsewhere}。）' if elsewhere else ''}"


def length_sentence(found: Coverage) -> str:
    """Coverage by length, what it lacks to the same share, and the two lowest subdistricts."""
    told = found.summary
    if told["beautiful_length_share_pct"] is None:
        return ""
    made = (
        f"按长度已建成 **{told['beautiful_length_km'] or 0:.1f} km**，占已上图 "
        f"{told['graded_length_km']:.1f} km 的 **{told['beautiful_length_share_pct']:.1f}%**"
    )
    if found.missing_km:
        made += f"，若以 {found.wanted_pct:g}% 计还差 **{found.missing_km:.1f} km**"
    places = found.known_places
    low = places[places["beautiful_length_share_pct"].round(6) < found.wanted_pct].head(2)
    if len(places) > 1 and len(low):
        named = "、".join(
            f"**{row.short_name}** {row.beautiful_length_share_pct:.0f}%"
            for row in low.itertuples()
        )
        made += f"；覆盖最低的街道是{named}"
    return f"{made}。"


def quality_sentence(context: Context, month: date) -> str:
    """Sections at class Ⅳ or better in the month against the target, and whether it is steady."""
    told = month_share(context, month)
    if told["share_pct"] is None:
        return ""
    target = context.target(18)
    made = (
        f"{month_text(month)}评价 {told['evaluated_count']} 个断面，**{told['share_pct']:.1f}%** 达到Ⅳ类"
        f"及以上，{verdict(told['share_pct'], target)}"
    )
    of_year = context.row("rivers_quality")["class_iv_share_pct"]
    made += f"（{month.year} 年各月合计 {of_year:.1f}%）"
    steady = context.row("quality_steady", QUALITY, month=month)
    if steady["is_steady"]:
        made += f"；自 {month_text(steady['run_since'])}起**持续稳定**"
    elif steady["broken_month"] is not None and steady["run_months"]:
        wanted = office_rules()["stable_months"].value
        made += f"；连续 **{steady['run_months']} 个月**，未满 {wanted:g} 个月，尚不算持续稳定"
    return f"{made}。"


def warning_sentence(context: Context, month: date) -> str:
    """Rivers in red, by name, and how many are in yellow."""
    frame = context.frame("river_warnings", month=month)
    red = frame[frame["state"] == "red"]
    yellow = int((frame["state"] == "yellow").sum())
    if red.empty:
        return f"没有河道红色预警，黄色 {yellow} 条。" if yellow else ""
    named = "、".join(f"**{plain(name)}**" for name in red["river_name"].head(3))
    more = f"等 {len(red)} 条" if len(red) > 3 else ""
    return f"红色预警：{named}{more}；黄色 {yellow} 条。"
