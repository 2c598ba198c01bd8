"""Which street a wording means: itself, an alias, or none; and never the one spelt most like it."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.geography import street_tables
from data.street_names import UNKNOWN, StreetMatch, StreetNames, aliases, normalised

ALIAS_FILE = Path(__file__).parent.parent / "data" / "street_aliases.csv"
FEW = ("解放路", "解放东路", "中山中路", "6号大街", "环城东路 解放路", "Ａ街")


@pytest.fixture(scope="module")
def few():
    """A map of a few streets."""
    return StreetNames(FEW)


@pytest.fixture(scope="module")
def map_streets():
    """Names of the shipped map's streets, one a row of the map."""
    return street_tables()["streets.streets"]["street_name"]


@pytest.fixture(scope="module")
def whole(map_streets):
    return StreetNames(map_streets)


# --- the street itself ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "street"),
    [
        ("解放路", "解放路"),
        ("  解放路\n", "解放路"),
        ("解 放 路", "解放路"),
        ("解放路\u3000", "解放路"),
        ("解\u200b放\u200d路\ufeff", "解放路"),
        ("\u202e解放路\u2069", "解放路"),
        ("解\u00ad放路", "解放路"),
        ("６号大街", "6号大街"),
        ("A街", "Ａ街"),
        ("环城东路解放路", "环城东路 解放路"),
        ("解放路（中河路—建国路）", "解放路"),
        ("解放路(东段)", "解放路"),
        ("解放路［北侧］", "解放路"),
        ("解放路【一期】", "解放路"),
        ("（市管）解放路（东段）", "解放路"),
        ("解放路 （ 中河路 至 建国路 ）", "解放路"),
    ],
)
def test_a_street_is_known_whatever_the_width_blanks_and_remarks_of_its_name(few, written, street):
    assert few.match(written) == StreetMatch(street, "exact")


def test_a_street_of_several_classes_and_pieces_is_one_street(map_streets, whole):
    several = map_streets[map_streets.duplicated()].unique()
    assert len(several) > 10
    assert {whole.match(name).street_name for name in several} == set(several)


def test_a_street_whose_own_name_has_brackets_goes_before_the_one_without(few):
    both = StreetNames([*FEW, "解放路(隧道)"])
    assert both.match("解放路（隧道）").street_name == "解放路(隧道)"
    assert few.match("解放路（隧道）").street_name == "解放路"


# --- aliases -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["南宋御街", "南宋御街（清河坊以北）", "南宋\u200b御街", "　南宋御街", "【景区】南宋御街"],
)
def test_an_alias_means_its_street_and_says_so(few, written):
    assert few.match(written) == StreetMatch("中山中路", "alias")


def test_an_alias_whose_street_is_on_no_map_means_none():
    assert StreetNames(["解放路", "中山北路"]).match("南宋御街") == UNKNOWN


def test_a_street_that_bears_the_alias_as_its_name_is_meant_itself():
    assert StreetNames([*FEW, "南宋御街"]).match("南宋御街") == StreetMatch("南宋御街", "exact")


def test_the_search_is_told_only_the_aliases_that_lead_to_a_street(few, whole):
    assert few.aliases() == {"中山中路": ["南宋御街"]}
    assert StreetNames([]).aliases() == {}
    assert "清河坊步行街" in whole.aliases()["河坊街"]


def test_every_alias_of_the_table_leads_to_a_street_of_the_map_and_has_a_source(whole):
    with ALIAS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({normalised(row["alias"]) for row in rows}) == len(rows) == len(aliases())
    for row in rows:
        assert whole.match(row["alias"]) == StreetMatch(row["street_name"], "alias"), row
        assert row["source"].strip(), row


# --- no street -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        None, np.nan, pd.NA, 12, "", "  ", "\u200b", "（东段）", "()", "路", "解放", "解放禄", "解放 西路",
        "解放路东", "解放路（东段", "东段）解放路", "解放路、解放东路", "杭州市解放路",
    ],
)  # fmt: skip
def test_what_is_neither_street_nor_alias_is_on_no_map(few, written):
    assert few.match(written) == UNKNOWN


def test_a_street_without_a_name_is_never_met_by_an_empty_one():
    assert StreetNames(["", "\u200b"]).match("（东段）") == UNKNOWN
    assert not StreetNames(["", "\u200b"])
    assert StreetNames(["解放路"])


def edits(name, letters):
    """Every name one slip away: a character lost, doubled, exchanged, replaced or put in."""
    for place, character in enumerate(name):
        rest = name[place + 1 :]
        yield name[:place] + rest
        yield name[:place] + character * 2 + rest
        for other in letters:
            yield name[:place] + other + rest
            yield name[:place] + other + character + rest
    for place, (one, other) in enumerate(pairwise(name)):
        yield name[:place] + other + one + name[place + 2 :]


def test_no_slip_in_a_name_is_ever_taken_for_the_street(map_streets, whole):
    """A slip that is itself a street or an alias means just that; all others mean none."""
    known = {normalised(street): street for street in map_streets}
    letters = ("东", "中", "一", "弄", "x")
    checked = unknown = 0
    for street in map_streets.unique():
        for written in edits(street, letters):
            key = normalised(written)
            found = whole.match(written).street_name
            expected = known.get(key, aliases().get(key))
            if "(" not in key:
                assert found == expected, written
                checked += 1
                unknown += found is None
    assert checked > 20_000
    assert unknown > 0.99 * checked


# --- suggestions ---------------------------------------------------------------------------------


def test_the_likest_spelling_comes_first(few):
    assert few.suggestions("解放禄") == ["解放路", "解放东路", "环城东路 解放路"]
    assert few.suggestions("解放东璐")[0] == "解放东路"


@pytest.mark.parametrize("written", ["", "纽约第五大道", "甲乙丙丁"])
def test_nothing_alike_is_no_suggestion(few, written):
    assert few.suggestions(written) == []


def test_no_more_than_three_are_suggested_and_all_are_streets(map_streets, whole):
    for written in ("庆春", "之江", "解放禄", "凤起"):
        found = whole.suggestions(written)
        assert 0 < len(found) <= 3
        assert set(found) <= set(map_streets)


def test_suggestions_do_not_depend_on_the_order_of_the_map():
    assert StreetNames(FEW).suggestions("解放") == StreetNames(FEW[::-1]).suggestions("解放")


# --- many names ----------------------------------------------------------------------------------


def test_many_names_keep_their_rows(few):
    names = pd.Series(
        ["解放路", None, "南宋御街", "解放禄", "解放路"], index=[7, 3, 9, 4, 2], dtype="str"
    )
    found = few.matched(names)
    assert found.index.tolist() == [7, 3, 9, 4, 2]
    assert found["street_name"].fillna("").tolist() == ["解放路", "", "中山中路", "", "解放路"]
    assert found["name_match"].fillna("").tolist() == ["exact", "", "alias", "", "exact"]


@pytest.mark.parametrize("names", [[], [None, None], ["解放禄"]])
def test_where_no_name_is_known_the_columns_are_text_all_the_same(few, names):
    found = few.matched(pd.Series(names, dtype="str"))
    assert found.isna().all().all()
    assert set(found.dtypes.astype("str")) == {"str"}
