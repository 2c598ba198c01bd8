"""Registers that lack what samples have, or hold names of any form: nothing unknown is told as
known, and nothing breaks."""

import re
from dataclasses import replace

import pytest

from data.store import Store
from tests import incomplete
from tests.incomplete import HOSTILE, SURVEY_YEAR, shown_texts, tips
from tests.reading import ONE, WHOLE, View
from ui import basemap, layers, light_map, tables

PAGES = (
    "overview", "indicators", "rivers", "streets", "toilets", "lighting", "projects", "profile",
)  # fmt: skip
PUBLIC = "NOT coalesce(is_social, false)"
"""Public toilets, not those that businesses open to all."""
SHOWN = {"whole": (WHOLE, 2025), "one": (ONE, 2022)}
MACHINE_WORDS = re.compile(r"\bnan\b|\bNaN\b|\bNone\b|<NA>|\bNaT\b|undefined|无数据 [盏条座k]")


@pytest.fixture(scope="session")
def sparse_store(built, tmp_path_factory):
    return incomplete.store_of(tmp_path_factory.mktemp("sparse"), incomplete.sparse(built))


@pytest.fixture(scope="session")
def odd_store(built, tmp_path_factory):
    return incomplete.store_of(tmp_path_factory.mktemp("odd"), incomplete.odd(built))


@pytest.fixture
def sparse(servers, sparse_store):
    """The app over registers with nothing but what they must hold."""
    servers.serve(sparse_store)
    return servers


@pytest.fixture
def odd(servers, odd_store):
    """The app over half-filled registers of hostile names."""
    servers.serve(odd_store)
    return servers


@pytest.fixture(scope="module")
def asked(sparse_store, odd_store):
    """Ask the sparse or the odd store directly."""
    stores = {"sparse": Store(sparse_store), "odd": Store(odd_store)}
    yield lambda name, sql: stores[name].query(sql).iat[0, 0]
    for store in stores.values():
        store.close()


# --- every page, whatever is missing -------------------------------------------------------------


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["sparse", "odd"])
def test_no_page_fails_or_speaks_like_a_machine(kind, page, shown, request):
    view = request.getfixturevalue(kind).view(page, *SHOWN[shown])
    assert view.failures == []
    assert MACHINE_WORDS.findall(shown_texts(view)) == []
    assert not any("NaN" in chart.proto.json for chart in view.app.get("deck_gl_json_chart"))
    assert "示例" not in view.text


@pytest.mark.parametrize("page", ["rivers", "streets", "toilets", "lighting", "projects"])
@pytest.mark.parametrize("kind", ["sparse", "odd"])
def test_every_thing_on_a_map_says_what_it_is(kind, page, request):
    for layer, told in tips(request.getfixturevalue(kind).view(page, ONE)).items():
        assert all(told), layer


# --- what is not filled in is said to be so ------------------------------------------------------


def told(view, label):
    card = view.cards[label]
    return card.value, card.status


def test_rivers_without_levels_are_not_said_to_be_without_beauty(sparse):
    view = sparse.view("rivers")
    for label in ("美丽河湖占比", "长度覆盖率", "街道覆盖率达 80%"):
        value, status = told(view, label)
        assert value == "—"
        assert "等级未填" in status
    assert "未创建" not in "".join(map(str, view.rows.to_numpy().ravel()))
    assert view.rows["美丽河湖"].isna().all()
    assert {feature["properties"]["state"] for feature in view.layer("rivers")} == {"unknown"}
    assert all("等级未填" in tip for tip in tips(view)["rivers"])
    assert "等级未填，不计占比" in "".join(view.texts("findings"))


def test_toilets_without_features_have_no_shares_of_them(sparse):
    view = sparse.view("toilets")
    for label, why in (
        ("规划期提升改造", "改造年份未填"),
        ("无障碍设施", "无障碍设施未填"),
        ("女厕位 : 男厕位", "厕位数未填"),
    ):
        assert told(view, label) == ("—", f"登记册的{why}")
    text = "".join(view.texts("findings"))
    assert "第三卫生间" not in text and "提升改造" not in text


