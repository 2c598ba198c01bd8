"""Every project of the plan, located by street, river or compound where the geography knows it."""

import pandas as pd

from data.frames import contract_frame
from data.plan import read_csv


def projects_table() -> pd.DataFrame:
    """``plan.projects`` as the plan lists them: no state, no dates."""
    return contract_frame(
        "plan.projects", read_csv("projects").assign(is_mapped=False, source_kind="plan")
    )
