import random
from pathlib import Path
from typing import Any

import pytest

from skypicket.domain.errors import SkypicketError
from skypicket.store._sqlite import tidy_up
from skypicket.store.capture import Capture
from skypicket.store.reader import CaptureReader

COMMITS = 6
MIXTURES = 2  # of what survives by chance, per moment


def _fill(folder: Path, disk: Any, message: Any, *, fsync: bool) -> None:
    """Append in groups, some personal, over a change of day and a checkpoint."""
    capture = Capture.open(folder)
    day_ns = 86_400 * 10**9
    for group in range(COMMITS):
        number = group * 10
        day = 0 if group < COMMITS // 2 else day_ns
        items = [
            message(number + i, received_ns=message().received_ns + day + number + i)
            for i in range(5)
        ]
        items.append(message(number, "desk", received_ns=items[-1].received_ns, personal="report"))
        entries = capture.append(items)
        for entry in entries:
            disk.acknowledge(entry.sequence)
        if not fsync:
            for connection in (capture._connection, capture.vault._connection):
                assert connection is not None
                connection.pragma("synchronous", "off")
        if group % 4 == 1:
            assert capture._connection is not None
            capture._connection.wal_checkpoint()
    capture.close()


def _lost(folder: Path, acknowledged: set[int]) -> set[int]:
    """The acknowledged entries that cannot be read in full after the power came back."""
    for path in sorted(folder.glob("*.sqlite")):
        tidy_up(path)
    if not acknowledged:
        return set()
    reader = CaptureReader(folder)
    try:
        faults = reader.verify()
        found = {entry.sequence for entry in reader.entries() if not entry.erased}
    finally:
        reader.close()
    return acknowledged if faults else acknowledged - found


@pytest.mark.parametrize("by_chance", [False, True])
def test_what_was_acknowledged_survives_every_power_cut(
    quick_folder: Path, disk: Any, message: Any, by_chance: bool
) -> None:
    _fill(quick_folder / "live", disk, message, fsync=True)
    cuts = 0
    for moment in range(1, len(disk.log) + 1):
        for mixture in range(MIXTURES if by_chance else 1):
            after = quick_folder / f"cut-{moment}-{mixture}"
            disk.cut(moment, after, random.Random(mixture) if by_chance else None)
            assert _lost(after, disk.acknowledged(moment)) == set(), f"cut after {moment} steps"
            cuts += 1
    assert cuts > 60
    assert disk.acknowledged(len(disk.log)) == set(range(1, COMMITS * 6 + 1))


def test_without_fsync_the_same_test_finds_a_loss(
    quick_folder: Path, disk: Any, message: Any
) -> None:
    _fill(quick_folder / "live", disk, message, fsync=False)
    losses = 0
    for moment in range(1, len(disk.log) + 1):
        after = quick_folder / f"cut-{moment}"
        disk.cut(moment, after)
        try:
            losses += bool(_lost(after, disk.acknowledged(moment)))
        except SkypicketError:
            losses += 1
    assert losses > 0


def test_writing_goes_on_after_a_power_cut(quick_folder: Path, disk: Any, message: Any) -> None:
    _fill(quick_folder / "live", disk, message, fsync=True)
    moments = range(1, len(disk.log) + 1, 7)
    for moment in moments:
        after = quick_folder / f"cut-{moment}"
        disk.cut(moment, after)
        safe = disk.acknowledged(moment)
        capture = Capture.open(after)
        entries = capture.append([message(999, personal="report")])
        assert entries[0].sequence == capture.head()[0] > max(safe, default=0)
        assert capture.verify() == []
        capture.close()
    assert len(moments) > 10
