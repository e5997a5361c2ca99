"""What radars see in common tells their errors in range, azimuth and time, and puts them right."""

from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from skypicket.domain.codec import pack
from skypicket.domain.observations import ObservationBatch, SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Registration, Sensor
from skypicket.domain.tracks import TrackBatch, TrackState
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig

FRAME = TheatreFrame(54.7, 25.3)
SITES = {"R1": (-20_000.0, 0.0), "R2": (20_000.0, 0.0)}
REACH_M, PERIOD_S, SIGMA_M, ALARMS, SEEN = 80_000.0, 4.0, 50.0, 5, 0.9
SECOND = 1_000_000_000
Bias = tuple[float, float, float]  # m, deg, s


ONE: dict[str, Bias] = {"R2": (120.0, 0.4, 0.6)}
BOTH: dict[str, Bias] = {"R1": (-80.0, -0.3, 0.4), "R2": (120.0, 0.4, -0.3)}


def radars(*names: str) -> dict[str, Sensor]:
    found = {}
    for name in names or tuple(SITES):
        lat_deg, lon_deg = FRAME.to_geodetic(*SITES[name])
        found[name] = Sensor(
            id=name, kind="radar", lat_deg=float(lat_deg), lon_deg=float(lon_deg),
            max_range_m=REACH_M, period_s=PERIOD_S, false_alarms_per_scan=float(ALARMS),
            detection=ConstantDetection(probability=SEEN),
        )  # fmt: skip
    return found


class Night(NamedTuple):
    """Scans in the order of their times, and the flights."""

    scans: list[ObservationBatch]
    start_m: np.ndarray
    velocity_mps: np.ndarray

    def truth(self, time_ns: int) -> np.ndarray:
        return self.start_m + (time_ns - NIGHT_NS) / SECOND * self.velocity_mps


def night(
    turns: int,
    biases: dict[str, Bias],
    *,
    flights: int = 12,
    seed: int = 1,
    seen: float = SEEN,
    alarms: int = ALARMS,
) -> Night:
    """Each radar sees with its bias: what it says is too long, too far right, and too late."""
    chance = np.random.default_rng(seed)
    start = chance.uniform(-25_000, 25_000, (flights, 2))
    speed, course = chance.uniform(30, 80, flights), chance.uniform(0, 6.28, flights)
    velocity = speed[:, None] * np.column_stack([np.sin(course), np.cos(course)])
    batches = []
    for number, (name, site) in enumerate(SITES.items()):
        range_m, azimuth_deg, time_s = biases.get(name, (0.0, 0.0, 0.0))
        for turn in range(turns):
            true_s = PERIOD_S * turn + 1.3 * number
            there = start + true_s * velocity
            there = there[chance.random(flights) < seen] - site
            there = there + SIGMA_M * chance.standard_normal(there.shape)
            away = np.hypot(*there.T) + range_m
            toward = np.arctan2(*there.T) + np.radians(azimuth_deg)
            far = REACH_M * np.sqrt(chance.random(alarms))
            away = np.concatenate([away, far])
            toward = np.concatenate([toward, chance.uniform(0, 6.28, alarms)])
            plots = site + away[:, None] * np.column_stack([np.sin(toward), np.cos(toward)])
            batches.append(_scan(name, plots, NIGHT_NS + round((true_s + time_s) * SECOND)))
    order = sorted(batches, key=lambda batch: (int(batch.time_ns[0]), batch.sensor_id))
    return Night(order, start, velocity)


def _scan(name: str, plots: np.ndarray, at_ns: int) -> ObservationBatch:
    lat_deg, lon_deg = FRAME.to_geodetic(*plots.T)
    swept = SweptSector(
        start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=REACH_M,
        from_ns=at_ns - round(PERIOD_S * SECOND), to_ns=at_ns,
    )  # fmt: skip
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(plots), SIGMA_M)}
    return batch_of("position", name, np.full(len(plots), at_ns), columns, swept=swept)


def tracker(*names: str, **settings: Any) -> Tracker:
    return Tracker(TrackerConfig(**settings), radars(*names), FRAME)


