"""The map of pavement: sections on the pieces of their streets, by grade, design life or warning."""

import pandas as pd

from data.contracts import PAVEMENT_GRADES
from ui import layers, maps, street_lines
from ui.legend import Key, legend_html
from ui.maps import Drawing
from ui.pavement_looks import (
    CLASSES,
    LIFE_LOOKS,
    NOT_GRADED,
    VIEWS,
    WARNINGS,
    grade_colour,
    grade_text,
    life_look,
)
from ui.pavement_words import due_text, pci_text, reason_text
from ui.session import Context
from ui.street_lines import Look, Name, Piece
from ui.text import UNMAPPED, joined

QUIET, WIDE = (13, 140), (40, 255)
"""Width (m) and strength of what is in order, and of what wants attention."""
GRADE_DRAWN = dict(
    zip(PAVEMENT_GRADES, (QUIET, QUIET, (26, 255), (34, 255), (46, 255)), strict=True)
)
LIFE_DRAWN = {"over": WIDE, "due": WIDE, "soon": (24, 255), "later": QUIET, "unknown": (20, 255),
              "none": (8, 80)}  # fmt: skip
MOST_TOLD = 3
"""Sections of one piece that its tooltip tells of before it counts the others."""

_ORDERS = {
    "grade": (NOT_GRADED, *PAVEMENT_GRADES),
    "life": tuple(LIFE_LOOKS)[::-1],
    "warning": tuple(WARNINGS)[::-1],
}
"""Values of each view from the least to the most urgent: as they are drawn, the last above."""
_NAMED = {"grade": ("中", "次", "差"), "life": ("over", "due"), "warning": ("red", "yellow")}
"""Values whose streets are named on the map."""


def drawing(context: Context, view: str, frame: pd.DataFrame) -> Drawing:
    """What one view shows; ``frame`` has the rows of «pavement_sections» under the filter."""
    pieces = context.frame("pavement_pieces")
    # Sections beyond the chosen subdistricts lie on their pieces, too, but say nothing here.
    whole = context.frame("pavement_sections", codes=None)
    worst = _worst(pieces, whole, view)
    tips = _tips(pieces, whole)
    looks = _looks(context, view)
    made = [
        Piece(row.street_name, row.geometry_json, looks[row.value],
              tips[row.street_id, row.subdistrict_code], bool(row.is_chosen))
        for row in worst.itertuples()
    ]  # fmt: skip
    return Drawing(
        [layers.pick(context), layers.quiet_waterways(context),
         street_lines.lines(context, made, f"pavement-{view}", least_px=1.8)],
        _legend(context, view, frame, pieces),
        maps.subdistrict_labels(context)
        + street_lines.labels(context, _names(context, view, worst), worst),
    )  # fmt: skip


def _worst(pieces: pd.DataFrame, frame: pd.DataFrame, view: str) -> pd.DataFrame:
    """One row a piece with the most urgent ``value`` of its sections, the most urgent last."""
    values = frame.set_index("section_id")[view].fillna(NOT_GRADED)
    order = {value: place for place, value in enumerate(_ORDERS[view])}
    met = pieces.assign(value=pieces["section_id"].map(values))
    met = met.assign(place=met["value"].map(order)).sort_values("place", kind="stable")
    return met.drop_duplicates(["street_id", "subdistrict_code"], keep="last")


def _looks(context: Context, view: str) -> dict[str, Look]:
    """How each value of the view is drawn."""
    colours = context.palette
    if view == "grade":
        return {
            grade: Look(grade_colour(colours, grade), *GRADE_DRAWN.get(grade, QUIET))
            for grade in _ORDERS[view]
        }
    if view == "life":
        return {
            key: Look(look.colour(colours), *LIFE_DRAWN[key]) for key, look in LIFE_LOOKS.items()
        }
    return {
        key: Look(look.colour(colours), *(QUIET if key in ("none", "unknown") else WIDE))
        for key, look in WARNINGS.items()
    }  # fmt: skip


def _word(view: str, value: str) -> str:
    """A value with its shape, as legend and labels say it."""
    if view == "grade":
        return grade_text(value)
    look = life_look(value) if view == "life" else WARNINGS[value]
    return f"{look.shape} {look.word}"


def _names(context: Context, view: str, worst: pd.DataFrame) -> list[Name]:
    """Names of the streets that want attention, with the shape of what is the matter."""
    looks = _looks(context, view)
    here = worst[worst["is_chosen"] & worst["value"].isin(_NAMED[view])]
    most_urgent = here.drop_duplicates("street_name", keep="last")
    return [
        Name(row.street_name, f"{_word(view, row.value).partition(' ')[0]} {row.street_name}", looks[row.value].colour,
             30 + 4 * row.place, True)
        for row in most_urgent.itertuples()
    ]  # fmt: skip


def _tips(pieces: pd.DataFrame, frame: pd.DataFrame) -> dict[tuple[str, str], str]:
    """What each piece (street, subdistrict) says of its sections, the most urgent first."""
    told: dict[tuple[str, str], list[str]] = {}
    names: dict[tuple[str, str], str] = {}
    by_section = {row.section_id: row for row in frame.itertuples()}
    place = {section_id: n for n, section_id in enumerate(by_section)}
    rows = sorted(pieces.itertuples(), key=lambda row: place[row.section_id])
    for row in rows:
        piece = row.street_id, row.subdistrict_code
        names[piece] = row.street_name
        told.setdefault(piece, []).append(section_tip(by_section[row.section_id]))
    return {
        piece: "\n".join(
            [names[piece], *lines[:MOST_TOLD],
             *([f"等 {len(lines)} 段"] if len(lines) > MOST_TOLD else []), "点击看该道路"]
        )
        for piece, lines in told.items()
    }  # fmt: skip


def section_tip(row: tuple) -> str:
    """One section: where, its grade at its inspection, its design life, its warning."""
    place = row.short_name if isinstance(row.short_name, str) else ""
    managed = row.managed_level if isinstance(row.managed_level, str) else ""
    head = joined(place, CLASSES[row.road_class], managed, f"{row.length_km:.2f} km")
    lines = [
        head,
        joined(f"{grade_text(row.grade)} {pci_text(row)}".strip(), f"{row.inspected_on} 检测"),
    ]
    due = due_text(row)
    if due:
        lines.append(due)
    if row.warning != "none":
        look = WARNINGS[row.warning]
        lines.append(f"{look.shape} {look.word}预警：{reason_text(row)}")
    return "\n".join(lines)  # fmt: skip


def _legend(context: Context, view: str, frame: pd.DataFrame, pieces: pd.DataFrame) -> str:
    """The values that occur with their kilometres, and how many sections no map shows."""
    km = frame.groupby(frame[view].fillna(NOT_GRADED))["length_km"].sum()
    looks = _looks(context, view)
    keys = [
        Key("line", looks[value].colour, f"{_word(view, value)} {km[value]:.1f} km",
            round(looks[value].width_m / 110, 2))
        for value in _ORDERS[view][::-1]
        if value in km
    ]  # fmt: skip
    missing = len(set(frame["section_id"]) - set(pieces["section_id"]))
    note = f"{UNMAPPED} {missing} 段：底图没有同名道路" if missing else ""
    title = f"{VIEWS[view]} · {context.filter.year} 年底"
    return legend_html(title, keys, stacked=True, note=note)
