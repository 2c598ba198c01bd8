"""The light of lamps as a field, and their counts on a picture's lattice."""

import numpy as np
import pytest
import shapely

from geo.glow import Halo, light, seen
from geo.picture import lattice

PIXEL_M = 10.0
BOX = (120.15, 30.24, 120.17, 30.26)


def one_lamp(height=81, width=81):
    counts = np.zeros((height, width))
    counts[height // 2, width // 2] = 1
    return counts


@pytest.mark.parametrize("sigma_m", [8, 24, 90, 320])
def test_a_lamp_is_as_bright_in_its_middle_as_its_halo_says_and_fades(sigma_m):
    counts = one_lamp(301, 301)
    shone = light(counts, PIXEL_M, [Halo(sigma_m, 0.6)])
    assert shone.max() == pytest.approx(0.6, rel=0.12)
    assert shone[150, 150] == pytest.approx(shone.max(), rel=0.03)
    out = shone[150, 150 + 2 * round(sigma_m / PIXEL_M)]
    assert out < 0.35 * shone[150, 150]
    assert shone[0, 0] == pytest.approx(0, abs=1e-3)


def test_the_light_of_two_lamps_adds_up():
    counts = one_lamp()
    other = np.roll(counts, 7, axis=1)
    halos = [Halo(20, 0.5), Halo(150, 0.01)]
    both = light(counts + other, PIXEL_M, halos)
    apart = light(counts, PIXEL_M, halos) + light(other, PIXEL_M, halos)
    np.testing.assert_allclose(both, apart, atol=1e-5)


def test_light_is_spread_and_not_made():
    sigma_m = 120.0
    shone = light(one_lamp(400, 400), PIXEL_M, [Halo(sigma_m, 1.0)])
    # The volume of a bell of height 1 in pixels.
    assert shone.sum() == pytest.approx(2 * np.pi * (sigma_m / PIXEL_M) ** 2, rel=0.03)


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (37, 41)])
def test_a_picture_of_any_size_keeps_its_size_and_is_dark_without_lamps(shape):
    shone = light(np.zeros(shape), PIXEL_M, [Halo(8, 1), Halo(320, 1)])
    assert shone.shape == shape
    assert not shone.any()


def test_what_is_seen_grows_with_the_light_and_never_burns_out():
    brightness = np.array([0, 0.01, 0.5, 1, 3, 1000])
    shown = seen(brightness)
    assert shown[0] == 0
    assert (np.diff(shown) > 0).all()
    assert shown[1] == pytest.approx(0.01, rel=0.01)
    assert shown[-1] == pytest.approx(1)


class TestCounts:
    def test_each_point_is_counted_in_its_pixel(self):
        canvas = lattice(BOX, 25.0)
        west, south, east, north = BOX
        lon = np.array([west + 1e-6, east - 1e-6, (west + east) / 2, (west + east) / 2])
        lat = np.array([north - 1e-6, south + 1e-6, (south + north) / 2, (south + north) / 2])
        counts = canvas.counts(lon, lat)
        assert counts.shape == (canvas.height, canvas.width)
        assert counts.sum() == 4
        assert counts[0, 0] == counts[-1, -1] == 1
        assert counts[canvas.height // 2 - 1 : canvas.height // 2 + 1].max() == 2

    def test_points_outside_are_left_out(self):
        west, south, east, north = BOX
        lon, lat = (
            np.array([west - 1e-5, east + 1e-5, west, west]),
            np.array([south, south, north + 1e-5, south - 1e-5]),
        )
        assert not lattice(BOX, 25.0).counts(lon, lat).any()

    def test_no_points_are_no_counts(self):
        assert not lattice(BOX, 25.0).counts(np.array([]), np.array([])).any()

    def test_a_pixel_holds_what_lies_in_the_polygon_that_it_shows(self):
        canvas = lattice(BOX, 20.0)
        rng = np.random.default_rng(3)
        lon, lat = rng.uniform(BOX[0], BOX[2], 4000), rng.uniform(BOX[1], BOX[3], 4000)
        disc = shapely.Point(120.16, 30.25).buffer(0.004)
        inside = canvas.counts(lon, lat)[canvas.inside(disc)].sum()
        true = shapely.contains_xy(disc, lon, lat).sum()
        assert inside == pytest.approx(true, rel=0.05)
