"""Mode «设施与能耗» of the lighting page: figures and sentences against SQL, its map, panel and tables."""

import json
import re

import pandas as pd
import pytest

from data.snapshot import publish, write_snapshot
from tests.incomplete import HOSTILE, odd, sparse, store_of
from tests.reading import ONE, SHOWN, TWO, WHOLE, View, within

every_place = pytest.mark.parametrize(("codes", "year"), SHOWN.values(), ids=SHOWN)
DINGLAN, JIUBAO, HUBIN = "330102017", "330102018", "330102003"
LED, EQUIPPED, STANDARD = "路灯 LED 应用率", "新改扩建道路装灯率", "照明指标达标率"
SWITCH, ENERGY, POLES = "一把闸刀接入", "全年用电量", "挂载 5G 或感知设备"
MEASURES = {"control": "照明集中控制率", "led": LED, "standard": STANDARD,
            "energy": "单灯年用电", "poles": "5G、感知灯杆"}  # fmt: skip


def opened(server, codes=WHOLE, year=2025, **query):
    asked = {"show": "service", "year": str(year), **query} | (
        {"sub": list(codes)} if codes else {}
    )
    return View(server.open("lighting", **asked))


def value(sql, text):
    """The only cell, None for a missing one."""
    found = sql(text).iat[0, 0]
    return None if pd.isna(found) else float(found)


@pytest.fixture
def over(servers, built, tmp_path):
    """The app over the default build with other rows in some of the lighting tables."""

    def serve(**changed):
        tables = dict(built[0]) | {f"lighting.{name}": frame for name, frame in changed.items()}
        folder = tmp_path / "store"
        publish(folder, write_snapshot(folder, tables, built[1]))
        servers.serve(folder)
        return servers

    return serve


# --- figures -------------------------------------------------------------------------------------


@every_place
def test_led_and_control_are_shares_of_the_lamps_of_the_year(site, sql, codes, year):
    view = opened(site, codes, year)
    lamps = f"FROM lighting.yearly WHERE year = {year} AND {within(codes)}"
    street = f"{lamps} AND asset_kind = 'street_lamp'"
    assert view.cards[LED].agrees(value(sql, f"SELECT 100.0 * sum(led_count) / sum(asset_count) {street}"))  # fmt: skip
    told = value(sql, f"SELECT 100.0 * sum(controlled_count) / sum(asset_count) {lamps}")
    assert f"集中控制率 {told:.1f}%" in view.cards[SWITCH].status
    road = value(sql, f"SELECT 100.0 * sum(controlled_count) / sum(asset_count) {street}")
    whole, roads = view.texts("control")[0].split("道路照明")
    assert f"{told:.1f}%" in whole and "＞70%" in whole and "表 1" in whole
    assert f"{road:.1f}%" in roads and "目标 100%" in roads and "4.1.3" in roads


@pytest.mark.parametrize("codes", [WHOLE, TWO], ids=["whole", "two"])
def test_led_is_judged_by_the_lamps_on_new_roads(site, sql, codes):
    share = value(
        sql,
        "SELECT 100.0 * count(*) FILTER (is_led) / count(*) FROM lighting.assets a "
        "WHERE asset_kind = 'street_lamp' AND EXISTS (SELECT 1 FROM lighting.roads r WHERE r.is_new "
        "AND r.street_name = a.place_name AND r.subdistrict_code = a.subdistrict_code) "
        f"AND {within(codes)}",
    )
    assert f"新改扩建 {share:.1f}%" in opened(site, codes).cards[LED].status


def test_of_earlier_years_led_is_judged_by_all_street_lamps(site):
    card = opened(site, year=2021).cards[LED]
    assert "未达标" in card.status
    assert "按全部路灯判定" in card.status


