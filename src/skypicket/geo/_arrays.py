"""How arguments of any shape reach the kernels, which take flat arrays of one length."""

import numpy as np
from numpy.typing import ArrayLike

from skypicket.domain.noun import FloatColumn


def flat(*values: ArrayLike) -> tuple[tuple[int, ...], list[FloatColumn]]:
    """The common shape of the values, and each of them as a flat, contiguous float64 array."""
    arrays = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values))
    # A copy: numba warns of read-only views, which is what broadcasting gives.
    return arrays[0].shape, [np.array(array, order="C").reshape(-1) for array in arrays]
