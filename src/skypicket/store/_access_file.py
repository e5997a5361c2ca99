"""The file of who has access: one SQLite file, read and written by a server and its commands."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw

from skypicket.domain.errors import InputError
from skypicket.store._sqlite import (
    close_to_one_file,
    open_for_writing,
    storage_error,
    transaction,
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL,
    clearance TEXT NOT NULL,
    created_ns INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    password TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS account_by_subject ON account (subject) WHERE subject <> '';
CREATE TABLE IF NOT EXISTS passkey (
    credential_id BLOB PRIMARY KEY,
    account TEXT NOT NULL,
    public_key BLOB NOT NULL,
    sign_count INTEGER NOT NULL,
    created_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS session (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_ns INTEGER NOT NULL,
    seen_ns INTEGER NOT NULL,
    step_up_until_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS link (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    roles TEXT NOT NULL,
    clearance TEXT NOT NULL,
    ends_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS token (
    digest TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    created_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS token_use (
    digest TEXT PRIMARY KEY,
    used_ns INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS note (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS audit (
    number INTEGER PRIMARY KEY,
    time_ns INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    whom TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS audit_of_sign_ins ON audit (whom, time_ns)
    WHERE what GLOB 'session opened by *';
"""

Row = tuple[Any, ...]


class AccessFile:
    """A connection that writes and one that reads; without a path, both are one, in memory.

    Reading never waits for a writer: it happens with every request, on the server's own thread.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path or Path("memory")
        self._writing = threading.RLock()
        self._writer = apsw.Connection(":memory:") if path is None else open_for_writing(path)
        self._run(_SCHEMA)
        self._reading: threading.Lock | threading.RLock = self._writing
        self._reader = self._writer
        if path is not None:
            self._reading = threading.Lock()
            self._reader = open_for_writing(path)
            self._reader.pragma("query_only", 1)

    def read(self, sql: str, *values: object) -> list[Row]:
        """The rows of a query.

        Raises:
            InputError: the file cannot be read.
        """
        try:
            with self._reading:
                return list(self._reader.execute(sql, values))
        except apsw.Error as error:
            raise InputError(f"{self.path} cannot be read: {error}.") from error

    def write(self, sql: str, *values: object) -> list[Row]:
        """Change something; on disk when this returns, or with the transaction around it.

        Raises:
            StorageFullError: it cannot be written.
        """
        with self.together():
            return self._run(sql, *values)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """All that is written inside is one transaction.

        Raises:
            StorageFullError: it cannot be written.
        """
        try:
            with self._writing, transaction(self._writer):
                yield
        except apsw.Error as error:
            raise storage_error(self.path, error) from error

    def _run(self, sql: str, *values: object) -> list[Row]:
        return list(self._writer.execute(sql, values or None))

    def close(self) -> None:
        """Close both connections; the file then stands alone, unless another program has it."""
        with self._writing:
            if self._reader is not self._writer:
                self._reader.close()
            close_to_one_file(self._writer)
