"""Classes by GB 3838-2002: limits typed from the standard, inclusive; missing items; worst item."""

import numpy as np
import pandas as pd
import pytest

from data.water_quality import ITEM_COLUMNS, REQUIRED_ITEMS, classify, quality_limits

CLASSES = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ"]
LIMITS = {
    "DO": [7.5, 6, 5, 3, 2],
    "CODMn": [2, 4, 6, 10, 15],
    "COD": [15, 15, 20, 30, 40],
    "BOD5": [3, 3, 4, 6, 10],
    "NH3-N": [0.15, 0.5, 1.0, 1.5, 2.0],
    "TP": [0.02, 0.1, 0.2, 0.3, 0.4],
}
LAKE_TP = [0.01, 0.025, 0.05, 0.1, 0.2]
CLEAN = {"do_mg_l": 9.0, "codmn_mg_l": 1.0, "nh3n_mg_l": 0.05, "tp_mg_l": 0.005}
"""A river's sample of class Ⅰ with the four items that are needed."""


def judged(water_kind="river", **values):
    """What the rule makes of one sample: the clean one with these values changed."""
    return classify(pd.DataFrame([CLEAN | {"water_kind": water_kind} | values])).iloc[0]


def classified(water_kind="river", **values):
    row = judged(water_kind, **values)
    return row["quality_class"], row["limiting_item"]


def by_hand(values, water_kind):
    """The rule again, one value at a time, from the limits typed above."""
    ranks = {}
    for item, bounds in LIMITS.items():
        value = values.get(ITEM_COLUMNS[item])
        if value is None:
            continue
        bounds = LAKE_TP if item == "TP" and water_kind == "lake" else bounds
        met = [value >= b if item == "DO" else value <= b for b in bounds]
        ranks[item] = met.index(True) if True in met else 5
    if values.get("ph") is not None:
        ranks["pH"] = 0 if 6 <= values["ph"] <= 9 else 5
    lacking = [item for item in REQUIRED_ITEMS if item not in ranks]
    if lacking:
        return None, "缺 " + "、".join(lacking)
    worst = max(ranks.values())
    return [*CLASSES, "劣Ⅴ"][worst], "、".join(i for i in ITEM_COLUMNS if ranks.get(i) == worst)


@pytest.mark.parametrize("item", LIMITS)
@pytest.mark.parametrize("place", range(5))
def test_a_value_on_the_limit_still_meets_the_class(item, place):
    limit = LIMITS[item][place]
    step = -0.001 if item == "DO" else 0.001
    column = ITEM_COLUMNS[item]
    # Where two classes share a limit, a value on it is of the better one.
    assert classified(**{column: limit})[0] == CLASSES[LIMITS[item].index(limit)]
    failed = [*CLASSES, "劣Ⅴ"][max(i for i in range(5) if LIMITS[item][i] == limit) + 1]
    assert classified(**{column: limit + step})[0] == failed


@pytest.mark.parametrize("place", range(5))
def test_phosphorus_of_lakes_has_its_own_limits(place):
    limit = LAKE_TP[place]
    assert classified("lake", tp_mg_l=limit) == (
        CLASSES[place],
        judged("lake", tp_mg_l=limit).limiting_item,
    )
    assert classified("lake", tp_mg_l=limit + 0.001)[0] == [*CLASSES, "劣Ⅴ"][place + 1]


def test_the_same_phosphorus_is_worse_in_a_lake_than_in_a_river():
    assert classified("river", tp_mg_l=0.15) == ("Ⅲ", "TP")
    assert classified("lake", tp_mg_l=0.15) == ("Ⅴ", "TP")


@pytest.mark.parametrize("ph", [6.0, 7.2, 9.0])
def test_ph_within_its_range_decides_nothing(ph):
    assert classified(ph=ph)[0] == "Ⅰ"
    assert judged(ph=ph)["spare_item"] != "pH"


@pytest.mark.parametrize("ph", [5.99, 9.01, 0, 14])
def test_ph_outside_its_range_fails_every_class(ph):
    row = judged(ph=ph)
    assert (row["quality_class"], row["limiting_item"]) == ("劣Ⅴ", "pH")
    assert row["spare_pct"] < 0 and row["spare_item"] == "pH"


@pytest.mark.parametrize("item", LIMITS)
def test_the_worst_item_decides_and_is_named(item):
    worst = 0.5 if item == "DO" else 99.0
    assert classified(**{ITEM_COLUMNS[item]: worst}) == ("劣Ⅴ", item)


