"""Shares of land and people by the walk, on a handful of cells worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from ui import toilet_shares
from ui.toilet_choices import Circle
from ui.toilet_walks import Walks

A, B = "330102003", "330102017"
TEN = Circle("all", 10, 4.5)
"""750 m; bands end at 375, 750 and 1,125 m."""


def walks(*rows):
    """Walks of cells: (subdistrict, km², metres, method, people)."""
    cells = pd.DataFrame(
        rows, columns=["subdistrict_code", "area_km2", "walk_m", "method", "residents"]
    )
    cells["cell_id"] = [f"{n}-0-00" for n in range(len(cells))]
    walk_m = cells.pop("walk_m").to_numpy(dtype=float)
    return Walks(cells, walk_m, np.full(len(cells), None))


@pytest.fixture(scope="module")
def small():
    return walks(
        (A, 1.0, 0.0, "network", 100.0),
        (A, 2.0, 750.0, "network", 50.0),
        (A, 1.0, 750.1, "straight", 50.0),
        (B, 3.0, 1125.1, "straight", 10.0),
        (B, 1.0, math.nan, "straight", 0.0),
    )


@pytest.mark.parametrize(
    ("walk_m", "band"),
    [(0, 0), (375, 0), (375.1, 1), (750, 1), (750.1, 2), (1125, 2), (1125.1, 3), (math.nan, 4)],
)
def test_a_band_holds_its_upper_end_and_what_reaches_none_is_apart(walk_m, band):
    assert toilet_shares.bands(walks((A, 1.0, walk_m, "network", 0)), TEN).tolist() == [band]


def test_bands_follow_the_circle_and_name_their_minutes():
    words = toilet_shares.band_words(Circle("all", 7, 4.5))
    assert words == ["0–3.5 分钟", "3.5–7 分钟", "7–10.5 分钟", "10.5 分钟以上", "走不到"]


def test_land_of_all_bands_is_the_land(small):
    found = toilet_shares.by_band(small, TEN, ())
    assert [band.km2 for band in found] == [1, 2, 1, 3, 1]
    assert [band.share_pct for band in found] == pytest.approx([12.5, 25, 12.5, 37.5, 12.5])
    assert [band.km2 for band in toilet_shares.by_band(small, TEN, (B,))] == [0, 0, 0, 3, 1]


def test_what_none_is_reached_from_is_not_covered_however_long_the_walk(small):
    found = toilet_shares.whole(small, Circle("all", 20, 6.0), ())
    assert found["uncovered_km2"] == pytest.approx(1.0)
    assert found["covered_share_pct"] == pytest.approx(87.5)


def test_subdistricts_are_counted_apart(small):
    frame = toilet_shares.by_place(small, TEN)
    assert frame.at[A, "covered_share_pct"] == pytest.approx(75)
    assert frame.at[A, "people_share_pct"] == pytest.approx(75)
    assert frame.at[A, "straight_share_pct"] == pytest.approx(25)
    assert frame.at[B, "covered_share_pct"] == 0
    assert frame.at[B, "uncovered_km2"] == 4
    assert frame.at[B, "uncovered_residents"] == 10
    assert frame.at[B, "unreached_share_pct"] == pytest.approx(25)


def test_without_a_population_nothing_is_said_of_people():
    frame = toilet_shares.by_place(walks((A, 1.0, 10.0, "network", math.nan)), TEN)
    assert frame.loc[A, ["residents", "people_share_pct"]].isna().all()


def test_a_place_where_nobody_lives_has_no_share_of_people():
    frame = toilet_shares.by_place(walks((A, 1.0, 10.0, "network", 0.0)), TEN)
    assert math.isnan(frame.at[A, "people_share_pct"])


def test_methods_share_the_land_between_them(small):
    frame = toilet_shares.by_method(small, TEN, ())
    assert frame["part_pct"].to_dict() == pytest.approx({"network": 37.5, "straight": 62.5})
    assert frame["covered_share_pct"].to_dict() == pytest.approx({"network": 100, "straight": 0})
    assert list(toilet_shares.by_method(small, TEN, (B,)).index) == ["straight"]


def test_coverage_grows_with_the_minutes_and_agrees_with_the_circle(small):
    frame = toilet_shares.by_minutes(small, 4.5, ()).set_index("minutes")["covered_share_pct"]
    assert frame.is_monotonic_increasing
    assert frame.loc[[0, 9, 10, 11, 15, 16, 30]].tolist() == pytest.approx(
        [12.5, 12.5, 37.5, 50, 50, 87.5, 87.5]
    )


def test_no_cells_are_no_share(small):
    assert toilet_shares.whole(small, TEN, ("330102001",)) == {}
    none = walks((A, 1.0, 1.0, "network", 0))
    empty = Walks(none.cells.head(0), np.array([]), np.array([], dtype=object))
    assert toilet_shares.whole(empty, TEN, ()) == {}
    assert toilet_shares.by_minutes(empty, 4.5, ())["covered_share_pct"].isna().all()
