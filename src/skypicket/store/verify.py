"""Whether what was kept is as it was written: a record, a capture, or a folder of both."""

from pathlib import Path

import msgspec

from skypicket.domain.codec import to_json
from skypicket.domain.errors import InputError
from skypicket.store.chain import Fault
from skypicket.store.pages import day_files
from skypicket.store.reader import CaptureReader
from skypicket.store.record import (
    RECORD_GENESIS,
    RecordCheckpoint,
    read_record,
    verify_record,
)

_SQLITE_HEAD = b"SQLite format 3\x00"


class CaptureCheckpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The head of a capture at some time; kept elsewhere, it shows truncation and re-chaining."""

    sequence: int
    hash: str


def capture_checkpoint(head: tuple[int, bytes]) -> bytes:
    """The head of a capture as JSON; keep it on another machine.

    >>> capture_checkpoint((2, b"ab"))
    b'{"sequence":2,"hash":"6162"}'
    """
    return to_json(CaptureCheckpoint(sequence=head[0], hash=head[1].hex()))


def verify(path: Path, checkpoint: Path | None = None) -> list[Fault]:
    """Every fault found in a file or folder; [] when all is sound.

    A checkpoint of a record or of a capture is held against each such file that is checked.

    Raises:
        InputError: there is nothing there to check, or the checkpoint is none.
    """
    captures, records = _find(path)
    known = _read(checkpoint) if checkpoint else None
    faults = _unmatched(path, known, captures, records)
    for record in records:
        faults += verify_record(record, known if known and b'"number"' in known else None)
    for capture in captures:
        faults += _verify_capture(capture, known if known and b'"sequence"' in known else None)
    return faults


def checkpoint_of(path: Path) -> bytes:
    """The end of one record or capture as JSON; keep it on another machine.

    Raises:
        InputError: there is not exactly one record or capture.
    """
    captures, records = _find(path)
    if len(captures) + len(records) != 1:
        raise InputError(
            f"{path} holds {len(captures) + len(records)} logs; name just one of them."
        )
    if captures:
        reader = CaptureReader(captures[0])
        head = reader.head()
        reader.close()
        return capture_checkpoint(head)
    number, digest = 0, RECORD_GENESIS
    for spoken in read_record(records[0]):
        number, digest = spoken.number, spoken.hash
    return to_json(RecordCheckpoint(number=number, hash=digest.hex()))


def _unmatched(
    path: Path, known: bytes | None, captures: list[Path], records: list[Path]
) -> list[Fault]:
    """A fault if a checkpoint was given, and what it was made of is not there."""
    if known is None:
        return []
    kind, there = ("record", records) if b'"number"' in known else ("capture", captures)
    if there:
        return []
    what = f"the checkpoint is of a {kind}, and none is there"
    return [Fault(file=path.name, place="checkpoint", what=what)]


def _read(checkpoint: Path) -> bytes:
    try:
        content = checkpoint.read_bytes()
    except OSError as error:
        raise InputError(f"Checkpoint {checkpoint} cannot be read: {error.strerror}.") from error
    if b'"number"' not in content and b'"sequence"' not in content:
        raise InputError(f"{checkpoint} is no checkpoint: it names neither number nor sequence.")
    return content


def _find(path: Path) -> tuple[list[Path], list[Path]]:
    """The captures and records at a path, or one folder further down."""
    if path.is_file():
        # A damaged head must not turn into "no such kind of file": what is no SQLite is a record.
        with path.open("rb") as file:
            is_capture = file.read(len(_SQLITE_HEAD)) == _SQLITE_HEAD or path.suffix == ".capture"
        return ([path], []) if is_capture else ([], [path])
    if not path.is_dir():
        raise InputError(f"There is nothing at {path}.")
    folders = [path, *sorted(folder for folder in path.iterdir() if folder.is_dir())]
    captures = [folder for folder in folders if day_files(folder)]
    captures += [file for folder in folders for file in sorted(folder.glob("*.capture"))]
    records = [file for folder in folders for file in sorted(folder.glob("*.record"))]
    if not captures and not records:
        raise InputError(f"{path} holds neither a record nor a capture.")
    return captures, records


def _verify_capture(path: Path, checkpoint: bytes | None) -> list[Fault]:
    reader = CaptureReader(path)
    try:
        faults = reader.verify()
        if checkpoint is not None and not faults:
            faults += _against_checkpoint(reader, checkpoint)
    finally:
        reader.close()
    return faults


def _against_checkpoint(reader: CaptureReader, checkpoint: bytes) -> list[Fault]:
    try:
        known = msgspec.json.decode(checkpoint, type=CaptureCheckpoint)
    except msgspec.MsgspecError as error:
        raise InputError(f"That is no checkpoint of a capture: {error}.") from error
    place = f"entry {known.sequence}"
    found = next(reader.raw_entries(known.sequence - 1), None)
    if found is None or found.sequence != known.sequence:
        what = "the checkpoint knows it, and it is not there"
        return [Fault(file=reader.path.name, place=place, what=what)]
    if found.hash.hex() != known.hash:
        what = "it has another hash than in the checkpoint: the capture was written anew"
        return [Fault(file=reader.path.name, place=place, what=what)]
    return []
