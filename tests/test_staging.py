"""A checked import kept on disk: read back as it was, refused when it is not, swept in time."""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from data.registers import staging
from data.registers.staging import drop, load, stage
from data.snapshot import SnapshotError
from tests.checked_imports import checked, compared, toilet, verdict


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def put(store, validation=None, **difference):
    """Stage a validation and read it back."""
    validation = validation or checked()
    return load(store, stage(store, validation, 7, compared(validation, **difference)))


def test_what_was_staged_is_read_back(store):
    validation = checked()
    staged = put(store, validation)
    assert_frame_equal(staged.rows, validation.rows)
    assert_frame_equal(staged.findings, validation.findings)
    assert_frame_equal(staged.cells, validation.raw.cells)
    assert_frame_equal(staged.difference.new, validation.rows)
    assert staged.difference.gone.empty and staged.difference.replaces_sample
    assert (staged.options, staged.crs) == (validation.options, validation.crs)
    assert staged.mapping == validation.mapping
    assert staged.base_version == 7
    counts = staged.read_count, staged.accepted_count, staged.corrected_count
    assert (*counts, staged.rejected_count, staged.blank_rows) == (4, 2, 1, 2, 1)


def test_types_of_the_contract_survive(store):
    validation = checked()
    validation.rows.loc[2, ["star_rating", "has_accessible"]] = [pd.NA, True]
    assert_frame_equal(put(store, validation).rows, validation.rows)


def test_headings_may_be_blank_or_twice_the_same(store):
    cells = pd.DataFrame([["1", "2", "3"]], columns=["编号", "", "编号"], index=[2], dtype="str")
    staged = put(store, checked(cells=cells, accepted=()))
    assert list(staged.cells.columns) == ["编号", "", "编号"]
    assert staged.cells.iloc[0].tolist() == ["1", "2", "3"]


def test_numbers_of_numpy_in_the_verdict_are_kept(store):
    found = verdict(inside_pct={"wgs84": np.float64(3.5)}, landmark_count=np.int64(4),
                    landmark_m={"wgs84": np.inf}, blocks=np.bool_(True))  # fmt: skip
    crs = put(store, checked(crs=found)).crs
    assert crs == found


def test_a_long_file_keeps_the_cells_of_rows_with_findings(store, monkeypatch):
    monkeypatch.setattr(staging, "MOST_CELLS_ROWS", 3)
    staged = put(store)
    assert not staged.has_all_cells
    assert list(staged.cells.index) == [3, 4, 5]


def test_rejected_rows_with_a_position_are_known_for_the_map(store):
    places = put(store).rejected_places
    assert list(places.index) == [4]
    assert places.loc[4, "toilet_name"] == "公厕3"
    assert places.loc[4, ["lon", "lat"]].tolist() == pytest.approx([120.1603, 30.25])


def test_rejected_rows_of_a_geographic_file_show_their_shape(store):
    shapes = np.array([shapely.Point(120.16, 30.25)] * 3 + [None])
    places = put(store, checked(geometry=shapes)).rejected_places
    assert places["geometry_json"].tolist() == ['{"type":"Point","coordinates":[120.16,30.25]}']


def test_ids_differ_and_name_the_register(store):
    ids = {stage(store, checked(), None, compared(checked())) for _ in range(3)}
    assert len(ids) == 3
    assert all(one.startswith("toilets-") and staging.is_staging_id(one) for one in ids)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../v00001", "toilets-20260101-0123456789abcdef/..", "/etc",
     "toilets-20260101-0123456789ABCDEF", "toilets-20260101-1a2b3c", "toilets\0-20260101",
     "toilets-20260101-0123456789abcdef\n"],
)  # fmt: skip
def test_what_is_no_id_never_becomes_a_path(store, name):
    keep = store / "v00001"
    keep.mkdir(parents=True)
    for act in (load, drop):
        with pytest.raises(SnapshotError, match="不是待发布导入的编号"):
            act(store, name)
    assert keep.is_dir()


def test_a_missing_import_says_what_to_do(store):
    with pytest.raises(SnapshotError, match="请重新导入"):
        load(store, "toilets-20260101-0123456789abcdef")


def test_a_dropped_import_is_gone(store):
    staged = put(store)
    drop(store, staged.staging_id)
    drop(store, staged.staging_id)
    with pytest.raises(SnapshotError, match="没有待发布的导入"):
        load(store, staged.staging_id)
    with pytest.raises(SnapshotError, match="没有待发布的导入"):
        _ = staged.rows


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format_version": 99}'])
def test_a_damaged_description_is_refused(store, text):
    staged = put(store)
    (staged.folder / "staged.json").write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match="已损坏"):
        load(store, staged.staging_id)


def test_a_changed_frame_is_refused(store):
    staged = put(store)
    path = staged.folder / "rows.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(SnapshotError, match="已损坏"):
        _ = staged.rows


def test_old_imports_are_swept_and_new_ones_stay(store):
    old, new = put(store), put(store)
    left = store / staging.FOLDER / ".draft-0123"
    left.mkdir()
    for folder, days in ((old.folder, staging.KEPT_DAYS + 1), (left, 1), (new.folder, 1)):
        then = time.time() - days * 86400
        os.utime(folder, (then, then))
    latest = put(store)
    found = {path.name for path in (store / staging.FOLDER).iterdir()}
    assert found == {new.staging_id, latest.staging_id}


def test_a_full_disk_leaves_nothing_behind(store, monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(SnapshotError, match="无法写入"):
        put(store)
    assert list((store / staging.FOLDER).iterdir()) == []


def test_changed_rows_come_back_with_before_and_after(store):
    validation = checked()
    cells = pd.DataFrame(
        {"toilet_id": ["T1"], "column": ["星级"], "before": ["3"], "after": ["4"]}, dtype="str"
    )
    gone = validation.rows.assign(toilet_id=[toilet(8)["toilet_id"], "T9"])
    staged = put(store, validation, changed=cells, gone=gone, unchanged_count=5)
    assert_frame_equal(staged.difference.changed, cells)
    assert_frame_equal(staged.difference.gone, gone)
    assert staged.difference.unchanged_count == 5
