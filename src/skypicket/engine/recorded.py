"""Reading nouns back from a record."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from skypicket.domain.assessments import Assessment
from skypicket.domain.contracts import OperatorAction, Reject
from skypicket.domain.errors import InputError
from skypicket.domain.incidents import Alarm, Declaration, Incident, IncidentEntry
from skypicket.domain.noun import Noun
from skypicket.domain.sensors import SensorStatus

Recorded = (
    Assessment
    | Alarm
    | Incident
    | IncidentEntry
    | Declaration
    | Reject
    | SensorStatus
    | OperatorAction
)


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a line that is read back."""

    entry: int
    noun: Recorded


class Said(NamedTuple):
    """A recorded noun and the capture entry that it followed from."""

    entry: int
    noun: Noun


_DECODER = msgspec.json.Decoder(_Line)


def record_file(path: Path) -> Path:
    """The record of a path: itself, or the one in a state or night folder.

    Raises:
        InputError: there is none.
    """
    for candidate in (path, path / "system.record", path / "night.record"):
        if candidate.is_file():
            return candidate
    raise InputError(f"{path}: there is no record. Name a record file, or a state or night folder.")


def read_line(line: bytes) -> Said:
    """What one whole line of a record says.

    Raises:
        InputError: it is no line of a record.
    """
    try:
        kept = _DECODER.decode(line)
    except msgspec.MsgspecError as error:
        raise InputError(f"{line[:60]!r} is no line of a record: {error}.") from error
    return Said(entry=kept.entry, noun=kept.noun)


def read_record(path: Path) -> Iterator[Said]:
    """What was said, in order.

    Raises:
        InputError: there is no record, or a line is none of a record.
    """
    found = record_file(path)
    with found.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                kept = _DECODER.decode(line)
            except msgspec.MsgspecError as error:
                if not line.endswith(b"\n"):
                    return  # still being written, or torn by a kill: the next start mends it
                raise InputError(f"{found}:{number}: is no line of a record: {error}.") from error
            yield Said(entry=kept.entry, noun=kept.noun)
