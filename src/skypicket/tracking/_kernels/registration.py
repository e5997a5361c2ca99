"""How radars disagree: two plots of one track by two radars, compared; and plots put right.

A radar's biases are what it adds to each range (m), azimuth (rad) and time (s). Its plot of an
object at x with velocity v is, by its own clock, at x + b_range u + b_azimuth r p - b_time v, where
u points from the radar to the object and p to its right. The difference of two radars' plots of
one track, carried to one time, is linear in the biases of both and knows nothing else of the track
than its velocity: a track that follows one of the radars hides nothing. Each pair of radars has
normal equations of its own, which fade slowly, so that the sums of all are those of least squares.
M. P. Dana, "Registration: a prerequisite for multiple sensor tracking", in Y. Bar-Shalom (ed.),
Multitarget-Multisensor Tracking: Advanced Applications, 1990.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels import measure
from skypicket.tracking._kernels.graph import Graph
from skypicket.tracking._kernels.prediction import Prediction
from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    SECOND_NS,
    SECTOR,
    UNKNOWN,
    Floats,
    Ints,
    Knobs,
    Plots,
    Tracks,
    View,
)

RANGE, AZIMUTH, TIME = 0, 1, 2
BIASES = 3
TERMS = 2 * BIASES + 1  # of a comparison: own biases, the other's, the difference
PRIOR = (200.0, math.radians(0.5), 1.0)  # standard deviations of biases that nothing is known of

_SURE = 0.95  # how probably a plot is a track's, so that it is compared
_NEAR_S = 15.0  # between two plots that are compared
_GATE_D2 = 16.0
_PLAINLY_D2 = 4.0  # within it a plot needs no identity to be joined
_MEMORY = 200.0  # turns after which a comparison has faded
_PLOT_SHARE = 0.1
_FULL_TURN = 2.0 * math.pi


class Comparisons(NamedTuple):
    """What all pairs of radars taught; [a, b] are of plots of radar a that followed one of b."""

    sites: Floats  # (n, 2), east and north; no look changes them
    normal: Floats  # (n, n, TERMS, TERMS), sums of J' S^-1 J
    number: Floats  # (n, n), of comparisons
    applied: Floats  # (n, BIASES), by which plots are put right
    turns: Floats  # (1,), of any radars since `applied` was last worked out


@njit(cache=True, nogil=True)
def levers(de: float, dn: float, bias: Floats, out: Floats) -> None:
    """Fill out (2, 2): how a plot at (de, dn) from its radar moves with range and azimuth bias.

    Taken half-way between the plot and where it is put, so that whole biases move it rightly.
    """
    distance = max(math.sqrt(de * de + dn * dn), 1.0)
    half = 0.5 * bias[AZIMUTH]
    sine = (de * math.cos(half) - dn * math.sin(half)) / distance
    cosine = (dn * math.cos(half) + de * math.sin(half)) / distance
    lever = distance - 0.5 * bias[RANGE]
    out[0, RANGE], out[1, RANGE] = sine, cosine
    out[0, AZIMUTH], out[1, AZIMUTH] = lever * cosine, -lever * sine


@njit(cache=True, nogil=True)
def put_right(plots: Plots, view: View, bias: Floats) -> tuple[Floats, Ints]:
    """Places (m, 3) and times of the plots without the bias; their errors stay as they are."""
    place, lever = plots.place.copy(), np.empty((2, 2))
    for j in range(place.shape[0]):
        levers(place[j, 0] - view.east_m, place[j, 1] - view.north_m, bias, lever)
        for k in range(2):
            place[j, k] -= lever[k, RANGE] * bias[RANGE] + lever[k, AZIMUTH] * bias[AZIMUTH]
    return place, plots.time_ns - int(round(bias[TIME] * SECOND_NS))


@njit(cache=True, nogil=True)
def compare(
    comparisons: Comparisons,
    tracks: Tracks,
    chosen: Ints,
    found: Prediction,
    graph: Graph,
    linked: Floats,
    said: Plots,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> None:
    """Compare the sure plots of a look, as they were said, with those of other radars before.

    `found` is still what was predicted, `plots` are what was put right. A plot is compared once, so
    that no error counts twice; one that finds no other waits with its track for the next radar.
    """
    if view.radar < 0:
        return
    own = view.radar
    share = _share(said, view)
    known, terms = np.zeros(comparisons.sites.shape[0], dtype=np.bool_), np.empty((2, TERMS))
    for a in range(chosen.size):
        i, best = chosen[a], -1
        for e in range(graph.starts[a], graph.starts[a + 1]):
            if best < 0 or linked[e] > linked[best]:
                best = e
        if tracks.life[i] != CONFIRMED or best < 0 or linked[best] < _SURE:
            continue
        j, other = graph.rows[best], tracks.plot_radar[i]
        if plots.identity[j] != 0 and not _near(found, a, plots, j, view, _PLAINLY_D2):
            continue
        dt_s = (said.time_ns[j] - tracks.plot_ns[i]) / SECOND_NS
        if other >= 0 and other != own and abs(dt_s) <= _NEAR_S:
            weight = _differ(comparisons, tracks, i, said, j, own, dt_s, knobs.q, terms)
            if weight[0] > 0.0:
                keep = 1.0 if known[other] else 1.0 - share / _MEMORY
                known[other] = True
                comparisons.number[own, other] = keep * comparisons.number[own, other] + 1.0
                _add(comparisons.normal[own, other], keep, terms, weight)
                _allow(comparisons.normal[own, other], dt_s, weight, tracks.plot_spread[i])
                tracks.plot_radar[i] = -1
                continue
        _keep(tracks, i, found, a, said, j, own)
    if known.any():
        comparisons.turns[0] += share


@njit(cache=True, nogil=True)
def _share(said: Plots, view: View) -> float:
    """How much of a turn a look is; where it does not say, each plot counts a little."""
    if view.swept == UNKNOWN:
        return min(_PLOT_SHARE * said.dims.size, 1.0)
    return min(view.extent_rad / _FULL_TURN, 1.0) if view.swept == SECTOR else 1.0


@njit(cache=True, nogil=True)
def _near(found: Prediction, a: int, plots: Plots, j: int, view: View, gate_d2: float) -> bool:
    """Whether plot `j` is near the track by its place, whatever identity it claims."""
    own = measure.room()
    dt_s = (plots.time_ns[j] - found.when_ns[a]) / SECOND_NS
    measure.differ(
        found.states[a], found.covariances[a], plots.place[j], plots.noise[j], plots.dims[j],
        view.east_m, view.north_m, dt_s, 1.0, own.nu, own.root,
    )  # fmt: skip
    return measure.square(plots.dims[j], own.nu) <= gate_d2


@njit(cache=True, nogil=True)
def _keep(tracks: Tracks, i: int, found: Prediction, a: int, said: Plots, j: int, own: int) -> None:
    """Keep plot `j` with track `i`, and the velocity that was predicted without it."""
    tracks.plot_radar[i], tracks.plot_ns[i] = own, said.time_ns[j]
    for k in range(2):
        tracks.plot_place[i, k] = said.place[j, k]
        tracks.plot_velocity[i, k] = found.states[a, 3 + k]
    for k in range(3):
        tracks.plot_noise[i, k] = said.noise[j, k]
    spread = found.covariances[a]
    tracks.plot_spread[i, 0], tracks.plot_spread[i, 1] = spread[3, 3], spread[3, 4]
    tracks.plot_spread[i, 2] = spread[4, 4]


@njit(cache=True, nogil=True)
def _differ(
    comparisons: Comparisons,
    tracks: Tracks,
    i: int,
    said: Plots,
    j: int,
    own: int,
    dt_s: float,
    q: float,
    terms: Floats,
) -> tuple[float, float, float]:
    """Fill the terms (2, TERMS) of plot `j` against the one that track `i` keeps.

    Returns the inverse covariance (ee, en, nn) of the difference, zeros if it is too large. The
    velocity is of the time before both plots, so that their errors are not in it.
    """
    other, velocity = tracks.plot_radar[i], tracks.plot_velocity[i]
    blur, span, lever = q * abs(dt_s) ** 3 / 3.0, dt_s * dt_s, np.empty((2, 2))
    kept, spread = tracks.plot_noise[i], tracks.plot_spread[i]
    s00 = said.noise[j, 0] + kept[0] + span * spread[0] + blur
    s01 = said.noise[j, 1] + kept[1] + span * spread[1]
    s11 = said.noise[j, 2] + kept[2] + span * spread[2] + blur
    for side in range(2):
        radar, sign = (own, 1.0) if side == 0 else (other, -1.0)
        bias, site, first = comparisons.applied[radar], comparisons.sites[radar], side * BIASES
        place = said.place[j] if side == 0 else tracks.plot_place[i]
        levers(place[0] - site[0], place[1] - site[1], bias, lever)
        for k in range(2):
            terms[k, first + RANGE] = sign * lever[k, RANGE]
            terms[k, first + AZIMUTH] = sign * lever[k, AZIMUTH]
            terms[k, first + TIME] = -sign * velocity[k]
    for k in range(2):
        terms[k, TERMS - 1] = said.place[j, k] - tracks.plot_place[i, k] - dt_s * velocity[k]
    if not _fits(terms, (s00, s01, s11), comparisons.applied[own], comparisons.applied[other]):
        return 0.0, 0.0, 0.0
    size = s00 * s11 - s01 * s01
    return s11 / size, -s01 / size, s00 / size


@njit(cache=True, nogil=True)
def _fits(terms: Floats, spread: tuple[float, float, float], own: Floats, other: Floats) -> bool:
    """Whether biases that are not improbable explain the difference, beside those applied."""
    rest0, rest1 = terms[0, TERMS - 1], terms[1, TERMS - 1]
    s00, s01, s11 = spread
    for side in range(2):
        bias = own if side == 0 else other
        for m in range(BIASES):
            t0, t1 = terms[0, side * BIASES + m], terms[1, side * BIASES + m]
            rest0 -= t0 * bias[m]
            rest1 -= t1 * bias[m]
            prior = PRIOR[m] * PRIOR[m]
            s00 += prior * t0 * t0
            s01 += prior * t0 * t1
            s11 += prior * t1 * t1
    d2 = s11 * rest0 * rest0 - 2.0 * s01 * rest0 * rest1 + s00 * rest1 * rest1
    return d2 <= _GATE_D2 * (s00 * s11 - s01 * s01)


@njit(cache=True, nogil=True)
def _add(normal: Floats, keep: float, terms: Floats, weight: tuple[float, float, float]) -> None:
    """Add a comparison to the normal equations (TERMS, TERMS) of its pair of radars."""
    w00, w01, w11 = weight
    for r in range(TERMS):
        east = w00 * terms[0, r] + w01 * terms[1, r]
        north = w01 * terms[0, r] + w11 * terms[1, r]
        for c in range(TERMS):
            normal[r, c] = keep * normal[r, c] + east * terms[0, c] + north * terms[1, c]


@njit(cache=True, nogil=True)
def _allow(normal: Floats, dt_s: float, weight: tuple[float, float, float], spread: Floats) -> None:
    """Take out what only the error of the velocity adds, in the mean, to the normal equations.

    It is in both times and in the difference. The square of the difference keeps it as noise.
    """
    excess = weight[0] * spread[0] + 2.0 * weight[1] * spread[1] + weight[2] * spread[2]
    own, other, last = TIME, BIASES + TIME, TERMS - 1
    normal[own, own] -= excess
    normal[other, other] -= excess
    normal[own, other] += excess
    normal[other, own] += excess
    normal[own, last] -= dt_s * excess
    normal[last, own] -= dt_s * excess
    normal[other, last] += dt_s * excess
    normal[last, other] += dt_s * excess
