"""Where to build next, on the page: shares before and after against the engine, what the address
carries, clicks, and the files to take along."""

import io
import json

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.coverage import walk_model
from geo.projection import points_to_degrees, points_to_metres
from tests.incomplete import HOSTILE
from tests.reading import WHOLE, View
from ui import toilet_assumed, toilet_marks, toilet_sites
from ui.site_export import SiteExport
from ui.toilet_proposal import ListedSite

REACH_M = 750.0
THIN, DENSE = ("330102017",), ("330102003",)
"""A subdistrict with few streets on the map and much to gain, and one where nothing is left to gain."""
FAR, NEAR = "120.22188,30.38555", "120.20000,30.31000"
EAST, NORTH = "东坐标 m（EPSG:4549）", "北坐标 m（EPSG:4549）"
AFTER, GAIN = "累计覆盖率（%）", "新增覆盖（km²）"


@pytest.fixture
def seen(site):
    """The page in this mode under keys of the address."""
    return lambda **query: View(site.open("toilets", **{"show": "sites"} | query))


@pytest.fixture(scope="module")
def cells(sql):
    """Cells of land with the registered walk at the end of 2025."""
    return sql("""
        SELECT c.*, k.walk_m, k.toilet_id FROM toilets.coverage_cells c
        JOIN toilets.cell_walks k USING (cell_id)
        WHERE scope = 'all' AND 2025 BETWEEN from_year AND to_year ORDER BY cell_id
    """)


@pytest.fixture(scope="module")
def model(sql, cells):
    """The engine over the same network."""
    return walk_model(sql("SELECT * FROM streets.walk_ways ORDER BY way_id"), cells)


def share(cells, walk_m, codes=WHOLE):
    """Share of land within reach, in percent."""
    here = cells["subdistrict_code"].isin(codes) if codes else np.ones(len(cells), dtype=bool)
    area = cells["area_km2"].to_numpy()
    return 100 * area[here & (walk_m <= REACH_M)].sum() / area[here].sum()


def ways(view):
    """Title, value and note of the three small cards of the panel."""
    (block,) = [e for root in view.blocks for e in root.iter("div") if e.get("class") == "ways"]
    return [
        (
            "".join(s.find("h4").itertext()),
            "".join(s.find("p").itertext()),
            s.findall("span")[0].text,
        )
        for s in block.findall("section")
    ]


def percent(text):
    return float(text.strip("≥ %"))


def sites_of(app):
    """Sites in the address of a session."""
    found = app.query_params.get("site", [])
    return [found] if isinstance(found, str) else list(found)


def edited(view, click):
    """The page after a click on the map, as ``cell:…`` or ``site:…``."""
    kind, _, rest = click.partition(":")
    view.app.session_state[toilet_sites._EDIT] = f"{kind}:{rest}"
    return View(view.app.run())


# --- figures -------------------------------------------------------------------------------------


def test_assuming_a_toilet_closed_lowers_the_share_as_the_engine_says_and_not_the_real_one(
    seen, sql, cells, model
):
    near = cells[cells["walk_m"] <= REACH_M]
    closed = near.groupby("toilet_id")["area_km2"].sum().idxmax()
    left = sql(f"SELECT * FROM toilets.toilets WHERE toilet_id <> '{closed}' ORDER BY toilet_id")
    walk_m, _ = model.walks(left["lon"].to_numpy(), left["lat"].to_numpy())
    before, after = share(cells, cells["walk_m"]), share(cells, walk_m)
    assert after < before - 0.05
    view = seen(without=[closed])
    assert not view.failures
    (circle,) = [card for name, card in view.cards.items() if "如厕圈" in name]
    assert circle.agrees(before)
    assert f"假设 → {after:.1f}%" in circle.status
    real, _, _ = ways(view)
    assert real[1] == f"{before:.1f}%" and f"假设关闭 1 座后 {after:.1f}%" in real[2]
    assert len(view.layer("assumed-closed")) == 1


@pytest.mark.parametrize("codes", [WHOLE, THIN], ids=["whole", "one"])
def test_sites_raise_the_share_as_the_engine_says(seen, sql, cells, model, codes):
    view = seen(site=[FAR, NEAR], **({"sub": list(codes)} if codes else {}))
    lon, lat = np.array([place.split(",") for place in (FAR, NEAR)], dtype=float).T
    walk_m = np.fmin(cells["walk_m"], model.walks(lon, lat)[0])
    real, then, worth = ways(view)
    assert percent(real[1]) == pytest.approx(share(cells, cells["walk_m"], codes), abs=0.05)
    assert percent(then[1]) == pytest.approx(share(cells, walk_m, codes), abs=0.05)
    assert "假设" in then[0] and "假设" not in real[0]
    assert worth[1] == "—"


