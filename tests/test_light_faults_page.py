"""The lighting page in the mode «故障»: figures, sentences, lists, map and tables against the tables."""

import re
from html import escape

import pandas as pd
import pytest

from data.contracts import LAST_YEAR, YEARS
from data.frames import contract_frame
from tests import incomplete
from tests.reading import ONE, TWO, WHOLE, View, within
from ui import light_map
from ui.theme import DARK, rgba

HOSTILE = '<b onclick="x">柜 & **号**</b>'
PLACES = [(WHOLE, 2025), (WHOLE, 2021), (ONE, 2025), (ONE, 2022), (TWO, 2024)]
IDS = [f"{len(codes) or 'all'}-{year}" for codes, year in PLACES]


def opened(site, codes=WHOLE, year=2025, **query):
    return View(site.open("lighting", show="faults", sub=list(codes), year=str(year), **query))


@pytest.fixture(scope="module")
def pages():
    """Views by filter: a page is run once for all that is asked of it."""
    return {}


@pytest.fixture
def page(site, pages):
    def view(codes, year):
        if (codes, year) not in pages:
            pages[codes, year] = opened(site, codes, year)
        return pages[codes, year]

    return view


def counted(sql, codes, year, what, more=""):
    """A figure of the cabinets' counts, which make the totals of the sample."""
    asked = f"SELECT {what} FROM lighting.status WHERE cabinet_id IS NOT NULL"
    return sql(f"{asked} AND year(counted_on) = {year} AND {within(codes)} {more}").iat[0, 0]


def opened_over(servers, folder, built, **changed):
    """The page over the default build with tables of lighting as given."""
    tables, meta = built
    given = {f"lighting.{name}": frame for name, frame in changed.items()}
    servers.serve(incomplete.store_of(folder, (tables | given, meta)))
    return opened(servers)


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_figures_are_those_of_the_tables(page, sql, codes, year):
    cards = page(codes, year).cards
    december = f"AND counted_on = '{year}-12-01'"
    expected = {
        "12 月亮灯率": counted(sql, codes, year, "100.0 * sum(lit_count) / sum(due_count)", december),
        "新增故障": counted(sql, codes, year, "sum(fault_count)"),
        "平均修复时长": counted(sql, codes, year, "sum(repair_hours) / sum(repaired_count)"),
        "有故障的夜数": counted(sql, codes, year, "sum(fault_night_count)"),
        "故障修复率": counted(sql, codes, year, "100.0 * sum(repaired_count) / sum(fault_count)"),
        "未亮灯具": sql(
            "SELECT count(*) FROM lighting.assets WHERE state = 'unlit' "
            f"AND installed_year <= {year} AND {within(codes)}"
        ).iat[0, 0],
    }  # fmt: skip
    assert set(cards) == set(expected)
    for label, value in expected.items():
        assert cards[label].agrees(value), label
        assert cards[label].is_sample


def test_the_lit_rate_is_judged_and_said_to_be_of_the_months(page):
    card = page(WHOLE, 2025).cards["12 月亮灯率"]
    assert card.status == "● 达标 目标 ＞98% · 逐月统计"
    assert page(ONE, 2025).cards["12 月亮灯率"].status.startswith("◐ 接近")


@pytest.mark.parametrize("year", YEARS[:-1])
def test_lamps_of_an_earlier_year_are_said_to_be_as_they_are_now(page, year):
    assert f"{LAST_YEAR} 年底现状" in page(WHOLE, year).cards["未亮灯具"].status


def test_a_year_without_counts_says_so_and_shows_no_zero(page):
    view = page(WHOLE, 2020)
    for label in ("逐月亮灯率", "新增故障", "平均修复时长", "有故障的夜数", "故障修复率"):
        assert view.cards[label].number is None
        assert "2020 年没有统计" in view.cards[label].status
    assert view.charts == []
    assert view.texts("findings")


# --- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_sentences_say_what_the_tables_hold(page, sql, codes, year):
    told = "".join(page(codes, year).texts("findings"))
    faults, hours = (
        counted(sql, codes, year, what)
        for what in ("sum(fault_count)", "sum(repair_hours) / sum(repaired_count)")
    )
    assert f"当年新增故障 {faults:,.0f} 次" in told
    assert f"平均修复时长 {hours:.1f} 小时" in told
    before = counted(sql, codes, year - 1, "sum(fault_count)")
    if pd.isna(before):
        assert "上年同期" not in told
    else:
        word = "少" if faults < before else "多"
        assert f"比上年同期{word} {abs(faults - before):,.0f} 次" in told


