"""One Streamlit server and one Chromium for all browser tests; a fresh context for every test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.snapshot import publish, write_snapshot

from .cockpit import Cockpit

ROOT = Path(__file__).parents[2]
START_S = 60
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # Only the map's canvas needs the software GPU; the page around it is painted faster without.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # Whatever asks for another host must fail here as it would on the intranet.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def _without_chromium(reason: str) -> None:
    if os.environ.get("CI") == "true" and os.geteuid() == 0:
        pytest.fail(f"{reason}: in CI the browser tests must run")
    pytest.skip(f"{reason}: browser tests skipped")


@pytest.fixture(scope="session")
def chromium():
    """The Chromium of the machine, started once."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        _without_chromium("no chromium on PATH")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _without_chromium("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_healthy(address: str, server: subprocess.Popen, log: Path) -> None:
    """Return once the server answers; the test fails with its log when it does not."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server does not answer:\n{log.read_text(encoding='utf-8')}")


def start(port: int, environment: Mapping[str, str], log: Path) -> subprocess.Popen:
    """Start a server on a port; what it says of errors is added to ``log``."""
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py",
        "--server.port", str(port), "--server.address", "127.0.0.1",
    ]  # fmt: skip
    with log.open("ab") as stderr:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=stderr
        )


@contextmanager
def serve(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A fresh server, by its address; its log, kept in ``folder``, must stay free of tracebacks."""
    log = folder / "stderr.txt"
    port = free_port()
    server = start(port, environment, log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)
    written = log.read_text(encoding="utf-8")
    assert "Traceback" not in written, f"the server's log holds a traceback:\n{written[-4000:]}"


@pytest.fixture(scope="session")
def server_address(chromium, built_store, tmp_path_factory):
    """Address of a fresh server over the default build."""
    environment = os.environ | {"COCKPIT_STORE": str(built_store)}
    with serve(tmp_path_factory.mktemp("server"), environment) as address:
        yield address


@pytest.fixture(scope="module")
def editing_address(chromium, built, tmp_path_factory):
    """Address of a server of its own, over a store that may be written to."""
    store = tmp_path_factory.mktemp("editing")
    publish(store, write_snapshot(store, *built))
    with serve(
        tmp_path_factory.mktemp("server"),
        os.environ | {"COCKPIT_STORE": str(store), "COCKPIT_EDITING": "1"},
    ) as address:
        yield address


@pytest.fixture(scope="session")
def tour(chromium, server_address):
    """What the very first visitor of the server saw on each page, by path."""
    with Cockpit.visit(chromium, server_address, draws="all") as cockpit:
        return cockpit.tour()


@pytest.fixture
def open_cockpit(chromium, server_address, tour):
    """Opens the cockpit in a fresh context: ``open_cockpit("/rivers", width=…, draws=…)``."""
    visits = []

    def visit(address: str = "/", **options: object) -> Cockpit:
        visits.append(Cockpit.visit(chromium, server_address, **options))
        cockpit = visits[-1].__enter__()
        cockpit.open(address)
        return cockpit

    yield visit
    for one in visits:
        one.__exit__(None, None, None)
