"""The bounded queue in front of the capture, and what is refused when it fills."""

import asyncio
import concurrent.futures
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from skypicket.domain.errors import OverloadError, SkypicketError
from skypicket.store.chain import Personal, Unwritten

SHED_FIRST_ABOVE = 0.5  # share of the queue above which sources with shed = "first" are refused


class SourcePolicy(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is treated: under which key it is encrypted, and whether it is shed first."""

    personal: Personal = "no"
    shed: Literal["never", "first"] = "never"


class WriterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of the capture writer.

    When idle a commit is immediate. Under load the next one waits four times as long as the last
    one took, at most `gather_s`: a fast disk acknowledges at once, a slow one gets larger groups.
    """

    max_messages: Annotated[int, Meta(ge=1)] = 50_000
    max_bytes: Annotated[int, Meta(ge=1)] = 64 * 1024 * 1024
    max_commit_messages: Annotated[int, Meta(ge=1)] = 2_048
    gather_s: Annotated[float, Meta(ge=0, le=0.05)] = 0.02
    probe_s: Annotated[float, Meta(gt=0, le=60)] = 0.5


class SourceCounts(msgspec.Struct, kw_only=True):
    """What came from one source since start; `messages` were taken, `refused` were not."""

    source: str
    messages: int = 0
    bytes: int = 0
    refused: int = 0
    last_ns: int = 0


class Settling:
    """Someone who waits for an entry to be safe on disk: a future, and the loop that owns it."""

    __slots__ = ("future", "loop")

    def __init__(
        self,
        future: "asyncio.Future[int] | concurrent.futures.Future[int]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self.future = future
        self.loop = loop


class Pending:
    """An accepted message on its way to the disk, and who waits for it, if anyone."""

    __slots__ = ("item", "settling")

    def __init__(self, item: Unwritten, settling: Settling | None) -> None:
        self.item = item
        self.settling = settling


class BoundedQueue:
    """Messages that wait for the disk, bounded in number and bytes. Used under the writer's lock.

    Raises:
        OverloadError: from `add`, when there is no room; that is counted per source.
    """

    def __init__(self, settings: WriterSettings, policies: Mapping[str, SourcePolicy]) -> None:
        self._settings = settings
        self._policies = policies
        self._waiting: deque[Pending] = deque()
        self._counts: dict[str, SourceCounts] = {}
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def policy(self, source: str) -> SourcePolicy:
        """The policy of a source; one that was not named is not personal and never shed first."""
        return self._policies.get(source, _DEFAULT_POLICY)

    def counts(self, source: str) -> SourceCounts:
        """The live counts of a source."""
        found = self._counts.get(source)
        if found is None:
            found = self._counts[source] = SourceCounts(source=source)
        return found

    def all_counts(self) -> tuple[SourceCounts, ...]:
        """A copy of the counts of every source that was heard."""
        return tuple(msgspec.structs.replace(count) for count in self._counts.values())

    def check_room(self, source: str, size_bytes: int) -> None:
        """Refuse, and count it, when the queue is too full for this source."""
        limit = SHED_FIRST_ABOVE if self.policy(source).shed == "first" else 1.0
        messages_left = len(self._waiting) + 1 <= self._settings.max_messages * limit
        # An empty queue takes any message, so that a large one is not refused for ever.
        bytes_left = (
            not self._waiting or self.bytes + size_bytes <= self._settings.max_bytes * limit
        )
        if messages_left and bytes_left:
            return
        self.counts(source).refused += 1
        raise OverloadError(
            f"A message of {source!r} was refused: {len(self._waiting)} messages "
            f"({self.bytes} bytes) wait for the disk. Send it again later."
        )

    def add(self, pending: Pending) -> None:
        """Take a message for which there is room."""
        item = pending.item
        self._waiting.append(pending)
        self.bytes += len(item.payload)
        counts = self.counts(item.source)
        counts.messages += 1
        counts.bytes += len(item.payload)
        counts.last_ns = item.received_ns

    def take(self, most: int) -> list[Pending]:
        """Remove and give the oldest ones."""
        batch = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
        self.bytes -= sum(len(pending.item.payload) for pending in batch)
        return batch

    def put_back(self, batch: Iterable[Pending]) -> list[Pending]:
        """After a failed commit: keep what no one waits for, first in line; give the others."""
        everything = [*batch, *self._waiting]
        self._waiting = deque(pending for pending in everything if pending.settling is None)
        self.bytes = sum(len(pending.item.payload) for pending in self._waiting)
        return [pending for pending in everything if pending.settling is not None]


_DEFAULT_POLICY = SourcePolicy()


def settle(batch: Iterable[Pending], outcome: Iterable[int] | SkypicketError) -> None:
    """Tell all who wait: each its sequence, or all of them the error; one wake-up per loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[int], int]]] = {}
    error = outcome if isinstance(outcome, SkypicketError) else None
    sequences = iter(()) if isinstance(outcome, SkypicketError) else iter(outcome)
    for pending in batch:
        sequence = next(sequences, 0)
        waiting = pending.settling
        if waiting is None:
            continue
        if isinstance(waiting.future, concurrent.futures.Future):
            _settle_thread(waiting.future, sequence, error)
        elif waiting.loop is not None:
            by_loop.setdefault(waiting.loop, []).append((waiting.future, sequence))
    for loop, futures in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_loop, futures, error)


def _settle_thread(
    future: "concurrent.futures.Future[int]", sequence: int, error: SkypicketError | None
) -> None:
    if not future.set_running_or_notify_cancel():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(sequence)


def _settle_loop(
    futures: "list[tuple[asyncio.Future[int], int]]", error: SkypicketError | None
) -> None:
    for future, sequence in futures:
        if future.done():  # the one who waited has given up
            continue
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(sequence)
