"""OpenStreetMap extracts: small ones written with osmium, and the real one of West Lake's shore."""

import os
from pathlib import Path

import pytest
import shapely
from osmium.osm.mutable import Way

from data.registers import osm
from data.registers.raw import ImportProblem
from data.registers.registry import REGISTERS, register
from geo import district
from tests.osm_map import Map

BESIDE = Path(__file__).parents[2] / "shared" / "osm" / "westlake_10km.osm.pbf"
EXTRACT = Path(os.environ.get("COCKPIT_OSM_EXTRACT", BESIDE))
FAR = (121.5, 31.2)


@pytest.fixture
def drawn(tmp_path):
    return Map(tmp_path / "small.osm.pbf")


SQUARE = [(0, 0), (2, 0), (2, 2), (0, 2)]


def reasons(raw):
    return "；".join(note.reason for note in raw.notes)


def test_toilets_are_nodes_and_areas_with_the_facts_that_are_mapped(drawn):
    drawn.node(
        0, 0, node_id=7, amenity="toilets", name="湖滨公厕", wheelchair="yes", addr__street="湖滨路"
    )
    drawn.node(1, 0, node_id=5, amenity="toilets", wheelchair="limited", changing_table="yes")
    drawn.way(9, SQUARE, closed=True, amenity="toilets", toilets__wheelchair="no", building="yes")
    drawn.node(2, 0, amenity="cafe")
    raw = osm.read(drawn.write(), register("toilets"))
    assert raw.cells.fillna("").to_dict("list") == {
        "toilet_id": ["N5", "N7", "W9"],
        "toilet_name": ["公共厕所（N5）", "湖滨公厕", "公共厕所（W9）"],
        "street_name": ["", "湖滨路", ""],
        "has_accessible": ["", "是", "否"],
    }
    assert raw.declared_crs == "wgs84"
    assert set(shapely.get_type_id(raw.geometry)) == {0}
    assert "2 处公共厕所在 OpenStreetMap 中没有名称" in reasons(raw)
    assert "ODbL" in reasons(raw)


def test_toilets_that_are_not_public_are_left_out_and_counted(drawn):
    drawn.node(0, 0, amenity="toilets")
    drawn.node(1, 0, amenity="toilets", access="customers")
    drawn.node(2, 0, amenity="toilets", access="private")
    raw = osm.read(drawn.write(), register("toilets"))
    assert len(raw.cells) == 1
    assert "2 处厕所不对公众开放" in reasons(raw)


def test_what_lies_outside_the_district_is_counted_not_refused(drawn):
    drawn.node(0, 0, amenity="toilets")
    drawn.node(0, 0, at=FAR, amenity="toilets")
    raw = osm.read(drawn.write(), register("toilets"))
    assert len(raw.cells) == 1
    assert "另有 1 处位于区外" in reasons(raw)


def test_street_lamps_are_lighting_assets(drawn):
    drawn.node(0, 0, node_id=3, highway="street_lamp")
    drawn.node(0, 1, highway="bus_stop")
    raw = osm.read(drawn.write(), register("lighting_assets"))
    assert raw.cells.to_dict("list") == {"asset_id": ["N3"], "asset_kind": ["路灯"]}


def test_pieces_of_one_river_are_one_row_and_rivers_apart_are_two(drawn):
    drawn.way(30, [(0, 0), (1, 0)], waterway="canal", name="新塘河")
    drawn.way(20, [(2, 0), (3, 0)], waterway="river", name="新塘河")
    drawn.way(25, [(20, 20), (21, 20)], waterway="stream", name="新塘河")
    drawn.way(40, [(5, 5), (6, 5)], waterway="stream")
    drawn.way(41, [(6, 5), (7, 5)], waterway="stream")
    drawn.way(42, [(8, 5), (9, 5)], waterway="ditch")
    drawn.way(43, [(8, 6), (9, 6)], waterway="drain", name="浣纱渠")
    drawn.way(44, [(8, 7), (9, 7)], waterway="weir", name="一号坝")
    raw = osm.read(drawn.write(), register("rivers"))
    assert dict(zip(raw.cells["river_id"], raw.cells["river_name"], strict=True)) == {
        "W20": "新塘河", "W25": "新塘河", "W40": "未命名河道（W40）", "W41": "未命名河道（W41）", "W43": "浣纱渠",
    }  # fmt: skip
    assert len(shapely.get_parts(raw.geometry[0])) == 2
    assert "1 处没有名称的沟渠" in reasons(raw)
    assert "rank" not in raw.cells


def test_streets_are_gathered_by_name_and_class(drawn):
    drawn.way(12, [(0, 0), (1, 0)], highway="secondary", name="解放路")
    drawn.way(11, [(1, 0), (2, 0)], highway="secondary", name="解放路")
    drawn.way(13, [(2, 0), (3, 0)], highway="footway", name="解放路")
    drawn.way(14, [(3, 0), (4, 0)], highway="unclassified", name="丁衙巷")
    drawn.way(15, [(4, 0), (5, 0)], highway="residential")
    drawn.way(16, [(4, 0), (5, 0)], highway="primary_link", name="匝道")
    drawn.way(17, SQUARE, closed=True, highway="pedestrian", name="广场", area="yes")
    raw = osm.read(drawn.write(), register("streets"))
    assert raw.cells.to_dict("list") == {
        "street_id": ["W11", "W13", "W14"],
        "street_name": ["解放路", "解放路", "丁衙巷"],
        "street_class": ["secondary", "footway", "residential"],
    }
    assert raw.geometry[0].geom_type == "LineString"
    assert "1 处没有名称的路段" in reasons(raw)


