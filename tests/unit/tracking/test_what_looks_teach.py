"""A radar's own looks correct what was told wrongly of its false alarms and its detection."""

from typing import Any

import numpy as np
import pytest

from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig
from skypicket.tracking._kernels.experience import (
    ALARMS_FOUND,
    ALARMS_TOLD,
    DETECTIONS_FOUND,
    DETECTIONS_TOLD,
)

FRAME = TheatreFrame(54.7, 25.3)
REACH_M, ALARMS, SEEN, OBJECTS, TURN_NS = 30_000.0, 60, 0.7, 20, 4_000_000_000


def radar(alarms: float, detection: float) -> Sensor:
    return Sensor(
        id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=REACH_M, period_s=4.0,
        false_alarms_per_scan=alarms, detection=ConstantDetection(probability=detection),
    )  # fmt: skip


def scan(number: int, places: np.ndarray) -> ObservationBatch:
    at_ns = NIGHT_NS + number * TURN_NS
    lat_deg, lon_deg = FRAME.to_geodetic(*places.T)
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(places), 40.0)}
    swept = SweptSector(
        start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
        from_ns=at_ns - TURN_NS, to_ns=at_ns,
    )  # fmt: skip
    return batch_of("position", "R1", np.full(len(places), at_ns), columns, swept=swept)


def night(turns: int) -> list[ObservationBatch]:
    """Objects that circle, and uniform false alarms."""
    chance = np.random.default_rng(1)
    phase, radius = chance.uniform(0, 6.28, OBJECTS), chance.uniform(5_000, 25_000, OBJECTS)
    batches = []
    for turn in range(turns):
        angle = phase + turn * 160.0 / radius
        at = radius[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])
        at = at[chance.random(OBJECTS) < SEEN]
        at += 40.0 * chance.standard_normal(at.shape)
        away, toward = REACH_M * np.sqrt(chance.random(ALARMS)), chance.uniform(0, 6.28, ALARMS)
        alarms = away[:, None] * np.column_stack([np.sin(toward), np.cos(toward)])
        batches.append(scan(turn, np.concatenate([at, alarms])))
    return batches


def after(batches: list[ObservationBatch], sensor: Sensor, **settings: Any) -> Tracker:
    tracker = Tracker(TrackerConfig(**settings), {"R1": sensor}, FRAME)
    for batch in batches:
        tracker.step(batch)
    return tracker


def learned(tracker: Tracker) -> tuple[float, float]:
    """Found to told: false alarms, detections."""
    sums = tracker._filter.table.experience.sums[0]
    return (
        float(sums[ALARMS_FOUND] / sums[ALARMS_TOLD]),
        float(sums[DETECTIONS_FOUND] / sums[DETECTIONS_TOLD]),
    )


@pytest.mark.parametrize("wrong", [0.1, 1.0, 10.0])
def test_a_density_told_ten_times_wrong_is_corrected(wrong: float) -> None:
    tracker = after(night(60), radar(wrong * ALARMS, SEEN))
    assert learned(tracker)[0] * wrong == pytest.approx(1.0, abs=0.35)


@pytest.mark.parametrize("told", [0.35, 0.7, 0.99])
def test_a_detection_told_twice_wrong_is_corrected(told: float) -> None:
    tracker = after(night(60), radar(ALARMS, told))
    assert learned(tracker)[1] * told == pytest.approx(SEEN, abs=0.07)


def test_the_order_of_arrival_teaches_the_same() -> None:
    batches = night(12)
    order = np.random.default_rng(3).permutation(12)
    straight = after(batches, radar(ALARMS, SEEN))
    shuffled = after([batches[n] for n in order], radar(ALARMS, SEEN))
    for name in ("cells", "sums"):
        one = getattr(straight._filter.table.experience, name)
        shuffled._window.settle()
        assert (one == getattr(shuffled._filter.table.experience, name)).all()
