"""Positions of registers: which system they are in, where they lie, in which subdistrict."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.registers.mentions import landmark_in, landmarks_named
from data.registers.positions import (
    RANGES,
    SAMPLE_ROWS,
    examine,
    geometry_to_degrees,
    in_range,
    subdistricts_of,
    to_degrees,
)
from geo import district
from geo.crs import SYSTEMS, from_wgs84
from geo.overlay import BORDER_SLACK_DEGREES, near

LON, LAT = 120.20, 30.25
SAME = {"cgcs2000": "wgs84"}
"""CGCS2000 is WGS-84 within a metre."""


def alike(one, other):
    return SAME.get(one, one) == SAME.get(other, other)


def written(frame, system, swapped=False):
    """Coordinates of a register's rows as a file in ``system`` holds them."""
    x, y = from_wgs84(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float), system)
    return (y, x) if swapped else (x, y)


def spoilt(x, y, share):
    """The same with a share of faulty rows: zeros, exchanged axes, a shifted point, blanks."""
    rng = np.random.default_rng(5)
    x, y, fault = x.copy(), y.copy(), rng.integers(0, 4, len(x))
    fault[rng.random(len(x)) >= share] = -1
    x[fault == 0], y[fault == 0] = 0, 0
    x[fault == 1], y[fault == 1] = y[fault == 1], x[fault == 1]
    x[fault == 2] *= 10
    y[fault == 3] = np.nan
    return x, y


@pytest.fixture(scope="module")
def toilets(built_tables):
    return built_tables["toilets.toilets"]


@pytest.fixture(scope="module")
def toilet_names(toilets):
    return toilets[["toilet_name", "street_name"]]


@pytest.fixture(scope="module")
def spots(built_tables):
    """A small register: 19 rows."""
    return built_tables["lighting.dark_spots"]


def assert_told(verdict, actual, swapped):
    """That the right system is suggested where another was declared, and nothing where not."""
    if alike(verdict.declared, actual) and verdict.swapped == swapped:
        assert (verdict.suggestion, verdict.blocks) == (None, False), verdict.message
    else:
        assert verdict.suggestion is not None, verdict.message
        assert alike(verdict.suggestion, actual), verdict.message
        assert verdict.suggested_swap == swapped


# --- which system --------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", SYSTEMS)
@pytest.mark.parametrize("actual", SYSTEMS)
def test_a_wrong_system_is_caught_and_the_right_one_left_in_peace(
    toilets, toilet_names, actual, declared
):
    assert_told(examine(*written(toilets, actual), toilet_names, declared), actual, False)


@pytest.mark.parametrize("declared", SYSTEMS)
@pytest.mark.parametrize("actual", ["wgs84", "gk120", "gcj02"])
@pytest.mark.parametrize(
    ("in_file", "declared_swapped"), [(True, False), (False, True), (True,) * 2]
)
def test_exchanged_axes_are_caught_in_a_small_register(
    spots, actual, declared, in_file, declared_swapped
):
    x, y = written(spots, actual, in_file)
    assert_told(examine(x, y, spots[["spot_name"]], declared, declared_swapped), actual, in_file)


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "gk120"])
@pytest.mark.parametrize("actual", ["gcj02", "gk120"])
def test_faulty_rows_do_not_hide_it(toilets, toilet_names, actual, declared, share):
    x, y = spoilt(*written(toilets, actual), share)
    assert_told(examine(x, y, toilet_names, declared), actual, False)


@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("actual", ["wgs84", "gcj02", "bd09"])
def test_names_that_mislead_and_rough_positions_do_not_hide_it(toilets, actual, declared):
    rng = np.random.default_rng(6)
    moved = toilets.assign(
        lon=toilets["lon"] + rng.normal(0, 80 / 96_000, len(toilets)),
        lat=toilets["lat"] + rng.normal(0, 80 / 111_000, len(toilets)),
    )
    names = toilets[["toilet_name"]].copy()
    wrong = rng.random(len(names)) < 0.3
    names.loc[wrong, "toilet_name"] = rng.permutation(names.loc[wrong, "toilet_name"])
    assert_told(examine(*written(moved, actual), names, declared), actual, False)


def test_lamps_by_the_street_they_stand_on(built_tables):
    lamps = built_tables["lighting.assets"]
    x, y = written(lamps, "gcj02")
    verdict = examine(x, y, lamps[["place_name"]], "wgs84")
    assert_told(verdict, "gcj02", False)
    assert f"{len(lamps):,} 个位置中随机抽查的 {SAMPLE_ROWS:,} 个" in verdict.message
    assert examine(x, y, lamps[["place_name"]], "wgs84") == verdict


