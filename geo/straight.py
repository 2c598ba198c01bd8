"""Straight walks, where no street is near: what bars them, and how far they lead.

Everything is in metres (EPSG:4549). What cannot be walked through (wide water, railways) is one
geometry of areas and lines.
"""

from functools import cached_property

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

    @cached_property
    def _edges(self) -> shapely.STRtree:
        """Lines and the edges of areas, stretch by stretch."""
        areas = [group for group in self._groups if shapely.get_dimensions(group) == 2]
        lines = [group for group in self._groups if shapely.get_dimensions(group) == 1]
        courses = shapely.get_parts([*shapely.boundary(areas), *lines])
        xy, course = shapely.get_coordinates(courses, return_index=True)
        joined = np.flatnonzero(course[1:] == course[:-1])
        return shapely.STRtree(_straight(xy[joined], xy[joined + 1]))

    def edge_distance(self, points: np.ndarray) -> np.ndarray:
        """Distance of points from its lines and the edges of its areas; infinite where it is empty."""
        apart_m = np.full(len(points), np.inf)
        if len(self._edges):
            (place, _), found_m = self._edges.query_nearest(
                points, return_distance=True, all_matches=False
            )
            apart_m[place] = found_m
        return apart_m

    def meets(self, geometries: np.ndarray) -> np.ndarray:
        """Which of these points or lines touch it."""
        met = np.zeros(len(geometries), dtype=bool)
        for group in self._groups:
            met |= shapely.intersects(group, geometries)
        return met


def straight_nearest(
    sources_m: np.ndarray,
    targets_m: np.ndarray,
    barrier: BaseGeometry = NO_BARRIER,
    below_m: np.ndarray | float = np.inf,
) -> tuple[np.ndarray, np.ndarray]:
    """Straight distance from each target to the nearest source that no barrier lies before.

    Infinite, and -1, where a barrier lies before all of them, and, to save the search, where no
    source is nearer than ``below_m`` (by target). Before a source that lies in the barrier itself
    there is none.
    """
    walk_m, which = np.full(len(targets_m), np.inf), np.full(len(targets_m), -1)
    if not len(sources_m) or not len(targets_m):
        return walk_m, which
    tree, wall = cKDTree(sources_m), Barrier(barrier)
    in_wall = wall.meets(shapely.points(sources_m))
    rest = np.flatnonzero(tree.query(targets_m)[0] < below_m)
    done, wanted = 0, 1
    while done < len(sources_m) and len(rest):
        # The nearest alone is free for most; each further round looks at twice as many for the rest.
        wanted = min(wanted, len(sources_m), done + max(1, _PAIRS_AT_ONCE // len(rest)))
        apart_m, found = tree.query(targets_m[rest], np.arange(done + 1, wanted + 1))
        ways = _straight(sources_m[found.ravel()], targets_m[np.repeat(rest, wanted - done)])
        free = ~wall.meets(ways).reshape(found.shape) | in_wall[found]
        hit = np.flatnonzero(free.any(axis=1))
        first = free[hit].argmax(axis=1)
        walk_m[rest[hit]] = apart_m[hit, first]
        which[rest[hit]] = found[hit, first]
        rest = rest[~free.any(axis=1)]
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