@pytest.mark.parametrize(
    "query",
    [{}, {"n": "30"}, {"sub": list(THIN)}, {"site": [FAR, NEAR]}, {"site": [FAR], "without": ["C001"]}],
    ids=["ten", "thirty", "one subdistrict", "own list", "with one closed"],
)  # fmt: skip
def test_gains_add_up_to_the_difference_of_the_shares(seen, cells, query):
    view = seen(**query)
    codes = query.get("sub")
    land = cells[cells["subdistrict_code"].isin(codes)] if codes else cells
    rows, (real, then, _) = view.rows, ways(view)
    base = percent(real[2].rpartition(" ")[2]) if "关闭" in real[2] else percent(real[1])
    gained = 100 * rows[GAIN].sum() / land["area_km2"].sum()
    assert percent(then[1]) - base == pytest.approx(gained, abs=0.11)
    assert rows[AFTER].is_monotonic_increasing
    assert rows["累计" + GAIN].iloc[-1] == pytest.approx(rows[GAIN].sum(), abs=1e-3)
    assert percent(then[1]) == pytest.approx(rows[AFTER].iloc[-1], abs=0.06)


def test_the_proposal_keeps_its_distance_and_says_how_good_it_is(seen, sql):
    view = seen(gap="500", n="12")
    rows = view.rows
    places = rows[[EAST, NORTH]].to_numpy()
    toilets = sql("SELECT lon, lat FROM toilets.toilets")
    stands = np.column_stack(points_to_metres(toilets["lon"], toilets["lat"]))
    others = np.vstack([places, stands])
    for number, place in enumerate(places):
        apart_m = np.hypot(*(np.delete(others, number, axis=0) - place).T)
        assert apart_m.min() >= 499
    assert len(rows) == 12
    assert 63.2 <= percent(ways(view)[2][1]) <= 100
    assert rows[GAIN].is_monotonic_decreasing


def test_only_the_chosen_subdistricts_are_planned_and_the_page_says_so(seen):
    view = seen(sub=list(THIN))
    assert set(view.rows["街道"]) == {"丁兰街道"}
    assert any("仅在所选街道内" in note for note in view.texts("scope-note"))


def test_where_all_is_covered_nothing_is_proposed(seen):
    view = seen(sub=list(DENSE), minutes="20")
    assert not view.failures
    assert "没有可新增覆盖的位置" in view.text
    assert view.rows.empty


@pytest.mark.parametrize("show", ["walk", "grade", "density", "spacing"])
def test_what_is_assumed_is_on_every_map_and_in_its_legend(seen, show):
    view = seen(show=show, site=[FAR, NEAR], without=["C001"])
    assert not view.failures
    assert [disc["p"] for disc in view.layer("assumed-sites")] == [
        [float(part) for part in place.split(",")] for place in (FAR, NEAR)
    ]
    assert not any("pick" in disc for disc in view.layer("assumed-sites"))
    assert [cross["t"] for cross in view.layer("assumed-closed")] == [toilet_marks.CLOSED_SIGN]
    (legend,) = view.texts("legend")
    assert "假设新增（2 处）" in legend and "假设关闭（1 座）" in legend


# --- the address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"site": ["120.2"]}, "选址“120.2”不是本区内"),
        ({"site": ["0,0"]}, "选址“0,0”不是本区内"),
        ({"site": ["nan,nan", "x,y", "1e2,3e1", "１２０.2,30.3"]}, "等 4 处"),
        ({"without": ["T999"]}, "“T999”不存在"),
        ({"n": "31"}, "选址数量“31”"),
        ({"n": "0"}, "选址数量“0”"),
        ({"gap": "-1"}, "最小间距“-1”"),
        ({"by": "people"}, "选址口径“people”"),
    ],
)
def test_what_does_not_exist_is_told_and_ignored(seen, query, told):
    view = seen(**query)
    assert not view.failures
    assert any(told in notice for notice in view.notices)
    assert view.rows.equals(seen().rows)


