"""How far apart toilets stand along streets: by hand, along one street and round its corner."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.contracts import LAST_YEAR
from data.frames import contract_frame
from data.toilet_spacing import spacing_limits, street_spacing
from geo.geojson import to_text
from geo.projection import to_degrees
from tests.test_coverage import ORIGIN, STREET, toilets_at, town, ways_of

COURSE = [(0, 0), (1000, 0)]
SPOT_M = 25
"""Spots are looked at in the middle of every 25 m of a street."""


def spacing(
    *toilets, street_class="tertiary", course=COURSE, ways=STREET, name="试验路", **columns
):
    """What is said of one street; None where nothing is."""
    line = to_degrees(shapely.LineString(ORIGIN + np.array(course, dtype=float)))
    streets = contract_frame(
        "streets.streets",
        [{"street_id": "S1", "street_name": name, "street_class": street_class}],
    )
    segments = contract_frame(
        "streets.segments",
        [
            {
                "street_id": "S1",
                "subdistrict_code": "330102016",
                "subdistrict_name": "笕桥街道",
                "length_m": shapely.LineString(course).length,
                "geometry_json": to_text(line),
            }
        ],
    )
    model = town((0, 0), ways=ways)
    placed = toilets_at(*toilets, **columns) if toilets else toilets_at((0, 0)).head(0)
    found = street_spacing(model, streets, segments, placed, "register")
    return found.iloc[0] if len(found) else None


@pytest.mark.parametrize(
    ("street_class", "kind", "served_m"),
    [
        ("pedestrian", "commercial", 200),
        ("tertiary", "living", 300),
        ("residential", "living", 300),
        ("primary", "traffic", 600),
        ("secondary", "traffic", 600),
    ],
)
def test_from_a_toilet_at_its_end_a_street_is_served_for_half_the_spacing(
    street_class, kind, served_m
):
    row = spacing((0, 0), street_class=street_class)
    assert row["spacing_kind"] == kind
    assert row["beyond_m"] == pytest.approx(1000 - served_m, abs=0.5)
    assert row["farthest_m"] == pytest.approx(1000 - SPOT_M / 2, abs=2)


@pytest.mark.parametrize(
    ("toilets", "beyond_m", "farthest_m"),
    [
        pytest.param([(500, 0)], 400, 500 - SPOT_M / 2, id="one in the middle"),
        pytest.param([(200, 0), (800, 0)], 0, 300 - SPOT_M / 2, id="two at the full spacing"),
        pytest.param([(0, 0), (1000, 0)], 400, 500 - SPOT_M / 2, id="two at the ends"),
        pytest.param([(500, 100)], 600, 600 - SPOT_M / 2, id="the way off the street counts"),
    ],
)
def test_spacing_by_hand(toilets, beyond_m, farthest_m):
    row = spacing(*toilets)
    assert row["beyond_m"] == pytest.approx(beyond_m, abs=0.5)
    assert row["farthest_m"] == pytest.approx(farthest_m, abs=3)


@pytest.mark.parametrize("name", ["试验隧道", "试验高架路", "试验立交", "试验大桥"])
def test_where_no_toilet_can_stand_beside_the_street_nothing_is_asked_of_it(name):
    assert spacing((0, 0), name=name) is None


def test_a_toilet_round_the_corner_serves_the_street_too():
    corner = ways_of([(-1500, 0), (0, 0)], [(0, 0), (1500, 0)], [(0, 0), (0, 900)])
    row = spacing((0, 200), ways=corner)
    assert row["beyond_m"] == pytest.approx(900, abs=0.5)


def test_streets_without_a_limit_are_not_judged():
    assert "trunk" not in set(spacing_limits()["street_class"])
    assert spacing((0, 0), street_class="trunk") is None


def test_without_toilets_nothing_is_said():
    assert spacing() is None


@pytest.mark.parametrize(
    "columns",
    [{"is_social": [True]}, {"opened_year": [LAST_YEAR + 1]}],
    ids=["opened by a business", "not open yet"],
)
def test_where_no_public_toilet_is_reached_all_is_beyond_and_no_distance_is_told(columns):
    row = spacing((0, 0), **columns)
    assert row["beyond_m"] == 1000 and pd.isna(row["farthest_m"])


def test_a_street_that_no_way_leads_to_is_beyond():
    apart = pd.concat([STREET, ways_of([(-1500, 600), (1500, 600)]).assign(
        way_id="X", from_node=10, to_node=11)])  # fmt: skip
    row = spacing((0, 0), course=[(0, 600), (1000, 600)], ways=apart)
    assert row["beyond_m"] == 1000 and pd.isna(row["farthest_m"])


def test_a_street_shorter_than_half_a_step_is_left_out():
    assert spacing((0, 0), course=[(0, 0), (10, 0)]) is None


def test_every_limit_has_its_clause():
    limits = spacing_limits()
    assert limits["clause"].str.startswith("CJJ 27-2012").all()
    assert limits["street_class"].is_unique
