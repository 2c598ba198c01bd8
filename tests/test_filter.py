"""The one filter: what SQL gets, what a human reads, what an address may ask for."""

import pytest

from queries.filter import Filter, parse_filter

NAMES = {"01": "清波街道", "03": "湖滨街道", "04": "小营街道", "08": "南星街道", "09": "紫阳街道"}
CODES = list(NAMES)
YEARS = (2020, 2021, 2022, 2023, 2024, 2025)


def parsed(codes=(), year=None):
    """Filter and notices for what an address asks for, among the names and years above."""
    return parse_filter(codes, year, CODES, YEARS)


# --- a filter ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "place"),
    [
        ((), "全区 5 个街道"),
        (("03",), "湖滨街道"),
        (("01", "03"), "清波街道、湖滨街道"),
        (("01", "03", "04"), "清波街道、湖滨街道、小营街道"),
        (("01", "03", "04", "08"), "清波街道、湖滨街道等 4 个街道"),
        (("01", "03", "04", "08", "09"), "清波街道、湖滨街道等 5 个街道"),
    ],
    ids=["none", "one", "two", "three", "four", "all"],
)
def test_the_place_is_named_as_a_person_would(codes, place):
    chosen = Filter(codes, 2022)
    assert chosen.place_text(NAMES) == place
    assert chosen.sentence(NAMES) == f"{place} · 截至 2022 年底"


@pytest.mark.parametrize(
    ("codes", "is_whole", "single", "given"),
    [
        ((), True, None, None),
        (("03",), False, "03", ["03"]),
        (("01", "03"), False, None, ["01", "03"]),
    ],
    ids=["none", "one", "two"],
)
def test_sql_gets_the_codes_or_null_for_the_whole_district(codes, is_whole, single, given):
    chosen = Filter(codes, 2024)
    assert chosen.params() == {"codes": given, "year": 2024}
    assert chosen.is_whole_district is is_whole
    assert chosen.single_code == single


def test_equal_filters_are_one_key():
    assert len({Filter(("03",), 2024), Filter(("03",), 2024), Filter(("03",), 2023)}) == 2


# --- from an address -----------------------------------------------------------------------------


def test_an_address_without_a_filter_means_the_whole_district_in_the_newest_year():
    assert parsed() == (Filter((), 2025), [])
    assert parse_filter([], None, CODES, (2021, 2023, 2022)) == (Filter((), 2023), [])


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (["03"], ("03",)),
        (["08", "01"], ("01", "08")),
        (["03", "03", "03"], ("03",)),
        (["09", "08", "04", "03", "01"], ("01", "03", "04", "08", "09")),
        (iter(["08", "01"]), ("01", "08")),
    ],
    ids=["one", "order of the district", "asked twice", "all", "read once"],
)
def test_known_codes_are_taken_in_the_order_of_the_district(asked, codes):
    assert parsed(asked) == (Filter(codes, 2025), [])


@pytest.mark.parametrize(
    "unknown", ["99", "1", "", " 03", "０３", "03,04", "03\n", "%", "湖滨街道"]
)
def test_an_unknown_code_is_ignored_with_a_notice_that_names_it(unknown):
    chosen, notices = parsed(["04", unknown])
    assert chosen == Filter(("04",), 2025)
    assert len(notices) == 1
    assert f"“{unknown}”" in notices[0]
    assert "已忽略" in notices[0]


def test_each_unknown_code_has_one_notice():
    chosen, notices = parsed(["98", "03", "99", "98"])
    assert chosen.subdistrict_codes == ("03",)
    assert len(notices) == 2
    assert "98" in notices[0]
    assert "99" in notices[1]


def test_nothing_but_unknown_codes_means_the_whole_district():
    assert parsed(["98"])[0].is_whole_district


@pytest.mark.parametrize("year", [2020, "2020", 2025, "2023"])
def test_a_known_year_is_taken(year):
    assert parsed(year=year) == (Filter((), int(year)), [])


@pytest.mark.parametrize("year", [None, ""])
def test_an_empty_year_is_no_request(year):
    assert parsed(year=year) == (Filter((), 2025), [])


@pytest.mark.parametrize(
    "year",
    ["2019", "2026", "0", "-2022", "+2022", "2022.0", "2e3", "0x7e6", " 2022", "abc", "二〇二二", "²",
     "2022年", "2022,2023", "None", 1999, "9" * 4000],
)  # fmt: skip
def test_any_other_year_is_ignored_with_a_notice_that_says_what_there_is(year):
    chosen, notices = parsed(["03"], year)
    assert chosen == Filter(("03",), 2025)
    assert len(notices) == 1
    assert "2020–2025" in notices[0]
    assert "2025 年" in notices[0]
    assert str(year)[:20] in notices[0]


def test_a_year_of_five_thousand_digits_is_ignored_too():
    chosen, notices = parsed(year="9" * 5000)
    assert chosen.year == 2025
    assert len(notices) == 1


@pytest.mark.parametrize("year", ["２０２２", "02022", "٢٠٢٢"])
def test_a_year_that_the_address_does_not_mean_is_not_taken_silently(year):
    assert len(parsed(year=year)[1]) == 1


def test_a_bad_code_and_a_bad_year_are_both_told():
    chosen, notices = parsed(["98"], "1999")
    assert chosen == Filter((), 2025)
    assert [("98" in n, "1999" in n) for n in notices] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "' OR 1=1 --", "**粗**", "&amp;"],
)
def test_markup_stays_the_text_it_is(text):
    chosen, notices = parsed([text], text)
    assert chosen == Filter((), 2025)
    assert [text in notice for notice in notices] == [True, True]


def test_ten_thousand_unknown_codes_and_a_long_one_are_only_ignored():
    chosen, notices = parsed(["甲" * 100_000, *(f"x{i}" for i in range(10_000)), "03"])
    assert chosen == Filter(("03",), 2025)
    assert notices
