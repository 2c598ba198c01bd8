"""Coverage by beautiful rivers in three ways, candidates and what if: on small cases worked out by
hand, on the real geometry against an overlay, and in the words of the page."""

import itertools
from datetime import date
from types import SimpleNamespace

import duckdb
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.contracts import DATABASES, FIRST_YEAR, LAST_YEAR, TABLES
from data.frames import contract_frame
from data.office_rules import rule_parameters
from data.status import Target
from data.store import Store
from geo.projection import METRIC_CRS
from queries.loader import query
from ui import river_coverage, river_summary
from ui.river_coverage import Coverage, nearest_to_target

A, B, C = "330102001", "330102003", "330102004"
NAMES = {A: "清波", B: "湖滨", C: "小营"}
MONTH = date(2025, 12, 1)
TARGET = Target(">", 80, "%", "table1", indicator_no=19)
RIVERS = (
    ("R1", "甲河", "trunk", "provincial", 2018),
    ("R2", "乙河", "main", "municipal", 2023),
    ("R3", "丙河", "main", "none", None),
    ("R4", "丁河", "branch", "none", None),
    ("R5", "戊河", None, None, None),
    ("R6", "己河", "branch", "municipal", None),
)
"""Number, name, rank, level, year; R5's level is not filled in, R6 has neither year nor course."""
REACHES = (
    ("R1", A, 1000),
    ("R2", A, 500),
    ("R2", B, 1500),
    ("R3", A, 500),
    ("R4", B, 500),
    ("R5", B, 9000),
)


def database(**tables):
    """A database of the contract's tables, empty but for those given (``rivers__reaches=rows``)."""
    connection = duckdb.connect()
    for name in DATABASES:
        connection.execute(f"ATTACH ':memory:' AS {name}")
    for contract in TABLES:
        connection.execute(contract.create_sql())
    for key, rows in tables.items():
        path = key.replace("__", ".")
        frame = contract_frame(path, [{"source_kind": "register"} | row for row in rows])
        connection.register("given", frame)
        connection.execute(f"INSERT INTO {path} SELECT * FROM given")
        connection.unregister("given")
    return connection


def rivers(rows=RIVERS, reaches=REACHES):
    """Tables of rivers, their reaches, and the three subdistricts."""
    mapped = {river_id for river_id, *_ in reaches}
    return {
        "base__subdistricts": [
            {
                "subdistrict_code": code, "subdistrict_name": f"{name}街道", "short_name": name,
                "area_km2": 1.0, "label_lon": 120.0, "label_lat": 30.0, "west": 120.0, "south": 30.0,
                "east": 120.1, "north": 30.1, "boundary_quality": "mapped",
            }
            for code, name in NAMES.items()
        ],
        "rivers__rivers": [
            {
                "river_id": river_id, "river_name": name, "is_named": True,
                "is_mapped": river_id in mapped, "rank": rank, "beautiful_level": level,
                "beautiful_year": year,
            }
            for river_id, name, rank, level, year in rows
        ],
        "rivers__reaches": [
            {
                "river_id": river_id, "subdistrict_code": code,
                "subdistrict_name": f"{NAMES[code]}街道", "length_m": float(length),
            }
            for river_id, code, length in reaches
        ],
    }  # fmt: skip


def asked(name, codes=(), year=2025, assumed=(), month=MONTH):
    """Text and parameters of a query."""
    known = {
        "codes": list(codes) or None, "year": year, "assumed": list(assumed), "month": month,
        "first_year": FIRST_YEAR, "last_year": LAST_YEAR,
    } | rule_parameters()  # fmt: skip
    wanted = query(name)
    return wanted.sql, {key: known[key] for key in wanted.parameters}


def ask(connection, *what, **options):
    """Rows of a query."""
    return connection.execute(*asked(*what, **options)).df()


