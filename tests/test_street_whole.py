"""Mode «道路总体»: lengths against SQL, tasks without a register, cleaning zones, streets to be clicked."""

import pandas as pd
import pytest

from tests.reading import ONE, WHOLE, View, within
from ui.street_classes import class_words

HUBIN, DINGLAN = "330102003", "330102017"


@pytest.fixture
def seen(site):
    """The street page under keys of the address."""
    return lambda **query: View(site.open("streets", **query))


@pytest.mark.parametrize("codes", [WHOLE, ONE, (HUBIN, DINGLAN)])
def test_length_and_number_of_streets_are_those_of_sql(seen, sql, codes):
    view = seen(show="whole", **({"sub": codes} if codes else {}))
    assert not view.failures
    found = sql(f"""
        SELECT sum(g.length_m) / 1000 AS km, count(DISTINCT street_name) AS n
        FROM streets.segments g JOIN streets.streets USING (street_id) WHERE {within(codes)}
    """).iloc[0]
    assert view.cards["道路总长"].agrees(found["km"])
    assert f"{found['n']:.0f} 条" in view.cards["道路总长"].status
    assert not view.cards["道路总长"].is_sample
    # The register under the page is the same streets, each once.
    assert len(view.rows) == found["n"] and view.rows["道路"].is_unique
    assert view.rows["长度（km）"].sum() == pytest.approx(found["km"], abs=0.005 * found["n"])


def test_lengths_of_the_subdistricts_add_up_to_the_whole(seen, sql):
    bars = seen(show="whole").bars
    assert len(bars) == 14
    assert bars["value"].sum() == pytest.approx(
        sql("SELECT sum(length_m) / 1000 AS km FROM streets.segments")["km"].iloc[0]
    )
    # The map knows no street there: that is no length of zero.
    assert pd.isna(bars.at[DINGLAN, "value"]) and bars.at[DINGLAN, "label"] == "无数据"


def test_what_no_register_counts_is_to_be_reported_and_keeps_its_target(seen):
    cards = seen(show="whole").cards
    for label, target in (
        ("打通断头路", "14 条"), ("移交接收道路", "120 条"), ("新增养护面积", "150 万m²"),
        ("排水管网机械化养护率", "≥90%"),
    ):  # fmt: skip
        assert cards[label].number is None
        assert "待填报" in cards[label].status and f"目标 {target}" in cards[label].status
    # The state of a project is a sample's; where there is none there is nothing to be a sample.
    assert cards["打通断头路"].is_sample and not cards["新增养护面积"].is_sample


def test_figures_of_the_district_say_so_under_a_filter(seen):
    view = seen(show="whole", sub=[HUBIN])
    assert view.texts("scope").count("全区") == 5
    assert "全区" not in seen(show="whole").texts("scope")


def test_the_nine_cleaning_places_are_listed_and_those_off_the_map_say_so(seen):
    (told,) = seen(show="whole").texts("explained")
    for name in ("湖滨步行街", "清河坊步行街", "十字金街", "湖滨商圈", "吴山商圈", "钱江新城商圈",
                 "东站", "城站", "客运中心站"):  # fmt: skip
        assert name in told
    assert told.count("未上图") == 2


def test_every_street_of_the_map_takes_a_click_in_every_mode(seen):
    for mode in ("demonstration", "points", "whole"):
        layers = [layer["id"] for layer in seen(show=mode).map["layers"]]
        (own,) = [i for i, layer in enumerate(layers) if layer.startswith("roads")]
        assert own > layers.index("subdistricts")


@pytest.mark.parametrize(
    ("classes", "words"),
    [([], ""), (["trunk"], "快速路"), (["secondary", "tertiary"], "次干路、支路"),
     (["其他道路"], "其他道路"), (["**x**"], "＊＊x＊＊")],
)  # fmt: skip
def test_classes_are_told_in_words_and_an_unknown_one_as_it_is(classes, words):
    assert class_words(classes) == words


def test_without_registers_the_geography_stands_and_the_rest_is_to_be_reported(bare):
    view = View(bare.open("streets", show="whole"))
    assert not view.failures
    assert view.cards["道路总长"].number > 500
    assert "待填报" in view.cards["主次干道作业机械化率"].status
    assert not any(card.is_sample for card in view.cards.values())


SAMPLED = {"无障碍问题点", "未销号", "桥梁"}


def test_columns_of_a_sample_say_so_beside_streets_that_are_none(seen):
    rows = seen(show="whole").rows
    assert {f"{name}（示例）" for name in SAMPLED} <= set(rows.columns)
    assert not SAMPLED & set(rows.columns)
    assert set(rows["数据性质"]) == {"开放地图"}


def test_columns_without_a_sample_wear_no_tag(bare):
    assert set(View(bare.open("streets", show="whole")).rows.columns) >= SAMPLED
