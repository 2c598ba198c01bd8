"""Queries live in ``queries/*.sql``; this finds them by name.

A file holds statements, each headed by ``-- name: some_name`` and a comment that says what it
answers. Named parameters are written ``$name``. Expressions that several statements share stand in
``parts.sql`` in the same form: ``{{some_part}}`` puts one in at the filter's year, ``{{some_part
y.year}}`` at another.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
PARTS_FILE = "parts.sql"
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_PART = re.compile(r"\{\{(\w+)(?: ([\w.]+))?\}\}")
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


def parse(text: str, file_name: str, parts: Mapping[str, str] | None = None) -> list[Query]:
    """Split the text of one query file into its named queries, with the parts they share put in.

    Without ``parts`` (as the file of the parts itself is read) they are left as they are written.
    """
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
        if parts is not None:
            sql = _with_parts(sql, parts, f"{file_name}:{number}")
        parameters = frozenset(_PARAMETER.findall(sql))
        found.append(Query(name, sql, " ".join(comment), f"{file_name}:{number}", parameters))
    return found


def _with_parts(sql: str, parts: Mapping[str, str], origin: str) -> str:
    def put_in(match: re.Match) -> str:
        name, year = match.groups()
        if name not in parts:
            raise QueryFileError(f"{origin}: no part «{name}» in {PARTS_FILE}")
        # A part may use those that stand before it.
        before = dict(list(parts.items())[: list(parts).index(name)])
        whole = _with_parts(parts[name], before, f"{origin}: {PARTS_FILE} «{name}»")
        return f"({whole.replace('$year', year or '$year')})"

    return _PART.sub(put_in, sql)


def _shared_parts() -> dict[str, str]:
    path = FOLDER / PARTS_FILE
    if not path.exists():
        return {}
    return {part.name: part.sql for part in parse(path.read_text(encoding="utf-8"), path.name)}


@cache
def all_queries() -> dict[str, Query]:
    """Every query of the folder by name; a name used twice is an error."""
    queries: dict[str, Query] = {}
    parts = _shared_parts()
    for path in sorted(FOLDER.glob("*.sql")):
        if path.name == PARTS_FILE:
            continue
        for query in parse(path.read_text(encoding="utf-8"), path.name, parts):
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
