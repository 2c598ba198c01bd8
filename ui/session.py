"""What one run of a page knows: the filter, the pinned snapshot, the palette and the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps

import pandas as pd
import streamlit as st

from data.build import ensure_built
from data.contracts import FIRST_YEAR, LAST_YEAR
from data.indicators import indicator_rules
from data.office_rules import rule_parameters
from data.snapshot import SnapshotError, store_folder
from data.status import Target
from data.store import Snapshot, Store, StoreError
from queries.filter import Filter
from queries.loader import query
from ui.browser import Screen
from ui.focus import Entry, clear_focus, find_entry, set_focus
from ui.theme import Palette

_CONTEXT = "_page_context"
_SCOPE = {"scope": "all"}
"""Which toilets the circle takes in unless a page asks for others."""


@st.cache_resource(show_spinner="首次启动：正在生成默认数据……")
def open_store() -> Store:
    """The one store of this server; the default snapshot is built where none exists yet.

    StoreError when there are snapshots but none is sound, or none can be written.
    """
    folder = store_folder()
    try:
        ensure_built(folder)
    except (SnapshotError, OSError) as problem:
        raise StoreError(f"无法在 {folder} 生成默认数据：{problem}") from problem
    return Store(folder)


# What follows is remembered per opened snapshot (it compares by identity): a new version, or another
# store, starts afresh. Plain functools, because Streamlit's caches cost a millisecond a call.


@lru_cache(maxsize=4)
def _subdistricts(snapshot: Snapshot) -> tuple:
    return tuple(snapshot.query(query("subdistricts").sql).itertuples(index=False))


def subdistrict_names(snapshot: Snapshot) -> dict[str, str]:
    """Names of the 14 subdistricts by code, in the order of their codes."""
    rows = _subdistricts(snapshot)
    return {row.subdistrict_code: row.subdistrict_name for row in rows}


@lru_cache(maxsize=300)
def _frame(snapshot: Snapshot, name: str, params: tuple) -> pd.DataFrame:
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in params}
    return snapshot.query(query(name).sql, values)


@lru_cache(maxsize=300)
def _row(snapshot: Snapshot, name: str, params: tuple) -> dict:
    record = _frame(snapshot, name, params).iloc[:1].to_dict("records")[0]
    return {key: None if pd.isna(value) else value for key, value in record.items()}


@dataclass(frozen=True)
class PlanFigures:
    """What the plan states: targets by indicator number, figures by key."""

    targets: dict[int, Target]
    facts: dict[str, float]


@lru_cache(maxsize=4)
def _plan(snapshot: Snapshot) -> PlanFigures:
    indicators = snapshot.query(query("plan_indicators").sql)
    facts = snapshot.query(query("plan_facts").sql)
    rules = indicator_rules()
    return PlanFigures(
        {
            row.indicator_no: Target(
                row.operator,
                float(row.target_value),
                row.unit,
                row.clause,
                rules[row.indicator_no].judged_as,
                row.indicator_no,
            )
            for row in indicators.itertuples()
        },
        dict(zip(facts["fact_key"], facts["value"].astype(float), strict=True)),
    )


@lru_cache(maxsize=4)
def _datasets(snapshot: Snapshot) -> dict[str, tuple]:
    """Rows of the snapshot's description by dataset (named tuples of the query «datasets»)."""
    frame = snapshot.query(query("datasets").sql)
    return {row.dataset: row for row in frame.itertuples(index=False)}


