"""Where labels stand on a map so that none covers another: greedy, by weight, at one view.

deck.gl's own collision test drops or keeps labels by chance when layers arrive at different
times, so labels are placed here, for the view a filter opens with. Zooming in only moves them
apart.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from geo.view import TILE_PX, mercator_y

LINE_HEIGHT = 1.25
_NARROW = 0.56
"""Width of a Latin letter or digit over the size of the text; Chinese characters are square."""


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
    """Above or below its position, which is marked by something else."""


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


@lru_cache(maxsize=256)
def place(labels: tuple[Label, ...], zoom: float, margin_px: float = 2.0) -> tuple[Placed, ...]:
    """Place labels heaviest first; one that finds no room beside its position is left out.

    Remembers what it placed: most reruns show the same labels at the same view.
    """
    pixels_per_world = TILE_PX * 2**zoom
    taken: list[_Box] = []
    placed: list[Placed] = []
    for index in sorted(range(len(labels)), key=lambda i: -labels[i].weight):
        label = labels[index]
        x = label.lon / 360 * pixels_per_world
        y = -mercator_y(label.lat) * pixels_per_world
        width, height = text_size_px(label.text, label.size_px)
        for dx, dy in _beside(height) if label.is_beside else _offsets(width, height):
            half_width, half_height = width / 2 + margin_px, height / 2 + margin_px
            box = _Box(x, y, x + dx, y + dy, half_width, half_height)
            if all(_stay_apart(box, other) for other in taken):
                break
        else:
            if not label.is_kept:
                continue
            dx, dy = _beside(height)[0] if label.is_beside else (0.0, 0.0)
            box = _Box(x, y, x + dx, y + dy, width / 2, height / 2)
        taken.append(box)
        placed.append(Placed(index, round(dx, 1), round(dy, 1)))
    return tuple(placed)


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


def _beside(height: float) -> list[tuple[float, float]]:
    return [(0.0, -1.45 * height), (0.0, 1.45 * height)]


class _Box(NamedTuple):
    """A label's box in pixels: the position it belongs to, its middle, half its size."""

    x: float
    y: float
    middle_x: float
    middle_y: float
    half_width: float
    half_height: float


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
