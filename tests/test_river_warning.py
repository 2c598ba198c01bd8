"""Three-colour warning: the rule at its limits, the worst section, since when, which way, the words."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from data.contracts import FIRST_YEAR, LAST_YEAR
from data.office_rules import rule_parameters
from data.store import Store
from queries.loader import query
from tests.small_rivers import SmallRivers, month, months_to
from ui.river_warning import list_html, room_text, rule_lines, since_text, trend_text


def one_river(samples, **rules):
    """A river with the sections that the samples name."""
    sections = sorted({row[0] for row in samples}) or ["a"]
    return SmallRivers([(name, "1") for name in sections], samples, **rules)


def warned(samples, **given):
    return one_river(samples).row("river_warnings", **given)


# --- colours -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quality_class", "spare_pct", "state"),
    [
        ("Ⅱ", 60.0, "green"), ("Ⅳ", 20.0, "green"), ("Ⅳ", 19.999999, "yellow"), ("Ⅳ", 0.0, "yellow"),
        ("Ⅴ", -0.000001, "red"), ("劣Ⅴ", -300.0, "red"),
        (None, 60.0, "unknown"), (None, 5.0, "unknown"), (None, -1.0, "red"), (None, None, "unknown"),
    ],
)  # fmt: skip
def test_a_sample_has_the_colour_of_its_room(quality_class, spare_pct, state):
    assert warned([("a", "2025-12", quality_class, spare_pct)])["state"] == state


@pytest.mark.parametrize(
    ("rooms", "state", "section"),
    [
        ([50.0, 40.0], "green", "b"),
        ([50.0, 10.0], "yellow", "b"),
        ([-3.0, 10.0], "red", "a"),
        ([-3.0, -9.0], "red", "b"),
        ([50.0, None], "unknown", "b"),
        ([10.0, None], "yellow", "a"),
        ([-1.0, None], "red", "a"),
    ],
)
def test_a_river_is_as_its_worst_section_and_never_green_with_one_unknown(rooms, state, section):
    samples = [
        (name, "2025-12", None if room is None else "Ⅳ", room)
        for name, room in zip("ab", rooms, strict=True)
    ]
    found = warned(samples)
    assert (found["state"], found["section_id"]) == (state, section)


@pytest.mark.parametrize(
    ("rivers", "reason"),
    [
        (SmallRivers([("a", "1")], [("a", "2025-11", "Ⅲ", 50.0)]), "当月未测"),
        (SmallRivers([("a", "1")], [("a", "2025-12", None, 50.0, {"limiting_item": "缺 TP"})]),
         "未评价（缺 TP）"),
        (SmallRivers([("a", "1")], [("a", "2025-12", None, None, {"limiting_item": "缺 DO、CODMn、NH3-N、TP"})]),
         "未评价（缺 DO、CODMn、NH3-N、TP）"),
        (SmallRivers(rivers={"1": "新河"}), "未设断面"),
    ],
    ids=["month not sampled", "one item missing", "all items missing", "no section"],
)  # fmt: skip
def test_what_is_not_known_says_why(rivers, reason):
    found = rivers.row("river_warnings")
    assert (found["state"], found["reason"]) == ("unknown", reason)
    assert found["red_since"] is None and found["alert_since"] is None


def test_the_list_goes_from_red_over_yellow_to_what_is_not_known():
    rivers = SmallRivers(
        [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5")],
        [("a", "2025-12", "Ⅲ", 50.0), ("b", "2025-12", "Ⅴ", -5.0), ("c", "2025-12", "Ⅳ", 9.0),
         ("d", "2025-12", "劣Ⅴ", -50.0)],
    )  # fmt: skip
    found = [(row["river_id"], row["state"]) for row in rivers.ask("river_warnings")]
    assert found == [
        ("4", "red"), ("2", "red"), ("3", "yellow"), ("5", "unknown"), ("1", "green"),
    ]  # fmt: skip


def test_a_place_has_the_rivers_that_cross_it():
    rivers = SmallRivers([("a", "1"), ("b", "2")], [], [("1", "330102001")])
    assert [r["river_id"] for r in rivers.ask("river_warnings", codes=["330102001"])] == ["1"]
    assert rivers.ask("river_warnings", codes=["330102018"]) == []
    assert len(rivers.ask("river_warnings")) == 2


# --- since when ----------------------------------------------------------------------------------

ROOMS = {"r": ("Ⅴ", -10.0), "y": ("Ⅳ", 10.0), "g": ("Ⅲ", 50.0), "?": (None, None)}


def history(text):
    """One section's months up to 2025-12: r, y, g, ? not evaluated, . not sampled."""
    months = months_to("2025-12", len(text))
    return [
        ("a", when, *ROOMS[sign]) for when, sign in zip(months, text, strict=True) if sign != "."
    ]


