"""GeoJSON, GeoPackage and zipped shapefiles, written by the libraries that offices' programs use."""

import json
import sqlite3
import struct
import warnings
import zipfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from data.registers import vector
from data.registers.raw import ImportProblem
from data.registers.registry import register

TOILETS, RIVERS, WATER = register("toilets"), register("rivers"), register("water_areas")
HERE = (120.20, 30.25)
HERE_GK = (519248.7, 3347844.0)
BOW_TIE = Polygon([(120.2, 30.2), (120.21, 30.21), (120.21, 30.2), (120.2, 30.21)])


TWO_POINTS = (Point(*HERE), Point(120.21, 30.26))


def places(geometries=TWO_POINTS, crs=4326, **columns):
    """A frame of toilets with Chinese headings and texts."""
    count = len(geometries)
    names = ["湖滨一公园公厕", "钱江路地铁口公厕", "𧈢蜡子巷公厕"]
    columns = columns or {
        "编号": [f"00{i}" for i in range(count)],
        "名称": [names[i % 2] for i in range(count)],
    }
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs=crs)


def shapefile_zip(path: Path, frames: dict, encoding="GBK", without=(), before_zip=None) -> Path:
    """A zip of shapefiles, by their path inside; parts named in ``without`` are left out."""
    folder = path.parent / f"{path.stem}_parts"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for inside, frame in frames.items():
            shp = folder / f"{inside}.shp"
            shp.parent.mkdir(parents=True, exist_ok=True)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                frame.to_file(shp, encoding=encoding)
            if before_zip:
                before_zip(shp)
            for part in sorted(shp.parent.glob(f"{shp.stem}.*")):
                if part.suffix not in without:
                    packed.write(part, str(part.relative_to(folder)))
    return path


def rules(raw, severity=None):
    return {note.rule for note in raw.notes if severity in (None, note.severity)}


# --- what is read, whatever the format -----------------------------------------------------------


@pytest.fixture(params=["geojson", "gpkg", "shp.zip"])
def written(request, tmp_path):
    """Write a frame as each of the formats."""

    def write(frame):
        if request.param == "shp.zip":
            return shapefile_zip(tmp_path / "公厕.zip", {"公厕": frame}, without=[".cpg"])
        path = tmp_path / f"公厕.{request.param}"
        frame.to_file(path)
        return path

    return write


def test_texts_and_positions_come_as_they_are(written):
    raw = vector.read(written(places()), TOILETS)
    assert raw.cells["编号"].tolist() == ["000", "001"]
    assert raw.cells["名称"].tolist() == ["湖滨一公园公厕", "钱江路地铁口公厕"]
    assert raw.cells.index.tolist() == [1, 2]
    assert [(p.x, p.y) for p in raw.geometry] == [HERE, (120.21, 30.26)]
    assert raw.declared_crs == "wgs84"
    assert raw.row_word == "要素"


def test_numbers_dates_and_flags_are_texts(written):
    frame = places(
        星级=[5, 4],
        女厕位=[12.0, None],
        面积=[12.5, 0.25],
        启用=[date(2008, 5, 1), None],
    )
    cells = vector.read(written(frame), TOILETS).cells
    assert cells["星级"].tolist() == ["5", "4"]
    assert cells["女厕位"].tolist()[0] == "12" and pd.isna(cells["女厕位"].iloc[1])
    assert cells["面积"].tolist() == ["12.5", "0.25"]
    assert cells["启用"].tolist()[0] == "2008-05-01" and pd.isna(cells["启用"].iloc[1])


@pytest.mark.parametrize(
    ("epsg", "key", "position"),
    [
        (4326, "wgs84", HERE),
        (4490, "cgcs2000", HERE),
        (4549, "gk120", HERE_GK),
        (4528, "gk120_zone", (HERE_GK[0] + 40e6, HERE_GK[1])),
    ],
)
def test_known_systems_are_kept_as_they_are(written, epsg, key, position):
    raw = vector.read(written(places([Point(*position)], crs=epsg)), TOILETS)
    assert raw.declared_crs == key
    assert raw.geometry[0].distance(Point(*position)) < 1e-6


