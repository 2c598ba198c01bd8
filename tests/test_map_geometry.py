"""What a map shows and where: the view of a box, labels, the fade, the classes of a choropleth."""

import itertools
import math
from dataclasses import replace

import pytest
import shapely

from geo import district
from geo.labels import Label, Placed, place, text_size_px
from geo.mask import FADE_STEPS_M, fade_rings
from geo.projection import to_metres
from geo.view import TILE_PX, fit_box, fit_clear, mercator_y, union_box
from ui.charts import rank_classes

SHANGCHENG = (120.13, 30.19, 120.32, 30.39)
SCREENS = [(864, 790), (1728, 1900), (356, 420), (2000, 300), (300, 2000)]

# --- the view ------------------------------------------------------------------------------------


def extent_px(box, zoom):
    """Width and height in pixels of a box of degrees in Web Mercator at a zoom."""
    west, south, east, north = box

    def northing(lat):
        return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / (2 * math.pi)

    world = 512 * 2**zoom
    return (east - west) / 360 * world, (northing(north) - northing(south)) * world


BOXES = {
    "district": SHANGCHENG,
    "wide": (120.0, 30.24, 120.5, 30.26),
    "tall": (120.20, 30.0, 120.21, 30.6),
    "south of the equator": (-70.7, -33.6, -70.5, -33.3),
    "across the equator": (10.0, -1.0, 11.0, 1.0),
}


@pytest.mark.parametrize("box", BOXES.values(), ids=BOXES)
@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("padding", [12, 30])
def test_the_whole_box_is_in_view_and_fills_it(box, width, height, padding):
    lon, lat, zoom = fit_box(box, width, height, padding)
    shown_width, shown_height = extent_px(box, zoom)
    assert shown_width <= width
    assert shown_height <= height
    filled = max(shown_width / (width - 2 * padding), shown_height / (height - 2 * padding))
    assert filled == pytest.approx(1, abs=0.01)
    # Centred: as much of the box on either side.
    right_of_centre, above_centre = extent_px((lon, lat, *box[2:]), zoom)
    assert right_of_centre == pytest.approx(shown_width / 2, abs=2)
    assert above_centre == pytest.approx(shown_height / 2, abs=2)


def test_without_padding_the_whole_box_is_in_view_too():
    for width, height in itertools.product(range(300, 2000, 70), repeat=2):
        shown_width, shown_height = extent_px(SHANGCHENG, fit_box(SHANGCHENG, width, height)[2])
        assert shown_width <= width + 0.1
        assert shown_height <= height + 0.1


def test_the_same_box_on_the_same_screen_is_the_same_view_to_the_last_digit():
    lon, lat, zoom = fit_box(SHANGCHENG, 864, 790, 28)
    jittered = tuple(side + 1e-9 for side in SHANGCHENG)
    assert fit_box(jittered, 864.001, 790.001, 28) == (lon, lat, zoom)
    assert (lon, lat, zoom) == (round(lon, 5), round(lat, 5), round(zoom, 2))


def test_twice_the_screen_is_one_zoom_more():
    near, far = (fit_box(SHANGCHENG, 864 * k, 790 * k)[2] for k in (2, 1))
    assert near - far == pytest.approx(1, abs=0.011)


@pytest.mark.parametrize(
    "box",
    [
        (120.2, 30.25, 120.2, 30.25),
        (120.2, 30.25, 120.2000001, 30.2500001),
        (120.2, 30.25, 120.2004, 30.2504),
    ],
    ids=["a point", "a hand", "a yard"],
)
def test_a_tiny_box_is_not_zoomed_beyond_the_limit(box):
    assert fit_box(box, 864, 790) == (
        round((box[0] + box[2]) / 2, 5),
        pytest.approx(30.2502, abs=3e-4),
        15.5,
    )
    assert fit_box(box, 864, 790, max_zoom=13)[2] == 13


