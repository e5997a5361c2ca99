"""The live stream of one clearance: looks at its picture, encodes once, hands to every client.

All of it runs on the server's event loop, but what takes longer than a moment, which runs on a
thread. A hub without clients looks at nothing.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

import structlog

from skypicket.domain.tracks import TrackBatch, tracks_of
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.sharing import Clearance, StreamSerializer
from skypicket.web.api.reports import report_views
from skypicket.web.api.sensors import sensor_views
from skypicket.web.api.system import (
    ChannelView,
    LinkView,
    PlaceOfTheatre,
    ProfileView,
    SystemView,
    system_view,
)
from skypicket.web.live.layout import SIMULATED, Stamp, encode_frame
from skypicket.web.live.marks import MarkMaker
from skypicket.web.live.seats import Seat
from skypicket.web.live.topics import SYSTEM, TRACKS, tracks_message
from skypicket.web.live.upserts import Upserts
from skypicket.web.operate.views import object_views, place_views

_log = structlog.get_logger("skypicket.live")
LOOK_S = 0.02
SHORTEST_S = 0.25  # between frames
LONGEST_S = 1.0
BYTES_PER_S = 2_500_000  # to one client
BEAT_S = 1.0
BEATS_AT_ONCE = 32
JSON_TRACKS_S = 1.0
COMPUTED = {"objects": object_views, "places_ahead": place_views, "reports": report_views}
OPEN_VIEWS = (SystemView, LinkView, PlaceOfTheatre, ChannelView, ProfileView)


class Hub:
    """Frames and messages of one picture for all its clients.

    Args:
        runtime: the running system.
        picture: the picture of the clearance, the own one or a partner's.
        clearance: for whom it is.
    """

    def __init__(self, runtime: Runtime, picture: Picture, clearance: Clearance) -> None:
        self.clearance = clearance
        self.seats: set[Seat] = set()
        self.encoded = 0  # frames that were made, once for all clients
        self._runtime, self._picture = runtime, picture
        self._serializer = StreamSerializer(clearance, OPEN_VIEWS)
        self._marks = MarkMaker()
        self._topics = {
            name: Upserts(name, self._serializer)
            for name in ("alarms", "incidents", "sensors", *COMPUTED)
        }
        self._shown: TrackBatch | None = None
        self._frame: bytes | None = None
        self._frame_due_s = 0.0
        self._json_shown: TrackBatch | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def join(self, seat: Seat, hello: Mapping[str, Any]) -> None:
        """Take a client in: hello, then the whole state of each topic, then tracks."""
        seat.say(self._text({"type": "hello", **hello}))
        self.seats.add(seat)
        if not self._tasks:
            self._look()
            self._look_at_sensors()
            loops = (self._watch(), self._beat(), self._look_farther(), self._tell_tracks())
            self._tasks = [asyncio.create_task(loop, name="live") for loop in loops]
        self._catch_up(seat)
        if SYSTEM in seat.topics:
            seat.beat(self._system())
        if self._frame is not None and TRACKS in seat.topics and seat.form == "frames":
            seat.show(self._frame)

    def leave(self, seat: Seat) -> None:
        """Let a client go; the last one puts out the light."""
        self.seats.discard(seat)
        if not self.seats:
            self.stop()

    def stop(self) -> None:
        """Look at nothing any more."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []
        self._shown = self._frame = self._json_shown = None
        for name in COMPUTED:
            self._topics[name].forget()

    # --- the loops -------------------------------------------------------------------------------

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            self._fenced(self._look)

    async def _beat(self) -> None:
        """Sensors, and the heartbeat: to few clients at a time, or a frame waits for hundreds."""
        due_s = time.monotonic() + BEAT_S
        while True:
            await asyncio.sleep(max(due_s - time.monotonic(), LOOK_S))
            due_s = time.monotonic() + BEAT_S
            self._fenced(self._look_at_sensors)
            seats = tuple(self.seats)
            for first in range(0, len(seats), BEATS_AT_ONCE):
                self._fenced(self._say_system, seats[first : first + BEATS_AT_ONCE])
                await asyncio.sleep(LOOK_S)

    async def _look_farther(self) -> None:
        """What is computed of the picture, once a second, on a thread."""
        while True:
            for name, views in COMPUTED.items():
                if not self._wanted(name):
                    continue
                try:
                    items = await asyncio.to_thread(views, self._runtime, self._picture)
                except Exception:  # noqa: BLE001 -- the hub's own fence: the rest goes on
                    _log.exception("live_failed", topic=name)
                    continue
                self._tell(name, self._keyed(name, items))
            await asyncio.sleep(BEAT_S)

    async def _tell_tracks(self) -> None:
        """Tracks as JSON, once a second, for those who asked for JSON."""
        while True:
            seats = [seat for seat in self.seats if seat.form == "json" and TRACKS in seat.topics]
            batch = self._picture.tracks
            if seats and batch is not None and batch is not self._json_shown:
                self._json_shown = batch
                text = await asyncio.to_thread(self._tracks_text, batch)
                for seat in seats:
                    seat.show(text)
            await asyncio.sleep(JSON_TRACKS_S)

    def _fenced(self, look: Any, *words: Any) -> None:
        try:
            look(*words)
        except Exception:  # noqa: BLE001 -- the hub's own fence: one bad look must not be the last
            _log.exception("live_failed", look=look.__name__)

    # --- one look --------------------------------------------------------------------------------

    def _look(self) -> None:
        """Frames and messages of whatever has changed since the last look."""
        self._tell("alarms", self._picture.alarms)
        self._tell("incidents", self._picture.incidents)
        batch, now_s = self._picture.tracks, time.monotonic()
        if batch is not None and batch is not self._shown and now_s >= self._frame_due_s:
            self._shown = batch
            self._show(batch, now_s)

    def _show(self, batch: TrackBatch, now_s: float) -> None:
        told = self._serializer.tracks(batch, self._runtime.clock())
        if told is None:
            return
        self.encoded += 1
        simulated = self._runtime.settings.system.mode == "simulation"
        own = self.clearance.is_own
        stamp = Stamp(
            sequence=self._picture.sequence if own else 0,
            number=self.encoded,
            sent_ms=time.time_ns() // 1_000_000,
            flags=SIMULATED if simulated else 0,
        )
        self._frame = encode_frame(told, self._marks.of(self._picture), stamp)
        rest_s = min(max(SHORTEST_S, len(self._frame) / BYTES_PER_S), LONGEST_S)
        self._frame_due_s = now_s + rest_s - LOOK_S
        for seat in self.seats:
            if seat.form == "frames" and TRACKS in seat.topics:
                seat.show(self._frame)

    def _look_at_sensors(self) -> None:
        if self._wanted("sensors"):
            views = sensor_views(self._runtime, self._picture)
            self._tell("sensors", self._keyed("sensors", views))

    def _say_system(self, seats: Iterable[Seat]) -> None:
        text = self._system()
        for seat in self.seats.intersection(seats):  # who has left meanwhile is told nothing
            if seat.behind:
                self._catch_up(seat)
            if SYSTEM in seat.topics:
                seat.beat(text)

    def _system(self) -> str:
        view = system_view(self._runtime, self._picture)
        names = type(view).__struct_fields__
        return self._text({"type": SYSTEM} | {name: getattr(view, name) for name in names})

    # --- telling ---------------------------------------------------------------------------------

    def _tell(self, topic: str, items: Mapping[str, Any]) -> None:
        """Say what changed of a topic, and the whole of it to those who have not heard it."""
        upserts = self._topics[topic]
        first = not upserts.known
        changed = upserts.take(items, self._runtime.clock())
        if changed is None and not first:
            return
        for seat in self.seats:
            if topic not in seat.told:
                self._catch_up(seat)
            elif changed is not None:
                seat.say(changed)

    def _catch_up(self, seat: Seat) -> None:
        """Say the whole state of each topic that the client wants and has not heard."""
        seat.behind = False
        for name, upserts in self._topics.items():
            if name not in seat.topics or name in seat.told:
                continue
            whole = upserts.whole(self._runtime.clock())
            if whole is not None:
                seat.told.add(name)
                seat.say(whole)

    def _wanted(self, topic: str) -> bool:
        return any(topic in seat.topics for seat in self.seats)

    def _keyed(self, topic: str, items: Any) -> dict[str, Any]:
        return self._topics[topic].keyed(items)

    def _tracks_text(self, batch: TrackBatch) -> str:
        now_ns = self._runtime.clock()
        told = self._serializer.tracks(batch, now_ns)
        tracks = [] if told is None else list(tracks_of(told))
        return self._text(tracks_message(tracks, batch.time_ns))

    def _text(self, said: object) -> str:
        return self._serializer.says(said, self._runtime.clock()).decode()