@pytest.mark.parametrize("epsg", [3857, 32650, 32651, 4508, 4548])
def test_other_exact_systems_become_wgs84(written, epsg):
    raw = vector.read(written(places([Point(*HERE)]).to_crs(epsg)), TOILETS)
    assert raw.declared_crs == "wgs84"
    assert raw.geometry[0].distance(Point(*HERE)) < 1e-6
    assert any(note.rule == "坐标系" and note.severity == "corrected" for note in raw.notes)


@pytest.mark.parametrize("epsg", [2384, 4610, 2437, 4214])
def test_systems_without_published_parameters_are_refused(written, epsg):
    with pytest.raises(ImportProblem, match=r"没有公开的精确转换参数.*CGCS2000"):
        vector.read(written(places([Point(519000, 3347000)], crs=epsg)), TOILETS)


def test_heights_are_dropped(written):
    raw = vector.read(written(places([Point(*HERE, 12.0)])), TOILETS)
    assert not shapely.has_z(raw.geometry).any()


def test_a_missing_geometry_is_noted_on_its_row(written):
    raw = vector.read(written(places([Point(*HERE), None])), TOILETS)
    assert raw.geometry[1] is None
    assert [note.row for note in raw.notes if note.rule == "几何为空"] == [2]


def test_an_area_stands_for_a_point_by_a_point_inside(written):
    area = Polygon([(120.2, 30.2), (120.22, 30.2), (120.22, 30.22), (120.21, 30.201)])
    raw = vector.read(written(places([area])), TOILETS)
    assert raw.geometry[0].geom_type == "Point"
    assert area.contains(raw.geometry[0])
    assert "面转为点" in rules(raw, "corrected")


def test_a_polygon_that_crosses_itself_is_repaired(written):
    raw = vector.read(written(places([BOW_TIE])), WATER)
    assert raw.geometry[0].is_valid
    assert raw.geometry[0].area == pytest.approx(0.5e-4, rel=1e-6)
    assert [note.row for note in raw.notes if note.severity == "corrected"] == [1]


def test_lines_of_several_parts_stay_one_row(written):
    line = MultiLineString([[(120.2, 30.2), (120.21, 30.2)], [(120.22, 30.2), (120.23, 30.2)]])
    raw = vector.read(written(places([line, LineString([(0, 0), (1, 1)])])), RIVERS)
    assert raw.geometry[0].equals(line)
    assert not rules(raw, "corrected") and not rules(raw, "rejected")


@pytest.mark.parametrize(
    ("name", "geometry", "words"),
    [
        ("toilets", LineString([(120.2, 30.2), (120.21, 30.2)]), ["线", "公共厕所", "点"]),
        ("rivers", Point(*HERE), ["点", "河道", "线"]),
        ("streets", box(120.2, 30.2, 120.3, 30.3), ["面", "道路", "线"]),
        ("water_areas", Point(*HERE), ["点", "水面", "面"]),
    ],
)
def test_a_file_of_the_wrong_kind_of_geometry_is_refused(written, name, geometry, words):
    with pytest.raises(ImportProblem) as problem:
        vector.read(written(places([geometry])), register(name))
    assert all(word in str(problem.value) for word in [*words, "请确认图层"])


def test_a_register_without_positions_leaves_geometry_aside(written):
    raw = vector.read(written(places()), register("projects"))
    assert raw.geometry is None and raw.declared_crs is None
    assert "空间位置" in rules(raw)


def test_an_empty_layer_is_refused(written):
    with pytest.raises(ImportProblem, match="没有要素"):
        vector.read(written(places().iloc[:0]), TOILETS)


def test_blank_rows_are_counted_and_left_out(written):
    frame = places([Point(*HERE), None, Point(120.21, 30.26)], 编号=["1", None, "3"])
    raw = vector.read(written(frame), TOILETS)
    assert raw.blank_rows == 1
    assert raw.cells.index.tolist() == [1, 3]
    assert len(raw.geometry) == 2


