"""The tables under the pages: what a browser is told of their columns."""

import json

import pytest

PAGES = ["overview", "rivers", "streets", "toilets", "lighting", "projects"]


@pytest.mark.parametrize("page", PAGES)
def test_no_column_of_a_table_is_hidden_but_its_numbering(site, page):
    tables = site.view(page).app.dataframe
    assert tables
    for table in tables:
        told = json.loads(table.proto.columns)
        hidden = {name for name, one in told.items() if one is None or one.get("hidden")}
        assert hidden == {"_index"}