def test_toilets_without_opening_year_count_in_every_year_and_that_is_said(sparse, asked):
    count = asked("sparse", f"SELECT count(*) FROM toilets.toilets WHERE {PUBLIC}")
    for year in (2020, 2025):
        view = sparse.view("toilets", WHOLE, year)
        assert view.cards["公共厕所"].number == count
        assert f"{count} 座启用年份未填，各年均计入" in view.cards["公厕密度"].status


def test_lamps_without_state_have_no_rates(sparse):
    view = sparse.view("lighting")
    assert told(view, "道路照明亮灯率") == ("—", "○ 待填报 目标 ＞98% · 登记册的亮灭状态未填")
    assert told(view, "照明集中控制率") == ("—", "○ 待填报 目标 ＞70% · 登记册的集中控制未填")


def test_a_year_without_survey_says_which_year_there_is(sparse):
    view = sparse.view("lighting", WHOLE, 2022)
    assert f"登记册只有 {SURVEY_YEAR} 年的数据" in told(view, "道路照明亮灯率")[1]
    profile = sparse.view("profile", ONE, 2022)
    assert told(profile, "灯具") == ("—", f"登记册只有 {SURVEY_YEAR} 年的数据")


def test_lamps_without_state_are_drawn_apart_from_lit_and_unlit_ones(sparse, asked):
    view = sparse.view("lighting", ONE)
    count = asked(
        "sparse", f"SELECT count(*) FROM lighting.assets WHERE subdistrict_code = '{ONE[0]}'"
    )
    assert len(view.layer("lamps")) == count
    assert {lamp["k"][-1] for lamp in view.layer("lamps")} == {"?"}
    assert "亮灭未填的灯具" in "".join(view.texts("legend"))
    assert "现状" not in "".join(view.texts("legend"))


def test_a_damage_that_is_not_filled_in_is_not_told(odd):
    view = View(odd.open("lighting", show="faults", sub=list(ONE)))
    faults = [fault["tip"] for fault in view.layer("faults")]
    assert faults
    assert not any("损坏" in tip for tip in faults)


def test_completed_streets_without_year_are_completed(sparse, asked):
    done = asked(
        "sparse",
        "SELECT count(*) FROM streets.demonstration_streets"
        " WHERE designation = 'boutique' AND state = 'completed'",
    )
    for year in (2020, 2025):
        view = sparse.view("streets", WHOLE, year)
        assert view.cards["精品示范街"].number == done
        assert "建成年份未填" in view.cards["精品示范街"].status
        assert told(view, "建成长度") == ("—", "长度未填")
        # Whether they are new since the base year is not known: neither 0 nor all of them.
        assert view.cards["新增省级街容示范街"].number is None


def test_projects_without_state_are_not_said_to_be_open(sparse):
    view = sparse.view("projects")
    assert told(view, "已完工") == ("—", "待填报")
    assert set(view.rows["状态"]) == {"○ 待填报"}


@pytest.mark.parametrize("codes", [WHOLE, ONE])
def test_indicators_that_a_register_does_not_tell_wait_for_a_report(sparse, codes):
    rows = sparse.view("indicators", codes).rows.set_index("序号")
    state = rows["2025 年状态"]
    assert set(state.loc[[1, 2, 3, 4, 18, 19, 20]]) == {"待填报"}
    assert state[7] != "待填报"
    assert "454 座" in rows.at[7, "口径"] or codes


# --- shares over what is known, and the basis said -----------------------------------------------


