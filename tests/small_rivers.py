"""A register of rivers small enough to work out by hand, for the queries on water quality."""

from datetime import date

import duckdb
import pandas as pd

from data.contracts import FIRST_YEAR, LAST_YEAR, table
from data.office_rules import rule_parameters
from queries.loader import query

TABLES = ("rivers.rivers", "rivers.reaches", "rivers.sections", "rivers.water_quality")


def month(text):
    """«2025-03» as the first day of that month."""
    year, number = text.split("-")
    return date(int(year), int(number), 1)


def months_to(last, count):
    """The ``count`` months up to «2025-03», oldest first."""
    periods = pd.period_range(end=last, periods=count, freq="M")
    return [str(period) for period in periods]


class SmallRivers:
    """Rivers with sections and samples; ``ask`` runs one of the queries over them.

    ``sections`` are (section, river) or (section, river, name); ``samples`` are (section, month,
    class, room to class Ⅳ in %) and may go on with a dictionary of further columns; ``reaches``
    are (river, subdistrict).
    """

    def __init__(self, sections=(), samples=(), reaches=(), rivers=None, **rules):
        self.rules = rules
        known = rivers or {row[1]: f"河{row[1]}" for row in sections}
        rows = {
            "rivers.rivers": [
                {"river_id": key, "river_name": name, "is_mapped": True, "source_kind": "register"}
                for key, name in known.items()
            ],
            "rivers.reaches": [
                {"river_id": river, "subdistrict_code": code} for river, code in reaches
            ],
            "rivers.sections": [
                {"section_id": row[0], "river_id": row[1], "water_kind": "river",
                 "section_name": row[2] if len(row) > 2 else f"断面{row[0]}", "source_kind": "register"}
                for row in sections
            ],
            "rivers.water_quality": [
                {"section_id": row[0], "month": month(row[1]), "water_kind": "river",
                 "quality_class": row[2], "spare_pct": row[3], "source_kind": "register",
                 **(row[4] if len(row) > 4 else {})}
                for row in samples
            ],
        }  # fmt: skip
        self.connection = duckdb.connect()
        self.connection.execute("ATTACH ':memory:' AS rivers")
        for name in TABLES:
            columns = table(name).columns
            declared = ", ".join(f"{column.name} {column.type}" for column in columns)
            self.connection.execute(f"CREATE TABLE {name} ({declared})")
            for row in rows[name]:
                marks = ", ".join("?" * len(row))
                self.connection.execute(
                    f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})", list(row.values())
                )

    def ask(self, name, at="2025-12", codes=None, **given):
        """Rows of a query, missing values as None."""
        params = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR, "year": LAST_YEAR,
                  "month": month(at), "codes": codes, **rule_parameters(), **self.rules, **given}  # fmt: skip
        wanted = query(name)
        cursor = self.connection.execute(
            wanted.sql, {key: params[key] for key in wanted.parameters}
        )
        heads = [column[0] for column in cursor.description]
        return [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]

    def row(self, name, **given):
        """The only row of a query."""
        (only,) = self.ask(name, **given)
        return only
