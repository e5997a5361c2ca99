from collections.abc import Callable, Sequence
from itertools import count

import msgspec
import numpy as np
import pytest

from skypicket.domain.contracts import (
    Decoding,
    Entry,
    Message,
    Reject,
    SourceDescription,
)
from skypicket.domain.errors import FormatError
from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import Sensor, SensorStatus
from skypicket.testing import check_format, radar

SOURCE = SourceDescription(source="feed", sensors={"R1": radar("R1")})
GOOD = [b"R1 54.70 25.30 .", b"R1 54.71 25.31 ."]

Flaw = Callable[["Plain", Entry, Decoding], Decoding]


class Plain:
    """A format of one line: sensor, latitude, longitude, full stop. It counts what it read.

    `flaw` may spoil each decoding, so that the kit has something to find.
    """

    name = "plain"

    def __init__(self, flaw: Flaw | None = None) -> None:
        self.flaw = flaw

    def decoder(self, source: SourceDescription) -> "PlainDecoder":
        return PlainDecoder(self, source)

    def encode(self, noun: ObservationBatch | SensorStatus, sensor: Sensor) -> Sequence[Message]:
        raise FormatError(f"{self.name} is read only; {sensor.id} said {type(noun).__name__}.")


class PlainDecoder:
    def __init__(self, format_: Plain, source: SourceDescription) -> None:
        self.format = format_
        self.source = source
        self.read = 0

    def decode(self, entry: Entry) -> Decoding:
        decoding = self._decode(entry)
        flaw = self.format.flaw
        return flaw(self.format, entry, decoding) if flaw else decoding

    def _decode(self, entry: Entry) -> Decoding:
        words = entry.payload.decode("ascii", "replace").split(" ")
        try:
            sensor_id, lat, lon, stop = words
            values = np.array([[float(lat)], [float(lon)]])
        except ValueError:
            return self.rejected(entry, "malformed")
        if stop != "." or sensor_id not in self.source.sensors:
            return self.rejected(entry, "truncated")
        if not (abs(values) <= np.array([[90.0], [180.0]])).all():
            return self.rejected(entry, "out_of_range")
        self.read += 1
        batch = batch_of(
            "position",
            sensor_id,
            np.array([entry.received_ns + self.read]),
            {"lat_deg": values[0], "lon_deg": values[1], "sigma_m": np.array([40.0])},
            source=entry.source,
            sequence=entry.sequence,
            received_ns=entry.received_ns,
            releasability=self.source.sensors[sensor_id].releasability,
        )
        return Decoding(batches=(batch,))

    def rejected(self, entry: Entry, reason: str, offset: int = 0) -> Decoding:
        reject = Reject(
            source=entry.source,
            sequence=entry.sequence,
            received_ns=entry.received_ns,
            format=self.format.name,
            reason=reason,
            offset=offset,
            detail="Four words are needed: sensor, latitude, longitude and a full stop.",
        )
        return Decoding(rejects=(reject,))

    def snapshot(self) -> bytes:
        return str(self.read).encode() if self.read else b""

    def restore(self, state: bytes) -> None:
        self.read = int(state or b"0")


class Forgetful(PlainDecoder):
    def snapshot(self) -> bytes:
        return b""


def _spoil(**fields: object) -> Flaw:
    """A flaw that puts other values into each batch."""

    def flaw(_format: Plain, _entry: Entry, decoding: Decoding) -> Decoding:
        batches = tuple(msgspec.structs.replace(b, **fields) for b in decoding.batches)
        return msgspec.structs.replace(decoding, batches=batches)

    return flaw


def _spoil_reject(**fields: object) -> Flaw:
    def flaw(_format: Plain, _entry: Entry, decoding: Decoding) -> Decoding:
        rejects = tuple(msgspec.structs.replace(r, **fields) for r in decoding.rejects)
        return msgspec.structs.replace(decoding, rejects=rejects)

    return flaw


def _findings(flaw: Flaw) -> str:
    return "\n".join(check_format(Plain(flaw), GOOD, SOURCE))


