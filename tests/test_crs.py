"""Coordinate systems: held against an independent converter, a known point, and the way back."""

import coord_convert.transform as independent
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo import district
from geo.crs import GCJ_LON, SHORT_NAMES, SYSTEMS, from_wgs84, to_wgs84

LON, LAT = 120.20, 30.25
TENTH_OF_A_METRE = 0.1
EXACT = 1e-9
"""Degrees: a tenth of a millimetre."""

FORWARD = {"gcj02": independent.wgs2gcj, "bd09": independent.wgs2bd}
BACK = {"gcj02": (independent.gcj2wgs, TENTH_OF_A_METRE), "bd09": (independent.bd2wgs, 0.2)}
"""The other converter's way back from BD-09 is not iterated, and 0.13 m off itself."""
DEGREES = ("wgs84", "cgcs2000", "gcj02", "bd09")


def metres_apart(lon1, lat1, lon2, lat2):
    return np.abs(Geod(ellps="WGS84").inv(lon1, lat1, lon2, lat2)[2])


def one(convert, x, y, system):
    """A single position through a conversion of arrays."""
    first, second = convert(np.array([x]), np.array([y]), system)
    return first[0], second[0]


@pytest.fixture(scope="module")
def around():
    """A net of positions over the district and a quarter of a degree about it."""
    west, south, east, north = district.outline().bounds
    lon, lat = np.meshgrid(
        np.linspace(west - 0.25, east + 0.25, 41), np.linspace(south - 0.25, north + 0.25, 41)
    )
    return lon.ravel(), lat.ravel()


def test_every_system_has_a_name_for_sentences():
    assert SHORT_NAMES.keys() == SYSTEMS.keys()


# --- against others ------------------------------------------------------------------------------


@pytest.mark.parametrize("system", FORWARD)
def test_forth_agrees_with_an_independent_converter(around, system):
    theirs = np.array([FORWARD[system](*pair) for pair in zip(*around, strict=True)])
    ours = from_wgs84(*around, system)
    assert metres_apart(*ours, *theirs.T).max() < TENTH_OF_A_METRE / 1000


@pytest.mark.parametrize("system", BACK)
def test_back_agrees_with_an_independent_converter(around, system):
    convert, tolerance_m = BACK[system]
    x, y = from_wgs84(*around, system)
    theirs = np.array([convert(*pair) for pair in zip(x, y, strict=True)])
    assert metres_apart(*to_wgs84(x, y, system), *theirs.T).max() < tolerance_m


@pytest.mark.parametrize(("system", "epsg"), [("gk120", 4549), ("gk120_zone", 4528)])
def test_projected_systems_agree_with_the_register_of_projections(around, system, epsg):
    theirs = Transformer.from_crs(4490, epsg, always_xy=True).transform(*around)
    assert np.hypot(*(np.array(from_wgs84(*around, system)) - theirs)).max() < TENTH_OF_A_METRE


def test_the_known_point():
    assert one(from_wgs84, LON, LAT, "gk120") == pytest.approx((519_248.7, 3_347_844.0), abs=0.1)
    east_m, north_m = one(from_wgs84, LON, LAT, "gk120_zone")
    assert (east_m, north_m) == pytest.approx((40_519_248.7, 3_347_844.0), abs=0.1)
    assert one(to_wgs84, 519_248.7, 3_347_844.0, "gk120") == pytest.approx((LON, LAT), abs=1e-6)


@pytest.mark.parametrize(("system", "off_m"), [("gcj02", 514), ("bd09", 1136), ("cgcs2000", 0)])
def test_how_far_off_a_system_is_here(system, off_m):
    moved = one(from_wgs84, LON, LAT, system)
    assert metres_apart(LON, LAT, *moved) == pytest.approx(off_m, abs=1)


