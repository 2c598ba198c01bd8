"""Work on an officer's file in a process of its own: its progress, its outcome, its end.

A reader that crashes or takes all memory then ends that process, never the server. The process
writes one JSON object a line: progress steps first, the outcome last.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping, Sequence

import streamlit as st

from data.snapshot import PROJECT_ROOT

POLL_S = 0.4
KEPT_LOG_CHARS = 4000
STOP_S = 5
LARGEST_LINE = 1_000_000
CANCELLED = "已取消，没有改动任何数据。"
ENDED = "处理中途意外结束（代码 {code}），没有改动任何数据。请检查文件能否用原软件打开后重试；若仍出现，请联系管理员。"


class _Told:
    """What the process has said so far; shared between the reading thread and the page."""

    def __init__(self) -> None:
        self.step = "正在启动"
        self.share: float | None = None
        self.outcome: dict | None = None
        self.is_cancelled = False
        self.done = threading.Event()


class Job:
    """One running command; killed when nobody holds it any more (the session has ended)."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start ``python <arguments>`` in the project's folder; OSError when it cannot start."""
        self._told = _Told()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT_ROOT,
            env={**os.environ, **environment, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # A group of its own, so that what it has started ends with it.
            start_new_session=True,
        )
        self._process = process
        # The threads hold the process and what it says, not the job: the job can be forgotten.
        log: list[bytes] = []
        errors = threading.Thread(target=_read_errors, args=(process, log), daemon=True)
        errors.start()
        threading.Thread(
            target=_read_lines, args=(process, self._told, log, errors), daemon=True
        ).start()
        self._finalizer = weakref.finalize(self, _stop, process)

    @property
    def step(self) -> str:
        """What is being done now, in Chinese."""
        return self._told.step

    @property
    def share(self) -> float | None:
        """Share done, 0–1; None when it is not known."""
        return self._told.share

    @property
    def outcome(self) -> dict | None:
        """The last line of the command once it has ended; ``problem`` says why it failed."""
        return self._told.outcome if self._told.done.is_set() else None

    def cancel(self) -> None:
        """End the process; the outcome says that it was cancelled."""
        self._told.is_cancelled = True
        _stop(self._process)

    def wait(self, timeout_s: float) -> dict | None:
        """The outcome, waited for at most so long."""
        self._told.done.wait(timeout_s)
        return self.outcome


def _stop(process: subprocess.Popen) -> None:
    """End the process and all it has started, politely first."""
    for sign in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        if process.poll() is not None:
            return
        try:
            if os.name == "posix":
                os.killpg(process.pid, sign)
            else:
                process.terminate()
            process.wait(STOP_S)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _read_errors(process: subprocess.Popen, log: list[bytes]) -> None:
    """Keep the end of what the process says on its error stream, so that it never blocks there."""
    for line in process.stderr:
        log.append(line)
        del log[:-50]


def _read_lines(
    process: subprocess.Popen, told: _Told, log: list[bytes], errors: threading.Thread
) -> None:
    last: dict = {}
    while line := process.stdout.readline(LARGEST_LINE):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if not isinstance(said, dict):
            continue
        if "step" in said:
            told.step, told.share = str(said["step"]), _share(said.get("share"))
        else:
            last = said
    code = process.wait()
    errors.join(STOP_S)
    if told.is_cancelled:
        last = {"problem": CANCELLED}
    elif not last:
        written = b"".join(log).decode("utf-8", "replace")[-KEPT_LOG_CHARS:]
        logging.error("import command ended with %s: %s", code, written)
        last = {"problem": ENDED.format(code=code)}
    told.outcome = last
    told.done.set()


def _share(value: object) -> float | None:
    return min(1.0, max(0.0, float(value))) if isinstance(value, int | float) else None


@st.fragment(run_every=POLL_S)
def watch(job: Job, title: str) -> None:
    """Progress of a running job with a button to cancel it; runs the page anew when it has ended."""
    if job.outcome is not None:
        st.rerun()
    with st.container(key="import_progress"):
        text = f"{title}：{job.step}……"
        st.progress(job.share or 0.0, text if job.share is None else f"{text}{job.share:.0%}")
        st.button("取消", key="import_cancel", on_click=job.cancel, width="content")
