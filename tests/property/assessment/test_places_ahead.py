"""Whatever flies wherever: chances of places lie in [0, 1], and their times in order."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypicket.assessment import ahead, fate

PLACES = ahead.Gazetteer(
    np.array([0.0, 4_000.0, -30_000.0, 50_000.0]), np.array([0.0, 1_000.0, 20_000.0, -40_000.0])
)
place = st.floats(-60_000.0, 60_000.0)
speed = st.floats(-90.0, 90.0)
objects = st.lists(
    st.tuples(place, place, speed, speed, st.floats(0.0, 1.0), st.floats(0.0, 3_000.0)),
    min_size=1,
    max_size=6,
)


def fleet_of(told: Sequence[tuple[float, ...]]) -> ahead.Fleet:
    east, north, v_east, v_north, existence, since = (np.array(c) for c in zip(*told, strict=True))
    rows = fate.lost_motion((east, north), (v_east, v_north))
    return ahead.Fleet(
        paths=fate.fly_on(rows, 0.1),
        since_s=since,
        leave_s=np.full((len(told), fate.PATHS), np.inf),
        existence=existence,
        weights=fate.class_weights(np.hypot(v_east, v_north)),
    )


@settings(max_examples=60, deadline=None)
@given(told=objects)
def test_chances_lie_between_zero_and_one_and_times_in_order(
    told: Sequence[tuple[float, ...]],
) -> None:
    found = ahead.ahead(ahead.arrivals(fleet_of(told), PLACES), 50)
    assert ((found.probability >= ahead.LEAST_PROBABILITY) & (found.probability <= 1.0)).all()
    assert (np.diff(found.minutes, axis=0) >= 0).all()
    assert ((found.minutes >= 0) & (found.minutes <= 30.0)).all()
    assert (np.diff(found.minutes[1]) >= 0).all()
    assert set(found.by[0]) == set(found.place)


@settings(max_examples=40, deadline=None)
@given(told=objects)
def test_one_more_object_makes_no_place_safer(told: Sequence[tuple[float, ...]]) -> None:
    def chances(some: Sequence[tuple[float, ...]]) -> dict[int, float]:
        found = ahead.ahead(ahead.arrivals(fleet_of(some), PLACES), 50)
        return dict(zip(found.place.tolist(), found.probability.tolist(), strict=True))

    more, fewer = chances(told), chances(told[:-1]) if len(told) > 1 else {}
    assert all(more.get(place, 0.0) >= chance - 1e-9 for place, chance in fewer.items())


def test_at_most_so_many_are_told_the_soonest_first() -> None:
    told = [(0.0, 0.0, 10.0, 0.0, 1.0, 0.0), (45_000.0, -40_000.0, 30.0, 0.0, 1.0, 0.0)]
    found = ahead.ahead(ahead.arrivals(fleet_of(told), PLACES), 1)
    assert found.place.tolist() == [0]
    assert found.minutes[1, 0] == pytest.approx(0.0)
