"""The record: what Skypicket said, as JSON lines of which every byte counts.

A line is `{"number":N,"entry":E,"index":I,"noun":{…},"hash":"H"}` and a line feed: the N-th line,
said as number I (from 0) because of capture entry E. H is SHA-256, in lower-case hexadecimal, over
the 32 bytes of the previous line's hash and then the line's own bytes before `,"hash":`. Before
the first line stands SHA-256 of `skypicket record 1`. No clock, path or run is in it: the same
capture and version give the same bytes.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from skypicket.domain.codec import to_json
from skypicket.domain.errors import InputError, StorageFullError
from skypicket.domain.noun import Noun
from skypicket.store._disk import OWNER_ONLY, private_folder, sync_folder
from skypicket.store.chain import Fault
from skypicket.store.lock import FileLock

RECORD_GENESIS = hashlib.sha256(b"skypicket record 1").digest()
MAX_UNSYNCED_BYTES = 1024 * 1024
_WINDOW_BYTES = 2 * MAX_UNSYNCED_BYTES
MAX_LINE_BYTES = 64 * 1024 * 1024
_MANY_FAULTS = 100
_LINE = re.compile(
    rb'(\{"number":(\d{1,18}),"entry":(\d{1,18}),"index":(\d{1,18}),"noun":\{.*\}),'
    rb'"hash":"([0-9a-f]{64})"\}\n'
)


class RecordCheckpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end of a record at some time; kept elsewhere, it shows truncation and re-chaining."""

    number: int
    hash: str


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a record: `noun` is JSON, as it was said."""

    number: int
    entry: int
    index: int
    noun: bytes
    hash: bytes


class Record:
    """The one writer of a record file; what was already written is not written again.

    After a crash, the lines that were cut short are taken off, and `last` says the entry and index
    up to which all is kept: the engine steps again from its snapshot, and `append` gives back only
    what is new.

    >>> import tempfile
    >>> from skypicket.domain.contracts import Tick
    >>> folder = tempfile.TemporaryDirectory()
    >>> record = Record.open(Path(folder.name) / "night.record")
    >>> len(record.append(7, [Tick(time_ns=1), Tick(time_ns=2)])), record.last
    (2, (7, 1))
    >>> record.close(); folder.cleanup()
    """

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self._lock = lock
        self._number, self._hash = 0, RECORD_GENESIS
        self._last = (0, -1)
        self._cursor = (0, 0)  # the entry that the engine is at, and the index of its next noun
        self._unwritten: list[bytes] = []
        self._unwritten_bytes = 0
        try:
            # Unbuffered, so that a failed write is seen here and at once.
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
            sync_folder(path.parent)
        except OSError as error:
            lock.release()
            raise InputError(f"Record {path} cannot be opened: {error.strerror}.") from error

    @classmethod
    def open(cls, path: Path) -> "Record":
        """Open a record to go on with it, or begin one.

        Raises:
            InputError: the file is no record, or cannot be opened.
            UnavailableError: another program writes it.
        """
        private_folder(path.parent)
        record = cls(path, FileLock(path.with_name(path.name + ".lock")))
        try:
            record._take_up()
        except InputError:
            record.close()
            raise
        return record

    def _take_up(self) -> None:
        """Find the last whole line; cut off what the last crash left behind it."""
        size = os.fstat(self._handle).st_size
        good_until, last = 0, None
        for offset, line in _lines_near_end(self._handle, size):
            spoken = _parse(line)
            if spoken is None or (last is not None and not _follows(last, spoken, line)):
                break
            good_until, last = offset + len(line), spoken
        if os.pread(self._handle, 10, 0) != b'{"number":'[:size]:
            raise InputError(f"{self.path} is no record of Skypicket. Name another file.")
        if last is None and size > _WINDOW_BYTES:
            raise InputError(
                f"Record {self.path} is damaged near its end. Run `skypicket verify {self.path}`, "
                "then move it away or restore it."
            )
        if good_until < size:
            self._cut(good_until, size)
        if last is not None:
            self._number, self._hash = last.number, last.hash
            self._last = (last.entry, last.index)

    def _cut(self, good_until: int, size: int) -> None:
        rest = os.pread(self._handle, size - good_until, good_until)
        if b"\n" in rest:  # more than a torn last line: keep it for those who ask what happened
            with self.path.with_name(self.path.name + ".cut").open("ab") as kept:
                kept.write(rest)
                kept.flush()
                os.fsync(kept.fileno())
        os.ftruncate(self._handle, good_until)
        os.fsync(self._handle)

    @property
    def last(self) -> tuple[int, int]:
        """Capture entry and index of the last line, (0, -1) before the first."""
        return self._last

    def append(self, entry_sequence: int, nouns: Sequence[Noun]) -> list[Noun]:
        """Add what was said because of an entry; gives back what was not in the record before.

        It is on disk after the next `flush`, or after 1 MiB.

        Raises:
            InputError: the entry lies before one that was already appended in this run.
            StorageFullError: the disk is full.
        """
        if entry_sequence < self._cursor[0]:
            raise InputError(
                f"Entry {entry_sequence} comes after entry {self._cursor[0]} in the record "
                f"{self.path}. Entries go in order."
            )
        index = self._cursor[1] if entry_sequence == self._cursor[0] else 0
        new: list[Noun] = []
        for place, noun in enumerate(nouns, index):
            if (entry_sequence, place) > self._last:
                self._add(entry_sequence, place, to_json(noun))
                new.append(noun)
        self._cursor = (entry_sequence, index + len(nouns))
        if self._unwritten_bytes >= MAX_UNSYNCED_BYTES:
            self.flush()
        return new

    def _add(self, entry: int, index: int, noun: bytes) -> None:
        number = self._number + 1
        body = b'{"number":%d,"entry":%d,"index":%d,"noun":%b' % (number, entry, index, noun)
        self._hash = hashlib.sha256(self._hash + body).digest()
        self._number, self._last = number, (entry, index)
        line = b'%b,"hash":"%b"}\n' % (body, self._hash.hex().encode())
        self._unwritten.append(line)
        self._unwritten_bytes += len(line)

    def flush(self) -> None:
        """Write and fsync what was appended.

        Raises:
            StorageFullError: it could not be written; it is kept for the next flush.
        """
        if not self._unwritten:
            return
        content = b"".join(self._unwritten)
        end = os.lseek(self._handle, 0, os.SEEK_END)
        try:
            _write_all(self._handle, content)
            os.fsync(self._handle)
        except OSError as error:
            os.ftruncate(self._handle, end)
            raise StorageFullError(
                f"Record {self.path} cannot be written: {error.strerror}. Free some space."
            ) from error
        self._unwritten.clear()
        self._unwritten_bytes = 0

    def checkpoint(self) -> bytes:
        """Number and hash of the last line as JSON, after a flush; keep it on another machine."""
        self.flush()
        return to_json(RecordCheckpoint(number=self._number, hash=self._hash.hex()))

    def close(self) -> None:
        """Flush and let go of the file."""
        try:
            self.flush()
        finally:
            os.close(self._handle)
            self._lock.release()


def _write_all(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _parse(line: bytes) -> Spoken | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    body, number, entry, index, digest = match.groups()
    return Spoken(
        number=int(number),
        entry=int(entry),
        index=int(index),
        noun=body[body.index(b'"noun":') + 7 :],
        hash=bytes.fromhex(digest.decode()),
    )


def _body(line: bytes) -> bytes:
    return line[: -len(b',"hash":""}\n') - 64]


def _follows(previous: Spoken, spoken: Spoken, line: bytes) -> bool:
    expected = hashlib.sha256(previous.hash + _body(line)).digest()
    return spoken.hash == expected and spoken.number == previous.number + 1


def _lines_near_end(handle: int, size: int) -> Iterator[tuple[int, bytes]]:
    """(offset, line) of the whole lines at the end: all that a crash can have torn, and one more.

    What was flushed is on disk; a flush is forced after 1 MiB, plus the nouns of one entry.
    """
    window = _WINDOW_BYTES
    while True:
        begin = max(0, size - window)
        content = os.pread(handle, size - begin, begin)
        first = 0 if begin == 0 else content.find(b"\n") + 1
        if begin == 0 or content.count(b"\n") > 1:
            break
        window *= 4
    while (end := content.find(b"\n", first)) >= 0:
        yield begin + first, content[first : end + 1]
        first = end + 1


def read_record(path: Path) -> Iterator[Spoken]:
    """The lines of a record, in order, as far as they are whole.

    Raises:
        InputError: there is no such file.
    """
    for _offset, line in _lines(path):
        spoken = _parse(line)
        if spoken is None:
            return
        yield spoken


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            offset = 0
            while line := file.readline(MAX_LINE_BYTES):
                yield offset, line
                offset += len(line)
    except OSError as error:
        raise InputError(f"Record {path} cannot be read: {error.strerror}.") from error


def verify_record(path: Path, checkpoint: bytes | None = None) -> list[Fault]:
    """Every line that is not as it was written; [] for a sound record.

    Any altered, added, moved or missing byte shows, but not lines missing at the end, nor a chain
    computed anew: those show against a checkpoint that was kept elsewhere.

    Raises:
        InputError: the file cannot be read, or the checkpoint is none.
    """
    known = _read_checkpoint(checkpoint)
    faults: list[Fault] = []
    number, digest = 0, RECORD_GENESIS
    at = RECORD_GENESIS if known and known.number == 0 else None
    for offset, line in _lines(path):
        number += 1
        place = f"line {number}, byte {offset}"
        spoken = _parse(line)
        expected = hashlib.sha256(digest + _body(line)).digest()
        if spoken is None or spoken.number != number:
            faults.append(Fault(file=path.name, place=place, what=_why_unread(line, spoken)))
        elif spoken.hash != expected:
            what = "it, or the line before it, was altered: its hash does not fit"
            faults.append(Fault(file=path.name, place=place, what=what))
        digest = spoken.hash if spoken is not None else expected
        if known is not None and known.number == number:
            at = digest
        if len(faults) >= _MANY_FAULTS:
            return faults
    return faults + _against_checkpoint(path, known, at, number)


def _why_unread(line: bytes, spoken: Spoken | None) -> str:
    if spoken is not None:
        return f"it says that it is line {spoken.number}: lines are missing, added or moved"
    if not line.endswith(b"\n"):
        return "it has no end: the file was cut short"
    return "it is no line of a record"


def _read_checkpoint(checkpoint: bytes | None) -> RecordCheckpoint | None:
    if checkpoint is None:
        return None
    try:
        return msgspec.json.decode(checkpoint, type=RecordCheckpoint)
    except msgspec.MsgspecError as error:
        raise InputError(f"That is no checkpoint of a record: {error}.") from error


def _against_checkpoint(
    path: Path, known: RecordCheckpoint | None, at: bytes | None, count: int
) -> list[Fault]:
    if known is None:
        return []
    place = f"line {known.number}"
    if at is None:
        what = f"the checkpoint knows {known.number} lines, and {count} are there"
        return [Fault(file=path.name, place=place, what=what)]
    if at.hex() != known.hash:
        what = "it has another hash than in the checkpoint: the record was written anew"
        return [Fault(file=path.name, place=place, what=what)]
    return []
