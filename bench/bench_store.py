"""The capture: entries a second in groups and one by one, and how soon a sender is told."""

import asyncio
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from skypicket.domain.contracts import Message
from skypicket.domain.noun import FloatColumn
from skypicket.store.capture import Capture
from skypicket.store.chain import Personal, Unwritten
from skypicket.store.reader import CaptureReader
from skypicket.store.writer import CaptureWriter

PAYLOAD = bytes(range(60)) * 5  # about a sector of plots
GROUP = 100
ENTRIES = 50_000
ONE_BY_ONE = 1_000
PER_S = 2_000
PACED_S = 8


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        throughput(folder)
        reading(folder / "group-no")
        latency(folder)


def items(count: int, personal: Personal = "no") -> list[Unwritten]:
    return [
        Unwritten(
            kind="message",
            source="radar-1",
            received_ns=1_753_667_760_000_000_000 + number,
            payload=PAYLOAD,
            personal=personal,
        )
        for number in range(count)
    ]


def throughput(folder: Path) -> None:
    """Groups of 100 beside one by one: plain, and encrypted with a key per report."""
    one_by_one, _ = rates(folder / "one", ONE_BY_ONE, 1, "no")
    group, per_cpu_s = rates(folder / "group-no", ENTRIES, GROUP, "no")
    print(f"entries captured, {GROUP} to a commit | {per_cpu_s:.0f} | 1/CPU-s | >= 50000")
    print(f"entries captured, {GROUP} to a commit, with this disk | {group:.0f} | 1/s | -")
    print(f"entries captured, one by one, with this disk | {one_by_one:.0f} | 1/s | -")
    print(f"groups over one by one | {group / one_by_one:.1f} | ratio | >= 10")
    for personal in ("report", "daily"):
        _, sealed = rates(folder / f"group-{personal}", ENTRIES // 10, GROUP, personal)
        print(f"entries captured, key per {personal} | {sealed:.0f} | 1/CPU-s | >= 5000")


def rates(path: Path, count: int, group: int, personal: Personal) -> tuple[float, float]:
    """Entries a second, fsync and all, and a CPU-second."""
    said = items(count, personal)
    capture = Capture.open(path)
    begin_s, begin_cpu_s = time.perf_counter(), time.process_time()
    for begin in range(0, count, group):
        capture.append(said[begin : begin + group])
    spent_s, spent_cpu_s = time.perf_counter() - begin_s, time.process_time() - begin_cpu_s
    capture.close()
    return count / spent_s, count / spent_cpu_s


def reading(path: Path) -> None:
    """Reading in the clear, and checking the chain."""
    reader = CaptureReader(path)
    begin_s = time.process_time()
    count = sum(1 for _ in reader.entries())
    print(f"entries read | {count / (time.process_time() - begin_s):.0f} | 1/CPU-s | >= 100000")
    begin_s = time.process_time()
    faults = reader.verify()
    spent_s = time.process_time() - begin_s
    reader.close()
    print(f"entries verified | {count / spent_s:.0f} | 1/CPU-s | >= 50000")
    print(f"faults found in a sound capture | {len(faults)} | count | == 0")


def latency(folder: Path) -> None:
    """From `deliver` to its answer at 2,000 messages a second; alone, and beside a busy thread."""
    for name, busy in (("", False), (" beside a busy thread", True)):
        capture = Capture.open(folder / f"paced-{busy}")
        writer = CaptureWriter(capture, time.time_ns)
        writer.start()
        cpu_s = time.process_time()
        with busy_thread(busy):
            waited_s = asyncio.run(paced(writer))
        cpu_s = time.process_time() - cpu_s
        commits = writer.state.commits
        writer.stop()
        capture.close()
        p99_ms = float(np.quantile(waited_s, 0.99)) * 1000
        goal = "-" if busy else "<= 100"
        print(f"acknowledged at {PER_S}/s{name}, p99 | {p99_ms:.1f} | ms | {goal}")
        print(f"messages to a commit{name} | {len(waited_s) / commits:.1f} | count | -")
        if not busy:
            print(f"CPU at {PER_S}/s | {cpu_s / PACED_S:.2f} | cores | <= 0.5")


@contextmanager
def busy_thread(busy: bool) -> Iterator[None]:
    """A Python thread that wants the interpreter all the time, as a bad stage would."""
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            sum(range(1_000))

    thread = threading.Thread(target=work)
    if busy:
        thread.start()
    yield
    ended.set()
    if busy:
        thread.join()


async def paced(writer: CaptureWriter) -> FloatColumn:
    """Seconds that each sender waited."""
    waited_s: list[float] = []

    async def send() -> None:
        begin_s = time.perf_counter()
        await writer.deliver(Message(source="radar-1", payload=PAYLOAD))
        waited_s.append(time.perf_counter() - begin_s)

    begin_s = time.perf_counter()
    async with asyncio.TaskGroup() as senders:
        for number in range(PER_S * PACED_S):
            ahead_s = begin_s + number / PER_S - time.perf_counter()
            if ahead_s > 0.002:
                await asyncio.sleep(ahead_s)
            senders.create_task(send())
    return np.array(waited_s)


if __name__ == "__main__":
    main()
