"""The heartbeat to hundreds of clients leaves room for frames in between."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import parse_settings
from skypicket.sharing import Clearance
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import CONFIG, StillClock
from skypicket.web.live.hub import Hub
from skypicket.web.live.seats import Seat
from skypicket.web.live.topics import SYSTEM

SEATS, MOST_AT_ONCE = 101, 40
PATIENCE_S = 30


class Counting(Seat):
    """A seat that notes the turn of the event loop in which it was beaten."""

    def __init__(self, turns: list[int], beaten: list[int]) -> None:
        super().__init__(frozenset({SYSTEM}))
        self._turns, self._beaten = turns, beaten

    def beat(self, text: str) -> None:
        self._beaten.append(self._turns[0])
        super().beat(text)


async def turn(turns: list[int], numbers: Iterator[int]) -> None:
    for turns[0] in numbers:
        await asyncio.sleep(0)


async def beats(hub: Hub) -> list[int]:
    """The turns in which the seats had their first heartbeat after that of joining."""
    turns: list[int] = [0]
    beaten: list[int] = []
    for _ in range(SEATS):
        hub.join(Counting(turns, beaten), {"protocol": 1})
    beaten.clear()
    turning = asyncio.create_task(turn(turns, count()))
    async with asyncio.timeout(PATIENCE_S):
        while len(beaten) < SEATS:
            await asyncio.sleep(0.01)
    turning.cancel()
    for seat in tuple(hub.seats):
        hub.leave(seat)
    return beaten[:SEATS]


def test_all_clients_hear_it_and_few_in_one_turn(tmp_path: Path) -> None:
    runtime = Runtime(parse_settings(CONFIG, "site.toml"), tmp_path, StillClock(NIGHT_NS))
    runtime.start()
    try:
        beaten = asyncio.run(beats(Hub(runtime, runtime.picture, Clearance())))
    finally:
        runtime.stop()
    assert len(beaten) == SEATS
    assert max(Counter(beaten).values()) <= MOST_AT_ONCE
