"""The binary frame of the live stream: all tracks of one moment, in columns.

A frame is a header of 64 bytes and then the columns of `LAYOUT` in that order, `n` values each.
Each column starts at a multiple of 8 bytes from the frame's beginning; what lies between is zero.
All numbers are little-endian. The layout is published in `hello` and in docs/live-stream.md.

    offset  kind  header field
         0  4 B   magic "SKYT"
         4  u16   version, 1
         6  u16   flags: 1 simulated, 2 complete, 4 replay
         8  u32   n, the number of tracks
        12  u32   header_bytes; the columns begin there
        16  i64   time_ns, to which every track is extrapolated
        24  i64   sequence of the newest capture entry in it; 0 for partners
        32  u64   frame number, counting up
        40  u64   sent_ms, UTC of the server in milliseconds since 1970
        48  16 B  zero
"""

from typing import Any, NamedTuple

import msgspec
import numpy as np

from skypicket.domain.errors import FormatError
from skypicket.domain.noun import Column
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch

PROTOCOL = 1
MAGIC = b"SKYT"
SIMULATED, COMPLETE, REPLAY = 1, 2, 4
UNACKNOWLEDGED = 1
CALLSIGN_BYTES = 8
_ALIGN = 8
_E7 = 1e7

HEADER = np.dtype(
    [
        ("magic", "S4"),
        ("version", "<u2"),
        ("flags", "<u2"),
        ("n", "<u4"),
        ("header_bytes", "<u4"),
        ("time_ns", "<i8"),
        ("sequence", "<i8"),
        ("frame", "<u8"),
        ("sent_ms", "<u8"),
        ("reserved", "V16"),
    ]
)


class FrameColumn(NamedTuple):
    """One column of a frame: its name, how a value is stored, and what it means."""

    name: str
    kind: str
    meaning: str


KINDS = {"u64": "<u8", "i32": "<i4", "f32": "<f4", "u8": "u1", "utf8x8": f"S{CALLSIGN_BYTES}"}

LAYOUT: tuple[FrameColumn, ...] = (
    FrameColumn("track_key", "u64", "the track's identity; as 16 hexadecimal digits its id"),
    FrameColumn("lat_1e7deg", "i32", "latitude, 10⁻⁷ degrees, WGS 84"),
    FrameColumn("lon_1e7deg", "i32", "longitude, 10⁻⁷ degrees"),
    FrameColumn("alt_m", "f32", "height above the ellipsoid; NaN where nothing ever told it"),
    FrameColumn("east_mps", "f32", "velocity to true east"),
    FrameColumn("north_mps", "f32", "velocity to true north"),
    FrameColumn("up_mps", "f32", "velocity upwards"),
    FrameColumn("sigma_east_m", "f32", "standard deviation of the position to the east"),
    FrameColumn("sigma_north_m", "f32", "standard deviation of the position to the north"),
    FrameColumn("correlation", "f32", "correlation of the two"),
    FrameColumn("existence_probability", "f32", "P(there is an object at all)"),
    FrameColumn("age_s", "f32", "time since the newest observation in it"),
    FrameColumn("born_s", "f32", "time since the first observation in it"),
    FrameColumn("border_s", "f32", "time until it crosses a border, if it does; NaN: none ahead"),
    FrameColumn("border_probability", "f32", "P(it crosses within the rule's horizon)"),
    FrameColumn("state", "u8", "TrackState: 0 tentative … 3 lost, 4 left, 5 down, 6 never_real"),
    FrameColumn("basis", "u8", "Basis: 0 measured, 1 claimed by its own sender"),
    FrameColumn("level", "u8", "gravest open alarm: 0 none, 1 advisory, 2 caution, 3 warning"),
    FrameColumn("flags", "u8", "1: an open alarm that names it is not acknowledged"),
    FrameColumn("callsign", "utf8x8", "what its sender claims to be; UTF-8, padded with zeros"),
)


class Marks(NamedTuple):
    """What alarms and approaches say of tracks: a column per fact, `keys` ascending and unique."""

    keys: Column
    level: Column
    flags: Column
    crossing_ns: Column
    border_probability: Column


