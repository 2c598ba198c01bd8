"""Where the rows of a register lie: coordinates and shapes in degrees, inside the district."""

import numpy as np
import pandas as pd
import shapely

from data.registers.clipping import (
    clipped,
    has_numbers,
    is_kind,
    middles,
    repaired,
    shapes_of,
    unwrapped,
    without_empty,
)
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
from geo.overlay import label_point
from geo.projection import points_to_metres, to_metres

DECIMALS = 6
"""Decimals of a degree that positions keep: about 0.1 m on the ground."""
KIND_WORDS = {"line": "线", "polygon": "面"}
_CHECK_CRS = "请核对坐标与所选坐标系"


class Places:
    """Positions of a register's rows, one entry a row."""

    def __init__(self, sheet: Sheet) -> None:
        count = len(sheet)
        self.lon = np.full(count, np.nan)
        self.lat = np.full(count, np.nan)
        self.code = np.full(count, None, dtype=object)
        """Subdistrict by position; None where there is no position."""
        self.shape = np.full(count, None, dtype=object)
        """Lines and areas inside the district; None where there is none."""
        self.verdict: CrsVerdict | None = None
        self._sheet = sheet
        self._is_refused = np.zeros(count, dtype=bool)

    @property
    def is_placed(self) -> np.ndarray:
        return ~(np.isnan(self.lon) | np.isnan(self.lat))

    @property
    def is_drawn(self) -> np.ndarray:
        return ~shapely.is_missing(self.shape)

    @property
    def is_nowhere(self) -> np.ndarray:
        """Rows that have neither position nor shape and have not been told so."""
        return ~(self.is_placed | self.is_drawn | self._is_refused)

    def refuse(
        self,
        chosen: np.ndarray,
        field: str,
        rule: str,
        reason: pd.Series | str,
        remedy: str,
        values: pd.Series | None = None,
    ) -> None:
        """Refuse rows for where they lie; at the field's column if the file has it."""
        self._is_refused |= chosen
        field = field if self._sheet.has(field) else ""
        self._sheet.flag(chosen, field, "rejected", rule, reason, remedy, values)

    def already_refused(self, chosen: np.ndarray) -> None:
        """Rows whose coordinates have a finding of their own."""
        self._is_refused |= chosen


def place(sheet: Sheet) -> Places:
    """Find positions, shapes and subdistricts of all rows; rows that lie nowhere are refused.

    Geometries of the file go before columns of coordinates. ImportProblem when there are positions
    and no coordinate system is declared.
    """
    places = Places(sheet)
    if sheet.register.geometry is None:
        if sheet.raw.geometry is not None:
            text = f"“{sheet.register.title}”不含位置，文件中的几何未导入"
            sheet.note("", "未用的几何", text, "无须处理")
        return places
    x, y, shapes = _given(sheet, places)
    seen_x, seen_y = _seen(x, y, shapes)
    if np.isfinite(seen_x).any():
        system, is_swapped = _system(sheet, places, seen_x, seen_y)
        _place_points(sheet, places, *((y, x) if is_swapped else (x, y)), system)
        _place_shapes(sheet, places, shapes, system, is_swapped)
    if "lon" in sheet.register.table.column_names:
        _label(places)
    if sheet.register.needs_position:
        is_point = sheet.register.geometry == "point"
        reason, remedy = (
            ("缺少位置", "请补填经度和纬度") if is_point else ("缺少几何", "请在地理软件中补绘")
        )
        places.refuse(places.is_nowhere, "lon", "位置", reason, remedy)
    placed = np.flatnonzero(places.is_placed)
    places.code[placed] = subdistricts_of(places.lon[placed], places.lat[placed])
    return places


# --- what the file gives -------------------------------------------------------------------------


def _given(sheet: Sheet, places: Places) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x and y (NaN where missing) and shapes (None where missing) in the file's own coordinates."""
    count, geometry, kind = len(sheet), sheet.raw.geometry, sheet.register.geometry
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    shapes = np.full(count, None, dtype=object)
    if sheet.has(GEOMETRY_FIELD) and (geometry is None or kind == "point"):
        shapes, unread = shapes_of(sheet.texts(GEOMETRY_FIELD))
        places.refuse(
            unread, GEOMETRY_FIELD, "几何", "不是完整的 WKT 或 GeoJSON 几何",
            "请从地理软件中重新导出，或改用 GeoPackage、Shapefile",
        )  # fmt: skip
        shapes = _with_numbers(places, shapes)
    if geometry is None:
        if all(name in sheet.values for name in POSITION_FIELDS):
            x, y = _columns(sheet, places)
        return x, y, shapes
    geometry = _with_numbers(places, without_empty(geometry))
    if kind == "point":
        is_point = shapely.get_type_id(geometry) == shapely.GeometryType.POINT
        wrong = ~is_point & ~shapely.is_missing(geometry)
        places.refuse(wrong, "", "几何类型", "几何不是点", "请导入点图层")
        points = np.where(is_point, geometry, None)
        x, y = shapely.get_x(points), shapely.get_y(points)
    else:
        shapes = geometry
    for field in POSITION_FIELDS if kind == "point" else (*POSITION_FIELDS, GEOMETRY_FIELD):
        if sheet.has(field):
            text = "文件自带几何，位置以几何为准，该列未使用"
            sheet.note(sheet.heading_of[field], "以几何为准", text, "无须处理")
    return x, y, shapes


