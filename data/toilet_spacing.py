"""How far apart toilets stand along streets, against the standard by kind of street.

CJJ 27-2012 gives the spacing of toilets by kind of street. A street keeps it where no spot of it is
farther on foot than half of it from a toilet; ways are those of the street network, not the street's
own course alone: a toilet round the corner serves it too. Lengths are metres.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from data.contracts import LAST_YEAR
from data.coverage import WalkModel, in_scope, is_open
from data.frames import contract_frame, empty_frame
from data.walk_network import NOT_ON_THE_GROUND, rule
from geo.along import points_along
from geo.projection import to_metres

NO_ROADSIDE = (*NOT_ON_THE_GROUND, "大桥")
"""Streets whose name says so have no roadside where a toilet could stand."""
LIMITS_FILE = Path(__file__).parent / "standards" / "toilet_spacing.csv"


@cache
def spacing_limits() -> pd.DataFrame:
    """``toilets.spacing_limits``: the largest spacing by class of street, with the clause."""
    frame = pd.read_csv(LIMITS_FILE, encoding="utf-8").assign(source_kind="standard")
    return contract_frame("toilets.spacing_limits", frame)


def street_spacing(
    model: WalkModel,
    streets: pd.DataFrame,
    segments: pd.DataFrame,
    toilets: pd.DataFrame,
    source_kind: str,
) -> pd.DataFrame:
    """``toilets.street_spacing``: of every street by subdistrict the length beyond the spacing.

    Public toilets alone count, as the standard is about them. Streets of a class without a limit,
    tunnels, viaducts and large bridges are left out. ``farthest_m`` is missing where a spot of the
    street reaches no toilet at all; that spot counts as beyond.
    """
    has_roadside = ~streets["street_name"].str.contains("|".join(NO_ROADSIDE))
    drawn = segments[segments["geometry_json"].notna()].merge(
        streets.loc[has_roadside, ["street_id", "street_name", "street_class"]], on="street_id"
    )
    drawn = drawn.merge(
        spacing_limits()[["street_class", "spacing_kind", "max_spacing_m"]], on="street_class"
    )
    if toilets.empty or drawn.empty:
        return empty_frame("toilets.street_spacing")
    lines = to_metres(shapely.from_geojson(drawn["geometry_json"].to_numpy(dtype=object)))
    spacing_m = rule("street_point_m")
    points = [points_along(line, spacing_m) for line in lines]
    owner = np.repeat(np.arange(len(drawn)), [len(found) for found in points])
    here = toilets[in_scope(toilets, "public") & is_open(toilets, LAST_YEAR)]
    walk_m = model.walks_from(np.vstack(points), here["lon"].to_numpy(), here["lat"].to_numpy())
    walk_m = np.where(np.isnan(walk_m), np.inf, walk_m)
    beyond = walk_m > drawn["max_spacing_m"].to_numpy()[owner] / 2
    count = np.bincount(owner, minlength=len(drawn))
    farthest_m = np.full(len(drawn), -np.inf)
    np.maximum.at(farthest_m, owner, walk_m)
    share = np.bincount(owner, weights=beyond, minlength=len(drawn)) / np.maximum(count, 1)
    frame = drawn.assign(
        beyond_m=(share * drawn["length_m"]).round(1),
        farthest_m=np.where(np.isfinite(farthest_m), farthest_m, np.nan).round(1),
        source_kind=source_kind,
    )[count > 0]
    return contract_frame(
        "toilets.street_spacing",
        frame.drop(columns=["geometry_json", "street_class", "max_spacing_m"]),
    )
