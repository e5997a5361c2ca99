"""Late data, exactly: any order of arrival inside the window ends in the same bits."""

from typing import Any

import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch, SweptInterval, SweptSector, batch_of
from skypicket.domain.sensors import AcousticDetection, Sensor
from skypicket.domain.tracks import TrackBatch, track_ids
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS, sighting
from skypicket.tracking import Tracker, TrackerConfig

SECOND = 1_000_000_000
FRAME = TheatreFrame(54.7, 25.3)
END_NS = NIGHT_NS + 250 * SECOND
PLACE: dict[str, Any] = {"lat_deg": 54.7, "lon_deg": 25.3}
SENSORS = {
    sensor.id: sensor
    for sensor in (
        Sensor(id="R1", kind="radar", **PLACE),
        Sensor(id="R2", kind="radar", lat_deg=54.8, lon_deg=25.5),
        Sensor(
            id="A1", kind="acoustic", **PLACE,
            detection=AcousticDetection(source_db=110.0, noise_db=45.0),
        ),
        Sensor(id="person", kind="person", **PLACE),
    )
}  # fmt: skip


def night(turns: int = 60) -> list[ObservationBatch]:
    """Two radars in sectors, an ear and some calls, in canonical order."""
    chance = np.random.default_rng(17)
    start = chance.uniform(-20_000, 20_000, (8, 2))
    velocity = chance.uniform(-60, 60, (8, 2))
    batches: list[ObservationBatch] = []
    for turn in range(turns):
        for half, sensor_id in enumerate(("R1", "R2")):
            end_ns = NIGHT_NS + turn * 4 * SECOND + half * SECOND
            places = start + (end_ns - NIGHT_NS) / 1e9 * velocity
            places = places + 40.0 * chance.standard_normal(places.shape)
            places = np.concatenate([places[chance.random(8) < 0.8], _alarms(chance)])
            lat_deg, lon_deg = FRAME.to_geodetic(*places.T)
            columns = {
                "lat_deg": lat_deg,
                "lon_deg": lon_deg,
                "sigma_m": np.full(len(lat_deg), 40.0),
            }
            swept = SweptSector(
                start_azimuth_deg=180.0 * half, extent_deg=180.0 + 180.0 * half, min_range_m=0.0,
                max_range_m=100_000.0, from_ns=end_ns - SECOND, to_ns=end_ns,
            )  # fmt: skip
            time_ns = np.full(len(lat_deg), end_ns)
            batches.append(batch_of("position", sensor_id, time_ns, columns, swept=swept))
        heard_ns = NIGHT_NS + turn * 4 * SECOND + 2 * SECOND
        ear = SweptInterval(from_ns=heard_ns - SECOND, to_ns=heard_ns)
        times = np.full(int(chance.random() < 0.3), heard_ns)
        batches.append(batch_of("presence", "A1", times, {}, swept=ear))
        if turn % 20 == 5:
            batches.append(sighting(54.75, 25.35, heard_ns + SECOND, sigma_time_s=20.0))
    return batches


def _alarms(chance: np.random.Generator) -> np.ndarray:
    return chance.uniform(-30_000, 30_000, (5, 2))


def final(
    batches: list[ObservationBatch], config: TrackerConfig | None = None
) -> tuple[bytes, Tracker]:
    tracker = Tracker(config or TrackerConfig(window_s=300.0), SENSORS, FRAME)
    for batch in batches:
        tracker.step(batch)
    (picture,) = tracker.step(Tick(time_ns=END_NS))
    assert isinstance(picture, TrackBatch)
    assert len(picture) > 5
    table = tracker._filter.table
    return pack([picture.columns, table.packed()["life"]]), tracker


@pytest.fixture(scope="module")
def in_order() -> bytes:
    return final(night())[0]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("late_by", [3, 30, 400])
def test_any_order_of_arrival_ends_in_the_same_bits(
    in_order: bytes, seed: int, late_by: int
) -> None:
    batches = night()
    chance = np.random.default_rng(seed)
    order = np.argsort(np.arange(len(batches)) + chance.uniform(0, late_by, len(batches)))
    bits, tracker = final([batches[number] for number in order])
    assert bits == in_order
    assert tracker.counts == {}


@pytest.mark.parametrize("eager_looks", [1, 10_000])
def test_waiting_for_a_tick_and_working_at_once_end_in_the_same_bits(
    in_order: bytes, eager_looks: int
) -> None:
    config = TrackerConfig(window_s=300.0, eager_looks=eager_looks)
    assert final(night()[::-1], config)[0] == in_order


