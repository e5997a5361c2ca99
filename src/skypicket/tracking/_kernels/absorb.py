"""One look into the track table: predict, gate, associate, update, begin."""

import numpy as np
from numba import njit

from skypicket.tracking._kernels import belief
from skypicket.tracking._kernels import graph as graphs
from skypicket.tracking._kernels.begin import begin
from skypicket.tracking._kernels.correct import correct
from skypicket.tracking._kernels.experience import (
    Experience,
    corrected_clutter,
    corrected_detection,
    remember,
    remember_detections,
)
from skypicket.tracking._kernels.modes import branch
from skypicket.tracking._kernels.prediction import Prediction, predicted
from skypicket.tracking._kernels.registration import Comparisons, compare
from skypicket.tracking._kernels.support import support
from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    FREE,
    LOST,
    MEASURED,
    MODES,
    MOVING,
    NARROW,
    PLAIN,
    PRESENCE,
    TENTATIVE,
    UNKNOWN,
    Floats,
    Ints,
    Knobs,
    Modes,
    Plots,
    Tracks,
    View,
)
from skypicket.tracking._kernels.unite import unite

_SUPPORT = 0.5  # given that the track exists, how probably a measurement is its own to support it
_REAL = 0.9  # existence from which a track no longer needs its stories
_EXPECTED = 0.3  # P(detect) from which silence counts as a missed look
_MOST_MISSED = 1_000


@njit(cache=True, nogil=True)
def absorb(
    tracks: Tracks,
    modes: Modes,
    experience: Experience,
    comparisons: Comparisons,
    cells: Ints,
    chosen: Ints,
    free: Ints,
    used: int,
    shares: Floats,
    probabilities: Floats,
    said: Plots,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> Ints:
    """Take one look into the rows `chosen`; return the rows where new tracks began.

    `probabilities` are P(detect) of the chosen, `shares` how far they were in view. New tracks
    take the rows `free` in order, then those from `used` on; the capacity must suffice. `cells` are
    those that the look swept, `said` its plots before they were put right.
    """
    found = predicted(tracks, modes, chosen, view, knobs)
    told, clutter = probabilities, corrected_clutter(experience, plots, view)
    probabilities = corrected_detection(experience, told, view, knobs.most_detection)
    silence = shares * (1.0 - (1.0 - probabilities) ** view.misses)
    # What came in was detectable; where nothing is known of the view, P(detect) alone decides.
    in_view = shares if view.swept != UNKNOWN else np.ones(chosen.size)
    detection = np.maximum(probabilities * in_view, knobs.detection_floor)
    starts, near = graphs.neighbours(plots, found, graphs.reach_of(plots, view, knobs))
    graph = graphs.weighed(found, starts, near, detection, clutter, plots, view, knobs)
    linked, missed, alone = belief.marginals(
        graph.starts, graph.rows, graph.weights, plots.dims.size, knobs.sweeps
    )
    compare(comparisons, tracks, chosen, found, graph, linked, said, plots, view, knobs)
    after = _existence(found.existence, missed, silence, found.widened, knobs.max_existence)
    remember(experience, cells, clutter, alone, plots, view)
    confirmed = (tracks.life[chosen] == CONFIRMED).astype(np.int64)
    remember_detections(experience, told, shares, found.existence, missed, confirmed, view)
    tentative = (tracks.life[chosen] == TENTATIVE).astype(np.int8)
    correct(found, tentative, after, graph, linked, plots, view, knobs)
    _write(tracks, modes, chosen, found, after)
    _count_looks(tracks, chosen, missed, after, silence, graph, linked, plots, view)
    if view.basis == MEASURED:
        _branch(tracks, modes, chosen, knobs)
    _live(tracks, chosen, knobs)
    if view.wide == PRESENCE and (found.widened > 1.0).any():
        alone[:] = 0.0  # the node's last word is known already: this one is of the same object
    begun = begin(tracks, free, used, alone, clutter, plots, view, knobs)
    if view.wide != NARROW:
        unite(tracks, np.concatenate((chosen, begun)), view, knobs)
    return begun


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
def _write(
    tracks: Tracks, modes: Modes, chosen: Ints, found: Prediction, existence: Floats
) -> None:
    """Put what is believed now into the table."""
    state, covariance = tracks.state, tracks.covariance
    for a in range(chosen.size):
        i = chosen[a]
        b = found.branch[a] if found.branched[a] != PLAIN else -1
        tracks.time_ns[i] = found.when_ns[a]
        tracks.existence[i] = existence[a]
        tracks.branched[i] = found.branched[a]
        for r in range(6):
            state[i, r] = found.states[a, r]
            for c in range(6):
                covariance[i, r, c] = found.covariances[a, r, c]
        for m in range(MODES if b >= 0 else 0):
            modes.probability[i, m] = found.mode_probability[b, m]
            for r in range(6):
                modes.state[i, m, r] = found.mode_states[b, m, r]
                for c in range(6):
                    modes.covariance[i, m, r, c] = found.mode_covariances[b, m, r, c]


@njit(cache=True, nogil=True)
def _branch(tracks: Tracks, modes: Modes, chosen: Ints, knobs: Knobs) -> None:
    """Begin to tell the modes of tracks apart that have measurements enough for it."""
    for i in chosen:
        enough = tracks.supports[i] >= knobs.branch_count and tracks.existence[i] >= _REAL
        if enough and tracks.branched[i] != MOVING:
            tracks.branched[i] = MOVING
            branch(modes, i, tracks.state[i], tracks.covariance[i], knobs)


@njit(cache=True, nogil=True)
def _count_looks(
    tracks: Tracks,
    chosen: Ints,
    missed: Floats,
    existence: Floats,
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
        if best >= 0 and 1.0 - missed[a] >= _SUPPORT * existence[a]:
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
