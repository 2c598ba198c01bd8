"""The legend of a map: its entries, a choropleth's ramp, and how much room it takes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from geo.labels import text_size_px
from ui.theme import Palette

LINE_REM, NOTE_REM, AROUND_REM = 1.376, 1.28, 1.5
"""Height of a line, of the note, and of what is around both from the map's edge."""
TEXT_REM, SIGN_REM, COLUMN_GAP_REM = 0.86, 1.9, 1.0
"""Size of the text, width of the sign before an entry, room between two columns."""
MOST_STACKED = 5
"""More entries than these stand in two columns."""
NO_LEGEND = (0.0, 0.0)


@dataclass(frozen=True)
class Key:
    """One entry of a legend: ``line``, ``dash``, ``dot``, ``fill`` or ``sign`` in a colour, its word."""

    shape: str
    colour: str
    word: str
    width_rem: float = 0.2
    sign: str = ""
    """The character that a ``sign`` is on the map."""


def legend_html(
    title: str, keys: Sequence[Key], ramp: str = "", *, stacked: bool = False, note: str = ""
) -> str:
    """The legend of a map; ``ramp`` is HTML made by ``ramp_html``."""
    entries = "".join(
        f'<span class="key"><i class="{key.shape}" style="--c:{key.colour};--w:{key.width_rem}rem">'
        f"{escape(key.sign)}</i>{escape(key.word)}</span>"
        for key in keys
    )
    columns = "stack wide" if len(keys) > MOST_STACKED else "stack"
    inner = f'<div class="{columns}">{entries}</div>' if stacked else entries
    small = f"<small>{escape(note)}</small>" if note else ""
    return f'<div class="legend"><strong>{escape(title)}</strong>{ramp}{inner}{small}</div>'


def ramp_html(colours: Palette, low: str, high: str) -> str:
    """The colour ramp of a choropleth with the values at its ends."""
    boxes = "".join(f'<i style="--c:{colour}"></i>' for colour in colours.ramp)
    return f'<div class="ramp">{escape(low)}<span>{boxes}</span>{escape(high)}</div>'


def legend_px(legend: str, scale: float) -> tuple[float, float]:
    """How far a legend reaches right and down from the upper left corner of its map."""
    if not legend:
        return NO_LEGEND
    columns = 2 if 'class="stack wide"' in legend else 1
    words = re.findall(r'<span class="key">.*?</i>(.*?)</span>', legend)
    ramps = legend.count('class="ramp"')
    lines = legend.count("<strong>") + ramps + math.ceil(len(words) / columns)
    notes = re.findall(r"<small>(.*?)</small>", legend)
    titles = re.findall(r"<strong>(.*?)</strong>", legend)
    word_rem = SIGN_REM + _width_rem(words)
    width_rem = max(columns * word_rem + (columns - 1) * COLUMN_GAP_REM, _width_rem(titles + notes))
    height_rem = LINE_REM * lines + NOTE_REM * len(notes)
    return (width_rem + AROUND_REM) * 16 * scale, (height_rem + AROUND_REM) * 16 * scale


def _width_rem(texts: Sequence[str]) -> float:
    return max((text_size_px(text, TEXT_REM)[0] for text in texts), default=0.0)
