"""Sample registers: the plan's totals, real geometry, the same bytes every time.

Expected figures are typed here from the plan and the brief of the sample, not from its code.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from data.build import build_tables
from data.contracts import TABLES, TOILET_SCOPES, YEARS
from data.geography import in_water, street_pieces
from data.sample import sample_tables
from data.snapshot import current_version, snapshot_folder, verify_snapshot
from geo import district
from geo.geojson import from_text
from geo.projection import area_km2, points_to_metres, to_metres

DIGEST = """
from tests.test_sample import digest
from data.sample import sample_tables
print(digest(sample_tables()))
"""
PASSING = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"]
KNOWN_WITHOUT_SAMPLE = (
    "streets.streets",
    "streets.segments",
    "streets.walk_ways",
    "rivers.quality_limits",
    "lighting.structure",
    "toilets.coverage_cells",
    "toilets.spacing_limits",
)
NEVER_SAMPLED = "base.population"
"""Of people there is no sample: without a register nobody knows how many."""
SAMPLE_DATASETS = [
    table.path
    for table in TABLES
    if (table.database not in ("base", "plan") or table.path == "plan.indicator_values")
    and table.path not in KNOWN_WITHOUT_SAMPLE
]


def digest(tables):
    """Hash of every value of every table."""
    text = "".join(f"{path}\n{tables[path].to_csv()}" for path in sorted(tables))
    return hashlib.sha256(text.encode()).hexdigest()


def created_by(rivers, year, *levels):
    early = rivers["beautiful_year"].fillna(9999) <= year
    return rivers[early & rivers["beautiful_level"].isin(levels)]


# --- build ---------------------------------------------------------------------------------------


def test_a_built_store_is_published_and_sound(built_store):
    folder = snapshot_folder(built_store, current_version(built_store))
    assert verify_snapshot(folder) == []


def test_another_process_makes_the_same_bytes(built_tables):
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    root = Path(__file__).parent.parent
    run = [sys.executable, "-c", DIGEST]
    other = subprocess.run(
        run, cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    here = {path: built_tables[path] for path in sample_tables()}
    assert other.stdout.strip() == digest(here)


def test_every_dataset_says_where_it_comes_from(built):
    tables, meta = built
    assert [entry.dataset for entry in meta] == [table.path for table in TABLES]
    for entry in meta:
        kinds = set(tables[entry.dataset]["source_kind"])
        if entry.dataset == NEVER_SAMPLED:
            assert (kinds, entry.source) == (set(), "待填报")
            continue
        if entry.dataset == "base.search_entries":
            continue  # an index over all datasets: each entry has the kind of what it names
        assert entry.source_kind in kinds
        assert kinds <= {entry.source_kind, "plan"}


def test_without_samples_registers_are_awaited():
    tables, meta = build_tables(with_sample=False)
    awaited = {*SAMPLE_DATASETS, NEVER_SAMPLED}
    assert {path for path, frame in tables.items() if frame.empty} == awaited
    assert all(entry.source_kind != "sample" for entry in meta)
    assert {e.dataset for e in meta if e.source == "待填报"} == awaited


# --- rivers --------------------------------------------------------------------------------------


def test_rivers_of_the_base_year_agree_with_the_plan(built_tables):
    rivers = built_tables["rivers.rivers"]
    all_levels = created_by(rivers, 2020, "provincial", "municipal")
    provincial = created_by(rivers, 2020, "provincial")
    assert len(rivers) == 63
    assert (len(all_levels), len(provincial)) == (28, 21)
    assert all_levels["length_m"].sum() / 1000 == pytest.approx(73.9, abs=0.05)
    assert provincial["length_m"].sum() / 1000 == pytest.approx(63.4, abs=0.05)


def test_later_rivers_stop_one_short_of_the_goal(built_tables):
    rivers = built_tables["rivers.rivers"]
    counts = [len(created_by(rivers, y, "provincial", "municipal")) for y in range(2020, 2026)]
    assert counts == [28, 33, 38, 43, 47, 50]


def test_rivers_that_no_map_shows_have_no_course(built_tables):
    rivers = built_tables["rivers.rivers"]
    unmapped = rivers[~rivers["is_mapped"]]
    assert set(unmapped["river_name"]) == {
        "江干渠", "引水河", "三号港", "七号港", "八号港", "大农港", "同协河",
    }  # fmt: skip
    assert unmapped[["length_m", "geometry_json"]].isna().all(axis=None)
    assert not set(unmapped["river_id"]) & set(built_tables["rivers.reaches"]["river_id"])
    assert int((~rivers["is_named"]).sum()) == 20
    assert rivers["river_name"].is_unique


def test_courses_lie_in_the_district(built_tables):
    rivers = built_tables["rivers.rivers"].dropna(subset="geometry_json")
    courses = [from_text(text) for text in rivers["geometry_json"]]
    # Rounding to five decimals may move a point on the border by a metre.
    assert shapely.within(courses, district.outline().buffer(2e-5)).all()
    assert rivers.loc[rivers["is_named"], "length_m"].min() >= 200


def test_water_quality_shares_by_year(built_tables):
    quality = built_tables["rivers.water_quality"]
    judged = quality[quality["quality_class"].notna()]
    passing = judged["quality_class"].isin(PASSING)
    by_year = passing.groupby(judged["month"].dt.year)
    assert len(quality) == 76 * 72
    assert (by_year.sum()[2020], by_year.size()[2020]) == (776, 912)
    expected = [85.1, 85.8, 86.6, 87.3, 88.1, 88.9]
    assert list(100 * by_year.mean()) == pytest.approx(expected, abs=0.1)


def test_missing_values_leave_the_class_open(built_tables):
    quality = built_tables["rivers.water_quality"]
    items = quality[["do_mg_l", "codmn_mg_l", "nh3n_mg_l", "tp_mg_l"]]
    lacking = items.isna().any(axis=1)
    assert 3 <= lacking.sum() <= 12
    assert quality.loc[lacking, "month"].dt.year.min() > 2022
    assert (lacking == quality["quality_class"].isna()).all()
    assert quality.loc[lacking, "limiting_item"].str.startswith("缺 ").all()


def test_ammonia_of_one_river_fails_at_the_end(built_tables):
    rivers = built_tables["rivers.rivers"].set_index("river_name")
    sections, quality = built_tables["rivers.sections"], built_tables["rivers.water_quality"]
    of_river = sections["river_id"] == rivers.loc["六号港", "river_id"]
    own = quality[quality["section_id"].isin(sections.loc[of_river, "section_id"])]
    last = own[own["month"] >= "2025-09-01"]
    assert len(last) == 4 * of_river.sum()
    assert (last["nh3n_mg_l"] > 1.5).all()
    assert last["limiting_item"].str.contains("NH3-N").all()


def test_every_river_has_a_section_and_long_ones_a_second(built_tables):
    rivers = built_tables["rivers.rivers"].set_index("river_id")
    sections = built_tables["rivers.sections"]
    counts = sections.groupby("river_id").size().reindex(rivers.index, fill_value=0)
    is_long = (rivers["length_m"] >= 4000).fillna(False).astype(bool)
    assert set(counts[~is_long]) == {1}
    assert set(counts[is_long]) == {2}
    assert sections["section_name"].is_unique


def test_sections_stand_on_their_river(built_tables):
    courses = built_tables["rivers.rivers"].set_index("river_id")["geometry_json"]
    sections = built_tables["rivers.sections"]
    mapped = sections[sections["is_mapped"]]
    assert set(sections.loc[~sections["is_mapped"], "river_id"]) == set(
        courses.index[courses.isna()]
    )
    points = shapely.points(mapped["lon"].astype(float), mapped["lat"].astype(float))
    lines = [from_text(courses[river_id]) for river_id in mapped["river_id"]]
    away_m = shapely.distance(to_metres(points), to_metres(lines))
    assert away_m.max() < 1


def test_works_that_the_plan_names_have_no_guessed_position(built_tables):
    facilities = built_tables["rivers.facilities"]
    works = facilities[facilities["source_kind"] == "plan"]
    assert len(works) == 7
    assert works[["lon", "lat", "subdistrict_code"]].isna().all(axis=None)
    assert set(works["clause"]) == {"box2", "4.3.4"}
    known = set(built_tables["plan.projects"]["project_id"])
    assert set(facilities["project_id"].dropna()) <= known


def test_renewed_stations_and_opened_dead_ends_are_as_many_as_the_plan_says(built_tables):
    facilities = built_tables["rivers.facilities"]
    facts = built_tables["plan.facts"].set_index("fact_key")["value"]
    sample = facilities[facilities["source_kind"] == "sample"]
    counts = sample.groupby(["facility_kind", "work"]).size()
    assert counts["pump_station", "renewed"] == facts["renewed_pump_station_count"] == 9
    assert counts["dead_end", "opened"] == facts["river_dead_end_count"] == 5
    is_done = sample["state"] == "completed"
    assert (is_done == sample["completed_year"].notna()).all()


def test_projects_are_done_when_all_their_works_on_rivers_are(built_tables):
    facilities = built_tables["rivers.facilities"]
    projects = built_tables["plan.projects"].set_index("project_id")
    own = facilities[facilities["state"].notna()].groupby("project_id")
    assert {"P09", "V13"} <= set(own.groups)
    for project_id, works in own:
        is_done = (works["state"] == "completed").all()
        assert (projects.at[project_id, "state"] == "completed") == is_done
        # Nothing is done before the project has begun.
        assert projects.at[project_id, "started_on"].year <= works["completed_year"].min()


def test_outfalls_alone_have_dry_weather_discharges_found_before_they_are_fixed(built_tables):
    facilities = built_tables["rivers.facilities"]
    found = facilities[facilities["dry_flow_found_on"].notna()]
    fixed = found[found["dry_flow_fixed_on"].notna()]
    assert set(found["facility_kind"]) == {"outfall"}
    assert (len(found), len(fixed)) == (26, 19)
    assert (fixed["dry_flow_fixed_on"] > fixed["dry_flow_found_on"]).all()
    assert found["dry_flow_found_on"].dt.year.between(2021, 2025).all()


# --- streets -------------------------------------------------------------------------------------


def test_demonstration_streets(built_tables):
    frame = built_tables["streets.demonstration_streets"]
    boutique = frame[frame["designation"] == "boutique"]
    provincial = frame[frame["designation"] == "provincial"]
    assert boutique["subdistrict_code"].nunique() == len(boutique) == 14
    assert (boutique["state"] == "completed").sum() == 12
    left = boutique[boutique["state"] != "completed"].set_index("state")
    assert left["street_name"].to_dict() == {
        "under_construction": "临丁路",
        "in_acceptance": "九和路",
    }
    assert left["progress_pct"].to_dict() == {"under_construction": 85, "in_acceptance": 100}
    assert left["completed_year"].isna().all()
    assert (provincial["completed_year"] <= 2020).sum() == 11
    assert list(provincial.loc[provincial["completed_year"] > 2020, "completed_year"]) == [2023]


def test_demonstration_streets_are_streets_of_their_subdistrict(built_tables):
    frame = built_tables["streets.demonstration_streets"]
    real = {(piece.street_name, piece.subdistrict_code) for piece in street_pieces()}
    mapped = frame[frame["is_mapped"]]
    assert set(zip(mapped["street_name"], mapped["subdistrict_code"], strict=True)) <= real


# --- toilets -------------------------------------------------------------------------------------


def public_toilets(tables):
    """Toilets without those of businesses along the street."""
    toilets = tables["toilets.toilets"]
    return toilets[~toilets["is_social"].astype(bool)]


def test_toilets_agree_with_the_plan(built_tables):
    toilets = public_toilets(built_tables)
    assert len(toilets) == 454
    assert toilets["opened_year"].max() <= 2020
    assert toilets["star_rating"].min() >= 3
    assert (toilets["renewed_year"] <= 2020).sum() == 92
    assert toilets["toilet_name"].is_unique
    assert not (toilets["renewed_year"] < toilets["opened_year"]).any()


def test_real_toilets_stand_where_the_map_has_them(built_tables):
    toilets = built_tables["toilets.toilets"]
    real = toilets[toilets["position_source"] == "osm"]
    known = {(f.geometry.x, f.geometry.y) for f in district.layer("toilets")}
    assert set(zip(real["lon"], real["lat"], strict=True)) == known
    assert len(real) == 49


def test_invented_toilets_stand_on_land_and_apart(built_tables):
    toilets = built_tables["toilets.toilets"]
    assert not in_water(toilets["lon"].to_numpy(), toilets["lat"].to_numpy()).any()
    east_m, north_m = points_to_metres(toilets["lon"].to_numpy(), toilets["lat"].to_numpy())
    apart_m = np.hypot(east_m[:, None] - east_m, north_m[:, None] - north_m)
    np.fill_diagonal(apart_m, np.inf)
    assert apart_m[(toilets["position_source"] == "sample").to_numpy()].min() >= 119


def test_cells_cover_the_land_once(built_tables):
    cells = built_tables["toilets.coverage_cells"]
    water = shapely.union_all([f.geometry for f in district.layer("water_areas")])
    land_km2 = area_km2(shapely.difference(district.outline(), water))
    assert cells["area_km2"].sum() == pytest.approx(land_km2, abs=0.02)
    assert cells["area_km2"].max() <= 0.0025 + 1e-9
    assert not in_water(cells["lon"].to_numpy(), cells["lat"].to_numpy()).any()


def test_every_cell_is_told_of_every_year_once(built_tables):
    walks, cells = built_tables["toilets.cell_walks"], built_tables["toilets.coverage_cells"]
    years = walks["to_year"] - walks["from_year"] + 1
    assert years.min() >= 1
    for scope in TOILET_SCOPES:
        told = years[walks["scope"] == scope].groupby(walks["cell_id"]).sum()
        assert set(told.index) == set(cells["cell_id"])
        assert (told == len(YEARS)).all()


@pytest.mark.parametrize("scope", TOILET_SCOPES)
def test_no_walk_is_shorter_than_the_straight_line(built_tables, scope):
    toilets = built_tables["toilets.toilets"].set_index("toilet_id")
    cells = built_tables["toilets.coverage_cells"].set_index("cell_id")
    walks = built_tables["toilets.cell_walks"]
    walks = walks[(walks["scope"] == scope) & walks["walk_m"].notna()].iloc[::20]
    assert len(walks) > 1000
    here, there = cells.loc[walks["cell_id"]], toilets.loc[walks["toilet_id"]]
    from_m = np.column_stack(points_to_metres(here["lon"].to_numpy(), here["lat"].to_numpy()))
    to_m = np.column_stack(points_to_metres(there["lon"].to_numpy(), there["lat"].to_numpy()))
    apart_m = np.hypot(*(from_m - to_m).T)
    assert (walks["walk_m"].to_numpy(dtype=float) - apart_m).min() > -1


def test_the_nearest_toilet_of_a_scope_is_one_of_it(built_tables):
    toilets = built_tables["toilets.toilets"].set_index("toilet_id")
    walks = built_tables["toilets.cell_walks"].dropna(subset="toilet_id")
    for scope, in_scope in (
        ("public", ~toilets["is_social"]),
        ("open_24h", toilets["is_open_24h"]),
    ):
        named = walks.loc[walks["scope"] == scope, "toilet_id"].unique()
        assert in_scope.loc[named].all()
    opened = toilets["opened_year"].loc[walks["toilet_id"]].to_numpy()
    assert (opened <= walks["from_year"].to_numpy()).all()


def test_toilets_of_businesses_stand_beside_the_public_ones(built_tables):
    toilets = built_tables["toilets.toilets"]
    social = toilets[toilets["is_social"].astype(bool)]
    assert len(social) == 40
    assert social["toilet_name"].str.contains(r"沿街单位厕所 \d+$").all()
    assert social[["grade", "star_rating"]].isna().all(axis=None)
    assert set(social["opened_year"]) > {2021, 2022, 2024}
    assert 0 < social["is_open_24h"].sum() < len(social) / 2
    assert toilets["toilet_name"].is_unique
    assert list(toilets["toilet_id"].head(454)) == [f"C{n:03d}" for n in range(1, 455)]


def test_a_third_of_public_toilets_is_open_at_night_most_in_the_old_town(built_tables):
    toilets = public_toilets(built_tables)
    shares = toilets["is_open_24h"].astype(float).groupby(toilets["subdistrict_name"]).mean()
    assert 0.3 <= toilets["is_open_24h"].mean() <= 0.4
    old_town = ["清波街道", "湖滨街道", "小营街道", "南星街道", "紫阳街道"]
    assert shares[old_town].mean() > 1.5 * shares.drop(old_town).mean()


def test_service_stations_are_those_of_the_base_year(built_tables):
    stations = built_tables["toilets.service_stations"]
    assert len(stations) == 71
    assert stations["opened_year"].between(2017, 2020).all()
    assert set(stations["subdistrict_code"]) == set(district.subdistrict_names())
    assert stations["has_toilet"].notna().all() and 0 < stations["has_toilet"].sum() < 71
    assert not in_water(stations["lon"].to_numpy(), stations["lat"].to_numpy()).any()
