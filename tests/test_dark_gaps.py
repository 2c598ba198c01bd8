"""Candidates for dark spots: gaps between lamps along lines by hand, and the table made of them."""

from collections import ChainMap

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.check import check_replaced
from data.consequences import consequences
from data.contracts import TABLES
from data.dark_gaps import DARK_GAPS, dark_gaps
from data.derive import replacement
from data.frames import contract_frame, empty_frame
from data.geography import river_bank
from data.history import Change
from data.office_rules import rule_parameters
from data.registers.registry import register
from geo import gaps as geo_gaps
from geo.gaps import beside_longer, gaps, passings, stretches
from geo.geojson import to_text
from geo.projection import points_to_degrees, points_to_metres, to_degrees, to_metres
from tests.test_coverage import ORIGIN

REACH_M = 25
ALONG = [(0, 0), (400, 0)]
HAIRPIN = [(0, 0), (200, 0), (200, 20), (0, 20)]
CORNER = [(0, 0), (100, 0), (100, 100)]


def lines_of(*courses):
    return np.array([shapely.LineString(course) for course in courses], dtype=object)


def points_of(lamps):
    return np.array(lamps, dtype=float).reshape(-1, 2)


def gaps_along(*courses, lamps=()):
    """Lengths of the gaps of each course."""
    lines_m = lines_of(*courses)
    reach_m = np.full(len(lines_m), REACH_M)
    line, along_m, _ = passings(lines_m, points_of(lamps), reach_m)
    owner, from_m, to_m = gaps(shapely.length(lines_m), line, along_m)
    return [(to_m - from_m)[owner == n].tolist() for n in range(len(lines_m))]


@pytest.mark.parametrize(
    ("course", "lamps", "expected_m"),
    [
        pytest.param(ALONG, [(100, 6), (200, 6), (300, 6)], [100] * 4, id="evenly"),
        pytest.param(ALONG, [(300, 6), (100, 6)], [100, 200, 100], id="in any order"),
        pytest.param(ALONG, [(0, 0), (400, 0)], [0, 400, 0], id="at the ends"),
        pytest.param(ALONG, [(-15, 6), (415, 6)], [0, 400, 0], id="round the ends"),
        pytest.param(ALONG, [(100, 6), (200, -6)], [100, 100, 200], id="on the other side"),
        pytest.param(ALONG, [(100, 6), (100, 6)], [100, 0, 300], id="two in one place"),
        pytest.param(ALONG, [(100, 25)], [100, 300], id="just within reach"),
        pytest.param(ALONG, [(100, 25.1)], [400], id="out of reach"),
        pytest.param(ALONG, [], [400], id="no lamps"),
        pytest.param([(0, 0), (200, 0), (200, 0), (400, 0)], [(200, 6)], [200, 200],
                     id="a point drawn twice"),
        pytest.param(CORNER, [(105, -5)], [100, 100], id="outside a corner"),
        pytest.param(CORNER, [(90, 10)], [90, 20, 90], id="inside a corner"),
        pytest.param(HAIRPIN, [(100, 10)], [100, 220, 100], id="between two carriageways"),
        pytest.param([(7, 7), (7, 7)], [(8, 8)], [0, 0], id="no length"),
        pytest.param([(7, 7), (7, 7)], [], [0], id="no length, no lamps"),
    ],
)  # fmt: skip
def test_gaps_by_hand(course, lamps, expected_m):
    assert gaps_along(course, lamps=lamps) == [pytest.approx(expected_m)]


def test_a_lamp_counts_for_every_line_within_reach():
    crossing = [(200, -100), (200, 100)]
    found = gaps_along(ALONG, crossing, lamps=[(210, 10)])
    assert found == [pytest.approx([210, 190]), pytest.approx([110, 90])]


def test_each_line_has_its_own_reach():
    lines_m = lines_of(ALONG, ALONG)
    line, _, point = passings(lines_m, points_of([(50, 28), (90, 40)]), np.array([25, 30]))
    assert (line.tolist(), point.tolist()) == ([1], [0])


def test_without_lines_nothing_is_passed():
    none = np.array([], dtype=object)
    line, along_m, point = passings(none, points_of([(0, 0)]), np.array([]))
    assert len(line) == len(along_m) == len(point) == 0
    assert [len(column) for column in gaps(np.array([]), line, along_m)] == [0, 0, 0]


def test_points_taken_in_parts_are_all_there(monkeypatch):
    lines_m, lamps_m = lines_of(ALONG), points_of([(40 * n, 6) for n in range(10)])
    monkeypatch.setattr(geo_gaps, "CHUNK", 3)
    _, along_m, point = passings(lines_m, lamps_m, np.array([REACH_M]))
    assert dict(zip(point.tolist(), along_m.tolist(), strict=True)) == {
        n: 40 * n for n in range(10)
    }


