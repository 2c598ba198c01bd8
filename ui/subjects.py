"""What is known of one subdistrict: its figures, street, rivers, projects, and what is still open."""

from dataclasses import dataclass, replace

import pandas as pd

from queries.filter import Filter
from ui import projects
from ui.session import Context
from ui.standing import Row, missing_text
from ui.text import NO_DATA, number, plain
from ui.theme import DEMONSTRATION_LOOKS

NAMED = 3
"""How many rivers or projects a line names before it counts the others."""


@dataclass(frozen=True)
class Subject:
    """One subdistrict at the end of the year; ``record`` has None for what no register tells."""

    code: str
    name: str
    short_name: str
    record: dict
    street: dict
    poor_rivers: pd.DataFrame
    projects: pd.DataFrame

    @property
    def reported(self) -> pd.DataFrame:
        """The plan's projects with a reported state."""
        return self.projects[self.projects["state"] != "unreported"]

    @property
    def completed_count(self) -> int | None:
        """Completed projects; None while none has a reported state."""
        return int((self.reported["state"] == "completed").sum()) if len(self.reported) else None

    @property
    def compounds(self) -> pd.DataFrame:
        """The compounds of 专栏 4 whose water supply is renewed."""
        return self.projects[self.projects["project_kind"] == "water_supply"]

    @property
    def other_projects(self) -> pd.DataFrame:
        """All projects but the compounds of 专栏 4."""
        return self.projects[self.projects["project_kind"] != "water_supply"]

    @property
    def street_state(self) -> str:
        """State of the demonstration street, with its progress while it is being built."""
        state, progress = self.street["state"], self.street["progress_pct"]
        if state is None:
            return NO_DATA
        is_open = state == "under_construction" and progress is not None
        return DEMONSTRATION_LOOKS[state].word + (f" {number(progress)}%" if is_open else "")

    @property
    def street_text(self) -> str:
        """Name and state of the demonstration street."""
        name = self.street["street_name"]
        return NO_DATA if name is None else f"{name} · {self.street_state}"


def with_codes(context: Context, codes: tuple[str, ...]) -> Context:
    """The same run of the page, filtered by other subdistricts (none = the whole district)."""
    return replace(context, filter=Filter(codes, context.filter.year))


def _records(frame: pd.DataFrame) -> dict[str, dict]:
    """Rows by subdistrict, missing values as None."""
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return {record["subdistrict_code"]: record for record in records}


def subjects(
    context: Context, codes: tuple[str, ...], by_subdistrict: pd.DataFrame
) -> list[Subject]:
    """What is known of each of these subdistricts (``by_subdistrict``: «measures_by_subdistrict»)."""
    here = with_codes(context, codes)
    figures = _records(by_subdistrict)
    counts = _records(context.frame("profile_counts"))
    streets = _records(context.frame("streets_by_subdistrict"))
    poor = here.frame("profile_poor_rivers")
    return [
        Subject(
            code,
            figures[code]["subdistrict_name"],
            figures[code]["short_name"],
            figures[code] | counts[code],
            streets[code],
            poor[poor["subdistrict_code"] == code],
            projects.rows(with_codes(context, (code,)), projects.ANY),
        )
        for code in codes
    ]


def _named(names: list[str], noun: str) -> str:
    rest = f"等 {len(names)} {noun}" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + rest


def open_findings(subject: Subject, rows: list[Row]) -> list[tuple[str, str]]:
    """What is still open, each with its number; nothing that no register tells of."""
    found = []
    record = subject.record
    if record["unlit_count"]:
        lamps = record["street_lamp_count"], record["lit_street_lamp_count"]
        unlit = lamps[0] - lamps[1] if None not in lamps else record["unlit_count"]
        found.append(
            (f"未亮灯具（其中路灯 {number(unlit)} 盏）", f"{number(record['unlit_count'])} 盏")
        )
    if record["open_spot_count"]:
        found.append(("盲区暗点未消除", f"{number(record['open_spot_count'])} 处"))
    if len(subject.poor_rivers):
        rivers = [
            f"{plain(row.river_name)} {row.poor_sample_count} 次"
            for row in subject.poor_rivers.itertuples()
        ]
        samples = subject.poor_rivers["poor_sample_count"].sum()
        found.append((f"全年水质劣于Ⅳ类：{_named(rivers, '条河')}", f"{number(samples)} 次"))
    if subject.street["state"] not in (None, "completed"):
        found.append((f"精品示范街未建成：{plain(subject.street_text)}", "1 条"))
    density = next(row for row in rows if row.measure.field == "density_per_km2")
    toilets = missing_text(density, subject.code, record)
    if toilets:
        found.append((f"公厕密度未达标（{density.measure.target.text}）", f"还差 {toilets}"))
    late = subject.projects[subject.projects["is_overdue"]]
    if len(late):
        found.append(
            (
                f"规划项目逾期：{_named([plain(name) for name in late['project_name']], '项')}",
                f"{len(late)} 项",
            )
        )
    return found


def untold(subject: Subject) -> list[str]:
    """What no register tells of, so that «none» cannot be said of it."""
    record = subject.record
    known = {
        "灯具": record["unlit_count"] is not None,
        "盲区暗点": record["open_spot_count"] is not None,
        "水质": bool(record["evaluated_count"]),
        "精品示范街": subject.street["state"] is not None,
        "公厕": record["toilet_count"] is not None,
        "规划项目": len(subject.reported) > 0 or subject.projects.empty,
    }
    return [word for word, is_known in known.items() if not is_known]


def state_text(state: str, is_overdue: bool) -> str:
    """A project's state with its shape; ▲ stands for overdue."""
    look = projects.LOOKS[state]
    return f"▲ {look.word} · 逾期" if is_overdue else f"{look.shape} {look.word}"
