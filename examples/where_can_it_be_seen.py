"""How likely a radar and a microphone are to notice a small object, by distance and height."""

import numpy as np

from skypicket.domain.sensors import AcousticDetection, RadarDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField

HEIGHTS_M = (100.0, 300.0, 1_000.0)
DISTANCES_M = np.array([1_000.0, 5_000.0, 20_000.0, 40_000.0, 80_000.0])

# Made-up sites.
SENSORS = [
    Sensor(
        id="radar",
        kind="radar",
        lat_deg=54.7,
        lon_deg=25.3,
        mast_m=20.0,
        detection=RadarDetection(range_m=60_000.0, rcs_m2=0.1, probability=0.8),
    ),
    Sensor(
        id="microphone",
        kind="acoustic",
        lat_deg=54.7,
        lon_deg=25.3,
        max_range_m=8_000.0,
        detection=AcousticDetection(source_db=115.0, noise_db=36.0),
    ),
]


def main() -> None:
    """Print P(detect) to the east of the sensors."""
    frame = TheatreFrame(54.7, 25.3)
    field = DetectionField(SENSORS, frame)
    print("sensor      height  " + "".join(f"{d / 1000:>7.0f} km" for d in DISTANCES_M))
    for sensor in SENSORS:
        for height_m in HEIGHTS_M:
            found = field.probability(sensor.id, DISTANCES_M, np.zeros(5), np.full(5, height_m))
            row = "".join(f"{p:>9.0%} " for p in found)
            print(f"{sensor.id:<11} {height_m:>5.0f} m {row}")


if __name__ == "__main__":
    main()
