"""Takes what arrives, stamps it, commits it in groups, and only then acknowledges."""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from skypicket.domain.contracts import Clock, Entry, EntryKind, Message
from skypicket.domain.errors import StorageFullError, UnavailableError
from skypicket.store.capture import Capture
from skypicket.store.chain import Unwritten
from skypicket.store.queue import (
    BoundedQueue,
    Pending,
    Settling,
    SourceCounts,
    SourcePolicy,
    WriterSettings,
    settle,
)

_PAUSE_PER_COMMIT = 4.0  # so that under load at most a fifth of the time goes into fsync
_LOOK_ROUND_S = 0.5  # the longest wait without looking whether to stop


class WriterState(msgspec.Struct, frozen=True, kw_only=True):
    """How the writer is: `text` says in plain words what is wrong, "" for nothing."""

    state: Literal["running", "full", "stopped"]
    text: str = ""
    queued: int = 0
    queued_bytes: int = 0
    commits: int = 0
    sequence: int = 0


def _no_one(_entries: Sequence[Entry]) -> None:
    """The default of `on_commit`."""


class CaptureWriter:
    """A thread that owns the writing of a capture; it is the `Intake` that links hand into.

    A message is stamped when it is accepted, with a time that never goes back. After each commit
    `on_commit` is called in this thread with the entries, then those who wait are told. When the
    disk is full nothing is acknowledged, new messages are refused, those already taken that no one
    waits for are kept, and a small probe finds out when there is room again.
    """

    def __init__(
        self,
        capture: Capture,
        clock: Clock,
        on_commit: Callable[[list[Entry]], None] = _no_one,
        *,
        policies: Mapping[str, SourcePolicy] | None = None,
        settings: WriterSettings | None = None,
    ) -> None:
        self._capture = capture
        self._clock = clock
        self._on_commit = on_commit
        self._settings = settings or WriterSettings()
        self._queue = BoundedQueue(self._settings, policies or {})
        self._changed = threading.Condition()
        self._state: Literal["running", "full", "stopped"] = "stopped"
        self._text = "not started"
        self._stopping = False
        self._last_ns = capture.last_received_ns
        self._commits, self._commit_s = 0, 0.0
        self._in_hand: list[Pending] = []  # on disk, but not told to who waits
        self._thread = threading.Thread(target=self._run, name="capture-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        with self._changed:
            self._state, self._text = "running", ""
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> int:
        """Write what was taken, then end; how many messages could not be written (disk full)."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        with self._changed:
            return len(self._queue)

    @property
    def state(self) -> WriterState:
        """How the writer is now."""
        sequence = self._capture.head()[0]
        with self._changed:
            return WriterState(
                state=self._state,
                text=self._text,
                queued=len(self._queue),
                queued_bytes=self._queue.bytes,
                commits=self._commits,
                sequence=sequence,
            )

    def counts(self) -> tuple[SourceCounts, ...]:
        """What came from each source."""
        with self._changed:
            return self._queue.all_counts()

    def offer(self, message: Message) -> None:
        """Take the message; it will be captured. See `Intake`.

        Raises:
            OverloadError: the queue is full; that was counted.
            StorageFullError: the capture cannot be written.
        """
        self._accept("message", message, None)

    async def deliver(self, message: Message) -> int:
        """Take the message; its capture sequence, once it is safely on disk. See `Intake`.

        Raises: as `offer`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()
        self._accept("message", message, Settling(future, loop))
        return await future

    def submit(self, kind: EntryKind, message: Message) -> "concurrent.futures.Future[int]":
        """Take a tick, an operator's act, a configuration; the future gives its sequence.

        Raises: as `offer`.
        """
        future: concurrent.futures.Future[int] = concurrent.futures.Future()
        self._accept(kind, message, Settling(future, None))
        return future

    def _accept(self, kind: EntryKind, message: Message, settling: Settling | None) -> None:
        with self._changed:
            if self._state != "running" or self._stopping:
                self._queue.counts(message.source).refused += 1
                if self._state == "full":
                    raise StorageFullError(self._text)
                raise UnavailableError(f"The capture writer is stopped: {self._text}.")
            self._queue.check_room(message.source, len(message.payload))
            self._last_ns = max(self._last_ns, self._clock())
            item = Unwritten(
                kind=kind,
                source=message.source,
                received_ns=self._last_ns,
                payload=message.payload,
                topic=message.topic,
                personal=self._queue.policy(message.source).personal,
            )
            self._queue.add(Pending(item, settling))
            if len(self._queue) in (1, self._settings.max_commit_messages):
                self._changed.notify_all()

    def _run(self) -> None:
        try:
            while (batch := self._gather()) and self._commit(batch):
                self._in_hand = []
        finally:
            self._end()

    def _gather(self) -> list[Pending]:
        """The next group; [] when it is time to end."""
        pause_s = min(self._settings.gather_s, _PAUSE_PER_COMMIT * self._commit_s)
        not_before = time.monotonic() + pause_s
        with self._changed:
            while not len(self._queue):
                if self._stopping:
                    return []
                self._changed.wait(_LOOK_ROUND_S)
            most = self._settings.max_commit_messages
            while len(self._queue) < most and not self._stopping:
                left = not_before - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            return self._queue.take(most)

    def _commit(self, batch: list[Pending]) -> bool:
        """Write a group, and tell who waits; False when it is time to end with a full disk."""
        begin = time.monotonic()
        try:
            entries = self._capture.append([pending.item for pending in batch])
        except StorageFullError as error:
            return self._wait_for_room(batch, error)
        self._commit_s = time.monotonic() - begin
        self._in_hand = batch
        with self._changed:
            self._commits += 1
        self._on_commit(entries)
        settle(batch, (entry.sequence for entry in entries))
        return True

    def _wait_for_room(self, batch: list[Pending], error: StorageFullError) -> bool:
        with self._changed:
            self._state, self._text = "full", str(error)
            waiting = self._queue.put_back(batch)
        settle(waiting, error)
        while True:
            with self._changed:
                if not self._stopping:
                    self._changed.wait(self._settings.probe_s)
            if self._has_room():
                break
            with self._changed:
                if self._stopping:
                    return False
        with self._changed:
            self._state, self._text = "running", ""
        return True

    def _has_room(self) -> bool:
        """Whether a small write goes through."""
        try:
            self._capture.probe()
        except StorageFullError as error:
            with self._changed:
                self._text = str(error)
            return False
        return True

    def _end(self) -> None:
        with self._changed:
            text = self._text if self._state == "full" else "it was stopped"
            if not self._stopping:
                text = "it failed; the log says why"
            self._state, self._text = "stopped", text
            waiting = [*self._in_hand, *self._queue.put_back([])]
        settle(waiting, UnavailableError(f"The capture writer has ended: {text}."))
