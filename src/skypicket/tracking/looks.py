"""An observation batch as looks: what the filter takes in one go, in canonical order."""

import math
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from skypicket.domain.noun import Column, IntColumn
from skypicket.domain.observations import ORIGIN, Kind, ObservationBatch, SweptInterval, SweptSector
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import Basis
from skypicket.tracking._kernels.tables import (
    ALL_ROUND,
    NARROW,
    PRESENCE,
    SECTOR,
    TOLD,
    UNKNOWN,
    Plots,
    View,
)
from skypicket.tracking.claims import word
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.sensing import Sensing, patience

# Kinds in which one scan says each object at most once.
SCANNING = frozenset({"position", "range_azimuth", "sensor_track"})
# P(detect) for association where the sensor's place says nothing about where it hears.
_TOLD: dict[Kind, float] = {"sighting": 0.5, "self_report": 0.9, "sensor_track": 0.8}
_WIDE: dict[Kind, int] = {"presence": PRESENCE, "sighting": TOLD}
_SCAN = 1_000  # what a whole scan counts in the window, in thousandths
_MESSAGE = 15  # what a message that is no scan counts
_TURN_SHARE = 0.9  # of the period: rows so far apart are of different turns


class Look(NamedTuple):
    """Rows that count as one look of one sensor, and the view that it had.

    `told_probability` is P(detect) where the kind says it by itself, NaN where the detection field
    is asked;
    `milliscans` how much of the late-data window it takes.
    """

    plots: Plots
    view: View
    sensor_id: str
    told_probability: float
    milliscans: int


def canonical(batch: ObservationBatch) -> ObservationBatch:
    """The batch with its rows in an order that depends only on what they say.

    >>> from skypicket.testing import plot_batch
    >>> canonical(plot_batch([(55.0, 25.0), (54.0, 25.0)])).column("lat_deg").tolist()
    [54.0, 55.0]
    """
    if len(batch) < 2:
        return batch
    names = sorted(name for name in batch.columns if name != "time_ns" and name not in ORIGIN)
    keys: list[Column] = [batch.offset, batch.sequences]
    keys += [batch.claims[name] for name in sorted(batch.claims)]
    keys += [batch.columns[name] for name in reversed(names)]
    first = (*keys[-2:], batch.time_ns)  # seldom equal in two rows: then the rest need no sorting
    order = np.lexsort(first)
    with np.errstate(invalid="ignore"):  # infinite values tell nothing apart
        apart = np.logical_or.reduce([np.abs(np.diff(key[order])) > 0 for key in first])
    return batch.take(order if apart.all() else np.lexsort((*keys, batch.time_ns)))


def batch_key(batch: ObservationBatch) -> bytes:
    """What tells a batch from every other: its content, and where it looked."""
    if batch.swept is None:
        return batch.content_key()
    return blake2b(batch.content_key() + repr(batch.swept).encode(), digest_size=16).digest()


def looks_of(
    batch: ObservationBatch, plots: Plots, sensing: Sensing, config: TrackerConfig
) -> Iterator[Look]:
    """The looks in a batch, given its sound rows in canonical order.

    A scan stays whole; what is said one by one (self-reports of one aircraft, reports of people,
    presence, bearings) becomes a look each. What the batch swept belongs to its last look.
    """
    slices = _slices(batch.kind, plots, sensing)
    silence = _silence(batch, sensing, config)
    told = _TOLD.get(batch.kind, math.nan)
    for number, rows in enumerate(slices):
        part = plots if len(slices) == 1 else Plots(*(column[rows] for column in plots))
        view = _view(batch, part, sensing, config)
        if number == len(slices) - 1:
            view = view._replace(**silence)
        yield Look(part, view, batch.sensor_id, told, _milliscans(batch.kind, view))


def _slices(kind: Kind, plots: Plots, sensing: Sensing) -> list[Any]:
    """What picks the rows of each look, oldest first; one empty look if there are no rows."""
    count = len(plots.time_ns)
    if count == 0:
        return [slice(0, 0)]
    if kind in SCANNING:
        return _turns(plots.time_ns, max(round(_TURN_SHARE * sensing.period_s * NS_PER_S), 1))
    if kind == "self_report":
        return _rounds(plots.identity, plots.time_ns)
    return [slice(row, row + 1) for row in range(count)]


