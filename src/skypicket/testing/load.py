"""A sky full of objects, as radars and ADS-B receivers would send it; for load tests."""

import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from skypicket import formats
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import geodetic_to_polar

SECTORS = 32
FRAME = TheatreFrame(55.0, 24.5)
RADARS = (
    with_defaults(Sensor(id="25/1", kind="radar", lat_deg=55.0, lon_deg=24.0, max_range_m=200_000)),
    with_defaults(Sensor(id="25/2", kind="radar", lat_deg=55.2, lon_deg=25.0, max_range_m=200_000)),
)
ADSB = with_defaults(Sensor(id="adsb", kind="adsb", lat_deg=55.0, lon_deg=24.5))
DESK = with_defaults(Sensor(id="desk", kind="person", lat_deg=55.0, lon_deg=24.5))


class Datagram(NamedTuple):
    """When to send what where; `rows` observations are in it."""

    at_s: float
    source: str
    payload: bytes
    rows: int


class Sky:
    """Objects on straight lines; the same objects for every radar and for ADS-B."""

    def __init__(self, count: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.at = rng.uniform(-90_000, 90_000, (count, 2))
        course = rng.uniform(0, 2 * np.pi, count)
        self.speed = rng.uniform(20, 80, count)[:, None] * np.c_[np.sin(course), np.cos(course)]
        self.rng = rng

    def radar(self, radar: Sensor, begin_ns: int, from_s: float, to_s: float) -> Iterator[Datagram]:
        """One radar's datagrams, sector by sector."""
        load = formats.load("asterix")
        assert radar.period_s is not None
        step_s = radar.period_s / SECTORS
        source = "r1" if radar.id == "25/1" else "r2"
        for number in range(int(from_s / step_s), int(to_s / step_s)):
            at_s = (number + 1) * step_s
            sector = self._sector(radar, number % SECTORS, begin_ns, (number * step_s, at_s))
            messages = load.encode(sector, radar)
            for index, message in enumerate(messages):
                rows = len(sector) if index == len(messages) - 1 else 0
                yield Datagram(at_s, source, message.payload, rows)

    def _sector(
        self, radar: Sensor, number: int, begin_ns: int, span_s: tuple[float, float]
    ) -> ObservationBatch:
        east_m, north_m = (self.at + self.speed * span_s[1]).T
        lat_deg, lon_deg = FRAME.to_geodetic(east_m, north_m)
        range_m, azimuth_deg, _ = geodetic_to_polar(
            radar.lat_deg, radar.lon_deg, 0.0, lat_deg, lon_deg, np.full(len(east_m), 500.0)
        )
        start_deg = number * 360 / SECTORS
        inside = (azimuth_deg >= start_deg) & (azimuth_deg < start_deg + 360 / SECTORS)
        inside &= self.rng.random(len(inside)) < 0.9
        count = int(inside.sum())
        begin = begin_ns + int(span_s[0] * NS_PER_S)
        end = begin_ns + int(span_s[1] * NS_PER_S)
        noise = self.rng.normal(0, [[50.0], [0.05]], (2, count))
        return batch_of(
            "range_azimuth",
            radar.id,
            np.full(count, end),
            {
                "range_m": np.abs(range_m[inside] + noise[0]),
                "azimuth_deg": (azimuth_deg[inside] + noise[1]) % 360,
                "sigma_range_m": np.full(count, 50.0),
                "sigma_azimuth_deg": np.full(count, 0.05),
            },
            swept=SweptSector(
                start_azimuth_deg=start_deg,
                extent_deg=360 / SECTORS,
                min_range_m=0.0,
                max_range_m=200_000.0,
                from_ns=begin,
                to_ns=end,
            ),
        )

    def adsb(self, begin_ns: int, per_s: int, from_s: float, to_s: float) -> Iterator[Datagram]:
        """ADS-B at `per_s` aircraft a second, 250 to a message."""
        load = formats.load("readsb-json")
        size = 250
        for number in range(int(from_s * per_s / size), int(to_s * per_s / size)):
            at_s = number * size / per_s
            rows = (np.arange(size) + number * size) % len(self.at)
            lat_deg, lon_deg = FRAME.to_geodetic(*(self.at[rows] + self.speed[rows] * at_s).T)
            time_ns = np.full(size, begin_ns + int(at_s * NS_PER_S))
            batch = batch_of(
                "self_report",
                "adsb",
                time_ns,
                {
                    "lat_deg": lat_deg,
                    "lon_deg": lon_deg,
                    "sigma_m": np.full(size, 20.0),
                    "pressure_alt_m": np.full(size, 9000.0),
                    "east_mps": self.speed[rows, 0],
                    "north_mps": self.speed[rows, 1],
                },
                claims={"icao24": np.array([f"{0x400000 + r:06x}" for r in rows])},
            )
            for message in load.encode(batch, ADSB):
                yield Datagram(at_s, "adsb", message.payload, size)


def send(datagrams: list[Datagram], ports: dict[str, int], start_s: float) -> None:
    """Send each datagram at its time, counted from `start_s` of the monotonic clock."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for one in datagrams:
            wait_s = start_s + one.at_s - time.monotonic()
            if wait_s > 0:
                time.sleep(wait_s)
            out.sendto(one.payload, ("127.0.0.1", ports[one.source]))
