"""What is believed of the tracks that a look concerns, carried on to the time of the look."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels.modes import carry_on, match, tell_on
from skypicket.tracking._kernels.motion import predict
from skypicket.tracking._kernels.tables import (
    CONTRIBUTORS,
    MEASURED,
    MODES,
    NARROW,
    SECOND_NS,
    TELLING,
    TENTATIVE,
    Floats,
    Ints,
    Knobs,
    Modes,
    Small,
    Tracks,
    View,
    Words,
)

_WHOLE = 1.0 - 1e-9  # of a variance that nothing has made smaller


class Prediction(NamedTuple):
    """The chosen rows at the look. A row whose own time is later stays there.

    `branch` is the place of a row's Gaussians in the `mode_` arrays, -1 for a row with one.
    """

    states: Floats  # (k, 6)
    covariances: Floats  # (k, 6, 6)
    when_ns: Ints
    existence: Floats
    widened: Floats  # see `repeated`
    names: Words  # claimed identity
    branched: Small
    branch: Ints
    mode_probability: Floats  # (b, MODES)
    mode_states: Floats  # (b, MODES, 6)
    mode_covariances: Floats  # (b, MODES, 6, 6)


@njit(cache=True, nogil=True)
def predicted(tracks: Tracks, modes: Modes, chosen: Ints, view: View, knobs: Knobs) -> Prediction:
    """The chosen rows, carried on."""
    count = chosen.size
    found = Prediction(
        tracks.state[chosen],
        tracks.covariance[chosen],
        np.maximum(tracks.time_ns[chosen], view.time_ns),
        tracks.existence[chosen],
        widening(tracks, chosen, view),
        tracks.identity[chosen],
        tracks.branched[chosen],
        np.full(count, -1),
        np.empty((count, MODES)),  # room for rows that are branched by the look
        np.empty((count, MODES, 6)),
        np.empty((count, MODES, 6, 6)),
    )
    states, covariances = found.states, found.covariances
    tells = view.wide == NARROW and view.basis == MEASURED
    b = 0
    for a in range(count):
        i = chosen[a]
        dt_s = (found.when_ns[a] - tracks.time_ns[i]) / SECOND_NS
        found.existence[a] *= math.exp(-dt_s / knobs.survival_s)
        if not tracks.branched[i]:
            predict(states[a], covariances[a], dt_s, knobs.q, knobs.q_up)
            if tells and _is_new(tracks, i, knobs):
                _tell_speeds(found, a, b, tracks.born_ns[i], knobs)
                b += 1
            continue
        found.branch[a] = b
        probability, mode_states = found.mode_probability[b], found.mode_states[b]
        mode_covariances = found.mode_covariances[b]
        _copy(modes, i, probability, mode_states, mode_covariances)
        if tracks.branched[i] == TELLING:
            tell_on(probability, mode_states, mode_covariances, dt_s, knobs)
        else:
            carry_on(
                states[a], covariances[a], probability, mode_states, mode_covariances, dt_s, knobs
            )
        match(probability, mode_states, mode_covariances, states[a], covariances[a])
        b += 1
    return found


@njit(cache=True, nogil=True)
def _is_new(tracks: Tracks, i: int, knobs: Knobs) -> bool:
    """Whether of row `i` nothing is known but where it began."""
    unknown = knobs.birth_sigma_mps * knobs.birth_sigma_mps * _WHOLE
    covariance = tracks.covariance[i]
    return bool(
        tracks.life[i] == TENTATIVE and covariance[3, 3] >= unknown and covariance[4, 4] >= unknown
    )


@njit(cache=True, nogil=True)
def _tell_speeds(found: Prediction, a: int, b: int, born_ns: int, knobs: Knobs) -> None:
    """Make two stories of a track of which only the place is known: it is slow, or it is fast.

    Its one Gaussian has the spread of both, so each differs from it only in what was believed of
    the velocity when it began.
    """
    age_s = (found.when_ns[a] - born_ns) / SECOND_NS
    found.branch[a] = b
    probability, covariances = found.mode_probability[b], found.mode_covariances[b]
    probability[0], probability[1] = knobs.birth_slow_share, 1.0 - knobs.birth_slow_share
    probability[2:] = 0.0
    for m in range(2):
        sigma = knobs.birth_slow_mps if m == 0 else knobs.birth_fast_mps
        more = sigma * sigma - knobs.birth_sigma_mps * knobs.birth_sigma_mps
        found.mode_states[b, m] = found.states[a]
        covariances[m] = found.covariances[a]
        for r in range(2):
            covariances[m, r, r] += more * age_s * age_s
            covariances[m, r, r + 3] += more * age_s
            covariances[m, r + 3, r] += more * age_s
            covariances[m, r + 3, r + 3] += more


@njit(cache=True, nogil=True)
def _copy(modes: Modes, i: int, probability: Floats, states: Floats, covariances: Floats) -> None:
    for m in range(MODES):
        probability[m] = modes.probability[i, m]
        for r in range(6):
            states[m, r] = modes.state[i, m, r]
            for c in range(6):
                covariances[m, r, c] = modes.covariance[i, m, r, c]


@njit(cache=True, nogil=True)
def repeated(
    sensors: Small, sensor_ns: Ints, i: int, sensor: int, time_ns: int, correlation_s: float
) -> float:
    """By how much the error of a word grows because the same sensor said it just before.

    Presence at a node tells the same place again and again, and a foreign track is filtered: the
    errors of neighbouring words are one error. So many in the correlation time count as one.
    """
    for c in range(CONTRIBUTORS):
        if sensors[i, c] == sensor:
            age_s = max(time_ns - sensor_ns[i, c], 0) / SECOND_NS
            return max(correlation_s / max(age_s, 0.1), 1.0)
    return 1.0


@njit(cache=True, nogil=True)
def widening(tracks: Tracks, chosen: Ints, view: View) -> Floats:
    """`repeated` for each chosen track; 1 for kinds that measure anew each time."""
    out = np.ones(chosen.size)
    if view.correlation_s > 0.0:
        for a in range(chosen.size):
            out[a] = repeated(
                tracks.sensor, tracks.sensor_ns, chosen[a], view.sensor,
                view.time_ns - view.delay_ns, view.correlation_s,
            )  # fmt: skip
    return out
