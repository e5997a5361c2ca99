"""The hash chain of the capture: what is hashed, and in which order."""

import hashlib
import struct
from typing import Literal

import msgspec

from skypicket.domain.contracts import EntryKind

GENESIS = hashlib.sha256(b"skypicket capture 1").digest()
_FRAME = struct.Struct(">QqBIIIIQ")

Personal = Literal["no", "report", "daily"]


class Unwritten(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be appended to the capture, in the clear.

    `personal` says under which key it is encrypted: "no" none, "report" a key of its own,
    "daily" one key per source and day.
    """

    kind: EntryKind
    source: str
    received_ns: int
    payload: bytes
    topic: str = ""
    personal: Personal = "no"


class RawEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry exactly as stored: `payload` is ciphertext where `key_id` is not ""."""

    sequence: int
    kind: EntryKind
    source: str
    received_ns: int
    topic: str
    key_id: str
    payload: bytes
    hash: bytes


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as it was written: in which file, where in it, and what."""

    file: str
    place: str
    what: str


def chain_hash(previous: bytes, entry: RawEntry) -> bytes:
    """SHA-256 over the previous hash and every stored field of the entry but its own hash.

    Layout after the 32 bytes of `previous`, big-endian: sequence u64, received_ns i64, personal
    u8, the lengths of kind, source, topic, key_id as u32 each, that of payload as u64, then these
    five in that order, text in UTF-8.
    """
    kind, source = entry.kind.encode(), entry.source.encode()
    topic, key_id = entry.topic.encode(), entry.key_id.encode()
    frame = _FRAME.pack(
        entry.sequence,
        entry.received_ns,
        1 if key_id else 0,
        len(kind),
        len(source),
        len(topic),
        len(key_id),
        len(entry.payload),
    )
    return hashlib.sha256(
        b"".join((previous, frame, kind, source, topic, key_id, entry.payload))
    ).digest()
