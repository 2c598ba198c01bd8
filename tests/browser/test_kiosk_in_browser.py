"""A kiosk in a real browser: three sizes of glass, keys and clicker, rotation, a restart of the server."""

import os
import time
from datetime import datetime
from pathlib import Path

import pytest

from data.snapshot import publish, write_snapshot
from data.story import shipped
from tests.publisher import publish_toilets
from ui.show import RELOAD_HOUR

from .cockpit import Cockpit
from .conftest import free_port, serve, wait_until_healthy
from .conftest import start as start_server

pytestmark = pytest.mark.browser

GLASS = {"desk": (1920, 1080), "wall": (3840, 2160), "band": (3840, 1080)}
LEAST_REM, FIGURE_REM = 0.75, 2.4
"""The smallest text of a kiosk and its figures, in rem of 16 px at 1080 lines. On a wall 2.7 m high a
line is 2.5 mm: figures of 2.4 rem have digits 68 mm high, 23′ of arc from ten metres (ISO 9241-303 wants
at least 16′, better 20′–22′); the smallest text (12 px) can be read from four metres."""
LAYOUT = Path(__file__).with_name("kiosk_layout.js").read_text(encoding="utf-8")


def position(cockpit: Cockpit) -> str:
    return cockpit.page.locator(".kiosk-scene b").inner_text()


def wait_position(cockpit: Cockpit, text: str) -> None:
    cockpit.page.wait_for_function(
        "text => document.querySelector('.kiosk-scene b')?.innerText === text", arg=text
    )
    cockpit.settle()


def press(cockpit: Cockpit, key: str, text: str) -> None:
    """Press a key and wait for the scene that it leads to."""
    cockpit.page.keyboard.press(key)
    wait_position(cockpit, text)


def problems(cockpit: Cockpit, glass: str) -> list[str]:
    """What does not fit the glass or cannot be read on it, once the charts are drawn."""
    width, height = GLASS[glass]
    rem_px = 16 * min(width / 1920, height / 1080)
    cockpit.page.wait_for_timeout(300)
    return cockpit.page.evaluate(LAYOUT, [LEAST_REM * rem_px, FIGURE_REM * rem_px])


def nodes_in_use(cockpit: Cockpit) -> int:
    """Nodes that the browser keeps after it has given back what it can, those off the page as well."""
    tools = cockpit.page.context.new_cdp_session(cockpit.page)
    tools.send("Performance.enable")
    for _ in range(2):
        tools.send("HeapProfiler.collectGarbage")
    told = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    tools.detach()
    return int(told["Nodes"])


def test_pages_that_were_left_are_given_back(open_cockpit):
    """Unmended, each round would leave a whole page behind, some 650 nodes."""
    cockpit = open_cockpit("/?kiosk=1&rotate=600")
    counts = []
    for _ in range(5):
        press(cockpit, "PageDown", "2/7")
        press(cockpit, "PageUp", "1/7")
        cockpit.page.locator("#deckgl-overlay").wait_for()
        counts.append(nodes_in_use(cockpit))
    assert counts[-1] < counts[0] + 1_000, counts


