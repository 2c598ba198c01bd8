"""Where to build the next public toilets: sites that newly cover the most land or people.

A site stands on a street of the network, or, where the network is thin, in a cell without a street
near by, so that areas whose streets the map lacks get proposals too. Positions are rounded to five
decimals before anything is computed from them: what an address carries is what was computed.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from data.coverage import CELL_M, WalkModel
from data.walk_network import rule
from geo import district
from geo.overlay import assign_points
from geo.projection import points_to_degrees, points_to_metres
from geo.siting import most_covering
from geo.straight import straight_reached
from geo.walking import Snapped, reached

POSITION_DECIMALS = 5
"""Of degrees: about a metre."""
FARTHEST_PICK_M = 500.0
"""A spot farther than this from every candidate has none."""


@dataclass(frozen=True)
class Site:
    """A place for a toilet, and what it newly covers in the unit of the weight."""

    lon: float
    lat: float
    subdistrict_code: str
    gain: float


@dataclass(frozen=True)
class Proposal:
    """Sites in the order of choice."""

    sites: tuple[Site, ...]
    guarantee_pct: float | None
    """Share of the best possible that is surely reached; None where nothing can be gained."""


@dataclass(frozen=True)
class _Candidates:
    """Spots where a toilet may stand, by row."""

    lon: np.ndarray
    lat: np.ndarray
    code: np.ndarray
    places_m: np.ndarray
    snapped: Snapped


_CANDIDATES: WeakKeyDictionary[WalkModel, _Candidates] = WeakKeyDictionary()


def propose(
    model: WalkModel,
    walk_m: np.ndarray,
    taken_m: np.ndarray,
    *,
    count: int,
    reach_m: float,
    gap_m: float,
    weight: np.ndarray,
    codes: list[str] | None,
) -> Proposal:
    """Up to ``count`` sites that cover the most of what is not yet within ``reach_m`` on foot.

    ``walk_m`` is the walk to the nearest toilet by cell (NaN: reaches none), ``taken_m`` (n, 2) the
    toilets and sites that stand already: no site is nearer to them, or to another site, than
    ``gap_m`` in a straight line. ``weight`` is what a cell counts (km² or residents); one whose
    weight is missing counts nothing. With ``codes`` sites stand in these subdistricts, and only
    cells of these are demand: what a site covers beyond their borders is no gain.
    """
    candidates = _candidates(model)
    demand = _demand(model, walk_m, reach_m, weight, codes)
    rows = np.flatnonzero(_is_allowed(candidates, taken_m, gap_m, codes))
    rows = rows[_is_within(candidates.places_m[rows], model.cells_m[demand], reach_m)]
    covers = _reached(
        model, candidates.places_m[rows], candidates.snapped.take(rows), demand, reach_m
    )
    choice = most_covering(covers, weight[demand], count, candidates.places_m[rows], gap_m)
    sites = tuple(
        Site(
            float(candidates.lon[row]), float(candidates.lat[row]), str(candidates.code[row]), gain
        )
        for row, gain in zip(rows[choice.chosen], choice.gains.tolist(), strict=True)
    )
    share = choice.guarantee
    return Proposal(sites, None if share is None or not sites else 100 * share)


def gains(
    model: WalkModel,
    walk_m: np.ndarray,
    lon: np.ndarray,
    lat: np.ndarray,
    *,
    reach_m: float,
    weight: np.ndarray,
) -> list[Site]:
    """Given sites (degrees) in their order, each with what it adds to those before it.

    Cells of the whole district count. A site outside the district bears the code of the nearest cell.
    """
    places_m, snapped = model.places(lon, lat)
    demand = _demand(model, walk_m, reach_m, weight, None)
    covers = _reached(model, places_m, snapped, demand, reach_m)
    rest = weight[demand].astype(float)
    codes = _codes(model, np.asarray(lon), np.asarray(lat), places_m)
    sites = []
    for row, code in enumerate(codes):
        covered = covers.indices[covers.indptr[row] : covers.indptr[row + 1]]
        sites.append(Site(float(lon[row]), float(lat[row]), str(code), float(rest[covered].sum())))
        rest[covered] = 0.0
    return sites


def with_sites(
    model: WalkModel, walk_m: np.ndarray, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    """Walking distance (m) by cell once toilets at these positions (degrees) stand too."""
    places_m, places = model.places(lon, lat)
    return np.fmin(walk_m, model.walks_to(places_m, places, below_m=walk_m)[0])


def nearest_candidate(
    model: WalkModel,
    lon: float,
    lat: float,
    taken_m: np.ndarray | None = None,
    gap_m: float = 0.0,
) -> tuple[float, float] | None:
    """Longitude and latitude of the candidate nearest to a spot (degrees).

    With ``taken_m`` at least ``gap_m`` from these; None where none is within ``FARTHEST_PICK_M``.
    """
    candidates = _candidates(model)
    taken_m = np.empty((0, 2)) if taken_m is None else taken_m
    rows = np.flatnonzero(_is_allowed(candidates, taken_m, gap_m, None))
    if not len(rows):
        return None
    apart_m = np.hypot(*(candidates.places_m[rows] - np.array(points_to_metres(lon, lat))).T)
    nearest = rows[np.argmin(apart_m)]
    if apart_m.min() > FARTHEST_PICK_M:
        return None
    return float(candidates.lon[nearest]), float(candidates.lat[nearest])


# --- what a place reaches ------------------------------------------------------------------------


def _demand(
    model: WalkModel,
    walk_m: np.ndarray,
    reach_m: float,
    weight: np.ndarray,
    codes: list[str] | None,
) -> np.ndarray:
    """Positions of the cells that are not within reach and count something."""
    wanted = ~(walk_m <= reach_m) & (weight > 0)
    if codes is not None:
        wanted &= model.cells["subdistrict_code"].isin(codes).to_numpy()
    return np.flatnonzero(wanted)


def _reached(
    model: WalkModel, places_m: np.ndarray, places: Snapped, cells: np.ndarray, reach_m: float
) -> csr_array:
    """Which of these cells each place reaches: those with a street on foot, the others straight."""
    thin = model.is_straight[cells]
    on_foot = reached(model.network, places, model.snapped.take(cells[~thin]), reach_m)
    limit_m = reach_m / rule("detour_ratio")
    straight = straight_reached(places_m, model.cells_m[cells[thin]], limit_m, model.barrier)
    on_foot, straight = on_foot.tocoo(), straight.tocoo()
    row = np.concatenate([on_foot.row, straight.row])
    column = np.concatenate(
        [np.flatnonzero(~thin)[on_foot.col], np.flatnonzero(thin)[straight.col]]
    )
    return csr_array((np.ones(len(row)), (row, column)), shape=(len(places_m), len(cells)))


def _is_within(places_m: np.ndarray, cells_m: np.ndarray, reach_m: float) -> np.ndarray:
    """Which places have a cell in a straight line's reach: the others need no walk."""
    if not len(cells_m) or not len(places_m):
        return np.zeros(len(places_m), dtype=bool)
    return np.isfinite(cKDTree(cells_m).query(places_m, distance_upper_bound=reach_m)[0])


