"""Candidates for dark spots (疑似盲区): where lamps along streets and riverside walks stand far apart.

Streets count by name and subdistrict, riverside walks by river and subdistrict. Whatever lamp stands
within reach of a line lights it, whosever it is: a crossing street's lamp lights the corner, one in
the middle both carriageways. Rules stand in ``data/rules/lighting.csv``; lengths are metres.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from data.frames import contract_frame, empty_frame
from data.geography import river_bank, water
from data.office_rules import rule_parameters
from geo import district
from geo.gaps import beside_longer, gaps, passings, stretches
from geo.geojson import to_text
from geo.overlay import cut_by_areas
from geo.projection import points_to_metres, to_degrees, to_metres

DARK_GAPS = "lighting.dark_gaps"
TUNNELS = ("隧道", "地道")
"""Streets whose name says so are lit within, by lamps that stand at no place of the map."""
TRAILS = ("path",)
"""Classes of the map that are no public street: unpaved ways in the hills."""
MAIN_CLASSES = ("trunk", "primary")
BANKED_RIVER = "钱塘江"
"""The river whose course is far from its walks: they follow the water's edge."""
STREET, RIVERSIDE = "street", "riverside"
PLACE = ["subdistrict_code", "place_kind", "place_name"]
DEGREE_DECIMALS = 6


