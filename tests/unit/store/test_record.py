import json
from pathlib import Path

import pytest

from skypicket.domain.contracts import Tick
from skypicket.domain.errors import InputError, UnavailableError
from skypicket.domain.incidents import IncidentEntry
from skypicket.store.record import MAX_UNSYNCED_BYTES, Record, read_record, verify_record


def _said(number: int, text: str = "") -> IncidentEntry:
    return IncidentEntry(
        incident_id="i1", number=number, time_ns=5, received_ns=6, what="call", text=text
    )


def _written(path: Path, lines: int = 6) -> bytes:
    """A record of some lines, two to an entry; its bytes."""
    record = Record.open(path)
    for entry in range(1, lines // 2 + 1):
        record.append(entry, [_said(entry), _said(entry, "girdėjau")])
    record.close()
    return path.read_bytes()


@pytest.fixture
def path(quick_folder: Path) -> Path:
    return quick_folder / "night.record"


def test_a_line_says_number_entry_index_and_noun(path: Path) -> None:
    lines = [json.loads(line) for line in _written(path, 4).splitlines()]
    assert [(line["number"], line["entry"], line["index"]) for line in lines] == [
        (1, 1, 0),
        (2, 1, 1),
        (3, 2, 0),
        (4, 2, 1),
    ]
    assert lines[1]["noun"]["text"] == "girdėjau"
    assert lines[1]["noun"]["noun"] == "IncidentEntry"
    assert all(set(line) == {"number", "entry", "index", "noun", "hash"} for line in lines)


def test_a_record_reads_back(path: Path) -> None:
    _written(path, 4)
    spoken = list(read_record(path))
    assert [line.number for line in spoken] == [1, 2, 3, 4]
    assert json.loads(spoken[3].noun)["number"] == 2


def test_the_same_nouns_give_the_same_bytes(tmp_path: Path) -> None:
    assert _written(tmp_path / "a.record") == _written(tmp_path / "b.record")


def test_flushing_often_or_never_gives_the_same_bytes(tmp_path: Path) -> None:
    often = Record.open(tmp_path / "often.record")
    for entry in range(1, 4):
        often.append(entry, [_said(entry), _said(entry, "girdėjau")])
        often.flush()
    often.close()
    assert (tmp_path / "often.record").read_bytes() == _written(tmp_path / "never.record")


def test_a_sound_record_has_no_faults(path: Path) -> None:
    _written(path)
    assert verify_record(path) == []


def test_every_flipped_bit_shows(path: Path) -> None:
    sound = _written(path, 4)
    missed = []
    for place in range(len(sound)):
        for bit in range(8):
            altered = bytearray(sound)
            altered[place] ^= 1 << bit
            path.write_bytes(altered)
            if not verify_record(path):
                missed.append((place, bit))
    assert missed == []


def test_every_missing_byte_shows(path: Path) -> None:
    sound = _written(path, 4)
    missed = []
    for place in range(len(sound)):
        path.write_bytes(sound[:place] + sound[place + 1 :])
        if not verify_record(path):
            missed.append(place)
    assert missed == []


@pytest.mark.parametrize("extra", [b"\n", b" ", b"0", b'"', b"\x00", b"}"])
def test_every_added_byte_shows(path: Path, extra: bytes) -> None:
    sound = _written(path, 4)
    missed = []
    for place in range(len(sound) + 1):
        path.write_bytes(sound[:place] + extra + sound[place:])
        if not verify_record(path):
            missed.append(place)
    assert missed == []


def test_moved_doubled_and_left_out_lines_show(path: Path) -> None:
    lines = _written(path).splitlines(keepends=True)
    orders = [[1, 0, 2, 3, 4, 5], [0, 0, 1, 2, 3, 4, 5], [0, 1, 3, 4, 5], [1, 2, 3, 4, 5]]
    for order in orders:
        path.write_bytes(b"".join(lines[i] for i in order))
        assert verify_record(path) != []


def test_a_fault_says_where(path: Path) -> None:
    lines = _written(path).splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"number":2,"time_ns":5', b'"number":2,"time_ns":4')
    path.write_bytes(b"".join(lines))
    (fault,) = verify_record(path)
    assert fault.file == "night.record"
    assert fault.place == f"line 3, byte {len(lines[0]) + len(lines[1])}"
    assert "altered" in fault.what


def test_a_cut_end_shows_against_a_checkpoint(path: Path) -> None:
    record = Record.open(path)
    record.append(1, [_said(1), _said(2), _said(3)])
    checkpoint = record.checkpoint()
    record.append(2, [_said(4)])
    record.close()
    assert verify_record(path, checkpoint) == []
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    assert verify_record(path) == []
    (fault,) = verify_record(path, checkpoint)
    assert fault.what == "the checkpoint knows 3 lines, and 2 are there"


def test_a_record_written_anew_shows_against_a_checkpoint(tmp_path: Path, path: Path) -> None:
    record = Record.open(path)
    record.append(1, [_said(1), _said(2)])
    checkpoint = record.checkpoint()
    record.close()
    forged = Record.open(tmp_path / "forged.record")
    forged.append(1, [_said(1), _said(3)])
    forged.close()
    assert verify_record(tmp_path / "forged.record") == []
    (fault,) = verify_record(tmp_path / "forged.record", checkpoint)
    assert "written anew" in fault.what


def test_a_checkpoint_is_number_and_hash(path: Path) -> None:
    record = Record.open(path)
    assert json.loads(record.checkpoint())["number"] == 0
    record.append(1, [_said(1)])
    last = json.loads(record.checkpoint())
    record.close()
    assert last == {"number": 1, "hash": json.loads(path.read_bytes())["hash"]}
    with pytest.raises(InputError, match="no checkpoint of a record"):
        verify_record(path, b"{}")


def test_what_was_said_is_not_said_twice_after_a_crash(path: Path) -> None:
    whole = _written(path)
    for torn in range(len(whole) + 1):
        path.write_bytes(whole[:torn])
        record = Record.open(path)
        entry, index = record.last
        new = [
            noun
            for number in range(1, 4)
            for noun in record.append(number, [_said(number), _said(number, "girdėjau")])
        ]
        record.close()
        assert path.read_bytes() == whole
        assert len(new) == 6 - (2 * (entry - 1) + index + 1 if entry else 0)


def test_a_torn_last_line_is_cut_off(path: Path) -> None:
    whole = _written(path)
    path.write_bytes(whole[:-1])
    record = Record.open(path)
    assert record.last == (3, 0)
    record.close()
    assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[:5])
    assert list(path.parent.iterdir()) == [path]


