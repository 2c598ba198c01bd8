"""Labels of line charts on the lighting page: no line, target or other label runs through them."""

import itertools

import pytest

from ui.light_chart_labels import DISTANCES_PX, Field, Plot, text_width_px

PLOT = Plot(0, 100, 200, 80)


def field(*courses, rules=()):
    return Field(PLOT, courses, rules)


def set_all(made, course, above=True):
    """Offsets of all labels of a course."""
    return {
        place: made.beside_point(place, value, f"{value:.1f}", 12, prefers_above=above)
        for place, value in course.items()
    }


def test_a_label_stands_close_on_the_side_it_prefers():
    course = {0: 50.0, 1: 50.0}
    assert set(set_all(field(course), course).values()) == {-DISTANCES_PX[0]}
    assert set(set_all(field(course), course, above=False).values()) == {DISTANCES_PX[0]}


@pytest.mark.parametrize("goal", [44, 46, 52, 54, 55, 56, 57, 58, 60])
def test_no_target_runs_through_a_label(goal):
    course = {0: 50.0}
    (down,) = set_all(field(course, rules=[goal]), course).values()
    assert abs(PLOT.down_px(50) + down - PLOT.down_px(goal)) > 12 * 0.84 / 2


def test_a_label_at_the_foot_of_a_valley_stands_below_and_one_on_a_peak_above():
    course = {0: 90.0, 1: 40.0, 2: 90.0, 3: 40.0}
    offsets = set_all(field(course), course)
    assert offsets[1] > 0 > offsets[2]


def test_no_label_leaves_the_chart():
    course = {0: 99.0, 1: 1.0}
    offsets = set_all(field(course), course)
    assert offsets[0] > 0 > offsets[1]


def test_labels_of_two_courses_stay_apart():
    courses = [{0: 50.0, 1: 60.0, 2: 70.0}, {0: 46.0, 1: 52.0, 2: 62.0}]
    made = field(*courses, rules=[65, 75])
    for course, above in zip(courses, (True, False), strict=True):
        set_all(made, course, above)
    assert len(made.taken) == 6
    for a, b in itertools.combinations(made.taken, 2):
        assert (
            abs(a.x - b.x) >= a.half_width + b.half_width
            or abs(a.y - b.y) >= a.half_height + b.half_height
        )


def test_a_gap_is_no_line():
    course = {0: 10.0, 2: 90.0}
    assert set(set_all(field(course), course).values()) == {-DISTANCES_PX[0]}


@pytest.mark.parametrize(
    ("course", "side"),
    [
        ({0: 20.0, 1: 30.0, 2: 20.0}, (False, True)),
        ({0: 55.0, 1: 56.0, 2: 57.0}, (False, False)),
        ({0: 53.0, 1: 10.0, 2: 10.0}, (True, True)),
        ({0: 49.0, 1: 60.0, 2: 10.0}, (True, True)),
        ({}, (False, True)),
    ],
    ids=["below", "close above", "starts above", "through the left", "nothing"],
)
def test_the_name_of_a_target_stands_where_no_line_is(course, side):
    assert field(course, rules=[50]).beside_rule(50, "目标 ＞50%", 12) == side


def test_chinese_characters_are_wider_than_digits():
    assert text_width_px("目标", 10) == 20
    assert 10 < text_width_px("98.4", 10) < 26
