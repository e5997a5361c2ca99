"""What senders claim of themselves, as words that arrays can hold."""

from functools import lru_cache
from hashlib import blake2b

import numpy as np

from skypicket.domain.noun import Column
from skypicket.domain.observations import ObservationBatch

_IDENTITIES = ("icao24", "uas_id", "serial_number")
_CALLSIGN = "callsign"
_CALLSIGN_BYTES = 8


def identities(batch: ObservationBatch) -> Column:
    """The claimed identity of each row as a 64-bit hash, 0 for none; the first that is given."""
    out = np.zeros(len(batch), dtype=np.uint64)
    for name in _IDENTITIES:
        for row, text in enumerate(batch.claims.get(name, ())):
            if text and not out[row]:
                out[row] = word(str(text))
    return out


def callsigns(batch: ObservationBatch) -> Column:
    """Eight characters of each row's callsign, or else of its identity, in a word; 0 for none."""
    out = np.zeros(len(batch), dtype=np.uint64)
    for name in (_CALLSIGN, *_IDENTITIES):
        for row, text in enumerate(batch.claims.get(name, ())):
            if text and not out[row]:
                out[row] = _characters(str(text))
    return out


@lru_cache(maxsize=65_536)
def word(text: str) -> int:
    """A 64-bit hash of a text, never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") or 1


@lru_cache(maxsize=65_536)
def _characters(text: str) -> int:
    plain = text.strip().encode("ascii", "replace")[:_CALLSIGN_BYTES]
    return int.from_bytes(plain.ljust(_CALLSIGN_BYTES, b"\0"), "little")


def texts(words: Column) -> Column:
    """The text of callsign words, "" for none.

    >>> texts(np.array([_characters("LTU012 "), 0], dtype=np.uint64)).tolist()
    ['LTU012', '']
    """
    return np.ascontiguousarray(words, dtype="<u8").view("S8").astype("<U8")