def test_more_than_thirty_sites_are_told_and_ignored(seen):
    places = [f"120.2{number:03d},30.31" for number in range(33)]
    view = seen(site=places)
    assert any("超过 30 处，多出的 3 处" in notice for notice in view.notices)
    assert len(view.rows) == 30


def test_a_place_of_the_address_is_read_to_five_decimals():
    assert toilet_assumed._place("120.2000049,30.31") == (120.20000, 30.31)
    assert toilet_assumed._place("120.2, 30.31") is None


def test_a_sound_site_counts_beside_unsound_ones(seen):
    view = seen(site=["x", FAR])
    assert len(view.rows) == 1 and len(view.notices) == 1


def test_the_first_change_writes_the_whole_list_and_the_link_brings_it_back(seen):
    view = seen(n="4")
    kept = view.rows.drop(index=1)
    after = edited(view, "site:2")
    assert [place.split(",") for place in sites_of(after.app)] == [
        [f"{lon:.5f}", f"{lat:.5f}"]
        for lon, lat in kept[["经度（WGS-84）", "纬度（WGS-84）"]].to_numpy()
    ]
    again = seen(site=sites_of(after.app))
    assert again.rows.equals(after.rows)
    assert ways(again) == ways(after)


def test_a_click_on_land_out_of_reach_adds_a_site_that_serves_it(seen, cells):
    view = seen(n="2")
    rows, then = view.rows, ways(view)[1]
    out = cells[(cells["walk_m"] > 1500) & (cells["subdistrict_code"] == "330102018")]
    cell = out.sort_values("walk_m").iloc[-1]
    after = edited(view, f"cell:{cell.cell_id}")
    assert len(after.rows) == 3 and after.rows[GAIN].iloc[2] > 0
    clicked = np.array(points_to_metres(cell.lon, cell.lat))
    assert np.hypot(*(after.rows[[EAST, NORTH]].to_numpy()[2] - clicked)) <= 500
    # The proposal's two are as they were.
    assert after.rows.iloc[:2].equals(rows)
    assert percent(ways(after)[1][1]) > percent(then[1])


def test_taking_off_the_last_site_leaves_an_empty_list_until_it_is_proposed_anew(seen):
    empty = edited(seen(site=[FAR]), "site:1")
    assert empty.rows.empty and "名单已清空" in empty.text
    real, then, _ = ways(empty)
    assert real[1] == then[1]
    again = View(empty.app.button(key="sites_again").click().run())
    assert sites_of(again.app) == []
    assert again.rows.equals(seen().rows)


def test_clearing_takes_off_sites_and_closed_toilets(seen):
    view = seen(site=[FAR], without=["C001"])
    view = View(view.app.button(key="sites_clear").click().run())
    assert {"site", "without"}.isdisjoint(view.app.query_params)
    assert "sites_clear" not in [button.key for button in view.app.button]


@pytest.mark.parametrize(
    "click", ["site:0", "site:9", "site:x", "site:-1", "cell:nowhere", "river:R07", ""]
)
def test_a_click_on_what_is_not_there_changes_nothing(seen, click):
    view = seen(n="3")
    before = view.rows
    after = edited(view, click)
    assert not after.failures
    assert sites_of(after.app) == [] and after.rows.equals(before)


def test_the_thirty_first_site_is_refused_in_words(seen, cells):
    cell = cells.sort_values("walk_m").iloc[-1]
    after = edited(seen(n="30"), f"cell:{cell.cell_id}")
    assert any("最多 30 处" in notice for notice in after.notices)
    assert sites_of(after.app) == []


def test_choices_of_the_panel_go_into_the_address(seen):
    view = seen()
    view.app.number_input(key="sites_count").set_value(3).run()
    view.app.selectbox(key="sites_gap").set_value(500).run()
    assert (view.app.query_params["n"], view.app.query_params["gap"]) in (
        ("3", "500"),
        (["3"], ["500"]),
    )
    assert len(View(view.app).rows) == 3


def test_markers_carry_their_numbers_and_take_a_click(seen):
    view = seen(n="3")
    assert [disc["pick"] for disc in view.layer("assumed-sites")] == ["site:1", "site:2", "site:3"]
    assert [row["t"] for row in view.layer("assumed-site-numbers")] == ["1", "2", "3"]


def test_without_registers_the_mode_says_so(bare):
    view = View(bare.open("toilets", show="sites", site=[FAR], n="5"))
    assert not view.failures
    assert "公厕登记册尚未导入" in view.text
    assert view.rows.empty


