"""The cockpit as a visitor sees it: a page object over Playwright."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from PIL import Image
from playwright.sync_api import TimeoutError

PAGES = {
    "/": "总览",
    "/indicators": "规划指标",
    "/rivers": "美丽河湖",
    "/streets": "示范街",
    "/toilets": "公共厕所",
    "/lighting": "亚运亮灯",
    "/projects": "规划项目",
    "/play": "演示",
    "/catalog": "数据目录",
    "/profile": "街道画像",
}
NO_MAP_PAGES = ("/indicators", "/play", "/catalog")
MAP_PAGES = {path: title for path, title in PAGES.items() if path not in NO_MAP_PAGES}
FIRST_VISITED = "/streets"
GROUNDS = {"light": "rgb(247, 244, 236)", "dark": "rgb(15, 27, 36)"}  # #F7F4EC, #0F1B24
WAIT_MS = 60_000  # a software-drawn map on a busy machine takes its time
QUIET_MS = 250
SIZE_REPORT_MS = 350
FLIGHT_MS = 1500
_PROBE = Path(__file__).with_name("probe.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    """What stood on one page once it was drawn."""

    title: str
    figures: int
    legend: str
    foot: str
    alerts: int
    drawn: dict
    layers: dict[str, int]
    texts: list[str]
    colours: int = field(repr=False)


class Cockpit:
    """One visitor: a page in a context of its own."""

    def __init__(self, page, address: str) -> None:
        self.page = page
        self.address = address

    @classmethod
    @contextmanager
    def visit(
        cls,
        chromium,
        address: str,
        *,
        width: int = 1280,
        height: int = 720,
        draws: str = "none",
        scheme: str = "dark",
        has_touch: bool = False,
        is_calm: bool = False,
    ) -> Iterator["Cockpit"]:
        """A fresh context; whoever leaves it is told of requests to other hosts and page errors.

        ``draws`` says which of the map's draw calls are carried out, ``all``, ``picks`` or
        ``none``: layout, address and view need none, and a page drawn by software takes ten
        seconds. ``has_touch`` points with a finger, ``is_calm`` asks for reduced motion.
        """
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", color_scheme=scheme,
            has_touch=has_touch, reduced_motion="reduce" if is_calm else "no-preference",
        )  # fmt: skip
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(f'window.__draws = "{draws}";\n{_PROBE}')
        asked: list[str] = []
        errors: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("websocket", lambda socket: asked.append(socket.url))
        try:
            yield cls(page, address)
        finally:
            context.close()
        own = urlsplit(address).netloc
        foreign = sorted({url for url in asked if not _is_own(url, own)})
        assert asked, "the page asked for nothing"
        assert not foreign, f"requests to other hosts: {foreign}"
        assert not errors, f"errors on the page: {errors}"

    def open(self, address: str) -> None:
        """Go to an address of the app and wait for the page."""
        self.page.goto(self.address + address)
        self.settle()

    def settle(self) -> None:
        """Wait until no run is under way."""
        self.page.wait_for_function(
            f"window.mapProbe && mapProbe.isQuiet({QUIET_MS})", polling=50, timeout=WAIT_MS
        )

    def wait_map(self) -> None:
        """Wait until all layers of the map are loaded and drawn."""
        self.page.wait_for_function("mapProbe.isMapDone()", polling=100, timeout=WAIT_MS)

    def resize(self, width: int, height: int) -> None:
        """Change the window and wait until the page has fitted itself to it."""
        self.page.set_viewport_size({"width": width, "height": height})
        # The page reports a new size only once the window rests.
        self.page.wait_for_timeout(SIZE_REPORT_MS)
        self.settle()
        # Columns that now stand below one another are built anew, the map with them.
        for part in ("[data-testid=stDeckGlJsonChart]", ".legend", ".page-foot"):
            self.page.wait_for_selector(part, state="attached")
        self.settle()

    def go(self, title: str) -> None:
        """Switch the page by its link in the navigation (behind a button on a narrow window)."""
        menu = self.page.get_by_test_id("stExpandSidebarButton")
        if menu.is_visible():
            menu.click()
        # Pages also link to one another; the navigation's own link it is.
        links = "[data-testid=stTopNavLink], [data-testid=stSidebarNavLink]"
        self.page.locator(links).filter(has_text=title).click()
        self.wait_text(".page-title h1", title)
        self.settle()

    def wait_text(self, selector: str, text: str) -> None:
        """Wait until the element holds the text."""
        self.page.locator(selector).filter(has_text=text).first.wait_for()

    def wait_query(self, key: str, values: list[str]) -> None:
        """Wait until the address carries exactly these values of a key, and the run is over."""
        self.page.wait_for_function(
            "([key, values]) => JSON.stringify(new URLSearchParams(location.search).getAll(key))"
            " === JSON.stringify(values)",
            arg=[key, values],
            timeout=WAIT_MS,
        )
        self.settle()

    def click_map_until(self, place: tuple[float, float], key: str, values: list[str]) -> None:
        """Click a place of the map until the address carries these values.

        A map drawn by software may be too busy to notice a click; a user clicks again.
        """
        for _ in range(6):
            x, y = self.map_point(*place)
            self.page.mouse.move(x - 6, y - 6)
            self.page.mouse.move(x, y)
            self.page.mouse.click(x, y)
            try:
                self.page.wait_for_function(
                    "([key, values]) => JSON.stringify(new URLSearchParams(location.search)"
                    ".getAll(key)) === JSON.stringify(values)",
                    arg=[key, values],
                    timeout=8000,
                )
                break
            except TimeoutError:
                continue
        self.wait_query(key, values)

    def choose(self, key: str, name: str) -> None:
        """Choose an option of the multiselect or selectbox with this key."""
        entry = self.page.locator(f".st-key-{key} input")
        entry.click()
        self.page.get_by_role("option", name=name).click()
        self.page.keyboard.press("Escape")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def sentence(self) -> str:
        """What is shown, as the head says it."""
        return self.page.locator(".page-title p").inner_text()

    @property
    def ground(self) -> str:
        return self.page.evaluate(
            "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
        )

    def wait_ground(self, colour: str) -> None:
        """Wait until the app's background has this colour."""
        self.page.wait_for_function(
            "colour => { const app = document.querySelector('[data-testid=stApp]');"
            " return app && getComputedStyle(app).backgroundColor === colour; }",
            arg=colour,
        )

    def view(self) -> list[float]:
        """Longitude, latitude and zoom of the map."""
        return self.page.evaluate("mapProbe.view()")

    def wait_view_rests(self) -> list[float]:
        """The map's view once it no longer moves."""
        self.wait_map()
        # A flight of 0.9 s begins a moment after the run that asks for it.
        self.page.wait_for_timeout(FLIGHT_MS)
        self.page.wait_for_function(
            "() => { const now = JSON.stringify(mapProbe.view()); const was = window.__lastView;"
            " window.__lastView = now; return now === was; }",
            polling=300,
            timeout=WAIT_MS,
        )
        return self.view()

    def wait_view_moved(self, before: list[float]) -> list[float]:
        """The map's view once it has left ``before`` and rests again.

        A busy machine begins a flight long after the run that asks for it.
        """
        self.page.wait_for_function(
            "view => mapProbe.view()?.some((one, i) => Math.abs(one - view[i]) > 1e-3)",
            arg=before,
            polling=100,
            timeout=WAIT_MS,
        )
        return self.wait_view_rests()

    def wait_view(self, view: list[float]) -> None:
        """Wait until the map has come back to a view it had before, as ``wait_view_rests`` gave it."""
        self.page.wait_for_function(
            "view => mapProbe.view()?.every((one, i) => Math.abs(one - view[i]) < 1e-6)",
            arg=view,
            polling=100,
            timeout=WAIT_MS,
        )
        self.wait_map()

    def map_point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place of the map stands in the window."""
        x, y = self.page.evaluate("([lon, lat]) => mapProbe.pixel(lon, lat)", [lon, lat])
        box = self.page.locator("#deckgl-overlay").bounding_box()
        return box["x"] + x, box["y"] + y

    def seen(self) -> Seen:
        """What stands on the page now."""
        self.wait_map()
        text = self.page.locator
        return Seen(
            title=text(".page-title h1").inner_text(),
            figures=text(".figures .figure").count(),
            legend=text(".legend").inner_text(),
            foot=text(".page-foot").inner_text(),
            alerts=text("[data-testid=stAlert], [data-testid=stException], [role=dialog]").count(),
            drawn=self.page.evaluate("mapProbe.drawn()"),
            layers=self.page.evaluate("mapProbe.layers()"),
            texts=self.page.evaluate("mapProbe.texts()"),
            colours=self._map_colours(),
        )

    def tour(self) -> dict[str, Seen]:
        """Open one map page by its address, the others by their links; what each showed, by path."""
        self.open(FIRST_VISITED)
        seen = {FIRST_VISITED: self.seen()}
        for path, title in MAP_PAGES.items():
            if path not in seen:
                self.page.evaluate("mapProbe.forget()")
                self.go(title)
                seen[path] = self.seen()
        return seen

    def _map_colours(self) -> int:
        """How many colours cover at least a thousandth of the map's picture each."""
        picture = self.page.locator("#deckgl-overlay").screenshot(timeout=WAIT_MS)
        image = Image.open(io.BytesIO(picture)).convert("RGB")
        counts = image.getcolors(maxcolors=image.width * image.height)
        return sum(count * 1000 >= image.width * image.height for count, _ in counts)


def _is_own(url: str, own_netloc: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.netloc == own_netloc