spots = st.tuples(st.integers(0, 60), st.integers(0, 60))
courses = st.lists(st.lists(spots, min_size=2, max_size=6), min_size=1, max_size=4)


@settings(max_examples=200, deadline=None)
@given(courses, st.lists(spots, max_size=12))
def test_the_gaps_of_a_line_add_up_to_its_length(drawn, lamps):
    found = gaps_along(*drawn, lamps=lamps)
    assert [sum(lengths) for lengths in found] == pytest.approx(
        shapely.length(lines_of(*drawn)).tolist()
    )
    assert all(length >= 0 for lengths in found for length in lengths)


@settings(max_examples=200, deadline=None)
@given(courses, st.lists(spots, min_size=1, max_size=12))
def test_a_line_passes_a_lamp_within_reach_wherever_it_is_nearest_and_no_other(drawn, lamps):
    lines_m, lamps_m = lines_of(*drawn), points_of(lamps)
    line, along_m, point = passings(lines_m, lamps_m, np.full(len(lines_m), 12.0))
    at_m = shapely.line_interpolate_point(lines_m[line], along_m)
    assert (shapely.distance(at_m, shapely.points(lamps_m[point])) <= 12 + 1e-9).all()
    distance_m = shapely.distance(lines_m[:, None], shapely.points(lamps_m)[None, :])
    for i, j in np.argwhere(distance_m <= 12 - 1e-9):
        nearest = at_m[(line == i) & (point == j)]
        apart_m = shapely.distance(nearest, shapely.Point(lamps_m[j]))
        assert apart_m.min() == pytest.approx(distance_m[i, j], abs=1e-6)
    assert {*zip(line, point, strict=True)} <= {*map(tuple, np.argwhere(distance_m <= 12 + 1e-9))}


def test_a_stretch_is_the_part_of_the_line():
    cut = stretches(
        lines_of(ALONG, CORNER), np.array([1, 0]), np.array([50, 0]), np.array([150, 9])
    )
    assert [shapely.get_coordinates(part).tolist() for part in cut] == [
        [[50, 0], [100, 0], [100, 50]], [[0, 0], [9, 0]],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dark", "group", "beside"),
    [
        pytest.param([[(0, 0), (90, 0)], [(5, 20), (80, 20)]], [0, 0], [False, True], id="shorter"),
        pytest.param([[(0, 0), (90, 0)], [(0, 20), (90, 20)]], [0, 0], [False, True], id="as long"),
        pytest.param([[(0, 0), (90, 0)], [(0, 20), (90, 20)]], [0, 1], [False, False],
                     id="another street"),
        pytest.param([[(0, 0), (90, 0)], [(0, 30), (80, 30)]], [0, 0], [False, False],
                     id="too far aside"),
        pytest.param([[(0, 0), (90, 0)], [(50, 20), (130, 20)]], [0, 0], [False, False],
                     id="reaches beyond"),
        pytest.param([], [], [], id="none"),
    ],
)  # fmt: skip
def test_the_other_carriageway_of_a_dark_one(dark, group, beside):
    reach_m = np.full(len(dark), REACH_M)
    found = beside_longer(lines_of(*dark), np.array(group, dtype=int), reach_m)
    assert found.tolist() == beside


# --- the table -----------------------------------------------------------------------------------


HERE = {"subdistrict_code": "330102015", "subdistrict_name": "彭埠街道"}
EVENLY = [(20 + 40 * n, 6) for n in range(10)]
"""Lamps along a street of 400 m, 40 m apart."""
MISSING = [lamp for lamp in EVENLY if lamp[0] != 180]


@pytest.fixture(scope="module")
def empty():
    """A set of tables without any rows."""
    return {contract.path: empty_frame(contract.path) for contract in TABLES}


def text_of(*courses):
    """Courses in metres around the origin, as stored."""
    moved = [shapely.LineString(ORIGIN + points_of(course)) for course in courses]
    return to_text(to_degrees(shapely.MultiLineString(moved) if len(moved) > 1 else moved[0]))


def lamps_at(*places, kind="street_lamp", **columns):
    lon, lat = points_to_degrees(*(ORIGIN + points_of(places)).T)
    frame = pd.DataFrame({"lon": lon, "lat": lat}).assign(
        asset_id=[f"A{n}" for n in range(len(places))],
        asset_kind=kind,
        source_kind="register",
        **HERE,
        **columns,
    )
    return contract_frame("lighting.assets", frame)


