"""Fixtures of the links: an intake that a test can look into, and free ports."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from skypicket.domain.contracts import Link, Message
from skypicket.domain.errors import OverloadError, SkypicketError


class ListedIntake:
    """Takes messages into a list; refuses the first `refusals` of them."""

    def __init__(self, refusals: int = 0) -> None:
        self.messages: list[Message] = []
        self.delivered = 0
        self.refusals = refusals
        self.error: SkypicketError = OverloadError("the queue is full")
        self._changed = asyncio.Event()

    def offer(self, message: Message) -> None:
        if self.refusals > 0:
            self.refusals -= 1
            raise self.error
        self.messages.append(message)
        self._changed.set()

    async def deliver(self, message: Message) -> int:
        self.offer(message)
        self.delivered += 1
        return len(self.messages)

    async def until(self, count: int) -> None:
        """Wait until so many messages came."""
        while len(self.messages) < count:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 20)


@contextlib.asynccontextmanager
async def _running(link: Link, intake: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(link.run(intake))
    for _ in range(2_000):
        if link.health().state == "up" or task.done():
            break
        await asyncio.sleep(0.005)
    if task.done():
        task.result()
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def running() -> Callable[[Link, Any], Any]:
    """Runs a link as long as the `async with` lasts."""
    return _running


@pytest.fixture
def listed() -> type[ListedIntake]:
    """The class of an intake that lists what came."""
    return ListedIntake


@pytest.fixture
def udp_port() -> int:
    """A UDP port of loopback that is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
