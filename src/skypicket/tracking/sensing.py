"""What the tracker knows of each sensor, worked out once: place, reach, false alarms, patience."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from skypicket.domain.observations import Kind
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.hearing import Hearing, hearing

SQUARE_KM_M2 = 1e6
# Kinds that listen or look by themselves all the time: their silence repeats itself.
CONTINUOUS = frozenset({"acoustic", "rf", "camera", "person"})
SCANNING_KIND = "radar"  # what such sensors miss and find by mistake is learned
_BY_EAR: frozenset[Kind] = frozenset({"presence", "bearing"})  # what nodes say
_LEAST_CLUTTER_PER_M2 = 1e-15  # so that no measurement is ever beyond doubt


class Sensing(NamedTuple):
    """A sensor in the theatre plane. Distances are plane metres, densities per m²."""

    number: int
    sensor: Sensor
    east_m: float
    north_m: float
    convergence_deg: float
    antenna_alt_m: float
    geoid_m: float
    min_range_m: float
    max_range_m: float
    period_s: float
    hearing: Hearing
    clutter_per_m2: float
    alarms_per_scan: float
    continuous: bool
    radar: int  # its number among those that scan, -1 for others

    def delay_ns(self, kind: Kind) -> int:
        """How long, on average, what it says of the air was under way as sound."""
        return round(self.hearing.delay_s * NS_PER_S) if kind in _BY_EAR else 0


class Patience(NamedTuple):
    """How long a track lives on one support: until it coasts, and until it is lost (s)."""

    coast_s: float
    lost_s: float


def sensings(
    sensors: Mapping[str, Sensor], frame: TheatreFrame, geoid_m: float, field: DetectionField
) -> dict[str, Sensing]:
    """Each sensor by id; the number is its place among the sorted ids, the same in every run."""
    known = sorted(sensors)
    scanning = [sensor_id for sensor_id in known if sensors[sensor_id].kind == SCANNING_KIND]
    radars = {sensor_id: number for number, sensor_id in enumerate(scanning)}
    return {
        sensor_id: _sensing(
            number,
            with_defaults(sensors[sensor_id]),
            frame,
            geoid_m,
            hearing(sensors[sensor_id], frame, field),
        )._replace(radar=radars.get(sensor_id, -1))
        for number, sensor_id in enumerate(known)
    }


def count_radars(sensings: Mapping[str, Sensing]) -> int:
    """How many of the sensors scan."""
    return sum(sensing.radar >= 0 for sensing in sensings.values())


def patience(kind: Kind, sensing: Sensing, config: TrackerConfig) -> Patience:
    """How long what this sensor supports is waited for."""
    if kind == "sighting":
        return Patience(config.lost_after_told_s / 3, config.lost_after_told_s)
    if kind == "presence" or (kind == "bearing" and sensing.continuous):
        return Patience(config.lost_after_heard_s / 3, config.lost_after_heard_s)
    lost_s = max(config.lost_after_s, config.lost_after_periods * sensing.period_s)
    return Patience(config.coast_periods * sensing.period_s, lost_s)


def _sensing(
    number: int, sensor: Sensor, frame: TheatreFrame, geoid_m: float, heard: Hearing
) -> Sensing:
    assert sensor.max_range_m is not None
    assert sensor.min_range_m is not None
    assert sensor.period_s is not None
    assert sensor.false_alarms_per_scan is not None
    east_m, north_m = frame.to_plane(sensor.lat_deg, sensor.lon_deg)
    scale = float(frame.scale(sensor.lat_deg, sensor.lon_deg))
    disc_m2 = math.pi * (sensor.max_range_m**2 - sensor.min_range_m**2)
    return Sensing(
        number=number,
        sensor=sensor,
        east_m=float(east_m),
        north_m=float(north_m),
        convergence_deg=float(frame.convergence_deg(sensor.lat_deg, sensor.lon_deg)),
        antenna_alt_m=sensor.ground_amsl_m + sensor.mast_m + geoid_m,
        geoid_m=geoid_m,
        min_range_m=sensor.min_range_m * scale,
        max_range_m=sensor.max_range_m * scale,
        period_s=float(sensor.period_s),
        hearing=heard,
        clutter_per_m2=max(sensor.false_alarms_per_scan / max(disc_m2, 1.0), _LEAST_CLUTTER_PER_M2),
        alarms_per_scan=float(sensor.false_alarms_per_scan),
        continuous=sensor.kind in CONTINUOUS,
        radar=-1,
    )