def test_items_that_share_the_worst_class_are_all_named():
    assert classified(nh3n_mg_l=1.2, tp_mg_l=0.25) == ("Ⅳ", "NH3-N、TP")
    assert classified() == ("Ⅰ", "DO、CODMn、NH3-N、TP")


@pytest.mark.parametrize("item", REQUIRED_ITEMS)
@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA])
def test_a_missing_item_leaves_the_class_open(item, nothing):
    row = judged(**{ITEM_COLUMNS[item]: nothing})
    assert pd.isna(row["quality_class"])
    assert row["limiting_item"] == f"缺 {item}"


def test_a_missing_item_leaves_the_class_open_however_bad_the_others_are():
    assert pd.isna(classified(tp_mg_l=None, nh3n_mg_l=9.0)[0])


def test_several_missing_items_are_all_named():
    assert classified(do_mg_l=None, tp_mg_l=None)[1] == "缺 DO、TP"


@pytest.mark.parametrize("item", ["COD", "BOD5", "pH"])
def test_an_item_that_is_not_needed_may_be_missing(item):
    assert classified(**{ITEM_COLUMNS[item]: None})[0] == "Ⅰ"


def test_zero_is_a_value():
    assert classified(tp_mg_l=0.0)[0] == "Ⅰ"
    assert classified(do_mg_l=0.0) == ("劣Ⅴ", "DO")


@pytest.mark.parametrize(
    ("values", "spare_pct", "item"),
    [
        ({"nh3n_mg_l": 1.5}, 0.0, "NH3-N"),
        ({"nh3n_mg_l": 1.2}, 20.0, "NH3-N"),
        ({"nh3n_mg_l": 3.0}, -100.0, "NH3-N"),
        ({"do_mg_l": 3.6}, 20.0, "DO"),
        ({"do_mg_l": 1.5}, -50.0, "DO"),
        ({"codmn_mg_l": 9.0, "tp_mg_l": 0.27}, 10.0, "CODMn、TP"),
        ({"nh3n_mg_l": 3.0, "tp_mg_l": None}, -100.0, "NH3-N"),
    ],
)
def test_room_to_class_four_is_that_of_the_nearest_item(values, spare_pct, item):
    row = judged(**values)
    assert row["spare_pct"] == pytest.approx(spare_pct, abs=1e-9)
    assert row["spare_item"] == item


def test_room_is_missing_where_nothing_was_measured():
    nothing = dict.fromkeys(CLEAN, None)
    row = judged(**nothing)
    assert pd.isna(row["spare_pct"]) and pd.isna(row["spare_item"])
    assert row["limiting_item"] == "缺 DO、CODMn、NH3-N、TP"


def test_many_samples_are_judged_as_one_at_a_time_by_hand():
    random = np.random.default_rng(7)
    top = {"do_mg_l": 10, "codmn_mg_l": 20, "cod_mg_l": 60, "bod5_mg_l": 14, "nh3n_mg_l": 3,
           "tp_mg_l": 0.6, "ph": 14}  # fmt: skip
    frame = pd.DataFrame({name: random.uniform(0, high, 800) for name, high in top.items()})
    frame = frame.round(3).mask(random.random(frame.shape) < 0.08)
    frame["water_kind"] = random.choice(["river", "lake"], len(frame))
    found = classify(frame)
    for row, (quality_class, item) in zip(
        frame.itertuples(),
        found[["quality_class", "limiting_item"]].itertuples(index=False),
        strict=True,
    ):
        values = {name: None if pd.isna(getattr(row, name)) else getattr(row, name) for name in top}
        wanted = by_hand(values, row.water_kind)
        assert (None if pd.isna(quality_class) else quality_class, item) == wanted, row


def test_rows_keep_their_own_index():
    frame = pd.DataFrame([CLEAN, CLEAN | {"tp_mg_l": 0.5}], index=[7, 3]).assign(water_kind="river")
    assert list(classify(frame)["quality_class"].loc[[3, 7]]) == ["劣Ⅴ", "Ⅰ"]


def test_no_rows_give_no_classes():
    assert classify(pd.DataFrame([CLEAN]).assign(water_kind="river").iloc[:0]).empty


def test_an_unknown_kind_of_water_is_an_error():
    with pytest.raises(ValueError, match="kind of water"):
        classify(pd.DataFrame([CLEAN]).assign(water_kind="sea"))


def test_every_limit_names_its_clause():
    limits = quality_limits()
    assert len(limits) == 2 * 7 * 5
    assert limits["clause"].str.startswith("GB 3838-2002 表 1").all()
    assert limits.loc[limits["item"] != "pH", "unit"].eq("mg/L").all()
    assert set(limits.loc[limits["is_required"], "item"]) == set(REQUIRED_ITEMS)
