"""Compiling the kernels before they are needed."""

import numpy as np

from skypicket.domain.contracts import Tick
from skypicket.domain.observations import SweptSector, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import track_ids
from skypicket.geo.frame import TheatreFrame
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.tracker import Tracker


def warm_up() -> None:
    """Run a made-up scan through every kernel, so that they are compiled and in numba's cache.

    The first time on a machine this takes some tens of seconds, afterwards well under one.

    >>> warm_up()
    """
    sensor = Sensor(id="warm-up", kind="radar", lat_deg=55.0, lon_deg=24.0)
    tracker = Tracker(TrackerConfig(), {sensor.id: sensor}, TheatreFrame(55.0, 24.0))
    for turn in range(3):
        time_ns = (1 + 4 * turn) * NS_PER_S
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=50_000.0,
            from_ns=time_ns - 1, to_ns=time_ns,
        )  # fmt: skip
        columns = {"range_m": [20_000.0], "azimuth_deg": [45.0]}
        columns |= {"sigma_range_m": [50.0], "sigma_azimuth_deg": [0.2]}
        scan = batch_of("range_azimuth", sensor.id, np.array([time_ns]), columns, swept=swept)
        tracker.step(scan)
    (picture,) = tracker.step(Tick(time_ns=20 * NS_PER_S))
    tracker.smoothed(track_ids(picture.columns["track_key"])[0])
