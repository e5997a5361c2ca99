"""Nearly constant velocity, as `skypicket.physics.motion` says it, one state at a time."""

from numba import njit

from skypicket.tracking._kernels.tables import Floats


@njit(cache=True, nogil=True)
def predict(state: Floats, covariance: Floats, dt_s: float, q: float, q_up: float) -> None:
    """Carry a state (6,) and its covariance (6, 6) on by `dt_s`, in place; back, if negative.

    The noise of the motion is added for the length of the time in both directions.
    """
    for i in range(3):
        state[i] += dt_s * state[i + 3]
    for i in range(3):
        for j in range(3):
            covariance[i, j] += dt_s * (
                covariance[i, j + 3] + covariance[i + 3, j] + dt_s * covariance[i + 3, j + 3]
            )
    for i in range(3):
        for j in range(3):
            covariance[i, j + 3] += dt_s * covariance[i + 3, j + 3]
            covariance[j + 3, i] = covariance[i, j + 3]
    span = abs(dt_s)
    for i in range(3):
        density = q_up if i == 2 else q
        covariance[i, i] += density * span * span * span / 3.0
        covariance[i, i + 3] += density * dt_s * span / 2.0
        covariance[i + 3, i] = covariance[i, i + 3]
        covariance[i + 3, i + 3] += density * span
