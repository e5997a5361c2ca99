"""What unlike evidence teaches one track, against the mixture written out in plain matrices."""

from typing import Any

import numpy as np
import pytest

from skypicket.domain.observations import batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.motion import noise, transition
from skypicket.testing.builders import NIGHT_NS, sighting
from skypicket.tracking import Tracker, TrackerConfig

FRAME = TheatreFrame(54.7, 25.3)
DETECTION, ALARMS, REACH_M, SIGMA_M = 0.8, 40.0, 30_000.0, 40.0
CLUTTER = ALARMS / (np.pi * REACH_M**2)
RADAR = Sensor(
    id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=REACH_M, period_s=2.0,
    false_alarms_per_scan=ALARMS, detection=ConstantDetection(probability=DETECTION),
)  # fmt: skip
PLACE = np.eye(2, 6)
Gaussian = tuple[Any, Any]


def unknown_mps(config: TrackerConfig) -> float:
    """What is not known of a new object's velocity, slow ones and fast ones together."""
    slow = config.birth_slow_share
    return float(
        np.hypot(slow**0.5 * config.birth_slow_mps, (1 - slow) ** 0.5 * config.birth_fast_mps)
    )


def born(config: TrackerConfig, place: Any, variance_m2: float) -> Gaussian:
    """State and covariance of a track that one measurement of a place begins."""
    sigma2 = np.square([config.birth_sigma_alt_m, *[unknown_mps(config)] * 2])
    p = np.diag([variance_m2, variance_m2, *sigma2, 0.04 * sigma2[-1]])
    return np.array([*place, config.birth_alt_m, 0.0, 0.0, 0.0]), p


def carried(config: TrackerConfig, own: Gaussian, dt_s: float) -> Gaussian:
    f = transition(dt_s)
    q = noise(dt_s, config.horizontal_q_m2ps3, config.vertical_q_m2ps3)
    return f @ own[0], f @ own[1] @ f.T + q


def taught(own: Gaussian, z: Any, h: Any, r: Any) -> tuple[float, Gaussian]:
    """N(z), and the state and covariance after the measurement."""
    x, p = own
    spread, gap = h @ p @ h.T + r, z - h @ x
    d2 = gap @ np.linalg.solve(spread, gap)
    gain = p @ h.T @ np.linalg.inv(spread)
    likely = np.exp(-d2 / 2) / np.sqrt(np.linalg.det(2 * np.pi * spread))
    return float(likely), (x + gain @ gap, p - gain @ spread @ gain.T)


def mixed(shares: list[float], own: list[Gaussian]) -> Gaussian:
    """One Gaussian with the mean and the spread of all."""
    mean = sum(share * x for share, (x, _) in zip(shares, own, strict=True))
    spread = sum(
        share * (p + np.outer(x - mean, x - mean))
        for share, (x, p) in zip(shares, own, strict=True)
    )
    return mean, spread


def assert_first_track(tracker: Tracker, existence: float, own: Gaussian, atol: float) -> None:
    tracks = tracker._filter.table.tracks
    assert tracks.existence[0] == pytest.approx(existence, abs=1e-6)
    np.testing.assert_allclose(tracks.state[0], own[0], atol=atol)
    np.testing.assert_allclose(tracks.covariance[0], own[1], rtol=1e-3, atol=max(atol, 0.1))


def called(config: TrackerConfig, calls: np.ndarray) -> Tracker:
    """A tracker that people told of these places, half a minute apart."""
    person = Sensor(id="person", kind="person", lat_deg=54.7, lon_deg=25.3)
    tracker = Tracker(config, {"person": person}, FRAME)
    for number, place in enumerate(calls):
        lat_deg, lon_deg = map(float, FRAME.to_geodetic(*place))
        at_ns = NIGHT_NS + number * 30_000_000_000
        tracker.step(sighting(lat_deg, lon_deg, at_ns, sigma_m=2_000.0, sigma_time_s=50.0))
    return tracker


