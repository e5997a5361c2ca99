"""The smoother on simulated flights whose way is known: 200 straight ones and 200 that turn."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from skypicket.domain.contracts import Tick
from skypicket.domain.errors import InputError
from skypicket.domain.observations import SweptSector, batch_of
from skypicket.domain.sensors import ConstantDetection, Sensor
from skypicket.domain.tracks import TrackBatch, track_ids
from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.crossing import crossings
from skypicket.physics.smoothing import Estimates, SmoothedPath
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking import Tracker, TrackerConfig
from skypicket.tracking.filter import knobs_of
from skypicket.tracking.smoothing import filtered

SECOND = 1_000_000_000
TURNS, PERIOD_S, SPEED_MPS, SIGMA_M = 30, 4.0, 50.0, 40.0
SIDE_BY_SIDE, NIGHTS, APART_M = 25, 8, 8_000.0
TURN_DEGPS, TURN_S = 3.0, 20.0
FRAME = TheatreFrame(54.7, 25.3)
RADAR = Sensor(
    id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, max_range_m=200_000.0, period_s=PERIOD_S,
    false_alarms_per_scan=30.0, detection=ConstantDetection(probability=0.9),
)  # fmt: skip
Places = Callable[[Any], Any]  # seconds (n,) to plane positions (n, 2)


class Flight(NamedTuple):
    """The way that was flown, and what the tracker believes of it."""

    way: Places
    filtered: Estimates
    path: SmoothedPath


def way_of(chance: np.random.Generator, north_m: float, *, turns: bool) -> Places:
    """Westwards, over the line east = 0 between 50 and 80 s; a turn begins within 20 s of that."""
    course = np.pi + chance.uniform(-0.6, 0.6)
    cross_s = chance.uniform(50.0, 80.0)
    begin_s = cross_s + chance.uniform(-20.0, 20.0)
    rate = np.radians(TURN_DEGPS) * chance.choice([-1.0, 1.0]) if turns else 1e-9

    def from_begin(seconds: Any) -> Any:
        before = np.minimum(seconds - begin_s, 0.0)
        turned = rate * np.clip(seconds - begin_s, 0.0, TURN_S)
        after = np.maximum(seconds - begin_s - TURN_S, 0.0)
        parts = (
            before * np.exp(1j * course)
            + (np.exp(1j * (course + turned)) - np.exp(1j * course)) / (1j * rate)
            + after * np.exp(1j * (course + rate * TURN_S))
        )
        return SPEED_MPS * np.stack([parts.real, parts.imag], axis=-1)

    there = from_begin(np.array(cross_s))
    return lambda seconds: from_begin(np.asarray(seconds, dtype=float)) - there + (0.0, north_m)


def flown(seed: int, *, turns: bool) -> list[Flight]:
    """Flights side by side, tracked by one radar among false alarms."""
    chance = np.random.default_rng(seed)
    lanes = (np.arange(SIDE_BY_SIDE) - SIDE_BY_SIDE // 2) * APART_M
    ways = [way_of(chance, north_m, turns=turns) for north_m in lanes]
    tracker = Tracker(TrackerConfig(), {"R1": RADAR}, FRAME)
    for turn in range(TURNS):
        seen = [way(PERIOD_S * turn) for way in ways if chance.random() < 0.9]
        plots = np.array(seen) + SIGMA_M * chance.standard_normal((len(seen), 2))
        alarms = chance.uniform(-110_000, 110_000, (chance.poisson(30.0), 2))
        step(tracker, turn, np.concatenate([plots, alarms]))
    end_s = PERIOD_S * (TURNS - 1)
    (picture,) = tracker.step(Tick(time_ns=NIGHT_NS + round(end_s * SECOND)))
    assert isinstance(picture, TrackBatch)
    return [found for way in ways if (found := read(tracker, picture, way, end_s)) is not None]


def step(tracker: Tracker, turn: int, places: Any) -> None:
    """One turn of the radar."""
    at_ns = NIGHT_NS + round(turn * PERIOD_S * SECOND)
    lat_deg, lon_deg = FRAME.to_geodetic(*places.T)
    swept = SweptSector(
        start_azimuth_deg=0.0, extent_deg=360.0, min_range_m=0.0, max_range_m=200_000.0,
        from_ns=at_ns - 4 * SECOND, to_ns=at_ns,
    )  # fmt: skip
    columns = {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": np.full(len(lat_deg), SIGMA_M)}
    tracker.step(batch_of("position", "R1", np.full(len(lat_deg), at_ns), columns, swept=swept))


def read(tracker: Tracker, picture: TrackBatch, way: Places, end_s: float) -> Flight | None:
    """What is believed of a flight; None if it was not followed from its beginning."""
    there = np.stack(FRAME.to_plane(picture.columns["lat_deg"], picture.columns["lon_deg"]), 1)
    near = np.hypot(*(there - way(end_s)).T) < 500.0
    old = picture.columns["born_ns"] <= NIGHT_NS + 20 * SECOND
    rows = np.flatnonzero(near & old)
    if not len(rows):
        return None
    key = picture.columns["track_key"][rows[0]]
    before, _ = filtered(tracker._window, tracker._filter, int(key), knobs_of(tracker._config))
    return Flight(way, before, tracker.smoothed(track_ids(np.array([key]))[0]))


@pytest.fixture(scope="module")
def straight() -> list[Flight]:
    return [flight for seed in range(NIGHTS) for flight in flown(seed, turns=False)]


@pytest.fixture(scope="module")
def turning() -> list[Flight]:
    return [flight for seed in range(NIGHTS) for flight in flown(seed, turns=True)]


def errors_m(flight: Flight, believed: Estimates) -> Any:
    seconds = (believed.time_ns - NIGHT_NS) / SECOND
    return believed.states[:, :2] - flight.way(seconds)


def rmse_m(flights: list[Flight], which: Callable[[Flight], Estimates]) -> float:
    squares = [np.mean(errors_m(flight, which(flight)) ** 2) for flight in flights]
    return float(np.sqrt(np.mean(squares)))


def of_path(flight: Flight) -> Estimates:
    return flight.path.estimates


def of_filter(flight: Flight) -> Estimates:
    return flight.filtered


def within(flights: list[Flight], depth_m: Callable[[Any, Any], Any], sigma_m: float) -> Any:
    """The share of flights whose first crossing is within 2 sigma in time, and in place."""
    fine_s = np.arange(0.0, PERIOD_S * (TURNS - 1), 0.02)
    right = []
    for flight in flights:
        places = flight.way(fine_s)
        beyond = depth_m(*places.T) > 0
        first = np.flatnonzero(beyond[1:] & ~beyond[:-1])
        found = crossings(flight.path, depth_m, sigma_m)
        inward = np.flatnonzero(found.inward)
        if not len(first) or not len(inward):
            right.append((len(first) == len(inward),) * 2)
            continue
        k, true_s = inward[0], fine_s[first[0]]
        off_s = (found.time_ns[k] - NIGHT_NS) / SECOND - true_s
        off_m = np.hypot(*(np.array([found.east_m[k], found.north_m[k]]) - places[first[0]]))
        right.append((abs(off_s) < 2 * found.sigma_s[k], off_m < 2 * found.sigma_m[k]))
    return np.mean(right, axis=0)


def test_nearly_all_flights_are_followed(straight: list[Flight], turning: list[Flight]) -> None:
    assert len(straight) >= 190
    assert len(turning) >= 185


def test_smoothed_places_are_much_better_than_filtered_ones(
    straight: list[Flight], turning: list[Flight]
) -> None:
    assert rmse_m(straight, of_path) < 0.7 * rmse_m(straight, of_filter)
    assert rmse_m(turning, of_path) < 0.75 * rmse_m(turning, of_filter)


def test_its_errors_are_neither_too_wide_nor_too_narrow(straight: list[Flight]) -> None:
    squares = []
    for flight in straight:
        error_m, covariances = errors_m(flight, of_path(flight)), of_path(flight).covariances
        inverse = np.linalg.inv(covariances[:, :2, :2])
        squares.append(np.mean(np.einsum("ni,nij,nj->n", error_m, inverse, error_m)) / 2)
    assert 0.7 < np.mean(squares) < 1.3


def test_a_straight_border_is_crossed_within_two_sigma(
    straight: list[Flight], turning: list[Flight]
) -> None:
    for flights in (straight, turning):
        in_time, in_place = within(flights, lambda east_m, _: -east_m, 0.0)
        assert in_time >= 0.9
        assert in_place >= 0.9


def test_the_real_border_is_crossed_within_two_sigma(
    straight: list[Flight], turning: list[Flight]
) -> None:
    borders = load_borders(FRAME, ["LTU"])
    west_m = -border_east_of_vilnius_m(borders)

    def depth_m(east_m: Any, north_m: Any) -> Any:
        return borders.signed_distance_m("LTU", east_m - west_m, north_m)

    for flights in (straight, turning):
        in_time, in_place = within(flights, depth_m, Borders.SIGMA_M)
        assert in_time >= 0.9
        assert in_place >= 0.9


def border_east_of_vilnius_m(borders: Borders) -> float:
    """Where the border lies on the line north = 0, east of the theatre's centre."""
    east_m = np.arange(0.0, 60_000.0, 10.0)
    inside = borders.signed_distance_m("LTU", east_m, np.zeros_like(east_m)) > 0
    return float(east_m[np.flatnonzero(inside)[-1]])


def test_an_unknown_track_is_refused() -> None:
    tracker = Tracker(TrackerConfig(), {"R1": RADAR}, FRAME)
    step(tracker, 0, np.array([[1_000.0, 2_000.0]]))
    for wrong in ("ffffffffffffffff", "no track"):
        with pytest.raises(InputError, match=wrong):
            tracker.smoothed(wrong)


def test_asking_changes_nothing() -> None:
    tracker = Tracker(TrackerConfig(), {"R1": RADAR}, FRAME)
    for turn in range(6):
        step(tracker, turn, np.array([[10_000.0 + 200.0 * turn, 0.0]]))
    before = tracker.snapshot()
    (name,) = track_ids(tracker.picture(NIGHT_NS + 21 * SECOND).columns["track_key"])
    first, second = (tracker.smoothed(name).estimates for _ in range(2))
    assert tracker.snapshot() == before
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
