"""Bad input: nothing of it crashes, nothing of it touches a track, all of it is counted."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.contracts import Tick
from skypicket.domain.observations import ObservationBatch, SweptInterval, batch_of
from skypicket.testing.builders import NIGHT_NS, plot_batch
from skypicket.tracking import Tracker

Scan = Callable[..., ObservationBatch]


SECOND = 1_000_000_000
DAY = 86_400 * SECOND


def table_of(tracker: Tracker) -> bytes:
    return pack(tracker._filter.table.packed())


def plots(at_s: float, **columns: Any) -> ObservationBatch:
    said = {"lat_deg": [54.8], "lon_deg": [25.4], "sigma_m": [40.0]} | columns
    time_ns = np.full(len(said["lat_deg"]), NIGHT_NS + round(at_s * 1e9))
    return batch_of("position", "R1", time_ns, said)


@pytest.mark.parametrize(
    ("reason", "columns"),
    [
        ("not_a_number", {"lat_deg": [np.nan]}),
        ("not_a_number", {"lat_deg": [91.0]}),
        ("not_a_number", {"lon_deg": [np.inf]}),
        ("bad_covariance", {"sigma_m": [np.nan]}),
        ("bad_covariance", {"sigma_m": [0.0]}),
        ("bad_covariance", {"sigma_m": [np.inf]}),
        ("bad_covariance", {"alt_m": [500.0], "sigma_alt_m": [np.inf]}),
        ("far_away", {"lat_deg": [-20.0]}),
    ],
)
def test_a_bad_row_is_counted_and_touches_nothing(
    followed: Tracker, reason: str, columns: dict[str, Any]
) -> None:
    before = table_of(followed)
    assert followed.step(plots(29.0, **columns)) == ()
    assert followed.counts[reason] == 1
    assert table_of(followed) == before


def test_a_bad_row_costs_only_itself(tracker: Tracker) -> None:
    tracker.step(plots(0.0, lat_deg=[54.8, np.nan], lon_deg=[25.4, 25.4], sigma_m=[40.0, 40.0]))
    assert tracker.counts["not_a_number"] == 1
    assert tracker._filter.table.used == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"range_m": [np.nan], "azimuth_deg": [10.0]},
        {"range_m": [0.0], "azimuth_deg": [10.0]},
        {"range_m": [-5.0], "azimuth_deg": [10.0]},
        {"range_m": [20_000.0], "azimuth_deg": [np.nan]},
        {"range_m": [1e30], "azimuth_deg": [10.0]},
    ],
)
def test_a_range_that_leads_nowhere_is_counted(tracker: Tracker, columns: dict[str, Any]) -> None:
    columns |= {"sigma_range_m": [50.0], "sigma_azimuth_deg": [0.2]}
    tracker.step(batch_of("range_azimuth", "R1", np.array([NIGHT_NS]), columns))
    assert tracker._filter.table.used == 0
    assert sum(tracker.counts.values()) == 1


def polar(at_s: float, range_m: float, sigma_range_m: float) -> ObservationBatch:
    columns = {"range_m": [range_m], "azimuth_deg": [1.0], "sigma_range_m": [sigma_range_m]}
    columns["sigma_azimuth_deg"] = [1.0]
    return batch_of("range_azimuth", "R1", np.array([NIGHT_NS + round(at_s * 1e9)]), columns)


def test_a_plot_on_top_of_its_radar_leaves_a_sound_covariance(tracker: Tracker) -> None:
    for at_s in range(4):
        tracker.step(polar(at_s, 1e-6, 1.0))
    table = tracker._filter.table
    covariance = table.tracks.covariance[: table.used]
    sigma = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    correlation = covariance / (sigma[:, :, None] * sigma[:, None, :])
    assert table.used == 1
    assert (np.linalg.eigvalsh(correlation) > 0).all()


def test_an_error_ellipse_that_is_a_line_is_counted(tracker: Tracker) -> None:
    tracker.step(polar(0.0, 50.0, 1e9))
    assert tracker.counts == {"flat_covariance": 1}
    assert tracker._filter.table.used == 0


def test_an_unknown_sensor_is_counted(tracker: Tracker) -> None:
    tracker.step(plot_batch([(54.8, 25.4)], sensor_id="nobody"))
    assert tracker.counts == {"unknown_sensor": 1}


def test_what_is_dated_after_its_receipt_is_counted(tracker: Tracker) -> None:
    received_ns = NIGHT_NS - 61 * SECOND
    tracker.step(plot_batch([(54.8, 25.4)], received_ns=received_ns))
    assert tracker.counts == {"ahead_of_receipt": 1}


def test_a_batch_a_day_ahead_does_not_close_the_window(followed: Tracker, scan: Scan) -> None:
    followed.step(plot_batch([(54.8, 25.4)], time_ns=NIGHT_NS + DAY))
    assert followed.counts == {"time_jump": 1}
    followed.step(scan([(11_600.0, 5_000.0)], 32.0))
    assert followed.counts == {"time_jump": 1}
    (batch,) = followed.step(Tick(time_ns=NIGHT_NS + 32 * SECOND))
    assert batch.columns["updated_ns"].tolist() == [NIGHT_NS + 32 * SECOND]


def test_a_batch_a_day_behind_touches_nothing(followed: Tracker) -> None:
    before = table_of(followed)
    followed.step(plot_batch([(54.8, 25.4)], time_ns=NIGHT_NS - DAY))
    assert followed.counts == {"time_jump": 1}
    assert table_of(followed) == before


def test_a_new_day_is_believed_once_several_looks_agree(followed: Tracker, scan: Scan) -> None:
    for turn in range(12):
        followed.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 86_400.0 + 4.0 * turn))
    assert followed.counts["time_jump"] == 4
    (batch,) = followed.step(Tick(time_ns=NIGHT_NS + DAY + 44 * SECOND))
    assert len(batch) == 1


def test_a_clock_that_was_a_day_ahead_is_corrected(tracker: Tracker, scan: Scan) -> None:
    tracker.step(scan([(0.0, 0.0)], 86_400.0))
    for turn in range(12):
        tracker.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 4.0 * turn))
    (batch,) = tracker.step(Tick(time_ns=NIGHT_NS + 44 * SECOND))
    assert len(batch) == 1


def test_old_observations_that_come_in_a_row_do_not_clear_the_picture(
    followed: Tracker,
) -> None:
    for number in range(20):
        then_ns = NIGHT_NS - DAY + number * SECOND
        batch = plot_batch([(54.8, 25.4)], time_ns=then_ns, received_ns=NIGHT_NS + 30 * SECOND)
        followed.step(batch)
    (track,) = followed.step(Tick(time_ns=NIGHT_NS + 28 * SECOND))
    assert track.columns["updated_ns"].tolist() == [NIGHT_NS + 28 * SECOND]


def test_a_row_with_a_wild_time_costs_only_itself(tracker: Tracker, scan: Scan) -> None:
    batch = scan([(10_000.0, 5_000.0), (20_000.0, 5_000.0)], 0.0, swept=False)
    batch.columns["time_ns"][1] = NIGHT_NS + DAY
    tracker.step(batch)
    assert tracker.counts == {"time_jump": 1}
    assert tracker._filter.table.used == 1


def test_the_same_batch_twice_is_no_news(followed: Tracker, scan: Scan) -> None:
    before = table_of(followed)
    again = scan([(10_000.0 + 200.0 * 7, 5_000.0)], 28.0)
    assert followed.step(again) == ()
    assert followed.counts == {"duplicate": 1}
    assert table_of(followed) == before


def test_the_same_plot_twice_in_a_scan_is_one(tracker: Tracker, scan: Scan) -> None:
    tracker.step(scan([(10_000.0, 5_000.0)] * 2, 0.0))
    assert tracker.counts == {"repeated_row": 1}
    assert tracker._filter.table.used == 1


def test_two_empty_looks_are_not_the_same_look(tracker: Tracker) -> None:
    for second in range(3):
        to_ns = NIGHT_NS + second * SECOND
        swept = SweptInterval(from_ns=to_ns - SECOND, to_ns=to_ns)
        tracker.step(batch_of("presence", "A0", np.zeros(0, dtype=np.int64), {}, swept=swept))
    assert tracker.counts == {}
    assert len(tracker._window.ledger) == 3


def test_an_empty_batch_without_view_says_nothing(tracker: Tracker) -> None:
    tracker.step(batch_of("presence", "A0", np.zeros(0, dtype=np.int64), {}))
    assert tracker._window.ledger == []


def test_a_hundred_thousand_plots_update_tracks_and_begin_none(
    followed: Tracker, scan: Scan
) -> None:
    chance = np.random.default_rng(3)
    rows = followed._filter.table.used
    places = [(11_600.0, 5_000.0), *chance.uniform(-90_000, 90_000, (99_999, 2)).tolist()]
    followed.step(scan(places, 32.0))
    assert followed.counts == {"crowded_scan": 1}
    assert followed._filter.table.used == rows
    (batch,) = followed.step(Tick(time_ns=NIGHT_NS + 32 * SECOND))
    assert batch.columns["updated_ns"].tolist() == [NIGHT_NS + 32 * SECOND]


def test_an_hour_without_scans_is_survived(followed: Tracker, scan: Scan) -> None:
    for turn in range(5):
        followed.step(scan([(10_000.0 + 200.0 * turn, 5_000.0)], 3_600.0 + 4.0 * turn))
    (batch,) = followed.step(Tick(time_ns=NIGHT_NS + 3_616 * SECOND))
    assert batch.columns["state"].tolist() == [1]


def test_a_scan_of_many_turns_is_taken_turn_by_turn(tracker: Tracker, scan: Scan) -> None:
    batch = scan([(10_000.0 + 200.0 * turn, 5_000.0) for turn in range(6)], 0.0, swept=False)
    batch.columns["time_ns"][:] += np.arange(6) * 4 * SECOND
    tracker.step(batch)
    (picture,) = tracker.step(Tick(time_ns=NIGHT_NS + 20 * SECOND))
    assert picture.columns["state"].tolist() == [1]
