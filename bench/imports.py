"""Importing a million points: the whole check of a file against merely reading and joining it.

The plain way is ``geopandas.read_file`` (for CSV ``pandas.read_csv``) and ``sjoin`` with the 14
subdistricts: no types, no ranges, no duplicates, no findings. Each runs in a process of its own, so
that the peak of its memory can be told; time counts from after the imports of its libraries.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 1_000_000
HEADINGS = {"asset_id": "部件编码", "asset_kind": "类别", "lon": "经度", "lat": "纬度"}
KINDS = {"street_lamp": "路灯", "ground_lamp": "地灯", "scenery_light": "景观灯"}
FORMATS = {"CSV": "lamps.csv", "GeoPackage": "lamps.gpkg"}


@dataclass(frozen=True)
class ImportResult:
    """One step on one file: seconds, and peak memory of its process in MB."""

    step: str
    seconds: float
    peak_mb: float


def measure() -> list[tuple[str, ImportResult, ImportResult]]:
    """(format, plain, ours) for each format, then ("", plain, publication) of the last of them."""
    with tempfile.TemporaryDirectory() as folder:
        _prepare(Path(folder))
        found = []
        for name, file_name in FORMATS.items():
            plain = _run("plain", folder, file_name)[0]
            checked, published = _run("ours", folder, file_name)
            found.append((name, plain, checked))
        return [*found, ("", plain, published)]


def _run(way: str, folder: str, file_name: str) -> list[ImportResult]:
    command = [sys.executable, "-m", "bench.imports", way, folder, file_name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [ImportResult(**line) for line in json.loads(done.stdout.splitlines()[-1])]


def _prepare(folder: Path) -> None:
    """A store with the default build, and a million lamps near the sample's as each format."""
    import geopandas as gpd

    from data.build import build_tables
    from data.snapshot import publish, write_snapshot

    built = build_tables(with_sample=True)
    publish(folder / "store", write_snapshot(folder / "store", *built))
    lamps = built[0]["lighting.assets"].sample(ROWS, replace=True, random_state=1)
    jitter = np.random.default_rng(1).normal(0, 1e-5, (ROWS, 2))
    frame = pd.DataFrame(
        {
            "asset_id": [f"L{n:015d}" for n in range(ROWS)],
            "asset_kind": lamps["asset_kind"].map(KINDS).to_numpy(),
            "lon": (lamps["lon"].to_numpy() + jitter[:, 0]).round(6),
            "lat": (lamps["lat"].to_numpy() + jitter[:, 1]).round(6),
        }
    ).rename(columns=HEADINGS)
    frame.to_csv(folder / FORMATS["CSV"], index=False)
    points = gpd.points_from_xy(frame.pop("经度"), frame.pop("纬度"), crs="EPSG:4326")
    gpd.GeoDataFrame(frame, geometry=points).to_file(folder / FORMATS["GeoPackage"])


def _plain(path: Path) -> list[ImportResult]:
    import geopandas as gpd

    from geo.district import BASE_FOLDER

    areas = gpd.read_file(BASE_FOLDER / "subdistricts.geojson")
    started = time.perf_counter()
    if path.suffix == ".csv":
        frame = pd.read_csv(path)
        places = gpd.points_from_xy(frame["经度"], frame["纬度"], crs="EPSG:4326")
        points = gpd.GeoDataFrame(frame, geometry=places)
    else:
        points = gpd.read_file(path)
    gpd.sjoin(points, areas[["subdistrict_code", "geometry"]].to_crs("EPSG:4326"))
    return [_result("read and join", started)]


def _ours(path: Path, store: Path) -> list[ImportResult]:
    from data.history import Change
    from data.publishing import publish_register
    from data.registers.options import Options
    from data.registers.registry import REGISTERS
    from data.registers.run import check_source

    register = next(one for one in REGISTERS if one.name == "lighting_assets")
    started = time.perf_counter()
    checked = check_source(store, register, path, Options(crs="wgs84", as_of="2025"))
    results = [_result("check", started)]
    rows = checked.validation.rows
    assert len(rows) > 0.99 * ROWS, f"{len(rows)} of {ROWS} rows accepted"
    del checked
    started = time.perf_counter()
    publish_register(store, register, rows, Change(action="import", actor="bench"))
    return [*results, _result("publish", started)]


def _result(step: str, started: float) -> ImportResult:
    return ImportResult(step, time.perf_counter() - started, _peak_mb())


def _peak_mb() -> float:
    # Not getrusage: that also counts what the parent held before this process was started.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _main(way: str, folder: str, file_name: str) -> None:
    path = Path(folder) / file_name
    results = _plain(path) if way == "plain" else _ours(path, Path(folder) / "store")
    print(json.dumps([vars(result) for result in results]))


if __name__ == "__main__":
    _main(*sys.argv[1:])
