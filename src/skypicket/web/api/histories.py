"""Where a track was, from old to new, thinned out so that its way can still be drawn."""

import msgspec
import numpy as np

from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Track
from skypicket.engine.history import history_of
from skypicket.engine.runtime import Runtime

LOOK_BACK_S = 24 * 3_600
MOST_POINTS = 500


class HistoryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a track was at a time; `sigma_m` is the larger of its two errors."""

    time_ns: int
    lat_deg: float
    lon_deg: float
    alt_m: float | None
    sigma_m: float


def history_points(runtime: Runtime, track: Track, now_ns: int) -> tuple[HistoryPoint, ...]:
    """The places of a track in the last day, the newest last; at most `MOST_POINTS` and one.

    The newest is the track as it is shown now.
    """
    from_ns = now_ns - LOOK_BACK_S * NS_PER_S
    way = history_of(runtime, int(track.track_id, 16), from_ns, now_ns)
    rows = np.flatnonzero(way["time_ns"] < track.time_ns)
    if len(rows) > MOST_POINTS:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_POINTS).astype(np.int64)]
    sigma_m = np.maximum(way["sigma_east_m"], way["sigma_north_m"])
    points = [
        HistoryPoint(
            time_ns=int(way["time_ns"][row]),
            lat_deg=float(way["lat_deg"][row]),
            lon_deg=float(way["lon_deg"][row]),
            alt_m=None if np.isnan(way["alt_m"][row]) else float(way["alt_m"][row]),
            sigma_m=float(sigma_m[row]),
        )
        for row in rows.tolist()
    ]
    return (*points, _newest(track))


def _newest(track: Track) -> HistoryPoint:
    return HistoryPoint(
        time_ns=track.time_ns,
        lat_deg=track.lat_deg,
        lon_deg=track.lon_deg,
        alt_m=track.alt_m,
        sigma_m=max(track.sigma_east_m, track.sigma_north_m),
    )
