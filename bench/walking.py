"""Walks to toilets over the whole district: what they take, and what circles make of them.

The default network and the sample's toilets, 10 minutes at 4.5 km/h. That networkx finds the same
distances is asserted.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from data.build import build_tables
from data.coverage import FARTHEST_SNAP_M, WalkModel, land_cells, model_of
from data.frames import empty_frame
from data.geography import water
from data.toilet_sites import Proposal, propose, with_sites
from data.walk_network import rule
from geo import district
from geo.projection import METRIC_CRS, to_metres
from geo.walking import Snapped, nearest, network_of, snap

REACH_M = rule("walk_kmh") * 1000 / 60 * rule("walk_minutes")
REPEATS = 5
FINE_M = 20
WITHIN_M = 0.02
"""Edges without length count as a millimetre each."""


@dataclass(frozen=True)
class Town:
    """What is walked over: the model, and the toilets as positions and on the network."""

    ways: pd.DataFrame
    model: WalkModel
    lon: np.ndarray
    lat: np.ndarray
    places_m: np.ndarray
    places: Snapped

    @property
    def walk_m(self) -> np.ndarray:
        return self.model.walks_to(self.places_m, self.places)[0]


@dataclass(frozen=True)
class Coverage:
    """Share of the district's land within reach, by walks and by circles."""

    walking_pct: float
    circles_pct: float
    straight_pct: float
    """Share of the cells that no street is near: there both are straight lines."""
    walking_near_streets_pct: float
    circles_near_streets_pct: float
    """The same of the land near streets alone."""


def town() -> Town:
    """The default network and the sample's toilets."""
    tables = build_tables(with_sample=True)[0]
    model = model_of(tables["streets.walk_ways"], empty_frame("base.population"))
    toilets = tables["toilets.toilets"]
    lon, lat = toilets["lon"].to_numpy(), toilets["lat"].to_numpy()
    return Town(tables["streets.walk_ways"], model, lon, lat, *model.places(lon, lat))


def measure(made: Town) -> Iterator[list[tuple[str, float]]]:
    """Groups of what is done and its seconds; the first of a group is what the others compare to."""
    model = made.model
    yield _against_networkx(made, "default network")
    fine = _fine(made)
    yield _against_networkx(
        fine, f"a node every {FINE_M} m, {len(fine.model.network.lines):,} edges"
    )
    walk_m, one = made.walk_m, (made.lon[:1], made.lat[:1])
    yield [
        ("whole district, any toilets", _seconds(lambda: model.walks(made.lon, made.lat))),
        ("the same after one more toilet", _seconds(lambda: with_sites(model, walk_m, *one))),
        ("the same cold: cells, network, attaching, distances", _seconds(lambda: _cold(made))),
        (
            "circles in geopandas: buffer, union, cut with the land",
            _seconds(lambda: _circles(made)),
        ),
        ("the 10 best sites, with their guarantee", _seconds(lambda: _sites(made, walk_m, 10))),
        ("the 30 best sites, with their guarantee", _seconds(lambda: _sites(made, walk_m, 30))),
    ]


def _against_networkx(made: Town, name: str) -> list[tuple[str, float]]:
    model = made.model
    graph, doors = _networkx(made)

    def ours() -> np.ndarray:
        return nearest(model.network, made.places, model.snapped)[0]

    def theirs() -> np.ndarray:
        return _by_networkx(made, graph, doors)

    assert np.allclose(ours(), theirs(), rtol=0, atol=WITHIN_M)
    return [
        (f"distances over the network ({name})", _seconds(ours)),
        ("networkx, its graph being there already", _seconds(theirs)),
    ]


def _fine(made: Town) -> Town:
    """The same streets in short pieces, as many as a full map of all ways has."""
    pieces = [
        np.stack([course[:-1], course[1:]], axis=1)
        for course in map(
            shapely.get_coordinates, shapely.segmentize(made.model.network.lines, FINE_M)
        )
    ]
    pieces = np.concatenate(pieces)
    _, node = np.unique(pieces.reshape(-1, 2), axis=0, return_inverse=True)
    from_node, to_node = node.reshape(-1, 2).T
    network = network_of(shapely.linestrings(pieces), from_node, to_node)
    cells = snap(network, made.model.cells_m, rule("thin_network_m"), made.model.barrier)
    places = snap(network, made.places_m, FARTHEST_SNAP_M, made.model.barrier)
    model = replace(made.model, network=network, snapped=cells)
    return replace(made, model=model, places=places)


