"""Walking distance of every cell of land, as registered and as a planner assumes it.

What is registered comes from the snapshot; what is assumed (sites built, toilets closed) is computed
over the same network. Both are remembered per snapshot.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from data.coverage import WalkModel, walk_model
from data.store import Snapshot
from queries.loader import query
from ui.session import Context
from ui.toilet_choices import Circle


@dataclass(frozen=True)
class Assumed:
    """What is assumed: positions of sites (lon, lat) that are built, numbers of toilets closed."""

    sites: tuple[tuple[float, float], ...] = ()
    closed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sites or self.closed)


@dataclass(frozen=True, eq=False)
class Walks:
    """Walks by cell, in the order of ``cells``; NaN where no toilet can be reached.

    Compared by identity, so that what is made of it can be remembered.
    """

    cells: pd.DataFrame
    """cell_id, subdistrict_code, lon, lat, area_km2, method, residents."""
    walk_m: np.ndarray
    toilet_id: np.ndarray
    """Nearest toilet; None where none is reached, and where an assumed site is nearest."""

    def covered(self, reach_m: float) -> np.ndarray:
        """Which cells are within the reach."""
        return self.walk_m <= reach_m

    def within(self, codes: tuple[str, ...]) -> np.ndarray:
        """Which cells lie in these subdistricts; all without any."""
        if not codes:
            return np.ones(len(self.cells), dtype=bool)
        return self.cells["subdistrict_code"].isin(codes).to_numpy()

    def share_pct(self, reach_m: float, weight: str, codes: tuple[str, ...]) -> float | None:
        """Share of ``area_km2`` or ``residents`` within the reach, in these subdistricts (none: all)."""
        here = self.within(codes)
        whole = self.cells[weight].to_numpy()
        total = whole[here].sum()
        return 100 * whole[here & self.covered(reach_m)].sum() / total if total > 0 else None


@lru_cache(maxsize=2)
def walk_model_of(snapshot: Snapshot) -> WalkModel:
    """The street network of a snapshot with its cells attached: about half a second, once."""
    cells = snapshot.query(query("toilet_land").sql)
    ways = snapshot.query(query("walk_ways").sql)
    return walk_model(ways, cells)


def registered(context: Context, circle: Circle) -> Walks:
    """Walks to the toilets of the circle's scope that are open at the end of the year."""
    return _registered(context.snapshot, circle.scope, context.filter.year)


def assumed_walks(context: Context, circle: Circle, assumed: Assumed) -> Walks:
    """Walks once all that is assumed has come true."""
    return _assumed(context.snapshot, circle.scope, context.filter.year, assumed)


@lru_cache(maxsize=12)
def _registered(snapshot: Snapshot, scope: str, year: int) -> Walks:
    params = {"scope": scope, "year": year}
    frame = snapshot.query(query("toilet_cell_walks").sql, params)
    ids = frame["toilet_id"].astype(object).where(frame["toilet_id"].notna(), None).to_numpy()
    columns = ["walk_m", "toilet_id"]
    return Walks(frame.drop(columns=columns), frame["walk_m"].to_numpy(dtype=float), ids)


@lru_cache(maxsize=24)
def _assumed(snapshot: Snapshot, scope: str, year: int, assumed: Assumed) -> Walks:
    before = _registered(snapshot, scope, year)
    if before.cells.empty or not assumed:
        return before
    model = walk_model_of(snapshot)
    walk_m, toilet_id = before.walk_m.copy(), before.toilet_id.copy()
    if assumed.closed:
        params = {"scope": scope, "year": year}
        toilets = snapshot.query(query("toilet_places").sql, params)
        left = toilets[~toilets["toilet_id"].isin(assumed.closed)]
        walk_m, which = model.walks(left["lon"].to_numpy(), left["lat"].to_numpy())
        toilet_id = np.append(left["toilet_id"].to_numpy(dtype=object), None)[which]
    if assumed.sites:
        to_site_m, _ = model.walks(*np.array(assumed.sites).T)
        nearer = np.where(np.isnan(walk_m), np.inf, walk_m) > np.nan_to_num(to_site_m, nan=np.inf)
        walk_m, toilet_id = np.where(nearer, to_site_m, walk_m), np.where(nearer, None, toilet_id)
    return Walks(before.cells, walk_m, toilet_id)
