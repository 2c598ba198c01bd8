"""The two example rows of a register's template, as its cells hold them and as readers meet them."""

from datetime import date

from data.contracts import Column
from data.periods import period_end
from data.registers.register import Field

FIRST_ROW = 2
"""Row of the first example, below the headings."""


def example_value(item: Field, column: Column, place: int) -> str | int | float | date | None:
    """One example as the template's cell holds it: numbers and dates as Excel knows them."""
    text = item.examples[place]
    if not text:
        return None
    if column.type == "DATE":
        end = period_end(text)
        return end.replace(day=1) if end and column.name == "month" else end
    if column.type in ("INTEGER", "BIGINT"):
        return int(text)
    return float(text) if column.type == "DOUBLE" else text


def example_texts(item: Field, column: Column, place: int) -> tuple[str, ...]:
    """An example's cell as text: as an officer would type it, and as it stands in the template."""
    value = example_value(item, column, place)
    return ("",) if value is None else (item.examples[place], str(value))