@dataclass(frozen=True)
class Context:
    """Everything a page needs; made once a run by ``app.py``."""

    filter: Filter
    names: Mapping[str, str]
    snapshot: Snapshot
    palette: Palette
    screen: Screen
    focus: Entry | None = None
    """The item that the address puts into focus."""
    picked: str | None = None
    """``data-pick`` of what was clicked just now: from the browser, so look it up."""

    def _key(self, name: str, given: dict) -> tuple:
        """The parameters a query asks for, as a key: the filter's, years, rules, and those given."""
        years = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR}
        known = self.filter.params() | years | rule_parameters() | _SCOPE | given
        wanted = query(name).parameters
        return tuple(
            (k, tuple(v) if isinstance(v, list) else v)
            for k, v in sorted(known.items())
            if k in wanted
        )

    def frame(self, name: str, **params: object) -> pd.DataFrame:
        """Rows of the named query under the page's filter (remembered per snapshot)."""
        # Copy-on-write: the caller may change its frame, the remembered one stays as it is.
        return _frame(self.snapshot, name, self._key(name, params)).copy(deep=False)

    @property
    def subdistricts(self) -> tuple:
        """The 14 subdistricts as named rows of the query «subdistricts»."""
        return _subdistricts(self.snapshot)

    @property
    def datasets(self) -> tuple:
        """The snapshot's datasets as named rows of the query «datasets»."""
        return tuple(_datasets(self.snapshot).values())

    def row(self, name: str, dataset: str | None = None, **params: object) -> dict:
        """The only row of a query that always gives one (missing values as None).

        With ``dataset`` (``database.table``): every value is None while that holds no rows at
        all, so that a register not yet imported never counts as zero.
        """
        record = _row(self.snapshot, name, self._key(name, params))
        if dataset and not self.has_rows(dataset):
            return dict.fromkeys(record)
        return dict(record)

    def text(self, name: str, **params: object) -> str:
        """The only cell of a query that makes a text, such as map features as JSON."""
        return _frame(self.snapshot, name, self._key(name, params)).iat[0, 0]

    def target(self, indicator_no: int) -> Target:
        """Target of one of the plan's 28 indicators (表 1)."""
        return _plan(self.snapshot).targets[indicator_no]

    def fact(self, fact_key: str) -> float:
        """Value of a figure that the plan's text states."""
        return _plan(self.snapshot).facts[fact_key]

    @property
    def sentence(self) -> str:
        """The filter as a human reads it."""
        return self.filter.sentence(self.names)

    def has_rows(self, dataset: str) -> bool:
        """Whether anything has been registered in ``database.table``."""
        return _datasets(self.snapshot)[dataset].row_count > 0

    def is_sample(self, *datasets: str) -> bool:
        """True when any of these datasets (``database.table``) rests on sample rows."""
        known = _datasets(self.snapshot)
        return any(
            known[dataset].source_kind == "sample" and known[dataset].row_count > 0
            for dataset in datasets
        )

    def datasets_of(self, names: tuple[str, ...]) -> list[tuple]:
        """Rows of «datasets» that these names mean: snapshot files or single datasets."""
        return [row for row in self.datasets if row.database in names or row.dataset in names]

    def rests_on_sample(self, names: tuple[str, ...]) -> bool:
        """True when any dataset of these snapshot files or datasets rests on sample rows."""
        return self.is_sample(*(row.dataset for row in self.datasets_of(names)))

    def rests_on_register(self, names: tuple[str, ...]) -> bool:
        """True when an imported register is among these snapshot files or datasets."""
        return any(
            row.source_kind == "register" and row.row_count > 0 for row in self.datasets_of(names)
        )


@dataclass(frozen=True)
class _Asked:
    """What a frame made of queries depends on (rules hold for a process); who asks comes along."""

    snapshot: Snapshot
    filter: Filter
    params: tuple
    context: Context = field(compare=False)


def remembered(make: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Remember what a function makes of a context's snapshot and filter, as ``Context.frame`` does.

    For frames that a page needs several times in a run and that take longer to work out than to read.
    The function must depend on nothing else: not on screen, palette or focus.
    """

    @lru_cache(maxsize=64)
    def known(asked: _Asked) -> pd.DataFrame:
        return make(asked.context, **dict(asked.params))

    @wraps(make)
    def made(context: Context, **params: object) -> pd.DataFrame:
        given = tuple(sorted(params.items()))
        asked = _Asked(context.snapshot, context.filter, given, context)
        return known(asked).copy(deep=False)

    return made


def begin(context: Context) -> None:
    """Make the context known to the page that runs next."""
    st.session_state[_CONTEXT] = context


def current() -> Context:
    """The context of this run."""
    return st.session_state[_CONTEXT]


def focus_on_pick(context: Context, wanted: str) -> Context:
    """The context with the item of this kind in focus that was clicked in a list just now, if one was."""
    kind, _, entry_id = (context.picked or "").partition(":")
    entry = find_entry(context.snapshot, kind, entry_id) if kind == wanted else None
    if entry is None:
        return context
    set_focus(entry.address)
    focused = replace(context, focus=entry)
    begin(focused)
    return focused


def without_focus(context: Context) -> Context:
    """The context with nothing in focus, for what was clicked just now may lie elsewhere."""
    if context.focus is None:
        return context
    clear_focus()
    freed = replace(context, focus=None)
    begin(freed)
    return freed


def toggle_subdistrict(code: str) -> None:
    """Show only this subdistrict, or the whole district again if it was the only one."""
    chosen = st.session_state.get("sub") or []
    st.session_state["sub"] = [] if list(chosen) == [code] else [code]
