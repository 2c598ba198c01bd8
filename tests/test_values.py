"""Cells as officers type them, read as the values of the contract or refused with a remedy."""

import numpy as np
import pandas as pd
import pytest

from data.registers.registry import REGISTERS, register
from data.registers.texts import texts_of
from data.registers.values import convert, office_words


def read(name, field, *cells):
    """Value, severity and rule of each cell."""
    each = register(name)
    item = next(item for item in each.fields if item.name == field)
    texts = texts_of(pd.Series(cells, dtype="str"))
    found = convert(item, each.column(field), texts)
    values = texts.spread(found.values)
    told = [
        [(r.severity, r.rule) for r in found.remarks if texts.rows(r.chosen)[i]]
        for i in range(len(cells))
    ]
    return [(None if pd.isna(v) else v, t) for v, t in zip(values, told, strict=True)]


def read_one(name, field, cell):
    ((value, told),) = read(name, field, cell)
    return value, told


def remark(name, field, cell):
    each = register(name)
    item = next(item for item in each.fields if item.name == field)
    (found,) = convert(item, each.column(field), texts_of(pd.Series([cell], dtype="str"))).remarks
    reason = found.reason if isinstance(found.reason, str) else found.reason.iloc[0]
    return found.severity, reason, found.remedy


def test_text_is_made_plain():
    texts = texts_of(
        pd.Series(
            ["ＡＢ１", " a\u200bb ", "a\n\u3000b", "\ufeff", "/", "", None, "甲（乙）"], dtype="str"
        )
    )
    assert texts.row_plain.fillna("").tolist() == ["AB1", "ab", "a b", "", "", "", "", "甲(乙)"]
    assert texts.rows(texts.is_changed).tolist() == [True] + [False] * 7
    assert texts.rows(texts.had_invisible).tolist() == [False, True, False, True] + [False] * 4


@pytest.mark.parametrize(
    ("cell", "value", "rules"),
    [
        ("12", 12, []),
        ("12.0", 12, []),
        ("1e2", 100, []),
        (" 12 ", 12, []),
        ("１２", 12, [("corrected", "全角字符")]),
        ("12 座", 12, [("corrected", "带单位的数")]),
        ("12个", 12, [("corrected", "带单位的数")]),
        ("/", None, []),
        ("", None, []),
        ("12.5", None, [("rejected", "格式")]),
        ("1,234", None, [("rejected", "范围")]),
        ("1,2", None, [("rejected", "格式")]),
        ("九", None, [("rejected", "格式")]),
        ("约12", None, [("rejected", "格式")]),
        ("12%", None, [("rejected", "格式")]),
        ("-1", None, [("rejected", "范围")]),
        ("1e400", None, [("rejected", "格式")]),
        ("inf", None, [("rejected", "格式")]),
        ("0x10", None, [("rejected", "格式")]),
        ("9" * 400, None, [("rejected", "格式")]),
    ],
)
def test_counts(cell, value, rules):
    assert read_one("toilets", "women_stalls", cell) == (value, rules)


@pytest.mark.parametrize(
    ("name", "field", "cell", "value"),
    [
        ("lighting_projects", "quantity", "1,234.5", 1234.5),
        ("lighting_projects", "quantity", "−0", 0),
        ("lighting_projects", "quantity", ".5", 0.5),
        ("water_quality", "do_mg_l", "6.2 mg/L", 6.2),
        ("water_quality", "do_mg_l", "6.2毫克/升", 6.2),
        ("demonstration_streets", "progress_pct", "60%", 60),
        ("demonstration_streets", "progress_pct", "６０％", 60),
        ("lighting_projects", "quantity", "1e308", None),
        ("water_quality", "do_mg_l", "<0.1", None),
        ("water_quality", "do_mg_l", "12座", None),
    ],
)
def test_measures_with_their_own_unit(name, field, cell, value):
    assert read_one(name, field, cell)[0] == value


