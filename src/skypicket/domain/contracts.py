"""The contracts of format, link, stage and job, and what passes between them.

A plugin is one of these four; there is nothing else to learn.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal, Protocol

import msgspec

from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus

EntryKind = Literal["message", "tick", "operator", "configuration", "job"]
# What a named person says became of an object that was lost; `lost` takes it back.
Outcome = Literal["lost", "left", "down", "never_real"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes that came over a link, before they are captured.

    `topic` is the broker topic or the sender's label, "" where the link has none.
    """

    source: str
    payload: bytes
    topic: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the capture, in the clear.

    `sequence` counts from 1 without a gap. `erased` says that the payload was personal, and that
    its key was destroyed: then `payload` is empty.
    """

    sequence: int
    kind: EntryKind
    source: str
    received_ns: int
    payload: bytes
    topic: str = ""
    personal: bool = False
    erased: bool = False


class Reject(Noun, frozen=True, kw_only=True):
    """Bytes that could not be read: which, from where, and why. They stay in quarantine.

    `reason` is a short stable word (`truncated`, `bad_length`, `unknown_edition`); `detail` a
    sentence with the value and what to do; `offset` the byte in the payload.
    """

    source: str
    sequence: int
    received_ns: int
    format: str
    reason: str
    offset: int
    detail: str


class Tick(Noun, frozen=True, kw_only=True):
    """The engine clock says the time; it moves what is shown, never what is believed."""

    time_ns: int


class OperatorAction(Noun, frozen=True, kw_only=True):
    """What an operator said or did; it enters at the top like everything else.

    `action` is one of a list kept by the stage that understands it; `subject` an identifier.
    `until_ns`: when a shelved alarm comes back, or when the next decision is due. `outcome`: what
    became of a lost object, and `track_ids` all tracks that it had, as the operator saw them.
    """

    action: str
    subject: str
    time_ns: int
    operator: str
    comment: str = ""
    until_ns: int | None = None
    outcome: Outcome | None = None
    track_ids: tuple[str, ...] = ()


class SourceDescription(msgspec.Struct, frozen=True, kw_only=True):
    """What a decoder is told of the source that it decodes.

    `sensors` are those of the configuration, by id; `options` those of the format, as configured.
    """

    source: str
    sensors: Mapping[str, Sensor]
    options: Mapping[str, Any] = {}


class Decoding(msgspec.Struct, frozen=True, kw_only=True):
    """What one payload said: batches, sensor statuses, and what could not be read."""

    batches: tuple[ObservationBatch, ...] = ()
    statuses: tuple[SensorStatus, ...] = ()
    rejects: tuple[Reject, ...] = ()


class Decoder(Protocol):
    """Bytes of one source into nouns. No clock, no I/O; state only through snapshot/restore."""

    def decode(self, entry: Entry) -> Decoding:
        """The nouns in `entry.payload`. Bad bytes give rejects, never an exception.

        Times that the bytes do not give fully are completed from `entry.received_ns`.
        """
        ...

    def snapshot(self) -> bytes:
        """All state, b"" for none."""
        ...

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        ...


class Format(Protocol):
    """Bytes ⇄ nouns, pure. Found by name through the entry point `skypicket.formats`."""

    name: str

    def decoder(self, source: SourceDescription) -> Decoder:
        """A decoder for one source.

        Raises:
            ConfigurationError: an option is unknown or has a wrong value.
        """
        ...

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """The payloads that the real sensor would send for this noun; `source` is left "".

        Raises:
            FormatError: the format cannot say this noun.
        """
        ...


class LinkHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How a link is: counts since start, and the time of the last message (0: none yet)."""

    source: str
    state: Literal["starting", "up", "down"]
    last_message_ns: int = 0
    messages: int = 0
    bytes: int = 0
    refused: int = 0
    text: str = ""


class Intake(Protocol):
    """Where links hand in what arrived."""

    def offer(self, message: Message) -> None:
        """Take the message; it will be captured. For links that cannot acknowledge.

        Raises:
            OverloadError: the queue is full; the message was not taken, and that was counted.
            StorageFullError: the capture cannot be written.
        """
        ...

    async def deliver(self, message: Message) -> int:
        """Take the message, and return its capture sequence once it is safely on disk.

        Raises: as `offer`.
        """
        ...


class Link(Protocol):
    """A socket, file or broker connection. Only links, store, engine, web and cli touch I/O."""

    async def run(self, intake: Intake) -> None:
        """Bring what arrives to the intake, until cancelled; reconnect by itself.

        Raises:
            UnavailableError: it can never work as configured (port in use, no such file).
        """
        ...

    def health(self) -> LinkHealth:
        """How the link is now."""
        ...


Says = Sequence[Noun]


class Stage(Protocol):
    """Nouns in, nouns out, at once. No clock, no I/O, no global randomness."""

    takes: ClassVar[tuple[type[Noun], ...]]

    def step(self, noun: Noun) -> Says:
        """What follows from this noun; called only with the types in `takes`."""
        ...

    def snapshot(self) -> bytes:
        """All state, so that `restore` continues exactly as if never interrupted."""
        ...

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        ...


class Job(Protocol):
    """A question that takes a while: pure, run in another process."""

    def __call__(self, request: Noun, seed: int) -> Noun:
        """The result, the same for the same request and seed."""
        ...


Clock = Callable[[], int]
"""Gives UTC now in nanoseconds since 1970; the engine's may run at another speed."""
