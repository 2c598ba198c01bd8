"""The toilet page in its modes: figures against SQL of our own, the circle, the field, what is missing."""

import json
import math

import numpy as np
import pytest
from PIL import Image

from tests import incomplete
from tests.incomplete import HOSTILE, shown_texts
from tests.reading import ONE, TWO, WHOLE, View, within
from tests.test_incomplete_registers import MACHINE_WORDS
from ui import basemap, layers, toilet_field

MODES = ("walk", "grade", "density", "spacing", "sites")
every_mode = pytest.mark.parametrize("mode", MODES)
places = pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])
TEN = {"scope": "all", "minutes": "10", "kmh": "4.5"}
CIRCLES = [
    TEN,
    {"scope": "public", "minutes": "5", "kmh": "3"},
    {"scope": "open_24h", "minutes": "15", "kmh": "5.5"},
]
"""Circles as the address asks for them."""
OPEN = "coalesce(opened_year <= {year}, true) AND NOT coalesce(is_social, false)"


@pytest.fixture
def seen(site):
    """The toilet page under keys of the address."""
    return lambda codes=WHOLE, **query: View(
        site.open("toilets", **({"sub": list(codes)} if codes else {}), **query)
    )


def covered(sql, circle, codes, year=2025):
    """Land and covered land (km²) of a circle, out of the tables."""
    reach_m = float(circle["minutes"]) * float(circle["kmh"]) * 1000 / 60
    found = sql(f"""
        SELECT sum(area_km2) AS land, coalesce(sum(area_km2) FILTER (walk_m <= {reach_m}), 0) AS near
        FROM toilets.coverage_cells JOIN toilets.cell_walks USING (cell_id)
        WHERE scope = '{circle["scope"]}' AND {year} BETWEEN from_year AND to_year AND {within(codes)}
    """).iloc[0]
    return found["land"], found["near"]


def circle_card(view):
    (card,) = [card for name, card in view.cards.items() if name.endswith("如厕圈覆盖")]
    return card


def cells(view):
    """Squares of land out of reach that the map lets one click."""
    (layer,) = [one for one in view.map["layers"] if one["id"].startswith("walk-cells")]
    return layer["data"]


# --- the circle ----------------------------------------------------------------------------------


@pytest.mark.parametrize("circle", CIRCLES, ids=lambda one: one["scope"])
@pytest.mark.parametrize("year", [2020, 2025])
@places
def test_card_sentence_and_bars_say_what_the_circle_covers(seen, sql, circle, codes, year):
    view = seen(codes, year=str(year), **circle)
    assert not view.failures
    land, near = covered(sql, circle, codes, year)
    assert circle_card(view).agrees(100 * near / land)
    assert circle_card(view).is_sample
    told = "".join(view.texts("findings"))
    assert f"{land - near:.2f} km²" in told or "已全部覆盖" in told
    for code in codes or ("330102001", "330102018"):
        land, near = covered(sql, circle, (code,), year)
        assert view.bars.at[code, "value"] == pytest.approx(100 * near / land, abs=1e-3)


def test_the_largest_gap_is_named_first(seen, sql):
    worst = sql("""
        SELECT replace(subdistrict_name, '街道', '') AS name FROM toilets.coverage_cells
        JOIN toilets.cell_walks USING (cell_id)
        WHERE scope = 'all' AND 2025 BETWEEN from_year AND to_year AND coalesce(walk_m > 750, true)
        GROUP BY 1 ORDER BY sum(area_km2) DESC
    """)["name"]
    told = "".join(seen().texts("findings"))
    gap = told[told.index("缺口最大的是") :]
    assert gap.index(worst[0]) < gap.index(worst[1]) < gap.index(worst[2])


