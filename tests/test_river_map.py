"""The map of the river page: what each mode draws, against SQL of our own; one legend for each."""

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.reading import ONE, TWO, WHOLE, View, within
from ui import focus, maps

MONTH = 7
MODES = {
    "beautiful": "美丽河湖等级",
    "quality": "河道水质类别",
    "warning": "三色预警",
    "facilities": "河道设施",
    "projects": "规划项目状态",
}
"""How the legend of each mode begins."""
places = pytest.mark.parametrize("codes", [WHOLE, ONE, TWO], ids=["whole", "one", "two"])


@pytest.fixture
def seen(site):
    """The river page under keys of the address."""
    return lambda codes=WHOLE, **query: View(
        site.open("rivers", **({"sub": list(codes)} if codes else {}), **query)
    )


def states_of(view):
    """State of each river as the map colours it."""
    found = {f["properties"]["pick"]: f["properties"]["state"] for f in view.layer("rivers")}
    return {pick.removeprefix("river:"): state for pick, state in found.items()}


@pytest.mark.parametrize("mode", MODES)
@places
def test_every_mode_draws_all_reaches_and_has_one_legend(seen, sql, codes, mode):
    view = seen(codes, show=mode)
    assert not view.failures
    reaches = view.layer("rivers")
    assert len(reaches) == sql("SELECT * FROM rivers.reaches").shape[0]
    chosen = sum(reach["properties"]["chosen"] for reach in reaches)
    assert chosen == sql(f"SELECT * FROM rivers.reaches WHERE {within(codes)}").shape[0]
    (legend,) = view.texts("legend")
    assert legend.startswith(MODES[mode])


@pytest.mark.parametrize("year", [2020, 2025])
def test_quality_colours_a_river_by_its_worst_section(seen, sql, year):
    view = seen(show="quality", year=str(year), month=str(MONTH))
    worst = sql(f"""
        SELECT river_id, max(quality_class) AS worst
        FROM rivers.sections JOIN rivers.water_quality USING (section_id)
        WHERE month = DATE '{year}-{MONTH}-01' GROUP BY river_id
    """)
    expected = dict(zip(worst["river_id"], worst["worst"], strict=True))
    found = states_of(view)
    assert found == {river_id: expected.get(river_id, "未评价") for river_id in found}
    assert len(set(found.values())) > 2


@pytest.mark.parametrize("month", ["2020-08", "2025-07"])
def test_warning_colours_a_river_by_the_least_room_of_its_sections(seen, sql, month):
    year, number = month.split("-")
    view = seen(show="warning", year=year, month=str(int(number)))
    rooms = sql(f"""
        SELECT river_id, min(spare_pct) AS room, bool_and(quality_class IS NOT NULL) AS is_whole
        FROM rivers.sections LEFT JOIN rivers.water_quality q USING (section_id)
        WHERE q.month = DATE '{month}-01' GROUP BY river_id
    """)
    expected = {
        row.river_id: "red" if row.room < 0
        else "yellow" if row.is_whole and row.room < 20
        else "green" if row.is_whole else None
        for row in rooms.itertuples()
    }  # fmt: skip
    for river_id, state in states_of(view).items():
        assert expected.get(river_id, "unknown") in (state, None), river_id
    assert {"red", "yellow", "green"} <= set(states_of(view).values())


def test_rivers_in_red_are_drawn_wider_above_the_others_and_named_with_their_sign(seen):
    view = seen(show="warning", year="2025", month="12")
    states = [reach["properties"]["state"] for reach in view.layer("rivers")]
    first_red = states.index("red")
    assert set(states[first_red:]) == {"red"}
    red = [r["properties"] for r in view.layer("rivers") if r["properties"]["state"] == "red"]
    assert min(one["width_m"] for one in red) > 22
    texts = [
        row["t"] for layer in view.map["layers"] if layer["id"].startswith("labels-")
        for row in layer["data"]
    ]  # fmt: skip
    assert any(text.startswith("▲ ") for text in texts)


@places
def test_outfalls_tell_dry_weather_discharge_as_known_at_the_end_of_the_month(seen, sql, codes):
    view = seen(codes, show="facilities", year="2025", month=str(MONTH))
    end = "DATE '2025-07-31'"
    expected = sql(f"""
        SELECT CASE WHEN dry_flow_found_on IS NULL OR dry_flow_found_on > {end} THEN '未发现晴天出水'
                    WHEN dry_flow_fixed_on <= {end} THEN ' 处置' ELSE '未处置' END AS told,
               count(*) AS n
        FROM rivers.facilities
        WHERE facility_kind = 'outfall' AND lon IS NOT NULL AND {within(codes)} GROUP BY told
    """)
    told = Counter()
    for dot in view.layer("outfalls"):
        told.update(word for word in expected["told"] if dot["tip"].endswith(word))
    assert told == dict(zip(expected["told"], expected["n"], strict=True))


