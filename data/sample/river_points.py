"""Sample registers of what stands on rivers: monitoring sections, outfalls, pump stations, dead ends.

The works that the plan names are the plan's; it gives no positions, so they have none. Positions of
sample rows lie on real courses (degrees, WGS-84); dates and states are invented with a fixed seed.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from data.frames import contract_frame
from data.geography import with_subdistrict
from data.sample.common import generator
from geo import along
from geo.geojson import from_text
from geo.projection import points_to_degrees, to_metres

SECTION_SHARES = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)
"""Where along its course a monitoring section may stand; the first that is inside is taken."""
SECOND_SHARES = (0.85, 0.9, 0.8, 0.95)
SECOND_SECTION_M = 4000.0
"""Rivers with at least this length have a second section near their lower end."""
CONTROL_LEVELS = {"trunk": "provincial", "main": "municipal", "branch": "district"}

OUTFALL_SPACING_M = 800.0
FOUND_OUTFALLS = 26
"""Outfalls with a dry-weather discharge found over the plan's years."""
OPEN_OUTFALLS = 7
"""How many of those were not yet dealt with at the end of the last year."""

PLAN_WORKS = (
    ("引水河和睦港闸", "sluice", "引水河", "new", "P01", "box2"),
    ("三堡沉砂池", "sand_basin", None, "new", "P02", "box2"),
    ("五堡排涝双向泵站", "pump_station", None, "new", "P03", "box2"),
    ("丁桥中央水景公园闸站", "sluice", None, "new", "P04", "box2"),
    ("八号港闸", "sluice", "八号港", "new", "P05", "box2"),
    ("八堡泵站", "pump_station", None, "continued", "P06", "4.3.4"),
    ("笕桥泵站", "pump_station", None, "new", "P07", "4.3.4"),
)
"""Works the plan names without saying where: name, kind, river, work, project, clause."""
RENEWED_COMPLETED = (2021, 2022, 2022, 2023, 2023, 2024, 2024, None, None)
"""Years in which the nine pump stations of clause 4.5.4 were renewed; None: still under way."""
OPENED_COMPLETED = (2022, 2023, 2024, 2025, None)
"""Years in which the five dead ends of clause 4.3.3 were opened."""