def test_a_share_is_over_the_rivers_whose_level_is_filled_in(odd, asked):
    known = asked("odd", "SELECT count(beautiful_level) FROM rivers.rivers")
    every = asked("odd", "SELECT count(*) FROM rivers.rivers")
    done = asked(
        "odd",
        "SELECT count(*) FROM rivers.rivers WHERE beautiful_level IN ('provincial', 'municipal')"
        " AND (beautiful_year IS NULL OR beautiful_year <= 2025)",
    )
    assert 0 < known < every
    view = odd.view("rivers")
    assert view.cards["美丽河湖占比"].agrees(100 * done / known)
    assert f"按已填等级的 {known} 条计" in view.cards["美丽河湖占比"].status
    assert f"按已填等级的 {known} 条计" in "".join(view.texts("findings"))
    overview = odd.view("overview")
    assert overview.cards["美丽河湖建设"].agrees(100 * done / known)
    assert (
        f"按已填等级的 {known} 条计，另 {every - known} 条未填"
        in overview.cards["美丽河湖建设"].status
    )
    assert (
        f"另 {every - known} 条未填" in odd.view("indicators").rows.set_index("序号").at[19, "口径"]
    )


def test_features_of_toilets_are_shares_of_those_that_tell(odd, asked):
    public = f"FROM toilets.toilets WHERE {PUBLIC}"
    known = asked("odd", f"SELECT count(has_accessible) {public}")
    share = asked("odd", f"SELECT 100.0 * avg(has_accessible::INTEGER) {public}")
    stalls = asked(
        "odd",
        f"SELECT sum(women_stalls) / sum(men_stalls) {public}"
        " AND women_stalls IS NOT NULL AND men_stalls IS NOT NULL",
    )
    view = odd.view("toilets")
    assert view.cards["无障碍设施"].agrees(share)
    assert view.cards["无障碍设施"].status == f"按已填该项的 {known} 座计"
    assert view.cards["女厕位 : 男厕位"].agrees(stalls)


def test_projects_done_are_a_share_of_those_reported(odd, asked):
    reported = asked("odd", "SELECT count(state) FROM plan.projects")
    done = asked("odd", "SELECT count(*) FROM plan.projects WHERE state = 'completed'")
    text = "".join(odd.view("projects").texts("findings"))
    assert f"完工 {done} 项（占已填报 {reported} 项的 {100 * done / reported:.0f}%）" in text


# --- names of any form ---------------------------------------------------------------------------


def test_hostile_names_stay_text(odd):
    for page in PAGES:
        for root in odd.view(page, ONE).blocks:
            assert not [e.tag for e in root.iter() if e.tag in ("script", "img")]
    shown = View(odd.open("toilets", show="grade"))
    assert HOSTILE[0] in set(shown.rows["公厕"])
    assert any(tip.startswith(HOSTILE[0]) for tip in tips(shown)["toilets"])


def test_no_text_on_a_map_is_taken_for_an_expression(odd):
    for page in ("toilets", "rivers", "streets", "lighting", "projects"):
        for told_of in tips(odd.view(page, ONE)).values():
            assert not any(tip.startswith("@@") for tip in told_of)


