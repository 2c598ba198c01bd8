"""What stands beside a street: public toilets and stations within reach of its course."""

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import shapely

from data.store import Snapshot
from geo.nearby import distance_m
from queries.loader import query
from ui.focus import Entry
from ui.session import Context

REACH_M = 100
"""How far off something may stand and be called beside a street."""


@dataclass(frozen=True)
class Nearby:
    """Toilets and stations within ``REACH_M``, the nearest first, with ``distance_m``."""

    toilets: pd.DataFrame
    stops: pd.DataFrame


def nearby(context: Context, street: Entry) -> Nearby | None:
    """What stands beside the street at the end of the year; None for a street off the map."""
    return _nearby(context.snapshot, street, context.filter.year)


@lru_cache(maxsize=256)
def _nearby(snapshot: Snapshot, street: Entry, year: int) -> Nearby | None:
    if not street.features:
        return None
    lines = shapely.from_geojson(f'{{"type":"FeatureCollection","features":{street.features}}}')
    places = snapshot.query(query("positions_beside_streets").sql, {"year": year})
    away = distance_m(lines, places["lon"].to_numpy(), places["lat"].to_numpy())
    found = places.assign(distance_m=away)
    found = found[found["distance_m"] <= REACH_M].sort_values("distance_m", kind="stable")
    return Nearby(found[found["kind"] == "toilet"], found[found["kind"] == "stop"])
