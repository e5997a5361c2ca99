"""One look into the track table: predict, gate, associate, update, begin."""

import math

import numpy as np
from numba import njit

from skypicket.tracking._kernels import belief, measure
from skypicket.tracking._kernels import graph as graphs
from skypicket.tracking._kernels.begin import begin
from skypicket.tracking._kernels.motion import predict
from skypicket.tracking._kernels.support import support
from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    FREE,
    LOST,
    NARROW,
    PRESENCE,
    SECOND_NS,
    TENTATIVE,
    UNKNOWN,
    Floats,
    Ints,
    Knobs,
    Plots,
    Tracks,
    View,
)
from skypicket.tracking._kernels.unite import unite

_LEAST_LINK = 1e-5  # an association less probable than this moves nothing
_SUPPORT = 0.5  # association probability from which an update counts as support
_EXPECTED = 0.3  # P(detect) from which silence counts as a missed look
_MOST_MISSED = 1_000


@njit(cache=True, nogil=True)
def absorb(
    tracks: Tracks,
    chosen: Ints,
    free: Ints,
    used: int,
    shares: Floats,
    probabilities: Floats,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> Ints:
    """Take one look into the rows `chosen`; return the rows where new tracks began.

    `probabilities` are P(detect) of the chosen, `shares` how far they were in view. New tracks
    take the rows `free` in order, then those from `used` on; the capacity must suffice.
    """
    states, covariances, when_ns, existence = _predicted(tracks, chosen, view.time_ns, knobs)
    silence = shares * (1.0 - (1.0 - probabilities) ** view.misses)
    # What came in was detectable; where nothing is known of the view, P(detect) alone decides.
    in_view = shares if view.swept != UNKNOWN else np.ones(chosen.size)
    detection = np.maximum(probabilities * in_view, knobs.detection_floor)
    widened = graphs.widening(tracks, chosen, view)
    reach = graphs.reach_of(plots, view, knobs)
    starts, near = graphs.neighbours(plots, states, covariances, widened, reach)
    graph = graphs.likelihoods(
        states, covariances, when_ns, widened, tracks.identity[chosen], starts, near,
        plots, view, knobs,
    )  # fmt: skip
    graphs.weigh(graph, existence, detection, plots.clutter, plots.birth)
    linked, missed, alone = belief.marginals(
        graph.starts, graph.rows, graph.weights, plots.dims.size, knobs.sweeps
    )
    after = _existence(existence, missed, silence, widened, knobs.max_existence)
    _correct(states, covariances, when_ns, widened, after, graph, linked, plots, view)
    _write(tracks, chosen, states, covariances, when_ns, after)
    _count_looks(tracks, chosen, missed, silence, graph, linked, plots, view)
    _live(tracks, chosen, knobs)
    if view.wide == PRESENCE and (widened > 1.0).any():
        alone[:] = 0.0  # the node's last word is known already: this one is of the same object
    begun = begin(tracks, free, used, alone, plots, view, knobs)
    if view.wide != NARROW:
        unite(tracks, np.concatenate((chosen, begun)), view, knobs)
    return begun


@njit(cache=True, nogil=True)
def _predicted(
    tracks: Tracks, chosen: Ints, time_ns: int, knobs: Knobs
) -> tuple[Floats, Floats, Ints, Floats]:
    """State, covariance, time and existence of the chosen rows at the look.

    A row whose own time is later stays there.
    """
    count = chosen.size
    states, covariances = tracks.state[chosen], np.empty((count, 6, 6))
    when_ns, existence = np.empty(count, dtype=np.int64), np.empty(count)
    own_ns, own_covariance, own_existence = tracks.time_ns, tracks.covariance, tracks.existence
    for a in range(count):
        i = chosen[a]
        when_ns[a] = max(time_ns, own_ns[i])
        dt_s = (when_ns[a] - own_ns[i]) / SECOND_NS
        for r in range(6):
            for c in range(6):
                covariances[a, r, c] = own_covariance[i, r, c]
        predict(states[a], covariances[a], dt_s, knobs.q, knobs.q_up)
        existence[a] = own_existence[i] * math.exp(-dt_s / knobs.survival_s)
    return states, covariances, when_ns, existence


@njit(cache=True, nogil=True)
def _existence(
    before: Floats, missed: Floats, silence: Floats, widened: Floats, most: float
) -> Floats:
    """Existence after the look: certain where a measurement is the track's, else by silence.

    A repeated word counts only as the share of a word that it is.
    """
    after = np.empty(before.size)
    for a in range(before.size):
        unseen = before[a] * (1.0 - silence[a]) / max(1.0 - before[a] * silence[a], 1e-12)
        after[a] = missed[a] * unseen + (1.0 - missed[a])
        if after[a] > before[a]:
            after[a] = before[a] + (after[a] - before[a]) / widened[a]
        after[a] = min(max(after[a], 0.0), most)
    return after


@njit(cache=True, nogil=True)
def _correct(
    states: Floats,
    covariances: Floats,
    when_ns: Ints,
    widened: Floats,
    existence: Floats,
    graph: graphs.Graph,
    linked: Floats,
    plots: Plots,
    view: View,
) -> None:
    """Moment-match the association hypotheses of each track, given that it exists, in place."""
    place, noise, dims, time_ns = plots.place, plots.noise, plots.dims, plots.time_ns
    starts, rows = graph.starts, graph.rows
    nu, cross, root = np.empty(3), np.empty((6, 3)), np.empty((3, 3))
    shift, mean, spread = np.empty(6), np.empty(6), np.empty((6, 6))
    for a in range(starts.size - 1):
        mean[:] = 0.0
        spread[:] = 0.0
        for e in range(starts[a], starts[a + 1]):
            share = min(linked[e] / max(existence[a], 1e-12), 1.0)
            if share < _LEAST_LINK:
                continue
            j = rows[e]
            dt_s = (time_ns[j] - when_ns[a]) / SECOND_NS
            if dims[j] == 1:
                measure.by_bearing(
                    states[a], covariances[a], place[j, 0], noise[j, 0], view.east_m, view.north_m,
                    dt_s, nu, cross, root,
                )  # fmt: skip
            else:
                measure.by_place(
                    states[a], covariances[a], place[j], noise[j], dims[j], dt_s, widened[a],
                    nu, cross, root,
                )  # fmt: skip
            measure.distance2(dims[j], nu, root)
            measure.learn(share, dims[j], nu, cross, root, shift, mean, spread)
        if starts[a + 1] > starts[a]:
            _shift(states[a], covariances[a], mean, spread)


@njit(cache=True, nogil=True)
def _shift(state: Floats, covariance: Floats, mean: Floats, spread: Floats) -> None:
    for r in range(6):
        state[r] += mean[r]
        for c in range(r, 6):
            covariance[r, c] += spread[r, c] - mean[r] * mean[c]
            covariance[c, r] = covariance[r, c]


@njit(cache=True, nogil=True)
def _write(
    tracks: Tracks,
    chosen: Ints,
    states: Floats,
    covariances: Floats,
    when_ns: Ints,
    existence: Floats,
) -> None:
    state, covariance = tracks.state, tracks.covariance
    own_ns, own_existence = tracks.time_ns, tracks.existence
    for a in range(chosen.size):
        i = chosen[a]
        own_ns[i] = when_ns[a]
        own_existence[i] = existence[a]
        for r in range(6):
            state[i, r] = states[a, r]
            for c in range(6):
                covariance[i, r, c] = covariances[a, r, c]


@njit(cache=True, nogil=True)
def _count_looks(
    tracks: Tracks,
    chosen: Ints,
    missed: Floats,
    silence: Floats,
    graph: graphs.Graph,
    linked: Floats,
    plots: Plots,
    view: View,
) -> None:
    """Note for each track the measurement that speaks for it, or the look that it missed."""
    starts, rows, missed_looks = graph.starts, graph.rows, tracks.missed
    for a in range(chosen.size):
        best = -1
        for e in range(starts[a], starts[a + 1]):
            if best < 0 or linked[e] > linked[best]:
                best = e
        if best >= 0 and 1.0 - missed[a] >= _SUPPORT:
            support(tracks, chosen[a], rows[best], plots, view)
        elif silence[a] >= _EXPECTED:
            missed_looks[chosen[a]] = min(missed_looks[chosen[a]] + 1, _MOST_MISSED)


@njit(cache=True, nogil=True)
def _live(tracks: Tracks, chosen: Ints, knobs: Knobs) -> None:
    """Confirm, lose or forget, each with its own threshold."""
    life, existence, supports = tracks.life, tracks.existence, tracks.supports
    for a in range(chosen.size):
        i = chosen[a]
        if life[i] == TENTATIVE:
            if existence[i] >= knobs.confirm and supports[i] >= knobs.confirm_count:
                life[i] = CONFIRMED
            elif existence[i] < knobs.prune:
                life[i] = FREE
        elif life[i] == CONFIRMED and existence[i] < knobs.drop:
            life[i] = LOST
