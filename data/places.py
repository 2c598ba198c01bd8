"""The named places of the plan (三街三圈三站 …), located where the geography knows them."""

import pandas as pd

from data.frames import contract_frame
from data.plan import read_csv


def places_table() -> pd.DataFrame:
    """``plan.places``: the plan's named places with their position, if any."""
    return contract_frame(
        "plan.places", read_csv("places").assign(is_mapped=False, source_kind="plan")
    )
