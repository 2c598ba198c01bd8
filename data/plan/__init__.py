"""The plan's tables from the CSV files beside this: one file a table, its columns the contract's."""

import re
from pathlib import Path

import pandas as pd

from data.contracts import table
from data.frames import contract_frame

FOLDER = Path(__file__).parent
TYPED = ("clauses", "indicators", "facts", "glossary", "milestones", "contradictions",
         "project_rivers")  # fmt: skip
"""Tables typed from the plan's text as they are; places and projects are located as well."""

_FLAGS = {"true": True, "false": False}


def read_csv(name: str) -> pd.DataFrame:
    """One CSV file of this folder as text, empty cells missing."""
    # As text: a clause such as 4.10 or a code with a leading 3301 must not become a number.
    return pd.read_csv(
        FOLDER / f"{name}.csv", dtype="str", encoding="utf-8", keep_default_na=False, na_values=[""]
    )


def plan_tables() -> dict[str, pd.DataFrame]:
    """The plan's tables by ``database.table``; no states or values of registers among them."""
    return {f"plan.{name}": _typed(f"plan.{name}", read_csv(name)) for name in TYPED}


def _typed(path: str, frame: pd.DataFrame) -> pd.DataFrame:
    flags = [column.name for column in table(path).columns if column.type == "BOOLEAN"]
    read = frame.assign(**{name: frame[name].map(_FLAGS) for name in flags}, source_kind="plan")
    return contract_frame(path, read)


def clause_words(clause: str) -> str:
    """A clause as people name it: 4.3.5 as it is, box2 as 专栏 2, table1 as 表 1, annex.5 as 附录 5."""
    named = re.fullmatch(r"(box|table|annex)\.?(\d*)", clause)
    if not named:
        return clause
    word = {"box": "专栏", "table": "表", "annex": "附录"}[named[1]]
    return f"{word} {named[2]}".strip()
