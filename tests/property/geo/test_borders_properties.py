import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypicket.geo.borders import Borders, load_borders
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.outlines import STATES

anything = st.floats(allow_nan=True, allow_infinity=True)
metres = st.floats(-700_000, 700_000)
states = st.sampled_from(STATES)


@pytest.fixture(scope="module")
def borders() -> Borders:
    return load_borders(TheatreFrame(54.69, 25.28), [])


@given(state=states, east_m=anything, north_m=anything)
def test_no_number_is_too_odd_for_a_border(
    borders: Borders, state: str, east_m: float, north_m: float
) -> None:
    metre = borders.signed_distance_m(state, east_m, north_m)
    assert metre.shape == ()
    assert bool(np.isnan(metre)) or np.isfinite(metre)
    assert borders.nearest(state, east_m, north_m)[2].shape == ()
    assert borders.contains(state, east_m, north_m).shape == ()
    assert borders.state_at(east_m, north_m).shape == ()


@given(state=states, here=st.tuples(metres, metres), there=st.tuples(metres, metres))
def test_who_moves_a_metre_changes_the_distance_by_at_most_a_metre(
    borders: Borders, state: str, here: tuple[float, float], there: tuple[float, float]
) -> None:
    # True of a distance whatever the outline is like; the sign may change on the way.
    one_m, other_m = borders.signed_distance_m(state, *np.array([here, there]).T)
    apart_m = borders.frame.distance_m(*here, *there)
    assert abs(abs(one_m) - abs(other_m)) <= apart_m * 1.001 + 1e-6


@given(east_m=metres, north_m=metres)
def test_nobody_is_in_two_states(borders: Borders, east_m: float, north_m: float) -> None:
    lat_deg, lon_deg = borders.frame.to_geodetic(east_m, north_m)
    inside = [s for s in STATES if borders.contains(s, east_m, north_m)]
    assert len(inside) <= 1
    assert borders.state_at(lat_deg, lon_deg) == (inside[0] if inside else "")


@given(state=states, order=st.permutations(range(12)), seed=st.integers(0, 9))
def test_the_order_of_rows_does_not_matter(
    borders: Borders, state: str, order: list[int], seed: int
) -> None:
    east_m, north_m = np.random.default_rng(seed).uniform(-400_000, 400_000, (2, 12))
    straight = borders.signed_distance_m(state, east_m, north_m)
    mixed = borders.signed_distance_m(state, east_m[order], north_m[order])
    assert (mixed == straight[order]).all()


@given(state=states, east_m=metres, north_m=metres)
def test_inside_means_a_distance_above_zero(
    borders: Borders, state: str, east_m: float, north_m: float
) -> None:
    positive = borders.signed_distance_m(state, east_m, north_m) > 0
    assert borders.contains(state, east_m, north_m) == positive
