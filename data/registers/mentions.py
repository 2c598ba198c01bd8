"""Which street, river or station of the shipped geography a text mentions.

A row's name or address places it roughly, whatever its coordinates say.
"""

from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo import district
from geo.projection import to_metres

_LAYERS = {
    "stations": "station_name",
    "streets": "street_name",
    "waterways": "waterway_name",
    "water_areas": "water_name",
}
_SHORT_NAME = 2
"""Names this short are met by chance (彭埠 in 彭埠街道), unless they are rivers' or lakes'."""

_SEARCHED_CHARACTERS = 60
"""Characters of a text that are searched: names and addresses are shorter, remarks are not."""


@cache
def landmarks() -> dict[str, BaseGeometry]:
    """Geometry in metres (EPSG:4549) of what a name stands for, all things of that name together.

    Stations of two characters are known with 站 behind them only.
    """
    found: dict[str, list[BaseGeometry]] = {}
    for layer, key in _LAYERS.items():
        for feature in district.layer(layer):
            name = feature.properties[key] or ""
            if layer == "stations":
                found.setdefault(f"{name.removesuffix('站')}站", []).append(feature.geometry)
            if len(name) > _SHORT_NAME or (name and layer.startswith("water")):
                found.setdefault(name, []).append(feature.geometry)
    return {
        name: to_metres(shapely.union_all(parts))
        for name, parts in found.items()
        if len(name) >= _SHORT_NAME
    }


@cache
def _name_lengths() -> list[int]:
    return sorted({len(name) for name in landmarks()}, reverse=True)


def landmark_in(text: str) -> str:
    """The longest name of a landmark that a text contains (the first of two); empty if none."""
    text, names = text[:_SEARCHED_CHARACTERS], landmarks()
    for length in _name_lengths():
        for start in range(len(text) - length + 1):
            if text[start : start + length] in names:
                return text[start : start + length]
    return ""


def landmarks_named(texts: pd.DataFrame) -> np.ndarray:
    """Landmark that each row's texts mention, the longest of all columns (object array of names;
    empty where there is none). Equal texts are searched once."""
    named = np.full(len(texts), "", dtype=object)
    lengths = np.zeros(len(texts), dtype=int)
    for column in range(texts.shape[1]):
        codes, unique = pd.factorize(texts.iloc[:, column])
        # A missing text has the code -1 and finds the empty name at the end.
        names = np.array([*(landmark_in(str(text)) for text in unique), ""], dtype=object)
        sizes = np.array([len(name) for name in names])
        longer = sizes[codes] > lengths
        named[longer], lengths[longer] = names[codes[longer]], sizes[codes[longer]]
    return named