def test_methods_are_told_with_their_part_of_the_land_and_what_each_covers(seen, sql):
    found = sql("""
        SELECT method, 100 * sum(area_km2) / sum(sum(area_km2)) OVER () AS part,
               100 * sum(area_km2) FILTER (walk_m <= 750) / sum(area_km2) AS near
        FROM toilets.coverage_cells JOIN toilets.cell_walks USING (cell_id)
        WHERE scope = 'all' AND 2025 BETWEEN from_year AND to_year GROUP BY method
    """).set_index("method")
    lines = "".join(seen().texts("lines"))
    assert "沿路网{part:.1f}% · {near:.1f}%".format(**found.loc["network"]) in lines
    assert "直线×1.3 估算{part:.1f}% · {near:.1f}%".format(**found.loc["straight"]) in lines


@places
def test_the_table_of_the_circle_has_a_row_a_subdistrict(seen, sql, codes):
    rows = seen(codes).rows.set_index("街道")
    names = sql(f"SELECT * FROM base.subdistricts WHERE {within(codes)}").set_index(
        "subdistrict_code"
    )
    assert set(rows.index) == set(names["subdistrict_name"])
    for code, name in names["subdistrict_name"].items():
        land, near = covered(sql, TEN, (code,))
        assert rows.at[name, "已覆盖（km²）"] == pytest.approx(near)
        assert rows.at[name, "覆盖（%）"] == pytest.approx(100 * near / land)


@pytest.mark.parametrize(
    ("query", "noun"),
    [
        ({"minutes": "0"}, "步行时间"),
        ({"minutes": "十"}, "步行时间"),
        ({"kmh": "100"}, "步行速度"),
        ({"scope": "private"}, "公厕范围"),
        ({"show": "heat"}, "图层"),
    ],
)
def test_a_circle_that_does_not_exist_is_told_and_ignored(seen, query, noun):
    view, plain = seen(**query), seen()
    assert not view.failures
    assert any(noun in notice for notice in view.notices)
    assert view.cards == plain.cards


def test_the_controls_write_the_circle_into_the_address(seen):
    app = seen().app
    app.select_slider(key="toilet_minutes").set_value("15").run()
    app.radio(key="toilet_scope").set_value("public").run()
    assert (app.query_params["minutes"], app.query_params["scope"]) in (
        ("15", "public"), (["15"], ["public"]),
    )  # fmt: skip
    assert "15 分钟如厕圈覆盖" in View(app).cards


# --- the field -----------------------------------------------------------------------------------


@pytest.mark.parametrize("circle", CIRCLES, ids=lambda one: one["scope"])
def test_the_picture_paints_as_much_land_out_of_reach_as_there_is(seen, sql, circle):
    view = seen(**circle)
    (layer,) = [one for one in view.map["layers"] if one["id"] == "walk-field"]
    name = layer["image"].rsplit("/", 1)[1]
    picture = np.array(Image.open(basemap.STATIC_FOLDER / "basemap" / name))
    kinds = toilet_field.GAINED + 1
    painted = picture[picture < 2 * kinds] % kinds
    land, near = covered(sql, circle, WHOLE)
    assert 100 * (painted <= 1).mean() == pytest.approx(100 * near / land, abs=0.6)
    west, south, east, north = layer["bounds"]
    assert 120.1 < west < 120.2 < east < 120.4 and 30.1 < south < 30.3 < north < 30.5


def test_land_without_streets_is_hatched(seen, sql):
    (layer,) = [one for one in seen().map["layers"] if one["id"] == "walk-field"]
    name = layer["image"].rsplit("/", 1)[1]
    picture = np.array(Image.open(basemap.STATIC_FOLDER / "basemap" / name))
    kinds = toilet_field.GAINED + 1
    hatched = ((picture >= kinds) & (picture < 2 * kinds)).sum() / (picture < 2 * kinds).sum()
    thin = sql("""
        SELECT sum(area_km2) FILTER (method = 'straight') / sum(area_km2) AS s
        FROM toilets.coverage_cells
    """)["s"][0]
    part = toilet_field.HATCH_LINE_PX / toilet_field.HATCH_PX
    assert hatched == pytest.approx(thin * part, rel=0.05)


