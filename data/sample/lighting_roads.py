"""Sample register of how roads are lit: real streets by subdistrict, invented tests of their lamps."""

import numpy as np
import pandas as pd

from data.geography import short_names, street_pieces
from data.sample.common import exact_flags, generator, with_map_streets
from data.sample.lighting import NO_LAMPS, UNLIT_STREETS
from geo import district

ROAD_CLASSES = {
    "trunk": "main", "primary": "main", "secondary": "secondary", "tertiary": "branch",
}  # fmt: skip
"""Road class by class of the map, the highest first: a street has the highest of its pieces."""
LEAST_PIECE_M = 60.0
NEW_SHARE = 0.25
NEW_YEARS = (2016, 2025)
OLD_YEARS = (1996, 2015)
MEASURED_SHARE = 0.8
MEETING_SHARE = {"笕桥": 0.8, "九堡": 0.85, "彭埠": 0.92}
USUAL_MEETING_SHARE = 0.95
LUX_GRADES = {"main": (20.0, 30.0), "secondary": (15.0, 20.0), "branch": (8.0, 10.0)}
"""Average maintained illuminance of motor roads, lower and higher grade (CJJ 45-2015, table 3.3.1)."""
LUX_ABOVE, LUX_BELOW = (1.02, 1.7), (0.55, 0.97)
"""Those that meet the standard have so many times the higher grade, the others of the lower one."""
FIRST_DAY, LAST_DAY = pd.Timestamp("2024-03-01"), pd.Timestamp("2025-11-30")


def lighting_road_table() -> pd.DataFrame:
    """``lighting.roads``: a row for each larger street and subdistrict that it runs in."""
    random = generator("lighting roads")
    frame = _roads()
    count = len(frame)
    short = frame["subdistrict_code"].map(short_names())
    has_lamps = np.array(
        [pair not in UNLIT_STREETS for pair in zip(short, frame["road_name"], strict=True)]
    )
    is_new = has_lamps & exact_flags(random, count, NEW_SHARE)
    built = np.where(
        is_new,
        random.integers(NEW_YEARS[0], NEW_YEARS[1] + 1, count),
        random.integers(OLD_YEARS[0], OLD_YEARS[1] + 1, count),
    )
    is_measured = has_lamps & exact_flags(random, count, MEASURED_SHARE)
    meets = _meets(short, is_measured, random)
    lower, higher = np.array([LUX_GRADES[name] for name in frame["road_class"]]).T
    lux = np.where(
        meets,
        higher * random.uniform(*LUX_ABOVE, count),
        lower * random.uniform(*LUX_BELOW, count),
    )
    days = random.integers(0, (LAST_DAY - FIRST_DAY).days + 1, count)
    rows = frame.assign(
        road_id=[f"ZM{number:03d}" for number in range(1, count + 1)],
        is_new=is_new,
        built_year=built,
        has_lamps=has_lamps,
        meets_standard=pd.Series(meets, dtype="boolean").where(is_measured),
        average_lux=pd.Series(lux.round(1)).where(is_measured),
        measured_on=pd.Series(FIRST_DAY + pd.to_timedelta(days, unit="D")).where(is_measured),
        source_kind="sample",
    )
    return with_map_streets("lighting.roads", rows)


def _roads() -> pd.DataFrame:
    """Street names by subdistrict with their class; slivers and tunnels are left out."""
    pieces = pd.DataFrame(
        [
            (piece.subdistrict_code, piece.street_name, piece.street_class, piece.length_m)
            for piece in street_pieces()
            if piece.street_class in ROAD_CLASSES
            and not any(word in piece.street_name for word in NO_LAMPS)
        ],
        columns=["subdistrict_code", "road_name", "street_class", "length_m"],
    )
    pieces["street_class"] = pd.Categorical(pieces["street_class"], list(ROAD_CLASSES), True)
    roads = pieces.groupby(["subdistrict_code", "road_name"]).agg(
        street_class=("street_class", "min"), length_m=("length_m", "sum")
    )
    roads = roads[roads["length_m"] >= LEAST_PIECE_M].reset_index()
    return roads[["subdistrict_code", "road_name"]].assign(
        subdistrict_name=roads["subdistrict_code"].map(district.subdistrict_names()),
        road_class=roads["street_class"].astype("str").map(ROAD_CLASSES),
    )


def _meets(short: pd.Series, is_measured: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Which roads meet the standard: of those measured in a subdistrict exactly its share."""
    meets = np.zeros(len(short), dtype=bool)
    for name in short.unique():
        here = np.flatnonzero((short == name).to_numpy() & is_measured)
        share = MEETING_SHARE.get(name, USUAL_MEETING_SHARE)
        meets[here] = exact_flags(random, len(here), share)
    return meets
