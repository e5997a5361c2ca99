import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.physics.motion import STATE_SIZE, noise, transition


def test_two_steps_are_one_longer_step() -> None:
    np.testing.assert_allclose(transition(1.5) @ transition(2.5), transition(4.0))


def test_a_step_back_undoes_a_step() -> None:
    np.testing.assert_allclose(transition(-3.0) @ transition(3.0), np.eye(STATE_SIZE))


def test_noise_of_two_steps_adds_up_to_that_of_one_longer_step() -> None:
    first, second = 1.5, 2.5
    carried = transition(second) @ noise(first, 2.0, 0.1) @ transition(second).T
    np.testing.assert_allclose(carried + noise(second, 2.0, 0.1), noise(first + second, 2.0, 0.1))


def test_noise_is_a_covariance() -> None:
    matrix = noise(4.0, 1.0, 0.05)
    np.testing.assert_array_equal(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_no_time_adds_no_noise() -> None:
    assert not noise(0.0).any()


@pytest.mark.parametrize("wrong", [(-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, -1.0)])
def test_noise_refuses_what_is_negative(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="not negative"):
        noise(*wrong)


def test_noise_agrees_with_a_random_walk_of_the_velocity() -> None:
    generator = np.random.default_rng(5)
    steps, walks, dt_s, density = 400, 20_000, 4.0, 3.0
    velocity = np.cumsum(
        generator.normal(0.0, np.sqrt(density * dt_s / steps), (walks, steps)), axis=1
    )
    position = velocity.sum(axis=1) * dt_s / steps
    sampled = np.cov(np.stack([position, velocity[:, -1]]))
    np.testing.assert_allclose(sampled, noise(dt_s, density)[np.ix_([0, 3], [0, 3])], rtol=0.05)