def coverage(made: Town) -> Coverage:
    """How far circles overstate what is within reach."""
    model, area = made.model, made.model.cells["area_km2"].to_numpy()
    apart_m = shapely.distance(
        shapely.points(model.cells_m), shapely.union_all(shapely.points(made.places_m))
    )
    circled, walked, near = apart_m <= REACH_M, made.walk_m <= REACH_M, ~model.is_straight
    land_m2 = _land().area

    def pct(chosen: np.ndarray, among: np.ndarray) -> float:
        return 100 * area[chosen & among].sum() / area[among].sum()

    everywhere = np.ones(len(area), dtype=bool)
    return Coverage(
        walking_pct=pct(walked, everywhere),
        circles_pct=100 * _circles(made).area / land_m2,
        straight_pct=pct(~near, everywhere),
        walking_near_streets_pct=pct(walked, near),
        circles_near_streets_pct=pct(circled, near),
    )


def _seconds(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return median(times)


def _cold(made: Town) -> np.ndarray:
    land_cells.cache_clear()
    model = model_of(made.ways, empty_frame("base.population"))
    return model.walks(made.lon, made.lat)[0]


def _sites(made: Town, walk_m: np.ndarray, count: int) -> Proposal:
    return propose(
        made.model,
        walk_m,
        made.places_m,
        count=count,
        reach_m=REACH_M,
        gap_m=rule("site_gap_m"),
        weight=made.model.cells["area_km2"].to_numpy(),
        codes=None,
    )


# --- the peers -----------------------------------------------------------------------------------


def _networkx(made: Town) -> tuple[nx.Graph, list[str]]:
    """The network as a graph, toilets hung on, and the names of these."""
    network, places = made.model.network, made.places
    graph = nx.Graph()

    def add(a: object, b: object, weight: float) -> None:
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > weight:
            graph.add_edge(a, b, weight=weight)

    graph.add_nodes_from(range(len(network.node_m)))
    for a, b, length in zip(network.from_node, network.to_node, network.length_m, strict=True):
        add(int(a), int(b), float(length))
    doors = []
    for i in np.flatnonzero(places.is_attached):
        edge, door = places.edge[i], f"toilet {i}"
        rest_m = network.length_m[edge] - places.along_m[i]
        add(door, int(network.from_node[edge]), places.along_m[i] + places.off_m[i])
        add(door, int(network.to_node[edge]), rest_m + places.off_m[i])
        doors.append(door)
    return graph, doors


def _by_networkx(made: Town, graph: nx.Graph, doors: list[str]) -> np.ndarray:
    network, cells = made.model.network, made.model.snapped
    found = nx.multi_source_dijkstra_path_length(graph, doors)
    node_m = np.array([found.get(node, np.inf) for node in range(len(network.node_m))])
    walk_m = np.full(len(cells), np.inf)
    near = np.flatnonzero(cells.is_attached)
    edge, along_m = cells.edge[near], cells.along_m[near]
    walk_m[near] = np.minimum(
        node_m[network.from_node[edge]] + along_m,
        node_m[network.to_node[edge]] + network.length_m[edge] - along_m,
    )
    # Toilets on a cell's own edge.
    own = pd.DataFrame({"edge": edge, "cell": near, "at_m": along_m}).merge(
        pd.DataFrame(
            {
                "edge": made.places.edge,
                "toilet_m": made.places.along_m,
                "off_m": made.places.off_m,
            }
        ).query("edge >= 0"),
        on="edge",
    )
    direct_m = (own["at_m"] - own["toilet_m"]).abs() + own["off_m"]
    np.minimum.at(walk_m, own["cell"].to_numpy(), direct_m.to_numpy())
    return walk_m + np.where(cells.is_attached, cells.off_m, 0.0)


def _circles(made: Town) -> shapely.Geometry:
    """The land within a circle around a toilet, as is usually drawn."""
    toilets = gpd.GeoSeries(gpd.points_from_xy(*made.places_m.T), crs=METRIC_CRS)
    return toilets.buffer(REACH_M).union_all().intersection(_land())


def _land() -> shapely.Geometry:
    return to_metres(shapely.difference(district.outline(), water()))
