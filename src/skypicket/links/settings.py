"""How a link is configured: the table `link` of a `[[sources]]` entry, told apart by `type`."""

from typing import Annotated

import msgspec
from msgspec import Meta

Host = Annotated[str, Meta(min_length=1, max_length=253)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
FilePath = Annotated[str, Meta(min_length=1, max_length=4_096)]
LOOPBACK = "127.0.0.1"


class _Settings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"
):
    """Settings of one kind of link."""


class UdpSettings(_Settings, frozen=True, kw_only=True, tag="udp"):
    """Datagrams, each one message.

    Attributes:
        port: the port to listen on.
        host: the address to listen on; with a group, that of the interface on which to join.
        multicast_group: the group to join; "" for none.
        receive_buffer_bytes: what to ask of the kernel, which may give less.
    """

    port: Port
    host: Host = LOOPBACK
    multicast_group: str = ""
    receive_buffer_bytes: Annotated[int, Meta(ge=4_096, le=1 << 30)] = 8 * 1024 * 1024


class TlsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """TLS to a broker.

    Attributes:
        ca_file: certificate of the authority that signed the broker's; "" takes the system's.
        certificate_file: our own certificate, where the broker asks for one.
        key_file: the private key of our certificate.
    """

    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""


class MqttSettings(_Settings, frozen=True, kw_only=True, tag="mqtt"):
    """Topics of an MQTT 3.1.1 broker, subscribed with QoS 1, acknowledged only after fsync.

    Attributes:
        topics: the topics to subscribe to; `+` and `#` stand for any level and levels.
        host: the broker's address.
        port: the broker's port.
        client_id: our name, under which the broker keeps what was not acknowledged; it must be
            this system's own and stay the same. "" takes `skypicket-` and the source's id.
        username: who we are to the broker; "" for nobody.
        password_file: a file whose first line is the password.
        tls: encrypt the connection; absent: do not.
        keepalive_s: a connection silent for longer is tested, and given up if dead.
        max_message_bytes: larger messages are refused and counted.
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
    """A file that is read once.

    Attributes:
        path: the file; if relative, to the folder in which the program was started.
        speed_factor: 1 keeps the pace at which it was recorded, 60 is sixty times as fast, 0 is
            as fast as it is taken.
    """

    path: FilePath
    speed_factor: Annotated[float, Meta(ge=0, le=1e6)] = 0.0


class MemorySettings(_Settings, frozen=True, kw_only=True, tag="memory"):
    """Messages handed in by the program itself: simulated nights and tests."""


class HttpSettings(_Settings, frozen=True, kw_only=True, tag="http"):
    """Messages posted to the web server, which hands them in."""


LinkSettings = UdpSettings | MqttSettings | FileSettings | MemorySettings | HttpSettings