# --- candidates ----------------------------------------------------------------------------------


def _is_allowed(
    candidates: _Candidates, taken_m: np.ndarray, gap_m: float, codes: list[str] | None
) -> np.ndarray:
    allowed = np.ones(len(candidates.lon), dtype=bool)
    if codes is not None:
        allowed &= np.isin(candidates.code.astype(str), codes)
    if len(taken_m) and len(allowed):
        allowed &= cKDTree(taken_m).query(candidates.places_m)[0] >= gap_m
    return allowed


def _candidates(model: WalkModel) -> _Candidates:
    """The candidates of a model, made once."""
    if model not in _CANDIDATES:
        _CANDIDATES[model] = _made(model)
    return _CANDIDATES[model]


def _made(model: WalkModel) -> _Candidates:
    streets_m = _thinned(_on_streets(model), rule("candidate_spacing_m"))
    cells_m = _thinned(model.cells_m[model.is_straight], rule("thin_candidate_spacing_m"))
    degrees = np.column_stack(points_to_degrees(*np.vstack([streets_m, cells_m]).T))
    degrees = np.unique(degrees.round(POSITION_DECIMALS), axis=0)
    lon, lat = degrees.T
    code = assign_points(lon, lat, district.subdistrict_areas())
    places_m, snapped = model.places(lon, lat)
    # Off the land that counts (on water, in a closed area, beyond the border) nothing is built.
    on_land = _is_within(places_m, model.cells_m, CELL_M) & pd.notna(code)
    return _Candidates(
        lon[on_land], lat[on_land], code[on_land], places_m[on_land], snapped.take(on_land)
    )


def _on_streets(model: WalkModel) -> np.ndarray:
    """Junctions and ends, and spots between them where they lie far apart, in metres.

    None lies on a bridge or in a tunnel.
    """
    network, spacing_m = model.network, rule("candidate_spacing_m")
    edges = network.open_edges
    parts = np.maximum(np.ceil(network.length_m[edges] / spacing_m).astype(int), 1)
    owner, of = np.repeat(edges, parts), np.repeat(parts, parts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    inner = number > 0
    owner, share = owner[inner], number[inner] / of[inner]
    between = shapely.line_interpolate_point(network.lines[owner], share, normalized=True)
    ends = np.unique(np.concatenate([network.from_node[edges], network.to_node[edges]]))
    return np.vstack([network.node_m[ends], shapely.get_coordinates(between)])


def _thinned(points_m: np.ndarray, spacing_m: float) -> np.ndarray:
    """Of each square of the spacing the point nearest to its middle."""
    square = np.floor(points_m / spacing_m)
    off_m = np.hypot(*(points_m - (square + 0.5) * spacing_m).T)
    order = np.lexsort((off_m, square[:, 1], square[:, 0]))
    first = np.unique(square[order], axis=0, return_index=True)[1]
    return points_m[order[first]]


def _codes(model: WalkModel, lon: np.ndarray, lat: np.ndarray, places_m: np.ndarray) -> np.ndarray:
    codes = assign_points(lon, lat, district.subdistrict_areas())
    outside = np.flatnonzero(pd.isna(codes))
    nearest = cKDTree(model.cells_m).query(places_m[outside])[1]
    codes[outside] = model.cells["subdistrict_code"].to_numpy(dtype=object)[nearest]
    return codes
