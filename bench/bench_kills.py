"""kill -9 under load, 100 times; then the record must equal one uninterrupted replay."""

import argparse
import random
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

from skypicket.engine.replay import Replay
from skypicket.store.reader import CaptureReader
from skypicket.testing.load import RADARS, Datagram, Sky, send
from skypicket.testing.system import System

KILLS = 100
LOAD_S = 1.5


def main(kills: int = KILLS) -> None:
    with tempfile.TemporaryDirectory() as name:
        system = System(Path(name))
        acknowledged: dict[int, str] = {}
        rng = random.Random(1)
        for number in range(kills):
            system.start()
            load(system, number, acknowledged, LOAD_S * rng.uniform(0.3, 1.0))
            system.kill()
            print(f"kill {number + 1}", file=sys.stderr)
        system.start()
        settle(system)
        system.stop()
        judge(system, acknowledged, kills)


def load(system: System, number: int, acknowledged: dict[int, str], for_s: float) -> None:
    """Radar and reports for a while; returns when the moment of the kill has come."""
    begin_s = time.monotonic() + 0.1
    datagrams = sweep(number)
    sender = threading.Thread(target=send, args=(datagrams, system.ports, begin_s), daemon=True)
    sender.start()
    index = 0
    while time.monotonic() < begin_s + for_s:
        index += 1
        text = f"kill {number} report {index}"
        sequence = system.report(text)
        if sequence is not None:
            acknowledged[sequence] = text


def sweep(number: int) -> list[Datagram]:
    sky = Sky(300, number)
    found = list(sky.radar(RADARS[0], time.time_ns(), 0.0, LOAD_S))
    return sorted(found, key=lambda one: one.at_s)


def settle(system: System) -> None:
    deadline_s = time.monotonic() + 120
    while system.health()["behind"] > 2 and time.monotonic() < deadline_s:
        time.sleep(0.2)


def judge(system: System, acknowledged: dict[int, str], kills: int) -> None:
    state = system.folder / "state"
    reader = CaptureReader(state / "capture")
    faults = len(reader.verify())
    texts = {
        entry.sequence: entry.payload.decode()
        for entry in reader.entries()
        if entry.source == "reports"
    }
    reader.close()
    lost = [s for s, text in acknowledged.items() if text not in texts.get(s, "")]
    with Replay(state, system.folder / "again") as replay:
        for _ in replay.batches():
            pass
    live = (state / "system.record").read_bytes()
    again = (system.folder / "again" / "night.record").read_bytes()
    print(f"kills -9 under load | {kills} | kills | >= {min(kills, KILLS)}")
    print(f"acknowledged reports | {len(acknowledged)} | reports | >= {kills}")
    print(f"acknowledged reports lost | {len(lost)} | reports | <= 0")
    print(f"faults in the capture's chain | {faults} | faults | <= 0")
    print(f"record lines | {live.count(10)} | lines | >= 1")
    print(f"record equals one replay | {int(live == again)} | 1 is yes | >= 1")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=KILLS)
    socket.setdefaulttimeout(30)
    main(parser.parse_args().kills)