def _with_numbers(places: Places, geometries: np.ndarray) -> np.ndarray:
    """Geometries whose coordinates are numbers at all; the others are refused."""
    wrong = ~has_numbers(geometries)
    text, remedy = "几何的坐标不是有效的数值", "请在地理软件中重新绘制"
    places.refuse(wrong, GEOMETRY_FIELD, "几何", text, remedy)
    return np.where(wrong, None, geometries)


def _columns(sheet: Sheet, places: Places) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the two columns; rows with half of one, or 0, are refused."""
    x, y = (sheet.values[name].to_numpy(dtype=float) for name in POSITION_FIELDS)
    for field, other, values in (("lon", "lat", x), ("lat", "lon", y)):
        given = sheet.is_given(field)
        places.already_refused(given & np.isnan(values))
        title = sheet.register.column(field).title
        halved = ~given & sheet.is_given(other)
        places.refuse(halved, field, "位置", f"缺少{title}", f"请补填{title}")
        places.refuse(values == 0, field, "位置", "坐标为 0", "请补填实际坐标")
    is_zero = (x == 0) | (y == 0)
    return np.where(is_zero, np.nan, x), np.where(is_zero, np.nan, y)


def _seen(x: np.ndarray, y: np.ndarray, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One position a row to judge the coordinate system by: the point, or the shape's middle."""
    rows = np.flatnonzero(~shapely.is_missing(shapes) & ~np.isfinite(x))
    x, y = x.copy(), y.copy()
    x[rows], y[rows] = middles(shapes[rows])
    return x, y


def _system(sheet: Sheet, places: Places, x: np.ndarray, y: np.ndarray) -> tuple[str, bool]:
    """Key of the coordinate system and whether its axes are exchanged in the whole file."""
    declared, swapped = sheet.options.crs or sheet.raw.declared_crs, sheet.options.swap_axes
    listed = "、".join(f"{key}（{title}）" for key, title in SYSTEMS.items())
    if declared is not None and declared not in SYSTEMS:
        raise ImportProblem(f"没有坐标系 {declared}，可选的有：{listed}")
    named = [name for name in sheet.values if name.endswith("_name") and name != "subdistrict_name"]
    texts = pd.DataFrame({name: sheet.values[name] for name in named}, index=range(len(sheet)))
    verdict = examine(x, y, texts, declared, swapped)
    if declared is None:
        raise ImportProblem(
            f"{sheet.raw.file_name}：须声明坐标系（命令行 --crs）。{verdict.message}。"
            f"可选的坐标系：{listed}"
        )
    if verdict.suggestion == declared and verdict.suggested_swap and not swapped:
        # No system's range overlaps its own with the axes exchanged, so this is no guess.
        swapped = True
        verdict = examine(x, y, texts, declared, swapped)
        text = "整个文件的横、纵坐标写反，已对调读取"
        sheet.note("", "坐标对调", text, "请在原文件中对调两列")
    if verdict.suggestion is not None and not verdict.blocks:
        sheet.note("", "坐标系存疑", verdict.message, "请向提供单位核实坐标系，确认无误后再发布")
    places.verdict = verdict
    return declared, swapped


# --- points and shapes ---------------------------------------------------------------------------


