"""The search index: everything with a name, with its pinyin, where it lies, and what it is."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd
import shapely

from data.contracts import SEARCH_KINDS
from data.frames import contract_frame
from data.pinyin import readings
from data.plan import clause_words
from data.street_names import StreetNames
from geo.geojson import from_text
from geo.view import Box

_RANKS = {"trunk": "干流", "main": "主要河道", "branch": "支流"}
_DESIGNATIONS = {"boutique": "精品示范街", "provincial": "省级街容示范街"}
_QUOTES = re.compile("[“”‘’\"'《》]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―－~～", "-"))
"""The plan writes a stretch with a hyphen as often as with a dash."""
_SHAPELESS = ("Cc", "Cf", "Cs")
_BRACKETS = re.compile(r"[()（）]")
_SIDES = ("west", "south", "east", "north")

Tables = Mapping[str, pd.DataFrame]


def normalised(text: str) -> str:
    """A text as it is compared: signs and capitals made plain, spaces and what has no shape left out."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v").translate(_DASHES)
    # Names mostly hold nothing but letters, signs and digits; the long way costs a build of a large
    # register most of its time.
    if plain.isprintable() and " " not in plain:
        return plain
    return "".join(c for c in plain if not (c.isspace() or unicodedata.category(c) in _SHAPELESS))


def search_table(tables: Tables, kinds: Iterable[str] = SEARCH_KINDS) -> pd.DataFrame:
    """``base.search_entries`` of a set of tables; tables that are not there have no entries."""
    makers = {
        "subdistrict": _subdistricts,
        "river": _rivers,
        "street": _streets,
        "toilet": _toilets,
        "project": _projects,
        "clause": _clauses,
        "indicator": _indicators,
        "place": _places,
    }
    rows = [
        _with_keys({"entry_kind": kind, **entry})
        for kind in kinds
        for entry in makers[kind](tables)
    ]
    return contract_frame("base.search_entries", rows)


def _with_keys(entry: dict) -> dict:
    """An entry with what it is found by; its aliases and further texts come as lists."""
    name = entry["entry_name"]
    key = normalised(name)
    initials, pinyin = readings(key)
    aliases = [normalised(alias) for alias in (_QUOTES.sub("", key), *entry.pop("aliases", ()))]
    further = "；".join(filter(None, entry.pop("further", ())))
    return entry | {
        "name_key": key,
        "aliases": " ".join(dict.fromkeys(a for a in aliases if a not in ("", key))) or None,
        "initials": " ".join(initials),
        "pinyin": " ".join(pinyin),
        "further_key": normalised(further) or None,
    }


# --- where things lie ----------------------------------------------------------------------------


def _sides(box: Box | None) -> dict:
    return dict(zip(_SIDES, box, strict=True)) if box else {}


def _box(geometries: Iterable[str | None]) -> Box | None:
    """Box of GeoJSON texts in degrees; None when there are none."""
    shapes = [from_text(text) for text in geometries if not pd.isna(text)]
    return tuple(float(side) for side in shapely.total_bounds(shapes)) if shapes else None


def _box_of_row(row: tuple) -> Box | None:
    """Box of a row with a geometry, or of its position alone, if it has either."""
    if pd.isna(row.lon):
        return _box([row.geometry_json])
    return _box([row.geometry_json]) or (row.lon, row.lat, row.lon, row.lat)


def _codes(codes: Iterable[str]) -> str | None:
    return " ".join(sorted({code for code in codes if not pd.isna(code)})) or None


def _detail(*parts: str | None) -> str | None:
    return " · ".join(part for part in parts if not pd.isna(part) and part) or None


def _rows(tables: Tables, path: str) -> Iterator[tuple]:
    return tables[path].itertuples(index=False) if path in tables else iter(())


# --- kinds ---------------------------------------------------------------------------------------


def _subdistricts(tables: Tables) -> Iterator[dict]:
    for row in _rows(tables, "base.subdistricts"):
        yield {
            "entry_id": row.subdistrict_code,
            "entry_name": row.subdistrict_name,
            "aliases": [row.subdistrict_code],
            "detail": f"面积 {row.area_km2:.2f} km²",
            "subdistrict_codes": row.subdistrict_code,
            **_sides((row.west, row.south, row.east, row.north)),
            "source_kind": row.source_kind,
        }


def _rivers(tables: Tables) -> Iterator[dict]:
    reaches: dict[str, list] = {}
    for reach in _rows(tables, "rivers.reaches"):
        reaches.setdefault(reach.river_id, []).append(reach)
    for row in _rows(tables, "rivers.rivers"):
        crossed = sorted(reaches.get(row.river_id, []), key=lambda reach: -reach.length_m)
        yield {
            "entry_id": row.river_id,
            "entry_name": row.river_name,
            "detail": _detail(_RANKS.get(row.rank), _through(r.subdistrict_name for r in crossed)),
            "subdistrict_codes": _codes(r.subdistrict_code for r in crossed),
            **_sides(_box([row.geometry_json])),
            "source_kind": row.source_kind,
        }


def _through(subdistrict_names: Iterable[str]) -> str:
    """The subdistricts something crosses, three of them named."""
    short = [name.removesuffix("街道") for name in dict.fromkeys(subdistrict_names)]
    return "、".join(short[:3]) + (f"等 {len(short)} 个街道" if len(short) > 3 else "")


