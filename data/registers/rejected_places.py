"""Where rejected rows lie, as far as their coordinates can be read: for the preview's map alone."""

import numpy as np
import pandas as pd

from data.registers import positions
from data.registers.validation import Validation
from geo.crs import SYSTEMS
from geo.geojson import to_text

AROUND_DEGREES = 0.5
"""What lies further beside the contract's coordinate range is not worth a place on the map."""


def rejected_places(validation: Validation) -> pd.DataFrame:
    """Rejected rows with a readable position, indexed by row number.

    Columns are fields of the register as text, and ``lon``, ``lat`` (degrees) or ``geometry_json``.
    """
    raw = validation.raw
    is_rejected = ~raw.cells.index.isin(validation.rows.index)
    system, swapped = _declared(validation)
    heading_of = {field: heading for heading, field in validation.mapping.items() if field}
    texts = {
        field: raw.cells.loc[is_rejected, heading]
        for field, heading in heading_of.items()
        if field not in ("lon", "lat", "geometry_json")
    }
    # A column named twice in a damaged heading would be a frame, not a column.
    frame = pd.DataFrame(
        {field: text for field, text in texts.items() if text.ndim == 1},
        index=raw.cells.index[is_rejected],
    )
    if system is None or not len(frame.index):
        return frame.iloc[:0]
    if raw.geometry is not None:
        return _with_shapes(frame, raw.geometry[is_rejected], system, swapped)
    if {"lon", "lat"} <= set(heading_of):
        x, y = (
            pd.to_numeric(_plain(raw.cells.loc[is_rejected, heading_of[name]]), errors="coerce")
            for name in ("lon", "lat")
        )
        lon, lat = positions.to_degrees(x.to_numpy(float), y.to_numpy(float), system, swapped)
        return _near(frame.assign(lon=lon, lat=lat), validation)
    return frame.iloc[:0]


def _declared(validation: Validation) -> tuple[str | None, bool]:
    verdict, options = validation.crs, validation.options
    system = options.crs or validation.raw.declared_crs
    swapped = verdict.swapped if verdict else options.swap_axes
    return (system if system in SYSTEMS else None), swapped


def _plain(cells: pd.Series) -> pd.Series:
    return cells.str.normalize("NFKC").str.strip()


def _with_shapes(
    frame: pd.DataFrame, shapes: np.ndarray, system: str, swapped: bool
) -> pd.DataFrame:
    degrees = positions.geometry_to_degrees(shapes, system, swapped)
    frame = frame.assign(geometry_json=[to_text(shape) for shape in degrees])
    return frame[frame["geometry_json"].notna()]


def _near(frame: pd.DataFrame, validation: Validation) -> pd.DataFrame:
    """The rows on the map's part of the earth."""
    inside = pd.Series(True, index=frame.index)
    for name in ("lon", "lat"):
        column = validation.register.column(name)
        inside &= frame[name].between(column.low - AROUND_DEGREES, column.high + AROUND_DEGREES)
    return frame[inside]
