import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skypicket.geo.frame import TheatreFrame

anything = st.floats(allow_nan=True, allow_infinity=True)
metres = st.floats(-1_000_000, 1_000_000)


@given(st.floats(-85, 85), st.floats(-180, 180), metres, metres)
def test_the_way_back_leads_to_the_start(
    lat_deg: float, lon_deg: float, east_m: float, north_m: float
) -> None:
    frame = TheatreFrame(lat_deg, lon_deg)
    back_east_m, back_north_m = frame.to_plane(*frame.to_geodetic(east_m, north_m))
    assert abs(back_east_m - east_m) < 1e-5
    assert abs(back_north_m - north_m) < 1e-5


@given(anything, anything)
def test_no_number_is_too_odd_for_the_plane(first: float, second: float) -> None:
    frame = TheatreFrame(54.69, 25.28)
    for values in (*frame.to_plane(first, second), *frame.to_geodetic(first, second)):
        assert values.shape == ()
    assert frame.scale(first, second).shape == ()
    lat_deg, lon_deg = frame.to_geodetic(first, second)
    assert np.isnan(lat_deg) or (abs(lat_deg) <= 90 and -180 <= lon_deg < 180)


@given(st.permutations(range(8)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    frame = TheatreFrame(54.69, 25.28)
    lat_deg, lon_deg = np.linspace(52, 58, 8), np.linspace(20, 30, 8)
    east_m, north_m = frame.to_plane(lat_deg, lon_deg)
    again_east_m, again_north_m = frame.to_plane(lat_deg[order], lon_deg[order])
    assert (again_east_m == east_m[order]).all()
    assert (again_north_m == north_m[order]).all()


@given(metres, metres, metres, metres)
def test_distance_is_the_same_both_ways(x1: float, y1: float, x2: float, y2: float) -> None:
    frame = TheatreFrame(54.69, 25.28)
    assert frame.distance_m(x1, y1, x2, y2) == frame.distance_m(x2, y2, x1, y1)
