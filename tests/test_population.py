"""The register of population: where people live, and how they come to the cells."""

import numpy as np
import pandas as pd
import pytest

from data.build import build
from data.coverage import land_cells, model_of
from data.frames import contract_frame, empty_frame
from data.publishing import rollback
from data.registers.options import Options
from data.registers.raw import RawTable
from data.registers.registry import register
from data.registers.run import check_source, publish_staged
from data.registers.validation import validate
from data.snapshot import current_version, snapshot_folder
from data.standing import StandingTables
from geo import district

PEOPLE = register("population")
HUBIN, CAIHE = "330102003", "330102012"
IN_HUBIN = ("120.1625", "30.2530")


def check(*rows, head=("编号", "社区", "人口", "经度", "纬度", "街道")):
    """Rows as an office writes them, checked."""
    cells = pd.DataFrame(rows, columns=list(head)).astype("str").replace("", np.nan)
    cells.index = range(2, 2 + len(rows))
    raw = RawTable("人口.csv", "CSV", "", cells.astype("str"))
    return validate(raw, PEOPLE, Options(crs="wgs84"), {})


def rejected(found):
    return found.findings[found.findings["severity"] == "rejected"]


# --- rows ----------------------------------------------------------------------------------------


def test_a_subdistrict_comes_from_the_position_or_is_given():
    found = check(
        ("1", "涌金门社区", "5200", *IN_HUBIN, ""),
        ("2", "采荷社区", "8100 人", "", "", "采荷街道"),
        ("3", "双菱社区", "1,234", "", "", "采荷"),
    )
    assert found.rejected_count == 0
    assert list(found.rows["subdistrict_code"]) == [HUBIN, CAIHE, CAIHE]
    assert list(found.rows["residents"]) == [5200, 8100, 1234]
    assert found.rows["lon"].isna().tolist() == [False, True, True]


def test_nobody_at_all_lives_in_an_office_block():
    assert check(("1", "写字楼", "0", *IN_HUBIN, "")).accepted_count == 1


@pytest.mark.parametrize(
    ("residents", "rule"),
    [("-5", "范围"), ("12.5", "格式"), ("约五千", "格式"), ("", "必填"), ("2000000", "范围"), ("—", "必填")],
)  # fmt: skip
def test_people_are_counted_in_whole_numbers(residents, rule):
    found = check(("1", "涌金门社区", residents, *IN_HUBIN, ""))
    assert found.accepted_count == 0
    assert list(rejected(found)["rule"]) == [rule]


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        (("", "", ""), "街道"),
        (("120.1625", "", "湖滨街道"), "位置"),
        (("121.5", "31.2", ""), "位置在区内"),
        (("", "", "下沙街道"), "街道"),
    ],
    ids=["neither", "half a position", "elsewhere", "no longer of the district"],
)
def test_a_place_that_is_none_is_refused(place, rule):
    found = check(("1", "涌金门社区", "5200", *place))
    assert found.accepted_count == 0
    assert rule in set(rejected(found)["rule"])


def test_the_same_area_twice_and_a_row_of_totals_are_refused():
    found = check(
        ("1", "涌金门社区", "5200", "", "", "湖滨街道"),
        ("1", "东坡路社区", "4100", "", "", "湖滨街道"),
        ("2", "采荷社区", "8100", "", "", "采荷街道"),
        ("合计", "", "17400", "", "", ""),
    )
    assert list(found.rows["area_name"]) == ["采荷社区"]
    assert {"编号重复", "合计行"} <= set(rejected(found)["rule"])


def test_the_total_is_told_by_subdistrict_with_those_that_are_lacking():
    found = check(
        ("1", "涌金门社区", "5200", *IN_HUBIN, ""),
        ("2", "东坡路社区", "4100", "", "", "湖滨街道"),
        ("3", "采荷社区", "8100", "", "", "采荷街道"),
        ("4", "被拒绝的社区", "-1", "", "", "采荷街道"),
    )
    (note,) = found.findings[found.findings["rule"] == "人口合计"].to_dict("records")
    assert "共 17,400 人：湖滨街道 9,300、采荷街道 8,100" in note["reason"]
    assert "没有数据的 12 个街道：" in note["reason"]
    assert note["severity"] == "noted"


