"""What a reader makes of a file: its cells as text and its geometries, nothing judged yet."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from data.snapshot import SnapshotError

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_ROWS = 1_000_000
MAX_COLUMNS = 256

Severity = Literal["rejected", "corrected", "noted"]


class ImportProblem(SnapshotError):
    """A file as a whole cannot be read or used; the message (Chinese) names file, fault, remedy."""


@dataclass(frozen=True)
class Note:
    """Something a reader met at one place of the file."""

    row: int
    """Row as the file's own program counts it; 0 for the whole file."""
    heading: str
    """The column's heading as in the file; empty for a whole row or file."""
    value: str
    severity: Severity
    rule: str
    reason: str
    remedy: str


@dataclass
class RawTable:
    """One table or layer of a file."""

    file_name: str
    format: str
    """What it is, for people: ``CSV（GB18030）``, ``Excel 工作表“公厕”``, ``Shapefile``."""
    sha256: str
    """Of the file as read; ``read.read_file`` fills it in, a reader by itself leaves it empty."""
    cells: pd.DataFrame
    """Headings as in the file; every cell text (``str`` dtype, missing where empty), indexed by
    row number as the file's own program counts (first data row of a sheet with one header row: 2;
    features of a layer: from 1). Entirely blank rows are left out."""
    row_word: str = "行"
    geometry: np.ndarray | None = None
    """shapely geometries in the file's own coordinates, None where missing; as long as ``cells``."""
    declared_crs: str | None = None
    """Key of ``geo.crs.SYSTEMS`` that the file itself declares; None when it says nothing."""
    blank_rows: int = 0
    notes: list[Note] = field(default_factory=list)
