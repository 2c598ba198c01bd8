"""Where to build next: the choice against brute force, and proposals over the district's land."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from data.coverage import model_of
from data.frames import empty_frame
from data.toilet_sites import gains, nearest_candidate, propose, with_sites
from data.walk_network import rule
from geo.projection import points_to_metres
from geo.siting import most_covering

HUBIN, DINGLAN = "330102003", "330102017"
WORST_SHARE = 1 - 1 / np.e

# --- the choice ----------------------------------------------------------------------------------


def total(covers, weight, chosen):
    return weight[covers[list(chosen)].any(axis=0)].sum()


def best_possible(covers, weight, count, places_m=None, gap_m=0.0):
    """What the best of all choices of at most ``count`` candidates covers."""
    found = 0.0
    for size in range(1, min(count, len(covers)) + 1):
        for chosen in combinations(range(len(covers)), size):
            near = places_m is not None and any(
                np.hypot(*(places_m[a] - places_m[b])) < gap_m for a, b in combinations(chosen, 2)
            )
            if not near:
                found = max(found, total(covers, weight, chosen))
    return found


@st.composite
def cases(draw):
    candidates, demand = draw(st.integers(1, 8)), draw(st.integers(1, 10))
    covers = draw(
        st.lists(st.booleans(), min_size=candidates * demand, max_size=candidates * demand)
    )
    weight = draw(st.lists(st.integers(0, 9), min_size=demand, max_size=demand))
    spot = st.tuples(*[st.integers(0, 20)] * 2)
    places = draw(st.lists(spot, min_size=candidates, max_size=candidates))
    covers = np.array(covers, dtype=bool).reshape(candidates, demand)
    return covers, np.array(weight, dtype=float), draw(st.integers(1, 4)), np.array(places, float)


def chosen_of(covers, weight, count, *spacing):
    return most_covering(csr_array(covers.astype(float)), weight, count, *spacing)


@settings(max_examples=300, deadline=None)
@given(cases())
def test_it_is_within_the_classical_share_of_brute_force_and_the_guarantee_is_true(case):
    covers, weight, count, _ = case
    choice = chosen_of(covers, weight, count)
    best = best_possible(covers, weight, count)
    assert choice.gains.sum() == pytest.approx(total(covers, weight, choice.chosen))
    assert choice.gains.sum() >= WORST_SHARE * best - 1e-9
    assert choice.upper_bound >= best - 1e-6
    if best:
        assert choice.gains.sum() / best >= choice.guarantee - 1e-9
        assert WORST_SHARE <= choice.guarantee <= 1
    else:
        assert choice.guarantee is None and not len(choice.chosen)


@settings(max_examples=300, deadline=None)
@given(cases(), st.integers(1, 15))
def test_with_a_least_distance_the_guarantee_stays_true(case, gap_m):
    covers, weight, count, places_m = case
    choice = chosen_of(covers, weight, count, places_m, gap_m)
    for a, b in combinations(choice.chosen, 2):
        assert np.hypot(*(places_m[a] - places_m[b])) >= gap_m
    best = best_possible(covers, weight, count, places_m, gap_m)
    assert choice.upper_bound >= best - 1e-6
    assert choice.gains.sum() <= best + 1e-9


@settings(max_examples=200, deadline=None)
@given(cases())
def test_every_step_takes_the_most_that_is_left(case):
    covers, weight, count, _ = case
    choice = chosen_of(covers, weight, count)
    rest = weight.copy()
    for candidate, gain in zip(choice.chosen, choice.gains, strict=True):
        left = covers @ rest
        assert gain == pytest.approx(left.max()) and gain > 0
        assert candidate == np.flatnonzero(np.isclose(left, left.max()))[0]
        rest[covers[candidate]] = 0
    assert len(choice.chosen) == count or (covers @ rest).max() == 0


def test_the_first_choice_may_stand_in_the_way_of_the_best():
    # The third covers most alone, but the other two cover all.
    covers = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 1, 0]], dtype=bool)
    choice = chosen_of(covers, np.ones(6), 2)
    assert list(choice.chosen) == [2, 0] and list(choice.gains) == [4, 1]
    assert 5 / 6 >= choice.guarantee >= WORST_SHARE


def test_where_no_two_overlap_the_choice_is_known_to_be_the_best():
    choice = chosen_of(np.eye(5, dtype=bool), np.array([3.0, 1, 4, 1, 5]), 3)
    assert list(choice.chosen) == [4, 2, 0]
    assert choice.guarantee == pytest.approx(1)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [2, 5, 20])
def test_it_covers_no_less_than_the_candidates_that_are_best_alone(seed, count):
    random = np.random.default_rng(seed)
    sites, spots = random.uniform(0, 3000, (200, 2)), random.uniform(0, 3000, (800, 2))
    covers = np.hypot(*(sites[:, None] - spots).T).T <= 400
    weight = random.integers(0, 50, len(spots)).astype(float)
    alone = np.argsort(-(covers @ weight))[:count]
    choice = chosen_of(covers, weight, count)
    assert choice.gains.sum() >= total(covers, weight, alone)
    assert choice.guarantee > 0.85


@pytest.mark.parametrize("covers", [np.zeros((0, 4), bool), np.zeros((3, 0), bool)])
def test_without_candidates_or_demand_nothing_is_chosen(covers):
    choice = chosen_of(covers, np.ones(covers.shape[1]), 3, np.zeros((len(covers), 2)), 100)
    assert not len(choice.chosen) and choice.guarantee is None


# --- over the district ---------------------------------------------------------------------------


class District:
    """The default network with the sample's toilets, and what is asked of it."""

    def __init__(self, tables):
        self.model = model_of(tables["streets.walk_ways"], empty_frame("base.population"))
        toilets = tables["toilets.toilets"]
        lon, lat = toilets["lon"].to_numpy(), toilets["lat"].to_numpy()
        self.taken_m = np.column_stack(points_to_metres(lon, lat))
        self.walk_m = self.model.walks(lon, lat)[0]
        self.area_km2 = self.model.cells["area_km2"].to_numpy()

    def propose(self, **changed):
        asked = {"count": 10, "reach_m": 500.0, "gap_m": 300.0, "codes": None}
        asked |= {"weight": self.area_km2, **changed}
        walk_m, taken_m = asked.pop("walk_m", self.walk_m), asked.pop("taken_m", self.taken_m)
        return propose(self.model, walk_m, taken_m, **asked)


