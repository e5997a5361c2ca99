"""Where a track may go: a fixed set of Gaussian paths, and when they first cross the border."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from skypicket.assessment.ground import Borders
from skypicket.assessment.table import Rows
from skypicket.domain.noun import FloatColumn

DIMENSIONS = 6  # two each of position, velocity and manoeuvre
COARSE = 32  # paths tried first; a track none of whose crosses is done
MIN_STEP_M = 250.0  # a path that enters by less than this may be missed
FINEST_STEPS = 64  # and one that is inside for less than this part of the horizon


def gaussian_set(count: int) -> FloatColumn:
    """A fixed set of `count` standard normal points, shape (count, 6), always the same.

    Additive recurrence with the generalised golden ratio (M. Roberts, 2018), through the normal
    quantile, with each point followed by its mirror image: the mean is exactly zero; then
    whitened, so that the covariance is the identity.

    >>> points = gaussian_set(64)
    >>> bool(np.allclose(points.mean(0), 0)), bool(np.allclose(points.T @ points / 64, np.eye(6)))
    (True, True)
    """
    ratio = 1.5
    for _ in range(64):
        ratio = (1.0 + ratio) ** (1.0 / (DIMENSIONS + 1))
    steps = ratio ** -np.arange(1.0, DIMENSIONS + 1)
    uniform = (0.5 + np.outer(np.arange(1, count // 2 + 1), steps)) % 1.0
    quantile = NormalDist().inv_cdf
    half = np.array([[quantile(u) for u in row] for row in uniform])
    points = np.repeat(half, 2, axis=0)
    points[1::2] *= -1.0
    lower = np.linalg.cholesky(points.T @ points / count)
    whitened: FloatColumn = np.linalg.solve(lower, points.T).T
    return np.ascontiguousarray(whitened)


class Paths(NamedTuple):
    """Sampled paths, each (n tracks, m samples): start + velocity * t + bend * t**1.5.

    The bend gives a path's place the spread of a nearly constant velocity at every time t.
    """

    east_m: FloatColumn
    north_m: FloatColumn
    east_mps: FloatColumn
    north_mps: FloatColumn
    bend_east_coefficient: FloatColumn
    bend_north_coefficient: FloatColumn

    def at(self, time_s: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
        """East and north of every path after `time_s`, (n, m) or what broadcasts to it."""
        bent = time_s**1.5
        return (
            self.east_m + self.east_mps * time_s + self.bend_east_coefficient * bent,
            self.north_m + self.north_mps * time_s + self.bend_north_coefficient * bent,
        )


def sample_paths(tracks: Rows, points: FloatColumn, manoeuvre_m2ps3: float) -> Paths:
    """The paths of `tracks` (rows with the motion columns of the table), one per point."""
    z = points.T[:, None, :]
    column = {name: tracks[name][:, None] for name in _USED}
    bend = np.sqrt(manoeuvre_m2ps3 / 3.0)
    across = np.sqrt(np.maximum(0.0, 1.0 - column["corr"] ** 2))
    return Paths(
        column["east"] + column["s_east"] * z[0],
        column["north"] + column["s_north"] * (column["corr"] * z[0] + across * z[1]),
        column["v_east"] + column["s_ve"] * z[2],
        column["v_north"] + column["s_vn"] * z[3],
        bend * np.broadcast_to(z[4], (len(tracks), points.shape[0])),
        bend * np.broadcast_to(z[5], (len(tracks), points.shape[0])),
    )


_USED = ("east", "north", "v_east", "v_north", "s_east", "s_north", "corr", "s_ve", "s_vn")


class Crossings(NamedTuple):
    """When (seconds after the start, NaN for never) and where each path is first inside, (n, m)."""

    time_s: FloatColumn
    east_m: FloatColumn
    north_m: FloatColumn

    @property
    def share(self) -> FloatColumn:
        """The part of the paths that crosses, (n,)."""
        share: FloatColumn = np.mean(~np.isnan(self.time_s), axis=1)
        return share


class Watch(NamedTuple):
    """Which border is watched, and the side from which paths come: 1 from outside, -1 inside."""

    borders: Borders
    state: str
    side_factor: float = 1.0

    def depth_m(self, east_m: FloatColumn, north_m: FloatColumn) -> FloatColumn:
        """Metres beyond the border as seen by who comes from that side, (k,)."""
        return self.side_factor * self.borders.signed_distance_m(self.state, east_m, north_m)


def first_crossings(watch: Watch, paths: Paths, from_s: FloatColumn, horizon_s: float) -> Crossings:
    """When and where each path is first beyond the border within [from_s, from_s + horizon_s].

    `from_s` (n,) is when the looking starts, seconds after the start of the path. The signed
    distance is marched along: a path can move on by the distance to the border without crossing,
    so most need few looks. No step is shorter than `MIN_STEP_M` or one part in `FINEST_STEPS`.
    """
    shape = paths.east_m.shape
    flat = Paths(*(np.ascontiguousarray(part).reshape(-1) for part in paths))
    start = np.repeat(from_s, shape[1])
    time_s = _march(watch, flat, start, start + horizon_s)
    east, north = flat.at(time_s)
    return Crossings(time_s.reshape(shape), east.reshape(shape), north.reshape(shape))


def _march(watch: Watch, paths: Paths, start: FloatColumn, end: FloatColumn) -> FloatColumn:
    """The first time beyond the border of each path, NaN for none; all arrays (k,)."""
    speed = np.hypot(paths.east_mps, paths.north_mps)
    speed += (
        1.5 * np.hypot(paths.bend_east_coefficient, paths.bend_north_coefficient) * np.sqrt(end)
    )
    speed = np.maximum(speed, 1e-3)
    crossed = np.full(start.shape, np.nan)
    alive = np.arange(start.shape[0])
    time, last, before = start.copy(), start.copy(), np.full(start.shape, -np.inf)
    shortest = np.maximum(MIN_STEP_M / speed, (end - start) / FINEST_STEPS)
    while alive.size:
        part = Paths(*(values[alive] for values in paths))
        depth = watch.depth_m(*part.at(time[alive]))
        hit = depth >= 0.0
        done = alive[hit]
        crossed[done] = _between(last[done], time[done], before[done], depth[hit])
        going = ~hit & (time[alive] < end[alive])
        alive, depth = alive[going], depth[going]
        last[alive], before[alive] = time[alive], depth
        step = np.maximum(-depth / speed[alive], shortest[alive])
        time[alive] = np.minimum(time[alive] + step, end[alive])
    return crossed


def _between(
    last: FloatColumn, time: FloatColumn, before: FloatColumn, depth: FloatColumn
) -> FloatColumn:
    """The time at which the depth was zero, on a straight line between two looks."""
    part = np.where(
        np.isinf(before), 1.0, -before / np.where(np.isinf(before), 1.0, depth - before)
    )
    crossing: FloatColumn = last + (time - last) * part
    return crossing
