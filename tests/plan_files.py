"""Reading the plan's CSV files in tests as they were typed."""

import pandas as pd


def path_of(name):
    return f"data/plan/{name}.csv"


def read(name):
    """Every cell as text, the way a code such as ``2.1`` or ``330102001`` has to be read."""
    return pd.read_csv(path_of(name), dtype=str, keep_default_na=False)
