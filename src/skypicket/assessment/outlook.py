"""The outlook of many tracks at once: which of their paths cross the border, when and where."""

from typing import NamedTuple

import numpy as np

from skypicket.assessment.rules import Rules
from skypicket.assessment.samples import (
    COARSE,
    Crossings,
    Paths,
    Watch,
    first_crossings,
    gaussian_set,
    sample_paths,
)
from skypicket.assessment.table import Rows
from skypicket.domain.noun import FloatColumn

_QUANTILES = (0.05, 0.5, 0.95)


class Outlook(NamedTuple):
    """Per track, (n,): the part of its paths that crosses, and of these the time and the place.

    Times are seconds after the motion's own time: 5 %, 50 % and 95 %, (3, n). The place is the
    median of the crossings along each axis, with its standard error along one. NaN where nothing
    crosses.
    """

    share: FloatColumn
    time_s: FloatColumn
    east_m: FloatColumn
    north_m: FloatColumn
    sigma_m: FloatColumn


class Lookout:
    """Looks ahead along the fixed set of paths, and back along them."""

    def __init__(self, rules: Rules, watch: Watch) -> None:
        self._rules, self._watch = rules, watch
        self._points = gaussian_set(rules.samples)

    def ahead(self, tracks: Rows, from_s: FloatColumn) -> Outlook:
        """What comes inside within the horizon after `from_s` (n,) seconds from the motion's time.

        A path that is inside already counts, with the time `from_s`. Tracks of whose first
        `COARSE` paths none crosses are not looked at further: their share is zero.
        """
        share = np.zeros(len(tracks))
        rest = np.full((6, len(tracks)), np.nan)
        horizon = self._rules.horizon_s
        paths = sample_paths(tracks, self._points[:COARSE], self._rules.manoeuvre_m2ps3)
        hopeful = np.flatnonzero(first_crossings(self._watch, paths, from_s, horizon).share > 0)
        if hopeful.size:
            found = self._full(tracks[hopeful], from_s[hopeful], horizon)
            share[hopeful] = found.share
            rest[:, hopeful] = np.vstack(found[1:])
        return Outlook(share, rest[:3], rest[3], rest[4], rest[5])

    def _full(self, tracks: Rows, from_s: FloatColumn, horizon_s: float) -> Outlook:
        paths = sample_paths(tracks, self._points, self._rules.manoeuvre_m2ps3)
        return _summary(first_crossings(self._watch, paths, from_s, horizon_s))

    def back(self, tracks: Rows) -> Outlook:
        """Where the tracks came over the border within `origin_s`, if they flew as they do now.

        The share is that of the paths which lead outside; times are seconds before now.
        """
        mirrored = tracks.copy()
        mirrored["v_east"] *= -1
        mirrored["v_north"] *= -1
        paths = sample_paths(mirrored, self._points, self._rules.manoeuvre_m2ps3)
        watch = self._watch._replace(side_factor=-1.0)
        start = np.zeros(len(tracks))
        return _summary(first_crossings(watch, paths, start, self._rules.origin_s))

    def places(self, tracks: Rows, after_s: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
        """East and north of every path after `after_s` (n,), each (n, samples)."""
        paths: Paths = sample_paths(tracks, self._points, self._rules.manoeuvre_m2ps3)
        return paths.at(after_s[:, None])


def _summary(found: Crossings) -> Outlook:
    east, north = (_quantiles(values)[1] for values in (found.east_m, found.north_m))
    squares = (found.east_m - east[:, None]) ** 2 + (found.north_m - north[:, None]) ** 2
    crossed = ~np.isnan(squares)
    count = crossed.sum(axis=1)
    total = np.where(crossed, squares, 0.0).sum(axis=1)
    sigma = np.sqrt(np.where(count > 0, total, np.nan) / np.maximum(count, 1) / 2)
    return Outlook(found.share, _quantiles(found.time_s), east, north, sigma)


def _quantiles(times: FloatColumn) -> FloatColumn:
    """The quantiles of each row without its NaNs, (3, n); NaN where a row has nothing else."""
    ordered = np.sort(times, axis=1)  # NaN last
    count = (~np.isnan(ordered)).sum(axis=1)
    rows = np.arange(len(ordered))
    out = np.empty((len(_QUANTILES), len(ordered)))
    for i, quantile in enumerate(_QUANTILES):
        place = np.maximum(np.ceil(quantile * count).astype(np.int64) - 1, 0)
        out[i] = ordered[rows, place]
    return out
