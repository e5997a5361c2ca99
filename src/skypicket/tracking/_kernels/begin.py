"""New tracks, from the measurements that may be of nothing known."""

import math

import numpy as np
from numba import njit

from skypicket.tracking._kernels.support import support
from skypicket.tracking._kernels.tables import TENTATIVE, Floats, Ints, Knobs, Plots, Tracks, View
from skypicket.tracking._kernels.words import mix

_CLIMB_SHARE = 0.2  # things in the air climb slower than they fly


@njit(cache=True, nogil=True)
def begin(
    tracks: Tracks,
    free: Ints,
    used: int,
    alone: Floats,
    clutter: Floats,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> Ints:
    """Begin a tentative track for each measurement that is probably enough of nothing known.

    `alone` is P(of no track) per measurement; of that, births have their share beside `clutter`.
    """
    begun = np.empty(plots.dims.size, dtype=np.int64)
    count = 0
    birth = plots.birth
    for j in range(plots.dims.size):
        existence = alone[j] * birth[j] / (birth[j] + clutter[j])
        if birth[j] <= 0.0 or existence < knobs.prune:
            continue
        i = free[count] if count < free.size else used + count - free.size
        begun[count] = i
        count += 1
        _clear(tracks, i)
        _place(tracks.state[i], tracks.covariance[i], j, plots, knobs)
        if not math.isnan(plots.place[j, 3]) and math.isnan(plots.velocity[j, 0]):
            _move(tracks.state[i], tracks.covariance[i], j, plots, view)
        tracks.key[i] = mix(plots.fold[j] ^ np.uint64(view.key))
        tracks.existence[i] = min(existence, knobs.max_existence)
        tracks.basis[i] = view.basis
        tracks.time_ns[i] = plots.time_ns[j]
        tracks.born_ns[i] = plots.time_ns[j]
        tracks.support_ns[i] = plots.time_ns[j]
        support(tracks, i, j, plots, view)
    return begun[:count].copy()


@njit(cache=True, nogil=True)
def _clear(tracks: Tracks, i: int) -> None:
    tracks.life[i] = TENTATIVE
    tracks.supports[i] = 0.0
    tracks.identity[i] = 0
    tracks.callsign[i] = 0
    tracks.has_height[i] = 0
    tracks.branched[i] = 0
    tracks.sensor[i] = -1
    tracks.sensor_ns[i] = 0
    tracks.sequence[i] = 0
    tracks.offset[i] = 0
    tracks.plot_radar[i] = -1


@njit(cache=True, nogil=True)
def _place(state: Floats, covariance: Floats, j: int, plots: Plots, knobs: Knobs) -> None:
    """State and covariance of a track that begins with measurement `j`, at the row's own time."""
    covariance[:] = 0.0
    for k in range(3):
        state[k] = plots.place[j, k]
        given = plots.velocity[j, k]
        unknown = knobs.birth_sigma_mps * (_CLIMB_SHARE if k == 2 else 1.0)
        sigma = unknown if math.isnan(given) else plots.sigma_mps[j]
        state[k + 3] = 0.0 if math.isnan(given) else given
        covariance[k + 3, k + 3] = sigma * sigma
    noise = plots.noise
    covariance[0, 0], covariance[1, 1] = noise[j, 0], noise[j, 2]
    covariance[0, 1] = covariance[1, 0] = noise[j, 1]
    if plots.dims[j] == 3:
        covariance[0, 2] = covariance[2, 0] = noise[j, 3]
        covariance[1, 2] = covariance[2, 1] = noise[j, 4]
        covariance[2, 2] = noise[j, 5]
    else:
        state[2] = knobs.birth_alt_m
        covariance[2, 2] = knobs.birth_sigma_alt_m * knobs.birth_sigma_alt_m


@njit(cache=True, nogil=True)
def _move(state: Floats, covariance: Floats, j: int, plots: Plots, view: View) -> None:
    """What the Doppler speed of measurement `j` says of a velocity that nothing else tells."""
    de, dn = plots.place[j, 0] - view.east_m, plots.place[j, 1] - view.north_m
    distance = max(math.sqrt(de * de + dn * dn), 1.0)
    away = (de / distance, dn / distance)
    before = covariance[3, 3]
    gain = before / (before + plots.noise[j, 6])
    for r in range(2):
        state[r + 3] = gain * plots.place[j, 3] * away[r]
        for c in range(2):
            covariance[r + 3, c + 3] -= gain * before * away[r] * away[c]
