"""The river page: figures by month and mode against SQL, the card of a river, the slider's answers."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from data.snapshot import publish, write_snapshot
from tests.reading import ONE, WHOLE, View, of_rivers
from ui import months

ATTACK = "<img src=x onerror=alert(1)>"
MODES = ("beautiful", "quality", "warning", "facilities", "projects")
every_mode = pytest.mark.parametrize("mode", MODES)


@pytest.fixture
def seen(site):
    """The river page under keys of the address."""
    return lambda **query: View(site.open("rivers", **query))


def starting(cards, label):
    """The card whose label begins so (labels name the month)."""
    (card,) = [card for name, card in cards.items() if name.startswith(label)]
    return card


# --- what if ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_rivers(sql):
    """Rivers not yet beautiful ones in 2025, longest mapped first, unmapped last."""
    return list(
        sql("""
            SELECT river_id FROM rivers.rivers WHERE beautiful_level = 'none'
            ORDER BY length_m DESC NULLS LAST
        """)["river_id"]
    )


def shares_after(sql, assumed):
    """Shares in percent by count and by length, if these rivers succeed."""
    named = ", ".join(f"'{river_id}'" for river_id in assumed) or "NULL"
    done = f"(beautiful_level <> 'none' OR river_id IN ({named}))"
    return sql(f"""
        SELECT (SELECT 100.0 * count(*) FILTER ({done}) / count(*) FROM rivers.rivers) AS by_count,
               (SELECT 100.0 * sum(p.length_m) FILTER ({done}) / sum(p.length_m)
                FROM rivers.reaches p JOIN rivers.rivers USING (river_id)) AS by_length
    """).iloc[0]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_assumed_rivers_change_shares_sentence_and_map_and_not_what_is_real(
    seen, sql, open_rivers, count
):
    assumed = open_rivers[:count]
    before, after = seen(), seen(assume=assumed)
    real, then = shares_after(sql, []), shares_after(sql, assumed)
    told = "".join(after.texts("findings"))
    assert "未填" not in after.text
    assert "假设" not in "".join(before.texts("findings"))
    assert f"假设 {count} 条创建成功" in told
    assert f"按条数 {real.by_count:.1f}% → {then.by_count:.1f}%" in told
    assert f"按长度 {real.by_length:.1f}% → {then.by_length:.1f}%" in told
    assert ("达到目标" in told) == (then.by_count > 80)
    assert f"→ 假设 {then.by_count:.1f}%" in after.text
    # The map marks them, and says so; no other figure moves.
    assert "rivers-assumed" not in [layer["id"] for layer in before.map["layers"]]
    marked = {feature["properties"].get("river_id") for feature in after.layer("rivers-assumed")}
    assert len(after.layer("rivers-assumed")) >= 1 and marked <= {*assumed, None}
    assert f"假设创建成功（{count} 条）" in "".join(after.texts("legend"))
    assert {name: card.value for name, card in after.cards.items()} == {
        name: card.value for name, card in before.cards.items()
    }


def test_choosing_until_the_target_is_met_and_clearing(seen, sql):
    app = seen().app
    app.button(key="assume_until_met").click().run()
    chosen = app.query_params["assume"]
    chosen = [chosen] if isinstance(chosen, str) else chosen
    assert shares_after(sql, chosen).by_count > 80
    assert shares_after(sql, chosen[:-1]).by_count <= 80
    assert "达到目标" in "".join(View(app).texts("findings"))
    app.button(key="assume_none").click().run()
    assert "assume" not in app.query_params
    assert "假设" not in "".join(View(app).texts("findings"))


def test_a_river_that_is_beautiful_already_cannot_be_assumed(seen, sql):
    done = sql("SELECT river_id FROM rivers.rivers WHERE beautiful_level <> 'none'").iat[0, 0]
    view = seen(assume=[done])
    assert not view.failures
    assert "假设 " not in "".join(view.texts("findings"))


# --- figures -------------------------------------------------------------------------------------


@every_mode
@pytest.mark.parametrize(
    ("codes", "year", "month"), [(WHOLE, 2025, 12), (WHOLE, 2020, 8), (ONE, 2023, 3)]
)
def test_cards_of_a_month_show_what_sql_finds_in_every_mode(seen, sql, codes, year, month, mode):
    view = seen(show=mode, year=str(year), month=str(month), **({"sub": codes} if codes else {}))
    assert not view.failures
    assert len(view.cards) == 6
    found = sql(f"""
        SELECT 100.0 * count(*) FILTER (quality_class <= 'Ⅳ') / count(quality_class) AS share_pct,
               count(DISTINCT river_id) FILTER (spare_pct < 0) AS red_count
        FROM rivers.sections JOIN rivers.water_quality USING (section_id)
        WHERE month = make_date({year}, {month}, 1) AND {of_rivers(codes)}
    """).iloc[0]
    assert starting(view.cards, "Ⅳ类").agrees(found["share_pct"])
    assert starting(view.cards, "红色预警").agrees(found["red_count"])
    assert all(card.is_sample for card in view.cards.values())


@every_mode
def test_every_mode_has_its_table(seen, mode):
    view = seen(show=mode)
    assert len(view.rows) > 10


@pytest.mark.parametrize(
    ("query", "noun"), [({"month": "13"}, "月份"), ({"show": "depth"}, "图层"), ({"assume": "R99"}, "假设")]
)  # fmt: skip
def test_what_the_address_asks_for_and_is_not_there_is_told_and_ignored(seen, query, noun):
    view, plain = seen(**query), seen()
    assert not view.failures
    assert any(noun in notice for notice in view.notices)
    assert view.cards == plain.cards


# --- the card ------------------------------------------------------------------------------------


def test_the_card_tells_length_where_and_sections_of_its_river(seen, sql):
    river = sql("""
        SELECT v.river_id, v.river_name, v.length_m FROM rivers.rivers v
        WHERE (SELECT count(*) FROM rivers.sections s WHERE s.river_id = v.river_id) > 1
          AND (SELECT count(*) FROM rivers.reaches r WHERE r.river_id = v.river_id) > 1
        ORDER BY length_m DESC LIMIT 1
    """).iloc[0]
    view = seen(show="quality", item=f"river:{river['river_id']}", month="7")
    assert not view.failures
    assert view.texts("focus")[0].startswith(river["river_name"])
    assert f"{river['length_m'] / 1000:.2f} km" in view.text
    reaches = sql(f"SELECT * FROM rivers.reaches WHERE river_id = '{river['river_id']}'")
    for row in reaches.itertuples():
        name = row.subdistrict_name.removesuffix("街道")
        assert f"{name} {row.length_m / 1000:.2f} km" in view.text
    classes = sql(f"""
        SELECT section_name, quality_class FROM rivers.sections
        JOIN rivers.water_quality USING (section_id)
        WHERE river_id = '{river["river_id"]}' AND month = DATE '2025-07-01'
    """)
    listed = "".join(view.texts("lines"))
    for row in classes.itertuples():
        assert row.section_name in listed
        assert f"{row.quality_class}类" in listed
    assert any(box.key == "river_card_item" for box in view.app.selectbox)


def test_a_river_without_course_has_a_card_too(seen, sql):
    river = sql("SELECT * FROM rivers.rivers WHERE NOT is_mapped ORDER BY river_id").iloc[0]
    view = seen(item=f"river:{river['river_id']}")
    assert not view.failures
    (head,) = view.texts("focus")
    assert river["river_name"] in head and "未上图" in head


def test_the_card_of_a_river_beyond_the_filter_is_whole(seen, sql):
    river = sql(f"""
        SELECT river_id FROM rivers.rivers WHERE is_mapped AND NOT {of_rivers(ONE)}
          AND river_id IN (SELECT river_id FROM rivers.sections) ORDER BY river_id
    """).iloc[0]["river_id"]
    view, whole = seen(item=f"river:{river}", sub=list(ONE)), seen(item=f"river:{river}")
    assert not view.failures
    assert view.texts("river-state") == whole.texts("river-state") != []


def test_going_back_closes_the_card(seen):
    view = seen(item="river:R07")
    (back,) = [button for button in view.app.button if button.key == "river_card_back"]
    closed = View(back.click().run())
    assert closed.texts("focus") == []
    assert "item" not in closed.app.query_params


def test_the_card_follows_the_month(seen):
    strips = [seen(item="river:R07", month=month).texts("class-strip") for month in ("2", "8")]
    assert strips[0] != strips[1]


@pytest.fixture(scope="module")
def odd_store(built, tmp_path_factory):
    """Names that carry markup; no sample at all in 2025; R07 with no section and no rank."""
    tables, meta = built
    rivers, sections = tables["rivers.rivers"], tables["rivers.sections"]
    quality = tables["rivers.water_quality"]
    spoilt = {
        "rivers.rivers": rivers.assign(
            river_name=ATTACK + rivers["river_name"],
            rank=rivers["rank"].mask(rivers["river_id"] == "R07"),
            chief_level=rivers["chief_level"].mask(rivers["river_id"] == "R07"),
        ),
        "rivers.sections": sections.assign(section_name=ATTACK + sections["section_name"])[
            sections["river_id"] != "R07"
        ],
        "rivers.water_quality": quality[quality["month"].astype(str).str[:4] != "2025"],
        "rivers.facilities": tables["rivers.facilities"].assign(
            facility_name=ATTACK + tables["rivers.facilities"]["facility_name"]
        ),
    }
    folder = tmp_path_factory.mktemp("odd")
    described = [replace(one) for one in meta]
    publish(folder, write_snapshot(folder, tables | spoilt, described))
    return folder


@every_mode
@pytest.mark.parametrize("river_id", ["R07", "R01", None])
def test_markup_in_names_and_holes_in_the_data_stay_text(servers, odd_store, mode, river_id):
    servers.serve(odd_store)
    query = {"item": f"river:{river_id}"} if river_id else {}
    view = View(servers.open("rivers", show=mode, **query))
    assert not view.failures
    assert not [e for root in view.blocks for e in root.iter("img")]
    if river_id:
        assert ATTACK in view.texts("focus")[0]
        assert view.texts("river-state")[0].startswith("○ 未评价")


# --- the slider's answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "year", "month"),
    [(0, 2020, "1"), (71, 2025, "12"), (66, 2025, "7"), (-1, None, None), (72, None, None),
     (True, None, None), ("3", None, None), (2.0, None, None), (None, None, None)],
)  # fmt: skip
def test_the_slider_sets_year_and_month_together_and_nothing_else_moves_them(
    monkeypatch, told, year, month
):
    fake = SimpleNamespace(session_state={"months": {"moved": told}}, query_params={})
    monkeypatch.setattr(months, "st", fake)
    months._move()
    assert fake.session_state.get("year") == year
    assert fake.query_params.get("month") == month
