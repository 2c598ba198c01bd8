"""Sample register of the plan's projects: the plan's rows with invented states and dates.

Dates respect the plan's years with a few exceptions, and the works that other sample registers hold
(lighting, demonstration streets, rivers) are done here when they are done there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.contracts import LAST_YEAR
from data.frames import contract_frame
from data.geography import short_names
from data.projects import projects_table
from data.sample.common import generator
from data.totals import planned_spots

LAST_DAY = pd.Timestamp(f"{LAST_YEAR}-12-31")


@dataclass(frozen=True)
class Span:
    """First and last month in which a work may begin, and how many months it takes at least, at most."""

    first: str
    last: str
    months: tuple[int, int]


SPANS = {
    "river": Span("2021-04", "2023-03", (16, 30)),
    "pump_sluice": Span("2021-06", "2023-06", (16, 30)),
    "sewage_free": Span("2021-09", "2023-03", (14, 30)),
    "beautiful_river": Span("2021-05", "2022-10", (18, 36)),
    "lighting": Span("2021-06", "2022-03", (12, 24)),
    "accessibility": Span("2020-06", "2021-10", (10, 16)),
    "games": Span("2021-08", "2022-04", (10, 15)),
    "municipal": Span("2021-02", "2021-09", (38, 56)),
    "waste": Span("2022-06", "2022-12", (22, 30)),
    "digital": Span("2021-06", "2023-10", (8, 22)),
}
IN_YEAR = Span("01", "05", (5, 7))
"""Works that the plan dates with a start and a completion year."""
ROAD_MONTHS = (4, 13)
SUPPLY_MONTHS = (5, 10)
SUPPLY_WAVES = {
    ("2021-06", "2023-03"): ("清波", "小营", "望江", "南星", "紫阳"),
    ("2021-10", "2023-08"): ("闸弄口", "凯旋", "采荷", "四季青"),
    ("2022-10", "2024-11"): ("笕桥", "彭埠"),
    ("2023-03", "2025-08"): ("九堡", "丁兰"),
}
"""When compounds begin, by subdistrict: the old town first."""

LIGHTING_ROWS = {
    "L01": "venue",
    "L02": "hub",
    "L03": "city_entrance",
    "L04": "window_road",
    "L05": "building",
    "L06": "public_place",
    "L07": "embankment",
    "L08": "green_belt",
}
"""The plan's rows of lighting works, and their kind in the lighting register."""

BY_RIVER_REGISTER = {
    "V01": ("2022-03-10", "2024-08-30"),
    "V02": ("2021-09-01", "2023-06-20"),
    "V03": ("2022-06-15", "2025-04-25"),
    "V06": ("2021-11-08", "2024-05-17"),
    "V07": ("2023-04-12", None),
    "V08": ("2021-05-20", "2022-09-28"),
    "V09": ("2021-06-18", "2022-11-15"),
    "V10": ("2022-02-21", "2024-06-05"),
    "V12": ("2021-01-15", None),
}
"""Works on rivers that the rivers' register lets become beautiful in a given year, or never."""
EXCEPTIONS = {
    "R06": ("2021-12-06", "2023-03-31"),
    "R07": ("2022-02-15", "2023-01-20"),
    "R14": ("2022-03-01", "2022-09-09"),
    "Z02": ("2022-03-01", "2023-05-26"),
    "A01": ("2020-06-01", "2022-11-30"),
    "V11": (None, None),
    "P05": (None, None),
    "M05": ("2021-06-01", None),
}
"""Late, never begun or unfinished: project, start, completion (None: not by the end)."""
SUSPENDED = {"V04": "2022-09-19"}
"""Begun and then suspended: project and start."""