def test_the_subdistricts_that_fall_short_are_named_and_the_slowest(page, sql):
    rates = sql("""
        SELECT short_name, 100.0 * sum(lit_count) / sum(due_count) AS rate
        FROM lighting.status JOIN base.subdistricts USING (subdistrict_code)
        WHERE cabinet_id IS NOT NULL AND counted_on = '2025-12-01' GROUP BY 1 ORDER BY rate""")
    low = rates[rates["rate"] <= 98]["short_name"].tolist()
    hours = sql("""
        SELECT short_name, sum(repair_hours) / sum(repaired_count) AS hours
        FROM lighting.status JOIN base.subdistricts USING (subdistrict_code)
        WHERE cabinet_id IS NOT NULL AND year(counted_on) = 2025 GROUP BY 1 ORDER BY hours DESC""")
    told = "".join(page(WHOLE, 2025).texts("findings"))
    assert f"{low[0]}、{low[1]}等 {len(low)} 个街道低于目标" in told
    assert f"{hours['short_name'][0]}最长（{hours['hours'][0]:.1f} 小时）" in told


def test_one_subdistrict_is_not_compared_with_itself(page):
    told = "".join(page(ONE, 2025).texts("findings"))
    assert "最长" not in told and "低于目标" not in told


# --- charts and lists ----------------------------------------------------------------------------


def test_the_months_stand_beside_those_of_the_year_before(page, sql):
    charts = {alt.partition("，")[0]: frame for frame, alt in page(WHOLE, 2025).charts}
    faults = sql("""
        SELECT year(counted_on) AS year, month(counted_on) AS month, sum(fault_count) AS count
        FROM lighting.status WHERE cabinet_id IS NOT NULL GROUP BY ALL ORDER BY ALL""")
    shown = charts["新增故障"].set_index("month")
    for year, column in ((2025, "value"), (2024, "before")):
        expected = faults[faults["year"] == year].set_index("month")["count"]
        assert shown[column].tolist() == expected.tolist()
    assert charts["亮灯率"]["value"].notna().sum() == 12


def test_repairs_are_compared_by_subdistrict(page, sql):
    hours = sql("""
        SELECT subdistrict_code, sum(repair_hours) / sum(repaired_count) AS hours
        FROM lighting.status WHERE cabinet_id IS NOT NULL AND year(counted_on) = 2025 GROUP BY 1""")
    expected = hours.set_index("subdistrict_code")["hours"]
    for view in (page(WHOLE, 2025), page(ONE, 2025)):
        assert view.bars["value"].to_dict() == pytest.approx(expected.to_dict(), abs=1e-3)


def picks(view, kind):
    return [
        e.get("data-pick")
        for root in view.blocks
        for e in root.iter()
        if (e.get("data-pick") or "").startswith(f"{kind}:")
    ]


def test_the_worst_cabinets_and_roads_are_listed_to_be_clicked(page, sql):
    view = page(WHOLE, 2025)
    cabinets = sql("""
        SELECT cabinet_id FROM lighting.status WHERE cabinet_id IS NOT NULL AND counted_on = '2025-12-01'
        ORDER BY due_count - lit_count DESC, due_count, cabinet_id LIMIT 5""")["cabinet_id"]
    assert picks(view, "cabinet") == [f"cabinet:{one}" for one in cabinets]
    roads = sql("""
        SELECT street_name FROM lighting.status
        WHERE road_name IS NOT NULL AND counted_on = '2025-12-01' AND due_count >= 30
        ORDER BY 1.0 * lit_count / due_count, due_count - lit_count DESC LIMIT 4""")["street_name"]
    assert picks(view, "street") == [f"street:{one}" for one in roads]


def test_roads_of_few_lamps_are_told_in_lamps(page, sql):
    small = sql(f"""
        SELECT road_name, due_count, lit_count FROM lighting.status
        WHERE road_name IS NOT NULL AND counted_on = '2025-12-01' AND due_count < 30
          AND lit_count < due_count AND {within(ONE)}""")
    assert len(small)
    told = "".join(page(ONE, 2025).texts("picked"))
    for row in small.itertuples():
        assert f"未亮 {row.due_count - row.lit_count} / {row.due_count} 盏" in told


def test_roads_alone_make_the_totals(servers, built, tmp_path):
    status = built[0]["lighting.status"]
    roads = status[status["road_name"].notna()]
    view = opened_over(servers, tmp_path, built, status=roads)
    assert view.failures == []
    assert view.cards["新增故障"].agrees(roads["fault_count"].sum())
    assert view.cards["有故障的夜数"].unit == "路·夜"
    assert "已按控制柜计入合计" not in view.text


def test_counts_that_are_not_filled_in_are_told_and_not_compared(servers, built, tmp_path):
    status = built[0]["lighting.status"].drop(
        columns=["repaired_count", "repair_hours", "fault_night_count"]
    )
    status = contract_frame("lighting.status", status)
    incomplete.blank(status, 2, "fault_count")
    view = opened_over(servers, tmp_path, built, status=status)
    assert view.failures == []
    is_counted = status["cabinet_id"].notna() & (
        pd.to_datetime(status["counted_on"]).dt.year == 2025
    )
    known = status.loc[is_counted, "fault_count"].dropna()
    assert view.cards["新增故障"].agrees(known.sum())
    basis = f"按已填故障数的 {len(known):,} 条统计计"
    assert view.cards["新增故障"].status == basis
    assert basis in "".join(view.texts("findings"))
    assert "上年同期" not in "".join(view.texts("findings"))
    for label, field in (
        ("平均修复时长", "修复时长"),
        ("有故障的夜数", "故障夜数"),
        ("故障修复率", "修复数"),
    ):
        assert view.cards[label].number is None
        assert view.cards[label].status == f"登记册的{field}未填"
    assert view.cards["12 月亮灯率"].number


