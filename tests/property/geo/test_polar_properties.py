import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skypicket.geo.polar import (
    geodetic_to_polar,
    ground_range_m,
    polar_to_geodetic,
    radio_horizon_m,
)

anything = st.floats(allow_nan=True, allow_infinity=True)
height_m = st.floats(-100, 20_000)


@given(
    st.tuples(st.floats(-80, 80), st.floats(-180, 180), height_m),
    st.floats(1.0, 500_000),
    st.floats(0, 360),
    height_m,
)
def test_the_place_of_a_measurement_is_measured_as_it_was(
    sensor: tuple[float, float, float], range_m: float, azimuth_deg: float, alt_m: float
) -> None:
    lat_deg, lon_deg = polar_to_geodetic(*sensor, range_m, azimuth_deg, alt_m)
    if np.isnan(lat_deg):
        # Nowhere, because the height is out of reach, above or (far away) beyond the limb.
        assert abs(alt_m - sensor[2]) > range_m
        return
    again_m, again_deg, _ = geodetic_to_polar(*sensor, lat_deg, lon_deg, alt_m)
    assert abs(again_m - range_m) < 1e-4
    ground_m = ground_range_m(range_m, sensor[2], alt_m)
    across_m = ground_m * np.radians(abs((again_deg - azimuth_deg + 180) % 360 - 180))
    assert across_m < 1e-2 or np.isnan(ground_m)


@given(st.tuples(*[anything] * 6))
def test_no_number_is_too_odd_for_polar_coordinates(numbers: tuple[float, ...]) -> None:
    for values in (*polar_to_geodetic(*numbers), *geodetic_to_polar(*numbers)):
        assert values.shape == ()


@given(st.integers(0, 5))
def test_nan_in_any_argument_gives_nan(position: int) -> None:
    arguments = [54.69, 25.28, 100.0, 20_000.0, 90.0, 500.0]
    arguments[position] = np.nan
    assert np.isnan(polar_to_geodetic(*arguments)).all()
    place = [54.69, 25.28, 100.0, 54.0, 26.0, 500.0]
    place[position] = np.nan
    assert np.isnan(geodetic_to_polar(*place)[0])


@given(st.floats(0, 20_000), st.floats(0, 20_000))
def test_the_radio_horizon_is_the_same_from_both_ends(one_m: float, other_m: float) -> None:
    assert radio_horizon_m(one_m, other_m) == radio_horizon_m(other_m, one_m)
