"""GeoJSON, GeoPackage and zipped shapefiles, read with GDAL (pyogrio) as one raw table."""

import codecs
import re
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from data.registers.archive import open_archive
from data.registers.formats import Kind, kind_of
from data.registers.raw import MAX_COLUMNS, MAX_ROWS, ImportProblem, Note, RawTable
from data.registers.register import Register
from data.registers.shapefile import Shapefile, projection, shapefiles
from data.registers.shapes import (
    DIMENSIONS,
    ROW_WORD,
    system_of,
    text_frame,
    tidy,
    without_blank_rows,
)
from data.registers.validation import Progress, no_progress

EXACT_INTEGERS = 2**53
"""Beyond this, numbers kept as floating point have lost digits."""

_GEOMETRY_COLUMN = "wkb_geometry"
_OPTIONS = {"geojson": {"DATE_AS_STRING": "YES"}}
"""Dates of a GeoJSON stay the text that they are."""


@dataclass(frozen=True)
class _Layer:
    name: str
    row_count: int | None
    """None before it is read: to count the features of a GeoJSON takes as long as to read them."""
    dimension: int | None
    """0 points, 1 lines, 2 areas; None when it holds any kind."""
    shapefile: Shapefile | None = None


@dataclass(frozen=True)
class _Source:
    """A layer as GDAL opens it."""

    path: Path
    layer: str | None
    title: str
    notes: list[Note]
    crs: str | None = None
    """Declared coordinate system where GDAL is not to be asked."""


def layers(path: Path) -> list[str]:
    """Names of the layers, in the file's order; one empty name for a GeoJSON."""
    kind = kind_of(path)
    with _plain_name(path, kind) as opened, _listed(opened, path, kind) as found:
        return [layer.name for layer in found]


def read(
    path: Path, register: Register, layer: str | None = None, progress: Progress = no_progress
) -> RawTable:
    """Cells and geometries of one layer: the named one, or the first with rows that suits.

    ImportProblem for a damaged file, a layer that is not there or empty, geometries of another
    kind than the register's, a coordinate system that cannot be converted exactly.
    """
    kind = kind_of(path)
    with _plain_name(path, kind) as opened, _listed(opened, path, kind) as found:
        chosen, notes = _chosen(found, layer, register, path.name)
        source = _source(opened, chosen, kind, path.name)
        progress("读取要素", None)
        meta, table, binary = _features(source, kind, path.name)
    notes += source.notes
    progress("整理几何", None)
    shown = f"{path.name} 图层“{chosen.name}”" if chosen.name else path.name
    cells = _cells(table, shown, notes)
    geometry, key = None, None
    if binary is not None:
        system = system_of(source.crs if kind == "shapefile" else meta["crs"], shown)
        geometry, found_notes = tidy(system.convert(binary), register, shown)
        notes += found_notes
        if geometry is not None:
            key = system.key
            notes[:0] = system.notes
    cells, geometry, blank_rows = without_blank_rows(cells, geometry)
    return RawTable(path.name, source.title, "", cells, ROW_WORD, geometry, key, blank_rows, notes)


# --- opening -------------------------------------------------------------------------------------


@contextmanager
def _plain_name(path: Path, kind: Kind) -> Iterator[Path]:
    """The file under a name that tells GDAL what it is; text in another encoding as UTF-8.

    A shapefile is there when its layer has been chosen and unpacked.
    """
    with tempfile.TemporaryDirectory(prefix="cockpit-layer-") as folder:
        if kind == "shapefile":
            yield Path(folder) / "layer.shp"
            return
        plain = Path(folder) / ("layer.gpkg" if kind == "geopackage" else "layer.geojson")
        if kind == "geojson" and (text := _recoded(path)) is not None:
            plain.write_text(text, encoding="utf-8")
        else:
            plain.symlink_to(path.absolute())
        if kind == "geopackage":
            _check_database(path)
        yield plain


def _recoded(path: Path) -> str | None:
    """Text of a GeoJSON that is not UTF-8; None when it is, as it must be."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 22):
                decoder.decode(piece)
        return None
    except UnicodeDecodeError:
        try:
            return path.read_bytes().decode("gb18030")
        except UnicodeDecodeError as error:
            raise ImportProblem(
                f"{path.name} 的文字编码无法识别，请以 UTF-8 编码重新导出 GeoJSON"
            ) from error


def _check_database(path: Path) -> None:
    """Whether a GeoPackage is whole: SQLite reads its sound pages without a word of the others."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
        try:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _damaged(path.name) from error
    if verdict != "ok":
        raise _damaged(path.name)


