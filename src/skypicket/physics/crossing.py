"""Where and when a smoothed path crosses a border, with the errors of both."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column, FloatColumn, IntColumn
from skypicket.physics.smoothing import Estimates, SmoothedPath

# Metres beyond the border (negative before it) of plane positions, both (k,).
Depth = Callable[[FloatColumn, FloatColumn], FloatColumn]

_PIECES = 8  # of the way between two estimates, in each of which at most one crossing is found
_REFINED = 3  # times that a crossing is looked for anew between two places on either side
_LEAST_SPAN_M = 25.0  # over which the direction of the border is taken


class BorderCrossings(NamedTuple):
    """k crossings of a path in the order of time, each (k,); errors are one standard deviation.

    `sigma_s` is the error of the time, `sigma_m` that of the place along the border; both include
    the border's own error. A path that only grazes the border has large ones. `inward` says which
    of them lead to where the depth is positive.
    """

    time_ns: IntColumn
    east_m: FloatColumn
    north_m: FloatColumn
    sigma_s: FloatColumn
    sigma_m: FloatColumn
    inward: Column


def crossings(path: SmoothedPath, depth_m: Depth, border_sigma_m: float = 0.0) -> BorderCrossings:
    """Every crossing of the mean path, the first one first; empty if it crosses nowhere.

    The errors follow to first order: an error of d metres towards the border moves the crossing by
    d over the velocity towards it in time, and along the border by as much as the object flies
    along it in that time.

    >>> filtered = Estimates(
    ...     np.array([0, 4_000_000_000]),
    ...     np.array([[-100.0, 0.0, 50.0, 0.0], [100.0, 0.0, 50.0, 0.0]]),
    ...     np.array([np.diag([900.0, 900.0, 1.0, 1.0])] * 2),
    ... )
    >>> found = crossings(SmoothedPath(filtered, np.ones((2, 2))), lambda east_m, _: east_m)
    >>> found.time_ns.tolist(), found.inward.tolist(), bool(0.4 < found.sigma_s[0] < 0.6)
    ([2000000000], [True], True)
    """
    before_ns, after_ns = _either_side(path, depth_m)
    inward = _depths(path.at(after_ns), depth_m) > 0
    for _ in range(_REFINED):
        middle_ns = _crossed(path, depth_m, before_ns, after_ns)
        over = (_depths(path.at(middle_ns), depth_m) > 0) == inward
        before_ns = np.where(over, before_ns, middle_ns)
        after_ns = np.where(over, middle_ns, after_ns)
    there = path.at(_crossed(path, depth_m, before_ns, after_ns))
    sigma_s, sigma_m = _errors(there, depth_m, border_sigma_m)
    east_m, north_m = there.states[:, 0], there.states[:, 1]
    return BorderCrossings(there.time_ns, east_m, north_m, sigma_s, sigma_m, inward)


def _either_side(path: SmoothedPath, depth_m: Depth) -> tuple[IntColumn, IntColumn]:
    """Times just before and after each crossing, (k,)."""
    known = path.estimates.time_ns
    steps = np.arange(_PIECES) * np.diff(known)[:, None] // _PIECES
    tried_ns = np.unique(np.append((known[:-1, None] + steps).reshape(-1), known[-1]))
    beyond = _depths(path.at(tried_ns), depth_m) > 0
    turned = np.flatnonzero(beyond[1:] != beyond[:-1])
    return tried_ns[turned], tried_ns[turned + 1]


def _crossed(
    path: SmoothedPath, depth_m: Depth, before_ns: IntColumn, after_ns: IntColumn
) -> IntColumn:
    """When the depth was zero, on a straight line between two times."""
    before, after = (_depths(path.at(t), depth_m) for t in (before_ns, after_ns))
    part = before / np.where(before == after, 1.0, before - after)
    return before_ns + np.rint(part * (after_ns - before_ns)).astype(np.int64)


def _depths(there: Estimates, depth_m: Depth) -> FloatColumn:
    return depth_m(there.states[:, 0], there.states[:, 1])


def _errors(
    there: Estimates, depth_m: Depth, border_sigma_m: float
) -> tuple[FloatColumn, FloatColumn]:
    """The errors of the times and, along the border, of the places."""
    axes = there.states.shape[1] // 2
    east, north = there.states[:, 0], there.states[:, 1]
    velocity, spread = there.states[:, axes : axes + 2], there.covariances[:, :2, :2]
    span = np.maximum(_LEAST_SPAN_M, np.sqrt(spread[:, 0, 0] + spread[:, 1, 1]))
    slope_east = depth_m(east + span, north) - depth_m(east - span, north)
    slope_north = depth_m(east, north + span) - depth_m(east, north - span)
    slope = np.stack([slope_east, slope_north], axis=1)
    inward = slope / np.maximum(np.hypot(slope_east, slope_north), 1e-9)[:, None]
    along = inward[:, ::-1] * (-1.0, 1.0)
    speed_in, speed_along = np.einsum("ni,kni->kn", velocity, np.stack([inward, along]))
    with np.errstate(divide="ignore", invalid="ignore"):
        shear = speed_along / speed_in
        variance = _variance(spread, inward) + border_sigma_m**2
        sigma_s = np.sqrt(variance) / np.abs(speed_in)
        slid = _variance(spread, along - shear[:, None] * inward)
        return sigma_s, np.sqrt(slid + shear**2 * border_sigma_m**2)


def _variance(spread: FloatColumn, direction: FloatColumn) -> FloatColumn:
    """The variance along a direction, (k,), of spreads (k, 2, 2)."""
    found: FloatColumn = np.einsum("ni,nij,nj->n", direction, spread, direction)
    return np.maximum(found, 0.0)
