"""The private kernel moves a state as `skypicket.physics.motion` says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skypicket.physics.motion import noise, transition
from skypicket.tracking._kernels.motion import predict

numbers = st.floats(-1e3, 1e3)


@given(
    st.lists(numbers, min_size=42, max_size=42),
    st.floats(0, 600),
    st.floats(0.01, 50),
    st.floats(0.01, 5),
)
def test_the_kernel_predicts_as_the_matrices_do(
    values: list[float], dt_s: float, q: float, q_up: float
) -> None:
    state = np.array(values[:6])
    half = np.array(values[6:]).reshape(6, 6)
    covariance = half @ half.T + np.eye(6)
    matrix = transition(dt_s)
    expected_state = matrix @ state
    expected = matrix @ covariance @ matrix.T + noise(dt_s, q, q_up)
    predict(state, covariance, dt_s, q, q_up)
    np.testing.assert_allclose(state, expected_state, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(covariance, expected, rtol=1e-9, atol=1e-6 * np.abs(expected).max())


@given(st.lists(numbers, min_size=6, max_size=6), st.floats(0.1, 100))
def test_back_and_forth_is_where_it_was(values: list[float], dt_s: float) -> None:
    state, covariance = np.array(values), np.eye(6)
    predict(state, covariance, dt_s, 1.0, 1.0)
    predict(state, covariance, -dt_s, 1.0, 1.0)
    np.testing.assert_allclose(state, values, atol=1e-6)
    assert (np.linalg.eigvalsh(covariance) > 0).all()
