"""Registers out of an OpenStreetMap extract (.osm.pbf), read with osmium.

An extract is of a region, not of the district: what lies outside is left out and counted, not
refused row by row. Positions are WGS-84 degrees; the data is under the ODbL 1.0. Ids are those of
OpenStreetMap (``N123`` node, ``W123`` way, ``R123`` relation), a line gathered of several ways bears
the lowest of theirs: they stay the same from one extract to the next, whatever region it covers.
"""

from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import numpy as np
import osmium
import shapely
from shapely.geometry.base import BaseGeometry

from data.registers.formats import TITLES
from data.registers.osm_objects import Count, Object, areas, inside_district, nodes, ways
from data.registers.osm_walk import walk_ways
from data.registers.raw import MAX_ROWS, ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.registry import REGISTERS
from data.registers.registry import register as _register
from data.registers.shapes import ROW_WORD, text_frame, tidy
from data.registers.validation import Progress, no_progress
from geo import district
from geo.overlay import MIN_PIECE_M, line_parts
from geo.projection import length_m, to_metres

RIVER_KINDS = ("river", "canal", "stream")
NAMED_RIVER_KINDS = ("ditch", "drain")
"""Taken only with a name: without one they are gutters."""

TOUCHING_M = 200.0
"""Pieces of one name nearer than this are one river: culverts and locks interrupt its line."""

STREET_CLASSES: Mapping[str, str] = {
    **{name: name for name in ("trunk", "primary", "secondary", "tertiary", "residential",
                               "service", "pedestrian", "footway", "path")},
    "unclassified": "residential",
    "living_street": "residential",
}  # fmt: skip
"""Street class by the highway tag; ramps, steps, cycleways and tracks are no streets of their own."""

PRIVATE = ("private", "no", "customers", "employees", "residents")
"""Values of the access tag that make a toilet no public one."""

UNNAMED_RIVER = "未命名河道"
UNNAMED_TOILET = "公共厕所"

_ACCESSIBLE = {"yes": "是", "designated": "是", "no": "否"}

_Row = tuple[dict[str, str | None], BaseGeometry]


def read(
    path: Path, register: Register, layer: str | None = None, progress: Progress = no_progress
) -> RawTable:
    """The register's objects inside the district, gathered, with the register's field names.

    ImportProblem for a register that OpenStreetMap does not know, a file cut short, or an extract
    with none of these objects in the district. An extract has no layers; ``layer`` is not used.
    """
    if register.name not in _COLLECTORS:
        titles = "、".join(f"“{item.title}”" for item in REGISTERS if item.from_osm)
        raise ImportProblem(
            f"OpenStreetMap 数据不含“{register.title}”的内容，{path.name} 可用于：{titles}"
        )
    count = Count()
    progress("读取 OpenStreetMap 数据", None)
    try:
        rows = _COLLECTORS[register.name](str(path), count)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise ImportProblem(
            f"{path.name} 已损坏或不完整（可能未下载完），请重新下载后导入"
        ) from error
    if not rows:
        raise ImportProblem(
            f"{path.name} 中没有位于本区的{register.title}"
            f"（区外 {count.outside} 处），请确认数据覆盖上城区且未经删减"
        )
    if len(rows) > MAX_ROWS:
        raise ImportProblem(f"{path.name} 有 {len(rows)} 个要素，超过 {MAX_ROWS} 个的上限")
    id_field = register.fields[0].name
    rows.sort(key=lambda row: _in_order(row[0][id_field]))
    filled = [name for name in rows[0][0] if any(row[name] for row, _ in rows)]
    cells = text_frame({name: [row[name] for row, _ in rows] for name in filled}, len(rows))
    geometry, notes = tidy(np.array([shape for _, shape in rows], object), register, path.name)
    notes += _notes(count, register)
    return RawTable(path.name, TITLES["osm"], "", cells, ROW_WORD, geometry, "wgs84", 0, notes)


def _in_order(osm_id: str) -> tuple[str, list[int]]:
    """What ids are sorted by: kind and number, then the piece («W12-3»)."""
    return osm_id[0], [int(number) for number in osm_id[1:].split("-")]


def _notes(count: Count, register: Register) -> list[Note]:
    found = []

    def add(rule: str, reason: str, remedy: str) -> None:
        found.append(Note(0, "", "", "noted", rule, reason, remedy))

    add("许可", "数据来自 OpenStreetMap，© OpenStreetMap 贡献者，许可为 ODbL 1.0",
        "导入时许可填“ODbL 1.0”，对外使用须注明来源")  # fmt: skip
    if count.outside:
        add("区外", f"另有 {count.outside} 处位于区外，未读入", "无需处理")
    for reason, number in count.others.items():
        add("未读入", f"{number} 处{reason}，未读入", "无需处理；确需纳入的请在台账中补充")
    if count.incomplete:
        listed = "、".join(sorted(count.incomplete)[:5])
        add("数据不全", f"{len(count.incomplete)} 个对象（{listed} 等）缺少部分节点或线段，"
            "多在截取范围的边缘，缺少的部分未读入", "请用范围更大的数据")  # fmt: skip
    if count.unnamed:
        add("名称缺失", f"{count.unnamed} 处{register.title}在 OpenStreetMap 中没有名称，以类别和编号代称",
            "请在台账中补充名称")  # fmt: skip
    return found


