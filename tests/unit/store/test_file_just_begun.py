"""A day's file is opened to be read at the very moment that the writer begins it."""

from pathlib import Path
from typing import Any

import apsw

from skypicket.store._sqlite import _check_ours, open_for_writing


def test_a_file_that_is_being_begun_is_not_taken_for_a_foreign_one(tmp_path: Path) -> None:
    path = tmp_path / "capture-2025-07-29.sqlite"
    reading = apsw.Connection(str(path))
    statements: list[str] = []

    def begin_between(_: apsw.Cursor, statement: str, __: Any) -> bool:
        statements.append(statement)
        if len(statements) == 2:
            writing = open_for_writing(path)
            writing.execute("CREATE TABLE entry (sequence INTEGER PRIMARY KEY) STRICT")
            writing.close()
        return True

    reading.exec_trace = begin_between
    _check_ours(reading, path)
    assert len(statements) == 2
    reading.close()