def _place_points(sheet: Sheet, places: Places, x: np.ndarray, y: np.ndarray, system: str) -> None:
    given = np.isfinite(x) & np.isfinite(y)
    fits = given & in_range(x, y, system)
    # One row with its axes exchanged: that it fits the other way round is no chance either.
    exchanged = given & ~fits & in_range(y, x, system)
    west, east, south, north = RANGES[system]
    text = f"坐标超出 {SYSTEMS[system]} 的范围（{west:,.10g}～{east:,.10g}，{south:,.10g}～{north:,.10g}）"
    wrong = given & ~fits & ~exchanged
    places.refuse(wrong, "lon", "位置", text, _CHECK_CRS, _pairs(x, y, wrong))
    usable = np.flatnonzero(fits | exchanged)
    lon, lat = to_degrees(
        np.where(exchanged, y, x)[usable], np.where(exchanged, x, y)[usable], system
    )
    places.lon[usable], places.lat[usable] = lon.round(DECIMALS), lat.round(DECIMALS)
    outside = np.zeros(len(sheet), dtype=bool)
    outside[usable] = pd.isna(subdistricts_of(places.lon[usable], places.lat[usable]))
    _refuse_outside(places, outside, places.lon, places.lat)
    places.lon[outside], places.lat[outside] = np.nan, np.nan
    exchanged &= ~outside
    sheet.flag(
        exchanged, "lon", "corrected", "坐标对调", "横、纵坐标写反，已对调读取",
        "请在原文件中对调", _pairs(x, y, exchanged),
    )  # fmt: skip


def _place_shapes(
    sheet: Sheet, places: Places, given: np.ndarray, system: str, is_swapped: bool
) -> None:
    rows = np.flatnonzero(~shapely.is_missing(given))
    if not len(rows):
        return

    def of_file(chosen: np.ndarray) -> np.ndarray:
        mask = np.zeros(len(sheet), dtype=bool)
        mask[rows[chosen]] = True
        return mask

    shapes, kind = given[rows], sheet.register.geometry
    if kind in KIND_WORDS:
        wrong, word = ~is_kind(shapes, kind), KIND_WORDS[kind]
        text, remedy = f"几何不是{word}", f"请导入{word}图层"
        places.refuse(of_file(wrong), GEOMETRY_FIELD, "几何类型", text, remedy)
        shapes = np.where(wrong, None, shapes)
    degrees = geometry_to_degrees(shapes, system, is_swapped)
    lost = shapely.is_missing(degrees) & ~shapely.is_missing(shapes)
    text = f"几何的坐标不可能是 {SYSTEMS[system]}"
    places.refuse(of_file(lost), GEOMETRY_FIELD, "位置", text, _CHECK_CRS)
    sound = repaired(degrees)
    lost = shapely.is_missing(sound) & ~shapely.is_missing(degrees)
    text = "几何退化，没有长度或面积"
    places.refuse(of_file(lost), GEOMETRY_FIELD, "几何", text, "请在地理软件中重新绘制")
    parts, was_cut = clipped(unwrapped(sound), sheet.register.beyond_m)
    outside = was_cut & shapely.is_missing(parts)
    lon, lat = np.full(len(sheet), np.nan), np.full(len(sheet), np.nan)
    lon[rows], lat[rows] = middles(sound)
    _refuse_outside(places, of_file(outside), lon, lat)
    text = "有一部分在本区之外，只保留区内部分"
    sheet.flag(of_file(was_cut & ~outside), "", "noted", "裁剪到区界", text, "无须处理")
    places.shape[rows] = parts


def _label(places: Places) -> None:
    """Rows with a shape and no position stand where their label does."""
    for i in np.flatnonzero(places.is_drawn & ~places.is_placed):
        point = label_point(places.shape[i])
        places.lon[i], places.lat[i] = round(point.x, DECIMALS), round(point.y, DECIMALS)


def _refuse_outside(places: Places, outside: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> None:
    rows = np.flatnonzero(outside)
    if not len(rows):
        return
    east_m, north_m = points_to_metres(lon[rows], lat[rows])
    points = shapely.points(np.nan_to_num(east_m, posinf=0), np.nan_to_num(north_m, posinf=0))
    away_m = shapely.distance(points, to_metres(district.outline()))
    reason = pd.Series("", index=range(len(lon)), dtype="object")
    reason.iloc[rows] = [f"在本区之外，{_away(metres)}" for metres in away_m]
    remedy = f"{_CHECK_CRS}；确在区外的请从文件中删除"
    places.refuse(outside, "lon", "位置在区内", reason, remedy, _pairs(lon, lat, outside))


def _away(metres: float) -> str:
    """How far from the border, in words."""
    if metres < 1:
        return "距区界不足 1 米"
    return f"距区界 {metres:,.0f} 米" if metres < 10_000 else f"距区界 {metres / 1000:,.0f} 公里"


def _pairs(x: np.ndarray, y: np.ndarray, chosen: np.ndarray) -> pd.Series:
    """Coordinates as text where chosen, as an officer reads them."""
    texts = pd.Series("", index=range(len(x)), dtype="object")
    rows = np.flatnonzero(chosen)
    texts.iloc[rows] = [f"{a:.10g}, {b:.10g}" for a, b in zip(x[rows], y[rows], strict=True)]
    return texts
