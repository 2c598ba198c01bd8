"""Walks from the district's land to toilets: small towns by hand, years, people by cell."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.contracts import FIRST_YEAR, LAST_YEAR
from data.coverage import CELL_M, cell_walks, in_scope, is_open, land_cells, model_of, walk_model
from data.frames import contract_frame, empty_frame
from data.walk_network import rule
from geo import district
from geo.geojson import to_text
from geo.projection import points_to_degrees, points_to_metres, to_degrees

ORIGIN = np.round(points_to_metres(120.20, 30.28))
"""A spot of land in the district; towns are drawn around it in metres."""
HUBIN, CAIHE = "330102003", "330102012"


def at(*spots):
    """Longitudes and latitudes of spots given in metres from the origin."""
    return points_to_degrees(*(ORIGIN + np.array(spots, dtype=float)).T)


def ways_of(*lines, kind="street", structure=None):
    """Rows of the network that meet where they end at the same spot; as stored, in degrees."""
    names = {}
    rows = [
        {
            "way_id": f"{kind}{number}",
            "way_kind": kind,
            "structure": structure,
            "from_node": names.setdefault(line[0], len(names)),
            "to_node": names.setdefault(line[-1], len(names)),
            "geometry_json": to_text(to_degrees(shapely.LineString(ORIGIN + np.array(line)))),
            "source_kind": "osm",
        }
        for number, line in enumerate(lines)
    ]
    return contract_frame("streets.walk_ways", rows)


def town(*spots, ways):
    """A model whose cells lie at these spots."""
    lon, lat = at(*spots)
    frame = pd.DataFrame({"cell_id": np.arange(len(lon)).astype(str), "lon": lon, "lat": lat})
    return walk_model(ways, frame)


def toilets_at(*spots, **columns):
    lon, lat = at(*spots)
    ids = [f"T{number}" for number in range(len(lon))]
    rows = pd.DataFrame({"toilet_id": ids, "toilet_name": ids, "lon": lon, "lat": lat, **columns})
    return contract_frame("toilets.toilets", rows)


STREET = ways_of([(-1500, 0), (1500, 0)])
"""Long enough not to be an island of the map."""
ABOUT_M = 1.6
"""Stored positions are rounded to about a metre."""


class TestMethods:
    def test_near_a_street_one_walks_over_it(self):
        model = town((500, 100), ways=STREET)
        walk_m, which = model.walks(*at((-200, -50)))
        assert walk_m == pytest.approx([100 + 700 + 50], abs=ABOUT_M)
        assert list(which) == [0] and not model.is_straight[0]

    def test_far_from_every_street_the_straight_line_takes_a_detour(self):
        model = town((0, 400), ways=STREET)
        walk_m, _ = model.walks(*at((300, 0)))
        assert walk_m == pytest.approx([500 * 1.3], abs=ABOUT_M)
        assert model.is_straight[0]

    def test_a_toilet_far_from_the_street_is_reached_by_a_detour_too(self):
        model = town((0, 0), ways=STREET)
        walk_m, _ = model.walks(*at((300, 400)))
        assert walk_m == pytest.approx([300 + 400 * 1.3], abs=ABOUT_M)

    def test_a_toilet_farther_than_any_walk_serves_straight_alone(self):
        model = town((0, 0), (0, 1100), ways=STREET)
        walk_m, which = model.walks(*at((0, 1200)))
        assert np.isnan(walk_m[0]) and which[0] == -1
        assert walk_m[1] == pytest.approx(130, abs=ABOUT_M)

    def test_without_toilets_nothing_is_reached(self):
        walk_m, which = town((0, 0), (0, 400), ways=STREET).walks(np.empty(0), np.empty(0))
        assert np.isnan(walk_m).all() and (which == -1).all()

    def test_without_streets_all_is_straight(self):
        model = town((0, 0), ways=empty_frame("streets.walk_ways"))
        assert model.is_straight.all()
        assert model.walks(*at((100, 0)))[0] == pytest.approx([130], abs=ABOUT_M)

    def test_a_cell_beside_a_bridge_takes_the_street(self):
        bridge = ways_of([(-1500, 60), (1500, 60)], kind="path", structure="bridge")
        bridge = bridge.assign(from_node=10, to_node=11)
        model = town((0, 50), ways=pd.concat([STREET, bridge]))
        assert model.snapped.off_m == pytest.approx([50], abs=ABOUT_M)

    def test_a_railway_is_not_walked_across(self):
        railway = ways_of([(-800, 300), (800, 300)], kind="railway")
        without = town((0, 400), ways=STREET).walks(*at((0, 200)))[0]
        assert without == pytest.approx([200 * 1.3], abs=ABOUT_M)
        barred = town((0, 400), ways=pd.concat([STREET, railway])).walks(*at((0, 200)))[0]
        assert np.isnan(barred[0])

    def test_across_the_qiantang_no_one_walks_straight(self):
        model = walk_model(
            empty_frame("streets.walk_ways"),
            pd.DataFrame({"cell_id": ["a"], "lon": [120.215], "lat": [30.2500]}),
        )
        here = model.walks(np.array([120.213]), np.array([30.2520]))[0]
        across = model.walks(np.array([120.215]), np.array([30.2270]))[0]
        assert here[0] < 600 and np.isnan(across[0])

    def test_a_toilet_a_step_into_the_river_still_serves_its_bank(self):
        river = max((f.geometry for f in district.layer("water_areas")), key=lambda g: g.area)
        middle = river.representative_point()
        model = walk_model(
            empty_frame("streets.walk_ways"),
            pd.DataFrame({"cell_id": ["a"], "lon": [120.215], "lat": [30.2500]}),
        )
        assert np.isfinite(model.walks(np.array([middle.x]), np.array([middle.y]))[0]).all()


class TestLand:
    def test_cells_add_up_to_the_land_of_every_subdistrict(self):
        made = land_cells().groupby("subdistrict_code")["area_km2"].sum()
        water = shapely.union_all([f.geometry for f in district.layer("water_areas")])
        for code, area in district.subdistrict_areas().items():
            land = shapely.difference(area, water)
            metres = shapely.transform(land, lambda xy: np.column_stack(points_to_metres(*xy.T)))
            assert made[code] == pytest.approx(metres.area / 1e6, rel=1e-3)

    def test_no_cell_is_larger_than_its_square_and_none_bears_anothers_name(self):
        cells = land_cells()
        assert cells["area_km2"].between(0, CELL_M**2 / 1e6 + 1e-12).all()
        assert cells["cell_id"].is_unique

    def test_closed_areas_hold_no_cell(self):
        ring = [(-400, -400), (400, -400), (400, 400), (-400, 400), (-400, -400)]
        closed = ways_of(ring, kind="closed_area")
        model = model_of(pd.concat([STREET, closed]), empty_frame("base.population"))
        off_m = np.abs(model.cells_m - ORIGIN).max(axis=1)
        assert off_m.min() > 395
        assert len(land_cells()) - len(model.cells) == pytest.approx((800 / CELL_M) ** 2, rel=0.15)


@pytest.fixture(scope="module")
def model(built_tables):
    """The default network over the district."""
    return model_of(built_tables["streets.walk_ways"], empty_frame("base.population"))


@pytest.mark.parametrize("seed", range(3))
def test_a_toilet_more_shortens_walks_and_one_less_lengthens_them(model, built_tables, seed):
    rows = built_tables["toilets.toilets"].sample(60, random_state=seed)
    lon, lat = rows["lon"].to_numpy(), rows["lat"].to_numpy()
    walk_m = np.nan_to_num(model.walks(lon, lat)[0], nan=np.inf)
    fewer_m = np.nan_to_num(model.walks(lon[1:], lat[1:])[0], nan=np.inf)
    assert (fewer_m >= walk_m).all()
    assert (fewer_m > walk_m).any()


def test_twenty_thousand_toilets_are_no_matrix(model, built_tables):
    toilets = built_tables["toilets.toilets"]
    many = toilets.sample(20_000, replace=True, random_state=1)
    walk_m = model.walks(many["lon"].to_numpy(), many["lat"].to_numpy())[0]
    once_m = model.walks(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())[0]
    assert walk_m == pytest.approx(once_m, nan_ok=True, abs=0.01)


def test_no_walk_is_shorter_than_the_straight_line(model, built_tables):
    toilets = built_tables["toilets.toilets"]
    places_m, _ = model.places(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())
    walk_m, which = model.walks(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())
    reached = which >= 0
    straight_m = np.hypot(*(model.cells_m[reached] - places_m[which[reached]]).T)
    assert (walk_m[reached] >= straight_m - 0.01).all()
    assert np.isnan(walk_m[~reached]).all()


# --- years and scopes ----------------------------------------------------------------------------


class TestYears:
    TOILETS = toilets_at(
        (1000, 0), (600, 0), (0, 0), opened_year=[None, 2022, 2024], is_social=[False, None, True]
    )

    def walks(self, toilets=TOILETS):
        return cell_walks(town((0, 0), ways=STREET), toilets, "register")

    def test_years_in_which_the_same_toilets_are_open_share_their_row(self):
        walks = self.walks()
        rows = walks[walks["scope"] == "all"]
        spans = list(zip(rows["from_year"], rows["to_year"], strict=True))
        assert spans == [(FIRST_YEAR, 2021), (2022, 2023), (2024, LAST_YEAR)]
        assert rows["walk_m"].to_list() == pytest.approx([1000, 600, 0], abs=ABOUT_M)
        assert list(rows["toilet_id"]) == ["T0", "T1", "T2"]

    def test_toilets_of_businesses_are_no_public_ones(self):
        walks = self.walks()
        rows = walks[walks["scope"] == "public"]
        spans = list(zip(rows["from_year"], rows["to_year"], strict=True))
        assert spans == [(FIRST_YEAR, 2021), (2022, LAST_YEAR)]

    def test_a_cell_that_a_new_toilet_does_not_serve_keeps_its_row(self):
        toilets = toilets_at((0, 0), (1000, 0), opened_year=[None, 2023])
        model = town((0, 0), (900, 0), ways=STREET)
        walks = cell_walks(model, toilets, "register").query("scope == 'all'")
        by_cell = walks.groupby("cell_id")[["from_year", "to_year"]].agg(list)
        assert list(by_cell["from_year"]) == [[FIRST_YEAR], [FIRST_YEAR, 2023]]
        assert list(by_cell["to_year"]) == [[LAST_YEAR], [2022, LAST_YEAR]]

    def test_before_the_first_toilet_nothing_is_reached(self):
        walks = self.walks(toilets_at((0, 0), opened_year=[2023]))
        first, then = walks[walks["scope"] == "all"].to_dict("records")
        assert (first["from_year"], first["to_year"]) == (FIRST_YEAR, 2022)
        assert pd.isna(first["walk_m"]) and pd.isna(first["toilet_id"])
        assert then["toilet_id"] == "T0"

    def test_while_no_toilet_says_whether_it_is_open_at_night_that_scope_has_no_rows(self):
        assert set(self.walks()["scope"]) == {"all", "public"}
        told = self.TOILETS.assign(is_open_24h=pd.array([True, False, None], "boolean"))
        rows = self.walks(told).query("scope == 'open_24h'")
        assert list(rows["toilet_id"]) == ["T0"]

    def test_open_at_night_nowhere_is_a_scope_that_reaches_nothing(self):
        told = self.TOILETS.assign(is_open_24h=pd.array([False] * 3, "boolean"))
        rows = self.walks(told).query("scope == 'open_24h'")
        assert len(rows) == 1 and rows["walk_m"].isna().all()

    def test_without_toilets_there_are_no_rows(self):
        assert self.walks(empty_frame("toilets.toilets")).empty

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [("all", [1, 1, 1]), ("public", [1, 1, 0]), ("open_24h", [0, 0, 0])],
    )
    def test_what_a_scope_takes_in(self, scope, expected):
        assert list(in_scope(self.TOILETS, scope)) == expected

    @pytest.mark.parametrize(
        ("year", "expected"), [(2021, [1, 0, 0]), (2022, [1, 1, 0]), (2024, [1, 1, 1])]
    )
    def test_one_without_a_year_is_open_in_every_year(self, year, expected):
        assert list(is_open(self.TOILETS, year)) == expected


# --- people --------------------------------------------------------------------------------------


def people(*rows):
    columns = ["area_id", "subdistrict_code", "lon", "lat", "residents"]
    frame = pd.DataFrame(rows, columns=columns)
    return contract_frame("base.population", frame.assign(area_name=frame["area_id"]))


class TestPeople:
    WAYS = ways_of([(-1500, 0), (1500, 0)])

    def cells(self, population):
        return model_of(self.WAYS, population).cells

    def test_nobody_is_lost_and_nobody_counted_twice(self):
        hubin = district.subdistrict_areas()[HUBIN].representative_point()
        population = people(
            ("a", HUBIN, hubin.x, hubin.y, 7_001),
            ("b", HUBIN, None, None, 12_345),
            ("c", CAIHE, None, None, 33_333),
        )
        cells = self.cells(population)
        sums = cells.groupby("subdistrict_code")["residents"].sum()
        assert sums[HUBIN] == pytest.approx(19_346, abs=1e-6)
        assert sums[CAIHE] == pytest.approx(33_333, abs=1e-6)
        assert sums.drop([HUBIN, CAIHE]).eq(0).all()

    def test_those_of_a_point_live_in_the_cell_there(self):
        cell = land_cells().query("subdistrict_code == @HUBIN").iloc[100]
        cells = self.cells(people(("a", HUBIN, cell["lon"], cell["lat"], 250)))
        assert cells.set_index("cell_id")["residents"].loc[cell["cell_id"]] == 250
        assert cells["residents"].sum() == 250

    def test_a_point_across_the_border_stays_with_its_subdistrict(self):
        elsewhere = district.subdistrict_areas()[CAIHE].representative_point()
        cells = self.cells(people(("a", HUBIN, elsewhere.x, elsewhere.y, 40)))
        assert set(cells.loc[cells["residents"] > 0, "subdistrict_code"]) == {HUBIN}

    def test_those_without_a_point_are_spread_by_land(self):
        cells = self.cells(people(("a", CAIHE, None, None, 1_000)))
        here = cells[cells["subdistrict_code"] == CAIHE]
        density = here["residents"] / here["area_km2"]
        assert density.to_numpy() == pytest.approx(np.full(len(here), density.iloc[0]))

    def test_while_none_are_registered_they_are_unknown_and_not_none(self):
        assert self.cells(empty_frame("base.population"))["residents"].isna().all()


def test_the_limit_of_a_thin_network_is_the_offices():
    assert rule("thin_network_m") == 150 and rule("detour_ratio") == 1.3
    near, far = ((0, 145), (0, 155))
    assert list(town(near, far, ways=STREET).is_straight) == [False, True]