@pytest.mark.parametrize("glass", GLASS)
@pytest.mark.parametrize("story", shipped().values(), ids=shipped())
def test_every_scene_of_a_story_fits_the_glass_and_can_be_read(open_cockpit, story, glass):
    width, height = GLASS[glass]
    cockpit = open_cockpit(f"/?story={story.story_id}&kiosk=1", width=width, height=height)
    found = []
    # The story begins where the address is: its first scene is reached from its last one.
    press(cockpit, "End", f"{len(story.scenes)}/{len(story.scenes)}")
    for number, scene in enumerate(story.scenes, 1):
        press(cockpit, "PageDown", f"{number}/{len(story.scenes)}")
        assert not cockpit.page.locator("[data-testid=stHeader]").is_visible()
        assert cockpit.path == ("/" if scene.page == "overview" else f"/{scene.page}")
        found += [f"{number} {scene.title}: {problem}" for problem in problems(cockpit, glass)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("sub", ["", "&sub=330102017"], ids=["district", "subdistrict"])
@pytest.mark.parametrize("glass", GLASS)
def test_the_tiles_of_a_touch_wall_fit_a_finger_and_the_glass(open_cockpit, glass, sub):
    width, height = GLASS[glass]
    cockpit = open_cockpit(f"/?kiosk=1{sub}", width=width, height=height, has_touch=True)
    heights = cockpit.page.locator(".tile").evaluate_all(
        "tiles => tiles.map((tile) => tile.getBoundingClientRect().height)"
    )
    assert len(heights) == 28 and min(heights) >= 44 - 0.1
    assert problems(cockpit, glass) == []


def test_a_clicker_moves_through_the_scenes_of_a_story(open_cockpit):
    cockpit = open_cockpit("/rivers?story=beautiful-rivers&scene=1&kiosk=1")
    first = position(cockpit)
    count = int(first.partition("/")[2])
    press(cockpit, "PageDown", f"2/{count}")
    assert cockpit.query["scene"] == ["2"]
    press(cockpit, "ArrowRight", f"3/{count}")
    press(cockpit, "PageUp", f"2/{count}")
    press(cockpit, "End", f"{count}/{count}")
    press(cockpit, "ArrowDown", f"1/{count}")
    press(cockpit, "ArrowLeft", f"{count}/{count}")
    press(cockpit, "4", f"4/{count}")
    # An hour of this leaves no hour of steps in the browser's history.
    assert cockpit.page.evaluate("history.length") <= 3


def test_black_screen_help_and_leaving(open_cockpit):
    cockpit = open_cockpit("/toilets?kiosk=1")
    black = cockpit.page.locator(".cockpit-show .black")
    sheet = cockpit.page.locator(".cockpit-show .sheet")
    cockpit.page.keyboard.press("b")
    black.wait_for(state="visible")
    cockpit.page.keyboard.press("b")
    black.wait_for(state="hidden")
    cockpit.page.keyboard.press("?")
    sheet.wait_for(state="visible")
    assert "PageDown" in sheet.inner_text()
    cockpit.page.keyboard.press("Escape")
    sheet.wait_for(state="hidden")
    assert cockpit.query == {"kiosk": ["1"]}
    cockpit.page.keyboard.press("Escape")
    cockpit.page.locator("[data-testid=stHeader]").wait_for(state="visible")
    cockpit.settle()
    assert (cockpit.path, cockpit.query) == ("/toilets", {})


def test_pages_rotate_by_themselves_and_rest_when_touched(open_cockpit):
    cockpit = open_cockpit("/?kiosk=1&rotate=5")
    wait_position(cockpit, "2/7")
    wait_position(cockpit, "3/7")
    assert cockpit.path == "/rivers"
    cockpit.page.mouse.click(700, 400)
    cockpit.page.locator(".cockpit-show .said", has_text="稍候继续").wait_for()
    cockpit.page.wait_for_timeout(7000)
    assert position(cockpit) == "3/7"
    cockpit.page.keyboard.press(" ")
    cockpit.page.locator(".cockpit-show .said", has_text="已暂停").wait_for()
    cockpit.page.keyboard.press(" ")
    wait_position(cockpit, "4/7")


def test_the_clock_runs_and_the_scene_says_where_it_is(open_cockpit):
    cockpit = open_cockpit("/lighting?kiosk=1&view=wall")
    assert time.strftime("%H") in cockpit.page.locator("[data-clock]").inner_text()
    assert position(cockpit) == "6/7"
    assert "来源" in cockpit.page.locator(".kiosk-foot").inner_text()
    assert cockpit.page.locator(".legend").is_visible()


@pytest.fixture
def wall(chromium, built, tmp_path):
    """A kiosk over a store of its own, its clock in the test's hand, and that store."""
    store = tmp_path / "store"
    publish(store, write_snapshot(store, *built))
    with (
        serve(tmp_path, os.environ | {"COCKPIT_STORE": str(store)}) as address,
        Cockpit.visit(chromium, address, width=1920, height=1080) as cockpit,
    ):
        yield cockpit, store


def toilets_shown(cockpit: Cockpit) -> str:
    return cockpit.page.locator(".figure .value").first.inner_text()


def test_a_show_goes_on_with_newer_data(wall):
    cockpit, store = wall
    cockpit.open("/streets?kiosk=1")
    scene = position(cockpit)
    publish_toilets(store, 3)
    press(cockpit, "PageDown", f"{int(scene[0]) + 1}{scene[1:]}")
    assert cockpit.path == "/toilets"
    assert toilets_shown(cockpit) == "3座"
    assert not cockpit.page.locator("[data-testid=stAlert]").is_visible()
    # What stands still sees newer data within a minute.
    cockpit.page.clock.install()
    cockpit.open("/toilets?kiosk=1")
    publish_toilets(store, 4)
    assert toilets_shown(cockpit) == "3座"
    cockpit.page.clock.fast_forward("01:01")
    cockpit.page.locator(".figure .value", has_text="4座").first.wait_for()


def test_a_wall_loads_itself_anew_once_a_day(wall):
    cockpit, _ = wall
    page = cockpit.page
    page.clock.install(time=datetime(2026, 1, 5, RELOAD_HOUR - 2, 30))
    cockpit.open("/toilets?kiosk=1")
    page.evaluate("window.isOld = true")
    page.clock.fast_forward("01:00:00")
    cockpit.settle()
    assert page.evaluate("window.isOld")
    page.clock.fast_forward("31:00")
    page.wait_for_function("window.isOld === undefined")
    cockpit.settle()
    assert position(cockpit)
    page.evaluate("window.isOld = true")
    page.clock.fast_forward("10:00")
    cockpit.settle()
    assert page.evaluate("window.isOld"), "a second time in the same hour"


def test_a_show_goes_on_after_the_server_was_restarted(chromium, built_store, tmp_path):
    environment = os.environ | {"COCKPIT_STORE": str(built_store)}
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    log = tmp_path / "stderr.txt"
    server = start_server(port, environment, log)
    try:
        wait_until_healthy(address, server, log)
        with Cockpit.visit(chromium, address) as cockpit:
            cockpit.open("/rivers?story=beautiful-rivers&scene=2&kiosk=1&rotate=0")
            cockpit.wait_map()
            count = position(cockpit).partition("/")[2]
            server.terminate()
            server.wait(timeout=20)
            cockpit.page.locator(".cockpit-show .said", has_text="正在重新连接").wait_for()
            assert position(cockpit).endswith(count)
            assert cockpit.page.locator(".kiosk-head h1").is_visible()
            server = start_server(port, environment, log)
            wait_until_healthy(address, server, log)
            cockpit.page.wait_for_function(
                "document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState === 'CONNECTED'"
            )
            cockpit.settle()
            press(cockpit, "PageDown", f"3/{count}")
            assert cockpit.query["scene"] == ["3"]
    finally:
        server.terminate()
        server.wait(timeout=20)
