"""Walking distance over a street network: joining lines, snapping onto edges, shortest paths.

Everything is in metres (EPSG:4549). A place is attached to the middle of an edge, not to its nearest
node: on long blocks that would be off by half their length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely.geometry.base import BaseGeometry

from geo.straight import NO_BARRIER, Barrier, pairs_as_matrix

_LEAST_WEIGHT_M = 1e-3
"""Shorter edges count as this: a weight of zero is no edge to scipy."""
_GRID_M = 0.5
"""Lines that come nearer than this to one another meet when they are joined."""
_SOURCES_AT_ONCE = 256
"""Sources whose distances to all nodes are held at once."""


@dataclass(frozen=True)
class WalkNetwork:
    """An undirected graph of walkable edges; ``from_node`` and ``to_node`` index ``node_m``."""

    node_m: np.ndarray
    """(nodes, 2) east and north."""
    from_node: np.ndarray
    to_node: np.ndarray
    lines: np.ndarray
    """Course of each edge as a LineString, from ``from_node`` to ``to_node``."""
    is_sealed: np.ndarray
    """Edges that are walked along but not stepped onto from the side: bridges and tunnels."""

    @cached_property
    def length_m(self) -> np.ndarray:
        """Length of each edge."""
        return shapely.length(self.lines)

    @cached_property
    def open_edges(self) -> np.ndarray:
        """Edges that places are attached to."""
        return np.flatnonzero(~self.is_sealed)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The courses of ``open_edges``."""
        return shapely.STRtree(self.lines[self.open_edges])


@dataclass(frozen=True)
class Snapped:
    """Places attached to edges: the edge (-1 where none is near), how far along it, how far off."""

    edge: np.ndarray
    along_m: np.ndarray
    off_m: np.ndarray

    def __len__(self) -> int:
        return len(self.edge)

    @property
    def is_attached(self) -> np.ndarray:
        return self.edge >= 0

    def take(self, chosen: np.ndarray) -> "Snapped":
        """The places of these positions or of this mask."""
        return Snapped(self.edge[chosen], self.along_m[chosen], self.off_m[chosen])


# --- making a network ----------------------------------------------------------------------------


def network_of(
    lines: np.ndarray,
    from_ids: np.ndarray,
    to_ids: np.ndarray,
    least_component_m: float = 0.0,
    is_sealed: np.ndarray | None = None,
) -> WalkNetwork:
    """Network of lines whose ends bear the ids of nodes: lines meet where the ids are the same.

    Parts that hang together over less than ``least_component_m`` are left out: they are islands of
    the map, not of the town. ``is_sealed``: bridges and tunnels (none where it is not given).
    """
    lines = np.asarray(lines, dtype=object)
    if is_sealed is None:
        is_sealed = np.zeros(len(lines), dtype=bool)
    ids, position = np.unique(np.concatenate([from_ids, to_ids]), return_inverse=True)
    from_node, to_node = position[: len(lines)], position[len(lines) :]
    if len(lines):
        kept = _in_large_parts(
            len(ids), from_node, to_node, shapely.length(lines), least_component_m
        )
        lines, from_node, to_node = lines[kept], from_node[kept], to_node[kept]
        is_sealed = is_sealed[kept]
        nodes, position = np.unique(np.concatenate([from_node, to_node]), return_inverse=True)
        from_node, to_node = position[: len(lines)], position[len(lines) :]
        node_m = np.empty((len(nodes), 2))
        node_m[from_node] = shapely.get_coordinates(shapely.get_point(lines, 0))
        node_m[to_node] = shapely.get_coordinates(shapely.get_point(lines, -1))
    else:
        node_m = np.empty((0, 2))
    return WalkNetwork(node_m, from_node, to_node, lines, is_sealed)


def _in_large_parts(
    count: int, from_node: np.ndarray, to_node: np.ndarray, length_m: np.ndarray, least_m: float
) -> np.ndarray:
    links = csr_matrix((np.ones(len(from_node)), (from_node, to_node)), shape=(count, count))
    part = connected_components(links, directed=False)[1][from_node]
    return np.bincount(part, weights=length_m)[part] >= least_m


def merged_nodes(one: np.ndarray, other: np.ndarray) -> dict[int, int]:
    """Nodes that edges of no length join, and the id that stands for all that are thus joined."""
    same: dict[int, int] = {}

    def standing_for(node: int) -> int:
        while (known := same.get(node, node)) != node:
            node = known
        return node

    for u, v in zip(one.tolist(), other.tolist(), strict=True):
        low, high = sorted((standing_for(u), standing_for(v)))
        same[high] = low
    return {node: standing_for(node) for node in same}


