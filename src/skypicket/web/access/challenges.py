"""Challenges that the server can tell as its own without keeping them, each good once and briefly.

    nonce (16 bytes) ‖ UTC milliseconds (8, big-endian) ‖ HMAC-SHA-256 over purpose and both (24)

Asking for many costs nobody else theirs, because only those that came back are remembered.
"""

import hmac
import threading
from collections.abc import Callable
from secrets import token_bytes

NS_PER_MS = 1_000_000
LIFETIME_MS = 180_000
NONCE_BYTES = 16
STAMP_BYTES = 8
MAC_BYTES = 24


class Challenges:
    """Makes challenges for a purpose and takes each back once, within three minutes.

    A purpose names what the answer is for, and the session that asked; the answer to one is no
    answer to another. The key dies with the server.
    """

    def __init__(
        self, clock: Callable[[], int], random_bytes: Callable[[int], bytes] = token_bytes
    ) -> None:
        self._clock = clock
        self._random_bytes = random_bytes
        self._key = random_bytes(32)
        self._lock = threading.Lock()
        self._taken: dict[bytes, int] = {}

    def new(self, purpose: str) -> bytes:
        """A fresh challenge, 48 bytes."""
        stamp = self._now_ms().to_bytes(STAMP_BYTES, "big")
        head = self._random_bytes(NONCE_BYTES) + stamp
        return head + self._mac(purpose, head)

    def take(self, purpose: str, challenge: bytes) -> bool:
        """Whether this is a challenge of ours for this purpose, fresh, and not taken before."""
        head, mac = challenge[: NONCE_BYTES + STAMP_BYTES], challenge[NONCE_BYTES + STAMP_BYTES :]
        if not hmac.compare_digest(mac, self._mac(purpose, head)):
            return False
        made_ms = int.from_bytes(head[NONCE_BYTES:], "big")
        now_ms = self._now_ms()
        if not 0 <= now_ms - made_ms < LIFETIME_MS:
            return False
        with self._lock:
            self._taken = {k: ms for k, ms in self._taken.items() if now_ms - ms < LIFETIME_MS}
            if challenge in self._taken:
                return False
            self._taken[challenge] = made_ms
        return True

    def derived(self, label: str, challenge: bytes) -> bytes:
        """32 bytes that only this server can make from a challenge."""
        return hmac.digest(self._key, b"derived\0" + label.encode() + b"\0" + challenge, "sha256")

    def _now_ms(self) -> int:
        return self._clock() // NS_PER_MS

    def _mac(self, purpose: str, head: bytes) -> bytes:
        said = b"challenge\0" + head + b"\0" + purpose.encode()
        return hmac.digest(self._key, said, "sha256")[:MAC_BYTES]
