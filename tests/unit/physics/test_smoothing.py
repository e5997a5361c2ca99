from typing import Any

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.physics.motion import HORIZONTAL_Q_M2PS3, UP_Q_M2PS3, noise, transition
from skypicket.physics.smoothing import Estimates, SmoothedPath

SECOND = 1_000_000_000


def straight(aside_m: float = 0.0, axes: int = 2) -> tuple[Estimates, Any]:
    """What a Kalman filter believes of ten places 4 s apart, seen to 30 m, of a flight at 50 m/s.

    From the sixth on they lie `aside_m` north of the line.
    """
    look, rows = np.eye(axes, 2 * axes), [*range(axes), *range(3, 3 + axes)]
    step, added = (matrix[np.ix_(rows, rows)] for matrix in (transition(4.0), noise(4.0)))
    state, covariance = look.T[:, 0] * 0.0, np.diag([900.0] * axes + [100.0] * axes)
    state[axes] = 50.0
    states, covariances = [state], [covariance]
    for k in range(1, 10):
        place = np.array([200.0 * k, aside_m * (k >= 5), 0.0])[:axes]
        state, covariance = step @ state, step @ covariance @ step.T + added
        gain = covariance[:, :axes] @ np.linalg.inv(covariance[:axes, :axes] + 900 * np.eye(axes))
        state, covariance = (
            state + gain @ (place - look @ state),
            covariance - gain @ look @ covariance,
        )
        states.append(state)
        covariances.append((covariance + covariance.T) / 2)
    times = np.arange(10) * 4 * SECOND
    q = np.full((10, axes), HORIZONTAL_Q_M2PS3)
    q[:, 2:] = UP_Q_M2PS3
    return Estimates(times, np.array(states), np.array(covariances)), q


@pytest.mark.parametrize("axes", [2, 3])
def test_a_flight_without_a_bend_stays_where_it_was_and_is_surer(axes: int) -> None:
    filtered, q = straight(axes=axes)
    smoothed = SmoothedPath(filtered, q).estimates
    np.testing.assert_allclose(smoothed.states, filtered.states, atol=1e-9)
    assert np.all(smoothed.covariances[1:-1, 0, 0] < 0.9 * filtered.covariances[1:-1, 0, 0])
    assert smoothed.covariances[5, 0, 0] < 0.5 * filtered.covariances[5, 0, 0]
    np.testing.assert_array_equal(smoothed.covariances[-1], filtered.covariances[-1])


@pytest.mark.parametrize("seed", range(20))
def test_covariances_are_symmetric_to_the_bit_and_positive(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count, size = 12, 6
    roots = chance.standard_normal((count, size, size)) * 10.0 ** chance.uniform(-3, 3, size)
    covariances = roots @ roots.swapaxes(1, 2)
    covariances = (covariances + covariances.swapaxes(1, 2)) / 2
    times = np.cumsum(chance.integers(1, 60 * SECOND, count))
    filtered = Estimates(times, 100 * chance.standard_normal((count, size)), covariances)
    path = SmoothedPath(filtered, 10.0 ** chance.uniform(-2, 2, (count, 3)))
    between = path.at(np.sort(chance.integers(times[0], times[-1], 40)))
    for found in (path.estimates, between):
        np.testing.assert_array_equal(found.covariances, found.covariances.swapaxes(1, 2))
        for covariance in found.covariances:
            values = np.linalg.eigvalsh(covariance)
            assert values[0] >= -1e-12 * values[-1]


def test_between_two_states_it_is_on_the_way_and_less_sure_than_at_them() -> None:
    path = SmoothedPath(*straight())
    three = path.at(np.array([16, 18, 20]) * SECOND)
    np.testing.assert_allclose(three.states[:, 0], [800.0, 900.0, 1_000.0])
    assert 1.0 < three.covariances[1, 0, 0] / three.covariances[[0, 2], 0, 0].max() < 1.2


def test_it_is_asked_at_its_own_times_for_what_it_says_there() -> None:
    path = SmoothedPath(*straight(60.0))
    again = path.at(path.estimates.time_ns)
    for own, found in zip(path.estimates, again, strict=True):
        np.testing.assert_array_equal(own, found)


def test_jumps_that_were_not_told_make_it_less_sure_round_them_only() -> None:
    calm = SmoothedPath(*straight()).estimates.covariances
    jumped = SmoothedPath(*straight(500.0)).estimates.covariances
    growth = jumped[:, 0, 0] / calm[:, 0, 0]
    assert growth[5] > 4.0
    np.testing.assert_allclose(growth[:2], 1.0)


def test_one_state_is_a_path_too() -> None:
    filtered, q = straight()
    one = Estimates(filtered.time_ns[:1], filtered.states[:1], filtered.covariances[:1])
    np.testing.assert_array_equal(SmoothedPath(one, q[:1]).estimates.states, one.states)


@pytest.mark.parametrize("wrong_ns", [-1, 37 * SECOND])
def test_a_time_outside_the_path_is_refused(wrong_ns: int) -> None:
    with pytest.raises(InputError, match="The path is known from 0 to"):
        SmoothedPath(*straight()).at(np.array([wrong_ns]))


def test_times_that_do_not_ascend_are_refused() -> None:
    filtered, q = straight()
    with pytest.raises(InputError, match="must ascend"):
        SmoothedPath(filtered._replace(time_ns=np.zeros(10, dtype=np.int64)), q)


def test_arrays_that_do_not_fit_together_are_refused() -> None:
    filtered, q = straight()
    with pytest.raises(InputError, match=r"densities \(9, 2\)"):
        SmoothedPath(filtered, q[1:])