@pytest.mark.parametrize(
    ("cell", "flag"),
    [(word, True) for word in ("是", "有", "√", "1", "1.0", "Y", "yes", "TRUE", "ｙ")]
    + [(word, False) for word in ("否", "无", "×", "0", "N", "no", "false", "没有")]
    + [(word, None) for word in ("2", "不清楚", "是否", "/")],
)
def test_yes_and_no(cell, flag):
    assert read_one("toilets", "has_third_room", cell)[0] == flag


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("一类", "一类"),
        ("1类", "一类"),
        ("一 类", "一类"),
        ("1", "一类"),
        ("特类", None),
        ("一类厕", None),
    ],
)
def test_words_become_the_values_of_the_contract(cell, value):
    assert read_one("toilets", "grade", cell)[0] == value


def test_a_word_that_is_none_names_those_that_are():
    severity, reason, remedy = remark("lighting_assets", "state", "坏")
    assert (severity, remedy) == ("rejected", "请改为：亮、不亮")
    assert "亮灯状态" in reason


@pytest.mark.parametrize("each", REGISTERS, ids=lambda each: each.name)
def test_every_word_that_a_remedy_offers_is_understood(each):
    for item in each.fields:
        column = each.column(item.name)
        for word in office_words(item, column) if column.allowed or item.words else []:
            assert read_one(each.name, item.name, word)[1] == [], word


@pytest.mark.parametrize(
    ("cell", "day"),
    [(cell, "2021-03-05") for cell in (
        "2021-03-05", "2021-3-5", "2021/3/5", "2021.3.5", "2021年3月5日", "2021 年 3 月 5 日", "20210305",
        "2021-03-05 12:30:00", "2021-03-05T00:00:00", "2021-03-05T00:00:00.000Z", "2021/3/5 8:05",
        "２０２１－０３－０５", "2021年3月5号")]
    + [("2020-02-29", "2020-02-29")],
)  # fmt: skip
def test_dates_in_every_usual_form(cell, day):
    value, told = read_one("dark_spots", "found_on", cell)
    assert value == pd.Timestamp(day)
    assert {rule for _, rule in told} <= {"全角字符"}


@pytest.mark.parametrize(
    ("cell", "day", "rule"),
    [("44260", "2021-03-05", "日期序号"), ("44260.75", "2021-03-05", "日期序号"),
     ("2021年3月", "2021-03-01", "日期不全"), ("2021-03", "2021-03-01", "日期不全")],
)  # fmt: skip
def test_dates_that_had_to_be_made_out_are_corrections(cell, day, rule):
    assert read_one("dark_spots", "found_on", cell) == (
        pd.Timestamp(day), [("corrected", rule)],
    )  # fmt: skip


@pytest.mark.parametrize(
    "cell",
    ["2021-02-29", "2021-13-01", "2021-00-05", "3/5/2021", "去年底", "2021", "1899-01-01", "2099-01-01",
     "99999", "12", "2021-3-5-6", "0000-00-00"],
)  # fmt: skip
def test_what_is_no_date_is_refused(cell):
    value, told = read_one("dark_spots", "found_on", cell)
    assert value is None
    assert told == [("rejected", "格式")]


@pytest.mark.parametrize(
    ("cell", "month"),
    [("2025-03", "2025-03"), ("2025年3月", "2025-03"), ("2025年03月份", "2025-03"), ("202503", "2025-03"),
     ("2025/3", "2025-03"), ("2025-03-14", "2025-03"), ("45717", "2025-03"), ("2025.10", "2025-10"),
     ("2025.1", None), ("2025", None), ("2025-13", None), ("三月", None)],
)  # fmt: skip
def test_months(cell, month):
    value = read_one("water_quality", "month", cell)[0]
    assert value == (pd.Timestamp(month) if month else None)


