"""Our own base map: files under ``static/``, fetched once by a browser and kept by its cache.

Sent as addresses instead of data, the base map costs a rerun a few hundred bytes and the graphics
card nothing. File names carry a hash of their content, so a changed geography is a new address.

Water, streets and watercourses follow the data: once a register or an import has replaced what the
app ships, its shapes are drawn inside the district. Outside, where registers end, and for borders,
the shipped geography stays.
"""

import hashlib
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path

import pydeck as pdk
import shapely

from data.origins import OSM
from data.store import Snapshot
from geo import district
from geo.labels import LINE_HEIGHT
from geo.mask import fade_rings
from geo.overlay import middle_of_longest
from queries.loader import query
from ui.deck import JsonRows
from ui.theme import FONT, Palette, rgba

STATIC_FOLDER = Path(__file__).parent.parent / "static"
MAIN_STREET_CLASSES = ("trunk", "primary", "secondary", "tertiary")
VEIL_ALPHA = 58
PLATE_ALPHA = 178
"""How dark the plate is on which a label stands where its map is full of marks."""
MOST_KEPT = 12
"""Files of one layer that stay: browsers and other servers may still ask for older ones."""
_DECIMALS = 5

Shape = tuple[str | None, str | None, shapely.Geometry]
"""Name, class (streets alone) and geometry in degrees."""


def _feature(properties: dict, geometry: shapely.Geometry) -> str:
    text = shapely.to_geojson(shapely.set_precision(geometry, 10**-_DECIMALS, mode="pointwise"))
    return f'{{"type":"Feature","properties":{json.dumps(properties, ensure_ascii=False)},"geometry":{text}}}'


def _collection(features: list[str]) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


@lru_cache(maxsize=4)
def _origins(snapshot: Snapshot) -> dict[str, tuple[str, str, str]]:
    rows = snapshot.query(query("datasets").sql).itertuples(index=False)
    return {row.dataset: (row.source_kind, row.source, row.as_of) for row in rows}


def _shipped(layer: str) -> list[Shape]:
    return [
        (f.properties.get("street_name"), f.properties.get("street_class"), f.geometry)
        for f in district.layer(layer)
    ]


def _shapes(snapshot: Snapshot, layer: str, dataset: str) -> list[Shape]:
    """The shipped layer, or what has replaced it together with the shipped one's outer part."""
    origin = _origins(snapshot).get(dataset, OSM)
    # The sample's rivers are the shipped courses under other heads.
    if origin[0] == "sample" or origin == OSM:
        return _shipped(layer)
    frame = snapshot.query(query("base_shapes").sql, {"dataset": dataset})
    if frame.empty:
        return _shipped(layer)
    geometries = shapely.from_geojson(frame["geometry_json"].to_numpy(dtype=object))
    inside = list(zip(frame["name"], frame["class"], geometries, strict=True))
    outside = [
        (name, street_class, shapely.difference(geometry, district.outline()))
        for name, street_class, geometry in _shipped(layer)
    ]
    return inside + [shape for shape in outside if not shape[2].is_empty]


@lru_cache(maxsize=4)
def _main_streets(snapshot: Snapshot) -> tuple[Shape, ...]:
    streets = _shapes(snapshot, "streets", "streets.streets")
    return tuple(shape for shape in streets if shape[1] in MAIN_STREET_CLASSES)


def street_lines(snapshot: Snapshot) -> list[shapely.Geometry]:
    """Every street of the base map in degrees, whatever its class."""
    return [geometry for _, _, geometry in _shapes(snapshot, "streets", "streets.streets")]


def water_surfaces(snapshot: Snapshot) -> list[shapely.Geometry]:
    """Every water surface of the base map in degrees."""
    return [geometry for _, _, geometry in _shapes(snapshot, "water_areas", "base.water_areas")]


def _contents(snapshot: Snapshot) -> dict[str, str]:
    """GeoJSON text of each base layer."""
    subdistricts = [
        _feature(
            {
                "subdistrict_code": f.properties["subdistrict_code"],
                "boundary_quality": f.properties["boundary_quality"],
                "tip": f"{f.properties['subdistrict_name']}\n点击只看此街道",
            },
            f.geometry,
        )
        for f in district.layer("subdistricts")
    ]
    water = _shapes(snapshot, "water_areas", "base.water_areas")
    courses = _shapes(snapshot, "waterways", "rivers.rivers")
    return {
        "water": _collection([_feature({}, geometry) for _, _, geometry in water]),
        "waterways": _collection([_feature({}, geometry) for _, _, geometry in courses]),
        "streets": _collection(
            [
                _feature({"name": name, "class": street_class}, geometry)
                for name, street_class, geometry in _main_streets(snapshot)
            ]
        ),
        "subdistricts": _collection(subdistricts),
        "mask": _collection(_veils()),
    }


@lru_cache(maxsize=4)
def street_names(snapshot: Snapshot) -> list[tuple[float, float, str, int]]:
    """Label position (lon, lat), name and weight of the main streets; larger classes weigh more."""
    found = []
    for name, street_class, geometry in _main_streets(snapshot):
        at = middle_of_longest(geometry)
        weight = len(MAIN_STREET_CLASSES) - MAIN_STREET_CLASSES.index(street_class)
        found.append((round(at.x, _DECIMALS), round(at.y, _DECIMALS), name, weight))
    return found


def _veils() -> list[str]:
    """The rings that fade the outside away; the last one hides where the data ends."""
    rings = fade_rings(district.outline())
    return [_feature({"alpha": 255 if ring is rings[-1] else VEIL_ALPHA}, ring) for ring in rings]


