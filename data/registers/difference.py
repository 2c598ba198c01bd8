"""What an import would change: new, changed and gone rows against the register that stands."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.contracts import table
from data.registers.registry import register

SAME_NUMBER = 1e-9
"""Relative and absolute: less is the noise of writing a number as text and reading it back."""
SAME_DEGREES = 1e-6
"""Positions nearer than this (about 0.1 m) are the same."""
COMPARED = {"plan.projects": ("state", "started_on", "completed_on")}
"""Tables of which a register gives some columns only."""
NOT_COMPARED = ("source_kind", "position_source", "length_m")
"""Where a row comes from is no change of what it says; a length follows from its course, and is the
sum of the parts by subdistrict once it is published."""


@dataclass(frozen=True)
class Difference:
    """Rows by what happens to them; compared by the table's key."""

    new: pd.DataFrame
    """Rows (columns of the table) whose key does not stand yet."""
    changed: pd.DataFrame
    """One row a changed cell: the key columns, ``column`` (title), ``before``, ``after`` (text)."""
    changed_keys: pd.DataFrame
    """Rows (new values) that differ in at least one cell."""
    gone: pd.DataFrame
    """Rows that stand and are not in the file."""
    unchanged_count: int
    replaces_sample: bool
    """Whether what stands is sample data: then all of it goes, and keys do not matter."""

    @property
    def gone_count(self) -> int:
        """Rows that an office delivered and that go; samples that give way are none."""
        return 0 if self.replaces_sample else len(self.gone)

    @property
    def sample_count(self) -> int:
        """Sample rows that give way."""
        return len(self.gone) if self.replaces_sample else 0


def gone_word(dataset: str) -> str:
    """What becomes of rows that are no longer delivered: what the plan names stays, unreported."""
    return "转为未填报" if dataset in COMPARED else "减少"


def difference_text(
    dataset: str, new: int, changed: int, gone: int, sample: int, unchanged: int | None = None
) -> str:
    """Numbers of rows by what happens to them, in words; against samples there is nothing to compare."""
    if sample:
        return f"替换示例 {sample:,} 行"
    told = f"新增 {new:,}、变更 {changed:,}、{gone_word(dataset)} {gone:,}"
    return told if unchanged is None else f"{told}、不变 {unchanged:,}"


def difference(rows: pd.DataFrame, standing: pd.DataFrame, dataset: str) -> Difference:
    """Compare accepted rows with the standing rows of ``dataset`` (``database.table``).

    ``standing`` has the contract's columns; where it is sample data all of it is gone and every
    row new. Rows keep the index they come with.
    """
    contract = table(dataset)
    key = list(contract.key)
    is_partial = dataset in COMPARED
    if is_partial:
        given = list(COMPARED[dataset])
        standing_given = standing[standing[given].notna().any(axis=1)]
    else:
        standing_given = standing
    replaces_sample = _is_sample(standing_given)
    compared = [
        column
        for column in contract.columns
        if column.name in rows
        and column.name not in (*key, *NOT_COMPARED)
        and (not is_partial or column.name in given)
    ]
    if replaces_sample or standing_given.empty:
        nothing = rows.iloc[:0]
        return Difference(rows, _cells(key, []), nothing, standing_given, 0, replaces_sample)
    new_keys = _keys(rows[key])
    old_keys = _keys(standing_given[key].astype(rows[key].dtypes))
    at = old_keys.get_indexer(new_keys)
    is_new = at < 0
    is_gone = np.ones(len(standing_given), dtype=bool)
    is_gone[at[~is_new]] = False
    both = rows[~is_new]
    before = standing_given.iloc[at[~is_new]]
    words = {
        item.name: {value: word for word, value in reversed(item.words.items())}
        for item in register(dataset).fields
    }
    parts, differs = [], np.zeros(len(both), dtype=bool)
    for column in compared:
        apart = _apart(both[column.name], before[column.name], column.name)
        differs |= apart
        if apart.any():
            part = both.loc[apart, key].assign(
                column=column.title,
                before=_text(before[column.name][apart], words.get(column.name, {})).to_numpy(),
                after=_text(both[column.name][apart], words.get(column.name, {})).to_numpy(),
            )
            parts.append(part)
    return Difference(
        new=rows[is_new],
        changed=_cells(key, parts),
        changed_keys=both[differs],
        gone=standing_given[is_gone],
        unchanged_count=int((~differs).sum()),
        replaces_sample=False,
    )


def _keys(frame: pd.DataFrame) -> pd.Index:
    """Keys of rows; of one column they are looked up several times faster than as tuples."""
    columns = list(frame.columns)
    return pd.Index(frame[columns[0]]) if len(columns) == 1 else pd.MultiIndex.from_frame(frame)


def _is_sample(standing: pd.DataFrame) -> bool:
    return not standing.empty and bool((standing["source_kind"] == "sample").any())


def _cells(key: list[str], parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=[*key, "column", "before", "after"], dtype="str")
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _apart(after: pd.Series, before: pd.Series, name: str) -> np.ndarray:
    """Which values differ; two missing ones do not."""
    after_missing, before_missing = after.isna().to_numpy(), before.isna().to_numpy()
    if pd.api.types.is_float_dtype(after.dtype):
        a, b = after.to_numpy(dtype=float), before.to_numpy(dtype=float)
        limit = SAME_DEGREES if name in ("lon", "lat") else SAME_NUMBER
        near = np.isclose(a, b, rtol=SAME_NUMBER, atol=limit)
    else:
        same = after.reset_index(drop=True) == before.reset_index(drop=True)
        near = same.fillna(False).to_numpy(dtype=bool)
    return np.where(after_missing | before_missing, after_missing != before_missing, ~near)


def _text(values: pd.Series, words: Mapping[str, str]) -> pd.Series:
    """Values as an officer reads and writes them (``words`` by value); missing ones empty."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return values.dt.strftime("%Y-%m-%d").astype("str").fillna("")
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "是", False: "否"}).astype("str").fillna("")
    if pd.api.types.is_float_dtype(values.dtype):
        return values.map("{:.10g}".format, na_action="ignore").astype("str").fillna("")
    texts = values.astype("str")
    return texts.map(words).astype("str").fillna(texts).fillna("")