def errors(told: Tracker, played: Night, *, tail: int = 40) -> tuple[float, float]:
    """Root mean square error of the nearest track (m), and tracks per flight, late in the night."""
    square, tracks, flights = 0.0, 0, 0
    for number, batch in enumerate(played.scans):
        told.step(batch)
        if number < len(played.scans) - tail:
            continue
        at_ns = int(batch.time_ns[0])
        places, there = shown(told.picture(at_ns)), played.truth(at_ns)
        apart = np.hypot(*(places[:, None] - there[None]).transpose(2, 0, 1))
        square += float((np.minimum(apart.min(axis=0), 600.0) ** 2).sum())
        tracks, flights = tracks + len(places), flights + len(there)
    return float(np.sqrt(square / flights)), tracks / flights


def shown(picture: TrackBatch) -> np.ndarray:
    alive = np.isin(picture.columns["state"], (TrackState.CONFIRMED, TrackState.COASTING))
    columns = picture.columns
    return np.column_stack(FRAME.to_plane(columns["lat_deg"][alive], columns["lon_deg"][alive]))


def after(played: Night, **settings: Any) -> Tracker:
    told = tracker(**settings)
    for batch in played.scans:
        told.step(batch)
    return told


def found(told: Tracker) -> tuple[Registration, Registration]:
    one, two = told.registrations()
    assert (one.sensor_id, two.sensor_id) == ("R1", "R2")
    return one, two


@pytest.mark.parametrize("biases", [ONE, BOTH], ids=["one", "both"])
def test_known_biases_are_found_and_tracks_come_nearer_to_the_truth(
    biases: dict[str, Bias],
) -> None:
    played, told = night(60, biases), tracker()
    error_m, each = errors(told, played)
    left_alone_m, left_each = errors(tracker(learn=False), played)
    for radar in found(told):
        range_m, azimuth_deg, _ = biases.get(radar.sensor_id, (0.0, 0.0, 0.0))
        assert abs(radar.range_m - range_m) < 3.5 * radar.sigma_range_m < 25.0
        assert abs(radar.azimuth_deg - azimuth_deg) < 3.5 * radar.sigma_azimuth_deg < 0.05
        assert radar.applied_range_m == pytest.approx(range_m, abs=25.0)
        assert radar.applied_azimuth_deg == pytest.approx(azimuth_deg, abs=0.05)
    assert error_m < 0.55 * left_alone_m
    assert each < 1.02 < left_each  # what was seen twice, is seen once


def test_of_two_clocks_only_the_difference_can_be_told_and_both_bear_it() -> None:
    one, two = found(after(night(60, {"R2": (0.0, 0.0, 1.0)})))
    assert two.time_s - one.time_s == pytest.approx(1.0, abs=0.15)
    assert two.time_s == pytest.approx(-one.time_s, abs=0.1)
    assert two.applied_time_s - one.applied_time_s == pytest.approx(1.0, abs=0.3)
    assert two.sigma_time_s > 0.6  # either may be right


@pytest.mark.parametrize("flights", [1, 12])
@pytest.mark.parametrize("seed", range(3))
def test_without_bias_nothing_is_put_right(flights: int, seed: int) -> None:
    played = night(40, {}, flights=flights, seed=seed)
    told = after(played)
    for radar in found(told):
        assert abs(radar.range_m) < 3.5 * radar.sigma_range_m
        assert abs(radar.azimuth_deg) < 3.5 * radar.sigma_azimuth_deg
        assert abs(radar.time_s) < 3.5 * radar.sigma_time_s
        assert abs(radar.applied_range_m) <= radar.sigma_range_m
        assert abs(radar.applied_azimuth_deg) <= radar.sigma_azimuth_deg
        assert abs(radar.applied_time_s) <= radar.sigma_time_s


def test_without_bias_tracks_are_no_worse() -> None:
    played = night(60, {})
    error_m, each = errors(tracker(), played)
    left_alone_m, left_each = errors(tracker(learn=False), played)
    assert error_m < 1.01 * left_alone_m
    assert each == pytest.approx(left_each, abs=0.01)


def test_a_radar_alone_learns_nothing() -> None:
    told = tracker()
    for batch in night(30, ONE).scans:
        if batch.sensor_id == "R2":
            told.step(batch)
    for radar in found(told):
        assert radar.comparison_count == 0.0
        assert (radar.range_m, radar.azimuth_deg, radar.time_s) == (0.0, 0.0, 0.0)
        assert (radar.sigma_range_m, radar.applied_range_m) == (200.0, 0.0)
    assert len(shown(told.picture(NIGHT_NS + 120 * SECOND))) > 0


