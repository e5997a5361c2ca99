"""A recorded file as a link: at its recorded pace, faster, or as fast as it is taken."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from skypicket.domain.contracts import Clock, Intake, LinkHealth, Message
from skypicket.domain.errors import InputError, OverloadError, StorageFullError, UnavailableError
from skypicket.domain.times import NS_PER_S
from skypicket.links.settings import FileSettings
from skypicket.links.tally import Tally

_TRY_AGAIN_S = 0.02
_BREATHE_EVERY = 256  # messages, so that other links get their turn


class FramedPayload(Protocol):
    """One message of a file, with the time at which it was received, if the file says it."""

    @property
    def received_ns(self) -> int | None:
        """UTC nanoseconds since 1970."""
        ...

    @property
    def payload(self) -> bytes:
        """The message."""
        ...


Splitter = Callable[[bytes, str], Iterable[FramedPayload]]
"""Cuts the content of a file, given its suffix (`.pcap`, `.jsonl`), into messages."""


class Line(NamedTuple):
    """A line of a text file as a message; it says no time."""

    payload: bytes
    received_ns: int | None = None


def by_lines(content: bytes, suffix: str) -> Iterator[Line]:  # noqa: ARG001 - a Splitter
    r"""Each line that is not blank, without its line end.

    >>> [line.payload for line in by_lines(b'{"a":1}\n\n{"a":2}', ".jsonl")]
    [b'{"a":1}', b'{"a":2}']
    """
    for line in content.splitlines():
        if line.strip():
            yield Line(line)


class FileLink:
    """Reads a file once. A refused message is offered again: a file can wait."""

    def __init__(
        self, settings: FileSettings, source: str, clock: Clock, split: Splitter = by_lines
    ) -> None:
        self._settings = settings
        self._split = split
        self._tally = Tally(source, clock)

    async def run(self, intake: Intake) -> None:
        """Bring the whole file, then return, when the last message is on disk.

        Raises:
            UnavailableError: there is no such file, or it is none of this format.
        """
        path = Path(self._settings.path)
        content = await self._read(path)
        self._tally.up()
        begin: tuple[int, float] | None = None  # first recorded time, and when that was brought
        loop = asyncio.get_running_loop()
        held: Message | None = None
        try:
            for number, frame in enumerate(self._split(content, path.suffix)):
                if held is not None:
                    await self._bring(intake, held)
                if frame.received_ns is not None and self._settings.speed_factor:
                    begin = begin or (frame.received_ns, loop.time())
                    await asyncio.sleep(self._due(frame.received_ns, begin) - loop.time())
                elif number % _BREATHE_EVERY == 0:
                    await asyncio.sleep(0)
                held = Message(source=self._tally.source, payload=frame.payload)
            if held is not None:
                await self._bring(intake, held, safely=True)
        except InputError as error:
            self._tally.down(str(error))
            raise UnavailableError(f"File {path} cannot be brought in: {error}") from error
        self._tally.down(f"{path.name} was read to its end")

    def health(self) -> LinkHealth:
        """How the link is; it is down once the file is read."""
        return self._tally.health()

    async def _read(self, path: Path) -> bytes:
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            text = f"File {path} of source {self._tally.source!r} cannot be read: {error.strerror}."
            self._tally.down(text)
            raise UnavailableError(text) from error

    def _due(self, received_ns: int, begin: tuple[int, float]) -> float:
        return begin[1] + (received_ns - begin[0]) / NS_PER_S / self._settings.speed_factor

    async def _bring(self, intake: Intake, message: Message, *, safely: bool = False) -> None:
        """Hand in one message, as often as it takes; `safely` waits until all is on disk."""
        while True:
            try:
                if safely:
                    await intake.deliver(message)
                else:
                    intake.offer(message)
            except (OverloadError, StorageFullError) as error:
                self._tally.refused(str(error), 0)
                await asyncio.sleep(_TRY_AGAIN_S)
            else:
                self._tally.took(len(message.payload))
                return
