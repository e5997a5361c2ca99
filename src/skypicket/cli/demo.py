"""`skypicket demo`: a built-in night, here and now."""

import asyncio
import contextlib
import sys
import tempfile
import webbrowser
from contextlib import ExitStack
from os import environ
from pathlib import Path
from threading import Thread

import msgspec

from skypicket.cli.console import note, say
from skypicket.cli.scenario import Seed, read_night
from skypicket.cli.serving import Companion, Place, serve
from skypicket.cli.wall import summary, watch
from skypicket.domain.contracts import Link
from skypicket.domain.errors import UsageError
from skypicket.engine.clock import ScenarioClock
from skypicket.engine.feeding import NightFeed, claim_state, resume_point
from skypicket.engine.offline import settings_of
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings
from skypicket.scenario import Night
from skypicket.web.parts import WebParts
from skypicket.web.server import url_of

DEFAULT_NIGHT = "vilnius-2025-07-28"
DEFAULT_SPEED = 60.0


def demo(  # noqa: PLR0913 -- the public contract of this command names them
    *,
    scenario: str = DEFAULT_NIGHT,
    port: int = 0,
    speed: float = DEFAULT_SPEED,
    browser: bool = True,
    state: Path | None = None,
    seed: Seed = 0,
    until_end: bool = False,
) -> int:
    """Run a built-in night here, embedded, on loopback, and show it in browser and terminal.

    Everything is real but the sensors: bytes as they would send them, a durable capture, the
    tracker, the alarms. The link that it prints opens a session once, with all that the own side
    may do. The night begins a moment after the link, when the tracker is loaded. It stays up after
    the night has ended; Ctrl-C ends it.

    Args:
        scenario: a built-in night (`skypicket scenario list`) or a file.
        port: the port of the server on 127.0.0.1; 0 takes a free one.
        speed: how many seconds of the night pass in one second.
        browser: open the page in the browser of this machine; `--no-browser` does not.
        state: a folder to keep the state in, so that a later start carries on; else temporary.
        seed: the seed of all chance in the night.
        until_end: stop when the night has ended.

    Example:
        skypicket demo --speed 120 --until-end
    """
    if not 0 < speed <= 100_000:
        raise UsageError(f"--speed is {speed}; it must be above 0 and at most 100000.")
    night = read_night(scenario)
    settings = settings_of(night)
    web = msgspec.structs.replace(settings.web, port=port)
    settings = msgspec.structs.replace(settings, web=web)
    with ExitStack() as folders:
        folder = state or Path(folders.enter_context(tempfile.TemporaryDirectory("-skypicket")))
        asyncio.run(_run(night, settings, folder, _Pace(speed, seed, until_end, browser)))
    return 0


class _Pace(msgspec.Struct, frozen=True):
    speed: float
    seed: int
    until_end: bool
    browser: bool


async def _run(night: Night, settings: Settings, folder: Path, pace: _Pace) -> None:
    claim_state(folder, night, pace.seed)
    resume = resume_point(folder, settings, night)
    if resume.messages:
        note(f"Carrying on with the night in {folder}, after {resume.messages} messages.")
    clock = ScenarioClock(resume.time_ns, pace.speed)
    clock.ceiling_ns = resume.time_ns  # until the feed lets the night go on
    feeds: list[NightFeed] = []

    def links(runtime: Runtime) -> dict[str, Link]:
        feed = NightFeed(night, settings, clock, pace.seed)
        feeds.append(feed)
        return feed.links(lambda: runtime.behind, skip=resume.messages)

    place = Place(settings=settings, state=folder, demo=True)
    await serve(place, clock, links, _companion(night, clock, feeds, pace))


def open_page(url: str) -> None:
    """Ask this machine's browser to open a page; where there is no screen, nothing happens."""
    if sys.platform == "linux" and not (environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}):
        return  # a browser for terminals would take this one
    browser = Thread(target=_open_quietly, args=(url,), name="browser", daemon=True)
    browser.start()


def _open_quietly(url: str) -> None:
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(url)


def _companion(
    night: Night,
    clock: ScenarioClock,
    feeds: list[NightFeed],
    pace: _Pace,
) -> Companion:
    async def show(parts: WebParts, until: asyncio.Event) -> None:
        runtime = parts.runtime
        url = url_of(runtime.settings.web, runtime.port)
        say(night.title)
        say(f"Open {url}/login/{parts.access.new_demo_link()}")
        if pace.browser:  # with a link of its own: each opens once
            open_page(f"{url}/login/{parts.access.new_demo_link()}")
        say("Borders © OpenStreetMap contributors (ODbL); places GeoNames (CC BY 4.0).")
        say("The link opens once; reports are taken at /api/v1/reports; Ctrl-C ends it.")
        watching = asyncio.create_task(watch(runtime, until, night.title))
        while not until.is_set() and not (feeds and feeds[0].ended and clock() >= night.end_ns):
            await asyncio.sleep(0.05)
        last = runtime.picture.sequence + runtime.behind  # at speed, ticks come without an end
        while not until.is_set() and runtime.picture.sequence < last:
            await asyncio.sleep(0.05)
        if not until.is_set():
            note(f"The night has ended. {summary(runtime.picture)}")
            if pace.until_end:
                until.set()
        await watching

    return show