@pytest.mark.parametrize(
    ("text", "red_since", "alert_since"),
    [
        ("ggr", "2025-12", "2025-12"),
        ("gyrr", "2025-11", "2025-10"),
        ("rgyr", "2025-12", "2025-11"),
        ("gr?r", "2025-10", "2025-10"),
        ("gr.r", "2025-10", "2025-10"),
        ("ryry", None, "2025-09"),
        ("gyy", None, "2025-11"),
        ("yyg", None, None),
        ("rr?", None, None),
        ("rrrr", "2025-09", "2025-09"),
    ],
)
def test_since_is_the_first_month_of_the_unbroken_run(text, red_since, alert_since):
    found = warned(history(text))
    assert found["red_since"] == (month(red_since) if red_since else None)
    assert found["alert_since"] == (month(alert_since) if alert_since else None)


def test_months_to_come_say_nothing_of_the_month_shown():
    found = warned([*history("gr"), ("a", "2025-10", "Ⅳ", 5.0)], at="2025-11")
    assert (found["state"], found["alert_since"]) == ("green", None)


# --- trend ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rooms", "trend"),
    [
        ([60, 50, 40, 30, 20, 10], "worse"),
        ([10, 20, 30, 40, 50, 60], "better"),
        ([10, 10, 10, 10, 10, 10], "even"),
        ([10, 12, 10, 12, 10, 12], "even"),
        ([None, None, 40, 30, 20, 10], "worse"),
        ([None, None, None, 30, 20, 10], None),
        ([40, None, 30, None, 20, 10], "worse"),
    ],
)
def test_trend_is_the_course_of_the_room_over_six_months(rooms, trend):
    months = months_to("2025-12", 6)
    samples = [
        ("a", when, "Ⅳ", float(v)) for when, v in zip(months, rooms, strict=True) if v is not None
    ]
    assert warned(samples)["trend"] == trend


@pytest.mark.parametrize(
    ("step", "trend"),
    [(10 / 6, "better"), (1.66, "even"), (-10 / 6, "worse"), (-1.66, "even")],
)
def test_a_change_on_the_limit_counts(step, trend):
    samples = [("a", when, "Ⅳ", 10 + n * step) for n, when in enumerate(months_to("2025-12", 6))]
    assert warned(samples)["trend"] == trend


def test_older_months_and_samples_that_are_not_evaluated_do_not_bend_the_trend():
    months = months_to("2025-12", 7)
    samples = [("a", when, "Ⅳ", 10.0) for when in months[1:]]
    bent = [("a", months[0], "Ⅳ", 900.0)]
    assert warned(samples + bent)["trend_pct"] == 0
    partly = [(*row[:2], None, 900.0) if n == 2 else row for n, row in enumerate(samples)]
    assert (warned(partly)["trend_pct"], warned(partly)["trend_samples"]) == (0, 5)


# --- by month, and against pandas ----------------------------------------------------------------


@pytest.fixture(scope="module")
def store(built_store):
    opened = Store(built_store)
    yield opened
    opened.close()


def ask(store, name, at, codes=None):
    known = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR, "year": at.year, "month": at,
             "codes": codes, **rule_parameters()}  # fmt: skip
    wanted = query(name)
    return store.query(wanted.sql, {key: known[key] for key in wanted.parameters})


@pytest.fixture(scope="module")
def sample_states(built_tables):
    """Colour of every section and month of the sample with pandas, unknown where not sampled."""
    rules, samples = rule_parameters(), built_tables["rivers.water_quality"]
    spare = samples["spare_pct"].astype("float64")
    state = np.select(
        [spare < rules["red_below_pct"], samples["quality_class"].isna(), spare < rules["yellow_below_pct"]],
        ["red", "unknown", "yellow"], "green",
    )  # fmt: skip
    table = samples.assign(state=state, month=pd.to_datetime(samples["month"]))
    return table.pivot(index="section_id", columns="month", values="state").fillna("unknown")


def worst(states):
    return next(state for state in ("red", "yellow", "unknown", "green") if state in set(states))


