"""The catalog of datasets: freshness, licence, findings and the meaning of columns."""

from datetime import date

import pandas as pd
import pytest

from data.catalog import DERIVED_FROM, datasets, definitions, freshness, register_of
from data.contracts import TABLES
from data.periods import normal_period, period_end
from data.registers.registry import REGISTERS
from data.store import Store
from queries.loader import query

TODAY = date(2026, 3, 1)


def row(**changes):
    """A line of the query «datasets»."""
    known = {
        "database": "toilets", "dataset": "toilets.toilets", "title": "公共厕所",
        "source_kind": "register", "source": "公厕.xlsx", "as_of": "2026-01-31",
        "imported_at": "2026-02-01T08:00:00+00:00", "row_count": 420, "sha256": "",
        "provider": "区城管局", "licence": "内部资料", "findings_json": "{}",
    }  # fmt: skip
    return known | changes


def listed(**changes):
    """The one dataset of a catalog with this line."""
    (found,) = datasets(pd.DataFrame([row(**changes)]), TODAY)
    return found


@pytest.mark.parametrize(
    ("text", "end", "normal"),
    [
        ("2025", date(2025, 12, 31), "2025"),
        ("2024-02", date(2024, 2, 29), "2024-02"),
        ("2025-03-07", date(2025, 3, 7), "2025-03-07"),
        ("2025年3月", date(2025, 3, 31), "2025-03"),
        ("2025年3月7日", date(2025, 3, 7), "2025-03-07"),
        ("２０２５/３/７", date(2025, 3, 7), "2025-03-07"),
        (" 2025年 ", date(2025, 12, 31), "2025"),
        ("2025-13", None, None),
        ("2025-02-30", None, None),
        ("待填报", None, None),
        ("", None, None),
        ("0000", None, None),
    ],
)
def test_a_period_is_understood_and_ends_on_its_last_day(text, end, normal):
    assert period_end(text) == end
    assert normal_period(text) == normal


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "current"), (79, "current"), (80, "due"), (100, "due"), (101, "overdue"), (-5, "current")],
)
def test_a_register_ages_against_its_own_cycle(days, state):
    as_of = (pd.Timestamp(TODAY) - pd.Timedelta(days=days)).date().isoformat()
    found = freshness("register", as_of, 100, 5, TODAY)
    assert (found.state, found.age_days) == (state, max(days, 0))


def test_age_counts_from_the_end_of_the_period():
    assert freshness("register", "2025", 365, 5, TODAY).age_days == 60


@pytest.mark.parametrize(
    ("kind", "as_of", "cycle", "rows"),
    [
        ("sample", "2020", 365, 5),
        ("plan", "2021", 365, 5),
        ("register", "待填报", 365, 0),
        ("register", "不详", 365, 5),
        ("register", "2020", 365, 0),
        ("osm", "2020", None, 5),
    ],
)
def test_what_has_no_cycle_or_date_has_no_freshness(kind, as_of, cycle, rows):
    found = freshness(kind, as_of, cycle, rows, TODAY)
    assert (found.state, found.word, found.age_days) == ("inapplicable", "不适用", None)


def test_a_derived_table_ages_with_the_register_it_is_reckoned_from():
    walks = listed(dataset="toilets.cell_walks", database="toilets")
    assert walks.freshness == listed().freshness
    assert walks.derived_from == ("toilets.toilets", "streets.walk_ways")
    assert walks.register is None


def test_the_catalog_of_the_default_build_lists_every_dataset(built_store):
    with_query = Store(built_store)
    try:
        found = datasets(with_query.query(query("datasets").sql), TODAY)
    finally:
        with_query.close()
    assert [dataset.path for dataset in found] == [contract.path for contract in TABLES]
    by_path = {dataset.path: dataset for dataset in found}
    assert by_path["toilets.toilets"].licence.startswith("无（示例数据）")
    assert by_path["base.water_areas"].licence == "ODbL 1.0"
    assert by_path["plan.clauses"].licence == "公开规划文本"
    assert by_path["base.water_areas"].freshness.state == "current"
    assert by_path["plan.clauses"].freshness.state == "inapplicable"
    assert by_path["toilets.toilets"].register.name == "toilets"


def test_a_dataset_without_rows_is_awaited(bare_store):
    store = Store(bare_store)
    try:
        found = datasets(store.query(query("datasets").sql), TODAY)
    finally:
        store.close()
    awaited = {dataset.path for dataset in found if dataset.is_awaited}
    assert {"toilets.toilets", "lighting.assets"} <= awaited
    assert all(dataset.freshness.state == "inapplicable" for dataset in found if dataset.is_awaited)


def test_findings_come_most_frequent_first():
    found = listed(findings_json='{"范围": 2, "街道与位置不符": 31, "日期": 2}')
    assert found.findings == (("街道与位置不符", 31), ("日期", 2), ("范围", 2))
    assert found.finding_count == 35


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"a": "x"}', None, float("nan")])
def test_damaged_findings_count_as_none(text):
    assert listed(findings_json=text).findings == ()


@pytest.mark.parametrize(
    ("changes", "licence"),
    [
        ({}, "内部资料"),
        ({"licence": ""}, "未声明"),
        ({"licence": None, "source_kind": "osm"}, "ODbL 1.0"),
        ({"licence": "", "source_kind": "plan", "source": "规划；位置 ODbL 1.0"},
         "公开规划文本；几何 ODbL 1.0"),
    ],
)  # fmt: skip
def test_every_dataset_names_its_licence(changes, licence):
    assert listed(**changes).licence == licence


@pytest.mark.parametrize("contract", TABLES, ids=lambda table: table.path)
def test_every_column_of_every_table_is_defined(contract):
    found = definitions(contract.path)
    assert [one.name for one in found] == contract.column_names
    assert all(one.title and one.type for one in found)


def test_coded_values_come_with_the_word_an_office_writes():
    by_name = {one.name: one for one in definitions("rivers.rivers")}
    assert by_name["rank"].allowed == (("trunk", "干流"), ("main", "主要河道"), ("branch", "支流"))
    assert by_name["beautiful_year"].range == "1950～2035"
    assert by_name["river_id"].is_key
    assert not by_name["length_m"].is_filled


def test_what_a_register_must_hold_is_required():
    by_name = {one.name: one for one in definitions("plan.projects")}
    assert by_name["state"].is_required
    by_name = {one.name: one for one in definitions("toilets.toilets")}
    assert by_name["lon"].is_required and not by_name["subdistrict_code"].is_required


def test_every_table_of_a_register_knows_it_and_none_is_derived():
    for register in REGISTERS:
        assert register_of(register.dataset) is register
        assert register.dataset not in DERIVED_FROM
