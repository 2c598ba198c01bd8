"""Gaps between points that stand along lines, as lamps do along a street.

Everything is in projected metres (EPSG:4549, see ``geo.projection``). A line is a single one, without
parts; a place on it is told by the way from its start.
"""

import numpy as np
import shapely
from shapely.ops import substring

CHUNK = 100_000
"""Points that are looked at together: memory stays the same however many there are."""


def passings(
    lines_m: np.ndarray, points_m: np.ndarray, reach_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where lines pass points within reach, which is one figure a line.

    ``points_m`` are coordinates (N × 2). Returns three arrays in no particular order, one entry a
    passing: index of the line, way along it, index of the point. A line passes a point wherever it
    is nearer to it than just before and just after, so one that turns back does so more than once:
    a lamp between two carriageways lights both, even where they are drawn as one line.
    """
    found = [(np.empty(0, dtype=int), np.empty(0), np.empty(0, dtype=int))]
    if len(lines_m):
        pieces, farthest_m = _Pieces(lines_m), np.max(reach_m)
        tree = shapely.STRtree(pieces.drawn())
        for first in range(0, len(points_m), CHUNK):
            chunk_m = points_m[first : first + CHUNK]
            point, piece = tree.query(
                shapely.points(chunk_m), predicate="dwithin", distance=farthest_m
            )
            along_m, off_m, is_nearest = pieces.feet(piece, chunk_m[point])
            line = pieces.line[piece]
            counts = is_nearest & (off_m <= reach_m[line])
            found.append((line[counts], along_m[counts], first + point[counts]))
    line, along_m, point = (np.concatenate(column) for column in zip(*found, strict=True))
    return line, along_m, point


def gaps(
    lengths_m: np.ndarray, line: np.ndarray, along_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What lies between neighbours along lines, and between the ends of a line and what is next.

    ``line`` and ``along_m`` say where points stand, as ``passings`` does. Returns three arrays by
    line and way along it: index of the line, where a gap starts, where it ends. The gaps of a line
    add up to its length; a line without points is one gap.
    """
    every = np.arange(len(lengths_m))
    owner = np.concatenate([every, line, every])
    # A sum of pieces may be beyond the length by its rounding.
    stop_m = np.concatenate([np.zeros(len(every)), np.minimum(along_m, lengths_m[line]), lengths_m])
    order = np.lexsort((stop_m, owner))
    owner, stop_m = owner[order], stop_m[order]
    same = np.flatnonzero(owner[1:] == owner[:-1])
    return owner[same], stop_m[same], stop_m[same + 1]


def stretches(
    lines_m: np.ndarray, line: np.ndarray, from_m: np.ndarray, to_m: np.ndarray
) -> np.ndarray:
    """The parts of lines between two places each, as an array of lines."""
    cut = np.empty(len(line), dtype=object)
    cut[:] = [
        substring(lines_m[i], start, end) for i, start, end in zip(line, from_m, to_m, strict=True)
    ]
    return cut


def beside_longer(stretches_m: np.ndarray, group: np.ndarray, reach_m: np.ndarray) -> np.ndarray:
    """Which stretches lie wholly within their reach of a longer one of the same group.

    Such are the two carriageways of a street, both dark for want of the same lamp. Of equally long
    ones the first stays. A reach as long as a stretch would hide it behind its longer neighbour.
    """
    length_m = shapely.length(stretches_m)
    rank = np.empty(len(stretches_m), dtype=int)
    rank[np.argsort(-length_m, kind="stable")] = np.arange(len(stretches_m))
    tree = shapely.STRtree(stretches_m)
    longer, shorter = tree.query(shapely.buffer(stretches_m, reach_m), predicate="covers")
    counts = (group[longer] == group[shorter]) & (rank[longer] < rank[shorter])
    beside = np.zeros(len(stretches_m), dtype=bool)
    beside[shorter[counts]] = True
    return beside


class _Pieces:
    """Lines taken apart into straight pieces, in their order."""

    def __init__(self, lines_m: np.ndarray):
        corner, owner = shapely.get_coordinates(
            shapely.remove_repeated_points(lines_m), return_index=True
        )
        first = np.flatnonzero(owner[1:] == owner[:-1])
        self.line = owner[first]
        self.start, self.end = corner[first], corner[first + 1]
        self.step = self.end - self.start
        self.length_m = np.hypot(*self.step.T)
        self.is_first = np.diff(self.line, prepend=-1) != 0
        self.is_last = np.diff(self.line, append=-1) != 0
        walked_m = np.cumsum(self.length_m) - self.length_m
        self.before_m = walked_m - walked_m[self.is_first][np.cumsum(self.is_first) - 1]

    def drawn(self) -> np.ndarray:
        return shapely.linestrings(np.stack([self.start, self.end], axis=1))

    def feet(
        self, piece: np.ndarray, point_m: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of pairs of piece and point: way along the line to the foot, distance from it to the point,
        and whether the line passes the point there; at a corner the later piece speaks for both.
        """
        step, length_m = self.step[piece], self.length_m[piece]
        from_start = point_m - self.start[piece]
        ahead = _dot(from_start, step)
        share = np.clip(ahead / np.where(length_m > 0, length_m**2, 1), 0, 1)
        off_m = np.hypot(*(from_start - share[:, None] * step).T)
        is_beyond = _dot(point_m - self.end[piece], step) >= 0
        # The same figure as the piece before has for «beyond»: at a corner one of them counts.
        was_beyond = _dot(from_start, self.step[piece - 1]) >= 0
        passes_start = self.is_first[piece] | was_beyond
        passes = np.where(is_beyond, self.is_last[piece], (ahead > 0) | passes_start)
        return self.before_m[piece] + share * length_m, off_m, passes


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a * b).sum(axis=1)