@contextmanager
def _listed(opened: Path, path: Path, kind: Kind) -> Iterator[list[_Layer]]:
    """Layers of the opened file, the archive held open as long as they are used."""
    if kind == "shapefile":
        with open_archive(path) as archive:
            yield [
                _Layer(item.name, item.row_count, item.dimension, item)
                for item in shapefiles(archive)
            ]
        return
    if kind == "geojson":
        yield [_Layer("", None, None)]
        return
    found = []
    with _quiet(path.name, opened):
        for name, geometry_type in pyogrio.list_layers(opened):
            info = pyogrio.read_info(opened, layer=name, force_feature_count=True)
            found.append(_Layer(str(name), int(info["features"]), _dimension(geometry_type)))
    yield found


def _dimension(geometry_type: str | None) -> int | None:
    for dimension, words in enumerate((("Point",), ("Line", "Curve"), ("Polygon", "Surface"))):
        if geometry_type and any(word in geometry_type for word in words):
            return dimension
    return None


def _chosen(
    found: list[_Layer], wanted: str | None, register: Register, file_name: str
) -> tuple[_Layer, list[Note]]:
    """The layer to read, and a note when others were left."""
    names = "、".join(f"“{layer.name}”" for layer in found)
    if wanted:
        by_name = [layer for layer in found if layer.name == wanted] or [
            layer for layer in found if layer.name.rsplit("/", 1)[-1] == wanted
        ]
        if len(by_name) != 1:
            raise ImportProblem(
                f"{file_name} 中{'有多个' if by_name else '没有'}图层“{wanted}”，可选：{names}"
            )
        if by_name[0].row_count != 0:
            return by_name[0], []
        raise ImportProblem(f"{file_name} 的图层“{wanted}”中没有要素，请核对后重新导出")
    filled = [layer for layer in found if layer.row_count != 0]
    if not filled:
        raise _empty(file_name)
    needed = DIMENSIONS.get(register.geometry)
    fitting = [layer for layer in filled if layer.dimension in (needed, None)] or filled
    if len(found) == 1:
        return fitting[0], []
    note = Note(0, "", fitting[0].name, "noted", "图层",
                f"文件有 {len(found)} 个图层（{names}），读取了“{fitting[0].name}”",
                "要读取其他图层，请在导入时指定")  # fmt: skip
    return fitting[0], [note]


def _source(opened: Path, chosen: _Layer, kind: Kind, file_name: str) -> _Source:
    _check_count(chosen.row_count or 0, file_name)
    if kind == "geojson":
        return _Source(opened, None, "GeoJSON", [])
    if kind == "geopackage":
        return _Source(opened, chosen.name, f"GeoPackage 图层“{chosen.name}”", [])
    notes, encoding = chosen.shapefile.unpack(opened, file_name)
    title = f"Shapefile“{chosen.name}”（{encoding}）"
    return _Source(opened, None, title, notes, projection(opened))


def _check_count(count: int, file_name: str) -> None:
    if count > MAX_ROWS:
        raise ImportProblem(
            f"{file_name} 有 {count} 个要素，超过 {MAX_ROWS} 个的上限，请拆分后导入"
        )


def _empty(file_name: str) -> ImportProblem:
    return ImportProblem(f"{file_name} 中没有要素，请核对后重新导出")


def _damaged(file_name: str) -> ImportProblem:
    return ImportProblem(f"{file_name} 已损坏或不完整，无法读取，请重新导出或重新传送后导入")


