"""The modes of a track: one Gaussian for each way to move, mixed before and matched after a look.

Interacting multiple models: H. A. P. Blom, Y. Bar-Shalom, IEEE Trans. Automatic Control 33 (1988).
A mode holds for a while and is then chosen anew by its share of all time, so that one long step
gives the same probabilities as many short ones.
"""

import math

from numba import njit

from skypicket.tracking._kernels.motion import drift, predict
from skypicket.tracking._kernels.tables import DRIFTING, MODES, Floats, Knobs, Modes


@njit(cache=True, nogil=True)
def branch(modes: Modes, i: int, state: Floats, covariance: Floats, knobs: Knobs) -> None:
    """Begin to tell the modes of row `i` apart; all know the same yet."""
    for m in range(MODES):
        modes.probability[i, m] = knobs.mode_share[m]
        for r in range(6):
            modes.state[i, m, r] = state[r]
            for c in range(6):
                modes.covariance[i, m, r, c] = covariance[r, c]


@njit(cache=True, nogil=True)
def carry_on(
    state: Floats,
    covariance: Floats,
    probability: Floats,
    states: Floats,
    covariances: Floats,
    dt_s: float,
    knobs: Knobs,
) -> None:
    """Carry the modes on by `dt_s`, in place; `state` and `covariance` are of all together."""
    hold = math.exp(-dt_s / knobs.mode_s)
    for m in range(MODES):
        chosen = (1.0 - hold) * knobs.mode_share[m]
        probability[m] = chosen + hold * probability[m]
        _mix(states[m], covariances[m], chosen / probability[m], state, covariance)
        if m == DRIFTING:
            drift(
                states[m], covariances[m], dt_s, knobs.mode_q[m], knobs.q_up, knobs.drift_s,
                (knobs.wind_east_mps, knobs.wind_north_mps),
            )  # fmt: skip
        else:
            predict(states[m], covariances[m], dt_s, knobs.mode_q[m], knobs.q_up)


@njit(cache=True, nogil=True)
def tell_on(
    probability: Floats, states: Floats, covariances: Floats, dt_s: float, knobs: Knobs
) -> None:
    """As `carry_on`, of the stories of a track, each of which moves by itself."""
    for m in range(MODES):
        if probability[m] > 0.0:
            predict(states[m], covariances[m], dt_s, knobs.q, knobs.q_up)


@njit(cache=True, nogil=True)
def _mix(state: Floats, covariance: Floats, chosen: float, whole: Floats, spread: Floats) -> None:
    """Let one mode take in, with weight `chosen`, what all modes together believe, in place."""
    kept = 1.0 - chosen
    for r in range(6):
        for c in range(r, 6):
            beside = (whole[r] - state[r]) * (whole[c] - state[c])
            covariance[r, c] = (
                kept * covariance[r, c] + chosen * spread[r, c] + chosen * kept * beside
            )
            covariance[c, r] = covariance[r, c]
    for r in range(6):
        state[r] += chosen * (whole[r] - state[r])


@njit(cache=True, nogil=True)
def match(
    probability: Floats, states: Floats, covariances: Floats, state: Floats, covariance: Floats
) -> None:
    """Fill the one Gaussian with the mean and the spread of all modes."""
    for r in range(6):
        state[r] = 0.0
        for m in range(MODES):
            if probability[m] > 0.0:
                state[r] += probability[m] * states[m, r]
    for r in range(6):
        for c in range(r, 6):
            whole = 0.0
            for m in range(MODES):
                if probability[m] <= 0.0:
                    continue
                beside = (states[m, r] - state[r]) * (states[m, c] - state[c])
                whole += probability[m] * (covariances[m, r, c] + beside)
            covariance[r, c] = whole
            covariance[c, r] = whole
