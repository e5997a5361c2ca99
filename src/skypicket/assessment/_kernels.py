"""Loops over arrays that numpy has no word for."""

import math

import numba
import numpy as np

from skypicket.domain.noun import FloatColumn

_SQRT2 = math.sqrt(2.0)


@numba.njit(cache=True, nogil=True)
def normal_cdf(x: FloatColumn) -> FloatColumn:
    """The standard normal distribution function of each element, shape (n,); NaN stays NaN."""
    out = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        out[i] = 0.5 * math.erfc(-x[i] / _SQRT2)
    return out
