"""Where a track was, from old to new."""

import msgspec

from skypicket.domain.tracks import Track
from skypicket.engine.runtime import Runtime


class HistoryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a track was at a time; `sigma_m` is the larger of its two errors."""

    time_ns: int
    lat_deg: float
    lon_deg: float
    alt_m: float | None
    sigma_m: float


def history_points(runtime: Runtime, track: Track) -> tuple[HistoryPoint, ...]:
    """The places of a track that are kept, the newest last."""
    del runtime
    return (
        HistoryPoint(
            time_ns=track.time_ns,
            lat_deg=track.lat_deg,
            lon_deg=track.lon_deg,
            alt_m=track.alt_m,
            sigma_m=max(track.sigma_east_m, track.sigma_north_m),
        ),
    )
