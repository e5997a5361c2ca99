"""A real broker: what is acknowledged to it is on disk, and what is not comes again."""

import asyncio
import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from skypicket.domain.contracts import Entry, Message, SourceDescription
from skypicket.domain.errors import OverloadError, UnavailableError
from skypicket.formats import load
from skypicket.links import MqttLink, MqttSettings
from skypicket.store.capture import Capture
from skypicket.store.writer import CaptureWriter

PATIENCE_S = 60.0
TOPIC = "skypicket/v1/acoustic/node-1/detection"


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
        binary = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin")
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


@pytest.fixture
def new_broker(tmp_path: Path) -> Iterator[Any]:
    """Starts brokers, and stops them at the end."""
    if shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin") is None:
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
        sent = [self._client.publish(topic, payload_of(number), qos=1) for number in numbers]
        for one in sent:
            one.wait_for_publish(PATIENCE_S)
            assert one.is_published()

    def leave(self) -> None:
        """Say goodbye."""
        self._client.disconnect()
        self._client.loop_stop()


def payload_of(number: int) -> bytes:
    said = {"node": "node-1", "time": 10**18 + number, "boot_id": "b1", "seq": number}
    return json.dumps(said).encode()


def number_of(payload: bytes) -> int:
    number: int = json.loads(payload)["seq"]
    return number


class Held:
    """An intake that lists what comes, and never gets it onto the disk."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.reached = asyncio.Event()

    def offer(self, message: Message) -> None:
        self.messages.append(message)

    async def deliver(self, message: Message) -> int:
        self.messages.append(message)
        self.reached.set()
        await asyncio.get_running_loop().create_future()
        return 0


class Listed(Held):
    """An intake that takes everything at once, after some refusals."""

    def __init__(self, refusals: int = 0) -> None:
        super().__init__()
        self.refusals = refusals

    async def deliver(self, message: Message) -> int:
        if self.refusals:
            self.refusals -= 1
            raise OverloadError("the queue is full")
        self.messages.append(message)
        self.reached.set()
        return len(self.messages)


@contextlib.asynccontextmanager
async def running(link: MqttLink, intake: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(link.run(intake))
    await until(lambda: link.health().state == "up" or task.done())
    if task.done():
        task.result()
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def new_link(broker: Broker, **settings: Any) -> MqttLink:
    topics = ("skypicket/v1/acoustic/#",)
    return MqttLink(
        MqttSettings(topics=topics, port=broker.port, **settings), "acoustic", time.time_ns
    )


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[Capture]:
    capture = Capture.open(tmp_path / "capture")
    yield capture
    capture.close()


def captured_while(
    capture: Capture, broker: Broker, act: Any, count: int, **settings: Any
) -> list[Entry]:
    """What is captured while `act` runs in a thread, until `count` entries are there."""

    async def follow() -> None:
        link, writer = new_link(broker, **settings), CaptureWriter(capture, time.time_ns)
        writer.start()
        async with running(link, writer):
            await asyncio.to_thread(act)
            await until(lambda: capture.head()[0] >= count)
        writer.stop()

    asyncio.run(follow())
    return list(capture.entries())


def test_a_message_is_captured_with_its_topic(new_broker: Any, capture: Capture) -> None:
    broker = new_broker()
    node = Node(broker)
    (entry,) = captured_while(capture, broker, lambda: node.say(7), 1)
    node.leave()
    assert (entry.source, entry.topic, entry.payload) == ("acoustic", TOPIC, payload_of(7))


def test_what_was_not_on_disk_comes_again_and_what_was_does_not(new_broker: Any) -> None:
    broker = new_broker()
    node = Node(broker)

    async def three_times() -> list[list[int]]:
        seen: list[list[int]] = []
        for intake in (Held(), Listed(), Listed()):
            async with running(new_link(broker), intake):
                if not seen:
                    node.say(1, 2, 3)
                if len(seen) < 2:
                    await until(lambda now=intake: len(now.messages) >= 3)
                else:
                    node.say(4)
                    await until(lambda now=intake: now.messages)
            seen.append([number_of(message.payload) for message in intake.messages])
        return seen

    seen = asyncio.run(three_times())
    node.leave()
    assert seen == [[1, 2, 3], [1, 2, 3], [4]]


_KILLED = """
import asyncio, sys, time
from skypicket.links import MqttLink, MqttSettings

class BeforeFsync:
    async def deliver(self, message):
        print("taken", flush=True)
        await asyncio.get_running_loop().create_future()

