"""The light of the district's lamps as one picture under the map's names: a city seen from above at night.

However many lamps there are, a browser gets one file, which it keeps: painted once a year and snapshot,
for the whole district, since a choice of subdistricts only veils the others. Its ground is black and it is
added to what lies beneath, so black is no light.
"""

import io
from functools import lru_cache

import numpy as np
import pydeck as pdk
from PIL import Image

from data.store import Snapshot
from geo import district
from geo.glow import Halo, light, seen
from geo.picture import Lattice, lattice
from queries.loader import query
from ui import basemap
from ui.session import Context
from ui.theme import DARK, rgba

PIXEL_M = 10.0
FUNCTIONAL_HALOS = (Halo(8, 0.62), Halo(24, 0.062), Halo(90, 0.0028), Halo(320, 0.0002))
SCENERY_HALOS = (Halo(8, 0.5), Halo(26, 0.08), Halo(120, 0.003))
"""Halos of a lamp: its own spot, the street around it, and the haze over a lit quarter."""
EXPOSED_LAMPS = 40_000
"""With more lamps than these in one district each is painted paler, as a camera would expose it."""
QUALITY = 86
MOST_PICTURES = 24
ADDED = {
    "blend": True,
    "blendColorOperation": "add",
    "blendColorSrcFactor": "src-alpha",
    "blendColorDstFactor": "one",
    "blendAlphaOperation": "add",
    # What is see-through stays so: beyond the district the page shows, and black paint adds nothing.
    "blendAlphaSrcFactor": "zero",
    "blendAlphaDstFactor": "one",
}
"""deck.gl parameters of a layer whose light is added to what lies beneath."""
TAKEN = {**ADDED, "blendColorOperation": "reverse-subtract"}
"""The same, taken away from it: on paper light is drawn in ink."""


@lru_cache(maxsize=1)
def _canvas() -> Lattice:
    return lattice(district.outline().bounds, PIXEL_M)


@lru_cache(maxsize=8)
def picture(snapshot: Snapshot, year: int) -> str | None:
    """Address of the picture of the lamps that shine at the end of a year; None without any."""
    lamps = snapshot.query(query("light_shining").sql, {"year": year})
    if lamps.empty:
        return None
    canvas = _canvas()
    exposure = min(1.0, EXPOSED_LAMPS / len(lamps))
    functional = lamps["is_functional"].to_numpy(dtype=bool)
    whole = np.zeros((canvas.height, canvas.width, 3), dtype=np.float32)
    for chosen, halos, colour in (
        (functional, FUNCTIONAL_HALOS, DARK.light),
        (~functional, SCENERY_HALOS, DARK.scenery),
    ):
        counts = canvas.counts(lamps["lon"].to_numpy()[chosen], lamps["lat"].to_numpy()[chosen])
        shown = seen(exposure * light(counts, PIXEL_M, halos))
        whole += shown[..., None] * np.array(rgba(colour)[:3], dtype=np.float32)
    made = io.BytesIO()
    image = Image.fromarray(np.minimum(whole, 255).astype(np.uint8))
    image.save(made, "WEBP", quality=QUALITY, method=4)
    return basemap.static_address("glow", "webp", made.getvalue(), MOST_PICTURES)


def layer(context: Context, strength: float = 1.0, tint: str | None = None) -> list[pdk.Layer]:
    """The light of all lamps, of a strength (0–1), in its own colours or all in one; none without lamps.

    On a light map it is always of one colour, as ink on paper.
    """
    address = picture(context.snapshot, context.filter.year)
    if address is None:
        return []
    is_dark = context.palette is DARK
    if not is_dark:
        tint = tint or context.palette.light
    look = {}
    if tint is not None:
        colour = rgba(tint)[:3]
        look = {
            "desaturate": 1,
            "tint_color": colour if is_dark else [255 - one for one in colour],
        }
    return [
        pdk.Layer(
            "BitmapLayer",
            data=None,
            id=f"glow-{'whole' if tint is None else tint.lstrip('#')}",
            image=pdk.types.String(address),
            bounds=list(_canvas().box),
            opacity=strength,
            parameters=ADDED if is_dark else TAKEN,
            **look,
        )
    ]
