"""The card of a street and what stands beside it: against SQL, in every mode, with what is missing."""

import numpy as np
import pandas as pd
import pytest
import shapely

from data.frames import contract_frame
from data.snapshot import publish, write_snapshot
from geo.nearby import distance_m
from geo.projection import to_metres
from tests.reading import View

ATTACK = "<img src=x onerror=alert(1)>"
YANAN = "street:延安路"


@pytest.fixture
def seen(site):
    """The street page under keys of the address."""
    return lambda **query: View(site.open("streets", **query))


@pytest.fixture
def over(servers, built, tmp_path):
    """The street page over the default build with other rows in some tables of «streets»."""

    def open_with(changed, **query):
        tables = dict(built[0])
        tables |= {
            f"streets.{name}": contract_frame(f"streets.{name}", frame)
            for name, frame in changed.items()
        }
        folder = tmp_path / "store"
        publish(folder, write_snapshot(folder, tables, built[1]))
        servers.serve(folder)
        return View(servers.open("streets", **query))

    return open_with


# --- how far off ---------------------------------------------------------------------------------


LINE = shapely.LineString([(120.17, 30.25), (120.18, 30.25)])


@pytest.mark.parametrize(
    ("lon", "lat", "metres"),
    [(120.175, 30.25, 0), (120.17, 30.25, 0), (120.175, 30.251, 110.9), (120.19, 30.25, 962.3)],
)
def test_the_distance_from_a_street_is_in_metres_on_the_ground(lon, lat, metres):
    assert distance_m(LINE, [lon], [lat])[0] == pytest.approx(metres, abs=1)


def test_what_has_no_position_is_no_distance_away():
    found = distance_m(LINE, np.array([np.nan, 120.175]), np.array([30.25, 30.25]))
    assert np.isnan(found[0]) and found[1] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("line", [shapely.LineString(), shapely.MultiLineString()])
def test_nothing_is_near_an_empty_street(line):
    assert np.isnan(distance_m(line, [120.175], [30.25])).all()


def test_no_points_are_no_distances():
    assert len(distance_m(LINE, [], [])) == 0


# --- the card ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["demonstration", "points", "whole"])
def test_a_street_has_its_card_in_every_mode(seen, mode):
    view = seen(show=mode, item=YANAN)
    assert not view.failures and not view.notices
    (head,) = view.texts("focus")
    assert head.startswith("延安路")
    assert {"示范街", "迎亚运修缮", "路面状况", "桥梁", "照明"} <= {
        title.removesuffix("示例") for title in map(first_word, view.texts("block-title"))
    }


def first_word(title):
    """A heading without its note."""
    for known in ("示范街", "迎亚运修缮", "路面状况", "无障碍问题点", "桥梁", "照明"):
        if title.startswith(known):
            return known
    return title


def test_a_street_in_several_pieces_is_one_street(seen, sql):
    name = sql("""
        SELECT street_name FROM streets.streets JOIN streets.segments USING (street_id)
        WHERE subdistrict_code <> '330102017' GROUP BY 1
        HAVING count(DISTINCT street_class) > 1 AND count(DISTINCT subdistrict_code) > 1
        ORDER BY count(*) DESC, 1 LIMIT 1
    """).iat[0, 0]
    found = sql(f"""
        SELECT sum(g.length_m) / 1000 AS km, count(DISTINCT subdistrict_code) AS places
        FROM streets.segments g JOIN streets.streets USING (street_id) WHERE street_name = '{name}'
    """).iloc[0]
    told = "".join(seen(item=f"street:{name}").texts("explained"))
    assert f"{found['km']:.2f} km" in told
    listed = told.partition("所经街道")[2]
    assert listed.count(" km") == found["places"] == 1 + listed.count("、")


def test_the_card_counts_what_sql_finds_on_the_street(seen, sql):
    view = seen(item="street:之江路")
    findings = sql("""
        SELECT count(*) AS n, count(*) - count(closed_on) AS still
        FROM streets.accessibility_points WHERE street_name = '之江路'
    """).iloc[0]
    assert findings["still"] > 0
    told = "".join(view.texts("findings"))
    assert f"登记 {findings['n']} 处，余 {findings['still']} 处未销号" in told
    lamps = sql("SELECT count(*) AS n FROM lighting.assets WHERE place_name = '之江路' "
                "AND asset_kind = 'street_lamp'")["n"].iloc[0]  # fmt: skip
    assert f"{lamps:,} 盏" in view.text


