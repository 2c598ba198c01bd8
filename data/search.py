"""The search index: everything with a name, with its pinyin."""

from collections.abc import Mapping

import pandas as pd

from data.frames import empty_frame


def search_table(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``base.search_entries`` of a set of tables."""
    return empty_frame("base.search_entries")
