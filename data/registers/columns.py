"""Which heading of a file is which field of a register; what an officer maps is remembered."""

import json
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from data.registers.raw import ImportProblem
from data.registers.register import Field, Register

MAPPINGS = "mappings.json"
"""File beside the snapshots: register → heading → field."""

GEOMETRY_FIELD = "geometry_json"
POSITION_FIELDS = ("lon", "lat")

_BRACKETS = re.compile(r"[(\[{【〔<《][^()\[\]{}【】〔〕<>《》]*[)\]}】〕>》]")
_SEPARATORS = re.compile(r"[\s_\-*:·.、。]+")
_JOINT = re.compile(r"\s+[/|>]\s+|\n")
"""Between the parts of a heading that was joined from two header rows («位置 / 经度»)."""
_CUT_BYTES = (8, 9, 10)
"""Column names of a shapefile hold ten bytes; a character that does not fit is left out whole."""
_LONGEST_SHOWN = 40
_LONGEST_READ = 240
"""Three header rows of 80 letters; no longer text is a heading, and taking it apart would take long."""


def plain_heading(heading: str) -> str:
    """A heading as it is compared: NFKC, small letters, no blanks, marks or invisible characters."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return _SEPARATORS.sub("", text)


def _forms(heading: str) -> list[str]:
    """Ways to read a heading, the fullest first: as it is, without brackets, its last part."""
    text = unicodedata.normalize("NFKC", heading[: _LONGEST_READ + 1])
    if len(text) > _LONGEST_READ:
        return []
    parts = _JOINT.split(text)
    readings = [text, _BRACKETS.sub("", text), parts[-1], _BRACKETS.sub("", parts[-1])]
    return [form for form in dict.fromkeys(map(plain_heading, readings)) if form]


def known_headings(register: Register) -> dict[str, str]:
    """Comparable form of every heading that a register knows → field name."""
    known: dict[str, str] = {}
    for item in register.fields:
        for form in dict.fromkeys(map(plain_heading, _headings_of(register, item))):
            known.setdefault(form, item.name)
    return known


def _headings_of(register: Register, item: Field) -> list[str]:
    title = register.column(item.name).title
    return [
        item.name,
        title,
        _BRACKETS.sub("", unicodedata.normalize("NFKC", title)),
        *item.aliases,
    ]


def match_headings(
    headings: Iterable[str], register: Register, mapping: Mapping[str, str]
) -> dict[str, str]:
    """Heading → field name, or "" for a heading that is no field; in the file's order.

    ``mapping`` (heading → field name or title, "" to leave a column out) goes before names, titles
    and aliases. ImportProblem when it names a field that the register does not have. Two headings
    may still claim one field here: see ``heading_problems``.
    """
    known = known_headings(register)
    wanted = {plain_heading(heading): field for heading, field in mapping.items()}
    exact = dict(mapping)
    mapped = {
        heading: _mapped_field(register, known, heading, field)
        for heading in headings
        if (field := exact.get(heading, wanted.get(plain_heading(heading)))) is not None
    }
    taken = set(mapped.values()) - {""}
    found = {}
    for heading in headings:
        field = mapped.get(heading)
        if field is None:
            field = next((known[form] for form in _forms(heading) if form in known), "")
            field = field or _cut_short(heading, register)
            field = "" if field in taken else field
        found[heading] = field
    return found


def _cut_short(heading: str, register: Register) -> str:
    """The one field of which a heading is the beginning, cut to what a shapefile's table holds."""
    sizes = {len(heading.encode(encoding)) for encoding in ("utf-8", "gb18030")}
    if not sizes & set(_CUT_BYTES):
        return ""
    start = heading.casefold()
    fields = {
        item.name
        for item in register.fields
        for known in _headings_of(register, item)
        if known.casefold().startswith(start)
    }
    return fields.pop() if len(fields) == 1 else ""


def _mapped_field(register: Register, known: Mapping[str, str], heading: str, field: str) -> str:
    if not field:
        return ""
    name = known.get(plain_heading(field))
    if name is None:
        titles = "、".join(
            f"{name}（{register.column(name).title}）" for name in register.field_names
        )
        raise ImportProblem(
            f"列对应有误：表头“{heading}”对应的字段“{field}”不在{register.title}中，可用的字段：{titles}"
        )
    return name


