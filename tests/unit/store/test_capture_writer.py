import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.contracts import Entry, Message
from skypicket.domain.errors import OverloadError, StorageFullError, UnavailableError
from skypicket.store.capture import Capture
from skypicket.store.queue import SourcePolicy, WriterSettings
from skypicket.store.reader import CaptureReader
from skypicket.store.writer import CaptureWriter

PATIENCE_S = 20.0


def _message(number: int = 1, source: str = "radar-1") -> Message:
    return Message(source=source, payload=b"plot %d" % number)


class Gate:
    """An `on_commit` that holds the writer up until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        self.entries: list[Entry] = []

    def __call__(self, entries: list[Entry]) -> None:
        self.entries += entries
        self.reached.set()
        assert self.open.wait(PATIENCE_S)


@pytest.fixture
def capture(tmp_path: Path) -> Iterator[Capture]:
    capture = Capture.open(tmp_path / "capture")
    yield capture
    capture.close()


def _held_up(capture: Capture, clock: Any, **options: Any) -> tuple[CaptureWriter, Gate]:
    """A writer that is held up in its first commit."""
    gate = Gate()
    writer = CaptureWriter(capture, clock, gate, **options)
    writer.start()
    writer.offer(_message(0, "first"))
    assert gate.reached.wait(PATIENCE_S)
    return writer, gate


def test_deliver_returns_the_sequence_of_the_entry(capture: Capture, clock: Any) -> None:
    writer = CaptureWriter(capture, clock)
    writer.start()

    async def deliver_all() -> list[int]:
        return await asyncio.gather(*(writer.deliver(_message(i)) for i in range(100)))

    assert asyncio.run(deliver_all()) == list(range(1, 101))
    assert [entry.payload for entry in capture.entries()] == [b"plot %d" % i for i in range(100)]
    assert writer.stop() == 0


def test_what_is_delivered_is_on_disk_before_it_is_acknowledged(
    capture: Capture, clock: Any
) -> None:
    writer = CaptureWriter(capture, clock)
    writer.start()

    async def deliver() -> list[bytes]:
        sequence = await writer.deliver(_message(7))
        return [entry.payload for entry in CaptureReader(capture.path).entries(sequence - 1)]

    assert asyncio.run(deliver()) == [b"plot 7"]
    writer.stop()


def test_the_stages_are_told_before_the_sender(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock)
    future = writer.submit("operator", _message(1))
    assert not future.done()
    gate.open.set()
    assert future.result(PATIENCE_S) == 2
    assert [entry.sequence for entry in gate.entries] == [1, 2]
    assert gate.entries[1].kind == "operator"
    writer.stop()


def test_many_senders_share_one_commit(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock)
    futures = [writer.submit("tick", _message(i)) for i in range(500)]
    gate.open.set()
    assert [future.result(PATIENCE_S) for future in futures] == list(range(2, 502))
    assert writer.state.commits == 2
    writer.stop()


def test_receipt_is_stamped_when_accepted_and_never_goes_back(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock)
    start_ns = clock()
    for step_s in (1.0, -5.0, 10.0):
        clock.advance_s(step_s)
        writer.offer(_message())
    gate.open.set()
    writer.stop()
    after_s = [(entry.received_ns - start_ns) / 1e9 for entry in capture.entries()]
    assert after_s == [0.0, 1.0, 1.0, 6.0]


def test_receipt_does_not_go_back_over_a_restart(tmp_path: Path, clock: Any) -> None:
    for _ in range(2):
        capture = Capture.open(tmp_path)
        writer = CaptureWriter(capture, clock)
        writer.start()
        writer.submit("tick", _message()).result(PATIENCE_S)
        writer.stop()
        capture.close()
        clock.advance_s(-100)
    reader = CaptureReader(tmp_path)
    first, second = reader.entries()
    assert first.received_ns == second.received_ns
    reader.close()


def test_a_full_queue_refuses_and_counts(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock, settings=WriterSettings(max_messages=10))
    for number in range(10):
        writer.offer(_message(number))
    with pytest.raises(OverloadError, match="'radar-1' was refused: 10 messages"):
        writer.offer(_message(11))
    counts = {count.source: count for count in writer.counts()}
    assert (counts["radar-1"].messages, counts["radar-1"].refused) == (10, 1)
    assert counts["radar-1"].bytes == 60
    assert counts["radar-1"].last_ns == clock()
    gate.open.set()
    assert writer.stop() == 0
    assert capture.head()[0] == 11


def test_a_queue_is_bounded_in_bytes_too(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock, settings=WriterSettings(max_bytes=1_000))
    large = Message(source="radar-1", payload=bytes(900))
    writer.offer(large)
    with pytest.raises(OverloadError):
        writer.offer(large)
    gate.open.set()
    writer.stop()


def test_one_message_above_the_bound_is_taken_by_an_empty_queue(
    capture: Capture, clock: Any
) -> None:
    writer = CaptureWriter(capture, clock, settings=WriterSettings(max_bytes=1_000))
    writer.start()
    large = Message(source="radar-1", payload=bytes(5_000))
    assert writer.submit("message", large).result(PATIENCE_S) == 1
    writer.stop()


def test_what_may_be_shed_is_refused_first(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(
        capture,
        clock,
        settings=WriterSettings(max_messages=10),
        policies={"adsb": SourcePolicy(shed="first")},
    )
    for number in range(5):
        writer.offer(_message(number, "adsb"))
    with pytest.raises(OverloadError):
        writer.offer(_message(5, "adsb"))
    for number in range(5):
        writer.offer(_message(number, "radar-1"))
    refused = {count.source: count.refused for count in writer.counts()}
    assert (refused["adsb"], refused["radar-1"]) == (1, 0)
    gate.open.set()
    writer.stop()


def test_a_policy_encrypts_its_source(capture: Capture, clock: Any) -> None:
    policies = {"desk": SourcePolicy(personal="report")}
    writer = CaptureWriter(capture, clock, policies=policies)
    writer.start()
    writer.submit("message", _message(1, "desk")).result(PATIENCE_S)
    writer.submit("message", _message(1, "radar-1")).result(PATIENCE_S)
    writer.stop()
    assert [bool(raw.key_id) for raw in capture.raw_entries()] == [True, False]


def _state(writer: CaptureWriter) -> str:
    return writer.state.state


def _fill_disk(capture: Capture) -> None:
    assert capture._connection is not None
    capture._connection.pragma("max_page_count", capture._connection.pragma("page_count"))


def _free_disk(capture: Capture) -> None:
    assert capture._connection is not None
    capture._connection.pragma("max_page_count", 1_000_000)


def test_a_full_disk_is_said_at_once_and_recovered_from(capture: Capture, clock: Any) -> None:
    gate = Gate()
    gate.open.set()
    writer = CaptureWriter(capture, clock, gate, settings=WriterSettings(probe_s=0.01))
    writer.start()
    writer.submit("tick", _message()).result(PATIENCE_S)
    _fill_disk(capture)
    large = Message(source="desk", payload=bytes(20_000))
    with pytest.raises(StorageFullError, match="the disk is full; free some space"):
        writer.submit("message", large).result(PATIENCE_S)
    assert _state(writer) == "full"
    assert "the disk is full" in writer.state.text
    with pytest.raises(StorageFullError):
        writer.offer(_message())
    _free_disk(capture)
    for _ in range(2_000):
        if _state(writer) == "running":
            break
        threading.Event().wait(0.01)
    assert writer.submit("message", large).result(PATIENCE_S) == 2
    assert writer.state.text == ""
    assert writer.stop() == 0
    assert capture.verify() == []
    assert [entry.sequence for entry in gate.entries] == [1, 2]


def test_what_was_taken_before_the_disk_filled_is_kept_and_written_later(
    capture: Capture, clock: Any
) -> None:
    writer, gate = _held_up(capture, clock, settings=WriterSettings(probe_s=0.01))
    _fill_disk(capture)
    for number in range(3):
        writer.offer(Message(source=f"radar-{number}", payload=bytes(9_000)))
    waiting = writer.submit("message", Message(source="desk", payload=bytes(9_000)))
    gate.open.set()
    with pytest.raises(StorageFullError):
        waiting.result(PATIENCE_S)
    assert writer.state.queued == 3
    _free_disk(capture)
    for _ in range(2_000):
        if writer.state.sequence == 4:
            break
        threading.Event().wait(0.01)
    assert [entry.source for entry in capture.entries(after=1)] == ["radar-0", "radar-1", "radar-2"]
    assert writer.stop() == 0


def test_stopping_with_a_full_disk_says_how_many_were_not_written(
    capture: Capture, clock: Any
) -> None:
    writer, gate = _held_up(capture, clock, settings=WriterSettings(probe_s=0.01))
    _fill_disk(capture)
    for _ in range(3):
        writer.offer(Message(source="radar-1", payload=bytes(9_000)))
    gate.open.set()
    assert writer.stop() == 3
    assert capture.head()[0] == 1


def test_a_stopped_writer_refuses(capture: Capture, clock: Any) -> None:
    writer = CaptureWriter(capture, clock)
    with pytest.raises(UnavailableError, match="not started"):
        writer.offer(_message())
    writer.start()
    writer.stop()
    with pytest.raises(UnavailableError, match="it was stopped"):
        writer.offer(_message())


def test_stopping_writes_what_was_taken(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock)
    for number in range(5_000):
        writer.offer(_message(number))
    gate.open.set()
    assert writer.stop() == 0
    assert capture.head()[0] == 5_001


def test_one_who_gave_up_waiting_does_no_harm(capture: Capture, clock: Any) -> None:
    writer, gate = _held_up(capture, clock)

    async def give_up() -> int:
        impatient = asyncio.create_task(writer.deliver(_message(1)))
        patient = asyncio.create_task(writer.deliver(_message(2)))
        await asyncio.sleep(0)
        impatient.cancel()
        gate.open.set()
        return await patient

    assert asyncio.run(give_up()) == 3
    assert capture.head()[0] == 3
    writer.stop()


class WrongTurnError(RuntimeError):
    """What a defect in the engine raises."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_behind_the_commit_ends_the_writer_and_is_said(
    capture: Capture, clock: Any
) -> None:
    def fail(entries: list[Entry]) -> None:
        raise WrongTurnError(f"{len(entries)} entries")

    writer = CaptureWriter(capture, clock, fail)
    writer.start()
    waiting = writer.submit("tick", _message())
    with pytest.raises(UnavailableError, match="it failed; the log says why"):
        waiting.result(PATIENCE_S)
    writer.stop()
    assert writer.state.state == "stopped"
    assert capture.head()[0] == 1


