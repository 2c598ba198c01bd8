"""Sites for new toilets as the page lists them: proposed by the engine, or a planner's own list.

Choices stand in the address: ``n`` (how many), ``by`` (area or people), ``gap`` (least distance in
metres). Everything is an assumption: shares before and after stand side by side.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from data.office_rules import office_rules
from data.store import Snapshot
from data.toilet_sites import Site, gains, nearest_candidate, propose
from geo.projection import points_to_metres, to_metres
from queries.loader import query
from ui import address
from ui.session import Context
from ui.toilet_assumed import MOST_SITES, Position, current, has_own_sites
from ui.toilet_choices import Circle
from ui.toilet_walks import Assumed, Walks, assumed_walks, walk_model_of

COUNT_KEY, WEIGHT_KEY, GAP_KEY = "n", "by", "gap"
DEFAULT_COUNT = 10
WEIGHTS = {"area": "按面积", "people": "按人口"}
_COLUMNS = {"area": "area_km2", "people": "residents"}
GAPS_M = (0, 100, 150, 200, 250, 300, 400, 500, 600, 800)
FARTHEST_STREET_M, AT_STREET_M = 2_000.0, 60.0
"""A named street farther than the first does not say where a site is; one within the second is its own."""


@dataclass(frozen=True)
class Wanted:
    """How many sites, by what they are weighed, how far apart at least."""

    count: int
    by: str
    gap_m: int

    @property
    def column(self) -> str:
        """Column of the cells that weighs them."""
        return _COLUMNS[self.by]

    @property
    def unit(self) -> str:
        return {"area": "km²", "people": "人"}[self.by]

    @property
    def digits(self) -> int:
        return {"area": 2, "people": 0}[self.by]


@dataclass(frozen=True)
class ListedSite:
    """One site of the list; ``gain`` is what it newly covers after those before it, in the weight's unit."""

    number: int
    lon: float
    lat: float
    subdistrict_name: str
    place: str
    """Nearest named street, with the distance where that is more than a few steps; empty where none is near."""
    gain: float
    share_after_pct: float


@dataclass(frozen=True)
class SiteList:
    """The sites shown, and the shares in the chosen subdistricts, all of them assumed but ``real_pct``."""

    sites: tuple[ListedSite, ...]
    is_proposed: bool
    guarantee_pct: float | None
    """Share of the best possible that a proposal surely reaches."""
    real_pct: float
    before_pct: float
    """Without the sites, the toilets closed that are assumed to be."""
    closed: tuple[str, ...]
    """Toilets that are assumed closed."""
    before: Walks
    after: Walks

    @property
    def after_pct(self) -> float:
        return self.sites[-1].share_after_pct if self.sites else self.before_pct

    @property
    def gain(self) -> float:
        return sum(site.gain for site in self.sites)

    @property
    def positions(self) -> list[Position]:
        return [(site.lon, site.lat) for site in self.sites]


# --- choices -------------------------------------------------------------------------------------


def wanted(context: Context) -> Wanted:
    """What the address asks for; by people only where a population is registered."""
    values = {
        key: asked if (asked := st.query_params.get(key)) in known else default
        for key, known, default, _ in _choices(context)
    }
    return Wanted(int(values[COUNT_KEY]), values[WEIGHT_KEY], int(values[GAP_KEY]))


def notices(context: Context) -> None:
    """Tell in the head of the page of choices that do not exist. Once a run."""
    for key, known, default, noun in _choices(context):
        address.chosen(key, known, default, noun)


def _choices(context: Context) -> list[tuple[str, list[str], str, str]]:
    """Key of the address, what it may be, what it is otherwise, what it is called."""
    counts = [str(number) for number in range(1, MOST_SITES + 1)]
    gaps = [str(gap) for gap in GAPS_M]
    return [
        (COUNT_KEY, counts, str(DEFAULT_COUNT), "选址数量"),
        (WEIGHT_KEY, weights(context), "area", "选址口径"),
        (GAP_KEY, gaps, f"{office_rules()['site_gap_m'].value:g}", "最小间距"),
    ]


def weights(context: Context) -> list[str]:
    """By what sites can be weighed."""
    return list(WEIGHTS) if context.has_rows("base.population") else ["area"]


# --- the list ------------------------------------------------------------------------------------


