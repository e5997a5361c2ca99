"""Frames of tracks packed together: columns by track and time, so that like lies beside like.

A block holds the frames of about a minute. Its tracks are dealt into buckets by their key, and each
bucket is packed by itself, so that one track's way is read without unpacking the others. Positions
are kept to 10⁻⁷ degrees and all else that is no whole number to 32 bits, as they are shown.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from skypicket.domain.codec import pack, unpack
from skypicket.domain.noun import Column
from skypicket.domain.tracks import CONTRIBUTOR_COLUMNS, TRACK_COLUMNS, TrackBatch

TRACKS_PER_BUCKET = 32
LEVEL = 1  # of zlib: the disk is slower than what more would save
_E7 = 1e7
_DEGREES = ("lat_deg", "lon_deg")
# What a way on the map needs; the rest is unpacked for whole frames only.
WAY = (
    *("track_key", "frame", "state", "updated_ns", "lat_deg", "lon_deg", "alt_m"),
    *("sigma_east_m", "sigma_north_m", "existence_probability"),
)
REST = (*(n for n in TRACK_COLUMNS if n not in WAY), "callsign", *CONTRIBUTOR_COLUMNS)

Columns = dict[str, Column]


def bucket_count(frames: Sequence[TrackBatch]) -> int:
    """How many buckets the tracks of these frames are dealt into."""
    return max(1, -(-max(map(len, frames), default=0) // TRACKS_PER_BUCKET))


def buckets(frames: Sequence[TrackBatch]) -> list[tuple[bytes, bytes]]:
    """Each bucket of a block as its packed way and its packed rest, in order."""
    count = bucket_count(frames)
    rows = _together(frames)
    bucket = rows["track_key"] % np.uint64(count)
    order = np.lexsort((rows["frame"], rows["track_key"], bucket))
    begin = np.searchsorted(bucket[order], np.arange(count + 1, dtype=np.uint64))
    told = []
    for i in range(count):
        part = {name: column[order[begin[i] : begin[i + 1]]] for name, column in rows.items()}
        told.append((_packed({n: part[n] for n in WAY}), _packed({n: part[n] for n in REST})))
    return told


def bucket_of(track_key: int, count: int) -> int:
    """The bucket in which a track lies."""
    return track_key % count


def way_of(packed: bytes, track_key: int) -> Columns:
    """The rows of one track in a bucket's way, in order of time; columns of `WAY`, maybe empty."""
    columns = _unpacked(packed)
    mine = columns["track_key"] == np.uint64(track_key)
    return {name: column[mine] for name, column in columns.items()}


def unpack_block(block: Iterable[tuple[bytes, bytes]]) -> Columns:
    """All rows of a block, all its buckets given: columns of `WAY` and `REST`."""
    parts = [_unpacked(way) | _unpacked(rest) for way, rest in block]
    return {name: np.concatenate([part[name] for part in parts]) for name in (*WAY, *REST)}


def frame_of(rows: Columns, frame: int) -> tuple[Columns, Column]:
    """One frame of a block's rows: the columns of a `TrackBatch`, keys ascending, and callsigns."""
    now = np.flatnonzero(rows["frame"] == frame)
    order = now[np.argsort(rows["track_key"][now], kind="stable")]
    names = (*TRACK_COLUMNS, *CONTRIBUTOR_COLUMNS)
    return {name: rows[name][order] for name in names}, rows["callsign"][order]


def _together(frames: Sequence[TrackBatch]) -> Columns:
    rows: Columns = {
        name: np.concatenate([frame.columns[name] for frame in frames]) for name in TRACK_COLUMNS
    }
    for name, empty in zip(CONTRIBUTOR_COLUMNS, _NOBODY, strict=True):
        parts = [f.columns.get(name, np.full((len(f), 0), empty)) for f in frames]
        width = max(part.shape[1] for part in parts)
        rows[name] = np.concatenate([_wide(part, width, empty) for part in parts])
    lengths = [len(frame) for frame in frames]
    rows["frame"] = np.repeat(np.arange(len(frames), dtype=np.uint16), lengths)
    rows["callsign"] = np.concatenate(
        [f.callsigns if len(f.callsigns) else np.zeros(len(f), "<U8") for f in frames]
    )
    return rows


_NOBODY: tuple[Any, ...] = (np.int16(-1), np.int64(0), np.int64(0), np.int64(0))


def _wide(column: Column, width: int, empty: Any) -> Column:
    missing = np.full((len(column), width - column.shape[1]), empty, dtype=column.dtype)
    return np.concatenate([column, missing], axis=1)


def _packed(columns: Columns) -> bytes:
    return zlib.compress(pack({name: _stored(name, c) for name, c in columns.items()}), LEVEL)


def _unpacked(packed: bytes) -> Columns:
    return {name: _restored(name, told) for name, told in unpack(zlib.decompress(packed)).items()}


def _stored(name: str, column: Column) -> Any:
    """Whole numbers as differences, all numbers byte by byte of the same weight."""
    if column.dtype.kind == "U":
        names, which = np.unique(column, return_inverse=True)
        return [names.tolist(), which.astype(np.uint16)]
    if name in _DEGREES:
        column = np.rint(column * _E7).astype(np.int32)
    elif column.dtype.kind == "f":
        column = column.astype(np.float32)
    if column.dtype.kind in "iu":
        column = np.diff(column, axis=0, prepend=np.zeros_like(column[:1]))
    flat = np.ascontiguousarray(column)
    width = column.dtype.itemsize
    weights = np.ascontiguousarray(flat.view(np.uint8).reshape(-1, width).T)
    return [column.dtype.str, list(column.shape), weights.tobytes()]


def _restored(name: str, told: Any) -> Column:
    if len(told) == 2:
        names, which = told
        return np.array(names or [""], dtype="<U8")[which] if len(which) else np.zeros(0, "<U8")
    dtype, shape = np.dtype(told[0]), tuple(told[1])
    weights = np.frombuffer(told[2], np.uint8).reshape(dtype.itemsize, -1)
    column: Column = np.ascontiguousarray(weights.T).reshape(-1).view(dtype).reshape(shape)
    if dtype.kind in "iu":
        column = np.cumsum(column, axis=0, dtype=dtype)
    if name in _DEGREES:
        column = column / _E7
    elif dtype.kind == "f":
        column = column.astype(np.float64)
    return column