@pytest.mark.parametrize(("width", "height"), [(10, 10), (0, 0), (60, 4000)])
def test_a_screen_without_room_still_has_a_view(width, height):
    lon, lat, zoom = fit_box(SHANGCHENG, width, height, padding_px=100)
    assert all(math.isfinite(value) for value in (lon, lat, zoom))
    assert 6 < zoom < 12


@pytest.mark.parametrize("code", district.subdistrict_areas())
def test_a_whole_subdistrict_is_in_view(code):
    west, south, east, north = box = district.subdistrict_areas()[code].bounds
    lon, lat, zoom = fit_box(box, 864, 790, 0.035 * 790)
    left, below = extent_px((west, south, lon, lat), zoom)
    right, above = extent_px((lon, lat, east, north), zoom)
    assert max(left, right) <= 864 / 2
    assert max(above, below) <= 790 / 2


def on_screen(box, view, size_px):
    """Left, top, right and foot of a box in pixels from the screen's upper left corner."""
    lon, lat, zoom = view
    world = TILE_PX * 2**zoom
    xs = [size_px[0] / 2 + (at - lon) / 360 * world for at in (box[0], box[2])]
    ys = [size_px[1] / 2 - (mercator_y(at) - mercator_y(lat)) * world for at in (box[3], box[1])]
    return xs[0], ys[0], xs[1], ys[1]


FLAT, TALL, SQUARE = (120.1, 30.29, 120.3, 30.31), (120.19, 30.2, 120.21, 30.4), SHANGCHENG


@pytest.mark.parametrize("corner_px", [(200, 90), (300, 240), (90, 300), (900, 900), (0, 0)])
@pytest.mark.parametrize("box", [FLAT, TALL, SQUARE], ids=["flat", "tall", "square"])
def test_a_box_is_shown_whole_and_clear_of_the_corner(box, corner_px):
    size_px = 860, 760
    left, top, right, foot = on_screen(box, fit_clear(box, size_px, 0.05, 15.5, corner_px), size_px)
    assert 0 <= left < right <= size_px[0] and 0 <= top < foot <= size_px[1]
    # A corner that takes half of the screen and more counts to two fifths.
    assert left >= min(corner_px[0], 0.4 * 860) - 1 or top >= min(corner_px[1], 0.4 * 760) - 1


def test_a_box_that_does_not_reach_under_the_corner_is_shown_as_without_it():
    free = fit_clear(FLAT, (860, 760), 0.05, 15.5)
    assert fit_clear(FLAT, (860, 760), 0.05, 15.5, (300, 240)) == free
    assert free == fit_box(FLAT, 860, 760, 0.05 * 760)


def test_a_tall_box_stands_beside_the_corner_and_keeps_its_size():
    size_px, corner_px = (860, 760), (450, 240)
    free, beside = (fit_clear(TALL, size_px, 0.05, 15.5, corner) for corner in ((0, 0), corner_px))
    assert beside[2] == free[2] and beside[0] < free[0] and beside[1] == free[1]


def test_northing_of_known_latitudes():
    assert mercator_y(0) == 0
    assert mercator_y(85.0511287798) == pytest.approx(0.5, abs=1e-9)
    assert mercator_y(-30) == pytest.approx(-mercator_y(30))


@pytest.mark.parametrize(
    ("boxes", "union"),
    [
        ([(1, 2, 3, 4)], (1, 2, 3, 4)),
        ([(1, 2, 3, 4), (5, 6, 7, 8)], (1, 2, 7, 8)),
        ([(0, 0, 9, 9), (1, 2, 3, 4)], (0, 0, 9, 9)),
        ([(-5, 2, 3, 4), (1, -6, 3, 4), (1, 2, 30, 4), (1, 2, 3, 40)], (-5, -6, 30, 40)),
    ],
    ids=["one", "apart", "one in the other", "four corners"],
)
def test_the_union_is_the_smallest_box_around_all(boxes, union):
    assert union_box(boxes) == union


# --- labels --------------------------------------------------------------------------------------

LON, LAT = 120.2, 30.25