def only(frame):
    """The one row, missing values as None."""
    (row,) = frame.to_dict("records")
    return {key: None if pd.isna(value) else value for key, value in row.items()}


def share(value):
    return pytest.approx(value, rel=1e-9)


@pytest.fixture(scope="module")
def small():
    return database(**rivers())


# --- three ways, by hand -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "year", "count_pct", "length_pct"),
    [
        # R5's level is unknown: five rivers are judged. R1, R2 and R6 are beautiful ones.
        ((), 2025, 100 * 3 / 5, 100 * 3.0 / 4.0),
        # R2 was awarded in 2023; R6 has no year and counts in every one.
        ((), 2022, 100 * 2 / 5, 100 * 1.0 / 4.0),
        # In 清波: R1, R2 and R3; R6 has no course and counts nowhere but in the district.
        ((A,), 2025, 100 * 2 / 3, 100 * 1.5 / 2.0),
        ((B,), 2025, 100 * 1 / 2, 100 * 1.5 / 2.0),
        ((A, B), 2025, 100 * 2 / 4, 100 * 3.0 / 4.0),
    ],
)
def test_coverage_by_count_and_by_length(small, codes, year, count_pct, length_pct):
    row = only(ask(small, "rivers_summary", codes, year))
    assert row["beautiful_share_pct"] == share(count_pct)
    assert row["beautiful_length_share_pct"] == share(length_pct)


def test_coverage_by_subdistrict_is_of_its_own_reaches(small):
    frame = ask(small, "rivers_by_subdistrict").set_index("short_name")
    assert frame.at["清波", "beautiful_length_share_pct"] == share(100 * 1.5 / 2.0)
    assert frame.at["湖滨", "beautiful_length_share_pct"] == share(100 * 1.5 / 2.0)
    assert pd.isna(frame.at["小营", "beautiful_length_share_pct"])
    assert frame.at["小营", "river_count"] == 0


def test_the_course_over_the_years_agrees_with_each_year(small):
    course = ask(small, "rivers_by_year", (A,)).set_index("year")
    for year in (2020, 2022, 2023, 2025):
        row = only(ask(small, "rivers_summary", (A,), year))
        for field in ("beautiful_share_pct", "beautiful_length_share_pct"):
            assert course.at[year, field] == share(row[field])


def test_levels_are_counted_with_what_is_not_filled_in_apart(small):
    levels = ask(small, "rivers_by_level").set_index("level")
    assert levels["river_count"].to_dict() == {
        "provincial": 1, "municipal": 2, "none": 2, "unknown": 1,
    }  # fmt: skip
    assert levels["unmapped_count"].to_dict()["municipal"] == 1
    assert levels.at["municipal", "length_km"] == share(2.0)


def test_before_its_award_a_river_is_of_no_level(small):
    levels = ask(small, "rivers_by_level", year=2022).set_index("level")["river_count"]
    assert levels.to_dict() == {"provincial": 1, "municipal": 1, "none": 3, "unknown": 1}


def test_an_empty_register_has_no_share_and_no_candidates():
    nothing = database(**rivers((), ()))
    row = only(ask(nothing, "rivers_summary"))
    assert row["beautiful_share_pct"] is None
    assert row["beautiful_length_share_pct"] is None
    assert only(ask(nothing, "rivers_what_if"))["assumed_share_pct"] is None
    assert ask(nothing, "rivers_candidates").empty
    assert ask(nothing, "rivers_by_level").empty
    assert ask(nothing, "rivers_by_subdistrict")["river_count"].isna().all()


def test_rivers_without_courses_have_a_share_by_count_alone():
    unmapped = database(**rivers(RIVERS, ()))
    row = only(ask(unmapped, "rivers_summary"))
    assert row["beautiful_share_pct"] == share(60)
    assert row["beautiful_length_share_pct"] is None
    assert only(ask(unmapped, "rivers_what_if", assumed=["R3"]))["assumed_share_pct"] == share(80)