def test_ticks_in_between_change_nothing(in_order: bytes) -> None:
    batches = night()
    order = np.random.default_rng(4).permutation(len(batches))
    tracker = Tracker(TrackerConfig(window_s=300.0), SENSORS, FRAME)
    for number in order:
        tracker.step(batches[number])
        tracker.step(Tick(time_ns=NIGHT_NS + int(number) * SECOND))
    (picture,) = tracker.step(Tick(time_ns=END_NS))
    assert isinstance(picture, TrackBatch)
    assert pack([picture.columns, tracker._filter.table.packed()["life"]]) == in_order


def test_what_is_said_twice_counts_once(in_order: bytes) -> None:
    batches = night()
    order = np.random.default_rng(2).permutation(np.repeat(np.arange(len(batches)), 2))
    bits, tracker = final([batches[number] for number in order])
    assert bits == in_order
    assert tracker.counts == {"duplicate": len(batches)}


def test_sparse_checkpoints_end_in_the_same_bits(in_order: bytes) -> None:
    config = TrackerConfig(window_s=300.0, window_bytes=200_000)
    batches = night()
    dense = final(batches)[1]
    order = np.argsort(
        np.arange(len(batches)) + np.random.default_rng(6).uniform(0, 90, len(batches))
    )
    bits, tracker = final([batches[number] for number in order], config)
    window = tracker._window
    assert bits == in_order
    assert len(window._checkpoints) < len(window.absorbed) / 2
    assert window._bytes < dense._window._bytes / 3


def test_what_is_older_than_the_window_is_counted_and_not_used() -> None:
    batches = night()
    config = TrackerConfig(window_s=20.0, window_scans=8.0)
    late, rest = batches[10], batches[:10] + batches[11:]
    without, _ = final(rest, config)
    bits, tracker = final([*rest, late], config)
    assert bits == without
    assert tracker.counts == {"too_late": 1}


def test_the_window_holds_no_more_than_it_says() -> None:
    config = TrackerConfig(window_s=20.0, window_scans=8.0)
    tracker = final(night(), config)[1]
    kept_ns = tracker._window.ledger[0].key.time_ns
    assert END_NS - 10 * SECOND - kept_ns < 30 * SECOND
    assert len(tracker._window.absorbed) < 40


def test_however_sparse_the_checkpoints_looks_and_memory_stay_bounded() -> None:
    config = TrackerConfig(window_s=60.0, window_scans=24.0, window_bytes=150_000)
    tracker, most = Tracker(config, SENSORS, FRAME), 0
    window = tracker._window
    for batch in night():
        tracker.step(batch)
        assert window._bytes <= 1.05 * window._room  # as far as joining neighbours can reach it
        most = max(most, len(window.absorbed))
        assert len(window.absorbed) <= 1.5 * len(window.ledger) + 1
    assert most > 2 * len(window._checkpoints)
    assert len(night()) > most


def smoothed_bits(tracker: Tracker) -> bytes:
    """The smoothed recent past of every shown track that the window knows."""
    picture = tracker.picture(END_NS)
    sure = picture.take(picture.columns["existence_probability"] > 0.9)
    names = track_ids(sure.columns["track_key"])
    assert len(names) > 5
    return pack([tuple(tracker.smoothed(name).estimates) for name in names])


@pytest.mark.parametrize("late_by", [30, 400])
@pytest.mark.parametrize("window_bytes", [200_000, 48_000_000])
def test_the_smoothed_past_is_the_same_in_any_order(late_by: int, window_bytes: int) -> None:
    config = TrackerConfig(window_s=200.0, window_scans=64.0, window_bytes=window_bytes)
    batches = night()
    chance = np.random.default_rng(late_by)
    early, late = batches[:100], batches[100:]  # nothing is so late that it is not used
    order = np.argsort(np.arange(len(late)) + chance.uniform(0, late_by, len(late)))
    plain = final(batches, TrackerConfig(window_s=200.0, window_scans=64.0))[1]
    shuffled = final([*early, *(late[number] for number in order)], config)[1]
    assert shuffled.counts == {}
    assert smoothed_bits(shuffled) == smoothed_bits(plain)


def test_late_looks_that_still_wait_are_in_the_smoothed_past() -> None:
    batches = night()
    tracker = Tracker(TrackerConfig(window_s=300.0, eager_looks=1), SENSORS, FRAME)
    for batch in [*batches[:20], *batches[30:], batches[20]]:
        tracker.step(batch)
    names = track_ids(tracker.glance(END_NS).columns["track_key"])
    assert tracker._window.held
    before = [tuple(tracker.smoothed(name).estimates) for name in names]
    assert tracker._window.held
    tracker.picture(END_NS)
    assert not tracker._window.held
    assert pack(before) == pack([tuple(tracker.smoothed(name).estimates) for name in names])


def test_a_restored_tracker_knows_the_same_smoothed_past() -> None:
    tracker = final(night())[1]
    twin = Tracker(TrackerConfig(window_s=300.0), SENSORS, FRAME)
    twin.restore(tracker.snapshot())
    assert smoothed_bits(twin) == smoothed_bits(tracker)