def _streets(tables: Tables) -> Iterator[dict]:
    """Streets by name: one name is often several pieces of the map, or only in a register."""
    names = {row.street_id: row.street_name for row in _rows(tables, "streets.streets")}
    streets = StreetNames(names.values())
    aliases = streets.aliases()
    segments: dict[str, list] = {}
    for segment in _rows(tables, "streets.segments"):
        segments.setdefault(names[segment.street_id], []).append(segment)
    demonstrations: dict[str, list] = {}
    for row in _rows(tables, "streets.demonstration_streets"):
        # Under the map's name of a street that the register calls by an alias.
        name = streets.match(row.street_name).street_name or row.street_name
        demonstrations.setdefault(name, []).append(row)
    for name in sorted(segments.keys() | demonstrations.keys()):
        known, shown = segments.get(name, []), demonstrations.get(name, [])
        crossed = sorted(known, key=lambda segment: -segment.length_m) or shown
        looks = dict.fromkeys(_designation(row) for row in shown)
        yield {
            "entry_id": name,
            "entry_name": name,
            "aliases": [*aliases.get(name, ()), *(row.street_name for row in shown)],
            "detail": _detail("、".join(looks), _through(r.subdistrict_name for r in crossed)),
            "subdistrict_codes": _codes(r.subdistrict_code for r in crossed),
            **_sides(_box(r.geometry_json for r in (known or shown))),
            # What is said of a street may rest on a sample register though the street is real.
            "source_kind": (shown or crossed)[0].source_kind,
        }


def _designation(row: tuple) -> str:
    word = _DESIGNATIONS[row.designation]
    return word if word.startswith(row.level) else row.level + word


def _toilets(tables: Tables) -> Iterator[dict]:
    for row in _rows(tables, "toilets.toilets"):
        yield {
            "entry_id": row.toilet_id,
            "entry_name": row.toilet_name,
            "detail": _detail(
                row.subdistrict_name, row.grade, _social(row.is_social), _opened(row.opened_year)
            ),
            "subdistrict_codes": row.subdistrict_code,
            **_sides((row.lon, row.lat, row.lon, row.lat)),
            "source_kind": row.source_kind,
        }


def _social(is_social: bool | None) -> str | None:
    return None if pd.isna(is_social) or not is_social else "沿街单位开放"


def _opened(year: int | None) -> str | None:
    return None if pd.isna(year) else f"{year} 年启用"


def _projects(tables: Tables) -> Iterator[dict]:
    for row in _rows(tables, "plan.projects"):
        yield {
            "entry_id": row.project_id,
            "entry_name": row.project_name,
            "aliases": [row.project_id, _BRACKETS.sub("", row.project_name)],
            "further": [t for t in (row.implementing_body, row.note) if isinstance(t, str)],
            "detail": _detail(
                row.subdistrict_name, row.implementing_body, _of_clause(row.clause), row.project_id
            ),
            "subdistrict_codes": _codes([row.subdistrict_code]),
            **_sides(_box_of_row(row)),
            "source_kind": row.source_kind,
        }


def _of_clause(clause: str | None) -> str | None:
    return None if pd.isna(clause) else f"规划 {clause_words(clause)}"


def _clauses(tables: Tables) -> Iterator[dict]:
    """Clauses by number, title and summary; those that explain a term by the term as well."""
    terms: dict[str, list] = {}
    for row in _rows(tables, "plan.glossary"):
        terms.setdefault(row.clause, []).append(row)
    for row in _rows(tables, "plan.clauses"):
        explained = terms.get(row.clause, [])
        words = clause_words(row.clause)
        yield {
            "entry_id": row.clause,
            "entry_name": row.title,
            "aliases": [row.clause, words, *(term.term for term in explained)],
            "further": [
                "" if pd.isna(row.summary) else row.summary,
                *(term.explanation for term in explained),
            ],
            "detail": _detail(words, row.chapter),
            "source_kind": row.source_kind,
        }


def _indicators(tables: Tables) -> Iterator[dict]:
    for row in _rows(tables, "plan.indicators"):
        number = str(row.indicator_no)
        yield {
            "entry_id": number,
            "entry_name": row.indicator_name,
            "aliases": [number, f"指标{number}"],
            "detail": _detail(f"指标 {number}", row.category, f"目标 {row.target_text}"),
            "source_kind": row.source_kind,
        }


def _places(tables: Tables) -> Iterator[dict]:
    """Places by name; a name that the plan uses in several groups is one entry."""
    by_name: dict[str, list] = {}
    for row in _rows(tables, "plan.places"):
        by_name.setdefault(row.place_name, []).append(row)
    for name, rows in by_name.items():
        boxes = [box for box in map(_box_of_row, rows) if box]
        yield {
            "entry_id": name,
            "entry_name": name,
            "further": [row.note for row in rows if not pd.isna(row.note)],
            "detail": _detail(
                *dict.fromkeys(row.place_group for row in rows), _of_clause(rows[0].clause)
            ),
            **_sides(boxes[0] if boxes else None),
            "source_kind": rows[0].source_kind,
        }