def test_a_thing_with_a_hostile_number_is_found_and_shown(odd, odd_store):
    store = Store(odd_store)
    ids = store.query(
        "SELECT entry_id FROM base.search_entries WHERE entry_kind = 'toilet' ORDER BY entry_id"
    )["entry_id"]
    store.close()
    for entry_id in ids[:: len(ids) // 6]:
        view = View(odd.open("toilets", item=f"toilet:{entry_id}"))
        assert view.failures == []
        assert view.texts("focus")


def test_search_tells_nothing_of_what_is_not_filled_in(sparse_store, odd_store):
    for folder in (sparse_store, odd_store):
        store = Store(folder)
        details = store.query("SELECT detail FROM base.search_entries")["detail"].dropna()
        store.close()
        assert not details.str.contains(r"<NA>|nan\b|None").any()


def test_an_export_holds_every_row_and_no_formula(odd):
    frame = View(odd.open("toilets", show="grade")).rows
    text = tables.csv_bytes(frame, "范围").decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "<NA>" not in text and ",nan" not in text


# --- too many to draw ----------------------------------------------------------------------------


def test_too_many_toilets_are_gathered_and_none_is_lost(odd, asked, monkeypatch):
    monkeypatch.setattr(layers, "MOST_TOILETS", 100)
    for codes in (WHOLE, ONE):
        query = {"sub": list(codes)} if codes else {}
        view = View(odd.open("toilets", show="density", **query))
        where = f"subdistrict_code = '{codes[0]}'" if codes else "true"
        count = asked("odd", f"SELECT count(*) FROM toilets.toilets WHERE {PUBLIC} AND {where}")
        gathered = count > 100
        rows = view.layer("toilets")
        assert sum(row.get("n", 1) for row in rows) == count
        assert (f"公厕 {count} 座，超过 100 座" in "".join(view.texts("legend"))) == gathered


def test_too_many_lamps_of_one_subdistrict_are_gathered(odd, asked, monkeypatch):
    monkeypatch.setattr(light_map, "MOST_LAMPS", 50)
    view = View(odd.open("lighting", sub=list(ONE)))
    count = asked(
        "odd", f"SELECT count(*) FROM lighting.assets WHERE subdistrict_code = '{ONE[0]}'"
    )
    assert sum(row["n"] for row in view.layer("lamp-cells")) == count
    legend = "".join(view.texts("legend"))
    assert f"灯具 {count:,} 盏，按约 140 米网格汇总" in legend
    assert "未亮的灯具" not in legend


def test_a_long_table_lists_its_first_rows_and_says_so(odd, asked, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 20)
    count = asked("odd", f"SELECT count(*) FROM toilets.toilets WHERE {PUBLIC}")
    view = View(odd.open("toilets", show="grade"))
    assert len(view.rows) == 20
    assert any(f"共 {count} 行，列出前 20 行" in caption.value for caption in view.app.caption)


# --- the base map --------------------------------------------------------------------------------


def test_the_base_map_follows_streets_and_water_that_were_replaced(built, tmp_path, servers):
    whole, meta = incomplete.registered(built, {})
    square = '{"type":"Polygon","coordinates":[[[120.2,30.3],[120.21,30.3],[120.21,30.31],[120.2,30.3]]]}'
    line = '{"type":"LineString","coordinates":[[120.18,30.28],[120.2,30.3]]}'
    whole["base.water_areas"] = whole["base.water_areas"].head(1).assign(geometry_json=square)
    whole["streets.streets"] = (
        whole["streets.streets"].head(1)
        .assign(geometry_json=line, street_class="primary", street_name="新建大道")
    )  # fmt: skip
    meta = [
        replace(entry, source_kind="register", source="水面.geojson")
        if entry.dataset in ("base.water_areas", "streets.streets")
        else entry
        for entry in meta
    ]
    store = Store(incomplete.store_of(tmp_path, (whole, meta)))
    with store.reading() as snapshot:
        found = {
            name: (basemap.STATIC_FOLDER / "basemap" / address.rsplit("/", 1)[1]).read_text("utf-8")
            for name, address in basemap.addresses(snapshot).items()
        }
        names = [name for _, _, name, _ in basemap.street_names(snapshot)]
    store.close()
    assert "[120.21,30.31]" in found["water"].replace(" ", "")
    assert "新建大道" in found["streets"] and "新建大道" in names
    # Registers end at the border: beyond it the shipped map goes on.
    assert found["streets"].count('"Feature"') > 10


def test_the_base_map_of_a_build_is_the_shipped_one(built_store, bare_store):
    found = []
    for folder in (built_store, bare_store):
        store = Store(folder)
        with store.reading() as snapshot:
            found.append(basemap.addresses(snapshot))
        store.close()
    assert found[0] == found[1]
