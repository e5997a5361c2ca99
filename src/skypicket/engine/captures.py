"""Opening a capture to read it, wherever it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from skypicket.domain.errors import InputError
from skypicket.store.reader import CaptureReader


def make_folder(path: Path) -> None:
    """Make a folder for what is to be written, if it is not there.

    Raises:
        InputError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {path} cannot be made: {error.strerror}.") from error


@contextmanager
def open_capture(path: Path) -> Iterator[CaptureReader]:
    """A capture to read: a file, a folder of day files, or a system's state folder.

    Raises:
        InputError: there is none.
    """
    if not path.exists():
        raise InputError(f"{path} does not exist. Name a capture file or a state folder.")
    inside = path / "capture"
    capture = CaptureReader(inside if inside.is_dir() else path)
    try:
        yield capture
    finally:
        capture.close()
