"""What the stages read: the newest entries from memory, older ones from the capture."""

import threading
import time
from collections import deque
from collections.abc import Sequence

from skypicket.domain.contracts import Entry
from skypicket.store.capture import Capture
from skypicket.store.reader import CaptureReader

MAX_ENTRIES = 20_000
MAX_BYTES = 32 * 1024 * 1024
_AT_ONCE = 1_024


class CaptureTail:
    """Follows a capture for one reader: memory stays bounded, and nothing is ever skipped.

    The writer's `on_commit` calls `push`; one other thread calls `next`. A reader that falls
    behind is served from disk until it has caught up.
    """

    def __init__(
        self, capture: Capture, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES
    ) -> None:
        self._capture = capture
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._newest: deque[Entry] = deque()
        self._bytes = 0
        self._head = capture.head()[0]
        self._changed = threading.Condition()
        self._closed = False
        self._reader: CaptureReader | None = None
        self.read_from_disk = 0  # entries that `next` had to fetch from the capture

    def push(self, entries: Sequence[Entry]) -> None:
        """Take up entries that were just committed; the oldest ones give way."""
        with self._changed:
            for entry in entries:
                self._newest.append(entry)
                self._bytes += len(entry.payload)
            while len(self._newest) > self._max_entries or self._bytes > self._max_bytes:
                self._bytes -= len(self._newest.popleft().payload)
            if entries:
                self._head = entries[-1].sequence
            self._changed.notify_all()

    @property
    def head(self) -> int:
        """Sequence of the newest committed entry."""
        with self._changed:
            return self._head

    def next(self, after_sequence: int, timeout_s: float) -> list[Entry]:
        """The entries after a sequence, in order, some at a time; [] if none came in time.

        Raises:
            InputError: the capture was damaged or dropped under the reader.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while self._head <= after_sequence and not self._closed:
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    break
            if self._head <= after_sequence:
                return []
            if self._newest and self._newest[0].sequence <= after_sequence + 1:
                skip = after_sequence + 1 - self._newest[0].sequence
                count = min(_AT_ONCE, len(self._newest) - skip)
                return [self._newest[skip + i] for i in range(count)]
        return self._from_disk(after_sequence)

    def _from_disk(self, after_sequence: int) -> list[Entry]:
        if self._reader is None:
            self._reader = self._capture.reader()
        page = self._reader.page(after_sequence)
        self.read_from_disk += len(page)
        return page

    def close(self) -> None:
        """Wake the reader for good, and let go of the files; call it when `next` is not running."""
        with self._changed:
            self._closed = True
            self._newest.clear()
            self._bytes = 0
            self._changed.notify_all()
        if self._reader is not None:
            self._reader.close()
            self._reader = None