def test_a_call_that_may_be_wrong_teaches_a_track_as_the_mixture_written_out() -> None:
    config = TrackerConfig(geoid_m=0.0)
    calls = np.array([[1_000.0, 2_000.0], [1_000.0, 14_000.0]])
    tracker = called(config, calls)
    said_m2 = 2_000.0**2 + (config.sighting_speed_mps * 50.0) ** 2
    clutter, existence = 0.01 / 1e6, config.sighting_birth_existence
    birth = clutter * existence / (1 - existence)
    own = carried(config, born(config, calls[0], said_m2), 30.0)
    existence *= np.exp(-30.0 / config.survival_s)
    share, factor = config.sighting_tail_share, config.sighting_tail_factor**2
    narrow = taught(own, calls[1], PLACE, said_m2 * np.eye(2))
    wide = taught(own, calls[1], PLACE, factor * said_m2 * np.eye(2))
    likely = [(1 - share) * narrow[0], share * wide[0]]
    seen = 0.5 * existence
    taken = sum(likely) * seen / ((1 - seen) * (clutter + birth))
    linked = taken / (1 + taken)
    after = (1 - linked) * existence + linked
    shares = [1 - linked / after, *(linked / after * one / sum(likely) for one in likely)]
    assert linked > 0.001
    assert 0.2 < likely[1] / sum(likely) < 0.8
    assert_first_track(tracker, after, mixed(shares, [own, narrow[1], wide[1]]), 1.0)


def plotted(config: TrackerConfig, plots: Any, speeds: Any) -> Tracker:
    """A tracker whose radar saw these places two seconds apart, with their Doppler speeds."""
    tracker = Tracker(config, {"R1": RADAR}, FRAME)
    for turn, (place, mps) in enumerate(zip(plots, speeds, strict=True)):
        lat_deg, lon_deg = FRAME.to_geodetic(*place[:, None])
        columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": [SIGMA_M]}
        at_ns = np.array([NIGHT_NS + turn * 2_000_000_000])
        tracker.step(batch_of("position", "R1", at_ns, columns | {"radial_mps": [mps]}))
    return tracker


def rate(config: TrackerConfig, z: Any) -> tuple[Any, float]:
    """How the state becomes a speed away from the radar, and the variance of that."""
    variance = config.doppler_sigma_mps**2 + 100.0**2 * 2 * SIGMA_M**2 / (z @ z)
    return np.array([[0.0, 0.0, 0.0, *(z / np.hypot(*z)), 0.0]]), float(variance)


def test_a_plot_with_its_doppler_speed_teaches_a_track_as_one_measurement() -> None:
    config = TrackerConfig(geoid_m=0.0, learn=False, prune_existence=1e-9)  # no story is forgotten
    plots, speeds = np.array([[9_000.0, 12_000.0], [9_120.0, 12_090.0]]), (40.0, 45.0)
    tracker = plotted(config, plots, speeds)
    birth = max(config.birth_per_km2 / 1e6, config.birth_clutter_share * CLUTTER)
    existence = birth / (birth + CLUTTER) * np.exp(-2.0 / config.survival_s)
    first, variance = rate(config, plots[0])
    new = born(config, plots[0], SIGMA_M**2)
    _, new = taught(new, np.array([speeds[0]]), first, variance * np.eye(1))
    own = carried(config, new, 2.0)
    second, variance = rate(config, plots[1])
    r = np.diag([SIGMA_M**2, SIGMA_M**2, variance])
    likely, seen_own = taught(own, np.array([*plots[1], speeds[1]]), np.vstack([PLACE, second]), r)
    likely *= np.sqrt(2 * np.pi) * unknown_mps(config)  # false alarms spread like births
    seen = existence * DETECTION
    taken = likely * seen / ((1 - seen) * (CLUTTER + birth))
    linked = taken / (1 + taken)
    after = (1 - linked) * existence + linked
    assert 0.5 < linked < 0.999_99
    shares = [1 - linked / after, linked / after]
    assert_first_track(tracker, after, mixed(shares, [own, seen_own]), 0.01)
