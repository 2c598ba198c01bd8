"""Mode «无障碍与桥梁»: findings and bridges against SQL, grades of bridges, what is not filled in."""

import pandas as pd
import pytest

from data.bridge_condition import bridge_conditions, bridge_shares
from data.contracts import BRIDGE_CONDITIONS
from data.frames import contract_frame
from data.snapshot import publish, write_snapshot
from geo.labels import text_size_px
from geo.view import TILE_PX, mercator_y
from tests.reading import ONE, TWO, WHOLE, View, within
from ui import street_points_map
from ui.bridge_looks import bridge_look, condition_text

FINDINGS, BRIDGES = "streets.accessibility_points", "streets.bridges"
SHOWN = [(WHOLE, 2025), (WHOLE, 2021), (ONE, 2023), (TWO, 2020)]


@pytest.fixture
def seen(site):
    """The mode under a filter."""
    return lambda codes=WHOLE, year=2025, **query: View(
        site.open("streets", show="points", year=str(year), **query, **({"sub": codes} if codes else {}))
    )  # fmt: skip


@pytest.fixture
def over(servers, built, tmp_path):
    """The mode over the default build with other rows in some tables."""

    def open_with(**changed):
        tables = dict(built[0])
        for name, frame in changed.items():
            path = f"streets.{name}"
            tables[path] = contract_frame(path, frame)
        folder = tmp_path / "store"
        publish(folder, write_snapshot(folder, tables, built[1]))
        servers.serve(folder)
        return View(servers.open("streets", show="points"))

    return open_with


# --- grades of bridges ---------------------------------------------------------------------------


def test_every_grade_of_the_contract_has_a_meaning_and_a_source():
    assert tuple(bridge_conditions()) == BRIDGE_CONDITIONS
    assert all(one.clause.startswith("CJJ 99") for one in bridge_conditions().values())


def test_what_is_good_is_passed_and_a_better_index_is_never_a_worse_grade():
    grades = list(bridge_conditions().values())
    assert all(one.is_passed for one in grades if one.is_good)
    assert [one.bci_low for one in grades] == sorted((one.bci_low for one in grades), reverse=True)


@pytest.mark.parametrize(
    ("counts", "good", "passed"),
    [
        ({}, None, None),
        ({None: 5}, None, None),
        ({"A": 1}, 100.0, 100.0),
        ({"B": 4, "C": 1}, 80.0, 100.0),
        ({"A": 1, "C": 1, "D": 1, "E": 1}, 25.0, 50.0),
        # A bridge that is not evaluated counts neither as good nor as bad.
        ({"A": 3, "D": 1, None: 96}, 75.0, 75.0),
    ],
)
def test_shares_are_taken_over_the_bridges_whose_grade_is_known(counts, good, passed):
    shares = bridge_shares(counts)
    assert (shares.good_share_pct, shares.passed_share_pct) == (good, passed)
    assert shares.bridge_count == sum(counts.values())


@pytest.mark.parametrize(
    ("grade", "text", "role"),
    [("A", "A 级（完好）", "met"), ("B", "B 级（良好）", "met"), ("C", "C 级（合格）", "near"),
     ("D", "D 级（不合格）", "missed"), ("E", "E 级（危险）", "missed"),
     (None, "未评价", "unreported"), (float("nan"), "未评价", "unreported")],
)  # fmt: skip
def test_a_grade_is_told_by_letter_and_word_and_shown_by_its_kind(grade, text, role):
    assert (condition_text(grade), bridge_look(grade).role) == (text, role)


# --- figures against SQL -------------------------------------------------------------------------


@pytest.mark.parametrize(("codes", "year"), SHOWN)
def test_cards_show_what_sql_finds(seen, sql, codes, year):
    view = seen(codes, year)
    assert not view.failures
    assert len(view.cards) == 6 and all(card.is_sample for card in view.cards.values())
    points = sql(f"""
        SELECT count(*) AS found, count(*) FILTER (closed_on <= '{year}-12-31') AS closed
        FROM {FINDINGS} WHERE found_on <= '{year}-12-31' AND {within(codes)}
    """).iloc[0]
    bridges = sql(f"""
        SELECT count(*) FILTER (checked_on <= '{year}-12-31') AS checked,
               100.0 * count(*) FILTER (managed_level = '区管' AND condition <= 'B' AND checked_on <= '{year}-12-31')
               / nullif(count(*) FILTER (managed_level = '区管' AND checked_on <= '{year}-12-31'), 0) AS good
        FROM {BRIDGES} WHERE {within(codes)}
    """).iloc[0]  # fmt: skip
    assert view.cards["无障碍问题销号"].agrees(points["closed"])
    assert view.cards["未销号问题点"].agrees(points["found"] - points["closed"])
    assert view.cards["桥梁结构性检测"].agrees(bridges["checked"])
    good = None if pd.isna(bridges["good"]) else bridges["good"]
    assert view.cards["区管桥梁良好率"].agrees(good)
    # The tables hold what the cards count.
    states = view.rows["状态"].value_counts()
    assert states.get("▲ 未销号", 0) == points["found"] - points["closed"]
    assert len(view.rows) == points["found"]


