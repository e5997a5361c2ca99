"""A checkpoint kept elsewhere shows what was cut off or deleted."""

from pathlib import Path

import pytest

from skypicket.domain.contracts import Tick
from skypicket.domain.errors import InputError
from skypicket.store.record import Record
from skypicket.store.verify import checkpoint_of, verify


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record of three lines."""
    path = tmp_path / "night" / "night.record"
    written = Record.open(path)
    written.append(1, [Tick(time_ns=number) for number in range(3)])
    written.close()
    return path


@pytest.fixture
def checkpoint(record: Path, tmp_path: Path) -> Path:
    """Its end, kept elsewhere."""
    path = tmp_path / "kept.json"
    path.write_bytes(checkpoint_of(record))
    return path


def test_a_sound_record_fits_its_checkpoint(record: Path, checkpoint: Path) -> None:
    assert verify(record, checkpoint) == []


def test_a_record_that_was_cut_does_not(record: Path, checkpoint: Path) -> None:
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:2]))
    assert verify(record) == []
    assert len(verify(record, checkpoint)) == 1


def test_a_record_that_is_gone_is_missed(record: Path, checkpoint: Path) -> None:
    other = Record.open(record.with_name("other.record"))
    other.append(1, [Tick(time_ns=9)])
    other.close()
    record.unlink()
    assert len(verify(record.parent, checkpoint)) >= 1


def test_a_checkpoint_of_a_capture_says_nothing_of_a_record(record: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "capture.json"
    foreign.write_bytes(b'{"hash":"00","sequence":1}')
    (fault,) = verify(record, foreign)
    assert "none is there" in fault.what


def test_one_checkpoint_is_of_one_log(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        checkpoint_of(tmp_path)
