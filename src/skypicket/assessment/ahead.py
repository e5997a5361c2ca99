"""Places ahead: which populated places objects may reach soon, and when.

The model `simple-1`: the paths of `skypicket.assessment.fate`, looked at every `STEP_S` from now
to the horizon. An object reaches a place when its path first comes within `NEAR_M` of it, has not
left home before, and still flies by then. Reports never move a path.
"""

from typing import NamedTuple

import numpy as np

from skypicket.assessment.fate import still_flying
from skypicket.assessment.samples import Paths
from skypicket.domain.noun import Column, FloatColumn, IntColumn

NEAR_M = 3_000.0
HORIZON_S = 1_800.0
STEP_S = 30.0
FAR_STEP_M = 2_000.0  # faster objects are looked at more often, so that none leaps over a place
MOST_LOOKS = 8
CELL_M = 500.0
LEAST_PROBABILITY = 0.05
QUANTILES = (0.05, 0.5, 0.95)


class Gazetteer:
    """Places in the theatre plane, found by where one is: those within `NEAR_M`.

    Args:
        east_m, north_m: the middles of the places, (places,).
    """

    def __init__(self, east_m: FloatColumn, north_m: FloatColumn) -> None:
        self.east_m, self.north_m = east_m, north_m
        reach = int(np.ceil(NEAR_M / CELL_M)) + 1
        self._west = float(east_m.min(initial=0.0)) - reach * CELL_M
        self._south = float(north_m.min(initial=0.0)) - reach * CELL_M
        self._columns = int((east_m.max(initial=0.0) - self._west) / CELL_M) + reach + 1
        self._rows = int((north_m.max(initial=0.0) - self._south) / CELL_M) + reach + 1
        column, row = self._cell(east_m, north_m)
        square = np.arange(-reach, reach + 1)
        near_row, near_column = (g.reshape(-1) for g in np.meshgrid(square, square, indexing="ij"))
        cell = (row[:, None] + near_row) * self._columns + column[:, None] + near_column
        cells, items = cell.reshape(-1), np.repeat(np.arange(len(east_m)), len(near_row))
        order = np.argsort(cells, kind="stable")
        self._items = items[order]
        counts = np.bincount(cells, minlength=self._rows * self._columns)
        self._start = np.concatenate([[0], np.cumsum(counts)])

    def _cell(self, east_m: FloatColumn, north_m: FloatColumn) -> tuple[IntColumn, IntColumn]:
        column = np.floor((east_m - self._west) / CELL_M).astype(np.int64)
        return column, np.floor((north_m - self._south) / CELL_M).astype(np.int64)

    def near(self, east_m: FloatColumn, north_m: FloatColumn) -> tuple[IntColumn, IntColumn]:
        """(row, place) of every position (k,) that is within `NEAR_M` of a place."""
        column, row = self._cell(east_m, north_m)
        known = (column >= 0) & (column < self._columns) & (row >= 0) & (row < self._rows)
        rows = np.flatnonzero(known)
        cell = row[rows] * self._columns + column[rows]
        count = self._start[cell + 1] - self._start[cell]
        rows, cell, count = rows[count > 0], cell[count > 0], count[count > 0]
        which = np.repeat(rows, count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        place = self._items[np.repeat(self._start[cell], count) + within]
        away = np.hypot(east_m[which] - self.east_m[place], north_m[which] - self.north_m[place])
        hit = away <= NEAR_M
        return which[hit], place[hit]


class Arrivals(NamedTuple):
    """Paths that come near places, one row each: (k,). `weight` is what the path counts for."""

    place: IntColumn
    object_index: IntColumn
    after_s: FloatColumn
    weight: FloatColumn


class Ahead(NamedTuple):
    """Places with P(at least one object comes within `NEAR_M`), and when the first does.

    `place` (k,) is an index into the gazetteer, `minutes` (3, k) the 5 %, 50 % and 95 % quantiles
    given that one comes; most urgent first. `by` lists (place, object) pairs behind them.
    """

    place: IntColumn
    probability: FloatColumn
    minutes: FloatColumn
    by: tuple[IntColumn, IntColumn]


class Fleet(NamedTuple):
    """Objects whose paths are looked along.

    `since_s` (n,): how long ago, at `now`, the path began, that is when it was measured last;
    `leave_s` (n, paths): when each path leaves home; `existence` (n,) and class `weights`
    (n, classes) as in `fate`.
    """

    paths: Paths
    since_s: FloatColumn
    leave_s: FloatColumn
    existence: FloatColumn
    weights: FloatColumn


def arrivals(fleet: Fleet, places: Gazetteer, horizon_s: float = HORIZON_S) -> Arrivals:
    """The first time, after now, at which each path comes near each place."""
    speed = np.hypot(fleet.paths.east_mps, fleet.paths.north_mps).mean(axis=1)
    looks = np.clip(np.ceil(speed * STEP_S / FAR_STEP_M), 1, MOST_LOOKS).astype(np.int64)
    found = [
        _arrivals(fleet, np.flatnonzero(looks == one), places, (horizon_s, STEP_S / float(one)))
        for one in np.unique(looks)
    ]
    if not found:
        nothing = np.zeros(0)
        return Arrivals(nothing.astype(np.int64), nothing.astype(np.int64), nothing, nothing)
    return Arrivals(*(np.concatenate(part) for part in zip(*found, strict=True)))


def _arrivals(
    fleet: Fleet, rows: IntColumn, places: Gazetteer, ahead: tuple[float, float]
) -> Arrivals:
    horizon_s, step_s = ahead
    times = np.arange(0.0, horizon_s + 0.5 * step_s, step_s)
    since = fleet.since_s[rows][:, None, None] + times
    deep = Paths(*(part[rows][..., None] for part in fleet.paths))
    east, north = deep.at(since)
    shape = east.shape
    hit, place = places.near(east.reshape(-1), north.reshape(-1))
    path, look = np.divmod(hit, shape[2])
    first = _first(path * len(places.east_m) + place)  # hits are in order of time within a path
    path, look, place = path[first], look[first], place[first]
    row = path // shape[1]
    at_s = fleet.since_s[rows][row] + times[look]
    stays = at_s < fleet.leave_s[rows].reshape(-1)[path]
    aloft = still_flying(at_s, fleet.weights[rows][row])
    weight = np.where(stays, fleet.existence[rows][row] * aloft / shape[1], 0.0)
    return Arrivals(place, rows[row], times[look], weight)


def ahead(found: Arrivals, most: int) -> Ahead:
    """The places worth telling of, at most so many, by when the first object comes."""
    order, chance = _growing(found)
    place, after_s = found.place[order], found.after_s[order]
    last = np.flatnonzero(np.append(place[1:] != place[:-1], True)) if len(place) else _NONE
    first = np.append(0, last[:-1] + 1) if len(last) else _NONE
    told = [
        (place[e], chance[e], *_quantiles(after_s[b : e + 1], chance[b : e + 1]))
        for b, e in zip(first, last, strict=True)
        if chance[e] >= LEAST_PROBABILITY
    ]
    told = sorted(told, key=lambda row: (row[3], -row[1], row[0]))[:most]
    which = np.array([row[0] for row in told], dtype=np.int64)
    minutes = np.array([row[2:] for row in told]).reshape(-1, 3).T / 60.0
    return Ahead(which, np.array([row[1] for row in told]), minutes, _pairs(found, which))


def _growing(found: Arrivals) -> tuple[IntColumn, FloatColumn]:
    """The order by place and time, and in it P(at least one object has come by then)."""
    count = int(found.object_index.max(initial=0)) + 1
    pair = found.place * count + found.object_index
    order = np.lexsort((found.after_s, pair))
    one = _running(found.weight[order], pair[order])
    # log P(not come) falls with each arrival of an object by what its own chance grows
    before = np.where(_first_of(pair[order]), 0.0, np.append(0.0, one[:-1]))
    fall = np.log1p(-np.minimum(one, _SURE)) - np.log1p(-np.minimum(before, _SURE))
    again = np.lexsort((found.after_s[order], found.place[order]))
    order, fall = order[again], fall[again]
    return order, 1.0 - np.exp(_running(fall, found.place[order]))


def _quantiles(after_s: FloatColumn, chance: FloatColumn) -> FloatColumn:
    """When the chance of one place reaches each quantile of what it comes to."""
    when = np.searchsorted(chance, np.array(QUANTILES) * chance[-1] - _TINY)
    quantiles: FloatColumn = after_s[when]
    return quantiles


def _pairs(found: Arrivals, places: IntColumn) -> tuple[IntColumn, IntColumn]:
    count = int(found.object_index.max(initial=0)) + 1
    counts = found.weight > 0
    pair = np.unique(found.place[counts] * count + found.object_index[counts])
    place, which = np.divmod(pair, count)
    told = np.isin(place, places)
    return place[told], which[told]


def _running(values: FloatColumn, groups: IntColumn) -> FloatColumn:
    """Cumulative sums that begin anew with each run of equal groups."""
    total = np.cumsum(values)
    begin = np.flatnonzero(_first_of(groups))
    before = (total - values)[begin]
    sums: FloatColumn = total - np.repeat(before, np.diff(np.append(begin, len(values))))
    return sums


def _first_of(groups: IntColumn) -> Column:
    return np.append(True, groups[1:] != groups[:-1]) if len(groups) else np.zeros(0, dtype=bool)


def _first(keys: IntColumn) -> IntColumn:
    """The index of the first of each key, ascending."""
    return np.sort(np.unique(keys, return_index=True)[1])


_SURE = 1.0 - 1e-12
_TINY = 1e-12
_NONE = np.zeros(0, dtype=np.int64)