def heading_problems(
    matched: Mapping[str, str], register: Register, has_geometry: bool = False
) -> list[str]:
    """Why a file with these headings cannot be used, in Chinese; empty when it can.

    ``has_geometry``: the file brings geometries, so that columns of positions are not needed.
    """
    by_field: dict[str, list[str]] = {}
    for heading, field in matched.items():
        if field:
            by_field.setdefault(field, []).append(heading)
    problems = []
    for field, headings in by_field.items():
        if len(headings) > 1:
            named = "、".join(f"“{heading}”" for heading in headings)
            problems.append(
                f"表头 {named} 都对应“{register.column(field).title}”，请只留一个，"
                "或在列对应中指明用哪一个（命令行 --map 表头=字段，不用的写 --map 表头=）"
            )
    missing = _missing(register, set(by_field), has_geometry)
    if missing:
        found = "、".join(_shortened(heading) for heading in matched) or "（无）"
        problems.append(
            f"缺少必填列 {'、'.join(missing)}；文件中的表头为：{found}。"
            "请按模板改表头，或在列对应中指明（命令行 --map 表头=字段）"
        )
    return problems


def _missing(register: Register, fields: set[str], has_geometry: bool) -> list[str]:
    """Titles of the fields that every row must hold and the file has no column for."""
    placed = (has_geometry and register.geometry is not None) or GEOMETRY_FIELD in fields
    missing = []
    for name in register.field_names:
        is_position = name in POSITION_FIELDS
        # Half a position is none: with one of the two, the other must be there as well.
        halved = is_position and not placed and bool(fields & set(POSITION_FIELDS))
        needed = halved or (register.is_required(name) and not (is_position and placed))
        if needed and name not in fields:
            missing.append(register.column(name).title)
    is_drawn = register.geometry in ("line", "polygon") and register.needs_position
    if is_drawn and not placed:
        missing.append("几何（地理格式的文件，或 WKT／GeoJSON 文字列）")
    return missing


def require_headings(headings: Iterable[str], wanted: Iterable[str], file_name: str) -> None:
    """ImportProblem when an officer names headings that the file does not have."""
    found = list(headings)
    known = {*found, *map(plain_heading, found)}
    unknown = [one for one in wanted if one not in known and plain_heading(one) not in known]
    if unknown:
        named = "、".join(f"“{_shortened(one)}”" for one in unknown)
        listed = "、".join(map(_shortened, found)) or "（无）"
        raise ImportProblem(
            f"列对应有误：{file_name} 中没有表头 {named}；文件中的表头为：{listed}。请改正列对应"
        )


def _shortened(heading: str) -> str:
    text = " ".join(heading.split())
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


# --- remembered mappings -------------------------------------------------------------------------


def remembered(store: Path, register: Register) -> dict[str, str]:
    """What officers mapped before for this register; empty where nothing sound is kept."""
    kept = _stored(store).get(register.name)
    if not isinstance(kept, dict):
        return {}
    fields = {"", *register.field_names}
    return {
        heading: field
        for heading, field in kept.items()
        if isinstance(field, str) and field in fields
    }


def remember(store: Path, register: Register, mapping: Mapping[str, str]) -> None:
    """Keep a mapping for the next file of this register; what aliases give anyway is left out."""
    by_alias = match_headings(list(mapping), register, {})
    worth = {heading: field for heading, field in mapping.items() if by_alias[heading] != field}
    known = _stored(store)
    before = remembered(store, register)
    kept = before | worth
    # What the officer has put back to the usual is forgotten.
    for heading in mapping.keys() - worth.keys():
        kept.pop(heading, None)
    if kept == before:
        return
    known[register.name] = kept
    path = Path(store) / MAPPINGS
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{MAPPINGS}-{secrets.token_hex(6)}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            json.dump(known, file, ensure_ascii=False, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _stored(store: Path) -> dict:
    """The file as it stands; a missing or damaged one counts as empty: mappings are a convenience."""
    try:
        known = json.loads((Path(store) / MAPPINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return known if isinstance(known, dict) else {}
