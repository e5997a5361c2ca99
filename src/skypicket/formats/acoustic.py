"""Acoustic nodes over MQTT, profile version 1: what a node heard, and that it listens. Never audio.

Topics: `skypicket/v1/acoustic/<node>/detection` and `…/<node>/status`; the last will on the status
topic is `{"state":"gone"}`. Messages: `acoustic_messages`. Numbering: `acoustic_numbering`.
The docs page "acoustic" is the whole profile.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skypicket.domain.codec import pack, unpack
from skypicket.domain.contracts import Decoding, Entry, Message, SourceDescription
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch, SweptInterval, batch_of
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.formats.acoustic_encoding import messages_of
from skypicket.formats.acoustic_messages import (
    NAME,
    Detection,
    Moment,
    Status,
    moment_ns,
    read_message,
)
from skypicket.formats.acoustic_numbering import News, Numbering
from skypicket.formats.json_text import plain_text
from skypicket.formats.origin import Refusal, check_options, label_of, rejected

MAX_NODES = 10_000  # numberings kept; the configured sensors bound them where there are any
CLOCK_LIMIT_S = 1.0  # a clock that may be further off makes a node degraded


class AcousticDecoder:
    """Messages of many nodes; keeps per node which numbers have come. It takes no options."""

    def __init__(self, source: SourceDescription) -> None:
        check_options(source, NAME, ())
        self._sensors = source.sensors
        self._numberings: dict[str, Numbering] = {}

    def decode(self, entry: Entry) -> Decoding:
        """One batch per detection; per status a `SensorStatus`, and an empty batch if it listened.

        Repeated messages give nothing. Numbers that never came are told as `SensorStatus.lost`.
        """
        found = read_message(entry)
        if isinstance(found, Refusal):
            return Decoding(rejects=(rejected(entry, NAME, found),))
        node, said = found
        if self._sensors and node not in self._sensors:
            refusal = Refusal("unknown_sensor", 0, f"The node {node!r} is not among the sensors.")
            return Decoding(rejects=(rejected(entry, NAME, refusal),))
        news = self._news(node, said, entry.received_ns)
        if news.repeated:
            return Decoding()
        status = self._status(node, said, news, entry)
        if isinstance(said, Status):
            return Decoding(batches=self._listened(node, said, entry), statuses=(status,))
        statuses = (status,) if _is_noteworthy(said, news) else ()
        return Decoding(batches=(self._heard(node, said, entry),), statuses=statuses)

    def _news(self, node: str, found: Detection | Status, received_ns: int) -> News:
        if found.seq is None or found.boot_id is None:
            return News()
        numbering = self._numberings.get(node)
        if numbering is None:
            if len(self._numberings) >= MAX_NODES:
                del self._numberings[next(iter(self._numberings))]
            numbering = self._numberings[node] = Numbering()
        return numbering.take(found.boot_id, found.seq, received_ns)

    def _heard(self, node: str, found: Detection, entry: Entry) -> ObservationBatch:
        columns = found.columns()
        return batch_of(
            "bearing" if "azimuth_deg" in columns else "presence",
            node,
            np.array([moment_ns(found.time)]),
            {name: [value] for name, value in columns.items()},
            claims={name: np.array([word]) for name, word in found.claims().items()},
            swept=_interval(found.heard_from, found.heard_to),
            simulated=found.simulated,
            **self._origin(node, entry),
        )

    def _listened(self, node: str, found: Status, entry: Entry) -> tuple[ObservationBatch, ...]:
        """An empty batch whose `swept` makes the silence mean something."""
        swept = _interval(found.listening_from, found.listening_to)
        if swept is None:
            return ()
        batch = batch_of(
            "presence",
            node,
            np.array([], dtype=np.int64),
            {},
            swept=swept,
            simulated=found.simulated,
            **self._origin(node, entry),
        )
        return (batch,)

    def _origin(self, node: str, entry: Entry) -> dict[str, Any]:
        return {
            "received_ns": entry.received_ns,
            "source": entry.source,
            "sequence": entry.sequence,
            "releasability": label_of(self._sensors.get(node)),
        }

    def _status(
        self, node: str, found: Detection | Status, news: News, entry: Entry
    ) -> SensorStatus:
        state = found.state if isinstance(found, Status) else "alive"
        if state == "alive" and (found.clock_error_s or 0.0) > CLOCK_LIMIT_S:
            state = "degraded"
        return SensorStatus(
            sensor_id=node,
            time_ns=entry.received_ns if found.time is None else moment_ns(found.time),
            state=state,
            received_ns=entry.received_ns,
            lost=news.lost,
            restarted=news.restarted,
            clock_error_s=found.clock_error_s,
            text=plain_text(found.text, 200) if isinstance(found, Status) else "",
            simulated=found.simulated,
            releasability=label_of(self._sensors.get(node)),
        )

    def snapshot(self) -> bytes:
        """The numbering of every node."""
        return pack({node: numbering.state() for node, numbering in self._numberings.items()})

    def restore(self, state: bytes) -> None:
        """Take up the state of a snapshot of the same version."""
        kept = unpack(state)
        self._numberings = {node: Numbering.of(value) for node, value in kept.items()}


def _interval(first: Moment | None, last: Moment | None) -> SweptInterval | None:
    if first is None or last is None:
        return None
    return SweptInterval(from_ns=moment_ns(first), to_ns=moment_ns(last))


def _is_noteworthy(found: Detection, news: News) -> bool:
    return news.lost > 0 or news.restarted or (found.clock_error_s or 0.0) > CLOCK_LIMIT_S


class AcousticFormat:
    """The format `acoustic`."""

    name = NAME

    def decoder(self, source: SourceDescription) -> AcousticDecoder:
        """A decoder for one source, which may carry many nodes.

        Raises:
            ConfigurationError: an option is given; there are none.
        """
        return AcousticDecoder(source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        """One detection per row; an empty batch that swept an interval is a heartbeat.

        The messages carry no numbers, because nouns have none; `AcousticSender` numbers them.

        Raises:
            FormatError: the noun is neither presence, bearing nor a status, or is empty.
        """
        if isinstance(noun, ObservationBatch) and noun.kind not in {"presence", "bearing"}:
            raise FormatError(f"The format {NAME} cannot say {noun.kind} of {sensor.id!r}.")
        return messages_of(noun)


FORMAT = AcousticFormat()
