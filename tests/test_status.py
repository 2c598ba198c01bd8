"""达标 / 接近 / 未达标 / 待填报 at the very edge of each, and how many more reach a share."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from data import status
from data.indicators import missing_count
from data.status import Target, judge
from ui.theme import STATUS_LOOKS

RULES_FILE = Path(status.__file__).parent / "rules" / "near_target.csv"
ALL_RULES = list(csv.DictReader(RULES_FILE.read_text(encoding="utf-8").splitlines()))
RULES = [rule for rule in ALL_RULES if not rule["indicator_no"]]
"""Rules by unit; those of single indicators are held in test_indicators.py."""
OPERATORS = (">", ">=", "=", "<=", "<")


def target(operator, value, unit="%"):
    return Target(operator, value, unit, "table1")


def tolerance(rule, value):
    """What the table's rule allows as «near» to a target value."""
    return float(rule["near_abs"]) if rule["near_abs"] else float(rule["near_share"]) * value


# --- met -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (">", False, False, True),
        (">=", False, True, True),
        ("=", False, True, False),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_met_at_the_boundary_of_each_operator(operator, below, at, above):
    values = {math.nextafter(80.0, 0): below, 80.0: at, math.nextafter(80.0, 100): above}
    for value, is_met in values.items():
        assert judge(value, target(operator, 80.0)) == ("met" if is_met else "near"), value


def test_the_value_is_compared_as_it_is_not_as_it_is_shown():
    assert judge(79.96, target(">=", 80)) == "near"
    assert judge(80.0, target(">", 80)) == "near"
    assert judge(80.04, target(">", 80)) == "met"


@pytest.mark.parametrize("value", [0, 0.0, -0.0])
def test_zero_is_a_value(value):
    assert judge(value, target(">=", 4, "座/km²")) == "missed"
    assert judge(value, target("=", 0, "人")) == "met"
    assert judge(value, target("<=", 45, "分钟")) == "met"


@pytest.mark.parametrize("value", [True, 5, np.int32(5), np.int64(5), np.float64(5.0), 5.0])
def test_numbers_of_every_kind_are_judged(value):
    assert judge(value, target(">=", 1, "条")) == "met"


# --- near ----------------------------------------------------------------------------------------


def test_there_is_a_rule_for_every_unit_without_one():
    assert "*" in {rule["unit"] for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=[rule["unit"] for rule in RULES])
def test_each_rule_says_one_tolerance_and_why(rule):
    assert bool(rule["near_abs"]) != bool(rule["near_share"])
    assert tolerance(rule, 1) > 0
    assert rule["note"]


@pytest.mark.parametrize("rule", RULES, ids=[rule["unit"] for rule in RULES])
@pytest.mark.parametrize("value", [80.0, 14.0, 4.0, 0.3])
@pytest.mark.parametrize(("operator", "side"), [(">", -1), (">=", -1), ("=", -1), ("=", 1),
                                                ("<=", 1), ("<", 1)])  # fmt: skip
def test_near_ends_where_the_table_says(rule, value, operator, side):
    unit = "无此单位" if rule["unit"] == "*" else rule["unit"]
    wanted = target(operator, value, unit)
    edge = value + side * tolerance(rule, value)
    assert judge(edge, wanted) == "near"
    assert judge(edge - side * 1e-6, wanted) == "near"
    assert judge(edge + side * 1e-6, wanted) == "missed"


@pytest.mark.parametrize(
    ("value", "operator", "goal", "unit", "expected"),
    [
        (79.4, ">", 80, "%", "near"),
        (75.0, ">", 80, "%", "near"),
        (74.9, ">", 80, "%", "missed"),
        (3.8, ">=", 4, "座/km²", "near"),
        (3.79, ">=", 4, "座/km²", "missed"),
        (13, ">=", 14, "条", "near"),
        (12, ">=", 14, "条", "missed"),
        (0, ">=", 1, "条", "missed"),
        (15, "=", 14, "处", "near"),
        (1000, "=", 14, "处", "missed"),
    ],
)
def test_figures_of_the_plan(value, operator, goal, unit, expected):
    assert judge(value, target(operator, goal, unit)) == expected


