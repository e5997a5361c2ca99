"""A running demo, and Debian's Chromium that looks at it: no request may leave loopback."""

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
    sync_playwright,
)

from skypicket.web.page.routes import BUILT, INDEX

PATIENCE_S = 60.0
SIZE = {"width": 960, "height": 540}
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--mute-audio",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WITHOUT_WEBGL = ("--disable-3d-apis",)
LOOPBACK = re.compile(r"(?:https?|wss?)://127\.0\.0\.1:\d+/|(?:data|blob|about):")
LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/\S*")
_FAILED = pytest.StashKey[bool]()


class Demo:
    """`skypicket demo` in a process of its own; `link` opens a session once."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._said = folder / f"demo-{time.monotonic_ns()}.txt"
        command = [sys.executable, "-m", "skypicket.cli", "demo", "--no-browser", *words]
        with self._said.open("wb") as out:
            self._running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        self.link = self._wait_for_link()
        self.url = re.sub(r"(:\d+)/.*", r"\1", self.link)

    def _wait_for_link(self) -> str:
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            match = LINK.search(self.said())
            if match:
                return match[0]
            assert self._running.poll() is None, f"the demo ended:\n{self.said()}"
            time.sleep(0.05)
        raise AssertionError(f"the demo gave no link:\n{self.said()}")

    def said(self) -> str:
        """What it wrote so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def freeze(self) -> None:
        """Stop it where it stands: its sockets stay open, and nothing more comes."""
        self._running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._running.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, also when it was frozen."""
        if self._running.poll() is None:
            self.thaw()
            self._running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(20)
                return
            self._running.kill()
            self._running.wait(20)


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
    if not (BUILT / INDEX).is_file():
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
    yield from _launch(FLAGS)


@pytest.fixture(scope="module")
def browser_without_webgl() -> Iterator[Browser]:
    """Chromium as on an old desktop: without any WebGL."""
    yield from _launch((*FLAGS, *WITHOUT_WEBGL))


Open = Callable[..., Page]


def opened(browser: Browser, shots: list[Page], watches: list[Watch], **options: Any) -> Page:
    """A page in a context of its own, watched."""
    context = browser.new_context(
        **{"viewport": SIZE, "locale": "en-GB", "timezone_id": "Europe/Vilnius", **options}
    )
    context.set_default_timeout(PATIENCE_S * 1000)
    watches.append(Watch(context))
    shots.append(context.new_page())
    return shots[-1]


@pytest.fixture
def open_page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens pages, each in a context of its own; afterwards nothing may have gone wrong in them.

    A failed test leaves a screenshot of each in the test's temporary folder.
    """
    pages: list[Page] = []
    watches: list[Watch] = []

    def new(browser: Browser, **options: Any) -> Page:
        return opened(browser, pages, watches, **options)

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember for the fixtures whether the test failed."""
    report: Any = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report
