"""Points along lines: evenly spaced, beside the line, or at a share of its way; the line of a shore.

Lines come in projected metres (EPSG:4549, see ``geo.projection``), and so do the points.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

DIRECTION_STEP_M = 0.5
"""Half the stretch over which a line's direction at a point is taken."""


def line_pieces(line_m: BaseGeometry) -> list[BaseGeometry]:
    """The single lines of a line or multi-line, without empty ones."""
    return [part for part in shapely.get_parts(line_m) if part.length > 0]


def gathered(lines: Sequence[BaseGeometry]) -> BaseGeometry:
    """Several lines and multi-lines as one multi-line, as they are: nothing merged or split."""
    return shapely.MultiLineString(list(shapely.get_parts(list(lines))))


def longest_piece(line_m: BaseGeometry) -> BaseGeometry:
    """The longest single line of a line or multi-line."""
    return max(line_pieces(line_m), key=lambda part: part.length)


def shoreline(water_m: BaseGeometry, narrow_m: float, exact_m: float = 10.0) -> BaseGeometry:
    """Edge of a water area as one would draw it by hand, within ``exact_m`` of the real one.

    Left out is what is narrower than ``narrow_m``: piers and wharfs in the water, locks and inlets
    in the land. Drawn broad, the edge around them would run over itself.
    """
    half_m = narrow_m / 2
    # Sharp joins: round ones would cut the corners beside a lock and widen its mouth.
    without_piers = _grown(_grown(water_m, half_m), -half_m)
    without_inlets = _grown(_grown(without_piers, -half_m), half_m)
    return shapely.simplify(shapely.boundary(without_inlets), exact_m)


def _grown(area_m: BaseGeometry, by_m: float) -> BaseGeometry:
    return shapely.buffer(area_m, by_m, join_style="mitre")


def beside(piece_m: BaseGeometry, along_m: np.ndarray, offset_m: np.ndarray | float) -> np.ndarray:
    """Coordinates (N × 2, metres) at distances along one line, moved sideways.

    A positive offset is to the left of the line's direction, a negative one to the right.
    """
    here = shapely.get_coordinates(shapely.line_interpolate_point(piece_m, along_m))
    back = np.clip(along_m - DIRECTION_STEP_M, 0, None)
    ahead = np.clip(along_m + DIRECTION_STEP_M, None, piece_m.length)
    step = shapely.get_coordinates(
        shapely.line_interpolate_point(piece_m, ahead)
    ) - shapely.get_coordinates(shapely.line_interpolate_point(piece_m, back))
    norm = np.hypot(step[:, 0], step[:, 1])
    # A hairpin narrower than the step has no direction: such a point stays on the line.
    unit = step / np.where(norm == 0, 1, norm)[:, None]
    left = np.column_stack((-unit[:, 1], unit[:, 0]))
    return here + left * np.reshape(offset_m, (-1, 1))


def points_along(
    line_m: BaseGeometry, spacing_m: float, offset_m: float = 0.0, staggered: bool = False
) -> np.ndarray:
    """Evenly spaced points along every piece of a line: coordinates (N × 2) in metres.

    The spacing is stretched so that a piece starts and ends with half of it; a piece shorter than
    half the spacing gets none. ``staggered`` changes the side from one point to the next.
    """
    found = [np.empty((0, 2))]
    for piece in line_pieces(line_m):
        count = round(piece.length / spacing_m)
        if count == 0:
            continue
        along_m = (np.arange(count) + 0.5) * piece.length / count
        side = np.where(np.arange(count) % 2, -1.0, 1.0) if staggered else np.ones(count)
        found.append(beside(piece, along_m, side * offset_m))
    return np.vstack(found)


def point_at(line_m: BaseGeometry, share: float, offset_m: float = 0.0) -> tuple[float, float]:
    """East and north in metres at a share (0–1) of a line's longest piece, moved sideways."""
    piece = longest_piece(line_m)
    east_m, north_m = beside(piece, np.array([share * piece.length]), offset_m)[0]
    return float(east_m), float(north_m)


def thinned(
    points_m: np.ndarray,
    count: int,
    min_gap_m: float,
    generator: np.random.Generator,
    taken_m: np.ndarray | None = None,
    tries: int = 12,
) -> np.ndarray:
    """Indices of ``count`` well spread points, none nearer than ``min_gap_m`` to another.

    Mitchell's best candidate: of a few random points the one farthest from all chosen ones is
    taken. ``taken_m`` are points that stand already. Fewer come back when there is no room.
    """
    gap = np.full(len(points_m), np.inf)
    for point in np.empty((0, 2)) if taken_m is None else taken_m:
        gap = np.minimum(gap, np.hypot(*(points_m - point).T))
    chosen: list[int] = []
    while len(chosen) < count:
        free = np.flatnonzero(gap >= min_gap_m)
        if len(free) == 0:
            break
        candidates = generator.choice(free, size=min(tries, len(free)), replace=False)
        best = int(candidates[np.argmax(gap[candidates])])
        chosen.append(best)
        gap = np.minimum(gap, np.hypot(*(points_m - points_m[best]).T))
    return np.array(chosen, dtype=int)
