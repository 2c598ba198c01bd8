"""Walks over small networks computed by hand, over random ones against networkx, and straight ones."""

import itertools

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.straight import NO_BARRIER, straight_nearest, straight_reached
from geo.walking import Snapped, joined, nearest, network_of, reached, snap

SNAP_M = 150.0
RIVER = shapely.box(-500, 20, 500, 80)
"""A river from west to east, 60 m wide."""


def network(*lines, **options):
    """Network of lines (lists of coordinates) that meet where they end at the same spot."""
    names = {}
    ends = [[names.setdefault(line[i], len(names)) for line in lines] for i in (0, -1)]
    return network_of([shapely.LineString(line) for line in lines], *map(np.array, ends), **options)


def walks(net, toilets, cells, barrier=NO_BARRIER):
    """Distance of each cell from the nearest toilet, and which toilet it is."""
    places = [
        snap(net, np.array(spots, dtype=float).reshape(-1, 2), SNAP_M, barrier)
        for spots in (toilets, cells)
    ]
    return nearest(net, *places)


def walk(net, toilet, cell, barrier=NO_BARRIER):
    return walks(net, [toilet], [cell], barrier)[0][0]


STREET = [(0, 0), (200, 0)]
CORNER = [(0, 0), (100, 0)], [(100, 0), (100, 100)]
BOW = [(0, 0), (50, 120), (100, 0)]
"""260 m beside 100 m."""
PARALLEL = [(-50, 0), (0, 0)], [(0, 0), (100, 0)], BOW, [(100, 0), (150, 0)]
LOOP = [(-50, 0), (0, 0)], [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
CROSSING = [(0, 0), (100, 0)], [(50, -50), (50, 50)]
STAIRS = *CROSSING, [(100, 0), (100, 50), (50, 50)]
BANKS = [(0, 0), (300, 0)], [(0, 100), (300, 100)]
BRIDGE = [(300, 0), (300, 100)]


@pytest.mark.parametrize(
    ("lines", "toilet", "cell", "expected_m"),
    [
        pytest.param([STREET], (60, 10), (160, -20), 10 + 100 + 20, id="both on one edge"),
        pytest.param([STREET], (160, 0), (60, 0), 100, id="one edge, the other way"),
        pytest.param([STREET], (60, 30), (60, 0), 30, id="at the toilet's own spot"),
        pytest.param([STREET], (-30, 40), (200, 0), 50 + 200, id="beyond the end of the street"),
        pytest.param(CORNER, (30, 0), (100, 50), 70 + 50, id="toilet in the middle of an edge"),
        pytest.param(PARALLEL, (-50, 0), (150, 0), 50 + 100 + 50, id="the shorter of two edges"),
        pytest.param(PARALLEL[::-1], (-50, 0), (150, 0), 200, id="the shorter, in other order"),
        pytest.param(PARALLEL, (-50, 0), (50, 120), 50 + 130, id="on the longer of two edges"),
        pytest.param(PARALLEL, (0, 0), (97.5, 6), 100 + 6.5, id="its end, reached by the shorter"),
        pytest.param(LOOP, (-50, 0), (0, 60), 50 + 60, id="a loop is entered at both ends"),
        pytest.param(LOOP, (50, 0), (0, 50), 50 + 50, id="round the node of a loop"),
        pytest.param(CROSSING, (0, 0), (50, 50), np.inf, id="a bridge over a street: no meeting"),
        pytest.param(STAIRS, (0, 0), (50, 50), 100 + 50 + 50, id="up the stairs to the bridge"),
        pytest.param(BANKS, (0, 0), (0, 100), np.inf, id="nothing leads across the river"),
        pytest.param([*BANKS, BRIDGE], (0, 0), (0, 100), 300 + 100 + 300, id="over the bridge"),
        pytest.param([STREET], (60, 0), (60, 151), np.inf, id="no street within the limit"),
        pytest.param([STREET], (60, 151), (60, 0), np.inf, id="a toilet without a street"),
    ],
)
def test_a_walk_computed_by_hand(lines, toilet, cell, expected_m):
    # A toilet that stands on a node is a millimetre from it.
    assert walk(network(*lines), toilet, cell) == pytest.approx(expected_m, abs=0.01)


def test_an_edge_without_length_still_links_its_ends():
    lines = [[(0, 0), (100, 0)], [(100, 0), (100, 0)], [(100, 0), (200, 0)]]
    ends = np.array([[1, 2, 3], [2, 3, 4]])
    linked = network_of([shapely.LineString(line) for line in lines], *ends)
    apart = network_of([shapely.LineString(line) for line in lines[::2]], *ends[:, ::2])
    assert walk(linked, (0, 0), (200, 0)) == pytest.approx(200, abs=0.01)
    assert walk(apart, (0, 0), (200, 0)) == np.inf


def test_the_nearest_toilet_is_the_one_named():
    net = network([(0, 0), (1000, 0)])
    walk_m, which = walks(net, [(900, 0), (100, 40), (0, 500)], [(0, 0), (499, 0), (950, 10)])
    assert walk_m == pytest.approx([140, 401, 60])
    assert list(which) == [1, 0, 0]


def test_a_toilet_of_no_street_is_never_the_nearest():
    net = network([(0, 0), (1000, 0)])
    walk_m, which = walks(net, [(0, 500), (1000, 0)], [(0, 0), (0, 900)])
    assert list(which) == [1, -1]
    assert walk_m[0] == 1000 and np.isinf(walk_m[1])


@pytest.mark.parametrize("toilets", [[], [(0, 0)]])
@pytest.mark.parametrize("cells", [[], [(10, 0)]])
def test_without_toilets_cells_or_streets_nothing_is_reached(toilets, cells):
    for net in (network(), network(STREET)):
        walk_m, which = walks(net, toilets, cells)
        assert len(walk_m) == len(which) == len(cells)
        if not toilets or not len(net.lines):
            assert np.isinf(walk_m).all() and (which == -1).all()


# --- attaching -----------------------------------------------------------------------------------


class TestAttaching:
    NORTH, SOUTH = [(-200, 160), (200, 160)], [(-200, 10), (200, 10)]

    def test_a_cell_whose_nearest_street_is_across_the_river_takes_the_one_on_its_bank(self):
        net = network(self.NORTH, self.SOUTH)
        place = np.array([[0.0, 84.0]])
        assert snap(net, place, SNAP_M).edge == [1]
        attached = snap(net, place, SNAP_M, RIVER)
        assert attached.edge == [0] and attached.off_m == [76]

    def test_with_streets_across_the_river_alone_it_takes_none(self):
        attached = snap(network(self.SOUTH), np.array([[0.0, 84.0]]), SNAP_M, RIVER)
        assert not attached.is_attached[0] and np.isnan(attached.off_m[0])

    def test_a_railway_bars_as_water_does(self):
        railway = shapely.LineString([(-500, 50), (500, 50)])
        both = shapely.union_all([shapely.box(-500, -90, 500, -60), railway])
        attached = snap(network(self.NORTH, self.SOUTH), np.array([[0.0, 70.0]]), SNAP_M, both)
        assert attached.edge == [0]

    def test_a_toilet_drawn_into_the_water_is_attached_to_the_bank(self):
        attached = snap(network(self.NORTH, self.SOUTH), np.array([[0.0, 22.0]]), SNAP_M, RIVER)
        assert attached.edge == [1] and attached.off_m == [12]

    def test_no_one_steps_onto_a_bridge_from_the_side(self):
        lines = [(-200, 0), (0, 0)], [(0, 0), (200, 0)], [(-200, 50), (200, 50)]
        place = np.array([[100.0, 10.0]])
        assert snap(network(*lines), place, SNAP_M).edge == [1]
        net = network(*lines, is_sealed=np.array([False, True, False]))
        assert snap(net, place, SNAP_M).edge == [2]
        assert walk(net, (-100, 0), (-10, 0)) == 90
        assert np.isfinite(walk(network(*lines, [(200, 0), (200, 50)]), (-100, 0), (150, 50)))

    def test_a_bridge_is_walked_along(self):
        lines = [(-200, 0), (0, 0)], [(0, 0), (200, 0)], [(200, 0), (400, 0)]
        net = network(*lines, is_sealed=np.array([False, True, False]))
        assert walk(net, (-100, 0), (300, 0)) == 400

    def test_where_all_edges_are_bridges_there_is_nothing_to_attach_to(self):
        net = network(STREET, is_sealed=np.array([True]))
        assert not snap(net, np.array([[0.0, 0.0]]), SNAP_M).is_attached[0]


class TestMakingANetwork:
    def test_islands_of_the_map_are_left_out(self):
        lines = [(0, 0), (900, 0)], [(900, 0), (900, 900)], [(5000, 0), (5500, 0)]
        assert len(network(*lines, least_component_m=600).lines) == 2
        assert len(network(*lines, least_component_m=500).lines) == 3
        assert not len(network(*lines, least_component_m=2000).lines)

    def test_lines_meet_where_they_cross(self):
        edges, *ends = joined([shapely.LineString(line) for line in CROSSING], 15)
        assert len(edges) == 4
        assert walk(network_of(edges, *ends), (0, 0), (50, 50)) == pytest.approx(100)

    @pytest.mark.parametrize(("short_m", "meets"), [(0, True), (14, True), (16, False)])
    def test_an_end_near_another_line_is_led_up_to_it(self, short_m, meets):
        lines = [shapely.LineString(line) for line in (STREET, [(100, 100), (100, short_m)])]
        edges, *ends = joined(lines, 15)
        found = walk(network_of(edges, *ends), (0, 0), (100, 100))
        assert found == (pytest.approx(200) if meets else np.inf)

    def test_nothing_makes_an_empty_network(self):
        edges, *ends = joined([], 15)
        assert not len(network_of(edges, *ends).lines)


# --- against networkx ----------------------------------------------------------------------------


@st.composite
def towns(draw):
    """Random networks with parallel edges, loops, edges without length and several parts, and
    sources and targets anywhere on them."""
    spots = draw(st.lists(st.tuples(*[st.integers(0, 300)] * 2), min_size=2, max_size=9))
    number = st.integers(0, len(spots) - 1)
    bends = st.tuples(*[st.integers(0, 300)] * 2)
    edges = draw(st.lists(st.tuples(number, number, st.none() | bends), min_size=1, max_size=14))
    lines = [
        shapely.LineString([spots[a], *([bend] if bend else []), spots[b]]) for a, b, bend in edges
    ]
    net = network_of(lines, *np.array([edge[:2] for edge in edges]).T)
    place = st.tuples(
        st.integers(0, len(edges) - 1), st.integers(0, 8), st.integers(0, 60), st.booleans()
    )
    sources, targets = (draw(st.lists(place, min_size=1, max_size=most)) for most in (4, 8))
    return net, _attached(net, sources), _attached(net, targets)


def _attached(net, places):
    """Places given as edge, eighths of its length, way off it, and whether attached at all."""
    edge = np.array([edge if on or edge else -1 for edge, _, _, on in places])
    share = np.array([eighths for _, eighths, _, _ in places]) / 8
    along_m = np.where(edge >= 0, net.length_m[edge] * share, 0.0)
    return Snapped(edge, along_m, np.array([float(off) for _, _, off, _ in places]))


def by_networkx(net, sources, targets):
    """The same distances: every edge is cut at every place on it."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(net.node_m)))
    for edge, length_m in enumerate(net.length_m):
        cuts = [(0.0, int(net.from_node[edge])), (length_m, int(net.to_node[edge]))]
        for kind, places in (("source", sources), ("target", targets)):
            for i in np.flatnonzero(places.edge == edge):
                cuts.append((places.along_m[i], (kind, int(i))))
        first, last, *inner = cuts
        chain = [first, *sorted(inner, key=lambda cut: cut[0]), last]
        for (a_m, a), (b_m, b) in itertools.pairwise(chain):
            graph.add_edge(a, b, weight=b_m - a_m)
    for i in np.flatnonzero(sources.is_attached):
        graph.add_edge(("door", int(i)), ("source", int(i)), weight=sources.off_m[i])
    doors = [("door", int(i)) for i in np.flatnonzero(sources.is_attached)]
    found = nx.multi_source_dijkstra_path_length(graph, doors) if doors else {}
    walk_m = [found.get(("target", i), np.inf) for i in range(len(targets))]
    return np.array(walk_m) + np.where(targets.is_attached, targets.off_m, 0.0)


@settings(max_examples=200, deadline=None)
@given(towns())
def test_distances_are_those_of_networkx(town):
    net, sources, targets = town
    walk_m, which = nearest(net, sources, targets)
    expected_m = by_networkx(net, sources, targets)
    # An edge without length counts as a millimetre.
    assert walk_m == pytest.approx(expected_m, abs=0.02)
    assert ((which >= 0) == np.isfinite(expected_m)).all()
    for target in np.flatnonzero(which >= 0):
        alone = nearest(net, sources.take([which[target]]), targets.take([target]))[0]
        assert alone == pytest.approx(walk_m[target])


@settings(max_examples=100, deadline=None)
@given(towns(), st.integers(0, 500))
def test_who_is_reached_within_a_limit_is_told_by_the_distances(town, limit):
    net, sources, targets = town
    limit_m = limit + 0.137
    found = reached(net, sources, targets, limit_m).toarray()
    for source in range(len(sources)):
        walk_m = nearest(net, sources.take([source]), targets)[0]
        assert (found[source] == (walk_m <= limit_m)).all()


@settings(max_examples=100, deadline=None)
@given(towns())
def test_a_further_toilet_never_lengthens_a_walk(town):
    net, sources, targets = town
    all_m = nearest(net, sources, targets)[0]
    for left_out in range(len(sources)):
        rest = np.arange(len(sources)) != left_out
        assert (nearest(net, sources.take(rest), targets)[0] >= all_m - 1e-9).all()


# --- straight walks ------------------------------------------------------------------------------


class TestStraightWalks:
    def test_the_nearest_on_the_same_bank_counts(self):
        walk_m, which = straight_nearest(
            np.array([[0.0, 0.0], [0.0, 400.0]]), np.array([[0.0, 100.0], [10.0, 0.0]]), RIVER
        )
        assert list(walk_m) == [300, 10] and list(which) == [1, 0]

    def test_across_the_river_nothing_is_reached(self):
        walk_m, which = straight_nearest(np.zeros((1, 2)), np.array([[0.0, 100.0]]), RIVER)
        assert np.isinf(walk_m[0]) and which[0] == -1

    @pytest.mark.parametrize("barred", [1, 11, 12, 13, 100])
    def test_however_many_are_barred_the_next_one_counts(self, barred):
        across = np.column_stack([np.arange(barred), np.zeros(barred)])
        sources = np.vstack([across, [[0.0, 500.0]]])
        walk_m, which = straight_nearest(sources, np.array([[0.0, 100.0]]), RIVER)
        assert walk_m[0] == 400 and which[0] == barred

    @pytest.mark.parametrize(("below_m", "expected"), [(50, np.inf), (60, 59), (np.inf, 59)])
    def test_one_that_is_no_nearer_than_wanted_is_not_looked_for(self, below_m, expected):
        found = straight_nearest(np.zeros((1, 2)), np.array([[0.0, 59.0]]), below_m=below_m)[0]
        assert found[0] == expected

    def test_from_the_water_itself_both_banks_are_free(self):
        walk_m, _ = straight_nearest(np.array([[0.0, 21.0]]), np.array([[0.0, 0.0]]), RIVER)
        assert walk_m[0] == 21

    @pytest.mark.parametrize("seed", range(5))
    def test_who_is_reached_within_a_limit_is_told_by_the_distances(self, seed):
        random = np.random.default_rng(seed)
        sources, targets = random.uniform(-300, 300, (30, 2)), random.uniform(-300, 300, (50, 2))
        wall = shapely.union_all([RIVER, shapely.LineString([(100, -300), (100, 300)])])
        found = straight_reached(sources, targets, 250, wall).toarray()
        for source, row in zip(sources, found, strict=True):
            walk_m = straight_nearest(source[None], targets, wall)[0]
            assert (row == (walk_m <= 250)).all()
        assert found.any() and not found.all()

    def test_of_nothing_nothing_is_reached(self):
        nothing, spot = np.empty((0, 2)), np.zeros((1, 2))
        assert straight_reached(nothing, spot, 100).shape == (0, 1)
        assert straight_reached(spot, nothing, 100).shape == (1, 0)
        assert straight_reached(spot, spot, 100).toarray() == [[1]]
        assert np.isinf(straight_nearest(nothing, spot)[0]).all()
