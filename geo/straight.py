"""Straight walks, where no street is near: what bars them, and how far they lead.

Everything is in metres (EPSG:4549). What cannot be walked through (wide water, railways) is one
geometry of areas and lines.
"""

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

NO_BARRIER = shapely.GeometryCollection()
_PAIRS_AT_ONCE = 2_000_000
"""Pairs of target and source that are held at once."""


class Barrier:
    """Waters and railways, prepared apart: a collection of both is tested one by one."""

    def __init__(self, geometry: BaseGeometry) -> None:
        parts = shapely.get_parts(geometry)
        dimension = shapely.get_dimensions(parts)
        self._groups = [
            shapely.union_all(parts[dimension == kind]) for kind in np.unique(dimension)
        ]
        shapely.prepare(self._groups)
        lines = shapely.get_parts(shapely.boundary(parts[dimension == 2]))
        lines = np.concatenate([lines, parts[dimension == 1]])
        xy, line = shapely.get_coordinates(lines, return_index=True)
        joined = np.flatnonzero(line[1:] == line[:-1])
        self._edges = shapely.linestrings(np.stack([xy[joined], xy[joined + 1]], axis=1))

    def edge_distance(self, points: np.ndarray) -> np.ndarray:
        """Distance of points from its lines and the edges of its areas; infinite where it is empty."""
        apart_m = np.full(len(points), np.inf)
        if len(self._edges):
            nearest = shapely.STRtree(self._edges).query_nearest(
                points, return_distance=True, all_matches=False
            )
            apart_m[nearest[0][0]] = nearest[1]
        return apart_m

    def meets(self, geometries: np.ndarray) -> np.ndarray:
        """Which of these points or lines touch it."""
        met = np.zeros(len(geometries), dtype=bool)
        for group in self._groups:
            met |= shapely.intersects(group, geometries)
        return met


def straight_nearest(
    sources_m: np.ndarray, targets_m: np.ndarray, barrier: BaseGeometry = NO_BARRIER
) -> tuple[np.ndarray, np.ndarray]:
    """Straight distance from each target to the nearest source that no barrier lies before.

    Infinite, and -1, where a barrier lies before all of them. Before a source that lies in the
    barrier itself there is none.
    """
    walk_m, which = np.full(len(targets_m), np.inf), np.full(len(targets_m), -1)
    if not len(sources_m) or not len(targets_m):
        return walk_m, which
    tree, wall = cKDTree(sources_m), Barrier(barrier)
    in_wall = wall.meets(shapely.points(sources_m))
    done, wanted = 0, 1
    while done < len(sources_m) and (which < 0).any():
        # The nearest alone is free for most; each further round looks at twice as many for the rest.
        rest = np.flatnonzero(which < 0)
        wanted = min(wanted, len(sources_m), done + max(1, _PAIRS_AT_ONCE // len(rest)))
        apart_m, found = tree.query(targets_m[rest], np.arange(done + 1, wanted + 1))
        ways = _straight(sources_m[found.ravel()], targets_m[np.repeat(rest, wanted - done)])
        free = ~wall.meets(ways).reshape(found.shape) | in_wall[found]
        hit = np.flatnonzero(free.any(axis=1))
        first = free[hit].argmax(axis=1)
        walk_m[rest[hit]] = apart_m[hit, first]
        which[rest[hit]] = found[hit, first]
        done, wanted = wanted, 2 * wanted
    return walk_m, which


def straight_reached(
    sources_m: np.ndarray,
    targets_m: np.ndarray,
    limit_m: float,
    barrier: BaseGeometry = NO_BARRIER,
) -> csr_array:
    """Which targets lie within the limit of each source with no barrier between: 0 and 1.

    As in ``straight_nearest``, before a source in the barrier there is none.
    """
    shape = len(sources_m), len(targets_m)
    if not len(sources_m) or not len(targets_m):
        return csr_array(shape)
    pairs = cKDTree(sources_m).sparse_distance_matrix(
        cKDTree(targets_m), limit_m, output_type="ndarray"
    )
    source, target = pairs["i"], pairs["j"]
    wall, points = Barrier(barrier), shapely.points(sources_m)
    # Only a walk that is longer than the source's distance from the barrier can meet it.
    doubtful = np.flatnonzero(pairs["v"] >= wall.edge_distance(points)[source])
    doubtful = doubtful[~wall.meets(points)[source[doubtful]]]
    ways = _straight(sources_m[source[doubtful]], targets_m[target[doubtful]])
    kept = np.ones(len(source), dtype=bool)
    kept[doubtful[wall.meets(ways)]] = False
    return pairs_as_matrix(source[kept], target[kept], shape)


def _straight(from_m: np.ndarray, to_m: np.ndarray) -> np.ndarray:
    return shapely.linestrings(np.stack([from_m, to_m], axis=1))


def pairs_as_matrix(source: np.ndarray, target: np.ndarray, shape: tuple[int, int]) -> csr_array:
    """Pairs, some of them twice, as sources × targets of 0 and 1."""
    matrix = csr_array((np.ones(len(source)), (source, target)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