def _turns(time_ns: IntColumn, turn_ns: int) -> list[Any]:
    starts = [0]
    while (end := int(np.searchsorted(time_ns, time_ns[starts[-1]] + turn_ns))) < len(time_ns):
        starts.append(end)
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], len(time_ns)], strict=True)]


def _rounds(identity: Column, time_ns: IntColumn) -> list[Any]:
    """Rows in which each identity speaks once; what has none, by its time."""
    nth = np.zeros(len(identity), dtype=np.int64)
    spoken: dict[int, int] = {}
    for row, name in enumerate(identity.tolist()):
        if name:
            nth[row] = spoken.get(name, 0)
            spoken[name] = int(nth[row]) + 1
    nameless = identity == 0
    nth[nameless] = np.unique(time_ns[nameless], return_inverse=True)[1]
    order = np.argsort(nth, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(nth[order])) + 1)


def _view(batch: ObservationBatch, plots: Plots, sensing: Sensing, config: TrackerConfig) -> View:
    waits = patience(batch.kind, sensing, config)
    delay_ns = sensing.delay_ns(batch.kind)
    return View(
        time_ns=int(plots.time_ns.max()) + delay_ns if len(plots.time_ns) else 0,
        delay_ns=delay_ns,
        sensor=sensing.number,
        basis=int(Basis.CLAIMED if batch.kind == "self_report" else Basis.MEASURED),
        swept=UNKNOWN,
        wide=_WIDE.get(batch.kind, NARROW),
        east_m=sensing.east_m,
        north_m=sensing.north_m,
        start_rad=0.0,
        extent_rad=0.0,
        min_m=sensing.min_range_m,
        max_m=sensing.max_range_m,
        patience_s=waits.lost_s,
        coast_s=waits.coast_s,
        correlation_s=_correlation_s(batch.kind, config),
        misses=0.0,
        key=word(batch.sensor_id) >> 1,  # so that it fits a signed word
        radar=sensing.radar if config.learn and batch.kind in SCANNING else -1,
        alarms=sensing.alarms_per_scan,
        least_m=sensing.min_range_m,
        reach_m=sensing.max_range_m,
    )


def _correlation_s(kind: Kind, config: TrackerConfig) -> float:
    """How long what a sensor says of one object has one error; 0 where each word has its own."""
    match kind:
        case "presence":
            return config.presence_correlation_s
        case "sensor_track":
            return config.foreign_correlation_s
        case _:
            return 0.0


def _silence(batch: ObservationBatch, sensing: Sensing, config: TrackerConfig) -> dict[str, Any]:
    """The part of the view that says where silence means something, and how much."""
    swept = batch.swept
    if swept is None:
        return {}
    until_ns = max(swept.to_ns, int(batch.time_ns.max())) if len(batch) else swept.to_ns
    misses = 1.0
    if sensing.continuous:
        span_s = max(swept.to_ns - swept.from_ns, 0) / NS_PER_S
        misses = min(span_s / config.silence_correlation_s, 1.0)
    said: dict[str, Any] = {"time_ns": until_ns, "misses": misses, "swept": ALL_ROUND}
    match swept:
        case SweptSector():
            start_deg = swept.start_azimuth_deg - sensing.convergence_deg
            said |= {
                "swept": ALL_ROUND if swept.extent_deg >= 360.0 else SECTOR,
                "start_rad": math.radians(start_deg),
                "extent_rad": math.radians(swept.extent_deg),
                "min_m": max(float(swept.min_range_m), sensing.min_range_m),
                "max_m": min(float(swept.max_range_m), sensing.max_range_m),
            }
        case SweptInterval():
            pass
    return said


def _milliscans(kind: Kind, view: View) -> int:
    if view.swept == SECTOR:
        return round(_SCAN * min(view.extent_rad / (2 * math.pi), 1.0))
    return _SCAN if kind in SCANNING else _MESSAGE
