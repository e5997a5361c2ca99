"""Presence, bearings and statuses as the messages that an acoustic node would send.

A node numbers its messages; nouns do not. So `messages_of` leaves `seq` out, and such messages
are not counted; `AcousticSender` is a node that counts.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from skypicket.domain.contracts import Message
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch, SweptInterval, rows_of
from skypicket.domain.sensors import SensorStatus
from skypicket.formats.acoustic_messages import NAME, TOPIC_ROOT, Detection, Status


def messages_of(noun: ObservationBatch | SensorStatus) -> Sequence[Message]:
    """One detection per row, or one status.

    Raises:
        FormatError: the batch has neither rows nor an interval in which it listened.
    """
    return [_message(said) for said in _said(noun)]


class AcousticSender:
    """A node that numbers what it sends from 0 on, as real ones do.

    >>> status = SensorStatus(sensor_id="A1", time_ns=5, state="alive")
    >>> sender = AcousticSender("boot-7")
    >>> [m.payload[-9:] for _ in range(2) for m in sender.send(status)]
    [b',"seq":0}', b',"seq":1}']
    """

    def __init__(self, boot_id: str) -> None:
        self._boot_id = boot_id
        self._next = 0

    def send(self, noun: ObservationBatch | SensorStatus) -> Sequence[Message]:
        """The messages for the noun, numbered on; the numbers that a status calls lost are skipped.

        Raises:
            FormatError: as `messages_of`.
        """
        if isinstance(noun, SensorStatus):
            self._next += noun.lost
        messages = []
        for said in _said(noun):
            numbered = msgspec.structs.replace(said, boot_id=self._boot_id, seq=self._next)
            messages.append(_message(numbered))
            self._next += 1
        return messages


def _message(said: Detection | Status) -> Message:
    kind = "status" if isinstance(said, Status) else "detection"
    topic = f"{TOPIC_ROOT}/{said.node}/{kind}"
    return Message(source="", topic=topic, payload=msgspec.json.encode(said))


def _said(noun: ObservationBatch | SensorStatus) -> Iterator[Detection | Status]:
    if isinstance(noun, SensorStatus):
        yield Status(
            state=noun.state,
            node=noun.sensor_id,
            time=noun.time_ns,
            clock_error_s=noun.clock_error_s,
            text=noun.text,
            simulated=noun.simulated,
        )
        return
    swept = noun.swept if isinstance(noun.swept, SweptInterval) else None
    if not len(noun):
        if swept is None:
            raise FormatError(f"The format {NAME} cannot say an empty batch that swept nothing.")
        yield Status(
            state="alive",
            node=noun.sensor_id,
            time=swept.to_ns,
            listening_from=swept.from_ns,
            listening_to=swept.to_ns,
            simulated=noun.simulated,
        )
        return
    for row in rows_of(noun):
        probability = row.claims.get("class_probability")
        values: dict[str, Any] = {**row.values}
        yield Detection(
            node=noun.sensor_id,
            time=row.time_ns,
            label=row.claims.get("class"),
            class_probability=None if probability is None else float(probability),
            heard_from=None if swept is None else swept.from_ns,
            heard_to=None if swept is None else swept.to_ns,
            simulated=noun.simulated,
            **values,
        )
