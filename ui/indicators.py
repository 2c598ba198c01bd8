"""The 28 indicators as pages show them: value, course, status and distance under the page's filter."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from data.indicators import IndicatorRule, gap_text, indicator_rules, urgency
from data.status import Target, judge
from ui.session import Context
from ui.text import UNREPORTED, number

STATUSES = ("met", "near", "missed", "unreported")
REPORTED_QUERY = "indicator_reported_values"
REPORTED_DATASET = "plan.indicator_values"


@dataclass(frozen=True)
class Indicator:
    """One indicator under a filter.

    ``values``, ``haves``, ``totals`` and ``unknowns`` (things not filled in) are by year; what has
    no subdistricts stays the whole district's. ``query`` is the one that gave the values,
    ``source`` says who reported them.
    """

    plan: object
    rule: IndicatorRule
    target: Target
    year: int
    values: dict[int, float]
    haves: dict[int, float]
    totals: dict[int, float]
    unknowns: dict[int, float]
    query: str
    dataset: str
    source: str
    is_sample: bool
    is_of_whole_district: bool

    @property
    def no(self) -> int:
        return self.rule.indicator_no

    @property
    def name(self) -> str:
        return self.plan.indicator_name

    @property
    def value(self) -> float | None:
        """Value of the filter's year; None where there is none."""
        return self.values.get(self.year)

    @property
    def status(self) -> str:
        return judge(self.value, self.target)

    @property
    def gap(self) -> str:
        """Distance to the target in plain units; empty when met or not reported."""
        have, total = self.haves.get(self.year), self.totals.get(self.year)
        return gap_text(self.value, self.target, self.rule, have, total)

    @property
    def basis(self) -> str:
        """What the value rests on, where some of the things counted are not filled in."""
        unknown = self.unknowns.get(self.year)
        if self.value is None or not unknown:
            return ""
        total = self.totals.get(self.year, 0)
        return self.rule.basis.format(known=f"{total:,.0f}", unknown=f"{unknown:,.0f}")

    @property
    def urgency(self) -> float:
        return urgency(self.value, self.target)

    @property
    def value_text(self) -> str:
        """The value with its unit, or 待填报."""
        return self.text_of(self.value)

    def text_of(self, value: float | None) -> str:
        """Any value of this indicator with its unit."""
        unit = self.target.unit if self.target.unit == "%" else f" {self.target.unit}"
        shown = number(value, self.rule.digits, UNREPORTED)
        return shown if shown == UNREPORTED else shown + unit

    @cached_property
    def course(self) -> list[tuple[int, float]]:
        """Values by year, in their order."""
        return sorted(self.values.items())


def indicators(context: Context) -> list[Indicator]:
    """All 28 in the plan's order."""
    rows = context.frame("plan_indicators").itertuples(index=False)
    return [_indicator(context, row) for row in rows]


def _indicator(context: Context, plan: object) -> Indicator:
    indicator_no = plan.indicator_no
    rule = indicator_rules()[indicator_no]
    # While no register holds it anywhere, what an office reports stands in.
    if not rule.query or context.frame(rule.query, codes=None)["value"].isna().all():
        return _reported(context, plan, rule)
    frame = context.frame(rule.query, **({} if rule.has_subdistricts else {"codes": None}))
    known = frame[frame["value"].notna()]
    return Indicator(
        plan, rule, context.target(indicator_no), context.filter.year,
        _by_year(known, "value"), _by_year(known, "have"), _by_year(known, "total"),
        _by_year(known, "unknown"), rule.query, rule.dataset, "登记册计算",
        context.is_sample(rule.dataset), is_of_whole_district=not rule.has_subdistricts,
    )  # fmt: skip


def _reported(context: Context, plan: object, rule: IndicatorRule) -> Indicator:
    frame = context.frame(REPORTED_QUERY)
    own = frame[frame["indicator_no"] == rule.indicator_no]
    now = own[own["year"] == context.filter.year]
    source = (
        f"{now['reporting_unit'].iloc[0]}，{now['reported_on'].iloc[0]:%Y-%m-%d} 填报"
        if len(now)
        else ""
    )
    return Indicator(
        plan, rule, context.target(rule.indicator_no), context.filter.year,
        _by_year(own, "value"), {}, {}, {}, REPORTED_QUERY, REPORTED_DATASET, source,
        context.is_sample(REPORTED_DATASET) and not own.empty, is_of_whole_district=True,
    )  # fmt: skip


def _by_year(frame: pd.DataFrame, column: str) -> dict[int, float]:
    if column not in frame:
        return {}
    return {int(y): float(v) for y, v in zip(frame["year"], frame[column], strict=True)}


def by_category(found: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    """Indicators by the plan's eight categories, in its order."""
    groups: dict[str, list[Indicator]] = {}
    for one in found:
        groups.setdefault(one.plan.category, []).append(one)
    return groups


def counts(found: Iterable[Indicator]) -> dict[str, int]:
    """How many are in each state."""
    states = [one.status for one in found]
    return {status: states.count(status) for status in STATUSES}


def most_urgent(found: Iterable[Indicator], most: int) -> list[Indicator]:
    """Those farthest from their target, worst first."""
    behind = [one for one in found if one.urgency > 0]
    return sorted(behind, key=lambda one: -one.urgency)[:most]


def following_filter(context: Context, found: Iterable[Indicator]) -> list[Indicator]:
    """Under a subdistrict filter only the indicators that follow it, otherwise all."""
    return [
        one for one in found if context.filter.is_whole_district or not one.is_of_whole_district
    ]


def scope_sentence(context: Context, found: Iterable[Indicator]) -> str:
    """Which of the 28 follow the subdistrict filter; empty for the whole district."""
    if context.filter.is_whole_district:
        return ""
    own = [one for one in found if not one.is_of_whole_district]
    rest = 28 - len(own)
    return f"所选街道：{len(own)} 项按街道计算；其余 {rest} 项没有街道维度，显示全区值（“全区”、虚线框）。"


def base_text(one: Indicator) -> str:
    """The base value the plan gives, with its clause; empty where it gives none."""
    if one.plan.base_value != one.plan.base_value or one.plan.base_value is None:
        return ""
    return f"{one.text_of(float(one.plan.base_value))}（规划 {one.plan.base_clause}）"
