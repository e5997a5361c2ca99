"""The filter itself: one look after the other into the track table."""

import math
from copy import copy

import numpy as np

from skypicket.domain.noun import FloatColumn
from skypicket.domain.times import NS_PER_S
from skypicket.physics.detection import DetectionField
from skypicket.tracking._kernels.absorb import absorb
from skypicket.tracking._kernels.experience import swept_cells
from skypicket.tracking._kernels.registration import AZIMUTH, BIASES, TIME, put_right
from skypicket.tracking._kernels.select import touched
from skypicket.tracking._kernels.tables import FREE, Knobs
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.looks import Look
from skypicket.tracking.registration import settle
from skypicket.tracking.table import Table, Undo

_MOST_DETECTION = 0.99  # no sensor is so good that one silence disproves an object
_NONE = np.zeros(BIASES)


class PoissonFilter:
    """A track-oriented Poisson multi-Bernoulli filter over looks in the order of time.

    Each track has its own state time; a look touches only those that it can say something about.
    Method: J. L. Williams, "Marginal multi-Bernoulli filters", IEEE Trans. AES 51 (2015), with one
    Gaussian per track, and belief propagation for the association probabilities.
    """

    def __init__(self, config: TrackerConfig, field: DetectionField, sites_m: FloatColumn) -> None:
        self.table = Table(sites_m)
        self._field = field
        self._knobs = knobs_of(config)

    def over(self, table: Table) -> "PoissonFilter":
        """The same filter over another table."""
        other = copy(self)
        other.table = table
        return other

    def absorb(self, look: Look) -> Undo:
        """Take one look in, and return what takes it back out."""
        table, knobs, said = self.table, self._knobs, look.plots
        look = self._put_right(look)
        found = touched(table.tracks, table.used, look.plots, look.view, knobs)
        cells = swept_cells(look.view)
        step = table.save(np.concatenate([found.rows, found.overdue]), look.view.radar, cells)
        table.tracks.life[found.overdue] = FREE
        table.reserve(len(look.plots.dims))
        begun = absorb(
            table.tracks, table.modes, table.experience, table.comparisons, cells, found.rows,
            found.free, table.used, found.shares, self._detection(look, found.places), said,
            look.plots, look.view, knobs,
        )  # fmt: skip
        settle(table.comparisons)
        table.used = max(table.used, int(begun.max()) + 1 if len(begun) else 0)
        return step._replace(begun=begun)

    def _put_right(self, look: Look) -> Look:
        """The look without what is known of its radar's biases."""
        bias = self.table.comparisons.applied[look.view.radar] if look.view.radar >= 0 else _NONE
        if not bias.any():
            return look
        place, time_ns = put_right(look.plots, look.view, bias)
        view = look.view._replace(
            time_ns=look.view.time_ns - round(bias[TIME] * NS_PER_S),
            start_rad=look.view.start_rad - bias[AZIMUTH],
        )
        return look._replace(plots=look.plots._replace(place=place, time_ns=time_ns), view=view)

    def _detection(self, look: Look, places: FloatColumn) -> FloatColumn:
        """P(detect) of the look for objects at `places` (k, 3)."""
        if not math.isnan(look.told_probability):
            return np.full(len(places), look.told_probability)
        if not len(places):
            return np.zeros(0)
        once = self._field.probability(look.sensor_id, *places.T)
        return np.fmax(np.minimum(once, _MOST_DETECTION), 0.0)  # fmax: NaN counts as blind


def knobs_of(config: TrackerConfig) -> Knobs:
    """The settings that kernels use."""
    slow = config.birth_slow_share
    return Knobs(
        q=float(config.horizontal_q_m2ps3),
        q_up=float(config.vertical_q_m2ps3),
        mode_q=np.array([config.steady_q_m2ps3, config.turning_q_m2ps3, config.drifting_q_m2ps3]),
        mode_share=np.array(
            [
                1.0 - config.turning_share - config.drifting_share,
                config.turning_share,
                config.drifting_share,
            ]
        ),
        mode_s=float(config.mode_s),
        drift_s=float(config.drift_s),
        wind_east_mps=float(config.wind_east_mps),
        wind_north_mps=float(config.wind_north_mps),
        branch_count=float(config.branch_count),
        gate_d2=float(config.gate_d2),
        identity_gate_d2=float(config.identity_gate_d2),
        sweeps=config.sweeps,
        survival_s=float(config.survival_s),
        detection_floor=float(config.detection_floor),
        most_detection=_MOST_DETECTION,
        birth_slow_share=float(slow),
        birth_slow_mps=float(config.birth_slow_mps),
        birth_fast_mps=float(config.birth_fast_mps),
        birth_sigma_mps=math.sqrt(
            slow * config.birth_slow_mps**2 + (1.0 - slow) * config.birth_fast_mps**2
        ),
        birth_alt_m=float(config.birth_alt_m),
        birth_sigma_alt_m=float(config.birth_sigma_alt_m),
        prune=float(config.prune_existence),
        confirm=float(config.confirm_existence),
        confirm_count=float(config.confirm_count),
        drop=float(config.drop_existence),
        max_existence=float(config.max_existence),
        keep_lost_s=float(config.keep_lost_s),
        tail_share=float(config.sighting_tail_share),
        tail_factor=float(config.sighting_tail_factor) ** 2,
    )
