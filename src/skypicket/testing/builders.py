"""Small nouns for tests: say what matters, the rest has a sensible value."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.sensors import Sensor, with_defaults

NIGHT_NS = 1_753_667_760_000_000_000  # 28 July 2025, 04:56 in Vilnius
_VILNIUS = {"lat_deg": 54.6872, "lon_deg": 25.2797}


def radar(sensor_id: str = "R1", **fields: Any) -> Sensor:
    """A radar in Vilnius with the defaults of its kind; `fields` are those of `Sensor`.

    >>> radar(period_s=10.0).period_s, radar().max_range_m
    (10.0, 100000.0)
    """
    settings = {"kind": "radar", **_VILNIUS, **fields}
    return with_defaults(msgspec.convert({"id": sensor_id, "noun": "Sensor", **settings}, Sensor))


def plot_batch(
    places: Sequence[tuple[float, float]],
    *,
    sensor_id: str = "R1",
    time_ns: int | Sequence[int] = NIGHT_NS,
    sigma_m: float = 40.0,
    **fields: Any,
) -> ObservationBatch:
    """Plots of one scan at (latitude, longitude) in degrees; one time, or one per plot.

    `fields` are the other fields of `ObservationBatch`, for instance `swept`.

    >>> len(plot_batch([(54.7, 25.3), (54.8, 25.4)])), len(plot_batch([]))
    (2, 0)
    """
    lat_lon = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    columns = {
        "lat_deg": lat_lon[:, 0],
        "lon_deg": lat_lon[:, 1],
        "sigma_m": np.full(len(lat_lon), sigma_m),
    }
    times = np.broadcast_to(np.asarray(time_ns, dtype=np.int64), len(lat_lon)).copy()
    return batch_of("position", sensor_id, times, columns, **fields)


def sighting(
    lat_deg: float, lon_deg: float, time_ns: int = NIGHT_NS, **values: float
) -> ObservationBatch:
    """One person who saw or heard something; `values` are other columns of a sighting.

    Unless said otherwise it is first-hand, 2 km and one minute uncertain, and of sensor `person`.

    >>> sighting(54.7, 25.3, course_deg=310.0).column("course_deg")
    array([310.])
    """
    said = {"sigma_m": 2_000.0, "sigma_time_s": 60.0, "first_hand": 1.0, **values}
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, **said}
    return batch_of(
        "sighting",
        "person",
        np.array([time_ns]),
        {name: np.array([value]) for name, value in columns.items()},
        received_ns=time_ns,
    )