@pytest.mark.parametrize("circle", CIRCLES, ids=lambda one: one["scope"])
@places
def test_squares_stand_for_land_out_of_reach_of_the_chosen_places_alone(seen, sql, circle, codes):
    view = seen(codes, **circle)
    reach_m = float(circle["minutes"]) * float(circle["kmh"]) * 1000 / 60
    out = sql(f"""
        SELECT cell_id FROM toilets.coverage_cells JOIN toilets.cell_walks USING (cell_id)
        WHERE scope = '{circle["scope"]}' AND 2025 BETWEEN from_year AND to_year
          AND coalesce(walk_m > {reach_m}, true) AND {within(codes)}
    """)["cell_id"]
    picks = {square["pick"].removeprefix("cell:") for square in cells(view)}
    assert picks <= set(out)
    assert bool(picks) == bool(len(out))
    assert len(picks) <= toilet_field.MOST_SQUARES
    assert len(view.app.get("deck_gl_json_chart")[0].proto.json) < 500_000


def test_near_by_every_cell_out_of_reach_is_a_square_of_its_own(seen, sql):
    out = sql(f"""
        SELECT count(*) AS n FROM toilets.coverage_cells JOIN toilets.cell_walks USING (cell_id)
        WHERE scope = 'all' AND 2025 BETWEEN from_year AND to_year
          AND coalesce(walk_m > 750, true) AND {within(("330102008",))}
    """)["n"][0]
    assert 0 < out < toilet_field.MOST_SQUARES
    assert len(cells(seen(("330102008",)))) == out


@pytest.mark.parametrize(("scope", "condition"), [
    ("all", "true"), ("public", "NOT coalesce(is_social, false)"), ("open_24h", "is_open_24h"),
])  # fmt: skip
def test_the_map_shows_the_toilets_that_count(seen, sql, scope, condition):
    view = seen(ONE, scope=scope, year="2021")
    expected = sql(
        f"SELECT count(*) AS n FROM toilets.toilets WHERE opened_year <= 2021 AND {condition}"
    )
    drawn = view.layer("toilets")
    assert len(drawn) == expected["n"][0]
    assert all(point["pick"].startswith("toilet:") for point in drawn)


# --- the other modes -----------------------------------------------------------------------------


@every_mode
@pytest.mark.parametrize(("codes", "year"), [(WHOLE, 2025), (WHOLE, 2020), (ONE, 2023)])
def test_counts_on_the_cards_are_those_of_public_toilets_in_every_mode(
    seen, sql, mode, codes, year
):
    view = seen(codes, show=mode, year=str(year))
    assert not view.failures
    found = sql(f"""
        SELECT count(*) AS n, 100 * avg(has_accessible::INTEGER) AS accessible,
               sum(women_stalls) / sum(men_stalls) AS ratio,
               count(*) FILTER (renewed_year BETWEEN 2021 AND {year}) AS renewed
        FROM toilets.toilets WHERE {OPEN.format(year=year)} AND {within(codes)}
    """).iloc[0]
    area = sql(f"SELECT sum(area_km2) AS a FROM base.subdistricts WHERE {within(codes)}")["a"][0]
    cards = view.cards
    assert cards["公共厕所"].number == found["n"]
    assert cards["公厕密度"].agrees(found["n"] / area)
    assert cards["无障碍设施"].agrees(found["accessible"])
    assert cards["女厕位 : 男厕位"].agrees(found["ratio"])
    assert len(view.texts("legend")) == 1


@places
def test_features_are_told_with_their_counts(seen, sql, codes):
    text = "".join(seen(codes, show="grade").texts("rates"))
    told = sql(f"""
        SELECT count(*) FILTER (has_third_room) AS third, count(*) FILTER (has_nursing_room) AS nursing,
               count(*) FILTER (has_tidal_stalls) AS tidal, count(*) FILTER (is_open_24h) AS day_and_night
        FROM toilets.toilets WHERE {OPEN.format(year=2025)} AND {within(codes)}
    """).iloc[0]
    assert f"第三卫生间{told['third']} 座" in text
    assert f"母婴室{told['nursing']} 座" in text
    assert f"潮汐厕位{told['tidal']} 座" in text
    assert f"24 小时开放{told['day_and_night']} 座" in text


