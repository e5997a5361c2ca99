"""Nights and the detection model: CPU time of making a night, and of asking for P(detect)."""

import time

import numpy as np

from skypicket.domain.sensors import RadarDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.scenario import load_night, night_names

COUNT = 100_000


def main() -> None:
    for name in night_names():
        making(name)
    asking()


def making(name: str) -> None:
    """CPU seconds to say a whole night, without encoding it."""
    night = load_night(name)
    next(iter(night.emissions(1)))
    start = time.process_time()
    count = sum(1 for _ in night.emissions(0))
    print(f"{name}: {count} emissions made | {time.process_time() - start:.2f} | s of CPU | <= 15")


def asking() -> None:
    """P(detect) of a radar at many places at once."""
    detection = RadarDetection(range_m=60e3, rcs_m2=0.1)
    radar = Sensor(
        id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, mast_m=20, detection=detection
    )
    field = DetectionField([radar], TheatreFrame(54.7, 25.3))
    chance = np.random.default_rng(0)
    east_m, north_m = chance.uniform(-9e4, 9e4, (2, COUNT))
    alt_m = chance.uniform(100, 9_000, COUNT)
    field.probability("R1", east_m, north_m, alt_m)
    start = time.process_time()
    field.probability("R1", east_m, north_m, alt_m)
    per_s = COUNT / (time.process_time() - start)
    print(f"P(detect) of a radar | {per_s:.3g} | places per s | >= 1000000")


if __name__ == "__main__":
    main()
