"""Sample registers of road repair and pavement: real streets, invented dates and conditions.

The 17 roads that 专栏 1 names keep the dates of the plan's projects; the 37 that it does not name are
real streets drawn at random, so that the register has the plan's 54. Pavement shares follow the
plan's indicators nearly: a few sections are worse, so that lists and warnings have something to say.
"""

import numpy as np
import pandas as pd

from data.contracts import PAVEMENT_GRADES
from data.geography import street_pieces
from data.projects import REPAIR_SUFFIX, UNNAMED_ROADS
from data.sample.common import generator, with_map_streets
from geo import district

ROAD_CLASSES = {
    "primary": "main", "secondary": "secondary", "tertiary": "branch", "residential": "branch",
}  # fmt: skip
LEAST_SECTION_M = 150.0
LEAST_ROAD_M = 500.0
INSPECTIONS = ("2023-10-15", "2024-10-20", "2025-10-18")
CITY_MANAGED_SHARE = {"main": 0.6, "secondary": 0.15, "branch": 0.0}
GRADE_SHARES = {
    "main": (0.66, 0.315, 0.018, 0.005, 0.002),
    "secondary": (0.60, 0.365, 0.025, 0.007, 0.003),
    "branch": (0.52, 0.43, 0.035, 0.01, 0.005),
}
PCI_FLOORS = (90, 80, 70, 60, 40)
"""Lowest index of each grade, 优 first."""
PCI_SPAN = 10
OLDEST_YEARS = {"main": 17, "secondary": 12, "branch": 20}


def road_tables(projects: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """``streets.road_projects`` and ``streets.pavement``; ``projects`` are the plan's with states."""
    random = generator("roads")
    repairs = _repairs(projects, random)
    return {"streets.road_projects": repairs, "streets.pavement": _pavement(repairs, random)}


def _repairs(projects: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    roads = projects[projects["project_kind"] == "road"]
    named = roads[roads["project_id"] != UNNAMED_ROADS].assign(
        road_name=lambda frame: frame["project_name"].str.removesuffix(REPAIR_SUFFIX)
    )
    rest = roads[roads["project_id"] == UNNAMED_ROADS].iloc[0]
    frame = pd.concat([named, _others(rest, set(named["road_name"]), random)], ignore_index=True)
    frame = frame.rename(columns={"plan_start_year": "plan_year"}).assign(
        road_id=[f"X{number:02d}" for number in range(1, len(frame) + 1)],
        clause="box1",
        source_kind="sample",
    )
    kept = ["road_id", "road_name", "managed_level", "project_id", "plan_year", "state",
            "started_on", "completed_on", "clause", "source_kind"]  # fmt: skip
    return with_map_streets("streets.road_projects", frame[kept])


def _others(row: pd.Series, taken: set[str], random: np.random.Generator) -> pd.DataFrame:
    """As many real streets as the row counts, begun and done within its dates."""
    lengths: dict[str, float] = {}
    for piece in street_pieces():
        if piece.street_class in ROAD_CLASSES:
            lengths[piece.street_name] = lengths.get(piece.street_name, 0) + piece.length_m
    names = [name for name, length_m in lengths.items() if length_m >= LEAST_ROAD_M]
    free = sorted(set(names) - taken)
    count = int(row["quantity"])
    chosen = [free[i] for i in random.permutation(len(free))[:count]]
    first, last = row["started_on"], row["completed_on"]
    days = (last - first).days
    begun = np.sort(random.integers(0, days // 2, count))
    taken_days = random.integers(60, days // 2, count)
    # The last of them ends when the plan's row does.
    begun[0], taken_days[-1] = 0, days - begun[-1]
    return pd.DataFrame(
        {
            "project_id": row["project_id"],
            "road_name": chosen,
            "managed_level": np.where(random.random(count) < 0.3, "市管", "区管"),
            "plan_start_year": int(row["plan_start_year"]),
            "state": "completed",
            "started_on": first + pd.to_timedelta(begun, unit="D"),
            "completed_on": first + pd.to_timedelta(begun + taken_days, unit="D"),
        }
    )


def _pavement(repairs: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """A section for each street, class and subdistrict, inspected once a year."""
    pieces = [
        piece
        for piece in street_pieces()
        if piece.street_class in ROAD_CLASSES and piece.length_m >= LEAST_SECTION_M
    ]
    names = district.subdistrict_names()
    sections = pd.DataFrame(
        {
            "section_id": f"PV{number:04d}",
            "road_name": piece.street_name,
            "subdistrict_code": piece.subdistrict_code,
            "subdistrict_name": names[piece.subdistrict_code],
            "road_class": ROAD_CLASSES[piece.street_class],
            "length_m": round(piece.length_m, 1),
        }
        for number, piece in enumerate(pieces, start=1)
    )
    city = sections["road_class"].map(CITY_MANAGED_SHARE).to_numpy()
    sections["managed_level"] = np.where(random.random(len(sections)) < city, "市管", "区管")
    sections["renewed_year"] = _renewed_years(sections, repairs, random)
    years = []
    for day in INSPECTIONS:
        year = sections.assign(inspected_on=pd.Timestamp(day), source_kind="sample")
        is_known = year["renewed_year"] <= pd.Timestamp(day).year
        grades = _grades(year, random)
        pci = [PCI_FLOORS[PAVEMENT_GRADES.index(grade)] for grade in grades]
        year["grade"] = grades
        year["pci"] = np.round(np.array(pci) + random.random(len(year)) * PCI_SPAN * 0.98, 1)
        years.append(year[is_known])
    return with_map_streets("streets.pavement", pd.concat(years, ignore_index=True))


def _renewed_years(
    sections: pd.DataFrame, repairs: pd.DataFrame, random: np.random.Generator
) -> np.ndarray:
    """Year of the last rebuilding: that of the repair where there was one."""
    oldest = sections["road_class"].map(OLDEST_YEARS).to_numpy()
    drawn = 2025 - random.integers(2, oldest)
    done = repairs.dropna(subset="completed_on").set_index("road_name")["completed_on"].dt.year
    repaired = sections["road_name"].map(done[~done.index.duplicated()])
    return repaired.fillna(pd.Series(drawn)).astype(int).to_numpy()


def _grades(sections: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Grades by length: the plan's shares hold for kilometres, not for numbers of sections."""
    grades = np.full(len(sections), PAVEMENT_GRADES[0], dtype=object)
    for road_class, shares in GRADE_SHARES.items():
        here = np.flatnonzero(sections["road_class"] == road_class)
        # The older the worse, with some chance.
        age = 2030 - sections["renewed_year"].to_numpy()[here] + random.normal(0, 4, len(here))
        here = here[np.argsort(age)]
        length_m = sections["length_m"].to_numpy()[here]
        reached = (np.cumsum(length_m) - length_m / 2) / length_m.sum()
        grades[here] = np.array(PAVEMENT_GRADES)[
            np.searchsorted(np.cumsum(shares)[:-1], reached, side="right")
        ]
    return grades