def test_ids_do_not_depend_on_how_far_the_extract_reaches(drawn, tmp_path):
    drawn.way(50, [(0, 0), (1, 0)], highway="primary", name="钱江路")
    alone = osm.read(drawn.write(), register("streets"))
    wide = Map(tmp_path / "wide.osm.pbf")
    wide.way(50, [(0, 0), (1, 0)], highway="primary", name="钱江路")
    wide.way(2, [(0, 0), (1, 0)], at=FAR, highway="primary", name="钱江路")
    assert osm.read(wide.write(), register("streets")).cells.equals(alone.cells)


def test_water_areas_are_closed_ways_and_multipolygons(drawn):
    drawn.way(60, SQUARE, closed=True, natural="water", name="丰收湖")
    outer = drawn.way(61, [(10, 0), (14, 0), (14, 4)])
    rest = drawn.way(62, [(14, 4), (10, 4), (10, 0)])
    island = drawn.way(63, [(11, 1), (12, 1), (12, 2)], closed=True)
    for way in (outer, rest):
        _join(drawn, way)
    members = [(61, "outer"), (62, "outer"), (63, "inner")]
    drawn.relation(70, members, type="multipolygon", natural="water", name="西湖")
    assert island == 63
    raw = osm.read(drawn.write(), register("water_areas"))
    assert raw.cells.to_dict("list") == {
        "water_id": ["R70", "W60"],
        "water_name": ["西湖", "丰收湖"],
    }
    assert len(raw.geometry[0].interiors) == 1


def _join(drawn, way_id):
    """Let the ends of ways 61 and 62 be the same two nodes, as rings of relations need."""
    ways = {item.id: item for item in drawn._others if isinstance(item, Way)}
    if way_id == 62:
        first, second = ways[61].nodes, ways[62].nodes
        second[0], second[-1] = first[-1], first[0]


def test_objects_that_reach_beyond_the_extract_are_told(drawn):
    drawn.way(
        80, [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)], missing=[2], waterway="river", name="东河"
    )
    raw = osm.read(drawn.write(), register("rivers"))
    assert len(shapely.get_parts(raw.geometry[0])) == 2
    assert "W80" in reasons(raw) and "缺少部分节点" in reasons(raw)


def test_a_relation_without_its_ways_is_told(drawn):
    drawn.way(60, SQUARE, closed=True, natural="water")
    drawn.relation(71, [(9999, "outer")], type="multipolygon", natural="water")
    raw = osm.read(drawn.write(), register("water_areas"))
    assert raw.cells["water_id"].tolist() == ["W60"]
    assert "R71" in reasons(raw)


@pytest.mark.parametrize("share", [0.5, 0.8, 0.99])
@pytest.mark.parametrize("name", ["toilets", "streets", "water_areas"])
def test_a_file_cut_short_is_refused(drawn, name, share):
    for i in range(50):
        drawn.node(i / 100, 0, amenity="toilets")
        drawn.way(100 + i, [(0, i / 10), (1, i / 10)], highway="primary", name=f"{i} 号路")
    path = drawn.write()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ImportProblem, match=r"small\.osm\.pbf 已损坏或不完整"):
        osm.read(path, register(name))


def test_a_file_under_another_name_is_read(drawn):
    drawn.node(0, 0, amenity="toilets")
    path = drawn.write().rename(drawn._path.with_name("数据.geojson"))
    assert len(osm.read(path, register("toilets")).cells) == 1


@pytest.mark.parametrize("name", [item.name for item in REGISTERS if item.from_osm])
def test_an_extract_without_the_objects_is_refused(drawn, name):
    drawn.node(0, 0, amenity="cafe")
    with pytest.raises(ImportProblem, match="没有位于本区的"):
        osm.read(drawn.write(), register(name))


@pytest.mark.parametrize("name", [item.name for item in REGISTERS if not item.from_osm])
def test_registers_that_openstreetmap_does_not_know_are_refused(drawn, name):
    drawn.node(0, 0, amenity="toilets")
    with pytest.raises(ImportProblem, match="可用于：“公共厕所”"):
        osm.read(drawn.write(), register(name))


@pytest.mark.skipif(not EXTRACT.exists(), reason="no extract here")
@pytest.mark.parametrize(
    ("name", "least", "known"),
    [
        ("toilets", 45, {"伍公山公共厕所", "𧈢蜡子巷公厕"}),
        ("rivers", 15, {"东河", "中河", "贴沙河", "新塘河", "钱塘江"}),
        ("water_areas", 50, {"西湖", "华家池"}),
        ("streets", 450, {"解放路", "庆春路", "南山路"}),
    ],
)
def test_the_real_extract_gives_what_the_shipped_geography_knows(name, least, known):
    raw = osm.read(EXTRACT, register(name))
    assert len(raw.cells) >= least
    assert known <= set(raw.cells.iloc[:, 1])
    assert raw.cells.iloc[:, 0].is_unique
    assert shapely.intersects(district.outline(), raw.geometry).all()


@pytest.mark.skipif(not EXTRACT.exists(), reason="no extract here")
def test_the_real_extract_has_no_lamps_in_the_district():
    with pytest.raises(ImportProblem, match="没有位于本区的灯具（区外 16 处）"):
        osm.read(EXTRACT, register("lighting_assets"))