settings = MqttSettings(topics=("skypicket/v1/acoustic/#",), port=int(sys.argv[1]))
asyncio.run(MqttLink(settings, "acoustic", time.time_ns).run(BeforeFsync()))
"""


def test_a_kill_before_fsync_loses_nothing(new_broker: Any, capture: Capture) -> None:
    broker = new_broker()
    node = Node(broker)
    captured_while(capture, broker, lambda: node.say(0), 1)  # so that the broker knows us
    node.say(*range(1, 11))
    command = [sys.executable, "-c", _KILLED, str(broker.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None
        assert [doomed.stdout.readline() for _ in range(10)] == ["taken\n"] * 10
        doomed.kill()
    entries = captured_while(capture, broker, lambda: None, 11)
    node.leave()
    assert sorted(number_of(entry.payload) for entry in entries) == list(range(11))


def test_a_burst_of_20000_arrives_whole_where_the_broker_may_queue(
    new_broker: Any, capture: Capture
) -> None:
    broker = new_broker("allow_anonymous true", "max_queued_messages 0")
    node = Node(broker)
    entries = captured_while(capture, broker, lambda: node.say(*range(20_000)), 20_000)
    node.leave()
    assert [number_of(entry.payload) for entry in entries] == list(range(20_000))


def test_what_a_broker_with_a_short_queue_loses_is_told_exactly(
    new_broker: Any, capture: Capture
) -> None:
    broker = new_broker("allow_anonymous true", "max_queued_messages 100")
    node = Node(broker)

    def burst_and_more() -> None:
        node.say(*range(20_000))
        for number in range(20_000, 20_100):  # one by one: these get through
            node.say(number)

    def last_came() -> bool:
        after = capture.head()[0] - 1
        return any(number_of(e.payload) == 20_099 for e in capture.entries(max(after, 0)))

    async def follow() -> None:
        link, writer = new_link(broker), CaptureWriter(capture, time.time_ns)
        writer.start()
        async with running(link, writer):
            await asyncio.to_thread(burst_and_more)
            await until(last_came)
        writer.stop()

    asyncio.run(follow())
    node.leave()
    decoder = load("acoustic").decoder(SourceDescription(source="acoustic", sensors={}))
    came, told = set(), 0
    for entry in capture.entries():
        came.add(number_of(entry.payload))
        told += sum(status.lost for status in decoder.decode(entry).statuses)
    assert told == 20_100 - len(came)
    assert told > 0


def test_a_broker_that_comes_back_is_found_again(new_broker: Any, capture: Capture) -> None:
    broker = new_broker()

    def restart() -> None:
        node = Node(broker)
        node.say(1)
        node.leave()
        broker.stop()
        broker.start()
        node = Node(broker)
        node.say(2)
        node.leave()

    entries = captured_while(capture, broker, restart, 2)
    assert {number_of(entry.payload) for entry in entries} == {1, 2}


def test_a_broker_that_is_not_there_yet_is_waited_for(new_broker: Any) -> None:
    broker = new_broker()
    broker.stop()

    async def wait() -> tuple[str, list[Message]]:
        link, intake = new_link(broker), Listed()
        task = asyncio.create_task(link.run(intake))
        await until(lambda: "trying again" in link.health().text)
        text = link.health().text
        broker.start()
        await until(lambda: link.health().state == "up")
        node = Node(broker)
        await asyncio.to_thread(node.say, 1)
        await until(lambda: intake.messages)
        node.leave()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return text, intake.messages

    text, messages = asyncio.run(wait())
    assert text == f"no broker answers at 127.0.0.1:{broker.port}; trying again"
    assert len(messages) == 1


_DYING_NODE = """
import os, sys
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

node = paho.Client(CallbackAPIVersion.VERSION2, client_id="node-2")
node.will_set("skypicket/v1/acoustic/node-2/status", '{"state":"gone"}', qos=1)
node.connect("127.0.0.1", int(sys.argv[1]))
node.loop_start()
node.publish("skypicket/v1/acoustic/node-2/status", '{"state":"alive"}', qos=1).wait_for_publish(20)
os._exit(1)
"""


def test_the_last_will_of_a_node_that_died_arrives(new_broker: Any, capture: Capture) -> None:
    broker = new_broker()
    command = [sys.executable, "-c", _DYING_NODE, str(broker.port)]
    entries = captured_while(
        capture, broker, lambda: subprocess.run(command, check=False, timeout=30), 2
    )
    assert [entry.payload for entry in entries] == [b'{"state":"alive"}', b'{"state":"gone"}']
    assert entries[1].topic == "skypicket/v1/acoustic/node-2/status"


def test_what_the_capture_refuses_is_offered_until_it_is_taken(new_broker: Any) -> None:
    broker = new_broker()
    node = Node(broker)

    async def refuse_first() -> list[int]:
        intake = Listed(refusals=3)
        async with running(new_link(broker), intake):
            node.say(1, 2)
            await until(lambda: len(intake.messages) == 2)
        return sorted(number_of(message.payload) for message in intake.messages)

    assert asyncio.run(refuse_first()) == [1, 2]
    node.leave()


def test_a_message_that_is_too_large_is_refused_once(new_broker: Any) -> None:
    broker = new_broker()
    node = Node(broker)

    async def refuse() -> tuple[int, int]:
        for round_ in range(2):
            link, intake = new_link(broker, max_message_bytes=200), Listed()
            async with running(link, intake):
                if round_ == 0:
                    topic = TOPIC + "/" + "x" * 100
                    node._client.publish(topic, bytes(201), qos=1).wait_for_publish(PATIENCE_S)
                node.say(round_)
                await until(lambda now=intake: now.messages)
                if round_ == 0:
                    first = link.health().refused
        return first, link.health().refused

    assert asyncio.run(refuse()) == (1, 0)
    node.leave()


def test_a_broker_that_refuses_us_is_said(new_broker: Any) -> None:
    broker = new_broker("allow_anonymous false")

    async def refused() -> str:
        link = new_link(broker)
        task = asyncio.create_task(link.run(Listed()))
        await until(lambda: "refused us" in link.health().text)
        text = link.health().text
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return text

    assert asyncio.run(refused()) == "the broker refused us: Not authorized"


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    settings = MqttSettings(
        topics=("a",), username="skypicket", password_file=str(tmp_path / "nothing")
    )
    link = MqttLink(settings, "acoustic", time.time_ns)
    with pytest.raises(UnavailableError, match=r"'acoustic'.*nothing.*password_file"):
        asyncio.run(link.run(Listed()))
