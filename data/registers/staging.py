"""A checked import kept on disk until it is published or dropped: ``store/.staging/<id>/``.

So the check can run in a process of its own, and what is published is exactly what was looked at:
the files are written beside, moved into place whole, and read back only if their checksums hold.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.frames import PANDAS_TYPES
from data.registers.difference import Difference
from data.registers.register import Register
from data.registers.registry import register
from data.registers.rejected_places import rejected_places
from data.registers.validation import CrsVerdict, Options, Validation
from data.snapshot import SnapshotError
from data.system_faults import reason

FOLDER = ".staging"
KEPT_DAYS = 7
"""A staged import that nobody published is forgotten after so long; the office's file stays."""
DRAFT_HOURS = 12
"""A half-written one is left of a process that died; no check takes so long."""
MOST_CELLS_ROWS = 20_000
"""Files to this many rows keep all their cells for the report, longer ones those with findings."""

_FORMAT_VERSION = 1
_DESCRIPTION = "staged.json"
_DRAFT = ".draft-"
_ID = re.compile(r"(?P<register>[a-z_-]{1,40})-\d{8}-[0-9a-f]{16}")
_DIFFERENCE = ("new", "changed", "changed_keys", "gone")
_FRAMES = ("rows", "findings", "cells", "rejected_places", *_DIFFERENCE)


@dataclass(frozen=True)
class Staged:
    """A checked import as read back from disk; its frames are read when they are asked for."""

    staging_id: str
    register: Register
    file_name: str
    format: str
    file_sha256: str
    row_word: str
    options: Options
    mapping: dict[str, str]
    crs: CrsVerdict | None
    read_count: int
    accepted_count: int
    corrected_count: int
    rejected_count: int
    blank_rows: int
    blockers: tuple[str, ...]
    base_version: int | None
    """Version against which the difference was made."""
    staged_at: str
    """UTC, ISO 8601."""
    unchanged_count: int
    replaces_sample: bool
    headings: tuple[str, ...]
    """Headings of ``cells``, in the file's order."""
    has_all_cells: bool
    checksums: dict[str, str]
    """SHA-256 of each frame's file."""
    folder: Path

    @cached_property
    def findings(self) -> pd.DataFrame:
        """See ``data.registers.findings.COLUMNS``."""
        return self._read("findings")

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Accepted rows with the types of the contract, indexed by row number in the file."""
        return self._read("rows")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Cells of the file as text, by row number: all of them, or those of rows with findings."""
        return self._read("cells").set_axis(list(self.headings), axis=1)

    @cached_property
    def rejected_places(self) -> pd.DataFrame:
        """Rejected rows whose position can be read; see ``data.registers.rejected_places``."""
        return self._read("rejected_places")

    @cached_property
    def difference(self) -> Difference:
        """What publishing would change against ``base_version``."""
        return Difference(
            **{name: self._read(name) for name in _DIFFERENCE},
            unchanged_count=self.unchanged_count,
            replaces_sample=self.replaces_sample,
        )

    def _read(self, name: str) -> pd.DataFrame:
        path = self.folder / f"{name}.parquet"
        try:
            if _sha256(path) != self.checksums[name]:
                raise _damaged(self.staging_id)
            frame = pq.read_table(path).to_pandas()
        except FileNotFoundError as error:
            raise _gone(self.staging_id) from error
        except (OSError, KeyError, pa.ArrowException) as error:
            raise _damaged(self.staging_id) from error
        return (
            _typed(frame, self.register)
            if name in ("rows", "new", "changed_keys", "gone")
            else frame
        )


def _typed(frame: pd.DataFrame, register: Register) -> pd.DataFrame:
    """The contract's types again, for the columns that are the table's."""
    known = {column.name: PANDAS_TYPES[column.type] for column in register.table.columns}
    return frame.astype({name: known[name] for name in frame.columns if name in known})


def _gone(staging_id: str) -> SnapshotError:
    return SnapshotError(
        f"没有待发布的导入 {staging_id}（可能已发布或超过 {KEPT_DAYS} 天被清理），请重新导入文件"
    )


def _damaged(staging_id: str) -> SnapshotError:
    return SnapshotError(f"待发布的导入 {staging_id} 已损坏，请重新导入文件")


def is_staging_id(text: str) -> bool:
    """Whether the text has the form of an id; only such a text ever becomes part of a path."""
    return _ID.fullmatch(text) is not None


def _folder_of(store: Path, staging_id: str) -> Path:
    if not is_staging_id(staging_id):
        raise SnapshotError(f"“{staging_id}”不是待发布导入的编号，请使用导入时给出的编号")
    return Path(store) / FOLDER / staging_id