def test_holes_that_a_power_cut_left_are_cut_and_kept_aside(path: Path) -> None:
    lines = _written(path).splitlines(keepends=True)
    damaged = bytes(len(lines[3])) + lines[4] + lines[5]
    path.write_bytes(b"".join(lines[:3]) + damaged)
    record = Record.open(path)
    assert record.last == (2, 0)
    record.close()
    assert path.read_bytes() == b"".join(lines[:3])
    assert path.with_name("night.record.cut").read_bytes() == damaged


def test_a_long_record_is_taken_up_from_its_end(path: Path) -> None:
    record = Record.open(path)
    for entry in range(1, 3_001):
        record.append(entry, [_said(entry, "x" * 1_000)])
    assert len(record._unwritten) < 3_000
    record.close()
    assert path.stat().st_size > 3 * MAX_UNSYNCED_BYTES
    again = Record.open(path)
    assert again.last == (3_000, 0)
    again.append(3_001, [_said(3_001)])
    again.close()
    assert verify_record(path) == []


def test_several_appends_for_one_entry_count_on(path: Path) -> None:
    record = Record.open(path)
    record.append(1, [_said(1)])
    record.append(1, [_said(2)])
    assert record.last == (1, 1)
    record.close()


def test_entries_go_in_order(path: Path) -> None:
    record = Record.open(path)
    record.append(5, [_said(1)])
    with pytest.raises(InputError, match="Entry 4 comes after entry 5"):
        record.append(4, [_said(1)])
    record.close()


def test_nothing_said_is_an_empty_and_sound_record(path: Path) -> None:
    record = Record.open(path)
    assert record.append(1, []) == []
    assert record.last == (0, -1)
    record.close()
    assert path.read_bytes() == b""
    assert verify_record(path) == []


def test_a_foreign_file_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"shopping list\nbread\n")
    with pytest.raises(InputError, match="is no record of Skypicket"):
        Record.open(path)
    assert path.read_bytes() == b"shopping list\nbread\n"
    assert list(path.parent.iterdir()) == [path]


def test_two_writers_of_one_record_are_refused(path: Path) -> None:
    record = Record.open(path)
    with pytest.raises(UnavailableError, match=r"night\.record\.lock"):
        Record.open(path)
    record.close()


def test_a_noun_with_a_line_feed_stays_on_one_line(path: Path) -> None:
    record = Record.open(path)
    record.append(1, [_said(1, 'two\nlines,"hash":"'), Tick(time_ns=4)])
    record.close()
    assert path.read_bytes().count(b"\n") == 2
    assert verify_record(path) == []


def test_only_the_owner_can_read_it(path: Path) -> None:
    _written(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_record_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        verify_record(tmp_path / "nothing.record")
