"""How objects move, one state at a time: nearly constant velocity, and drifting with the wind.

Nearly constant velocity is what `skypicket.physics.motion` says. A drifting object's horizontal
velocity returns to the wind's: the Ornstein-Uhlenbeck process, integrated exactly.
"""

import math

from numba import njit

from skypicket.tracking._kernels.tables import Floats


@njit(cache=True, nogil=True)
def predict(state: Floats, covariance: Floats, dt_s: float, q: float, q_up: float) -> None:
    """Carry a state (6,) and its covariance (6, 6) on by `dt_s`, in place; back, if negative.

    The noise of the motion is added for the length of the time in both directions.
    """
    _carry(state, covariance, dt_s, 1.0, dt_s)
    span = abs(dt_s)
    for i in range(2):
        _blur(covariance, i, q * span**3 / 3.0, q * dt_s * span / 2.0, q * span)
    _blur(covariance, 2, q_up * span**3 / 3.0, q_up * dt_s * span / 2.0, q_up * span)


@njit(cache=True, nogil=True)
def drift(
    state: Floats,
    covariance: Floats,
    dt_s: float,
    q: float,
    q_up: float,
    drift_s: float,
    wind: tuple[float, float],
) -> None:
    """As `predict`, only forward, of a velocity that returns to the wind's in `drift_s`."""
    rate = 1.0 / drift_s
    kept = math.exp(-rate * dt_s)
    way = (1.0 - kept) * drift_s
    state[3] -= wind[0]
    state[4] -= wind[1]
    _carry(state, covariance, way, kept, dt_s)
    state[0] += wind[0] * dt_s
    state[1] += wind[1] * dt_s
    state[3] += wind[0]
    state[4] += wind[1]
    settled = 0.5 * q * drift_s * (1.0 - kept * kept)
    along = 0.5 * q * way * way
    spread = q * drift_s * drift_s * (dt_s - 2.0 * way + 0.5 * drift_s * (1.0 - kept * kept))
    for i in range(2):
        _blur(covariance, i, max(spread, 0.0), along, settled)
    _blur(covariance, 2, q_up * dt_s**3 / 3.0, q_up * dt_s * dt_s / 2.0, q_up * dt_s)


@njit(cache=True, nogil=True)
def _carry(state: Floats, covariance: Floats, way: float, kept: float, up_s: float) -> None:
    """Each place moves by `way` times its velocity, of which `kept` stays; heights by `up_s`."""
    for i in range(3):
        move = up_s if i == 2 else way
        state[i] += move * state[i + 3]
        if i < 2:
            state[i + 3] *= kept
    for i in range(3):
        move_i = up_s if i == 2 else way
        for j in range(3):
            move_j = up_s if j == 2 else way
            covariance[i, j] += (
                move_j * covariance[i, j + 3]
                + move_i * covariance[i + 3, j]
                + move_i * move_j * covariance[i + 3, j + 3]
            )
    for i in range(3):
        move_i = up_s if i == 2 else way
        for j in range(3):
            keeps = 1.0 if j == 2 else kept
            covariance[i, j + 3] = keeps * (
                covariance[i, j + 3] + move_i * covariance[i + 3, j + 3]
            )
            covariance[j + 3, i] = covariance[i, j + 3]
    for i in range(3):
        for j in range(3):
            keeps = (1.0 if i == 2 else kept) * (1.0 if j == 2 else kept)
            covariance[i + 3, j + 3] *= keeps


@njit(cache=True, nogil=True)
def _blur(covariance: Floats, axis: int, place: float, both: float, speed: float) -> None:
    """Add the noise of one axis."""
    covariance[axis, axis] += place
    covariance[axis, axis + 3] += both
    covariance[axis + 3, axis] = covariance[axis, axis + 3]
    covariance[axis + 3, axis + 3] += speed
