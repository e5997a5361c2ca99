import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.contracts import Message, Tick
from skypicket.domain.errors import StorageFullError
from skypicket.store.capture import Capture
from skypicket.store.queue import SourcePolicy, WriterSettings
from skypicket.store.reader import CaptureReader
from skypicket.store.record import Record, verify_record
from skypicket.store.snapshots import Snapshots
from skypicket.store.writer import CaptureWriter

PATIENCE_S = 20.0
DISK_BYTES = 4 * 1024 * 1024


class SmallDisk:
    """A disk of 4 MiB that really fills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no room at all."""
        with contextlib.suppress(OSError), (self.folder / "filler").open("wb", 0) as filler:
            while True:
                filler.write(bytes(4096))

    def free(self) -> None:
        """Make room again."""
        (self.folder / "filler").unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small file system of its own, which takes root's rights to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={DISK_BYTES}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here; test_capture_writer fills the database instead of the disk")
    if done.returncode:
        pytest.skip("no right to mount; test_capture_writer fills the database, not the disk")
    yield SmallDisk(folder)
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_loses_nothing_acknowledged_and_recovers(
    small_disk: SmallDisk, clock: Any
) -> None:
    capture = Capture.open(small_disk.folder / "capture")
    policies = {"desk": SourcePolicy(personal="report")}
    writer = CaptureWriter(capture, clock, policies=policies, settings=WriterSettings(probe_s=0.01))
    writer.start()
    acknowledged: dict[int, bytes] = {}
    said = ""
    for number in range(10_000):
        payload = b"%d" % number * 500
        try:
            future = writer.submit("message", Message(source="desk", payload=payload))
            acknowledged[future.result(PATIENCE_S)] = payload
        except StorageFullError as error:
            said = str(error)
            break
    assert "the disk is full; free some space, writing resumes by itself" in said
    assert len(acknowledged) > 100
    small_disk.fill()
    with pytest.raises(StorageFullError):
        writer.submit("tick", Message(source="engine", payload=b"")).result(PATIENCE_S)
    assert _state(writer) == "full"
    small_disk.free()
    subprocess.run(
        ["mount", "-o", f"remount,size={4 * DISK_BYTES}", str(small_disk.folder)], check=True
    )
    sequence = _say_until_taken(writer)
    assert _state(writer) == "running"
    assert writer.stop() == 0
    capture.close()
    reader = CaptureReader(small_disk.folder / "capture")
    found = {entry.sequence: entry.payload for entry in reader.entries()}
    assert {s: found.get(s) for s in acknowledged} == acknowledged
    assert found[sequence] == b"again"
    assert reader.verify() == []
    reader.close()


def _state(writer: CaptureWriter) -> str:
    return writer.state.state


def _say_until_taken(writer: CaptureWriter) -> int:
    """The sequence of the first message that is taken again."""
    for _ in range(2_000):
        try:
            said = Message(source="engine", payload=b"again")
            return writer.submit("message", said).result(PATIENCE_S)
        except StorageFullError:
            subprocess.run(["sleep", "0.01"], check=True)
    raise AssertionError("the writer did not recover")


def test_a_record_keeps_what_did_not_fit_for_the_next_flush(small_disk: SmallDisk) -> None:
    path = small_disk.folder / "night.record"
    record = Record.open(path)
    record.append(1, [Tick(time_ns=1)])
    record.flush()
    small_disk.fill()
    record.append(2, [Tick(time_ns=i) for i in range(500)])
    with pytest.raises(StorageFullError, match="Free some space"):
        record.flush()
    assert verify_record(path) == []
    small_disk.free()
    record.close()
    assert verify_record(path) == []
    assert path.read_bytes().count(b"\n") == 501


def test_a_snapshot_that_does_not_fit_leaves_the_older_ones(small_disk: SmallDisk) -> None:
    snapshots = Snapshots(small_disk.folder / "snapshots", "1.0")
    snapshots.write(5, b"five")
    small_disk.fill()
    with pytest.raises(StorageFullError):
        snapshots.write(6, bytes(100_000))
    assert snapshots.newest() == (5, b"five")
    assert len(list((small_disk.folder / "snapshots").iterdir())) == 1