class Stamp(NamedTuple):
    """What the header says besides the batch."""

    sequence: int
    number: int
    sent_ms: int
    flags: int = 0


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A decoded frame: header fields, and the columns by name as numpy arrays of shape (n,)."""

    flags: int
    time_ns: int
    sequence: int
    frame: int
    sent_ms: int
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.columns["track_key"])

    @property
    def simulated(self) -> bool:
        """Whether any of it is made up."""
        return bool(self.flags & SIMULATED)

    @property
    def replay(self) -> bool:
        """Whether it shows the past."""
        return bool(self.flags & REPLAY)


def no_marks() -> Marks:
    """Marks of no track."""
    return Marks(
        keys=np.zeros(0, np.uint64),
        level=np.zeros(0, np.uint8),
        flags=np.zeros(0, np.uint8),
        crossing_ns=np.zeros(0, np.int64),
        border_probability=np.zeros(0, np.float32),
    )


def encode_frame(batch: TrackBatch, marks: Marks, stamp: Stamp) -> bytes:
    """The frame of a batch; marks are joined by track key.

    >>> from skypicket.geo.frame import TheatreFrame
    >>> from skypicket.testing.pictures import Shown, picture
    >>> batch = picture(TheatreFrame(54.7, 25.3), 5, [Shown(key=3), Shown(key=9)])
    >>> told = encode_frame(batch, no_marks(), Stamp(sequence=7, number=1, sent_ms=0))
    >>> len(told) == frame_bytes(2), decode_frame(told).columns["track_key"].tolist()
    (True, [3, 9])
    """
    count = len(batch)
    told = np.zeros(frame_bytes(count), np.uint8)
    header = told[: HEADER.itemsize].view(HEADER)
    header["magic"], header["version"], header["n"] = MAGIC, PROTOCOL, count
    header["flags"] = stamp.flags | (COMPLETE if batch.complete else 0)
    header["header_bytes"], header["time_ns"] = HEADER.itemsize, batch.time_ns
    header["sequence"], header["frame"] = stamp.sequence, stamp.number
    header["sent_ms"] = stamp.sent_ms
    values = _values(batch, marks)
    for column, start in zip(LAYOUT, _starts(count), strict=True):
        dtype = np.dtype(KINDS[column.kind])
        told[start : start + count * dtype.itemsize].view(dtype)[:] = values[column.name]
    return told.tobytes()


def decode_frame(told: bytes) -> Frame:
    """The frame that the bytes are; its columns are views of them and cannot be written.

    Raises:
        FormatError: no frame, of another version, or cut short.
    """
    if len(told) < HEADER.itemsize or told[:4] != MAGIC:
        raise FormatError(f"No track frame: {len(told)} bytes that begin with {told[:4]!r}.")
    header = np.frombuffer(told, HEADER, count=1)[0]
    if header["version"] != PROTOCOL:
        raise FormatError(f"Track frame of version {header['version']}; this reads {PROTOCOL}.")
    count, begin = int(header["n"]), int(header["header_bytes"])
    needed = frame_bytes(count) - HEADER.itemsize + begin
    if begin < HEADER.itemsize or len(told) != needed:
        raise FormatError(f"Track frame of {count} tracks needs {needed} bytes, not {len(told)}.")
    shift = begin - HEADER.itemsize
    columns = {
        column.name: np.frombuffer(told, KINDS[column.kind], count=count, offset=start + shift)
        for column, start in zip(LAYOUT, _starts(count), strict=True)
    }
    return Frame(
        flags=int(header["flags"]),
        time_ns=int(header["time_ns"]),
        sequence=int(header["sequence"]),
        frame=int(header["frame"]),
        sent_ms=int(header["sent_ms"]),
        columns=columns,
    )


def frame_bytes(count: int) -> int:
    """Bytes of a frame of so many tracks.

    >>> frame_bytes(0), frame_bytes(10_000)
    (64, 760064)
    """
    last = LAYOUT[-1]
    return _starts(count)[-1] + count * np.dtype(KINDS[last.kind]).itemsize


def published_layout() -> list[dict[str, str]]:
    """The columns as `hello` says them."""
    return [{"name": column.name, "kind": column.kind} for column in LAYOUT]


def _starts(count: int) -> list[int]:
    """Where each column begins."""
    starts, at = [], HEADER.itemsize
    for column in LAYOUT:
        starts.append(at)
        at += count * np.dtype(KINDS[column.kind]).itemsize
        at += -at % _ALIGN
    return starts


def _values(batch: TrackBatch, marks: Marks) -> dict[str, Any]:
    """Each column's values; those that are called alike are taken as they are."""
    columns = batch.columns
    own = {name.name: columns[name.name] for name in LAYOUT if name.name in columns}
    time_ns = np.int64(batch.time_ns)
    return own | {
        "lat_1e7deg": np.rint(columns["lat_deg"] * _E7),
        "lon_1e7deg": np.rint(columns["lon_deg"] * _E7),
        "age_s": (time_ns - columns["updated_ns"]) / NS_PER_S,
        "born_s": (time_ns - columns["born_ns"]) / NS_PER_S,
        "callsign": _callsigns(batch),
        **_marked(columns["track_key"], marks, batch.time_ns),
    }


def _marked(keys: Column, marks: Marks, time_ns: int) -> dict[str, Column]:
    """The marks in the order of `keys`; rows that none names have nothing."""
    count = len(keys)
    told: dict[str, Column] = {
        "level": np.zeros(count, np.uint8),
        "flags": np.zeros(count, np.uint8),
        "border_s": np.full(count, np.nan, np.float32),
        "border_probability": np.zeros(count, np.float32),
    }
    if len(marks.keys) == 0 or count == 0:
        return told
    at = np.minimum(np.searchsorted(marks.keys, keys), len(marks.keys) - 1)
    rows = np.flatnonzero(marks.keys[at] == keys)
    at = at[rows]
    told["level"][rows], told["flags"][rows] = marks.level[at], marks.flags[at]
    ahead = marks.crossing_ns[at] > time_ns
    rows, at = rows[ahead], at[ahead]
    told["border_s"][rows] = (marks.crossing_ns[at] - np.int64(time_ns)) / NS_PER_S
    told["border_probability"][rows] = marks.border_probability[at]
    return told


def _callsigns(batch: TrackBatch) -> Column:
    """The callsigns as UTF-8, cut between characters to fit."""
    count = len(batch)
    if len(batch.callsigns) == 0:
        return np.zeros(count, f"S{CALLSIGN_BYTES}")
    text = np.ascontiguousarray(batch.callsigns, dtype=f"<U{CALLSIGN_BYTES}")
    points = text.view("<u4").reshape(count, CALLSIGN_BYTES)
    told = points.astype(np.uint8).view(f"S{CALLSIGN_BYTES}").reshape(count)
    for row in np.flatnonzero((points > 127).any(axis=1)):
        told[row] = _cut(str(text[row]))
    return told


def _cut(text: str) -> bytes:
    told = text.encode()[:CALLSIGN_BYTES]
    return told.decode(errors="ignore").encode()
