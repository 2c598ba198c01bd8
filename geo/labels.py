"""Where labels stand on a map so that none covers another: greedy, by weight, at one view.

deck.gl's own collision test drops or keeps labels by chance when layers arrive at different
times, so labels are placed here, for the view a filter opens with. Zooming in only moves them
apart.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from geo.view import TILE_PX, mercator_y

LINE_HEIGHT = 1.25
_NARROW = 0.56
"""Width of a Latin letter or digit over the size of the text; Chinese characters are square."""

MOST_MOVE = 2.4
"""How many times half its height a label is moved to cover one sign less: it stays with its place."""


@dataclass(frozen=True)
class Label:
    """A text at a position (degrees), its size and weight; ``is_kept`` if it must show anyway."""

    lon: float
    lat: float
    text: str
    size_px: float
    weight: float
    is_kept: bool = False
    is_beside: bool = False
    """Above, below or at a side of its position, which is marked by something else."""


@dataclass(frozen=True)
class Placed:
    """A label that shows, and how far it is moved from its position (pixels right and down)."""

    index: int
    dx_px: float
    dy_px: float


def text_size_px(text: str, size_px: float) -> tuple[float, float]:
    """Width and height of a text of one or more lines."""
    lines = text.split("\n")
    width = max(sum(_NARROW if ord(char) < 0x2000 else 1.0 for char in line) for line in lines)
    return width * size_px, len(lines) * LINE_HEIGHT * size_px


Position = tuple[float, float]
"""Longitude and latitude in degrees."""


@lru_cache(maxsize=256)
def place(
    labels: tuple[Label, ...],
    zoom: float,
    margin_px: float = 2.0,
    signs: tuple[Position, ...] = (),
    sign_px: float = 0.0,
) -> tuple[Placed, ...]:
    """Place labels heaviest first; one that finds no room beside its position is left out.

    Of the places with room a label takes the one that covers the fewest ``signs`` (squares of
    ``sign_px`` around positions) without going far for it. Remembers what it placed: most reruns
    show the same labels at the same view.
    """
    pixels_per_world = TILE_PX * 2**zoom

    def at_px(lon: float, lat: float) -> Position:
        return lon / 360 * pixels_per_world, -mercator_y(lat) * pixels_per_world

    half_sign = sign_px / 2
    marks = [_Box(*at_px(*sign), *at_px(*sign), half_sign, half_sign) for sign in signs]
    taken: list[_Box] = []
    placed: list[Placed] = []
    for index in sorted(range(len(labels)), key=lambda i: -labels[i].weight):
        label = labels[index]
        x, y = at_px(label.lon, label.lat)
        width, height = text_size_px(label.text, label.size_px)
        half_width, half_height = width / 2 + margin_px, height / 2 + margin_px
        places = _places(label, width, height)
        boxes = [_Box(x, y, x + dx, y + dy, half_width, half_height) for dx, dy in places]
        near = [mark for mark in marks if math.hypot(mark.x - x, mark.y - y) < 2 * (width + height)]
        free = _best(boxes, near, lambda box: all(_stay_apart(box, other) for other in taken))
        if free is None and not label.is_kept:
            continue
        if free is None:
            # Clear of others at least as long as nobody zooms in.
            boxes = [box._replace(half_width=width / 2, half_height=height / 2) for box in boxes]
            free = _best(boxes, near, lambda box: all(_are_apart(box, other) for other in taken))
        at = free or 0
        taken.append(boxes[at])
        placed.append(Placed(index, *(round(offset, 1) for offset in places[at])))
    return tuple(placed)


def _best(boxes: list["_Box"], signs: list["_Box"], is_fit: Callable[["_Box"], bool]) -> int | None:
    """Number of the first box that fits; with signs around, of the one with the least trouble."""
    fitting = (number for number, box in enumerate(boxes) if is_fit(box))
    if not signs:
        return next(fitting, None)

    def trouble(number: int) -> float:
        box = boxes[number]
        moved = math.hypot(box.middle_x - box.x, box.middle_y - box.y)
        covered = sum(not _are_apart(box, sign) for sign in signs)
        return covered + moved / (MOST_MOVE * box.half_height)

    return min(fitting, key=trouble, default=None)


def _places(label: Label, width: float, height: float) -> list[tuple[float, float]]:
    """Where a label may stand, best first; one that must show has more places, the nearest first."""
    if label.is_beside:
        return _beside(width, height)
    return _around(width, height) if label.is_kept else _offsets(width, height)


def _offsets(width: float, height: float) -> list[tuple[float, float]]:
    """Where a label may stand, best first: on its position, then close around it."""
    return [
        (0.0, 0.0),
        (0.0, -0.75 * height),
        (0.0, 0.75 * height),
        (0.6 * width, 0.0),
        (-0.6 * width, 0.0),
        (0.0, -1.3 * height),
        (0.0, 1.3 * height),
    ]


def _beside(width: float, height: float) -> list[tuple[float, float]]:
    aside = width / 2 + height
    return [
        (0.0, -1.45 * height),
        (0.0, 1.45 * height),
        (aside, 0.0),
        (-aside, 0.0),
        (0.4 * width, -1.45 * height),
        (-0.4 * width, -1.45 * height),
        (0.4 * width, 1.45 * height),
        (-0.4 * width, 1.45 * height),
    ]


def _around(width: float, height: float) -> list[tuple[float, float]]:
    steps = [
        (0.3 * right * width, 0.25 * down * height)
        for right in range(-4, 5)
        for down in range(-8, 9)
    ]
    return sorted(steps, key=lambda step: math.hypot(*step))


class _Box(NamedTuple):
    """A label's box in pixels: the position it belongs to, its middle, half its size."""

    x: float
    y: float
    middle_x: float
    middle_y: float
    half_width: float
    half_height: float


def _are_apart(a: _Box, b: _Box) -> bool:
    """True when the boxes are clear of one another now."""
    gap_x = abs(a.middle_x - b.middle_x) - a.half_width - b.half_width
    gap_y = abs(a.middle_y - b.middle_y) - a.half_height - b.half_height
    return gap_x >= 0 or gap_y >= 0


def _stay_apart(a: _Box, b: _Box) -> bool:
    """True when the boxes are clear of one another now and at every deeper zoom.

    Zooming in stretches the distance of their positions, not their offsets: they stay apart along
    an axis on which they lie on the same side of one another as their positions do.
    """
    gap_x = abs(a.middle_x - b.middle_x) - a.half_width - b.half_width
    gap_y = abs(a.middle_y - b.middle_y) - a.half_height - b.half_height
    return (gap_x >= 0 and (a.middle_x - b.middle_x) * (a.x - b.x) >= 0) or (
        gap_y >= 0 and (a.middle_y - b.middle_y) * (a.y - b.y) >= 0
    )