def test_a_target_of_zero_has_no_share_to_be_near():
    assert judge(1, target("=", 0, "人")) == "missed"
    assert judge(3, target("=", 0, "%")) == "near"


# --- no value ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [None, math.nan, np.nan, np.float32("nan"), float("nan")], ids=lambda v: repr(type(v))
)
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_missing_value_is_unreported_never_missed(value, operator):
    assert judge(value, target(operator, 0)) == "unreported"


@pytest.mark.parametrize(
    ("value", "expected"), [(math.inf, "met"), (-math.inf, "missed")], ids=["inf", "-inf"]
)
def test_infinity_is_beyond_every_target(value, expected):
    assert judge(value, target(">=", 80)) == expected


def test_every_status_has_its_own_shape_and_word():
    values = [90, 79, 10, None]
    keys = [judge(value, target(">", 80)) for value in values]
    assert keys == ["met", "near", "missed", "unreported"]
    looks = [STATUS_LOOKS[key] for key in keys]
    assert [look.word for look in looks] == ["达标", "接近", "未达标", "待填报"]
    assert [look.shape for look in looks] == ["●", "◐", "▲", "○"]


# --- in words ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "unit", "text"),
    [
        (">", 80.0, "%", "＞80%"),
        (">=", 14.0, "条", "≥14 条"),
        ("=", 111.0, "幢", "111 幢"),
        ("<=", 45, "分钟", "≤45 分钟"),
        ("<", 0.5, "mg/L", "＜0.5 mg/L"),
        (">=", 4, "座/km²", "≥4 座/km²"),
        (">=", 73.9, "km", "≥73.9 km"),
        ("=", 0, "人", "0 人"),
    ],
)
def test_a_target_reads_as_the_plan_states_it(operator, value, unit, text):
    assert target(operator, value, unit).text == text


@pytest.mark.parametrize(("value", "text"), [(1234567, "1234567"), (431564.5, "431564.5")])
def test_a_large_target_is_written_out(value, text):
    assert target(">=", value, "件").text.replace(",", "") == f"≥{text} 件"


# --- how many are missing ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "total", "have", "strict", "missing"),
    [
        (80, 63, 50, True, 1),
        (80, 63, 50, False, 1),
        (80, 63, 0, True, 51),
        (80, 63, 0, False, 51),
        (80, 63, 51, True, 0),
        (80, 63, 63, True, 0),
        (80, 60, 48, False, 0),
        (80, 60, 48, True, 1),
        (80, 60, 47, False, 1),
        (70, 10, 7, True, 1),
        (70, 10, 7, False, 0),
        (55, 100, 55, True, 1),
        (55, 100, 55, False, 0),
        (14, 50, 7, False, 0),
        (14, 50, 7, True, 1),
        (100, 14, 13, False, 1),
        (100, 14, 14, True, 0),
        (0, 14, 0, False, 0),
        (0, 14, 0, True, 1),
        (80, 1, 0, True, 1),
        (80, 0, 0, True, 0),
        (80, 0, 0, False, 0),
    ],
)
def test_how_many_more_reach_the_target(share, total, have, strict, missing):
    assert missing_count(share, total, have, strict=strict) == missing


@pytest.mark.parametrize("strict", [True, False], ids=["more than", "at least"])
@pytest.mark.parametrize("share", [80, 85, 85.1, 96, 33.3, 99.9])
def test_the_missing_count_is_the_least_that_reaches_the_target(share, strict):
    wanted = target(">" if strict else ">=", share)
    for total in range(1, 200):
        missing = missing_count(share, total, 0, strict=strict)
        assert judge(100 * missing / total, wanted) == "met"
        assert judge(100 * (missing - 1) / total, wanted) != "met"
