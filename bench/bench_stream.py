"""The live stream: publish to received, sensor to client, and what idle and slow clients cost.

1. 10,000 tracks at 1 Hz to 50 clients, from the moment that the server has a frame to the moment
   that a client has read it, on the same machine; once more with 500 idle clients (they hear the
   heartbeat only) and 50 slow ones (they ask for everything and read next to nothing).
2. A running system that hears 2,000 radar plots a second: from the time of a plot to a client that
   holds the track with it; with the default settings, and with what ticks alone would show.

Server and clients are processes of their own. About four minutes.
"""

import asyncio
import base64
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import numpy as np

from skypicket.domain.tracks import TrackBatch
from skypicket.engine.clock import SystemClock
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import SystemSettings, parse_settings
from skypicket.geo.frame import TheatreFrame
from skypicket.store.access import AccessStore
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.load import RADARS, Datagram, Sky, send
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.system import System
from skypicket.web.access.desk import COOKIE, AccessDesk
from skypicket.web.app import build_app
from skypicket.web.live.layout import MAGIC, decode_frame
from skypicket.web.parts import WebParts
from skypicket.web.server import answering, bind, server_of

TRACKS, GOOD, IDLE, SLOW = 10_000, 50, 500, 50
SETTLE_S, MEASURE_S = 4, 20
LEAST_FRAMES = f">= {MEASURE_S - 2}"
OBJECTS = 4_500  # two radars that turn in 4 s see 2,025 of them each second
WARM_S, STEADY_S = 20, 20
LEADS_S, SPARE_S = (20.0, 40.0, 80.0, 160.0), 2.0  # how long before the first plot all are made
NEVER_S = 60.0  # longer than it lasts
CONFIG = """
[system]
mode = "simulation"
theatre = { lat_deg = 55.0, lon_deg = 24.5 }
[web]
port = 0
live_clients = 2000
live_clients_each = 2000
"""
BINARY, PING, PONG = 0x2, 0x9, 0xA


