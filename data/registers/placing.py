"""Where the rows of a register lie: coordinates and shapes into degrees, and into subdistricts."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import shapely

from data.registers import subdistricts
from data.registers.columns import GEOMETRY_FIELD, POSITION_FIELDS
from data.registers.options import CrsVerdict
from data.registers.positions import (
    RANGES,
    examine,
    geometry_to_degrees,
    in_range,
    subdistricts_of,
    to_degrees,
)
from data.registers.raw import ImportProblem
from data.registers.sheet import Sheet
from geo import district
from geo.crs import SYSTEMS
from geo.overlay import label_point, line_parts
from geo.projection import points_to_metres, to_metres

DECIMALS = 6
"""Decimals of a degree that positions keep: about 0.1 m on the ground."""
KINDS = {
    "line": ("LineString", "MultiLineString", "LinearRing"),
    "polygon": ("Polygon", "MultiPolygon"),
}
KIND_WORDS = {"line": "线", "polygon": "面"}
_TEXT_FIELDS = ("street_name", "place_name", "spot_name")


class Places:
    """Positions of a register's rows in degrees, one entry a row."""

    def __init__(self, count: int) -> None:
        self.lon = np.full(count, np.nan)
        self.lat = np.full(count, np.nan)
        self.code = np.full(count, None, dtype=object)
        """Subdistrict by position; None where there is no position."""
        self.shape = np.full(count, None, dtype=object)
        """Lines and areas inside the district; None where there is none."""
        self.verdict: CrsVerdict | None = None

    @property
    def is_placed(self) -> np.ndarray:
        return ~(np.isnan(self.lon) | np.isnan(self.lat))

    @property
    def is_drawn(self) -> np.ndarray:
        return ~shapely.is_missing(self.shape)


def place(sheet: Sheet) -> Places:
    """Find positions, shapes and subdistricts of all rows; rows that lie nowhere are refused.

    Geometries of the file go before columns of coordinates. ImportProblem when there are positions
    and no coordinate system is declared.
    """
    places = Places(len(sheet))
    if sheet.register.geometry is None:
        if sheet.raw.geometry is not None:
            text = f"{sheet.register.title}不含位置，文件中的几何未导入"
            sheet.note("", "未用的几何", text, "无须处理")
        return places
    x, y, shapes = _given(sheet)
    seen_x, seen_y = _representative(x, y, shapes)
    if np.isfinite(seen_x).any() or sheet.raw.geometry is not None:
        system, is_swapped = _system(sheet, places, seen_x, seen_y)
        _place_points(sheet, places, x, y, system, is_swapped)
        _place_shapes(sheet, places, shapes, system, is_swapped)
    _label(sheet, places)
    if sheet.register.needs_position:
        _refuse_unplaced(sheet)
    placed = np.flatnonzero(places.is_placed)
    places.code[placed] = subdistricts_of(places.lon[placed], places.lat[placed])
    _settle_subdistricts(sheet, places)
    return places


# --- what the file gives -------------------------------------------------------------------------


