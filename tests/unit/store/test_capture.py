import sqlite3
import stat
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import apsw
import pytest

from skypicket.domain.errors import InputError, StorageFullError, UnavailableError
from skypicket.store.capture import Capture
from skypicket.store.chain import GENESIS
from skypicket.store.reader import CaptureReader
from skypicket.testing.builders import NIGHT_NS

DAY_NS = 86_400 * 10**9


def _fill(capture: Capture, message: Any, count: int, day: int = 0) -> None:
    capture.append([message(i, received_ns=NIGHT_NS + day * DAY_NS + i) for i in range(count)])


def test_sequences_count_from_one_without_a_gap(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "capture")
    said = capture.append([message(1), message(2)]) + capture.append([message(3)])
    assert [entry.sequence for entry in said] == [1, 2, 3]
    capture.close()


def test_what_was_appended_is_read_as_it_was_said(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "capture")
    said = capture.append([message(1), message(2, personal="report"), message(3, personal="daily")])
    assert list(capture.entries()) == said
    assert [entry.personal for entry in said] == [False, True, True]
    capture.close()


def test_appending_nothing_changes_nothing(tmp_path: Path) -> None:
    capture = Capture.open(tmp_path / "capture")
    assert capture.append([]) == []
    assert capture.head() == (0, GENESIS)
    capture.close()


def test_a_restart_goes_on_with_sequence_and_chain(tmp_path: Path, message: Any) -> None:
    for start in range(3):
        capture = Capture.open(tmp_path / "capture")
        assert capture.head()[0] == start * 4
        _fill(capture, message, 4)
        capture.close()
    reader = CaptureReader(tmp_path / "capture")
    assert [entry.sequence for entry in reader.entries()] == list(range(1, 13))
    assert reader.verify() == []
    reader.close()


