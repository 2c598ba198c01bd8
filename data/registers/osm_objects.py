"""Objects of an OpenStreetMap extract (.osm.pbf), read with osmium: nodes, ways and areas.

An extract is of a region, not of the district: what lies outside is counted, and objects that the
extract holds only in part are named. Positions are WGS-84 degrees. Ids are those of OpenStreetMap
with the letter of their kind: ``N123`` node, ``W123`` way, ``R123`` relation.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import osmium
import shapely
from osmium.filter import KeyFilter, TagFilter
from shapely.geometry.base import BaseGeometry

from geo import district

_TAGS = ("name", "highway", "waterway", "area", "access", "addr:street", "wheelchair",
         "toilets:wheelchair")  # fmt: skip
"""Tags that are looked at."""

_BATCH = 20_000
"""Objects looked at together: an extract of a province holds millions outside."""


@dataclass(frozen=True)
class Object:
    """One object of the extract: id with the letter of its kind, tags, geometry in degrees."""

    osm_id: str
    tags: Mapping[str, str]
    geometry: BaseGeometry

    @property
    def name(self) -> str:
        return self.tags.get("name", "").strip()


@dataclass
class Count:
    """What was met and is no row, or no row as it was met."""

    outside: int = 0
    incomplete: list[str] = field(default_factory=list)
    """Ids of objects with points or ways that the extract lacks."""
    unnamed: int = 0
    """Rows that got a name of their kind and id."""
    others: dict[str, int] = field(default_factory=dict)
    """Reason → number."""

    def name_of(self, name: str, kind: str, osm_id: str) -> str:
        """The name, or kind and id for what has none: an honest one that can be found again."""
        self.unnamed += not name
        return name or f"{kind}（{osm_id}）"

    def leave(self, reason: str) -> None:
        """Count an object that is left out, by the reason (Chinese)."""
        self.others[reason] = self.others.get(reason, 0) + 1


def processor(path: str, *filters: osmium.BaseFilter) -> osmium.FileProcessor:
    """Objects that pass the filters; the format is given, whatever the file is called."""
    found = osmium.FileProcessor(osmium.io.File(path, "pbf")).with_locations()
    for item in filters:
        found = found.with_filter(item)
    return found


def _tags(found: osmium.osm.OSMObject) -> dict[str, str]:
    return {name: found.tags[name] for name in _TAGS if name in found.tags}


def nodes(path: str, key: str, value: str) -> Iterator[Object]:
    """Nodes with a tag, as points."""
    for found in processor(path, TagFilter((key, value))):
        if found.is_node() and found.location.valid():
            yield Object(f"N{found.id}", _tags(found), shapely.Point(found.lon, found.lat))


def ways(path: str, key: str, values: tuple[str, ...], count: Count) -> Iterator[Object]:
    """Lines of ways; where points are missing, what lies between them."""
    factory = osmium.geom.WKBFactory()
    for found in processor(path, TagFilter(*((key, value) for value in values))):
        if not found.is_way():
            continue
        osm_id = f"W{found.id}"
        try:
            shape = shapely.from_wkb(factory.create_linestring(found))
        except (osmium.InvalidLocationError, RuntimeError):
            count.incomplete.append(osm_id)
            shape = _known_part(found)
        if shape is not None:
            yield Object(osm_id, _tags(found), shape)


def _known_part(way: osmium.osm.Way) -> BaseGeometry | None:
    """Line of a way of which points are missing: what lies between the missing ones."""
    runs: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            runs[-1].append((node.lon, node.lat))
        else:
            runs.append([])
    lines = [run for run in runs if len(set(run)) > 1]
    return shapely.MultiLineString(lines) if lines else None


def areas(path: str, count: Count, *tags: tuple[str, str]) -> Iterator[Object]:
    """Areas with one of the tags, of closed ways and of multipolygon relations that are whole."""
    wanted = TagFilter(*tags)
    extract = osmium.FileProcessor(osmium.io.File(path, "pbf")).with_areas(wanted)
    factory = osmium.geom.WKBFactory()
    awaited = set()
    for found in extract.with_filter(wanted):
        if found.is_relation() and found.tags.get("type") == "multipolygon":
            awaited.add(f"R{found.id}")
        elif found.is_area():
            osm_id = f"{'W' if found.from_way() else 'R'}{found.orig_id()}"
            try:
                shape = shapely.from_wkb(factory.create_multipolygon(found))
            except RuntimeError:
                # Rings that do not close; the file itself is read on.
                awaited.add(osm_id)
                continue
            awaited.discard(osm_id)
            parts = shapely.get_parts(shape)
            shape = parts[0] if len(parts) == 1 else shape
            yield Object(osm_id, _tags(found), shape)
    count.incomplete.extend(awaited)


def relations(path: str, key: str) -> Iterator[tuple[dict[str, str], list[int]]]:
    """Tags of the relations that have a key, and the numbers of the ways they consist of."""
    extract = osmium.FileProcessor(osmium.io.File(path, "pbf"), osmium.osm.RELATION)
    for found in extract.with_filter(KeyFilter(key)):
        yield dict(found.tags), [member.ref for member in found.members if member.type == "w"]


def touching(area: BaseGeometry, objects: Iterator[Object], count: Count) -> list[Object]:
    """Those that touch an area (degrees); the others are counted."""
    shapely.prepare(area)
    kept = []
    while batch := list(islice(objects, _BATCH)):
        inside = shapely.intersects(area, np.array([item.geometry for item in batch], object))
        count.outside += int((~inside).sum())
        kept += [item for item, is_inside in zip(batch, inside, strict=True) if is_inside]
    return kept


def inside_district(objects: Iterator[Object], count: Count) -> list[Object]:
    """Those that touch the district; the others are counted."""
    return touching(district.outline(), objects, count)
