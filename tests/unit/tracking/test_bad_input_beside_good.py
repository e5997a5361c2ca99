"""A night with bad input beside one without it: what is good ends the same, the bad is counted."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS, sighting
from skypicket.tracking import Tracker, TrackerConfig

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
TURNS, OBJECTS = 24, 6
END_NS = NIGHT_NS + 4 * TURNS * SECOND
FRAME = TheatreFrame(54.7, 25.3)
SENSORS = {"person": Sensor(id="person", kind="person", lat_deg=54.7, lon_deg=25.3)} | {
    name: Sensor(
        id=name, kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=100_000.0, period_s=4.0,
        false_alarms_per_scan=10.0, detection=ConstantDetection(probability=0.9),
    )
    for name in ("R1", "R2")
}  # fmt: skip

Bad = Callable[[list[ObservationBatch]], Iterable[ObservationBatch]]


def plots(name: str, places: Any, at_ns: int, *, looked: bool = False, **fields: Any) -> Any:
    """Plots of a radar at (east, north) in metres; `looked` all round, if it says so."""
    lat_deg, lon_deg = FRAME.to_geodetic(*np.reshape(places, (-1, 2)).T)
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(lat_deg), 40.0)}
    if looked:
        fields["swept"] = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=100_000.0,
            from_ns=at_ns - 4 * SECOND, to_ns=at_ns,
        )  # fmt: skip
    return batch_of("position", name, np.full(len(lat_deg), at_ns), columns, **fields)


def night() -> list[ObservationBatch]:
    """Turns of R1: six objects among false alarms."""
    chance = np.random.default_rng(11)
    start = chance.uniform(-20_000, 20_000, (OBJECTS, 2))
    velocity = chance.uniform(-50, 50, (OBJECTS, 2))
    batches = []
    for turn in range(TURNS):
        here = start + 4.0 * turn * velocity + 40.0 * chance.standard_normal((OBJECTS, 2))
        seen = here[chance.random(OBJECTS) < 0.9]
        places = np.concatenate([seen, chance.uniform(-25_000, 25_000, (8, 2))])
        batches.append(plots("R1", places, NIGHT_NS + 4 * turn * SECOND, looked=True))
    return batches


def after(
    batches: Iterable[ObservationBatch], window_scans: float = 64.0
) -> tuple[Tracker, TrackBatch]:
    tracker = Tracker(TrackerConfig(window_scans=window_scans), SENSORS, FRAME)
    for batch in batches:
        tracker.step(batch)
    (picture,) = tracker.step(Tick(time_ns=END_NS))
    return tracker, picture


def with_wrong_rows(column: str, value: float) -> Bad:
    """Every scan with one more row, a copy of its first in which one value is wrong."""

    def spoil(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
        for batch in batches:
            rows = np.append(np.arange(len(batch)), 0)
            worse = batch.take(rows)
            worse.columns[column][-1] = value
            yield worse

    return spoil


def each_twice(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    for batch in batches:
        yield batch
        yield batch


def all_again_at_the_end(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    yield from batches
    yield from batches


def a_radar_that_jumps(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    """R2 sees what R1 sees, but its place is 500 km wrong in every third turn."""
    for turn, batch in enumerate(batches):
        yield batch
        if turn % 3 == 0:
            east_m, north_m = FRAME.to_plane(batch.columns["lat_deg"], batch.columns["lon_deg"])
            places = np.column_stack([east_m + 500_000.0, north_m])
            yield plots("R2", places, int(batch.time_ns[0]) + SECOND)


def a_clock_a_day_back(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    """R2's clock is a day behind now and then, without a time of receipt."""
    for turn, batch in enumerate(batches):
        yield batch
        if turn % 3 == 1:
            yield plots("R2", [(1_000.0 * turn, 0.0)], int(batch.time_ns[0]) - DAY, looked=True)


