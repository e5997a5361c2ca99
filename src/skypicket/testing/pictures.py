"""Track batches for tests: objects by their plane position, the rest has a sensible value."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.noun import Column
from skypicket.domain.tracks import (
    CONTRIBUTOR_COLUMNS,
    CONTRIBUTORS,
    TRACK_COLUMNS,
    Basis,
    TrackBatch,
    TrackState,
)
from skypicket.geo.frame import TheatreFrame

_KINDS: dict[str, Any] = {"track_key": np.uint64, "state": np.int8, "basis": np.int8}
_KINDS |= {"born_ns": np.int64, "updated_ns": np.int64}


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One track of a picture, in metres of the theatre plane.

    What is None follows from the picture: born and updated at its time.
    """

    key: int = 1
    east_m: float = 0.0
    north_m: float = 0.0
    east_mps: float = 0.0
    north_mps: float = 0.0
    alt_m: float = float("nan")
    sigma_m: float = 50.0
    sigma_mps: float = 2.0
    sigma_up_m: float = 50.0
    existence: float = 0.99
    state: TrackState = TrackState.CONFIRMED
    basis: Basis = Basis.MEASURED
    born_ns: int | None = None
    updated_ns: int | None = None
    callsign: str = ""
    sequence: int = 7
    offset: int = 12

    def at(self, seconds: float) -> "Shown":
        """The same track after flying on for so long."""
        return msgspec.structs.replace(
            self,
            east_m=self.east_m + self.east_mps * seconds,
            north_m=self.north_m + self.north_mps * seconds,
        )


def picture(
    frame: TheatreFrame, time_ns: int, tracks: Sequence[Shown], *, complete: bool = True
) -> TrackBatch:
    """A batch with one row per track, each fed by radar `R1`.

    >>> len(picture(TheatreFrame(54.7, 25.3), 5, [Shown(key=3)]))
    1
    """
    columns = {
        name: np.array(values, dtype=_KINDS.get(name, np.float64))
        for name, values in _values(frame, time_ns, tracks).items()
    }
    return TrackBatch(
        time_ns=time_ns,
        columns=columns | _contributors(tracks, columns["updated_ns"]),
        sensors=("R1",),
        callsigns=np.array([t.callsign for t in tracks], dtype="<U8"),
        complete=complete,
    )


def _values(frame: TheatreFrame, time_ns: int, tracks: Sequence[Shown]) -> dict[str, Any]:
    """The columns that every picture has; velocities turn from plane north to true north."""
    lat_deg, lon_deg = frame.to_geodetic(
        np.array([t.east_m for t in tracks]), np.array([t.north_m for t in tracks])
    )
    turn = np.radians(frame.convergence_deg(lat_deg, lon_deg))
    sine, cosine = np.sin(turn), np.cos(turn)
    plane_east = np.array([t.east_mps for t in tracks])
    plane_north = np.array([t.north_mps for t in tracks])
    values = {
        "track_key": [t.key for t in tracks],
        "state": [t.state for t in tracks],
        "basis": [t.basis for t in tracks],
        "born_ns": [time_ns if t.born_ns is None else t.born_ns for t in tracks],
        "updated_ns": [time_ns if t.updated_ns is None else t.updated_ns for t in tracks],
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "alt_m": [t.alt_m for t in tracks],
        "east_mps": plane_east * cosine + plane_north * sine,
        "north_mps": plane_north * cosine - plane_east * sine,
        "up_mps": [0.0] * len(tracks),
        "sigma_east_m": [t.sigma_m for t in tracks],
        "sigma_north_m": [t.sigma_m for t in tracks],
        "correlation": [0.0] * len(tracks),
        "sigma_up_m": [t.sigma_up_m for t in tracks],
        "sigma_east_mps": [t.sigma_mps for t in tracks],
        "sigma_north_mps": [t.sigma_mps for t in tracks],
        "existence_probability": [t.existence for t in tracks],
    }
    return {name: values[name] for name in TRACK_COLUMNS}


def _contributors(tracks: Sequence[Shown], updated_ns: Column) -> dict[str, Column]:
    """Radar `R1` as the only contributor of every track."""
    shape = (len(tracks), CONTRIBUTORS)
    sensor = np.full(shape, -1, dtype=np.int16)
    time_ns, sequence, offset = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    sensor[:, 0], time_ns[:, 0] = 0, updated_ns
    sequence[:, 0] = [t.sequence for t in tracks]
    offset[:, 0] = [t.offset for t in tracks]
    return dict(zip(CONTRIBUTOR_COLUMNS, (sensor, time_ns, sequence, offset), strict=True))