_KILLED = """
import pathlib, sys, threading, time
from skypicket.domain.contracts import Message
from skypicket.store.capture import Capture
from skypicket.store.queue import SourcePolicy
from skypicket.store.writer import CaptureWriter

policies = {"desk-0": SourcePolicy(personal="report"), "desk-1": SourcePolicy(personal="daily")}
writer = CaptureWriter(Capture.open(pathlib.Path(sys.argv[1])), time.time_ns, policies=policies)
writer.start()
lock = threading.Lock()

def send(worker):
    number = 0
    while True:
        payload = f"{sys.argv[2]} {worker} {number}"
        said = Message(source=f"desk-{worker}", payload=payload.encode())
        sequence = writer.submit("message", said).result()
        with lock:
            print(sequence, payload, flush=True)
        number += 1

for worker in range(4):
    threading.Thread(target=send, args=(worker,)).start()
"""


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged: dict[int, str] = {}
    for run in range(5):
        command = [sys.executable, "-c", _KILLED, str(tmp_path / "capture"), str(run)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writing:
            assert writing.stdout is not None
            for count, line in enumerate(writing.stdout):
                if count == 60 + 37 * run:
                    os.kill(writing.pid, signal.SIGKILL)
                if line.endswith("\n"):
                    sequence, _, payload = line.strip().partition(" ")
                    acknowledged[int(sequence)] = payload
    reader = CaptureReader(tmp_path / "capture")
    found = {entry.sequence: entry.payload.decode() for entry in reader.entries()}
    assert reader.verify() == []
    reader.close()
    assert len(acknowledged) > 600
    assert {s: found.get(s) for s in acknowledged} == acknowledged
