"""Share of sections at class Ⅳ or better, steadiness, sections: by hand, and against pandas."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import pandas as pd
import pytest

from data.contracts import FIRST_YEAR, LAST_YEAR, QUALITY_CLASSES
from data.office_rules import rule_parameters
from data.store import Store
from data.water_quality import quality_limits
from queries.loader import query
from tests.small_rivers import SmallRivers, month, months_to
from ui.quality_charts import class_bands, class_word, item_words, runs
from ui.theme import DARK, LIGHT
from ui.water_quality import class_counts, limits_html, steady_sentences

GOOD = QUALITY_CLASSES[:4]
MONTHS = pd.date_range(f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-01", freq="MS")
PLACES = {"whole": None, "one": ["330102016"], "two": ["330102003", "330102012"]}
by_place = pytest.mark.parametrize("codes", PLACES.values(), ids=PLACES)


@pytest.fixture(scope="module")
def store(built_store):
    opened = Store(built_store)
    yield opened
    opened.close()


def ask(store, name, at=date(2025, 12, 1), codes=None):
    known = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR, "year": at.year, "month": at,
             "codes": codes, **rule_parameters()}  # fmt: skip
    wanted = query(name)
    return store.query(wanted.sql, {key: known[key] for key in wanted.parameters})


def sections_of(tables, codes):
    """Ids of the sections of the rivers that cross the places, by the tables."""
    sections = tables["rivers.sections"]
    if codes:
        reaches = tables["rivers.reaches"]
        rivers = reaches.loc[reaches["subdistrict_code"].isin(codes), "river_id"]
        sections = sections[sections["river_id"].isin(rivers)]
    return set(sections["section_id"])


def samples_of(tables, codes):
    samples = tables["rivers.water_quality"]
    samples = samples[samples["section_id"].isin(sections_of(tables, codes))]
    return samples.assign(
        month=pd.to_datetime(samples["month"]),
        is_met=samples["quality_class"].isin(GOOD),
        is_evaluated=samples["quality_class"].notna(),
    )


def monthly_shares(tables, codes):
    """Share by month with pandas, missing where no section is evaluated."""
    sums = samples_of(tables, codes).groupby("month")[["is_met", "is_evaluated"]].sum()
    sums = sums.reindex(MONTHS, fill_value=0)
    return (100 * sums["is_met"] / sums["is_evaluated"]).where(sums["is_evaluated"] > 0)


# --- by month ------------------------------------------------------------------------------------


@by_place
def test_the_share_by_month_is_that_of_pandas(store, built_tables, codes):
    found = ask(store, "quality_by_month", codes=codes)
    assert list(pd.to_datetime(found["month"])) == list(MONTHS)
    expected = monthly_shares(built_tables, codes)
    assert found["share_pct"].tolist() == pytest.approx(expected.tolist(), nan_ok=True)
    assert set(found["section_count"]) == {len(sections_of(built_tables, codes))}


def test_only_evaluated_sections_count_and_the_others_are_told_apart():
    rivers = SmallRivers(
        sections=[("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")],
        samples=[("a", "2025-03", "Ⅳ", 5.0), ("b", "2025-03", "Ⅴ", -5.0), ("c", "2025-03", None, 50.0)],
    )  # fmt: skip
    rows = {row["month"]: row for row in rivers.ask("quality_by_month")}
    told = rows[month("2025-03")]
    assert (told["section_count"], told["sample_count"], told["evaluated_count"]) == (4, 3, 2)
    assert (told["met_count"], told["share_pct"]) == (1, 50.0)
    empty = rows[month("2025-04")]
    assert (empty["sample_count"], empty["evaluated_count"], empty["share_pct"]) == (0, 0, None)
    assert len(rows) == 12 * (LAST_YEAR - FIRST_YEAR + 1)


@pytest.mark.parametrize(
    ("quality_class", "share_pct"),
    [("Ⅰ", 100), ("Ⅱ", 100), ("Ⅲ", 100), ("Ⅳ", 100), ("Ⅴ", 0), ("劣Ⅴ", 0), (None, None)],
)
def test_class_iv_and_better_meets_and_worse_does_not(quality_class, share_pct):
    rivers = SmallRivers([("a", "1")], [("a", "2025-12", quality_class, 0.0)])
    assert rivers.ask("quality_by_month")[-1]["share_pct"] == share_pct


def test_a_place_has_the_sections_of_the_rivers_that_cross_it():
    rivers = SmallRivers(
        sections=[("a", "1"), ("b", "2"), ("c", "3")],
        reaches=[("1", "330102001"), ("1", "330102003"), ("2", "330102003")],
        samples=[("a", "2025-12", "Ⅱ", 60.0), ("b", "2025-12", "Ⅴ", -9.0), ("c", "2025-12", "Ⅱ", 60.0)],
    )  # fmt: skip
    assert rivers.ask("quality_by_month", codes=["330102003"])[-1]["share_pct"] == 50
    assert rivers.ask("quality_by_month", codes=["330102001"])[-1]["share_pct"] == 100
    nowhere = rivers.ask("quality_by_month", codes=["330102018"])[-1]
    assert (nowhere["section_count"], nowhere["share_pct"]) == (0, None)
    assert rivers.ask("quality_by_month")[-1]["evaluated_count"] == 3


# --- steadily ------------------------------------------------------------------------------------


def course(text, last="2025-12"):
    """One section's months up to ``last``: + meets, - does not, ? is not evaluated, . not sampled."""
    classes = {"+": "Ⅲ", "-": "Ⅴ", "?": None}
    months = months_to(last, len(text))
    return SmallRivers(
        [("a", "1")],
        [("a", when, classes[sign], 0.0) for when, sign in zip(months, text, strict=True) if sign != "."],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_steady", "run_months", "broken"),
    [
        ("++++++++++++", True, 12, None),
        ("-++++++++++++", True, 12, "2024-12"),
        ("+++++++++++++++", True, 15, None),
        ("-+++++++++++", False, 11, "2025-01"),
        ("++++++-+++++", False, 5, "2025-07"),
        ("+++++++++++-", False, 0, "2025-12"),
        ("+++++++++++", None, 11, None),
        ("++++?+++++++", None, 7, None),
        ("++++.+++++++", None, 7, None),
        ("++-+.+++++++", False, 7, "2025-03"),
        ("+++++++++++?", None, 0, None),
    ],
)
def test_steadily_means_every_one_of_the_last_months(text, is_steady, run_months, broken):
    found = course(text).row("quality_steady")
    assert (found["is_steady"], found["run_months"]) == (is_steady, run_months)
    assert found["broken_month"] == (month(broken) if broken else None)
    since = month(months_to("2025-12", run_months)[0]) if run_months else None
    assert found["run_since"] == since


