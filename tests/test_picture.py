"""A picture over the map: where its pixels lie, and which of them a geometry holds."""

import math

import numpy as np
import pytest
import shapely

from geo.picture import lattice
from geo.projection import points_to_metres
from geo.view import mercator_y

BOX = (120.13, 30.19, 120.30, 30.40)
"""As large as the district, west, south, east, north."""


@pytest.fixture(scope="module")
def pixels():
    return lattice(BOX, 25.0)


def middle(pixels, row, column):
    """Longitude and latitude of the middle of a pixel, worked out one by one."""
    west, south, east, north = pixels.box
    top, bottom = mercator_y(north), mercator_y(south)
    y = top + (row + 0.5) / pixels.height * (bottom - top)
    lat = math.degrees(math.atan(math.sinh(y * 2 * math.pi)))
    return west + (column + 0.5) / pixels.width * (east - west), lat


@pytest.mark.parametrize("down", [0.0, 0.13, 0.5, 1.0])
@pytest.mark.parametrize("across", [0.0, 0.37, 1.0])
def test_pixels_lie_where_projecting_each_by_itself_puts_them(pixels, down, across):
    row, column = round(down * (pixels.height - 1)), round(across * (pixels.width - 1))
    east_m, north_m = pixels.metres()
    expected = points_to_metres(*middle(pixels, row, column))
    assert (east_m[row, column], north_m[row, column]) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("pixel_m", [10.0, 25.0, 400.0])
def test_pixels_are_squares_of_about_the_asked_width(pixel_m):
    east_m, north_m = lattice(BOX, pixel_m).metres()
    across = np.hypot(np.diff(east_m, axis=1), np.diff(north_m, axis=1))
    down = np.hypot(np.diff(east_m, axis=0), np.diff(north_m, axis=0))
    assert across.mean() == pytest.approx(pixel_m, rel=0.03)
    assert down.mean() == pytest.approx(pixel_m, rel=0.03)


def test_a_geometry_holds_the_pixels_whose_middle_it_holds_but_for_its_edge(pixels):
    lake = shapely.Point(120.2, 30.3).buffer(0.05)
    island = shapely.Point(120.2, 30.3).buffer(0.02)
    pond = shapely.Point(120.2, 30.3).buffer(0.005)
    whole = shapely.union(shapely.difference(lake, island), pond)
    inside = pixels.inside(whole)
    rows, columns = np.mgrid[0 : pixels.height : 7, 0 : pixels.width : 7]
    at = [
        middle(pixels, row, column)
        for row, column in zip(rows.ravel(), columns.ravel(), strict=True)
    ]
    points = shapely.points(at)
    clear = shapely.distance(shapely.boundary(whole), points) > 0.0006
    expected = shapely.contains(whole, points)
    assert (inside[rows.ravel(), columns.ravel()] == expected)[clear].all()
    assert expected[clear].any() and not expected[clear].all()


def test_nothing_holds_no_pixel(pixels):
    assert not pixels.inside(shapely.Polygon()).any()
