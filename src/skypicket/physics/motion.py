"""The nearly-constant-velocity motion of things in the air, in the theatre plane and height.

The state is (east_m, north_m, up_m, east_mps, north_mps, up_mps). Acceleration is continuous
white noise: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, "Estimation with Applications to Tracking
and Navigation", Wiley 2001, section 6.2.2.
"""

import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.noun import FloatColumn

STATE_SIZE = 6
AXES = 3

# Power spectral density of the acceleration. Its square root times the square root of a time is
# how much a velocity wanders in it: 1 m²/s³ changes a velocity by 7.7 m/s (1 sigma) in a minute.
HORIZONTAL_Q_M2PS3 = 1.0
UP_Q_M2PS3 = 0.05


def transition(dt_s: float) -> FloatColumn:
    """The (6, 6) matrix that carries a state `dt_s` on (back, if negative).

    >>> transition(2.0) @ [100.0, 0.0, 300.0, 40.0, -5.0, 0.0]
    array([180., -10., 300.,  40.,  -5.,   0.])
    """
    matrix = np.eye(STATE_SIZE)
    for axis in range(AXES):
        matrix[axis, axis + AXES] = dt_s
    return matrix


def noise(
    dt_s: float, q_m2ps3: float = HORIZONTAL_Q_M2PS3, q_up_m2ps3: float = UP_Q_M2PS3
) -> FloatColumn:
    """The (6, 6) covariance that `dt_s` of motion adds, for the two spectral densities.

    Raises:
        InputError: a negative time or density, for which there is no covariance.

    >>> noise(2.0, 3.0, 0.0)[0, [0, 3]]
    array([8., 6.])
    """
    if dt_s < 0 or q_m2ps3 < 0 or q_up_m2ps3 < 0:
        raise InputError(
            f"Motion noise needs a time and densities that are not negative, got {dt_s} s, "
            f"{q_m2ps3} and {q_up_m2ps3} m²/s³."
        )
    matrix = np.zeros((STATE_SIZE, STATE_SIZE))
    for axis, density in enumerate((q_m2ps3, q_m2ps3, q_up_m2ps3)):
        speed = axis + AXES
        matrix[axis, axis] = density * dt_s**3 / 3
        matrix[axis, speed] = matrix[speed, axis] = density * dt_s**2 / 2
        matrix[speed, speed] = density * dt_s
    return matrix
