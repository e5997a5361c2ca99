"""Which entry of a capture was the newest at a time."""

from pathlib import Path

import apsw

from skypicket.domain.errors import InputError
from skypicket.store.pages import day_files, open_started


def sequence_at(capture: Path, time_ns: int) -> int:
    """The sequence of the last entry received by then; 0 before the first.

    Receipts never go back within a capture, so that a dozen looks into one day file are enough.

    Raises:
        InputError: a file is damaged.
    """
    files = day_files(capture) if capture.is_dir() else [capture]
    for path in reversed(files):
        opened = open_started(path)
        if opened is None:
            continue
        connection, start = opened
        try:
            found = _in_file(connection, start.first_sequence, time_ns)
        except apsw.Error as error:
            raise InputError(f"{path} is damaged: {error}.") from error
        finally:
            connection.close()
        if found is not None:
            return found
    return 0


def _in_file(connection: apsw.Connection, first: int, time_ns: int) -> int | None:
    """The last entry of the file received by then; None if even its first came later."""
    last = connection.execute("SELECT max(sequence) FROM entry").get
    if last is None or _received_ns(connection, first) > time_ns:
        return None
    low, high = first, int(last)
    while low < high:  # the entry at `low` was received by then
        middle = (low + high + 1) // 2
        if _received_ns(connection, middle) <= time_ns:
            low = middle
        else:
            high = middle - 1
    return low


def _received_ns(connection: apsw.Connection, sequence: int) -> int:
    sql = "SELECT received_ns FROM entry WHERE sequence = ?"
    return int(connection.execute(sql, (sequence,)).get)