def river_point_tables(rivers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``rivers.sections`` and ``rivers.facilities`` of the sample's ``rivers.rivers``."""
    mapped = rivers[rivers["is_mapped"]]
    lines_m = {row.river_id: to_metres(from_text(row.geometry_json)) for row in mapped.itertuples()}
    return {
        "rivers.sections": _sections(rivers, lines_m),
        "rivers.facilities": _facilities(rivers, lines_m),
    }


def _sections(rivers: pd.DataFrame, lines_m: Mapping[str, BaseGeometry]) -> pd.DataFrame:
    """One section a river, two where it is long; those of unmapped rivers have no position."""
    long = rivers[rivers["length_m"].ge(SECOND_SECTION_M).fillna(False)]
    placed = [
        _on_course(rivers, lines_m, SECTION_SHARES).assign(suffix="监测断面"),
        _on_course(long, lines_m, SECOND_SHARES).assign(suffix="下游断面"),
    ]
    frame = pd.concat(placed, ignore_index=True)
    known = rivers.set_index("river_id")
    frame["section_name"] = frame["river_id"].map(known["river_name"]) + frame.pop("suffix")
    frame["control_level"] = frame["river_id"].map(known["rank"]).map(CONTROL_LEVELS)
    frame = frame.sort_values(["river_id", "section_name"], ascending=[True, False])
    frame["section_id"] = [f"D{number:03d}" for number in range(1, len(frame) + 1)]
    frame = frame.assign(water_kind="river", is_mapped=frame["lon"].notna(), source_kind="sample")
    return contract_frame("rivers.sections", frame)


def _on_course(
    rivers: pd.DataFrame, lines_m: Mapping[str, BaseGeometry], shares: tuple[float, ...]
) -> pd.DataFrame:
    """One row a river: at the first share of its course that is inside the district, if mapped."""
    rows = [
        (river_id, *along.point_at(lines_m[river_id], share))
        for river_id in rivers["river_id"]
        if river_id in lines_m
        for share in shares
    ]
    found = _in_degrees(pd.DataFrame(rows, columns=["river_id", "east_m", "north_m"]))
    return rivers[["river_id"]].merge(found.drop_duplicates("river_id"), how="left")


def _in_degrees(frame: pd.DataFrame) -> pd.DataFrame:
    """Points in metres as degrees with their subdistrict; those outside the district are left out."""
    lon, lat = points_to_degrees(frame.pop("east_m").to_numpy(), frame.pop("north_m").to_numpy())
    placed = with_subdistrict(frame.assign(lon=lon.round(6), lat=lat.round(6)))
    return placed.dropna(subset="subdistrict_code")


def _facilities(rivers: pd.DataFrame, lines_m: Mapping[str, BaseGeometry]) -> pd.DataFrame:
    """Works that the plan names, outfalls along the courses, renewed stations, opened dead ends."""
    random = generator("river_facilities")
    by_name = rivers.set_index("river_name")["river_id"]
    names = rivers.set_index("river_id")["river_name"]
    works = pd.DataFrame(
        {
            "facility_name": name,
            "facility_kind": kind,
            "river_id": by_name.get(river),
            "is_mapped": False,
            "work": work,
            "project_id": project_id,
            "clause": clause,
            "source_kind": "plan",
        }
        for name, kind, river, work, project_id, clause in PLAN_WORKS
    )
    spread = _outfalls(names, lines_m)
    sample = pd.concat(
        [
            _works(spread, random, "pump_station", "升级改造泵站", "renewed", RENEWED_COMPLETED)
            .assign(project_id="P09", clause="4.5.4"),
            _works(spread, random, "dead_end", "断头断点", "opened", OPENED_COMPLETED)
            .assign(project_id="V13", clause="4.3.3"),
            _with_findings(spread, random),
        ],
        ignore_index=True,
    ).assign(is_mapped=True, source_kind="sample")  # fmt: skip
    both = pd.concat([works, sample], ignore_index=True)
    both["facility_id"] = [f"F{number:03d}" for number in range(1, len(both) + 1)]
    return contract_frame("rivers.facilities", both)


def _outfalls(names: pd.Series, lines_m: Mapping[str, BaseGeometry]) -> pd.DataFrame:
    """Outfalls at even distances beside every course, numbered by river."""
    rows = [
        (river_id, east_m, north_m)
        for river_id, line_m in lines_m.items()
        for east_m, north_m in along.points_along(
            line_m, OUTFALL_SPACING_M, offset_m=8.0, staggered=True
        )
    ]
    frame = _in_degrees(pd.DataFrame(rows, columns=["river_id", "east_m", "north_m"]))
    number = frame.groupby("river_id").cumcount() + 1
    name = frame["river_id"].map(names) + "排出口 " + number.astype("str").str.zfill(2)
    return frame.assign(facility_name=name, facility_kind="outfall").reset_index(drop=True)


def _works(
    spread: pd.DataFrame,
    random: np.random.Generator,
    kind: str,
    name: str,
    work: str,
    completed: tuple[int | None, ...],
) -> pd.DataFrame:
    """Works at drawn places on rivers, one for each year of completion."""
    at = spread.iloc[random.choice(len(spread), len(completed), replace=False)].copy()
    at["facility_name"] = [f"{name} {number}" for number in range(1, len(at) + 1)]
    at["completed_year"] = pd.array(completed, dtype="Int32")
    at["state"] = np.where(at["completed_year"].notna(), "completed", "under_construction")
    return at.assign(facility_kind=kind, work=work)


def _with_findings(spread: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """The outfalls, some with a dry-weather discharge found, all but the last ones dealt with."""
    frame = spread.copy()
    chosen = random.choice(len(frame), FOUND_OUTFALLS, replace=False)
    first = np.datetime64("2021-02-01")
    # The last ones were found in the last four months and stay open.
    days = np.sort(random.integers(0, 1640, FOUND_OUTFALLS))
    days[-OPEN_OUTFALLS:] = np.sort(random.integers(1670, 1770, OPEN_OUTFALLS))
    found = first + days.astype("timedelta64[D]")
    fixed = found + random.integers(6, 75, FOUND_OUTFALLS).astype("timedelta64[D]")
    fixed[-OPEN_OUTFALLS:] = np.datetime64("NaT")
    for column, dates in (("dry_flow_found_on", found), ("dry_flow_fixed_on", fixed)):
        values = np.full(len(frame), np.datetime64("NaT"), dtype="datetime64[s]")
        values[chosen] = dates
        frame[column] = values
    return frame