def test_of_a_whole_district_nothing_is_lacking():
    names = district.subdistrict_names().values()
    found = check(*((str(i), name, "1000", "", "", name) for i, name in enumerate(names)))
    (note,) = found.findings[found.findings["rule"] == "人口合计"].to_dict("records")
    assert "共 14,000 人" in note["reason"]
    assert "没有数据" not in note["reason"]


# --- cells ---------------------------------------------------------------------------------------


def people(*rows):
    """Rows of the table: id, subdistrict, residents, and a position or none."""
    names = district.subdistrict_names()
    columns = ["area_id", "subdistrict_code", "residents", "lon", "lat"]
    frame = pd.DataFrame([(*row, None, None)[:5] for row in rows], columns=columns)
    return contract_frame(
        "base.population",
        frame.assign(
            area_name=frame["area_id"],
            subdistrict_name=frame["subdistrict_code"].map(names),
            source_kind="register",
        ),
    )


@pytest.fixture(scope="module")
def cells_of():
    """Cells of the district with the people of a register; the network plays no part in it."""
    return lambda population: model_of(empty_frame("streets.walk_ways"), population).cells


def test_people_without_a_position_are_spread_evenly_over_the_land(cells_of):
    cells = cells_of(people(("1", HUBIN, 5000), ("2", HUBIN, 3000)))
    here = cells[cells["subdistrict_code"] == HUBIN]
    density = here["residents"] / here["area_km2"]
    assert here["residents"].sum() == pytest.approx(8000)
    assert density.max() == pytest.approx(density.min())


def test_people_with_a_position_live_in_the_cell_there(cells_of):
    cells = cells_of(people(("1", HUBIN, 5000, 120.1625, 30.2530)))
    lived_in = cells[cells["residents"] > 0]
    assert lived_in["residents"].tolist() == [5000]
    assert abs(lived_in["lon"].iloc[0] - 120.1625) < 0.0006
    assert abs(lived_in["lat"].iloc[0] - 30.2530) < 0.0006


def test_the_sums_of_subdistricts_are_those_of_the_register(cells_of):
    population = people(
        ("1", HUBIN, 5000, 120.1625, 30.2530), ("2", HUBIN, 1), ("3", CAIHE, 8100), ("4", CAIHE, 0)
    )
    cells = cells_of(population)
    sums = cells.groupby("subdistrict_code")["residents"].sum(min_count=1).dropna()
    assert sums.to_dict() == pytest.approx({HUBIN: 5001, CAIHE: 8100})


def test_where_nobody_reported_the_number_is_missing_and_not_zero(cells_of):
    cells = cells_of(people(("1", HUBIN, 5000)))
    others = cells[cells["subdistrict_code"] != HUBIN]
    assert others["residents"].isna().all()
    assert cells_of(people())["residents"].isna().all()


# --- from the file to the cells ------------------------------------------------------------------


def cells_in(store):
    with StandingTables(snapshot_folder(store, current_version(store))) as standing:
        return standing["toilets.coverage_cells"].copy()


def test_a_register_of_people_reaches_the_cells_goes_back_and_is_carried_over(store, tmp_path):
    path = tmp_path / "人口.csv"
    path.write_text(
        "编号,社区,人口,街道\n1,涌金门社区,5200,湖滨\n2,采荷社区,8100,采荷\n", encoding="utf-8"
    )
    checked = check_source(store, PEOPLE, path, Options(provider="区统计局", as_of="2024"))
    assert checked.consequences == ("“如厕圈网格”将按新的人口重新计算。",)
    publish_staged(store, checked.staged(store), "值班员甲")
    assert cells_in(store)["residents"].sum() == pytest.approx(13_300)
    assert "人口" in build(store, with_sample=False).carried
    cells = cells_in(store)
    assert cells["residents"].sum() == pytest.approx(13_300)
    assert len(cells) == len(land_cells())
    rollback(store, 1, "值班员乙")
    assert cells_in(store).empty
