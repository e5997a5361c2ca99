"""What the measurements of a look teach each track, weighed by how probably they are its own."""

import numpy as np
from numba import njit

from skypicket.tracking._kernels import measure
from skypicket.tracking._kernels.graph import Graph
from skypicket.tracking._kernels.modes import match
from skypicket.tracking._kernels.prediction import Prediction
from skypicket.tracking._kernels.stories import bench, retell
from skypicket.tracking._kernels.tables import (
    MEASURED,
    MODES,
    NARROW,
    PLAIN,
    SECOND_NS,
    TELLING,
    TOLD,
    Floats,
    Ints,
    Knobs,
    Plots,
    Small,
    View,
)

_LEAST_LINK = 1e-5  # an association less probable than this moves nothing


@njit(cache=True, nogil=True)
def correct(
    found: Prediction,
    tentative: Small,
    existence: Floats,
    graph: Graph,
    linked: Floats,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> None:
    """Let each track learn from its association hypotheses, given that it exists, in place.

    What a young track forgets of its stories is taken from its existence.
    """
    starts, rows, shares = graph.starts, graph.rows, graph.modes
    states, covariances = found.mode_states, found.mode_covariances
    probabilities, room, own = found.mode_probability, measure.room(), bench()
    place, noise, dims = plots.place, plots.noise, plots.dims
    free = int(found.branch.max()) + 1 if found.branch.size else 0
    dt_s, alone = _times(found, graph, plots), np.empty(rows.size)
    tail = (knobs.tail_share if view.wide == TOLD else 0.0, knobs.tail_factor)
    tells = view.wide == NARROW and view.basis == MEASURED  # a claimed identity tells enough
    for a in range(starts.size - 1):
        first, last = starts[a], starts[a + 1]
        if last == first:
            continue
        _given(linked, first, last, existence[a])
        if tentative[a] and tells and found.branched[a] == PLAIN:
            free = _begin_to_tell(found, a, free)
        b, widened = found.branch[a], found.widened[a]
        if b < 0:
            _learn(
                found.states[a], found.covariances[a], first, last, linked, rows, place, noise,
                dims, view.east_m, view.north_m, dt_s, widened, tail, room,
            )  # fmt: skip
            continue
        if found.branched[a] == TELLING:
            least = knobs.prune / max(existence[a], knobs.prune)
            existence[a] *= retell(
                probabilities[b], states[b], covariances[b], found.states[a], first, last, linked,
                shares, rows, place, noise, dims, view.east_m, view.north_m, dt_s, widened,
                least, room, own,
            )  # fmt: skip
        else:
            _weigh(probabilities[b], first, last, linked, shares)
            for m in range(MODES):
                for e in range(first, last):
                    alone[e] = min(linked[e] * shares[e, m] / probabilities[b, m], 1.0)
                _learn(
                    states[b, m], covariances[b, m], first, last, alone, rows, place, noise,
                    dims, view.east_m, view.north_m, dt_s, widened, tail, room,
                )  # fmt: skip
        match(probabilities[b], states[b], covariances[b], found.states[a], found.covariances[a])


@njit(cache=True, nogil=True)
def _given(linked: Floats, first: int, last: int, existence: float) -> None:
    """Make the probabilities of a track's edges those given that it exists, in place."""
    for e in range(first, last):
        linked[e] = min(linked[e] / max(existence, 1e-12), 1.0)


@njit(cache=True, nogil=True)
def _times(found: Prediction, graph: Graph, plots: Plots) -> Floats:
    """How long after its track's state the measurement of each edge was made, s."""
    out = np.empty(graph.rows.size)
    for a in range(graph.starts.size - 1):
        for e in range(graph.starts[a], graph.starts[a + 1]):
            out[e] = (plots.time_ns[graph.rows[e]] - found.when_ns[a]) / SECOND_NS
    return out


@njit(cache=True, nogil=True)
def _begin_to_tell(found: Prediction, a: int, free: int) -> int:
    """Begin the stories of track `a`; one Gaussian becomes the first of them, in the place `free`.

    Returns the place that is free then.
    """
    found.branched[a] = TELLING
    if found.branch[a] >= 0:
        return free
    found.branch[a] = free
    found.mode_probability[free] = 0.0
    found.mode_probability[free, 0] = 1.0
    found.mode_states[free, 0] = found.states[a]
    found.mode_covariances[free, 0] = found.covariances[a]
    return free + 1


@njit(cache=True, nogil=True)
def _weigh(probability: Floats, first: int, last: int, linked: Floats, shares: Floats) -> None:
    """How probable each mode is after the look; a miss says nothing about it."""
    taken = 0.0
    for e in range(first, last):
        taken += linked[e]
    missed = max(1.0 - taken, 0.0)
    whole = 0.0
    for m in range(MODES):
        after = missed * probability[m]
        for e in range(first, last):
            after += linked[e] * shares[e, m]
        probability[m] = max(after, 1e-9)
        whole += probability[m]
    for m in range(MODES):
        probability[m] /= whole


@njit(cache=True, nogil=True)
def _learn(
    state: Floats,
    covariance: Floats,
    first: int,
    last: int,
    linked: Floats,
    rows: Ints,
    place: Floats,
    noise: Floats,
    dims: Small,
    east_m: float,
    north_m: float,
    dt_s: Floats,
    widened: float,
    tail: tuple[float, float],
    room: measure.Room,
) -> None:
    """Moment-match the hypotheses of one Gaussian, each as probable as `linked` says, in place.

    Each counts as two where part of the measurements is less exact than they say, see
    `measure.wide_share`.
    """
    nu, root, cross = room.nu, room.root, room.cross
    mean, shift, spread = room.mean, room.shift, room.spread
    mean[:] = 0.0
    spread[:] = 0.0
    learned = False
    for e in range(first, last):
        if linked[e] < _LEAST_LINK:
            continue
        learned = True
        j = rows[e]
        wide = measure.wide_share(
            state, covariance, place[j], noise[j], dims[j], dt_s[e], widened, tail, nu, root
        )  # fmt: skip
        for part in range(2 if wide > 0.0 else 1):
            measure.differ(
                state, covariance, place[j], noise[j], dims[j], east_m, north_m, dt_s[e],
                widened * (tail[1] if part else 1.0), nu, root,
            )  # fmt: skip
            measure.gain(
                state, covariance, place[j], dims[j], east_m, north_m, dt_s[e], root, cross
            )
            share = linked[e] * (wide if part else 1.0 - wide)
            measure.learn(share, measure.rank(dims[j], place[j]), nu, cross, shift, mean, spread)
    for r in range(6 if learned else 0):
        state[r] += mean[r]
        for c in range(r, 6):
            covariance[r, c] += spread[r, c] - mean[r] * mean[c]
            covariance[c, r] = covariance[r, c]
