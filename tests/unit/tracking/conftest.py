"""One radar in the middle of a flat theatre, and a way to make it look."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from skypicket.domain.observations import ObservationBatch, SweptSector
from skypicket.domain.sensors import AcousticDetection, ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS, plot_batch
from skypicket.tracking import Tracker, TrackerConfig

Scan = Callable[..., ObservationBatch]


@pytest.fixture
def frame() -> TheatreFrame:
    return TheatreFrame(54.7, 25.3)


@pytest.fixture
def sensors(frame: TheatreFrame) -> dict[str, Sensor]:
    middle: dict[str, Any] = {"lat_deg": 54.7, "lon_deg": 25.3}
    radar = Sensor(
        id="R1", kind="radar", **middle, max_range_m=100_000.0, period_s=4.0,
        false_alarms_per_scan=10.0, detection=ConstantDetection(probability=0.8),
    )  # fmt: skip
    everywhere = [
        Sensor(id="R2", kind="radar", **middle, detection=ConstantDetection(probability=0.8)),
        Sensor(id="person", kind="person", **middle),
        Sensor(id="ads-b", kind="adsb", **middle),
        Sensor(id="camera", kind="camera", **middle, max_range_m=60_000.0),
    ]
    ears = []
    for number in range(5):
        lat_deg, lon_deg = frame.to_geodetic(3_000.0 * number, 0.0)
        ears.append(
            Sensor(
                id=f"A{number}", kind="acoustic", lat_deg=float(lat_deg), lon_deg=float(lon_deg),
                detection=AcousticDetection(source_db=110.0, noise_db=45.0),
            )
        )  # fmt: skip
    return {sensor.id: sensor for sensor in (radar, *everywhere, *ears)}


@pytest.fixture
def tracker(frame: TheatreFrame, sensors: dict[str, Sensor]) -> Tracker:
    return Tracker(TrackerConfig(), sensors, frame)


@pytest.fixture
def scan(frame: TheatreFrame) -> Scan:
    """A scan of R1 with plots at (east, north) in metres, `at_s` after the start of the night."""

    def make(
        places: Sequence[tuple[float, float]], at_s: float, *, swept: bool = True, **fields: Any
    ) -> ObservationBatch:
        plane = np.asarray(places, dtype=np.float64).reshape(-1, 2)
        lat_deg, lon_deg = frame.to_geodetic(plane[:, 0], plane[:, 1])
        time_ns = NIGHT_NS + round(at_s * 1e9)
        if swept:
            fields["swept"] = SweptSector(
                start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=100_000.0,
                from_ns=time_ns - 4_000_000_000, to_ns=time_ns,
            )  # fmt: skip
        pairs = list(zip(lat_deg.tolist(), lon_deg.tolist(), strict=True))
        return plot_batch(pairs, time_ns=time_ns, **fields)

    return make


@pytest.fixture
def followed(tracker: Tracker, scan: Scan) -> Tracker:
    """A tracker with one confirmed track at (10 km + 50 m/s t, 5 km), seen until t = 28 s."""
    for turn in range(8):
        tracker.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn))
    return tracker
