"""The sparse gate graph: which measurement may be of which track, and how likely, in CSR."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels import grid as grids
from skypicket.tracking._kernels import measure
from skypicket.tracking._kernels.prediction import Prediction
from skypicket.tracking._kernels.tables import (
    MODES,
    SECOND_NS,
    TOLD,
    Floats,
    Ints,
    Knobs,
    Plots,
    View,
)

_MARGIN = 1.1  # of the box round a gate; the gate itself decides


class Graph(NamedTuple):
    """Edges in CSR: those of track `a` are `starts[a]:starts[a + 1]`."""

    starts: Ints
    rows: Ints  # the measurement of each edge
    weights: Floats  # how much likelier the edge is than that the track was missed
    modes: Floats  # (e, MODES), how probable each mode is given the edge


class Reach(NamedTuple):
    """What bounds every gate of a look: largest noise, and how far row times lie from its own."""

    east_m2: float
    north_m2: float
    spread_s: float
    gate_d2: float


@njit(cache=True, nogil=True)
def reach_of(plots: Plots, view: View, knobs: Knobs) -> Reach:
    """The bounds over all rows of a look."""
    east = north = spread_s = 0.0
    gate = knobs.gate_d2
    for j in range(plots.dims.size):
        east = max(east, plots.noise[j, 0])
        north = max(north, plots.noise[j, 2])
        spread_s = max(spread_s, abs(plots.time_ns[j] - view.time_ns) / SECOND_NS)
        if plots.identity[j] != 0:
            gate = max(gate, knobs.identity_gate_d2)
    if view.wide == TOLD:
        east, north = knobs.tail_factor * east, knobs.tail_factor * north
    return Reach(east, north, spread_s, gate)


@njit(cache=True, nogil=True)
def box(
    reach: Reach, east_m2: float, north_m2: float, widened: float, speed: tuple[float, float]
) -> tuple[float, float]:
    """Half sides of the box that holds every gate of a track with such variances and velocity."""
    return (
        _MARGIN * math.sqrt(reach.gate_d2 * (east_m2 + widened * reach.east_m2))
        + reach.spread_s * abs(speed[0]),
        _MARGIN * math.sqrt(reach.gate_d2 * (north_m2 + widened * reach.north_m2))
        + reach.spread_s * abs(speed[1]),
    )


@njit(cache=True, nogil=True)
def neighbours(plots: Plots, found: Prediction, reach: Reach) -> tuple[Ints, Ints]:
    """CSR of the rows inside the box of each track, by the hash grid; every row of bearings."""
    states, covariances = found.states, found.covariances
    count, rows = states.shape[0], plots.dims.size
    starts = np.zeros(count + 1, dtype=np.int64)
    near = np.empty(4 * count + rows + 16, dtype=np.int64)
    filled = 0
    bearings = rows > 0 and plots.dims[0] == 1
    mesh = grids.build(plots.place)
    for a in range(count):
        if near.size < filled + rows:
            near = np.concatenate((near, np.empty(near.size + rows, dtype=np.int64)))
        if bearings:
            near[filled : filled + rows] = np.arange(rows)
            filled += rows
        else:
            east_m2, north_m2 = covariances[a, 0, 0], covariances[a, 1, 1]
            if found.branch[a] >= 0:
                widest = found.mode_covariances[found.branch[a]]
                for m in range(MODES):
                    if found.mode_probability[found.branch[a], m] <= 0.0:
                        continue
                    east_m2 = max(east_m2, widest[m, 0, 0])
                    north_m2 = max(north_m2, widest[m, 1, 1])
            speed = (states[a, 3], states[a, 4])
            half = box(reach, east_m2, north_m2, found.widened[a], speed)
            centre = (states[a, 0], states[a, 1])
            filled += grids.in_box(mesh, plots.place, centre, half, near[filled:])
        starts[a + 1] = filled
    return starts, near


@njit(cache=True, nogil=True)
def weighed(
    found: Prediction,
    starts: Ints,
    near: Ints,
    detection: Floats,
    clutter: Floats,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> Graph:
    """The edges whose measurement lies in the gate of any Gaussian, weighed against the miss.

    The weight is r p N(z) / ((1 - r p) (clutter + birth)): J. L. Williams, R. Lau, "Approximate
    evaluation of marginal association probabilities with belief propagation", IEEE Trans. AES 50
    (2014). An edge that weighs less than a track that would be forgotten is none. Different claimed
    identities never join, equal ones have the wider gate. The distance is cut at the narrower gate,
    so that a jump does not break them.
    """
    said, names, when_ns, widened = plots.identity, found.names, found.when_ns, found.widened
    place, noise, dims, time_ns = plots.place, plots.noise, plots.dims, plots.time_ns
    states, covariances = found.mode_states, found.mode_covariances
    kept = np.zeros(starts.size, dtype=np.int64)
    weights, modes = np.empty(starts[-1]), np.zeros((starts[-1], MODES))
    rows = np.empty(starts[-1], dtype=np.int64)
    whole, nu, root = np.ones(1), np.empty(4), np.empty((4, 4))
    tail = (knobs.tail_share if view.wide == TOLD else 0.0, knobs.tail_factor)
    filled = 0
    for a in range(starts.size - 1):
        b = found.branch[a]
        seen = found.existence[a] * detection[a]
        odds = seen / (1.0 - seen)
        for n in range(starts[a], starts[a + 1]):
            j = near[n]
            if said[j] != 0 and names[a] != 0 and said[j] != names[a]:
                continue
            named = said[j] != 0 and said[j] == names[a]
            gate = knobs.identity_gate_d2 if named else knobs.gate_d2
            dt_s = (time_ns[j] - when_ns[a]) / SECOND_NS
            if b < 0:
                likely = _likely(
                    found.states[a : a + 1], found.covariances[a : a + 1], whole, place[j],
                    noise[j], dims[j], view.east_m, view.north_m, dt_s, widened[a], gate,
                    knobs.gate_d2, knobs.birth_sigma_alt_m, knobs.birth_sigma_mps, tail, nu, root,
                    modes[filled],
                )  # fmt: skip
            else:
                likely = _likely(
                    states[b], covariances[b], found.mode_probability[b], place[j],
                    noise[j], dims[j], view.east_m, view.north_m, dt_s, widened[a], gate,
                    knobs.gate_d2, knobs.birth_sigma_alt_m, knobs.birth_sigma_mps, tail, nu, root,
                    modes[filled],
                )  # fmt: skip
            weight = odds * likely / (clutter[j] + plots.birth[j])
            if weight >= knobs.prune:
                rows[filled], weights[filled] = j, weight
                filled += 1
        kept[a + 1] = filled
    return Graph(kept, rows[:filled].copy(), weights[:filled].copy(), modes[:filled].copy())


@njit(cache=True, nogil=True)
def _likely(
    states: Floats,
    covariances: Floats,
    probability: Floats,
    place: Floats,
    noise: Floats,
    dims: int,
    east_m: float,
    north_m: float,
    dt_s: float,
    widened: float,
    gate_d2: float,
    cut_d2: float,
    sigma_alt_m: float,
    sigma_mps: float,
    tail: tuple[float, float],
    nu: Floats,
    root: Floats,
    modes: Floats,
) -> float:
    """N(z) of a measurement by a mixture, 0 outside of all its gates.

    For `tail` see `measure.wide_share`.
    Fills how probable each Gaussian is, given that the measurement is the track's.
    """
    nearest, likely, numbers = np.inf, 0.0, measure.rank(dims, place)
    modes[:] = 0.0
    for m in range(probability.size):
        if probability[m] <= 0.0:
            continue
        for part in range(2 if tail[0] > 0.0 else 1):
            share = tail[0] if part else 1.0 - tail[0]
            size = measure.differ(
                states[m], covariances[m], place, noise, dims, east_m, north_m, dt_s,
                widened * (tail[1] if part else 1.0), nu, root,
            )  # fmt: skip
            d2 = measure.square(numbers, nu)
            nearest = min(nearest, d2)
            if gate_d2 > cut_d2:
                d2 = min(d2, cut_d2)
            share *= probability[m]
            modes[m] += share * measure.density(dims, numbers, size, d2, sigma_alt_m, sigma_mps)
        likely += modes[m]
    if nearest > gate_d2 or likely <= 0.0:
        return 0.0
    for m in range(probability.size):
        modes[m] /= likely
    return likely