def test_the_shift_that_share_cannot_show_is_said_in_metres(toilets, toilet_names):
    verdict = examine(*written(toilets, "gcj02"), toilet_names, "wgs84")
    assert verdict.inside_pct["wgs84"] > 90
    assert verdict.landmark_m["wgs84"] > 300 > 30 > verdict.landmark_m["gcj02"]
    assert verdict.landmark_count > 100
    assert not verdict.blocks
    assert "按所声明的 WGS-84 解释则位置偏离" in verdict.message
    assert "按 GCJ-02 解释只偏离" in verdict.message


def test_a_wrong_kind_is_said_in_shares_and_blocks(toilets, toilet_names):
    verdict = examine(*written(toilets, "gk120"), toilet_names, "wgs84")
    assert verdict.blocks
    assert (verdict.inside_pct["wgs84"], verdict.inside_pct["gk120"]) == (0, 100)
    assert verdict.message.startswith(
        f"按 高斯-克吕格 120E 解释则 100 % 落在区内，按所声明的 WGS-84 仅 0 %（据 {len(toilets)} 个位置"
    )


def test_a_few_rows_inside_by_chance_do_not_save_a_wrong_system(toilets, toilet_names):
    x, y = written(toilets, "gk120")
    x[:14], y[:14] = LON, LAT
    verdict = examine(x, y, toilet_names, "wgs84")
    assert verdict.blocks
    share_pct = 100 * 14 / len(toilets)
    assert f"按所声明的 WGS-84 仅 {share_pct:.1f} %" in verdict.message


@pytest.mark.parametrize("declared", SYSTEMS)
def test_the_same_degrees_under_two_names_are_never_held_against_each_other(
    toilets, toilet_names, declared
):
    verdict = examine(*written(toilets, "wgs84"), toilet_names, declared)
    assert verdict.inside_pct["wgs84"] == verdict.inside_pct["cgcs2000"]
    assert verdict.landmark_m["wgs84"] == verdict.landmark_m["cgcs2000"]
    assert list(verdict.inside_pct) == list(SYSTEMS)


def test_without_names_the_shift_stays_open_and_the_message_says_so(toilets):
    nothing = pd.DataFrame(index=toilets.index)
    verdict = examine(*written(toilets, "gcj02"), nothing, "wgs84")
    assert (verdict.suggestion, verdict.blocks, verdict.landmark_m) == (None, False, {})
    assert "无法据以核对偏移" in verdict.message
    verdict = examine(*written(toilets, "gcj02"), nothing, "gk120")
    assert verdict.blocks
    assert "GCJ-02、BD-09 也大致吻合，请向提供单位核实" in verdict.message


def test_nothing_declared_blocks_and_says_what_fits(toilets, toilet_names):
    verdict = examine(*written(toilets, "bd09"), toilet_names, None)
    assert verdict.blocks
    assert verdict.suggestion == "bd09"
    assert verdict.message.startswith("按 BD-09 解释则 100 % 落在区内")
    verdict = examine(np.array([1.0]), np.array([2.0]), toilet_names.head(1), None)
    assert (verdict.blocks, verdict.suggestion) == (True, None)
    assert "没有一种坐标系" in verdict.message


def test_no_positions_no_verdict():
    for rows in (0, 3):
        nowhere = np.full(rows, np.nan)
        verdict = examine(nowhere, nowhere, pd.DataFrame({"name": ["解放路"] * rows}), "gcj02")
        assert (verdict.suggestion, verdict.blocks, verdict.message) == (None, False, "")


def test_one_position_is_enough_to_tell_metres_from_degrees():
    texts = pd.DataFrame({"name": [None]})
    verdict = examine(np.array([519_248.7]), np.array([3_347_844.0]), texts, "wgs84")
    assert (verdict.suggestion, verdict.blocks) == ("gk120", True)
    verdict = examine(np.array([LON]), np.array([LAT]), texts, "wgs84")
    assert (verdict.suggestion, verdict.blocks) == (None, False)


def test_positions_of_another_place_fit_nothing():
    lon, lat = np.full(20, 116.4), np.full(20, 39.9)
    verdict = examine(lon, lat, pd.DataFrame({"name": ["解放路"] * 20}), "wgs84")
    assert (verdict.suggestion, verdict.blocks) == (None, False)
    assert "0 % 落在区内，其他坐标系也不吻合" in verdict.message


