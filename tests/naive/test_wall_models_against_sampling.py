"""The models of the wall against plain sampling: draw how long it flies and which way, then look.

The twins share the model's paths (they are its definition) and nothing else: flights end by drawn
times, borders and places are looked for in small steps, and what happened is counted.
"""

import numpy as np
import pytest

from skypicket.assessment import ahead, fate
from skypicket.assessment.samples import Paths
from skypicket.domain.noun import Column, FloatColumn
from skypicket.physics.airframes import AIRFRAMES

DRAWS = 40_000
CLASSES = ("gerbera", "shahed", "quadcopter", "balloon", "light_aircraft")


def inside(east_m: FloatColumn, north_m: FloatColumn) -> Column:
    """Home is a disc of 60 km, so that paths enter it and leave it again."""
    within: Column = np.hypot(east_m, north_m) < 60_000.0
    return within


def ends_s(speed_mps: float, rng: np.random.Generator) -> FloatColumn:
    """When each of many flights ends, seconds after it was measured last."""
    fitting = []
    for name in CLASSES:
        low, high = AIRFRAMES[name].speed_mps.bounds
        if 0.7 * low <= speed_mps <= 1.3 * max(high, 25.0):
            fitting.append(AIRFRAMES[name].endurance_h.bounds)
    bounds = np.array(fitting)[rng.integers(len(fitting), size=DRAWS)]
    endurance_s = 3_600.0 * rng.uniform(bounds[:, 0], bounds[:, 1])
    left_s = endurance_s * rng.uniform(size=DRAWS)
    return np.where(rng.uniform(size=DRAWS) < fate.ENDED_AT_LOSS, 1e-6, left_s)


def drawn(paths: Paths, which: Column) -> Paths:
    return Paths(*(part[0][which] for part in paths))


@pytest.mark.parametrize(
    ("east_m", "v_east", "since_s"),
    [
        (0.0, 40.0, 300.0),  # inside, flies out
        (0.0, 40.0, 2_400.0),
        (90_000.0, -45.0, 1_500.0),  # abroad, flies in
        (90_000.0, -45.0, 4_500.0),  # and out on the other side
        (90_000.0, 45.0, 1_500.0),  # abroad, flies off
        (0.0, 10.0, 3_000.0),
    ],
)
def test_fates_are_what_is_counted(east_m: float, v_east: float, since_s: float) -> None:
    one = np.ones(1)
    rows = fate.lost_motion((east_m * one, 0 * one), (v_east * one, 0 * one))
    paths = fate.fly_on(rows, 0.1)
    passage = fate.follow(paths, inside, step_s=10.0)
    found = fate.fate(0.9 * one, abs(v_east) * one, since_s * one, passage)

    rng = np.random.default_rng(8)
    real = rng.uniform(size=DRAWS) < 0.9
    mine = drawn(paths, rng.integers(fate.PATHS, size=DRAWS))
    end = ends_s(abs(v_east), rng)
    state = np.full(DRAWS, "abroad")
    alive = np.ones(DRAWS, dtype=bool)
    for time_s in np.minimum(np.arange(0.0, since_s + 5.0, 10.0), since_s):
        ended = alive & (end <= time_s)
        state[ended] = np.where(state[ended] == "home", "down", "left")
        alive &= ~ended
        home = inside(*mine.at(np.full(DRAWS, time_s)))
        gone = alive & (state == "home") & ~home
        state[gone], alive[gone] = "left", False
        state[alive & home] = "home"
    counted = {word: float((real & (state == word)).mean()) for word in ("left", "down")}
    airborne = float((real & alive).mean())
    assert found.p_airborne[0] == pytest.approx(airborne, abs=0.015)
    assert found.p_left[0] == pytest.approx(counted["left"], abs=0.015)
    assert found.p_down[0] == pytest.approx(counted["down"], abs=0.015)
    assert found.p_never_real[0] == pytest.approx(0.1)


def test_places_ahead_are_what_is_counted() -> None:
    places = np.array([[-20_000.0, 0.0], [-40_000.0, 3_000.0], [-15_000.0, -9_000.0]])
    speeds, since = np.array([45.0, 30.0]), np.array([0.0, 300.0])
    rows = fate.lost_motion(
        (np.array([0.0, 20_000.0]), np.array([0.0, 6_000.0])), (-speeds, np.array([0.0, -8.0]))
    )
    paths = fate.fly_on(rows, 0.1)
    existence = np.array([0.9, 0.7])
    whole = ahead.Fleet(
        paths, since, np.full((2, fate.PATHS), np.inf), existence, fate.class_weights(speeds)
    )
    gazetteer = ahead.Gazetteer(places[:, 0], places[:, 1])
    found = ahead.ahead(ahead.arrivals(whole, gazetteer), 50)

    rng = np.random.default_rng(9)
    first = np.full((3, DRAWS), np.inf)
    for i in range(2):
        mine = drawn(Paths(*(part[i : i + 1] for part in paths)), rng.integers(64, size=DRAWS))
        end = np.where(rng.uniform(size=DRAWS) < existence[i], ends_s(speeds[i], rng), 0.0)
        for time_s in np.arange(0.0, 1_801.0, 10.0):
            east, north = mine.at(np.full(DRAWS, since[i] + time_s))
            flies = (end > since[i] + time_s) | ((since[i] + time_s == 0.0) & (end > 0.0))
            for k, (place_east, place_north) in enumerate(places):
                near = flies & (np.hypot(east - place_east, north - place_north) <= 3_000.0)
                first[k, near] = np.minimum(first[k, near], time_s)
    for row, k in enumerate(found.place):
        came = np.isfinite(first[k])
        assert found.probability[row] == pytest.approx(came.mean(), abs=0.03)
        minutes = np.quantile(first[k][came], ahead.QUANTILES) / 60.0
        assert found.minutes[:, row] == pytest.approx(minutes, abs=1.0)
    assert sorted(found.place) == [k for k in range(3) if np.isfinite(first[k]).mean() > 0.05]
