from typing import Any

import msgspec
import pytest

from skypicket.links import (
    FileLink,
    FileSettings,
    HttpSettings,
    LinkSettings,
    MemoryLink,
    MemorySettings,
    MqttSettings,
    TlsSettings,
    UdpLink,
    UdpSettings,
    build,
)
from skypicket.links.mqtt import MqttLink


@pytest.mark.parametrize(
    ("table", "settings", "link"),
    [
        ({"type": "udp", "port": 8600}, UdpSettings(port=8600), UdpLink),
        ({"type": "mqtt", "topics": ["a/#"]}, MqttSettings(topics=("a/#",)), MqttLink),
        ({"type": "file", "path": "a.pcap"}, FileSettings(path="a.pcap"), FileLink),
        ({"type": "memory"}, MemorySettings(), MemoryLink),
        ({"type": "http"}, HttpSettings(), MemoryLink),
    ],
)
def test_the_type_chooses_the_link(
    table: dict[str, Any], settings: Any, link: type, clock: Any
) -> None:
    read = msgspec.convert(table, LinkSettings)
    assert read == settings
    built = build(read, "source-1", clock)
    assert type(built) is link
    assert (built.health().source, built.health().state) == ("source-1", "starting")


@pytest.mark.parametrize(
    "table",
    [
        {"type": "carrier-pigeon"},
        {"type": "udp"},
        {"type": "udp", "port": 0},
        {"type": "udp", "port": 70_000},
        {"type": "udp", "port": 8600, "prot": 1},
        {"type": "mqtt", "topics": []},
        {"type": "mqtt", "topics": ["a"], "tls": {"ca": "x"}},
        {"type": "file", "path": ""},
        {"type": "file", "path": "a", "speed_factor": -1},
        {"type": "memory", "size": 3},
    ],
)
def test_a_wrong_table_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(table, LinkSettings)


@pytest.mark.parametrize("settings", [UdpSettings(port=1), MqttSettings(topics=("a",))])
def test_nothing_but_loopback_is_reached_unless_named(settings: Any) -> None:
    assert settings.host == "127.0.0.1"


def test_tls_may_name_its_files() -> None:
    table = {"type": "mqtt", "topics": ["a"], "tls": {"ca_file": "ca.pem"}}
    read = msgspec.convert(table, LinkSettings)
    assert isinstance(read, MqttSettings)
    assert read.tls == TlsSettings(ca_file="ca.pem")
