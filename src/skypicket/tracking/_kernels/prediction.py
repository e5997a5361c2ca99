"""What is believed of the tracks that a look concerns, carried on to the time of the look."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels.modes import carry_on, match, tell_on
from skypicket.tracking._kernels.motion import predict
from skypicket.tracking._kernels.tables import (
    CONTRIBUTORS,
    MODES,
    SECOND_NS,
    TELLING,
    Floats,
    Ints,
    Knobs,
    Modes,
    Small,
    Tracks,
    View,
    Words,
)


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
    b = 0
    for a in range(count):
        i = chosen[a]
        dt_s = (found.when_ns[a] - tracks.time_ns[i]) / SECOND_NS
        found.existence[a] *= math.exp(-dt_s / knobs.survival_s)
        if not tracks.branched[i]:
            predict(states[a], covariances[a], dt_s, knobs.q, knobs.q_up)
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