def test_nothing_is_said_of_steadiness_at_the_first_month_nor_without_samples():
    first = course("+", last=f"{FIRST_YEAR}-01").row("quality_steady", at=f"{FIRST_YEAR}-01")
    assert (first["is_steady"], first["run_months"], first["unevaluated_count"]) == (None, 1, 11)
    empty = SmallRivers().row("quality_steady")
    assert (empty["is_steady"], empty["share_pct"], empty["run_months"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("good", "of", "holds"), [(17, 20, True), (16, 20, False), (85, 100, True)]
)
def test_a_share_on_the_limit_holds(good, of, holds):
    rivers = SmallRivers(
        [(f"s{n:03}", "1") for n in range(of)],
        [(f"s{n:03}", "2025-12", "Ⅲ" if n < good else "Ⅴ", 0.0) for n in range(of)],
    )
    assert (rivers.row("quality_steady")["run_months"] == 1) == holds


def test_months_and_share_come_from_the_rules():
    rivers = course("++-+++")
    rivers.rules = {"stable_months": 3}
    assert rivers.row("quality_steady")["is_steady"] is True
    rivers.rules = {"stable_months": 4}
    assert rivers.row("quality_steady")["is_steady"] is False
    rivers.rules = {"stable_months": 4, "stable_share_pct": 0}
    assert rivers.row("quality_steady")["is_steady"] is True


@by_place
def test_steadiness_is_that_of_a_plain_loop_in_every_month(store, built_tables, codes):
    shares = monthly_shares(built_tables, codes).tolist()
    rules = rule_parameters()
    wanted, limit = int(rules["stable_months"]), rules["stable_share_pct"]
    for at in (*range(0, 72, 7), 71):
        run = 0
        while run <= at and shares[at - run] >= limit:
            run += 1
        window = [shares[n] if n >= 0 else None for n in range(at - wanted + 1, at + 1)]
        is_low = [share is not None and share < limit for share in window]
        is_open = [share is None or pd.isna(share) for share in window]
        found = ask(store, "quality_steady", MONTHS[at].date(), codes).iloc[0]
        assert found["run_months"] == run, MONTHS[at]
        if any(is_low) or not any(is_open):
            assert found["is_steady"] == (not any(is_low)), MONTHS[at]
        else:
            assert pd.isna(found["is_steady"]), MONTHS[at]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("++++++++++++", ["**持续稳定**", "自 2025 年 1 月起", "12 个月"]),
        ("++++++-+++++", ["**尚未持续稳定**", "2025 年 7 月为 **0.0%**", "自 2025 年 8 月起", "5 个月"]),
        ("+++++++++++-", ["**尚未持续稳定**", "2025 年 12 月为 **0.0%**"]),
        ("++++.+++++++", ["**不能判定**", "**1 个月**没有评价", "7 个月"]),
        ("+++++++++++.", []),
    ],
)  # fmt: skip
def test_the_sentence_names_the_month_that_broke_it_or_since_when_it_holds(text, said):
    rivers = course(text)
    context = SimpleNamespace(row=lambda name, month: rivers.row(name, at=f"{month:%Y-%m}"))
    sentences = steady_sentences(context, month("2025-12"))
    assert bool(sentences) == bool(said)
    assert all(words in sentences[0] for words in said)


