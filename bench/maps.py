"""What compact map specifications save: pydeck's own JSON against ours, base map sent or named."""

import json
import statistics
import time
from collections.abc import Callable

import pydeck as pdk

from data.snapshot import store_folder
from data.store import Store
from ui import basemap
from ui.deck import CompactDeck, JsonRows

REPEATS = 15
LAMPS = "SELECT round(lon, 5) AS lon, round(lat, 5) AS lat, asset_kind AS kind FROM lighting.assets"
LAMPS_JSON = f"SELECT to_json(list({{p: [lon, lat], k: kind}}))::VARCHAR FROM ({LAMPS})"


def _median_ms(work: Callable[[], object]) -> float:
    spans = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        spans.append((time.perf_counter() - started) * 1000)
    return statistics.median(spans)


def _deck(kind: type[pdk.Deck], data: object, position: object) -> pdk.Deck:
    layer = pdk.Layer("ScatterplotLayer", data=data, id="lamps", get_position=position)
    return kind(layers=[layer])


def measure_lamps() -> list[tuple[str, float, float]]:
    """(way, milliseconds, kilobytes) from query to specification for every lamp of the district."""
    store = Store(store_folder())

    def by_frame() -> str:
        return _deck(pdk.Deck, store.query(LAMPS), ["lon", "lat"]).to_json()

    def by_text() -> str:
        rows = JsonRows(store.query(LAMPS_JSON).iat[0, 0])
        return _deck(CompactDeck, rows, "p").to_json()

    same = len(json.loads(by_frame())["layers"][0]["data"])
    assert same == len(json.loads(by_text())["layers"][0]["data"])
    ways = {"pydeck, from a frame": by_frame, "ours, from text made by SQL": by_text}
    found = [(name, _median_ms(way), len(way().encode()) / 1000) for name, way in ways.items()]
    store.close()
    return found


def measure_base_map() -> list[tuple[str, float]]:
    """(way, kilobytes a rerun) of the base map: as files named by address, or sent inline."""
    store = Store(store_folder())
    with store.reading() as snapshot:
        addresses = basemap.addresses(snapshot)
    store.close()
    inline = sum(
        (basemap.STATIC_FOLDER / "basemap" / address.rsplit("/", 1)[1]).stat().st_size
        for address in addresses.values()
    )
    named = sum(len(address) for address in addresses.values())
    return [("sent inline", inline / 1000), ("named by address", named / 1000)]
