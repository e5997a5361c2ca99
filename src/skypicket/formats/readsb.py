"""readsb JSON: a receiver's `aircraft.json`, or one aircraft per line → `self_report`.

A position is dated `now - seen_pos`. Aircraft without a position give no row. What a field means
is in `readsb_aircraft`; where the transponder says nothing of its accuracy, sigma is the option
`sigma_m` (200 m).
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from skypicket.domain.contracts import Decoding, Entry, Message, Reject, SourceDescription
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.domain.times import NS_PER_S
from skypicket.formats.json_text import duplicate_key, read_typed
from skypicket.formats.origin import (
    Refusal,
    check_options,
    label_of,
    number_option,
    rejected,
    sensor_of,
)
from skypicket.formats.readsb_aircraft import Aircraft, batch_of_aircraft, fault_of
from skypicket.formats.readsb_encoding import snapshot_of

NAME = "readsb-json"
MAX_BYTES = 16 * 1024 * 1024
DEFAULT_SIGMA_M = (
    200.0  # a transponder that says nothing (old ones, MLAT): NACp 7 or better, mostly
)

_NowS = Annotated[float, Meta(ge=0, le=4e9)]


class _Outline(msgspec.Struct, frozen=True):
    """Enough of a message to tell a snapshot from a single aircraft."""

    aircraft: list[msgspec.Raw] | None = None
    now: _NowS | None = None


class _Text(NamedTuple):
    """One aircraft's JSON and where it starts in the message."""

    offset: int
    content: bytes


class _Message(NamedTuple):
    """`doubtful`: some aircraft says a key twice, so each is looked at closely."""

    now_s: float
    texts: list[_Text]
    doubtful: bool = False


_OUTLINE = msgspec.json.Decoder(_Outline)
_AIRCRAFT = msgspec.json.Decoder(Aircraft)


class ReadsbDecoder:
    """Snapshots or lines of one receiver. Options: `sensor`, `sigma_m` (where none is said)."""

    def __init__(self, source: SourceDescription) -> None:
        check_options(source, NAME, {"sensor", "sigma_m"})
        self._sensor_id = sensor_of(source, "adsb")
        self._label = label_of(source.sensors.get(self._sensor_id))
        self._sigma_m = number_option(source, "sigma_m", DEFAULT_SIGMA_M)

    def decode(self, entry: Entry) -> Decoding:
        """One batch of all positions of the message; a bad aircraft rejects only itself."""
        message = _message(entry)
        if isinstance(message, Refusal):
            return Decoding(rejects=(rejected(entry, NAME, message),))
        rows: list[tuple[int, Aircraft]] = []
        rejects: list[Reject] = []
        for text in message.texts:
            found = _aircraft(text.content, message.doubtful)
            if isinstance(found, Refusal):
                rejects.append(rejected(entry, NAME, found, text.offset))
            elif found.lat is not None:
                rows.append((text.offset, found))
        if not rows:
            return Decoding(rejects=tuple(rejects))
        batch = msgspec.structs.replace(
            batch_of_aircraft(self._sensor_id, rows, message.now_s, self._sigma_m),
            received_ns=entry.received_ns,
            source=entry.source,
            sequence=entry.sequence,
            releasability=self._label,
        )
        return Decoding(batches=(batch,), rejects=tuple(rejects))

    def snapshot(self) -> bytes:
        """Nothing: each message stands alone."""
        return b""

    def restore(self, state: bytes) -> None:
        """Nothing to take up."""


def _message(entry: Entry) -> _Message | Refusal:
    outline = _outline(entry.payload)
    if isinstance(outline, Refusal):
        return outline
    twice = duplicate_key(entry.payload)
    if outline.aircraft is None:
        now_s = entry.received_ns / NS_PER_S if outline.now is None else outline.now
        return twice or _Message(now_s, [_Text(0, entry.payload)])
    if outline.now is None:
        return Refusal("missing_key", 0, "$.now is missing: a snapshot says when it was made.")
    texts = _texts(entry.payload, outline.aircraft)
    if twice and not any(duplicate_key(text.content) for text in texts):
        return twice  # not inside an aircraft, so the whole message is in doubt
    return _Message(outline.now, texts, twice is not None)


def _outline(payload: bytes) -> _Outline | Refusal:
    if len(payload) > MAX_BYTES:
        return Refusal("too_large", MAX_BYTES, f"A message has at most {MAX_BYTES} bytes.")
    return read_typed(payload, _OUTLINE)


def _texts(payload: bytes, aircraft: list[msgspec.Raw]) -> list[_Text]:
    texts = []
    at = max(payload.find(b'"aircraft"'), 0)
    for raw in aircraft:
        content = bytes(raw)
        at = max(payload.find(content, at), 0)
        texts.append(_Text(at, content))
        at += len(content)
    return texts


def _aircraft(text: bytes, doubtful: bool) -> Aircraft | Refusal:
    aircraft = read_typed(text, _AIRCRAFT)
    if isinstance(aircraft, Refusal):
        return aircraft
    twice = duplicate_key(text) if doubtful else None
    return twice or fault_of(aircraft) or aircraft


class ReadsbFormat:
    """The format `readsb-json`. It has no word for simulated input."""

    name = NAME

    def decoder(self, source: SourceDescription) -> ReadsbDecoder:
        """A decoder for one source.

        Raises:
            ConfigurationError: an option is unknown or has a wrong value.
        """
        return ReadsbDecoder(source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """One snapshot with all rows of a `self_report` batch, rounded as receivers round.

        Raises:
            FormatError: the noun is no self_report, or a row has no claim `icao24`.
        """
        if not isinstance(noun, ObservationBatch) or noun.kind != "self_report":
            raise FormatError(f"The format {NAME} says self_reports of {sensor.id!r} only.")
        return [Message(source="", payload=snapshot_of(noun))] if len(noun) else []


FORMAT = ReadsbFormat()