# --- registers -----------------------------------------------------------------------------------


def _toilets(path: str, count: Count) -> list[_Row]:
    found = chain(nodes(path, "amenity", "toilets"), areas(path, count, ("amenity", "toilets")))
    rows = []
    for item in inside_district(found, count):
        if item.tags.get("access") in PRIVATE:
            count.leave("厕所不对公众开放（access）")
            continue
        rows.append((
            {
                "toilet_id": item.osm_id,
                "toilet_name": count.name_of(item.name, UNNAMED_TOILET, item.osm_id),
                "street_name": item.tags.get("addr:street"),
                "has_accessible": _ACCESSIBLE.get(
                    item.tags.get("toilets:wheelchair", item.tags.get("wheelchair"))
                ),
            },
            item.geometry,
        ))  # fmt: skip
    return rows


def _lamps(path: str, count: Count) -> list[_Row]:
    found = inside_district(nodes(path, "highway", "street_lamp"), count)
    return [
        (
            {
                "asset_id": item.osm_id,
                "asset_kind": "路灯",
                "place_name": item.tags.get("addr:street"),
            },
            item.geometry,
        )
        for item in found
    ]


def _water_areas(path: str, count: Count) -> list[_Row]:
    found = inside_district(areas(path, count, ("natural", "water")), count)
    return [
        ({"water_id": item.osm_id, "water_name": item.name or None}, item.geometry)
        for item in found
    ]


def _rivers(path: str, count: Count) -> list[_Row]:
    kinds = (*RIVER_KINDS, *NAMED_RIVER_KINDS)
    by_name: dict[str, list[Object]] = {}
    unnamed = []
    for item in inside_district(ways(path, "waterway", kinds, count), count):
        if item.name:
            by_name.setdefault(item.name, []).append(item)
        elif item.tags["waterway"] in RIVER_KINDS:
            unnamed.append([item])
        else:
            count.leave("没有名称的沟渠")
    named = [group for items in by_name.values() for group in _touching(items)]
    rows = []
    for group in [*named, *unnamed]:
        river_id, line = _gathered(group)
        name = count.name_of(group[0].name, UNNAMED_RIVER, river_id)
        rows.append(({"river_id": river_id, "river_name": name}, line))
    return _with_length_inside(rows, count)


def _streets(path: str, count: Count) -> list[_Row]:
    groups: dict[tuple[str, str], list[Object]] = {}
    for item in inside_district(ways(path, "highway", tuple(STREET_CLASSES), count), count):
        if item.tags.get("area") == "yes":
            count.leave("是广场等面状区域")
        elif not item.name:
            count.leave("没有名称的路段")
        else:
            key = (item.name, STREET_CLASSES[item.tags["highway"]])
            groups.setdefault(key, []).append(item)
    rows = []
    for (name, street_class), group in groups.items():
        street_id, line = _gathered(group)
        rows.append(
            ({"street_id": street_id, "street_name": name, "street_class": street_class}, line)
        )
    return _with_length_inside(rows, count)


def _gathered(group: list[Object]) -> tuple[str, BaseGeometry]:
    """The lowest id of several ways, and their lines as one, joined where they meet."""
    lowest = min(group, key=lambda item: int(item.osm_id[1:]))
    lines = shapely.get_parts([item.geometry for item in group])
    return lowest.osm_id, line_parts(shapely.multilinestrings(lines))


def _touching(items: list[Object]) -> list[list[Object]]:
    """Ways of one name in groups that hang together, gaps up to ``TOUCHING_M`` apart."""
    lines = np.array([to_metres(item.geometry) for item in items], object)
    group = np.arange(len(items))
    for one, other in shapely.STRtree(lines).query(lines, "dwithin", TOUCHING_M).T:
        group[group == group[other]] = group[one]
    return [
        [item for item, own in zip(items, group, strict=True) if own == key]
        for key in dict.fromkeys(group.tolist())
    ]


def _with_length_inside(rows: list[_Row], count: Count) -> list[_Row]:
    """Rows whose line runs inside the district for at least a metre, not just up to its border."""
    outline = district.outline()
    kept = []
    for row, line in rows:
        inside = line_parts(shapely.intersection(line, outline))
        if not inside.is_empty and length_m(inside) >= MIN_PIECE_M:
            kept.append((row, line))
        else:
            count.outside += 1
    return kept


def _walk_ways(path: str, count: Count) -> list[_Row]:
    return walk_ways(path, count, _register("streets-osm").beyond_m)


_COLLECTORS: Mapping[str, Callable[[str, Count], list[_Row]]] = {
    "toilets": _toilets,
    "lighting_assets": _lamps,
    "rivers": _rivers,
    "water_areas": _water_areas,
    "streets": _streets,
    "streets-osm": _walk_ways,
}
