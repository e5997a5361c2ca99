"""Fixtures of the peers: programs that others wrote, started here and stopped again."""

import contextlib
import datetime
import ipaddress
import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 60.0
TOPIC = "skypicket/v1/acoustic/node-1/detection"
SBIN = "/usr/sbin:/usr/bin:/usr/local/sbin"


class Broker:
    """Mosquitto on a free port of loopback; it keeps its sessions over a restart."""

    def __init__(self, folder: Path, *lines: str) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port: int = taken.getsockname()[1]
        self._configuration = folder / "mosquitto.conf"
        kept = folder / "kept"
        kept.mkdir(mode=0o777)
        kept.chmod(0o777)
        settings = [
            f"listener {self.port} 127.0.0.1",
            "persistence true",
            f"persistence_location {kept}/",
            *(lines or ("allow_anonymous true",)),
        ]
        self._configuration.write_text("\n".join(settings) + "\n")
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        binary = shutil.which("mosquitto", path=SBIN)
        assert binary is not None
        self._running = subprocess.Popen(
            [binary, "-c", str(self._configuration)], stderr=subprocess.DEVNULL
        )
        for _ in range(1_000):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 1),
            ):
                return
            time.sleep(0.01)
        raise AssertionError("mosquitto does not listen")

    def stop(self) -> None:
        """Stop it; what it has not delivered it keeps."""
        if self._running is not None:
            self._running.send_signal(signal.SIGTERM)
            self._running.wait(20)
            self._running = None


class Node:
    """An acoustic node that publishes numbered messages with QoS 1."""

    def __init__(self, broker: Broker) -> None:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="node-1")
        self._client.max_queued_messages_set(0)
        self._client.max_inflight_messages_set(2_000)
        self._connected = threading.Event()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()
        assert self._connected.wait(PATIENCE_S)

    def say(self, *numbers: int, topic: str = TOPIC) -> None:
        """Publish, and return once the broker has acknowledged all."""
        sent = [self._client.publish(topic, self.payload(number), qos=1) for number in numbers]
        for one in sent:
            one.wait_for_publish(PATIENCE_S)
            assert one.is_published()

    def leave(self) -> None:
        """Say goodbye."""
        self._client.disconnect()
        self._client.loop_stop()

    @staticmethod
    def payload(number: int) -> bytes:
        """The detection with this number."""
        said = {"node": "node-1", "time": 10**18 + number, "boot_id": "b1", "seq": number}
        return json.dumps(said).encode()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish any bytes, and return once the broker has them."""
        self._client.publish(topic, payload, qos=1).wait_for_publish(PATIENCE_S)


@pytest.fixture
def new_broker(tmp_path: Path) -> Iterator[Any]:
    """Starts brokers, and stops them at the end."""
    if shutil.which("mosquitto", path=SBIN) is None:
        pytest.skip("no mosquitto here: install the package mosquitto to test MQTT for real")
    brokers: list[Broker] = []

    def start(*lines: str) -> Broker:
        folder = tmp_path / f"broker-{len(brokers)}"
        folder.mkdir()
        # The broker gives up root's rights, and must still reach what it keeps.
        for above in (folder, *folder.parents):
            if above.stat().st_uid == folder.stat().st_uid and "pytest" in str(above):
                above.chmod(above.stat().st_mode | 0o011)
        brokers.append(Broker(folder, *lines))
        brokers[-1].start()
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.stop()


@pytest.fixture
def new_node() -> Iterator[Any]:
    """Connects acoustic nodes to a broker; they leave at the end."""
    nodes: list[Node] = []

    def connect(broker: Broker) -> Node:
        nodes.append(Node(broker))
        return nodes[-1]

    yield connect
    for node in nodes:
        node.leave()


class Certificate(NamedTuple):
    """A certificate for 127.0.0.1 that signs itself, and its key."""

    certificate: Path
    key: Path


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    """A certificate for loopback, made for one test."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    made = Certificate(tmp_path / "broker.pem", tmp_path / "broker.key")
    made.certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        secret.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    made.key.chmod(0o644)  # the broker gives up root's rights before it reads it
    return made
