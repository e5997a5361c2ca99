"""Running a system until it is told to stop: server, links, signals."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

from skypicket.domain.contracts import Link
from skypicket.engine.runtime import EngineClock, Runtime
from skypicket.engine.settings import Settings
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts
from skypicket.web.server import answering, bind, server_of

Companion = Callable[[Runtime, asyncio.Event], Coroutine[None, None, None]]


async def serve(
    settings: Settings,
    state: Path,
    clock: EngineClock,
    links: Callable[[Runtime], dict[str, Link]],
    companion: Companion,
) -> None:
    """Run a system until a signal or until `companion` sets the event it is given.

    The companion starts once the server answers; it shows the system to a person.

    Raises:
        UnavailableError: a port is in use, the state folder is locked, a link cannot work.
    """
    until = asyncio.Event()
    with bind(settings.web.host, settings.web.port) as listening, _signals(until):
        runtime = Runtime(settings, state, clock)
        await asyncio.to_thread(runtime.start)
        runtime.port = listening.getsockname()[1]
        server = server_of(build_app(WebParts(runtime=runtime)))
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="server")
        try:
            await asyncio.wait_for(answering(server), timeout=30)
            shown = asyncio.create_task(companion(runtime, until), name="companion")
            shown.add_done_callback(lambda _: until.set())
            await runtime.serve(links(runtime), until)
            await asyncio.wait_for(shown, timeout=10)
        finally:
            server.should_exit = True
            await serving
            await asyncio.to_thread(runtime.stop)


@contextlib.contextmanager
def _signals(until: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, until.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
