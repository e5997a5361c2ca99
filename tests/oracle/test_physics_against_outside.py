"""Physics against outside references: matrix exponential, pyproj, and plain chance."""

import math

import numpy as np
import pyproj
import pytest
import scipy.linalg

from skypicket.domain.sensors import AcousticDetection, RadarDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import (
    ACOUSTIC_SPREAD_DB,
    ACOUSTIC_THRESHOLD_DB,
    RADAR_FALSE_ALARM_PROBABILITY,
    DetectionField,
    Signature,
)
from skypicket.physics.motion import STATE_SIZE, noise, transition

FRAME = TheatreFrame(54.7, 25.3)
EARTH_M = 6_371_000.0


@pytest.mark.parametrize("dt_s", [0.1, 4.0, 60.0])
def test_motion_is_the_solution_of_its_differential_equation(dt_s: float) -> None:
    # Van Loan 1978: both matrices at once from one matrix exponential.
    drift = np.zeros((STATE_SIZE, STATE_SIZE))
    drift[:3, 3:] = np.eye(3)
    density = np.diag([0.0, 0.0, 0.0, 2.0, 2.0, 0.3])
    block = np.block([[-drift, density], [np.zeros_like(drift), drift.T]])
    solved = scipy.linalg.expm(block * dt_s)
    carried = solved[STATE_SIZE:, STATE_SIZE:].T
    np.testing.assert_allclose(transition(dt_s), carried, atol=1e-12)
    expected = carried @ solved[:STATE_SIZE, STATE_SIZE:]
    np.testing.assert_allclose(noise(dt_s, 2.0, 0.3), expected, rtol=1e-9, atol=1e-9)


def radar(**fields: float) -> Sensor:
    settings = {"ground_amsl_m": 120.0, "mast_m": 15.0, "max_range_m": 400e3, **fields}
    anchor = RadarDetection(range_m=100e3, rcs_m2=1.0, probability=0.8)
    return Sensor(id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3, detection=anchor, **settings)  # type: ignore[arg-type]


def test_slant_ranges_are_those_of_earth_centred_coordinates() -> None:
    chance = np.random.default_rng(4)
    azimuth_deg, ground_m = chance.uniform(0, 360, 300), chance.uniform(1e3, 300e3, 300)
    alt_m = chance.uniform(9_000, 12_000, 300)
    geod = pyproj.Geod(ellps="WGS84")
    lon, lat, _ = geod.fwd(np.full(300, 25.3), np.full(300, 54.7), azimuth_deg, ground_m)
    to_centre = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    there = np.array(to_centre.transform(lon, lat, alt_m))
    here = np.array(to_centre.transform(25.3, 54.7, 135.0))
    slant_m = np.linalg.norm(there - here[:, None], axis=0)
    field = DetectionField([radar()], FRAME)
    found_db = field.snr_db("R1", (*FRAME.to_plane(lat, lon), alt_m), Signature())
    at_anchor_db = 10 * math.log10(math.log(RADAR_FALSE_ALARM_PROBABILITY) / math.log(0.8) - 1)
    expected_db = at_anchor_db - 40 * np.log10(slant_m / 100e3)
    np.testing.assert_allclose(found_db, expected_db, atol=0.02)


def test_pd_is_how_often_a_fading_echo_beats_the_threshold() -> None:
    # Square-law detector, noise of mean 1: the echo's power is exponential, also with the noise.
    chance = np.random.default_rng(9)
    threshold = -math.log(RADAR_FALSE_ALARM_PROBABILITY)
    field = DetectionField([radar()], FRAME)
    for east_m in (60e3, 100e3, 150e3):
        place = (east_m, 0.0, 8_000.0)
        snr = 10 ** (float(field.snr_db("R1", place, Signature())) / 10)
        amplitude = chance.standard_normal((2, 200_000)) * math.sqrt((1 + snr) / 2)
        beats = (np.sum(amplitude**2, axis=0) > threshold).mean()
        assert float(field.probability("R1", *place)) == pytest.approx(beats, abs=0.006)


@pytest.mark.parametrize(("mast_m", "height_m"), [(10.0, 100.0), (10.0, 200.0), (25.0, 1000.0)])
def test_the_horizon_is_where_a_ray_over_the_larger_earth_grazes_it(
    mast_m: float, height_m: float
) -> None:
    # Exact geometry of the tangent on a sphere of 4/3 of the radius, instead of the parabola.
    large_m = 4 / 3 * EARTH_M
    edge_m = large_m * sum(math.acos(large_m / (large_m + up_m)) for up_m in (mast_m, height_m))
    field = DetectionField([radar(mast_m=mast_m)], FRAME)
    high = field.probability("R1", edge_m, 0.0, 20_000.0)
    low = field.probability("R1", edge_m, 0.0, 120.0 + height_m)
    assert float(low / high) == pytest.approx(0.5, abs=0.04)


def test_hearing_is_how_often_a_fluctuating_level_beats_the_threshold() -> None:
    ear = AcousticDetection(source_db=115.0, noise_db=38.0)
    node = Sensor(
        id="A1", kind="acoustic", lat_deg=54.7, lon_deg=25.3, max_range_m=9e3, detection=ear
    )
    field = DetectionField([node], FRAME)
    chance = np.random.default_rng(3)
    for east_m in (2e3, 3e3, 4e3):
        place = (east_m, 0.0, 200.0)
        mean_db = float(field.snr_db("A1", place, Signature()))
        level_db = mean_db + ACOUSTIC_SPREAD_DB * chance.standard_normal(200_000)
        beats = (level_db > ACOUSTIC_THRESHOLD_DB).mean()
        assert float(field.probability("A1", *place)) == pytest.approx(beats, abs=0.006)