@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "gk120"])
def test_a_register_of_the_whole_city_is_not_blocked_for_it(toilets, toilet_names, declared):
    rng = np.random.default_rng(7)
    city = toilets[["lon", "lat"]].copy()
    far = np.arange(len(city)) % 12 != 0
    city.loc[far, "lon"] = rng.uniform(119.0, 120.0, far.sum())
    names = toilet_names.copy()
    names[far] = None
    x, y = written(city, declared)
    verdict = examine(x, y, names, declared)
    assert (verdict.suggestion, verdict.blocks) == (None, False)
    other = "wgs84" if declared == "gk120" else "gk120"
    assert examine(x, y, names, other).suggestion is not None


@pytest.mark.parametrize("declared", ["wgs84", "gcj02", "gk120"])
@pytest.mark.parametrize("layer", ["streets", "waterways", "water_areas"])
def test_shapes_that_reach_over_the_border_are_judged_by_their_names(layer, declared):
    features = [f for f in district.layer(layer) if next(iter(f.properties.values()))]
    key = next(key for key in features[0].properties if key.endswith("_name"))
    names = pd.DataFrame({"name": [feature.properties[key] for feature in features]})
    lon, lat = shapely.get_coordinates(
        shapely.point_on_surface([feature.geometry for feature in features])
    ).T
    for actual in ("wgs84", "gcj02"):
        x, y = from_wgs84(lon, lat, actual)
        assert_told(examine(x, y, names, declared), actual, False)


def test_one_row_more_inside_is_no_reason_to_doubt_a_small_register():
    inner = shapely.get_coordinates(district.outline().representative_point())[0]
    border = shapely.get_coordinates(district.outline().exterior)
    eastmost = border[border[:, 0].argmax()] - [1e-4, 0]
    # Read as WGS-84 it lies east of the border, read as GCJ-02 within.
    over = np.ravel(from_wgs84(eastmost[:1], eastmost[1:], "gcj02"))
    lon, lat = np.vstack([np.tile(inner, (5, 1)), over]).T
    verdict = examine(lon, lat, pd.DataFrame(index=range(6)), "wgs84")
    assert verdict.inside_pct["gcj02"] == 100 > 84 > verdict.inside_pct["wgs84"]
    assert (verdict.suggestion, verdict.blocks) == (None, False)


def test_names_that_fit_nowhere_are_mentioned(toilets):
    rng = np.random.default_rng(8)
    names = pd.DataFrame({"name": rng.permutation(toilets["toilet_name"])})
    verdict = examine(*written(toilets, "wgs84"), names, "wgs84")
    assert (verdict.suggestion, verdict.blocks) == (None, False)
    assert "请抽查位置" in verdict.message


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(), st.floats(), st.sampled_from(["解放路", "东河", "", None]))),
    st.sampled_from([*SYSTEMS, None]),
    st.booleans(),
)
def test_whatever_the_numbers_there_is_a_verdict(rows, declared, swapped):
    x, y = (np.array([row[axis] for row in rows], dtype=float) for axis in (0, 1))
    texts = pd.DataFrame({"name": pd.Series([row[2] for row in rows], dtype="str")})
    verdict = examine(x, y, texts, declared, swapped)
    assert all(0 <= share <= 100 for share in verdict.inside_pct.values())
    assert bool(verdict.message) == bool((np.isfinite(x) & np.isfinite(y)).any())


# --- what rows name ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("解放路123号公厕", "解放路"),
        ("钱江路地铁口公厕", "钱江路"),
        ("近江站B口", "近江站"),
        ("东河绿地", "东河"),
        ("彭埠街道公厕", ""),
        ("某处", ""),
        ("", ""),
        ("备注" * 5_000 + "解放路", ""),
    ],
)
def test_what_a_text_names(text, name):
    assert landmark_in(text) == name


def test_the_longest_name_counts_over_all_columns():
    assert landmark_in("京杭大运河东河口") == "京杭大运河"
    texts = pd.DataFrame(
        {"name": ["东河公厕", None, "解放路公厕"], "street": ["解放路", "东河", None]}
    )
    assert list(landmarks_named(texts)) == ["解放路", "东河", "解放路"]
    assert list(landmarks_named(texts.iloc[:0])) == []


