"""Where the labels of a line chart stand: on the side where no line runs through them.

All lengths are pixels at scale 1, those of the height counted downward; categories of the axis are numbered
from 0. A chart's own size is known about only, so labels keep some distance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NARROW = 0.58
"""Width of a digit or Latin letter over the size of the text; Chinese characters are square."""
AIR_PX, POINT_PX = 2.5, 4.5
DISTANCES_PX = (11, 14, 17, 21, 25, 29)
"""How far a label's middle may be from its point, the best first."""
DIGITS_HIGH = 0.84
"""Height of digits over the size of the text, with a little air."""
_SAMPLES = 9
_OUTSIDE, _ON_LABEL, _ON_LINE, _FARTHER, _OTHER_SIDE = 100.0, 30.0, 6.0, 0.4, 0.6


@dataclass(frozen=True)
class Plot:
    """The field of a chart: values at its foot and top, its height, width of one category."""

    low: float
    high: float
    height_px: float
    step_px: float

    def down_px(self, value: float) -> float:
        """How far below the top a value lies."""
        return (self.high - value) / (self.high - self.low) * self.height_px

    def right_px(self, place: float) -> float:
        """How far right of the left edge the middle of a category lies."""
        return (place + 0.5) * self.step_px


Course = Mapping[int, float]
"""Values by category; a category without one is a gap."""


@dataclass(frozen=True)
class Box:
    """Where a text lies: its middle and half its size."""

    x: float
    y: float
    half_width: float
    half_height: float


def text_width_px(text: str, size_px: float) -> float:
    """About how wide a text is."""
    return sum(NARROW if ord(char) < 0x2000 else 1 for char in text) * size_px


class Field:
    """What labels of one chart must keep clear of: courses, rules across the field, labels set before."""

    def __init__(self, plot: Plot, courses: Sequence[Course], rules: Sequence[float]) -> None:
        self.plot = plot
        self.courses = courses
        self.rules = rules
        self.taken: list[Box] = []

    def beside_point(
        self, place: int, value: float, text: str, size_px: float, *, prefers_above: bool = True
    ) -> float:
        """How far below its point the middle of a label best stands (above: less than 0); takes the place."""
        sign = -1 if prefers_above else 1
        costs = {
            side * distance: _FARTHER * number + (_OTHER_SIDE if side != sign else 0)
            for number, distance in enumerate(DISTANCES_PX)
            for side in (sign, -sign)
        }
        x, y = self.plot.right_px(place), self.plot.down_px(value)
        half = text_width_px(text, size_px) / 2, DIGITS_HIGH * size_px / 2
        boxes = {dy: Box(x, y + dy, *half) for dy in costs}
        best = min(costs, key=lambda dy: costs[dy] + self.cost(boxes[dy]))
        self.taken.append(boxes[best])
        return best

    def beside_rule(self, value: float, text: str, size_px: float) -> tuple[bool, bool]:
        """Whether the name of a rule best stands at the right, and whether above it; takes the place."""
        count = max((place for course in self.courses for place in course), default=0) + 1
        half = text_width_px(text, size_px) / 2, size_px / 2
        y, right = self.plot.down_px(value), self.plot.right_px(count - 0.5)
        boxes = {
            (is_right, is_above): Box(
                right - half[0] - 2 if is_right else half[0] + 2,
                y + (-1 if is_above else 1) * (half[1] + 4),
                *half,
            )
            for is_right in (False, True)
            for is_above in (True, False)
        }
        best = min(boxes, key=lambda side: self.cost(boxes[side]) + _OTHER_SIDE * side[0])
        self.taken.append(boxes[best])
        return best

    def cost(self, box: Box) -> float:
        """How much a text there would be in the way."""
        plot, reach = self.plot, box.half_height + AIR_PX
        found = 0.0
        if box.y < box.half_height or box.y > plot.height_px - box.half_height:
            found += _OUTSIDE
        found += sum(_ON_LINE for rule in self.rules if abs(plot.down_px(rule) - box.y) < reach)
        found += sum(_ON_LABEL for other in self.taken if _overlap(box, other))
        for course in self.courses:
            found += _ON_LINE * self._struck(course, box, reach)
            found += sum(
                _ON_LINE
                for place, value in course.items()
                if abs(plot.right_px(place) - box.x) < box.half_width + POINT_PX
                and abs(plot.down_px(value) - box.y) < box.half_height + POINT_PX
            )
        return found

    def _struck(self, course: Course, box: Box, reach: float) -> float:
        """The share of a text that a course runs through."""
        across = [box.half_width * (2 * n / (_SAMPLES - 1) - 1) for n in range(_SAMPLES)]
        levels = [self._level(course, (box.x + dx) / self.plot.step_px - 0.5) for dx in across]
        struck = [one for one in levels if one is not None and abs(one - box.y) < reach]
        return len(struck) / _SAMPLES

    def _level(self, course: Course, place: float) -> float | None:
        """How far down a course runs at a place between two categories; None in a gap."""
        before = int(place // 1)
        if before not in course or before + 1 not in course:
            return None
        share = place - before
        return self.plot.down_px(course[before] * (1 - share) + course[before + 1] * share)


def _overlap(a: Box, b: Box) -> bool:
    return (
        abs(a.x - b.x) < a.half_width + b.half_width
        and abs(a.y - b.y) < a.half_height + b.half_height
    )
