"""What is said with a probability happens that often: a Monte Carlo of flights near a border."""

import numpy as np
import pytest

from skypicket.assessment import Rules
from skypicket.domain.assessments import Approach, Raid
from skypicket.domain.noun import FloatColumn
from skypicket.testing.pictures import Shown
from skypicket.testing.watches import BorderWatch

FLIGHTS = 3_000
RULES = Rules(approach_probability=0.05, approach_off=0.0, slow_mps=0.0)


@pytest.fixture(scope="module")
def said_and_crossed() -> tuple[FloatColumn, FloatColumn]:
    """P(crossing) as said at the first sight of each flight, and whether it did cross.

    Tracks are true states with the errors that they claim; the truth flies on with white
    accelerations of the strength in the rules, second by second, and is watched at each.
    """
    rng = np.random.default_rng(11)
    east = rng.uniform(5_000, 60_000, FLIGHTS)
    course = rng.uniform(0, 2 * np.pi, FLIGHTS)
    speed = rng.uniform(15, 70, FLIGHTS)
    v_east, v_north = speed * np.sin(course), speed * np.cos(course)
    sigma_m, sigma_mps = rng.uniform(30, 300, FLIGHTS), rng.uniform(0.5, 6, FLIGHTS)
    watch = BorderWatch(RULES)
    tracks = [
        Shown(
            key=i + 1,
            east_m=east[i] + sigma_m[i] * rng.normal(),
            north_m=0.0,
            east_mps=v_east[i] + sigma_mps[i] * rng.normal(),
            north_mps=v_north[i] + sigma_mps[i] * rng.normal(),
            sigma_m=sigma_m[i],
            sigma_mps=sigma_mps[i],
            existence=1.0,
        )
        for i in range(FLIGHTS)
    ]
    said = np.zeros(FLIGHTS)
    for noun in watch.show(0, tracks):
        if isinstance(noun, Raid):  # three thousand at once are one, too
            continue
        assert isinstance(noun, Approach)
        said[int(noun.track_id, 16) - 1] = noun.probability
    crossed = np.zeros(FLIGHTS, dtype=bool)
    for _ in range(int(RULES.horizon_s)):
        before = v_east.copy()
        v_east += np.sqrt(RULES.manoeuvre_m2ps3) * rng.normal(size=FLIGHTS)
        east += 0.5 * (before + v_east)
        crossed |= east <= 0
    return said, crossed


@pytest.mark.parametrize("level", [0.3, 0.5, 0.7, 0.9])
def test_approaches_said_at_a_level_cross_that_often(
    said_and_crossed: tuple[FloatColumn, FloatColumn], level: float
) -> None:
    said, crossed = said_and_crossed
    about = np.abs(said - level) <= 0.1
    assert about.sum() >= 60
    assert np.mean(crossed[about]) == pytest.approx(np.mean(said[about]), abs=0.1)


def test_what_is_not_said_seldom_crosses(
    said_and_crossed: tuple[FloatColumn, FloatColumn],
) -> None:
    said, crossed = said_and_crossed
    assert np.mean(crossed[said == 0.0]) < 0.02
