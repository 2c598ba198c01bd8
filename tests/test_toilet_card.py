"""Cards of a toilet and of a spot of land: what the register says, whom a toilet serves, what its
closing would do; against SQL and the engine."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from data.coverage import walk_model
from data.snapshot import publish, write_snapshot
from geo.projection import to_metres
from tests.incomplete import HOSTILE, only_required
from tests.reading import ONE, View
from ui import focus, toilet_card, toilet_spot

REACH_M, M_PER_MINUTE = 750.0, 75.0
FLAGS = {
    "has_accessible": "无障碍",
    "has_third_room": "第三卫生间",
    "has_nursing_room": "母婴室",
    "has_tidal_stalls": "潮汐厕位",
    "is_open_24h": "24 小时开放",
}


@pytest.fixture
def seen(site):
    """The toilet page under keys of the address."""
    return lambda **query: View(site.open("toilets", **query))


@pytest.fixture(scope="module")
def cells(sql):
    """Cells of land with the registered walk at the end of 2025."""
    return sql("""
        SELECT c.*, k.walk_m, k.toilet_id FROM toilets.coverage_cells c
        JOIN toilets.cell_walks k USING (cell_id)
        WHERE scope = 'all' AND 2025 BETWEEN from_year AND to_year ORDER BY cell_id
    """)


@pytest.fixture(scope="module")
def weighty(cells):
    """The toilet whose catchment holds the most covered land."""
    near = cells[cells["walk_m"] <= REACH_M]
    return near.groupby("toilet_id")["area_km2"].sum().idxmax()


def facts(view):
    """Names with what they are, of the open card."""
    lists = [e for root in view.blocks for e in root.iter("dl")]
    (block,) = [e for e in lists if e.get("class") == "explained"]
    return {
        "".join(name.itertext()): "".join(text.itertext())
        for name, text in zip(block.findall("dt"), block.findall("dd"), strict=True)
    }


def served(view):
    """Lines of the catchment."""
    return {
        "".join(line[0].itertext()): "".join(line[1].itertext())
        for root in view.blocks
        for line in root.iter("li")
        if len(line) == 2
    }


def buttons(view):
    return [button.key for button in view.app.button]


# --- a toilet ------------------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [0, 150, 453])
def test_the_card_tells_everything_that_is_registered(seen, sql, nth):
    toilet = sql(f"SELECT * FROM toilets.toilets ORDER BY toilet_id LIMIT 1 OFFSET {nth}").iloc[0]
    view = seen(item=f"toilet:{toilet.toilet_id}")
    assert not view.failures
    (head,) = view.texts("focus")
    assert head.startswith(toilet.toilet_name) and "示例" in head
    told = facts(view)
    assert told["街道"] == toilet.subdistrict_name
    assert told["所在道路"] == (toilet.street_name or "未填")
    assert told["星级"] == f"{toilet.star_rating} 星"
    assert told["厕位"].startswith(f"女 {toilet.women_stalls}、男 {toilet.men_stalls}")
    assert {told[title] for title in FLAGS.values()} <= {"有", "无"}
    for column, title in FLAGS.items():
        assert (told[title] == "有") == toilet[column]
    assert told["启用"].startswith(f"{toilet.opened_year} 年")
    assert f"{toilet.lon:.5f}, {toilet.lat:.5f}" in told["位置"]
    assert told["编号"] == toilet.toilet_id


def test_the_catchment_is_the_land_from_which_the_toilet_is_nearest(seen, cells, weighty):
    view = seen(item=f"toilet:{weighty}")
    own = cells[cells["toilet_id"] == weighty]
    near = own[own["walk_m"] <= REACH_M]
    told = served(view)
    assert told["土地面积"] == (
        f"{own['area_km2'].sum():.2f} km²，其中 10 分钟内 {near['area_km2'].sum():.2f} km²"
    )
    assert told["居民"] == "待填报"
    farthest_m = own["walk_m"].max()
    assert told["最远处步行"] == f"{farthest_m / M_PER_MINUTE:.1f} 分钟（{farthest_m:,.0f} m）"
    # On the map it is one shape that holds the middle of every cell of it and of no other.
    (feature,) = view.layer(f"catchment-{weighty}")
    area = shapely.from_geojson(json.dumps(feature["geometry"]))
    inside = shapely.contains_xy(area, cells["lon"], cells["lat"])
    assert (inside == (cells["toilet_id"] == weighty)).mean() > 0.9995
    assert to_metres(area).area / 1e6 >= own["area_km2"].sum()
    assert "以该公厕为最近的范围" in view.texts("legend")[0]


def test_its_closing_uncovers_what_the_engine_says_and_can_be_assumed_and_taken_back(
    seen, sql, cells, weighty
):
    model = walk_model(sql("SELECT * FROM streets.walk_ways ORDER BY way_id"), cells)
    left = sql(f"SELECT * FROM toilets.toilets WHERE toilet_id <> '{weighty}' ORDER BY toilet_id")
    walk_m, _ = model.walks(left["lon"].to_numpy(), left["lat"].to_numpy())
    lost = (cells["walk_m"] <= REACH_M) & ~(walk_m <= REACH_M)
    view = seen(item=f"toilet:{weighty}")
    assert f"若关闭，{cells['area_km2'][lost].sum():.2f} km²将不再覆盖" in "".join(
        view.texts("findings")
    )
    assert view.texts("assumed-tag") == [] and "toilet_reopen" not in buttons(view)
    shut = View(view.app.button(key="toilet_close").click().run())
    assert list(np.ravel(shut.app.query_params["without"])) == [weighty]
    assert "假设关闭" in shut.texts("focus")[0]
    assert any("假设" in card.status for card in shut.cards.values())
    back = View(shut.app.button(key="toilet_reopen").click().run())
    assert "without" not in back.app.query_params
    assert not any("假设" in card.status for card in back.cards.values())


def test_a_toilet_that_opens_later_says_so_and_serves_nobody_yet(seen, sql):
    toilet = sql("SELECT * FROM toilets.toilets WHERE opened_year = 2024 LIMIT 1").iloc[0]
    view = seen(item=f"toilet:{toilet.toilet_id}", year="2021")
    assert facts(view)["启用"] == "2024 年（届时启用）"
    assert "不计入该公厕" in view.text
    assert {"toilet_close", "toilet_reopen"}.isdisjoint(buttons(view))


def test_a_toilet_that_the_scope_leaves_out_serves_nobody_in_it(seen, sql):
    social = sql("SELECT toilet_id FROM toilets.toilets WHERE is_social LIMIT 1").iat[0, 0]
    view = seen(item=f"toilet:{social}", scope="public")
    assert "沿街单位开放" in view.texts("focus")[0]
    assert "不计入该公厕" in view.text
    assert not [layer for layer in view.map["layers"] if layer["id"].startswith("catchment")]


@pytest.mark.parametrize("show", ["walk", "grade", "density", "spacing", "sites"])
def test_the_card_opens_in_every_mode_and_going_back_closes_it(seen, show):
    view = seen(show=show, item="toilet:C001", sub=list(ONE))
    assert not view.failures
    assert facts(view)["编号"] == "C001"
    closed = View(view.app.button(key="toilet_card_back").click().run())
    assert closed.texts("focus") == [] and "item" not in closed.app.query_params


@pytest.fixture(scope="module")
def sparse_store(built, tmp_path_factory):
    """Toilets of which only what must be is filled in, with hostile names."""
    tables, meta = built
    toilets = only_required(tables["toilets.toilets"], "toilets.toilets")
    names = [HOSTILE[number % len(HOSTILE)] for number in range(len(toilets))]
    folder = tmp_path_factory.mktemp("sparse")
    changed = {"toilets.toilets": toilets.assign(toilet_name=names)}
    publish(folder, write_snapshot(folder, tables | changed, list(meta)))
    return folder


@pytest.mark.parametrize("number", range(1, 13))
def test_what_is_not_filled_in_says_so_and_names_stay_text(servers, sparse_store, number):
    servers.serve(sparse_store)
    view = View(servers.open("toilets", item=f"toilet:C{number:03d}"))
    assert not view.failures
    assert HOSTILE[(number - 1) % len(HOSTILE)].strip() in view.texts("focus")[0].replace(
        "\xa0", " "
    )
    told = facts(view)
    assert {told[key] for key in ("所在道路", "星级", "启用", "提升改造", *FLAGS.values())} == {
        "未填"
    }
    assert told["厕位"] == "女 未填、男 未填"
    assert "性质未填" in view.texts("focus")[0] and "类别未填" in view.texts("focus")[0]


# --- a spot of land ------------------------------------------------------------------------------


def spots(cells):
    """A covered cell over the network, one estimated, one out of reach, by what they are."""
    network, near = cells["method"] == "network", cells["walk_m"] <= REACH_M
    return {
        "covered": cells[network & near].iloc[0],
        "estimated": cells[~network & near].iloc[0],
        "out of reach": cells[~near & cells["walk_m"].notna()].sort_values("walk_m").iloc[-1],
    }


@pytest.mark.parametrize("which", ["covered", "estimated", "out of reach"])
def test_the_card_of_a_spot_tells_distance_minutes_method_and_nearest_toilet(
    seen, sql, cells, which
):
    cell = spots(cells)[which]
    view = seen(cell=cell.cell_id)
    assert not view.failures
    (state,) = view.texts("river-state")
    assert f"步行 {cell.walk_m / M_PER_MINUTE:.1f} 分钟" in state
    over_m = cell.walk_m - REACH_M
    assert state.startswith("●" if over_m <= 0 else "▲")
    assert ("超出" in state) == (over_m > 0)
    told = facts(view)
    name = sql(f"SELECT toilet_name FROM toilets.toilets WHERE toilet_id = '{cell.toilet_id}'")
    assert told["最近公厕"] == name.iat[0, 0]
    assert told["步行距离"].startswith(f"{cell.walk_m:,.0f} m")
    assert told["街道"] == cell.subdistrict_name
    assert told["网格居民"] == "待填报"
    if cell.method == "network":
        assert told["算法"] == f"沿路网：距可步行道路 {cell.street_m:.0f} m"
    else:
        assert told["算法"].startswith("直线 × 1.3 估算：150 m 内没有")
    assert [row["p"] for row in view.layer("spot")] == [[cell.lon, cell.lat]]
    links = [e.get("data-pick") for root in view.blocks for e in root.iter("a")]
    assert f"toilet:{cell.toilet_id}" in links


def test_what_is_assumed_stands_beside_the_walk_of_a_spot(seen, cells):
    cell = spots(cells)["out of reach"]
    view = seen(cell=cell.cell_id, site=f"{cell.lon:.5f},{cell.lat:.5f}")
    assert f"步行 {cell.walk_m / M_PER_MINUTE:.1f} 分钟" in view.texts("river-state")[0]
    assert any("最近的是新增选址" in text for text in view.texts("findings"))


def test_land_from_where_no_toilet_is_reached_says_so(seen, cells):
    none = cells[cells["walk_m"].isna()]
    if none.empty:
        pytest.skip("every cell reaches a toilet on this network")
    view = seen(cell=none.iloc[0].cell_id)
    assert not view.failures
    assert view.texts("river-state")[0].startswith("▲ 走不到任何公厕")
    assert facts(view)["最近公厕"] == "无"


def test_going_back_from_a_spot_closes_its_card(seen, cells):
    view = seen(cell=cells.iloc[0].cell_id)
    closed = View(view.app.button(key="toilet_spot_back").click().run())
    assert closed.texts("river-state") == [] and "cell" not in closed.app.query_params


@pytest.mark.parametrize("asked", ["nowhere", "1-1-01", "' OR 1=1", "<b>"])
def test_a_spot_that_does_not_exist_is_told_and_ignored(seen, asked):
    view = seen(cell=asked)
    assert not view.failures
    assert any(f"位置“{asked}”不存在" in notice for notice in view.notices)
    assert view.texts("river-state") == []


def test_a_spot_shows_in_the_mode_of_minutes_alone(seen, cells):
    view = seen(cell=cells.iloc[0].cell_id, show="density")
    assert view.texts("river-state") == [] and view.notices == []


def test_a_toilet_lies_over_a_spot_until_it_is_closed(seen, cells):
    cell = cells.iloc[0]
    view = seen(cell=cell.cell_id, item=f"toilet:{cell.toilet_id}")
    assert facts(view)["编号"] == cell.toilet_id
    below = View(view.app.button(key="toilet_card_back").click().run())
    assert cell.cell_id in below.texts("focus")[0]


def test_without_toilets_a_spot_has_no_walk_and_no_verdict(bare, cells):
    view = View(bare.open("toilets", cell=cells.iloc[0].cell_id))
    assert not view.failures
    (state,) = view.texts("river-state")
    assert state.startswith("○ 无数据")
    assert facts(view)["最近公厕"] == "无"


def test_a_click_on_the_map_opens_the_spot_and_shuts_a_toilet(monkeypatch):
    fake = SimpleNamespace(session_state={}, query_params={"item": "toilet:C001"})
    for module in (toilet_spot, focus):
        monkeypatch.setattr(module, "st", fake)
    toilet_card.PICKS["cell"]("10255-66844-08")
    assert fake.query_params == {"cell": "10255-66844-08"}
