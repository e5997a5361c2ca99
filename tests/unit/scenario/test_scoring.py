import numpy as np
import pytest

from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.scenario import Night, score

STEP_NS = 10 * NS_PER_S


def look(
    night: Night, time_ns: int, rows: list[tuple[int, float, float, TrackState]]
) -> TrackBatch:
    """Tracks at (metres east and north of the object): key, offsets, state."""
    points = night.truth(time_ns)
    frame = night.objects.frame
    base = frame.to_plane(points[0].lat_deg, points[0].lon_deg) if points else (0.0, 0.0)
    east_m = np.array([float(base[0]) + row[1] for row in rows])
    north_m = np.array([float(base[1]) + row[2] for row in rows])
    lat_deg, lon_deg = frame.to_geodetic(east_m, north_m)
    return TrackBatch(
        time_ns=time_ns,
        complete=True,
        columns={
            "track_key": np.array([row[0] for row in rows], dtype=np.uint64),
            "state": np.array([row[3] for row in rows], dtype=np.int8),
            "lat_deg": lat_deg,
            "lon_deg": lon_deg,
        },
    )


def times(night: Night) -> list[int]:
    return [night.start_ns + number * STEP_NS for number in range(51)]


def test_a_perfect_track_covers_all_with_its_own_error(flyer_night: Night) -> None:
    found = score(
        flyer_night,
        [look(flyer_night, t, [(7, 30.0, 40.0, TrackState.CONFIRMED)]) for t in times(flyer_night)],
    )
    (one,) = found.objects
    assert (one.covered_share, one.tracks, one.first_confirmed_ns) == (1.0, 1, flyer_night.start_ns)
    assert one.rmse_m == pytest.approx(50.0, abs=0.1)
    assert found.false_tracks == ()


def test_a_track_that_begins_late_covers_the_rest(flyer_night: Night) -> None:
    batches = [
        look(flyer_night, t, [(7, 0.0, 0.0, TrackState.CONFIRMED)] if number >= 25 else [])
        for number, t in enumerate(times(flyer_night))
    ]
    (one,) = score(flyer_night, batches).objects
    assert one.covered_share == pytest.approx(26 / 51)
    assert one.first_confirmed_ns == flyer_night.start_ns + 25 * STEP_NS


def test_tentative_and_lost_tracks_count_for_nothing(flyer_night: Night) -> None:
    states = (TrackState.TENTATIVE, TrackState.LOST)
    batches = [
        look(flyer_night, t, [(key, 0.0, 0.0, state) for key, state in enumerate(states)])
        for t in times(flyer_night)
    ]
    found = score(flyer_night, batches)
    assert found.objects[0].covered_share == 0.0
    assert found.objects[0].rmse_m is None
    assert found.false_tracks == ()


def test_a_track_on_nothing_is_false(flyer_night: Night) -> None:
    rows = [(7, 0.0, 0.0, TrackState.CONFIRMED), (9, 9_000.0, 0.0, TrackState.COASTING)]
    found = score(flyer_night, [look(flyer_night, t, rows) for t in times(flyer_night)])
    assert found.false_tracks == ("0000000000000009",)


def test_a_track_that_stays_when_the_object_is_down_is_false_in_the_end(flyer_night: Night) -> None:
    last_ns = flyer_night.start_ns + 500 * NS_PER_S
    batches = [
        look(flyer_night, last_ns + number * STEP_NS, [(7, 0.0, 0.0, TrackState.CONFIRMED)])
        for number in range(3)
    ]
    assert score(flyer_night, batches).false_tracks == ("0000000000000007",)


def test_the_nearest_of_two_tracks_gives_the_error(flyer_night: Night) -> None:
    rows = [(7, 100.0, 0.0, TrackState.CONFIRMED), (9, 400.0, 0.0, TrackState.CONFIRMED)]
    (one,) = score(flyer_night, [look(flyer_night, flyer_night.start_ns, rows)]).objects
    assert one.rmse_m == pytest.approx(100.0, abs=0.1)
    assert one.tracks == 2


def test_batches_that_are_not_complete_are_passed_over(flyer_night: Night) -> None:
    batch = look(flyer_night, flyer_night.start_ns, [(7, 0.0, 0.0, TrackState.CONFIRMED)])
    partial = TrackBatch(time_ns=batch.time_ns, columns=batch.columns)
    assert score(flyer_night, [partial]).objects == ()
