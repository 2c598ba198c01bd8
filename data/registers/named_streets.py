"""Streets that an office's file names: found on the map as it stands, or said to be on none.

A row whose street is unknown stays (未上图). Its finding lists the likest spellings of the map for the
officer to read; none is ever taken for the one that was meant.
"""

from collections.abc import Mapping

import pandas as pd

from data.frames import empty_frame
from data.registers.register import Register
from data.registers.sheet import Sheet
from data.street_courses import DEMONSTRATIONS, StreetCourses, with_courses
from data.street_names import NAMING_STREETS, StreetNames

STREETS, SEGMENTS = "streets.streets", "streets.segments"
MOST_SUGGESTED = 200
"""Unknown names that get suggestions: more than that is another district's file, not spelling."""

Tables = Mapping[str, pd.DataFrame]


def street_tables(register: Register) -> tuple[str, ...]:
    """Tables that are needed to find the streets a register names; none if it names none."""
    if register.dataset == DEMONSTRATIONS:
        return STREETS, SEGMENTS
    return (STREETS,) if register.dataset in NAMING_STREETS else ()


def with_streets(
    path: str, rows: pd.DataFrame, current: Tables, before: Tables | None = None
) -> pd.DataFrame:
    """Rows of a table (columns of the contract) with the streets that they name, as these stand.

    ``before``: the tables that the rows were matched with last, if the streets have changed since.
    """
    if path == DEMONSTRATIONS:
        return with_courses(rows, _courses(current), None if before is None else _courses(before))
    if path in NAMING_STREETS:
        return rows.assign(**_courses(current).names.matched(rows["road_name"]))
    return rows


def note_unmapped(sheet: Sheet, rows: pd.DataFrame, current: Tables) -> None:
    """A note on every row whose street the map lacks, or lacks in the subdistrict.

    ``rows`` as ``with_streets`` gives them, by row number in the file. Nothing is said where no
    streets stand yet: there is no map to be missing from.
    """
    courses = _courses(current)
    if not courses.names or rows.empty:
        return
    if sheet.register.dataset == DEMONSTRATIONS:
        lacking = rows[rows["geometry_json"].isna()]
        is_known = courses.names.matched(lacking["street_name"])["street_name"].notna()
        _note_unknown(sheet, lacking.loc[~is_known, "street_name"], courses.names)
        _note_elsewhere(sheet, lacking[is_known])
    elif sheet.register.dataset in NAMING_STREETS:
        unknown = rows.loc[rows["street_name"].isna() & rows["road_name"].notna(), "road_name"]
        _note_unknown(sheet, unknown, courses.names)


def _note_unknown(sheet: Sheet, names: pd.Series, streets: StreetNames) -> None:
    """Notes on rows, by number in the file, that name what is no street of the map."""
    distinct = names.unique()
    said = {name: f"未在底图道路中找到“{name}”" for name in distinct}
    for name in distinct[:MOST_SUGGESTED]:
        likest = "、".join(streets.suggestions(name))
        said[name] += f"，最接近的有 {likest}" if likest else "，也没有相近的名称"
    _flag(sheet, names.name, names.map(said), "请核对名称；确为底图没有的可不改")


def _note_elsewhere(sheet: Sheet, rows: pd.DataFrame) -> None:
    reason = "底图中的“" + rows["street_name"] + "”不经过" + rows["subdistrict_name"]
    _flag(sheet, "street_name", reason, "请核对道路与街道，或在文件中附上几何")


def _flag(sheet: Sheet, field: str, reason: pd.Series, remedy: str) -> None:
    """Note reasons, which come by row number, at a field's cells."""
    if reason.empty:
        return
    by_row = reason.reindex(sheet.numbers).reset_index(drop=True)
    sheet.flag(by_row.notna().to_numpy(), field, "noted", "未上图", by_row, remedy)


def _courses(current: Tables) -> StreetCourses:
    return StreetCourses(*(
        current[path] if path in current else empty_frame(path) for path in (STREETS, SEGMENTS)
    ))  # fmt: skip