def test_toilets_and_stations_are_listed_up_to_100_metres_and_no_farther(seen, sql):
    view = seen(item=YANAN)
    street = shapely.union_all(
        shapely.from_geojson(
            sql("SELECT geometry_json FROM streets.streets WHERE street_name = '延安路'")[
                "geometry_json"
            ].to_numpy(dtype=object)
        )
    )
    near = {}
    for kind, table in (("公共厕所", "toilets.toilets"), ("站点", "base.stations")):
        where = "NOT coalesce(is_social, false)" if kind == "公共厕所" else "true"
        places = sql(f"SELECT lon, lat FROM {table} WHERE {where}")
        points = to_metres(shapely.MultiPoint(places.to_numpy()))
        near[kind] = sum(to_metres(street).distance(one) <= 100 for one in points.geoms)
    compared = seen(compare=["延安路", "解放路"]).text
    assert near["公共厕所"] > 0
    assert f"{near['公共厕所']} 座" in compared
    assert f"{near['站点']} 个" in compared
    assert "沿线公共厕所" in view.text and "距中心线 100 m 内" in view.text


def test_a_street_off_the_map_says_what_cannot_be_known(seen):
    view = seen(item="street:临丁路")
    assert not view.failures
    assert "未上图" in view.texts("focus")[0]
    assert "底图没有这条道路" in view.text and "沿线设施无从判断" in view.text


def test_a_card_without_registers_says_so_of_each_of_them(bare):
    view = View(bare.open("streets", item=YANAN))
    assert not view.failures
    # 示范街, 修缮, 路面, 无障碍, 桥梁, 照明, 公厕.
    assert view.texts("empty").count("无数据：登记册待填报") >= 7
    assert "示例" not in view.texts("focus")[0]


def test_a_card_shows_the_state_of_the_year(seen, sql):
    repaired = sql("""
        SELECT street_name FROM streets.road_projects
        WHERE street_name IS NOT NULL AND year(started_on) = 2021 AND year(completed_on) = 2021 LIMIT 1
    """).iat[0, 0]
    assert "△ 未开工" in seen(item=f"street:{repaired}", year="2020").text
    assert "● 已完工" in seen(item=f"street:{repaired}", year="2021").text


def test_names_from_a_register_are_text_on_the_card(over, built_tables):
    bridges = built_tables["streets.bridges"].copy()
    own = bridges["street_name"] == "延安路"
    bridges.loc[own, "bridge_name"] = ATTACK
    view = over({"bridges": bridges}, item=YANAN)
    assert not view.failures
    assert ATTACK in view.text  # read as text: the blocks hold no such element
    assert not any(e.tag == "img" for root in view.blocks for e in root.iter())


def test_the_card_gives_way_when_it_is_closed(seen):
    app = seen(item=YANAN, show="points").app
    view = View(app.button(key="street_card_back").click().run())
    assert not view.failures and view.texts("focus") == []
    assert "item" not in app.query_params and app.query_params["show"] in ("points", ["points"])


@pytest.mark.parametrize(
    ("alias", "street"),
    [("南宋御街", "中山中路"), ("清河坊", "河坊街"), ("秋石高架", "秋石高架路")],
)
def test_an_alias_in_the_address_leads_to_its_street(seen, alias, street):
    view = seen(item=f"street:{alias}")
    assert not view.failures and not view.notices
    assert view.texts("focus")[0].startswith(street)


@pytest.mark.parametrize("name", ["解放禄", "延安", "", ATTACK, "x" * 3000], ids=lambda n: n[:8])
def test_a_street_that_does_not_exist_is_ignored_and_none_is_guessed(seen, name):
    view = seen(item=f"street:{name}")
    assert not view.failures and view.texts("focus") == []
    assert "定位" in view.notices[0]


def test_design_life_is_that_of_the_plan_and_branch_roads_have_none(over, built_tables):
    own = built_tables["streets.pavement"].head(3).assign(
        street_name="延安路", road_class=["main", "secondary", "branch"], renewed_year=2010,
        inspected_on=pd.Timestamp("2025-10-18"), grade="良", pci=85.0,
    )  # fmt: skip
    told = over({"pavement": own}, item=YANAN).text
    # 2010 and 15 years: due in 2025; 2010 and 10 years: due in 2020.
    assert told.count("2025 年当年到期") == 1 and told.count("已超期 5 年") == 1
    assert "到期" not in told.partition("支路背街小巷")[2].partition("优良")[0]