def dark_gaps(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``lighting.dark_gaps`` of all lamps, whatever their kind, state and year; none without lamps.

    Of ``tables`` the lamps, streets with segments, and rivers with reaches are read. A gap lies
    between neighbouring lamps, or between an end of a line and the lamp next to it; a line without
    lamps is one gap. Kept are those of at least ``dark_gap_least_m``, of two carriageways side by
    side the longer one. ``has_lamps`` tells whether the street has any lamp in that subdistrict.
    Riversides are looked at where lamps of their own stand: ``docs/decisions/0020-dark-gaps.md``.
    """
    lamps = tables["lighting.assets"]
    roads = _street_lines(tables["streets.streets"], tables["streets.segments"])
    walks = _riverside_lines(tables["rivers.rivers"], tables["rivers.reaches"])
    lines = pd.concat([roads, walks], ignore_index=True)
    if lamps.empty or lines.empty:
        return empty_frame(DARK_GAPS)
    line_m, reach_m = lines["line_m"].to_numpy(), lines["reach_m"].to_numpy()
    lamps_m = np.column_stack(points_to_metres(lamps["lon"].to_numpy(), lamps["lat"].to_numpy()))
    passed, along_m, lamp = passings(line_m, lamps_m, reach_m)
    place = lines.groupby(PLACE).ngroup().to_numpy()
    is_looked_at = _are_looked_at(lines, place, passed, lamp)

    line, from_m, to_m = gaps(shapely.length(line_m), passed, along_m)
    kept = is_looked_at[line] & (to_m - from_m >= rule_parameters()["dark_gap_least_m"])
    line = line[kept]
    dark_m = stretches(line_m, line, from_m[kept], to_m[kept])
    # A river has no carriageways; within its reach would be a short gap next to a long one.
    apart_m = np.where(lines["place_kind"] == STREET, reach_m, 0)
    is_single = ~beside_longer(dark_m, place[line], apart_m[line])
    line, dark_m = line[is_single], dark_m[is_single]
    return _table(
        lines.iloc[line].assign(has_lamps=np.isin(place[line], place[passed])),
        dark_m,
        lamps["source_kind"].iloc[0],
    )


def _table(places: pd.DataFrame, dark_m: np.ndarray, source_kind: str) -> pd.DataFrame:
    """The table of dark stretches (metres), one a row of the places where they lie."""
    middle = to_degrees(shapely.line_interpolate_point(dark_m, 0.5, normalized=True))
    frame = places.drop(columns=["line_m", "reach_m"]).assign(
        gap_m=shapely.length(dark_m).round(1),
        lon=shapely.get_x(middle).round(DEGREE_DECIMALS),
        lat=shapely.get_y(middle).round(DEGREE_DECIMALS),
        geometry_json=[to_text(dark) for dark in to_degrees(dark_m)],
        source_kind=source_kind,
    )
    frame = frame.sort_values(PLACE, kind="stable")
    return contract_frame(
        DARK_GAPS, frame.assign(gap_id=[f"G{number:05d}" for number in range(1, len(frame) + 1)])
    )


def _are_looked_at(
    lines: pd.DataFrame, place: np.ndarray, passed: np.ndarray, lamp: np.ndarray
) -> np.ndarray:
    """All streets, and riversides with lamps enough that stand at no street: there is a walk.

    Lamps of bridges and of streets along the water do not make one.
    """
    is_street = (lines["place_kind"] == STREET).to_numpy()
    at_street = np.isin(lamp, lamp[is_street[passed]])
    own_count = np.bincount(place[passed[~at_street]], minlength=place.max() + 1)
    length_m = np.bincount(place, weights=shapely.length(lines["line_m"].to_numpy()))
    is_walk = 100 * own_count >= rule_parameters()["riverside_lamps_per_100m"] * length_m
    return is_street | is_walk[place]


# --- lines ---------------------------------------------------------------------------------------


def _street_lines(streets: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Named streets by subdistrict, as single lines; tunnels and trails are left out."""
    is_street = ~streets["street_name"].str.contains("|".join(TUNNELS))
    is_street &= ~streets["street_class"].isin(TRAILS)
    named = streets.loc[is_street, ["street_id", "street_name", "street_class"]]
    pieces = segments[segments["geometry_json"].notna()].merge(named, on="street_id")
    rules = rule_parameters()
    is_main = pieces["street_class"].isin(MAIN_CLASSES)
    reach_m = np.where(is_main, rules["main_street_lamp_reach_m"], rules["street_lamp_reach_m"])
    pieces = pieces.rename(columns={"street_name": "place_name"})
    return _lines(pieces.assign(place_kind=STREET, reach_m=reach_m), _in_metres(pieces))


def _riverside_lines(rivers: pd.DataFrame, reaches: pd.DataFrame) -> pd.DataFrame:
    """Rivers by subdistrict, as single lines; without what is farther from land than lamps reach."""
    named = rivers[["river_id", "river_name"]].rename(columns={"river_name": "place_name"})
    pieces = reaches[reaches["geometry_json"].notna()].merge(named, on="river_id")
    is_banked = pieces["place_name"] == BANKED_RIVER
    if is_banked.any():
        pieces = pd.concat([pieces[~is_banked], _bank()])
    reach_m = rule_parameters()["riverside_lamp_reach_m"]
    near_land_m = shapely.difference(
        _in_metres(pieces), shapely.buffer(to_metres(water()), -reach_m)
    )
    pieces = pieces.assign(place_kind=RIVERSIDE, reach_m=reach_m)
    return _lines(pieces, shapely.line_merge(near_land_m))


def _bank() -> pd.DataFrame:
    names = district.subdistrict_names()
    bank = cut_by_areas(river_bank(), district.subdistrict_areas())
    return pd.DataFrame(
        {
            "place_name": BANKED_RIVER,
            "subdistrict_code": code,
            "subdistrict_name": names[code],
            "geometry_json": to_text(line),
        }
        for code, (line, _) in bank.items()
    )


def _in_metres(pieces: pd.DataFrame) -> np.ndarray:
    return to_metres(shapely.from_geojson(pieces["geometry_json"].to_numpy(dtype=object)))


def _lines(pieces: pd.DataFrame, courses_m: np.ndarray) -> pd.DataFrame:
    """One row a single line of the courses of pieces: its place, its reach and the line itself."""
    line_m, owner = shapely.get_parts(courses_m, return_index=True)
    frame = pieces[[*PLACE, "subdistrict_name", "reach_m"]].iloc[owner].assign(line_m=line_m)
    return frame[shapely.length(line_m) > 0]