# --- files ---------------------------------------------------------------------------------------

NOTES = {"性质": "假设", "范围": "=1+1", "来源": "@SUM(A1)"}
names = st.sampled_from(["解放路", *HOSTILE, "=cmd|' /C calc'!A0", "+1", "-1", "@x", "\t=1"])
listed = st.lists(
    st.tuples(
        st.floats(120.1, 120.35).map(lambda x: round(x, 5)),
        st.floats(30.15, 30.42).map(lambda y: round(y, 5)),
        names,
        st.floats(0, 2),
    ),
    min_size=1,
    max_size=30,
)


def export(rows):
    return SiteExport(
        [
            ListedSite(number, lon, lat, "清波街道", name, gain, 80 + number / 10)
            for number, (lon, lat, name, gain) in enumerate(rows, 1)
        ],
        GAIN,
        NOTES,
    )


def workbook(exported):
    book = openpyxl.load_workbook(io.BytesIO(exported.excel()))
    head, *rows = book["新增选址"].iter_rows(values_only=True)
    return book, pd.DataFrame(rows, columns=head)


@settings(max_examples=25, deadline=None)
@given(listed)
def test_all_files_agree_on_every_place_to_a_metre(rows):
    exported = export(rows)
    _, sheet = workbook(exported)
    degrees = json.loads(exported.geojson_degrees())
    metres = json.loads(exported.geojson_metres())
    for number, (lon, lat, *_) in enumerate(rows):
        in_degrees = degrees["features"][number]["geometry"]["coordinates"]
        in_metres = metres["features"][number]["geometry"]["coordinates"]
        of_sheet = sheet.iloc[number]
        assert in_degrees == [lon, lat]
        assert in_metres == [of_sheet[EAST], of_sheet[NORTH]]
        back = points_to_degrees(*np.array([in_metres]).T)
        apart = np.array(points_to_metres(*back)) - np.array(points_to_metres([lon], [lat]))
        assert np.abs(np.ravel(back) - [lon, lat]).max() < 1e-5 and np.hypot(*apart) < 1


@settings(max_examples=25, deadline=None)
@given(listed)
def test_no_cell_of_the_workbook_is_a_formula(rows):
    book, _ = workbook(export(rows))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    # A number alone is none, as in every workbook of the product.
    assert not [t for t in texts if t.lstrip()[:1] in set("=+-@") and t not in ("-1", "+1")]


def test_each_geojson_is_read_in_its_own_system(tmp_path):
    exported = export([(120.2, 30.25, "解放路", 0.5)])
    (tmp_path / "degrees.geojson").write_bytes(exported.geojson_degrees())
    (tmp_path / "metres.geojson").write_bytes(exported.geojson_metres())
    degrees = gpd.read_file(tmp_path / "degrees.geojson")
    metres = gpd.read_file(tmp_path / "metres.geojson")
    assert (degrees.crs.to_epsg(), metres.crs.to_epsg()) == (4326, 4549)
    assert "crs" not in json.loads(exported.geojson_degrees())
    assert (metres.geometry.x[0], metres.geometry.y[0]) == pytest.approx(
        (519248.7, 3347844.0), abs=1
    )
    assert degrees.geometry[0].distance(metres.to_crs(4326).geometry[0]) < 1e-5


def test_every_file_says_what_it_rests_on(site, monkeypatch):
    made = []
    remember = toilet_sites.site_export
    monkeypatch.setattr(
        toilet_sites, "site_export", lambda *given: made.append(remember(*given)) or made[-1]
    )
    site.open("toilets", show="sites", sub=list(THIN), n="2", without=["C001"])
    (exported,) = made
    told = json.loads(exported.geojson_degrees())["说明"]
    book, _ = workbook(exported)
    sheet = " ".join(
        str(value) for row in book["说明"].iter_rows(values_only=True) for value in row
    )
    for words in ("假设", "C001", "丁兰街道 · 截至 2025 年底", "步行 10 分钟（4.5 km/h，750 m）",
                  "全部公厕", "示意图 · 未经审图", "示例", "OpenStreetMap", "不低于最优方案"):  # fmt: skip
        assert words in " ".join(told.values()), words
        assert words in sheet, words


def test_an_empty_list_makes_files_without_rows():
    exported = SiteExport((), GAIN, NOTES)
    assert json.loads(exported.geojson_metres())["features"] == []
    assert exported.excel()[:2] == b"PK"
