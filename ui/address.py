"""What a page chooses by a key of its own in the address, such as ``indicator=19``."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from queries.filter import shortened
from ui import header


def chosen(
    key: str, known: Sequence[str], default: str, noun: str, picked: str | None = None
) -> str:
    """The value chosen by a click just now, else by the address, else the default.

    What is not ``known`` is ignored; a notice says so when it came from the address.
    """
    if picked in known:
        st.query_params[key] = picked
        return picked
    asked = st.query_params.get(key)
    if asked is None:
        return default
    if asked not in known:
        header.notices([f"网址中的{noun}“{shortened(asked)}”不存在，已忽略。"])
        return default
    return asked


def switch(key: str, options: Mapping[str, str], chosen: str, widget: str, label: str) -> None:
    """A row of options (value → word) of which the address holds one under ``key``."""

    def write() -> None:
        st.query_params[key] = st.session_state[widget]

    st.session_state[widget] = chosen
    st.segmented_control(
        label, list(options), key=widget, format_func=options.get, required=True,
        label_visibility="collapsed", on_change=write, width="stretch",
    )  # fmt: skip


def follow(key: str, parts: Mapping[str, str], default: str) -> None:
    """Keep the widget ``key`` at the part of the page that a key of the address asks for.

    ``parts`` maps keys of the address to parts. A part chosen by hand holds until the address
    asks for something else (see ``forget``).
    """
    asked = {name: st.query_params.get(name) for name in parts}
    before = st.session_state.get(f"{key}_asked", {})
    st.session_state[f"{key}_asked"] = asked
    is_new = key not in st.session_state
    wanted = [name for name in parts if asked[name] and (is_new or asked[name] != before.get(name))]
    if wanted or is_new:
        st.session_state[key] = parts[wanted[0]] if wanted else default


def forget(names: Iterable[str]) -> None:
    """Take keys out of the address, so that asking for the same again is heard."""
    for name in names:
        st.query_params.pop(name, None)