def test_names_of_registers_are_shown_as_they_are(servers, built, tmp_path):
    cabinets = built[0]["lighting.cabinets"].assign(cabinet_name=HOSTILE)
    status = built[0]["lighting.status"].copy()
    is_road = status["road_name"].notna()
    status.loc[is_road, "road_name"] = HOSTILE
    status.loc[is_road, "street_name"] = None
    view = opened_over(servers, tmp_path, built, cabinets=cabinets, status=status)
    assert view.failures == []
    assert HOSTILE in "".join(view.texts("picked"))
    bodies = [block.proto.body for block in view.app.get("html")]
    assert not any("<b onclick" in body for body in bodies)
    assert any(escape(HOSTILE) in body for body in bodies)
    # A road that is none of the map's streets cannot be looked at there.
    assert picks(view, "street") == []


# --- the map -------------------------------------------------------------------------------------


def test_the_city_is_grey_and_every_lamp_that_is_out_is_an_ember(page, sql):
    view = page(ONE, 2025)
    ids = [layer["id"] for layer in view.map["layers"]]
    (glow,) = [layer for layer in view.map["layers"] if layer["id"].startswith("glow")]
    assert glow["desaturate"] == 1 and glow["opacity"] < 1
    assert glow["tintColor"] == rgba(DARK.unreported)[:3]
    out = sql(f"SELECT asset_id FROM lighting.assets WHERE state = 'unlit' AND {within(ONE)}")
    embers = view.layer("faults")
    assert {one["pick"] for one in embers} == set("lamp:" + out["asset_id"])
    assert ids.index("cabinets") < ids.index("faults")


def test_cabinets_below_the_target_are_rings_on_the_map(page, sql):
    shown = {one["pick"]: one for one in page(WHOLE, 2025).layer("cabinets")}
    counts = sql("""
        SELECT 'cabinet:' || cabinet_id AS pick, due_count, lit_count FROM lighting.status
        WHERE cabinet_id IS NOT NULL AND counted_on = '2025-12-01'""")
    assert set(shown) == set(counts["pick"])
    for row in counts.itertuples():
        assert shown[row.pick]["low"] == (row.lit_count / row.due_count <= 0.98)
        assert shown[row.pick]["n"] == row.due_count - row.lit_count
    assert any(one["low"] for one in shown.values())


def test_labels_tell_how_many_lamps_are_out(page, sql):
    out = sql("SELECT short_name, count(*) FROM lighting.assets JOIN base.subdistricts USING (subdistrict_code) "
              "WHERE state = 'unlit' GROUP BY 1")  # fmt: skip
    labels = [
        row["t"]
        for layer in page(WHOLE, 2025).map["layers"]
        if layer["id"].startswith("labels")
        for row in layer["data"]
    ]
    for name, count in out.itertuples(index=False):
        assert f"{name}\n{count} 盏" in labels


def test_the_legend_tells_what_is_drawn(page):
    (legend,) = page(WHOLE, 2025).texts("legend")
    for word in ("未亮灯具", "低于目标的控制柜", "其他控制柜", "2025 年底现状"):
        assert word in legend
    (early,) = page(WHOLE, 2020).texts("legend")
    assert "低于目标" not in early and "控制柜" in early


def test_the_legend_of_a_map_without_registers_says_so(bare):
    (legend,) = opened(bare).texts("legend")
    assert "待填报" in legend and "控制柜" not in legend


def test_many_lamps_that_are_out_are_gathered(site, monkeypatch):
    monkeypatch.setattr(light_map, "MOST_FAULTS", 0)
    view = opened(site)
    assert view.failures == []
    assert "按网格汇总" in "".join(view.texts("legend"))
    assert sum(cell["n"] for cell in view.layer("faults")) == view.cards["未亮灯具"].number


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])
def test_the_tables_hold_every_cabinet_and_every_counted_road(page, sql, codes):
    cabinets, roads = (table.value for table in page(codes, 2025).app.dataframe)
    assert len(cabinets) == sql(f"SELECT count(*) FROM lighting.cabinets WHERE {within(codes)}").iat[0, 0]  # fmt: skip
    assert set(cabinets["接入一把闸刀"]) <= {"是", "否"}
    assert cabinets["当年新增故障"].sum() == page(codes, 2025).cards["新增故障"].number
    counted_roads = sql(f"""
        SELECT DISTINCT road_name, subdistrict_code FROM lighting.status
        WHERE road_name IS NOT NULL AND {within(codes)}""")
    assert len(roads) == len(counted_roads)


def test_the_table_s_heading_says_of_which_month_it_is(page):
    heads = page(WHOLE, 2025).texts("block-title")
    assert any(re.search(r"控制柜亮灯与故障.*亮灯为 12 月", head) for head in heads)
    assert any("已按控制柜计入合计" in head for head in heads)
