"""Geometries of any geographic source as one register needs them, and the system they are in.

Whatever is changed or cannot be used is noted; nothing is dropped in silence. Shared by the readers
of files, OpenStreetMap extracts and PostGIS.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from data.registers.raw import ImportProblem, Note, Severity
from data.registers.register import GeometryKind, Register

DIMENSIONS: dict[GeometryKind, int] = {"point": 0, "line": 1, "polygon": 2}
TITLES = ("点", "线", "面")
"""Kinds of geometry by dimension."""

MAX_ROW_NOTES = 1_000
"""The same correction in more rows than this is one note of the whole file."""

ROW_WORD = "要素"

MAX_CONVERSION_ERROR_M = 2.0
"""A declared system is converted only where PROJ knows a way at least as exact."""

_HERE = AreaOfInterest(119.9, 30.0, 120.5, 30.6)
"""Degrees around the district; ways made for other parts of the country do not hold here."""

_DEGREE = np.pi / 180
_MULTI_POINT, _COLLECTION = 4, 7
_NAMED = 3


def tidy(
    geometry: np.ndarray, register: Register, source: str
) -> tuple[np.ndarray | None, list[Note]]:
    """Geometries of the register's kind, None where there is none that can be used, and the notes.

    Heights and measures are dropped; polygons that cross themselves are repaired; an area stands
    for a point by a point inside it. A geometry of another kind rejects its row; ImportProblem when
    all are of another kind. ``source`` names file and layer. None when the register has no
    positions. Rows are counted from 1; coordinates stay in their own system.
    """
    if register.geometry is None:
        return None, [_note(0, "noted", "空间位置", "本台账不含空间位置，几何未使用", "无需处理")]
    found = shapely.force_2d(geometry)
    notes: list[Note] = []
    wanted = DIMENSIONS[register.geometry]
    _drop_unplaced(found, notes)
    _open_collections(found, wanted, notes)
    # A row of a line register may stand as a point where it has columns for one.
    usable = {wanted, 0} if "lon" in register.field_names else {wanted}
    _repair(found, notes)
    if wanted == 0:
        _as_points(found, notes)
    _refuse_others(found, usable, register, source, notes)
    return found, notes


def _note(row: int, severity: Severity, rule: str, reason: str, remedy: str) -> Note:
    return Note(row, "", "", severity, rule, reason, remedy)


def _noted(
    notes: list[Note], mask: np.ndarray, severity: Severity, rule: str, reason: str, remedy: str
) -> None:
    """Add a note for each row of the mask; one for the file when they are very many."""
    rows = np.flatnonzero(mask) + 1
    if severity != "rejected" and len(rows) > MAX_ROW_NOTES:
        listed = "、".join(str(row) for row in rows[:_NAMED])
        many = f"{len(rows)} 个{ROW_WORD}（第 {listed} 等）{reason}"
        notes.append(_note(0, severity, rule, many, remedy))
        return
    notes.extend(_note(int(row), severity, rule, reason, remedy) for row in rows)


def _drop_unplaced(found: np.ndarray, notes: list[Note]) -> None:
    empty = shapely.is_missing(found) | shapely.is_empty(found)
    _noted(notes, empty, "noted", "几何为空", "没有几何，不能上图", "请在原数据中补画后重新导出")
    coordinates, owner = shapely.get_coordinates(found, return_index=True)
    unreal = np.zeros(len(found), dtype=bool)
    unreal[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    _noted(notes, unreal, "noted", "坐标无效", "几何中有不是数字的坐标，按没有位置处理",
           "请在原数据中改正坐标后重新导出")  # fmt: skip
    found[empty | unreal] = None


def _parts_of(geometry: shapely.Geometry, dimension: int) -> shapely.Geometry | None:
    """The parts of one dimension of a collection as one geometry; None when it has none."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    parts = parts[shapely.get_dimensions(parts) == dimension]
    if len(parts) == 0:
        return None
    if len(parts) == 1:
        return parts[0]
    make = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension]
    return make(parts)