@contextmanager
def _quiet(file_name: str, opened: Path) -> Iterator[None]:
    """GDAL's errors as problems in Chinese; its warnings show in what was read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except IndexError as error:
        # What pyogrio says of a GeoJSON without a feature.
        raise _empty(file_name) from error
    except (DataSourceError, DataLayerError, RuntimeError, ValueError) as error:
        raise _gdal_problem(file_name, opened, str(error)) from error


def _gdal_problem(file_name: str, opened: Path, message: str) -> ImportProblem:
    if opened.suffix != ".geojson":
        return _damaged(file_name)
    place = re.search(r"line (\d+), character (\d+)", message)
    if place:
        return ImportProblem(
            f"{file_name} 不是完整的 JSON（第 {place[1]} 行第 {place[2]} 个字符处中断或有误），"
            "请重新导出或重新传送后导入"
        )
    return ImportProblem(
        f"{file_name} 不是 GeoJSON 要素集合（FeatureCollection），请从 GIS 软件导出为 GeoJSON 后导入"
    )


# --- reading -------------------------------------------------------------------------------------


def _features(
    source: _Source, kind: Kind, file_name: str
) -> tuple[dict, pa.Table, np.ndarray | None]:
    """What GDAL says of the layer, its attributes, and its geometries (None when it has none)."""
    options = _OPTIONS.get(kind, {})
    with _quiet(file_name, source.path):
        meta, table = pyogrio.raw.read_arrow(source.path, layer=source.layer, **options)
        if len(table.schema) > MAX_COLUMNS:
            raise ImportProblem(
                f"{file_name} 有 {len(table.schema)} 列，超过 {MAX_COLUMNS} 列的上限，请删去无关的列"
            )
        _check_count(table.num_rows, file_name)
        if table.num_rows == 0:
            raise _empty(file_name)
        name = meta["geometry_name"] or _GEOMETRY_COLUMN
        if name not in table.schema.names:
            return meta, table, None
        binary = table.column(name).to_numpy()
        try:
            geometry = shapely.from_wkb(binary, on_invalid="fix")
        except NotImplementedError:
            # Arcs: the slower way makes lines of them.
            binary = pyogrio.raw.read(source.path, layer=source.layer, columns=[])[2]
            geometry = shapely.from_wkb(binary, on_invalid="fix")
            reason = "图层含曲线，已化为折线"
            source.notes.append(Note(0, "", "", "corrected", "曲线", reason, "请核对形状"))
    return meta, table.drop_columns(name), geometry


def _cells(table: pa.Table, shown: str, notes: list[Note]) -> pd.DataFrame:
    """Attributes as text: dates ISO, whole numbers without decimals, yes and no as 是 and 否."""
    columns = {}
    for place, (name, column) in enumerate(zip(table.schema.names, table.columns, strict=True), 1):
        name = name if name.strip() else f"（第 {place} 个字段无名称）"
        try:
            columns[name] = _texts(name, column.combine_chunks(), notes)
        except pa.ArrowInvalid as error:
            raise ImportProblem(
                f"{shown} 的“{name}”列有无法识别的文字（不是 UTF-8 编码），请重新导出后导入"
            ) from error
    return text_frame(columns, table.num_rows)


def _texts(name: str, values: pa.Array, notes: list[Note]) -> pd.Series:
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    kind = values.type
    if pa.types.is_boolean(kind):
        values = pc.if_else(values, "是", "否")
    elif pa.types.is_floating(kind):
        values = _numbers(name, values, notes)
    elif pa.types.is_timestamp(kind):
        values = _times(values)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = pa.nulls(len(values), pa.string())
        notes.append(Note(0, name, "", "noted", "二进制列", "列中是二进制内容，未读取", "无需处理"))
    elif pa.types.is_nested(kind):
        texts = (
            None if value is None else "、".join(map(str, value)) for value in values.to_pylist()
        )
        values = pa.array(texts, pa.string())
    texts = pc.cast(values, pa.string())
    texts.validate(full=True)
    return texts.to_pandas()


def _numbers(name: str, values: pa.Array, notes: list[Note]) -> pa.Array:
    values = pc.if_else(pc.is_finite(values), values, None)
    whole = pc.and_(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), 2.0**63))
    if pc.any(pc.greater_equal(pc.abs(values), float(EXACT_INTEGERS))).as_py():
        notes.append(
            Note(
                0,
                name,
                "",
                "noted",
                "长数字",
                "列中有超过 15 位的数字，以小数保存时末位已失真",
                "编号请以文本类型保存后重新导出",
            )  # fmt: skip
        )
    integers = pc.cast(pc.if_else(whole, values, None), pa.int64())
    return pc.if_else(whole, pc.cast(integers, pa.string()), pc.cast(values, pa.string()))


def _times(values: pa.Array) -> pa.Array:
    """ISO texts; a time of midnight is a date."""
    texts = pc.strftime(values, format="%Y-%m-%dT%H:%M:%S")
    texts = pc.replace_substring_regex(texts, r"T00:00:00(\.0+)?$", "")
    return pc.replace_substring_regex(texts, r"\.0+$", "")
