"""One capture file: its tables, how entries are written into it, and how pages are read."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import apsw
import msgspec

from skypicket.domain.contracts import EntryKind
from skypicket.domain.errors import InputError
from skypicket.domain.times import NS_PER_DAY, zulu
from skypicket.store._sqlite import open_for_reading
from skypicket.store.chain import RawEntry

PAGE_ENTRIES = 512
PAGE_BYTES = 4 * 1024 * 1024
# Each step of SQLite lets go of the GIL, and a busy thread keeps it for 5 ms: so few steps, of many
# rows, in a few sizes so that their statements stay prepared.
_ROWS_PER_STEP = (64, 32, 16, 8, 4, 2, 1)
_PREFIX, _SUFFIX = "capture-", ".sqlite"

SCHEMA = """
CREATE TABLE start (
    first_sequence INTEGER NOT NULL, previous_hash BLOB NOT NULL, day TEXT NOT NULL
) STRICT;
CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    received_ns INTEGER NOT NULL,
    topic TEXT NOT NULL,
    key_id TEXT NOT NULL,
    payload BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
"""
_COLUMNS = "sequence, kind, source, received_ns, topic, key_id, payload, hash"
_ONE_ROW = "(?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT = f"INSERT INTO entry ({_COLUMNS}) VALUES "  # noqa: S608 - constants only


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """Where a capture file takes up the chain: its first sequence, and the hash before it."""

    first_sequence: int
    previous_hash: bytes
    day: str


def day_of(received_ns: int) -> str:
    """The UTC day of a time, as the file names carry it.

    >>> day_of(1_753_667_760_000_000_000)
    '2025-07-28'
    """
    return zulu(received_ns)[:10]


def day_before(now_ns: int, days: int) -> str:
    """The UTC day that lies `days` days before that of `now_ns`."""
    return day_of(max(now_ns - days * NS_PER_DAY, 0))


def day_file(folder: Path, day: str) -> Path:
    """The file of one day."""
    return folder / f"{_PREFIX}{day}{_SUFFIX}"


def day_files(folder: Path) -> list[Path]:
    """The day files of a folder, oldest first."""
    return sorted(folder.glob(f"{_PREFIX}????-??-??{_SUFFIX}"))


def has_tables(connection: apsw.Connection) -> bool:
    """Whether the file holds entries; a file made just before a power cut may still be blank.

    Raises:
        InputError: the file is damaged.
    """
    try:
        return connection.table_exists("main", "start")
    except apsw.Error as error:
        raise InputError(f"{connection.filename} is damaged: {error}.") from error


def read_start(connection: apsw.Connection, path: Path) -> Start:
    """Where the file takes up the chain.

    Raises:
        InputError: it does not say, so it is no capture.
    """
    try:
        row = connection.execute("SELECT first_sequence, previous_hash, day FROM start").get
    except apsw.Error as error:
        raise InputError(f"{path} is no capture, or is damaged: {error}.") from error
    if row is None:
        raise InputError(f"{path} is damaged: it does not say where its chain starts.")
    first, previous, day = row
    return Start(first_sequence=first, previous_hash=previous, day=day)


def write_start(connection: apsw.Connection, start: Start) -> None:
    """Make the tables, and say where the file takes up the chain."""
    connection.execute(SCHEMA)
    row = (start.first_sequence, start.previous_hash, start.day)
    connection.execute("INSERT INTO start VALUES (?, ?, ?)", row)


def insert(connection: apsw.Connection, entries: Sequence[RawEntry]) -> None:
    """Write entries, many to a step."""
    begin = 0
    for rows in _ROWS_PER_STEP:
        sql = _INSERT + ", ".join([_ONE_ROW] * rows)
        while len(entries) - begin >= rows:
            values: list[object] = []
            for entry in entries[begin : begin + rows]:
                values += _values(entry)
            connection.execute(sql, values)
            begin += rows


def _values(entry: RawEntry) -> tuple[object, ...]:
    return (
        entry.sequence,
        entry.kind,
        entry.source,
        entry.received_ns,
        entry.topic,
        entry.key_id,
        entry.payload,
        entry.hash,
    )


def read_page(connection: apsw.Connection, after: int, path: Path) -> list[RawEntry]:
    """The entries after a sequence, at most 512 of them or 4 MiB; [] at the end of the file.

    The read ends with the call, so that the write-ahead log can be checkpointed.

    Raises:
        InputError: the file is damaged.
    """
    page: list[RawEntry] = []
    size = 0
    sql = f"SELECT {_COLUMNS} FROM entry WHERE sequence > ? ORDER BY sequence LIMIT ?"  # noqa: S608
    cursor = connection.cursor()
    try:
        for row in cursor.execute(sql, (after, PAGE_ENTRIES)):
            page.append(_raw(row))
            size += len(page[-1].payload)
            if size > PAGE_BYTES:
                break
    except apsw.Error as error:
        raise InputError(f"{path} is damaged after entry {after}: {error}.") from error
    finally:
        cursor.close(True)
    return page


def last_entry(connection: apsw.Connection, path: Path) -> RawEntry | None:
    """The newest entry of the file.

    Raises:
        InputError: the file is damaged.
    """
    sql = f"SELECT {_COLUMNS} FROM entry ORDER BY sequence DESC LIMIT 1"  # noqa: S608
    try:
        row = connection.execute(sql).get
    except apsw.Error as error:
        raise InputError(f"{path} is damaged at its end: {error}.") from error
    return None if row is None else _raw(cast("tuple[object, ...]", row))


def _raw(row: tuple[object, ...]) -> RawEntry:
    sequence, kind, source, received_ns, topic, key_id, payload, digest = row
    return RawEntry(
        sequence=cast("int", sequence),
        kind=cast("EntryKind", kind),
        source=cast("str", source),
        received_ns=cast("int", received_ns),
        topic=cast("str", topic),
        key_id=cast("str", key_id),
        payload=cast("bytes", payload),
        hash=cast("bytes", digest),
    )


def open_started(path: Path) -> tuple[apsw.Connection, Start] | None:
    """A reading connection and the start of a file; None while the file is still blank."""
    connection = open_for_reading(path)
    try:
        if has_tables(connection):
            return connection, read_start(connection, path)
    except InputError:
        connection.close()
        raise
    connection.close()
    return None
