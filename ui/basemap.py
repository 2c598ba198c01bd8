"""Our own base map: files under ``static/``, fetched once by a browser and kept by its cache.

Sent as addresses instead of data, the base map costs a rerun a few hundred bytes and the graphics
card nothing. File names carry a hash of their content, so a changed geography is a new address.
"""

import hashlib
import json
import os
import tempfile
from functools import cache
from pathlib import Path

import pydeck as pdk
import shapely

from geo import district
from geo.labels import LINE_HEIGHT
from geo.mask import fade_rings
from geo.overlay import middle_of_longest
from ui.theme import FONT, Palette, rgba

STATIC_FOLDER = Path(__file__).parent.parent / "static"
MAIN_STREET_CLASSES = ("trunk", "primary", "secondary", "tertiary")
VEIL_ALPHA = 58
_DECIMALS = 5


def _feature(properties: dict, geometry: shapely.Geometry) -> str:
    text = shapely.to_geojson(shapely.set_precision(geometry, 10**-_DECIMALS, mode="pointwise"))
    return f'{{"type":"Feature","properties":{json.dumps(properties, ensure_ascii=False)},"geometry":{text}}}'


def _collection(features: list[str]) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'


def _contents() -> dict[str, str]:
    """GeoJSON text of each base layer."""
    main_streets = [
        _feature(
            {"name": f.properties["street_name"], "class": f.properties["street_class"]}, f.geometry
        )
        for f in district.layer("streets")
        if f.properties["street_class"] in MAIN_STREET_CLASSES
    ]
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
    return {
        "water": _collection([_feature({}, f.geometry) for f in district.layer("water_areas")]),
        "waterways": _collection([_feature({}, f.geometry) for f in district.layer("waterways")]),
        "streets": _collection(main_streets),
        "subdistricts": _collection(subdistricts),
        "mask": _collection(_veils()),
    }


@cache
def street_names() -> list[tuple[float, float, str, int]]:
    """Label position (lon, lat), name and weight of the main streets; larger classes weigh more."""
    found = []
    for feature in district.layer("streets"):
        street_class = feature.properties["street_class"]
        if street_class in MAIN_STREET_CLASSES:
            at = middle_of_longest(feature.geometry)
            weight = len(MAIN_STREET_CLASSES) - MAIN_STREET_CLASSES.index(street_class)
            name = feature.properties["street_name"]
            found.append((round(at.x, _DECIMALS), round(at.y, _DECIMALS), name, weight))
    return found


def _veils() -> list[str]:
    """The rings that fade the outside away; the last one hides where the data ends."""
    rings = fade_rings(district.outline())
    return [_feature({"alpha": 255 if ring is rings[-1] else VEIL_ALPHA}, ring) for ring in rings]


@cache
def addresses() -> dict[str, str]:
    """Address of each base layer, relative to the page; writes the files that are missing."""
    folder = STATIC_FOLDER / "basemap"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, text in _contents().items():
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        # Streamlit serves .json with its right type; other endings come as plain text.
        path = folder / f"{name}-{digest}.json"
        if not path.exists():
            for stale in folder.glob(f"{name}-*.json"):
                stale.unlink(missing_ok=True)
            handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        found[name] = f"app/static/basemap/{path.name}"
    return found


def _geojson(name: str, **style) -> pdk.Layer:
    return pdk.Layer("GeoJsonLayer", data=addresses()[name], id=f"base-{name}", **style)


def ground_layers(colours: Palette, scale: float) -> list[pdk.Layer]:
    """What lies under the theme: land, water and main streets, drawn quietly."""
    return [
        _geojson("subdistricts", filled=True, stroked=False, get_fill_color=rgba(colours.land)),
        _geojson("water", filled=True, stroked=False, get_fill_color=rgba(colours.water)),
        _geojson(
            "streets",
            get_line_color=rgba(colours.road, 170),
            get_line_width=9,
            line_width_min_pixels=0.6 * scale,
            line_width_max_pixels=3 * scale,
        ),
    ]


def pick_layer(colours: Palette) -> pdk.Layer:
    """Invisible subdistricts that take a click and say whose they are."""
    return pdk.Layer(
        "GeoJsonLayer",
        data=addresses()["subdistricts"],
        id="subdistricts",
        filled=True,
        stroked=False,
        get_fill_color=[0, 0, 0, 0],
        pickable=True,
        auto_highlight=True,
        highlight_color=rgba(colours.text, 22),
    )


def frame_layers(colours: Palette, codes: tuple[str, ...], scale: float) -> list[pdk.Layer]:
    """What lies over the theme: the fade outside the district, borders, the chosen ones marked."""
    layers = [
        _geojson(
            "mask",
            filled=True,
            stroked=False,
            get_fill_color=f"[{','.join(map(str, rgba(colours.ground)[:3]))},properties.alpha]",
        ),  # fmt: skip
        _geojson(
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


def text_layer(
    rows: list[dict], layer_id: str, colours: Palette, *, size_px: float, colour: str
) -> pdk.Layer:
    """Chinese labels with a halo: rows of ``p`` (lon, lat), ``t`` (text), ``o`` (pixel offset)."""
    return pdk.Layer(
        "TextLayer",
        data=rows,
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
    )
