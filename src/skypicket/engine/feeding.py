"""A simulated night fed at the pace of the engine clock, as if its sensors were there."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from skypicket.domain.codec import to_json
from skypicket.domain.contracts import Intake, Link, LinkHealth
from skypicket.domain.errors import InputError, OverloadError, StorageFullError
from skypicket.engine.captures import make_folder, open_capture
from skypicket.engine.clock import ScenarioClock
from skypicket.engine.kernels import make_ready
from skypicket.engine.offline import NightEncoder
from skypicket.engine.settings import Settings
from skypicket.links import MemoryLink, MemorySettings
from skypicket.scenario import Night
from skypicket.store.chain import Unwritten

GIVE_WAY_AFTER = 256
RETRY_S = 0.01
MOST_BEHIND = 2_000


class ResumePoint(NamedTuple):
    """Where an earlier run of the same night stopped: engine time, and messages captured."""

    time_ns: int
    messages: int


def claim_state(folder: Path, night: Night, seed: int) -> None:
    """Make the state folder this night's, or see that it is.

    Raises:
        InputError: it holds another night, or the same with another seed.
    """
    make_folder(folder)
    place = folder / "night.json"
    told = to_json({"night": night.name, "seed": seed, "text": text_hash(night)})
    if not place.exists():
        place.write_bytes(told)
    elif place.read_bytes() != told:
        raise InputError(
            f"{folder} holds another night, or this one with another seed. Name another --state."
        )


def text_hash(night: Night) -> str:
    """SHA-256 of a night's text, in hexadecimal."""
    return sha256(night.settings_text.encode()).hexdigest()


def resume_point(folder: Path, settings: Settings, night: Night) -> ResumePoint:
    """Where the night in a state folder stopped; its beginning if there is none yet."""
    if not (folder / "capture").is_dir():
        return ResumePoint(night.start_ns, 0)
    fed = {s.id for s in settings.sources if isinstance(s.link, MemorySettings)}
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
        self._behind: Callable[[], int] = lambda: 0
        self.ended = False

    def links(self, behind: Callable[[], int], skip: int = 0) -> dict[str, Link]:
        """A memory link for each source, and the feeder, which leaves out `skip` messages.

        The feeder waits while the stages are `behind` by many entries, and time waits with it.
        """
        self._behind = behind
        self._memory = {
            source.id: MemoryLink(source.id, self._clock) for source in self._settings.sources
        }
        return {**self._memory, "scenario": _Feeder(self, skip)}

    async def feed(self, skip: int) -> int:
        """Hand in all messages but the first `skip` in order, each at its time; how many.

        The night begins once the kernels are ready that work on it.
        """
        encoder = await asyncio.to_thread(self._prepare)
        self._clock.ceiling_ns = self._clock()
        for link in self._memory.values():
            await link.started()
        handed = 0
        for emission in self._night.emissions(self._seed):
            for unwritten in encoder.entries(emission):
                handed += 1
                if handed > skip:
                    await self._hand_in(unwritten, emission.received_ns)
                elif handed % GIVE_WAY_AFTER == 0:
                    await asyncio.sleep(0)
        self._clock.ceiling_ns = None
        self.ended = True
        return handed - skip

    def _prepare(self) -> NightEncoder:
        """All that takes more than a moment: kernels, where everything flies, the formats."""
        make_ready()
        self._night.prepare()
        return NightEncoder(self._settings)

    async def _hand_in(self, unwritten: Unwritten, time_ns: int) -> None:
        """Hand in at the given time; wait for room rather than lose anything."""
        while self._behind() > MOST_BEHIND:
            await asyncio.sleep(RETRY_S)
        self._clock.ceiling_ns = time_ns
        while (wait_s := self._clock.wait_s(time_ns)) > 0:
            await asyncio.sleep(wait_s)
        while True:
            try:
                self._memory[unwritten.source].offer(unwritten.payload, unwritten.topic)
            except (OverloadError, StorageFullError):
                await asyncio.sleep(RETRY_S)
            else:
                return


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
