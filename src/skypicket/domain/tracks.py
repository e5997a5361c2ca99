"""System tracks: what the tracker believes, in columns."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum

import msgspec
import numpy as np

from skypicket.domain.noun import Column, IntColumn, Noun

_TRACK_ID = re.compile("[0-9a-f]{16}")


class TrackState(IntEnum):
    """The life of a track. The last three are set by a named person, never by the machine."""

    TENTATIVE = 0
    CONFIRMED = 1
    COASTING = 2
    LOST = 3
    LEFT = 4
    DOWN = 5
    NEVER_REAL = 6


class Basis(IntEnum):
    """What a track rests on: measurements, or only what its own sender claims (ADS-B, Remote ID).

    The two never mix: a claimed position does not move a measured track.
    """

    MEASURED = 0
    CLAIMED = 1


# Columns of a TrackBatch, each (n,), and contributor columns, each (n, CONTRIBUTORS).
TRACK_COLUMNS = (
    "track_key",  # uint64, hash of the birth observation; never used again
    "state",  # int8, TrackState
    "basis",  # int8, Basis
    "born_ns",  # int64
    "updated_ns",  # int64, time of the newest observation in it
    "lat_deg",  # float64 ...
    "lon_deg",
    "alt_m",  # NaN where no contributor ever gave a height
    "east_mps",
    "north_mps",
    "up_mps",
    "sigma_east_m",
    "sigma_north_m",
    "correlation",  # of the east and north errors
    "sigma_up_m",
    "sigma_east_mps",
    "sigma_north_mps",
    "existence_probability",
)
CONTRIBUTORS = 6
CONTRIBUTOR_COLUMNS = (
    "contributor_sensor",  # int16 index into `sensors`, -1 for none; newest first, each once
    "contributor_time_ns",  # int64
    "contributor_sequence",  # int64, capture sequence
    "contributor_offset",  # int64, byte offset in that entry
)
# Columns that a tracker may add, for who puts what it says at several times together again.
FILTER_COLUMNS = (
    # (n, 5) float64, of the errors: east and north with each of the velocities east_mps and
    # north_mps, in the order ee, en, ne, nn; then the two velocities with each other.
    "motion_correlation",
    # Spectral density of the horizontal acceleration that it believed in since the look before.
    "horizontal_q_m2ps3",
)


class TrackBatch(Noun, frozen=True, kw_only=True):
    """n tracks, each extrapolated to `time_ns`, in the numpy columns of `TRACK_COLUMNS`.

    Columns of contributors and of the filter (`CONTRIBUTOR_COLUMNS`, `FILTER_COLUMNS`) may be there
    as well.

    `complete` says that every shown track is in it (after a tick); otherwise it holds the tracks
    that one observation batch touched. `callsigns` holds the newest claimed identity per row
    ("" for none): a claim, never more.
    """

    time_ns: int
    columns: dict[str, Column]
    sensors: tuple[str, ...] = ()
    callsigns: Column = msgspec.field(default_factory=lambda: np.zeros(0, dtype="<U8"))
    complete: bool = False

    def __len__(self) -> int:
        return len(self.columns["track_key"])

    def take(self, rows: Column) -> "TrackBatch":
        """The batch with the given rows only (an index or boolean array)."""
        return msgspec.structs.replace(
            self,
            columns={name: values[rows] for name, values in self.columns.items()},
            callsigns=self.callsigns[rows] if len(self.callsigns) else self.callsigns,
        )


class Contributor(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that fed a track, with its newest observation and where that is captured."""

    sensor_id: str
    time_ns: int
    sequence: int
    offset: int


class Track(Noun, frozen=True, kw_only=True):
    """One row of a `TrackBatch`, for people, JSON and tests. A lost track is an area, not a point.

    `time_ns` is the time to which it is extrapolated, `updated_ns` that of its newest observation.
    """

    track_id: str
    time_ns: int
    updated_ns: int
    born_ns: int
    state: str
    basis: str
    lat_deg: float
    lon_deg: float
    alt_m: float | None
    east_mps: float
    north_mps: float
    up_mps: float
    sigma_east_m: float
    sigma_north_m: float
    correlation: float
    existence_probability: float
    callsign: str = ""
    contributors: tuple[Contributor, ...] = ()


def track_id(track_key: int) -> str:
    """The name of a track in text: 16 hexadecimal digits.

    >>> track_id(255)
    '00000000000000ff'
    """
    return f"{int(track_key):016x}"


def track_ids(track_keys: IntColumn) -> list[str]:
    """The names of many tracks at once."""
    text = np.ascontiguousarray(track_keys, dtype=">u8").tobytes().hex()
    return [text[i : i + 16] for i in range(0, len(text), 16)]


def track_keys(names: Iterable[str]) -> Column:
    """The keys of the tracks of these names, uint64, ascending; what is no name is left out.

    >>> track_keys(["00000000000000ff", "no track"]).tolist()
    [255]
    """
    keys = {int(name, 16) for name in names if _TRACK_ID.fullmatch(name)}
    return np.array(sorted(keys), dtype=np.uint64)


def tracks_of(batch: TrackBatch) -> Iterator[Track]:
    """Each row of a batch as a `Track`."""
    columns = {name: batch.columns[name].tolist() for name in TRACK_COLUMNS}
    names = track_ids(batch.columns["track_key"])
    fed = _contributors(batch)
    for row, name in enumerate(names):
        alt_m = columns["alt_m"][row]
        yield Track(
            track_id=name,
            time_ns=batch.time_ns,
            updated_ns=columns["updated_ns"][row],
            born_ns=columns["born_ns"][row],
            state=_STATES[columns["state"][row]],
            basis=_BASES[columns["basis"][row]],
            lat_deg=columns["lat_deg"][row],
            lon_deg=columns["lon_deg"][row],
            alt_m=None if alt_m != alt_m else alt_m,  # noqa: PLR0124 -- NaN alone differs from itself
            east_mps=columns["east_mps"][row],
            north_mps=columns["north_mps"][row],
            up_mps=columns["up_mps"][row],
            sigma_east_m=columns["sigma_east_m"][row],
            sigma_north_m=columns["sigma_north_m"][row],
            correlation=columns["correlation"][row],
            existence_probability=columns["existence_probability"][row],
            callsign=str(batch.callsigns[row]) if len(batch.callsigns) else "",
            contributors=fed(row),
            releasability=batch.releasability,
        )


_STATES = {state.value: state.name.lower() for state in TrackState}
_BASES = {basis.value: basis.name.lower() for basis in Basis}


def _contributors(batch: TrackBatch) -> Callable[[int], tuple[Contributor, ...]]:
    """What gives the contributors of a row."""
    if "contributor_sensor" not in batch.columns:
        return lambda _: ()
    sensor, time_ns, sequence, offset = (batch.columns[n].tolist() for n in CONTRIBUTOR_COLUMNS)

    def of(row: int) -> tuple[Contributor, ...]:
        return tuple(
            Contributor(
                sensor_id=batch.sensors[index],
                time_ns=time_ns[row][i],
                sequence=sequence[row][i],
                offset=offset[row][i],
            )
            for i, index in enumerate(sensor[row])
            if index >= 0
        )

    return of
