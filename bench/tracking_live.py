"""A steady live load: many tracks, several radars, sector by sector."""

from collections.abc import Iterator

import numpy as np

from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame

FRAME = TheatreFrame(55.0, 24.0)
SECTORS = 16
PERIOD_S = 4.0
REACH_M = 150_000.0
_START_NS = 1_753_667_760_000_000_000


def radars(count: int) -> dict[str, Sensor]:
    """Radars side by side, all reaching over the whole square."""
    chance = np.random.default_rng(5)
    lat, lon = FRAME.to_geodetic(*chance.uniform(-40_000, 40_000, (2, count)))
    return {
        f"R{n}": Sensor(
            id=f"R{n}", kind="radar", lat_deg=float(lat[n]), lon_deg=float(lon[n]),
            max_range_m=REACH_M, period_s=PERIOD_S, false_alarms_per_scan=50.0,
            detection=ConstantDetection(probability=0.9),
        )
        for n in range(count)
    }  # fmt: skip


def sectors(
    sensors: dict[str, Sensor], objects: int, seconds: float, seed: int
) -> Iterator[ObservationBatch]:
    """Sector batches in the order of their end, with the radars out of step."""
    chance = np.random.default_rng(seed)
    place = chance.uniform(-70_000, 70_000, (objects, 2))
    speed = chance.uniform(20, 90, objects)
    course = chance.uniform(0, 2 * np.pi, objects)
    velocity = speed[:, None] * np.column_stack([np.sin(course), np.cos(course)])
    step_s = PERIOD_S / SECTORS
    width = 2 * np.pi / SECTORS
    ids = sorted(sensors)
    own = {i: np.array(FRAME.to_plane(sensors[i].lat_deg, sensors[i].lon_deg)) for i in ids}
    turn = {i: np.radians(FRAME.convergence_deg(sensors[i].lat_deg, sensors[i].lon_deg)) for i in ids}
    for number in range(int(seconds / step_s)):
        for phase, sensor_id in enumerate(ids):
            end_s = (number + 1 + phase / len(ids)) * step_s
            sector = number % SECTORS
            away = place + velocity * end_s - own[sensor_id]
            azimuth = np.arctan2(away[:, 0], away[:, 1]) + turn[sensor_id]
            inside = (azimuth % (2 * np.pi)) // width == sector
            inside &= chance.random(objects) < 0.9
            alarms = chance.poisson(50 / SECTORS)
            ranges = np.hypot(*away[inside].T) + 40 * chance.standard_normal(inside.sum())
            azimuths = azimuth[inside] + np.radians(0.1) * chance.standard_normal(inside.sum())
            ranges = np.append(ranges, REACH_M * np.sqrt(chance.random(alarms)))
            azimuths = np.append(azimuths, (sector + chance.random(alarms)) * width)
            end_ns = _START_NS + round(end_s * 1e9)
            count = len(ranges)
            yield batch_of(
                "range_azimuth", sensor_id, np.full(count, end_ns),
                {
                    "range_m": np.hypot(ranges, 500.0), "azimuth_deg": np.degrees(azimuths) % 360,
                    "sigma_range_m": np.full(count, 40.0), "sigma_azimuth_deg": np.full(count, 0.1),
                    "alt_m": np.full(count, 500.0), "sigma_alt_m": np.full(count, 50.0),
                },
                swept=SweptSector(
                    start_azimuth_deg=sector * 360 / SECTORS, extent_deg=360 / SECTORS,
                    min_range_m=0.0, max_range_m=REACH_M,
                    from_ns=end_ns - round(step_s * 1e9), to_ns=end_ns,
                ),
            )  # fmt: skip
