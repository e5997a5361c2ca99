"""The history: what was shown, every few seconds, for replay and for the ways of tracks.

It is no evidence, as capture and record are: it can be lost, and is bounded in age and size.
"""

from pathlib import Path
from threading import Lock
from typing import Any

import apsw
import msgspec
import numpy as np

from skypicket.domain.codec import pack, unpack
from skypicket.domain.labels import Releasability
from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch
from skypicket.store._sqlite import open_for_writing, storage_error, transaction
from skypicket.store.track_blocks import (
    WAY,
    Columns,
    bucket_of,
    buckets,
    frame_of,
    unpack_block,
    way_of,
)

BLOCK_NS = 60 * NS_PER_S
MOST_FRAMES = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS block (
    first_ns INTEGER PRIMARY KEY, last_ns INTEGER NOT NULL, buckets INTEGER NOT NULL,
    context BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS chunk (
    first_ns INTEGER NOT NULL, bucket INTEGER NOT NULL, way BLOB NOT NULL, rest BLOB NOT NULL,
    PRIMARY KEY (first_ns, bucket)
) STRICT;
"""


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """What was shown at one time: the tracks, and when each sensor had been heard last."""

    tracks: TrackBatch
    last_heard_ns: dict[str, int] = {}


class _Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a block keeps of each of its frames besides the rows of tracks."""

    times_ns: list[int]
    sensors: list[tuple[str, ...]]
    labels: list[Releasability]
    last_heard_ns: dict[str, int]


class History:
    """A file of moments in order of time; the newest minute is kept in memory until it is whole.

    One thread adds and flushes; all other methods may be called from any.

    Args:
        path: the SQLite file; made if missing.
        keep_s: moments older than this against the newest are dropped.
        most_bytes: the oldest are dropped when the file holds more.

    Raises:
        InputError: the file is none of ours, or damaged.
        StorageFullError: it cannot be made.
    """

    def __init__(self, path: Path, keep_s: float, most_bytes: int) -> None:
        self.path = path
        self._keep_ns, self._most_bytes = round(keep_s * NS_PER_S), most_bytes
        self._lock = Lock()
        self._connection = open_for_writing(path)
        self._connection.execute(_SCHEMA)
        self._waiting: list[Moment] = []
        self._last_ns = self._connection.execute("SELECT max(last_ns) FROM block").get or 0
        self._unpacked: tuple[int, _Context, Columns] | None = None

    def add(self, moment: Moment) -> None:
        """Keep a moment; one that is not newer than the newest is known already.

        Raises:
            StorageFullError: the last minute could not be written; it is given up.
        """
        if moment.tracks.time_ns <= self._last_ns:
            return
        if self._waiting and self._is_whole(moment.tracks.time_ns):
            self.flush()
        with self._lock:
            self._waiting = [*self._waiting, moment]
            self._last_ns = moment.tracks.time_ns

    def flush(self) -> None:
        """Write what waits. Packing takes a while, and holds up no reader.

        Raises: as `add`.
        """
        waiting = self._waiting
        if not waiting:
            return
        frames = [moment.tracks for moment in waiting]
        context = _Context(
            times_ns=[frame.time_ns for frame in frames],
            sensors=[frame.sensors for frame in frames],
            labels=[frame.releasability for frame in frames],
            last_heard_ns=waiting[-1].last_heard_ns,
        )
        packed = buckets(frames)
        with self._lock:
            self._waiting = []
            self._write(context, packed)

    def close(self) -> None:
        """Let go of the file; what waits and was not flushed is lost."""
        with self._lock:
            self._connection.close()

    def span(self) -> tuple[int, int] | None:
        """The times of the oldest and the newest moment; None while there is none."""
        with self._lock:
            oldest = self._connection.execute("SELECT min(first_ns) FROM block").get
            if oldest is None and self._waiting:
                oldest = self._waiting[0].tracks.time_ns
            return None if oldest is None else (oldest, self._last_ns)

    def way(self, track_key: int, from_ns: int, to_ns: int) -> Columns:
        """One track's rows between two times, both included: columns of `WAY`, and `time_ns`.

        `lat_deg`, `lon_deg` to 10⁻⁷ degrees; empty columns where it was not shown.
        """
        parts: list[tuple[IntColumn, Columns]] = []
        with self._lock:
            for context, way in self._ways(track_key, from_ns, to_ns):
                rows = way_of(way, track_key)
                parts.append((np.array(context.times_ns, dtype=np.int64)[rows["frame"]], rows))
            waiting = [m.tracks for m in self._waiting]
        if waiting:
            parts += [_row(batch, track_key) for batch in waiting]
        if not parts:
            return {name: np.zeros(0) for name in (*WAY, "time_ns")}
        time_ns = np.concatenate([times for times, _ in parts])
        meant = (time_ns >= from_ns) & (time_ns <= to_ns)
        columns = {n: np.concatenate([rows[n] for _, rows in parts])[meant] for n in WAY}
        return columns | {"time_ns": time_ns[meant]}

    def at(self, time_ns: int) -> Moment | None:
        """The newest moment that is not later than a time; None before the first."""
        with self._lock:
            waiting = [m for m in self._waiting if m.tracks.time_ns <= time_ns]
            if waiting:
                return waiting[-1]
            sql = "SELECT max(first_ns) FROM block WHERE first_ns <= ?"
            first_ns = self._connection.execute(sql, (time_ns,)).get
            return None if first_ns is None else self._moment(first_ns, time_ns)

    def _is_whole(self, time_ns: int) -> bool:
        first_ns = self._waiting[0].tracks.time_ns
        return time_ns - first_ns >= BLOCK_NS or len(self._waiting) >= MOST_FRAMES

    def _write(self, context: _Context, packed: list[tuple[bytes, bytes]]) -> None:
        first_ns, last_ns = context.times_ns[0], context.times_ns[-1]
        row = (first_ns, last_ns, len(packed), pack(context))
        chunks = [(first_ns, i, *told) for i, told in enumerate(packed)]
        try:
            with transaction(self._connection):
                self._connection.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)", row)
                self._connection.executemany(
                    "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?)", chunks
                )
                self._drop("last_ns < ?", last_ns - self._keep_ns)
            while self._bytes() > self._most_bytes and self._drop_oldest():
                pass
        except apsw.Error as error:
            raise storage_error(self.path, error) from error

    def _drop(self, where: str, value: int) -> None:
        old = f"SELECT first_ns FROM block WHERE {where}"  # noqa: S608 -- our own words only
        self._connection.execute(f"DELETE FROM chunk WHERE first_ns IN ({old})", (value,))  # noqa: S608
        self._connection.execute(f"DELETE FROM block WHERE {where}", (value,))  # noqa: S608

    def _drop_oldest(self) -> bool:
        """Drop the oldest block, but never the last that there is."""
        count, oldest = self._connection.execute("SELECT count(*), min(first_ns) FROM block").get
        if count > 1:
            with transaction(self._connection):
                self._drop("first_ns = ?", oldest)
        return bool(count > 1)

    def _bytes(self) -> int:
        """What the file holds, without the pages that are free again."""
        pages = self._connection.pragma("page_count") - self._connection.pragma("freelist_count")
        return int(pages * self._connection.pragma("page_size"))

    def _ways(self, track_key: int, from_ns: int, to_ns: int) -> list[tuple[_Context, bytes]]:
        sql = (
            "SELECT first_ns, buckets, context FROM block WHERE last_ns >= ? AND first_ns <= ? "
            "ORDER BY first_ns"
        )
        blocks = list(self._connection.execute(sql, (from_ns, to_ns)))
        found = []
        for first_ns, count, context in blocks:
            place = (first_ns, bucket_of(track_key, count))
            way = self._connection.execute(_ONE_WAY, place).get
            if way is not None:
                found.append((_context(context), way))
        return found

    def _moment(self, first_ns: int, time_ns: int) -> Moment:
        if self._unpacked is None or self._unpacked[0] != first_ns:
            context = self._connection.execute(_ONE_BLOCK, (first_ns,)).get
            chunks = list(self._connection.execute(_ALL_CHUNKS, (first_ns,)))
            self._unpacked = (first_ns, _context(context), unpack_block(chunks))
        _, told, rows = self._unpacked
        frame = int(np.searchsorted(told.times_ns, time_ns, side="right")) - 1
        columns, callsigns = frame_of(rows, frame)
        tracks = TrackBatch(
            time_ns=told.times_ns[frame],
            columns=columns,
            sensors=tuple(told.sensors[frame]),
            callsigns=callsigns,
            complete=True,
            releasability=told.labels[frame],
        )
        at_ns = tracks.time_ns
        heard = {name: min(heard_ns, at_ns) for name, heard_ns in told.last_heard_ns.items()}
        return Moment(tracks=tracks, last_heard_ns=heard)


_ONE_WAY = "SELECT way FROM chunk WHERE first_ns = ? AND bucket = ?"
_ONE_BLOCK = "SELECT context FROM block WHERE first_ns = ?"
_ALL_CHUNKS = "SELECT way, rest FROM chunk WHERE first_ns = ? ORDER BY bucket"


def _context(told: Any) -> _Context:
    return msgspec.convert(unpack(told), _Context)


def _row(batch: TrackBatch, track_key: int) -> tuple[IntColumn, Columns]:
    """The row of one track in a batch, if it is in it; keys are ascending."""
    keys: Column = batch.columns["track_key"]
    place = int(np.searchsorted(keys, np.uint64(track_key)))
    found = [place] if place < len(keys) and keys[place] == np.uint64(track_key) else []
    rows = np.array(found, dtype=np.int64)
    columns = {name: batch.columns[name][rows] for name in WAY if name != "frame"}
    times = np.full(len(rows), batch.time_ns, dtype=np.int64)
    return times, columns | {"frame": np.zeros(len(rows), dtype=np.uint16)}
