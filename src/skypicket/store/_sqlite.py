"""SQLite as the store uses it: private files, one transaction at a time, errors in our words."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import apsw

from skypicket.domain.errors import InputError, StorageFullError
from skypicket.store._disk import OWNER_ONLY

APPLICATION_ID = 0x534B5950  # "SKYP" in the header of every file of ours
BUSY_TIMEOUT_MS = 5_000
WAL_LIMIT_BYTES = 64 * 1024 * 1024


def open_for_writing(path: Path) -> apsw.Connection:
    """A connection in WAL mode with `synchronous=FULL`; makes the file, readable by its owner only.

    Raises:
        InputError: the file is not ours, or is damaged.
        StorageFullError: it cannot be made.
    """
    try:
        # SQLite gives -wal and -shm the mode of the file, so that one must be right from the start.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    except (OSError, apsw.Error) as error:
        raise StorageFullError(f"{path} cannot be opened for writing: {error}.") from error
    try:
        _set_up(connection, path)
    except apsw.Error as error:
        connection.close(True)
        raise _opening_error(path, error) from error
    except InputError:
        connection.close(True)
        raise
    return connection


def _set_up(connection: apsw.Connection, path: Path) -> None:
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    _check_ours(connection, path)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.pragma("secure_delete", 1)
    connection.pragma("journal_size_limit", WAL_LIMIT_BYTES)
    if connection.pragma("application_id") == 0:
        connection.pragma("application_id", APPLICATION_ID)


def open_for_reading(path: Path) -> apsw.Connection:
    """A connection that only reads, and leaves the file as it was when it closes.

    Raises:
        InputError: there is no such file, it is not ours, or it is damaged.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    connection = None
    try:
        # Opened for writing, because a write-ahead log left by a kill can otherwise not be read.
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        connection.pragma("query_only", 1)
        _check_ours(connection, path)
    except apsw.Error as error:
        if connection is not None:
            connection.close(True)
        raise _opening_error(path, error) from error
    except InputError:
        if connection is not None:
            connection.close(True)
        raise
    return connection


def _check_ours(connection: apsw.Connection, path: Path) -> None:
    # In this order, because whoever begins a file marks it before making its tables.
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    found = connection.pragma("application_id")
    if found == APPLICATION_ID or (found == 0 and tables == 0):
        return
    raise InputError(f"{path} is a database, but none of Skypicket's. Name another file.")


def _opening_error(path: Path, error: apsw.Error) -> InputError:
    if isinstance(error, apsw.NotADBError):
        return InputError(f"{path} is no capture: no SQLite file, or its head is damaged.")
    return InputError(f"{path} cannot be read: {error}.")


def close_to_one_file(connection: apsw.Connection) -> None:
    """Close; the file then holds everything, with no log beside it, unless a reader holds it."""
    with contextlib.suppress(apsw.BusyError, apsw.FullError, apsw.IOError):
        connection.set_busy_timeout(200)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        connection.pragma("journal_mode", "delete")
    connection.close()


def tidy_up(path: Path) -> None:
    """Fold a write-ahead log that a kill or a slow reader left into its file."""
    if path.with_name(path.name + "-wal").exists():
        close_to_one_file(open_for_writing(path))


@contextlib.contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """All or nothing, on disk at the end; inside another transaction it is a part of that one."""
    if not connection.get_autocommit():
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if not connection.get_autocommit():  # SQLite rolls back by itself on some errors
            connection.execute("ROLLBACK")


def storage_error(path: Path, error: Exception) -> StorageFullError:
    """What a failed write is called; the message says the cause in plain words."""
    if isinstance(error, apsw.FullError):
        cause = "the disk is full; free some space, writing resumes by itself"
    elif isinstance(error, apsw.BusyError | apsw.LockedError):
        cause = "another program holds the file; close it"
    else:
        cause = f"the disk or the file is in trouble ({error})"
    return StorageFullError(f"{path} cannot be written: {cause}.")
