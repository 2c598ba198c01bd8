"""Whatever a file holds: no crash, no lost row, and nothing accepted that a check would refuse."""

import io

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings

from data.check import check_rows
from data.registers import read
from data.registers.difference import difference
from data.registers.options import Options
from data.registers.raw import ImportProblem, RawTable
from data.registers.registry import REGISTERS, register
from data.registers.validation import validate
from geo.crs import SYSTEMS

BY_NAME = {each.name: each for each in REGISTERS}
FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large,
                           HealthCheck.function_scoped_fixture],
)  # fmt: skip

ODD = st.sampled_from(
    ["", " ", "/", "0", "-0", "0.0", "1", "-1", "1e400", "nan", "inf", "None", "NULL", "２０２１", "①", "Ⅲ",
     "是", "无", "√", "2021年3月", "44260", "45000.5", "2021-02-30", "20210305", "99999999", "2021.1",
     "=1+1", "@cmd", "<b>x</b>", "' OR 1=1", "湖滨", "下沙街道", "330104009", "330102003", "330104014",
     "120.162264", "30.254995", "120°10′16″", "519248.7", "3347844", "40519248.7", "1,234", "12 座", "60%",
     "POINT (120.18 30.25)", "LINESTRING (120.18 30.25, 120.2 30.26)", "LINESTRING (0 0, 0 0)",
     "POLYGON ((120.18 30.25, 120.2 30.27, 120.2 30.25, 120.18 30.27, 120.18 30.25))",
     '{"type": "Point", "coordinates": [1e400, null]}', "GEOMETRYCOLLECTION EMPTY", "{", "\u200b", "\ufeff",
     "a\x00b", "一类", "五星", "completed", "在建", "R01", "A01", "none", "😀", "\u202e甲", "x" * 300]
)  # fmt: skip
CELL = st.one_of(
    ODD,
    st.none(),
    st.text(max_size=12),
    st.floats(allow_nan=True).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.dates().map(str),
    st.floats(120.1, 120.3).map("{:.6f}".format),
    st.floats(30.1, 30.4).map("{:.6f}".format),
)


def text_or_missing(cell):
    """What Arrow's text can hold: no lone halves of surrogate pairs."""
    return cell if cell is None else cell.encode("utf-8", "ignore").decode("utf-8")


def geometry_of(dice):
    """A geometry of any kind, or none, in and around the district."""
    xy = [(dice.uniform(120.1, 120.3), dice.uniform(30.1, 30.4)) for _ in range(5)]
    if dice.random() < 0.2:
        xy[0] = dice.choice(
            [(0, 0), xy[0][::-1], (519248.7, 3347844.0), (float("inf"), 30), (1e300, -1e300)]
        )
    return dice.choice([
        lambda: None,
        lambda: shapely.Point(xy[0]),
        lambda: shapely.LineString(xy),
        lambda: shapely.LineString([xy[0], xy[0]]),
        lambda: shapely.Polygon(xy),
        lambda: shapely.MultiPolygon([shapely.Polygon(xy)]),
        lambda: shapely.Point(),
        lambda: shapely.GeometryCollection([shapely.Point(xy[0]), shapely.LineString(xy)]),
    ])()  # fmt: skip


@st.composite
def files(draw, each):
    """A table with some of a register's headings, others, and any cells.

    Cells are thrown from a drawn handful: many rows at little cost, and many that repeat.
    """
    titles = {name: each.column(name).title for name in each.field_names}
    needed = [title for name, title in titles.items() if each.is_required(name)]
    headings = [*needed, *draw(st.lists(st.sampled_from(list(titles.values())), unique=True))]
    headings += draw(st.lists(st.text(max_size=8), max_size=2))
    examples = {titles[item.name]: item.examples for item in each.fields}
    handful = [text_or_missing(cell) for cell in draw(st.lists(CELL, min_size=4, max_size=12))]
    dice = draw(st.randoms(use_true_random=False))
    count, soundness = dice.randint(0, 60), dice.choice([0.3, 0.9, 0.99])
    cells = {
        heading: [
            dice.choice(examples[heading])
            if heading in examples and dice.random() < soundness
            else dice.choice(handful)
            for _ in range(count)
        ]
        for heading in map(text_or_missing, dict.fromkeys(headings))
    }
    key = titles[each.table.key[0]]
    cells[key] = [cell if dice.random() < 0.3 else f"K{i}" for i, cell in enumerate(cells[key])]
    first = dice.randint(1, 4)
    frame = pd.DataFrame(cells, index=range(first, first + count), dtype="str")
    geometry = None
    if dice.random() < 0.5:
        geometry = np.empty(count, dtype=object)
        geometry[:] = [geometry_of(dice) for _ in range(count)]
    declared = dice.choice([None, "wgs84"])
    return RawTable("任意.xlsx", "Excel", "", frame, geometry=geometry, declared_crs=declared)


