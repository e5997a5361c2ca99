"""The Rauch-Tung-Striebel recursion of the nearly constant velocity, one object at a time.

A state is `axes` places and then as many velocities; `q` holds a spectral density per axis.
"""

import numpy as np
from numba import njit

from skypicket.domain.noun import FloatColumn, IntColumn

_SECOND_NS = 1e9
_LEAST_PIVOT = 1e-14  # of the variance; what a rounding leaves of a certain direction
_LOOKS_BEFORE, _LOOKS_AFTER = 2, 3  # whose jumps tell whether the filter was too sure at a time
_CALM_LOOKS = 2.0  # beside those, taken to have jumped as told: few looks alone say little
_LEAST_NEWS = 0.02  # part of the variance that a look takes away at least, or it was none


@njit(cache=True, nogil=True)
def smooth(
    time_ns: IntColumn,
    states: FloatColumn,
    covariances: FloatColumn,
    q: FloatColumn,
    out_states: FloatColumn,
    out_covariances: FloatColumn,
) -> None:
    """Fill the smoothed states (n, 2 axes) and covariances; `q[k]` holds up to `time_ns[k]`."""
    count = time_ns.size
    out_states[count - 1] = states[count - 1]
    out_covariances[count - 1] = covariances[count - 1]
    for k in range(count - 2, -1, -1):
        _step_back(
            states[k], covariances[k], (time_ns[k + 1] - time_ns[k]) / _SECOND_NS, q[k + 1],
            out_states[k + 1], out_covariances[k + 1], out_states[k], out_covariances[k],
        )  # fmt: skip


@njit(cache=True, nogil=True)
def excess(
    time_ns: IntColumn,
    states: FloatColumn,
    covariances: FloatColumn,
    q: FloatColumn,
    out: FloatColumn,
) -> None:
    """Fill (n,) by how much the squared jumps round each time exceed what was said of them.

    A jump is what a look changed in the place, weighed by the error before it. It has the mean
    square by which the look made that error less; 1 where it had no more than that.
    """
    count = time_ns.size
    found, told = np.zeros(count), np.zeros(count)
    for k in range(1, count):
        ahead, spread = states[k - 1].copy(), covariances[k - 1].copy()
        _carry(ahead, spread, (time_ns[k] - time_ns[k - 1]) / _SECOND_NS, q[k])
        east, north = states[k, 0] - ahead[0], states[k, 1] - ahead[1]
        a, b, c = spread[0, 0], spread[0, 1], spread[1, 1]
        whole = a * c - b * b
        found[k] = (c * east * east - 2.0 * b * east * north + a * north * north) / whole
        less_a, less_b = a - covariances[k, 0, 0], b - covariances[k, 0, 1]
        less_c = c - covariances[k, 1, 1]
        news = (c * less_a - 2.0 * b * less_b + a * less_c) / whole
        told[k] = max(news, 2.0 * _LEAST_NEWS)
    for k in range(count):
        first, last = max(1, k - _LOOKS_BEFORE + 1), min(count, k + _LOOKS_AFTER + 1)
        out[k] = 1.0
        if first < last:
            share = told[first:last].sum()
            own = _CALM_LOOKS * share / (last - first)
            out[k] = max(1.0, (found[first:last].sum() + own) / (share + own))


