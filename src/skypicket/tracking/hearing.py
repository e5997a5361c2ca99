"""How far off what a node hears is, and when the sound of it left."""

from typing import NamedTuple

import numpy as np

from skypicket.domain.sensors import DEFAULTS, Sensor, with_defaults
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.physics.sound import speed_of_sound_mps

_RINGS = 64


class Hearing(NamedTuple):
    """Where something is of which a node only says that it is near, and how old that word is.

    `delay_s` is the mean way of the sound from there, with its standard deviation; 0 where the
    node does not listen to sound.
    """

    sigma_m: float
    away_m: float
    delay_s: float
    delay_sigma_s: float


def hearing(sensor: Sensor, frame: TheatreFrame, field: DetectionField) -> Hearing:
    """The moments of the disc round a node, each ring weighed by how probably it is heard there.

    A file that gives the node a `sigma_m` of its own is believed. Where P(detect) is the same up
    to the radius R, the variance is R²/4 along each axis.
    """
    sensor = with_defaults(sensor)
    assert sensor.max_range_m is not None
    assert sensor.sigma_m is not None
    radii_m = sensor.max_range_m * (np.arange(_RINGS) + 0.5) / _RINGS
    scale = float(frame.scale(sensor.lat_deg, sensor.lon_deg))
    east_m, north_m = frame.to_plane(sensor.lat_deg, sensor.lon_deg)
    heard = field.probability(sensor.id, east_m + radii_m * scale, float(north_m), np.nan)
    weights = np.where(heard > 0.0, heard, 0.0) * radii_m
    if not weights.any():  # deaf by its model: what it hears all the same may be anywhere in reach
        weights = radii_m
    mean, square = (float(np.average(radii_m**power, weights=weights)) for power in (1, 2))
    sigma_m = float(np.sqrt(0.5 * square))
    if sensor.sigma_m != DEFAULTS[sensor.kind].sigma_m:
        sigma_m = sensor.sigma_m
    if sensor.kind != "acoustic":
        return Hearing(sigma_m, mean, 0.0, 0.0)
    sound_mps = speed_of_sound_mps()
    spread = float(np.sqrt(max(square - mean**2, 0.0)))
    return Hearing(sigma_m, mean, mean / sound_mps, spread / sound_mps)
