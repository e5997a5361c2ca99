"""The kernels against slow, obvious twins: every association enumerated, matrices written out."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest

from skypicket.domain.observations import SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.motion import noise, transition
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig
from skypicket.tracking._kernels.belief import marginals
from skypicket.tracking._kernels.clusters import MOST_ROWS

FRAME = TheatreFrame(54.7, 25.3)
Estimate = tuple[float, np.ndarray, np.ndarray]
Story = tuple[float, Any, Any]  # how probable, state, covariance
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
def test_in_a_small_cluster_with_cycles_it_is_exact_but_for_weak_edges(seed: int) -> None:
    chance = np.random.default_rng(seed)
    weights = np.exp(chance.normal(0, 2, (4, 4)))
    linked, missed, alone = propagated(weights, sweeps=15)
    exact, exact_missed = enumerated(weights)
    assert np.abs(linked - exact).max() < 0.03
    assert np.abs(missed - exact_missed).max() < 0.03
    np.testing.assert_allclose(linked.sum(axis=1) + missed, 1.0, atol=1e-9)
    np.testing.assert_allclose(alone, 1 - linked.sum(axis=0), atol=0.05)


@pytest.mark.parametrize("seed", range(3))
def test_in_a_large_cluster_it_stays_near_the_exact_answer(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = MOST_ROWS + 1
    weights = np.exp(chance.normal(0, 1, (4, rows)))
    linked, missed, _ = propagated(weights, sweeps=15)
    exact, exact_missed = enumerated(weights)
    assert np.abs(linked - exact).max() < 0.12
    assert np.abs(missed - exact_missed).max() < 0.12


class Belief(NamedTuple):
    """A track: existence, how probable each of its modes is, their states, how often seen."""

    existence: float
    modes: list[float]
    states: list[np.ndarray]
    covariances: list[np.ndarray]
    supports: int
    moving: bool = False

    def matched(self) -> Estimate:
        """Existence, mean and covariance of all together."""
        _, mean, spread = merged(list(zip(self.modes, self.states, self.covariances, strict=True)))
        return self.existence, mean, spread

    def of(self, stories: list[Story], whole: float = 1.0) -> "Belief":
        """The same track with other Gaussians, whose probabilities sum to `whole`."""
        modes = [share / whole for share, _, _ in stories]
        return self._replace(
            modes=modes, states=[x for _, x, _ in stories], covariances=[p for _, _, p in stories]
        )


def merged(stories: list[Story]) -> Story:
    """One Gaussian with the mean and the spread of all, and their probability together."""
    whole = sum(share for share, _, _ in stories)
    mean = sum(share * x for share, x, _ in stories) / whole
    spread = sum(share * (p + np.outer(x - mean, x - mean)) for share, x, p in stories) / whole
    return whole, mean, spread


def taught(x: np.ndarray, p: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """State and covariance after a measured place."""
    h = np.eye(2, 6)
    spread = h @ p @ h.T + SIGMA_M**2 * np.eye(2)
    gain = p @ h.T @ np.linalg.inv(spread)
    return x + gain @ (z - h @ x), p - gain @ spread @ gain.T


def drift(dt_s: float, q: float, q_up: float, drift_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Transition and noise of a velocity that dies away, by summing many short steps."""
    steps = 4_000
    short = dt_s / steps
    rate = np.zeros((6, 6))
    rate[:3, 3:] = np.eye(3)
    rate[3, 3] = rate[4, 4] = -1 / drift_s
    once = np.eye(6) + short * rate + short**2 / 2 * rate @ rate
    density = np.diag([0, 0, 0, q, q, q_up]) * short
    whole, spread = np.eye(6), np.zeros((6, 6))
    for _ in range(steps):
        spread = once @ spread @ once.T + density
        whole = once @ whole
    return whole, spread


