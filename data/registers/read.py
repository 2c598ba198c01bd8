"""Open a file or a database as one raw table; the content decides what it is, not the name."""

from collections.abc import Mapping
from pathlib import Path

from data.registers.raw import RawTable
from data.registers.register import Register
from data.registers.validation import Progress, no_progress


def layers(path: Path) -> list[str]:
    """Names of the sheets or layers of a file, in its order; one empty name where it has none."""
    raise NotImplementedError


def read_file(
    path: Path,
    register: Register,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> RawTable:
    """Cells and geometries of one sheet or layer (the first with rows unless named).

    ImportProblem, in Chinese with file, fault and remedy, for anything that cannot be read whole:
    empty, damaged, cut short, changed while read, too large, a zip bomb, a format not known.
    """
    raise NotImplementedError


def read_postgis(url: str, relation: str, register: Register) -> RawTable:
    """Rows of a table or view ``schema.table`` of a PostGIS database, read-only."""
    raise NotImplementedError


def postgis_url(secrets: Mapping | None = None) -> str | None:
    """Connection string of the secrets file (``[postgis] url``) or COCKPIT_POSTGIS; None if none."""
    raise NotImplementedError
