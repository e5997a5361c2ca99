import numpy as np
import pytest

from skypicket.geo.polar import (
    geodetic_to_polar,
    ground_range_m,
    polar_to_geodetic,
    radio_horizon_m,
)

RADAR = (54.69, 25.28, 150.0)


def test_an_object_due_north_has_azimuth_zero() -> None:
    _, azimuth_deg, _ = geodetic_to_polar(*RADAR, 55.0, 25.28, 150.0)
    assert azimuth_deg == pytest.approx(0.0, abs=1e-9)


def test_an_object_overhead_is_at_ninety_degrees() -> None:
    range_m, _, elevation_deg = geodetic_to_polar(*RADAR, 54.69, 25.28, 1150.0)
    assert range_m == pytest.approx(1000.0)
    assert elevation_deg == pytest.approx(90.0, abs=1e-4)


def test_the_sensor_itself_is_at_range_zero() -> None:
    range_m, azimuth_deg, elevation_deg = geodetic_to_polar(*RADAR, *RADAR)
    assert range_m == azimuth_deg == elevation_deg == 0.0
    lat_deg, lon_deg = polar_to_geodetic(*RADAR, 0.0, 77.0, 150.0)
    assert lat_deg == pytest.approx(54.69)
    assert lon_deg == pytest.approx(25.28)


def test_an_object_far_away_at_the_same_height_is_below_the_horizon() -> None:
    _, _, elevation_deg = geodetic_to_polar(*RADAR, 56.0, 27.0, 150.0)
    assert elevation_deg < -0.5


def test_a_range_shorter_than_the_height_leads_nowhere() -> None:
    lat_deg, lon_deg = polar_to_geodetic(*RADAR, 849.0, 30.0, 1000.0)
    assert np.isnan(lat_deg)
    assert np.isnan(lon_deg)


def test_a_range_as_long_as_the_height_leads_overhead() -> None:
    lat_deg, lon_deg = polar_to_geodetic(*RADAR, 850.0, 30.0, 1000.0)
    assert lat_deg == pytest.approx(54.69)
    assert lon_deg == pytest.approx(25.28)


@pytest.mark.parametrize("range_m", [-1.0, np.nan, np.inf, 1e8])
def test_a_range_that_is_none_or_leaves_the_earth_gives_nan(range_m: float) -> None:
    assert np.isnan(polar_to_geodetic(*RADAR, range_m, 30.0, 1000.0)).all()


def test_one_row_without_a_solution_leaves_the_others_alone() -> None:
    lat_deg, _ = polar_to_geodetic(*RADAR, [9_000.0, 10.0, 9_000.0], 30.0, 1000.0)
    assert np.isnan(lat_deg).tolist() == [False, True, False]


def test_azimuths_are_cyclic() -> None:
    lat_deg, lon_deg = polar_to_geodetic(*RADAR, 50_000.0, [-90.0, 270.0, 630.0], 1000.0)
    assert np.ptp(lat_deg) < 1e-10
    assert np.ptp(lon_deg) < 1e-10


def test_each_row_may_have_its_own_sensor() -> None:
    range_m, _, _ = geodetic_to_polar([54.69, 54.0], [25.28, 25.0], 150.0, 54.0, 25.0, 150.0)
    assert range_m.shape == (2,)
    assert range_m[1] == pytest.approx(0.0, abs=1e-6)


def test_ground_range_without_height_difference_is_a_little_longer_than_the_chord() -> None:
    assert ground_range_m(100_000.0, 0.0, 0.0) == pytest.approx(100_001.03, abs=0.01)


def test_ground_range_is_nan_where_the_object_is_higher_than_the_range() -> None:
    assert np.isnan(ground_range_m([500.0, np.nan], 0.0, 1_000.0)).all()


def test_the_radio_horizon_of_both_heights_is_the_sum_of_each() -> None:
    both_m = radio_horizon_m(25.0, 200.0)
    assert both_m == pytest.approx(radio_horizon_m(25.0, 0.0) + radio_horizon_m(0.0, 200.0))


def test_the_radio_horizon_follows_the_rule_of_thumb() -> None:
    # 4.12 km times the root of the height in metres: the 4/3 earth in every radar textbook.
    assert radio_horizon_m(100.0, 0.0) == pytest.approx(41_200, rel=0.002)


def test_heights_below_the_sea_have_no_horizon_and_nan_stays_nan() -> None:
    horizon_m = radio_horizon_m([-5.0, np.nan], 0.0)
    assert horizon_m[0] == 0.0
    assert np.isnan(horizon_m[1])
