"""The walking network out of an OpenStreetMap extract: what one walks on, and what bars the way.

Ways are cut at the nodes that they share with other walkable ways, so that every row is an edge
between two nodes and bears their numbers: a bridge shares no node with the street below and does not
meet it, however the lines are rounded. Who may walk where follows the tags as the map's community
uses them (wiki pages Key:foot, Key:access, Key:sidewalk).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
import shapely
from osmium.filter import IdFilter, KeyFilter
from osmium.osm import WAY
from shapely.geometry.base import BaseGeometry

from data.registers.osm_objects import Count, areas, processor, relations, touching
from geo import district
from geo.geojson import are_points
from geo.walking import merged_nodes

STREETS = ("primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
           "unclassified", "residential", "living_street", "service", "pedestrian", "road")  # fmt: skip
PATHS = ("footway", "path", "cycleway", "track", "bridleway", "corridor", "elevator", "platform")
"""Nothing keeps those on foot from a cycleway or a track but ``foot=no``."""
STEPS = "steps"
MOTOR_ROADS = ("motorway", "motorway_link", "trunk", "trunk_link")
"""Motorways and elevated expressways: walkable only where the map says so."""
TUNNELS_FOR_CARS = ("primary", "primary_link", "secondary", "secondary_link", "service")
"""Streets of which a tunnel is for cars, and underground car parks; lesser streets pass under
railways and embankments with their pavements."""
RAILWAYS = ("rail", "subway", "light_rail")

ALLOWED = ("yes", "designated", "permissive", "destination", "official")
FORBIDDEN = ("no", "private", "military", "employees", "permit", "use_sidepath")
"""Of ``foot`` and ``access``. Gated estates (``residents``) are walked by those who live there."""
SIDEWALK_KEYS = ("sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both")
SIDEWALKS = ("yes", "both", "left", "right")
CLOSED = (("landuse", "military"), ("landuse", "railway"), ("aeroway", "aerodrome"))
"""Areas that the public may not enter. Grounds that are merely private are none: people live and
work there, and their way to a toilet counts."""

CAR_ROAD = "高速公路、快速路、汽车隧道等机动车专用道路"
NO_ENTRY = "禁止步行或不对公众开放的道路（foot、access）"
NOT_BUILT = "在建、规划、已废弃或不供通行的道路"
UNDERGROUND = "地下或高架的铁路"

_DEGREE = 10_000_000
"""Positions in an extract are whole numbers of this part of a degree."""
_UNKNOWN = 2**31 - 1
"""Coordinate of a node that the extract lacks."""

WalkRow = tuple[dict[str, str | None], BaseGeometry]
"""Cells by field name, and a line in degrees."""


@dataclass(frozen=True)
class _Way:
    """A way with its nodes; coordinates as in the extract, ``_UNKNOWN`` where it lacks them."""

    osm_id: str
    kind: str
    structure: str
    name: str | None
    nodes: np.ndarray
    """(nodes, 3): number, longitude, latitude."""


def walk_ways(path: str, count: Count, beyond_m: float) -> list[WalkRow]:
    """Rows of the register of walking networks: walkable pieces, railways, closed areas.

    Inside the district and ``beyond_m`` around it; what lies farther out is counted in ``count``.
    Empty where the extract has nothing to walk on inside the district itself.
    """
    around = district.surroundings(beyond_m)
    walked, railways = [], []
    for way in _ways(path, count, around.bounds):
        (railways if way.kind == "railway" else walked).append(way)
    rows = _near(around, _pieces(_without_copies(walked)), count)
    outline = district.outline()
    shapely.prepare(outline)
    if not any(shapely.intersects(outline, [line for _, line in rows])):
        return []
    rows += _near(around, ((way, _row(way, 0), _known_line(way)) for way in railways), count)
    return rows + _closed_areas(path, around, count)


def is_walkable(tags: Mapping[str, str]) -> bool:
    """Whether the public may walk on a way with these tags."""
    return _way_kind(tags)[0] is not None


# --- who may walk where --------------------------------------------------------------------------


def _way_kind(tags: Mapping[str, str]) -> tuple[str | None, str]:
    """Kind of a way as in the contract, or None and why it is left out."""
    highway, foot = tags.get("highway"), tags.get("foot")
    if highway is None:
        kind = "railway" if tags.get("railway") in RAILWAYS else None
        return (kind, "") if structure_of(tags) == "ground" else (None, UNDERGROUND)
    if highway not in (*STREETS, *PATHS, STEPS, *MOTOR_ROADS):
        return None, NOT_BUILT
    if foot in FORBIDDEN or (foot not in ALLOWED and tags.get("access") in FORBIDDEN):
        return None, NO_ENTRY
    has_sidewalk = any(tags.get(key) in SIDEWALKS for key in SIDEWALK_KEYS)
    if _is_for_cars(highway, tags) and foot not in ALLOWED and not has_sidewalk:
        return None, CAR_ROAD
    if highway == STEPS:
        return STEPS, ""
    return "path" if highway in PATHS else "street", ""


def _is_for_cars(highway: str, tags: Mapping[str, str]) -> bool:
    """Whether a street is for cars alone unless it says otherwise."""
    is_tunnel = highway in TUNNELS_FOR_CARS and structure_of(tags) == "tunnel"
    return highway in MOTOR_ROADS or tags.get("motorroad") == "yes" or is_tunnel


def structure_of(tags: Mapping[str, str]) -> str:
    """``bridge``, ``tunnel`` or ``ground``; a passage through a house lies on the ground."""
    if tags.get("bridge", "no") != "no":
        return "bridge"
    tunnel = tags.get("tunnel", "no")
    if tunnel == "building_passage":
        return "ground"
    if tunnel != "no" or tags.get("location") == "underground":
        return "tunnel"
    layer = tags.get("layer", "0").lstrip("+")
    if layer.startswith("-"):
        return "tunnel"
    return "bridge" if layer.isdigit() and int(layer) > 0 else "ground"


# --- ways of the extract -------------------------------------------------------------------------


def _ways(path: str, count: Count, bounds: tuple[float, ...]) -> Iterator[_Way]:
    """Walkable ways and railways within the bounds (degrees); the others are counted."""
    squares = _squares(path)
    west, south, east, north = (round(degrees * _DEGREE) for degrees in bounds)
    found = processor(path, KeyFilter("highway", "railway"))
    if squares:
        sides = processor(path, IdFilter(squares).enable_for(WAY))
        found = chain(found, sides)
    for way in found:
        if not way.is_way() or len(way.nodes) < 2:
            continue
        nodes = np.array([(node.ref, node.x, node.y) for node in way.nodes], dtype="int64")
        known = nodes[nodes[:, 1] != _UNKNOWN, 1:]
        if not len(known):
            continue
        (least_x, least_y), (most_x, most_y) = known.min(axis=0), known.max(axis=0)
        if most_x < west or least_x > east or most_y < south or least_y > north:
            count.outside += 1
            continue
        tags = dict(way.tags)
        if "highway" not in tags and "railway" not in tags:
            tags |= squares.get(way.id, {})
        kind, reason = _way_kind(tags)
        if kind is None:
            if reason and tags.get("railway", RAILWAYS[0]) in RAILWAYS:
                count.leave(reason)
            continue
        if len(known) < len(nodes):
            count.incomplete.append(f"W{way.id}")
        name = tags.get("name", "").strip() or None
        yield _Way(f"W{way.id}", kind, structure_of(tags), name, nodes)


def _squares(path: str) -> dict[int, dict[str, str]]:
    """Ways around squares that are relations, with the tags of these: one walks along their sides."""
    return {
        way_id: tags
        for tags, members in relations(path, "highway")
        if tags.get("type") == "multipolygon" and is_walkable(tags)
        for way_id in members
    }


def _without_copies(ways: list[_Way]) -> list[_Way]:
    """Each way once: the side of a square may be a way in its own right."""
    return list({way.osm_id: way for way in reversed(ways)}.values())[::-1]


def _row(way: _Way, place: int, from_node: int | None = None, to_node: int | None = None) -> dict:
    """Cells of a piece of a way that begins at its node number ``place``."""
    return {
        "way_id": f"{way.osm_id}-{place}",
        "way_kind": way.kind,
        "structure": way.structure,
        "way_name": way.name,
        "from_node": None if from_node is None else str(from_node),
        "to_node": None if to_node is None else str(to_node),
    }


def _known_line(way: _Way) -> BaseGeometry:
    """The course of a way as far as its nodes are known."""
    known = way.nodes[way.nodes[:, 1] != _UNKNOWN, 1:] / _DEGREE
    return shapely.LineString(known) if len(known) > 1 else shapely.LineString()


# --- pieces between shared nodes -----------------------------------------------------------------


def _pieces(ways: list[_Way]) -> Iterator[tuple[_Way, dict, BaseGeometry]]:
    """Ways cut at every node that they share, at their ends, and where nodes are missing."""
    if not ways:
        return
    sizes = [len(way.nodes) for way in ways]
    owner = np.repeat(np.arange(len(ways)), sizes)
    place = np.concatenate([np.arange(size) for size in sizes])
    number, x, y = np.concatenate([way.nodes for way in ways]).T
    known = x != _UNKNOWN
    # Segments between neighbours of one way of which both are known, by their first node.
    joins = (owner[:-1] == owner[1:]) & known[:-1] & known[1:] & (number[:-1] != number[1:])
    segment = np.flatnonzero(joins)
    if not len(segment):
        return
    follows = np.append(False, np.diff(segment) == 1) & (owner[segment] == owner[segment - 1])
    node, uses = np.unique(number[known], return_counts=True)
    is_shared = uses[np.searchsorted(node, number[segment])] > 1
    begins = ~follows | is_shared
    piece = np.cumsum(begins) - 1
    ends = np.append(begins[1:], True)
    points = np.concatenate([segment, segment[ends] + 1])
    of_piece = np.concatenate([piece, piece[ends]])
    order = np.lexsort((points, of_piece))
    points, of_piece = points[order], of_piece[order]
    lines = shapely.linestrings(np.column_stack([x, y])[points] / _DEGREE, indices=of_piece)
    first, last = segment[begins], segment[ends] + 1
    from_node, to_node = number[first], number[last]
    is_short = are_points(lines)
    same = merged_nodes(from_node[is_short], to_node[is_short])
    for i in np.flatnonzero(~is_short):
        way, u, v = ways[owner[first[i]]], int(from_node[i]), int(to_node[i])
        yield way, _row(way, int(place[first[i]]), same.get(u, u), same.get(v, v)), lines[i]


def _near(
    around: BaseGeometry, found: Iterator[tuple[_Way, dict, BaseGeometry]], count: Count
) -> list[WalkRow]:
    """Rows that touch an area; ways of which none does are counted."""
    pieces = list(found)
    if not pieces:
        return []
    shapely.prepare(around)
    inside = shapely.intersects(around, [line for _, _, line in pieces])
    kept = [piece for piece, is_inside in zip(pieces, inside, strict=True) if is_inside]
    ways = {way.osm_id for way, _, _ in pieces}
    count.outside += len(ways - {way.osm_id for way, _, _ in kept})
    return [(row, line) for _, row, line in kept]


def _closed_areas(path: str, around: BaseGeometry, count: Count) -> list[WalkRow]:
    """Rings of the areas that the public may not enter."""
    return [
        (
            {
                "way_id": item.osm_id,
                "way_kind": "closed_area",
                "structure": None,
                "way_name": item.name or None,
                "from_node": None,
                "to_node": None,
            },
            shapely.boundary(item.geometry),
        )
        for item in touching(around, areas(path, count, *CLOSED), count)
    ]
