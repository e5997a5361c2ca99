"""Passwords: argon2id, two at a time, and the same time for a name that is not known."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from litestar.exceptions import ClientException

from skypicket.domain.errors import OverloadError

AT_ONCE = 2  # each takes 64 MiB and all cores that it gets
MOST_WAITING = 16
PATIENCE_S = 5.0
SHORTEST = 12
LONGEST = 1_024


class Passwords:
    """Hashes and checks passwords. It blocks: call it on a thread of its own.

    At most two at once; those who wait do so for a while, and not too many of them, so that a flood
    of logins costs the attacker's patience and not the server's memory.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._places = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    @contextmanager
    def _slot(self) -> Iterator[None]:
        busy = "Too many people sign in just now; try again."
        if not self._places.acquire(blocking=False):
            raise OverloadError(busy)
        try:
            if not self._slots.acquire(timeout=PATIENCE_S):
                raise OverloadError(busy)
            try:
                yield
            finally:
                self._slots.release()
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """The argon2id hash of a new password.

        Raises:
            ClientException: it is too short or too long.
            OverloadError: too many are at it.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise ClientException(
                f"A password has {SHORTEST} to {LONGEST} characters; this has {len(password)}. "
                "A sentence that you can remember is good."
            )
        with self._slot():
            return self._hasher.hash(password)

    def check(self, kept: str, password: str) -> bool:
        """Whether the password is that of the hash; "" is nobody's, and takes as long.

        Raises:
            OverloadError: too many are at it.
        """
        with self._slot():
            nobodys = self._nobodys  # made at the first check, whoever is checked
            try:
                self._hasher.verify(kept or nobodys, password[: LONGEST + 1])
            except (VerificationError, InvalidHashError):
                return False
        return bool(kept)
