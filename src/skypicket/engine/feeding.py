"""A simulated night fed at the pace of the engine clock, as if its sensors were there."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from skypicket.domain.contracts import Intake, Link, LinkHealth, Message
from skypicket.domain.times import NS_PER_S
from skypicket.engine.captures import open_capture
from skypicket.engine.clock import ScenarioClock
from skypicket.engine.offline import encoder_of
from skypicket.engine.settings import Settings
from skypicket.links import MemoryLink
from skypicket.scenario import Night

AHEAD_S = 0.02


class ResumePoint(NamedTuple):
    """Where an earlier run of the same night stopped: engine time, and messages captured."""

    time_ns: int
    messages: int


def resume_point(folder: Path, settings: Settings, night: Night) -> ResumePoint:
    """Where the night in a state folder stopped; its beginning if there is none yet."""
    if not (folder / "capture").is_dir():
        return ResumePoint(night.start_ns, 0)
    fed = {source.id for source in settings.sources if source.link.type == "memory"}
    time_ns, messages = night.start_ns, 0
    with open_capture(folder) as capture:
        for entry in capture.entries():
            time_ns = max(time_ns, entry.received_ns)
            messages += entry.kind == "message" and entry.source in fed
    return ResumePoint(time_ns, messages)


class NightFeed:
    """Hands a night's messages to memory links when their time has come.

    `ended` is true when all have been handed in.
    """

    def __init__(self, night: Night, settings: Settings, clock: ScenarioClock, seed: int) -> None:
        self._night = night
        self._settings = settings
        self._clock = clock
        self._seed = seed
        self._memory: dict[str, MemoryLink] = {}
        self.ended = False

    def links(self, skip: int = 0) -> dict[str, Link]:
        """The memory links of the night's sources, and the feeder, which leaves out `skip`."""
        self._memory = {
            source.id: MemoryLink(source.id, self._clock)
            for source in self._settings.sources
            if source.link.type == "memory"
        }
        return {**self._memory, "scenario": _Feeder(self, skip)}

    async def feed(self, skip: int) -> int:
        """Hand in all messages but the first `skip` in order, each at its time; how many."""
        encode = encoder_of(self._settings)
        handed = 0
        for emission in self._night.emissions(self._seed):
            for unwritten in encode(emission.source, emission.noun):
                handed += 1
                if handed <= skip:
                    continue
                await self._wait(emission.received_ns)
                message = Message(
                    source=unwritten.source, payload=unwritten.payload, topic=unwritten.topic
                )
                await self._memory[emission.source].put(message)
        self.ended = True
        return handed - skip

    async def _wait(self, time_ns: int) -> None:
        wait_s = self._clock.wait_s(time_ns)
        if wait_s > AHEAD_S or time_ns - self._clock() > NS_PER_S:
            await asyncio.sleep(wait_s)


class _Feeder:
    """The feed as a link, so that it runs and stops with the others."""

    def __init__(self, feed: NightFeed, skip: int) -> None:
        self._feed = feed
        self._skip = skip

    async def run(self, intake: Intake) -> None:
        """Feed the night; `intake` is reached through the memory links."""
        del intake
        await self._feed.feed(self._skip)

    def health(self) -> LinkHealth:
        """Up until the night has been fed."""
        return LinkHealth(source="scenario", state="down" if self._feed.ended else "up")