def _given(sheet: Sheet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x and y (NaN where missing) and shapes (None where missing) in the file's own coordinates."""
    count = len(sheet)
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    shapes = np.full(count, None, dtype=object)
    geometry, kind = sheet.raw.geometry, sheet.register.geometry
    if sheet.has(GEOMETRY_FIELD):
        if geometry is not None and kind != "point":
            _note_unused(sheet, (GEOMETRY_FIELD,))
        else:
            shapes = _read_shapes(sheet)
    if geometry is not None:
        if kind == "point":
            is_point = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
            wrong = ~is_point & ~shapely.is_missing(geometry)
            sheet.flag(wrong, "", "rejected", "几何类型", "几何不是点", "请导入点图层")
            points = np.where(is_point, geometry, None)
            x, y = shapely.get_x(points), shapely.get_y(points)
        else:
            shapes = np.asarray(geometry, dtype=object)
        _note_unused(sheet, POSITION_FIELDS)
    elif all(name in sheet.values for name in POSITION_FIELDS):
        x, y = (sheet.values[name].to_numpy(dtype=float) for name in POSITION_FIELDS)
        _refuse_halves(sheet, x, y)
        is_zero = (x == 0) | (y == 0)
        x, y = np.where(is_zero, np.nan, x), np.where(is_zero, np.nan, y)
    return x, y, shapes


def _note_unused(sheet: Sheet, fields: tuple[str, ...]) -> None:
    for field in fields:
        if sheet.has(field):
            text = "文件自带几何，位置以几何为准，该列未使用"
            sheet.note(sheet.heading_of[field], "以几何为准", text, "无须处理")


def _read_shapes(sheet: Sheet) -> np.ndarray:
    """Shapes of a column of WKT or GeoJSON texts."""
    texts = sheet.texts(GEOMETRY_FIELD)
    plain = texts.plain.fillna("").to_numpy(dtype=object)
    is_json = np.array([text.startswith("{") for text in plain], dtype=bool)
    found = np.full(len(plain), None, dtype=object)
    found[is_json] = shapely.from_geojson(plain[is_json], on_invalid="ignore")
    is_wkt = ~is_json & (plain != "")
    # «SRID=4490;LINESTRING …» as PostGIS writes it: the system is what the officer declares.
    bare = [text.rpartition(";")[2] for text in plain[is_wkt]]
    found[is_wkt] = shapely.from_wkt(np.array(bare, dtype=object), on_invalid="ignore")
    unread = (plain != "") & (shapely.is_missing(found) | shapely.is_empty(found))
    sheet.flag(
        texts.rows(unread), GEOMETRY_FIELD, "rejected", "几何", "不是完整的 WKT 或 GeoJSON 几何",
        "请从地理软件中重新导出，或改用 GeoPackage、Shapefile",
    )  # fmt: skip
    found[unread] = None
    return np.append(found, None)[texts.codes]


def _refuse_halves(sheet: Sheet, x: np.ndarray, y: np.ndarray) -> None:
    for field, other, values in (("lon", "lat", x), ("lat", "lon", y)):
        lacking = ~sheet.is_given(field) & sheet.is_given(other)
        title = sheet.register.column(field).title
        sheet.flag(lacking, field, "rejected", "位置", f"缺少{title}", f"请补填{title}")
        sheet.flag(values == 0, field, "rejected", "位置", "坐标为 0", "请补填实际坐标")


def _representative(
    x: np.ndarray, y: np.ndarray, shapes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One position a row to judge the coordinate system by: the point, or the shape's middle."""
    is_shape = ~shapely.is_missing(shapes) & ~np.isfinite(x)
    if not is_shape.any():
        return x, y
    middle = shapely.centroid(shapes[is_shape])
    x, y = x.copy(), y.copy()
    x[is_shape], y[is_shape] = shapely.get_x(middle), shapely.get_y(middle)
    return x, y


def _system(sheet: Sheet, places: Places, x: np.ndarray, y: np.ndarray) -> tuple[str, bool]:
    """Key of the coordinate system and whether its axes are exchanged in the whole file."""
    named = [name for name in sheet.values if name.endswith("_name") or name in _TEXT_FIELDS]
    named = [name for name in named if name != "subdistrict_name"]
    texts = pd.DataFrame({name: sheet.values[name] for name in named}, index=range(len(sheet)))
    declared, swapped = sheet.options.crs or sheet.raw.declared_crs, sheet.options.swap_axes
    listed = "、".join(f"{key}（{title}）" for key, title in SYSTEMS.items())
    if declared is not None and declared not in SYSTEMS:
        raise ImportProblem(f"没有坐标系 {declared}，可选的有：{listed}")
    verdict = examine(x, y, texts, declared, swapped)
    if declared is None:
        raise ImportProblem(
            f"{sheet.raw.file_name}：须声明坐标系（--crs）。{verdict.message}。可选的有：{listed}"
        )
    if verdict.suggestion == declared and verdict.suggested_swap and not swapped:
        # No system's range overlaps its own with the axes exchanged, so this is no guess.
        swapped = True
        verdict = examine(x, y, texts, declared, swapped)
        text = "整个文件的横、纵坐标写反，已对调读取"
        sheet.note("", "坐标对调", text, "请在原文件中对调两列")
    places.verdict = verdict
    return declared, swapped


# --- points and shapes ---------------------------------------------------------------------------


def _place_points(
    sheet: Sheet, places: Places, x: np.ndarray, y: np.ndarray, system: str, is_swapped: bool
) -> None:
    if is_swapped:
        x, y = y, x
    given = np.isfinite(x) & np.isfinite(y)
    fits = in_range(x, y, system)
    exchanged = given & ~fits & in_range(y, x, system)
    x, y = np.where(exchanged, y, x), np.where(exchanged, x, y)
    values = _pairs(x, y, given & (~fits | exchanged))
    west, east, south, north = RANGES[system]
    text = f"坐标超出 {SYSTEMS[system]} 的范围（{west:g}～{east:g}，{south:g}～{north:g}）"
    impossible = given & ~fits & ~exchanged
    _flag_position(sheet, impossible, text, "请核对坐标与所选坐标系", values)
    usable = given & ~impossible
    lon, lat = to_degrees(x[usable], y[usable], system)
    places.lon[usable], places.lat[usable] = lon.round(DECIMALS), lat.round(DECIMALS)
    known = np.isfinite(places.lon)
    inside = np.zeros(len(sheet), dtype=bool)
    inside[known] = ~pd.isna(subdistricts_of(places.lon[known], places.lat[known]))
    outside = usable & ~inside
    _flag_outside(sheet, outside, places.lon, places.lat)
    corrected = exchanged & inside
    sheet.flag(
        corrected, "lon", "corrected", "坐标对调", "横、纵坐标写反，已对调读取",
        "请在原文件中对调", _pairs(y, x, corrected),
    )  # fmt: skip
    places.lon[outside], places.lat[outside] = np.nan, np.nan


def _place_shapes(
    sheet: Sheet, places: Places, shapes: np.ndarray, system: str, is_swapped: bool
) -> None:
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(rows):
        return
    shapes = geometry_to_degrees(shapes[rows], system, is_swapped)
    bad = np.zeros(len(sheet), dtype=bool)
    bad[rows] = shapely.is_missing(shapes)
    _flag_position(sheet, bad, f"几何的坐标不可能是 {SYSTEMS[system]}", "请核对坐标与所选坐标系")
    kind = sheet.register.geometry
    if kind in KINDS:
        wrong = np.zeros(len(sheet), dtype=bool)
        is_kind = np.isin([shape.geom_type if shape else "" for shape in shapes], KINDS[kind])
        wrong[rows] = ~is_kind & ~shapely.is_missing(shapes)
        text = f"几何不是{KIND_WORDS[kind]}"
        sheet.flag(wrong, "", "rejected", "几何类型", text, f"请导入{KIND_WORDS[kind]}图层")
        shapes[~is_kind] = None
    clipped, was_cut = _clip(shapes)
    outside = np.zeros(len(sheet), dtype=bool)
    is_gone = shapely.is_empty(clipped) & ~shapely.is_missing(shapes)
    outside[rows] = is_gone
    middle = shapely.centroid(shapes)
    lon, lat = np.full(len(sheet), np.nan), np.full(len(sheet), np.nan)
    lon[rows], lat[rows] = shapely.get_x(middle), shapely.get_y(middle)
    _flag_outside(sheet, outside, lon, lat)
    cut = np.zeros(len(sheet), dtype=bool)
    cut[rows] = was_cut & ~is_gone
    text = "有一部分在本区之外，只保留区内部分"
    sheet.flag(cut, "", "noted", "裁剪到区界", text, "无须处理")
    clipped[is_gone] = None
    places.shape[rows] = clipped


def _clip(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The parts of shapes inside the district (empty where none is), and which were cut."""
    outline = district.outline()
    shapely.prepare(outline)
    within = shapely.covers(outline, shapes)
    clipped = shapes.copy()
    for i in np.flatnonzero(~within & ~shapely.is_missing(shapes)):
        clipped[i] = _same_kind(shapely.intersection(shapely.make_valid(shapes[i]), outline),
                                shapes[i])  # fmt: skip
    return clipped, ~within & ~shapely.is_missing(shapes)


def _same_kind(part: shapely.Geometry, whole: shapely.Geometry) -> shapely.Geometry:
    """What is left of a line is lines, of an area areas: points where it only touches go."""
    if shapely.get_dimensions(whole) == 1:
        return line_parts(part)
    if shapely.get_dimensions(whole) == 2:
        areas = [one for one in shapely.get_parts(part) if one.geom_type == "Polygon"]
        return shapely.union_all(areas) if areas else shapely.Polygon()
    return part


def _label(sheet: Sheet, places: Places) -> None:
    """Rows with a shape and no position stand where their label does, if the table has one."""
    if "lon" not in sheet.register.table.column_names:
        return
    for i in np.flatnonzero(places.is_drawn & ~places.is_placed):
        point = label_point(places.shape[i])
        places.lon[i], places.lat[i] = round(point.x, DECIMALS), round(point.y, DECIMALS)


def _refuse_unplaced(sheet: Sheet) -> None:
    """Rows that give no position at all; one that cannot be used has its own finding."""
    if sheet.raw.geometry is not None:
        lacking = shapely.is_missing(sheet.raw.geometry)
    else:
        lacking = ~(sheet.is_given("lon") | sheet.is_given("lat") | sheet.is_given(GEOMETRY_FIELD))
    if sheet.register.geometry == "point":
        _flag_position(sheet, lacking, "缺少位置", "请补填经度和纬度")
    else:
        sheet.flag(lacking, "", "rejected", "位置", "缺少几何", "请在地理软件中补绘后导入")


def _flag_position(
    sheet: Sheet,
    chosen: np.ndarray,
    reason: pd.Series | str,
    remedy: str,
    values: pd.Series | None = None,
    rule: str = "位置",
) -> None:
    """Refuse rows for where they lie; shown at the column of longitudes where there is one."""
    sheet.flag(chosen, "lon" if sheet.has("lon") else "", "rejected", rule, reason, remedy, values)


def _flag_outside(sheet: Sheet, outside: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> None:
    rows = np.flatnonzero(outside)
    if not len(rows):
        return
    east_m, north_m = points_to_metres(lon[rows], lat[rows])
    is_finite = np.isfinite(east_m) & np.isfinite(north_m)
    away_m = np.full(len(rows), np.inf)
    points = shapely.points(east_m[is_finite], north_m[is_finite])
    away_m[is_finite] = shapely.distance(points, to_metres(district.outline()))
    reason = pd.Series("", index=range(len(sheet)), dtype="object")
    reason.iloc[rows] = [f"在本区之外，{_away(metres)}" for metres in away_m]
    remedy = "请核对坐标与所选坐标系；确在区外的请从文件中删除"
    _flag_position(sheet, outside, reason, remedy, _pairs(lon, lat, outside), rule="位置在区内")


def _away(metres: float) -> str:
    if not np.isfinite(metres):
        return "距离无从计算"
    if metres < 1:
        return "距区界不足 1 m"
    return f"距区界 {metres:,.0f} m" if metres < 10_000 else f"距区界 {metres / 1000:,.0f} km"


def _pairs(x: np.ndarray, y: np.ndarray, chosen: np.ndarray) -> pd.Series:
    """Coordinates as text where chosen, as an officer reads them."""
    texts = pd.Series("", index=range(len(x)), dtype="object")
    rows = np.flatnonzero(chosen)
    texts.iloc[rows] = [f"{a:.10g}, {b:.10g}" for a, b in zip(x[rows], y[rows], strict=True)]
    return texts


# --- subdistricts --------------------------------------------------------------------------------


def _settle_subdistricts(sheet: Sheet, places: Places) -> None:
    """Position goes before what is stated; rows without one keep the subdistrict stated."""
    readers: tuple[tuple[str, Callable], ...] = (
        ("subdistrict_code", subdistricts.by_code),
        ("subdistrict_name", subdistricts.by_name),
    )
    names = district.subdistrict_names()
    by_position = places.code.copy()
    has_position = ~pd.isna(by_position)
    titles = pd.Series(by_position).map(names)
    for field, read in readers:
        if not sheet.has(field):
            continue
        texts = sheet.texts(field)
        stated = read(texts.plain)
        moved = texts.spread(stated.moved_to)
        reason = "该街道 2021 年起属" + moved.astype("str").fillna("") + "，不在本区"
        sheet.flag(moved.notna(), field, "rejected", "街道", reason, "请从文件中删除该行")
        code = texts.spread(stated.code).astype("str")
        is_given, is_known = (
            sheet.is_given(field) & moved.isna().to_numpy(),
            code.notna().to_numpy(),
        )
        unknown = is_given & ~is_known & ~has_position
        listed = "、".join(names[key] if field.endswith("name") else key for key in names)
        text = "不是本区 14 个街道之一" + ("" if field.endswith("name") else "的代码")
        sheet.flag(unknown, field, "rejected", "街道", text, f"请改为：{listed}")
        differs = is_given & has_position & (code.to_numpy(dtype=object) != by_position)
        reason = "与位置不符，位置在" + titles.astype("str").fillna("") + "，已以位置为准"
        sheet.flag(differs, field, "corrected", "街道与位置不符", reason, "请核对街道或位置")
        former = texts.spread(stated.was_former).fillna(False).to_numpy(dtype=bool) & ~differs
        reason = "是 2021 年前的街道代码，已换算为 " + code.fillna("")
        sheet.flag(former, field, "corrected", "旧街道代码", reason, "请改用 2021 年后的代码")
        both = is_known & ~has_position & ~pd.isna(places.code)
        clash = both & (code.to_numpy(dtype=object) != places.code)
        text = "街道代码与街道名称不一致，又无位置可据"
        sheet.flag(clash, field, "rejected", "街道", text, "请核对街道代码与名称")
        fill = is_known & pd.isna(places.code)
        places.code[fill] = code.to_numpy(dtype=object)[fill]