def _open_collections(found: np.ndarray, wanted: int, notes: list[Note]) -> None:
    mixed = shapely.get_type_id(found) == _COLLECTION
    for row in np.flatnonzero(mixed):
        parts = _parts_of(found[row], wanted)
        if parts is None and wanted == 0:
            parts = _parts_of(found[row], 2)
        found[row] = parts if parts is not None else found[row]
    _noted(notes, mixed, "corrected", "混合几何",
           f"由多种几何组成，只取其中的{TITLES[wanted]}", "请核对；必要时在原数据中拆分")  # fmt: skip


def _repair(found: np.ndarray, notes: list[Note]) -> None:
    faulty = (shapely.get_dimensions(found) == 2) & ~shapely.is_valid(found)
    for row in np.flatnonzero(faulty):
        found[row] = _parts_of(shapely.make_valid(found[row]), 2)
    lost = faulty & shapely.is_missing(found)
    _noted(notes, faulty & ~lost, "corrected", "多边形自相交", "多边形自相交或重叠，已自动修复",
           "请在地图预览中核对形状")  # fmt: skip
    flat = lost | ((shapely.get_dimensions(found) == 1) & (shapely.length(found) == 0))
    _noted(notes, flat, "noted", "几何退化", "多边形没有面积或线没有长度，按没有几何处理",
           "请在原数据中重画后重新导出")  # fmt: skip
    found[flat] = None


def _as_points(found: np.ndarray, notes: list[Note]) -> None:
    """One point for each area and for each multi-point of a single point."""
    areas = shapely.get_dimensions(found) == 2
    found[areas] = shapely.point_on_surface(found[areas])
    _noted(notes, areas, "corrected", "面转为点", "几何是面，取面内一点作为位置",
           "请在地图预览中核对位置")  # fmt: skip
    multi = shapely.get_type_id(found) == _MULTI_POINT
    single = multi & (shapely.get_num_geometries(found) == 1)
    found[single] = shapely.get_geometry(found[single], 0)
    several = multi & ~single
    _noted(notes, several, "rejected", "多点几何", "一个要素有多个点，无法确定位置",
           "请拆分为每个点一个要素后重新导出")  # fmt: skip
    found[several] = None


def _refuse_others(
    found: np.ndarray, usable: set[int], register: Register, source: str, notes: list[Note]
) -> None:
    dimensions = shapely.get_dimensions(found)
    placed = ~shapely.is_missing(found)
    other = placed & ~np.isin(dimensions, list(usable))
    if not other.any():
        return
    needed = TITLES[DIMENSIONS[register.geometry]]
    kinds = "、".join(TITLES[kind] for kind in sorted(set(dimensions[other])))
    if other.sum() == placed.sum():
        raise ImportProblem(
            f"{source} 的几何是{kinds}，而“{register.title}”需要{needed}，"
            "请确认图层和台账没有选错；确需导入的，请先转换几何类型"
        )
    _noted(notes, other, "rejected", "几何类型不符", f"几何是{kinds}，本台账需要{needed}",
           f"请改为{needed}后重新导出，或从图层中移出")  # fmt: skip
    found[other] = None


# --- coordinate systems --------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceSystem:
    """The coordinate system that a source declares of its geometries."""

    key: str | None
    """Key of ``geo.crs.SYSTEMS`` of the coordinates as ``convert`` leaves them."""
    notes: tuple[Note, ...] = ()
    transform: Callable[[np.ndarray], np.ndarray] | None = None
    """Moves coordinates (N × 2) to WGS-84 degrees; None where they stay as they are."""

    def convert(self, geometry: np.ndarray) -> np.ndarray:
        """Geometries in the system of ``key``."""
        if self.transform is None:
            return geometry
        moved = geometry.copy()
        placed = ~shapely.is_missing(moved)
        moved[placed] = shapely.transform(moved[placed], self.transform)
        return moved


def system_of(declared: str | int | None, source: str) -> SourceSystem:
    """What to make of a declared system: EPSG code, ``EPSG:4490`` or WKT; None when undeclared.

    Systems of ``geo.crs`` are kept; any other that pyproj converts exactly is converted;
    ImportProblem (naming ``source``) when it is known only to within a hundred metres.
    """
    try:
        system = pyproj.CRS.from_user_input(declared) if declared else None
    except CRSError:
        system = None
    if system is None or system.is_engineering or system.is_geocentric:
        word = "没有声明坐标系" if not declared else "声明的坐标系无法识别"
        note = _note(0, "noted", "坐标系", f"数据{word}", "须在导入时声明坐标系")
        return SourceSystem(None, (note,))
    key = _known_key(system)
    return SourceSystem(key) if key else _converted(system, source)


