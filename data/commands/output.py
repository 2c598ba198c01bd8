"""What commands print: progress, JSON lines, tables of text. Nobody listening is no error."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from data.registers.options import Progress, no_progress
from data.registers.workbooks import text_width

BAR_CHARS = 24
LEAST_SHARE = 0.01
"""A JSON line is written when the step is another or the share has grown by this much."""
REDRAW_S = 0.1


class Stopped(BaseException):
    """The work is to end at once, leaving nothing behind: interrupted, or nobody listens."""


def say(text: str, stream: TextIO | None = None) -> None:
    """Print what has come of a command; a closed pipe does not change what was done."""
    stream = stream or sys.stdout
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Nothing more reaches a closed pipe, and the interpreter's last flush must not complain."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return


def say_json(record: dict[str, Any]) -> None:
    """One JSON object as a line."""
    say(json.dumps(record, ensure_ascii=False))


class JsonProgress:
    """Each step of the work as a line on standard output; ends the work when nobody reads."""

    def __init__(self) -> None:
        self._last: tuple[str, float] = ("", -1.0)

    def __call__(self, step: str, share: float | None) -> None:
        reached = 0.0 if share is None else share
        if step == self._last[0] and reached - self._last[1] < LEAST_SHARE:
            return
        self._last = step, reached
        record = {"step": step, "share": None if share is None else round(share, 3)}
        try:
            print(json.dumps(record, ensure_ascii=False), flush=True)
        except BrokenPipeError as error:
            _silence(sys.stdout)
            raise Stopped from error


class Bar:
    """A bar on a terminal, redrawn in its one line and gone when the work is done."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._step, self._drawn_at = "", -REDRAW_S

    def __call__(self, step: str, share: float | None) -> None:
        now = self._clock()
        if step == self._step and now - self._drawn_at < REDRAW_S:
            return
        self._step, self._drawn_at = step, now
        self._write(f"\r\x1b[K{_bar(share)} {step}……")

    def clear(self) -> None:
        """Take the bar away."""
        if self._step:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _bar(share: float | None) -> str:
    if share is None:
        return f"[{'·' * BAR_CHARS}]     "
    done = round(BAR_CHARS * min(max(share, 0.0), 1.0))
    return f"[{'█' * done}{'·' * (BAR_CHARS - done)}] {share:4.0%}"


class Shown:
    """Progress as a command shows it: JSON lines, a bar on a terminal, nothing in a log."""

    def __init__(self, as_json: bool) -> None:
        self._bar = None if as_json or not sys.stderr.isatty() else Bar(sys.stderr)
        self.progress: Progress = JsonProgress() if as_json else self._bar or no_progress

    def __enter__(self) -> Progress:
        return self.progress

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.clear()


def table_text(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of text in columns; Chinese characters take two places on a terminal."""
    lines = [list(headings), *(list(map(_one_line, row)) for row in rows)]
    widths = [max(map(text_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text + " " * (width - text_width(text))
            for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
