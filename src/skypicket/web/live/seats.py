"""One client of the live stream: what waits to be sent to it, never more than a little."""

import asyncio
from collections import deque
from typing import Literal

Form = Literal["frames", "json"]
MOST_WAITING = 128  # messages; whoever is further behind starts afresh with the whole state


class Seat:
    """A client's place in a hub. One slot for tracks, in which the newest wins; a short queue.

    `form` says how it hears of tracks: as binary frames, or as JSON. `told` are the topics of
    which it has the whole state. `behind` is set when its queue ran over: then all that waited is
    let go, and the hub says the whole state again; `overruns` counts how often.
    """

    def __init__(self, topics: frozenset[str], form: Form = "frames") -> None:
        self.topics = topics
        self.form = form
        self.told: set[str] = set()
        self.behind = False
        self.overruns = 0
        self._messages: deque[str] = deque()
        self._tracks: bytes | str | None = None
        self._system: str | None = None
        self._ready = asyncio.Event()

    def say(self, text: str) -> None:
        """Queue a message; one too many, and the client starts afresh."""
        if len(self._messages) >= MOST_WAITING:
            self._messages.clear()
            self.told.clear()
            self.behind = True
            self.overruns += 1
        else:
            self._messages.append(text)
        self._ready.set()

    def beat(self, text: str) -> None:
        """Put the system's state into its slot: an old heartbeat is no use to anybody."""
        self._system = text
        self._ready.set()

    def show(self, tracks: bytes | str) -> None:
        """Put tracks into the slot, in place of those that were not sent yet."""
        self._tracks = tracks
        self._ready.set()

    async def next(self) -> bytes | str:
        """What to send next: messages in order, then the heartbeat, then the newest tracks."""
        while True:
            if self._messages:
                return self._messages.popleft()
            if self._system is not None:
                system, self._system = self._system, None
                return system
            if self._tracks is not None:
                tracks, self._tracks = self._tracks, None
                return tracks
            self._ready.clear()
            await self._ready.wait()
