"""The queries: how they are found, that each answers whatever the filter, that the figures agree
with the same figures worked out from the tables in another way."""

import json
import re
from collections import Counter
from datetime import date

import pandas as pd
import pytest

from data.contracts import FIRST_YEAR, LAST_YEAR, TOILET_SCOPES, YEARS
from data.office_rules import rule_parameters
from data.store import Store
from queries import loader
from queries.loader import QueryFileError, all_queries, parse, query

CODES = (
    "330102001", "330102003", "330102004", "330102008", "330102009", "330102010", "330102011",
    "330102012", "330102013", "330102014", "330102015", "330102016", "330102017", "330102018",
)  # fmt: skip
WHOLE, ONE, TWO, MANY = (), ("330102016",), ("330102003", "330102012"), CODES[2:9]
UNKNOWN = ("330199999",)
PLACES = {"whole": WHOLE, "one": ONE, "two": TWO, "seven": MANY, "unknown": UNKNOWN}
KNOWN_PLACES = {name: codes for name, codes in PLACES.items() if codes != UNKNOWN}
GIVEN = {
    "first_year": FIRST_YEAR,
    "last_year": LAST_YEAR,
    "cell_deg": 0.0011,
    "clause": "1.1.4",
    "wanted": "新塘",
    "most": 12,
    "entry_kind": "river",
    "entry_id": "R01",
    "dataset": "streets.streets",
    "kinds": None,
    "bodies": None,
    "states": None,
    "assumed": [],
    "month": date(2025, 12, 1),
    "light_id": "KZ001",
    "section_id": "D001",
    "river_id": "R01",
    "scope": "all",
    "toilet_id": "T001",
    "cell_id": "2-1-01",
    "is_open": True,
    "fact_keys": ["opened_dead_end_road_count", "drainage_mechanised_pct"],
    "street_name": "延安路",
    "street_names": ["延安路", "解放路"],
    **rule_parameters(),
}


@pytest.fixture(scope="session")
def store(built_store):
    opened = Store(built_store)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def no_registers(bare_store):
    opened = Store(bare_store)
    yield opened
    opened.close()


def ask(store, name, codes=(), year=LAST_YEAR, **given):
    """Rows of a query under a filter."""
    params = GIVEN | {"codes": list(codes) or None, "year": year, "month": date(year, 6, 1)} | given
    return store.query(query(name).sql, params)


def row(store, name, codes=(), year=LAST_YEAR, **given):
    """The only row of a query, missing values as None."""
    frame = ask(store, name, codes, year, **given)
    assert len(frame) == 1
    return {key: None if pd.isna(value) else value for key, value in frame.iloc[0].items()}


def agrees(found, expected):
    """Whether a row holds the expected values (None for missing, a float to 9 digits)."""
    assert {key: found[key] for key in expected} == {
        key: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value
        for key, value in expected.items()
    }


# --- loading -------------------------------------------------------------------------------------

GOOD = """
-- A file may begin with a remark.

-- name: first
-- What the first one
-- answers.
SELECT 1
FROM t
WHERE year = $year AND a = $a_1 AND b = $year;

-- name: second
-- What the second one answers.
SELECT 2
"""


def test_a_file_is_split_into_its_queries():
    first, second = parse(GOOD, "good.sql")
    assert (first.name, second.name) == ("first", "second")
    assert first.sql == "SELECT 1\nFROM t\nWHERE year = $year AND a = $a_1 AND b = $year"
    assert first.description == "What the first one answers."
    assert first.parameters == {"year", "a_1"}
    assert first.origin == "good.sql:4"
    assert (second.sql, second.parameters, second.origin) == ("SELECT 2", set(), "good.sql:11")


@pytest.mark.parametrize("text", ["", "\n\n", "-- only a remark\n"])
def test_a_file_without_queries_has_none(text):
    assert parse(text, "empty.sql") == []


