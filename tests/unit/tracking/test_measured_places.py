"""What sensors measure, as places in the plane: right on average, and as uncertain as they are."""

from typing import Any

import numpy as np
import pytest

from skypicket.domain.observations import Kind, batch_of
from skypicket.domain.sensors import AcousticDetection, ConstantDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.geo.polar import geodetic_to_polar
from skypicket.physics.detection import DetectionField
from skypicket.testing.builders import NIGHT_NS
from skypicket.tracking.config import TrackerConfig
from skypicket.tracking.plots import Places, places_of
from skypicket.tracking.sensing import Sensing, sensings

FRAME = TheatreFrame(54.7, 25.3)
GEOID_M = 25.0
ROWS = 4_000


def places(kind: Kind, columns: dict[str, Any], sensor: dict[str, Any] | None = None) -> Places:
    told: dict[str, Any] = {"id": "S", "kind": "radar", "lat_deg": 54.9, "lon_deg": 26.0} | (
        sensor or {}
    )
    rows = len(next(iter(columns.values())))
    batch = batch_of(kind, "S", np.full(rows, NIGHT_NS), columns)
    return places_of(batch, sensing_of(told), FRAME, TrackerConfig())


def sensing_of(told: dict[str, Any]) -> Sensing:
    sensors = {"S": Sensor(**told)}
    field = DetectionField(sensors.values(), FRAME, geoid_m=GEOID_M)
    return sensings(sensors, FRAME, GEOID_M, field)["S"]


def measured(
    east_m: float, north_m: float, alt_m: float, *, sigma_azimuth_deg: float
) -> dict[str, Any]:
    """Noisy ranges and azimuths of one place."""
    chance = np.random.default_rng(11)
    lat_deg, lon_deg = FRAME.to_geodetic(east_m, north_m)
    range_m, azimuth_deg, _ = geodetic_to_polar(54.9, 26.0, GEOID_M, lat_deg, lon_deg, alt_m)
    return {
        "range_m": range_m + 60.0 * chance.standard_normal(ROWS),
        "azimuth_deg": azimuth_deg + sigma_azimuth_deg * chance.standard_normal(ROWS),
        "sigma_range_m": np.full(ROWS, 60.0),
        "sigma_azimuth_deg": np.full(ROWS, sigma_azimuth_deg),
        "alt_m": np.full(ROWS, alt_m),
        "sigma_alt_m": np.full(ROWS, 1.0),
    }


@pytest.mark.parametrize("sigma_azimuth_deg", [0.1, 1.0, 5.0])
def test_ranges_and_azimuths_lead_to_the_place_without_bias(sigma_azimuth_deg: float) -> None:
    east_m, north_m = 90_000.0, -10_000.0
    found = places(
        "range_azimuth", measured(east_m, north_m, 3_000.0, sigma_azimuth_deg=sigma_azimuth_deg)
    )
    errors = found.place_m[:, :2] - (east_m, north_m)
    bias = errors.mean(axis=0)
    scatter = errors.std(axis=0) / np.sqrt(ROWS)
    assert (np.abs(bias) < 4 * scatter).all()


@pytest.mark.parametrize("sigma_azimuth_deg", [0.1, 1.0, 5.0])
def test_the_stated_error_is_the_error_that_is_made(sigma_azimuth_deg: float) -> None:
    east_m, north_m = 90_000.0, -10_000.0
    found = places(
        "range_azimuth", measured(east_m, north_m, 3_000.0, sigma_azimuth_deg=sigma_azimuth_deg)
    )
    errors = found.place_m[:, :2] - (east_m, north_m)
    ee, en, nn = found.noise_m2[:, :3].T
    squared = nn * errors[:, 0] ** 2 - 2 * en * errors[:, 0] * errors[:, 1] + ee * errors[:, 1] ** 2
    per_dimension = (squared / (ee * nn - en**2)).mean() / 2
    assert per_dimension == pytest.approx(1.0, abs=0.1)


def test_an_unknown_height_is_part_of_the_error_along_the_line_of_sight() -> None:
    said: dict[str, Any] = {"range_m": [5_000.0], "azimuth_deg": [90.0]}
    said |= {"sigma_range_m": [50.0], "sigma_azimuth_deg": [0.1]}
    unknown = places("range_azimuth", said)
    known = places("range_azimuth", said | {"alt_m": [500.0], "sigma_alt_m": [10.0]})
    assert unknown.dims.tolist() == [2]
    assert known.dims.tolist() == [3]
    assert np.sqrt(unknown.noise_m2[0, 0]) > 2 * np.sqrt(known.noise_m2[0, 0])
    assert np.sqrt(unknown.noise_m2[0, 2]) == pytest.approx(np.sqrt(known.noise_m2[0, 2]), rel=0.1)


def test_an_elevation_gives_a_height() -> None:
    said: dict[str, Any] = {"range_m": [10_000.0], "azimuth_deg": [90.0], "elevation_deg": [30.0]}
    said |= {"sigma_range_m": [50.0], "sigma_azimuth_deg": [0.1], "sigma_elevation_deg": [0.2]}
    found = places("range_azimuth", said)
    assert found.dims.tolist() == [3]
    assert found.place_m[0, 2] == pytest.approx(5_000.0 + GEOID_M, abs=10.0)
    assert np.sqrt(found.noise_m2[0, 5]) == pytest.approx(10_000 * 0.866 * np.radians(0.2), rel=0.5)


