"""Queries live in ``queries/*.sql``; this finds them by name.

A file holds statements, each headed by ``-- name: some_name`` and a comment that says what it
answers. Named parameters are written ``$name``.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_HEAD = re.compile(r"^--\s*name:\s*(?P<name>\S+)\s*$")


class QueryFileError(Exception):
    """A query file that cannot be understood: names file and line."""


@dataclass(frozen=True)
class Query:
    """One named statement: its text, what it answers, where it stands, what it asks for."""

    name: str
    sql: str
    description: str
    origin: str
    parameters: frozenset[str]


def parse(text: str, file_name: str) -> list[Query]:
    """Split the text of one query file into its named queries."""
    found: list[Query] = []
    heads: list[tuple[str, int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        head = _HEAD.match(line)
        if head:
            heads.append((head["name"], number, []))
        elif heads:
            heads[-1][2].append(line)
        elif line.strip() and not line.startswith("--"):
            raise QueryFileError(f"{file_name}:{number}: SQL before the first «-- name:»")
    for name, number, lines in heads:
        comment = [line[2:].strip() for line in lines if line.startswith("--")]
        sql = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
        if not sql:
            raise QueryFileError(f"{file_name}:{number}: «{name}» has no statement")
        if not comment:
            raise QueryFileError(f"{file_name}:{number}: «{name}» does not say what it answers")
        parameters = frozenset(_PARAMETER.findall(sql))
        found.append(Query(name, sql, " ".join(comment), f"{file_name}:{number}", parameters))
    return found


@cache
def all_queries() -> dict[str, Query]:
    """Every query of the folder by name; a name used twice is an error."""
    queries: dict[str, Query] = {}
    for path in sorted(FOLDER.glob("*.sql")):
        for query in parse(path.read_text(encoding="utf-8"), path.name):
            if query.name in queries:
                first = queries[query.name].origin
                raise QueryFileError(f"{query.origin}: «{query.name}» stands at {first} already")
            queries[query.name] = query
    return queries


def query(name: str) -> Query:
    """The query called ``name``; KeyError with the known names when there is none."""
    try:
        return all_queries()[name]
    except KeyError:
        raise KeyError(f"no query «{name}»; known: {', '.join(all_queries())}") from None
