"""The capture: all that enters, in one ordered, fsynced, hash-chained log."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import msgspec

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError, StorageFullError
from skypicket.store._disk import private_folder
from skypicket.store._sqlite import (
    close_to_one_file,
    open_for_writing,
    storage_error,
    tidy_up,
    transaction,
)
from skypicket.store.chain import GENESIS, Fault, RawEntry, Unwritten, chain_hash
from skypicket.store.lock import FileLock
from skypicket.store.pages import (
    Start,
    day_before,
    day_file,
    day_files,
    day_of,
    has_tables,
    insert,
    last_entry,
    open_started,
    read_start,
    write_start,
)
from skypicket.store.reader import CaptureReader
from skypicket.store.vault import Vault

_PROBE_BYTES = 64 * 1024
_ROOM = "CREATE TABLE IF NOT EXISTS room (filler BLOB NOT NULL) STRICT"
_FILL_ROOM = "INSERT INTO room VALUES (zeroblob(?))"


class Capture:
    """The one writer of a capture: a folder with a file per UTC day, or one single file.

    Sequences count from 1 without a gap, over files and restarts, and so does the hash chain.
    All methods may be called from any thread; reading never holds up writing.

    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> capture = Capture.open(Path(folder.name) / "night.capture", single=True)
    >>> said = Unwritten(kind="message", source="radar-1", received_ns=5, payload=b"plot")
    >>> [entry.sequence for entry in capture.append([said, said])]
    [1, 2]
    >>> [entry.payload for entry in capture.entries(after=1)]
    [b'plot']
    >>> capture.close(); folder.cleanup()
    """

    def __init__(self, path: Path, vault: Vault, lock: FileLock, *, single: bool) -> None:
        self.path = path
        self.vault = vault
        self._single = single
        self._file_lock = lock
        self._lock = threading.RLock()
        self._connection: apsw.Connection | None = None
        self._file: Path | None = None
        self._day = ""
        self._started = False  # whether the current file holds its tables
        self._head = (0, GENESIS)  # replaced as one, so that it is read without the lock
        self._last_received_ns = 0

    @classmethod
    def open(cls, path: Path, vault: Vault | None = None, *, single: bool = False) -> "Capture":
        """Open for writing, or begin: a folder of day files, or with `single` one file.

        Keys are in the vault given, which lives in `vault.sqlite` in the folder unless it names
        a place, and inside the file with `single`.

        Raises:
            InputError: what is there is no capture of ours, or is damaged.
            UnavailableError: another program writes it.
        """
        private_folder(path.parent if single else path)
        if single == path.is_dir():
            what = "a folder, not a file" if single else "a file, not a folder"
            raise InputError(f"{path} is {what}. Name another capture.")
        lock = FileLock(path.with_name(path.name + ".lock") if single else path / "capture.lock")
        capture = cls(path, vault or Vault(), lock, single=single)
        try:
            capture._take_up()
        except (InputError, StorageFullError):
            capture.close()
            raise
        return capture

    def _take_up(self) -> None:
        if not self._single:
            self.vault.open_beside(self.path)
            for path in day_files(self.path):
                tidy_up(path)
        for path in reversed([self.path] if self._single else day_files(self.path)):
            self._open_file(path)  # a file made just before a power cut may be blank: go on then
            if self._started:
                break
        if self._single and self._connection is not None:
            self.vault.open_inside(self._connection)

    def _open_file(self, path: Path) -> None:
        """Make `path` the current file, and take up its chain if it holds one."""
        connection = open_for_writing(path)
        if self._connection is not None:
            close_to_one_file(self._connection)
        self._connection, self._file, self._started = connection, path, has_tables(connection)
        if not self._started:
            return
        start, last = read_start(connection, path), last_entry(connection, path)
        self._day = start.day
        self._head = (start.first_sequence - 1, start.previous_hash)
        if last is not None:
            self._head = (last.sequence, last.hash)
            self._last_received_ns = last.received_ns

    @property
    def last_received_ns(self) -> int:
        """Receive time of the newest entry, 0 for none: the clock must not fall behind it."""
        return self._last_received_ns

    def head(self) -> tuple[int, bytes]:
        """Sequence and hash of the newest entry; (0, a fixed hash) before the first.

        It never waits for the disk.
        """
        return self._head

    def append(self, items: Sequence[Unwritten]) -> list[Entry]:
        """Write all items in one fsynced transaction, or none; they are safe when this returns.

        They go into the file of the first one's day; files never go back a day.

        Raises:
            StorageFullError: the disk is full or in trouble; nothing was written.
        """
        if not items:
            return []
        with self._lock:
            file = self._file or self.path
            try:
                self._roll_to(day_of(items[0].received_ns))
                assert self._connection is not None
                file = self._file or file
                raw = self._write(self._connection, items)
            except apsw.Error as error:
                self.vault.rolled_back()
                raise storage_error(file, error) from error
            except InputError as error:  # the new day's file is there already, and is not ours
                raise StorageFullError(f"The capture cannot go on: {error}") from error
            except StorageFullError:
                self.vault.rolled_back()
                raise
            self._started = True
            self._head = (raw[-1].sequence, raw[-1].hash)
            self._last_received_ns = raw[-1].received_ns
        return [_entry(item, stored) for item, stored in zip(items, raw, strict=True)]

    def _roll_to(self, day: str) -> None:
        """Begin the file of a new day, or stay in the current file."""
        if self._connection is not None and (self._single or (self._started and day <= self._day)):
            return
        if self._single:
            self._open_file(self.path)
        elif self._file != day_file(self.path, day):
            self._open_file(day_file(self.path, day))
        self._day = day

    def _write(self, connection: apsw.Connection, items: Sequence[Unwritten]) -> list[RawEntry]:
        with transaction(connection):
            if not self._started:
                sequence, previous = self._head
                first = Start(first_sequence=sequence + 1, previous_hash=previous, day=self._day)
                write_start(connection, first)
            raw = self._chained(items, self._sealed(items))
            insert(connection, raw)
        return raw

    def _sealed(self, items: Sequence[Unwritten]) -> list[tuple[str, bytes]]:
        if all(item.personal == "no" for item in items):
            return [("", item.payload) for item in items]
        day = day_of(items[0].received_ns) if self._single else self._day
        return self.vault.seal(items, day)

    def _chained(
        self, items: Sequence[Unwritten], sealed: Sequence[tuple[str, bytes]]
    ) -> list[RawEntry]:
        raw: list[RawEntry] = []
        last, previous = self._head
        numbered = enumerate(zip(items, sealed, strict=True), last + 1)
        for sequence, (item, (key_id, payload)) in numbered:
            entry = RawEntry(
                sequence=sequence,
                kind=item.kind,
                source=item.source,
                received_ns=item.received_ns,
                topic=item.topic,
                key_id=key_id,
                payload=payload,
                hash=b"",
            )
            previous = chain_hash(previous, entry)
            raw.append(msgspec.structs.replace(entry, hash=previous))
        return raw

    def probe(self) -> None:
        """Write and remove 64 KiB, to see whether there is room again.

        Raises:
            StorageFullError: there is none.
        """
        with self._lock:
            if self._connection is None:
                return
            try:
                self._connection.execute(_ROOM)
                with transaction(self._connection):
                    self._connection.execute(_FILL_ROOM, (_PROBE_BYTES,))
                self._connection.execute("DELETE FROM room")
            except apsw.Error as error:
                raise storage_error(self._file or self.path, error) from error

    def reader(self) -> CaptureReader:
        """A reader for another thread, with connections of its own."""
        return CaptureReader(self.path, None if self._single else self.vault.path)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries after a sequence, up to and with `until`, in the clear, in short reads."""
        if self.head()[0] <= after:
            return
        reader = self.reader()
        try:
            yield from reader.entries(after, until)
        finally:
            reader.close()

    def raw_entries(self, after: int = 0) -> Iterator[RawEntry]:
        """The entries as they are stored."""
        if self.head()[0] <= after:
            return
        reader = self.reader()
        try:
            yield from reader.raw_entries(after)
        finally:
            reader.close()

    def verify(self) -> list[Fault]:
        """Everything that is not as it was written."""
        reader = self.reader()
        try:
            return reader.verify()
        finally:
            reader.close()

    def erase(self, sequence: int) -> int:
        """Destroy the key of an entry; how many keys there were to destroy, 0 or 1.

        Under a daily key all entries of that source and day go with it.

        Raises:
            InputError: there is no such entry, or it is not encrypted.
            StorageFullError: the destruction is not on disk; erase again.
        """
        raw = next(self.raw_entries(after=sequence - 1), None) if sequence > 0 else None
        if raw is None or raw.sequence != sequence:
            raise InputError(f"There is no entry {sequence} in {self.path}.")
        if not raw.key_id:
            raise InputError(f"Entry {sequence} of {self.path} is not personal; it stays.")
        with self._lock:
            return self.vault.destroy([raw.key_id])

    def retain(self, days: int, now_ns: int) -> list[Path]:
        """Drop the day files that are older than `days` days, and their keys; which they were.

        The newest file stays whatever its age, because the chain goes on from it.
        """
        oldest_kept = day_before(now_ns, days)
        dropped: list[Path] = []
        with self._lock:
            files = [] if self._single else day_files(self.path)
            for path in files:
                if path == self._file or path >= day_file(self.path, oldest_kept):
                    break
                self._drop(path)
                dropped.append(path)
        return dropped

    def _drop(self, path: Path) -> None:
        opened = open_started(path)
        if opened is not None:
            connection = opened[0]
            found = connection.execute("SELECT DISTINCT key_id FROM entry WHERE key_id <> ''")
            keys = [str(row[0]) for row in found]
            connection.close()
            self.vault.destroy(keys)
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Checkpoint and let go; a single capture is then exactly one file."""
        with self._lock:
            self.vault.close()
            if self._connection is not None:
                close_to_one_file(self._connection)
            self._connection = None
            self._file_lock.release()


def _entry(item: Unwritten, stored: RawEntry) -> Entry:
    return Entry(
        sequence=stored.sequence,
        kind=item.kind,
        source=item.source,
        received_ns=item.received_ns,
        payload=item.payload,
        topic=item.topic,
        personal=item.personal != "no",
    )
