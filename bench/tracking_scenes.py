"""Scenes a-d and f played out, what the tracker is told of them, and how well tracks fit.

Targets fly nearly straight, a third of them turn once, many in parallel pairs, many late; false
alarms are uniform. The tracker is told P(detect) 0.8 everywhere and 1.4 times the clutter.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.times import NS_PER_S
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame

Floats = NDArray[np.float64]

SCAN_S = 2.0
SIGMA_M = 40.0
_Q_M2PS3 = 1.0
_SPEEDS_MPS = (15.0, 70.0)
_PAIRED = 0.3
_PAIR_GAP_M = (150.0, 400.0)
_TURNING = 1 / 3
_TURN_DEGPS = (2.0, 5.0)
_TURN_SCANS = (6, 15)
_LATE = 0.4


FRAME = TheatreFrame(55.0, 24.0)


START_NS = 1_753_667_760 * NS_PER_S
FIRST_SCORED = 5


class Scene(NamedTuple):
    """How many objects and false alarms per scan, how well seen, in what square, how long."""

    objects: int
    clutter: int
    detection: float
    side_m: float
    scans: int


SCENES = {
    "a": Scene(10, 10, 0.9, 10_000.0, 100),
    "b": Scene(100, 100, 0.9, 25_000.0, 80),
    "c": Scene(500, 500, 0.9, 50_000.0, 60),
    "d": Scene(100, 500, 0.7, 25_000.0, 80),
    "f": Scene(10_000, 10_000, 0.9, 200_000.0, 20),
}


class Played(NamedTuple):
    """Per scan: the plots (m, 2), and the true places (k, 2)."""

    scene: Scene
    plots: list[Floats]
    truth: list[Floats]


def play(scene: Scene, seed: int) -> Played:
    """A scene played out; objects that leave the square are gone."""
    chance = np.random.default_rng(seed)
    paths = _paths(scene, chance)  # (scans, objects, 2), NaN where there is none
    plots, truth = [], []
    for places in paths:
        here = places[~np.isnan(places[:, 0])]
        seen = here[chance.random(len(here)) < scene.detection]
        hits = seen + SIGMA_M * chance.standard_normal(seen.shape)
        count = chance.poisson(scene.clutter)
        alarms = chance.uniform(-scene.side_m / 2, scene.side_m / 2, (count, 2))
        plots.append(chance.permutation(np.concatenate([hits, alarms])))
        truth.append(here)
    return Played(scene, plots, truth)


def _paths(scene: Scene, chance: np.random.Generator) -> Floats:
    count, half = scene.objects, scene.side_m / 2
    place = chance.uniform(-half, half, (count, 2))
    speed = chance.uniform(*_SPEEDS_MPS, count)
    course = chance.uniform(0, 2 * np.pi, count)
    velocity = speed[:, None] * np.column_stack([np.sin(course), np.cos(course)])
    born = np.where(
        chance.random(count) < _LATE, chance.integers(1, int(0.6 * scene.scans), count), 0
    )
    turn = _turns(scene, chance, born)
    pairs = round(_PAIRED * count / 2)
    first, second = np.arange(pairs) * 2, np.arange(pairs) * 2 + 1
    aside = np.column_stack([velocity[first, 1], -velocity[first, 0]]) / speed[first, None]
    place[second] = place[first] + aside * chance.uniform(*_PAIR_GAP_M, pairs)[:, None]
    velocity[second], born[second], turn[:, second] = velocity[first], born[first], turn[:, first]
    shaken = np.sqrt(_Q_M2PS3 * SCAN_S) * chance.standard_normal((scene.scans, count, 2))
    shaken[:, second] = shaken[:, first]  # they fly in parallel
    alive = np.ones(count, dtype=bool)
    paths = np.full((scene.scans, count, 2), np.nan)
    for scan in range(scene.scans):
        flying = born < scan
        place[flying] += SCAN_S * velocity[flying]
        angle = turn[scan] * SCAN_S
        turned = np.column_stack(
            [
                velocity[:, 0] * np.cos(angle) + velocity[:, 1] * np.sin(angle),
                velocity[:, 1] * np.cos(angle) - velocity[:, 0] * np.sin(angle),
            ]
        )
        velocity[flying] = turned[flying] + shaken[scan][flying]
        alive &= (np.abs(place) <= half).all(axis=1)
        there = alive & (born <= scan)
        paths[scan, there] = place[there]
    return paths


def _turns(scene: Scene, chance: np.random.Generator, born: NDArray[np.int64]) -> Floats:
    """Turn rate per scan and object, in radians per second: one turn for a third of them."""
    rates = np.zeros((scene.scans, scene.objects))
    for index in np.flatnonzero(chance.random(scene.objects) < _TURNING):
        start = int(chance.integers(born[index], scene.scans))
        length = int(chance.integers(*_TURN_SCANS))
        rate = np.radians(chance.uniform(*_TURN_DEGPS)) * chance.choice([-1.0, 1.0])
        rates[start : start + length, index] = rate
    return rates


def gospa(estimates: Floats, truth: Floats, cut_m: float = 200.0) -> tuple[float, int, int]:
    """GOSPA (p = 2, alpha = 2) in metres, missed and false; A. S. Rahmathullah et al., 2017."""
    if not len(estimates) or not len(truth):
        wrong = len(estimates) + len(truth)
        return float(np.sqrt(cut_m**2 / 2 * wrong)), len(truth), len(estimates)
    square = np.minimum(cdist(estimates, truth, "sqeuclidean"), cut_m**2)
    rows, columns = linear_sum_assignment(square)
    costs = square[rows, columns]
    near = costs < cut_m**2
    missed, false = len(truth) - int(near.sum()), len(estimates) - int(near.sum())
    return float(np.sqrt(costs[near].sum() + cut_m**2 / 2 * (missed + false))), missed, false


def told(played: Played) -> Sensor:
    """A radar in the middle of the square that reaches its corners, told wrong values."""
    side_m = played.scene.side_m
    reach_m = side_m / np.sqrt(2) + 1.0
    alarms = 1.4 * played.scene.clutter / side_m**2 * np.pi * reach_m**2
    return Sensor(
        id="R1", kind="radar", lat_deg=FRAME.lat_deg, lon_deg=FRAME.lon_deg, max_range_m=reach_m,
        period_s=SCAN_S, false_alarms_per_scan=alarms,
        detection=ConstantDetection(probability=0.8),
    )  # fmt: skip


def scans(played: Played, sensor: Sensor, sigma_m: float = SIGMA_M) -> list[ObservationBatch]:
    """The scans of a scene as the radar `sensor` tells them, one per period of it."""
    assert sensor.max_range_m is not None
    assert sensor.period_s is not None
    batches, period_ns = [], round(sensor.period_s * NS_PER_S)
    for number, plots in enumerate(played.plots):
        at_ns = START_NS + number * period_ns
        lat_deg, lon_deg = FRAME.to_geodetic(*plots.T)
        columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(plots), sigma_m)}
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0,
            max_range_m=sensor.max_range_m, from_ns=at_ns - period_ns, to_ns=at_ns,
        )  # fmt: skip
        times = np.full(len(plots), at_ns)
        batches.append(batch_of("position", "R1", times, columns, swept=swept))
    return batches


def places(picture: TrackBatch, frame: TheatreFrame = FRAME) -> Floats:
    """Where the tracks are that are shown as confirmed or coasting, (n, 2)."""
    alive = np.isin(picture.columns["state"], (TrackState.CONFIRMED, TrackState.COASTING))
    return np.column_stack(
        frame.to_plane(picture.columns["lat_deg"][alive], picture.columns["lon_deg"][alive])
    )