def site_list(context: Context, circle: Circle, asked: Wanted) -> SiteList | None:
    """The planner's list where the address has one, else the proposal; None while nothing is registered."""
    assumed = current(context, circle)
    own = assumed.sites if has_own_sites() else None
    real = assumed_walks(context, circle, Assumed())
    codes = context.filter.subdistrict_codes
    real_pct = real.share_pct(circle.reach_m, asked.column, codes)
    if real_pct is None:
        return None
    before = assumed_walks(context, circle, Assumed(closed=assumed.closed))
    found, guarantee_pct = _found(
        context.snapshot, before, _taken(context, circle, assumed.closed), circle.reach_m, asked,
        codes, own,
    )  # fmt: skip
    positions = tuple((site.lon, site.lat) for site in found)
    before_pct = before.share_pct(circle.reach_m, asked.column, codes)
    total = before.cells[asked.column].to_numpy()[before.within(codes)].sum()
    shares = before_pct + 100 * np.cumsum([site.gain for site in found]) / total
    places = nearest_streets(context.snapshot, positions)
    sites = tuple(
        ListedSite(
            number, site.lon, site.lat, context.names[site.subdistrict_code], place, site.gain,
            float(share),
        )
        for number, (site, place, share) in enumerate(zip(found, places, shares, strict=True), 1)
    )  # fmt: skip
    after = assumed_walks(context, circle, Assumed(positions, assumed.closed))
    return SiteList(
        sites, own is None, guarantee_pct, real_pct, before_pct, assumed.closed, before, after
    )


@lru_cache(maxsize=64)
def _found(
    snapshot: Snapshot,
    before: Walks,
    taken: tuple[Position, ...],
    reach_m: float,
    asked: Wanted,
    codes: tuple[str, ...],
    own: tuple[Position, ...] | None,
) -> tuple[tuple[Site, ...], float | None]:
    """Sites with their gains, and the proposal's guarantee: computed once for all who ask the same."""
    model = walk_model_of(snapshot)
    weight = before.cells[asked.column].fillna(0).to_numpy(dtype=float)
    if own is None:
        made = propose(
            model, before.walk_m, metres(taken), count=asked.count, reach_m=reach_m,
            gap_m=asked.gap_m, weight=weight, codes=list(codes) or None,
        )  # fmt: skip
        return made.sites, made.guarantee_pct
    if not own:
        return (), None
    lon, lat = np.array(own).T
    here = np.where(before.within(codes), weight, 0.0)
    return tuple(gains(model, before.walk_m, lon, lat, reach_m=reach_m, weight=here)), None


def candidate_near(
    context: Context, circle: Circle, asked: Wanted, cell_id: str, others: list[Position]
) -> Position | None:
    """Where a toilet can stand that serves a cell: the nearest candidate that keeps its distance."""
    model = walk_model_of(context.snapshot)
    cell = np.flatnonzero(model.cells["cell_id"].to_numpy() == cell_id)
    if not len(cell):
        return None
    lon, lat = model.cells[["lon", "lat"]].to_numpy()[cell[0]]
    taken = (*_taken(context, circle, current(context, circle).closed), *others)
    return nearest_candidate(model, lon, lat, metres(taken), asked.gap_m)


def _taken(context: Context, circle: Circle, closed: tuple[str, ...]) -> tuple[Position, ...]:
    """Where toilets stand that count and are not assumed closed."""
    toilets = context.frame("toilet_places", scope=circle.scope)
    left = toilets[~toilets["toilet_id"].isin(closed)]
    return tuple(zip(left["lon"].tolist(), left["lat"].tolist(), strict=True))


def metres(positions: tuple[Position, ...]) -> np.ndarray:
    """Positions in degrees as (n, 2) east and north (EPSG:4549)."""
    if not positions:
        return np.empty((0, 2))
    return np.column_stack(points_to_metres(*np.array(positions, dtype=float).T))


# --- where a site is -----------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _streets(snapshot: Snapshot) -> tuple[shapely.STRtree, pd.Series]:
    """Named streets in metres with their names."""
    frame = snapshot.query(query("base_shapes").sql, {"dataset": "streets.streets"})
    lines = to_metres(shapely.from_geojson(frame["geometry_json"].to_numpy(dtype=object)))
    return shapely.STRtree(lines), frame["name"]


def nearest_streets(snapshot: Snapshot, positions: tuple[Position, ...]) -> list[str]:
    """The named street nearest to each position, how far it is unless the position lies on it.

    Empty where none is near.
    """
    tree, names = _streets(snapshot)
    found = [""] * len(positions)
    points = shapely.points(metres(positions))
    (site, street), off_m = tree.query_nearest(
        points, max_distance=FARTHEST_STREET_M, return_distance=True, all_matches=False
    )
    for number, name, far_m in zip(site, names.iloc[street], off_m, strict=True):
        found[number] = name if far_m <= AT_STREET_M else f"距{name} {round(far_m, -1):.0f} m"
    return found
