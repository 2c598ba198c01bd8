"""Streets with their registers small enough to work out by hand, for the queries on repair and pavement."""

from datetime import date

import duckdb

from data.contracts import FIRST_YEAR, LAST_YEAR, table
from data.office_rules import rule_parameters
from queries.loader import query

TABLES = ("base.subdistricts", "plan.facts", "plan.projects", "streets.streets", "streets.segments",
          "streets.road_projects", "streets.pavement")  # fmt: skip
FACTS = {"trunk_road_service_years": (15, None), "secondary_road_service_years": (10, None),
         "repaired_road_count": (54, 2022)}  # fmt: skip
PLACES = {"330102001": "清波", "330102003": "湖滨"}
HERE, THERE = PLACES


def day(text):
    """«2025-03-01» as a date; None stays None."""
    return None if text is None else date.fromisoformat(text)


class SmallStreets:
    """``ask`` runs one of the queries over the rows given.

    ``streets`` are (street, class, subdistrict, length in metres); ``repairs`` and ``sections`` are
    dictionaries of columns, the rest of which is filled in; ``projects`` are rows of the plan.
    """

    def __init__(self, streets=(), repairs=(), sections=(), projects=()):
        line = '{"type":"LineString","coordinates":[[120.1,30.2],[120.2,30.3]]}'
        ids = {name: f"S{n}" for n, name in enumerate(dict.fromkeys((s[0], s[1]) for s in streets))}
        rows = {
            "base.subdistricts": [
                {"subdistrict_code": code, "subdistrict_name": f"{name}街道", "short_name": name}
                for code, name in PLACES.items()
            ],
            "plan.facts": [
                {"fact_key": key, "value": value, "deadline_year": year}
                for key, (value, year) in FACTS.items()
            ],
            "plan.projects": list(projects),
            "streets.streets": [
                {"street_id": id_, "street_name": name, "street_class": street_class}
                for (name, street_class), id_ in ids.items()
            ],
            "streets.segments": [
                {"street_id": ids[name, street_class], "subdistrict_code": code,
                 "length_m": length_m, "geometry_json": line}
                for name, street_class, code, length_m in streets
            ],
            "streets.road_projects": [
                {"road_id": f"X{n}", "road_name": f"路{n}", "plan_year": 2021, "clause": "box1",
                 "source_kind": "register"} | repair
                for n, repair in enumerate(repairs)
            ],
            "streets.pavement": [
                {"section_id": "P1", "road_name": "长街", "street_name": "长街", "road_class": "main",
                 "subdistrict_code": HERE, "subdistrict_name": "清波街道", "length_m": 1000.0,
                 "inspected_on": day("2025-10-01"), "grade": "优", "source_kind": "register"}
                | section
                for section in sections
            ],
        }  # fmt: skip
        self.connection = duckdb.connect()
        for database in dict.fromkeys(name.partition(".")[0] for name in TABLES):
            self.connection.execute(f"ATTACH ':memory:' AS {database}")
        for name in TABLES:
            declared = ", ".join(f"{column.name} {column.type}" for column in table(name).columns)
            self.connection.execute(f"CREATE TABLE {name} ({declared})")
            for row in rows[name]:
                marks = ", ".join("?" * len(row))
                self.connection.execute(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )

    def frame(self, name, year=LAST_YEAR, codes=None, **rules):
        """The answer of a query as a frame."""
        params = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR, "year": year, "codes": codes,
                  **rule_parameters(), **rules}  # fmt: skip
        wanted = query(name)
        return self.connection.execute(
            wanted.sql, {key: params[key] for key in wanted.parameters}
        ).df()

    def ask(self, name, **given):
        """Rows of a query, missing values as None."""
        frame = self.frame(name, **given)
        return frame.astype(object).where(frame.notna(), None).to_dict("records")

    def row(self, name, **given):
        """The only row of a query."""
        (only,) = self.ask(name, **given)
        return only
