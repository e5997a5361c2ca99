"""Doppler: how fast what a radar sees moves away from it along the ground."""

from typing import NamedTuple

import numpy as np

from skypicket.domain.noun import FloatColumn
from skypicket.domain.observations import ObservationBatch
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.plots import Places
from skypicket.tracking.sensing import Sensing

_STEEPEST = 1.2  # slant range over ground range, above which climb and height blur the speed
_ASIDE_MPS = 100.0  # speed across the line of sight, part of which a wrong azimuth turns into it


class RangeRate(NamedTuple):
    """Speed away from the sensor along the ground and its error, NaN where none is known."""

    mps: FloatColumn
    sigma_mps: FloatColumn


def range_rates(
    batch: ObservationBatch, places: Places, sensing: Sensing, config: TrackerConfig
) -> RangeRate:
    """The Doppler speed of every row, as `doppler` says that its sign is to be read.

    Level flight is assumed: the slant speed is laid on the ground like the slant range.
    """
    radial_mps = batch.column("radial_mps")
    if config.doppler == "unused" or np.isnan(radial_mps).all():
        nothing = np.full(len(batch), np.nan)
        return RangeRate(nothing, nothing)
    if config.doppler == "towards":
        radial_mps = -radial_mps
    away = places.place_m[:, :2] - (sensing.east_m, sensing.north_m)
    ground2 = np.maximum((away**2).sum(axis=1), 1.0)
    slope = np.fmax(batch.column("range_m") / np.sqrt(ground2), 1.0)  # fmax: 1 without a range
    aside = _ASIDE_MPS**2 * (places.noise_m2[:, 0] + places.noise_m2[:, 2]) / ground2
    variance = (slope * config.doppler_sigma_mps) ** 2 + aside
    usable = np.isfinite(radial_mps) & (slope < _STEEPEST) & np.isfinite(variance)
    return RangeRate(
        np.where(usable, slope * radial_mps, np.nan), np.where(usable, np.sqrt(variance), np.nan)
    )
