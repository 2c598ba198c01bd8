"""Courses of demonstration streets: the whole course of the street that their name means.

A demonstration street is a name in a subdistrict. Where its register brings no line of its own, it
runs where the map draws a street of that name (or of that alias) within the subdistrict; where the
map has none, it has no course (未上图).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.frames import contract_frame
from data.street_names import StreetNames
from geo import along
from geo.geojson import from_text, to_text
from geo.projection import points_to_degrees, to_metres

DEMONSTRATIONS = "streets.demonstration_streets"
_DECIMALS = 6


@dataclass(frozen=True)
class Course:
    """A street's course in one subdistrict: metres along every carriageway, GeoJSON text, label."""

    length_m: float
    geometry_json: str
    lon: float
    lat: float


class StreetCourses:
    """The courses of the map's streets, to be asked by name and subdistrict."""

    def __init__(self, streets: pd.DataFrame, segments: pd.DataFrame) -> None:
        """``streets.streets`` and ``streets.segments`` (street × subdistrict)."""
        self.names = StreetNames(streets["street_name"])
        by_id = streets.drop_duplicates("street_id").set_index("street_id")["street_name"]
        pieces = segments[segments["geometry_json"].notna()]
        named = pieces["street_id"].map(by_id)
        self._pieces = dict(iter(pieces.groupby([named, pieces["subdistrict_code"]], sort=False)))
        self._known: dict[tuple[str, str], Course] = {}

    def course(self, name: object, subdistrict_code: object) -> Course | None:
        """Course of the street that a name means; None where the map has none there."""
        key = (self.names.match(name).street_name, subdistrict_code)
        if key not in self._pieces:
            return None
        if key not in self._known:
            self._known[key] = _course(self._pieces[key])
        return self._known[key]


def _course(pieces: pd.DataFrame) -> Course:
    lines = along.gathered([from_text(text) for text in pieces["geometry_json"]])
    lon, lat = points_to_degrees(*along.point_at(to_metres(lines), 0.5))
    return Course(
        float(pieces["length_m"].sum()),
        to_text(lines),
        round(lon, _DECIMALS),
        round(lat, _DECIMALS),
    )


def with_courses(
    rows: pd.DataFrame, courses: StreetCourses, before: StreetCourses | None = None
) -> pd.DataFrame:
    """Demonstration streets (rows of the contract) with the map's courses where they bring none.

    A line of a register's own stays. ``before``: the map as it was when the rows were drawn; rows
    that run as it had them follow the map, and lose their course where it no longer has any.
    """
    if rows.empty:
        return rows
    found = [
        _placed(row, courses.course(*_key(row)), before.course(*_key(row)) if before else None)
        for row in rows.itertuples()
    ]
    columns = ["length_m", "geometry_json", "lon", "lat"]
    placed = pd.DataFrame(found, columns=columns, index=rows.index)
    is_mapped = placed["geometry_json"].notna() | placed["lon"].notna()
    frame = contract_frame(
        DEMONSTRATIONS, rows.assign(**{name: placed[name] for name in columns}, is_mapped=is_mapped)
    )
    return frame.set_axis(rows.index)


def _key(row: tuple) -> tuple[object, object]:
    return row.street_name, row.subdistrict_code


def _placed(row: tuple, course: Course | None, before: Course | None) -> tuple:
    """Length, course and label of one row."""
    length_m, lon, lat = row.length_m, row.lon, row.lat
    is_of_map = before is not None and row.geometry_json == before.geometry_json
    if not pd.isna(row.geometry_json) and not is_of_map:
        return length_m, row.geometry_json, lon, lat
    if is_of_map:
        length_m = np.nan
        if (lon, lat) == (before.lon, before.lat):
            lon, lat = np.nan, np.nan
    if course is None:
        return length_m, None, lon, lat
    if pd.isna(lon):
        lon, lat = course.lon, course.lat
    return course.length_m, course.geometry_json, lon, lat
