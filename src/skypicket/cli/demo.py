"""`skypicket demo`: a built-in night, here and now."""

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import msgspec

from skypicket.cli.console import note, say
from skypicket.cli.scenario import Seed, read_night
from skypicket.cli.serving import Companion, serve
from skypicket.cli.wall import summary, watch
from skypicket.domain.contracts import Link
from skypicket.domain.errors import UsageError
from skypicket.engine.clock import ScenarioClock
from skypicket.engine.feeding import NightFeed, claim_state, resume_point
from skypicket.engine.offline import settings_of
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings
from skypicket.scenario import Night

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
    """Run a built-in night here, embedded, on loopback, and show it in the terminal.

    Everything is real but the sensors: bytes as they would send them, a durable capture, the
    tracker, the alarms. The server takes reports (POST /api/v1/reports) while it runs. It stays
    up after the night has ended; Ctrl-C ends it.

    Args:
        scenario: a built-in night (`skypicket scenario list`) or a file.
        port: the port of the server on 127.0.0.1; 0 takes a free one.
        speed: how many seconds of the night pass in one second.
        browser: open the page when there is one; `--no-browser` never does.
        state: a folder to keep the state in, so that a later start carries on; else temporary.
        seed: the seed of all chance in the night.
        until_end: stop when the night has ended.

    Example:
        skypicket demo --speed 120 --until-end
    """
    if not 0 < speed <= 100_000:
        raise UsageError(f"--speed is {speed}; it must be above 0 and at most 100000.")
    del browser  # the page comes with the live picture; the word is part of the contract
    night = read_night(scenario)
    settings = settings_of(night)
    web = msgspec.structs.replace(settings.web, port=port)
    settings = msgspec.structs.replace(settings, web=web)
    with ExitStack() as folders:
        folder = state or Path(folders.enter_context(tempfile.TemporaryDirectory("-skypicket")))
        asyncio.run(_run(night, settings, folder, _Pace(speed, seed, until_end)))
    return 0


class _Pace(msgspec.Struct, frozen=True):
    speed: float
    seed: int
    until_end: bool


async def _run(night: Night, settings: Settings, folder: Path, pace: _Pace) -> None:
    claim_state(folder, night, pace.seed)
    resume = resume_point(folder, settings, night)
    if resume.messages:
        note(f"Carrying on with the night in {folder}, after {resume.messages} messages.")
    clock = ScenarioClock(resume.time_ns, pace.speed)
    feeds: list[NightFeed] = []

    def links(runtime: Runtime) -> dict[str, Link]:
        feed = NightFeed(night, settings, clock, pace.seed)
        feeds.append(feed)
        return feed.links(lambda: runtime.behind, skip=resume.messages)

    await serve(settings, folder, clock, links, _companion(night, clock, feeds, pace.until_end))


def _companion(
    night: Night,
    clock: ScenarioClock,
    feeds: list[NightFeed],
    until_end: bool,
) -> Companion:
    async def show(runtime: Runtime, until: asyncio.Event) -> None:
        say(night.title)
        say("Borders © OpenStreetMap contributors (ODbL); places GeoNames (CC BY 4.0).")
        say(f"Reports are taken at 127.0.0.1:{runtime.port}/api/v1/reports; Ctrl-C ends it.")
        watching = asyncio.create_task(watch(runtime, until, night.title))
        while not until.is_set() and not (feeds and feeds[0].ended and clock() >= night.end_ns):
            await asyncio.sleep(0.05)
        while not until.is_set() and runtime.behind:
            await asyncio.sleep(0.05)
        if not until.is_set():
            note(f"The night has ended. {summary(runtime.picture)}")
            if until_end:
                until.set()
        await watching

    return show
