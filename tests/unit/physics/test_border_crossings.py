from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from skypicket.domain.noun import FloatColumn
from skypicket.physics.crossing import crossings
from skypicket.physics.smoothing import Estimates, SmoothedPath

SECOND = 1_000_000_000


def flown(places: Sequence[tuple[float, float]], velocity: tuple[float, float]) -> SmoothedPath:
    """A path through places 4 s apart, with one velocity."""
    times = np.arange(len(places)) * 4 * SECOND
    states = np.array([(*place, *velocity) for place in places])
    covariances = np.tile(np.diag([900.0, 900.0, 4.0, 4.0]), (len(places), 1, 1))
    return SmoothedPath(Estimates(times, states, covariances), np.full((len(places), 2), 25.0))


def east_of_zero(east_m: FloatColumn, _north_m: FloatColumn) -> FloatColumn:
    return east_m


def test_time_and_place_lie_on_the_border() -> None:
    path = flown([(-150.0, 7.0), (50.0, 7.0), (250.0, 7.0)], (50.0, 0.0))
    found = crossings(path, east_of_zero)
    assert found.time_ns.tolist() == pytest.approx([3 * SECOND], abs=1_000)
    assert (found.east_m[0], found.north_m[0]) == pytest.approx((0.0, 7.0), abs=1e-3)
    assert found.inward.tolist() == [True]


def sigma_there_m(path: SmoothedPath, time_ns: int) -> float:
    """The error of the path at a time, the same in every direction."""
    covariance = path.at(np.array([time_ns])).covariances[0]
    assert covariance[0, 0] == pytest.approx(covariance[1, 1])
    assert covariance[0, 1] == pytest.approx(0.0)
    return float(np.sqrt(covariance[0, 0]))


def test_the_errors_are_those_of_the_place_across_and_along() -> None:
    path = flown([(-100.0, 0.0), (100.0, 0.0)], (50.0, 0.0))
    found = crossings(path, east_of_zero)
    sigma_m = sigma_there_m(path, found.time_ns[0])
    assert found.sigma_s[0] == pytest.approx(sigma_m / 50.0)
    assert found.sigma_m[0] == pytest.approx(sigma_m)


def test_an_oblique_crossing_slides_along_the_border() -> None:
    path = flown([(-60.0, 0.0), (60.0, 160.0)], (30.0, 40.0))
    found = crossings(path, east_of_zero)
    sigma_m = sigma_there_m(path, found.time_ns[0])
    assert found.sigma_s[0] == pytest.approx(sigma_m / 30.0)
    assert found.sigma_m[0] == pytest.approx(sigma_m * np.hypot(1.0, 4.0 / 3.0))


def test_the_error_of_the_border_counts_across_it() -> None:
    path = flown([(-100.0, 0.0), (100.0, 0.0)], (50.0, 0.0))
    found = crossings(path, east_of_zero, border_sigma_m=40.0)
    sigma_m = sigma_there_m(path, found.time_ns[0])
    assert found.sigma_s[0] == pytest.approx(np.hypot(sigma_m, 40.0) / 50.0)
    assert found.sigma_m[0] == pytest.approx(sigma_m)


def test_every_crossing_is_given_the_first_one_first() -> None:
    times = np.arange(40) * 4 * SECOND
    seconds = times / SECOND
    turn = 2 * np.pi / 80.0
    states = np.stack(
        [-500 * np.cos(turn * seconds), 60 * seconds,
         500 * turn * np.sin(turn * seconds), np.full(40, 60.0)], axis=1,
    )  # fmt: skip
    covariances = np.tile(np.diag([100.0, 100.0, 4.0, 4.0]), (40, 1, 1))
    path = SmoothedPath(Estimates(times, states, covariances), np.full((40, 2), 25.0))
    found = crossings(path, east_of_zero)
    assert (found.time_ns / SECOND).tolist() == pytest.approx([20.0, 60.0, 100.0, 140.0], abs=0.5)
    assert found.inward.tolist() == [True, False, True, False]


@pytest.mark.parametrize("places", [[(-500.0, 0.0), (-300.0, 0.0)], [(10.0, 0.0)]])
def test_a_path_that_crosses_nowhere_gives_none(places: Any) -> None:
    found = crossings(flown(places, (50.0, 0.0)), east_of_zero)
    assert [len(column) for column in found] == [0] * 6


def test_a_path_that_grazes_the_border_is_unsure_of_both() -> None:
    steep = crossings(flown([(-40.0, 0.0), (40.0, 196.0)], (20.0, 49.0)), east_of_zero)
    grazing = crossings(flown([(-4.0, 0.0), (4.0, 200.0)], (2.0, 50.0)), east_of_zero)
    assert grazing.sigma_s[0] > 8 * steep.sigma_s[0]
    assert grazing.sigma_m[0] > 8 * steep.sigma_m[0]
