"""The walking network out of OpenStreetMap: who may walk where, and what meets what."""

import numpy as np
import pytest
import shapely

from data.build import build
from data.coverage import land_cells
from data.history import history
from data.publishing import rollback
from data.registers import osm
from data.registers.options import Options
from data.registers.raw import ImportProblem, RawTable
from data.registers.registry import register
from data.registers.run import check_source, publish_staged
from data.registers.validation import validate
from data.snapshot import current_version, snapshot_folder
from data.standing import StandingTables
from data.walk_network import closed_areas, walk_network
from geo import district
from geo.projection import points_to_degrees, to_metres
from geo.walking import nearest, snap
from tests.osm_map import Map
from tests.publisher import publish_toilets

NETWORK = register("streets-osm")
FAR = (121.5, 31.2)
UP, DOWN = (0, 1), (0, -1)


@pytest.fixture
def drawn(tmp_path):
    return Map(tmp_path / "small.osm.pbf")


def read(drawn):
    """Cells with an empty text where missing, indexed by the id of the piece."""
    raw = osm.read(drawn.write(), NETWORK)
    cells = raw.cells.reindex(columns=NETWORK.field_names[:-1]).astype("str")
    return cells.fillna("").set_index("way_id")


def checked(drawn, current=None):
    """The extract as the register checks it."""
    return validate(osm.read(drawn.write(), NETWORK), NETWORK, Options(), current or {})


def reasons(raw):
    return "；".join(note.reason for note in raw.notes)


# --- what meets what -----------------------------------------------------------------------------


def test_ways_are_cut_where_they_share_a_node_and_nowhere_else(drawn):
    crossing = drawn.node(1, 0)
    drawn.way(10, [(0, 0), (0.5, 0), crossing, (2, 0)], highway="residential", name="解放路")
    drawn.way(20, [(1, -1), crossing, (1, 1)], highway="footway")
    cells = read(drawn)
    assert list(cells.index) == ["W10-0", "W10-2", "W20-0", "W20-1"]
    assert list(cells["way_kind"]) == ["street", "street", "path", "path"]
    assert list(cells["way_name"]) == ["解放路", "解放路", "", ""]
    meeting = {
        cells.at["W10-0", "to_node"], cells.at["W10-2", "from_node"],
        cells.at["W20-0", "to_node"], cells.at["W20-1", "from_node"],
    }  # fmt: skip
    assert meeting == {str(crossing)}


def test_a_bridge_does_not_meet_the_street_below(drawn):
    drawn.way(10, [(0, 0), (2, 0)], highway="residential")
    drawn.way(20, [(1, -1), (1, 1)], highway="footway", bridge="yes", layer="1")
    cells = read(drawn)
    assert list(cells["structure"]) == ["ground", "bridge"]
    ends = cells[["from_node", "to_node"]].to_numpy().ravel()
    assert len(set(ends)) == 4


def test_nodes_of_two_levels_at_the_very_same_place_do_not_meet(drawn):
    above, below = drawn.node(1, 0), drawn.node(1, 0)
    drawn.way(10, [(0, 0), below, (2, 0)], highway="residential")
    drawn.way(20, [(1, -1), above, (1, 1)], highway="footway", bridge="yes")
    assert list(read(drawn).index) == ["W10-0", "W20-0"]


def test_a_way_that_passes_a_node_twice_is_cut_there(drawn):
    knot = drawn.node(1, 0)
    drawn.way(10, [(0, 0), knot, (2, 0), (2, 1), knot], highway="path")
    cells = read(drawn)
    assert list(cells.index) == ["W10-0", "W10-1"]
    assert cells.at["W10-1", "from_node"] == cells.at["W10-1", "to_node"] == str(knot)


def test_a_node_shared_with_what_nobody_walks_on_cuts_nothing(drawn):
    crossing = drawn.node(1, 0)
    drawn.way(10, [(0, 0), crossing, (2, 0)], highway="residential")
    drawn.way(20, [(1, -1), crossing, (1, 1)], highway="motorway")
    assert list(read(drawn).index) == ["W10-0"]


