"""Identifiers of urban components: 16 digits, of the district (6), the class (4), a serial (6).

Form and classes: GB/T 30428.2, the platform's catalogue of components.
"""

import pandas as pd

LAMP_CLASSES = {"street_lamp": "0118", "ground_lamp": "0119", "scenery_light": "0120"}
"""Class of each kind of lamp: 路灯, 地灯, 景观灯."""
_IDENTIFIER = "[0-9]{16}"


def component_class(ids: pd.Series) -> pd.Series:
    """Class within each identifier; missing where an id is none of 16 digits."""
    return ids.str.slice(6, 10).where(ids.str.fullmatch(_IDENTIFIER).fillna(False))
