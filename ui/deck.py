"""A map specification as compact JSON that takes rows which are JSON text already.

pydeck's own Deck indents its JSON, turns frames into dictionaries row by row and looks for Jupyter
five times a map: a map of thirty thousand rows takes ten times as long and twice the bytes
(measured in bench/RESULTS.md). Layers and views are pydeck's.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize


@dataclass(frozen=True)
class JsonRows:
    """Layer data as JSON text: an array of rows or a GeoJSON FeatureCollection."""

    text: str


_INSERTED = re.compile(r'"\\u0000(\d+)\\u0000"')
_EXPRESSION = '"@@'
"""How deck.gl knows an expression or a constant: a register's name must never be taken for one."""


class CompactDeck:
    """What ``st.pydeck_chart`` needs of a Deck, with no map provider behind it.

    Layers may carry ``JsonRows`` as their data.
    """

    def __init__(
        self,
        layers: Sequence[pdk.Layer],
        initial_view_state: pdk.ViewState | None = None,
        tooltip: dict | None = None,
    ) -> None:
        self.layers = list(layers)
        self.initial_view_state = initial_view_state
        # Streamlit reads the tooltip from here, as from pydeck's Deck.
        self._tooltip = tooltip

    def to_json(self) -> str:
        """The specification for the front end as one line of JSON."""
        inserted: list[str] = []

        def serialize(value: object) -> object:
            if isinstance(value, JsonRows):
                inserted.append(value.text.replace(_EXPRESSION, '"＠＠'))
                return f"\x00{len(inserted) - 1}\x00"
            return default_serialize(value)

        specification = {
            "initialViewState": self.initial_view_state,
            "layers": self.layers,
            # What pydeck writes for «no map provider»; without it Streamlit asks an outside server.
            "mapStyle": "__MAP_STYLE__",
            "views": [{"@@type": "MapView", "controller": True}],
        }
        text = json.dumps(
            {key: value for key, value in specification.items() if value is not None},
            default=serialize,
            ensure_ascii=False,
            separators=(",", ":"),
        )
        return _INSERTED.sub(lambda match: inserted[int(match[1])], text)