@pytest.mark.parametrize(
    ("text", "where", "word"),
    [
        ("SELECT 1;\n-- name: a\n-- b\nSELECT 2", "bad.sql:1", "before"),
        ("\n-- remark\n\n  SELECT 1", "bad.sql:4", "before"),
        ("-- name: a\n-- says what", "bad.sql:1", "no statement"),
        ("-- name: a\n-- says what\n;\n", "bad.sql:1", "no statement"),
        ("-- name: a\n-- b\nSELECT 1;\n\n-- name: c\n-- d\n\n-- name: e\n-- f\nSELECT 3",
         "bad.sql:5", "no statement"),
        ("-- name: a\nSELECT 1", "bad.sql:1", "does not say"),
        ("-- name: a\n-- b\nSELECT 1;\n-- name: c\nSELECT 2;", "bad.sql:4", "does not say"),
    ],
    ids=["sql first", "sql first later", "no sql", "semicolon only", "second without sql",
         "no comment", "second without comment"],
)  # fmt: skip
def test_a_bad_file_is_refused_with_file_and_line(text, where, word):
    with pytest.raises(QueryFileError, match=word) as refusal:
        parse(text, "bad.sql")
    assert str(refusal.value).startswith(where)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in the place of the queries' own."""
    monkeypatch.setattr(loader, "FOLDER", tmp_path)
    all_queries.cache_clear()
    yield tmp_path
    all_queries.cache_clear()


def test_a_name_used_twice_is_refused_with_both_places(folder):
    (folder / "a.sql").write_text("-- name: same\n-- One.\nSELECT 1", encoding="utf-8")
    (folder / "b.sql").write_text("\n\n-- name: same\n-- Two.\nSELECT 2", encoding="utf-8")
    with pytest.raises(QueryFileError, match="same") as refusal:
        all_queries()
    assert "b.sql:3" in str(refusal.value)
    assert "a.sql:1" in str(refusal.value)


def test_queries_of_all_files_are_found_and_other_files_left_alone(folder):
    (folder / "a.sql").write_text("-- name: 甲\n-- 一。\nSELECT '一'", encoding="utf-8")
    (folder / "b.sql").write_text("-- name: b\n-- Two.\nSELECT 2", encoding="utf-8")
    (folder / "notes.txt").write_text("not a query", encoding="utf-8")
    assert list(all_queries()) == ["甲", "b"]
    assert query("甲").sql == "SELECT '一'"


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(KeyError, match="rivers_summary"):
        query("no_such_query")


# --- every query, whatever the filter ------------------------------------------------------------

ONE_ROW = [name for name in all_queries() if name.endswith("_summary")] + [
    "rivers_quality", "toilets_coverage", "lighting_dark_spots", "light_drawn", "light_lamps",
]  # fmt: skip
FEATURES = [name for name in all_queries() if name.endswith(("_features", "_points", "_cells"))] + [
    "light_lamps", "light_faults", "lighting_project_lines",
]  # fmt: skip
BY_SUBDISTRICT = [name for name in all_queries() if name.endswith("_by_subdistrict")]
BY_YEAR = [name for name in all_queries() if name.endswith("_by_year")]


def answers(store, name, codes, year):
    """The answer, checked for the shape that its name promises."""
    frame = ask(store, name, codes, year)
    if name in ONE_ROW:
        assert len(frame) == 1
    if name in BY_SUBDISTRICT:
        assert tuple(frame["subdistrict_code"]) == CODES
    if name in BY_YEAR:
        assert list(frame["year"]) in ([], list(YEARS))
    if name in FEATURES:
        assert frame.shape == (1, 1)
        text = frame.iat[0, 0]
        assert text is None or pd.isna(text) or isinstance(json.loads(text), list)
    return frame


@pytest.mark.parametrize("name", all_queries())
def test_every_query_answers_under_every_filter(store, name):
    for year in YEARS:
        answers(store, name, WHOLE, year)
    for codes, year in ((ONE, 2020), (TWO, 2022), (MANY, 2024), (UNKNOWN, 2025)):
        answers(store, name, codes, year)


@pytest.mark.parametrize("name", all_queries())
def test_every_query_answers_without_samples(no_registers, name):
    for codes, year in ((WHOLE, 2025), (ONE, 2020), (MANY, 2023), (UNKNOWN, 2022)):
        answers(no_registers, name, codes, year)


def test_there_are_queries_of_every_kind():
    assert len(all_queries()) > 30
    assert min(map(len, (ONE_ROW, FEATURES, BY_SUBDISTRICT, BY_YEAR))) >= 4


def test_every_query_says_what_it_answers_in_a_sentence():
    for known in all_queries().values():
        assert known.description.endswith("."), known.name
        assert len(known.description) > 20, known.name


@pytest.mark.parametrize("name", ["toilets_points", "streets_features", "lighting_project_points"])
def test_an_unknown_code_finds_nothing(store, name):
    assert pd.isna(ask(store, name, UNKNOWN).iat[0, 0])


@pytest.mark.parametrize(
    "name", ["toilets_table", "rivers_table", "demonstration_register", "lighting_works"]
)
def test_a_table_of_an_unknown_code_is_empty(store, name):
    assert ask(store, name, UNKNOWN).empty