# --- shapefiles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "UTF-8"])
@pytest.mark.parametrize("claimed", [None, "right", "ISO-8859-1", "UTF-8", "GBK", "胡写"])
def test_text_is_never_mojibake_whatever_the_cpg_says(tmp_path, encoding, claimed):
    def claim(shp):
        cpg = shp.with_suffix(".cpg")
        if claimed is None:
            cpg.unlink(missing_ok=True)
        elif claimed != "right":
            cpg.write_text(claimed, encoding="utf-8")

    path = shapefile_zip(tmp_path / "a.zip", {"公厕": places()}, encoding, before_zip=claim)
    raw = vector.read(path, TOILETS)
    assert list(raw.cells) == ["编号", "名称"]
    assert raw.cells["名称"].tolist() == ["湖滨一公园公厕", "钱江路地铁口公厕"]
    agrees = claimed == "right" or claimed == encoding or (claimed, encoding) == ("GBK", "GB18030")
    assert ("文字编码" in rules(raw)) != agrees


def test_the_language_byte_of_the_header_counts_where_there_is_no_cpg(tmp_path):
    def language(shp):
        content = bytearray(shp.with_suffix(".dbf").read_bytes())
        content[29] = 0x4D
        shp.with_suffix(".dbf").write_bytes(content)

    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}, without=[".cpg"], before_zip=language)
    raw = vector.read(path, TOILETS)
    assert raw.cells["名称"].iloc[0] == "湖滨一公园公厕"
    assert "文字编码" not in rules(raw)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_half_characters_at_a_columns_end_do_not_stop_the_file(tmp_path, encoding):
    frame = places(所在街道的名称=["湖滨", "小营"], 名称=["a" + "一二三四五六七八九十" * 13, "b"])
    path = shapefile_zip(tmp_path / "a.zip", {"a": frame}, encoding)

    raw = vector.read(path, TOILETS)
    assert raw.cells["名称"].iloc[0].startswith("a一二三四五")
    assert "所在街道的名称".startswith(raw.cells.columns[0])
    assert "�" not in "".join([*raw.cells.columns, *raw.cells["名称"]])


def test_text_in_no_known_encoding_is_refused(tmp_path):
    def spoil(shp):
        content = shp.with_suffix(".dbf").read_bytes()
        shp.with_suffix(".dbf").write_bytes(
            content.replace("湖滨".encode("gbk"), b"\xff\xff\x80\x20")
        )

    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}, without=[".cpg"], before_zip=spoil)
    with pytest.raises(ImportProblem, match="文字编码无法识别"):
        vector.read(path, TOILETS)


@pytest.mark.parametrize("missing", [".dbf", ".shx"])
def test_a_missing_part_is_named(tmp_path, missing):
    path = shapefile_zip(tmp_path / "a.zip", {"数据/公厕": places()}, without=[missing])
    with pytest.raises(ImportProblem, match=f"公厕.shp”缺少同名的 {missing}"):
        vector.read(path, TOILETS)


def test_without_a_prj_the_system_must_be_declared(tmp_path):
    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}, without=[".prj"])
    raw = vector.read(path, TOILETS)
    assert raw.declared_crs is None
    assert any("没有声明坐标系" in note.reason for note in raw.notes)


@pytest.mark.parametrize("name", ["CGCS2000_3_Degree_GK_CM_120E", "杭州大地2000"])
def test_a_prj_of_esri_is_understood(tmp_path, name):
    def esri(shp):
        shp.with_suffix(".prj").write_text(
            f'PROJCS["{name}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
            'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
            'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
            'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
            'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
            'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]',
            encoding="gbk",
        )

    path = shapefile_zip(
        tmp_path / "a.zip", {"a": places([Point(*HERE_GK)], crs=4549)}, before_zip=esri
    )
    assert vector.read(path, TOILETS).declared_crs == "gk120"


