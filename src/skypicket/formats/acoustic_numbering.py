"""Which of a node's numbered messages have come: repeated, late, and how many are lost."""

from typing import Any, NamedTuple

from skypicket.domain.times import NS_PER_S

WINDOW = 32  # numbers that a message may come late by
PATIENCE_NS = 30 * NS_PER_S  # after which a missing number counts as lost even in a quiet stream


class News(NamedTuple):
    """What a number says: seen before, numbers now given up as lost, or that the node restarted."""

    repeated: bool = False
    lost: int = 0
    restarted: bool = False


class Numbering:
    """The numbers of one node. A node counts from 0 at each boot and names the boot.

    A missing number may still come while it is among the last `WINDOW` and missed for less than
    `PATIENCE_NS` of receive time; then it is lost, counted once, and ignored should it come.
    Numbers before the first message that was ever heard are unknown, not lost; after a restart
    they are counted.

    >>> numbering = Numbering()
    >>> _ = [numbering.take("a", seq, 0) for seq in (7, 8, 10)]
    >>> numbering.take("a", 11, PATIENCE_NS)
    News(repeated=False, lost=1, restarted=False)
    """

    def __init__(self) -> None:
        self._boot_id = ""
        self._highest = -1
        self._missing: dict[int, int] = {}  # number → when it was first missed
        self._former: str = ""  # the boot before this one, whose stragglers are repeats

    def take(self, boot_id: str, seq: int, received_ns: int) -> News:
        """What the message with this number says; it is news unless `repeated`."""
        if not self._boot_id:
            self._boot_id, self._highest = boot_id, seq
            return News()
        if boot_id == self._former:
            return News(repeated=True)
        restarted = boot_id != self._boot_id
        lost = 0
        if restarted:
            lost = len(self._missing)
            self._former, self._boot_id = self._boot_id, boot_id
            self._highest, self._missing = -1, {}
        if seq <= self._highest:
            was_missing = self._missing.pop(seq, None) is not None
            return News(repeated=not was_missing, lost=self._give_up(received_ns))
        lost += self._advance(seq, received_ns) + self._give_up(received_ns)
        return News(lost=lost, restarted=restarted)

    def _advance(self, seq: int, received_ns: int) -> int:
        """Move the highest number up to `seq`; how many in between are beyond hope at once."""
        oldest = max(self._highest + 1, seq - WINDOW)
        for number in range(oldest, seq):
            self._missing[number] = received_ns
        lost = oldest - self._highest - 1
        self._highest = seq
        return lost

    def _give_up(self, received_ns: int) -> int:
        gone = [
            number
            for number, since_ns in self._missing.items()
            if number < self._highest - WINDOW or received_ns - since_ns >= PATIENCE_NS
        ]
        for number in gone:
            del self._missing[number]
        return len(gone)

    def state(self) -> dict[str, Any]:
        """All of it, for a snapshot."""
        return {
            "boot_id": self._boot_id,
            "highest": self._highest,
            "missing": list(self._missing.items()),
            "former": self._former,
        }

    @classmethod
    def of(cls, state: dict[str, Any]) -> "Numbering":
        """The numbering that `state` was taken from."""
        numbering = cls()
        numbering._boot_id = state["boot_id"]
        numbering._highest = state["highest"]
        numbering._missing = dict(state["missing"])
        numbering._former = state["former"]
        return numbering
