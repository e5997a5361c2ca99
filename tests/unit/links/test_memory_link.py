import asyncio
from typing import Any

import pytest

from skypicket.domain.errors import OverloadError, UnavailableError
from skypicket.links import MemoryLink


def test_what_is_handed_in_reaches_the_intake(clock: Any, listed: Any, running: Any) -> None:
    async def hand_in() -> Any:
        link, intake = MemoryLink("radar-1", clock), listed()
        async with running(link, intake):
            await link.started()
            link.offer(b"one", "north")
            sequence = await link.deliver(b"two")
            return intake.messages, sequence, link.health()

    messages, sequence, health = asyncio.run(hand_in())
    assert [(m.source, m.payload, m.topic) for m in messages] == [
        ("radar-1", b"one", "north"),
        ("radar-1", b"two", ""),
    ]
    assert sequence == 2
    assert (health.state, health.messages, health.bytes) == ("up", 2, 6)


def test_a_refusal_reaches_the_sender_and_is_counted(clock: Any, listed: Any, running: Any) -> None:
    async def hand_in() -> Any:
        link = MemoryLink("radar-1", clock)
        async with running(link, listed(refusals=2)):
            with pytest.raises(OverloadError):
                link.offer(b"one")
            with pytest.raises(OverloadError):
                await link.deliver(b"two")
            return link.health()

    health = asyncio.run(hand_in())
    assert (health.messages, health.refused) == (0, 2)


def test_a_link_that_does_not_run_says_so(clock: Any) -> None:
    link = MemoryLink("radar-1", clock)
    with pytest.raises(UnavailableError, match="'radar-1' does not run"):
        link.offer(b"one")
    assert link.health().state == "starting"
