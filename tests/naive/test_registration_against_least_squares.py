"""Registration against slow, obvious twins: polar geometry written out, and plain least squares."""

import math

import numpy as np
import pytest

from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import DetectionField
from skypicket.testing.builders import plot_batch, radar
from skypicket.tracking import TrackerConfig
from skypicket.tracking._kernels.registration import BIASES, PRIOR, TERMS, levers, put_right
from skypicket.tracking.births import BirthMap
from skypicket.tracking.intake import Intake
from skypicket.tracking.registration import biases, unknown
from skypicket.tracking.sensing import sensings

FRAME = TheatreFrame(54.7, 25.3)


@pytest.mark.parametrize("bias", [(120.0, 0.4, 0.6), (-1_000.0, -2.0, -5.0), (0.0, 2.0, 5.0)])
def test_what_is_put_right_is_the_polar_plot_without_its_bias(
    bias: tuple[float, float, float],
) -> None:
    sensor = radar()
    known = sensings({"R1": sensor}, FRAME, 0.0, DetectionField([sensor], FRAME))
    chance = np.random.default_rng(3)
    lat_deg, lon_deg = FRAME.to_geodetic(*chance.uniform(-60_000, 60_000, (2, 50)))
    batch = plot_batch(list(zip(lat_deg.tolist(), lon_deg.tolist(), strict=True)))
    births = BirthMap(TrackerConfig(), None)
    (entry,) = Intake(known, FRAME, TrackerConfig(), births).entries(batch)
    plots, view = entry.look.plots, entry.look.view
    range_m, azimuth_rad, time_s = bias[0], math.radians(bias[1]), bias[2]
    place, time_ns = put_right(plots, view, np.array([range_m, azimuth_rad, time_s]))
    assert set((plots.time_ns - time_ns).tolist()) == {round(time_s * 1e9)}
    for said, right in zip(plots.place, place, strict=True):
        away = math.hypot(said[0] - view.east_m, said[1] - view.north_m) - range_m
        toward = math.atan2(said[0] - view.east_m, said[1] - view.north_m) - azimuth_rad
        assert right[0] == pytest.approx(view.east_m + away * math.sin(toward), abs=0.5)
        assert right[1] == pytest.approx(view.north_m + away * math.cos(toward), abs=0.5)


def test_the_solution_of_all_pairs_is_that_of_all_rows_at_once() -> None:
    chance = np.random.default_rng(5)
    sites = np.array([(-20_000.0, 0.0), (20_000.0, 0.0), (0.0, 25_000.0)])
    true = np.array([(50.0, 0.004, 0.3), (-30.0, -0.006, 0.1), (80.0, 0.002, -0.4)])
    found, sigma_m = unknown(sites), 60.0
    rows, right = [np.diag(1.0 / np.tile(PRIOR, 3))], [np.zeros(9)]
    for _ in range(600):
        one, other = chance.choice(3, 2, replace=False)
        there, velocity = chance.uniform(-30_000, 30_000, 2), chance.uniform(-60, 60, 2)
        terms, lever = np.zeros((2, TERMS)), np.empty((2, 2))
        for first, number, sign in ((0, one, 1.0), (BIASES, other, -1.0)):
            de, dn = there - sites[number]
            levers(de, dn, np.zeros(BIASES), lever)
            terms[:, first : first + 2] = sign * lever
            terms[:, first + 2] = -sign * velocity
        noise = 0.9 * sigma_m * chance.standard_normal(2)  # no more than was told
        both = np.concatenate([true[one], true[other]])
        terms[:, -1] = terms[:, :-1] @ both + noise
        found.normal[one, other] += terms.T @ terms / sigma_m**2
        found.number[one, other] += 1.0
        row = np.zeros((2, 3, BIASES))
        row[:, one], row[:, other] = terms[:, :BIASES], terms[:, BIASES:-1]
        rows.append(row.reshape(2, -1) / sigma_m)
        right.append(terms[:, -1] / sigma_m)
    stacked = np.concatenate(rows)
    solution = np.linalg.lstsq(stacked, np.concatenate(right))[0]
    spread = np.sqrt(np.diag(np.linalg.inv(stacked.T @ stacked)))
    answer = biases(found)
    assert answer.estimate.ravel() == pytest.approx(solution, rel=0.02, abs=2e-4)
    assert answer.sigma.ravel() == pytest.approx(spread, rel=0.02)
    assert (np.abs(answer.applied - answer.estimate) <= answer.sigma).all()


@pytest.mark.parametrize("radars", [0, 1, 4])
def test_of_what_was_never_compared_the_prior_is_all_there_is(radars: int) -> None:
    answer = biases(unknown(np.zeros((radars, 2))))
    assert (answer.estimate == 0.0).all()
    assert (answer.applied == 0.0).all()
    assert answer.sigma == pytest.approx(np.tile(PRIOR, (radars, 1)))
