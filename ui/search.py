"""The search box in the head of every page: type, see what there is, go there."""

import streamlit as st

from data.search import normalised
from data.store import Snapshot, StoreError
from queries.loader import query
from ui.component import component
from ui.focus import ITEM_KEY, Entry, expect_item, find_entry
from ui.session import open_store
from ui.text import SAMPLE_TAG, SEARCH_KINDS

MOST_RESULTS = 12
LONGEST_TEXT = 60
_KEY = "search"
_CHOSEN = "_chosen_entry"
_SCOPE = "、".join(SEARCH_KINDS.values())
_WORDS = {
    "placeholder": "搜索名称或拼音首字母",
    "label": f"搜索{_SCOPE}，拼音首字母亦可",
    "hint": f"可搜索{_SCOPE}，输入名称的一部分、拼音或拼音首字母，如 xth（新塘河）",
    "sample": SAMPLE_TAG,
}
_PAGES = {
    "subdistrict": "profile",
    "river": "rivers",
    "street": "streets",
    "toilet": "toilets",
    "project": "projects",
    "clause": "indicators",
    "indicator": "indicators",
    "place": "overview",
}
"""The page that shows an entry of each kind."""


@st.fragment
def search_box() -> None:
    """The box and what it found; typing runs this alone, choosing runs the page that shows it."""
    state = st.session_state.get(_KEY) or {}
    text = state.get("text")
    text = text[:LONGEST_TEXT] if isinstance(text, str) else ""
    component("search")(
        key=_KEY,
        data={"text": text, "words": _WORDS, **_answer(text)},
        on_text_change=lambda: None,
        on_chosen_change=_note_chosen,
    )
    _go_to_chosen()


def _answer(text: str) -> dict:
    """Results for a text as the component lists them, and a line below them."""
    wanted = normalised(text)
    if not wanted:
        return {"results": [], "note": _WORDS["hint"]}
    try:
        # A fragment runs alone, later than its page: it asks whichever snapshot is served then.
        with open_store().reading() as snapshot:
            results, found_count = search(snapshot, wanted)
    except StoreError:
        return {"results": [], "note": "暂时无法搜索，请稍后再试。"}
    if not results:
        note = f"没有找到“{text.strip()}”。{_WORDS['hint']}"
    elif found_count > len(results):
        note = f"共 {found_count} 项，显示前 {len(results)} 项；多输入几个字可缩小范围"
    else:
        note = ""
    return {"results": results, "note": note}


def search(snapshot: Snapshot, wanted: str) -> tuple[list[dict], int]:
    """What a normalised text finds, best first, as the component lists it, and how many in all."""
    found = snapshot.query(query("search").sql, {"wanted": wanted, "most": MOST_RESULTS})
    results = [
        {
            "kind": row.entry_kind,
            "id": row.entry_id,
            "word": SEARCH_KINDS[row.entry_kind],
            "name": row.entry_name,
            "detail": row.detail if isinstance(row.detail, str) else "",
            "isSample": row.source_kind == "sample",
        }
        for row in found.itertuples()
    ]
    return results, int(found["found_count"].iloc[0]) if results else 0


def _note_chosen() -> None:
    """Note what was chosen in the browser, and show no other subdistricts than those it lies in.

    What is not in the index is ignored.
    """
    chosen = st.session_state[_KEY].get("chosen")
    named = (chosen.get("kind"), chosen.get("id")) if isinstance(chosen, dict) else ()
    if not named or not all(isinstance(part, str) for part in named):
        return
    with open_store().reading() as snapshot:
        entry = find_entry(snapshot, *named)
    if entry is None:
        return
    shown = set(st.session_state.get("sub") or [])
    if entry.kind == "subdistrict":
        st.session_state["sub"] = [entry.entry_id]
    elif entry.subdistrict_codes and shown.isdisjoint(entry.subdistrict_codes):
        st.session_state["sub"] = []
    expect_item()
    st.session_state[_CHOSEN] = entry


def _go_to_chosen() -> None:
    """Go to the page that shows what was chosen last, if anything was."""
    entry = st.session_state.pop(_CHOSEN, None)
    if entry is not None:
        st.switch_page(f"views/{_PAGES[entry.kind]}.py", query_params=_query(entry))


def _query(entry: Entry) -> dict[str, str]:
    """What the address carries beside the filter."""
    if entry.kind == "subdistrict":
        return {}
    if entry.kind in ("clause", "indicator"):
        return {entry.kind: entry.entry_id}
    return {ITEM_KEY: entry.address}
