"""The stories of a young track: which measurements it may have made so far.

One Gaussian for all stories would smear what a track that has seen two or three measurements, some
of them false, believes of its velocity. So the two likeliest stories stay apart, and all others are
one; a track that has measurements enough no longer needs them.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels import measure
from skypicket.tracking._kernels.tables import MODES, Floats, Ints, Small

_APART = 2  # the third place is for all others together


class Bench(NamedTuple):
    """Room to compute the stories of one track in."""

    probability: Floats  # (MODES,)
    states: Floats  # (MODES, 6)
    covariances: Floats  # (MODES, 6, 6)
    state: Floats  # of one story
    covariance: Floats


@njit(cache=True, nogil=True)
def bench() -> Bench:
    """New room."""
    return Bench(
        np.empty(MODES), np.empty((MODES, 6)), np.empty((MODES, 6, 6)),
        np.empty(6), np.empty((6, 6)),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def retell(
    probability: Floats,
    states: Floats,
    covariances: Floats,
    centre: Floats,
    first: int,
    last: int,
    linked: Floats,
    shares: Floats,
    rows: Ints,
    place: Floats,
    noise: Floats,
    dims: Small,
    east_m: float,
    north_m: float,
    dt_s: Floats,
    widened: float,
    least: float,
    room: measure.Room,
    own: Bench,
) -> float:
    """Carry the stories of a track on by every measurement, and by having missed, in place.

    `linked` says how probable each edge is, `shares` (e, MODES) of which story it then is. Stories
    less probable than `least` are forgotten; returns how probable the others are together.
    """
    missed = 1.0
    for e in range(first, last):
        missed -= linked[e]
    missed = max(missed, 0.0)
    best = _two_best(probability, missed, first, last, linked, shares)
    own.probability[:] = 0.0
    own.states[:] = 0.0
    own.covariances[:] = 0.0
    number = -1
    for m in range(MODES):
        for e in range(first - 1, last):
            number += 1
            share = probability[m] * missed if e < first else linked[e] * shares[e, m]
            if share <= least:
                continue
            known = 0
            if e >= first:
                j = rows[e]
                known = measure.rank(dims[j], place[j])
                measure.differ(
                    states[m], covariances[m], place[j], noise[j], dims[j], east_m, north_m,
                    dt_s[e], widened, room.nu, room.root,
                )  # fmt: skip
                measure.gain(
                    states[m], covariances[m], place[j], dims[j], east_m, north_m, dt_s[e],
                    room.root, room.cross,
                )  # fmt: skip
            _story(states[m], covariances[m], known, room.nu, room.cross, own)
            _put(
                own, 0 if number == best[0] else (1 if number == best[1] else _APART), share, centre
            )
    whole = _settle(own, centre)
    probability[:] = own.probability
    states[:] = own.states
    covariances[:] = own.covariances
    return whole


@njit(cache=True, nogil=True)
def _two_best(
    before: Floats, missed: float, first: int, last: int, linked: Floats, shares: Floats
) -> tuple[int, int]:
    """The numbers of the likeliest story and of the next, in the order of `retell`."""
    best = second = number = -1
    most = next_most = 0.0
    for m in range(MODES):
        for e in range(first - 1, last):
            number += 1
            share = before[m] * missed if e < first else linked[e] * shares[e, m]
            if share > most:
                second, next_most = best, most
                best, most = number, share
            elif share > next_most:
                second, next_most = number, share
    return best, second


@njit(cache=True, nogil=True)
def _story(
    state: Floats, covariance: Floats, dims: int, nu: Floats, cross: Floats, own: Bench
) -> None:
    """Fill the state and covariance of a story after a measurement; `dims` 0 for none."""
    for r in range(6):
        value = state[r]
        for k in range(dims):
            value += cross[r, k] * nu[k]
        own.state[r] = value
        for c in range(6):
            value = covariance[r, c]
            for k in range(dims):
                value -= cross[r, k] * cross[c, k]
            own.covariance[r, c] = value


@njit(cache=True, nogil=True)
def _put(own: Bench, place: int, share: float, centre: Floats) -> None:
    """Put the story in its place; in that for all others, as moments about `centre`."""
    own.probability[place] += share
    for r in range(6):
        if place < _APART:
            own.states[place, r] = own.state[r]
        else:
            own.states[place, r] += share * (own.state[r] - centre[r])
        for c in range(6):
            if place < _APART:
                own.covariances[place, r, c] = own.covariance[r, c]
            else:
                beside = (own.state[r] - centre[r]) * (own.state[c] - centre[c])
                own.covariances[place, r, c] += share * (own.covariance[r, c] + beside)


@njit(cache=True, nogil=True)
def _settle(own: Bench, centre: Floats) -> float:
    """Turn the moments of all others into one Gaussian, and let the probabilities sum to 1.

    Returns what they summed to.
    """
    share, place = own.probability[_APART], _APART
    if share > 0.0:
        for r in range(6):
            own.states[place, r] /= share
        for r in range(6):
            for c in range(6):
                beside = own.states[place, r] * own.states[place, c]
                own.covariances[place, r, c] = own.covariances[place, r, c] / share - beside
        for r in range(6):
            own.states[place, r] += centre[r]
    whole = 0.0
    for m in range(MODES):
        whole += own.probability[m]
    for m in range(MODES if whole > 0.0 else 0):
        own.probability[m] /= whole
    return min(whole, 1.0)
