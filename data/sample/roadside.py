"""Where invented facilities may stand: on land beside real streets, well apart.

Positions are degrees (WGS-84); distances and gaps metres (EPSG:4549).
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.geography import clipped, in_water, short_names, street_pieces, with_subdistrict
from data.sample.common import BANK_NAMES
from geo import along, district
from geo.projection import points_to_degrees, points_to_metres, to_metres

CANDIDATE_SPACING_M = 20.0
ROADSIDE_M = (5.0, 15.0)
BANK_M = (12.0, 18.0)
LEFT_OUT_CLASSES = ("trunk", "path")
NOT_ON_THE_GROUND = ("隧道", "地道", "高架", "立交", "大桥", "跨线桥")
"""Streets whose name says so run below or above the ground."""


def beside_ground(street_name: str) -> bool:
    """Whether one can stand beside this street: it runs neither below nor above the ground."""
    return not any(word in street_name for word in NOT_ON_THE_GROUND)


def places_metres(places: pd.DataFrame) -> np.ndarray:
    """East and north (n, 2) of rows with ``lon`` and ``lat``."""
    return np.column_stack(points_to_metres(places["lon"].to_numpy(), places["lat"].to_numpy()))


def chosen_beside_streets(
    candidates: pd.DataFrame,
    wanted: Mapping[str, int],
    min_gap_m: float,
    random: np.random.Generator,
    taken_m: np.ndarray,
) -> pd.DataFrame:
    """Of the candidates so many by short name of subdistrict, well apart and from ``taken_m``.

    ValueError where a subdistrict has no room for them.
    """
    candidate_m = places_metres(candidates)
    chosen = []
    for code, short in short_names().items():
        here = np.flatnonzero(candidates["subdistrict_code"] == code)
        picked = here[along.thinned(candidate_m[here], wanted[short], min_gap_m, random, taken_m)]
        if len(picked) < wanted[short]:
            raise ValueError(f"room for {len(picked)} of {wanted[short]} in {short}")
        taken_m = np.vstack((taken_m, candidate_m[picked]))
        chosen.append(picked)
    return candidates.iloc[np.concatenate(chosen)]


def roadside_candidates(random: np.random.Generator, with_banks: bool = True) -> pd.DataFrame:
    """Points on land beside streets; ``with_banks`` beside waterways too where streets are few.

    Columns ``lon``, ``lat``, ``street_name``, ``subdistrict_code``, ``subdistrict_name``.
    """
    lines = [
        (piece.street_name, piece.geometry, ROADSIDE_M)
        for piece in street_pieces()
        if piece.street_class not in LEFT_OUT_CLASSES and beside_ground(piece.street_name)
    ]
    lines += [
        (feature.properties["waterway_name"] or "河道", clipped(feature.geometry), BANK_M)
        for feature in (district.layer("waterways") if with_banks else ())
    ]
    names, on_bank, points = [], [], []
    for name, line, (near_m, far_m) in lines:
        if line.is_empty:
            continue
        offset_m = random.uniform(near_m, far_m) * random.choice([-1, 1])
        found = along.points_along(to_metres(line), CANDIDATE_SPACING_M, offset_m)
        names += [name] * len(found)
        on_bank += [near_m == BANK_M[0]] * len(found)
        points.append(found)
    lon, lat = points_to_degrees(*np.vstack(points).T)
    frame = pd.DataFrame(
        {"lon": lon.round(6), "lat": lat.round(6), "street_name": names, "on_bank": on_bank}
    )
    frame = with_subdistrict(frame)
    on_land = ~in_water(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    short = frame["subdistrict_code"].map(short_names())
    kept = frame[on_land & short.notna() & (~frame["on_bank"] | short.isin(BANK_NAMES))]
    return kept.drop(columns="on_bank").reset_index(drop=True)


def numbered_names(places: pd.DataFrame, word: str) -> list[str]:
    """``{subdistrict}{street}{word} {number}``: every name bears a number, as no real one does."""
    short = short_names()
    used: Counter = Counter()
    names = []
    for place in places.itertuples():
        street, _, _ = place.street_name.partition("（")
        name = f"{short[place.subdistrict_code]}{street}{word}"
        used[name] += 1
        names.append(f"{name} {used[name]}")
    return names