def _known_key(system: pyproj.CRS) -> str | None:
    """Key of ``geo.crs.SYSTEMS`` that a system is, whatever it is called."""
    flat = system.to_2d()
    if flat.is_compound:
        flat = flat.sub_crs_list[0]
    if flat.ellipsoid is None or abs(flat.ellipsoid.semi_major_metre - 6378137) > 0.001:
        return None
    is_2000 = _is_2000(flat)
    if flat.is_geographic:
        is_greenwich = flat.prime_meridian is None or flat.prime_meridian.longitude == 0
        if not is_greenwich or not _has_unit(flat, _DEGREE):
            return None
        return "cgcs2000" if is_2000 else "wgs84" if "wgs" in flat.name.lower() else None
    operation = flat.coordinate_operation
    if not is_2000 or operation is None or operation.method_name != "Transverse Mercator":
        return None
    values = {item.name: item.value for item in operation.params}
    expected = {
        "Latitude of natural origin": 0.0,
        "Longitude of natural origin": 120.0,
        "Scale factor at natural origin": 1.0,
        "False northing": 0.0,
    }
    if not _has_unit(flat, 1.0) or any(values.get(key) != expected[key] for key in expected):
        return None
    return {500_000.0: "gk120", 40_500_000.0: "gk120_zone"}.get(values.get("False easting"))


def _has_unit(system: pyproj.CRS, factor: float) -> bool:
    factors = [axis.unit_conversion_factor for axis in system.axis_info]
    return bool(np.allclose(factors, factor, rtol=1e-9))


def _is_2000(system: pyproj.CRS) -> bool:
    names = f"{system.name} {system.datum.name if system.datum else ''}"
    return "2000" in names and abs(system.ellipsoid.inverse_flattening - 298.257222101) < 1e-6


def _converted(system: pyproj.CRS, source: str) -> SourceSystem:
    # CGCS2000 equals WGS-84 here, but is not the same to PROJ, which then converts blindly.
    target = "EPSG:4490" if _is_2000(system) else "EPSG:4326"
    ways = TransformerGroup(
        system, target, always_xy=True, area_of_interest=_HERE, allow_ballpark=False
    ).transformers
    exact = [way for way in ways if 0 <= way.accuracy <= MAX_CONVERSION_ERROR_M]
    if not exact:
        raise ImportProblem(
            f"{source} 的坐标系是 {system.name}，与 CGCS2000、WGS-84 之间没有公开的精确转换参数"
            "（直接套用会偏差几十到上百米），请由测绘部门转换为 CGCS2000 后重新导入"
        )
    authority = system.to_authority()
    code = f"（{authority[0]}:{authority[1]}）" if authority else ""
    note = _note(0, "corrected", "坐标系", f"原坐标系为 {system.name}{code}，已转换为 WGS-84 经纬度",
                 "声明坐标系时按转换后的经纬度选择")  # fmt: skip

    def to_degrees(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(exact[0].transform(xy[:, 0], xy[:, 1]))

    return SourceSystem("wgs84", (note,), to_degrees)


# --- cells ---------------------------------------------------------------------------------------


def without_blank_rows(
    cells: pd.DataFrame, geometry: np.ndarray | None
) -> tuple[pd.DataFrame, np.ndarray | None, int]:
    """Cells and geometries without the rows that hold neither text nor geometry, and their count."""
    blank = cells.isna().all(axis=1).to_numpy()
    if geometry is not None:
        blank = blank & shapely.is_missing(geometry)
    kept = None if geometry is None else geometry[~blank]
    return cells[~blank], kept, int(blank.sum())


def text_frame(columns: Mapping[str, Sequence], count: int) -> pd.DataFrame:
    """Columns of ``count`` texts (None where missing) as raw cells: empty ones missing, rows from 1."""
    frame = pd.DataFrame(columns, index=range(count)).astype("str")
    frame.index = pd.RangeIndex(1, count + 1)
    for name in frame.columns:
        frame[name] = frame[name].mask(frame[name].str.strip() == "")
    return frame
