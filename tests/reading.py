"""Reading the app's pages in tests: one run of a page as what it shows, and the app over a store."""

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.view import TILE_PX, mercator_y
from ui.basemap import STATIC_FOLDER

APP = Path(__file__).resolve().parent.parent / "app.py"
WHOLE, ONE, TWO = (), ("330102016",), ("330102003", "330102012")
SHOWN = {"whole": (WHOLE, 2025), "one": (ONE, 2022), "two": (TWO, 2025)}
"""A place of each kind, and the year it is shown in where the year does not matter."""
IN_FILES = ("lamps", "lamp-cells", "faults", "cabinets")
"""Layers of a map whose rows go to the browser as a file."""


def said(element):
    """The text of an element and all below it; spaces that hold number and unit together are plain."""
    return "".join(element.itertext()).strip().replace("\u00a0", " ")


@dataclass(frozen=True)
class Card:
    """One large figure as it is read."""

    label: str
    value: str
    unit: str
    status: str
    is_sample: bool

    @property
    def number(self):
        """The number shown; None for 无数据, or — where a reason stands below."""
        return None if self.value in ("无数据", "—") else float(self.value.replace(",", ""))

    def agrees(self, expected):
        """Whether the number shown is the expected one, rounded to the digits shown."""
        if expected is None or self.number is None:
            return expected is None and self.number is None
        digits = len(self.value.partition(".")[2])
        return abs(self.number - expected) <= 0.5 * 10**-digits + 1e-9


class View:
    """What one run of the app shows."""

    def __init__(self, app):
        self.app = app
        self.failures = [*(e.message for e in app.exception), *(e.value for e in app.error)]

    @cached_property
    def blocks(self):
        """HTML blocks but for the style sheet; fails where a tag is left open."""
        bodies = [block.proto.body for block in self.app.get("html")]
        return [
            ElementTree.fromstring(
                f"<div>{body.replace('&nbsp;', chr(160)).replace('<br>', '<br/>')}</div>"
            )
            for body in bodies
            if not body.startswith("<style>")
        ]

    def texts(self, name):
        """Texts of all elements of a class."""
        return [
            said(e)
            for root in self.blocks
            for e in root.iter()
            if name in e.get("class", "").split()
        ]

    @property
    def text(self):
        """All text of the HTML blocks."""
        return "\n".join(map(said, self.blocks))

    @cached_property
    def cards(self):
        """Cards by label."""
        found = {}
        for root in self.blocks:
            for card in root.iter():
                if card.get("class") == "figure":
                    made = self._card(card)
                    found[made.label] = made
        return found

    @staticmethod
    def _card(card):
        parts = {e.get("class", "").split(" ")[0]: e for e in card.iter()}
        unit = parts["value"].find("small")
        return Card(
            label=said(parts["label"].find("span")),
            value=(parts["value"].text or "").strip(),
            unit="" if unit is None else said(unit),
            status=said(parts["status"]),
            is_sample="sample" in parts,
        )

    @property
    def sentence(self):
        """The filter as the head of the page says it."""
        (root,) = [b for b in self.blocks if b.find(".//h1") is not None]
        return said(root.find(".//p"))

    @property
    def title(self):
        (root,) = [b for b in self.blocks if b.find(".//h1") is not None]
        return said(root.find(".//h1"))

    @property
    def foot(self):
        (text,) = self.texts("page-foot")
        return text

    @property
    def notices(self):
        return self.texts("notice")

    @property
    def rows(self):
        """The table's rows; none when there is no table."""
        tables = self.app.dataframe
        return tables[0].value if len(tables) else pd.DataFrame()

    @cached_property
    def map(self):
        (chart,) = self.app.get("deck_gl_json_chart")
        return json.loads(chart.proto.json)

    def from_middle_px(self, bounds):
        """Left, top, right and foot of bounds (degrees) in pixels from the middle of the map."""
        west, south, east, north = bounds
        state = self.map["initialViewState"]
        world = TILE_PX * 2 ** state["zoom"]
        left, right = ((lon - state["longitude"]) / 360 * world for lon in (west, east))
        middle = mercator_y(state["latitude"])
        top, foot = ((middle - mercator_y(lat)) * world for lat in (north, south))
        return left, top, right, foot

    def layer(self, layer_id):
        """Rows or features of one layer of the map; the address where it has one."""
        (layer,) = [layer for layer in self.map["layers"] if layer["id"] == layer_id]
        data = layer["data"]
        if isinstance(data, str) and layer_id in IN_FILES:
            file = STATIC_FOLDER / "basemap" / data.rpartition("/")[2]
            data = json.loads(file.read_text(encoding="utf-8"))
        return data["features"] if isinstance(data, dict) else data

    @cached_property
    def charts(self):
        """Data of each chart as a frame, and what it is for those who do not see it."""
        return [
            (pa.ipc.open_stream(chart.proto.data.data).read_pandas(), chart.proto.alt)
            for chart in self.app.get("vega_lite_chart")
        ]

    @property
    def bars(self):
        """Data of the chart that compares the subdistricts."""
        (frame,) = [frame for frame, _ in self.charts if "code" in frame]
        return frame.set_index("code")


class Server:
    """The app over one store at a time, as one process serves it."""

    def __init__(self):
        self.folder = None
        self.known = {}

    def serve(self, folder):
        """Serve another store: a new process in effect."""
        os.environ["COCKPIT_STORE"] = str(folder)
        if folder != self.folder:
            st.cache_resource.clear()
        self.folder = folder

    def restart(self, folder):
        """Serve a store that may have changed on disk."""
        self.folder = None
        self.serve(folder)

    def open(self, page="overview", **query):
        """Open a page in a new session, at the address with these keys."""
        app = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        if page != "overview":
            app.switch_page(f"views/{page}.py")
        return app.run()

    def view(self, page="overview", codes=WHOLE, year=2025):
        """What a page shows under a filter; asked for again it is not run again."""
        key = self.folder, page, codes, year
        if key not in self.known:
            query = {"sub": list(codes)} if codes else {}
            if year != 2025:
                query["year"] = str(year)
            self.known[key] = View(self.open(page, **query))
        return self.known[key]


def within(codes):
    """Condition for the chosen subdistricts."""
    return f"subdistrict_code IN ({', '.join(map(repr, codes))})" if codes else "true"


def of_rivers(codes):
    """Condition for the rivers of the chosen subdistricts."""
    reached = f"SELECT river_id FROM rivers.reaches WHERE {within(codes)}"
    return f"river_id IN ({reached})" if codes else "true"