# --- sections ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at", [date(2020, 1, 1), date(2020, 6, 1), date(2023, 2, 1), date(2025, 12, 1)]
)
@by_place
def test_sections_hold_their_sample_and_their_last_twelve_months(store, built_tables, codes, at):
    found = ask(store, "quality_sections", at, codes).set_index("section_id")
    samples = samples_of(built_tables, codes)
    now = samples[samples["month"] == pd.Timestamp(at)].set_index("section_id")
    assert set(found.index) == sections_of(built_tables, codes)
    assert set(found.index[found["is_sampled"]]) == set(now.index)
    for column in ("do_mg_l", "tp_mg_l", "spare_pct"):
        got, expected = found.loc[now.index, column], now[column].astype("float64")
        assert got.tolist() == pytest.approx(expected.tolist(), nan_ok=True)
    classes = found.loc[now.index, "quality_class"]
    assert classes.fillna("").tolist() == now["quality_class"].fillna("").tolist()
    twelve = samples[
        (samples["month"] <= pd.Timestamp(at))
        & (samples["month"] > pd.Timestamp(at) - pd.DateOffset(months=12))
    ]
    sums = twelve.groupby("section_id")[["is_met", "is_evaluated"]].sum()
    sums = sums.reindex(found.index, fill_value=0)
    assert (found["met_count"] == sums["is_met"]).all()
    assert (found["evaluated_count"] == sums["is_evaluated"]).all()


def test_a_section_without_sample_is_listed_as_not_measured():
    rivers = SmallRivers(
        [("a", "1"), ("b", "1"), ("c", "1")],
        [
            ("a", "2025-12", "Ⅲ", 40.0),
            ("b", "2025-12", None, None, {"limiting_item": "缺 NH3-N、TP"}),
        ],
    )
    frame = pd.DataFrame(rivers.ask("quality_sections"))
    words = [class_word(r.is_sampled, r.quality_class, r.limiting_item) for r in frame.itertuples()]
    assert words == ["Ⅲ类", "未评价（缺 氨氮、总磷）", "当月未测"]
    counts = class_counts(frame)
    assert {name: n for name, n in counts.items() if n} == {"Ⅲ": 1, "未评价": 1, "当月未测": 1}
    assert sum(counts.values()) == len(frame)


def test_twelve_months_end_with_the_month_and_leave_out_the_one_a_year_before():
    samples = [("a", "2024-12", "Ⅳ", 1.0), ("a", "2025-01", "Ⅳ", 1.0), ("a", "2025-12", "Ⅴ", -1.0)]
    (found,) = SmallRivers([("a", "1")], samples).ask("quality_sections")
    assert (found["evaluated_count"], found["met_count"]) == (2, 1)


def test_two_rivers_of_one_name_stay_two():
    rivers = SmallRivers(
        [("a", "1", "监测断面"), ("b", "2", "监测断面")],
        [("a", "2025-12", "Ⅱ", 60.0), ("b", "2025-12", "Ⅴ", -9.0)],
        rivers={"1": "新开河", "2": "新开河"},
    )
    rows = rivers.ask("quality_sections")
    assert [(r["river_id"], r["quality_class"]) for r in rows] == [("1", "Ⅱ"), ("2", "Ⅴ")]
    strip = rivers.ask("quality_of_river", river_id="2")
    assert {r["section_id"] for r in strip} == {"b"}


