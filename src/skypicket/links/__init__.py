"""Sockets, files and brokers: what brings bytes in, and how it is configured."""

from skypicket.domain.contracts import Clock, Link
from skypicket.links.file import FileLink, FramedPayload, Splitter, by_lines
from skypicket.links.memory import MemoryLink
from skypicket.links.settings import (
    FileSettings,
    HttpSettings,
    LinkSettings,
    MemorySettings,
    MqttSettings,
    TlsSettings,
    UdpSettings,
)
from skypicket.links.udp import UdpLink

__all__ = [
    "FileLink",
    "FileSettings",
    "FramedPayload",
    "HttpSettings",
    "LinkSettings",
    "MemoryLink",
    "MemorySettings",
    "MqttSettings",
    "Splitter",
    "TlsSettings",
    "UdpLink",
    "UdpSettings",
    "build",
    "by_lines",
]


def build(settings: LinkSettings, source: str, clock: Clock, split: Splitter = by_lines) -> Link:
    """The link that the settings of a source ask for; `split` cuts files into messages.

    Memory and HTTP give a `MemoryLink`, into which a scenario or the web server hands.

    >>> build(MemorySettings(), "radar-1", lambda: 5).health().state
    'starting'
    """
    match settings:
        case UdpSettings():
            return UdpLink(settings, source, clock)
        case MqttSettings():
            from skypicket.links.mqtt import MqttLink  # noqa: PLC0415 -- slow to import, not for all

            return MqttLink(settings, source, clock)
        case FileSettings():
            return FileLink(settings, source, clock, split)
        case MemorySettings() | HttpSettings():
            return MemoryLink(source, clock)