def test_a_piece_too_short_to_be_drawn_joins_its_ends(drawn):
    one, other = drawn.node(1, 0), drawn.node(1.001, 0)
    drawn.way(10, [(0, 0), one], highway="path")
    drawn.way(20, [one, other], highway="steps")
    drawn.way(30, [other, (2, 0)], highway="path")
    cells = read(drawn)
    assert list(cells.index) == ["W10-0", "W30-0"]
    assert cells.at["W10-0", "to_node"] == cells.at["W30-0", "from_node"]


def test_where_nodes_are_missing_the_way_goes_on_behind_them(drawn):
    points = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]
    drawn.way(10, points, missing=[2], highway="residential")
    raw = osm.read(drawn.write(), NETWORK)
    assert list(raw.cells["way_id"]) == ["W10-0", "W10-3"]
    assert raw.cells["to_node"].iloc[0] != raw.cells["from_node"].iloc[1]
    assert "W10" in reasons(raw) and "缺少部分节点" in reasons(raw)


def test_the_ring_of_a_square_is_walked_and_meets_the_streets_that_lead_to_it(drawn):
    gate = drawn.node(0, 0)
    drawn.way(10, [gate, (1, 0), (1, 1), gate], highway="pedestrian", area="yes", name="广场")
    drawn.way(20, [(-1, 0), gate], highway="residential")
    cells = read(drawn)
    assert cells.at["W10-0", "from_node"] == cells.at["W20-0", "to_node"] == str(gate)


def test_the_sides_of_a_square_that_is_a_relation_are_walked(drawn):
    gate = drawn.node(0, 0)
    drawn.way(10, [gate, (1, 0), (1, 1), gate], source="survey")
    drawn.way(11, [(5, 0), (6, 0)], source="survey")
    drawn.way(20, [(-1, 0), gate], highway="residential")
    drawn.relation(30, [(10, "outer")], type="multipolygon", highway="pedestrian")
    drawn.relation(31, [(11, "outer")], type="multipolygon", highway="pedestrian", foot="no")
    assert list(read(drawn).index) == ["W10-0", "W20-0"]


def test_ids_of_pieces_do_not_depend_on_how_far_the_extract_reaches(drawn, tmp_path):
    drawn.way(50, [(0, 0), (1, 0), (2, 0)], highway="primary")
    wide = Map(tmp_path / "wide.osm.pbf")
    wide.way(2, [(0, 0), (1, 0)], at=FAR, highway="primary")
    wide.way(50, [(0, 0), (1, 0), (2, 0)], highway="primary")
    assert list(read(drawn).index) == list(read(wide).index) == ["W50-0"]


