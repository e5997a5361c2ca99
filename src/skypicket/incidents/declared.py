"""What named persons said became of lost objects, so that it can be taken back or contradicted."""

from typing import Any

import msgspec

from skypicket.domain.contracts import Outcome

OUTCOME_WORDS: dict[Outcome, str] = {
    "lost": "lost",
    "left": "left",
    "down": "down",
    "never_real": "never real",
}
KEPT_NS = 86_400_000_000_000


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm that a declaration ended, and what it said before."""

    alarm_id: str
    text: str


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of one object."""

    outcome: Outcome
    operator: str
    comment: str
    time_ns: int
    ended: tuple[Ended, ...] = ()


class Declared:
    """The word that stands for each object, by its first track; forgotten after a day."""

    def __init__(self) -> None:
        self._words: dict[str, Word] = {}

    def of(self, subject: str) -> Word | None:
        """What stands for an object."""
        return self._words.get(subject)

    def keep(self, subject: str, word: Word) -> None:
        """From now on this stands; the alarms that an earlier word ended are kept with it."""
        before = self._words.get(subject)
        if before is not None:
            word = msgspec.structs.replace(word, ended=(*before.ended, *word.ended))
        self._words[subject] = word

    def take_back(self, subject: str) -> Word | None:
        """Nothing stands any more; gives what stood."""
        return self._words.pop(subject, None)

    def forget(self, time_ns: int) -> None:
        """Let go of words that are a day old; the record keeps them."""
        oldest_ns = time_ns - KEPT_NS
        self._words = {k: w for k, w in self._words.items() if w.time_ns > oldest_ns}

    def content(self) -> list[Any]:
        """All state, for a snapshot."""
        return sorted(self._words.items())

    def restore(self, content: list[Any]) -> None:
        """Take up the state of `content`."""
        self._words = dict(msgspec.convert(content, list[tuple[str, Word]]))