@pytest.mark.parametrize(("codes", "year"), SHOWN)
def test_the_map_holds_every_finding_and_bridge_once(seen, sql, codes, year):
    view = seen(codes, year)
    found = sql(f"SELECT * FROM {FINDINGS} WHERE year(found_on) <= {year} AND {within(codes)}")
    is_open = ~(found["closed_on"].dt.year <= year)
    assert len(view.layer("findings-open")) == is_open.sum()
    assert len(view.layer("findings-closed")) == (~is_open).sum()
    drawn = [layer for layer in view.map["layers"] if layer["id"].startswith("bridges-")]
    bridges = sql(f"SELECT count(*) AS n FROM {BRIDGES} WHERE is_mapped AND {within(codes)}")
    assert sum(len(layer["data"]) for layer in drawn) == bridges["n"].iloc[0]


def test_open_findings_lie_above_all_else(seen):
    ids = [layer["id"] for layer in seen().map["layers"]]
    assert ids.index("bridges-met") < ids.index("findings-closed") < ids.index("findings-open")


def test_bridges_that_fail_lie_above_the_closed_findings(over, built_tables):
    bridges = built_tables[BRIDGES].assign(condition="D")
    ids = [layer["id"] for layer in over(bridges=bridges).map["layers"]]
    assert ids.index("findings-closed") < ids.index("bridges-missed") < ids.index("findings-open")


def test_the_legend_names_the_kinds_of_bridges_that_are_on_the_map(seen, over, built_tables):
    (legend,) = seen().texts("legend")
    assert "良好及以上" in legend and "合格" in legend
    assert "不合格" not in legend and "未评价" not in legend
    # Two years ago many were not checked yet.
    assert "未评价" in "".join(seen(year=2023).texts("legend"))
    bridges = built_tables[BRIDGES].assign(condition="E")
    (failed,) = over(bridges=bridges).texts("legend")
    assert "不合格" in failed and "良好" not in failed


def test_names_with_open_findings_stand_off_their_signs(seen):
    """Of all names together: one in the middle of a crowd may cover a sign rather than go far."""
    view = seen()
    zoom = view.map["initialViewState"]["zoom"]
    world = TILE_PX * 2**zoom

    def at_px(lon, lat):
        return lon / 360 * world, -mercator_y(lat) * world

    signs = [at_px(*one["p"]) for one in view.layer("findings-open")]
    texts = [layer for layer in view.map["layers"] if layer["id"].startswith("labels-")]
    labels = [one for layer in texts for one in layer["data"] if "余" in one["t"]]
    assert labels and signs

    def covered(label, offset):
        x, y = at_px(*label["p"])
        width, height = text_size_px(label["t"], 14)
        return sum(
            abs(x + offset[0] - east) < width / 2 and abs(y + offset[1] - south) < height / 2
            for east, south in signs
        )

    now = sum(covered(one, one["o"]) for one in labels)
    in_the_middle = sum(covered(one, (0, 0)) for one in labels)
    assert now < in_the_middle / 2


def test_a_click_on_a_finding_leads_to_its_street(seen, sql):
    streets = set(sql("SELECT DISTINCT street_name FROM streets.streets")["street_name"])
    picks = {row["pick"] for row in seen().layer("findings-open")}
    assert picks and {pick.removeprefix("street:") for pick in picks} <= streets


def test_bars_count_the_findings_of_each_subdistrict(seen, sql):
    found = sql(f"SELECT subdistrict_code AS code, count(*) AS n FROM {FINDINGS} GROUP BY 1")
    bars = seen().bars
    assert len(bars) == 14
    counted = bars["value"].to_dict()
    assert {code: counted[code] for code in found["code"]} == dict(
        zip(found["code"], found["n"], strict=True)
    )
    assert sum(counted.values()) == found["n"].sum()


