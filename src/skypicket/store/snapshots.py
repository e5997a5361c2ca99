"""Snapshots of the engine's state, so that a restart need not begin at the first entry."""

import hashlib
import os
from pathlib import Path

from skypicket.domain.errors import StorageFullError
from skypicket.store._disk import OWNER_ONLY, private_folder, sync_folder

_MAGIC = b"skypicket snapshot 1\n"
_SUFFIX = ".snapshot"


class Snapshots:
    """A folder of snapshots by capture sequence, for one version of the code and configuration.

    A snapshot is written beside, fsynced and renamed: it is there whole, or not at all. The newest
    `keep` are kept, so that there is one to fall back on.
    """

    def __init__(self, folder: Path, version: str, keep: int = 2) -> None:
        private_folder(folder)
        self._folder = folder
        self._version = version.encode()
        self._keep = keep

    def write(self, sequence: int, state: bytes) -> None:
        """Keep the state after an entry.

        Raises:
            StorageFullError: it cannot be written; the older ones are still there.
        """
        path = self._path(sequence)
        beside = path.with_suffix(".part")
        try:
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
            with os.fdopen(handle, "wb") as file:
                file.write(self._framed(sequence, state))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            sync_folder(self._folder)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise StorageFullError(f"Snapshot {path} cannot be written: {error}.") from error
        for old in self._paths()[: -self._keep]:
            old.unlink(missing_ok=True)

    def newest(self, up_to: int | None = None) -> tuple[int, bytes] | None:
        """(sequence, state) of the newest sound snapshot of this version, at most `up_to`."""
        for path in reversed(self._paths()):
            sequence = int(path.stem)
            if up_to is not None and sequence > up_to:
                continue
            state = self._read(path, sequence)
            if state is not None:
                return sequence, state
        return None

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.glob(f"*{_SUFFIX}") if path.stem.isdigit())

    def _path(self, sequence: int) -> Path:
        return self._folder / f"{sequence:020d}{_SUFFIX}"

    def _framed(self, sequence: int, state: bytes) -> bytes:
        head = b"%b%d\n%b\n" % (_MAGIC, sequence, self._version)
        return hashlib.sha256(head + state).digest() + head + state

    def _read(self, path: Path, sequence: int) -> bytes | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        head = b"%b%d\n%b\n" % (_MAGIC, sequence, self._version)
        state = content[32 + len(head) :]
        return state if content == self._framed(sequence, state) else None