def found(empty, lamps, *streets, rivers=()):
    """Rows for lamps; streets are (name, class, courses), rivers (name, courses)."""
    drawn = [(f"S{n}", *street) for n, street in enumerate(streets)]
    flowing = [(f"R{n}", *river) for n, river in enumerate(rivers)]
    rows = {
        "lighting.assets": lamps,
        "streets.streets": [
            {"street_id": key, "street_name": name, "street_class": street_class}
            for key, name, street_class, _ in drawn
        ],
        "streets.segments": [
            {"street_id": key, "geometry_json": text_of(*courses) if courses else None, **HERE}
            for key, _, _, courses in drawn
        ],
        "rivers.rivers": [{"river_id": key, "river_name": name} for key, name, _ in flowing],
        "rivers.reaches": [
            {"river_id": key, "geometry_json": text_of(*courses) if courses else None, **HERE}
            for key, _, courses in flowing
        ],
    }
    return dark_gaps(empty | {path: contract_frame(path, given) for path, given in rows.items()})


def street(*courses, name="试验路", street_class="tertiary"):
    return name, street_class, courses


def lengths(rows):
    # Stored courses are rounded to about a metre.
    return pytest.approx(rows["gap_m"].tolist(), abs=1.5)


@pytest.mark.parametrize(
    ("lamps", "expected_m"),
    [
        pytest.param(EVENLY, [], id="evenly"),
        pytest.param(MISSING, [80], id="one lamp missing"),
        pytest.param(EVENLY[:5], [220], id="none to the end"),
        pytest.param(EVENLY[5:], [220], id="none from the start"),
        pytest.param([*MISSING, (180, -20)], [], id="the other side lights it"),
        pytest.param([*MISSING, (180, 35)], [80], id="a lamp elsewhere does not"),
        pytest.param(EVENLY[:1] * 2, [380], id="two lamps in one place"),
    ],
)
def test_gaps_of_a_street(empty, lamps, expected_m):
    rows = found(empty, lamps_at(*lamps), street(ALONG))
    assert expected_m == lengths(rows)
    assert rows["has_lamps"].all()


def test_a_row_says_where_and_how_long(empty):
    (row,) = found(empty, lamps_at(*MISSING), street(ALONG)).to_dict("records")
    assert row["gap_m"] == pytest.approx(80, abs=1.5)
    middle_m = np.column_stack(points_to_metres([row["lon"]], [row["lat"]]))[0] - ORIGIN
    assert middle_m == pytest.approx([180, 0], abs=1.5)
    drawn_m = shapely.get_coordinates(to_metres(shapely.from_geojson(row["geometry_json"])))
    assert (drawn_m - ORIGIN).ravel() == pytest.approx([140, 0, 220, 0], abs=1.5)
    told = {name: row[name] for name in ("gap_id", "place_kind", "place_name", "source_kind")}
    assert told == {"gap_id": "G00001", "place_kind": "street", "place_name": "试验路",
                    "source_kind": "register"}  # fmt: skip
    assert {name: row[name] for name in HERE} == HERE


@pytest.mark.parametrize("columns", [
    {"kind": "scenery_light"}, {"place_name": "别处"}, {"state": "unlit"}, {"installed_year": 2025},
])  # fmt: skip
def test_any_lamp_counts(empty, columns):
    assert found(empty, lamps_at(*EVENLY, **columns), street(ALONG)).empty


def test_a_wide_street_is_lit_from_farther_off(empty):
    aside = lamps_at(*((x, 28) for x, _ in EVENLY))
    assert found(empty, aside, street(ALONG, street_class="primary")).empty
    assert len(found(empty, aside, street(ALONG, street_class="secondary"))) == 1


def test_a_street_that_no_lamp_stands_at_is_one_gap(empty):
    (row,) = found(empty, lamps_at((0, 300)), street(ALONG)).to_dict("records")
    assert row["gap_m"] == pytest.approx(400, abs=1.5)
    assert row["has_lamps"] is False


def test_parts_of_a_street_are_lines_of_their_own(empty):
    rows = found(empty, lamps_at(*EVENLY), street(ALONG, [(600, 0), (700, 0)]))
    assert lengths(rows) == [100]
    assert rows["has_lamps"].all()


def test_no_register_does_not_make_the_district_dark(empty):
    assert found(empty, empty_frame("lighting.assets"), street(ALONG)).empty


def test_without_lines_there_are_no_gaps(empty):
    assert found(empty, lamps_at((0, 0))).empty
    assert found(empty, lamps_at((0, 0)), street()).empty


