"""A wall that runs by itself: memory of server and page after the first round of pages, and at the end.

A kiosk rotates through all its pages in a real browser, a page every five seconds. Nothing is drawn on
the software GPU (that would measure it), everything else is as on a wall.
"""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

MINUTES = 15
ROTATE_S = 5
FIRST_ROUND_S = 60


@dataclass(frozen=True)
class Memory:
    """What is in use at one moment."""

    server_mb: float
    heap_mb: float
    """JavaScript heap of the page after garbage was collected."""
    nodes: float
    listeners: float


@dataclass(frozen=True)
class SoakResult:
    """Memory after the first round and at the end, and how many scenes were shown between them."""

    first: Memory
    last: Memory
    scenes: int


def measure(minutes: float = MINUTES) -> SoakResult:
    """Run a wall for so many minutes."""
    from playwright.sync_api import sync_playwright

    from data.build import ensure_built
    from tests.browser.cockpit import Cockpit
    from tests.browser.conftest import CHROMIUM_ARGUMENTS, free_port, start, wait_until_healthy

    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        log, port, store = Path(name) / "stderr.txt", free_port(), Path(name) / "store"
        ensure_built(store)
        environment = os.environ | {"COCKPIT_STORE": str(store)}
        server = start(port, environment, log)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_healthy(address, server, log)
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=CHROMIUM_ARGUMENTS
            )
            with Cockpit.visit(browser, address, width=1920, height=1080) as cockpit:
                cockpit.open(f"/?kiosk=1&rotate={ROTATE_S}")
                result = _watch(cockpit.page, server.pid, 60 * minutes)
            browser.close()
            return result
        finally:
            server.terminate()
            server.wait(timeout=20)


def _watch(page, server_pid: int, seconds: float) -> SoakResult:
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable")

    def now() -> Memory:
        tools.send("HeapProfiler.collectGarbage")
        told = {
            one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]
        }
        return Memory(
            _server_mb(server_pid), told["JSHeapUsedSize"] / 2**20, told["Nodes"],
            told["JSEventListeners"],
        )  # fmt: skip

    # Both times at the same page: they differ by more than a leak may be.
    _shown(page, FIRST_ROUND_S)
    _wait_for_overview(page)
    first = now()
    scenes = _shown(page, seconds - FIRST_ROUND_S)
    _wait_for_overview(page)
    return SoakResult(first, now(), scenes)


def _wait_for_overview(page) -> None:
    page.wait_for_url(lambda address: urlsplit(address).path == "/", timeout=60_000)
    page.wait_for_timeout(1500)


def _shown(page, seconds: float) -> int:
    """How many scenes follow one another within so many seconds."""
    until, last, count = time.monotonic() + seconds, page.url, 0
    while time.monotonic() < until:
        page.wait_for_timeout(500)
        if page.url != last:
            last, count = page.url, count + 1
    return count


def _server_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    import sys

    print(measure(float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
