"""Sentences made from the data: what, against which target, where the gap is.

``**…**`` marks what matters. Each function returns two or three sentences, fewer when the data
says nothing.
"""

import pandas as pd

from data.status import Target, judge
from ui.charts import Measure, spoken_value
from ui.indicators import Indicator
from ui.theme import STATUS_LOOKS

BOUTIQUE_INDICATOR = 6
_VERDICTS = {"met": "**达到**", "near": "**接近**", "missed": "**未达到**"}


def _short(frame: pd.DataFrame, count: int) -> str:
    names = "、".join(f"**{name}**" for name in frame["short_name"].head(count))
    return f"{names}等 {len(frame)} 个街道" if len(frame) > count else names


def verdict(value: float, target: Target) -> str:
    """The status of a value in words: 达到 / 接近 / 未达到目标（＞85%）."""
    return f"{_VERDICTS[judge(value, target)]}目标（{target.text}）"


def weakest(
    frame: pd.DataFrame, measure: Measure, codes: tuple[str, ...] = (), count: int = 2
) -> str:
    """Names of the subdistricts where a measure is lowest among those below its target.

    Looks at the chosen ones when ``codes`` are given; empty when none is below.
    """
    known = frame[frame[measure.field].notna()].sort_values(measure.field)
    if codes:
        known = known[known["subdistrict_code"].isin(codes)]
    if measure.target:
        is_below = known[measure.field].map(lambda v: judge(v, measure.target) != "met")
        known = known[is_below.astype(bool)]
    return _short(known, count)


def place_sentence(
    frame: pd.DataFrame, measure: Measure, codes: tuple[str, ...], count: int = 2
) -> list[str]:
    """Where the gap is: the rank of a single subdistrict, otherwise the names of the weakest."""
    if len(codes) == 1:
        known = frame[frame[measure.field].notna()]
        own = known[known["subdistrict_code"] == codes[0]]
        if own.empty:
            return []
        value = own[measure.field].iloc[0]
        # Shares made of sums differ in the last bits: equal to six places is equal.
        rank = int((known[measure.field].round(6) > round(value, 6)).sum()) + 1
        return [
            f"{measure.title} **{spoken_value(value, measure)}**，在 {len(known)} 个街道中列"
            f"第 **{rank}** 位。"
        ]
    low = weakest(frame, measure, codes, count)
    return [f"{measure.title}低于目标：{low}。"] if low else []


def of_choropleth(frame: pd.DataFrame, measure: Measure, codes: tuple[str, ...]) -> list[str]:
    """What a map of the measure shows: the rank of a single subdistrict, else both ends."""
    if len(codes) == 1:
        return place_sentence(frame, measure, codes)
    # Shares made of sums differ in the last bits: equal to six places is equal.
    values = frame[measure.field].round(6)
    if values.notna().sum() == 0:
        return []
    ends = {"最高": values.max(), "最低": values.min()}
    told = (
        f"{word} **{spoken_value(end, measure)}**（{_short(frame[values == end], 1)}）"
        for word, end in ends.items()
    )
    return [f"{measure.title}{'，'.join(told)}。"]


def gap(missing: int, target: Target, noun: str) -> str:
    """What is missing to a target, or that it is reached."""
    if missing:
        return f"距目标（{target.text}）还差 **{missing} {noun}**"
    return f"**已达到**目标（{target.text}）"


def overview(noun: str, states: dict[str, int], gaps: list[tuple[Indicator, str]]) -> list[str]:
    """How many of ``noun`` are in which state, and the most urgent gaps, each with its place."""
    words = "，".join(
        f"**{count} 项**{STATUS_LOOKS[status].word}" for status, count in states.items() if count
    )
    found = [f"{noun}中 {words}。"] if words else []
    for one, place in gaps:
        look = STATUS_LOOKS[one.status]
        found.append(
            f"{look.shape} {one.name} **{one.value_text}**（目标 {one.target.text}），"
            f"**{one.gap}**{f'；{place}' if place else ''}。"
        )
    return found


def gap_place(
    one: Indicator, table: pd.DataFrame, measure: Measure | None, streets: pd.DataFrame,
    codes: tuple[str, ...],
) -> str:  # fmt: skip
    """Where an indicator falls short: the weakest subdistricts, or that it has none.

    ``table`` has a row a subdistrict with the measure's field, ``streets`` the state of each
    subdistrict's boutique street.
    """
    if one.no == BOUTIQUE_INDICATOR:
        is_open = streets["state"].notna() & (streets["state"] != "completed")
        place = _short(streets[is_open], 3)
        return f"未建成：{place}" if place else ""
    if measure is None:
        return "全区指标，不分街道"
    if len(codes) == 1:
        return ""
    low = weakest(table, measure, codes, 3)
    return f"未达标：{low}" if low else ""


def lighting(
    summary: dict, spots: dict, built: str, table: pd.DataFrame, control: Measure, lit: Measure,
    codes: tuple[str, ...],
) -> list[str]:  # fmt: skip
    """Lighting: the Asian Games projects, lamps that are out, dark spots."""
    found = []
    if built:
        found.append(built)
    for measure in (lit, control):
        if summary[measure.field] is None:
            continue
        sentence = (
            f"{measure.title} **{spoken_value(summary[measure.field], measure)}**，"
            + verdict(summary[measure.field], measure.target)
        )
        low = weakest(table, measure, codes)
        if len(codes) != 1 and table[measure.field].notna().any():
            sentence += f"；{low}低于目标" if low else "；各街道均达标"
        found.append(sentence + "。")
    if spots["found_count"]:
        left = spots["found_count"] - spots["fixed_count"]
        found.append(
            f"{spots['found_count']} 处盲区暗点"
            + (f"，余 **{left} 处**未消除。" if left else "**已全部消除**。")
        )
    return found