# --- what is said --------------------------------------------------------------------------------


def test_findings_past_the_deadline_are_named_with_their_subdistricts(seen):
    told = "".join(seen().texts("findings"))
    assert "已过规划期限（2022 年）" in told
    assert "个街道" in told
    assert "已过规划期限" not in "".join(seen(year=2021).texts("findings"))


def test_when_all_is_closed_the_page_says_so(over, built_tables):
    points = built_tables[FINDINGS]
    view = over(accessibility_points=points.assign(closed_on=points["found_on"]))
    assert not view.failures
    assert "已全部销号" in "".join(view.texts("findings"))
    assert "达标" in view.cards["无障碍问题销号"].status
    assert view.layer("findings-open") == []


def test_failed_bridges_are_named(over, built_tables):
    bridges = built_tables[BRIDGES].copy()
    bridges.loc[bridges.index[:2], ["condition", "managed_level"]] = [["D", "区管"], ["E", "区管"]]
    bridges.loc[bridges.index[0], "bridge_name"] = "<b>**甲**桥</b>"
    view = over(bridges=bridges)
    told = "".join(view.texts("findings"))
    assert "2 座不合格（D、E 级）" in told
    assert "<b>＊＊甲＊＊桥</b>" in told
    assert (
        "未达标" in view.cards["区管桥梁合格率"].status
        or "接近" in view.cards["区管桥梁合格率"].status
    )
    assert len(view.layer("bridges-missed")) == 2


def test_bridges_without_grade_date_or_place_say_so_and_count_as_neither(over, built_tables):
    bridges = (
        built_tables[BRIDGES].head(4).assign(managed_level="区管", condition=["A", "C", None, None])
    )
    bridges["checked_on"] = pd.to_datetime(["2024-05-01", None, "2024-05-01", None])
    bridges["is_mapped"] = [True, True, True, False]
    bridges.loc[bridges.index[3], ["lon", "lat", "subdistrict_code", "subdistrict_name"]] = None
    view = over(bridges=bridges)
    assert not view.failures
    assert view.cards["桥梁结构性检测"].number == 2
    assert "检测日期未填 2 座" in view.cards["桥梁结构性检测"].status
    assert view.cards["区管桥梁良好率"].number == 50
    assert "按已评价的 2 座计，另 2 座未评价" in view.cards["区管桥梁良好率"].status
    assert "另有桥梁 1 座未上图" in "".join(view.texts("legend"))
    assert "未评价" in view.text


def test_a_finding_off_the_known_streets_is_drawn_and_leads_nowhere(over, built_tables):
    points = (
        built_tables[FINDINGS].head(3).assign(street_name=None, name_match=None, closed_on=pd.NaT)
    )
    view = over(accessibility_points=points)
    assert not view.failures
    assert [row.get("pick") for row in view.layer("findings-open")] == [None] * 3


def test_without_registers_nothing_is_zero(bare):
    view = View(bare.open("streets", show="points"))
    assert not view.failures
    assert all(card.number is None for card in view.cards.values())
    assert "待填报" in view.cards["无障碍问题销号"].status
    assert "目标 ≥1107 处" in view.cards["无障碍问题销号"].status
    assert view.text.count("待填报") >= 4


def test_a_subdistrict_without_bridges_of_the_city_is_not_asked_to_fill_them_in(seen):
    card = seen(("330102017",)).cards["市管桥梁良好率"]
    assert card.number is None
    assert "没有登记市管桥梁" in card.status and "待填报" not in card.status


def test_too_many_findings_are_gathered_and_the_map_says_so(seen, monkeypatch):
    whole = seen(year=2021)
    counts = {key: len(whole.layer(f"findings-{key}")) for key in ("open", "closed")}
    monkeypatch.setattr(street_points_map, "MOST_POINTS", 100)
    view = seen(year=2021)
    assert not view.failures and "网格汇总" in "".join(view.texts("legend"))
    for key, count in counts.items():
        cells = view.layer(f"findings-{key}")
        assert len(cells) < count and sum(cell["n"] for cell in cells) == count


def test_bridges_that_fail_or_are_not_checked_are_listed(seen, over, built_tables):
    assert "不合格或未检测的桥梁" not in seen().text
    assert "不合格或未检测的桥梁121 座" in seen(year=2023).text
    bridges = built_tables[BRIDGES].copy()
    bridges.loc[bridges.index[0], "condition"] = "D"
    assert "不合格或未检测的桥梁1 座" in over(bridges=bridges).text
