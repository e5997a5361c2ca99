"""kill -9 under load: what was acknowledged is kept, and nothing happens twice."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from skypicket.engine.replay import Replay
from skypicket.store.reader import CaptureReader
from skypicket.testing.load import RADARS, Sky, send
from skypicket.testing.system import System

KILLS = 3
REPORTS = 40


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    system = System(tmp_path)
    yield system
    if system.running is not None and system.running.poll() is None:
        system.kill()


def load_and_kill(system: System, number: int) -> dict[int, str]:
    """Radar and reports until the kill; the acknowledged reports by capture sequence."""
    datagrams = list(Sky(300, number).radar(RADARS[0], time.time_ns(), 0.0, 1.0))
    sender = threading.Thread(target=send, args=(datagrams, system.ports, time.monotonic()))
    sender.start()
    acknowledged = {}
    for index in range(REPORTS):
        text = f"kill {number} report {index}"
        sequence = system.report(text)
        if sequence is not None:
            acknowledged[sequence] = text
    system.kill()
    sender.join(30)
    return acknowledged


@pytest.mark.timeout(300)
def test_after_kills_the_record_equals_one_uninterrupted_replay(system: System) -> None:
    acknowledged: dict[int, str] = {}
    for number in range(KILLS):
        system.start()
        acknowledged |= load_and_kill(system, number)
    system.start()
    deadline_s = time.monotonic() + 60
    while system.health()["behind"] > 2 and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert system.stop() == 0
    assert len(acknowledged) >= KILLS * REPORTS // 2
    state = system.folder / "state"
    reader = CaptureReader(state / "capture")
    assert reader.verify() == []
    kept = {e.sequence: e.payload.decode() for e in reader.entries() if e.source == "reports"}
    reader.close()
    assert all(text in kept[sequence] for sequence, text in acknowledged.items())
    with Replay(state, system.folder / "again") as replay:
        for _ in replay.batches():
            pass
    again = (system.folder / "again" / "night.record").read_bytes()
    assert (state / "system.record").read_bytes() == again
