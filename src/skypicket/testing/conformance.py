"""What every format must keep, checked on sample payloads.

A format is held to these rules:

1. Good payloads are read: they give nouns, and no rejects.
2. Any bytes give nouns or rejects, never an exception and never a row that a reader must doubt.
3. Cut payloads give whole rows of the full payload, or none.
4. A reject names its entry, its format, a stable word, an offset inside the payload, a sentence.
5. A batch names its entry and carries the label of its sensor.
6. Interrupted by a snapshot, a decoder goes on as if nothing had happened.
7. The same entries give the same nouns.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec
import numpy as np

from skypicket.domain.codec import pack
from skypicket.domain.contracts import (
    Decoder,
    Decoding,
    Entry,
    Format,
    Message,
    Reject,
    SourceDescription,
)
from skypicket.domain.labels import NOT_RELEASED, Releasability
from skypicket.domain.observations import COLUMNS, ORIGIN, ObservationBatch
from skypicket.testing.builders import NIGHT_NS

_WORD = re.compile(r"[a-z][a-z0-9_]*")
_LABEL = Releasability(owner="LTU", releasable_to=("LVA",), coarsen_m=500.0)
_STEP_NS = 1_000_000_000
_CUTS = 64  # cuts tried per payload, and as many damaged copies
_FOREIGN = (b"", b"\0", b"\0" * 64, b"\xff" * 64, b"{}", b"[]", b"null", b"\x89PNG\r\n\x1a\n")

Findings = Iterator[str]


def check_format(
    format: Format,  # noqa: A002 -- the field's word
    payloads: Sequence[bytes | Message],
    source: SourceDescription,
) -> list[str]:
    """What the format does wrong, one sentence each; an empty list is a pass.

    `payloads` are good ones in order of receipt, for instance one radar scan. Deterministic: the
    damaged copies come from a fixed seed.

    Raises:
        ValueError: no payloads, so nothing could be checked.
    """
    if not payloads:
        raise ValueError("check_format needs at least one good payload.")
    kit = _Kit(format, payloads, source)
    checks: tuple[Callable[[], Findings], ...] = (
        kit.good_payloads_are_read,
        kit.cut_payloads_give_whole_rows,
        kit.damaged_payloads_are_survived,
        kit.foreign_bytes_give_no_rows,
        kit.snapshots_lose_nothing,
        kit.same_entries_same_nouns,
    )
    return list(dict.fromkeys(finding for check in checks for finding in check()))


class _Kit:
    """The checks on one format; each gives its findings."""

    def __init__(
        self,
        format: Format,  # noqa: A002 -- the field's word
        payloads: Sequence[bytes | Message],
        source: SourceDescription,
    ) -> None:
        self.format = format
        sensors = {
            name: msgspec.structs.replace(sensor, releasability=_LABEL)
            for name, sensor in source.sensors.items()
        }
        self.source = msgspec.structs.replace(source, sensors=sensors)
        self.entries = [_entry(n, item, source.source) for n, item in enumerate(payloads, 1)]
        self.states: list[bytes] = []  # the decoder's state before each entry
        self.good: list[Decoding | None] = []
        decoder = self._decoder()
        for entry in self.entries:
            self.states.append(decoder.snapshot())
            self.good.append(_decode(decoder, entry)[0])

    def _decoder(self, state: bytes = b"") -> Decoder:
        decoder = self.format.decoder(self.source)
        if state:
            decoder.restore(state)
        return decoder

    def _try(self, state: bytes, entry: Entry, what: str) -> tuple[Decoding, list[str]]:
        """Decode one entry in the given state, and check the form of what comes."""
        decoding, trouble = _decode(self._decoder(state), entry)
        if decoding is None:
            return Decoding(), [f"{what}: {trouble}"]
        found = _form(decoding, entry, self.format.name, self.source)
        return decoding, [f"{what}: {sentence}" for sentence in found]

    def good_payloads_are_read(self) -> Findings:
        for state, entry in zip(self.states, self.entries, strict=True):
            what = f"Payload {entry.sequence}"
            decoding, findings = self._try(state, entry, what)
            yield from findings
            for reject in decoding.rejects:
                yield f"{what} is good, yet rejected: {reject.reason}: {reject.detail}"
        if not any(found and (found.batches or found.statuses) for found in self.good):
            yield "None of the good payloads gave a batch or a status."

    def cut_payloads_give_whole_rows(self) -> Findings:
        for state, entry, whole in zip(self.states, self.entries, self.good, strict=True):
            allowed = _rows(whole) if whole else set()
            size = len(entry.payload)
            step = max(1, size // _CUTS)
            rejected = False
            for length in sorted({*range(0, size, step), size - 1}):
                cut = msgspec.structs.replace(entry, payload=entry.payload[:length])
                what = f"Payload {entry.sequence} cut to {length} of {size} bytes"
                decoding, findings = self._try(state, cut, what)
                yield from findings
                if not _rows(decoding) <= allowed:
                    yield f"{what} gave a row that the whole payload does not hold."
                rejected = rejected or bool(decoding.rejects)
            if not rejected:
                yield f"Payload {entry.sequence} can be cut anywhere without a reject."

    def damaged_payloads_are_survived(self) -> Findings:
        chance = Random(1)  # noqa: S311 -- damage for tests, no secret
        for state, entry in zip(self.states, self.entries, strict=True):
            for number in range(_CUTS):
                payload = _damaged(entry.payload, chance)
                damaged = msgspec.structs.replace(entry, payload=payload)
                what = f"Payload {entry.sequence}, damaged copy {number} ({payload[:12].hex()}...)"
                yield from self._try(state, damaged, what)[1]

    def foreign_bytes_give_no_rows(self) -> Findings:
        for payload in _FOREIGN:
            entry = msgspec.structs.replace(self.entries[0], payload=payload)
            what = f"Foreign bytes {payload[:8]!r}"
            decoding, findings = self._try(b"", entry, what)
            yield from findings
            if _rows(decoding):
                yield f"{what} gave rows."
            if payload and not decoding.rejects:
                yield f"{what} gave no reject."

    def snapshots_lose_nothing(self) -> Findings:
        for number, entry in enumerate(self.entries):
            decoder = self._decoder(self.states[number])
            if decoder.snapshot() != self.states[number]:
                yield f"A snapshot before payload {entry.sequence} changes by being restored."
            for later, expected in zip(self.entries[number:], self.good[number:], strict=True):
                if not _same(_decode(decoder, later)[0], expected):
                    yield (
                        f"Restored before payload {entry.sequence}, the decoder says something "
                        f"else of payload {later.sequence}."
                    )

    def same_entries_same_nouns(self) -> Findings:
        decoder = self._decoder()
        for entry, expected in zip(self.entries, self.good, strict=True):
            if not _same(_decode(decoder, entry)[0], expected):
                yield f"Payload {entry.sequence} decoded a second time says something else."


def _entry(sequence: int, item: bytes | Message, source: str) -> Entry:
    message = item if isinstance(item, Message) else Message(source=source, payload=item)
    return Entry(
        sequence=sequence,
        kind="message",
        source=source,
        received_ns=NIGHT_NS + sequence * _STEP_NS,
        payload=message.payload,
        topic=message.topic,
    )


def _decode(decoder: Decoder, entry: Entry) -> tuple[Decoding | None, str]:
    try:
        return decoder.decode(entry), ""
    except Exception as error:  # noqa: BLE001 -- whether it raises is the very question
        return None, f"raised {type(error).__name__}: {error}"


def _form(decoding: Decoding, entry: Entry, name: str, source: SourceDescription) -> Findings:
    for reject in decoding.rejects:
        yield from _reject_form(reject, entry, name)
    for batch in decoding.batches:
        yield from _batch_form(batch, entry)
        yield from _label(batch.sensor_id, batch.releasability, source)
    for status in decoding.statuses:
        yield from _label(status.sensor_id, status.releasability, source)


def _reject_form(reject: Reject, entry: Entry, name: str) -> Findings:
    here = (reject.source, reject.sequence, reject.received_ns)
    if here != (entry.source, entry.sequence, entry.received_ns):
        yield f"a reject names the entry {here}."
    if reject.format != name:
        yield f"a reject names the format {reject.format!r}, not {name!r}."
    if not _WORD.fullmatch(reject.reason):
        yield f"the reason {reject.reason!r} is no stable word like bad_length."
    if not 0 <= reject.offset <= len(entry.payload):
        yield f"a reject at offset {reject.offset} of {len(entry.payload)} bytes."
    if not reject.detail:
        yield f"the reject {reject.reason} has no detail."


def _batch_form(batch: ObservationBatch, entry: Entry) -> Findings:
    if (batch.source, batch.sequence) != (entry.source, entry.sequence):
        yield f"a batch names source {batch.source!r}, sequence {batch.sequence}."
    if batch.received_ns != entry.received_ns:
        yield f"a batch was received at {batch.received_ns}, its entry at {entry.received_ns}."
    names = COLUMNS[batch.kind]
    known = {"time_ns", *ORIGIN, *names.required, *names.optional}
    if not {"time_ns", "offset", *names.required} <= set(batch.columns) <= known:
        yield f"a {batch.kind} batch has the columns {sorted(batch.columns)}."
        return
    for column, values in (batch.columns | batch.claims).items():
        if values.shape != batch.time_ns.shape or values.dtype.hasobject:
            yield f"column {column!r} has shape {values.shape} and type {values.dtype}."
    here = batch.sequences == entry.sequence
    inside = (batch.offset >= 0) & ((batch.offset <= len(entry.payload)) | ~here)
    if not inside.all():
        yield f"a row at offset {batch.offset[~inside][0]} of {len(entry.payload)} bytes."
    yield from _values(batch, names.required)


def _values(batch: ObservationBatch, required: tuple[str, ...]) -> Findings:
    for column, bound in (("lat_deg", 90.0), ("lon_deg", 180.0), ("azimuth_deg", 360.0)):
        values = batch.columns.get(column, np.zeros(0))
        if (np.abs(values) > bound).any():
            yield f"{column} is {values[np.abs(values) > bound][0]}."
    for column in required:
        if not np.isfinite(batch.columns[column]).all():
            yield f"the required column {column!r} holds a value that is not finite."


def _label(sensor_id: str, label: Releasability, source: SourceDescription) -> Findings:
    sensor = source.sensors.get(sensor_id)
    expected = sensor.releasability if sensor else NOT_RELEASED
    if label != expected:
        yield f"what sensor {sensor_id!r} says is labelled {label}, not {expected}."


def _rows(decoding: Decoding) -> set[bytes]:
    """Each row as bytes that depend on all that it says."""
    found = set()
    for batch in decoding.batches:
        for row in range(len(batch)):
            one = batch.take(np.array([row]))
            found.add(one.content_key() + int(one.offset[0]).to_bytes(8, "big", signed=True))
    return found


def _same(one: Decoding | None, other: Decoding | None) -> bool:
    return pack(one) == pack(other)


def _damaged(payload: bytes, chance: Random) -> bytes:
    """A copy with some bits flipped, bytes inserted or taken out, or only random bytes."""
    damaged = bytearray(payload)
    how = chance.randrange(4)
    if how == 0:
        return chance.randbytes(max(1, len(payload)))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(damaged)) if damaged else 0
        if how == 1 and damaged:
            damaged[place] ^= 1 << chance.randrange(8)
        elif how == 2:
            damaged[place:place] = chance.randbytes(chance.randint(1, 4))
        else:
            del damaged[place : place + chance.randint(1, 4)]
    return bytes(damaged)
