"""Every file typed from the plan keeps its contract: columns, keys, allowed values, clauses."""

import pandas as pd
import pytest

from data import contracts
from tests.plan_files import path_of, read

NAMES = ("clauses", "indicators", "facts", "places", "glossary", "milestones", "contradictions")
NUMBERS = {"INTEGER", "DOUBLE"}
NOT_TYPED = {
    name: {"source_kind"} | ({"is_mapped", "located_by", "lon", "lat", "geometry_json"} & located)
    for name in NAMES
    for located in [set(contracts.table(f"plan.{name}").column_names)]
}
"""Columns that the build adds: where a row comes from and, for places, where it lies."""


def typed_columns(name):
    columns = contracts.table(f"plan.{name}").columns
    return [column for column in columns if column.name not in NOT_TYPED[name]]


@pytest.mark.parametrize("name", NAMES)
class TestEveryFile:
    def test_has_the_columns_of_its_contract_but_for_those_the_build_adds(self, name):
        assert list(read(name).columns) == [column.name for column in typed_columns(name)]

    def test_has_no_two_rows_with_one_key(self, name):
        key = list(contracts.table(f"plan.{name}").key)
        assert read(name)[read(name).duplicated(key)].empty

    def test_leaves_no_required_cell_empty(self, name):
        frame = read(name)
        for column in typed_columns(name):
            if column.required:
                assert frame[frame[column.name] == ""].empty, column.name

    def test_holds_only_allowed_values(self, name):
        frame = read(name)
        for column in typed_columns(name):
            if column.allowed:
                assert set(frame[column.name]) - {""} <= set(column.allowed), column.name

    def test_holds_numbers_within_their_limits(self, name):
        frame = read(name)
        for column in typed_columns(name):
            if column.type in NUMBERS:
                numbers = pd.to_numeric(frame.loc[frame[column.name] != "", column.name])
                if column.low is not None:
                    assert (numbers >= column.low).all(), column.name
                if column.high is not None:
                    assert (numbers <= column.high).all(), column.name

    def test_refers_only_to_clauses_that_exist(self, name):
        frame = read(name)
        known = set(read("clauses")["clause"])
        for column in frame.columns[frame.columns.str.endswith("clause")]:
            assert set(frame[column]) - {""} <= known, column

    def test_is_plain_utf8_with_unix_line_ends(self, name):
        with open(path_of(name), "rb") as file:
            content = file.read()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")

    def test_has_no_stray_spaces_around_a_cell(self, name):
        for column, cells in read(name).items():
            assert (cells == cells.str.strip()).all(), column