def at_pixels(x, y, zoom):
    """Position (lon, lat) that lies x pixels right of and y below a fixed point at a zoom."""
    world = TILE_PX * 2**zoom
    northing = mercator_y(LAT) - y / world
    return LON + x / world * 360, math.degrees(math.atan(math.sinh(northing * 2 * math.pi)))


def placed(labels, zoom, **options):
    """What ``place`` makes of the labels."""
    return list(place(tuple(labels), zoom, **options))


def label(x, y, text="标注", size=14.0, weight=1.0, is_kept=False, zoom=12):
    return Label(*at_pixels(x, y, zoom), text, size, weight, is_kept)


def box_of(wanted, spot, zoom):
    """Where a placed label lies on the screen."""
    world = TILE_PX * 2**zoom
    x = wanted.lon / 360 * world + spot.dx_px
    y = -mercator_y(wanted.lat) * world + spot.dy_px
    width, height = text_size_px(wanted.text, wanted.size_px)
    return shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def collisions(labels, spots, zoom):
    """Pairs of placed labels of which one covers part of the other."""
    boxes = [(spot.index, box_of(labels[spot.index], spot, zoom)) for spot in spots]
    return [
        (labels[i].text, labels[j].text)
        for (i, a), (j, b) in itertools.combinations(boxes, 2)
        if a.intersection(b).area > 1e-6
    ]


def crowd(count, spread_px, zoom=12):
    """Many labels of mixed lengths and weights on a small screen, always the same ones."""
    return [
        label(
            (i * 7919) % spread_px, (i * 104729) % spread_px, "笕桥街道机场路"[: 1 + i % 7] + "x" * (i % 3),
            10 + i % 9, (i * 31) % 17, zoom=zoom,
        )
        for i in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "spread_px"), [(2, 30), (40, 400), (200, 500), (60, 2000)])
def test_no_label_covers_another(count, spread_px):
    labels = crowd(count, spread_px)
    spots = placed(labels, 12)
    assert spots
    assert collisions(labels, spots, 12) == []


def test_no_labels_no_places():
    assert placed([], 12) == []


def test_a_label_alone_stands_on_its_position():
    (spot,) = placed([label(0, 0)], 12)
    assert (spot.index, spot.dx_px, spot.dy_px) == (0, 0, 0)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_heaviest_keeps_its_place_whatever_the_order(order):
    labels = [label(3 * i, 0, "重要标注", weight=i) for i in order]
    first = placed(labels, 12)[0]
    assert labels[first.index].weight == 2
    assert (first.dx_px, first.dy_px) == (0, 0)


def test_a_light_label_gives_way_and_one_without_room_is_left_out():
    heavy = [label(x, y, "重要重要", weight=9) for x in (-60, 0, 60) for y in (-18, 0, 18)]
    light = label(0, 0, "小", weight=1)
    spots = placed([*heavy, light], 12)
    assert {spot.index for spot in spots} == set(range(9))
    moved = placed([heavy[4], light], 12)
    assert [spot.index for spot in moved] == [0, 1]
    assert (moved[1].dx_px, moved[1].dy_px) != (0, 0)


def test_a_kept_label_shows_on_its_position_even_without_room():
    heavy = [label(x, y, "重要重要", weight=9) for x in (-60, 0, 60) for y in (-18, 0, 18)]
    kept = label(0, 0, "小", weight=1, is_kept=True)
    spot = placed([*heavy, kept], 12)[-1]
    assert (spot.index, spot.dx_px, spot.dy_px) == (9, 0, 0)


def test_a_kept_label_goes_farther_before_it_covers_another():
    heavy = [label(x, y, "重要重要", weight=9) for x in (-60, 0, 60) for y in (-18, 0, 18)]
    low = label(0, 36, "凤凰山脚", weight=1, is_kept=True)
    spots = placed([*heavy, low], 12)
    assert len(spots) == 10
    assert collisions([*heavy, low], spots, 12) == []


