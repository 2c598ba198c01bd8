"""The lighting page in the mode «盲区暗点»: spots, candidates at the chosen distance, lists, map and tables."""

from html import escape

import pandas as pd
import pytest

from tests import incomplete
from tests.reading import ONE, TWO, WHOLE, View, within
from ui import browser, light_choices
from ui.theme import DARK, LIGHT, rgba

HOSTILE = '<b onclick="x">点 & **处**</b>'
PLACES = [(WHOLE, 2025), (WHOLE, 2021), (ONE, 2023), (TWO, 2025)]
IDS = [f"{len(codes) or 'all'}-{year}" for codes, year in PLACES]
LIMITS_M = (50, 80, 200)


def opened(site, codes=WHOLE, year=2025, **query):
    return View(site.open("lighting", show="spots", sub=list(codes), year=str(year), **query))


@pytest.fixture(scope="module")
def pages():
    """Views by filter and distance: a page is run once for all that is asked of it."""
    return {}


@pytest.fixture
def page(site, pages):
    def view(codes=WHOLE, year=2025, limit_m=None):
        key = codes, year, limit_m
        if key not in pages:
            pages[key] = opened(site, codes, year, **({"gap": str(limit_m)} if limit_m else {}))
        return pages[key]

    return view


@pytest.fixture
def spots(sql):
    """Spots found by the end of the year, and which of them are fixed by then."""

    def found(codes, year):
        return sql(f"""
            SELECT *, coalesce(year(fixed_on) <= {year}, false) AS is_fixed,
                   date_diff('day', found_on, CASE WHEN year(fixed_on) <= {year} THEN fixed_on
                             ELSE least(DATE '{year}-12-31', current_date) END) AS day_count
            FROM lighting.dark_spots WHERE year(found_on) <= {year} AND {within(codes)}
            ORDER BY is_fixed, found_on""")

    return found


@pytest.mark.parametrize(("codes", "year"), [(WHOLE, 2022), (WHOLE, 2023), (ONE, 2022)])
def test_open_spots_are_named_on_the_map_and_come_before_candidates(page, spots, codes, year):
    layers = [one for one in page(codes, year).map["layers"] if one["@@type"] == "TextLayer"]
    red = [
        row["t"] for layer in layers for row in layer["data"]
        if layer["getColor"] == rgba(DARK.missed) or layer["getColor"] == rgba(LIGHT.missed)
    ]  # fmt: skip
    found = spots(codes, year)
    assert sorted(red) == sorted(found.loc[~found["is_fixed"], "spot_name"])


def gaps(sql, codes, limit_m):
    """Candidates of the chosen subdistricts, the longest first."""
    return sql(f"SELECT * FROM lighting.dark_gaps WHERE gap_m >= {limit_m} AND {within(codes)} "
               "ORDER BY gap_m DESC, gap_id")  # fmt: skip


def picks(view, *kinds):
    found = [e.get("data-pick") or "" for root in view.blocks for e in root.iter()]
    return [pick for pick in found if pick.partition(":")[0] in kinds]


# --- figures and sentences -----------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_figures_of_spots_are_those_of_the_register(page, spots, codes, year):
    cards, found = page(codes, year).cards, spots(codes, year)
    still, fixed = found[~found["is_fixed"]], found[found["is_fixed"]]
    expected = {
        "盲区暗点消除": len(fixed) if len(found) else None,
        "未消除": len(still) if len(found) else None,
        "最长未消除": still["day_count"].max() if len(still) else None,
        "平均消除用时": fixed["day_count"].mean() if len(fixed) else None,
    }
    for label, value in expected.items():
        assert cards[label].agrees(value), label


@pytest.mark.parametrize("limit_m", LIMITS_M)
@pytest.mark.parametrize("codes", [WHOLE, ONE], ids=["whole", "one"])
def test_candidates_are_counted_and_measured_at_the_chosen_distance(page, sql, codes, limit_m):
    cards, found = page(codes, 2025, limit_m).cards, gaps(sql, codes, limit_m)
    assert cards["疑似盲区"].number == len(found)
    assert cards["疑似盲区总长"].agrees(found["gap_m"].sum() / 1000)
    along = (found["place_kind"] == "street").sum()
    assert cards["疑似盲区"].status == f"沿路 {along} 处，沿河 {len(found) - along} 处"
    assert f"灯距不小于 {limit_m} 米 · 按登记册现状" in cards["疑似盲区总长"].status


def test_the_office_s_distance_is_the_default(page, sql):
    assert page().cards["疑似盲区"].number == len(gaps(sql, WHOLE, 80))


def test_candidates_are_those_of_now_whatever_the_year(page):
    now, then = page(WHOLE, 2025), page(WHOLE, 2021)
    assert now.cards["疑似盲区"].value == then.cards["疑似盲区"].value
    assert now.cards["未消除"].value != then.cards["未消除"].value


