import numpy as np
import pyproj
import pytest

from skypicket.domain.noun import FloatColumn
from skypicket.geo.frame import TheatreFrame

GEOD = pyproj.Geod(ellps="WGS84")
CENTRES = [(54.69, 25.28), (45.2, 28.8), (59.4, 24.7), (0.0, 179.5), (-33.4, -70.6), (84.0, 10.0)]


def within_500_km(
    lat_deg: float, lon_deg: float, count: int = 5000
) -> tuple[FloatColumn, FloatColumn, FloatColumn]:
    rng = np.random.default_rng(7)
    azimuth_deg = rng.uniform(0, 360, count)
    range_m = 500_000 * np.sqrt(rng.uniform(0, 1, count))
    lon, lat, _ = GEOD.fwd(np.full(count, lon_deg), np.full(count, lat_deg), azimuth_deg, range_m)
    return lat, lon, range_m


@pytest.fixture(params=CENTRES, ids=str)
def centre(request: pytest.FixtureRequest) -> tuple[float, float]:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def frame(centre: tuple[float, float]) -> TheatreFrame:
    return TheatreFrame(*centre)


@pytest.fixture
def oracle(centre: tuple[float, float]) -> pyproj.Proj:
    return pyproj.Proj(proj="sterea", lat_0=centre[0], lon_0=centre[1], ellps="WGS84")


def test_plane_positions_are_those_of_pyproj_to_a_micrometre(
    frame: TheatreFrame, oracle: pyproj.Proj, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    east_m, north_m = frame.to_plane(lat, lon)
    their_east_m, their_north_m = oracle(lon, lat)
    assert np.abs(east_m - their_east_m).max() < 1e-6
    assert np.abs(north_m - their_north_m).max() < 1e-6


def test_geodetic_positions_come_back_to_a_micrometre(
    frame: TheatreFrame, oracle: pyproj.Proj, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    back_lat, back_lon = frame.to_geodetic(*oracle(lon, lat))
    assert np.abs(back_lat - lat).max() < 1e-11
    assert np.abs((back_lon - lon + 180) % 360 - 180).max() < 1e-10


def test_scale_and_convergence_are_those_of_pyproj(
    frame: TheatreFrame, oracle: pyproj.Proj, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    factors = oracle.get_factors(lon, lat)
    # The oracle differentiates numerically: its own error is near 1e-9.
    assert np.abs(frame.scale(lat, lon) - factors.meridional_scale).max() < 1e-8
    assert np.abs(frame.convergence_deg(lat, lon) - factors.meridian_convergence).max() < 1e-7


def test_the_plane_is_conformal_by_the_oracle(
    oracle: pyproj.Proj, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    factors = oracle.get_factors(lon, lat)
    assert np.abs(np.asarray(factors.meridional_scale) - factors.parallel_scale).max() < 1e-8


def test_distance_is_the_geodesic_to_two_parts_per_million(
    frame: TheatreFrame, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    east_m, north_m = frame.to_plane(lat, lon)
    here, there = slice(0, None, 2), slice(1, None, 2)
    _, _, geodesic_m = GEOD.inv(lon[here], lat[here], lon[there], lat[there])
    ours_m = frame.distance_m(east_m[here], north_m[here], east_m[there], north_m[there])
    assert np.abs(ours_m / geodesic_m - 1).max() < 2e-6


def test_plane_azimuth_plus_convergence_is_the_true_azimuth(
    frame: TheatreFrame, centre: tuple[float, float]
) -> None:
    lat, lon, _ = within_500_km(*centre)
    ahead_lon, ahead_lat, _ = GEOD.fwd(lon, lat, np.full(len(lat), 57.0), np.full(len(lat), 10.0))
    east_m, north_m = frame.to_plane(lat, lon)
    ahead_east_m, ahead_north_m = frame.to_plane(ahead_lat, ahead_lon)
    plane_deg = np.degrees(np.arctan2(ahead_east_m - east_m, ahead_north_m - north_m))
    turn_deg = (plane_deg + frame.convergence_deg(lat, lon) - 57.0 + 180) % 360 - 180
    assert np.abs(turn_deg).max() < 1e-4
