"""The 28 indicators: their rules, how each is judged at its boundary, and what is said to be missing."""

import math

import pytest

from data.indicators import gap_text, indicator_rules, urgency
from data.plan import plan_tables
from data.status import Target, judge, near_rule
from queries.loader import all_queries

PLAN = plan_tables()["plan.indicators"].set_index("indicator_no")
RULES = indicator_rules()
NUMBERS = range(1, 29)
LOWER_IS_BETTER = {10}
EXACT_AS_PRINTED = {8, 10, 11, 12, 13, 14, 17, 20, 23}
"""Indicators for which 表 1 prints a bare number."""


def target(indicator_no):
    row = PLAN.loc[indicator_no]
    rule = RULES[indicator_no]
    return Target(
        row.operator, float(row.target_value), row.unit, row.clause, rule.judged_as, indicator_no
    )


# --- rules ---------------------------------------------------------------------------------------


def test_every_indicator_has_a_rule():
    assert list(RULES) == list(NUMBERS) == list(PLAN.index)


@pytest.mark.parametrize("no", NUMBERS)
def test_a_rule_names_a_query_that_exists_and_its_dataset_or_neither(no):
    rule = RULES[no]
    assert bool(rule.query) == bool(rule.dataset)
    assert not rule.query or rule.query in all_queries()
    assert rule.definition


def test_registers_compute_at_least_the_indicators_they_hold():
    assert {no for no, rule in RULES.items() if rule.query} >= {1, 2, 3, 4, 5, 6, 7, 18, 19}


@pytest.mark.parametrize("no", NUMBERS)
def test_a_printed_sign_is_judged_as_printed(no):
    if PLAN.loc[no, "operator"] == "=":
        assert no in EXACT_AS_PRINTED
        assert RULES[no].judged_as == ("<=" if no in LOWER_IS_BETTER else ">=")
        assert RULES[no].reading, "a bare number is read in one direction: say so"
    else:
        assert RULES[no].judged_as == PLAN.loc[no, "operator"]


@pytest.mark.parametrize("no", NUMBERS)
def test_the_target_lies_within_the_range_of_values(no):
    assert RULES[no].low <= PLAN.loc[no, "target_value"] <= RULES[no].high


# --- states --------------------------------------------------------------------------------------


@pytest.mark.parametrize("no", NUMBERS)
def test_the_state_at_the_exact_boundary(no):
    wanted = target(no)
    at = judge(wanted.value, wanted)
    below = judge(math.nextafter(wanted.value, -math.inf), wanted)
    above = judge(math.nextafter(wanted.value, math.inf), wanted)
    if PLAN.loc[no, "operator"] == ">":
        assert (below, at, above) == ("near", "near", "met")
    elif no in LOWER_IS_BETTER:
        assert (below, at, above) == ("met", "met", "near")
    else:
        assert (below, at, above) == ("near", "met", "met")


@pytest.mark.parametrize(
    ("no", "value", "state"),
    [
        (10, -3.0, "met"), (10, 0.0, "met"), (10, 1.0, "near"), (10, 1.01, "missed"),
        (12, 61.2, "met"), (12, 60.0, "met"), (12, 55.0, "near"), (12, 54.99, "missed"),
        (23, 98.5, "met"), (23, 98.0, "met"), (23, 97.99, "near"),
        (6, 14, "met"), (6, 13, "near"), (6, 12, "missed"),
        (7, 4.0, "met"), (7, 3.8, "near"), (7, 3.79, "missed"), (7, 0.0, "missed"),
        (25, 5, "near"), (25, 6, "met"),
        (5, 0, "missed"), (5, 1, "met"),
        (19, None, "unreported"), (19, float("nan"), "unreported"),
    ],
)  # fmt: skip
def test_states_of_single_values(no, value, state):
    assert judge(value, target(no)) == state


def test_an_indicator_may_have_a_rule_of_its_own_for_near():
    assert near_rule(target(10)).tolerance(0) == 1
    assert near_rule(target(9)).tolerance(80) == 5


# --- distance ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("no", "value", "have", "total", "said"),
    [
        (19, 100 * 50 / 63, 50, 63, "还差 1 条河"),
        (19, 100 * 28 / 63, 28, 63, "还差 23 条河"),
        (19, 80.0, 40, 50, "还差 1 条河"),
        (7, 3.8, 456, 120.0, "还差 24 座公厕"),
        (6, 13, 13, None, "还差 1 条精品示范街"),
        (5, 0, 0, None, "还差 1 条省级街容示范街"),
        (1, 97.0, 970, 1000, "还差 11 盏路灯"),
        (1, 98.0, 24500, 25000, "还差 1 盏路灯"),
        (25, 5, None, None, "还差 1 个应用场景"),
        (22, 23.6, None, None, "还差 6.4 个百分点"),
        (15, 59.999, None, None, "未超过 60%"),
        (28, 50.0, None, None, "未超过 50%"),
        (10, 0.75, None, None, "须再降 0.75 个百分点"),
        (19, 85.0, 54, 63, ""),
        (10, -1.0, None, None, ""),
        (24, None, None, None, ""),
    ],
)
def test_the_distance_is_told_in_plain_units(no, value, have, total, said):
    assert gap_text(value, target(no), RULES[no], have, total) == said


def test_what_is_met_or_unreported_is_not_urgent():
    assert urgency(90, target(19)) == 0
    assert urgency(None, target(19)) == 0
    assert urgency(80, target(19)) > 0, "a value on a strict boundary still misses it"


def test_a_wider_gap_is_more_urgent_across_units():
    density, share = urgency(3.0, target(7)), urgency(79.0, target(19))
    assert density > share
    assert urgency(70.0, target(19)) > share
