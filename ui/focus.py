"""The item that the address puts into focus (``item=river:R07``): what it is, where it lies.

Any map shows it: the view flies there, its shape is marked, a card names it. Choosing other
subdistricts, or another page, takes it off.
"""

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from data.store import Snapshot
from data.street_names import aliases, normalised
from geo.view import Box
from queries.filter import Filter, shortened
from queries.loader import query
from ui.text import SEARCH_KINDS

ITEM_KEY = "item"
MAP_KINDS = ("subdistrict", "river", "street", "toilet", "project", "place")
"""Kinds that have a place; clauses and indicators have a page of their own instead."""
_SEEN = "_focus_seen"


@dataclass(frozen=True)
class Entry:
    """One entry of the search index; ``box`` is None for what is not on the map."""

    kind: str
    entry_id: str
    name: str
    detail: str
    subdistrict_codes: tuple[str, ...]
    box: Box | None
    is_sample: bool
    features: str | None
    """Its shape as the text of a GeoJSON features array."""

    @property
    def kind_word(self) -> str:
        return SEARCH_KINDS[self.kind]

    @property
    def address(self) -> str:
        """How the address names it."""
        return f"{self.kind}:{self.entry_id}"


@lru_cache(maxsize=256)
def find_entry(snapshot: Snapshot, kind: str, entry_id: str) -> Entry | None:
    """The entry of that kind and number, None where there is none (remembered per snapshot).

    A street is found by its known aliases too.
    """
    if kind == "street":
        entry_id = aliases().get(normalised(entry_id), entry_id)
    params = {"entry_kind": kind, "entry_id": entry_id}
    found = snapshot.query(query("search_entry").sql, params)
    if found.empty:
        return None
    row = found.astype(object).where(found.notna(), None).iloc[0]
    shape = snapshot.query(query("search_shape").sql, params).iat[0, 0]
    return Entry(
        kind=row.entry_kind,
        entry_id=row.entry_id,
        name=row.entry_name,
        detail=row.detail or "",
        subdistrict_codes=tuple((row.subdistrict_codes or "").split()),
        box=None if row.west is None else (row.west, row.south, row.east, row.north),
        is_sample=row.source_kind == "sample",
        features=shape if isinstance(shape, str) else None,
    )


def read_focus(snapshot: Snapshot, chosen: Filter) -> tuple[Entry | None, list[str]]:
    """What the address puts into focus, and a notice where it cannot be; that is then taken off."""
    asked = st.query_params.get(ITEM_KEY)
    if asked is None:
        return None, []
    seen = (asked, chosen.subdistrict_codes)
    last, st.session_state[_SEEN] = st.session_state.get(_SEEN), seen
    if last and last[0] == asked and last != seen:
        # Other subdistricts were chosen since: they are what is to be looked at now.
        clear_focus()
        return None, []
    kind, _, entry_id = asked.partition(":")
    entry = find_entry(snapshot, kind, entry_id) if kind in MAP_KINDS else None
    if entry is None:
        clear_focus()
        told = f"网址中的定位“{shortened(asked)}”没有对应的内容，已忽略。"
        return None, [told] if asked else []
    return entry, []


def expect_item() -> None:
    """An item is about to be chosen: whatever the filter is then, it is no reason to take it off."""
    st.session_state.pop(_SEEN, None)


def set_focus(item: str) -> None:
    """Put an item into the address, as ``river:R07``; what is no item of a map is ignored."""
    if item.partition(":")[0] in MAP_KINDS:
        expect_item()
        st.query_params[ITEM_KEY] = item


def clear_focus() -> None:
    """Take the item out of the address."""
    st.session_state.pop(_SEEN, None)
    if ITEM_KEY in st.query_params:
        del st.query_params[ITEM_KEY]