def test_levels_of_which_none_is_filled_in_give_no_share():
    unknown = database(**rivers([(*row[:3], None, None) for row in RIVERS]))
    assert only(ask(unknown, "rivers_summary"))["beautiful_share_pct"] is None
    assert ask(unknown, "rivers_candidates").empty


# --- real geometry -------------------------------------------------------------------------------


def shapes(table, *columns):
    """Rows that have a shape, as geopandas holds them."""
    drawn = table.dropna(subset=["geometry_json"])
    geometry = shapely.from_geojson(drawn["geometry_json"].to_numpy(dtype=object))
    return gpd.GeoDataFrame(drawn[list(columns)], geometry=geometry, crs="EPSG:4326")


@pytest.fixture(scope="module")
def overlaid(built_tables):
    """Every river in every subdistrict, cut by geopandas from the whole courses, in metres.

    Where a river runs along a border an overlay counts it on both sides: «shared_m» says how much.
    """
    lines = shapes(built_tables["rivers.rivers"], "river_id", "beautiful_level", "beautiful_year")
    areas = shapes(built_tables["base.subdistricts"], "subdistrict_code")
    cut = gpd.overlay(lines, areas, how="intersection", keep_geom_type=True).to_crs(METRIC_CRS)
    shared = pd.Series(0.0, index=cut.index)
    for _, pieces in cut.groupby("river_id"):
        for one, other in itertools.permutations(pieces.index, 2):
            shared[one] += shapely.intersection(
                *pieces.geometry[[one, other]], grid_size=0.01
            ).length
    return cut.assign(shared_m=shared)


def km_by_subdistrict(cut, year=None):
    """Kilometres in each subdistrict without and with what is shared; of the beautiful rivers alone
    where a year is given."""
    if year:
        cut = cut[
            (cut["beautiful_level"] != "none") & (cut["beautiful_year"] <= year).fillna(False)
        ]
    most = (cut.length / 1000).groupby(cut["subdistrict_code"]).sum()
    return most - (cut["shared_m"] / 1000).groupby(cut["subdistrict_code"]).sum(), most


@pytest.fixture(scope="module")
def default(built_store):
    opened = Store(built_store)
    yield opened
    opened.close()


def of_default(store, *what, **options):
    """Rows of a query over the default build."""
    return store.query(*asked(*what, **options))


@pytest.mark.parametrize("year", [2020, 2025])
@pytest.mark.parametrize("field", ["length_km", "beautiful_length_km"])
def test_lengths_by_subdistrict_agree_with_an_overlay_of_the_real_geometry(
    default, overlaid, year, field
):
    wanted = None if field == "length_km" else year
    least, most = km_by_subdistrict(overlaid, wanted)
    found = of_default(default, "rivers_by_subdistrict", year=year).set_index("subdistrict_code")
    for code, km in found[field].items():
        # Ten metres where a short end was given to the neighbour it belongs to.
        assert km >= 0.99 * least.get(code, 0) - 0.01, code
        assert km <= 1.01 * most.get(code, 0) + 0.01, code
    clear = most.index[most - least <= 0.001 * most]
    assert len(clear) >= 10
    for code in clear:
        assert found.at[code, field] == pytest.approx(most[code], rel=0.01, abs=0.01)


def test_every_metre_of_a_river_is_counted_in_one_subdistrict(default, built_tables):
    whole = shapes(built_tables["rivers.rivers"], "river_id").to_crs(METRIC_CRS).length.sum() / 1000
    found = of_default(default, "rivers_by_subdistrict")["length_km"].sum()
    assert found == pytest.approx(whole, rel=0.001)


def test_the_three_ways_of_the_base_year_agree_with_the_plan(default):
    row = only(of_default(default, "rivers_summary", year=2020))
    assert (row["beautiful_count"], row["river_count"]) == (28, 63)
    assert row["beautiful_length_km"] == pytest.approx(73.9, abs=0.05)