@pytest.mark.parametrize(
    "at", [date(2020, 1, 1), date(2021, 7, 1), date(2024, 6, 1), date(2025, 12, 1)]
)
def test_colour_since_and_trend_are_those_of_a_plain_loop(store, built_tables, sample_states, at):
    sections = built_tables["rivers.sections"]
    samples = built_tables["rivers.water_quality"]
    samples = samples.assign(month=pd.to_datetime(samples["month"]))
    found = ask(store, "river_warnings", at).set_index("river_id")
    assert set(found.index) == set(built_tables["rivers.rivers"]["river_id"])
    for river_id, own in sections.groupby("river_id"):
        course = sample_states.loc[own["section_id"], : pd.Timestamp(at)].apply(worst)
        row = found.loc[river_id]
        assert row["state"] == course.iloc[-1], river_id
        known = course[course != "unknown"]
        for column, colours in (("red_since", ["red"]), ("alert_since", ["red", "yellow"])):
            run = known.index[len(known) - int(known.isin(colours)[::-1].cumprod().sum()) :]
            if row["state"] in colours:
                assert row[column] == run[0], (river_id, column)
            else:
                assert pd.isna(row[column]), (river_id, column)
        last = samples[
            (samples["section_id"] == row["section_id"]) & (samples["month"] <= pd.Timestamp(at))
            & (samples["month"] > pd.Timestamp(at) - pd.DateOffset(months=6))
            & samples["quality_class"].notna()
        ]  # fmt: skip
        assert row["trend_samples"] == len(last)
        if len(last) < 4:
            assert pd.isna(row["trend_pct"])
        else:
            number = 12 * last["month"].dt.year + last["month"].dt.month
            slope = np.polyfit(number, last["spare_pct"].astype(float), 1)[0]
            assert row["trend_pct"] == pytest.approx(6 * slope, abs=1e-4)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "spare_pct", "values", "said"),
    [
        ("NH3-N", -43.0, {"nh3n_mg_l": 2.145}, "氨氮 2.15 mg/L，超Ⅳ类 0.43 倍"),
        ("TP", 6.0, {"tp_mg_l": 0.282}, "总磷 0.282 mg/L，余量 6%"),
        ("TP", 0.0, {"tp_mg_l": 0.3}, "总磷 0.300 mg/L，余量 0%"),
        ("TP", 19.67, {"tp_mg_l": 0.241}, "总磷 0.241 mg/L，余量 19%"),
        ("TP", -0.3, {"tp_mg_l": 0.301}, "总磷 0.301 mg/L，超Ⅳ类 不到 0.01 倍"),
        ("DO", -12.0, {"do_mg_l": 2.64}, "溶解氧 2.64 mg/L，低于Ⅳ类限值 12%"),
        ("DO", -0.1, {"do_mg_l": 2.997}, "溶解氧 3.00 mg/L，低于Ⅳ类限值 不到 1%"),
        ("pH", -4.4, {"ph": 9.4}, "pH 9.40，超出 6–9"),
        ("CODMn、TP", -10.0, {"codmn_mg_l": 11.0, "tp_mg_l": 0.33},
         "高锰酸盐指数 11.0 mg/L，超Ⅳ类 0.10 倍；总磷 0.330 mg/L，超Ⅳ类 0.10 倍"),
        (None, None, {}, ""),
    ],
)  # fmt: skip
def test_how_far_over_is_said_in_the_words_of_the_item(item, spare_pct, values, said):
    row = SimpleNamespace(spare_item=item, spare_pct=spare_pct, water_kind="river", **values)
    assert room_text(row) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ggr", "2025 年 12 月起"),
        ("gyrr", "2025 年 11 月起（2025 年 10 月起黄色或红色）"),
        ("ryy", "2025 年 10 月起（有记录以来）"),
        ("gyy", "2025 年 11 月起"),
        ("gg", ""),
    ],
)
def test_since_when_is_said_for_red_and_yellow(text, said):
    assert since_text(SimpleNamespace(**warned(history(text)))) == said


@pytest.mark.parametrize(
    ("trend", "said"),
    [("worse", "正在恶化"), ("better", "好转"), ("even", "平稳"), (None, "测次不足")],
)
def test_the_trend_is_said_in_words(trend, said):
    assert said in trend_text(SimpleNamespace(trend=trend))


def test_the_rule_says_the_figures_of_its_table():
    lines = dict(rule_lines())
    assert "20%" in lines["◐ 黄色"] and "20%" in lines["● 绿色"]
    assert "超出Ⅳ类限值" in lines["▲ 红色"]
    assert "不按绿色计" in lines["○ 未评价"]
    assert "近 6 个月" in lines["趋势"]


def test_each_row_opens_its_river_and_names_are_text():
    rivers = SmallRivers(
        [("a", "R1"), ("b", "R2")], [("a", "2025-12", "Ⅴ", -5.0)],
        rivers={"R1": "<b>港</b>", "R2": "东河"},
    )  # fmt: skip
    html = list_html(pd.DataFrame(rivers.ask("river_warnings")))
    assert 'data-pick="river:R1"' in html and 'data-pick="river:R2"' in html
    assert "&lt;b&gt;港&lt;/b&gt;" in html and "<b>港" not in html
    assert "未评价<small>1 条" in html and "当月未测" in html


def test_without_red_and_yellow_the_list_says_so():
    rivers = one_river([("a", "2025-12", "Ⅱ", 60.0)])
    html = list_html(pd.DataFrame(rivers.ask("river_warnings")))
    assert "没有红色、黄色预警" in html
    assert "data-pick" not in html