@every_place
def test_roads_are_equipped_and_meet_the_standard(site, sql, codes, year):
    view = opened(site, codes, year)
    roads = f"FROM lighting.roads WHERE built_year <= {year} AND {within(codes)}"
    count, equipped = sql(f"SELECT count(*), count(*) FILTER (has_lamps) {roads} AND is_new").iloc[
        0
    ]
    assert view.cards[EQUIPPED].agrees(100 * equipped / count)
    assert f"{equipped} / {count} 条" in view.cards[EQUIPPED].status
    tested = f"{roads} AND measured_on < DATE '{year + 1}-01-01'"
    assert view.cards[STANDARD].agrees(
        value(
            sql, f"SELECT 100.0 * count(*) FILTER (meets_standard) / nullif(count(*), 0) {tested}"
        )
    )
    untested = value(sql, f"SELECT count(*) {roads}") - value(sql, f"SELECT count(*) {tested}")
    assert f"未检测 {untested:.0f} 条" in view.cards[STANDARD].status


@every_place
def test_cabinets_are_connected_by_the_end_of_the_year(site, sql, codes, year):
    card = opened(site, codes, year).cards[SWITCH]
    cabinets = f"FROM lighting.cabinets WHERE {within(codes)}"
    assert card.agrees(value(sql, f"SELECT count(*) {cabinets} AND connected_year <= {year}"))
    assert card.unit == f"/ {value(sql, f'SELECT count(*) {cabinets}'):.0f} 套"
    assert ("基期 144 套" in card.status) == (not codes)


@every_place
def test_energy_is_that_of_the_year_and_compared_with_the_year_before(site, sql, codes, year):
    card = opened(site, codes, year).cards[ENERGY]
    used = (
        "SELECT sum(energy_kwh) / 1000 FROM lighting.energy JOIN lighting.cabinets USING (cabinet_id) "
        f"WHERE {within(codes)} AND year(month) ="
    )
    now, before = (value(sql, f"{used} {one}") for one in (year, year - 1))
    assert card.agrees(now)
    assert f"比上年 {100 * (now / before - 1):+.1f}%".replace("-", "−") in card.status


def test_poles_that_carry_something_are_counted_of_the_present_alone(site, sql):
    card = opened(site).cards[POLES]
    assert card.agrees(
        value(sql, "SELECT count(*) FROM lighting.assets WHERE has_5g_station OR has_sensor")
    )
    stations = value(sql, "SELECT count(*) FROM lighting.assets WHERE has_5g_station")
    assert f"5G {stations:.0f}" in card.status
    assert opened(site, year=2022).cards[POLES].value == "—"


def test_every_figure_on_samples_says_so_and_tells_its_formula(site):
    view = opened(site)
    assert len(view.cards) == 6
    assert all(card.is_sample for card in view.cards.values())
    told = [
        e.get("title") for root in view.blocks for e in root.iter() if e.get("class") == "figure"
    ]
    assert all("规划" in text for text in told)


def test_without_registers_nothing_is_a_figure(bare):
    view = opened(bare)
    assert view.failures == []
    assert {card.value for card in view.cards.values()} == {"无数据"}
    for label in (LED, EQUIPPED, STANDARD):
        assert view.cards[label].status.startswith("○ 待填报")
    assert view.texts("findings") == ["所选范围内暂无登记数据；规划目标见各卡片。"]
    assert view.charts == []
    assert len(view.rows) == 0


def test_a_subdistrict_without_registered_roads_says_so(site):
    view = opened(site, (DINGLAN,))
    assert view.cards[EQUIPPED].status == "所选范围内没有新改扩建道路"
    assert view.cards[STANDARD].status == "所选范围内没有登记的道路"


def test_of_a_year_before_the_tests_nothing_is_said_to_meet_the_standard(site):
    view = opened(site, year=2021)
    assert view.cards[STANDARD].value == "—"
    assert "道路照明指标" not in view.texts("findings")[0]