# --- ranges --------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", SYSTEMS)
def test_only_its_own_kind_is_in_range_of_a_system(system):
    for other in SYSTEMS:
        x, y = from_wgs84(np.array([LON]), np.array([LAT]), other)
        assert in_range(x, y, system)[0] == (RANGES[other] == RANGES[system])
        assert not in_range(y, x, system)[0]


def test_zeros_and_blanks_are_in_no_range():
    x, y = np.array([0.0, np.nan, LON, np.inf]), np.array([0.0, LAT, np.nan, LAT])
    for system in SYSTEMS:
        assert not in_range(x, y, system).any()


# --- degrees -------------------------------------------------------------------------------------


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("system", SYSTEMS)
def test_columns_become_degrees(toilets, system, swapped):
    lon, lat = to_degrees(*written(toilets, system, swapped), system, swapped)
    assert np.abs(lon - toilets["lon"]).max() < 1e-9
    assert np.abs(lat - toilets["lat"]).max() < 1e-9


SHAPES = [
    shapely.Point(LON, LAT),
    shapely.LineString([(LON, LAT), (LON + 0.01, LAT), (LON + 0.02, LAT + 0.01)]),
    shapely.box(LON, LAT, LON + 0.01, LAT + 0.01),
    shapely.MultiLineString([[(LON, LAT), (LON, LAT + 0.01)], [(LON + 0.01, LAT), (LON, LAT)]]),
]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("system", SYSTEMS)
def test_geometries_become_degrees_without_height(system, swapped):
    def move(xy):
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], system))[:, :: -1 if swapped else 1]

    there = shapely.force_3d(shapely.transform(np.array(SHAPES, dtype=object), move), 7.0)
    back = geometry_to_degrees(np.array([*there, None], dtype=object), system, swapped)
    assert back[-1] is None
    assert not shapely.has_z(back[:-1]).any()
    assert shapely.equals_exact(back[:-1], SHAPES, tolerance=1e-9).all()


def test_geometries_that_cannot_be_of_a_system_are_left_out():
    metres = shapely.Point(519_248.7, 3_347_844.0)
    mixed = shapely.LineString([(LON, LAT), (519_248.7, 3_347_844.0)])
    found = geometry_to_degrees(np.array([metres, SHAPES[0], mixed], dtype=object), "gcj02")
    assert [geometry is None for geometry in found] == [True, False, True]
    assert len(geometry_to_degrees(np.array([], dtype=object), "gk120")) == 0


# --- subdistricts --------------------------------------------------------------------------------


def test_every_toilet_lies_in_its_subdistrict(toilets):
    found = subdistricts_of(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())
    assert list(found) == list(toilets["subdistrict_code"])


def test_a_position_just_over_the_border_belongs_to_the_nearest_subdistrict():
    ring = district.outline().exterior
    border = ring.interpolate(np.linspace(0, ring.length, 200, endpoint=False))
    outward = shapely.shortest_line(border, district.outline().buffer(0.001).exterior)
    for share, inside in ((0.9, True), (1.2, False)):
        points = shapely.line_interpolate_point(outward, share * BORDER_SLACK_DEGREES)
        lon, lat = shapely.get_coordinates(points).T
        found = subdistricts_of(lon, lat)
        assert (found != None).all() == inside  # noqa: E711  elementwise on purpose
        assert list(found != None) == list(near(district.outline(), lon, lat))  # noqa: E711
        for code, point in zip(found, points, strict=True):
            if code:
                area = district.subdistrict_areas()[code]
                assert shapely.distance(point, area) <= BORDER_SLACK_DEGREES


def test_positions_outside_and_missing_have_no_subdistrict():
    lon, lat = np.array([116.4, np.nan, 0.0, LAT]), np.array([39.9, LAT, 0.0, LON])
    assert list(subdistricts_of(lon, lat)) == [None] * 4
    assert list(subdistricts_of(np.array([]), np.array([]))) == []


def test_many_positions_as_one(toilets):
    rng = np.random.default_rng(9)
    west, south, east, north = district.outline().bounds
    lon, lat = rng.uniform(west, east, 50_000), rng.uniform(south, north, 50_000)
    found = subdistricts_of(lon, lat)
    for row in range(0, 50_000, 500):
        point = shapely.Point(lon[row], lat[row])
        holding = [c for c, area in district.subdistrict_areas().items() if area.intersects(point)]
        assert found[row] == (holding[0] if holding else None)
