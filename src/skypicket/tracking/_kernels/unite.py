"""One object, one track: wide evidence begins tracks that turn out to be the same.

A node that hears something, or a person who calls, tells a place to a kilometre. Each word may be
of a new object, so each begins a track of its own; where such tracks cannot be told apart they are
one, and P(real) is that at least one of them is.
"""

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    CONTRIBUTORS,
    FREE,
    PRESENCE,
    TENTATIVE,
    Floats,
    Ints,
    Knobs,
    Tracks,
    View,
)

_WIDE_M2 = 250.0**2  # variance of a place from which tracks may be united
_SAME_D2 = 6.0  # squared distance in place and velocity: 80 % of equal ones lie within
_PLANE = (0, 1, 3, 4)


@njit(cache=True, nogil=True)
def unite(tracks: Tracks, rows: Ints, view: View, knobs: Knobs) -> None:
    """Join those of the rows that are wide and cannot be told apart; the better supported stays."""
    wide = np.empty(rows.size, dtype=np.int64)
    count = 0
    for i in rows:
        if tracks.life[i] == TENTATIVE or tracks.life[i] == CONFIRMED:
            covariance = tracks.covariance[i]
            if max(covariance[0, 0], covariance[1, 1]) > _WIDE_M2:
                wide[count] = i
                count += 1
    for a in range(count):
        for b in range(a + 1, count):
            i, k = wide[a], wide[b]
            if tracks.life[i] == FREE or tracks.life[k] == FREE:
                continue
            if _distance2(tracks, i, k, knobs.q) > _SAME_D2:
                continue
            if _before(tracks, k, i):
                i, k = k, i
            _join(tracks, i, k, view, knobs)


@njit(cache=True, nogil=True)
def _distance2(tracks: Tracks, i: int, k: int, q: float) -> float:
    """Squared distance of two tracks in plane and velocity, the older carried on in time."""
    dt_s = (tracks.time_ns[i] - tracks.time_ns[k]) / 1e9
    gap, spread = np.empty(4), np.empty((4, 4))
    for r in range(4):
        gap[r] = tracks.state[i, _PLANE[r]] - tracks.state[k, _PLANE[r]]
        if r < 2:
            gap[r] -= dt_s * tracks.state[k, _PLANE[r] + 3]
        for c in range(4):
            spread[r, c] = tracks.covariance[i, _PLANE[r], _PLANE[c]]
            spread[r, c] += tracks.covariance[k, _PLANE[r], _PLANE[c]]
        spread[r, r] += q * abs(dt_s)
    return _solved(spread, gap)


@njit(cache=True, nogil=True)
def _solved(spread: Floats, gap: Floats) -> float:
    """Gap' spread^-1 gap, by elimination without pivots (the matrix is positive definite)."""
    d2 = 0.0
    for r in range(4):
        d2 += gap[r] * gap[r] / spread[r, r]
        for s in range(r + 1, 4):
            factor = spread[s, r] / spread[r, r]
            gap[s] -= factor * gap[r]
            for c in range(r + 1, 4):
                spread[s, c] -= factor * spread[r, c]
    return d2


@njit(cache=True, nogil=True)
def _before(tracks: Tracks, i: int, k: int) -> bool:
    """Whether row `i` is the one to stay: confirmed, better supported, older; the key decides."""
    if tracks.life[i] != tracks.life[k]:
        return bool(tracks.life[i] == CONFIRMED)
    if tracks.supports[i] != tracks.supports[k]:
        return bool(tracks.supports[i] > tracks.supports[k])
    if tracks.born_ns[i] != tracks.born_ns[k]:
        return bool(tracks.born_ns[i] < tracks.born_ns[k])
    return bool(tracks.key[i] < tracks.key[k])


@njit(cache=True, nogil=True)
def _join(tracks: Tracks, i: int, k: int, view: View, knobs: Knobs) -> None:
    """Let row `i` take what speaks for row `k`, and free `k`."""
    either = 1.0 - (1.0 - tracks.existence[i]) * (1.0 - tracks.existence[k])
    tracks.existence[i] = min(either, knobs.max_existence)
    tracks.seen_existence[i] = max(tracks.existence[i], tracks.seen_existence[i])
    tracks.support_ns[i] = max(tracks.support_ns[i], tracks.support_ns[k])
    tracks.life[k] = FREE
    if view.wide != PRESENCE:
        tracks.supports[i] += tracks.supports[k]
    for c in range(CONTRIBUTORS):
        if tracks.sensor[k, c] >= 0 and _adds(tracks, i, k, c) and view.wide == PRESENCE:
            tracks.supports[i] += 1.0
    if tracks.supports[i] >= knobs.confirm_count and tracks.existence[i] >= knobs.confirm:
        tracks.life[i] = CONFIRMED


@njit(cache=True, nogil=True)
def _adds(tracks: Tracks, i: int, k: int, c: int) -> bool:
    """Enter contributor `c` of row `k` in row `i` by its age; whether the sensor is new there."""
    sensor, time_ns = tracks.sensor[k, c], tracks.sensor_ns[k, c]
    place, known = CONTRIBUTORS, CONTRIBUTORS - 1
    new = True
    for n in range(CONTRIBUTORS - 1, -1, -1):
        if tracks.sensor[i, n] == sensor:
            new, known = False, n
        if tracks.sensor[i, n] < 0 or tracks.sensor_ns[i, n] < time_ns:
            place = n
    if place <= known:
        for n in range(known, place, -1):
            tracks.sensor[i, n] = tracks.sensor[i, n - 1]
            tracks.sensor_ns[i, n] = tracks.sensor_ns[i, n - 1]
            tracks.sequence[i, n] = tracks.sequence[i, n - 1]
            tracks.offset[i, n] = tracks.offset[i, n - 1]
        tracks.sensor[i, place], tracks.sensor_ns[i, place] = sensor, time_ns
        tracks.sequence[i, place] = tracks.sequence[k, c]
        tracks.offset[i, place] = tracks.offset[k, c]
    return new