class Twin:
    """A Poisson multi-Bernoulli filter in plain matrices, every association enumerated."""

    def __init__(self, config: TrackerConfig) -> None:
        self.config = config
        self.tracks: list[Belief] = []
        turning, drifting = config.turning_share, config.drifting_share
        self.shares = [1 - turning - drifting, turning, drifting]

    def motions(self, dt_s: float) -> list[tuple[np.ndarray, np.ndarray]]:
        """Transition and noise of each mode."""
        config, up = self.config, self.config.vertical_q_m2ps3
        return [
            (transition(dt_s), noise(dt_s, config.steady_q_m2ps3, up)),
            (transition(dt_s), noise(dt_s, config.turning_q_m2ps3, up)),
            drift(dt_s, config.drifting_q_m2ps3, up, config.drift_s),
        ]

    def predicted(self, track: Belief, dt_s: float) -> Belief:
        config = self.config
        decay = np.exp(-dt_s / config.survival_s)
        track = track._replace(existence=track.existence * decay)
        if not track.moving:
            f = transition(dt_s)
            q = noise(dt_s, config.horizontal_q_m2ps3, config.vertical_q_m2ps3)
            return track._replace(
                states=[f @ x for x in track.states],
                covariances=[f @ p @ f.T + q for p in track.covariances],
            )
        hold = np.exp(-dt_s / config.mode_s)
        chance = hold * np.eye(3) + (1 - hold) * np.array([self.shares] * 3)
        mixed = []
        for n, (f, q) in enumerate(self.motions(dt_s)):
            before = [
                (w * chance[m, n], track.states[m], track.covariances[m])
                for m, w in enumerate(track.modes)
            ]
            share, x, p = merged(before)
            mixed.append((share, f @ x, f @ p @ f.T + q))
        return track.of(mixed)

    def scan(self, rows: np.ndarray, dt_s: float) -> None:
        config = self.config
        birth = max(config.birth_per_km2 / 1e6, config.birth_clutter_share * CLUTTER)
        birth = min(birth, config.birth_existence / (1 - config.birth_existence) * CLUTTER)
        predicted = [self.predicted(track, dt_s) for track in self.tracks]
        likely = [self.likelihoods(track, rows) for track in predicted]  # (modes, rows) each
        weights = np.zeros((len(predicted), len(rows)))
        for a, track in enumerate(predicted):
            seen = track.existence * DETECTION
            weights[a] = likely[a].sum(axis=0) * seen / ((1 - seen) * (CLUTTER + birth))
        linked, missed = enumerated(weights)
        self.tracks = [
            self.updated(track, rows, linked[a], missed[a], likely[a])
            for a, track in enumerate(predicted)
        ]
        self.tracks = [track for track in self.tracks if track.existence >= config.prune_existence]
        alone = 1 - linked.sum(axis=0) if predicted else np.ones(len(rows))
        for j, z in enumerate(rows):
            existence = alone[j] * birth / (birth + CLUTTER)
            if existence >= config.prune_existence:
                self.tracks.append(self.first(existence, z))

    def likelihoods(self, track: Belief, rows: np.ndarray) -> np.ndarray:
        """P(mode) N(z) for each mode and row, 0 outside of every mode's gate."""
        out = np.zeros((len(track.modes), len(rows)))
        h = np.eye(2, 6)
        for j, z in enumerate(rows):
            distances = []
            for m, (x, p) in enumerate(zip(track.states, track.covariances, strict=True)):
                spread = h @ p @ h.T + SIGMA_M**2 * np.eye(2)
                d2 = (z - h @ x) @ np.linalg.solve(spread, z - h @ x)
                distances.append(d2)
                density = np.exp(-d2 / 2) / (2 * np.pi * np.sqrt(np.linalg.det(spread)))
                out[m, j] = track.modes[m] * density
            if min(distances) > self.config.gate_d2:
                out[:, j] = 0.0
        return out

    def updated(self, track: Belief, rows: Any, linked: Any, missed: Any, likely: Any) -> Belief:
        unseen = missed * track.existence * (1 - DETECTION) / (1 - track.existence * DETECTION)
        after = unseen + linked.sum()
        told: list[list[Story]] = []  # the hypotheses of each Gaussian
        for m, (x, p) in enumerate(zip(track.states, track.covariances, strict=True)):
            own = [(unseen * track.modes[m] / after, x, p)]
            for j in np.flatnonzero(linked):
                share = linked[j] * likely[m, j] / likely[:, j].sum() / after
                own.append((share, *taught(x, p, rows[j])))
            told.append(own)
        after = min(after, self.config.max_existence)
        if track.moving:
            track = track.of([merged(own) for own in told])
        elif linked.any():
            least = self.config.prune_existence / after
            stories = sorted((story for own in told for story in own), key=lambda one: -one[0])
            stories = [story for story in stories if story[0] > least]
            kept = sum(share for share, _, _ in stories)
            after *= kept
            two, others = stories[:2], stories[2:]
            track = track.of(two + ([merged(others)] if others else []), kept)
        supports = track.supports + int(1 - missed >= 0.5)
        track = track._replace(existence=after, supports=supports)
        if track.moving or supports < self.config.branch_count:
            return track
        _, x, p = track.matched()
        return Belief(after, self.shares, [x] * 3, [p] * 3, supports, moving=True)

    def first(self, existence: Any, z: Any) -> Belief:
        config = self.config
        x = np.array([*z, config.birth_alt_m, 0.0, 0.0, 0.0])
        sigma = [SIGMA_M, SIGMA_M, config.birth_sigma_alt_m]
        sigma += [config.birth_sigma_mps, config.birth_sigma_mps, 0.2 * config.birth_sigma_mps]
        return Belief(existence, [1.0], [x], [np.diag(np.square(sigma))], 1)


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
    config = TrackerConfig(geoid_m=0.0, learn=False, confirm_count=1_000)  # none is ever lost
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
    expected = [track.matched() for track in twin.tracks if track.existence > 0.5]
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
    config = TrackerConfig(geoid_m=0.0, learn=False, confirm_count=1_000)  # none is ever lost
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
    found = (track.matched() for track in twin.tracks)
    existence, state, covariance = max(found, key=lambda estimate: estimate[0])
    tracks = tracker._filter.table.tracks
    assert tracks.existence[best] == pytest.approx(existence, abs=1e-6)
    np.testing.assert_allclose(tracks.state[best], state, atol=0.01)
    np.testing.assert_allclose(tracks.covariance[best], covariance, rtol=1e-3, atol=0.1)
