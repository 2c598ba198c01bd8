"""What pages are for those who do not see them, or point with keys."""

import re

import pandas as pd
import pytest

from tests.reading import TWO, View
from ui import findings
from ui.charts import Measure
from ui.text import map_alt

PLACE = "全区 14 个街道 · 截至 2025 年底"
NO_DATA = "无数据。"
MODES = {
    "overview": [{}, {"sub": ["330102003"]}, {"sub": list(TWO)}],
    "rivers": [{}, {"show": "quality"}, {"show": "warning"}, {"show": "facilities"}],
    "streets": [
        {"view": "map"},
        *({"show": mode} for mode in ("repair", "pavement", "points", "whole")),
    ],
    "toilets": [{}, *({"show": mode} for mode in ("grade", "density", "spacing", "sites"))],
    "lighting": [
        {"view": "wall"},
        *({"show": mode} for mode in ("lit", "plan", "faults", "spots", "service")),
    ],
    "projects": [{}],
    "profile": [{}, {"sub": ["330102003"]}],
}
CASES = [(page, query) for page, queries in MODES.items() for query in queries]


def numbers(text):
    return set(re.findall(r"\d[\d,.]*\d|\d", text))


def alts(view):
    """Alternative texts of the maps and of the charts."""
    maps = [chart.proto.alt for chart in view.app.get("deck_gl_json_chart")]
    return maps, [alt for _, alt in view.charts]


@pytest.mark.parametrize(("page", "query"), CASES)
def test_a_map_says_where_what_and_its_finding_and_a_chart_its_numbers(site, page, query):
    view = View(site.open(page, **query))
    (alt,), charts = alts(view)
    assert not view.failures
    place, _, told = alt.partition("：")
    subject, _, sentence = told.partition("。")
    assert place.startswith(view.sentence) or page == "profile"
    assert subject and sentence.endswith("。")
    known = numbers("\n".join([view.text, *charts]))
    assert numbers(sentence) and numbers(sentence) <= known
    # A timeline of projects says states.
    assert all(numbers(text) or "●" in text for text in charts)
    assert not any("**" in text for text in (alt, *charts))
    unreachable = [
        element.attrib
        for root in view.blocks
        for element in root.iter()
        if "data-pick" in element.attrib
        and (element.get("role") is None or element.get("tabindex") != "0")
    ]
    assert unreachable == []


@pytest.mark.parametrize(("page", "query"), CASES)
def test_without_registers_a_map_says_what_it_would_show(bare, page, query):
    (alt,), _ = alts(View(bare.open(page, **query)))
    _, _, told = alt.partition("：")
    subject, _, sentence = told.partition("。")
    assert subject
    assert NO_DATA in sentence or numbers(sentence)


@pytest.mark.parametrize(
    ("sentences", "alt"),
    [
        (["**63 条**河道。", "另有 **2 条**。"], f"{PLACE}：河道。63 条河道。"),
        (["星＊＊河 1 条。"], f"{PLACE}：河道。星＊＊河 1 条。"),
        ([], f"{PLACE}：河道。{NO_DATA}"),
    ],
)
def test_the_first_finding_is_told_without_its_marks(sentences, alt):
    assert map_alt(PLACE, "河道", sentences) == alt


RATE = Measure("rate_pct", "完好率", "%", 1)


@pytest.mark.parametrize(
    ("rates", "codes", "told"),
    [
        ([90.0, 80.0, 70.0], (), ["完好率最高 **90.0%**（**甲**），最低 **70.0%**（**丙**）。"]),
        ([90.0, 90.0000001, 70.0], (), ["完好率最高 **90.0%**（**甲**等 2 个街道），最低 **70.0%**（**丙**）。"]),
        ([90.0, None, None], ("1", "2"), ["完好率最高 **90.0%**（**甲**），最低 **90.0%**（**甲**）。"]),
        ([90.0, 80.0, None], ("2",), ["完好率 **80.0%**，在 2 个街道中列第 **2** 位。"]),
        ([90.0, 80.0, None], ("3",), []),
        ([None, None, None], (), []),
    ],
)  # fmt: skip
def test_a_map_of_a_measure_tells_its_ends_or_the_one_subdistricts_rank(rates, codes, told):
    frame = pd.DataFrame(
        {
            "subdistrict_code": list("123"),
            "short_name": list("甲乙丙"),
            "rate_pct": pd.array(rates, dtype="Float64").to_numpy("float64", na_value=float("nan")),
        }
    )
    assert findings.of_choropleth(frame, RATE, codes) == told
