"""Tracking a whole file: scans in the order of their time, the picture after each."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import msgspec
import numpy as np

from skypicket.domain.errors import InputError
from skypicket.domain.noun import Column
from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import geodetic_to_polar
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.looks import SCANNING, batch_key
from skypicket.tracking.tracker import Tracker

_WHOLE_TURN_DEG = 360.0
_ONE_DIRECTION_DEG = 3.0  # what an antenna turns by while plots still get one time
_TURN_TOLERANCE_DEG = 12.0  # by which an antenna may be beside where its period says
_BESIDE_DEG = 0.3  # so that what lies just behind a plot belongs to its piece of the turn


# A file is there as a whole: nothing in it is late, and no gap in its times is a fault.
OFFLINE = TrackerConfig(window_scans=1.0, window_s=0.0, max_jump_s=1e12)


def theatre_of(sensors: Mapping[str, Sensor]) -> TheatreFrame:
    """A theatre in the middle of the sensors.

    Raises:
        InputError: there are none.
    """
    if not sensors:
        raise InputError("There is no sensor to place a theatre by. Add a [[sensors]] table.")
    places = [(sensor.lat_deg, sensor.lon_deg) for sensor in sensors.values()]
    lat_deg, lon_deg = np.mean(places, axis=0)
    return TheatreFrame(float(lat_deg), float(lon_deg))


def whole_turn(batch: ObservationBatch, sensor: Sensor) -> ObservationBatch:
    """The batch with the radar's whole disc as swept, where it is a scan and says nothing of it.

    In a file of observations the rows that share sensor and time are one scan, so that a radar's
    silence towards everything else in its reach is known.
    """
    if batch.swept is not None or sensor.kind != "radar" or batch.kind not in SCANNING:
        return batch
    sensor = with_defaults(sensor)
    assert sensor.min_range_m is not None
    assert sensor.max_range_m is not None
    assert sensor.period_s is not None
    until_ns = int(batch.time_ns.max())
    swept = SweptSector(
        start_azimuth_deg=0.0,
        extent_deg=_WHOLE_TURN_DEG,
        min_range_m=sensor.min_range_m,
        max_range_m=sensor.max_range_m,
        from_ns=until_ns - round(sensor.period_s * NS_PER_S),
        to_ns=until_ns,
    )
    return msgspec.structs.replace(batch, swept=swept)


class Turning:
    """What each radar's antenna swept before each of its scans, taken in order of their time.

    A scan whose rows lie in one direction, where the antenna must have turned to since the last
    one, is a piece of a turn: it swept what lies between the two. Such are the records of a
    rotating radar, each with its own time. Any other scan is a whole turn.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[int, float]] = {}  # time and direction of the last plots

    def swept(self, batch: ObservationBatch, sensor: Sensor) -> ObservationBatch:
        """The batch with what was swept for it, where it is a radar's scan and says nothing."""
        turned = whole_turn(batch, sensor)
        if turned.swept is batch.swept or not isinstance(turned.swept, SweptSector):
            return batch
        toward_deg = _direction_deg(batch, sensor)
        last = self._last.pop(batch.sensor_id, None)
        if toward_deg is None:
            return turned
        time_ns = int(batch.time_ns.max())
        self._last[batch.sensor_id] = (time_ns, toward_deg)
        if last is None:
            return turned
        period_ns = turned.swept.to_ns - turned.swept.from_ns
        expected_deg = _WHOLE_TURN_DEG * (time_ns - last[0]) / period_ns
        beside_deg = (toward_deg - last[1] - expected_deg + 180.0) % _WHOLE_TURN_DEG - 180.0
        extent_deg = expected_deg + beside_deg
        if abs(beside_deg) > _TURN_TOLERANCE_DEG or extent_deg >= _WHOLE_TURN_DEG:
            return turned
        piece = msgspec.structs.replace(
            turned.swept,
            start_azimuth_deg=(last[1] + _BESIDE_DEG) % _WHOLE_TURN_DEG,
            extent_deg=max(extent_deg, 0.0),
            from_ns=last[0],
        )
        return msgspec.structs.replace(batch, swept=piece)


def _direction_deg(batch: ObservationBatch, sensor: Sensor) -> float | None:
    """The azimuth in which all rows lie, that of the last one; None if they lie all round."""
    if batch.kind == "range_azimuth":
        azimuth_deg = batch.column("azimuth_deg")
    else:
        here = (sensor.lat_deg, sensor.lon_deg, 0.0)
        there = (batch.column("lat_deg"), batch.column("lon_deg"), np.zeros(len(batch)))
        azimuth_deg = geodetic_to_polar(*here, *there)[1]
    beside_deg = (azimuth_deg - azimuth_deg[0] + 180.0) % _WHOLE_TURN_DEG - 180.0
    if float(np.ptp(beside_deg)) > _ONE_DIRECTION_DEG:
        return None
    return float((azimuth_deg[0] + beside_deg.max()) % _WHOLE_TURN_DEG)


def in_order(batches: Iterable[ObservationBatch]) -> list[ObservationBatch]:
    """The scans by time, then sensor, then content, however the file had them."""
    return sorted(
        (batch for batch in batches if len(batch)),
        key=lambda batch: (int(batch.time_ns.max()), batch.sensor_id, batch_key(batch)),
    )


def filtered(
    batches: Iterable[ObservationBatch],
    sensors: Mapping[str, Sensor],
    frame: TheatreFrame,
    config: TrackerConfig,
) -> Iterator[TrackBatch]:
    """As `pictures`, by a tracker of its own."""
    return pictures(batches, sensors, Tracker(config, sensors, frame))


def pictures(
    batches: Iterable[ObservationBatch], sensors: Mapping[str, Sensor], tracker: Tracker
) -> Iterator[TrackBatch]:
    """After each scan time, the tracks shown then (confirmed or coasting), of scans until then.

    `batches` as `in_order` gives them. Scans of the same time are worked together and shown once.
    Where a time has only self-reports, which come one by one, the tracks that they touched are
    shown and not the whole picture.
    """
    turning = Turning()
    for time_ns, scans in groupby(batches, key=lambda batch: int(batch.time_ns.max())):
        touched: list[TrackBatch] = []
        reports_only = True
        for scan in scans:
            sensor = sensors.get(scan.sensor_id)
            reports_only &= scan.kind == "self_report"
            touched += tracker.step(scan if sensor is None else turning.swept(scan, sensor))
        picture = tracker.picture(time_ns)
        if reports_only:
            keys = [batch.columns["track_key"] for batch in touched]
            said = np.concatenate(keys) if keys else np.zeros(0, dtype=np.uint64)
            picture = picture.take(np.isin(picture.columns["track_key"], said))
        yield picture.take(_alive(picture))


def _alive(picture: TrackBatch) -> Column:
    return np.isin(picture.columns["state"], (TrackState.CONFIRMED, TrackState.COASTING))
