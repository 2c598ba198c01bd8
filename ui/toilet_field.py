"""The field of walking minutes as a picture over the map, and the cells out of reach to be clicked.

45,000 cells do not go to a browser as rows: they are painted once into a picture whose file the
browser keeps. Where the street network is thin and the walk is an estimate, the paint is hatched.
Cells out of reach lie over it, unseen, as squares that take a click.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pydeck as pdk
from PIL import Image

from data.contracts import WALK_METHODS
from data.coverage import CELL_M
from data.geography import water
from data.store import Snapshot
from geo import district
from geo.picture import Lattice, lattice
from geo.projection import points_to_degrees
from queries.loader import query
from ui import basemap, maps, toilet_shares
from ui.layers import veil
from ui.legend import Key
from ui.session import Context
from ui.theme import Palette, rgba
from ui.toilet_choices import Circle
from ui.toilet_shares import BEYOND, UNREACHED
from ui.toilet_walks import Walks

PIXEL_M = 10.0
"""Five pixels a side of a cell: the water's edge is drawn finer than the cells."""
HATCH_PX, HATCH_LINE_PX = 16, 6
"""Period and width of the hatch where the network is thin: on the whole district's map, 6 and 2 pixels."""
MOST_SQUARES = 2_500
"""More cells out of reach are gathered into larger squares: the map stays below 500 kB."""
SQUARE_CELLS = (1, 2, 4, 8, 16)
MOST_PICTURES = 80
"""Pictures that stay: each year, scope, circle and assumption has one of about 100 kB."""
GAINED = UNREACHED + 1
"""Paint of land that an assumption newly covers."""
_PAINTS = GAINED + 1
_NOTHING = 2 * _PAINTS
_ALPHA = {0: 150, 1: 78, 2: 150, BEYOND: 170, UNREACHED: 200, GAINED: 200}
"""How thickly each band is painted, of 255: what is in order stays quiet."""
_HATCH_ALPHA = 0.45
METHOD_WORDS = {"network": "沿路网", "straight": "直线×1.3 估算"}


def band_colours(colours: Palette) -> dict[int, str]:
    """Colour of each band: 青 within the circle, 桂金 just beyond it, 丹 far beyond."""
    return {
        0: colours.met,
        1: colours.met,
        2: colours.near,
        BEYOND: colours.missed,
        UNREACHED: colours.unreported,
        GAINED: colours.belt,
    }


# --- the picture ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Canvas:
    """Which cell every pixel shows (their number where none), and which pixels are hatched."""

    lattice: Lattice
    cell: np.ndarray
    is_hatched: np.ndarray
    column: np.ndarray
    """Column and row of every cell in the grid of 50 m."""
    row: np.ndarray


@lru_cache(maxsize=2)
def _canvas(snapshot: Snapshot) -> _Canvas:
    cells = snapshot.query(query("toilet_land").sql)
    place = cells["cell_id"].str.split("-", n=2, expand=True)
    column, row = place[0].to_numpy(dtype=int), place[1].to_numpy(dtype=int)
    # A cell cut by a border is several pieces: the largest stands for it in the picture.
    order = np.argsort(cells["area_km2"].to_numpy(), kind="stable")
    left, low = column.min(), row.min()
    grid = np.full((row.max() - low + 1, column.max() - left + 1), len(cells))
    grid[row[order] - low, column[order] - left] = order
    pixels = lattice(district.outline().bounds, PIXEL_M)
    east_m, north_m = pixels.metres()
    x = np.floor(east_m / CELL_M).astype(int) - left
    y = np.floor(north_m / CELL_M).astype(int) - low
    is_known = (x >= 0) & (x < grid.shape[1]) & (y >= 0) & (y < grid.shape[0])
    is_land = is_known & pixels.inside(district.outline()) & ~pixels.inside(water())
    cell = np.full(x.shape, len(cells), dtype=np.int32)
    cell[is_land] = grid[y[is_land], x[is_land]]
    thin = np.append((cells["method"] == WALK_METHODS[1]).to_numpy(), False)
    across, down = np.meshgrid(np.arange(pixels.width), np.arange(pixels.height))
    is_line = (across + down) % HATCH_PX < HATCH_LINE_PX
    return _Canvas(pixels, cell, is_line & thin[cell], column, row)


@lru_cache(maxsize=48)
def _picture(
    snapshot: Snapshot, walks: Walks, circle: Circle, before: Walks | None, colours: Palette
) -> bytes:
    """The field as PNG with a palette of its own."""
    canvas = _canvas(snapshot)
    paint = toilet_shares.bands(walks, circle)
    if before is not None:
        newly = walks.covered(circle.reach_m) & ~before.covered(circle.reach_m)
        paint = np.where(newly, GAINED, paint).astype(np.uint8)
    shown = np.append(paint, _NOTHING).astype(np.uint8)[canvas.cell]
    shown[canvas.is_hatched] += _PAINTS
    # Hatched or not, nothing stays nothing.
    shown[canvas.cell == len(paint)] = _NOTHING
    image = Image.fromarray(shown, mode="P")
    table = band_colours(colours)
    image.putpalette(
        bytes(part for _ in range(2) for n in range(_PAINTS) for part in rgba(table[n])[:3])
        + bytes(3)
    )
    alpha = [_ALPHA[number] for number in range(_PAINTS)]
    made = io.BytesIO()
    see_through = bytes([*alpha, *(round(one * _HATCH_ALPHA) for one in alpha), 0])
    image.save(made, "PNG", transparency=see_through, compress_level=6)
    return made.getvalue()


