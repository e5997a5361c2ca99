"""The kernels against slow, obvious twins: every association enumerated, matrices written out."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from skypicket.domain.observations import SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.motion import noise, transition
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig
from skypicket.tracking._kernels.belief import marginals

FRAME = TheatreFrame(54.7, 25.3)
Estimate = tuple[float, np.ndarray, np.ndarray]
DETECTION, ALARMS, REACH_M, SIGMA_M = 0.8, 40.0, 30_000.0, 40.0
CLUTTER = ALARMS / (np.pi * REACH_M**2)
RADAR = Sensor(
    id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=REACH_M, period_s=2.0,
    false_alarms_per_scan=ALARMS, detection=ConstantDetection(probability=DETECTION),
)  # fmt: skip


def enumerated(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """P(edge) and P(missed) from every way to give measurements to tracks, each at most once."""
    tracks, rows = weights.shape
    linked, missed, total = np.zeros((tracks, rows)), np.zeros(tracks), 0.0
    for choice in product(range(-1, rows), repeat=tracks):
        taken = [j for j in choice if j >= 0]
        if len(taken) != len(set(taken)):
            continue
        likely = np.prod([weights[a, j] for a, j in enumerate(choice) if j >= 0])
        total += likely
        for a, j in enumerate(choice):
            if j >= 0:
                linked[a, j] += likely
            else:
                missed[a] += likely
    return linked / total, missed / total


def propagated(weights: np.ndarray, sweeps: int = 100) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The kernel's answer for a dense matrix of weights, 0 for no edge."""
    starts = np.concatenate([[0], np.cumsum((weights > 0).sum(axis=1))])
    tracks, edges = np.nonzero(weights)
    linked, missed, alone = marginals(
        starts.astype(np.int64), edges.astype(np.int64), weights[tracks, edges],
        weights.shape[1], sweeps,
    )  # fmt: skip
    dense = np.zeros_like(weights)
    dense[tracks, edges] = linked
    return dense, missed, alone


@pytest.mark.parametrize("seed", range(10))
def test_on_trees_belief_propagation_is_exact(seed: int) -> None:
    chance = np.random.default_rng(seed)
    weights = np.zeros((4, 5))  # a chain: track 0 - row 0 - track 1 - row 1 - ...
    for track in range(4):
        weights[track, track : track + 2] = np.exp(chance.normal(0, 3, 2))
    linked, missed, alone = propagated(weights)
    exact, exact_missed = enumerated(weights)
    np.testing.assert_allclose(linked, exact, atol=2e-3)
    np.testing.assert_allclose(missed, exact_missed, atol=2e-3)
    np.testing.assert_allclose(alone, 1 - exact.sum(axis=0), atol=2e-3)


@pytest.mark.parametrize("seed", range(10))
def test_on_cycles_it_stays_near_the_exact_answer(seed: int) -> None:
    chance = np.random.default_rng(seed)
    weights = np.exp(chance.normal(0, 2, (4, 4)))
    linked, missed, _ = propagated(weights, sweeps=15)
    exact, exact_missed = enumerated(weights)
    assert np.abs(linked - exact).max() < 0.12
    assert np.abs(missed - exact_missed).max() < 0.12
    np.testing.assert_allclose(linked.sum(axis=1) + missed, 1.0, atol=1e-12)


class Twin:
    """A Poisson multi-Bernoulli filter in plain matrices, every association enumerated."""

    def __init__(self, config: TrackerConfig) -> None:
        self.config = config
        self.tracks: list[Estimate] = []

    def scan(self, rows: np.ndarray, dt_s: float) -> None:
        config = self.config
        birth = max(config.birth_per_km2 / 1e6, config.birth_clutter_share * CLUTTER)
        birth = min(birth, config.birth_existence / (1 - config.birth_existence) * CLUTTER)
        f, q = transition(dt_s), noise(dt_s, config.horizontal_q_m2ps3, config.vertical_q_m2ps3)
        decay = np.exp(-dt_s / config.survival_s)
        predicted = [(r * decay, f @ x, f @ p @ f.T + q) for r, x, p in self.tracks]
        h, noise_m2 = np.eye(2, 6), SIGMA_M**2 * np.eye(2)
        weights = np.zeros((len(predicted), len(rows)))
        for a, (r, x, p) in enumerate(predicted):
            spread = h @ p @ h.T + noise_m2
            for j, z in enumerate(rows):
                d2 = (z - h @ x) @ np.linalg.solve(spread, z - h @ x)
                if d2 <= config.gate_d2:
                    density = np.exp(-d2 / 2) / (2 * np.pi * np.sqrt(np.linalg.det(spread)))
                    seen = r * DETECTION
                    weights[a, j] = seen * density / ((1 - seen) * (CLUTTER + birth))
        linked, missed = enumerated(weights)
        self.tracks = [
            self._updated(track, rows, linked[a], missed[a], h) for a, track in enumerate(predicted)
        ]
        self.tracks = [track for track in self.tracks if track[0] >= config.prune_existence]
        alone = 1 - linked.sum(axis=0) if predicted else np.ones(len(rows))
        for j, z in enumerate(rows):
            existence = alone[j] * birth / (birth + CLUTTER)
            if existence >= config.prune_existence:
                self.tracks.append(self._first(existence, z))

    def _updated(self, track: Any, rows: Any, linked: Any, missed: Any, h: Any) -> Estimate:
        r, x, p = track
        unseen = missed * r * (1 - DETECTION) / (1 - r * DETECTION)
        hypotheses = [(unseen, x, p)]
        spread = h @ p @ h.T + SIGMA_M**2 * np.eye(2)
        gain = p @ h.T @ np.linalg.inv(spread)
        for j, z in enumerate(rows):
            hypotheses.append((linked[j], x + gain @ (z - h @ x), p - gain @ spread @ gain.T))
        after = sum(w for w, _, _ in hypotheses)
        mean = sum(w * m for w, m, _ in hypotheses) / after
        covariance = sum(w * (c + np.outer(m - mean, m - mean)) for w, m, c in hypotheses) / after
        return min(after, self.config.max_existence), mean, covariance

    def _first(self, existence: Any, z: Any) -> Estimate:
        config = self.config
        x = np.array([*z, config.birth_alt_m, 0.0, 0.0, 0.0])
        sigma = [SIGMA_M, SIGMA_M, config.birth_sigma_alt_m]
        sigma += [config.birth_sigma_mps, config.birth_sigma_mps, 0.2 * config.birth_sigma_mps]
        return existence, x, np.diag(np.square(sigma))