def test_several_shapefiles_in_folders_are_layers(tmp_path):
    line = places([LineString([(120.2, 30.2), (120.21, 30.2)])])
    frames = {"2024年/河道": line, "2024年/公厕": places(), "旧/公厕": places().iloc[:1]}
    path = shapefile_zip(tmp_path / "数据.zip", frames)
    assert vector.layers(path) == ["2024年/河道", "2024年/公厕", "旧/公厕"]
    assert vector.read(path, TOILETS).format.startswith("Shapefile“2024年/公厕”")
    assert len(vector.read(path, TOILETS, "旧/公厕").cells) == 1
    assert len(vector.read(path, RIVERS, "河道").cells) == 1
    with pytest.raises(ImportProblem, match="有多个图层“公厕”"):
        vector.read(path, TOILETS, "公厕")
    with pytest.raises(ImportProblem, match=r"没有图层“路灯”.*“旧/公厕”"):
        vector.read(path, TOILETS, "路灯")


def test_names_in_gbk_inside_the_zip_are_read(tmp_path):
    path = shapefile_zip(tmp_path / "a.zip", {"tt": places()}, without=[".cpg"])
    content = path.read_bytes()
    path.write_bytes(content.replace(b"tt.", "厕".encode("gbk") + b"."))
    assert vector.layers(path) == ["厕"]
    assert len(vector.read(path, TOILETS, "厕").cells) == 2


def test_capital_endings_and_what_macos_adds_are_no_trouble(tmp_path):
    first = shapefile_zip(tmp_path / "a.zip", {"TOILETS": places()})
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(first) as read, zipfile.ZipFile(path, "w") as packed:
        for name in read.namelist():
            packed.writestr(name.upper(), read.read(name))
            packed.writestr(f"__MACOSX/._{name}", b"\0\5\x16\7")
    assert vector.layers(path) == ["TOILETS"]
    assert len(vector.read(path, TOILETS).cells) == 2


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_a_part_cut_short_is_told(tmp_path, part):
    def cut(shp):
        content = shp.with_suffix(part).read_bytes()
        shp.with_suffix(part).write_bytes(content[:-20])

    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}, before_zip=cut)
    with pytest.raises(ImportProblem, match=r"不完整|不是同一份"):
        vector.read(path, TOILETS)


def test_parts_of_two_shapefiles_are_told(tmp_path):
    other = tmp_path / "other.shp"
    places([Point(*HERE)] * 5).to_file(other)

    def swap(shp):
        shp.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())

    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}, before_zip=swap)
    with pytest.raises(ImportProblem, match="几何有 2 个、属性有 5 条"):
        vector.read(path, TOILETS)


def test_nothing_is_left_beside_the_file(tmp_path):
    folder = tmp_path / "only"
    folder.mkdir()
    path = shapefile_zip(tmp_path / "a.zip", {"a": places()}).rename(folder / "a.zip")
    vector.read(path, TOILETS)
    assert list(folder.iterdir()) == [path]


# --- GeoPackage ----------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "台账.gpkg"
    places([LineString([(120.2, 30.2), (120.21, 30.2)])]).to_file(path, layer="河道")
    places().to_file(path, layer="公厕")
    pyogrio.write_dataframe(pd.DataFrame({"编号": ["1"]}), path, layer="附表", append=True)
    return path


def test_the_first_layer_that_suits_is_read_and_the_others_named(package):
    assert vector.layers(package) == ["河道", "公厕", "附表"]
    raw = vector.read(package, TOILETS)
    assert raw.format == "GeoPackage 图层“公厕”"
    note = next(note for note in raw.notes if note.rule == "图层")
    assert "3 个图层" in note.reason


def test_a_table_without_geometry_is_a_layer_too(package):
    raw = vector.read(package, TOILETS, "附表")
    assert raw.geometry is None and raw.declared_crs is None
    assert raw.cells["编号"].tolist() == ["1"]


def test_a_package_under_another_name_is_read(package):
    assert len(vector.read(package.rename(package.with_suffix(".dat")), TOILETS).cells) == 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_package_cut_short_is_refused(package, share):
    content = package.read_bytes()
    package.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ImportProblem, match="损坏"):
        vector.read(package, TOILETS)