# --- what if -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assumed", "codes", "count", "count_pct", "length_pct"),
    [
        ((), (), 0, 60, 75),
        (("R3",), (), 1, 80, 100 * 3.5 / 4),
        (("R3", "R4"), (), 2, 100, 100),
        # Already a beautiful one, of unknown level, unknown, or named twice: nothing more.
        (("R1",), (), 0, 60, 75),
        (("R5",), (), 0, 60, 75),
        (("R99", "R3", "R3"), (), 1, 80, 100 * 3.5 / 4),
        # R4 does not flow through 清波.
        (("R4",), (A,), 0, 100 * 2 / 3, 75),
        (("R3",), (A,), 1, 100, 100),
    ],
)
def test_the_share_if_k_more_succeed_is_n_plus_k(
    small, assumed, codes, count, count_pct, length_pct
):
    row = only(ask(small, "rivers_what_if", codes, assumed=assumed))
    assert row["assumed_count"] == count
    assert row["assumed_share_pct"] == share(count_pct)
    assert row["assumed_length_share_pct"] == share(length_pct)


@pytest.mark.parametrize("assumed", [(), ("R3",), ("R3", "R4")])
def test_the_real_figures_never_change(small, assumed):
    row = only(ask(small, "rivers_what_if", assumed=assumed))
    assert row["beautiful_share_pct"] == share(60)
    assert row["beautiful_length_share_pct"] == share(75)
    frame = ask(small, "rivers_by_subdistrict", assumed=assumed)
    without = ask(small, "rivers_by_subdistrict")
    pd.testing.assert_frame_equal(
        frame.drop(columns="assumed_length_share_pct"),
        without.drop(columns="assumed_length_share_pct"),
    )


def test_an_assumed_river_raises_the_subdistricts_it_crosses_alone(small):
    frame = ask(small, "rivers_by_subdistrict", assumed=["R3"]).set_index("short_name")
    assert frame.at["清波", "assumed_length_share_pct"] == share(100)
    assert frame.at["湖滨", "assumed_length_share_pct"] == share(75)


def test_by_the_filter_and_the_year_of_the_sample(default):
    for code, year in (("330102016", 2025), ("330102018", 2022), (None, 2024)):
        codes = (code,) if code else ()
        ranked = of_default(default, "rivers_candidates", codes, year)["river_id"].tolist()
        summary = only(of_default(default, "rivers_summary", codes, year))
        row = only(of_default(default, "rivers_what_if", codes, year, assumed=ranked))
        have, total = summary["beautiful_count"] + len(ranked), summary["graded_river_count"]
        assert row["assumed_share_pct"] == share(100 * have / total) == share(100)


# --- candidates ----------------------------------------------------------------------------------

SECTIONS = [
    {"section_id": f"S{n}", "section_name": f"断面 {n}", "river_id": river_id, "water_kind": "river",
     "is_mapped": False}
    for n, river_id in ((1, "R3"), (2, "R3"), (3, "R4"))
]  # fmt: skip


def samples(section_id, classes, last=MONTH):
    """One sample a month, the last in ``last``; None is a month without a class."""
    months = pd.date_range(end=last, periods=len(classes), freq="MS")
    return [
        {"section_id": section_id, "month": month, "water_kind": "river", "quality_class": one}
        for month, one in zip(months, classes, strict=True)
    ]


def project(project_id, state, **columns):
    return {
        "project_id": project_id, "project_name": project_id, "project_kind": "river", "unit": "个",
        "quantity": 1, "state": state, "is_mapped": False, "clause": "box2",
    } | columns  # fmt: skip


def candidates(quality=(), projects=(), links=(), **options):
    found = database(
        **rivers(),
        rivers__sections=SECTIONS,
        rivers__water_quality=list(quality),
        plan__projects=list(projects),
        plan__project_rivers=[
            {"project_id": project_id, "river_name": name} for project_id, name in links
        ],
    )
    return ask(found, "rivers_candidates", **options).set_index("river_id")