def project_sample_tables(registers: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """``plan.projects`` with states and dates; ``registers`` are the other sample tables."""
    random = generator("projects")
    frame = projects_table()
    given = BY_RIVER_REGISTER | EXCEPTIONS | _by_registers(registers, random)
    given |= {project_id: (started, None) for project_id, started in SUSPENDED.items()}
    dates = [
        _known(*given[row.project_id]) if row.project_id in given else _drawn(row, random)
        for row in frame.itertuples()
    ]
    started, completed = (pd.to_datetime(pd.Series(side)) for side in zip(*dates, strict=True))
    started, completed = (side.where(side <= LAST_DAY) for side in (started, completed))
    completed = completed.mask(
        frame["project_id"].isin(_unfinished(registers["rivers.facilities"]))
    )
    frame["started_on"], frame["completed_on"] = started, completed
    frame["state"] = np.select(
        [frame["project_id"].isin(list(SUSPENDED)), completed.notna(), started.notna()],
        ["suspended", "completed", "under_construction"],
        "planned",
    )
    return {"plan.projects": contract_frame("plan.projects", frame.assign(source_kind="sample"))}


def _known(started: object, completed: object) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(started), pd.Timestamp(completed)


def _drawn(row: tuple, random: np.random.Generator) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Start and completion of a project; the caller drops what lies beyond the register's end."""
    if row.project_kind == "road":
        year = int(row.plan_start_year)
        return _span(Span(f"{year}-02", f"{year}-11", ROAD_MONTHS), random)
    if row.project_kind == "water_supply":
        short = short_names()[row.subdistrict_code]
        wave = next(wave for wave, places in SUPPLY_WAVES.items() if short in places)
        return _span(Span(*wave, SUPPLY_MONTHS), random)
    if not pd.isna(row.plan_end_year) and int(row.plan_end_year) < LAST_YEAR:
        year = int(row.plan_end_year)
        return _span(
            Span(f"{year}-{IN_YEAR.first}", f"{year}-{IN_YEAR.last}", IN_YEAR.months), random
        )
    return _span(SPANS[row.project_kind], random)


def _span(span: Span, random: np.random.Generator) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = pd.Timestamp(span.first), pd.Timestamp(span.last) + pd.offsets.MonthEnd(0)
    started = first + pd.Timedelta(days=int(random.integers(0, (last - first).days + 1)))
    months = int(random.integers(span.months[0], span.months[1] + 1))
    days = int(random.integers(0, 25))
    return started, started + pd.DateOffset(months=months) + pd.Timedelta(days=days)


def _by_registers(
    registers: dict[str, pd.DataFrame], random: np.random.Generator
) -> dict[str, tuple]:
    """Dates of the rows that count what other registers list: done only when all of it is."""
    works = registers["lighting.projects"].groupby("project_kind")
    streets = registers["streets.demonstration_streets"]
    spots = registers["lighting.dark_spots"]
    boutique = streets[streets["designation"] == "boutique"]
    new = streets[(streets["designation"] == "provincial") & (streets["clause"] == "4.1.4")]
    found = {
        project_id: _of_dates(works.get_group(kind), "started_on", "completed_on")
        for project_id, kind in LIGHTING_ROWS.items()
    }
    found["L09"] = _of_dates(planned_spots(spots), "found_on", "fixed_on")
    found["S01"] = _of_years(boutique["completed_year"], random, boutique["started_year"].min())
    found["S02"] = _of_years(new["completed_year"], random, new["started_year"].min())
    return found


def _unfinished(facilities: pd.DataFrame) -> set[str]:
    """Projects of which the rivers' register lists a work that is not done by the end."""
    return set(facilities.loc[facilities["state"] == "under_construction", "project_id"])


def _of_dates(works: pd.DataFrame, begun: str, ended: str) -> tuple[object, object]:
    """Start with the first and completion with the last of several works."""
    return works[begun].min(), works[ended].max() if works[ended].notna().all() else None


def _of_years(
    completed: pd.Series, random: np.random.Generator, first_year: int
) -> tuple[str, str | None]:
    """Start before the first and completion with the last of several works known by their years."""
    started = f"{int(first_year)}-{random.integers(1, 6):02d}-15"
    if completed.isna().any():
        return started, None
    return started, f"{int(completed.max())}-{random.integers(6, 9):02d}-20"