@pytest.mark.parametrize(
    "left_out",
    [
        street(ALONG, name="试验隧道"),
        street(ALONG, name="试验地道"),
        street(ALONG, street_class="path"),
        street([(0, 0), (45, 0)]),
    ],
    ids=["a tunnel", "an underpass", "a trail", "shorter than the least gap"],
)
def test_what_is_not_looked_at(empty, left_out):
    assert found(empty, lamps_at((0, 300)), left_out).empty


def test_two_carriageways_are_dark_in_one_place(empty):
    other = [(0, 20), (400, 20)]
    lamps = lamps_at(*((x, 10) for x, _ in MISSING))
    assert lengths(found(empty, lamps, street(ALONG, other))) == [80]
    split = found(empty, lamps, street(ALONG), street(other, street_class="primary"))
    assert lengths(split) == [80]
    apart = found(empty, lamps, street(ALONG), street(other, name="别路"))
    assert sorted(apart["place_name"]) == ["别路", "试验路"]


class TestRiversides:
    """A river of 400 m along the x-axis."""

    def rows(self, empty, lamps, *streets, name="试验河"):
        return found(empty, lamps_at(*lamps), *streets, rivers=[(name, (ALONG,))])

    def test_a_missing_lamp_of_a_walk(self, empty):
        rows = self.rows(empty, [(x, 50) for x, _ in MISSING])
        assert lengths(rows) == [80]
        assert set(rows["place_kind"]) == {"riverside"}
        assert set(rows["place_name"]) == {"试验河"}

    @pytest.mark.parametrize(
        ("lamps", "expected_m"),
        [
            pytest.param([(10 * n, 20) for n in range(1, 6)], [350], id="as many as a walk has"),
            pytest.param([(10 * n, 20) for n in range(1, 4)], [], id="too few for a walk"),
            pytest.param([(x, 65) for x, _ in EVENLY], [], id="out of reach"),
        ],
    )
    def test_only_where_lamps_stand_is_a_walk(self, empty, lamps, expected_m):
        assert expected_m == lengths(self.rows(empty, lamps))

    def test_lamps_of_a_bridge_do_not_make_a_walk_but_light_it(self, empty):
        bridge = street([(200, -100), (200, 100)], name="试验桥")
        on_bridge = [(195, 20 * n) for n in range(-5, 6)]
        assert self.rows(empty, on_bridge, bridge).empty
        walk = [(x, 20) for x, _ in EVENLY if x < 160 or x > 240]
        assert lengths(self.rows(empty, walk)) == [120]
        assert lengths(self.rows(empty, [*walk, *on_bridge], bridge)) == [55, 65]

    def test_without_a_course_nothing_is_said(self, empty):
        assert found(empty, lamps_at(*EVENLY), rivers=[("试验河", ())]).empty


@pytest.fixture(scope="module")
def qiantang(built_tables):
    """The middle of the bank's longest piece (metres), and the sample without lamps around it."""
    bank_m = max(shapely.get_parts(to_metres(river_bank())), key=shapely.length)
    middle = bank_m.interpolate(0.5, normalized=True)
    lamps = built_tables["lighting.assets"]
    at = shapely.points(*points_to_metres(lamps["lon"].to_numpy(), lamps["lat"].to_numpy()))
    return middle, built_tables | {"lighting.assets": lamps[shapely.distance(at, middle) > 100]}


def middles_of(rows):
    return shapely.points(*points_to_metres(rows["lon"].to_numpy(), rows["lat"].to_numpy()))


def test_the_widest_river_is_looked_at_along_its_bank(qiantang):
    middle, tables = qiantang
    rows = dark_gaps(tables)
    rows = rows[rows["place_name"] == "钱塘江"]
    nearest = rows.iloc[np.argmin(shapely.distance(middles_of(rows), middle))]
    assert 140 <= nearest["gap_m"] <= 260
    assert (shapely.distance(middles_of(rows), to_metres(river_bank())) < 5).all()


def test_without_the_river_its_bank_is_not_looked_at(qiantang):
    tables = dict(qiantang[1])
    rivers = tables["rivers.rivers"]
    tables["rivers.rivers"] = rivers[rivers["river_name"] != "钱塘江"]
    assert "钱塘江" not in set(dark_gaps(tables)["place_name"])