@pytest.mark.parametrize(
    ("heights", "alt_m"),
    [
        ({"alt_m": [400.0], "amsl_m": [1.0], "pressure_alt_m": [2.0]}, 400.0),
        ({"amsl_m": [400.0], "pressure_alt_m": [2.0]}, 425.0),
    ],
)
def test_the_best_height_is_taken_and_laid_above_the_ellipsoid(
    heights: dict[str, Any], alt_m: float
) -> None:
    said: dict[str, Any] = {"lat_deg": [54.8], "lon_deg": [25.5], "sigma_m": [40.0]}
    assert places("position", said | heights).place_m[0, 2] == alt_m


def test_a_self_report_has_the_height_that_it_claims() -> None:
    said: dict[str, Any] = {"lat_deg": [54.8], "lon_deg": [25.5], "sigma_m": [40.0]}
    found = places("self_report", said | {"pressure_alt_m": [400.0]})
    assert (found.place_m[0, 2], found.dims[0]) == (425.0, 3)


def test_the_height_that_a_transponder_claims_does_not_lift_a_plot() -> None:
    said: dict[str, Any] = {"lat_deg": [54.8], "lon_deg": [25.5], "sigma_m": [40.0]}
    plain = places("position", said)
    claimed = places("position", said | {"pressure_alt_m": [10_000.0]})
    assert claimed.dims[0] == 2
    assert np.array_equal(claimed.place_m, plain.place_m)


def test_velocities_are_turned_into_the_plane() -> None:
    said: dict[str, Any] = {"lat_deg": [54.7], "lon_deg": [27.3], "sigma_m": [30.0]}
    found = places("self_report", said | {"east_mps": [0.0], "north_mps": [100.0]})
    turn = np.radians(FRAME.convergence_deg(54.7, 27.3))
    assert found.velocity_mps[0, 0] == pytest.approx(-100.0 * np.sin(turn))
    assert found.velocity_mps[0, 1] == pytest.approx(100.0 * np.cos(turn))


def test_presence_is_at_the_node_and_as_wide_as_it_hears() -> None:
    found = places(
        "presence", {"snr_db": [5.0]}, sensor={"kind": "acoustic", "max_range_m": 5_000.0}
    )
    east_m, north_m = FRAME.to_plane(54.9, 26.0)
    assert found.place_m[0, :2].tolist() == [float(east_m), float(north_m)]
    assert np.sqrt(found.noise_m2[0, 0]) == pytest.approx(2_500.0, rel=0.01)


def test_a_report_is_uncertain_by_what_moved_while_its_time_is() -> None:
    said: dict[str, Any] = {
        "lat_deg": [54.8],
        "lon_deg": [25.5],
        "sigma_m": [300.0],
        "first_hand": [1.0],
    }
    found = places("sighting", said | {"sigma_time_s": [60.0]})
    assert np.sqrt(found.noise_m2[0, 0]) == pytest.approx(np.hypot(300.0, 60.0 * 50.0))


NODE: dict[str, Any] = {"id": "S", "kind": "acoustic", "lat_deg": 54.9, "lon_deg": 26.0}


def test_a_node_that_hears_alike_everywhere_places_a_disc_of_its_reach() -> None:
    heard = sensing_of(NODE | {"max_range_m": 3_000.0}).hearing
    assert heard.sigma_m == pytest.approx(1_500.0, rel=0.01)
    assert heard.away_m == pytest.approx(2_000.0, rel=0.01)
    assert heard.delay_s == pytest.approx(2_000.0 / 337.4, rel=0.01)  # at 10 °C
    assert heard.delay_sigma_s == pytest.approx(3_000.0 / np.sqrt(18.0) / 337.4, rel=0.02)


def test_a_node_that_hears_worse_far_off_places_what_it_hears_nearer() -> None:
    model = AcousticDetection(source_db=105.0, noise_db=45.0)
    heard = sensing_of(NODE | {"max_range_m": 3_000.0, "detection": model}).hearing
    sensor = Sensor(**NODE, max_range_m=3_000.0, detection=model)
    field = DetectionField([sensor], FRAME, geoid_m=GEOID_M)
    # The slow twin: places drawn all over the disc, each kept as often as it is heard there.
    chance = np.random.default_rng(5)
    east_m, north_m = FRAME.to_plane(54.9, 26.0)
    beside = chance.uniform(-3_000.0, 3_000.0, (200_000, 2))
    place = (float(east_m) + beside[:, 0], float(north_m) + beside[:, 1])
    kept = chance.random(len(beside)) < field.probability("S", *place, np.nan)
    drawn = beside[kept]
    assert heard.sigma_m == pytest.approx(drawn.std(), rel=0.02)
    assert heard.away_m == pytest.approx(np.hypot(*drawn.T).mean(), rel=0.02)
    assert heard.sigma_m < 1_200.0


def test_a_deaf_model_leaves_the_whole_reach_open() -> None:
    model = ConstantDetection(probability=0.0)
    heard = sensing_of(NODE | {"max_range_m": 3_000.0, "detection": model}).hearing
    assert heard.sigma_m == pytest.approx(1_500.0, rel=0.01)


def test_an_error_that_the_file_gives_is_believed_and_only_sound_is_late() -> None:
    heard = sensing_of(NODE | {"kind": "rf", "sigma_m": 700.0}).hearing
    assert (heard.sigma_m, heard.delay_s) == (700.0, 0.0)


def test_the_way_of_the_sound_makes_a_presence_wider_and_a_bearing_less_sure() -> None:
    near = places("presence", {"snr_db": [9.0]}, NODE).noise_m2[0, 0]
    delay_sigma_s = sensing_of(NODE).hearing.delay_sigma_s
    assert near == pytest.approx(1_500.0**2 + (50.0 * delay_sigma_s) ** 2, rel=0.01)
    bearing = places("bearing", {"azimuth_deg": [10.0], "sigma_deg": [0.1]}, NODE).noise_m2[0, 0]
    assert np.degrees(np.sqrt(bearing)) == pytest.approx(3.0, abs=0.2)
