"""64-bit hashes of rows, the same on every machine."""

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import Words

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)  # splitmix64, S. Vigna, public domain
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)


@njit(cache=True, nogil=True)
def mix(word: np.uint64) -> np.uint64:
    """The 64 bits well stirred, one to one."""
    word = (word ^ (word >> _30)) * _MIX_1
    word = (word ^ (word >> _27)) * _MIX_2
    return word ^ (word >> _31)


@njit(cache=True, nogil=True)
def fold(words: Words) -> Words:
    """A hash of each row of (m, k) words."""
    out = np.empty(words.shape[0], dtype=np.uint64)
    for j in range(words.shape[0]):
        value = _GOLDEN
        for k in range(words.shape[1]):
            value = mix(value ^ words[j, k]) + _GOLDEN
        out[j] = value
    return out