class Listener(asyncio.BufferedProtocol):
    """A client that reads frames as cheaply as it can, so that the server is what is measured."""

    def __init__(self, request: bytes, keep: bool) -> None:
        self.request, self.keep = request, keep
        self.delays_ms: list[float] = []
        self.frames: list[tuple[float, bytes]] = []
        self.count = 0
        self.closed = asyncio.get_running_loop().create_future()
        self._room = bytearray(1 << 20)
        self._held = bytearray()
        self._open = False
        self._skip = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 -- asyncio says the signature
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        self._held += memoryview(self._room)[:nbytes]
        if not self._open:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._held[:end]:
                raise RuntimeError(bytes(self._held[:200]))
            del self._held[: end + 4]
            self._open = True
        while self._message():
            pass

    def _message(self) -> bool:
        held = self._held
        if len(held) < 2:
            return False
        kind, size, start = held[0] & 0x0F, held[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(held[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(held[2:10], "big"), 10
        if len(held) < start + size or len(held) < start:
            return False
        if kind == BINARY:
            self._frame(time.time(), start, size)
        elif kind == PING:
            self.transport.write(bytes([0x80 | PONG, 0x80]) + bytes(4))
        del held[: start + size]
        return True

    def _frame(self, now_s: float, start: int, size: int) -> None:
        self.count += 1
        held = self._held
        assert held[start : start + 4] == MAGIC
        sent_ms = int.from_bytes(held[start + 40 : start + 48], "little")
        self.delays_ms.append(now_s * 1000 - sent_ms)
        if self.keep:
            self.frames.append((now_s, bytes(held[start : start + size])))

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 -- same
        if not self.closed.done():
            self.closed.set_result(None)


def request(url: str, secret: str, topics: str = "") -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    place = urlsplit(url)
    return (
        f"GET /api/v1/live?topics={topics} HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: {COOKIE}={secret}\r\n\r\n"
    ).encode()


async def connect(url: str, secret: str, topics: str = "", keep: bool = False) -> Listener:
    place = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, listener = await loop.create_connection(
        lambda: Listener(request(url, secret, topics), keep), place.hostname or "", place.port or 0
    )
    return listener


# --- the server of part 1 --------------------------------------------------------------------


def serve() -> None:
    """A server whose picture is painted each second; prints where, and the session's secret."""
    asyncio.run(_serve())


async def _serve() -> None:
    settings = parse_settings(CONFIG, "bench.toml")
    with tempfile.TemporaryDirectory() as folder:
        runtime = Runtime(settings, Path(folder), SystemClock())
        runtime.start()
        desk = AccessDesk(demo=True)
        server = server_of(build_app(WebParts(runtime=runtime, access=desk)), settings.web, Path())
        socket = bind(settings.web)
        running = asyncio.create_task(server.serve(sockets=[socket]))
        await answering(server)
        print(f"http://127.0.0.1:{socket.getsockname()[1]}", demo_session(desk), flush=True)
        over = threading.Event()
        painter = threading.Thread(target=paint, args=(runtime.picture, over))
        painter.start()
        await asyncio.to_thread(sys.stdin.read)
        over.set()
        painter.join()
        server.should_exit = True
        await running
        runtime.stop()


def paint(shown: Picture, over: threading.Event) -> None:
    batch = many()
    due_s = time.monotonic()
    while not over.is_set():
        columns = batch.columns | {"lat_deg": batch.columns["lat_deg"] + 1e-5}
        batch = msgspec.structs.replace(batch, columns=columns, time_ns=time.time_ns())
        shown.tracks = batch
        due_s += 1.0
        over.wait(max(0.0, due_s - time.monotonic()))


def many() -> TrackBatch:
    rng = np.random.default_rng(1)
    at = rng.uniform(-200_000, 200_000, (TRACKS, 2))
    keys = np.sort(rng.integers(1, 2**62, TRACKS))
    shown = [
        Shown(key=int(key), east_m=east, north_m=north, callsign=f"T{number:05d}")
        for number, (key, (east, north)) in enumerate(zip(keys, at, strict=True))
    ]
    return picture(TheatreFrame(55.0, 24.5), time.time_ns(), shown)


# --- the clients of part 1, in a process of their own ----------------------------------------


def crowd(url: str, secret: str, idle: int, slow: int) -> None:
    """Idle and slow clients until stdin closes; prints a line when all are there."""
    asyncio.run(_crowd(url, secret, idle, slow))


async def _crowd(url: str, secret: str, idle: int, slow: int) -> None:
    quiet = [await connect(url, secret, "system") for _ in range(idle)]
    sluggish = [await connect(url, secret) for _ in range(slow)]
    await asyncio.sleep(1)
    for listener in sluggish:
        listener.transport.pause_reading()
    print(len(quiet) + len(sluggish), flush=True)
    ended = asyncio.ensure_future(asyncio.to_thread(sys.stdin.read))
    while not ended.done():
        await asyncio.wait([ended], timeout=5)
        for listener in sluggish:  # a sip, so that they are slow and not dead
            if not listener.transport.is_closing():
                listener.transport.resume_reading()
                await asyncio.sleep(0.002)
                if not listener.transport.is_closing():
                    listener.transport.pause_reading()


async def listen(url: str, secret: str) -> tuple[np.ndarray, int]:
    """The delays of all frames to the good clients, ms, and how many the worst served one got."""
    good = [await connect(url, secret) for _ in range(GOOD)]
    await asyncio.sleep(SETTLE_S)
    for listener in good:
        listener.delays_ms.clear()
        listener.count = 0
    await asyncio.sleep(MEASURE_S)
    delays = np.concatenate([listener.delays_ms for listener in good])
    frames = min(listener.count for listener in good)
    print(f"{len(delays)} frames to {GOOD} clients, at least {frames} each")
    for listener in good:
        listener.transport.abort()
    return delays, frames


def started(*words: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, __file__, *words]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    return running, running.stdout.readline().strip()


def ended(running: subprocess.Popen[str]) -> None:
    assert running.stdin is not None
    running.stdin.close()
    running.wait(60)


def row(name: str, value: float, unit: str, goal: str) -> None:
    print(f"{name} | {value:.1f} | {unit} | {goal}")


def publish_to_received() -> None:
    server, said = started("serve")
    try:
        url, secret = said.split()
        alone, alone_frames = asyncio.run(listen(url, secret))
        row("10,000 tracks to 50 clients, p50", float(np.quantile(alone, 0.5)), "ms", "-")
        p99 = float(np.quantile(alone, 0.99))
        row("10,000 tracks to 50 clients, p99", p99, "ms", "<= 100")
        row(f"{MEASURE_S} frames, got by the worst served", alone_frames, "count", LEAST_FRAMES)
        others, there = started("crowd", url, secret, str(IDLE), str(SLOW))
        try:
            if there != str(IDLE + SLOW):
                raise RuntimeError(f"Of {IDLE + SLOW} others {there or 'none'} came in.")
            crowded, crowded_frames = asyncio.run(listen(url, secret))
        finally:
            ended(others)
        row("beside 500 idle and 50 slow, p50", float(np.quantile(crowded, 0.5)), "ms", "-")
        crowded_p99 = float(np.quantile(crowded, 0.99))
        row("beside 500 idle and 50 slow, p99", crowded_p99, "ms", "-")
        row("beside them to alone, p99", crowded_p99 / p99, "times", "<= 2")
        row(
            f"{MEASURE_S} frames, got by the worst beside them",
            crowded_frames,
            "count",
            LEAST_FRAMES,
        )
    finally:
        ended(server)


# --- part 2 ----------------------------------------------------------------------------------


def sensor_to_client(show_s: float, goal: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        system = System(Path(name))
        text = system.config.read_text()
        system.config.write_text(text.replace("[system]", f"[system]\nshow_s = {show_s}"))
        system.start()
        try:
            secret = session(Path(name) / "state")
            frames = asyncio.run(under_load(system, secret))
        finally:
            system.stop()
    delays_s = updates(frames)
    every = "at ticks only" if show_s == NEVER_S else f"shown each {show_s:g} s"
    print(f"{len(delays_s)} updates in {len(frames)} frames, {every}")
    row(f"plot to client, {every}, p50", float(np.quantile(delays_s, 0.5)) * 1000, "ms", "-")
    row(f"plot to client, {every}, p99", float(np.quantile(delays_s, 0.99)) * 1000, "ms", goal)


def session(state: Path) -> str:
    store = AccessStore.of_state(state)
    try:
        return session_of(AccessDesk(store), "viewer", name="bench")
    finally:
        store.close()


async def under_load(system: System, secret: str) -> list[tuple[float, bytes]]:
    load, begin_s = load_of(WARM_S + STEADY_S + 2)
    sender = threading.Thread(target=send, args=(load, system.ports, begin_s))
    sender.start()
    await asyncio.sleep(begin_s + WARM_S - time.monotonic())
    listener = await connect(system.url, secret, keep=True)
    await asyncio.sleep(STEADY_S)
    listener.transport.abort()
    await asyncio.to_thread(sender.join)
    return listener.frames


def load_of(lasting_s: float) -> tuple[list[Datagram], float]:
    """2,000 plots a second, and the time of the monotonic clock from which they are to be sent.

    Raises:
        RuntimeError: the machine is too slow to make them.
    """
    for lead_s in LEADS_S:
        begin_ns, begin_s = time.time_ns() + round(lead_s * 1e9), time.monotonic() + lead_s
        sky = Sky(OBJECTS, 1)
        found = [d for radar in RADARS for d in sky.radar(radar, begin_ns, 0.0, lasting_s)]
        if time.monotonic() < begin_s - SPARE_S:
            return sorted(found, key=lambda one: one.at_s), begin_s
    raise RuntimeError("The load is not made in time: this machine has other things to do.")


def updates(frames: list[tuple[float, bytes]]) -> np.ndarray:
    """For each plot that shows for the first time in a frame: how old it was when that was read."""
    found: list[np.ndarray] = []
    keys, newest = np.zeros(0, np.uint64), np.zeros(0)
    for received_s, told in frames:
        frame = decode_frame(told)
        order = np.argsort(frame.columns["track_key"])
        these = frame.columns["track_key"][order]
        updated_s = frame.time_ns / 1e9 - frame.columns["age_s"][order].astype(np.float64)
        if len(keys):
            at = np.minimum(np.searchsorted(keys, these), len(keys) - 1)
            fresh = (keys[at] == these) & (updated_s > newest[at] + 0.01)
            found.append(received_s - updated_s[fresh])
        keys, newest = these, updated_s
    return np.concatenate(found)


def main() -> None:
    publish_to_received()
    sensor_to_client(SystemSettings().show_s, "<= 2000")
    sensor_to_client(NEVER_S, "-")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["crowd", url, secret, idle, slow]:
            crowd(url, secret, int(idle), int(slow))
        case _:
            main()
