"""What a page chooses by keys of its own in the address, such as ``indicator=19``.

The address alone holds the choice: widgets show what it says and write what is chosen, so that a link,
a scene of a story and the way back all show the same.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from queries.filter import MOST_NAMED, shortened
from ui import header

# --- reading -------------------------------------------------------------------------------------


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


def several(key: str, known: Collection[str], noun: str) -> list[str]:
    """The values that the address holds under a repeatable key, each once; none is no choice.

    What is not ``known`` is ignored; a notice says so.
    """
    asked = every(key)
    unknown = [value for value in asked if value not in known]
    if unknown:
        header.notices([f"网址中的{noun}{named(unknown, '个')}不存在，已忽略。"])
    return [value for value in asked if value in known]


def every(key: str) -> tuple[str, ...]:
    """All that the address holds under a repeatable key, known or not, each once."""
    return tuple(dict.fromkeys(st.query_params.get_all(key)))


def named(values: Sequence[str], unit: str) -> str:
    """Texts of the address as a notice repeats them: the first few, and how many there are."""
    first = "、".join(f"“{shortened(value)}”" for value in values[:MOST_NAMED])
    return first + (f"等 {len(values)} {unit}" if len(values) > MOST_NAMED else "")


# --- writing -------------------------------------------------------------------------------------


def write(key: str, value: str | Sequence[str] | bool) -> None:
    """Put a choice into the address: a value, several, or ``1`` for yes; none of it takes the key off."""
    if not value:
        st.query_params.pop(key, None)
    elif value is True:
        st.query_params[key] = "1"
    else:
        st.query_params[key] = value


def bound(key: str, widget: str, value: str | Sequence[str] | bool) -> dict[str, str | Callable]:
    """Key and callback of a widget that shows a choice and writes what is chosen under ``key``."""

    def take() -> None:
        write(key, st.session_state[widget])

    st.session_state[widget] = value
    return {"key": widget, "on_change": take}


def switch(
    key: str,
    options: Mapping[str, str],
    chosen: str,
    widget: str,
    label: str,
    width: str = "stretch",
) -> None:
    """A row of options (value → word) of which the address holds one under ``key``."""
    st.segmented_control(
        label, list(options), format_func=options.get, required=True,
        label_visibility="collapsed", width=width, **bound(key, widget, chosen),
    )  # fmt: skip
