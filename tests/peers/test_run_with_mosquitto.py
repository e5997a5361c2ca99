"""The whole system on a real broker: what nodes say arrives, what is missing is told exactly."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.store.reader import CaptureReader
from skypicket.testing.system import System

SITE = """[system]
name = "nodes"
[web]
port = {web}

[[sensors]]
id = "node-1"
kind = "acoustic"
lat_deg = 54.7
lon_deg = 25.6

[[sources]]
id = "nodes"
format = "acoustic"
sensors = ["node-1"]
link = {{ type = "mqtt", port = {broker}, topics = ["skypicket/v1/acoustic/#"] }}
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Any], System]]:
    """Starts `skypicket run` on a broker; ends it afterwards."""
    systems: list[System] = []

    def run(broker: Any) -> System:
        system = System(tmp_path)
        web = int(system.url.rsplit(":", 1)[1])
        system.config.write_text(SITE.format(web=web, broker=broker.port))
        system.start()
        systems.append(system)
        return system

    yield run
    for system in systems:
        if system.running is not None and system.running.poll() is None:
            system.kill()


def until(told: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 60
    while not told():
        assert time.monotonic() < deadline_s, "it did not come to pass"
        time.sleep(0.1)


def say(node: Any, *numbers: int) -> None:
    """Detections of now: those of a made-up past would be rejected."""
    for number in numbers:
        body = json.loads(node.payload(number)) | {"time": time.time_ns(), "snr_db": 12.0}
        node.publish("skypicket/v1/acoustic/node-1/detection", json.dumps(body).encode())


@pytest.mark.timeout(200)
def test_a_killed_system_takes_up_what_the_broker_kept_and_counts_what_is_missing(
    new_broker: Any, new_node: Any, start: Callable[[Any], System]
) -> None:
    broker = new_broker()
    system = start(broker)
    until(lambda: system.health()["links"][0]["state"] == "up")
    node = new_node(broker)
    say(node, *range(10))
    until(lambda: system.health()["links"][0]["messages"] == 10)
    system.kill()
    say(node, *range(10, 20))  # while nobody listens
    say(node, *range(25, 70))  # five were never sent; so many later, they are given up
    system.start()
    until(lambda: system.health()["links"][0]["messages"] >= 55)
    until(lambda: system.health()["lost_messages"] == {"node-1": 5})
    assert system.stop() == 0
    reader = CaptureReader(system.folder / "state" / "capture")
    payloads = [entry.payload for entry in reader.entries() if entry.source == "nodes"]
    reader.close()
    assert {json.loads(one)["seq"] for one in payloads} == {*range(20), *range(25, 70)}