def test_energy_of_part_of_a_year_is_compared_with_the_same_months(over, built_tables, sql):
    energy = built_tables["lighting.energy"]
    is_late = (energy["month"] >= "2025-11-01") & (energy["month"] < "2026-01-01")
    view = opened(over(energy=energy[~is_late]))
    early = "SELECT sum(energy_kwh) FROM lighting.energy WHERE month(month) <= 10 AND year(month) ="
    now, before = (value(sql, f"{early} {year}") for year in (2025, 2024))
    told = view.cards[ENERGY].status
    assert f"比上年同期 {100 * (now / before - 1):+.1f}%".replace("-", "−") in told
    assert "1–10 月" in told
    assert "单灯" not in view.texts("findings")[0]


def test_fields_that_are_not_filled_in_are_no_figures(servers, built, tmp_path):
    servers.serve(store_of(tmp_path / "store", sparse(built)))
    view = opened(servers)
    assert view.failures == []
    assert view.cards[LED].value == "—"
    assert "登记册的 LED 未填" in view.cards[LED].status
    assert "登记册的 5G、感知设备未填" in view.cards[POLES].status


@pytest.mark.parametrize("measure", MEASURES)
def test_half_filled_registers_with_names_of_any_form_are_shown(servers, built, tmp_path, measure):
    servers.serve(store_of(tmp_path / "store", odd(built)))
    for codes in (WHOLE, (HUBIN,)):
        view = opened(servers, codes, measure=measure)
        assert view.failures == []
        assert "按已填接入情况的" in view.cards[SWITCH].status
        assert not any(card.is_sample for card in view.cards.values())


# --- sentences -----------------------------------------------------------------------------------


def test_sentences_answer_first_and_name_the_subdistricts_that_lack(site, sql):
    said = opened(site).texts("findings")[0]
    assert said.startswith("274 / 360 套控制柜接入一把闸刀")
    lamps = "FROM lighting.yearly WHERE year = 2025 AND asset_kind = 'street_lamp'"
    left = value(sql, f"SELECT sum(asset_count - controlled_count) {lamps}")
    assert f"差 {left:,.0f} 盏" in said
    low = sql(
        "SELECT any_value(short_name) AS name FROM lighting.yearly JOIN base.subdistricts USING (subdistrict_code) "
        "WHERE year = 2025 GROUP BY subdistrict_code HAVING sum(controlled_count) / sum(asset_count) <= 0.7 "
        "ORDER BY sum(controlled_count) / sum(asset_count)"
    )["name"]
    assert f"{low[0]}、{low[1]}等 {len(low)} 个街道低于目标" in said


def test_energy_of_a_lamp_falls_while_lamps_grow(site, sql):
    fed = "FROM lighting.assets WHERE cabinet_id IS NOT NULL AND installed_year <="
    used = "SELECT sum(energy_kwh) FROM lighting.energy WHERE year(month) ="
    now, before = (
        value(sql, f"{used} {year}") / value(sql, f"SELECT count(*) {fed} {year}")
        for year in (2025, 2024)
    )
    said = opened(site).texts("findings")[0]
    assert now < before
    assert f"单灯 {now:.0f} kWh（上年 {before:.0f}）" in said


def test_where_all_fall_short_they_are_not_counted(site):
    assert "各街道均低于目标" in opened(site, year=2020).texts("findings")[0]


def test_of_one_subdistrict_no_other_is_named(site):
    assert "低于目标" not in opened(site, ONE).texts("findings")[0]


# --- map -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", MEASURES)
def test_the_chosen_measure_fills_map_and_bars(site, measure):
    view = opened(site, measure=measure)
    assert view.failures == []
    assert MEASURES[measure] in view.texts("legend")[0]
    tips = [feature["properties"]["tip"] for feature in view.layer("subdistricts")]
    assert all(MEASURES[measure] in tip for tip in tips)
    assert len(view.bars) == 14
    bars = view.bars["value"].dropna()
    for feature in view.layer("subdistricts"):
        told = feature["properties"]
        if told["subdistrict_code"] in bars.index:
            shown = re.search(r" ([\d.,]+)(%| \S+)\n", told["tip"])[1].replace(",", "")
            assert float(shown) == pytest.approx(bars[told["subdistrict_code"]], abs=0.5)


