"""What a radar's own looks teach: how many false alarms it has where, and how well it detects.

A radar's disc is cut into cells of equal area. Each look adds to the swept cells what was told of
false alarms, and what it found of measurements that are of nothing known; the ratio, beside a prior
of a few, corrects what was told. The same is done with the tracks that it should have seen.
Counts are gamma distributed: A. Gelman et al., "Bayesian Data Analysis", 2013, section 2.6.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from skypicket.tracking._kernels.tables import SECTOR, UNKNOWN, Floats, Ints, Plots, View

SECTORS, RINGS = 64, 16
CELLS = SECTORS * RINGS
TOLD, FOUND = 0, 1  # of false alarms, per cell
ALARMS_TOLD, ALARMS_FOUND, DETECTIONS_TOLD, DETECTIONS_FOUND = 0, 1, 2, 3
SUMS = 4

_PRIOR = 20.0  # so many false alarms of a sensor, or detections, are as strong as what was told
_REGION_PRIOR = 10.0  # of a region of cells, beside its sensor
_CELL_PRIOR = 4.0  # of a cell, beside its region
_REGION_SECTORS, _REGION_RINGS = 8, 4
_MEMORY = 150.0  # turns after which a look has faded
_FULL_TURN = 2.0 * math.pi
_MOST, _LEAST = 50.0, 0.02  # nothing that was told is corrected by more
_SURE = 0.9  # how probable, and how far in view, a track must be to tell of detection


class Experience(NamedTuple):
    """The counts of all radars: (n, CELLS, 2) and (n, SUMS)."""

    cells: Floats
    sums: Floats


@njit(cache=True, nogil=True)
def swept_cells(view: View) -> Ints:
    """The cells that a look swept, of its radar."""
    if view.radar < 0 or view.swept == UNKNOWN:
        return np.empty(0, dtype=np.int64)
    if view.swept != SECTOR:
        return np.arange(CELLS)
    first = int(math.floor((view.start_rad % _FULL_TURN) / _FULL_TURN * SECTORS))
    count = min(int(math.ceil(view.extent_rad / _FULL_TURN * SECTORS)) + 1, SECTORS)
    out = np.empty(count * RINGS, dtype=np.int64)
    for s in range(count):
        for ring in range(RINGS):
            out[s * RINGS + ring] = ((first + s) % SECTORS) * RINGS + ring
    return out


@njit(cache=True, nogil=True)
def cell_of(east_m: float, north_m: float, view: View) -> int:
    """The cell of a place, by the whole disc of the radar."""
    de, dn = east_m - view.east_m, north_m - view.north_m
    turn = (math.atan2(de, dn) % _FULL_TURN) / _FULL_TURN
    inner = view.least_m * view.least_m
    out = (de * de + dn * dn - inner) / max(view.reach_m * view.reach_m - inner, 1.0)
    ring = min(max(int(out * RINGS), 0), RINGS - 1)
    return min(int(turn * SECTORS), SECTORS - 1) * RINGS + ring


@njit(cache=True, nogil=True)
def corrected_clutter(experience: Experience, plots: Plots, view: View) -> Floats:
    """False alarms per m² at each measurement, by experience."""
    clutter = plots.clutter.copy()
    if view.radar < 0:
        return clutter
    cells, sums = experience.cells[view.radar], experience.sums[view.radar]
    whole = (_PRIOR + sums[ALARMS_FOUND]) / (_PRIOR + sums[ALARMS_TOLD])
    regions = _regions(cells)
    for j in range(clutter.size):
        c = cell_of(plots.place[j, 0], plots.place[j, 1], view)
        told, found = regions[_region(c)]
        near = (_REGION_PRIOR * whole + found) / (_REGION_PRIOR + told)
        here = (_CELL_PRIOR * near + cells[c, FOUND]) / (_CELL_PRIOR + cells[c, TOLD])
        clutter[j] *= min(max(here, _LEAST), _MOST)
    return clutter


@njit(cache=True, nogil=True)
def _region(cell: int) -> int:
    sector = cell // RINGS * _REGION_SECTORS // SECTORS
    return sector * _REGION_RINGS + cell % RINGS * _REGION_RINGS // RINGS


@njit(cache=True, nogil=True)
def _regions(cells: Floats) -> Floats:
    """The counts of the regions, (n, 2)."""
    out = np.zeros((_REGION_SECTORS * _REGION_RINGS, 2))
    for c in range(CELLS):
        region = _region(c)
        out[region, TOLD] += cells[c, TOLD]
        out[region, FOUND] += cells[c, FOUND]
    return out


@njit(cache=True, nogil=True)
def corrected_detection(experience: Experience, told: Floats, view: View, most: float) -> Floats:
    """P(detect) by experience."""
    if view.radar < 0:
        return told
    sums = experience.sums[view.radar]
    whole = (_PRIOR + sums[DETECTIONS_FOUND]) / (_PRIOR + sums[DETECTIONS_TOLD])
    return np.minimum(told * whole, np.maximum(told, most))


@njit(cache=True, nogil=True)
def remember(
    experience: Experience, cells: Ints, clutter: Floats, alone: Floats, plots: Plots, view: View
) -> None:
    """Add the false alarms of a look, told and found, to the cells that it swept."""
    if not cells.size:
        return
    own, sums = experience.cells[view.radar], experience.sums[view.radar]
    share = min(view.extent_rad / _FULL_TURN, 1.0) if view.swept == SECTOR else 1.0
    told = view.alarms * share
    keep, each = 1.0 - share / _MEMORY, told / cells.size
    swept = np.zeros(CELLS, dtype=np.bool_)
    for c in cells:
        swept[c] = True
        own[c, TOLD] = own[c, TOLD] * (1.0 - 1.0 / _MEMORY) + each
        own[c, FOUND] *= 1.0 - 1.0 / _MEMORY
    sums *= keep
    sums[ALARMS_TOLD] += told
    for j in range(alone.size):
        c = cell_of(plots.place[j, 0], plots.place[j, 1], view)
        if swept[c]:  # a row beside of what was said to be swept tells of nothing
            false = alone[j] * clutter[j] / (clutter[j] + plots.birth[j])
            own[c, FOUND] += false
            sums[ALARMS_FOUND] += false


@njit(cache=True, nogil=True)
def remember_detections(
    experience: Experience,
    told: Floats,
    shares: Floats,
    existence: Floats,
    missed: Floats,
    confirmed: Ints,
    view: View,
) -> None:
    """Add, for tracks that are sure and were in view, the detections that were told and found."""
    if view.radar < 0 or view.swept == UNKNOWN:
        return
    sums = experience.sums[view.radar]
    for a in range(told.size):
        if confirmed[a] and existence[a] >= _SURE and shares[a] >= _SURE:
            sums[DETECTIONS_TOLD] += existence[a] * told[a]
            sums[DETECTIONS_FOUND] += 1.0 - missed[a]