def stage(
    store: Path, validation: Validation, base_version: int | None, compared: Difference
) -> str:
    """Write a checked import beside the snapshots; returns its id.

    Older ones are swept. SnapshotError, with nothing left behind, when the disk refuses.
    """
    area = Path(store) / FOLDER
    sweep(store)
    # Whoever can guess the id could publish it: the random part is long.
    staging_id = f"{validation.register.name}-{time.strftime('%Y%m%d')}-{secrets.token_hex(8)}"
    draft = area / f"{_DRAFT}{secrets.token_hex(8)}"
    try:
        draft.mkdir(parents=True)
        frames = _frames(validation, compared)
        for name, frame in frames.items():
            table = pa.Table.from_pandas(frame, preserve_index=True)
            pq.write_table(table, draft / f"{name}.parquet", compression="zstd")
        description = {
            **_description(validation, base_version, compared),
            "staging_id": staging_id,
            "has_all_cells": len(frames["cells"]) == validation.read_count,
            "checksums": {name: _sha256(draft / f"{name}.parquet") for name in frames},
        }
        text = json.dumps(description, ensure_ascii=False, indent=1)
        (draft / _DESCRIPTION).write_text(text, encoding="utf-8")
        os.rename(draft, area / staging_id)
    except (OSError, pa.ArrowException) as error:
        raise SnapshotError(f"校验结果无法写入 {area}：{reason(error)}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return staging_id


def _frames(validation: Validation, compared: Difference) -> dict[str, pd.DataFrame]:
    cells = validation.raw.cells
    if len(cells) > MOST_CELLS_ROWS:
        cells = cells[cells.index.isin(validation.findings["row"])].head(MOST_CELLS_ROWS)
    # Headings may be blank or twice the same; a parquet file wants names, and these are no one's.
    numbered = cells.set_axis([f"c{number}" for number in range(cells.shape[1])], axis=1)
    return {
        "rows": validation.rows,
        "findings": validation.findings,
        "cells": numbered,
        "rejected_places": rejected_places(validation),
        **{name: getattr(compared, name) for name in _DIFFERENCE},
    }


def _description(
    validation: Validation, base_version: int | None, compared: Difference
) -> dict[str, Any]:
    raw, crs, options = validation.raw, validation.crs, validation.options
    return {
        "format_version": _FORMAT_VERSION,
        "register": validation.register.name,
        "file_name": raw.file_name,
        "format": raw.format,
        "file_sha256": raw.sha256,
        "row_word": raw.row_word,
        "options": vars(options) | {"mapping": dict(options.mapping)},
        "mapping": validation.mapping,
        "crs": crs and _verdict_record(crs),
        "read_count": validation.read_count,
        "accepted_count": validation.accepted_count,
        "corrected_count": validation.corrected_count,
        "rejected_count": validation.rejected_count,
        "blank_rows": raw.blank_rows,
        "blockers": list(validation.blockers),
        "base_version": base_version,
        "staged_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "unchanged_count": int(compared.unchanged_count),
        "replaces_sample": bool(compared.replaces_sample),
        "headings": [str(heading) for heading in raw.cells.columns],
    }


def _verdict_record(verdict: CrsVerdict) -> dict[str, Any]:
    plain = {name: dict(getattr(verdict, name)) for name in ("inside_pct", "landmark_m")}
    return json.loads(json.dumps(vars(verdict) | plain, default=_plain_number))


def _plain_number(value: Any) -> Any:
    """Numbers as they come out of numpy."""
    return value.item()


def load(store: Path, staging_id: str) -> Staged:
    """Read a staged import; SnapshotError when there is none of that id or it is damaged."""
    folder = _folder_of(store, staging_id)
    try:
        known = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        if known.pop("format_version") != _FORMAT_VERSION or known["staging_id"] != staging_id:
            raise _damaged(staging_id)
        known |= {
            "register": register(known["register"]),
            "options": Options(**known["options"]),
            "crs": CrsVerdict(**known["crs"]) if known["crs"] else None,
            "blockers": tuple(known["blockers"]),
            "headings": tuple(known["headings"]),
        }
        return Staged(**known, folder=folder)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _gone(staging_id) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(staging_id) from error


def drop(store: Path, staging_id: str) -> None:
    """Forget a staged import; one that is not there is no fault."""
    shutil.rmtree(_folder_of(store, staging_id), ignore_errors=True)


def sweep(store: Path) -> None:
    """Delete staged imports that nobody published in time, and what dead processes left."""
    try:
        found = list((Path(store) / FOLDER).iterdir())
    except OSError:
        return
    now = time.time()
    for folder in found:
        hours = DRAFT_HOURS if folder.name.startswith(_DRAFT) else 24 * KEPT_DAYS
        try:
            is_old = now - folder.stat().st_mtime > hours * 3600
        except OSError:
            continue  # another process swept it
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
