"""What a page chooses by a key of its own in the address, such as ``indicator=19``."""

from collections.abc import Sequence

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