def test_an_unknown_measure_is_told_and_ignored(site):
    view = opened(site, measure="watts")
    assert ["watts" in notice for notice in view.notices] == [True]
    assert MEASURES["control"] in view.texts("legend")[0]


@pytest.mark.parametrize(("codes", "year"), [(WHOLE, 2025), (TWO, 2022)], ids=["whole", "two"])
def test_cabinets_off_the_switch_are_hollow_and_open_their_cards(site, sql, codes, year):
    view = opened(site, codes, year)
    points = {point["pick"]: point["c"] for point in view.layer("cabinets-switch")}
    expected = sql(
        f"SELECT 'cabinet:' || cabinet_id AS pick, connected_year <= {year} AS is_on "
        f"FROM lighting.cabinets WHERE {within(codes)}"
    )
    assert points == {
        row.pick: "y" if row.is_on else "n"
        for row in expected.fillna({"is_on": False}).itertuples()
    }
    assert f"未接入 {list(points.values()).count('n')} 套" in view.texts("legend")[0]


def test_the_tenth_of_the_cabinets_that_takes_most_stands_out(site, sql):
    points = opened(site, measure="energy").layer("cabinets-energy")
    ranked = sql(
        "SELECT cabinet_id, sum(energy_kwh) / any_value(n) AS kwh FROM lighting.energy JOIN "
        "(SELECT cabinet_id, count(*) AS n FROM lighting.assets GROUP BY 1) USING (cabinet_id) "
        "WHERE year(month) = 2025 GROUP BY 1 ORDER BY kwh DESC"
    )["cabinet_id"]
    most = {point["pick"].removeprefix("cabinet:") for point in points if point["m"]}
    assert most == set(ranked.head(36))
    assert len(points) == len(ranked)


def test_roads_that_miss_the_standard_or_have_no_lamps_are_drawn_where_the_map_has_them(site, sql):
    features = opened(site, measure="standard").layer("roads-state")
    wanted = sql("SELECT street_name FROM lighting.roads WHERE NOT has_lamps OR NOT meets_standard")
    assert {feature["properties"]["pick"] for feature in features} == {
        f"street:{name}" for name in wanted["street_name"]
    }


def test_new_roads_are_drawn_by_their_led(site, sql):
    view = opened(site, measure="led")
    wanted = sql("SELECT DISTINCT street_name FROM lighting.roads WHERE is_new")["street_name"]
    drawn = {feature["properties"]["pick"] for feature in view.layer("roads-led")}
    assert drawn == {f"street:{name}" for name in wanted}
    assert "不足 80%" in view.texts("legend")[0]
    assert opened(site, year=2021, measure="led").layer("roads-led") == []


def test_poles_are_drawn_once_one_subdistrict_is_chosen(site, sql):
    whole = opened(site, measure="poles")
    assert not any(layer["id"].startswith("poles-") for layer in whole.map["layers"])
    assert "选一个街道" in whole.texts("legend")[0]
    view = opened(site, (HUBIN,), measure="poles")
    drawn = [
        point["pick"] for kind in ("5g", "sensor", "both") for point in view.layer(f"poles-{kind}")
    ]
    wanted = sql(
        "SELECT 'lamp:' || asset_id AS pick FROM lighting.assets "
        f"WHERE (has_5g_station OR has_sensor) AND subdistrict_code = '{HUBIN}'"
    )
    assert sorted(drawn) == sorted(wanted["pick"])


def test_a_cabinet_of_the_map_has_its_card_beside_it(site):
    view = opened(site, light="cabinet:KZ001")
    assert view.failures == []
    assert "南山路 1 号控制柜" in view.text
    assert view.texts("assets") == []