def test_each_day_has_its_file_and_the_chain_goes_on(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    for day in range(3):
        _fill(capture, message, 3, day)
    assert [path.name for path in capture.reader().files()] == [
        "capture-2025-07-28.sqlite",
        "capture-2025-07-29.sqlite",
        "capture-2025-07-30.sqlite",
    ]
    assert [entry.sequence for entry in capture.entries(after=2)] == list(range(3, 10))
    assert capture.verify() == []
    capture.close()


def test_files_never_go_back_a_day(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 1, day=1)
    _fill(capture, message, 1, day=0)
    assert len(list(tmp_path.glob("capture-*.sqlite"))) == 1
    assert capture.verify() == []
    capture.close()


def test_entries_can_be_read_from_and_until(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 1500)
    read = [entry.sequence for entry in capture.entries(after=600, until=1300)]
    assert read == list(range(601, 1301))
    capture.close()


def test_a_page_is_bounded_in_bytes(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    capture.append([message(i, payload=bytes(1024 * 1024)) for i in range(12)])
    reader = capture.reader()
    assert len(reader.page(0)) == 5
    assert sum(1 for _ in reader.entries()) == 12
    reader.close()
    capture.close()


def test_a_closed_single_capture_is_exactly_one_file(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "night.capture", single=True)
    _fill(capture, message, 5)
    _fill(capture, message, 5, day=1)
    capture.append([message(personal="report", received_ns=NIGHT_NS + DAY_NS + 9)])
    capture.close()
    assert [path.name for path in tmp_path.iterdir()] == ["night.capture"]
    reader = CaptureReader(tmp_path / "night.capture")
    assert [entry.erased for entry in reader.entries()] == [False] * 11
    reader.close()
    assert [path.name for path in tmp_path.iterdir()] == ["night.capture"]


def test_reading_leaves_a_closed_capture_byte_for_byte(tmp_path: Path, message: Any) -> None:
    path = tmp_path / "night.capture"
    capture = Capture.open(path, single=True)
    _fill(capture, message, 5)
    capture.close()
    before = path.read_bytes()
    reader = CaptureReader(path)
    assert reader.verify() == []
    assert len(list(reader.entries())) == 5
    reader.close()
    assert path.read_bytes() == before


def test_a_capture_that_was_not_closed_is_read_whole(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys\n"
        "from skypicket.store.capture import Capture\n"
        "from skypicket.store.chain import Unwritten\n"
        "capture = Capture.open(pathlib.Path(sys.argv[1]))\n"
        "said = Unwritten(kind='tick', source='engine', received_ns=5, payload=b'')\n"
        "capture.append([said] * 7)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    reader = CaptureReader(tmp_path)
    assert len(list(reader.entries())) == 7
    reader.close()
    capture = Capture.open(tmp_path)
    assert capture.head()[0] == 7
    capture.close()


def test_only_the_owner_can_read_the_files(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "capture")
    capture.append([message(personal="report")])
    assert stat.S_IMODE((tmp_path / "capture").stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "capture").iterdir()}
    assert modes == {0o600}
    capture.close()


def test_a_second_writer_is_told_which_file_is_held(tmp_path: Path) -> None:
    capture = Capture.open(tmp_path)
    with pytest.raises(UnavailableError, match=r"capture\.lock is held by another program"):
        Capture.open(tmp_path)
    capture.close()
    Capture.open(tmp_path).close()


def test_a_second_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "night.capture"
    capture = Capture.open(path, single=True)
    script = (
        "import pathlib, sys\n"
        "from skypicket.store.capture import Capture\n"
        "Capture.open(pathlib.Path(sys.argv[1]), single=True)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    other = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert other.returncode == 1
    assert "UnavailableError" in other.stderr
    assert "night.capture.lock is held by another program" in other.stderr
    capture.close()


def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "night.capture"
    path.write_bytes(b"These are my notes, and no capture at all.\n" * 200)
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"night\.capture is no capture"):
        Capture.open(path, single=True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "night.capture"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE person (name)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="none of Skypicket's"):
        Capture.open(path, single=True)
    with pytest.raises(InputError, match="none of Skypicket's"):
        list(CaptureReader(path).entries())
    assert path.read_bytes() == before


def test_a_capture_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no capture"):
        CaptureReader(tmp_path / "nothing")


def test_a_folder_is_no_single_capture(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        Capture.open(tmp_path, single=True)


def test_an_append_is_all_or_nothing(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 3)
    assert capture._connection is not None
    capture._connection.pragma("max_page_count", capture._connection.pragma("page_count") + 8)
    with pytest.raises(StorageFullError, match="the disk is full; free some space"):
        capture.append([message(i, payload=bytes(9_000), personal="report") for i in range(50)])
    assert capture.head()[0] == 3
    with pytest.raises(StorageFullError):
        capture.probe()
    capture._connection.pragma("max_page_count", 1_000_000)
    capture.probe()
    assert capture.append([message(4)])[0].sequence == 4
    assert capture.verify() == []
    capture.close()


def test_another_thread_reads_while_one_writes(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 1)
    read: list[int] = []

    def follow() -> None:
        reader = capture.reader()
        while not read or read[-1] < 4_000:
            read.extend(entry.sequence for entry in reader.page(read[-1] if read else 0))
        reader.close()

    thread = threading.Thread(target=follow)
    thread.start()
    for day in range(4):
        for _ in range(10):
            _fill(capture, message, 100, day)
    thread.join(60)
    assert read[:4_000] == list(range(1, 4_001))
    capture.close()


def test_the_write_ahead_log_stays_small_while_someone_reads(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 600)
    reader = capture.reader()
    reading = reader.entries()
    next(reading)
    for _ in range(40):
        capture.append([message(i, payload=bytes(2_000)) for i in range(100)])
    (log,) = tmp_path.glob("capture-*-wal")
    assert log.stat().st_size < 7_000_000  # 8 MB were written
    assert next(reading).sequence == 2
    reader.close()
    capture.close()


def test_old_days_are_dropped_and_the_chain_still_holds(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    for day in range(5):
        _fill(capture, message, 3, day)
    dropped = capture.retain(days=2, now_ns=NIGHT_NS + 4 * DAY_NS)
    assert [path.name for path in dropped] == [
        "capture-2025-07-28.sqlite",
        "capture-2025-07-29.sqlite",
    ]
    assert capture.verify() == []
    assert [entry.sequence for entry in capture.entries()] == list(range(7, 16))
    _fill(capture, message, 1, day=4)
    capture.close()
    again = Capture.open(tmp_path)
    assert again.head()[0] == 16
    assert again.verify() == []
    again.close()


def test_the_newest_file_is_never_dropped(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 3)
    assert capture.retain(days=1, now_ns=NIGHT_NS + 400 * DAY_NS) == []
    assert capture.head()[0] == 3
    capture.close()


def test_the_keys_of_dropped_days_are_destroyed(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    for day in range(3):
        received_ns = NIGHT_NS + day * DAY_NS
        capture.append([message(1, personal="report", received_ns=received_ns)])
    capture.retain(days=0, now_ns=NIGHT_NS + 2 * DAY_NS)
    capture.close()
    vault = apsw.Connection(str(tmp_path / "vault.sqlite"))
    assert list(vault.execute("SELECT destroyed, secret = zeroblob(32) FROM key")) == [
        (1, 1),
        (1, 1),
        (0, 0),
    ]
    vault.close()


def test_a_missing_day_in_between_is_a_fault_and_not_read_over(
    tmp_path: Path, message: Any
) -> None:
    capture = Capture.open(tmp_path)
    for day in range(3):
        _fill(capture, message, 2, day)
    capture.close()
    (tmp_path / "capture-2025-07-29.sqlite").unlink()
    reader = CaptureReader(tmp_path)
    (fault,) = reader.verify()
    assert (fault.file, fault.place) == ("capture-2025-07-30.sqlite", "start")
    with pytest.raises(InputError, match="Entries 3 to 4 are missing"):
        list(reader.entries())
    reader.close()


def test_each_hash_is_made_with_the_one_before(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    capture.append([message(1)] * 3)
    hashes = [raw.hash for raw in capture.raw_entries()]
    assert len(set(hashes)) == 3
    assert all(a != b for a, b in pairwise(hashes))
    assert capture.head() == (3, hashes[-1])
    capture.close()


def test_another_program_that_holds_the_file_is_named_and_waited_for(
    tmp_path: Path, message: Any
) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 1)
    assert capture._connection is not None
    capture._connection.set_busy_timeout(10)
    other = apsw.Connection(str(tmp_path / "capture-2025-07-28.sqlite"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFullError, match="another program holds the file; close it"):
        capture.append([message(2)])
    other.execute("ROLLBACK")
    other.close()
    assert capture.append([message(2)])[0].sequence == 2
    capture.close()


def test_a_foreign_file_in_the_place_of_tomorrow_is_said(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    _fill(capture, message, 1)
    tomorrow = tmp_path / "capture-2025-07-29.sqlite"
    tomorrow.write_bytes(b"none of ours" * 100)
    with pytest.raises(StorageFullError, match=r"cannot go on: .*29\.sqlite is no capture"):
        _fill(capture, message, 1, day=1)
    tomorrow.unlink()
    _fill(capture, message, 1, day=1)
    assert capture.head()[0] == 2
    assert capture.verify() == []
    capture.close()
