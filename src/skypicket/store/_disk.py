"""Folders and files as the store makes them: for their owner alone, and there after a power cut."""

import os
from pathlib import Path

from skypicket.domain.errors import InputError

OWNER_ONLY = 0o600


def private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter.

    Raises:
        InputError: it cannot be made.
    """
    if path.is_dir():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise InputError(f"Folder {path} cannot be made: {error.strerror}.") from error


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk; a file alone, synchronised, may still lose its name.

    Raises:
        OSError: it cannot be done.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