@lru_cache(maxsize=4)
def addresses(snapshot: Snapshot) -> dict[str, str]:
    """Address of each base layer, relative to the page; writes the files that are missing."""
    # Streamlit serves .json with its right type; other endings come as plain text.
    return {
        name: static_address(name, "json", text.encode(), MOST_KEPT)
        for name, text in _contents(snapshot).items()
    }


def static_address(name: str, ending: str, content: bytes, most_kept: int) -> str:
    """Address, relative to the page, of a file with this content; written where it is missing.

    Of the files of one name the newest ``most_kept`` stay.
    """
    folder = STATIC_FOLDER / "basemap"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    if not path.exists():
        _remove_oldest(folder, name, ending, most_kept)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    return f"app/static/basemap/{path.name}"


def _remove_oldest(folder: Path, name: str, ending: str, most_kept: int) -> None:
    def written(path: Path) -> float:
        # Another server may have removed it meanwhile.
        return path.stat().st_mtime if path.exists() else 0.0

    for stale in sorted(folder.glob(f"{name}-*.{ending}"), key=written)[: -most_kept + 1]:
        stale.unlink(missing_ok=True)


def _geojson(snapshot: Snapshot, name: str, **style) -> pdk.Layer:
    return pdk.Layer("GeoJsonLayer", data=addresses(snapshot)[name], id=f"base-{name}", **style)


def ground_layers(snapshot: Snapshot, colours: Palette, scale: float) -> list[pdk.Layer]:
    """What lies under the theme: land, water and main streets, drawn quietly."""
    return [
        _geojson(
            snapshot, "subdistricts", filled=True, stroked=False, get_fill_color=rgba(colours.land)
        ),
        _geojson(snapshot, "water", filled=True, stroked=False, get_fill_color=rgba(colours.water)),
        _geojson(
            snapshot,
            "streets",
            get_line_color=rgba(colours.road, 170),
            get_line_width=9,
            line_width_min_pixels=0.6 * scale,
            line_width_max_pixels=3 * scale,
        ),
    ]


def pick_layer(snapshot: Snapshot, colours: Palette) -> pdk.Layer:
    """Invisible subdistricts that take a click and say whose they are."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=addresses(snapshot)["subdistricts"],
        id="subdistricts",
        filled=True,
        stroked=False,
        get_fill_color=[0, 0, 0, 0],
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 22),
    )


def frame_layers(
    snapshot: Snapshot, colours: Palette, codes: tuple[str, ...], scale: float
) -> list[pdk.Layer]:
    """What lies over the theme: the fade outside the district, borders, the chosen ones marked."""
    layers = [
        _geojson(
            snapshot,
            "mask",
            filled=True,
            stroked=False,
            get_fill_color=f"[{','.join(map(str, rgba(colours.ground)[:3]))},properties.alpha]",
        ),  # fmt: skip
        _geojson(
            snapshot,
            "subdistricts",
            filled=False,
            stroked=True,
            get_line_color=rgba(colours.border, 190),
            line_width_min_pixels=1.1 * scale,
            get_line_width=1,
            extensions=[{"@@type": "PathStyleExtension", "dash": True, "highPrecisionDash": True}],
            get_dash_array=pdk.types.String(
                "@@=properties.boundary_quality=='estimated'?[5,3]:[0,0]"
            ),
        ),
    ]
    layers[-1].id = "base-borders"
    if codes:
        test = "||".join(f"properties.subdistrict_code=='{code}'" for code in codes)
        chosen, others = rgba(colours.text), [0, 0, 0, 0]
        layers.append(
            _geojson(
                snapshot,
                "subdistricts",
                filled=False,
                stroked=True,
                get_line_color=f"({test})?{chosen}:{others}",
                line_width_min_pixels=1.9 * scale,
                get_line_width=1,
            )
        )
        # A layer of its own for each choice: kept under one name, the outline stays where it was
        # (seen in the browser, update triggers notwithstanding).
        layers[-1].id = f"base-chosen-{'-'.join(codes)}"
    return layers


_NARROW_BRACKETS = str.maketrans("（）［］｛｝", "()[]{}")


def drawn_text(text: str) -> str:
    """A label as it is drawn: deck.gl sets what a full-width bracket shows at the left of its square,
    so that a hole would follow an opening one."""
    return text.translate(_NARROW_BRACKETS)


def text_layer(
    rows: list[dict],
    layer_id: str,
    colours: Palette,
    *,
    size_px: float,
    colour: str,
    has_plate: bool = False,
) -> pdk.Layer:
    """Chinese labels with a halo: rows of ``p`` (lon, lat), ``t`` (text), ``o`` (pixel offset).

    ``has_plate`` puts a plate in the colour of the halo behind each.
    """
    written = [row | {"t": drawn_text(row["t"])} for row in rows]
    plate = {
        "background": True,
        "get_background_color": rgba(colours.halo, PLATE_ALPHA),
        "background_padding": [0.15 * size_px, 0],
    }
    return pdk.Layer(
        "TextLayer",
        data=JsonRows(json.dumps(written, ensure_ascii=False)),
        id=layer_id,
        get_position="p",
        get_text="t",
        get_pixel_offset="o",
        get_size=size_px,
        get_color=rgba(colour),
        character_set=pdk.types.String("auto"),
        font_family=pdk.types.String(FONT),
        font_settings={"sdf": True, "fontSize": 64, "buffer": 8, "radius": 16, "cutoff": 0.2},
        outline_width=5,
        outline_color=rgba(colours.halo),
        line_height=LINE_HEIGHT,
        **(plate if has_plate else {}),
    )
