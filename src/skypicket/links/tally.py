"""What a link counts while it runs."""

from typing import Literal

from skypicket.domain.contracts import Clock, Intake, LinkHealth, Message
from skypicket.domain.errors import UnavailableError


class Tally:
    """The counts of one link, and its state in words. Used in one thread."""

    def __init__(self, source: str, clock: Clock) -> None:
        self.source = source
        self._clock = clock
        self._state: Literal["starting", "up", "down"] = "starting"
        self._text = ""
        self._last_message_ns = self._messages = self._bytes = self._refused = 0

    def up(self, text: str = "") -> None:
        """The link works."""
        self._state, self._text = "up", text

    def down(self, text: str) -> None:
        """The link does not work; `text` says why."""
        self._state, self._text = "down", text

    def took(self, size_bytes: int) -> None:
        """A message was taken."""
        self._messages += 1
        self._bytes += size_bytes
        self._last_message_ns = self._clock()

    def refused(self, text: str, count: int = 1) -> None:
        """Messages were not taken; `text` says why."""
        self._refused += count
        self._text = text

    def health(self) -> LinkHealth:
        """The counts now."""
        return LinkHealth(
            source=self.source,
            state=self._state,
            last_message_ns=self._last_message_ns,
            messages=self._messages,
            bytes=self._bytes,
            refused=self._refused,
            text=self._text,
        )

    def offer(self, intake: Intake, payload: bytes, topic: str = "") -> bool:
        """Offer a message and count what became of it."""
        try:
            intake.offer(Message(source=self.source, payload=payload, topic=topic))
        except UnavailableError as error:
            self.refused(str(error))
            return False
        self.took(len(payload))
        return True
