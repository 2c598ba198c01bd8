"""What a file holds, before it is checked: sheets, headings, samples, its coordinate system.

Run as ``python -m data.registers.peek REGISTER SOURCE [--layer NAME]``: progress and outcome are
JSON lines, as of ``python -m data import --json``. Exit codes: 0 well, 2 the file cannot be read.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from data.registers import columns, doubts
from data.registers.raw import ImportProblem, RawTable
from data.registers.read import layers, postgis_url, read_file, read_postgis
from data.registers.register import Register
from data.registers.registry import register
from data.registers.run import POSTGIS
from data.registers.turns import turn
from data.registers.validation import Progress, no_progress
from data.snapshot import store_folder

SAMPLES = 3
SAMPLE_CHARS = 40


@dataclass(frozen=True)
class Heading:
    """One column of the file: its heading, the field it was matched with, its first values."""

    heading: str
    field: str
    """Name of the field; empty where none was found."""
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Peek:
    """One sheet or layer of a file as the officer sees it before the check."""

    format: str
    row_count: int
    row_word: str
    layers: tuple[str, ...]
    """Sheets or layers to choose from; one empty name where the file has none."""
    headings: tuple[Heading, ...]
    has_geometry: bool
    declared_crs: str | None
    notes: tuple[str, ...]


def peek(
    store: Path,
    source: str,
    wanted: Register,
    layer: str | None = None,
    progress: Progress = no_progress,
) -> Peek:
    """Read a file (or ``postgis:schema.table``) and match its headings; ImportProblem if it cannot."""
    if source.startswith(POSTGIS):
        url = postgis_url()
        if url is None:
            raise ImportProblem("没有配置 PostGIS 连接：请在 secrets 中填写 [postgis] url。")
        named, raw = [""], read_postgis(url, source.removeprefix(POSTGIS), wanted)
    else:
        progress("识别文件", None)
        named, raw = layers(Path(source)), read_file(Path(source), wanted, layer, progress)
    return _seen(store, raw, wanted, named)


def _seen(store: Path, raw: RawTable, wanted: Register, named: Sequence[str]) -> Peek:
    remembered = columns.remembered(store, wanted)
    matched = columns.match_headings(list(raw.cells.columns), wanted, remembered)
    doubted = {}
    if raw.cells.columns.is_unique:
        doubted = doubts.doubts(raw, wanted, doubts.unmapped(matched, remembered))
        matched |= dict.fromkeys(doubted, "")
    headings = tuple(
        Heading(name, matched.get(name, ""), _samples(raw, place))
        for place, name in enumerate(raw.cells.columns)
    )
    return Peek(
        raw.format,
        len(raw.cells),
        raw.row_word,
        tuple(named),
        headings,
        raw.geometry is not None,
        raw.declared_crs,
        (
            *(note.reason for note in raw.notes if note.row == 0),
            *(f"“{note.heading}”列{note.reason}" for note in doubted.values()),
        ),
    )


def _samples(raw: RawTable, place: int) -> tuple[str, ...]:
    """The first different values of a column, long ones cut."""
    values = raw.cells.iloc[:, place].dropna().head(2000).drop_duplicates().head(SAMPLES)
    return tuple(
        value if len(value) <= SAMPLE_CHARS else f"{value[:SAMPLE_CHARS]}…"
        for value in values.astype(str)
    )


def _tell(line: dict) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _tell_step(step: str, share: float | None) -> None:
    _tell({"step": step, "share": share})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m data.registers.peek")
    parser.add_argument("register")
    parser.add_argument("source")
    parser.add_argument("--layer")
    asked = parser.parse_args(arguments)
    try:
        with turn(store_folder(), _tell_step):
            wanted = register(asked.register)
            seen = peek(store_folder(), asked.source, wanted, asked.layer, _tell_step)
    except (ImportProblem, OSError) as problem:
        _tell({"problem": str(problem), "unreadable": isinstance(problem, ImportProblem)})
        return 2
    _tell(asdict(seen))
    return 0


if __name__ == "__main__":
    sys.exit(main())
