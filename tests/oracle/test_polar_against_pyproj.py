import numpy as np
import pyproj
import pytest

from skypicket.domain.noun import FloatColumn
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import (
    azimuth_from_plane_deg,
    geodetic_to_polar,
    ground_range_m,
    polar_to_geodetic,
)

GEOD = pyproj.Geod(ellps="WGS84")
SENSORS = [(54.69, 25.28, 150.0), (0.0, 179.9, 0.0), (69.0, 29.0, 900.0), (-33.0, -70.0, 2500.0)]
Sensor = tuple[float, float, float]
Sky = tuple[FloatColumn, FloatColumn, FloatColumn, FloatColumn, FloatColumn]


@pytest.fixture(params=SENSORS, ids=str)
def sensor(request: pytest.FixtureRequest) -> Sensor:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def sky(sensor: Sensor) -> Sky:
    rng = np.random.default_rng(11)
    azimuth_deg = rng.uniform(0, 360, 5000)
    ground_m = 500_000 * np.sqrt(rng.uniform(0, 1, 5000))
    alt_m = rng.uniform(-50, 20_000, 5000)
    lon_deg, lat_deg, _ = GEOD.fwd(
        np.full(5000, sensor[1]), np.full(5000, sensor[0]), azimuth_deg, ground_m
    )
    return lat_deg, lon_deg, alt_m, azimuth_deg, ground_m


def off_deg(one: FloatColumn, other: FloatColumn) -> float:
    return float(np.abs((one - other + 180) % 360 - 180).max())


def test_range_azimuth_and_elevation_are_those_of_the_topocentric_frame(
    sensor: Sensor, sky: Sky
) -> None:
    lat_deg, lon_deg, alt_m, _, _ = sky
    topocentric = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=cart +ellps=WGS84 +step +proj=topocentric +ellps=WGS84 "
        f"+lat_0={sensor[0]} +lon_0={sensor[1]} +h_0={sensor[2]}"
    )
    east_m, north_m, up_m = topocentric.transform(lon_deg, lat_deg, alt_m)
    range_m, azimuth_deg, elevation_deg = geodetic_to_polar(*sensor, lat_deg, lon_deg, alt_m)
    assert np.abs(range_m - np.sqrt(east_m**2 + north_m**2 + up_m**2)).max() < 1e-6
    assert off_deg(azimuth_deg, np.degrees(np.arctan2(east_m, north_m))) < 1e-8
    assert off_deg(elevation_deg, np.degrees(np.arctan2(up_m, np.hypot(east_m, north_m)))) < 1e-8


def test_range_is_the_straight_line_between_earth_centred_positions(
    sensor: Sensor, sky: Sky
) -> None:
    lat_deg, lon_deg, alt_m, _, _ = sky
    centred = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    here = np.array(centred.transform(sensor[1], sensor[0], sensor[2]))[:, None]
    there = np.array(centred.transform(lon_deg, lat_deg, alt_m))
    range_m, _, _ = geodetic_to_polar(*sensor, lat_deg, lon_deg, alt_m)
    assert np.abs(range_m - np.linalg.norm(there - here, axis=0)).max() < 1e-6


def test_the_azimuth_differs_from_the_geodesic_by_less_than_a_thousandth_of_a_degree(
    sensor: Sensor, sky: Sky
) -> None:
    lat_deg, lon_deg, alt_m, true_deg, ground_m = sky
    _, azimuth_deg, _ = geodetic_to_polar(*sensor, lat_deg, lon_deg, 0 * alt_m)
    far = ground_m > 1_000
    assert off_deg(azimuth_deg[far], true_deg[far]) < 0.001


def test_a_polar_measurement_leads_to_the_place_to_a_millimetre(sensor: Sensor, sky: Sky) -> None:
    lat_deg, lon_deg, alt_m, _, _ = sky
    range_m, azimuth_deg, _ = geodetic_to_polar(*sensor, lat_deg, lon_deg, alt_m)
    far = range_m > 1.001 * np.abs(alt_m - sensor[2])
    found_lat, found_lon = polar_to_geodetic(*sensor, range_m[far], azimuth_deg[far], alt_m[far])
    _, _, miss_m = GEOD.inv(lon_deg[far], lat_deg[far], found_lon, found_lat)
    assert np.count_nonzero(far) > 4_900
    assert np.max(miss_m) < 1e-3


def test_ground_range_is_the_geodesic_to_three_metres_per_thousand_kilometres_of_curvature(
    sensor: Sensor, sky: Sky
) -> None:
    lat_deg, lon_deg, alt_m, _, ground_m = sky
    range_m, _, _ = geodetic_to_polar(*sensor, lat_deg, lon_deg, alt_m)
    assert np.abs(ground_range_m(range_m, sensor[2], alt_m) - ground_m).max() < 5.0


def test_the_azimuth_of_plane_positions_is_that_of_the_geodesic() -> None:
    frame = TheatreFrame(54.69, 25.28)
    rng = np.random.default_rng(5)
    east_m, north_m = rng.uniform(-300_000, 300_000, (2, 2000))
    lat_deg, lon_deg = frame.to_geodetic(east_m, north_m)
    true_deg, _, _ = GEOD.inv(np.full(2000, 26.5), np.full(2000, 56.2), lon_deg, lat_deg)
    ours_deg = azimuth_from_plane_deg(frame, 56.2, 26.5, east_m, north_m)
    assert off_deg(ours_deg, np.asarray(true_deg)) < 0.001
