"""What was said up to any moment, read from the record: nouns up to an entry of the capture."""

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import msgspec

from skypicket.domain.errors import InputError
from skypicket.domain.incidents import Alarm, AlarmLevel
from skypicket.domain.noun import Noun
from skypicket.engine.picture import Picture
from skypicket.engine.recorded import Said, read_line

LINES_PER_STOP = 1_000
MOST_MARKS = 2_000
_KEPT = (
    *("alarms", "incidents", "entries", "approaches", "losses", "declarations"),
    *("statuses", "last_heard_ns", "lost_messages", "reject_counts"),
)


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A moment worth going back to: an alarm was raised."""

    time_ns: int
    level: AlarmLevel
    text: str


class _Stop(NamedTuple):
    """All that was said before a byte of the record, the last of it because of `entry`."""

    entry: int
    offset: int
    memory: dict[str, Any]


class Timeline:
    """A record, read on as it grows, with a stop every thousand lines to start from.

    The dictionaries of a picture are replaced and never changed, so that a stop costs nothing but
    what was replaced since the one before. May be asked from any thread.
    """

    def __init__(self, record: Path, lines_per_stop: int = LINES_PER_STOP) -> None:
        self._path, self._lines_per_stop = record, lines_per_stop
        self._lock = Lock()
        self._picture = Picture()
        self._stops = [_Stop(0, 0, _memory(self._picture))]
        self._offset = self._entry = self._lines = 0
        self._marks: list[Mark] = []
        self._raised: set[tuple[str, int]] = set()

    def at(self, entry: int) -> Picture:
        """The picture as it was after a capture entry: alarms, incidents, losses; no tracks.

        Raises:
            InputError: the record cannot be read.
        """
        with self._lock:
            self._read_on()
            stop = self._stops[bisect_right(self._stops, entry, key=lambda one: one.entry) - 1]
        picture = Picture()
        for name, value in stop.memory.items():
            setattr(picture, name, value)
        for said, _ in _lines(self._path, stop.offset):
            if said.entry > entry:
                break
            picture.remember(said.noun)
        return picture

    def marks(self) -> list[Mark]:
        """When alarms were raised, in order, the newest two thousand."""
        with self._lock:
            self._read_on()
            return list(self._marks)

    def _read_on(self) -> None:
        for said, offset in _lines(self._path, self._offset):
            self._picture.remember(said.noun)
            self._mark(said.noun)
            self._entry, self._offset = said.entry, offset
            self._lines += 1
            if self._lines % self._lines_per_stop == 0:
                self._stops.append(_Stop(self._entry, self._offset, _memory(self._picture)))

    def _mark(self, noun: Noun) -> None:
        if not isinstance(noun, Alarm) or noun.state != "raised":
            return
        key = (noun.alarm_id, noun.raised_ns)
        if key not in self._raised:
            self._raised.add(key)
            self._marks.append(Mark(time_ns=noun.raised_ns, level=noun.level, text=noun.title))
            del self._marks[:-MOST_MARKS]


def _memory(picture: Picture) -> dict[str, Any]:
    return {name: getattr(picture, name) for name in _KEPT}


def _lines(path: Path, offset: int) -> Iterator[tuple[Said, int]]:
    """What was said from a byte on, each with the byte at which its line ends."""
    try:
        with path.open("rb") as lines:
            lines.seek(offset)
            for line in lines:
                if not line.endswith(b"\n"):
                    return  # still being written
                offset += len(line)
                yield read_line(line), offset
    except OSError as error:
        raise InputError(f"Record {path} cannot be read: {error.strerror}.") from error
