from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from skypicket import formats
from skypicket.domain.contracts import SourceDescription
from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import Sensor
from skypicket.formats.origin import sensor_of

PLUGIN = """
class Echo:
    name = "echo"

    def decoder(self, source): ...

    def encode(self, noun, sensor): ...

FORMAT = Echo()
HALF = object()
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "echo_format.py").write_text(PLUGIN)
    about = tmp_path / "echo_format-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: echo-format\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[skypicket.formats]\necho = echo_format:FORMAT\nhalf = echo_format:HALF\n"
        "gone = no_such_module:FORMAT\nreport = echo_format:FORMAT\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize("name", ["acoustic", "observations", "readsb-json", "report"])
def test_a_built_in_format_is_loaded_under_its_own_name(name: str) -> None:
    assert formats.load(name).name == name


def test_an_unknown_format_is_told_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match=r"no format 'sbs'.*acoustic, asterix.*report"):
        formats.load("sbs")


@pytest.mark.usefixtures("plugin")
def test_a_format_of_an_installed_package_is_found_by_its_entry_point() -> None:
    assert formats.load("echo").name == "echo"
    assert "echo" in formats.names()


@pytest.mark.usefixtures("plugin")
def test_a_package_cannot_take_the_name_of_a_built_in_format() -> None:
    assert formats.load("report").name == "report"


@pytest.mark.usefixtures("plugin")
def test_a_broken_package_is_told_as_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="no_such_module"):
        formats.load("gone")
    with pytest.raises(ConfigurationError, match="has no 'name'"):
        formats.load("half")


def test_every_built_in_format_is_where_the_table_says() -> None:
    for name, place in formats.BUILT_IN.items():
        assert EntryPoint(name, place, formats.GROUP).load().name == name


def _adsb(sensor_id: str) -> Sensor:
    return Sensor(id=sensor_id, kind="adsb", lat_deg=54.7, lon_deg=25.3)


def _source(*sensors: Sensor, **options: Any) -> SourceDescription:
    return SourceDescription(source="s1", sensors={s.id: s for s in sensors}, options=options)


def test_a_source_speaks_for_its_only_sensor_of_the_kind() -> None:
    radar = Sensor(id="R1", kind="radar", lat_deg=54.7, lon_deg=25.3)
    assert sensor_of(_source(_adsb("A1"), radar), "adsb") == "A1"


def test_a_source_without_sensors_speaks_under_its_own_name() -> None:
    assert sensor_of(_source(), "adsb") == "s1"


def test_an_open_choice_between_two_sensors_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="2 sensors of kind adsb"):
        sensor_of(_source(_adsb("A1"), _adsb("A2")), "adsb")
    assert sensor_of(_source(_adsb("A1"), _adsb("A2"), sensor="A2"), "adsb") == "A2"


def test_an_option_that_names_a_foreign_sensor_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="option sensor is 'A9'"):
        sensor_of(_source(_adsb("A1"), sensor="A9"), "adsb")


@pytest.mark.parametrize("name", ["acoustic", "observations", "readsb-json", "report"])
def test_an_unknown_option_is_refused_with_its_name(name: str) -> None:
    with pytest.raises(ConfigurationError, match="no option 'colour'"):
        formats.load(name).decoder(_source(colour="red"))


def test_an_option_of_the_wrong_type_is_refused_with_its_value() -> None:
    with pytest.raises(ConfigurationError, match="sigma_m is 'far'"):
        formats.load("readsb-json").decoder(_source(sigma_m="far"))