def test_a_series_has_every_month_and_gaps_where_nothing_was_measured():
    samples = [("a", "2024-02", "Ⅲ", 40.0, {"tp_mg_l": 0.15}), ("a", "2024-04", "Ⅲ", 40.0)]
    rows = SmallRivers([("a", "1")], samples).ask("quality_series", section_id="a")
    assert len(rows) == len(MONTHS)
    assert {r["month"]: r["tp_mg_l"] for r in rows if r["tp_mg_l"] is not None} == {
        month("2024-02"): 0.15
    }
    assert [r["month"] for r in rows if r["quality_class"]] == [month("2024-02"), month("2024-04")]


def test_empty_registers_give_empty_answers():
    empty = SmallRivers()
    assert empty.ask("quality_sections") == []
    assert empty.ask("quality_of_river", river_id="R01") == []
    assert all(row["share_pct"] is None for row in empty.ask("quality_by_month"))
    assert empty.row("quality_last_month")["last_month"] is None


# --- words, bands, colours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "words"),
    [("NH3-N", "氨氮"), ("DO、TP", "溶解氧、总磷"), ("缺 TP", "缺 总磷"), (None, ""), ("pH", "pH")],
)
def test_items_are_called_by_their_names(items, words):
    assert item_words(items) == words


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], []), ([1, 2], [0, 0]), ([1, None, 2], [0, 1, 1]), ([None, None, 3, 4], [1, 2, 2, 2])],
)
def test_a_line_breaks_at_a_gap(values, expected):
    assert runs(values) == expected


def bands_of(item, water_kind, top):
    limits = quality_limits()
    own = limits[(limits["item"] == item) & (limits["water_kind"] == water_kind)]
    return {b["name"]: (b["low"], b["high"]) for b in class_bands(own, top)}


@pytest.mark.parametrize(
    ("item", "water_kind", "top", "some"),
    [
        ("NH3-N", "river", 3.0, {"Ⅰ": (0, 0.15), "Ⅳ": (1.0, 1.5), "劣Ⅴ": (2.0, 3.0)}),
        ("TP", "river", 0.35, {"Ⅳ": (0.2, 0.3), "Ⅴ": (0.3, 0.35)}),
        ("TP", "lake", 0.35, {"Ⅳ": (0.05, 0.1), "劣Ⅴ": (0.2, 0.35)}),
        ("DO", "river", 12.0, {"Ⅰ": (7.5, 12), "Ⅳ": (3, 5), "劣Ⅴ": (0, 2)}),
        ("COD", "river", 50.0, {"Ⅰ–Ⅱ": (0, 15), "Ⅲ": (15, 20), "劣Ⅴ": (40, 50)}),
        ("BOD5", "river", 12.0, {"Ⅰ–Ⅱ": (0, 3), "Ⅳ": (4, 6)}),
    ],
)  # fmt: skip
def test_bands_are_the_limits_and_cover_the_chart(item, water_kind, top, some):
    bands = bands_of(item, water_kind, top)
    assert bands.items() >= {name: pytest.approx(edges) for name, edges in some.items()}.items()
    edges = sorted(bands.values())
    assert (edges[0][0], edges[-1][1]) == (0, top)
    assert all(low[1] == high[0] for low, high in pairwise(edges))


def test_the_band_of_ph_has_the_worst_class_on_both_sides():
    limits = quality_limits()
    own = limits[(limits["item"] == "pH") & (limits["water_kind"] == "river")]
    bands = [(b["name"], b["low"], b["high"]) for b in class_bands(own, 11.0)]
    assert bands == [("Ⅰ–Ⅴ", 6, 9), ("劣Ⅴ", 0, 6), ("劣Ⅴ", 9, 11)]


def test_the_table_of_limits_keeps_rivers_and_lakes_apart():
    html = limits_html(quality_limits())
    assert "总磷（河流） mg/L</td><td>≤ 0.02</td>" in html
    assert "总磷（湖、库） mg/L</td><td>≤ 0.01</td>" in html
    assert html.count("氨氮") == 1
    assert "<td>6–9</td>" in html
    assert "GB 3838-2002" in html


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colours", [DARK, LIGHT], ids=lambda c: c.name)
@pytest.mark.parametrize("name", QUALITY_CLASSES)
def test_a_class_can_be_seen_on_its_ground(colours, name):
    for ground in (colours.ground, colours.panel):
        high, low = sorted(
            (luminance(colours.quality_class(name)), luminance(ground)), reverse=True
        )
        assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("name", [None, float("nan"), "Ⅵ"])
def test_what_is_no_class_is_grey(name):
    assert LIGHT.quality_class(name) == LIGHT.unreported