@pytest.mark.parametrize("year", [2018, 2025])
def test_stations_and_toilets_of_businesses_stand_beside_the_counts(seen, sql, year):
    year = max(year, 2020)
    view = seen(show="grade", year=str(year))
    beside = sql(f"""
        SELECT (SELECT count(*) FROM toilets.service_stations WHERE opened_year <= {year}) AS stations,
               (SELECT count(*) FROM toilets.service_stations
                WHERE opened_year <= {year} AND has_toilet) AS with_toilet,
               (SELECT count(*) FROM toilets.toilets WHERE is_social AND opened_year <= {year}) AS social
    """).iloc[0]
    lines = "".join(view.texts("lines"))
    assert f"{beside['stations']} 个 · 可如厕 {beside['with_toilet']} 个" in lines
    assert f"{beside['social']} 座" in lines
    assert len(view.layer("stations")) == beside["stations"]


def test_renewals_are_counted_year_by_year(seen, sql):
    (trend,) = [frame for frame, alt in seen(TWO, show="grade").charts if "提升改造" in alt]
    for point in trend.itertuples():
        found = sql(f"""
            SELECT count(*) AS n FROM toilets.toilets
            WHERE renewed_year = {point.year} AND NOT coalesce(is_social, false) AND {within(TWO)}
        """)
        assert point.value == found["n"][0]
    assert list(trend["year"]) == [str(year) for year in range(2020, 2026)]


def test_the_list_of_toilets_holds_each_of_the_chosen_places_and_can_be_searched(seen, sql):
    view = seen(TWO, show="grade")
    condition = f"{OPEN.format(year=2025)} AND {within(TWO)}"
    listed = sql(f"SELECT grade FROM toilets.toilets WHERE {condition}")
    assert len(view.rows) == len(listed)
    found = View(view.app.text_input(key="search_toilets").set_value("一类").run())
    assert len(found.rows) == (listed["grade"] == "一类").sum() > 0


def test_stalls_by_subdistrict_are_shares_of_toilets_that_meet_the_standard(seen, sql):
    bars = seen(show="grade").bars
    found = sql("""
        SELECT subdistrict_code, 100 * avg((women_stalls >= 1.5 * men_stalls)::INTEGER) AS share
        FROM toilets.toilets WHERE women_stalls IS NOT NULL GROUP BY 1
    """)
    for row in found.itertuples():
        assert bars.at[row.subdistrict_code, "value"] == pytest.approx(row.share, abs=1e-3)


@places
def test_the_table_of_density_says_how_many_are_missing(seen, sql, codes):
    rows = seen(codes, show="density").rows.set_index("街道")
    found = sql(f"""
        SELECT subdistrict_name, area_km2, (SELECT count(*) FROM toilets.toilets t
            WHERE t.subdistrict_code = s.subdistrict_code AND {OPEN.format(year=2025)}) AS n
        FROM base.subdistricts s WHERE {within(codes)}
    """)
    for row in found.itertuples():
        missing = max(0, math.ceil(4 * row.area_km2 - row.n - 1e-9))
        assert rows.at[row.subdistrict_name, "达标还差（座）"] == missing
        assert rows.at[row.subdistrict_name, "公共厕所（座）"] == row.n


@places
def test_spacing_is_told_by_kind_with_limit_and_clause(seen, sql, codes):
    view = seen(codes, show="spacing")
    found = sql(f"""
        SELECT spacing_kind, sum(length_m) AS length_m, sum(beyond_m) AS beyond_m
        FROM toilets.street_spacing WHERE {within(codes)} GROUP BY 1
    """).set_index("spacing_kind")
    lines = "".join(view.texts("lines"))
    for kind, words in (
        ("commercial", "商业性道路 400 m"),
        ("living", "生活性道路 600 m"),
        ("traffic", "交通性道路 1200 m"),
    ):
        assert f"{words} 以内（CJJ 27-2012）" in lines
        if kind in found.index:
            kept = 100 * (1 - found.at[kind, "beyond_m"] / found.at[kind, "length_m"])
            assert f"{kept:.1f}% 符合" in lines
    assert len(view.rows) == len(sql(f"SELECT * FROM toilets.street_spacing WHERE {within(codes)}"))
    assert view.rows["超出长度（m）"].is_monotonic_decreasing


