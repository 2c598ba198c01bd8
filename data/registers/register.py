"""The registers that offices deliver: which table each fills, its fields, headings and words.

Types, units, ranges and allowed values stand in ``data.contracts``; here stands what an office
writes: headings, words for coded values, what its file must hold, how often it is renewed. Columns
of the table that are no field are made by the import (subdistrict, length, class, source kind).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from data.contracts import Column, Table, table

GeometryKind = Literal["point", "line", "polygon"]


@dataclass(frozen=True)
class Lookup:
    """A field that may hold the name of a row of another table instead of its id."""

    table: str
    id_column: str
    name_column: str


@dataclass(frozen=True)
class Field:
    """One column of an office's file: the table's column it fills and what offices call it."""

    name: str
    examples: tuple[str, str]
    """The cell of the two example rows of the template, as an officer would type it."""
    aliases: tuple[str, ...] = ()
    """Other headings, beside the column's name and title."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Words an office writes, by the contract's value: text → value. Allowed values stand for
    themselves."""
    must: bool | None = None
    """Whether the file must hold a value in every row; None: as the contract says."""
    all_or_none: bool = False
    """Given for every row or for none: a half-filled column would make wrong shares."""
    may_be_month: bool = False
    """A date that may name its month alone, where the row counts by month."""
    lookup: Lookup | None = None
    note: str = ""
    """What the template's note says of the column, beyond type, unit and range."""


@dataclass(frozen=True)
class Register:
    """One register: its name in commands, the table it fills and its fields."""

    name: str
    title: str
    dataset: str
    fields: tuple[Field, ...]
    update_days: int
    """Its own update cycle: older than this, the register is overdue."""
    geometry: GeometryKind | None = None
    """Kind of geometry that a geographic file brings; points may come as lon and lat instead."""
    needs_position: bool = False
    """Whether a row without position is refused (otherwise it is «未上图»)."""
    beyond_m: float = 0.0
    """How far around the district its lines reach. Where that is more than 0 they are kept whole, not
    cut at the border: a network is walked across it, and its edges must end at their nodes."""
    from_osm: bool = False
    """Whether an OpenStreetMap extract can fill it."""

    @property
    def table(self) -> Table:
        """Contract of the table it fills."""
        return table(self.dataset)

    @property
    def field_names(self) -> list[str]:
        return [item.name for item in self.fields]

    def column(self, name: str) -> Column:
        """The contract's column of a field; KeyError when the register has no such field."""
        if name not in self.field_names:
            raise KeyError(name)
        return next(column for column in self.table.columns if column.name == name)

    def is_required(self, name: str) -> bool:
        """Whether every row of the file must hold this field."""
        item = next(item for item in self.fields if item.name == name)
        return self.column(name).required if item.must is None else item.must
