"""A running demo, and Debian's Chromium that looks at it: no request may leave loopback."""

import contextlib
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebSocket,
    expect,
    sync_playwright,
)

from skypicket.testing.demo import CHROMIUM_FLAGS, PATIENCE_S, Demo

BUILT = Path(__file__).parents[2] / "src/skypicket/web/page/built/index.html"
SIZE = {"width": 960, "height": 540}
WITHOUT_WEBGL = ("--disable-3d-apis",)
LOOPBACK = re.compile(r"(?:https?|wss?)://(?:127\.0\.0\.1|localhost):\d+/|(?:data|blob|about):")
expect.set_options(timeout=PATIENCE_S * 1000)
_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="module")
def new_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Demo]]:
    """Starts demos; they are stopped after the module."""
    folder = tmp_path_factory.mktemp("demo")
    started: list[Demo] = []

    def start(*words: str) -> Demo:
        started.append(Demo(folder, *words))
        return started[-1]

    yield start
    for demo in started:
        demo.stop()


class Watch:
    """What a page must not do: ask outside, throw, or be refused by its own policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.outside: list[str] = []
        self.faults: list[str] = []
        context.on("request", self._request)
        context.on("page", self._page)

    def _request(self, request: Request) -> None:
        self._address(request.url)

    def _page(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"threw: {error}"))
        page.on("console", self._console)
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)

    def _address(self, url: str) -> None:
        if LOOPBACK.match(url) is None:
            self.outside.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        # A link that is cut, and a sign-in that is refused, are said there by the browser itself.
        expected = re.search(r"WebSocket|net::ERR_|status of (401|403|404|409)", message.text)
        if message.type == "error" and expected is None:
            self.faults.append(f"said: {message.text}")


def _launch(flags: tuple[str, ...]) -> Iterator[Browser]:
    if not BUILT.is_file():
        pytest.skip("the page is not built, for want of npm: `make demo` says why")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium here: install the Debian package chromium to test the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=list(flags), timeout=PATIENCE_S * 1000
        )
        yield browser
        browser.close()


# Not for the whole session: while Playwright runs, no other test may have an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium with WebGL2 by SwiftShader."""
    yield from _launch(CHROMIUM_FLAGS)


@pytest.fixture(scope="module")
def browser_without_webgl() -> Iterator[Browser]:
    """Chromium as on an old desktop: without any WebGL."""
    yield from _launch((*CHROMIUM_FLAGS, *WITHOUT_WEBGL))


Look = Callable[..., Page]


@pytest.fixture
def open_page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Look]:
    """Opens pages, each in a context of its own; afterwards nothing may have gone wrong in them.

    A failed test leaves a screenshot of each in the test's temporary folder.
    """
    pages: list[Page] = []
    watches: list[Watch] = []

    def new(browser: Browser, **options: Any) -> Page:
        usual: dict[str, Any] = {
            "viewport": SIZE,
            "locale": "en-GB",
            "timezone_id": "Europe/Vilnius",
        }
        context = browser.new_context(**usual | options)
        context.set_default_timeout(PATIENCE_S * 1000)
        watches.append(Watch(context))
        pages.append(context.new_page())
        return pages[-1]

    yield new
    for number, page in enumerate(pages):
        if request.node.stash.get(_FAILED, False):
            path = tmp_path / f"page-{number}.png"
            with contextlib.suppress(Exception):
                page.screenshot(path=path, timeout=10_000)
                print(f"\nscreenshot: {path}")
        page.context.close()
    assert [url for watch in watches for url in watch.outside] == []
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture(scope="module")
def demo(new_demo: Callable[..., Demo], request: pytest.FixtureRequest) -> Demo:
    """The demo of a module, with the words of the command line that the module names in `DEMO`."""
    words: tuple[str, ...] = getattr(request.module, "DEMO", ("--speed", "60"))
    return new_demo(*words)


@pytest.fixture(scope="module")
def session(demo: Demo) -> dict[str, str]:
    """The cookies of the demo's session: its link opens only once."""
    return demo.open_session()


@pytest.fixture
def look(open_page: Look, demo: Demo, session: dict[str, str]) -> Look:
    """Opens the page of the demo with a view, as somebody who has opened the link."""

    def show(browser: Browser, view: str = "lang=en", **options: Any) -> Page:
        page = open_page(browser, **options)
        cookies: Any = [{"name": k, "value": v, "url": demo.url} for k, v in session.items()]
        page.context.add_cookies(cookies)
        page.goto(f"{demo.url}/#{view}")
        return page

    return show


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Remember for the fixtures whether the test failed."""
    report: Any = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report