def test_a_label_beside_its_mark_finds_a_side_where_above_and_below_are_taken():
    taken = [label(0, y, "重要重要重要", weight=9) for y in (-26, 26)]
    mark = replace(label(0, 0, "枢纽"), is_beside=True)
    spots = placed([*taken, mark], 12)
    assert [spot.index for spot in spots] == [0, 1, 2]
    assert abs(spots[2].dx_px) > text_size_px("枢纽", 14)[0] / 2
    assert collisions([*taken, mark], spots, 12) == []


def test_a_label_is_never_placed_twice_nor_invented():
    labels = crowd(150, 600)
    indexes = [spot.index for spot in placed(labels, 12)]
    assert len(indexes) == len(set(indexes))
    assert set(indexes) <= set(range(150))


def test_zooming_in_finds_room_for_more():
    shown = [len(placed(crowd(150, 600), zoom)) for zoom in (12, 13, 14, 16)]
    assert shown == sorted(shown)
    assert shown[0] < shown[-1] == 150


@pytest.mark.parametrize("deeper", [0.5, 1, 2, 4])
def test_a_crowd_of_labels_stays_apart_when_zoomed_in(deeper):
    labels = crowd(150, 600)
    assert collisions(labels, placed(labels, 12), 12 + deeper) == []


@pytest.mark.parametrize("deeper", [3, 4])
def test_a_label_moved_to_the_other_side_of_its_neighbour_stays_clear_when_zoomed_in(deeper):
    labels = [label(0, 0, "湖滨", weight=9), label(0, 1, "小营")]
    spots = placed(labels, 12)
    assert len(spots) == 2
    assert collisions(labels, spots, 12 + deeper) == []


def covered_signs(wanted, spot, places):
    """How many signs, 18 pixels wide at places (pixels), a placed label covers."""
    box, origin = box_of(wanted, spot, 12), box_of(label(0, 0, ""), Placed(0, 0, 0), 12).centroid
    return sum(
        shapely.Point(origin.x + x, origin.y + y).buffer(9, cap_style="square").intersects(box)
        for x, y in places
    )


def test_labels_stand_off_signs_and_off_one_another():
    labels = [label(x, 0, "湖滨\n余 4", weight=50, is_kept=True) for x in (0, 60)]
    places = (0, 0), (4, 8), (-4, -6)
    signs = tuple(at_pixels(x, y, 12) for x, y in places)
    assert covered_signs(labels[0], placed(labels, 12)[0], places) == 3
    first, second = spots = placed(labels, 12, signs=signs, sign_px=18)
    assert covered_signs(labels[0], first, places) == 0
    assert collisions(labels, spots, 12) == []
    assert (second.dx_px, second.dy_px) == (0, 0)
    # No farther than need be.
    assert math.hypot(first.dx_px, first.dy_px) < 60


def test_a_label_does_not_go_far_for_a_sign():
    """Signs all around: it rather stands over some of them than in another subdistrict."""
    places = [(x, y) for x in range(-200, 201, 12) for y in range(-200, 201, 12)]
    signs = tuple(at_pixels(x, y, 12) for x, y in places)
    (spot,) = placed([label(0, 0, is_kept=True)], 12, signs=signs, sign_px=18)
    assert math.hypot(spot.dx_px, spot.dy_px) < 30


def test_a_light_label_gives_way_to_signs_too_but_is_not_left_out_for_them():
    sign = at_pixels(0, 0, 12)
    (spot,) = placed([label(0, 0, "小营")], 12, signs=(sign,), sign_px=18)
    assert (spot.dx_px, spot.dy_px) != (0, 0)
    everywhere = tuple(at_pixels(x, y, 12) for x in range(-90, 91, 9) for y in range(-90, 91, 9))
    assert len(placed([label(0, 0, "小营")], 12, signs=everywhere, sign_px=18)) == 1


def test_the_margin_is_kept_between_labels():
    labels = crowd(60, 400)
    boxes = [box_of(labels[s.index], s, 12) for s in placed(labels, 12, margin_px=5)]
    gaps = [a.distance(b) for a, b in itertools.combinations(boxes, 2)]
    assert min(gaps) >= 10 - 0.2


