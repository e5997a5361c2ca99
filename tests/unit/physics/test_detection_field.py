import math

import numpy as np
import pytest

from skypicket.domain.errors import ConfigurationError, InputError
from skypicket.domain.sensors import AcousticDetection, ConstantDetection, RadarDetection, Sensor
from skypicket.geo.frame import TheatreFrame
from skypicket.physics.detection import (
    HUMAN_EAR,
    UNKNOWN_HEIGHTS_M,
    DetectionField,
    Signature,
    anchor_snr,
)
from skypicket.physics.sound import Air

FRAME = TheatreFrame(54.7, 25.3)
PLACE = {"lat_deg": 54.7, "lon_deg": 25.3}


def radar(**fields: object) -> Sensor:
    settings = {"mast_m": 20.0, "ground_amsl_m": 150.0, "max_range_m": 150e3, **PLACE, **fields}
    anchor = RadarDetection(range_m=60_000.0, rcs_m2=0.1, probability=0.8)
    return Sensor(id="R1", kind="radar", **{"detection": anchor, **settings})  # type: ignore[arg-type]


def node(noise_db: float = 40.0, **fields: object) -> Sensor:
    settings = {"max_range_m": 20_000.0, **PLACE, **fields}
    ear = AcousticDetection(source_db=115.0, noise_db=noise_db)
    return Sensor(id="A1", kind="acoustic", detection=ear, **settings)  # type: ignore[arg-type]


def seen(sensor: Sensor, east_m: object, alt_m: object, rcs_m2: float | None = None) -> float:
    field = DetectionField([sensor], FRAME)
    return float(field.probability(sensor.id, east_m, 0.0, alt_m, rcs_m2))  # type: ignore[arg-type]


def test_the_data_sheet_point_is_returned_exactly() -> None:
    up_m = 60_000.0 + 150.0 + 20.0
    assert seen(radar(), 0.0, up_m, 0.1) == pytest.approx(0.8, abs=1e-12)


def test_sixteen_times_the_cross_section_is_seen_as_well_twice_as_far() -> None:
    assert seen(radar(), 0.0, 120_170.0, 1.6) == pytest.approx(0.8, abs=1e-9)


def test_an_unsaid_cross_section_is_that_of_the_data_sheet() -> None:
    assert seen(radar(), 40e3, 3000.0) == seen(radar(), 40e3, 3000.0, 0.1)
    assert seen(radar(), 40e3, 3000.0, math.nan) == seen(radar(), 40e3, 3000.0, 0.1)


def test_outside_minimum_and_maximum_range_nothing_is_seen() -> None:
    sensor = radar(min_range_m=2000.0, max_range_m=50_000.0)
    assert seen(sensor, 1990.0, 2000.0) == 0.0
    assert seen(sensor, 2010.0, 2000.0) > 0.9
    assert seen(sensor, 49_990.0, 5000.0) > 0.8
    assert seen(sensor, 50_010.0, 5000.0) == 0.0


def test_the_radio_horizon_of_a_mast_of_20_m_for_200_m_is_77_km() -> None:
    # Outside reference: 4.12 (sqrt(h1) + sqrt(h2)) km, the usual rule for the 4/3 earth.
    edge_m = 4_120.0 * (math.sqrt(20.0) + math.sqrt(200.0))
    sensor = radar(detection=RadarDetection(range_m=100_000.0, rcs_m2=1.0))
    open_sky = seen(sensor, edge_m, 5000.0)
    assert seen(sensor, edge_m, 350.0) == pytest.approx(0.5 * open_sky, rel=0.02)
    assert seen(sensor, edge_m - 10e3, 350.0) == pytest.approx(
        seen(sensor, edge_m - 10e3, 5e3), 0.01
    )
    assert seen(sensor, edge_m + 10e3, 350.0) == 0.0


def test_an_object_near_by_is_not_hidden_by_the_edge_of_the_horizon() -> None:
    assert seen(radar(), 3000.0, 160.0) > 0.999


def test_an_unknown_height_is_the_mean_over_the_stated_heights() -> None:
    each = [seen(radar(), 70e3, 150.0 + height) for height in UNKNOWN_HEIGHTS_M]
    assert seen(radar(), 70e3, math.nan) == pytest.approx(np.mean(each), rel=1e-12)
    assert min(each) < seen(radar(), 70e3, math.nan) < max(each)


def test_an_unknown_place_has_an_unknown_probability() -> None:
    assert math.isnan(seen(radar(), math.nan, 500.0))