def field_layer(
    context: Context, walks: Walks, circle: Circle, before: Walks | None = None
) -> pdk.Layer:
    """The field; land newly covered since ``before`` is painted in a colour of its own."""
    content = _picture(context.snapshot, walks, circle, before, context.palette)
    address = basemap.static_address("walk", "png", content, MOST_PICTURES)
    text = pdk.types.String
    return pdk.Layer(
        "BitmapLayer",
        data=None,
        id="walk-field",
        image=text(address),
        bounds=list(_canvas(context.snapshot).lattice.box),
        # Edges stay crisp near by; far away pixels are averaged.
        texture_parameters={"magFilter": "nearest", "minFilter": "linear"},
    )


# --- cells that take a click ---------------------------------------------------------------------


def cells_layer(context: Context, walks: Walks, circle: Circle) -> pdk.Layer:
    """Cells out of reach in the chosen subdistricts, seen under the pointer alone."""
    side_cells, squares = _squares(
        context.snapshot, walks, circle, context.filter.subdistrict_codes
    )
    return pdk.Layer(
        "GridCellLayer",
        data=maps.rows(squares),
        id=f"walk-cells-{side_cells}",
        get_position="p",
        cell_size=CELL_M * side_cells,
        extruded=False,
        offset=[0, 0],
        # Columns without any alpha are not drawn at all, and what is not drawn takes no click.
        get_fill_color=[0, 0, 0, 1],
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(context.palette.text, 150),
    )


@lru_cache(maxsize=32)
def _squares(
    snapshot: Snapshot, walks: Walks, circle: Circle, codes: tuple[str, ...]
) -> tuple[int, str]:
    """Side in cells, and rows of the squares; each stands for its cell that is farthest out."""
    canvas = _canvas(snapshot)
    rows = np.flatnonzero(~walks.covered(circle.reach_m) & walks.within(codes))
    walk_m = np.nan_to_num(walks.walk_m, nan=np.inf)
    rows = rows[np.argsort(-walk_m[rows], kind="stable")]
    for side in SQUARE_CELLS:
        column, row = canvas.column[rows] // side, canvas.row[rows] // side
        _, first = np.unique(column * 10**6 + row, return_index=True)
        if len(first) <= MOST_SQUARES:
            break
    chosen = rows[first]
    east_m = (canvas.column[chosen] // side + 0.5) * side * CELL_M
    north_m = (canvas.row[chosen] // side + 0.5) * side * CELL_M
    lon, lat = points_to_degrees(east_m, north_m)
    ids = walks.cells["cell_id"].to_numpy()[chosen]
    methods = walks.cells["method"].to_numpy()[chosen]
    gathered = "" if side == 1 else f"{side * CELL_M:.0f} m 方格内最远："
    squares = [
        {"p": [x, y], "pick": f"cell:{cell_id}", "tip": gathered + _tip(far_m, circle, method)}
        for x, y, cell_id, far_m, method in zip(
            lon.round(5).tolist(), lat.round(5).tolist(), ids, walk_m[chosen].tolist(), methods,
            strict=True,
        )
    ]  # fmt: skip
    return side, json.dumps(squares, ensure_ascii=False, separators=(",", ":"))


def _tip(walk_m: float, circle: Circle, method: str) -> str:
    if walk_m == float("inf"):
        return "走不到任何公厕"
    minutes = walk_m / circle.m_per_minute
    return f"到最近公厕 {minutes:.0f} 分钟 · {walk_m:,.0f} m\n{METHOD_WORDS[method]}"


# --- for every map of the field ------------------------------------------------------------------


def layers(
    context: Context, walks: Walks, circle: Circle, before: Walks | None = None
) -> list[pdk.Layer]:
    """Field and cells out of reach; none while no toilet of the scope is registered."""
    if walks.cells.empty:
        return []
    return [
        field_layer(context, walks, circle, before),
        veil(context),
        cells_layer(context, walks, circle),
    ]


def keys(context: Context, circle: Circle, *, with_gained: bool = False) -> Sequence[Key]:
    """Legend of the field: its bands, the hatch, and what is newly covered where that is drawn."""
    colours = band_css(context.palette)
    made = [
        Key("fill", colours[number], words)
        for number, words in enumerate(toilet_shares.band_words(circle))
    ]
    if with_gained:
        made.append(Key("fill", colours[GAINED], "新覆盖"))
    return [*made, Key("hatch", context.palette.met, f"斜纹：{METHOD_WORDS['straight']}")]


def band_css(colours: Palette) -> dict[int, str]:
    """Colour of each band as thick as it is painted, for our own HTML."""
    table = band_colours(colours)
    return {number: _painted(table[number], _ALPHA[number]) for number in table}


def _painted(colour: str, alpha: int) -> str:
    """The colour as thick as it is painted, for CSS."""
    return f"{colour}{alpha:02x}"