@pytest.mark.parametrize(
    ("text", "em_wide", "lines"), [("湖滨", 2, 1), ("湖滨\n79%", 2, 2), ("", 0, 1), ("\n", 0, 2)]
)
def test_the_size_of_a_text_is_its_widest_line_by_its_lines(text, em_wide, lines):
    width, height = text_size_px(text, 10)
    assert width == pytest.approx(10 * em_wide)
    assert height == pytest.approx(12.5 * lines)


def test_latin_letters_are_narrower_than_chinese_ones():
    assert text_size_px("ab12", 10)[0] < text_size_px("湖滨街道", 10)[0]


# --- the fade ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rings():
    return [to_metres(ring) for ring in fade_rings(district.outline())]


@pytest.fixture(scope="module")
def outline():
    return to_metres(district.outline())


def test_one_veil_per_step(rings):
    assert len(rings) == len(FADE_STEPS_M) > 3
    assert all(ring.is_valid and not ring.is_empty for ring in rings)


def test_no_veil_lies_on_the_district(rings, outline):
    for ring, step_m in zip(rings, FADE_STEPS_M, strict=True):
        # The border is simplified by up to 15 m and the veil's edge by 6 m.
        assert ring.distance(outline) == pytest.approx(step_m, abs=25)


def test_each_veil_lies_in_the_one_before(rings):
    for outer, inner in itertools.pairwise(rings):
        assert outer.buffer(0.5).covers(inner)
        assert inner.area < outer.area


def test_the_veils_reach_far_beyond_any_screen(rings, outline):
    west, south, east, north = outline.bounds
    for ring in rings:
        for x, y in (
            (west - 40e3, south),
            (east + 40e3, north),
            (west, south - 40e3),
            (east, north + 40e3),
        ):
            assert ring.covers(shapely.Point(x, y))


def test_a_district_of_two_parts_is_left_clear_in_both():
    parts = shapely.MultiPolygon(
        [shapely.box(120.0, 30.0, 120.05, 30.05), shapely.box(120.2, 30.0, 120.25, 30.05)]
    )
    for ring in fade_rings(parts):
        assert not ring.intersects(parts)
    between = shapely.Point(120.125, 30.025)
    assert fade_rings(parts)[-1].covers(between)


# --- classes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 14, 40])
@pytest.mark.parametrize("classes", [1, 2, 5])
def test_classes_rise_with_the_values_and_the_highest_is_in_the_last(count, classes):
    found = rank_classes([float(v * v) for v in range(count)], classes)
    assert sorted(found) == [float(v * v) for v in range(count)]
    in_order = [found[value] for value in sorted(found)]
    assert in_order == sorted(in_order)
    assert in_order[-1] == classes - 1
    assert set(in_order) <= set(range(classes))
    if count >= classes:
        assert in_order[0] == 0
        sizes = [in_order.count(k) for k in range(classes)]
        assert max(sizes) - min(sizes) <= 1


def test_one_far_off_value_does_not_leave_the_others_in_one_class():
    found = rank_classes([1.0, 2.0, 3.0, 4.0, 1_000_000.0], 5)
    assert [found[v] for v in (1.0, 2.0, 3.0, 4.0, 1_000_000.0)] == [0, 1, 2, 3, 4]


def test_equal_values_share_a_class():
    assert rank_classes([2.0, 2.0, 2.0, 1.0], 5) == {2.0: 4, 1.0: 3}


def test_values_that_differ_in_the_last_bits_are_equal():
    assert len(rank_classes([100 * (0.1 + 0.2), 100 * 0.3, 30.0], 5)) == 1


@pytest.mark.parametrize("values", [[], [None, None], [math.nan], [None, math.nan]])
def test_nothing_known_nothing_classed(values):
    assert rank_classes(values, 5) == {}


def test_missing_values_are_left_out():
    assert rank_classes([None, 5.0, math.nan, 7.0], 3) == {7.0: 2, 5.0: 1}


def test_zero_and_negative_values_have_their_rank():
    assert rank_classes([0.0, -3.0, 4.0], 3) == {-3.0: 0, 0.0: 1, 4.0: 2}
