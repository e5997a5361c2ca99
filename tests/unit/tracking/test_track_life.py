"""Tentative, confirmed, coasting, lost: what moves a track from one to the next."""

from collections.abc import Callable

import numpy as np
import pytest

from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch
from skypicket.domain.tracks import Track, TrackState, tracks_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker

Scan = Callable[..., ObservationBatch]


SECOND = 1_000_000_000


def picture(tracker: Tracker, at_s: float) -> list[Track]:
    (batch,) = tracker.step(Tick(time_ns=NIGHT_NS + round(at_s * 1e9)))
    assert batch.complete
    return list(tracks_of(batch))


def test_one_object_becomes_one_confirmed_track_with_its_velocity(followed: Tracker) -> None:
    (track,) = picture(followed, 28.0)
    assert track.state == "confirmed"
    assert track.existence_probability > 0.99
    assert track.east_mps == pytest.approx(50.0, abs=5.0)
    assert track.north_mps == pytest.approx(0.0, abs=5.0)
    assert track.alt_m is None


def test_two_plots_do_not_confirm_a_track(tracker: Tracker, scan: Scan) -> None:
    for turn in range(2):
        tracker.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn))
    assert [t.state for t in picture(tracker, 4.0)] in ([], ["tentative"])


def test_a_third_plot_confirms_a_track(tracker: Tracker, scan: Scan) -> None:
    for turn in range(3):
        tracker.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn))
    assert [t.state for t in picture(tracker, 8.0)] == ["confirmed"]


def test_a_single_false_alarm_is_not_shown(tracker: Tracker, scan: Scan) -> None:
    tracker.step(scan([(10_000.0, 5_000.0)], 0.0))
    assert picture(tracker, 1.0) == []


def test_missed_looks_make_a_confirmed_track_coast_then_lose_it(
    followed: Tracker, scan: Scan
) -> None:
    states = []
    for turn in range(8, 16):
        followed.step(scan([], 4.0 * turn))
        states.append(picture(followed, 4.0 * turn)[0].state)
    assert states[0] == "confirmed"
    assert states[1] == "coasting"
    assert states[-1] == "lost"
    assert states == sorted(states, key=["confirmed", "coasting", "tentative", "lost"].index)


def test_looks_elsewhere_do_not_lower_a_track(followed: Tracker, scan: Scan) -> None:
    (before,) = picture(followed, 28.0)
    for turn in range(8, 12):
        followed.step(scan([(-60_000.0, -40_000.0)], 4.0 * turn, swept=False))
    (after,) = (t for t in picture(followed, 44.0) if t.track_id == before.track_id)
    assert after.existence_probability == before.existence_probability
    assert after.state == "coasting"


def test_a_track_that_nothing_supports_is_lost_when_its_patience_runs_out(
    followed: Tracker,
) -> None:
    assert picture(followed, 28.0 + 19.0)[0].state == "coasting"
    assert picture(followed, 28.0 + 21.0)[0].state == "lost"


def test_a_lost_track_keeps_what_it_was_worth_and_grows_uncertain(
    followed: Tracker, scan: Scan
) -> None:
    before = picture(followed, 28.0)[0]
    for turn in range(8, 18):
        followed.step(scan([], 4.0 * turn))
    soon, later = picture(followed, 80.0)[0], picture(followed, 600.0)[0]
    assert soon.state == later.state == "lost"
    assert soon.existence_probability == before.existence_probability
    assert soon.updated_ns == before.updated_ns
    assert later.sigma_east_m > 3 * soon.sigma_east_m > 9 * before.sigma_east_m


def test_a_lost_track_is_forgotten_after_half_an_hour(followed: Tracker) -> None:
    assert len(picture(followed, 28.0 + 20.0 + 1_790.0)) == 1
    assert len(picture(followed, 28.0 + 20.0 + 1_810.0)) == 0


def test_the_step_that_loses_a_track_tells_it(followed: Tracker, scan: Scan) -> None:
    told = [said for turn in range(8, 18) for said in followed.step(scan([], 4.0 * turn))]
    assert [batch.columns["state"].tolist() for batch in told] == [[TrackState.LOST]]


def test_a_lost_track_takes_no_more_measurements(followed: Tracker, scan: Scan) -> None:
    lost_id = picture(followed, 28.0)[0].track_id
    for turn in range(20, 25):
        followed.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn))
    by_id = {track.track_id: track.state for track in picture(followed, 96.0)}
    assert by_id.pop(lost_id) == "lost"
    assert list(by_id.values()) == ["confirmed"]


def test_a_tick_changes_nothing(followed: Tracker, scan: Scan) -> None:
    before = followed.snapshot()
    for at_s in (28.0, 1_000.0, 50_000.0, 3.0):
        picture(followed, at_s)
    assert followed.snapshot() == before


def test_a_tick_carries_the_track_on(followed: Tracker) -> None:
    (near,), (far,) = picture(followed, 28.0), picture(followed, 38.0)
    moved_deg = far.lon_deg - near.lon_deg
    assert moved_deg * 64_400.0 == pytest.approx(10.0 * near.east_mps, rel=0.02)


def test_no_id_is_used_twice(tracker: Tracker, scan: Scan) -> None:
    chance = np.random.default_rng(7)
    keys: dict[int, set[int]] = {}
    for turn in range(60):
        places = chance.uniform(-40_000, 40_000, (40, 2)).tolist()
        tracker.step(scan(places, 4.0 * turn))
        table = tracker._filter.table
        living = table.tracks.life[: table.used] > 0
        pairs = zip(table.tracks.key[: table.used], table.tracks.born_ns[: table.used], strict=True)
        for alive, (key, born_ns) in zip(living, pairs, strict=True):
            if alive:
                keys.setdefault(int(key), set()).add(int(born_ns))
    assert len(keys) > 1_500
    assert all(len(births) == 1 for births in keys.values())


def test_objects_in_parallel_keep_their_tracks(tracker: Tracker, scan: Scan) -> None:
    for turn in range(20):
        east_m = 10_000.0 + 200.0 * turn
        tracker.step(scan([(east_m, 5_000.0), (east_m, 5_300.0)], 4.0 * turn))
    first, second = sorted(picture(tracker, 76.0), key=lambda track: track.lat_deg)
    assert (second.lat_deg - first.lat_deg) * 111_300.0 == pytest.approx(300.0, abs=60.0)
