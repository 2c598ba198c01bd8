"""A pydeck Deck that writes compact JSON and takes rows that are JSON text already.

pydeck indents its JSON and turns frames into dictionaries row by row; a map of a few thousand rows
then takes ten times as long to write and twice the bytes (measured in bench/RESULTS.md).
"""

import json
from dataclasses import dataclass

import pydeck as pdk
from pydeck.bindings.json_tools import default_serialize


@dataclass(frozen=True)
class JsonRows:
    """Layer data as JSON text: an array of rows or a GeoJSON FeatureCollection."""

    text: str


class CompactDeck(pdk.Deck):
    """Deck whose layers may carry ``JsonRows``; otherwise as pydeck's."""

    def to_json(self) -> str:
        """The specification for the front end as one line of JSON."""
        inserted: list[str] = []

        def serialize(value: object) -> object:
            if isinstance(value, JsonRows):
                inserted.append(value.text)
                return f"\x00{len(inserted) - 1}\x00"
            return default_serialize(value)

        text = json.dumps(self, default=serialize, ensure_ascii=False, separators=(",", ":"))
        for number, rows in enumerate(inserted):
            text = text.replace(f'"\\u0000{number}\\u0000"', rows, 1)
        return text