def test_every_checked_street_is_on_the_map_of_spacing(seen, sql):
    name = seen(show="spacing").layer("spacing").rsplit("/", 1)[1]
    drawn = json.loads((basemap.STATIC_FOLDER / "basemap" / name).read_text("utf-8"))["features"]
    found = sql("""
        SELECT count(*) AS n FROM toilets.street_spacing JOIN streets.segments g
        USING (street_id, subdistrict_code) WHERE g.geometry_json IS NOT NULL
    """)
    assert len(drawn) == found["n"][0]
    assert all(street["properties"]["tip"] for street in drawn)


# --- what is assumed -----------------------------------------------------------------------------


def test_what_is_assumed_stands_beside_the_real_share_and_is_called_so(seen, sql):
    real, then = seen(), seen(site=["120.2200,30.3700"])
    assert circle_card(then).value == circle_card(real).value
    assert "假设 → " in circle_card(then).status and "假设" not in circle_card(real).status
    assumed = float(circle_card(then).status.split("假设 → ")[1].split("%")[0])
    assert assumed >= circle_card(real).number
    assert "假设" in "".join(then.texts("findings"))
    assert "假设下覆盖（%）" in then.rows and "假设下覆盖（%）" not in real.rows
    assert "新覆盖" in "".join(then.texts("legend"))
    assert len(cells(then)) <= len(cells(real))


# --- what is missing -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stores(built, tmp_path_factory):
    """Stores whose registers hold only what they must, and half-filled ones of hostile names."""
    return {
        name: incomplete.store_of(tmp_path_factory.mktemp(name), made(built))
        for name, made in (("sparse", incomplete.sparse), ("odd", incomplete.odd))
    }


@every_mode
@places
def test_without_registers_every_mode_says_so(bare, mode, codes):
    view = View(bare.open("toilets", show=mode, **({"sub": list(codes)} if codes else {})))
    assert not view.failures
    assert MACHINE_WORDS.findall(shown_texts(view)) == []
    assert all(card.number is None for card in view.cards.values())
    assert "待填报" in view.text or "无数据" in view.text
    assert "示例" not in view.text


@every_mode
@pytest.mark.parametrize("scope", ["all", "open_24h"])
@pytest.mark.parametrize("kind", ["sparse", "odd"])
def test_half_filled_registers_are_shown_as_they_are(servers, stores, kind, mode, scope):
    servers.serve(stores[kind])
    view = View(servers.open("toilets", show=mode, scope=scope))
    assert not view.failures
    assert MACHINE_WORDS.findall(shown_texts(view)) == []
    assert not [e for root in view.blocks for e in root.iter("script")]
    if (kind, mode) == ("odd", "grade"):
        assert view.rows["公厕"].isin(HOSTILE).all()


def test_features_that_no_register_fills_in_are_said_to_be_so(servers, stores):
    servers.serve(stores["sparse"])
    view = View(servers.open("toilets", show="grade"))
    text = "".join(view.texts("rates"))
    assert text.count("未填") == 5
    assert "0 座" not in text
    assert "城管驿站待填报" in "".join(view.texts("lines"))
    assert "类别未填" in "".join(view.texts("legend"))


def test_too_many_toilets_are_gathered_on_every_map(site, monkeypatch):
    monkeypatch.setattr(layers, "MOST_TOILETS", 100)
    for mode in ("walk", "grade", "density", "spacing"):
        view = View(site.open("toilets", show=mode))
        assert not view.failures
        assert sum(point["n"] for point in view.layer("toilets")) >= 454
        assert "汇总" in "".join(view.texts("legend")), mode
