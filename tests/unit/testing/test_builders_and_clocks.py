import msgspec
import pytest

from skypicket.testing import ManualClock, plot_batch, radar, sighting


def test_a_manual_clock_stands_still_until_told(clock: ManualClock) -> None:
    first = clock()
    assert clock() == first
    clock.advance_s(0.5)
    assert clock() - first == 500_000_000


def test_a_manual_clock_can_step_back(clock: ManualClock) -> None:
    first = clock()
    clock.advance_s(-2)
    assert clock() - first == -2_000_000_000


def test_a_built_radar_has_the_defaults_of_its_kind_unless_told() -> None:
    assert radar().period_s == 4.0
    assert radar(period_s=12.0).period_s == 12.0
    assert radar("R7", lat_deg=55.0).lat_deg == 55.0


def test_a_built_radar_is_checked_like_one_from_a_file() -> None:
    with pytest.raises(msgspec.ValidationError, match="90"):
        radar(lat_deg=91.0)


def test_a_plot_batch_takes_one_time_or_one_per_plot() -> None:
    places = [(54.7, 25.3), (54.8, 25.4)]
    assert plot_batch(places, time_ns=7).time_ns.tolist() == [7, 7]
    assert plot_batch(places, time_ns=[7, 8]).time_ns.tolist() == [7, 8]


def test_an_empty_plot_batch_is_a_scan_that_saw_nothing() -> None:
    batch = plot_batch([])
    assert len(batch) == 0
    assert batch.column("lat_deg").shape == (0,)


def test_a_built_sighting_is_first_hand_unless_told() -> None:
    assert sighting(54.7, 25.3).column("first_hand").tolist() == [1.0]
    assert sighting(54.7, 25.3, first_hand=0.0).column("first_hand").tolist() == [0.0]