@njit(cache=True, nogil=True)
def between(
    time_ns: IntColumn,
    filtered: tuple[FloatColumn, FloatColumn],
    q: FloatColumn,
    smoothed: tuple[FloatColumn, FloatColumn],
    asked_ns: IntColumn,
    out_states: FloatColumn,
    out_covariances: FloatColumn,
) -> None:
    """Fill the smoothed states and covariances at times in [time_ns[0], time_ns[-1]]."""
    after = np.searchsorted(time_ns, asked_ns)
    for n in range(asked_ns.size):
        k = after[n]
        if asked_ns[n] == time_ns[k]:
            out_states[n] = smoothed[0][k]
            out_covariances[n] = smoothed[1][k]
            continue
        since_s = (asked_ns[n] - time_ns[k - 1]) / _SECOND_NS
        state, covariance = filtered[0][k - 1].copy(), filtered[1][k - 1].copy()
        _carry(state, covariance, since_s, q[k])
        _step_back(
            state, covariance, (time_ns[k] - asked_ns[n]) / _SECOND_NS, q[k],
            smoothed[0][k], smoothed[1][k], out_states[n], out_covariances[n],
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _step_back(
    state: FloatColumn,
    covariance: FloatColumn,
    dt_s: float,
    q: FloatColumn,
    next_state: FloatColumn,
    next_covariance: FloatColumn,
    out_state: FloatColumn,
    out_covariance: FloatColumn,
) -> None:
    """One step of the recursion, from the smoothed state `dt_s` later; Joseph's form.

    The covariance is a sum of three that are positive, so that rounding cannot make it less.
    """
    size, axes = state.size, state.size // 2
    ahead, spread = state.copy(), covariance.copy()
    _carry(ahead, spread, dt_s, q)
    gain = _gain(covariance, spread, dt_s)
    for r in range(size):
        out_state[r] = state[r]
        for c in range(size):
            out_state[r] += gain[r, c] * (next_state[c] - ahead[c])
    kept = np.eye(size) - gain
    for r in range(size):
        for axis in range(axes):
            kept[r, axis + axes] -= dt_s * gain[r, axis]
    noise = np.zeros((size, size))
    _blur(noise, dt_s, q)
    out_covariance[:] = 0.0
    _add_carried(kept, covariance, out_covariance)
    _add_carried(gain, noise, out_covariance)
    _add_carried(gain, next_covariance, out_covariance)


@njit(cache=True, nogil=True)
def _carry(state: FloatColumn, covariance: FloatColumn, dt_s: float, q: FloatColumn) -> None:
    """Predict in place."""
    size, axes = state.size, state.size // 2
    for i in range(axes):
        state[i] += dt_s * state[i + axes]
        for c in range(size):
            covariance[i, c] += dt_s * covariance[i + axes, c]
    for i in range(axes):
        for r in range(size):
            covariance[r, i] += dt_s * covariance[r, i + axes]
    for r in range(size):
        for c in range(r):
            covariance[r, c] = covariance[c, r]
    _blur(covariance, dt_s, q)


@njit(cache=True, nogil=True)
def _blur(covariance: FloatColumn, dt_s: float, q: FloatColumn) -> None:
    """Add the noise of `skypicket.physics.motion.noise`, in place."""
    axes = q.size
    for i in range(axes):
        covariance[i, i] += q[i] * dt_s**3 / 3.0
        covariance[i, i + axes] += q[i] * dt_s * dt_s / 2.0
        covariance[i + axes, i] = covariance[i, i + axes]
        covariance[i + axes, i + axes] += q[i] * dt_s


@njit(cache=True, nogil=True)
def _gain(covariance: FloatColumn, spread: FloatColumn, dt_s: float) -> FloatColumn:
    """The gain, covariance · transitionᵀ · spread⁻¹, by Cholesky's decomposition of `spread`."""
    size, axes = covariance.shape[0], covariance.shape[0] // 2
    lower = np.zeros((size, size))
    for j in range(size):
        for i in range(j, size):
            rest = spread[i, j]
            for k in range(j):
                rest -= lower[i, k] * lower[j, k]
            if i == j:
                lower[j, j] = np.sqrt(max(rest, _LEAST_PIVOT * spread[j, j]))
            else:
                lower[i, j] = rest / lower[j, j]
    gain = covariance.copy()
    for r in range(size):
        row = gain[r]
        for axis in range(axes):
            row[axis] += dt_s * row[axis + axes]
        for i in range(size):
            for k in range(i):
                row[i] -= lower[i, k] * row[k]
            row[i] /= lower[i, i]
        for i in range(size - 1, -1, -1):
            for k in range(i + 1, size):
                row[i] -= lower[k, i] * row[k]
            row[i] /= lower[i, i]
    return gain


@njit(cache=True, nogil=True)
def _add_carried(matrix: FloatColumn, covariance: FloatColumn, out: FloatColumn) -> None:
    """Add matrix · covariance · matrixᵀ, in place; what is symmetric stays so to the bit."""
    size = matrix.shape[0]
    half = np.zeros((size, size))
    for r in range(size):
        for c in range(size):
            for k in range(size):
                half[r, c] += matrix[r, k] * covariance[k, c]
    for r in range(size):
        for c in range(r, size):
            total = 0.0
            for k in range(size):
                total += half[r, k] * matrix[c, k]
            out[r, c] += total
            if c > r:
                out[c, r] = out[r, c]
