import json
from pathlib import Path
from typing import Any

import apsw
import pytest

from skypicket.domain.contracts import Tick
from skypicket.domain.errors import InputError
from skypicket.store.capture import Capture
from skypicket.store.record import Record
from skypicket.store.verify import capture_checkpoint, verify


@pytest.fixture
def night(quick_folder: Path, message: Any) -> Path:
    """A folder with `night.capture` and `night.record`."""
    capture = Capture.open(quick_folder / "night.capture", single=True)
    capture.append([message(i) for i in range(20)])
    (quick_folder / "capture.checkpoint").write_bytes(capture_checkpoint(capture.head()))
    capture.close()
    record = Record.open(quick_folder / "night.record")
    record.append(1, [Tick(time_ns=1), Tick(time_ns=2)])
    (quick_folder / "record.checkpoint").write_bytes(record.checkpoint())
    record.close()
    return quick_folder


def test_a_sound_night_has_no_faults(night: Path) -> None:
    assert verify(night) == []
    assert verify(night / "night.capture") == []
    assert verify(night / "night.record") == []


def test_a_system_folder_is_checked_one_level_down(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "capture")
    capture.append([message(1, personal="report")])
    capture.close()
    connection = apsw.Connection(str(next((tmp_path / "capture").glob("capture-*"))))
    connection.execute("UPDATE entry SET source = 'radar-2'")
    connection.close()
    (fault,) = verify(tmp_path)
    assert fault.place == "entry 1"


def test_a_live_capture_can_be_checked(tmp_path: Path, message: Any) -> None:
    capture = Capture.open(tmp_path / "capture")
    capture.append([message(1)])
    assert verify(tmp_path) == []
    capture.append([message(2)])
    assert verify(tmp_path / "capture") == []
    capture.close()


@pytest.mark.parametrize("name", ["night.capture", "night.record"])
def test_damage_to_the_head_of_a_file_is_a_fault(night: Path, name: str) -> None:
    path = night / name
    sound = path.read_bytes()
    for place in range(16):
        altered = bytearray(sound)
        altered[place] ^= 0x20
        path.write_bytes(altered)
        assert verify(path) != [], place
        assert verify(night) != [], place


def test_half_a_capture_is_a_fault(night: Path) -> None:
    path = night / "night.capture"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert verify(path) != []


@pytest.mark.parametrize("kind", ["capture", "record"])
def test_what_was_cut_off_shows_against_its_checkpoint(night: Path, kind: str) -> None:
    checkpoint = night / f"{kind}.checkpoint"
    assert verify(night, checkpoint) == []
    if kind == "capture":
        connection = apsw.Connection(str(night / "night.capture"))
        connection.execute("DELETE FROM entry WHERE sequence = 20")
        connection.close()
    else:
        lines = (night / "night.record").read_bytes().splitlines(keepends=True)
        (night / "night.record").write_bytes(lines[0])
    assert verify(night) == []
    (fault,) = verify(night, checkpoint)
    assert fault.file == f"night.{kind}"


def test_a_capture_written_anew_shows_against_its_checkpoint(night: Path) -> None:
    path = night / "capture.checkpoint"
    known = json.loads(path.read_bytes())
    known["hash"] = "0" * 64
    path.write_text(json.dumps(known))
    (fault,) = verify(night, path)
    assert "written anew" in fault.what


def test_nothing_to_check_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="neither a record nor a capture"):
        verify(tmp_path)
    with pytest.raises(InputError, match="There is nothing at"):
        verify(tmp_path / "nothing")


def test_a_checkpoint_that_is_none_is_an_input_error(night: Path) -> None:
    with pytest.raises(InputError, match="is no checkpoint"):
        verify(night, night / "night.capture")
    with pytest.raises(InputError, match="cannot be read"):
        verify(night, night / "nothing")
