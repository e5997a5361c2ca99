"""SENSORS.toml is read strictly."""

from pathlib import Path

import pytest

from skypicket.domain.errors import ConfigurationError, InputError
from skypicket.engine.sensor_file import parse_sensors, read_sensors

RADAR = '[[sensors]]\nid = "R1"\nkind = "radar"\nlat_deg = 54.7\nlon_deg = 25.3\n'


def test_absent_values_have_the_defaults_of_the_kind() -> None:
    sensor = parse_sensors(RADAR, "s.toml")["R1"]
    assert (sensor.max_range_m, sensor.period_s) == (100_000.0, 4.0)


def test_a_sensor_without_a_label_is_released_to_nobody() -> None:
    assert parse_sensors(RADAR, "s.toml")["R1"].releasability.releasable_to == ()


def test_each_detection_model_is_read() -> None:
    text = RADAR + 'detection = { model = "radar", range_m = 100000, rcs_m2 = 1.0 }\n'
    assert type(parse_sensors(text, "s.toml")["R1"].detection).__name__ == "RadarDetection"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("lat_deg = 54.7", "lat_deg = 154.7"), "s.toml:4: sensors[0].lat_deg"),
        (("lat_deg = 54.7", 'lat_deg = "x"'), "s.toml:4: sensors[0].lat_deg"),
        (("lon_deg", "longitude"), "s.toml:5: sensors[0].longitude"),
        (('kind = "radar"', 'kind = "sonar"'), "s.toml:3: sensors[0].kind"),
        (("[[sensors]]", "[[sensor]]"), "s.toml:1: sensor"),
        (("id = ", "id == "), "s.toml: is no valid TOML"),
        (("lon_deg = 25.3", "lon_deg = 25.3\nmin_range_m = 5\nmax_range_m = 4"), "s.toml:2"),
    ],
)
def test_a_fault_is_told_with_file_line_and_path(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_sensors(RADAR.replace(*change), "s.toml")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("value", ["inf", "+inf", "-inf", "nan", "1e999"])
@pytest.mark.parametrize("key", ["max_range_m", "mast_m", "ground_amsl_m"])
def test_a_number_that_is_not_finite_is_refused_in_one_clear_line(key: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_sensors(f"{RADAR}{key} = {value}\n", "s.toml")
    said = str(caught.value)
    assert said.startswith(f"s.toml:6: sensors[0].{key}: {float(value)} is not a finite number. ")
    assert "\n" not in said


def test_a_number_that_is_not_finite_is_found_however_deep() -> None:
    model = 'detection = { model = "radar", range_m = inf }\n'
    with pytest.raises(ConfigurationError, match=r"s.toml:6: sensors\[0\].detection.range_m: inf"):
        parse_sensors(RADAR + model, "s.toml")


def test_a_byte_order_mark_before_the_file_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xef\xbb\xbf" + RADAR.encode())
    assert list(read_sensors(path)) == ["R1"]


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="the sensor id 'R1' stands twice"):
        parse_sensors(RADAR + RADAR, "s.toml")


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened") as caught:
        read_sensors(tmp_path / "none.toml")
    assert caught.value.exit_code == 3


def test_bytes_that_are_no_text_are_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="no UTF-8"):
        read_sensors(path)
