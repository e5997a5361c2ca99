"""CONFIG.toml is read strictly, and checked with file, line and cure."""

from pathlib import Path

import pytest

from skypicket.domain.errors import ConfigurationError
from skypicket.engine.checks import faults_of
from skypicket.engine.settings import parse_settings

GOOD = """[system]
name = "east"
mode = "live"

[[sensors]]
id = "25/1"
kind = "radar"
lat_deg = 54.7
lon_deg = 25.3

[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3

[[sources]]
id = "radar-east"
format = "asterix"
sensors = ["25/1"]
link = { type = "udp", port = 10048 }

[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
personal = "report"
link = { type = "http" }
"""


def faults(text: str) -> list[str]:
    return faults_of(parse_settings(text, "site.toml"), text, "site.toml")


def test_a_good_configuration_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('mode = "live"', 'mode = "lively"'), "site.toml:3: system.mode"),
        (('sensors = ["25/1"]', 'sensors = ["25/2"]'), "site.toml:17: source 'radar-east'"),
        (('id = "reports"', 'id = "radar-east"'), "site.toml:23: the source id"),
        (("port = 10048", 'port = "x"'), "site.toml:21: sources[0].link.port"),
        (('type = "udp"', 'type = "pigeon"'), "site.toml:21: sources[0].link"),
        (('name = "east"', 'nmae = "east"'), "site.toml:2: system.nmae"),
        (('name = "east"', "snapshot_s = inf"), "site.toml:2: system.snapshot_s: inf is not"),
        (('name = "east"', "tick_s = nan"), "site.toml:2: system.tick_s: nan is not"),
        (
            ('link = { type = "http" }', "options = { deep = [1.0, [inf]] }"),
            "site.toml:28: sources[1].options.deep[1][0]: inf is not",
        ),
        (
            ('mode = "live"', 'mode = "live"\n[web]\nhost = "0.0.0.0"'),
            "site.toml:4: host is '0.0.0.0', which others can reach",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_settings(GOOD.replace(*change), "site.toml")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('format = "asterix"', 'format = "morse"'), "site.toml:17: source 'radar-east'"),
        (('personal = "report"', 'personal = "no"'), "takes reports of people"),
        (('sensors = ["desk"]', 'sensors = ["25/1"]'), "sensor 'desk' has no source"),
        (('link = { type = "http" }', 'link = { type = "udp", port = 10048 }'), "its own port"),
        (('mode = "live"', 'mode = "live"\n[scenario]\nx = 1'), "takes no [scenario]"),
    ],
)
def test_what_could_be_read_but_not_run_is_a_fault(change: tuple[str, str], said: str) -> None:
    found = faults(GOOD.replace(*change))
    assert any(said in fault for fault in found)
    assert len(found) <= 2


def test_an_empty_configuration_is_told_what_it_lacks() -> None:
    assert len(faults("")) == 2


def test_sensors_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "SENSORS.toml").write_text(
        GOOD[GOOD.index("[[sensors]]") : GOOD.index("[[sources")]
    )
    text = 'sensors_file = "SENSORS.toml"\n'
    settings = parse_settings(text, "site.toml", tmp_path)
    assert set(settings.sensors_by_id) == {"25/1", "desk"}


def test_sensors_here_and_in_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        parse_settings('sensors_file = "SENSORS.toml"\n' + GOOD, "site.toml", tmp_path)
