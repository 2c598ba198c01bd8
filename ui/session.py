"""What one run of a page knows: the filter, the pinned snapshot, the palette and the screen."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from data.build import build_tables
from data.contracts import FIRST_YEAR, LAST_YEAR
from data.snapshot import publish, store_folder, versions, write_snapshot
from data.status import Target
from data.store import Snapshot, Store
from queries.filter import Filter
from queries.loader import query
from ui.browser import Screen
from ui.theme import Palette

_CONTEXT = "_page_context"


@st.cache_resource(show_spinner="首次启动：正在生成默认数据……")
def open_store() -> Store:
    """The one store of this server; the default snapshot is built where none exists yet.

    StoreError when there are snapshots but none is sound.
    """
    folder = store_folder()
    if not versions(folder):
        publish(folder, write_snapshot(folder, *build_tables(with_sample=True)))
    return Store(folder)


@st.cache_resource(show_spinner=False, max_entries=4)
def _names(version: int, _snapshot: Snapshot) -> dict[str, str]:
    frame = _snapshot.query(query("subdistricts").sql)
    return dict(zip(frame["subdistrict_code"], frame["subdistrict_name"], strict=True))


def subdistrict_names(snapshot: Snapshot) -> dict[str, str]:
    """Names of the 14 subdistricts by code, in the order of their codes."""
    return _names(snapshot.version, snapshot)


@st.cache_resource(show_spinner=False, max_entries=600)
def _cached_frame(version: int, name: str, params: tuple, _snapshot: Snapshot) -> pd.DataFrame:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in params}
    return _snapshot.query(query(name).sql, values)


@dataclass(frozen=True)
class Context:
    """Everything a page needs; made once a run by ``app.py``."""

    filter: Filter
    names: Mapping[str, str]
    snapshot: Snapshot
    palette: Palette
    screen: Screen

    def frame(self, name: str, **params: object) -> pd.DataFrame:
        """Rows of the named query under the page's filter (cached by version and parameters)."""
        wanted = query(name).parameters
        given = self.filter.params() | {"first_year": FIRST_YEAR, "last_year": LAST_YEAR} | params
        key = tuple(
            (k, tuple(v) if isinstance(v, list) else v)
            for k, v in sorted(given.items())
            if k in wanted
        )
        # Copy-on-write: the caller may change its frame, the cached one stays as it is.
        return _cached_frame(self.snapshot.version, name, key, self.snapshot).copy(deep=False)

    def row(self, name: str, dataset: str | None = None, **params: object) -> dict:
        """The only row of a query that always gives one (missing values as None).

        With ``dataset`` (``database.table``): every value is None while that holds no rows at
        all, so that a register not yet imported never counts as zero.
        """
        frame = self.frame(name, **params)
        if dataset and not self.has_rows(dataset):
            return dict.fromkeys(frame.columns)
        # Cell by cell: a row taken as a whole would turn its counts into floats.
        cells = {column: frame[column].iat[0] for column in frame.columns}
        return {key: None if pd.isna(value) else value for key, value in cells.items()}

    def text(self, name: str, **params: object) -> str:
        """The only cell of a query that makes a text, such as map features as JSON."""
        return self.frame(name, **params).iat[0, 0]

    def target(self, indicator_no: int) -> Target:
        """Target of one of the plan's 28 indicators (表 1)."""
        rows = self.frame("plan_indicators").set_index("indicator_no")
        row = rows.loc[indicator_no]
        return Target(row.operator, float(row.target_value), row.unit, row.clause)

    def fact(self, fact_key: str) -> float:
        """Value of a figure that the plan's text states."""
        return float(self.frame("plan_facts").set_index("fact_key").at[fact_key, "value"])

    @property
    def sentence(self) -> str:
        """The filter as a human reads it."""
        return self.filter.sentence(self.names)

    def has_rows(self, dataset: str) -> bool:
        """Whether anything has been registered in ``database.table``."""
        return bool(self.frame("datasets").set_index("dataset").at[dataset, "row_count"])

    def rests_on_sample(self, databases: tuple[str, ...]) -> bool:
        """True when any dataset of these snapshot files rests on sample rows."""
        meta = self.frame("datasets")
        used = meta[meta["database"].isin(databases) & (meta["row_count"] > 0)]
        return bool((used["source_kind"] == "sample").any())

    def is_sample(self, *datasets: str) -> bool:
        """True when any of these datasets (``database.table``) rests on sample rows."""
        meta = self.frame("datasets").set_index("dataset").loc[list(datasets)]
        return bool(((meta["source_kind"] == "sample") & (meta["row_count"] > 0)).any())


def begin(context: Context) -> None:
    """Make the context known to the page that runs next."""
    st.session_state[_CONTEXT] = context


def current() -> Context:
    """The context of this run."""
    return st.session_state[_CONTEXT]


def toggle_subdistrict(code: str) -> None:
    """Show only this subdistrict, or the whole district again if it was the only one."""
    chosen = st.session_state.get("sub") or []
    st.session_state["sub"] = [] if list(chosen) == [code] else [code]
