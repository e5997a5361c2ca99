"""The sparse gate graph: which measurement may be of which track, and how likely, in CSR."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels import grid as grids
from skypicket.tracking._kernels import measure
from skypicket.tracking._kernels.tables import (
    CONTRIBUTORS,
    PRESENCE,
    SECOND_NS,
    Floats,
    Ints,
    Knobs,
    Plots,
    Small,
    Tracks,
    View,
    Words,
)

_MARGIN = 1.1  # of the box round a gate; the gate itself decides


class Graph(NamedTuple):
    """Edges in CSR: those of track `a` are `starts[a]:starts[a + 1]`."""

    starts: Ints
    rows: Ints  # the measurement of each edge
    weights: Floats  # how much likelier the edge is than that the track was missed


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
def repeated(
    sensors: Small, sensor_ns: Ints, i: int, sensor: int, time_ns: int, correlation_s: float
) -> float:
    """By how much the error of a wide word grows because the same sensor said it just before.

    Presence at a node tells the same place again and again: its errors are one error for as long
    as the object stays. So many words in the correlation time count together as one.
    """
    for c in range(CONTRIBUTORS):
        if sensors[i, c] == sensor:
            age_s = max(time_ns - sensor_ns[i, c], 0) / SECOND_NS
            return max(correlation_s / max(age_s, 0.1), 1.0)
    return 1.0


@njit(cache=True, nogil=True)
def widening(tracks: Tracks, chosen: Ints, view: View) -> Floats:
    """`repeated` for each chosen track; 1 for kinds that measure anew each time."""
    out = np.ones(chosen.size)
    if view.wide == PRESENCE:
        for a in range(chosen.size):
            out[a] = repeated(
                tracks.sensor, tracks.sensor_ns, chosen[a], view.sensor, view.time_ns,
                view.correlation_s,
            )  # fmt: skip
    return out


@njit(cache=True, nogil=True)
def neighbours(
    plots: Plots, states: Floats, covariances: Floats, widened: Floats, reach: Reach
) -> tuple[Ints, Ints]:
    """CSR of the rows inside the box of each track, by the hash grid; every row of bearings."""
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
            half = box(
                reach, covariances[a, 0, 0], covariances[a, 1, 1], widened[a],
                (states[a, 3], states[a, 4]),
            )  # fmt: skip
            centre = (states[a, 0], states[a, 1])
            filled += grids.in_box(mesh, plots.place, centre, half, near[filled:])
        starts[a + 1] = filled
    return starts, near


@njit(cache=True, nogil=True)
def likelihoods(
    states: Floats,
    covariances: Floats,
    when_ns: Ints,
    widened: Floats,
    names: Words,
    starts: Ints,
    near: Ints,
    plots: Plots,
    view: View,
    knobs: Knobs,
) -> Graph:
    """The edges whose measurement lies in the gate, with N(z) as their weights.

    `names` is the claimed identity per track: different ones never join, equal ones have the
    wider gate. The distance is cut at the narrower gate, so that a jump does not break them.
    """
    place, noise, dims, time_ns = plots.place, plots.noise, plots.dims, plots.time_ns
    said = plots.identity
    kept = np.zeros(starts.size, dtype=np.int64)
    weights = np.empty(starts[-1])
    rows = np.empty(starts[-1], dtype=np.int64)
    nu, cross, root = np.empty(3), np.empty((6, 3)), np.empty((3, 3))
    filled = 0
    for a in range(starts.size - 1):
        for n in range(starts[a], starts[a + 1]):
            j = near[n]
            if said[j] != 0 and names[a] != 0 and said[j] != names[a]:
                continue
            dt_s = (time_ns[j] - when_ns[a]) / SECOND_NS
            if dims[j] == 1:
                size = measure.by_bearing(
                    states[a], covariances[a], place[j, 0], noise[j, 0], view.east_m, view.north_m,
                    dt_s, nu, cross, root,
                )  # fmt: skip
            else:
                size = measure.by_place(
                    states[a], covariances[a], place[j], noise[j], dims[j], dt_s, widened[a],
                    nu, cross, root,
                )  # fmt: skip
            d2 = measure.distance2(dims[j], nu, root)
            named = said[j] != 0 and said[j] == names[a]
            if d2 > (knobs.identity_gate_d2 if named else knobs.gate_d2):
                continue
            d2 = min(d2, knobs.gate_d2)
            rows[filled] = j
            weights[filled] = measure.density(dims[j], size, d2, knobs.birth_sigma_alt_m)
            filled += 1
        kept[a + 1] = filled
    return Graph(kept, rows[:filled].copy(), weights[:filled].copy())


@njit(cache=True, nogil=True)
def weigh(
    graph: Graph, existence: Floats, detection: Floats, clutter: Floats, birth: Floats
) -> None:
    """Turn likelihoods into weights against the miss: r p N / ((1 - r p) (clutter + birth)).

    J. L. Williams, R. Lau, "Approximate evaluation of marginal association probabilities with
    belief propagation", IEEE Trans. AES 50 (2014).
    """
    for a in range(graph.starts.size - 1):
        seen = existence[a] * detection[a]
        for e in range(graph.starts[a], graph.starts[a + 1]):
            j = graph.rows[e]
            graph.weights[e] *= seen / ((1.0 - seen) * (clutter[j] + birth[j]))
