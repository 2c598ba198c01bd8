"""Pure geometry: projection, cutting, assigning, points along lines, GeoJSON text."""

import json

import numpy as np
import pytest
import shapely
from pyproj import Geod

from data.geography import river_bank, shoreline_in_metres
from geo import along, district
from geo.geojson import from_text, to_text
from geo.overlay import MIN_PIECE_M, assign_points, cut_by_areas, line_parts
from geo.projection import (
    area_km2,
    length_m,
    points_to_degrees,
    points_to_metres,
    to_degrees,
    to_metres,
)

LON, LAT = 120.20, 30.25
STEP = 0.01
WEST = shapely.box(LON, LAT, LON + STEP, LAT + STEP)
EAST = shapely.box(LON + STEP, LAT, LON + 2 * STEP, LAT + STEP)
AREAS = {"west": WEST, "east": EAST}


# --- projection ----------------------------------------------------------------------------------


def test_known_point():
    east_m, north_m = points_to_metres(np.array([LON]), np.array([LAT]))
    assert east_m[0] == pytest.approx(519248.7, abs=0.1)
    assert north_m[0] == pytest.approx(3347844.0, abs=0.1)


def test_degrees_survive_the_round_trip():
    lon, lat = points_to_degrees(*points_to_metres(np.array([LON]), np.array([LAT])))
    assert (lon[0], lat[0]) == pytest.approx((LON, LAT), abs=1e-9)
    assert shapely.equals_exact(to_degrees(to_metres(WEST)), WEST, tolerance=1e-9)


@pytest.mark.parametrize(
    "end", [(LON + STEP, LAT), (LON, LAT + STEP), (LON + STEP, LAT + STEP)], ids=["E", "N", "NE"]
)
def test_length_is_that_on_the_ellipsoid(end):
    line = shapely.LineString([(LON, LAT), end])
    assert length_m(line) == pytest.approx(Geod(ellps="GRS80").geometry_length(line), rel=2e-5)


def test_district_area():
    assert area_km2(district.outline()) == pytest.approx(119.7, abs=0.1)


# --- cutting -------------------------------------------------------------------------------------


def test_cutting_keeps_the_length():
    line = shapely.LineString([(LON + 0.002, LAT + 0.003), (LON + 0.018, LAT + 0.007)])
    pieces = cut_by_areas(line, AREAS)
    assert set(pieces) == {"west", "east"}
    assert sum(piece_m for _, piece_m in pieces.values()) == pytest.approx(length_m(line), abs=0.01)


def test_a_line_on_the_border_goes_to_one_area():
    border = shapely.LineString([(LON + STEP, LAT + 0.001), (LON + STEP, LAT + 0.009)])
    pieces = cut_by_areas(border, AREAS)
    assert list(pieces) == ["west"]
    assert pieces["west"][1] == pytest.approx(length_m(border), abs=0.01)


def test_parts_outside_and_slivers_are_left_out():
    sliver = 0.5 * MIN_PIECE_M / 96_000
    line = shapely.LineString([(LON - STEP, LAT + 0.005), (LON + STEP + sliver, LAT + 0.005)])
    pieces = cut_by_areas(line, AREAS)
    assert list(pieces) == ["west"]
    assert pieces["west"][1] == pytest.approx(length_m(line) / 2, abs=1)
    assert cut_by_areas(shapely.LineString([(119, 30), (119.1, 30)]), AREAS) == {}


def test_a_line_through_an_area_twice_is_one_piece_of_two_parts():
    ys = (LAT + 0.002, LAT + 0.008)
    bend = [(LON + 0.005, ys[0]), (LON - 0.005, ys[0]), (LON - 0.005, ys[1]), (LON + 0.005, ys[1])]
    piece, piece_m = cut_by_areas(shapely.LineString(bend), AREAS)["west"]
    assert shapely.get_num_geometries(piece) == 2
    assert piece_m == pytest.approx(length_m(shapely.LineString(bend[:2])), abs=0.1)


@pytest.mark.parametrize("layer", ["waterways", "streets"])
def test_real_lines_keep_their_length_inside_the_district(layer):
    areas = district.subdistrict_areas()
    for feature in district.layer(layer):
        inside = line_parts(shapely.intersection(feature.geometry, district.outline()))
        pieces = cut_by_areas(feature.geometry, areas)
        total_m = sum(piece_m for _, piece_m in pieces.values())
        slack_m = MIN_PIECE_M * (len(pieces) + 1)
        assert total_m == pytest.approx(0 if inside.is_empty else length_m(inside), abs=slack_m)


# --- assigning -----------------------------------------------------------------------------------


def test_points_inside_on_borders_and_outside():
    lon = LON + np.array([0.005, 0.015, STEP, 0.0, 2 * STEP, -0.001])
    lat = np.full(6, LAT + 0.005)
    assert list(assign_points(lon, lat, AREAS)) == ["west", "east", "west", "west", "east", None]


