"""More new objects are expected where things fly in: at the edge of a reach, and at the border."""

import numpy as np
import pytest

from skypicket.domain.tracks import TrackBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import plot_batch, radar
from skypicket.tracking import Tracker, TrackerConfig
from skypicket.tracking.births import BorderDistance

FRAME = TheatreFrame(54.6872, 25.2797)
RADAR = radar(max_range_m=50_000.0, false_alarms_per_scan=2_000.0)


def begun(east_m: float, border_m: BorderDistance | None = None, edge_gain: float = 3.0) -> float:
    """P(real) of a track that begins at such a place."""
    config = TrackerConfig(show_tentative=1e-6, birth_edge_gain=edge_gain)
    tracker = Tracker(config, {"R1": RADAR}, FRAME, border_m=border_m)
    lat_deg, lon_deg = FRAME.to_geodetic(east_m, 0.0)
    (said,) = tracker.step(plot_batch([(float(lat_deg), float(lon_deg))]))
    assert isinstance(said, TrackBatch)
    return float(said.columns["existence_probability"][0])


def odds(probability: float) -> float:
    return probability / (1.0 - probability)


def test_at_the_edge_of_a_radars_reach_and_at_the_border_tracks_begin_more_probable() -> None:
    inland = begun(20_000.0)
    assert odds(begun(49_999.0)) / odds(inland) == pytest.approx(3.0, rel=0.02)

    def border_m(east_m: np.ndarray, north_m: np.ndarray) -> np.ndarray:
        return east_m - 20_000.0 + 0.0 * north_m

    assert odds(begun(20_000.0, border_m)) / odds(inland) == pytest.approx(2.0, rel=0.02)
    assert odds(begun(0.0, border_m)) / odds(begun(0.0)) == pytest.approx(1.0, abs=0.05)


def test_no_place_makes_one_measurement_more_than_what_is_set() -> None:
    assert begun(49_999.0, edge_gain=1e6) == pytest.approx(0.25, abs=0.01)


def test_a_row_without_a_place_is_dropped_before_the_border_is_asked() -> None:
    tracker = Tracker(
        TrackerConfig(), {"R1": RADAR}, FRAME, border_m=lambda east_m, north_m: east_m + north_m
    )
    assert tracker.step(plot_batch([(float("nan"), 25.0)])) == ()
    assert tracker.counts == {"not_a_number": 1}
