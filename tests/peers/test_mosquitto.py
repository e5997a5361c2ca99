"""A real broker: what is acknowledged to it is on disk, and what is not comes again."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.contracts import Entry, Message, SourceDescription
from skypicket.domain.errors import OverloadError, UnavailableError
from skypicket.formats import load
from skypicket.formats.acoustic_numbering import WINDOW
from skypicket.links import MqttSettings, TlsSettings
from skypicket.links.mqtt import MqttLink
from skypicket.store.capture import Capture
from skypicket.store.writer import CaptureWriter

PATIENCE_S = 60.0
TOPIC = "skypicket/v1/acoustic/node-1/detection"


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


def new_link(broker: Any, **settings: Any) -> MqttLink:
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
    capture: Capture, broker: Any, act: Any, count: int, **settings: Any
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


def test_a_message_is_captured_with_its_topic(
    new_broker: Any, new_node: Any, capture: Capture
) -> None:
    broker = new_broker()
    node = new_node(broker)
    (entry,) = captured_while(capture, broker, lambda: node.say(7), 1)
    assert (entry.source, entry.topic, entry.payload) == ("acoustic", TOPIC, node.payload(7))


def test_what_was_not_on_disk_comes_again_and_what_was_does_not(
    new_broker: Any, new_node: Any
) -> None:
    broker = new_broker()
    node = new_node(broker)

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
    assert seen == [[1, 2, 3], [1, 2, 3], [4]]


_KILLED = """
import asyncio, sys, time
from skypicket.links import MqttSettings, TlsSettings
from skypicket.links.mqtt import MqttLink

class BeforeFsync:
    async def deliver(self, message):
        print("taken", flush=True)
        await asyncio.get_running_loop().create_future()

settings = MqttSettings(topics=("skypicket/v1/acoustic/#",), port=int(sys.argv[1]))
asyncio.run(MqttLink(settings, "acoustic", time.time_ns).run(BeforeFsync()))
"""


def test_a_kill_before_fsync_loses_nothing(
    new_broker: Any, new_node: Any, capture: Capture
) -> None:
    broker = new_broker()
    node = new_node(broker)
    captured_while(capture, broker, lambda: node.say(0), 1)  # so that the broker knows us
    node.say(*range(1, 11))
    command = [sys.executable, "-c", _KILLED, str(broker.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None
        assert [doomed.stdout.readline() for _ in range(10)] == ["taken\n"] * 10
        doomed.kill()
    entries = captured_while(capture, broker, lambda: None, 11)
    assert sorted(number_of(entry.payload) for entry in entries) == list(range(11))


def test_a_burst_of_20000_arrives_whole_where_the_broker_may_queue(
    new_broker: Any, new_node: Any, capture: Capture
) -> None:
    broker = new_broker("allow_anonymous true", "max_queued_messages 0")
    node = new_node(broker)
    entries = captured_while(capture, broker, lambda: node.say(*range(20_000)), 20_000)
    assert [number_of(entry.payload) for entry in entries] == list(range(20_000))


def test_what_a_broker_with_a_short_queue_loses_is_told_exactly(
    new_broker: Any, new_node: Any, capture: Capture
) -> None:
    broker = new_broker("allow_anonymous true", "max_queued_messages 100")
    node = new_node(broker)

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
    decoder = load("acoustic").decoder(SourceDescription(source="acoustic", sensors={}))
    came, told = set(), 0
    for entry in capture.entries():
        came.add(number_of(entry.payload))
        told += sum(status.lost for status in decoder.decode(entry).statuses)
    hoped_for = set(range(20_099 - WINDOW, 20_100)) - came  # they may still come late
    assert told == 20_100 - len(came) - len(hoped_for)
    assert told > 0


def test_a_broker_that_comes_back_is_found_again(
    new_broker: Any, new_node: Any, capture: Capture
) -> None:
    broker = new_broker()

    def restart() -> None:
        node = new_node(broker)
        node.say(1)
        node.leave()
        broker.stop()
        broker.start()
        node = new_node(broker)
        node.say(2)

    entries = captured_while(capture, broker, restart, 2)
    assert {number_of(entry.payload) for entry in entries} == {1, 2}


def test_a_broker_that_is_not_there_yet_is_waited_for(new_broker: Any, new_node: Any) -> None:
    broker = new_broker()
    broker.stop()

    async def wait() -> tuple[str, list[Message]]:
        link, intake = new_link(broker), Listed()
        task = asyncio.create_task(link.run(intake))
        await until(lambda: "trying again" in link.health().text)
        text = link.health().text
        broker.start()
        await until(lambda: link.health().state == "up")
        node = new_node(broker)
        await asyncio.to_thread(node.say, 1)
        await until(lambda: intake.messages)
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


def test_what_the_capture_refuses_is_offered_until_it_is_taken(
    new_broker: Any, new_node: Any
) -> None:
    broker = new_broker()
    node = new_node(broker)

    async def refuse_first() -> list[int]:
        intake = Listed(refusals=3)
        async with running(new_link(broker), intake):
            node.say(1, 2)
            await until(lambda: len(intake.messages) == 2)
        return sorted(number_of(message.payload) for message in intake.messages)

    assert asyncio.run(refuse_first()) == [1, 2]


def test_a_message_that_is_too_large_is_refused_once(new_broker: Any, new_node: Any) -> None:
    broker = new_broker()
    node = new_node(broker)

    async def refuse() -> tuple[int, int]:
        for round_ in range(2):
            link, intake = new_link(broker, max_message_bytes=200), Listed()
            async with running(link, intake):
                if round_ == 0:
                    topic = TOPIC + "/" + "x" * 100
                    node.publish(topic, bytes(201))
                node.say(round_)
                await until(lambda now=intake: now.messages)
                if round_ == 0:
                    first = link.health().refused
        return first, link.health().refused

    assert asyncio.run(refuse()) == (1, 0)


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


def _with_tls(certificate: Any) -> tuple[str, ...]:
    return (
        "allow_anonymous true",
        f"certfile {certificate.certificate}",
        f"keyfile {certificate.key}",
    )


def test_a_broker_is_reached_over_tls(new_broker: Any, certificate: Any) -> None:
    broker = new_broker(*_with_tls(certificate))

    async def connect() -> str:
        link = new_link(broker, tls=TlsSettings(ca_file=str(certificate.certificate)))
        async with running(link, Listed()):
            return link.health().state

    assert asyncio.run(connect()) == "up"


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_a_broker_with_a_foreign_certificate_is_not_trusted(
    new_broker: Any, certificate: Any
) -> None:
    broker = new_broker(*_with_tls(certificate))

    async def connect() -> str:
        link = new_link(broker, tls=TlsSettings())
        task = asyncio.create_task(link.run(Listed()))
        await until(lambda: "trying again" in link.health().text)
        text = link.health().text
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return text

    assert "or not with a certificate that we accept" in asyncio.run(connect())


def test_a_password_file_that_is_missing_is_named(tmp_path: Path) -> None:
    settings = MqttSettings(
        topics=("a",), username="skypicket", password_file=str(tmp_path / "nothing")
    )
    link = MqttLink(settings, "acoustic", time.time_ns)
    with pytest.raises(UnavailableError, match=r"'acoustic'.*nothing.*password_file"):
        asyncio.run(link.run(Listed()))
