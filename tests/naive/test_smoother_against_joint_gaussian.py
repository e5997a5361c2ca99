"""The smoother against one large Gaussian of every state and measurement, conditioned at once."""

from typing import Any

import numpy as np
import pytest

from skypicket.physics.motion import noise, transition
from skypicket.physics.smoothing import Estimates, SmoothedPath

SECOND = 1_000_000_000
Q, Q_UP, SIGMA_M = 3.0, 0.2, 40.0
TIMES_S = np.array([0.0, 4.0, 8.5, 9.0, 30.0, 34.0])
ASKED_S = np.array([1.0, 8.7, 20.0])
LOOK = np.eye(3, 6)
START = np.diag([500.0, 500.0, 300.0, 30.0, 30.0, 5.0]) ** 2
Pair = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def kalman(places: np.ndarray[Any, Any]) -> Pair:
    """The filtered states and covariances, textbook form."""
    state, covariance = np.array([0.0, 0.0, 300.0, 50.0, 0.0, 0.0]), START.copy()
    states, covariances = [], []
    for k, place in enumerate(places):
        if k:
            dt_s = TIMES_S[k] - TIMES_S[k - 1]
            state = transition(dt_s) @ state
            covariance = transition(dt_s) @ covariance @ transition(dt_s).T + noise(dt_s, Q, Q_UP)
        innovation = LOOK @ covariance @ LOOK.T + SIGMA_M**2 * np.eye(3)
        gain = covariance @ LOOK.T @ np.linalg.inv(innovation)
        state = state + gain @ (place - LOOK @ state)
        covariance = covariance - gain @ LOOK @ covariance
        states.append(state)
        covariances.append((covariance + covariance.T) / 2)
    return np.array(states), np.array(covariances)


def conditioned(places: np.ndarray[Any, Any], times_s: np.ndarray[Any, Any]) -> Pair:
    """Mean and covariance of the state at each of `times_s` given all places, of one Gaussian."""
    every = np.unique(np.concatenate([TIMES_S, times_s]))
    mean = np.concatenate([transition(t) @ [0.0, 0.0, 300.0, 50.0, 0.0, 0.0] for t in every])
    joint = np.zeros((6 * len(every), 6 * len(every)))
    own = [transition(t) @ START @ transition(t).T + noise(t, Q, Q_UP) for t in every]
    for i, early in enumerate(every):
        for j in range(i, len(every)):
            block = own[i] @ transition(every[j] - early).T
            joint[6 * i : 6 * i + 6, 6 * j : 6 * j + 6] = block
            joint[6 * j : 6 * j + 6, 6 * i : 6 * i + 6] = block.T
    looks = np.concatenate([6 * np.searchsorted(every, t) + np.arange(3) for t in TIMES_S])
    seen = joint[np.ix_(looks, looks)] + SIGMA_M**2 * np.eye(len(looks))
    gain = joint[:, looks] @ np.linalg.inv(seen)
    mean = mean + gain @ (places.reshape(-1) - mean[looks])
    joint = joint - gain @ joint[looks]
    at = [6 * np.searchsorted(every, t) + np.arange(6) for t in times_s]
    return np.array([mean[rows] for rows in at]), np.array([joint[np.ix_(r, r)] for r in at])


@pytest.mark.parametrize("seed", range(3))
def test_states_at_and_between_the_looks_agree(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Half of the errors that are told, so that no jump is larger than was said.
    places = np.array([[50.0 * t, 10.0, 300.0] for t in TIMES_S])
    places += 0.5 * SIGMA_M * chance.standard_normal(places.shape)
    times_ns = np.rint(TIMES_S * SECOND).astype(np.int64)
    path = SmoothedPath(
        Estimates(times_ns, *kalman(places)), np.tile([Q, Q, Q_UP], (len(TIMES_S), 1))
    )
    asked_ns = np.rint(ASKED_S * SECOND).astype(np.int64)
    for found, times_s in ((path.estimates, TIMES_S), (path.at(asked_ns), ASKED_S)):
        states, covariances = conditioned(places, times_s)
        np.testing.assert_allclose(found.states, states, rtol=1e-7, atol=1e-6)
        np.testing.assert_allclose(found.covariances, covariances, rtol=1e-6, atol=1e-5)