def test_a_package_with_text_in_another_encoding_is_refused(package):
    with sqlite3.connect(package) as database:
        database.execute("UPDATE 附表 SET 编号 = CAST(? AS TEXT)", ("湖滨".encode("gbk"),))
    database.close()
    with pytest.raises(ImportProblem, match="图层“附表” 的“编号”列有无法识别的文字"):
        vector.read(package, TOILETS, "附表")


def test_arcs_become_lines(package):
    arc = struct.pack("<BII6d", 1, 8, 3, 120.2, 30.2, 120.205, 30.205, 120.21, 30.2)
    blob = b"GP\x00\x01" + struct.pack("<i", 4326) + arc
    with sqlite3.connect(package) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute('UPDATE "河道" SET geom = ?', (blob,))
    database.close()
    raw = vector.read(package, RIVERS)
    assert raw.geometry[0].geom_type == "LineString"
    assert shapely.get_num_coordinates(raw.geometry[0]) > 10
    assert "曲线" in rules(raw, "corrected")


# --- GeoJSON -------------------------------------------------------------------------------------


def geojson(path, features=None, **more):
    if features is None:
        features = json.loads(places().to_json())["features"]
    document = {"type": "FeatureCollection", "features": features, **more}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_geojson_cut_short_is_refused_with_the_place(tmp_path, share):
    path = geojson(tmp_path / "a.geojson")
    text = path.read_text()
    path.write_text(text[: int(len(text) * share)])
    with pytest.raises(ImportProblem, match="不是完整的 JSON（第 1 行第"):
        vector.read(path, TOILETS)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '[{"a": 1}]',
        '{"type": "Topology", "objects": {}, "arcs": []}',
        "{}",
        '{"type":1}',
    ],
)
def test_json_that_is_no_feature_collection_is_refused(tmp_path, text):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(ImportProblem, match="FeatureCollection"):
        vector.read(path, TOILETS)


def test_a_collection_without_features_is_refused(tmp_path):
    with pytest.raises(ImportProblem, match="没有要素"):
        vector.read(geojson(tmp_path / "a.geojson", []), TOILETS)