# --- there and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS)
def test_around_the_district_the_way_back_is_exact(around, system):
    back = to_wgs84(*from_wgs84(*around, system), system)
    assert np.abs(np.array(back) - around).max() < EXACT


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(DEGREES), st.floats(72.1, 137.8), st.floats(0.9, 55.8))
def test_all_over_china_the_way_back_is_exact(system, lon, lat):
    back = one(to_wgs84, *one(from_wgs84, lon, lat, system), system)
    assert back == pytest.approx((lon, lat), abs=EXACT)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["gk120", "gk120_zone"]), st.floats(117, 123), st.floats(4, 54))
def test_in_the_zone_the_way_back_is_exact(system, lon, lat):
    back = one(to_wgs84, *one(from_wgs84, lon, lat, system), system)
    assert back == pytest.approx((lon, lat), abs=EXACT)


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.86), (-120.0, 30.0), (139.7, 35.7), (120, -30)])
def test_outside_china_gcj02_is_wgs84(lon, lat):
    assert one(from_wgs84, lon, lat, "gcj02") == (lon, lat)
    assert one(to_wgs84, lon, lat, "gcj02") == (lon, lat)
    theirs = independent.wgs2bd(lon, lat)
    assert one(from_wgs84, lon, lat, "bd09") == pytest.approx(theirs, abs=EXACT)


def test_the_edge_of_the_shift_is_no_stumbling_block():
    lon = np.linspace(GCJ_LON[1] - 0.02, GCJ_LON[1] + 0.02, 401)
    lat = np.full(lon.size, 45.0)
    back = to_wgs84(*from_wgs84(lon, lat, "gcj02"), "gcj02")
    inside = lon < GCJ_LON[1] - EXACT
    assert np.abs(back[0] - lon)[inside].max() < EXACT
    assert np.isfinite(back).all()


# --- what is no position -------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS)
def test_missing_positions_stay_missing_and_spare_their_neighbours(system):
    here = one(from_wgs84, LON, LAT, system)
    x = np.array([here[0], np.nan, here[0], np.inf, here[0]])
    y = np.array([here[1], here[1], np.nan, here[1], -np.inf])
    lon, lat = to_wgs84(x, y, system)
    assert (lon[0], lat[0]) == pytest.approx((LON, LAT), abs=EXACT)
    assert np.isnan(lon[1:]).all() and np.isnan(lat[1:]).all()
    assert np.isnan(from_wgs84(np.array([np.nan]), np.array([LAT]), system)).all()


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(("x", "y"), [(1e12, 1e12), (-4e8, 3e6), (1e300, -1e300)])
def test_impossible_positions_are_missing(system, x, y):
    assert np.isnan(one(to_wgs84, x, y, system)).all()


@pytest.mark.parametrize("system", DEGREES)
def test_metres_are_no_degrees(system):
    assert np.isnan(one(to_wgs84, 519_248.7, 3_347_844.0, system)).all()
    assert np.isnan(one(to_wgs84, LON, 95.0, system)).all()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(SYSTEMS)), st.floats(), st.floats())
def test_any_two_numbers_make_a_position_or_none(system, x, y):
    for convert in (to_wgs84, from_wgs84):
        first, second = one(convert, x, y, system)
        assert np.isfinite(first) == np.isfinite(second)
        assert not np.isinf(first)


@pytest.mark.parametrize("system", SYSTEMS)
def test_no_positions_and_many(system):
    assert [len(part) for part in to_wgs84(np.array([]), np.array([]), system)] == [0, 0]
    lon, lat = np.full(40_000, LON), np.linspace(30.1, 30.4, 40_000)
    back = to_wgs84(*from_wgs84(lon, lat, system), system)
    assert np.abs(np.array(back) - (lon, lat)).max() < EXACT


def test_what_comes_in_is_left_as_it_is():
    lon, lat = np.array([LON]), np.array([LAT])
    for system in SYSTEMS:
        to_wgs84(*from_wgs84(lon, lat, system), system)
    assert (lon[0], lat[0]) == (LON, LAT)


def test_an_unknown_system_is_an_error():
    with pytest.raises(KeyError):
        to_wgs84(np.array([LON]), np.array([LAT]), "utm50")