def test_plots_that_come_one_by_one_teach_as_much() -> None:
    played = night(60, ONE, alarms=0)
    single = [
        msgspec.structs.replace(batch.take(np.array([row])), swept=None)
        for batch in played.scans
        for row in range(len(batch))
    ]
    one, two = found(after(played._replace(scans=single)))
    assert two.applied_azimuth_deg - one.applied_azimuth_deg == pytest.approx(0.4, abs=0.06)
    assert two.applied_range_m == pytest.approx(120.0, abs=30.0)


def test_what_is_not_to_be_learned_is_not() -> None:
    assert {radar.comparison_count for radar in found(after(night(15, ONE), learn=False))} == {0.0}


def test_what_an_aircraft_says_of_itself_teaches_nothing_of_a_radar() -> None:
    told, played = tracker("R1", "R2"), night(30, ONE)
    for batch in played.scans:
        if batch.sensor_id == "R1":
            told.step(batch)
            at_ns = int(batch.time_ns[0]) + SECOND
            lat_deg, lon_deg = FRAME.to_geodetic(*(played.truth(at_ns) + 300.0).T)
            columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(12, 10.0)}
            names = np.array([f"{n:06x}" for n in range(12)], dtype=object)
            said = batch_of(
                "self_report", "R2", np.full(12, at_ns), columns, claims={"icao24": names}
            )
            told.step(said)
    assert {radar.comparison_count for radar in found(told)} == {0.0}


def test_an_identity_that_joins_what_lies_apart_teaches_next_to_nothing() -> None:
    names = np.array([f"{n:06x}" for n in range(12)], dtype=object)
    counts = []
    for range_m in (0.0, 600.0):
        told = tracker()
        for batch in night(20, {"R2": (range_m, 0.0, 0.0)}, alarms=0, seen=1.0).scans:
            told.step(msgspec.structs.replace(batch, claims={"icao24": names}))
        counts.append(found(told)[0].comparison_count)
        assert len(shown(told.picture(NIGHT_NS + 80 * SECOND))) < 24  # some are of both radars
    near, apart = counts
    assert apart < 0.05 * near


def test_late_scans_end_in_the_same_bits() -> None:
    played = night(30, BOTH)
    straight = after(played, window_s=300.0)
    order = np.random.default_rng(7).permutation(len(played.scans))
    shuffled = after(played._replace(scans=[played.scans[n] for n in order]), window_s=300.0)
    at_ns = NIGHT_NS + 130 * SECOND
    assert pack(straight.picture(at_ns).columns) == pack(shuffled.picture(at_ns).columns)
    assert straight.registrations() == shuffled.registrations()
    assert abs(straight.registrations()[1].applied_azimuth_deg) > 0.1
    for one, other in zip(
        straight._filter.table.comparisons, shuffled._filter.table.comparisons, strict=True
    ):
        assert (one == other).all()


def test_sparse_checkpoints_take_back_what_was_learned() -> None:
    played = night(30, BOTH)
    dense = after(played, window_s=300.0)
    order = np.argsort(
        np.arange(len(played.scans)) + np.random.default_rng(8).uniform(0, 20, len(played.scans))
    )
    late = played._replace(scans=[played.scans[n] for n in order])
    sparse = after(late, window_s=300.0, window_bytes=100_000)
    dense.picture(NIGHT_NS), sparse.picture(NIGHT_NS)
    assert len(sparse._window._checkpoints) < len(dense._window._checkpoints) / 2
    assert sparse.registrations() == dense.registrations()


def test_a_restored_tracker_puts_plots_right_as_before() -> None:
    played = night(40, BOTH)
    whole = after(played._replace(scans=played.scans[:50]))
    restored = tracker()
    restored.restore(whole.snapshot())
    assert restored.registrations() == whole.registrations()
    for batch in played.scans[50:]:
        one, other = whole.step(batch), restored.step(batch)
        assert pack([said.columns for said in one]) == pack([said.columns for said in other])
    assert restored.snapshot() == whole.snapshot()
    assert whole.registrations()[1].applied_range_m > 50.0
