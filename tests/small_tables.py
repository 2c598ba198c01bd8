"""A few hand-made rows in tables of the contract, for queries whose answers can be worked out by hand."""

from datetime import date

import duckdb

from data.contracts import FIRST_YEAR, LAST_YEAR, table
from data.office_rules import rule_parameters
from queries.loader import query

PLACES = {"330102001": "清波", "330102003": "湖滨"}
HERE, THERE = PLACES
SUBDISTRICTS = [
    {"subdistrict_code": code, "subdistrict_name": f"{name}街道", "short_name": name}
    for code, name in PLACES.items()
]


def day(text):
    """«2025-03-01» as a date; None stays None."""
    return None if text is None else date.fromisoformat(text)


class SmallTables:
    """``ask`` runs one of the queries over the rows given: dictionaries of columns by ``database.table``."""

    def __init__(self, rows):
        self.connection = duckdb.connect()
        for database in dict.fromkeys(name.partition(".")[0] for name in rows):
            self.connection.execute(f"ATTACH ':memory:' AS {database}")
        for name, given in rows.items():
            declared = ", ".join(f"{column.name} {column.type}" for column in table(name).columns)
            self.connection.execute(f"CREATE TABLE {name} ({declared})")
            for row in given:
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