# --- who may walk where --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "kind", "structure"),
    [
        ({"highway": "residential"}, "street", "ground"),
        ({"highway": "primary_link"}, "street", "ground"),
        ({"highway": "service", "sidewalk": "no"}, "street", "ground"),
        ({"highway": "pedestrian"}, "street", "ground"),
        ({"highway": "footway"}, "path", "ground"),
        ({"highway": "cycleway"}, "path", "ground"),
        ({"highway": "corridor", "indoor": "yes", "level": "-1"}, "path", "ground"),
        ({"highway": "elevator"}, "path", "ground"),
        ({"highway": "steps"}, "steps", "ground"),
        ({"highway": "steps", "tunnel": "yes"}, "steps", "tunnel"),
        ({"highway": "footway", "tunnel": "yes", "layer": "-1"}, "path", "tunnel"),
        ({"highway": "footway", "layer": "-2"}, "path", "tunnel"),
        ({"highway": "footway", "layer": "+1"}, "path", "bridge"),
        ({"highway": "footway", "layer": "unclear"}, "path", "ground"),
        ({"highway": "footway", "bridge": "no", "tunnel": "no"}, "path", "ground"),
        ({"highway": "service", "tunnel": "building_passage"}, "street", "ground"),
        ({"highway": "residential", "tunnel": "yes"}, "street", "tunnel"),
        ({"highway": "primary", "bridge": "yes"}, "street", "bridge"),
        ({"highway": "trunk", "sidewalk": "both"}, "street", "ground"),
        ({"highway": "trunk", "sidewalk:right": "yes"}, "street", "ground"),
        ({"highway": "trunk", "foot": "yes"}, "street", "ground"),
        ({"highway": "motorway", "foot": "designated"}, "street", "ground"),
        ({"highway": "primary", "tunnel": "yes", "sidewalk": "left"}, "street", "tunnel"),
        ({"highway": "service", "access": "private", "foot": "permissive"}, "street", "ground"),
        ({"highway": "residential", "access": "residents"}, "street", "ground"),
        ({"highway": "service", "motor_vehicle": "no"}, "street", "ground"),
        ({"railway": "rail"}, "railway", "ground"),
        ({"railway": "light_rail"}, "railway", "ground"),
        ({"railway": "subway"}, "railway", "ground"),
    ],
)  # fmt: skip
def test_what_is_taken_and_as_what(drawn, tags, kind, structure):
    drawn.way(5, [(0, 5), (1, 5)], highway="residential")
    drawn.way(10, [(0, 0), (1, 0)], **tags)
    cells = read(drawn)
    assert tuple(cells.loc["W10-0", ["way_kind", "structure"]]) == (kind, structure)


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"highway": "motorway"}, "机动车专用道路"),
        ({"highway": "trunk"}, "机动车专用道路"),
        ({"highway": "trunk_link", "sidewalk": "separate"}, "机动车专用道路"),
        ({"highway": "secondary", "motorroad": "yes"}, "机动车专用道路"),
        ({"highway": "primary", "tunnel": "yes", "name": "西湖隧道"}, "机动车专用道路"),
        ({"highway": "service", "tunnel": "yes", "layer": "-1"}, "机动车专用道路"),
        ({"highway": "residential", "foot": "no"}, "禁止步行"),
        ({"highway": "cycleway", "foot": "use_sidepath"}, "禁止步行"),
        ({"highway": "service", "access": "private"}, "禁止步行"),
        ({"highway": "service", "access": "no", "bicycle": "yes"}, "禁止步行"),
        ({"highway": "trunk", "sidewalk": "both", "foot": "no"}, "禁止步行"),
        ({"highway": "construction"}, "在建、规划"),
        ({"highway": "proposed"}, "在建、规划"),
        ({"highway": "raceway"}, "在建、规划"),
        ({"railway": "subway", "tunnel": "yes"}, "地下或高架的铁路"),
        ({"railway": "rail", "bridge": "viaduct"}, "地下或高架的铁路"),
        ({"railway": "rail", "layer": "-1"}, "地下或高架的铁路"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told(drawn, tags, told):
    drawn.way(5, [(0, 5), (1, 5)], highway="residential")
    drawn.way(10, [(0, 0), (1, 0)], **tags)
    raw = osm.read(drawn.write(), NETWORK)
    assert list(raw.cells["way_id"]) == ["W5-0"]
    (left_out,) = [note.reason for note in raw.notes if note.rule == "未读入"]
    assert left_out.startswith("1 处") and told in left_out


@pytest.mark.parametrize("railway", ["abandoned", "disused", "platform", "tram", "construction"])
def test_railways_without_trains_of_their_own_are_no_barrier_and_not_told(drawn, railway):
    drawn.way(5, [(0, 5), (1, 5)], highway="residential")
    drawn.way(10, [(0, 0), (1, 0)], railway=railway)
    raw = osm.read(drawn.write(), NETWORK)
    assert list(raw.cells["way_id"]) == ["W5-0"]
    assert "未读入" not in {note.rule for note in raw.notes}


def test_a_railway_is_one_row_without_nodes_even_where_paths_cross_it(drawn):
    crossing = drawn.node(1, 0)
    drawn.way(10, [(0, 0), crossing, (2, 0)], railway="rail")
    drawn.way(20, [(1, -1), crossing, (1, 1)], highway="footway")
    cells = read(drawn)
    assert list(cells.index) == ["W10-0", "W20-0"]
    assert cells.loc["W10-0", ["from_node", "to_node"]].tolist() == ["", ""]


@pytest.mark.parametrize(
    "tags", [{"landuse": "military"}, {"landuse": "railway"}, {"aeroway": "aerodrome"}]
)
def test_an_area_that_is_closed_to_the_public_is_its_ring(drawn, tags):
    drawn.way(5, [(0, 5), (1, 5)], highway="residential")
    drawn.way(10, [(0, 0), (2, 0), (2, 2), (0, 2)], closed=True, name="库区", **tags)
    found = checked(drawn).rows.set_index("way_id")
    assert found.at["W10", "way_kind"] == "closed_area"
    assert found.at["W10", "way_name"] == "库区"
    assert shapely.from_geojson(found.at["W10", "geometry_json"]).is_closed


def test_a_hole_in_a_closed_area_stays_open_land(drawn):
    drawn.way(5, [(0, 9), (1, 9)], highway="residential")
    drawn.way(10, [(0, 0), (6, 0), (6, 6), (0, 6)], closed=True)
    drawn.way(11, [(2, 2), (4, 2), (4, 4), (2, 4)], closed=True)
    drawn.relation(
        12, [(10, "outer"), (11, "inner")], type="multipolygon", landuse="military"
    )  # fmt: skip
    closed = closed_areas(checked(drawn).rows)
    inside, hole = (to_metres(shapely.Point(120.20 + d, 30.25 + d)) for d in (0.001, 0.003))
    assert closed.contains(inside)
    assert not closed.intersects(hole)


def test_grounds_that_are_merely_private_are_no_closed_areas(drawn):
    drawn.way(5, [(0, 5), (1, 5)], highway="residential")
    drawn.way(10, [(0, 0), (2, 0), (2, 2)], closed=True, landuse="residential", access="private")
    assert list(read(drawn).index) == ["W5-0"]


# --- around the district -------------------------------------------------------------------------


def east_of_the_border(metres):
    """Longitude and latitude so far to the east of the district's easternmost point."""
    points_m = shapely.get_coordinates(to_metres(district.outline()))
    east_m, north_m = points_m[points_m[:, 0].argmax()]
    lon, lat = points_to_degrees(np.array([east_m + metres]), np.array([north_m]))
    return float(lon[0]), float(lat[0])


def test_ways_within_the_margin_are_whole_rows_and_those_beyond_are_counted(drawn):
    drawn.way(10, [(0, 0), (1, 0)], highway="residential")
    drawn.way(20, [(0, 0), (1, 0)], at=east_of_the_border(1_400), highway="residential")
    drawn.way(30, [(0, 0), (1, 0)], at=east_of_the_border(1_600), highway="residential")
    drawn.way(40, [(0, 0), (1, 0)], at=FAR, highway="residential")
    raw = osm.read(drawn.write(), NETWORK)
    assert "另有 2 处位于区外" in reasons(raw)
    found = validate(raw, NETWORK, Options(), {})
    assert found.rejected_count == 0
    assert list(found.rows["way_id"]) == ["W10-0", "W20-0"]
    drawn_m = to_metres(shapely.from_geojson(found.rows["geometry_json"].to_numpy(object)))
    assert shapely.length(drawn_m)[1] == pytest.approx(96, abs=3)


def test_a_street_across_the_border_is_not_cut(drawn):
    drawn.way(10, [(-1, 0), (1, 0)], at=east_of_the_border(0), highway="residential")
    (text,) = checked(drawn).rows["geometry_json"]
    inside, outside = shapely.get_coordinates(shapely.from_geojson(text))
    assert outside[0] - inside[0] == pytest.approx(0.002, abs=2e-5)


@pytest.mark.parametrize(
    ("tags", "at"),
    [
        ({"highway": "motorway"}, (120.20, 30.25)),
        ({"railway": "rail"}, (120.20, 30.25)),
        ({"highway": "residential"}, FAR),
        ({"highway": "residential"}, east_of_the_border(800)),
    ],
    ids=["only a motorway", "only a railway", "far away", "in the margin alone"],
)
def test_an_extract_with_nothing_to_walk_on_here_is_refused(drawn, tags, at):
    drawn.way(10, [(0, 0), (1, 0)], at=at, **tags)
    with pytest.raises(ImportProblem, match="没有位于本区的步行路网"):
        osm.read(drawn.write(), NETWORK)


# --- the network that is made of it --------------------------------------------------------------


def test_one_walks_around_to_the_foot_of_a_bridge(drawn):
    """A street from the west ends at steps; a path leads back to a bridge over the street."""
    end, top, ramp, across = (drawn.node(*at) for at in ((10, 0), (10, -2), (4, -2), (4, 6)))
    drawn.way(10, [(0, 0), end], highway="residential")
    drawn.way(20, [end, top], highway="steps")
    drawn.way(30, [top, ramp], highway="footway")
    drawn.way(40, [ramp, across], highway="footway", bridge="yes")
    drawn.way(50, [across, (8, 6)], highway="residential")
    network = walk_network(checked(drawn).rows)
    places = [shapely.Point(120.20 + x / 1000, 30.25 + y / 1000) for x, y in ((2, 0), (5, 6))]
    snapped = snap(network, shapely.get_coordinates(to_metres(np.array(places))), 50.0)
    walk_m, _ = nearest(network, snapped.take(np.array([0])), snapped.take(np.array([1])))
    # A thousandth of a degree is 96.2 m to the east and 110.9 m to the north here.
    assert walk_m[0] == pytest.approx((8 + 6 + 1) * 96.2 + (2 + 8) * 110.9, rel=0.005)


def own_network(**changes):
    """An office's own network as a layer: two edges that meet, with columns of its own."""
    cells = {
        "编号": ["1", "2"], "路段类别": ["道路", "天桥"], "起点": ["7", "8"], "终点": ["8", "9"],
    } | changes  # fmt: skip
    cells["路段类别"] = ["道路", "步行道"] if "路段类别" not in changes else cells["路段类别"]
    frame = osm.text_frame(cells, 2)
    lines = np.array(
        [
            shapely.MultiLineString([[(120.20, 30.25), (120.21, 30.25)]]),
            shapely.LineString([(120.21, 30.25), (120.21, 30.26)]),
        ],
        dtype=object,
    )
    return RawTable("路网.gpkg", "GeoPackage", "", frame, "要素", lines, "wgs84")


def rejected(raw):
    found = validate(raw, NETWORK, Options(), {}).findings
    return found[found["severity"] == "rejected"]


def test_an_offices_own_network_is_taken_with_lines_in_one_part(drawn):
    found = validate(own_network(), NETWORK, Options(), {})
    assert found.accepted_count == 2
    assert len(walk_network(found.rows).node_m) == 3
    assert set(found.rows["source_kind"]) == {"register"}
    assert found.rows["geometry_json"].str.startswith('{"type":"LineString"').all()


def test_a_walkable_edge_without_nodes_is_refused_and_a_railway_needs_none():
    raw = own_network(终点=["8", None])
    (one,) = rejected(raw).to_dict("records")
    assert (one["row"], one["rule"]) == (2, "路网节点")
    assert "“终点”" in one["reason"] and "补填两端的节点编号" in one["remedy"]
    assert rejected(own_network(终点=["8", None], 路段类别=["道路", "铁路"])).empty


def test_an_edge_of_several_pieces_is_refused():
    raw = own_network()
    gap = [[(120.20, 30.25), (120.205, 30.25)], [(120.206, 30.25), (120.21, 30.25)]]
    raw.geometry[0] = shapely.MultiLineString(gap)
    assert list(rejected(raw)["rule"]) == ["路网线形"]


def test_a_line_drawn_against_its_nodes_is_refused():
    raw = own_network()
    raw.geometry[1] = shapely.reverse(raw.geometry[1])
    assert set(rejected(raw)["rule"]) == {"路网节点"}
    assert "方向" in rejected(raw)["remedy"].iloc[0]


def test_an_area_that_is_not_closed_is_refused():
    raw = own_network(路段类别=["道路", "封闭区域"])
    (one,) = rejected(raw).to_dict("records")
    assert (one["row"], one["rule"]) == (2, "封闭区域")


def test_an_edge_far_beyond_the_margin_is_refused_with_its_distance():
    raw = own_network()
    raw.geometry[1] = shapely.LineString([(120.21, 30.25), FAR])
    raw.geometry[0] = shapely.LineString([(121.49, 31.2), FAR])
    raw.cells["起点"] = ["5", "8"]
    found = rejected(raw)
    assert list(found["row"].unique()) == [1]
    assert "公里" in found["reason"].iloc[0]


# --- from the extract to the cells ---------------------------------------------------------------


CHANGED = ("streets.walk_ways", "toilets.coverage_cells", "toilets.cell_walks")


def grid(drawn, without=()):
    """Streets around 湖滨 every 200 m over 2 by 2 km, and a railway to the west of them."""
    steps, at = range(0, 21, 2), (120.155, 30.243)
    nodes = {(x, y): drawn.node(x, y, at=at) for x in steps for y in steps}
    for i, y in enumerate(steps):
        ways = {100 + i: [nodes[x, y] for x in steps], 200 + i: [nodes[y, x] for x in steps]}
        for way_id, way in ways.items():
            if way_id not in without:
                drawn.way(way_id, way, highway="residential")
    drawn.way(300, [(-3, 0), (-3, 20)], at=at, railway="rail")


@pytest.fixture
def extract(drawn):
    """A part of the town as an extract."""
    grid(drawn)
    return drawn.write()


def test_what_share_of_the_district_an_extract_reaches_is_told(extract):
    raw = osm.read(extract, NETWORK)
    found = validate(raw, NETWORK, Options(), {})
    (note,) = found.findings[found.findings["rule"] == "路网覆盖"].to_dict("records")
    network = walk_network(found.rows)
    cells = land_cells()
    cells_m = shapely.get_coordinates(
        to_metres(shapely.points(cells["lon"].to_numpy(), cells["lat"].to_numpy()))
    )
    near = shapely.distance(shapely.union_all(network.lines), shapely.points(cells_m)) <= 150
    share_pct = 100 * cells.loc[near, "area_km2"].sum() / cells["area_km2"].sum()
    assert f"覆盖本区陆域的 {share_pct:.1f} %" in note["reason"]
    assert "丁兰街道 0 %" in note["reason"]
    assert note["remedy"] == "无须处理"


def test_a_network_that_reaches_less_than_the_standing_one_asks_to_make_sure(extract, built_tables):
    raw = osm.read(extract, NETWORK)
    found = validate(raw, NETWORK, Options(), built_tables)
    (note,) = found.findings[found.findings["rule"] == "路网覆盖"].to_dict("records")
    assert "现有路网" in note["reason"]
    assert "请确认范围够用" in note["remedy"]
    assert found.blockers == []


def published(store, path):
    options = Options(provider="区城管局", as_of="2025-03")
    checked = check_source(store, NETWORK, path, options)
    publish_staged(store, checked.staged(store), "值班员甲")
    return checked


def tables(store, *paths):
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        return [standing[path].copy() for path in paths]


def test_an_extract_goes_to_the_cells_and_back(store, extract):
    checked = published(store, extract)
    assert any("如厕圈网格" in text for text in checked.consequences)
    publish_toilets(store, 1)
    ways, cells, walks = tables(store, *CHANGED)
    assert set(ways["source_kind"]) == {"osm"}
    assert set(cells["method"]) == {"network", "straight"}
    on_network = set(cells.loc[cells["method"] == "network", "cell_id"])
    walks = walks[(walks["scope"] == "all") & walks["cell_id"].isin(on_network)]
    assert walks["walk_m"].notna().all()
    assert set(walks["toilet_id"]) == {"T000"}
    imports = {entry.change.dataset: entry.change for entry in history(store)}
    assert imports["streets.walk_ways"].licence == "ODbL 1.0"
    rollback(store, 1, "值班员乙")
    assert all(frame.empty for frame in tables(store, *CHANGED))


def test_walks_follow_when_the_network_is_replaced(store, extract, drawn, tmp_path):
    """The same town with two streets less: walks that led over them become longer, others stay."""
    published(store, extract)
    publish_toilets(store, 1)
    _, cells, before = tables(store, *CHANGED)
    fewer = Map(tmp_path / "fewer.osm.pbf")
    grid(fewer, without=(100, 110))
    published(store, fewer.write())
    _, after_cells, after = tables(store, *CHANGED)
    walks = (
        walks_of(cells, before)
        .to_frame("before")
        .join(walks_of(after_cells, after).rename("after"))
    )
    grown_m = (walks["after"] - walks["before"]).dropna()
    assert (grown_m > 100).any()
    assert (grown_m == 0).any()


def walks_of(cells, walks):
    """Walks over the network by cell."""
    walks = walks[walks["scope"] == "all"].set_index("cell_id")["walk_m"]
    return walks[walks.index.isin(cells.loc[cells["method"] == "network", "cell_id"])]


def test_a_network_is_carried_over_by_a_later_build(store, extract):
    published(store, extract)
    (ways,) = tables(store, "streets.walk_ways")
    assert "步行路网" in build(store, with_sample=False).carried
    again, cells = tables(store, "streets.walk_ways", "toilets.coverage_cells")
    assert again.equals(ways)
    assert (cells["method"] == "network").any()