def joined(
    lines: Sequence[BaseGeometry], joint_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lines that know nothing of one another, cut where they cross and joined where they nearly meet.

    An end within ``joint_m`` of another line is led up to it: generalised courses stop short of their
    junctions. All lines count as being on one level, so those above or below the ground must not be
    among them. Returns edges and the ids of their ends.
    """
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    parts = parts[shapely.length(parts) > 0]
    if not len(parts):
        nothing = np.empty(0, dtype=int)
        return np.empty(0, dtype=object), nothing, nothing
    edges = shapely.union_all([*parts, *_joints(parts, joint_m)], grid_size=_GRID_M)
    edges = shapely.get_parts(shapely.line_merge(edges))
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(edges, i)) for i in (0, -1)])
    ids = np.unique(np.round(ends / _GRID_M).astype(int), axis=0, return_inverse=True)[1].ravel()
    return edges, ids[: len(edges)], ids[len(edges) :]


def _joints(parts: np.ndarray, joint_m: float) -> list[BaseGeometry]:
    """From each end of a line to the nearest other line within the distance."""
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    owner = np.tile(np.arange(len(parts)), 2)
    end, other = shapely.STRtree(parts).query(ends, "dwithin", joint_m)
    foreign = owner[end] != other
    end, other = end[foreign], other[foreign]
    order = np.lexsort((shapely.distance(ends[end], parts[other]), end))
    end, other = end[order], other[order]
    first = np.unique(end, return_index=True)[1]
    joints = shapely.shortest_line(ends[end[first]], parts[other[first]])
    return list(joints[shapely.length(joints) > 0])


def _graph(
    count: int, from_node: np.ndarray, to_node: np.ndarray, weight_m: np.ndarray
) -> csr_matrix:
    """Weights in both directions; of parallel edges the shortest (scipy would add them up)."""
    low, high = np.minimum(from_node, to_node), np.maximum(from_node, to_node)
    order = np.lexsort((weight_m, high, low))
    low, high = low[order], high[order]
    weight_m = np.maximum(weight_m[order], _LEAST_WEIGHT_M)
    first = np.append(True, (np.diff(low) > 0) | (np.diff(high) > 0)) if len(low) else order > 0
    kept = first & (low != high)
    low, high, weight_m = low[kept], high[kept], weight_m[kept]
    ends = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_matrix((np.tile(weight_m, 2), ends), shape=(count, count))


# --- attaching places ----------------------------------------------------------------------------


def snap(
    network: WalkNetwork, places_m: np.ndarray, limit_m: float, barrier: BaseGeometry = NO_BARRIER
) -> Snapped:
    """Attach places (n, 2) to the nearest edge within the limit that no barrier keeps them from.

    A place that lies in the barrier itself (on a pier, or drawn a step beyond the bank) is attached
    as if there were none.
    """
    points = shapely.points(places_m)
    edge = np.full(len(points), -1)
    if len(network.open_edges) and len(points):
        place, found = network.tree.query_nearest(points, max_distance=limit_m, all_matches=False)
        edge[place] = network.open_edges[found]
        _lead_around(network, points, edge, limit_m, Barrier(barrier))
    along_m, off_m = np.zeros(len(points)), np.full(len(points), np.nan)
    near = edge >= 0
    along_m[near] = shapely.line_locate_point(network.lines[edge[near]], points[near])
    off_m[near] = shapely.distance(network.lines[edge[near]], points[near])
    return Snapped(edge, along_m, off_m)


def _lead_around(
    network: WalkNetwork,
    points: np.ndarray,
    edge: np.ndarray,
    limit_m: float,
    barrier: Barrier,
) -> None:
    """Give places that a barrier keeps from their edge the nearest one on their own side."""
    near = np.flatnonzero(edge >= 0)
    near = near[~barrier.meets(points[near])]
    ways = shapely.shortest_line(points[near], network.lines[edge[near]])
    for place in near[barrier.meets(ways)]:
        others = network.open_edges[network.tree.query(points[place], "dwithin", limit_m)]
        others = others[np.argsort(shapely.distance(network.lines[others], points[place]))]
        ways = shapely.shortest_line(points[place], network.lines[others])
        free = np.flatnonzero(~barrier.meets(ways))
        edge[place] = others[free[0]] if len(free) else -1


# --- distances -----------------------------------------------------------------------------------


def nearest(
    network: WalkNetwork, sources: Snapped, targets: Snapped
) -> tuple[np.ndarray, np.ndarray]:
    """Walking distance from each target to the nearest source, and which source that is.

    Infinite, and -1, where a target has no edge or no source can be reached. Ways off the edges count.
    """
    open_sources = np.flatnonzero(sources.is_attached)
    open_targets = np.flatnonzero(targets.is_attached)
    walk_m, which = np.full(len(targets), np.inf), np.full(len(targets), -1)
    if not len(open_sources) or not len(open_targets):
        return walk_m, which
    from_source, to_target = sources.take(open_sources), targets.take(open_targets)
    node_m, node_source = _from_sources(network, from_source)
    u, v = network.from_node[to_target.edge], network.to_node[to_target.edge]
    via_u = node_m[u] + to_target.along_m
    via_v = node_m[v] + network.length_m[to_target.edge] - to_target.along_m
    best_m = np.minimum(via_u, via_v)
    best = np.where(via_u <= via_v, node_source[u], node_source[v])
    _along_own_edge(from_source, to_target, best_m, best)
    reached = np.isfinite(best_m)
    walk_m[open_targets] = best_m + to_target.off_m
    which[open_targets[reached]] = open_sources[best[reached]]
    return walk_m, which


def _from_sources(network: WalkNetwork, sources: Snapped) -> tuple[np.ndarray, np.ndarray]:
    """Distance of every node from the nearest source, and which: sources hang on as nodes."""
    graph, own = _hung_on(network, sources)
    node_m, _, source = dijkstra(graph, indices=own, min_only=True, return_predecessors=True)
    return node_m[: own[0]], source[: own[0]] - own[0]


def _hung_on(network: WalkNetwork, sources: Snapped) -> tuple[csr_matrix, np.ndarray]:
    """The graph with the sources as further nodes behind its own, and the numbers of these."""
    count = len(network.node_m)
    own = count + np.arange(len(sources))
    ends = network.from_node[sources.edge], network.to_node[sources.edge]
    rest_m = network.length_m[sources.edge] - sources.along_m
    graph = _graph(
        count + len(sources),
        np.concatenate([network.from_node, own, own]),
        np.concatenate([network.to_node, *ends]),
        np.concatenate([network.length_m, sources.along_m + sources.off_m, rest_m + sources.off_m]),
    )
    return graph, own


def _along_own_edge(
    sources: Snapped, targets: Snapped, best_m: np.ndarray, best: np.ndarray
) -> None:
    """Take the way along the edge itself where a source lies on the target's own."""
    source, target, direct_m = _on_one_edge(sources, targets)
    order = np.lexsort((direct_m, target))
    target, source, direct_m = target[order], source[order], direct_m[order]
    first = np.unique(target, return_index=True)[1]
    target, source, direct_m = target[first], source[first], direct_m[first]
    shorter = direct_m < best_m[target]
    best_m[target[shorter]] = direct_m[shorter]
    best[target[shorter]] = source[shorter]


def _on_one_edge(sources: Snapped, targets: Snapped) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sources and targets on the same edge, and the way between them but for the target's own."""
    pairs = pd.DataFrame({"edge": targets.edge, "target": np.arange(len(targets))}).merge(
        pd.DataFrame({"edge": sources.edge, "source": np.arange(len(sources))}), on="edge"
    )
    target, source = pairs["target"].to_numpy(), pairs["source"].to_numpy()
    along_m = np.abs(targets.along_m[target] - sources.along_m[source])
    return source, target, along_m + sources.off_m[source]


def reached(network: WalkNetwork, sources: Snapped, targets: Snapped, limit_m: float) -> csr_array:
    """Which targets each source reaches on foot within the limit: sources × targets of 0 and 1."""
    shape = len(sources), len(targets)
    open_sources = np.flatnonzero(sources.is_attached)
    open_targets = np.flatnonzero(targets.is_attached)
    if not len(open_sources) or not len(open_targets):
        return csr_array(shape)
    from_source, to_target = sources.take(open_sources), targets.take(open_targets)
    graph, own = _hung_on(network, from_source)
    source, target, direct_m = _on_one_edge(from_source, to_target)
    near = direct_m + to_target.off_m[target] <= limit_m
    pairs = [(source[near], target[near])]
    node, first, behind, behind_m = _behind_nodes(network, to_target)
    for start in range(0, len(own), _SOURCES_AT_ONCE):
        walk_m = dijkstra(graph, indices=own[start : start + _SOURCES_AT_ONCE], limit=limit_m)
        walk_m = walk_m[:, node]
        source, at = np.nonzero(walk_m <= limit_m)
        count = first[at + 1] - first[at]
        entry = np.repeat(first[at + 1] - np.cumsum(count), count) + np.arange(count.sum())
        near = np.repeat(walk_m[source, at], count) + behind_m[entry] <= limit_m
        pairs.append((start + np.repeat(source, count)[near], behind[entry[near]]))
    source, target = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return pairs_as_matrix(open_sources[source], open_targets[target], shape)


def _behind_nodes(
    network: WalkNetwork, targets: Snapped
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Nodes at the ends of the targets' edges; where each one's targets begin in the list of targets
    behind nodes (one more entry: its end); this list, and the ways from node to target."""
    ends = np.concatenate([network.from_node[targets.edge], network.to_node[targets.edge]])
    rest_m = network.length_m[targets.edge] - targets.along_m
    behind_m = np.concatenate([targets.along_m, rest_m]) + np.tile(targets.off_m, 2)
    order = np.argsort(ends, kind="stable")
    node, first = np.unique(ends[order], return_index=True)
    return node, np.append(first, len(ends)), order % len(targets), behind_m[order]