@pytest.fixture(scope="module")
def district(built_tables):
    return District(built_tables)


def positions(sites):
    return np.array([site.lon for site in sites]), np.array([site.lat for site in sites])


@pytest.mark.parametrize(("reach_m", "count"), [(300, 30), (500, 10), (750, 1), (1500, 30)])
def test_what_is_promised_is_reached_once_the_sites_stand(district, reach_m, count):
    proposal = district.propose(reach_m=reach_m, count=count)
    assert 0 < len(proposal.sites) <= count
    after_m = with_sites(district.model, district.walk_m, *positions(proposal.sites))
    newly = (after_m <= reach_m) & ~(district.walk_m <= reach_m)
    promised = [site.gain for site in proposal.sites]
    assert district.area_km2[newly].sum() == pytest.approx(sum(promised))
    assert promised == sorted(promised, reverse=True) and min(promised) > 0
    assert WORST_SHARE < proposal.guarantee_pct / 100 <= 1


def test_positions_of_five_decimals_keep_their_gains(district):
    sites = district.propose().sites
    lon, lat = positions(sites)
    assert (lon == lon.round(5)).all() and (lat == lat.round(5)).all()
    again = gains(
        district.model, district.walk_m, lon, lat, reach_m=500.0, weight=district.area_km2
    )
    assert [s.gain for s in again] == pytest.approx([s.gain for s in sites])
    assert [s.subdistrict_code for s in again] == [s.subdistrict_code for s in sites]


def test_in_another_order_the_sites_add_the_same_together(district):
    lon, lat = positions(district.propose().sites)
    asked = {"reach_m": 500.0, "weight": district.area_km2}
    there = gains(district.model, district.walk_m, lon, lat, **asked)
    back = gains(district.model, district.walk_m, lon[::-1], lat[::-1], **asked)
    assert sum(s.gain for s in there) == pytest.approx(sum(s.gain for s in back))


def test_a_site_named_twice_adds_nothing_the_second_time(district):
    lon, lat = positions(district.propose(count=1).sites * 2)
    first, second = gains(
        district.model, district.walk_m, lon, lat, reach_m=500.0, weight=district.area_km2
    )
    assert first.gain > 0 and second.gain == 0


@pytest.mark.parametrize("gap_m", [0.0, 300.0, 1000.0])
def test_sites_keep_their_distance_from_toilets_and_one_another(district, gap_m):
    sites = district.propose(gap_m=gap_m, count=30).sites
    sites_m = np.column_stack(points_to_metres(*positions(sites)))
    apart_m = np.hypot(*(sites_m[:, None] - np.vstack([district.taken_m, sites_m])).T)
    itself = len(district.taken_m) + np.arange(len(sites))
    apart_m[itself, np.arange(len(sites))] = np.inf
    assert apart_m.min() >= gap_m