@pytest.mark.parametrize(
    ("cell", "year", "rules"),
    [
        ("2021", 2021, []),
        ("2021.0", 2021, []),
        ("2021年", 2021, []),
        ("2021年度", 2021, []),
        ("2021-03-05", 2021, [("corrected", "取年份")]),
        ("2021年3月", 2021, [("corrected", "取年份")]),
        ("44260", 2021, [("corrected", "日期序号")]),
        ("1890", None, [("rejected", "范围")]),
        ("21", None, [("rejected", "范围")]),
        ("2021.5", None, [("rejected", "格式")]),
        ("解放前", None, [("rejected", "格式")]),
    ],
)
def test_years(cell, year, rules):
    assert read_one("toilets", "opened_year", cell) == (year, rules)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("120.1713", 120.1713), ("120.1713°", 120.1713), ("E120.1713", 120.1713), ("东经120.1713", 120.1713),
     ("120°10′16.68″", 120.1713), ("120°10'16.68\"", 120.1713), ("120度10分16.68秒", 120.1713),
     ("519248.7", 519248.7), ("120°70′", None), ("湖滨", None), ("120,17", None)],
)  # fmt: skip
def test_coordinates(cell, value):
    found = read_one("toilets", "lon", cell)[0]
    assert found is None if value is None else found == pytest.approx(value, abs=1e-9)


def test_the_sign_of_seconds_is_no_full_width_character():
    assert read_one("toilets", "lon", "120°10′16.68″")[1] == [("corrected", "坐标写法")]


def test_a_code_that_excel_made_a_number_of_is_refused():
    assert read("toilets", "toilet_id", "3.3010203E+15", "3301020301000123", "A1") == [
        (None, [("rejected", "编码")]), ("3301020301000123", []), ("A1", []),
    ]  # fmt: skip


@pytest.mark.parametrize("each", REGISTERS, ids=lambda each: each.name)
def test_examples_of_every_register_are_read_without_a_remark(each):
    for item in each.fields:
        for example in item.examples:
            if example and item.lookup is None and not item.name.startswith("subdistrict"):
                value, told = read_one(each.name, item.name, example)
                assert value is not None
                assert told == []


def test_columns_without_a_row_or_without_a_value_are_no_fault():
    assert read("toilets", "women_stalls") == []
    assert read("toilets", "opened_year", None, np.nan) == [(None, []), (None, [])]
    assert read("dark_spots", "found_on", None) == [(None, [])]
    assert read("toilets", "lon", None) == [(None, [])]


@pytest.mark.parametrize(
    ("cell", "value"), [("0.01L", 0.005), ("<0.02", 0.01), ("＜ 0.5", 0.25), ("0.4 l", 0.2)]
)
def test_a_result_below_the_limit_of_detection_counts_as_half_of_it(cell, value):
    read_as, told = read_one("water_quality", "tp_mg_l", cell)
    assert read_as == value
    assert ("corrected", "低于检出限") in told


@pytest.mark.parametrize("cell", ["未检出", "<", "L", "<-1", "0.01M"])
def test_a_result_without_its_limit_of_detection_is_refused(cell):
    value, told = read_one("water_quality", "tp_mg_l", cell)
    assert value is None
    assert ("rejected", "格式") in told


def test_counts_know_no_limit_of_detection():
    assert read_one("toilets", "women_stalls", "<5") == (None, [("rejected", "格式")])


@pytest.mark.parametrize(
    ("name", "field", "cell", "value"),
    [
        ("toilets", "grade", "二类公厕", "二类"),
        ("toilets", "star_rating", "★★★★", 4),
        ("river_facilities", "facility_kind", "节制闸", "sluice"),
        ("river_facilities", "facility_kind", "入河排口", "outfall"),
        ("river_facilities", "work", "提升改造", "renewed"),
        ("water_sections", "water_kind", "湖库", "lake"),
        ("water_sections", "control_level", "市（县）控", "municipal"),
        ("lighting_assets", "asset_kind", "LED路灯", "street_lamp"),
        ("lighting_assets", "is_sound", "完好", True),
        ("lighting_assets", "is_sound", "损坏", False),
        ("lighting_assets", "is_sound", "是", True),
        ("projects", "state", "筹备", "planned"),
    ],
)
def test_words_of_offices_lists_are_known(name, field, cell, value):
    assert read_one(name, field, cell) == (value, [])
