"""Two scenes that the literature compares filters on, written anew from their parameters.

`four_close`: four objects that are nearly in one place at the middle of 81 steps, where one of
them vanishes (J. L. Williams, "Marginal multi-Bernoulli filters", IEEE Trans. AES 51, 2015, as
A. F. García-Fernández et al. use it in IEEE Trans. AES 54, 2018). Its unit of length is played as
40 m, its step as 1 s, so that objects fly some 20 m/s; GOSPA is told in its own unit.

`twelve`: twelve objects that are born at four places and fly straight on in 100 steps of 1 s
(B.-T. Vo, B.-N. Vo, D. Phung, IEEE Trans. Signal Processing 62, 2014), played as it is.
"""

from typing import NamedTuple

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from skypicket.domain.observations import ObservationBatch
from skypicket.domain.sensors import ConstantDetection, Sensor
from tracking_scenes import SIGMA_M, Floats, Played, Scene, scans, told

UNIT_M = SIGMA_M  # of the four: the error of a plot is one unit
_SIDE_UNITS, _STEPS, _OBJECTS, _STEP_S = 300.0, 81, 4, 1.0

# Where each of the twelve begins (east_m, north_m, east_mps, north_mps, first step, last step).
_TWELVE = (
    (0.0, 0.0, 0.0, -10.0, 1, 69),
    (400.0, -600.0, -10.0, 5.0, 1, 100),
    (-800.0, -200.0, 20.0, -5.0, 1, 69),
    (400.0, -600.0, -7.0, -4.0, 20, 100),
    (400.0, -600.0, -2.5, 10.0, 20, 100),
    (0.0, 0.0, 7.5, -5.0, 20, 100),
    (-800.0, -200.0, 12.0, 7.0, 40, 100),
    (-200.0, 800.0, 15.0, -10.0, 40, 100),
    (-800.0, -200.0, 3.0, 15.0, 60, 100),
    (-200.0, 800.0, -3.0, -15.0, 60, 100),
    (0.0, 0.0, -20.0, -15.0, 80, 100),
    (-200.0, 800.0, 15.0, -5.0, 80, 100),
)
_TWELVE_STEPS, _TWELVE_SIDE_M, _TWELVE_SIGMA_M, _TWELVE_STEP_S = 100, 2_000.0, 10.0, 1.0
_TWELVE_DETECTION = 0.98


class Shown(NamedTuple):
    """A scene as the tracker hears it: the scans, their radar, and what was played."""

    played: Played
    sensor: Sensor
    batches: list[ObservationBatch]


def four_close(seed: int, *, q: float, midpoint_variance: float, apart_steps: int) -> Shown:
    """The four, of which one appears every `apart_steps` (0: all are there from the start).

    `q` is the spectral density of the acceleration in units²/step³; each of the state's parts has
    the variance `midpoint_variance` at the middle.
    """
    chance = np.random.default_rng(seed)
    paths = _through_the_middle(chance, q, midpoint_variance)
    for number in range(_OBJECTS):
        paths[: number * apart_steps, number] = np.nan
    paths[_STEPS // 2 :, 0] = np.nan
    scene = Scene(_OBJECTS, 10, 0.9, _SIDE_UNITS * UNIT_M, _STEPS)
    played = _observed(scene, UNIT_M * paths, SIGMA_M, chance)
    return _shown(played, _STEP_S, SIGMA_M)


def twelve(seed: int, clutter: int) -> Shown:
    """The twelve, among so many false alarms per scan."""
    paths = np.full((_TWELVE_STEPS, len(_TWELVE), 2), np.nan)
    for number, (east_m, north_m, east_mps, north_mps, first, last) in enumerate(_TWELVE):
        flown_s = _TWELVE_STEP_S * np.arange(last - first + 1)[:, None]
        paths[first - 1 : last, number] = np.array([east_m, north_m]) + flown_s * np.array(
            [east_mps, north_mps]
        )
    scene = Scene(len(_TWELVE), clutter, _TWELVE_DETECTION, _TWELVE_SIDE_M, _TWELVE_STEPS)
    played = _observed(scene, paths, _TWELVE_SIGMA_M, np.random.default_rng(seed))
    return _shown(played, _TWELVE_STEP_S, _TWELVE_SIGMA_M)


def ospa(estimates: Floats, truth: Floats, cut_m: float) -> float:
    """OSPA (p = 1) in metres; D. Schuhmacher, B.-T. Vo, B.-N. Vo, IEEE Trans. SP 56, 2008."""
    many, few = max(len(estimates), len(truth)), min(len(estimates), len(truth))
    if not many:
        return 0.0
    if not few:
        return cut_m
    costs = np.minimum(cdist(estimates, truth), cut_m)
    near = float(costs[linear_sum_assignment(costs)].sum())
    return (near + cut_m * (many - few)) / many


def _through_the_middle(chance: np.random.Generator, q: float, variance: float) -> Floats:
    """Paths (steps, objects, 2) in units from a common middle, both ways by the motion model."""
    move = np.kron(np.eye(2), [[1.0, 1.0], [0.0, 1.0]])  # of (east, its speed, north, its speed)
    shake = np.linalg.cholesky(q * np.kron(np.eye(2), [[1 / 3, 1 / 2], [1 / 2, 1.0]]))
    middle = _STEPS // 2
    states = np.empty((_STEPS, 4, _OBJECTS))
    states[middle] = np.sqrt(variance) * chance.standard_normal((4, _OBJECTS))
    for step in range(middle):
        after, before = middle + step, middle - step
        shaken = shake @ chance.standard_normal((4, 2 * _OBJECTS))
        states[after + 1] = move @ states[after] + shaken[:, :_OBJECTS]
        states[before - 1] = np.linalg.solve(move, states[before] + shaken[:, _OBJECTS:])
    return states[:, ::2].transpose(0, 2, 1).copy()


def _observed(scene: Scene, paths: Floats, sigma_m: float, chance: np.random.Generator) -> Played:
    """Plots of what is there, and uniform false alarms, in an order that tells nothing."""
    plots, truth = [], []
    half = scene.side_m / 2
    for places in paths:
        here = places[~np.isnan(places[:, 0])]
        seen = here[chance.random(len(here)) < scene.detection]
        hits = seen + sigma_m * chance.standard_normal(seen.shape)
        alarms = chance.uniform(-half, half, (chance.poisson(scene.clutter), 2))
        plots.append(chance.permutation(np.concatenate([hits, alarms])))
        truth.append(here)
    return Played(scene, plots, truth)


def _shown(played: Played, step_s: float, sigma_m: float) -> Shown:
    """With a radar that is told what the papers tell their filters: the truth."""
    wrong = told(played)
    assert wrong.false_alarms_per_scan is not None
    sensor = msgspec.structs.replace(
        wrong,
        period_s=step_s,
        false_alarms_per_scan=wrong.false_alarms_per_scan / 1.4,
        detection=ConstantDetection(probability=played.scene.detection),
    )
    return Shown(played, sensor, scans(played, sensor, sigma_m))