def test_dots_of_open_outfalls_are_the_largest_and_alone_are_filled(seen):
    dots = seen(show="facilities").layer("outfalls")
    filled = [dot for dot in dots if dot["f"][3]]
    assert 0 < len(filled) < len(dots)
    assert all(dot["tip"].endswith("未处置") for dot in filled)
    assert min(d["r"] for d in filled) > max(d["r"] for d in dots if not d["f"][3])


def test_works_stand_with_the_sign_of_their_kind_and_the_shape_of_their_state(seen, sql):
    view = seen(show="facilities", year="2025")
    drawn = [
        row["t"] for layer in view.map["layers"] if layer["id"].startswith("works-")
        for row in layer["data"]
    ]  # fmt: skip
    mapped = sql("SELECT * FROM rivers.facilities WHERE work IS NOT NULL AND lon IS NOT NULL")
    assert Counter(text[0] for text in drawn) == Counter(
        {"pump_station": "泵", "dead_end": "断"}[kind] for kind in mapped["facility_kind"]
    )
    assert {text[1] for text in drawn} == {"●", "◐"}
    missing = sql("SELECT * FROM rivers.facilities WHERE lon IS NULL").shape[0]
    assert f"未上图 {missing} 处" in view.texts("legend")[0]


def test_assumed_rivers_lie_above_the_others_and_stand_in_the_legend(seen, sql):
    open_ids = sql("""
        SELECT river_id FROM rivers.rivers WHERE beautiful_level = 'none' AND is_mapped
        ORDER BY river_id LIMIT 2
    """)["river_id"].tolist()
    before, after = seen(), seen(assume=open_ids)
    ids = [layer["id"] for layer in after.map["layers"]]
    assert ids.index("rivers-assumed") > ids.index("rivers")
    reaches = sql(f"SELECT * FROM rivers.reaches WHERE river_id IN {tuple(open_ids)}")
    assert len(after.layer("rivers-assumed")) == len(reaches)
    assert "假设创建成功（2 条）" in after.texts("legend")[0]
    assert "假设" not in before.texts("legend")[0]
    assert states_of(before) == states_of(after), "an assumption never changes what is so"


def test_a_map_of_the_plan_alone_says_nothing_it_does_not_know(bare):
    for mode in MODES:
        view = View(bare.open("rivers", show=mode))
        assert not view.failures, mode
        assert len(view.texts("legend")) == 1


# --- what a click gives --------------------------------------------------------------------------


@pytest.fixture
def page(monkeypatch):
    """State and address of a session, without a browser."""
    fake = SimpleNamespace(session_state={}, query_params={})
    for module in (maps, focus):
        monkeypatch.setattr(module, "st", fake)
    monkeypatch.setattr(maps, "toggle_subdistrict", lambda code: fake.query_params.update(sub=code))
    return fake


@pytest.mark.parametrize(
    ("clicked", "address"),
    [
        ({"rivers-R02": [{"properties": {"pick": "river:R07"}}]}, {"item": "river:R07"}),
        ({"sections": [{"p": [120, 30], "pick": "river:R07"}]}, {"item": "river:R07"}),
        ({"subdistricts": [{"properties": {"subdistrict_code": ONE[0]}}]}, {"sub": ONE[0]}),
        ({"outfalls": [{"p": [120, 30]}]}, {}),
        ({"rivers": [{"properties": {"pick": "script:alert"}}]}, {}),
        ({}, {}),
    ],
    ids=["river", "section", "subdistrict", "of no river", "of no kind", "nothing"],
)
def test_a_click_on_the_map_opens_the_river_or_sets_the_subdistrict(page, clicked, address):
    page.session_state["deck"] = SimpleNamespace(selection={"objects": clicked})
    maps._on_pick("deck", {})()
    assert page.query_params == address


def test_a_click_on_a_kind_of_the_page_goes_to_its_own_and_leaves_the_address(page):
    told = []
    clicked = {"cells": [{"pick": "cell:23-5-01"}], "sites": [{"properties": {"pick": "site:3"}}]}
    page.session_state["deck"] = SimpleNamespace(selection={"objects": clicked})
    maps._on_pick("deck", {"cell": told.append, "site": lambda rest: told.append(f"no. {rest}")})()
    assert told == ["23-5-01", "no. 3"]
    assert page.query_params == {}


def test_a_layer_that_was_clicked_bears_a_new_name_each_time(page):
    def names():
        fresh = [SimpleNamespace(id="cells"), SimpleNamespace(id="lines")]
        return [layer.id for layer in maps._turned(fresh, "deck")]

    seen_names = [names()]
    for _ in range(2):
        clicked = {seen_names[-1][0]: [{"pick": "cell:1"}]}
        page.session_state["deck"] = SimpleNamespace(selection={"objects": clicked})
        maps._on_pick("deck", {"cell": lambda rest: None})()
        seen_names.append(names())
    assert seen_names == [["cells", "lines"], ["cells~1", "lines"], ["cells~2", "lines"]]
