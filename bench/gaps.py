"""Gaps between lamps along the streets of the district, against a loop over lines.

The default streets and the sample's lamps; a million are these moved about at random. That the loop
finds the same lamps at the same streets is asserted.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import pandas as pd
import shapely

from data.build import build_tables
from data.dark_gaps import dark_gaps
from geo.gaps import gaps, passings
from geo.projection import points_to_metres, to_metres

MANY = 1_000_000
MOVED_M = 15
DEGREES_A_METRE = 1e-5
REACH_M = 25
REPEATS = 3


def measure() -> Iterator[list[tuple[str, float]]]:
    """Groups of what is done and its seconds; the first of a group is what the others compare to."""
    tables = build_tables(with_sample=True)[0]
    lamps = tables["lighting.assets"]
    lines_m = _lines(tables["streets.segments"])
    points_m = np.column_stack(points_to_metres(lamps["lon"].to_numpy(), lamps["lat"].to_numpy()))
    reach_m = np.full(len(lines_m), REACH_M)
    line, _, point = passings(lines_m, points_m, reach_m)
    pairs, _ = _one_by_one(lines_m, points_m)
    assert pairs == {*zip(line.tolist(), point.tolist(), strict=True)}
    yield [
        (
            f"gaps of {len(lines_m):,} lines of streets, {len(lamps):,} lamps",
            _seconds(lambda: _ours(lines_m, points_m, reach_m)),
        ),
        (
            "the same line by line, every lamp's distance in shapely",
            _seconds(lambda: _one_by_one(lines_m, points_m)),
        ),
    ]
    many = tables | {"lighting.assets": _many(lamps)}
    yield [
        (f"the table of candidates, {len(lamps):,} lamps", _seconds(lambda: dark_gaps(tables))),
        (f"the table of candidates, {MANY:,} lamps", _seconds(lambda: dark_gaps(many))),
    ]


def _lines(segments: pd.DataFrame) -> np.ndarray:
    courses = shapely.from_geojson(segments["geometry_json"].to_numpy(dtype=object))
    return shapely.get_parts(to_metres(courses))


def _ours(lines_m: np.ndarray, points_m: np.ndarray, reach_m: np.ndarray) -> np.ndarray:
    line, along_m, _ = passings(lines_m, points_m, reach_m)
    _, from_m, to_m = gaps(shapely.length(lines_m), line, along_m)
    return to_m - from_m


def _one_by_one(
    lines_m: np.ndarray, points_m: np.ndarray
) -> tuple[set[tuple[int, int]], list[float]]:
    """Pairs of line and lamp within reach, and gaps; of a lamp the nearest place of a line alone."""
    points = shapely.points(points_m)
    pairs, lengths_m = set(), []
    for i, line in enumerate(lines_m):
        near = np.flatnonzero(shapely.distance(line, points) <= REACH_M)
        pairs |= {(i, int(j)) for j in near}
        stops = np.sort(shapely.line_locate_point(line, points[near]))
        lengths_m += np.diff([0, *stops, line.length]).tolist()
    return pairs, lengths_m


def _many(lamps: pd.DataFrame) -> pd.DataFrame:
    random = np.random.default_rng(1)
    many = lamps.iloc[random.integers(0, len(lamps), MANY)].reset_index(drop=True)
    aside = random.normal(0, MOVED_M * DEGREES_A_METRE, (2, MANY))
    return many.assign(lon=many["lon"] + aside[0], lat=many["lat"] + aside[1])


def _seconds(run: Callable[[], object]) -> float:
    run()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return median(times)