def test_a_geojson_in_gbk_or_with_a_byte_order_mark_is_read(tmp_path):
    path = geojson(tmp_path / "a.geojson")
    text = path.read_text(encoding="utf-8")
    for encoding in ("gb18030", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert vector.read(path, TOILETS).cells["名称"].iloc[0] == "湖滨一公园公厕"


def test_a_declared_system_of_an_old_geojson_counts(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    point = {"type": "Point", "coordinates": HERE_GK}
    path = geojson(tmp_path / "a.geojson", [feature(point, 编号="1")], crs=crs)
    assert vector.read(path, TOILETS).declared_crs == "gk120"


@pytest.mark.parametrize(
    ("item", "geometry", "rule"),
    [
        (TOILETS, {"type": "Point", "coordinates": ["NaN", "NaN"]}, "几何为空"),
        (RIVERS, {"type": "LineString", "coordinates": [[120.2, 30.2], ["NaN", 30.2]]}, "坐标无效"),
        (TOILETS, {"type": "Point", "coordinates": [120.2]}, "几何为空"),
        (TOILETS, {"type": "Point", "coordinates": []}, "几何为空"),
    ],
)
def test_coordinates_that_are_no_numbers_are_no_position(tmp_path, item, geometry, rule):
    path = geojson(tmp_path / "a.geojson", [feature(geometry, 编号="1")])
    path.write_text(path.read_text().replace('"NaN"', "NaN"))
    raw = vector.read(path, item)
    assert raw.geometry.tolist() == [None]
    assert [note.row for note in raw.notes if note.rule == rule] == [1]


def test_of_a_collection_the_parts_of_the_right_kind_are_taken(tmp_path):
    mixed = GeometryCollection(
        [Point(*HERE), LineString([(120.2, 30.2), (120.21, 30.2)]), box(120.2, 30.2, 120.3, 30.3)]
    )
    path = tmp_path / "a.geojson"
    places([mixed]).to_file(path)
    for item, kind in ((TOILETS, "Point"), (RIVERS, "LineString"), (WATER, "Polygon")):
        raw = vector.read(path, item)
        assert raw.geometry[0].geom_type == kind
        assert "混合几何" in rules(raw, "corrected")


def test_points_of_several_are_refused_row_by_row(tmp_path):
    path = tmp_path / "a.geojson"
    places([MultiPoint([HERE]), MultiPoint([HERE, (120.21, 30.2)])]).to_file(path)
    raw = vector.read(path, TOILETS)
    assert raw.geometry[0].equals(Point(*HERE)) and raw.geometry[1] is None
    assert [(note.row, note.rule) for note in raw.notes if note.severity == "rejected"] == [
        (2, "多点几何")
    ]


def test_some_rows_of_another_kind_are_refused_by_row(tmp_path):
    path = tmp_path / "a.geojson"
    places([Point(*HERE), LineString([(120.2, 30.2), (120.21, 30.2)])]).to_file(path)
    raw = vector.read(path, TOILETS)
    assert [note.row for note in raw.notes if note.severity == "rejected"] == [2]


def test_areas_without_extent_are_no_areas(tmp_path):
    path = tmp_path / "a.geojson"
    flat = Polygon([(120.2, 30.2), (120.21, 30.2), (120.2, 30.2), (120.2, 30.2)])
    places([MultiPolygon([flat]), box(120.2, 30.2, 120.3, 30.3)]).to_file(path)
    raw = vector.read(path, WATER)
    assert raw.geometry[0] is None
    assert "几何退化" in rules(raw, "noted")


def test_nested_and_mixed_properties_are_texts(tmp_path):
    point = {"type": "Point", "coordinates": HERE}
    path = geojson(
        tmp_path / "a.geojson",
        [
            feature(point, 编号=3301020301000001, 标签=["甲", "乙"], 有=True, 日期="2021/03/05"),
            feature(point, 编号="A1", 标签=None, 有=None, 日期="2021年3月"),
        ],
    )
    cells = vector.read(path, TOILETS).cells
    assert cells["编号"].tolist() == ["3301020301000001", "A1"]
    assert cells["标签"].iloc[0] == "甲、乙"
    assert cells["有"].iloc[0] == "是" and pd.isna(cells["有"].iloc[1])
    assert cells["日期"].tolist() == ["2021/03/05", "2021年3月"]


def test_numbers_too_long_to_be_exact_are_noted(tmp_path):
    point = {"type": "Point", "coordinates": HERE}
    path = geojson(tmp_path / "a.geojson", [feature(point, 编号=12345678901234567890)])
    assert "长数字" in rules(vector.read(path, TOILETS))


def test_too_many_columns_and_rows_are_refused(tmp_path, monkeypatch):
    wide = feature({"type": "Point", "coordinates": HERE}, **{f"c{i}": i for i in range(300)})
    with pytest.raises(ImportProblem, match="超过 256 列"):
        vector.read(geojson(tmp_path / "a.geojson", [wide]), TOILETS)
    monkeypatch.setattr(vector, "MAX_ROWS", 1)
    with pytest.raises(ImportProblem, match="超过 1 个的上限"):
        vector.read(geojson(tmp_path / "b.geojson"), TOILETS)


def test_the_same_correction_of_very_many_rows_is_one_note(tmp_path):
    path = tmp_path / "a.gpkg"
    areas = shapely.box(120.2, 30.2, 120.2 + np.arange(1, 1202) * 1e-5, 30.21)
    places(list(areas)).to_file(path)
    raw = vector.read(path, TOILETS)
    assert [note.row for note in raw.notes] == [0]
    assert raw.notes[0].reason.startswith("1201 个要素")


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_attribute_without_a_name_is_given_one(tmp_path, blank):
    path = tmp_path / "公厕.geojson"
    feature = {
        "type": "Feature",
        "properties": {"编号": "001", blank: "甲"},
        "geometry": {"type": "Point", "coordinates": HERE},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    raw = vector.read(path, TOILETS, None)
    assert raw.cells.to_dict("records") == [{"编号": "001", "（第 2 个字段无名称）": "甲"}]
