"""Incursions whose tracks come from the tracker: it says what the assessment smooths."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket.assessment import trails
from skypicket.assessment.trails import Trails, plane_errors
from skypicket.domain.assessments import Incursion
from skypicket.domain.codec import pack
from skypicket.domain.noun import Noun
from skypicket.domain.observations import SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor, SensorKind
from skypicket.domain.tracks import FILTER_COLUMNS, TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import geodetic_to_polar
from skypicket.physics.smoothing import Estimates
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.watches import SECOND_NS, BorderWatch
from skypicket.tracking import Tracker, TrackerConfig

SPEED_MPS, CROSSES_S, SIGMA_M = 50.0, 81.0, 40.0
FRAME = TheatreFrame(54.7, 25.3)
RADAR = Sensor(
    id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=100_000.0, period_s=4.0,
    false_alarms_per_scan=5.0, detection=ConstantDetection(probability=0.9),
)  # fmt: skip


def pictures(seed: int, turns: int = 45) -> list[TrackBatch]:
    """What a tracker says of one flight straight over the border (east = 0), look by look."""
    chance = np.random.default_rng(seed)
    tracker = Tracker(TrackerConfig(), {"R1": RADAR}, FRAME)
    said: list[TrackBatch] = []
    for turn in range(turns):
        at_ns = NIGHT_NS + turn * 4 * SECOND_NS
        place = np.array([SPEED_MPS * (CROSSES_S - 4.0 * turn), 3_000.0])
        lat_deg, lon_deg = FRAME.to_geodetic(*(place + SIGMA_M * chance.standard_normal(2)))
        columns = {"lat_deg": [float(lat_deg)], "lon_deg": [float(lon_deg)], "sigma_m": [SIGMA_M]}
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=100_000.0,
            from_ns=at_ns - 4 * SECOND_NS, to_ns=at_ns,
        )  # fmt: skip
        said += tracker.step(batch_of("position", "R1", np.array([at_ns]), columns, swept=swept))
        said.append(tracker.picture(at_ns + SECOND_NS))
    return said


def plain(batch: TrackBatch) -> TrackBatch:
    """The batch as who keeps no filter would say it."""
    columns = {n: column for n, column in batch.columns.items() if n not in FILTER_COLUMNS}
    return msgspec.structs.replace(batch, columns=columns)


def told(batches: list[TrackBatch], watch: BorderWatch | None = None) -> list[Incursion]:
    watch = watch or BorderWatch()
    said: list[Noun] = [noun for batch in batches for noun in watch.step(batch)]
    return [noun for noun in said if isinstance(noun, Incursion)]


def off(noun: Incursion) -> tuple[float, float]:
    """How far time (s) and place (m along the border) are from the truth."""
    north_m = float(FRAME.to_plane(noun.lat_deg, noun.lon_deg)[1])
    return (noun.crossing_ns - NIGHT_NS) / SECOND_NS - CROSSES_S, north_m - 3_000.0


@pytest.fixture(scope="module")
def nights() -> list[list[TrackBatch]]:
    return [pictures(seed) for seed in range(12)]


def test_time_and_place_come_with_errors_that_hold(nights: list[list[TrackBatch]]) -> None:
    ratios = []
    for night in nights:
        first = told(night)[0]
        off_s, off_m = off(first)
        assert first.crossing_sigma_s is not None
        ratios.append((off_s / first.crossing_sigma_s, off_m / first.sigma_m))
    assert np.mean(np.abs(ratios) < 2.0) >= 0.9
    assert np.all(np.abs(ratios) < 4.0)


def test_the_evidence_says_it_in_words(nights: list[list[TrackBatch]]) -> None:
    sentence = told(nights[0])[0].evidence[1].sentence
    assert sentence.startswith("It was seen outside before. It came over the border from BLR at")
    assert " s, at 54.72" in sentence
    assert sentence.endswith(" m, by its smoothed path.")


def test_some_looks_later_the_crossing_is_known_better(nights: list[list[TrackBatch]]) -> None:
    first: list[Any] = []
    later: list[Any] = []
    for night in nights:
        said = told([*night, *turned_back(night[-1])])
        assert said[-1].evidence[0].rule == "incursion_left"
        first.append((*off(said[0]), said[0].crossing_sigma_s))
        later.append((*off(said[-1]), said[-1].crossing_sigma_s))
    rms_first, rms_later = (np.sqrt(np.mean(np.square(off), axis=0)) for off in (first, later))
    assert np.all(rms_later[:2] < 0.85 * rms_first[:2])
    assert rms_later[2] < rms_first[2]


def turned_back(last: TrackBatch) -> list[TrackBatch]:
    """The same track seen outside again, a while later."""
    columns = dict(last.columns)
    lat_deg, lon_deg = FRAME.to_geodetic(np.array([5_000.0]), np.array([3_000.0]))
    time_ns = last.time_ns + 120 * SECOND_NS
    columns |= {"lat_deg": lat_deg, "lon_deg": lon_deg, "updated_ns": np.array([time_ns])}
    return [msgspec.structs.replace(last, time_ns=time_ns, columns=columns)]


def test_who_keeps_no_filter_gets_a_crossing_without_error_of_time(
    nights: list[list[TrackBatch]],
) -> None:
    batches = [plain(batch) for batch in nights[0]]
    first = told(batches)[0]
    assert first.crossing_sigma_s is None
    assert abs(off(first)[0]) < 4.0
    assert "smoothed" not in first.evidence[1].sentence


@pytest.mark.parametrize("kind", ["acoustic", "person", "tracker"])
def test_errors_that_last_are_not_smoothed_away(
    nights: list[list[TrackBatch]], kind: SensorKind
) -> None:
    sensor = msgspec.structs.replace(RADAR, kind=kind)
    (first,) = told(nights[0], BorderWatch(sensors={"R1": sensor}))
    assert first.crossing_sigma_s is None
    (measured,) = told(nights[0], BorderWatch(sensors={"R1": RADAR}))
    assert measured.crossing_sigma_s is not None


@pytest.mark.parametrize("cut", [20, 44, 60])
def test_a_restored_stage_says_the_same_crossing(nights: list[list[TrackBatch]], cut: int) -> None:
    night = nights[1]
    whole = told(night)
    watch, other = BorderWatch(), BorderWatch()
    before = told(night[:cut], watch)
    other.stage.restore(watch.stage.snapshot())
    assert pack(before + told(night[cut:], other)) == pack(whole)
    assert whole[0].crossing_sigma_s is not None


def test_the_same_pictures_say_the_same_bytes(nights: list[list[TrackBatch]]) -> None:
    assert pack(told(nights[2])) == pack(told(nights[2]))


def test_a_trail_is_kept_near_the_border_only(nights: list[list[TrackBatch]]) -> None:
    watch = BorderWatch()
    told(nights[0], watch)
    assert len(watch.stage._picture.trails) == 1
    watch.step(moved(nights[0][-1], 60_000.0))
    assert len(watch.stage._picture.trails) == 0


def moved(last: TrackBatch, east_m: float) -> TrackBatch:
    (far,) = turned_back(last)
    lat_deg, lon_deg = FRAME.to_geodetic(np.array([east_m]), np.array([3_000.0]))
    return msgspec.structs.replace(
        far, columns=far.columns | {"lat_deg": lat_deg, "lon_deg": lon_deg}
    )


def test_a_lost_track_leaves_no_trail(nights: list[list[TrackBatch]]) -> None:
    watch = BorderWatch()
    told(nights[0], watch)
    empty = nights[0][-1].take(np.zeros(1, dtype=bool))
    watch.step(msgspec.structs.replace(empty, time_ns=empty.time_ns + SECOND_NS))
    assert len(watch.stage._picture.trails) == 0


def test_a_track_that_goes_on_for_a_lost_one_says_its_crossing(
    nights: list[list[TrackBatch]],
) -> None:
    watch = BorderWatch()
    (first,) = told(nights[0], watch)
    last = nights[0][-1]
    watch.step(
        msgspec.structs.replace(last.take(np.zeros(1, bool)), time_ns=last.time_ns + SECOND_NS)
    )
    anew = last.columns | {"track_key": last.columns["track_key"] + np.uint64(1)}
    anew["born_ns"] = np.array([last.time_ns + 15 * SECOND_NS])
    said: list[Incursion] = []
    for after_s in range(20, 200, 4):  # until it is 10 km deeper
        time_ns = last.time_ns + after_s * SECOND_NS
        east_m = SPEED_MPS * (CROSSES_S - (time_ns - NIGHT_NS) / SECOND_NS)
        lat_deg, lon_deg = FRAME.to_geodetic(np.array([east_m]), np.array([3_000.0]))
        there = {"lat_deg": lat_deg, "lon_deg": lon_deg, "updated_ns": np.array([time_ns])}
        batch = msgspec.structs.replace(last, time_ns=time_ns, columns=anew | there)
        said += told([batch], watch)
    assert [noun.track_id == first.track_id for noun in said] == [False]
    off_s, off_m = off(said[0])
    assert said[0].crossing_sigma_s is not None
    assert 0.5 < said[0].crossing_sigma_s < 3.0
    assert abs(off_s) < 3 * said[0].crossing_sigma_s
    assert abs(off_m) < 3 * said[0].sigma_m


Add = Callable[[int, float], None]


@pytest.fixture
def kept() -> tuple[Trails, Add]:
    """A trail of one track, and what adds a state to it: its second and its east."""
    trail = Trails()

    def add(key: int, at_s: float, east_m: float = 0.0) -> None:
        states = np.array([[east_m, 0.0, 50.0, 0.0]])
        covariances = np.diag([900.0, 900.0, 25.0, 25.0])[None]
        said = Estimates(np.array([0]), states, covariances)
        trail.add(np.array([key], np.uint64), round(at_s * SECOND_NS), said, np.array([1.0]))

    return trail, add


def seconds(trail: Trails, key: int) -> list[float]:
    path = trail.path(key)
    return [] if path is None else (path.estimates.time_ns / SECOND_NS).tolist()


def test_a_trail_keeps_the_newest_states(kept: tuple[Trails, Any]) -> None:
    trail, add = kept
    for turn in range(50):
        add(5, 4.0 * turn)
    assert seconds(trail, 5) == [4.0 * turn for turn in range(50 - trails.KEPT, 50)]


def test_states_that_come_fast_are_thinned_to_one_a_second(kept: tuple[Trails, Any]) -> None:
    trail, add = kept
    for tenth in range(51):
        add(5, tenth / 10)
    assert seconds(trail, 5)[-1] == 5.0
    kept_s = np.array(seconds(trail, 5))
    assert np.all(kept_s[2:] - kept_s[:-2] >= 1.0)
    assert 5 <= len(kept_s) <= 8


def test_what_is_said_again_of_a_time_takes_its_place(kept: tuple[Trails, Any]) -> None:
    trail, add = kept
    for turn in range(4):
        add(5, 4.0 * turn)
    add(5, 12.0, 77.0)
    path = trail.path(5)
    assert path is not None
    assert path.estimates.states[-1, 0] == 77.0
    assert len(seconds(trail, 5)) == 4


def test_memory_is_bounded_and_room_comes_back(kept: tuple[Trails, Any]) -> None:
    trail, _ = kept
    keys = np.arange(trails.MOST + 10, dtype=np.uint64)
    said = Estimates(
        np.zeros(len(keys), np.int64),
        np.zeros((len(keys), 4)),
        np.tile(np.eye(4), (len(keys), 1, 1)),
    )
    trail.add(keys, 1, said, np.ones(len(keys)))
    assert len(trail) == trails.MOST
    trail.drop(keys[:10])
    trail.add(keys, 2, said, np.ones(len(keys)))
    assert len(trail) == trails.MOST
    assert trail.path(int(keys[0])) is None


def test_errors_are_turned_into_the_plane_as_they_were_turned_out_of_it() -> None:
    lat_deg, lon_deg = 56.5, 30.5  # where true north is 4 degrees from the plane's
    turn_deg = float(FRAME.convergence_deg(lat_deg, lon_deg))
    assert abs(turn_deg) > 3.0
    east_m, north_m = (float(v) for v in FRAME.to_plane(lat_deg, lon_deg))
    radar = msgspec.structs.replace(RADAR, max_range_m=400_000.0)
    tracker = Tracker(TrackerConfig(), {"R1": radar}, FRAME)
    for turn in range(9):
        place = FRAME.to_geodetic(east_m + 200.0 * turn, north_m + 100.0 * turn)
        polar = geodetic_to_polar(54.7, 25.3, 0.0, *place, 300.0)
        columns = {"range_m": [float(polar[0])], "azimuth_deg": [float(polar[1])]}
        columns |= {"sigma_range_m": [50.0], "sigma_azimuth_deg": [0.1]}
        times = np.array([NIGHT_NS + turn * 4 * SECOND_NS])
        tracker.step(batch_of("range_azimuth", "R1", times, columns))
    table = tracker._filter.table.tracks
    row = int(np.argmax(table.existence * (table.life > 0)))
    batch = tracker.picture(int(table.time_ns[row]))
    batch = batch.take(batch.columns["track_key"] == table.key[row])
    found = plane_errors(batch.columns, np.array([turn_deg]))[0]
    axes = [0, 1, 3, 4]
    own = table.covariance[row][np.ix_(axes, axes)]
    scale = np.sqrt(np.outer(np.diag(own), np.diag(own)))
    assert np.max(np.abs(found - own) / scale) < 2e-3
    assert np.max(np.abs(own - np.diag(np.diag(own))) / scale) > 0.1
