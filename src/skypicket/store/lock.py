"""One program at a time: a lock file that the operating system frees when its holder dies."""

import fcntl
import os
from pathlib import Path

from skypicket.domain.errors import UnavailableError


class FileLock:
    """Holds `path` locked until `release`, which also removes it.

    Raises:
        UnavailableError: another program holds it, or it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle = self._take()

    def _take(self) -> int:
        while True:
            handle = self._open()
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(handle)
                raise UnavailableError(
                    f"{self.path} is held by another program that writes this capture. "
                    "Stop that one, or choose another folder."
                ) from error
            if self._is_current(handle):
                return handle
            os.close(handle)  # the holder before us removed the file between our two steps

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UnavailableError(f"{self.path} cannot be made: {error.strerror}.") from error

    def _is_current(self, handle: int) -> bool:
        try:
            return os.stat(self.path).st_ino == os.fstat(handle).st_ino  # noqa: PTH116 - beside fstat
        except FileNotFoundError:
            return False

    def release(self) -> None:
        """Free it for the next one."""
        if self._handle >= 0:
            self.path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1
