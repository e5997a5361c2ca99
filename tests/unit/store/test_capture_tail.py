import threading
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.contracts import Entry
from skypicket.store.capture import Capture
from skypicket.store.tail import CaptureTail


def _follow(tail: CaptureTail, last: int, after: int = 0) -> list[Entry]:
    read: list[Entry] = []
    while after < last:
        entries = tail.next(after, 10.0)
        assert entries
        read += entries
        after = entries[-1].sequence
    return read


def test_a_reader_that_keeps_up_reads_from_memory(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    tail = CaptureTail(capture)
    said = []
    for group in range(5):
        entries = capture.append([message(group * 10 + i, personal="report") for i in range(10)])
        tail.push(entries)
        said += entries
        assert _follow(tail, len(said), after=group * 10) == entries
    assert tail.read_from_disk == 0
    tail.close()
    capture.close()


@pytest.mark.parametrize("limits", [{"max_entries": 7}, {"max_bytes": 60}])
def test_a_reader_that_falls_behind_misses_nothing(
    tmp_path: Path, message: Any, limits: dict[str, int]
) -> None:
    capture = Capture.open(tmp_path)
    tail = CaptureTail(capture, **limits)
    said = []
    for group in range(30):
        entries = capture.append([message(group * 10 + i, personal="daily") for i in range(10)])
        tail.push(entries)
        said += entries
    assert _follow(tail, 300) == said
    assert 290 < tail.read_from_disk <= 300
    assert len(tail._newest) <= 10
    tail.close()
    capture.close()


def test_entries_of_an_earlier_run_come_first(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    capture.append([message(i) for i in range(5)])
    tail = CaptureTail(capture)
    tail.push(capture.append([message(5)]))
    assert [entry.sequence for entry in _follow(tail, 6)] == [1, 2, 3, 4, 5, 6]
    assert tail.head == 6
    tail.close()
    capture.close()


def test_waiting_in_vain_ends_with_nothing(tmp_path: Path) -> None:
    capture = Capture.open(tmp_path)
    tail = CaptureTail(capture)
    assert tail.next(0, 0.01) == []
    tail.close()
    capture.close()


def test_a_push_wakes_who_waits(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path)
    tail = CaptureTail(capture)
    read: list[Entry] = []
    thread = threading.Thread(target=lambda: read.extend(tail.next(0, 30.0)))
    thread.start()
    tail.push(capture.append([message(1)]))
    thread.join(20)
    assert [entry.sequence for entry in read] == [1]
    tail.close()
    capture.close()


def test_closing_wakes_who_waits(tmp_path: Path) -> None:
    capture = Capture.open(tmp_path)
    tail = CaptureTail(capture)
    read: list[list[Entry]] = []
    thread = threading.Thread(target=lambda: read.append(tail.next(0, 30.0)))
    thread.start()
    tail.close()
    thread.join(20)
    assert read == [[]]
    capture.close()
