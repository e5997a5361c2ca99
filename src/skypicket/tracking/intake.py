"""What is let in: sound rows of sensors that are known, at times that can be believed."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import Column
from skypicket.domain.observations import ORIGIN, ObservationBatch
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.tracking._kernels.tables import Plots
from skypicket.tracking._kernels.words import fold
from skypicket.tracking.births import BirthMap
from skypicket.tracking.claims import callsigns, identities
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.doppler import range_rates
from skypicket.tracking.looks import SCANNING, Look, batch_key, canonical, looks_of
from skypicket.tracking.plots import densities, odds, places_of
from skypicket.tracking.sensing import Sensing

_NO_PLOTS = Plots(
    time_ns=np.zeros(0, dtype=np.int64),
    place=np.zeros((0, 4)),
    noise=np.zeros((0, 7)),
    dims=np.zeros(0, dtype=np.int8),
    velocity=np.zeros((0, 3)),
    sigma_mps=np.zeros(0),
    clutter=np.zeros(0),
    birth=np.zeros(0),
    worth=np.zeros(0),
    fold=np.zeros(0, dtype=np.uint64),
    identity=np.zeros(0, dtype=np.uint64),
    callsign=np.zeros(0, dtype=np.uint64),
    sequence=np.zeros(0, dtype=np.int64),
    offset=np.zeros(0, dtype=np.int64),
)


FLATTEST = 1e-11  # squared ratio of the axes of an error ellipse, below which it is a line
# A radar's own plots lie no farther away than so many times its reach, or than this: a reach that
# is set too short loses none, a radar whose place jumps is noticed.
_REACHES, _NEAR_ENOUGH_M = 2.0, 300_000.0

_OWN_PLOTS = frozenset({"position", "range_azimuth"})


class Key(NamedTuple):
    """The canonical order of looks: time, sensor, content, place in the batch."""

    time_ns: int
    sensor_id: str
    content: bytes
    number: int


class Entry(NamedTuple):
    """A look that was let in, with its place in the order."""

    key: Key
    look: Look


class Intake:
    """Turns batches into looks; counts, by reason, what it does not let in.

    Reasons: `unknown_sensor` (batches); `not_a_number`, `bad_covariance`, `flat_covariance`,
    `far_away`, `beyond_reach`, `ahead_of_receipt`, `repeated_row` (rows); `crowded_scan` (scans
    that begin no tracks).
    """

    def __init__(
        self,
        sensings: Mapping[str, Sensing],
        frame: TheatreFrame,
        config: TrackerConfig,
        births: BirthMap,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._sensings = sensings
        self._frame = frame
        self._config = config
        self._births = births

    def entries(self, batch: ObservationBatch) -> list[Entry]:
        """The looks of a batch, oldest first; none if nothing in it can be used."""
        sensing = self._sensings.get(batch.sensor_id)
        if sensing is None:
            self.counts["unknown_sensor"] += 1
            return []
        batch = canonical(batch)
        plots = self._sound(batch, sensing) if len(batch) else _NO_PLOTS
        if not len(plots.time_ns) and batch.swept is None:
            return []
        if len(plots.time_ns) > self._config.max_rows:
            self.counts["crowded_scan"] += 1
            plots.birth[:] = 0.0
        looks = looks_of(batch, plots, sensing, self._config)
        content = batch_key(batch)
        return [
            Entry(Key(look.view.time_ns, batch.sensor_id, content, number), look)
            for number, look in enumerate(looks)
        ]

    def _plots(self, batch: ObservationBatch, sensing: Sensing) -> Plots:
        with np.errstate(all="ignore"):  # what is no number afterwards is dropped and counted
            places = places_of(batch, sensing, self._frame, self._config)
            rate = range_rates(batch, places, sensing, self._config)
        clutter, birth, worth = densities(batch, sensing, self._config)
        if batch.kind in SCANNING:
            most = clutter * odds(self._config.birth_existence)
            birth = np.minimum(birth * self._births.gain(places.place_m, sensing), most)
        identity, callsign = identities(batch), callsigns(batch)
        return Plots(
            time_ns=batch.time_ns.astype(np.int64) - sensing.delay_ns(batch.kind),
            place=np.column_stack([places.place_m, rate.mps]),
            noise=np.column_stack([places.noise_m2, rate.sigma_mps**2]),
            dims=places.dims,
            velocity=places.velocity_mps,
            sigma_mps=places.sigma_mps,
            clutter=clutter,
            birth=birth,
            worth=worth,
            fold=_fold(batch, identity, callsign),
            identity=identity,
            callsign=callsign,
            sequence=np.array(batch.sequences, dtype=np.int64),
            offset=np.array(batch.offset, dtype=np.int64),
        )

    def _sound(self, batch: ObservationBatch, sensing: Sensing) -> Plots:
        """The rows that can be believed; each other is counted under its first reason."""
        config, plots = self._config, self._plots(batch, sensing)
        bearing = batch.kind == "bearing"
        variances = plots.noise[:, :1] if bearing else plots.noise[:, [0, 2, 5]]
        if batch.kind == "presence":
            variances = plots.noise[:, [0, 2]]
        limit_ns = np.iinfo(np.int64).max
        if batch.received_ns > 0:
            limit_ns = batch.received_ns + round(config.max_ahead_s * NS_PER_S)
        distance = (
            np.zeros(len(batch)) if bearing else np.hypot(plots.place[:, 0], plots.place[:, 1])
        )
        faults = (
            ("not_a_number", ~np.isfinite(plots.place[:, :3]).all(axis=1)),
            ("bad_covariance", ~(np.isfinite(variances) & (variances > 0)).all(axis=1)),
            ("flat_covariance", np.zeros(len(batch), dtype=bool) if bearing else _flat(plots)),
            ("far_away", distance > config.max_distance_m),
            ("beyond_reach", _beyond_reach(batch, plots, sensing)),
            ("ahead_of_receipt", plots.time_ns > limit_ns),
            ("repeated_row", _repeated(plots)),
        )
        sound = np.ones(len(batch), dtype=bool)
        for reason, wrong in faults:
            if (count := int((wrong & sound).sum())) > 0:
                self.counts[reason] += count
                sound &= ~wrong
        return plots if sound.all() else Plots(*(column[sound] for column in plots))


def _flat(plots: Plots) -> Column:
    """Rows whose error ellipse is so thin that arithmetic cannot tell it from a line."""
    east, both, north = plots.noise[:, 0], plots.noise[:, 1], plots.noise[:, 2]
    with np.errstate(all="ignore"):
        flat: Column = east * north - both**2 <= FLATTEST * (east + north) ** 2
    return flat


def _beyond_reach(batch: ObservationBatch, plots: Plots, sensing: Sensing) -> Column:
    """Plots of a radar that are nowhere near where it stands; others say nothing of the sort."""
    if sensing.radar < 0 or batch.kind not in _OWN_PLOTS:
        return np.zeros(len(batch), dtype=bool)
    east_m, north_m = plots.place[:, 0] - sensing.east_m, plots.place[:, 1] - sensing.north_m
    farthest_m = max(_REACHES * sensing.max_range_m, _NEAR_ENOUGH_M)
    beyond: Column = np.hypot(east_m, north_m) > farthest_m
    return beyond


def _repeated(plots: Plots) -> Column:
    """Rows that say word for word what the row before them says."""
    again = np.zeros(len(plots.fold), dtype=bool)
    again[1:] = plots.fold[1:] == plots.fold[:-1]
    return again


def _fold(batch: ObservationBatch, identity: Column, callsign: Column) -> Column:
    """A hash of all that each row says."""
    names = sorted(name for name in batch.columns if name not in ORIGIN)
    words = np.empty((len(batch), len(names) + 2), dtype=np.uint64)
    for place, name in enumerate(names):
        words[:, place] = np.ascontiguousarray(batch.columns[name]).view(np.uint64)
    words[:, -2], words[:, -1] = identity, callsign
    return fold(words)