def test_a_hole_is_outside_but_its_edge_is_not():
    hole = shapely.box(LON + 0.004, LAT + 0.004, LON + 0.006, LAT + 0.006)
    ring = {"ring": shapely.difference(WEST, hole)}
    lon = LON + np.array([0.005, 0.004, 0.002])
    assert list(assign_points(lon, np.full(3, LAT + 0.005), ring)) == [None, "ring", "ring"]


def test_no_points_and_no_areas():
    nothing = np.array([])
    assert list(assign_points(nothing, nothing, AREAS)) == []
    assert list(assign_points(np.array([LON]), np.array([LAT]), {})) == [None]


# --- along ---------------------------------------------------------------------------------------

ROAD_M = shapely.LineString([(0, 0), (100, 0)])


def test_points_along_are_evenly_spaced():
    points = along.points_along(ROAD_M, 20)
    assert points[:, 0] == pytest.approx([10, 30, 50, 70, 90])
    assert points[:, 1] == pytest.approx(np.zeros(5))


def test_positive_offset_is_to_the_left():
    assert along.points_along(ROAD_M, 50, 4)[:, 1] == pytest.approx([4, 4])
    assert along.points_along(ROAD_M.reverse(), 50, 4)[:, 1] == pytest.approx([-4, -4])


def test_staggered_points_change_sides():
    points = along.points_along(ROAD_M, 25, 4, staggered=True)
    assert points[:, 1] == pytest.approx([4, -4, 4, -4])


def test_each_piece_of_a_multi_line_is_walked_and_short_ones_left_out():
    pieces = [[(0, 0), (100, 0)], [(0, 50), (8, 50)], [(0, 90), (30, 90)]]
    points = along.points_along(shapely.MultiLineString(pieces), 30)
    assert sorted(points[:, 1]) == [0, 0, 0, 90]
    assert along.points_along(shapely.LineString(), 30).shape == (0, 2)


def test_offset_keeps_its_distance_round_a_corner():
    corner = shapely.LineString([(0, 0), (50, 0), (50, 50)])
    points = shapely.points(along.points_along(corner, 7, -5))
    assert shapely.distance(points, corner) == pytest.approx(np.full(len(points), 5), abs=0.01)


def test_point_at_a_share_of_the_longest_piece():
    lines = shapely.MultiLineString([[(0, 9), (10, 9)], [(0, 0), (100, 0)]])
    assert along.point_at(lines, 0.25) == pytest.approx((25, 0))
    assert along.point_at(lines, 1.0, 3) == pytest.approx((100, 3))


def test_thinned_points_keep_their_distance_and_respect_those_that_stand():
    generator = np.random.default_rng(1)
    points = generator.uniform(0, 100, (400, 2))
    taken = np.array([[50.0, 50.0]])
    chosen = points[along.thinned(points, 10, 15, generator, taken)]
    together = shapely.points(np.vstack((chosen, taken)))
    apart = shapely.distance(together[:, None], together[None, :])
    assert len(chosen) == 10
    assert apart[~np.eye(11, dtype=bool)].min() >= 15
    assert len(along.thinned(points, 400, 15, generator, taken)) < 60


# --- GeoJSON -------------------------------------------------------------------------------------


def test_text_has_five_decimals_and_reads_back():
    line = shapely.LineString([(120.123456789, 30.1), (120.2, 30.987654321)])
    text = to_text(line)
    expected = {"type": "LineString", "coordinates": [[120.12346, 30.1], [120.2, 30.98765]]}
    assert json.loads(text) == expected
    assert shapely.equals_exact(from_text(text), line, tolerance=1e-5)


def test_no_geometry_is_no_text():
    assert to_text(None) is None
    assert to_text(shapely.LineString()) is None


# --- shorelines ----------------------------------------------------------------------------------

RIVER = shapely.box(0, 0, 4000, 1000)
PIER = shapely.box(1000, 700, 1040, 1100)
LOCK = shapely.box(2500, 990, 2700, 1600)
BAY = shapely.box(2000, 990, 3200, 1900)


@pytest.mark.parametrize(
    ("water", "is_straight"),
    [
        (RIVER, True),
        (RIVER - PIER, True),
        (RIVER | LOCK, True),
        ((RIVER - PIER) | LOCK, True),
        (RIVER | BAY, False),
    ],
    ids=["plain", "pier", "lock", "both", "bay"],
)
def test_a_shoreline_follows_bays_and_passes_piers_and_locks(water, is_straight):
    line = along.shoreline(water, 500)
    upper = shapely.intersection(line, shapely.box(500, 500, 3500, 3000))
    assert (abs(upper.length - 3000) < 20) == is_straight
    assert upper.bounds[3] == pytest.approx(1000 if is_straight else 1900, abs=10)


def test_the_shore_of_the_great_river_is_as_long_as_the_plan_says():
    """The plan's annex 1 gives 19 km of «黄金岸线»; with every wharf and lock it would be 24 km."""
    assert shoreline_in_metres().length == pytest.approx(19_000, rel=0.05)
    far = shapely.hausdorff_distance(shoreline_in_metres(), to_metres(river_bank()))
    # The lock of the canal reaches some 600 m into the land.
    assert far < 800
