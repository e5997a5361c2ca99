"""When the stages are far behind, the sources that are shed first wait; the others never do."""

import pytest

from skypicket.domain.contracts import Message
from skypicket.domain.errors import OverloadError
from skypicket.engine.gate import MOST_BEHIND, Gate
from skypicket.engine.settings import SourceSettings

SOURCES = {
    "radar": SourceSettings(id="radar", format="asterix"),
    "ads-b": SourceSettings(id="ads-b", format="readsb-json", shed="first"),
}


class Basket:
    """An intake that keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def offer(self, message: Message) -> None:
        self.taken.append(message.source)

    async def deliver(self, message: Message) -> int:
        self.taken.append(message.source)
        return len(self.taken)


def offered(source: str, behind: int) -> list[str]:
    basket = Basket()
    Gate(basket, SOURCES, lambda: behind).offer(Message(source=source, payload=b"x"))
    return basket.taken


def test_everything_passes_while_the_stages_keep_up() -> None:
    assert offered("ads-b", MOST_BEHIND) == ["ads-b"]


def test_what_is_shed_first_is_refused_while_they_are_behind() -> None:
    with pytest.raises(OverloadError, match="shed first"):
        offered("ads-b", MOST_BEHIND + 1)


def test_radar_passes_however_far_they_are_behind() -> None:
    assert offered("radar", 1_000_000) == ["radar"]
