"""Classes by GB 3838-2002: limits typed from the standard, inclusive; missing items; worst item."""

import numpy as np
import pandas as pd
import pytest

from data.water_quality import ITEM_COLUMNS, classify, severity

CLASSES = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"]
LIMITS = {
    "DO": [7.5, 6, 5, 3, 2],
    "CODMn": [2, 4, 6, 10, 15],
    "NH3-N": [0.15, 0.5, 1.0, 1.5, 2.0],
    "TP": [0.02, 0.1, 0.2, 0.3, 0.4],
}
CLEAN = {"do_mg_l": 9.0, "codmn_mg_l": 1.0, "nh3n_mg_l": 0.05, "tp_mg_l": 0.01}


def classified(**values):
    row = classify(pd.DataFrame([CLEAN | values])).iloc[0]
    return row["quality_class"], row["limiting_item"]


@pytest.mark.parametrize("item", LIMITS)
@pytest.mark.parametrize("place", range(5))
def test_a_value_on_the_limit_still_meets_the_class(item, place):
    limit = LIMITS[item][place]
    beyond = limit - 0.001 if item == "DO" else limit + 0.001
    column = ITEM_COLUMNS[item]
    assert classified(**{column: limit})[0] == CLASSES[place]
    assert classified(**{column: beyond})[0] == [*CLASSES, "劣Ⅴ"][place + 1]


@pytest.mark.parametrize("item", LIMITS)
def test_the_worst_item_decides_and_is_named(item):
    worst = 0.5 if item == "DO" else 99.0
    assert classified(**{ITEM_COLUMNS[item]: worst}) == ("劣Ⅴ", item)


def test_items_that_share_the_worst_class_are_all_named():
    assert classified(nh3n_mg_l=1.2, tp_mg_l=0.25) == ("Ⅳ", "NH3-N、TP")
    assert classified() == ("Ⅰ", "DO、CODMn、NH3-N、TP")


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA])
def test_a_missing_item_leaves_the_class_open(nothing):
    quality_class, limiting = classified(tp_mg_l=nothing, nh3n_mg_l=9.0)
    assert pd.isna(quality_class)
    assert limiting == "缺 TP"


def test_several_missing_items_are_all_named():
    assert classified(do_mg_l=None, tp_mg_l=None)[1] == "缺 DO、TP"


def test_zero_is_a_value():
    assert classified(tp_mg_l=0.0)[0] == "Ⅰ"
    assert classified(do_mg_l=0.0) == ("劣Ⅴ", "DO")


def test_rows_keep_their_order_and_index():
    frame = pd.DataFrame([CLEAN, CLEAN | {"tp_mg_l": 0.35}, CLEAN], index=[7, 3, 5])
    found = classify(frame)
    assert list(found.index) == [7, 3, 5]
    assert list(found["quality_class"]) == ["Ⅰ", "Ⅴ", "Ⅰ"]


def test_an_empty_frame():
    assert classify(pd.DataFrame([CLEAN]).iloc[:0]).empty


def test_severity_is_one_on_the_limit_of_class_four():
    rows = [CLEAN | {"do_mg_l": 3.0}, CLEAN | {"tp_mg_l": 0.6}, CLEAN | {"codmn_mg_l": 5.0}]
    assert severity(pd.DataFrame(rows)) == pytest.approx([1.0, 2.0, 0.5])
    only = pd.DataFrame([dict.fromkeys(CLEAN) | {"tp_mg_l": 0.15}], dtype=float)
    assert severity(only) == pytest.approx([0.5])