def received_a_day_late(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    """R2's scans of yesterday, with the time at which they really came in."""
    for turn, batch in enumerate(batches):
        yield msgspec.structs.replace(batch, received_ns=int(batch.time_ns[0]))
        then_ns = int(batch.time_ns[0]) - DAY
        yield plots("R2", [(1_000.0 * turn, 0.0)], then_ns, received_ns=int(batch.time_ns[0]))


def a_clock_a_day_ahead(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    for turn, batch in enumerate(batches):
        yield batch
        if turn % 3 == 1:
            yield plots("R2", [(1_000.0 * turn, 0.0)], int(batch.time_ns[0]) + DAY)


def a_stranger(batches: list[ObservationBatch]) -> Iterable[ObservationBatch]:
    for batch in batches:
        yield batch
        yield plots("R9", [(0.0, 0.0)], int(batch.time_ns[0]))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (with_wrong_rows("lat_deg", np.nan), "not_a_number"),
        (with_wrong_rows("lon_deg", np.inf), "not_a_number"),
        (with_wrong_rows("sigma_m", np.nan), "bad_covariance"),
        (with_wrong_rows("sigma_m", 0.0), "bad_covariance"),
        (with_wrong_rows("sigma_m", np.inf), "bad_covariance"),
        (with_wrong_rows("lat_deg", -40.0), "far_away"),
        (each_twice, "duplicate"),
        (all_again_at_the_end, "duplicate"),
        (a_radar_that_jumps, "beyond_reach"),
        (a_clock_a_day_back, "time_jump"),
        (a_clock_a_day_ahead, "time_jump"),
        (a_stranger, "unknown_sensor"),
    ],
)
def test_good_tracks_end_in_the_same_bits(bad: Bad, reason: str) -> None:
    _, alone = after(night())
    tracker, beside = after(bad(night()))
    assert set(tracker.counts) == {reason}
    assert pack(beside.columns) == pack(alone.columns)
    assert (alone.columns["state"] == TrackState.CONFIRMED).sum() >= OBJECTS - 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize("sigma_time_s", [1e9, 1e11, 1e100])
def test_an_error_wider_than_the_earth_ends_in_time(sigma_time_s: float) -> None:
    places = plots("R1", [(5_000.0, 5_000.0)], NIGHT_NS)
    report = sighting(54.7, 25.3, NIGHT_NS + 10 * SECOND, sigma_time_s=sigma_time_s)
    later = sighting(54.7, 25.4, NIGHT_NS + 20 * SECOND)
    tracker, picture = after([places, report, later])
    assert set(tracker.counts) <= {"flat_covariance"}
    assert np.isfinite(picture.columns["lat_deg"]).all()


@pytest.mark.parametrize(("window_scans", "reasons"), [(8.0, {"too_late"}), (64.0, set())])
def test_what_comes_a_day_late_moves_nothing_of_today(
    window_scans: float, reasons: set[str]
) -> None:
    _, alone = after(night(), window_scans)
    tracker, beside = after(received_a_day_late(night()), window_scans)
    assert set(tracker.counts) == reasons
    assert pack(beside.columns) == pack(alone.columns)


def test_a_crowded_scan_shifts_good_tracks_by_no_more_than_an_error() -> None:
    _, alone = after(night())
    chance = np.random.default_rng(4)
    crowd = plots("R2", chance.uniform(-90_000, 90_000, (100_000, 2)), NIGHT_NS + 50 * SECOND)
    batches = night()
    tracker, beside = after([*batches[:13], crowd, *batches[13:]])
    assert tracker.counts == {"crowded_scan": 1}
    sure = alone.columns["state"] == TrackState.CONFIRMED
    rows = np.searchsorted(beside.columns["track_key"], alone.columns["track_key"][sure])
    assert (beside.columns["track_key"][rows] == alone.columns["track_key"][sure]).all()
    assert (beside.columns["state"][rows] == TrackState.CONFIRMED).all()
    places = [
        np.column_stack(FRAME.to_plane(one.columns["lat_deg"], one.columns["lon_deg"]))
        for one in (alone, beside)
    ]
    shift_m = np.hypot(*(places[1][rows] - places[0][sure]).T)
    assert shift_m.max() < 2 * alone.columns["sigma_east_m"][sure].max()


def test_an_hour_in_which_one_radar_is_silent_leaves_the_tracks_of_the_other() -> None:
    other = plots("R2", [(60_000.0, 60_000.0)], NIGHT_NS - 3_600 * SECOND, looked=False)
    _, alone = after(night())
    tracker, beside = after([other, *night(), plots("R2", [(60_000.0, 60_000.0)], END_NS)])
    assert not tracker.counts
    assert pack(beside.columns) == pack(alone.columns)


def test_after_an_hour_without_any_scan_the_night_ends_as_if_it_had_just_begun() -> None:
    early = [
        plots("R1", [(5_000.0 + 200.0 * turn, 9_000.0)], NIGHT_NS + (4 * turn - 4_000) * SECOND)
        for turn in range(6)
    ]
    _, alone = after(night())
    tracker, beside = after([*early, *night()])
    assert not tracker.counts
    assert set(alone.columns["track_key"]) <= set(beside.columns["track_key"])
    old = ~np.isin(beside.columns["track_key"], alone.columns["track_key"])
    assert (beside.columns["state"][old] == TrackState.LOST).all()
