"""What a track remembers of the measurement that speaks for it."""

from numba import njit

from skypicket.tracking._kernels.tables import CONTRIBUTORS, PRESENCE, Plots, Tracks, View


@njit(cache=True, nogil=True)
def support(tracks: Tracks, i: int, j: int, plots: Plots, view: View) -> None:
    """Note that measurement `j` speaks for row `i`.

    A sensor that only tells presence counts once, however often it speaks.
    """
    known = -1
    for c in range(CONTRIBUTORS):
        if tracks.sensor[i, c] == view.sensor:
            known = c
    if view.wide != PRESENCE or known < 0:
        tracks.supports[i] += plots.worth[j]
    tracks.support_ns[i] = max(tracks.support_ns[i], plots.time_ns[j])
    tracks.seen_existence[i] = tracks.existence[i]
    tracks.patience_s[i] = view.patience_s
    tracks.coast_s[i] = view.coast_s
    tracks.missed[i] = 0
    if plots.dims[j] == 3:
        tracks.has_height[i] = 1
    if plots.identity[j] != 0:
        tracks.identity[i] = plots.identity[j]
    if plots.callsign[j] != 0:
        tracks.callsign[i] = plots.callsign[j]
    _remember(tracks, i, known if known >= 0 else CONTRIBUTORS - 1)
    tracks.sensor[i, 0] = view.sensor
    tracks.sensor_ns[i, 0] = plots.time_ns[j]
    tracks.sequence[i, 0] = plots.sequence[j]
    tracks.offset[i, 0] = plots.offset[j]


@njit(cache=True, nogil=True)
def _remember(tracks: Tracks, i: int, last: int) -> None:
    """Move the contributors before `last` back by one; the first place becomes free."""
    for c in range(last, 0, -1):
        tracks.sensor[i, c] = tracks.sensor[i, c - 1]
        tracks.sensor_ns[i, c] = tracks.sensor_ns[i, c - 1]
        tracks.sequence[i, c] = tracks.sequence[i, c - 1]
        tracks.offset[i, c] = tracks.offset[i, c - 1]