@pytest.mark.parametrize("gap", ["77", "0", "-80", "1e3", "上限", "<b>"])
def test_a_distance_that_is_not_offered_is_told_once_and_the_default_shown(site, page, gap):
    view = opened(site, gap=gap)
    assert view.failures == []
    told = [notice for notice in view.notices if "灯距上限" in notice]
    assert len(told) == 1 and gap in told[0]
    assert view.cards["疑似盲区"].value == page().cards["疑似盲区"].value
    assert "gap" not in view.app.query_params


def test_the_distances_offered_begin_where_gaps_are_kept_and_hold_the_office_s(monkeypatch):
    known, default = light_choices.gaps_offered()
    assert (known[0], known[-1], default) == ("50", "200", "80")
    rules = dict(light_choices.office_rules())
    odd = type(rules["dark_gap_m"])(82.5, "m", "", "")
    monkeypatch.setattr(light_choices, "office_rules", lambda: rules | {"dark_gap_m": odd})
    known, default = light_choices.gaps_offered()
    assert default == "82.5"
    assert known.index("82.5") == known.index("80") + 1


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_sentences_tell_what_is_open_and_the_longest(page, spots, codes, year):
    told, found = "".join(page(codes, year).texts("findings")), spots(codes, year)
    still = found[~found["is_fixed"]]
    if found.empty:
        assert "登记盲区暗点" not in told
    else:
        assert f"截至 {year} 年底登记盲区暗点 {len(found)} 处" in told
        assert (f"余 {len(still)} 处未消除" in told) == (len(still) > 0)
        assert ("已全部消除" in told) == still.empty
    if len(still):
        assert f"最久的是{still['spot_name'].iloc[0]}（{still['day_count'].iloc[0]} 天）" in told
    assert "疑似盲区" in told and "现状" in told


@pytest.mark.parametrize(
    ("year", "words"),
    [(2021, None), (2022, "2 处逾期未消除"), (2023, "2 处逾期后消除"), (2025, "处为期限后新发现")],
)
def test_the_plan_s_deadline_is_told_once_it_has_come(page, year, words):
    told = "".join(page(WHOLE, year).texts("findings"))
    assert (words in told) if words else ("规划期限" not in told)


def test_without_registers_nothing_is_said_to_be_dark(bare):
    view = opened(bare)
    assert view.failures == []
    assert [card.label for card in view.cards.values() if card.number is not None] == []
    assert "待填报" in view.cards["盲区暗点消除"].status
    assert "尚未导入" in view.text
    assert "待填报" in "".join(view.texts("legend"))


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_every_spot_is_listed_to_be_clicked_those_open_first(page, spots, codes, year):
    view, found = page(codes, year), spots(codes, year)
    listed = picks(view, "spot")
    assert sorted(listed) == sorted("spot:" + found["spot_id"])
    still = found[~found["is_fixed"]]
    assert listed[: len(still)] == list("spot:" + still["spot_id"])


def test_spots_are_counted_by_kind_and_by_who_found_them(page, spots):
    lines, found = "\n".join(page().texts("lines")), spots(WHOLE, 2025)
    for kind, group in found.groupby("spot_kind"):
        assert f"{kind}{group['is_fixed'].sum()} / {len(group)} 处" in lines
    for way, group in found.groupby("found_by"):
        assert f"{way}{len(group)} 处" in lines


def test_the_longest_candidates_are_listed_to_be_found_on_the_map(page, sql):
    rivers = sql("SELECT river_name, river_id FROM rivers.rivers").set_index("river_name")[
        "river_id"
    ]
    expected = [
        f"street:{row.place_name}"
        if row.place_kind == "street"
        else f"river:{rivers[row.place_name]}"
        for row in gaps(sql, WHOLE, 80).head(9).itertuples()
    ]
    assert picks(page(), "street", "river") == expected


def test_the_subdistricts_are_compared_by_length(page, sql):
    lengths = gaps(sql, WHOLE, 80).groupby("subdistrict_code")["gap_m"].sum() / 1000
    for view in (page(), page(ONE, 2023)):
        values = view.bars["value"]
        assert values[lengths.index].to_dict() == pytest.approx(lengths.to_dict(), abs=1e-3)
        assert (values.drop(lengths.index) == 0).all()


def test_a_registered_spot_near_a_candidate_is_told(page):
    """The sample's open spots stand in stretches without lamps."""
    listed = "\n".join(page(ONE, 2025).texts("picked"))
    assert "附近有已登记暗点：蔡阳路（未消除）" in listed
    # It was found in 2025.
    assert "蔡阳路（" not in "\n".join(page(ONE, 2023).texts("picked"))