def test_a_sound_format_passes() -> None:
    assert check_format(Plain(), GOOD, SOURCE) == []


def test_payloads_may_carry_a_topic() -> None:
    topics: list[str] = []

    def listen(_format: Plain, entry: Entry, decoding: Decoding) -> Decoding:
        topics.append(entry.topic)
        return decoding

    messages = [Message(source="feed", payload=GOOD[0], topic="node/7")]
    assert check_format(Plain(listen), messages, SOURCE) == []
    assert set(topics) == {"node/7"}


def test_without_payloads_nothing_is_checked() -> None:
    with pytest.raises(ValueError, match="at least one"):
        check_format(Plain(), [], SOURCE)


def test_a_rejected_good_payload_is_found() -> None:
    assert "is good, yet rejected: malformed" in "\n".join(
        check_format(Plain(), [b"no line of ours"], SOURCE)
    )


def test_an_exception_is_found_with_its_words() -> None:
    def flaw(_format: Plain, entry: Entry, decoding: Decoding) -> Decoding:
        if b"." not in entry.payload:
            raise IndexError("no stop")
        return decoding

    assert "raised IndexError: no stop" in _findings(flaw)


def test_a_phantom_row_of_a_cut_payload_is_found() -> None:
    def flaw(format_: Plain, entry: Entry, decoding: Decoding) -> Decoding:
        if decoding.batches or not entry.payload:
            return decoding
        whole = msgspec.structs.replace(entry, payload=b"R1 1.0 2.0 .")
        return PlainDecoder(format_, SOURCE)._decode(whole)

    assert "gave a row that the whole payload does not hold" in _findings(flaw)


def test_swallowing_bad_bytes_is_found() -> None:
    def flaw(_format: Plain, _entry: Entry, decoding: Decoding) -> Decoding:
        return msgspec.structs.replace(decoding, rejects=())

    findings = _findings(flaw)
    assert "can be cut anywhere without a reject" in findings
    assert "gave no reject" in findings


def test_a_label_that_is_lost_is_found() -> None:
    assert "is labelled" in _findings(_spoil(releasability=radar().releasability))


def test_a_batch_without_its_entry_is_found() -> None:
    assert "a batch names source" in _findings(_spoil(sequence=0))
    assert "was received at 5" in _findings(_spoil(received_ns=5))


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("lat_deg", 91.0, "lat_deg is 91.0"),
        ("sigma_m", np.nan, "'sigma_m' holds a value that is not finite"),
        ("offset", 99, "a row at offset 99"),
        ("colour", 1.0, "a position batch has the columns"),
    ],
)
def test_a_row_that_cannot_be_is_found(column: str, value: float, sentence: str) -> None:
    def flaw(format_: Plain, entry: Entry, decoding: Decoding) -> Decoding:
        columns = {}
        for batch in decoding.batches:
            columns = batch.columns | {column: np.array([value])}
        return _spoil(columns=columns)(format_, entry, decoding)

    assert sentence in _findings(flaw)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("offset", 999, "a reject at offset 999"),
        ("reason", "It is bad.", "is no stable word"),
        ("detail", "", "has no detail"),
        ("format", "other", "names the format 'other'"),
        ("sequence", 0, "names the entry"),
    ],
)
def test_a_reject_that_leads_nowhere_is_found(field: str, value: object, sentence: str) -> None:
    assert sentence in _findings(_spoil_reject(**{field: value}))


def test_state_that_a_snapshot_forgets_is_found() -> None:
    class ForgetfulFormat(Plain):
        def decoder(self, source: SourceDescription) -> PlainDecoder:
            return Forgetful(self, source)

    findings = "\n".join(check_format(ForgetfulFormat(), GOOD, SOURCE))
    assert "Restored before payload 2" in findings


def test_a_decoder_that_depends_on_chance_is_found() -> None:
    numbers = count()

    def flaw(format_: Plain, entry: Entry, decoding: Decoding) -> Decoding:
        return _spoil(simulated=next(numbers) % 3 == 0)(format_, entry, decoding)

    assert "a second time says something else" in _findings(flaw)