def test_only_rivers_known_not_to_be_beautiful_are_candidates():
    assert set(candidates().index) == {"R3", "R4"}
    assert set(candidates(year=2022, month=date(2022, 12, 1)).index) == {"R2", "R3", "R4"}
    assert set(candidates(codes=(B,)).index) == {"R4"}


def test_quality_counts_the_last_twelve_months_and_the_worst_section():
    quality = [
        # Fourteen months: the two before the last twelve do not count.
        *samples("S1", ["劣Ⅴ", "劣Ⅴ", *["Ⅳ"] * 6, *["Ⅲ"] * 6]),
        *samples("S2", ["Ⅴ", "Ⅳ", None]),
    ]
    row = candidates(quality).loc["R3"]
    assert (row["met_months"], row["evaluated_months"]) == (11, 12)
    assert row["quality_points"] == share(60 * 11 / 12)


def test_the_twelve_months_end_with_the_chosen_one():
    quality = [*samples("S3", ["Ⅳ"] * 12, last=date(2024, 12, 1)), *samples("S3", ["Ⅴ"] * 12)]
    points = {
        month: candidates(quality, month=date(2025, month, 1)).at["R4", "quality_points"]
        for month in (1, 6, 12)
    }
    assert points == {1: share(60 * 11 / 12), 6: share(30), 12: 0}


def test_works_count_as_far_as_they_are_reported():
    projects = [
        project("V1", "completed", completed_on="2024-06-01"),
        project("V2", "under_construction", started_on="2024-06-01"),
        project("V3", None),
    ]
    links = [(name, "丙河") for name in ("V1", "V2", "V3")]
    row = candidates(projects=projects, links=links).loc["R3"]
    assert (row["works_count"], row["reported_works_count"], row["completed_works_count"]) == (
        3,
        2,
        1,
    )
    assert row["works_points"] == share(25 / 2)


def test_no_project_planned_is_no_point_but_an_unreported_one_is_missing():
    found = candidates(projects=[project("V1", None)], links=[("V1", "丙河")])
    assert pd.isna(found.at["R3", "works_points"])
    assert found.at["R4", "works_points"] == 0
    assert river_coverage.works_words(found.loc["R3"]) == "1 个项目进度待填报"
    assert river_coverage.works_words(found.loc["R4"]) == "无规划项目"


def test_a_missing_part_is_told_and_lowers_what_can_be_reached():
    row = candidates().loc["R3"]
    assert pd.isna(row["quality_points"])
    assert (row["score"], row["score_max"]) == (share(10), 40)
    assert river_coverage.quality_words(row) == "无水质"


def test_rivers_with_all_parts_known_come_before_those_without():
    found = candidates(samples("S3", ["劣Ⅴ"]))
    assert found.index.tolist() == ["R4", "R3"]
    assert found["place"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("rank", "points"), [("trunk", 15), ("main", 10), ("branch", 5), (None, None)]
)
def test_points_for_the_rank(rank, points):
    found = database(**rivers([("R3", "丙河", rank, "none", None)], [("R3", A, 500)]))
    value = ask(found, "rivers_candidates")["rank_points"].iloc[0]
    assert pd.isna(value) if points is None else value == share(points)


# --- words ---------------------------------------------------------------------------------------


def coverage_of(have=50, total=63, more=0, places=((A, 90.0, 90.0), (B, 60.0, 85.0)), codes=()):
    """Coverage as the page has it."""
    return Coverage(
        {
            "river_count": total, "graded_river_count": total, "beautiful_count": have,
            "provincial_count": 23, "beautiful_share_pct": 100 * have / total if total else None,
            "graded_length_km": 139.7, "beautiful_length_km": 108.5, "beautiful_length_share_pct": 77.7,
        },
        {
            "graded_river_count": total, "beautiful_count": have, "assumed_count": more,
            "assumed_share_pct": 100 * (have + more) / total if total else None,
            "assumed_length_share_pct": 82.3,
        },
        pd.DataFrame(
            [{"subdistrict_code": code, "short_name": NAMES[code], "beautiful_length_share_pct": now,
              "assumed_length_share_pct": then} for code, now, then in places]
        ),
        codes, 80, True,
    )  # fmt: skip


