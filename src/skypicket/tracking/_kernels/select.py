"""Which tracks a look can say something about, and which rows have had their time."""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels import graph as graphs
from skypicket.tracking._kernels import grid as grids
from skypicket.tracking._kernels.measure import turned
from skypicket.tracking._kernels.prediction import widening
from skypicket.tracking._kernels.tables import (
    CONFIRMED,
    FREE,
    LOST,
    SECOND_NS,
    SECTOR,
    TENTATIVE,
    TURNING,
    UNKNOWN,
    Floats,
    Ints,
    Knobs,
    Plots,
    Tracks,
    View,
    Words,
)

_LEAST_VIEW = 0.01


class Touched(NamedTuple):
    """What a look concerns: tracks with their share in view and their place at the look."""

    rows: Ints
    shares: Floats
    places: Floats  # (k, 3), height NaN where none was ever given
    overdue: Ints  # rows whose time has run out
    free: Ints  # rows that new tracks can take


@njit(cache=True, nogil=True)
def _below(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@njit(cache=True, nogil=True)
def seen_share(east_m: float, north_m: float, sigma_m: float, view: View) -> float:
    """How probably an object there, so uncertain, was inside of what the sensor looked at."""
    if view.swept == UNKNOWN:
        return 0.0
    de, dn = east_m - view.east_m, north_m - view.north_m
    distance = math.sqrt(de * de + dn * dn)
    spread = max(sigma_m, 1.0)
    share = _below((view.max_m - distance) / spread)
    if view.min_m > 0.0:
        share *= _below((distance - view.min_m) / spread)
    if view.swept == SECTOR and share > 0.0:
        half = 0.5 * view.extent_rad
        aside = abs(turned(math.atan2(de, dn) - view.start_rad - half))
        per_rad = max(distance, spread) / spread
        share *= max(_below((half - aside) * per_rad) - _below((-half - aside) * per_rad), 0.0)
    return share


@njit(cache=True, nogil=True)
def outlived(
    life: int, support_ns: int, patience_s: float, time_ns: int, keep_lost_s: float
) -> bool:
    """Whether a row is to be forgotten: tentative after its patience, others after being lost."""
    age_s = (time_ns - support_ns) / SECOND_NS
    return age_s > (patience_s if life == TENTATIVE else patience_s + keep_lost_s)


@njit(cache=True, nogil=True)
def followed(life: int, support_ns: int, patience_s: float, time_ns: int) -> bool:
    """Whether a row still takes measurements: in life, and not lost by silence."""
    if life in (FREE, LOST):
        return False
    return life != CONFIRMED or (time_ns - support_ns) / SECOND_NS <= patience_s


@njit(cache=True, nogil=True)
def sort_out(tracks: Tracks, used: int, view: View, keep_lost_s: float) -> tuple[Ints, Ints, Ints]:
    """Rows that the view's kind of evidence may concern, overdue rows, and free rows."""
    rows = np.empty((3, used), dtype=np.int64)
    count = np.zeros(3, dtype=np.int64)
    life, basis = tracks.life, tracks.basis
    support_ns, patience_s = tracks.support_ns, tracks.patience_s
    for i in range(used):
        if life[i] == FREE:
            which = 2
        elif outlived(life[i], support_ns[i], patience_s[i], view.time_ns, keep_lost_s):
            which = 1
        elif basis[i] == view.basis and followed(
            life[i], support_ns[i], patience_s[i], view.time_ns
        ):
            which = 0
        else:
            continue
        rows[which, count[which]] = i
        count[which] += 1
    return rows[0, : count[0]].copy(), rows[1, : count[1]].copy(), rows[2, : count[2]].copy()


@njit(cache=True, nogil=True)
def _all_names(plots: Plots, view: View) -> Words:
    """Every identity that a look without a view claims, sorted; none where a row claims none."""
    if view.swept != UNKNOWN or (plots.identity == 0).any():
        return np.empty(0, dtype=np.uint64)
    return np.sort(plots.identity)


@njit(cache=True, nogil=True)
def _is_one_of(names: Words, name: int) -> bool:
    at = np.searchsorted(names, name)
    return bool(at < names.size and names[at] == name)


@njit(cache=True, nogil=True)
def touched(tracks: Tracks, used: int, plots: Plots, view: View, knobs: Knobs) -> Touched:
    """The tracks that are in view, or near a measurement."""
    rows, overdue, free = sort_out(tracks, used, view, knobs.keep_lost_s)
    shares, places = np.empty(rows.size), np.empty((rows.size, 3))
    found = np.empty(plots.dims.size, dtype=np.int64)
    mesh = grids.build(plots.place)
    reach = graphs.reach_of(plots, view, knobs)
    bearings = plots.dims.size > 0 and plots.dims[0] == 1
    all_states, all_covariances, all_ns = tracks.state, tracks.covariance, tracks.time_ns
    height = tracks.has_height
    widened = widening(tracks, rows, view)
    names = _all_names(plots, view)
    count = 0
    for n in range(rows.size):
        i = rows[n]
        if names.size and tracks.identity[i] != 0 and not _is_one_of(names, tracks.identity[i]):
            continue
        state, covariance = all_states[i], all_covariances[i]
        dt_s = max(view.time_ns - all_ns[i], 0) / SECOND_NS
        added = knobs.mode_q[TURNING] * dt_s * dt_s * dt_s / 3.0
        east, north = state[0] + dt_s * state[3], state[1] + dt_s * state[4]
        east_m2 = covariance[0, 0] + dt_s * (2 * covariance[0, 3] + dt_s * covariance[3, 3]) + added
        north_m2 = (
            covariance[1, 1] + dt_s * (2 * covariance[1, 4] + dt_s * covariance[4, 4]) + added
        )
        share = seen_share(east, north, math.sqrt(max(east_m2, north_m2)), view)
        if share < _LEAST_VIEW:
            if bearings:
                near = math.hypot(east - view.east_m, north - view.north_m) <= view.max_m
            else:
                half = graphs.box(reach, east_m2, north_m2, widened[n], (state[3], state[4]))
                near = grids.in_box(mesh, plots.place, (east, north), half, found) > 0
            if not near:
                continue
        rows[count], shares[count] = i, share
        places[count, 0], places[count, 1], places[count, 2] = east, north, np.nan
        if height[i]:
            places[count, 2] = state[2] + dt_s * state[5]
        count += 1
    return Touched(rows[:count].copy(), shares[:count].copy(), places[:count].copy(), overdue, free)
