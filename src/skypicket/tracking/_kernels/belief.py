"""Who made which measurement, how probably: belief propagation, exact sums where tracks contend."""

import numpy as np
from numba import njit

from skypicket.tracking._kernels.clusters import settle
from skypicket.tracking._kernels.tables import Floats, Ints

_CHANGE = 1e-4  # relative change of messages at which the sweeps stop


@njit(cache=True, nogil=True)
def marginals(
    starts: Ints, edges: Ints, weights: Floats, rows: int, sweeps: int
) -> tuple[Floats, Floats, Floats]:
    """Probability of each edge, of no measurement per track, of no track per measurement.

    Messages and notation of Williams and Lau (2014), section III: mu goes from a track to a
    measurement, nu back. Exact on trees and in small clusters, an approximation in large ones.
    """
    count = starts.size - 1
    size = edges.size
    mu = np.zeros(size)
    nu = np.ones(size)
    total = np.empty(rows)
    for _ in range(sweeps):
        change = 0.0
        for a in range(count):
            whole = 1.0
            for e in range(starts[a], starts[a + 1]):
                whole += weights[e] * nu[e]
            for e in range(starts[a], starts[a + 1]):
                message = weights[e] / max(whole - weights[e] * nu[e], 1.0)
                change = max(change, abs(message - mu[e]) / (1.0 + message))
                mu[e] = message
        total[:] = 1.0
        for e in range(size):
            total[edges[e]] += mu[e]
        for e in range(size):
            nu[e] = 1.0 / max(total[edges[e]] - mu[e], 1.0)
        if change < _CHANGE:
            break
    linked = np.empty(size)
    missed = np.empty(count)
    for a in range(count):
        whole = 1.0
        for e in range(starts[a], starts[a + 1]):
            whole += weights[e] * nu[e]
        missed[a] = 1.0 / whole
        for e in range(starts[a], starts[a + 1]):
            linked[e] = weights[e] * nu[e] / whole
    total[:] = 1.0
    for e in range(size):
        total[edges[e]] += mu[e]
    alone = 1.0 / total
    settle(starts, edges, weights, linked, missed, alone)
    return linked, missed, alone
