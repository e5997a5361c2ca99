"""A partner's own names of tracks, alarms and incidents.

A track's key is a hash of its first observation, and the other names are hashes of it. Whoever is
told a coarse place could try out what observation has that hash, and so find the true place and
the sensor; and two partners could compare. Each partner's names are therefore keyed hashes of ours.
"""

from hashlib import blake2b
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.noun import Column, Noun
from skypicket.domain.tracks import TrackBatch, track_id

MOST_KNOWN = 200_000
_FIELDS = ("track_id", "alarm_id", "incident_id", "raid_id", "lost_track_id")


class Aliases:
    """Renames nouns for one partner: always the same for the same secret and partner.

    >>> names = Aliases(b"secret", "LVA")
    >>> names.of("00000000000000ff") == Aliases(b"secret", "LVA").of("00000000000000ff")
    True
    >>> names.of("00000000000000ff") == Aliases(b"secret", "EST").of("00000000000000ff")
    False
    """

    def __init__(self, secret: bytes, partner: str) -> None:
        self._key = blake2b(partner.encode(), key=secret[:64], digest_size=32).digest()
        self._known = np.zeros(0, dtype=np.uint64)
        self._names = np.zeros(0, dtype=np.uint64)

    def of(self, name: str) -> str:
        """The partner's name of a thing that has a name of 16 hexadecimal digits; "" stays ""."""
        return track_id(self._of_key(int(name, 16))) if name else ""

    def renamed(self, noun: Noun) -> Noun:
        """The noun under the partner's names."""
        if isinstance(noun, TrackBatch):
            return self._batch(noun)
        fields: dict[str, Any] = {}
        for field in _FIELDS:
            value = getattr(noun, field, None)
            if value:
                fields[field] = self.of(value)
        tracks = getattr(noun, "track_ids", ())
        if tracks:
            fields["track_ids"] = tuple(self.of(track) for track in tracks)
        return msgspec.structs.replace(noun, **fields)

    def _batch(self, batch: TrackBatch) -> TrackBatch:
        """The batch with other keys, again in the order of its keys."""
        keys = self._of_keys(batch.columns["track_key"])
        told = msgspec.structs.replace(batch, columns=batch.columns | {"track_key": keys})
        return told.take(np.argsort(keys))

    def _of_keys(self, keys: Column) -> Column:
        """The names of many; only those that are new are made."""
        new = np.setdiff1d(keys, self._known)
        if len(new):
            if len(self._known) + len(new) > MOST_KNOWN:
                self._known, self._names = self._known[:0], self._names[:0]
                new = np.unique(keys)
            made = np.array([self._of_key(key) for key in new.tolist()], dtype=np.uint64)
            known = np.concatenate([self._known, new])
            order = np.argsort(known)
            self._known = known[order]
            self._names = np.concatenate([self._names, made])[order]
        names: Column = self._names[np.searchsorted(self._known, keys)]
        return names

    def _of_key(self, key: int) -> int:
        told = blake2b(key.to_bytes(8, "big"), key=self._key, digest_size=8).digest()
        return int.from_bytes(told, "big")
