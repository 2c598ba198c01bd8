"""Script time and bytes of every page after a filter change, against an empty page in its frame.

The empty page is the app itself (head, filter bar, style, footer) with a page that draws nothing.
Runs of all pages are interleaved, so that whatever else the machine does hits them alike.
"""

import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import patch

from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from data.snapshot import PROJECT_ROOT

EMPTY = "empty"
PAGES = (
    EMPTY, "overview", "indicators", "rivers", "streets", "toilets", "lighting", "projects", "profile",
)  # fmt: skip
FILTERS = ([], ["330102014"], ["330102003", "330102004"], ["330102015"], [], ["330102001"])
ROUNDS = 6


@dataclass(frozen=True)
class PageResult:
    """Medians over all filters: script time, bytes; and the bytes of the heaviest filter."""

    page: str
    script_ms: float
    sent_kb: float
    heaviest_kb: float


class Clock:
    """Times every script run and adds up the bytes it sent."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.sent_bytes = 0

    def timed(self, original):
        def run_script(runner, *args: object, **kwargs: object) -> object:
            started = time.perf_counter()
            try:
                return original(runner, *args, **kwargs)
            finally:
                self.milliseconds = (time.perf_counter() - started) * 1000
                self.sent_bytes = sum(message.ByteSize() for message in runner.forward_msgs())

        return run_script


def run(test: AppTest, page: str, codes: list[str]) -> None:
    """A rerun of the page after a change of subdistricts; RuntimeError when it fails."""
    test.session_state["sub"] = codes
    with ExitStack() as stack:
        if page == EMPTY:
            stack.enter_context(patch.object(StreamlitPage, "run", lambda self: None))
        test.run()
    if test.exception:
        raise RuntimeError(f"page {page} failed: {test.exception}")


def _open(page: str) -> AppTest:
    test = AppTest.from_file(str(PROJECT_ROOT / "app.py"), default_timeout=300).run()
    if page not in (EMPTY, "overview"):
        test.switch_page(f"views/{page}.py").run()
    return test


def measure() -> list[PageResult]:
    """Medians of warm reruns, each after a change of subdistrict."""
    clock, compiled = Clock(), ScriptCache()
    times: dict[str, list[float]] = {page: [] for page in PAGES}
    sizes: dict[str, list[int]] = {page: [] for page in PAGES}
    with (
        patch.object(ScriptRunner, "_run_script", clock.timed(ScriptRunner._run_script)),
        # A server compiles a script once; the tester would compile it on every run.
        patch("streamlit.testing.v1.local_script_runner.ScriptCache", lambda: compiled),
    ):
        tests = {page: _open(page) for page in PAGES}
        for number in range(ROUNDS + 1):
            for codes in FILTERS:
                for page, test in tests.items():
                    run(test, page, codes)
                    if number:  # the first round warms the caches
                        times[page].append(clock.milliseconds)
                        sizes[page].append(clock.sent_bytes)
    return [
        PageResult(
            page,
            statistics.median(times[page]),
            statistics.median(sizes[page]) / 1000,
            max(sizes[page]) / 1000,
        )
        for page in PAGES
    ]
