"""How a link is configured: the table `link` of a `[[sources]]` entry, told apart by `type`."""

from typing import Annotated

import msgspec
from msgspec import Meta

Host = Annotated[str, Meta(min_length=1, max_length=253)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Path_ = Annotated[str, Meta(min_length=1, max_length=4_096)]
LOOPBACK = "127.0.0.1"


class _Settings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    """Settings of one kind of link."""


class UdpSettings(_Settings, frozen=True, kw_only=True, tag="udp"):
    """Datagrams to `host:port`, each one message. Loopback unless another address is named.

    With `multicast_group` the link joins that group on the interface with the address `host`.
    `receive_buffer_bytes` is asked of the kernel, which may give less.
    """

    port: Port
    host: Host = LOOPBACK
    multicast_group: str = ""
    receive_buffer_bytes: Annotated[int, Meta(ge=4_096, le=1 << 30)] = 8 * 1024 * 1024


class TlsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TLS to a broker: the authority that signed it (the system's if ""), and our certificate."""

    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""


class MqttSettings(_Settings, frozen=True, kw_only=True, tag="mqtt"):
    """Topics of an MQTT 3.1.1 broker, subscribed with QoS 1, acknowledged only after fsync.

    `client_id` must be this system's own and stay the same ("" takes `skypicket-` and the
    source's id): under it the broker keeps what was not acknowledged. The password is the first
    line of `password_file`. Messages above `max_message_bytes` are refused and counted.
    """

    topics: Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], Meta(min_length=1)]
    host: Host = LOOPBACK
    port: Port = 1_883
    client_id: Annotated[str, Meta(max_length=64)] = ""
    username: str = ""
    password_file: str = ""
    tls: TlsSettings | None = None
    keepalive_s: Annotated[int, Meta(ge=5, le=3_600)] = 30
    max_message_bytes: Annotated[int, Meta(ge=1, le=1 << 28)] = 1024 * 1024


class FileSettings(_Settings, frozen=True, kw_only=True, tag="file"):
    """A file that is read once: at recorded pace times `speed_factor`; 0: as fast as taken."""

    path: Path_
    speed_factor: Annotated[float, Meta(ge=0, le=1e6)] = 0.0


class MemorySettings(_Settings, frozen=True, kw_only=True, tag="memory"):
    """Messages handed in by the program itself: simulated nights and tests."""


class HttpSettings(_Settings, frozen=True, kw_only=True, tag="http"):
    """Messages posted to the web server, which hands them in."""


LinkSettings = UdpSettings | MqttSettings | FileSettings | MemorySettings | HttpSettings
