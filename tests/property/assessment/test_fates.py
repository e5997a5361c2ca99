"""Whatever was lost: the four chances are chances, and hope never grows by waiting."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.assessment import fate
from skypicket.domain.noun import Column, FloatColumn
from skypicket.testing.borders import StraightBorder

BORDER = StraightBorder()  # home is west of east 0
TIMES_S = np.array([0.0, 1.0, 20.0, 120.0, 600.0, 1_800.0, 3_600.0, 10_800.0, 40_000.0])
places = st.floats(-400_000.0, 400_000.0)
speeds = st.floats(-120.0, 120.0)


def inside(east_m: FloatColumn, north_m: FloatColumn) -> Column:
    return BORDER.signed_distance_m("LTU", east_m, north_m) > 0.0


def fates(east_m: float, velocity: tuple[float, float], existence: float) -> list[fate.Fate]:
    """The fate of one object at each of `TIMES_S`."""
    one = np.ones(1)
    rows = fate.lost_motion((east_m * one, 0.0 * one), (velocity[0] * one, velocity[1] * one))
    passage = fate.follow(fate.fly_on(rows, 0.1), inside)
    speed = np.hypot(*velocity) * one
    return [fate.fate(existence * one, speed, time * one, passage) for time in TIMES_S]


@settings(max_examples=60, deadline=None)
@given(east_m=places, velocity=st.tuples(speeds, speeds), existence=st.floats(0.0, 1.0))
def test_the_chances_sum_to_one_and_lie_between_zero_and_one(
    east_m: float, velocity: tuple[float, float], existence: float
) -> None:
    for found in fates(east_m, velocity, existence):
        chances = np.concatenate(found)
        assert chances.sum() == pytest.approx(1.0)
        assert chances.min() >= 0.0
        assert chances.max() <= 1.0


@settings(max_examples=60, deadline=None)
@given(east_m=places, velocity=st.tuples(speeds, speeds))
def test_nothing_becomes_more_airborne_by_waiting(
    east_m: float, velocity: tuple[float, float]
) -> None:
    found = fates(east_m, velocity, 0.95)
    airborne = [float(one.p_airborne[0]) for one in found]
    assert all(a >= b - 1e-12 for a, b in pairwise(airborne))
    assert airborne[0] == pytest.approx(0.95)
    assert [float(one.p_never_real[0]) for one in found] == pytest.approx([0.05] * len(found))


@settings(max_examples=40, deadline=None)
@given(velocity=st.tuples(st.floats(-25.0, 25.0), st.floats(-25.0, 25.0)))
def test_what_was_slow_and_deep_inside_has_not_left_soon_after(
    velocity: tuple[float, float],
) -> None:
    for found, time_s in zip(fates(-150_000.0, velocity, 0.95), TIMES_S, strict=True):
        if time_s <= 1_800.0:
            assert found.p_left[0] == 0.0


def test_what_flies_out_fast_has_left_when_it_is_out() -> None:
    late = fates(-20_000.0, (60.0, 0.0), 1.0)[5]
    assert late.p_left[0] > 0.7
    assert late.p_airborne[0] < 0.05


def test_most_of_what_was_just_lost_is_still_airborne() -> None:
    found = fates(-100_000.0, (-45.0, 0.0), 1.0)[2]
    assert found.p_airborne[0] == pytest.approx(1 - fate.ENDED_AT_LOSS, abs=0.01)
    assert found.p_down[0] == pytest.approx(fate.ENDED_AT_LOSS, abs=0.01)


def test_what_comes_down_abroad_is_not_down_here() -> None:
    for found in fates(200_000.0, (40.0, 0.0), 1.0):
        assert found.p_down[0] == pytest.approx(0.0, abs=1e-12)


@given(existence=st.floats(0.0, 1.0))
def test_what_is_measured_is_airborne_or_not_real(existence: float) -> None:
    found = fate.flying_fate(np.array([existence]))
    assert (found.p_left[0], found.p_down[0]) == (0.0, 0.0)
    assert found.p_airborne[0] + found.p_never_real[0] == pytest.approx(1.0)


@given(speed_mps=st.floats(0.0, 400.0))
def test_classes_count_by_speed_and_sum_to_one(speed_mps: float) -> None:
    weights = fate.class_weights(np.array([speed_mps]))
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= 0).all()