def played(seed: int) -> Iterator[Any]:
    """Two objects that cross, and a few false alarms, for ten scans."""
    chance = np.random.default_rng(seed)
    start = np.array([[-600.0, 0.0], [0.0, -500.0]])
    velocity = np.array([[60.0, 5.0], [5.0, 55.0]])
    for turn in range(10):
        seen = (start + 2.0 * turn * velocity)[chance.random(2) < 0.85]
        seen = seen + SIGMA_M * chance.standard_normal(seen.shape)
        alarms = chance.uniform(-700, 700, (chance.integers(0, 2), 2))
        yield np.concatenate([seen, alarms])


@pytest.mark.parametrize("seed", range(6))
def test_the_tracker_agrees_with_its_twin_that_enumerates(seed: int) -> None:
    config = TrackerConfig(geoid_m=0.0)
    tracker, twin = Tracker(config, {"R1": RADAR}, FRAME), Twin(config)
    for turn, rows in enumerate(played(seed)):
        lat_deg, lon_deg = FRAME.to_geodetic(*rows.T)
        columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(rows), SIGMA_M)}
        at_ns = NIGHT_NS + turn * 2_000_000_000
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
            from_ns=at_ns - 1, to_ns=at_ns,
        )  # fmt: skip
        times = np.full(len(rows), at_ns)
        tracker.step(batch_of("position", "R1", times, columns, swept=swept))
        twin.scan(rows, 2.0 if turn else 0.0)
    table = tracker._filter.table
    live = np.flatnonzero(table.tracks.life[: table.used] > 0)
    expected = [track for track in twin.tracks if track[0] > 0.5]
    assert len(expected) >= 2
    for existence, state, covariance in expected:
        gaps = np.abs(table.tracks.state[live, :2] - state[:2]).sum(axis=1)
        row = live[np.argmin(gaps)]
        # Loopy belief propagation differs from enumeration where tracks share measurements.
        assert table.tracks.existence[row] == pytest.approx(existence, abs=0.05)
        sigma = np.sqrt(np.diag(covariance))
        assert (np.abs(table.tracks.state[row] - state) < 0.35 * sigma).all()
        ratio = np.sqrt(np.diag(table.tracks.covariance[row])) / sigma
        assert ((ratio > 0.8) & (ratio < 1.4)).all()


def test_one_object_alone_is_followed_as_by_the_twin() -> None:
    config = TrackerConfig(geoid_m=0.0)
    tracker, twin = Tracker(config, {"R1": RADAR}, FRAME), Twin(config)
    chance = np.random.default_rng(1)
    for turn in range(12):
        rows = np.array([[100.0 * turn, 50.0]]) + SIGMA_M * chance.standard_normal((1, 2))
        rows = rows if turn % 5 != 3 else rows[:0]
        lat_deg, lon_deg = FRAME.to_geodetic(*rows.T)
        columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(rows), SIGMA_M)}
        at_ns = NIGHT_NS + turn * 2_000_000_000
        swept = SweptSector(
            start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
            from_ns=at_ns - 1, to_ns=at_ns,
        )  # fmt: skip
        times = np.full(len(rows), at_ns)
        tracker.step(batch_of("position", "R1", times, columns, swept=swept))
        twin.scan(rows, 2.0 if turn else 0.0)
    best = int(np.argmax(tracker._filter.table.tracks.existence))
    existence, state, covariance = max(twin.tracks, key=lambda track: track[0])
    tracks = tracker._filter.table.tracks
    assert tracks.existence[best] == pytest.approx(existence, abs=1e-6)
    np.testing.assert_allclose(tracks.state[best], state, atol=0.01)
    np.testing.assert_allclose(tracks.covariance[best], covariance, rtol=1e-3, atol=0.1)