CONTEXT = SimpleNamespace(target=lambda _: TARGET)


@pytest.mark.parametrize(
    ("have", "total", "missing"),
    # More than 80 %: 48 of 60 is 80 % and not enough.
    [(50, 63, 1), (51, 63, 0), (48, 60, 1), (0, 1, 1), (0, 0, 0)],
)
def test_rivers_missing_to_the_target(have, total, missing):
    assert coverage_of(have, total).missing_rivers == missing


def test_kilometres_missing_to_the_same_share():
    assert coverage_of().missing_km == pytest.approx(139.7 * 0.8 - 108.5)


@pytest.mark.parametrize(
    ("more", "words"),
    [(1, ["假设 **1 条**", "79.4% → **81.0%**", "**达到**目标", "77.7% → **82.3%**",
          "湖滨 60% → **湖滨 85%**"]), (0, [])],
)  # fmt: skip
def test_the_sentence_of_what_is_assumed(more, words):
    sentence = river_coverage.what_if_sentence(CONTEXT, coverage_of(more=more))
    assert bool(sentence) == bool(words)
    for word in words:
        assert word in sentence


def test_the_sentence_says_what_is_still_missing():
    assert "仍差 **10 条**" in river_coverage.what_if_sentence(CONTEXT, coverage_of(40, more=1))


def test_the_length_sentence_names_the_lowest_subdistricts():
    sentence = river_summary.length_sentence(coverage_of())
    assert "108.5 km" in sentence
    assert "还差 **3.3 km**" in sentence
    assert "**湖滨** 60%" in sentence
    assert "清波" not in sentence


def test_one_subdistrict_has_a_rank_and_several_have_none():
    assert coverage_of(codes=(B,)).rank() == (2, 2)
    assert coverage_of(codes=(A,)).rank() == (1, 2)
    assert coverage_of().rank() is None
    assert coverage_of(codes=(C,)).rank() is None
    assert coverage_of().reached_count() == 1
    assert coverage_of().reached_count("assumed_length_share_pct") == 2


@pytest.mark.parametrize(
    ("have", "more", "assumed", "expected"),
    [
        (50, 0, (), ("a",)),
        (49, 0, (), ("a", "b")),
        (49, 1, ("c",), ("c", "a")),
        (51, 0, (), ()),
        # More are missing than there are candidates: all of them.
        (10, 0, (), ("a", "b", "c")),
    ],
)
def test_the_best_are_chosen_until_the_target_is_met(have, more, assumed, expected):
    found = coverage_of(have, more=more)
    assert nearest_to_target(found, ["a", "b", "c"], assumed) == expected


def test_a_hostile_name_stays_text():
    row = next(
        pd.DataFrame(
            [{"river_id": 'R"1', "river_name": "<b>河</b>", "length_km": 1.0, "subdistricts": "<i>",
              "evaluated_months": 0, "met_months": 0, "works_count": 0, "reported_works_count": 0,
              "completed_works_count": 0, "quality_points": None, "works_points": 0.0,
              "rank_points": 5.0, "rank": "branch", "score": 5.0, "score_max": 40.0, "place": 1}]
        ).itertuples()
    )  # fmt: skip
    html = river_coverage.candidate_html(row, is_assumed=True)
    assert "<b>河" not in html
    assert "<i>" not in html.replace('<i class="', "")
    assert 'data-pick="assume:R&quot;1"' in html
    assert 'aria-checked="true"' in html