# --- panel and tables ----------------------------------------------------------------------------


@every_place
def test_lamps_are_told_by_kind_as_counts_and_shares(site, sql, codes, year):
    (told,) = opened(site, codes, year).texts("assets")
    rows = sql(
        f"SELECT sum(asset_count) AS n, sum(lit_count) AS lit, sum(led_count) AS led FROM lighting.yearly "
        f"WHERE year = {year} AND {within(codes)} GROUP BY asset_kind"
    )
    for row in rows.itertuples():
        for part in (f"{row.n:,.0f}", f"{100 * row.lit / row.n:.1f}%", f"{row.led:,.0f}"):
            assert part in told


def test_tables_hold_roads_cabinets_and_energy_by_month(site, sql):
    roads, cabinets, energy = (table.value for table in opened(site).app.dataframe)
    assert len(roads) == value(sql, "SELECT count(*) FROM lighting.roads")
    assert roads["照明"].iloc[0] == "▲ 照明指标未达标"
    assert roads["检测日期"].dropna().str.fullmatch(r"\d{4}-\d\d-\d\d").all()
    assert len(cabinets) == value(sql, "SELECT count(*) FROM lighting.cabinets")
    assert cabinets["单灯年用电（kWh）"].is_monotonic_decreasing
    assert len(energy) == 14
    july = value(sql, "SELECT sum(energy_kwh) / 1000 FROM lighting.energy WHERE month = DATE '2025-07-01'")  # fmt: skip
    assert energy["7 月"].sum() == pytest.approx(july)
    assert energy["全年"].sum() == pytest.approx(
        energy[[f"{n} 月" for n in range(1, 13)]].sum().sum()
    )


def test_columns_of_energy_have_the_year_before_beside_them(site, sql):
    (frame,) = [frame for frame, alt in opened(site, TWO).charts if alt.startswith("照明用电量")]
    told = sql(
        "SELECT year(month) AS year, month(month) AS month, sum(energy_kwh) / 1000 AS mwh FROM lighting.energy "
        f"JOIN lighting.cabinets USING (cabinet_id) WHERE {within(TWO)} GROUP BY ALL"
    ).set_index(["year", "month"])["mwh"]
    for row in frame.itertuples():
        assert row.value == pytest.approx(told[2025, row.month])
        assert row.before == pytest.approx(told[2024, row.month])


def test_both_rates_run_over_the_years(site, sql):
    (frame,) = [frame for frame, alt in opened(site).charts if alt.startswith("路灯 LED 应用率、")]
    told = sql(
        "SELECT year, 100.0 * sum(controlled_count) / sum(asset_count) AS pct FROM lighting.yearly GROUP BY 1"
    ).set_index("year")["pct"]
    own = frame[frame["word"] == "集中控制"].set_index("year")["value"]
    assert {int(year): v for year, v in own.items()} == pytest.approx(told.to_dict(), abs=1e-3)
    assert set(frame["word"]) == {"集中控制", "路灯 LED"}


def test_names_from_registers_stay_text(over, built_tables):
    spoilt = {}
    for name, column in (("cabinets", "cabinet_name"), ("roads", "road_name")):
        frame = built_tables[f"lighting.{name}"].copy()
        frame[column] = [HOSTILE[n % len(HOSTILE)] for n in range(len(frame))]
        spoilt[name] = frame
    server = over(**spoilt)
    for query in ({}, {"measure": "standard"}, {"measure": "energy"}, {"light": "cabinet:KZ003"}):
        view = opened(server, **query)
        assert view.failures == []
        assert "<script>" not in json.dumps([block.attrib for block in view.blocks])
    points = opened(server).layer("cabinets-switch")
    assert {point["tip"].split("\n")[0] for point in points} >= {"<b>粗体</b>公园"}
