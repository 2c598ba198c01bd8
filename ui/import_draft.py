"""An import as far as its officer has come: kept in the session, with the uploaded file on disk.

The file lies in a private folder that goes when the draft goes: when it is published or replaced,
or when the session ends.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from data.registers import staging
from data.registers.read import postgis_url
from data.registers.register import Register
from data.registers.registry import REGISTERS, register
from data.registers.staging import Staged
from data.snapshot import SnapshotError, store_folder
from ui.import_job import Job

SOURCE, COLUMNS, REPORT, PREVIEW, PUBLISH = range(1, 6)
_KEY = "import_draft"
_PREFIX = "cockpit-upload-"
_FORGOTTEN_S = 24 * 3600
"""Folders of a server that was killed are swept once they are a day old."""


class Upload:
    """A file of the officer, written where only this server reads it."""

    def __init__(self, name: str, content: memoryview) -> None:
        """Write the file; OSError when the disk is full."""
        _sweep()
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / file_name(name)
        self.size = len(content)
        self.path.write_bytes(content)

    @property
    def folder(self) -> Path:
        """The private folder, also for what a command on this file writes meanwhile."""
        return self.path.parent

    def delete(self) -> None:
        """Remove the file now."""
        self._folder.cleanup()


def file_name(name: str) -> str:
    """A name as it may stand on disk, whatever a browser says; the ending stays."""
    last = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    stem, dot, ending = last.strip(". ").rpartition(".")
    # Names count in bytes on disk, and a Chinese character takes three.
    kept = (stem or ending).encode()[:180].decode(errors="ignore")
    return (f"{kept}{dot}{ending[:12]}" if stem else kept) or "upload"


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _FORGOTTEN_S:
                shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Draft:
    """Everything the officer has chosen, and what the commands have found so far."""

    step: int = SOURCE
    register_name: str = REGISTERS[0].name
    upload: Upload | None = None
    relation: str = ""
    """Table or view ``schema.table`` of the PostGIS database, in place of a file."""
    seen: dict | None = None
    """What ``data.registers.peek`` found in the file."""
    layer: str | None = None
    crs: str | None = None
    swap_axes: bool = False
    confirmed_crs: str | None = None
    """The system that the officer stands by although another fits better."""
    headings: dict[str, str] = field(default_factory=dict)
    """Heading by field name; a field without a heading is left out."""
    provider: str = ""
    as_of: str = ""
    licence: str = "内部资料"
    staging_id: str | None = None
    checked: tuple | None = None
    """The settings that the staged check was made with."""
    staged: Staged | None = None
    """The staged check as read from disk."""
    leaves_out: bool = False
    """Whether the rejected rows are knowingly left out."""
    published: dict | None = None
    job: Job | None = None
    job_kind: str = ""
    problem: str = ""
    is_unreadable: bool = False
    """Whether the uploaded file was looked into in vain: another try would end the same."""

    @property
    def register(self) -> Register:
        return register(self.register_name)

    @property
    def source(self) -> str | None:
        """What the commands read: a path or ``postgis:schema.table``; None when nothing is chosen."""
        if self.relation:
            return f"postgis:{self.relation}"
        return str(self.upload.path) if self.upload else None

    @property
    def source_name(self) -> str:
        """The source as people know it."""
        return self.relation or (self.upload.path.name if self.upload else "")

    @property
    def settings(self) -> tuple:
        """Everything the outcome of a check depends on."""
        return (
            self.register_name, self.source, self.layer, self.crs, self.swap_axes,
            self.confirmed_crs,
            tuple(sorted(self.headings.items())), self.provider, self.as_of, self.licence,
        )  # fmt: skip

    @property
    def is_checked(self) -> bool:
        """Whether a staged check of exactly these settings is at hand."""
        return self.staging_id is not None and self.checked == self.settings

    def choose_register(self, name: str) -> None:
        """Take another register; the file must be read again for it."""
        if name != self.register_name:
            self.register_name = name
            self.forget_file()

    def forget_file(self) -> None:
        """What was found in the file and made of it no longer holds."""
        self.forget_check()
        self.seen, self.layer, self.headings = None, None, {}
        self.crs, self.swap_axes, self.confirmed_crs, self.problem = None, False, None, ""
        self.is_unreadable = False

    def forget_check(self) -> None:
        """Drop the staged check."""
        if self.staging_id:
            with contextlib.suppress(SnapshotError, OSError):
                staging.drop(store_folder(), self.staging_id)
        self.staging_id, self.checked, self.staged, self.leaves_out = None, None, None, False

    def replace_upload(self, name: str, content: memoryview) -> None:
        """Take another file in place of the one before."""
        self.forget_file()
        if self.upload:
            self.upload.delete()
        self.upload, self.relation = None, ""
        self.upload = Upload(name, content)

    def start(self, kind: str, arguments: list[str]) -> None:
        """Run ``python <arguments>`` for this draft."""
        self.problem = ""
        environment = {"COCKPIT_STORE": str(store_folder())}
        if self.upload:
            environment["TMPDIR"] = str(self.upload.folder)
        if url := database_url():
            environment["COCKPIT_POSTGIS"] = url
        try:
            self.job, self.job_kind = Job(arguments, environment), kind
        except OSError as error:
            self.problem = f"无法启动处理程序：{error.strerror or error}"

    def take_outcome(self) -> tuple[str, dict] | None:
        """Kind and outcome of the job that has ended, once; a problem is kept for the page."""
        if self.job is None or self.job.outcome is None:
            return None
        kind, outcome = self.job_kind, self.job.outcome
        self.job, self.job_kind = None, ""
        self.problem = str(outcome.get("problem", ""))
        if kind == "peek" and self.problem:
            # The first sheet may well be sound; and a database may answer the next time.
            self.is_unreadable = bool(self.upload and outcome.get("unreadable") and not self.layer)
            self.layer = None
        return None if self.problem else (kind, outcome)


def database_url() -> str | None:
    """Connection string of the PostGIS database, where one is configured."""
    try:
        secrets: Mapping = st.secrets.to_dict()
    except Exception:  # Streamlit raises its own and other errors where there is no secrets file.
        secrets = {}
    return postgis_url(secrets)


def current() -> Draft:
    """The draft of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Draft()
    return st.session_state[_KEY]


def begin_anew(register_name: str | None = None) -> None:
    """Forget this session's draft, its file and its staged check."""
    draft: Draft | None = st.session_state.pop(_KEY, None)
    if draft is not None:
        if draft.job:
            draft.job.cancel()
        if not draft.published:
            draft.forget_check()
        if draft.upload:
            draft.upload.delete()
        register_name = register_name or draft.register_name
    if register_name:
        st.session_state[_KEY] = Draft(register_name=register_name)