@pytest.fixture
def clicking(site, monkeypatch):
    """Open the page as it is right after a click on what gives this pick."""

    def click(pick, **query):
        connect = browser.connect_browser
        monkeypatch.setattr(browser, "connect_browser", lambda *a, **k: (connect(*a, **k)[0], pick))
        return opened(site, **query)

    return click


@pytest.mark.parametrize("pick", ["street:九昌路", "river:R10"])
def test_a_click_on_a_candidate_shows_its_street_or_river(clicking, pick):
    view = clicking(pick)
    assert view.app.query_params["item"] == pick
    assert [layer for layer in view.map["layers"] if layer["id"] == "focus"]


def test_a_click_on_a_spot_opens_its_card_and_takes_off_what_was_in_focus(clicking):
    view = clicking("spot:B18", item="street:九昌路")
    assert view.app.query_params["light"] == "spot:B18"
    assert "item" not in view.app.query_params
    ids = [layer["id"] for layer in view.map["layers"]]
    assert "focus" not in ids
    assert any(one.startswith("marked") for one in ids)


@pytest.mark.parametrize("pick", ["spot:B99", "street:无此路", "gap:G00001", "river:<b>", ":", ""])
def test_a_click_on_what_does_not_exist_does_nothing(clicking, pick):
    view = clicking(pick)
    assert view.failures == []
    assert not {"item", "light"} & set(view.app.query_params)


# --- the map -------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit_m", LIMITS_M)
def test_the_map_shows_the_stretches_themselves(page, sql, limit_m):
    shown, found = page(WHOLE, 2025, limit_m).layer("dark-gaps"), gaps(sql, WHOLE, limit_m)
    assert len(shown) == len(found)
    assert all(one["geometry"]["type"] == "LineString" for one in shown)
    assert all(one["properties"]["tip"].startswith("疑似盲区：") for one in shown)
    dark = [one for one in shown if not one["properties"]["lit"]]
    assert len(dark) == (~found["has_lamps"].astype(bool)).sum()
    assert all("全段无灯" in one["properties"]["tip"] for one in dark)


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_map_shows_spots_above_candidates(page, spots, codes, year):
    view = page(codes, year)
    ids = [layer["id"] for layer in view.map["layers"]]
    assert ids.index("dark-gaps") < ids.index("dark-spots")
    assert len(view.layer("dark-spots")) == len(spots(codes, year))


@pytest.mark.parametrize(
    ("theme", "palette", "operation"),
    [("dark", DARK, "add"), ("light", LIGHT, "reverse-subtract")],
)
def test_the_lamps_are_light_at_night_and_ink_on_paper(site, theme, palette, operation):
    app = site.open("lighting", show="spots")
    app.session_state["theme"] = theme
    view = View(app.run())
    (lamps,) = [one for one in view.map["layers"] if one["id"].startswith("glow")]
    assert lamps["parameters"]["blendColorOperation"] == operation
    colour = rgba(palette.muted)[:3]
    # Taken away from white, what is left over is the ink.
    assert lamps["tintColor"] == (colour if theme == "dark" else [255 - one for one in colour])
    (land,) = [one for one in view.map["layers"] if one["id"] == "base-subdistricts"]
    assert land["getFillColor"] == rgba(palette.land)


# --- tables --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), PLACES, ids=IDS)
def test_the_tables_hold_every_spot_and_every_candidate(page, sql, spots, codes, year):
    tables = [table.value for table in page(codes, year).app.dataframe]
    found, candidates = spots(codes, year), gaps(sql, codes, 80)
    wanted = [frame for frame in (found, candidates) if len(frame)]
    assert [len(table) for table in tables] == [len(frame) for frame in wanted]
    if len(found):
        assert (tables[0]["状态"] == "▲ 未消除").sum() == (~found["is_fixed"]).sum()
        assert tables[0]["消除日期"].notna().sum() == found["is_fixed"].sum()


def test_names_of_registers_are_shown_as_they_are(servers, built, tmp_path):
    tables, meta = built
    named = {
        "lighting.dark_spots": tables["lighting.dark_spots"].assign(
            spot_name=HOSTILE, found_by=pd.NA
        ),
        "lighting.dark_gaps": tables["lighting.dark_gaps"].assign(place_name=HOSTILE),
    }
    servers.serve(incomplete.store_of(tmp_path, (tables | named, meta)))
    view = opened(servers)
    assert view.failures == []
    bodies = [block.proto.body for block in view.app.get("html")]
    assert not any("<b onclick" in body for body in bodies)
    assert sum(escape(HOSTILE) in body for body in bodies) >= 2
    assert "发现方式未填" in "\n".join(view.texts("lines"))
    # Rivers of no such name cannot be looked up.
    assert picks(view, "river") == []
