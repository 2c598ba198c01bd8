"""The lighting page over the sample's lamps and over a million of them: script time and bytes sent.

Each store is measured in a process of its own. Warm is a rerun after a change of subdistrict; first is
the same with nothing remembered of any query, as whoever is first to choose that subdistrict has it.
The picture of the light is painted once a year and snapshot: it is measured by itself.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

LAMPS = 1_000_000
JITTER_DEG = 1e-5
FILTERS = ([], ["330102014"], ["330102003", "330102004"], [], ["330102001"])
ROUNDS = 4
FIRST_ROUNDS = 5


@dataclass(frozen=True)
class ModeResult:
    """Medians of one mode of the page over one store."""

    mode: str
    warm_ms: float
    first_ms: float
    sent_kb: float
    files_kb: float
    """Files that the whole district's map names, which a browser fetches once and keeps."""


@dataclass(frozen=True)
class LightingResult:
    """How many lamps there are, what each mode takes, and what the picture of the light takes."""

    lamps: int
    modes: list[ModeResult]
    painting_ms: float


def measure() -> tuple[LightingResult, LightingResult]:
    """The page over the sample's lamps, and over a million of them."""
    with tempfile.TemporaryDirectory() as name:
        _prepare(Path(name))
        few, many = (_run(Path(name) / store) for store in ("few", "many"))
        return few, many


def _run(store: Path) -> LightingResult:
    done = subprocess.run(
        [sys.executable, "-m", "bench.lighting"], env=os.environ | {"COCKPIT_STORE": str(store)},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    modes = [ModeResult(**mode) for mode in told["modes"]]
    return LightingResult(told["lamps"], modes, told["painting_ms"])


def many_lamps(lamps: pd.DataFrame) -> pd.DataFrame:
    """A million lamps near those given, each with the features of one of them."""
    many = lamps.sample(LAMPS, replace=True, random_state=1, ignore_index=True)
    shift = np.random.default_rng(1).normal(0, JITTER_DEG, (LAMPS, 2))
    return many.assign(
        asset_id=[f"L{number:015d}" for number in range(LAMPS)],
        lon=(many["lon"] + shift[:, 0]).round(6),
        lat=(many["lat"] + shift[:, 1]).round(6),
    )


def _prepare(folder: Path) -> None:
    """Two stores: the default build, and the same with a million lamps."""
    from data.build import build_tables
    from data.contracts import LAST_YEAR
    from data.derive import yearly_counts
    from data.snapshot import publish, write_snapshot

    tables, meta = build_tables(with_sample=True)
    lamps = tables["lighting.assets"]
    many = many_lamps(lamps)
    crowded = tables | {
        "lighting.assets": many,
        "lighting.yearly": yearly_counts(many, LAST_YEAR, "sample"),
    }
    for name, made in (("few", tables), ("many", crowded)):
        publish(folder / name, write_snapshot(folder / name, made, meta))


def _painted() -> tuple[int, float]:
    """How many lamps there are, and the milliseconds that their picture takes."""
    from data.contracts import LAST_YEAR
    from data.snapshot import store_folder
    from data.store import Store
    from ui import light_glow

    store = Store(store_folder())
    spans = []
    with store.reading() as snapshot:
        for _ in range(FIRST_ROUNDS):
            light_glow.picture.cache_clear()
            started = time.perf_counter()
            light_glow.picture(snapshot, LAST_YEAR)
            spans.append(1000 * (time.perf_counter() - started))
    count = store.query("SELECT count(*) FROM lighting.assets").iat[0, 0]
    store.close()
    return int(count), statistics.median(spans)


def _measured() -> list[ModeResult]:
    from unittest.mock import patch

    from streamlit.runtime.scriptrunner.script_cache import ScriptCache
    from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
    from streamlit.testing.v1 import AppTest

    from bench.pages import Clock, run
    from data.snapshot import PROJECT_ROOT
    from ui import session
    from ui.light_choices import MODES

    clock, compiled, found = Clock(), ScriptCache(), []
    with (
        patch.object(ScriptRunner, "_run_script", clock.timed(ScriptRunner._run_script)),
        patch("streamlit.testing.v1.local_script_runner.ScriptCache", lambda: compiled),
    ):
        for mode in MODES:
            test = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=300)
            test.query_params["show"] = mode
            test.switch_page("views/lighting.py").run()
            warm, first, sizes = [], [], []
            for number in range(ROUNDS + 1):
                for codes in FILTERS:
                    run(test, "lighting", codes)
                    if number:  # the first round warms the caches
                        warm.append(clock.milliseconds)
                        sizes.append(clock.sent_bytes)
            for number in range(FIRST_ROUNDS):
                for remembered in (session._frame, session._row):
                    remembered.cache_clear()
                run(test, "lighting", FILTERS[number % len(FILTERS)])
                first.append(clock.milliseconds)
            run(test, "lighting", [])
            found.append(
                ModeResult(
                    mode, statistics.median(warm), statistics.median(first),
                    statistics.median(sizes) / 1000, _files_kb(test),
                )
            )  # fmt: skip
    return found


def _files_kb(test) -> float:
    from ui.basemap import STATIC_FOLDER

    (chart,) = test.get("deck_gl_json_chart")
    layers = json.loads(chart.proto.json)["layers"]
    named = [layer.get(key) for layer in layers for key in ("data", "image")]
    names = {one.rpartition("/")[2] for one in named if isinstance(one, str) and "/" in one}
    return sum((STATIC_FOLDER / "basemap" / name).stat().st_size for name in names) / 1000


if __name__ == "__main__":
    lamps, painting_ms = _painted()
    modes = [vars(result) for result in _measured()]
    print(json.dumps({"lamps": lamps, "modes": modes, "painting_ms": painting_ms}))