def test_the_geoid_lifts_the_antenna_with_the_ground() -> None:
    flat = DetectionField([radar()], FRAME)
    lifted = DetectionField([radar()], FRAME, geoid_m=23.0)
    assert lifted.probability("R1", 70e3, 0.0, 323.0) == pytest.approx(
        float(flat.probability("R1", 70e3, 0.0, 300.0)), rel=1e-3
    )


def test_a_constant_sensor_detects_the_same_everywhere_in_reach() -> None:
    sensor = Sensor(
        id="C1",
        kind="camera",
        **PLACE,  # type: ignore[arg-type]
        max_range_m=5000.0,
        detection=ConstantDetection(probability=0.7),
    )
    field = DetectionField([sensor], FRAME)
    found = field.probability("C1", [0.0, 3000.0, 6000.0], 0.0, [100.0, math.nan, 100.0])
    np.testing.assert_array_equal(found, [0.7, 0.7, 0.0])
    assert np.isnan(field.snr_db("C1", (0.0, 0.0, 100.0), Signature())).all()


def test_a_tenfold_distance_takes_20_db_and_the_absorption_of_the_air() -> None:
    field = DetectionField([node()], FRAME)
    near, far = (
        float(field.snr_db("A1", (0.0, 0.0, up_m), Signature())) for up_m in (100.0, 1000.0)
    )
    assert near - far == pytest.approx(20.0 + 0.9 * 1.04, abs=0.01)
    assert near == pytest.approx(115.0 - 40.0 - 40.0 - 0.104, abs=0.01)


def test_more_noise_at_the_node_hears_less_far() -> None:
    assert seen(node(noise_db=50.0), 3000.0, 200.0) < 0.5 * seen(node(), 3000.0, 200.0)


def test_a_quiet_node_hears_a_gerbera_at_three_kilometres_and_not_at_eight() -> None:
    assert seen(node(noise_db=36.0), 3000.0, 200.0) > 0.5
    assert seen(node(noise_db=36.0), 8000.0, 200.0) < 0.05


def test_hot_dry_air_carries_sound_less_far() -> None:
    arid = DetectionField([node()], FRAME, air=Air(temperature_c=30.0, humidity_percent=10.0))
    mild = DetectionField([node()], FRAME)
    place = (4000.0, 0.0, 200.0)
    assert arid.probability("A1", *place) < mild.probability("A1", *place)


def test_an_ear_by_chance_hears_a_gerbera_overhead_and_not_five_kilometres_off() -> None:
    person = Sensor(id="P1", kind="person", **PLACE, detection=HUMAN_EAR)  # type: ignore[arg-type]
    assert seen(person, 300.0, 200.0) > 0.9
    assert seen(person, 5000.0, 200.0) < 0.05


def test_radar_snr_is_that_of_the_data_sheet_point_there() -> None:
    field = DetectionField([radar()], FRAME)
    found = field.snr_db("R1", (0.0, 0.0, 60_170.0), Signature(rcs_m2=0.1))
    assert float(found) == pytest.approx(10 * math.log10(anchor_snr("R1", 0.8)), abs=1e-9)


def test_the_result_has_the_common_shape_of_the_arguments() -> None:
    field = DetectionField([radar()], FRAME)
    assert field.probability("R1", np.zeros((3, 1)), np.ones(4), 500.0).shape == (3, 4)
    assert field.probability("R1", [], [], []).shape == (0,)


def test_ranges_are_those_of_the_theatre_frame() -> None:
    place = FRAME.to_plane(56.0, 27.0)
    ground_m = float(FRAME.distance_m(*FRAME.to_plane(54.7, 25.3), *place))
    for reach_m, expected in ((ground_m + 1.0, 1.0), (ground_m - 1.0, 0.0)):
        sensor = radar(max_range_m=reach_m, detection=ConstantDetection(probability=1.0))
        field = DetectionField([sensor], FRAME)
        assert float(field.probability("R1", *place, 500.0)) == expected


def test_an_unknown_sensor_is_refused() -> None:
    with pytest.raises(InputError, match="'R9'"):
        DetectionField([radar()], FRAME).probability("R9", 0.0, 0.0, 0.0)


def test_two_sensors_of_one_id_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        DetectionField([radar(), radar()], FRAME)


def test_a_data_sheet_point_rarer_than_a_false_alarm_is_refused() -> None:
    weak = RadarDetection(range_m=1000.0, probability=1e-7)
    with pytest.raises(ConfigurationError, match="data-sheet"):
        DetectionField([radar(detection=weak)], FRAME)
