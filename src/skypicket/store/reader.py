"""Reads a capture, page by page, also while another thread or program writes it."""

from collections.abc import Iterator
from pathlib import Path

import apsw

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError
from skypicket.store.chain import GENESIS, Fault, RawEntry, chain_hash
from skypicket.store.pages import Start, day_files, last_entry, open_started, read_page
from skypicket.store.vault import KeyReader

_MANY_FAULTS = 100  # a list that no one reads to the end helps no one


class CaptureReader:
    """A capture opened for reading: a folder of day files, or one single file.

    Each page is a short read of its own. Not for two threads at once: each opens its own. Keys
    come from `vault`, else from the single file itself, else from `vault.sqlite` in or beside the
    folder; entries without a key are given as erased.

    Raises:
        InputError: there is no such capture, or it is not ours.
    """

    def __init__(self, path: Path, vault: Path | None = None) -> None:
        if not path.exists():
            raise InputError(f"There is no capture {path}.")
        self.path = path
        self._vault_path = vault
        self._file: Path | None = None
        self._connection: apsw.Connection | None = None
        self._keys: KeyReader | None = None

    def files(self) -> list[Path]:
        """The files of the capture, oldest first."""
        return day_files(self.path) if self.path.is_dir() else [self.path]

    def page(self, after: int) -> list[Entry]:
        """The next entries after a sequence, in the clear; [] when there is none yet.

        Raises:
            InputError: entries are missing, or an encrypted one was altered.
        """
        raw = self.raw_page(after)
        if not raw:
            return []
        keys = self._key_reader()
        return [_clear(entry, keys, self.path) for entry in raw]

    def raw_page(self, after: int) -> list[RawEntry]:
        """The next entries as they are stored; [] when there is none yet."""
        page = self._read_current(after)
        if page or not self.path.is_dir():
            return page
        for following in self._files_following():
            # The file that was just found empty may have grown before the next one was begun.
            page = self._read_current(after)
            if page:
                return page
            start = self._switch_to(following)
            if start is None:
                continue
            if after and start.first_sequence > after + 1:
                raise InputError(
                    f"Entries {after + 1} to {start.first_sequence - 1} are missing "
                    f"from {self.path}. Run `skypicket verify {self.path}`."
                )
            return self._read_current(after)
        return []

    def _read_current(self, after: int) -> list[RawEntry]:
        if self._connection is None or self._file is None:
            first = self._file_holding(after)
            if first is None or self._switch_to(first) is None:
                return []
        assert self._connection is not None
        assert self._file is not None
        return read_page(self._connection, after, self._file)

    def _file_holding(self, after: int) -> Path | None:
        """The newest file that starts at or before the wanted entry, else the oldest."""
        oldest = None
        for path in reversed(self.files()):
            opened = open_started(path)
            if opened is None:
                continue
            opened[0].close()
            oldest = path
            if opened[1].first_sequence <= after + 1:
                break
        return oldest

    def _files_following(self) -> list[Path]:
        return [path for path in self.files() if self._file is not None and path > self._file]

    def _switch_to(self, path: Path) -> Start | None:
        opened = open_started(path)
        if opened is None:
            return None
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file = opened[0], path
        return opened[1]

    def _key_reader(self) -> KeyReader | None:
        if self._keys is not None:
            return self._keys
        if not self.path.is_dir():
            assert self._connection is not None
            if self._vault_path is None:
                if self._connection.table_exists("main", "key"):
                    self._keys = KeyReader(self._connection)
                return self._keys
        beside = (self.path / "vault.sqlite", self.path.parent / "vault.sqlite")
        places = (self._vault_path,) if self._vault_path else beside
        found = next((place for place in places if place.is_file()), None)
        self._keys = KeyReader.of_file(found) if found else None
        return self._keys

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries after a sequence, up to and with `until`, in the clear and in order."""
        while page := self.page(after):
            for entry in page:
                if until is not None and entry.sequence > until:
                    return
                yield entry
            after = page[-1].sequence

    def raw_entries(self, after: int = 0) -> Iterator[RawEntry]:
        """The entries as they are stored: what is personal stays encrypted."""
        while page := self.raw_page(after):
            yield from page
            after = page[-1].sequence

    def head(self) -> tuple[int, bytes]:
        """Sequence and hash of the newest entry; what a checkpoint kept outside holds."""
        for path in reversed(self.files()):
            opened = open_started(path)
            if opened is None:
                continue
            connection, start = opened
            last = last_entry(connection, path)
            connection.close()
            if last is not None:
                return last.sequence, last.hash
            return start.first_sequence - 1, start.previous_hash
        return 0, GENESIS

    def verify(self) -> list[Fault]:
        """Everything that is not as it was written; an empty list for a sound capture."""
        faults: list[Fault] = []
        expected: tuple[int, bytes] | None = None
        for path in self.files():
            expected = _verify_file(path, expected, faults)
            if len(faults) >= _MANY_FAULTS:
                break
        return faults

    def close(self) -> None:
        """Let go of the files."""
        if self._keys is not None and not self._shares_connection():
            self._keys.close()
        if self._connection is not None:
            self._connection.close()
        self._keys = self._connection = self._file = None

    def _shares_connection(self) -> bool:
        return not self.path.is_dir() and self._vault_path is None


def _clear(raw: RawEntry, keys: KeyReader | None, where: Path) -> Entry:
    if keys is not None:
        return keys.clear(raw, where)
    erased = bool(raw.key_id)
    return Entry(
        sequence=raw.sequence,
        kind=raw.kind,
        source=raw.source,
        received_ns=raw.received_ns,
        payload=b"" if erased else raw.payload,
        topic=raw.topic,
        personal=erased,
        erased=erased,
    )


def _verify_file(
    path: Path, expected: tuple[int, bytes] | None, faults: list[Fault]
) -> tuple[int, bytes] | None:
    """Check one file against the (next sequence, previous hash) expected; give those after it."""
    try:
        opened = open_started(path)
        if opened is None:
            return expected
        connection, start = opened
        try:
            damage = connection.pragma("integrity_check")
            if damage != "ok":
                faults.append(Fault(file=path.name, place="database", what=str(damage)))
            return _verify_chain(connection, start, path, (expected, faults))
        finally:
            connection.close()
    except (InputError, apsw.Error) as error:
        faults.append(Fault(file=path.name, place="database", what=str(error)))
        return None


def _verify_chain(
    connection: apsw.Connection,
    start: Start,
    path: Path,
    known: tuple[tuple[int, bytes] | None, list[Fault]],
) -> tuple[int, bytes]:
    expected, faults = known
    sequence, previous = start.first_sequence, start.previous_hash
    if expected is None and sequence == 1:
        expected = (1, GENESIS)
    if expected is not None and expected != (sequence, previous):
        what = f"it starts at entry {sequence}, and does not continue entry {expected[0] - 1}"
        faults.append(Fault(file=path.name, place="start", what=what))
    while page := read_page(connection, sequence - 1, path):
        for entry in page:
            place = f"entry {entry.sequence}"
            if entry.sequence != sequence:
                what = f"entries {sequence} to {entry.sequence - 1} are missing"
                faults.append(Fault(file=path.name, place=place, what=what))
            elif chain_hash(previous, entry) != entry.hash:
                what = "its content, or that of an entry before it, was altered"
                faults.append(Fault(file=path.name, place=place, what=what))
            sequence, previous = entry.sequence + 1, entry.hash
            if len(faults) >= _MANY_FAULTS:
                return sequence, previous
    return sequence, previous