@pytest.mark.parametrize("codes", [[HUBIN], [DINGLAN], [HUBIN, DINGLAN]])
def test_sites_stand_in_the_chosen_subdistricts_and_count_their_land_alone(district, codes):
    sites = district.propose(codes=codes, reach_m=300.0, gap_m=100.0).sites
    assert sites and {site.subdistrict_code for site in sites} <= set(codes)
    after_m = with_sites(district.model, district.walk_m, *positions(sites))
    newly = (after_m <= 300) & ~(district.walk_m <= 300)
    here = district.model.cells["subdistrict_code"].isin(codes).to_numpy()
    assert district.area_km2[newly & here].sum() == pytest.approx(sum(s.gain for s in sites))


def test_where_the_map_has_no_streets_sites_are_proposed_all_the_same(district):
    cells = district.model.cells
    there = cells["subdistrict_code"] == DINGLAN
    assert (cells.loc[there, "method"] == "straight").all()
    assert len(district.propose(codes=[DINGLAN], count=5).sites) == 5


def test_people_lead_elsewhere_than_land(district):
    people = np.zeros(len(district.area_km2))
    far = np.flatnonzero((district.walk_m > 750) & ~district.model.is_straight)[0]
    people[far] = 1234
    proposal = district.propose(weight=people, gap_m=0.0, reach_m=500.0)
    assert [site.gain for site in proposal.sites] == [1234]
    assert proposal.guarantee_pct == pytest.approx(100)


@pytest.mark.parametrize(
    "asked",
    [
        {"reach_m": 50_000.0, "walk_m": None},
        {"weight": None},
        {"codes": []},
        {"count": 0},
        {"gap_m": 50_000.0},
    ],
    ids=["all is covered", "no weight is known", "no subdistrict", "no site", "no room"],
)
def test_where_nothing_can_be_gained_nothing_is_promised(district, asked):
    cells = len(district.area_km2)
    stand_ins = {"walk_m": np.zeros(cells), "weight": np.full(cells, np.nan)}
    asked = {key: stand_ins[key] if value is None else value for key, value in asked.items()}
    proposal = district.propose(**asked)
    assert proposal.sites == () and proposal.guarantee_pct is None


def test_without_a_single_toilet_sites_are_proposed(district):
    nothing = np.full(len(district.area_km2), np.nan)
    proposal = district.propose(walk_m=nothing, taken_m=np.empty((0, 2)), count=3)
    assert len(proposal.sites) == 3
    assert np.isfinite(with_sites(district.model, nothing, *positions(proposal.sites))).any()


def test_no_sites_change_nothing(district):
    none = np.empty(0)
    assert gains(district.model, district.walk_m, none, none, reach_m=500.0,
                 weight=district.area_km2) == []  # fmt: skip
    same = with_sites(district.model, district.walk_m, none, none)
    assert np.array_equal(same, district.walk_m, equal_nan=True)


class TestNearestCandidate:
    def test_every_cell_finds_one_on_the_land_near_by(self, district):
        cells = district.model.cells.iloc[::997]
        for lon, lat in zip(cells["lon"], cells["lat"], strict=True):
            found = nearest_candidate(district.model, lon, lat)
            assert found == (round(found[0], 5), round(found[1], 5))
            apart_m = np.subtract(points_to_metres(*found), points_to_metres(lon, lat))
            assert np.hypot(*apart_m) < 2 * rule("thin_candidate_spacing_m")

    def test_a_proposed_site_is_its_own(self, district):
        for site in district.propose(count=5).sites:
            assert nearest_candidate(district.model, site.lon, site.lat) == (site.lon, site.lat)

    def test_it_keeps_off_what_is_taken(self, district):
        site = district.propose(count=1).sites[0]
        taken_m = np.array([points_to_metres(site.lon, site.lat)])
        found = nearest_candidate(district.model, site.lon, site.lat, taken_m, 200.0)
        apart_m = np.hypot(*(np.array(points_to_metres(*found)) - taken_m[0]))
        assert 200 <= apart_m < 500

    @pytest.mark.parametrize(("lon", "lat"), [(120.17, 31.0), (0.0, 0.0)])
    def test_far_from_the_district_there_is_none(self, district, lon, lat):
        assert nearest_candidate(district.model, lon, lat) is None

    def test_candidates_on_streets_stand_on_them(self, district):
        near = district.model.cells[~district.model.is_straight].iloc[::499]
        spots = [nearest_candidate(district.model, *at) for at in near[["lon", "lat"]].to_numpy()]
        _, snapped = district.model.places(*np.array(spots).T)
        on_street = snapped.off_m < 1
        assert on_street.mean() > 0.9
