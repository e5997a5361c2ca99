"""Running a system until it is told to stop: server, links, signals."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import msgspec

from skypicket.domain.contracts import Link
from skypicket.engine.runtime import EngineClock, Runtime
from skypicket.engine.settings import Settings
from skypicket.store.access import AccessStore
from skypicket.web.access.desk import URL_NOTE, AccessDesk
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts
from skypicket.web.server import answering, bind, server_of, url_of

Companion = Callable[[WebParts, asyncio.Event], Coroutine[None, None, None]]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What runs where.

    Attributes:
        settings: the configuration.
        state: the state folder.
        folder: the configuration's own folder, from which its files are found.
        demo: whether it is a demo, where a link opens all that the own side may do.
    """

    settings: Settings
    state: Path
    folder: Path = Path()
    demo: bool = False


async def serve(
    place: Place,
    clock: EngineClock,
    links: Callable[[Runtime], dict[str, Link]],
    companion: Companion,
) -> None:
    """Run a system until a signal or until `companion` sets the event it is given.

    The companion starts once the server answers; it shows the system to a person.

    Raises:
        InputError: certificate or key, or the access file, cannot be used.
        UnavailableError: a port is in use, the state folder is locked, a link cannot work.
    """
    until = asyncio.Event()
    web = place.settings.web
    with bind(web) as listening, _signals(until), contextlib.ExitStack() as opened:
        runtime = Runtime(place.settings, place.state, clock)
        answers = threading.Event()
        await asyncio.to_thread(runtime.start, answers)
        opened.callback(runtime.stop)
        runtime.port = listening.getsockname()[1]
        store = AccessStore.of_state(place.state)
        opened.callback(store.close)
        store.set_note(URL_NOTE, url_of(web, runtime.port))
        desk = AccessDesk(store, web, demo=place.demo)
        desk.begin()
        parts = WebParts(runtime=runtime, access=desk, folder=place.folder)
        server = server_of(build_app(parts), web, place.folder)
        serving = asyncio.create_task(server.serve(sockets=[listening]), name="server")
        try:
            await asyncio.wait_for(answering(server), timeout=30)
            answers.set()
            shown = asyncio.create_task(companion(parts, until), name="companion")
            shown.add_done_callback(lambda _: until.set())
            await runtime.serve(links(runtime), until)
            await asyncio.wait_for(shown, timeout=10)
        finally:
            server.should_exit = True
            await serving
            await asyncio.to_thread(opened.close)


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