# --- without samples nothing is a figure ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("rivers_summary", ["beautiful_share_pct", "length_km", "beautiful_length_km",
                            "beautiful_length_share_pct"]),
        ("rivers_quality", ["class_iv_share_pct"]),
        ("streets_summary", ["completed_km"]),
        ("toilets_summary", ["density_per_km2", "accessible_share_pct", "women_to_men"]),
        ("toilets_coverage", ["covered_share_pct"]),
        ("lighting_summary", ["road_lit_rate_pct", "functional_sound_rate_pct",
                              "scenery_sound_rate_pct", "central_control_rate_pct"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("codes", [WHOLE, ONE], ids=["whole", "one"])
def test_a_share_of_nothing_is_missing(no_registers, name, columns, codes):
    found = row(no_registers, name, codes)
    assert {column: found[column] for column in columns} == dict.fromkeys(columns)


@pytest.mark.parametrize("name", BY_SUBDISTRICT)
def test_subdistricts_without_data_are_listed_without_figures(no_registers, name):
    frame = ask(no_registers, name)
    measures = [c for c in frame.columns if c.endswith(("_pct", "_per_km2")) or c == "toilet_count"]
    assert measures
    assert frame[measures].isna().all(axis=None)


@pytest.mark.parametrize("name", BY_YEAR)
def test_years_without_data_are_not_listed(no_registers, name):
    assert ask(no_registers, name).empty


def test_no_toilets_are_not_counted_as_one(no_registers):
    assert row(no_registers, "toilets_summary")["toilet_count"] in (0, None)


def test_a_place_without_toilets_has_none(store):
    assert row(store, "toilets_summary", UNKNOWN)["toilet_count"] in (0, None)


# --- figures worked out from the tables ----------------------------------------------------------


def within(frame, codes):
    """Rows of the chosen subdistricts."""
    return frame[frame["subdistrict_code"].isin(codes)] if codes else frame


def by_end_of(years, year):
    """Which of these years have come by the end of a year; a missing one never has."""
    return pd.to_numeric(years).astype("float64") <= year


def share(part, whole):
    """Percentage, None of nothing."""
    return None if whole == 0 else float(100 * part / whole)


def chosen_rivers(tables, codes):
    """Rivers and reaches of the chosen subdistricts; unmapped rivers count for all of it only."""
    rivers, reaches = tables["rivers.rivers"], within(tables["rivers.reaches"], codes)
    if codes:
        rivers = rivers[rivers["river_id"].isin(reaches["river_id"])]
    return rivers, reaches


def beautiful_rivers(rivers, year):
    return rivers[rivers["beautiful_level"].ne("none") & by_end_of(rivers["beautiful_year"], year)]


def filters(places=KNOWN_PLACES):
    """One case a place and year: every year of the whole district, some of its parts."""
    cases = {
        f"{name}-{year}": (codes, year)
        for name, codes in places.items()
        for year in (YEARS if codes == WHOLE else (2020, 2023, 2025))
    }
    return pytest.mark.parametrize(("codes", "year"), cases.values(), ids=cases)


@filters()
def test_rivers_are_counted_and_measured(store, built_tables, codes, year):
    rivers, reaches = chosen_rivers(built_tables, codes)
    beautiful = beautiful_rivers(rivers, year)
    total_m = reaches["length_m"].sum()
    beautiful_m = reaches.loc[reaches["river_id"].isin(beautiful["river_id"]), "length_m"].sum()
    expected = {
        "river_count": len(rivers),
        "beautiful_count": len(beautiful),
        "provincial_count": int((beautiful["beautiful_level"] == "provincial").sum()),
        "unmapped_count": int((~rivers["is_mapped"].astype(bool)).sum()),
        "length_km": float(total_m / 1000),
        "beautiful_length_km": float(beautiful_m / 1000),
        "beautiful_share_pct": share(len(beautiful), len(rivers)),
        "beautiful_length_share_pct": share(beautiful_m, total_m),
    }
    agrees(row(store, "rivers_summary", codes, year), expected)


def judged_months(tables, codes, year):
    """Water samples of the year with a class, in the rivers of the chosen subdistricts."""
    rivers, _ = chosen_rivers(tables, codes)
    sections = tables["rivers.sections"][["section_id", "river_id"]]
    samples = tables["rivers.water_quality"].merge(sections, on="section_id")
    samples = samples[samples["river_id"].isin(rivers["river_id"])]
    samples = samples[samples["month"].astype(str).str.startswith(str(year))]
    return samples, samples[samples["quality_class"].notna()]


@filters()
def test_water_of_class_iv_or_better(store, built_tables, codes, year):
    samples, judged = judged_months(built_tables, codes, year)
    worse = judged["quality_class"].isin(["Ⅴ", "劣Ⅴ"]).sum()
    expected = {
        "sample_count": len(samples),
        "evaluated_count": len(judged),
        "met_count": len(judged) - worse,
        "class_iv_share_pct": share(len(judged) - worse, len(judged)),
    }
    agrees(row(store, "rivers_quality", codes, year), expected)


@filters()
def test_toilets_are_counted_over_the_area(store, built_tables, codes, year):
    public = public_toilets(built_tables)
    open_ones = within(public, codes)
    open_ones = open_ones[by_end_of(open_ones["opened_year"], year)]
    area_km2 = within(built_tables["base.subdistricts"], codes)["area_km2"].sum()
    renewed = open_ones["renewed_year"].astype("float64")
    expected = {
        "toilet_count": len(open_ones),
        "area_km2": float(area_km2),
        "density_per_km2": float(len(open_ones) / area_km2),
        "renewed_count": int(((renewed > FIRST_YEAR) & (renewed <= year)).sum()),
        "renewed_this_year_count": int((renewed == year).sum()),
        "third_room_count": int(open_ones["has_third_room"].sum()),
        "accessible_share_pct": share(open_ones["has_accessible"].sum(), len(open_ones)),
        "women_to_men": float(open_ones["women_stalls"].sum() / open_ones["men_stalls"].sum()),
    }
    agrees(row(store, "toilets_summary", codes, year), expected)


def public_toilets(tables):
    """Toilets without those that businesses along the street open to all."""
    toilets = tables["toilets.toilets"]
    return toilets[~toilets["is_social"].fillna(False).astype(bool)]


@pytest.mark.parametrize("scope", TOILET_SCOPES)
@filters()
def test_land_near_a_toilet(store, built_tables, codes, year, scope):
    """Ten minutes at 4.5 km/h are 750 m."""
    cells = within(built_tables["toilets.coverage_cells"], codes)
    walks = built_tables["toilets.cell_walks"]
    walks = walks[
        (walks["scope"] == scope) & walks["from_year"].le(year) & walks["to_year"].ge(year)
    ]
    walk_m = cells["cell_id"].map(walks.set_index("cell_id")["walk_m"].astype("float64"))
    area_km2 = cells["area_km2"]
    expected = {"covered_share_pct": share(area_km2[walk_m <= 750].sum(), area_km2.sum())}
    agrees(row(store, "toilets_coverage", codes, year, scope=scope), expected)


def test_fewer_toilets_make_longer_walks(store):
    for year in YEARS:
        near = {
            scope: row(store, "toilets_coverage", year=year, scope=scope)["covered_share_pct"]
            for scope in TOILET_SCOPES
        }
        assert near["all"] > near["public"] > near["open_24h"] > 0


def test_toilets_that_open_bring_land_within_the_walk(store):
    near = [row(store, "toilets_coverage", year=year)["covered_share_pct"] for year in YEARS]
    assert near == sorted(near) and near[-1] > near[0]


@filters()
def test_lamps_are_counted_and_rated(store, built_tables, codes, year):
    yearly = within(built_tables["lighting.yearly"], codes)
    yearly = yearly[yearly["year"] == year]
    counts = yearly.groupby("asset_kind")[
        ["asset_count", "lit_count", "sound_count", "controlled_count"]
    ].sum()
    lamps, both = counts.loc["street_lamp"], counts.sum()
    scenery = both - lamps
    expected = {
        "asset_count": both["asset_count"],
        "street_lamp_count": lamps["asset_count"],
        "scenery_light_count": scenery["asset_count"],
        "road_lit_rate_pct": share(lamps["lit_count"], lamps["asset_count"]),
        "functional_sound_rate_pct": share(lamps["sound_count"], lamps["asset_count"]),
        "scenery_sound_rate_pct": share(scenery["sound_count"], scenery["asset_count"]),
        "central_control_rate_pct": share(both["controlled_count"], both["asset_count"]),
        "unlit_count": both["asset_count"] - both["lit_count"],
    }
    agrees(row(store, "lighting_summary", codes, year), expected)


@filters()
def test_demonstration_streets_by_state(store, built_tables, codes, year):
    streets = within(built_tables["streets.demonstration_streets"], codes)
    boutique = streets[streets["designation"] == "boutique"]
    provincial = streets[streets["designation"] == "provincial"]
    done = by_end_of(boutique["completed_year"], year)
    begun = by_end_of(boutique["started_year"], year)
    old, shown = (by_end_of(provincial["completed_year"], y) for y in (FIRST_YEAR, year))
    expected = {
        "boutique_count": len(boutique),
        "completed_count": int(done.sum()),
        "building_count": int((begun & ~done).sum()),
        "provincial_count": int(shown.sum()),
        "new_provincial_count": int((shown & ~old).sum()),
        "unmapped_count": int((~boutique["is_mapped"].astype(bool)).sum()),
    }
    if done.any():
        expected["completed_km"] = float(boutique.loc[done, "length_m"].sum() / 1000)
    agrees(row(store, "streets_summary", codes, year), expected)


@filters()
def test_lighting_projects_by_kind(store, built_tables, codes, year):
    projects = within(built_tables["lighting.projects"], codes)
    found = ask(store, "lighting_projects_by_kind", codes, year).set_index("project_kind")
    assert set(found.index) == set(projects["project_kind"])
    for kind, group in projects.groupby("project_kind"):
        done = group[by_end_of(group["completed_on"].dt.year, year)]
        assert found.at[kind, "quantity"] == pytest.approx(group["quantity"].sum())
        assert found.at[kind, "completed_quantity"] == pytest.approx(done["quantity"].sum())


@filters()
def test_dark_spots_found_and_fixed(store, built_tables, codes, year):
    spots = within(built_tables["lighting.dark_spots"], codes)
    found_year, fixed_year = (
        pd.to_datetime(spots[column]).dt.year.astype("float64")
        for column in ("found_on", "fixed_on")
    )
    known = found_year <= year
    found = row(store, "lighting_dark_spots", codes, year)
    expected = {
        "found_count": int(known.sum()),
        "fixed_count": int((known & (fixed_year <= year)).sum()),
    }
    agrees(found, expected)
    of_plan = found_year <= 2022
    late = of_plan & (fixed_year > 2022) & (fixed_year <= year)
    assert found["fixed_late_count"] == int(late.sum())
    assert found["found_later_count"] == int((known & ~of_plan).sum())
    overdue = of_plan & known & ~(fixed_year <= year) & (year >= 2022)
    assert found["overdue_count"] == int(overdue.sum())


def test_the_plan_s_dark_spots_are_late_after_2022_and_later_ones_never(store):
    assert row(store, "lighting_dark_spots", year=2021)["overdue_count"] == 0
    found = row(store, "lighting_dark_spots", year=2022)
    assert found["overdue_count"] == found["found_count"] - found["fixed_count"] > 0
    assert row(store, "lighting_dark_spots", year=2025)["overdue_count"] == 0


@filters()
def test_the_table_of_rivers_has_one_row_a_river(store, built_tables, codes, year):
    rivers, reaches = chosen_rivers(built_tables, codes)
    table = ask(store, "rivers_table", codes, year)
    assert sorted(table["river_name"]) == sorted(rivers["river_name"])
    assert table["length_km"].sum() == pytest.approx(reaches["length_m"].sum() / 1000, abs=0.4)
    assert (table["beautiful_level"] != "none").sum() == len(beautiful_rivers(rivers, year))
    assert table.loc[table["beautiful_level"] == "none", "beautiful_year"].isna().all()


def worst_of_last_month(judged):
    """Each river's samples of its last judged month that are of the worst class there."""
    last = judged[judged["month"] == judged.groupby("river_id")["month"].transform("max")]
    rank = last["quality_class"].map(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"].index)
    return last[rank == rank.groupby(last["river_id"]).transform("max")]


@filters({"whole": WHOLE})
def test_the_latest_class_of_a_river_is_that_of_its_worst_section(store, built_tables, codes, year):
    _, judged = judged_months(built_tables, codes, year)
    last = worst_of_last_month(judged).groupby("river_id")["quality_class"].first()
    names = built_tables["rivers.rivers"].set_index("river_id")["river_name"]
    table = ask(store, "rivers_table", codes, year).set_index("river_name")
    assert names.is_unique
    for river_id, quality_class in last.items():
        assert table.at[names[river_id], "quality_class"] == quality_class


def test_the_limiting_item_belongs_to_the_class_beside_it(store, built_tables):
    names = built_tables["rivers.rivers"].set_index("river_id")["river_name"]
    for year in YEARS:
        _, judged = judged_months(built_tables, WHOLE, year)
        last = worst_of_last_month(judged).groupby("river_id")["limiting_item"].agg(set)
        table = ask(store, "rivers_table", year=year).set_index("river_name")
        for river_id, items in last.items():
            assert table.at[names[river_id], "limiting_item"] in items, (year, river_id)


@filters({"whole": WHOLE, "two": TWO})
def test_tables_list_what_the_summaries_count(store, codes, year):
    toilets = ask(store, "toilets_table", codes, year)
    assert len(toilets) == row(store, "toilets_summary", codes, year)["toilet_count"]
    assert (toilets["renewed_year"].dropna() <= year).all()
    streets = ask(store, "demonstration_register", codes, year)
    counted = row(store, "streets_summary", codes, year)
    states = streets[streets["designation"] == "boutique"]["state"].value_counts()
    assert states.get("completed", 0) == counted["completed_count"]
    begun = states.get("under_construction", 0) + states.get("in_acceptance", 0)
    assert begun == counted["building_count"]
    assert states.sum() == counted["boutique_count"]
    grades = ask(store, "toilets_by_grade", codes, year)
    assert grades["toilet_count"].sum() == len(toilets)


# --- what lies on the map ------------------------------------------------------------------------


def features(store, name, codes=(), year=LAST_YEAR, **given):
    text = ask(store, name, codes, year, **given).iat[0, 0]
    return [] if text is None or pd.isna(text) else json.loads(text)


@filters({"whole": WHOLE, "two": TWO})
def test_the_map_holds_what_the_tables_hold(store, built_tables, codes, year):
    reaches = ask(store, "river_map_reaches", codes, year)
    assert len(reaches) == len(built_tables["rivers.reaches"])
    assert reaches["is_chosen"].sum() == len(within(built_tables["rivers.reaches"], codes))
    public_count = row(store, "toilets_summary", codes, year)["toilet_count"]
    for scope in ("all", "public"):
        points = features(store, "toilets_points", codes, year, scope=scope)
        assert len([point for point in points if not point["s"]]) == public_count
        assert (len(points) > public_count) == (scope == "all")
    streets = within(built_tables["streets.demonstration_streets"], codes)
    assert (
        len(features(store, "streets_features", codes, year))
        == streets["geometry_json"].notna().sum()
    )
    projects = features(store, "lighting_project_points", codes, year)
    wanted = within(built_tables["lighting.projects"], codes)
    assert len(projects) == len(wanted)
    assert (
        sum(bool(p["d"]) for p in projects) == by_end_of(wanted["completed_on"].dt.year, year).sum()
    )
    spots = features(store, "lighting_dark_spot_points", codes, year)
    counted = row(store, "lighting_dark_spots", codes, year)
    assert len(spots) == counted["found_count"]
    assert sum(spot["d"] for spot in spots) == counted["fixed_count"]


@filters({"whole": WHOLE, "two": TWO})
def test_cells_hold_every_lamp_once(store, built_tables, codes, year):
    lamps = within(built_tables["lighting.assets"], codes)
    lamps = lamps[by_end_of(lamps["installed_year"], year)]
    cells = features(store, "light_cells", codes, year)
    assert sum(cell["n"] for cell in cells) == len(lamps)
    told = [re.search(r"路灯 (\d+)", cell["tip"])[1] for cell in cells]
    assert sum(map(int, told)) == (lamps["asset_kind"] == "street_lamp").sum()
    gathered = features(store, "light_fault_cells", codes, year)
    assert sum(cell["n"] for cell in gathered) == (lamps["state"] == "unlit").sum()
    assert {cell["subdistrict_code"] for cell in cells} == set(lamps["subdistrict_code"])


@pytest.mark.parametrize("year", [FIRST_YEAR, LAST_YEAR])
def test_every_lamp_of_a_subdistrict_is_lit_or_a_fault(store, built_tables, year):
    lamps = within(built_tables["lighting.assets"], ONE)
    lamps = lamps[by_end_of(lamps["installed_year"], year)]
    shown = features(store, "light_lamps", ONE, year)
    assert {one["pick"] for one in shown} == set("lamp:" + lamps["asset_id"])
    kinds = Counter(one["k"] for one in shown)
    is_out = lamps["state"] == "unlit"
    functional = lamps["asset_kind"] == "street_lamp"
    assert kinds == {
        "f": (functional & ~is_out).sum(), "s": (~functional & ~is_out).sum(), "u": is_out.sum(),
    }  # fmt: skip
    faults = features(store, "light_faults", ONE, year)
    assert {one["pick"] for one in faults} == set("lamp:" + lamps.loc[is_out, "asset_id"])


@pytest.mark.parametrize("name", FEATURES)
def test_everything_on_the_map_has_a_position_and_a_tip(store, name):
    found = features(store, name)
    assert found
    for thing in found:
        if "geometry" in thing:
            assert thing["geometry"]["coordinates"]
            tip = thing["properties"]["tip"]
        else:
            lon, lat = thing["p"]
            assert 119.9 < lon < 120.5
            assert 30.0 < lat < 30.6
            tip = thing["tip"]
        assert tip


# --- the parts and the whole ---------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_the_14_subdistricts_add_up_to_the_district(store, year):
    summary = row(store, "rivers_summary", year=year)
    rivers = ask(store, "rivers_by_subdistrict", year=year)
    assert rivers["length_km"].sum() == pytest.approx(summary["length_km"])
    assert rivers["beautiful_length_km"].sum() == pytest.approx(summary["beautiful_length_km"])
    toilets = ask(store, "toilets_by_subdistrict", year=year)
    summary = row(store, "toilets_summary", year=year)
    assert toilets["toilet_count"].sum() == summary["toilet_count"]
    assert toilets["area_km2"].sum() == pytest.approx(summary["area_km2"])
    lamps = ask(store, "lighting_by_subdistrict", year=year)
    assert lamps["asset_count"].sum() == row(store, "lighting_summary", year=year)["asset_count"]
    states = ask(store, "streets_by_subdistrict", year=year)["state"].value_counts()
    summary = row(store, "streets_summary", year=year)
    assert states.get("completed", 0) == summary["completed_count"]
    begun = states.get("under_construction", 0) + states.get("in_acceptance", 0)
    assert begun == summary["building_count"]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("toilets_summary", ["toilet_count", "area_km2", "renewed_count", "third_room_count"]),
        ("streets_summary", ["boutique_count", "completed_count", "building_count",
                             "provincial_count", "new_provincial_count"]),
        ("lighting_summary", ["asset_count", "street_lamp_count", "unlit_count"]),
        ("rivers_summary", ["length_km", "beautiful_length_km"]),
        ("lighting_dark_spots", ["found_count", "fixed_count"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("year", [2022])
def test_single_subdistricts_add_up_to_the_district(store, name, columns, year):
    whole = row(store, name, year=year)
    parts = pd.DataFrame([row(store, name, (code,), year) for code in CODES])
    for column in columns:
        assert parts[column].sum() == pytest.approx(whole[column] or 0), column


@pytest.mark.parametrize("year", YEARS)
def test_all_14_chosen_are_the_district_but_for_rivers_off_the_map(store, year):
    for name in ("toilets_summary", "lighting_summary", "streets_summary", "toilets_coverage"):
        agrees(row(store, name, CODES, year), row(store, name, WHOLE, year))
    some, every = (row(store, "rivers_summary", codes, year) for codes in (CODES, WHOLE))
    assert some["river_count"] == every["river_count"] - every["unmapped_count"]
    assert some["beautiful_length_km"] == pytest.approx(every["beautiful_length_km"])


@pytest.mark.parametrize("codes", KNOWN_PLACES.values(), ids=KNOWN_PLACES)
def test_the_trends_pass_through_the_figures_of_each_year(store, codes):
    trends = {name: ask(store, name, codes).set_index("year") for name in BY_YEAR}
    for year in YEARS:
        rivers = row(store, "rivers_summary", codes, year)
        quality = row(store, "rivers_quality", codes, year)
        shown = trends["rivers_by_year"].loc[year]
        assert shown["beautiful_share_pct"] == pytest.approx(rivers["beautiful_share_pct"])
        assert shown["class_iv_share_pct"] == pytest.approx(quality["class_iv_share_pct"])
        streets = row(store, "streets_summary", codes, year)
        done = trends["streets_by_year"].at[year, "completed_count"]
        assert done == streets["completed_count"]
        lamps = row(store, "lighting_summary", codes, year)
        for column in trends["lighting_by_year"].columns:
            assert trends["lighting_by_year"].at[year, column] == pytest.approx(lamps[column])
        toilets = row(store, "toilets_summary", codes, year)
        renewed = trends["toilets_renewals_by_year"].at[year, "renewed_count"]
        assert renewed == toilets["renewed_this_year_count"]


@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_the_overview_shows_what_the_themes_show(store, year):
    overview = ask(store, "measures_by_subdistrict", year=year).set_index("subdistrict_code")
    for name in ("rivers_by_subdistrict", "toilets_by_subdistrict", "lighting_by_subdistrict"):
        theme = ask(store, name, year=year).set_index("subdistrict_code")
        shared = [c for c in theme.columns if c in overview.columns and not c.endswith("name")]
        assert shared
        for column in shared:
            assert list(overview[column]) == pytest.approx(list(theme[column]), nan_ok=True), column


@pytest.mark.parametrize("code", CODES)
def test_a_subdistrict_alone_shows_what_it_shows_among_the_others(store, code):
    overview = ask(store, "measures_by_subdistrict").set_index("subdistrict_code").loc[code]
    alone = (
        row(store, "rivers_summary", (code,))
        | row(store, "rivers_quality", (code,))
        | row(store, "toilets_summary", (code,))
        | row(store, "lighting_summary", (code,))
        | row(store, "toilets_coverage", (code,))
    )
    shared = [c for c in overview.index if c in alone and c.endswith(("_pct", "_km2"))]
    assert len(shared) >= 10
    for column in shared:
        assert alone[column] == pytest.approx(overview[column]), column


def test_nothing_once_built_is_undone_in_a_later_year(store):
    for name, columns in {
        "rivers_summary": ["beautiful_count", "provincial_count", "beautiful_length_km"],
        "streets_summary": ["completed_count", "provincial_count"],
        "toilets_summary": ["toilet_count", "renewed_count"],
        "lighting_dark_spots": ["found_count", "fixed_count"],
    }.items():
        frame = pd.DataFrame([row(store, name, year=year) for year in YEARS])
        for column in columns:
            assert frame[column].is_monotonic_increasing, column


# --- the plan's base year ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "year", "column", "figure"),
    [
        ("rivers_summary", 2020, "river_count", 63),
        ("rivers_summary", 2020, "beautiful_count", 28),
        ("rivers_summary", 2020, "beautiful_length_km", pytest.approx(73.9, abs=0.05)),
        ("rivers_summary", 2020, "provincial_count", 21),
        ("rivers_quality", 2020, "class_iv_share_pct", pytest.approx(85.1, abs=0.05)),
        ("streets_summary", 2020, "boutique_count", 14),
        ("streets_summary", 2020, "provincial_count", 11),
        ("streets_summary", 2020, "new_provincial_count", 0),
        ("streets_summary", 2020, "completed_count", 0),
        ("toilets_summary", 2020, "toilet_count", 454),
        ("toilets_summary", 2020, "renewed_count", 0),
        ("toilets_summary", 2020, "area_km2", pytest.approx(119.7, abs=0.1)),
        ("lighting_dark_spots", 2022, "found_count", 14),
        ("lighting_dark_spots", 2022, "found_count", 14),
        ("streets_summary", 2025, "new_provincial_count", 1),
    ],
)  # fmt: skip
def test_figures_of_the_plan(store, name, year, column, figure):
    assert row(store, name, year=year)[column] == figure


@pytest.mark.parametrize(
    ("kind", "quantity", "unit"),
    [("building", 111, "幢"), ("window_road", 8, "条"), ("public_place", 8, "处"), ("hub", 2, "个"),
     ("city_entrance", 2, "个"), ("venue", 1, "个"), ("key_line", 3, "条"),
     ("embankment", 1, "条"), ("green_belt", 3, "km")],
)  # fmt: skip
def test_lighting_projects_of_the_plan(store, kind, quantity, unit):
    projects = ask(store, "lighting_projects_by_kind").set_index("project_kind")
    assert tuple(projects.loc[kind, ["quantity", "unit"]]) == (quantity, unit)


@pytest.mark.parametrize("source", ["store", "no_registers"])
def test_plan_and_geography_are_there_with_and_without_samples(source, request):
    opened = request.getfixturevalue(source)
    assert tuple(ask(opened, "subdistricts")["subdistrict_code"]) == CODES
    assert ask(opened, "subdistrict_shapes")["geometry_json"].map(json.loads).map(len).all()
    assert list(ask(opened, "plan_indicators")["indicator_no"]) == list(range(1, 29))
    facts = ask(opened, "plan_facts").set_index("fact_key")["value"]
    assert (facts["river_count"], facts["star_toilet_count"]) == (63, 454)
    assert len(ask(opened, "lighting_structure")) == 11
    meta = ask(opened, "datasets")
    has_rows = meta["row_count"] > 0
    kinds = set(meta.loc[has_rows, "source_kind"])
    assert kinds == {"plan", "standard", "osm"} | ({"sample"} if source == "store" else set())