@pytest.mark.parametrize("name", BY_NAME)
@FEW
@given(data=st.data())
def test_no_row_is_lost_and_nothing_unsound_comes_through(name, data, built_tables):
    each = BY_NAME[name]
    raw = data.draw(files(each))
    options = Options(
        crs=data.draw(st.sampled_from([None, *SYSTEMS])), swap_axes=data.draw(st.booleans())
    )
    try:
        found = validate(raw, each, options, built_tables)
    except ImportProblem as problem:
        assert "任意.xlsx" in str(problem) or "坐标系" in str(problem)
        return
    assert found.accepted_count + found.rejected_count == len(raw.cells)
    refused = set(found.findings.loc[found.findings["severity"] == "rejected", "row"])
    assert refused == set(raw.cells.index) - set(found.rows.index), "each refusal says why"
    assert (found.findings["reason"] != "").all()
    assert (found.findings["remedy"] != "").all()
    standing = built_tables[each.dataset]
    if name != "projects":
        assert check_rows(each.table, found.rows) == []
    compared = difference(found.rows, standing, each.dataset)
    kept = len(compared.new) + len(compared.changed_keys) + compared.unchanged_count
    assert kept == found.accepted_count


BYTES = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")),
    st.text(max_size=200).map(lambda text: text.encode("gb18030", "ignore")),
    st.text(max_size=200).map(lambda text: text.encode("utf-16", "ignore")),
    st.lists(st.lists(ODD, max_size=6), max_size=6).map(
        lambda rows: "\n".join(",".join(row) for row in [["编号", "名称", "经度", "纬度"], *rows])
        .encode("gb18030")
    ),
)  # fmt: skip


@FEW
@given(
    content=BYTES, suffix=st.sampled_from([".csv", ".xlsx", ".geojson", ".zip", ".gpkg", ".pbf"])
)
def test_any_bytes_under_any_name_are_read_or_refused(content, suffix, tmp_path):
    path = tmp_path / f"任意{suffix}"
    path.write_bytes(content)
    toilets = register("toilets")
    try:
        raw = read.read_file(path, toilets)
        found = validate(raw, toilets, Options(crs="wgs84"), {})
    except ImportProblem as problem:
        assert path.name in str(problem)
        return
    assert found.accepted_count + found.rejected_count == len(raw.cells)


@FEW
@given(cut=st.floats(0, 1), flips=st.lists(st.integers(0, 10**6), max_size=4))
def test_a_damaged_workbook_is_read_or_refused(cut, flips, tmp_path, workbook):
    content = bytearray(workbook[: max(1, int(len(workbook) * cut))])
    for place in flips:
        content[place % len(content)] ^= 0xFF
    path = tmp_path / "公厕.xlsx"
    path.write_bytes(content)
    try:
        raw = read.read_file(path, register("toilets"))
        found = validate(raw, register("toilets"), Options(crs="wgs84"), {})
    except ImportProblem as problem:
        assert path.name in str(problem)
        return
    assert found.accepted_count + found.rejected_count == len(raw.cells)


@pytest.fixture(scope="module")
def workbook():
    """Bytes of a small sound workbook of toilets."""
    rows = {
        "公厕编号": ["T1", "T2"], "名称": ["甲", "乙"], "经度": [120.162264, 120.17],
        "纬度": [30.254995, 30.25], "启用年份": [2008, 44260],
    }  # fmt: skip
    written = io.BytesIO()
    pd.DataFrame(rows).to_excel(written, index=False)
    return written.getvalue()
