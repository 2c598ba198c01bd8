"""Class of surface water by the single-factor rule of GB 3838-2002 (环办〔2011〕22号).

A sample's class is that of its worst item; limits are inclusive (DO from above, the others from
below, pH from both sides); beyond class Ⅴ is 劣Ⅴ. Four items are needed (溶解氧, 高锰酸盐指数, 氨氮,
总磷), others count where they were measured; a missing item is never taken as zero: the class stays
open. Limits of 总磷 differ between rivers and lakes. Values are mg/L, pH has no unit.

The limits stand in ``data/standards/gb3838_2002.csv``, the rule in ``water_quality.sql``.
"""

from functools import cache
from pathlib import Path

import duckdb
import pandas as pd

from data.contracts import WATER_KINDS
from data.database_files import NO_EXTENSIONS
from data.frames import contract_frame

LIMITS_FILE = Path(__file__).parent / "standards" / "gb3838_2002.csv"
RULE_FILE = Path(__file__).with_suffix(".sql")

ITEM_COLUMNS = {
    "DO": "do_mg_l",
    "CODMn": "codmn_mg_l",
    "COD": "cod_mg_l",
    "BOD5": "bod5_mg_l",
    "NH3-N": "nh3n_mg_l",
    "TP": "tp_mg_l",
    "pH": "ph",
}
"""Items with limits, and the columns they stand in."""
REQUIRED_ITEMS = ("DO", "CODMn", "NH3-N", "TP")
"""Items by which urban rivers are judged in practice: without one of them there is no class."""
JUDGED = ("quality_class", "limiting_item", "spare_pct", "spare_item")
"""Columns that ``classify`` makes."""


@cache
def quality_limits() -> pd.DataFrame:
    """``rivers.quality_limits``: one row an item, kind of water and class, with the clause."""
    table = pd.read_csv(LIMITS_FILE, encoding="utf-8")
    both = [
        table[table["water_kind"].isin([kind, "all"])].assign(water_kind=kind)
        for kind in WATER_KINDS
    ]
    frame = pd.concat(both, ignore_index=True).assign(source_kind="standard")
    return contract_frame("rivers.quality_limits", frame)


def classify(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns ``JUDGED`` of every sample, with the frame's own index.

    ``frame`` has ``water_kind`` and, of ``ITEM_COLUMNS``, the columns that were measured.
    ``limiting_item``: the items of the worst class, joined by 、; with a needed item missing the
    class is missing and it says which ones lack (``缺 TP``). ``spare_pct``: how far the item
    nearest to its limit of class Ⅳ stays within it, in % of that limit (negative: beyond it), over
    the items that were measured; ``spare_item`` names it.
    """
    samples = frame.reindex(columns=["water_kind", *ITEM_COLUMNS.values()])
    for column in ITEM_COLUMNS.values():
        samples[column] = samples[column].astype("Float64").astype("float64")
    samples = samples.astype({"water_kind": "str"}).assign(row_number=range(len(frame)))
    with duckdb.connect(config=NO_EXTENSIONS) as connection:
        # A bar would be printed among the lines of a command that speaks JSON.
        connection.execute("SET enable_progress_bar = false")
        connection.register("samples", samples)
        connection.register("quality_limits", quality_limits())
        judged = connection.execute(RULE_FILE.read_text(encoding="utf-8")).df()
    if len(judged) != len(frame):
        raise ValueError("samples of an unknown kind of water")
    types = {name: "float64" if name == "spare_pct" else "str" for name in JUDGED}
    return judged[list(JUDGED)].astype(types).set_axis(frame.index)
