"""Messages handed in by the program itself: simulated nights, tests, and the web server."""

import asyncio

from skypicket.domain.contracts import Clock, Intake, LinkHealth, Message
from skypicket.domain.errors import UnavailableError
from skypicket.links.tally import Tally


class MemoryLink:
    """A link without a wire: whoever holds it hands messages in while it runs."""

    def __init__(self, source: str, clock: Clock) -> None:
        self._tally = Tally(source, clock)
        self._intake: Intake | None = None
        self._started = asyncio.Event()

    async def run(self, intake: Intake) -> None:
        """Let messages through until cancelled."""
        self._intake = intake
        self._tally.up()
        self._started.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self._intake = None
            self._started.clear()
            self._tally.down("stopped")

    def health(self) -> LinkHealth:
        """How the link is."""
        return self._tally.health()

    async def started(self) -> None:
        """Wait until the link runs."""
        await self._started.wait()

    async def deliver(self, payload: bytes, topic: str = "") -> int:
        """Hand in a message; its capture sequence, once it is safely on disk.

        Raises:
            UnavailableError: the link does not run, or the intake refuses.
        """
        message = Message(source=self._tally.source, payload=payload, topic=topic)
        try:
            sequence = await self._running().deliver(message)
        except UnavailableError as error:
            self._tally.refused(str(error))
            raise
        self._tally.took(len(payload))
        return sequence

    def offer(self, payload: bytes, topic: str = "") -> None:
        """Hand in a message without waiting for the disk.

        Raises:
            UnavailableError: the link does not run, or the intake refuses.
        """
        message = Message(source=self._tally.source, payload=payload, topic=topic)
        try:
            self._running().offer(message)
        except UnavailableError as error:
            self._tally.refused(str(error))
            raise
        self._tally.took(len(payload))

    def _running(self) -> Intake:
        if self._intake is None:
            raise UnavailableError(
                f"The link of {self._tally.source!r} does not run. Start the system first."
            )
        return self._intake
