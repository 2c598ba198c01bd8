"""Class of a million samples: the one SQL rule against the same rule over numpy arrays.

Both take a table that is there already and make the four columns ``data.water_quality.JUDGED``; that
they agree in every row is asserted. A rule written row by row is measured on a part and multiplied.
"""

import time
from collections.abc import Callable, Iterator
from statistics import median

import duckdb
import numpy as np
import pandas as pd

from data.water_quality import ITEM_COLUMNS, JUDGED, REQUIRED_ITEMS, RULE_FILE, quality_limits

ROWS = 1_000_000
ROWS_ONE_BY_ONE = 20_000
REPEATS = 3
CLASSES = np.array(["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"], dtype=object)
CLASS_IV = 3
_RANGES = {"do_mg_l": (0, 12, 2), "codmn_mg_l": (0, 18, 1), "cod_mg_l": (5, 50, 0),
           "bod5_mg_l": (0, 12, 1), "nh3n_mg_l": (0, 2.5, 2), "tp_mg_l": (0, 0.5, 2),
           "ph": (5.5, 9.5, 1)}  # fmt: skip
_LACKING = {"cod_mg_l": 0.7, "bod5_mg_l": 0.7, "ph": 0.3}
"""Share of samples without an item; of the needed ones one in a hundred."""

Bounds = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]


def measure() -> Iterator[tuple[str, float]]:
    """Way and seconds for a million samples, the SQL rule first."""
    samples = _samples()
    bounds = _bounds()
    ours = _sql(samples)
    peer = _arrays(samples, bounds)
    for column in JUDGED:
        _assert_same(column, ours[column], peer[column])
    yield "SQL, result as a table", _seconds(_sql_table(samples))
    yield "numpy and pandas, result as a frame", _seconds(lambda: _arrays(samples, bounds))
    part = samples.head(ROWS_ONE_BY_ONE)
    one_by_one = part.apply(_row, axis=1, bounds=bounds)
    assert (
        one_by_one.fillna("").tolist() == ours["quality_class"].head(len(part)).fillna("").tolist()
    )
    seconds = _seconds(lambda: part.apply(_row, axis=1, bounds=bounds))
    yield (
        f"row by row, class alone ({ROWS_ONE_BY_ONE:,} rows × {ROWS // ROWS_ONE_BY_ONE})",
        seconds * ROWS / ROWS_ONE_BY_ONE,
    )


def _samples() -> pd.DataFrame:
    """Samples of all classes, rounded as laboratories do, so that many lie just on a limit."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"water_kind": np.where(random.random(ROWS) < 0.9, "river", "lake")})
    for column, (low, high, decimals) in _RANGES.items():
        values = random.uniform(low, high, ROWS).round(decimals)
        frame[column] = np.where(random.random(ROWS) < _LACKING.get(column, 0.01), np.nan, values)
    return frame.astype({"water_kind": "str"}).assign(row_number=range(ROWS))


def _seconds(run: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return median(times)


def _assert_same(column: str, ours: pd.Series, peer: pd.Series) -> None:
    if column == "spare_pct":
        assert np.allclose(ours, peer, rtol=0, atol=1e-6, equal_nan=True), column
    else:
        assert (ours.fillna("").to_numpy() == peer.fillna("").to_numpy()).all(), column


# --- the rule in SQL -----------------------------------------------------------------------------


def _connection(samples: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("frame", samples)
    connection.execute("CREATE TABLE samples AS FROM frame")
    connection.register("quality_limits", quality_limits())
    return connection


def _sql(samples: pd.DataFrame) -> pd.DataFrame:
    with _connection(samples) as connection:
        return connection.execute(RULE_FILE.read_text(encoding="utf-8")).df()


def _sql_table(samples: pd.DataFrame) -> Callable[[], object]:
    """The rule run on a table of the samples, its result written into a table."""
    connection = _connection(samples)
    *macros, rule = connection.extract_statements(RULE_FILE.read_text(encoding="utf-8"))
    for macro in macros:
        connection.execute(macro)
    return lambda: connection.execute(f"CREATE OR REPLACE TABLE judged AS {rule.query}")


# --- the same over arrays ------------------------------------------------------------------------


def _bounds() -> Bounds:
    """Limits of the five classes, from below and from above, by kind of water and column."""
    table = quality_limits().sort_values("quality_class")
    return {
        key: (of[["low"]].to_numpy(float, na_value=np.nan).ravel(),
              of[["high"]].to_numpy(float, na_value=np.nan).ravel())
        for key, of in table.groupby(["water_kind", "column_name"])
    }  # fmt: skip


def _arrays(samples: pd.DataFrame, bounds: Bounds) -> pd.DataFrame:
    judged = [
        _of_kind(samples[samples["water_kind"] == kind], kind, bounds) for kind in ("river", "lake")
    ]
    return pd.concat(judged).reindex(samples.index)


def _of_kind(samples: pd.DataFrame, kind: str, bounds: Bounds) -> pd.DataFrame:
    ranks, spares = [], []
    with np.errstate(invalid="ignore"):
        for column in ITEM_COLUMNS.values():
            low, high = bounds[kind, column]
            value = samples[column].to_numpy()
            fails = (value[:, None] < low) | (value[:, None] > high)
            ranks.append(np.where(np.isnan(value), np.nan, fails.sum(axis=1)))
            room = np.fmin(
                (value - low[CLASS_IV]) / low[CLASS_IV], (high[CLASS_IV] - value) / high[CLASS_IV]
            )
            spare = np.round(100.0 * room, 6)
            spares.append(np.where(spare < 0, spare, np.nan) if column == "ph" else spare)
    rank, spare = np.array(ranks), np.array(spares)
    worst, nearest = np.fmax.reduce(rank), np.fmin.reduce(spare)
    needed = [list(ITEM_COLUMNS).index(item) for item in REQUIRED_ITEMS]
    lacking = np.isnan(rank[needed])
    is_open = lacking.any(axis=0)
    classes = np.full(len(samples), None, dtype=object)
    classes[~is_open] = CLASSES[worst[~is_open].astype(int)]
    items = np.where(
        is_open, "缺 " + _joined(lacking, REQUIRED_ITEMS), _joined(rank == worst, ITEM_COLUMNS)
    )
    nearest_items = _joined(spare == nearest, ITEM_COLUMNS)
    return pd.DataFrame(
        {
            "quality_class": classes,
            "limiting_item": items,
            "spare_pct": nearest,
            "spare_item": np.where(nearest_items == "", None, nearest_items),
        },
        index=samples.index,
    )


def _joined(chosen: np.ndarray, names) -> np.ndarray:
    """The names of the chosen items of each sample, looked up by the pattern they make."""
    names = list(names)
    patterns = [
        "、".join(name for bit, name in enumerate(names) if pattern >> bit & 1)
        for pattern in range(2 ** len(names))
    ]
    code = (chosen * (2 ** np.arange(len(names)))[:, None]).sum(axis=0)
    return np.array(patterns, dtype=object)[code]


def _row(sample: pd.Series, bounds: Bounds) -> str | None:
    """Class of one sample, as one would write it for one."""
    if any(np.isnan(sample[ITEM_COLUMNS[item]]) for item in REQUIRED_ITEMS):
        return None
    worst = 0
    for column in ITEM_COLUMNS.values():
        value = sample[column]
        if not np.isnan(value):
            low, high = bounds[sample["water_kind"], column]
            worst = max(worst, int(((value < low) | (value > high)).sum()))
    return CLASSES[worst]
