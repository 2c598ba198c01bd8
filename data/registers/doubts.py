"""Columns that are headed as one field and filled in as another: left out, and said so.

Offices mean different things by one heading: «河道等级» is the class of a watercourse to one and the
level that is in charge of it to another. A heading that an officer has mapped is never doubted.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.registers.columns import plain_heading
from data.registers.raw import Note, RawTable
from data.registers.register import Field, Register
from data.registers.texts import Texts, texts_of
from data.registers.values import convert, knows_word, office_words

_FIRST_ROWS = 500
"""Rows that settle most columns: one cell that fits is enough to take the heading at its word."""
_SHOWN = 3
_ENOUGH = 0.5
"""Share of the different cells that must be words of other fields."""


def doubts(raw: RawTable, register: Register, matched: Mapping[str, str]) -> dict[str, Note]:
    """Heading → note, for coded columns that hold no word of their field but words of others.

    ``matched``: heading → field name as the headings say, without those that an officer mapped.
    Fields that every row must hold are not doubted: without them there is no row to save.
    """
    return {
        heading: note
        for heading, field in matched.items()
        if field and not register.is_required(field)
        if (note := _doubt(raw, register, heading, field)) is not None
    }


def unmapped(matched: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The part of ``matched`` that goes by the headings alone, not by an officer's ``mapping``."""
    mapped = set(map(plain_heading, mapping))
    return {name: field for name, field in matched.items() if plain_heading(name) not in mapped}


def _doubt(raw: RawTable, register: Register, heading: str, field: str) -> Note | None:
    item = _field(register, field)
    if not _is_coded(register, item):
        return None
    cells = raw.cells[heading]
    for some in (cells.head(_FIRST_ROWS), cells):
        texts = texts_of(some)
        given = texts.plain.notna().to_numpy()
        if convert(item, register.column(field), texts).values.notna().any():
            return None
    if not given.any():
        return None
    others = _others(register, field, texts)
    is_elsewhere = np.logical_or.reduce([*others.values(), np.zeros(len(given), dtype=bool)])
    if is_elsewhere.sum() < _ENOUGH * given.sum():
        return None
    return _note(register, item, heading, texts, list(others))


def _others(register: Register, field: str, texts: Texts) -> dict[str, np.ndarray]:
    """Titles of the other coded fields that know some of the texts, and which of them."""
    found = {}
    for item in register.fields:
        if item.name != field and _is_coded(register, item):
            column = register.column(item.name)
            known = knows_word(item, column, texts.plain)
            if known.any():
                found[column.title] = known
    return found


def _is_coded(register: Register, item: Field) -> bool:
    return bool(item.words or register.column(item.name).allowed)


def _field(register: Register, name: str) -> Field:
    return next(item for item in register.fields if item.name == name)


def _note(register: Register, item: Field, heading: str, texts: Texts, others: list[str]) -> Note:
    column = register.column(item.name)
    shown: pd.Series = texts.plain.dropna().drop_duplicates()
    listed = "、".join(f"“{text}”" for text in shown.head(_SHOWN))
    more = " 等" if len(shown) > _SHOWN else ""
    titles = "、".join(f"“{title}”" for title in others)
    return Note(
        0, heading, "", "noted", "列名与内容不符",
        f"填的是 {listed}{more}，没有一个是“{column.title}”可填的内容，而是{titles}的；该列未导入",
        f"属于别的字段的，请在列对应中指明（命令行 --map 表头=字段）；"
        f"确是“{column.title}”的，请改为：{'、'.join(office_words(item, column))}",
    )  # fmt: skip