def test_no_walk_runs_in_the_middle_of_open_water(empty, built_tables):
    rivers, reaches = built_tables["rivers.rivers"], built_tables["rivers.reaches"]
    river = rivers[rivers["river_name"] == "钱塘江"].assign(river_name="试验河")
    reaches = reaches[reaches["river_id"].isin(river["river_id"])]
    course_m = to_metres(shapely.from_geojson(reaches["geometry_json"].to_numpy(dtype=object)))
    afloat = [p for line in course_m for part in shapely.get_parts(line)
              for p in shapely.get_coordinates(shapely.segmentize(part, 90))]  # fmt: skip
    tables = empty | {"rivers.rivers": river, "rivers.reaches": reaches,
                      "lighting.assets": lamps_at(*(np.array(afloat) - ORIGIN))}  # fmt: skip
    assert dark_gaps(tables).empty


# --- the sample, and registers -------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(built_tables):
    return built_tables[DARK_GAPS]


def test_the_sample_has_some_candidates_and_not_everywhere(sample):
    beyond = sample[sample["gap_m"] >= rule_parameters()["dark_gap_m"]]
    assert 5 <= len(beyond) <= 100
    assert sample["gap_m"].min() >= rule_parameters()["dark_gap_least_m"]


def test_numbers_follow_subdistrict_kind_and_place(sample):
    places = sample[["subdistrict_code", "place_kind", "place_name"]].apply(tuple, axis=1)
    assert list(places) == sorted(places)
    assert list(sample["gap_id"]) == [f"G{n:05d}" for n in range(1, len(sample) + 1)]


def test_no_lamp_stands_within_a_gap_of_the_sample(sample, built_tables):
    lamps = built_tables["lighting.assets"]
    at = points_to_metres(lamps["lon"].to_numpy(), lamps["lat"].to_numpy())
    tree = shapely.STRtree(shapely.points(*at))
    lines_m = to_metres(shapely.from_geojson(sample["geometry_json"].to_numpy(dtype=object)))
    ends_m = shapely.buffer(shapely.boundary(lines_m), REACH_M + 2)
    inner_m = shapely.difference(lines_m, ends_m)
    assert not shapely.is_empty(inner_m).all()
    near_m = rule_parameters()["street_lamp_reach_m"] - 2
    assert tree.query(inner_m, predicate="dwithin", distance=near_m).size == 0


def test_the_order_of_the_lamps_changes_nothing(sample, built_tables):
    lamps = built_tables["lighting.assets"].sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(dark_gaps(built_tables | {"lighting.assets": lamps}), sample)


CHANGE = Change("import", "值班员甲", provider="区城管局", as_of="2023-06", source="登记.xlsx")


def replaced(name, tables, keep):
    """What follows when a part of a table's rows comes as a register."""
    rows = tables[register(name).dataset]
    made = replacement(
        register(name), rows[keep(rows)].assign(source_kind="register"), tables, CHANGE
    )
    standing = ChainMap(made.tables, tables)
    pd.testing.assert_frame_equal(made.tables[DARK_GAPS], dark_gaps(standing))
    assert check_replaced(standing, made.tables) == []
    return made


def test_new_lamps_make_the_candidates_anew(built_tables, sample):
    made = replaced("lighting_assets", built_tables, lambda f: np.arange(len(f)) % 3 == 0)
    assert len(made.tables[DARK_GAPS]) > 10 * len(sample)
    assert set(made.tables[DARK_GAPS]["source_kind"]) == {"register"}
    entry = next(entry for entry in made.meta if entry.dataset == DARK_GAPS)
    assert (entry.source_kind, entry.as_of) == ("register", "2023-06")
    assert entry.source == "由灯具计算：区城管局（登记.xlsx）"


@pytest.mark.parametrize("name", ["streets", "rivers"])
def test_new_lines_make_them_anew_and_they_still_are_about_the_same_lamps(
    name, built_tables, sample
):
    place = f"{name.removesuffix('s')}_name"
    kind = {"streets": "street", "rivers": "riverside"}[name]
    gone = sample.loc[sample["place_kind"] == kind, "place_name"].iloc[0]
    made = replaced(name, built_tables, lambda f: f[place] != gone)
    assert gone not in set(made.tables[DARK_GAPS]["place_name"])
    assert set(made.tables[DARK_GAPS]["source_kind"]) == {"sample"}
    assert DARK_GAPS not in {entry.dataset for entry in made.meta}


def test_what_will_be_made_anew_is_told_before(built):
    datasets = pd.DataFrame(
        [(entry.dataset, entry.source_kind, 1) for entry in built[1]],
        columns=["dataset", "source_kind", "row_count"],
    )
    for name in ("lighting_assets", "streets", "rivers"):
        told = consequences(register(name), datasets, "2023")
        assert any(sentence.startswith("“疑似盲区”将按新的") for sentence in told)
